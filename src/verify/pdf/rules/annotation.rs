//! Links: they say where they lead, can be printed, and are part of the text.

use super::super::{name, text};
use super::{Rules, Standard, has_name};
use lopdf::{Dictionary, Object};

/// Invisible, hidden, not viewed, toggled (ISO 32000-1, table 165).
const HIDING: i64 = 0b1_0010_0011;
const PRINTED: i64 = 0b100;

/// Checks the annotations of all pages.
pub fn check(rules: &mut Rules) {
    let mut kinds = Vec::new();
    let mut flags = Vec::new();
    let mut silent = Vec::new();
    let mut loose = Vec::new();
    let mut order = Vec::new();
    for (number, page) in (1..).zip(rules.pages()) {
        let annotations = page.get(b"Annots").map_or(&[][..], |annotations| rules.array(annotations));
        if !annotations.is_empty() && !has_name(page, b"Tabs", "S") {
            order.push(format!("page {number}"));
        }
        for annotation in annotations.iter().filter_map(|annotation| rules.dictionary(annotation)) {
            let place = || format!("page {number}: {}", text(annotation, b"Contents").unwrap_or_default());
            if name(annotation, b"Subtype") != Some("Link") {
                kinds.push(place());
            }
            let set = annotation.get(b"F").and_then(Object::as_i64).unwrap_or_default();
            if set & HIDING != 0 || set & PRINTED == 0 {
                flags.push(place());
            }
            if text(annotation, b"Contents").is_none_or(|words| words.is_empty()) {
                silent.push(place());
            }
            if !annotation.has(b"StructParent") {
                loose.push(place());
            }
        }
    }
    loose.extend(strangers(rules));
    use Standard::{Accessible, Archival};
    rules.rule(Archival, "6.3.1-1", "All annotations are links.", kinds);
    rules.rule(Archival, "6.3.2-2", "Links are printed, and not hidden.", flags);
    rules.rule(Accessible, "7.18.3-1", "Links are reached in the order of the structure.", order);
    rules.rule(Accessible, "7.18.5-2", "Links say where they lead.", silent);
    rules.rule(Accessible, "7.18.5-1", "Links are part of a link element.", loose);
}

/// Structure elements that hold an annotation and are no links.
fn strangers(rules: &Rules) -> Vec<String> {
    let holds = |element: &Dictionary| {
        let kids = match element.get(b"K") {
            Ok(Object::Array(kids)) => kids.as_slice(),
            Ok(kid) => std::slice::from_ref(kid),
            Err(_) => &[],
        };
        kids.iter().any(|kid| kid.as_dict().is_ok_and(|kid| has_name(kid, b"Type", "OBJR")))
    };
    let elements = rules.dictionaries().filter(|element| element.has(b"S") && element.has(b"P") && holds(element));
    let other = elements.filter_map(|element| name(element, b"S")).filter(|kind| *kind != "Link");
    other.map(|kind| format!("a {kind} holds an annotation")).collect()
}
