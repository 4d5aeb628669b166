//! Drops problems that are consequences of others: one message for each cause.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Group, Severity};
use crate::source::{Source, Sources, Span};
use std::collections::BTreeSet;

/// Problems that cannot be judged if the front matter cannot be read.
const WITHOUT_FRONT_MATTER: [Code; 4] =
    [Code::UnknownVariable, Code::UnknownCitation, Code::UnusedAbbreviation, Code::UndefinedAbbreviation];
/// Problems that cannot be judged if a part of the document is missing.
const WITHOUT_A_PART: [Code; 8] = [
    Code::DanglingReference,
    Code::DeadFragment,
    Code::UndefinedNote,
    Code::UnusedNote,
    Code::UnusedAbbreviation,
    Code::UndefinedAbbreviation,
    Code::UndefinedLink,
    Code::EmptySection,
];

/// Problems whose content is missing from the text, so that the words around it become adjacent.
const LEAVES_A_GAP: [Code; 5] =
    [Code::UndefinedNote, Code::DanglingReference, Code::UnknownVariable, Code::UnknownCitation, Code::UnreadableFile];

/// Takes out the problems that are only consequences of others.
pub fn drop_consequences(diagnostics: &mut Diagnostics, sources: &Sources) {
    let mut causes = Causes::default();
    for problem in diagnostics.iter().filter(|problem| problem.severity == Severity::Error) {
        causes.add(problem, sources);
    }
    if !causes.is_empty() {
        causes.places.sort_unstable();
        diagnostics.retain(|problem| !causes.explain(problem));
    }
}

/// Consequences of a document's errors.
#[derive(Default)]
struct Causes {
    /// Codes that cannot be judged.
    unjudged: BTreeSet<Code>,
    /// Keys of the front matter whose values cannot be used.
    keys: BTreeSet<String>,
    /// Places where something is not in the text.
    places: Vec<Span>,
}

impl Causes {
    fn is_empty(&self) -> bool {
        self.unjudged.is_empty() && self.keys.is_empty() && self.places.is_empty()
    }

    fn add(&mut self, problem: &Diagnostic, sources: &Sources) {
        let line = problem.span.map_or("", |span| line(span, sources));
        match problem.code {
            Code::BrokenFrontMatter | Code::UnclosedFrontMatter => self.unjudged.extend(WITHOUT_FRONT_MATTER),
            Code::WrongType | Code::InvalidValue | Code::Contradiction => {
                let key = problem.span.and_then(|span| key(span, sources));
                if key == Some("bibliography") {
                    self.unjudged.insert(Code::UnknownCitation);
                }
                self.keys.extend(key.map(str::to_owned));
            }
            Code::BadBibliography => {
                self.unjudged.insert(Code::UnknownCitation);
            }
            Code::UnreadableFile | Code::OutsideProject | Code::InvalidUtf8 | Code::EmptyFile => {
                if line.contains("include") {
                    self.unjudged.extend(WITHOUT_A_PART);
                } else if problem.span.and_then(|span| key(span, sources)) == Some("bibliography") {
                    self.unjudged.insert(Code::UnknownCitation);
                }
            }
            _ => {}
        }
        if LEAVES_A_GAP.contains(&problem.code) {
            self.places.extend(problem.span.filter(|span| span.start < span.end));
        }
    }

    fn explain(&self, problem: &Diagnostic) -> bool {
        let is_unknown = || {
            problem.code == Code::UnknownVariable
                && self.keys.iter().any(|key| problem.message.ends_with(&format!("`{key}`")))
        };
        self.unjudged.contains(&problem.code) || is_unknown() || self.covers(problem)
    }

    /// Whether a style problem contains a place with an error, whose content will change.
    fn covers(&self, problem: &Diagnostic) -> bool {
        let Some(span) = problem.span.filter(|_| problem.severity != Severity::Error) else { return false };
        if problem.code.group() != Group::Style {
            return false;
        }
        let from = self.places.partition_point(|place| (place.file, place.start) < (span.file, span.start));
        self.places.get(from).is_some_and(|place| place.file == span.file && place.end <= span.end)
    }
}

fn line(span: Span, sources: &Sources) -> &str {
    let Some(source) = sources.get(span.file) else { return "" };
    source.line(source.place(span.start as usize).line)
}

/// The key of the front matter in whose value a place is.
fn key(span: Span, sources: &Sources) -> Option<&str> {
    let source = sources.get(span.file)?;
    let is_own = |line: &str| line.starts_with(|c: char| c.is_alphabetic() || matches!(c, '"' | '\''));
    let number = source.place(span.start as usize).line;
    if !is_in_front_matter(source, number) {
        return None;
    }
    let line = (1..=number).rev().map(|number| source.line(number)).find(|line| is_own(line))?;
    Some(line.split_once(':')?.0.trim_matches(['"', '\'', ' ']))
}

/// Whether a line is between the first two fences.
fn is_in_front_matter(source: &Source, number: usize) -> bool {
    let is_fence = |line: &usize| source.line(*line).trim_end() == "---";
    is_fence(&1) && number > 1 && !(2..number).any(|line| is_fence(&line))
}
