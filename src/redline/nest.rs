//! Rebuilds sections and lists from the sequence of both versions.

use super::mark::{self, paragraph};
use super::rebuild::change;
use crate::ast::{Attrs, Block, BlockKind, Definition, InlineKind, List, ListItem, ListMarker};
use crate::resolve::{ChangeKind, RBlock, RInline, ResolvedBlock, ResolvedStage, Section, Side};
use crate::source::Span;

/// A member of the sequence with its change.
#[derive(Debug, Clone)]
pub struct Out {
    pub what: What,
    /// The version that alone has it.
    pub side: Option<Side>,
}

/// The kind of a member of the sequence.
#[derive(Debug, Clone)]
pub enum What {
    /// A section without its blocks.
    Heading(RBlock),
    Block(RBlock),
    Item {
        /// The list's own place and attributes.
        list: (Span, Attrs),
        marker: ListMarker,
        tight: bool,
        group: usize,
        at: usize,
        item: ListItem<ResolvedStage>,
    },
    Definition {
        list: (Span, Attrs),
        group: usize,
        definition: Definition<ResolvedStage>,
    },
}

/// Sections that are open, innermost last, each with its node and its level.
struct Nest {
    open: Vec<(RBlock, u8)>,
    top: Vec<RBlock>,
    /// The list that the last block is, by side and group.
    list: Option<(Side, usize)>,
    /// Whether changes can be rejected: then deleted headings and items keep their form.
    is_tracked: bool,
}

/// Puts the sequence together.
pub fn nest(outs: Vec<Out>, is_tracked: bool) -> Vec<RBlock> {
    let closing = closing_levels(&outs);
    let mut nest = Nest { open: Vec::new(), top: Vec::new(), list: None, is_tracked };
    for (out, closes_at) in outs.into_iter().zip(closing) {
        match out.what {
            What::Heading(block) => nest.heading(block, out.side, closes_at),
            What::Block(block) => nest.push(block),
            What::Item { list, marker, tight, group, at, item } => {
                nest.item(list, (marker, tight, at), (out.side.unwrap_or(Side::New), group), item);
            }
            What::Definition { list, group, definition } => {
                nest.definition(list, (out.side.unwrap_or(Side::New), group), definition);
            }
        }
    }
    while nest.close() {}
    nest.top
}

/// For each member, the level of the next heading of the new version, 0 if there is none; `None` if
/// something else comes before it.
fn closing_levels(outs: &[Out]) -> Vec<Option<u8>> {
    let mut next = Some(0);
    let mut levels: Vec<Option<u8>> = outs
        .iter()
        .rev()
        .map(|out| {
            let here = next;
            if out.side != Some(Side::Old) {
                next = level(&out.what);
            }
            here
        })
        .collect();
    levels.reverse();
    levels
}

fn level(what: &What) -> Option<u8> {
    match what {
        What::Heading(Block { kind: BlockKind::Stage(ResolvedBlock::Section(section)), .. }) => Some(section.level),
        _ => None,
    }
}

impl Nest {
    fn blocks(&mut self) -> &mut Vec<RBlock> {
        match self.open.last_mut() {
            Some((Block { kind: BlockKind::Stage(ResolvedBlock::Section(section)), .. }, _)) => &mut section.blocks,
            _ => &mut self.top,
        }
    }

    fn push(&mut self, block: RBlock) {
        self.list = None;
        self.blocks().push(block);
    }

    /// Closes the innermost section.
    fn close(&mut self) -> bool {
        let Some((section, _)) = self.open.pop() else { return false };
        self.push(section);
        true
    }

    /// Opens a section. A heading that is gone opens one only where its whole
    /// section is gone; its words stand alone where text of it stayed.
    fn heading(&mut self, mut block: RBlock, side: Option<Side>, next: Option<u8>) {
        self.list = None;
        let BlockKind::Stage(ResolvedBlock::Section(section)) = &mut block.kind else { return };
        let level = section.level;
        if side == Some(Side::Old) && self.is_tracked {
            return self.push(block);
        }
        if side == Some(Side::Old) && next.is_none_or(|next| next > level) {
            let span = section.heading_span;
            let words = std::mem::take(&mut section.title).into_inner();
            self.push(paragraph(vec![RInline::new(InlineKind::Strong(words), span)], span));
            return;
        }
        while self.open.last().is_some_and(|(_, open)| *open >= level) {
            self.close();
        }
        section.level = self.open.last().map_or(1, |(_, open)| open.saturating_add(1)).min(level);
        let level = section.level;
        self.open.push((block, level));
    }

    /// Adds an item to the open list, or opens one.
    fn item(
        &mut self,
        list: (Span, Attrs),
        (marker, tight, at): (ListMarker, bool, usize),
        key: (Side, usize),
        mut item: ListItem<ResolvedStage>,
    ) {
        if self.is_tracked {
            return self.tracked_item(list, (marker, tight, at), key, item);
        }
        let open = self.list;
        let number = u32::try_from(at).ok().and_then(|at| marker.number(at));
        let is_old = key.0 == Side::Old;
        if is_old && let Some(number) = &number {
            lead(&mut item, number);
        }
        let marker = match marker {
            ListMarker::Ordered { start, style } if !is_old => {
                ListMarker::Ordered { start: start.saturating_add(u32::try_from(at).unwrap_or(0)), style }
            }
            ListMarker::Ordered { .. } => ListMarker::Plain,
            marker => marker,
        };
        let may_join = open.is_some_and(|open| open == key || is_old || (open.0 == Side::Old && number.is_none()));
        if let Some(Block { kind: BlockKind::List(known), .. }) = self.blocks().last_mut().filter(|_| may_join) {
            let continues = open == Some(key) && number.is_some() == matches!(known.marker, ListMarker::Ordered { .. });
            if continues || (is_old && open == Some(key)) || (known.marker == marker && number.is_none()) {
                known.items.push(item);
                // A list opened by a deleted item continues with the items that stay.
                if !is_old {
                    self.list = Some(key);
                }
                return;
            }
        }
        let (span, attrs) = list;
        let attrs = if is_old || at > 0 { mark::without_id(&attrs) } else { attrs };
        let items = vec![item];
        self.blocks().push(Block { kind: BlockKind::List(List { marker, tight, items }.into()), span, attrs });
        self.list = Some(key);
    }

