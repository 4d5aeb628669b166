//! Sets tables: widths from content, rows as boxes, headers repeated.

use super::columns::{Columns, Decimal, Fit, columns, decimal_widths, decimals};
use super::frame::{Item, ItemKind, Mark, Rect};
use super::line_box::{baseline, label, line_box};
use super::lines::lines;
use super::node::{CellNode, Findings, Node, RowNode, TableNode};
use super::paragraph::shape_paragraph;
use super::shape::Shaper;
use super::typeset::set_node;
use super::vertical::{Background, Cost, VBox, VItem, height};
use super::word::TextDirection;
use crate::theme::{Color, Pt};

/// The strong rules above and below a table, and the light ones in it.
const STRONG: Pt = 0.9;
const LIGHT: Pt = 0.4;
/// Ending a page between two rows.
const BETWEEN_ROWS: f32 = 5.0;
/// A page should not end after the first row or before the last, nor leave two.
const LONE_ROW: f32 = 400.0;
const LONE_PAIR: f32 = 150.0;
/// Tables of so few rows are better kept whole, the more so the fewer they are.
const SHORT_TABLE_ROWS: usize = 12;
const SHORT_COST: f32 = 250.0;
const SHORTER_COST: f32 = 60.0;
/// A page may end between rows that a cell spans when the rows above take this
/// share of the tallest row.
const TALL_SPAN: Pt = 0.5;
const WITHIN_SPAN: f32 = 150.0;
/// Height of the parts that a row taller than a page is cut into, as a share
/// of the tallest row.
const PART: Pt = 0.4;

/// Sets a table.
pub fn set_table(mut node: TableNode, shaper: &mut Shaper, findings: &mut Findings, out: &mut Vec<VItem>) {
    let mut figures = decimals(&node, shaper);
    let Columns { widths, scale, fit } = columns(&node, &figures, shaper);
    if scale < 1.0 {
        shrink(&mut node, &mut figures, scale);
    }
    if fit == Fit::TooWide {
        findings.wide.push((node.span, node.wider));
    }
    let lines_before = findings.overfull.len();
    let mut edges = vec![0.0];
    for width in &widths {
        edges.push(edges.last().copied().unwrap_or(0.0) + width);
    }
    let total = edges.last().copied().unwrap_or(0.0);
    // A table narrower than its space is at the start of lines.
    let x = match node.direction {
        TextDirection::LeftToRight => node.x,
        TextDirection::RightToLeft => node.x + node.width - total,
    };
    // Rows are let go as they are set: long tables need the room.
    let (head, body) = (std::mem::take(&mut node.head), std::mem::take(&mut node.body));
    let grid = Grid { node: &node, x, edges, figures, total };
    let head = grid.group(head, node.strong, shaper, findings);
    let repeat = grid.repeat(&head, shaper, findings);
    let background = Background {
        x,
        width: total,
        rule: Some((STRONG, node.strong)),
        repeat: Some(repeat),
        ..Background::default()
    };
    out.push(VItem::BeginBackground(Box::new(background)));
    let mut top = grid.rule(STRONG, node.strong);
    top.add_ids(&node.ids);
    for marker in &node.markers {
        let line = node.pad_y + baseline(&marker.paragraph, shaper);
        top.items.extend(label(marker, line, marker.paragraph.leading, shaper, findings));
    }
    out.push(VItem::new_box(top));
    out.push(VItem::Penalty(Cost::Never));
    for item in head {
        out.push(item);
        out.push(VItem::Penalty(Cost::Never));
    }
    let body = grid.group(body, node.light, shaper, findings);
    if body.is_empty() {
        out.pop();
    }
    out.extend(body);
    out.push(VItem::EndBackground);
    if fit == Fit::TooWide {
        // One cause, one message.
        findings.overfull.truncate(lines_before);
    }
}

/// Sets a table in smaller type.
fn shrink(node: &mut TableNode, figures: &mut [Decimal], scale: Pt) {
    node.pad_x *= scale;
    node.pad_y *= scale;
    for figures in figures {
        figures.whole *= scale;
        figures.fraction *= scale;
    }
    for cell in node.head.iter_mut().chain(&mut node.body).flat_map(|row| &mut row.cells) {
        shrink_nodes(&mut cell.nodes, scale);
    }
}

