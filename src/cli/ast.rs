//! `chancery ast`: the parsed document as JSON.

use super::args::MessageFormat;
use super::build::Globals;
use super::failure::{Failure, Outcome};
use super::report::{self, Found, Style, print};
use super::workspace::Workspace;
use crate::ast::Tree;
use std::path::PathBuf;

/// Prints the tree of one document; what is wrong with it goes to standard
/// error.
pub fn ast(path: &PathBuf, globals: &Globals) -> Result<Outcome, Failure> {
    let workspace = Workspace::open(globals.project.as_deref(), std::slice::from_ref(path))?;
    let [path] = &workspace.selected.iter().collect::<Vec<_>>()[..] else {
        return Err(Failure::Usage("name one document".to_owned()));
    };
    let draft = workspace.with_files(|files| crate::read(path, files));
    if let Some(document) = &draft.document {
        let json = serde_json::to_string_pretty(&Tree::of(document, &draft.sources));
        print(&json.map_err(|error| Failure::Io(error.to_string()))?);
        print("\n");
    }
    let found = Found { path: draft.path, sources: draft.sources, diagnostics: draft.diagnostics.into_sorted() };
    Ok(report::problems(&[found], Style { format: MessageFormat::Human, color: globals.color }))
}
