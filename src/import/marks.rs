//! Converts words with marks to nested inlines.

use crate::ast::{AttrList, Inline, InlineKind, Node, Parsed};
use crate::source::{FileId, Span};
use std::rc::Rc;

/// Marks of words, outermost first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    Link(Rc<str>),
    Lang(Rc<str>),
    Inserted,
    Deleted,
    Highlight,
    Strong,
    Emphasis,
    Quoted,
    CitedTitle,
    DefinedTerm,
    Strikethrough,
    Underline,
    Small,
    Superscript,
    Subscript,
    Keyboard,
    Code,
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq)]
pub enum Bit {
    Text(String),
    Break,
    Inline(Box<InlineKind<Parsed>>),
    /// An inline with attributes.
    Node(Box<Inline<Parsed>>),
    /// A position that something refers to, by its id.
    Anchor(String),
}

/// A piece with its marks, in order and each once.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    pub bit: Bit,
    pub marks: Vec<Mark>,
}

impl Marked {
    /// A piece with marks in any order.
    pub fn new(bit: Bit, marks: &[Mark]) -> Marked {
        let mut marks = marks.to_vec();
        marks.sort();
        marks.dedup();
        Marked { bit, marks }
    }

    fn is_space(&self) -> bool {
        matches!(&self.bit, Bit::Text(text) if text.chars().all(char::is_whitespace))
    }
}

/// The text of pieces.
pub fn text(bits: &[Marked]) -> String {
    let of = |marked: &Marked| match &marked.bit {
        Bit::Text(text) => text.clone(),
        Bit::Break => " ".to_owned(),
        Bit::Inline(_) | Bit::Node(_) | Bit::Anchor(_) => String::new(),
    };
    bits.iter().map(of).collect()
}

/// Whether pieces show nothing and name no place.
pub fn is_blank(bits: &[Marked]) -> bool {
    bits.iter().all(|marked| match &marked.bit {
        Bit::Text(text) => text.trim().is_empty(),
        Bit::Break => true,
        Bit::Inline(_) | Bit::Node(_) | Bit::Anchor(_) => false,
    })
}

/// Inlines of pieces. Space is outside of what is marked, where Markdown needs it.
pub fn inlines(bits: Vec<Marked>, serial: u32) -> Vec<Inline<Parsed>> {
    let mut bits = apart(bits);
    let common = common(&bits);
    for (marked, common) in bits.iter_mut().zip(common) {
        if let Some(marks) = common {
            marked.marks = marks;
        }
    }
    trim(&mut bits);
    nest(&bits, 0, serial)
}

/// The marks of spaces: those that the text before and after has in common.
fn common(bits: &[Marked]) -> Vec<Option<Vec<Mark>>> {
    let mut common: Vec<Option<Vec<Mark>>> = Vec::with_capacity(bits.len());
    let mut before: Option<&Marked> = None;
    for marked in bits {
        if marked.is_space() {
            common.push(Some(before.map(|before| before.marks.clone()).unwrap_or_default()));
        } else {
            common.push(None);
            before = Some(marked);
        }
    }
    let mut after: Option<&Marked> = None;
    for (marked, common) in bits.iter().zip(&mut common).rev() {
        match common {
            Some(marks) => marks.retain(|mark| after.is_some_and(|after| after.marks.contains(mark))),
            None => after = Some(marked),
        }
    }
    common
}

/// Texts with the space at their edges as texts of its own.
fn apart(bits: Vec<Marked>) -> Vec<Marked> {
    let mut out: Vec<Marked> = Vec::with_capacity(bits.len());
    for marked in bits {
        let Bit::Text(text) = &marked.bit else {
            out.push(marked);
            continue;
        };
        let code = marked.marks.contains(&Mark::Code);
        let start = if code { 0 } else { text.len() - text.trim_start().len() };
        let end = if code { text.len() } else { text.trim_end().len().max(start) };
        for (part, range) in [(0, 0..start), (1, start..end), (0, end..text.len())] {
            let Some(words) = text.get(range).filter(|words| !words.is_empty()) else { continue };
            match out.last_mut() {
                Some(Marked { bit: Bit::Text(before), marks })
                    if part == 1 && *marks == marked.marks && !before.ends_with(char::is_whitespace) =>
                {
                    before.push_str(words);
                }
                _ => out.push(Marked { bit: Bit::Text(words.to_owned()), marks: marked.marks.clone() }),
            }
        }
    }
    out
}

