//! Single files that the user names: a depfile, reports.

use super::build::shown;
use super::failure::Failure;
use super::folder::{AccessError, Folder, Written};
use std::path::Path;

/// Writes a file atomically, creating its folder if necessary. Nothing is written if the path is
/// not an ordinary file, or if the file already has these bytes.
pub fn write(path: &Path, bytes: &[u8]) -> Result<Written, Failure> {
    write_by(path, |folder, name| folder.write(name, bytes))
}

/// Like [`write()`], but also if the file already has these bytes.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_by(path, |folder, name| folder.put(name, bytes).map(|_| ()))
}

fn write_by<T>(path: &Path, write: impl FnOnce(&Folder, &str) -> Result<T, AccessError>) -> Result<T, Failure> {
    let failure = |error: std::io::Error| Failure::io("write", path, &error);
    let denied = |denied: AccessError| Failure::Io(format!("cannot write {}: {denied}", shown(path)));
    let parent = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Failure::Usage(format!("{} is no name of a file", shown(path))))?;
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(denied(AccessError::NotAFile));
    }
    write(&Folder::make(parent).map_err(failure)?, name).map_err(denied)
}

/// Reads an ordinary file that the user names.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let denied = |denied: AccessError| Failure::Io(format!("cannot read {}: {denied}", shown(path)));
    // A link is followed: it is the user who names it.
    let real = path.canonicalize().map_err(|error| Failure::io("read", path, &error))?;
    let (parent, name) = real
        .parent()
        .zip(real.file_name().and_then(|name| name.to_str()))
        .ok_or_else(|| denied(AccessError::NotAFile))?;
    Folder::open(parent).map_err(|error| Failure::io("read", path, &error))?.read(name, limit).map_err(denied)
}
