//! The layout cache of a document.

use super::fragment::Fragments;
use super::furniture::FinishedPages;
use super::node::Findings;
use super::node::NodeOffsets;
use super::node::SetNode;
use super::node::{Marker, Node};
use super::page::CachedPages;
use super::shape::Shaper;
use super::typeset::set_part;
use super::vertical::ListPart;
use crate::language::Language;
use crate::parallel::locked;
use crate::resolve::{Picture, Resolved};
use crate::source::hash::hasher;
use crate::theme::{Pt, Theme};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

/// The last layout of a document, for the next one.
#[derive(Debug, Default)]
pub struct LayoutCache {
    /// Theme of the cached layouts.
    theme: Option<Theme>,
    /// Languages by their numbers ([`super::word::LangId`]).
    languages: Vec<String>,
    /// Blocks that can be cached as a whole.
    pub(super) fragments: Fragments,
    /// Sizes of the pictures.
    pictures: Vec<(Pt, Pt)>,
    /// Language of the document, for the labels that it adds.
    language: Option<Language>,
    /// Pages without furniture; `finished` has the complete ones.
    pub(super) pages: CachedPages,
    pub(super) finished: FinishedPages,
    /// Nodes of other blocks from the previous layout, by a hash of their words.
    known: BTreeMap<u64, Vec<Arc<CachedNode>>>,
    /// Nodes used in the current layout.
    used: Mutex<Vec<(u64, Arc<CachedNode>)>>,
}

/// A relative node and its lines.
#[derive(Debug)]
struct CachedNode {
    node: Node,
    set: SetNode,
}

impl LayoutCache {
    /// Drops layouts for another theme or language, or with other picture sizes.
    pub(super) fn begin(&mut self, document: &Resolved, theme: &Theme) {
        if self.theme.as_ref() != Some(theme) || self.language.as_ref() != Some(&document.language) {
            *self = LayoutCache {
                theme: Some(theme.clone()),
                language: Some(document.language.clone()),
                ..LayoutCache::default()
            };
        }
        let pictures: Vec<(Pt, Pt)> = document.pictures.iter().map(Picture::natural_size).collect();
        if self.pictures != pictures {
            self.fragments.forget_pictures();
            self.pictures = pictures;
        }
    }

    /// Drops nodes set with other language numbers.
    pub(super) fn begin_setting(&mut self, languages: Vec<String>) {
        if self.languages != languages {
            self.known.clear();
            self.languages = languages;
        }
    }

    /// Ends a layout: drops what it did not use.
    pub(super) fn finish(&mut self) {
        self.known.clear();
        let used = mem::take(self.used.get_mut().unwrap_or_else(PoisonError::into_inner));
        for (key, node) in used {
            self.known.entry(key).or_default().push(node);
        }
        self.fragments.finish(self.languages.clone());
        self.pages.finish();
    }

    /// Sets nodes in order; cached ones are reused.
    pub(super) fn set(&self, nodes: Vec<Node>, shaper: &mut Shaper, findings: &mut Findings, out: &mut Vec<ListPart>) {
        let (mut used, mut room) = (Vec::with_capacity(nodes.len()), Vec::new());
        for mut node in nodes {
            shaper.tidy();
            let Some(key) = key(&node) else {
                set_part(node, shaper, findings, &mut room, out);
                continue;
            };
            let offsets = NodeOffsets::take(&mut node);
            let known = self.known.get(&key).into_iter().flatten().find(|known| known.node == node);
            let done = known.map(Arc::clone).unwrap_or_else(|| {
                let set = SetNode::from_node(node.clone(), shaper);
                Arc::new(CachedNode { node, set })
            });
            done.set.add_to(offsets, findings, out);
            used.push((key, done));
        }
        locked(&self.used).append(&mut used);
    }
}

/// A hash of a node's words; `None` for a node that is not cached.
fn key(node: &Node) -> Option<u64> {
    let mut hasher = hasher(0);
    hash(node, &mut hasher).then(|| hasher.finish())
}

/// Hashes the words of a node; `false` if it has none.
fn hash(node: &Node, hasher: &mut impl Hasher) -> bool {
    let markers = |markers: &[Marker], hasher: &mut _| {
        markers.iter().for_each(|marker| marker.paragraph.text.hash(hasher));
    };
    match node {
        Node::Text(text) => {
            text.paragraph.text.hash(hasher);
            text.width.to_bits().hash(hasher);
            markers(&text.markers, hasher);
        }
        Node::Code(code) => {
            code.text.hash(hasher);
            markers(&code.markers, hasher);
        }
        Node::Table(table) => {
            let cells = table.head.iter().chain(&table.body).flat_map(|row| &row.cells);
            cells.flat_map(|cell| &cell.nodes).for_each(|node| {
                hash(node, hasher);
            });
        }
        Node::BeginBackground(_)
        | Node::EndBackground
        | Node::Space(_)
        | Node::Penalty(_)
        | Node::Picture(_)
        | Node::Shared(_)
        | Node::Rule { .. }
        | Node::Kern(_)
        | Node::Bar { .. }
        | Node::PageOrientation(_) => return false,
    }
    true
}
