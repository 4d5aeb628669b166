//! A cache, for the whole process, of values computed from file contents that many documents share,
//! such as a logo. The results do not depend on earlier calls.

use super::hash::hash;
use crate::parallel::locked;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// Maximum size of an entry in bytes, content and value together. Larger ones are seldom shared by
/// documents.
const LARGEST: usize = 1024 * 1024;
/// Minimum size that an entry counts as, which limits the number of entries to search.
const SMALLEST: usize = 16 * 1024;
/// Maximum size of all entries, in bytes.
const BUDGET: usize = 16 * 1024 * 1024;

/// Values computed from contents; the most recently used ones are kept.
#[derive(Debug)]
pub struct ContentCache<T> {
    known: Mutex<Known<T>>,
}

#[derive(Debug)]
struct Known<T> {
    /// The most recently used one last.
    entries: VecDeque<Entry<T>>,
    /// Size of all entries, in bytes.
    size: usize,
}

#[derive(Debug)]
struct Entry<T> {
    hash: u64,
    content: Arc<[u8]>,
    made: T,
    /// Size in bytes.
    size: usize,
}

impl<T> Default for ContentCache<T> {
    fn default() -> Self {
        ContentCache::new()
    }
}

impl<T> ContentCache<T> {
    /// An empty cache.
    pub const fn new() -> Self {
        ContentCache { known: Mutex::new(Known { entries: VecDeque::new(), size: 0 }) }
    }
}

impl<T: Clone> ContentCache<T> {
    /// The value for a content, computed by `make` (with its size in bytes) if it is not cached.
    /// Two threads may compute the same value.
    pub fn get(&self, content: &Arc<[u8]>, make: impl FnOnce() -> (T, usize)) -> T {
        let hash = hash(content);
        let known = self.with_known(|known| known.find(hash, content));
        known.unwrap_or_else(|| {
            let (made, size) = make();
            let size = (size + content.len()).max(SMALLEST);
            if size <= LARGEST {
                let entry = Entry { hash, content: Arc::clone(content), made: made.clone(), size };
                self.with_known(|known| known.add(entry));
            }
            made
        })
    }

    fn with_known<R>(&self, work: impl FnOnce(&mut Known<T>) -> R) -> R {
        work(&mut locked(&self.known))
    }
}

impl<T: Clone> Known<T> {
    fn find(&mut self, hash: u64, content: &Arc<[u8]>) -> Option<T> {
        let place = self.entries.iter().rposition(|entry| entry.hash == hash && entry.content == *content)?;
        let entry = self.entries.remove(place)?;
        let made = entry.made.clone();
        self.entries.push_back(entry);
        Some(made)
    }

    fn add(&mut self, entry: Entry<T>) {
        self.size += entry.size;
        self.entries.push_back(entry);
        while self.size > BUDGET {
            let Some(first) = self.entries.pop_front() else { return };
            self.size -= first.size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BUDGET, ContentCache, LARGEST};
    use std::sync::Arc;

    fn content(number: u8, size: usize) -> Arc<[u8]> {
        vec![number; size].into()
    }

    #[test]
    fn a_content_is_asked_for_once() {
        let cache = ContentCache::new();
        assert_eq!(cache.get(&content(1, 10), || ("first", 0)), "first");
        assert_eq!(cache.get(&content(1, 10), || ("second", 0)), "first");
        assert_eq!(cache.get(&content(2, 10), || ("other", 0)), "other");
    }

    #[test]
    fn what_is_large_is_not_kept() {
        let cache = ContentCache::new();
        assert_eq!(cache.get(&content(1, 10), || ("first", LARGEST)), "first");
        assert_eq!(cache.get(&content(1, 10), || ("second", LARGEST)), "second");
    }

    #[test]
    fn what_was_asked_for_long_ago_goes_first() {
        const SIZE: usize = LARGEST / 2;
        let cache = ContentCache::new();
        let ask = |number: u8| cache.get(&content(number, SIZE), || (number, 0));
        let most = u8::try_from(BUDGET / SIZE).unwrap_or(u8::MAX);
        (0..most).for_each(|number| assert_eq!(ask(number), number));
        ask(0);
        ask(most);
        let is_kept = |number: u8| cache.get(&content(number, SIZE), || (u8::MAX, LARGEST)) == number;
        assert!(is_kept(0), "it was asked for again");
        assert!(!is_kept(1), "it made room for the last");
        assert!(is_kept(most));
    }
}
