//! Compiles the documents of a workspace to editions, in parallel, with results in a stable order.

use super::cache_file::{CachedDocument, Problems};
use super::compared::{self, edition_path};
use super::earlier::{Earlier, EarlierDocument};
use super::index::INDEX_STEM;
use super::output::Output;
use super::panics::{catch_panic, internal};
use super::timings::{Phase, measure};
use super::workspace::{Workspace, is_source};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::format::Format;
use crate::project::{PROJECT_FILE, Project};
use crate::redline::Renumbering;
use crate::resolve::{Context, Resolved, audiences, full_summary, quoted_title};
use crate::source::file_dependencies::{FileDependencies, Recorder};
use crate::source::{Files, Sources};
use crate::theme::Theme;
use crate::verify::{Proof, prove};
use crate::{Compilation, Compiled, Session, read};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Options of a build.
pub struct Plan<'a> {
    /// Formats from the command line; `None` for those of the project.
    pub formats: Option<&'a [Format]>,
    /// Whether `all` was requested: then the formats of the project are added.
    pub with_all: bool,
    pub profiles: &'a [String],
    /// `SOURCE_DATE_EPOCH`, in seconds since 1970.
    pub source_date_epoch: Option<i64>,
    /// Whether the editions have an index.
    pub with_index: bool,
    /// Documents compiled earlier in this process.
    pub session: &'a Session,
    pub proving: VerifyMode<'a>,
    /// Earlier version to compare the documents with, if requested.
    pub earlier: Option<Arc<Earlier>>,
}

impl Plan<'_> {
    /// The formats that a source is made into.
    pub fn formats_of<'p>(&'p self, project: &'p Project, source: &str) -> Cow<'p, [Format]> {
        let own = project.formats_of(source);
        match self.formats {
            None => Cow::Borrowed(own),
            Some(asked) if !self.with_all => Cow::Borrowed(asked),
            Some(asked) => {
                let mut all = [asked, own].concat();
                all.sort_unstable();
                all.dedup();
                Cow::Owned(all)
            }
        }
    }
}

/// Which editions are verified.
#[derive(Clone, Copy)]
pub enum VerifyMode<'a> {
    Nothing,
    /// Editions made by this build.
    Made,
    /// Existing editions in a folder; none are made.
    Existing(&'a Output),
}

/// A document with its editions, or the problems that prevent them.
#[derive(Default)]
pub struct Produced {
    /// Project-relative path of the source.
    pub source: String,
    pub title: String,
    /// BCP 47 tag.
    pub lang: String,
    /// Date in ISO 8601.
    pub date: Option<String>,
    pub description: Option<String>,
    pub sources: Sources,
    /// Problems at the levels that the project sets, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// Every file that was read, with the SHA-256 of its bytes.
    pub inputs: BTreeMap<String, String>,
    /// Audiences that some of the content is meant for.
    pub audiences: BTreeSet<String>,
    /// Cache entry for the next build.
    pub record: Option<CachedDocument>,
    /// Linked files: project-relative paths by their paths among the editions.
    pub files: BTreeMap<String, String>,
    /// Empty where there are errors.
    pub editions: Vec<Edition>,
}

/// One produced file.
pub struct Edition {
    pub format: Format,
    /// Whether it shows the changes since an earlier version.
    pub is_redline: bool,
    /// Path under the output folder, with `/` separators.
    pub path: String,
    pub bytes: Arc<Vec<u8>>,
    /// Result of its verification, if requested.
    pub proof: Option<Proof>,
}

/// Compiles the selected documents that `keep` does not return from a cache, and passes each to
/// `each` when it is done. The results are in the order of the documents.
pub fn produce<T: Send>(
    workspace: &Workspace,
    plan: &Plan,
    keep: impl Fn(&str, &Context) -> Option<T> + Sync,
    each: impl Fn(Produced) -> T + Sync,
) -> Vec<T> {
    let nothing = BTreeSet::new();
    workspace.with_context(plan.profiles, plan.source_date_epoch, |context| {
        let index = plan.with_index.then_some(INDEX_STEM);
        let compared = plan.earlier.as_deref().map_or(&nothing, Earlier::compared);
        let context = Context { index, compared, ..*context };
        let make = |path: &String| {
            // A panic in `keep` occurs again, and is reported, when the document is compiled.
            let kept = catch_panic(|| keep(path, &context)).unwrap_or_default();
            kept.unwrap_or_else(|| each(make(path, &context, plan)))
        };
        workspace.selected.par_iter().map(make).collect()
    })
}

