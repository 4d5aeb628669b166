//! Rules that other judges of Word documents do not know.

use super::{Package, Step, attribute, rule};
use crate::verify::{Check, Unreadable};
use quick_xml::events::BytesStart;

/// The most columns that Word has in a table.
const MOST_COLUMNS: usize = 63;

/// A table that is open.
#[derive(Default)]
struct Table {
    columns: usize,
    row: usize,
    /// Whether a row that is no header was seen.
    has_body: bool,
    is_header: bool,
    has_header: bool,
    /// Whether the table's look declares its first row a header.
    looks_headed: bool,
    /// Cells of the row above that may continue in this row, by column: the number of columns that
    /// they span.
    above: Vec<Option<usize>>,
    /// Cells of this row that may continue in the next, likewise.
    merged: Vec<Option<usize>>,
    /// The columns that the open cell covers.
    cell: usize,
}

#[derive(Default)]
struct Found {
    spans: Vec<String>,
    headers: Vec<String>,
    headings: Vec<String>,
    ends: Vec<String>,
}

/// Checks a package.
pub fn check(package: &Package) -> Result<Vec<Check>, Unreadable> {
    let mut found = Found::default();
    let mut tables: Vec<Table> = Vec::new();
    let mut above = 0;
    let mut style: Option<String> = None;
    let mut ends_with_paragraph = false;
    for part in ["word/document.xml", "word/footnotes.xml"] {
        package.walk(part, &mut |step| {
            match step {
                Step::Start(name, element) => {
                    match name {
                        "w:p" => style = None,
                        // Behind it stands what the style was.
                        "w:pStyle" if style.is_none() => style = Some(value_of(element)),
                        // A heading that is gone heads nothing.
                        "w:del" | "w:moveFrom" if style.is_some() => style = Some(String::new()),
                        "w:tbl" => tables.push(Table::default()),
                        _ => {}
                    }
                    if let Some(table) = tables.last_mut() {
                        table.start(name, element, &mut found);
                    }
                }
                Step::End(name) => {
                    if name == "w:pPr"
                        && let Some(style) = style.replace(String::new())
                    {
                        found.headings.extend(jump(&style, &mut above));
                    }
                    if name == "w:tc" && !ends_with_paragraph {
                        found.ends.push("a cell does not end with a paragraph".to_owned());
                    }
                    if !name.ends_with("Pr") {
                        ends_with_paragraph = name == "w:p";
                    }
                    if let Some(table) = tables.last_mut() {
                        table.end(name, &mut found);
                    }
                    if name == "w:tbl" {
                        tables.pop();
                    }
                }
                Step::Text(_) => {}
            }
            Ok(())
        })?;
    }
    Ok(found.checks())
}

fn value_of(element: &BytesStart) -> String {
    attribute(element, "w:val").unwrap_or_default()
}

/// A heading that lies more than a level below the one before it.
fn jump(style: &str, above: &mut u32) -> Option<String> {
    let level: u32 = style.strip_prefix("Heading")?.parse().ok()?;
    let jumps = level > *above + 1;
    *above = level;
    jumps.then(|| format!("a heading of level {level} under one of level {}", level.saturating_sub(2)))
}

impl Table {
    fn start(&mut self, name: &str, element: &BytesStart, found: &mut Found) {
        match name {
            "w:tblLook" => self.looks_headed = attribute(element, "w:firstRow").is_some_and(|value| value == "1"),
            "w:gridCol" => self.columns += 1,
            "w:tr" => {
                self.row = 0;
                self.is_header = false;
                self.above = std::mem::take(&mut self.merged);
            }
            "w:tc" => {
                self.row += 1;
                self.cell = 1;
                self.merged.push(None);
            }
            "w:gridSpan" => {
                let more = value_of(element).parse::<usize>().unwrap_or(1).saturating_sub(1).min(MOST_COLUMNS);
                self.row += more;
                self.cell += more;
                self.merged.extend(std::iter::repeat_n(None, more));
            }
            "w:vMerge" => self.merge(&value_of(element), found),
            "w:tblHeader" => self.is_header = true,
            _ => {}
        }
    }

    /// A cell starts that goes on in the next row, or one goes on.
    fn merge(&mut self, value: &str, found: &mut Found) {
        let start = self.row.saturating_sub(self.cell);
        let above = self.above.get(start).copied().flatten();
        if value != "restart" && above != Some(self.cell) {
            found.spans.push("a cell goes on from the row above, where none of its width is".to_owned());
        }
        if let Some(place) = self.merged.get_mut(start) {
            *place = Some(self.cell);
        }
    }

    fn end(&mut self, name: &str, found: &mut Found) {
        if name == "w:tbl" && self.looks_headed != self.has_header {
            found.headers.push("a table looks as if it had a header row, and has none, or the other way".to_owned());
        }
        if name != "w:tr" {
            return;
        }
        if self.row != self.columns {
            found.spans.push(format!("a row covers {} of {} columns", self.row, self.columns));
        }
        if self.is_header && self.has_body {
            found.headers.push("a header row stands under others".to_owned());
        }
        self.has_header |= self.is_header;
        self.has_body |= !self.is_header;
    }
}

impl Found {
    fn checks(self) -> Vec<Check> {
        vec![
            rule("ISO/IEC 29500-1, 17.4.17", "The cells of each row cover the columns of the grid.", self.spans),
            rule("ISO/IEC 29500-1, 17.4.49", "Header rows are the first rows of their table.", self.headers),
            rule("ISO/IEC 29500-1, 17.4.65", "Each cell ends with a paragraph.", self.ends),
            rule("WCAG 2.2, 1.3.1", "Levels of headings grow by one at a time.", self.headings),
        ]
    }
}
