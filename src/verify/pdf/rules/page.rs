//! Content streams: everything is marked, and nothing marked is left out of
//! the structure.

use super::super::content::{self, Operand};
use super::super::file::Page;
use super::{Rules, Standard};
use lopdf::{Dictionary, Object};
use std::collections::{BTreeMap, BTreeSet};

/// Operators that paint (ISO 32000-1, annex A). Our files have no inline images.
const PAINTING: [&str; 15] = ["B", "B*", "Do", "F", "S", "TJ", "Tj", "b", "b*", "f", "f*", "s", "sh", "'", "\""];

/// Checks the content streams of all pages.
pub fn check(rules: &mut Rules, pages: &[Page]) {
    let parents = parents(rules);
    let mut found = Found::default();
    for (number, page) in (1..).zip(pages) {
        let dictionary = rules.document.get_dictionary(page.id).ok();
        let key = dictionary.and_then(|page| page.get(b"StructParents").ok()?.as_i64().ok());
        let parents = key.and_then(|key| parents.get(&key)).copied().unwrap_or_default();
        let mut walk = Walk { rules, number, parents, open: Vec::new(), found: &mut found };
        if content::read(&page.content, |operator, operands| walk.operation(operator, operands)).is_none() {
            found.unmarked.push(format!("page {number} cannot be read"));
        }
    }
    use Standard::{Accessible, Archival, Structured};
    rules.rule(Accessible, "7.1-3", "Everything is content or an artifact.", found.unmarked);
    rules.rule(Accessible, "7.1-1", "Content and artifacts do not nest.", found.nested);
    rules.rule(Structured, "6.7.3.2-1", "All content has a place in the structure.", found.orphans);
    rules.rule(Archival, "6.2.11.8-1", "No code is shown that has no glyph.", found.undefined);
}

/// The faults of all pages.
#[derive(Default)]
struct Found {
    unmarked: Vec<String>,
    nested: Vec<String>,
    orphans: Vec<String>,
    undefined: Vec<String>,
}

/// The way through a page.
struct Walk<'a, 'b> {
    rules: &'b Rules<'a>,
    /// Counted from 1.
    number: usize,
    /// The elements of the structure by the ids of their marks.
    parents: &'a [Object],
    open: Vec<Mark>,
    found: &'b mut Found,
}

impl Walk<'_, '_> {
    fn operation(&mut self, operator: &str, operands: &[Operand]) {
        let number = self.number;
        match operator {
            "BDC" | "BMC" => self.begin(Mark::of(operands)),
            "EMC" => drop(self.open.pop()),
            painting if PAINTING.contains(&painting) && self.open.iter().all(|mark| *mark == Mark::Other) => {
                self.found.unmarked.push(format!("page {number}, operator {painting}"));
            }
            "Tj" | "TJ" => {
                let mut strings = operands.iter().flat_map(Operand::strings);
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
                if parent.is_none_or(|parent| self.rules.dictionary(parent).is_none()) {
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
    /// With its id.
    Content(i64),
    Other,
}

impl Mark {
    fn of(operands: &[Operand]) -> Mark {
        let id = operands.get(1).and_then(|properties| properties.entry(b"MCID")?.integer());
        match (operands.first().and_then(Operand::name), id) {
            (Some(b"Artifact"), _) => Mark::Artifact,
            (_, Some(id)) => Mark::Content(id),
            _ => Mark::Other,
        }
    }
}

/// The parent tree's arrays by key (ISO 32000-1, 14.7.4.4).
fn parents<'a>(rules: &Rules<'a>) -> BTreeMap<i64, &'a [Object]> {
    let tree = rules.catalog().and_then(|catalog| rules.dictionary(catalog.get(b"StructTreeRoot").ok()?));
    let root = tree.and_then(|tree| rules.dictionary(tree.get(b"ParentTree").ok()?));
    let mut numbers = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut nodes: Vec<&Dictionary> = root.into_iter().collect();
    while let Some(node) = nodes.pop() {
        if !seen.insert(std::ptr::from_ref(node)) {
            continue;
        }
        for pair in node.get(b"Nums").map_or(&[][..], |numbers| rules.array(numbers)).chunks_exact(2) {
            if let [key, value] = pair
                && let Ok(key) = key.as_i64()
            {
                numbers.insert(key, rules.array(value));
            }
        }
        let kids = node.get(b"Kids").map_or(&[][..], |kids| rules.array(kids));
        nodes.extend(kids.iter().filter_map(|kid| rules.dictionary(kid)));
    }
    numbers
}
