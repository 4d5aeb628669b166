//! `chancery serve`: the documents in the browser, as they are written.
//!
//! One thread watches the files and compiles changes ([`preview`]). Others answer the browser
//! ([`http`]) from memory: the HTML edition and its changes ([`web`]), the pages of the PDF as
//! lists of drawing operations ([`pages`]), and their fonts ([`glyph_font`]). A click on a page is
//! mapped to its source ([`sync`]) and opened in the editor ([`editor`]).

mod editor;
mod glyph_font;
mod http;
mod pages;
mod preview;
mod sync;
mod web;

use super::args::ServeArgs;
use super::build::{Globals, check_profiles, source_date_epoch};
use super::failure::{Failure, Outcome};
use super::report;
use super::threads::STACK;
use super::watch::{KEPT_BYTES, Observation, Watched, Work, follow};
use super::workspace::{Texts, Workspace, current_folder, is_dash};
use crate::Session;
use editor::Editor;
use http::Frames;
pub use preview::{Caret, FilePosition, OpenPlace};
use preview::{Preview, Settings};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::Builder;

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
    let open =
        editor.map(|editor| -> OpenPlace { Box::new(move |file, place| editor.open(file, place.line, place.column)) });
    let refused = |fault: std::io::Error| Failure::Io(format!("cannot serve: {fault}"));
    let preview = Preview::open(settings, Arc::new(Session::new(KEPT_BYTES)), open).map_err(refused)?;
    let address = http::open(Arc::clone(&preview), args.port, Frames::None)?;
    report::put(format!("{address}\n").as_bytes())?;
    let mut events = watched.events();
    let ended = follow(events.as_mut(), &mut Showing { preview: Arc::clone(&preview), watched });
    preview.end();
    ended
}

/// A preview server embedded in the language server. It shows texts before they are saved.
pub struct Beside {
    preview: Arc<Preview>,
    /// Address for the browser.
    pub address: String,
    changes: Sender<()>,
}

impl Beside {
    /// Opens a preview of the documents of a workspace, or of `file` if there is no project. It is
    /// refreshed on request and whenever a file changes.
    ///
    /// # Errors
    /// If no port, randomness or thread is available.
    pub fn open(workspace: &Workspace, file: &Path, session: Arc<Session>, open: OpenPlace) -> Result<Self, Failure> {
        let refused = |fault: std::io::Error| Failure::Io(format!("cannot serve: {fault}"));
        let output = workspace.root().join(workspace.output_in(workspace.project.output.clone()).path());
        let watched = Watched::from_workspace(workspace, [output]);
        let settings = Settings {
            project: workspace.is_project.then(|| workspace.root().to_owned()),
            paths: if workspace.is_project { Vec::new() } else { vec![file.to_owned()] },
            profiles: Vec::new(),
            source_date_epoch: None,
        };
        let preview = Preview::open(settings, session, Some(open)).map_err(refused)?;
        let address = http::open(Arc::clone(&preview), 0, Frames::Editor)?;
        let mut showing = Showing { preview: Arc::clone(&preview), watched };
        // The thread ends with the program.
        let following = move || follow(showing.watched.events().as_mut(), &mut showing);
        Builder::new().spawn(following).map_err(refused)?;
        let (changes, heard) = channel();
        let shown = Arc::clone(&preview);
        let refreshing = move || {
            while heard.recv().is_ok() {
                // Several changes need one refresh.
                heard.try_iter().for_each(drop);
                if let Err(failure) = shown.refresh() {
                    shown.fail(&failure);
                }
            }
        };
        Builder::new().stack_size(STACK).spawn(refreshing).map_err(refused)?;
        Ok(Beside { preview, address, changes })
    }

    /// Shows the texts of the editor.
    pub fn show(&self, texts: &Texts) {
        self.preview.lay_over(texts.clone());
        // If nobody listens, the program is about to end.
        let _ = self.changes.send(());
    }

    /// Shows the position of a line of a file on its page; `None` if it is on no page.
    pub fn reveal(&self, path: &str, line: usize) -> Option<Caret> {
        // The line may have been typed just now.
        self.preview.refresh().ok()?;
        self.preview.reveal(path, line)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.preview.end();
    }
}

/// Absolute forms of paths.
fn absolute(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let here = current_folder()?;
    Ok(paths.iter().map(|path| here.join(path)).collect())
}

/// The work of the watch loop: refreshes the preview when files change.
struct Showing {
    preview: Arc<Preview>,
    watched: Watched,
}

impl Work for Showing {
    fn look(&mut self) -> Observation {
        self.watched.look()
    }

    fn build(&mut self) -> Result<Outcome, Failure> {
        self.preview.refresh()
    }

    fn fail(&mut self, failure: &Failure) {
        self.preview.fail(failure);
    }

    fn say(&mut self, _: &str) {
        // The page says it.
    }
}
