//! Blocks that are written again as they were, where a document is written over and over.

use super::context::Context;
use crate::backend::markup::{Markup, Piece};
use crate::language::Language;
use crate::resolve::RBlock;
use crate::source::hash::hash;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the blocks of a document became when it was written last, and in which language.
#[derive(Debug, Default)]
pub struct BlockCache {
    language: Option<Language>,
    /// By a hash of what they say. What is said is not kept beside it: that two blocks of a document
    /// have one of 2⁶⁴ numbers is no more likely than that its memory fails.
    known: BTreeMap<u64, Arc<Piece>>,
    /// Those of the document that is written now.
    used: BTreeMap<u64, Arc<Piece>>,
}

/// What a part of the text is written with, where the document is written again.
#[derive(Debug, Clone, Copy)]
pub enum Written<'a> {
    /// Blocks that were written before are not written anew.
    Blocks(&'a RefCell<BlockCache>),
    /// Inside a block; it is noted whether it says what stands elsewhere in the document.
    Inside(&'a Cell<bool>),
}

impl BlockCache {
    /// Forgets what was written in another language.
    pub fn begin(&mut self, language: &Language) {
        if self.language.as_ref() != Some(language) {
            *self = BlockCache { language: Some(language.clone()), ..BlockCache::default() };
        }
    }

    /// Forgets what the document does not have any more.
    pub fn finish(&mut self) {
        self.known = std::mem::take(&mut self.used);
    }

    fn find(&mut self, key: u64) -> Option<Arc<Piece>> {
        if let Some(piece) = self.used.get(&key) {
            return Some(Arc::clone(piece));
        }
        let piece = self.known.remove(&key)?;
        self.used.insert(key, Arc::clone(&piece));
        Some(piece)
    }
}

/// Writes a block, or what `write` made of it before.
pub fn cached(out: &mut Markup, block: &RBlock, context: &Context, write: impl FnOnce(&mut Markup, &Context)) {
    let Some(Written::Blocks(cache)) = context.written else { return write(out, context) };
    let key = hash((block, context.heading));
    let known = cache.borrow_mut().find(key);
    if let Some(piece) = known {
        return out.again(&piece);
    }
    let looks_elsewhere = Cell::new(false);
    let inside = Context { written: Some(Written::Inside(&looks_elsewhere)), ..*context };
    let piece = out.piece(|out| write(out, &inside));
    if !looks_elsewhere.get() {
        cache.borrow_mut().used.insert(key, Arc::new(piece));
    }
}
