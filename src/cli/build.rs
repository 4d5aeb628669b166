//! `chancery build` and `chancery check`.

mod steps;

use super::args::{self, BuildArgs, CheckArgs, DocumentArgs, FailOn};
use super::build_cache::BuildCache;
use super::cache_file::CachedDocument;
use super::compared::edition_path;
use super::deps;
use super::earlier::Earlier;
use super::edition_writer::{self, EditionWriter};
use super::failure::{Failure, Outcome};
use super::fix;
use super::folder::{Folder, Written};
use super::index;
use super::journal::Made;
use super::locked::{self, Difference};
use super::manifest::{Entry, Manifest, Origin, entries, origin};
use super::memory;
use super::output::Output;
use super::output_paths::{self, OutputPaths};
use super::partial_manifest::{self, PartialManifest};
use super::produce::{Edition, Plan, Produced, VerifyMode, other_audiences, produce};
use super::progress::Progress;
use super::report::{self, Advice, Found, Style};
use super::threads;
use super::timings::{self, Phase, measure};
use super::workspace::{Workspace, current_folder, is_dash};
use super::write;
use crate::Session;
use crate::diagnostic::render::{Base, escape};
use crate::diagnostic::{Code, Diagnostic, Severity, did_you_mean};
use crate::format::Format;
use crate::parallel;
use crate::parallel::locked;
use crate::resolve::Context;
use crate::source::Sources;
use crate::source::hash::sha256;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Options that all commands share.
pub struct Globals {
    pub project: Option<PathBuf>,
    pub color: args::Color,
    /// Documents compiled earlier in this process.
    pub session: Session,
}

/// Makes the editions that are asked for.
pub fn build(args: &BuildArgs, globals: &Globals) -> Result<Outcome, Failure> {
    timings::timed(args.documents.timings, || make(args, globals))
}

fn make(args: &BuildArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let formats = match &args.file {
        Some(file) if args.to.is_empty() => format_of(file).map(|format| vec![format]),
        _ => args::formats(&args.to),
    };
    let mut job = Job::open(&args.documents, globals, formats.as_deref(), args.quiet)?;
    job.plan.with_all = args::asks_for_all(&args.to);
    if job.is_stopped() {
        return job.report();
    }
    if args.verify || job.workspace.project.verify {
        job.plan.proving = VerifyMode::Made;
    }
    let (sink, output) = job.sink(args)?;
    let part = job.share(args, &output)?;
    if sink == Sink::File {
        // A single file has no index beside it.
        job.plan.with_index = false;
    }
    let writer = match sink {
        Sink::Write => match EditionWriter::open(&job, &output)? {
            Ok(writer) => Some(writer),
            Err(mut problems) => {
                job.found.append(&mut problems);
                return job.report();
            }
        },
        Sink::Compare | Sink::File | Sink::StandardOutput | Sink::Nothing => None,
    };
    let made = if sink == Sink::Compare { made(&output) } else { Manifest::default() };
    let to = Destination {
        sink,
        output: &output,
        writer: writer.as_ref(),
        file: args.file.as_deref(),
        made: &made,
        advice: job.advice(),
    };
    let cache = match (&writer, formats.is_none() && part.is_none()) {
        (Some(writer), true) => measure(Phase::BuildCache, || BuildCache::open(&job, writer, args.deps.is_some())),
        (None, _) | (_, false) => None,
    };
    let keep = |source: &str, context: &Context| cache.as_ref()?.keep(source, &job, context);
    let mut finished = job.run(keep, |produced| finish(produced, &to))?;
    let whole = args.documents.paths.is_empty() && formats.is_none();
    let mut summary = job.sum_up(&mut finished);
    if let Some(path) = args.deps.as_ref().filter(|_| sink == Sink::Write) {
        match deps::write(path, args.deps_format, &job, &finished, &output) {
            Ok(mut problems) => job.found.append(&mut problems),
            Err(failure @ Failure::Usage(_)) => return Err(failure),
            Err(failure) => job.found.push(Found::failed(&failure)),
        }
    }
    let copied = job.copy(writer.as_ref().filter(|_| part.is_none()), &finished);
    summary.copied = copied.new;
    match (writer, &part) {
        (Some(writer), Some(path)) => {
            let written = job.write_part(path, &finished, writer);
            job.found.extend(written.as_ref().err().map(Found::failed));
        }
        (Some(writer), None) => {
            match measure(Phase::Close, || writer.close(&job, &mut finished, copied.files, whole, cache)) {
                Ok(removed) => summary.removed = removed,
                Err(failure) => job.found.push(Found::failed(&failure)),
            }
        }
        (None, _) if sink == Sink::Compare && whole => match edition_writer::compare(&job, &finished, &output) {
            Ok(mut problems) => job.found.append(&mut problems),
            Err(failure) => job.found.push(Found::failed(&failure)),
        },
        (None, _) => {}
    }
    let outcome = job.conclude(&finished)?;
    if !args.quiet && sink != Sink::StandardOutput {
        summary.print(sink, output.path(), started);
    }
    Ok(outcome)
}

