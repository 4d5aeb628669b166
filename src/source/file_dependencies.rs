//! The files that a result depends on, with hashes to detect changes.

use super::hash::sha256;
use super::{FileError, Files};
use crate::parallel::locked;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Forwards reads and records them, for manifests, depfiles and the next build.
pub struct Recorder<'a> {
    files: &'a dyn Files,
    reads: Mutex<FileDependencies>,
}

/// The files that were read, were missing, or were listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDependencies {
    /// Every file that was read, with the SHA-256 of its bytes.
    pub inputs: BTreeMap<String, String>,
    /// Files that could not be read, with the reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub absent: BTreeMap<String, String>,
    /// Folders that were listed, with the SHA-256 of their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub listings: BTreeMap<String, String>,
}

impl<'a> Recorder<'a> {
    /// A recorder of the reads from `files`.
    pub fn new(files: &'a dyn Files) -> Self {
        Self { files, reads: Mutex::default() }
    }

    /// The reads so far.
    pub fn reads(&self) -> FileDependencies {
        locked(&self.reads).clone()
    }

    /// The recorded reads.
    pub fn into_dependencies(self) -> FileDependencies {
        self.reads.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for Recorder<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let result = self.files.read(path);
        let outcome = result.as_ref().map(|bytes| sha256(bytes)).map_err(FileError::to_string);
        let mut reads = locked(&self.reads);
        match outcome {
            Ok(hash) => reads.inputs.insert(path.to_owned(), hash),
            Err(reason) => reads.absent.insert(path.to_owned(), reason),
        };
        result
    }

    fn read_untracked(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.files.read_untracked(path)
    }

    fn says(&self, path: &str, bytes: &[u8]) -> bool {
        self.files.says(path, bytes)
    }

    fn probe(&self, path: &str) -> Result<(), FileError> {
        let reads = locked(&self.reads);
        let is_known = reads.inputs.contains_key(path);
        drop(reads);
        if is_known { Ok(()) } else { self.read(path).map(|_| ()) }
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let names = self.files.names(folder);
        let mut reads = locked(&self.reads);
        reads.listings.insert(folder.to_owned(), hash_of_names(&names));
        names
    }
}

/// The SHA-256 of the names in a folder.
pub fn hash_of_names(names: &[String]) -> String {
    sha256(names.join("\n").as_bytes())
}
