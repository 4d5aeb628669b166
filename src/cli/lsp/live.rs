//! The live page beside the editor. It shows unsaved texts, follows the caret, and opens clicked
//! words in the editor.

use super::open::ProjectFile;
use super::position::{Encoding, uri_of};
use crate::Session;
use crate::cli::failure::Failure;
use crate::cli::serve::{Beside, FilePosition, OpenPlace};
use crate::cli::workspace::Texts;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The command that opens the live page and gives its address.
pub const PAGES: &str = "chancery.pages";
/// The command that shows a line of a file on the live page.
pub const REVEAL: &str = "chancery.reveal";

/// The open live pages, by project, or by file for files without one.
pub struct Live {
    desks: BTreeMap<PathBuf, Beside>,
    /// Whether the editor supports `window/showDocument`.
    pub shows_documents: bool,
}

impl Live {
    /// No open pages.
    pub fn new(shows_documents: bool) -> Live {
        Live { desks: BTreeMap::new(), shows_documents }
    }

    /// The address of the live page for a file's project, which is opened if necessary.
    ///
    /// # Errors
    /// If there is no port for it.
    pub fn open(
        &mut self,
        project_file: &ProjectFile,
        file: &Path,
        session: Arc<Session>,
        texts: &Texts,
        in_editor: OpenPlace,
    ) -> Result<String, Failure> {
        let key = key(project_file);
        if let Some(desk) = self.desks.get(&key) {
            return Ok(desk.address.clone());
        }
        let desk = Beside::open(&project_file.workspace, file, session, in_editor)?;
        desk.show(texts);
        let address = desk.address.clone();
        self.desks.insert(key, desk);
        Ok(address)
    }

    /// Sends the unsaved texts to all pages.
    pub fn show(&self, texts: &Texts) {
        self.desks.values().for_each(|desk| desk.show(texts));
    }

    /// Shows a line (counted from 1) on its page and returns the position.
    pub fn reveal(&self, project_file: &ProjectFile, address: &str, line: usize) -> Value {
        let caret = self.desks.get(&key(project_file)).and_then(|desk| desk.reveal(&project_file.path, line));
        caret.map_or(Value::Null, |caret| json!({ "address": address, "page": caret.page, "y": caret.y }))
    }
}

fn key(project_file: &ProjectFile) -> PathBuf {
    let root = project_file.workspace.root();
    if project_file.workspace.is_project { root.to_owned() } else { root.join(&project_file.path) }
}

/// The parameters of `window/showDocument` for a position in a file.
pub fn place(file: &Path, place: &FilePosition, encoding: Encoding) -> Value {
    let position = json!({ "line": place.line - 1, "character": encoding.length(&place.before) });
    json!({ "uri": uri_of(file), "takeFocus": true, "selection": { "start": position, "end": position } })
}
