//! Words, links and references.

use super::{Notes, Reader};
use crate::ast::{Attrs, Image, InlineKind, plain_text};
use crate::format::Format;
use crate::resolve::{ChangeKind, RInline, ResolvedInline, ResolvedStage, Target};
use crate::source::Span;
use crate::verify::side;

impl<'a> Reader<'a> {
    pub(super) fn inlines(&mut self, content: &'a [RInline]) {
        for inline in content {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &'a RInline) {
        let span = Some(inline.span);
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => self.words.text(text, span),
            InlineKind::Math(formula) => self.formula(formula, false, inline.span),
            InlineKind::SoftBreak | InlineKind::LineBreak => self.words.end(),
            InlineKind::Quoted(content) => self.quoted(content, inline.span),
            InlineKind::Image(image) if !is_decorative(&inline.attrs) => self.image(image, inline.span),
            InlineKind::Image(_) => {}
            InlineKind::Note(use_of_note) => {
                if let Some(note) = self.document.notes.get(use_of_note.note)
                    && (self.notes == Notes::Told || self.conventions.is_text)
                {
                    if !self.conventions.is_text {
                        self.words.text(use_of_note.separator, span);
                    }
                    self.words.apart(&note.number, span);
                    if self.notes == Notes::Told {
                        self.noted.insert(use_of_note.note);
                    }
                }
            }
            InlineKind::Stage(ResolvedInline::Reference { text, target }) => {
                self.words.text(text, span);
                self.leads_to(target, None, text, inline.span);
            }
            InlineKind::Link { target, title, content } => {
                if content.is_empty() && !matches!(target, Target::Internal(_)) {
                    self.words.text(&target.address(self.conventions.format), span);
                }
                self.within(false, content);
                let words = plain_text(content);
                self.leads_to(target, title.as_deref(), &words, inline.span);
            }
            InlineKind::Inserted(content) if self.conventions.is_text => {
                self.revised(self.labels().inserted, content, span)
            }
            InlineKind::Deleted(content) | InlineKind::Strikethrough(content) if self.conventions.is_text => {
                self.revised(self.labels().deleted, content, span);
            }
            InlineKind::Change { change, content } => self.change(change.kind, span, |reader| reader.inlines(content)),
            InlineKind::Superscript(content)
            | InlineKind::Subscript(content)
            | InlineKind::Keyboard(content)
            | InlineKind::Abbreviation { content, .. } => self.within(true, content),
            InlineKind::Emphasis(_)
            | InlineKind::Strong(_)
            | InlineKind::Strikethrough(_)
            | InlineKind::Underline(_)
            | InlineKind::Highlight(_)
            | InlineKind::Inserted(_)
            | InlineKind::Deleted(_)
            | InlineKind::Small(_)
            | InlineKind::CitedTitle(_)
            | InlineKind::DefinedTerm(_)
            | InlineKind::Span(_) => self.inlines(inline.kind.children()),
        }
    }

    /// A run in which DocBook allows nothing but words, or allows more again.
    pub(super) fn within(&mut self, words_only: bool, content: &'a [RInline]) {
        let outer = std::mem::replace(&mut self.words_only, words_only);
        self.inlines(content);
        self.words_only = outer;
    }

    fn quoted(&mut self, content: &'a [RInline], span: Span) {
        let [outer_open, outer_close, inner_open, inner_close] = self.labels().quotes;
        let outer = self.quotations.is_multiple_of(2);
        let (open, close) = match (self.conventions.by_elements, outer) {
            (true, _) => ("", ""),
            (false, true) => (outer_open, outer_close),
            (false, false) => (inner_open, inner_close),
        };
        self.words.text(open, Some(span));
        self.quotations += 1;
        self.inlines(content);
        self.quotations -= 1;
        self.words.text(close, Some(span));
    }

    fn image(&mut self, image: &Image<ResolvedStage>, span: Span) {
        let alt = image.alt.as_deref();
        if !self.conventions.is_text {
            let title = image.title.as_deref().filter(|_| self.conventions.structures_pictures);
            let said = alt.or(title).unwrap_or_default();
            if !said.is_empty() || self.conventions.structures_pictures {
                self.words.apart(said, Some(span));
            }
            return;
        }
        let alt = alt.map(str::trim).filter(|alt| !alt.is_empty());
        self.words.apart(alt.unwrap_or(self.labels().picture), Some(span));
        if let Some(title) = image.title.as_deref().filter(|title| Some(*title) != alt) {
            self.words.apart(title, Some(span));
        }
    }

    /// Reads a change between two versions, with the signs or words at its ends.
    pub(super) fn change(&mut self, kind: ChangeKind, span: Option<Span>, content: impl FnOnce(&mut Self)) {
        let [start, end] = side::marks(kind, self.conventions.changes, self.document);
        if start.is_empty() {
            return content(self);
        }
        self.words.apart(&start, span);
        content(self);
        self.words.apart(&end, span);
    }

    fn revised(&mut self, label: &str, content: &'a [RInline], span: Option<Span>) {
        self.words.apart(label, span);
        self.inlines(content);
        self.words.end();
    }

    /// Where a link leads. The text editions refer to a list of addresses,
    /// unless the link's own words say its address.
    fn leads_to(&mut self, target: &Target, title: Option<&str>, words: &str, span: Span) {
        if !self.conventions.is_text {
            self.target(target, Some(span));
            return;
        }
        if matches!(target, Target::Internal(_)) || words.trim().is_empty() || target.is_said_by(words) {
            return;
        }
        let address = target.address(Format::Text);
        let known = self.links.iter().position(|(known, _)| *known == address);
        let number = known.unwrap_or_else(|| {
            self.links.push((address, title.map(str::to_owned)));
            self.links.len() - 1
        });
        self.words.apart(&format!("L{}", number + 1), Some(span));
    }
}

pub(super) fn is_decorative(attrs: &Attrs) -> bool {
    attrs.has_class("decorative")
}
