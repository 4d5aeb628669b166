//! `chancery check --fix`: the fixes of diagnostics, made in the sources.

use super::args::CheckArgs;
use super::build::{self, Globals, Job};
use super::failure::{Failure, Outcome};
use super::files::OverlayText;
use super::folder::SwapResult;
use super::report::{self, Found, counted, say};
use super::unified;
use crate::diagnostic::render::escape;
use crate::diagnostic::{Diagnostic, Fix};
use crate::source::edit::{Edit, apply, has_room};
use crate::source::{FileId, Source, Sources, Span};
use std::collections::BTreeMap;
use std::io::IsTerminal;

/// Maximum number of rounds: fixes may make other fixes possible.
const ROUNDS: usize = 10;

/// Fixes what can be fixed, and gives back what could not be written.
pub fn fix(args: &CheckArgs, globals: &Globals) -> Result<Vec<Found>, Failure> {
    let mut job = Job::open(&args.documents, globals, None, true)?;
    let (mut refused, mut places, mut files) = (Vec::new(), 0, 0);
    for (path, file) in fixed(&mut job, args)? {
        match file.write(&path, &job) {
            None => (places, files) = (places + file.places, files + 1),
            Some(found) => refused.push(found),
        }
    }
    if !args.quiet {
        let (places, files) = (counted(places, "place", "places"), counted(files, "file", "files"));
        say(&format!("fixed {places} in {files}\n"));
    }
    Ok(refused)
}

/// Prints what fixing would change, or standard input with its fixes.
pub fn show(args: &CheckArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let mut job = Job::open(&args.documents, globals, None, true)?;
    let input = job.workspace.input().map(<[u8]>::to_vec);
    let files = fixed(&mut job, args)?;
    if let (Some(input), false) = (input, args.diff) {
        report::put(files.values().next().map_or(&input, |file| &file.after))?;
        return Ok(Outcome::Fine);
    }
    for (path, file) in &files {
        let [before, after] = [&file.before, &file.after].map(|bytes| String::from_utf8_lossy(bytes));
        let diff = unified::diff(&build::here(&job.workspace.root().join(path)), &before, &after);
        // For a program the output must be the exact bytes.
        let is_read_by_people = std::io::stdout().is_terminal();
        report::print(&if is_read_by_people { escape::lines(&diff).into_owned() } else { diff })?;
    }
    Ok(if files.is_empty() { Outcome::Fine } else { Outcome::Problems })
}

/// A file before and after its fixes.
struct Fixed {
    before: Vec<u8>,
    after: Vec<u8>,
    /// How many fixes were made.
    places: usize,
}

/// The files that fixes change, by their paths. Nothing is written: what is fixed lies over
/// the files until no more can be.
fn fixed(job: &mut Job, args: &CheckArgs) -> Result<BTreeMap<String, Fixed>, Failure> {
    let mut fixed: BTreeMap<String, Fixed> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let round = fixable(job, args.unsafe_fixes)?;
        if round.is_empty() {
            break;
        }
        for (path, fixes) in round {
            let Ok(bytes) = job.workspace.with_files(|files| files.read(&path)) else { continue };
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let after = apply(&text, &fixes.edits).into_bytes();
            job.workspace.lay_over(&path, OverlayText::Bytes(after.clone()));
            let file =
                fixed.entry(path).or_insert_with(|| Fixed { before: text.into_bytes(), after: Vec::new(), places: 0 });
            file.after = after;
            file.places += fixes.places;
        }
    }
    Ok(fixed)
}

/// Changes to a file.
#[derive(Default)]
struct Fixes {
    edits: Vec<Edit>,
    places: usize,
}

/// The fixes that can be made now, by the path of their file.
fn fixable(job: &Job, with_unsafe: bool) -> Result<BTreeMap<String, Fixes>, Failure> {
    let mut files = BTreeMap::new();
    if !job.is_stopped() {
        let made = job.run(|_, _| None, |produced| (produced.sources, produced.diagnostics))?;
        made.iter().for_each(|(sources, diagnostics)| take(&mut files, sources, diagnostics, with_unsafe));
    }
    let project = job.workspace.project_problems();
    take(&mut files, project.sources(), &project.diagnostics, with_unsafe);
    Ok(files)
}

/// Takes the fixes that may be made, but for those that meet one that is taken: of two ways to
/// fix a problem the first is, and in a file of several documents each once.
fn take(files: &mut BTreeMap<String, Fixes>, sources: &Sources, problems: &[Diagnostic], with_unsafe: bool) {
    let fixes = problems.iter().flat_map(|problem| &problem.fixes);
    for fix in fixes.filter(|fix| fix.is_safe || with_unsafe) {
        let Some(path) = path(fix, sources) else { continue };
        // Documents count a file that they include in their own order.
        let own = |edit: &Edit| Edit { span: Span { file: FileId::default(), ..edit.span }, text: edit.text.clone() };
        let edits: Vec<Edit> = fix.edits.iter().map(own).collect();
        let file = files.entry(path.to_owned()).or_default();
        if edits.iter().all(|edit| has_room(&file.edits, edit)) {
            file.edits.extend(edits);
            file.places += 1;
        }
    }
    files.retain(|_, file| file.places > 0);
}

/// The file that a fix changes; `None` where there are several.
fn path<'a>(fix: &Fix, sources: &'a Sources) -> Option<&'a str> {
    let first = fix.edits.first()?.span.file;
    let is_one = fix.edits.iter().all(|edit| edit.span.file == first);
    sources.get(first).filter(|_| is_one).map(Source::path)
}

impl Fixed {
    /// Writes the file; a refusal is returned as a problem.
    fn write(&self, path: &str, job: &Job) -> Option<Found> {
        let why = match job.workspace.disk.folder().compare_and_swap(path, &self.before, &self.after) {
            Ok(SwapResult::Done) => return None,
            Ok(SwapResult::Changed) => "it changed while it was read".to_owned(),
            Ok(SwapResult::IsLink) => "it is a link: name the file that it leads to".to_owned(),
            Err(denied) => denied.to_string(),
        };
        let shown = build::here(&job.workspace.root().join(path));
        Some(Found::failed(&Failure::Io(format!("nothing was fixed in {shown}: {why}"))))
    }
}
