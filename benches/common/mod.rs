//! What both benches need: a document without a project.

use chancery::project::Project;
use chancery::resolve::{Context, Library};
use chancery::source::MemoryFiles;
use std::collections::BTreeSet;

/// Does something with a document of this name and these bytes.
pub fn with_document<T>(name: &str, bytes: Vec<u8>, work: impl FnOnce(&Context) -> T) -> T {
    let files = MemoryFiles([(name.to_owned(), bytes)].into());
    let project = Project::default();
    let library = Library::from_paths([name.to_owned()], &project);
    let compared = BTreeSet::new();
    work(&Context {
        project: &project,
        library: &library,
        files: &files,
        profiles: &[],
        source_date_epoch: None,
        index: None,
        compared: &compared,
        dead_links_stay: false,
    })
}
