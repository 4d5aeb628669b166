//! Reads the words of a Word edition as Word would show them: list numbers are computed from the
//! definitions, notes are counted, and fields are updated.

mod fields;
mod math;
mod numbering;
mod parts;
mod revisions;
mod rules;
mod text;
mod uses;

use super::{Check, Findings, Reading, Unreadable};
use crate::resolve::Side;
use crate::source::zip::Archive;
use quick_xml::Reader as XmlReader;
use quick_xml::events::{BytesStart, Event};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The standard that an edition claims.
const CLAIMS: [&str; 1] = ["Office Open XML (ISO/IEC 29500)"];

/// A part of the package as its events.
type Handler<'h> = &'h mut dyn FnMut(Step) -> Result<(), Unreadable>;

/// A step through a part.
pub enum Step<'a> {
    Start(&'a str, &'a BytesStart<'a>),
    Text(&'a str),
    End(&'a str),
}

/// A package, opened.
pub struct Package<'a> {
    archive: Archive<'a>,
    /// Parts that were asked for.
    parts: RefCell<BTreeMap<String, Rc<str>>>,
}

impl<'a> Package<'a> {
    /// Opens the archive.
    pub fn open(bytes: &'a [u8]) -> Result<Package<'a>, Unreadable> {
        Archive::open(bytes)
            .map(|archive| Package { archive, parts: RefCell::default() })
            .map_err(|refusal| Unreadable(refusal.to_string()))
    }

    /// The names of its parts, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.archive.entries().iter().map(|entry| entry.name.as_str())
    }

    /// The names of the parts that hold text: the document, its notes, heads and feet of pages.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let is_text = |name: &&str| {
            let stem = name.strip_prefix("word/").and_then(|name| name.strip_suffix(".xml"));
            let stem = stem.map(|stem| stem.trim_end_matches(|c: char| c.is_ascii_digit()));
            stem.is_some_and(|stem| ["document", "footnotes", "header", "footer"].contains(&stem))
        };
        self.names().filter(is_text)
    }

    /// Walks through a part; nothing happens where there is none.
    pub fn walk(&self, name: &str, step: Handler) -> Result<(), Unreadable> {
        match self.part(name)? {
            Some(part) => walk(name, &part, step),
            None => Ok(()),
        }
    }

    /// The text of a part, which is inflated once; `None` where there is none.
    fn part(&self, name: &str) -> Result<Option<Rc<str>>, Unreadable> {
        if let Some(part) = self.parts.borrow().get(name) {
            return Ok(Some(Rc::clone(part)));
        }
        if !self.archive.holds(name) {
            return Ok(None);
        }
        let bytes = self.archive.read(name).map_err(|refusal| Unreadable(refusal.to_string()))?;
        let part = String::from_utf8(bytes).map_err(|error| Unreadable(error.utf8_error().to_string()))?;
        Ok(Some(self.replace(name, part)))
    }

    /// Puts a text in the place of a part.
    fn replace(&self, name: &str, part: String) -> Rc<str> {
        let part: Rc<str> = part.into();
        self.parts.borrow_mut().insert(name.to_owned(), Rc::clone(&part));
        part
    }

    /// Where the relationships of a part lead, and whether outside of the file.
    pub fn relationships(&self, name: &str) -> Result<BTreeMap<String, (String, bool)>, Unreadable> {
        let mut all = BTreeMap::new();
        self.walk(name, &mut |step| {
            if let Step::Start("Relationship", element) = step {
                let get = |name| attribute(element, name).unwrap_or_default();
                all.insert(get("Id"), (get("Target"), get("TargetMode") == "External"));
            }
            Ok(())
        })?;
        Ok(all)
    }
}

/// Walks through the text of a part.
fn walk(name: &str, text: &str, step: Handler) -> Result<(), Unreadable> {
    let mut xml = XmlReader::from_str(text);
    loop {
        match xml.read_event().map_err(|error| Unreadable(error.to_string()))? {
            Event::Start(element) => step(Step::Start(element.name().into_inner(), &element))?,
            Event::Empty(element) => {
                step(Step::Start(element.name().into_inner(), &element))?;
                step(Step::End(element.name().into_inner()))?;
            }
            Event::End(element) => step(Step::End(element.name().into_inner()))?,
            Event::Text(text) => step(Step::Text(&text))?,
            Event::CData(text) => step(Step::Text(&text))?,
            Event::GeneralRef(entity) => {
                let escaped = format!("&{};", &*entity);
                let plain = quick_xml::escape::unescape(&escaped).map_err(|error| Unreadable(error.to_string()))?;
                step(Step::Text(&plain))?;
            }
            Event::PI(_) | Event::Comment(_) | Event::Decl(_) => {}
            Event::DocType(_) => return Err(Unreadable(format!("`{name}` has a document type"))),
            Event::Eof => return Ok(()),
        }
    }
}

/// The value of an attribute.
pub fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok().flatten()?;
    quick_xml::escape::unescape(&attribute.value).ok().map(std::borrow::Cow::into_owned)
}

/// Reads an edition: what it says, and the rules that it keeps or breaks.
pub fn findings(bytes: &[u8]) -> Findings {
    let package = match Package::open(bytes) {
        Ok(package) => package,
        Err(reason) => return Findings::new(Err(reason), &CLAIMS, Vec::new()),
    };
    Findings::new(read(&package), &CLAIMS, rules(&package).unwrap_or_default())
}

fn read(package: &Package) -> Result<Reading, Unreadable> {
    let mut reader = text::Reader::open(package)?;
    reader.document(package)?;
    Ok(reader.finish())
}

/// Reads one version of an edition, with all changes accepted or rejected. In the earlier version,
/// fields are updated, and lists generated by fields are left out.
///
/// # Errors
///
/// If it is no archive, or a part of it is no XML.
pub fn read_side(bytes: &[u8], side: Side) -> Result<Reading, Unreadable> {
    let package = Package::open(bytes)?;
    for (name, part) in revisions::settled(&package, side)? {
        package.replace(&name, part);
    }
    let mut anew = None;
    // The result of a field may contain that of another.
    for _ in 0..if side == Side::Old { PASSES } else { 0 } {
        let mut reader = text::Reader::open(&package)?;
        reader.anew = Some(anew.take().unwrap_or_default());
        reader.document(&package)?;
        anew = Some(reader.results());
    }
    let mut reader = text::Reader::open(&package)?;
    reader.anew = anew;
    reader.document(&package)?;
    Ok(reader.finish())
}

/// Number of passes to update fields: a reference shows the number of a caption, which is itself a
/// field.
const PASSES: usize = 2;

/// The rules that judges of the format do not know.
fn rules(package: &Package) -> Result<Vec<Check>, Unreadable> {
    let mut checks = parts::check(package)?;
    checks.extend(rules::check(package)?);
    checks.extend(uses::check(package)?);
    checks.extend(revisions::rules(package)?);
    Ok(checks)
}

fn rule(rule: &str, states: &str, faults: Vec<String>) -> Check {
    Check { rule: rule.to_owned(), states: states.to_owned(), faults }
}
