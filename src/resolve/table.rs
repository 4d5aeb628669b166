//! Tables: a whole grid, and figures that are under one another.

use super::budget::{Budget, LINE, blocks};
use super::resolved::ResolvedStage;
use crate::ast::{Align, Attrs, Block, BlockKind, Cell, Column, InlineKind, Row, Table, plain_text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::Language;
use crate::language::number::{self, Fault, Figure, Signs, Written};
use crate::source::Span;

/// The widest table, in columns.
pub const TABLE_COLUMNS: usize = 1000;

/// The budget counts one repetition of the column names for this many rows.
const ROWS_NAMED: usize = 8;

/// Makes a lowered table ready for the backends.
pub fn finish(
    table: &mut Table<ResolvedStage>,
    span: Span,
    language: &Language,
    budget: &mut Budget,
    diagnostics: &mut Diagnostics,
) {
    let mut too_long = None;
    for row in table.head.iter_mut().chain(&mut table.body).filter(|row| row.cells.len() > TABLE_COLUMNS) {
        row.cells.truncate(TABLE_COLUMNS);
        too_long.get_or_insert(row.span);
    }
    if let Some(row) = too_long {
        let message = format!("a row of the table has more than {TABLE_COLUMNS} cells");
        diagnostics.push(Diagnostic::new(Code::LimitExceeded, row, message).hint("split the table"));
    }
    // Markdown cannot write a table without a header row: an empty one is none.
    if table.head.iter().flat_map(|row| &row.cells).all(is_empty) {
        table.head.clear();
    }
    // Rows of headers alone are what the table is about (PDF/UA-1, 7.2: a table
    // with a head has a body).
    if table.body.is_empty() {
        table.body = std::mem::take(&mut table.head);
    }
    let given = table.columns.len().min(TABLE_COLUMNS);
    let mut repair = Repair { span, told: false, too_wide: false, diagnostics };
    let head = repair.spans(&mut table.head);
    let body = repair.spans(&mut table.body);
    let width = head.width.max(body.width).max(given);
    repair.pad(&mut table.head, &head, width);
    repair.pad(&mut table.body, &body, width);
    table.columns.resize(width, Column::default());
    // Cells that span cost as much as those they cover.
    let slots = width * (table.head.len() + table.body.len());
    // Its columns are named on each of its pages, and for each row where it is
    // too wide for a page of text.
    let named: usize = table.head.iter().flat_map(|row| &row.cells).map(|cell| blocks(&cell.blocks)).sum();
    if !budget.take(LINE * slots + named * table.body.len() / ROWS_NAMED, span, diagnostics) {
        table.head.clear();
        table.body.clear();
    }
    align_figures(table, language, diagnostics);
    let headed =
        !table.head.is_empty() || table.body.iter().flat_map(|row| &row.cells).any(|cell| cell.header.is_some());
    if !headed && !table.body.is_empty() {
        diagnostics.push(
            Diagnostic::new(Code::TableWithoutHeader, span, "the table has no header cells")
                .hint("name the columns in its first row"),
        );
    }
}

/// How far the rows of a table's part reach.
struct Extent {
    /// For each row, its extent and the columns before that which no cell covers.
    rows: Vec<(usize, Vec<usize>)>,
    width: usize,
}

struct Repair<'a> {
    span: Span,
    told: bool,
    /// Whether too many columns were already reported.
    too_wide: bool,
    diagnostics: &'a mut Diagnostics,
}

