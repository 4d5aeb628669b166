//! What PDF files claim: PDF/UA-1 and PDF/A-2a, unless a want that only the
//! writer can mend leaves PDF/A-2u. The files themselves are judged by veraPDF
//! in `.ci/run specimens pdf`.

use crate::support::{compile_among, crate_path, files_under};
use chancery::Compilation;
use chancery::backend::pdf::{Claim, emit_layout};
use chancery::diagnostic::{Code, Diagnostics, Severity};
use chancery::layout::font::FontBook;
use chancery::layout::layout;
use chancery::project::Project;
use chancery::source::{Files, MemoryFiles, Source, Sources};
use chancery::theme::Theme;
use std::collections::BTreeMap;

const LACKING: &str = "source/without-alternative.md";

fn project(text: &str) -> Project {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("chancery.toml", text.to_owned()));
    let mut diagnostics = Diagnostics::default();
    let project = Project::parse(file, &sources, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    project
}

fn claim(compilation: &Compilation, theme: &Theme) -> Claim {
    let document = compilation.document.as_ref().unwrap();
    let mut diagnostics = Diagnostics::default();
    let laid_out = layout(document, theme, &mut diagnostics);
    emit_layout(document, laid_out, FontBook::bundled(), &mut diagnostics).claim
}

#[test]
fn every_specimen_claims_what_it_keeps() {
    let root = crate_path("tests/specimens");
    let files = files_under(&root);
    let project = project(&String::from_utf8(files.read("chancery.toml").unwrap()).unwrap());
    let mut count = 0;
    for entry in std::fs::read_dir(root.join("source")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.ends_with(".md") {
            continue;
        }
        count += 1;
        let path = format!("source/{name}");
        let compilation = compile_among(&[&path, "source/blocks.md"], &files, &project, &[]);
        let expected = if path == LACKING { Claim::Archival } else { Claim::Accessible };
        for theme in Theme::names() {
            assert_eq!(claim(&compilation, &Theme::builtin(theme).unwrap()), expected, "{path}, {theme}");
        }
    }
    assert!(count > 10, "{count} specimens");
}

/// What is said of a picture's alternative text, and what the file claims.
fn picture(front_matter: &str, settings: &str, markdown: &str) -> (Option<Severity>, Claim) {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>".to_vec();
    let text = format!("---\ntitle: T\n{front_matter}---\n\n{markdown}\n");
    let files = MemoryFiles(BTreeMap::from([
        ("source/note.md".to_owned(), text.into_bytes()),
        ("source/dot.svg".to_owned(), svg),
    ]));
    let project = project(settings);
    let compilation = compile_among(&["source/note.md"], &files, &project, &[]);
    let metadata = compilation.document.as_ref().map(|document| &document.metadata);
    let said = compilation.diagnostics.clone().into_sorted();
    let said = said.iter().find(|diagnostic| diagnostic.code == Code::MissingAlternative);
    let severity = said.and_then(|diagnostic| project.severity_of(diagnostic, metadata));
    (severity, claim(&compilation, &compilation.theme))
}

#[test]
fn a_picture_without_words_lowers_the_claim() {
    let accessible = (None, Claim::Accessible);
    let lacking = (Some(Severity::Warning), Claim::Archival);
    assert_eq!(picture("", "", "![A dot](dot.svg)"), accessible);
    assert_eq!(picture("", "", "![](dot.svg){.decorative}"), accessible);
    assert_eq!(picture("", "", "![](dot.svg)"), lacking);
    assert_eq!(picture("", "", "Words and ![ ](dot.svg)."), lacking);
    // A caption does not say what the picture shows.
    assert_eq!(picture("", "", "![](dot.svg \"A caption\")"), lacking);
}

#[test]
fn where_conformance_is_required_a_lower_claim_is_an_error() {
    const REQUIRED: &str = "[project]\nconformance = \"required\"\n";
    const OFF: &str = "[levels]\nW0501 = \"off\"\n";
    let severity = |front_matter, settings| picture(front_matter, settings, "![](dot.svg)").0;
    assert_eq!(severity("", REQUIRED), Some(Severity::Error));
    assert_eq!(severity("status: final\n", ""), Some(Severity::Error));
    assert_eq!(severity("status: review\n", ""), Some(Severity::Warning));
    // The level of a code may be lowered, but not what was asked for.
    assert_eq!(severity("", OFF), None);
    assert_eq!(severity("status: final\n", OFF), Some(Severity::Error));
    assert_eq!(severity("", &format!("{REQUIRED}{OFF}")), Some(Severity::Error));
}
