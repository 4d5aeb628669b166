//! Tables.

use super::block::long_caption;
use super::inline::{Writer, attributes, none};
use super::{bare, node};
use crate::ast::{Align, Attrs, Cell, Row, Scope, Table, place_cells};
use crate::resolve::ResolvedStage;
use serde_json::{Value, json};

impl Writer<'_> {
    pub(super) fn table(&mut self, attrs: &Attrs, table: &Table<ResolvedStage>) -> Value {
        let caption = self.caption(table.label.as_ref(), table.caption.as_deref());
        let columns: Vec<Value> =
            table.columns.iter().map(|column| json!([align(column.align), bare("ColWidthDefault")])).collect();
        let head = self.rows(&table.head, table.columns.len());
        let body = self.rows(&table.body, table.columns.len());
        let body = json!([none(), header_columns(table), [], body]);
        node(
            "Table",
            json!([
                attributes(attrs, &[]),
                long_caption(caption),
                columns,
                [none(), head],
                [body],
                [none(), Vec::<Value>::new()]
            ]),
        )
    }

    fn rows(&mut self, rows: &[Row<ResolvedStage>], columns: usize) -> Vec<Value> {
        place_cells(rows, columns)
            .iter()
            .map(|cells| {
                let cells: Vec<Value> =
                    cells.iter().map(|cell| self.cell(cell.cell, cell.rows, cell.columns)).collect();
                json!([none(), cells])
            })
            .collect()
    }

    fn cell(&mut self, cell: &Cell<ResolvedStage>, rows: usize, columns: usize) -> Value {
        json!([attributes(&cell.attrs, &[]), align(cell.align), rows, columns, self.blocks(&cell.blocks)])
    }
}

/// How many columns at the start hold nothing but row headers.
fn header_columns(table: &Table<ResolvedStage>) -> usize {
    let leading =
        |row: &Row<ResolvedStage>| row.cells.iter().take_while(|cell| cell.header == Some(Scope::Row)).count();
    table.body.iter().map(leading).min().unwrap_or(0)
}

fn align(align: Option<Align>) -> Value {
    bare(match align {
        None => "AlignDefault",
        Some(Align::Start) => "AlignLeft",
        Some(Align::Center) => "AlignCenter",
        Some(Align::End | Align::Decimal(_)) => "AlignRight",
    })
}
