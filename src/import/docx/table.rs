//! Tables: cells that cover several columns or rows, and which of them head others.

use super::Reader;
use super::assemble::Flat;
use super::paragraph::Para;
use super::survey;
use crate::ast::{Align, Attrs, Block, BlockKind, Cell, Column, InlineKind, Parsed, Row, Scope, Table};
use crate::import::marks::node;
use crate::import::xml::Element;

/// No table has more columns.
const COLUMNS: usize = 256;
/// Styles that do not set the first row or column apart.
const PLAIN_STYLES: [&str; 4] = ["tablegrid", "tablenormal", "normaltable", "tablegridlight"];

/// A cell at its place on the grid.
struct Placed {
    cell: Cell<Parsed>,
    column: usize,
    /// Whether it only goes on with the cell above.
    goes_on: bool,
}

/// The cells of a row, each with the column at which it starts, and the row's number in the file.
type NumberedRow = (Vec<(usize, Cell<Parsed>)>, u32);

struct Line {
    placed: Vec<Placed>,
    serial: u32,
    is_header: bool,
}

/// Which cells head others, by the properties of a table.
#[derive(Clone, Copy, Default)]
struct Looks {
    first_row: bool,
    first_column: bool,
}

impl Reader<'_> {
    /// A table, which is dropped where a change takes all its rows away.
    pub(super) fn table(&mut self, element: &Element) -> Option<Flat> {
        if let Some(paragraphs) = numbered_formula(element) {
            return self.numbered_formula(&paragraphs, element.child("w:tblPr"));
        }
        let properties = element.child("w:tblPr");
        if self.styles.own {
            match self.styles.name(properties.and_then(|properties| properties.value("w:tblStyle"))) {
                "Panel" | "Warning Panel" => return self.panel(element),
                "Control Table" => return self.control_table(element),
                _ => {}
            }
        }
        let serial = self.next_serial();
        let mut lines = Vec::new();
        for row in self.contents(element) {
            if !row.is("w:tr") || self.is_taken_away(row.child("w:trPr")) {
                continue;
            }
            lines.push(self.line(row));
        }
        let lines: Vec<Line> = lines.into_iter().filter(|line| !line.placed.is_empty()).collect();
        if lines.is_empty() {
            return None;
        }
        let own = self.styles.own;
        let looks = if own { Looks::default() } else { looks(properties, &lines) };
        let table = table(lines, looks, own);
        let depth = if own { depth(properties) } else { 0 };
        Some(Flat::Block(node(BlockKind::Table(table.into()), serial), depth))
    }

    /// A formula whose number is in another cell, as one paragraph.
    fn numbered_formula(&mut self, paragraphs: &[&Element], properties: Option<&Element>) -> Option<Flat> {
        let mut whole: Option<Para> = None;
        for paragraph in paragraphs {
            let (before, sequence) = whole.take().map(|para| (para.bits, para.sequence)).unwrap_or_default();
            let (para, ..) = self.paragraph(paragraph, before);
            whole = para.map(|para| Para { sequence: para.sequence.clone().or(sequence), ..para });
        }
        let depth = if self.styles.own { depth(properties) } else { 0 };
        whole.map(|para| Flat::Para(Box::new(Para { depth, ..para })))
    }

    fn line(&mut self, row: &Element) -> Line {
        let serial = self.next_serial();
        let properties = row.child("w:trPr");
        let number =
            |name| properties.and_then(|properties| properties.value(name)?.parse::<usize>().ok()).unwrap_or(0);
        let is_header = properties.and_then(|properties| properties.child("w:tblHeader")).is_some_and(Element::is_on);
        let mut placed = Vec::new();
        let mut column = number("w:gridBefore").min(COLUMNS);
        for cell in self.contents(row) {
            if !cell.is("w:tc") || column >= COLUMNS {
                continue;
            }
            let properties = cell.child("w:tcPr");
            if self.is_taken_away(properties) {
                continue;
            }
            let span = properties.and_then(|properties| properties.value("w:gridSpan")?.parse::<usize>().ok());
            let colspan = span.unwrap_or(1).clamp(1, COLUMNS - column);
            let merge = properties.and_then(|properties| properties.child("w:vMerge"));
            let goes_on = merge.is_some_and(|merge| !matches!(merge.get("w:val"), Some("restart")));
            let cell = self.cell(cell, colspan);
            placed.push(Placed { cell, column, goes_on });
            column += colspan;
        }
        Line { placed, serial, is_header }
    }

    /// The name of the style of a cell's first paragraph.
    fn first_style(&self, cell: &Element) -> &str {
        let first = cell.child("w:p").and_then(|paragraph| paragraph.child("w:pPr"));
        self.styles.name(first.and_then(|properties| properties.value("w:pStyle")))
    }

    /// How the first paragraph of a cell is aligned that says something.
    fn alignment(&self, cell: &Element) -> Option<Align> {
        if self.styles.own {
            return match self.first_style(cell) {
                name if name.ends_with(" Centered") => Some(Align::Center),
                name if name.ends_with(" Right") => Some(Align::End),
                _ => None,
            };
        }
        let paragraph = cell.elements().find(|child| child.is("w:p") && !survey::text(child).trim().is_empty())?;
        match paragraph.child("w:pPr")?.value("w:jc")? {
            "center" => Some(Align::Center),
            "right" | "end" => Some(Align::End),
            _ => None,
        }
    }

    fn cell(&mut self, cell: &Element, colspan: usize) -> Cell<Parsed> {
        let align = self.alignment(cell);
        let serial = self.serial;
        let heads = self.styles.own && self.first_style(cell).starts_with("Table Heading");
        let blocks = self.inner_blocks(cell);
        Cell {
            blocks,
            header: heads.then_some(Scope::Row),
            colspan: u16::try_from(colspan).unwrap_or(1),
            rowspan: 1,
            align,
            span: node((), serial).span,
            attrs: Attrs::default(),
        }
    }
}

