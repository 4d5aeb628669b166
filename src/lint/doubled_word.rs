//! Words that stand twice in a row (W0507).

use super::prose::Prose;
use super::words::{primary, words};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Sources;

/// Words that a language may put twice in a row: relative and personal
/// pronouns, auxiliaries, and what is said twice for emphasis.
fn may_double(lang: &str) -> &'static [&'static str] {
    match lang {
        "cs" | "sk" => &["ty", "to"],
        "da" => &["det", "der", "at", "de", "den"],
        "de" => &["das", "dass", "dem", "den", "der", "die", "ihr", "sie", "so"],
        "en" => &["had", "that", "very"],
        "es" => &["muy", "no", "poco"],
        "fr" => &["en", "nous", "vous", "très"],
        "hu" => &["az", "sok"],
        "it" => &["piano", "poco", "ancora", "via", "man", "molto"],
        "nl" => &["dat", "die", "er", "zij", "ze"],
        "pt" => &["muito", "pouco"],
        "sl" => &["ki"],
        "sv" => &["det", "de", "den", "som", "för"],
        _ => &[],
    }
}

/// Looks at one run.
pub fn check(prose: &Prose, sources: &Sources, diagnostics: &mut Diagnostics) {
    let lang = primary(prose.lang);
    // Of three alike the last two are said with the first two.
    let mut said = 0;
    for ((first_at, first), (second_at, second)) in words(&prose.text).zip(words(&prose.text).skip(1)) {
        let between = prose.text.get(first_at.end..second_at.start).unwrap_or_default();
        let apart = between.is_empty() || !between.chars().all(char::is_whitespace);
        if apart || !is_same(first, second) || !first.chars().all(char::is_alphabetic) {
            continue;
        }
        let range = first_at.start..second_at.end;
        let lower = second.to_lowercase();
        if is_name(first, second) || may_double(&lang).contains(&lower.as_str()) || !prose.is_plain(range.clone()) {
            continue;
        }
        let repeated = first_at.start < said;
        said = second_at.end;
        if repeated {
            continue;
        }
        diagnostics.push(
            Diagnostic::new(Code::DoubledWord, prose.span(range, sources), format!("“{second}” stands twice in a row"))
                .hint("take one out"),
        );
    }
}

/// Whether two words differ in capitals only.
fn is_same(first: &str, second: &str) -> bool {
    if first.is_ascii() && second.is_ascii() {
        return first.eq_ignore_ascii_case(second);
    }
    first.to_lowercase() == second.to_lowercase()
}

/// "Bora Bora": a capital in both is a name, or a list of initials.
fn is_name(first: &str, second: &str) -> bool {
    let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    capital(first) && capital(second)
}
