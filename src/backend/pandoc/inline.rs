//! Inlines.

use super::{bare, node};
use crate::ast::{Attrs, Image, InlineKind};
use crate::backend::data_uri::data_uri;
use crate::format::Format;
use crate::resolve::{NoteUse, PictureWidth, RInline, Resolved, ResolvedInline, ResolvedStage, Target};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Writes a document as pandoc's tree.
pub(super) struct Writer<'a> {
    pub document: &'a Resolved,
    /// Notes whose blocks are written.
    pub notes_written: BTreeSet<usize>,
    /// Whether a note is being written, in which pandoc allows no other.
    pub in_note: bool,
    /// How deep in quotations marks are.
    quotes: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(document: &'a Resolved) -> Self {
        Writer { document, notes_written: BTreeSet::new(), in_note: false, quotes: 0 }
    }

    pub(super) fn inlines(&mut self, inlines: &[RInline]) -> Vec<Value> {
        let mut out = Vec::new();
        for inline in inlines {
            self.push(inline, &mut out);
        }
        out
    }

    fn push(&mut self, inline: &RInline, out: &mut Vec<Value>) {
        let attrs = &inline.attrs;
        match &inline.kind {
            InlineKind::Text(text) if attrs.is_empty() => push_words(text, out),
            InlineKind::Text(text) => out.push(node("Span", json!([attributes(attrs, &[]), text_inlines(text)]))),
            InlineKind::SoftBreak => out.push(bare("SoftBreak")),
            InlineKind::LineBreak => out.push(bare("LineBreak")),
            InlineKind::Code(code) => out.push(node("Code", json!([attributes(attrs, &[]), code]))),
            InlineKind::Math(formula) if attrs.is_empty() => out.push(math("InlineMath", &formula.source)),
            InlineKind::Math(formula) => {
                out.push(node("Span", json!([attributes(attrs, &[]), [math("InlineMath", &formula.source)]])));
            }
            InlineKind::Emphasis(content) => self.push_plain("Emph", attrs, content, out),
            InlineKind::Strong(content) => self.push_plain("Strong", attrs, content, out),
            InlineKind::Strikethrough(content) => self.push_plain("Strikeout", attrs, content, out),
            InlineKind::Superscript(content) => self.push_plain("Superscript", attrs, content, out),
            InlineKind::Subscript(content) => self.push_plain("Subscript", attrs, content, out),
            InlineKind::Underline(content) => self.push_plain("Underline", attrs, content, out),
            InlineKind::Highlight(content) => self.push_span("mark", attrs, content, out),
            InlineKind::Inserted(content) => self.push_span("inserted", attrs, content, out),
            InlineKind::Deleted(content) => {
                let struck = node("Strikeout", json!(self.inlines(content)));
                out.push(node("Span", json!([attributes(attrs, &["deleted"]), [struck]])));
            }
            InlineKind::Small(content) => self.push_span("small", attrs, content, out),
            InlineKind::Quoted(content) => {
                let kind = if self.quotes.is_multiple_of(2) { "DoubleQuote" } else { "SingleQuote" };
                self.quotes += 1;
                let content = self.inlines(content);
                self.quotes -= 1;
                out.push(node("Quoted", json!([bare(kind), content])));
            }
            InlineKind::CitedTitle(content) => self.push_plain("Emph", attrs, content, out),
            InlineKind::DefinedTerm(content) => self.push_plain("Emph", attrs, content, out),
            InlineKind::Keyboard(content) => self.push_span("kbd", attrs, content, out),
            InlineKind::Span(content) if attrs.is_empty() => out.extend(self.inlines(content)),
            InlineKind::Span(content) => {
                out.push(node("Span", json!([attributes(attrs, &[]), self.inlines(content)])));
            }
            InlineKind::Abbreviation { content, expansion } => {
                let attributes = with_pair(attributes(attrs, &["abbreviation"]), "title", expansion);
                out.push(node("Span", json!([attributes, self.inlines(content)])));
            }
            InlineKind::Link { target, title, content } => {
                let address = target.address(Format::Html);
                let mut content = self.inlines(content);
                if content.is_empty() && !matches!(target, Target::Internal(_)) {
                    content = text_inlines(&address);
                }
                let title = title.as_deref().unwrap_or_default();
                out.push(node("Link", json!([attributes(attrs, &[]), content, [address, title]])));
            }
            InlineKind::Image(image) => out.push(self.image(attrs, image)),
            InlineKind::Change { change, content } => self.push_span(change.kind.name(), attrs, content, out),
            InlineKind::Note(reference) => self.push_note(reference, out),
            InlineKind::Stage(ResolvedInline::Reference { target, text }) => {
                let address = target.address(Format::Html);
                out.push(node("Link", json!([attributes(attrs, &[]), text_inlines(text), [address, ""]])));
            }
        }
    }

    /// An element that has no attributes of its own; those go round it.
    fn push_plain(&mut self, tag: &str, attrs: &Attrs, content: &[RInline], out: &mut Vec<Value>) {
        let inner = node(tag, json!(self.inlines(content)));
        out.push(if attrs.is_empty() { inner } else { node("Span", json!([attributes(attrs, &[]), [inner]])) });
    }

    fn push_span(&mut self, class: &str, attrs: &Attrs, content: &[RInline], out: &mut Vec<Value>) {
        out.push(node("Span", json!([attributes(attrs, &[class]), self.inlines(content)])));
    }

    fn image(&mut self, attrs: &Attrs, image: &Image<ResolvedStage>) -> Value {
        let address = self.document.pictures.get(image.picture).map(data_uri).unwrap_or_default();
        let alt = text_inlines(image.alt.as_deref().unwrap_or_default());
        let title = image.title.as_deref().unwrap_or_default();
        let own = attributes(attrs, &[]);
        let own = match image.width {
            Some(PictureWidth::Percent(share)) => with_pair(own, "width", &format!("{share}%")),
            Some(PictureWidth::Points(width)) => with_pair(own, "width", &format!("{width}pt")),
            None => own,
        };
        node("Image", json!([own, alt, [address, title]]))
    }

    fn push_note(&mut self, reference: &NoteUse, out: &mut Vec<Value>) {
        let Some(note) = self.document.notes.get(reference.note) else { return };
        if !reference.separator.is_empty() {
            out.push(node("Superscript", json!(text_inlines(reference.separator))));
        }
        if self.in_note || !self.notes_written.insert(reference.note) {
            out.push(node("Superscript", json!(text_inlines(&note.number))));
            return;
        }
        self.in_note = true;
        let blocks = self.blocks(&note.blocks);
        self.in_note = false;
        out.push(node("Note", json!(blocks)));
    }
}

