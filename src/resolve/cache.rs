//! Caches of expanded and lowered subtrees: runs of text, lists and tables. A subtree without
//! references has the same result at any position, so the result is shared with the previous
//! version of the document.

use super::inline::{RunKind, RunLowering};
use super::link;
use super::note::{NoteCall, NoteCalls};
use super::resolved::{Label, RInline, ResolvedStage, Target};
use crate::ast::{
    Expanded, HasReferences, Inline, InlineKind, InlineStage, List, Parsed, References, Run, Shared, Table,
};
use crate::source::hash::{LookupMap, hash};
use std::mem;
use std::sync::Arc;

/// Subtrees of a document and their results, for the next resolution.
#[derive(Debug, Default)]
pub struct ResolveCache {
    pub(super) expanded_lists: Known<List<Parsed>, List<Expanded>>,
    pub(super) expanded_tables: Known<Table<Parsed>, Table<Expanded>>,
    runs: Known<Vec<Inline<Parsed>>, Vec<RInline>>,
    lists: Known<List<Expanded>, List<ResolvedStage>>,
    tables: Known<Table<Expanded>, Table<ResolvedStage>>,
    /// Hash of the other inputs: abbreviations, language, presence of a bibliography.
    basis: u64,
}

/// Results of the subtrees of one kind.
#[derive(Debug)]
pub(super) struct Known<A, B> {
    /// Entries by the address of the subtree, which the entry keeps alive, with the round of their
    /// last use.
    parts: LookupMap<usize, (u64, CachedLowering<A, B>)>,
    /// Number of resolutions so far.
    round: u64,
    /// Number of entries used in this round.
    used: usize,
}

/// Unused entries may be one part in this many of the used ones.
const IDLE_SHARE: usize = 8;
/// This many unused entries are kept in any case.
const IDLE: usize = 64;

/// A cache entry: a subtree and its result.
#[derive(Debug, Clone)]
struct CachedLowering<A, B> {
    from: Shared<A>,
    surroundings: Surroundings,
    to: Shared<B>,
    /// Budget that the result took.
    weight: usize,
    /// Its note calls, in order. Only runs have them.
    calls: Option<Arc<[NoteCall]>>,
}

/// Context that the result of a subtree depends on.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Surroundings {
    /// Primary tag of the language whose typography applies.
    language: &'static str,
    kind: Option<RunKind>,
    label: Option<Label>,
}

impl<A, B> Default for Known<A, B> {
    fn default() -> Self {
        Known { parts: LookupMap::default(), round: 0, used: 0 }
    }
}

impl<A: Clone, B: Clone> Known<A, B> {
    /// The result of a subtree, if it is cached and `is_wanted` accepts the entry. Marks the entry
    /// as used.
    fn take(
        &mut self,
        from: &Shared<A>,
        surroundings: &Surroundings,
        is_wanted: impl FnOnce(&CachedLowering<A, B>) -> bool,
    ) -> Option<Shared<B>> {
        let (round, known) = self.parts.get_mut(&from.address())?;
        let is_it = known.from.is(from) && known.surroundings == *surroundings;
        if !is_it || !is_wanted(known) {
            return None;
        }
        self.used += 1;
        *round = self.round;
        Some(known.to.clone())
    }

    /// The note calls of a cached subtree.
    fn calls(&self, from: &Shared<A>, surroundings: &Surroundings) -> Option<Arc<[NoteCall]>> {
        let (_, known) = self.parts.get(&from.address())?;
        let is_it = known.from.is(from) && known.surroundings == *surroundings;
        known.calls.clone().filter(|_| is_it)
    }

    fn keep(&mut self, part: CachedLowering<A, B>) {
        self.used += 1;
        self.parts.insert(part.from.address(), (self.round, part));
    }

    /// Expands a subtree without references, or reuses the result.
    pub(super) fn expanded(&mut self, from: Shared<A>, expand: impl FnOnce(A) -> B) -> Shared<B>
    where
        B: HasReferences,
    {
        let surroundings = Surroundings::default();
        if let Some(known) = self.take(&from, &surroundings, |_| true) {
            return known;
        }
        let to = Shared::from(expand(from.clone().into_inner()));
        self.keep(CachedLowering { from, surroundings, to: to.clone(), weight: 0, calls: None });
        to
    }

    /// Ends a round. Drops unused entries if there are many.
    fn finish(&mut self) {
        let round = self.round;
        if self.parts.len() > self.used + self.used / IDLE_SHARE + IDLE {
            self.parts.retain(|_, (last, _)| *last == round);
        }
        self.round += 1;
        self.used = 0;
    }
}

impl<'a> RunLowering<'a> {
    /// Enables the cache. Clears it if abbreviations, language, or the presence of a bibliography
    /// changed.
    pub fn begin_cache(&mut self, cache: Option<&'a mut ResolveCache>) {
        let basis = hash((&self.abbreviations, self.citations.has_bibliography(), &self.language.tag));
        self.cache = cache;
        let Some(cache) = self.cache.as_deref_mut() else { return };
        if mem::replace(&mut cache.basis, basis) != basis {
            cache.runs.parts.clear();
            cache.lists.parts.clear();
            cache.tables.parts.clear();
        }
    }

    /// Ends the round of all caches.
    pub fn finish_cache(&mut self) {
        if let Some(ResolveCache { expanded_lists, expanded_tables, runs, lists, tables, basis: _ }) = &mut self.cache {
            expanded_lists.finish();
            expanded_tables.finish();
            runs.finish();
            lists.finish();
            tables.finish();
        }
    }

