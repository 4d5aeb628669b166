//! Tables too wide to draw, row by row: each value under its column's name.

use super::block::{Lines, push_blank};
use super::fill::columns;
use super::inline::Renderer;
use crate::ast::{BlockKind, Cell, GridCell, Row, Table, place_cells};
use crate::language::fill;
use crate::resolve::{RGridCell, ResolvedStage};

impl Renderer<'_> {
    pub(super) fn records(&mut self, table: &Table<ResolvedStage>, width: usize) -> Lines {
        let count = table.columns.len();
        let (head, body): (&[Row<ResolvedStage>], _) =
            if table.body.is_empty() { (&[], &table.head) } else { (&table.head, &table.body) };
        let names = self.column_names(head, count);
        let mut lines = Lines::new();
        for row in whole_rows(place_cells(body, count)) {
            let mut record = Lines::new();
            for placed in &row {
                // A cell over the whole row is a line between others, and of no column.
                let value = match count > 1 && placed.columns == count {
                    true => self.cell_lines(placed.cell, width),
                    false => self.value(&name(&names, placed), placed.cell, width),
                };
                record.extend(value);
            }
            if !record.is_empty() {
                push_blank(&mut lines);
                lines.extend(record);
            }
        }
        lines
    }

    /// The name of each column: its header cells, from the top down.
    fn column_names(&mut self, head: &[Row<ResolvedStage>], count: usize) -> Vec<Vec<String>> {
        let mut names = vec![Vec::new(); count];
        for placed in place_cells(head, count).iter().flatten() {
            let words = self.cell_lines(placed.cell, usize::MAX).join(" ");
            if !words.is_empty() {
                names.iter_mut().skip(placed.column).take(placed.columns).for_each(|name| name.push(words.clone()));
            }
        }
        for (index, name) in names.iter_mut().enumerate().filter(|(_, name)| name.is_empty()) {
            name.push(fill(self.labels.column_numbered, &[&(index + 1).to_string()]));
        }
        names
    }

    /// "Name: value", the value's further lines hanging under the name.
    fn value(&mut self, name: &str, cell: &Cell<ResolvedStage>, width: usize) -> Lines {
        const HANGING: &str = "  ";
        let paragraph = match cell.blocks.as_slice() {
            [] => return Lines::new(),
            [block] => match &block.kind {
                BlockKind::Paragraph(content) => Some(self.paragraph_words(content)),
                _ => None,
            },
            _ => None,
        };
        let text = self.label_value(name, paragraph.as_deref().unwrap_or_default());
        let inner = width.saturating_sub(columns(HANGING)).max(1);
        let mut lines = self.lines(&text, width);
        if lines.len() > 1 {
            // Filled again as a whole, so that every line has room to hang.
            lines = self.prefixed(HANGING, HANGING, width, |renderer, width| renderer.lines(&text, width));
            if let Some(first) = lines.first_mut() {
                *first = first.trim_start().to_owned();
            }
        }
        if paragraph.is_none() {
            let blocks = self.cell_lines(cell, inner);
            lines.extend(blocks.into_iter().map(|line| format!("{HANGING}{line}")));
        }
        lines
    }
}

/// A cell's column names; those of several columns one after the other.
fn name(names: &[Vec<String>], placed: &RGridCell) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in names.iter().skip(placed.column).take(placed.columns).flatten() {
        if !parts.contains(&part.as_str()) {
            parts.push(part);
        }
    }
    parts.join(", ")
}

/// The rows with the cells that reach into them from above.
fn whole_rows(rows: Vec<Vec<RGridCell>>) -> Vec<Vec<RGridCell>> {
    let mut reaching: Vec<RGridCell> = Vec::new();
    let mut whole = Vec::with_capacity(rows.len());
    for row in rows {
        let mut cells: Vec<RGridCell> = reaching.iter().copied().chain(row).collect();
        cells.sort_by_key(|cell| cell.column);
        reaching =
            cells.iter().filter(|cell| cell.rows > 1).map(|cell| GridCell { rows: cell.rows - 1, ..*cell }).collect();
        whole.push(cells);
    }
    whole
}
