//! The cache of laid-out blocks. A block with the same content in the same container gets the same
//! nodes, and their lines are shared.

use super::columns::may_be_wide;
use super::flow::{ContainingBlock, Flow};
use super::frame::{Origin, TagId, TagTree};
use super::node::SharedNode;
use super::node::{Node, Widening};
use super::shape::Languages;
use crate::ast::BlockKind;
use crate::resolve::{Note, RBlock, ResolvedBlock};
use crate::source::hash::{LookupMap, hash};
use crate::theme::Pt;
use std::hash::Hash;
use std::mem;
use std::sync::Arc;

/// The nodes and tags of a block that does not depend on what comes before it.
#[derive(Debug)]
struct Fragment {
    /// Its container, without the parent tag.
    place: ContainingBlock,
    /// Number of known languages at that time. Nodes refer to languages by number.
    languages: usize,
    /// Space before it; the larger of this and the preceding space applies.
    space: Option<Pt>,
    nodes: Vec<Node>,
    /// Its tags, relative to the first.
    tags: TagTree,
    /// Its note calls, in order.
    notes: Vec<CalledNote>,
    /// Relative tag ids at which the tag source changes: to a note (`Some`), or back to the block
    /// (`None`).
    origins: Vec<(u32, Option<usize>)>,
    /// Whether it has pictures, which nodes refer to by number.
    has_pictures: bool,
}

/// A note that a block calls.
#[derive(Debug)]
struct CalledNote {
    /// Its index among the document's notes.
    note: usize,
    /// Hash and nodes of the note, if this is its first call.
    said: Option<(u64, Vec<Node>)>,
}

/// The blocks of the document's last layout.
#[derive(Debug, Default)]
pub struct Fragments {
    /// Blocks by the hash of their content, with the number of the layout that last used them. The
    /// content itself is not compared: a collision of 64-bit hashes within one document is less
    /// likely than a memory error (for n blocks below n²/2⁶⁵).
    known: LookupMap<u64, Vec<(u64, Arc<Fragment>)>>,
    /// Blocks that are new in this layout; their nodes are not set yet.
    new: Vec<(u64, Arc<Fragment>)>,
    /// Hashes of blocks with problems, whose spans may move: their nodes are laid out one by one.
    /// Each with the number of the layout that last used it.
    loud: LookupMap<u64, u64>,
    /// The languages of the last layout, in the order of their numbers.
    languages: Vec<String>,
    /// Number of the current layout.
    layout: u64,
}

impl Fragments {
    /// Drops blocks with pictures.
    pub fn forget_pictures(&mut self) {
        for known in self.known.values_mut() {
            known.retain(|(_, fragment)| !fragment.has_pictures);
        }
    }

    /// Ends a layout: drops blocks that it did not use, and keeps the new ones.
    pub fn finish(&mut self, languages: Vec<String>) {
        let layout = self.layout;
        self.known.retain(|_, known| {
            known.retain(|(last, _)| *last == layout);
            !known.is_empty()
        });
        self.loud.retain(|_, last| *last == layout);
        for (key, fragment) in mem::take(&mut self.new) {
            // Problems have spans, which may move.
            let is_silent = |node: &Node| if let Node::Shared(shared) = node { shared.is_silent() } else { true };
            let in_notes = fragment.notes.iter().filter_map(|called| called.said.as_ref()).flat_map(|(_, nodes)| nodes);
            if fragment.nodes.iter().chain(in_notes).all(is_silent) {
                self.known.entry(key).or_default().push((layout, fragment));
            } else {
                self.loud.insert(key, layout);
            }
        }
        self.languages = languages;
        self.layout += 1;
    }

    /// The cached block in a container, if its notes are the same. Registers the languages that it
    /// refers to.
    fn get(
        &mut self,
        key: u64,
        place: &ContainingBlock,
        languages: &mut Languages,
        is_same_note: impl Fn(&CalledNote) -> bool,
    ) -> Option<Arc<Fragment>> {
        let same_languages = |count: usize| self.languages.get(..count).is_some_and(|then| languages.agree_with(then));
        let is_same = |known: &Fragment| {
            known.place == *place && same_languages(known.languages) && known.notes.iter().all(&is_same_note)
        };
        let (last, fragment) = self.known.get_mut(&key)?.iter_mut().find(|(_, known)| is_same(known))?;
        *last = self.layout;
        for tag in self.languages.iter().take(fragment.languages).skip(languages.len()) {
            languages.id(tag);
        }
        Some(Arc::clone(fragment))
    }
}

