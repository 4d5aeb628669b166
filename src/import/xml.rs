//! Parts of office documents as trees: names by their namespaces, whatever prefix a writer
//! chose, without what no reader needs.

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

/// The maximum nesting of elements.
const DEPTH: usize = 256;
/// No part has more elements and texts.
const NODES: usize = 8_000_000;
/// No value of an attribute is longer, in bytes.
const VALUE_BYTES: usize = 1 << 20;

/// Prefixes of known namespaces, in the transitional and the strict form (ISO/IEC 29500-1, annex A,
/// and 29500-4).
const NAMESPACES: [(&str, &str); 34] = [
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "w"),
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", "w"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "r"),
    ("http://purl.oclc.org/ooxml/officeDocument/relationships", "r"),
    ("http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing", "wp"),
    ("http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing", "wp"),
    ("http://schemas.openxmlformats.org/drawingml/2006/main", "a"),
    ("http://purl.oclc.org/ooxml/drawingml/main", "a"),
    ("http://schemas.openxmlformats.org/drawingml/2006/picture", "pic"),
    ("http://purl.oclc.org/ooxml/drawingml/picture", "pic"),
    ("http://schemas.openxmlformats.org/drawingml/2006/chart", "c"),
    ("http://purl.oclc.org/ooxml/drawingml/chart", "c"),
    ("http://schemas.openxmlformats.org/drawingml/2006/diagram", "dgm"),
    ("http://purl.oclc.org/ooxml/drawingml/diagram", "dgm"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/math", "m"),
    ("http://purl.oclc.org/ooxml/officeDocument/math", "m"),
    ("http://schemas.openxmlformats.org/markup-compatibility/2006", "mc"),
    ("http://schemas.microsoft.com/office/word/2010/wordprocessingShape", "wps"),
    ("http://schemas.microsoft.com/office/word/2010/wordprocessingGroup", "wpg"),
    ("http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas", "wpc"),
    ("http://schemas.microsoft.com/office/word/2010/wordml", "w14"),
    ("http://schemas.microsoft.com/office/drawing/2016/SVG/main", "asvg"),
    ("http://schemas.microsoft.com/office/drawing/2017/decorative", "adec"),
    ("urn:schemas-microsoft-com:vml", "v"),
    ("urn:schemas-microsoft-com:office:office", "o"),
    ("http://schemas.openxmlformats.org/package/2006/metadata/core-properties", "cp"),
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://purl.org/dc/terms/", "dcterms"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/custom-properties", "custom"),
    ("http://purl.oclc.org/ooxml/officeDocument/customProperties", "custom"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes", "vt"),
    ("http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes", "vt"),
    ("http://schemas.openxmlformats.org/package/2006/relationships", "rel"),
    ("http://www.w3.org/XML/1998/namespace", "xml"),
];

/// An element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Such as `w:p`; without a prefix where its namespace is not known.
    pub name: Rc<str>,
    attributes: Box<[(Rc<str>, Box<str>)]>,
    pub children: Vec<Node>,
}

/// A child of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Element(Element),
    Text(Box<str>),
}

impl Element {
    /// Whether it has this name.
    pub fn is(&self, name: &str) -> bool {
        &*self.name == name
    }

    /// The value of an attribute, named like `w:val`. Attributes without a prefix are also
    /// found by that of their element.
    pub fn get(&self, name: &str) -> Option<&str> {
        let by = |name: &str| self.attributes.iter().find(|(key, _)| &**key == name).map(|(_, value)| &**value);
        by(name).or_else(|| by(name.split_once(':')?.1))
    }

    /// The elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element in it of a name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.is(name))
    }

    /// The `w:val` of the first element in it of a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.child(name)?.get("w:val")
    }

    /// The first element of a name at any depth, in reading order.
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.elements().find_map(|element| if element.is(name) { Some(element) } else { element.find(name) })
    }

    /// All elements of a name at any depth that are in no other of them.
    pub fn all<'e>(&'e self, name: &str, found: &mut Vec<&'e Element>) {
        for element in self.elements() {
            if element.is(name) {
                found.push(element);
            } else {
                element.all(name, found);
            }
        }
    }

    /// All text in it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.add_text(&mut text);
        text
    }

    fn add_text(&self, text: &mut String) {
        for child in &self.children {
            match child {
                Node::Element(element) => element.add_text(text),
                Node::Text(words) => text.push_str(words),
            }
        }
    }

    /// Whether a property is on: it is there, and is not said to be off
    /// (ISO/IEC 29500-1, 17.17.4).
    pub fn is_on(&self) -> bool {
        !matches!(self.get("w:val"), Some("0" | "false" | "off"))
    }
}

/// Reads a part.
///
/// # Errors
/// Why it is not read, as the rest of a sentence.
pub fn read(bytes: &[u8]) -> Result<Element, String> {
    let text = decode(bytes)?;
    let mut builder =
        Builder { names: BTreeSet::new(), open: Vec::new(), root: None, nodes: 0, pending: String::new() };
    let mut reader = NsReader::from_str(&text);
    loop {
        let event = reader.read_event().map_err(|fault| format!("is no XML: {fault}"))?;
        match event {
            Event::Start(start) => {
                let element = builder.element(&start, &reader)?;
                builder.open(element)?;
            }
            Event::Empty(start) => {
                let element = builder.element(&start, &reader)?;
                builder.open(element)?;
                builder.close();
            }
            Event::End(_) => builder.close(),
            Event::Text(text) => builder.text(&text.xml10_content())?,
            Event::CData(text) => builder.text(&text.xml10_content())?,
            Event::GeneralRef(entity) => builder.text(&character(&entity)?)?,
            Event::DocType(_) => return Err("has a document type, which may define entities".to_owned()),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => break,
        }
    }
    if !builder.open.is_empty() {
        return Err("is no XML: it ends in the middle of an element".to_owned());
    }
    builder.root.ok_or_else(|| "is no XML: it has no element".to_owned())
}

