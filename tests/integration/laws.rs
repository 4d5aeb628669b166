//! What holds for every document.

use crate::sandbox::Sandbox;
use crate::support::{PROJECT_FREE, crate_path, editions, faults_of_editions, layout_text, words_of_markup};
use chancery::ast::{InlineKind, Parsed, ParsedBlock, Visit, walk_blocks, walk_inlines};
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::source::{MemoryFiles, Source, Sources, Span};
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_assume, proptest,
};
use proptest::prop_oneof;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;
use std::ops::Range;

/// A document with every construct that stands in one file.
const SPECIMEN: &str = include_str!("specimen.md");

#[test]
fn builds_in_different_folders_give_the_same_bytes() {
    // Enough of a kind that an order by hash would show.
    let mut shades = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"120\" height=\"10\">".to_owned();
    for shade in 0..12 {
        let place = shade * 10;
        shades += &format!(
            "<linearGradient id=\"g{shade}\"><stop stop-color=\"#{shade:x}{shade:x}0\"/><stop offset=\"1\"/>\
             </linearGradient><rect x=\"{place}\" width=\"9\" height=\"9\" fill=\"url(#g{shade})\" opacity=\"0.{shade}1\"/>"
        );
    }
    shades += "</svg>";
    let build = |threads: &str| {
        let sandbox = Sandbox::with(&[
            ("chancery.toml", "[project]\ntitle = \"Briefs\"\n"),
            ("source/index.md", "# Briefs\n\n:::members\n:::\n"),
            ("source/one.md", SPECIMEN),
            ("source/two.md", "# Two\n\nSee [](one.md).\n\n![Twelve shades of grey](shades.svg)\n"),
            ("source/shades.svg", &shades),
        ]);
        sandbox.run(&["build", "--jobs", threads]).ends_with(0);
        sandbox.files("outputs")
    };
    let (first, second) = (build("1"), build("2"));
    assert_eq!(first.len(), 16);
    for ((name, one), (_, other)) in first.iter().zip(&second) {
        assert!(one == other, "{name} differs");
    }
}

#[test]
fn inserting_a_table_renumbers_every_reference_alike() {
    let table = |id: &str| format!(":::table {{#{id} caption=\"About {id}\"}}\n| A |\n|---|\n| 1 |\n:::\n\n");
    let references = "Compare [](#last), [@first] and ^[note [](#last)].\n\n> See [](#first) again.\n\n";
    let text = format!("# A note\n\n{references}{}{}{references}", table("first"), table("last"));
    let more = text.replace(":::table {#first", &format!("{}:::table {{#first", table("new")));
    for (source, shift) in [(&text, 0), (&more, 1)] {
        for (format, words) in words_by_edition(source) {
            let count = |number: usize| words.matches(&format!("Table {}", number + shift)).count();
            // Four references and a caption; DocBook's readers number tables
            // by the `label` attribute.
            let wanted = if format == Format::Docbook { 4 } else { 5 };
            assert_eq!((count(1), count(2)), (wanted, wanted), "{format:?} of a shift by {shift}:\n{words}");
        }
    }
}

/// The words of a text's full editions; of the PDF, those that are set.
fn words_by_edition(text: &str) -> Vec<(Format, String)> {
    let compilation = PROJECT_FREE.compile(text);
    assert!(!compilation.diagnostics.has_errors(), "{:?}", compilation.diagnostics);
    [Format::Html, Format::Docbook, Format::Text, Format::Pdf]
        .into_iter()
        .map(|format| {
            let words = match format {
                Format::Html | Format::Docbook => words_of_markup(&editions(&compilation, format)),
                Format::Text | Format::Brief | Format::Pandoc | Format::Docx | Format::Epub => {
                    editions(&compilation, format)
                }
                Format::Pdf => layout_text(&compilation),
            };
            (format, words.split_whitespace().collect::<Vec<_>>().join(" "))
        })
        .collect()
}

