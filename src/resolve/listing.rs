//! Lists made from the document: contents, figures, tables, abbreviations,
//! members of the collection; and the outline.

use super::budget::{self, Budget};
use super::id::Ids;
use super::resolved::{
    AbbreviationEntry, Label, Listing, ListingEntry, Navigation, OutlineEntry, RBlock, RInline, ResolvedBlock,
    ResolvedInline, ResolvedStage, Section, Target,
};
use crate::ast::{BlockKind, Inline, InlineKind, ListingKind, Run, Table, Toc};
use crate::diagnostic::Diagnostics;
use crate::language::Labels;
use crate::source::Span;

/// A contents list is made without being asked for when there are more
/// sections than this, of any level …
const CONTENTS_SECTIONS: usize = 3;
/// … and at least this many words: about three pages.
const CONTENTS_WORDS: usize = 1200;
/// How many levels of sections a contents list shows unless told.
const CONTENTS_DEPTH: u8 = 3;

/// A listing whose entries are not known yet.
pub fn empty(kind: ListingKind, labels: &Labels, ids: &mut Ids, span: Span) -> Listing {
    let (title, id) = match kind {
        ListingKind::Contents => (labels.contents, "contents"),
        ListingKind::Figures => (labels.figures, "list-of-figures"),
        ListingKind::Tables => (labels.tables, "list-of-tables"),
        ListingKind::Abbreviations => (labels.abbreviations, "abbreviations"),
        ListingKind::Bibliography => (labels.bibliography, "bibliography"),
        ListingKind::Members => (labels.in_this_collection, "members"),
    };
    Listing { kind, title: title.to_owned(), id: ids.unique(id, span), entries: Vec::new() }
}

/// The elements of the document, by kind of list.
#[derive(Debug, Default)]
pub struct Inventory {
    pub contents: Vec<ListingEntry>,
    pub figures: Vec<ListingEntry>,
    pub tables: Vec<ListingEntry>,
    pub abbreviations: Vec<ListingEntry>,
    pub bibliography: Vec<ListingEntry>,
    pub members: Vec<ListingEntry>,
}

impl Inventory {
    /// Takes stock of a lowered document.
    pub fn from_blocks(
        blocks: &[RBlock],
        abbreviations: &[AbbreviationEntry],
        navigation: &Navigation,
        span: Span,
    ) -> Self {
        let mut inventory = Inventory::default();
        inventory.visit(blocks);
        inventory.abbreviations = abbreviations
            .iter()
            .map(|entry| ListingEntry {
                target: None,
                level: 1,
                label: Some(entry.short.clone()),
                content: vec![Inline::new(InlineKind::Text(entry.expansion.clone()), span)].into(),
            })
            .collect();
        inventory.members = navigation
            .members
            .iter()
            .map(|member| ListingEntry {
                target: Some(member.target.clone()),
                level: 1,
                label: None,
                content: vec![Inline::new(InlineKind::Text(member.title.clone()), span)].into(),
            })
            .collect();
        inventory
    }

    fn visit(&mut self, blocks: &[RBlock]) {
        for block in blocks {
            match &block.kind {
                BlockKind::Stage(ResolvedBlock::Section(section)) => {
                    self.contents.push(ListingEntry {
                        target: target(block.attrs.id()),
                        level: section.level,
                        label: section.number.clone(),
                        content: bare_title(&section.title),
                    });
                    self.visit(&section.blocks);
                }
                BlockKind::Stage(ResolvedBlock::ForFormats { blocks, .. })
                | BlockKind::Quote { blocks, .. }
                | BlockKind::Admonition { blocks, .. }
                | BlockKind::Group(blocks) => self.visit(blocks),
                BlockKind::Panel(panel) => self.visit(&panel.blocks),
                BlockKind::List(list) => list.items.iter().for_each(|item| self.visit(&item.blocks)),
                BlockKind::Definitions(definitions) => {
                    definitions.iter().flat_map(|definition| &definition.details).for_each(|blocks| self.visit(blocks));
                }
                BlockKind::Figure(figure) => {
                    let entry = captioned(block.attrs.id(), figure.label.as_ref(), figure.caption.as_deref());
                    self.figures.extend(entry);
                    self.visit(&figure.blocks);
                }
                BlockKind::Table(table) => {
                    let entry = captioned(block.attrs.id(), table.label.as_ref(), table.caption.as_deref());
                    self.tables.extend(entry);
                    for cell in table.head.iter().chain(&table.body).flat_map(|row| &row.cells) {
                        self.visit(&cell.blocks);
                    }
                }
                BlockKind::Stage(ResolvedBlock::Changed { block, .. }) => self.visit(std::slice::from_ref(block)),
                BlockKind::Stage(ResolvedBlock::Listing(_) | ResolvedBlock::NumberedParagraph { .. })
                | BlockKind::Paragraph(_)
                | BlockKind::Code { .. }
                | BlockKind::Equation(_)
                | BlockKind::Rule
                | BlockKind::PageBreak => {}
            }
        }
    }

