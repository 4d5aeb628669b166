//! Tables, in the CALS model.

use super::block::{caption_title, push_label};
use super::writer::Writer;
use super::xml::{Attributes, WriteXml};
use crate::ast::{Align, Attrs, BlockKind, Column, Row, Scope, Table, place_cells};
use crate::resolve::{RGridCell, ResolvedStage};

impl Writer<'_> {
    pub(super) fn table(&mut self, attrs: &Attrs, table: &Table<ResolvedStage>) {
        if self.place.table {
            return self.nested_table(attrs, table);
        }
        let mut attributes = self.attributes(attrs, None);
        if table.landscape {
            attributes.push(("orient", "land".to_owned()));
        }
        let caption = caption_title(table.label.as_ref(), table.caption.as_deref());
        let (name, title) = match caption {
            Some(title) if table.label.is_some() && !(self.place.footnote || self.place.figure) => {
                push_label(&mut attributes, table.label.as_ref());
                ("table", Some(title))
            }
            other => {
                if other.is_some() {
                    self.caption_paragraph(table.label.as_ref(), table.caption.as_deref());
                }
                ("informaltable", None)
            }
        };
        self.within(|place| place.table = true, |w| w.apart(name, &attributes, title, |w| w.group_of_columns(table)));
    }

    fn group_of_columns(&mut self, table: &Table<ResolvedStage>) {
        let none = Attributes::new();
        let columns = table.columns.len().max(1);
        self.block("tgroup", &vec![("cols", columns.to_string())], |w| {
            for column in 0..columns {
                let mut attributes = vec![("colname", column_name(column))];
                let align = table.columns.get(column).and_then(|Column { align }| *align);
                w.push_align(&mut attributes, align);
                w.empty("colspec", &attributes);
            }
            // The grammar wants a body; a table of header rows alone has them there.
            let (head, body) =
                if table.body.is_empty() { ([].as_slice(), &table.head) } else { (table.head.as_slice(), &table.body) };
            if !head.is_empty() {
                w.block("thead", &none, |w| w.rows(head, columns));
            }
            w.block("tbody", &none, |w| w.rows(body, columns));
        });
    }

    fn rows(&mut self, rows: &[Row<ResolvedStage>], columns: usize) {
        let none = Attributes::new();
        let placed = place_cells(rows, columns);
        if placed.is_empty() {
            self.block("row", &none, |w| w.empty("entry", &none));
        }
        for (index, cells) in placed.iter().enumerate() {
            // A row that spans from above cover whole has no element; the spans shrink by it.
            if cells.is_empty() && index > 0 {
                continue;
            }
            let mut attributes = Attributes::new();
            let side = self.side_of(cells.iter().flat_map(|placed| &placed.cell.blocks));
            self.push_revision(&mut attributes, side);
            self.block("row", &attributes, |w| {
                for cell in cells {
                    let covered = placed.iter().skip(index + 1).take(cell.rows - 1);
                    let more = covered.filter(|cells| !cells.is_empty()).count();
                    w.entry(cell, more);
                }
                if cells.is_empty() {
                    w.empty("entry", &none);
                }
            });
        }
    }

    fn entry(&mut self, placed: &RGridCell, more_rows: usize) {
        let cell = placed.cell;
        let role = cell.header.map(|_| "header");
        let mut attributes = self.attributes(&cell.attrs, role);
        if placed.columns > 1 {
            attributes.push(("namest", column_name(placed.column)));
            attributes.push(("nameend", column_name(placed.column + placed.columns - 1)));
        } else {
            attributes.push(("colname", column_name(placed.column)));
        }
        if more_rows > 0 {
            attributes.push(("morerows", more_rows.to_string()));
        }
        self.push_align(&mut attributes, cell.align);
        if let Some(scope) = cell.header {
            let scope = match scope {
                Scope::Row => "row",
                Scope::Column => "col",
            };
            attributes.push(("scope", scope.to_owned()));
        }
        match cell.blocks.as_slice() {
            [] => self.empty("entry", &attributes),
            [block] if block.attrs.is_empty() => match &block.kind {
                BlockKind::Paragraph(content) => self.leaf("entry", &attributes, |w| w.inlines(content)),
                _ => self.block("entry", &attributes, |w| w.content(&cell.blocks)),
            },
            blocks => self.block("entry", &attributes, |w| w.content(blocks)),
        }
    }

    fn push_align(&self, attributes: &mut Attributes, align: Option<Align>) {
        let name = match align {
            None => return,
            Some(Align::Start) => "left",
            Some(Align::Center) => "center",
            Some(Align::End) => "right",
            Some(Align::Decimal(sign)) => {
                attributes.push(("align", "char".to_owned()));
                attributes.push(("char", sign.to_string()));
                return;
            }
        };
        attributes.push(("align", name.to_owned()));
    }

    /// A table where no table may be: an item for each row, with the blocks of
    /// its cells one after the other.
    fn nested_table(&mut self, attrs: &Attrs, table: &Table<ResolvedStage>) {
        let attributes = self.attributes(attrs, Some("table"));
        let none = Attributes::new();
        if table.caption.is_some() || table.label.is_some() {
            self.caption_paragraph(table.label.as_ref(), table.caption.as_deref());
        }
        if table.head.is_empty() && table.body.is_empty() {
            return;
        }
        self.apart("itemizedlist", &attributes, None, |w| {
            for row in table.head.iter().chain(&table.body) {
                w.block("listitem", &none, |w| {
                    let before = w.xml.count();
                    row.cells.iter().for_each(|cell| w.blocks(&cell.blocks));
                    if w.xml.count() == before {
                        w.empty("para", &none);
                    }
                });
            }
        });
    }
}

fn column_name(column: usize) -> String {
    format!("c{}", column + 1)
}
