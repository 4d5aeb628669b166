//! `chancery build` and `chancery check`.

use super::args::{self, BuildArgs, CheckArgs, DocumentArgs};
use super::deps::{Paths, depfile};
use super::failure::{Failure, Outcome};
use super::index::{self, INDEX};
use super::locked;
use super::manifest::{Entry, MANIFEST, Manifest, entries};
use super::memory;
use super::produce::{Edition, Plan, Produced, Proving, produce};
use super::progress::Progress;
use super::report::{self, Found, Style, counted, size};
use super::threads;
use super::workspace::{DASH, Workspace, current_folder};
use super::write::{self, Written};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::format::Format;
use crate::project::PROJECT_FILE;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
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
    let out = match &args.out {
        Some(folder) => folder.clone(),
        None => job.workspace.output(&args.documents.paths)?,
    };
    let mut finished = job.run(|produced| finish(produced, sink, &out))?;
    let whole = args.documents.paths.is_empty() && formats.is_none();
    let mut summary = Summary::default();
    for document in &mut finished {
        summary.add(document);
        job.found.append(&mut document.found);
    }
    match sink {
        Sink::Write => job.keep_books(args, &finished, &out, whole, &mut summary)?,
        Sink::Compare if whole => job.compare_books(&finished, &out)?,
        Sink::Compare | Sink::StandardOutput | Sink::Nothing => {}
    }
    let outcome = job.report();
    if !args.quiet && sink != Sink::StandardOutput {
        summary.print(sink, &out, started);
    }
    finished.into_iter().find_map(|document| document.failure).map_or(Ok(outcome), Err)
}

/// Reports the problems of documents and writes nothing.
pub fn check(args: &CheckArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let mut job = Job::open(&args.documents, globals, None)?;
    if job.is_stopped() {
        return Ok(job.report());
    }
    for mut document in job.run(|produced| finish(produced, Sink::Nothing, Path::new("")))? {
        job.found.append(&mut document.found);
    }
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

/// What is left of a document when its editions are out of hand.
struct Finished {
    source: String,
    found: Vec<Found>,
    /// Empty where there were errors.
    entries: Vec<(String, Entry)>,
    written: Vec<(String, Written)>,
    failure: Option<Failure>,
}

fn finish(mut produced: Produced, sink: Sink, out: &Path) -> Finished {
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
        if let Err(failure) = finished.put(edition, sink, out) {
            finished.failure.get_or_insert(failure);
        }
    }
    finished
}