    /// The contents list after the title, where there is to be one: asked for,
    /// or needed and not placed by the author.
    pub fn contents(&self, toc: Toc, blocks: &[RBlock], labels: &Labels, ids: &mut Ids, span: Span) -> Option<Listing> {
        let depth = match toc {
            Toc::No => return None,
            Toc::Depth(depth) => depth,
            Toc::Auto => {
                let long =
                    self.contents.len() > CONTENTS_SECTIONS && count_words(blocks, CONTENTS_WORDS) >= CONTENTS_WORDS;
                if !long || holds(blocks, ListingKind::Contents) {
                    return None;
                }
                CONTENTS_DEPTH
            }
        };
        let entries: Vec<_> = self.contents.iter().filter(|entry| entry.level <= depth).cloned().collect();
        if entries.is_empty() {
            return None;
        }
        let id = ids.unique("contents", span);
        Some(Listing { kind: ListingKind::Contents, title: labels.contents.to_owned(), id, entries })
    }

    fn entries(&self, kind: ListingKind) -> &[ListingEntry] {
        match kind {
            ListingKind::Contents => &self.contents,
            ListingKind::Figures => &self.figures,
            ListingKind::Tables => &self.tables,
            ListingKind::Abbreviations => &self.abbreviations,
            ListingKind::Bibliography => &self.bibliography,
            ListingKind::Members => &self.members,
        }
    }

    /// Fills the listings that the author placed.
    pub fn fill(&self, blocks: &mut [RBlock], budget: &mut Budget, diagnostics: &mut Diagnostics) {
        for block in blocks {
            match &mut block.kind {
                BlockKind::Stage(ResolvedBlock::Listing(listing)) => {
                    let entries = self.entries(listing.kind);
                    if budget.take(entries.iter().map(weight).sum(), block.span, diagnostics) {
                        listing.entries = entries.to_vec();
                    }
                }
                BlockKind::Stage(ResolvedBlock::Section(Section { blocks, .. }))
                | BlockKind::Stage(ResolvedBlock::ForFormats { blocks, .. })
                | BlockKind::Quote { blocks, .. }
                | BlockKind::Admonition { blocks, .. }
                | BlockKind::Group(blocks) => self.fill(blocks, budget, diagnostics),
                BlockKind::Panel(panel) => self.fill(&mut panel.blocks, budget, diagnostics),
                // No list is in what names nothing.
                BlockKind::List(list) if list.is_self_contained() => {}
                BlockKind::Table(table) if table.is_self_contained() => {}
                BlockKind::List(list) => {
                    list.items.iter_mut().for_each(|item| self.fill(&mut item.blocks, budget, diagnostics))
                }
                BlockKind::Definitions(definitions) => definitions
                    .iter_mut()
                    .flat_map(|definition| &mut definition.details)
                    .for_each(|blocks| self.fill(blocks, budget, diagnostics)),
                BlockKind::Stage(ResolvedBlock::Changed { block, .. }) => {
                    self.fill(std::slice::from_mut(block), budget, diagnostics);
                }
                BlockKind::Figure(figure) => self.fill(&mut figure.blocks, budget, diagnostics),
                BlockKind::Table(table) => {
                    let Table { head, body, .. } = &mut **table;
                    let rows = head.iter_mut().chain(body);
                    rows.flat_map(|row| &mut row.cells)
                        .for_each(|cell| self.fill(&mut cell.blocks, budget, diagnostics));
                }
                BlockKind::Stage(ResolvedBlock::NumberedParagraph { .. })
                | BlockKind::Paragraph(_)
                | BlockKind::Code { .. }
                | BlockKind::Equation(_)
                | BlockKind::Rule
                | BlockKind::PageBreak => {}
            }
        }
    }
}

/// The weight of an entry: an item of a list with a link.
fn weight(entry: &ListingEntry) -> usize {
    let target = entry.target.as_ref().map_or(0, budget::target);
    let label = entry.label.as_deref().map_or(0, str::len);
    budget::NODE * 5 + target + label + budget::inlines(&entry.content)
}

/// Sections and annexes as a tree.
pub fn outline(blocks: &[RBlock]) -> Vec<OutlineEntry> {
    let sections = blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Stage(ResolvedBlock::Section(section)) => Some((block, section)),
        _ => None,
    });
    let entry = |(block, section): (&RBlock, &Section)| OutlineEntry {
        id: block.attrs.id().unwrap_or_default().to_owned(),
        number: section.number.clone(),
        title: bare_title(&section.title),
        children: outline(&section.blocks),
    };
    sections.map(entry).collect()
}

