//! Tables: GFM's, with the cells that comrak cuts off, and HTML's.

use super::elements::BlockElement;
use super::html::Tag;
use super::limits;
use super::lower::Lowering;
use super::place::Locator;
use crate::ast::{
    Align, Attrs, Block, BlockKind, Cell, Column, Inline, Node, Parsed, Row, Scope, Table, first_columns,
};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::Span;
use crate::source::edit::Edit;
use comrak::nodes::{Node as Comrak, NodeValue, TableAlignment};
use std::collections::BTreeMap;
use std::ops::Range;

impl Lowering<'_> {
    /// A GFM table.
    pub fn table(&mut self, node: Comrak<'_>, alignments: &[TableAlignment]) -> Table<Parsed> {
        let mut columns: Vec<Column> = alignments
            .iter()
            .map(|alignment| Column {
                align: match alignment {
                    TableAlignment::None => None,
                    TableAlignment::Left => Some(Align::Start),
                    TableAlignment::Center => Some(Align::Center),
                    TableAlignment::Right => Some(Align::End),
                },
            })
            .collect();
        let (mut head, mut body) = (Vec::new(), Vec::new());
        for child in node.children() {
            let is_head = matches!(child.data().value, NodeValue::TableRow(true));
            let row = self.row(child, alignments.len(), is_head);
            while columns.len() < row.cells.len() {
                columns.push(Column::default());
            }
            if is_head { head.push(row) } else { body.push(row) }
        }
        if body.is_empty() {
            // A head that heads nothing is all the table has.
            std::mem::swap(&mut head, &mut body);
        }
        for (row, header) in
            head.iter_mut().map(|row| (row, Some(Scope::Column))).chain(body.iter_mut().map(|row| (row, None)))
        {
            let end = Span::point(row.span.file, row.span.end as usize);
            while row.cells.len() < columns.len() {
                row.cells.push(cell(Vec::new(), header, end));
            }
        }
        Table { caption: None, label: (), columns, head, body, landscape: false }
    }

    fn row(&mut self, node: Comrak<'_>, columns: usize, is_head: bool) -> Row<Parsed> {
        let header = is_head.then_some(Scope::Column);
        let start = self.origin.range(node.data().sourcepos).start;
        let line = self.text.get(start..).unwrap_or_default().split(['\n', '\r']).next().unwrap_or_default();
        let span = Span::new(self.file, start, start + line.trim_end().len());
        // comrak cuts cells that are too many and adds those that are missing
        // (GFM 0.29, 4.10), without a word.
        let written = cells(line);
        let mut row = Row { cells: Vec::new(), span };
        for (index, child) in node.children().enumerate() {
            let range = written
                .get(index)
                .map_or(span.end as usize..span.end as usize, |range| start + range.start..start + range.end);
            self.locator = Locator::new(range.clone());
            let (content, _) = self.inlines(child);
            row.cells.push(cell(content, header, self.span(range)));
        }
        for range in written.iter().skip(columns) {
            let place = self.span(start + range.start..start + range.end);
            let text = line.get(range.clone()).unwrap_or_default().replace("\\|", "|");
            let content = self.fragment(&text, place);
            row.cells.push(cell(content, header, place));
        }
        if written.len() != columns {
            let (count, form) = (written.len(), if columns == 1 { "column" } else { "columns" });
            let message = format!("this row has {count} of {columns} {form}",);
            let hint =
                if count < columns { "empty cells count too: `| |`" } else { "write `\\|` for a line inside a cell" };
            let missing = columns.saturating_sub(count);
            let cells = if line.trim_end().ends_with('|') { " |".repeat(missing) } else { " |".repeat(missing + 1) };
            let end = Span::point(self.file, start + line.trim_end().len());
            let fix = (missing > 0).then(|| Fix::safe("Add empty cells", [Edit::insert(end, cells)]));
            self.diagnostics.push(Diagnostic::new(Code::RaggedTable, span, message).hint(hint).fixes(fix));
        }
        row
    }
}

fn cell(content: Vec<Inline<Parsed>>, header: Option<Scope>, span: Span) -> Cell<Parsed> {
    let blocks = match (content.first(), content.last()) {
        (Some(first), Some(last)) => {
            let span = first.span.to(last.span);
            vec![Node::new(BlockKind::Paragraph(content.into()), span)]
        }
        _ => Vec::new(),
    };
    Cell { blocks, header, colspan: 1, rowspan: 1, align: None, span, attrs: Attrs::default() }
}

/// The cells of a row as it is written, without the space around them.
pub fn cells(line: &str) -> Vec<Range<usize>> {
    const SPACE: [char; 2] = [' ', '\t'];
    let row = line.trim_end_matches(SPACE);
    let lead = row.len() - row.trim_start_matches(SPACE).len();
    let mut borders = Vec::new();
    let mut escaped = false;
    for (at, byte) in row.bytes().enumerate() {
        if byte == b'|' && !escaped {
            borders.push(at);
        }
        escaped = byte == b'\\' && !escaped;
    }
    let mut start = lead;
    if borders.first() == Some(&lead) {
        borders.remove(0);
        start += 1;
    }
    if borders.last().is_none_or(|last| last + 1 != row.len()) {
        borders.push(row.len());
    }
    let mut ranges = Vec::with_capacity(borders.len());
    for border in borders {
        let text = row.get(start..border).unwrap_or_default();
        let from = start + (text.len() - text.trim_start_matches(SPACE).len());
        ranges.push(from.min(border)..(from + text.trim_matches(SPACE).len()).min(border));
        start = border + 1;
    }
    ranges
}

