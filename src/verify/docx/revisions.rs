//! Accepts or rejects all tracked changes (ECMA-376, part 1, 17.13.5): each part is rewritten in
//! the resulting form.

use super::{Package, Step, attribute};
use crate::resolve::Side;
use crate::verify::{Check, Unreadable};
use quick_xml::events::BytesStart;
use std::collections::{BTreeMap, BTreeSet};

/// The most elements in one another.
const DEEPEST: usize = 200;

/// A piece of a part.
enum Node {
    Element(Element),
    Text(String),
}

struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
}

impl Element {
    fn from_start(name: &str, element: &BytesStart) -> Element {
        let attributes = element.attributes().flatten().map(|attribute| {
            let value = quick_xml::escape::unescape(&attribute.value).map(std::borrow::Cow::into_owned);
            (attribute.key.into_inner().to_owned(), value.unwrap_or_default())
        });
        Element { name: name.to_owned(), attributes: attributes.collect(), children: Vec::new() }
    }

    fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The element of a name inside of elements of others.
    fn path(&self, names: &[&str]) -> Option<&Element> {
        names.iter().try_fold(self, |element, name| element.child(name))
    }

    /// Whether a mark among its children says that one version alone has what they are of.
    fn goes(&self, side: Side) -> bool {
        self.elements().any(|mark| side_of(&mark.name).is_some_and(|other| other != side))
    }
}

/// The version that has what an element is around.
fn side_of(name: &str) -> Option<Side> {
    match name {
        "w:ins" | "w:moveTo" | "w:cellIns" => Some(Side::New),
        "w:del" | "w:moveFrom" | "w:cellDel" => Some(Side::Old),
        _ => None,
    }
}

fn is_range(name: &str) -> bool {
    matches!(name, "w:moveFromRangeStart" | "w:moveFromRangeEnd" | "w:moveToRangeStart" | "w:moveToRangeEnd")
}

/// The parts with text as they are when all changes are accepted, or rejected.
pub fn settled(package: &Package, side: Side) -> Result<BTreeMap<String, String>, Unreadable> {
    let mut parts = BTreeMap::new();
    let mut called = BTreeSet::new();
    for name in ["word/document.xml", "word/footnotes.xml"] {
        let Some(mut root) = tree(package, name)? else { continue };
        root.children = settle(std::mem::take(&mut root.children), side);
        if name == "word/footnotes.xml" {
            // A note goes with what calls it.
            root.children.retain(|node| match node {
                Node::Element(note) => {
                    note.get("w:type").is_some() || note.get("w:id").is_some_and(|id| called.contains(id))
                }
                Node::Text(_) => true,
            });
        } else {
            calls(&root, &mut called);
        }
        let mut out = String::new();
        write(&Node::Element(root), &mut out);
        parts.insert(name.to_owned(), out);
    }
    Ok(parts)
}

fn tree(package: &Package, part: &str) -> Result<Option<Element>, Unreadable> {
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    package.walk(part, &mut |step| {
        match step {
            Step::Start(name, element) => open.push(Element::from_start(name, element)),
            Step::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.children.push(Node::Text(text.to_owned()));
                }
            }
            Step::End(_) => {
                let Some(element) = open.pop() else { return Ok(()) };
                match open.last_mut() {
                    Some(outer) => outer.children.push(Node::Element(element)),
                    None => root = Some(element),
                }
            }
        }
        if open.len() > DEEPEST { Err(Unreadable(format!("`{part}` is too deep"))) } else { Ok(()) }
    })?;
    Ok(root)
}

fn calls(element: &Element, called: &mut BTreeSet<String>) {
    if element.name == "w:footnoteReference" {
        called.extend(element.get("w:id").map(str::to_owned));
    }
    element.elements().for_each(|child| calls(child, called));
}

