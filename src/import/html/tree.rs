//! The elements of a page: a tree that a browser would make, as far as its text goes.

use crate::import::legal;
use crate::parse::html::{LineMap, Token, entity, tokens};
use crate::source::FileId;

/// The maximum nesting of elements.
const DEPTH: usize = 256;
/// No page has more elements and texts.
const NODES: usize = 2_000_000;
/// No value of an attribute is longer, in bytes, but for pictures.
const VALUE_BYTES: usize = 64 << 20;

/// An element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Name in lower case.
    pub name: String,
    attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

/// A child of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// Whether it has this name.
    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a class is among its classes.
    pub fn has_class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|classes| classes.split_whitespace().any(|name| name == class))
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

    /// The first element of a name at any depth, in reading order.
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.find_by(&|element| element.is(name))
    }

    /// The first element at any depth for which something holds.
    pub fn find_by(&self, is: &dyn Fn(&Element) -> bool) -> Option<&Element> {
        self.elements().find_map(|element| if is(element) { Some(element) } else { element.find_by(is) })
    }

    /// All elements of a name that are in no other of them.
    pub fn all<'e>(&'e self, name: &str, found: &mut Vec<&'e Element>) {
        for element in self.elements() {
            if element.is(name) {
                found.push(element);
            } else {
                element.all(name, found);
            }
        }
    }

    /// Whether blocks are in it.
    pub fn holds_blocks(&self) -> bool {
        self.elements().any(|element| !is_inline(&element.name) || element.holds_blocks())
    }

    /// Whether an element is in it.
    pub fn holds(&self, other: &Element) -> bool {
        self.elements().any(|element| std::ptr::eq(element, other) || element.holds(other))
    }

    /// The text in it, with the ends of blocks as ends of lines.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.add_text(&mut text);
        text
    }

    fn add_text(&self, text: &mut String) {
        if matches!(self.name.as_str(), "script" | "style" | "template" | "math" | "head") {
            return;
        }
        // The calls of notes part words, and so do the ways back, which are places too.
        let is_place = self.is("a") && self.get("id").or_else(|| self.get("name")).is_some();
        let is_call = matches!(self.get("role"), Some("doc-noteref" | "doc-backlink"))
            || self.has_class("footnote-ref")
            || is_place && self.get("href").is_some_and(|href| href.starts_with('#'));
        let is_apart = !is_inline(&self.name) || is_call || self.is("br") || self.is("svg");
        if is_apart {
            text.push('\n');
        }
        for child in &self.children {
            match child {
                // Without a head of its own the title of a page is beside its text.
                Node::Element(element) if element.is("title") && matches!(&*self.name, "" | "html" | "body") => {}
                Node::Element(element) => element.add_text(text),
                Node::Text(words) => text.extend(words.chars().map(|c| if c == '\n' { ' ' } else { c })),
            }
        }
        if is_apart {
            text.push('\n');
        }
    }
}

/// Elements that end a paragraph (HTML, 4.4.1).
const BLOCKS: [&str; 36] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
    "xmp",
];
/// Others that are in no line of text.
const PARTS: [&str; 22] = [
    "body", "caption", "col", "colgroup", "dd", "dt", "head", "html", "iframe", "legend", "li", "link", "meta",
    "noscript", "optgroup", "option", "tbody", "td", "tfoot", "th", "thead", "tr",
];

/// Whether an element is in a line of text.
pub fn is_inline(name: &str) -> bool {
    !BLOCKS.contains(&name) && !PARTS.contains(&name) && !matches!(name, "title" | "base")
}

/// Elements without content (HTML, 13.1.2).
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Reads a page.
///
/// # Errors
/// Why it is not read, as a sentence.
pub fn read(page: &str) -> Result<Element, String> {
    let mut builder = Builder { open: vec![Element::default()], nodes: 0 };
    for token in tokens(page, &LineMap::same(FileId(0), 0)) {
        match token {
            Token::Open(tag) => {
                builder.implied_ends(&tag.name);
                if tag.attributes.iter().any(|(_, value)| value.len() > VALUE_BYTES) {
                    return Err(format!("it has an attribute of more than {} MiB", VALUE_BYTES >> 20));
                }
                let is_empty = is_void(&tag.name);
                builder.open.push(Element { name: tag.name, attributes: tag.attributes, children: Vec::new() });
                builder.count()?;
                if is_empty {
                    builder.close();
                }
            }
            Token::Close { name, .. } => builder.end(&name),
            Token::Text { raw, .. } => {
                builder.text(&raw);
                builder.count()?;
            }
            Token::Comment { .. } | Token::Doctype => {}
        }
    }
    while builder.open.len() > 1 {
        builder.close();
    }
    builder.open.pop().ok_or_else(|| "it is empty".to_owned())
}

