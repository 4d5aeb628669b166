//! What a text uses must be defined: styles, lists, notes, bookmarks, and the language.

use super::{Package, Step, attribute, rule};
use crate::verify::{Check, Unreadable};
use std::collections::{BTreeMap, BTreeSet};

/// The longest name of a bookmark that Word keeps.
const LONGEST: usize = 40;
/// Bookmarks that are there without being named.
const BUILT_IN: [&str; 1] = ["_top"];

#[derive(Default)]
struct Found {
    styles: Vec<String>,
    lists: Vec<String>,
    notes: Vec<String>,
    bookmarks: Vec<String>,
    language: Vec<String>,
}

/// Checks a package.
pub fn check(package: &Package) -> Result<Vec<Check>, Unreadable> {
    let mut found = Found::default();
    found.styles(package)?;
    found.lists(package)?;
    found.notes(package)?;
    found.bookmarks(package)?;
    found.language(package)?;
    Ok(vec![
        rule("ISO/IEC 29500-1, 17.7.4", "Each style that is used is there, and of its kind.", found.styles),
        rule("ISO/IEC 29500-1, 17.9.15", "Each list that is used is there, and has a definition.", found.lists),
        rule("ISO/IEC 29500-1, 17.11", "Each note has an id of its own and is called once.", found.notes),
        rule("ISO/IEC 29500-1, 17.13.6", "Each bookmark is unique, ends, and can be led to.", found.bookmarks),
        rule("WCAG 2.2, 3.1.1", "The language of the text is named.", found.language),
    ])
}

/// The kind of style that an element of the text names.
fn kind_of(element: &str) -> Option<&'static str> {
    match element {
        "w:pStyle" => Some("paragraph"),
        "w:rStyle" => Some("character"),
        "w:tblStyle" => Some("table"),
        _ => None,
    }
}

