//! Sets the nodes of the flow on all cores. The result does not depend on how
//! many there are: nodes know nothing of one another.

use super::cache::LayoutCache;
use super::font::FontBook;
use super::node::Findings;
use super::node::Node;
use super::shape::{Languages, Shaper, ShaperMemory};
use super::typeset::set_part;
use super::vertical::VerticalList;
use super::word_cache::WordCache;
use crate::parallel::locked;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::sync::{Arc, Mutex};

/// Nodes set at once: enough to share the work out evenly.
const CHUNK: usize = 128;
/// A document of more nodes than this, some thirty pages, says most of its words twice, and what
/// it knows of them takes room when its pages are written.
const LONG: usize = 500;
/// Maximum number of language lists with cached words, to limit memory.
const LISTS: usize = 4;

/// Words that have been shaped with the same fonts in the same languages.
struct Vocabulary {
    /// Language tags by [`super::word::LangId`].
    tags: Vec<String>,
    /// Handed from one list of nodes to the next.
    idle: Mutex<Vec<ShaperMemory>>,
    /// The current cache of words.
    words: Mutex<Arc<WordCache>>,
}

impl Vocabulary {
    fn new(languages: &Languages) -> Arc<Vocabulary> {
        Arc::new(Vocabulary { tags: languages.tags(), idle: Mutex::default(), words: Mutex::default() })
    }

    /// The words that documents before this one were set in with the bundled fonts, for there
    /// are few others in the next one. They are the same in whatever order documents come.
    fn remembered(languages: &Languages) -> Arc<Vocabulary> {
        static REMEMBERED: Mutex<Vec<Arc<Vocabulary>>> = Mutex::new(Vec::new());
        let mut all = locked(&REMEMBERED);
        Vocabulary::new(languages).or_known(&mut all)
    }

    /// The vocabulary of the list with the same languages, or this one, which is added. The most
    /// recently used one is dropped last.
    fn or_known(self: Arc<Self>, all: &mut Vec<Arc<Vocabulary>>) -> Arc<Vocabulary> {
        let known = all.iter().position(|other| other.tags == self.tags).map(|place| all.remove(place));
        if all.len() >= LISTS {
            all.remove(0);
        }
        let vocabulary = known.unwrap_or(self);
        all.push(Arc::clone(&vocabulary));
        vocabulary
    }
}

/// Sets nodes, and caches shaped words.
pub struct Typesetter<'a> {
    book: &'a FontBook,
    languages: &'a Languages,
    vocabulary: Arc<Vocabulary>,
    cache: Option<&'a LayoutCache>,
}

impl<'a> Typesetter<'a> {
    /// A typesetter for a document with `nodes` nodes; `cache` may contain some of them.
    pub fn new(book: &'a FontBook, languages: &'a Languages, nodes: usize, cache: Option<&'a LayoutCache>) -> Self {
        let is_remembered = nodes <= LONG && std::ptr::eq(book, FontBook::bundled());
        let vocabulary = if is_remembered { Vocabulary::remembered } else { Vocabulary::new };
        Typesetter { book, languages, vocabulary: vocabulary(languages), cache }
    }

    /// A shaper for what has to be known before anything is set.
    pub fn shaper(&self) -> Shaper<'_> {
        self.next_shaper(ShaperMemory::default())
    }

    fn next_shaper(&self, memory: ShaperMemory) -> Shaper<'_> {
        Shaper::sharing(&self.vocabulary.words, memory, self.book, self.languages)
    }

    /// Sets nodes in their order, in several lists.
    pub fn set_nodes(&self, nodes: Vec<Node>, findings: &mut Findings) -> Vec<VerticalList> {
        let mut chunks: Vec<Vec<Node>> = Vec::with_capacity(nodes.len() / CHUNK + 1);
        let mut nodes = nodes.into_iter().peekable();
        while nodes.peek().is_some() {
            chunks.push(nodes.by_ref().take(CHUNK).collect());
        }
        drop(nodes);
        self.set_each(chunks, findings)
    }

    /// Sets lists of nodes, each for itself.
    pub fn set_each(&self, lists: Vec<Vec<Node>>, findings: &mut Findings) -> Vec<VerticalList> {
        let done: Vec<(VerticalList, Findings)> = lists.into_par_iter().map(|nodes| self.set_list(nodes)).collect();
        let found = |(list, found): (VerticalList, Findings)| {
            findings.add(found);
            list
        };
        done.into_iter().map(found).collect()
    }

    fn set_list(&self, nodes: Vec<Node>) -> (VerticalList, Findings) {
        let idle = &self.vocabulary.idle;
        let known = locked(idle).pop();
        let mut shaper = self.next_shaper(known.unwrap_or_default());
        let mut findings = Findings::default();
        let mut out = Vec::with_capacity(nodes.len() * 4);
        if let Some(cache) = self.cache {
            cache.set(nodes, &mut shaper, &mut findings, &mut out);
        } else {
            let mut room = Vec::new();
            for node in nodes {
                set_part(node, &mut shaper, &mut findings, &mut room, &mut out);
                shaper.tidy();
            }
        }
        locked(idle).push(shaper.into_memory());
        (VerticalList { parts: out }, findings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(tags: &[&str]) -> Arc<Vocabulary> {
        let mut languages = Languages::default();
        for tag in tags {
            languages.id(tag);
        }
        Vocabulary::new(&languages)
    }

    #[test]
    fn words_are_remembered_for_documents_in_the_same_languages() {
        let mut all = Vec::new();
        let mut ask = |tags: &[&str]| vocabulary(tags).or_known(&mut all);
        let first = ask(&["en", "de"]);
        // What is the first language of one document is the second of another.
        assert!(!Arc::ptr_eq(&first, &ask(&["de", "en"])));
        assert!(Arc::ptr_eq(&first, &ask(&["en", "de"])));
    }

    #[test]
    fn words_are_remembered_in_a_few_lists_of_languages() {
        let mut all = Vec::new();
        let mut ask = |tag: &str| vocabulary(&[tag]).or_known(&mut all);
        let (english, german) = (ask("en"), ask("de"));
        ["fr", "it", "en", "es"].iter().for_each(|tag| drop(ask(tag)));
        assert!(Arc::ptr_eq(&english, &ask("en")));
        assert!(!Arc::ptr_eq(&german, &ask("de")));
        assert_eq!(all.len(), LISTS);
    }
}
