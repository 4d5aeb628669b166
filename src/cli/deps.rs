//! Depfiles: which files each edition was made from, in the syntax that make
//! and ninja read, or as JSON.

use super::args::DepsFormat;
use super::build::{Finished, Job, shown};
use super::earlier::Earlier;
use super::failure::Failure;
use super::output::Output;
use super::report::Found;
use super::workspace::current_folder;
use super::write;
use crate::diagnostic::{Code, Diagnostic};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Characters with a meaning for make that cannot be escaped for both make and ninja.
const MEANINGFUL: [char; 4] = ['=', ';', '|', '\\'];

/// Writes the depfile of what was made, and marks the editions as made now: a
/// build system takes one for stale that is older than its source.
pub fn write(
    path: &Path,
    format: DepsFormat,
    job: &Job,
    finished: &[Finished],
    output: &Output,
) -> Result<Vec<Found>, Failure> {
    let here = current_folder()?;
    let out = here.join(output.path());
    let earlier = job.plan.earlier.as_deref();
    let paths = Paths { here: &here, root: job.workspace.root(), out: &out, earlier };
    let made: Vec<(&String, &Finished)> = finished
        .iter()
        .flat_map(|document| document.entries.iter().map(move |(edition, _)| (edition, document)))
        .collect();
    let text = match format {
        DepsFormat::Make => {
            let problems = unsayable_paths(finished, &paths);
            if !problems.is_empty() {
                return Ok(problems);
            }
            depfile(&made, &paths)
        }
        DepsFormat::Json => json(job, finished, &paths),
    };
    if let Some(place) = real(path)
        && made
            .iter()
            .any(|(edition, document)| paths.files(edition, document).any(|file| real(&file).as_ref() == Some(&place)))
    {
        return Err(Failure::Usage(format!("{} is a file that the build reads or makes", shown(path))));
    }
    write::write(path, text.as_bytes())?;
    for (edition, _) in &made {
        let touched = output.made().and_then(|folder| folder.touch(edition));
        touched.map_err(|denied| output.failure("write", edition, &denied))?;
    }
    Ok(Vec::new())
}

/// Documents with a path that cannot be written in a depfile for make.
fn unsayable_paths(finished: &[Finished], paths: &Paths) -> Vec<Found> {
    let problem = |document: &Finished| {
        let mut all = document.entries.iter().flat_map(|(edition, _)| paths.shown_files(edition, document));
        let problem = all.find_map(|path| problem(&path))?;
        let problem = problem.hint("rename the file, or build without --deps");
        Some(Found::in_project(document.source.clone(), crate::source::Sources::default(), vec![problem]))
    };
    finished.iter().filter_map(problem).collect()
}

/// The problem with a path that cannot be written for make and ninja, if any.
pub fn problem(path: &str) -> Option<Diagnostic> {
    let reason = unsayable(path)?;
    Some(Diagnostic::without_place(Code::UnsafeName, format!("{path} cannot be named in a depfile: {reason}")))
}

/// Every document with its editions and input files, even if it has errors: then the inputs must be
/// checked again.
fn json(job: &Job, finished: &[Finished], paths: &Paths) -> String {
    let document = |document: &Finished| {
        let outputs: Vec<String> =
            job.edition_paths(&document.source).map(|path| paths.shown(paths.out.join(path))).collect();
        let inputs: serde_json::Map<String, serde_json::Value> = document
            .origin
            .inputs
            .iter()
            .map(|(path, hash)| (paths.root.join(path), hash))
            .chain(paths.outside(document))
            .map(|(path, hash)| (paths.shown(path), hash.clone().into()))
            .collect();
        let is_built = !document.entries.is_empty() && document.failure.is_none();
        let source = paths.shown(paths.root.join(&document.source));
        serde_json::json!({ "source": source, "built": is_built, "outputs": outputs, "inputs": inputs }).to_string()
    };
    let documents: Vec<String> = finished.iter().map(document).collect();
    format!("{{\"documents\": [\n{}\n]}}\n", documents.join(",\n"))
}

