//! Laws that hold for every source: nothing panics, text is where it says it
//! is, no words are lost, and bad input meets its limit in time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{html, limits, parse, place};
use crate::ast::{
    Block, BlockKind, Document, Inline, InlineKind, Parsed, ParsedBlock, Visit, walk_blocks, walk_inlines,
};
use crate::diagnostic::{Code, Diagnostics};
use crate::source::{FileId, Source, Sources};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};

fn parsed(text: &str) -> (Document, Diagnostics) {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("case.md", text));
    let parsed = parse(file, &mut sources);
    (parsed.value, parsed.diagnostics)
}

fn codes(text: &str) -> Vec<&'static str> {
    parsed(text).1.into_sorted().iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

/// Gathers the texts that are not what their spans say.
struct Texts<'a> {
    source: &'a str,
    wrong: Vec<String>,
}

impl Visit<Parsed> for Texts<'_> {
    fn inline(&mut self, inline: &Inline<Parsed>) {
        if let InlineKind::Text(text) = &inline.kind {
            let end = inline.span.end as usize;
            let found = place::align(FileId(0), self.source, inline.span.start as usize, text, &mut Vec::new());
            let right = found == Some(end)
                // In HTML a run of spaces is one, and a backslash is itself.
                || self.source.get(inline.span.range()).is_some_and(|written| bare(&decoded(written)) == bare(&decoded(text)));
            if !right && !text.contains(char::REPLACEMENT_CHARACTER) {
                let written = self.source.get(inline.span.range());
                self.wrong.push(format!("{text:?} at {:?}: {written:?}", inline.span.range()));
            }
        }
    }

    fn stage_block(&mut self, block: &ParsedBlock) {
        match block {
            ParsedBlock::Heading(heading) => walk_inlines(&heading.content, self),
            ParsedBlock::Annex(annex) => {
                walk_inlines(annex.title.as_deref().unwrap_or_default(), self);
                walk_blocks(&annex.blocks, self);
            }
            ParsedBlock::Only { blocks, .. } => walk_blocks(blocks, self),
            ParsedBlock::DataTable(table) => walk_inlines(table.caption.as_deref().unwrap_or_default(), self),
            ParsedBlock::Chart(chart) => walk_inlines(chart.caption.as_deref().unwrap_or_default(), self),
            ParsedBlock::Include { .. } | ParsedBlock::Listing(_) => {}
        }
    }
}