/// The number of lists, definitions and quotations around a table of our own editions.
pub fn depth(properties: Option<&Element>) -> u8 {
    /// Twips.
    const INDENT: u32 = 400;
    let indent = properties.and_then(|properties| properties.child("w:tblInd")?.get("w:w")?.parse::<u32>().ok());
    u8::try_from(indent.unwrap_or(0) / INDENT).unwrap_or(0)
}

/// The paragraphs of a row that holds a formula, its number that Word counts, and nothing
/// else: so formulas get their numbers at the margin.
fn numbered_formula(table: &Element) -> Option<Vec<&Element>> {
    let mut rows = table.elements().filter(|row| row.is("w:tr"));
    let (row, None) = (rows.next()?, rows.next()) else { return None };
    let cells: Vec<&Element> = row.elements().filter(|cell| cell.is("w:tc")).collect();
    let inside = |cell: &Element| cell.elements().all(|child| child.is("w:p") || child.is("w:tcPr"));
    if cells.len() > 3 || !cells.iter().all(|cell| inside(cell)) {
        return None;
    }
    let paragraphs: Vec<&Element> = cells.iter().flat_map(|cell| cell.elements().filter(|p| p.is("w:p"))).collect();
    let formulas = paragraphs.iter().filter(|paragraph| holds(paragraph, "m:oMath"));
    let words: Vec<&Element> =
        paragraphs.iter().copied().filter(|paragraph| !survey::text(paragraph).trim().is_empty()).collect();
    let [number] = words.as_slice() else { return None };
    let is_number = !holds(number, "m:oMath") && is_counted(number);
    (formulas.count() == 1 && is_number).then_some(paragraphs)
}