fn shrink_nodes(nodes: &mut [Node], scale: Pt) {
    for node in nodes {
        match node {
            Node::Text(text) => {
                text.paragraph.shrink(scale);
                text.markers.iter_mut().for_each(|marker| marker.paragraph.shrink(scale));
            }
            Node::Code(code) => {
                code.type_style.size *= scale;
                code.type_style.leading *= scale;
                code.markers.iter_mut().for_each(|marker| marker.paragraph.shrink(scale));
            }
            Node::Table(table) => {
                let inner = table.head.iter_mut().chain(&mut table.body).flat_map(|row| &mut row.cells);
                inner.for_each(|cell| shrink_nodes(&mut cell.nodes, scale));
            }
            Node::Space(space) => *space *= scale,
            // No cell holds what is shared.
            Node::Picture(_)
            | Node::Shared(_)
            | Node::Penalty(_)
            | Node::BeginBackground(_)
            | Node::EndBackground
            | Node::Rule { .. }
            | Node::Kern(_)
            | Node::Bar { .. }
            | Node::PageOrientation(_) => {}
        }
    }
}

struct Grid<'n> {
    node: &'n TableNode,
    /// Left edge.
    x: Pt,
    /// Left edges of the columns, and the right edge of the last.
    edges: Vec<Pt>,
    figures: Vec<Decimal>,
    total: Pt,
}

