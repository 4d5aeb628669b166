//! A document from bytes to editions, in two steps: it is read and parsed, then
//! resolved in the light of the others, of which it asks what it must know.

mod cascade;
pub(crate) mod dependencies;
mod session;
mod theme;

use crate::ast::Document;
use crate::backend;
use crate::diagnostic::{Code, Diagnosed, Diagnostics, Severity};
use crate::format::Format;
use crate::lint::{self, LintCache};
use crate::load::load;
use crate::parse::{self, ParseCache};
use crate::resolve::{self, Context, ResolveCache, Resolved};
use crate::source::{Files, Sources};
use crate::theme::Theme;

pub use session::{Compiled, Edition, Pages, Session};

/// A document that was read and parsed and is not yet resolved.
#[derive(Debug)]
pub struct Draft {
    /// Project-relative path.
    pub path: String,
    /// The document's file alone; resolution adds what it includes.
    pub sources: Sources,
    /// Empty only where the source could not be read as text.
    pub document: Option<Document>,
    /// What reading and parsing found.
    pub diagnostics: Diagnostics,
}

/// What became of one source.
#[derive(Debug)]
pub struct Compilation {
    /// Every file that was read, for places in messages.
    pub sources: Sources,
    /// Empty where the source could not be read as text or exceeds a limit.
    pub document: Option<Resolved>,
    /// What the document's PDF looks like.
    pub theme: Theme,
    /// What was found up to here; editions add what layout finds.
    pub diagnostics: Diagnostics,
}

/// Reads and parses the document at a project-relative path.
pub fn read(path: &str, files: &dyn Files) -> Draft {
    read_incremental(path, files, None)
}

/// The same for a document of which parts may have been parsed before.
fn read_incremental(path: &str, files: &dyn Files, cache: Option<&mut ParseCache>) -> Draft {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let file = load(path, files, &mut sources, &mut diagnostics);
    let document = file.map(|file| parse::parse_relocatable(file, &mut sources, cache).report(&mut diagnostics));
    Draft { path: path.to_owned(), sources, document, diagnostics }
}

/// Reads, parses and resolves the document at a project-relative path.
pub fn compile(path: &str, context: &Context) -> Compilation {
    read(path, context.files).resolve(context)
}

impl Draft {
    /// Resolves the document. Included files are added to its sources.
    pub fn resolve(self, context: &Context) -> Compilation {
        self.resolve_incremental(context, None, None)
    }

    /// The same for a document of which parts may have been looked at before.
    fn resolve_incremental(
        self,
        context: &Context,
        runs: Option<&mut ResolveCache>,
        looked_at: Option<&mut LintCache>,
    ) -> Compilation {
        let Draft { path, mut sources, document, mut diagnostics } = self;
        let resolved = document.map(|value| {
            let parsed = Diagnosed { value, diagnostics: std::mem::take(&mut diagnostics) };
            resolve::resolve_incremental(parsed, &path, context, runs, &mut sources).report(&mut diagnostics)
        });
        // A limit may have been exceeded in what a profile drops, so that only
        // resolution tells.
        let mut document = resolved.filter(|_| is_whole(&diagnostics));
        match &document {
            Some(document) => lint::check(document, &sources, looked_at, &mut diagnostics),
            // What else is said of a part of a document is not to be relied on.
            None => diagnostics.retain(|problem| problem.severity == Severity::Error),
        }
        diagnostics.locate(&sources);
        cascade::drop_consequences(&mut diagnostics, &sources);
        let theme = theme::theme(&path, document.as_mut(), context, &mut sources, &mut diagnostics);
        diagnostics.settle_fixes(&sources);
        Compilation { sources, document, theme, diagnostics }
    }
}

/// Whether all of a document is there: what is past a limit was left out.
fn is_whole(diagnostics: &Diagnostics) -> bool {
    diagnostics.iter().all(|problem| problem.code != Code::LimitExceeded)
}

impl Compilation {
    /// Makes one edition; `None` where there is no document. What the
    /// backend finds is added to `diagnostics`.
    pub fn edition(&self, format: Format, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
        let document = self.document.as_ref()?;
        let edition = backend::emit(format, document, &self.theme, diagnostics);
        diagnostics.locate(&self.sources);
        Some(edition)
    }
}
