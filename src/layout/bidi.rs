//! Which way text runs (UAX #9).

use super::word::TextDirection;
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};

/// Stands for a byte of code while the text around it is ordered: a neutral, as
/// an isolate is.
const NEUTRAL: u8 = b'|';

/// Bidi levels by byte; `None` for text that runs from left to right only. Code runs from left to
/// right wherever it is, as if it were isolated.
pub fn levels(text: &str, direction: TextDirection, code: impl Iterator<Item = Range<usize>>) -> Option<Vec<Level>> {
    let right_to_left = |c: char| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{202b}' | '\u{202e}' | '\u{2067}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    let base = match direction {
        TextDirection::LeftToRight => Level::ltr(),
        TextDirection::RightToLeft => Level::rtl(),
    };
    if base.is_ltr() && (text.is_ascii() || !text.contains(right_to_left)) {
        return None;
    }
    // A forced line ending is no paragraph separator here.
    let mut around = text.replace('\n', " ");
    let code: Vec<Range<usize>> = code.collect();
    for range in &code {
        around.replace_range(range.clone(), &String::from(char::from(NEUTRAL)).repeat(range.len()));
    }
    let mut levels = BidiInfo::new(&around, Some(base)).levels;
    for range in code {
        let inside = text.get(range.clone()).unwrap_or_default();
        let own = BidiInfo::new(inside, Some(Level::ltr())).levels;
        for (level, own) in levels.get_mut(range).unwrap_or_default().iter_mut().zip(own) {
            let outside = level.number() + level.number() % 2;
            *level = Level::new(outside + own.number()).unwrap_or(*level);
        }
    }
    Some(levels)
}