impl Finished {
    fn put(&mut self, edition: Edition, sink: Sink, out: &Path) -> Result<(), Failure> {
        let path = out.join(&edition.path);
        match sink {
            Sink::Write => self.written.push((edition.path, write::write(&path, &edition.bytes)?)),
            Sink::Compare => {
                if let Some(problem) = locked::compare(&path, &edition.bytes)? {
                    self.found.push(Found::without_text(shown(&path), vec![problem]));
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
}

impl<'a> Job<'a> {
    pub fn open(
        args: &'a DocumentArgs,
        globals: &'a Globals,
        formats: Option<&'a [Format]>,
    ) -> Result<Job<'a>, Failure> {
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
        let found = vec![workspace.project_problems()];
        let mut job = Job { workspace, plan, found, args, globals };
        if job.workspace.selected.is_empty() && !job.is_stopped() {
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
    fn edition_paths(&self, source: &str) -> impl Iterator<Item = String> {
        let stem = self.workspace.project.stem(source);
        self.formats_of(source).iter().map(move |format| format!("{stem}.{}", format.extension()))
    }

    /// Leaves out sources that want the same edition as another. Names that
    /// differ only in case are one file on many systems.
    fn drop_rivals(&mut self) {
        let mut owners: BTreeMap<String, &String> = BTreeMap::new();
        let mut rivals = Vec::new();
        for source in &self.workspace.selected {
            let paths: Vec<String> = self.edition_paths(source).collect();
            let owner = paths.iter().find_map(|path| Some((path, *owners.get(&path.to_lowercase())?)));
            if let Some((path, owner)) = owner {
                let problem = Diagnostic::without_place(
                    Code::DuplicateOutput,
                    format!("{owner} makes the edition {path} already"),
                )
                .hint("give one of the sources another name");
                rivals.push((source.clone(), problem));
            } else {
                owners.extend(paths.into_iter().map(|path| (path.to_lowercase(), source)));
            }
        }
        for (source, problem) in rivals {
            self.workspace.selected.remove(&source);
            self.found.push(Found::without_text(source, vec![problem]));
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
        let each = |produced: Produced| {
            let result = each(produced);
            progress.step();
            result
        };
        let results = threads::on(threads, || produce(&self.workspace, &self.plan, each));
        progress.finish();
        results.map_err(|error| Failure::Io(format!("cannot start threads: {error}")))
    }

    /// Sees to what is written beside the editions: the manifest, the depfile.
    /// A build of everything also removes what an earlier one wrote and no
    /// source makes any more.
    fn keep_books(
        &self,
        args: &BuildArgs,
        finished: &[Finished],
        out: &Path,
        whole: bool,
        summary: &mut Summary,
    ) -> Result<(), Failure> {
        if let Some(path) = &args.deps {
            let here = current_folder()?;
            let out = here.join(out);
            let paths = Paths { here: &here, root: self.workspace.root(), out: &out };
            let made: Vec<(String, Entry)> = finished.iter().flat_map(|document| document.entries.clone()).collect();
            write::write(path, depfile(&made, &paths).as_bytes())?;
            // A build system takes an edition for stale that is older than its source.
            for (edition, _) in &made {
                write::touch(&out.join(edition))?;
            }
        }
        if !self.workspace.is_project || self.workspace.has_input() {
            return Ok(());
        }
        // Builds of single documents may run side by side, and each adds to the
        // same manifest. Where locks are not to be had, the last one wins.
        let lock = File::open(self.workspace.root().join(PROJECT_FILE));
        let _locked = lock.as_ref().is_ok_and(|file| file.lock().is_ok());
        let path = out.join(MANIFEST);
        let old = std::fs::read(&path).ok().and_then(|bytes| Manifest::parse(&bytes)).unwrap_or_default();
        let mut manifest = Manifest::default();
        for (edition, entry) in old.editions {
            let file = out.join(&edition);
            if self.is_wanted(&edition, &entry) && file.is_file() {
                manifest.editions.insert(edition, entry);
            } else if whole && write::remove_if_same(&file, &entry.sha256)? {
                summary.removed.push(edition);
            }
        }
        manifest.editions.extend(finished.iter().flat_map(|document| document.entries.clone()));
        if manifest.editions.is_empty() && !path.exists() {
            return Ok(());
        }
        if self.plan.with_index {
            write::write(&out.join(INDEX), index::page(&self.workspace.project, &manifest).as_bytes())?;
        }
        write::write(&path, &manifest.to_bytes()).map(|_| ())
    }

    /// Whether an edition from an earlier build still has a source.
    fn is_wanted(&self, edition: &str, entry: &Entry) -> bool {
        let project = &self.workspace.project;
        let source = &entry.source;
        self.workspace.documents.contains(source)
            && project.formats_of(source).contains(&entry.format)
            && edition == format!("{}.{}", project.stem(source), entry.format.extension())
    }

    /// Finds files that are left over, and holds the manifest to the editions.
    fn compare_books(&mut self, finished: &[Finished], out: &Path) -> Result<(), Failure> {
        if !self.workspace.is_project {
            return Ok(());
        }
        let mut wanted: BTreeSet<String> = BTreeSet::from([MANIFEST.to_owned()]);
        let mut manifest = Manifest::default();
        for document in finished {
            wanted.extend(self.edition_paths(&document.source));
            manifest.editions.extend(document.entries.iter().cloned());
        }
        let has_errors = finished.iter().any(|document| document.entries.is_empty());
        let mut books = Vec::new();
        if self.plan.with_index {
            wanted.insert(INDEX.to_owned());
            books.push((INDEX, index::page(&self.workspace.project, &manifest).into_bytes()));
        }
        books.push((MANIFEST, manifest.to_bytes()));
        for (name, bytes) in books.into_iter().filter(|_| !has_errors) {
            let path = out.join(name);
            self.found.extend(
                locked::compare(&path, &bytes)?.map(|problem| Found::without_text(shown(&path), vec![problem])),
            );
        }
        for (path, problem) in locked::left_over(out, &wanted)? {
            self.found.push(Found::without_text(shown(&out.join(path)), vec![problem]));
        }
        Ok(())
    }

    pub fn report(&self) -> Outcome {
        report::problems(&self.found, Style { format: self.args.message_format, color: self.globals.color })
    }
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