/// The manifest of a folder, empty if there is none.
fn made(output: &Output) -> Manifest {
    let manifest = output.existing().ok().flatten().and_then(|folder| Manifest::read(folder).ok().flatten());
    manifest.unwrap_or_default()
}

/// The format of a file by its name.
fn format_of(file: &Path) -> Option<Format> {
    let name = file.file_name()?.to_string_lossy().to_lowercase();
    // `note.brief.txt` ends like a text edition too: the longest ending is meant.
    let formats = Format::NAMED.iter().filter(|format| name.ends_with(&format!(".{}", format.extension())));
    formats.max_by_key(|format| format.extension().len()).copied()
}

/// Reports the problems of documents and writes nothing.
pub fn check(args: &CheckArgs, globals: &Globals) -> Result<Outcome, Failure> {
    timings::timed(args.documents.timings, || look_through(args, globals))
}

fn look_through(args: &CheckArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let has_input = args.documents.paths.iter().any(|path| is_dash(path));
    let refused = match (args.fix, args.diff || has_input) {
        (true, true) => return fix::show(args, globals),
        (true, false) => fix::fix(args, globals)?,
        (false, _) => Vec::new(),
    };
    let mut job = Job::open(&args.documents, globals, None, args.quiet)?;
    job.found.extend(refused);
    if job.is_stopped() {
        return job.report();
    }
    let output = Output::trusted(PathBuf::new());
    let made = Manifest::default();
    let to = Destination {
        sink: Sink::Nothing,
        output: &output,
        writer: None,
        file: None,
        made: &made,
        advice: job.advice(),
    };
    for mut document in job.run(|_, _| None, |produced| finish(produced, &to))? {
        job.found.append(&mut document.found);
    }
    let mut unused = job.unused_profiles();
    job.found.append(&mut unused);
    job.report()
}

/// Destination of the editions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sink {
    Write,
    /// A single edition, to a file of its own.
    File,
    Compare,
    StandardOutput,
    Nothing,
}

/// Destination of the editions, with what is needed to write them there.
struct Destination<'a> {
    sink: Sink,
    output: &'a Output,
    /// Writer for an output folder.
    writer: Option<&'a EditionWriter<'a>>,
    /// Path of a single edition.
    file: Option<&'a Path>,
    /// Manifest of the folder, for comparison.
    made: &'a Manifest,
    advice: Advice<'a>,
}

/// A document after its editions were written.
pub struct Finished {
    pub source: String,
    found: Vec<Found>,
    /// Empty where there were errors.
    pub entries: Vec<(String, Arc<Entry>)>,
    /// Inputs of the editions.
    pub origin: Arc<Origin>,
    /// Files of the earlier version that they are compared with, with their SHA-256.
    pub earlier: BTreeMap<String, String>,
    /// Linked files, by their paths among the editions.
    pub files: BTreeMap<String, String>,
    /// Paths of the editions, with the result of writing them.
    pub written: Vec<(String, Written)>,
    /// Whether an edition on disk differs.
    pub differs: bool,
    pub failure: Option<Failure>,
    /// New cache entry for the next build, a [`CachedDocument`] as JSON.
    pub record: Option<String>,
    /// Whether the editions are reused from an earlier build and the cache entry is still valid.
    pub is_kept: bool,
}

