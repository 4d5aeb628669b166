//! Plain text marks emphasis, items and cells with signs of its own. What is
//! compared there are letters and digits.

mod agree;

use super::side;
use super::word::{Passage, Text, Word};
use crate::resolve::Resolved;
use std::collections::BTreeMap;

/// Raised and lowered signs, each with its plain sign.
const SCRIPTS: [(&str, &str); 2] =
    [("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱᵃᵇᶜᵈᵉᵗʰˢʳᵒ", "0123456789niabcdethsro"), ("₀₁₂₃₄₅₆₇₈₉ₐₑₒₓₙₘ", "0123456789aeoxnm")];

/// The letters and digits of both texts, each table said in the way that the
/// other says it.
pub fn both(wanted: &[Passage], found: &[Passage]) -> (Text, Text) {
    let wanted = each(wanted, letters);
    let found = each(found, letters);
    if let Some((wanted_ways, found_ways)) = agree::matching_alternatives(&wanted, &found) {
        return (said(&wanted, &wanted_ways), said(&found, &found_ways));
    }
    let all = said_in_all_ways(&wanted);
    let found = choose(&found, &all);
    let wanted = choose(&wanted, &found);
    (wanted, found)
}

/// The passages of a text edition with the signs of changes as readers give them.
pub fn spelled(passages: Vec<Passage>, document: &Resolved) -> Vec<Passage> {
    if !document.is_redline {
        return passages;
    }
    each(&passages, |word, text| text.push(Word { text: &side::spelled(word.text, document), ..word }))
}

/// Builds passages from the words that `add` makes of each word.
fn each(passages: &[Passage], add: impl Fn(Word, &mut Text)) -> Vec<Passage> {
    let of_text = |words: &Text| {
        let mut text = Text::default();
        words.iter().for_each(|word| add(word, &mut text));
        text
    };
    let of_passage = |passage: &Passage| match passage {
        Passage::Words(words) => Passage::Words(of_text(words)),
        Passage::OneOf(ways) => Passage::OneOf(ways.iter().map(of_text).collect()),
    };
    passages.iter().map(of_passage).collect()
}

/// The text of passages with the chosen alternatives, by passage index.
fn said(passages: &[Passage], ways: &BTreeMap<usize, usize>) -> Text {
    let mut said = Text::default();
    for (index, passage) in passages.iter().enumerate() {
        match passage {
            Passage::Words(words) => said.append(words),
            Passage::OneOf(all) => {
                let way = ways.get(&index).copied().unwrap_or(0);
                all.get(way).into_iter().for_each(|way| said.append(way));
            }
        }
    }
    said
}

/// The words of all alternatives together.
fn said_in_all_ways(passages: &[Passage]) -> Text {
    let mut all = Text::default();
    for passage in passages {
        match passage {
            Passage::Words(words) => all.append(words),
            Passage::OneOf(ways) => ways.iter().for_each(|way| all.append(way)),
        }
    }
    all
}

/// Chooses for each passage the way that stands in `other`, further on than the
/// one before; the first where none does.
fn choose(passages: &[Passage], other: &Text) -> Text {
    let other: Vec<Word> = other.iter().collect();
    let mut chosen = Text::default();
    let mut rest = other.as_slice();
    for passage in passages {
        match passage {
            Passage::Words(words) => chosen.append(words),
            Passage::OneOf(ways) => {
                let found = ways.iter().enumerate().filter_map(|(way, words)| {
                    let words: Vec<Word> = words.iter().collect();
                    Some((way, words.len(), find(&words, rest)?))
                });
                // If several alternatives match, the longest one is taken.
                let best = found.min_by_key(|(way, length, _)| (std::cmp::Reverse(*length), *way));
                let (way, behind) = best.map_or((0, 0), |(way, _, behind)| (way, behind));
                rest = rest.get(behind..).unwrap_or_default();
                ways.get(way).into_iter().for_each(|way| chosen.append(way));
            }
        }
    }
    chosen
}

