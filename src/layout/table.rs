//! Tables: from cells to nodes, and the widths of their columns.

use super::flow::{Flow, Node, Orientation, Place};
use super::font::{Slant, Weight};
use super::frame::{Properties, Role, Tag, TagId};
use super::inline::Look;
use super::paragraph::{Alignment, Paragraph};
use super::set::Keep;
use super::shape::{Figures, TextDirection};
use crate::ast::{Align, BlockKind, Cell, Row, Scope, Table};
use crate::resolve::Res;
use crate::theme::{Color, Pt};

/// A table, before it is set.
#[derive(Debug, Clone)]
pub struct TableNode {
    pub x: Pt,
    pub width: Pt,
    /// How many columns the grid has.
    pub columns: usize,
    pub head: Vec<RowNode>,
    pub body: Vec<RowNode>,
    /// Above the header on further pages: an artifact.
    pub continued: Option<Paragraph>,
    pub pad_x: Pt,
    pub pad_y: Pt,
    /// Colours of the strong and the light rules.
    pub strong: Color,
    pub light: Color,
    /// The largest height of a row that is kept whole.
    pub tallest: Pt,
    /// What parts whole from fraction in figures.
    pub decimal_sign: &'static str,
    pub ids: Vec<String>,
    /// Which way the columns run.
    pub direction: TextDirection,
    /// A fixed width for the first column.
    pub first_column: Option<Pt>,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct RowNode {
    pub cells: Vec<CellNode>,
}

/// A cell of a table, where it stands in the grid.
#[derive(Debug, Clone)]
pub struct CellNode {
    pub column: usize,
    pub colspan: usize,
    pub rowspan: usize,
    /// Figures aligned on their decimal sign.
    pub decimal: bool,
    pub nodes: Vec<Node>,
}

/// The widest a table may grow from narrow content, as a multiple of it.
const TABLE_GAP: Pt = 1.6;
const CAPTION_GAP: Pt = 5.0;

impl Flow<'_, '_> {
    /// Adds a table; a wide one on a page that is turned.
    pub fn table(&mut self, table: &Table<Res>, place: Place) {
        let turned = table.landscape && !place.nested;
        let mut place = place;
        if turned {
            let page = &self.collector.theme.page;
            self.nodes.push(Node::Turn(Orientation::Landscape));
            place.width = page.size.height - page.margin_left.0 - page.margin_right.0;
        }
        let theme = self.collector.theme;
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::Table));
        self.space(place.gap * TABLE_GAP);
        self.flush_marker(place);
        if let Some((lead, content)) = self.caption(table.label.as_ref(), table.caption.as_deref()) {
            let caption = self.collector.tags.add(tag, Tag::new(Role::Caption));
            let inner = Place { parent: caption, ..place };
            self.caption_text(&lead, content, caption, inner, Keep::WithNext);
            self.nodes.push(Node::Space(CAPTION_GAP));
        }
        let look = Look {
            size: theme.table.size.0,
            leading: theme.table.leading.0,
            ..self.sans(place.look, Weight::Regular, theme.colors.text)
        };
        let cell_place = Place {
            x: 0.0,
            width: place.width,
            look,
            gap: theme.table.leading.0 * 0.35,
            depth: 0,
            heading: None,
            nested: true,
            ..place
        };
        let ids = std::mem::take(&mut self.ids);
        let head = self.rows(table, &table.head, tag, Role::TableHead, cell_place);
        let body = self.rows(table, &table.body, tag, Role::TableBody, cell_place);
        let reach = |rows: &[RowNode]| {
            rows.iter().flat_map(|row| &row.cells).map(|cell| cell.column + cell.colspan).max().unwrap_or(0)
        };
        let columns = table.columns.len().max(reach(&head)).max(reach(&body));
        let continued = table.label.as_ref().map(|label| label.text.clone()).unwrap_or_default();
        let words = format!("{continued} ({})", self.collector.document.language.labels.continued);
        let caption_look = self.caption_look(place.look);
        let caption_look = Look { slant: Slant::Italic, ..caption_look };
        let continued = self.collector.words(words.trim(), caption_look, None);
        let tallest = if turned { theme.page.measure() } else { theme.page.height() } * 0.7;
        self.nodes.push(Node::Table(Box::new(TableNode {
            x: place.x,
            width: place.width,
            columns,
            head,
            body,
            continued: Some(continued),
            pad_x: theme.table.pad_x.0,
            pad_y: theme.table.pad_y.0,
            strong: theme.colors.accent,
            light: theme.colors.rule,
            tallest,
            decimal_sign: self.collector.document.language.labels.decimal_sign,
            ids,
            direction: self.collector.direction(place.look.lang),
            first_column: None,
        })));
        self.space(place.gap * TABLE_GAP);
        if turned {
            self.nodes.push(Node::Turn(Orientation::Portrait));
        }
    }

    fn rows(&mut self, table: &Table<Res>, rows: &[Row<Res>], parent: TagId, role: Role, place: Place) -> Vec<RowNode> {
        if rows.is_empty() {
            return Vec::new();
        }
        let group = self.collector.tags.add(parent, Tag::new(role));
        // For each column, how many further rows are taken from above.
        let mut taken: Vec<usize> = Vec::new();
        let mut out = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            let tag = self.collector.tags.add(group, Tag::new(Role::TableRow));
            let mut cells = Vec::with_capacity(row.cells.len());
            let mut column = 0;
            for cell in &row.cells {
                while taken.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                let colspan = usize::from(cell.colspan.max(1));
                let rowspan = usize::from(cell.rowspan.max(1)).min(rows.len() - index);
                if taken.len() < column + colspan {
                    taken.resize(column + colspan, 0);
                }
                for slot in taken.iter_mut().skip(column).take(colspan) {
                    *slot = rowspan;
                }
                cells.push(self.cell(table, cell, (column, colspan, rowspan), tag, place));
                column += colspan;
            }
            for slot in &mut taken {
                *slot = slot.saturating_sub(1);
            }
            out.push(RowNode { cells });
        }
        out
    }

    fn cell(
        &mut self,
        table: &Table<Res>,
        cell: &Cell<Res>,
        (column, colspan, rowspan): (usize, usize, usize),
        row: TagId,
        mut place: Place,
    ) -> CellNode {
        let span = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
        let header = cell.header.filter(|_| !cell.blocks.is_empty());
        let role = match header {
            Some(scope) => Role::HeaderCell {
                column: scope == Scope::Column,
                row: scope == Scope::Row,
                colspan: span(colspan),
                rowspan: span(rowspan),
            },
            None => Role::DataCell { colspan: span(colspan), rowspan: span(rowspan) },
        };
        let lang = cell.attrs.lang().map(str::to_owned);
        if let Some(lang) = &lang {
            place.look.lang = self.collector.languages.id(lang);
        }
        let tag = self.collector.tags.add(row, Tag::with(role, Properties { lang, ..Properties::NONE }));
        // A header over several columns stands in their middle.
        let over = (header.is_some() && colspan > 1).then_some(Align::Center);
        let own = cell.align.or(over);
        let align = own.or_else(|| table.columns.get(column).and_then(|column| column.align));
        let decimal = align == Some(Align::Decimal);
        place.look.align = match align {
            None | Some(Align::Start) => Alignment::Start,
            Some(Align::Center) => Alignment::Center,
            Some(Align::End | Align::Decimal) => Alignment::End,
        };
        if matches!(align, Some(Align::End | Align::Decimal)) {
            place.look.figures = Figures::Tabular;
        }
        if header.is_some() {
            place.look.weight = Weight::Bold;
        }
        let outside = std::mem::take(&mut self.nodes);
        self.ids.extend(cell.attrs.id().map(str::to_owned));
        let place = Place { parent: tag, ..place };
        match cell.blocks.as_slice() {
            // A cell of one paragraph needs no tag for it.
            [only] if matches!(only.kind, BlockKind::Paragraph(_)) && only.attrs.is_empty() => {
                if let BlockKind::Paragraph(content) = &only.kind {
                    let paragraph = self.collector.paragraph(content, place.look, Some(tag));
                    self.push_text(paragraph, place, Keep::No);
                }
            }
            blocks => self.blocks(blocks, place),
        }
        while let Some(Node::Space(_)) = self.nodes.last() {
            self.nodes.pop();
        }
        let mut nodes = std::mem::replace(&mut self.nodes, outside);
        if matches!(nodes.first(), Some(Node::Space(_))) {
            nodes.remove(0);
        }
        CellNode { column, colspan, rowspan, decimal: decimal && header.is_none(), nodes }
    }
}

