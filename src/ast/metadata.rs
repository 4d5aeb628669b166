//! A document's typed front matter and control data.

use crate::language::Date;
use crate::source::Span;

/// A value with its place in the front matter (or in the project file, for
/// defaults, where the place is of no use to the writer and is `None`).
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<T> {
    /// The value, converted to its type.
    pub value: T,
    /// Its span in the front matter or the project file; `None` if no source contains it.
    pub span: Option<Span>,
}

/// The content of the front matter. Every field may be absent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metadata {
    /// Title as written in the front matter; its markup is parsed in resolution.
    pub title: Option<Spanned<String>>,
    /// Shown below the title.
    pub subtitle: Option<Spanned<String>>,
    /// The document's number in its institution's register.
    pub reference: Option<Spanned<String>>,
    /// The day of publication.
    pub date: Option<Spanned<Date>>,
    /// Any words: "1.0", "second edition".
    pub version: Option<Spanned<String>>,
    /// How far the document has come.
    pub status: Option<Spanned<Status>>,
    /// Why a document was withdrawn.
    pub reason: Option<Spanned<String>>,
    /// How widely the document may be passed on.
    pub marking: Option<Spanned<Marking>>,
    /// Time before which it must not be published.
    pub embargo: Option<Spanned<Embargo>>,
    /// Earlier versions, in the order in which they are written.
    pub history: Vec<Revision>,
    /// Recipients of the document.
    pub distribution: Option<Spanned<String>>,
    /// Legal notice: who is responsible for the publication, and where.
    pub imprint: Option<Spanned<String>>,
    /// How long editions may be.
    pub limits: Limits,
    /// BCP 47 tag as written.
    pub lang: Option<Spanned<String>>,
    /// Authors in the order in which they are named.
    pub authors: Vec<Author>,
    /// Whom readers may ask.
    pub contact: Option<Contact>,
    /// Markdown, which is read in resolution.
    pub abstract_text: Option<Spanned<String>>,
    /// Keywords in the order in which they are written.
    pub keywords: Vec<String>,
    /// Terms of use of the document.
    pub licence: Option<Spanned<Licence>>,
    /// Whether there is a contents list; `None` leaves it to the project.
    pub toc: Option<Spanned<Toc>>,
    /// Numbered elements; the rest is left to the project.
    pub numbering: Numbering,
    /// A bundled theme's name, or the path of a theme's file.
    pub theme: Option<Spanned<String>>,
    /// Bibliography files, relative to the document.
    pub bibliography: Vec<Spanned<String>>,
    /// How citations and the bibliography look.
    pub citation_style: Option<Spanned<CitationStyle>>,
    /// Short and long forms, in the order in which they are written.
    pub abbreviations: Vec<(String, Spanned<String>)>,
    /// Keys that start with `x-`, passed through as metadata.
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
    /// A file of the project, in the Citation Style Language.
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
    /// Work goes on.
    Draft,
    /// Others are asked for their view.
    Review,
    /// Published.
    Final,
    /// No longer valid.
    Withdrawn,
}

/// Distribution or classification text, such as "Limited".
pub type Marking = String;

/// A moment before which a document is not to be published, printed as
/// written and never compared with the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embargo {
    /// The first day on which it may be published.
    pub date: Date,
    /// `hh:mm`.
    pub time: String,
    /// Time zone as written: `Z`, `+01:00`.
    pub zone: String,
}

/// One line of a document's history.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Version as written: "1.0".
    pub version: String,
    /// The day of that version.
    pub date: Option<Date>,
    /// Description of the changes.
    pub change: String,
}

/// How long a document may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Most pages of the PDF.
    pub pages: Option<u32>,
    /// Most words of the text.
    pub words: Option<u32>,
    /// Place of the key, for the message when a limit is exceeded.
    pub span: Option<Span>,
}

/// An author of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// Name for display.
    pub name: String,
    /// The institution that the author speaks for.
    pub affiliation: Option<String>,
    /// An address without `mailto:`.
    pub email: Option<String>,
}

/// Whom to ask about a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// A person or an office.
    pub name: Option<String>,
    /// An address without `mailto:`.
    pub email: Option<String>,
    /// Telephone number as written, with spaces.
    pub phone: Option<String>,
    /// An outside address.
    pub url: Option<String>,
}

/// Licence text or SPDX name, and its address where known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// Common name: "CC BY 4.0".
    pub name: String,
    /// The address of its terms.
    pub url: Option<String>,
}

/// Whether there is a contents list. `Auto` makes one when the document is
/// long enough to need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Toc {
    /// A contents list where the document is long enough for one.
    #[default]
    Auto,
    /// None.
    No,
    /// Down to this many levels of sections.
    Depth(u8),
}

/// Which elements are numbered; `None` leaves it to the project or the default (figures, tables and
/// annexes yes, sections and paragraphs no).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Numbering {
    /// "2.1" before the titles of sections.
    pub sections: Option<bool>,
    /// Numbers for the paragraphs of the text, for citation.
    pub paragraphs: Option<bool>,
    /// "Figure 3" in captions.
    pub figures: Option<bool>,
    /// "Table 3" in captions.
    pub tables: Option<bool>,
    /// "Box 3" in titles of boxes.
    pub boxes: Option<bool>,
}
