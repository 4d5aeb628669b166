//! Marks of changes in editions: the signs and words at both ends of a change. Readers of editions
//! give each change a sign that occurs in no text.

use super::conventions::Changes;
use crate::language::ChangeLabels;
use crate::resolve::{ChangeKind, Resolved, Side};
use std::borrow::Cow;

/// The sign at the end of a change (a code point of the private use area, as the starts are).
pub const END: &str = "\u{e000}";

/// The sign at the start of a change.
pub fn start(kind: ChangeKind) -> Option<&'static str> {
    match kind {
        ChangeKind::Inserted => Some("\u{e001}"),
        ChangeKind::Deleted => Some("\u{e002}"),
        ChangeKind::MovedTo => Some("\u{e003}"),
        ChangeKind::MovedFrom => Some("\u{e004}"),
        ChangeKind::Former | ChangeKind::Split | ChangeKind::Joined => None,
    }
}

/// The sign at the start of a change, by its name in HTML and DocBook. `None` if the version that
/// they state does not fit.
pub fn start_of(name: &str, side: Option<Side>) -> Option<&'static str> {
    let kinds = [ChangeKind::Inserted, ChangeKind::Deleted, ChangeKind::MovedTo, ChangeKind::MovedFrom];
    kinds.into_iter().find(|kind| kind.name() == name && kind.side() == side).and_then(start)
}

/// The sign at the start of a change, by its PDF element (`Ins` or `Del`).
pub fn start_of_element(name: &str) -> &'static str {
    if name == "Ins" { "\u{e001}" } else { "\u{e002}" }
}

/// Whether a character is a sign of a change.
pub fn is_mark(character: char) -> bool {
    ('\u{e000}'..='\u{e004}').contains(&character)
}

/// The marks at both ends of a change, by the conventions of an edition; empty if no version
/// contains it.
pub fn marks(kind: ChangeKind, changes: Changes, document: &Resolved) -> [String; 2] {
    let said = kind.said(ChangeLabels::for_language(&document.language.tag));
    let (Some(sign), Some([before, behind])) = (start(kind), said) else {
        return [String::new(), String::new()];
    };
    match changes {
        Changes::Words => [format!("{sign} {before}"), format!("{behind} {END}")],
        Changes::Elements => {
            let element = if kind.side() == Some(Side::New) { "Ins" } else { "Del" };
            [format!("{} {before}", start_of_element(element)), format!("{behind} {END}")]
        }
        Changes::Version => {
            let version = document.metadata.version.as_ref().map(|version| version.value.as_str());
            [format!("{sign}{}", version.unwrap_or_default()), END.to_owned()]
        }
        Changes::Signs => [sign.to_owned(), END.to_owned()],
    }
}

/// The signs of a text edition as those that readers give, where the document
/// is a redline.
pub fn spelled<'a>(word: &'a str, document: &Resolved) -> Cow<'a, str> {
    const SIGNS: [(&str, &str); 8] = [
        ("{+", "\u{e001}"),
        ("[-", "\u{e002}"),
        ("{>", "\u{e003}"),
        ("[<", "\u{e004}"),
        ("+}", END),
        ("-]", END),
        (">}", END),
        ("<]", END),
    ];
    if !document.is_redline || !SIGNS.iter().any(|(sign, _)| word.contains(sign)) {
        return Cow::Borrowed(word);
    }
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(character) = rest.chars().next() {
        // Signs of the author are doubled.
        let own = SIGNS.iter().find(|(sign, _)| rest.strip_prefix(*sign).is_some_and(|more| more.starts_with(*sign)));
        let known = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
        let (said, length) = match (own, known) {
            (Some((sign, _)), _) => (*sign, 2 * sign.len()),
            (None, Some((sign, mark))) => (*mark, sign.len()),
            (None, None) => {
                out.push(character);
                rest = rest.get(character.len_utf8()..).unwrap_or_default();
                continue;
            }
        };
        out.push_str(said);
        rest = rest.get(length..).unwrap_or_default();
    }
    Cow::Owned(out)
}
