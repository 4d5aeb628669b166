//! What holds for the plain-text edition of every document: RFC 7994's lines,
//! and all the words.

use crate::support::{PROJECT_FREE, editions};
use chancery::format::Format;
use proptest::prelude::{BoxedStrategy, Just, ProptestConfig, Strategy, prop, prop_assert, proptest};
use proptest::prop_oneof;
use unicode_width::UnicodeWidthStr;

const COLUMNS: usize = 72;

/// A piece of a document: its Markdown, and the words in the order in which
/// they are to be found.
#[derive(Debug, Clone)]
struct Piece {
    markdown: String,
    words: Vec<String>,
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-z]{1,9}",
        1 => "[α-ω]{1,8}",
        1 => "[а-я]{1,8}",
        1 => "[国境管理庁]{1,60}",
        1 => "[a-z]{60,160}",
        1 => "https://example\\.org/[a-z]{1,120}",
    ]
}

fn words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(word(), 1..30)
}

fn paragraph() -> impl Strategy<Value = Piece> {
    words().prop_map(|words| Piece { markdown: words.join(" "), words })
}

fn heading() -> impl Strategy<Value = Piece> {
    words().prop_map(|words| Piece { markdown: format!("## {}", words.join(" ")), words })
}

fn code() -> impl Strategy<Value = Piece> {
    words().prop_map(|words| Piece { markdown: format!("```\n{}\n```", words.join("\t ")), words })
}

/// A table whose cells are one word each, so that they are not set in lines
/// beside one another.
fn table() -> impl Strategy<Value = Piece> {
    (1usize..6, prop::collection::vec("[a-z]{1,20}", 6..30)).prop_map(|(columns, words)| {
        let rows: Vec<String> = words.chunks_exact(columns).map(|row| format!("| {} |", row.join(" | "))).collect();
        let head = rows.first().cloned().unwrap_or_default();
        let body = rows.get(1..).unwrap_or_default().join("\n");
        let rule = format!("|{}", "---|".repeat(columns));
        // A wide table names its columns again and again; the order is not asked for.
        Piece { markdown: format!("{head}\n{rule}\n{body}"), words: Vec::new() }
    })
}

/// Pieces behind something at the left of each line.
fn inside(first: &'static str, rest: &'static str, pieces: BoxedStrategy<Vec<Piece>>) -> impl Strategy<Value = Piece> {
    pieces.prop_map(move |pieces| {
        let joined = join(&pieces);
        let mut lines = joined.markdown.lines();
        let mut markdown = format!("{first}{}", lines.next().unwrap_or_default());
        for line in lines {
            markdown += &format!("\n{rest}{line}");
        }
        Piece { markdown, words: joined.words }
    })
}

fn join(pieces: &[Piece]) -> Piece {
    let markdown: Vec<&str> = pieces.iter().map(|piece| piece.markdown.as_str()).collect();
    Piece { markdown: markdown.join("\n\n"), words: pieces.iter().flat_map(|piece| piece.words.clone()).collect() }
}

fn block() -> impl Strategy<Value = Piece> {
    const DEPTH: u32 = 12;
    const SIZE: u32 = 24;
    const BRANCHES: u32 = 3;
    let leaf = prop_oneof![4 => paragraph(), 1 => code(), 1 => table()];
    leaf.prop_recursive(DEPTH, SIZE, BRANCHES, |inner| {
        let pieces = prop::collection::vec(inner, 1..3).boxed();
        prop_oneof![
            inside("> ", "> ", pieces.clone()),
            inside("- ", "  ", pieces.clone()),
            inside("10. ", "    ", pieces.clone()),
            inside("> [!NOTE]\n> ", "> ", pieces),
        ]
    })
}

fn document() -> impl Strategy<Value = Piece> {
    let block = prop_oneof![1 => heading().boxed(), 4 => block().boxed()];
    (Just("# Title"), prop::collection::vec(block, 1..6)).prop_map(|(title, pieces)| {
        let body = join(&pieces);
        Piece { markdown: format!("{title}\n\n{}\n", body.markdown), words: body.words }
    })
}

/// Letters and digits alone: what is left when lines are filled otherwise.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn lines_keep_within_their_columns_and_hold_every_word(document in document()) {
        let compilation = PROJECT_FREE.compile(&document.markdown);
        let edition = editions(&compilation, Format::Text);
        prop_assert!(edition.ends_with('\n') && !edition.ends_with("\n\n"));
        for line in edition.lines() {
            let alone = line.contains("://") && !line.contains(' ');
            prop_assert!(line.width() <= COLUMNS || alone, "too long: {line}");
            prop_assert!(line.trim_end() == line, "blanks at the end: {line:?}");
            prop_assert!(!line.contains(char::is_control), "control character: {line:?}");
        }
        let all = letters(&edition);
        let mut rest = all.as_str();
        for word in &document.words {
            let word = letters(word);
            let at = rest.find(&word);
            prop_assert!(at.is_some(), "{word} is missing or out of order in:\n{edition}");
            rest = &rest[at.unwrap_or_default() + word.len()..];
        }
    }
}
