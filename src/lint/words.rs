//! Words in a run of text.

use std::ops::Range;

/// The words of a text with their places: runs of letters, figures and the
/// marks that stand inside words.
pub fn words(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(is_inside_word)?;
        let rest = text.get(start..)?;
        let word = rest.get(..rest.find(|c| !is_inside_word(c)).unwrap_or(rest.len()))?;
        at = start + word.len();
        Some((start..at, word))
    })
}

/// Letters, figures, combining marks and what joins the parts of a word.
fn is_inside_word(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || matches!(character, '\'' | '-');
    }
    character.is_alphanumeric() || is_mark(character) || matches!(character, '’' | '\u{2010}' | '\u{2011}')
}

/// Combining marks of the scripts that briefs use.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// The primary subtag of a language, for choosing a word list.
pub fn primary(lang: &str) -> String {
    lang.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_keep_what_joins_their_parts() {
        let found: Vec<&str> = words("L’été, twenty-one “и́” — 2 %").map(|(_, word)| word).collect();
        assert_eq!(found, ["L’été", "twenty-one", "и́", "2"]);
        assert_eq!(words("…").count(), 0);
    }
}
