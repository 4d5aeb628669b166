//! Sentences that are long (W0511).

use super::prose::{Kind, OBJECT, Prose};
use super::words::words_of_text;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Sources;
use crate::source::search::find_byte;
use std::ops::Range;

/// More words than this are hard to follow (European Commission, "How to write
/// clearly", asks for 20 on average).
const MAX_WORDS: usize = 40;

/// Looks at one run.
pub fn check(prose: &Prose, sources: &Sources, diagnostics: &mut Diagnostics) {
    if prose.kind != Kind::Paragraph {
        return;
    }
    for range in sentences(&prose.text) {
        let sentence = prose.text.get(range.clone()).unwrap_or_default();
        if !may_be_long(sentence) {
            continue;
        }
        let objects = sentence.matches(OBJECT).count();
        let count = words_of_text(sentence).count() + objects;
        if count > MAX_WORDS {
            let message = format!("a sentence of {count} words is hard to follow");
            diagnostics.push(
                Diagnostic::new(Code::LongSentence, prose.span(range, sources), message)
                    .hint("make two of it, or a list"),
            );
        }
    }
}

/// Words are parted by something that is no letter, and this is quick to count.
fn may_be_long(sentence: &str) -> bool {
    if sentence.len() < 2 * MAX_WORDS {
        return false;
    }
    let gaps: u32 = sentence.bytes().map(|byte| u32::from(!byte.is_ascii_alphanumeric())).sum();
    gaps as usize >= MAX_WORDS
}

/// The sentences of a text. A full stop ends one only where a capital, a
/// number's sign or the end follows: "e.g. this" and "Art. 5" go on.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut rest = text;
    while let Some((mark, behind)) = next_mark(rest) {
        rest = behind.trim_start_matches(closes);
        let next = rest.trim_start();
        let parted = rest.len() != next.len();
        let goes_on = next.starts_with(|first: char| first.is_lowercase() || (mark == '.' && first.is_numeric()));
        if parted && !goes_on {
            sentences.push(start..text.len() - rest.len());
            start = text.len() - next.len();
        }
    }
    let last = text.get(start..).unwrap_or_default().trim_end();
    if !last.is_empty() {
        sentences.push(start..start + last.len());
    }
    sentences
}

/// The next mark that can end a sentence, and the text after it.
fn next_mark(text: &str) -> Option<(char, &str)> {
    // The last three bytes are the first ones of `…`, `؟` and `۔`.
    let may_begin = |byte: u8| matches!(byte, b'.' | b'!' | b'?' | 0xe2 | 0xd8 | 0xdb);
    let mut rest = text;
    loop {
        let mut characters = rest.get(find_byte(rest, &may_begin)?..)?.chars();
        let mark = characters.next()?;
        rest = characters.as_str();
        if matches!(mark, '.' | '!' | '?' | '…' | '؟' | '۔') {
            return Some((mark, rest));
        }
    }
}

/// Marks that still belong to a sentence after its full stop.
fn closes(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '"' | '”' | '’' | '»' | '“' | ')' | ']' | OBJECT)
}

#[cfg(test)]
mod tests {
    use super::sentences;

    #[test]
    fn abbreviations_do_not_end_a_sentence() {
        let split = |text: &'static str| sentences(text).into_iter().map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(split("See e.g. this. See Art. 5! “Was?” Ja."), ["See e.g. this.", "See Art. 5!", "“Was?”", "Ja."]);
        assert_eq!(split("Version 2.1 is out"), ["Version 2.1 is out"]);
        assert_eq!(split(""), [""; 0]);
    }
}
