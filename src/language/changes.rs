//! The words that a redline adds to a document, by language, and the words by
//! which a language binds.

mod germanic;
mod other;
mod romance;
mod slavic;

use germanic::{DANISH, DUTCH, ENGLISH, GERMAN, SWEDISH};
use other::{ARABIC, ESTONIAN, FINNISH, GREEK, HUNGARIAN, IRISH, LATVIAN, LITHUANIAN, MALTESE};
use romance::{FRENCH, ITALIAN, PORTUGUESE, ROMANIAN, SPANISH};
use slavic::{BULGARIAN, CROATIAN, CZECH, POLISH, RUSSIAN, SLOVAK, SLOVENE, UKRAINIAN};

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        /// The words of one language. `{}` stands for a value.
        #[derive(Debug, PartialEq, Eq)]
        pub struct ChangeLabels {
            /// Primary language subtag.
            pub tag: &'static str,
            /// Words that bind, permit or advise, in small letters.
            pub obligations: &'static [&'static str],
            $($(#[$doc])* pub $name: &'static str,)*
        }

        impl ChangeLabels {
            /// Every label with its name, for checking that none is missing.
            pub fn entries(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }
    };
}

labels! {
    /// "Changes since {}", with a version.
    changes_since;
    /// "Changes", if the version is unknown.
    changes;
    /// "version {}".
    version;
    /// "version {} of {}", with a date.
    version_of;
    /// "Nothing changed".
    no_changes;
    /// "Sections changed".
    sections_changed;
    /// "Figures and dates changed".
    figures_changed;
    /// "Obligations changed".
    obligations_changed;
    /// "Links changed".
    links_changed;
    /// "Moved".
    moved;
    /// "{}: from {} to {}".
    moved_from_to;
    /// "Renumbered".
    renumbered;
    /// "Was".
    was;
    /// "Is".
    is;
    /// "Title".
    title;
    /// "Subtitle".
    subtitle;
    /// "formerly {}".
    formerly;
    /// "{} changes"; "1 change" is in `one_change`.
    change_count;
    /// "1 change".
    one_change;
    /// "new".
    inserted_section;
    /// "deleted".
    deleted_section;
    /// Before inserted content, for screen readers.
    insertion;
    /// "end of insertion".
    end_of_insertion;
    /// "deleted:".
    deletion;
    /// "end of deletion".
    end_of_deletion;
    /// Before moved content, at its new place.
    moved_here;
    /// Before moved content, at its old place.
    moved_away;
    /// "end of move".
    end_of_move;
    /// "paragraph split".
    paragraph_split;
    /// "paragraphs joined".
    paragraphs_joined;
    /// "Previous change".
    previous_change;
    /// "Next change".
    next_change;
    /// Where a text has no title.
    beginning;
}

impl ChangeLabels {
    /// The labels of a language, English where it has none.
    pub fn for_language(tag: &str) -> &'static ChangeLabels {
        let primary = super::primary(tag);
        ALL.iter().copied().find(|labels| labels.tag == primary).unwrap_or(&ENGLISH)
    }

    /// Whether a language has labels of its own.
    pub fn is_known(tag: &str) -> bool {
        let primary = super::primary(tag);
        ALL.iter().any(|labels| labels.tag == primary)
    }
}

static ALL: [&ChangeLabels; 27] = [
    &ARABIC,
    &BULGARIAN,
    &CROATIAN,
    &CZECH,
    &DANISH,
    &DUTCH,
    &ENGLISH,
    &ESTONIAN,
    &FINNISH,
    &FRENCH,
    &GERMAN,
    &GREEK,
    &HUNGARIAN,
    &IRISH,
    &ITALIAN,
    &LATVIAN,
    &LITHUANIAN,
    &MALTESE,
    &POLISH,
    &PORTUGUESE,
    &ROMANIAN,
    &RUSSIAN,
    &SLOVAK,
    &SLOVENE,
    &SPANISH,
    &SWEDISH,
    &UKRAINIAN,
];

#[cfg(test)]
mod tests {
    use super::{ALL, ChangeLabels, ENGLISH};

    #[test]
    fn no_language_lacks_a_label_or_a_place_for_a_value() {
        for labels in ALL {
            for ((name, label), (_, model)) in labels.entries().into_iter().zip(ENGLISH.entries()) {
                assert!(!label.trim().is_empty(), "{}: {name} is empty", labels.tag);
                assert_eq!(label.matches("{}").count(), model.matches("{}").count(), "{}: {name}", labels.tag);
            }
        }
    }

    #[test]
    fn a_language_without_labels_has_the_english_ones() {
        assert_eq!(ChangeLabels::for_language("mi").changes, "Changes");
        assert_eq!(ChangeLabels::for_language("de-AT").changes, "Änderungen");
        assert!(!ChangeLabels::is_known("mi"));
        for tag in "ar bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro ru sk sl sv uk".split(' ') {
            assert!(ChangeLabels::is_known(tag), "{tag}");
        }
    }
}
