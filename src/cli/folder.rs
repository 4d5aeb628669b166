//! A folder of the disk and nothing outside it: the one place that decides
//! where a path really lies, for all that is read, written, touched or removed.

use crate::parallel::locked;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, Metadata, OpenOptions};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

/// Name prefix of temporary files, which are not yet moved to their final path.
const TEMPORARY: &str = ".tmp";
/// How many letters and digits follow.
const TEMPORARY_LETTERS: usize = 6;
/// Maximum number of attempts to write a file, if its folder is removed meanwhile or its temporary
/// name is taken.
const ATTEMPTS: usize = 8;

/// A folder. Links in it are followed if they stay inside. The system refuses others, even ones
/// created meanwhile.
pub struct Folder {
    dir: Dir,
    /// Its canonical path.
    real: PathBuf,
    /// Folders inside that were found to lie where their paths say.
    plain: Mutex<BTreeSet<String>>,
}

/// Result of writing a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Written, with its new stamp.
    New(Option<Stamp>),
    /// Not touched, because it already had these bytes.
    Unchanged,
}

/// Result of a compare-and-swap on a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwapResult {
    Done,
    /// Someone else changed it meanwhile.
    Changed,
    /// The path is a link, to another file.
    IsLink,
}

/// When a file became what it is. Its time of change is the system's own and cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u64, i64)", into = "(u64, u64, i64)")]
pub struct Stamp {
    /// Length in bytes.
    pub length: u64,
    /// The file's number on its disk.
    pub number: u64,
    /// When its contents or anything else about it changed, in nanoseconds since 1970.
    pub changed: i64,
}

impl From<(u64, u64, i64)> for Stamp {
    fn from((length, number, changed): (u64, u64, i64)) -> Self {
        Stamp { length, number, changed }
    }
}

impl From<Stamp> for (u64, u64, i64) {
    fn from(Stamp { length, number, changed }: Stamp) -> Self {
        (length, number, changed)
    }
}

/// Why a file was not read, written, touched or removed.
#[derive(Debug)]
pub enum AccessError {
    /// The path, or a link on its way, leads out of the folder.
    Outside,
    /// Not an ordinary file: a folder, pipe, device or the like.
    NotAFile,
    /// Larger than the limit for reading.
    TooLarge {
        limit: u64,
    },
    System(io::Error),
}

impl AccessError {
    /// Whether there is nothing at the path.
    pub fn is_absent(&self) -> bool {
        matches!(self, AccessError::System(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory))
    }
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AccessError::Outside => f.write_str("a link or the path itself leads out of the folder"),
            AccessError::NotAFile => f.write_str("this is not an ordinary file"),
            AccessError::TooLarge { limit } => write!(f, "the file is larger than {limit} bytes"),
            AccessError::System(error) => error.fmt(f),
        }
    }
}

impl From<io::Error> for AccessError {
    /// A refusal to leave the folder is not the system's and has no number.
    fn from(error: io::Error) -> AccessError {
        let leaves = error.kind() == ErrorKind::PermissionDenied && error.raw_os_error().is_none();
        if leaves { AccessError::Outside } else { AccessError::System(error) }
    }
}

/// How a link at the end of a path is treated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    /// The link is followed.
    Followed,
    /// The link itself is replaced or removed.
    Itself,
}

/// Everything below a folder, by path, in order.
#[derive(Default)]
pub struct Tree {
    /// Files, links, and whatever else is no folder.
    pub files: Vec<String>,
    /// Each after those that it holds.
    pub folders: Vec<String>,
}

impl Folder {
    /// A folder that the user or the project names, wherever it lies.
    ///
    /// # Errors
    /// The system's error if it cannot be opened.
    pub fn open(path: &Path) -> io::Result<Folder> {
        let real = path.canonicalize()?;
        let dir = Dir::open_ambient_dir(&real, ambient_authority())?;
        Ok(Folder { dir, real, plain: Mutex::default() })
    }