impl Repair<'_> {
    /// Cuts spans that reach over others, out of the part, or past the limit.
    fn spans(&mut self, rows: &mut [Row<ResolvedStage>]) -> Extent {
        let mut extent = Extent { rows: Vec::with_capacity(rows.len()), width: 0 };
        // For each column, how many more rows a cell from above covers.
        let mut reach: Vec<u16> = Vec::new();
        let count = rows.len();
        for (at, row) in rows.iter_mut().enumerate() {
            let rows_left = u16::try_from(count - at).unwrap_or(u16::MAX);
            let mut column = 0;
            let mut next = vec![0; reach.len()];
            let mut placed = 0;
            for cell in &mut row.cells {
                while reach.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                if column >= TABLE_COLUMNS {
                    if !std::mem::replace(&mut self.too_wide, true) {
                        let message = format!("the table has more than {TABLE_COLUMNS} columns");
                        let problem = Diagnostic::new(Code::LimitExceeded, cell.span, message);
                        self.diagnostics.push(problem.hint("split the table"));
                    }
                    break;
                }
                placed += 1;
                let free = (column..TABLE_COLUMNS).take_while(|at| reach.get(*at).is_none_or(|rows| *rows == 0));
                let wanted = usize::from(cell.colspan.max(1));
                let covered = free.take(wanted).count().max(1);
                if covered < wanted || cell.rowspan > rows_left {
                    self.tell(cell.span, "a cell of the table reaches over others or out of the table");
                }
                cell.colspan = u16::try_from(covered).unwrap_or(u16::MAX);
                cell.rowspan = cell.rowspan.clamp(1, rows_left);
                if next.len() < column + covered {
                    next.resize(column + covered, 0);
                }
                next.iter_mut().skip(column).take(covered).for_each(|rows| *rows = cell.rowspan - 1);
                column += covered;
            }
            row.cells.truncate(placed);
            // Cells from above continue to span rows.
            for (rows, above) in next.iter_mut().zip(&reach) {
                *rows = (*rows).max(above.saturating_sub(1));
            }
            let hanging = reach.iter().rposition(|rows| *rows > 0).map_or(0, |at| at + 1);
            let width = column.max(hanging);
            // Between a row's last cell and what hangs down after it.
            let behind = reach.get(column..hanging).unwrap_or_default();
            let holes = behind.split(|rows| *rows > 0).map(<[u16]>::len).filter(|columns| *columns > 0);
            extent.rows.push((width, holes.collect()));
            extent.width = extent.width.max(width);
            reach = next;
        }
        extent
    }

    /// Fills what nothing covers with empty cells.
    fn pad(&mut self, rows: &mut [Row<ResolvedStage>], extent: &Extent, width: usize) {
        for (row, (reach, holes)) in rows.iter_mut().zip(&extent.rows) {
            let missing = width.saturating_sub(*reach);
            for columns in holes.iter().copied().chain([missing]).filter(|columns| *columns > 0) {
                self.tell(row.span, "a row of the table is shorter than others");
                row.cells.push(Cell {
                    blocks: Vec::new(),
                    header: None,
                    colspan: u16::try_from(columns).unwrap_or(u16::MAX),
                    rowspan: 1,
                    align: None,
                    span: row.span,
                    attrs: Attrs::default(),
                });
            }
        }
    }

    /// Reports the first thing that does not fit.
    fn tell(&mut self, span: Span, message: &str) {
        if !std::mem::replace(&mut self.told, true) {
            let diagnostic = Diagnostic::new(Code::RaggedTable, span, message);
            self.diagnostics.push(if span == self.span {
                diagnostic
            } else {
                diagnostic.secondary(self.span, "in this table")
            });
        }
    }
}

fn is_empty(cell: &Cell<ResolvedStage>) -> bool {
    cell.blocks.iter().all(|block| match &block.kind {
        BlockKind::Paragraph(content) => content.iter().all(|inline| match &inline.kind {
            InlineKind::Image(_) | InlineKind::Note(_) => false,
            _ => plain_text(std::slice::from_ref(inline)).trim().is_empty(),
        }),
        _ => false,
    })
}

/// The contribution of a cell to the alignment of its column.
#[derive(Debug, Clone, PartialEq)]
enum Said {
    Figure(Figure),
    /// A year, which is a name rather than an amount.
    Year,
    /// Nothing, or a dash.
    Nothing,
    Words,
}

/// The figures of a column.
#[derive(Debug, Clone, Default)]
struct Figures {
    figures: Vec<(Figure, Span)>,
    words: usize,
}