/// Whether a paragraph is a number in parentheses that a field counts.
fn is_counted(paragraph: &Element) -> bool {
    let text = survey::text(paragraph);
    let is_enclosed = text.trim().starts_with('(') && text.trim().ends_with(')');
    let mut instructions = Vec::new();
    paragraph.all("w:instrText", &mut instructions);
    let fields = instructions.iter().map(|instruction| instruction.text());
    let mut simple = Vec::new();
    paragraph.all("w:fldSimple", &mut simple);
    let simple = simple.iter().filter_map(|field| field.get("w:instr").map(str::to_owned));
    is_enclosed && fields.chain(simple).any(|instruction| instruction.trim_start().starts_with("SEQ"))
}

fn holds(element: &Element, name: &str) -> bool {
    let mut found = Vec::new();
    element.all(name, &mut found);
    !found.is_empty()
}

/// Finds the headers of a table: marked rows, or a first row or column that its style distinguishes
/// or that is all bold.
fn looks(properties: Option<&Element>, lines: &[Line]) -> Looks {
    let style = properties.and_then(|properties| properties.value("w:tblStyle"));
    let is_styled = style.is_some_and(|style| {
        let name = style.to_lowercase().replace([' ', '-', '_'], "");
        !PLAIN_STYLES.contains(&name.as_str())
    });
    let look = properties.and_then(|properties| properties.child("w:tblLook"));
    let bits = look.and_then(|look| u16::from_str_radix(look.get("w:val")?, 16).ok()).unwrap_or(0);
    // Bits of the old form (ISO/IEC 29500-4, 14.3.4).
    let is_set = |name: &str, bit: u16| match look.and_then(|look| look.get(name)) {
        Some(value) => matches!(value, "1" | "true" | "on"),
        None => bits & bit != 0,
    };
    let is_marked = lines.iter().any(|line| line.is_header);
    let is_bold =
        lines.len() > 1 && lines.first().is_some_and(|line| line.placed.iter().all(|placed| is_strong(&placed.cell)));
    Looks {
        first_row: !is_marked && lines.len() > 1 && (is_styled && is_set("w:firstRow", 0x20) || is_bold),
        first_column: is_styled && is_set("w:firstColumn", 0x80) && lines.iter().any(|line| line.placed.len() > 1),
    }
}

fn is_strong(cell: &Cell<Parsed>) -> bool {
    match cell.blocks.as_slice() {
        [Block { kind: BlockKind::Paragraph(content), .. }] => {
            matches!(content.as_slice(), [inline] if matches!(inline.kind, InlineKind::Strong(_)))
        }
        _ => false,
    }
}

fn table(mut lines: Vec<Line>, looks: Looks, own: bool) -> Table<Parsed> {
    let width =
        lines.iter().flat_map(|line| &line.placed).map(|placed| placed.column + usize::from(placed.cell.colspan)).max();
    let width = width.unwrap_or(1);
    merge(&mut lines);
    fill(&mut lines, width);
    let heads_all = |line: &Line| own && line.placed.iter().all(|placed| placed.cell.header.is_some());
    let marked = lines.iter().take_while(|line| line.is_header).count();
    let heads = match marked {
        // Word lets go of the mark where a row is worked on.
        0 if own => lines.iter().take_while(|line| heads_all(line)).count(),
        0 => usize::from(looks.first_row),
        marked => marked,
    };
    // A table of header rows alone has none, unless its author said so.
    let heads = if heads >= lines.len() && !own { 0 } else { heads };
    let mut rows = Vec::new();
    for (index, line) in lines.into_iter().enumerate() {
        let is_head = index < heads;
        let mut cells = Vec::new();
        for mut placed in line.placed {
            if is_head {
                placed.cell.header = Some(Scope::Column);
                unstrong(&mut placed.cell);
            } else if placed.cell.header.is_some() || looks.first_column && placed.column == 0 {
                placed.cell.header = Some(Scope::Row);
                unstrong(&mut placed.cell);
            }
            cells.push((placed.column, placed.cell));
        }
        rows.push((cells, line.serial));
    }
    let columns = columns(&mut rows, width, heads);
    let mut rows = rows.into_iter().map(|(cells, serial)| Row {
        cells: cells.into_iter().map(|(_, cell)| cell).collect(),
        span: node((), serial).span,
    });
    let head = rows.by_ref().take(heads).collect();
    Table { caption: None, label: (), columns, head, body: rows.collect(), landscape: false }
}

