//! Citations in a build without them: each is reported and keeps its source.

use super::Context;
use super::budget::Budget;
use super::id::Ids;
use super::resolved::{Citable, ListingEntry, RInline};
use crate::ast::{Block, Expanded, Inline, Metadata, NoteDefinition, Parsed};
use crate::diagnostic::Diagnostics;
use crate::language::Language;
use crate::source::{Sources, Span};

/// No citations.
#[derive(Default)]
pub struct Citations {
    pub bibliography: Vec<ListingEntry>,
}

impl Citations {
    /// The citation at a place: there is none.
    pub fn take(&mut self, _: Span) -> Option<Vec<RInline>> {
        None
    }

    /// Like [`Citations::take`], for quoted text: there is none.
    pub fn peek(&self, _: Span) -> Option<&Vec<RInline>> {
        None
    }

    /// Whether there is a bibliography: there is none.
    pub fn has_bibliography(&self) -> bool {
        false
    }

    /// Whether the bibliography has a key.
    pub fn knows(&self, _: &str) -> bool {
        false
    }
}

/// The document data needed to render its citations.
#[expect(dead_code, reason = "nothing is set")]
pub struct Document<'a> {
    pub metadata: &'a Metadata,
    pub path: &'a str,
    pub context: &'a Context<'a>,
    pub language: &'a Language,
    pub start: Span,
}

/// The text of a document.
#[expect(dead_code, reason = "nothing is read")]
pub struct Text<'a> {
    pub before: Vec<&'a [Inline<Parsed>]>,
    pub blocks: &'a mut [Block<Expanded>],
    pub notes: &'a mut [NoteDefinition<Expanded>],
}

/// Sets nothing.
pub fn set_citations(
    _: &Document,
    _: Text,
    _: &mut Ids,
    _: &mut Budget,
    _: &mut Sources,
    _: &mut Diagnostics,
) -> Citations {
    Citations::default()
}

/// Nothing can be cited.
pub fn citable(_: &Metadata, _: &str, _: &Context) -> (Vec<Citable>, Sources) {
    (Vec::new(), Sources::default())
}
