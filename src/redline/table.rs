//! Tables: columns and rows are found again, and cells compared.

use super::align::{Bead, Class, Unit, align};
use super::flatten::Said;
use super::mark::without_id;
use super::merge::Merger;
use crate::ast::{Block, BlockKind, Cell, Column, Row, Table};
use crate::resolve::{ChangeKind, RBlock, ResolvedStage, Side};
use crate::source::hash::hash;

/// A row or a column of one version or of both.
type Pair = (Option<usize>, Option<usize>);

/// Merges two tables; `None` if their spanning cells leave them no common grid.
pub fn merge<'a>(
    merger: &mut Merger<'a>,
    old: &'a Table<ResolvedStage>,
    new: &'a Table<ResolvedStage>,
) -> Option<Table<ResolvedStage>> {
    let columns = if is_plain(old) && is_plain(new) {
        columns(merger, old, new)
    } else if has_rowspans(old) || has_rowspans(new) {
        return spanned(merger, old, new);
    } else if old.columns.len() == new.columns.len() {
        (0..new.columns.len()).map(|at| (Some(at), Some(at))).collect()
    } else {
        return None;
    };
    let head = rows_by_place(merger, (&old.head, &new.head), &columns);
    let pairs = rows(merger, &old.body, &new.body);
    let mut body = Vec::new();
    for pair in pairs {
        push_row(merger, (&old.body, &new.body), pair, &columns, &mut body);
    }
    let column = |(a, b): &Pair| {
        let of = |table: &Table<ResolvedStage>, at: Option<usize>| at.and_then(|at| table.columns.get(at).copied());
        of(new, *b).or(of(old, *a)).unwrap_or(Column::default())
    };
    let (caption, label, landscape) = (new.caption.clone(), new.label.clone(), new.landscape);
    Some(Table { caption, label, columns: columns.iter().map(column).collect(), head, body, landscape })
}

fn all_rows(table: &Table<ResolvedStage>) -> impl Iterator<Item = &Row<ResolvedStage>> {
    table.head.iter().chain(&table.body)
}

fn is_plain(table: &Table<ResolvedStage>) -> bool {
    let width = table.columns.len();
    all_rows(table)
        .all(|row| row.cells.len() == width && row.cells.iter().all(|cell| cell.colspan == 1 && cell.rowspan == 1))
}

fn has_rowspans(table: &Table<ResolvedStage>) -> bool {
    all_rows(table).any(|row| row.cells.iter().any(|cell| cell.rowspan > 1))
}

fn spans(row: &Row<ResolvedStage>) -> Vec<(u16, u16)> {
    row.cells.iter().map(|cell| (cell.colspan, cell.rowspan)).collect()
}

/// Tables with cells over several rows. Rows that such cells hold together come and go
/// together; of those that were cut in the same way the cells are compared.
fn spanned<'a>(
    merger: &mut Merger<'a>,
    old: &'a Table<ResolvedStage>,
    new: &'a Table<ResolvedStage>,
) -> Option<Table<ResolvedStage>> {
    if old.columns.len() != new.columns.len() || !is_cut_alike(&old.head, &new.head) {
        return None;
    }
    let mut table = new.clone();
    table.head = cell_by_cell(merger, &old.head, &new.head);
    table.body.clear();
    let (left, right) = (groups(&old.body), groups(&new.body));
    let units = |merger: &Merger, groups: &[&[Row<ResolvedStage>]], side| -> Vec<Unit> {
        let unit = |rows: &&[Row<ResolvedStage>]| {
            let name = rows.iter().take(1).flat_map(|row| row.cells.iter().take(1));
            unit(merger, side, name, rows.iter().flat_map(|row| &row.cells))
        };
        groups.iter().map(unit).collect()
    };
    let beads = align(&units(merger, &left, Side::Old), &units(merger, &right, Side::New), &merger.weights);
    for (was, is) in pairs(beads) {
        let was = was.and_then(|at| left.get(at).copied()).unwrap_or_default();
        let is = is.and_then(|at| right.get(at).copied()).unwrap_or_default();
        if is_cut_alike(was, is) {
            table.body.extend(cell_by_cell(merger, was, is));
        } else {
            table.body.extend(was.iter().map(|row| marked_row(merger, row, ChangeKind::Deleted)));
            table.body.extend(is.iter().map(|row| marked_row(merger, row, ChangeKind::Inserted)));
        }
    }
    Some(table)
}

