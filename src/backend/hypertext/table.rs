//! Tables, inside a region that scrolls on a screen too narrow for them.

use super::context::{Context, labelled};
use super::inline::inlines;
use super::list::flow;
use crate::ast::{Align, Attrs, Block, BlockKind, Cell, Row, Scope, Table, plain_text};
use crate::backend::markup::Markup;
use crate::language::{Direction, fill};
use crate::resolve::ResolvedStage;

/// Room the decimal sign takes, in widths of a digit.
const DECIMAL_SIGN_WIDTH: f32 = 0.5;

/// Text of more characters than this is prose.
const PROSE: usize = 60;

/// Writes a table.
pub fn table(out: &mut Markup, table: &Table<ResolvedStage>, attrs: &Attrs, context: &Context) {
    let inside = Context { in_table: true, ..*context };
    if context.in_table {
        // The outer table's region scrolls for both.
        grid(out, table, &context.attributes(attrs), &inside);
        return;
    }
    let name = name(table, context);
    // Reachable by keyboard, so that it can be scrolled (WCAG 2.2, 2.1.1).
    // A landmark has a name of its own (WAI-ARIA 1.2, 5.3.4): only a number
    // makes sure of that.
    let role = if table.label.is_some() { "region" } else { "group" };
    let region = [("class", "scroll"), ("role", role), ("aria-label", name.as_str()), ("tabindex", "0")];
    out.element("div", &region, |out| {
        out.raw("\n");
        grid(out, table, &context.attributes(attrs), &inside);
    });
    out.raw("\n");
}

fn name(table: &Table<ResolvedStage>, context: &Context) -> String {
    let caption = table.caption.as_deref().map(plain_text).unwrap_or_default();
    match (&table.label, caption.is_empty()) {
        (Some(label), true) => label.text.clone(),
        (Some(label), false) => fill(context.labels().label_value, &[&label.text, &caption]),
        (None, true) => context.labels().table.to_owned(),
        (None, false) => caption,
    }
}

fn grid(out: &mut Markup, table: &Table<ResolvedStage>, attributes: &[(&str, &str)], context: &Context) {
    out.element("table", attributes, |out| {
        out.raw("\n");
        caption(out, table, context);
        let fractions = fractions(table);
        let mut prose = prose(table);
        for (name, rows) in [("thead", &table.head), ("tbody", &table.body)] {
            if rows.is_empty() {
                continue;
            }
            out.element(name, &[], |out| {
                out.raw("\n");
                for (row, columns) in rows.iter().zip(placed(rows)) {
                    write_row(out, row, &columns, table, &fractions, &mut prose, context);
                }
            });
            out.raw("\n");
        }
    });
    out.raw("\n");
}

fn caption(out: &mut Markup, table: &Table<ResolvedStage>, context: &Context) {
    let content = table.caption.as_deref().unwrap_or_default();
    if content.is_empty() && table.label.is_none() {
        return;
    }
    out.element("caption", &[], |out| {
        // The words stay in sight when a wide table scrolls under them.
        out.element("span", &[("class", "caption")], |out| match &table.label {
            Some(label) if content.is_empty() => out.leaf("span", &[("class", "label")], &label.text),
            Some(label) => labelled(out, context, &label.text, |out| inlines(out, content, context)),
            None => inlines(out, content, context),
        });
    });
    out.raw("\n");
}

fn write_row(
    out: &mut Markup,
    row: &Row<ResolvedStage>,
    columns: &[usize],
    table: &Table<ResolvedStage>,
    fractions: &[usize],
    prose: &mut [bool],
    context: &Context,
) {
    out.element("tr", &[], |out| {
        out.raw("\n");
        for (cell, column) in row.cells.iter().zip(columns) {
            let align = table.alignment(cell, *column);
            let longest = fractions.get(*column).copied().unwrap_or_default();
            // One cell makes its column wide enough.
            let prose = cell.colspan == 1 && prose.get_mut(*column).is_some_and(std::mem::take);
            write_cell(out, cell, (align, prose), longest, context);
            out.raw("\n");
        }
    });
    out.raw("\n");
}

