//! Which languages have hyphenation patterns.

use hypher::Lang;

/// The hyphenation patterns for a BCP 47 tag, found by its primary subtag.
/// `None` where there are none: such words are not hyphenated.
pub fn hyphenation(tag: &str) -> Option<Lang> {
    match super::primary(tag).as_str() {
        // The Czech patterns are made for Czech and Slovak together (P. and
        // O. Sojka, TUG 2021) and are under the MIT licence; the patterns for
        // Slovak alone are under the GPL and left out.
        "sk" => Some(Lang::Czech),
        primary => Lang::from_iso(primary.as_bytes().try_into().ok()?),
    }
}

/// Whether a word of one letter must not end a line: so it is with the
/// prepositions and conjunctions of Polish, Czech (ČSN 01 6910) and Slovak.
pub fn keeps_short_words(tag: &str) -> bool {
    let (primary, rest) = tag.split_at_checked(2).unwrap_or_default();
    (rest.is_empty() || rest.starts_with('-'))
        && ["pl", "cs", "sk"].iter().any(|known| known.eq_ignore_ascii_case(primary))
}

/// The fewest letters to leave before and to take after a break: the patterns'
/// own minima, raised where the language's typographers ask for more.
pub fn minima(lang: Lang) -> (usize, usize) {
    match lang {
        // "Lexique des règles typographiques en usage à l'Imprimerie
        // nationale": never fewer than three letters on the next line.
        Lang::French => (2, 3),
        // The patterns allow one letter alone; print does not.
        Lang::Greek => (2, 2),
        other => {
            let (left, right) = other.bounds();
            (left.max(2), right.max(2))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{hyphenation, keeps_short_words, minima};

    #[test]
    fn short_words_are_kept_by_primary_subtag() {
        assert!(["pl", "cs-CZ", "SK"].into_iter().all(keeps_short_words));
        assert!(!["en", "plt", "", "de-AT"].into_iter().any(keeps_short_words));
    }

    #[test]
    fn patterns_are_found_by_primary_subtag() {
        assert_eq!(hyphenation("fr-BE"), Some(hypher::Lang::French));
        assert_eq!(hyphenation("DE"), Some(hypher::Lang::German));
        assert_eq!(hyphenation("sk"), Some(hypher::Lang::Czech));
        assert_eq!(hyphenation("mt"), None);
        assert_eq!(hyphenation(""), None);
    }

    #[test]
    fn minima_leave_no_letter_alone() {
        assert_eq!(minima(hyphenation("fr").unwrap()), (2, 3));
        assert_eq!(minima(hyphenation("el").unwrap()), (2, 2));
        assert_eq!(minima(hyphenation("en").unwrap()), (2, 3));
    }
}
