//! List items and headings whose change cannot be marked in their words.

use super::flatten::{Entry, paragraph};
use super::mark::without_id;
use super::merge::Merger;
use super::nest::{Out, What};
use crate::ast::{BlockKind, InlineKind, ListItem, ListMarker};
use crate::resolve::{ChangeKind, RBlock, RInline, ResolvedBlock, Side, change_of};

/// Whether one entry is an item with another box than the other.
pub fn is_ticked(old: &Entry, new: &Entry) -> bool {
    match (*old, *new) {
        (Entry::Item { item: one, .. }, Entry::Item { item: other, .. }) => one.task != other.task,
        _ => false,
    }
}

/// Whether the number of an item is before words that one version alone has, while others after
/// them stayed, or before a paragraph that was split or joined. Where changes are taken back, the
/// number would go with the words, or would be that of another paragraph.
pub fn is_beheaded(blocks: &[RBlock]) -> bool {
    let Some(first) = blocks.first() else { return false };
    let is_end = |inline: &RInline| match &inline.kind {
        InlineKind::Change { change, .. } => matches!(change.kind, ChangeKind::Split | ChangeKind::Joined),
        _ => false,
    };
    change_of([first]).is_some() || paragraph(first).is_some_and(|content| content.iter().any(is_end))
}

/// Merges an item whose task box changed to two items, with the old and the new box: a box is no
/// word and cannot be marked. Other content of the item is written once. `None` if an item does not
/// start with a line of words.
pub fn merge_ticked<'a>(merger: &mut Merger<'a>, old: &Entry<'a>, new: &Entry<'a>) -> Option<[Out; 2]> {
    let (
        Entry::Item { block: was, list: before, item: one, group: place, at: index },
        Entry::Item { block, list, item: other, group, at },
    ) = (*old, *new)
    else {
        return None;
    };
    let ((first, rest), (head, tail)) = (one.blocks.split_first()?, other.blocks.split_first()?);
    (paragraph(first).is_some() && paragraph(head).is_some()).then_some(())?;
    let mut blocks = vec![merger.adopter.block(head, ChangeKind::Inserted)];
    let gone = vec![merger.adopter.block(first, ChangeKind::Deleted)];
    blocks.extend(merger.blocks(rest, tail));
    let gone = What::Item {
        list: (was.span, was.attrs.clone()),
        marker: before.marker,
        tight: before.tight,
        group: place,
        at: index,
        item: ListItem { blocks: gone, attrs: without_id(&one.attrs), ..one.clone() },
    };
    let come = What::Item {
        list: (block.span, block.attrs.clone()),
        marker: list.marker,
        tight: list.tight,
        group,
        at,
        item: ListItem { blocks, ..other.clone() },
    };
    Some([Out { what: gone, side: Some(Side::Old) }, Out { what: come, side: None }])
}

/// Whether entries have the same kind of number or box before their words, and headings their
/// level, so that it is in both versions. Headings with words and headings without differ.
pub fn have_one_lead(old: &[Entry], new: &[Entry]) -> bool {
    let lead = |entry: &Entry| match *entry {
        Entry::Item { list, item, .. } => match list.marker {
            ListMarker::Ordered { style, .. } => (Some(style), item.task, false, None),
            ListMarker::Bullet | ListMarker::Plain => (None, item.task, false, None),
        },
        Entry::Block(block) => {
            (None, None, matches!(block.kind, BlockKind::Stage(ResolvedBlock::NumberedParagraph { .. })), None)
        }
        // A heading without words is its number, which would go with the words that come or went.
        Entry::Heading { section, .. } => {
            (None, None, false, Some((section.level, section.number.is_some(), section.title.is_empty())))
        }
        Entry::Definition { .. } => (None, None, false, None),
    };
    let is_task = |entry: &Entry| matches!(entry, Entry::Item { item, .. } if item.task.is_some());
    if old.len() + new.len() > 2 && old.iter().chain(new).any(is_task) {
        // The box of each is a word of its paragraph.
        return false;
    }
    let mut leads = old.iter().chain(new).map(lead);
    leads.next().is_none_or(|first| leads.all(|lead| lead == first))
}
