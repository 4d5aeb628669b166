//! `manifest.json` beside the editions: what each was made from.

use super::files::sha256;
use super::produce::Produced;
use crate::format::Format;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Its name under the output folder.
pub const MANIFEST: &str = "manifest.json";

/// All editions of a project, by path under the output folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub tool: Tool,
    pub editions: BTreeMap<String, Entry>,
}

/// What made the editions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

/// One edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub source: String,
    pub title: String,
    pub lang: String,
    /// The document's own date, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub format: Format,
    pub bytes: u64,
    pub sha256: String,
    /// Every file that the edition depends on, with the SHA-256 of its bytes.
    pub inputs: BTreeMap<String, String>,
}

impl Default for Manifest {
    fn default() -> Self {
        let tool = Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
        Manifest { tool, editions: BTreeMap::new() }
    }
}

impl Manifest {
    /// The manifest in a file; `None` where it is none.
    pub fn parse(bytes: &[u8]) -> Option<Manifest> {
        serde_json::from_slice(bytes).ok()
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Maps with text keys, text and numbers always serialize.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// The entries of a document's editions.
pub fn entries(produced: &Produced) -> Vec<(String, Entry)> {
    let entry = |edition: &super::produce::Edition| Entry {
        source: produced.source.clone(),
        title: produced.title.clone(),
        lang: produced.lang.clone(),
        date: produced.date.clone(),
        description: produced.description.clone(),
        format: edition.format,
        bytes: edition.bytes.len() as u64,
        sha256: sha256(&edition.bytes),
        inputs: produced.inputs.clone(),
    };
    produced.editions.iter().map(|edition| (edition.path.clone(), entry(edition))).collect()
}
