//! Addresses that must not reach an edition.

use html5gum::{Token, Tokenizer};

/// Schemes that can carry code or a whole document.
const UNSAFE: [&str; 3] = ["javascript", "vbscript", "data"];

/// Whether following an address could run code. Readers ignore spaces and
/// control characters in schemes (WHATWG URL Standard, 4.4), and so do we.
///
/// Addresses of metadata may be read by programs that undo character references once
/// more, so that these are no disguise either.
pub fn is_unsafe(address: &str) -> bool {
    has_unsafe_scheme(address) || (address.contains('&') && has_unsafe_scheme(&without_references(address)))
}

/// Text with its character references undone, as a reader of HTML does.
fn without_references(text: &str) -> String {
    let strings = Tokenizer::new(text).filter_map(|token| match token {
        Ok(Token::String(string)) => Some(String::from_utf8_lossy(&string).into_owned()),
        Ok(_) | Err(_) => None,
    });
    strings.collect()
}

fn has_unsafe_scheme(address: &str) -> bool {
    let mut scheme = String::new();
    for letter in
        address.chars().filter(|letter| !letter.is_whitespace() && !letter.is_control() && !is_invisible(*letter))
    {
        match letter {
            ':' => return UNSAFE.contains(&scheme.as_str()),
            '/' | '?' | '#' => return false,
            _ => scheme.extend(letter.to_lowercase()),
        }
        let longest = "javascript".len();
        if scheme.len() > longest {
            return false;
        }
    }
    false
}

fn is_invisible(letter: char) -> bool {
    // A replacement for a control character is treated like one.
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::is_unsafe;

    #[test]
    fn schemes_that_run_code_are_seen_through_their_disguises() {
        for address in [
            "javascript:x",
            "JaVaScRiPt:x",
            " \tjava\nscript:x",
            "\u{1}data:text/html,x",
            "vbscript\u{a0}:x",
            "&#106;avascript:x",
            "java&Tab;script&colon;x",
            "&#x64;ata&#58;x",
        ] {
            assert!(is_unsafe(address), "{address:?}");
        }
        for address in
            ["https://a.example/javascript:x", "#data:x", "a/data:b", "mailto:a@b.example", "database:x", "x"]
        {
            assert!(!is_unsafe(address), "{address:?}");
        }
    }
}
