//! The contents of an e-book, against the outline of its document.

use super::Element;
use crate::resolve::{OutlineEntry, Resolved, xml_name};
use quick_xml::Reader as XmlReader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use std::fmt;

/// An entry: its depth, the id that it leads to, and its text.
#[derive(Debug, Default, PartialEq, Eq)]
struct Entry {
    depth: usize,
    id: String,
    words: String,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}”, which leads to `{}` at level {}", spaced(&self.words), self.id, self.depth)
    }
}

/// Where the contents are not those of the document: its title, then its headings in order.
pub fn faults(page: &str, document: &Resolved) -> Vec<String> {
    let mut wanted = Vec::new();
    document.outline.iter().for_each(|section| outline(section, 1, &mut wanted));
    let mut found = read(page).into_iter();
    let title = found.next().map(|title| spaced(&title.words));
    let mut faults = Vec::new();
    if title != Some(spaced(&document.title_text)) {
        faults.push("they do not begin with the title".to_owned());
    }
    let mut wanted = wanted.into_iter();
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return faults,
            (Some(wanted), Some(found)) if wanted == found => {}
            (Some(wanted), Some(found)) => faults.push(format!("there is {found}, and not {wanted}")),
            (Some(wanted), None) => faults.push(format!("there is no {wanted}")),
            (None, Some(found)) => faults.push(format!("there is {found}, and no heading for it")),
        }
    }
}

fn outline(section: &OutlineEntry, depth: usize, entries: &mut Vec<Entry>) {
    let words = spaced(&format!("{} {}", section.number.as_deref().unwrap_or_default(), section.title.plain_text()));
    // A link must say something.
    let words = if words.is_empty() { section.id.clone() } else { words };
    entries.push(Entry { depth, id: xml_name(&section.id).into_owned(), words });
    section.children.iter().for_each(|child| outline(child, depth + 1, entries));
}

/// The entries of the contents of a page; what is no XML ends them.
fn read(page: &str) -> Vec<Entry> {
    let mut reader = XmlReader::from_str(page);
    let (mut entries, mut open): (Vec<Entry>, Option<Entry>) = (Vec::new(), None);
    let (mut in_contents, mut depth) = (false, 0_usize);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) => {
                let element = Element::from_start(&start);
                match element.name.as_str() {
                    "nav" => in_contents = element.get("epub:type") == Some("toc"),
                    "ol" => depth += 1,
                    "a" if in_contents => {
                        let address = element.get("href").unwrap_or_default();
                        let id = address.split_once('#').map_or(address, |(_, id)| id).to_owned();
                        open = Some(Entry { depth, id, words: String::new() });
                    }
                    _ => {}
                }
            }
            Event::Text(text) => {
                if let Some(entry) = &mut open {
                    entry.words.push_str(&text);
                }
            }
            Event::GeneralRef(name) => {
                if let (Some(entry), Ok(sign)) = (&mut open, unescape(&format!("&{};", &*name))) {
                    entry.words.push_str(&sign);
                }
            }
            Event::End(end) => match end.name().into_inner() {
                "ol" => depth = depth.saturating_sub(1),
                "a" => entries.extend(open.take().map(|entry| Entry { words: spaced(&entry.words), ..entry })),
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    entries
}

/// Words with one space between them.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
