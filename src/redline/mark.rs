//! Marks blocks of one version only.

use super::rebuild::change;
use crate::ast::{Attrs, Block, BlockKind, InlineKind, ListItem};
use crate::resolve::{
    Change, ChangeKind, Label, NoteUse, RBlock, RInline, Resolved, ResolvedBlock, ResolvedInline, ResolvedStage, Side,
    Target, change_of,
};
use crate::source::Span;
use std::collections::BTreeMap;

/// Prefix of ids that are in the old version only.
pub const OLD: &str = "_old-";
/// The class of what was a reference: its words were derived, and are none of the author's.
pub const REFERENCE: &str = "_reference";

/// Brings what only the old version has into the new one: its places, notes
/// and pictures follow those of the new one.
#[derive(Debug)]
pub struct Adopter {
    /// How many files the new version is made from.
    files: u32,
    /// Whether changes can be taken back: numbers and labels stay what they are, as they follow
    /// from what is left.
    pub is_tracked: bool,
    /// The move that what is marked is one end of.
    pub pair: Option<u32>,
    new_notes: usize,
    new_pictures: usize,
    /// Notes of the new version by those of the old one, and the other way.
    notes: BTreeMap<usize, usize>,
    pub partners: BTreeMap<usize, usize>,
    /// Whether notes are one only where they have one number in both versions.
    pub keeps_note_numbers: bool,
    /// How many notes of the new version are compared already.
    pub compared_notes: usize,
    /// Notes that only the old version has, in the order in which they are met.
    pub gone_notes: Vec<usize>,
    /// Pictures of the old version that are shown.
    pub pictures: Vec<usize>,
}

impl Adopter {
    /// An adopter for two versions.
    pub fn new(new: &Resolved, files: u32) -> Adopter {
        Adopter {
            files,
            is_tracked: false,
            pair: None,
            new_notes: new.notes.len(),
            new_pictures: new.pictures.len(),
            notes: BTreeMap::new(),
            partners: BTreeMap::new(),
            keeps_note_numbers: false,
            compared_notes: 0,
            gone_notes: Vec::new(),
            pictures: Vec::new(),
        }
    }

    /// A place in the old version's files.
    pub fn span(&self, mut span: Span) -> Span {
        span.file.0 = span.file.0.saturating_add(self.files);
        span
    }

    /// Makes one of notes that are called from the same place; whether they are one.
    pub fn pair_notes(&mut self, old: usize, new: usize) -> bool {
        match (self.notes.get(&old), self.partners.get(&new)) {
            (Some(known), _) => *known == new,
            (None, None) if self.keeps_note_numbers && old != new => false,
            (None, None) if new >= self.compared_notes => {
                self.notes.insert(old, new);
                self.partners.insert(new, old);
                true
            }
            (None, _) => false,
        }
    }

    /// The note of the new version that one of the old is, where it is in both.
    pub fn note_in_both(&self, old: usize) -> Option<usize> {
        self.notes.get(&old).copied()
    }

    /// The note that an old one is now.
    pub fn note(&mut self, note: usize) -> usize {
        if let Some(known) = self.notes.get(&note) {
            return *known;
        }
        let place = self.gone_notes.iter().position(|gone| *gone == note).unwrap_or_else(|| {
            self.gone_notes.push(note);
            self.gone_notes.len() - 1
        });
        self.new_notes + place
    }

    /// The picture that an old one is now.
    fn picture(&mut self, picture: usize) -> usize {
        let place = self.pictures.iter().position(|known| *known == picture).unwrap_or_else(|| {
            self.pictures.push(picture);
            self.pictures.len() - 1
        });
        self.new_pictures + place
    }

    /// Inlines of the old version. They lead nowhere inside the document, as
    /// the places they led to may be gone.
    pub fn inlines(&mut self, inlines: &[RInline]) -> Vec<RInline> {
        inlines.iter().map(|inline| self.inline(inline)).collect()
    }