    /// Lowers a run, or reuses the result.
    pub fn shared_run(&mut self, content: Run<Parsed>, place: RunKind) -> Run<ResolvedStage> {
        if content.references() == References::NotesOnly {
            return self.run_with_notes(content, place);
        }
        self.cached(
            content,
            (place, None),
            |cache| &mut cache.runs,
            |lowering, content| lowering.plain_run(content, place),
        )
    }

    /// Lowers a run whose only references are footnote calls. Reuses the cached result if all its
    /// notes have the same numbers.
    fn run_with_notes(&mut self, from: Run<Parsed>, kind: RunKind) -> Run<ResolvedStage> {
        let is_sound = !self.quoting && !self.apart;
        let Some(cache) = self.cache.as_deref_mut().filter(|_| is_sound) else {
            return self.plain_run(from.into_inner(), kind).into();
        };
        let surroundings = Surroundings { language: self.typographer.tag(), kind: Some(kind), label: None };
        let known = cache.runs.calls(&from, &surroundings);
        let outer = mem::take(&mut self.note_calls);
        if let Some(calls) = known {
            let ask = |call: &NoteCall| NoteCall { used: self.note(&call.name, call.span), ..call.clone() };
            let asked: Vec<NoteCall> = calls.iter().map(ask).collect();
            if asked == *calls
                && let Some(cache) = self.cache.as_deref_mut()
                && let Some(to) = cache.runs.take(&from, &surroundings, |part| self.budget.take_known(part.weight))
            {
                self.note_calls = outer;
                return to;
            }
            self.note_calls.known = asked.iter().map(|call| call.used.clone()).collect();
            self.note_calls.met = asked;
        }
        let before = (self.diagnostics.iter().len(), self.changeable);
        let left = self.budget.left();
        let to = Run::from(self.plain_run(from.clone().into_inner(), kind));
        let NoteCalls { known: _, met, weight } = mem::replace(&mut self.note_calls, outer);
        let is_known = to.references() == References::NotesOnly
            && met.iter().all(|call| call.used.is_some())
            && before == (self.diagnostics.iter().len(), self.changeable);
        if is_known && let Some(cache) = self.cache.as_deref_mut() {
            let weight = left.saturating_sub(self.budget.left()).saturating_sub(weight);
            cache.runs.keep(CachedLowering { from, surroundings, to: to.clone(), weight, calls: Some(met.into()) });
        }
        to
    }

    /// Lowers a list, or reuses the result.
    pub fn shared_list(&mut self, list: Shared<List<Expanded>>, place: RunKind) -> Shared<List<ResolvedStage>> {
        self.cached(list, (place, None), |cache| &mut cache.lists, |lowering, list| lowering.list(list, place))
    }

    /// Lowers a table, or reuses the result.
    pub fn shared_table(
        &mut self,
        table: Shared<Table<Expanded>>,
        label: Option<Label>,
        lower: impl FnOnce(&mut Self, Table<Expanded>) -> Table<ResolvedStage>,
    ) -> Shared<Table<ResolvedStage>> {
        self.cached(table, (RunKind::Text, label), |cache| &mut cache.tables, lower)
    }

    /// Lowers a run. Counts it as uncacheable if it has links inside the project or may contain
    /// citations.
    pub fn plain_run(&mut self, content: Vec<Inline<Parsed>>, place: RunKind) -> Vec<RInline> {
        let lowered = self.run(content, place);
        if !leads_outside(&lowered) || self.citations.has_bibliography() && may_cite(&lowered) {
            self.changeable += 1;
        }
        lowered
    }

    fn cached<A: Clone, B: Clone + HasReferences>(
        &mut self,
        from: Shared<A>,
        (kind, label): (RunKind, Option<Label>),
        known: fn(&mut ResolveCache) -> &mut Known<A, B>,
        lower: impl FnOnce(&mut Self, A) -> B,
    ) -> Shared<B> {
        let is_sound = from.is_self_contained() && !self.quoting && !self.apart;
        let Some(cache) = self.cache.as_deref_mut().filter(|_| is_sound) else {
            return lower(self, from.into_inner()).into();
        };
        let surroundings = Surroundings { language: self.typographer.tag(), kind: Some(kind), label };
        if let Some(to) = known(cache).take(&from, &surroundings, |part| self.budget.take_known(part.weight)) {
            return to;
        }
        let before = (self.diagnostics.iter().len(), self.changeable);
        let left = self.budget.left();
        let to = Shared::from(lower(self, from.clone().into_inner()));
        let is_known = to.is_self_contained() && before == (self.diagnostics.iter().len(), self.changeable);
        if is_known && let Some(cache) = self.cache.as_deref_mut() {
            let weight = left.saturating_sub(self.budget.left());
            known(cache).keep(CachedLowering { from, surroundings, to: to.clone(), weight, calls: None });
        }
        to
    }
}

/// Whether a run may contain the key of a source.
fn may_cite<S: InlineStage>(content: &[Inline<S>]) -> bool {
    content.iter().any(|inline| match &inline.kind {
        InlineKind::Text(words) => words.contains('@'),
        kind => may_cite(kind.children()),
    })
}

/// Whether no link of a run leads to a place or a file of the project.
fn leads_outside(content: &[RInline]) -> bool {
    content.iter().all(|inline| {
        let is_outside = match &inline.kind {
            InlineKind::Link { target: Target::External(address), .. } => !link::is_file(address),
            InlineKind::Link { target: Target::Internal(_) | Target::Document { .. }, .. } => false,
            _ => true,
        };
        is_outside && leads_outside(inline.kind.children())
    })
}
