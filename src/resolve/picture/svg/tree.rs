//! A drawing as it is passed on: the elements and attributes that are drawn,
//! with what style sheets say of them.

use super::css::{Declaration, Sheet, declarations_of};
use super::{SVG_BYTES, SVG_NESTING, SvgRejected, cycle, font, names, value};
use crate::resolve::picture::PICTURE_PIXELS;
use roxmltree::{Document, Node};
use std::collections::BTreeMap;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// An element of the drawing.
#[derive(Debug, Default)]
pub struct Element {
    /// One of [`names::ELEMENTS`].
    pub name: &'static str,
    /// Attributes by name.
    pub attributes: BTreeMap<&'static str, Value>,
    /// Children in order.
    pub children: Vec<Child>,
    /// The element that holds it; its own number for the root.
    pub parent: usize,
    pub id: Option<String>,
    /// Where it starts in the file.
    pub offset: usize,
}

/// A child of an element.
#[derive(Debug)]
pub enum Child {
    /// Number in [`Tree::elements`].
    Element(usize),
    /// Words, in elements of text only.
    Text(String),
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// The value as written.
    Plain(String),
    /// An element of the drawing by id; in a paint, with what follows.
    Named(String, String),
    /// An element of the drawing by number, likewise.
    Element(usize, String),
}

/// A drawing.
#[derive(Debug, Default)]
pub struct Tree {
    /// The root first.
    pub elements: Vec<Element>,
    /// Unsupported features, with their positions in the file.
    pub undrawn: BTreeMap<String, usize>,
    /// The colour behind the drawing.
    pub background: Option<String>,
    /// Pixels of pictures that were decoded.
    pub decoded: u64,
    /// Bytes of all values.
    written: usize,
}

impl Tree {
    /// Reads the drawing of a file.
    ///
    /// # Errors
    /// What makes it unfit for documents.
    pub fn read(document: &Document) -> Result<Self, SvgRejected> {
        let root = document.root_element();
        if root.tag_name().name() != "svg" || !is_svg(root) {
            return Err(SvgRejected::Holds("is no SVG".to_owned()));
        }
        let mut reader = Reader { sheet: Sheet::default(), tree: Tree::default(), depth: 0 };
        for sheet in root.descendants().filter(|node| node.tag_name().name() == "style" && is_svg(*node)) {
            if sheet.attribute("type").is_none_or(|kind| kind.is_empty() || kind.eq_ignore_ascii_case("text/css")) {
                let text: String = sheet.children().filter_map(|child| child.text()).collect();
                reader.sheet.add(&text)?;
                for unknown in std::mem::take(&mut reader.sheet.unknown) {
                    reader.note(unknown, sheet);
                }
            }
        }
        reader.element(root, 0, false)?;
        let mut tree = reader.tree;
        tree.find_targets();
        cycle::cut_unused(&mut tree);
        Ok(tree)
    }

    /// Replaces ids by their elements. References without a target are dropped, and a paint becomes
    /// its fallback.
    fn find_targets(&mut self) {
        let mut by_id = BTreeMap::new();
        for (number, element) in self.elements.iter().enumerate() {
            if let Some(id) = &element.id {
                by_id.entry(id.clone()).or_insert(number);
            }
        }
        for element in &mut self.elements {
            element.attributes.retain(|name, value| {
                let Value::Named(id, rest) = value else { return true };
                let is_paint = matches!(*name, "fill" | "stroke");
                *value = match by_id.get(id.as_str()) {
                    Some(number) => Value::Element(*number, rest.clone()),
                    None if is_paint && rest.is_empty() => Value::Plain("none".to_owned()),
                    None if is_paint => Value::Plain(rest.clone()),
                    None => return false,
                };
                true
            });
        }
    }
}

/// Whether an element belongs to SVG. A file that says nothing is taken for one.
fn is_svg(node: Node) -> bool {
    node.tag_name().namespace().is_none_or(|namespace| namespace == SVG)
}

/// How strong a declaration is: attributes, style sheets, the `style`
/// attribute, and the same marked important.
type Strength = u8;

struct Reader {
    sheet: Sheet,
    tree: Tree,
    /// How many elements are being read.
    depth: usize,
}

