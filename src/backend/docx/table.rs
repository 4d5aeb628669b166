//! Tables: their grid, cells that span, headers that are repeated.

use super::order::{self, Property};
use super::revision::{columns_changed, plain};
use super::style::{Alignment, Role, Style, twips};
use super::table_style::TableRole;
use super::writer::{Writer, WriterContext};
use crate::ast::{Align, Attrs, BlockKind, Cell, Row, Scope, Table, place_cells};
use crate::language::{Direction, fill};
use crate::resolve::{RBlock, RGridCell, ResolvedStage, change_of};

/// Properties of a table before its rows.
pub struct Grid<'a> {
    pub role: TableRole,
    /// The share of the room that each column takes.
    pub shares: &'a [f32],
    /// Name of the table for screen readers.
    pub name: &'a str,
    pub has_head: bool,
    pub has_row_headers: bool,
}

impl Writer<'_> {
    /// A table with its caption above it.
    pub fn table(&mut self, table: &Table<ResolvedStage>, attrs: &Attrs) {
        self.start_item();
        let is_turned = table.landscape && !self.context.in_cell && !self.context.in_note;
        let measure = self.context.measure;
        if is_turned {
            self.end_section(false);
            self.context.measure = super::structure::turned_measure(self.theme);
        }
        self.caption(table.label.as_ref(), table.caption.as_deref(), attrs.id(), true);
        let columns = table.columns.len().max(1);
        let heads_row = |row: &Row<ResolvedStage>| row.cells.iter().any(|cell| cell.header == Some(Scope::Row));
        let grid = Grid {
            role: TableRole::Data,
            shares: &self.shares(table, columns),
            name: &self.table_name(table),
            has_head: !table.head.is_empty(),
            has_row_headers: table.body.iter().any(heads_row),
        };
        self.columns_changed = if self.is_tracked() { columns_changed(table, columns) } else { Vec::new() };
        self.grid(&grid, |w| {
            if table.head.is_empty() && table.body.is_empty() {
                w.one_cell(|_| {});
            }
            w.rows(&table.head, table, columns, true);
            w.rows(&table.body, table, columns, false);
        });
        self.context.measure = measure;
        if is_turned {
            self.end_section(true);
        }
    }

    fn table_name(&self, table: &Table<ResolvedStage>) -> String {
        let caption = table.caption.as_deref().map(|caption| self.said(caption)).unwrap_or_default();
        let labels = self.document.language.labels;
        match (&table.label, caption.is_empty()) {
            (Some(label), true) => label.text.clone(),
            (Some(label), false) => fill(labels.label_value, &[&label.text, &caption]),
            (None, _) => caption,
        }
    }

    /// A table around its rows. Tables that meet are kept apart by a paragraph.
    pub fn grid(&mut self, grid: &Grid, rows: impl FnOnce(&mut Self)) {
        if self.after_table.is_some() || self.page_break {
            self.paragraph(Style::for_role(Role::TableEnd), |_| {});
        }
        self.keep_next = false;
        let room = twips(self.context.measure);
        let widths: Vec<i64> = grid.shares.iter().map(|share| (room as f32 * share) as i64).collect();
        let properties = self.table_properties(grid, room);
        self.tables.push(widths.clone());
        self.element("w:tbl", &[], |w| {
            order::write(&mut w.out, "w:tblPr", properties);
            w.out.element("w:tblGrid", &[], |out| {
                widths.iter().for_each(|width| out.empty("w:gridCol", &[("w:w", &width.to_string())]));
            });
            rows(w);
        });
        self.tables.pop();
        self.after_table = Some(grid.role);
    }

    fn table_properties(&self, grid: &Grid, room: i64) -> Vec<Property> {
        // The bits say what the attributes say (ECMA-376, part 4, 14.4.2).
        let bits = 0x0600 + if grid.has_head { 0x20 } else { 0 } + if grid.has_row_headers { 0x80 } else { 0 };
        let look = Property::with_value("w:tblLook", format!("{bits:04X}"))
            .with("w:firstRow", u8::from(grid.has_head))
            .with("w:lastRow", 0)
            .with("w:firstColumn", u8::from(grid.has_row_headers))
            .with("w:lastColumn", 0)
            .with("w:noHBand", 1)
            .with("w:noVBand", 1);
        let mut properties = vec![
            Property::with_value("w:tblStyle", grid.role.style()),
            Property::new("w:tblLayout").with("w:type", "fixed"),
            Property::new("w:tblW").with("w:w", room).with("w:type", "dxa"),
            look,
        ];
        let start = twips(self.style(Role::Cell).indent());
        if start > 0 {
            properties.push(Property::new("w:tblInd").with("w:w", start).with("w:type", "dxa"));
        }
        if !grid.name.is_empty() {
            properties.push(Property::with_value("w:tblCaption", grid.name));
        }
        if self.direction() == Direction::RightToLeft {
            properties.push(Property::new("w:bidiVisual"));
        }
        properties
    }

    /// The only cell of a table.
    pub fn one_cell(&mut self, content: impl FnOnce(&mut Self)) {
        // The schema wants another property before the mark.
        let mark = self.goes("w:ins", "w:del");
        let row = mark.into_iter().flat_map(|mark| [Property::with_value("w:cantSplit", "off"), mark]).collect();
        self.element("w:tr", &[], |w| {
            order::write(&mut w.out, "w:trPr", row);
            w.cell(0, 1, Vec::new(), content);
        });
    }

    /// A cell, which ends with a paragraph.
    pub fn cell(
        &mut self,
        column: usize,
        columns: usize,
        mut properties: Vec<Property>,
        content: impl FnOnce(&mut Self),
    ) {
        let width: i64 = self.tables.last().map_or(0, |widths| widths.iter().skip(column).take(columns).sum());
        properties.push(Property::new("w:tcW").with("w:w", width).with("w:type", "dxa"));
        if columns > 1 {
            properties.push(Property::with_value("w:gridSpan", columns));
        }
        self.element("w:tc", &[], |w| {
            order::write(&mut w.out, "w:tcPr", properties);
            w.after_table = None;
            let before = w.paragraphs;
            content(w);
            let end = match (w.after_table, w.paragraphs == before) {
                (Some(_), _) => Some(Role::TableEnd),
                (None, true) => Some(Role::Cell),
                (None, false) => None,
            };
            if let Some(role) = end {
                w.empty_paragraph(role);
            }
            w.end_of_changes();
        });
    }

    /// An empty paragraph in a cell, at which no move starts or ends.
    fn empty_paragraph(&mut self, role: Role) {
        let (change, pair) = (self.context.change, self.context.pair.take());
        self.context.change = change.map(|kind| plain(kind, false));
        self.paragraph(Style::for_role(role), |_| {});
        (self.context.change, self.context.pair) = (change, pair);
    }

    fn rows(&mut self, rows: &[Row<ResolvedStage>], table: &Table<ResolvedStage>, columns: usize, are_head: bool) {
        let placed = place_cells(rows, columns);
        for (index, (cells, row)) in placed.iter().zip(rows).enumerate() {
            let said = row.cells.iter().flat_map(|cell| &cell.blocks);
            let change = if self.is_tracked() { change_of(said) } else { None };
            self.changed(change, |w| w.row((&placed, cells), index, table, are_head));
        }
    }

    fn row(
        &mut self,
        (placed, cells): (&[Vec<RGridCell>], &[RGridCell]),
        index: usize,
        table: &Table<ResolvedStage>,
        is_head: bool,
    ) {
        let columns = table.columns.len().max(1);
        let mut properties = vec![Property::new("w:cantSplit")];
        if is_head {
            properties.push(Property::new("w:tblHeader"));
        }
        properties.extend(self.goes("w:ins", "w:del"));
        let goes = self.context.change.is_some();
        self.element("w:tr", &[], |w| {
            order::write(&mut w.out, "w:trPr", properties);
            let mut column = 0;
            while column < columns {
                let change = w.columns_changed.get(column).copied().flatten().filter(|_| !goes);
                let mut next = column;
                w.changed(change, |w| next += w.grid_cell(placed, cells, index, column, table));
                column = next;
            }
        });
    }

    /// The cell that starts in a column, or goes on there from a row above. Returns how many
    /// columns it covers.
    fn grid_cell(
        &mut self,
        placed: &[Vec<RGridCell>],
        cells: &[RGridCell],
        row: usize,
        column: usize,
        table: &Table<ResolvedStage>,
    ) -> usize {
        if let Some(own) = cells.iter().find(|cell| cell.column == column) {
            let merge = (own.rows > 1).then(|| Property::with_value("w:vMerge", "restart"));
            let align = table.alignment(own.cell, column);
            let column_change = self.columns_changed.get(column).copied().flatten();
            let goes = column_change.and_then(|change| self.goes_as(change.kind, "w:cellIns", "w:cellDel"));
            let properties = merge.into_iter().chain(goes).collect();
            self.cell(column, own.columns, properties, |w| w.cell_content(own.cell, align));
            return own.columns;
        }
        let above = placed.iter().enumerate().take(row).rev().find_map(|(at, cells)| {
            let cell = cells.iter().find(|cell| cell.column == column)?;
            (at + cell.rows > row).then_some(cell.columns)
        });
        let merge = above.map(|_| Property::new("w:vMerge"));
        let columns = above.unwrap_or(1);
        self.cell(column, columns, merge.into_iter().collect(), |_| {});
        columns
    }

    fn cell_content(&mut self, cell: &Cell<ResolvedStage>, align: Option<Align>) {
        self.pending.extend(cell.attrs.id().map(str::to_owned));
        let outer = self.context.clone();
        let lang = cell.attrs.lang().map(str::to_owned).or_else(|| outer.lang.clone());
        self.context = WriterContext {
            lang,
            in_table: true,
            in_cell: true,
            in_note: outer.in_note,
            quotations: outer.quotations,
            change: outer.change.map(|kind| plain(kind, false)),
            measure: outer.measure / 2.0,
            role: if cell.header.is_some() { Role::HeaderCell } else { Role::Cell },
            align: match align {
                None | Some(Align::Start) => Alignment::Start,
                Some(Align::Center) => Alignment::Center,
                Some(Align::End | Align::Decimal(_)) => Alignment::End,
            },
            ..WriterContext::outermost(self.theme)
        };
        // A cell stays with its last paragraph, whatever becomes of the words.
        let is_line = matches!(cell.blocks.as_slice(), [RBlock { kind: BlockKind::Paragraph(_), .. }]);
        self.revisions.stays = is_line && outer.change.is_none();
        self.blocks(&cell.blocks);
        self.revisions.stays = false;
        self.context = outer;
    }
}
