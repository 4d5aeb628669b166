//! The project: `chancery.toml`, its defaults and its collections.

mod reader;

pub use reader::abbreviation_key;

use crate::ast::{Metadata, Spanned, Status};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::format::Format;
use crate::source::{FileId, Sources, Span};
use std::collections::BTreeMap;

/// Name of the file that makes a folder a project.
pub const PROJECT_FILE: &str = "chancery.toml";

/// Settings of a project for all its documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Title of the project, shown in the index.
    pub title: Option<String>,
    /// Folder of the sources, relative to the project's root.
    pub source: String,
    /// Folder of the editions.
    pub output: String,
    /// Defaults for what a document's front matter leaves out.
    pub defaults: Metadata,
    /// Markings a document may carry; empty allows any.
    pub markings: Vec<String>,
    /// Abbreviations shared by all documents: short form and expansion.
    pub abbreviations: Vec<(String, String)>,
    /// Bibliography files shared by all documents, project-relative.
    pub bibliography: Vec<String>,
    /// Default formats.
    pub formats: Vec<Format>,
    /// Collections by folder under `source`.
    pub collections: BTreeMap<String, Collection>,
    /// Severities that differ from the codes' own; `None` switches a code off.
    pub levels: BTreeMap<Code, Option<Severity>>,
    /// Whether warnings fail the build.
    pub deny_warnings: bool,
    /// Whether a PDF that cannot claim full conformance is an error.
    pub conformance_required: bool,
    /// Whether each build reads its editions back and proves them.
    pub verify: bool,
    /// A bundled theme's name, or the path of a theme's file.
    pub theme: String,
    /// The folder or the git revision since which editions say what changed.
    pub redline: Option<Spanned<String>>,
}

/// Settings of one folder of documents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Collection {
    /// Title, if there is no landing page.
    pub title: Option<String>,
    /// `None` takes the project's.
    pub formats: Option<Vec<Format>>,
    /// `None` takes the project's.
    pub theme: Option<String>,
    /// Members in reading order, by file name without `.md`; others follow by name.
    pub order: Vec<String>,
    /// Where the folder is named in the project file, and where each of these members is.
    pub places: Option<(Span, Vec<Span>)>,
}

impl Default for Project {
    fn default() -> Self {
        Project {
            title: None,
            source: "source".to_owned(),
            output: "outputs".to_owned(),
            defaults: Metadata::default(),
            markings: Vec::new(),
            abbreviations: Vec::new(),
            bibliography: Vec::new(),
            formats: Format::ALL.to_vec(),
            collections: BTreeMap::new(),
            levels: BTreeMap::new(),
            deny_warnings: false,
            conformance_required: false,
            verify: false,
            theme: "briefing".to_owned(),
            redline: None,
        }
    }
}

impl Project {
    /// Reads a project file. Invalid values are reported with their spans and keep their defaults.
    pub fn parse(file: FileId, sources: &Sources, diagnostics: &mut Diagnostics) -> Project {
        reader::read(file, sources, diagnostics)
    }

    /// The collection a document belongs to, by its project-relative path: the
    /// nearest folder above it that the project names.
    pub fn collection(&self, path: &str) -> Option<&Collection> {
        let mut folder = self.stem(path);
        while let Some((parent, _)) = folder.rsplit_once('/') {
            if let Some(collection) = self.collections.get(parent) {
                return Some(collection);
            }
            folder = parent;
        }
        None
    }

    /// Path of a document without the source folder and without its ending: where its editions are
    /// under the output folder.
    pub fn stem<'a>(&self, path: &'a str) -> &'a str {
        let inside = path.strip_prefix(self.source.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path);
        inside.rsplit_once('.').map_or(inside, |(stem, _)| stem)
    }

    /// The formats a document is made into unless the command line says.
    pub fn formats_of(&self, path: &str) -> &[Format] {
        self.collection(path).and_then(|collection| collection.formats.as_deref()).unwrap_or(&self.formats)
    }

    /// The theme of a document that names none itself.
    pub fn theme_of(&self, path: &str) -> &str {
        self.collection(path).and_then(|collection| collection.theme.as_deref()).unwrap_or(&self.theme)
    }

    /// Problems of a document with this metadata in the order of their places, at the
    /// severities that count, without those of codes that are off.
    pub fn levelled(&self, diagnostics: Diagnostics, metadata: Option<&Metadata>) -> Vec<Diagnostic> {
        let levelled = diagnostics.into_sorted().into_iter().filter_map(|mut problem| {
            problem.severity = self.severity_of(&problem, metadata)?;
            Some(problem)
        });
        levelled.collect()
    }

    /// The severity that counts for a problem in a document with this
    /// metadata; `None` where the project switched its code off.
    pub fn severity_of(&self, diagnostic: &Diagnostic, metadata: Option<&Metadata>) -> Option<Severity> {
        let is_final =
            metadata.and_then(|metadata| metadata.status.as_ref()).is_some_and(|status| status.value == Status::Final);
        let must_conform = self.conformance_required || is_final;
        if must_conform && diagnostic.code == Code::MissingAlternative {
            return Some(Severity::Error);
        }
        let level = self.levels.get(&diagnostic.code).copied().unwrap_or(Some(diagnostic.severity))?;
        let fails = level == Severity::Warning && self.deny_warnings;
        Some(if fails { Severity::Error } else { level })
    }
}
