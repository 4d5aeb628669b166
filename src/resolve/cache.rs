//! Parts of a tree that were expanded and lowered before: runs of text, lists and tables. One that
//! names nothing says what it said, wherever it stands now, and is shared with the document before.

use super::inline::{RunKind, RunLowering};
use super::link;
use super::note::{NoteCall, NoteCalls};
use super::resolved::{Label, RInline, ResolvedStage, Target};
use crate::ast::{Expanded, Inline, InlineKind, InlineStage, List, Names, Parsed, Run, Shareable, Shared, Table};
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
    /// By the address of the part, which is kept with it.
    before: LookupMap<usize, Became<A, B>>,
    now: LookupMap<usize, Became<A, B>>,
}

/// A part that became another.
#[derive(Debug, Clone)]
struct Became<A, B> {
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
        Known { before: LookupMap::default(), now: LookupMap::default() }
    }
}

impl<A: Clone, B: Clone> Known<A, B> {
    fn get(&self, from: &Shared<A>, surroundings: &Surroundings) -> Option<&Became<A, B>> {
        let known = self.before.get(&from.address())?;
        (known.from.is(from) && known.surroundings == *surroundings).then_some(known)
    }

    fn keep(&mut self, part: Became<A, B>) {
        self.now.insert(part.from.address(), part);
    }

    /// What a part becomes that names nothing, whatever is beside it.
    pub(super) fn expanded(&mut self, from: Shared<A>, expand: impl FnOnce(A) -> B) -> Shared<B>
    where
        B: Shareable,
    {
        let surroundings = Surroundings::default();
        let known = self.get(&from, &surroundings).cloned();
        let part = known.unwrap_or_else(|| {
            let to = expand(from.clone().into_inner()).into();
            Became { from, surroundings, to, weight: 0, calls: None }
        });
        let to = part.to.clone();
        self.keep(part);
        to
    }

    /// Keeps for the next time what was in use.
    fn finish(&mut self) {
        self.before = mem::take(&mut self.now);
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
            cache.runs.before.clear();
            cache.lists.before.clear();
            cache.tables.before.clear();
        }
        cache.runs.now.reserve(cache.runs.before.len());
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
        if content.names() == Names::Notes {
            return self.run_with_notes(content, place);
        }
        self.once(
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
        let known = cache.runs.get(&from, &surroundings).cloned();
        let outer = mem::take(&mut self.note_calls);
        if let Some(part) = known
            && let Some(calls) = &part.calls
        {
            let ask = |call: &NoteCall| NoteCall { used: self.note(&call.name, call.span), ..call.clone() };
            let asked: Vec<NoteCall> = calls.iter().map(ask).collect();
            if asked == **calls && self.budget.take_known(part.weight) {
                self.note_calls = outer;
                let to = part.to.clone();
                self.cache.iter_mut().for_each(|cache| cache.runs.keep(part.clone()));
                return to;
            }
            self.note_calls.known = asked.iter().map(|call| call.used.clone()).collect();
            self.note_calls.met = asked;
        }
        let before = (self.diagnostics.iter().len(), self.changeable);
        let left = self.budget.left();
        let to = Run::from(self.plain_run(from.clone().into_inner(), kind));
        let NoteCalls { known: _, met, weight } = mem::replace(&mut self.note_calls, outer);
        let is_known = to.names() == Names::Notes
            && met.iter().all(|call| call.used.is_some())
            && before == (self.diagnostics.iter().len(), self.changeable);
        if is_known && let Some(cache) = self.cache.as_deref_mut() {
            let weight = left.saturating_sub(self.budget.left()).saturating_sub(weight);
            cache.runs.keep(Became { from, surroundings, to: to.clone(), weight, calls: Some(met.into()) });
        }
        to
    }

    /// Lowers a list, or takes what it became before.
    pub fn shared_list(&mut self, list: Shared<List<Expanded>>, place: RunKind) -> Shared<List<ResolvedStage>> {
        self.once(list, (place, None), |cache| &mut cache.lists, |lowering, list| lowering.list(list, place))
    }

    /// Lowers a table, or takes what it became before.
    pub fn shared_table(
        &mut self,
        table: Shared<Table<Expanded>>,
        label: Option<Label>,
        lower: impl FnOnce(&mut Self, Table<Expanded>) -> Table<ResolvedStage>,
    ) -> Shared<Table<ResolvedStage>> {
        self.once(table, (RunKind::Text, label), |cache| &mut cache.tables, lower)
    }

    /// Lowers a run of which the part that it stands in may be known the next time.
    pub fn plain_run(&mut self, content: Vec<Inline<Parsed>>, place: RunKind) -> Vec<RInline> {
        let lowered = self.run(content, place);
        if !leads_outside(&lowered) || self.citations.has_bibliography() && may_cite(&lowered) {
            self.changeable += 1;
        }
        lowered
    }

    fn once<A: Clone, B: Clone + Shareable>(
        &mut self,
        from: Shared<A>,
        (kind, label): (RunKind, Option<Label>),
        known: fn(&mut ResolveCache) -> &mut Known<A, B>,
        lower: impl FnOnce(&mut Self, A) -> B,
    ) -> Shared<B> {
        let is_sound = from.names_nothing() && !self.quoting && !self.apart;
        let Some(cache) = self.cache.as_deref_mut().filter(|_| is_sound) else {
            return lower(self, from.into_inner()).into();
        };
        let surroundings = Surroundings { language: self.typographer.tag(), kind: Some(kind), label };
        if let Some(part) = known(cache).get(&from, &surroundings).cloned()
            && self.budget.take_known(part.weight)
        {
            let to = part.to.clone();
            known(cache).keep(part);
            return to;
        }
        let before = (self.diagnostics.iter().len(), self.changeable);
        let left = self.budget.left();
        let to = Shared::from(lower(self, from.clone().into_inner()));
        let is_known = to.names_nothing() && before == (self.diagnostics.iter().len(), self.changeable);
        if is_known && let Some(cache) = self.cache.as_deref_mut() {
            let weight = left.saturating_sub(self.budget.left());
            known(cache).keep(Became { from, surroundings, to: to.clone(), weight, calls: None });
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
