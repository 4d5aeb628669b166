//! Messages as one JSON object per line.
//!
//! Every object has the same keys; what a problem lacks is `null` or an empty list. Lines and
//! columns count from 1, columns in characters; `byte` counts from 0; `end` is the place after the
//! last character. Paths are relative to the folder where the program was started.

use super::escape;
use super::place::{Located, LocatedFix, Location};
use crate::diagnostic::{Group, Severity};
use serde::Serialize;

#[derive(Serialize)]
struct Problem<'a> {
    code: &'static str,
    severity: Severity,
    group: Group,
    /// Title of the code.
    title: &'static str,
    message: &'a str,
    /// The document that was compiled; `null` where the run itself is meant.
    document: Option<&'a str>,
    /// Where the problem is, perhaps in a file that the document includes.
    place: Option<Range<'a>>,
    label: Option<&'a str>,
    secondary: Vec<Secondary<'a>>,
    hint: Option<&'a str>,
    /// Fixes, the likeliest first.
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    /// Whether it can be made without a look at it.
    safe: bool,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    place: Range<'a>,
    text: &'a str,
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
        let object = Problem {
            code: problem.code.as_str(),
            severity: problem.severity,
            group: problem.code.group(),
            title: problem.code.title(),
            message: &problem.message,
            document: problem.document.as_deref(),
            place: problem.primary.as_ref().map(range),
            label: problem.label.as_deref(),
            secondary: problem
                .secondary
                .iter()
                .map(|(location, label)| Secondary { place: range(location), label })
                .collect(),
            hint: problem.hint.as_deref(),
            fixes: problem.fixes.iter().map(fix).collect(),
        };
        // Strings and numbers always serialise.
        output.push_str(&escape::json(&serde_json::to_string(&object).unwrap_or_default()));
        output.push('\n');
    }
    output
}

fn fix<'a>(fix: &'a LocatedFix) -> Fix<'a> {
    let edits = fix.edits.iter().map(|(location, text)| Edit { place: range(location), text }).collect();
    Fix { title: &fix.fix.title, safe: fix.fix.is_safe, edits }
}

fn range<'a>(location: &'a Location) -> Range<'a> {
    let (start, end) = (location.start(), location.end());
    Range {
        path: &location.path,
        start: Point { byte: location.span.start, line: start.line, column: start.column },
        end: Point { byte: location.span.end, line: end.line, column: end.column },
    }
}