/// The text of a part, which is in UTF-8 or UTF-16 (ISO/IEC 29500-2, 6.5).
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    let wide = |bytes: &[u8], number: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).filter_map(|pair| Some(number(*pair.first_chunk()?))).collect();
        String::from_utf16(&units).map(Cow::Owned).map_err(|_| "is not in UTF-16".to_owned())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| "is not in UTF-8".to_owned())
        }
    }
}

/// The character of a reference: a document without a type has only these.
fn character(entity: &quick_xml::events::BytesRef) -> Result<String, String> {
    let name: &str = entity;
    let known = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => entity.resolve_char_ref().ok().flatten(),
    };
    known.map(String::from).ok_or_else(|| format!("uses the entity `&{name};`, which nothing defines"))
}

struct Builder {
    names: BTreeSet<Rc<str>>,
    open: Vec<Element>,
    root: Option<Element>,
    nodes: usize,
    /// Text that was read and has no node yet.
    pending: String,
}

impl Builder {
    fn element(&mut self, start: &BytesStart, reader: &NsReader<&[u8]>) -> Result<Element, String> {
        let (space, local) = reader.resolver().resolve_element(start.name());
        let name = self.name(&space, local.into_inner());
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|fault| format!("is no XML: {fault}"))?;
            let (space, local) = reader.resolver().resolve_attribute(attribute.key);
            let local = local.into_inner();
            let is_declaration = attribute.key.as_namespace_binding().is_some();
            // Marks of editing sessions, which say nothing to a reader.
            if is_declaration || local.starts_with("rsid") || matches!(local, "paraId" | "textId") {
                continue;
            }
            if attribute.value.len() > VALUE_BYTES {
                return Err(format!("has an attribute of more than {} MiB", VALUE_BYTES >> 20));
            }
            let value = quick_xml::escape::unescape(&attribute.value);
            let value = value.map_err(|fault| format!("is no XML: {fault}"))?;
            attributes.push((self.name(&space, local), value.into()));
        }
        Ok(Element { name, attributes: attributes.into(), children: Vec::new() })
    }

    fn name(&mut self, space: &ResolveResult, local: &str) -> Rc<str> {
        let prefix = match space {
            ResolveResult::Bound(space) => NAMESPACES.iter().find(|(uri, _)| *uri == space.0).map(|(_, name)| *name),
            ResolveResult::Unbound | ResolveResult::Unknown(_) => None,
        };
        let name: Cow<str> = prefix.map_or(Cow::Borrowed(local), |prefix| format!("{prefix}:{local}").into());
        if let Some(known) = self.names.get(&*name) {
            return known.clone();
        }
        let name: Rc<str> = name.into();
        self.names.insert(name.clone());
        name
    }

    fn count(&mut self) -> Result<(), String> {
        self.nodes += 1;
        if self.nodes > NODES { Err(format!("has more than {NODES} elements")) } else { Ok(()) }
    }

    fn open(&mut self, element: Element) -> Result<(), String> {
        self.count()?;
        self.end_text();
        self.open.push(element);
        if self.open.len() > DEPTH {
            return Err(format!("has elements more than {DEPTH} deep in one another"));
        }
        Ok(())
    }

    fn close(&mut self) {
        self.end_text();
        let Some(mut element) = self.open.pop() else { return };
        element.children.shrink_to_fit();
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.root = self.root.take().or(Some(element)),
        }
    }

    /// Text, which may come in many pieces.
    fn text(&mut self, text: &str) -> Result<(), String> {
        if !self.open.is_empty() {
            self.pending.push_str(text);
        }
        self.count()
    }

    /// Puts the text that was read into the element that is open.
    fn end_text(&mut self) {
        const WORDS: [&str; 5] = ["w:t", "w:delText", "w:instrText", "m:t", "a:t"];
        let text = std::mem::take(&mut self.pending);
        let Some(parent) = self.open.last_mut() else { return };
        // Between elements white space is the layout of the file.
        if !text.is_empty() && (WORDS.contains(&&*parent.name) || !text.trim().is_empty()) {
            parent.children.push(Node::Text(text.into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn names_are_those_of_namespaces() {
        let part = br#"<x:p xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main" x:val="1" z="2"><t a="&lt;"> &#65;&amp; </t></x:p>"#;
        let root = read(part).unwrap_or_else(|fault| panic!("{fault}"));
        assert!(root.is("w:p"));
        assert_eq!((root.get("w:val"), root.get("w:z"), root.get("w:none")), (Some("1"), Some("2"), None));
        assert_eq!(root.child("t").and_then(|child| child.get("a")), Some("<"));
        assert_eq!(root.text(), " A& ");
    }

    #[test]
    fn hostile_parts_are_refused() {
        let deep = "<a>".repeat(300) + &"</a>".repeat(300);
        let long = format!("<a b=\"{}\"/>", "x".repeat(2 << 20));
        for (part, reason) in [
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "document type"),
            ("<a>&b;</a>", "entity"),
            (deep.as_str(), "deep"),
            (long.as_str(), "attribute"),
            ("<a><b></a>", "no XML"),
            ("<a>", "middle"),
            ("", "no element"),
            ("words", "no element"),
        ] {
            let refused = read(part.as_bytes()).err().unwrap_or_default();
            assert!(refused.contains(reason), "{part:.40}: {refused}");
        }
        assert!(read(b"\xff<a/>").is_err());
    }

    #[test]
    fn utf_16_is_read() {
        let wide: Vec<u8> = "\u{feff}<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide).map(|root| root.text()), Ok("é".to_owned()));
    }
}
