//! Percent-encoding (RFC 3986, 2.1): how addresses write what they may not hold.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, percent_encode_byte};

/// All but the characters of path segments (RFC 3986, 3.3) and the slash. A colon could
/// be taken for the end of a scheme.
const NOT_IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'@')
    .remove(b'/');

/// ASCII that is no URL code point (URL Standard, 4.3).
const NOT_IN_ADDRESSES: [char; 10] = [' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}'];

/// A path with `/` separators as a relative reference (RFC 3986, 4.2).
pub fn path(path: &str) -> String {
    percent_encoding::utf8_percent_encode(path, NOT_IN_PATHS).to_string()
}

/// An address with visible ASCII characters only.
pub fn ascii(address: &str) -> String {
    const SPACE_TOO: &AsciiSet = &CONTROLS.add(b' ');
    percent_encoding::utf8_percent_encode(address, SPACE_TOO).to_string()
}

/// An address that may be written so in HTML: spaces, quotation marks, brackets and a
/// `%` that encodes nothing are encoded, letters of all scripts stay.
pub fn address(address: &str) -> String {
    let bytes = address.as_bytes();
    let mut encoded = String::with_capacity(address.len());
    for (offset, character) in address.char_indices() {
        let is_stray = || {
            character == '%'
                && !bytes.get(offset + 1..offset + 3).is_some_and(|next| next.iter().all(u8::is_ascii_hexdigit))
        };
        match u8::try_from(character) {
            Ok(byte) if character.is_ascii_control() || NOT_IN_ADDRESSES.contains(&character) || is_stray() => {
                encoded.push_str(percent_encode_byte(byte));
            }
            _ => encoded.push(character),
        }
    }
    encoded
}

/// A character that is no letter or digit of ASCII, encoded wherever it is.
pub fn character(character: char) -> String {
    percent_encoding::utf8_percent_encode(character.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC).to_string()
}

/// Text with `%41` read as the bytes they stand for; left as it is where that gives no
/// UTF-8.
pub fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), |decoded| decoded.into_owned())
}

/// Text with `%41` read as the bytes they stand for, and what is no UTF-8 replaced: to
/// compare addresses, not to follow them.
pub fn decode_lossy(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::{address, ascii, character, decode, path};

    #[test]
    fn only_what_may_not_stand_there_is_encoded() {
        assert_eq!(address("https://é.example/a b?q=100%&r=%20#x"), "https://é.example/a%20b?q=100%25&r=%20#x");
        assert_eq!(address("<{`|}>\\^\"\u{7f}"), "%3C%7B%60%7C%7D%3E%5C%5E%22%7F");
        assert_eq!(ascii("https://é.example/a b?q=%20"), "https://%C3%A9.example/a%20b?q=%20");
        assert_eq!(path("a folder/é:100%#?.md"), "a%20folder/%C3%A9%3A100%25%23%3F.md");
        assert_eq!([' ', ']', '#', '\u{a0}'].map(character), ["%20", "%5D", "%23", "%C2%A0"]);
        assert_eq!(path("-._~!$&'()*+,;=@"), "-._~!$&'()*+,;=@");
    }

    #[test]
    fn decoding_gives_text_or_leaves_it() {
        assert_eq!(decode("%C3%A9%20b%2G%"), "é b%2G%");
        assert_eq!(decode("%FF"), "%FF");
    }
}
