//! Content streams: everything is marked, and nothing marked is left out of
//! the structure.

use super::super::file::{File, Page};
use super::super::object::{Dictionary, Object};
use super::{Rules, Standard};
use std::collections::{BTreeMap, BTreeSet};

/// Operators that paint (ISO 32000-1, annex A). Our files have no inline images.
const PAINTING: [&str; 15] = ["B", "B*", "Do", "F", "S", "TJ", "Tj", "b", "b*", "f", "f*", "s", "sh", "'", "\""];

/// The faults of all pages.
#[derive(Default)]
pub struct Found {
    unmarked: Vec<String>,
    nested: Vec<String>,
    orphans: Vec<String>,
    undefined: Vec<String>,
}

impl Found {
    /// Adds a page, counted from 1, that cannot be read to its end.
    pub fn damaged(&mut self, number: usize) {
        self.unmarked.push(format!("page {number} cannot be read"));
    }

    /// Adds the results.
    pub fn report(self, rules: &mut Rules) {
        use Standard::{Accessible, Archival, Structured};
        rules.rule(Accessible, "7.1-3", "Everything is content or an artifact.", self.unmarked);
        rules.rule(Accessible, "7.1-1", "Content and artifacts do not nest.", self.nested);
        rules.rule(Structured, "6.7.3.2-1", "All content has a place in the structure.", self.orphans);
        rules.rule(Archival, "6.2.11.8-1", "No code is shown that has no glyph.", self.undefined);
    }
}

/// The way through a page.
pub struct Walk<'a> {
    file: &'a File<'a>,
    /// Counted from 1.
    number: usize,
    /// The elements of the structure by the ids of their marks.
    parents: &'a [Object<'a>],
    open: Vec<Mark>,
    found: &'a mut Found,
}

impl<'a> Walk<'a> {
    /// Begins a page, the one with a number from 1 on.
    pub fn new(
        file: &'a File<'a>,
        page: &Page,
        number: usize,
        parents: &Parents<'a>,
        found: &'a mut Found,
    ) -> Walk<'a> {
        let key = file.page(page).and_then(|page| page.integer(b"StructParents"));
        let parents = key.and_then(|key| parents.get(&key)).copied().unwrap_or_default();
        Walk { file, number, parents, open: Vec::new(), found }
    }

    /// Reads the next operator.
    pub fn operation(&mut self, operator: &str, operands: &[Object]) {
        let number = self.number;
        match operator {
            "BDC" | "BMC" => self.begin(Mark::from_operands(operands)),
            "EMC" => drop(self.open.pop()),
            painting if PAINTING.contains(&painting) && self.open.iter().all(|mark| *mark == Mark::Other) => {
                self.found.unmarked.push(format!("page {number}, operator {painting}"));
            }
            "Tj" | "TJ" => {
                let mut strings = operands.iter().flat_map(Object::strings);
                if strings.any(|string| string.chunks(2).any(|code| code == [0, 0])) {
                    self.found.undefined.push(format!("page {number}"));
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, mark: Mark) {
        let number = self.number;
        let inside = |wanted: fn(&Mark) -> bool| self.open.iter().any(wanted);
        match mark {
            Mark::Artifact if inside(|mark| matches!(mark, Mark::Content(_))) => {
                self.found.nested.push(format!("page {number} has an artifact inside of content"));
            }
            Mark::Content(_) if inside(|mark| *mark == Mark::Artifact) => {
                self.found.nested.push(format!("page {number} has content inside of an artifact"));
            }
            Mark::Content(id) => {
                let parent = usize::try_from(id).ok().and_then(|id| self.parents.get(id));
                if parent.is_none_or(|parent| self.file.dictionary(parent).is_none()) {
                    self.found.orphans.push(format!("page {number}, mark {id}"));
                }
            }
            Mark::Artifact | Mark::Other => {}
        }
        self.open.push(mark);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Artifact,
    /// Content with its id.
    Content(i64),
    Other,
}

impl Mark {
    fn from_operands(operands: &[Object]) -> Mark {
        let id = operands.get(1).and_then(|properties| properties.dictionary()?.integer(b"MCID"));
        match (operands.first().and_then(Object::name), id) {
            (Some(b"Artifact"), _) => Mark::Artifact,
            (_, Some(id)) => Mark::Content(id),
            _ => Mark::Other,
        }
    }
}

/// The parent tree's arrays by key (ISO 32000-1, 14.7.4.4).
pub type Parents<'a> = BTreeMap<i64, &'a [Object<'a>]>;

/// Reads the parent tree.
pub fn parents<'a>(file: &'a File<'a>) -> Parents<'a> {
    let root = file.structure().and_then(|tree| file.inner(tree, b"ParentTree"));
    let mut numbers = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut nodes: Vec<&Dictionary> = root.into_iter().collect();
    while let Some(node) = nodes.pop() {
        if !seen.insert(std::ptr::from_ref(node)) {
            continue;
        }
        for pair in file.items(node, b"Nums").chunks_exact(2) {
            if let [key, value] = pair
                && let Some(key) = key.integer()
            {
                numbers.insert(key, file.array(value));
            }
        }
        nodes.extend(file.items(node, b"Kids").iter().filter_map(|kid| file.dictionary(kid)));
    }
    numbers
}
