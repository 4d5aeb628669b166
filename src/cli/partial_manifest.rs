//! Partial manifests ("parts"). A build of some documents writes one instead of the manifest, so
//! that parallel builds, also on several machines, do not write the same file. `manifest merge`
//! joins them.

use super::build::{Finished, Job};
use super::edition_writer::EditionWriter;
use super::failure::Failure;
use super::folder::{Folder, is_ordinary};
use super::journal::Made;
use super::manifest::{LIMIT, Manifest};
use super::produce::VerifyMode;
use super::write;
use crate::project::PROJECT_FILE;
use crate::source::Files;
use crate::source::hash::{SHA256_DIGITS, sha256};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Default folder of parts, under the output folder.
pub const PARTS: &str = ".chancery/parts";
/// Hidden folder for files that are not editions.
pub const HIDDEN: &str = ".chancery";
/// Letters of the hash in the file name of a document's part.
const NAME_LETTERS: usize = 24;
/// Maximum number of parts that are joined.
const MOST: usize = 200_000;

/// A shard of the documents, such as the second of five.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Number of the shard, from 1.
    pub index: u32,
    pub count: u32,
}

impl Shard {
    /// Parses a shard as on the command line, `2/5`.
    pub fn parse(text: &str) -> Option<Shard> {
        let (index, count) = text.split_once('/')?;
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
        let (index, count) = (number(index)?, number(count)?);
        (1..=count).contains(&index).then_some(Shard { index, count })
    }

    /// Whether a document belongs to the shard. This depends on its path only.
    pub fn takes(self, path: &str) -> bool {
        let digits = sha256(path.as_bytes());
        let number = digits.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default();
        number.checked_rem(self.count) == self.index.checked_sub(1)
    }
}

/// The path of a single document's part, under the output folder.
pub fn of_document(source: &str) -> String {
    let mut name = sha256(source.as_bytes());
    name.truncate(NAME_LETTERS);
    format!("{PARTS}/{name}.json")
}

/// The path of a shard's part, under the output folder.
pub fn of_shard(shard: Shard) -> String {
    format!("{PARTS}/{}-of-{}.json", shard.index, shard.count)
}

/// A partial manifest: the results for some documents.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartialManifest {
    /// SHA-256 of all inputs besides the files that documents read.
    pub key: String,
    /// Whether the editions were verified.
    pub proved: bool,
    /// Documents that have errors.
    pub unbuilt: BTreeSet<String>,
    /// Linked files of each document: project-relative paths by their paths among the editions.
    pub files: BTreeMap<String, BTreeMap<String, String>>,
    pub manifest: Manifest,
}

impl PartialManifest {
    /// Parses the bytes of a part's file, which is untrusted input.
    pub fn parse(bytes: &[u8]) -> Result<PartialManifest, String> {
        let part: PartialManifest =
            serde_json::from_slice(bytes).map_err(|_| "it is no part of a manifest".to_owned())?;
        part.check().map(|()| part)
    }

    /// Checks that all paths are inside the project and its output folder.
    fn check(&self) -> Result<(), String> {
        let manifest = &self.manifest;
        manifest.check()?;
        let sources = manifest.editions.values().map(|entry| &entry.source).chain(manifest.documents.keys());
        let inputs = manifest.documents.values().flat_map(|origin| origin.inputs.keys());
        let files = self.files.values().flatten().flat_map(|(place, source)| [place, source]);
        let mut paths = sources.chain(inputs).chain(files).chain(&self.unbuilt);
        if let Some(path) = paths.find(|path| !is_ordinary(path)) {
            return Err(format!("{path:?} leads out of the project"));
        }
        match manifest.editions.iter().find(|(_, entry)| entry.sha256.len() != SHA256_DIGITS || entry.origin.is_some())
        {
            Some((path, _)) => Err(format!("what it says of {path:?} is not what builds say")),
            None => Ok(()),
        }
    }

    /// Reads a part from a file.
    pub fn read(path: &Path) -> Result<PartialManifest, Failure> {
        let bytes = write::read(path, LIMIT)?;
        PartialManifest::parse(&bytes).map_err(|reason| cannot_use(path, &reason))
    }