/// Rows, parted where no cell reaches over.
fn groups(rows: &[Row<ResolvedStage>]) -> Vec<&[Row<ResolvedStage>]> {
    let mut groups = Vec::new();
    let mut rest = rows;
    while !rest.is_empty() {
        let (mut length, mut at) = (1, 0);
        while let Some(row) = rest.get(at).filter(|_| at < length) {
            let deepest = row.cells.iter().map(|cell| usize::from(cell.rowspan)).max();
            length = length.max(at + deepest.unwrap_or(1));
            at += 1;
        }
        let (group, others) = rest.split_at(length.min(rest.len()));
        groups.push(group);
        rest = others;
    }
    groups
}

/// Whether rows have the same cells over the same columns and rows.
fn is_cut_alike(old: &[Row<ResolvedStage>], new: &[Row<ResolvedStage>]) -> bool {
    old.len() == new.len() && old.iter().map(spans).eq(new.iter().map(spans))
}

/// Rows that are cut alike.
fn cell_by_cell<'a>(
    merger: &mut Merger<'a>,
    old: &'a [Row<ResolvedStage>],
    new: &'a [Row<ResolvedStage>],
) -> Vec<Row<ResolvedStage>> {
    let mut rows = new.to_vec();
    for ((row, one), other) in rows.iter_mut().zip(old).zip(new) {
        for ((cell, a), b) in row.cells.iter_mut().zip(&one.cells).zip(&other.cells) {
            cell.blocks = blocks(merger, a, b);
        }
    }
    rows
}

/// Merges the content of two cells. Two single lines are paired, however little they have in
/// common.
fn blocks<'a>(merger: &mut Merger<'a>, old: &'a Cell<ResolvedStage>, new: &'a Cell<ResolvedStage>) -> Vec<RBlock> {
    match (old.blocks.as_slice(), new.blocks.as_slice()) {
        ([Block { kind: BlockKind::Paragraph(a), .. }], [Block { kind: BlockKind::Paragraph(b), span, attrs }]) => {
            let kind = BlockKind::Paragraph(merger.inlines(a, b).into());
            vec![Block { kind, span: *span, attrs: attrs.clone() }]
        }
        (old, new) => merger.blocks(old, new),
    }
}

/// The cells of a row or column as a unit. Its header cell identifies it, unless that is empty.
fn unit<'c>(
    merger: &Merger,
    side: Side,
    name: impl Iterator<Item = &'c Cell<ResolvedStage>>,
    all: impl Iterator<Item = &'c Cell<ResolvedStage>>,
) -> Unit {
    let said = |cells: &mut dyn Iterator<Item = &'c Cell<ResolvedStage>>| {
        merger.said(side, |tokenizer| {
            let mut said = Said { tokenizer, keys: Vec::new(), words: 0 };
            cells.for_each(|cell| said.blocks(&cell.blocks));
            said.unit(Class::Line)
        })
    };
    let mut whole = said(&mut { all });
    let name = said(&mut { name });
    if name.words > 0 {
        whole.hash = name.hash;
    }
    whole
}

fn columns(merger: &Merger, old: &Table<ResolvedStage>, new: &Table<ResolvedStage>) -> Vec<Pair> {
    let units = |table: &Table<ResolvedStage>, side| -> Vec<Unit> {
        let column = |at: usize| {
            let cells = move |rows| column_cells(rows, at);
            unit(merger, side, cells(&table.head), cells(&table.head).chain(cells(&table.body)))
        };
        (0..table.columns.len()).map(column).collect()
    };
    let beads = align(&units(old, Side::Old), &units(new, Side::New), &merger.weights);
    let in_place = |bead: &Bead| bead.old.is_empty() || bead.new.is_empty() || bead.old == bead.new;
    if old.columns.len() == new.columns.len() && beads.iter().all(in_place) {
        return (0..new.columns.len()).map(|at| (Some(at), Some(at))).collect();
    }
    pairs(beads)
}

fn column_cells(rows: &[Row<ResolvedStage>], at: usize) -> impl Iterator<Item = &Cell<ResolvedStage>> {
    rows.iter().filter_map(move |row| row.cells.get(at))
}

