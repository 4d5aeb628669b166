//! The cache of written blocks, for a document that is written repeatedly.

use super::context::Context;
use crate::backend::markup::{Markup, Piece};
use crate::language::Language;
use crate::resolve::RBlock;
use crate::source::hash::hash;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Markup of the blocks of the last version, and its language.
#[derive(Debug, Default)]
pub struct BlockCache {
    language: Option<Language>,
    /// Markup of the previous version, by the hash of the block. The block itself is not compared:
    /// a collision of 64-bit hashes within one document is less likely than a memory error (for n
    /// blocks below n²/2⁶⁵).
    known: BTreeMap<u64, Arc<Piece>>,
    /// Markup of the current version, by the hash of the block.
    used: BTreeMap<u64, Arc<Piece>>,
}

/// How the cache is used for a part of the text.
#[derive(Debug, Clone, Copy)]
pub enum Written<'a> {
    /// Outside of blocks: cached blocks are reused.
    Blocks(&'a RefCell<BlockCache>),
    /// Inside a block: the flag records whether its output depends on other parts of the document.
    Inside(&'a Cell<bool>),
}

impl BlockCache {
    /// Clears the cache if the language changed.
    pub fn begin(&mut self, language: &Language) {
        if self.language.as_ref() != Some(language) {
            *self = BlockCache { language: Some(language.clone()), ..BlockCache::default() };
        }
    }

    /// Ends a version: drops blocks that the document no longer has.
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

/// Writes a block with `write`, or its cached markup.
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
