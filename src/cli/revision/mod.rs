//! A revision of a git repository, read in this process: no program is started, no hook
//! or filter runs, and nothing outside the repository is read.

mod name;
mod repository;

use super::files::FILE_LIMIT;
use super::folder::is_safe_name;
use crate::parallel::locked;
use crate::source::hash::sha256;
use crate::source::{FileError, Files};
use gix_hash::ObjectId;
use gix_object::tree::EntryKind;
use gix_object::{Find, FindHeader, Kind, TreeRefIter};
use repository::Repository;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Objects as git keeps them, for any thread.
pub type Objects = gix_odb::HandleArc;

/// Most files of a revision, and folders on the way to one.
const MOST_FILES: usize = 500_000;
const DEEPEST: usize = 100;
/// Links that are followed from one to the next, as systems do.
const MOST_LINKS: usize = 8;

/// Why there is no such revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub message: String,
    pub hint: String,
}

impl Problem {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Problem {
        Problem { message: message.into(), hint: hint.into() }
    }
}

/// The files of a folder as they were in a revision.
pub struct Revision {
    objects: Mutex<Objects>,
    files: BTreeMap<String, File>,
    /// Where Git LFS keeps files that the repository only points to.
    large: PathBuf,
    /// The commit, in hexadecimal.
    pub commit: String,
    /// Id of the folder's tree, in hexadecimal.
    pub tree: String,
}

#[derive(Clone, Copy)]
struct File {
    object: ObjectId,
    is_link: bool,
}

impl Revision {
    /// The revision that `name` means in the repository of a folder, whose path is canonical.
    pub fn open(folder: &Path, name: &str) -> Result<Revision, Problem> {
        let repository = Repository::discover(folder)?;
        let objects = repository.objects()?;
        let commit = name::commit(name, &repository, &objects)?;
        let tree = name::tree_of(commit, &objects).ok_or_else(|| repository.missing(commit))?;
        let inside = folder.strip_prefix(&repository.top).unwrap_or(Path::new(""));
        let tree = folder_in(tree, inside, &objects, &repository, name)?;
        let files = files(tree, &objects, &repository)?;
        let (large, commit) = (repository.common.join("lfs/objects"), commit.to_string());
        Ok(Revision { objects: Mutex::new(objects), files, large, commit, tree: tree.to_string() })
    }

    /// The paths of all files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The file at a path, through links.
    fn find(&self, path: &str) -> Result<ObjectId, FileError> {
        let mut path = plain(path).ok_or(FileError::OutsideProject)?;
        for _ in 0..MOST_LINKS {
            let file = *self.files.get(&path).ok_or(FileError::NotFound)?;
            if !file.is_link {
                return Ok(file.object);
            }
            let target = String::from_utf8(self.blob(file.object)?).map_err(|_| FileError::UnsafeName)?;
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            path = plain(&format!("{folder}/{target}"))
                .filter(|_| !target.starts_with('/'))
                .ok_or(FileError::OutsideProject)?;
        }
        Err(FileError::Other("links lead from one to the next".to_owned()))
    }

    fn blob(&self, object: ObjectId) -> Result<Vec<u8>, FileError> {
        let objects = locked(&self.objects);
        let missing = || FileError::Other(format!("the repository lacks the object {object}"));
        let size = objects.try_header(&object).ok().flatten().ok_or_else(missing)?.size;
        if size > FILE_LIMIT {
            return Err(FileError::TooLarge { limit: FILE_LIMIT });
        }
        let mut bytes = Vec::new();
        match objects.try_find(&object, &mut bytes) {
            Ok(Some(data)) if data.kind == Kind::Blob => Ok(data.data.to_vec()),
            _ => Err(missing()),
        }
    }

