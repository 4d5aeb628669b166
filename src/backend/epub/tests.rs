//! E-books made from resolved documents that are built by hand.
#![allow(clippy::unwrap_used)]

use super::emit;
use crate::backend::fixture;
use crate::diagnostic::Diagnostics;
use crate::resolve::Resolved;
use crate::source::zip::Archive;
use crate::theme::Theme;

fn file(document: &Resolved, name: &str) -> String {
    let bytes = emit(document, &Theme::default(), &mut Diagnostics::default());
    String::from_utf8(Archive::open(&bytes).unwrap().read(name).unwrap()).unwrap()
}

#[test]
fn the_files_stand_in_their_order() {
    let bytes = emit(&fixture::document(Vec::new()), &Theme::default(), &mut Diagnostics::default());
    let archive = Archive::open(&bytes).unwrap();
    let names: Vec<&str> = archive.entries().iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "mimetype",
            "META-INF/container.xml",
            "EPUB/package.opf",
            "EPUB/navigation.xhtml",
            "EPUB/text.xhtml",
            "EPUB/style.css",
            "EPUB/cover.svg"
        ]
    );
    assert!(archive.entries().first().unwrap().is_stored);
}

#[test]
fn the_identifier_is_that_of_the_document_and_not_of_its_words() {
    let mut document = fixture::document(Vec::new());
    let package = file(&document, "EPUB/package.opf");
    let identifier = |package: &str| package.split("urn:uuid:").nth(1).unwrap().get(..36).unwrap().to_owned();
    document.title_text = "Another title".to_owned();
    assert_eq!(identifier(&file(&document, "EPUB/package.opf")), identifier(&package));
    document.stem = "other".to_owned();
    assert_ne!(identifier(&file(&document, "EPUB/package.opf")), identifier(&package));
}

#[test]
fn the_date_of_change_is_the_documents_moment_or_the_first_that_archives_know() {
    let mut document = fixture::document(Vec::new());
    assert!(file(&document, "EPUB/package.opf").contains(">1980-01-01T00:00:00Z<"));
    document.timestamp = Some(1_795_392_000);
    assert!(file(&document, "EPUB/package.opf").contains("<meta property=\"dcterms:modified\">2026-11-23T00:00:00Z<"));
}
