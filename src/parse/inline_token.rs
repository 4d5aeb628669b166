//! Inlines on the way to the AST: comrak's, with HTML tags and brackets among
//! them that have not found their partners yet.

use super::elements::InlineElement;
use super::html::Tag;
use crate::ast::{Inline, InlineKind, Node, Parsed};
use crate::source::Span;

/// Spaces that may be dropped at the ends of a text; not a no-break space.
pub const SPACES: [char; 4] = [' ', '\t', '\n', '\r'];

/// A part of a line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct InlineToken {
    pub kind: InlineTokenKind,
    pub span: Span,
    /// How many levels of inlines it holds.
    pub height: usize,
}

/// The kind of a token.
#[derive(Debug, Clone, PartialEq)]
pub enum InlineTokenKind {
    /// Text that is in the source as it is, so that our own marks in it count.
    Text(String),
    /// Text that is written otherwise in the source (`&amp;`, `\[`); marks in
    /// it do not count.
    Decoded(String),
    /// A finished inline.
    Inline(Box<Inline<Parsed>>),
    /// An HTML tag that opens an element of the text.
    Open(InlineElement, Box<Tag>),
    /// An HTML tag that closes one.
    Close(InlineElement),
}

impl InlineToken {
    /// A piece that holds no inlines.
    pub fn new(kind: InlineTokenKind, span: Span) -> Self {
        Self { kind, span, height: 0 }
    }

    /// Text that is identical in the source.
    pub fn text(text: &str, span: Span) -> Self {
        Self::new(InlineTokenKind::Text(text.to_owned()), span)
    }

    /// A finished inline that holds `height` levels.
    pub fn inline(kind: InlineKind<Parsed>, span: Span, height: usize) -> Self {
        Self { kind: InlineTokenKind::Inline(Box::new(Node::new(kind, span))), span, height }
    }

    /// Whether it is nothing but space.
    pub fn is_blank(&self) -> bool {
        match &self.kind {
            InlineTokenKind::Text(text) => text.trim_matches(SPACES).is_empty(),
            InlineTokenKind::Inline(inline) => inline.kind == InlineKind::SoftBreak,
            InlineTokenKind::Decoded(_) | InlineTokenKind::Open(..) | InlineTokenKind::Close(_) => false,
        }
    }
}
