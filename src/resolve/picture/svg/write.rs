//! Writes the drawing that editions show: only elements and attributes that
//! are known, and nothing that runs or is fetched.

use super::tree::{Child, Element, Tree, Value};
use crate::resolve::chart::{coordinate, escaped};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Properties that are no attributes.
const STYLES: [&str; 2] = ["isolation", "mix-blend-mode"];

/// The drawing as a file of that size in CSS pixels.
pub fn write(tree: &Tree, width: f32, height: f32) -> String {
    let targets =
        tree.elements.iter().flat_map(|element| element.attributes.values()).filter_map(|value| match value {
            Value::Element(number, _) => Some(*number),
            Value::Plain(_) | Value::Named(..) => None,
        });
    let mut writer = Writer { tree, targets: targets.collect(), out: String::new() };
    let size = format!("width=\"{}\" height=\"{}\"", coordinate(f64::from(width)), coordinate(f64::from(height)));
    let namespaces = "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"";
    match &tree.background {
        Some(color) => {
            let full = "width=\"100%\" height=\"100%\"";
            // Writing into a string cannot fail.
            let _ = write!(writer.out, "<svg {namespaces} {size}><rect {full} fill=\"{}\"/>", escaped(color));
            writer.root(full);
            writer.out.push_str("</svg>");
        }
        None => writer.root(&format!("{namespaces} {size}")),
    }
    writer.out
}

struct Writer<'a> {
    tree: &'a Tree,
    targets: BTreeSet<usize>,
    out: String,
}

impl Writer<'_> {
    fn root(&mut self, start: &str) {
        let Some(root) = self.tree.elements.first() else { return };
        let _ = write!(self.out, "<svg {start}");
        self.attributes(0, root, &["width", "height", "x", "y"]);
        self.content(root);
    }

    fn element(&mut self, number: usize) {
        let Some(element) = self.tree.elements.get(number) else { return };
        self.out.push('<');
        self.out.push_str(element.name);
        self.attributes(number, element, &[]);
        self.content(element);
    }

    fn attributes(&mut self, number: usize, element: &Element, without: &[&str]) {
        if self.targets.contains(&number) {
            let _ = write!(self.out, " id=\"i{number}\"");
        }
        let mut styles = Vec::new();
        for (name, value) in element.attributes.iter().filter(|(name, _)| !without.contains(name)) {
            let value = match value {
                Value::Plain(value) => escaped(value),
                Value::Element(number, _) if *name == "xlink:href" => format!("#i{number}"),
                Value::Element(number, rest) => format!("url(#i{number}) {}", escaped(rest)).trim_end().to_owned(),
                Value::Named(..) => continue,
            };
            if STYLES.contains(name) {
                styles.push(format!("{name}:{value}"));
            } else {
                let _ = write!(self.out, " {name}=\"{value}\"");
            }
        }
        if !styles.is_empty() {
            let _ = write!(self.out, " style=\"{}\"", styles.join(";"));
        }
    }

    /// Writes the content of an element, and its end tag.
    fn content(&mut self, element: &Element) {
        if element.children.is_empty() {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        for child in &element.children {
            match child {
                Child::Element(number) => self.element(*number),
                Child::Text(words) => self.out.push_str(&escaped(words)),
            }
        }
        let _ = write!(self.out, "</{}>", element.name);
    }
}