impl Reader {
    fn note(&mut self, what: impl Into<String>, node: Node) {
        self.tree.undrawn.entry(what.into()).or_insert(node.range().start);
    }

    /// Reads an element and what it holds; its number where it is drawn.
    fn element(&mut self, node: Node, parent: usize, in_text: bool) -> Result<Option<usize>, SvgRejected> {
        if self.depth == SVG_NESTING {
            return Err(SvgRejected::TooDeep);
        }
        self.depth += 1;
        let number = self.shallow_element(node, parent, in_text);
        self.depth -= 1;
        number
    }

    fn shallow_element(&mut self, node: Node, parent: usize, in_text: bool) -> Result<Option<usize>, SvgRejected> {
        let name = node.tag_name().name();
        if names::FORBIDDEN_ELEMENTS.iter().any(|forbidden| name.eq_ignore_ascii_case(forbidden)) {
            return Err(SvgRejected::Holds(format!("holds a `{}` element", name.to_ascii_lowercase())));
        }
        if name.eq_ignore_ascii_case("foreignObject") {
            return Err(SvgRejected::Foreign);
        }
        refuse_handlers(node)?;
        if !is_svg(node) || names::SILENT_ELEMENTS.contains(&name) {
            return Ok(None);
        }
        let name = match (name, in_text) {
            ("a", true) => "tspan",
            ("a", false) => "g",
            (name, _) => name,
        };
        let Some(name) = names::known(&names::ELEMENTS, name) else {
            self.note(format!("`{name}`"), node);
            return Ok(None);
        };
        let number = self.tree.elements.len();
        let attributes = self.attributes(node, name, number)?;
        let id = node.attribute("id").map(str::to_owned);
        let written = if name == "switch" { "g" } else { name };
        self.tree.elements.push(Element {
            name: written,
            attributes,
            parent,
            id,
            offset: node.range().start,
            children: Vec::new(),
        });
        let in_text = matches!(name, "text" | "tspan" | "textPath");
        let children: Vec<Node> =
            if name == "switch" { chosen(node).into_iter().collect() } else { node.children().collect() };
        for child in children {
            let child = if child.is_element() {
                self.element(child, number, in_text)?.map(Child::Element)
            } else {
                child.text().filter(|_| in_text && child.is_text()).map(|words| Child::Text(words.to_owned()))
            };
            if let Some(element) = self.tree.elements.get_mut(number) {
                element.children.extend(child);
            }
        }
        Ok(Some(number))
    }

