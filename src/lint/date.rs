//! Dates that can be read in two ways (W0508).

use super::prose::Prose;
use super::words::places;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::{Date, Language};
use crate::source::Sources;
use std::ops::Range;

const MONTHS: u8 = 12;
/// Two-digit years up to this one are taken for this century in the hint.
const PIVOT: u16 = 69;

/// Looks at one run.
pub fn check(prose: &Prose, sources: &Sources, diagnostics: &mut Diagnostics) {
    for (range, [first, second, year]) in numeric_dates(&prose.text) {
        let language = Language::of(prose.lang);
        let read = |month: u16, day: u16| Some(Date::parse(&format!("{year:04}-{month:02}-{day:02}"))?.long(&language));
        let (Some(one), Some(other)) = (read(second, first), read(first, second)) else {
            continue;
        };
        let written = prose.text.get(range.clone()).unwrap_or_default();
        let message = format!("“{written}” can be {one} or {other}");
        diagnostics.push(
            Diagnostic::new(Code::AmbiguousDate, prose.span(range, sources), message)
                .hint("write the month as a word, or the date as year-month-day"),
        );
    }
}

/// Dates in figures of which day and month can be exchanged.
fn numeric_dates(text: &str) -> Vec<(Range<usize>, [u16; 3])> {
    let mut dates = Vec::new();
    if !has_joined_digits(text) {
        return dates;
    }
    let joins = |character: char| character.is_ascii_digit() || matches!(character, '/' | '-' | '.');
    for (start, token) in tokens(text, joins) {
        let token = token.trim_end_matches(['.', '-', '/']);
        for separator in SEPARATORS {
            let parts: Vec<&str> = token.split(separator).collect();
            let [first, second, year] = parts.as_slice() else {
                continue;
            };
            if let Some(numbers) = exchangeable(first, second, year) {
                dates.push((start..start + token.len(), numbers));
            }
        }
    }
    dates
}

/// Most runs of words have no date, and this is quick to see.
fn has_joined_digits(text: &str) -> bool {
    let behind = |digit: usize| text.as_bytes().get(digit + 1..digit + 3);
    places(text, |byte| byte.is_ascii_digit())
        .any(|digit| matches!(behind(digit), Some([b'/' | b'-' | b'.', b'0'..=b'9'])))
}

/// What parts the figures of a date of which nobody knows the order. With full stops the
/// day comes first wherever dates are written so; `4.2.10` may be a section besides.
const SEPARATORS: [char; 2] = ['/', '-'];

fn exchangeable(first: &str, second: &str, year: &str) -> Option<[u16; 3]> {
    let short = |part: &str| matches!(part.len(), 1 | 2);
    if !short(first) || !short(second) || !matches!(year.len(), 2 | 4) {
        return None;
    }
    let (first, second): (u16, u16) = (first.parse().ok()?, second.parse().ok()?);
    let written: u16 = year.parse().ok()?;
    let year = match (year.len(), written) {
        (4, year) => year,
        (_, year) if year <= PIVOT => 2000 + year,
        (_, year) => 1900 + year,
    };
    let months = 1..=u16::from(MONTHS);
    (first != second && months.contains(&first) && months.contains(&second)).then_some([first, second, year])
}

/// Runs of characters that stand free: no letter or mark of a number touches them.
fn tokens(text: &str, joins: impl Fn(char) -> bool) -> Vec<(usize, &str)> {
    let mut tokens = Vec::new();
    let mut start: Option<usize> = None;
    let mut free = true;
    for (index, character) in text.char_indices().chain([(text.len(), ' ')]) {
        if joins(character) {
            start.get_or_insert(index);
            continue;
        }
        if let (Some(first), true, false) = (start.take(), free, character.is_alphabetic()) {
            tokens.extend(text.get(first..index).map(|token| (first, token)));
        }
        free = !character.is_alphanumeric();
    }
    tokens
}
