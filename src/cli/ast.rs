//! `chancery ast`: the parsed document as JSON.

use super::args::MessageFormat;
use super::build::Globals;
use super::failure::{Failure, Outcome};
use super::report::{self, Advice, Found, Style, print};
use super::workspace::Workspace;
use crate::ast::Tree;
use crate::diagnostic::Severity;
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
        let json = serde_json::to_string_pretty(&Tree::from_document(document, &draft.sources));
        print(&format!("{}\n", json.map_err(|error| Failure::Io(error.to_string()))?))?;
    }
    let found = Found::in_project(draft.path, draft.sources, draft.diagnostics.into_sorted());
    let style = Style {
        format: MessageFormat::Human,
        color: globals.color,
        quiet: false,
        advice: Advice::All,
        fail_on: Severity::Error,
        base: workspace.base()?,
    };
    report::problems(&[found], &style)
}
