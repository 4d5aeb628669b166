//! Parts of a tree that were expanded and lowered before: runs of text, lists and tables. One that
//! names nothing says what it said, wherever it stands now, and is shared with the document before.

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

/// Parts of a document and what they became, for the next time that it is resolved.
#[derive(Debug, Default)]
pub struct ResolveCache {
    pub(super) expanded_lists: Known<List<Parsed>, List<Expanded>>,
    pub(super) expanded_tables: Known<Table<Parsed>, Table<Expanded>>,
    runs: Known<Vec<Inline<Parsed>>, Vec<RInline>>,
    lists: Known<List<Expanded>, List<ResolvedStage>>,
    tables: Known<Table<Expanded>, Table<ResolvedStage>>,
    /// A hash of what decides beside a part what becomes of it.
    basis: u64,
}

/// What parts of one kind became.
#[derive(Debug)]
pub(super) struct Known<A, B> {
    /// By the address of the part, which is kept with it; each with the round in which it was in use
    /// last.
    parts: LookupMap<usize, (u64, CachedLowering<A, B>)>,
    /// Counts how often the document was resolved.
    round: u64,
    /// How many were in use in this round.
    used: usize,
}

/// The share of what is known that may be out of use.
const IDLE_SHARE: usize = 8;
/// So many may be out of use in any case.
const IDLE: usize = 64;

/// A part that became another.
#[derive(Debug, Clone)]
struct CachedLowering<A, B> {
    from: Shared<A>,
    surroundings: Surroundings,
    to: Shared<B>,
    /// What it took of the budget.
    weight: usize,
    /// Its references to notes, in order, of which only runs have some.
    calls: Option<Arc<[NoteCall]>>,
}

/// What decides at a place what becomes of a part.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Surroundings {
    /// Primary tag of the language by whose rules it is set.
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
    /// What a part became, if that is known and it is in use from now on.
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

    /// The references to notes of a part that is known.
    fn calls(&self, from: &Shared<A>, surroundings: &Surroundings) -> Option<Arc<[NoteCall]>> {
        let (_, known) = self.parts.get(&from.address())?;
        let is_it = known.from.is(from) && known.surroundings == *surroundings;
        known.calls.clone().filter(|_| is_it)
    }

    fn keep(&mut self, part: CachedLowering<A, B>) {
        self.used += 1;
        self.parts.insert(part.from.address(), (self.round, part));
    }

    /// What a part becomes that names nothing, whatever is beside it.
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

    /// Ends a round: lets go of what was not in use, once that is much.
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
    /// Takes parts for what they became before, but for those that were set with other abbreviations
    /// or in another language, or where what may be the key of a source was none.
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

    /// Keeps for the next time what was in use.
    pub fn finish_cache(&mut self) {
        if let Some(ResolveCache { expanded_lists, expanded_tables, runs, lists, tables, basis: _ }) = &mut self.cache {
            expanded_lists.finish();
            expanded_tables.finish();
            runs.finish();
            lists.finish();
            tables.finish();
        }
    }

    /// Lowers a run, or takes what it became before.
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

    /// Lowers a run that names notes and nothing else, or takes what it became before, where the notes
    /// have the numbers that they had.
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

    /// Lowers a list, or takes what it became before.
    pub fn shared_list(&mut self, list: Shared<List<Expanded>>, place: RunKind) -> Shared<List<ResolvedStage>> {
        self.cached(list, (place, None), |cache| &mut cache.lists, |lowering, list| lowering.list(list, place))
    }

    /// Lowers a table, or takes what it became before.
    pub fn shared_table(
        &mut self,
        table: Shared<Table<Expanded>>,
        label: Option<Label>,
        lower: impl FnOnce(&mut Self, Table<Expanded>) -> Table<ResolvedStage>,
    ) -> Shared<Table<ResolvedStage>> {
        self.cached(table, (RunKind::Text, label), |cache| &mut cache.tables, lower)
    }

    /// Lowers a run of which the part that it stands in may be known the next time.
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

/// Whether something in a run may be the key of a source.
fn may_cite<S: InlineStage>(content: &[Inline<S>]) -> bool {
    content.iter().any(|inline| match &inline.kind {
        InlineKind::Text(words) => words.contains('@'),
        kind => may_cite(kind.children()),
    })
}

/// Whether all links of a run lead out of the project.
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
