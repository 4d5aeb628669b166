//! Words without what different tools write differently: capitals, accents,
//! marks between words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The letters and digits of a text, in lower case and without accents.
pub fn fold(text: &str) -> String {
    let is_accent = |letter: &char| matches!(letter, '\u{300}'..='\u{36f}');
    let kept =
        text.nfd().filter(|letter| !is_accent(letter)).filter(|letter| letter.is_alphanumeric() || is_mark(*letter));
    kept.flat_map(char::to_lowercase).collect()
}

/// A text with its letters composed (NFC).
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Whether a character belongs to the letter before it, such as a vowel sign
/// of Devanagari (Unicode, General Category M).
pub fn is_mark(letter: char) -> bool {
    is_combining_mark(letter)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn spellings_of_other_tools_are_one() {
        for text in ["École à part", "école-à-part", "ecole-a-part", "E\u{301}COLE_A\u{300}--PART", "ecole–a — part"]
        {
            assert_eq!(fold(text), "ecoleapart", "{text}");
        }
        assert_ne!(fold("हिन्दी"), fold("हन्द"));
    }
}
