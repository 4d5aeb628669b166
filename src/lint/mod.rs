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
use prose::Content;

/// Looks for what readers will stumble over. `sources` are the files that the
/// document's spans point into.
pub fn check(document: &Resolved, sources: &Sources, diagnostics: &mut Diagnostics) {
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
    for prose in &content.prose {
        foreign::check(prose, sources, diagnostics);
        emphasis::check(prose, sources, diagnostics);
        doubled_word::check(prose, sources, diagnostics);
        date::check(prose, sources, diagnostics);
        breaking_unit::check(prose, sources, diagnostics);
        sentence::check(prose, sources, diagnostics);
    }
    abbreviation::check(document, &content.prose, sources, diagnostics);
}

#[cfg(test)]
mod tests;
