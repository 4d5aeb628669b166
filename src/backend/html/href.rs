//! Addresses as HTML wants them.

use crate::format::Format;
use crate::resolve::Target;

/// The address of a target from an HTML edition.
pub fn href(target: &Target) -> String {
    encode(&target.address(Format::Html))
}

/// Percent-encodes what may not stand in an address (URL Standard, "URL code
/// points"): spaces, quotation marks, brackets and a `%` that encodes nothing.
fn encode(address: &str) -> String {
    let bytes = address.as_bytes();
    let mut encoded = String::with_capacity(address.len());
    for (offset, c) in address.char_indices() {
        let stray_percent =
            || !bytes.get(offset + 1..offset + 3).is_some_and(|next| next.iter().all(u8::is_ascii_hexdigit));
        match c {
            '%' if stray_percent() => encoded.push_str("%25"),
            ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '\0'..='\u{1f}' | '\u{7f}' => {
                encoded.push_str(&format!("%{:02X}", u32::from(c)));
            }
            _ => encoded.push(c),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn only_what_may_not_stand_in_an_address_is_encoded() {
        assert_eq!(encode("https://é.example/a b?q=100%&r=%20#x"), "https://é.example/a%20b?q=100%25&r=%20#x");
        assert_eq!(encode("<{`|}>\\^\""), "%3C%7B%60%7C%7D%3E%5C%5E%22");
    }
}