fn write_cell(
    out: &mut Markup,
    cell: &Cell<ResolvedStage>,
    (align, prose): (Option<Align>, bool),
    longest: usize,
    context: &Context,
) {
    let (colspan, rowspan) = (cell.colspan.to_string(), cell.rowspan.to_string());
    let padding = match align {
        Some(Align::Decimal(sign)) if cell.header.is_none() => decimal_padding(cell, sign, longest, context),
        _ => None,
    };
    let mut attributes = context.attributes(&cell.attrs);
    // A header without words heads nothing.
    let header = cell.header.filter(|_| !cell.blocks.is_empty());
    attributes.extend(header.map(|scope| match scope {
        Scope::Column => ("scope", "col"),
        Scope::Row => ("scope", "row"),
    }));
    if cell.colspan > 1 {
        attributes.push(("colspan", &colspan));
    }
    if cell.rowspan > 1 {
        attributes.push(("rowspan", &rowspan));
    }
    let classes: Vec<&str> = align.and_then(align_class).into_iter().chain(prose.then_some("prose")).collect();
    let classes = classes.join(" ");
    if !classes.is_empty() {
        attributes.push(("class", &classes));
    }
    attributes.extend(padding.as_deref().map(|padding| ("style", padding)));
    // A header cell may hold no headings (HTML, section 4.9.10).
    let (element, heading) = if header.is_some() { ("th", None) } else { ("td", context.heading) };
    out.element(element, &attributes, |out| flow(out, &cell.blocks, &Context { heading, ..*context }));
}

fn align_class(align: Align) -> Option<&'static str> {
    match align {
        Align::Start => None,
        Align::Center => Some("center"),
        Align::End => Some("end"),
        Align::Decimal(_) => Some("decimal"),
    }
}

/// The column in which each cell of each row starts. Cells that reach down from rows above take
/// their columns first.
fn placed(rows: &[Row<ResolvedStage>]) -> Vec<Vec<usize>> {
    // For each column, how many more rows are taken from above.
    let mut taken: Vec<u16> = Vec::new();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let mut next: Vec<u16> = taken.iter().map(|rows| rows.saturating_sub(1)).collect();
        let mut starts = Vec::with_capacity(row.cells.len());
        let mut column = 0;
        for cell in &row.cells {
            while taken.get(column).is_some_and(|rows| *rows > 0) {
                column += 1;
            }
            starts.push(column);
            let end = column + usize::from(cell.colspan.max(1));
            if next.len() < end {
                next.resize(end, 0);
            }
            for place in next.iter_mut().take(end).skip(column) {
                *place = (*place).max(cell.rowspan.saturating_sub(1));
            }
            column = end;
        }
        all.push(starts);
        taken = next;
    }
    all
}

/// Whether each column holds so much text that it needs lines of some words, whatever is beside it.
fn prose(table: &Table<ResolvedStage>) -> Vec<bool> {
    let mut prose = vec![false; table.columns.len()];
    for rows in [&table.head, &table.body] {
        for (row, columns) in rows.iter().zip(placed(rows)) {
            for (cell, column) in row.cells.iter().zip(columns) {
                if let Some(prose) = prose.get_mut(column).filter(|_| cell.colspan == 1) {
                    *prose |= cell_words(cell).chars().count() > PROSE;
                }
            }
        }
    }
    prose
}

/// For each column aligned on the decimal sign, the longest fraction in it.
fn fractions(table: &Table<ResolvedStage>) -> Vec<usize> {
    let mut longest = vec![0; table.columns.len()];
    for (row, columns) in table.body.iter().zip(placed(&table.body)) {
        for (cell, column) in row.cells.iter().zip(columns) {
            let align = table.alignment(cell, column);
            if let (Some(Align::Decimal(sign)), None, Some(longest)) = (align, cell.header, longest.get_mut(column)) {
                *longest = (*longest).max(fraction(cell, sign));
            }
        }
    }
    longest
}

/// The text of a cell of one paragraph.
fn cell_words(cell: &Cell<ResolvedStage>) -> String {
    match cell.blocks.as_slice() {
        [Block { kind: BlockKind::Paragraph(content), .. }] => plain_text(content),
        _ => String::new(),
    }
}

/// How many characters follow the decimal sign.
fn fraction(cell: &Cell<ResolvedStage>, sign: char) -> usize {
    cell_words(cell).trim().rsplit_once(sign).map_or(0, |(_, fraction)| fraction.chars().count())
}

/// Space after a number with a shorter fraction than others of its column, so that the decimal
/// signs are below one another.
fn decimal_padding(cell: &Cell<ResolvedStage>, sign: char, longest: usize, context: &Context) -> Option<String> {
    let own = fraction(cell, sign);
    let missing = longest.saturating_sub(own);
    if missing == 0 || context.document.language.direction == Direction::RightToLeft {
        return None;
    }
    let sign = if own == 0 { DECIMAL_SIGN_WIDTH } else { 0.0 };
    Some(format!("--missing: {}ch", missing as f32 + sign))
}
