//! The stage right after parsing: headings are flat, nothing is numbered,
//! references are names, files are paths.

use super::{Block, Inline, Metadata, Stage};
use crate::source::{FileId, Span};
use serde::Serialize;
use std::convert::Infallible;

/// The stage after parsing.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed;

impl Stage for Parsed {
    type Block = ParsedBlock;
    type Inline = ParsedInline;
    type Label = ();
    /// The address as written.
    type Target = String;
    /// The path or address as written.
    type Picture = String;
    type PictureWidth = ();
    /// The footnote's name.
    type Note = String;
    type Change = Infallible;
}

/// A parsed document. Included files are not yet read; the resolver parses
/// them when it meets them.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub metadata: Metadata,
    pub blocks: Vec<Block<Parsed>>,
    /// In source order. Inline notes get names that no author can write.
    pub notes: Vec<NoteDefinition>,
    /// `*[ABC]: …` lines, in source order.
    pub abbreviations: Vec<AbbreviationDefinition>,
    /// The whole source file.
    pub span: Span,
}

/// A footnote as it is defined.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteDefinition {
    pub name: String,
    pub blocks: Vec<Block<Parsed>>,
    /// The conditions of the `:::only` directives it stands in. Where one of
    /// them does not hold, the note is not part of the document.
    pub only: Vec<Condition>,
    pub span: Span,
}

/// A line `*[ABC]: …`.
#[derive(Debug, Clone, PartialEq)]
pub struct AbbreviationDefinition {
    pub short: String,
    pub expansion: String,
    /// As for a note.
    pub only: Vec<Condition>,
    pub span: Span,
}

/// Blocks that resolution replaces.
#[derive(Debug, Clone, PartialEq)]
pub enum ParsedBlock {
    Heading(Heading),
    Annex(Annex),
    /// Another file's blocks.
    Include {
        src: String,
        src_span: Span,
    },
    /// Content for some readers or formats only.
    Only {
        condition: Condition,
        blocks: Vec<Block<Parsed>>,
    },
    /// A table from a CSV file, whose first line is the header.
    DataTable(DataTable),
    Chart(Chart),
    /// A list that is made from the document.
    Listing(ListingKind),
}

/// A heading; what it heads follows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// 1 to 6, as written.
    pub level: u8,
    pub content: Vec<Inline<Parsed>>,
}

/// `:::annex`.
#[derive(Debug, Clone, PartialEq)]
pub struct Annex {
    pub title: Option<Vec<Inline<Parsed>>>,
    pub blocks: Vec<Block<Parsed>>,
}

/// When content is kept: all parts that are given must match.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Condition {
    /// Names of profiles of which one must be active.
    pub audience: Vec<String>,
    /// Names of formats of which one must be the one being made.
    pub format: Vec<String>,
    pub span: Span,
}

/// `:::table {src=…}`.
#[derive(Debug, Clone, PartialEq)]
pub struct DataTable {
    pub src: String,
    pub src_span: Span,
    /// What stands between fields, where the author says it.
    pub delimiter: Option<char>,
    pub caption: Option<Vec<Inline<Parsed>>>,
    /// How many columns at the start are row headers.
    pub header_columns: u16,
    pub landscape: bool,
}

/// `:::chart`.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub kind: ChartKind,
    pub stacked: bool,
    pub src: String,
    pub src_span: Span,
    /// What stands between fields, where the author says it.
    pub delimiter: Option<char>,
    /// Its file among the sources, for places in messages, once it was looked for.
    pub file: Option<FileId>,
    /// The column of categories.
    pub x: String,
    /// The columns of values; empty means all others.
    pub y: Vec<String>,
    pub caption: Option<Vec<Inline<Parsed>>>,
    pub alt: Option<String>,
}

/// How a chart shows its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChartKind {
    Bar,
    Line,
}

/// What a listing lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListingKind {
    Contents,
    Figures,
    Tables,
    Abbreviations,
    Bibliography,
    /// The members of the collection.
    Members,
}

/// Inlines that resolution replaces.
#[derive(Debug, Clone, PartialEq)]
pub enum ParsedInline {
    /// `[](#id)`: the target's label. `with_title` adds the target's title.
    Reference { id: String, with_title: bool },
    /// `[@key, p. 3]`, `[-@key]` or `[@id]`: a citation, or a reference where the key is
    /// an id of the document.
    Citation(Vec<Citation>),
    /// `{{name}}`.
    Variable(String),
}

/// `[@key, p. 3]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    pub key: String,
    /// "see", as written before the key.
    pub prefix: Option<String>,
    /// "p. 3", as written.
    pub locator: Option<String>,
    /// `[-@key]`: the sentence names the author already.
    pub without_author: bool,
    pub span: Span,
}

impl AsRef<str> for ParsedInline {
    fn as_ref(&self) -> &str {
        ""
    }
}
