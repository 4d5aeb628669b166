//! Notes of pages that say nothing of notes: a link and another that lead to one another.

use super::Reader;
use super::tree::Element;
use crate::diagnostic::Code;
use crate::import::loss::excerpt;
use std::collections::BTreeMap;

/// No more links are looked at that may be marks of notes.
const MARKS: usize = 20_000;

/// A link that is a place too.
struct Mark<'a> {
    target: &'a str,
    /// Its ancestors, outermost first.
    around: Vec<&'a Element>,
}

/// How many marks are in an element, by where that is kept.
type Held = BTreeMap<*const Element, usize>;

/// The name of a place that an element is.
fn place(element: &Element) -> Option<&str> {
    element.get("id").or_else(|| element.get("name"))
}

/// Whether a link to a place calls a note.
pub fn is(calls: &BTreeMap<String, String>, target: &str, link: &Element) -> bool {
    calls.get(target).is_some_and(|name| place(link) == Some(name))
}

impl<'a> Reader<'a> {
    /// Finds the notes of a text that word processors wrote: the first of two links that lead to
    /// one another calls the note in which the second stands.
    pub(super) fn find_notes(&mut self, root: &'a Element) {
        let mut marks: BTreeMap<&str, Mark> = BTreeMap::new();
        let mut order = Vec::new();
        collect(root, &mut Vec::new(), &mut marks, &mut order);
        let mut held: Held = BTreeMap::new();
        for element in marks.values().flat_map(|mark| &mark.around) {
            *held.entry(std::ptr::from_ref(*element)).or_default() += 1;
        }
        for name in order {
            let Some(call) = marks.get(name) else { continue };
            let Some(back) = marks.get(call.target).filter(|back| back.target == name) else { continue };
            if self.calls.contains_key(call.target) || self.calls.contains_key(name) {
                continue;
            }
            let Some(body) = body(call, back, &held) else { continue };
            self.calls.insert(call.target.to_owned(), name.to_owned());
            self.wanted.remove(call.target);
            self.wanted.remove(name);
            // Comments of an editor are written as notes are.
            if call.target.starts_with("cmnt") {
                self.comments.insert(body);
                continue;
            }
            self.notes.insert(call.target.to_owned(), body);
            self.note_order.push(call.target.to_owned());
        }
    }

    /// Whether a link leads from a note back to where it is called.
    pub(super) fn is_back(&self, link: &Element, target: Option<&str>) -> bool {
        let own = place(link).and_then(|name| self.calls.get(name));
        own.is_some() && own.map(String::as_str) == target
    }

    /// Whether the call of a note is in an element.
    pub(super) fn holds_call(&self, element: &Element) -> bool {
        let is_call = |link: &Element| {
            let target = link.get("href").and_then(|href| href.strip_prefix('#'));
            target.is_some_and(|target| is(&self.calls, target, link) || self.is_back(link, Some(target)))
        };
        element.find_by(&is_call).is_some()
    }

    /// Whether an element is the text of a note, which is imported at its reference.
    pub(super) fn is_note_body(&self, element: &Element) -> bool {
        self.bodies.contains(&std::ptr::from_ref(element))
    }

    /// Whether an element is a comment, which is no part of the text.
    pub(super) fn leaves_comment_out(&mut self, element: &Element) -> bool {
        if !self.comments.contains(&std::ptr::from_ref(element)) {
            return false;
        }
        let words = element.text();
        words.lines().for_each(|line| self.losses.generated(line));
        let message = format!("a comment is left out: “{}”", excerpt(&words));
        self.losses.add(Code::LeftOut, self.serial, message, None);
        true
    }
}

fn collect<'a>(
    parent: &'a Element,
    around: &mut Vec<&'a Element>,
    marks: &mut BTreeMap<&'a str, Mark<'a>>,
    order: &mut Vec<&'a str>,
) {
    around.push(parent);
    for element in parent.elements() {
        let target = element.get("href").and_then(|href| href.strip_prefix('#')).filter(|_| element.is("a"));
        if let (Some(name), Some(target)) = (place(element), target)
            && !marks.contains_key(name)
            && marks.len() < MARKS
        {
            marks.insert(name, Mark { target, around: around.clone() });
            order.push(name);
        }
        collect(element, around, marks, order);
    }
    around.pop();
}

/// The text of a note: the item or paragraph that has its mark, or what holds that and
/// no mark of another note.
fn body<'a>(call: &Mark<'a>, back: &Mark<'a>, held: &Held) -> Option<&'a Element> {
    let is_block = |element: &&Element| matches!(element.name.as_str(), "p" | "li" | "div" | "dd" | "td");
    let holds_call = |body: &Element| call.around.iter().any(|element| std::ptr::eq(*element, body));
    let at = back.around.iter().rposition(is_block)?;
    let inner = *back.around.get(at)?;
    let outer = at.checked_sub(1).and_then(|at| back.around.get(at)).filter(|outer| {
        let begins = outer.elements().next().is_some_and(|first| std::ptr::eq(first, inner));
        outer.is("div") && begins && held.get(&std::ptr::from_ref(**outer)) == Some(&1)
    });
    let body = outer.copied().unwrap_or(inner);
    (!holds_call(body)).then_some(body)
}