fn bare(text: &str) -> String {
    text.replace('\\', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn decoded(mut text: &str) -> String {
    let mut decoded = String::new();
    while let Some(first) = text.chars().next() {
        let (value, length) = html::entity(text).unwrap_or((first.to_string(), first.len_utf8()));
        decoded.push_str(&value);
        text = &text[length..];
    }
    decoded
}

fn misplaced(source: &str) -> Vec<String> {
    let (document, _) = parsed(source);
    let mut texts = Texts { source, wrong: Vec::new() };
    walk_blocks(&document.blocks, &mut texts);
    for note in &document.notes {
        walk_blocks(&note.blocks, &mut texts);
    }
    texts.wrong
}

/// Markup that cannot hide words in addresses or attributes.
const MARKUP: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    "\n> ",
    "\n>> ",
    "\n- ",
    "\n  ",
    "\n1. ",
    "\n    ",
    "\t",
    "  \n",
    "\\\n",
    "\n# ",
    " ",
    " ",
    "*",
    "**",
    "_",
    "`",
    "``",
    "~",
    "~~",
    "[",
    "]",
    "![",
    "](",
    "^[",
    "[^a]",
    "\n[^a]: ",
    "{",
    "}",
    "{.c}",
    "{#i}",
    "]{lang=fr}",
    "{{v}}",
    "[@k]",
    "[](#i)",
    "\\",
    "\\*",
    "\\[",
    "&amp;",
    "&nbsp;",
    "&#233;",
    "&",
    "<",
    ">",
    "<b>",
    "</b>",
    "<sup>",
    "</sup>",
    "<br/>",
    "<i>",
    "</i>",
    "\n<div>\n",
    "\n</div>\n",
    "\n<p>",
    "</p>\n",
    "\n<ul><li>",
    "<li>",
    "</ul>\n",
    "\n<table><tr><td>",
    "<td>",
    "<tr>",
    "</table>\n",
    "<blockquote>",
    "</blockquote>",
    "\n:::box\n",
    "\n::::key-points\n",
    "\n:::\n",
    "\n::::\n",
    "\n:::table\n",
    "\n:::figure\n",
    "\n:::only {audience=a}\n",
    "\n:::pagebreak\n",
    "\n*[ABC]: x\n",
    "|",
    "\n| a | b |\n|---|---|\n| ",
    "\\|",
    " | ",
    "\n```\n",
    "\n~~~\n",
    "\n---\n",
    "\n===\n",
    "\n: ",
    "$$",
    "$",
    "^",
    "www.a.example",
    "https://a.example/",
    "a@b.example",
    "é",
    "“",
    "🙂",
    "ﬁ",
    "\u{a0}",
    "\n> [!NOTE] ",
    "\n> [!TIP]\n> ",
    "- [ ] ",
    "[x] ",
    "<details>",
    "<summary>",
    "<h2>",
    "</h2>",
    "<pre>",
    "</pre>",
    "<dl><dt>",
    "<dd>",
    "</dl>",
    "<q>",
    "<font>",
    "</font>",
    "<code>",
    "</code>",
];

/// Markup that may hide or swallow words, beside the rest.
const HOSTILE: &[&str] = &[
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<style>",
    "<a href=\"javascript:x\">",
    "<img src=x onerror=y>",
    "<p ",
    "=\"",
    "\"",
    "'",
    "<?",
    "?>",
    "<![CDATA[",
    "]]>",
    "<!D",
    "\n[r]: /u 'T'\n",
    "[r]",
    "](/u \"t\")",
    "\u{1}",
    "&#1;",
    "\r",
    "\u{feff}",
    "---\n",
    "title: x\n",
    "\n...\n",
    ":::",
    "\n:::chart {x=",
    "<textarea>",
    "<title>",
    "<td colspan=99999>",
    "<?line:0?>",
    "```math\n",
    "\u{2028}",
    "\n[^a]: ",
    "``` {.x #y}\n",
    "[^",
    "\n\t- ",
    "\n \n",
    "\n\t\nWords ",
    "\u{1c}",
    "$$x*y$$",
    "\n   ",
    "> ",
];

fn fragment(pool: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (0..pool.len()).prop_map(|index| pool.get(index).copied().unwrap_or_default().to_owned()),
        2 => "[a-z]{1,3} ?",
    ]
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => fragment(MARKUP),
        1 => fragment(HOSTILE),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn source(fragments: impl Strategy<Value = String>, most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(fragments, 0..most).prop_map(|parts| parts.concat())
}

/// Sources of any kind.
pub fn fragments() -> impl Strategy<Value = String> {
    source(hostile(), 12)
}

/// Sources whose words can be told apart, with those words.
fn wordy() -> impl Strategy<Value = (String, Vec<String>)> {
    let part = prop_oneof![
        2 => (0..MARKUP.len()).prop_map(|index| MARKUP.get(index).copied().map(str::to_owned)),
        2 => Just(None),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| {
        let mut text = String::new();
        let mut words = Vec::new();
        for (index, part) in parts.into_iter().enumerate() {
            match part {
                Some(markup) => text.push_str(&markup),
                None => {
                    let word = format!("zq{index}z");
                    text.push_str(&word);
                    words.push(word);
                }
            }
        }
        (text, words)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_source_makes_the_parser_panic(text in source(hostile(), 40)) {
        parsed(&text);
    }

    #[test]
    fn text_is_where_it_says_it_is(text in source(fragment(MARKUP), 24)) {
        let wrong = misplaced(&text);
        assert!(wrong.is_empty(), "{text:?}: {wrong:#?}");
    }

    #[test]
    fn no_words_are_lost((text, words) in wordy()) {
        let (document, diagnostics) = parsed(&text);
        let seen = format!("{document:?}");
        for word in words {
            // What a directive cannot read is at least shown in its diagnostic.
            let said = diagnostics.iter().any(|diagnostic| {
                diagnostic.code == Code::BadAttributes
                    && diagnostic.span.is_some_and(|span| text.get(span.range()).is_some_and(|part| part.contains(&word)))
            });
            // After the language of a fence there is nothing for readers.
            let line = text.lines().find(|line| line.contains(&word)).unwrap_or_default();
            let said = said || line.contains("```") || line.contains("~~~");
            assert!(said || seen.contains(&word), "{word} of {text:?} is lost: {document:#?}");
        }
    }
}

/// How deep the blocks of a document nest.
fn depth(blocks: &[Block<Parsed>]) -> usize {
    let inner = |block: &Block<Parsed>| match &block.kind {
        BlockKind::Quote { blocks, .. } | BlockKind::Group(blocks) => 1 + depth(blocks),
        BlockKind::List(list) => 1 + list.items.iter().map(|item| depth(&item.blocks)).max().unwrap_or(0),
        BlockKind::Panel(panel) => 1 + depth(&panel.blocks),
        _ => 1,
    };
    blocks.iter().map(inner).max().unwrap_or(0)
}

#[test]
fn what_nests_too_deep_meets_the_limit() {
    const DEEP: usize = 10_000;
    let deep = [
        format!("{}x", ">".repeat(DEEP)),
        format!("{}x", "> ".repeat(DEEP)),
        format!("{}x", "- > ".repeat(DEEP)),
        format!("{}x", "<div>\n".repeat(DEEP)),
        format!("x {}y", "<b>".repeat(DEEP)),
        (0..DEEP).map(|level| format!("{}box\n", ":".repeat(3 + level % 5))).collect::<String>(),
        format!("{}x{}", "![".repeat(DEEP), "](u)".repeat(DEEP)),
        format!("{}x{}", "[".repeat(DEEP), "]{.a}".repeat(DEEP)),
        format!("{}x{}", "^[".repeat(DEEP), "]".repeat(DEEP)),
        format!("{}x{}", "*a ".repeat(DEEP), " b*".repeat(DEEP)),
        format!("<table>{}", "<tr><td><table>".repeat(DEEP)),
        format!("{}x", "<ul><li>".repeat(DEEP)),
    ];
    for source in deep {
        let (document, diagnostics) = parsed(&source);
        let start: String = source.chars().take(40).collect();
        let limits: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::LimitExceeded).collect();
        assert_eq!(limits.len(), 1, "{start}");
        assert!(depth(&document.blocks) <= limits::NESTING + 1, "{start}");
    }
}

#[test]
fn what_only_looks_deep_compiles() {
    const MANY: usize = 10_000;
    for source in [
        "[".repeat(MANY),
        "![".repeat(MANY),
        "^[".repeat(MANY),
        "{".repeat(MANY),
        "$$".repeat(MANY),
        "<".repeat(MANY),
        "`a``b".repeat(MANY),
        "&".repeat(MANY),
        "[a](".repeat(MANY),
        "*_".repeat(MANY),
        "{a=\"".repeat(MANY),
        "|".repeat(MANY),
    ] {
        assert!(!codes(&source).contains(&"E0006"), "{}", &source[..4]);
    }
}

#[test]
fn too_many_headings_meet_the_limit() {
    assert!(!codes(&"# h\n".repeat(limits::HEADINGS)).contains(&"E0006"));
    let found = codes(&"# h\n".repeat(limits::HEADINGS + 5));
    assert_eq!(found, ["E0006"]);
}

#[test]
fn text_is_found_again_where_comrak_loses_count() {
    for source in [
        "[a]: /u\n[b]: /v 'T'\ntext *of* the paragraph a",
        "> - [x]: /y\n>   words &amp; more\n>   in a list",
        "a ^[note *in* place](x) b",
        "| a \\| b | `c` é |\r\n|---|---|\r\n| 🙂 *x* &amp; \\* | y |",
        "-\ta\tb\n\n\tc *d*",
        "\u{feff}# Ünï *cö* dé\r\n\r\nsecond",
        "---\r\ntitle: é\r\n---\r\n*a* b\rc",
    ] {
        assert_eq!(misplaced(source), Vec::<String>::new(), "{source:?}");
    }
}