    /// The file that a pointer of Git LFS stands for, where the repository has it.
    fn large(&self, pointer: &[u8]) -> Result<Vec<u8>, FileError> {
        let absent = || {
            let message = "the revision holds a pointer of Git LFS, whose file is not here (`git lfs fetch` gets it)";
            FileError::Other(message.to_owned())
        };
        let text = std::str::from_utf8(pointer).map_err(|_| absent())?;
        let hash = text.lines().find_map(|line| line.strip_prefix("oid sha256:")).ok_or_else(absent)?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let (first, rest) = hash.split_at_checked(2).filter(|_| is_hash).ok_or_else(absent)?;
        let second = rest.get(..2).unwrap_or_default();
        let path = self.large.join(first).join(second).join(hash);
        let length = path.symlink_metadata().ok().filter(|file| file.is_file()).ok_or_else(absent)?.len();
        if length > FILE_LIMIT {
            return Err(FileError::TooLarge { limit: FILE_LIMIT });
        }
        let bytes = std::fs::read(path).map_err(|_| absent())?;
        if sha256(&bytes) == hash { Ok(bytes) } else { Err(absent()) }
    }
}

impl Files for Revision {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        /// How a pointer of Git LFS begins, and how long one may be.
        const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
        const LONGEST: usize = 1024;
        if path.starts_with('/') {
            return Err(FileError::OutsideProject);
        }
        let bytes = self.blob(self.find(path)?)?;
        if bytes.len() < LONGEST && bytes.starts_with(POINTER) { self.large(&bytes) } else { Ok(bytes) }
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let inside = self.files.range(start.clone()..).map_while(|(path, _)| path.strip_prefix(start.as_str()));
        let mut names: Vec<String> = inside.map(|rest| rest.split('/').next().unwrap_or_default().to_owned()).collect();
        names.dedup();
        names
    }
}

/// A path without needless steps; `None` where it leads out.
fn plain(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The tree of a folder inside the repository.
fn folder_in(
    mut tree: ObjectId,
    inside: &Path,
    objects: &Objects,
    repository: &Repository,
    name: &str,
) -> Result<ObjectId, Problem> {
    for part in inside.iter() {
        let mut bytes = Vec::new();
        let data = objects.try_find(&tree, &mut bytes).ok().flatten().ok_or_else(|| repository.missing(tree))?;
        let mut entries = TreeRefIter::from_bytes(data.data, data.object_hash).filter_map(Result::ok);
        let found = entries.find(|entry| entry.mode.is_tree() && entry.filename == part.as_encoded_bytes());
        tree = found.map(|entry| entry.oid.to_owned()).ok_or_else(|| {
            let folder = inside.to_string_lossy();
            let message = format!("the revision `{name}` has no folder {folder}, in which the project lies now");
            Problem::new(message, "check the revision out elsewhere, and name the folder there with --against")
        })?;
    }
    Ok(tree)
}

/// All files below a tree, by relative path. Unsafe names are left out, as in folders. Submodules
/// have no files here.
fn files(tree: ObjectId, objects: &Objects, repository: &Repository) -> Result<BTreeMap<String, File>, Problem> {
    let mut files = BTreeMap::new();
    let mut open = vec![(String::new(), tree, 0_usize)];
    while let Some((folder, tree, depth)) = open.pop() {
        let mut bytes = Vec::new();
        let data = objects.try_find(&tree, &mut bytes).ok().flatten().ok_or_else(|| repository.missing(tree))?;
        for entry in TreeRefIter::from_bytes(data.data, data.object_hash).filter_map(Result::ok) {
            let Ok(name) = std::str::from_utf8(entry.filename) else { continue };
            if !is_safe_name(name) || matches!(name, "" | "." | "..") {
                continue;
            }
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            match entry.mode.kind() {
                EntryKind::Tree => open.push((path, entry.oid.to_owned(), depth + 1)),
                EntryKind::Commit => {}
                kind @ (EntryKind::Blob | EntryKind::BlobExecutable | EntryKind::Link) => {
                    let is_link = kind == EntryKind::Link;
                    files.insert(path, File { object: entry.oid.to_owned(), is_link });
                }
            }
        }
        if files.len() > MOST_FILES || depth > DEEPEST {
            let message = format!("the revision has more than {MOST_FILES} files, or folders deeper than {DEEPEST}");
            return Err(Problem::new(message, "give the project a folder of its own in the repository"));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(plain("a/./b/../c").as_deref(), Some("a/c"));
        assert_eq!(plain("/a//b").as_deref(), Some("a/b"));
        assert_eq!(plain("a/../../b"), None);
    }
}
