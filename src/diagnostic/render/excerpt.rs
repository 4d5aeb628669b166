//! The part of a source that a message shows: the lines that matter, and of a
//! very long line the part that matters, with what deceives made visible.

use super::escape;
use crate::source::{LineColumn, Source};
use std::ops::Range;

/// Lines that are at most this far apart are shown in one piece.
const MAX_GAP: usize = 4;
/// A line of more characters is not shown whole.
const MAX_LINE: usize = 240;
/// How many characters of a long line are shown before and from the place on.
const BEFORE: usize = 60;
const FROM: usize = 120;
const ELLIPSIS: char = '…';

/// A mark under a part of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark<'a> {
    /// Bytes of the source file; of a span over several lines the first one's part.
    pub range: Range<usize>,
    pub kind: MarkKind,
    pub label: Option<&'a str>,
}

/// Why a place is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    Primary,
    Secondary,
}

/// A piece of source with marks whose ranges count from the piece's start.
#[derive(Debug, PartialEq, Eq)]
pub struct Excerpt<'a> {
    pub text: String,
    /// Number of its first line in the file.
    pub first_line: usize,
    /// Position in the file: that of the message, or else of its first mark.
    pub place: LineColumn,
    pub marks: Vec<Mark<'a>>,
}

/// Cuts the excerpts that show all marks, which are in one file, in order of their lines.
pub fn cut<'a>(source: &Source, marks: Vec<Mark<'a>>) -> Vec<Excerpt<'a>> {
    let mut marks: Vec<(usize, Mark<'a>)> = marks.into_iter().map(|mark| on_one_line(source, mark)).collect();
    marks.sort_by(|(a_line, a), (b_line, b)| (a_line, a.range.start, a.kind).cmp(&(b_line, b.range.start, b.kind)));
    let mut runs: Vec<Vec<(usize, Mark<'a>)>> = Vec::new();
    for (line, mark) in marks {
        match runs.last_mut() {
            Some(run) if joins(source, run, line) => run.push((line, mark)),
            _ => runs.push(vec![(line, mark)]),
        }
    }
    runs.into_iter().filter_map(|run| excerpt(source, run)).collect()
}

/// Brings a mark to character boundaries and to its first line.
fn on_one_line<'a>(source: &Source, mark: Mark<'a>) -> (usize, Mark<'a>) {
    let text = source.text();
    let boundary = |mut offset: usize| {
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let start = boundary(mark.range.start.min(text.len()));
    let line = source.place(start).line;
    let line_end = source.line_start(line) + source.line(line).len();
    let end = boundary(mark.range.end.min(line_end)).max(start);
    (line, Mark { range: start..end, ..mark })
}

fn joins(source: &Source, run: &[(usize, Mark)], line: usize) -> bool {
    let (Some((first, _)), Some((last, _))) = (run.first(), run.last()) else {
        return true;
    };
    line - last <= MAX_GAP && (*first..=line).all(|number| source.line(number).len() <= MAX_LINE)
}

fn excerpt<'a>(source: &Source, run: Vec<(usize, Mark<'a>)>) -> Option<Excerpt<'a>> {
    let first_line = run.first()?.0;
    let last_line = run.last()?.0;
    let mut marks: Vec<Mark<'a>> = run.into_iter().map(|(_, mark)| mark).collect();
    let start = source.line_start(first_line);
    let primary = marks.iter().find(|mark| mark.kind == MarkKind::Primary);
    let place = source.place(primary.or(marks.first())?.range.start);
    let text = if source.line(first_line).len() > MAX_LINE {
        let (text, mark) = window(source.line(first_line), start, marks.pop()?);
        marks = vec![mark];
        text
    } else {
        let end = source.line_start(last_line) + source.line(last_line).len();
        for mark in &mut marks {
            mark.range = mark.range.start.saturating_sub(start)..mark.range.end.saturating_sub(start);
        }
        // The renderer knows no return alone for the end of a line.
        let text = source.text().get(start..end)?;
        let is_alone = |at: usize| !text.get(at + 1..).unwrap_or_default().starts_with('\n');
        text.char_indices().map(|(at, c)| if c == '\r' && is_alone(at) { '\n' } else { c }).collect()
    };
    let (text, offset) = escape::with_offsets(&text);
    for mark in &mut marks {
        mark.range = offset(mark.range.start)..offset(mark.range.end);
    }
    Some(Excerpt { text, first_line, place, marks })
}

/// The part of a long line round a mark, with an ellipsis where it is cut.
fn window<'a>(line: &str, line_start: usize, mark: Mark<'a>) -> (String, Mark<'a>) {
    let place = mark.range.start.saturating_sub(line_start);
    let (before, from) = line.split_at_checked(place).unwrap_or((line, ""));
    let left = before.char_indices().rev().nth(BEFORE.saturating_sub(1)).map_or(0, |(index, _)| index);
    let right = from.char_indices().nth(FROM).map_or(line.len(), |(index, _)| place + index);
    let mut text = String::new();
    if left > 0 {
        text.push(ELLIPSIS);
    }
    let start = text.len() + place - left;
    text.push_str(line.get(left..right).unwrap_or_default());
    let end = (start + mark.range.len()).min(text.len());
    if right < line.len() {
        text.push(ELLIPSIS);
    }
    (text, Mark { range: start..end, ..mark })
}
