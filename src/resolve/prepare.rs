//! What happens to a document before it has a meaning: profiles, includes,
//! data files, ids.

use super::id::Ids;
use super::{Context, include, profile, section};
use crate::ast::{Block, Document, Parsed};
use crate::diagnostic::Diagnostics;
use crate::source::Sources;

/// Leaves out what other readers get and reads the files a document includes.
pub fn expand(
    mut document: Document,
    path: &str,
    context: &Context,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Document {
    profile::apply(&mut document, context.profiles, sources, diagnostics);
    include::splice(&mut document, path, context, sources, diagnostics);
    document
}

/// Lays the headings open and names them.
pub fn name(blocks: &mut Vec<Block<Parsed>>, diagnostics: &mut Diagnostics) -> Ids {
    section::dissolve_groups(blocks);
    section::drop_wordless(blocks, diagnostics);
    section::title_annexes(blocks);
    Ids::assign(blocks, diagnostics)
}
