//! The formats on one set of problems: characters of several bytes, tabs,
//! CRLF, two files, a long line.

#![allow(clippy::unwrap_used)]

use super::{Base, Colour, MESSAGE_LENGTH, MESSAGES_PER_CODE, MessageFormat, Report, render};
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

fn report<'a>(base: &'a Base, sources: &'a Sources, diagnostics: &'a [Diagnostic]) -> Report<'a> {
    Report { path: Some("dossier/note à lire.md"), base, sources, diagnostics: diagnostics.iter().collect() }
}

fn rendered(format: MessageFormat) -> String {
    let (sources, diagnostics) = sample();
    let base = Base::default();
    let report = report(&base, &sources, &diagnostics);
    // The same report twice: what two documents share is said once.
    render(format, &[report.clone(), report], None, Colour::Plain)
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
    let base = Base::default();
    let report = report(&base, &sources, &diagnostics);
    assert!(render(MessageFormat::Human, &[report], None, Colour::Ansi).contains("\u{1b}["));
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
    assert_eq!(region["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    assert_eq!(results[3]["relatedLocations"].as_array().unwrap().len(), 2);
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn a_result_is_known_again_when_lines_are_put_in_above_it() {
    let fingerprints = |text: &str| -> Vec<String> {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("note.md", text));
        let problem = |nth| Diagnostic::new(Code::DoubledWord, span(&sources, file, "mot mot", nth), "twice");
        let diagnostics = [problem(0), problem(1), problem(2)];
        let base = Base::default();
        let log = render(MessageFormat::Sarif, &[report(&base, &sources, &diagnostics)], None, Colour::Plain);
        let log: serde_json::Value = serde_json::from_str(&log).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        let key = "primaryLocationLineHash";
        results.iter().map(|result| result["partialFingerprints"][key].as_str().unwrap().to_owned()).collect()
    };
    let before = fingerprints("un mot mot\nmot mot deux\nun mot mot\n");
    assert_eq!(before, fingerprints("titre\n\nun mot mot\n\n mot mot deux\nun mot mot\n"));
    assert!(before[0].ends_with(":1") && before[2].ends_with(":2"), "{before:?}");
    assert_eq!(before[0].split(':').next(), before[2].split(':').next());
    assert_ne!(before[0].split(':').next(), before[1].split(':').next());
}

/// A text of one line with everything in it that deceives.
const HOSTILE: &str = "a \u{1b}]0;x\u{7} \u{9b}1m \u{202e} \u{e0041} ##[error]b mot mot";

#[test]
fn no_format_passes_on_what_acts_on_terminals_and_build_servers() {
    let mut sources = Sources::default();
    let path = "x\u{1b}[2J\n::error::y.md";
    let file = sources.add(Source::new(path, format!("::error::{HOSTILE}\n")));
    let hostile = format!("{HOSTILE}\n::error::{HOSTILE}");
    let problem = Diagnostic::new(Code::DoubledWord, span(&sources, file, "mot mot", 0), hostile.clone())
        .label(hostile.clone())
        .hint(hostile.clone())
        .secondary(span(&sources, file, "error", 0), hostile);
    let without = Diagnostic::without_place(Code::UnreadableFile, HOSTILE);
    let base = Base::default();
    let report =
        Report { path: Some("::warning::z"), base: &base, sources: &sources, diagnostics: vec![&problem, &without] };
    for format in MessageFormat::ALL {
        let text = render(format, std::slice::from_ref(&report), Some(HOSTILE), Colour::Plain);
        let name = format.name();
        for bad in ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\u{e0041}', '\u{e000}'] {
            assert!(!text.contains(bad), "{name}: {bad:?} in {text}");
        }
        assert!(!text.contains("##["), "{name}: {text}");
        // Those that are meant name a file first.
        let files = [" file=./%3A%3Awarning%3A%3Az,", " file=x\\u{1b}[2J\\u{a}%3A%3Aerror%3A%3Ay.md,"];
        let is_meant = |line: &&str| {
            files
                .iter()
                .any(|file| ["::warning", "::error"].iter().any(|kind| line.starts_with(&format!("{kind}{file}"))))
        };
        let (meant, forged): (Vec<&str>, Vec<&str>) =
            text.lines().filter(|line| line.trim_start().starts_with("::")).partition(is_meant);
        assert_eq!(forged, Vec::<&str>::new(), "{name}");
        assert_eq!(meant.len(), if format == MessageFormat::Github { 2 } else { 0 }, "{name}: {text}");
    }
    // The mark is under its words, after everything that was escaped.
    let human = render(MessageFormat::Human, &[report], None, Colour::Plain);
    let lines: Vec<&str> = human.lines().collect();
    let shown = lines.iter().position(|line| line.starts_with("1 |")).unwrap();
    let column = |line: &str, part: &str| line.find(part).map(|at| line[..at].chars().count());
    assert_eq!(column(lines[shown], "mot mot"), column(lines[shown + 1], "^^^^^^^"), "{human}");
    assert!(human.contains(".md:1:38"), "the column is the source's: {human}");
}

#[test]
fn of_many_alike_a_hundred_are_shown_and_the_rest_counted() {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("note.md", "x".repeat(2 * MESSAGES_PER_CODE)));
    let base = Base::default();
    let problem = |at| Diagnostic::new(Code::DoubledWord, Span::point(file, at), format!("{at} twice"));
    let (fits, many): (Vec<_>, Vec<_>) =
        ((0..MESSAGES_PER_CODE).map(problem).collect(), (0..MESSAGES_PER_CODE + 7).map(problem).collect());
    for format in MessageFormat::ALL {
        let count = |diagnostics: &[Diagnostic]| {
            let text = render(format, &[report(&base, &sources, diagnostics)], None, Colour::Plain);
            (
                text.matches("twice").count() - text.matches("stands twice").count(),
                text.contains("and 7 more of this code"),
            )
        };
        let (shown, told) = count(&fits);
        assert_eq!((shown >= MESSAGES_PER_CODE, told), (true, false), "{}", format.name());
        assert_eq!(count(&many), (shown, true), "{}", format.name());
    }
}

