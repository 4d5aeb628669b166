//! `manifest.json` beside the editions: what each was made from.

use super::folder::{AccessError, Folder, is_ordinary};
use super::index::INDEX;
use super::produce::Produced;
use crate::format::Format;
use crate::source::hash::sha256;
use crate::verify::{Check, Proof};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Its name under the output folder.
pub const MANIFEST: &str = "manifest.json";

/// Largest manifest that is read, in bytes: about thirty thousand documents in five editions.
pub const LIMIT: u64 = 64 * 1024 * 1024;

/// All editions of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub tool: Tool,
    /// The profiles that the editions were made with, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// SHA-256 of the index, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
    /// Origins of the editions, by project-relative path of the source.
    #[serde(default)]
    pub documents: BTreeMap<String, Arc<Origin>>,
    /// Editions by path under the output folder.
    pub editions: BTreeMap<String, Arc<Entry>>,
    /// Files that documents link to, copied beside the editions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, FileEntry>,
}

/// A file that was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Project-relative path.
    pub source: String,
    pub bytes: u64,
    pub sha256: String,
}

/// Whether a path is one that an edition can have.
fn is_edition(path: &str, format: Format) -> bool {
    is_ordinary(path) && path.strip_suffix(format.extension()).is_some_and(|stem| stem.ends_with('.'))
}

/// The tool that made the editions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

/// The state of a document when its editions were made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub title: String,
    /// BCP 47 tag.
    pub lang: String,
    /// The document's own date, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Every file that the editions depend on, with the SHA-256 of its bytes.
    pub inputs: BTreeMap<String, String>,
}

/// One edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub source: String,
    pub format: Format,
    /// Whether it says what changed since an earlier version.
    #[serde(default, rename = "changes", skip_serializing_if = "std::ops::Not::not")]
    pub is_redline: bool,
    pub bytes: u64,
    pub sha256: String,
    /// Standards that the edition claims to follow, where it was proved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
    /// How it fared: by what was checked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub verdicts: BTreeMap<String, Verdict>,
    /// The state of the document for this edition, if other editions were made from a later one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Arc<Origin>>,
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Passed,
    Failed,
}

impl Default for Manifest {
    fn default() -> Self {
        let tool = Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
        Manifest {
            tool,
            profiles: Vec::new(),
            index: None,
            documents: BTreeMap::new(),
            editions: BTreeMap::new(),
            files: BTreeMap::new(),
        }
    }
}