/// Where `words` end in `text`.
fn find(words: &[Word], text: &[Word]) -> Option<usize> {
    let alike = |window: &[Word]| window.iter().zip(words).all(|(one, other)| one.text == other.text);
    let start = if words.is_empty() { 0 } else { text.windows(words.len()).position(alike)? };
    Some(start + words.len())
}

/// Adds the runs of letters and digits in a word; raised and lowered ones are as
/// good as plain ones. Where lines may end inside a word, each sign stands
/// alone.
fn letters(word: Word, text: &mut Text) {
    if word.text.chars().all(is_simple) {
        let runs = word.text.split(|character: char| !character.is_alphanumeric());
        return runs.filter(|run| !run.is_empty()).for_each(|run| text.push(Word { text: run, ..word }));
    }
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Joined,
        Alone,
    }
    let mut open: Option<Kind> = None;
    // The sign before, and the last that is neither a mark nor a bracket that joins.
    let (mut before, mut last) = (' ', ' ');
    // Whether each bracket that is open joins what is inside with what is before.
    let mut brackets: Vec<bool> = Vec::new();
    let mut underscores = 0_usize;
    for character in word.text.chars() {
        let script = plain_sign(character);
        // A second underscore ends emphasis, and does not lower what follows.
        let is_moved = before == '^' || (before == '_' && underscores == 1);
        // Emphasis may start and end after a letter, so that all brackets join there; between
        // figures they do not.
        let is_letter = is_joined(last) && !last.is_numeric();
        let joins = match character {
            '(' => {
                brackets.push(is_moved || is_letter);
                is_moved || is_letter
            }
            ')' => brackets.pop().unwrap_or(is_letter),
            _ => matches!(character, '*' | '_' | '`' | '^'),
        };
        before = character;
        underscores += usize::from(character == '_');
        if !joins {
            last = character;
        }
        let kind = match script {
            Some(_) => Kind::Joined,
            None if is_joined(character) => Kind::Joined,
            None if side::is_mark(character) => Kind::Alone,
            None if is_ideographic(character) => Kind::Alone,
            // Emphasis can begin inside a word, and signs can be raised there.
            None if joins => continue,
            None => {
                open = None;
                continue;
            }
        };
        let sign = script.unwrap_or(character);
        if open == Some(kind) && kind == Kind::Joined {
            text.extend_last(sign);
        } else {
            text.push(Word { text: sign.encode_utf8(&mut [0; 4]), span: word.span });
        }
        open = Some(kind);
    }
}

/// Letters, digits and signs of the Latin script that are neither raised nor join or raise others,
/// dashes and quotation marks: of words of these the letters and digits are what is left.
fn is_simple(character: char) -> bool {
    matches!(character, ..'\u{300}' | '\u{2010}'..='\u{2027}')
        && !matches!(character, '(' | ')' | '*' | '_' | '`' | '^' | '²' | '³' | '¹')
}

/// The plain sign of a raised or lowered one.
fn plain_sign(character: char) -> Option<char> {
    if character.is_ascii() {
        return None;
    }
    SCRIPTS.iter().find_map(|(signs, plain)| {
        let at = signs.chars().position(|sign| sign == character)?;
        plain.chars().nth(at)
    })
}

/// Letters, digits, and what is put on letters.
fn is_joined(character: char) -> bool {
    (character.is_alphanumeric() && !is_ideographic(character)) || is_mark(character)
}

fn is_mark(character: char) -> bool {
    matches!(u32::from(character), 0x300..=0x36F | 0x483..=0x487 | 0x610..=0x61A | 0x64B..=0x65F | 0x670 | 0x6D6..=0x6ED)
}

/// Scripts that are written without spaces.
fn is_ideographic(character: char) -> bool {
    matches!(u32::from(character), 0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..=0x2FFF | 0x3041..=0x33FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}