    fn to_bytes(&self) -> Vec<u8> {
        // Maps with text keys and text always serialize.
        let json = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
        let manifest = String::from_utf8(self.manifest.to_bytes()).unwrap_or_default();
        format!(
            "{{\n\"key\": {},\n\"proved\": {},\n\"unbuilt\": {},\n\"files\": {},\n\"manifest\": {}\n}}\n",
            json(serde_json::to_string(&self.key)),
            self.proved,
            json(serde_json::to_string(&self.unbuilt)),
            json(serde_json::to_string(&self.files)),
            manifest.trim_end(),
        )
        .into_bytes()
    }
}

/// The failure for a file that is not a part.
fn cannot_use(path: &Path, reason: &str) -> Failure {
    Failure::Io(format!("cannot use {}: {reason}", super::build::shown(path)))
}

/// A loaded part with the folder of its editions.
pub struct Found {
    pub path: PathBuf,
    pub folder: PathBuf,
    pub part: PartialManifest,
}

/// Loads parts from files, or from output folders that contain some.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Found>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push((path.clone(), home(path)));
            continue;
        }
        let folder = Folder::open(path).map_err(|error| Failure::io("open", path, &error))?;
        let names = names(&folder);
        if names.is_empty() {
            let name = super::build::shown(path);
            return Err(Failure::Usage(format!("{name} holds no parts\n`chancery build --shard I/N` makes them")));
        }
        files.extend(names.into_iter().map(|name| (path.join(name), path.clone())));
    }
    if files.len() > MOST {
        return Err(Failure::Usage(format!("there are more than {MOST} parts")));
    }
    let mut room = LIMIT.saturating_mul(2);
    let mut found = Vec::new();
    for (path, folder) in files {
        let bytes = write::read(&path, LIMIT)?;
        room = room
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| cannot_use(&path, "all parts together are larger than a manifest can be"))?;
        let part = PartialManifest::parse(&bytes).map_err(|reason| cannot_use(&path, &reason))?;
        found.push(Found { path, folder, part });
    }
    Ok(found)
}

/// Paths of the parts in an output folder.
fn names(folder: &Folder) -> Vec<String> {
    let names = folder.folder(PARTS).and_then(|parts| parts.names()).unwrap_or_default();
    names.into_iter().filter(|name| name.ends_with(".json")).map(|name| format!("{PARTS}/{name}")).collect()
}

/// The folder of a part's editions: the parent of the hidden folder that contains the part, else
/// the part's own folder.
fn home(path: &Path) -> PathBuf {
    let hidden = path.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == HIDDEN));
    let home = hidden.and_then(Path::parent).or_else(|| path.parent()).unwrap_or(Path::new(""));
    if home.as_os_str().is_empty() { PathBuf::from(".") } else { home.to_owned() }
}

/// The files that the parts in an output folder list as made.
pub fn made_in(folder: &Folder) -> Made {
    let mut made = Made::new();
    for name in names(folder).iter().take(MOST) {
        let part = folder.read(name, LIMIT).ok().and_then(|bytes| PartialManifest::parse(&bytes).ok());
        part.iter().for_each(|part| add_made(part, &mut made));
    }
    made
}

/// Adds the files that a part lists as made.
pub fn add_made(part: &PartialManifest, made: &mut Made) {
    for (path, entry) in &part.manifest.editions {
        made.entry(path.clone()).or_default().push(entry.sha256.clone());
    }
}

/// Removes the parts and their depfiles from an output folder.
pub fn forget(folder: &Folder) {
    let all = folder.folder(PARTS).and_then(|parts| parts.names()).unwrap_or_default();
    for name in all {
        let path = format!("{PARTS}/{name}");
        let is_part = || folder.read(&path, LIMIT).is_ok_and(|bytes| PartialManifest::parse(&bytes).is_ok());
        if name.ends_with(".json.d") || (name.ends_with(".json") && is_part()) {
            let _ = folder.remove(&path);
        }
    }
    folder.remove_if_empty(PARTS);
}

