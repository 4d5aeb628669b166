//! Dates that can be read in two ways (W0508).

use super::prose::Prose;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::language::{Date, Language, primary};
use crate::source::edit::Edit;
use crate::source::search::places;
use crate::source::{Sources, Span};
use std::ops::Range;

const MONTHS: u8 = 12;
/// Two-digit years up to this one are taken for this century in the hint.
const PIVOT: u16 = 69;

/// Looks at one run.
pub fn check(prose: &Prose, sources: &Sources, diagnostics: &mut Diagnostics) {
    for (range, [first, second, year]) in numeric_dates(&prose.text) {
        let language = Language::from_tag(prose.lang);
        let read = |month: u16, day: u16| Some(Date::parse(&format!("{year:04}-{month:02}-{day:02}"))?.long(&language));
        let (Some(one), Some(other)) = (read(second, first), read(first, second)) else {
            continue;
        };
        let written = prose.text.get(range.clone()).unwrap_or_default();
        let message = format!("“{written}” can be {one} or {other}");
        let span = prose.span(range, sources);
        let dates = [[year, second, first], [year, first, second]];
        let fixes = (sources.text(span) == written).then(|| fixes(span, dates, &[one, other], prose.lang));
        diagnostics.push(
            Diagnostic::new(Code::AmbiguousDate, span, message)
                .hint("write the month as a word, or the date as year-month-day")
                .fixes(fixes.into_iter().flatten()),
        );
    }
}

/// Which figure of a date comes first where a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
}

/// The order that a language tag states: American English alone puts the month first (CLDR 48,
/// short dates). If the year comes first, or the region is open, the order is unknown.
fn order(lang: &str) -> Option<Order> {
    const OPEN: [&str; 4] = ["en", "hu", "lt", "sv"];
    match lang.split_once('-') {
        Some(("en", "US")) => Some(Order::MonthFirst),
        Some(("en", "GB" | "IE" | "AU" | "NZ" | "IN" | "MT")) => Some(Order::DayFirst),
        _ => (!OPEN.contains(&primary(lang).as_str())).then_some(Order::DayFirst),
    }
}

/// Writes a date year first (ISO 8601), by both readings: that of the language comes first and
/// is safe, where it has one.
fn fixes(span: Span, dates: [[u16; 3]; 2], read: &[String; 2], lang: &str) -> Vec<Fix> {
    let order = order(lang);
    let mut fixes: Vec<Fix> = [Order::DayFirst, Order::MonthFirst]
        .into_iter()
        .zip(dates.iter().zip(read))
        .map(|(own, ([year, month, day], read))| {
            let edit = Edit::replace(span, format!("{year:04}-{month:02}-{day:02}"));
            let title = format!("Write {} for {read}", edit.text);
            if order == Some(own) { Fix::safe(title, [edit]) } else { Fix::offered(title, [edit]) }
        })
        .collect();
    fixes.sort_by_key(|fix| !fix.is_safe);
    fixes
}

/// Numeric dates whose day and month can be confused.
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

/// Separators of dates with an unclear order. With full stops the day always comes first; besides,
/// `4.2.10` may be a section.
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

/// Separate runs of characters: no letter or mark of a number touches them.
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
