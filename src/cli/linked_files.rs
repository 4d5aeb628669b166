//! Files that documents link to, copied beside the editions.

use super::build::{Finished, Job};
use super::edition_writer::EditionWriter;
use super::failure::Failure;
use super::folder::Written;
use super::index::INDEX;
use super::journal;
use super::locked;
use super::manifest::{FileEntry, Manifest};
use super::output::Output;
use super::report::Found;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::hash::sha256;
use crate::source::{Files, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// The copied files.
#[derive(Default)]
pub struct Copied {
    pub files: BTreeMap<String, FileEntry>,
    /// The places of those that are new.
    pub new: Vec<String>,
    pub found: Vec<Found>,
}

impl EditionWriter<'_> {
    /// Copies the files that documents link to beside their editions.
    pub fn copy(&self, job: &Job, finished: &[Finished]) -> Result<Copied, Failure> {
        let mut copied = Copied::default();
        let (wanted, found) = wanted(job, finished);
        copied.found = found;
        if wanted.is_empty() {
            return Ok(copied);
        }
        let folder = self.output.existing().map_err(|denied| self.output.failure("open", "", &denied))?;
        let names = folder.and_then(|folder| folder.names().ok()).unwrap_or_default();
        let made = folder.map(|folder| journal::read(folder, &names)).unwrap_or_default();
        let manifest = folder.and_then(|folder| Manifest::read(folder).ok().flatten()).unwrap_or_default();
        for (place, source) in wanted {
            let is_there = folder.is_some_and(|folder| folder.holds(&place));
            if job.keeps_manifest() && is_there && !manifest.owns(&place) && !made.contains_key(&place) {
                let message = "a file that is linked to would overwrite this one, which no build has made";
                let problem = Diagnostic::without_place(Code::ForeignFile, message);
                let problem = problem.hint("move it away, or name another output folder");
                copied.found.push(Found::of_file(&self.output.path().join(&place), vec![problem]));
                continue;
            }
            match self.copy_one(job, &place, source) {
                Ok((entry, written)) => {
                    if matches!(written, Written::New(_)) {
                        copied.new.push(place.clone());
                    }
                    copied.files.insert(place, entry);
                }
                // The others are copied all the same, and an earlier copy is still ours.
                Err(failure) => {
                    copied.found.push(Found::failed(&failure));
                    copied.files.extend(manifest.files.get(&place).map(|entry| (place, entry.clone())));
                }
            }
        }
        Ok(copied)
    }

    fn copy_one(&self, job: &Job, place: &str, source: &str) -> Result<(FileEntry, Written), Failure> {
        let bytes = read(job, source)?;
        let entry = FileEntry::from_bytes(source, &bytes);
        let written = self.write(place, &bytes, &entry.sha256)?;
        Ok((entry, written))
    }
}

impl FileEntry {
    fn from_bytes(source: &str, bytes: &[u8]) -> FileEntry {
        FileEntry { source: source.to_owned(), bytes: bytes.len() as u64, sha256: sha256(bytes) }
    }
}

/// Compares the copies that are among the editions with what documents link to.
pub fn compare(job: &Job, finished: &[Finished], output: &Output) -> Result<Copied, Failure> {
    let mut copied = Copied::default();
    let (wanted, found) = wanted(job, finished);
    copied.found = found;
    for (place, source) in wanted {
        let bytes = read(job, source)?;
        let problem = locked::compare_beside(output, &place, &bytes);
        copied.found.extend(problem.map(|problem| Found::of_file(&output.path().join(&place), vec![problem])));
        copied.files.insert(place, FileEntry::from_bytes(source, &bytes));
    }
    Ok(copied)
}

fn read(job: &Job, source: &str) -> Result<Vec<u8>, Failure> {
    job.workspace.disk.read(source).map_err(|error| Failure::Io(format!("cannot copy {source}: {error}")))
}

/// Files by their places among the editions. What cannot lie there, because something
/// else does, is reported.
fn wanted<'a>(job: &Job, finished: &'a [Finished]) -> (BTreeMap<String, &'a str>, Vec<Found>) {
    let (mut wanted, mut found) = (BTreeMap::<String, &str>::new(), Vec::new());
    let mut names = super::output_paths::OutputPaths::default();
    let mut refused: BTreeSet<(&str, &str)> = BTreeSet::new();
    for document in finished.iter().filter(|document| !document.entries.is_empty()) {
        for (place, source) in &document.files {
            if wanted.get(place).is_some_and(|known| *known == source) {
                continue;
            }
            let is_index = job.plan.with_index && place == INDEX;
            let owner = job.names.owner(place).or_else(|| names.owner(place)).map(str::to_owned);
            let Some(owner) = owner.or(is_index.then(|| "the index".to_owned())) else {
                names.take(place, source);
                wanted.insert(place.clone(), source.as_str());
                continue;
            };
            if refused.insert((place, source)) {
                let message = format!(
                    "{source}, to which this document links, has no place among the editions: {owner} takes {place}, or one that cannot stand beside it"
                );
                let problem = Diagnostic::without_place(Code::DuplicateOutput, message);
                let problem = problem.hint("give the file another name").naming(source).naming(owner);
                found.push(Found::in_project(document.source.clone(), Sources::default(), vec![problem]));
            }
        }
    }
    (wanted, found)
}
