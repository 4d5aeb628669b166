//! `chancery build` and `chancery check`.

use super::args::{self, BuildArgs, CheckArgs, DocumentArgs};
use super::books::{self, Books};
use super::deps;
use super::failure::{Failure, Outcome};
use super::folder::Written;
use super::index;
use super::locked;
use super::manifest::{Entry, entries};
use super::memory;
use super::names::Names;
use super::output::Output;
use super::produce::{Edition, Plan, Produced, Proving, produce};
use super::progress::Progress;
use super::report::{self, Found, Style, counted, size};
use super::threads;
use super::workspace::{DASH, Workspace, current_folder};
use crate::diagnostic::{Code, Diagnostic, Severity, did_you_mean};
use crate::format::Format;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// What every command is told beside its own arguments.
pub struct Globals {
    pub project: Option<PathBuf>,
    pub color: args::Color,
}

/// Makes the editions that are asked for.
pub fn build(args: &BuildArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let formats = args::formats(&args.to);
    let mut job = Job::open(&args.documents, globals, formats.as_deref())?;
    if job.is_stopped() {
        return Ok(job.report());
    }
    if args.verify || job.workspace.project.verify {
        job.plan.proving = Proving::Made;
    }
    let sink = match &args.out {
        Some(out) if out.as_os_str() == DASH => job.standard_output()?,
        _ if args.locked => Sink::Compare,
        _ => Sink::Write,
    };
    let output = job.output(args.out.as_deref())?;
    let books = match sink {
        Sink::Write => match Books::open(&job, &output)? {
            Ok(books) => Some(books),
            Err(mut problems) => {
                job.found.append(&mut problems);
                return Ok(job.report());
            }
        },
        Sink::Compare | Sink::StandardOutput | Sink::Nothing => None,
    };
    let to = Destination { sink, output: &output, books: books.as_ref() };
    let mut finished = job.run(|produced| finish(produced, &to))?;
    let whole = args.documents.paths.is_empty() && formats.is_none();
    let mut summary = Summary::default();
    for document in &mut finished {
        summary.add(document);
        job.found.append(&mut document.found);
    }
    if let Some(path) = args.deps.as_ref().filter(|_| sink == Sink::Write) {
        let mut problems = deps::write(path, &job, &finished, &output)?;
        job.found.append(&mut problems);
    }
    match books {
        Some(books) => summary.removed = books.close(&job, &finished, whole)?,
        None if sink == Sink::Compare && whole => {
            let mut problems = books::compare(&job, &finished, &output)?;
            job.found.append(&mut problems);
        }
        None => {}
    }
    let mut unused = job.unused_profiles();
    job.found.append(&mut unused);
    let outcome = job.report();
    if !args.quiet && sink != Sink::StandardOutput {
        summary.print(sink, output.path(), started);
    }
    finished.into_iter().find_map(|document| document.failure).map_or(Ok(outcome), Err)
}

/// Reports the problems of documents and writes nothing.
pub fn check(args: &CheckArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let mut job = Job::open(&args.documents, globals, None)?;
    if job.is_stopped() {
        return Ok(job.report());
    }
    let output = Output::trusted(PathBuf::new());
    let to = Destination { sink: Sink::Nothing, output: &output, books: None };
    for mut document in job.run(|produced| finish(produced, &to))? {
        job.found.append(&mut document.found);
    }
    let mut unused = job.unused_profiles();
    job.found.append(&mut unused);
    Ok(job.report())
}

/// Where editions go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sink {
    Write,
    Compare,
    StandardOutput,
    Nothing,
}

/// Where editions go, and the folder and the books that belong to it.
struct Destination<'a> {
    sink: Sink,
    output: &'a Output,
    /// Where editions are written.
    books: Option<&'a Books<'a>>,
}

/// What is left of a document when its editions are out of hand.
pub struct Finished {
    pub source: String,
    found: Vec<Found>,
    /// Empty where there were errors.
    pub entries: Vec<(String, Entry)>,
    written: Vec<(String, Written)>,
    pub failure: Option<Failure>,
}

fn finish(mut produced: Produced, to: &Destination) -> Finished {
    let entries = entries(&produced);
    let editions = std::mem::take(&mut produced.editions);
    let mut finished = Finished {
        source: produced.source.clone(),
        found: vec![Found { path: produced.source, sources: produced.sources, diagnostics: produced.diagnostics }],
        entries,
        written: Vec::new(),
        failure: None,
    };
    for edition in editions {
        if let Err(failure) = finished.put(edition, to) {
            finished.failure.get_or_insert(failure);
        }
    }
    finished
}

impl Finished {
    fn put(&mut self, edition: Edition, to: &Destination) -> Result<(), Failure> {
        match to.sink {
            Sink::Write => {
                let hash = self.entries.iter().find(|(path, _)| *path == edition.path).map(|(_, entry)| &entry.sha256);
                if let Some((books, hash)) = to.books.zip(hash) {
                    let written = books.write(&edition.path, &edition.bytes, hash)?;
                    self.written.push((edition.path, written));
                }
            }
            Sink::Compare => {
                if let Some(problem) = locked::compare(to.output, &edition.path, &edition.bytes) {
                    self.found.push(Found::without_text(shown(&to.output.path().join(&edition.path)), vec![problem]));
                }
            }
            Sink::StandardOutput => {
                let written = std::io::stdout().lock().write_all(&edition.bytes);
                written.map_err(|error| Failure::Io(format!("cannot write to standard output: {error}")))?;
            }
            Sink::Nothing => {}
        }
        Ok(())
    }
}

