//! Turns pieces into inlines: brackets, then HTML tags find their partners,
//! and neighbouring texts become one.

use super::elements::{self, InlineElement};
use super::html::Tag;
use super::inline_token::{InlineToken, InlineTokenKind};
use super::limits;
use super::link;
use super::lower::Lowering;
use crate::ast::{Inline, InlineKind, Node, Parsed, plain_text};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::source::search::find_byte;

/// Ends of lines and paragraphs as programs for slides and layout leave them in what is pasted.
const SEPARATORS: [char; 2] = ['\u{2028}', '\u{2029}'];

/// An element whose end has not been met.
struct Open {
    element: InlineElement,
    tag: Box<Tag>,
    content: Content,
}

/// Inlines under way, and how many levels they have.
#[derive(Default)]
struct Content {
    inlines: Vec<Inline<Parsed>>,
    height: usize,
}

impl Content {
    fn push(&mut self, inline: Inline<Parsed>, height: usize) {
        self.height = self.height.max(height);
        self.inlines.push(inline);
    }

    /// Adds text, to the text before it where the two touch.
    fn text(&mut self, text: String, span: Span) {
        if let Some(Node { kind: InlineKind::Text(before), span: place, .. }) = self.inlines.last_mut()
            && place.end == span.start
        {
            before.push_str(&text);
            place.end = span.end;
        } else if !text.is_empty() {
            // Most paragraphs and cells are one text.
            self.inlines.reserve_exact(usize::from(self.inlines.is_empty()));
            self.inlines.push(Node::new(InlineKind::Text(text), span));
        }
    }

    /// Adds text, in lines where characters part them that no font has.
    fn lines(&mut self, text: String, span: Span) {
        let is_first_byte = |byte: u8| byte == 0xe2;
        if find_byte(&text, &is_first_byte).is_none() || !text.contains(SEPARATORS) {
            return self.text(text, span);
        }
        let is_exact = text.len() == span.range().len();
        let place = |start: usize, end: usize| if is_exact { span.slice(start..end) } else { span };
        let mut start = 0;
        for line in text.split_inclusive(SEPARATORS) {
            let words = line.trim_end_matches(SEPARATORS);
            self.text(words.trim_matches(' ').to_owned(), place(start, start + words.len()));
            let follows_words = !matches!(self.inlines.last(), None | Some(Node { kind: InlineKind::LineBreak, .. }));
            if words.len() < line.len() && follows_words {
                let end = place(start + words.len(), start + line.len());
                self.inlines.push(Node::new(InlineKind::LineBreak, end));
            }
            start += line.len();
        }
    }
}

