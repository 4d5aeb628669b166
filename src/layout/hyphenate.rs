//! Where words may be hyphenated.

use crate::language;
use hypher::Lang;

/// Hyphenation patterns of a language.
#[derive(Debug, Clone, Copy)]
pub struct Patterns {
    lang: Lang,
    /// Letters that stay on the first line.
    left: usize,
    /// Letters that go to the next line.
    right: usize,
}

/// Words shorter than this are not worth a hyphen.
const SHORTEST_WORD: usize = 5;
/// Longer ones are not words.
const LONGEST_WORD: usize = 64;

impl Patterns {
    /// The patterns for a BCP 47 tag; `None` where there are none, so that no
    /// word is ever broken by the rules of another language.
    pub fn of(tag: &str) -> Option<Patterns> {
        let lang = language::hyphenation(tag)?;
        let (left, right) = language::minima(lang);
        Some(Patterns { lang, left, right })
    }

    /// Byte offsets at which a word may be hyphenated, with the marks that
    /// stand around it.
    pub fn points_within(self, text: &str) -> Vec<u16> {
        let start = text.find(char::is_alphabetic).unwrap_or(0);
        let word = text.get(start..).unwrap_or_default().trim_end_matches(|c: char| !c.is_alphabetic());
        if !word.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '\u{2019}') {
            return Vec::new();
        }
        self.points(word).into_iter().filter_map(|point| u16::try_from(start + point).ok()).collect()
    }

    /// Byte offsets at which a word of letters may be hyphenated.
    fn points(self, word: &str) -> Vec<usize> {
        let letters = word.chars().count();
        if !(SHORTEST_WORD..=LONGEST_WORD).contains(&letters) || !word.chars().any(char::is_lowercase) {
            return Vec::new();
        }
        let mut offset = 0;
        let syllables = hypher::hyphenate_bounded(word, self.lang, self.left, self.right);
        let mut points: Vec<usize> = syllables
            .map(|syllable| {
                offset += syllable.len();
                offset
            })
            .collect();
        points.pop();
        points
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn shown(tag: &str, word: &str) -> String {
        let mut word = word.to_owned();
        for point in Patterns::of(tag).unwrap().points(&word.clone()).into_iter().rev() {
            word.insert(point, '-');
        }
        word
    }

    #[test]
    fn words_by_language() {
        assert_eq!(shown("en-GB", "hyphenation"), "hy-phen-ation");
        assert_eq!(shown("fr", "coopération"), "co-opé-ra-tion");
        assert_eq!(shown("de", "Zusammenarbeit"), "Zu-sam-men-ar-beit");
    }

    #[test]
    fn no_patterns_no_hyphens() {
        assert!(Patterns::of("ga").is_none());
        assert!(Patterns::of("mt").is_none());
        assert!(Patterns::of("x").is_none());
    }

    #[test]
    fn abbreviations_stay_whole() {
        assert_eq!(shown("en", "UNESCO"), "UNESCO");
    }
}
