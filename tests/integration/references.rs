//! A reference says what its target says: in its document, from others, in every edition.

use crate::sandbox::Sandbox;
use crate::support::{compile_among, editions, faults_of_editions};
use chancery::Compilation;
use chancery::ast::{InlineKind, Visit, plain_text, walk_blocks, walk_inlines};
use chancery::format::Format;
use chancery::project::Project;
use chancery::resolve::{RInline, Resolved, ResolvedBlock, ResolvedInline, ResolvedStage, Target};
use chancery::source::MemoryFiles;
use proptest::prelude::{Just, ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, prop_assume, proptest};
use proptest::prop_oneof;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;

/// What a title may be made of.
const PIECES: [&str; 14] = [
    "Rivers",
    "and \"deep\" seas",
    "*of* the",
    "`a--b \"c\"`",
    "{{reference}}",
    "{{x-place}}",
    "[d\u{2019}« eau »: ici]{lang=fr}",
    "[](#tab)",
    "[](#other){.title}",
    "[words](#other)",
    "AB",
    "x^2^",
    "^[A note.]",
    "it's",
];

/// The texts of references by where they lead, the titles of sections by their ids, and
/// the words of links to documents by their paths.
#[derive(Default)]
struct Said {
    references: Vec<(String, String)>,
    titles: BTreeMap<String, String>,
    documents: Vec<(String, String)>,
}

impl Said {
    fn of(document: &Resolved) -> Said {
        let mut said = Said::default();
        walk_blocks(&document.summary, &mut said);
        walk_blocks(&document.blocks, &mut said);
        said
    }
}

impl Visit<ResolvedStage> for Said {
    fn block(&mut self, block: &chancery::resolve::RBlock) {
        if let chancery::ast::BlockKind::Stage(ResolvedBlock::Section(section)) = &block.kind
            && let Some(id) = block.attrs.id()
        {
            self.titles.insert(id.to_owned(), plain_text(&section.title));
        }
    }
    fn inline(&mut self, inline: &RInline) {
        if let InlineKind::Link { target: Target::Document { path, .. }, content, .. } = &inline.kind {
            self.documents.push((path.clone(), plain_text(content)));
        }
    }
    fn stage_inline(&mut self, inline: &ResolvedInline) {
        let ResolvedInline::Reference { target, text } = inline;
        if let Target::Internal(id) = target {
            self.references.push((id.clone(), text.clone()));
        }
    }
    fn stage_block(&mut self, block: &ResolvedBlock) {
        match block {
            // Titles say less of one another, so that they can name one another.
            ResolvedBlock::Section(section) => walk_blocks(&section.blocks, self),
            ResolvedBlock::ForFormats { blocks, .. } => walk_blocks(blocks, self),
            ResolvedBlock::Changed { block, .. } => walk_blocks(std::slice::from_ref(block), self),
            ResolvedBlock::NumberedParagraph { content, .. } => walk_inlines(content, self),
            ResolvedBlock::Listing(_) => {}
        }
    }
}

fn title() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 1..5).prop_map(|pieces| format!("{} T", pieces.join(" ")))
}

/// How a document gets its title, which is `words`.
fn opening() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("# {words}\n\n"),
        Just(":::include {src=_part.md}\n:::\n\n"),
        Just(":::only {audience=press}\n# {words}\n:::\n\n:::only {audience=internal}\n# Secret\n:::\n\n"),
    ]
}

fn project() -> (Vec<String>, Project) {
    (vec!["press".to_owned()], Project::default())
}

