//! Writes editions and the files beside them: the manifest, the index, and a journal while writing.
//! They tell the next build which files are ours and may be replaced or removed.

use super::build::{Finished, Job};
use super::build_cache::BuildCache;
use super::compared::edition_path;
use super::failure::Failure;
use super::files::FILE_LIMIT;
use super::folder::{AccessError, Folder, Tree, Written, temporary_ending};
use super::index::{self, INDEX};
use super::journal::{self, Journal, Made};
use super::linked_files;
use super::locked;
use super::manifest::{Entry, FileEntry, MANIFEST, Manifest};
use super::output::Output;
use super::output_paths::folded;
use super::partial_manifest;
use super::report::Found;
use crate::diagnostic::{Code, Diagnostic};
use crate::project::PROJECT_FILE;
use crate::source::hash::sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

/// Writes the files of a build into its output folder.
pub struct EditionWriter<'a> {
    pub output: &'a Output,
    /// `None` outside projects, where no manifest is kept.
    journal: Option<Journal<'a>>,
}

impl<'a> EditionWriter<'a> {
    /// Opens a writer for an output folder. If some file must not be written, nothing is, and the
    /// problems are returned.
    pub fn open(job: &Job, output: &'a Output) -> Result<Result<EditionWriter<'a>, Vec<Found>>, Failure> {
        let paths = job.written_paths();
        let is_kept = job.keeps_manifest();
        let mut problems: Vec<(String, Diagnostic)> = Vec::new();
        for (path, problem) in output.problems(paths.iter().map(String::as_str))? {
            problems.push((path.to_owned(), problem));
        }
        if problems.is_empty() && is_kept {
            let folder = output.existing().map_err(|denied| output.failure("open", "", &denied))?;
            if let Some(folder) = folder {
                problems.extend(foreign_files(job, folder, &paths));
            }
        }
        if problems.is_empty() {
            return Ok(Ok(EditionWriter { output, journal: is_kept.then(|| Journal::new(output)) }));
        }
        let found = |(path, problem): (String, Diagnostic)| {
            let place = if path.is_empty() { output.path().to_owned() } else { output.path().join(path) };
            Found::of_file(&place, vec![problem])
        };
        Ok(Err(problems.into_iter().map(found).collect()))
    }

    /// Writes a file whose SHA-256 is known.
    pub fn write(&self, path: &str, bytes: &[u8], hash: &str) -> Result<Written, Failure> {
        let write = || -> Result<Written, AccessError> {
            let folder = self.output.made()?;
            if folder.is_same(path, bytes) {
                return Ok(Written::Unchanged);
            }
            if let Some(journal) = &self.journal {
                journal.note(path, hash)?;
            }
            folder.put(path, bytes).map(Written::New)
        };
        write().map_err(|denied| self.output.failure("write", path, &denied))
    }

    /// Ends a build that keeps neither manifest nor index.
    pub fn end_journal(self) {
        if let Some(journal) = self.journal {
            journal.end();
        }
    }

    /// Updates manifest and index. A build of everything also removes stale editions, which no
    /// source makes any more; other builds keep them in the manifest. Returns the removed files.
    pub fn close(
        self,
        job: &Job,
        finished: &mut [Finished],
        copied: BTreeMap<String, FileEntry>,
        whole: bool,
        mut cache: Option<BuildCache>,
    ) -> Result<Vec<String>, Failure> {
        if !job.keeps_manifest() {
            return Ok(Vec::new());
        }
        // Builds of single documents may run in parallel and add to the same manifest. Without
        // locks, the last one wins.
        let lock = File::open(job.workspace.root().join(PROJECT_FILE));
        let _locked = lock.as_ref().is_ok_and(|file| file.lock().is_ok());
        let mut manifest = job.manifest(finished);
        let existing = self.output.existing().map_err(|denied| self.output.failure("open", "", &denied))?;
        let Some(folder) = existing else {
            // Nothing was ever written.
            return Ok(Vec::new());
        };
        let known = cache.as_mut().and_then(|cache| cache.take_manifest(folder));
        let old = known.or_else(|| Manifest::read(folder).ok().flatten()).unwrap_or_default();
        let kept = manifest.editions.keys().chain(copied.keys()).map(|path| (folded(path), path.clone())).collect();
        let mut stale = StaleOutputs { folder, whole, kept, removed: Vec::new() };
        let mut orphans = BTreeSet::new();
        for (path, entry) in old.editions {
            if manifest.editions.contains_key(&path) {
                continue;
            }
            let is_wanted = job.is_wanted(&path, &entry);
            if folder.holds(&path) && (is_wanted || stale.stay(&path, std::slice::from_ref(&entry.sha256))) {
                if !is_wanted {
                    orphans.insert(path.clone());
                }
                let was = old.documents.get(&entry.source);
                manifest.keep(path, entry, was);
            }
        }
        // A document with errors may be the only one that links to a file.
        let all_built = finished.iter().all(|document| !document.entries.is_empty());
        for (path, entry) in old.files.into_iter().filter(|(path, _)| !copied.contains_key(path)) {
            let is_there = folder.holds(&path) && !manifest.editions.contains_key(&path);
            if is_there && (!all_built || stale.stay(&path, std::slice::from_ref(&entry.sha256))) {
                manifest.files.insert(path, entry);
            }
        }
        manifest.files.extend(copied);
        if manifest.editions.is_empty() && manifest.files.is_empty() && !folder.holds(MANIFEST) {
            self.end(job, &mut stale, &manifest);
            return Ok(stale.removed);
        }
        if job.plan.with_index {
            let page = index::page(&job.workspace.project, &manifest, &orphans);
            let hash = sha256(page.as_bytes());
            self.write(INDEX, page.as_bytes(), &hash)?;
            manifest.index = Some(hash);
        } else if let Some(hash) = old.index.filter(|_| !manifest.editions.contains_key(INDEX)) {
            manifest.index = stale.stay(INDEX, std::slice::from_ref(&hash)).then_some(hash);
        }
        let bytes = manifest.to_bytes();
        folder.write(MANIFEST, &bytes).map_err(|denied| self.output.failure("write", MANIFEST, &denied))?;
        if let Some(cache) = cache {
            cache.save(folder, &manifest, &bytes, finished);
        }
        self.end(job, &mut stale, &manifest);
        Ok(stale.removed)
    }

    /// Ends the journal. A build of everything also removes the files of killed builds, and empty
    /// folders.
    fn end(self, job: &Job, stale: &mut StaleOutputs, manifest: &Manifest) {
        if let Some(journal) = self.journal {
            journal.end();
        }
        let folder = stale.folder;
        let Some(tree) = stale.whole.then(|| folder.tree().ok()).flatten() else { return };
        clear(stale, &tree, manifest, &job.every_edition());
    }
}

/// Stale outputs: files of earlier builds that no source makes any more.
struct StaleOutputs<'f> {
    folder: &'f Folder,
    whole: bool,
    /// Files of this build, by their case-folded names.
    kept: BTreeMap<String, String>,
    removed: Vec<String>,
}

