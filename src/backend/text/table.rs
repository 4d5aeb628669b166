//! Tables drawn with lines.

use super::block::Lines;
use super::fill::{LongWords, columns};
use super::inline::Renderer;
use crate::ast::{Align, Cell, Table, place_cells};
use crate::resolve::{RGridCell, ResolvedStage};

/// Columns taken by the line before a cell and the space round its words.
const FRAME: usize = 3;

/// How many tables inside one another are drawn; those further inside become
/// records. A drawn cell is set several times to find its width.
const DRAWN: usize = 2;

impl Renderer<'_> {
    pub(super) fn table(&mut self, table: &Table<ResolvedStage>, width: usize) -> Lines {
        let caption = self.caption(table.label.as_ref(), table.caption.as_deref());
        let mut lines = self.lines(&caption, width);
        super::block::push_blank(&mut lines);
        self.tables += 1;
        let drawn = if self.tables > DRAWN { None } else { self.drawn(table, width) };
        match drawn {
            Some(drawn) => lines.extend(drawn),
            None => lines.extend(self.records(table, width)),
        }
        self.tables -= 1;
        lines
    }

    /// The table with lines round its cells; `None` where it is too wide.
    fn drawn(&mut self, table: &Table<ResolvedStage>, width: usize) -> Option<Lines> {
        /// A cell with more lines than this is read better as a record.
        const TALLEST: usize = 16;
        let count = table.columns.len();
        let head = place_cells(&table.head, count);
        let body = place_cells(&table.body, count);
        if head.iter().chain(&body).all(Vec::is_empty) {
            return Some(Lines::new());
        }
        let all: Vec<RGridCell> = head.iter().chain(&body).flatten().copied().collect();
        let widths = self.column_widths(table, &all, width)?;
        let points = self.decimal_places(table, &body);
        let head = self.set_rows(table, &head, &widths, &points);
        let body = self.set_rows(table, &body, &widths, &points);
        let fits = |cell: &Drawn| {
            cell.lines.len() / cell.rows <= TALLEST && cell.lines.iter().all(|line| columns(line) <= cell.width)
        };
        if !head.cells.iter().chain(&body.cells).all(fits) {
            return None;
        }
        let mut lines = Lines::new();
        for (part, below, next) in [(&head, '=', body.owners.first()), (&body, '-', None)] {
            if !part.is_empty() {
                let above = if lines.is_empty() { Some('-') } else { None };
                part.draw(&widths, above, (below, next.map(Vec::as_slice)), &mut lines);
            }
        }
        Some(lines)
    }

    /// Columns for each column's words, within `width` for the whole table.
    fn column_widths(&mut self, table: &Table<ResolvedStage>, cells: &[RGridCell], width: usize) -> Option<Vec<usize>> {
        let count = table.columns.len();
        let room = width.checked_sub(FRAME * count + 1)?;
        let mut least = vec![1; count];
        let mut most = vec![1; count];
        let mut spanning = Vec::new();
        for placed in cells {
            let (narrow, wide) = self.cell_widths(placed.cell);
            if placed.columns > 1 {
                spanning.push((placed, narrow, wide));
            } else {
                raise(&mut least, placed.column, narrow);
                raise(&mut most, placed.column, wide);
            }
        }
        for (placed, narrow, wide) in spanning {
            widen(&mut least, placed, narrow);
            widen(&mut most, placed, wide);
        }
        if most.iter().sum::<usize>() <= room {
            return Some(most);
        }
        shared(&least, &most, room)
    }

    /// The narrowest and the widest a cell's words can be set.
    fn cell_widths(&mut self, cell: &Cell<ResolvedStage>) -> (usize, usize) {
        /// Wider than any line that is read as one.
        const UNLIMITED: usize = 1000;
        /// Marks of lists and quotations inside a cell.
        const MARKS: usize = 4;
        let long_words = std::mem::replace(&mut self.long_words, LongWords::Keep);
        let mut measure = |width| {
            let lines = self.cell_lines(cell, width);
            lines.iter().map(|line| columns(line)).max().unwrap_or(0)
        };
        let widest = measure(UNLIMITED);
        let narrowest = measure(1);
        self.long_words = long_words;
        let simple = cell.blocks.iter().all(|block| matches!(block.kind, crate::ast::BlockKind::Paragraph(_)));
        let narrowest = if simple { narrowest } else { narrowest + MARKS };
        (narrowest.min(widest), widest)
    }

    pub(super) fn cell_lines(&mut self, cell: &Cell<ResolvedStage>, width: usize) -> Lines {
        match cell.header {
            None => self.blocks(&cell.blocks, width),
            Some(_) => self.plainly(|renderer| renderer.blocks(&cell.blocks, width)),
        }
    }

    /// For each column of figures, the maximum width from the decimal sign on.
    fn decimal_places(&mut self, table: &Table<ResolvedStage>, body: &[Vec<RGridCell>]) -> Vec<usize> {
        let mut places = vec![0; table.columns.len()];
        for placed in body.iter().flatten() {
            let Some(Align::Decimal(sign)) = alignment(table, placed) else { continue };
            let lines = self.cell_lines(placed.cell, usize::MAX);
            if let [line] = lines.as_slice() {
                raise(&mut places, placed.column, fraction(line, sign));
            }
        }
        places
    }

    fn set_rows(
        &mut self,
        table: &Table<ResolvedStage>,
        rows: &[Vec<RGridCell>],
        widths: &[usize],
        points: &[usize],
    ) -> Part {
        let mut part = Part { owners: vec![vec![None; widths.len()]; rows.len()], cells: Vec::new() };
        for (row, cells) in rows.iter().enumerate() {
            for placed in cells {
                let width = span_width(widths, placed.column, placed.columns);
                let align = alignment(table, placed);
                let mut lines = self.cell_lines(placed.cell, width);
                let point = points.get(placed.column).copied().unwrap_or(0);
                align_lines(&mut lines, align, width, point);
                for owners in part.owners.iter_mut().skip(row).take(placed.rows) {
                    owners.iter_mut().skip(placed.column).take(placed.columns).for_each(|owner| {
                        *owner = Some(part.cells.len());
                    });
                }
                let (rows, columns) = (placed.rows, placed.columns);
                part.cells.push(Drawn { lines, row, rows, columns, width });
            }
        }
        part
    }
}

