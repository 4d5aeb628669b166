//! Files that a document names: which are meant, and which may have been.

use super::include::unreadable;
use super::link;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::language::{composed, fold};
use crate::project::Project;
use crate::source::{FileError, Files, Span, percent, relative_path};

/// Where files are looked for.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    pub files: &'a dyn Files,
    /// The folder in which paths of web sites begin (`/img/map.png`).
    pub root: &'a str,
}

impl<'a> Places<'a> {
    /// The places for the document at a path.
    pub fn for_document(path: &str, project: &'a Project, files: &'a dyn Files) -> Self {
        let source = project.source.trim_end_matches('/');
        let inside = path.strip_prefix(source).is_some_and(|rest| rest.starts_with('/'));
        Places { files, root: if inside { source } else { "" } }
    }

    /// The path that is meant by one written in the file `from`.
    ///
    /// # Errors
    /// [`FileError::OutsideProject`] where it leads out of the project.
    pub fn path(&self, written: &str, from: &str) -> Result<String, FileError> {
        match below_root(written) {
            Some(rest) if self.root.is_empty() => relative_path("", rest),
            Some(rest) => relative_path(&format!("{}/", self.root), rest),
            None => relative_path(from, written),
        }
    }

    /// The diagnostic for an unreadable file that the file `from` refers to.
    pub fn unreadable(&self, written: &str, from: &str, span: Span, error: &FileError) -> Diagnostic {
        let path = (*error == FileError::NotFound).then(|| self.path(written, from).ok()).flatten();
        let problem = unreadable(written, span, error);
        match path.and_then(|path| self.similar(&path, from)) {
            Some(hint) => problem.hint(hint),
            // The path of a system, and not of a site.
            None if below_root(written).is_some() => unreadable(written, span, &FileError::OutsideProject),
            None => problem,
        }
    }

    /// A hint at the file that may have been meant, as it is written from `from`, where
    /// there is none at `path`.
    pub fn similar(&self, path: &str, from: &str) -> Option<String> {
        let mut found = String::new();
        for name in path.split('/') {
            let names = self.files.names(&found);
            let name = self.near(name, &names)?;
            if !found.is_empty() {
                found.push('/');
            }
            found.push_str(name);
        }
        let meant = link::relative(from, &found);
        if found == path {
            None
        } else if composed(&found) == composed(path) {
            Some(format!("the name of `{meant}` has its letters composed otherwise (NFC, NFD): name both alike"))
        } else {
            Some(format!("did you mean `{meant}`?"))
        }
    }

    /// The name in a folder that is meant, or may be.
    fn near<'n>(&self, name: &'n str, names: &'n [String]) -> Option<&'n str> {
        let shown = || names.iter().map(String::as_str).filter(|name| !is_hidden(name));
        if matches!(name, "" | "." | "..") || names.iter().any(|known| known == name) {
            return Some(name);
        }
        shown().find(|known| fold(known) == fold(name)).or_else(|| nearest(name, shown()))
    }
}

/// A path that starts at the root of a web site, from there.
fn below_root(written: &str) -> Option<&str> {
    written.strip_prefix('/').filter(|rest| !rest.starts_with('/'))
}

/// Advice about a path that starts at the root of a web site, where it is found.
pub fn from_root(written: &str, from: &str, path: &str, span: Span) -> Option<Diagnostic> {
    below_root(written)?;
    let message = format!("`{written}` is read from the folder of sources");
    Some(Diagnostic::new(Code::ForeignPath, span, message).hint(write(from, path)))
}

/// Advice about a path that means a page for generators of sites: a folder, or a name
/// without an ending.
pub fn as_page(written: &str, from: &str, source: &str, span: Span) -> Option<Diagnostic> {
    let place = written.split(['#', '?']).next().unwrap_or_default();
    if link::stem(place).len() < place.len() {
        return None;
    }
    let message = format!("`{written}` is read as the document `{source}`");
    Some(Diagnostic::new(Code::ForeignPath, span, message).hint(write(from, source)).naming(source))
}

fn write(from: &str, path: &str) -> String {
    format!("write `{}`", percent::path(&link::relative(from, path)))
}

/// Whether a name is one of a file that is not shown.
pub fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}
