//! Maps comrak's lines and columns to bytes of the source.

use super::html;
use super::inline_token::{InlineToken, InlineTokenKind};
use super::limits;
use crate::source::{FileId, Source, Span};
use comrak::nodes::{LineColumn, Sourcepos};
use std::ops::Range;

/// Where the text given to comrak is in the source.
#[derive(Debug, Clone, Copy)]
pub enum Origin<'a> {
    /// The file from `start`, on the line `line` (counted from 1), to its end.
    Body { source: &'a Source, line: usize, start: usize },
    /// A piece of one line from `start`, `before` columns after comrak's first.
    Fragment { start: usize, before: usize },
}

impl Origin<'_> {
    /// The byte of a line and column.
    pub fn byte(&self, line: usize, column: usize) -> usize {
        let column = column.saturating_sub(1);
        match self {
            Origin::Body { start, .. } if line <= 1 => start.saturating_add(column),
            // A line of ours may be shorter than its replacement in comrak's text.
            Origin::Body { source, line: first, .. } => {
                let line = first.saturating_add(line).saturating_sub(1);
                source.line_start(line).saturating_add(column).min(source.line_start(line.saturating_add(1)))
            }
            Origin::Fragment { start, before } => start.saturating_add(column.saturating_sub(*before)),
        }
    }

    /// The byte of a place.
    pub fn at(&self, place: LineColumn) -> usize {
        self.byte(place.line, place.column)
    }

    /// The bytes of a range whose end comrak counts in.
    pub fn range(&self, place: Sourcepos) -> Range<usize> {
        let start = self.at(place.start);
        let end = self.byte(place.end.line, place.end.column.saturating_add(1));
        start..end.max(start)
    }
}

/// Finds inline text in the source. comrak's places are taken where the text
/// is what they say, and otherwise it is looked for: comrak loses count after
/// link definitions at the start of a paragraph.
#[derive(Debug, Clone)]
pub struct Locator {
    /// The block's bytes that are still ahead.
    pub ahead: Range<usize>,
    /// How many lines comrak is behind.
    lag: usize,
}

/// How many lines comrak may be behind in a paragraph.
const LAG: usize = 64;

impl Locator {
    /// Looks in these bytes of the source, from their start on.
    pub fn new(ahead: Range<usize>) -> Self {
        Self { ahead, lag: 0 }
    }

    /// Goes on past a byte.
    pub fn pass(&mut self, end: usize) {
        self.ahead.start = self.ahead.start.max(end);
    }

    /// Searches the actual position of an element with `fit`, starting from comrak's position.
    pub fn find<T>(
        &mut self,
        origin: &Origin,
        place: LineColumn,
        mut fit: impl FnMut(usize) -> Option<T>,
    ) -> Option<T> {
        let at = |lag: usize| origin.byte(place.line.saturating_add(lag), place.column);
        for lag in std::iter::once(self.lag).chain(0..LAG) {
            let start = at(lag);
            if start >= self.ahead.end && lag > self.lag {
                break;
            }
            if start >= self.ahead.start
                && let Some(found) = fit(start)
            {
                self.lag = lag;
                return Some(found);
            }
        }
        let end = self.ahead.end.min(self.ahead.start.saturating_add(limits::SEARCH_WINDOW));
        (self.ahead.start..end).find_map(fit)
    }
}

/// Cuts text into the pieces that are in the source as they are and those that are written
/// otherwise (`&amp;`, `\*`), from byte `start`. Gives the byte past it, or nothing where the
/// source says something else.
pub fn align(file: FileId, source: &str, start: usize, text: &str, pieces: &mut Vec<InlineToken>) -> Option<usize> {
    let here = source.get(start..)?;
    if here.starts_with(text) && !text.contains(['&', '\\']) {
        pieces.push(InlineToken::text(text, Span::new(file, start, start + text.len())));
        return Some(start + text.len());
    }
    let before = pieces.len();
    let end = align_written(file, source, start, text, pieces);
    if end.is_none() {
        pieces.truncate(before);
    }
    end
}

fn align_written(file: FileId, source: &str, start: usize, text: &str, pieces: &mut Vec<InlineToken>) -> Option<usize> {
    let mut at = start;
    let mut run = start;
    let mut rest = text;
    let flush = |pieces: &mut Vec<InlineToken>, run: usize, at: usize| {
        if let Some(same) = source.get(run..at).filter(|same| !same.is_empty()) {
            pieces.push(InlineToken::text(same, Span::new(file, run, at)));
        }
    };
    while let Some(wanted) = rest.chars().next() {
        let here = source.get(at..)?;
        let written = here.chars().next()?;
        let decoded = match written {
            '&' => html::entity(here),
            '\\' => escape(here),
            _ => None,
        };
        if let Some((value, length)) = decoded.filter(|(value, _)| rest.starts_with(value.as_str())) {
            flush(pieces, run, at);
            rest = rest.get(value.len()..)?;
            let span = Span::new(file, at, at + length);
            pieces.push(InlineToken::new(InlineTokenKind::Decoded(value), span));
            at += length;
            run = at;
        } else if written == wanted {
            at += written.len_utf8();
            rest = rest.get(wanted.len_utf8()..)?;
        } else {
            return None;
        }
    }
    flush(pieces, run, at);
    Some(at)
}

/// A backslash escape and its length.
fn escape(text: &str) -> Option<(String, usize)> {
    let escaped = text.strip_prefix('\\')?.chars().next().filter(char::is_ascii_punctuation)?;
    Some((escaped.to_string(), 1 + escaped.len_utf8()))
}
