//! The only access to the disk for documents: files of the project, and
//! nothing outside it.

use crate::source::{FileError, Files};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Largest file that is read, in bytes. A document, a picture or a table of
/// data that is larger is a slip or an attack.
pub const FILE_LIMIT: u64 = 256 * 1024 * 1024;

/// Files under one folder of the disk.
#[derive(Debug, Clone)]
pub struct DiskFiles {
    /// Canonical path of the project's root.
    root: PathBuf,
}

impl DiskFiles {
    /// The files under `root`.
    ///
    /// # Errors
    /// What the system says when the folder cannot be found.
    pub fn new(root: &Path) -> std::io::Result<Self> {
        Ok(Self { root: root.canonicalize()? })
    }

    /// The project's root, canonical.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a project-relative path lies on the disk, after all symbolic
    /// links are followed.
    fn locate(&self, path: &str) -> Result<PathBuf, FileError> {
        let relative = Path::new(path);
        if !relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(FileError::OutsideProject);
        }
        let real = self.root.join(relative).canonicalize().map_err(|error| file_error(&error))?;
        if real.starts_with(&self.root) { Ok(real) } else { Err(FileError::OutsideProject) }
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let real = self.locate(path)?;
        // Asked before opening: opening a named pipe waits for a writer.
        let metadata = std::fs::metadata(&real).map_err(|error| file_error(&error))?;
        if metadata.is_dir() {
            return Err(FileError::Other("this is a folder".to_owned()));
        }
        if !metadata.is_file() {
            return Err(FileError::Other("this is not an ordinary file".to_owned()));
        }
        if metadata.len() > FILE_LIMIT {
            return Err(FileError::TooLarge { limit: FILE_LIMIT });
        }
        let file = File::open(&real).map_err(|error| file_error(&error))?;
        let mut bytes = Vec::new();
        file.take(FILE_LIMIT + 1).read_to_end(&mut bytes).map_err(|error| file_error(&error))?;
        if bytes.len() as u64 > FILE_LIMIT { Err(FileError::TooLarge { limit: FILE_LIMIT }) } else { Ok(bytes) }
    }
}

fn file_error(error: &std::io::Error) -> FileError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => FileError::NotFound,
        _ => FileError::Other(error.to_string()),
    }
}

/// A SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Passes reads on and remembers what was read, for manifests and depfiles.
pub struct Recorder<'a> {
    files: &'a dyn Files,
    read: Mutex<BTreeMap<String, String>>,
}

impl<'a> Recorder<'a> {
    /// Records what is read through it.
    pub fn new(files: &'a dyn Files) -> Self {
        Self { files, read: Mutex::default() }
    }

    /// Every file that was read, with the SHA-256 of its bytes.
    pub fn into_inputs(self) -> BTreeMap<String, String> {
        self.read.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for Recorder<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let bytes = self.files.read(path)?;
        let hash = sha256(&bytes);
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), hash);
        Ok(bytes)
    }
}

/// Standard input under a name, beside the files of a folder.
pub struct WithInput<'a> {
    pub files: &'a dyn Files,
    pub name: &'a str,
    pub bytes: &'a [u8],
}

impl Files for WithInput<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if path == self.name { Ok(self.bytes.to_vec()) } else { self.files.read(path) }
    }
}