fn rows(merger: &Merger, old: &[Row<ResolvedStage>], new: &[Row<ResolvedStage>]) -> Vec<Pair> {
    let units = |rows: &[Row<ResolvedStage>], side| -> Vec<Unit> {
        let unit = |row: &Row<ResolvedStage>| {
            let mut unit = unit(merger, side, row.cells.iter().take(1), row.cells.iter());
            // Rows that are cut in other ways are others; columns may come and go.
            let cuts: Vec<_> = spans(row).into_iter().enumerate().filter(|(_, span)| *span != (1, 1)).collect();
            unit.hash = hash((unit.hash, cuts));
            unit
        };
        rows.iter().map(unit).collect()
    };
    pairs(align(&units(old, Side::Old), &units(new, Side::New), &merger.weights))
}

fn pairs(beads: Vec<Bead>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for Bead { old, new } in beads {
        if old.len() == 1 && new.len() == 1 {
            pairs.push((Some(old.start), Some(new.start)));
        } else {
            pairs.extend(old.map(|at| (Some(at), None)));
            pairs.extend(new.map(|at| (None, Some(at))));
        }
    }
    pairs
}

fn rows_by_place<'a>(
    merger: &mut Merger<'a>,
    sides: (&'a [Row<ResolvedStage>], &'a [Row<ResolvedStage>]),
    columns: &[Pair],
) -> Vec<Row<ResolvedStage>> {
    let mut rows = Vec::new();
    for at in 0..sides.0.len().max(sides.1.len()) {
        let place = |rows: &[Row<ResolvedStage>]| (at < rows.len()).then_some(at);
        push_row(merger, sides, (place(sides.0), place(sides.1)), columns, &mut rows);
    }
    rows
}

fn push_row<'a>(
    merger: &mut Merger<'a>,
    sides: (&'a [Row<ResolvedStage>], &'a [Row<ResolvedStage>]),
    pair: Pair,
    columns: &[Pair],
    out: &mut Vec<Row<ResolvedStage>>,
) {
    let old = pair.0.and_then(|at| sides.0.get(at));
    let new = pair.1.and_then(|at| sides.1.get(at));
    let is_plain =
        |row: Option<&Row<ResolvedStage>>| row.is_none_or(|row| row.cells.iter().all(|cell| cell.colspan == 1));
    if is_plain(old) && is_plain(new) {
        let Some(span) = new.or(old).map(|row| row.span) else { return };
        let cells = columns.iter().map(|column| cell(merger, (old, new), *column, span)).collect();
        out.push(Row { cells, span });
        return;
    }
    match (old, new) {
        (Some(one), Some(other)) if spans(one) == spans(other) => {
            let cells = one.cells.iter().zip(&other.cells);
            let cells = cells.map(|(a, b)| Cell { blocks: blocks(merger, a, b), ..b.clone() });
            out.push(Row { cells: cells.collect(), span: other.span });
        }
        (one, other) => {
            out.extend(one.map(|row| marked_row(merger, row, ChangeKind::Deleted)));
            out.extend(other.map(|row| marked_row(merger, row, ChangeKind::Inserted)));
        }
    }
}

fn marked_row(merger: &mut Merger, row: &Row<ResolvedStage>, kind: ChangeKind) -> Row<ResolvedStage> {
    Row { cells: row.cells.iter().map(|cell| marked(merger, cell, kind)).collect(), span: row.span }
}

fn marked(merger: &mut Merger, cell: &Cell<ResolvedStage>, kind: ChangeKind) -> Cell<ResolvedStage> {
    let attrs = if kind == ChangeKind::Deleted { without_id(&cell.attrs) } else { cell.attrs.clone() };
    Cell { blocks: merger.adopter.blocks(&cell.blocks, kind), attrs, ..cell.clone() }
}

/// The cell of a row and a column; empty where no version has one.
fn cell<'a>(
    merger: &mut Merger<'a>,
    (old, new): (Option<&'a Row<ResolvedStage>>, Option<&'a Row<ResolvedStage>>),
    column: Pair,
    span: crate::source::Span,
) -> Cell<ResolvedStage> {
    let a = column.0.and_then(|at| old?.cells.get(at));
    let b = column.1.and_then(|at| new?.cells.get(at));
    match (a, b) {
        (Some(a), Some(b)) => Cell { blocks: blocks(merger, a, b), ..b.clone() },
        (Some(a), None) => marked(merger, a, ChangeKind::Deleted),
        (None, Some(b)) => marked(merger, b, ChangeKind::Inserted),
        (None, None) => Cell {
            blocks: Vec::new(),
            header: None,
            colspan: 1,
            rowspan: 1,
            align: None,
            span,
            attrs: crate::ast::Attrs::default(),
        },
    }
}
