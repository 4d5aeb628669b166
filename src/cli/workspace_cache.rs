//! A workspace that is kept from one change to the next.

use super::failure::Failure;
use super::workspace::{Texts, Workspace};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A workspace as it was last found, with the texts that lie over its files.
#[derive(Default)]
pub struct WorkspaceCache(Option<(Arc<Workspace>, Texts)>);

impl WorkspaceCache {
    /// The workspace with some texts over its files. A project is looked for again where its
    /// files are others, or a text lies over it no more; documents that are named always are.
    ///
    /// # Errors
    /// Where the project, or one of the documents, cannot be read.
    pub fn with(
        &mut self,
        project: Option<&Path>,
        paths: &[PathBuf],
        texts: &Texts,
    ) -> Result<Arc<Workspace>, Failure> {
        let open = || Workspace::open(project, paths);
        let known = self.0.take().filter(|(workspace, known)| {
            paths.is_empty() && workspace.is_current() && known.keys().all(|file| texts.contains_key(file))
        });
        let (mut workspace, known) = match known {
            Some(known) => known,
            None => (Arc::new(open()?), Texts::new()),
        };
        let is_known = |file: &PathBuf, text| known.get(file).is_some_and(|known| Arc::ptr_eq(known, text));
        let changed: Vec<_> = texts.iter().filter(|(file, text)| !is_known(file, text)).collect();
        if let Some(workspace) = Arc::get_mut(&mut workspace) {
            workspace.lay_over_files(changed);
        } else if !changed.is_empty() {
            // Somebody still works with what was.
            let mut fresh = open()?;
            fresh.lay_over_files(texts);
            workspace = Arc::new(fresh);
        }
        self.0 = Some((Arc::clone(&workspace), texts.clone()));
        Ok(workspace)
    }
}
