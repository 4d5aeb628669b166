//! Plain text marks emphasis, items and cells with signs of its own. What is
//! compared there are letters and digits.

mod agree;

use super::side;
use super::word::{Passage, Word};
use crate::resolve::Resolved;
use std::collections::BTreeMap;

/// Raised and lowered signs beside the signs they stand for.
const SCRIPTS: [(&str, &str); 2] =
    [("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱᵃᵇᶜᵈᵉᵗʰˢʳᵒ", "0123456789niabcdethsro"), ("₀₁₂₃₄₅₆₇₈₉ₐₑₒₓₙₘ", "0123456789aeoxnm")];

/// The letters and digits of both texts, each table said in the way that the
/// other says it.
pub fn both(wanted: Vec<Passage>, found: Vec<Passage>) -> (Vec<Word>, Vec<Word>) {
    let wanted: Vec<Passage> = wanted.into_iter().map(bare).collect();
    let found: Vec<Passage> = found.into_iter().map(bare).collect();
    if let Some((wanted_ways, found_ways)) = agree::matching_alternatives(&wanted, &found) {
        return (said(wanted, &wanted_ways), said(found, &found_ways));
    }
    let all = said_in_all_ways(&wanted);
    let found = choose(found, &all);
    let wanted = choose(wanted, &found);
    (wanted, found)
}

/// The pieces of a text edition with the signs of changes as readers give them.
pub fn spelled(pieces: Vec<Passage>, document: &Resolved) -> Vec<Passage> {
    if !document.is_redline {
        return pieces;
    }
    let spell = |words: Vec<Word>| -> Vec<Word> {
        let spell = |word: Word| Word { text: side::spelled(&word.text, document).into_owned(), ..word };
        words.into_iter().map(spell).collect()
    };
    let pieces = pieces.into_iter().map(|piece| match piece {
        Passage::Words(words) => Passage::Words(spell(words)),
        Passage::OneOf(ways) => Passage::OneOf(ways.into_iter().map(spell).collect()),
    });
    pieces.collect()
}

/// What pieces say in the ways that were chosen, by piece.
fn said(pieces: Vec<Passage>, ways: &BTreeMap<usize, usize>) -> Vec<Word> {
    let said = |(index, piece)| match piece {
        Passage::Words(words) => words,
        Passage::OneOf(all) => {
            let way = ways.get(&index).copied().unwrap_or(0);
            all.into_iter().nth(way).unwrap_or_default()
        }
    };
    pieces.into_iter().enumerate().flat_map(said).collect()
}

/// All that is said, whichever way is chosen.
fn said_in_all_ways(pieces: &[Passage]) -> Vec<Word> {
    let mut all = Vec::new();
    for piece in pieces {
        match piece {
            Passage::Words(words) => all.extend_from_slice(words),
            Passage::OneOf(ways) => ways.iter().for_each(|way| all.extend_from_slice(way)),
        }
    }
    all
}

/// Chooses for each piece the way that stands in `other`, further on than the
/// one before; the first where none does.
fn choose(pieces: Vec<Passage>, other: &[Word]) -> Vec<Word> {
    let mut chosen = Vec::new();
    let mut rest = other;
    for piece in pieces {
        let way = match piece {
            Passage::Words(words) => words,
            Passage::OneOf(ways) => {
                let found =
                    ways.iter().enumerate().filter_map(|(way, words)| Some((way, words.len(), find(words, rest)?)));
                // Of ways that both stand there the longer says more.
                let best = found.min_by_key(|(way, length, _)| (std::cmp::Reverse(*length), *way));
                let (way, behind) = best.map_or((0, 0), |(way, _, behind)| (way, behind));
                rest = rest.get(behind..).unwrap_or_default();
                ways.into_iter().nth(way).unwrap_or_default()
            }
        };
        chosen.extend(way);
    }
    chosen
}

/// Where `words` end in `text`.
fn find(words: &[Word], text: &[Word]) -> Option<usize> {
    let alike = |window: &[Word]| window.iter().zip(words).all(|(one, other)| one.text == other.text);
    let start = if words.is_empty() { 0 } else { text.windows(words.len()).position(alike)? };
    Some(start + words.len())
}

fn bare(piece: Passage) -> Passage {
    let bare = |words: Vec<Word>| {
        let mut bare = Vec::with_capacity(words.len());
        words.into_iter().for_each(|word| letters(word, &mut bare));
        bare
    };
    match piece {
        Passage::Words(words) => Passage::Words(bare(words)),
        Passage::OneOf(ways) => Passage::OneOf(ways.into_iter().map(bare).collect()),
    }
}

/// Adds the runs of letters and digits in a word; raised and lowered ones are as
/// good as plain ones. Where lines may end inside a word, each sign stands
/// alone.
fn letters(word: Word, words: &mut Vec<Word>) {
    if !word.text.is_empty() && word.text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        words.push(word);
        return;
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
        // Emphasis may begin and end behind a letter, so that all brackets join there;
        // between figures they do not.
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
        match words.last_mut() {
            Some(last) if open == Some(kind) && kind == Kind::Joined => last.text.push(script.unwrap_or(character)),
            _ => words.push(Word { text: script.unwrap_or(character).to_string(), span: word.span }),
        }
        open = Some(kind);
    }
}

/// The sign that a raised or lowered one stands for.
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
