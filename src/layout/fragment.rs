//! Blocks as they were laid out before. One that says the same at the same place becomes the same
//! nodes again, and what was set of these is shared.

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

/// What a block became that stands by itself: it asks nothing of what comes before it.
#[derive(Debug)]
struct Fragment {
    /// Where it stood, whatever its parent was.
    place: ContainingBlock,
    /// How many languages were known then: it names them by numbers.
    languages: usize,
    /// Space before it, of which and the space there the larger counts.
    space: Option<Pt>,
    nodes: Vec<Node>,
    /// Tags, counted from the first of them.
    tags: TagTree,
    /// The notes that it calls, in order.
    notes: Vec<CalledNote>,
    /// Tags, counted like the others, from which on others are made of a note, or of the block again.
    origins: Vec<(u32, Option<usize>)>,
    /// Whether it shows pictures, which it names by numbers.
    has_pictures: bool,
}

/// A note that a block calls.
#[derive(Debug)]
struct CalledNote {
    /// Its place in the document.
    note: usize,
    /// What it says and what that became, where it was not called before.
    said: Option<(u64, Vec<Node>)>,
}

/// What the blocks of a document became when it was laid out last.
#[derive(Debug, Default)]
pub struct Fragments {
    /// By a hash of what they say, each with the layout that it was last part of. What is said
    /// is not kept beside it: that two blocks of a document have one of 2⁶⁴ numbers is no more
    /// likely than that its memory fails.
    known: LookupMap<u64, Vec<(u64, Arc<Fragment>)>>,
    /// Those that were not known before; their nodes are not set yet.
    new: Vec<(u64, Arc<Fragment>)>,
    /// Hashes of blocks in which something was found, which has a place: they are laid out node
    /// by node. Each with the layout that it was last part of.
    loud: LookupMap<u64, u64>,
    /// The languages of the last layout, in the order of their numbers.
    languages: Vec<String>,
    /// Counts layouts.
    layout: u64,
}

impl Fragments {
    /// Forgets those that show pictures.
    pub fn forget_pictures(&mut self) {
        for known in self.known.values_mut() {
            known.retain(|(_, fragment)| !fragment.has_pictures);
        }
    }

    /// Forgets what the last layout has no part of, and keeps what is new in it.
    pub fn finish(&mut self, languages: Vec<String>) {
        let layout = self.layout;
        self.known.retain(|_, known| {
            known.retain(|(last, _)| *last == layout);
            !known.is_empty()
        });
        self.loud.retain(|_, last| *last == layout);
        for (key, fragment) in mem::take(&mut self.new) {
            // What was found has places, which move.
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

    /// What is known of a block at a place, where its notes are the same. The languages that it names
    /// get their numbers.
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

/// What is noted while a block is laid out that may come again.
#[derive(Debug)]
pub struct Recording {
    key: u64,
    /// How many nodes and tags there were before it.
    nodes: usize,
    tags: usize,
    /// The child of its parent that was the last one then.
    sibling: Option<TagId>,
    /// How many times it was said before what tags are made of.
    origins: usize,
    space: Option<Pt>,
    /// The notes that were called, and whether for the first time.
    calls: Vec<(usize, bool)>,
    /// How many notes are being laid out, one in the other.
    notes: usize,
    /// Whether the block stands by itself.
    is_sound: bool,
}

impl Recording {
    /// Space was asked for, where the block's first node stands or where none of its stands yet.
    pub fn space(&mut self, space: Pt, nodes: &[Node]) {
        if let Some([] | [Node::Space(_)]) = nodes.get(self.nodes..)
            && self.notes == 0
        {
            self.space = Some(self.space.map_or(space, |before| before.max(space)));
        }
    }

    /// Something was looked at that may come before the block.
    pub fn looked_back(&mut self) {
        self.is_sound = false;
    }

    /// Space at the end was taken away.
    pub fn popped(&mut self, nodes: &[Node]) {
        self.is_sound &= nodes.len() > self.nodes || self.notes > 0;
    }

    /// A note is called, for the first time or not.
    pub fn call(&mut self, note: usize, is_first: bool) {
        if self.calls.iter().all(|(known, _)| *known != note) {
            self.calls.push((note, is_first));
        }
    }

    /// A note is laid out from here on, apart from the block.
    pub fn begin_note(&mut self) {
        self.notes += 1;
    }

    /// The note ends.
    pub fn end_note(&mut self) {
        self.notes = self.notes.saturating_sub(1);
    }
}

impl Flow<'_, '_> {
    /// Adds a block, as it was laid out before where that is known.
    pub fn block(&mut self, block: &RBlock, place: ContainingBlock) {
        self.begin_block(place);
        if stands_by_itself(block) {
            self.cached(block, place, |flow| flow.new_block(block, place));
        } else {
            self.new_block(block, place);
        }
    }

    /// Adds what `lay` makes of something, as it was laid out before where that is known.
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
            Node::Shared(shared) => Node::Shared(shared.with_base(|base| base.after_tags(tags))),
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

    /// Makes a fragment of the nodes that a block became.
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

/// Makes nodes that are shared from now on; returns them as they are counted from so many tags.
fn shared_from(nodes: &mut [Node], tags: u32) -> Vec<Node> {
    let share = |node: &mut Node| {
        if node.has_words() && !matches!(node, Node::Shared(_)) {
            *node = Node::Shared(SharedNode::new(mem::replace(node, Node::EndBackground)));
        }
        match node {
            Node::Shared(shared) => Node::Shared(shared.with_base(|base| base.before_tags(tags))),
            node => node.clone(),
        }
    };
    nodes.iter_mut().map(share).collect()
}

/// A hash of what is laid out of a note.
fn note_hash(note: &Note) -> u64 {
    hash((&note.number, &note.id, &note.blocks))
}

/// Whether a block becomes nodes that depend on little beside it. Sections are laid out block by
/// block.
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

/// Whether a node may yet get a page in landscape.
fn may_be_landscape(node: &Node) -> bool {
    matches!(node, Node::Table(table) if table.wider == Widening::LandscapePage && may_be_wide(table))
}
