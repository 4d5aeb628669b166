//! One text: what a reader gets from an edition is compared with what the
//! resolved document says, word by word and in order.
//!
//! [`words`] reads the document, each reader module an edition. Neither looks
//! at how a backend writes: a backend that drops or swaps something is found
//! out because the two ways of reading do not share its code.

mod compare;
mod document;
mod html;
mod word;

use crate::diagnostic::Diagnostics;
use crate::format::Format;
use crate::resolve::Resolved;

pub use document::words;
pub use word::Word;

/// Compares an edition with the document it was made from. What differs is
/// reported with the place in the source.
pub fn check(document: &Resolved, format: Format, edition: &[u8], diagnostics: &mut Diagnostics) {
    let found = match format {
        Format::Html => html::words(&String::from_utf8_lossy(edition)),
        // Not read back yet.
        Format::Pdf | Format::Docbook | Format::Text | Format::Brief | Format::Pandoc => return,
    };
    compare::compare(&words(document, format), &found, format, diagnostics);
}

#[cfg(test)]
mod tests;
