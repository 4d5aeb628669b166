//! Nodes shared by several layouts of a document: each is relative and set once.

use super::node::{Findings, Node, NodeOffsets, SetNode, SharedNode, SharedState};
use super::shape::Shaper;
use super::typeset::set_node;
use super::vertical::{ItemList, ListPart, SharedItems};
use crate::parallel::locked;
use std::sync::{Arc, Mutex, OnceLock};

impl SharedNode {
    /// A node that is not set yet.
    pub fn new(mut node: Node) -> SharedNode {
        let keep = node.keep();
        let offsets = NodeOffsets::take(&mut node);
        let state = SharedState { waiting: Mutex::new(Some(node)), set: OnceLock::new() };
        SharedNode { state: Arc::new(state), offsets, keep }
    }

    /// The node with changed offsets.
    pub fn with_offsets(&self, change: impl FnOnce(NodeOffsets) -> NodeOffsets) -> SharedNode {
        SharedNode { offsets: change(self.offsets), ..self.clone() }
    }

    /// Adds the lines of the node, which is set at the first call.
    pub fn set(&self, shaper: &mut Shaper, findings: &mut Findings, out: &mut Vec<ListPart>) {
        let SharedState { waiting, set } = &*self.state;
        let set = set.get_or_init(|| {
            let node = locked(waiting).take();
            node.map(|node| SetNode::from_node(node, shaper)).unwrap_or_default()
        });
        set.add_to(self.offsets, findings, out);
    }

    /// Whether setting it found no problems, which have spans.
    pub fn is_silent(&self) -> bool {
        self.state.set.get().is_some_and(SetNode::is_silent)
    }
}

/// Compares by identity of the shared lines.
impl PartialEq for SharedNode {
    fn eq(&self, other: &SharedNode) -> bool {
        Arc::ptr_eq(&self.state, &other.state) && self.offsets == other.offsets && self.keep == other.keep
    }
}

impl SetNode {
    /// Sets a relative node.
    pub fn from_node(node: Node, shaper: &mut Shaper) -> SetNode {
        let (mut list, mut findings) = (Vec::new(), Findings::default());
        set_node(node, shaper, &mut findings, &mut list);
        SetNode { list: Arc::new(ItemList::new(list)), findings }
    }

    /// Whether setting it found no problems, which have spans.
    pub fn is_silent(&self) -> bool {
        self.findings.is_empty()
    }

    /// Adds the lines with the offsets of the node.
    pub fn add_to(&self, offsets: NodeOffsets, findings: &mut Findings, out: &mut Vec<ListPart>) {
        if !self.list.is_empty() {
            out.push(ListPart::Shared(SharedItems::new(&self.list, offsets.ids())));
        }
        if !self.is_silent() {
            let mut found = self.findings.clone();
            offsets.restore_findings(&mut found);
            findings.add(found);
        }
    }
}