    /// Opens a folder, creating it if necessary.
    pub fn make(path: &Path) -> io::Result<Folder> {
        std::fs::create_dir_all(path)?;
        Folder::open(path)
    }

    /// A folder below this one.
    pub fn folder(&self, path: &str) -> Result<Folder, AccessError> {
        let place = self.place(path, Link::Followed)?;
        Ok(Folder { dir: self.dir.open_dir(&place)?, real: self.real.join(place), plain: Mutex::default() })
    }

    /// A folder below this one, created if necessary.
    pub fn make_folder(&self, path: &str) -> Result<Folder, AccessError> {
        let place = self.place(path, Link::Itself)?;
        self.dir.create_dir_all(place)?;
        self.folder(path)
    }

    /// The canonical path.
    pub fn real(&self) -> &Path {
        &self.real
    }

    /// The decision: where a path really lies below the folder, after all
    /// links on the way. What is not there yet lies below the deepest folder
    /// on the way that is.
    fn place(&self, path: &str, link: Link) -> Result<PathBuf, AccessError> {
        if !is_ordinary(path) {
            return Err(AccessError::Outside);
        }
        if self.is_in_plain_folder(path) && (link == Link::Itself || !self.dir.symlink_metadata(path)?.is_symlink()) {
            return Ok(PathBuf::from(path));
        }
        let mut known = self.real.join(path);
        let mut rest: Vec<&OsStr> = Vec::new();
        let written = known.clone();
        let mut names = written.iter().rev();
        if link == Link::Itself {
            known.pop();
            rest.extend(names.next());
        }
        loop {
            match known.canonicalize() {
                Ok(real) => {
                    let inside = real.strip_prefix(&self.real).map_err(|_| AccessError::Outside)?;
                    let place = rest.iter().rev().fold(inside.to_owned(), |place, name| place.join(name));
                    // A link may lead to the folder itself.
                    return Ok(if place.as_os_str().is_empty() { PathBuf::from(".") } else { place });
                }
                Err(error) if error.kind() == ErrorKind::NotFound && link == Link::Itself && known != self.real => {
                    // A link that leads nowhere would lead there once there is something.
                    if known.is_symlink() {
                        return Err(AccessError::Outside);
                    }
                    known.pop();
                    rest.extend(names.next());
                }
                Err(error) => return Err(AccessError::System(error)),
            }
        }
    }

    /// Where a path really lies, after all links, and what is there.
    fn look(&self, path: &str) -> Result<(PathBuf, Metadata), AccessError> {
        if is_ordinary(path) && self.is_in_plain_folder(path) {
            let found = self.dir.symlink_metadata(path)?;
            if !found.is_symlink() {
                return Ok((PathBuf::from(path), found));
            }
        }
        let place = self.place(path, Link::Followed)?;
        let found = self.dir.metadata(&place)?;
        Ok((place, found))
    }

    /// Whether no link is on the way to a path. If one is put there later, the system still refuses
    /// to leave the folder.
    fn is_in_plain_folder(&self, path: &str) -> bool {
        let Some((folder, _)) = path.rsplit_once('/') else { return true };
        let known = || locked(&self.plain);
        if known().contains(folder) {
            return true;
        }
        let written = self.real.join(folder);
        let is_plain = written.canonicalize().is_ok_and(|real| real == written);
        if is_plain {
            known().insert(folder.to_owned());
        }
        is_plain
    }

    /// Whether a file may be written at a path: it would lie below the folder.
    pub fn takes(&self, path: &str) -> Result<(), AccessError> {
        self.place(path, Link::Itself).map(|_| ())
    }

    /// Whether there is anything at a path, be it a link that leads nowhere.
    pub fn holds(&self, path: &str) -> bool {
        self.place(path, Link::Itself).is_ok_and(|place| self.dir.symlink_metadata(place).is_ok())
    }

    /// The bytes of an ordinary file of at most `limit` bytes.
    pub fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, AccessError> {
        let (file, length) = self.open_file(path, limit)?;
        read_to(file, length, limit)
    }

