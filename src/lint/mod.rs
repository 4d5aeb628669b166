//! House style and accessibility: what readers will stumble over in a resolved
//! document. One file for each kind of finding; all of them look at the same
//! `Prose`.
//!
//! Missing alternative text, skipped levels and tables without headers are
//! found in `resolve`, which decides what becomes of them.

mod abbreviation;
mod bare_address;
mod breaking_unit;
mod cache;
mod caption;
mod date;
mod doubled_word;
mod emphasis;
mod foreign;
mod language;
mod link;
mod prose;
mod section;
mod sentence;
mod words;

use crate::diagnostic::Diagnostics;
use crate::resolve::Resolved;
use crate::source::Sources;
use cache::LintedRun;
use prose::{Content, Prose};

pub use cache::LintCache;

/// Looks for what readers will stumble over. `sources` are the files that the
/// document's spans point into. Of runs that are known only those are looked at again in which
/// something was found.
pub fn check(document: &Resolved, sources: &Sources, cache: Option<&mut LintCache>, diagnostics: &mut Diagnostics) {
    let content = Content::from_document(document);
    language::check(document, diagnostics);
    section::check(document, diagnostics);
    for pair in &content.neighbours {
        caption::check(pair, diagnostics);
    }
    let known = cache.as_deref();
    let runs: Vec<LintedRun> = content.runs.iter().map(|run| LintedRun::new(*run, sources, known)).collect();
    let clean: Vec<bool> = runs.iter().map(|run| run.is_clean() || is_clean(run, sources, diagnostics)).collect();
    let (asked, spoken) = abbreviation::check(&document.abbreviations, &runs, sources, known, diagnostics);
    if let Some(cache) = cache {
        cache.remember(runs, &clean, asked, spoken);
    }
}

/// Looks at one run; whether there is nothing to find in it.
fn is_clean(run: &LintedRun, sources: &Sources, diagnostics: &mut Diagnostics) -> bool {
    let before = diagnostics.iter().len();
    for link in run.links() {
        link::check(link, diagnostics);
        bare_address::check(link, diagnostics);
    }
    for prose in run.prose() {
        check_prose(prose, sources, diagnostics);
    }
    diagnostics.iter().len() == before
}

/// What words say by themselves.
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
