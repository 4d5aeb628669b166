//! `chancery watch`: builds again whenever a file of the project changes.

use super::args::BuildArgs;
use super::build::{Globals, build, shown};
use super::events::{Events, Polling, Signal, SystemEvents};
use super::failure::{Failure, Outcome};
use super::report;
use super::workspace::{Workspace, current_folder, is_dash};
use crate::Session;
use crate::project::PROJECT_FILE;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Time without changes before a build: an editor saves in several steps.
const SETTLED: Duration = Duration::from_millis(20);
/// Number of further events after which a build starts anyway.
const RESTLESS: usize = 50;
/// Bytes of sources and editions that are kept from one build to the next.
pub const KEPT_BYTES: usize = 64 << 20;
/// Polling interval without events: some disks report none.
const UNHEARD: Duration = Duration::from_secs(2);

/// Builds and waits for changes until the process ends or the folder is gone. A wrong command line
/// ends it at once.
pub fn watch(args: &BuildArgs, globals: &Globals) -> Result<Outcome, Failure> {
    if args.documents.paths.iter().any(|path| is_dash(path)) {
        return Err(Failure::Usage("standard input cannot be watched".to_owned()));
    }
    let mut building = Building::open(args, globals)?;
    let mut events = building.watched.events();
    follow(events.as_mut(), &mut building)
}

/// Work that is repeated when files change.
pub trait Work {
    /// The current state of the files.
    fn look(&mut self) -> Observation;
    fn build(&mut self) -> Result<Outcome, Failure>;
    /// Reports that a build failed for another reason than its documents.
    fn fail(&mut self, failure: &Failure);
    fn say(&mut self, text: &str);
}

/// The result of looking at the files.
pub enum Observation {
    Files(State),
    /// The files are being replaced, or cannot be read.
    Unclear(Failure),
    /// The folder is gone.
    Gone,
}

/// The files that a build may read, with their modification times and lengths.
pub type State = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Builds whenever the files have changed.
pub fn follow(events: &mut dyn Events, work: &mut dyn Work) -> Result<Outcome, Failure> {
    const WAITING: &str = "waiting for changes (end with Ctrl-C)\n";
    const STALE: &str = "editions are stale until this is put right: waiting for changes (end with Ctrl-C)\n";
    let mut seen = None;
    let mut unclear = None;
    loop {
        match work.look() {
            Observation::Files(now) if seen.as_ref() == Some(&now) => {}
            Observation::Files(now) => {
                let outcome = work.build();
                match &outcome {
                    Err(failure @ Failure::Usage(_)) if seen.is_none() => {
                        return Err(Failure::Usage(failure.to_string()));
                    }
                    // A missing file may come back.
                    Err(failure) => work.fail(failure),
                    Ok(_) => {}
                }
                work.say(if matches!(outcome, Ok(Outcome::Fine)) { WAITING } else { STALE });
                (seen, unclear) = (Some(now), None);
            }
            Observation::Unclear(failure) => {
                let said = Some(failure.to_string());
                if unclear != said {
                    work.fail(&failure);
                    work.say(STALE);
                    unclear = said;
                }
                // The next readable state is built.
                seen = seen.map(|_| State::new());
            }
            Observation::Gone => return Err(Failure::Io("the folder is gone: watching ends".to_owned())),
        }
        if heard(events) == Signal::Ended {
            return Err(Failure::Io("the system tells of no more changes: watching ends".to_owned()));
        }
    }
}

/// Waits for an event and then until there are no more for a while.
fn heard(events: &mut dyn Events) -> Signal {
    let mut signal = events.next(UNHEARD);
    for _ in 0..RESTLESS {
        if signal != Signal::Changed {
            break;
        }
        signal = events.next(SETTLED);
    }
    signal
}

/// The watched folder: a project, or the folder of documents without one.
pub struct Watched {
    root: PathBuf,
    is_project: bool,
    /// Subfolders are watched in projects only: without one, it is unknown how much of the disk
    /// belongs to a document.
    reach: Reach,
    /// Files and folders that builds write.
    ignored: Vec<PathBuf>,
}

