//! What documents of a project know of one another.

use super::budget::Budget;
use super::id::{self, Similar};
use super::{Context, link, prepare, title};
use crate::ast::{Block, BlockKind, Document, Parsed, ParsedBlock, plain_text};
use crate::diagnostic::Diagnostics;
use crate::source::{Sources, Unrecorded};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// All documents of a project by project-relative source path.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Library {
    pub entries: BTreeMap<String, Entry>,
}

/// One document as others see it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    pub title: String,
    pub description: Option<String>,
    pub lang: Option<String>,
    /// Every id that a link can name, in alphabetical order.
    pub ids: Vec<String>,
    /// Names that links may use for the ids beside themselves.
    pub aliases: BTreeMap<String, String>,
    /// Ids by the names that other tools may give them.
    pub similar: Similar,
    /// Whether includes and profiles decide which ids there are.
    pub conditional: bool,
    /// The document with all that it includes, once somebody has asked for one of its ids.
    pub whole: OnceLock<Option<Box<Entry>>>,
}

impl Library {
    /// Takes a parsed document in.
    pub fn add(&mut self, path: &str, document: &Document) {
        self.entries.insert(path.to_owned(), entry(path, document));
    }
}

/// A parsed document as others see it.
pub fn entry(path: &str, document: &Document) -> Entry {
    let mut blocks = document.blocks.clone();
    let mut found = Diagnostics::default();
    let mut ids = prepare::name(&mut blocks, &mut found);
    let title = title::take(&document.metadata, &mut blocks, path);
    let own = title.heading().map(str::to_owned);
    let abstract_text = document.metadata.abstract_text.as_ref().map(|text| text.value.clone());
    let description = abstract_text.or_else(|| first_paragraph(&blocks));
    if let Some(own) = &own {
        ids.forget(own);
    }
    Entry {
        similar: ids.all_similar(),
        title: title::cut(title.text()),
        description: description.map(title::cut),
        lang: document.metadata.lang.as_ref().map(|lang| lang.value.clone()),
        aliases: ids.take_aliases(own.as_deref()),
        ids: ids.into_names(),
        conditional: is_conditional(&document.blocks),
        whole: OnceLock::new(),
    }
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
    let whole = entry.whole.get_or_init(|| unrecorded_entry(path, context).map(Box::new));
    whole.as_ref().map_or(Found::Nothing, |whole| lookup(whole, fragment))
}

/// The same as [`whole_entry`]. Who asks first is chance, so nobody takes note of
/// what is read.
fn unrecorded_entry(path: &str, context: &Context) -> Option<Entry> {
    let files = Unrecorded(context.files);
    whole_entry(path, &Context { files: &files, ..*context })
}

/// A document as others see it where includes and profiles decide: it is read
/// as it will be resolved, with all that it includes.
pub fn whole_entry(path: &str, context: &Context) -> Option<Entry> {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let file = crate::load::load(path, context.files, &mut sources, &mut diagnostics)?;
    let document = crate::parse::parse(file, &mut sources, &mut diagnostics);
    let document = prepare::expand(document, path, context, &mut Budget::default(), &mut sources, &mut diagnostics);
    Some(self::entry(path, &document))
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

fn is_conditional(blocks: &[Block<Parsed>]) -> bool {
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
    let mut finder = Finder(false);
    crate::ast::walk_blocks(blocks, &mut finder);
    finder.0
}

/// The words of the first paragraph of the text.
fn first_paragraph(blocks: &[Block<Parsed>]) -> Option<String> {
    blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Paragraph(content) => Some(plain_text(content)).filter(|text| !text.trim().is_empty()),
        _ => None,
    })
}
