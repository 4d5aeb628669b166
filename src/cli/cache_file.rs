//! The build cache on disk. For each document it has the dependencies, the diagnostics and the
//! stamps of the editions. Unchanged documents are not rebuilt.
//!
//! The file is trusted only if this very program wrote it and the editions were not touched since.
//! It contains their change times, which nobody can set at will. So editions that came with a
//! project from elsewhere are built again.

use super::folder::{Folder, Stamp, is_ordinary};
use super::manifest::{MANIFEST, Manifest};
use super::partial_manifest::HIDDEN;
use crate::compile::dependencies::{Dependencies, QueryDependency};
use crate::diagnostic::Diagnostic;
use crate::parallel::locked;
use crate::resolve::{Context, Library, Query};
use crate::source::file_dependencies::hash_of_names;
use crate::source::hash::sha256;
use crate::source::{Source, Sources, Span};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::sync::Mutex;

/// Path of the cache under the output folder; hidden, so it is not published.
const STATE_FILE: &str = ".chancery/state.jsonl";
/// Keeps the folder out of version control.
const GITIGNORE: &str = ".chancery/.gitignore";
/// Content of that file.
const GITIGNORE_CONTENT: &[u8] = b"*\n";
/// Largest file that is read, in bytes: about thirty thousand documents.
const LIMIT: u64 = 128 * 1024 * 1024;
/// An edition modified within this time before the cache was written may have been modified again
/// without a new timestamp (git calls such entries racily clean). Nanoseconds.
const TIMESTAMP_SLACK: i64 = 50_000_000;

/// The first line of the file.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    /// SHA-256 of all inputs besides files ([`Job::key`](super::build::Job::key)).
    key: String,
    /// SHA-256 of the manifest that was written with it.
    manifest: String,
}

/// The cache entry of a document.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CachedDocument {
    /// Dependencies of the document.
    #[serde(flatten)]
    pub dependencies: Dependencies,
    /// Audiences that some of the content is meant for.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub audiences: BTreeSet<String>,
    /// Linked files: project-relative paths by their paths among the editions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// Files of the earlier version that it was compared with, with the SHA-256 of their bytes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub earlier: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Problems::is_empty")]
    pub problems: Problems,
}

/// The files of a document's editions as they were written, by path.
pub type Stamps = BTreeMap<String, Stamp>;

/// The raw cache entry of a document.
#[derive(Debug, PartialEq, Eq)]
pub struct RawEntry<'a> {
    /// A [`CachedDocument`] as JSON.
    pub record: Cow<'a, str>,
    /// [`Stamps`] as JSON.
    pub stamps: Cow<'a, str>,
}

/// The diagnostics of a document with the files they refer to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Problems {
    sources: Vec<SavedSource>,
    diagnostics: Vec<Diagnostic>,
}

/// A file that messages quote.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SavedSource {
    path: String,
    /// SHA-256 of its text as it may be shown.
    text: String,
    /// Spans that must not be shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    redacted: Vec<Span>,
}

impl Problems {
    /// Saves the diagnostics of a document, to report them again.
    pub fn from_diagnostics(sources: &Sources, diagnostics: &[Diagnostic]) -> Problems {
        if diagnostics.is_empty() {
            return Problems::default();
        }
        let saved = sources.iter().map(|(file, source)| SavedSource {
            path: source.path().to_owned(),
            text: sha256(source.text().as_bytes()),
            redacted: sources.redacted().filter(|span| span.file == file).collect(),
        });
        Problems { sources: saved.collect(), diagnostics: diagnostics.to_vec() }
    }

    fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The diagnostics with the texts of the files; `None` if a text has changed.
    fn recall(&self, context: &Context) -> Option<(Sources, Vec<Diagnostic>)> {
        let mut sources = Sources::default();
        for saved in &self.sources {
            let text = String::from_utf8(context.files.read_untracked(&saved.path).ok()?).ok()?;
            let file = sources.add(Source::new(saved.path.clone(), text));
            saved.redacted.iter().for_each(|span| sources.redact(Span { file, ..*span }));
            let shown = sources.get(file).map(Source::text).unwrap_or_default();
            if sha256(shown.as_bytes()) != saved.text {
                return None;
            }
        }
        Some((sources, self.diagnostics.clone()))
    }
}

