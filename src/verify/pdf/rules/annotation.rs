//! Links: they say where they lead, can be printed, and are part of the text.

use super::super::file::File;
use super::super::object::{Dictionary, Object};
use super::{Rules, Standard};

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
    let file = rules.file;
    for (number, page) in (1..).zip(file.pages.iter().filter_map(|page| file.page(page))) {
        let annotations = file.items(page, b"Annots");
        if !annotations.is_empty() && !page.is(b"Tabs", "S") {
            order.push(format!("page {number}"));
        }
        for annotation in annotations.iter().filter_map(|annotation| file.dictionary(annotation)) {
            let place = || format!("page {number}: {}", annotation.text(b"Contents").unwrap_or_default());
            if !annotation.is(b"Subtype", "Link") {
                kinds.push(place());
            }
            let set = annotation.integer(b"F").unwrap_or_default();
            if set & HIDING != 0 || set & PRINTED == 0 {
                flags.push(place());
            }
            if annotation.text(b"Contents").is_none_or(|words| words.is_empty()) {
                silent.push(place());
            }
            if !annotation.has(b"StructParent") {
                loose.push(place());
            }
        }
    }
    loose.extend(strangers(file));
    use Standard::{Accessible, Archival};
    rules.rule(Archival, "6.3.1-1", "All annotations are links.", kinds);
    rules.rule(Archival, "6.3.2-2", "Links are printed, and not hidden.", flags);
    rules.rule(Accessible, "7.18.3-1", "Links are reached in the order of the structure.", order);
    rules.rule(Accessible, "7.18.5-2", "Links say where they lead.", silent);
    rules.rule(Accessible, "7.18.5-1", "Links are part of a link element.", loose);
}

/// Structure elements that hold an annotation and are no links.
fn strangers(file: &File) -> Vec<String> {
    let holds = |element: &&Dictionary| {
        let kids = element.get(b"K").map_or(&[][..], |kids| kids.array().unwrap_or(std::slice::from_ref(kids)));
        kids.iter().filter_map(Object::dictionary).any(|kid| kid.is(b"Type", "OBJR"))
    };
    let elements = file.dictionaries().filter(|element| element.has(b"S") && element.has(b"P")).filter(holds);
    let other = elements.filter_map(|element| element.name(b"S")).filter(|kind| *kind != "Link");
    other.map(|kind| format!("a {kind} holds an annotation")).collect()
}
