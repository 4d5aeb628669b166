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
    See [](#instituții).\n\n:::table {#other caption=\"More\"}\n| A |\n|---|\n| 1 |\n:::\n\n> [!NOTE]\n> Mind.\n\n1. First\n2. Second\n\n## Fin {#last}\n\nEnd.\n\n[^n]: The note.\n";

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

/// A file, what is replaced in it (the first time that it stands there), with what, and a piece of
/// what must be said of it.
type Damage = (&'static str, &'static str, &'static str, &'static str);

const PAGE: &str = "EPUB/text.xhtml";
const PACKAGE: &str = "EPUB/package.opf";
const NAVIGATION: &str = "EPUB/navigation.xhtml";

const DAMAGE: [Damage; 40] = [
    (PAGE, "three.", "", "lacks “three.”"),
    (PAGE, "<em>two</em>", "<em>too</em>", "says “too” and not “two”"),
    (PAGE, ">2</td>", ">1</td>", "says “1” and not “2”"),
    (PAGE, "The note.", "The.", "not “The note.”"),
    (PAGE, "https://example.org/a", "https://example.org/b", "→https://example.org/b"),
    (PAGE, "alt=\"A small picture\"", "alt=\"A picture\"", "lacks “small”"),
    (PAGE, "<aside id=\"note-1\"", "<aside id=\"note-2\"", "note-1"),
    (PAGE, "<sup>1</sup>", "<sup>2</sup>", "says “2"),
    (PAGE, "id=\"institu_u21B_ii\"", "id=\"instituții\"", "EPUB 3.3, 6.1: instituții"),
    (PAGE, "src=\"pictures/1.png\"", "src=\"https://example.org/1.png\"", "EPUB 3.3, 3.6: https://example.org/1.png"),
    (PAGE, "</main>", "", "EPUB/text.xhtml"),
    (PAGE, "<msup>", "<mrow>", "EPUB/text.xhtml"),
    (PAGE, " xmlns=\"http://www.w3.org/1998/Math/MathML\"", "", "has no namespace"),
    (PACKAGE, "properties=\"mathml\"", "", "`mathml` of `EPUB/text.xhtml`"),
    (PACKAGE, "<item id=\"style\"", "<meta id=\"style\"", "`EPUB/style.css` is not named"),
    (PACKAGE, "href=\"style.css\"", "href=\"other.css\"", "`EPUB/other.css` is not there"),
    (PACKAGE, "href=\"style.css\"", "href=\"text.xhtml\"", "`EPUB/text.xhtml` is named twice"),
    (PACKAGE, "id=\"style\"", "id=\"text\"", "the id `text` is given twice"),
    (PACKAGE, "properties=\"nav\"", "", "there is not one"),
    (PACKAGE, "unique-identifier=\"identifier\"", "unique-identifier=\"other\"", "no identifier is the unique one"),
    (PACKAGE, "<dc:language>fr</dc:language>", "", "`dc:language` is missing"),
    (PACKAGE, "dcterms:modified", "dcterms:created", "`dcterms:modified` is no moment"),
    (PACKAGE, "schema:accessModeSufficient", "schema:mode", "`schema:accessModeSufficient` is missing"),
    (PACKAGE, "schema:accessibilityHazard", "schema:hazard", "`schema:accessibilityHazard` is missing"),
    (PACKAGE, ">visual<", ">textual<", "there are pictures, and `schema:accessMode` does not say so"),
    (PACKAGE, "dcterms:conformsTo", "dcterms:relation", "`dcterms:conformsTo` is missing"),
    (PACKAGE, "a11y:certifiedBy", "a11y:by", "`a11y:certifiedBy` is missing"),
    (PACKAGE, "<itemref idref=\"text\"/>", "", "does not begin with the text"),
    (PACKAGE, "<itemref idref=\"text\"/>", "<itemref idref=\"navigation\"/>", "a part is named twice"),
    (PACKAGE, "<spine>", "<spine><itemref idref=\"style\" linear=\"no\"/>", "does not begin with the text"),
    (NAVIGATION, "text.xhtml#institu_u21B_ii", "text.xhtml#elsewhere", "`text.xhtml#elsewhere` leads nowhere"),
    (NAVIGATION, "text.xhtml#institu_u21B_ii", "text.xhtml#t", "and not “Instituții”"),
    (NAVIGATION, ">Instituții<", ">Institutions<", "there is “Institutions”"),
    (NAVIGATION, "_content\">Titre<", "_content\">Title<", "they do not begin with the title"),
    (NAVIGATION, "<li><a href=\"text.xhtml#last\">Fin</a></li>", "", "there is no “Fin”"),
    (NAVIGATION, "text.xhtml#other", "text.xhtml#t", "stands before what it is listed behind"),
    (NAVIGATION, "epub:type=\"landmarks\"", "epub:type=\"other\"", "there is not one list `landmarks`"),
    ("EPUB/style.css", "body {", "@import \"x\"; body {", "`EPUB/style.css` loads something"),
    ("META-INF/container.xml", "EPUB/package.opf", "EPUB/other.opf", "there is no `EPUB/other.opf` in it"),
    ("mimetype", "epub", "epup", "`mimetype` says something else"),
];

#[test]
fn what_is_changed_in_an_e_book_is_named() {
    let (compilation, book) = sample();
    let mut unnoticed = Vec::new();
    for (file, what, with, said) in DAMAGE {
        if !text(&book, file).contains(what) {
            unnoticed.push(format!("{file} does not hold {what}"));
            continue;
        }
        let changed = packed(&book, |name, content| {
            let change = |content| String::from_utf8(content).unwrap().replacen(what, with, 1).into_bytes();
            Some(if name == file { change(content) } else { content })
        });
        let found = faults(&compilation, &changed);
        if !found.iter().any(|message| message.contains(said)) {
            unnoticed.push(format!("{file}: {what} became {with:?}, and not “{said}” was said but {found:#?}"));
        }
    }
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n"));
}

#[test]
fn the_first_file_is_the_type_of_the_book_as_it_is() {
    let (compilation, book) = sample();
    let archive = Archive::open(&book).unwrap();
    let files = || archive.entries().iter().map(|entry| (entry.name.as_str(), archive.read(&entry.name).unwrap()));
    let (mut last, mut compressed) = (zip::Archive::default(), zip::Archive::default());
    for (name, content) in files().skip(1).chain(files().take(1)) {
        last.store(name, &content);
    }
    for (name, content) in files() {
        // What would not become smaller is stored.
        compressed.deflate(name, &content.repeat(if name == "mimetype" { 9 } else { 1 }));
    }
    for (book, said) in [
        (last, "the epub edition breaks EPUB 3.3, 4.2.3: the first file is `META-INF/container.xml`"),
        (compressed, "the epub edition breaks EPUB 3.3, 4.2.3: `mimetype` is compressed"),
    ] {
        assert_eq!(faults(&compilation, &book.finish().unwrap()), [said]);
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
