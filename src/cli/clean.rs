//! `chancery clean`: removes what builds made, and nothing else.

use super::args::{CleanArgs, MessageFormat};
use super::build::{Globals, check_profiles, shown};
use super::cache_file;
use super::edition_writer;
use super::failure::{Failure, Outcome};
use super::folder::Folder;
use super::index::INDEX;
use super::manifest::{MANIFEST, Manifest};
use super::output::Output;
use super::partial_manifest::{self, HIDDEN};
use super::report::{self, Advice, Found, Style, counted};
use super::workspace::Workspace;
use crate::diagnostic::Severity;
use crate::project::PROJECT_FILE;
use std::collections::BTreeSet;
use std::fs::File;

/// How many files that are kept are named.
const NAMED: usize = 12;

/// Results of cleaning an output folder.
#[derive(Default)]
struct Cleaned {
    removed: usize,
    /// Kept files, with the reason.
    kept: Vec<(String, &'static str)>,
}

/// Removes the editions of a project that are still as they were made, and what killed
/// builds left.
pub fn clean(args: &CleanArgs, globals: &Globals) -> Result<Outcome, Failure> {
    check_profiles(&args.profiles)?;
    let profiles: BTreeSet<String> = args.profiles.iter().cloned().collect();
    let profiles: Vec<String> = profiles.into_iter().collect();
    let workspace = Workspace::open(globals.project.as_deref(), &[])?;
    let mut found = vec![workspace.project_problems()];
    let output = match &args.out {
        Some(folder) => Output::trusted(folder.clone()),
        None => workspace.output(&[], &profiles)?,
    };
    let problems = output.problems(std::iter::empty())?.into_iter();
    found.extend(problems.map(|(_, problem)| Found::of_file(output.path(), vec![problem])));
    let style = Style {
        format: MessageFormat::Human,
        color: globals.color,
        quiet: args.quiet,
        advice: Advice::All,
        fail_on: Severity::Error,
        base: workspace.base()?,
    };
    let outcome = report::problems(&found, &style)?;
    if outcome != Outcome::Fine {
        return Ok(outcome);
    }
    let existing = output.existing().map_err(|denied| output.failure("open", "", &denied))?;
    let cleaned = match existing {
        Some(folder) => {
            // Takes the lock of builds, so that none writes meanwhile.
            let lock = File::open(workspace.root().join(PROJECT_FILE));
            let _locked = lock.as_ref().is_ok_and(|file| file.lock().is_ok());
            let cleaned = clear(folder, &output)?;
            // Only an empty folder is removed.
            let _ = std::fs::remove_dir(output.path());
            cleaned
        }
        None => Cleaned::default(),
    };
    if !args.quiet {
        cleaned.print(&output);
    }
    Ok(outcome)
}

/// Removes what is in the manifest and was not changed, and what killed builds left.
fn clear(folder: &Folder, output: &Output) -> Result<Cleaned, Failure> {
    let manifest = Manifest::read(folder)
        .map_err(|reason| Failure::Io(format!("cannot use {}: {reason}", shown(&output.path().join(MANIFEST)))))?;
    let mut cleaned = Cleaned::default();
    // The build cache describes editions that are removed.
    cache_file::forget(folder);
    let made = partial_manifest::made_in(folder);
    partial_manifest::forget(folder);
    folder.remove_if_empty(HIDDEN);
    if let Some(mut manifest) = manifest {
        let mut goes = |path: &str, hash: &String| {
            let goes = edition_writer::remove_if_made(folder, path, std::slice::from_ref(hash));
            cleaned.removed += usize::from(goes);
            goes || !folder.holds(path)
        };
        manifest.editions.retain(|path, entry| !goes(path, &entry.sha256));
        manifest.files.retain(|path, entry| !goes(path, &entry.sha256));
        manifest.index = manifest.index.filter(|hash| !goes(INDEX, hash));
        if manifest.editions.is_empty() && manifest.files.is_empty() && manifest.index.is_none() {
            folder.remove(MANIFEST).map_err(|denied| output.failure("remove", MANIFEST, &denied))?;
            cleaned.removed += 1;
        } else {
            let bytes = manifest.to_bytes();
            folder.write(MANIFEST, &bytes).map_err(|denied| output.failure("write", MANIFEST, &denied))?;
            cleaned.kept.push((MANIFEST.to_owned(), "it names what is kept"));
            let changed = manifest.editions.keys().chain(manifest.files.keys()).cloned();
            let changed = changed.chain(manifest.index.map(|_| INDEX.to_owned()));
            cleaned.kept.extend(changed.map(|path| (path, "it was changed since it was made")));
        }
    }
    let made = made.iter().filter(|(path, hashes)| edition_writer::remove_if_made(folder, path, hashes));
    cleaned.removed += made.count();
    let failure = |denied| output.failure("read", "", &denied);
    cleaned.removed += edition_writer::clear_abandoned(folder, &folder.tree().map_err(failure)?);
    for path in folder.tree().map_err(failure)?.files {
        if !cleaned.kept.iter().any(|(kept, _)| *kept == path) {
            cleaned.kept.push((path, "no build has made it"));
        }
    }
    Ok(cleaned)
}

impl Cleaned {
    fn print(&self, output: &Output) {
        let mut text = String::new();
        for (path, why) in self.kept.iter().take(NAMED) {
            text += &format!("  kept {}: {why}\n", shown(&output.path().join(path)));
        }
        if self.kept.len() > NAMED {
            text += &format!("  and {} more\n", self.kept.len() - NAMED);
        }
        text += &format!("removed {} from {}\n", counted(self.removed, "file", "files"), shown(output.path()));
        report::say(&text);
    }
}