/// Aligns columns on the sign before the fraction that hold nothing but
/// figures, where the author aligned neither the column nor a cell of it.
fn align_figures(table: &mut Table<ResolvedStage>, language: &Language, diagnostics: &mut Diagnostics) {
    let signs = Signs::for_language(&language.tag);
    let said = figures(&table.body, table.columns.len());
    for (column, said) in table.columns.iter_mut().zip(said) {
        let figures: Vec<&Figure> = said.figures.iter().map(|(figure, _)| figure).collect();
        // Numbers in parentheses alone are the numbers of rows.
        let amounts = figures.iter().any(|figure| !figure.bracketed);
        if said.words > 0 || !amounts {
            continue;
        }
        let point = number::point(&figures, signs);
        if let Err(Fault::Mixed(at)) = point {
            mixed(said.figures.get(at).map(|(_, span)| *span), language, diagnostics);
        }
        if column.align.is_none() {
            column.align = Some(Align::Decimal(number::point_sign(&figures, point.unwrap_or(signs.point))));
        }
    }
}

fn mixed(span: Option<Span>, language: &Language, diagnostics: &mut Diagnostics) {
    let Some(span) = span else { return };
    let message = "a column writes its numbers in two ways";
    let sign = language.decimal_sign();
    let hint = format!("put `{sign}` before the fraction in all its cells");
    diagnostics.push(Diagnostic::new(Code::MixedNumbers, span, message).hint(hint));
}

/// The figures of each column, and how many of its cells hold something else.
fn figures(body: &[Row<ResolvedStage>], columns: usize) -> Vec<Figures> {
    let mut found = vec![Figures::default(); columns];
    let mut reach: Vec<u16> = vec![0; columns];
    for row in body {
        let mut column = 0;
        let mut next: Vec<u16> = reach.iter().map(|rows| rows.saturating_sub(1)).collect();
        for cell in &row.cells {
            while reach.get(column).is_some_and(|rows| *rows > 0) {
                column += 1;
            }
            let covered = usize::from(cell.colspan);
            next.iter_mut().skip(column).take(covered).for_each(|rows| *rows = cell.rowspan.saturating_sub(1));
            if let Some(found) = found.get_mut(column) {
                match said(cell) {
                    _ if cell.align.is_some() || cell.header.is_some() => found.words += 1,
                    _ if covered > 1 => {}
                    Said::Figure(figure) => found.figures.push((figure, cell.span)),
                    Said::Year | Said::Words => found.words += 1,
                    Said::Nothing => {}
                }
            }
            column += covered;
        }
        reach = next;
    }
    found
}

fn said(cell: &Cell<ResolvedStage>) -> Said {
    match cell.blocks.as_slice() {
        [] => Said::Nothing,
        [Block { kind: BlockKind::Paragraph(content), .. }] => kind_of(plain_text(content).trim()),
        _ => Said::Words,
    }
}

fn kind_of(words: &str) -> Said {
    match number::read(words) {
        Written::Nothing => Said::Nothing,
        Written::Figure(figure) if figure.has_letters() => Said::Words,
        Written::Figure(_) if words.len() == 4 && matches!(words.parse(), Ok(1000..=2999_u16)) => Said::Year,
        Written::Figure(figure) => Said::Figure(figure),
        Written::Words => Said::Words,
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, kind_of};

    #[test]
    fn figures_are_told_from_words() {
        for figure in ["12", "1,234.5", "1.234.567,8", "−3,5 %", "€ 12", "18,4", "1 000", "< 0,15", "12*"] {
            assert!(matches!(kind_of(figure), Said::Figure(_)), "{figure}");
        }
        for words in ["mg/l", "1.2.2026", "2.1.3", "12 km", "Section 2", "1st"] {
            assert_eq!(kind_of(words), Said::Words, "{words}");
        }
        assert_eq!(kind_of("2011"), Said::Year);
        assert_eq!(kind_of("—"), Said::Nothing);
    }
}
