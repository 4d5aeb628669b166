//! Writes elements of XML and HTML: the one place where their text is
//! escaped. A thin hand on quick-xml's writer.

use crate::resolve::xml_name;
use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use std::borrow::Cow;
use std::ops::Range;

/// Which syntax is written. They differ in how an element without content looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    /// `<br/>`
    Xml,
    /// `<br>`: a void element has no end (HTML, section 13.1.2).
    Html,
    /// HTML in XML, in which ids are names of XML and languages have its attribute too
    /// (EPUB 3.3, 6.1).
    Xhtml,
}

/// An element of a text that was written, in bytes of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    /// Where its start tag begins.
    pub start: usize,
    /// Where its content begins.
    pub content: usize,
    /// End of its content.
    pub close: usize,
    /// Position after its end tag.
    pub end: usize,
    /// Index of the first element after it that is not in it.
    pub next: usize,
}

impl Element {
    /// The element moved by this many bytes and element indices.
    fn behind(self, bytes: usize, elements: usize) -> Element {
        let Element { start, content, close, end, next } = self;
        Element {
            start: start + bytes,
            content: content + bytes,
            close: close + bytes,
            end: end + bytes,
            next: next + elements,
        }
    }
}

/// A piece of a text that was written, which can be written again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    bytes: Vec<u8>,
    /// Counted from its own beginning.
    elements: Vec<Element>,
}

/// A writer that closes what it opens. Text and attribute values are escaped;
/// characters that neither syntax may hold are left out or become U+FFFD.
pub struct Markup {
    writer: Writer<Vec<u8>>,
    syntax: Syntax,
    /// Elements in the order of their start tags, if they are recorded.
    elements: Option<Vec<Element>>,
}

impl Default for Markup {
    fn default() -> Self {
        Self::new()
    }
}

impl Markup {
    fn with_syntax(syntax: Syntax) -> Self {
        Markup { writer: Writer::new(Vec::new()), syntax, elements: None }
    }

    /// A writer of HTML that takes down where its elements are.
    pub fn html_with_elements() -> Self {
        Markup { elements: Some(Vec::new()), ..Markup::html() }
    }

    /// A writer of XML.
    pub fn new() -> Self {
        Markup::with_syntax(Syntax::Xml)
    }

    /// A writer of HTML.
    pub fn html() -> Self {
        Markup::with_syntax(Syntax::Html)
    }

    /// A writer of HTML in the syntax of XML.
    pub fn xhtml() -> Self {
        Markup::with_syntax(Syntax::Xhtml)
    }

    /// Writes an element with content.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &str)], content: impl FnOnce(&mut Self)) {
        let opened = self.open();
        self.write(Event::Start(self.start(name, attributes)));
        let start = self.position();
        content(self);
        let close = self.position();
        self.write(Event::End(BytesEnd::new(name)));
        self.close(opened, start..close);
    }

    /// Writes an element whose content is words alone.
    pub fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], words: &str) {
        self.element(name, attributes, |out| out.text(words));
    }

    /// Writes an element that has no content: `<br/>`, in HTML `<br>`.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let opened = self.open();
        self.write(match self.syntax {
            Syntax::Xml | Syntax::Xhtml => Event::Empty(self.start(name, attributes)),
            Syntax::Html => Event::Start(self.start(name, attributes)),
        });
        let end = self.position();
        self.close(opened, end..end);
    }

    /// Writes text.
    pub fn text(&mut self, text: &str) {
        // Quotation marks need no escape outside attribute values.
        self.write(Event::Text(BytesText::from_escaped(partial_escape(legal(text)))));
    }

    /// Writes markup as it is: line breaks between elements, the document
    /// type, the style sheet. Never with text from a document.
    pub fn raw(&mut self, markup: &'static str) {
        self.writer.get_mut().extend_from_slice(markup.as_bytes());
    }

    /// Adds what another writer wrote.
    pub fn append(&mut self, other: Markup) {
        self.writer.get_mut().extend_from_slice(&other.writer.into_inner());
    }

    /// The written text.
    pub fn into_string(self) -> String {
        self.into_parts().0
    }

    /// The text with its elements in the order of their start tags, if they were recorded.
    pub fn into_parts(self) -> (String, Vec<Element>) {
        (String::from_utf8(self.writer.into_inner()).unwrap_or_default(), self.elements.unwrap_or_default())
    }

    /// Writes something with recorded elements, and returns a copy of it.
    pub fn piece(&mut self, write: impl FnOnce(&mut Self)) -> Piece {
        let (bytes, elements) = (self.position(), self.elements.as_ref().map_or(0, Vec::len));
        let outer = self.elements.replace(Vec::new());
        write(self);
        let new = std::mem::replace(&mut self.elements, outer).unwrap_or_default();
        if let Some(all) = &mut self.elements {
            all.extend(new.iter().map(|element| Element { next: element.next + elements, ..*element }));
        }
        let own = |element: &Element| Element {
            start: element.start - bytes,
            content: element.content - bytes,
            close: element.close - bytes,
            end: element.end - bytes,
            next: element.next,
        };
        let written = self.writer.get_ref().get(bytes..).unwrap_or_default().to_vec();
        Piece { bytes: written, elements: new.iter().map(own).collect() }
    }

    /// Writes a piece once more.
    pub fn again(&mut self, piece: &Piece) {
        let bytes = self.position();
        if let Some(all) = &mut self.elements {
            let elements = all.len();
            all.extend(piece.elements.iter().map(|element| element.behind(bytes, elements)));
        }
        self.writer.get_mut().extend_from_slice(&piece.bytes);
    }

    /// How many bytes were written.
    fn position(&self) -> usize {
        self.writer.get_ref().len()
    }

    /// Takes down that an element starts here; its number, where that is wanted.
    fn open(&mut self) -> Option<usize> {
        let start = self.position();
        let elements = self.elements.as_mut()?;
        elements.push(Element { start, content: start, close: start, end: start, next: 0 });
        Some(elements.len() - 1)
    }

    /// Takes down where the content of an element is that ends here.
    fn close(&mut self, opened: Option<usize>, content: Range<usize>) {
        let end = self.position();
        let Some((number, elements)) = opened.zip(self.elements.as_mut()) else { return };
        let next = elements.len();
        if let Some(element) = elements.get_mut(number) {
            *element = Element { content: content.start, close: content.end, end, next, ..*element };
        }
    }

    fn write(&mut self, event: Event<'_>) {
        // Writing into memory cannot fail.
        let _ = self.writer.write_event(event);
    }

    fn start<'a>(&self, name: &'a str, attributes: &[(&'a str, &'a str)]) -> BytesStart<'a> {
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            match (self.syntax, *key) {
                (Syntax::Xhtml, "id") => start.push_attribute((*key, xml_name(value))),
                (Syntax::Xhtml, "lang") => {
                    start.push_attribute((*key, legal(value)));
                    start.push_attribute(("xml:lang", legal(value)));
                }
                (Syntax::Xml | Syntax::Html | Syntax::Xhtml, _) => start.push_attribute((*key, legal(value))),
            }
        }
        start
    }
}

