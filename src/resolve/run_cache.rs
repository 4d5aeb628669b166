//! Runs of text that were set before. One that names nothing says what it said, wherever it stands
//! now, and is shared with the document before.

use super::inline::{RunKind, RunLowering};
use super::link;
use super::resolved::{ResolvedStage, Target};
use crate::ast::{Inline, InlineKind, InlineStage, Parsed, Run};
use crate::source::hash::{LookupMap, hash};
use std::mem;

/// The runs of a document and what they became, for the next time that it is resolved.
#[derive(Debug, Default)]
pub struct RunCache {
    /// By the address of the run as it was parsed, which is kept with it.
    known: LookupMap<usize, LoweredRun>,
    used: LookupMap<usize, LoweredRun>,
    /// A hash of what decides beside a run what becomes of it.
    basis: u64,
}

/// A run that was set.
#[derive(Debug, Clone)]
struct LoweredRun {
    parsed: Run<Parsed>,
    /// Primary tag of the language by whose rules it was set.
    language: &'static str,
    set: Run<ResolvedStage>,
    /// What it took of the budget.
    weight: usize,
}

impl<'a> RunLowering<'a> {
    /// Takes runs for what they became before, but for those that were set with other abbreviations, or
    /// where what may be the key of a source was none.
    pub fn begin_cache(&mut self, cache: Option<&'a mut RunCache>) {
        let basis = hash((&self.abbreviations, self.citations.has_bibliography()));
        self.known_runs = cache;
        let Some(cache) = self.known_runs.as_deref_mut() else { return };
        if mem::replace(&mut cache.basis, basis) != basis {
            cache.known.clear();
        }
        cache.used.reserve(cache.known.len());
    }

    /// Keeps for the next time what was in use.
    pub fn finish_cache(&mut self) {
        if let Some(cache) = &mut self.known_runs {
            cache.known = mem::take(&mut cache.used);
        }
    }

    /// Lowers a run, or takes what it became before.
    pub fn shared_run(&mut self, content: Run<Parsed>, place: RunKind) -> Run<ResolvedStage> {
        let is_sound = content.has_only_words() && !self.quoting && !self.apart;
        let Some(cache) = self.known_runs.as_deref_mut().filter(|_| is_sound) else {
            return self.run(content.into_inlines(), place).into();
        };
        let language = self.typographer.tag();
        let known =
            cache.known.get(&content.address()).filter(|known| known.parsed.is(&content) && known.language == language);
        if let Some(known) = known
            && self.budget.take_known(known.weight)
        {
            let set = known.set.clone();
            cache.used.insert(content.address(), known.clone());
            return set;
        }
        let (found, left) = (self.diagnostics.iter().len(), self.budget.left());
        let set = Run::from(self.run(content.clone().into_inlines(), place));
        let is_known = set.has_only_words()
            && self.diagnostics.iter().len() == found
            && !(self.citations.has_bibliography() && may_cite(&set))
            && leads_outside(&set);
        if is_known && let Some(cache) = self.known_runs.as_deref_mut() {
            let weight = left.saturating_sub(self.budget.left());
            cache.used.insert(content.address(), LoweredRun { parsed: content, language, set: set.clone(), weight });
        }
        set
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
fn leads_outside(content: &[Inline<ResolvedStage>]) -> bool {
    content.iter().all(|inline| {
        let is_outside = match &inline.kind {
            InlineKind::Link { target: Target::External(address), .. } => !link::is_file(address),
            InlineKind::Link { target: Target::Internal(_) | Target::Document { .. }, .. } => false,
            _ => true,
        };
        is_outside && leads_outside(inline.kind.children())
    })
}