fn make(path: &str, context: &Context, plan: &Plan) -> Produced {
    let compiled = match measure(Phase::Compile, || catch_panic(|| plan.session.compile(path, context))) {
        Ok(compiled) => compiled,
        Err(failure) => return failed(path, &failure, context),
    };
    let was = plan.earlier.as_ref().and_then(|earlier| earlier.was(path, context));
    let mut produced = produce_one(path, &compiled, was.as_ref(), context, plan);
    let Compiled { dependencies, audiences, .. } = compiled.as_ref();
    produced.audiences.clone_from(audiences);
    if !plan.profiles.is_empty() {
        produced.audiences.extend(included_audiences(&dependencies.reads.inputs, path, context.files));
    }
    produced.inputs = inputs(&dependencies.reads, &context.library.documents_of(dependencies.queries()), context);
    if let Some((earlier, was)) = plan.earlier.as_ref().zip(was.as_ref()) {
        produced.inputs.extend(earlier.inputs_inside(was));
    }
    produced.record = Some(CachedDocument {
        earlier: was.map(|was| was.inputs).unwrap_or_default(),
        dependencies: dependencies.clone(),
        audiences: produced.audiences.clone(),
        files: produced.files.clone(),
        problems: Problems::from_diagnostics(&produced.sources, &produced.diagnostics),
    });
    produced
}

/// The result for a document that could not be compiled because of an internal error.
fn failed(path: &str, failure: &str, context: &Context) -> Produced {
    let recorder = Recorder::new(context.files);
    // The build depends on the source in any case.
    let _ = recorder.read(path);
    let inputs = recorder.into_dependencies().inputs;
    let diagnostics = vec![internal(failure)];
    Produced { source: path.to_owned(), diagnostics, inputs, ..Produced::default() }
}

/// All files that a document's editions depend on: those read for it, and those that the summaries
/// of the queried documents depend on.
pub fn inputs(
    reads: &FileDependencies,
    queried_documents: &BTreeSet<&str>,
    context: &Context,
) -> BTreeMap<String, String> {
    let recorder = Recorder::new(context.files);
    let library = context.library.view();
    let context = Context { library: &library, files: &recorder, ..*context };
    // Outside a project there is no such file.
    let _ = context.files.read(PROJECT_FILE);
    for path in queried_documents {
        let _ = context.files.read(path);
        let _ = catch_panic(|| {
            let Some(own) = context.library.own(path, &context) else { return };
            own.files.iter().for_each(|file| drop(context.files.probe(file)));
            if own.names_others {
                full_summary(path, &context);
            }
        });
    }
    let mut inputs = recorder.into_dependencies().inputs;
    inputs.extend(reads.inputs.clone());
    inputs
}

fn produce_one(
    path: &str,
    compiled: &Compiled,
    was: Option<&EarlierDocument>,
    context: &Context,
    plan: &Plan,
) -> Produced {
    let project = context.project;
    let Compilation { sources, document, theme, diagnostics } = &compiled.compilation;
    let mut diagnostics = diagnostics.clone();
    let metadata = document.as_ref().map(|document| &document.metadata);
    let level = |diagnostics: Diagnostics| project.levelled(diagnostics, metadata);

    let mut editions = Vec::new();
    if let Some(document) = document
        && !has_errors(&level(diagnostics.clone()))
    {
        let formats = plan.formats_of(project, path);
        let make = |format: &Format| {
            let (bytes, mut found) = bytes(*format, compiled, project.stem(path), plan);
            let proof = bytes.as_ref().and_then(|bytes| proof(document, theme, *format, bytes, plan, &mut found));
            let path = edition_path(project.stem(path), *format, false);
            (Edition { format: *format, is_redline: false, path, bytes: bytes.unwrap_or_default(), proof }, found)
        };
        let made: Vec<(Edition, Diagnostics)> = formats.par_iter().map(make).collect();
        for (edition, found) in made {
            editions.push(edition);
            diagnostics.append(found);
        }
        if let Some(was) = was {
            editions.extend(changes(
                project.stem(path),
                document,
                theme,
                (sources, was),
                &formats,
                plan,
                &mut diagnostics,
            ));
        }
    }
    diagnostics.locate(sources);
    let diagnostics = level(diagnostics);
    if has_errors(&diagnostics) && !matches!(plan.proving, VerifyMode::Existing(_)) {
        editions.clear();
    }
    // Only messages need the sources.
    let sources = if diagnostics.is_empty() { Sources::default() } else { told_of(&diagnostics, sources, was) };
    let mut produced = Produced { source: path.to_owned(), sources, diagnostics, editions, ..Produced::default() };
    if let Some(document) = document {
        produced.files.clone_from(&document.files);
        produced.title = quoted_title(document.title_text.clone());
        produced.lang.clone_from(&document.language.tag);
        produced.date = document.metadata.date.as_ref().map(|date| date.value.to_string());
        produced.description.clone_from(&document.description);
    }
    produced
}

