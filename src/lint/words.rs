//! Words and single characters in a run of text.

use std::ops::Range;

/// The words of a text with their places: runs of letters, figures and the marks that are inside
/// words.
pub fn words_of_text(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut characters = text.char_indices();
    std::iter::from_fn(move || {
        let (start, _) = characters.find(|(_, character)| is_inside_word(*character))?;
        let end = characters.find(|(_, character)| !is_inside_word(*character)).map_or(text.len(), |(end, _)| end);
        Some((start..end, text.get(start..end)?))
    })
}

/// Letters, figures, combining marks and what joins the parts of a word.
#[inline]
fn is_inside_word(character: char) -> bool {
    ASCII.get(character as usize).copied().unwrap_or_else(|| is_inside_word_beyond_ascii(character))
}

fn is_inside_word_beyond_ascii(character: char) -> bool {
    character.is_alphanumeric() || is_mark(character) || matches!(character, '’' | '\u{2010}' | '\u{2011}')
}

/// Which ASCII characters are inside words.
const ASCII: [bool; 128] = {
    let mut table = [false; 128];
    let mut byte: u8 = 0;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'\'' | b'-');
        byte += 1;
    }
    table
};

/// Combining marks of the scripts that briefs use.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

#[cfg(test)]
mod tests {
    use super::words_of_text;

    #[test]
    fn words_keep_what_joins_their_parts() {
        let found: Vec<&str> = words_of_text("L’été, twenty-one “и́” — 2 %").map(|(_, word)| word).collect();
        assert_eq!(found, ["L’été", "twenty-one", "и́", "2"]);
        assert_eq!(words_of_text("…").count(), 0);
    }
}
