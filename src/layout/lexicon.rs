//! Words that any thread has shaped, for the other threads: shaping a word is
//! the most that is done for it, and most of the words of a text come again.

use super::shape::{Key, LangId, WordGlyph, WordStyle};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A part that holds more words than this starts anew: bounded memory for any
/// document.
const SHARD_LIMIT: usize = 10_000;
/// Parts that are locked one by one, so that threads seldom wait.
const SHARDS: usize = 32;

/// What threads tell one another of words.
#[derive(Default)]
pub struct Lexicon {
    shards: [Mutex<Shard>; SHARDS],
    hasher: RandomState,
}

#[derive(Default)]
struct Shard {
    shaped: HashMap<(WordStyle, Key), Range<usize>, RandomState>,
    glyphs: Vec<WordGlyph>,
    hyphenated: HashMap<(LangId, Key), Range<usize>, RandomState>,
    hyphens: Vec<usize>,
}

impl Lexicon {
    /// Adds the glyphs of a word to `glyphs`; false if nobody has shaped it.
    pub fn glyphs(&self, key: &(WordStyle, Key), glyphs: &mut Vec<WordGlyph>) -> bool {
        let shard = self.shard(&key.1);
        let known = shard.shaped.get(key).and_then(|place| shard.glyphs.get(place.clone()));
        known.inspect(|known| glyphs.extend_from_slice(known)).is_some()
    }

    /// Remembers the glyphs of a word.
    pub fn add_glyphs(&self, key: (WordStyle, Key), glyphs: &[WordGlyph]) {
        let mut shard = self.shard(&key.1);
        if shard.shaped.len() > SHARD_LIMIT {
            *shard = Shard::default();
        }
        let place = append(&mut shard.glyphs, glyphs);
        shard.shaped.insert(key, place);
    }

    /// Byte offsets at which a word may be hyphenated; `find` is asked if
    /// nobody has looked before.
    pub fn hyphens(&self, key: (LangId, Key), find: impl FnOnce() -> Vec<usize>) -> Vec<usize> {
        let shard = self.shard(&key.1);
        if let Some(known) = shard.hyphenated.get(&key).and_then(|place| shard.hyphens.get(place.clone())) {
            return known.to_vec();
        }
        drop(shard);
        let found = find();
        let mut shard = self.shard(&key.1);
        let place = append(&mut shard.hyphens, &found);
        shard.hyphenated.insert(key, place);
        found
    }

    fn shard(&self, key: &Key) -> MutexGuard<'_, Shard> {
        let index = self.hasher.hash_one(key) as usize % SHARDS;
        // A shard is whole at any time: what a thread left behind is of use.
        let [first, ..] = &self.shards;
        self.shards.get(index).unwrap_or(first).lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn append<T: Copy>(list: &mut Vec<T>, new: &[T]) -> Range<usize> {
    let start = list.len();
    list.extend_from_slice(new);
    start..list.len()
}