/// The editions that show the changes since the earlier version of a document.
fn changes(
    stem: &str,
    document: &Resolved,
    theme: &Theme,
    (sources, was): (&Sources, &EarlierDocument),
    formats: &[Format],
    plan: &Plan,
    diagnostics: &mut Diagnostics,
) -> Vec<Edition> {
    let files = sources.iter().count();
    let Some(old) = was.document.as_ref().filter(|_| was.errors.is_empty()) else {
        let problems = was.problems(files).into_iter();
        problems.for_each(|problem| diagnostics.push(problem));
        return Vec::new();
    };
    // Without formats nothing is compared.
    if formats.is_empty() {
        return Vec::new();
    }
    let Some(redline) =
        measure(Phase::Compare, || compared::redline((old, document), files, Renumbering::List, formats, diagnostics))
    else {
        return Vec::new();
    };
    let read = |path: &str| match plan.proving {
        VerifyMode::Existing(output) => Some(read_existing(path, output)),
        VerifyMode::Nothing | VerifyMode::Made => None,
    };
    let is_proved = !matches!(plan.proving, VerifyMode::Nothing);
    let mut found = Diagnostics::default();
    let editions = compared::editions(&redline.document, theme, stem, formats, is_proved, read, &mut found);
    // Problems of the document are not repeated for its redline.
    let known: BTreeSet<(Code, Box<str>)> =
        diagnostics.iter().map(|problem| (problem.code, problem.message.clone())).collect();
    let anew =
        found.into_sorted().into_iter().filter(|problem| !known.contains(&(problem.code, problem.message.clone())));
    anew.for_each(|problem| diagnostics.push(problem));
    editions
}

/// The files that messages refer to, including those of the earlier version if needed.
fn told_of(diagnostics: &[Diagnostic], sources: &Sources, was: Option<&EarlierDocument>) -> Sources {
    let files = sources.iter().count();
    let is_earlier = |problem: &Diagnostic| problem.span.is_some_and(|span| span.file.0 as usize >= files);
    let mut sources = sources.clone();
    if let Some(was) = was.filter(|_| diagnostics.iter().any(is_earlier)) {
        for (_, source) in was.sources.iter() {
            sources.add(source.clone());
        }
    }
    sources
}

/// The bytes of an existing edition.
fn read_existing(path: &str, output: &Output) -> Result<Vec<u8>, Diagnostic> {
    output.read(path).map_err(|denied| {
        let message = if denied.is_absent() {
            format!("the edition {path} is missing")
        } else {
            format!("the edition {path} cannot be read: {denied}")
        };
        Diagnostic::without_place(Code::StaleEdition, message).hint("run `chancery build` for the same documents")
    })
}

/// The bytes of an edition, emitted or read from disk, with its problems. `None` if there are no
/// bytes.
fn bytes(format: Format, compiled: &Compiled, stem: &str, plan: &Plan) -> (Option<Arc<Vec<u8>>>, Diagnostics) {
    let mut found = Diagnostics::default();
    let bytes = match plan.proving {
        VerifyMode::Existing(output) => read_existing(&edition_path(stem, format, false), output).map(Arc::new),
        VerifyMode::Nothing | VerifyMode::Made => {
            match measure(Phase::Emit(format), || catch_panic(|| compiled.edition(format))) {
                Ok(None) => return (None, found),
                Ok(Some(edition)) => {
                    found.append(edition.diagnostics.clone());
                    Ok(Arc::clone(&edition.bytes))
                }
                Err(failure) => Err(internal(&failure)),
            }
        }
    };
    let bytes = bytes.map_err(|problem| found.push(problem)).ok();
    (bytes, found)
}

/// Verifies an edition, if requested.
fn proof(
    document: &Resolved,
    theme: &Theme,
    format: Format,
    bytes: &[u8],
    plan: &Plan,
    found: &mut Diagnostics,
) -> Option<Proof> {
    match plan.proving {
        VerifyMode::Nothing => None,
        VerifyMode::Made | VerifyMode::Existing(_) => {
            let proved = measure(Phase::Prove, || catch_panic(|| prove(document, theme, format, bytes, found)));
            proved.unwrap_or_else(|failure| {
                found.push(internal(&failure));
                None
            })
        }
    }
}

/// Whether problems contain an error, so that the document has no editions.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The audiences of documents that are not selected.
pub fn other_audiences(workspace: &Workspace) -> BTreeSet<String> {
    let others = workspace.documents.par_iter().filter(|path| !workspace.selected.contains(*path));
    workspace.with_files(|files| {
        let document = |path: &String| catch_panic(|| read(path, files)).ok()?.document;
        others.filter_map(document).flat_map_iter(|document| audiences(&document)).collect()
    })
}

/// The audiences of partials that a document includes.
fn included_audiences(inputs: &BTreeMap<String, String>, document: &str, files: &dyn Files) -> BTreeSet<String> {
    let parts = inputs.keys().filter(|path| is_source(Path::new(path)) && *path != document);
    parts.filter_map(|path| read(path, files).document).flat_map(|document| audiences(&document)).collect()
}
