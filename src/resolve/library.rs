//! What documents of a project know of one another.

use super::abbreviation::Abbreviations;
use super::budget::Budget;
use super::citation::Citations;
use super::id::{self, Similar};
use super::inline::{Place, Runs};
use super::numbered::{self, Numbered};
use super::title::{self, Title};
use super::{Context, link, prepare, summary};
use crate::ast::{Block, BlockKind, Document, Inline, InlineKind, Parsed, ParsedBlock, ParsedInline};
use crate::diagnostic::Diagnostics;
use crate::source::{Sources, Unrecorded};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// All documents of a project by project-relative source path.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Library {
    pub entries: BTreeMap<String, Entry>,
    /// Sources by the same path without its ending.
    by_stem: BTreeMap<String, String>,
}

/// One document as others see it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// What its title says.
    pub title: String,
    /// What its summary says, or its first paragraph.
    pub description: Option<String>,
    /// Every id that a link can name, in alphabetical order.
    pub ids: Vec<String>,
    /// Names that links may use for the ids beside themselves.
    pub aliases: BTreeMap<String, String>,
    /// Ids by the names that other tools may give them.
    pub similar: Similar,
    /// Whether includes and profiles decide which ids there are.
    pub conditional: bool,
    /// Whether other files decide what it says of itself.
    pub composed: bool,
    /// The document with all that it includes, once somebody has asked for it.
    pub whole: OnceLock<Option<Box<Entry>>>,
}

impl Library {
    /// Takes a parsed document in. The library of the context is not looked at.
    pub fn add(&mut self, path: &str, document: &Document, sources: &Sources, context: &Context) {
        let context = Context { library: &Library::default(), ..*context };
        self.by_stem.entry(link::stem(path).to_owned()).or_insert_with(|| path.to_owned());
        self.entries.insert(path.to_owned(), own_entry(path, document.clone(), sources, &context));
    }

    /// The source of the editions that lie at a path from the project's root.
    pub fn source(&self, stem: &str) -> Option<&str> {
        self.by_stem.get(stem).map(String::as_str)
    }

    /// What the document at a path says of itself.
    pub fn entry(&self, path: &str, context: &Context) -> Option<&Entry> {
        let entry = self.entries.get(path)?;
        let whole = if entry.composed { entry.whole(path, context) } else { None };
        Some(whole.unwrap_or(entry))
    }
}

impl Entry {
    /// The document with all that it includes. Who asks first is chance, so nobody
    /// takes note of what is read.
    fn whole(&self, path: &str, context: &Context) -> Option<&Entry> {
        let whole = self.whole.get_or_init(|| {
            let files = Unrecorded(context.files);
            whole_entry(path, &Context { files: &files, ..*context }).map(Box::new)
        });
        whole.as_deref()
    }
}

/// A parsed document as others see it before they know of one another.
fn own_entry(path: &str, document: Document, sources: &Sources, context: &Context) -> Entry {
    let conditional = is_conditional(&document);
    let mut diagnostics = Diagnostics::default();
    let numbered = numbered::number(document, path, context, sources, &mut diagnostics);
    let cites = cites(&numbered);
    let (mut entry, named_others) =
        entry(path, context, numbered, (Citations::default(), Budget::default()), sources, &mut diagnostics);
    entry.conditional = conditional;
    entry.composed = conditional || cites || named_others;
    entry
}

/// What a document says of itself, and whether it names others there.
fn entry(
    path: &str,
    context: &Context,
    numbered: Numbered,
    (citations, budget): (Citations, Budget),
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> (Entry, bool) {
    let Numbered { metadata, blocks, title, mut parts, start } = numbered;
    let own = title.heading().map(str::to_owned);
    let known = Abbreviations::new(&parts.abbreviations, &metadata, context.project, start, diagnostics);
    let mut runs = parts.runs((path, context), known, citations, budget, sources, diagnostics);
    runs.apart = true;
    let title = runs.quoted(title.into_content(start), Place::Heading);
    runs.variables.set("title", title.clone());
    let description = summary::quoted_summary(&mut runs, &metadata, start);
    if let Some(words) = &description {
        runs.variables.set("abstract", words.clone());
    }
    let description = description.or_else(|| first_paragraph(blocks, &mut runs));
    let named_others = runs.named_others;
    let mut ids = parts.ids;
    let entry = Entry {
        title: title::cut(title),
        description: description.map(title::cut),
        similar: ids.all_similar(),
        aliases: ids.take_aliases(own.as_deref()),
        ids: ids.into_names(),
        ..Entry::default()
    };
    (entry, named_others)
}

/// What a link's fragment means in another document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Id(String),
    /// The heading that became the document's title.
    Title,
    /// An id that another tool makes otherwise of the same words.
    Similar(String),
    Nothing,
}

