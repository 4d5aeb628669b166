//! The cache of lint results by runs, for the next check of the document.

use super::abbreviation::{self, Asked, Candidates};
use super::prose::{Link, Prose, ProseRun, Words};
use crate::ast::Run;
use crate::diagnostic::Diagnostic;
use crate::resolve::ResolvedStage;
use crate::source::hash::LookupMap;
use crate::source::{Sources, Span};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;

/// Runs of words that were looked at last.
#[derive(Debug, Default)]
pub struct LintCache {
    /// Runs in reading order.
    runs: Vec<(RunKey, Arc<KnownRun>)>,
    /// Their places among these.
    by_key: LookupMap<RunKey, usize>,
    /// The words that were looked for in all runs.
    asked: BTreeSet<String>,
}

/// Key of a run in the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunKey {
    /// The address of one that trees share. It was parsed from one text, wherever that is now.
    Shared(usize),
    /// A hash of all that decides what is found in it.
    Written(u128),
}

/// Cached results of a run.
#[derive(Debug)]
struct KnownRun {
    /// The run, where it is known by its address.
    shared: Option<Run<ResolvedStage>>,
    lang: String,
    candidates: Arc<[Candidates]>,
    /// Which of the words that were asked for it uses.
    spoken: Arc<[String]>,
    /// Diagnostics of the run.
    found: Arc<[Diagnostic]>,
    /// Its span at that time. Diagnostics of a shared run have spans in the run itself.
    place: Span,
}

impl KnownRun {
    /// Whether it is about a run that has its key.
    fn is_about(&self, run: &ProseRun) -> bool {
        let is_shared = self.shared.as_ref().zip(run.shared()).is_none_or(|(known, run)| known.is(run));
        is_shared && self.lang == run.lang()
    }
}

/// A run that is looked at.
pub struct LintedRun<'a> {
    run: ProseRun<'a>,
    sources: &'a Sources,
    /// Its words and links, once they are needed.
    words: OnceCell<Words<'a>>,
    key: Option<RunKey>,
    known: Option<Arc<KnownRun>>,
    candidates: Arc<[Candidates]>,
}

impl<'a> LintedRun<'a> {
    /// A run with its cached results, if any. `next` is the index at which it is searched first
    /// among the previous runs, and afterwards the index after it.
    pub fn new(run: ProseRun<'a>, sources: &'a Sources, cache: Option<&LintCache>, next: &mut usize) -> LintedRun<'a> {
        let key = cache.and_then(|_| run.key(sources));
        let known = cache.zip(key).and_then(|(cache, key)| cache.get(key, next));
        let known = known.filter(|known| known.is_about(&run)).cloned();
        let words = OnceCell::new();
        let candidates = match &known {
            Some(known) => Arc::clone(&known.candidates),
            None => {
                let Words { prose, .. } = words.get_or_init(|| run.gather(sources));
                if prose.iter().all(|prose| !abbreviation::has_capitals_in_a_row(&prose.text)) {
                    Arc::default()
                } else {
                    prose.iter().map(Candidates::from_prose).collect()
                }
            }
        };
        LintedRun { run, sources, words, key, known, candidates }
    }

    /// The cached diagnostics, moved to the current spans.
    pub fn known(&self) -> Option<Arc<[Diagnostic]>> {
        let KnownRun { shared, found, place, .. } = self.known.as_deref()?;
        if shared.is_some() {
            return Some(Arc::clone(found));
        }
        let now = self.run.place()?;
        let is_there = found.is_empty() || *place == now;
        Some(if is_there { Arc::clone(found) } else { found.iter().map(|found| found.moved(*place, now)).collect() })
    }

    /// The new cache entry; `None` if the run has no key.
    fn into_known(self, found: Arc<[Diagnostic]>, spoken: Arc<[String]>) -> Option<(RunKey, Arc<KnownRun>)> {
        let LintedRun { run, key, known, candidates, .. } = self;
        let key = key?;
        let stays = |known: &Arc<KnownRun>| {
            let is_there = known.shared.is_some() || Some(known.place) == run.place();
            is_there && Arc::ptr_eq(&known.found, &found) && Arc::ptr_eq(&known.spoken, &spoken)
        };
        if let Some(known) = known.filter(stays) {
            return Some((key, known));
        }
        let (shared, lang, place) = (run.shared().cloned(), run.lang().to_owned(), run.place()?);
        Some((key, Arc::new(KnownRun { shared, lang, candidates, spoken, found, place })))
    }

    /// Its words, by language.
    pub fn prose(&self) -> &[Prose<'a>] {
        &self.gathered().prose
    }

    /// Words in it that a reference behind them says again.
    pub fn doubled(&self) -> &[(String, &'a str, Span)] {
        &self.gathered().doubled
    }

    /// Its links.
    pub fn links(&self) -> &[Link<'a>] {
        &self.gathered().links
    }

    fn gathered(&self) -> &Words<'a> {
        self.words.get_or_init(|| self.run.gather(self.sources))
    }

    /// Possible abbreviations in its texts, each with the index of its text.
    pub fn candidates(&self) -> impl Iterator<Item = (usize, &Candidates)> {
        self.candidates.iter().enumerate()
    }
}

impl LintCache {
    /// The cached run of a key. Runs mostly come in the same order as before.
    fn get(&self, key: RunKey, next: &mut usize) -> Option<&Arc<KnownRun>> {
        let is_next = self.runs.get(*next).is_some_and(|(known, _)| *known == key);
        let place = if is_next { *next } else { *self.by_key.get(&key)? };
        *next = place + 1;
        self.runs.get(place).map(|(_, known)| known)
    }

    /// Sets the results of a run at an existing index or the next one.
    fn put(&mut self, place: usize, key: RunKey, known: Arc<KnownRun>) {
        match self.runs.get_mut(place) {
            Some((before, kept)) if *before == key => {
                *kept = known;
                return;
            }
            Some(kept) => {
                let (before, _) = mem::replace(kept, (key, known));
                if self.by_key.get(&before) == Some(&place) {
                    self.by_key.remove(&before);
                }
            }
            None => self.runs.push((key, known)),
        }
        self.by_key.insert(key, place);
    }

    /// Which of some words in small letters a document uses.
    pub fn spoken(cache: Option<&LintCache>, runs: &[LintedRun], asked: &BTreeSet<String>) -> Vec<Arc<[String]>> {
        let is_known = cache.is_some_and(|cache| cache.asked == *asked);
        let words = Asked::new(asked);
        let of_run = |run: &LintedRun| match &run.known {
            Some(known) if is_known => Arc::clone(&known.spoken),
            Some(_) | None => words.spoken(run.prose()),
        };
        runs.iter().map(of_run).collect()
    }

    /// Remembers what was found in runs, and what they use of the words that were asked for.
    pub fn remember(
        &mut self,
        runs: Vec<LintedRun>,
        found: Vec<Arc<[Diagnostic]>>,
        asked: BTreeSet<String>,
        spoken: Vec<Arc<[String]>>,
    ) {
        let mut place = 0;
        for ((run, found), spoken) in runs.into_iter().zip(found).zip(spoken) {
            if let Some((key, known)) = run.into_known(found, spoken) {
                self.put(place, key, known);
                place += 1;
            }
        }
        for (key, _) in self.runs.drain(place..) {
            self.by_key.remove(&key);
        }
        self.asked = asked;
    }
}
