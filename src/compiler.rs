//! The front door for programs that embed the compiler: files in, editions out.

use crate::compile::{self, Compilation, Session};
use crate::diagnostic::render::{Base, Colour, MessageFormat, Report, render};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::format::Format;
use crate::project::Project;
use crate::resolve::{Context, Library};
use crate::source::Files;
use crate::verify;
use std::fmt;
use std::sync::Arc;

/// Bytes of sources and editions that a compiler keeps between two calls.
const KEPT: usize = 64 * 1024 * 1024;

/// Compiles documents of one set of files. What it compiled is kept, and compiled again
/// only where a file that it rests on has changed.
///
/// ```
/// use chancery::source::MemoryFiles;
///
/// let files = MemoryFiles::default().with("note.md", "# Water\n\nThe price is 3 euro.\n");
/// let document = chancery::Compiler::new(files).compile("note.md")?;
/// assert!(document.html()?.contains("<h1>Water</h1>"));
/// assert!(document.pdf()?.starts_with(b"%PDF-1.7"));
/// # Ok::<(), chancery::Problems>(())
/// ```
pub struct Compiler<F> {
    files: F,
    project: Project,
    library: Library,
    profiles: Vec<String>,
    source_date_epoch: Option<i64>,
    session: Session,
}

impl<F: Files> Compiler<F> {
    /// A compiler of documents that belong to no project and know nothing of one another.
    pub fn new(files: F) -> Compiler<F> {
        let project = Project::default();
        let library = Library::from_paths([], &project);
        let session = Session::new(KEPT);
        Compiler { files, project, library, profiles: Vec::new(), source_date_epoch: None, session }
    }

    /// Documents of a project, by their paths: they may refer to one another.
    ///
    /// ```
    /// use chancery::{project::Project, source::MemoryFiles};
    ///
    /// let files = MemoryFiles::default()
    ///     .with("a.md", "# Levies\n\nSee [](b.md).\n")
    ///     .with("b.md", "# Prices\n\nWords.\n");
    /// let compiler = chancery::Compiler::new(files).documents(["a.md", "b.md"], Project::default());
    /// assert!(compiler.compile("a.md")?.text()?.contains("See Prices"));
    /// # Ok::<(), chancery::Problems>(())
    /// ```
    pub fn documents<P: Into<String>>(mut self, paths: impl IntoIterator<Item = P>, project: Project) -> Self {
        self.library = Library::from_paths(paths.into_iter().map(Into::into), &project);
        self.project = project;
        self
    }

    /// The profiles for which the documents are compiled.
    ///
    /// ```
    /// use chancery::source::MemoryFiles;
    ///
    /// let source = "# Note\n\nFor all.\n\n:::only {audience=staff}\nFor staff.\n:::\n";
    /// let files = MemoryFiles::default().with("note.md", source);
    /// let compiler = chancery::Compiler::new(files).profiles(["staff"]);
    /// assert!(compiler.compile("note.md")?.text()?.contains("For staff."));
    /// # Ok::<(), chancery::Problems>(())
    /// ```
    pub fn profiles<P: Into<String>>(mut self, profiles: impl IntoIterator<Item = P>) -> Self {
        self.profiles = profiles.into_iter().map(Into::into).collect();
        self
    }

    /// The time, in seconds since 1970, that stands for the date of documents that have
    /// none (<https://reproducible-builds.org/specs/source-date-epoch/>).
    ///
    /// ```
    /// use chancery::source::MemoryFiles;
    ///
    /// let files = MemoryFiles::default().with("note.md", "# Note\n\nWords.\n");
    /// let compiler = chancery::Compiler::new(files).source_date_epoch(1_700_000_000);
    /// assert!(compiler.compile("note.md")?.docbook()?.starts_with("<?xml"));
    /// # Ok::<(), chancery::Problems>(())
    /// ```
    pub fn source_date_epoch(mut self, seconds: i64) -> Self {
        self.source_date_epoch = Some(seconds);
        self
    }