impl Job<'_> {
    /// SHA-256 of all inputs besides the files that documents read: this version, the project file
    /// and the options. It is the same on every machine.
    pub fn part_key(&self) -> String {
        let project = self.workspace.disk.read(PROJECT_FILE).map(|bytes| sha256(&bytes)).unwrap_or_default();
        let options = (self.profiles(), self.plan.source_date_epoch, self.plan.with_index);
        sha256(format!("{} {project} {options:?}", env!("CARGO_PKG_VERSION")).as_bytes())
    }

    /// Writes the part of this build and ends the build.
    pub fn write_part(&self, path: &Path, finished: &[Finished], writer: EditionWriter) -> Result<(), Failure> {
        let is_built = |document: &&Finished| !document.entries.is_empty() && document.failure.is_none();
        let linking = finished.iter().filter(is_built).filter(|document| !document.files.is_empty());
        let files = linking.map(|document| (document.source.clone(), document.files.clone()));
        let part = PartialManifest {
            key: self.part_key(),
            proved: matches!(self.plan.proving, VerifyMode::Made),
            unbuilt: finished
                .iter()
                .filter(|document| !is_built(document))
                .map(|document| document.source.clone())
                .collect(),
            files: files.collect(),
            manifest: self.manifest(finished),
        };
        // A build system considers a file stale if it is older than its inputs, so it is always
        // replaced.
        write::replace(path, &part.to_bytes())?;
        writer.end_journal();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{PartialManifest, Shard, home};
    use std::path::Path;

    #[test]
    fn every_document_is_in_one_share() {
        for count in 1..8 {
            for path in ["source/a.md", "source/b.md", "source/é/c.md", ""] {
                let shards = (1..=count).map(|index| Shard { index, count });
                assert_eq!(shards.filter(|shard| shard.takes(path)).count(), 1, "{path} of {count}");
            }
        }
        for wrong in ["", "1", "0/2", "3/2", "+1/2", "1/2/3", "1/0", "a/b", "1/99999999999", " 1/2"] {
            assert_eq!(Shard::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Shard::parse("2/5"), Some(Shard { index: 2, count: 5 }));
    }

    #[test]
    fn editions_lie_beside_their_part() {
        assert_eq!(home(Path::new("out/.chancery/parts/1-of-2.json")), Path::new("out"));
        assert_eq!(home(Path::new(".chancery/parts/1-of-2.json")), Path::new("."));
        assert_eq!(home(Path::new("out/part.json")), Path::new("out"));
        assert_eq!(home(Path::new("part.json")), Path::new("."));
    }

    #[test]
    fn a_part_names_nothing_outside() {
        let hash = "0".repeat(64);
        let part = |edition: &str, source: &str, file: &str, hash: &str| {
            let text = format!(
                r#"{{"key":"k","proved":false,"unbuilt":[],"files":{{"source/a.md":{{{file:?}:"source/x.pdf"}}}},"manifest":{{"tool":{{"name":"c","version":"1"}},"documents":{{{source:?}:{{"title":"","lang":"en","inputs":{{{source:?}:""}}}}}},"editions":{{{edition:?}:{{"source":{source:?},"format":"text","bytes":1,"sha256":{hash:?}}}}}}}}}"#
            );
            PartialManifest::parse(text.as_bytes()).map(|_| ())
        };
        assert_eq!(part("a.txt", "source/a.md", "x.pdf", &hash), Ok(()));
        for (edition, source, file) in [
            ("../a.txt", "source/a.md", "x.pdf"),
            ("/a.txt", "source/a.md", "x.pdf"),
            ("a.md", "source/a.md", "x.pdf"),
            ("a.txt", "../a.md", "x.pdf"),
            ("a.txt", "source/a.md", "../x.pdf"),
        ] {
            assert!(part(edition, source, file, &hash).is_err(), "{edition} {source} {file}");
        }
        assert!(part("a.txt", "source/a.md", "x.pdf", "short").is_err());
        assert!(PartialManifest::parse(b"{}").is_err() && PartialManifest::parse(b"").is_err());
    }
}
