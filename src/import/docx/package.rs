//! The parts of a Word file, and how they refer to one another (ISO/IEC 29500-2).

use crate::import::xml::{self, Element};
use crate::source::zip::Archive;
use std::collections::BTreeMap;

/// An opened Word file.
#[derive(Debug)]
pub struct Package<'a> {
    archive: Archive<'a>,
    main: String,
}

/// Where a relationship leads.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    kind: String,
    /// A part, or an address outside.
    to: String,
    is_external: bool,
}

/// The relationships of a part, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relationships(BTreeMap<String, Target>);

impl Relationships {
    /// The part that an id leads to.
    pub fn target(&self, id: &str) -> Option<&str> {
        self.0.get(id).filter(|target| !target.is_external).map(|target| target.to.as_str())
    }

    /// The address outside that an id leads to.
    pub fn address(&self, id: &str) -> Option<&str> {
        self.0.get(id).filter(|target| target.is_external).map(|target| target.to.as_str())
    }
}

impl<'a> Package<'a> {
    /// Opens a Word file.
    ///
    /// # Errors
    /// What it is instead, or why it is refused, as a sentence.
    pub fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let archive = Archive::open(bytes).map_err(|refusal| refusal.to_string())?;
        if !archive.holds("[Content_Types].xml") {
            let is_open_document = archive.holds("META-INF/manifest.xml") && archive.holds("content.xml");
            return Err(if is_open_document {
                "it is an OpenDocument file, which is not read: save it as .docx".to_owned()
            } else {
                "it is no Word file: it has no list of its parts".to_owned()
            });
        }
        let mut package = Package { archive, main: String::new() };
        let root = package.relationships("")?;
        let main = root.0.values().find(|target| target.kind == "officeDocument" && !target.is_external);
        package.main = main.map_or_else(|| "word/document.xml".to_owned(), |target| target.to.clone());
        if !package.archive.holds(&package.main) {
            return Err(format!("it is no Word file: there is no `{}` in it", package.main));
        }
        Ok(package)
    }

    /// The path of the part that holds the text.
    pub fn main_path(&self) -> &str {
        &self.main
    }

    /// The part that holds the text.
    ///
    /// # Errors
    /// Why it cannot be read, as a sentence.
    pub fn main(&self) -> Result<Element, String> {
        let root = self.part(&self.main)?;
        if root.is("w:document") { Ok(root) } else { Err("it is no Word file, but another office document".to_owned()) }
    }

    /// A part as a tree.
    ///
    /// # Errors
    /// Why it cannot be read, as a sentence.
    pub fn part(&self, path: &str) -> Result<Element, String> {
        let bytes = self.bytes(path)?;
        xml::read(&bytes).map_err(|reason| format!("`{path}` in it {reason}"))
    }

    /// The bytes of a part.
    ///
    /// # Errors
    /// Why it cannot be read, as a sentence.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        self.archive.read(path).map_err(|refusal| refusal.to_string())
    }

    /// The relationships of a part; empty if it has none.
    ///
    /// # Errors
    /// Why the list cannot be read, as a sentence.
    pub fn relationships(&self, path: &str) -> Result<Relationships, String> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let list = if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") };
        if !self.archive.holds(&list) {
            return Ok(Relationships::default());
        }
        let root = self.part(&list)?;
        let mut relationships = BTreeMap::new();
        for element in root.elements().filter(|element| element.is("rel:Relationship")) {
            let (Some(id), Some(to)) = (element.get("Id"), element.get("Target")) else { continue };
            let kind = element.get("Type").unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
            let is_external = element.get("TargetMode") == Some("External");
            let to = if is_external { to.to_owned() } else { resolved(folder, to) };
            relationships.insert(id.to_owned(), Target { kind, to, is_external });
        }
        Ok(Relationships(relationships))
    }

    /// The relationships of the part of a kind; empty if there is no such part.
    ///
    /// # Errors
    /// Why its list cannot be read, as a sentence.
    pub fn relationships_of(&self, relationships: &Relationships, kind: &str) -> Result<Relationships, String> {
        match relationships.0.values().find(|target| target.kind == kind && !target.is_external) {
            Some(target) => self.relationships(&target.to),
            None => Ok(Relationships::default()),
        }
    }

    /// The part of a kind that others refer to; `None` where there is none.
    ///
    /// # Errors
    /// Why it cannot be read, as a sentence.
    pub fn related(&self, relationships: &Relationships, kind: &str) -> Result<Option<Element>, String> {
        let target = relationships.0.values().find(|target| target.kind == kind && !target.is_external);
        match target.filter(|target| self.archive.holds(&target.to)) {
            Some(target) => self.part(&target.to).map(Some),
            None => Ok(None),
        }
    }

    /// The data of the document and the author's own, where there are some.
    ///
    /// # Errors
    /// Why they cannot be read, as a sentence.
    pub fn properties(&self) -> Result<[Option<Element>; 2], String> {
        let root = self.relationships("")?;
        Ok([self.related(&root, "core-properties")?, self.related(&root, "custom-properties")?])
    }
}

/// A target as a path from the root; what leads out of it stays at its edge.
fn resolved(folder: &str, target: &str) -> String {
    let (mut parts, target): (Vec<&str>, &str) = match target.strip_prefix('/') {
        Some(from_root) => (Vec::new(), from_root),
        None => (folder.split('/').filter(|part| !part.is_empty()).collect(), target),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            name => parts.push(name),
        }
    }
    parts.join("/")
}