/// Where the words of a text stand that nothing but the reader looks at.
fn plain_words(text: &str) -> Vec<Range<usize>> {
    struct Words<'a> {
        sources: &'a Sources,
        found: Vec<Span>,
    }
    impl Visit<Parsed> for Words<'_> {
        fn inline(&mut self, inline: &chancery::ast::Inline<Parsed>) {
            if let InlineKind::Text(words) = &inline.kind
                && self.sources.text(inline.span) == words
            {
                self.found.push(inline.span);
            }
        }
        fn stage_block(&mut self, block: &ParsedBlock) {
            match block {
                ParsedBlock::Heading(heading) => walk_inlines(&heading.content, self),
                ParsedBlock::Annex(annex) => walk_blocks(&annex.blocks, self),
                ParsedBlock::Only { blocks, .. } => walk_blocks(blocks, self),
                ParsedBlock::Include { .. }
                | ParsedBlock::DataTable(_)
                | ParsedBlock::Chart(_)
                | ParsedBlock::Listing(_) => {}
            }
        }
    }
    const SHORTEST: usize = 5;
    let mut sources = Sources::default();
    let file = sources.add(Source::new("note.md", text));
    let document = chancery::parse::parse(file, &mut sources).value;
    let mut words = Words { sources: &sources, found: Vec::new() };
    walk_blocks(&document.blocks, &mut words);
    for note in &document.notes {
        walk_blocks(&note.blocks, &mut words);
    }
    let mut ranges = Vec::new();
    for span in words.found {
        let inside = &text[span.range()];
        let mut start = 0;
        for word in inside.split_inclusive(|letter: char| !letter.is_ascii_lowercase()) {
            let letters = word.trim_end_matches(|letter: char| !letter.is_ascii_lowercase()).len();
            let at = span.start as usize + start;
            let alone = !text[..at].ends_with(|letter: char| letter.is_alphanumeric());
            let ends = !text[at + letters..].starts_with(|letter: char| letter.is_alphanumeric());
            if letters >= SHORTEST && alone && ends {
                ranges.push(at..at + letters);
            }
            start += word.len();
        }
    }
    ranges
}

#[test]
fn the_specimen_compiles_cleanly() {
    let compilation = PROJECT_FREE.compile(SPECIMEN);
    let problems: Vec<_> = compilation
        .diagnostics
        .iter()
        .filter(|problem| problem.severity != chancery::diagnostic::Severity::Advice)
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
}

fn sources() -> Vec<String> {
    let read = |path: &str| std::fs::read_to_string(crate_path(path)).unwrap();
    vec![SPECIMEN.to_owned(), read("source/fields-of-cooperation/justice-freedom-security.md")]
}

/// A few cases, the same in every run; `PROPTEST_CASES` asks for more, and
/// `PROPTEST_RNG_SEED` for others.
pub fn config() -> ProptestConfig {
    const CASES: u32 = 48;
    const SEED: u64 = 1;
    let asked = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    ProptestConfig {
        cases: asked("PROPTEST_CASES").and_then(|cases| u32::try_from(cases).ok()).unwrap_or(CASES),
        rng_seed: RngSeed::Fixed(asked("PROPTEST_RNG_SEED").unwrap_or(SEED)),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    /// A word that is changed in the source is changed in every edition.
    #[test]
    fn a_changed_word_is_changed_everywhere(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), letters in "[bcdfgk]{3}[bcdfgk]{3}") {
        let sources = sources();
        let text = which.get(&sources);
        let words = plain_words(text);
        let range = at.get(&words).clone();
        let new = format!("q{letters}");
        prop_assume!(!text.contains(&new));
        let mut changed = text.clone();
        changed.replace_range(range.clone(), &new);
        let place = format!("{:?} instead of {:?} at {}", new, &text[range.clone()], range.start);
        for (format, words) in words_by_edition(&changed) {
            // Headings may be set in capitals, words in tables may be broken.
            let found = words.to_lowercase().replace([' ', '\u{ad}'], "").contains(&new);
            prop_assert!(found, "{format:?} lacks {place}");
        }
    }

    /// No input makes the compiler panic, and what can be compiled compiles to
    /// the same bytes again.
    #[test]
    fn nothing_panics(text in document()) {
        let all = || {
            let files = MemoryFiles(BTreeMap::from([
                ("note.md".to_owned(), text.clone().into_bytes()),
                ("part.md".to_owned(), b"# Part\n\nA part.[^p]\n\n[^p]: Its note.\n".to_vec()),
                ("data.csv".to_owned(), b"year,a,b\n2006,1,2.5\n2011,3,-4\n".to_vec()),
            ]));
            let compilation = PROJECT_FREE.compile_files("note.md", &files);
            Format::ALL.map(|format| compilation.edition(format, &mut Diagnostics::default()))
        };
        prop_assert_eq!(all(), all());
    }

    /// Every edition says what the document says, read back by other means
    /// than it was written by.
    #[test]
    fn every_edition_says_the_same(text in document()) {
        let files = MemoryFiles(BTreeMap::from([
            ("note.md".to_owned(), text.clone().into_bytes()),
            ("part.md".to_owned(), b"# Part\n\nA part.[^p]\n\n[^p]: Its note.\n".to_vec()),
            ("data.csv".to_owned(), b"year,a,b\n2006,1,2.5\n2011,3,-4\n".to_vec()),
        ]));
        let compilation = PROJECT_FREE.compile_files("note.md", &files);
        prop_assume!(!compilation.diagnostics.has_errors());
        let faults = faults_of_editions(&compilation);
        prop_assert!(faults.is_empty(), "{text:?}\n{}", faults.join("\n"));
    }
}

