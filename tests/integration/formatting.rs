//! Formatting changes the form of a source and nothing that it says, and once is enough.

use crate::sandbox::Sandbox;
use crate::support::crate_path;
use chancery::ast::Tree;
use chancery::formatting::format;
use chancery::source::{Source, Sources};
use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::RngSeed;
use std::path::{Path, PathBuf};

/// What a text says: its tree without places.
fn tree(text: &str) -> String {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("note.md", text));
    let document = chancery::parse::parse(file, &mut sources).value;
    let mut out = String::new();
    push(&Tree::from_document(&document, &sources), 0, &mut out);
    out
}

fn push(tree: &Tree, depth: usize, out: &mut String) {
    let mut fields = tree.fields.clone();
    // A note in place is named after the byte where it stands.
    if fields.get("name").is_some_and(|name| name.as_str().is_some_and(|name| name.starts_with('['))) {
        fields.remove("name");
    }
    out.push_str(&format!("{}{} {fields:?}\n", " ".repeat(depth), tree.kind));
    tree.children.iter().for_each(|child| push(child, depth + 1, out));
}

fn check(name: &str, text: &str) -> Result<(), String> {
    let Some(formatted) = format("note.md", text) else { return Ok(()) };
    if tree(&formatted.text) != tree(text) {
        return Err(format!("{name}: formatting changed what it says\n{text:?}\n{:?}", formatted.text));
    }
    let again = format("note.md", &formatted.text).map(|again| again.text);
    if again.as_deref() != Some(&formatted.text) {
        return Err(format!("{name}: formatting again changes it\n{text:?}\n{:?}\n{again:?}", formatted.text));
    }
    Ok(())
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

#[test]
fn every_source_says_the_same_after_it() {
    let mut files = Vec::new();
    for folder in ["source", "tests/cases", "tests/specimens"] {
        sources(&crate_path(folder), &mut files);
    }
    assert!(files.len() > 100, "the sources are found");
    let problems: Vec<String> = files
        .iter()
        .filter_map(|path| check(&path.display().to_string(), &std::fs::read_to_string(path).ok()?).err())
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Pieces of which documents are made at random, most of them in no good form.
const PIECES: &[&str] = &[
    "# A",
    "##   B  ##",
    "\n",
    "\n\n\n",
    "  \n",
    " \t\n",
    "text",
    "more  ",
    "words\\ ",
    "* ",
    "+ ",
    "- ",
    "1. ",
    "  ",
    "    ",
    "> ",
    ":::box {  a = \"b  c\"   #d }",
    ":::",
    "::: {.note}",
    "::::table {caption=\"x\"}",
    "| a |b|",
    "|-|:-:|",
    "|漢|`x|`|",
    "a | b",
    "--- | ---",
    "```",
    "~~~",
    "`code ",
    "$$",
    "$a  $",
    "<div>",
    "</div>",
    "<pre>",
    "<!-- a  ",
    "-->",
    "*[AB]: Alpha  ",
    "[^1]",
    "[^1]: note",
    "[a]: b.md",
    "{.lead}",
    "***",
    "===",
    "term\n: details",
    "![a](b.png)",
    "<br>",
    "\r\n",
    "---\n",
    "é🙂",
];

fn document() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    let gap = prop::sample::select(&["", "\n", "\n", "\n\n", "\n\n\n", " ", "  \n"][..]);
    prop::collection::vec((piece, gap), 1..24)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400),
        rng_seed: RngSeed::Fixed(17),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_says_the_same_after_it(text in document()) {
        let checked = check("a text", &text);
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
    }

    #[test]
    fn a_text_has_its_own_line_endings(text in document()) {
        let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        if let Some(formatted) = format("note.md", &text).filter(|_| text.contains('\n')) {
            prop_assert_eq!(formatted.text.replace("\r\n", "").find('\n'), None, "{:?}", formatted.text);
        }
    }
}

const UNTIDY: &str = "#  A\nText \n* one\n* two";
const TIDY: &str = "# A\n\nText\n\n- one\n- two\n";

