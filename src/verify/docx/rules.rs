//! Rules that other judges of Word documents do not know.

use super::{Package, Step, attribute};
use crate::verify::{Check, Unreadable};
use std::collections::BTreeSet;

/// Relationships that may lead outside of the file.
const MAY_LEAD_OUT: &str = "/hyperlink";

/// A table that is open.
#[derive(Default)]
struct Table {
    columns: usize,
    row: usize,
    /// Whether a row that is no header was seen.
    has_body: bool,
    is_header: bool,
}

#[derive(Default)]
struct Found {
    bookmarks: Vec<String>,
    spans: Vec<String>,
    headers: Vec<String>,
    headings: Vec<String>,
    ends: Vec<String>,
    outside: Vec<String>,
}

/// Checks a package.
pub fn check(package: &Package) -> Result<Vec<Check>, Unreadable> {
    let mut found = Found::default();
    let mut names = BTreeSet::new();
    let mut tables: Vec<Table> = Vec::new();
    let mut above = 0;
    let mut ends_with_paragraph = false;
    for part in ["word/document.xml", "word/footnotes.xml"] {
        package.walk(part, &mut |step| {
            match step {
                Step::Start(name, element) => {
                    let value = attribute(element, "w:val").unwrap_or_default();
                    match name {
                        "w:bookmarkStart" => {
                            let name = attribute(element, "w:name").unwrap_or_default();
                            if !names.insert(name.to_lowercase()) {
                                found.bookmarks.push(name);
                            }
                        }
                        "w:pStyle" => found.headings.extend(jump(&value, &mut above)),
                        "w:tbl" => tables.push(Table::default()),
                        _ => {}
                    }
                    if let Some(table) = tables.last_mut() {
                        table.start(name, &value);
                    }
                }
                Step::End(name) => {
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
    for part in ["_rels/.rels", "word/_rels/document.xml.rels", "word/_rels/footnotes.xml.rels"] {
        package.walk(part, &mut |step| {
            if let Step::Start("Relationship", element) = step {
                let get = |name| attribute(element, name).unwrap_or_default();
                if get("TargetMode") == "External" && !get("Type").ends_with(MAY_LEAD_OUT) {
                    found.outside.push(get("Target"));
                }
            }
            Ok(())
        })?;
    }
    Ok(found.checks())
}

/// A heading that lies more than a level below the one before it.
fn jump(style: &str, above: &mut u32) -> Option<String> {
    let level: u32 = style.strip_prefix("Heading")?.parse().ok()?;
    let jumps = level > *above + 1;
    *above = level;
    jumps.then(|| format!("a heading of level {level} under one of level {}", level.saturating_sub(2)))
}

impl Table {
    fn start(&mut self, name: &str, value: &str) {
        match name {
            "w:gridCol" => self.columns += 1,
            "w:tr" => {
                self.row = 0;
                self.is_header = false;
            }
            "w:tc" => self.row += 1,
            "w:gridSpan" => self.row += value.parse::<usize>().unwrap_or(1).saturating_sub(1),
            "w:tblHeader" => self.is_header = true,
            _ => {}
        }
    }

    fn end(&mut self, name: &str, found: &mut Found) {
        if name != "w:tr" {
            return;
        }
        if self.row != self.columns {
            found.spans.push(format!("a row covers {} of {} columns", self.row, self.columns));
        }
        if self.is_header && self.has_body {
            found.headers.push("a header row stands under others".to_owned());
        }
        self.has_body |= !self.is_header;
    }
}

impl Found {
    fn checks(self) -> Vec<Check> {
        let check =
            |rule: &str, states: &str, faults| Check { rule: rule.to_owned(), states: states.to_owned(), faults };
        vec![
            check(
                "ISO/IEC 29500-1, 17.13.6",
                "Each bookmark has a name of its own, without regard to case.",
                self.bookmarks,
            ),
            check("ISO/IEC 29500-1, 17.4.17", "The cells of each row cover the columns of the grid.", self.spans),
            check("ISO/IEC 29500-1, 17.4.49", "Header rows are the first rows of their table.", self.headers),
            check("ISO/IEC 29500-1, 17.4.65", "Each cell ends with a paragraph.", self.ends),
            check("WCAG 2.2, 1.3.1", "Levels of headings grow by one at a time.", self.headings),
            check("ISO/IEC 29500-2, 6.5", "Nothing but a link leads outside of the file.", self.outside),
        ]
    }
}
