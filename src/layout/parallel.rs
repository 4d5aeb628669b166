//! Sets the nodes of the flow on all cores. The result does not depend on how
//! many there are: nodes know nothing of one another.

use super::cache::LayoutCache;
use super::flow::Node;
use super::font::FontBook;
use super::lexicon::SharedWordCache;
use super::set::{Findings, set_node};
use super::shape::{Languages, Shaper, WordCache};
use super::vertical::VItem;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::sync::Mutex;

/// Nodes set at once: enough to share the work out evenly.
const CHUNK: usize = 128;

/// Sets nodes, and remembers the words that it has shaped.
pub struct Typesetter<'a> {
    book: &'a FontBook,
    languages: &'a Languages,
    /// Handed from one list of nodes to the next.
    idle: Mutex<Vec<WordCache>>,
    lexicon: SharedWordCache,
    cache: Option<&'a LayoutCache>,
}

impl<'a> Typesetter<'a> {
    /// A press that knows no words yet, and perhaps nodes that were set before.
    pub fn new(book: &'a FontBook, languages: &'a Languages, cache: Option<&'a LayoutCache>) -> Self {
        let lexicon = SharedWordCache::new(rayon::current_num_threads());
        Typesetter { book, languages, idle: Mutex::default(), lexicon, cache }
    }

    /// A shaper for what has to be known before anything is set.
    pub fn shaper(&self) -> Shaper<'_> {
        Shaper::new(self.book, self.languages).with(WordCache::default(), &self.lexicon)
    }

    /// Sets nodes in their order.
    pub fn set_nodes(&self, nodes: Vec<Node>, findings: &mut Findings) -> Vec<VItem> {
        let mut chunks: Vec<Vec<Node>> = Vec::with_capacity(nodes.len() / CHUNK + 1);
        let mut nodes = nodes.into_iter().peekable();
        while nodes.peek().is_some() {
            chunks.push(nodes.by_ref().take(CHUNK).collect());
        }
        let done = self.set_each(chunks, findings);
        let mut out = Vec::with_capacity(done.iter().map(Vec::len).sum());
        out.extend(done.into_iter().flatten());
        out
    }

    /// Sets lists of nodes, each for itself.
    pub fn set_each(&self, lists: Vec<Vec<Node>>, findings: &mut Findings) -> Vec<Vec<VItem>> {
        let done: Vec<(Vec<VItem>, Findings)> = lists.into_par_iter().map(|nodes| self.set_list(nodes)).collect();
        let found = |(list, found): (Vec<VItem>, Findings)| {
            findings.add(found);
            list
        };
        done.into_iter().map(found).collect()
    }

    fn set_list(&self, nodes: Vec<Node>) -> (Vec<VItem>, Findings) {
        let known = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut shaper = Shaper::new(self.book, self.languages).with(known.unwrap_or_default(), &self.lexicon);
        let mut findings = Findings::default();
        let mut out = Vec::with_capacity(nodes.len() * 4);
        if let Some(cache) = self.cache {
            cache.set(nodes, &mut shaper, &mut findings, &mut out);
        } else {
            for node in nodes {
                set_node(node, &mut shaper, &mut findings, &mut out);
                shaper.tidy();
            }
        }
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(shaper.into_memory());
        }
        (out, findings)
    }
}