impl Manifest {
    /// The manifest in a folder, where there is one. It is input like any
    /// other: what is none, or names places outside the folder, is refused.
    pub fn read(folder: &Folder) -> Result<Option<Manifest>, String> {
        match folder.read(MANIFEST, LIMIT) {
            Ok(bytes) => Manifest::parse(&bytes).map(Some),
            Err(AccessError::System(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(denied) => Err(denied.to_string()),
        }
    }

    /// A manifest from the bytes of its file.
    pub fn parse(bytes: &[u8]) -> Result<Manifest, String> {
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(|_| "it is no manifest".to_owned())?;
        manifest.check().map(|()| manifest)
    }

    /// Whether it names only places inside the folder.
    pub fn check(&self) -> Result<(), String> {
        if let Some((path, _)) = self.editions.iter().find(|(path, entry)| !is_edition(path, entry.format)) {
            return Err(format!("{path:?} is no place for an edition"));
        }
        match self.files.keys().find(|path| !is_ordinary(path)) {
            Some(path) => Err(format!("{path:?} is no place for a file")),
            None => Ok(()),
        }
    }

    /// Whether the file at a path below the output folder is one that builds
    /// have made.
    pub fn owns(&self, path: &str) -> bool {
        // Manifests did not always name the index.
        let is_index =
            path == INDEX && (self.index.is_some() || self.editions.values().any(|entry| entry.format == Format::Html));
        is_index || self.editions.contains_key(path) || self.files.contains_key(path)
    }

    /// Takes over an edition that an earlier build made, with what its document was then.
    pub fn keep(&mut self, path: String, entry: Arc<Entry>, was: Option<&Arc<Origin>>) {
        let mut entry = Arc::unwrap_or_clone(entry);
        if let Some(origin) = entry.origin.take().or_else(|| was.cloned()) {
            match self.documents.get(&entry.source) {
                Some(now) if *now == origin => {}
                Some(_) => entry.origin = Some(origin),
                None => {
                    self.documents.insert(entry.source.clone(), origin);
                }
            }
        }
        self.editions.insert(path, Arc::new(entry));
    }

    /// The bytes of the file: JSON, with a line for each document and each edition, so
    /// that two of them can be compared.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Twice what a line takes for the most part: room that is not used costs nothing.
        const LINE: usize = 768;
        let mut bytes = Vec::with_capacity(LINE * (self.documents.len() + self.editions.len() + self.files.len() + 1));
        bytes.extend_from_slice(b"{\n\"tool\": ");
        push_json(&mut bytes, &self.tool);
        if !self.profiles.is_empty() {
            bytes.extend_from_slice(b",\n\"profiles\": ");
            push_json(&mut bytes, &self.profiles);
        }
        if let Some(index) = &self.index {
            bytes.extend_from_slice(b",\n\"index\": ");
            push_json(&mut bytes, index);
        }
        push_lines(&mut bytes, "documents", &self.documents);
        push_lines(&mut bytes, "editions", &self.editions);
        if !self.files.is_empty() {
            push_lines(&mut bytes, "files", &self.files);
        }
        bytes.extend_from_slice(b"\n}\n");
        bytes
    }
}

/// Writes a value in one line.
fn push_json<T: Serialize + ?Sized>(bytes: &mut Vec<u8>, value: &T) {
    let written = serde_json::to_writer(bytes, value);
    debug_assert!(written.is_ok(), "maps with text keys, text and numbers serialize");
}

/// Writes a map with a line for each entry.
fn push_lines<T: Serialize>(bytes: &mut Vec<u8>, name: &str, map: &BTreeMap<String, T>) {
    bytes.extend_from_slice(b",\n");
    push_json(bytes, name);
    bytes.extend_from_slice(b": {");
    for (number, (key, value)) in map.iter().enumerate() {
        bytes.extend_from_slice(if number == 0 { b"\n  " } else { b",\n  " });
        push_json(bytes, key);
        bytes.extend_from_slice(b": ");
        push_json(bytes, value);
    }
    bytes.extend_from_slice(if map.is_empty() { b"}" } else { b"\n}" });
}

/// The origin of a document's editions.
pub fn origin(produced: &Produced) -> Origin {
    Origin {
        title: produced.title.clone(),
        lang: produced.lang.clone(),
        date: produced.date.clone(),
        description: produced.description.clone(),
        inputs: produced.inputs.clone(),
    }
}

/// The entries of a document's editions.
pub fn entries(produced: &Produced) -> Vec<(String, Arc<Entry>)> {
    let entry = |edition: &super::produce::Edition| Entry {
        source: produced.source.clone(),
        format: edition.format,
        is_redline: edition.is_redline,
        bytes: edition.bytes.len() as u64,
        sha256: sha256(&edition.bytes),
        claims: edition.proof.as_ref().map(|proof| proof.claims.clone()).unwrap_or_default(),
        verdicts: edition.proof.as_ref().map(verdicts).unwrap_or_default(),
        origin: None,
    };
    produced.editions.iter().map(|edition| (edition.path.clone(), Arc::new(entry(edition)))).collect()
}

/// The verdicts on an edition: on its text, and on the rules of its format.
fn verdicts(proof: &Proof) -> BTreeMap<String, Verdict> {
    let verdict = |checks: &[Check]| {
        let passed = checks.iter().all(|check| check.faults.is_empty());
        if passed { Verdict::Passed } else { Verdict::Failed }
    };
    let (text, rules) = proof.checks.split_at_checked(1).unwrap_or_default();
    [("text".to_owned(), verdict(text)), ("rules".to_owned(), verdict(rules))].into()
}
