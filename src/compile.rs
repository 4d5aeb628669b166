//! Documents from bytes to editions, in two steps: every document is read and
//! parsed once, then each is resolved in the light of all of them.

use crate::ast::{Document, Metadata};
use crate::backend;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::format::Format;
use crate::lint;
use crate::load::load;
use crate::parse;
use crate::project::PROJECT_FILE;
use crate::resolve::{self, Context, Library, Resolved};
use crate::source::{Files, Source, Sources, Span, relative_path};
use crate::theme::Theme;

/// A document that was read and parsed and is not yet resolved.
#[derive(Debug)]
pub struct Draft {
    /// Project-relative path.
    pub path: String,
    pub sources: Sources,
    /// Empty only where the source could not be read as text.
    pub document: Option<Document>,
    pub diagnostics: Diagnostics,
}

/// What became of one source.
#[derive(Debug)]
pub struct Compilation {
    pub sources: Sources,
    /// Empty only where the source could not be read as text.
    pub document: Option<Resolved>,
    /// What the document's PDF looks like.
    pub theme: Theme,
    pub diagnostics: Diagnostics,
}

/// Reads and parses the document at a project-relative path.
pub fn read(path: &str, files: &dyn Files) -> Draft {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let document =
        load(path, files, &mut sources, &mut diagnostics).map(|file| parse::parse(file, &sources, &mut diagnostics));
    Draft { path: path.to_owned(), sources, document, diagnostics }
}

/// What documents know of one another.
pub fn library(drafts: &[Draft]) -> Library {
    let mut library = Library::default();
    for draft in drafts {
        if let Some(document) = &draft.document {
            library.add(&draft.path, document);
        }
    }
    library
}

/// Reads, parses and resolves the document at a project-relative path.
pub fn compile(path: &str, context: &Context) -> Compilation {
    read(path, context.files).resolve(context)
}

impl Draft {
    /// Resolves the document. Included files are added to its sources.
    pub fn resolve(self, context: &Context) -> Compilation {
        let Draft { path, mut sources, document, mut diagnostics } = self;
        let document = document.map(|document| {
            let document = resolve::resolve(document, &path, context, &mut sources, &mut diagnostics);
            lint::check(&document, &sources, &mut diagnostics);
            document
        });
        let metadata = document.as_ref().map(|document| &document.metadata);
        let theme = theme(&path, metadata, context, &mut sources, &mut diagnostics);
        Compilation { sources, document, theme, diagnostics }
    }
}

impl Compilation {
    /// Makes one edition; `None` where the source could not be read. What the
    /// backend finds is added to `diagnostics`.
    pub fn edition(&self, format: Format, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
        let document = self.document.as_ref()?;
        Some(backend::emit(format, document, &self.theme, diagnostics))
    }
}

/// Ending of the files that hold themes.
const THEME_ENDING: &str = ".toml";

/// The theme of a document: the one its front matter names, else its
/// collection's or the project's. A name is a built-in theme's, or the path of
/// a theme file: relative to the document in front matter, to the root in the
/// project file.
fn theme(
    path: &str,
    metadata: Option<&Metadata>,
    context: &Context,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Theme {
    let own = metadata.and_then(|metadata| metadata.theme.as_ref());
    let (name, span) = match own {
        Some(own) => (own.value.as_str(), own.span),
        None => (context.project.theme_of(path), None),
    };
    if let Some(theme) = Theme::builtin(name) {
        return theme;
    }
    let mut report = |message: String, hint: Option<String>| {
        let problem = match span {
            Some(span) => Diagnostic::new(Code::BadTheme, span, message),
            None => Diagnostic::without_place(Code::BadTheme, message),
        };
        diagnostics.push(problem.maybe_hint(hint));
    };
    if !name.ends_with(THEME_ENDING) {
        report(format!("there is no theme `{name}`"), did_you_mean(name, Theme::names()));
        return Theme::default();
    }
    // The place of a name without one is in the project file, at the root.
    let from = if span.is_some() { path } else { PROJECT_FILE };
    let Ok(file) = relative_path(from, name) else {
        report(format!("the path {name} leaves the project"), None);
        return Theme::default();
    };
    let Some(file) = load(&file, context.files, sources, diagnostics) else { return Theme::default() };
    let text = sources.get(file).map(Source::text).unwrap_or_default();
    Theme::parse(text, &Theme::default()).unwrap_or_else(|error| {
        diagnostics.push(Diagnostic::new(
            Code::BadTheme,
            Span::new(file, error.range.start, error.range.end),
            error.message,
        ));
        Theme::default()
    })
}
