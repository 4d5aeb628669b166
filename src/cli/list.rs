//! `chancery list`: documents and their editions.

use super::build::{Globals, shown};
use super::compared::edition_path;
use super::earlier::Earlier;
use super::failure::{Failure, Outcome};
use super::report::{print, size};
use super::workspace::Workspace;
use std::fmt::Write;
use std::fs;

/// Prints each document with the editions that the project asks for.
pub fn list(globals: &Globals) -> Result<Outcome, Failure> {
    let workspace = Workspace::open(globals.project.as_deref(), &[])?;
    let output = workspace.output(&[], &[])?;
    let out = output.path();
    let project = &workspace.project;
    let earlier = project.redline.as_ref();
    let earlier = earlier.and_then(|named| Earlier::open(&named.value, workspace.root(), true, &workspace).ok());
    let mut text = String::new();
    for source in &workspace.documents {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", shown(&workspace.root().join(source)));
        let is_compared = earlier.as_ref().is_some_and(|(earlier, _)| earlier.compared().contains(source));
        for kind in [false, true].into_iter().filter(|is_redline| is_compared || !is_redline) {
            for format in project.formats_of(source) {
                let path = out.join(edition_path(project.stem(source), *format, kind));
                let state = fs::metadata(&path).map_or("not built".to_owned(), |metadata| size(metadata.len()));
                let _ = writeln!(text, "  {:<8} {}  ({state})", format.name(), shown(&path));
            }
        }
    }
    print(&text).map(|()| Outcome::Fine)
}
