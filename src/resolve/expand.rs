//! What happens to a document before it has a meaning: profiles, includes,
//! data files, ids.

use super::budget::{self, Budget};
use super::id::Ids;
use super::{Context, include, profile, section};
use crate::ast::{Block, Document, Parsed};
use crate::diagnostic::Diagnostics;
use crate::source::{Sources, Span};

/// Leaves out what other readers get and reads the files a document includes.
pub fn expand(
    mut document: Document,
    path: &str,
    context: &Context,
    budget: &mut Budget,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Document {
    profile::apply(&mut document, context.profiles, sources, diagnostics);
    let notes = document.notes.iter().map(|note| budget::NODE * 2 + budget::blocks(&note.blocks));
    let weight = budget::blocks(&document.blocks) + notes.sum::<usize>();
    if !budget.take(weight, Span::point(document.span.file, 0), diagnostics) {
        document.blocks.clear();
        document.notes.clear();
    }
    include::splice(&mut document, path, context, budget, sources, diagnostics);
    document
}

/// Lays the headings open and names them.
pub fn name(blocks: &mut Vec<Block<Parsed>>, diagnostics: &mut Diagnostics) -> Ids {
    section::dissolve_groups(blocks);
    section::drop_wordless(blocks, diagnostics);
    section::title_annexes(blocks);
    Ids::assign(blocks, diagnostics)
}
