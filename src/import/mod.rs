//! Converts files of other programs to sources in our language.
//!
//! A file is read into a parsed document, which [`mod@print`] writes as a source. Content that
//! cannot be represented is reported at its position. Then the source is parsed again and compared
//! with the words that another, simpler reader finds in the file.

mod control;
mod docx;
mod html;
mod latex;
mod loss;
mod marks;
mod media;
pub mod print;
mod proof;
mod settle;
mod walk;
mod xml;

use crate::ast::Document;
use crate::diagnostic::{Code, Diagnostic};
use crate::parse;
use crate::source::{Files, Source, Sources};
use loss::Losses;
use media::Media;
pub use media::Medium;

/// How tracked changes are handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Changes {
    /// The new text.
    #[default]
    Accept,
    /// The old text.
    Reject,
}

/// A file as a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Markdown with front matter.
    pub source: String,
    /// Pictures, by their paths from the folder of the source.
    pub media: Vec<Medium>,
    /// Losses, with their spans in the source.
    pub problems: Vec<Diagnostic>,
}

/// Text without control characters, which no source holds: those that part words are spaces.
fn legal(text: String) -> String {
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if !text.contains(is_control) {
        return text;
    }
    text.chars().filter(|c| !is_control(*c) || c.is_whitespace()).map(|c| if is_control(c) { ' ' } else { c }).collect()
}

/// Words with one space between them.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Imports a file by its bytes. Its stem names pictures, and the document where nothing
/// else does; a page's pictures are read from the files beside it.
///
/// # Errors
/// Why it is refused.
pub fn import(bytes: &[u8], stem: &str, changes: Changes, files: &dyn Files) -> Result<Import, Diagnostic> {
    let refuse =
        |reason: String| Diagnostic::without_place(Code::NotImported, format!("this file is not imported: {reason}"));
    match kind(bytes) {
        Kind::Zip => docx(bytes, stem, changes).map_err(refuse),
        Kind::Page => html(bytes, stem, files).map_err(refuse),
        Kind::Other(what) => Err(refuse(what.to_owned())),
    }
}

/// The format of a file by its first bytes.
enum Kind {
    Zip,
    Page,
    Other(&'static str),
}

fn kind(bytes: &[u8]) -> Kind {
    let starts = |sign: &[u8]| bytes.starts_with(sign);
    match () {
        () if starts(b"PK") => Kind::Zip,
        () if starts(b"\xd0\xcf\x11\xe0") => Kind::Other(
            "it is a Word file of the old kind, or one with a password: save it as .docx, without a password",
        ),
        () if starts(b"%PDF") => Kind::Other("it is a PDF: import the file that it was made from"),
        () if starts(b"{\\rtf") => Kind::Other("it is in Rich Text Format: save it as .docx"),
        () if is_page(bytes) => Kind::Page,
        () => Kind::Other("it is neither a Word file (.docx) nor a web page (.html)"),
    }
}

fn docx(bytes: &[u8], stem: &str, changes: Changes) -> Result<Import, String> {
    let read = docx::read(bytes, stem, changes)?;
    let words = proof::docx(bytes, changes, read.own)?;
    Ok(finish(&read.document, read.media, read.losses, words))
}

/// Prints a document, and proves that it says the words of its file.
fn finish(document: &Document, media: Media, mut losses: Losses, words: Vec<String>) -> Import {
    let printed = print::print(document);
    let (generated, added) = (std::mem::take(&mut losses.generated), std::mem::take(&mut losses.added));
    let mut problems = losses.into_diagnostics(&printed.places);
    problems.extend(compare(&printed.text, words, &generated, &added));
    Import { source: printed.text, media: media.into_all(), problems }
}

/// Whether bytes begin as a page does, after white space and comments.
fn is_page(bytes: &[u8]) -> bool {
    const HEAD: usize = 4096;
    let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes)).to_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('<')
        && ["<!doctype html", "<html", "<body", "<head", "<main", "<article", "<h1", "<p", "<div"]
            .iter()
            .any(|tag| head.contains(tag))
}

fn html(bytes: &[u8], stem: &str, files: &dyn Files) -> Result<Import, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| "the page is not in UTF-8: save it anew in that encoding")?;
    let page = html::tree(text)?;
    let read = html::read(&page, stem, files)?;
    let words = proof::html(html::root(&page));
    Ok(finish(&read.document, read.media, read.losses, words))
}

/// Parses a source again, and compares what it says with words of the file.
fn compare(source: &str, words: Vec<String>, generated: &[String], added: &[String]) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("import.md", source));
    let document = parse::parse(file, &mut sources).value;
    proof::compare(&document, words, generated, added)
}
