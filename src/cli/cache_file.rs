//! What a build leaves for the next one: from what it made each document, what the
//! document was told of others, and what was said of it. What did not change since is
//! not made again.
//!
//! The file is trusted only where it was written by this very program into a folder
//! whose editions were not touched since: their times of change are in it, which nobody
//! can choose. So editions that came with a project from elsewhere are made anew.

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

/// Its place under the output folder, hidden from those who publish.
const STATE_FILE: &str = ".chancery/state.jsonl";
/// Keeps the folder out of version control.
const GITIGNORE: &str = ".chancery/.gitignore";
/// What stands in it.
const GITIGNORE_CONTENT: &[u8] = b"*\n";
/// Largest file that is read, in bytes: about thirty thousand documents.
const LIMIT: u64 = 128 * 1024 * 1024;
/// Editions that changed less than this before the state was written may have changed
/// again without another time, in nanoseconds.
const TIMESTAMP_SLACK: i64 = 50_000_000;

/// The first line of the file.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    /// SHA-256 of everything beside files that decides what is made.
    key: String,
    /// SHA-256 of the manifest that was written with it.
    manifest: String,
}

/// What is kept of a document.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CachedDocument {
    /// What the document rests on.
    #[serde(flatten)]
    pub dependencies: Dependencies,
    /// Audiences for which something is meant that was read.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub audiences: BTreeSet<String>,
    /// Files that it leads to: project-relative paths by their places among the editions.
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

/// What the file says of a document.
#[derive(Debug, PartialEq, Eq)]
pub struct RawEntry<'a> {
    /// A [`CachedDocument`] as JSON.
    pub record: Cow<'a, str>,
    /// [`Stamps`] as JSON.
    pub stamps: Cow<'a, str>,
}

/// What was said of a document, and of which files.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Problems {
    sources: Vec<SavedSource>,
    diagnostics: Vec<Diagnostic>,
}

/// A file that messages show lines of.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SavedSource {
    path: String,
    /// SHA-256 of its text as it may be shown.
    text: String,
    /// What must not be shown of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    redacted: Vec<Span>,
}

impl Problems {
    /// What was found in a document, to be said again.
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

    /// The same with the texts of the files; `None` where these are not what they were.
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

/// What the last build left, and what is found out about it in this one.
pub struct CacheFile {
    pub manifest: Manifest,
    header: Header,
    /// The file: a line for each document, with its path, its record and its stamps, which are
    /// read when they are needed.
    text: String,
    /// Where record and stamps are.
    lines: BTreeMap<String, [Range<usize>; 2]>,
    /// When the file was written, in nanoseconds since 1970.
    written: i64,
    hashes: Memo<String, Result<String, String>>,
    unchanged: Memo<String, bool>,
    told: Memo<Query, String>,
}

/// A document that need not be made again.
pub struct Reusable {
    pub record: CachedDocument,
    pub sources: Sources,
    pub diagnostics: Vec<Diagnostic>,
    /// Whether files of documents that it leads to are not what they were.
    pub linked_inputs_changed: bool,
}

impl CacheFile {
    /// What the last build left in a folder, where it was one with the same key.
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
            // A line without an end is half of one.
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
            told: Memo::default(),
        })
    }

    /// The record of a document.
    pub fn record(&self, source: &str) -> Option<CachedDocument> {
        let record: CachedDocument = serde_json::from_str(&self.line(source)?.record).ok()?;
        // A file that it leads to was read for it.
        let is_sound = |(place, source): (&String, &String)| {
            is_ordinary(place) && record.dependencies.reads.inputs.contains_key(source)
        };
        record.files.iter().all(is_sound).then_some(record)
    }

    /// What is said of a document.
    pub fn line(&self, source: &str) -> Option<RawEntry<'_>> {
        let [record, stamps] = self.lines.get(source)?.clone().map(|range| self.text.get(range).map(Cow::Borrowed));
        Some(RawEntry { record: record?, stamps: stamps? })
    }

    /// Whether a manifest is the one that was written with it.
    pub fn is_of(&self, manifest: &[u8]) -> bool {
        self.header.manifest == sha256(manifest)
    }

    /// What is said of each document.
    pub fn lines(&self) -> impl Iterator<Item = (&str, RawEntry<'_>)> {
        self.lines.keys().filter_map(|source| Some((source.as_str(), self.line(source)?)))
    }

    /// The document at a path, whose editions are to lie at some paths of a folder, if it
    /// need not be made again.
    pub fn keep(&self, source: &str, editions: &[String], folder: &Folder, context: &Context) -> Option<Reusable> {
        let record = self.record(source)?;
        let stamps: Stamps = serde_json::from_str(&self.line(source)?.stamps).ok()?;
        let is_kept = editions.iter().eq(stamps.keys())
            && self.is_unchanged(source, context)
            && record.dependencies.told.iter().all(|told| self.is_up_to_date(told, context))
            && stamps.iter().all(|(path, stamp)| self.edition_is_untouched(path, stamp, folder));
        if !is_kept {
            return None;
        }
        let (sources, diagnostics) = record.problems.recall(context)?;
        let linked_inputs_changed =
            record.queried_documents(context.library).into_iter().any(|path| !self.is_unchanged(path, context));
        Some(Reusable { record, sources, diagnostics, linked_inputs_changed })
    }

    /// Whether all that was read for a document is what it was.
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

    /// Whether an answer is still the same.
    fn is_up_to_date(&self, told: &QueryDependency, context: &Context) -> bool {
        let is_known =
            told.query.document().is_some_and(|path| !told.is_transitive && self.is_unchanged(path, context));
        is_known
            || self.told.get(&told.query, || QueryDependency::now(told.query.clone(), context).answer) == told.answer
    }

    /// Whether the file of an edition is the one that was written.
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

/// Leaves what this build knows for the next one. Where that cannot be done, the next
/// one makes everything again.
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

/// Removes what builds left for the next one.
pub fn forget(folder: &Folder) {
    let _ = folder.remove(STATE_FILE);
    if folder.is_same(GITIGNORE, GITIGNORE_CONTENT) {
        let _ = folder.remove(GITIGNORE);
    }
    folder.remove_if_empty(HIDDEN);
}

impl CachedDocument {
    /// The documents that it was told of: their files are inputs too.
    pub fn queried_documents(&self, library: &Library) -> BTreeSet<&str> {
        library.documents_of(self.dependencies.queries())
    }

    /// Whether it was told of one of some documents.
    pub fn queried_any_of(&self, documents: &BTreeSet<&str>) -> bool {
        self.dependencies.queries().filter_map(Query::named).any(|path| documents.contains(path))
    }

    /// As JSON.
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

/// What was found out already. Two threads may find out the same.
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
