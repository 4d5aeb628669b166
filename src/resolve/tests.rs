//! Whole documents through all passes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod library;

use super::{Context, Library, OutlineEntry, Resolved, ResolvedInline, Target};
use crate::ast::{Align, BlockKind, InlineKind, plain_text};
use crate::diagnostic::{Diagnosed, Diagnostic, Diagnostics};
use crate::project::{Collection, Project};
use crate::source::{MemoryFiles, Sources};
use std::collections::BTreeSet;

/// What became of the first of some files.
struct Outcome {
    document: Resolved,
    diagnostics: Vec<Diagnostic>,
    sources: Sources,
}

impl Outcome {
    /// Code and `line:column` of each diagnostic, in order.
    fn places(&self) -> Vec<String> {
        let place = |diagnostic: &Diagnostic| {
            let span = diagnostic.span.unwrap();
            let place = self.sources.get(span.file).unwrap().place(span.start as usize);
            format!("{} {}:{}", diagnostic.code.as_str(), place.line, place.column)
        };
        self.diagnostics.iter().map(place).collect()
    }

    /// The text of the document's references, in order.
    fn references(&self) -> Vec<String> {
        struct Finder(Vec<String>);
        impl crate::ast::Visit<super::ResolvedStage> for Finder {
            fn stage_inline(&mut self, inline: &ResolvedInline) {
                let ResolvedInline::Reference { text, .. } = inline;
                self.0.push(text.replace('\u{a0}', " "));
            }
            fn stage_block(&mut self, block: &super::ResolvedBlock) {
                if let super::ResolvedBlock::Section(section) = block {
                    crate::ast::walk_blocks(&section.blocks, self);
                }
            }
        }
        let mut finder = Finder(Vec::new());
        crate::ast::walk_blocks(&self.document.blocks, &mut finder);
        finder.0
    }

    /// The document's paragraphs as words, sections left out.
    fn paragraphs(&self) -> Vec<String> {
        let blocks = self.document.blocks.iter();
        blocks
            .filter_map(|block| match &block.kind {
                BlockKind::Paragraph(content) => Some(plain_text(content)),
                _ => None,
            })
            .collect()
    }
}

fn resolve_in(project: &Project, profiles: &[&str], files: &[(&str, &str)]) -> Outcome {
    let bytes = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    let store = MemoryFiles(bytes.collect());
    let profiles: Vec<String> = profiles.iter().map(|name| (*name).to_owned()).collect();
    let paths = files.iter().map(|(path, _)| (*path).to_owned()).filter(|path| path.ends_with(".md"));
    let library = Library::from_paths(paths, project);
    let context = Context {
        project,
        library: &library,
        files: &store,
        profiles: &profiles,
        source_date_epoch: None,
        index: None,
        compared: &BTreeSet::new(),
        dead_links_stay: false,
    };
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let path = files[0].0;
    let file = crate::load(path, &store, &mut sources, &mut diagnostics).unwrap();
    let parsed = crate::parse::parse(file, &mut sources).after(diagnostics);
    let Diagnosed { value: document, diagnostics } = super::resolve(parsed, path, &context, &mut sources);
    Outcome { document, diagnostics: diagnostics.into_sorted(), sources }
}

fn resolve(text: &str) -> Outcome {
    resolve_in(&Project::default(), &[], &[("note.md", text)])
}

fn titles(outline: &[OutlineEntry]) -> Vec<String> {
    outline
        .iter()
        .flat_map(|entry| std::iter::once(entry.title.plain_text().to_owned()).chain(titles(&entry.children)))
        .collect()
}

#[test]
fn titles_come_from_three_places() {
    let title = |text: &str| {
        let outcome = resolve(text);
        (outcome.document.title_text.clone(), titles(&outcome.document.outline))
    };
    let sections = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(title("---\ntitle: Given\n---\n# One\n# Two\n"), ("Given".to_owned(), sections(&["One", "Two"])));
    assert_eq!(title("---\ntitle: Given\n---\n# Given\n## One\n"), ("Given".to_owned(), sections(&["One"])));
    assert_eq!(title("# First\n## One\n"), ("First".to_owned(), sections(&["One"])));
    assert_eq!(title("# One\n# Two\n"), ("Note".to_owned(), sections(&["One", "Two"])));
    assert_eq!(title("## One\n\n# Two\n"), ("Note".to_owned(), sections(&["One", "Two"])));
}

