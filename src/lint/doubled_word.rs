//! Words that stand twice in a row (W0507).

use super::prose::Prose;
use super::words::words;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::primary;
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
    // Of three alike the last two are said with the first two.
    let mut said = 0;
    let mut words = words(&prose.text).peekable();
    while let (Some((first_at, first)), Some((second_at, second))) = (words.next(), words.peek()) {
        if !is_same(first, second) || !first.chars().all(char::is_alphabetic) {
            continue;
        }
        let between = prose.text.get(first_at.end..second_at.start).unwrap_or_default();
        let apart = between.is_empty() || !between.chars().all(char::is_whitespace);
        let range = first_at.start..second_at.end;
        let may_double = || may_double(&primary(prose.lang)).contains(&second.to_lowercase().as_str());
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
                .hint("take one out"),
        );
    }
}

/// Whether two words differ in capitals only.
fn is_same(first: &str, second: &str) -> bool {
    if first.eq_ignore_ascii_case(second) {
        return true;
    }
    let is_ascii = first.is_ascii() && second.is_ascii();
    !is_ascii && first.to_lowercase() == second.to_lowercase()
}

/// "Bora Bora": a capital in both is a name, or a list of initials.
fn is_name(first: &str, second: &str) -> bool {
    let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    capital(first) && capital(second)
}
