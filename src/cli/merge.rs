//! `chancery manifest merge`: joins the parts of shards, and writes manifest and index.
//!
//! It works like a build that takes its results from parts instead of compiling documents.

use super::args::MergeArgs;
use super::build::{Finished, Globals, Job, shown};
use super::edition_writer::EditionWriter;
use super::failure::{Failure, Outcome};
use super::files::FILE_LIMIT;
use super::folder::Folder;
use super::index::INDEX;
use super::locked;
use super::manifest::{Entry, MANIFEST, Origin};
use super::output::Output;
use super::partial_manifest::{self, Found as LoadedPartial};
use super::report::{self, Found, counted};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::hash::sha256;
use crate::source::{Files, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Joins parts into the output folder.
pub fn merge(args: &MergeArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let documents = args.documents();
    let mut job = Job::open(&documents, globals, None, args.quiet)?;
    if job.is_stopped() {
        return job.report();
    }
    if !job.keeps_manifest() {
        return Err(Failure::Usage("only a project has a manifest".to_owned()));
    }
    let output = job.output(args.out.as_deref())?;
    let places = if args.parts.is_empty() { vec![output.path().to_owned()] } else { args.parts.clone() };
    let parts = partial_manifest::find(&places)?;
    parts.iter().for_each(|found| partial_manifest::add_made(&found.part, &mut job.made));
    let writer = match EditionWriter::open(&job, &output)? {
        Ok(writer) => writer,
        Err(mut problems) => {
            job.found.append(&mut problems);
            return job.report();
        }
    };
    let joined = Joined::from_parts(&parts, &job);
    let mut finished = joined.finish(&mut job, &writer, &output)?;
    let mut copied = writer.copy(&job, &finished)?;
    job.found.append(&mut copied.found);
    let copies: Vec<String> = copied.files.keys().cloned().collect();
    let removed = writer.close(&job, &mut finished, copied.files, true, None)?;
    touch(&output, &copies)?;
    let outcome = job.report()?;
    if !args.quiet {
        let built = finished.iter().filter(|document| !document.entries.is_empty()).count();
        for path in &removed {
            report::say(&format!("  removed {}\n", shown(&output.path().join(path))));
        }
        report::say(&format!(
            "joined {} in {}: {}\n",
            counted(parts.len(), "part", "parts"),
            shown(output.path()),
            counted(built, "document", "documents")
        ));
    }
    Ok(outcome)
}

/// Updates the modification times of the joined files: a build system considers them stale if they
/// are older than a part.
fn touch(output: &Output, copies: &[String]) -> Result<(), Failure> {
    let Some(folder) = output.existing().map_err(|denied| output.failure("open", "", &denied))? else { return Ok(()) };
    for name in [MANIFEST, INDEX].into_iter().chain(copies.iter().map(String::as_str)).filter(|name| folder.holds(name))
    {
        folder.touch(name).map_err(|denied| output.failure("write", name, &denied))?;
    }
    Ok(())
}

/// The results of one document, from all parts.
struct Document {
    origin: Arc<Origin>,
    /// Editions with the folder that each is in, if its part is from elsewhere.
    editions: BTreeMap<String, (Arc<Entry>, PathBuf)>,
    files: BTreeMap<String, String>,
}

/// The results of all parts.
#[derive(Default)]
struct Joined {
    documents: BTreeMap<String, Document>,
    /// Why a document is in no usable part.
    reasons: BTreeMap<String, Reason>,
}

/// Why a part's results for a document cannot be used.
enum Reason {
    /// It was made by another version, or with another project file or other options.
    Otherwise(PathBuf),
    /// An input file has changed.
    Stale(String),
    /// It has errors.
    Unbuilt,
    /// Two parts contradict each other.
    Contradiction(PathBuf, PathBuf),
}

impl Joined {
    fn from_parts(parts: &[LoadedPartial], job: &Job) -> Joined {
        let key = job.part_key();
        let mut joined = Joined::default();
        let mut hashes = BTreeMap::new();
        // If some parts are verified, the others are from an earlier run.
        let proved = parts.iter().any(|found| found.part.key == key && found.part.proved);
        for found in parts {
            let is_usable = found.part.key == key && (found.part.proved || !proved);
            for (source, origin) in &found.part.manifest.documents {
                if !job.workspace.selected.contains(source) {
                    continue;
                }
                if !is_usable {
                    joined.reasons.insert(source.clone(), Reason::Otherwise(found.path.clone()));
                } else if let Some(input) = changed_input(origin, job, &mut hashes) {
                    joined.reasons.insert(source.clone(), Reason::Stale(input));
                } else {
                    joined.add(source, origin, found, job);
                }
            }
            for source in found.part.unbuilt.iter().filter(|_| is_usable) {
                joined.reasons.insert(source.clone(), Reason::Unbuilt);
            }
        }
        joined
    }

    fn add(&mut self, source: &str, origin: &Arc<Origin>, found: &LoadedPartial, job: &Job) {
        if matches!(self.reasons.get(source), Some(Reason::Contradiction(..))) {
            return;
        }
        let part = &found.part;
        let document = self.documents.entry(source.to_owned()).or_insert_with(|| Document {
            origin: Arc::clone(origin),
            editions: BTreeMap::new(),
            files: BTreeMap::new(),
        });
        let mut other = (document.origin != *origin).then(|| found.folder.clone());
        for (path, entry) in part.manifest.editions.iter().filter(|(_, entry)| entry.source == source) {
            if !job.is_wanted(path, entry) {
                continue;
            }
            match document.editions.get(path) {
                Some((known, folder)) if known != entry => other = Some(folder.clone()),
                Some(_) => {}
                None => drop(document.editions.insert(path.clone(), (Arc::clone(entry), found.folder.clone()))),
            }
        }
        document.files.extend(part.files.get(source).cloned().unwrap_or_default());
        if let Some(other) = other {
            let reason = Reason::Contradiction(other, found.path.clone());
            self.reasons.insert(source.to_owned(), reason);
            self.documents.remove(source);
        }
    }

    /// The documents as if they were just built. Missing ones are reported.
    fn finish(mut self, job: &mut Job, writer: &EditionWriter, output: &Output) -> Result<Vec<Finished>, Failure> {
        let selected: Vec<String> = job.workspace.selected.iter().cloned().collect();
        let mut finished = Vec::new();
        let mut told = BTreeSet::new();
        for source in selected {
            let known = self.documents.remove(&source).filter(|document| !document.editions.is_empty());
            let Some(Document { origin, editions, files }) = known else {
                job.found.extend(missing(&source, self.reasons.get(&source), &mut told));
                finished.push(Finished::unbuilt(&source));
                continue;
            };
            let mut entries = Vec::new();
            for (path, (entry, folder)) in editions {
                if fetch(&path, &entry, &folder, writer, output)? {
                    entries.push((path, entry));
                } else {
                    let message = "the edition lies neither here nor beside its part as it was made".to_owned();
                    let problem = locked::stale(message, "build its shard again, or bring the folder of its part");
                    job.found.push(Found::of_file(&output.path().join(&path), vec![problem]));
                }
            }
            let nothing = Found::in_project(source.clone(), Sources::default(), Vec::new());
            finished.push(Finished::kept(&source, nothing, entries, origin, files));
        }
        Ok(finished)
    }
}

/// The first input of a document that has changed.
fn changed_input(origin: &Origin, job: &Job, hashes: &mut BTreeMap<String, Option<String>>) -> Option<String> {
    let changed = origin.inputs.iter().find(|(path, was)| {
        let now = hashes
            .entry((*path).clone())
            .or_insert_with(|| job.workspace.disk.read(path).ok().map(|bytes| sha256(&bytes)));
        now.as_ref() != Some(*was)
    });
    changed.map(|(path, _)| path.clone())
}

/// Ensures that an edition is in the output folder, copying it if necessary. `false` if it is not
/// available.
fn fetch(path: &str, entry: &Entry, folder: &Path, writer: &EditionWriter, output: &Output) -> Result<bool, Failure> {
    let is_made = |bytes: &Vec<u8>| bytes.len() as u64 == entry.bytes && sha256(bytes) == entry.sha256;
    if output.read(path).is_ok_and(|bytes| is_made(&bytes)) {
        return Ok(true);
    }
    let elsewhere = Folder::open(folder).ok().and_then(|folder| folder.read(path, FILE_LIMIT).ok());
    match elsewhere.filter(is_made) {
        Some(bytes) => writer.write(path, &bytes, &entry.sha256).map(|_| true),
        None => Ok(false),
    }
}

/// Reports why a document is missing; an unusable part is reported once.
fn missing(source: &str, reason: Option<&Reason>, told: &mut BTreeSet<PathBuf>) -> Option<Found> {
    let problem = |message: String| Diagnostic::without_place(Code::PartUnusable, message);
    let problem = match reason {
        Some(Reason::Otherwise(path)) => {
            if !told.insert(path.clone()) {
                return None;
            }
            let message = "the part was made by another version, or with another project file or other options";
            let problem = problem(message.to_owned()).hint("build its shard again");
            return Some(Found::of_file(path, vec![problem]));
        }
        Some(Reason::Stale(input)) => {
            let message = format!("what was made of this document is stale: {input} is not what it was");
            problem(message).naming(input).hint("build its shard again")
        }
        Some(Reason::Unbuilt) => problem("this document was not built".to_owned())
            .hint("the build of its shard says why; so does `chancery check`"),
        Some(Reason::Contradiction(one, other)) => {
            let message =
                format!("the parts in {} and {} say different things of this document", shown(one), shown(other));
            problem(message).hint("remove the part that is of an earlier build")
        }
        None => problem("no part holds what was made of this document".to_owned())
            .hint("build all shards, and name their parts or output folders"),
    };
    Some(Found::in_project(source, Sources::default(), vec![problem]))
}
