//! `chancery serve`: the documents in the browser, as they are written.
//!
//! One thread looks at the files and compiles what changed ([`desk`]); others answer the
//! browser ([`http`]) with what lies in memory: the HTML edition, the pages of the PDF as
//! lists of what is drawn on them ([`pages`]), and their fonts ([`face`]). A click on a page is
//! traced back to its source ([`places`]) and opened in the editor ([`editor`]).

mod desk;
mod editor;
mod face;
mod http;
mod pages;
mod places;

use super::args::ServeArgs;
use super::build::{Globals, check_profiles, source_date_epoch};
use super::failure::{Failure, Outcome};
use super::report;
use super::watch::{Observation, Watched, Work, follow};
use super::workspace::{Workspace, current_folder, is_dash};
use desk::{Desk, Settings};
use editor::Editor;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// Shows the documents until the process is ended or their folder is gone.
pub fn serve(args: &ServeArgs, globals: &Globals) -> Result<Outcome, Failure> {
    if args.paths.iter().any(|path| is_dash(path)) {
        return Err(Failure::Usage("standard input cannot be shown: it never changes".to_owned()));
    }
    check_profiles(&args.profiles)?;
    let workspace = Workspace::open(globals.project.as_deref(), &args.paths)?;
    let profiles: BTreeSet<String> = args.profiles.iter().cloned().collect();
    let output = current_folder()?.join(workspace.output_in(workspace.project.output.clone()).path());
    let watched = Watched::from_workspace(&workspace, [output]);
    let settings = Settings {
        project: globals.project.clone().or_else(|| workspace.is_project.then(|| workspace.root().to_owned())),
        paths: absolute(&args.paths)?,
        profiles: profiles.into_iter().collect(),
        source_date_epoch: source_date_epoch()?,
    };
    let editor = args.editor.as_deref().map(Editor::parse).transpose()?;
    let desk = Arc::new(Desk::new(settings, editor));
    let address = http::open(Arc::clone(&desk), args.port)?;
    report::put(format!("{address}\n").as_bytes())?;
    let mut events = watched.events();
    let ended = follow(events.as_mut(), &mut Showing { desk: Arc::clone(&desk), watched });
    desk.end();
    ended
}

/// Paths that mean the same whatever becomes of the current folder.
fn absolute(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let here = current_folder()?;
    Ok(paths.iter().map(|path| here.join(path)).collect())
}

/// What is shown whenever the files are others than before.
struct Showing {
    desk: Arc<Desk>,
    watched: Watched,
}

impl Work for Showing {
    fn look(&mut self) -> Observation {
        self.watched.look()
    }

    fn build(&mut self) -> Result<Outcome, Failure> {
        self.desk.refresh()
    }

    fn fail(&mut self, failure: &Failure) {
        self.desk.fail(failure);
    }

    fn say(&mut self, _: &str) {
        // The page says it.
    }
}