fn finish(mut produced: Produced, to: &Destination) -> Finished {
    if let Some(name) = to.file.and_then(Path::file_name).filter(|_| to.sink == Sink::File) {
        for edition in &mut produced.editions {
            edition.path = name.to_string_lossy().into_owned();
        }
    }
    let (entries, origin) = (entries(&produced), Arc::new(origin(&produced)));
    let editions = std::mem::take(&mut produced.editions);
    let mut finished = Finished {
        source: produced.source.clone(),
        found: vec![Found::in_project(produced.source, produced.sources, produced.diagnostics).shown_by(to.advice)],
        entries,
        origin,
        earlier: produced.record.as_ref().map(|record| record.earlier.clone()).unwrap_or_default(),
        files: std::mem::take(&mut produced.files),
        written: Vec::new(),
        differs: false,
        failure: None,
        record: produced.record.as_ref().map(CachedDocument::to_json),
        is_kept: false,
    };
    let mut differences = Vec::new();
    for edition in editions {
        if let Err(failure) = measure(Phase::Write, || finished.put(edition, to, &mut differences)) {
            finished.failure.get_or_insert(failure);
        }
    }
    finished.differs = !differences.is_empty();
    let told = locked::told(differences, |path| here(&to.output.path().join(path))).into_iter();
    finished.found.extend(told.map(|(path, problem)| Found::of_file(&to.output.path().join(path), vec![problem])));
    finished
}

impl Finished {
    /// A document without editions, because it has errors.
    pub fn unbuilt(source: &str) -> Finished {
        let nothing = Found::in_project(source, Sources::default(), Vec::new());
        Finished::kept(source, nothing, Vec::new(), Arc::default(), BTreeMap::new())
    }

    /// A document whose editions are reused from an earlier build.
    pub fn kept(
        source: &str,
        found: Found,
        entries: Vec<(String, Arc<Entry>)>,
        origin: Arc<Origin>,
        files: BTreeMap<String, String>,
    ) -> Finished {
        Finished {
            source: source.to_owned(),
            found: vec![found],
            written: entries.iter().map(|(path, _)| (path.clone(), Written::Unchanged)).collect(),
            entries,
            origin,
            earlier: BTreeMap::new(),
            files,
            differs: false,
            failure: None,
            record: None,
            is_kept: true,
        }
    }

    fn put(&mut self, edition: Edition, to: &Destination, differences: &mut Vec<Difference>) -> Result<(), Failure> {
        match to.sink {
            Sink::Write => {
                let hash = self.entries.iter().find(|(path, _)| *path == edition.path).map(|(_, entry)| &entry.sha256);
                if let Some((writer, hash)) = to.writer.zip(hash) {
                    let written = writer.write(&edition.path, &edition.bytes, hash)?;
                    self.written.push((edition.path, written));
                }
            }
            Sink::Compare => {
                let made = to.made.editions.get(&edition.path).map(|entry| entry.sha256.as_str());
                differences.extend(locked::compare(to.output, &edition, made));
            }
            Sink::File => {
                if let Some(file) = to.file {
                    let path = edition.path;
                    self.written.push((path, write::write(file, &edition.bytes)?));
                }
            }
            Sink::StandardOutput => report::put(&edition.bytes)?,
            Sink::Nothing => {}
        }
        Ok(())
    }
}

/// Up to this [`Job::work`], one thread takes about a second for a single document. A second thread
/// would save a fifth of the time and use a quarter more of the processor, because each thread
/// fills its own caches and two cores share much hardware.
const SINGLE_THREAD_WORK: u64 = 5_000_000;
/// Up to this [`Job::work`], a build fits in a few megabytes.
const SMALL_PAGES_WORK: u64 = 32_000;

