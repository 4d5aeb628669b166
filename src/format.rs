//! The kinds of edition a document can be made into.

use serde::{Deserialize, Serialize};

/// A kind of edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// PDF 1.7 that is PDF/UA-1 and PDF/A-2a.
    Pdf,
    /// An HTML file with embedded pictures and styles.
    Html,
    /// DocBook 5 for other tools.
    Docbook,
    /// Plain text in lines of fixed width.
    Text,
    /// The short form for an e-mail.
    Brief,
    /// The document as pandoc's JSON tree. Made only when asked for.
    Pandoc,
    /// A Word document. Made only when asked for.
    Docx,
    /// An e-book. Made only when asked for.
    Epub,
}

/// Infix before the extension of an edition that shows the changes since an earlier version.
pub const REDLINE: &str = ".changes";

impl Format {
    /// Every format that is made by default, in the order in which editions
    /// are listed.
    pub const ALL: [Format; 5] = [Format::Pdf, Format::Html, Format::Docbook, Format::Text, Format::Brief];

    /// Every format that can be asked for.
    pub const NAMED: [Format; 8] = [
        Format::Pdf,
        Format::Html,
        Format::Docbook,
        Format::Text,
        Format::Brief,
        Format::Pandoc,
        Format::Docx,
        Format::Epub,
    ];

    /// The name on the command line and in `:::only {format=…}`.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Pdf => "pdf",
            Format::Html => "html",
            Format::Docbook => "docbook",
            Format::Text => "text",
            Format::Brief => "brief",
            Format::Pandoc => "pandoc",
            Format::Docx => "docx",
            Format::Epub => "epub",
        }
    }

    /// The extension that replaces the source's `.md` in the edition's file name.
    pub const fn extension(self) -> &'static str {
        match self {
            Format::Pdf => "pdf",
            Format::Html => "html",
            Format::Docbook => "xml",
            Format::Text => "txt",
            Format::Brief => "brief.txt",
            Format::Pandoc => "pandoc.json",
            Format::Docx => "docx",
            Format::Epub => "epub",
        }
    }

    /// The format of a name.
    pub fn parse(name: &str) -> Option<Format> {
        Format::NAMED.into_iter().find(|format| format.name() == name)
    }
}
