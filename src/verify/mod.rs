//! Verification: the text that a reader gets from an edition is compared with the resolved
//! document, word by word and in order.
//!
//! [`expected_passages`] reads the document, each reader module an edition. Neither shares code
//! with a backend, so a backend that drops or swaps something is detected.

mod bars;
mod chart;
mod compare;
mod conventions;
mod docbook;
mod document;
mod docx;
mod epub;
mod formula;
mod html;
pub(crate) mod pdf;
mod plain;
mod rules;
mod side;
mod text;
mod tracked;
mod word;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::format::Format;
use crate::layout::font::FontBook;
use crate::resolve::Resolved;
use crate::theme::Theme;
use conventions::Conventions;

pub use document::{Part, expected_of_part, expected_passages};
pub use word::{Passage, Text, Word, flatten};

/// The text of an edition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The passages in order.
    pub passages: Vec<Passage>,
    /// Faults of the edition itself, such as a glyph that does not show the character it is mapped
    /// to.
    pub faults: Vec<String>,
}

impl Reading {
    /// The words, each table said as it is drawn.
    pub fn all_words(&self) -> Vec<Word<'_>> {
        flatten(&self.passages)
    }
}

/// Why an edition cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String);

/// Whether the editions of a format are read back. Pandoc's tree is a step on
/// the way to other tools' files, and is read by them.
pub fn reads(format: Format) -> bool {
    match format {
        Format::Pdf | Format::Html | Format::Docbook | Format::Text | Format::Brief | Format::Docx | Format::Epub => {
            true
        }
        Format::Pandoc => false,
    }
}

/// All that one reading of an edition finds out.
#[derive(Debug, Clone)]
pub struct Findings {
    /// Its text, or why it cannot be read.
    pub reading: Result<Reading, Unreadable>,
    /// The standards that it claims.
    pub claims: Vec<String>,
    /// The rules that follow.
    pub checks: Vec<Check>,
}

impl Findings {
    fn new(reading: Result<Reading, Unreadable>, claims: &[&str], checks: Vec<Check>) -> Findings {
        Findings { reading, claims: claims.iter().map(ToString::to_string).collect(), checks }
    }

    /// Nothing can be claimed of a file that cannot be read.
    fn unreadable(reason: Unreadable) -> Findings {
        Findings { reading: Err(reason), claims: Vec::new(), checks: Vec::new() }
    }
}

/// An edition.
pub struct Edition<'a> {
    /// Format of the file.
    pub format: Format,
    /// The whole file.
    pub bytes: &'a [u8],
    /// An e-book, unpacked.
    book: Option<Result<epub::Book, Unreadable>>,
}

impl<'a> Edition<'a> {
    /// Opens an edition. Its faults are returned by the methods that read it.
    pub fn open(format: Format, bytes: &'a [u8]) -> Edition<'a> {
        let book = (format == Format::Epub).then(|| epub::Book::open(bytes));
        Edition { format, bytes, book }
    }

    /// Reads it as its readers do, and holds it to its rules. The glyphs of a PDF are held to
    /// those of a book of fonts.
    pub fn findings(&self, fonts: &FontBook) -> Findings {
        let text = || String::from_utf8_lossy(self.bytes);
        match self.format {
            Format::Pdf => pdf::findings(self.bytes, fonts),
            Format::Html => {
                let (reading, checks) = html::read(&text());
                Findings::new(Ok(reading), &["HTML", "WCAG 2.2 AA"], checks)
            }
            Format::Docbook => {
                let (reading, checks) = docbook::read(self.bytes);
                Findings::new(reading, &["DocBook 5.2"], checks)
            }
            Format::Text | Format::Brief => Findings::new(Ok(text::read(&text())), &["UTF-8"], rules::text(self.bytes)),
            Format::Epub => self.book().map_or_else(Findings::unreadable, |book| epub::findings(book, self.bytes)),
            Format::Docx => docx::findings(self.bytes),
            Format::Pandoc => {
                let reason = Unreadable(format!("{} editions are not read back", self.format.name()));
                Findings::new(Err(reason), &["UTF-8"], rules::text(self.bytes))
            }
        }
    }

    fn book(&self) -> Result<&epub::Book, Unreadable> {
        match &self.book {
            Some(book) => book.as_ref().map_err(Clone::clone),
            None => Err(Unreadable(format!("the {} edition is no e-book", self.format.name()))),
        }
    }

    /// The pictures of an e-book, each as a page of HTML would hold it.
    fn book_pictures(&self) -> Vec<String> {
        self.book().map(epub::Book::pictures).unwrap_or_default()
    }
}

/// A rule, and where an edition breaks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Standard and clause.
    pub rule: String,
    /// The rule in one sentence.
    pub states: String,
    /// Where it does not hold; empty where the rule is kept.
    pub faults: Vec<String>,
}

/// The result of verifying an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The edition that was read.
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
    let edition = Edition::open(format, edition);
    let Findings { reading, claims, checks: mut broken } = edition.findings(&FontBook::for_theme(theme));
    check(document, &edition, reading, &mut found);
    let faults = found.iter().map(|diagnostic| diagnostic.message.to_string()).collect();
    diagnostics.append(found);
    let mut checks = vec![Check {
        rule: "One text".to_owned(),
        states: "Words, numbers, labels, notes, cells, alternative texts and links are those of the source, in order."
            .to_owned(),
        faults,
    }];
    if Conventions::for_format(format).draws_charts {
        checks.extend(charts(document, &edition, diagnostics));
    }
    broken.extend(edition.book().ok().map(|book| book.contents(document)));
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
fn charts(document: &Resolved, edition: &Edition, diagnostics: &mut Diagnostics) -> Option<Check> {
    let drawn = document.pictures.iter().any(|picture| picture.path.starts_with("chart-"));
    let faults = drawn.then(|| chart::faults(document, edition))?;
    for (span, fault) in &faults {
        let message = format!("in the {} edition {fault}", edition.format.name());
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
fn check(document: &Resolved, edition: &Edition, reading: Result<Reading, Unreadable>, diagnostics: &mut Diagnostics) {
    let format = edition.format;
    if let (Format::Docx, Some(versions)) = (format, &document.tracked) {
        return tracked::check(versions, edition.bytes, diagnostics);
    }
    match reading {
        Ok(mut found) => {
            let is_text = Conventions::for_format(format).is_text;
            if is_text && document.is_redline {
                found.faults.extend(bars::faults(&String::from_utf8_lossy(edition.bytes), document));
            }
            for fault in &found.faults {
                let message = format!("the {} edition is at fault: {fault}", format.name());
                diagnostics.push(Diagnostic::without_place(Code::EditionDiffers, message));
            }
            let wanted = expected_passages(document, format);
            if is_text {
                let (wanted, found) = plain::both(&wanted, &plain::spelled(found.passages, document));
                let [wanted, found] = [&wanted, &found].map(|text| text.iter().collect::<Vec<_>>());
                compare::compare(&wanted, &found, format, diagnostics);
            } else {
                compare::compare(&flatten(&wanted), &found.all_words(), format, diagnostics);
            }
        }
        Err(Unreadable(reason)) => {
            let message = format!("the {} edition cannot be read back: {reason}", format.name());
            diagnostics.push(Diagnostic::without_place(Code::EditionDiffers, message));
        }
    }
}

#[cfg(test)]
mod tests;
