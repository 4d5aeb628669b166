//! From the documents of a workspace to their editions, in parallel and in a
//! stable order.

use super::files::{Reads, Recorder};
use super::guard::{guarded, internal};
use super::index;
use super::output::Output;
use super::state::{Problems, Record, Told};
use super::timings::{Phase, measure};
use super::workspace::{Workspace, is_source};
use crate::backend::emit;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::format::Format;
use crate::project::PROJECT_FILE;
use crate::resolve::{Context, Library, Resolved, audiences, quoted, whole_entry};
use crate::source::{Files, Sources};
use crate::theme::Theme;
use crate::verify::{Proof, prove};
use crate::{Compilation, Draft, read};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What to make.
pub struct Plan<'a> {
    /// Formats from the command line; `None` leaves them to the project.
    pub formats: Option<&'a [Format]>,
    pub profiles: &'a [String],
    /// `SOURCE_DATE_EPOCH`, in seconds since 1970.
    pub source_date_epoch: Option<i64>,
    /// Whether the editions have an index.
    pub with_index: bool,
    pub proving: Proving<'a>,
}

/// Which editions are proved.
#[derive(Clone, Copy)]
pub enum Proving<'a> {
    Nothing,
    /// Those that are made.
    Made,
    /// Those that lie in a folder; none are made.
    Lying(&'a Output),
}

/// A document with its editions, or with what stands in their way.
#[derive(Default)]
pub struct Produced {
    /// Project-relative path of the source.
    pub source: String,
    pub title: String,
    /// BCP 47 tag.
    pub lang: String,
    /// ISO 8601.
    pub date: Option<String>,
    pub description: Option<String>,
    pub sources: Sources,
    /// Problems at the levels the project gives them, in order.
    pub diagnostics: Vec<Diagnostic>,
    /// Every file that was read, with the SHA-256 of its bytes.
    pub inputs: BTreeMap<String, String>,
    /// Audiences for which something is meant that was read.
    pub audiences: BTreeSet<String>,
    /// What the next build is to know of it.
    pub record: Option<Record>,
    /// Files that it leads to: project-relative paths by their places among the editions.
    pub files: BTreeMap<String, String>,
    /// Empty where there are errors.
    pub editions: Vec<Edition>,
}

/// One produced file.
pub struct Edition {
    pub format: Format,
    /// Path under the output folder, with `/` separators.
    pub path: String,
    pub bytes: Vec<u8>,
    /// What was found out about it, where that was asked for.
    pub proof: Option<Proof>,
}

/// Makes the selected documents, without those that `keep` knows already, and hands each
/// to `each` as soon as it is made; the results are in the order of the documents.
pub fn produce<T: Send>(
    workspace: &Workspace,
    plan: &Plan,
    keep: impl Fn(&str, &Context) -> Option<T> + Sync,
    each: impl Fn(Produced) -> T + Sync,
) -> Vec<T> {
    workspace.with_files(|files| {
        let library = Library::of(workspace.documents.iter().cloned(), &workspace.project);
        let context = Context {
            project: &workspace.project,
            library: &library,
            files,
            profiles: plan.profiles,
            source_date_epoch: plan.source_date_epoch,
        };
        let make = |path: &String| {
            // What fails while others are asked is found again, and told, when it is made.
            let kept = guarded(|| keep(path, &context)).unwrap_or_default();
            kept.unwrap_or_else(|| each(make(path, &context, plan)))
        };
        workspace.selected.par_iter().map(make).collect()
    })
}

fn make(path: &str, context: &Context, plan: &Plan) -> Produced {
    let recorder = Recorder::new(context.files);
    let library = context.library.view();
    let own = Context { library: &library, files: &recorder, ..*context };
    let draft = measure(Phase::Read, || guarded(|| read(path, &recorder)))
        .unwrap_or_else(|failure| failed_draft(path, failure));
    // Asked for only where a profile is: they are names that some must not see.
    let mut meant_for: BTreeSet<String> = match (plan.profiles, &draft.document) {
        ([], _) | (_, None) => BTreeSet::new(),
        (_, Some(document)) => audiences(document),
    };
    let mut produced = produce_one(draft, &own, plan);
    if !plan.profiles.is_empty() {
        let inputs = recorder.reads().inputs;
        meant_for.extend(included_audiences(&inputs, path, context.files));
    }
    let reads = recorder.reads();
    let asked = library.into_asked();
    produced.inputs = inputs(&reads, &context.library.documents_of(&asked), context);
    // Without all answers it is made again.
    let told = guarded(|| asked.into_iter().map(|fact| Told::now(fact, context)).collect()).ok();
    let files = produced.files.clone();
    let problems = Problems::of(&produced.sources, &produced.diagnostics);
    let stamps = BTreeMap::new();
    produced.record = told.map(|told| Record { reads, told, audiences: meant_for.clone(), files, problems, stamps });
    produced.audiences = meant_for;
    produced
}

