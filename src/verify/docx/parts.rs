//! How the parts of a package belong together: their types, and the relationships that lead
//! from one to another (ISO/IEC 29500-2).

use super::{Package, Step, attribute, rule};
use crate::verify::{Check, Unreadable};
use std::collections::{BTreeMap, BTreeSet};

/// Relationships that may lead outside of the file.
const MAY_LEAD_OUT: &str = "/hyperlink";
const TYPES: &str = "[Content_Types].xml";
/// The part that each kind of relationship leads to. Readers find parts by these; the proof reads
/// them by their names.
const PLACES: [(&str, &str); 7] = [
    ("/officeDocument", "word/document.xml"),
    ("/styles", "word/styles.xml"),
    ("/numbering", "word/numbering.xml"),
    ("/settings", "word/settings.xml"),
    ("/footnotes", "word/footnotes.xml"),
    ("/core-properties", "docProps/core.xml"),
    ("/extended-properties", "docProps/app.xml"),
];
/// Parts that every document has.
const NEEDED: [&str; 5] =
    ["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/settings.xml", "docProps/core.xml"];

#[derive(Default)]
struct Found {
    types: Vec<String>,
    ways: Vec<String>,
    outside: Vec<String>,
    pictures: Vec<String>,
}

/// Checks a package.
pub fn check(package: &Package) -> Result<Vec<Check>, Unreadable> {
    let mut found = Found::default();
    found.types(package)?;
    found.relationships(package)?;
    found.references(package)?;
    Ok(vec![
        rule("ISO/IEC 29500-2, 6.2.3", "Each part has a type, and each type its part.", found.types),
        rule("ISO/IEC 29500-2, 6.5.2", "Relationships lead to parts that are there, and to every part.", found.ways),
        rule("ISO/IEC 29500-2, 6.5", "Nothing but a link leads outside of the file.", found.outside),
        rule("ISO/IEC 29500-1, 20.1.8.13", "Every picture has pixels, for readers without drawings.", found.pictures),
    ])
}

impl Found {
    fn types(&mut self, package: &Package) -> Result<(), Unreadable> {
        let mut endings = BTreeSet::new();
        let mut named = BTreeSet::new();
        package.walk(TYPES, &mut |step| {
            let Step::Start(name, element) = step else { return Ok(()) };
            let get = |name| attribute(element, name).unwrap_or_default();
            match name {
                "Default" => drop(endings.insert(get("Extension").to_lowercase())),
                "Override" => {
                    let part = get("PartName").trim_start_matches('/').to_owned();
                    if !named.insert(part.clone()) {
                        self.types.push(format!("`{part}` has two types"));
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        for name in package.names().filter(|name| *name != TYPES) {
            let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
            // An XML part without a content type of its own is unknown to Word.
            if !named.remove(name) && (ending == "xml" || !endings.contains(&ending)) {
                self.types.push(format!("`{name}` has no type"));
            }
        }
        self.types.extend(named.into_iter().map(|name| format!("`{name}` has a type and is not there")));
        Ok(())
    }

    fn relationships(&mut self, package: &Package) -> Result<(), Unreadable> {
        let mut led_to: BTreeMap<String, String> = BTreeMap::new();
        for name in package.names().filter(|name| name.ends_with(".rels")) {
            let folder = folder_of(name);
            let mut ids = BTreeSet::new();
            package.walk(name, &mut |step| {
                let Step::Start("Relationship", element) = step else { return Ok(()) };
                let get = |name| attribute(element, name).unwrap_or_default();
                let (kind, target, id) = (get("Type"), get("Target"), get("Id"));
                if !ids.insert(id.clone()) {
                    self.ways.push(format!("`{name}` has two relationships {id}"));
                }
                if get("TargetMode") == "External" {
                    if !kind.ends_with(MAY_LEAD_OUT) {
                        self.outside.push(target);
                    }
                    return Ok(());
                }
                let path = target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), str::to_owned);
                if !package.names().any(|known| known == path) {
                    self.ways.push(format!("`{path}` is not there, to which `{name}` leads"));
                }
                led_to.insert(path, kind);
                Ok(())
            })?;
        }
        for name in package.names().filter(|name| *name != TYPES && !name.ends_with(".rels")) {
            if !led_to.contains_key(name) {
                self.ways.push(format!("nothing leads to `{name}`"));
            }
        }
        for (path, kind) in &led_to {
            let place = PLACES.iter().find(|(ending, place)| kind.ends_with(ending) || place == path);
            if place.is_some_and(|(ending, place)| !kind.ends_with(ending) || place != path) {
                self.ways.push(format!("what leads to `{path}` is of the type `{kind}`"));
            }
        }
        for name in NEEDED.into_iter().filter(|name| !led_to.contains_key(*name)) {
            self.ways.push(format!("there is no `{name}`"));
        }
        Ok(())
    }

    /// Collects the relationships that the text refers to.
    fn references(&mut self, package: &Package) -> Result<(), Unreadable> {
        for part in package.texts() {
            let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
            let known = package.relationships(&format!("{folder}/_rels/{file}.rels"))?;
            package.walk(part, &mut |step| {
                let Step::Start(name, element) = step else { return Ok(()) };
                let ids = element.attributes().flatten();
                let ids = ids.filter(|id| matches!(id.key.as_ref(), "r:id" | "r:embed" | "r:link"));
                for id in ids.map(|id| id.value) {
                    match known.get(&*id) {
                        None => self.ways.push(format!("`{name}` in `{part}` leads nowhere, by {id}")),
                        // Drawings are an extension, beside the pixels of them.
                        Some((target, _)) if name == "a:blip" && target.ends_with(".svg") => {
                            self.pictures.push(format!("`{target}` has no pixels"));
                        }
                        Some(_) => {}
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// The base folder of targets: that of the part that owns the relationships.
fn folder_of(relationships: &str) -> &str {
    relationships.rsplit_once("_rels/").map_or("", |(folder, _)| folder)
}
