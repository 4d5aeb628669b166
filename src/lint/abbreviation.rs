//! Abbreviations without an explanation (W0510).

use super::cache::{LintCache, LintedRun};
use super::prose::Prose;
use super::words::words_of_text;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::AbbreviationEntry;
use crate::source::Sources;
use crate::source::search::places;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// How many letters an abbreviation has.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=6;

/// Characters of an expansion in parentheses that are looked at.
const MAX_EXPANSION: usize = 200;

/// Abbreviations that need no explanation: political bodies, currencies and file formats that are
/// usually called by their short names.
const WELL_KNOWN: [&str; 74] = [
    "AD", "AIDS", "AM", "BBC", "BC", "CD", "CET", "CEO", "CO", "COVID", "CSS", "CSV", "DNA", "DVD", "EC", "EEA", "EEC",
    "EFTA", "EU", "EUR", "FAQ", "FAX", "GBP", "GDP", "GMT", "GPS", "HIV", "HTML", "HTTP", "HTTPS", "ID", "ISBN", "ISO",
    "ISSN", "IT", "JPEG", "JSON", "NATO", "NB", "NGO", "NGOS", "OECD", "OK", "OPEC", "OSCE", "PDF", "PIN", "PM", "PNG",
    "PS", "SMS", "SVG", "TV", "UE", "UK", "UN", "UNESCO", "UNICEF", "URL", "US", "USA", "USB", "USD", "USSR", "UTC",
    "VAT", "VIP", "WHO", "WTO", "XML", "YAML", "ZIP", "CHF", "ONU",
];

/// Looks at all runs of a document that defines some; each abbreviation is reported where it is met first. Says which words in
/// small letters were looked for, and for each run which of them it uses.
pub fn check(
    defined: &[AbbreviationEntry],
    runs: &[LintedRun],
    sources: &Sources,
    cache: Option<&LintCache>,
    diagnostics: &mut Diagnostics,
) -> (BTreeSet<String>, Vec<Arc<[String]>>) {
    let defined = defined.iter().map(|entry| entry.short.as_str());
    let unknown = unknown(runs, defined);
    let asked = unknown.iter().map(|(_, _, word)| word.to_lowercase()).collect();
    let spoken = LintCache::spoken(cache, runs, &asked);
    let used: BTreeSet<&str> = spoken.iter().flat_map(|words| words.iter()).map(String::as_str).collect();
    for (prose, range, word) in unknown.into_iter().filter(|(_, _, word)| !used.contains(word.to_lowercase().as_str()))
    {
        let message = format!("“{word}” is not explained");
        diagnostics.push(
            Diagnostic::new(Code::UndefinedAbbreviation, prose.span(range, sources), message)
                .hint(format!("define it in a line of its own: `*[{word}]: …`")),
        );
    }
    (asked, spoken)
}

/// Abbreviations that are neither well known, nor defined, nor explained in the text.
fn unknown<'r, 'a>(
    runs: &'r [LintedRun<'a>],
    defined: impl IntoIterator<Item = &'r str>,
) -> Vec<(&'r Prose<'a>, Range<usize>, &'r str)> {
    let candidates = || runs.iter().flat_map(|run| run.candidates().map(move |found| (run, found)));
    let explained = candidates().flat_map(|(_, (_, found))| found.explained.iter().map(String::as_str));
    let mut known: BTreeSet<&str> = WELL_KNOWN.into_iter().chain(defined).chain(explained).collect();
    let mut unknown = Vec::new();
    for (run, (at, found)) in candidates().filter(|(_, (_, found))| found.are_among_small_letters) {
        for (range, word) in &found.words {
            if known.insert(word)
                && let Some(prose) = run.prose().get(at)
            {
                unknown.push((prose, range.clone(), word.as_str()));
            }
        }
    }
    unknown
}

/// Words in small letters that are looked for in the runs of a document.
pub struct Asked<'a> {
    words: &'a BTreeSet<String>,
    /// For each first byte, the lengths of the words as bits, which excludes most other words.
    lengths: [u64; 1 << u8::BITS],
}

