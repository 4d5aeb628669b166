//! Tables: from cells to nodes, and the widths of their columns.

use super::flow::{ContainingBlock, Flow};
use super::frame::{Properties, Role, Tag, TagId};
use super::node::{CellNode, Keep, Node, Orientation, RowNode, TableNode, Widening};
use super::word::Figures;
use crate::ast::{Align, BlockKind, GridCell, Row, Scope, Table, place_cells};
use crate::resolve::{RGridCell, ResolvedStage};
use crate::source::Span;
use crate::theme::{APART, Alignment, ParagraphRole, Pt};

/// Space between the blocks of a cell, as a share of the leading.
const CELL_GAP: Pt = 0.35;
/// The largest share of a page that a row takes which is kept whole.
pub const TALLEST_ROW: Pt = 0.7;

impl Flow<'_, '_> {
    /// Adds a table; a wide one on a page in landscape.
    pub fn table(&mut self, table: &Table<ResolvedStage>, span: Span, place: ContainingBlock) {
        let is_landscape = table.landscape && !place.nested;
        let mut place = place;
        if is_landscape {
            let page = &self.collector.theme.page;
            self.nodes.push(Node::PageOrientation(Orientation::Landscape));
            place.width = page.size.height - page.margin_left.0 - page.margin_right.0;
        }
        let theme = self.collector.theme;
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::Table));
        self.space(place.gap * APART);
        if let Some((lead, content)) = self.caption(table.label.as_ref(), table.caption.as_deref()) {
            let caption = self.collector.tags.add(tag, Tag::new(Role::Caption));
            let inner = ContainingBlock { parent: caption, ..place };
            self.caption_text(&lead, content, caption, inner, Keep::WithNext);
            let (style, _) = self.styled(ParagraphRole::Caption, place);
            self.nodes.push(Node::Space(style.after));
        }
        let (_, type_style) = self.styled(ParagraphRole::Cell, place);
        let cell_place = ContainingBlock {
            x: 0.0,
            width: place.width,
            type_style,
            gap: type_style.leading * CELL_GAP,
            depth: 0,
            heading: None,
            nested: true,
            ..place
        };
        let (ids, markers) = (std::mem::take(&mut self.ids), std::mem::take(&mut self.markers));
        let head = self.rows(table, &table.head, tag, Role::TableHead, cell_place);
        let body = self.rows(table, &table.body, tag, Role::TableBody, cell_place);
        let reach = |rows: &[RowNode]| {
            rows.iter().flat_map(|row| &row.cells).map(|cell| cell.column + cell.colspan).max().unwrap_or(0)
        };
        let columns = table.columns.len().max(reach(&head)).max(reach(&body));
        let continued = table.label.as_ref().map(|label| label.text.clone()).unwrap_or_default();
        let words = format!("{continued} ({})", self.collector.document.language.labels.continued);
        let (_, continuation) = self.styled(ParagraphRole::TableContinuation, place);
        let continued = self.collector.added_text(words.trim(), continuation, None);
        let tallest = if is_landscape { theme.page.measure() } else { theme.page.height() } * TALLEST_ROW;
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
            ids,
            direction: self.collector.direction(place.type_style.lang),
            first_column: None,
            least_scale: theme.table.least_size.0 / type_style.size.max(1.0),
            wider: match (is_landscape, place.nested) {
                (true, _) => Widening::None,
                (false, true) => Widening::TopLevelOnly,
                (false, false) => Widening::LandscapePage,
            },
            span: Some(span),
            markers,
        })));
        self.space(place.gap * APART);
        if is_landscape {
            self.nodes.push(Node::PageOrientation(Orientation::Portrait));
        }
    }

    fn rows(
        &mut self,
        table: &Table<ResolvedStage>,
        rows: &[Row<ResolvedStage>],
        parent: TagId,
        role: Role,
        place: ContainingBlock,
    ) -> Vec<RowNode> {
        if rows.is_empty() {
            return Vec::new();
        }
        let group = self.collector.tags.add(parent, Tag::new(role));
        let mut out = Vec::with_capacity(rows.len());
        for placed in place_cells(rows, table.columns.len()) {
            let tag = self.collector.tags.add(group, Tag::new(Role::TableRow));
            let cells = placed.into_iter().map(|cell| self.cell(table, cell, tag, place)).collect();
            out.push(RowNode { cells });
        }
        out
    }

    fn cell(
        &mut self,
        table: &Table<ResolvedStage>,
        GridCell { cell, column, columns: colspan, rows: rowspan }: RGridCell,
        row: TagId,
        mut place: ContainingBlock,
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
            place.type_style.lang = self.collector.languages.id(lang);
        }
        let tag = self.collector.tags.add(row, Tag::with(role, Properties { lang, ..Properties::NONE }));
        let align = table.alignment(cell, column);
        let decimal = match align {
            Some(Align::Decimal(sign)) if header.is_none() => Some(sign),
            _ => None,
        };
        place.type_style.align = match align {
            None | Some(Align::Start) => Alignment::Start,
            Some(Align::Center) => Alignment::Center,
            Some(Align::End | Align::Decimal(_)) => Alignment::End,
        };
        if matches!(align, Some(Align::End | Align::Decimal(_))) {
            place.type_style.figures = Figures::Tabular;
        }
        if header.is_some() {
            let (style, _) = self.styled(ParagraphRole::HeaderCell, place);
            place.type_style = place.type_style.with_character_style(&style.characters);
        }
        let outside = std::mem::take(&mut self.nodes);
        self.ids.extend(cell.attrs.id().map(str::to_owned));
        let place = ContainingBlock { parent: tag, ..place };
        match cell.blocks.as_slice() {
            // A cell of one paragraph needs no tag for it.
            [only] if matches!(only.kind, BlockKind::Paragraph(_)) && only.attrs.is_empty() => {
                if let BlockKind::Paragraph(content) = &only.kind {
                    let paragraph = self.collector.paragraph(content, place.type_style, Some(tag));
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
        CellNode { column, colspan, rowspan, decimal, nodes }
    }
}