/// Data recorded while a block is laid out, to cache it.
#[derive(Debug)]
pub struct Recording {
    key: u64,
    /// Numbers of nodes and tags before it.
    nodes: usize,
    tags: usize,
    /// The last child of its parent at that time.
    sibling: Option<TagId>,
    /// Length of [`Flow::origins`] when recording started.
    origins: usize,
    space: Option<Pt>,
    /// The called notes, and whether each call is the first.
    calls: Vec<(usize, bool)>,
    /// Nesting depth of the notes being laid out.
    notes: usize,
    /// Whether the block is independent of what comes before it.
    is_sound: bool,
}

impl Recording {
    /// Records a request for space before or at the block's first node.
    pub fn space(&mut self, space: Pt, nodes: &[Node]) {
        if let Some([] | [Node::Space(_)]) = nodes.get(self.nodes..)
            && self.notes == 0
        {
            self.space = Some(self.space.map_or(space, |before| before.max(space)));
        }
    }

    /// Records that nodes before the block may have been read.
    pub fn looked_back(&mut self) {
        self.is_sound = false;
    }

    /// Records that space at the end was removed.
    pub fn popped(&mut self, nodes: &[Node]) {
        self.is_sound &= nodes.len() > self.nodes || self.notes > 0;
    }

    /// Records a note call, and whether it is the first.
    pub fn call(&mut self, note: usize, is_first: bool) {
        if self.calls.iter().all(|(known, _)| *known != note) {
            self.calls.push((note, is_first));
        }
    }

    /// Records the start of a note, which is laid out separately from the block.
    pub fn begin_note(&mut self) {
        self.notes += 1;
    }

    /// Records the end of the note.
    pub fn end_note(&mut self) {
        self.notes = self.notes.saturating_sub(1);
    }
}

impl Flow<'_, '_> {
    /// Adds a block, from the cache if possible.
    pub fn block(&mut self, block: &RBlock, place: ContainingBlock) {
        self.begin_block(place);
        if stands_by_itself(block) {
            self.cached(block, place, |flow| flow.new_block(block, place));
        } else {
            self.new_block(block, place);
        }
    }

    /// Adds the nodes that `lay` makes of something, from the cache if possible.
    pub fn cached(&mut self, what: impl Hash, place: ContainingBlock, lay: impl FnOnce(&mut Self)) {
        let is_first = self.recording.is_none() && self.markers.is_empty() && self.ids.is_empty();
        let Some(fragments) = self.fragments.as_deref_mut().filter(|_| is_first) else {
            lay(self);
            return;
        };
        let key = hash(what);
        if let Some(last) = fragments.loud.get_mut(&key) {
            *last = fragments.layout;
            lay(self);
            return;
        }
        let anywhere = ContainingBlock { parent: TagTree::ROOT, ..place };
        let (document, notes) = (self.collector.document, &self.notes);
        let is_same_note = |called: &CalledNote| {
            let is_first = notes.get(called.note).is_some_and(Option::is_none);
            let says = || document.notes.get(called.note).map(note_hash);
            called.said.as_ref().map_or(!is_first, |(said, _)| is_first && says() == Some(*said))
        };
        if let Some(fragment) = fragments.get(key, &anywhere, &mut self.collector.languages, is_same_note) {
            self.add_fragment(&fragment, place);
            return;
        }
        self.recording = Some(Recording {
            key,
            nodes: self.nodes.len(),
            tags: self.collector.tags.tags.len(),
            sibling: self.collector.tags.last_child(place.parent),
            origins: self.origins.len(),
            space: None,
            calls: Vec::new(),
            notes: 0,
            is_sound: true,
        });
        lay(self);
        if let Some(recording) = self.recording.take() {
            self.remember(recording, place);
        }
    }

    fn add_fragment(&mut self, fragment: &Fragment, place: ContainingBlock) {
        if let Some(space) = fragment.space {
            self.space(space);
        }
        let around = self.origins.last().map_or(Origin::Opening, |(_, origin)| *origin);
        let tags = self.collector.tags.graft(place.parent, &fragment.tags);
        let counted = |node: &Node| match node {
            Node::Shared(shared) => Node::Shared(shared.with_offsets(|offsets| offsets.after_tags(tags))),
            node => node.clone(),
        };
        self.nodes.extend(fragment.nodes.iter().map(counted));
        let origin = |note: Option<usize>| note.map_or(around, Origin::Note);
        let begun = fragment.origins.iter().map(|(tag, note)| (TagId(tag.wrapping_add(tags)), origin(*note)));
        self.origins.extend(begun);
        for called in &fragment.notes {
            if let (Some((_, nodes)), Some(place)) = (&called.said, self.notes.get_mut(called.note)) {
                *place = Some(nodes.iter().map(counted).collect());
            }
        }
    }

