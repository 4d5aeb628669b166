//! Keys and values of the front matter by which other tools keep a document from readers.

use super::keys::KEYS;
use super::yaml::{Entry, Yaml, YamlKind};
use crate::diagnostic::slips;
use crate::language::Date;

/// Keys that say of a document, by being true, that it is not for all; in small letters,
/// without hyphens and low lines.
const CLOSED: [&str; 23] = [
    "draft",
    "isdraft",
    "brouillon",
    "entwurf",
    "borrador",
    "bozza",
    "private",
    "internal",
    "internalonly",
    "internaluseonly",
    "confidential",
    "secret",
    "protected",
    "unpublished",
    "donotpublish",
    "notforpublication",
    "nopublish",
    "hidden",
    "hide",
    "unlisted",
    "headless",
    "embargoed",
    "password",
];

/// Keys that say so by being false.
const OPEN: [&str; 9] =
    ["published", "publish", "ispublished", "dgpublish", "public", "released", "listed", "visible", "render"];

/// Keys that name the readers.
const READERS: [&str; 3] = ["audience", "audiences", "visibility"];

/// Values of any foreign key that say so.
const VALUES: [&str; 9] =
    ["draft", "internal", "private", "confidential", "restricted", "secret", "unpublished", "embargoed", "hidden"];

/// The statement of an entry about who may read the document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Says<'a> {
    Nothing,
    ForAll,
    /// The entry, or one inside it, keeps the document from readers.
    NotForAll {
        entry: &'a Entry,
        hint: &'static str,
    },
}

const TAKE_OUT: &str = "take the key out when it may be published; a draft that may be read has `status: draft`";

/// Reads a publication status. The document is not for all readers unless the value clearly says
/// so.
pub fn publication_status(entry: &Entry) -> Says<'_> {
    if KEYS.iter().any(|key| key.name == entry.key) {
        return Says::Nothing;
    }
    let key = entry.key.to_lowercase().replace(['_', '-'], "");
    let not_for_all = |hint: &'static str| Says::NotForAll { entry, hint };
    if READERS.contains(&key.as_str()) {
        let is_public = matches!(&entry.value.kind, YamlKind::Scalar(text)
            if matches!(text.to_lowercase().as_str(), "public" | "all" | "everyone" | "visible"));
        return if is_public || entry.value.kind == YamlKind::Null {
            Says::ForAll
        } else {
            not_for_all("`marking` says in every edition who may read it; `:::only` keeps a part from readers")
        };
    }
    let names = |known: &[&str]| known.iter().any(|known| *known == key || is_slip(&key, known));
    let is_open = match (names(&OPEN), names(&CLOSED)) {
        (true, _) => true,
        (false, true) => false,
        (false, false) => return of_others(entry),
    };
    let said = match &entry.value.kind {
        YamlKind::Null => return Says::ForAll,
        YamlKind::Scalar(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "on" | "y" | "1" | "always" => Some(true),
            "false" | "no" | "off" | "n" | "0" | "never" => Some(false),
            // A day of publication is not a word about it.
            other if is_open && Date::parse(other.get(..10).unwrap_or(other)).is_some() => return Says::Nothing,
            _ => None,
        },
        // Site generators hide parts of their pages so.
        YamlKind::List(_) if key == "hide" => return Says::Nothing,
        YamlKind::List(_) | YamlKind::Map(_) => None,
    };
    if said == Some(is_open) { Says::ForAll } else { not_for_all(TAKE_OUT) }
}

/// The content of an entry: its value, or its nested entries.
fn of_others(entry: &Entry) -> Says<'_> {
    let is_word = |value: &Yaml| match &value.kind {
        YamlKind::Scalar(text) => VALUES.contains(&text.trim().to_lowercase().as_str()),
        YamlKind::Null | YamlKind::List(_) | YamlKind::Map(_) => false,
    };
    let found = match &entry.value.kind {
        YamlKind::Null => false,
        YamlKind::Scalar(_) => is_word(&entry.value),
        YamlKind::List(items) => items.iter().any(is_word),
        YamlKind::Map(entries) => {
            let inner = entries.iter().map(publication_status).find(|says| matches!(says, Says::NotForAll { .. }));
            return inner.unwrap_or(Says::Nothing);
        }
    };
    if found { Says::NotForAll { entry, hint: TAKE_OUT } } else { Says::Nothing }
}

/// Whether a key is a longer one with a slip of the pen.
fn is_slip(key: &str, known: &str) -> bool {
    const SHORTEST: usize = 5;
    key.len() >= SHORTEST && known.len() >= SHORTEST && key.len().abs_diff(known.len()) <= 1 && slips(key, known) == 1
}

#[cfg(test)]
mod tests {
    use super::{Says, publication_status};
    use crate::parse::yaml::{Entry, Yaml, YamlKind};
    use crate::source::Span;

    fn entry(key: &str, value: YamlKind) -> Entry {
        let span = Span::default();
        Entry { key: key.to_owned(), key_span: span, value: Yaml { kind: value, span } }
    }

    fn is_withheld(key: &str, value: &str) -> bool {
        matches!(publication_status(&entry(key, YamlKind::Scalar(value.to_owned()))), Says::NotForAll { .. })
    }

    #[test]
    fn words_about_readers_are_understood() {
        for (key, value) in [
            ("draft", "true"),
            ("Draft", "Yes"),
            ("drafts", "1"),
            ("drfat", "true"),
            ("published", "false"),
            ("dg-publish", "no"),
            ("internal_use_only", "true"),
            ("visibility", "staff"),
            ("access", "restricted"),
            ("category", "Internal"),
            ("password", "abc"),
            ("render", "never"),
        ] {
            assert!(is_withheld(key, value), "{key}: {value}");
        }
        for (key, value) in [
            ("draft", "false"),
            ("published", "2024-03-01"),
            ("publish", "yes"),
            ("status", "draft"),
            ("category", "Internal market"),
            ("layout", "page"),
            ("list", "true"),
            ("audience", "all"),
        ] {
            assert!(!is_withheld(key, value), "{key}: {value}");
        }
        let nested = YamlKind::Map(vec![entry("draft", YamlKind::Scalar("true".to_owned()))]);
        assert!(matches!(publication_status(&entry("params", nested)), Says::NotForAll { .. }));
        let hidden = YamlKind::List(vec![Yaml { kind: YamlKind::Scalar("toc".to_owned()), span: Span::default() }]);
        assert_eq!(publication_status(&entry("hide", hidden)), Says::Nothing);
    }
}
