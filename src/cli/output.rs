//! The folder that editions go into: which it is, and whether it may be one.

use super::build::shown;
use super::failure::Failure;
use super::files::FILE_LIMIT;
use super::folder::{AccessError, Folder};
use crate::diagnostic::{Code, Diagnostic};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Folders in which version control keeps its own files.
const VERSION_CONTROL: [&str; 6] = [".git", ".hg", ".svn", ".jj", ".bzr", "_darcs"];

/// The folder of the editions. It is made when something is first written.
pub struct Output {
    place: OutputLocation,
    /// The path as it was named, for messages and depfiles.
    path: PathBuf,
    folder: OnceLock<Folder>,
}

enum OutputLocation {
    /// Named on the command line: wherever it lies.
    Trusted,
    /// Below the project's root.
    Project { root: Arc<Folder>, name: String, source: String },
}

impl Output {
    /// A folder that the command line names.
    pub fn trusted(path: PathBuf) -> Output {
        Output { place: OutputLocation::Trusted, path, folder: OnceLock::new() }
    }

    /// A folder that a project names, which keeps its sources in `source`.
    pub fn of_project(root: Arc<Folder>, name: String, source: String) -> Output {
        let path = root.real().join(&name);
        Output { place: OutputLocation::Project { root, name, source }, path, folder: OnceLock::new() }
    }

    /// The path as it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder, where it is there.
    pub fn existing(&self) -> Result<Option<&Folder>, AccessError> {
        if self.folder.get().is_none() {
            let opened = match &self.place {
                OutputLocation::Trusted => Folder::open(&self.path).map_err(AccessError::System),
                OutputLocation::Project { root, name, .. } => root.folder(name),
            };
            match opened {
                Ok(folder) => drop(self.folder.set(folder)),
                Err(AccessError::System(error)) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                Err(denied) => return Err(denied),
            }
        }
        Ok(self.folder.get())
    }

    /// The folder, made where it is not there.
    pub fn made(&self) -> Result<&Folder, AccessError> {
        if let Some(folder) = self.existing()? {
            return Ok(folder);
        }
        let folder = match &self.place {
            OutputLocation::Trusted => Folder::make(&self.path).map_err(AccessError::System)?,
            OutputLocation::Project { root, name, .. } => root.make_folder(name)?,
        };
        Ok(self.folder.get_or_init(|| folder))
    }

    /// The bytes of a file in it.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, AccessError> {
        match self.existing()? {
            Some(folder) => folder.read(path, FILE_LIMIT),
            None => Err(AccessError::System(std::io::ErrorKind::NotFound.into())),
        }
    }

    /// A failure over a file in it.
    pub fn failure(&self, action: &str, path: &str, denied: &AccessError) -> Failure {
        Failure::Io(format!("cannot {action} {}: {denied}", shown(&self.path.join(path))))
    }

    /// Why nothing may be written into the folder at all, or at one of some
    /// paths in it; each with the path it is about, "" for the folder.
    pub fn problems<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Result<Vec<(&'p str, Diagnostic)>, Failure> {
        if let Some(problem) = self.problem() {
            return Ok(vec![("", problem)]);
        }
        let folder = match self.existing() {
            Ok(Some(folder)) => folder,
            Ok(None) => return Ok(Vec::new()),
            Err(denied) => return Err(self.failure("write into", "", &denied)),
        };
        let mut problems = Vec::new();
        let mut last = None;
        for path in paths {
            // Editions of a document are beside one another.
            let parent = path.rsplit_once('/').map(|(parent, _)| parent);
            if last == Some(parent) {
                continue;
            }
            last = Some(parent);
            match folder.takes(path) {
                Err(AccessError::Outside) => {
                    problems.push((path, leads_out("a link on the way to it leads out of the output folder")))
                }
                Err(denied) if !denied.is_absent() => return Err(self.failure("write", path, &denied)),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(problems)
    }

    fn problem(&self) -> Option<Diagnostic> {
        let OutputLocation::Project { root, name, source } = &self.place else { return None };
        if let Err(AccessError::Outside) = root.takes(name).and_then(|()| self.existing()) {
            return Some(leads_out("the output folder is a link that leads out of the project"));
        }
        let real = match self.existing() {
            Ok(Some(folder)) => folder.real().to_owned(),
            Ok(None) | Err(_) => root.real().join(name),
        };
        let inside = real.strip_prefix(root.real()).unwrap_or(&real);
        let sources = root.folder(source).map_or_else(|_| root.real().join(source), |folder| folder.real().to_owned());
        let why = reserved(inside, sources.starts_with(&real))?;
        Some(
            Diagnostic::without_place(Code::OutputPlace, format!("the output folder {why}"))
                .hint("give `output` in chancery.toml a folder of its own, such as `outputs`"),
        )
    }
}

/// Why a folder, named from the project's root, is not one for editions.
fn reserved(folder: &Path, holds_sources: bool) -> Option<&'static str> {
    let is_control = |part: Component| {
        part.as_os_str()
            .to_str()
            .is_some_and(|name| VERSION_CONTROL.iter().any(|known| known.eq_ignore_ascii_case(name)))
    };
    if folder.as_os_str().is_empty() {
        return Some("is the project's own");
    }
    if folder.components().any(is_control) {
        return Some("belongs to version control");
    }
    holds_sources.then_some("holds the sources")
}

fn leads_out(message: &str) -> Diagnostic {
    Diagnostic::without_place(Code::OutputPlace, message)
        .hint("put a folder in the link's place, or name another one with --out DIR")
}
