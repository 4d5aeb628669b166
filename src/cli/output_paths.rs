//! Which source has which edition. Paths that differ only in capitals, or in
//! how their letters are composed (NFC, NFD), are one file on many systems.

use super::index::INDEX;
use super::manifest::MANIFEST;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// The paths below an output folder that are taken.
#[derive(Default)]
pub struct OutputPaths {
    /// Owners of files and of their folders.
    files: BTreeMap<String, String>,
    folders: BTreeMap<String, String>,
}

impl OutputPaths {
    /// The owner of a path, or of one that conflicts with it: a file at the path of one of its
    /// folders, or a folder at its own.
    pub fn owner(&self, path: &str) -> Option<&str> {
        let path = folded(path);
        let owner = self.files.get(&path).or_else(|| self.folders.get(&path));
        let owner = owner.or_else(|| folders(&path).find_map(|folder| self.files.get(folder)));
        // Where no document takes their places, these are Chancery's.
        let book =
            folders(&path).chain([path.as_str()]).find(|name| *name == MANIFEST || (*name == INDEX && *name != path));
        owner.map(String::as_str).or(book.map(|_| "Chancery itself"))
    }

    /// Notes whose a path is.
    pub fn take(&mut self, path: &str, owner: &str) {
        let path = folded(path);
        for folder in folders(&path) {
            self.folders.entry(folder.to_owned()).or_insert_with(|| owner.to_owned());
        }
        self.files.insert(path, owner.to_owned());
    }
}

/// The folders on the way to a path.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

/// The name under which a file is known where neither capitals nor the
/// composition of letters count.
pub fn folded(name: &str) -> String {
    name.nfd().flat_map(char::to_lowercase).nfc().collect()
}

/// What to do about two sources that want one name: names that look alike need a reason.
pub fn how_to_part(one: &str, other: &str) -> &'static str {
    if one.nfc().eq(other.nfc()) {
        "a letter with an accent is one character in one name and two in the other: give one of the sources another name"
    } else if folded(one) == folded(other) {
        "only capitals differ, and many systems do not tell them apart: give one of the sources another name"
    } else {
        "give one of the sources another name"
    }
}

#[cfg(test)]
mod tests {
    use super::{OutputPaths, how_to_part};

    #[test]
    fn names_that_look_alike_are_explained() {
        assert!(how_to_part("a/caf\u{e9}.md", "a/cafe\u{301}.md").contains("accent"));
        assert!(how_to_part("a/note.md", "a/NOTE.md").contains("capitals"));
        assert_eq!(how_to_part("a/note.md", "a/note.markdown"), "give one of the sources another name");
    }

    #[test]
    fn what_is_one_file_somewhere_is_one_file() {
        let mut names = OutputPaths::default();
        names.take("a/caf\u{e9}.html", "one");
        assert_eq!(names.owner("a/cafe\u{301}.html"), Some("one"));
        assert_eq!(names.owner("A/CAF\u{c9}.html"), Some("one"));
        assert_eq!(names.owner("a/caf\u{e9}.html/b.html"), Some("one"));
        assert_eq!(names.owner("a"), Some("one"));
        assert_eq!(names.owner("a/cafe.html"), None);
        assert_eq!(names.owner("manifest.json/a.html"), Some("Chancery itself"));
        assert_eq!(names.owner("index.html/a.html"), Some("Chancery itself"));
        assert_eq!(names.owner("index.html"), None);
    }
}
