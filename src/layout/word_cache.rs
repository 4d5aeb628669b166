//! The words of documents that have been shaped, for all threads: shaping a word is the most that is
//! done for it, and most of the words of a text come again.

use super::glyphs::{GlyphArena, Shift, WordGlyph, WordIndex};
use super::word::{HyphenPoint, ListRange, ShapedWord, StyleId, WordKey, WordStyle};
use crate::parallel::locked;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// A cache with more glyphs than this is renewed, to limit memory for any document: some 100,000
/// words.
const LIMIT: usize = 1_000_000;
/// Parts that are locked one by one, so that threads seldom wait.
const SHARDS: usize = 16;
/// Words that a thread keeps nearest.
const RECENT: usize = 512;
/// Longer words are cut. A font would have to make eight glyphs of each letter.
const LONGEST: usize = 8_000;

/// A cache of shaped words, shared by threads.
pub struct WordCache {
    /// Shared by all that were renewed, so that a style has one number in all of them.
    styles: Arc<Mutex<HashMap<WordStyle, StyleId>>>,
    shards: [Mutex<Shard>; SHARDS],
    glyphs: Arc<GlyphArena>,
    words: AtomicUsize,
    glyph_count: AtomicUsize,
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
            styles: Arc::default(),
            shards: Default::default(),
            glyphs: Arc::default(),
            words: AtomicUsize::new(0),
            glyph_count: AtomicUsize::new(0),
            hasher: RandomState::default(),
            generation: 0,
        }
    }
}

impl WordCache {
    /// The current cache; one that is full is replaced by an empty one.
    pub fn renewed(current: &Mutex<Arc<WordCache>>) -> Arc<WordCache> {
        let mut current = locked(current);
        if current.is_full() {
            let styles = Arc::clone(&current.styles);
            let next = WordCache { styles, generation: current.generation + 1, ..WordCache::default() };
            *current = Arc::new(next);
        }
        Arc::clone(&current)
    }

    /// Whether it has too many glyphs.
    pub fn is_full(&self) -> bool {
        self.glyph_count.load(Ordering::Relaxed) > LIMIT
    }

    /// The glyphs of the words.
    pub fn glyphs(&self) -> &Arc<GlyphArena> {
        &self.glyphs
    }

    /// The number of a style; `None` if there are too many, whose words are not found again.
    pub fn style(&self, style: WordStyle) -> Option<StyleId> {
        let mut styles = locked(&self.styles);
        if let Some(known) = styles.get(&style) {
            return Some(*known);
        }
        let number = StyleId(u16::try_from(styles.len()).ok()?);
        styles.insert(style, number);
        Some(number)
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
        mut shifts: Vec<Shift>,
    ) -> ShapedWord {
        let glyphs = glyphs.take(LONGEST);
        shifts.truncate(LONGEST);
        self.words.fetch_add(1, Ordering::Relaxed);
        self.glyph_count.fetch_add(glyphs.len() + 1, Ordering::Relaxed);
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
        if word.index == WordIndex::EMPTY {
            // All words without glyphs are this one.
            return;
        }
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
        if cache.words.load(Ordering::Relaxed) <= RECENT {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::font::FontIndex;
    use crate::layout::word::{Figures, LangId, Script, TextDirection};

    fn style(font: u16) -> WordStyle {
        WordStyle {
            font: FontIndex(font),
            figures: Figures::default(),
            lang: LangId::default(),
            script: Script::LATIN,
            direction: TextDirection::default(),
        }
    }

    fn glyphs(count: u16) -> impl ExactSizeIterator<Item = WordGlyph> + Clone {
        (0..count).map(|cluster| WordGlyph { id: 7, cluster, advance: 0.5 })
    }

    fn fill(cache: &WordCache) {
        while !cache.is_full() {
            cache.add(None, glyphs(1000), Vec::new());
        }
    }

    #[test]
    fn a_full_cache_is_renewed_once() {
        let current = Mutex::new(Arc::<WordCache>::default());
        let first = WordCache::renewed(&current);
        assert!(Arc::ptr_eq(&first, &WordCache::renewed(&current)));
        fill(&first);
        let second = WordCache::renewed(&current);
        assert!(!Arc::ptr_eq(&first, &second) && !second.is_full());
        assert!(Arc::ptr_eq(&second, &WordCache::renewed(&current)));
    }

    #[test]
    fn styles_have_the_same_numbers_in_old_and_new_caches() {
        let current = Mutex::new(Arc::<WordCache>::default());
        let first = WordCache::renewed(&current);
        let known = first.style(style(0));
        fill(&first);
        let second = WordCache::renewed(&current);
        // One thread meets a style while it still has the old cache, another in the new one.
        let (late, new) = (first.style(style(1)), second.style(style(2)));
        assert_eq!([known, late], [second.style(style(0)), second.style(style(1))]);
        assert!(late != new && new != known);
    }

    #[test]
    fn a_word_near_a_thread_is_of_the_cache_that_it_asks() {
        let current = Mutex::new(Arc::<WordCache>::default());
        let first = WordCache::renewed(&current);
        let number = first.style(style(0)).unwrap();
        let add = |cache: &WordCache, count: u16| {
            cache.add(Some(cache.key(number, "word")), glyphs(count), Vec::new());
            (0..RECENT).for_each(|_| _ = cache.add(None, glyphs(1), Vec::new()));
        };
        let mut recent = RecentWords::default();
        add(&first, 4);
        let mut ask = |cache: &WordCache| recent.word(&cache.key(number, "word"), cache).map(|word| word.width);
        assert_eq!([ask(&first), ask(&first)], [Some(2.0); 2]);
        fill(&first);
        let second = WordCache::renewed(&current);
        add(&second, 6);
        assert_eq!(ask(&second), Some(3.0));
    }

    #[test]
    fn hyphens_of_a_word_are_looked_for_once() {
        let cache = WordCache::default();
        let word = cache.add(None, glyphs(4), Vec::new());
        let found = HyphenPoint { offset: 2, before: 1.0 };
        let mut points = Vec::new();
        cache.hyphens(word, &mut points, |points| points.push(found));
        cache.hyphens(word, &mut points, |_| panic!("they are known"));
        assert_eq!(points.iter().map(|point| point.offset).collect::<Vec<_>>(), [2]);
        cache.hyphens(ShapedWord::EMPTY, &mut points, |_| panic!("nothing can be broken"));
        assert!(points.is_empty());
    }

    #[test]
    fn a_word_of_very_many_glyphs_is_cut_with_its_shifts() {
        let cache = WordCache::default();
        let word = cache.add(None, glyphs(9000), vec![Shift { x: 1, y: 1 }; 9000]);
        assert_eq!(cache.glyphs().read().word(word.index).count(), LONGEST);
        assert_eq!(word.width, LONGEST as f32 * 0.5);
    }
}
