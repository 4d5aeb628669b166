//! Problems as people and programs read them: one file for each format.

mod excerpt;
mod human;
mod json;
mod place;
mod sarif;
mod short;

use super::Diagnostic;
use crate::source::Sources;
use place::Located;

/// How problems are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MessageFormat {
    /// With the source lines, for a terminal.
    #[default]
    Human,
    /// One line for each problem, for editors.
    Short,
    /// One JSON object a line.
    Json,
    /// One SARIF 2.1.0 log (OASIS standard).
    Sarif,
}

impl MessageFormat {
    /// Every format.
    pub const ALL: [MessageFormat; 4] =
        [MessageFormat::Human, MessageFormat::Short, MessageFormat::Json, MessageFormat::Sarif];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            MessageFormat::Human => "human",
            MessageFormat::Short => "short",
            MessageFormat::Json => "json",
            MessageFormat::Sarif => "sarif",
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
    #[default]
    Plain,
    Ansi,
}

/// What was found in one document.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The document's path, for problems that have no place of their own.
    pub path: &'a str,
    /// The files that spans point into.
    pub sources: &'a Sources,
    /// The problems, in the order in which they are to be shown.
    pub diagnostics: &'a [Diagnostic],
}

/// Writes all problems of a run. A problem that several documents share, being
/// in a file that they include, is written once.
pub fn render(format: MessageFormat, reports: &[Report], colour: Colour) -> String {
    let problems = Located::all(reports);
    match format {
        MessageFormat::Human => human::render(&problems, colour),
        MessageFormat::Short => short::render(&problems),
        MessageFormat::Json => json::render(&problems),
        MessageFormat::Sarif => sarif::render(&problems),
    }
}

#[cfg(test)]
mod tests;
