//! Depfiles: which files each edition was made from, in the syntax that make
//! and ninja read.

use super::manifest::Entry;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Where the paths of a depfile start from.
pub struct Paths<'a> {
    /// The current folder: paths under it are written relative to it.
    pub here: &'a Path,
    /// Where inputs lie.
    pub root: &'a Path,
    /// Where editions lie.
    pub out: &'a Path,
}

impl Paths<'_> {
    fn shown(&self, path: PathBuf) -> String {
        let path = path.strip_prefix(self.here).map(Path::to_owned).unwrap_or(path);
        escape(&path.to_string_lossy())
    }
}

/// A rule for each edition. Every input gets an empty rule of its own, so that
/// make does not stumble when one is gone.
pub fn depfile(editions: &[(String, Entry)], paths: &Paths) -> String {
    let mut text = String::new();
    let mut inputs = BTreeSet::new();
    for (path, entry) in editions {
        // Writing to a string cannot fail.
        let _ = write!(text, "{}:", paths.shown(paths.out.join(path)));
        for input in entry.inputs.keys() {
            let input = paths.shown(paths.root.join(input));
            let _ = write!(text, " \\\n  {input}");
            inputs.insert(input);
        }
        text.push('\n');
    }
    for input in inputs {
        let _ = write!(text, "\n{input}:\n");
    }
    text
}

/// Escapes a path for make (GNU make manual, "Rule Syntax") and ninja.
fn escape(path: &str) -> String {
    let mut escaped = String::new();
    for character in path.chars() {
        match character {
            ' ' | '#' | ':' => escaped.extend(['\\', character]),
            '$' => escaped.push_str("$$"),
            other => escaped.push(other),
        }
    }
    escaped
}