/// Makes the first columns of a table's body headers of their rows.
pub fn head_columns(table: &mut Table<Parsed>, count: usize) {
    let columns = first_columns(&table.body, table.columns.len());
    for (row, columns) in table.body.iter_mut().zip(columns) {
        for (cell, _) in row.cells.iter_mut().zip(columns).filter(|(_, column)| *column < count) {
            cell.header = Some(Scope::Row);
        }
    }
}

/// A cell of an HTML table, before its row's place is known.
pub struct HtmlCell {
    pub cell: Cell<Parsed>,
    is_header: bool,
    scope: Option<Scope>,
}

impl HtmlCell {
    /// The cell of a `<td>` or `<th>`. What it spans is within the limits of HTML (4.9.11),
    /// whatever its tag says.
    pub fn new(element: BlockElement, tag: &Tag, attrs: Attrs, blocks: Vec<Block<Parsed>>, span: Span) -> Self {
        let scope = match tag.get("scope").map(str::trim) {
            Some("col" | "colgroup") => Some(Scope::Column),
            Some("row" | "rowgroup") => Some(Scope::Row),
            _ => None,
        };
        let number = |name: &str, most: u16| {
            let count: u64 = tag.get(name).and_then(|count| count.trim().parse().ok()).unwrap_or(1);
            u16::try_from(count).unwrap_or(most).clamp(1, most)
        };
        let style = tag.get("style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
        let asked = style.split(';').find_map(|part| part.strip_prefix("text-align:"));
        let align = match asked.or(tag.get("align")) {
            Some("left" | "start") => Some(Align::Start),
            Some("center") => Some(Align::Center),
            Some("right" | "end") => Some(Align::End),
            _ => None,
        };
        let (colspan, rowspan) = (number("colspan", limits::COLUMN_SPAN), number("rowspan", limits::ROW_SPAN));
        let cell = Cell { blocks, header: None, colspan, rowspan, align, span, attrs };
        HtmlCell { cell, is_header: element == BlockElement::HeaderCell, scope }
    }
}

/// The rows of an HTML table under way.
#[derive(Default)]
pub struct Grid {
    pub caption: Option<Vec<Inline<Parsed>>>,
    rows: Vec<(Row<Parsed>, Part)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Rows in `<thead>`.
    Head,
    /// Elsewhere, all its cells `<th>`.
    Headers,
    Body,
}

impl Grid {
    /// Where the last row ends.
    pub fn end(&self) -> Option<Span> {
        self.rows.last().map(|(row, _)| row.span)
    }

    /// Adds a row. One with nothing but header cells is a row of headers, also outside of
    /// `<thead>`.
    pub fn add_row(&mut self, cells: Vec<HtmlCell>, span: Span, in_head: bool) {
        let all_headers = cells.iter().all(|cell| cell.is_header && cell.scope != Some(Scope::Row));
        let part = match (in_head, all_headers) {
            (true, _) => Part::Head,
            (false, true) => Part::Headers,
            (false, false) => Part::Body,
        };
        let cells = cells.into_iter().map(|HtmlCell { mut cell, is_header, scope }| {
            let default = if part == Part::Body { Scope::Row } else { Scope::Column };
            cell.header = (is_header || part == Part::Head).then(|| scope.unwrap_or(default));
            cell
        });
        self.rows.push((Row { cells: cells.collect(), span }, part));
    }

    /// The table: rows of `<thead>`, or without one the leading rows of
    /// headers, are its head.
    pub fn into_table(self) -> Table<Parsed> {
        let columns = self.columns();
        let has_head = self.rows.iter().any(|(_, part)| *part == Part::Head);
        let (mut head, mut body) = (Vec::new(), Vec::new());
        for (row, part) in self.rows {
            let leads = part == Part::Head || (part == Part::Headers && !has_head);
            if leads && body.is_empty() { head.push(row) } else { body.push(row) }
        }
        // A table of nothing but headers has its rows as body.
        if body.is_empty() && !has_head && head.len() > 1 {
            body = head.split_off(1);
        }
        if body.is_empty() {
            // A head that heads nothing is all the table has.
            std::mem::swap(&mut head, &mut body);
        }
        Table {
            caption: self.caption,
            label: (),
            columns: vec![Column::default(); columns],
            head,
            body,
            landscape: false,
        }
    }

    /// How many columns the grid has, cells that reach down from above counted.
    fn columns(&self) -> usize {
        let mut most = 0;
        // How many columns cells from above fill, by the row where they end.
        let mut reaching: BTreeMap<usize, usize> = BTreeMap::new();
        let mut filled = 0;
        for (index, (row, _)) in self.rows.iter().enumerate() {
            filled -= reaching.remove(&index).unwrap_or(0).min(filled);
            let own: usize = row.cells.iter().map(|cell| usize::from(cell.colspan)).sum();
            most = most.max(own + filled);
            for cell in row.cells.iter().filter(|cell| cell.rowspan > 1) {
                let width = usize::from(cell.colspan);
                *reaching.entry(index + usize::from(cell.rowspan)).or_default() += width;
                filled += width;
            }
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::cells;

    #[test]
    fn cells_are_split_at_bars_that_are_not_escaped() {
        let split = |line: &'static str| -> Vec<&str> { cells(line).into_iter().map(|range| &line[range]).collect() };
        assert_eq!(split("| a | b |"), ["a", "b"]);
        assert_eq!(split("a|b \\| c\\\\| d"), ["a", "b \\| c\\\\", "d"]);
        assert_eq!(split("| a || "), ["a", ""]);
        assert_eq!(split("|  ä"), ["ä"]);
        assert_eq!(split("x"), ["x"]);
    }
}