/// The text without what an edition cannot hold: what XML 1.0 excludes (section
/// 2.2) and what is a parse error in HTML (section 13.2.3.5). Controls show
/// nothing in any edition and are left out; noncharacters are replaced. A
/// carriage return, which both would read as a line feed, is written as one.
fn legal(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| written(c) == Some(c)) {
        return text.into();
    }
    text.chars().filter_map(written).collect::<String>().into()
}

fn written(c: char) -> Option<char> {
    match c {
        '\r' => Some('\n'),
        '\t' | '\n' => Some(c),
        '\u{fdd0}'..='\u{fdef}' => Some(char::REPLACEMENT_CHARACTER),
        // The last two of every plane.
        _ if u32::from(c) & 0xfffe == 0xfffe => Some(char::REPLACEMENT_CHARACTER),
        _ if c.is_control() => None,
        _ => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::Markup;

    #[test]
    fn html_has_void_elements_and_xml_closes_them() {
        let mut html = Markup::html();
        html.element("p", &[("lang", "fr")], |out| out.empty("br", &[]));
        assert_eq!(html.into_string(), r#"<p lang="fr"><br></p>"#);
        let mut xml = Markup::new();
        xml.element("para", &[], |out| out.empty("xref", &[("linkend", "a")]));
        assert_eq!(xml.into_string(), r#"<para><xref linkend="a"/></para>"#);
    }

    #[test]
    fn html_in_xml_has_names_for_ids_and_says_languages_twice() {
        let mut xhtml = Markup::xhtml();
        xhtml.element("p", &[("id", "1-a"), ("lang", "fr")], |out| out.empty("br", &[]));
        assert_eq!(xhtml.into_string(), r#"<p id="_u31_-a" lang="fr" xml:lang="fr"><br/></p>"#);
    }

    #[test]
    fn text_cannot_become_markup() {
        let mut out = Markup::html();
        out.leaf("a", &[("href", "?a=1&b=\"<'>\"")], "</a> & \"so\" on");
        assert_eq!(
            out.into_string(),
            r#"<a href="?a=1&amp;b=&quot;&lt;&apos;&gt;&quot;">&lt;/a&gt; &amp; "so" on</a>"#
        );
    }

    #[test]
    fn characters_no_edition_can_hold_are_left_out_or_replaced() {
        let mut out = Markup::html();
        out.text("a\u{1}b\u{85}c\u{fffe}d\u{1ffff}e\r\tf\u{a0}g");
        assert_eq!(out.into_string(), "abc\u{fffd}d\u{fffd}e\n\tf\u{a0}g");
    }
}