impl StaleOutputs<'_> {
    /// Whether a file stays in the manifest. A build of everything removes it if it is unchanged; a
    /// changed file is not ours any more.
    fn stay(&mut self, path: &str, hashes: &[String]) -> bool {
        if self.whole && !self.is_kept(path) && remove_if_made(self.folder, path, hashes) {
            self.removed.push(path.to_owned());
        }
        !self.whole
    }

    /// Whether a path is another name of a file that this build made: on some systems `Note.txt` is
    /// `note.txt`.
    fn is_kept(&self, path: &str) -> bool {
        self.kept.get(&folded(path)).is_some_and(|kept| {
            let number = |path: &str| self.folder.stamp(path).map(|stamp| stamp.number);
            number(path) == number(kept)
        })
    }
}

/// Removes a file if its content is one that a build made; true if it was removed.
pub fn remove_if_made(folder: &Folder, path: &str, hashes: &[String]) -> bool {
    let is_made = folder.read(path, FILE_LIMIT).is_ok_and(|bytes| hashes.contains(&sha256(&bytes)));
    is_made && folder.remove(path).is_ok()
}

/// Removes the files of killed builds and empty folders, and returns the number of files. No
/// editions are expected any more.
pub fn clear_abandoned(folder: &Folder, tree: &Tree) -> usize {
    let before = tree.files.iter().filter(|path| folder.holds(path)).count();
    let mut stale = StaleOutputs { folder, whole: true, kept: BTreeMap::new(), removed: Vec::new() };
    clear(&mut stale, tree, &Manifest::default(), &BTreeSet::new());
    before - tree.files.iter().filter(|path| folder.holds(path)).count()
}

