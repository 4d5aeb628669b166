//! The build cache: what a build reuses from the previous one and saves for the next.

use super::build::{Finished, Job};
use super::cache_file::{self, CacheFile, RawEntry, Stamps};
use super::edition_writer::EditionWriter;
use super::folder::{Folder, Written};
use super::manifest::{Entry, LIMIT, MANIFEST, Manifest};
use super::produce::inputs;
use super::report::Found;
use crate::resolve::Context;
use crate::source::hash::sha256;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The cache of the previous build and its folder.
pub struct BuildCache<'a> {
    key: String,
    file: Option<CacheFile>,
    folder: Option<&'a Folder>,
    /// Whether all editions get a new modification time.
    touches: bool,
}

impl<'a> BuildCache<'a> {
    /// Opens the cache in the output folder. `touches` says whether this build gives all editions a
    /// new modification time. `None` if this build cannot use a cache.
    pub fn open(job: &Job, writer: &EditionWriter<'a>, touches: bool) -> Option<BuildCache<'a>> {
        let key = job.key().filter(|_| job.keeps_manifest())?;
        let folder = writer.output.existing().ok().flatten();
        let file = folder.and_then(|folder| CacheFile::read(folder, &key));
        Some(BuildCache { key, file, folder, touches })
    }

    /// The manifest of the previous build, if the file on disk is unchanged.
    pub fn take_manifest(&mut self, folder: &Folder) -> Option<Manifest> {
        let file = self.file.as_mut().filter(|file| file.is_of(&folder.read(MANIFEST, LIMIT).unwrap_or_default()))?;
        Some(std::mem::take(&mut file.manifest))
    }

    /// Saves the cache for the next build, with the manifest and its bytes.
    pub fn save(self, folder: &Folder, manifest: &Manifest, bytes: &[u8], finished: &mut [Finished]) {
        let old = self.file.as_ref();
        let mut lines: BTreeMap<&str, RawEntry> = BTreeMap::new();
        for (source, line) in old.into_iter().flat_map(CacheFile::lines) {
            if manifest.documents.contains_key(source) {
                lines.insert(source, line);
            }
        }
        let known = lines.len();
        self.drop_dependents_of_rebuilt(finished, &mut lines);
        for document in finished.iter_mut() {
            let is_known = document.is_kept || document.record.is_some();
            if document.entries.is_empty() || document.failure.is_some() || !is_known {
                lines.remove(document.source.as_str());
                continue;
            }
            let record = match document.record.take() {
                None if self.touches => old.and_then(|old| Some(old.line(&document.source)?.record)),
                record => record.map(Cow::Owned),
            };
            if let Some(record) = record {
                let written: BTreeMap<&str, Written> =
                    document.written.iter().map(|(path, written)| (path.as_str(), *written)).collect();
                // Other processes may have written there meanwhile. An edition without a stamp is
                // built again.
                let stamp = |(path, entry): &(String, Arc<Entry>)| {
                    let stamp = folder.stamp(path)?;
                    let is_untouched = written.get(path.as_str()) == Some(&Written::New(Some(stamp)));
                    let is_made = || folder.read(path, entry.bytes).is_ok_and(|bytes| sha256(&bytes) == entry.sha256);
                    (is_untouched || is_made()).then(|| (path.clone(), stamp))
                };
                let stamps: Stamps = document.entries.iter().filter_map(stamp).collect();
                let stamps = Cow::Owned(serde_json::to_string(&stamps).unwrap_or_default());
                lines.insert(&document.source, RawEntry { record, stamps });
            }
        }
        let is_same = lines.values().all(|line| matches!(line.stamps, Cow::Borrowed(_))) && known == lines.len();
        if !is_same || !old.is_some_and(|old| old.is_of(bytes)) {
            cache_file::write(folder, &self.key, bytes, &lines);
        }
    }

    /// Drops cache entries of documents outside this build that queried a document rebuilt in it:
    /// their dependencies are out of date.
    fn drop_dependents_of_rebuilt(&self, finished: &[Finished], lines: &mut BTreeMap<&str, RawEntry>) {
        let selected: BTreeSet<&str> = finished.iter().map(|document| document.source.as_str()).collect();
        let rebuilt = finished.iter().filter(|document| !document.is_kept);
        let rebuilt: BTreeSet<&str> = rebuilt.map(|document| document.source.as_str()).collect();
        if rebuilt.is_empty() || lines.keys().all(|source| selected.contains(source)) {
            return;
        }
        let file = self.file.as_ref();
        lines.retain(|source, _| {
            let record = || file.and_then(|file| file.record(source));
            selected.contains(source) || record().is_some_and(|record| !record.queried_any_of(&rebuilt))
        });
    }

    /// The cached result of a document, if it is still valid.
    pub fn keep(&self, source: &str, job: &Job, context: &Context) -> Option<Finished> {
        let (file, folder) = self.file.as_ref().zip(self.folder)?;
        let mut paths: Vec<String> = job.edition_paths(source).collect();
        paths.sort();
        let kept = file.keep(source, &paths, folder, context)?;
        let earlier = &kept.record.earlier;
        if !earlier.is_empty() && !job.plan.earlier.as_ref().is_some_and(|now| now.is_up_to_date(earlier)) {
            return None;
        }
        let entry =
            |path: String| file.manifest.editions.get_key_value(&path).filter(|(_, entry)| entry.origin.is_none());
        let entries = paths.into_iter().map(entry).collect::<Option<Vec<_>>>()?;
        let mut origin = file.manifest.documents.get(source)?.clone();
        if kept.linked_inputs_changed {
            Arc::make_mut(&mut origin).inputs =
                inputs(&kept.record.dependencies.reads, &kept.record.queried_documents(context.library), context);
        }
        job.take_audiences(&kept.record.audiences);
        let entries = entries.into_iter().map(|(path, entry)| (path.clone(), Arc::clone(entry))).collect();
        let found = Found::in_project(source, kept.sources, kept.diagnostics).shown_by(job.advice());
        let mut finished = Finished::kept(source, found, entries, origin, kept.record.files);
        finished.earlier = kept.record.earlier;
        Some(finished)
    }
}
