//! Matrices, cases and aligned lines.

use super::frame::MathBox;
use super::space::Kind;
use super::typeset::{Setter, Style};
use crate::ast::{Math, TableKind};
use crate::theme::Pt;

/// The strut of a row, and the space between rows, in ems.
const STRUT: (f32, f32) = (0.7, 0.3);
const ROW_GAP: f32 = 0.2;
/// The space between rows of cases, and after their brace, in ems.
const CASES_GAP: f32 = 0.4;
const CASES_LEAD: f32 = 1.0 / 6.0;
/// Rows that hold whole formulas stand further apart.
const FORMULA_GAP: f32 = 0.45;
const COLUMN_GAP: f32 = 0.9;
/// Between two pairs of aligned columns.
const PAIR_GAP: f32 = 2.0;

/// Where a cell is in its column.
#[derive(Clone, Copy)]
enum Align {
    Start,
    Middle,
    End,
}

impl Setter<'_> {
    /// Rows of cells, with their middle on the axis.
    pub fn table(&self, kind: TableKind, rows: &[Vec<Vec<Math>>], style: Style) -> MathBox {
        let inner = match kind {
            TableKind::Matrix | TableKind::Cases => style.in_line(),
            // Lines under a sum are as small as one would be.
            TableKind::Aligned | TableKind::Gathered if style.is_script() => style,
            TableKind::Aligned | TableKind::Gathered => style.displayed(),
        };
        let cells: Vec<Vec<MathBox>> = rows
            .iter()
            .map(|row| row.iter().enumerate().map(|(column, cell)| self.cell(kind, column, cell, inner)).collect())
            .collect();
        let columns = cells.iter().map(Vec::len).max().unwrap_or_default();
        let widths: Vec<Pt> = (0..columns)
            .map(|column| cells.iter().filter_map(|row| row.get(column)).map(|cell| cell.width).fold(0.0, f32::max))
            .collect();
        let size = self.size(style);
        let gap = size
            * match kind {
                TableKind::Matrix => ROW_GAP,
                TableKind::Cases => CASES_GAP,
                TableKind::Aligned | TableKind::Gathered if style.is_script() => ROW_GAP,
                TableKind::Aligned | TableKind::Gathered => FORMULA_GAP,
            };
        let lead = if kind == TableKind::Cases { CASES_LEAD * size } else { 0.0 };
        let mut table = MathBox::default();
        let mut y = 0.0;
        for (number, row) in cells.into_iter().enumerate() {
            let ascent = row.iter().map(|cell| cell.ascent).fold(STRUT.0 * size, f32::max);
            let descent = row.iter().map(|cell| cell.descent).fold(STRUT.1 * size, f32::max);
            y += if number > 0 { gap + ascent } else { ascent };
            let mut x = lead;
            for (column, cell) in row.into_iter().enumerate() {
                let width = widths.get(column).copied().unwrap_or_default();
                let free = width - cell.width;
                let within = match align(kind, column) {
                    Align::Start => 0.0,
                    Align::Middle => free / 2.0,
                    Align::End => free,
                };
                table.put(cell, x + within, y);
                x += width + self.column_gap(kind, column, columns) * size;
            }
            y += descent;
        }
        let gaps: Pt = (0..columns).map(|column| self.column_gap(kind, column, columns) * size).sum();
        table.width = lead + widths.iter().sum::<Pt>() + gaps;
        table.ascent = 0.0;
        table.descent = y;
        let by = y / 2.0 + self.axis(style);
        table.lowered(-by)
    }

    fn cell(&self, kind: TableKind, column: usize, cell: &[Math], style: Style) -> MathBox {
        // What follows the mark of an alignment stands to it as to a letter.
        let before = (kind == TableKind::Aligned && column % 2 == 1).then_some(Kind::Ordinary);
        self.row(cell, style, before)
    }

    /// The space after a column, in ems.
    fn column_gap(&self, kind: TableKind, column: usize, columns: usize) -> f32 {
        match kind {
            _ if column + 1 >= columns => 0.0,
            TableKind::Matrix | TableKind::Cases => COLUMN_GAP,
            TableKind::Aligned if column % 2 == 1 => PAIR_GAP,
            TableKind::Aligned => 0.0,
            TableKind::Gathered => COLUMN_GAP,
        }
    }
}

fn align(kind: TableKind, column: usize) -> Align {
    match kind {
        TableKind::Matrix | TableKind::Gathered => Align::Middle,
        TableKind::Cases => Align::Start,
        TableKind::Aligned if column % 2 == 1 => Align::Start,
        TableKind::Aligned => Align::End,
    }
}