impl Lowering<'_> {
    /// The inlines that pieces make, and their height.
    pub fn finish(&mut self, pieces: Vec<InlineToken>) -> (Vec<Inline<Parsed>>, usize) {
        let pieces = self.brackets(pieces);
        self.pair(pieces)
    }

    /// Makes elements of opening and closing tags. Tags that overlap or lack
    /// their partner end with their container; no words are lost.
    pub fn pair(&mut self, pieces: Vec<InlineToken>) -> (Vec<Inline<Parsed>>, usize) {
        let mut root = Content::default();
        let mut open: Vec<Open> = Vec::new();
        for piece in pieces {
            let level = self.depth.saturating_add(open.len());
            let current = open.last_mut().map_or(&mut root, |open| &mut open.content);
            match piece.kind {
                InlineTokenKind::Text(text) => {
                    self.guard_marks(&text, piece.span);
                    self.guard_text(&text, piece.span);
                    let text = self.legal_owned(text, piece.span);
                    current.lines(text, piece.span);
                }
                InlineTokenKind::Decoded(text) => {
                    self.guard_text(&text, piece.span);
                    let text = self.legal_owned(text, piece.span);
                    current.lines(text, piece.span);
                }
                InlineTokenKind::Inline(inline) => {
                    let after_break = matches!(current.inlines.last(), Some(Node { kind: InlineKind::LineBreak, .. }));
                    if !(after_break && inline.kind == InlineKind::SoftBreak) {
                        current.push(*inline, piece.height);
                    }
                }
                InlineTokenKind::Open(element, tag) => {
                    if level >= limits::NESTING {
                        self.too_deep(piece.span);
                    } else {
                        open.push(Open { element, tag, content: Content::default() });
                    }
                }
                InlineTokenKind::Close(element) => {
                    // A closing tag without an opening one means nothing.
                    if open.iter().any(|open| open.element == element) {
                        while let Some(last) = open.pop() {
                            let found = last.element == element;
                            let outer = open.last_mut().map_or(&mut root, |open| &mut open.content);
                            self.close(last, piece.span, Closed::ByTag, outer);
                            if found {
                                break;
                            }
                        }
                    }
                }
            }
        }
        while let Some(last) = open.pop() {
            self.unclosed_element(&last);
            let end = last.content.inlines.last().map_or(last.tag.span, |inline| inline.span);
            let outer = open.last_mut().map_or(&mut root, |open| &mut open.content);
            self.close(last, end, Closed::ByEnd, outer);
        }
        (root.inlines, root.height)
    }

    fn close(&mut self, open: Open, end: Span, closed: Closed, outer: &mut Content) {
        let Open { element, tag, content: Content { inlines, height } } = open;
        let span = tag.span.to(end);
        let height = height + 1;
        let attrs = elements::attrs(&tag);
        let kind = match element {
            InlineElement::Hidden => {
                self.left_out_whole(&tag);
                if closed == Closed::ByTag {
                    self.is_code(tag.span.end as usize..end.start as usize);
                } else {
                    // Without its end it is unknown what was meant to be hidden.
                    inlines.into_iter().for_each(|inline| outer.push(inline, height));
                }
                return;
            }
            InlineElement::Anchor => match tag.get("href") {
                Some(address) if link::is_unsafe(address) => {
                    let mut pieces = Vec::new();
                    self.link(address, "", (inlines, height), span, &mut pieces);
                    pieces.into_iter().for_each(|piece| {
                        if let InlineTokenKind::Inline(mut inline) = piece.kind {
                            inline.attrs = attrs.clone();
                            outer.push(*inline, height);
                        }
                    });
                    return;
                }
                // A sign that site generators put after headings.
                Some(address) if inlines.is_empty() && address.starts_with('#') => {
                    if attrs.id().is_none() {
                        return;
                    }
                    InlineKind::Span(inlines)
                }
                Some(address) => InlineKind::Link {
                    target: self.legal(address, span),
                    title: tag.get("title").map(|title| self.legal(title, span)),
                    content: inlines,
                },
                None => InlineKind::Span(inlines),
            },
            InlineElement::Abbreviation => match tag.get("title").map(str::trim).filter(|title| !title.is_empty()) {
                Some(title) => InlineKind::Abbreviation { content: inlines, expansion: self.legal(title, span) },
                None => InlineKind::Span(inlines),
            },
            InlineElement::Code if is_plain(&inlines) => InlineKind::Code(plain_text(&inlines)),
            InlineElement::Span if attrs.is_empty() => {
                // It has no meaning, so its content replaces it.
                for inline in inlines {
                    match inline.kind {
                        InlineKind::Text(text) => outer.text(text, inline.span),
                        _ => outer.push(inline, height),
                    }
                }
                return;
            }
            _ => element.wrap(inlines),
        };
        outer.push(Node { kind, span, attrs }, height);
    }

    /// Warns of an element that marks all that follows, perhaps because its name was meant
    /// as text. Anchors have no end by habit, and one without words marks nothing.
    fn unclosed_element(&mut self, open: &Open) {
        let marks = !matches!(open.element, InlineElement::Anchor | InlineElement::Hidden | InlineElement::Span);
        if !marks || open.content.inlines.is_empty() {
            return;
        }
        let name = &open.tag.name;
        let message = format!("`<{name}>` has no end, and holds what follows in its paragraph");
        let hint = format!("close it with `</{name}>`, or write `\\<{name}>` where the signs are meant");
        self.diagnostics.push(Diagnostic::new(Code::RawHtml, open.tag.span, message).hint(hint));
    }

    fn left_out_whole(&mut self, tag: &Tag) {
        let message = format!("`<{}>` is left out", tag.name);
        self.diagnostics.push(Diagnostic::new(Code::RawHtml, tag.span, message));
    }
}

/// How an element was closed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closed {
    ByTag,
    ByEnd,
}

/// Whether inlines are nothing but text, so that code can be made of them.
fn is_plain(inlines: &[Inline<Parsed>]) -> bool {
    inlines.iter().all(|inline| matches!(inline.kind, InlineKind::Text(_) | InlineKind::SoftBreak))
}
