//! Tables.

use super::Reader;
use super::tree::Element;
use crate::ast::{Align, Attrs, Block, BlockKind, Cell, Column, Parsed, Row, Scope, Table};
use crate::diagnostic::Code;
use crate::import::marks::{self, node};

/// No cell covers more columns or rows.
const SPAN: u16 = 1_000;

impl<'a> Reader<'a> {
    /// A table with its caption.
    pub(super) fn table(&mut self, element: &'a Element) -> Option<Block<Parsed>> {
        let serial = self.next_serial();
        let caption = element.child("caption").and_then(|caption| self.caption(caption));
        let mut rows: Vec<(Row<Parsed>, bool)> = Vec::new();
        for part in element.elements() {
            match part.name.as_str() {
                "tr" => rows.extend(self.row(part).map(|row| (row, false))),
                "thead" | "tbody" | "tfoot" => {
                    for row in part.elements().filter(|row| row.is("tr")) {
                        rows.extend(self.row(row).map(|row| (row, part.is("thead"))));
                    }
                }
                _ => {}
            }
        }
        if rows.is_empty() {
            return None;
        }
        let is_head = |(row, in_head): &(Row<Parsed>, bool)| {
            *in_head || row.cells.iter().all(|cell| cell.header == Some(Scope::Column))
        };
        let heads = rows.iter().take_while(|row| is_head(row)).count();
        let heads = if heads == rows.len() && !self.own { 0 } else { heads };
        let mut rows = rows.into_iter().map(|(row, _)| row);
        let mut head: Vec<Row<Parsed>> = rows.by_ref().take(heads).collect();
        let mut body: Vec<Row<Parsed>> = rows.collect();
        let head_cells = head.iter_mut().flat_map(|row| &mut row.cells);
        head_cells.for_each(|cell| (cell.header, cell.align) = (Some(Scope::Column), None));
        // Below the head what heads anything heads its row.
        let body_cells = body.iter_mut().flat_map(|row| &mut row.cells);
        body_cells.for_each(|cell| cell.header = cell.header.map(|_| Scope::Row));
        let columns = columns(&head, &mut body);
        let table = Table { caption, label: (), columns, head, body, landscape: element.has_class("landscape") };
        let mut block = node(BlockKind::Table(table.into()), serial);
        block.attrs = self.block_attrs(element, &[]);
        Some(block)
    }

    /// Whether a table is for layout only: it says so, or it has one cell, or it has no headers and
    /// contains blocks that do not belong in tables.
    pub(super) fn lays_out(&self, table: &Element) -> bool {
        if self.own {
            return false;
        }
        let has = |names: &[&str]| table.find_by(&|part| names.contains(&part.name.as_str())).is_some();
        let mut cells = Vec::new();
        table.all("td", &mut cells);
        let is_said = matches!(table.get("role"), Some("presentation" | "none"));
        let heads = has(&["th", "caption", "thead"]);
        is_said || !heads && (cells.len() == 1 || has(&["h1", "h2", "h3", "h4", "table", "article", "section"]))
    }

    /// Adds the content of the cells of a layout table.
    pub(super) fn unwrapped(&mut self, table: &'a Element, blocks: &mut Vec<Block<Parsed>>) {
        let message = "a table that only lays out the page is left out; what stands in it is kept";
        self.losses.add_once(Code::Simplified, self.serial, message, None);
        for part in table.elements() {
            match part.name.as_str() {
                "caption" | "td" | "th" => blocks.extend(self.blocks(&part.children)),
                "thead" | "tbody" | "tfoot" | "tr" => self.unwrapped(part, blocks),
                _ => {}
            }
        }
    }

    fn row(&mut self, row: &'a Element) -> Option<Row<Parsed>> {
        let serial = self.next_serial();
        let cells: Vec<Cell<Parsed>> =
            row.elements().filter(|cell| cell.is("td") || cell.is("th")).map(|cell| self.cell(cell)).collect();
        (!cells.is_empty()).then(|| Row { cells, span: node((), serial).span })
    }

    fn cell(&mut self, cell: &'a Element) -> Cell<Parsed> {
        let serial = self.serial;
        let span = |name| cell.get(name).and_then(|count| count.trim().parse::<u16>().ok()).unwrap_or(1).clamp(1, SPAN);
        let header = cell.is("th").then(|| match cell.get("scope") {
            Some("row" | "rowgroup") => Scope::Row,
            _ => Scope::Column,
        });
        let style = cell.get("style").unwrap_or_default().replace(' ', "").to_lowercase();
        let asked = style.split(';').find_map(|part| part.strip_prefix("text-align:").map(str::to_owned));
        let align = match asked.as_deref().or(cell.get("align")) {
            Some("center") => Some(Align::Center),
            Some("right" | "end") => Some(Align::End),
            Some(_) => None,
            None if cell.has_class("center") => Some(Align::Center),
            None if cell.has_class("end") => Some(Align::End),
            None => None,
        };
        let (colspan, rowspan) = (span("colspan"), span("rowspan"));
        let blocks = self.blocks(&cell.children);
        Cell { blocks, header, colspan, rowspan, align, span: node((), serial).span, attrs: Attrs::default() }
    }

    /// The words of a caption after its label.
    pub(super) fn caption(&mut self, caption: &'a Element) -> Option<Vec<crate::ast::Inline<Parsed>>> {
        let mut bits = Vec::new();
        self.labelled(caption, &mut bits);
        let content = marks::inlines(bits, self.serial);
        (!content.is_empty()).then_some(content)
    }
}

/// The columns of a grid, with alignments in which all cells agree.
fn columns(head: &[Row<Parsed>], body: &mut [Row<Parsed>]) -> Vec<Column> {
    let of_row = |row: &Row<Parsed>| row.cells.iter().map(|cell| usize::from(cell.colspan)).sum::<usize>();
    let width = head.iter().chain(body.iter()).map(of_row).max().unwrap_or(1);
    let mut columns = vec![Column::default(); width];
    let is_plain = body.iter().all(|row| row.cells.len() == width);
    if !is_plain {
        return columns;
    }
    for (index, column) in columns.iter_mut().enumerate() {
        let mut own = body.iter().filter_map(|row| row.cells.get(index)).map(|cell| cell.align);
        let first = own.next().flatten();
        column.align = first.filter(|_| own.all(|align| align == first));
        if column.align.is_some() {
            body.iter_mut().filter_map(|row| row.cells.get_mut(index)).for_each(|cell| cell.align = None);
        }
    }
    columns
}