/// A single document that is no more [`Job::work`] than this takes one thread
/// about a second. A second thread would save a fifth of that and take a
/// quarter more of the processor: what one knows the other must learn, and two
/// cores share much of what they are.
const ALONE: u64 = 5_000_000;
/// What is no more work than this fits in a few megabytes.
const SHORT: u64 = 32_000;

/// Documents to be made and what was found on the way.
pub struct Job<'a> {
    pub workspace: Workspace,
    pub plan: Plan<'a>,
    pub found: Vec<Found>,
    args: &'a DocumentArgs,
    globals: &'a Globals,
    /// Names of the audiences for which something is meant that was read.
    audiences: Mutex<BTreeSet<String>>,
}

impl<'a> Job<'a> {
    pub fn open(
        args: &'a DocumentArgs,
        globals: &'a Globals,
        formats: Option<&'a [Format]>,
    ) -> Result<Job<'a>, Failure> {
        if let Some(name) = args.profiles.iter().find(|name| !is_profile(name)) {
            return Err(Failure::Usage(format!(
                "{name:?} is no name for a profile\nletters, digits, - and _ make one"
            )));
        }
        let mut workspace = Workspace::open(globals.project.as_deref(), &args.paths)?;
        workspace.project.deny_warnings |= args.deny_warnings;
        // Outside a project only what is made now stands beside an edition.
        if let (false, Some(formats)) = (workspace.is_project, formats) {
            workspace.project.formats = formats.to_vec();
        }
        let plan = Plan {
            formats,
            profiles: &args.profiles,
            source_date_epoch: source_date_epoch()?,
            with_index: workspace.is_project && index::is_made(&workspace.project, &workspace.documents),
            proving: Proving::Nothing,
        };
        let mut found = vec![workspace.project_problems()];
        found.extend(workspace.refused_names());
        let is_empty = workspace.selected.is_empty() && found.len() == 1;
        let mut job = Job { workspace, plan, found, args, globals, audiences: Mutex::default() };
        if is_empty && !job.is_stopped() {
            let folder = job.workspace.root().join(&job.workspace.project.source);
            return Err(Failure::Usage(format!("there are no documents in {}", shown(&folder))));
        }
        job.drop_rivals();
        Ok(job)
    }

    /// Whether the project itself has errors.
    pub fn is_stopped(&self) -> bool {
        let errors = |found: &Found| found.diagnostics.iter().any(|problem| problem.severity == Severity::Error);
        self.found.first().is_some_and(errors)
    }

    fn formats_of(&self, source: &str) -> &[Format] {
        self.plan.formats.unwrap_or_else(|| self.workspace.project.formats_of(source))
    }

    /// Paths of the editions of a source, under the output folder.
    pub fn edition_paths(&self, source: &str) -> impl Iterator<Item = String> {
        let stem = self.workspace.project.stem(source);
        self.formats_of(source).iter().map(move |format| format!("{stem}.{}", format.extension()))
    }

    /// Leaves out sources that want the same edition as another, whether that
    /// one is made now or not.
    fn drop_rivals(&mut self) {
        let mut names = Names::default();
        for source in &self.workspace.documents {
            let paths: Vec<String> = self.edition_paths(source).collect();
            match paths.iter().find_map(|path| names.owner(path).map(|owner| (path, owner))) {
                Some((path, owner)) => {
                    let problem = Diagnostic::without_place(
                        Code::DuplicateOutput,
                        format!("{owner} makes the edition {path} already, or one that cannot stand beside it"),
                    );
                    if self.workspace.selected.remove(source) {
                        let problem = problem.hint("give one of the sources another name");
                        self.found.push(Found::without_text(source.clone(), vec![problem]));
                    }
                }
                None => paths.iter().for_each(|path| names.take(path, source)),
            }
        }
    }

    /// The sink for `--out -`, which takes a single edition.
    fn standard_output(&self) -> Result<Sink, Failure> {
        let count: usize = self.workspace.selected.iter().map(|source| self.formats_of(source).len()).sum();
        if count == 1 {
            return Ok(Sink::StandardOutput);
        }
        let message = "--out - takes a single edition: name one document and one format (--to html)";
        Err(Failure::Usage(message.to_owned()))
    }

    /// Bytes that are to be read, and as many again for every edition.
    fn work(&self) -> u64 {
        let length = |path: &String| self.workspace.length(path);
        let read: u64 = self.workspace.documents.iter().map(length).sum();
        let made = self.workspace.selected.iter().map(|path| length(path) * self.formats_of(path).len() as u64);
        read + made.sum::<u64>()
    }

    /// Makes the documents on as many threads as are asked for.
    pub fn run<T: Send>(&self, each: impl Fn(Produced) -> T + Sync) -> Result<Vec<T>, Failure> {
        let work = self.work();
        let threads = match self.args.jobs {
            Some(jobs) => usize::from(jobs),
            None if self.workspace.selected.len() == 1 && work <= ALONE => 1,
            None => threads::EACH_CORE,
        };
        if work > SHORT {
            memory::allow_large_pages();
        }
        let progress = Progress::new(self.workspace.selected.len());
        let each = |mut produced: Produced| {
            let audiences = std::mem::take(&mut produced.audiences);
            self.audiences.lock().unwrap_or_else(PoisonError::into_inner).extend(audiences);
            let result = each(produced);
            progress.step();
            result
        };
        let results = threads::on(threads, || produce(&self.workspace, &self.plan, each));
        progress.finish();
        results.map_err(|error| Failure::Io(format!("cannot start threads: {error}")))
    }

    /// The folder of the editions.
    pub fn output(&self, named: Option<&Path>) -> Result<Output, Failure> {
        match named {
            Some(folder) => Ok(Output::trusted(folder.to_owned())),
            None => self.workspace.output(&self.args.paths, &self.profiles()),
        }
    }

    /// The active profiles, each once and in order.
    pub fn profiles(&self) -> Vec<String> {
        let profiles: BTreeSet<&String> = self.plan.profiles.iter().collect();
        profiles.into_iter().cloned().collect()
    }

    /// Profiles for which nothing is meant that was read.
    pub fn unused_profiles(&self) -> Vec<Found> {
        let audiences = self.audiences.lock().unwrap_or_else(PoisonError::into_inner);
        let unused = self.profiles().into_iter().filter(|name| !audiences.contains(name)).filter_map(|name| {
            let problem = Diagnostic::without_place(
                Code::UnusedProfile,
                format!("nothing that was read is meant for the audience `{name}`"),
            );
            let nearest = did_you_mean(&name, audiences.iter().map(String::as_str));
            let mut problem = problem
                .hint(nearest.unwrap_or_else(|| "content for an audience stands in `:::only {audience=…}`".to_owned()));
            problem.severity = self.workspace.project.severity_of(&problem, None)?;
            Some(problem)
        });
        let unused: Vec<Diagnostic> = unused.collect();
        if unused.is_empty() { Vec::new() } else { vec![Found::without_text("--profile", unused)] }
    }

    pub fn report(&self) -> Outcome {
        report::problems(&self.found, Style { format: self.args.message_format, color: self.globals.color })
    }
}

