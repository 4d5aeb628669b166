//! From files of other programs to sources in our language.
//!
//! A file is read into a parsed document, which [`print`] writes as a source. What has no
//! place there is said, at the place where it would stand; and what the source says, parsed
//! again, is compared with what another, simpler reader finds in the file.

mod docx;
mod loss;
mod marks;
mod media;
pub mod print;
mod proof;
mod walk;
mod xml;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::parse;
use crate::source::{Source, Sources};
pub use media::Medium;

/// What becomes of tracked changes.
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
    /// What could not be kept, with places in the source.
    pub problems: Vec<Diagnostic>,
}

/// Imports a file by its bytes. Its stem names pictures, and the document where nothing
/// else does.
///
/// # Errors
/// Why it is refused.
pub fn import(bytes: &[u8], stem: &str, changes: Changes) -> Result<Import, Diagnostic> {
    let refuse =
        |reason: String| Diagnostic::without_place(Code::NotImported, format!("this file is not imported: {reason}"));
    match kind(bytes) {
        Kind::Zip => docx(bytes, stem, changes).map_err(refuse),
        Kind::Other(what) => Err(refuse(what.to_owned())),
    }
}

/// What a file is by its first bytes.
enum Kind {
    Zip,
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
        () => Kind::Other("it is neither a Word file (.docx) nor a web page (.html)"),
    }
}

fn docx(bytes: &[u8], stem: &str, changes: Changes) -> Result<Import, String> {
    let read = docx::read(bytes, stem, changes)?;
    let printed = print::print(&read.document);
    let words = proof::docx(bytes, changes)?;
    let mut losses = read.losses;
    let (generated, added) = (std::mem::take(&mut losses.generated), std::mem::take(&mut losses.added));
    let mut problems = losses.into_diagnostics(&printed.places);
    problems.extend(compare(&printed.text, words, &generated, &added));
    Ok(Import { source: printed.text, media: read.media.into_all(), problems })
}

/// Parses a source again, and compares what it says with words of the file.
fn compare(source: &str, words: Vec<String>, generated: &[String], added: &[String]) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("import.md", source));
    let document = parse::parse(file, &mut sources, &mut Diagnostics::default());
    proof::compare(&document, words, generated, added)
}