/// The remaining nodes, in order.
fn settle(nodes: Vec<Node>, side: Side) -> Vec<Node> {
    let mut out: Vec<Node> = Vec::new();
    // Content of a paragraph whose end is removed: it is joined to the next one.
    let mut open: Vec<Node> = Vec::new();
    for node in nodes {
        let Node::Element(mut element) = node else {
            out.push(node);
            continue;
        };
        if let Some(of) = side_of(&element.name) {
            if of == side && !element.children.is_empty() {
                out.extend(settle(element.children, side));
            }
            continue;
        }
        let properties = match element.name.as_str() {
            "w:tr" => element.child("w:trPr"),
            "w:tc" => element.child("w:tcPr"),
            name if is_range(name) => continue,
            _ => None,
        };
        if properties.is_some_and(|properties| properties.goes(side)) {
            continue;
        }
        let ends = !element.path(&["w:pPr", "w:rPr"]).is_some_and(|mark| mark.goes(side));
        element.children = settle(std::mem::take(&mut element.children), side);
        match element.name.as_str() {
            "w:hyperlink" if !says(&element) => {
                out.append(&mut element.children);
                continue;
            }
            "w:pPr" => before(&mut element, side),
            "w:p" => {
                let own = element.children.iter().position(is_content).unwrap_or(element.children.len());
                if !ends {
                    open.extend(element.children.into_iter().skip(own));
                    continue;
                }
                element.children.splice(own..own, std::mem::take(&mut open));
            }
            "w:tbl" if element.child("w:tr").is_none() => continue,
            "w:delText" => "w:t".clone_into(&mut element.name),
            "w:delInstrText" => "w:instrText".clone_into(&mut element.name),
            _ => out.extend(closed(&mut open)),
        }
        out.push(Node::Element(element));
    }
    out.extend(closed(&mut open));
    out
}

/// The properties that a paragraph has, or had before they were changed.
fn before(properties: &mut Element, side: Side) {
    let Some(at) = properties.children.iter().position(is_named("w:pPrChange")) else { return };
    let Node::Element(mut change) = properties.children.remove(at) else { return };
    let old = change.children.iter().position(is_named("w:pPr"));
    if let Some(Node::Element(old)) = old.filter(|_| side == Side::Old).map(|at| change.children.remove(at)) {
        properties.children = old.children;
    }
}

fn is_named(name: &str) -> impl Fn(&Node) -> bool {
    move |node| matches!(node, Node::Element(element) if element.name == name)
}

fn is_content(node: &Node) -> bool {
    !matches!(node, Node::Element(element) if element.name == "w:pPr")
}

/// A paragraph without an end that no other goes on with, unless it says nothing.
fn closed(open: &mut Vec<Node>) -> Option<Node> {
    let children = std::mem::take(open);
    let says = children.iter().any(|node| matches!(node, Node::Element(element) if says(element)));
    says.then(|| Node::Element(Element { name: "w:p".to_owned(), attributes: Vec::new(), children }))
}

fn says(element: &Element) -> bool {
    matches!(element.name.as_str(), "w:t" | "m:oMath" | "w:drawing" | "w:fldChar" | "w:footnoteReference")
        || element.elements().any(says)
}

fn write(node: &Node, out: &mut String) {
    match node {
        Node::Text(text) => out.push_str(&quick_xml::escape::escape(text.as_str())),
        Node::Element(Element { name, attributes, children }) => {
            out.push('<');
            out.push_str(name);
            for (key, value) in attributes {
                out.push_str(&format!(" {key}=\"{}\"", quick_xml::escape::escape(value.as_str())));
            }
            out.push('>');
            children.iter().for_each(|child| write(child, out));
            out.push_str(&format!("</{name}>"));
        }
    }
}

