//! Editions say what the document says, and a reader that looks for changes
//! finds them.

use crate::support::{compile_among, crate_path, files_under};
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::project::Project;
use chancery::source::{Files, MemoryFiles};
use chancery::{Compilation, verify};

fn differences(compilation: &Compilation, edition: &[u8]) -> Vec<String> {
    let mut diagnostics = Diagnostics::default();
    verify::check(compilation.document.as_ref().unwrap(), Format::Html, edition, &mut diagnostics);
    diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect()
}

fn html(compilation: &Compilation) -> Vec<u8> {
    compilation.edition(Format::Html, &mut Diagnostics::default()).unwrap()
}

fn assert_says_the_same(path: &str, files: &dyn Files) {
    let compilation = compile_among(&[path], files, &Project::default(), &[]);
    let found = differences(&compilation, &html(&compilation));
    assert!(found.is_empty(), "{path}:\n{}", found.join("\n"));
}

#[test]
fn our_documents_say_the_same_in_html() {
    let files = files_under(&crate_path(""));
    for path in crate::tidy_source::Source::files("source", &["md"]) {
        let path = path.strip_prefix(crate_path("")).unwrap().to_string_lossy().replace('\\', "/");
        assert_says_the_same(&path, &files);
    }
}

#[test]
fn the_specimen_says_the_same_in_html() {
    let files = files_under(&crate_path(""));
    assert_says_the_same("tests/integration/specimen.md", &files);
}

const SAMPLE: &str = "# Title\n\nOne *two* three.[^n]\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n![](x.png)\n\n\
    > [!NOTE]\n> Mind.\n\n[^n]: The note.\n";

#[test]
fn what_is_changed_in_an_edition_is_found() {
    let files = MemoryFiles([("sample.md".to_owned(), SAMPLE.as_bytes().to_vec())].into());
    let compilation = compile_among(&["sample.md"], &files, &Project::default(), &[]);
    let page = String::from_utf8(html(&compilation)).unwrap();
    assert_eq!(differences(&compilation, page.as_bytes()), [""; 0]);
    for (what, with) in [
        ("three.", ""),
        ("<em>two</em>", "<em>too</em>"),
        (">1<", "><"),
        (">2<", ">1<"),
        ("The note.", "The."),
        ("Mind.", "Mind. Mind."),
        ("One <em>two</em>", "<em>two</em> One"),
    ] {
        let (before, main) = page.split_once("<main").unwrap();
        assert!(main.contains(what), "{what}");
        let changed = format!("{before}<main{}", main.replacen(what, with, 1));
        assert!(!differences(&compilation, changed.as_bytes()).is_empty(), "{what} became {with:?} unnoticed");
    }
}
