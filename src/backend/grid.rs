//! The positions of a table's cells, with spans resolved.

use crate::ast::{Cell, Row};
use crate::resolve::ResolvedStage;

/// A cell and the places of the grid it covers. Spans never leave the part of
/// the table (head or body) or its columns.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    pub cell: &'a Cell<ResolvedStage>,
    /// First column, from 0.
    pub column: usize,
    /// Columns covered, at least 1.
    pub columns: usize,
    /// Rows covered, at least 1.
    pub rows: usize,
}

/// Places the cells of the head or the body, row by row. A cell for which the
/// grid has no column left is left out; resolution makes no such cell.
pub fn place<'a>(rows: &'a [Row<ResolvedStage>], columns: usize) -> Vec<Vec<Placed<'a>>> {
    // How many rows more each column is covered from above.
    let mut covered = vec![0usize; columns];
    let mut placed = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let mut free: Vec<bool> = covered.iter().map(|rows| *rows == 0).collect();
        covered.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
        let mut cells = Vec::with_capacity(row.cells.len());
        for cell in &row.cells {
            let Some(column) = free.iter().position(|free| *free) else { break };
            let room = free.iter().skip(column).take_while(|free| **free).count();
            let span = usize::from(cell.colspan).clamp(1, room);
            let height = usize::from(cell.rowspan).clamp(1, rows.len() - index);
            free.iter_mut().skip(column).take(span).for_each(|free| *free = false);
            covered.iter_mut().skip(column).take(span).for_each(|rows| *rows = height - 1);
            cells.push(Placed { cell, column, columns: span, rows: height });
        }
        placed.push(cells);
    }
    placed
}