    /// Converts an inline of the old version.
    pub fn inline(&mut self, inline: &RInline) -> RInline {
        let mut inline = inline.clone();
        inline.span = self.span(inline.span);
        inline.attrs = without_id(&inline.attrs);
        inline.kind = match inline.kind {
            InlineKind::Link { target: Target::Internal(_) | Target::Document { .. }, content, .. } => {
                InlineKind::Span(content)
            }
            InlineKind::Stage(ResolvedInline::Reference { text, .. }) => {
                inline.attrs.edit().classes.push(REFERENCE.to_owned());
                InlineKind::Span(vec![RInline::new(InlineKind::Text(text), inline.span)])
            }
            InlineKind::Note(NoteUse { note, id, separator }) => {
                InlineKind::Note(NoteUse { note: self.note(note), id: format!("{OLD}{id}"), separator })
            }
            InlineKind::Image(mut image) => {
                image.picture = self.picture(image.picture);
                InlineKind::Image(image)
            }
            kind => kind,
        };
        if let Some(children) = inline.kind.children_mut()
            && !inline.attrs.has_class(REFERENCE)
        {
            let adopted = self.inlines(children);
            *children = adopted;
        }
        inline
    }

    /// A block of one version, with every word marked. Numbers of the old
    /// version are words of it, as they count for nothing any more.
    pub fn block(&mut self, block: &RBlock, kind: ChangeKind) -> RBlock {
        let mut block = block.clone();
        self.mark(&mut block, kind);
        // What the edition itself adds to a box or a table is said even where that is empty.
        if self.is_tracked && says_without_words(&block) && change_of([&block]).is_none() {
            block = changed(block, kind, self.pair);
        }
        block
    }

    /// Marks every word of several blocks.
    pub fn blocks(&mut self, blocks: &[RBlock], kind: ChangeKind) -> Vec<RBlock> {
        let mut marked = Vec::with_capacity(blocks.len());
        for block in blocks {
            if !self.drops(block, kind) {
                marked.push(self.block(block, kind));
            }
        }
        marked
    }

    /// Inlines of one version, marked, after the number that they had.
    pub fn text(&mut self, inlines: &[RInline], number: Option<&str>, kind: ChangeKind) -> Vec<RInline> {
        let mut content = match kind.side() {
            Some(Side::Old) => self.inlines(inlines),
            Some(Side::New) | None => inlines.to_vec(),
        };
        if let Some(number) = number.filter(|_| kind.side() == Some(Side::Old) && !self.is_tracked) {
            let span = inlines.first().map_or_else(Span::default, |inline| self.span(inline.span));
            let gap = RInline::new(InlineKind::Text(" ".to_owned()), span);
            let number = RInline::new(InlineKind::Text(number.to_owned()), span);
            content.splice(0..0, [change(ChangeKind::Former, vec![number]), gap]);
        }
        if content.is_empty() { content } else { vec![self.change(kind, content)] }
    }

    fn change(&self, kind: ChangeKind, content: Vec<RInline>) -> RInline {
        let mut change = change(kind, content);
        set_pair(&mut change, self.pair);
        change
    }

    /// Whether a block says nothing of its own where it is marked.
    pub fn drops(&self, block: &RBlock, kind: ChangeKind) -> bool {
        is_derived(block, kind)
            && !(self.is_tracked && matches!(block.kind, BlockKind::Stage(ResolvedBlock::Listing(_))))
    }