    /// An ordinary file of at most `limit` bytes, and how many it has.
    fn open_file(&self, path: &str, limit: u64) -> Result<(File, u64), AccessError> {
        // Asked before opening, for opening a device can do something; and
        // asked again, for it may be another file by then.
        let (place, found) = self.look(path)?;
        check(&found, limit)?;
        let file = self.dir.open_with(place, &without_waiting())?;
        let found = file.metadata()?;
        check(&found, limit)?;
        Ok((file, found.len()))
    }

    /// Writes a file whole: beside its place first, then moved there, so that a
    /// reader never sees half of it. A file that is right already is not
    /// touched; a link at its place is replaced.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<Written, AccessError> {
        if self.is_same(path, bytes) {
            return Ok(Written::Unchanged);
        }
        self.put(path, bytes).map(Written::New)
    }

    /// Writes a file whole whatever is at its place. Returns its stamp.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<Option<Stamp>, AccessError> {
        self.put_with(path, &|file| file.write_all(bytes))
    }

    /// Writes a file whole by `write`, which may be called again, whatever is at its place.
    /// Returns its stamp.
    pub fn put_with(
        &self,
        path: &str,
        write: &dyn Fn(&mut std::fs::File) -> io::Result<()>,
    ) -> Result<Option<Stamp>, AccessError> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            match self.replace(path, write) {
                // Another build cleared the folder away, empty as it was.
                Err(denied) if denied.is_absent() && attempts < ATTEMPTS => {}
                result => return result,
            }
        }
    }

    /// Puts bytes in the place of others in an ordinary file that keeps its permissions. A
    /// file that is not as it was, or that is a link, is not touched.
    pub fn compare_and_swap(&self, path: &str, before: &[u8], after: &[u8]) -> Result<SwapResult, AccessError> {
        let place = self.place(path, Link::Itself)?;
        let found = self.dir.symlink_metadata(&place)?;
        if found.is_symlink() {
            return Ok(SwapResult::IsLink);
        }
        if !self.is_same(path, before) {
            return Ok(SwapResult::Changed);
        }
        let folder = place.parent().unwrap_or(Path::new(""));
        let (temporary, mut file) = temporary(&self.dir, folder, "")?;
        let written = self
            .dir
            .set_permissions(&temporary, found.permissions())
            .and_then(|()| file.write_all(after))
            .and_then(|()| file.sync_all());
        let is_same = written.is_err() || self.is_same(path, before);
        let moved = match is_same {
            true => written.and_then(|()| self.dir.rename(&temporary, &self.dir, &place)),
            false => Ok(()),
        };
        if moved.is_err() || !is_same {
            let _ = self.dir.remove_file(&temporary);
        }
        moved?;
        Ok(if is_same { SwapResult::Done } else { SwapResult::Changed })
    }

    /// Whether a file holds these bytes already.
    pub fn is_same(&self, path: &str, bytes: &[u8]) -> bool {
        let length = bytes.len() as u64;
        let Ok(place) = self.place(path, Link::Itself) else { return false };
        self.dir.symlink_metadata(place).is_ok_and(|found| found.is_file() && found.len() == length)
            && self.open_file(path, length).is_ok_and(|(file, _)| says(file, bytes))
    }

    fn replace(
        &self,
        path: &str,
        write: &dyn Fn(&mut std::fs::File) -> io::Result<()>,
    ) -> Result<Option<Stamp>, AccessError> {
        let place = self.place(path, Link::Itself)?;
        let name = place.file_name().ok_or(AccessError::NotAFile)?;
        let inside = match place.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) => Some(self.begin_folder(folder)?),
            None => None,
        };
        // Opened once, it is not looked for again by each call.
        let dir = inside.as_ref().unwrap_or(&self.dir);
        let (temporary, mut file) = temporary(dir, Path::new(""), "")?;
        // The data is on disk before the file replaces the old one.
        let written = write(&mut file).and_then(|()| file.sync_all());
        let moved = written.and_then(|()| dir.rename(&temporary, dir, name));
        if moved.is_err() {
            let _ = dir.remove_file(&temporary);
        }
        moved?;
        Ok(Metadata::from_file(&file).ok().and_then(|found| stamp(&found)))
    }

    /// A folder inside, made where it is not there.
    fn begin_folder(&self, folder: &Path) -> io::Result<Dir> {
        match self.dir.open_dir(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.dir.create_dir_all(folder)?;
                self.dir.open_dir(folder)
            }
            opened => opened,
        }
    }

    /// A new file in the folder itself, to be written bit by bit: its name and
    /// the file, which is locked.
    pub fn begin(&self, ending: &str) -> Result<(String, std::fs::File), AccessError> {
        let (place, file) = temporary(&self.dir, Path::new(""), ending)?;
        Ok((place.to_string_lossy().into_owned(), file))
    }

    /// The stamp of an ordinary file; `None` where there is none, or the system keeps no
    /// times of change.
    pub fn stamp(&self, path: &str) -> Option<Stamp> {
        stamp(&self.dir.symlink_metadata(self.place(path, Link::Itself).ok()?).ok()?)
    }

    /// The stamp of this program's own file.
    pub fn of_program() -> io::Result<Option<Stamp>> {
        let program = std::env::current_exe()?.canonicalize()?;
        let name = program.file_name().and_then(OsStr::to_str);
        let folder = Folder::open(program.parent().unwrap_or(Path::new("/")))?;
        Ok(name.and_then(|name| folder.stamp(name)))
    }

    /// Marks a file as written just now.
    pub fn touch(&self, path: &str) -> Result<(), AccessError> {
        let place = self.place(path, Link::Followed)?;
        check(&self.dir.metadata(&place)?, u64::MAX)?;
        let file = self.dir.open_with(place, OpenOptions::new().append(true))?;
        Ok(file.into_std().set_modified(SystemTime::now())?)
    }

    /// Removes a file, or a link as such.
    pub fn remove(&self, path: &str) -> Result<(), AccessError> {
        Ok(self.dir.remove_file(self.place(path, Link::Itself)?)?)
    }

    /// Removes a folder that holds nothing; tells whether it did.
    pub fn remove_if_empty(&self, path: &str) -> bool {
        self.place(path, Link::Itself).is_ok_and(|place| self.dir.remove_dir(place).is_ok())
    }

    /// Whether a temporary file was left by a build that is no more.
    pub fn is_abandoned(&self, path: &str) -> bool {
        let open = || -> Result<std::fs::File, AccessError> {
            let place = self.place(path, Link::Itself)?;
            if !self.dir.symlink_metadata(&place)?.is_file() {
                return Err(AccessError::NotAFile);
            }
            Ok(self.dir.open_with(place, &without_waiting())?.into_std())
        };
        open().is_ok_and(|file| file.try_lock().is_ok())
    }

    /// Names of what is in the folder itself.
    pub fn names(&self) -> Result<Vec<String>, AccessError> {
        let mut names = Vec::new();
        for entry in self.dir.entries()? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    /// Everything below the folder. No link is followed.
    pub fn tree(&self) -> Result<Tree, AccessError> {
        let mut tree = Tree::default();
        self.walk("", &mut tree)?;
        Ok(tree)
    }

    fn walk(&self, folder: &str, tree: &mut Tree) -> Result<(), AccessError> {
        let mut entries = Vec::new();
        let at = if folder.is_empty() { "." } else { folder };
        for entry in self.dir.read_dir(at)? {
            let entry = entry?;
            entries.push((entry.file_name().to_string_lossy().into_owned(), entry.file_type()?.is_dir()));
        }
        entries.sort();
        for (name, is_folder) in entries {
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if is_folder {
                // A name that is not UTF-8 cannot be recorded, and none of our files has one.
                match self.walk(&path, tree) {
                    Err(denied) if !denied.is_absent() => return Err(denied),
                    Ok(()) | Err(_) => tree.folders.push(path),
                }
            } else {
                tree.files.push(path);
            }
        }
        Ok(())
    }
}

