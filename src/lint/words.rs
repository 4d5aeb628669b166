//! Words in a run of text.

use std::ops::Range;

/// The words of a text with their places: runs of letters, figures and the
/// marks that stand inside words.
pub fn words(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    for (index, character) in text.char_indices() {
        if is_inside_word(character) {
            start.get_or_insert(index);
        } else if let Some(first) = start.take() {
            push(text, first..index, &mut words);
        }
    }
    if let Some(first) = start {
        push(text, first..text.len(), &mut words);
    }
    words
}

fn push<'a>(text: &'a str, range: Range<usize>, words: &mut Vec<(Range<usize>, &'a str)>) {
    if let Some(word) = text.get(range.clone()) {
        words.push((range, word));
    }
}

/// Letters, figures, combining marks and what joins the parts of a word.
fn is_inside_word(character: char) -> bool {
    character.is_alphanumeric() || is_mark(character) || matches!(character, '\'' | '’' | '-' | '\u{2010}' | '\u{2011}')
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
        let found: Vec<&str> = words("L’été, twenty-one “и́” — 2 %").into_iter().map(|(_, word)| word).collect();
        assert_eq!(found, ["L’été", "twenty-one", "и́", "2"]);
        assert_eq!(words("…").len(), 0);
    }
}