fn target(id: Option<&str>) -> Option<Target> {
    id.map(|id| Target::Internal(id.to_owned()))
}

fn captioned(id: Option<&str>, label: Option<&Label>, caption: Option<&[RInline]>) -> Option<ListingEntry> {
    let content = without_anchors(caption?).into();
    Some(ListingEntry { target: target(id), level: 1, label: label.map(|label| label.text.clone()), content })
}

/// A title for another place, which is the same run where it names nothing.
fn bare_title(title: &Run<ResolvedStage>) -> Run<ResolvedStage> {
    if title.is_self_contained() && !holds_links(title) { title.clone() } else { without_anchors(title).into() }
}

fn holds_links(content: &[RInline]) -> bool {
    content.iter().any(|inline| matches!(inline.kind, InlineKind::Link { .. }) || holds_links(inline.kind.children()))
}

/// A copy of a title for another place: without notes, links and ids, which
/// belong to the first place alone.
pub fn without_anchors(content: &[RInline]) -> Vec<RInline> {
    let mut copy = Vec::with_capacity(content.len());
    for inline in content {
        let mut inline = inline.clone();
        if inline.attrs.id().is_some() {
            inline.attrs.edit().id = None;
        }
        match &mut inline.kind {
            InlineKind::Note(_) => continue,
            InlineKind::Link { content, .. } => inline.kind = InlineKind::Span(without_anchors(content)),
            InlineKind::Stage(ResolvedInline::Reference { text, .. }) => {
                inline.kind = InlineKind::Text(std::mem::take(text));
            }
            other => {
                if let Some(content) = other.children_mut() {
                    *content = without_anchors(content);
                }
            }
        }
        copy.push(inline);
    }
    copy
}

fn holds(blocks: &[RBlock], kind: ListingKind) -> bool {
    blocks.iter().any(|block| match &block.kind {
        BlockKind::Stage(ResolvedBlock::Listing(listing)) => listing.kind == kind,
        BlockKind::Stage(ResolvedBlock::Section(section)) => holds(&section.blocks, kind),
        _ => false,
    })
}

/// Puts the bibliography before the annexes where the author put it nowhere.
pub fn place_bibliography(
    blocks: &mut Vec<RBlock>,
    entries: &[ListingEntry],
    labels: &Labels,
    ids: &mut Ids,
    span: Span,
) {
    let kind = ListingKind::Bibliography;
    if entries.is_empty() || holds(blocks, kind) {
        return;
    }
    let is_annex = |block: &RBlock| match &block.kind {
        BlockKind::Stage(ResolvedBlock::Section(section)) => section.annex,
        _ => false,
    };
    let after = blocks.iter().rposition(|block| !is_annex(block)).map_or(0, |last| last + 1);
    let listing = empty(kind, labels, ids, span);
    blocks.insert(after, RBlock::new(BlockKind::Stage(ResolvedBlock::Listing(listing)), span));
}

/// The number of words: texts between spaces that contain letters or figures.
fn words_in(text: &str) -> usize {
    if text.is_ascii() {
        let words = text.split_ascii_whitespace();
        return words.filter(|word| word.bytes().any(|byte| byte.is_ascii_alphanumeric())).count();
    }
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// How many words a document has, its notes not counted. When there are `enough`, the others
/// are not counted.
pub fn count_words(blocks: &[RBlock], enough: usize) -> usize {
    struct Counter {
        words: usize,
        enough: usize,
    }
    impl crate::ast::Visit<super::ResolvedStage> for Counter {
        fn inline(&mut self, inline: &RInline) {
            if let InlineKind::Text(text) = &inline.kind
                && self.words < self.enough
            {
                self.words += words_in(text);
            }
        }
        fn stage_block(&mut self, block: &ResolvedBlock) {
            if self.words >= self.enough {
                return;
            }
            match block {
                ResolvedBlock::Section(section) => {
                    crate::ast::walk_inlines(&section.title, self);
                    crate::ast::walk_blocks(&section.blocks, self);
                }
                ResolvedBlock::ForFormats { blocks, .. } => crate::ast::walk_blocks(blocks, self),
                ResolvedBlock::Changed { block, .. } => crate::ast::walk_blocks(std::slice::from_ref(block), self),
                ResolvedBlock::NumberedParagraph { content, .. } => crate::ast::walk_inlines(content, self),
                ResolvedBlock::Listing(_) => {}
            }
        }
    }
    let mut counter = Counter { words: 0, enough };
    crate::ast::walk_blocks(blocks, &mut counter);
    counter.words
}
