//! Charts as tables of their data, and diagrams as lists of their words.

use super::Reader;
use crate::ast::{Align, Attrs, BlockKind, Cell, Column, InlineKind, Parsed, Row, Scope, Table};
use crate::diagnostic::Code;
use crate::import::marks::node;
use crate::import::spaced;
use crate::import::xml::Element;

/// No chart has more rows or columns of data that are written.
const ROWS: usize = 1_000;

impl Reader<'_> {
    /// A chart or a diagram; whether it was one.
    pub(super) fn graphic(&mut self, graphic: &Element) -> bool {
        if self.is_withheld() {
            return false;
        }
        if let Some(chart) = graphic.child("c:chart") {
            let part = self.referred(chart.get("r:id"));
            if let Some(part) = &part {
                self.chart(part);
            }
            let message = "a chart is a table of its data now";
            let hint = "draw it anew with `:::chart`, from a CSV file";
            self.losses.add(Code::Simplified, self.serial, message, Some(hint));
            return true;
        }
        let Some(diagram) = graphic.child("dgm:relIds") else { return false };
        if let Some(part) = self.referred(diagram.get("r:dm")) {
            self.diagram(&part);
        }
        let message = "a diagram is a list of its words now";
        self.losses.add(
            Code::Simplified,
            self.serial,
            message,
            Some("save it as a picture, and put that in its place"),
        );
        true
    }

    fn referred(&self, id: Option<&str>) -> Option<Element> {
        let path = self.relationships.target(id?)?;
        self.package.part(path).ok()
    }

    fn chart(&mut self, part: &Element) {
        let mut series = Vec::new();
        part.all("c:ser", &mut series);
        let title = part.find("c:title").map(element_words).filter(|title| !title.is_empty());
        let categories = series.first().and_then(|first| first.child("c:cat").or_else(|| first.child("c:xVal")));
        let categories = categories.map(points).unwrap_or_default();
        let names: Vec<String> = series
            .iter()
            .map(|series| series.child("c:tx").map(|name| points(name).concat()).unwrap_or_default())
            .collect();
        let values: Vec<Vec<String>> = series
            .iter()
            .map(|series| series.child("c:val").or_else(|| series.child("c:yVal")).map(points).unwrap_or_default())
            .collect();
        let height = values.iter().map(Vec::len).chain([categories.len()]).max().unwrap_or(0).min(ROWS);
        if height == 0 || values.is_empty() {
            return;
        }
        let serial = self.serial;
        let head: Vec<String> = std::iter::once(String::new()).chain(names).collect();
        let body = (0..height).map(|at| {
            let of = |column: &Vec<String>| column.get(at).cloned().unwrap_or_default();
            let cells: Vec<String> = std::iter::once(of(&categories)).chain(values.iter().map(of)).collect();
            row(cells, None, serial)
        });
        let mut columns = vec![Column { align: Some(Align::End) }; head.len()];
        if let Some(first) = columns.first_mut() {
            first.align = None;
        }
        let caption = title.map(|title| vec![node(InlineKind::Text(title), serial)]);
        let table = Table {
            caption,
            label: (),
            columns,
            head: vec![row(head, Some(Scope::Column), serial)],
            body: body.collect(),
            landscape: false,
        };
        for words in table_words(&table) {
            self.losses.added.push(words);
        }
        self.boxes.push(node(BlockKind::Table(table.into()), serial));
    }

    fn diagram(&mut self, part: &Element) {
        let mut points = Vec::new();
        part.all("dgm:pt", &mut points);
        let serial = self.serial;
        let lines: Vec<String> =
            points.iter().map(|point| element_words(point)).filter(|words| !words.is_empty()).collect();
        let items = lines.into_iter().map(|line| {
            self.losses.added.push(line.clone());
            let blocks = vec![node(BlockKind::Paragraph(vec![node(InlineKind::Text(line), serial)].into()), serial)];
            crate::ast::ListItem { task: None, blocks, span: node((), serial).span, attrs: Attrs::default() }
        });
        let items: Vec<_> = items.collect();
        if !items.is_empty() {
            let list = crate::ast::List { marker: crate::ast::ListMarker::Bullet, tight: true, items };
            self.boxes.push(node(BlockKind::List(list.into()), serial));
        }
    }
}

fn table_words(table: &Table<Parsed>) -> Vec<String> {
    let mut words: Vec<String> = table.caption.iter().map(|caption| crate::ast::plain_text(caption)).collect();
    for cell in table.head.iter().chain(&table.body).flat_map(|row| &row.cells) {
        words.extend(cell.blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Paragraph(content) => Some(crate::ast::plain_text(content)),
            _ => None,
        }));
    }
    words
}

/// The words of a drawing's text.
fn element_words(parent: &Element) -> String {
    let mut texts = Vec::new();
    parent.all("a:t", &mut texts);
    let words: Vec<String> = texts.iter().map(|text| text.text()).collect();
    spaced(&words.join(" "))
}

/// The values that are kept of a row of data.
fn points(data: &Element) -> Vec<String> {
    let mut points = Vec::new();
    data.all("c:pt", &mut points);
    let mut values = Vec::new();
    for point in points {
        let at: usize = point.get("idx").and_then(|at| at.parse().ok()).unwrap_or(values.len());
        if at >= ROWS {
            continue;
        }
        values.resize(values.len().max(at + 1), String::new());
        if let Some(value) = values.get_mut(at) {
            *value = point.child("c:v").map(Element::text).unwrap_or_default();
        }
    }
    values
}

fn row(cells: Vec<String>, header: Option<Scope>, serial: u32) -> Row<Parsed> {
    let span = node((), serial).span;
    let cell = |words: String| {
        let blocks = if words.is_empty() {
            Vec::new()
        } else {
            vec![node(BlockKind::Paragraph(vec![node(InlineKind::Text(words), serial)].into()), serial)]
        };
        Cell { blocks, header, colspan: 1, rowspan: 1, align: None, span, attrs: Attrs::default() }
    };
    Row { cells: cells.into_iter().map(cell).collect(), span }
}