/// Whether a path goes down by ordinary names, on every system.
pub fn is_ordinary(path: &str) -> bool {
    let ordinary = |part: &str| !matches!(part, "" | "." | "..") && is_safe_name(part);
    path.split('/').all(ordinary) && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Whether a name holds nothing that ends a line or parts folders somewhere.
pub fn is_safe_name(name: &str) -> bool {
    !name.chars().any(|c| c.is_control() || matches!(c, '\\' | '\u{2028}' | '\u{2029}'))
}

/// Whether a name is that of a file on its way to its place, with what follows
/// the letters of its own.
pub fn temporary_ending(name: &str) -> Option<&str> {
    let (letters, ending) = name.strip_prefix(TEMPORARY)?.split_at_checked(TEMPORARY_LETTERS)?;
    letters.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(ending)
}

/// A new file with a unique temporary name, locked while it is open. An unlocked one belongs to a
/// killed build.
fn temporary(dir: &Dir, folder: &Path, ending: &str) -> Result<(PathBuf, std::fs::File), AccessError> {
    let mut options = OpenOptions::new();
    // The mode is what the user's mask leaves of the usual one.
    options.write(true).create_new(true);
    let random = RandomState::new();
    let mut attempt = 0;
    loop {
        let place = folder.join(format!("{TEMPORARY}{}{ending}", letters(random.hash_one(attempt))));
        match dir.open_with(&place, &options) {
            Ok(file) => {
                let file = file.into_std();
                // Without locks nothing is removed.
                let _ = file.try_lock();
                return Ok((place, file));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists && attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

/// The stamp of what is an ordinary file.
#[cfg(unix)]
fn stamp(found: &Metadata) -> Option<Stamp> {
    use cap_std::fs::MetadataExt;
    const SECOND: i64 = 1_000_000_000;
    found.is_file().then(|| Stamp {
        length: found.len(),
        number: found.ino(),
        changed: found.ctime().saturating_mul(SECOND).saturating_add(found.ctime_nsec()),
    })
}

/// The stamp of a file: this system keeps no times of change.
#[cfg(not(unix))]
fn stamp(_: &Metadata) -> Option<Stamp> {
    None
}

fn letters(mut number: u64) -> String {
    let digits = (0..TEMPORARY_LETTERS).map(|_| {
        let digit = u32::try_from(number % 36).unwrap_or_default();
        number /= 36;
        char::from_digit(digit, 36).unwrap_or('0')
    });
    digits.collect()
}

fn check(found: &Metadata, limit: u64) -> Result<(), AccessError> {
    if !found.is_file() {
        return Err(AccessError::NotAFile);
    }
    if found.len() > limit { Err(AccessError::TooLarge { limit }) } else { Ok(()) }
}

/// Reads a file that seems to have `length` bytes.
fn read_to(file: File, length: u64, limit: u64) -> Result<Vec<u8>, AccessError> {
    // One byte more, so that the end is found without growing the buffer.
    let room = usize::try_from(length.min(limit).saturating_add(1)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(room);
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(AccessError::TooLarge { limit }) } else { Ok(bytes) }
}

/// Whether a file holds these bytes and no more.
fn says(file: File, mut bytes: &[u8]) -> bool {
    const AT_ONCE: usize = 64 * 1024;
    let mut file = BufReader::with_capacity(bytes.len().clamp(1, AT_ONCE), file);
    loop {
        let length = match file.fill_buf() {
            Ok([]) => return bytes.is_empty(),
            Ok(part) => match bytes.strip_prefix(part) {
                Some(rest) => {
                    bytes = rest;
                    part.len()
                }
                None => return false,
            },
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return false,
        };
        file.consume(length);
    }
}

/// Options for reading without blocking on pipes.
fn without_waiting() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(target_os = "linux")]
    {
        use cap_std::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK.bits();
        options.custom_flags(i32::try_from(flags).unwrap_or_default());
    }
    options
}