/// The cache of the previous build, with what this build has checked of it.
pub struct CacheFile {
    pub manifest: Manifest,
    header: Header,
    /// The file: a line for each document, with its path, its record and its stamps, which are
    /// read when they are needed.
    text: String,
    /// Byte ranges of record and stamps in `text`.
    lines: BTreeMap<String, [Range<usize>; 2]>,
    /// When the file was written, in nanoseconds since 1970.
    written: i64,
    hashes: Memo<String, Result<String, String>>,
    unchanged: Memo<String, bool>,
    fingerprints: Memo<Query, String>,
}

/// A cache entry that is still valid.
pub struct Reusable {
    pub record: CachedDocument,
    pub sources: Sources,
    pub diagnostics: Vec<Diagnostic>,
    /// Whether input files of the queried documents changed.
    pub linked_inputs_changed: bool,
}

impl CacheFile {
    /// Reads the cache in a folder; `None` if it has another key.
    pub fn read(folder: &Folder, key: &str) -> Option<CacheFile> {
        let written = folder.stamp(STATE_FILE)?.changed;
        let text = String::from_utf8(folder.read(STATE_FILE, LIMIT).ok()?).ok()?;
        let (first, _) = text.split_once('\n')?;
        let header: Header = serde_json::from_str(first).ok()?;
        if header.key != key {
            return None;
        }
        let manifest = Manifest::read_as(folder, &header.manifest)?;
        let mut lines = BTreeMap::new();
        let mut start = first.len() + 1;
        for line in text.get(start..)?.split_inclusive('\n') {
            // A line without a line feed is incomplete.
            let (source, rest) = line.strip_suffix('\n')?.split_once('\t')?;
            let (record, _) = rest.split_once('\t')?;
            let end = start + line.len() - 1;
            let middle = end - rest.len() + record.len();
            lines.insert(source.to_owned(), [end - rest.len()..middle, middle + 1..end]);
            start = end + 1;
        }
        Some(CacheFile {
            manifest,
            header,
            text,
            lines,
            written,
            hashes: Memo::default(),
            unchanged: Memo::default(),
            fingerprints: Memo::default(),
        })
    }

    /// The record of a document.
    pub fn record(&self, source: &str) -> Option<CachedDocument> {
        let record: CachedDocument = serde_json::from_str(&self.line(source)?.record).ok()?;
        // A linked file must be among the inputs.
        let is_sound = |(place, source): (&String, &String)| {
            is_ordinary(place) && record.dependencies.reads.inputs.contains_key(source)
        };
        record.files.iter().all(is_sound).then_some(record)
    }

