//! A problem with its places looked up.

use super::Report;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source, Span};
use std::collections::BTreeSet;

/// A problem and where it is.
#[derive(Debug, Clone)]
pub struct Located<'a> {
    pub diagnostic: &'a Diagnostic,
    /// The document in which it was found.
    pub document: &'a str,
    pub primary: Option<Location<'a>>,
    /// Other places, each with its words.
    pub secondary: Vec<(Location<'a>, &'a str)>,
}

/// A span with its file.
#[derive(Debug, Clone, Copy)]
pub struct Location<'a> {
    pub source: &'a Source,
    pub span: Span,
}

impl<'a> Located<'a> {
    /// All problems of all reports, in order, each once.
    pub fn all(reports: &[Report<'a>]) -> Vec<Located<'a>> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for report in reports {
            for diagnostic in report.diagnostics {
                let located = Located::new(report, diagnostic);
                let path = located.path();
                let range = diagnostic.span.map(|span| (span.start, span.end));
                if seen.insert((path, range, diagnostic.code, diagnostic.message.as_str())) {
                    all.push(located);
                }
            }
        }
        all
    }

    fn new(report: &Report<'a>, diagnostic: &'a Diagnostic) -> Located<'a> {
        let locate = |span: Span| report.sources.get(span.file).map(|source| Location { source, span });
        Located {
            diagnostic,
            document: report.path,
            primary: diagnostic.span.and_then(locate),
            secondary: diagnostic
                .secondary
                .iter()
                .filter_map(|(span, words)| Some((locate(*span)?, words.as_str())))
                .collect(),
        }
    }

    /// The file the problem is in.
    pub fn path(&self) -> &'a str {
        self.primary.map_or(self.document, |location| location.source.path())
    }
}

impl Location<'_> {
    /// The first place of the span.
    pub fn start(&self) -> Place {
        self.source.place(self.span.start as usize)
    }

    /// The place after the span's last character.
    pub fn end(&self) -> Place {
        self.source.place(self.span.end as usize)
    }
}
