//! Language-dependent data: the words that Chancery adds, quotation marks, dates, lists, direction,
//! hyphenation patterns.

mod changes;
mod date;
mod fold;
mod hyphenation;
mod labels;
mod list;
mod name;
pub mod number;

pub use changes::ChangeLabels;
pub use date::Date;
pub use fold::{composed, fold, is_mark};
pub use hyphenation::{hyphenation, keeps_short_words, minima};
pub use labels::{ALL, Labels, fill};
pub use list::join;

/// A language Chancery has labels for, found by the primary subtag of a
/// BCP 47 tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// The whole tag as the author wrote it, such as `fr-BE`.
    pub tag: String,
    /// The words Chancery adds.
    pub labels: &'static Labels,
    /// Whether `labels` are the language's own; `false` means English is used instead.
    pub translated: bool,
    /// Which way lines run.
    pub direction: Direction,
}

/// Which way lines run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Left to right, such as Latin, Greek and Cyrillic.
    LeftToRight,
    /// Right to left, such as Arabic.
    RightToLeft,
}

impl Direction {
    /// The direction of the script a tag names or implies.
    pub fn for_language(tag: &str) -> Direction {
        let script = tag.split('-').skip(1).find(|subtag| subtag.len() == 4);
        let right_to_left = match script.map(str::to_ascii_lowercase).as_deref() {
            Some("arab" | "hebr" | "thaa" | "syrc" | "nkoo" | "adlm") => true,
            Some(_) => false,
            None => {
                matches!(primary(tag).as_str(), "ar" | "he" | "fa" | "ur" | "yi" | "ps" | "dv" | "sd" | "ug" | "ckb")
            }
        };
        if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight }
    }
}

impl Language {
    /// The language of a tag. Unknown ones get English labels, marked as such.
    pub fn from_tag(tag: &str) -> Language {
        let labels = Labels::for_language(&primary(tag));
        Language {
            tag: tag.to_owned(),
            labels: labels.unwrap_or(&labels::ENGLISH),
            translated: labels.is_some(),
            direction: Direction::for_language(tag),
        }
    }

    /// The sign before the fraction of a number, as the region has it.
    pub fn decimal_sign(&self) -> &'static str {
        match number::Signs::for_language(&self.tag).point {
            number::Point::FullStop => ".",
            number::Point::Comma => ",",
        }
    }

    /// The sign between groups of three digits, as the region has it.
    pub fn group_sign(&self) -> &'static str {
        if self.translated && self.labels.decimal_sign == self.decimal_sign() {
            return self.labels.group_sign;
        }
        number::Signs::for_language(&self.tag).group_sign()
    }

    /// Whether a tag names a language that there is, as far as that is known here.
    pub fn is_known(tag: &str) -> bool {
        name::is_known(tag)
    }

    /// The tag that was meant by a word that is none, such as a language's name.
    pub fn meant(written: &str) -> Option<String> {
        name::meant(written)
    }

    /// Whether a document may give a tag as its language: it has the form of one, and
    /// no language has a name of more than three letters (RFC 5646, 2.2.1).
    pub fn is_allowed(tag: &str) -> bool {
        const LONGEST: usize = 3;
        Language::is_tag(tag) && (primary(tag).len() <= LONGEST || name::is_known(tag))
    }

    /// Whether a tag has the form of BCP 47 (RFC 5646, 2.1), without asking
    /// whether its parts are registered.
    pub fn is_tag(text: &str) -> bool {
        let mut parts = text.split('-');
        let language = parts.next().unwrap_or_default();
        let primary = (2..=8).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_alphabetic());
        let private = language.eq_ignore_ascii_case("x") && text.contains('-');
        (primary || private)
            && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    }
}

/// The primary subtag of a BCP 47 tag, in lower case.
pub fn primary(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

/// The locale whose conventions hold for a tag. English without a region is
/// written as in Europe, day before month: Chancery's first users are there.
fn locale(tag: &str) -> icu_locale_core::Locale {
    let tag = if tag.eq_ignore_ascii_case("en") { "en-GB" } else { tag };
    icu_locale_core::Locale::try_from_str(tag).unwrap_or(icu_locale_core::Locale::UNKNOWN)
}
