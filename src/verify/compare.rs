//! Where two sequences of words part, and where they meet again.

use super::word::Word;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::format::Format;

/// Number of equal words after which the sequences are in step again.
const ALIKE: usize = 3;
/// How many words are looked through for the place where they meet.
const WINDOW: usize = 200;
/// How many words a message names.
const NAMED: usize = 8;
/// Maximum number of differences. With more, the edition is a different text.
const MAX_DIFFERENCES: usize = 20;

/// Reports every place at which what was found differs from what was expected.
pub fn compare(expected: &[Word], found: &[Word], format: Format, diagnostics: &mut Diagnostics) {
    let (mut expected, mut found) = (expected, found);
    let mut before = None;
    for _ in 0..MAX_DIFFERENCES {
        let alike = expected.iter().zip(found).take_while(|(one, other)| one.text == other.text).count();
        before = alike.checked_sub(1).and_then(|last| expected.get(last)).copied().or(before);
        expected = expected.get(alike..).unwrap_or_default();
        found = found.get(alike..).unwrap_or_default();
        if expected.is_empty() && found.is_empty() {
            return;
        }
        let (missing, added) = meet(expected, found);
        let missing = expected.split_at_checked(missing).unwrap_or((expected, &[]));
        let added = found.split_at_checked(added).unwrap_or((found, &[]));
        diagnostics.push(difference(missing.0, added.0, before, format));
        expected = missing.1;
        found = added.1;
    }
}

/// How many words of each to skip until both go on alike; all of them where
/// they do not meet again.
fn meet(expected: &[Word], found: &[Word]) -> (usize, usize) {
    for skipped in 1..=2 * WINDOW {
        for missing in skipped.saturating_sub(WINDOW)..=skipped.min(WINDOW) {
            let added = skipped - missing;
            let (Some(one), Some(other)) = (expected.get(missing..), found.get(added..)) else {
                continue;
            };
            let wanted = ALIKE.min(one.len().max(other.len()));
            let alike = one.iter().zip(other).take(wanted).filter(|(one, other)| one.text == other.text).count();
            if alike == wanted {
                return (missing, added);
            }
        }
    }
    (expected.len(), found.len())
}

fn difference(missing: &[Word], added: &[Word], before: Option<Word>, format: Format) -> Diagnostic {
    let edition = format.name();
    let message = match (missing.is_empty(), added.is_empty()) {
        (false, true) => format!("the {edition} edition lacks “{}”", quoted(missing)),
        (true, false) => format!("the {edition} edition adds “{}”", quoted(added)),
        _ => format!("the {edition} edition says “{}” and not “{}”", quoted(added), quoted(missing)),
    };
    let span = missing.iter().copied().chain(before).find_map(|word| word.span);
    match span {
        Some(span) => Diagnostic::new(Code::EditionDiffers, span, message),
        None => Diagnostic::without_place(Code::EditionDiffers, message),
    }
}

fn quoted(words: &[Word]) -> String {
    let named: Vec<&str> = words.iter().take(NAMED).map(|word| word.text).collect();
    let more = if words.len() > NAMED { " …" } else { "" };
    format!("{}{more}", named.join(" "))
}