/// A build of some documents, with the problems found so far.
pub struct Job<'a> {
    pub workspace: Workspace,
    pub plan: Plan<'a>,
    pub found: Vec<Found>,
    args: &'a DocumentArgs,
    globals: &'a Globals,
    /// Names of the audiences that some of the content is meant for.
    audiences: Mutex<BTreeSet<String>>,
    /// Paths of the editions.
    pub names: OutputPaths,
    /// Whether it writes a partial manifest, and a merge writes manifest and index.
    pub is_part: bool,
    /// Files that partial manifests list as made.
    pub made: Made,
    quiet: bool,
    base: Base,
    /// Whether the requested earlier version is not available.
    lacks_earlier: bool,
}

impl<'a> Job<'a> {
    /// Finds the project and its documents. Unreadable ones are reported.
    pub fn open(
        args: &'a DocumentArgs,
        globals: &'a Globals,
        formats: Option<&'a [Format]>,
        quiet: bool,
    ) -> Result<Job<'a>, Failure> {
        check_profiles(&args.profiles)?;
        let mut workspace = measure(Phase::Find, || Workspace::open(globals.project.as_deref(), &args.paths))?;
        workspace.project.deny_warnings |= args.deny_warnings;
        // Outside a project an edition has no siblings but those of this build.
        if let (false, Some(formats)) = (workspace.is_project, formats) {
            workspace.project.formats = formats.to_vec();
        }
        let plan = Plan {
            formats,
            with_all: false,
            profiles: &args.profiles,
            source_date_epoch: source_date_epoch()?,
            with_index: workspace.is_project && index::is_made(&workspace.project, &workspace.documents),
            session: &globals.session,
            proving: VerifyMode::Nothing,
            earlier: None,
        };
        let mut found = vec![workspace.project_problems()];
        found.extend(workspace.refused_names());
        let is_empty = workspace.selected.is_empty() && found.len() == 1;
        found.extend(workspace.unread.iter().map(Found::failed));
        let base = workspace.base()?;
        let mut job = Job {
            workspace,
            plan,
            found,
            args,
            globals,
            audiences: Mutex::default(),
            names: OutputPaths::default(),
            is_part: false,
            made: Made::new(),
            quiet,
            base,
            lacks_earlier: false,
        };
        if is_empty && !job.is_stopped() {
            let folder = job.workspace.root().join(&job.workspace.project.source);
            return Err(Failure::Usage(format!("there are no documents in {}", shown(&folder))));
        }
        if !job.is_stopped() {
            job.open_earlier();
        }
        job.drop_output_conflicts();
        Ok(job)
    }

    /// Opens the earlier version that the command line or else the project names.
    fn open_earlier(&mut self) {
        let workspace = &self.workspace;
        let opened = match (&self.args.against, &workspace.project.redline) {
            (Some(name), _) => {
                let here = current_folder().unwrap_or_default();
                let opened = Earlier::open(name, &here, false, workspace);
                opened.map_err(|problem| Found::without_text("--against", vec![problem]))
            }
            (None, Some(named)) => {
                let opened = Earlier::open(&named.value, workspace.root(), true, workspace);
                opened.map_err(|problem| workspace.project_problem(Diagnostic { span: named.span, ..problem }))
            }
            (None, None) => return,
        };
        match opened {
            Ok((earlier, mut found)) => {
                for problem in found.iter_mut().flat_map(|found| &mut found.diagnostics) {
                    let level = workspace.project.severity_of(problem, None);
                    problem.severity = level.unwrap_or(Severity::Advice);
                }
                let is_off = |problem: &Diagnostic| workspace.project.severity_of(problem, None).is_none();
                found.retain(|found| !found.diagnostics.iter().any(is_off));
                self.plan.earlier = Some(Arc::new(earlier));
                self.found.extend(found);
            }
            Err(found) => {
                self.found.push(found);
                self.lacks_earlier = true;
            }
        }
    }

    /// Reduces the build to its shard and collects the files that partial manifests list as made.
    /// Returns the path of the partial manifest, if one is written instead of the manifest.
    fn share(&mut self, args: &BuildArgs, output: &Output) -> Result<Option<PathBuf>, Failure> {
        if let Some(shard) = args.shard {
            self.workspace.selected.retain(|source| shard.takes(source));
        }
        let named = args.part.clone();
        let path = named.or_else(|| args.shard.map(|shard| output.path().join(partial_manifest::of_shard(shard))));
        self.is_part = path.is_some();
        let Some(path) = path else { return Ok(None) };
        if !self.keeps_manifest() || args.out.as_deref().is_some_and(is_dash) {
            return Err(Failure::Usage("only a build of a project into a folder makes parts".to_owned()));
        }
        if path.exists() {
            let earlier = PartialManifest::read(&path).map_err(|failure| {
                Failure::Usage(format!("{failure}\nname another file with --part, or remove this one"))
            })?;
            partial_manifest::add_made(&earlier, &mut self.made);
        }
        Ok(Some(path))
    }

    /// Whether the project itself has errors, or its earlier version is missing.
    pub fn is_stopped(&self) -> bool {
        let errors = |found: &Found| found.diagnostics.iter().any(|problem| problem.severity == Severity::Error);
        self.lacks_earlier || self.found.first().is_some_and(errors)
    }

    fn formats_of(&self, source: &str) -> Cow<'_, [Format]> {
        self.plan.formats_of(&self.workspace.project, source)
    }

    /// Paths of the editions of a source, under the output folder.
    pub fn edition_paths(&self, source: &str) -> impl Iterator<Item = String> {
        let stem = self.workspace.project.stem(source);
        let kinds = if self.is_compared(source) { &[false, true][..] } else { &[false][..] };
        let formats = self.formats_of(source).into_owned();
        kinds
            .iter()
            .flat_map(move |kind| formats.iter().map(|format| edition_path(stem, *format, *kind)).collect::<Vec<_>>())
    }

    /// Whether a document is compared with an earlier version.
    pub fn is_compared(&self, source: &str) -> bool {
        self.plan.earlier.as_ref().is_some_and(|earlier| earlier.compared().contains(source))
    }

    /// Drops sources whose edition has the same path as that of another source, selected or not.
    fn drop_output_conflicts(&mut self) {
        let mut names = OutputPaths::default();
        for source in &self.workspace.documents {
            let paths: Vec<String> = self.edition_paths(source).collect();
            match paths.iter().find_map(|path| names.owner(path).map(|owner| (path, owner))) {
                Some((path, owner)) => {
                    let problem = Diagnostic::without_place(
                        Code::DuplicateOutput,
                        format!("{owner} makes the edition {path} already, or one that cannot stand beside it"),
                    )
                    .naming(owner);
                    if self.workspace.selected.remove(source) {
                        let problem = problem.hint(output_paths::how_to_part(source, owner));
                        self.found.push(Found::in_project(source.clone(), Sources::default(), vec![problem]));
                    }
                }
                None => paths.iter().for_each(|path| names.take(path, source)),
            }
        }
        self.names = names;
    }

    /// Checks that the build has a single edition, which the sink of `option` requires.
    fn single(&self, sink: Sink, option: &str) -> Result<Sink, Failure> {
        let count: usize = self.workspace.selected.iter().map(|source| self.edition_paths(source).count()).sum();
        if count == 1 {
            return Ok(sink);
        }
        let message = format!("{option} takes a single edition\nname one document and one format (--to html)");
        Err(Failure::Usage(message))
    }

    /// Bytes of all sources, plus the bytes of each selected source once per edition.
    fn work(&self) -> u64 {
        let length = |path: &String| self.workspace.length(path);
        let read: u64 = self.workspace.documents.iter().map(length).sum();
        let made = self.workspace.selected.iter().map(|path| length(path) * self.formats_of(path).len() as u64);
        read + made.sum::<u64>()
    }

    /// Compiles the documents that `keep` does not return from a cache, with the requested number
    /// of threads.
    pub fn run<T: Send>(
        &self,
        keep: impl Fn(&str, &Context) -> Option<T> + Sync,
        each: impl Fn(Produced) -> T + Sync,
    ) -> Result<Vec<T>, Failure> {
        let work = self.work();
        let threads = match self.args.jobs {
            Some(jobs) => {
                parallel::keep_to_pool();
                usize::from(jobs)
            }
            None if self.workspace.selected.len() == 1 && work <= SINGLE_THREAD_WORK => 1,
            None => threads::EACH_CORE,
        };
        if work > SMALL_PAGES_WORK {
            memory::allow_large_pages();
        }
        let progress = Progress::new(self.workspace.selected.len());
        let each = |produced: Produced| {
            self.take_audiences(&produced.audiences);
            let result = each(produced);
            progress.step();
            result
        };
        let keep = |source: &str, context: &Context| keep(source, context).inspect(|_| progress.step());
        let results = threads::on(threads, || {
            if !self.plan.profiles.is_empty() {
                self.take_audiences(&other_audiences(&self.workspace));
            }
            produce(&self.workspace, &self.plan, keep, each)
        });
        progress.finish();
        results.map_err(|error| Failure::Io(format!("cannot start threads: {error}")))
    }

    /// Records audiences that some of the content is meant for.
    pub fn take_audiences(&self, audiences: &BTreeSet<String>) {
        if !audiences.is_empty() {
            locked(&self.audiences).extend(audiences.iter().cloned());
        }
    }

    /// SHA-256 of all inputs besides files: this program, the project and the options.
    pub fn key(&self) -> Option<String> {
        let program = Folder::of_program().ok().flatten()?;
        let plan = &self.plan;
        let is_proved = matches!(plan.proving, VerifyMode::Made);
        let earlier = plan.earlier.as_ref().map(|earlier| earlier.key());
        let options = (plan.profiles, plan.source_date_epoch, plan.with_index, is_proved, earlier);
        let version = env!("CARGO_PKG_VERSION");
        Some(sha256(format!("{version} {program:?} {:?} {options:?}", self.workspace.project).as_bytes()))
    }

    /// Which advice is shown.
    pub fn advice(&self) -> Advice<'_> {
        let is_all = self.args.advice || self.args.fail_on == FailOn::Advice;
        if is_all { Advice::All } else { Advice::Of(&self.workspace.project.levels) }
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

    /// Reports profiles that no content is meant for.
    pub fn unused_profiles(&self) -> Vec<Found> {
        let audiences = locked(&self.audiences);
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

    /// Prints the problems.
    pub fn report(&self) -> Result<Outcome, Failure> {
        let style = Style {
            format: self.args.message_format,
            color: self.globals.color,
            quiet: self.quiet,
            advice: self.advice(),
            fail_on: self.args.fail_on.into(),
            base: self.base.clone(),
        };
        report::problems(&self.found, &style)
    }
}

