//! The stage right after parsing: headings are flat, nothing is numbered,
//! references are names, files are paths.

use super::{Block, BlockKind, Inline, InlineStage, Metadata, Run, Stage};
use crate::source::Span;
use serde::Serialize;
use std::convert::Infallible;

/// The stage after parsing.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Parsed;

impl Stage for Parsed {
    type Block = ParsedBlock;
    type Label = ();
    /// All of these must hold.
    type Condition = Vec<Condition>;
    type Inlines = Parsed;
}

impl InlineStage for Parsed {
    type Inline = ParsedInline;
    /// The address as written.
    type Target = String;
    /// The path or address as written.
    type Picture = String;
    type PictureWidth = ();
    /// The footnote's name.
    type Note = String;
    type Change = Infallible;
}

/// A document before it is resolved. As it is parsed, included files are not yet read;
/// expansion parses them when it meets them.
#[derive(Debug, Clone, PartialEq)]
pub struct Document<S: Stage = Parsed> {
    /// Content of the front matter.
    pub metadata: Metadata,
    /// The text in the order of the source, without notes and abbreviations.
    pub blocks: Vec<Block<S>>,
    /// Notes in source order. Inline notes get names that no author can write.
    pub notes: Vec<NoteDefinition<S>>,
    /// `*[ABC]: …` lines, in source order.
    pub abbreviations: Vec<AbbreviationDefinition<S>>,
    /// The whole source file.
    pub span: Span,
}

/// A footnote as it is defined.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteDefinition<S: Stage = Parsed> {
    /// Between `[^` and `]`, as written.
    pub name: String,
    /// Content of the note.
    pub blocks: Vec<Block<S>>,
    /// The conditions of the `:::only` directives around it. Where one of
    /// them does not hold, the note is not part of the document.
    pub only: S::Condition,
    /// The whole definition.
    pub span: Span,
}

/// A footnote that is written in place: `^[…]`.
#[derive(Debug, Clone, PartialEq)]
pub struct InlineNote {
    /// A name that no author can write.
    pub name: String,
    /// A paragraph.
    pub content: Vec<Inline<Parsed>>,
    /// The place of the paragraph.
    pub inside: Span,
    /// The whole note.
    pub span: Span,
}

impl InlineNote {
    /// The note as if it were defined elsewhere, under some conditions.
    pub fn into_definition<S: Stage<Inlines = Parsed>>(self, only: S::Condition) -> NoteDefinition<S> {
        let paragraph = Block::new(BlockKind::Paragraph(self.content.into()), self.inside);
        NoteDefinition { name: self.name, blocks: vec![paragraph], only, span: self.span }
    }
}

/// A line `*[ABC]: …`.
#[derive(Debug, Clone, PartialEq)]
pub struct AbbreviationDefinition<S: Stage = Parsed> {
    /// Between `*[` and `]`.
    pub short: String,
    /// Expansion of the short form.
    pub expansion: String,
    /// Condition under which it is kept.
    pub only: S::Condition,
    /// The whole line.
    pub span: Span,
}

/// Blocks that expansion and resolution replace.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum ParsedBlock {
    /// `## Title`; sections are made of it in resolution.
    Heading(Heading),
    /// Becomes a section of its own, numbered with letters.
    Annex(Annex),
    /// Another file's blocks.
    Include {
        /// Path as written.
        src: String,
        /// Place of the path.
        src_span: Span,
    },
    /// Content for some readers or formats only.
    Only {
        /// Audiences and formats that the content is for.
        condition: Condition,
        /// Content that is kept if the condition holds.
        blocks: Vec<Block<Parsed>>,
    },
    /// A table from a CSV file, whose first line is the header.
    DataTable(DataTable),
    /// Figures as a drawing, which resolution makes.
    Chart(Chart),
    /// A list that is made from the document.
    Listing(ListingKind),
}

/// A heading; what it heads follows it.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Heading {
    /// 1 to 6, as written.
    pub level: u8,
    /// The title without the signs before it.
    pub content: Run<Parsed>,
}

/// `:::annex`.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Annex<S: Stage = Parsed> {
    /// `None` where the directive gives none.
    pub title: Option<Vec<Inline<S::Inlines>>>,
    /// The annex's text.
    pub blocks: Vec<Block<S>>,
}

/// When content is kept: all parts that are given must match.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Condition {
    /// Profiles, one of which must be active.
    pub audience: Vec<String>,
    /// Formats, one of which must be the current one.
    pub format: Vec<String>,
    /// Place of the directive that says it.
    pub span: Span,
}

/// `:::table {src=…}`.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct DataTable {
    /// Path of the CSV file, as written.
    pub src: String,
    /// Place of the path.
    pub src_span: Span,
    /// Separator of fields, if the author gives one.
    pub delimiter: Option<char>,
    /// Without the label ("Table 3").
    pub caption: Option<Vec<Inline<Parsed>>>,
    /// How many columns at the start are row headers.
    pub header_columns: u16,
    /// Whether it is on a landscape page, in editions with pages.
    pub landscape: bool,
}

/// `:::chart`.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Chart {
    /// Bars or lines.
    pub kind: ChartKind,
    /// Values of a category on top of one another.
    pub stacked: bool,
    /// Path of the CSV file, as written.
    pub src: String,
    /// Place of the path.
    pub src_span: Span,
    /// Separator of fields, if the author gives one.
    pub delimiter: Option<char>,
    /// The column of categories.
    pub x: String,
    /// The columns of values; empty means all others.
    pub y: Vec<String>,
    /// Without the label ("Figure 3").
    pub caption: Option<Vec<Inline<Parsed>>>,
    /// The author's description of the chart.
    pub alt: Option<String>,
}

/// How a chart shows its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChartKind {
    /// A bar for each value.
    Bar,
    /// A line for each column of values.
    Line,
}

/// The kind of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListingKind {
    /// Sections and annexes.
    Contents,
    /// Figures that have a number.
    Figures,
    /// Tables that have a number.
    Tables,
    /// Short and long forms, as far as the text uses them.
    Abbreviations,
    /// Works that are cited.
    Bibliography,
    /// The members of the collection.
    Members,
}

impl ListingKind {
    /// The name that sources, DocBook and style sheets know.
    pub fn name(self) -> &'static str {
        match self {
            ListingKind::Contents => "contents",
            ListingKind::Figures => "figures",
            ListingKind::Tables => "tables",
            ListingKind::Abbreviations => "abbreviations",
            ListingKind::Bibliography => "bibliography",
            ListingKind::Members => "members",
        }
    }
}

/// Inlines that resolution replaces.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum ParsedInline {
    /// `[](#id)`: the target's label. `with_title` adds the target's title.
    Reference {
        /// The target's id, without `#`.
        id: String,
        /// `[](#id){.title}`: number and title.
        with_title: bool,
    },
    /// `[@key, p. 3]`, `[-@key]` or `[@id]`: a citation, or a reference where the key is
    /// an id of the document.
    Citation(Vec<Citation>),
    /// `{{name}}`.
    Variable(String),
}

/// `[@key, p. 3]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Citation {
    /// Without `@`.
    pub key: String,
    /// "see", as written before the key.
    pub prefix: Option<String>,
    /// "p. 3", as written.
    pub locator: Option<String>,
    /// `[-@key]`: the sentence names the author already.
    pub without_author: bool,
    /// The citation with its brackets' content.
    pub span: Span,
}

impl AsRef<str> for ParsedInline {
    fn as_ref(&self) -> &str {
        ""
    }
}