    /// The raw entry of a document.
    pub fn line(&self, source: &str) -> Option<RawEntry<'_>> {
        let [record, stamps] = self.lines.get(source)?.clone().map(|range| self.text.get(range).map(Cow::Borrowed));
        Some(RawEntry { record: record?, stamps: stamps? })
    }

    /// Whether the cache was written with this manifest.
    pub fn is_of(&self, manifest: &[u8]) -> bool {
        self.header.manifest == sha256(manifest)
    }

    /// The raw entries of all documents.
    pub fn lines(&self) -> impl Iterator<Item = (&str, RawEntry<'_>)> {
        self.lines.keys().filter_map(|source| Some((source.as_str(), self.line(source)?)))
    }

    /// The cached result of the document at a path, if it is valid and `editions` are its unchanged
    /// files in `folder`.
    pub fn keep(&self, source: &str, editions: &[String], folder: &Folder, context: &Context) -> Option<Reusable> {
        let record = self.record(source)?;
        let stamps: Stamps = serde_json::from_str(&self.line(source)?.stamps).ok()?;
        let is_kept = editions.iter().eq(stamps.keys())
            && self.is_unchanged(source, context)
            && record.dependencies.queries.iter().all(|query| self.is_up_to_date(query, context))
            && stamps.iter().all(|(path, stamp)| self.edition_is_untouched(path, stamp, folder));
        if !is_kept {
            return None;
        }
        let (sources, diagnostics) = record.problems.recall(context)?;
        let linked_inputs_changed =
            record.queried_documents(context.library).into_iter().any(|path| !self.is_unchanged(path, context));
        Some(Reusable { record, sources, diagnostics, linked_inputs_changed })
    }

    /// Whether no file that was read for a document has changed.
    fn is_unchanged(&self, source: &str, context: &Context) -> bool {
        let look = || {
            let Some(CachedDocument { dependencies: Dependencies { reads, .. }, .. }) = self.record(source) else {
                return false;
            };
            let hash = |path: &String| {
                let bytes = || context.files.read_untracked(path);
                self.hashes.get(path, || bytes().map(|bytes| sha256(&bytes)).map_err(|error| error.to_string()))
            };
            reads.inputs.iter().all(|(path, was)| hash(path).as_ref() == Ok(was))
                && reads.absent.iter().all(|(path, was)| hash(path).as_ref() == Err(was))
                && reads.listings.iter().all(|(folder, was)| hash_of_names(&context.files.names(folder)) == *was)
        };
        self.unchanged.get(&source.to_owned(), look)
    }

    /// Whether a query still has the same answer.
    fn is_up_to_date(&self, was: &QueryDependency, context: &Context) -> bool {
        let is_known = was.query.document().is_some_and(|path| !was.is_transitive && self.is_unchanged(path, context));
        is_known
            || self.fingerprints.get(&was.query, || QueryDependency::evaluate(was.query.clone(), context).fingerprint)
                == was.fingerprint
    }

    /// Whether the file of an edition is unchanged since it was written.
    fn edition_is_untouched(&self, path: &str, stamp: &Stamp, folder: &Folder) -> bool {
        let is_same = folder.stamp(path).as_ref() == Some(stamp);
        let is_settled = stamp.changed.saturating_add(TIMESTAMP_SLACK) < self.written;
        is_same && (is_settled || self.edition_hash_matches(path, stamp, folder))
    }

    fn edition_hash_matches(&self, path: &str, stamp: &Stamp, folder: &Folder) -> bool {
        let was = self.manifest.editions.get(path).map(|entry| &entry.sha256);
        was.is_some() && folder.read(path, stamp.length).ok().map(|bytes| sha256(&bytes)).as_ref() == was
    }
}

/// Writes the cache for the next build. If that fails, the next build makes everything again.
pub fn write(folder: &Folder, key: &str, manifest: &[u8], lines: &BTreeMap<&str, RawEntry>) {
    let header = Header { key: key.to_owned(), manifest: sha256(manifest) };
    let write = |file: &mut File| {
        let mut file = BufWriter::new(file);
        serde_json::to_writer(&mut file, &header)?;
        for (source, RawEntry { record, stamps }) in lines {
            for part in ["\n", source, "\t", record, "\t", stamps] {
                file.write_all(part.as_bytes())?;
            }
        }
        file.write_all(b"\n")?;
        file.flush()
    };
    let _ = folder.write(GITIGNORE, GITIGNORE_CONTENT).and_then(|_| folder.put_with(STATE_FILE, &write));
}

/// Removes the cache.
pub fn forget(folder: &Folder) {
    let _ = folder.remove(STATE_FILE);
    if folder.is_same(GITIGNORE, GITIGNORE_CONTENT) {
        let _ = folder.remove(GITIGNORE);
    }
    folder.remove_if_empty(HIDDEN);
}

impl CachedDocument {
    /// The existing documents that it queried. Their files are inputs too.
    pub fn queried_documents(&self, library: &Library) -> BTreeSet<&str> {
        library.documents_of(self.dependencies.queries())
    }

    /// Whether it queried one of some documents.
    pub fn queried_any_of(&self, documents: &BTreeSet<&str>) -> bool {
        self.dependencies.queries().filter_map(Query::named).any(|path| documents.contains(path))
    }

    /// The entry as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Manifest {
    /// The manifest in a folder, if it is the one whose SHA-256 is given.
    fn read_as(folder: &Folder, hash: &str) -> Option<Manifest> {
        let bytes = folder.read(MANIFEST, super::manifest::LIMIT).ok()?;
        (sha256(&bytes) == hash).then(|| Manifest::parse(&bytes).ok())?
    }
}

/// A thread-safe memo table. Two threads may compute the same value.
struct Memo<K, V>(Mutex<BTreeMap<K, V>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Memo(Mutex::default())
    }
}

impl<K: Clone + Ord, V: Clone> Memo<K, V> {
    fn get(&self, key: &K, find: impl FnOnce() -> V) -> V {
        let known = locked(&self.0).get(key).cloned();
        known.unwrap_or_else(|| {
            let value = find();
            locked(&self.0).insert(key.clone(), value.clone());
            value
        })
    }
}