/// The document at one of two paths, compiled among both.
fn compile(paths: [&str; 2], files: &MemoryFiles) -> Compilation {
    let (profiles, project) = project();
    compile_among(&paths, files, &project, &profiles)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(32),
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_reference_says_what_its_target_says(
        words in title(), one in title(), other in title(), opening in opening(), quoted in prop::bool::ANY,
    ) {
        let front = "---\nreference: R/7\nx-place: \"\u{2018}there\u{2019}\"\n";
        let summary = if quoted { "abstract: \"Of *the* [](#one) and `it's`.^[Note.]\"\n" } else { "" };
        let text = format!(
            "{front}{summary}---\n{}First [](#one), [](#other), [](#tab).\n\n## {one} {{#one}}\n\nText [](two.md).\n\n\
             ## {other} {{#other}}\n\nText.[^n]\n\n:::table {{#tab caption=\"A {{{{reference}}}}\"}}\n| a |\n|---|\n| 1 |\n:::\n\n\
             *[AB]: A b\n\n[^n]: In a [note]{{#in-note}}.\n",
            opening.replace("{words}", &words)
        );
        let from_outside = "# Two\n\nSee [](one.md), [](one.md#in-note), [](one.md#one) and [](one.md#tab).\n";
        let files = MemoryFiles(BTreeMap::from([
            ("one.md".to_owned(), text.clone().into_bytes()),
            ("_part.md".to_owned(), format!("# {words}\n\nA part.\n").into_bytes()),
            ("two.md".to_owned(), from_outside.as_bytes().to_vec()),
        ]));
        let target = compile(["one.md", "two.md"], &files);
        prop_assume!(!target.diagnostics.has_errors());
        let document = target.document.as_ref().unwrap();
        let said = Said::of(document);
        prop_assert!(said.titles.contains_key("one") && said.references.iter().any(|(id, _)| id == "one"));
        for (id, text) in &said.references {
            if let Some(title) = said.titles.get(id) {
                prop_assert_eq!(text, &format!("\u{201c}{}\u{201d}", title.trim()));
            }
        }
        let pointer = compile(["two.md", "one.md"], &files);
        prop_assert!(!pointer.diagnostics.has_errors(), "{:?}", pointer.diagnostics);
        let said = Said::of(pointer.document.as_ref().unwrap());
        prop_assert_eq!(said.documents.len(), 4);
        for (_, words) in &said.documents {
            prop_assert_eq!(words, &document.title_text);
        }
        for compilation in [&target, &pointer] {
            let faults = faults_of_editions(compilation);
            prop_assert!(faults.is_empty(), "{}\n{}", text, faults.join("\n"));
        }
    }
}

#[test]
fn what_a_title_elsewhere_is_made_of_is_an_input() {
    let sandbox = Sandbox::with(&[
        ("chancery.toml", "[project]\ntitle = \"Briefs\"\nformats = [\"text\"]\n"),
        ("source/index.md", "# Briefs\n\n:::members\n:::\n"),
        ("source/one.md", ":::include {src=_part.md}\n:::\n"),
        ("source/_part.md", "# A part [](two.md)\n\nText.\n"),
        ("source/two.md", "# Two\n\nText.\n"),
        ("source/three.md", "# Three\n\nSee [](one.md).\n"),
    ]);
    sandbox.run(&["build"]).ends_with(0);
    let outputs: BTreeMap<String, Vec<u8>> = sandbox.files("outputs").into_iter().collect();
    let text = |name: &str| String::from_utf8(outputs[name].clone()).unwrap();
    assert!(text("three.txt").contains("See A part Two"), "{}", text("three.txt"));
    assert!(text("index.txt").contains("A part Two"), "{}", text("index.txt"));
    let manifest: serde_json::Value = serde_json::from_str(&text("manifest.json")).unwrap();
    for document in ["three", "index"] {
        let inputs = manifest["documents"][format!("source/{document}.md")]["inputs"].as_object().unwrap();
        for input in ["source/one.md", "source/_part.md", "source/two.md"] {
            assert!(inputs.contains_key(input), "{document} does not name {input}");
        }
    }
}

#[test]
fn a_document_whose_name_is_in_capitals_is_named_like_others() {
    let files = MemoryFiles(BTreeMap::from([
        ("NOTE.MD".to_owned(), b"# Capitals\n\nText.\n".to_vec()),
        ("two.md".to_owned(), b"# Two\n\nSee [](NOTE.MD).\n".to_vec()),
    ]));
    let compilation = compile(["two.md", "NOTE.MD"], &files);
    assert!(!compilation.diagnostics.has_errors(), "{:?}", compilation.diagnostics);
    let html = editions(&compilation, Format::Html);
    assert!(html.contains("<a href=\"NOTE.html\">Capitals</a>"), "{html}");
    let text = editions(&compilation, Format::Text);
    assert!(text.contains("NOTE.txt") && !text.contains("NOTE.MD"), "{text}");
}
