//! Where a command works: which project, if any, and which documents.

use super::failure::Failure;
use super::files::{DiskFiles, FILE_LIMIT, Overlay, OverlayText};
use super::folder::is_safe_name;
use super::output::Output;
use super::report::Found;
use crate::diagnostic::render::{Base, escape};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, guess};
use crate::project::{PROJECT_FILE, Project};
use crate::resolve::{Context, Library, member_of};
use crate::source::{Files, Source, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Name under which standard input is compiled.
const INPUT_NAME: &str = "stdin.md";
/// The name of standard input and output on the command line.
pub const DASH: &str = "-";
/// Endings of sources that are found in folders.
const SOURCE_EXTENSIONS: [&str; 2] = ["md", "markdown"];

/// Minimum age of a change when it is recorded, so that no later change can have the same
/// timestamp. Disks count in steps of up to 2 seconds (FAT), most in a few milliseconds.
const SETTLED: Duration = Duration::from_secs(2);

/// Texts that an editor has not saved, by their files.
pub type Texts = BTreeMap<PathBuf, Arc<Source>>;

/// A project or a few documents without one.
pub struct Workspace {
    pub disk: DiskFiles,
    pub project: Project,
    /// Whether there is a `chancery.toml`.
    pub is_project: bool,
    /// The project file's text and what is wrong with it.
    project_sources: Sources,
    project_diagnostics: Diagnostics,
    /// All documents, in order, by path from the root.
    pub documents: Vec<String>,
    /// The folders in which they were looked for, and the project file, with the times of
    /// their last changes before that.
    looked_at: Vec<(PathBuf, Option<SystemTime>)>,
    /// When it was opened.
    opened: SystemTime,
    /// Documents selected by the command.
    pub selected: BTreeSet<String>,
    /// Texts that count before the files on the disk, by path from the root: standard input,
    /// where it is one of the documents, is among them.
    overlay: BTreeMap<String, OverlayText>,
    has_input: bool,
    /// Documents among those the command is about whose names are not safe.
    refused: BTreeSet<String>,
    /// Why documents that are named cannot be had. The others are not made to wait for them.
    pub unread: Vec<Failure>,
}

impl Workspace {
    /// Finds the project of `paths` (or of the current folder) and the
    /// documents that `paths` name; without paths, all of the project.
    pub fn open(project: Option<&Path>, paths: &[PathBuf]) -> Result<Workspace, Failure> {
        let (mut named, mut unread) = (Vec::new(), Vec::new());
        for path in paths.iter().filter(|path| !is_dash(path)) {
            match absolute(path) {
                Ok(path) => named.push(path),
                Err(failure) => unread.push(failure),
            }
        }
        if !paths.is_empty() && unread.len() == paths.len() {
            let all: Vec<String> = unread.iter().map(Failure::to_string).collect();
            return Err(Failure::Io(all.join("\n")));
        }
        let here = current_folder()?;
        let root = match project {
            Some(folder) => Some(absolute(folder)?),
            None => find_project(named.first().unwrap_or(&here)),
        };
        let is_project = root.as_ref().is_some_and(|root| root.join(PROJECT_FILE).is_file());
        let root = match root {
            Some(root) => root,
            None if paths.is_empty() => {
                return Err(Failure::Usage(format!(
                    "there is no {PROJECT_FILE} here or above\nname a document (chancery build note.md) or make a project (chancery init)"
                )));
            }
            None => common_folder(&named).unwrap_or(here),
        };
        let disk = DiskFiles::new(&root).map_err(|error| Failure::io("open", &root, &error))?;
        let mut workspace = Workspace {
            disk,
            project: Project::default(),
            is_project,
            project_sources: Sources::default(),
            project_diagnostics: Diagnostics::default(),
            documents: Vec::new(),
            looked_at: Vec::new(),
            opened: SystemTime::now(),
            selected: BTreeSet::new(),
            overlay: BTreeMap::new(),
            has_input: false,
            refused: BTreeSet::new(),
            unread,
        };
        if is_project {
            let file = workspace.root().join(PROJECT_FILE);
            workspace.looked_at.push((file.clone(), last_change(&file)));
            workspace.read_project();
        }
        workspace.find_documents(paths, &named)?;
        Ok(workspace)
    }

    /// Whether the same documents would be found now, and the same project file.
    pub fn is_current(&self) -> bool {
        // A file that changed this shortly before may have changed again with the same timestamp.
        let is_settled = |at: &SystemTime| self.opened.duration_since(*at).is_ok_and(|since| since > SETTLED);
        self.looked_at
            .iter()
            .all(|(path, changed)| last_change(path) == *changed && changed.as_ref().is_none_or(is_settled))
    }

    /// The project's root, canonical.
    pub fn root(&self) -> &Path {
        self.disk.root()
    }

    /// The folder of the editions unless the command line names one. With
    /// profiles it is another, so that what is meant for some is never among
    /// what is meant for all.
    ///
    /// # Errors
    /// Where `paths` name a document of a project that is not among its
    /// sources: its editions would be left over at once.
    pub fn output(&self, paths: &[PathBuf], profiles: &[String]) -> Result<Output, Failure> {
        let profiles: String =
            profiles.iter().enumerate().flat_map(|(at, name)| [if at == 0 { "-" } else { "+" }, name]).collect();
        let name = format!("{}{profiles}", self.project.output);
        if !self.is_project {
            return Ok(Output::trusted(PathBuf::from(name)));
        }
        let inside = format!("{}/", self.project.source);
        if !paths.is_empty()
            && let Some(stranger) = self.selected.iter().find(|path| !path.starts_with(&inside))
        {
            return Err(Failure::Usage(format!(
                "{stranger} is not in {inside}\nsay where its editions go with --out DIR"
            )));
        }
        Ok(self.output_in(name))
    }

    /// A folder of the project that something is written into.
    pub fn output_in(&self, name: String) -> Output {
        Output::of_project(self.disk.folder().clone(), name, self.project.source.clone())
    }

    /// The sources that `paths` name, or all of the project, with parts (`_part.md`), which
    /// are no documents. Standard input is not among them.
    pub fn sources(&self, paths: &[PathBuf]) -> Result<Vec<String>, Failure> {
        let mut found = Documents { with_parts: true, ..Documents::default() };
        let all = [self.root().join(&self.project.source)];
        let folders: Vec<PathBuf> = match paths {
            [] => all.into_iter().filter(|folder| folder.is_dir()).collect(),
            paths => paths.iter().filter(|path| path.is_dir()).filter_map(|path| absolute(path).ok()).collect(),
        };
        folders.iter().try_for_each(|folder| self.walk(folder, &mut found))?;
        found.paths.extend(self.selected.iter().filter(|path| *path != INPUT_NAME || !self.has_input).cloned());
        Ok(found.paths.into_iter().collect())
    }

    /// The bytes of standard input, if it was requested.
    pub fn input(&self) -> Option<&[u8]> {
        self.overlay.get(INPUT_NAME).filter(|_| self.has_input).map(OverlayText::as_bytes)
    }

    /// Documents that are left out because of their names.
    pub fn refused_names(&self) -> impl Iterator<Item = Found> {
        self.refused.iter().map(|path| {
            let message = "the name holds a control character or a backslash, or is not UTF-8";
            let problem = Diagnostic::without_place(Code::UnsafeName, message).hint("rename the file or its folder");
            Found::in_project(path, Sources::default(), vec![problem])
        })
    }

    /// Whether standard input is one of the documents.
    pub fn has_input(&self) -> bool {
        self.has_input
    }

    /// The problems of the project file.
    pub fn project_problems(&self) -> Found {
        let mut diagnostics = self.project_diagnostics.clone();
        self.check_collections(&mut diagnostics);
        diagnostics.settle_fixes(&self.project_sources);
        let diagnostics = diagnostics.into_sorted();
        Found::in_project(PROJECT_FILE, self.project_sources.clone(), diagnostics)
    }

    /// Reports collections that have no documents, and members in their order that are none.
    fn check_collections(&self, diagnostics: &mut Diagnostics) {
        let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for path in &self.documents {
            if let Some((folder, member)) = member_of(path, &self.project) {
                members.entry(folder).or_default().insert(member);
            }
        }
        let mut unknown = |span, message, near| {
            diagnostics.push(Diagnostic::new(Code::UnknownKey, span, message).guess(near));
        };
        for (folder, collection) in &self.project.collections {
            let Some((place, ordered)) = &collection.places else { continue };
            let none = BTreeSet::new();
            let own = members.get(folder.as_str()).unwrap_or(&none);
            let is_above = |other: &&str| other.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'));
            if own.is_empty() && !members.keys().any(is_above) {
                let message = format!("no document lies in the folder `{folder}`");
                unknown(
                    *place,
                    message,
                    guess(
                        folder,
                        members.keys().copied().filter(|other| !self.project.collections.contains_key(*other)),
                    ),
                );
                continue;
            }
            for (name, place) in collection.order.iter().zip(ordered).filter(|(name, _)| !own.contains(name.as_str())) {
                let message = format!("`order` names `{name}`, and the collection has no such document");
                unknown(
                    *place,
                    message,
                    guess(
                        name,
                        own.iter().copied().filter(|other| !collection.order.iter().any(|named| named == other)),
                    ),
                );
            }
        }
    }

    /// A problem of the project file that is found later.
    pub fn project_problem(&self, problem: Diagnostic) -> Found {
        Found::in_project(PROJECT_FILE, self.project_sources.clone(), vec![problem])
    }

    /// The folder that paths in messages are relative to.
    pub fn base(&self) -> Result<Base, Failure> {
        Ok(Base::between(&current_folder()?, self.root()))
    }

    /// The length of a document in bytes, without what it includes.
    pub fn length(&self, path: &str) -> u64 {
        match self.overlay.get(path) {
            Some(text) => text.as_bytes().len() as u64,
            None => std::fs::metadata(self.root().join(path)).map_or(0, |file| file.len()),
        }
    }

    /// The files documents may read, standard input among them, handed to `f`.
    pub fn with_files<T>(&self, f: impl FnOnce(&dyn Files) -> T) -> T {
        f(&Overlay { files: &self.disk, texts: &self.overlay })
    }

    /// Calls `work` with the context of the project, including all its documents.
    pub fn with_context<T>(
        &self,
        profiles: &[String],
        source_date_epoch: Option<i64>,
        work: impl FnOnce(&Context) -> T,
    ) -> T {
        self.with_files(|files| {
            let library = Library::from_paths(self.documents.iter().cloned(), &self.project);
            let compared = BTreeSet::new();
            let project = &self.project;
            work(&Context {
                project,
                library: &library,
                files,
                profiles,
                source_date_epoch,
                index: None,
                compared: &compared,
                dead_links_stay: false,
            })
        })
    }

    /// Lets a text count before the file of its path.
    pub fn lay_over(&mut self, path: &str, text: OverlayText) {
        self.overlay.insert(path.to_owned(), text);
        if path == PROJECT_FILE && self.is_project {
            self.read_project();
        }
    }

    /// Lets the texts of an editor count before their files, as far as these are in the project.
    pub fn lay_over_files<'t>(&mut self, texts: impl IntoIterator<Item = (&'t PathBuf, &'t Arc<Source>)>) {
        for (file, text) in texts {
            if let Some(path) = self.inside(file) {
                self.lay_over(&path, OverlayText::Source(Arc::clone(text)));
            }
        }
    }

    /// The path of a file from the root, where it is below that; its own folder may be a link.
    pub fn inside(&self, file: &Path) -> Option<String> {
        let in_real_folder = || Some(file.parent()?.canonicalize().ok()?.join(file.file_name()?));
        let real = file.canonicalize().ok().or_else(in_real_folder).unwrap_or_else(|| file.to_owned());
        let path = real.strip_prefix(self.root()).or_else(|_| file.strip_prefix(self.root())).ok()?;
        Some(path.to_string_lossy().replace('\\', "/"))
    }

    /// Reads the project file. An empty one is a project like any other.
    fn read_project(&mut self) {
        let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
        let project = self.with_files(|files| {
            let is_empty = files.read(PROJECT_FILE).is_ok_and(|bytes| bytes.trim_ascii().is_empty());
            let file = (!is_empty).then(|| crate::load(PROJECT_FILE, files, &mut sources, &mut diagnostics)).flatten();
            file.map(|file| Project::parse(file, &sources, &mut diagnostics))
        });
        self.project = project.unwrap_or_default();
        (self.project_sources, self.project_diagnostics) = (sources, diagnostics);
    }

    fn find_documents(&mut self, paths: &[PathBuf], named: &[PathBuf]) -> Result<(), Failure> {
        let (mut documents, mut looked_at) = (BTreeSet::new(), Vec::new());
        if self.is_project || paths.is_empty() {
            let folder = self.root().join(&self.project.source);
            let mut found = Documents::default();
            if folder.is_dir() {
                self.walk(&folder, &mut found)?;
            } else {
                looked_at.push((folder.clone(), None));
            }
            looked_at.append(&mut found.folders);
            documents = found.paths;
            if paths.is_empty() {
                self.selected.clone_from(&documents);
                self.refused = found.refused;
            }
        }
        for path in named {
            let mut found = Documents::default();
            if path.is_dir() {
                self.walk(path, &mut found)?;
            } else {
                found.add(self.relative(path)?);
            }
            looked_at.append(&mut found.folders);
            self.selected.extend(found.paths);
            self.refused.extend(found.refused);
        }
        if paths.iter().any(|path| is_dash(path)) {
            let mut bytes = Vec::new();
            // One byte more than allowed, to detect that the input is too long.
            let read = std::io::stdin().take(FILE_LIMIT + 1).read_to_end(&mut bytes);
            read.map_err(|error| Failure::Io(format!("cannot read standard input: {error}")))?;
            self.overlay.insert(INPUT_NAME.to_owned(), OverlayText::Bytes(bytes));
            self.has_input = true;
            self.selected.insert(INPUT_NAME.to_owned());
        }
        documents.extend(self.selected.iter().cloned());
        self.looked_at.append(&mut looked_at);
        self.documents = documents.into_iter().collect();
        Ok(())
    }

    /// Adds the documents of a folder and of those under it. Hidden files,
    /// parts (`_part.md`) and links to folders are left out.
    fn walk(&self, folder: &Path, found: &mut Documents) -> Result<(), Failure> {
        let failure = |error: std::io::Error| Failure::io("read", folder, &error);
        found.folders.push((folder.to_owned(), last_change(folder)));
        for entry in std::fs::read_dir(folder).map_err(failure)? {
            let entry = entry.map_err(failure)?;
            let path = entry.path();
            let name = entry.file_name();
            let first = name.as_encoded_bytes().first();
            let hidden = first.is_some_and(|first| *first == b'.' || (*first == b'_' && !found.with_parts));
            if hidden {
                continue;
            }
            if entry.file_type().map_err(failure)?.is_dir() {
                self.walk(&path, found)?;
            } else if is_source(&path) {
                found.add(self.relative(&path)?);
            }
        }
        Ok(())
    }

    /// A path on the disk as a path from the root, with `/` between names.
    fn relative(&self, path: &Path) -> Result<Named, Failure> {
        let root = self.root();
        let inside = path
            .strip_prefix(root)
            .map_err(|_| Failure::Usage(format!("{} is not in the project {}", shown(path), shown(root))))?;
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        let is_safe = inside.iter().all(|part| part.to_str().is_some_and(is_safe_name));
        Ok(Named { path: parts.join("/"), is_safe })
    }
}

