//! E-books say what the document says, and a reader that looks for changes in them,
//! or in what holds them together, finds those.

use crate::support::{compile_among, crate_path, files_under};
use chancery::backend::zip;
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::project::Project;
use chancery::source::zip::Archive;
use chancery::source::{Files, MemoryFiles};
use chancery::{Compilation, verify};

fn compiled(path: &str, files: &dyn Files) -> (Compilation, Vec<u8>) {
    let compilation = compile_among(&[path], files, &Project::default(), &[]);
    let book = compilation.edition(Format::Epub, &mut Diagnostics::default()).unwrap();
    (compilation, book)
}

fn faults(compilation: &Compilation, book: &[u8]) -> Vec<String> {
    let mut diagnostics = Diagnostics::default();
    let document = compilation.document.as_ref().unwrap();
    let proof = verify::prove(document, &compilation.theme, Format::Epub, book, &mut diagnostics);
    assert!(proof.is_some());
    diagnostics.iter().map(|diagnostic| diagnostic.message.to_string()).collect()
}

const SAMPLE: &str = "---\nlang: fr\n---\n# Titre\n\nOne *two* three.[^n] The formula $`x^2`$.\n\n\
    A [link](https://example.org/a) leads, and [another](other.md) does not.\n\n## Instituții\n\n\
    :::table {#t caption=\"Steps\"}\n| A | B |\n|---|---|\n| 1 | 2 |\n:::\n\n![A small picture](x.png)\n\n\
    See [](#instituții).\n\n> [!NOTE]\n> Mind.\n\n1. First\n2. Second\n\n[^n]: The note.\n";

fn sample() -> (Compilation, Vec<u8>) {
    let png = std::fs::read(crate_path("tests/integration/pixel.png")).unwrap();
    let file = |name: &str, content: &[u8]| (name.to_owned(), content.to_vec());
    let files = [file("sample.md", SAMPLE.as_bytes()), file("other.md", b"# Other\n\nMore.\n"), file("x.png", &png)];
    let compilation = compile_among(&["sample.md", "other.md"], &MemoryFiles(files.into()), &Project::default(), &[]);
    let book = compilation.edition(Format::Epub, &mut Diagnostics::default()).unwrap();
    (compilation, book)
}

