//! Problems as people and programs read them: one file for each format.

mod base;
pub mod escape;
mod excerpt;
mod github;
mod human;
mod json;
mod place;
mod sarif;
mod short;

use super::Diagnostic;
use crate::source::Sources;
pub use base::Base;
use place::{Joins, Located};

/// Maximum number of shown problems per code and document; the rest are counted.
pub const MESSAGES_PER_CODE: usize = 100;
/// Longest message, label or hint, in characters; the rest is cut off.
pub const MESSAGE_LENGTH: usize = 400;

/// How problems are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MessageFormat {
    /// Messages with source lines, for a terminal.
    #[default]
    Human,
    /// One line per message.
    Short,
    /// One JSON object per line.
    Json,
    /// One SARIF 2.1.0 log (OASIS standard).
    Sarif,
    /// One GitHub Actions command per line, which makes an annotation.
    Github,
}

impl MessageFormat {
    /// Every format.
    pub const ALL: [MessageFormat; 5] =
        [MessageFormat::Human, MessageFormat::Short, MessageFormat::Json, MessageFormat::Sarif, MessageFormat::Github];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            MessageFormat::Human => "human",
            MessageFormat::Short => "short",
            MessageFormat::Json => "json",
            MessageFormat::Sarif => "sarif",
            MessageFormat::Github => "github",
        }
    }

    /// Whether it is read by people, and not by programs alone.
    pub const fn is_for_people(self) -> bool {
        match self {
            MessageFormat::Human | MessageFormat::Short => true,
            MessageFormat::Json | MessageFormat::Sarif | MessageFormat::Github => false,
        }
    }

    /// The format of a name.
    pub fn parse(name: &str) -> Option<MessageFormat> {
        MessageFormat::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Whether the human format is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// Without escape sequences.
    #[default]
    Plain,
    /// The colours of ECMA-48 terminals.
    Ansi,
}

/// The problems of one document.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// The document's path, for problems that have no place of their own; `None` for
    /// those of the run itself.
    pub path: Option<&'a str>,
    /// Base of the paths in the report.
    pub base: &'a Base,
    /// The files that spans point into.
    pub sources: &'a Sources,
    /// The problems, in the order in which they are to be shown.
    pub diagnostics: Vec<&'a Diagnostic>,
}

/// Writes all problems of a run. A problem that several documents share, being
/// in a file that they include, is written once. For people, problems of a file that say
/// the same are one message, which names the other lines; programs get each at its place. Of
/// many of one code the first [`MESSAGES_PER_CODE`] are written and the rest counted. What was not written by
/// Chancery is escaped; see [`escape`]. `failure` says why the run was not finished.
pub fn render(format: MessageFormat, reports: &[Report], failure: Option<&str>, colour: Colour) -> String {
    let problems = Located::all(reports, if format.is_for_people() { Joins::Alike } else { Joins::None });
    match format {
        MessageFormat::Human => human::render(&problems, colour),
        MessageFormat::Short => short::render(&problems),
        MessageFormat::Json => json::render(&problems),
        MessageFormat::Sarif => sarif::render(&problems, failure),
        MessageFormat::Github => github::render(&problems),
    }
}

#[cfg(test)]
mod tests;
