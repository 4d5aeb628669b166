//! A session that went through edits says what compiling from nothing says.

use crate::incremental::{FILES, edit};
use chancery::ast::BlockKind;
use chancery::backend::html::{self, BlockCache, Page, emit_incremental};
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::layout::frame::{ItemKind, Mark, PlacedPage};
use chancery::layout::layout;
use chancery::project::Project;
use chancery::resolve::{Context, Library, RBlock, ResolvedBlock};
use chancery::source::{MemoryFiles, RELOCATABLE_BASE, Sources};
use chancery::{Compilation, Compiled, Pages, Session};
use proptest::prelude::{ProptestConfig, prop, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::RngSeed;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The documents of a project.
const DOCUMENTS: [&str; 6] =
    ["source/a.md", "source/b.md", "source/c.md", "source/d/e.md", "source/d/index.md", "source/index.md"];
/// More than all documents come to.
const ENOUGH: usize = 1 << 20;

/// The files of a project, without what the program alone reads.
fn files() -> MemoryFiles {
    let sources = FILES.iter().filter(|(path, _)| path.starts_with("source/"));
    MemoryFiles(sources.map(|(path, texts)| ((*path).to_owned(), texts[0].as_bytes().to_vec())).collect())
}

fn put(files: &mut MemoryFiles, path: &str, text: &str) {
    if text.is_empty() {
        files.0.remove(path);
    } else {
        files.0.insert(path.to_owned(), text.as_bytes().to_vec());
    }
}

/// Does something with each document that is there.
fn each<T>(files: &MemoryFiles, project: &Project, mut act: impl FnMut(&str, &Context) -> T) -> BTreeMap<String, T> {
    let there: Vec<&str> = DOCUMENTS.into_iter().filter(|path| files.0.contains_key(*path)).collect();
    let library = Library::from_paths(there.iter().map(|path| (*path).to_owned()), project);
    let context = Context {
        project,
        library: &library,
        files,
        profiles: &[],
        source_date_epoch: None,
        index: Some("index"),
        compared: &BTreeSet::new(),
        dead_links_stay: false,
    };
    there.into_iter().map(|path| (path.to_owned(), act(path, &context))).collect()
}

/// All that a session says of its documents.
fn compile(session: &Session, files: &MemoryFiles, project: &Project) -> BTreeMap<String, Arc<Compiled>> {
    each(files, project, |path, context| session.compile(path, context))
}

/// The tree, the look, the sources and the messages of a document. Places of the tree are those in the
/// file.
fn said(compilation: &Compilation) -> String {
    let Compilation { sources, document, theme, diagnostics } = compilation;
    let texts: Vec<_> = sources.iter().map(|(_, source)| (source.path(), source.text())).collect();
    let tree = located(&format!("{document:#?}"), sources);
    format!("{tree}\n{theme:#?}\n{texts:#?}\n{diagnostics:#?}")
}

/// What is written of a tree, with places in the file instead of those that are counted apart from it.
fn located(tree: &str, sources: &Sources) -> String {
    let own = sources.iter().next().map(|(_, source)| source);
    let line = |line: &str| {
        let number = line.trim().strip_prefix("start: ").or_else(|| line.trim().strip_prefix("end: "));
        let place = number.and_then(|number| number.strip_suffix(',')?.parse::<u32>().ok());
        match (place.filter(|place| *place >= RELOCATABLE_BASE), own) {
            (Some(place), Some(own)) => line.replace(&place.to_string(), &own.locate(place).to_string()),
            _ => line.to_owned(),
        }
    };
    tree.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// All that is said of pages, with tags that are counted from the document's first, as no layout
/// counts them that shares its pages with others.
fn everything_on(pages: &Pages) -> String {
    let mut layout = pages.layout.clone();
    for page in &mut layout.pages {
        let mut content = chancery::layout::frame::Page::clone(page);
        for item in &mut content.items {
            if let Mark::Content(tag) = &mut item.mark {
                *tag = page.tag(*tag);
            }
            if let ItemKind::Link(link) = &mut item.kind {
                link.tag = page.tag(link.tag);
            }
        }
        *page = PlacedPage { content: Arc::new(content), first_tag: 0 };
    }
    format!("{layout:?}, {:?}", pages.diagnostics)
}

/// The pages of a document, laid out from nothing.
fn anew_pages(compilation: &Compilation) -> Option<String> {
    let mut diagnostics = Diagnostics::default();
    let layout = layout(compilation.document.as_ref()?, &compilation.theme, &mut diagnostics);
    Some(everything_on(&Pages { layout, diagnostics }))
}

/// The HTML edition that a session wrote again, and the one from nothing with its elements.
fn both_pages(compiled: &Compiled, anew: &Compilation) -> [Option<Page>; 2] {
    let page = anew.document.as_ref().map(|document| emit_incremental(document, &mut BlockCache::default()));
    let text = anew.document.as_ref().map(html::emit);
    assert_eq!(page.as_ref().map(|page| &page.text), text.as_ref());
    [compiled.html(), page]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(8),
        rng_seed: RngSeed::Fixed(5),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_session_after_edits_says_what_compiling_from_nothing_says(edits in prop::collection::vec(edit(), 8)) {
        let (session, mut files, mut project) = (Session::new(ENOUGH), files(), Project::default());
        for at in 0..edits.len() {
            let (file, text) = edits[at];
            let (path, texts) = FILES[file];
            match path.strip_prefix("source/") {
                Some(_) => put(&mut files, path, texts[text % texts.len()]),
                // Something else that decides what is said.
                None => project.title = Some(texts[text % texts.len()].to_owned()),
            }
            let anew = each(&files, &project, chancery::compile);
            for (path, compiled) in compile(&session, &files, &project) {
                let wanted = &anew[&path];
                prop_assert_eq!(said(&compiled.compilation), said(wanted), "{} after {:?}", path, &edits[..=at]);
                let pages = compiled.pages().map(|pages| everything_on(&pages));
                prop_assert_eq!(pages, anew_pages(wanted), "the pages of {} after {:?}", path, &edits[..=at]);
                let [page, page_anew] = both_pages(&compiled, wanted);
                prop_assert_eq!(page, page_anew, "the HTML of {} after {:?}", path, &edits[..=at]);
                for format in [Format::Html, Format::Docbook, Format::Text, Format::Pdf] {
                    let mut diagnostics = Diagnostics::default();
                    let bytes = wanted.edition(format, &mut diagnostics);
                    let edition = compiled.edition(format);
                    prop_assert!(
                        edition.as_ref().map(|edition| edition.bytes.as_ref()) == bytes.as_ref(),
                        "the {} edition of {path} differs after {:?}", format.name(), &edits[..=at]
                    );
                    let found = edition.map(|edition| format!("{:?}", edition.diagnostics)).unwrap_or_default();
                    prop_assert_eq!(found, bytes.map(|_| format!("{diagnostics:?}")).unwrap_or_default());
                }
            }
        }
    }
}

/// The documents that were compiled again.
fn changed(before: &BTreeMap<String, Arc<Compiled>>, after: &BTreeMap<String, Arc<Compiled>>) -> Vec<String> {
    let is_same =
        |path: &str, compiled: &Arc<Compiled>| before.get(path).is_some_and(|before| Arc::ptr_eq(before, compiled));
    after.iter().filter(|(path, compiled)| !is_same(path, compiled)).map(|(path, _)| path.clone()).collect()
}

#[test]
fn only_what_a_change_touches_is_compiled_again() {
    let (session, mut files, project) = (Session::new(ENOUGH), files(), Project::default());
    let mut last = compile(&session, &files, &project);
    let mut after = |path: &str, text: &str| {
        put(&mut files, path, text);
        let now = compile(&session, &files, &project);
        let changed = changed(&last, &now);
        last = now;
        changed
    };
    assert_eq!(after("source/unread.md", "# Nothing of theirs\n"), [""; 0]);
    // Its first paragraph describes it to those that name it.
    let named_by = ["source/a.md", "source/b.md", "source/c.md", "source/index.md"];
    assert_eq!(after("source/b.md", "# B\n\n## X {#x}\n\nOther words.\n"), named_by);
    assert_eq!(after("source/b.md", "# B\n\n## X {#x}\n\nOther words.\n\nMore.\n"), ["source/b.md"]);
    assert_eq!(after("source/data.csv", "Place,Sum\nHere,2\n"), ["source/d/e.md"]);
}

/// The places in memory of what a tree shares with others, and how many parts there are: of
/// headings, paragraphs, lists and tables.
fn shared_parts(blocks: &[RBlock], out: &mut [BTreeSet<usize>; 4]) {
    for block in blocks {
        match &block.kind {
            BlockKind::Stage(ResolvedBlock::Section(section)) => {
                out[0].insert(section.title.address());
                shared_parts(&section.blocks, out);
            }
            BlockKind::Paragraph(run) => drop(out[1].insert(run.address())),
            BlockKind::List(list) => drop(out[2].insert(list.address())),
            BlockKind::Table(table) => drop(out[3].insert(table.address())),
            _ => {}
        }
    }
}

#[test]
fn parts_that_stay_are_shared_with_the_document_before() {
    let section = |number: usize| {
        format!(
            "## Part {number}\n\nParagraph {number} has **words** and a [link](https://a.example).\n\n\
             - Item {number}\n- [ ] To do\n\n:::table {{caption=\"Figures\"}}\n| A | B |\n|---|---|\n| {number} | 2 |\n:::\n\n"
        )
    };
    let text = |first: &str| format!("# Title\n\n{first}\n\n{}", (0..200).map(section).collect::<String>());
    let (session, mut files, project) = (Session::new(ENOUGH), MemoryFiles::default(), Project::default());
    let mut compiled = |first: &str| {
        put(&mut files, "source/a.md", &text(first));
        compile(&session, &files, &project).remove("source/a.md").unwrap()
    };
    let [before, after] = ["A sentence.", "Another sentence, which is longer."].map(&mut compiled);
    let [before, after] = [&before, &after].map(|compiled| {
        let mut parts = <[BTreeSet<usize>; 4]>::default();
        shared_parts(&compiled.compilation.document.as_ref().unwrap().blocks, &mut parts);
        parts
    });
    for (kind, (before, after)) in ["heading", "paragraph", "list", "table"].iter().zip(before.iter().zip(&after)) {
        let shared = before.intersection(after).count();
        assert!(before.len() >= 200 && after.len() >= 200);
        // The others stand in the part of the text that changed.
        assert!(shared > 150, "{shared} of 200 are shared: {kind}");
    }
}

#[test]
fn a_session_keeps_no_more_than_its_budget() {
    let (files, project) = (files(), Project::default());
    let nothing = Session::default();
    let first = compile(&nothing, &files, &project);
    assert_eq!(changed(&first, &compile(&nothing, &files, &project)).len(), first.len());

    let one = Session::new(1);
    let first = compile(&one, &files, &project);
    let again = each(&files, &project, |path, context| (path == DOCUMENTS[5]).then(|| one.compile(path, context)));
    let last = again[DOCUMENTS[5]].as_ref().unwrap();
    assert!(Arc::ptr_eq(last, &first[DOCUMENTS[5]]), "the one that was asked for last is kept");
    assert_eq!(changed(&first, &compile(&one, &files, &project)).len(), first.len());
}

/// The handbook, of which blocks are left out, written twice, or given a word or a note more.
fn revised(blocks: &mut Vec<String>, at: usize, kind: usize) {
    let at = 1 + at % (blocks.len() - 1);
    match kind {
        0 => drop(blocks.remove(at)),
        1 => blocks.insert(at, blocks[at].clone()),
        2 => blocks.insert(at, "## Änderung\n\nOne word more.[^new]\n\n[^new]: A *note*.".to_owned()),
        3 => blocks[at].push_str(" more"),
        4 => blocks[at].push_str(" the the **word ** and a [link][l] on 3/4/2024"),
        // What is open may take in all that follows, or nothing.
        5 => blocks.insert(at, "```\nCode".to_owned()),
        6 => blocks.insert(at, ":::box".to_owned()),
        7 => blocks.insert(at, "[l]: https://www.example.org \"A title\"".to_owned()),
        _ => blocks.insert(at, "<!-- Nobody reads this.".to_owned()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2),
        rng_seed: RngSeed::Fixed(6),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_long_document_after_edits_is_what_it_is_from_nothing(edits in prop::collection::vec((0usize..1000, 0usize..9), 8)) {
        const PATH: &str = "source/a.md";
        let text = include_str!("../../source/handbook.md");
        let mut blocks: Vec<String> = text.split("\n\n").map(str::to_owned).collect();
        let (session, mut files, project) = (Session::new(1 << 30), MemoryFiles::default(), Project::default());
        for (at, kind) in edits {
            revised(&mut blocks, at, kind);
            put(&mut files, PATH, &blocks.join("\n\n"));
            let anew = each(&files, &project, chancery::compile);
            let compiled = &compile(&session, &files, &project)[PATH];
            prop_assert!(said(&compiled.compilation) == said(&anew[PATH]), "something else is said after {kind} at {at}");
            let pages = compiled.pages().map(|pages| everything_on(&pages));
            prop_assert!(pages == anew_pages(&anew[PATH]), "other pages after {kind} at {at}");
            let [page, page_anew] = both_pages(compiled, &anew[PATH]);
            prop_assert!(page == page_anew, "other HTML after {kind} at {at}");
        }
    }
}

#[test]
fn a_page_on_which_nothing_changes_is_not_made_again() {
    const PATH: &str = "source/a.md";
    for has_notes in [false, true] {
        let section = |number: usize, word: &str| {
            let rule = if number.is_multiple_of(7) { "***\n\n" } else { "" };
            let (call, note) = match has_notes {
                true => (format!("[^{number}]"), format!("[^{number}]: What is noted of part {number}.\n\n")),
                false => Default::default(),
            };
            format!("## Part {number}\n\n{word} words of part {number}.{call}\n\n- One.\n- Two.\n\n{note}{rule}")
        };
        let text = |word: &str| {
            let sections: String =
                (1..100).map(|number| section(number, if number == 50 { word } else { "The" })).collect();
            format!("---\ntoc: true\n---\n\n# Parts\n\n{sections}")
        };
        let (session, mut files, project) = (Session::new(1 << 30), MemoryFiles::default(), Project::default());
        let mut pages = |word: &str| {
            put(&mut files, PATH, &text(word));
            compile(&session, &files, &project)[PATH].pages().unwrap()
        };
        // What is said more than once is shared from the second time on.
        let [_, before, after] = ["The", "All", "Few"].map(&mut pages);
        assert!(before.layout.pages.len() > 10);
        let both = before.layout.pages.iter().zip(&after.layout.pages);
        let is_other = |(before, after): &(&PlacedPage, &PlacedPage)| !Arc::ptr_eq(&before.content, &after.content);
        assert_eq!(both.filter(is_other).count(), 1, "notes: {has_notes}");
    }
}

/// All tags behind a section have other numbers when one comes before it.
#[test]
fn pages_behind_a_new_section_are_not_made_again() {
    const PATH: &str = "source/a.md";
    let part = |number: usize| {
        let words = "Words that fill a line and a little more than that. ".repeat(20);
        format!(
            "# Part {number}\n\n{words}[^{number}]\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n[^{number}]: Of {number}.\n\n:::pagebreak\n\n"
        )
    };
    let text = |more: &str| {
        let parts: Vec<String> = (1..40).map(part).collect();
        format!("{}\n\n{more}\n\n{}", parts[..9].concat(), parts[9..].concat())
    };
    let (session, mut files, project) = (Session::new(1 << 30), MemoryFiles::default(), Project::default());
    let mut pages = |more: &str| {
        put(&mut files, PATH, &text(more));
        compile(&session, &files, &project)[PATH].pages().unwrap()
    };
    let [_, before, after] = ["", "A word.", "A word.\n\n## One more\n\nAnd another."].map(&mut pages);
    let count = before.layout.pages.len();
    assert!(count > 30 && after.layout.pages.len() == count, "{count} and {} pages", after.layout.pages.len());
    let both = before.layout.pages.iter().zip(&after.layout.pages).enumerate();
    let other: Vec<usize> = both
        .filter(|(_, (before, after))| !Arc::ptr_eq(&before.content, &after.content))
        .map(|(number, _)| number)
        .collect();
    // The first one has the contents.
    assert_eq!(other, [0, 10]);
}