    fn mark(&mut self, block: &mut RBlock, kind: ChangeKind) {
        let is_old = kind.side() == Some(Side::Old);
        // Numbers and labels of the old version count for nothing any more.
        let is_former = is_old && !self.is_tracked;
        if is_old {
            block.span = self.span(block.span);
            block.attrs = without_id(&block.attrs);
        }
        match &mut block.kind {
            BlockKind::Paragraph(content) => *content = self.text(content, None, kind).into(),
            BlockKind::List(list) => list.items.iter_mut().for_each(|item| self.item(item, kind)),
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    definition.terms.iter_mut().for_each(|term| *term = self.text(term, None, kind));
                    definition.details.iter_mut().for_each(|details| self.all(details, kind));
                }
            }
            BlockKind::Quote { blocks, attribution } => {
                self.all(blocks, kind);
                self.maybe(attribution, None, kind);
            }
            BlockKind::Equation(_) => *block = changed(block.clone(), kind, self.pair),
            BlockKind::Code { .. } | BlockKind::Stage(ResolvedBlock::Listing(_)) if self.is_tracked => {
                unlinked(&mut block.kind, is_old);
                *block = changed(block.clone(), kind, self.pair);
            }
            BlockKind::Code { text, .. } => block.kind = BlockKind::Paragraph(code(text, block.span, kind).into()),
            BlockKind::Admonition { title, blocks, .. } => {
                self.maybe(title, None, kind);
                self.all(blocks, kind);
            }
            BlockKind::Panel(panel) => {
                let label = former(&mut panel.label, is_former);
                self.maybe(&mut panel.title, label.as_deref(), kind);
                self.all(&mut panel.blocks, kind);
            }
            BlockKind::Figure(figure) => {
                let label = former(&mut figure.label, is_former);
                self.all(&mut figure.blocks, kind);
                self.maybe(&mut figure.caption, label.as_deref(), kind);
            }
            BlockKind::Table(table) => {
                let table = &mut **table;
                let label = former(&mut table.label, is_former);
                self.maybe(&mut table.caption, label.as_deref(), kind);
                for cell in table.head.iter_mut().chain(&mut table.body).flat_map(|row| &mut row.cells) {
                    if is_old {
                        cell.attrs = without_id(&cell.attrs);
                    }
                    self.all(&mut cell.blocks, kind);
                }
            }
            BlockKind::Group(blocks) | BlockKind::Stage(ResolvedBlock::ForFormats { blocks, .. }) => {
                self.all(blocks, kind);
            }
            BlockKind::Stage(ResolvedBlock::Section(section)) => {
                let number = section.number.take_if(|_| is_former);
                section.title = match section.title.is_empty() && self.is_tracked {
                    // Without words it is still a paragraph, whose number goes with it.
                    true => vec![self.change(kind, Vec::new())].into(),
                    false => self.text(&section.title, number.as_deref(), kind).into(),
                };
                self.all(&mut section.blocks, kind);
            }
            BlockKind::Stage(ResolvedBlock::NumberedParagraph { number, content }) => {
                let content = self.text(content, Some(number), kind);
                if is_former {
                    block.kind = BlockKind::Paragraph(content.into());
                } else {
                    block.kind = BlockKind::Stage(ResolvedBlock::NumberedParagraph {
                        number: number.clone(),
                        content: content.into(),
                    });
                }
            }
            BlockKind::Stage(ResolvedBlock::Listing(_) | ResolvedBlock::Changed { .. })
            | BlockKind::Rule
            | BlockKind::PageBreak => {}
        }
    }

    fn item(&mut self, item: &mut ListItem<ResolvedStage>, kind: ChangeKind) {
        if kind.side() == Some(Side::Old) {
            item.attrs = without_id(&item.attrs);
            item.span = self.span(item.span);
        }
        item.blocks = self.item_blocks(&item.blocks, kind);
    }

    /// The blocks of an item or a note. Without words it is still a paragraph, whose number goes
    /// with it.
    pub fn item_blocks(&mut self, blocks: &[RBlock], kind: ChangeKind) -> Vec<RBlock> {
        let mut marked = self.blocks(blocks, kind);
        if self.is_tracked && marked.is_empty() {
            marked.push(paragraph(vec![self.change(kind, Vec::new())], Span::default()));
        }
        marked
    }

    fn all(&mut self, blocks: &mut Vec<RBlock>, kind: ChangeKind) {
        let marked = self.blocks(blocks, kind);
        *blocks = marked;
    }

    fn maybe(&mut self, text: &mut Option<Vec<RInline>>, label: Option<&str>, kind: ChangeKind) {
        if text.is_some() || label.is_some() {
            *text = Some(self.text(text.as_deref().unwrap_or_default(), label, kind));
        }
    }
}