/// A document, and whether its name may be used.
struct Named {
    path: String,
    is_safe: bool,
}

/// Documents that were found.
#[derive(Default)]
struct Documents {
    paths: BTreeSet<String>,
    refused: BTreeSet<String>,
    /// Where they were looked for, with the times of the last changes before that.
    folders: Vec<(PathBuf, Option<SystemTime>)>,
    /// Whether parts of documents are wanted too.
    with_parts: bool,
}

/// When a file or the list of a folder changed last; `None` where there is none.
fn last_change(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

impl Documents {
    fn add(&mut self, named: Named) {
        if named.is_safe {
            self.paths.insert(named.path)
        } else {
            self.refused.insert(named.path)
        };
    }
}

/// Whether a file's name ends like that of a source.
pub fn is_source(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| SOURCE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// A path in a message.
fn shown(path: &Path) -> String {
    escape::name(&path.to_string_lossy()).into_owned()
}

/// Whether a path stands for standard input.
pub fn is_dash(path: &Path) -> bool {
    path == Path::new(DASH)
}

/// The current folder, canonical.
pub fn current_folder() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    here.map_err(|error| Failure::Io(format!("cannot find the current folder: {error}")))
}

/// The canonical path of a folder; of a file, the canonical path of its folder and its name, so
/// that a link is judged by where it is.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let failure = |error: std::io::Error| Failure::io("read", path, &error);
    std::fs::metadata(path).map_err(failure)?;
    if path.is_dir() {
        return path.canonicalize().map_err(failure);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Ok(folder.canonicalize().map_err(failure)?.join(path.file_name().unwrap_or_default()))
}

/// The nearest folder at or above a path that holds a project file.
pub fn find_project(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|folder| folder.join(PROJECT_FILE).is_file()).map(Path::to_owned)
}

/// The deepest folder that holds all paths.
fn common_folder(paths: &[PathBuf]) -> Option<PathBuf> {
    let folder = |path: &PathBuf| if path.is_dir() { Some(path.clone()) } else { path.parent().map(Path::to_owned) };
    let mut folders = paths.iter().filter_map(folder);
    let first = folders.next()?;
    Some(folders.fold(first, |common, folder| {
        common.ancestors().find(|ancestor| folder.starts_with(ancestor)).unwrap_or(&common).to_owned()
    }))
}
