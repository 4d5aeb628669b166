//! Compiles one document in two steps: it is read and parsed, then resolved. Resolution may query
//! other documents of the project.

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
    /// Diagnostics of reading and parsing.
    pub diagnostics: Diagnostics,
}

/// A compiled source.
#[derive(Debug)]
pub struct Compilation {
    /// Every file that was read, for positions in messages.
    pub sources: Sources,
    /// Empty where the source could not be read as text or exceeds a limit.
    pub document: Option<Resolved>,
    /// Theme of the document's PDF.
    pub theme: Theme,
    /// Diagnostics up to resolution; editions add those of layout.
    pub diagnostics: Diagnostics,
}

/// Reads and parses the document at a project-relative path.
pub fn read(path: &str, files: &dyn Files) -> Draft {
    read_incremental(path, files, None)
}

/// Like [`read`], but reuses chunks that `cache` holds.
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

    /// Like [`Draft::resolve`], but reuses what the caches hold.
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
        // Content that a profile removes may exceed a limit. Only resolution knows.
        let mut document = resolved.filter(|_| is_whole(&diagnostics));
        match &document {
            Some(document) => lint::check(document, &sources, looked_at, &mut diagnostics),
            // Other diagnostics of an incomplete document are not reliable.
            None => diagnostics.retain(|problem| problem.severity == Severity::Error),
        }
        diagnostics.locate(&sources);
        cascade::drop_consequences(&mut diagnostics, &sources);
        let theme = theme::theme(&path, document.as_mut(), context, &mut sources, &mut diagnostics);
        diagnostics.settle_fixes(&sources);
        Compilation { sources, document, theme, diagnostics }
    }
}

/// Whether the document is complete: nothing was left out because of a limit.
fn is_whole(diagnostics: &Diagnostics) -> bool {
    diagnostics.iter().all(|problem| problem.code != Code::LimitExceeded)
}

impl Compilation {
    /// Emits one edition; `None` if there is no document. The backend's problems are added to
    /// `diagnostics`.
    pub fn edition(&self, format: Format, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
        let document = self.document.as_ref()?;
        let edition = backend::emit(format, document, &self.theme, diagnostics);
        diagnostics.locate(&self.sources);
        Some(edition)
    }
}