#[test]
fn an_inserted_table_renumbers_every_reference() {
    let table = |id: &str| format!(":::table {{#{id} caption=\"About {id}\"}}\n| A |\n|---|\n| 1 |\n:::\n\n");
    for before in 0..4 {
        let inserted: String = (0..before).map(|at| table(&format!("new-{at}"))).collect();
        let outcome = resolve(&format!("See [](#last) and [@first].\n\n{inserted}{}{}", table("first"), table("last")));
        assert_eq!(outcome.references(), [format!("Table {}", before + 2), format!("Table {}", before + 1)]);
    }
}

#[test]
fn content_for_others_leaves_no_byte() {
    let text = "# Open\n\nText[^a].\n\n:::only {audience=internal}\n## Canary {#canary}\n\n\
        Canary[^canary] {{canary}} [](#canary-lost) [@canary] *[CANARY]: canary\n\n*[CNR]: canary\n\n\
        [^canary]: Canary.\n[^canary]: Canary twice.\n\n![](canary.png)\n\n```canary\n:::\n\n[^a]: Open. CNR\n";
    let text = &text.replace("```canary\n", "");
    let outcome = resolve_in(&Project::default(), &["press"], &[("note.md", text)]);
    let everything = format!("{:?} {:?} {:?}", outcome.document, outcome.diagnostics, outcome.sources).to_lowercase();
    assert!(!everything.contains("canary"), "{everything}");
    let outcome = resolve_in(&Project::default(), &["internal"], &[("note.md", text)]);
    assert!(format!("{:?}", outcome.document).contains("canary"));
}

#[test]
fn notes_are_numbered_in_reading_order_even_in_one_another() {
    let outcome = resolve("A[^x] b[^y] c[^x].\n\n[^y]: Why.\n[^x]: Ex, see[^z].\n[^z]: Zed, see[^x].\n[^u]: Unused.\n");
    let notes = &outcome.document.notes;
    let words = |at: usize| match &notes[at].blocks[0].kind {
        BlockKind::Paragraph(content) => plain_text(content),
        _ => String::new(),
    };
    assert_eq!((0..4).map(words).collect::<Vec<_>>(), ["Ex, see.", "Zed, see.", "Why.", "Unused."]);
    assert_eq!(notes[0].references, ["note-1-ref-1", "note-1-ref-2", "note-1-ref-3"]);
    assert_eq!(notes[3].references, Vec::<String>::new());
    assert_eq!(outcome.places(), ["W0305 6:1"]);
}

#[test]
fn ids_of_notes_keep_clear_of_the_authors() {
    let outcome = resolve("## A {#note-1}\n\nText[^x].\n\n[^x]: Note.\n");
    assert_eq!(outcome.document.notes[0].id, "note-1-1");
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
}

#[test]
fn long_chains_of_notes_end() {
    let notes: String = (0..5000).map(|at| format!("[^{at}]: Note[^{}].\n", at + 1)).collect();
    let outcome = resolve(&format!("A[^0].\n\n{notes}[^5000]: Last.\n"));
    assert_eq!(outcome.document.notes.len(), 5001);
}

#[test]
fn abbreviations_are_explained_once() {
    let text = "*[PPC]: Permanent Partnership Council\n\n## The PPC\n\nPPCs meet; a PPC met.\n";
    let outcome = resolve(text);
    let BlockKind::Stage(super::ResolvedBlock::Section(section)) = &outcome.document.blocks[0].kind else { panic!() };
    assert_eq!(plain_text(&section.title), "The PPC");
    let BlockKind::Paragraph(content) = &section.blocks[0].kind else { panic!() };
    assert_eq!(plain_text(content), "Permanent Partnership Councils (PPCs) meet; a PPC met.");
    let marked = content.iter().filter(|inline| matches!(inline.kind, InlineKind::Abbreviation { .. })).count();
    assert_eq!(marked, 2);
    assert_eq!(outcome.document.abbreviations.len(), 1);
}

