//! Requests about names: definition, hover, references, rename.

use super::answer::{Asked, location, word};
use super::position::beginning;
use super::server::address;
use super::symbols::{Kind, Name, Reading, words_in};
use crate::Compiled;
use crate::parse::keys::KEYS;
use crate::project::{PROJECT_FILE, abbreviation_key};
use crate::resolve::{Citable, citable};
use crate::source::{Source, Sources, relative_path};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Extensions of data files, which contain no text of a document.
const DATA: [&str; 8] = [".csv", ".tsv", ".bib", ".csl", ".toml", ".json", ".yaml", ".yml"];

/// The documents in which a name is visible, with their files.
struct Scope {
    documents: Vec<String>,
    files: Vec<Source>,
}

/// A name in one of the project's files.
type Use = (Source, Name);

impl Asked<'_> {
    /// The definition of the name at the position.
    pub fn definition(&mut self) -> Value {
        let Some(name) = self.name() else { return Value::Null };
        match name.kind {
            Kind::File => {
                let path = self.path_of(&name).filter(|path| self.project_file.workspace.root().join(path).is_file());
                path.map_or(
                    Value::Null,
                    |path| json!({ "uri": address(&path, &self.project_file), "range": beginning() }),
                )
            }
            Kind::Id => {
                let (named, compiled) = self.named_by(&name);
                let found = named.into_iter().find(|found| found.id == name.text);
                if let (Some(found), Some(compiled)) = (found, compiled) {
                    return location(found.span, &compiled.compilation.sources, self);
                }
                let (citable, sources) = self.citable();
                let cited = citable.into_iter().find(|cited| cited.key == name.text);
                cited.and_then(|cited| cited.span).map_or(Value::Null, |span| location(span, &sources, self))
            }
            Kind::Note | Kind::Value | Kind::Abbreviation => {
                let found = self.uses(&name).into_iter().find(|(_, found)| found.is_definition);
                found.map_or(Value::Null, |found| self.at(&found))
            }
        }
    }

    /// The name at the position: one that the text defines or uses, or an abbreviation of the
    /// document.
    pub fn name(&mut self) -> Option<Name> {
        let (at, line) = (self.at, self.line());
        // The sign before a name is part of it.
        let sign = usize::from(self.text().get(at..).is_some_and(|rest| rest.starts_with(['@', '#', '^'])));
        let is_here = |range: &Range<usize>| range.start <= at + sign && at <= range.end;
        let reading = self.reading();
        if let Some(name) = reading.name_where(is_here) {
            return Some(name);
        }
        let mut known: Vec<String> = self.short_forms().into_keys().collect();
        known.retain(|short| words_in(self.text(), line.clone(), short).iter().any(is_here));
        // The longest one applies, as in the document.
        known.sort_by_key(|short| std::cmp::Reverse(short.len()));
        known.into_iter().find_map(|text| {
            let range = reading.mentions(&text).into_iter().find(is_here)?;
            Some(Name { kind: Kind::Abbreviation, text, range, is_definition: false, document: None })
        })
    }

    /// The byte range of the line of the position.
    fn line(&self) -> Range<usize> {
        let is_end = |letter: char| matches!(letter, '\n' | '\r');
        let (before, behind) = self.text().split_at_checked(self.at).unwrap_or((self.text(), ""));
        let start = before.rfind(is_end).map_or(0, |end| end + 1);
        start..before.len() + behind.find(is_end).unwrap_or(behind.len())
    }

    /// Abbreviations of the document, with their expansions.
    pub fn short_forms(&mut self) -> BTreeMap<String, String> {
        let project = &self.project_file.workspace.project;
        let mut known: BTreeMap<String, String> = project.abbreviations.iter().cloned().collect();
        if let Some(compiled) = self.compiled()
            && let Some(document) = &compiled.compilation.document
        {
            let keys = document.metadata.abbreviations.iter();
            known.extend(keys.map(|(short, expansion)| (short.clone(), expansion.value.clone())));
            let used = document.abbreviations.iter();
            known.extend(used.map(|used| (used.short.clone(), used.expansion.clone())));
        }
        known.extend(self.reading().short_forms().cloned());
        known
    }

    /// The sources that the document can cite, and their files.
    pub fn citable(&mut self) -> (Vec<Citable>, Sources) {
        let Some(compiled) = self.compiled() else { return (Vec::new(), Sources::default()) };
        let Some(document) = &compiled.compilation.document else { return (Vec::new(), Sources::default()) };
        let path = compiled.compilation.sources.iter().next().map_or("", |(_, source)| source.path());
        self.open.with_context(&self.project_file, |_, context| citable(&document.metadata, path, context))
    }

    /// The elements with ids in the document of a name.
    fn named_by(&mut self, name: &Name) -> (Vec<super::answer::Named>, Option<Arc<Compiled>>) {
        match &name.document {
            Some(written) => match relative_path(&self.project_file.path, written) {
                Ok(path) => self.named(Some(&path)),
                Err(_) => (Vec::new(), None),
            },
            None => self.named(None),
        }
    }

    fn at(&self, (source, name): &Use) -> Value {
        json!({
            "uri": address(source.path(), &self.project_file),
            "range": self.open.encoding.range(source, name.range.clone()),
        })
    }

    /// The scope of a name: the files of all documents that the text is part of, or of the document
    /// written before the name.
    fn scope(&mut self, name: &Name) -> Scope {
        let compiled = match &name.document {
            Some(written) => match relative_path(&self.project_file.path, written) {
                Ok(path) => vec![self.compile(&path)],
                Err(_) => Vec::new(),
            },
            None => self.documents(),
        };
        let mut scope = Scope { documents: Vec::new(), files: Vec::new() };
        for compiled in &compiled {
            let sources = &compiled.compilation.sources;
            scope.documents.extend(sources.iter().next().map(|(_, source)| source.path().to_owned()));
            for (_, source) in sources.iter() {
                let is_known = scope.files.iter().any(|known| known.path() == source.path());
                if !is_known && !DATA.iter().any(|ending| source.path().ends_with(ending)) {
                    scope.files.push(source.clone());
                }
            }
        }
        if scope.files.is_empty() {
            scope.files.push(Source::new(self.project_file.path.as_str(), self.text()));
        }
        scope
    }

    /// All uses of a name, including its definition.
    fn uses(&mut self, name: &Name) -> Vec<Use> {
        if name.kind == Kind::Abbreviation {
            return self.uses_of_short_form(name);
        }
        let Scope { documents, files } = self.scope(name);
        let mut found = Vec::new();
        for source in &files {
            let is_own = |other: &Name| match &other.document {
                Some(written) => relative_path(source.path(), written).is_ok_and(|path| documents.contains(&path)),
                None => true,
            };
            let same = self.reading_of(source).names(|other| is_same(other, name) && is_own(other));
            found.extend(same.into_iter().map(|name| (source.clone(), name)));
            if name.kind == Kind::Value
                && let Some(range) = key(source.text(), &name.text)
            {
                found.push((source.clone(), Name { range, is_definition: true, ..name.clone() }));
            }
        }
        if name.kind == Kind::Id {
            self.uses_elsewhere(name, &documents, &files, &mut found);
        }
        found
    }

    /// The reading of one of the project's files.
    fn reading_of(&mut self, source: &Source) -> Arc<Reading> {
        let file = self.project_file.workspace.root().join(source.path());
        self.open.reading(&self.project_file.workspace, source.path(), &file, source.text())
    }

    /// The definitions and uses of an abbreviation in a source.
    fn mentions(&mut self, source: &Source, name: &Name) -> Vec<Use> {
        if !source.text().contains(&name.text) || DATA.iter().any(|ending| source.path().ends_with(ending)) {
            return Vec::new();
        }
        let reading = self.reading_of(source);
        let given = reading.names(|other| is_same(other, name)).into_iter();
        let used = reading.mentions(&name.text).into_iter();
        let used = used.map(|range| Name { range, is_definition: false, ..name.clone() });
        given.chain(used).map(|name| (source.clone(), name)).collect()
    }

    /// The definitions and uses of an abbreviation: in the files of the document, or in all
    /// documents if only the project file defines it.
    fn uses_of_short_form(&mut self, name: &Name) -> Vec<Use> {
        let own: Vec<Use> = self.scope(name).files.iter().flat_map(|source| self.mentions(source, name)).collect();
        let is_given = |found: &[Use]| found.iter().any(|(_, name)| name.is_definition);
        let workspace = &self.project_file.workspace;
        if is_given(&own) || !workspace.project.abbreviations.iter().any(|(short, _)| *short == name.text) {
            return own;
        }
        let file = workspace.with_files(|files| files.read(PROJECT_FILE)).ok();
        let text = file.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        let given = abbreviation_key(&text, &name.text);
        let source = Source::new(PROJECT_FILE, text);
        let mut all: Vec<Use> =
            given.map(|range| (source, Name { range, is_definition: true, ..name.clone() })).into_iter().collect();
        let mut known: Vec<String> = Vec::new();
        for path in workspace.documents.clone() {
            let compiled = self.compile(&path);
            let sources = compiled.compilation.sources.iter().map(|(_, source)| source);
            let found: Vec<Use> = sources.flat_map(|source| self.mentions(source, name)).collect();
            if !is_given(&found) {
                let is_new = |(source, _): &Use| !known.iter().any(|known| known == source.path());
                all.extend(found.iter().filter(|found| is_new(found)).cloned());
                known.extend(found.iter().map(|(source, _)| source.path().to_owned()));
            }
        }
        all
    }

    /// Adds the uses of an id in other documents of the project.
    fn uses_elsewhere(&self, name: &Name, documents: &[String], files: &[Source], found: &mut Vec<Use>) {
        let workspace = &self.project_file.workspace;
        let others = workspace.documents.iter().filter(|path| files.iter().all(|file| file.path() != *path));
        for path in others {
            let bytes = workspace.with_files(|files| files.read(path)).ok();
            let Some(text) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()) else { continue };
            if !text.contains(&name.text) {
                continue;
            }
            let source = Source::new(path.as_str(), text);
            let leads_here = |other: &Name| {
                let written = other.document.as_ref();
                written.and_then(|written| relative_path(path, written).ok()).is_some_and(|of| documents.contains(&of))
            };
            let same = Reading::from_text(source.text()).names(|other| is_same(other, name) && leads_here(other));
            found.extend(same.into_iter().map(|name| (source.clone(), name)));
        }
    }

    /// The uses of the name at the position.
    pub fn references(&mut self, params: &Value) -> Value {
        let with_definition = params["context"]["includeDeclaration"].as_bool().unwrap_or(true);
        let Some(name) = self.name() else { return Value::Null };
        let found = self.uses(&name).into_iter().filter(|(_, name)| with_definition || !name.is_definition);
        found.map(|found| self.at(&found)).collect()
    }

    /// The name at the position, if it can be renamed.
    pub fn prepare_rename(&mut self) -> Value {
        let name = self.name().filter(|name| name.kind != Kind::File);
        name.map_or(Value::Null, |name| json!({ "range": self.range(name.range), "placeholder": name.text }))
    }

    /// Edits in all documents that rename a name.
    pub fn rename(&mut self, params: &Value) -> Result<Value, String> {
        let new = params["newName"].as_str().unwrap_or_default();
        let name = self.name().ok_or("nothing here has a name")?;
        if name.kind == Kind::File {
            return Err("rename the file in the editor".to_owned());
        }
        let is_short_form = name.kind == Kind::Abbreviation;
        let is_legal = |letter: char| match letter {
            '-' | '_' => true,
            ':' => !is_short_form,
            '.' | '&' | '/' => is_short_form,
            letter => letter.is_alphanumeric(),
        };
        if new.is_empty() || !new.chars().all(is_legal) {
            return Err(format!("`{new}` cannot be a name: take letters, figures and hyphens"));
        }
        if name.kind == Kind::Value && !(name.text.starts_with("x-") && new.starts_with("x-")) {
            return Err("only keys of your own, such as `x-price`, have another name".to_owned());
        }
        if self.is_taken(&Name { text: new.to_owned(), ..name.clone() }) {
            return Err(format!("`{new}` names something else already"));
        }
        let found = self.uses(&name);
        if !found.iter().any(|(_, name)| name.is_definition) {
            if self.citable().0.iter().any(|cited| cited.key == name.text) {
                return Err(format!("`{}` is a key of the bibliography: it has its name there", name.text));
            }
            return Err(format!("`{0}` is made of the heading’s words: give it an id, `{{#{0}}}`, first", name.text));
        }
        let mut changes: Map<String, Value> = Map::new();
        for (source, name) in found {
            let edit = json!({ "range": self.open.encoding.range(&source, name.range), "newText": new });
            let edits = changes.entry(address(source.path(), &self.project_file)).or_insert_with(|| json!([]));
            edits.as_array_mut().into_iter().for_each(|edits| edits.push(edit.clone()));
        }
        Ok(json!({ "changes": changes }))
    }

    /// Whether a name is already in use.
    fn is_taken(&mut self, name: &Name) -> bool {
        let is_id = name.kind == Kind::Id && self.named_by(name).0.iter().any(|named| named.id == name.text);
        let is_short_form = name.kind == Kind::Abbreviation && self.short_forms().contains_key(&name.text);
        is_id || is_short_form || self.uses(name).iter().any(|(_, found)| found.is_definition)
    }

    /// A description of the name or the key at the position.
    pub fn hover(&mut self) -> Value {
        let Some(name) = self.name() else { return self.hover_key() };
        let words = match name.kind {
            Kind::Id => {
                let (named, _) = self.named_by(&name);
                let named = named.into_iter().find(|found| found.id == name.text).map(|found| found.label_and_title());
                named.or_else(|| {
                    let cited = self.citable().0.into_iter().find(|cited| cited.key == name.text);
                    cited.map(|cited| cited.words)
                })
            }
            Kind::Abbreviation => self.short_forms().remove(&name.text),
            Kind::Note | Kind::Value => {
                let found = self.uses(&name).into_iter().find(|(_, found)| found.is_definition);
                found.map(|(source, found)| rest_of_line(source.text(), found.range.end))
            }
            Kind::File => {
                let path = self.path_of(&name).filter(|path| self.project_file.workspace.documents.contains(path));
                path.and_then(|path| Some(self.compile(&path).compilation.document.as_ref()?.title_text.clone()))
            }
        };
        let shown = words.filter(|words| !words.is_empty());
        shown.map_or(
            Value::Null,
            |words| json!({ "contents": { "kind": "plaintext", "value": words }, "range": self.range(name.range) }),
        )
    }

    /// A description of a key of the front matter.
    fn hover_key(&self) -> Value {
        let is_inside = self.at < crate::parse::body_start(self.text());
        let word = word(self.text(), self.at);
        let key = KEYS.iter().find(|key| Some(key.name) == self.text().get(word.clone()));
        key.filter(|_| is_inside).map_or(Value::Null, |key| {
            let words = format!("{} takes {}", key.name, key.takes);
            json!({ "contents": { "kind": "plaintext", "value": words }, "range": self.range(word) })
        })
    }
}

fn is_same(other: &Name, name: &Name) -> bool {
    other.kind == name.kind && other.text == name.text
}

/// The position of a key of the front matter.
fn key(text: &str, key: &str) -> Option<Range<usize>> {
    let front = text.get(..crate::parse::body_start(text))?;
    let line = format!("\n{key}:");
    front.find(&line).map(|at| at + 1..at + 1 + key.len())
}

/// The rest of the line after a name and its colon.
fn rest_of_line(text: &str, end: usize) -> String {
    let line = text.get(end..).unwrap_or_default().lines().next().unwrap_or_default();
    line.trim_start_matches([']', ':']).trim().to_owned()
}