/// Takes space and broken lines off both ends.
fn trim(bits: &mut Vec<Marked>) {
    let is_blank = |marked: &Marked| marked.is_space() || marked.bit == Bit::Break;
    while bits.last().is_some_and(is_blank) {
        bits.pop();
    }
    let lead = bits.iter().take_while(|marked| is_blank(marked)).count();
    bits.drain(..lead);
}

fn nest(bits: &[Marked], depth: usize, serial: u32) -> Vec<Inline<Parsed>> {
    let mut out: Vec<Inline<Parsed>> = Vec::new();
    let mut rest = bits;
    while let Some(first) = rest.first() {
        let Some(mark) = first.marks.get(depth) else {
            push(&mut out, &first.bit, serial);
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        let length = rest.iter().take_while(|marked| marked.marks.get(depth) == Some(mark)).count();
        let (inside, after) = rest.split_at(length);
        out.push(wrap(mark, inside, depth, serial));
        rest = after;
    }
    out
}

fn push(out: &mut Vec<Inline<Parsed>>, bit: &Bit, serial: u32) {
    let kind = match bit {
        Bit::Text(text) => match out.last_mut().map(|last| &mut last.kind) {
            Some(InlineKind::Text(before)) => return before.push_str(text),
            _ => InlineKind::Text(text.clone()),
        },
        Bit::Break => InlineKind::LineBreak,
        Bit::Inline(kind) => (**kind).clone(),
        Bit::Node(inline) => return out.push((**inline).clone()),
        Bit::Anchor(id) => return out.push(anchor(id, serial)),
    };
    out.push(node(kind, serial));
}

/// A place without words.
fn anchor(id: &str, serial: u32) -> Inline<Parsed> {
    let mut inline = node(InlineKind::Span(Vec::new()), serial);
    inline.attrs = AttrList { id: Some(id.to_owned()), ..AttrList::default() }.into();
    inline
}

/// A node at a place of the file.
pub fn node<K>(kind: K, serial: u32) -> Node<K> {
    Node::new(kind, Span { file: FileId(0), start: serial, end: serial })
}

fn wrap(mark: &Mark, inside: &[Marked], depth: usize, serial: u32) -> Inline<Parsed> {
    if *mark == Mark::Code {
        return node(InlineKind::Code(text(inside)), serial);
    }
    let content = nest(inside, depth + 1, serial);
    let kind = match mark {
        Mark::Link(target) => InlineKind::Link { target: target.to_string(), title: None, content },
        Mark::Lang(lang) => {
            let mut span = node(InlineKind::Span(content), serial);
            span.attrs = AttrList { lang: Some(lang.to_string()), ..AttrList::default() }.into();
            return span;
        }
        Mark::Inserted => InlineKind::Inserted(content),
        Mark::Deleted => InlineKind::Deleted(content),
        Mark::Highlight => InlineKind::Highlight(content),
        Mark::Strong => InlineKind::Strong(content),
        Mark::Emphasis => InlineKind::Emphasis(content),
        Mark::Quoted => InlineKind::Quoted(content),
        Mark::CitedTitle => InlineKind::CitedTitle(content),
        Mark::DefinedTerm => InlineKind::DefinedTerm(content),
        Mark::Strikethrough => InlineKind::Strikethrough(content),
        Mark::Underline => InlineKind::Underline(content),
        Mark::Small => InlineKind::Small(content),
        Mark::Superscript => InlineKind::Superscript(content),
        Mark::Subscript => InlineKind::Subscript(content),
        Mark::Keyboard => InlineKind::Keyboard(content),
        Mark::Code => InlineKind::Code(text(inside)),
    };
    node(kind, serial)
}