/// Sets the move that words are one end of.
pub fn set_pair(inline: &mut RInline, pair: Option<u32>) {
    if let InlineKind::Change { change, .. } = &mut inline.kind
        && matches!(change.kind, ChangeKind::MovedFrom | ChangeKind::MovedTo)
    {
        change.pair = pair;
    }
}

/// Whether editions show a block even where it has no words.
fn says_without_words(block: &RBlock) -> bool {
    match &block.kind {
        BlockKind::List(_)
        | BlockKind::Definitions(_)
        | BlockKind::Quote { .. }
        | BlockKind::Admonition { .. }
        | BlockKind::Panel(_)
        | BlockKind::Figure(_)
        | BlockKind::Table(_) => true,
        BlockKind::Paragraph(_)
        | BlockKind::Code { .. }
        | BlockKind::Equation(_)
        | BlockKind::Rule
        | BlockKind::PageBreak
        | BlockKind::Group(_)
        | BlockKind::Stage(_) => false,
    }
}

/// A block whose words bear no marks, marked as a whole.
pub fn changed(block: RBlock, kind: ChangeKind, pair: Option<u32>) -> RBlock {
    let span = block.span;
    let change = Change { kind, previous: None, next: None, pair };
    let block = Box::new(block);
    Block::new(BlockKind::Stage(ResolvedBlock::Changed { change, block }), span)
}

/// Lines of code that one version alone has, as code.
pub fn changed_lines(node: &RBlock, lines: String, kind: ChangeKind) -> Option<(RBlock, Option<Side>)> {
    if lines.is_empty() {
        return None;
    }
    let mut block = Block::new(node.kind.clone(), node.span);
    if let BlockKind::Code { text, .. } = &mut block.kind {
        *text = lines;
    }
    Some((changed(block, kind, None), kind.side()))
}

/// Takes from a list of the old version where its lines led.
fn unlinked(kind: &mut BlockKind<ResolvedStage>, is_old: bool) {
    if let BlockKind::Stage(ResolvedBlock::Listing(listing)) = kind
        && is_old
    {
        listing.entries.iter_mut().for_each(|entry| entry.target = None);
        listing.id.clear();
    }
}

/// Whether a block of the old version says nothing of its own: a list made from
/// the document, a rule, the end of a page.
pub fn is_derived(block: &RBlock, kind: ChangeKind) -> bool {
    kind.side() == Some(Side::Old)
        && matches!(block.kind, BlockKind::Stage(ResolvedBlock::Listing(_)) | BlockKind::Rule | BlockKind::PageBreak)
}

/// The lines of code of one version.
pub fn code(text: &str, span: Span, kind: ChangeKind) -> Vec<RInline> {
    let mut content = Vec::new();
    for line in text.lines() {
        if !content.is_empty() {
            content.push(RInline::new(InlineKind::LineBreak, span));
        }
        if !line.trim().is_empty() {
            content.push(RInline::new(InlineKind::Code(line.to_owned()), span));
        }
    }
    if content.is_empty() { content } else { vec![change(kind, content)] }
}

/// A label that counts no more, as words.
fn former(label: &mut Option<Label>, is_old: bool) -> Option<String> {
    label.take_if(|_| is_old).map(|label| format!("{}:", label.text))
}

/// Attributes without their id.
pub fn without_id(attrs: &Attrs) -> Attrs {
    match attrs.list() {
        Some(list) if list.id.is_some() => {
            let mut list = list.clone();
            list.id = None;
            Attrs::from(list)
        }
        _ => attrs.clone(),
    }
}

/// A paragraph.
pub fn paragraph(content: Vec<RInline>, span: Span) -> RBlock {
    Block::new(BlockKind::Paragraph(content.into()), span)
}