/// Joins cells that go on with those above them.
fn merge(lines: &mut Vec<Line>) {
    for index in (1..lines.len()).rev() {
        let (above, below) = lines.split_at_mut(index);
        let (Some(above), Some(line)) = (above.last_mut(), below.first_mut()) else { continue };
        let mut kept = Vec::new();
        for placed in line.placed.drain(..) {
            let partner = above
                .placed
                .iter_mut()
                .find(|other| other.column == placed.column && other.cell.colspan == placed.cell.colspan);
            match partner.filter(|_| placed.goes_on) {
                Some(partner) => {
                    partner.cell.rowspan = partner.cell.rowspan.saturating_add(placed.cell.rowspan);
                    partner.cell.blocks.extend(placed.cell.blocks);
                }
                None => kept.push(placed),
            }
        }
        line.placed = kept;
    }
    // A row all of whose cells are covered has no content.
    lines.retain(|line| !line.placed.is_empty());
}

/// Puts empty cells where a row has none.
fn fill(lines: &mut [Line], width: usize) {
    let mut covered = vec![0_u16; width];
    for line in lines {
        let mut taken = vec![false; width];
        for placed in &line.placed {
            for column in placed.column..(placed.column + usize::from(placed.cell.colspan)).min(width) {
                if let Some(is) = taken.get_mut(column) {
                    *is = true;
                }
            }
        }
        for column in 0..width {
            let is_covered = covered.get(column).is_some_and(|rows| *rows > 0);
            if !is_covered && taken.get(column) == Some(&false) {
                let span = node((), line.serial).span;
                let cell = Cell {
                    blocks: Vec::new(),
                    header: None,
                    colspan: 1,
                    rowspan: 1,
                    align: None,
                    span,
                    attrs: Attrs::default(),
                };
                line.placed.push(Placed { cell, column, goes_on: false });
            }
        }
        line.placed.sort_by_key(|placed| placed.column);
        covered.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
        for placed in &line.placed {
            for column in placed.column..(placed.column + usize::from(placed.cell.colspan)).min(width) {
                if let Some(rows) = covered.get_mut(column) {
                    *rows = placed.cell.rowspan - 1;
                }
            }
        }
    }
}

/// The alignment of columns whose cells agree, taken off the cells.
fn columns(rows: &mut [NumberedRow], width: usize, heads: usize) -> Vec<Column> {
    let mut columns = vec![Column::default(); width];
    for (index, column) in columns.iter_mut().enumerate() {
        let cells = rows.iter().skip(heads).flat_map(|(cells, _)| cells);
        let own: Vec<Option<Align>> = cells
            .filter(|(at, cell)| *at == index && cell.colspan == 1 && !cell.blocks.is_empty())
            .map(|(_, cell)| cell.align)
            .collect();
        let first = own.first().copied().flatten();
        column.align = first.filter(|_| own.iter().all(|align| *align == first));
    }
    for (row, (cells, _)) in rows.iter_mut().enumerate() {
        for (at, cell) in cells {
            let of_column = columns.get(*at).and_then(|column| column.align).filter(|_| cell.colspan == 1);
            if row < heads || cell.align == of_column {
                cell.align = None;
            }
        }
    }
    columns
}

/// Header cells are strong by themselves.
fn unstrong(cell: &mut Cell<Parsed>) {
    if let [Block { kind: BlockKind::Paragraph(content), .. }] = cell.blocks.as_mut_slice()
        && let [inline] = content.as_mut_slice()
        && let InlineKind::Strong(inner) = &mut inline.kind
    {
        *content = std::mem::take(inner).into();
    }
}