/// Words that are taken away and put back at one place, looking the same: they stay, and no
/// change is to be shown there.
fn painted_twice(element: &Element, faults: &mut Vec<String>) {
    let mut before: Option<(Side, String)> = None;
    for child in element.elements() {
        let side = side_of(&child.name);
        // The numbers of two notes may look the same.
        if side.is_some() && calls_note(child) {
            before = None;
            continue;
        }
        let said = side.map(|_| runs(child)).filter(|said| said.contains(char::is_alphanumeric));
        match (side, said, &mut before) {
            // An empty part separates nothing.
            (Some(_), None, _) => {}
            (Some(side), Some(said), Some((last, known))) if *last == side => known.push_str(&said),
            (Some(side), Some(said), _) => {
                if before.as_ref().is_some_and(|(last, known)| *last != side && *known == said) {
                    faults.push(format!("“{}” is deleted and inserted again", element_words(child)));
                }
                before = Some((side, said));
            }
            (None, ..) => {
                before = None;
                painted_twice(child, faults);
            }
        }
    }
}

/// Whether an element is the number of a note.
fn calls_note(element: &Element) -> bool {
    let style =
        |run: &Element| run.path(&["w:rPr", "w:rStyle"]).and_then(|style| style.get("w:val").map(str::to_owned));
    element.elements().filter_map(style).any(|style| style.ends_with("FootnoteReference"))
}

/// The runs of an element: their words, and how these look.
fn runs(element: &Element) -> String {
    let mut out = String::new();
    for run in element.elements() {
        let mut copy = String::new();
        run.children.iter().for_each(|node| write(node, &mut copy));
        out.push_str(&copy.replace("w:delText", "w:t").replace("w:delInstrText", "w:instrText"));
    }
    out
}

fn element_words(element: &Element) -> String {
    let said = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Element(element) => element_words(element),
    };
    element.children.iter().map(said).collect()
}

/// The rules for marks of changes: each has a unique number, each end of a move has its other end,
/// and none is around unchanged words.
pub fn rules(package: &Package) -> Result<Vec<Check>, Unreadable> {
    let mut ids = BTreeSet::new();
    let mut twice = Vec::new();
    let mut ends: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut open = BTreeSet::new();
    let mut unsaid = Vec::new();
    let mut kept = Vec::new();
    for part in ["word/document.xml", "word/footnotes.xml"] {
        let mut is_changed = false;
        package.walk(part, &mut |step| {
            let Step::Start(name, element) = step else { return Ok(()) };
            if side_of(name).is_none() && !is_range(name) {
                return Ok(());
            }
            is_changed = true;
            let get = |name: &str| attribute(element, name);
            let id = get("w:id").unwrap_or_default();
            if name.ends_with("RangeEnd") {
                open.remove(&id);
                return Ok(());
            }
            if get("w:author").is_none() {
                unsaid.push(format!("`{name}` {id} does not say whose change it is"));
            }
            if let Some(name) = get("w:name").filter(|_| is_range(name)) {
                let end = usize::from(element.name().into_inner() == "w:moveToRangeStart");
                if let Some(count) = ends.entry(name).or_default().get_mut(end) {
                    *count += 1;
                }
                open.insert(id.clone());
            }
            if !ids.insert(id.clone()) {
                twice.push(format!("two changes have the number {id}"));
            }
            Ok(())
        })?;
        if is_changed && let Some(root) = tree(package, part)? {
            painted_twice(&root, &mut kept);
        }
    }
    let mut moves: Vec<String> = ends
        .into_iter()
        .filter(|(_, counts)| *counts != [1, 1])
        .map(|(name, _)| format!("the move {name} has not two ends"))
        .collect();
    moves.extend(open.into_iter().map(|id| format!("one end of a move, {id}, does not end")));
    let check = |rule: &str, states: &str, faults| Check { rule: rule.to_owned(), states: states.to_owned(), faults };
    twice.append(&mut unsaid);
    Ok(vec![
        check("ISO/IEC 29500-1, 17.13.5", "Each change has a number of its own and says whose it is.", twice),
        check("ISO/IEC 29500-1, 17.13.5.28", "What was moved has one place that it left and one that it has.", moves),
        check("Redline", "What is the same in both versions is not marked.", kept),
    ])
}
