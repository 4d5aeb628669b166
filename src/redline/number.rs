//! Changes in reading order: each gets an id, and the ways to its neighbours.

use crate::ast::{Attrs, BlockKind, InlineKind};
use crate::resolve::{Change, ChangeKind, RBlock, RInline, ResolvedBlock};

/// Prefix of the ids of changes, before their numbers.
const ID: &str = "_change-";

/// Counts changes: words that are changed without others between them are one.
#[derive(Debug, Default)]
pub struct Numbering {
    count: usize,
    /// Kind of the last content; `None` if it is in both versions.
    last: Option<ChangeKind>,
    /// Whether what was met last replaced something. That ends with its text.
    replaces: bool,
}

/// The id of a change, counted from 1.
fn id(number: usize) -> String {
    format!("{ID}{number}")
}

impl Numbering {
    /// Counts the changes of blocks.
    pub fn blocks(&mut self, blocks: &mut [RBlock]) {
        each(blocks, &mut |part| {
            if std::mem::take(&mut self.replaces) {
                self.last = None;
            }
            match part {
                Part::Text(text) => self.text(text),
                Part::Changed { change, .. } if self.goes_on(change.kind) => {}
                Part::Changed { change, attrs, .. } => self.begin(change, attrs),
                Part::Edge => self.apart(),
            }
        });
    }

    /// Whether what is met goes on with the change before it.
    fn goes_on(&mut self, kind: ChangeKind) -> bool {
        let goes_on = match (self.last, kind) {
            (_, ChangeKind::Former) => return true,
            (Some(last), kind) if last == kind => true,
            (Some(ChangeKind::Deleted), ChangeKind::Inserted) => true,
            _ => false,
        };
        if goes_on {
            self.replaces |= self.last != Some(kind);
            self.last = Some(kind);
        }
        goes_on
    }

    /// Numbers a change that starts here.
    fn begin(&mut self, change: &mut Change, attrs: &mut Attrs) {
        self.last = Some(change.kind);
        self.replaces = false;
        self.count += 1;
        attrs.edit().id = Some(id(self.count));
        change.previous = self.count.checked_sub(1).filter(|number| *number > 0).map(id);
        change.next = Some(id(self.count + 1));
    }

    /// Numbers the changes of a text.
    pub fn text(&mut self, text: &mut [RInline]) {
        // The links to other changes belong to the replacement, which is last.
        let mut ways: Option<Ways> = None;
        let mut deleted: Option<usize> = None;
        for at in 0..text.len() {
            if let Some(from) = deleted.filter(|_| self.last == Some(ChangeKind::Deleted))
                && text.get(at).is_some_and(is_inserted)
            {
                ways = text.get_mut(from).and_then(take_ways);
                deleted = None;
            }
            let Some(inline) = text.get_mut(at) else { continue };
            if let InlineKind::Change { change, .. } = &mut inline.kind {
                if let Some(ways) = ways.take() {
                    (change.previous, change.next) = ways;
                }
                if self.goes_on(change.kind) {
                    continue;
                }
                let kind = change.kind;
                self.begin(change, &mut inline.attrs);
                deleted = (kind == ChangeKind::Deleted).then_some(at);
                continue;
            }
            let says = match &inline.kind {
                InlineKind::Text(words) => words.contains(char::is_alphanumeric),
                InlineKind::SoftBreak | InlineKind::LineBreak => false,
                kind => kind.children().is_empty(),
            };
            if says {
                self.last = None;
            }
            if let Some(children) = inline.kind.children_mut() {
                self.text(children);
            }
        }
    }

    /// Separates what follows from what came before.
    pub fn apart(&mut self) {
        self.last = None;
    }

    /// Like [`Numbering::finish`], for one text.
    pub fn finish_text(&self, text: &mut [RInline]) {
        end(text, &id(self.count + 1));
    }