impl Grid<'_> {
    fn edge(&self, column: usize) -> Pt {
        self.edges.get(column).or(self.edges.last()).copied().unwrap_or(0.0)
    }

    /// Left edge on the page of what reaches over columns.
    fn left(&self, column: usize, span: usize) -> Pt {
        match self.node.direction {
            TextDirection::LeftToRight => self.edge(column),
            TextDirection::RightToLeft => self.total - self.edge(column + span),
        }
    }

    /// A line across the table as a box without height.
    fn rule(&self, width: Pt, color: Color) -> VBox {
        VBox::new(0.0, vec![self.line(0.0, self.total, -width / 2.0, width, color)])
    }

    fn line(&self, x: Pt, width: Pt, y: Pt, height: Pt, color: Color) -> Item {
        let area = Rect { x: self.x + x, y, width, height };
        Item { mark: Mark::Layout, kind: ItemKind::Rectangle { area, color, radius: 0.0 } }
    }

    /// Header rows as they are shown again, as artifacts.
    fn repeat(&self, head: &[VItem], shaper: &mut Shaper, findings: &mut Findings) -> VBox {
        let mut out = VBox::default();
        let place = |mut inner: VBox, out: &mut VBox| {
            inner.shift(0.0, out.height);
            out.height += inner.height;
            out.items.extend(inner.items.into_iter().filter_map(|mut item| {
                if matches!(item.kind, ItemKind::Link(_)) {
                    return None;
                }
                if matches!(item.mark, Mark::Content(_)) {
                    item.mark = Mark::Pagination;
                }
                Some(item)
            }));
        };
        if let Some(continued) = &self.node.continued {
            // The words have the width of the text, which a narrow table does not fill.
            let set = lines(continued, self.node.width, shaper);
            findings.missing.extend(set.missing);
            let base = baseline(continued, shaper);
            for line in set.lines {
                let mut inner = line_box(line, self.node.x, base, continued.leading);
                for item in &mut inner.items {
                    item.mark = Mark::Pagination;
                }
                place(inner, &mut out);
            }
            out.height += self.node.pad_y;
        }
        place(self.rule(STRONG, self.node.strong), &mut out);
        for item in head {
            if let VItem::Box(inner) = item {
                place(inner.clone().into_box(), &mut out);
            }
        }
        out
    }

    /// Sets rows that belong together, with breaks between them.
    fn group(&self, rows: Vec<RowNode>, rule: Color, shaper: &mut Shaper, findings: &mut Findings) -> Vec<VItem> {
        let count = rows.len();
        let mut out = Vec::with_capacity(count * 2);
        let mut reaching: Vec<RowSpan> = Vec::new();
        // Height of the rows that hang together so far.
        let mut bound: Pt = 0.0;
        for (index, row) in rows.into_iter().enumerate() {
            let joints = if rule == self.node.strong && index + 1 < count { joints(&row) } else { Vec::new() };
            let (mut lists, tallest) = self.cells(row, index, &mut reaching, shaper, findings);
            let row_height = tallest.max(self.node.pad_y * 2.0);
            self.reach(&mut reaching, index, row_height, &mut lists);
            if row_height > self.node.tallest {
                self.tall_row(lists, rule, &mut out);
                continue;
            }
            let mut inner = self.row_box(lists, row_height);
            self.rules_below(&reaching, &joints, row_height, rule, &mut inner);
            out.push(VItem::new_box(inner));
            bound += row_height;
            if index + 1 < count {
                // Rows under a cell that spans them stay together, unless
                // they are too many for a page.
                let divisible =
                    bound > self.node.tallest * TALL_SPAN && reaching.iter().all(|reach| reach.height <= 0.0);
                out.push(VItem::Penalty(match (reaching.is_empty(), divisible) {
                    (true, _) => cost_between(index, count),
                    (false, true) => Cost::Of(WITHIN_SPAN),
                    (false, false) => Cost::Never,
                }));
                if reaching.is_empty() {
                    bound = 0.0;
                }
            }
        }
        out
    }

    /// Sets the cells of a row, each with its left edge, and says how tall the tallest is.
    /// Those that reach down are set aside, but for what their last row must hold.
    fn cells(
        &self,
        row: RowNode,
        index: usize,
        reaching: &mut Vec<RowSpan>,
        shaper: &mut Shaper,
        findings: &mut Findings,
    ) -> (Vec<(Pt, Vec<VItem>)>, Pt) {
        let mut tallest: Pt = 0.0;
        let mut lists: Vec<(Pt, Vec<VItem>)> = Vec::new();
        for cell in row.cells {
            let (column, colspan, rowspan) = (cell.column, cell.colspan, cell.rowspan);
            let list = self.cell(cell, shaper, findings);
            let high = height(&list, &[]) + 2.0 * self.node.pad_y;
            if rowspan > 1 {
                // A cell taller than a page is shared out among its rows.
                let whole = high <= self.node.tallest;
                let height = if whole { high } else { 0.0 };
                reaching.push(RowSpan { rows: rowspan, column, colspan, list, height, row: index, whole });
                continue;
            }
            tallest = tallest.max(high);
            lists.push((self.left(column, colspan), list));
        }
        // A reaching cell makes its last row as tall as it needs.
        for reach in reaching.iter_mut().filter(|reach| reach.rows == 1) {
            tallest = tallest.max(reach.height);
            if !reach.whole {
                let rest = std::mem::take(&mut reach.list);
                tallest = tallest.max(height(&rest, &[]) + 2.0 * self.node.pad_y);
                lists.push((self.left(reach.column, reach.colspan), rest));
            }
        }
        (lists, tallest)
    }

    /// Adds what cells that reach down show in a row, and keeps those that reach further.
    fn reach(&self, reaching: &mut Vec<RowSpan>, index: usize, row_height: Pt, lists: &mut Vec<(Pt, Vec<VItem>)>) {
        for reach in reaching.iter_mut() {
            let left = self.left(reach.column, reach.colspan);
            if !reach.whole {
                lists.push((left, slice(&mut reach.list, row_height - self.node.pad_y)));
            } else if reach.row == index {
                lists.push((left, std::mem::take(&mut reach.list)));
            }
            reach.rows -= 1;
            reach.height -= row_height;
        }
        reaching.retain(|reach| reach.rows > 0);
    }

    /// Puts the cells of a row into one box.
    fn row_box(&self, lists: Vec<(Pt, Vec<VItem>)>, row_height: Pt) -> VBox {
        let mut cells: Vec<(Pt, VBox)> = lists.into_iter().map(|(left, list)| (left, flatten(list))).collect();
        // Reading order, including cells that span rows.
        cells.sort_by(|(a, _), (b, _)| match self.node.direction {
            TextDirection::LeftToRight => a.total_cmp(b),
            TextDirection::RightToLeft => b.total_cmp(a),
        });
        let mut inner = VBox::new(row_height, Vec::new());
        for (left, mut cell) in cells {
            cell.shift(self.x + left + self.node.pad_x, self.node.pad_y);
            inner.absorb(cell);
        }
        // Most rows have one rule below them.
        inner.items.reserve_exact(1);
        inner
    }

    /// The rules below a row: not through cells that reach on, and parted at the
    /// joints, so that each of two headers has a rule of its own.
    fn rules_below(&self, reaching: &[RowSpan], joints: &[usize], row: Pt, color: Color, inner: &mut VBox) {
        let mut ruled = vec![true; self.node.columns];
        for reach in reaching {
            ruled.iter_mut().skip(reach.column).take(reach.colspan).for_each(|ruled| *ruled = false);
        }
        let is_joint = |edge: usize| joints.binary_search(&edge).is_ok();
        let gap = |edge: usize| if is_joint(edge) { self.node.pad_x / 2.0 } else { 0.0 };
        let weight = if color == self.node.strong { STRONG * 0.6 } else { LIGHT };
        let mut start = 0;
        for (column, is_ruled) in ruled.iter().enumerate() {
            let end = column + 1;
            if !is_ruled {
                start = end;
            } else if ruled.get(end) != Some(&true) || is_joint(end) {
                let (before, after) = match self.node.direction {
                    TextDirection::LeftToRight => (gap(start), gap(end)),
                    TextDirection::RightToLeft => (gap(end), gap(start)),
                };
                let width = self.edge(end) - self.edge(start) - before - after;
                let left = self.left(start, end - start) + before;
                inner.items.insert(0, self.line(left, width, row - weight / 2.0, weight, color));
                start = end;
            }
        }
    }

    /// Cuts a row that is taller than a page into parts.
    fn tall_row(&self, mut lists: Vec<(Pt, Vec<VItem>)>, rule: Color, out: &mut Vec<VItem>) {
        let limit = self.node.tallest * PART;
        let mut first = true;
        loop {
            let mut inner = VBox::default();
            let top = if first { self.node.pad_y } else { 0.0 };
            for (left, list) in &mut lists {
                let rest = split_off_first(list, limit);
                let mut cell = flatten(std::mem::replace(list, rest));
                cell.shift(self.x + *left + self.node.pad_x, top);
                inner.height = inner.height.max(cell.height + top);
                inner.absorb(cell);
            }
            let last = lists.iter().all(|(_, list)| list.is_empty());
            if last {
                inner.height += self.node.pad_y;
                inner.items.insert(0, self.line(0.0, self.total, inner.height - LIGHT / 2.0, LIGHT, rule));
            }
            out.push(VItem::new_box(inner));
            out.push(VItem::Penalty(Cost::Of(BETWEEN_ROWS)));
            first = false;
            if last {
                break;
            }
        }
    }

    fn cell(&self, cell: CellNode, shaper: &mut Shaper, findings: &mut Findings) -> Vec<VItem> {
        let width = self.edge(cell.column + cell.colspan) - self.edge(cell.column) - 2.0 * self.node.pad_x;
        let mut nodes = cell.nodes;
        if let Some(sign) = cell.decimal
            && let [Node::Text(text)] = nodes.as_mut_slice()
        {
            let prepared = shape_paragraph(&text.paragraph, shaper);
            let (_, fraction) = decimal_widths(&text.paragraph.text, &prepared, sign, shaper, text.paragraph.strut.1);
            let column = self.figures.get(cell.column).copied().unwrap_or_default();
            text.width = width - (column.fraction - fraction).max(0.0);
        } else {
            resize(&mut nodes, width, self.node.width);
        }
        let mut out = Vec::new();
        for node in nodes {
            set_node(node, shaper, findings, &mut out);
        }
        out
    }
}

