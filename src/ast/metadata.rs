//! A document's typed front matter and control data.

use crate::language::Date;
use crate::source::Span;

/// A value with its place in the front matter (or in the project file, for
/// defaults, where the place is of no use to the writer and is `None`).
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Option<Span>,
}

/// What the front matter says. Every field may be absent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metadata {
    pub title: Option<Spanned<String>>,
    pub subtitle: Option<Spanned<String>>,
    /// The document's number in its institution's register.
    pub reference: Option<Spanned<String>>,
    pub date: Option<Spanned<Date>>,
    pub version: Option<Spanned<String>>,
    pub status: Option<Spanned<Status>>,
    /// Why a document was withdrawn.
    pub reason: Option<Spanned<String>>,
    pub marking: Option<Spanned<Marking>>,
    pub embargo: Option<Spanned<Embargo>>,
    pub history: Vec<Revision>,
    pub distribution: Option<Spanned<String>>,
    pub imprint: Option<Spanned<String>>,
    pub limits: Limits,
    /// BCP 47 tag as written.
    pub lang: Option<Spanned<String>>,
    pub authors: Vec<Author>,
    pub contact: Option<Contact>,
    pub abstract_text: Option<Spanned<String>>,
    pub keywords: Vec<String>,
    pub licence: Option<Spanned<Licence>>,
    pub toc: Option<Spanned<Toc>>,
    pub numbering: Numbering,
    pub theme: Option<Spanned<String>>,
    /// Bibliography files, relative to the document.
    pub bibliography: Vec<Spanned<String>>,
    pub citation_style: Option<Spanned<CitationStyle>>,
    pub abbreviations: Vec<(String, Spanned<String>)>,
    /// Keys that begin with `x-`, passed through as metadata.
    pub extra: Vec<(String, String)>,
}

/// How sources are cited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CitationStyle {
    /// Author and year in the text.
    #[default]
    AuthorDate,
    /// The source in a footnote.
    Notes,
    /// As a file of the project says, in the Citation Style Language.
    File(String),
}

impl CitationStyle {
    /// The names of the styles that need no file.
    pub const NAMES: [&str; 2] = ["author-date", "notes"];

    /// The style of a name, or of a `.csl` file's path.
    pub fn parse(name: &str) -> Option<CitationStyle> {
        match name {
            "author-date" => Some(CitationStyle::AuthorDate),
            "notes" => Some(CitationStyle::Notes),
            path => path.ends_with(".csl").then(|| CitationStyle::File(path.to_owned())),
        }
    }

    /// Its name in front matter.
    pub fn name(&self) -> &str {
        match self {
            CitationStyle::AuthorDate => "author-date",
            CitationStyle::Notes => "notes",
            CitationStyle::File(path) => path,
        }
    }
}

/// Where a document is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Draft,
    Review,
    Final,
    Withdrawn,
}

/// Distribution or classification text, such as "Limited".
pub type Marking = String;

/// A moment before which a document is not to be published, printed as
/// written and never compared with the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embargo {
    pub date: Date,
    /// `hh:mm`.
    pub time: String,
    /// Time zone as written: `Z`, `+01:00`.
    pub zone: String,
}

/// One line of a document's history.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    pub version: String,
    pub date: Option<Date>,
    pub change: String,
}

/// How long a document may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    pub pages: Option<u32>,
    pub words: Option<u32>,
    pub span: Option<Span>,
}

/// Who wrote a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    pub name: String,
    pub affiliation: Option<String>,
    pub email: Option<String>,
}

/// Whom to ask about a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub url: Option<String>,
}

/// Licence text or SPDX name, and its address where known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    pub name: String,
    pub url: Option<String>,
}

/// Whether there is a contents list. `Auto` makes one when the document is
/// long enough to need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Toc {
    #[default]
    Auto,
    No,
    /// Down to this many levels of sections.
    Depth(u8),
}

/// What is numbered; `None` leaves it to the project or the default
/// (figures, tables and annexes yes, sections and paragraphs no).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Numbering {
    pub sections: Option<bool>,
    pub paragraphs: Option<bool>,
    pub figures: Option<bool>,
    pub tables: Option<bool>,
    pub boxes: Option<bool>,
}
