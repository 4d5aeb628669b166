//! Nodes that were set before, for the next time that the document is laid out.

use super::flow::Node;
use super::furniture::PageNumbers;
use super::rebase::Base;
use super::shape::Shaper;
use super::typeset::{Findings, Marker, set_node};
use super::vertical::VItem;
use crate::source::hash::hasher;
use crate::theme::Theme;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

/// What a document's nodes became when it was laid out last.
#[derive(Debug, Default)]
pub struct LayoutCache {
    /// For what they were set.
    theme: Option<Theme>,
    /// By the number that nodes hold for each ([`super::shape::LangId`]).
    languages: Vec<String>,
    /// Lines of page numbers.
    pub(super) page_numbers: PageNumbers,
    /// By a hash of their words.
    known: BTreeMap<u64, Vec<Arc<SetNode>>>,
    /// Those that are in use this time.
    used: Mutex<Vec<(u64, Arc<SetNode>)>>,
}

/// A node, counted from itself, and what became of it.
#[derive(Debug)]
struct SetNode {
    node: Node,
    list: Vec<VItem>,
    findings: Findings,
}

impl LayoutCache {
    /// Forgets what was set for another theme or other languages.
    pub(super) fn begin(&mut self, theme: &Theme, languages: Vec<String>) {
        if self.theme.as_ref() != Some(theme) || self.languages != languages {
            self.known.clear();
            self.page_numbers.clear();
            self.theme = Some(theme.clone());
            self.languages = languages;
        }
    }

    /// Forgets what was not in use this time.
    pub(super) fn finish(&mut self) {
        self.known.clear();
        let used = mem::take(self.used.get_mut().unwrap_or_else(PoisonError::into_inner));
        for (key, node) in used {
            self.known.entry(key).or_default().push(node);
        }
    }

    /// Sets nodes in their order, those that are not known.
    pub(super) fn set(&self, nodes: Vec<Node>, shaper: &mut Shaper, findings: &mut Findings, out: &mut Vec<VItem>) {
        let mut used = Vec::with_capacity(nodes.len());
        for mut node in nodes {
            let Some(key) = key(&node) else {
                set_node(node, shaper, findings, out);
                continue;
            };
            let base = Base::take(&mut node);
            let known = self.known.get(&key).into_iter().flatten().find(|known| known.node == node);
            let done = known.map_or_else(|| Arc::new(SetNode::from_node(node, shaper)), Arc::clone);
            let from = out.len();
            out.extend_from_slice(&done.list);
            base.restore(out.get_mut(from..).unwrap_or_default());
            let mut found = done.findings.clone();
            base.restore_findings(&mut found);
            findings.add(found);
            used.push((key, done));
        }
        self.used.lock().unwrap_or_else(PoisonError::into_inner).append(&mut used);
    }
}

impl SetNode {
    fn from_node(node: Node, shaper: &mut Shaper) -> SetNode {
        let (mut list, mut findings) = (Vec::new(), Findings::default());
        set_node(node.clone(), shaper, &mut findings, &mut list);
        shaper.tidy();
        SetNode { node, list, findings }
    }
}

/// A hash of a node's words; `None` for one that is set at once.
fn key(node: &Node) -> Option<u64> {
    let mut hasher = hasher(0);
    hash(node, &mut hasher).then(|| hasher.finish())
}

/// Hashes what a node says; `false` where it says nothing.
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
        Node::Open(_)
        | Node::Close
        | Node::Space(_)
        | Node::Penalty(_)
        | Node::Picture(_)
        | Node::Rule { .. }
        | Node::Strut(_)
        | Node::Bar { .. }
        | Node::PageOrientation(_) => return false,
    }
    true
}