    /// Removes the link from the last change to a next one.
    pub fn finish(&self, blocks: &mut [RBlock]) {
        let last = id(self.count + 1);
        each(blocks, &mut |part| match part {
            Part::Text(text) => end(text, &last),
            Part::Changed { change, .. } => drop(change.next.take_if(|next| *next == last)),
            Part::Edge => {}
        });
    }
}

/// The ids of the changes before and after one.
type Ways = (Option<String>, Option<String>);

fn is_inserted(inline: &RInline) -> bool {
    matches!(&inline.kind, InlineKind::Change { change, .. } if change.kind == ChangeKind::Inserted)
}

fn take_ways(inline: &mut RInline) -> Option<Ways> {
    let InlineKind::Change { change, .. } = &mut inline.kind else { return None };
    Some((change.previous.take(), change.next.take()))
}

/// Takes ways to a change that is not there.
fn end(text: &mut [RInline], missing: &str) {
    for inline in text {
        if let InlineKind::Change { change, .. } = &mut inline.kind {
            change.next.take_if(|next| next == missing);
        }
        if let Some(children) = inline.kind.children_mut() {
            end(children, missing);
        }
    }
}

/// A part of what blocks say, for changing.
pub enum Part<'a> {
    /// A run of words.
    Text(&'a mut Vec<RInline>),
    /// A block whose words bear no marks.
    Changed {
        /// The change.
        change: &'a mut Change,
        /// Attributes of the change.
        attrs: &'a mut Attrs,
        /// The block itself.
        block: &'a mut RBlock,
    },
    /// A separator of changes: the start of a section, or code or a formula of both versions.
    Edge,
}

/// Every part of blocks in reading order.
pub fn each(blocks: &mut [RBlock], f: &mut dyn FnMut(Part)) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Paragraph(content) => f(Part::Text(content)),
            BlockKind::List(list) => list.items.iter_mut().for_each(|item| each(&mut item.blocks, f)),
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    definition.terms.iter_mut().for_each(|text| f(Part::Text(text)));
                    definition.details.iter_mut().for_each(|blocks| each(blocks, f));
                }
            }
            BlockKind::Quote { blocks, attribution } => {
                each(blocks, f);
                attribution.iter_mut().for_each(|text| f(Part::Text(text)));
            }
            BlockKind::Admonition { title, blocks, .. } => {
                title.iter_mut().for_each(|text| f(Part::Text(text)));
                each(blocks, f);
            }
            BlockKind::Panel(panel) => {
                panel.title.iter_mut().for_each(|text| f(Part::Text(text)));
                each(&mut panel.blocks, f);
            }
            BlockKind::Figure(figure) => {
                each(&mut figure.blocks, f);
                figure.caption.iter_mut().for_each(|text| f(Part::Text(text)));
            }
            BlockKind::Table(table) => {
                let table = &mut **table;
                table.caption.iter_mut().for_each(|text| f(Part::Text(text)));
                let cells = table.head.iter_mut().chain(&mut table.body).flat_map(|row| &mut row.cells);
                cells.for_each(|cell| each(&mut cell.blocks, f));
            }
            BlockKind::Group(blocks) => each(blocks, f),
            BlockKind::Stage(ResolvedBlock::Section(section)) => {
                f(Part::Edge);
                f(Part::Text(&mut section.title));
                each(&mut section.blocks, f);
            }
            BlockKind::Stage(ResolvedBlock::NumberedParagraph { content, .. }) => f(Part::Text(content)),
            BlockKind::Stage(ResolvedBlock::Changed { change, block: inner }) => {
                f(Part::Changed { change, attrs: &mut block.attrs, block: inner });
            }
            BlockKind::Code { .. } | BlockKind::Equation(_) => f(Part::Edge),
            // No edition may lead to changes that only another shows.
            BlockKind::Stage(ResolvedBlock::ForFormats { .. } | ResolvedBlock::Listing(_))
            | BlockKind::Rule
            | BlockKind::PageBreak => {}
        }
    }
}
