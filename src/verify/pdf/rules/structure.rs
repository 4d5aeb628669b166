//! The structure tree: which element may be in which, headings, tables, alternative texts.

use super::super::file::File;
use super::super::object::{Dictionary, Object};
use super::super::{DEEPEST, kids};
use super::{Rules, Standard};
use std::collections::{BTreeMap, BTreeSet};

/// Elements with the parents they may have (ISO 32000-1, tables 336 to 338).
const PARENTS: [(&str, &[&str]); 10] = [
    ("LI", &["L"]),
    ("Lbl", &["LI", "Note", "Reference", "BibEntry", "TOCI"]),
    ("LBody", &["LI"]),
    ("TR", &["Table", "THead", "TBody", "TFoot"]),
    ("TH", &["TR"]),
    ("TD", &["TR"]),
    ("THead", &["Table"]),
    ("TBody", &["Table"]),
    ("TFoot", &["Table"]),
    ("TOCI", &["TOC"]),
];

/// Elements with the only kids they may have (ISO 32000-1, tables 335 to 338).
const KIDS: [(&str, &[&str]); 7] = [
    ("L", &["L", "LI", "Caption"]),
    ("LI", &["Lbl", "LBody"]),
    ("Table", &["TR", "THead", "TBody", "TFoot", "Caption"]),
    ("THead", &["TR"]),
    ("TBody", &["TR"]),
    ("TR", &["TH", "TD"]),
    ("TOC", &["TOC", "TOCI", "Caption"]),
];

/// The standard structure types (ISO 32000-1, 14.8.4).
const TYPES: [&str; 48] = [
    "Document",
    "Part",
    "Art",
    "Sect",
    "Div",
    "BlockQuote",
    "Caption",
    "TOC",
    "TOCI",
    "Index",
    "NonStruct",
    "Private",
    "P",
    "H",
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "L",
    "LI",
    "Lbl",
    "LBody",
    "Table",
    "TR",
    "TH",
    "TD",
    "THead",
    "TBody",
    "TFoot",
    "Span",
    "Quote",
    "Note",
    "Reference",
    "BibEntry",
    "Code",
    "Link",
    "Annot",
    "Ruby",
    "RB",
    "RT",
    "RP",
    "Warichu",
    "WT",
    "WP",
    "Figure",
    "Formula",
];

/// Checks the structure tree.
pub fn check(rules: &mut Rules) {
    let file = rules.file;
    let mut walk = Walk::default();
    if let Some(tree) = file.structure() {
        walk.roles = roles(file, tree);
        walk.kids(file, tree, "StructTreeRoot", 0);
    }
    use Standard::{Accessible, Structured};
    rules.rule(Structured, "6.7.3.4-1", "All structure types are standard ones.", walk.types.clone());
    rules.rule(Accessible, "7.1-5", "All structure types are standard ones.", walk.types);
    rules.rule(Accessible, "7.2-10", "Elements stand in the elements they belong to.", walk.nesting);
    rules.rule(Accessible, "7.3-1", "Figures have an alternative text.", walk.figures);
    rules.rule(Accessible, "7.4.2-1", "Headings skip no level.", walk.headings);
    rules.rule(Accessible, "7.5-1", "Header cells say what they head.", walk.headers);
    rules.rule(Accessible, "7.2-14", "A table with a head or a foot has a body.", walk.bodies);
    rules.rule(Accessible, "7.2-15", "Rows are equally wide, and cells do not overlap.", walk.grids);
    rules.rule(Accessible, "7.9-1", "Notes have an identifier of their own.", walk.notes);
}

/// The standard types that other types stand for.
fn roles(file: &File, tree: &Dictionary) -> BTreeMap<String, String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let roles = file.inner(tree, b"RoleMap").into_iter().flat_map(|map| &map.0);
    roles.filter_map(|(name, kind)| Some((text(name), text(kind.name()?)))).collect()
}

/// State of walking through the tree.
#[derive(Default)]
struct Walk {
    types: Vec<String>,
    nesting: Vec<String>,
    figures: Vec<String>,
    headings: Vec<String>,
    headers: Vec<String>,
    grids: Vec<String>,
    bodies: Vec<String>,
    notes: Vec<String>,
    /// Level of the heading before.
    level: u32,
    note_ids: BTreeSet<Vec<u8>>,
    /// Standard types by those that stand for them.
    roles: BTreeMap<String, String>,
}

