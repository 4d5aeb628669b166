//! Words that any thread has shaped, for the other threads: shaping a word is
//! the most that is done for it, and most of the words of a text come again.

use super::word::{LangId, ListRange, WordGlyphs, WordKey, WordStyle};
use crate::parallel::locked;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard};

/// A shard with more words than this is cleared, to limit memory for any document.
const SHARD_LIMIT: usize = 10_000;
/// Parts that are locked one by one, so that threads seldom wait.
const SHARDS: usize = 32;

/// A word cache shared by threads.
pub struct SharedWordCache {
    shards: [Mutex<Shard>; SHARDS],
    hasher: RandomState,
    is_shared: bool,
}

#[derive(Default)]
struct Shard {
    shaped: HashMap<(WordStyle, WordKey), WordGlyphs, RandomState>,
    hyphenated: HashMap<(LangId, WordKey), ListRange, RandomState>,
    hyphens: Vec<u16>,
}

impl SharedWordCache {
    /// A cache for `threads` threads. A single thread keeps its own words instead.
    pub fn new(threads: usize) -> Self {
        SharedWordCache { shards: Default::default(), hasher: RandomState::default(), is_shared: threads > 1 }
    }

    /// Whether several threads share it.
    pub fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// The glyphs of a word; `None` if no thread has shaped it. Each thread has its own copy,
    /// because shared reference counts would be slow.
    pub fn glyphs(&self, key: &(WordStyle, WordKey)) -> Option<Arc<WordGlyphs>> {
        self.shard(&key.1).shaped.get(key).cloned().map(Arc::new)
    }

    /// Remembers the glyphs of a word.
    pub fn add_glyphs(&self, key: (WordStyle, WordKey), word: &WordGlyphs) {
        let mut shard = self.shard(&key.1);
        if shard.shaped.len() > SHARD_LIMIT {
            *shard = Shard::default();
        }
        shard.shaped.insert(key, word.clone());
    }

    /// Adds the byte offsets at which a bare word may be hyphenated to `offsets`; `find` computes
    /// them if they are not cached.
    pub fn hyphens<T: Iterator<Item = u16>>(
        &self,
        key: (LangId, WordKey),
        find: impl FnOnce() -> T,
        offsets: &mut Vec<u16>,
    ) {
        let shard = self.shard(&key.1);
        if let Some(known) = shard.hyphenated.get(&key) {
            offsets.extend_from_slice(known.slice(&shard.hyphens));
            return;
        }
        drop(shard);
        let start = offsets.len();
        offsets.extend(find());
        let mut shard = self.shard(&key.1);
        if shard.hyphenated.len() > SHARD_LIMIT {
            *shard = Shard::default();
        }
        let found = offsets.get(start..).unwrap_or_default().iter().copied();
        let place = ListRange::append(&mut shard.hyphens, found);
        shard.hyphenated.insert(key, place);
    }

    fn shard(&self, key: &WordKey) -> MutexGuard<'_, Shard> {
        let index = self.hasher.hash_one(key) as usize % SHARDS;
        // A shard is whole at any time: what a thread left behind is of use.
        let [first, ..] = &self.shards;
        locked(self.shards.get(index).unwrap_or(first))
    }
}
