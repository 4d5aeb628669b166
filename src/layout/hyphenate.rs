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
/// Marks that may be inside a word.
const APOSTROPHES: [char; 2] = ['\'', '\u{2019}'];
/// Longer ones are not words.
const LONGEST_WORD: usize = 64;

impl Patterns {
    /// The patterns for a BCP 47 tag; `None` where there are none, so that no
    /// word is ever broken by the rules of another language.
    pub fn for_language(tag: &str) -> Option<Patterns> {
        let lang = language::hyphenation(tag)?;
        let (left, right) = language::minima(lang);
        Some(Patterns { lang, left, right })
    }

    /// Byte offsets at which a [`bare`] word may be hyphenated.
    pub fn points(self, word: &str) -> impl Iterator<Item = u16> {
        let mut syllables = hypher::hyphenate_bounded(word, self.lang, self.left, self.right).peekable();
        let mut offset = 0;
        std::iter::from_fn(move || {
            offset += u16::try_from(syllables.next()?.len()).ok()?;
            syllables.peek().map(|_| offset)
        })
    }
}

/// The word in a text that may be hyphenated, without the marks that are around it, and where it
/// starts, in bytes. `None` for what is no word, too short, or all in capitals.
pub fn bare(text: &str) -> Option<(u16, &str)> {
    let start = text.find(char::is_alphabetic)?;
    let word = text.get(start..)?.trim_end_matches(|c: char| !c.is_alphabetic());
    let (mut letters, mut has_small) = (0, false);
    for character in word.chars() {
        if !character.is_alphabetic() && !APOSTROPHES.contains(&character) {
            return None;
        }
        letters += 1;
        has_small |= character.is_lowercase();
    }
    let is_word = has_small && (SHORTEST_WORD..=LONGEST_WORD).contains(&letters);
    Some((u16::try_from(start).ok()?, word)).filter(|_| is_word)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn shown(tag: &str, word: &str) -> String {
        let points: Vec<u16> = Patterns::for_language(tag).unwrap().points(word).collect();
        let mut word = word.to_owned();
        points.into_iter().rev().for_each(|point| word.insert(usize::from(point), '-'));
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
        assert!(Patterns::for_language("ga").is_none());
        assert!(Patterns::for_language("mt").is_none());
        assert!(Patterns::for_language("x").is_none());
    }

    #[test]
    fn words_are_found_among_their_marks() {
        assert_eq!(bare("(“hyphenation”),"), Some((4, "hyphenation")));
        assert_eq!(bare("writer’s."), Some((0, "writer’s")));
    }

    #[test]
    fn what_is_no_word_stays_whole() {
        for text in ["UNESCO", "word", "12", "e-mail", "", "…", "https://example.org"] {
            assert_eq!(bare(text), None, "{text}");
        }
    }
}