/// Removes the files of killed builds: temporary files, and files in their journals that no
/// manifest lists and no source makes. Then removes empty folders.
fn clear(stale: &mut StaleOutputs, tree: &Tree, manifest: &Manifest, wanted: &BTreeSet<String>) {
    let folder = stale.folder;
    let abandoned: Vec<String> =
        tree.files.iter().filter(|path| is_temporary(path) && folder.is_abandoned(path)).cloned().collect();
    for (path, hashes) in journal::read(folder, &abandoned) {
        let is_ours = manifest.owns(&path) || wanted.contains(&path) || stale.is_kept(&path);
        if !is_ours && remove_if_made(folder, &path, &hashes) {
            stale.removed.push(path);
        }
    }
    for path in &abandoned {
        // A document with errors may have editions that only a journal lists.
        let is_needed = !path.contains('/')
            && journal::read(folder, std::slice::from_ref(path))
                .keys()
                .any(|made| wanted.contains(made) && !manifest.owns(made) && folder.holds(made));
        if !is_needed {
            let _ = folder.remove(path);
        }
    }
    for path in &tree.folders {
        folder.remove_if_empty(path);
    }
}

/// Whether a path is a temporary file or a journal.
pub fn is_temporary(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    temporary_ending(name).is_some_and(|ending| ending.is_empty() || ending == journal::ENDING)
}

/// Problems with writing to the folder: foreign files at the paths of editions, a damaged manifest,
/// or editions for other profiles.
fn foreign_files(job: &Job, folder: &Folder, paths: &[String]) -> Vec<(String, Diagnostic)> {
    // The files are listed first, so that what another build makes meanwhile is in its journal.
    let present: Vec<&String> = paths.iter().filter(|path| folder.holds(path)).collect();
    let mut made: Made = folder.names().map(|names| journal::read(folder, &names)).unwrap_or_default();
    made.extend(job.made.clone());
    let manifest = match Manifest::read(folder) {
        Ok(manifest) => manifest.unwrap_or_default(),
        Err(reason) => {
            let message = format!("nothing tells which files here builds have made: {reason}");
            let hint = "move it away; if all that is here is made from sources, remove the folder and build again";
            return vec![(MANIFEST.to_owned(), stranger(message, hint))];
        }
    };
    let profiles = job.profiles();
    if !manifest.editions.is_empty() && manifest.profiles != profiles {
        let message =
            format!("the editions here are for {} and not for {}", audience(&manifest.profiles), audience(&profiles));
        return vec![(MANIFEST.to_owned(), stranger(message, "name another folder with --out DIR"))];
    }
    let mut unknown: Vec<&String> = present
        .into_iter()
        .filter(|path| *path != MANIFEST && !manifest.owns(path) && !made.contains_key(*path))
        .collect();
    if !unknown.is_empty() {
        // They may be from shards that were not joined yet.
        let made = partial_manifest::made_in(folder);
        unknown.retain(|path| !made.contains_key(*path));
    }
    unknown
        .into_iter()
        .map(|path| {
            (
                path.clone(),
                stranger(
                    "an edition would overwrite this file, which no build has made",
                    "move it away, or name another output folder",
                ),
            )
        })
        .collect()
}

fn stranger(message: impl Into<String>, hint: &str) -> Diagnostic {
    Diagnostic::without_place(Code::ForeignFile, message).hint(hint)
}

/// Profiles in words.
fn audience(profiles: &[String]) -> String {
    if profiles.is_empty() { "everyone".to_owned() } else { profiles.join(", ") }
}

