//! The keys of the front matter, in one place: what is read, what "did you
//! mean" chooses from and what the handbook lists.

/// A key and what its value is, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub name: &'static str,
    /// What the key takes, as the object of "takes".
    pub takes: &'static str,
}

const fn key(name: &'static str, takes: &'static str) -> Key {
    Key { name, takes }
}

const TEXT: &str = "text";

/// Every key of the front matter.
pub const KEYS: &[Key] = &[
    key("title", TEXT),
    key("subtitle", TEXT),
    key("reference", TEXT),
    key("date", "a date such as `2026-11-23`"),
    key("version", TEXT),
    key("status", "`draft`, `review`, `final` or `withdrawn`"),
    key("reason", TEXT),
    key("marking", TEXT),
    key("embargo", "a moment with its time zone, such as `2026-11-23T12:00+01:00`"),
    key("history", "a list of maps with `version`, `date` and `change`"),
    key("distribution", TEXT),
    key("imprint", TEXT),
    key("limits", "a map with `pages` and `words`"),
    key("lang", "a language tag such as `en` or `fr-BE`"),
    key("authors", "a name, or a list of names or of maps with `name`, `affiliation` and `email`"),
    key("contact", "text, or a map with `name`, `email`, `phone` and `url`"),
    key("abstract", TEXT),
    key("keywords", "a list of words"),
    key("licence", "text, or a map with `name` and `url`"),
    key("toc", "`auto`, `yes`, `no`, or how many levels deep the contents go"),
    key("numbering", "a map of `sections`, `paragraphs`, `figures`, `tables` and `boxes` to `true` or `false`"),
    key("theme", TEXT),
    key("bibliography", "a path or a list of paths"),
    key("citation-style", "`author-date`, `notes` or a `.csl` file"),
    key("abbreviations", "a map of short forms to what they stand for"),
];

pub const AUTHOR_KEYS: &[&str] = &["name", "affiliation", "email"];
pub const CONTACT_KEYS: &[&str] = &["name", "email", "phone", "url"];
pub const LICENCE_KEYS: &[&str] = &["name", "url"];
pub const HISTORY_KEYS: &[&str] = &["version", "date", "change"];
pub const LIMIT_KEYS: &[&str] = &["pages", "words"];
pub const NUMBERING_KEYS: &[&str] = &["sections", "paragraphs", "figures", "tables", "boxes"];

/// What a key of the front matter takes.
pub fn takes(name: &str) -> &'static str {
    KEYS.iter().find(|key| key.name == name).map_or(TEXT, |key| key.takes)
}