/// Pieces of syntax, good and bad, next to one another.
pub fn document() -> impl Strategy<Value = String> {
    const PIECES: [&str; 72] = [
        "# ",
        "## Title {#id}\n",
        "### ",
        "\n\n",
        "\n",
        "  \n",
        "> ",
        "- ",
        "- [x] ",
        "1. ",
        "    ",
        "\t",
        "words ",
        "Ünïcödé ",
        "🙂 ",
        "\u{202e}",
        "العربية ",
        "*",
        "**",
        "_",
        "~~",
        "^",
        "~",
        "`",
        "``",
        "```rust\n",
        "~~~\n",
        "[link](",
        "https://example.org/) ",
        "[](#id) ",
        "[@id, p. 3] ",
        "![alt](x.png) ",
        "[^1] ",
        "[^1]: note\n",
        "^[inline] ",
        "[text]{lang=fr .c} ",
        "{{title}} ",
        "{{",
        "*[AB]: A b\n",
        "AB ",
        ":::box {title=\"T: x\"}\n",
        ":::\n",
        "::::\n",
        ":::table {#t caption=\"C\"}\n",
        "| a | b |\n|---|:-:|\n| 1 | 2 |\n",
        "|\n",
        ":::annex {title=A}\n",
        ":::only {format=pdf}\n",
        ":::include {src=part.md}\n:::\n",
        ":::table {src=data.csv}\n:::\n",
        ":::chart {type=bar src=data.csv x=year caption=\"C\"}\n:::\n",
        ":::pagebreak\n",
        ":::key-points\n",
        ":::figure {#f}\n",
        "> [!NOTE]\n",
        "Term\n: details\n",
        "---\n",
        "***\n",
        "<sup>x</sup>",
        "<table><tr><td rowspan=2>x</table>",
        "<b>",
        "</b>",
        "<br/>",
        "<script>x</script>",
        "<!-- c -->",
        "&amp; ",
        "&#1; ",
        "\\",
        "$1 ",
        "$$x$$ ",
        "\r\n",
        "\"quoted\" ",
    ];
    let piece = prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_filter("NUL is refused", |letter| *letter != '\0').prop_map(String::from),
    ];
    let front = prop_oneof![
        4 => Just(String::new()),
        1 => Just("---\ntitle: T\ndate: 2026-01-15\nlang: fr\nnumbering: {sections: true, paragraphs: true}\n---\n".to_owned()),
        1 => Just("---\n".to_owned()),
    ];
    (front, prop::collection::vec(piece, 0..40)).prop_map(|(front, pieces)| front + &pieces.concat())
}