    /// Adds an item for tracked changes, where items of both versions are in one list.
    fn tracked_item(
        &mut self,
        (span, attrs): (Span, Attrs),
        (marker, tight, at): (ListMarker, bool, usize),
        key: (Side, usize),
        item: ListItem<ResolvedStage>,
    ) {
        let is_old = key.0 == Side::Old;
        let marker = match marker {
            ListMarker::Ordered { start, style } => {
                ListMarker::Ordered { start: start.saturating_add(u32::try_from(at).unwrap_or(0)), style }
            }
            marker => marker,
        };
        let open = self.list;
        let may_join = open.is_some_and(|open| open == key || is_old || open.0 == Side::Old);
        if let Some(Block { kind: BlockKind::List(known), attrs: known_attrs, .. }) =
            self.blocks().last_mut().filter(|_| may_join)
            && is_marked_alike(known.marker, marker)
        {
            known.items.push(item);
            if !is_old && open.is_some_and(|open| open.0 == Side::Old) {
                (known.marker, known.tight, *known_attrs) = (marker, tight, attrs);
            }
            if !is_old {
                self.list = Some(key);
            }
            return;
        }
        let attrs = if is_old || at > 0 { mark::without_id(&attrs) } else { attrs };
        let items = vec![item];
        self.blocks().push(Block { kind: BlockKind::List(List { marker, tight, items }.into()), span, attrs });
        self.list = Some(key);
    }

    fn definition(&mut self, list: (Span, Attrs), key: (Side, usize), definition: Definition<ResolvedStage>) {
        let open = self.list;
        let may_join = open.is_some_and(|open| open == key || key.0 == Side::Old || open.0 == Side::Old);
        if let Some(Block { kind: BlockKind::Definitions(known), .. }) = self.blocks().last_mut().filter(|_| may_join) {
            known.push(definition);
            if key.0 == Side::New {
                self.list = Some(key);
            }
            return;
        }
        let (span, attrs) = list;
        let attrs = if key.0 == Side::Old { mark::without_id(&attrs) } else { attrs };
        self.blocks().push(Block { kind: BlockKind::Definitions(vec![definition]), span, attrs });
        self.list = Some(key);
    }
}

/// Says which number an item had, where it has another now.
pub fn number_before(
    item: &mut ListItem<ResolvedStage>,
    before: ListMarker,
    place: usize,
    (now, at): (ListMarker, usize),
) {
    let number = |marker: ListMarker, at: usize| match marker {
        ListMarker::Ordered { start, .. } => Some(start.saturating_add(u32::try_from(at).unwrap_or(0))),
        ListMarker::Bullet | ListMarker::Plain => None,
    };
    let Some(before) = number(before, place).filter(|before| number(now, at) != Some(*before)) else { return };
    let text = RInline::new(InlineKind::Text(before.to_string()), item.span);
    let former = change(ChangeKind::Former, vec![text]);
    match item.blocks.first_mut().map(|block| &mut block.kind) {
        Some(BlockKind::Paragraph(content)) => content.insert(0, former),
        _ => item.blocks.insert(0, paragraph(vec![former], item.span)),
    }
}

/// Whether items of two lists have the same kind of sign or number.
fn is_marked_alike(one: ListMarker, other: ListMarker) -> bool {
    match (one, other) {
        (ListMarker::Ordered { style: one, .. }, ListMarker::Ordered { style: other, .. }) => one == other,
        (one, other) => one == other,
    }
}

/// Writes the number that an item had before its words.
fn lead(item: &mut ListItem<ResolvedStage>, number: &str) {
    let span = item.span;
    let number = change(ChangeKind::Former, vec![RInline::new(InlineKind::Text(format!("{number}.")), span)]);
    let gap = RInline::new(InlineKind::Text(" ".to_owned()), span);
    match item.blocks.first_mut().map(|block| &mut block.kind) {
        Some(BlockKind::Paragraph(content)) => match content.first_mut().map(|inline| &mut inline.kind) {
            Some(InlineKind::Change { content, .. }) => drop(content.splice(0..0, [number, gap])),
            _ => drop(content.splice(0..0, [number, gap])),
        },
        _ => item.blocks.insert(0, paragraph(vec![number], span)),
    }
}

/// A heading without the content of its section.
pub fn bare_heading(block: &RBlock, section: &Section) -> RBlock {
    Block {
        kind: BlockKind::Stage(ResolvedBlock::Section(Section {
            annex: section.annex,
            level: section.level,
            number: section.number.clone(),
            title: section.title.clone(),
            heading_span: section.heading_span,
            blocks: Vec::new(),
        })),
        span: block.span,
        attrs: block.attrs.clone(),
    }
}
