//! Rules for HTML, DocBook and text editions that a program can check from the file alone.

use super::Check;
use super::html::lossy;
use crate::resolve::is_xml_name;
use html5gum::StartTag;
use quick_xml::events::BytesStart;
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr;

/// Columns of a line of text (RFC 7994, 4.3).
const COLUMNS: usize = 72;

/// Attributes with addresses that a reader follows or loads, and with pages that it shows.
const ADDRESSES: [&str; 6] = ["href", "src", "action", "formaction", "xlink:href", "srcdoc"];

/// Rules of a page of HTML, tag by tag: HTML Living Standard and WCAG 2.2.
#[derive(Default)]
pub struct HtmlRules {
    ids: BTreeSet<String>,
    twice: Vec<String>,
    addresses: Vec<String>,
    unnamed: Vec<String>,
    active: Vec<String>,
    headings: Vec<String>,
    /// Level of the heading before.
    level: u8,
    has_language: bool,
    titled: bool,
    landmarks: usize,
}

impl HtmlRules {
    /// A tag starts an element.
    pub fn start(&mut self, tag: &StartTag<()>) {
        for (name, value) in &tag.attributes {
            let (name, value) = (lossy(name), lossy(value));
            match &*name {
                "id" if self.ids.contains(&*value) => self.twice.push(value.to_string()),
                "id" => drop(self.ids.insert(value.to_string())),
                "href" => self.addresses.extend(value.strip_prefix('#').map(str::to_owned)),
                "lang" if &**tag.name == b"html" => self.has_language = !value.is_empty(),
                _ => {}
            }
            // Only what a reader follows or loads counts, not words that look like it.
            if ADDRESSES.contains(&&*name) && runs(&name, &value) {
                self.active.push(value.into_owned());
            } else if name.starts_with("on") {
                self.active.push(name.into_owned());
            }
        }
        match tag.name.as_slice() {
            b"title" => self.titled = true,
            b"main" => self.landmarks += 1,
            b"script" => self.active.push("script".to_owned()),
            b"img" if !tag.attributes.contains_key(b"alt".as_slice()) => {
                let source = tag.attributes.get(b"src".as_slice());
                self.unnamed.push(source.map(|source| lossy(source).into_owned()).unwrap_or_default());
            }
            [b'h', level @ b'1'..=b'9'] => {
                let level = level - b'0';
                if level > self.level + 1 {
                    self.headings.push(format!("h{level} follows h{}", self.level));
                }
                self.level = level;
            }
            _ => {}
        }
    }

    /// The results, when all tags were read.
    pub fn finish(self) -> Vec<Check> {
        let HtmlRules { ids, addresses, .. } = self;
        let nowhere = addresses.into_iter().filter(|id| !ids.contains(id)).map(|id| format!("#{id}")).collect();
        vec![
            rule("HTML 3.2.6.1, WCAG 3.1.1", "The language of the page is named.", holds(self.has_language)),
            rule("WCAG 2.4.2", "The page has a title.", holds(self.titled)),
            rule("WCAG 1.3.1", "There is one main part.", holds(self.landmarks == 1)),
            rule("WCAG 1.3.1, 2.4.6", "Headings skip no level.", self.headings),
            rule("WCAG 1.1.1", "Pictures have an alternative text.", self.unnamed),
            rule("HTML 3.2.6", "Identifiers are given once.", self.twice),
            rule("HTML 7.4.2.3.3", "Links within the page lead somewhere.", nowhere),
            rule("Sealed", "Nothing in the page is a program.", self.active),
        ]
    }
}

/// Whether an address runs code when it is followed or loaded (URL Standard, 4.4: tabs and
/// line ends in it do not count). Pictures are put in as `data:` addresses.
fn runs(attribute: &str, address: &str) -> bool {
    let ignored = |c: &char| !c.is_whitespace() && !c.is_control();
    let address: String = address.chars().filter(ignored).flat_map(char::to_lowercase).collect();
    let is_picture = attribute == "src" && address.starts_with("data:image/");
    let schemes = ["javascript:", "vbscript:", "data:"];
    attribute == "srcdoc" || (!is_picture && schemes.iter().any(|scheme| address.starts_with(scheme)))
}

