//! The grid of a table: the columns and rows that each cell covers.

use super::{Cell, Row, Stage};

/// A cell and the places of the grid it covers. Spans never leave the part of
/// the table (head or body) or its columns.
#[derive(Debug)]
pub struct GridCell<'a, S: Stage> {
    /// The cell itself.
    pub cell: &'a Cell<S>,
    /// First column, from 0.
    pub column: usize,
    /// Columns covered, at least 1.
    pub columns: usize,
    /// Rows covered, at least 1.
    pub rows: usize,
}

impl<S: Stage> Clone for GridCell<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Stage> Copy for GridCell<'_, S> {}

/// Places the cells of the head or the body, row by row. A cell for which the
/// grid has no column left is left out; resolution makes no such cell.
pub fn place_cells<S: Stage>(rows: &[Row<S>], columns: usize) -> Vec<Vec<GridCell<'_, S>>> {
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
            cells.push(GridCell { cell, column, columns: span, rows: height });
        }
        placed.push(cells);
    }
    placed
}

/// The first column of each cell of each row; the number of columns for a cell that has none.
pub fn first_columns<S: Stage>(rows: &[Row<S>], columns: usize) -> Vec<Vec<usize>> {
    let of_row = |(row, placed): (&Row<S>, Vec<GridCell<S>>)| {
        let mut first: Vec<usize> = placed.iter().map(|placed| placed.column).collect();
        first.resize(row.cells.len(), columns);
        first
    };
    rows.iter().zip(place_cells(rows, columns)).map(of_row).collect()
}