/// Columns from the sign before the fraction on.
fn fraction(figure: &str, sign: char) -> usize {
    figure.rfind(sign).and_then(|at| figure.get(at..)).map_or(0, columns)
}

fn align_lines(lines: &mut Lines, align: Option<Align>, width: usize, point: usize) {
    let single = lines.len() == 1;
    for line in lines {
        let space = width.saturating_sub(columns(line));
        let before = match align {
            None | Some(Align::Start) => 0,
            Some(Align::Center) => space / 2,
            Some(Align::End) => space,
            Some(Align::Decimal(sign)) if single => space.saturating_sub(point.saturating_sub(fraction(line, sign))),
            Some(Align::Decimal(_)) => space,
        };
        line.insert_str(0, &" ".repeat(before));
    }
}

/// How a cell's words are aligned: its own way, else its column's.
fn alignment(table: &Table<ResolvedStage>, placed: &RGridCell) -> Option<Align> {
    let column = table.columns.get(placed.column).and_then(|column| column.align);
    let align = placed.cell.align.or(column)?;
    // Cells over or before figures are not figures, and cells over several columns belong to none
    // of them.
    match align {
        _ if placed.columns > 1 && placed.cell.align.is_none() => None,
        Align::Decimal(_) if placed.cell.header.is_some() => Some(Align::End),
        other => Some(other),
    }
}

/// A head or body, its cells set.
struct Part {
    /// The cell that covers each position, by row and column.
    owners: Vec<Vec<Option<usize>>>,
    cells: Vec<Drawn>,
}

struct Drawn {
    lines: Lines,
    /// First row.
    row: usize,
    rows: usize,
    columns: usize,
    /// Columns for its words.
    width: usize,
}

impl Part {
    fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// Whether lines are between rows. They need none where each row is one line, its first cell
    /// says something, and no cell spans others: what is drawn then cannot be read as anything
    /// else.
    fn needs_separators(&self) -> bool {
        let begins = |row: &Vec<Option<usize>>| {
            let first = row.first().copied().flatten().and_then(|cell| self.cells.get(cell));
            first.is_some_and(|cell| cell.lines.iter().any(|line| !line.trim().is_empty()))
        };
        let is_simple = |cell: &Drawn| cell.rows == 1 && cell.columns == 1 && cell.lines.len() <= 1;
        !self.cells.iter().all(is_simple) || !self.owners.iter().all(begins)
    }

