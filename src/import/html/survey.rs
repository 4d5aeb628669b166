//! A survey of a page before it is read: its notes, the labels of its elements, and the targets of
//! its links.

use super::Reader;
use super::tree::Element;
use crate::import::spaced;
use crate::language::fill;
use std::collections::BTreeSet;

/// The long forms that a text explains, at the first use of what is defined: the author's own
/// abbreviations stand without them.
pub fn explained(root: &Element) -> BTreeSet<String> {
    let mut short = Vec::new();
    root.all("abbr", &mut short);
    let text = spaced(&root.text()).to_lowercase();
    let forms = short.iter().filter_map(|element| element.get("title")).map(str::to_lowercase);
    let forms: BTreeSet<String> = forms.collect();
    forms.into_iter().filter(|form| text.contains(form.as_str())).collect()
}

impl<'a> Reader<'a> {
    /// Looks through the text.
    pub(super) fn survey(&mut self, root: &'a Element) {
        let is_notes = |element: &Element| {
            element.get("role") == Some("doc-endnotes")
                || element.has_class("footnotes")
                || element.has_class("endnotes")
        };
        self.walk(root, false, &is_notes);
    }

    fn walk(&mut self, parent: &'a Element, in_notes: bool, is_notes: &dyn Fn(&Element) -> bool) {
        for element in parent.elements() {
            let in_notes = in_notes || is_notes(element);
            let is_note = matches!(element.get("role"), Some("doc-footnote" | "doc-endnote"));
            if let Some(id) = element.get("id") {
                if is_note || in_notes && element.is("li") {
                    self.notes.insert(id.to_owned(), element);
                    self.note_order.push(id.to_owned());
                }
                if let Some(called) = self.called(element) {
                    self.called.insert(id.to_owned(), called);
                }
            }
            let place = element.get("href").and_then(|href| href.strip_prefix('#'));
            self.wanted.extend(place.map(str::to_owned));
            // Generated lists link to everything, so they do not count.
            if !(self.own && element.has_class("listing")) {
                self.walk(element, in_notes, is_notes);
            }
        }
    }

    /// The label of an element in references of our editions.
    fn called(&self, element: &Element) -> Option<String> {
        if !self.own {
            return None;
        }
        let label = element.find_by(&|part| part.has_class("label") || part.has_class("number"));
        let words = |element: &Element| spaced(&element.text());
        match element.name.as_str() {
            "figure" | "table" => {
                let caption = element.child("figcaption").or_else(|| element.child("caption"))?;
                let label = words(caption.find_by(&|part| part.has_class("label"))?);
                Some(label.trim_end_matches([':', '.', ' ', '\u{a0}']).to_owned())
            }
            "div" if element.has_class("equation") => element.get("aria-label").map(str::to_owned),
            "section" | "div" if element.has_class("panel") => {
                let label = words(element.elements().next()?.find_by(&|part| part.has_class("label"))?);
                Some(label.trim_end_matches([':', '.', ' ', '\u{a0}']).to_owned())
            }
            "section" => {
                let heading = element.elements().next().filter(|heading| heading.name.starts_with('h'))?;
                let number = heading.elements().find(|part| part.has_class("number")).or(label.filter(|_| false));
                match number.map(words) {
                    Some(number) if element.has_class("annex") => Some(number),
                    Some(number) => Some(fill(self.labels.section_numbered, &[&number])),
                    None => {
                        let [open, close, ..] = self.labels.quotes;
                        Some(format!("{open}{}{close}", words(heading)))
                    }
                }
            }
            _ => None,
        }
    }
}
