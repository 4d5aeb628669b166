//! Tables as the text editions tell those that are too wide to draw: each value after its column's
//! name.

use super::Reader;
use crate::ast::{Cell, Row, Table};
use crate::language::fill;
use crate::resolve::ResolvedStage;
use crate::verify::word::flatten;

/// A cell, and the columns it covers in a row.
#[derive(Clone, Copy)]
struct Covering<'a> {
    cell: &'a Cell<ResolvedStage>,
    column: usize,
    columns: usize,
    /// How many rows it still covers, this one included.
    rows: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn records(&mut self, table: &'a Table<ResolvedStage>) {
        let (head, body): (&[Row<ResolvedStage>], &[Row<ResolvedStage>]) =
            if table.body.is_empty() { (&[], &table.head) } else { (&table.head, &table.body) };
        let mut names: Vec<Vec<&Cell<ResolvedStage>>> = vec![Vec::new(); table.columns.len()];
        for (covering, is_first) in covered(head).into_iter().flatten() {
            let places = names.iter_mut().skip(covering.column).take(covering.columns);
            places.filter(|_| is_first && !covering.cell.blocks.is_empty()).for_each(|name| name.push(covering.cell));
        }
        for row in covered(body) {
            for (covering, _) in row.iter().filter(|(covering, _)| !covering.cell.blocks.is_empty()) {
                // A cell over the whole row has no names.
                let is_named = names.len() < 2 || covering.columns < names.len();
                let mut told: Vec<Vec<String>> = Vec::new();
                for (index, name) in
                    names.iter().enumerate().skip(covering.column).take(covering.columns).filter(|_| is_named)
                {
                    if name.is_empty() {
                        let number = fill(self.labels().column_numbered, &[&(index + 1).to_string()]);
                        self.words.apart(&number, None);
                    }
                    for cell in name {
                        let outer = std::mem::take(&mut self.words);
                        self.blocks(&cell.blocks);
                        let name = std::mem::replace(&mut self.words, outer).passages();
                        let said = flatten(&name).into_iter().map(|word| word.text.to_owned()).collect();
                        // Two columns of one name are called by it once.
                        if !told.contains(&said) {
                            told.push(said);
                            self.words.append_passages(name);
                        }
                    }
                }
                self.blocks(&covering.cell.blocks);
            }
        }
    }
}

/// The cells that cover each row from the left to the right, and whether they
/// begin there.
fn covered(rows: &[Row<ResolvedStage>]) -> Vec<Vec<(Covering<'_>, bool)>> {
    let mut reaching: Vec<Covering> = Vec::new();
    let mut covered = Vec::with_capacity(rows.len());
    for row in rows {
        let mut cells: Vec<(Covering, bool)> = reaching.iter().map(|covering| (*covering, false)).collect();
        let mut column = 0;
        for cell in &row.cells {
            let is_taken = |column: usize| {
                reaching.iter().any(|above| (above.column..above.column + above.columns).contains(&column))
            };
            while is_taken(column) {
                column += 1;
            }
            let columns = usize::from(cell.colspan.max(1));
            let rows = usize::from(cell.rowspan.max(1));
            cells.push((Covering { cell, column, columns, rows }, true));
            column += columns;
        }
        cells.sort_by_key(|(covering, _)| covering.column);
        let further = cells.iter().filter(|(covering, _)| covering.rows > 1);
        reaching = further.map(|(covering, _)| Covering { rows: covering.rows - 1, ..*covering }).collect();
        covered.push(cells);
    }
    covered
}