/// The shortest form of a path that works from the current folder.
pub fn here(path: &Path) -> String {
    let here = current_folder().unwrap_or_default();
    let whole = path.to_string_lossy();
    let is_plain = path.is_absolute() && !path.components().any(|part| part == std::path::Component::ParentDir);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return whole.into_owned() };
    let from_here = Base::between(&here, folder).shown(&name.to_string_lossy());
    // A distant path is shown in full if that is shorter.
    if is_plain && from_here.len() < whole.len() { from_here } else { whole.into_owned() }
}

/// The shortest form of a path, escaped for a terminal.
pub fn shown(path: &Path) -> String {
    escape::name(&here(path)).into_owned()
}

/// Refuses names of profiles that cannot be part of a folder's.
pub fn check_profiles(names: &[String]) -> Result<(), Failure> {
    match names.iter().find(|name| !is_profile(name)) {
        Some(name) => {
            Err(Failure::Usage(format!("{name:?} is no name for a profile\nletters, digits, - and _ make one")))
        }
        None => Ok(()),
    }
}

/// Whether a profile's name can be part of a folder's.
pub fn is_profile(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// `SOURCE_DATE_EPOCH` (reproducible-builds.org), in seconds since 1970.
pub fn source_date_epoch() -> Result<Option<i64>, Failure> {
    let Some(value) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty()) else { return Ok(None) };
    let seconds = value.to_str().and_then(|value| value.trim().parse().ok());
    seconds.map(Some).ok_or_else(|| Failure::Usage("SOURCE_DATE_EPOCH is not a number of seconds".to_owned()))
}
