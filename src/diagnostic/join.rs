//! Joins equal problems at several places of a file into one message.

use super::{Code, Diagnostic, Severity};
use crate::source::{FileId, Span};
use std::collections::BTreeMap;

/// A problem, and the other places that have the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined<'a> {
    /// The first of them.
    pub problem: &'a Diagnostic,
    /// Places of the others, in order; empty where there is one alone.
    pub also: Vec<Span>,
}

/// Properties that must be equal.
type Key<'a> = (FileId, Code, Severity, &'a str, Option<&'a str>);

/// Problems about harmful content, or content not for every reader, are shown at each place.
const SHOWN_EACH: [Code; 2] = [Code::UnsafeLink, Code::NotForAll];

/// Joins problems that say the same, in the order of the first of each. For people: an
/// editor or a code host marks every place, and gets every one.
pub fn join<'a>(diagnostics: &[&'a Diagnostic]) -> Vec<Joined<'a>> {
    let mut joined: Vec<Joined<'a>> = Vec::new();
    let mut first: BTreeMap<Key<'a>, usize> = BTreeMap::new();
    for problem in diagnostics.iter().copied() {
        if let Some(span) = problem.span.filter(|_| !SHOWN_EACH.contains(&problem.code)) {
            let key = (span.file, problem.code, problem.severity, problem.message.as_ref(), problem.hint.as_deref());
            let place = *first.entry(key).or_insert(joined.len());
            if let Some(known) = joined.get_mut(place) {
                known.also.push(span);
                continue;
            }
        }
        joined.push(Joined { problem, also: Vec::new() });
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::join;
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source::{FileId, Span};

    #[test]
    fn what_is_said_alike_is_one_message() {
        let at = |file: u32, start: usize| Span::new(FileId(file), start, start + 1);
        let slip = |span: Span, message: &str| Diagnostic::new(Code::Slip, span, message);
        let problems = [
            slip(at(0, 1), "one"),
            slip(at(0, 2), "two"),
            slip(at(0, 3), "one"),
            slip(at(1, 4), "one"),
            slip(at(0, 5), "one").hint("a hint"),
            Diagnostic::without_place(Code::Slip, "one"),
            Diagnostic::without_place(Code::Slip, "one"),
            Diagnostic::new(Code::UnsafeLink, at(0, 6), "one"),
            Diagnostic::new(Code::UnsafeLink, at(0, 7), "one"),
        ];
        let problems: Vec<&Diagnostic> = problems.iter().collect();
        let joined = join(&problems);
        let also: Vec<&[Span]> = joined.iter().map(|joined| joined.also.as_slice()).collect();
        assert_eq!(also, [&[at(0, 3)][..], &[], &[], &[], &[], &[], &[], &[]]);
    }
}