/// Words and the spaces between them.
pub(super) fn text_inlines(text: &str) -> Vec<Value> {
    let mut out = Vec::new();
    push_words(text, &mut out);
    out
}

fn push_words(text: &str, out: &mut Vec<Value>) {
    for (index, word) in text.split([' ', '\t', '\n', '\r']).enumerate() {
        if index > 0 && out.last() != Some(&bare("Space")) {
            out.push(bare("Space"));
        }
        if !word.is_empty() {
            out.push(node("Str", json!(word)));
        }
    }
}

/// Id, classes and pairs of a node, with classes of ours before the author's.
pub(super) fn attributes(attrs: &Attrs, classes: &[&str]) -> Value {
    let own = attrs.list().map(|list| list.classes.as_slice()).unwrap_or_default();
    let classes: Vec<&str> = classes.iter().copied().chain(own.iter().map(String::as_str)).collect();
    let pairs: Vec<(&str, &str)> = attrs.lang().map(|lang| ("lang", lang)).into_iter().collect();
    json!([attrs.id().unwrap_or_default(), classes, pairs])
}

/// Attributes with one pair more.
pub(super) fn with_pair(mut attributes: Value, key: &str, value: &str) -> Value {
    if let Some(pairs) = attributes.get_mut(2).and_then(Value::as_array_mut) {
        pairs.push(json!([key, value]));
    }
    attributes
}

/// No attributes.
pub(super) fn none() -> Value {
    json!(["", [], []])
}

/// A number before the title it belongs to.
/// A formula in LaTeX, as pandoc holds it.
pub(super) fn math(kind: &str, source: &str) -> Value {
    node("Math", json!([{"t": kind}, source]))
}

pub(super) fn number(text: &str) -> Value {
    node("Span", json!([json!(["", ["number"], []]), text_inlines(text)]))
}