    /// Draws the part, with a line above it where `above` says of what, and a
    /// line below it, over the row that follows in the next part.
    fn draw(
        &self,
        widths: &[usize],
        above: Option<char>,
        (below, next_part): (char, Option<Owners>),
        lines: &mut Lines,
    ) {
        let apart = self.needs_separators();
        let heights = self.heights(apart);
        let empty = vec![None; widths.len()];
        let row = |index: usize| self.owners.get(index).unwrap_or(&empty).as_slice();
        if let Some(above) = above {
            lines.push(separator(widths, None, Some(row(0)), above, None));
        }
        // How many lines of each cell are drawn.
        let mut drawn = vec![0usize; self.cells.len()];
        for (index, height) in heights.iter().enumerate() {
            for _ in 0..*height {
                let mut next = |cell: usize| {
                    let line = drawn.get_mut(cell)?;
                    *line += 1;
                    self.cells.get(cell)?.lines.get(*line - 1).map(String::as_str)
                };
                lines.push(content_line(widths, row(index), &mut next));
            }
            let last = index + 1 == heights.len();
            if last {
                lines.push(separator(widths, Some(row(index)), next_part, below, None));
            } else if apart {
                let crossing = |cell: usize| {
                    let line = drawn.get(cell).copied().unwrap_or(0);
                    Some(self.cells.get(cell)?.lines.get(line).map(String::as_str).unwrap_or(""))
                };
                lines.push(separator(widths, Some(row(index)), Some(row(index + 1)), '-', Some(&crossing)));
                for cell in crossing_cells(row(index), row(index + 1)) {
                    if let Some(line) = drawn.get_mut(cell) {
                        *line += 1;
                    }
                }
            }
        }
    }

    /// Lines of each row. A cell over several rows makes its last one taller
    /// where the others leave it too little room.
    fn heights(&self, apart: bool) -> Vec<usize> {
        let mut heights = vec![1usize; self.owners.len()];
        let between = usize::from(apart);
        let mut cells: Vec<&Drawn> = self.cells.iter().collect();
        cells.sort_by_key(|cell| (cell.rows, cell.row));
        for cell in cells {
            let covered: usize = heights.iter().skip(cell.row).take(cell.rows).sum();
            let lacking = cell.lines.len().saturating_sub(covered + between * (cell.rows - 1));
            if let Some(height) = heights.get_mut(cell.row + cell.rows - 1) {
                *height += lacking;
            }
        }
        // A line whose first cell is empty distinguishes one row of several lines from rows of one
        // line each.
        if let ([height], [row]) = (heights.as_mut_slice(), self.owners.as_slice())
            && *height > 1
            && apart
        {
            let first = owner(row, 0).and_then(|cell| self.cells.get(cell)).map_or(&[][..], |cell| &cell.lines);
            let filled = first.iter().filter(|line| !line.trim().is_empty()).count();
            *height += usize::from(filled >= *height);
        }
        heights
    }
}

type Owners<'a> = &'a [Option<usize>];

fn owner(row: Owners, column: usize) -> Option<usize> {
    row.get(column).copied().flatten()
}

/// Whether a vertical line is between two neighbouring columns of a row.
fn divides(row: Option<Owners>, column: usize) -> bool {
    row.is_some_and(|row| {
        let right = owner(row, column);
        column == 0 || column >= row.len() || right.is_none() || owner(row, column - 1) != right
    })
}

/// Cells that reach from one row into the next.
fn crossing_cells(above: Owners, below: Owners) -> Vec<usize> {
    let mut cells: Vec<usize> = above.iter().zip(below).filter(|(a, b)| a == b).filter_map(|(a, _)| *a).collect();
    cells.dedup();
    cells
}

