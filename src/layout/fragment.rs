//! Blocks as they were laid out before. One that says the same at the same place becomes the same
//! nodes again, and what was set of these is shared.

use super::columns::may_be_wide;
use super::flow::{ContainingBlock, Flow};
use super::frame::{TagId, TagTree};
use super::node::SharedNode;
use super::node::{Node, Wider};
use super::shape::Languages;
use crate::ast::BlockKind;
use crate::resolve::{RBlock, ResolvedBlock};
use crate::source::hash::{LookupMap, hash};
use crate::theme::Pt;
use std::hash::Hash;
use std::mem;
use std::sync::Arc;

/// What a block became that stands by itself: it calls no notes, and asks nothing of what comes
/// before it.
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
    /// Whether it shows pictures, which it names by numbers.
    has_pictures: bool,
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
            if fragment.nodes.iter().all(is_silent) {
                self.known.entry(key).or_default().push((layout, fragment));
            } else {
                self.loud.insert(key, layout);
            }
        }
        self.languages = languages;
        self.layout += 1;
    }

    /// What is known of a block at a place. The languages that it names get their numbers.
    fn get(&mut self, key: u64, place: &ContainingBlock, languages: &mut Languages) -> Option<Arc<Fragment>> {
        let same_languages = |count: usize| self.languages.get(..count).is_some_and(|then| languages.agree_with(then));
        let known = self.known.get_mut(&key)?;
        let (last, fragment) =
            known.iter_mut().find(|(_, known)| known.place == *place && same_languages(known.languages))?;
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
    space: Option<Pt>,
    /// Whether the block stands by itself.
    is_sound: bool,
}

impl Recording {
    /// Space was asked for, where the block's first node stands or where none of its stands yet.
    pub fn space(&mut self, space: Pt, nodes: &[Node]) {
        if let Some([] | [Node::Space(_)]) = nodes.get(self.nodes..) {
            self.space = Some(self.space.map_or(space, |before| before.max(space)));
        }
    }

    /// Something was looked at that may come before the block.
    pub fn looked_back(&mut self) {
        self.is_sound = false;
    }

    /// Space at the end was taken away.
    pub fn popped(&mut self, nodes: &[Node]) {
        self.is_sound &= nodes.len() > self.nodes;
    }
}

impl Flow<'_, '_> {
    /// Adds a block, as it was laid out before where that is known.
    pub fn block(&mut self, block: &RBlock, place: ContainingBlock) {
        self.begin_block(place);
        if stands_by_itself(block) {
            self.once(block, place, |flow| flow.new_block(block, place));
        } else {
            self.new_block(block, place);
        }
    }

    /// Adds what `lay` makes of something, as it was laid out before where that is known.
    pub fn once(&mut self, what: impl Hash, place: ContainingBlock, lay: impl FnOnce(&mut Self)) {
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
        if let Some(fragment) = fragments.get(key, &anywhere, &mut self.collector.languages) {
            self.add_fragment(&fragment, place);
            return;
        }
        self.recording = Some(Recording {
            key,
            nodes: self.nodes.len(),
            tags: self.collector.tags.tags.len(),
            sibling: self.collector.tags.last_child(place.parent),
            space: None,
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
        let tags = self.collector.tags.graft(place.parent, &fragment.tags);
        self.nodes.extend(fragment.nodes.iter().map(|node| match node {
            Node::Shared(shared) => Node::Shared(shared.with_base(|base| base.after_tags(tags))),
            node => node.clone(),
        }));
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
        let has_pictures = added.iter().any(Node::has_pictures);
        for node in added.iter_mut().filter(|node| node.has_words()) {
            *node = Node::Shared(SharedNode::new(mem::replace(node, Node::Close)));
        }
        let tags = u32::try_from(recording.tags).unwrap_or(u32::MAX);
        let counted = |node: &Node| match node {
            Node::Shared(shared) => Node::Shared(shared.with_base(|base| base.before_tags(tags))),
            node => node.clone(),
        };
        let fragment = Fragment {
            place: ContainingBlock { parent: TagTree::ROOT, ..place },
            languages: self.collector.languages.len(),
            space: recording.space,
            nodes: added.iter().map(counted).collect(),
            tags: self.collector.tags.cutting(place.parent, recording.sibling, recording.tags),
            has_pictures,
        };
        if let Some(fragments) = &mut self.fragments {
            fragments.new.push((recording.key, Arc::new(fragment)));
        }
    }
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
    matches!(node, Node::Table(table) if table.wider == Wider::Landscape && may_be_wide(table))
}
