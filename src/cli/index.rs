//! `index.html` over all editions of a project.

use super::manifest::{Entry, Manifest, Origin};
use super::output_paths::folded;
use crate::backend::html::{Index, IndexCollection, IndexDocument, IndexEdition, index};
use crate::format::Format;
use crate::language::{Date, Language};
use crate::project::Project;
use crate::source::percent;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Stem of the index under the output folder.
pub const INDEX_STEM: &str = "index";
/// Its file name.
pub const INDEX: &str = "index.html";
/// The language of an index for a project that names none.
const DEFAULT_LANGUAGE: &str = "en";

/// Whether a project has an index: it makes HTML editions, and none of its own documents is in the
/// index's place.
pub fn is_made(project: &Project, documents: &[String]) -> bool {
    own(project, documents).is_none()
        && documents.iter().any(|source| project.formats_of(source).contains(&Format::Html))
}

/// The document that is in the index's place.
pub fn own<'d>(project: &Project, documents: &'d [String]) -> Option<&'d String> {
    documents.iter().find(|source| folded(project.stem(source)) == INDEX_STEM)
}

/// Documents by folder, all in order.
type Folders<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Listed<'a>>>;

/// A document and its editions.
#[derive(Default)]
struct Listed<'a> {
    origin: Option<&'a Origin>,
    editions: Vec<(&'a String, &'a Entry)>,
}

/// The page, from what the manifest knows, without editions that no source makes any more.
pub fn page(project: &Project, manifest: &Manifest, orphans: &BTreeSet<String>) -> String {
    let lang = project.defaults.lang.as_ref().map_or(DEFAULT_LANGUAGE, |lang| lang.value.as_str());
    let language = Language::from_tag(lang);
    let mut folders = Folders::new();
    for (path, entry) in manifest.editions.iter().filter(|(path, _)| !orphans.contains(*path)) {
        let stem = project.stem(&entry.source);
        let folder = stem.rsplit_once('/').map_or("", |(folder, _)| folder);
        let listed = folders.entry(folder).or_default().entry(stem).or_default();
        listed.origin = manifest.documents.get(&entry.source).map(Arc::as_ref);
        listed.editions.push((path, entry));
    }
    let collections = folders.into_iter().map(|(folder, documents)| {
        let landing = documents.iter().find(|(stem, _)| stem.strip_prefix(folder) == Some("/index"));
        let landing = landing.and_then(|(_, listed)| listed.origin).map(|origin| origin.title.clone());
        let named = || project.collections.get(folder).and_then(|collection| collection.title.clone());
        let title = || landing.or_else(named).unwrap_or_else(|| folder_title(folder));
        IndexCollection {
            title: (!folder.is_empty()).then(title),
            documents: documents.into_values().filter_map(|listed| document(listed, &language)).collect(),
        }
    });
    index(&Index {
        title: project.title.clone().unwrap_or_else(|| language.labels.documents.to_owned()),
        audience: (!manifest.profiles.is_empty()).then(|| manifest.profiles.join(", ")),
        collections: collections.collect(),
        language,
    })
}

/// A folder's name as words: `fields/eau-potable` is "Eau potable".
fn folder_title(folder: &str) -> String {
    let name = folder.rsplit('/').next().unwrap_or_default().replace(['-', '_'], " ");
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn document(listed: Listed, language: &Language) -> Option<IndexDocument> {
    let Listed { origin, mut editions } = listed;
    let origin = origin?;
    editions.sort_by_key(|(_, entry)| (entry.is_redline, entry.format));
    Some(IndexDocument {
        title: origin.title.clone(),
        description: origin.description.clone(),
        lang: origin.lang.clone(),
        date: origin.date.as_deref().and_then(Date::parse).map(|date| date.long(language)),
        editions: editions
            .iter()
            .map(|(path, entry)| IndexEdition {
                format: entry.format,
                is_redline: entry.is_redline,
                address: percent::path(path),
                size: entry.bytes,
            })
            .collect(),
    })
}
