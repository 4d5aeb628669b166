//! Tables: columns and rows are found again, and cells compared.

use super::align::{Bead, Class, Unit, align};
use super::flatten::Said;
use super::mark::without_id;
use super::merge::Merger;
use super::token::hash;
use crate::ast::{Block, BlockKind, Cell, Column, Row, Table};
use crate::resolve::{ChangeKind, RBlock, Res, Side};

/// A row or a column of one version or of both.
type Pair = (Option<usize>, Option<usize>);

/// One table out of two; `None` where cells reach over several rows or columns
/// in ways that differ, so that the two have no common grid.
pub fn merge<'a>(merger: &mut Merger<'a>, old: &'a Table<Res>, new: &'a Table<Res>) -> Option<Table<Res>> {
    let columns = if is_plain(old) && is_plain(new) {
        columns(merger, old, new)
    } else if has_rowspans(old) || has_rowspans(new) {
        return same_shape(old, new).then(|| cell_by_cell(merger, old, new));
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
        let of = |table: &Table<Res>, at: Option<usize>| at.and_then(|at| table.columns.get(at).copied());
        of(new, *b).or(of(old, *a)).unwrap_or(Column::default())
    };
    let (caption, label, landscape) = (new.caption.clone(), new.label.clone(), new.landscape);
    Some(Table { caption, label, columns: columns.iter().map(column).collect(), head, body, landscape })
}

fn all_rows(table: &Table<Res>) -> impl Iterator<Item = &Row<Res>> {
    table.head.iter().chain(&table.body)
}

fn is_plain(table: &Table<Res>) -> bool {
    let width = table.columns.len();
    all_rows(table)
        .all(|row| row.cells.len() == width && row.cells.iter().all(|cell| cell.colspan == 1 && cell.rowspan == 1))
}

fn has_rowspans(table: &Table<Res>) -> bool {
    all_rows(table).any(|row| row.cells.iter().any(|cell| cell.rowspan > 1))
}

fn spans(row: &Row<Res>) -> Vec<(u16, u16)> {
    row.cells.iter().map(|cell| (cell.colspan, cell.rowspan)).collect()
}

fn same_shape(old: &Table<Res>, new: &Table<Res>) -> bool {
    old.columns.len() == new.columns.len()
        && old.head.len() == new.head.len()
        && all_rows(old).map(spans).eq(all_rows(new).map(spans))
}

/// Tables of the same shape.
fn cell_by_cell<'a>(merger: &mut Merger<'a>, old: &'a Table<Res>, new: &'a Table<Res>) -> Table<Res> {
    let mut table = new.clone();
    let rows = table.head.iter_mut().chain(&mut table.body);
    for ((row, one), other) in rows.zip(all_rows(old)).zip(all_rows(new)) {
        for ((cell, a), b) in row.cells.iter_mut().zip(&one.cells).zip(&other.cells) {
            cell.blocks = blocks(merger, a, b);
        }
    }
    table
}

/// What two cells say. One line in each is one line, however little they have in common.
fn blocks<'a>(merger: &mut Merger<'a>, old: &'a Cell<Res>, new: &'a Cell<Res>) -> Vec<RBlock> {
    match (old.blocks.as_slice(), new.blocks.as_slice()) {
        ([Block { kind: BlockKind::Paragraph(a), .. }], [Block { kind: BlockKind::Paragraph(b), span, attrs }]) => {
            let kind = BlockKind::Paragraph(merger.inlines(a, b));
            vec![Block { kind, span: *span, attrs: attrs.clone() }]
        }
        (old, new) => merger.blocks(old, new),
    }
}

/// What cells say, as a unit. What names a row or a column is what it is found
/// by, unless that says nothing.
fn unit<'c>(
    merger: &Merger,
    side: Side,
    name: impl Iterator<Item = &'c Cell<Res>>,
    all: impl Iterator<Item = &'c Cell<Res>>,
) -> Unit {
    let said = |cells: &mut dyn Iterator<Item = &'c Cell<Res>>| {
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

fn columns(merger: &Merger, old: &Table<Res>, new: &Table<Res>) -> Vec<Pair> {
    let units = |table: &Table<Res>, side| -> Vec<Unit> {
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

fn column_cells(rows: &[Row<Res>], at: usize) -> impl Iterator<Item = &Cell<Res>> {
    rows.iter().filter_map(move |row| row.cells.get(at))
}

fn rows(merger: &Merger, old: &[Row<Res>], new: &[Row<Res>]) -> Vec<Pair> {
    let units = |rows: &[Row<Res>], side| -> Vec<Unit> {
        let unit = |row: &Row<Res>| {
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
    sides: (&'a [Row<Res>], &'a [Row<Res>]),
    columns: &[Pair],
) -> Vec<Row<Res>> {
    let mut rows = Vec::new();
    for at in 0..sides.0.len().max(sides.1.len()) {
        let place = |rows: &[Row<Res>]| (at < rows.len()).then_some(at);
        push_row(merger, sides, (place(sides.0), place(sides.1)), columns, &mut rows);
    }
    rows
}

fn push_row<'a>(
    merger: &mut Merger<'a>,
    sides: (&'a [Row<Res>], &'a [Row<Res>]),
    pair: Pair,
    columns: &[Pair],
    out: &mut Vec<Row<Res>>,
) {
    let old = pair.0.and_then(|at| sides.0.get(at));
    let new = pair.1.and_then(|at| sides.1.get(at));
    let is_plain = |row: Option<&Row<Res>>| row.is_none_or(|row| row.cells.iter().all(|cell| cell.colspan == 1));
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

fn marked_row(merger: &mut Merger, row: &Row<Res>, kind: ChangeKind) -> Row<Res> {
    Row { cells: row.cells.iter().map(|cell| marked(merger, cell, kind)).collect(), span: row.span }
}

fn marked(merger: &mut Merger, cell: &Cell<Res>, kind: ChangeKind) -> Cell<Res> {
    let attrs = if kind == ChangeKind::Deleted { without_id(&cell.attrs) } else { cell.attrs.clone() };
    Cell { blocks: merger.adopter.blocks(&cell.blocks, kind), attrs, ..cell.clone() }
}

/// The cell of a row and a column; empty where no version has one.
fn cell<'a>(
    merger: &mut Merger<'a>,
    (old, new): (Option<&'a Row<Res>>, Option<&'a Row<Res>>),
    column: Pair,
    span: crate::source::Span,
) -> Cell<Res> {
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
