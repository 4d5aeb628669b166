//! The journal: the files that a build writes, kept beside the editions until the manifest lists
//! them. It tells the next build which files a killed build made.

use super::folder::{AccessError, Folder, is_ordinary, temporary_ending};
use super::output::Output;
use crate::parallel::locked;
use crate::source::hash::SHA256_DIGITS;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// How the names of journals end.
pub const ENDING: &str = ".journal";
/// Largest journal that is read, in bytes: about a hundred thousand editions.
const LIMIT: u64 = 16 * 1024 * 1024;

/// Files in the output folder that builds made, by path: SHA-256 of each
/// state they may be in.
pub type Made = BTreeMap<String, Vec<String>>;

/// The journal of this build. It is begun with the first file that is written.
pub struct Journal<'a> {
    output: &'a Output,
    file: Mutex<Option<(String, File)>>,
}

impl<'a> Journal<'a> {
    /// A journal of what is written into an output folder.
    pub fn new(output: &'a Output) -> Journal<'a> {
        Journal { output, file: Mutex::new(None) }
    }

    /// Notes that a file is about to be written.
    pub fn note(&self, path: &str, hash: &str) -> Result<(), AccessError> {
        let mut journal = locked(&self.file);
        let (_, file) = match &mut *journal {
            Some(begun) => begun,
            none => none.insert(self.output.made()?.begin(ENDING)?),
        };
        Ok(file.write_all(format!("{hash} {path}\n").as_bytes())?)
    }

    /// Ends it: the manifest says what it said.
    pub fn end(self) {
        let file = self.file.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let (Some((name, _)), Ok(folder)) = (file, self.output.made()) {
            let _ = folder.remove(&name);
        }
    }
}

/// Names of the journals in a folder.
pub fn journals(files: &[String]) -> impl Iterator<Item = &String> {
    files.iter().filter(|name| temporary_ending(name) == Some(ENDING))
}

/// Reads the journals in a folder. Lines in another format are ignored.
pub fn read(folder: &Folder, names: &[String]) -> Made {
    let mut made = Made::new();
    for name in journals(names) {
        let text = folder.read(name, LIMIT).unwrap_or_default();
        for line in String::from_utf8_lossy(&text).lines() {
            if let Some((hash, path)) = line.split_once(' ')
                && hash.len() == SHA256_DIGITS
                && is_ordinary(path)
            {
                made.entry(path.to_owned()).or_default().push(hash.to_owned());
            }
        }
    }
    made
}