fn content_line<'a>(widths: &[usize], row: Owners, next: &mut dyn FnMut(usize) -> Option<&'a str>) -> String {
    let mut line = String::new();
    let mut column = 0;
    while column < widths.len() {
        let cell = owner(row, column);
        let span = span(row, column);
        let words = cell.and_then(&mut *next).unwrap_or("");
        line.push_str("| ");
        push_padded(&mut line, words, span_width(widths, column, span));
        line.push(' ');
        column += span;
    }
    line.push('|');
    line
}

/// A line between rows of one part or two. Inside a part, cells that cross it go
/// on with their words, given by `crossing`.
fn separator<'a>(
    widths: &[usize],
    above: Option<Owners>,
    below: Option<Owners>,
    sign: char,
    crossing: Option<&dyn Fn(usize) -> Option<&'a str>>,
) -> String {
    let crosses = |column: usize| match (above, below, crossing) {
        (Some(above), Some(below), Some(_)) => owner(above, column).filter(|cell| owner(below, column) == Some(*cell)),
        _ => None,
    };
    let mut line = String::new();
    let mut column = 0;
    while column <= widths.len() {
        let open_left = column == 0 || crosses(column - 1).is_some();
        let open_right = column == widths.len() || crosses(column).is_some();
        let meets = divides(above, column) || divides(below, column);
        line.push(match (meets, open_left && open_right && column > 0 && column < widths.len()) {
            (true, true) => '|',
            (true, false) if column == 0 && crosses(0).is_some() => '|',
            (true, false) if column == widths.len() && column > 0 && crosses(column - 1).is_some() => '|',
            (true, false) => '+',
            (false, _) => sign,
        });
        if column == widths.len() {
            break;
        }
        match crosses(column) {
            Some(cell) => {
                let span = above.map_or(1, |row| span(row, column));
                line.push(' ');
                push_padded(
                    &mut line,
                    crossing.and_then(|crossing| crossing(cell)).unwrap_or(""),
                    span_width(widths, column, span),
                );
                line.push(' ');
                column += span;
            }
            None => {
                let width = widths.get(column).copied().unwrap_or(0) + 2;
                line.extend(std::iter::repeat_n(sign, width));
                column += 1;
            }
        }
    }
    line
}

/// How many columns the cell at a place covers from there on.
fn span(row: Owners, column: usize) -> usize {
    let Some(cell) = owner(row, column) else { return 1 };
    row.iter().skip(column).take_while(|owner| **owner == Some(cell)).count().max(1)
}

/// Columns for words in a cell over several columns.
fn span_width(widths: &[usize], column: usize, span: usize) -> usize {
    widths.iter().skip(column).take(span).sum::<usize>() + FRAME * span.saturating_sub(1)
}

fn push_padded(line: &mut String, words: &str, width: usize) {
    line.push_str(words);
    line.extend(std::iter::repeat_n(' ', width.saturating_sub(columns(words))));
}

fn raise(widths: &mut [usize], column: usize, width: usize) {
    if let Some(value) = widths.get_mut(column) {
        *value = width.max(*value);
    }
}

/// Makes the columns under a spanning cell wide enough for it together.
fn widen(widths: &mut [usize], placed: &RGridCell, width: usize) {
    let lacking = width.saturating_sub(span_width(widths, placed.column, placed.columns));
    let (each, rest) = (lacking / placed.columns, lacking % placed.columns);
    for (index, value) in widths.iter_mut().skip(placed.column).take(placed.columns).enumerate() {
        *value += each + usize::from(index < rest);
    }
}

/// Shares `room` out: narrow columns get all they want, the wide ones are
/// given equal widths, and none less than its longest word. `None` where even
/// that is too much.
fn shared(least: &[usize], most: &[usize], room: usize) -> Option<Vec<usize>> {
    let at = |level: usize| -> Vec<usize> {
        least.iter().zip(most).map(|(least, most)| level.min(*most).max(*least)).collect()
    };
    if least.iter().sum::<usize>() > room {
        return None;
    }
    let level = (0..=room).rev().find(|level| at(*level).iter().sum::<usize>() <= room)?;
    let mut widths = at(level);
    let mut spare = room - widths.iter().sum::<usize>();
    for (width, most) in widths.iter_mut().zip(most) {
        if spare > 0 && *width == level && *width < *most {
            *width += 1;
            spare -= 1;
        }
    }
    Some(widths)
}
