//! A cache of a workspace between changes.

use super::failure::Failure;
use super::workspace::{Texts, Workspace};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The last opened workspace, with the unsaved texts that overlay its files.
#[derive(Default)]
pub struct WorkspaceCache(Option<(Arc<Workspace>, Texts)>);

impl WorkspaceCache {
    /// The workspace overlaid with `texts`. It is opened again if the project's files changed or a
    /// text was closed. With `paths` it is always opened again.
    ///
    /// # Errors
    /// If the project or one of the documents cannot be read.
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
            // The old workspace is still in use.
            let mut fresh = open()?;
            fresh.lay_over_files(texts);
            workspace = Arc::new(fresh);
        }
        self.0 = Some((Arc::clone(&workspace), texts.clone()));
        Ok(workspace)
    }
}