/// Finds leftover files, and compares the manifest and the index with the editions.
pub fn compare(job: &Job, finished: &[Finished], output: &Output) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    if !job.workspace.is_project {
        return Ok(found);
    }
    let mut wanted: BTreeSet<String> = BTreeSet::from([MANIFEST.to_owned()]);
    let mut manifest = job.manifest(finished);
    for document in finished {
        wanted.extend(job.edition_paths(&document.source));
    }
    let mut copied = linked_files::compare(job, finished, output)?;
    found.append(&mut copied.found);
    wanted.extend(copied.files.keys().cloned());
    manifest.files = copied.files;
    // If editions differ, manifest and index differ too, which need not be reported.
    let differ = !found.is_empty() || finished.iter().any(|document| document.entries.is_empty() || document.differs);
    let mut listings = Vec::new();
    if job.plan.with_index {
        wanted.insert(INDEX.to_owned());
        let page = index::page(&job.workspace.project, &manifest, &BTreeSet::new()).into_bytes();
        manifest.index = Some(sha256(&page));
        listings.push((INDEX, page));
    }
    listings.push((MANIFEST, manifest.to_bytes()));
    for (name, bytes) in listings.into_iter().filter(|_| !differ) {
        let problem = locked::compare_beside(output, name, &bytes);
        found.extend(problem.map(|problem| Found::of_file(&output.path().join(name), vec![problem])));
    }
    found.extend(left_over(output, &wanted, "no source makes this file")?);
    Ok(found)
}

/// Files in an output folder that are not expected.
pub fn left_over(output: &Output, wanted: &BTreeSet<String>, why: &str) -> Result<Vec<Found>, Failure> {
    let failure = |denied: AccessError| output.failure("read", "", &denied);
    let Some(folder) = output.existing().map_err(failure)? else { return Ok(Vec::new()) };
    let tree = folder.tree().map_err(failure)?;
    let is_hidden = |path: &str| path.split('/').any(|name| name.starts_with('.'));
    let mut found = Vec::new();
    for path in tree.files.iter().filter(|path| !wanted.contains(*path)) {
        let problem = if is_temporary(path) && folder.is_abandoned(path) {
            locked::stale(
                "a build that was killed left this file".to_owned(),
                "run `chancery build`, which clears it away",
            )
        } else if is_hidden(path) {
            continue;
        } else {
            locked::stale(why.to_owned(), "remove it, or bring its source back")
        };
        found.push(Found::of_file(&output.path().join(path), vec![problem]));
    }
    Ok(found)
}

impl Job<'_> {
    /// Whether this build keeps a manifest.
    pub fn keeps_manifest(&self) -> bool {
        self.workspace.is_project && !self.workspace.has_input()
    }

    /// The manifest of this build's editions.
    pub fn manifest(&self, finished: &[Finished]) -> Manifest {
        let mut manifest = Manifest { profiles: self.profiles(), ..Manifest::default() };
        for document in finished.iter().filter(|document| !document.entries.is_empty()) {
            manifest.documents.insert(document.source.clone(), document.origin.clone());
            manifest.editions.extend(document.entries.iter().cloned());
        }
        manifest
    }

    /// Every path in the output folder that the build may write.
    fn written_paths(&self) -> Vec<String> {
        let editions = self.workspace.selected.iter().flat_map(|source| self.edition_paths(source));
        let is_whole = self.keeps_manifest() && !self.is_part;
        let index = (is_whole && self.plan.with_index).then(|| INDEX.to_owned());
        let manifest = is_whole.then(|| MANIFEST.to_owned());
        editions.chain(index).chain(manifest).collect()
    }

    /// The paths of all editions of the project.
    fn every_edition(&self) -> BTreeSet<String> {
        self.workspace.documents.iter().flat_map(|source| self.edition_paths(source)).collect()
    }

    /// Whether an edition from an earlier build still has a source.
    pub fn is_wanted(&self, edition: &str, entry: &Entry) -> bool {
        let project = &self.workspace.project;
        let source = &entry.source;
        self.workspace.documents.binary_search(source).is_ok()
            && project.formats_of(source).contains(&entry.format)
            && edition == edition_path(project.stem(source), entry.format, entry.is_redline)
            && (!entry.is_redline || self.is_compared(source))
    }
}
