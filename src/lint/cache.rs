//! What was found out about runs of words, for the next time that their document is looked at.

use super::abbreviation::{self, Candidates};
use super::prose::{Link, Prose, Run, Words};
use crate::source::Sources;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Runs of words in which nothing was found when they were looked at last.
#[derive(Debug, Default)]
pub struct LintCache {
    /// By a hash of all that decides whether something is found.
    clean: HashMap<u128, CleanRun>,
    /// The words that were looked for in all runs.
    asked: BTreeSet<String>,
}

/// A run in which nothing was found.
#[derive(Debug, Clone)]
struct CleanRun {
    candidates: Arc<[Candidates]>,
    /// Which of the words that were asked for it uses.
    spoken: Arc<[String]>,
}

/// A run that is looked at.
pub struct LintedRun<'a> {
    run: Run<'a>,
    sources: &'a Sources,
    /// Its words and links, once they are needed.
    words: OnceCell<Words<'a>>,
    key: Option<u128>,
    known: Option<CleanRun>,
    candidates: Arc<[Candidates]>,
}

impl<'a> LintedRun<'a> {
    /// A run, of which something may be known.
    pub fn new(run: Run<'a>, sources: &'a Sources, cache: Option<&LintCache>) -> LintedRun<'a> {
        let key = cache.and_then(|_| run.hash(sources));
        let known = cache.zip(key).and_then(|(cache, key)| cache.clean.get(&key)).cloned();
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

    /// Whether nothing was found in it.
    pub fn is_clean(&self) -> bool {
        self.known.is_some()
    }

    /// Its words, by language.
    pub fn prose(&self) -> &[Prose<'a>] {
        &self.gathered().prose
    }

    /// Its links.
    pub fn links(&self) -> &[Link<'a>] {
        &self.gathered().links
    }

    fn gathered(&self) -> &Words<'a> {
        self.words.get_or_init(|| self.run.gather(self.sources))
    }

    /// What looks like abbreviations in its words, each with the words.
    pub fn candidates(&self) -> impl Iterator<Item = (usize, &Candidates)> {
        self.candidates.iter().enumerate()
    }
}

impl LintCache {
    /// Which of some words in small letters a document uses.
    pub fn spoken(cache: Option<&LintCache>, runs: &[LintedRun], asked: &BTreeSet<String>) -> Vec<Arc<[String]>> {
        let is_known = cache.is_some_and(|cache| cache.asked == *asked);
        let of_run = |run: &LintedRun| match &run.known {
            Some(known) if is_known => Arc::clone(&known.spoken),
            Some(_) | None => abbreviation::spoken(run.prose(), asked),
        };
        runs.iter().map(of_run).collect()
    }

    /// Remembers the runs in which nothing was found, and what they use of the words that were
    /// asked for.
    pub fn remember(
        &mut self,
        runs: Vec<LintedRun>,
        clean: &[bool],
        asked: BTreeSet<String>,
        spoken: Vec<Arc<[String]>>,
    ) {
        let runs = runs.into_iter().zip(clean).zip(spoken).filter(|((_, is_clean), _)| **is_clean);
        let kept =
            runs.filter_map(|((run, _), spoken)| Some((run.key?, CleanRun { candidates: run.candidates, spoken })));
        self.clean = kept.collect();
        self.asked = asked;
    }
}