/// Where a file lies or would lie.
fn real(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

/// Where the paths of a depfile start from.
pub struct Paths<'a> {
    /// The current folder: paths under it are written relative to it.
    pub here: &'a Path,
    /// Folder of the inputs.
    pub root: &'a Path,
    /// Folder of the editions.
    pub out: &'a Path,
    /// The earlier version for comparison.
    pub earlier: Option<&'a Earlier>,
}

impl Paths<'_> {
    /// The edition and its inputs.
    fn files(&self, edition: &str, document: &Finished) -> impl Iterator<Item = PathBuf> {
        let inputs = document.origin.inputs.keys().map(|input| self.root.join(input));
        let earlier = self.outside(document).map(|(path, _)| path);
        [self.out.join(edition)].into_iter().chain(inputs).chain(earlier)
    }

    /// Inputs outside of the project, with their SHA-256: those of an earlier version in a folder.
    fn outside<'d>(&self, document: &'d Finished) -> impl Iterator<Item = (PathBuf, &'d String)> {
        let place = |(path, hash): (&String, &'d String)| Some((self.earlier?.outside(path)?, hash));
        document.earlier.iter().filter_map(place)
    }

    /// The edition and its inputs, as written in the depfile.
    fn shown_files(&self, edition: &str, document: &Finished) -> Vec<String> {
        self.files(edition, document).map(|path| self.shown(path)).collect()
    }

    /// A path as written in the depfile.
    pub fn shown(&self, path: PathBuf) -> String {
        let path = path.strip_prefix(self.here).map(Path::to_owned).unwrap_or(path);
        let path = path.to_string_lossy();
        if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() }
    }
}

/// A rule for each edition. Every input gets an empty rule of its own, so that
/// make does not stumble when one is gone.
fn depfile(editions: &[(&String, &Finished)], paths: &Paths) -> String {
    let mut text = String::new();
    let mut inputs = BTreeSet::new();
    for (edition, document) in editions {
        let mut files = paths.shown_files(edition, document).into_iter();
        // Writing to a string cannot fail.
        let _ = write!(text, "{}:", target(&files.next().unwrap_or_default()));
        for input in files {
            let _ = write!(text, " \\\n  {}", prerequisite(&input));
            inputs.insert(input);
        }
        text.push('\n');
    }
    for input in inputs {
        let _ = write!(text, "\n{}:\n", target(&input));
    }
    text
}

/// Why a path cannot be named in a depfile, which make would read as something
/// else: the end of a line, a recipe, a variable, a user's folder, a part of an
/// archive, a special target.
fn unsayable(path: &str) -> Option<String> {
    if path.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Some("it holds a control character".to_owned());
    }
    if let Some(character) = path.chars().find(|c| MEANINGFUL.contains(c)) {
        return Some(format!("`{character}` means something there"));
    }
    if path.starts_with('~') {
        return Some("`~` at its beginning means something there".to_owned());
    }
    if let Some(last) = path.chars().last().filter(|c| matches!(c, ')' | '&')) {
        return Some(format!("`{last}` at its end means something there"));
    }
    let special = path.strip_prefix('.').is_some_and(|rest| rest.chars().all(|c| c.is_ascii_uppercase() || c == '_'));
    special.then(|| "it is a special target there".to_owned())
}

/// Escapes a path for make (GNU make manual, "Rule Syntax") and ninja.
pub fn prerequisite(path: &str) -> String {
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

/// Escapes a target: before the colon `%` would make a pattern of a path.
pub fn target(path: &str) -> String {
    prerequisite(path).replace('%', "\\%")
}

#[cfg(test)]
mod tests {
    use super::{prerequisite, target, unsayable};

    #[test]
    fn what_means_something_is_escaped_or_refused() {
        assert_eq!(prerequisite("a b#c$d:e%f"), "a\\ b\\#c$$d\\:e%f");
        assert_eq!(target("a%b"), "a\\%b");
        for path in
            ["a\nb", "a\rb", "a\tb", "a\u{85}b", "a;b", "SHELL=x", "a|b", "a\\", "~root", "lib(x)", "a&", ".PHONY"]
        {
            assert!(unsayable(path).is_some(), "{path:?}");
        }
        for path in
            ["source/a b.md", "Report (final).md", "R&D.md", "[draft].md", "50%.md", ".Hidden", "l\u{2019}eau.md"]
        {
            assert_eq!(unsayable(path), None, "{path:?}");
        }
    }
}