/// Whether a profile's name can be part of a folder's.
fn is_profile(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// What a build did.
#[derive(Default)]
struct Summary {
    documents: usize,
    failed: usize,
    new: Vec<(String, u64)>,
    unchanged: usize,
    bytes: u64,
    removed: Vec<String>,
}

impl Summary {
    fn add(&mut self, document: &Finished) {
        if document.entries.is_empty() {
            self.failed += 1;
            return;
        }
        self.documents += 1;
        let sizes: BTreeMap<&String, u64> = document.entries.iter().map(|(path, entry)| (path, entry.bytes)).collect();
        self.bytes = sizes.values().fold(self.bytes, |sum, bytes| sum.saturating_add(*bytes));
        for (path, written) in &document.written {
            match written {
                Written::New => self.new.push((path.clone(), sizes.get(path).copied().unwrap_or_default())),
                Written::Unchanged => self.unchanged += 1,
            }
        }
    }

    fn print(&self, sink: Sink, out: &Path, started: Instant) {
        const LISTED: usize = 12;
        let seconds = started.elapsed().as_secs_f64();
        let documents = counted(self.documents, "document", "documents");
        let failed = if self.failed == 0 {
            String::new()
        } else {
            format!("; {} not built", counted(self.failed, "document", "documents"))
        };
        if sink == Sink::Compare {
            eprintln!("compared {documents} with {} in {seconds:.2} s{failed}", shown(out));
            return;
        }
        for (path, bytes) in self.new.iter().take(LISTED) {
            eprintln!("  {}  {}", shown(&out.join(path)), size(*bytes));
        }
        if self.new.len() > LISTED {
            eprintln!("  and {} more", self.new.len() - LISTED);
        }
        for path in &self.removed {
            eprintln!("  removed {}", shown(&out.join(path)));
        }
        eprintln!(
            "built {documents} in {seconds:.2} s: {} written, {} unchanged, {}{failed}",
            counted(self.new.len(), "edition", "editions"),
            self.unchanged,
            size(self.bytes),
        );
    }
}

/// A path as short as the user can use it.
pub fn shown(path: &Path) -> String {
    let here = current_folder().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

/// `SOURCE_DATE_EPOCH` (reproducible-builds.org), in seconds since 1970.
fn source_date_epoch() -> Result<Option<i64>, Failure> {
    let Some(value) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty()) else { return Ok(None) };
    let seconds = value.to_str().and_then(|value| value.trim().parse().ok());
    seconds.map(Some).ok_or_else(|| Failure::Usage("SOURCE_DATE_EPOCH is not a number of seconds".to_owned()))
}
