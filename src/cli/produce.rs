//! From the documents of a workspace to their editions, in parallel and in a
//! stable order.

use super::files::{Reads, Recorder};
use super::guard::{guarded, internal};
use super::index;
use super::output::Output;
use super::state::{Problems, Record, Told};
use super::workspace::{Workspace, is_source};
use crate::ast::{InlineKind, Visit, walk_blocks, walk_inlines};
use crate::backend::emit;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::format::Format;
use crate::project::PROJECT_FILE;
use crate::resolve::{
    Context, Library, RInline, Res, Resolved, ResolvedBlock, ResolvedInline, Target, audiences, quoted, whole_entry,
};
use crate::source::{Files, Sources, relative_path};
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
        let sources = Stems::of(workspace);
        let make = |path: &String| {
            // What fails while others are asked is found again, and told, when it is made.
            let kept = guarded(|| keep(path, &context)).unwrap_or_default();
            kept.unwrap_or_else(|| each(make(path, &context, &sources, plan)))
        };
        workspace.selected.par_iter().map(make).collect()
    })
}

/// The documents of a workspace by the stems of their editions.
pub struct Stems<'a>(BTreeMap<&'a str, Vec<&'a str>>);

impl<'a> Stems<'a> {
    /// Those of all documents, selected or not.
    pub fn of(workspace: &'a Workspace) -> Stems<'a> {
        let mut stems = BTreeMap::<&str, Vec<&str>>::new();
        for path in &workspace.documents {
            stems.entry(workspace.project.stem(path)).or_default().push(path);
        }
        Stems(stems)
    }
}

fn make(path: &str, context: &Context, stems: &Stems, plan: &Plan) -> Produced {
    let recorder = Recorder::new(context.files);
    let library = context.library.view();
    let own = Context { library: &library, files: &recorder, ..*context };
    let draft = guarded(|| read(path, &recorder)).unwrap_or_else(|failure| failed_draft(path, failure));
    // Asked for only where a profile is: they are names that some must not see.
    let mut meant_for: BTreeSet<String> = match (plan.profiles, &draft.document) {
        ([], _) | (_, None) => BTreeSet::new(),
        (_, Some(document)) => audiences(document),
    };
    let (mut produced, links) = produce_one(draft, &own, plan);
    if !plan.profiles.is_empty() {
        let inputs = recorder.reads().inputs;
        meant_for.extend(included_audiences(&inputs, path, context.files));
    }
    let reads = recorder.reads();
    let leads_to = links.iter().filter_map(|stem| stems.0.get(stem.as_str())).flatten();
    let leads_to: BTreeSet<String> = leads_to.map(|path| (*path).to_owned()).collect();
    produced.inputs = inputs(&reads, &leads_to, context);
    let asked = library.into_asked();
    // Without all answers it is made again.
    let told = guarded(|| asked.into_iter().map(|fact| Told::now(fact, context)).collect()).ok();
    let files = produced.files.clone();
    let problems = Problems::of(&produced.sources, &produced.diagnostics);
    let stamps = BTreeMap::new();
    produced.record =
        told.map(|told| Record { reads, told, leads_to, audiences: meant_for.clone(), files, problems, stamps });
    produced.audiences = meant_for;
    produced
}

/// All files that a document's editions depend on: those that were read for it, and those
/// that decide what the documents it leads to say of themselves.
pub fn inputs(reads: &Reads, leads_to: &BTreeSet<String>, context: &Context) -> BTreeMap<String, String> {
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

/// The document, and the stems of those that it leads to.
fn produce_one(draft: Draft, context: &Context, plan: &Plan) -> (Produced, BTreeSet<String>) {
    let source = draft.path.clone();
    let project = context.project;
    let Compilation { sources, mut document, theme, mut diagnostics } =
        guarded(|| draft.resolve(context)).unwrap_or_else(failed_compilation);
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
    let mut led_to = BTreeSet::new();
    if let Some(document) = document {
        led_to = links(&document);
        produced.files.clone_from(&document.files);
        produced.title = quoted(document.title_text);
        produced.lang = document.language.tag;
        produced.date = document.metadata.date.map(|date| date.value.to_string());
        produced.description = document.description;
    }
    (produced, led_to)
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
            guarded(|| emit(format, document, theme, &mut found)).map_err(|failure| internal(&failure))
        }
    };
    let proof = match (&bytes, plan.proving) {
        (Ok(_), Proving::Nothing) | (Err(_), _) => None,
        (Ok(bytes), Proving::Made | Proving::Lying(_)) => guarded(|| prove(document, theme, format, bytes, &mut found))
            .unwrap_or_else(|failure| {
                found.push(internal(&failure));
                None
            }),
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

/// Stems of the documents whose titles and places show in this one.
fn links(document: &Resolved) -> BTreeSet<String> {
    struct Links<'a> {
        stem: &'a str,
        found: BTreeSet<String>,
    }
    impl Links<'_> {
        fn add(&mut self, target: &Target) {
            if let Target::Document { path, .. } = target {
                self.found.extend(relative_path(self.stem, path));
            }
        }
    }
    impl Visit<Res> for Links<'_> {
        fn inline(&mut self, inline: &RInline) {
            if let InlineKind::Link { target, .. } = &inline.kind {
                self.add(target);
            }
        }
        fn stage_inline(&mut self, inline: &ResolvedInline) {
            match inline {
                ResolvedInline::Reference { target, .. } => self.add(target),
            }
        }
        fn stage_block(&mut self, block: &ResolvedBlock) {
            match block {
                ResolvedBlock::Section(section) => {
                    walk_inlines(&section.title, self);
                    walk_blocks(&section.blocks, self);
                }
                ResolvedBlock::ForFormats { blocks, .. } => walk_blocks(blocks, self),
                ResolvedBlock::NumberedParagraph { content, .. } => walk_inlines(content, self),
                ResolvedBlock::Listing(listing) => {
                    for target in listing.entries.iter().filter_map(|entry| entry.target.as_ref()) {
                        self.add(target);
                    }
                }
            }
        }
    }
    let mut links = Links { stem: &document.stem, found: BTreeSet::new() };
    walk_blocks(&document.blocks, &mut links);
    for note in &document.notes {
        walk_blocks(&note.blocks, &mut links);
    }
    let navigation = &document.navigation;
    let ways = [&navigation.up, &navigation.previous, &navigation.next];
    for link in ways.into_iter().flatten().chain(&navigation.members) {
        links.add(&link.target);
    }
    links.found
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