/// Columns before which a header over several columns ends and another starts, in order.
fn joints(row: &RowNode) -> Vec<usize> {
    let pairs = row.cells.iter().zip(row.cells.iter().skip(1));
    let apart = pairs.filter(|(one, next)| one.colspan > 1 && next.colspan > 1);
    apart
        .map(|(one, next)| (one.column + one.colspan, next.column))
        .filter(|(end, next)| end == next)
        .map(|(end, _)| end)
        .collect()
}

/// The cost of ending a page after a row, if no cell spans that position.
fn cost_between(index: usize, count: usize) -> Cost {
    if count <= SHORT_TABLE_ROWS {
        return Cost::Of(SHORT_COST + SHORTER_COST * (SHORT_TABLE_ROWS - count) as f32);
    }
    Cost::Of(match (index + 1).min(count - index - 1) {
        0 | 1 => LONE_ROW,
        2 => LONE_PAIR,
        _ => BETWEEN_ROWS,
    })
}

struct RowSpan {
    rows: usize,
    column: usize,
    colspan: usize,
    list: Vec<VItem>,
    height: Pt,
    row: usize,
    /// Its content is in the first row and reaches down from there; else every row takes what it
    /// has room for.
    whole: bool,
}

/// Cells are built as wide as the whole table; this makes them as wide as
/// their column.
pub fn resize(nodes: &mut [Node], width: Pt, built: Pt) {
    let lost = built - width;
    for node in nodes {
        match node {
            Node::Text(text) => text.width = (text.width - lost).max(1.0),
            Node::BeginBackground(background) => background.width = (background.width - lost).max(1.0),
            Node::Code(code) => code.width = (code.width - lost).max(1.0),
            Node::Table(table) => table.width = (table.width - lost).max(1.0),
            Node::Rule { width, .. } => *width = (*width - lost).max(1.0),
            Node::Picture(picture) => {
                let room = (width - picture.x).max(1.0);
                if picture.width > room {
                    picture.height *= room / picture.width;
                    picture.width = room;
                }
            }
            // No cell holds what is shared.
            Node::Shared(_)
            | Node::Space(_)
            | Node::Penalty(_)
            | Node::EndBackground
            | Node::PageOrientation(_)
            | Node::Kern(_)
            | Node::Bar { .. } => {}
        }
    }
}