impl Walk {
    fn kids(&mut self, file: &File, element: &Dictionary, kind: &str, depth: usize) {
        if depth > DEEPEST {
            self.nesting.push("elements nest too deeply".to_owned());
            return;
        }
        for kid in kids(file, element) {
            let Some(kid) = file.dictionary(kid).filter(|kid| kid.has(b"S")) else { continue };
            self.element(file, kid, kind, depth);
        }
    }

    fn element(&mut self, file: &File, element: &Dictionary, parent: &str, depth: usize) {
        let kind = element.name(b"S").unwrap_or_default();
        let kind = self.roles.get(kind).map_or(kind, String::as_str).to_owned();
        let kind = kind.as_str();
        if !TYPES.contains(&kind) {
            self.types.push(kind.to_owned());
        }
        let allowed = |table: &[(&str, &[&str])], inner: &str, outer: &str| {
            table.iter().find(|(name, _)| *name == inner).is_none_or(|(_, others)| others.contains(&outer))
        };
        if !allowed(&PARENTS, kind, parent) || !allowed(&KIDS, parent, kind) {
            self.nesting.push(format!("{kind} in {parent}"));
        }
        match kind {
            "Figure" | "Formula"
                if element.text(b"Alt").or_else(|| element.text(b"ActualText")).is_none_or(|alt| alt.is_empty()) =>
            {
                self.figures.push(format!("a {} has none", kind.to_lowercase()));
            }
            "TH" if attribute(element, b"Scope").is_none() && attribute(element, b"Headers").is_none() => {
                self.headers.push("a header cell does not".to_owned());
            }
            "Table" => {
                self.grids.extend(misfit(file, element));
                let parts: BTreeSet<&str> =
                    kids(file, element).iter().filter_map(|kid| file.dictionary(kid)?.name(b"S")).collect();
                if (parts.contains("THead") || parts.contains("TFoot")) && !parts.contains("TBody") {
                    self.bodies.push("a table has none".to_owned());
                }
            }
            "Note" => {
                let id = element.get(b"ID").and_then(Object::string).unwrap_or_default();
                if id.is_empty() || !self.note_ids.insert(id.to_vec()) {
                    self.notes.push(format!("“{}” is missing or used twice", String::from_utf8_lossy(id)));
                }
            }
            _ => {}
        }
        if let Some(level) = kind.strip_prefix('H').and_then(|level| level.parse::<u32>().ok()) {
            if level > self.level + 1 {
                self.headings.push(format!("{kind} follows level {}", self.level));
            }
            self.level = level;
        }
        self.kids(file, element, kind, depth + 1);
    }
}

fn attribute<'a>(element: &'a Dictionary<'a>, key: &[u8]) -> Option<&'a Object<'a>> {
    element.get(b"A")?.dictionary()?.get(key)
}

/// The fault of a table's grid.
fn misfit(file: &File, table: &Dictionary) -> Option<String> {
    let mut rows = Vec::new();
    for part in kids(file, table) {
        let Some(part) = file.dictionary(part) else { continue };
        match part.name(b"S") {
            Some("TR") => rows.push(part),
            Some("THead" | "TBody" | "TFoot") => {
                rows.extend(kids(file, part).iter().filter_map(|row| file.dictionary(row)));
            }
            _ => {}
        }
    }
    // Occupied columns by row.
    let mut taken: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (row, element) in rows.iter().enumerate() {
        let mut column = 0;
        for cell in kids(file, element) {
            let Some(cell) = file.dictionary(cell) else { continue };
            let span = |key: &[u8]| {
                let span = attribute(cell, key).and_then(|span| span.integer()).unwrap_or(1);
                usize::try_from(span).unwrap_or(1).max(1)
            };
            while taken.get(&row).is_some_and(|columns| columns.contains(&column)) {
                column += 1;
            }
            for row in row..row + span(b"RowSpan") {
                for column in column..column + span(b"ColSpan") {
                    if !taken.entry(row).or_default().insert(column) {
                        return Some(format!("cells overlap in row {}", row + 1));
                    }
                }
            }
        }
    }
    let width = taken.values().next().map_or(0, BTreeSet::len);
    let other = taken.iter().find(|(_, columns)| columns.len() != width);
    if let Some((row, columns)) = other {
        return Some(format!("row {} has {} columns and not {width}", row + 1, columns.len()));
    }
    (taken.len() != rows.len()).then(|| "a cell reaches out of the table".to_owned())
}
