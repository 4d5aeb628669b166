//! Lints of a resolved document: house style and accessibility. One file for each kind of finding;
//! all of them read the same `Prose`.
//!
//! Missing alternative text, skipped levels and tables without headers are found in `resolve`,
//! which handles them.

mod abbreviation;
mod bare_address;
mod breaking_unit;
mod cache;
mod caption;
mod date;
mod doubled_label;
mod doubled_word;
mod emphasis;
mod foreign;
mod language;
mod link;
mod prose;
mod section;
mod sentence;
mod words;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::resolve::Resolved;
use crate::source::Sources;
use cache::LintedRun;
use prose::{Content, Prose};
use std::sync::Arc;

pub use cache::LintCache;

/// Checks a document. `sources` are the files of its spans. Cached runs are not checked again.
pub fn check(document: &Resolved, sources: &Sources, cache: Option<&mut LintCache>, diagnostics: &mut Diagnostics) {
    let content = Content::from_document(document);
    language::check(document, diagnostics);
    section::check(document, diagnostics);
    for pair in &content.neighbours {
        caption::check(pair, diagnostics);
    }
    for (label, caption) in &content.captions {
        doubled_label::check_caption(label, caption, diagnostics);
    }
    let known = cache.as_deref();
    let mut next = 0;
    let runs: Vec<LintedRun> = content.runs.iter().map(|run| LintedRun::new(*run, sources, known, &mut next)).collect();
    let found: Vec<_> = runs.iter().map(|run| run.known().unwrap_or_else(|| check_run(run, sources))).collect();
    found.iter().flat_map(|found| found.iter()).for_each(|problem| diagnostics.push(problem.clone()));
    let (asked, spoken) = abbreviation::check(&document.abbreviations, &runs, sources, known, diagnostics);
    if let Some(cache) = cache {
        cache.remember(runs, found, asked, spoken);
    }
}

/// Checks one run.
fn check_run(run: &LintedRun, sources: &Sources) -> Arc<[Diagnostic]> {
    let mut diagnostics = Diagnostics::default();
    for link in run.links() {
        link::check(link, &mut diagnostics);
        bare_address::check(link, &mut diagnostics);
    }
    for (word, reference, span) in run.doubled() {
        diagnostics.push(doubled_label::before_reference(word, reference, *span));
    }
    for prose in run.prose() {
        check_prose(prose, sources, &mut diagnostics);
    }
    diagnostics.iter().cloned().collect()
}

/// Checks that need only the words.
fn check_prose(prose: &Prose, sources: &Sources, diagnostics: &mut Diagnostics) {
    foreign::check(prose, sources, diagnostics);
    emphasis::check(prose, sources, diagnostics);
    doubled_word::check(prose, sources, diagnostics);
    date::check(prose, sources, diagnostics);
    breaking_unit::check(prose, sources, diagnostics);
    sentence::check(prose, sources, diagnostics);
}

#[cfg(test)]
mod tests;
