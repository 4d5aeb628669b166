//! One JSON object a line.
//!
//! Every object has the same keys; what a problem lacks is `null` or an empty
//! list. Lines and columns count from 1, columns in characters; `byte` counts
//! from 0; `end` is the place after the last character.

use super::place::{Located, Location};
use crate::diagnostic::{Group, Severity};
use serde::Serialize;

#[derive(Serialize)]
struct Problem<'a> {
    code: &'static str,
    severity: Severity,
    group: Group,
    /// What kind of problem the code stands for.
    title: &'static str,
    message: &'a str,
    /// The document that was compiled.
    document: &'a str,
    /// Where the problem is, perhaps in a file that the document includes.
    place: Option<Range<'a>>,
    label: Option<&'a str>,
    secondary: Vec<Secondary<'a>>,
    hint: Option<&'a str>,
}

#[derive(Serialize)]
struct Secondary<'a> {
    place: Range<'a>,
    label: &'a str,
}

#[derive(Serialize)]
struct Range<'a> {
    path: &'a str,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    byte: u32,
    line: usize,
    column: usize,
}

/// Writes the problems.
pub fn render(problems: &[Located]) -> String {
    let mut output = String::new();
    for problem in problems {
        let diagnostic = problem.diagnostic;
        let object = Problem {
            code: diagnostic.code.as_str(),
            severity: diagnostic.severity,
            group: diagnostic.code.group(),
            title: diagnostic.code.title(),
            message: &diagnostic.message,
            document: problem.document,
            place: problem.primary.map(range),
            label: diagnostic.label.as_deref(),
            secondary: problem
                .secondary
                .iter()
                .map(|(location, label)| Secondary { place: range(*location), label })
                .collect(),
            hint: diagnostic.hint.as_deref(),
        };
        // Strings and numbers always serialise.
        output.push_str(&serde_json::to_string(&object).unwrap_or_default());
        output.push('\n');
    }
    output
}

fn range(location: Location) -> Range {
    let (start, end) = (location.start(), location.end());
    Range {
        path: location.source.path(),
        start: Point { byte: location.span.start, line: start.line, column: start.column },
        end: Point { byte: location.span.end, line: end.line, column: end.column },
    }
}
