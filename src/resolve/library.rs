//! What documents of a project know of one another.

use super::{Context, link, prepare, title};
use crate::ast::{Block, BlockKind, Document, Parsed, ParsedBlock, plain_text};
use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use std::collections::BTreeMap;

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
    /// Every id that a link can name.
    pub ids: Vec<String>,
    /// Names that links may use for the ids beside themselves.
    pub aliases: BTreeMap<String, String>,
    /// Whether includes and profiles decide which ids there are.
    pub conditional: bool,
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
    Entry {
        title: title.text(),
        description,
        lang: document.metadata.lang.as_ref().map(|lang| lang.value.clone()),
        aliases: ids.take_aliases(own.as_deref()),
        ids: ids.into_names(),
        conditional: is_conditional(&document.blocks),
    }
}

/// The id in a document that a link's fragment means: `Some(None)` is the
/// document's title, `None` is a dead link.
pub fn find_id(entry: &Entry, path: &str, fragment: &str, context: &Context) -> Option<Option<String>> {
    if !entry.conditional {
        return lookup(&entry.ids, &entry.aliases, fragment);
    }
    let whole = whole_entry(path, context)?;
    lookup(&whole.ids, &whole.aliases, fragment)
}

/// A document as others see it where includes and profiles decide: it is read
/// as it will be resolved, with all that it includes.
pub fn whole_entry(path: &str, context: &Context) -> Option<Entry> {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let file = crate::load::load(path, context.files, &mut sources, &mut diagnostics)?;
    let document = crate::parse::parse(file, &sources, &mut diagnostics);
    let document = prepare::expand(document, path, context, &mut sources, &mut diagnostics);
    Some(entry(path, &document))
}

fn lookup(ids: &[String], aliases: &BTreeMap<String, String>, fragment: &str) -> Option<Option<String>> {
    let exact = |name: &str| {
        let own = ids.iter().any(|id| id == name).then(|| name.to_owned());
        match own {
            Some(id) => Some(Some(id)),
            None => aliases.get(name).map(|id| Some(id.clone()).filter(|id| !id.is_empty())),
        }
    };
    exact(fragment).or_else(|| exact(&link::percent_decode(fragment)))
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
