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

/// How long the files must have been left alone: an editor saves in several steps.
const SETTLED: Duration = Duration::from_millis(20);
/// How often more is heard before there is a build all the same.
const RESTLESS: usize = 50;
/// Bytes of sources and editions that are kept from one build to the next.
pub const KEPT_BYTES: usize = 64 << 20;
/// How often the files are looked at although nothing is heard: some disks tell nothing.
const UNHEARD: Duration = Duration::from_secs(2);

/// Builds, waits for a change, and so on until the process is ended or the folder is gone.
/// A command line that is wrong ends it at once.
pub fn watch(args: &BuildArgs, globals: &Globals) -> Result<Outcome, Failure> {
    if args.documents.paths.iter().any(|path| is_dash(path)) {
        return Err(Failure::Usage("standard input cannot be watched".to_owned()));
    }
    let mut building = Building::open(args, globals)?;
    let mut events = building.watched.events();
    follow(events.as_mut(), &mut building)
}

/// What is watched and built.
pub trait Work {
    /// The files as they are.
    fn look(&mut self) -> Observation;
    fn build(&mut self) -> Result<Outcome, Failure>;
    /// Says that a build failed for another reason than the documents.
    fn fail(&mut self, failure: &Failure);
    fn say(&mut self, text: &str);
}

/// What a look at the files found.
pub enum Observation {
    Files(State),
    /// They are being replaced, or cannot be read.
    Unclear(Failure),
    /// There is no folder any more.
    Gone,
}

/// The files a build may read, with the time of their last change and their lengths.
pub type State = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Builds whenever the files are others than before.
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
                    // A file that is gone may come back.
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
                // Whatever comes back is built.
                seen = seen.map(|_| State::new());
            }
            Observation::Gone => return Err(Failure::Io("the folder is gone: watching ends".to_owned())),
        }
        if heard(events) == Signal::Ended {
            return Err(Failure::Io("the system tells of no more changes: watching ends".to_owned()));
        }
    }
}

/// Waits until something is heard and the files have been left alone since.
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

/// A project, or the folder of documents that belong to none.
pub struct Watched {
    root: PathBuf,
    is_project: bool,
    /// Without a project nothing says how much of the disk belongs to a document.
    reach: Reach,
    /// What builds write.
    ignored: Vec<PathBuf>,
}

impl Watched {
    /// The folder of a workspace, but for some paths.
    pub fn from_workspace(workspace: &Workspace, ignored: impl IntoIterator<Item = PathBuf>) -> Watched {
        let is_project = workspace.is_project;
        Watched {
            root: workspace.root().to_owned(),
            is_project,
            reach: if is_project { Reach::Tree } else { Reach::Folder },
            ignored: ignored.into_iter().chain(own_outputs()).map(real).collect(),
        }
    }

    /// Where one hears of changes.
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

    /// The files as they are.
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

/// The documents of the command line, which are built.
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

/// Where a path leads, as far as there is something.
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

/// How far a walk goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The files of one folder.
    Folder,
    /// Those of all folders in it as well.
    Tree,
}

/// The files that this process says what it does to: they change each time that it does
/// something. Where the system does not tell, there are none.
fn own_outputs() -> impl Iterator<Item = PathBuf> {
    let places = ["/proc/self/fd/1", "/proc/self/fd/2"];
    places.into_iter().filter_map(|place| std::fs::read_link(place).ok()).filter(|path| path.is_file())
}

/// Takes in the files of a folder, without hidden ones and without what builds write.
/// What cannot be read is reported by the build.
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
