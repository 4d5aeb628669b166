//! Writes a resolved document as the bytes of an edition.

mod address;
mod data_uri;
pub mod docbook;
pub mod docx;
mod drawing;
pub mod epub;
#[cfg(test)]
mod fixture;
pub mod html;
mod hypertext;
mod markup;
mod mathml;
pub mod pandoc;
pub mod pdf;
pub mod text;
mod timestamp;
pub mod zip;

use crate::diagnostic::Diagnostics;
use crate::format::Format;
use crate::resolve::Resolved;
use crate::theme::Theme;

/// Makes one edition.
pub fn emit(format: Format, document: &Resolved, theme: &Theme, diagnostics: &mut Diagnostics) -> Vec<u8> {
    match format {
        Format::Pdf => pdf::emit(document, theme, diagnostics),
        Format::Html => html::emit(document).into_bytes(),
        Format::Docbook => docbook::emit(document).into_bytes(),
        Format::Text => text::emit(document).into_bytes(),
        Format::Brief => text::emit_brief(document).into_bytes(),
        Format::Pandoc => pandoc::emit(document).into_bytes(),
        Format::Epub => epub::emit(document, theme, diagnostics),
        Format::Docx => docx::emit(document, theme, diagnostics),
    }
}
