//! The only access to the disk for documents: files of the project, and
//! nothing outside it.

use super::folder::{Denied, Folder, is_safe_name};
use crate::source::{FileError, Files};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Largest file that is read, in bytes. A document, a picture or a table of
/// data that is larger is a slip or an attack.
pub const FILE_LIMIT: u64 = 256 * 1024 * 1024;

/// Files under one folder of the disk.
pub struct DiskFiles {
    folder: Arc<Folder>,
}

impl DiskFiles {
    /// The files under `root`.
    ///
    /// # Errors
    /// What the system says when the folder cannot be found.
    pub fn new(root: &Path) -> std::io::Result<Self> {
        Ok(Self { folder: Arc::new(Folder::open(root)?) })
    }

    /// The project's root, canonical.
    pub fn root(&self) -> &Path {
        self.folder.real()
    }

    /// The project's root, for what lies below it.
    pub fn folder(&self) -> &Arc<Folder> {
        &self.folder
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if path.starts_with('/') || parts.contains(&"..") {
            return Err(FileError::OutsideProject);
        }
        if !parts.iter().all(|part| is_safe_name(part)) {
            return Err(FileError::UnsafeName);
        }
        self.folder.read(&parts.join("/"), FILE_LIMIT).map_err(|denied| match denied {
            Denied::Outside => FileError::OutsideProject,
            Denied::TooLarge { limit } => FileError::TooLarge { limit },
            denied if denied.is_absent() => FileError::NotFound,
            Denied::NotAFile | Denied::System(_) => FileError::Other(denied.to_string()),
        })
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let names = if folder.is_empty() {
            self.folder.names()
        } else {
            self.folder.folder(folder).and_then(|folder| folder.names())
        };
        names.unwrap_or_default()
    }
}

/// A SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Passes reads on and remembers what was read, for manifests, depfiles and the next build.
pub struct Recorder<'a> {
    files: &'a dyn Files,
    reads: Mutex<Reads>,
}

/// What was learnt of files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    /// Every file that was read, with the SHA-256 of its bytes.
    pub inputs: BTreeMap<String, String>,
    /// Files that could not be read, with the reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub absent: BTreeMap<String, String>,
    /// Folders whose names were asked for, with the SHA-256 of these.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub listings: BTreeMap<String, String>,
}

impl<'a> Recorder<'a> {
    /// Records what is read through it.
    pub fn new(files: &'a dyn Files) -> Self {
        Self { files, reads: Mutex::default() }
    }

    /// What was read up to now.
    pub fn reads(&self) -> Reads {
        self.reads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was read.
    pub fn into_reads(self) -> Reads {
        self.reads.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for Recorder<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let result = self.files.read(path);
        let outcome = result.as_ref().map(|bytes| sha256(bytes)).map_err(FileError::to_string);
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(hash) => reads.inputs.insert(path.to_owned(), hash),
            Err(reason) => reads.absent.insert(path.to_owned(), reason),
        };
        result
    }

    fn read_unrecorded(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.files.read_unrecorded(path)
    }

    fn probe(&self, path: &str) -> Result<(), FileError> {
        let reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = reads.inputs.contains_key(path);
        drop(reads);
        if is_known { Ok(()) } else { self.read(path).map(|_| ()) }
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let names = self.files.names(folder);
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        reads.listings.insert(folder.to_owned(), hash_of_names(&names));
        names
    }
}

/// The SHA-256 of the names in a folder.
pub fn hash_of_names(names: &[String]) -> String {
    sha256(names.join("\n").as_bytes())
}

/// Standard input under a name, beside the files of a folder.
pub struct WithInput<'a> {
    pub files: &'a dyn Files,
    pub name: &'a str,
    pub bytes: &'a [u8],
}

impl Files for WithInput<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if path != self.name {
            return self.files.read(path);
        }
        let is_whole = self.bytes.len() as u64 <= FILE_LIMIT;
        if is_whole { Ok(self.bytes.to_vec()) } else { Err(FileError::TooLarge { limit: FILE_LIMIT }) }
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.files.names(folder)
    }
}
