//! The proof of an edition whose changes can be taken back: with all of them accepted it says
//! what the new version says, with all of them rejected what the old one says.

use super::compare::compare;
use super::word::{Word, flatten};
use super::{Unreadable, document, docx, expected_passages};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::format::Format;
use crate::resolve::{Side, Tracked};

/// Compares both versions with what is left of an edition. What differs is reported with the
/// place in the source.
pub fn check(versions: &Tracked, bytes: &[u8], diagnostics: &mut Diagnostics) {
    for (side, done) in [(Side::New, "accepted"), (Side::Old, "rejected")] {
        let mut found = Diagnostics::default();
        check_side(versions, bytes, side, &mut found);
        for mut problem in found.into_sorted() {
            problem.message = format!("with all changes {done}, {}", problem.message).into();
            diagnostics.push(problem);
        }
    }
}

fn check_side(versions: &Tracked, bytes: &[u8], side: Side, diagnostics: &mut Diagnostics) {
    let found = match docx::read_side(bytes, side) {
        Ok(found) => found,
        Err(Unreadable(reason)) => {
            let message = format!("the docx edition cannot be read back: {reason}");
            return diagnostics.push(Diagnostic::without_place(Code::EditionDiffers, message));
        }
    };
    for fault in &found.faults {
        let message = format!("the docx edition is at fault: {fault}");
        diagnostics.push(Diagnostic::without_place(Code::EditionDiffers, message));
    }
    let wanted = match side {
        Side::New => expected_passages(&versions.new, Format::Docx),
        Side::Old => document::words_before(&versions.old),
    };
    let mut wanted = flatten(&wanted);
    let mut said = found.all_words();
    if side == Side::Old {
        // A link that leads elsewhere now is no change of the text.
        for words in [&mut wanted, &mut said] {
            words.retain(|word| !word.text.starts_with('→'));
        }
        for span in wanted.iter_mut().filter_map(|word| word.span.as_mut()) {
            span.file.0 = span.file.0.saturating_add(versions.files);
        }
        // Nor is the space between words.
        if bare(&wanted).eq(bare(&said)) {
            return;
        }
    }
    compare(&wanted, &said, Format::Docx, diagnostics);
}

fn bare(words: &[Word]) -> impl Iterator<Item = char> {
    words.iter().flat_map(|word| word.text.chars())
}
