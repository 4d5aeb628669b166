//! The data of a page: what its head says, and in our own editions what the control table
//! shows.

use super::block::is_heading;
use super::{Reader, excerpt, spanned, tree};
use crate::ast::{Author, Licence, Metadata};
use crate::diagnostic::Code;
use crate::import::control::{self, Line};
use crate::import::spaced;
use crate::import::{marks, print};
use crate::language::{Date, Language};
use tree::Element;

/// Whether a page is an edition of ours.
pub fn is_own(head: Option<&Element>) -> bool {
    value(head, "generator").is_some_and(|generator| generator.starts_with("Chancery "))
}

fn values<'e>(head: Option<&'e Element>, name: &str) -> Vec<&'e str> {
    let is = |element: &&Element| {
        element.is("meta") && element.get("name").is_some_and(|own| own.eq_ignore_ascii_case(name))
    };
    let found = head.into_iter().flat_map(Element::elements).filter(is);
    found.filter_map(|element| element.get("content")).filter(|content| !content.trim().is_empty()).collect()
}

fn value<'e>(head: Option<&'e Element>, name: &str) -> Option<&'e str> {
    values(head, name).first().copied()
}

impl<'a> Reader<'a> {
    /// The front matter of a page.
    pub(super) fn metadata(&mut self, head: Option<&Element>, root: &'a Element, stem: &str) {
        let mut metadata = Metadata::default();
        let text = |name: &str| value(head, name).map(|text| spanned(spaced(text)));
        let first = |names: [&str; 2]| names.into_iter().find_map(text);
        metadata.reference = text("dcterms.identifier");
        metadata.date =
            first(["dcterms.issued", "dcterms.date"]).and_then(|date| Date::parse(date.value.get(..10)?)).map(spanned);
        let creators =
            [values(head, "dcterms.creator"), values(head, "author")].into_iter().find(|names| !names.is_empty());
        metadata.authors = creators
            .unwrap_or_default()
            .into_iter()
            .map(|name| Author { name: spaced(name), ..Author::default() })
            .collect();
        metadata.keywords = match values(head, "dcterms.subject").as_slice() {
            [] => value(head, "keywords")
                .unwrap_or_default()
                .split(',')
                .map(spaced)
                .filter(|word| !word.is_empty())
                .collect(),
            subjects => subjects.iter().map(|word| spaced(word)).collect(),
        };
        metadata.abstract_text = value(head, "dcterms.abstract").map(|text| spanned(print::plain(&spaced(text))));
        metadata.imprint = text("dcterms.publisher");
        metadata.marking = text("dcterms.accessRights");
        metadata.licence = text("dcterms.rights").map(|name| {
            let url = value(head, "dcterms.license").map(str::to_owned);
            spanned(Licence { name: name.value, url })
        });
        self.metadata = metadata;
        if self.own { self.own_title(root) } else { self.title_of_page(head, root, stem) }
    }

    /// The title of any page: that of its head, unless its one first heading is the title.
    fn title_of_page(&mut self, head: Option<&Element>, root: &Element, stem: &str) {
        let mut firsts = Vec::new();
        root.all("h1", &mut firsts);
        if firsts.len() == 1 {
            return;
        }
        let title = head
            .and_then(|head| head.child("title"))
            .map(|title| spaced(&title.text()))
            .filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| stem.to_owned());
        self.losses.added.push(title.clone());
        self.metadata.title = Some(spanned(title));
    }

    /// Reads the visible header of our own editions.
    fn own_title(&mut self, root: &'a Element) {
        let Some(block) = root.find_by(&|element| element.has_class("title-block")) else { return };
        let holds_more = |element: &Element| ["a", "math", "img"].iter().any(|name| element.is(name));
        self.marked_title = block.child("h1").filter(|title| title.find_by(&holds_more).is_some());
        let plain = block.child("h1").filter(|_| self.marked_title.is_none());
        self.metadata.title = plain.map(|title| spanned(spaced(&title.text())));
        let subtitle = block.elements().find(|element| element.has_class("subtitle"));
        self.metadata.subtitle = subtitle.map(|subtitle| spanned(spaced(&subtitle.text())));
        for element in block.elements() {
            if !element.is("h1") && !element.has_class("subtitle") {
                self.losses.generated_lines(element);
            }
        }
        self.own_contents(root);
        self.own_summary(block);
        let list = block.elements().find(|element| element.has_class("control")).and_then(|control| control.find("dl"));
        let Some(list) = list else { return };
        let mut rows: Vec<(String, Vec<Line>)> = Vec::new();
        for element in list.elements() {
            match rows.last_mut().filter(|_| !element.is("dt")) {
                Some((_, lines)) => lines.push(line(element)),
                None => rows.push((spaced(&element.text()), Vec::new())),
            }
        }
        let language = Language::from_tag(self.lang.as_deref().unwrap_or("en"));
        for (term, lines) in rows {
            if !control::row(&mut self.metadata, &language, &term, &lines) {
                let words: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
                let message =
                    format!("of the document's data this is left out: {term}: {}", excerpt(&words.join(", ")));
                self.losses.add(Code::LeftOut, 0, message, Some("add it to the front matter"));
            }
        }
    }

    /// The contents right below the title, and whether headings have numbers.
    fn own_contents(&mut self, root: &'a Element) {
        let mut below = root.elements().skip_while(|element| !element.has_class("title-block")).skip(1);
        if let Some(nav) = below.next().filter(|element| element.is("nav") && element.has_class("contents")) {
            self.losses.generated_lines(nav);
            self.contents(nav);
            self.contents_above = Some(nav);
        }
        let is_numbered = |element: &Element| {
            is_heading(element)
                && element.elements().any(|part| part.has_class("number"))
                && !element.has_class("annex")
        };
        self.metadata.numbering.sections = root.find_by(&is_numbered).map(|_| true);
    }

    /// The summary above the text, whose paragraphs are Markdown in the front matter.
    fn own_summary(&mut self, block: &'a Element) {
        self.metadata.abstract_text = None;
        let Some(summary) = block.elements().find(|element| element.has_class("summary")) else { return };
        let paragraphs = summary.elements().filter(|element| element.is("p"));
        let paragraphs: Vec<&Element> = paragraphs.collect();
        let made = self.losses.generated.len();
        let lines = paragraphs.into_iter().map(|paragraph| {
            let mut bits = Vec::new();
            self.bits(&paragraph.children, &[], &mut bits);
            print::line(&marks::inlines(bits, 0))
        });
        let text = lines.collect::<Vec<_>>().join("\n\n");
        // The whole head was already recorded as generated, with the numbers of notes.
        let mut calls = Vec::new();
        summary.all("sup", &mut calls);
        for call in calls.into_iter().filter(|call| call.has_class("noteref")) {
            let made =
                self.losses.generated.iter().skip(made).position(|text| *text == call.text()).map(|at| made + at);
            made.into_iter().for_each(|at| drop(self.losses.generated.remove(at)));
        }
        self.metadata.abstract_text = Some(spanned(text));
    }
}

/// A line of a value in the table of document control.
fn line(element: &Element) -> Line {
    let mut links = Vec::new();
    element.all("a", &mut links);
    let addresses = links.iter().filter_map(|link| link.get("href").map(str::to_owned)).collect();
    Line { text: spaced(&element.text()), addresses }
}
