//! Tables with bars: cells of a column are as wide as one another on the screen.

use super::lines::Lines;
use super::place;
use crate::parse::cells;
use crate::source::edit::Edit;
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// Maximum width of a padded table: the columns of wider ones cannot be seen in an editor anyway.
const WIDEST: usize = 120;
/// The narrowest column; its line of dashes is two longer.
const NARROWEST: usize = 1;

/// A row of the table as it is written.
struct Row<'a> {
    /// After the prefixes of the table's containers, to the end of the line.
    range: Range<usize>,
    cells: Vec<&'a str>,
}

/// The alignment of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Unsaid,
    Left,
    Middle,
    Right,
}

/// The edits to the table at these bytes. One whose rows differ in length stays as it is.
pub fn edits(lines: &Lines, table: &Range<usize>) -> Vec<Edit> {
    let numbers = lines.at(table.start)..lines.at(table.end.saturating_sub(1)) + 1;
    let rows: Option<Vec<Row>> = numbers.map(|number| row(lines, number)).collect();
    let Some(rows) = rows else { return Vec::new() };
    let [head, dashes, ..] = rows.as_slice() else { return Vec::new() };
    let Some(sides) = sides(&dashes.cells) else { return Vec::new() };
    if head.cells.is_empty() || rows.iter().any(|row| row.cells.len() != sides.len()) {
        return Vec::new();
    }
    let widths: Vec<usize> = (0..sides.len()).map(|column| width(&rows, column)).collect();
    let whole: usize = widths.iter().map(|width| width + "| ".len() + 1).sum::<usize>() + 1;
    let is_padded = whole <= WIDEST;
    let mut edits = Vec::with_capacity(rows.len());
    for (number, row) in rows.iter().enumerate() {
        let mut text = String::from("|");
        for ((cell, side), width) in row.cells.iter().zip(&sides).zip(&widths) {
            match number {
                1 => push_dashes(*side, if is_padded { *width } else { NARROWEST }, &mut text),
                _ => push_cell(cell, *side, if is_padded { *width } else { 0 }, &mut text),
            }
        }
        edits.push(Edit::replace(place(row.range.start, row.range.end), text));
    }
    edits
}

fn row<'a>(lines: &Lines<'a>, number: usize) -> Option<Row<'a>> {
    let line = lines.lines.get(number).filter(|line| !line.is_fixed)?;
    let words = lines.line_text(line);
    // A row may start with a sign that would be a list's elsewhere.
    let lead = words
        .find('|')
        .filter(|at| words.get(..*at).is_some_and(|lead| lead.trim_matches([' ', '\t', '>']).is_empty()));
    let lead = lead.unwrap_or_else(|| words.len() - words.trim_start_matches([' ', '\t', '>']).len());
    let rest = words.get(lead..)?;
    let cells = cells(rest).into_iter().map(|range| rest.get(range).unwrap_or_default()).collect();
    Some(Row { range: line.start + lead..line.end, cells })
}

/// The alignments in the second row; `None` if it is not a row of dashes.
fn sides(cells: &[&str]) -> Option<Vec<Side>> {
    let side = |cell: &&str| {
        let dashes = cell.trim_matches(':');
        let is_line = !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-');
        is_line.then_some(match (cell.starts_with(':'), cell.ends_with(':')) {
            (true, true) => Side::Middle,
            (true, false) => Side::Left,
            (false, true) => Side::Right,
            (false, false) => Side::Unsaid,
        })
    };
    cells.iter().map(side).collect()
}

fn width(rows: &[Row], column: usize) -> usize {
    let texts = rows.iter().enumerate().filter(|(number, _)| *number != 1);
    let widths = texts.filter_map(|(_, row)| row.cells.get(column)).map(|cell| cell.width());
    widths.max().unwrap_or_default().max(NARROWEST)
}

fn push_cell(cell: &str, side: Side, width: usize, out: &mut String) {
    let room = width.saturating_sub(cell.width());
    let before = match side {
        Side::Unsaid | Side::Left => 0,
        Side::Middle => room / 2,
        Side::Right => room,
    };
    out.push(' ');
    out.extend(std::iter::repeat_n(' ', before));
    out.push_str(cell);
    out.extend(std::iter::repeat_n(' ', room - before));
    out.push_str(if cell.is_empty() && width == 0 { "|" } else { " |" });
}

fn push_dashes(side: Side, width: usize, out: &mut String) {
    let (first, last) = match side {
        Side::Unsaid => ('-', '-'),
        Side::Left => (':', '-'),
        Side::Middle => (':', ':'),
        Side::Right => ('-', ':'),
    };
    out.push(first);
    out.extend(std::iter::repeat_n('-', width));
    out.push(last);
    out.push('|');
}
