//! Writing: whole files or nothing.

use super::failure::Failure;
use super::files::sha256;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::SystemTime;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    New,
    /// It held these bytes already and was not touched.
    Unchanged,
}

/// Writes a file whole: beside its place first, then moved there, so that a
/// reader never sees half of it. A file that is right already is not touched.
pub fn write(path: &Path, bytes: &[u8]) -> Result<Written, Failure> {
    if fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() == bytes.len() as u64)
        && fs::read(path).is_ok_and(|present| present == bytes)
    {
        return Ok(Written::Unchanged);
    }
    let failure = |error: std::io::Error| Failure::io("write", path, &error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failure)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failure)?;
    file.write_all(bytes).map_err(failure)?;
    set_ordinary_mode(file.as_file()).map_err(failure)?;
    file.persist(path).map_err(|error| failure(error.error))?;
    Ok(Written::New)
}

/// Marks a file as written just now.
pub fn touch(path: &Path) -> Result<(), Failure> {
    let file = fs::File::options().append(true).open(path);
    file.and_then(|file| file.set_modified(SystemTime::now())).map_err(|error| Failure::io("write", path, &error))
}

/// Removes a file if it still holds what was once written; tells whether it did.
pub fn remove_if_same(path: &Path, hash: &str) -> Result<bool, Failure> {
    if !fs::read(path).is_ok_and(|present| sha256(&present) == hash) {
        return Ok(false);
    }
    fs::remove_file(path).map_err(|error| Failure::io("remove", path, &error))?;
    Ok(true)
}

/// A temporary file is private to its owner; an edition is not.
#[cfg(unix)]
fn set_ordinary_mode(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    const ORDINARY: u32 = 0o644;
    file.set_permissions(fs::Permissions::from_mode(ORDINARY))
}

#[cfg(not(unix))]
fn set_ordinary_mode(_file: &fs::File) -> std::io::Result<()> {
    Ok(())
}
