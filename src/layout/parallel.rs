//! Sets the nodes of the flow on all cores. The result does not depend on how
//! many there are: nodes know nothing of one another.

use super::flow::Node;
use super::font::FontBook;
use super::set::{Findings, set};
use super::shape::{Languages, Memory, Shaper};
use super::vertical::VItem;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::sync::Mutex;

/// Nodes set at once: enough to make a warm cache worth having.
const CHUNK: usize = 128;

/// Sets nodes in their order.
pub fn set_all(
    nodes: Vec<Node>,
    book: &'static FontBook,
    languages: &Languages,
    findings: &mut Findings,
) -> Vec<VItem> {
    if nodes.len() <= CHUNK {
        let mut shaper = Shaper::new(book, languages);
        let mut out = Vec::with_capacity(nodes.len() * 2);
        for node in nodes {
            set(node, &mut shaper, findings, &mut out);
        }
        return out;
    }
    let mut chunks: Vec<Vec<Node>> = Vec::with_capacity(nodes.len() / CHUNK + 1);
    let mut nodes = nodes.into_iter().peekable();
    while nodes.peek().is_some() {
        chunks.push(nodes.by_ref().take(CHUNK).collect());
    }
    // Memories are handed on from chunk to chunk, so that words stay known.
    let idle: Mutex<Vec<Memory>> = Mutex::new(Vec::new());
    let take = || idle.lock().ok().and_then(|mut idle| idle.pop());
    let done: Vec<(Vec<VItem>, Findings)> = chunks
        .into_par_iter()
        .map(|chunk| {
            let mut shaper = Shaper::with(book, languages, take().unwrap_or_default());
            let mut findings = Findings::default();
            let mut out = Vec::with_capacity(chunk.len() * 4);
            for node in chunk {
                set(node, &mut shaper, &mut findings, &mut out);
                shaper.tidy();
            }
            if let Ok(mut idle) = idle.lock() {
                idle.push(shaper.into_memory());
            }
            (out, findings)
        })
        .collect();
    let mut out = Vec::with_capacity(done.iter().map(|(list, _)| list.len()).sum());
    for (list, found) in done {
        out.extend(list);
        findings.missing.extend(found.missing);
        findings.overfull.extend(found.overfull);
    }
    out
}