#[test]
fn sections_that_include_one_another_end_with_the_chain() {
    let outcome = resolve_in(
        &Project::default(),
        &[],
        &[("a.md", ":::include {src=b.txt}\n:::\n\nEnd.\n"), ("b.txt", "B.\n\n:::include {src=a.md}\n:::\n")],
    );
    assert_eq!(outcome.places(), ["E0211 3:17"]);
    assert!(outcome.diagnostics[0].hint.as_deref().unwrap().contains("a.md → b.txt → a.md"));
    assert_eq!(outcome.paragraphs(), ["B.", "End."]);
}

#[test]
fn documents_link_to_one_another() {
    let other = ("fields/other.md", "# Other\n\n## A part\n\nText.\n\n:::include {src=more.txt}\n:::\n");
    let more = ("fields/more.txt", "## More {#more}\n");
    let text = "[a](fields/other.md#a-part) [](fields/other.md) [b](fields/other.md#more) [c](fields/other.md#other)\n\n\
        [d](fields/other.md#nowhere) [e](fields/othr.md)\n";
    let outcome = resolve_in(&Project::default(), &[], &[("a.md", text), other, more]);
    assert_eq!(outcome.places(), ["E0304 3:1", "E0304 3:30"]);
    let BlockKind::Paragraph(content) = &outcome.document.blocks[0].kind else { panic!() };
    let links: Vec<(Target, String)> = content
        .iter()
        .filter_map(|inline| match &inline.kind {
            InlineKind::Link { target, content, .. } => Some((target.clone(), plain_text(content))),
            _ => None,
        })
        .collect();
    let target = |fragment: Option<&str>| Target::Document {
        path: "fields/other".to_owned(),
        fragment: fragment.map(str::to_owned),
    };
    assert_eq!(
        links,
        [
            (target(Some("a-part")), "a".to_owned()),
            (target(None), "Other".to_owned()),
            (target(Some("more")), "b".to_owned()),
            (target(None), "c".to_owned()),
        ]
    );
}

#[test]
fn members_of_a_collection_find_their_way() {
    let mut project = Project::default();
    let order = vec!["second".to_owned()];
    project.collections.insert("fields".to_owned(), Collection { order, ..Collection::default() });
    let index = ("source/fields/index.md", "# Fields\n\nText.\n");
    let (first, second, third) = (
        ("source/fields/first.md", "# One\n\nWords of one.\n"),
        ("source/fields/second.md", "# Two\n"),
        ("source/fields/third.md", "# Three\n"),
    );
    let member = resolve_in(&project, &[], &[first, index, second, third]).document;
    assert_eq!(member.stem, "fields/first");
    let text = |link: &Option<super::NavigationLink>| link.as_ref().map(|link| link.text.clone()).unwrap_or_default();
    let navigation = &member.navigation;
    assert_eq!(text(&navigation.up), "Back to Fields");
    assert_eq!(text(&navigation.previous), "Previous: Two");
    assert_eq!(text(&navigation.next), "Next: Three");
    let landing = resolve_in(&project, &[], &[index, first, second, third]).document;
    let titles: Vec<_> = landing.navigation.members.iter().map(|member| member.title.as_str()).collect();
    assert_eq!(titles, ["Two", "One", "Three"]);
    assert_eq!(landing.navigation.members[1].description.as_deref(), Some("Words of one."));
    assert_eq!(landing.navigation.up, None);
}

#[test]
fn figures_are_aligned_where_nobody_said_how() {
    let outcome = resolve("| a | b | c |\n|---|:--|---|\n| 1.5 | 1 | x |\n| — | 2 | 3 |\n");
    let BlockKind::Table(table) = &outcome.document.blocks[0].kind else { panic!() };
    let aligns: Vec<_> = table.columns.iter().map(|column| column.align).collect();
    assert_eq!(aligns, [Some(Align::Decimal('.')), Some(Align::Start), None]);
}

#[test]
fn twenty_thousand_paragraphs_are_resolved() {
    let text: String =
        (0..20_000).map(|at| format!("Text of \"paragraph\" {at} with the EU and [a link](#last).\n\n")).collect();
    let text = format!("*[EU]: European Union\n\n{text}## Last\n");
    let bytes = [("note.md", text.as_str())];
    let outcome = resolve_in(&Project::default(), &[], &bytes);
    assert!(outcome.diagnostics.is_empty());
    assert_eq!(outcome.document.blocks.len(), 20_001);
}
