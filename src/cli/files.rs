//! The only access to the disk for documents: files of the project, and
//! nothing outside it.

use super::folder::{AccessError, Folder, is_safe_name};
use crate::source::{FileError, Files, Source};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

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

    /// The project's root folder.
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
            AccessError::Outside => FileError::OutsideProject,
            AccessError::TooLarge { limit } => FileError::TooLarge { limit },
            denied if denied.is_absent() => FileError::NotFound,
            AccessError::NotAFile | AccessError::System(_) => FileError::Other(denied.to_string()),
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

/// Texts by their paths that count before the files of a folder: standard input, what an
/// editor has not saved, what is about to be written.
pub struct Overlay<'a> {
    pub files: &'a dyn Files,
    pub texts: &'a BTreeMap<String, OverlayText>,
}

/// A text that counts before a file.
pub enum OverlayText {
    Bytes(Vec<u8>),
    /// A text of the editor, shared with it.
    Source(Arc<Source>),
}

impl OverlayText {
    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            OverlayText::Bytes(bytes) => bytes,
            OverlayText::Source(source) => source.text().as_bytes(),
        }
    }
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        match self.texts.get(path).map(OverlayText::as_bytes) {
            Some(bytes) if bytes.len() as u64 > FILE_LIMIT => Err(FileError::TooLarge { limit: FILE_LIMIT }),
            Some(bytes) => Ok(bytes.to_vec()),
            None => self.files.read(path),
        }
    }

    fn says(&self, path: &str, bytes: &[u8]) -> bool {
        match self.texts.get(path).map(OverlayText::as_bytes) {
            Some(text) => text == bytes && text.len() as u64 <= FILE_LIMIT,
            None => self.files.says(path, bytes),
        }
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.files.names(folder)
    }
}