/// Rules of a DocBook article that its grammar leaves to the processor, element by element.
#[derive(Default)]
pub struct DocbookRules {
    ids: BTreeSet<String>,
    twice: Vec<String>,
    links: Vec<String>,
    names: Vec<String>,
    addresses: Vec<String>,
    broken: Vec<String>,
}

impl DocbookRules {
    /// An element starts.
    pub fn start(&mut self, element: &BytesStart) {
        for attribute in element.attributes().flatten() {
            let value = &attribute.value;
            match attribute.key.as_ref() {
                "xml:id" => {
                    if !is_xml_name(value) {
                        self.names.push(value.to_string());
                    }
                    if !self.ids.insert(value.to_string()) {
                        self.twice.push(value.to_string());
                    }
                }
                "linkend" => self.links.push(value.to_string()),
                "xlink:href" if !is_uri(value) => self.addresses.push(value.to_string()),
                _ => {}
            }
        }
    }

    /// The file is no XML from here on.
    pub fn broken(&mut self, reason: String) {
        self.broken.push(reason);
    }

    /// The results, when all elements were read.
    pub fn finish(mut self) -> Vec<Check> {
        self.links.retain(|id| !self.ids.contains(id));
        vec![
            rule("XML 1.0, 2.1", "The file is well-formed.", self.broken),
            rule("xml:id, 4", "Identifiers are given once.", self.twice),
            rule("xml:id, 4", "Identifiers are names to every reader of XML.", self.names),
            rule("RFC 3986", "Addresses are URIs.", self.addresses),
            rule("DocBook 5.2, linkend", "Links within the document lead somewhere.", self.links),
        ]
    }
}

/// Whether an address is a URI, but for letters of other scripts (RFC 3986 and
/// 3987).
fn is_uri(address: &str) -> bool {
    let (place, fragment) = address.split_once('#').unwrap_or((address, ""));
    let escapes = address
        .split('%')
        .skip(1)
        .all(|escape| escape.get(..2).is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit())));
    let first = place.split(['/', '?']).next().unwrap_or_default();
    let behind = match first.split_once(':') {
        None => place,
        Some((scheme, _)) if scheme.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            place.get(scheme.len() + 1..).unwrap_or_default()
        }
        Some(_) => return false,
    };
    let names_place = !behind.is_empty() || place.is_empty();
    let brackets = behind.matches('[').count();
    escapes && names_place && behind != "//" && !fragment.contains('#') && (brackets == 0 || behind.starts_with("//["))
}

/// Rules of plain text: RFC 7994, as far as it is about characters.
pub fn text(edition: &[u8]) -> Vec<Check> {
    let (text, encoding) = match std::str::from_utf8(edition) {
        Ok(text) => (text.into(), Vec::new()),
        Err(error) => (String::from_utf8_lossy(edition), vec![error.to_string()]),
    };
    let mut wide = Vec::new();
    let mut blanks = Vec::new();
    let mut controls = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        // An address is not broken, or it could not be followed.
        let is_address = || line.split_whitespace().count() <= 2 && line.contains(['/', '.', ':', '@']);
        // No sign has more columns than bytes.
        if line.len() > COLUMNS && line.width() > COLUMNS && !is_address() {
            wide.push(format!("line {number} has {} columns", line.width()));
        }
        if line.ends_with([' ', '\t']) {
            blanks.push(format!("line {number}"));
        }
        if line.bytes().any(|byte| !(b' '..=b'~').contains(&byte)) && line.contains(char::is_control) {
            controls.push(format!("line {number}"));
        }
    }
    vec![
        rule("RFC 3629", "The text is UTF-8.", encoding),
        rule("RFC 7994, 4.3", "Lines have no more than 72 columns.", wide),
        rule("Plain", "No line ends in blanks.", blanks),
        rule("Plain", "There are no control characters.", controls),
    ]
}

fn rule(rule: &str, states: &str, faults: Vec<String>) -> Check {
    Check { rule: rule.to_owned(), states: states.to_owned(), faults }
}

fn holds(holds: bool) -> Vec<String> {
    if holds { Vec::new() } else { vec!["it is not so".to_owned()] }
}