impl<'a> Asked<'a> {
    /// Looks for some words.
    pub fn new(words: &'a BTreeSet<String>) -> Asked<'a> {
        let mut lengths = [0; 1 << u8::BITS];
        for word in words {
            lengths[first_byte(word)] |= length_bit(word);
        }
        Asked { words, lengths }
    }

    /// Which of the words a run uses: in capitals they are ordinary words with
    /// weight ("must NOT"). A language's words are not listed anywhere, but a
    /// document uses them.
    pub fn spoken(&self, prose: &[Prose]) -> Arc<[String]> {
        if self.words.is_empty() {
            return Arc::default();
        }
        let may_be_one = |word: &&str| self.lengths[first_byte(word)] & length_bit(word) != 0;
        let words = prose.iter().flat_map(|prose| words_of_text(&prose.text)).map(|(_, word)| word);
        let words: BTreeSet<&str> = words.filter(may_be_one).filter(|word| self.words.contains(*word)).collect();
        words.into_iter().map(str::to_owned).collect()
    }
}

fn first_byte(word: &str) -> usize {
    usize::from(word.bytes().next().unwrap_or_default())
}

/// The bit for a length; all bits for a longer word.
fn length_bit(word: &str) -> u64 {
    1_u64.checked_shl(u32::try_from(word.len()).unwrap_or(u32::MAX)).unwrap_or(u64::MAX)
}

/// Possible abbreviations in a text.
#[derive(Debug)]
pub struct Candidates {
    words: Vec<(Range<usize>, String)>,
    /// Abbreviations explained in the text: alone in parentheses after words, or before parentheses
    /// with several words.
    explained: Vec<String>,
    /// Whether there are small letters around them: in a line of capitals every word looks like an
    /// abbreviation.
    are_among_small_letters: bool,
}

impl Candidates {
    /// The candidates in a text.
    pub fn from_prose(prose: &Prose) -> Candidates {
        let words = candidates(&prose.text);
        let explained = words.iter().filter(|(range, _)| is_explained(&prose.text, range));
        Candidates {
            explained: explained.map(|(_, word)| (*word).to_owned()).collect(),
            are_among_small_letters: !words.is_empty() && prose.text.chars().any(char::is_lowercase),
            words: words.into_iter().map(|(range, word)| (range, word.to_owned())).collect(),
        }
    }
}

/// Words in capitals, without a plural's ending.
fn candidates(text: &str) -> Vec<(Range<usize>, &str)> {
    if !has_capitals_in_a_row(text) {
        return Vec::new();
    }
    words_of_text(text)
        .filter(|(range, _)| stands_free(text, range))
        .flat_map(|(range, word)| parts(range, word))
        .map(|(range, word)| match word.strip_suffix("s") {
            Some(singular) if singular.len() > 1 => (range.start..range.end - 1, singular),
            _ => (range, word),
        })
        .filter(|(_, word)| LETTERS.contains(&word.chars().count()))
        .filter(|(_, word)| word.chars().all(|letter| letter.is_uppercase()) && !is_roman(word))
        .collect()
}

/// Most runs of words have no abbreviation, and this is quick to see.
pub fn has_capitals_in_a_row(text: &str) -> bool {
    if text.is_ascii() {
        let behind = |capital: usize| text.as_bytes().get(capital + 1);
        return places(text, |byte| byte.is_ascii_uppercase())
            .any(|capital| behind(capital).is_some_and(u8::is_ascii_uppercase));
    }
    let mut before = false;
    text.chars().any(|letter| {
        let after_capital = std::mem::replace(&mut before, letter.is_uppercase());
        after_capital && before
    })
}

/// The parts of a compound: "PPC-level", "l’OSCE".
fn parts(range: Range<usize>, word: &str) -> Vec<(Range<usize>, &str)> {
    let mut parts = Vec::new();
    let mut start = range.start;
    for part in word.split_inclusive(['-', '’', '\'', '\u{2010}', '\u{2011}']) {
        let bare = part.trim_end_matches(['-', '’', '\'', '\u{2010}', '\u{2011}']);
        parts.push((start..start + bare.len(), bare));
        start += part.len();
    }
    parts
}

/// Not a part of a file's name, an address or a code: "README.md", "A/RES/70".
fn stands_free(text: &str, range: &Range<usize>) -> bool {
    let joins = |character: char| matches!(character, '.' | '/' | '_' | '@' | '#' | '\\' | '=' | '$');
    let mut after = text.get(range.end..).unwrap_or_default().chars();
    let joined_after = after.next().is_some_and(joins) && after.next().is_some_and(char::is_alphanumeric);
    let mut before = text.get(..range.start).unwrap_or_default().chars().rev();
    let joined_before = before.next().is_some_and(joins);
    !joined_after && !joined_before
}

fn is_roman(word: &str) -> bool {
    word.chars().all(|letter| matches!(letter, 'I' | 'V' | 'X' | 'L' | 'C' | 'D' | 'M'))
}

/// Whether parentheses explain the word in a range, or the word is in them.
fn is_explained(text: &str, range: &Range<usize>) -> bool {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default().trim_start_matches('s');
    let enclosed = before.ends_with('(') && after.starts_with(')');
    let followed = after.trim_start().strip_prefix('(').is_some_and(holds_words);
    enclosed || followed
}

/// Whether parentheses that were opened hold several words.
fn holds_words(rest: &str) -> bool {
    let inside = rest.chars().take(MAX_EXPANSION).take_while(|character| *character != ')');
    inside.filter(|character| character.is_whitespace()).count() > 0
}