    /// Reads and compiles the document at a path.
    ///
    /// # Errors
    /// If it has errors: all diagnostics.
    ///
    /// ```
    /// use chancery::source::MemoryFiles;
    ///
    /// let files = MemoryFiles::default().with("note.md", "# Note\n\nSee [](#nowhere).\n");
    /// let problems = chancery::Compiler::new(files).compile("note.md").unwrap_err();
    /// assert!(problems.to_string().contains("note.md:3:5: error"));
    /// ```
    pub fn compile(&self, path: &str) -> Result<CompiledDocument, Problems> {
        let context = Context {
            profiles: &self.profiles,
            source_date_epoch: self.source_date_epoch,
            ..Context::new(&self.project, &self.library, &self.files)
        };
        let compiled = self.session.compile(path, &context);
        let metadata = compiled.compilation.document.as_ref().map(|document| &document.metadata);
        let found = self.project.levelled(compiled.compilation.diagnostics.clone(), metadata);
        let is_whole = compiled.compilation.document.is_some() && !found.iter().any(is_error);
        let document = CompiledDocument { path: path.to_owned(), compiled, found };
        if is_whole { Ok(document) } else { Err(document.problems(&document.found)) }
    }
}

/// A document without errors, ready for emitting editions.
#[derive(Debug)]
pub struct CompiledDocument {
    path: String,
    compiled: Arc<compile::Compiled>,
    found: Vec<Diagnostic>,
}

impl CompiledDocument {
    /// The PDF edition (PDF/UA-1, ISO 14289-1, and PDF/A-2a, ISO 19005-2).
    ///
    /// # Errors
    /// Where something of the document cannot be shown in it.
    pub fn pdf(&self) -> Result<Vec<u8>, Problems> {
        self.edition(Format::Pdf)
    }

    /// The HTML edition, one file with all that it needs.
    ///
    /// # Errors
    /// As [`CompiledDocument::pdf`].
    pub fn html(&self) -> Result<String, Problems> {
        self.edition_text(Format::Html)
    }

    /// The DocBook 5.2 edition.
    ///
    /// # Errors
    /// As [`CompiledDocument::pdf`].
    pub fn docbook(&self) -> Result<String, Problems> {
        self.edition_text(Format::Docbook)
    }

    /// The plain-text edition.
    ///
    /// # Errors
    /// As [`CompiledDocument::pdf`].
    pub fn text(&self) -> Result<String, Problems> {
        self.edition_text(Format::Text)
    }

    /// The edition of a format.
    ///
    /// # Errors
    /// As [`CompiledDocument::pdf`].
    pub fn edition(&self, format: Format) -> Result<Vec<u8>, Problems> {
        let edition = self.compiled.edition(format);
        match edition {
            Some(edition) if !edition.diagnostics.has_errors() => Ok(edition.bytes.to_vec()),
            Some(edition) => Err(self.problems(&edition.diagnostics.clone().into_sorted())),
            None => Err(self.problems(&self.found)),
        }
    }

    /// Reads an edition back, and compares it with the document.
    ///
    /// ```
    /// use chancery::{format::Format, source::MemoryFiles};
    ///
    /// let files = MemoryFiles::default().with("note.md", "# Water\n\nThe price is 3 euro.\n");
    /// let document = chancery::Compiler::new(files).compile("note.md")?;
    /// let edition = document.text()?;
    /// document.verify(Format::Text, edition.as_bytes())?;
    /// assert!(document.verify(Format::Text, edition.replace('3', "2").as_bytes()).is_err());
    /// # Ok::<(), chancery::Problems>(())
    /// ```
    ///
    /// # Errors
    /// Where they differ, or the edition breaks a rule of its format.
    pub fn verify(&self, format: Format, edition: &[u8]) -> Result<(), Problems> {
        let mut found = Diagnostics::default();
        let Compilation { document, theme, .. } = &self.compiled.compilation;
        if let Some(document) = document {
            verify::prove(document, theme, format, edition, &mut found);
        }
        if found.has_errors() { Err(self.problems(&found.into_sorted())) } else { Ok(()) }
    }

    /// Diagnostics of the document that are not errors.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.found
    }

    fn edition_text(&self, format: Format) -> Result<String, Problems> {
        let bytes = self.edition(format)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn problems(&self, found: &[Diagnostic]) -> Problems {
        let sources = &self.compiled.compilation.sources;
        let (base, diagnostics) = (Base::default(), found.iter().collect());
        let report = Report { path: Some(&self.path), base: &base, sources, diagnostics };
        Problems { lines: render(MessageFormat::Short, &[report], None, Colour::Plain), found: found.to_vec() }
    }
}

/// Why there is no edition. Its text has a line for each problem, with the place.
#[derive(Debug, Clone)]
pub struct Problems {
    lines: String,
    found: Vec<Diagnostic>,
}

impl Problems {
    /// The problems, in the order of the document.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.found
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.lines.trim_end())
    }
}

impl std::error::Error for Problems {}

fn is_error(problem: &Diagnostic) -> bool {
    problem.severity == Severity::Error
}