    fn attributes(
        &mut self,
        node: Node,
        element: &str,
        number: usize,
    ) -> Result<BTreeMap<&'static str, Value>, SvgRejected> {
        let mut said: Vec<(Strength, Declaration)> = Vec::new();
        let mut found = BTreeMap::new();
        for attribute in node.attributes() {
            match (attribute.namespace(), attribute.name()) {
                (None | Some(XLINK), "href") => {
                    if let Some(target) = self.target(node, element, attribute.value())? {
                        found.insert("xlink:href", target);
                    }
                }
                (Some(XML), "space" | "lang") => {
                    let name = if attribute.name() == "space" { "xml:space" } else { "xml:lang" };
                    self.set_attribute(&mut found, node, name, attribute.value())?;
                }
                (None, "style") => {}
                (None, name) if element == "svg" && number == 0 && matches!(name, "background") => {}
                (None, name) => {
                    let value = attribute.value().to_owned();
                    said.push((0, Declaration { name: name.to_owned(), value, important: false }));
                }
                _ => {}
            }
        }
        let strong = |base: Strength, said: &Declaration| base + if said.important { 2 } else { 0 };
        said.extend(self.sheet.declarations(node)?.into_iter().map(|said| (strong(1, said), said.clone())));
        let own = node.attribute("style").map(declarations_of).unwrap_or_default();
        said.extend(own.into_iter().map(|said| (strong(2, &said), said)));
        said.sort_by_key(|(strength, _)| *strength);
        for (strength, said) in said {
            let from_sheet = strength > 0;
            for (name, value) in font::written_out(&said.name, &said.value) {
                self.declare(&mut found, node, (element, number), (name, &value), from_sheet)?;
            }
        }
        Ok(found)
    }

    /// Sets an attribute, or a property that a style sheet sets.
    fn declare(
        &mut self,
        found: &mut BTreeMap<&'static str, Value>,
        node: Node,
        (element, number): (&str, usize),
        (name, value): (&str, &str),
        from_sheet: bool,
    ) -> Result<(), SvgRejected> {
        if number == 0 && matches!(name, "background" | "background-color") && value::is_color(value) {
            self.tree.background = Some(value.trim().to_owned());
            return Ok(());
        }
        if names::UNDRAWN_PROPERTIES.contains(&name)
            && !matches!(value.trim(), "none" | "auto" | "transparent" | "ltr" | "")
        {
            self.note(format!("`{name}`"), node);
            return Ok(());
        }
        let property = names::known(&names::PROPERTIES, name);
        let attribute = names::known(&names::ATTRIBUTES, name);
        let may_set = !from_sheet || (element != "svg" && names::GEOMETRY.contains(&name));
        match property.or(attribute.filter(|_| may_set)) {
            Some(name) => self.set_attribute(found, node, name, value),
            None => Ok(()),
        }
    }

    fn set_attribute(
        &mut self,
        found: &mut BTreeMap<&'static str, Value>,
        node: Node,
        name: &'static str,
        value: &str,
    ) -> Result<(), SvgRejected> {
        // A rule of a style sheet is written out for every element.
        self.tree.written += value.len();
        if self.tree.written > 2 * SVG_BYTES {
            return Err(SvgRejected::TooLarge("says too much in its style sheets for so many elements".to_owned()));
        }
        match value::read(name, value) {
            value::Read::Value(value) => {
                found.insert(name, value);
            }
            value::Read::Outside => return Err(SvgRejected::Holds("refers to something outside itself".to_owned())),
            value::Read::Unknown(what) => self.note(what, node),
        }
        Ok(())
    }

    /// The target of an `href`.
    fn target(&mut self, node: Node, element: &str, address: &str) -> Result<Option<Value>, SvgRejected> {
        let address = address.trim();
        if node.tag_name().name() == "a" {
            let harmful = crate::resolve::link::is_unsafe(address) && !address.starts_with('#') && !address.is_empty();
            // A link inside a picture leads nowhere, and is not written.
            return if harmful {
                Err(SvgRejected::Holds("holds a link that could run code".to_owned()))
            } else {
                Ok(None)
            };
        }
        if let Some(id) = address.strip_prefix('#') {
            return Ok((element != "image").then(|| Value::Named(id.to_owned(), String::new())));
        }
        if address.is_empty() {
            return Ok(None);
        }
        match address.get(..5) {
            Some(scheme) if scheme.eq_ignore_ascii_case("data:") && element == "image" => {}
            _ => {
                let shown: String = address.chars().take(80).collect();
                return Err(SvgRejected::Holds(format!("refers to `{shown}` outside itself")));
            }
        }
        if self.tree.decoded > PICTURE_PIXELS {
            return Ok(None);
        }
        match super::embedded::read(address, &mut self.tree.decoded) {
            Ok(address) => Ok(Some(Value::Plain(address))),
            Err(problem) => {
                self.note(format!("a picture that {problem}"), node);
                Ok(None)
            }
        }
    }
}

fn refuse_handlers(node: Node) -> Result<(), SvgRejected> {
    let is_handler = |name: &str| name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
    match node.attributes().find(|attribute| is_handler(attribute.name())) {
        Some(handler) => Err(SvgRejected::Holds(format!("holds the script `{}`", handler.name()))),
        None => Ok(()),
    }
}

/// The child of a `switch` that is drawn: the first that asks for nothing.
fn chosen<'a>(node: Node<'a, 'a>) -> Option<Node<'a, 'a>> {
    node.children().filter(Node::is_element).find(|child| {
        let name = child.tag_name().name();
        let asks = |name: &str| child.attribute(name).is_some_and(|asked| !asked.trim().is_empty());
        is_svg(*child)
            && (names::ELEMENTS.contains(&name) || name == "a")
            && !asks("requiredExtensions")
            && !asks("systemLanguage")
    })
}