#[test]
fn files_are_written_and_the_rest_is_not_touched() {
    let sandbox = Sandbox::new();
    sandbox.write("chancery.toml", "");
    sandbox.write("source/a.md", UNTIDY);
    sandbox.write("source/_part.md", UNTIDY);
    sandbox.write("source/b.md", TIDY);
    sandbox.write("source/data.csv", "a , b \n");
    let checked = sandbox.run(&["fmt", "--check"]);
    assert_eq!(checked.code, 1);
    assert!(checked.stderr.contains("E0017") && checked.stderr.contains("_part.md"), "{}", checked.stderr);
    assert!(!checked.stderr.contains("b.md"), "{}", checked.stderr);
    let diff = sandbox.run(&["fmt", "--diff", "source/a.md"]);
    assert_eq!(diff.code, 1);
    assert!(diff.stdout.starts_with("--- source/a.md\n+++ source/a.md\n@@ -1,4 +1,6 @@\n-#  A\n"), "{}", diff.stdout);
    assert_eq!(sandbox.read("source/a.md"), UNTIDY);
    let run = sandbox.run(&["fmt"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("2 files formatted"), "{}", run.stderr);
    assert_eq!(sandbox.read("source/a.md"), TIDY);
    assert_eq!(sandbox.read("source/_part.md"), TIDY);
    assert_eq!(sandbox.read("source/data.csv"), "a , b \n");
    assert_eq!(sandbox.run(&["fmt", "--check"]).code, 0);
    assert_eq!(sandbox.run(&["fmt", "source/data.csv"]).code, 2);
}

#[test]
fn what_cannot_be_formatted_stays_and_is_named() {
    let sandbox = Sandbox::new();
    let unclosed = "---\ntitle: A\n\n#  B \n";
    sandbox.write("a.md", unclosed);
    sandbox.write("b.md", "\u{feff}#  B \r\n");
    let run = sandbox.run(&["fmt", "."]).ends_with(0).says("W0514");
    assert!(run.stderr.contains("1 file formatted"), "{}", run.stderr);
    assert_eq!(sandbox.read("a.md"), unclosed);
    assert_eq!(sandbox.read("b.md"), "\u{feff}# B\r\n");
}

#[cfg(unix)]
#[test]
fn links_are_not_replaced_and_permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    sandbox.write("chancery.toml", "");
    sandbox.write("source/a.md", UNTIDY);
    sandbox.write("elsewhere/b.md", UNTIDY);
    std::os::unix::fs::symlink(sandbox.path("elsewhere/b.md"), sandbox.path("source/b.md")).unwrap();
    std::fs::set_permissions(sandbox.path("source/a.md"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let run = sandbox.run(&["fmt"]).ends_with(0).says("this is a link");
    assert!(run.stderr.contains("1 file formatted"), "{}", run.stderr);
    assert_eq!(sandbox.read("elsewhere/b.md"), UNTIDY);
    assert!(sandbox.path("source/b.md").is_symlink());
    assert_eq!(sandbox.read("source/a.md"), TIDY);
    assert_eq!(std::fs::metadata(sandbox.path("source/a.md")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with_input(&["fmt", "-"], UNTIDY.as_bytes());
    assert_eq!((run.code, run.stdout.as_str()), (0, TIDY), "{}", run.stderr);
    assert_eq!(sandbox.run_with_input(&["fmt", "--check", "-"], TIDY.as_bytes()).code, 0);
    let run = sandbox.run_with_input(&["fmt", "--check", "-"], UNTIDY.as_bytes());
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
}

#[test]
fn the_sources_of_the_project_are_formatted() {
    let mut files = Vec::new();
    sources(&crate_path("source"), &mut files);
    let unformatted: Vec<&PathBuf> = files
        .iter()
        .filter(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            format("note.md", &text).is_none_or(|formatted| formatted.text != text)
        })
        .collect();
    assert!(!files.is_empty() && unformatted.is_empty(), "run `chancery fmt`: {unformatted:?}");
}