/// The files of an e-book, each as it is after a change; those without content are left out.
fn packed(book: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> Vec<u8> {
    let archive = Archive::open(book).unwrap();
    let mut changed = zip::Archive::default();
    for entry in archive.entries() {
        if let Some(content) = change(&entry.name, archive.read(&entry.name).unwrap()) {
            changed.store(&entry.name, &content);
        }
    }
    changed.finish().unwrap()
}

fn text(book: &[u8], name: &str) -> String {
    String::from_utf8(Archive::open(book).unwrap().read(name).unwrap()).unwrap()
}

#[test]
fn our_documents_say_the_same_in_e_books() {
    let files = files_under(&crate_path(""));
    for path in crate::tidy_source::Source::files("source", &["md"]) {
        let path = path.strip_prefix(crate_path("")).unwrap().to_string_lossy().replace('\\', "/");
        let (compilation, book) = compiled(&path, &files);
        assert_eq!(faults(&compilation, &book), [""; 0], "{path}");
    }
    let (compilation, book) = compiled("tests/integration/specimen.md", &files);
    assert_eq!(faults(&compilation, &book), [""; 0]);
}

#[test]
fn an_e_book_is_whole_without_other_files() {
    let (compilation, book) = sample();
    assert_eq!(faults(&compilation, &book), [""; 0]);
    let page = text(&book, "EPUB/text.xhtml");
    assert!(page.contains("<a href=\"https://example.org/a\">link</a> leads, and another does not."), "{page}");
    assert!(page.contains("<section id=\"institu_u21B_ii\">"), "{page}");
    assert!(page.contains("<img src=\"pictures/1.png\" alt=\"A small picture\""), "{page}");
    assert!(page.contains("epub:type=\"noteref\" role=\"doc-noteref\"><sup>1</sup></a>"), "{page}");
    assert!(page.contains("epub:type=\"footnote\" role=\"doc-footnote\">"), "{page}");
    assert!(text(&book, "EPUB/package.opf").contains("properties=\"mathml\""));
    let navigation = text(&book, "EPUB/navigation.xhtml");
    assert!(navigation.contains("<a href=\"text.xhtml#institu_u21B_ii\">"), "{navigation}");
    assert!(navigation.contains("epub:type=\"lot\""), "{navigation}");
}

#[test]
fn what_is_changed_in_an_e_book_is_found() {
    let (compilation, book) = sample();
    let changes = [
        ("EPUB/text.xhtml", "three.", ""),
        ("EPUB/text.xhtml", "<em>two</em>", "<em>too</em>"),
        ("EPUB/text.xhtml", ">2</td>", ">1</td>"),
        ("EPUB/text.xhtml", "The note.", "The."),
        ("EPUB/text.xhtml", "https://example.org/a", "https://example.org/b"),
        ("EPUB/text.xhtml", "alt=\"A small picture\"", "alt=\"A picture\""),
        ("EPUB/text.xhtml", "<aside id=\"note-1\"", "<aside id=\"note-2\""),
        ("EPUB/text.xhtml", "<sup>1</sup>", "<sup>2</sup>"),
        ("EPUB/text.xhtml", "id=\"institu_u21B_ii\"", "id=\"instituții\""),
        ("EPUB/text.xhtml", "src=\"pictures/1.png\"", "src=\"https://example.org/1.png\""),
        ("EPUB/text.xhtml", "</main>", ""),
        ("EPUB/text.xhtml", "<msup>", "<mrow>"),
        ("EPUB/text.xhtml", " xmlns=\"http://www.w3.org/1998/Math/MathML\"", ""),
        ("EPUB/package.opf", "properties=\"mathml\"", ""),
        ("EPUB/package.opf", "<item id=\"style\"", "<meta id=\"style\""),
        ("EPUB/package.opf", "properties=\"nav\"", ""),
        ("EPUB/package.opf", "unique-identifier=\"identifier\"", "unique-identifier=\"other\""),
        ("EPUB/package.opf", "dcterms:modified", "dcterms:created"),
        ("EPUB/package.opf", "schema:accessibilityHazard", "schema:hazard"),
        ("EPUB/package.opf", "<itemref idref=\"text\"/>", ""),
        ("EPUB/navigation.xhtml", "text.xhtml#institu_u21B_ii", "text.xhtml#elsewhere"),
        ("EPUB/navigation.xhtml", "epub:type=\"landmarks\"", "epub:type=\"other\""),
        ("EPUB/style.css", "body {", "@import \"x\"; body {"),
        ("META-INF/container.xml", "EPUB/package.opf", "EPUB/other.opf"),
        ("mimetype", "epub", "epup"),
    ];
    for (file, what, with) in changes {
        assert!(text(&book, file).contains(what), "{file}: {what}");
        let changed = packed(&book, |name, content| {
            let change = |content| String::from_utf8(content).unwrap().replacen(what, with, 1).into_bytes();
            Some(if name == file { change(content) } else { content })
        });
        assert!(!faults(&compilation, &changed).is_empty(), "{file}: {what} became {with:?} unnoticed");
    }
}

#[test]
fn files_that_are_absent_are_found_and_nothing_else_changes() {
    let (compilation, book) = sample();
    assert_eq!(faults(&compilation, &packed(&book, |_, content| Some(content))), [""; 0], "the packing itself");
    for absent in ["mimetype", "EPUB/style.css", "EPUB/pictures/1.png", "EPUB/navigation.xhtml", "EPUB/text.xhtml"] {
        let changed = packed(&book, |name, content| (name != absent).then_some(content));
        assert!(!faults(&compilation, &changed).is_empty(), "{absent}");
    }
}

#[test]
fn the_same_source_gives_the_same_e_book() {
    assert_eq!(sample().1, sample().1);
}
