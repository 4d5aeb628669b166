//! Repeated words (W0507).

use super::prose::Prose;
use super::words::words_of_text;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::language::primary;
use crate::source::edit::Edit;
use crate::source::{Sources, Span};
use std::ops::Range;

/// Words that may occur twice in a row: relative and personal pronouns, auxiliaries, and words
/// repeated for emphasis.
const MAY_DOUBLE: [(&str, &[&str]); 22] = [
    ("bg", &["много", "се"]),
    ("cs", &["ty", "to", "se", "je"]),
    ("da", &["det", "der", "at", "de", "den", "som"]),
    ("de", &["das", "dass", "dem", "den", "der", "die", "ihr", "sie", "so", "es", "sich", "wir", "in"]),
    ("el", &["πολύ", "σιγά", "του"]),
    ("en", &["had", "that", "very", "bye"]),
    ("es", &["muy", "no", "poco", "nos", "se"]),
    ("et", &["see", "ja"]),
    ("fi", &["se", "ne", "hän"]),
    ("fr", &["en", "nous", "vous", "très", "elle", "si", "non", "oui", "y"]),
    ("hr", &["je", "se"]),
    ("hu", &["az", "sok", "egy", "már"]),
    ("it", &["piano", "poco", "ancora", "via", "man", "molto", "pian", "si"]),
    ("nl", &["dat", "die", "er", "zij", "ze", "je", "was"]),
    ("pl", &["to", "się"]),
    ("pt", &["muito", "pouco", "nos", "se"]),
    ("ro", &["foarte"]),
    ("ru", &["что", "очень", "да"]),
    ("sk", &["ty", "to", "sa"]),
    ("sl", &["ki", "je", "se"]),
    ("sv", &["det", "de", "den", "som", "för"]),
    ("uk", &["що", "дуже"]),
];

/// Words doubled by mistake in English, although another language may intend it.
const ENGLISH_SLIPS: [&str; 11] = ["is", "at", "so", "no", "to", "in", "do", "was", "man", "via", "see"];

/// Whether a language may put a word twice in a row. Text that says nothing of
/// its language counts as English, and may be in any.
fn may_double(lang: &str, word: &str) -> bool {
    let word = word.to_lowercase();
    MAY_DOUBLE
        .iter()
        .filter(|(tag, words)| words.contains(&word.as_str()) && (*tag == lang || lang == "en"))
        .any(|(tag, _)| *tag == lang && lang != "en" || !ENGLISH_SLIPS.contains(&word.as_str()))
}

/// Looks at one run.
pub fn check(prose: &Prose, sources: &Sources, diagnostics: &mut Diagnostics) {
    // Three equal words are one finding.
    let mut said = 0;
    let mut words = words_of_text(&prose.text).peekable();
    while let (Some((first_at, first)), Some((second_at, second))) = (words.next(), words.peek()) {
        // With different capitals it is another word: "IS is", "V v.", "A a".
        if first != *second || !first.chars().all(char::is_alphabetic) {
            continue;
        }
        let between = prose.text.get(first_at.end..second_at.start).unwrap_or_default();
        let apart = between.is_empty() || !between.chars().all(char::is_whitespace);
        let range = first_at.start..second_at.end;
        let may_double = || may_double(&primary(prose.lang), second);
        if apart || is_name(first, second) || may_double() || !prose.is_plain(range.clone()) {
            continue;
        }
        let repeated = first_at.start < said;
        said = second_at.end;
        if repeated {
            continue;
        }
        diagnostics.push(
            Diagnostic::new(Code::DoubledWord, prose.span(range, sources), format!("“{second}” stands twice in a row"))
                .hint("take one out")
                .fixes(take_out(prose, first_at, second_at.clone(), sources)),
        );
    }
}

/// Takes the second of two words out, with the space before it.
fn take_out(prose: &Prose, first: Range<usize>, second: Range<usize>, sources: &Sources) -> Option<Fix> {
    let written = |range: Range<usize>| {
        let span = prose.span(range.clone(), sources);
        (sources.text(span) == prose.text.get(range)?).then_some(span)
    };
    let (first, second) = (written(first)?, written(second)?);
    let gap = Span { start: first.end, ..second };
    let is_gap = first.file == second.file && sources.text(Span { end: second.start, ..gap }).trim().is_empty();
    (is_gap && first.end < second.start).then(|| Fix::safe("Take the second out", [Edit::delete(gap)]))
}

/// "Bora Bora": a capital in both is a name, or a list of initials.
fn is_name(first: &str, second: &str) -> bool {
    let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    capital(first) && capital(second)
}
