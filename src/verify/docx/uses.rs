//! Checks that everything a text uses is defined: styles, lists, notes, bookmarks, and the
//! language.

use super::{Package, Step, attribute, rule};
use crate::verify::{Check, Unreadable};
use quick_xml::events::BytesStart;
use std::collections::{BTreeMap, BTreeSet};

/// The longest name of a bookmark that Word keeps.
const LONGEST: usize = 40;
/// Bookmarks that are there without being named.
const BUILT_IN: [&str; 1] = ["_top"];

/// Checks a package.
pub fn check(package: &Package) -> Result<Vec<Check>, Unreadable> {
    let mut styles = Styles::read(package)?;
    let mut lists = Lists::read(package)?;
    let mut notes = Notes::read(package)?;
    let mut bookmarks = Bookmarks::default();
    for part in package.texts() {
        package.walk(part, &mut |step| {
            if let Step::Start(name, element) = step {
                styles.used(name, element);
                lists.used(name, element);
                notes.used(name, element);
                bookmarks.used(name, element);
            }
            Ok(())
        })?;
        bookmarks.end_part();
    }
    Ok(vec![
        rule("ISO/IEC 29500-1, 17.7.4", "Each style that is used is there, and of its kind.", styles.finish()),
        rule("ISO/IEC 29500-1, 17.9.15", "Each list that is used is there, and has a definition.", lists.faults),
        rule("ISO/IEC 29500-1, 17.11", "Each note has an id of its own and is called once.", notes.finish()),
        rule("ISO/IEC 29500-1, 17.13.6", "Each bookmark is unique, ends, and can be led to.", bookmarks.finish()),
        rule("WCAG 2.2, 3.1.1", "The language of the text is named.", language(package)?),
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

#[derive(Default)]
struct Styles {
    /// Kinds by the ids of styles.
    known: BTreeMap<String, String>,
    /// Styles that are named, with their kinds.
    used: BTreeSet<(String, String)>,
    faults: Vec<String>,
}

impl Styles {
    /// Reads the styles, and what each is based on and followed by.
    fn read(package: &Package) -> Result<Styles, Unreadable> {
        let mut styles = Styles::default();
        let mut kind = String::new();
        package.walk("word/styles.xml", &mut |step| {
            let Step::Start(name, element) = step else { return Ok(()) };
            let get = |name| attribute(element, name).unwrap_or_default();
            match name {
                "w:style" => {
                    kind = get("w:type");
                    let id = get("w:styleId");
                    if styles.known.insert(id.clone(), kind.clone()).is_some() {
                        styles.faults.push(format!("there are two styles `{id}`"));
                    }
                }
                "w:basedOn" | "w:next" => drop(styles.used.insert((get("w:val"), kind.clone()))),
                _ => {}
            }
            Ok(())
        })?;
        Ok(styles)
    }

    fn used(&mut self, name: &str, element: &BytesStart) {
        if let Some(kind) = kind_of(name) {
            self.used.insert((attribute(element, "w:val").unwrap_or_default(), kind.to_owned()));
        }
    }

    fn finish(mut self) -> Vec<String> {
        for (style, kind) in self.used {
            match self.known.get(&style) {
                None => self.faults.push(format!("there is no style `{style}`")),
                Some(own) if *own != kind => self.faults.push(format!("the style `{style}` is of the kind {own}")),
                Some(_) => {}
            }
        }
        self.faults
    }
}

struct Lists {
    known: BTreeSet<String>,
    faults: Vec<String>,
}

impl Lists {
    /// Reads the lists, and those that styles name.
    fn read(package: &Package) -> Result<Lists, Unreadable> {
        let mut definitions = BTreeSet::new();
        let mut lists = Lists { known: BTreeSet::new(), faults: Vec::new() };
        package.walk("word/numbering.xml", &mut |step| {
            let Step::Start(name, element) = step else { return Ok(()) };
            let get = |name| attribute(element, name).unwrap_or_default();
            let (set, id) = match name {
                "w:abstractNum" => (&mut definitions, get("w:abstractNumId")),
                "w:num" => (&mut lists.known, get("w:numId")),
                "w:abstractNumId" if !definitions.contains(&get("w:val")) => {
                    lists.faults.push(format!("there is no definition {}", get("w:val")));
                    return Ok(());
                }
                _ => return Ok(()),
            };
            if !set.insert(id.clone()) {
                lists.faults.push(format!("there are two lists {id}"));
            }
            Ok(())
        })?;
        // A paragraph that is in no list says so by 0.
        lists.known.insert("0".to_owned());
        package.walk("word/styles.xml", &mut |step| {
            if let Step::Start(name, element) = step {
                lists.used(name, element);
            }
            Ok(())
        })?;
        Ok(lists)
    }

    fn used(&mut self, name: &str, element: &BytesStart) {
        let id = Some(element).filter(|_| name == "w:numId").map(|id| attribute(id, "w:val").unwrap_or_default());
        self.faults.extend(id.filter(|id| !self.known.contains(id)).map(|id| format!("there is no list {id}")));
    }
}

#[derive(Default)]
struct Notes {
    /// How often each note is called; the lines that part notes from the text are called by no one.
    called: BTreeMap<String, usize>,
    faults: Vec<String>,
}

impl Notes {
    fn read(package: &Package) -> Result<Notes, Unreadable> {
        let mut notes = Notes::default();
        package.walk("word/footnotes.xml", &mut |step| {
            if let Step::Start("w:footnote", element) = step {
                let id = attribute(element, "w:id").unwrap_or_default();
                let count = usize::from(attribute(element, "w:type").is_some());
                if notes.called.insert(id.clone(), count).is_some() {
                    notes.faults.push(format!("there are two notes {id}"));
                }
            }
            Ok(())
        })?;
        Ok(notes)
    }

    fn used(&mut self, name: &str, element: &BytesStart) {
        if name == "w:footnoteReference" {
            let id = attribute(element, "w:id").unwrap_or_default();
            match self.called.get_mut(&id) {
                Some(count) => *count += 1,
                None => self.faults.push(format!("there is no note {id}")),
            }
        }
    }

    fn finish(mut self) -> Vec<String> {
        let wrong = self.called.into_iter().filter(|(_, count)| *count != 1);
        self.faults.extend(wrong.map(|(id, count)| format!("the note {id} is called {count} times")));
        self.faults
    }
}

#[derive(Default)]
struct Bookmarks {
    names: BTreeSet<String>,
    ids: BTreeSet<String>,
    /// Names by ids of those that are open in the part.
    open: BTreeMap<String, String>,
    anchors: BTreeSet<String>,
    faults: Vec<String>,
}

impl Bookmarks {
    fn used(&mut self, name: &str, element: &BytesStart) {
        let id = || attribute(element, "w:id").unwrap_or_default();
        match name {
            "w:bookmarkStart" => {
                let (id, name) = (id(), attribute(element, "w:name").unwrap_or_default());
                if !self.ids.insert(id.clone()) || !self.names.insert(name.to_lowercase()) {
                    self.faults.push(format!("there are two bookmarks `{name}`, or of its id"));
                }
                let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
                if name.is_empty() || !is_word || name.chars().count() > LONGEST {
                    self.faults.push(format!("Word has no bookmarks with the name `{name}`"));
                }
                self.open.insert(id, name);
            }
            "w:bookmarkEnd" => {
                let id = id();
                if self.open.remove(&id).is_none() {
                    self.faults.push(format!("a bookmark ends that did not begin, {id}"));
                }
            }
            "w:hyperlink" => self.anchors.extend(attribute(element, "w:anchor")),
            _ => {}
        }
    }

    fn end_part(&mut self) {
        let open = std::mem::take(&mut self.open).into_values();
        self.faults.extend(open.map(|name| format!("the bookmark `{name}` does not end")));
    }

    fn finish(mut self) -> Vec<String> {
        let nowhere = self.anchors.into_iter().filter(|name| !self.names.contains(&name.to_lowercase()));
        let nowhere = nowhere.filter(|name| !BUILT_IN.contains(&name.as_str()));
        self.faults.extend(nowhere.map(|name| format!("a link leads to `{name}`, which is not there")));
        self.faults
    }
}

/// The language is in the properties of the file and in what holds for all styles.
fn language(package: &Package) -> Result<Vec<String>, Unreadable> {
    let mut faults = Vec::new();
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
        faults.push("the properties of the file name none".to_owned());
    }
    match tag {
        None => faults.push("the styles name none".to_owned()),
        Some(tag) if tag != said => faults.push(format!("the styles say {tag}, the properties {said}")),
        Some(_) => {}
    }
    Ok(faults)
}
