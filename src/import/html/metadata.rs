//! The data of a page: what its head says, and in our own editions what the control table
//! shows.

use super::{Reader, excerpt, spanned, tree};
use crate::ast::{Author, Licence, Metadata, Status};
use crate::diagnostic::Code;
use crate::language::Date;
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

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Reader<'_> {
    /// The front matter of a page.
    pub(super) fn metadata(&mut self, head: Option<&Element>, root: &Element, stem: &str) {
        let mut metadata = Metadata::default();
        let text = |name: &str| value(head, name).map(|text| spanned(words(text)));
        let first = |names: [&str; 2]| names.into_iter().find_map(text);
        metadata.reference = text("dcterms.identifier");
        metadata.date =
            first(["dcterms.issued", "dcterms.date"]).and_then(|date| Date::parse(date.value.get(..10)?)).map(spanned);
        let creators =
            [values(head, "dcterms.creator"), values(head, "author")].into_iter().find(|names| !names.is_empty());
        metadata.authors = creators
            .unwrap_or_default()
            .into_iter()
            .map(|name| Author { name: words(name), ..Author::default() })
            .collect();
        metadata.keywords = match values(head, "dcterms.subject").as_slice() {
            [] => value(head, "keywords")
                .unwrap_or_default()
                .split(',')
                .map(words)
                .filter(|word| !word.is_empty())
                .collect(),
            subjects => subjects.iter().map(|word| words(word)).collect(),
        };
        metadata.abstract_text = text("dcterms.abstract");
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
            .map(|title| words(&title.text()))
            .filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| stem.to_owned());
        self.losses.added.push(title.clone());
        self.metadata.title = Some(spanned(title));
    }

    /// What the head of our own editions shows.
    fn own_title(&mut self, root: &Element) {
        let Some(block) = root.find_by(&|element| element.has_class("title-block")) else { return };
        self.metadata.title = block.child("h1").map(|title| spanned(words(&title.text())));
        let subtitle = block.elements().find(|element| element.has_class("subtitle"));
        self.metadata.subtitle = subtitle.map(|subtitle| spanned(words(&subtitle.text())));
        for element in block.elements() {
            if !element.is("h1") && !element.has_class("subtitle") {
                self.losses.generated_lines(element);
            }
        }
        let Some(list) = block.find("dl") else { return };
        let mut term = String::new();
        for element in list.elements() {
            let text = words(&element.text());
            if element.is("dt") { term = text } else { self.control(&term, &text) }
        }
    }

    /// A row of the control table. What the head of the page says as well was read there.
    fn control(&mut self, term: &str, text: &str) {
        let labels = self.labels;
        let names: Vec<&str> = self.metadata.authors.iter().map(|author| author.name.as_str()).collect();
        let in_head = [labels.reference, labels.date, labels.marking, labels.imprint, labels.licence, labels.keywords];
        let is_author = [labels.author, labels.authors].contains(&term) && names.join(" ") == text;
        let text = text.to_owned();
        let metadata = &mut self.metadata;
        match term {
            term if term == labels.version => metadata.version = Some(spanned(text)),
            term if term == labels.distribution => metadata.distribution = Some(spanned(text)),
            term if term == labels.reason => metadata.reason = Some(spanned(text)),
            term if term == labels.status => {
                let statuses = [Status::Draft, Status::Review, Status::Final, Status::Withdrawn];
                let known = labels.statuses.iter().zip(statuses).find(|(name, _)| **name == text);
                metadata.status = known.map(|(_, status)| spanned(status));
            }
            _ if is_author || in_head.contains(&term) => {}
            _ => {
                let message = format!("of the document's data this is left out: {term}: {}", excerpt(&text));
                self.losses.add(Code::LeftOut, 0, message, Some("add it to the front matter"));
            }
        }
    }
}
