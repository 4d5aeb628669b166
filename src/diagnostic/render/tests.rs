//! The formats on one set of problems: characters of several bytes, tabs,
//! CRLF, two files, a long line.

#![allow(clippy::unwrap_used)]

use super::{Colour, MessageFormat, Report, render};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Source, Sources, Span};

const MAIN: &str = "# Été 🎉\r\n\r\nUn\tmot mot.\r\n\r\n## Été {#ete}\r\n## Été {#ete}\r\n";

/// The span of the `nth` occurrence of `part`.
fn span(sources: &Sources, file: crate::source::FileId, part: &str, nth: usize) -> Span {
    let text = sources.get(file).unwrap().text();
    let (start, _) = text.match_indices(part).nth(nth).unwrap();
    Span::new(file, start, start + part.len())
}

fn sample() -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let main = sources.add(Source::new("dossier/note à lire.md", MAIN));
    let long = "x".repeat(1_000_000) + " mot mot " + &"y".repeat(1_000_000);
    let part = sources.add(Source::new("part.md", long));
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(
        Diagnostic::new(Code::DoubledWord, span(&sources, main, "mot mot", 0), "“mot” stands twice")
            .label("twice")
            .hint("take one out"),
    );
    diagnostics.push(
        Diagnostic::new(Code::DuplicateId, span(&sources, main, "#ete", 1), "the id `ete` is given twice")
            .secondary(span(&sources, main, "#ete", 0), "first given here")
            .secondary(span(&sources, part, "mot", 0), "and wanted here"),
    );
    diagnostics.push(Diagnostic::new(Code::DoubledWord, span(&sources, part, "mot mot", 0), "“mot” stands twice"));
    diagnostics.push(Diagnostic::without_place(Code::UnreadableFile, "cannot read x.png"));
    diagnostics.push(Diagnostic::new(Code::UnclosedFence, Span::new(main, 0, MAIN.len()), "no end"));
    diagnostics.push(Diagnostic::new(Code::EmptyFile, Span::point(main, MAIN.len() + 7), "past the end"));
    (sources, diagnostics.into_sorted())
}

fn rendered(format: MessageFormat) -> String {
    let (sources, diagnostics) = sample();
    let report = Report { path: "dossier/note à lire.md", sources: &sources, diagnostics: &diagnostics };
    // The same report twice: what two documents share is said once.
    render(format, &[report, report], Colour::Plain)
}

#[test]
fn short() {
    let expected = "\
dossier/note à lire.md: error[E0001]: cannot read x.png
dossier/note à lire.md:1:1: warning[W0205]: no end
dossier/note à lire.md:3:4: warning[W0507]: “mot” stands twice
dossier/note à lire.md:6:9: error[E0301]: the id `ete` is given twice
dossier/note à lire.md:7:1: error[E0005]: past the end
part.md:1:1000002: warning[W0507]: “mot” stands twice
";
    assert_eq!(rendered(MessageFormat::Short), expected);
}

#[test]
fn human() {
    let output = rendered(MessageFormat::Human);
    assert!(output.len() < 10_000, "a long line is not written whole");
    assert_eq!(output, include_str!("human.golden"));
}

#[test]
fn colours_are_the_callers_choice() {
    let (sources, diagnostics) = sample();
    let report = Report { path: "x.md", sources: &sources, diagnostics: &diagnostics };
    assert!(render(MessageFormat::Human, &[report], Colour::Ansi).contains("\u{1b}["));
    assert!(!rendered(MessageFormat::Human).contains('\u{1b}'));
}

#[test]
fn json() {
    let output = rendered(MessageFormat::Json);
    let objects: Vec<serde_json::Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 6);
    let doubled = &objects[2];
    assert_eq!(doubled["code"], "W0507");
    assert_eq!(doubled["severity"], "warning");
    assert_eq!(doubled["place"]["path"], "dossier/note à lire.md");
    assert_eq!(doubled["place"]["start"], serde_json::json!({ "byte": 19, "line": 3, "column": 4 }));
    assert_eq!(doubled["place"]["end"], serde_json::json!({ "byte": 26, "line": 3, "column": 11 }));
    assert_eq!(doubled["hint"], "take one out");
    assert_eq!(objects[0]["place"], serde_json::Value::Null);
    assert_eq!(objects[3]["secondary"][1]["place"]["path"], "part.md");
}

#[test]
fn sarif() {
    let log: serde_json::Value = serde_json::from_str(&rendered(MessageFormat::Sarif)).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 6);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    let region = &results[2]["locations"][0]["physicalLocation"];
    assert_eq!(region["artifactLocation"]["uri"], "dossier/note%20%C3%A0%20lire.md");
    assert_eq!(region["region"]["startColumn"], 4);
    assert_eq!(results[3]["relatedLocations"].as_array().unwrap().len(), 2);
}
