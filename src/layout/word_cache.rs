//! The words of documents that have been shaped, for all threads: shaping a word is the most that is
//! done for it, and most of the words of a text come again.

use super::glyphs::{GlyphArena, Shift, WordGlyph};
use super::word::{HyphenPoint, ListRange, ShapedWord, StyleId, WordKey, WordStyle};
use crate::parallel::locked;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// A cache with more words than this is renewed, to limit memory for any document.
const LIMIT: usize = 100_000;
/// Parts that are locked one by one, so that threads seldom wait.
const SHARDS: usize = 16;
/// Words that a thread keeps nearest.
const RECENT: usize = 512;

/// A cache of shaped words, shared by threads.
pub struct WordCache {
    styles: Mutex<Vec<WordStyle>>,
    shards: [Mutex<Shard>; SHARDS],
    glyphs: Arc<GlyphArena>,
    count: AtomicUsize,
    hasher: RandomState,
    /// How often it was renewed.
    generation: usize,
}

/// A key and its hash in a cache.
pub struct HashedKey {
    key: WordKey,
    hash: u64,
}

/// Words whose hashes have the same remainder.
#[derive(Default)]
struct Shard {
    shaped: HashMap<WordKey, ShapedWord, RandomState>,
    /// Where words may be hyphenated, by the numbers of their indices.
    hyphenated: HashMap<u32, ListRange, RandomState>,
    hyphens: Vec<HyphenPoint>,
}

impl Default for WordCache {
    fn default() -> Self {
        WordCache {
            styles: Mutex::default(),
            shards: Default::default(),
            glyphs: Arc::default(),
            count: AtomicUsize::new(0),
            hasher: RandomState::default(),
            generation: 0,
        }
    }
}

impl WordCache {
    /// The current cache; one that has too many words is replaced by an empty one, in which styles
    /// have the same numbers.
    pub fn renewed(current: &Mutex<Arc<WordCache>>) -> Arc<WordCache> {
        let mut current = locked(current);
        if current.is_full() {
            let styles = Mutex::new(locked(&current.styles).clone());
            let next = WordCache { styles, generation: current.generation + 1, ..WordCache::default() };
            *current = Arc::new(next);
        }
        Arc::clone(&current)
    }

    /// Whether it has too many words.
    pub fn is_full(&self) -> bool {
        self.count.load(Ordering::Relaxed) > LIMIT
    }

    /// The glyphs of the words.
    pub fn glyphs(&self) -> &Arc<GlyphArena> {
        &self.glyphs
    }

    /// The number of a style.
    pub fn style(&self, style: WordStyle) -> StyleId {
        let mut styles = locked(&self.styles);
        let number = styles.iter().position(|known| *known == style).unwrap_or_else(|| {
            styles.push(style);
            styles.len() - 1
        });
        StyleId(u16::try_from(number).unwrap_or(u16::MAX))
    }

    /// The key of a text in a style, with its hash.
    pub fn key(&self, style: StyleId, text: &str) -> HashedKey {
        let key = WordKey::new(style, text);
        HashedKey { hash: self.hasher.hash_one(&key), key }
    }

    /// A word; `None` if no thread has shaped it.
    fn word(&self, HashedKey { key, hash }: &HashedKey) -> Option<ShapedWord> {
        self.shard(*hash).shaped.get(key).copied()
    }

    /// Adds a word: its glyphs from left to right, and the shifts of all or none of them. Without a
    /// key it is not found again.
    pub fn add(
        &self,
        key: Option<HashedKey>,
        glyphs: impl ExactSizeIterator<Item = WordGlyph> + Clone,
        shifts: Vec<Shift>,
    ) -> ShapedWord {
        self.count.fetch_add(1, Ordering::Relaxed);
        let width = glyphs.clone().map(|glyph| glyph.advance).sum();
        let word = ShapedWord { index: self.glyphs.add(glyphs, shifts), width };
        if let Some(HashedKey { key, hash }) = key {
            self.shard(hash).shaped.insert(key, word);
        }
        word
    }

    /// Replaces `points` by those where a word may be hyphenated, which `find` adds if they are not
    /// known yet.
    pub fn hyphens(&self, word: ShapedWord, points: &mut Vec<HyphenPoint>, find: impl FnOnce(&mut Vec<HyphenPoint>)) {
        points.clear();
        let number = word.index.number();
        let shard = self.shard(u64::from(number));
        if let Some(known) = shard.hyphenated.get(&number) {
            points.extend_from_slice(known.slice(&shard.hyphens));
            return;
        }
        drop(shard);
        find(points);
        let mut shard = self.shard(u64::from(number));
        let place = ListRange::append(&mut shard.hyphens, points.iter().copied());
        shard.hyphenated.insert(number, place);
    }

    fn shard(&self, hash: u64) -> MutexGuard<'_, Shard> {
        // A shard is whole at any time: what a thread left behind is of use.
        let [first, ..] = &self.shards;
        locked(self.shards.get(hash as usize % SHARDS).unwrap_or(first))
    }
}

/// The words of a cache that one thread used last: those that come most often are found without a
/// lock, and near.
#[derive(Default)]
pub struct RecentWords {
    /// By hash, modulo their number; empty while the cache is small.
    slots: Vec<Option<(WordKey, ShapedWord)>>,
    generation: usize,
}

impl RecentWords {
    /// A word of a cache; `None` if no thread has shaped it.
    pub fn word(&mut self, key: &HashedKey, cache: &WordCache) -> Option<ShapedWord> {
        if cache.count.load(Ordering::Relaxed) <= RECENT {
            // All of it is near.
            return cache.word(key);
        }
        if self.generation != cache.generation || self.slots.is_empty() {
            self.slots.clear();
            self.slots.resize(RECENT, None);
            self.generation = cache.generation;
        }
        let slot = self.slots.get_mut(key.hash as usize / SHARDS % RECENT)?;
        if let Some((known, word)) = slot
            && *known == key.key
        {
            return Some(*word);
        }
        let word = cache.word(key)?;
        *slot = Some((key.key.clone(), word));
        Some(word)
    }
}
