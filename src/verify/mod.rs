//! One text: what a reader gets from an edition is compared with what the
//! resolved document says, word by word and in order.
//!
//! [`words`] reads the document, each reader module an edition. Neither looks
//! at how a backend writes: a backend that drops or swaps something is found
//! out because the two ways of reading do not share its code.

mod chart;
mod compare;
mod docbook;
mod document;
mod html;
pub(crate) mod pdf;
mod plain;
mod rules;
mod text;
mod word;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::format::Format;
use crate::layout::font::FontBook;
use crate::resolve::Resolved;
use crate::theme::Theme;

pub use document::words;
pub use word::{Piece, Word};

/// What was read in an edition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What a reader gets, in order.
    pub pieces: Vec<Piece>,
    /// What is wrong with the edition itself, such as a glyph that does not
    /// show what it is said to mean.
    pub faults: Vec<String>,
}

impl Reading {
    /// The words, each table said as it is drawn.
    pub fn words(&self) -> Vec<Word> {
        word::flatten(self.pieces.clone())
    }
}

/// Why an edition cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String);

/// Whether the editions of a format are read back. Pandoc's tree is a step on
/// the way to other tools' files, and is read by them.
pub fn reads(format: Format) -> bool {
    match format {
        Format::Pdf | Format::Html | Format::Docbook | Format::Text | Format::Brief => true,
        Format::Pandoc => false,
    }
}

/// Reads an edition as its readers do. A PDF is held to the fonts of a book.
///
/// # Errors
///
/// The edition is damaged, or of a format that [`reads`] does not name.
pub fn read(format: Format, edition: &[u8], book: &FontBook) -> Result<Reading, Unreadable> {
    match format {
        Format::Pdf => pdf::read(edition, book),
        Format::Html => Ok(html::read(&String::from_utf8_lossy(edition))),
        Format::Docbook => docbook::read(edition),
        Format::Text | Format::Brief => Ok(text::read(&String::from_utf8_lossy(edition))),
        Format::Pandoc => Err(Unreadable("pandoc’s trees are not read back".to_owned())),
    }
}

/// A rule, and where an edition breaks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Standard and clause.
    pub rule: String,
    /// What must hold, in a sentence.
    pub states: String,
    pub faults: Vec<String>,
}

/// What was found out about an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub format: Format,
    /// The standards that the edition claims to follow.
    pub claims: Vec<String>,
    /// The first says whether the edition says what its document says.
    pub checks: Vec<Check>,
}

impl Proof {
    /// Whether no check found a fault.
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.faults.is_empty())
    }
}

/// The standards that an edition claims, and the rules that follow.
pub fn rules(format: Format, edition: &[u8]) -> (Vec<String>, Vec<Check>) {
    match format {
        Format::Pdf => match pdf::rules(edition) {
            Ok((claims, checks)) => (claims.names(), checks),
            // Nothing can be claimed of a file that cannot be read.
            Err(Unreadable(_)) => (Vec::new(), Vec::new()),
        },
        Format::Html => (vec!["HTML".to_owned(), "WCAG 2.2 AA".to_owned()], rules::html(edition)),
        Format::Docbook => (vec!["DocBook 5.2".to_owned()], rules::docbook(edition)),
        Format::Text | Format::Brief | Format::Pandoc => (vec!["UTF-8".to_owned()], rules::text(edition)),
    }
}

/// Proves an edition: it says what its document says, and follows the rules
/// of its format. What is not so is reported, with the place in the source
/// where there is one. `None` for a format that is not read back.
pub fn prove(
    document: &Resolved,
    theme: &Theme,
    format: Format,
    edition: &[u8],
    diagnostics: &mut Diagnostics,
) -> Option<Proof> {
    if !reads(format) {
        return None;
    }
    let mut found = Diagnostics::default();
    check(document, theme, format, edition, &mut found);
    let faults = found.iter().map(|diagnostic| diagnostic.message.clone()).collect();
    diagnostics.append(found);
    let mut checks = vec![Check {
        rule: "One text".to_owned(),
        states: "Words, numbers, labels, notes, cells, alternative texts and links are those of the source, in order."
            .to_owned(),
        faults,
    }];
    if matches!(format, Format::Html | Format::Pdf | Format::Docbook) {
        checks.extend(charts(document, format, edition, diagnostics));
    }
    let (claims, broken) = rules(format, edition);
    for check in &broken {
        for fault in &check.faults {
            let message = format!("the {} edition breaks {}: {fault}", format.name(), check.rule);
            diagnostics.push(Diagnostic::without_place(Code::RuleBroken, message).hint(check.states.clone()));
        }
    }
    checks.extend(broken);
    Some(Proof { format, claims, checks })
}

/// Measures the charts that an edition shows; `None` where it has none.
fn charts(document: &Resolved, format: Format, edition: &[u8], diagnostics: &mut Diagnostics) -> Option<Check> {
    let drawn = document.pictures.iter().any(|picture| picture.path.starts_with("chart-"));
    let faults = drawn.then(|| chart::faults(document, format, edition))?;
    for (span, fault) in &faults {
        let message = format!("in the {} edition {fault}", format.name());
        diagnostics.push(Diagnostic::new(Code::EditionDiffers, *span, message));
    }
    Some(Check {
        rule: "Charts".to_owned(),
        states: "The values drawn are the values in the table.".to_owned(),
        faults: faults.into_iter().map(|(_, fault)| fault).collect(),
    })
}

/// Compares an edition with the document it was made from. What differs is
/// reported with the place in the source.
fn check(document: &Resolved, theme: &Theme, format: Format, edition: &[u8], diagnostics: &mut Diagnostics) {
    match read(format, edition, &FontBook::of(theme)) {
        Ok(found) => {
            for fault in &found.faults {
                let message = format!("the {} edition is at fault: {fault}", format.name());
                diagnostics.push(Diagnostic::without_place(Code::EditionDiffers, message));
            }
            let wanted = words(document, format);
            let (wanted, found) = match format {
                Format::Text | Format::Brief => plain::both(wanted, found.pieces),
                Format::Pdf | Format::Html | Format::Docbook | Format::Pandoc => {
                    (word::flatten(wanted), word::flatten(found.pieces))
                }
            };
            compare::compare(&wanted, &found, format, diagnostics);
        }
        Err(Unreadable(reason)) => {
            let message = format!("the {} edition cannot be read back: {reason}", format.name());
            diagnostics.push(Diagnostic::without_place(Code::EditionDiffers, message));
        }
    }
}

#[cfg(test)]
mod tests;