/// Shares the available width among columns whose content wants to be between
/// `least` and `most` wide (paddings included).
pub fn column_widths(least: &[Pt], most: &[Pt], available: Pt) -> Vec<Pt> {
    let (least_sum, most_sum): (Pt, Pt) = (least.iter().sum(), most.iter().sum());
    if most_sum <= available {
        // Narrow tables stay narrow; others fill the measure, so that tables
        // of a document look alike.
        let target = if most_sum < available * NARROW { (most_sum * NARROW_GROWTH).min(available) } else { available };
        let factor = target / most_sum.max(1.0);
        return most.iter().map(|width| width * factor).collect();
    }
    if least_sum >= available {
        // Words will have to be broken: the widest columns give way first.
        let mut widths = least.to_vec();
        let mut limit = available;
        for _ in 0..widths.len() {
            let wide: Vec<Pt> = least.iter().copied().filter(|width| *width > limit).collect();
            let rest: Pt = available - least.iter().filter(|width| **width <= limit).sum::<Pt>();
            let next = if wide.is_empty() { limit } else { (rest / wide.len() as Pt).max(1.0) };
            if (next - limit).abs() < 0.01 {
                break;
            }
            limit = next;
        }
        for width in &mut widths {
            *width = width.min(limit);
        }
        let factor = available / widths.iter().sum::<Pt>().max(1.0);
        return widths.iter().map(|width| width * factor).collect();
    }
    // What columns want beyond their least counts less the more it is: twice
    // the text does not make a column twice as wide.
    let wants: Vec<Pt> = least.iter().zip(most).map(|(least, most)| (most - least).max(0.0).powf(WANT_POWER)).collect();
    let want_sum: Pt = wants.iter().sum::<Pt>().max(0.001);
    let spare = available - least_sum;
    let mut widths: Vec<Pt> = least.iter().zip(&wants).map(|(least, want)| least + spare * want / want_sum).collect();
    // No column is wider than its content; what it leaves goes to the others.
    for _ in 0..widths.len() {
        let mut left = 0.0;
        let mut open = 0.0;
        for (width, most) in widths.iter_mut().zip(most) {
            if *width > *most {
                left += *width - *most;
                *width = *most;
            } else if *width < *most {
                open += *most - *width;
            }
        }
        if left < 0.01 || open <= 0.0 {
            break;
        }
        for (width, most) in widths.iter_mut().zip(most) {
            if *width < *most {
                *width += left * (*most - *width) / open;
            }
        }
    }
    widths
}

/// A table narrower than this share of the measure is not stretched to it.
const NARROW: Pt = 0.55;
/// But given a little air.
const NARROW_GROWTH: Pt = 1.15;
const WANT_POWER: Pt = 0.7;

#[cfg(test)]
mod tests {
    use super::column_widths;

    #[test]
    fn columns_share_the_measure() {
        let sum = |widths: Vec<f32>| widths.iter().sum::<f32>();
        // Everything fits: the measure is filled.
        assert!((sum(column_widths(&[10.0, 10.0], &[60.0, 30.0], 100.0)) - 100.0).abs() < 0.1);
        // Text is broken: the long column is the wider one.
        let widths = column_widths(&[20.0, 20.0], &[50.0, 500.0], 100.0);
        assert!(widths[0] >= 20.0 && widths[1] > widths[0]);
        assert!((sum(widths) - 100.0).abs() < 0.1);
        // Words must be broken: no column vanishes.
        let widths = column_widths(&[20.0, 200.0], &[20.0, 200.0], 100.0);
        assert_eq!(widths, [20.0, 80.0]);
    }
}
