//! The PDF edition: PDF 1.7 that is PDF/UA-1 and PDF/A-2a at once.
//!
//! Frames are painted to content streams (`paint`), printpdf makes the
//! document of pages, fonts and pictures (`assemble`), the structure tree
//! says what it all means (`structure`), and lopdf's objects become bytes
//! (`finish`).

mod assemble;
mod code;
mod content;
mod drawn;
mod finish;
mod font;
mod metadata;
mod navigation;
mod objects;
mod paint;
mod picture;
mod profile;
mod structure;
mod syntax;
mod tree;

pub use drawn::{DrawingCache, drawing_problems};
pub use metadata::Claim;

use crate::diagnostic::Diagnostics;
use crate::layout::font::FontBook;
use crate::layout::frame::Layout;
use crate::layout::layout;
use crate::resolve::Resolved;
use crate::theme::Theme;
use picture::Images;

/// A PDF file and what it claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// The standards that its metadata name.
    pub claim: Claim,
}

/// Makes the edition.
pub fn emit(document: &Resolved, theme: &Theme, diagnostics: &mut Diagnostics) -> Vec<u8> {
    let images = Images::new(&document.pictures);
    images.beside(|| {
        let layout = layout(document, theme, diagnostics);
        assemble::assemble(document, &images, layout, &FontBook::for_theme(theme), diagnostics).bytes
    })
}

/// Makes the edition of a document that is laid out, and says which standards
/// it claims.
pub fn emit_layout(document: &Resolved, layout: Layout, book: &FontBook, diagnostics: &mut Diagnostics) -> Edition {
    assemble::assemble(document, &Images::new(&document.pictures), layout, book, diagnostics)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests;