#[test]
fn what_is_said_alike_is_one_message_for_people() {
    const LINES: usize = 14;
    let mut sources = Sources::default();
    let file = sources.add(Source::new("note.md", "a a\n".repeat(LINES)));
    let base = Base::default();
    let problem = |at| Diagnostic::new(Code::Slip, Span::new(file, at, at + 1), "a slip").hint("mend it");
    let also = |places: &[usize], format| {
        let problems: Vec<Diagnostic> = places.iter().copied().map(problem).collect();
        render(format, &[report(&base, &sources, &problems)], None, Colour::Plain)
    };
    for (places, expected) in [
        (&[0, 4][..], "also in line 2"),
        (&[0, 4, 6, 8], "also in lines 2 and 3"),
        (&[0, 2], "once more in this line"),
        (&[0, 1, 2], "2 times more in this line"),
        (
            &(0..LINES).map(|line| 4 * line).collect::<Vec<_>>(),
            "also in lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more",
        ),
    ] {
        assert_eq!(also(places, MessageFormat::Short), format!("note.md:1:1: warning[W0223]: a slip ({expected})\n"));
        let human = also(places, MessageFormat::Human);
        assert!(human.contains(&format!("  = note: {expected}\n  = help: mend it\n")), "{human}");
        // Programs mark every place.
        assert_eq!(also(places, MessageFormat::Json).lines().count(), places.len());
        let log: serde_json::Value = serde_json::from_str(&also(places, MessageFormat::Sarif)).unwrap();
        assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), places.len());
    }
}

#[test]
fn a_message_is_no_longer_than_anyone_reads() {
    let sources = Sources::default();
    let problem = [Diagnostic::without_place(Code::UnreadableFile, "é".repeat(1_000_000)).hint("x".repeat(1_000_000))];
    for format in MessageFormat::ALL {
        let base = Base::default();
        let text = render(format, &[report(&base, &sources, &problem)], None, Colour::Plain);
        assert!(text.len() < 20 * MESSAGE_LENGTH, "{}: {}", format.name(), text.len());
    }
}

#[test]
fn a_log_is_whole_without_documents_and_says_why_a_run_was_not_finished() {
    let whole: serde_json::Value =
        serde_json::from_str(&render(MessageFormat::Sarif, &[], None, Colour::Plain)).unwrap();
    assert_eq!(whole["runs"][0]["results"], serde_json::json!([]));
    let failed: serde_json::Value =
        serde_json::from_str(&render(MessageFormat::Sarif, &[], Some("no room"), Colour::Plain)).unwrap();
    let invocation = &failed["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["toolExecutionNotifications"][0]["message"]["text"], "no room");
}