struct Builder {
    open: Vec<Element>,
    nodes: usize,
}

impl Builder {
    fn count(&mut self) -> Result<(), String> {
        self.nodes += 1;
        if self.nodes > NODES {
            return Err(format!("it has more than {NODES} elements and texts"));
        }
        if self.open.len() > DEPTH {
            return Err(format!("it has elements more than {DEPTH} deep in one another"));
        }
        Ok(())
    }

    fn close(&mut self) {
        if self.open.len() < 2 {
            return;
        }
        let Some(element) = self.open.pop() else { return };
        if let Some(parent) = self.open.last_mut() {
            parent.children.push(Node::Element(element));
        }
    }

    fn text(&mut self, raw: &str) {
        let words = decode(raw);
        let Some(parent) = self.open.last_mut() else { return };
        match parent.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(&words),
            _ => parent.children.push(Node::Text(words)),
        }
    }

    /// Handles an end tag, which also closes the elements inside. One without an open element is
    /// ignored.
    fn end(&mut self, name: &str) {
        let is_cell = |name: &str| matches!(name, "td" | "th" | "table");
        let reaches = |element: &Element| {
            !is_cell(&element.name) || is_cell(name) || matches!(name, "tr" | "tbody" | "thead" | "tfoot")
        };
        let Some(at) = self.open.iter().rposition(|element| element.name == name).filter(|at| *at > 0) else { return };
        if self.open.iter().skip(at + 1).all(reaches) || name == "table" {
            while self.open.len() > at {
                self.close();
            }
        }
    }

    /// Ends of elements that follow from the start of another (HTML, 13.1.2.4).
    fn implied_ends(&mut self, name: &str) {
        let (ends, up_to): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu", "table"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl", "table"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["tr"], &["table"]),
            "thead" | "tbody" | "tfoot" => (&["thead", "tbody", "tfoot", "caption", "colgroup"], &["table"]),
            "option" => (&["option"], &["select"]),
            "body" => (&["head"], &["html"]),
            name if BLOCKS.contains(&name) => (&["p"], &["td", "th", "table", "caption", "li", "dd"]),
            _ => return,
        };
        let boundary = self.open.iter().rposition(|element| up_to.contains(&element.name.as_str())).unwrap_or(0);
        let at = self
            .open
            .iter()
            .enumerate()
            .skip(boundary)
            .find(|(index, element)| *index > 0 && ends.contains(&element.name.as_str()));
        let Some(at) = at.map(|(at, _)| at) else { return };
        while self.open.len() > at {
            self.close();
        }
    }
}

/// Text with its references to characters replaced.
fn decode(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        match entity(behind) {
            Some((value, length)) => {
                out.push_str(&value);
                rest = behind.get(length..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = behind.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    legal(out)
}

#[cfg(test)]
mod tests {
    use super::{Element, Node, read};

    fn outline(element: &Element) -> String {
        let child = |child: &Node| match child {
            Node::Element(element) => format!("{}({})", element.name, outline(element)),
            Node::Text(text) => text.clone(),
        };
        element.children.iter().map(child).collect()
    }

    #[test]
    fn ends_follow_from_starts() {
        for (page, wanted) in [
            ("<ul><li>a<li>b<ul><li>c</ul></ul>d", "ul(li(a)li(bul(li(c))))d"),
            ("<p>a<p>b<div>c</div>", "p(a)p(b)div(c)"),
            ("<table><tr><td>a<td>b<tr><td>c<p>d</table>e", "table(tr(td(a)td(b))tr(td(cp(d))))e"),
            ("<dl><dt>a<dd>b<dt>c</dl>", "dl(dt(a)dd(b)dt(c))"),
            ("a</b>c<br>d<em>e", "acbr()dem(e)"),
            ("&lt;a&gt; &amp;&eacute; &x", "<a> &é &x"),
        ] {
            let tree = read(page).unwrap_or_default();
            assert_eq!(outline(&tree), wanted, "{page}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert!(read(&"<div>".repeat(10_000)).is_err());
    }
}
