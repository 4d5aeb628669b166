//! Addresses as HTML and XML want them: characters that they do not allow are percent-encoded.

use crate::source::percent;

/// An address as a URI (RFC 3986), which readers of HTML and XML ask for: beside the above there
/// are no brackets but those of a numeric host, one `#`, and no colon in what starts no scheme.
/// Letters of any script may be in it (RFC 3987).
pub fn encode_uri(address: &str) -> String {
    let address = percent::address(address);
    let scheme = address.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| is_scheme(scheme));
    let host = address.find("://[").and_then(|at| Some(at + 3..=at + 3 + address.get(at + 3..)?.find(']')?));
    let host = host.filter(|host| {
        address
            .get(host.clone())
            .is_some_and(|host| host.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.' | '[' | ']')))
    });
    let mut encoded = String::with_capacity(address.len());
    let (mut in_fragment, mut in_path) = (false, scheme.is_some());
    for (at, c) in address.char_indices() {
        let in_host = host.as_ref().is_some_and(|host| host.contains(&at));
        let may_not_stand = match c {
            '[' | ']' => !in_host,
            '#' => std::mem::replace(&mut in_fragment, true),
            ':' => !in_path,
            _ => false,
        };
        in_path |= matches!(c, '/' | '?' | '#');
        if may_not_stand {
            encoded.push_str(&percent::character(c));
        } else {
            encoded.push(c);
        }
    }
    encoded
}

/// RFC 3986, section 3.1.
fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::encode_uri;
    use crate::source::percent::address as encode;

    #[test]
    fn only_what_may_not_stand_in_an_address_is_encoded() {
        assert_eq!(encode("https://é.example/a b?q=100%&r=%20#x"), "https://é.example/a%20b?q=100%25&r=%20#x");
        assert_eq!(encode("<{`|}>\\^\""), "%3C%7B%60%7C%7D%3E%5C%5E%22");
    }

    #[test]
    fn uris_keep_their_scheme_host_and_fragment() {
        for (address, uri) in [
            ("https://e.org/[a]?b=[c]#d#e", "https://e.org/%5Ba%5D?b=%5Bc%5D#d%23e"),
            ("http://[::1]/a", "http://[::1]/a"),
            ("1:x", "1%3Ax"),
            ("a/b:c", "a/b:c"),
            ("mailto:a@b.org", "mailto:a@b.org"),
            ("100%", "100%25"),
        ] {
            assert_eq!(encode_uri(address), uri);
        }
    }
}