/// All files that a document's editions depend on: those that were read for it, and those
/// that decide what the documents it leads to say of themselves.
pub fn inputs(reads: &Reads, leads_to: &BTreeSet<&str>, context: &Context) -> BTreeMap<String, String> {
    let recorder = Recorder::new(context.files);
    let library = context.library.view();
    let context = Context { library: &library, files: &recorder, ..*context };
    // Outside a project there is no such file.
    let _ = context.files.read(PROJECT_FILE);
    for path in leads_to {
        let _ = context.files.read(path);
        let _ = guarded(|| {
            let is_composed = context.library.own(path, &context).is_some_and(|own| own.composed);
            is_composed.then(|| whole_entry(path, &context))
        });
    }
    let mut inputs = recorder.into_reads().inputs;
    inputs.extend(reads.inputs.clone());
    inputs
}

fn produce_one(draft: Draft, context: &Context, plan: &Plan) -> Produced {
    let source = draft.path.clone();
    let project = context.project;
    let Compilation { sources, mut document, theme, mut diagnostics } =
        measure(Phase::Resolve, || guarded(|| draft.resolve(context))).unwrap_or_else(failed_compilation);
    if let Some(document) = document.as_mut().filter(|_| plan.with_index) {
        document.navigation.index = Some(index::link(document, project.stem(&source), project));
    }
    let metadata = document.as_ref().map(|document| &document.metadata);
    let level = |diagnostics: Diagnostics| -> Vec<Diagnostic> {
        let levelled = diagnostics.into_sorted().into_iter().filter_map(|mut diagnostic| {
            diagnostic.severity = project.severity_of(&diagnostic, metadata)?;
            Some(diagnostic)
        });
        levelled.collect()
    };

    let mut editions = Vec::new();
    if let Some(document) = &document
        && !has_errors(&level(diagnostics.clone()))
    {
        let formats = plan.formats.unwrap_or_else(|| project.formats_of(&source));
        let made: Vec<(Edition, Diagnostics)> =
            formats.par_iter().map(|format| edition(*format, document, &theme, project.stem(&source), plan)).collect();
        for (edition, found) in made {
            editions.push(edition);
            diagnostics.append(found);
        }
    }
    let diagnostics = level(diagnostics);
    if has_errors(&diagnostics) && !matches!(plan.proving, Proving::Lying(_)) {
        editions.clear();
    }
    let mut produced = Produced { source, sources, diagnostics, editions, ..Produced::default() };
    if let Some(document) = document {
        produced.files.clone_from(&document.files);
        produced.title = quoted(document.title_text);
        produced.lang = document.language.tag;
        produced.date = document.metadata.date.map(|date| date.value.to_string());
        produced.description = document.description;
    }
    produced
}

fn edition(format: Format, document: &Resolved, theme: &Theme, stem: &str, plan: &Plan) -> (Edition, Diagnostics) {
    let mut found = Diagnostics::default();
    let path = format!("{stem}.{}", format.extension());
    let bytes = match plan.proving {
        Proving::Lying(output) => output.read(&path).map_err(|denied| {
            let message = if denied.is_absent() {
                format!("the edition {path} is missing")
            } else {
                format!("the edition {path} cannot be read: {denied}")
            };
            Diagnostic::without_place(Code::StaleEdition, message).hint("run `chancery build`")
        }),
        Proving::Nothing | Proving::Made => {
            let work = || guarded(|| emit(format, document, theme, &mut found));
            measure(Phase::Emit(format), work).map_err(|failure| internal(&failure))
        }
    };
    let proof = match (&bytes, plan.proving) {
        (Ok(_), Proving::Nothing) | (Err(_), _) => None,
        (Ok(bytes), Proving::Made | Proving::Lying(_)) => {
            let work = || guarded(|| prove(document, theme, format, bytes, &mut found));
            measure(Phase::Prove, work).unwrap_or_else(|failure| {
                found.push(internal(&failure));
                None
            })
        }
    };
    let bytes = bytes.unwrap_or_else(|problem| {
        found.push(problem);
        Vec::new()
    });
    (Edition { format, path, bytes, proof }, found)
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The audiences for which parts of the documents are meant that are not selected.
pub fn other_audiences(workspace: &Workspace) -> BTreeSet<String> {
    let others = workspace.documents.par_iter().filter(|path| !workspace.selected.contains(*path));
    workspace.with_files(|files| {
        let document = |path: &String| guarded(|| read(path, files)).ok()?.document;
        others.filter_map(document).flat_map_iter(|document| audiences(&document)).collect()
    })
}

/// The audiences for which parts are meant that a document includes.
fn included_audiences(inputs: &BTreeMap<String, String>, document: &str, files: &dyn Files) -> BTreeSet<String> {
    let parts = inputs.keys().filter(|path| is_source(Path::new(path)) && *path != document);
    parts.filter_map(|path| read(path, files).document).flat_map(|document| audiences(&document)).collect()
}

fn failed_draft(path: &str, failure: String) -> Draft {
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(internal(&failure));
    Draft { path: path.to_owned(), sources: Sources::default(), document: None, diagnostics }
}

fn failed_compilation(failure: String) -> Compilation {
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(internal(&failure));
    Compilation { sources: Sources::default(), document: None, theme: Theme::default(), diagnostics }
}
