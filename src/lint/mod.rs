//! House style and accessibility: what readers will stumble over in a resolved
//! document. One file for each kind of finding; all of them look at the same
//! `Prose`.
//!
//! Missing alternative text, skipped levels and tables without headers are
//! found in `resolve`, which decides what becomes of them.

mod abbreviation;
mod bare_address;
mod breaking_unit;
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
use prose::{Content, Prose};
use std::collections::BTreeSet;

/// Runs of words in which nothing was found when they were looked at last.
#[derive(Debug, Default)]
pub struct LintCache {
    clean: BTreeSet<u128>,
}

/// Looks for what readers will stumble over. `sources` are the files that the
/// document's spans point into. Of runs that are known only those are looked at again in which
/// something was found.
pub fn check(document: &Resolved, sources: &Sources, cache: Option<&mut LintCache>, diagnostics: &mut Diagnostics) {
    let content = Content::from_document(document, sources);
    language::check(document, diagnostics);
    section::check(document, diagnostics);
    for pair in &content.neighbours {
        caption::check(pair, diagnostics);
    }
    for link in &content.links {
        link::check(link, diagnostics);
        bare_address::check(link, diagnostics);
    }
    let mut clean = BTreeSet::new();
    for prose in &content.prose {
        let hash = cache.as_ref().map(|_| prose.hash(sources));
        let is_known = cache.as_ref().zip(hash).is_some_and(|(cache, hash)| cache.clean.contains(&hash));
        let before = diagnostics.iter().len();
        if !is_known {
            check_prose(prose, sources, diagnostics);
        }
        clean.extend(hash.filter(|_| diagnostics.iter().len() == before));
    }
    if let Some(cache) = cache {
        cache.clean = clean;
    }
    abbreviation::check(document, &content.prose, sources, diagnostics);
}

/// What one run of words says by itself.
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
