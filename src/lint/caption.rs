//! Captions that were typed (W0223): a paragraph "Table 1: …" beside a table without a
//! caption, or beside such a picture, in any language that Chancery has labels for.

use crate::ast::{BlockKind, InlineKind, plain_text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::{ALL, Labels};
use crate::resolve::RBlock;

/// A longer paragraph is no caption.
const LONGEST: usize = 400;

/// Looks at two blocks that follow one another.
pub fn check(pair: &[&RBlock; 2], diagnostics: &mut Diagnostics) {
    let [one, next] = pair;
    let found = uncaptioned(one)
        .and_then(|bare| Some((bare, next, caption(next, bare, CaptionSide::Below)?)))
        .or_else(|| uncaptioned(next).and_then(|bare| Some((bare, one, caption(one, bare, CaptionSide::Above)?))));
    let Some((bare, block, words)) = found else { return };
    let (what, hint) = match bare {
        Bare::Table => ("table", format!("write `:::table {{caption=\"{words}\"}}` before the table, `:::` behind it")),
        Bare::Picture => ("picture", format!("put it into the picture: `![what it shows](file \"{words}\")`")),
    };
    let message = format!("this is a caption that was typed: the {what} beside it has none, and no number");
    diagnostics.push(Diagnostic::new(Code::Slip, block.span, message).hint(hint));
}

/// The kind of an element without a caption.
#[derive(Clone, Copy)]
enum Bare {
    Table,
    Picture,
}

impl Bare {
    /// Whether a word, in small letters, is its label in any language.
    fn is_called(self, word: &str) -> bool {
        let label = |labels: &Labels| match self {
            Bare::Table => labels.table,
            Bare::Picture => labels.figure,
        };
        let short: &[&str] = match self {
            Bare::Table => &["tab", "tbl"],
            Bare::Picture => &["fig", "abb"],
        };
        short.contains(&word) || ALL.iter().any(|labels| label(labels).to_lowercase() == word)
    }
}

/// The position of a caption.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CaptionSide {
    Above,
    Below,
}

fn uncaptioned(block: &RBlock) -> Option<Bare> {
    match &block.kind {
        BlockKind::Table(table) => table.caption.is_none().then_some(Bare::Table),
        BlockKind::Figure(figure) => figure.caption.is_none().then_some(Bare::Picture),
        BlockKind::Paragraph(content) => match content.as_slice() {
            [image] if matches!(image.kind, InlineKind::Image(_)) => Some(Bare::Picture),
            _ => None,
        },
        _ => None,
    }
}

/// The words of a paragraph that is a caption, without its label.
fn caption(block: &RBlock, bare: Bare, place: CaptionSide) -> Option<String> {
    let BlockKind::Paragraph(content) = &block.kind else { return None };
    let text = plain_text(content);
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    // Pandoc puts the caption of a table after a colon.
    let pandoc = || text.strip_prefix(':').filter(|_| place == CaptionSide::Below && matches!(bare, Bare::Table));
    let words = labelled(text, bare).or_else(pandoc)?.trim();
    let words = words.split(" {").next().unwrap_or_default();
    (!words.is_empty()).then(|| words.replace('"', "’"))
}

/// The text after "Table 1:" or "1. táblázat –".
fn labelled(text: &str, bare: Bare) -> Option<&str> {
    let (first, rest) = word(text)?;
    let is_label = |word: &str| bare.is_called(&word.trim_end_matches('.').to_lowercase());
    let is_number = |word: &str| {
        let word = word.trim_end_matches(['.', ':', '–', '—', '-', '|', ')']);
        word.starts_with(|first: char| first.is_ascii_digit())
            && word.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '–'))
    };
    if first.ends_with(':') && is_label(first.trim_end_matches(':')) {
        return Some(rest);
    }
    let (second, rest) = word(rest)?;
    let bare = second.trim_end_matches([':', '–', '—', '.', '|']);
    let ends = (is_label(first) && is_number(second)) || (is_number(first) && is_label(bare));
    let rest_bare = rest.trim_start_matches([':', '–', '—', '-', '|', '.', ' ', '\u{a0}']);
    let is_parted = bare.len() < second.len() || rest_bare.len() < rest.trim_start().len();
    (ends && is_parted).then_some(rest_bare)
}

/// The first word and what follows.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::{Bare, labelled};

    #[test]
    fn captions_are_told_from_sentences() {
        for (text, bare, words) in [
            ("Table 1: The steps", Bare::Table, "The steps"),
            ("Figure 2 – a map", Bare::Picture, "a map"),
            ("FIGURE 2.1. A map", Bare::Picture, "A map"),
            ("Abb. 3: Karte", Bare::Picture, "Karte"),
            ("Tabelle\u{a0}4 | Schritte", Bare::Table, "Schritte"),
            ("1. táblázat: Lépések", Bare::Table, "Lépések"),
            ("Tableau 1 : Les étapes", Bare::Table, "Les étapes"),
            ("Table: The steps", Bare::Table, "The steps"),
        ] {
            assert_eq!(labelled(text, bare).map(str::trim), Some(words), "{text}");
        }
        for text in [
            "Table 1 shows the steps.",
            "See Table 1: it shows",
            "Tables: many",
            "Table",
            "1. Table it",
            "Figure 1: a",
            "",
        ] {
            assert_eq!(labelled(text, Bare::Table), None, "{text}");
        }
    }
}
