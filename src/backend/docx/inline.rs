//! Words, links, references and notes.

use super::style::Mark;
use super::survey::Shown;
use super::writer::Writer;
use crate::ast::InlineKind;
use crate::format::Format;
use crate::resolve::{NoteUse, RInline, ResolvedInline, Target, bookmark};

impl Writer<'_> {
    /// Writes inlines in order.
    pub fn inlines(&mut self, inlines: &[RInline]) {
        inlines.iter().for_each(|inline| self.inline(inline));
    }

    fn inline(&mut self, inline: &RInline) {
        let attrs = &inline.attrs;
        let outer = attrs.lang().map(|lang| self.context.lang.replace(lang.to_owned()));
        match attrs.id() {
            Some(id) => self.bookmark(Some(id), |w| w.kind(inline)),
            None => self.kind(inline),
        }
        if let Some(lang) = outer {
            self.context.lang = lang;
        }
    }

    fn kind(&mut self, inline: &RInline) {
        match &inline.kind {
            InlineKind::Text(words) => self.text(words),
            InlineKind::SoftBreak => self.text(" "),
            InlineKind::LineBreak => self.special(|out| out.empty("w:br", &[])),
            InlineKind::Code(words) => self.marked(Mark::Code, |w| w.text(&words.replace('\n', " "))),
            InlineKind::Math(formula) => self.formula(&formula.content),
            InlineKind::Emphasis(content) => self.wrapped(Mark::Emphasis, content),
            InlineKind::Strong(content) => self.wrapped(Mark::Strong, content),
            InlineKind::Strikethrough(content) => self.wrapped(Mark::Struck, content),
            InlineKind::Superscript(content) => self.wrapped(Mark::Superscript, content),
            InlineKind::Subscript(content) => self.wrapped(Mark::Subscript, content),
            InlineKind::Underline(content) => self.wrapped(Mark::Underline, content),
            InlineKind::Highlight(content) => self.wrapped(Mark::Highlight, content),
            InlineKind::Inserted(content) => self.wrapped(Mark::Inserted, content),
            InlineKind::Deleted(content) => self.wrapped(Mark::Deleted, content),
            InlineKind::Small(content) => self.wrapped(Mark::Small, content),
            InlineKind::CitedTitle(content) => self.wrapped(Mark::Citation, content),
            InlineKind::DefinedTerm(content) => self.wrapped(Mark::Term, content),
            InlineKind::Keyboard(content) => self.wrapped(Mark::Keyboard, content),
            InlineKind::Quoted(content) => self.quoted(content),
            InlineKind::Span(content) | InlineKind::Abbreviation { content, .. } => self.inlines(content),
            InlineKind::Link { target, title, content } => self.link(target, title.as_deref(), content),
            InlineKind::Image(image) => self.picture(image, inline.attrs.has_class("decorative")),
            InlineKind::Change { change, content } => self.change(change, content),
            InlineKind::Note(reference) => self.note_reference(reference),
            InlineKind::Stage(ResolvedInline::Reference { target, text }) => self.reference(target, text),
        }
    }

    /// Writes content with a mark more.
    pub fn marked(&mut self, mark: Mark, content: impl FnOnce(&mut Self)) {
        let is_new = self.context.marks.insert(mark);
        content(self);
        if is_new {
            self.context.marks.remove(&mark);
        }
    }

    fn wrapped(&mut self, mark: Mark, content: &[RInline]) {
        self.marked(mark, |w| w.inlines(content));
    }

    /// A quotation with the marks of the document's language.
    fn quoted(&mut self, content: &[RInline]) {
        let [outer_open, outer_close, inner_open, inner_close] = self.document.language.labels.quotes;
        let is_outer = self.context.quotations.is_multiple_of(2);
        let (open, close) = if is_outer { (outer_open, outer_close) } else { (inner_open, inner_close) };
        self.text(open);
        self.context.quotations += 1;
        self.inlines(content);
        self.context.quotations -= 1;
        self.text(close);
    }

    fn link(&mut self, target: &Target, title: Option<&str>, content: &[RInline]) {
        self.hyperlink(target, title, |w| {
            w.marked(Mark::Link, |w| {
                if content.is_empty() && !matches!(target, Target::Internal(_)) {
                    w.text(&target.address(Format::Docx));
                }
                w.inlines(content);
            });
        });
    }

    /// A cross-reference: a link that contains a field, which Word can update.
    fn reference(&mut self, target: &Target, text: &str) {
        let shown = match target {
            Target::Internal(id) => self.survey.places.get(id).map(|shown| (id, shown.clone())),
            Target::External(_) | Target::Document { .. } => None,
        };
        let parts = shown.and_then(|(id, shown)| {
            let (part, switch) = match shown {
                Shown::Number(number) => (number, " \\r"),
                Shown::Words(words) => (words, ""),
            };
            let (before, behind) = text.split_once(&part)?;
            let instruction = format!(" REF {}{switch} \\h ", bookmark(id));
            Some((before.to_owned(), instruction, part.clone(), behind.to_owned()))
        });
        self.hyperlink(target, None, |w| match parts {
            Some((before, instruction, part, behind)) if !w.context.in_listing => {
                w.text(&before);
                w.field(&instruction, |w| w.text(&part));
                w.text(&behind);
            }
            Some(_) | None => w.text(text),
        });
    }

    fn note_reference(&mut self, reference: &NoteUse) {
        if self.context.in_listing {
            return;
        }
        if !reference.separator.is_empty() {
            self.marked(Mark::Superscript, |w| w.text(reference.separator));
        }
        self.refer_to_note(reference.note);
    }
}
