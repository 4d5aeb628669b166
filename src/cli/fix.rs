//! `chancery check --fix`: the fixes of diagnostics, made in the sources.

use super::args::CheckArgs;
use super::build::{self, Globals, Job};
use super::failure::{Failure, Outcome};
use super::files::FILE_LIMIT;
use super::folder::Exchanged;
use super::report::{self, Found, counted, say};
use super::unified;
use crate::diagnostic::render::escape;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::edit::{Edit, apply};
use crate::source::reads::sha256;
use crate::source::{Source, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// Fixes may make others possible; so many times they are looked for.
const ROUNDS: usize = 10;

/// Fixes what can be fixed, and gives back what could not be written.
pub fn fix(args: &CheckArgs, globals: &Globals) -> Result<Vec<Found>, Failure> {
    let mut refused = Vec::new();
    let mut changed = BTreeSet::new();
    let mut count = 0;
    for _ in 0..ROUNDS {
        let job = Job::open(&args.documents, globals, None, true)?;
        let mut files = fixable(&job, args)?;
        // What was refused once is not tried again.
        files.retain(|path, _| !refused.iter().any(|(known, _)| known == path));
        if files.is_empty() {
            break;
        }
        for (path, file) in files {
            match file.write(&path, &job)? {
                Ok(()) => {
                    count += file.count;
                    changed.insert(path);
                }
                Err(found) => refused.push((path, found)),
            }
        }
    }
    if !args.quiet {
        let shown = (counted(count, "place", "places"), counted(changed.len(), "file", "files"));
        say(&format!("fixed {} in {}\n", shown.0, shown.1));
    }
    Ok(refused.into_iter().map(|(_, found)| found).collect())
}

/// Prints what fixing would change, or standard input with its fixes.
pub fn show(args: &CheckArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let job = Job::open(&args.documents, globals, None, true)?;
    let files = fixable(&job, args)?;
    if let Some(input) = job.workspace.input().filter(|_| !args.diff) {
        let fixed = files.into_values().next().map(|file| file.fixed(&String::from_utf8_lossy(input)));
        report::put(fixed.as_deref().map_or(input, str::as_bytes))?;
        return Ok(Outcome::Fine);
    }
    for (path, file) in &files {
        let bytes = match job.workspace.input() {
            Some(input) => input.to_vec(),
            None => job.workspace.disk.folder().read(path, FILE_LIMIT).unwrap_or_default(),
        };
        if sha256(&bytes) == file.hash {
            let text = String::from_utf8_lossy(&bytes);
            let shown = build::here(&job.workspace.root().join(path));
            report::print(&escape::lines(&unified::diff(&shown, &text, &file.fixed(&text))))?;
        }
    }
    Ok(if files.is_empty() { Outcome::Fine } else { Outcome::Problems })
}

/// What is to be changed in a file.
struct File {
    /// SHA-256 of its bytes when it was read.
    hash: String,
    edits: Vec<Edit>,
    /// How many fixes they are.
    count: usize,
}

/// The fixes that can be made now, by the path of their file.
fn fixable(job: &Job, args: &CheckArgs) -> Result<BTreeMap<String, File>, Failure> {
    let mut files = BTreeMap::new();
    if !job.is_stopped() {
        let made = job.run(|_, _| None, |produced| (produced.sources, produced.diagnostics, produced.inputs))?;
        for (sources, diagnostics, hashes) in &made {
            take(&mut files, sources, diagnostics, |path| hashes.get(path).cloned(), args.unsafe_fixes);
        }
    }
    let hash = |path: &str| Some(sha256(&job.workspace.disk.folder().read(path, FILE_LIMIT).ok()?));
    let project = job.workspace.project_problems();
    take(&mut files, project.sources(), &project.diagnostics, hash, args.unsafe_fixes);
    Ok(files)
}

/// Takes the fixes that may be made, but for those that meet one that is taken: of two ways to
/// fix a problem the first is.
fn take(
    files: &mut BTreeMap<String, File>,
    sources: &Sources,
    problems: &[Diagnostic],
    hash: impl Fn(&str) -> Option<String>,
    with_unsafe: bool,
) {
    let fixes = problems.iter().flat_map(|problem| &problem.fixes);
    for fix in fixes.filter(|fix| fix.is_safe || with_unsafe) {
        let Some(path) = path(fix, sources) else { continue };
        let Some(hash) = hash(path) else { continue };
        let file =
            files.entry(path.to_owned()).or_insert_with(|| File { hash: hash.clone(), edits: Vec::new(), count: 0 });
        // Another document may have read the file before it changed.
        if file.hash == hash && fix.edits.iter().all(|edit| file.has_room(edit)) {
            file.edits.extend(fix.edits.iter().cloned());
            file.count += 1;
        }
    }
    files.retain(|_, file| file.count > 0);
}

/// The file that a fix changes; `None` where there are several.
fn path<'a>(fix: &Fix, sources: &'a Sources) -> Option<&'a str> {
    let first = fix.edits.first()?.span.file;
    let is_one = fix.edits.iter().all(|edit| edit.span.file == first);
    sources.get(first).filter(|_| is_one).map(Source::path)
}

impl File {
    /// Whether an edit meets none that is taken, and stands not at the very place of one.
    fn has_room(&self, edit: &Edit) -> bool {
        self.edits.iter().all(|other| {
            edit.span != other.span && (edit.span.end <= other.span.start || other.span.end <= edit.span.start)
        })
    }

    fn fixed(&self, text: &str) -> String {
        apply(text, &self.edits)
    }

    /// Writes the file; a refusal is told as a problem.
    fn write(&self, path: &str, job: &Job) -> Result<Result<(), Found>, Failure> {
        let folder = job.workspace.disk.folder();
        let refused = |why: &str| {
            let problem = Diagnostic::without_place(Code::NotFormatted, format!("nothing was fixed in {path}: {why}"));
            Found::in_project(path, Sources::default(), vec![problem.naming(path)])
        };
        let bytes = match folder.read(path, FILE_LIMIT) {
            Ok(bytes) => bytes,
            Err(denied) => return Ok(Err(refused(&denied.to_string()))),
        };
        let text = String::from_utf8_lossy(&bytes);
        if sha256(&bytes) != self.hash || text.len() != bytes.len() {
            return Ok(Err(refused("it changed while it was read")));
        }
        match folder.exchange(path, &bytes, self.fixed(&text).as_bytes()) {
            Ok(Exchanged::Done) => Ok(Ok(())),
            Ok(Exchanged::Changed) => Ok(Err(refused("it changed while it was read"))),
            Ok(Exchanged::IsLink) => Ok(Err(refused("it is a link"))),
            Err(denied) => {
                let shown = build::here(&job.workspace.root().join(path));
                Err(Failure::Io(format!("cannot write {shown}: {denied}")))
            }
        }
    }
}