/// Takes the first part of a list, as high as allowed; the rest is returned.
fn split_off_first(list: &mut Vec<VItem>, limit: Pt) -> Vec<VItem> {
    let mut high = 0.0;
    let mut at = list.len();
    for (index, item) in list.iter().enumerate() {
        let own = height([item], &[]);
        if high + own > limit && index > 0 && high > 0.0 {
            at = index;
            break;
        }
        high += own;
    }
    let mut rest = list.split_off(at);
    let leading = rest.iter().take_while(|item| matches!(item, VItem::Space(_) | VItem::Penalty(_))).count();
    rest.drain(..leading);
    rest
}

/// Takes the first part of a list that fits some room, which may be nothing; the
/// rest stays.
fn slice(list: &mut Vec<VItem>, room: Pt) -> Vec<VItem> {
    if list.first().is_none_or(|first| height([first], &[]) > room) {
        return Vec::new();
    }
    let rest = split_off_first(list, room);
    std::mem::replace(list, rest)
}

/// Puts a list that is not broken into one box.
pub fn flatten(list: Vec<VItem>) -> VBox {
    let mut out = VBox::default();
    let mut open: Vec<(Background, Pt, usize)> = Vec::new();
    for item in list {
        match item {
            VItem::Box(inner) => {
                let mut inner = inner.into_box();
                let high = inner.height;
                inner.shift(0.0, out.height);
                out.absorb(inner);
                out.height += high;
            }
            VItem::Space(space) => out.height += space,
            VItem::Penalty(_) => {}
            VItem::BeginBackground(background) => {
                let at = out.items.len();
                let top = out.height;
                out.height += background.pad_top;
                open.push((*background, top, at));
            }
            VItem::EndBackground => {
                if let Some((background, top, at)) = open.pop() {
                    out.height += background.pad_bottom;
                    let painted = background.items(0.0, top, out.height - top);
                    out.items.splice(at.min(out.items.len())..at.min(out.items.len()), painted);
                }
            }
        }
    }
    out
}
