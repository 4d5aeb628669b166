//! Two versions as one document in which every change can be accepted or rejected, for
//! editions whose readers do so.

use super::mark::Adopter;
use super::merge::Merger;
use super::{Renumbering, merged};
use crate::ast::{BlockKind, InlineKind, Visit, plain_text, walk_blocks, walk_inlines};
use crate::format::Format;
use crate::resolve::{
    ChangeKind, Line, Listing, ListingEntry, Matter, RBlock, RInline, Resolved, ResolvedBlock, ResolvedStage, Side,
    Tracked, change_of, change_of_inlines,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Puts two versions together. `files` is how many files the new one was made from.
pub fn track(old: &Resolved, new: &Resolved, files: u32) -> Tracked {
    let counts_notes = counts_notes(old) && counts_notes(new);
    let merge = |uprooted| {
        let mut merger = Merger::new(old, new, files, Renumbering::Hide);
        merger.adopter.is_tracked = true;
        merger.adopter.keeps_note_numbers = !counts_notes;
        merger.counted = counted(new);
        merger.uprooted = uprooted;
        let document = merged(&mut merger).0;
        let before = |(now, was): (&usize, &usize)| Some((*now, old.notes.get(*was)?.number.clone()));
        let note_numbers_before: BTreeMap<usize, String> = merger.adopter.partners.iter().filter_map(before).collect();
        (document, note_numbers_before)
    };
    let (mut document, mut note_numbers_before) = merge(BTreeSet::new());
    // The targets of references are known only now.
    let uprooted = uprooted(&document);
    if !uprooted.is_empty() {
        (document, note_numbers_before) = merge(uprooted);
    }
    document.contents = match (&old.contents, &new.contents) {
        (Some(old), None) => Some(Listing { entries: without_targets(&old.entries), ..old.clone() }),
        (_, new) => new.clone(),
    };
    Tracked {
        document,
        matter: matter(old, new),
        counts_notes,
        note_numbers_before,
        old: old.clone(),
        new: new.clone(),
        files,
    }
}

/// Content before and after the text of both versions. Only Word can reject changes.
fn matter(old: &Resolved, new: &Resolved) -> Matter {
    let [was, is] = [old, new].map(|document| Matter::from_document(document, Format::Docx));
    Matter {
        banners: lines(was.banners, is.banners),
        subtitles: lines(was.subtitles, is.subtitles),
        contents: match (&old.contents, &new.contents) {
            (Some(_), Some(_)) | (None, None) => None,
            (Some(_), None) => Some(Side::Old),
            (None, Some(_)) => Some(Side::New),
        },
        members: lines(was.members, is.members),
        abbreviations: lines(was.abbreviations, is.abbreviations),
        up: lines(was.up, is.up),
    }
}

/// Lines of both versions in order: those of the old one are before the next that both have.
fn lines<T: PartialEq>(old: Vec<Line<T>>, new: Vec<Line<T>>) -> Vec<Line<T>> {
    let mut lines = Vec::with_capacity(old.len().max(new.len()));
    let mut rest = old.into_iter().map(|(_, line)| line).collect::<VecDeque<T>>();
    for (_, line) in new {
        let side = match rest.iter().position(|other| *other == line) {
            Some(at) => {
                lines.extend(rest.drain(..at).map(|line| (Some(Side::Old), line)));
                rest.pop_front();
                None
            }
            None => Some(Side::New),
        };
        lines.push((side, line));
    }
    lines.extend(rest.into_iter().map(|line| (Some(Side::Old), line)));
    lines
}

/// Ids of what is counted, or called by its title, wherever it is.
fn counted(document: &Resolved) -> BTreeSet<String> {
    #[derive(Default)]
    struct Search(BTreeSet<String>);
    impl Visit<ResolvedStage> for Search {
        fn block(&mut self, block: &RBlock) {
            let is_counted = match &block.kind {
                BlockKind::Figure(figure) => figure.label.is_some(),
                BlockKind::Table(table) => table.label.is_some(),
                BlockKind::Panel(panel) => panel.label.is_some(),
                BlockKind::Stage(block) => {
                    matches!(block, ResolvedBlock::Section(_) | ResolvedBlock::NumberedParagraph { .. })
                }
                _ => false,
            };
            self.0.extend(block.attrs.id().filter(|_| is_counted).map(str::to_owned));
        }

        fn stage_block(&mut self, block: &ResolvedBlock) {
            walk_stage(block, self);
        }
    }
    let mut search = Search::default();
    walk_blocks(&document.blocks, &mut search);
    search.0
}

/// Whether the notes are numbered as the text calls them. Where a note is called by a note before
/// the text calls it, or by notes alone, readers that count notes cannot know its number.
fn counts_notes(document: &Resolved) -> bool {
    struct Search {
        /// How many notes were called so far.
        called: usize,
        is_counted: bool,
    }
    impl Visit<ResolvedStage> for Search {
        fn inline(&mut self, inline: &RInline) {
            if let InlineKind::Note(used) = &inline.kind {
                self.is_counted &= used.note <= self.called;
                self.called = self.called.max(used.note + 1);
            }
        }

        fn stage_block(&mut self, block: &ResolvedBlock) {
            match block {
                ResolvedBlock::Section(section) => walk_inlines(&section.title, self),
                ResolvedBlock::NumberedParagraph { content, .. } => walk_inlines(content, self),
                ResolvedBlock::ForFormats { formats, .. } if !formats.contains(&Format::Docx) => return,
                ResolvedBlock::Listing(_) | ResolvedBlock::ForFormats { .. } | ResolvedBlock::Changed { .. } => {}
            }
            walk_stage(block, self);
        }
    }
    let mut search = Search { called: 0, is_counted: true };
    walk_inlines(&document.title, &mut search);
    walk_blocks(&document.summary, &mut search);
    walk_blocks(&document.blocks, &mut search);
    search.is_counted
}

/// Ids of what only the new version has, or has in this place.
fn uprooted(document: &Resolved) -> BTreeSet<String> {
    #[derive(Default)]
    struct Search(BTreeSet<String>);
    impl Visit<ResolvedStage> for Search {
        fn block(&mut self, block: &RBlock) {
            let change = match &block.kind {
                BlockKind::Stage(ResolvedBlock::Section(section)) => change_of_inlines(&section.title),
                _ => change_of([block]),
            };
            let goes = change.is_some_and(|change| change.kind.side() == Some(Side::New));
            self.0.extend(block.attrs.id().filter(|_| goes).map(str::to_owned));
        }

        fn stage_block(&mut self, block: &ResolvedBlock) {
            walk_stage(block, self);
        }
    }
    let mut search = Search::default();
    walk_blocks(&document.blocks, &mut search);
    search.0
}

/// Goes on into what a block of this stage holds.
fn walk_stage(block: &ResolvedBlock, visit: &mut impl Visit<ResolvedStage>) {
    match block {
        ResolvedBlock::Section(section) => walk_blocks(&section.blocks, visit),
        ResolvedBlock::ForFormats { blocks, .. } => walk_blocks(blocks, visit),
        ResolvedBlock::Changed { block, .. } => walk_blocks(std::slice::from_ref(block), visit),
        ResolvedBlock::Listing(_) | ResolvedBlock::NumberedParagraph { .. } => {}
    }
}

fn without_targets(entries: &[ListingEntry]) -> Vec<ListingEntry> {
    entries.iter().map(|entry| ListingEntry { target: None, ..entry.clone() }).collect()
}

/// Merges a generated list line by line. Contents are generated again from the accepted text.
pub fn listing(adopter: &mut Adopter, old: &Listing, new: &Listing) -> Listing {
    use crate::ast::ListingKind;
    let is_made_anew = matches!(new.kind, ListingKind::Contents | ListingKind::Figures | ListingKind::Tables);
    if is_made_anew {
        return new.clone();
    }
    let said = |entry: &ListingEntry| (entry.label.clone(), plain_text(&entry.content));
    let mut entries = Vec::new();
    let mut from = 0;
    let mut gone = |entries: &mut Vec<ListingEntry>, range: std::ops::Range<usize>| {
        for entry in old.entries.get(range).unwrap_or_default() {
            let content = adopter.text(&entry.content, None, ChangeKind::Deleted).into();
            entries.push(ListingEntry { content, target: None, ..entry.clone() });
        }
    };
    for entry in &new.entries {
        let rest = old.entries.get(from..).unwrap_or_default();
        match rest.iter().position(|other| said(other) == said(entry)) {
            Some(at) => {
                gone(&mut entries, from..from + at);
                from += at + 1;
                entries.push(entry.clone());
            }
            None => {
                let content = vec![super::rebuild::change(ChangeKind::Inserted, entry.content.to_vec())];
                entries.push(ListingEntry { content: content.into(), ..entry.clone() });
            }
        }
    }
    gone(&mut entries, from..old.entries.len());
    Listing { entries, ..new.clone() }
}