impl Found {
    fn styles(&mut self, package: &Package) -> Result<(), Unreadable> {
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        // What a style is based on, and what follows it.
        let mut used: Vec<(String, String)> = Vec::new();
        let mut kind = String::new();
        package.walk("word/styles.xml", &mut |step| {
            let Step::Start(name, element) = step else { return Ok(()) };
            let get = |name| attribute(element, name).unwrap_or_default();
            match name {
                "w:style" => {
                    kind = get("w:type");
                    let id = get("w:styleId");
                    if known.insert(id.clone(), kind.clone()).is_some() {
                        self.styles.push(format!("there are two styles `{id}`"));
                    }
                }
                "w:basedOn" | "w:next" => used.push((get("w:val"), kind.clone())),
                _ => {}
            }
            Ok(())
        })?;
        for part in package.texts() {
            package.walk(part, &mut |step| {
                if let Step::Start(name, element) = step
                    && let Some(kind) = kind_of(name)
                {
                    used.push((attribute(element, "w:val").unwrap_or_default(), kind.to_owned()));
                }
                Ok(())
            })?;
        }
        let used: BTreeSet<(String, String)> = used.into_iter().collect();
        for (style, kind) in used {
            match known.get(&style) {
                None => self.styles.push(format!("there is no style `{style}`")),
                Some(own) if *own != kind => self.styles.push(format!("the style `{style}` is of the kind {own}")),
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn lists(&mut self, package: &Package) -> Result<(), Unreadable> {
        let (mut definitions, mut lists) = (BTreeSet::new(), BTreeSet::new());
        package.walk("word/numbering.xml", &mut |step| {
            let Step::Start(name, element) = step else { return Ok(()) };
            let get = |name| attribute(element, name).unwrap_or_default();
            let (set, id) = match name {
                "w:abstractNum" => (&mut definitions, get("w:abstractNumId")),
                "w:num" => (&mut lists, get("w:numId")),
                "w:abstractNumId" if !definitions.contains(&get("w:val")) => {
                    self.lists.push(format!("there is no definition {}", get("w:val")));
                    return Ok(());
                }
                _ => return Ok(()),
            };
            if !set.insert(id.clone()) {
                self.lists.push(format!("there are two lists {id}"));
            }
            Ok(())
        })?;
        // A paragraph that is in no list says so by 0.
        lists.insert("0".to_owned());
        for part in package.texts().chain(["word/styles.xml"]) {
            package.walk(part, &mut |step| {
                if let Step::Start("w:numId", element) = step {
                    let id = attribute(element, "w:val").unwrap_or_default();
                    if !lists.contains(&id) {
                        self.lists.push(format!("there is no list {id}"));
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn notes(&mut self, package: &Package) -> Result<(), Unreadable> {
        // How often each note is called; the lines that part notes from the text are called by no one.
        let mut called: BTreeMap<String, usize> = BTreeMap::new();
        package.walk("word/footnotes.xml", &mut |step| {
            if let Step::Start("w:footnote", element) = step {
                let id = attribute(element, "w:id").unwrap_or_default();
                let count = usize::from(attribute(element, "w:type").is_some());
                if called.insert(id.clone(), count).is_some() {
                    self.notes.push(format!("there are two notes {id}"));
                }
            }
            Ok(())
        })?;
        for part in package.texts() {
            package.walk(part, &mut |step| {
                if let Step::Start("w:footnoteReference", element) = step {
                    let id = attribute(element, "w:id").unwrap_or_default();
                    match called.get_mut(&id) {
                        Some(count) => *count += 1,
                        None => self.notes.push(format!("there is no note {id}")),
                    }
                }
                Ok(())
            })?;
        }
        let wrong = called.into_iter().filter(|(_, count)| *count != 1);
        self.notes.extend(wrong.map(|(id, count)| format!("the note {id} is called {count} times")));
        Ok(())
    }

    fn bookmarks(&mut self, package: &Package) -> Result<(), Unreadable> {
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut ids = BTreeSet::new();
        let mut anchors = BTreeSet::new();
        for part in package.texts() {
            let mut open = BTreeMap::new();
            package.walk(part, &mut |step| {
                let Step::Start(name, element) = step else { return Ok(()) };
                let id = attribute(element, "w:id").unwrap_or_default();
                match name {
                    "w:bookmarkStart" => {
                        let name = attribute(element, "w:name").unwrap_or_default();
                        if !ids.insert(id.clone()) || !names.insert(name.to_lowercase()) {
                            self.bookmarks.push(format!("there are two bookmarks `{name}`, or of its id"));
                        }
                        let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
                        if name.is_empty() || !is_word || name.chars().count() > LONGEST {
                            self.bookmarks.push(format!("Word has no bookmarks with the name `{name}`"));
                        }
                        open.insert(id, name);
                    }
                    "w:bookmarkEnd" if open.remove(&id).is_none() => {
                        self.bookmarks.push(format!("a bookmark ends that did not begin, {id}"));
                    }
                    "w:hyperlink" => anchors.extend(attribute(element, "w:anchor")),
                    _ => {}
                }
                Ok(())
            })?;
            self.bookmarks.extend(open.into_values().map(|name| format!("the bookmark `{name}` does not end")));
        }
        let nowhere = anchors.into_iter().filter(|name| !names.contains(&name.to_lowercase()));
        let nowhere = nowhere.filter(|name| !BUILT_IN.contains(&name.as_str()));
        self.bookmarks.extend(nowhere.map(|name| format!("a link leads to `{name}`, which is not there")));
        Ok(())
    }

    /// The language stands in the properties of the file and in what holds for all styles.
    fn language(&mut self, package: &Package) -> Result<(), Unreadable> {
        let (mut said, mut is_said) = (String::new(), false);
        package.walk("docProps/core.xml", &mut |step| {
            match step {
                Step::Start(name, _) => is_said = name == "dc:language",
                Step::Text(text) if is_said => said.push_str(text),
                Step::Text(_) => {}
                Step::End(_) => is_said = false,
            }
            Ok(())
        })?;
        let (mut in_defaults, mut tag) = (false, None);
        package.walk("word/styles.xml", &mut |step| {
            match step {
                Step::Start("w:rPrDefault", _) => in_defaults = true,
                Step::Start("w:lang", element) if in_defaults => {
                    tag = attribute(element, "w:val").or_else(|| attribute(element, "w:bidi"));
                }
                Step::End("w:rPrDefault") => in_defaults = false,
                _ => {}
            }
            Ok(())
        })?;
        if said.is_empty() {
            self.language.push("the properties of the file name none".to_owned());
        }
        match tag {
            None => self.language.push("the styles name none".to_owned()),
            Some(tag) if tag != said => self.language.push(format!("the styles say {tag}, the properties {said}")),
            Some(_) => {}
        }
        Ok(())
    }
}
