//! Items that follow one another as lists in lists.

use super::Reader;
use super::paragraph::Para;
use super::style::Role;
use crate::ast::{Attrs, Block, BlockKind, List, ListItem, ListMarker, NumberStyle, Parsed};
use crate::diagnostic::Code;
use crate::import::marks::{self, Bit, node};

/// An item, or more of the one before it.
#[derive(Debug)]
pub struct Item {
    pub serial: u32,
    pub depth: u8,
    /// `None` for what goes on with the item before.
    pub marker: Option<ListMarker>,
    /// Whether its number was counted, and is not only the next.
    pub is_counted: bool,
    pub task: Option<bool>,
    pub blocks: Vec<Block<Parsed>>,
}

/// The signs of tasks, and whether they are done.
const TASKS: [(char, bool); 4] = [('☐', false), ('☑', true), ('☒', true), ('✓', true)];

impl Reader<'_> {
    /// The level and marker of a paragraph that is a list item; `None` if it is none.
    pub(super) fn item_marker(&mut self, para: &Para) -> Option<(u8, Option<ListMarker>)> {
        if matches!(para.role, Role::Heading(_) | Role::Title | Role::Subtitle | Role::Caption) {
            return None;
        }
        let own = para.depth.checked_sub(1);
        if let Some(numbered) = para.numbered.as_ref().filter(|_| para.role != Role::Numbered) {
            let depth = own.unwrap_or(numbered.depth);
            if numbered.level.is_bullet() {
                return Some((depth, Some(ListMarker::Bullet)));
            }
            let text = &numbered.level.text;
            let own = format!("%{}", numbered.depth + 1);
            let is_plain = text.strip_prefix(&own).is_some_and(|rest| matches!(rest, "." | ")" | ""));
            if !is_plain {
                let message = format!("numbers of items as `{text}` are written in a plainer form");
                self.losses.add_once(Code::Simplified, para.serial, message, None);
            }
            let marker = ListMarker::Ordered { start: numbered.number, style: numbered.level.style() };
            return Some((depth, Some(marker)));
        }
        let ordered = ListMarker::Ordered { start: 1, style: NumberStyle::Decimal };
        match para.role {
            Role::Bullet(depth) | Role::Task(depth) => Some((depth, Some(ListMarker::Bullet))),
            Role::Plain(depth) => Some((depth, Some(ListMarker::Plain))),
            Role::Number(depth) => Some((depth, Some(ordered))),
            Role::Continued(depth) => Some((depth, None)),
            _ => None,
        }
    }

    /// An item of a paragraph.
    pub(super) fn item(&mut self, mut para: Para, depth: u8, marker: Option<ListMarker>) -> Item {
        let task = marker.and_then(|_| task(&mut para));
        let serial = para.serial;
        let is_counted = para.numbered.is_some();
        let content = marks::inlines(para.bits, serial);
        let blocks =
            if content.is_empty() { Vec::new() } else { vec![node(BlockKind::Paragraph(content.into()), serial)] };
        Item { serial, depth, marker, is_counted, task, blocks }
    }
}

/// Takes the sign of a task off a paragraph.
fn task(para: &mut Para) -> Option<bool> {
    let first = para.bits.iter_mut().find_map(|marked| match &mut marked.bit {
        Bit::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    })?;
    let sign = first.chars().next()?;
    let (_, done) = TASKS.iter().find(|(known, _)| *known == sign)?;
    let rest = first.get(sign.len_utf8()..)?.to_owned();
    *first = rest.trim_start().to_owned();
    Some(*done)
}

/// Lists of items that follow one another.
pub fn lists(items: Vec<Item>) -> Vec<Block<Parsed>> {
    let mut blocks: Vec<Block<Parsed>> = Vec::new();
    let mut items = items.into_iter().peekable();
    let mut level = 0;
    while let Some(item) = items.next() {
        let last = blocks.last_mut().and_then(|block| match &mut block.kind {
            BlockKind::List(list) => Some(list),
            _ => None,
        });
        let is_deeper = last.is_some() && item.depth > level;
        if let (Some(list), true) = (last, is_deeper || item.marker.is_none()) {
            let Some(parent) = list.items.last_mut() else { continue };
            if item.marker.is_none() && item.depth <= level {
                parent.blocks.extend(item.blocks);
                continue;
            }
            let mut inner = vec![item];
            while let Some(next) = items.next_if(|next| next.depth > level) {
                inner.push(next);
            }
            parent.blocks.extend(lists(inner));
            continue;
        }
        level = item.depth;
        let Some(marker) = item.marker else {
            blocks.extend(item.blocks);
            continue;
        };
        push(&mut blocks, item, marker);
    }
    for block in &mut blocks {
        if let BlockKind::List(list) = &mut block.kind {
            list.tight = list.items.iter().all(is_tight);
        }
    }
    blocks
}

fn is_tight(item: &ListItem<Parsed>) -> bool {
    match item.blocks.as_slice() {
        [] => true,
        [first, rest @ ..] => {
            matches!(first.kind, BlockKind::Paragraph(_))
                && rest.iter().all(|block| matches!(block.kind, BlockKind::List(_)))
        }
    }
}

/// Adds an item to the list at the end, or begins another.
fn push(blocks: &mut Vec<Block<Parsed>>, item: Item, marker: ListMarker) {
    let (serial, is_counted) = (item.serial, item.is_counted);
    let span = node((), serial).span;
    let item = ListItem { task: item.task, blocks: item.blocks, span, attrs: Attrs::default() };
    if let Some(Block { kind: BlockKind::List(list), .. }) = blocks.last_mut()
        && goes_on(list, marker, is_counted)
    {
        list.items.push(item);
        return;
    }
    blocks.push(node(BlockKind::List(List { marker, tight: true, items: vec![item] }.into()), serial));
}

/// Whether an item of a marker is the next of a list.
fn goes_on(list: &List<Parsed>, marker: ListMarker, is_counted: bool) -> bool {
    match (list.marker, marker) {
        (ListMarker::Bullet, ListMarker::Bullet) | (ListMarker::Plain, ListMarker::Plain) => true,
        (ListMarker::Ordered { start, style }, ListMarker::Ordered { start: number, style: own }) => {
            let count = u32::try_from(list.items.len()).unwrap_or(u32::MAX);
            style == own && (start.saturating_add(count) == number || !is_counted)
        }
        _ => false,
    }
}