impl Watched {
    /// Watches the folder of a workspace, except some paths.
    pub fn from_workspace(workspace: &Workspace, ignored: impl IntoIterator<Item = PathBuf>) -> Watched {
        let is_project = workspace.is_project;
        Watched {
            root: workspace.root().to_owned(),
            is_project,
            reach: if is_project { Reach::Tree } else { Reach::Folder },
            ignored: ignored.into_iter().chain(own_outputs()).map(real).collect(),
        }
    }

    /// The source of change events.
    pub fn events(&self) -> Box<dyn Events> {
        match SystemEvents::watch_folder(&self.root, self.reach == Reach::Tree, self.ignored.clone()) {
            Ok(events) => Box::new(events),
            Err(reason) => {
                report::say(&format!(
                    "the system tells of no changes ({reason}): files are looked at again and again\n"
                ));
                Box::new(Polling)
            }
        }
    }

    /// The current state of the files.
    pub fn look(&self) -> Observation {
        if !self.root.is_dir() {
            return Observation::Gone;
        }
        let project_file = self.root.join(PROJECT_FILE);
        if self.is_project && !project_file.is_file() {
            return Observation::Unclear(Failure::Io(format!("{} is gone", shown(&project_file))));
        }
        let mut state = State::new();
        walk(&self.root, self.reach, &self.ignored, &mut state);
        Observation::Files(state)
    }
}

/// The build that `watch` repeats.
struct Building<'a> {
    args: &'a BuildArgs,
    globals: Globals,
    watched: Watched,
}

impl<'a> Building<'a> {
    fn open(args: &'a BuildArgs, globals: &Globals) -> Result<Building<'a>, Failure> {
        let paths = &args.documents.paths;
        let workspace = Workspace::open(globals.project.as_deref(), paths)?;
        let profiles: BTreeSet<String> = args.documents.profiles.iter().cloned().collect();
        let profiles: Vec<String> = profiles.into_iter().collect();
        let here = current_folder()?;
        let out = match (&args.out, &args.file) {
            (Some(out), _) => Some(here.join(out)),
            (None, Some(_)) => None,
            (None, None) => Some(here.join(workspace.output(paths, &profiles)?.path())),
        };
        let written = [args.file.as_ref(), args.deps.as_ref()].into_iter().flatten().map(|file| here.join(file));
        let watched = Watched::from_workspace(&workspace, out.into_iter().chain(written));
        let project = if workspace.is_project { Some(watched.root.clone()) } else { globals.project.clone() };
        let globals = Globals { project, color: globals.color, session: Session::new(KEPT_BYTES) };
        Ok(Building { args, globals, watched })
    }
}

/// The canonical form of a path, as far as it exists.
fn real(path: PathBuf) -> PathBuf {
    let parent = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(parent).unwrap_or(path)
}

impl Work for Building<'_> {
    fn look(&mut self) -> Observation {
        self.watched.look()
    }

    fn build(&mut self) -> Result<Outcome, Failure> {
        build(self.args, &self.globals)
    }

    fn fail(&mut self, failure: &Failure) {
        report::failure(failure, self.args.documents.message_format);
    }

    fn say(&mut self, text: &str) {
        report::say(text);
    }
}

/// Depth of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The files of one folder.
    Folder,
    /// The files of all its subfolders too.
    Tree,
}

/// The files that this process writes its own messages to, which change with each build. None if
/// the system does not tell.
fn own_outputs() -> impl Iterator<Item = PathBuf> {
    let places = ["/proc/self/fd/1", "/proc/self/fd/2"];
    places.into_iter().filter_map(|place| std::fs::read_link(place).ok()).filter(|path| path.is_file())
}

/// Adds the files of a folder, except hidden ones and those that builds write. Unreadable files are
/// reported by the build.
fn walk(folder: &Path, reach: Reach, ignored: &[PathBuf], state: &mut State) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") || ignored.contains(&path) {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if reach == Reach::Tree {
                walk(&path, reach, ignored, state);
            }
        } else {
            let found = fs::metadata(&path).or_else(|_| entry.metadata()).ok();
            state.insert(path, found.and_then(|found| Some((found.modified().ok()?, found.len()))));
        }
    }
}

#[cfg(test)]
mod tests;
