//! Tables: with `|` where that suffices, and in HTML where cells span, head rows or hold
//! more than a line.

use super::inline::{self, Where};
use super::{Printer, depth};
use crate::ast::{Align, Attrs, Block, BlockKind, Cell, Parsed, Row, Scope, Table, first_columns};
use std::fmt::Write;

impl Printer {
    pub(super) fn table(&mut self, table: &Table<Parsed>, attrs: &Attrs) {
        let caption = table.caption.as_ref().map(|caption| inline::line(caption));
        let mut pairs: Vec<(&str, &str)> = caption.iter().map(|caption| ("caption", caption.as_str())).collect();
        pairs.extend(table.landscape.then_some(("orientation", "landscape")));
        let attributes = inline::attributes(attrs, &pairs);
        let is_apart = !attributes.is_empty();
        let cells = table.head.iter().chain(&table.body).flat_map(|row| &row.cells);
        let inner = cells.map(|cell| depth(&cell.blocks)).max().unwrap_or(0);
        let colons = ":".repeat(3 + inner);
        if is_apart {
            self.line(&format!("{colons}table {attributes}"));
        }
        if fits_pipes(table) {
            self.pipes(table)
        } else {
            self.html(table)
        }
        if is_apart {
            self.line(&colons);
        }
    }

    fn pipes(&mut self, table: &Table<Parsed>) {
        let row = |row: &Row<Parsed>| {
            let cells: Vec<String> = row.cells.iter().map(|cell| format!(" {} ", cell_words(cell))).collect();
            format!("|{}|", cells.join("|"))
        };
        table.head.iter().for_each(|head| self.line(&row(head)));
        let rules = table.columns.iter().map(|column| match column.align {
            Some(Align::Start) => ":---",
            Some(Align::Center) => ":---:",
            Some(Align::End | Align::Decimal(_)) => "---:",
            None => "---",
        });
        self.line(&format!("|{}|", rules.collect::<Vec<_>>().join("|")));
        for body in &table.body {
            self.place(body.span.start);
            self.line(&row(body));
        }
    }

    fn html(&mut self, table: &Table<Parsed>) {
        self.line("<table>");
        for (tag, rows) in [("thead", &table.head), ("tbody", &table.body)] {
            if rows.is_empty() {
                continue;
            }
            self.line(&format!("<{tag}>"));
            for (row, columns) in rows.iter().zip(first_columns(rows, table.columns.len())) {
                self.place(row.span.start);
                self.line("<tr>");
                for (cell, column) in row.cells.iter().zip(columns) {
                    self.html_cell(cell, table.columns.get(column).and_then(|column| column.align));
                }
                self.line("</tr>");
            }
            self.line(&format!("</{tag}>"));
        }
        self.line("</table>");
    }

    fn html_cell(&mut self, cell: &Cell<Parsed>, of_column: Option<Align>) {
        let tag = if cell.header.is_some() { "th" } else { "td" };
        let mut attributes = String::new();
        if cell.header == Some(Scope::Row) {
            attributes.push_str(" scope=\"row\"");
        }
        for (name, count) in [("colspan", cell.colspan), ("rowspan", cell.rowspan)] {
            if count > 1 {
                // Writing to a string cannot fail.
                let _ = write!(attributes, " {name}=\"{count}\"");
            }
        }
        // A cell over several columns is aligned as none of them.
        match cell.align.or(of_column.filter(|_| cell.colspan == 1)) {
            Some(Align::Center) => attributes.push_str(" align=\"center\""),
            Some(Align::End | Align::Decimal(_)) => attributes.push_str(" align=\"right\""),
            Some(Align::Start) | None => {}
        }
        self.place(cell.span.start);
        self.element(tag, &attributes, &cell.blocks);
    }
}

/// The words of a cell between bars.
fn cell_words(cell: &Cell<Parsed>) -> String {
    match cell.blocks.as_slice() {
        [Block { kind: BlockKind::Paragraph(content), .. }] => inline::lines(content, Where::Cell),
        _ => String::new(),
    }
}

/// Whether a table is one of a header row and cells of a line each.
fn fits_pipes(table: &Table<Parsed>) -> bool {
    let width = table.columns.len();
    let fits = |cell: &Cell<Parsed>, header: Option<Scope>| {
        let is_line = match cell.blocks.as_slice() {
            [] => true,
            [block] => matches!(block.kind, BlockKind::Paragraph(_)) && block.attrs.is_empty(),
            _ => false,
        };
        is_line
            && cell.header == header
            && cell.colspan == 1
            && cell.rowspan == 1
            && cell.align.is_none()
            && cell.attrs.is_empty()
    };
    let row = |row: &Row<Parsed>, header| row.cells.len() == width && row.cells.iter().all(|cell| fits(cell, header));
    matches!(table.head.as_slice(), [head] if row(head, Some(Scope::Column)) && head.cells.iter().any(|cell| !cell.blocks.is_empty()))
        && width > 0
        && table.body.iter().all(|body| row(body, None))
}
