//! SVG. A drawing is read once, checked, and rewritten. Every edition shows the rewritten drawing;
//! the file itself is never passed on.

mod css;
mod cycle;
mod embedded;
mod entity;
mod expansion;
mod font;
mod names;
mod tree;
mod value;
mod write;

use crate::resolve::tags;
use roxmltree::{Document, ParsingOptions};
use std::collections::BTreeSet;
use tree::{Tree, Value};

/// How deep elements may nest in an SVG file, with what they refer to; the
/// readers of the file walk it recursively.
pub const SVG_NESTING: usize = 100;
/// The largest SVG file, in bytes.
pub const SVG_BYTES: usize = 16 * 1024 * 1024;
/// Elements, texts and comments of an SVG file.
const SVG_NODES: u32 = 400_000;
/// Attributes of one element: the parser compares each with each.
const ATTRIBUTES: usize = 200;
/// Names that a file gives to namespaces, likewise.
const NAMESPACES: usize = 32;

/// Reasons to reject a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SvgRejected {
    /// Contains something forbidden; the rest of a sentence.
    Holds(String),
    /// Exceeds a limit; the rest of a sentence.
    TooLarge(String),
    /// Its elements nest deeper than [`SVG_NESTING`].
    TooDeep,
    /// A part of it is in another language than SVG.
    Foreign,
}

/// A rewritten drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    pub text: String,
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
    /// Unsupported features, with their lines.
    pub undrawn: Vec<(String, usize)>,
    /// Pixels of pictures in it that were decoded.
    pub decoded: u64,
}

/// Whether bytes are the text of an SVG file.
pub fn is_one(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    start.starts_with('<') && tags::tags(start).any(|tag| name(tag).rsplit(':').next() == Some("svg"))
}

/// Whether bytes begin like an SVG file in another encoding than UTF-8, such as UTF-16.
pub fn is_in_other_encoding(bytes: &[u8]) -> bool {
    const START: usize = 4096;
    let start = bytes.get(..START).unwrap_or(bytes);
    // Half of the bytes of UTF-16 are zeros there.
    let letters: Vec<u8> = start.iter().copied().filter(|byte| *byte != 0).collect();
    let is_other = letters.len() < start.len() || std::str::from_utf8(bytes).is_err();
    is_other && letters.windows(4).any(|word| word == b"<svg")
}

fn name(tag: &str) -> &str {
    tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default()
}

/// Reads an SVG file.
///
/// # Errors
/// What makes it unfit for documents.
pub fn read(bytes: &[u8]) -> Result<Drawing, SvgRejected> {
    let text = std::str::from_utf8(bytes).map_err(|error| SvgRejected::Holds(format!("is no UTF-8: {error}")))?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let text = &*entity::written_out(text)?;
    check_tags(text)?;
    let options = ParsingOptions { allow_dtd: true, nodes_limit: SVG_NODES };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => {
            SvgRejected::TooLarge(format!("has more than {SVG_NODES} elements and texts"))
        }
        error => SvgRejected::Holds(format!("is a damaged SVG: {error}")),
    })?;
    let tree = Tree::read(&document)?;
    expansion::check(&tree)?;
    let (width, height) = size(&tree);
    let line = |offset: usize| text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1);
    let undrawn = tree.undrawn.iter().map(|(what, offset)| (what.clone(), line(*offset))).collect();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let pixels = |length: f32| length.round().max(1.0) as u32;
    let text = write::write(&tree, width, height);
    Ok(Drawing { text, width: pixels(width), height: pixels(height), undrawn, decoded: tree.decoded })
}

/// Checks what must hold before the parser reads the file.
fn check_tags(text: &str) -> Result<(), SvgRejected> {
    if text.len() > SVG_BYTES {
        return Err(SvgRejected::TooLarge(format!("has more than {} MiB", SVG_BYTES / 1024 / 1024)));
    }
    if !tags::is_plain(text) {
        return Err(SvgRejected::Holds("is a damaged SVG: a tag holds a `<`".to_owned()));
    }
    if tags::nesting(text) > SVG_NESTING {
        return Err(SvgRejected::TooDeep);
    }
    let mut namespaces = BTreeSet::new();
    for tag in tags::tags(text) {
        if tag.bytes().filter(|byte| *byte == b'=').take(ATTRIBUTES + 1).count() > ATTRIBUTES
            && tag.split(['"', '\'']).step_by(2).map(|part| part.matches('=').count()).sum::<usize>() > ATTRIBUTES
        {
            return Err(SvgRejected::TooLarge(format!("has an element with more than {ATTRIBUTES} attributes")));
        }
        let declared = tag.match_indices("xmlns:").filter_map(|(at, _)| tag.get(at..)?.split(['=', ' ', '\n']).next());
        namespaces.extend(declared);
        if namespaces.len() > NAMESPACES {
            return Err(SvgRejected::TooLarge(format!("names more than {NAMESPACES} namespaces")));
        }
    }
    Ok(())
}

/// The size that a drawing asks for in CSS pixels: `width` and `height`, else
/// its view box (CSS Images 3, section 5.1).
fn size(tree: &Tree) -> (f32, f32) {
    const DEFAULT_SIZE: (f32, f32) = (300.0, 150.0);
    const LARGEST: f32 = 100_000.0;
    let attribute = |name: &str| match tree.elements.first().and_then(|root| root.attributes.get(name)) {
        Some(Value::Plain(value)) => Some(value.as_str()),
        _ => None,
    };
    let view: Option<Vec<f32>> = attribute("viewBox").map(|view| {
        let numbers = view.split(|c: char| c.is_whitespace() || c == ',').filter(|number| !number.is_empty());
        numbers.filter_map(|number| number.parse().ok()).collect()
    });
    let view = match view.as_deref() {
        Some([_, _, width, height]) if *width > 0.0 && *height > 0.0 => Some((*width, *height)),
        _ => None,
    };
    let (width, height) = match (attribute("width").and_then(length), attribute("height").and_then(length), view) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some((w, h))) => (width, width * h / w),
        (None, Some(height), Some((w, h))) => (height * w / h, height),
        (None, None, Some(view)) => view,
        (width, height, None) => (width.unwrap_or(DEFAULT_SIZE.0), height.unwrap_or(DEFAULT_SIZE.1)),
    };
    let within = |length: f32| if length.is_finite() { length.clamp(0.01, LARGEST) } else { LARGEST };
    (within(width), within(height))
}

/// A length in CSS pixels (CSS Values 4, section 6.2); `None` for percentages.
fn length(text: &str) -> Option<f32> {
    let text = text.trim();
    // An exponent belongs to the number.
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-');
    let split = text
        .char_indices()
        .find(|(at, c)| {
            let exponent = matches!(c, 'e' | 'E') && text.get(at + 1..).is_some_and(|rest| rest.starts_with(digits));
            !digits(*c) && !exponent
        })
        .map_or(text.len(), |(at, _)| at);
    let (number, unit) = text.split_at(split);
    let number: f32 = number.parse().ok()?;
    let factor = match unit.trim() {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "em" | "rem" => 16.0,
        _ => return None,
    };
    (number > 0.0).then_some(number * factor)
}

#[cfg(test)]
mod tests;
