//! Lists in a sentence.

use super::{Language, locale};
use icu_list::ListFormatter;
use icu_list::options::{ListFormatterOptions, ListLength};

/// Joins items as the language does: "a, b and c".
pub fn join(items: &[&str], language: &Language) -> String {
    let options = ListFormatterOptions::default().with_length(ListLength::Wide);
    match ListFormatter::try_new_and((&locale(&language.tag)).into(), options) {
        Ok(formatter) => formatter.format(items.iter()).to_string(),
        // Only data that are missing lead here, and they are compiled in.
        Err(_) => items.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, join};

    #[test]
    fn lists_follow_the_language() {
        assert_eq!(join(&["a", "b", "c"], &Language::from_tag("en")), "a, b and c");
        assert_eq!(join(&["a", "b", "c"], &Language::from_tag("en-US")), "a, b, and c");
        assert_eq!(join(&["a", "b"], &Language::from_tag("fr")), "a et b");
        assert_eq!(join(&["Spagna", "Italia"], &Language::from_tag("it")), "Spagna e Italia");
        assert_eq!(join(&["Francia", "Italia"], &Language::from_tag("es")), "Francia e Italia");
        assert_eq!(join(&[], &Language::from_tag("de")), "");
        assert_eq!(join(&["a", "b"], &Language::from_tag("xx")), "a, b");
    }
}
