//! Content streams: everything is marked, and nothing marked is left out of
//! the structure.

use super::{Rules, Standard};
use lopdf::content::Content;
use lopdf::{Dictionary, Object, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

/// Operators that paint (ISO 32000-1, annex A).
const PAINTING: [&str; 18] =
    ["B", "B*", "BI", "Do", "F", "S", "TJ", "Tj", "b", "b*", "f", "f*", "s", "sh", "'", "\"", "EI", "ID"];

/// Checks the content streams of all pages.
pub fn check(rules: &mut Rules) {
    let mut unmarked = Vec::new();
    let mut nested = Vec::new();
    let mut orphans = Vec::new();
    let mut undefined = Vec::new();
    let parents = parents(rules);
    for (number, id) in (1..).zip(rules.document.page_iter().collect::<Vec<ObjectId>>()) {
        let Ok(content) = Content::decode(&rules.document.get_page_content(id)) else {
            unmarked.push(format!("page {number} cannot be read"));
            continue;
        };
        let page = rules.document.get_dictionary(id).ok();
        let key = page.and_then(|page| page.get(b"StructParents").ok()?.as_i64().ok());
        let parents = key.and_then(|key| parents.get(&key));
        let mut open: Vec<Mark> = Vec::new();
        for operation in &content.operations {
            match operation.operator.as_str() {
                "BDC" | "BMC" => {
                    let mark = Mark::of(&operation.operands);
                    let inside = |wanted: fn(&Mark) -> bool| open.iter().any(wanted);
                    match mark {
                        Mark::Artifact if inside(|mark| matches!(mark, Mark::Content(_))) => {
                            nested.push(format!("page {number} has an artifact inside of content"));
                        }
                        Mark::Content(_) if inside(|mark| *mark == Mark::Artifact) => {
                            nested.push(format!("page {number} has content inside of an artifact"));
                        }
                        Mark::Content(id) => {
                            let parent = usize::try_from(id).ok().and_then(|id| parents?.get(id));
                            if parent.is_none_or(|parent| rules.dictionary(parent).is_none()) {
                                orphans.push(format!("page {number}, mark {id}"));
                            }
                        }
                        Mark::Artifact | Mark::Other => {}
                    }
                    open.push(mark);
                }
                "EMC" => drop(open.pop()),
                painting if PAINTING.contains(&painting) && open.iter().all(|mark| *mark == Mark::Other) => {
                    unmarked.push(format!("page {number}, operator {painting}"));
                }
                "Tj" | "TJ" => {
                    let shown = operation.operands.iter().flat_map(|operand| match operand {
                        Object::Array(items) => items.as_slice(),
                        other => std::slice::from_ref(other),
                    });
                    let mut strings = shown.filter_map(|item| item.as_str().ok());
                    if strings.any(|string| string.chunks(2).any(|code| code == [0, 0])) {
                        undefined.push(format!("page {number}"));
                    }
                }
                _ => {}
            }
        }
    }
    use Standard::{Accessible, Archival, Structured};
    rules.rule(Accessible, "7.1-3", "Everything is content or an artifact.", unmarked);
    rules.rule(Accessible, "7.1-1", "Content and artifacts do not nest.", nested);
    rules.rule(Structured, "6.7.3.2-1", "All content has a place in the structure.", orphans);
    rules.rule(Archival, "6.2.11.8-1", "No code is shown that has no glyph.", undefined);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Artifact,
    /// With its id.
    Content(i64),
    Other,
}

impl Mark {
    fn of(operands: &[Object]) -> Mark {
        let properties = operands.get(1).and_then(|properties| properties.as_dict().ok());
        let id = properties.and_then(|properties| properties.get(b"MCID").ok()?.as_i64().ok());
        match (operands.first().and_then(|name| name.as_name().ok()), id) {
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
