//! Numbers and names that were typed where they are made, and so stand twice (W0507):
//! "1.1 1.1 Scope", "Table 1: Table 1: Steps", "see Section Section 2".

use crate::ast::plain_text;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::{Label, RInline, Section};
use crate::source::Span;

/// How many letters a word has more in the plural or in another case.
const ENDING: usize = 2;

/// Looks at the title of a section that has a number.
pub fn check_section(section: &Section, diagnostics: &mut Diagnostics) {
    let Some(number) = &section.number else { return };
    let title = section.title.plain_text().trim();
    let name = number.split_once([' ', '\u{a0}', '\u{202f}']).filter(|_| section.annex).map(|(name, _)| name);
    let typed = same_number(title, number).or_else(|| clause(title)).or_else(|| named(title, name?));
    if let Some(typed) = typed {
        let hint = match section.annex {
            true => format!("take “{typed}” out of the title"),
            false => format!("take “{typed}” out of the heading, or `sections` out of the key `numbering`"),
        };
        diagnostics.push(twice(typed, number, section.heading_span, hint));
    }
}

/// Looks at the caption or title of what has a number.
pub fn check_caption(label: &Label, caption: &[RInline], diagnostics: &mut Diagnostics) {
    let text = plain_text(caption);
    let Some(place) = caption.first().zip(caption.last()).map(|(first, last)| first.span.to(last.span)) else { return };
    if let Some(typed) = same_number(text.trim(), &label.text).or_else(|| named(text.trim(), &label.name)) {
        diagnostics.push(twice(typed, &label.text, place, format!("take “{typed}” out of the caption")));
    }
}

/// What is said of a word that stands before a reference which begins with it.
pub fn before_reference(word: &str, reference: &str, span: Span) -> Diagnostic {
    let hint = format!("take “{word}” out: the reference says it");
    twice(word, reference, span, hint)
}

fn twice(typed: &str, made: &str, span: Span, hint: String) -> Diagnostic {
    let message = format!("“{typed}” was typed, and stands beside “{made}”, which is made");
    Diagnostic::new(Code::DoubledWord, span, message).hint(hint)
}

/// The word at the end of a text with which a reference behind it begins.
pub fn doubled<'a>(before: &'a str, reference: &str) -> Option<&'a str> {
    let words = before.strip_suffix([' ', '\u{a0}', '\u{202f}'])?;
    let last = words.rsplit(|letter: char| !letter.is_alphabetic()).next()?;
    let (first, _) = reference.split_once([' ', '\u{a0}', '\u{202f}'])?;
    let (small, made) = (last.to_lowercase(), first.to_lowercase());
    let more = small.strip_prefix(&made)?.chars().count();
    (made.chars().all(char::is_alphabetic) && more <= ENDING).then_some(last)
}

/// The number that is made, where a title begins with it.
fn same_number<'a>(title: &'a str, number: &str) -> Option<&'a str> {
    let end = title.char_indices().nth(number.chars().count()).map_or(title.len(), |(end, _)| end);
    let (typed, behind) = title.split_at_checked(end)?;
    (folded(typed) == folded(number)).then_some(())?;
    // A longer number, or a word, is another.
    let goes_on = behind.trim_start_matches('.').starts_with(|next: char| next.is_alphanumeric());
    (!goes_on && !behind.trim().is_empty() || behind.is_empty() && number.contains(' ')).then_some(typed)
}

/// Small letters, with ordinary spaces.
fn folded(text: &str) -> String {
    text.to_lowercase().replace(['\u{a0}', '\u{202f}'], " ")
}

/// A number of several parts, such as "2.1".
fn clause(title: &str) -> Option<&str> {
    let (number, _) = title.split_once([' ', '\u{a0}', '\t'])?;
    let parts: Vec<&str> = number.trim_end_matches('.').split('.').collect();
    let is_number = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.len() > 1 && parts.iter().all(is_number)).then_some(number)
}

/// A name with a number of its own, parted from what follows: "Annex C: Forms".
fn named<'a>(title: &'a str, name: &str) -> Option<&'a str> {
    let (first, rest) = title.split_once([' ', '\u{a0}'])?;
    let number = rest.split([' ', '\u{a0}']).next()?;
    let bare = number.trim_end_matches([':', '.', '–', '—', '-', ')']);
    let behind = rest.get(number.len()..)?.trim_start();
    let is_parted = bare.len() < number.len() || behind.is_empty() || behind.starts_with([':', '–', '—', '-']);
    let is_number =
        (1..=3).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    let end = first.len() + (title.len() - first.len() - rest.len()) + bare.len();
    (folded(first) == folded(name) && is_parted && is_number).then(|| title.get(..end)).flatten()
}

#[cfg(test)]
mod tests {
    use super::{clause, doubled, named, same_number};

    #[test]
    fn typed_numbers_are_told_from_words() {
        assert_eq!(same_number("1. Scope", "1"), Some("1"));
        assert_eq!(same_number("1.1 Scope", "1.1"), Some("1.1"));
        assert_eq!(same_number("Annex A: Form", "Annex\u{a0}A"), Some("Annex A"));
        assert_eq!(same_number("ANNEX A", "Annex A"), Some("ANNEX A"));
        assert_eq!(same_number("A. melléklet – Űrlap", "A. melléklet"), Some("A. melléklet"));
        for (title, number) in
            [("1.2 Scope", "1"), ("10 years", "1"), ("2026 in figures", "2"), ("1st", "1"), ("1", "1")]
        {
            assert_eq!(same_number(title, number), None, "{title}");
        }
        assert_eq!(clause("2.3 Scope"), Some("2.3"));
        assert_eq!(clause("2.3. Scope"), Some("2.3."));
        for title in ["2 Scope", "2.5", "1.500 permits", "v1.2 of it", "1.a Scope"] {
            assert_eq!(clause(title), None, "{title}");
        }
        assert_eq!(named("Annex C: Forms", "Annex"), Some("Annex C"));
        assert_eq!(named("Table 3. Steps", "Table"), Some("Table 3"));
        assert_eq!(named("Figure 12 – A map", "Figure"), Some("Figure 12"));
        for title in ["Annex to the law", "Table 3 of the law", "Table of steps: all", "Annexes A: B", "Annex"] {
            assert_eq!(named(title, "Annex").or(named(title, "Table")), None, "{title}");
        }
    }

    #[test]
    fn words_before_references_are_found() {
        for (before, reference, word) in [
            ("as Table ", "Table 1", "Table"),
            ("in sections ", "Section 2", "sections"),
            ("der Tabellen\u{a0}", "Tabelle 1", "Tabellen"),
            ("(see annex ", "Annex B", "annex"),
        ] {
            assert_eq!(doubled(before, reference), Some(word), "{before}");
        }
        for (before, reference) in [
            ("see ", "Table 1"),
            ("Table", "Table 1"),
            ("the tablecloth ", "Table 1"),
            ("in 2 ", "2. táblázat"),
            ("", "Table 1"),
        ] {
            assert_eq!(doubled(before, reference), None, "{before}");
        }
    }
}
