//! The Word edition: an Office Open XML document (ECMA-376, ISO/IEC 29500) with
//! Word's own styles, numbering, captions, references, notes and contents, so that
//! it can be worked on as if it had been made in Word.
//!
//! The look is in styles alone, which follow the theme. Numbers, captions, references and contents
//! are Word's own, with their results: what is shown is what Word shows when it makes them again.
//!
//! What Word lacks is written so that no word is lost:
//!
//! | construct | written as |
//! |---|---|
//! | panel, admonition, summary | a table of one cell with a style of its own |
//! | number that Word would count in another way | the number as text |
//! | numbers of lists past the ninth level | the number as text |
//! | footnote in a footnote | a number in the text; the note's paragraphs follow in the outer note |
//! | footnote that nothing refers to | a paragraph at the end of the text |
//! | table in a note, figure or cell | as any other table |
//! | task boxes | `☐` and `☒` before the words |
//! | inserted and deleted words of the author | text in the styles Inserted and Deleted |
//! | abbreviation | the words; what they stand for is listed at the end |
//! | author's words for a formula | none: programs that read aloud read the formula itself |
//! | size of a single fraction or delimiter, space that draws together | none: Word decides |
//! | code | one paragraph with broken lines |
//! | drawing | the SVG, and the pixels of it for readers that know none |
//! | contents that Word would make in another way | links without a field |
//! | number of a page in the contents | none: only Word knows its pages |

mod block;
mod caption;
mod equation;
mod furniture;
mod inline;
mod listing;
mod math;
mod note;
mod numbering;
mod order;
mod package;
mod picture;
mod revision;
mod settings;
mod sheet;
mod structure;
mod style;
mod survey;
mod table;
mod table_style;
mod theme_part;
mod widths;
mod writer;

use super::markup::Markup;
use super::zip::Archive;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::Resolved;
use crate::theme::Theme;
use package::{DECLARATION, End, RELATIONSHIPS, WORD};
use writer::Writer;

/// The namespaces of the parts with text.
const NAMESPACES: [(&str, &str); 4] = [
    ("xmlns:w", WORD),
    ("xmlns:m", math::MATH),
    ("xmlns:r", RELATIONSHIPS),
    ("xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
];

/// Makes the edition.
pub fn emit(document: &Resolved, theme: &Theme, diagnostics: &mut Diagnostics) -> Vec<u8> {
    let new_writer = || match &document.tracked {
        Some(versions) => Writer::of_changes(document, versions, theme),
        None => Writer::new(document, theme),
    };
    let mut text = root();
    let mut writer = new_writer();
    writer.body();
    // A move from text into a table cell, say, is no move for Word. Which moves these are is known
    // when all is written.
    let one_ended = writer.revisions.one_ended();
    if !one_ended.is_empty() {
        writer = new_writer();
        writer.revisions.one_ended = one_ended;
        writer.body();
    }
    let body = std::mem::take(&mut writer.out);
    text.element("w:document", &NAMESPACES, |out| out.element("w:body", &[], |out| out.append(body)));
    let archive = pack(&mut writer, text.into_string());
    archive.finish().unwrap_or_else(|| {
        let message = "the Word edition is larger than such a file can be";
        diagnostics.push(Diagnostic::without_place(Code::LimitExceeded, message).hint("use smaller pictures"));
        Vec::new()
    })
}

/// A part before its outermost element.
fn root() -> Markup {
    let mut out = Markup::new();
    out.raw(DECLARATION);
    out
}

/// Puts the parts together, each after those that lead to it.
fn pack(writer: &mut Writer, text: String) -> Archive {
    let (document, theme) = (writer.document, writer.theme);
    // What says two versions is marked, and named, as what holds both.
    let file = writer.redline.unwrap_or(document);
    let notes = writer.notes_part();
    let numbers_headings = writer.numbers_headings();
    let mut parts: Vec<(&str, String)> = vec![
        ("word/document.xml", text),
        ("word/styles.xml", sheet::part(document, theme, &writer.used, numbers_headings)),
        ("word/numbering.xml", writer.numbering.part(document.language.labels, numbers_headings)),
        ("word/settings.xml", settings::part(document, theme, notes.is_some())),
        ("word/fontTable.xml", theme_part::font_table(theme)),
        ("word/theme/theme1.xml", theme_part::part(theme)),
        ("word/header1.xml", furniture::header(file, theme, false)),
        ("word/header2.xml", furniture::header(file, theme, true)),
        ("word/header3.xml", furniture::first_header()),
        ("word/footer1.xml", furniture::footer(file, theme, false)),
        ("word/footer2.xml", furniture::footer(file, theme, true)),
        ("docProps/core.xml", package::core_properties(file)),
        ("docProps/app.xml", package::app_properties()),
    ];
    parts.extend(notes.map(|notes| ("word/footnotes.xml", notes)));
    parts.extend(package::custom_properties(document).map(|custom| ("docProps/custom.xml", custom)));
    let has = |name: &str| parts.iter().any(|(part, _)| *part == name);
    let of_text = ["styles", "numbering", "settings", "fontTable", "footnotes"];
    for kind in of_text.into_iter().filter(|kind| has(&format!("word/{kind}.xml"))) {
        writer.relationships.id(kind, End::Part(format!("{kind}.xml")));
    }
    writer.relationships.id("theme", End::Part("theme/theme1.xml".to_owned()));
    // Parts that nothing leads to are left out: headers of pages that are not there.
    let turned = writer.has_turned_pages;
    parts.retain(|(name, _)| turned || !matches!(*name, "word/header2.xml" | "word/footer2.xml"));
    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    let mut archive = Archive::default();
    archive.deflate("[Content_Types].xml", package::content_types(&names).as_bytes());
    let of_file = package::of_file(names.contains(&"docProps/custom.xml"));
    archive.deflate("_rels/.rels", of_file.part().as_bytes());
    archive.deflate("word/_rels/document.xml.rels", writer.relationships.part().as_bytes());
    if !writer.notes.relationships.is_empty() {
        archive.deflate("word/_rels/footnotes.xml.rels", writer.notes.relationships.part().as_bytes());
    }
    parts.iter().for_each(|(name, part)| archive.deflate(name, part.as_bytes()));
    writer.media.pack(document, theme, &mut archive);
    archive
}
