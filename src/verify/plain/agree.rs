//! Whether two texts with alternatives can be made equal from start to end.

use crate::verify::word::{Passage, Word};
use std::collections::{BTreeMap, BTreeSet};

/// The chosen alternative of each passage with several, by passage index.
pub type Ways = BTreeMap<usize, usize>;

/// A place in a text: piece, way, word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct WordPosition {
    piece: usize,
    way: Option<usize>,
    word: usize,
}

/// A choice, and the index of the one before it.
struct Choice {
    before: Option<usize>,
    is_wanted: bool,
    piece: usize,
    way: usize,
}

/// The ways in which both texts are the same; `None` where there are none.
pub fn matching_alternatives(wanted: &[Passage], found: &[Passage]) -> Option<(Ways, Ways)> {
    let (wanted, found) = (pieces(wanted), pieces(found));
    let mut choices: Vec<Choice> = Vec::new();
    let mut seen: BTreeSet<(WordPosition, WordPosition)> = BTreeSet::new();
    let mut open: Vec<(WordPosition, WordPosition, Option<usize>)> =
        vec![(WordPosition::default(), WordPosition::default(), None)];
    while let Some((mut one, mut other, before)) = open.pop() {
        if !seen.insert((one, other)) {
            continue;
        }
        loop {
            let (is_wanted, place, count) = match (next(&wanted, &mut one), next(&found, &mut other)) {
                (Next::Choice(count), _) => (true, one, count),
                (_, Next::Choice(count)) => (false, other, count),
                (Next::Word(word), Next::Word(same)) if word.text == same.text => {
                    one.word += 1;
                    other.word += 1;
                    continue;
                }
                (Next::End, Next::End) => return Some(chosen(&choices, before)),
                _ => break,
            };
            for way in (0..count).rev() {
                choices.push(Choice { before, is_wanted, piece: place.piece, way });
                let there = WordPosition { way: Some(way), ..place };
                let (one, other) = if is_wanted { (there, other) } else { (one, there) };
                open.push((one, other, Some(choices.len() - 1)));
            }
            break;
        }
    }
    None
}

fn chosen(choices: &[Choice], mut last: Option<usize>) -> (Ways, Ways) {
    let (mut wanted, mut found) = (Ways::new(), Ways::new());
    while let Some(choice) = last.and_then(|last| choices.get(last)) {
        let ways = if choice.is_wanted { &mut wanted } else { &mut found };
        ways.insert(choice.piece, choice.way);
        last = choice.before;
    }
    (wanted, found)
}

/// A passage, taken apart into words.
enum PassageWords<'a> {
    Words(Vec<Word<'a>>),
    OneOf(Vec<Vec<Word<'a>>>),
}

fn pieces(passages: &[Passage]) -> Vec<PassageWords<'_>> {
    let pieces = passages.iter().map(|passage| match passage {
        Passage::Words(text) => PassageWords::Words(text.iter().collect()),
        Passage::OneOf(ways) => PassageWords::OneOf(ways.iter().map(|way| way.iter().collect()).collect()),
    });
    pieces.collect()
}

/// The next item at a position.
enum Next<'a> {
    Word(Word<'a>),
    /// A choice between this number of alternatives.
    Choice(usize),
    End,
}

/// The next item, past the ends of pieces.
fn next<'a>(pieces: &[PassageWords<'a>], place: &mut WordPosition) -> Next<'a> {
    loop {
        let words: &[Word<'a>] = match (pieces.get(place.piece), place.way) {
            (None, _) => return Next::End,
            (Some(PassageWords::Words(words)), _) => words,
            (Some(PassageWords::OneOf(ways)), None) if !ways.is_empty() => return Next::Choice(ways.len()),
            (Some(PassageWords::OneOf(ways)), way) => way.and_then(|way| ways.get(way)).map_or(&[], Vec::as_slice),
        };
        match words.get(place.word) {
            Some(word) => return Next::Word(*word),
            None => *place = WordPosition { piece: place.piece + 1, way: None, word: 0 },
        }
    }
}
