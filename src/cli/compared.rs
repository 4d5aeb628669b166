//! Two versions of a document, compared, and the editions of what changed.

use super::panics::{catch_panic, internal};
use super::produce::Edition;
use crate::backend::emit;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::format::{Format, REDLINE};
use crate::redline::{self, Redline, Renumbering};
use crate::resolve::Resolved;
use crate::theme::Theme;
use crate::verify::{Proof, prove};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use std::sync::Arc;

/// Below this share, in percent, there are hardly any common words.
const HARDLY: usize = 10;

/// The place of an edition, or of the one of what changed, by its document's stem.
pub fn edition_path(stem: &str, format: Format, is_redline: bool) -> String {
    let changes = if is_redline { REDLINE } else { "" };
    format!("{stem}{changes}.{}", format.extension())
}

/// Compares two versions for editions of some formats. `files` is how many files the new one was
/// made from. `None` where they cannot be compared, which is then said.
pub fn redline(
    (old, new): (&Resolved, &Resolved),
    files: usize,
    renumbering: Renumbering,
    formats: &[Format],
    diagnostics: &mut Diagnostics,
) -> Option<Redline> {
    if !redline::same_language(old, new) {
        let (one, other) = (&old.language.tag, &new.language.tag);
        let message = format!("the old version is in `{one}` and the new one in `{other}`");
        let problem = Diagnostic::without_place(Code::NotCompared, message);
        diagnostics.push(problem.hint("compare two versions in one language; `lang` says which it is"));
        return None;
    }
    let files = u32::try_from(files).unwrap_or(u32::MAX);
    let compared = || {
        let mut redline = redline::compare(old, new, files, renumbering);
        if formats.contains(&Format::Docx) {
            redline.document.tracked = Some(Arc::new(redline::track(old, new, files)));
        }
        redline
    };
    let redline = match catch_panic(compared) {
        Ok(redline) => redline,
        Err(fault) => {
            diagnostics.push(internal(&fault));
            return None;
        }
    };
    let tracked = redline.document.tracked.iter().flat_map(|both| redline::faults(&both.document, old, new));
    for fault in redline::faults(&redline.document, old, new).into_iter().chain(tracked) {
        diagnostics.push(Diagnostic::without_place(Code::EditionDiffers, fault));
    }
    if redline.common < HARDLY {
        let share = match redline.common {
            0 => "none".to_owned(),
            share => format!("only {share} %"),
        };
        let message = format!("{share} of the words are in both versions");
        diagnostics.push(Diagnostic::without_place(Code::LittleInCommon, message).hint("was the right file named?"));
    }
    Some(redline)
}

/// The editions of what changed, in their order. `read` gives the bytes of one that lies
/// somewhere, or leaves it to be made.
pub fn editions(
    document: &Resolved,
    theme: &Theme,
    stem: &str,
    formats: &[Format],
    is_proved: bool,
    read: impl Fn(&str) -> Option<Result<Vec<u8>, Diagnostic>> + Sync,
    diagnostics: &mut Diagnostics,
) -> Vec<Edition> {
    let mut document = document.clone();
    document.navigation.formats = formats.to_vec();
    let document = &document;
    let make = |format: &Format| {
        let mut found = Diagnostics::default();
        let path = edition_path(stem, *format, true);
        let bytes = read(&path).unwrap_or_else(|| {
            catch_panic(|| emit(*format, document, theme, &mut found)).map_err(|fault| internal(&fault))
        });
        let bytes = bytes.map_err(|problem| found.push(problem)).ok();
        let proof = bytes.as_ref().filter(|_| is_proved).and_then(|bytes| {
            let proof = catch_panic(|| prove(document, theme, *format, bytes, &mut found));
            proof.unwrap_or_else(|fault| {
                found.push(internal(&fault));
                None::<Proof>
            })
        });
        let bytes = Arc::new(bytes.unwrap_or_default());
        (Edition { format: *format, is_redline: true, path, bytes, proof }, found)
    };
    let made: Vec<(Edition, Diagnostics)> = formats.par_iter().map(make).collect();
    made.into_iter()
        .map(|(edition, found)| {
            diagnostics.append(found);
            edition
        })
        .collect()
}
