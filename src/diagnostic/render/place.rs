//! Problems with their places looked up, and no more of them than anyone reads.

use super::{MESSAGE_LENGTH, MESSAGES_PER_CODE, Report};
use crate::diagnostic::{Code, Diagnostic, Fix, Joined, Severity, join};
use crate::source::{LineColumn, Source, Span};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A problem and where it is.
#[derive(Debug, Clone)]
pub struct Located<'a> {
    pub code: Code,
    pub severity: Severity,
    pub message: Cow<'a, str>,
    pub label: Option<Cow<'a, str>>,
    pub hint: Option<Cow<'a, str>>,
    /// The document in which it was found, as the user knows it; `None` where it is
    /// about the run.
    pub document: Option<String>,
    pub primary: Option<Location<'a>>,
    /// Other places, each with its words.
    pub secondary: Vec<(Location<'a>, Cow<'a, str>)>,
    /// Other places with the same problem, if messages are joined.
    pub also: Vec<Location<'a>>,
    /// Fixes.
    pub fixes: Vec<LocatedFix<'a>>,
}

/// A fix with the places of its edits.
#[derive(Debug, Clone)]
pub struct LocatedFix<'a> {
    pub fix: &'a Fix,
    /// Replaced places with their new text.
    pub edits: Vec<(Location<'a>, &'a str)>,
}

/// Maximum number of named lines with the same problem; the rest are counted.
const LINES_NAMED: usize = 10;

/// Whether problems are joined that say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joins {
    Alike,
    None,
}

/// A span with its file.
#[derive(Debug, Clone)]
pub struct Location<'a> {
    pub source: &'a Source,
    /// The file as the user knows it.
    pub path: String,
    pub span: Span,
}

impl<'a> Located<'a> {
    /// The problems of all reports, in order and without duplicates, with equal ones joined if
    /// requested. A document has at most [`MESSAGES_PER_CODE`] problems of one code, and one more
    /// that counts the rest.
    pub fn all(reports: &[Report<'a>], joins: Joins) -> Vec<Located<'a>> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for report in reports {
            let mut counts: BTreeMap<(Code, Severity), usize> = BTreeMap::new();
            let is_new = |diagnostic: &&&'a Diagnostic| {
                let file = diagnostic.span.and_then(|span| report.sources.get(span.file));
                let path = file.map(Source::path).or(report.path);
                let range = diagnostic.span.map(|span| (span.start, span.end));
                seen.insert((path, range, diagnostic.code, diagnostic.message.as_ref()))
            };
            let new: Vec<&Diagnostic> = report.diagnostics.iter().filter(is_new).copied().collect();
            let joined = match joins {
                Joins::Alike => join(&new),
                Joins::None => new.into_iter().map(|problem| Joined { problem, also: Vec::new() }).collect(),
            };
            for joined in joined {
                let count = counts.entry((joined.problem.code, joined.problem.severity)).or_default();
                *count += 1;
                if *count <= MESSAGES_PER_CODE {
                    all.push(Located::new(report, &joined));
                }
            }
            for ((code, severity), count) in counts {
                if let Some(more @ 1..) = count.checked_sub(MESSAGES_PER_CODE) {
                    all.push(Located::rest(report, code, severity, more));
                }
            }
        }
        all
    }

    fn new(report: &Report<'a>, joined: &Joined<'a>) -> Located<'a> {
        let diagnostic = joined.problem;
        let locate = |span: Span| {
            let source = report.sources.get(span.file)?;
            Some(Location { source, path: report.base.shown(source.path()), span })
        };
        let secondary = diagnostic.secondary.iter();
        let paths: Vec<(&str, String)> =
            diagnostic.paths.iter().map(|path| (path.as_str(), report.base.shown(path))).collect();
        let words = |text: &'a str| with_paths(text, &paths);
        Located {
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: words(&diagnostic.message),
            label: diagnostic.label.as_deref().map(shortened),
            hint: diagnostic.hint.as_deref().map(words),
            document: report.path.map(|path| report.base.shown(path)),
            primary: diagnostic.span.and_then(locate),
            secondary: secondary.filter_map(|(span, words)| Some((locate(*span)?, shortened(words)))).collect(),
            also: joined.also.iter().copied().filter_map(locate).collect(),
            fixes: diagnostic
                .fixes
                .iter()
                .map(|fix| LocatedFix {
                    fix,
                    edits: fix.edits.iter().filter_map(|edit| Some((locate(edit.span)?, edit.text.as_str()))).collect(),
                })
                .collect(),
        }
    }

    /// Stands for the problems of one code that are not shown.
    fn rest(report: &Report<'a>, code: Code, severity: Severity, more: usize) -> Located<'a> {
        Located {
            code,
            severity,
            message: Cow::Owned(format!("and {more} more of this code")),
            label: None,
            hint: None,
            document: report.path.map(|path| report.base.shown(path)),
            primary: None,
            secondary: Vec::new(),
            also: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// The lines with the same problem, in words.
    pub fn also_in(&self) -> Option<String> {
        let here = self.primary.as_ref()?.start().line;
        let mut lines: Vec<usize> = self.also.iter().map(|location| location.start().line).collect();
        let all = lines.len();
        lines.dedup();
        lines.retain(|line| *line != here);
        let more = lines.len().saturating_sub(LINES_NAMED);
        lines.truncate(LINES_NAMED);
        let mut named: Vec<String> = lines.iter().map(usize::to_string).collect();
        match (named.pop(), all) {
            (None, 0) => None,
            (None, 1) => Some("once more in this line".to_owned()),
            (None, times) => Some(format!("{times} times more in this line")),
            (Some(last), _) if more > 0 => Some(format!("also in lines {}, {last} and {more} more", named.join(", "))),
            (Some(last), _) if named.is_empty() => Some(format!("also in line {last}")),
            (Some(last), _) => Some(format!("also in lines {} and {last}", named.join(", "))),
        }
    }

    /// The file the problem is in.
    pub fn path(&self) -> Option<&str> {
        self.primary.as_ref().map(|location| location.path.as_str()).or(self.document.as_deref())
    }
}

/// A text of a message with other paths in it, cut where it is too long.
fn with_paths<'t>(text: &'t str, paths: &[(&str, String)]) -> Cow<'t, str> {
    if paths.iter().all(|(path, shown)| path == shown) {
        return shortened(text);
    }
    // Paths are replaced independently, even if one contains another.
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let found = paths.iter().filter(|(path, _)| rest.starts_with(path)).max_by_key(|(path, _)| path.len());
        let begins = !out.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '/' | '.' | '-' | '_'));
        let length = match found.filter(|_| begins) {
            Some((path, shown)) => {
                out.push_str(shown);
                path.len()
            }
            None => {
                out.push(next);
                next.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    Cow::Owned(shortened(&out).into_owned())
}

/// A text of a message, cut where it goes on for longer than anyone reads.
fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MESSAGE_LENGTH) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

impl Location<'_> {
    /// The first place of the span.
    pub fn start(&self) -> LineColumn {
        self.source.place(self.span.start as usize)
    }

    /// The place after the span's last character.
    pub fn end(&self) -> LineColumn {
        self.source.place(self.span.end as usize)
    }
}