    /// Caches the nodes of a block.
    fn remember(&mut self, recording: Recording, place: ContainingBlock) {
        let is_whole = self.markers.is_empty() && self.ids.is_empty() && self.collector.noted.is_empty();
        if !recording.is_sound || !is_whole || self.nodes.len() <= recording.nodes {
            return;
        }
        let opening_space =
            matches!((recording.space, self.nodes.get(recording.nodes)), (Some(_), Some(Node::Space(_))));
        let first = recording.nodes + usize::from(opening_space);
        let added = self.nodes.get_mut(first..).unwrap_or_default();
        if added.iter().any(may_be_landscape) {
            return;
        }
        let mut has_pictures = added.iter().any(Node::has_pictures);
        let tags = u32::try_from(recording.tags).unwrap_or(u32::MAX);
        let nodes = shared_from(added, tags);
        let mut notes = Vec::with_capacity(recording.calls.len());
        for (note, is_first) in recording.calls {
            let own = self.notes.get_mut(note).and_then(Option::as_deref_mut).unwrap_or_default();
            has_pictures |= is_first && own.iter().any(Node::has_pictures);
            let says = self.collector.document.notes.get(note).map(note_hash);
            let said = says.filter(|_| is_first).map(|says| (says, shared_from(own, tags)));
            notes.push(CalledNote { note, said });
        }
        let begun = self.origins.get(recording.origins..).unwrap_or_default().iter().map(|(tag, origin)| {
            let note = if let Origin::Note(note) = origin { Some(*note) } else { None };
            (tag.0.wrapping_sub(tags), note)
        });
        let fragment = Fragment {
            place: ContainingBlock { parent: TagTree::ROOT, ..place },
            languages: self.collector.languages.len(),
            space: recording.space,
            nodes,
            tags: self.collector.tags.cutting(place.parent, recording.sibling, recording.tags),
            notes,
            origins: begun.collect(),
            has_pictures,
        };
        if let Some(fragments) = &mut self.fragments {
            fragments.new.push((recording.key, Arc::new(fragment)));
        }
    }
}

/// Makes nodes shared; returns copies whose tag ids are relative to `tags`.
fn shared_from(nodes: &mut [Node], tags: u32) -> Vec<Node> {
    let share = |node: &mut Node| {
        if node.has_words() && !matches!(node, Node::Shared(_)) {
            *node = Node::Shared(SharedNode::new(mem::replace(node, Node::EndBackground)));
        }
        match node {
            Node::Shared(shared) => Node::Shared(shared.with_offsets(|offsets| offsets.before_tags(tags))),
            node => node.clone(),
        }
    };
    nodes.iter_mut().map(share).collect()
}

/// A hash of the content of a note.
fn note_hash(note: &Note) -> u64 {
    hash((&note.number, &note.id, &note.blocks))
}

/// Whether a block can be cached: its nodes depend on little besides its content. Sections are laid
/// out block by block.
fn stands_by_itself(block: &RBlock) -> bool {
    match &block.kind {
        BlockKind::Paragraph(_)
        | BlockKind::List(_)
        | BlockKind::Definitions(_)
        | BlockKind::Quote { .. }
        | BlockKind::Code { .. }
        | BlockKind::Equation(_)
        | BlockKind::Admonition { .. }
        | BlockKind::Panel(_)
        | BlockKind::Figure(_)
        | BlockKind::Table(_) => true,
        BlockKind::Rule | BlockKind::PageBreak | BlockKind::Group(_) => false,
        BlockKind::Stage(stage) => match stage {
            ResolvedBlock::NumberedParagraph { .. } | ResolvedBlock::Listing(_) => true,
            ResolvedBlock::Section(_) | ResolvedBlock::ForFormats { .. } | ResolvedBlock::Changed { .. } => false,
        },
    }
}

/// Whether a node may still get a landscape page.
fn may_be_landscape(node: &Node) -> bool {
    matches!(node, Node::Table(table) if table.wider == Widening::LandscapePage && may_be_wide(table))
}
