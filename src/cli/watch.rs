//! `chancery watch`: builds again whenever a file of the project changes.

use super::args::BuildArgs;
use super::build::{Globals, build};
use super::failure::{Failure, Outcome};
use super::report;
use super::workspace::{Workspace, is_dash};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

/// How often the files are looked at. Slow enough to cost nothing, quick
/// enough to be done before the writer looks up.
const INTERVAL: Duration = Duration::from_millis(300);

/// Bytes of sources and editions that are kept from one build to the next.
pub const KEPT_BYTES: usize = 64 << 20;

/// Builds, waits for a change, and so on until the process is ended. A
/// command line that is wrong ends it at once.
pub fn watch(args: &BuildArgs, globals: &Globals) -> Result<Outcome, Failure> {
    if args.documents.paths.iter().any(|path| is_dash(path)) {
        return Err(Failure::Usage("standard input cannot be watched".to_owned()));
    }
    let mut seen = None;
    loop {
        let now = state(args, globals)?;
        if seen.as_ref() != Some(&now) {
            if let Err(failure) = build(args, globals) {
                if matches!(failure, Failure::Usage(_)) {
                    return Err(failure);
                }
                // A file that is gone may come back.
                report::failure(&failure, args.documents.message_format);
            }
            report::say("waiting for changes (end with Ctrl-C)\n");
            seen = Some(now);
        }
        sleep(INTERVAL);
    }
}

/// The files a build may read, with the time of their last change.
type State = BTreeMap<PathBuf, Option<SystemTime>>;

fn state(args: &BuildArgs, globals: &Globals) -> Result<State, Failure> {
    let paths = &args.documents.paths;
    let workspace = Workspace::open(globals.project.as_deref(), paths)?;
    let profiles: BTreeSet<String> = args.documents.profiles.iter().cloned().collect();
    let profiles: Vec<String> = profiles.into_iter().collect();
    let out = match &args.out {
        Some(out) => out.canonicalize().ok(),
        None => workspace.output(paths, &profiles)?.path().canonicalize().ok(),
    };
    let mut state = State::new();
    // Without a project nothing says how much of the disk belongs to a document.
    let reach = if workspace.is_project { Reach::Tree } else { Reach::Folder };
    walk(workspace.root(), reach, out.as_deref(), &mut state);
    Ok(state)
}

/// How far a walk goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The files of one folder.
    Folder,
    /// Those of all folders in it as well.
    Tree,
}

/// Takes in the files of a folder, without hidden ones and without editions.
/// What cannot be read is reported by the build.
fn walk(folder: &Path, reach: Reach, out: Option<&Path>, state: &mut State) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") || out == Some(path.as_path()) {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if reach == Reach::Tree {
                walk(&path, reach, out, state);
            }
        } else {
            let changed = entry.metadata().and_then(|metadata| metadata.modified()).ok();
            state.insert(path, changed);
        }
    }
}