/// Looks a link's fragment up in another document.
pub fn find_id(entry: &Entry, path: &str, fragment: &str, context: &Context) -> Found {
    if !entry.conditional {
        return lookup(entry, fragment);
    }
    entry.whole(path, context).map_or(Found::Nothing, |whole| lookup(whole, fragment))
}

/// A document as others see it where other files or profiles decide: it is read
/// as it will be resolved, with all that it includes and cites.
pub fn whole_entry(path: &str, context: &Context) -> Option<Entry> {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let file = crate::load::load(path, context.files, &mut sources, &mut diagnostics)?;
    let document = crate::parse::parse(file, &mut sources, &mut diagnostics);
    let mut budget = Budget::default();
    let document = prepare::expand(document, path, context, &mut budget, &mut sources, &mut diagnostics);
    let mut numbered = numbered::number(document, path, context, &sources, &mut diagnostics);
    let mut citations = Citations::default();
    if cites(&numbered) {
        let place = (path, context, numbered.start);
        let Numbered { metadata, blocks, parts, .. } = &mut numbered;
        citations = parts.citations(metadata, blocks, place, &mut budget, &mut sources, &mut diagnostics);
    }
    Some(entry(path, context, numbered, (citations, budget), &sources, &mut diagnostics).0)
}

/// Whether a document cites something where it speaks of itself.
fn cites(numbered: &Numbered) -> bool {
    fn holds(content: &[Inline<Parsed>]) -> bool {
        content.iter().any(|inline| match &inline.kind {
            InlineKind::Stage(ParsedInline::Citation(_)) => true,
            kind => holds(kind.children()),
        })
    }
    let abstract_text = numbered.metadata.abstract_text.as_ref().map(|text| &text.value);
    let in_title = matches!(&numbered.title, Title::Heading { content, .. } if holds(content));
    let first = abstract_text.is_none().then(|| paragraphs(&numbered.blocks).next()).flatten();
    in_title || first.is_some_and(holds)
}

fn lookup(entry: &Entry, fragment: &str) -> Found {
    let exact = |name: &str| {
        if entry.ids.binary_search_by(|id| id.as_str().cmp(name)).is_ok() {
            return Some(Found::Id(name.to_owned()));
        }
        let id = entry.aliases.get(name)?;
        Some(if id.is_empty() { Found::Title } else { Found::Id(id.clone()) })
    };
    let found = exact(fragment).or_else(|| exact(&link::percent_decode(fragment)));
    found.unwrap_or_else(|| match id::similar(&entry.similar, fragment) {
        Some(id) => Found::Similar(id.to_owned()),
        None => Found::Nothing,
    })
}

fn is_conditional(document: &Document) -> bool {
    struct Finder(bool);
    impl crate::ast::Visit<Parsed> for Finder {
        fn stage_block(&mut self, block: &ParsedBlock) {
            match block {
                ParsedBlock::Include { .. } => self.0 = true,
                ParsedBlock::Only { condition, blocks } => {
                    self.0 |= !condition.audience.is_empty();
                    crate::ast::walk_blocks(blocks, self);
                }
                ParsedBlock::Annex(annex) => crate::ast::walk_blocks(&annex.blocks, self),
                ParsedBlock::Heading(_)
                | ParsedBlock::DataTable(_)
                | ParsedBlock::Chart(_)
                | ParsedBlock::Listing(_) => {}
            }
        }
    }
    let mut finder = Finder(document.notes.iter().any(|note| !note.only.is_empty()));
    crate::ast::walk_blocks(&document.blocks, &mut finder);
    for note in &document.notes {
        crate::ast::walk_blocks(&note.blocks, &mut finder);
    }
    finder.0
}

/// The words of the first paragraph of the text that has some.
fn first_paragraph(blocks: Vec<Block<Parsed>>, runs: &mut Runs) -> Option<String> {
    paragraphs(&blocks).find_map(|content| summary::in_one_line(&runs.quoted(content.to_vec(), Place::Text)))
}

/// The paragraphs of the text itself, in order.
fn paragraphs(blocks: &[Block<Parsed>]) -> impl Iterator<Item = &[Inline<Parsed>]> {
    blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Paragraph(content) => Some(content.as_slice()),
        _ => None,
    })
}
