//! Completion at a position.

use super::answer::{Asked, word};
use super::symbols::Kind;
use crate::parse::keys::KEYS;
use crate::parse::{directive_attributes, directive_names};
use crate::resolve::relative;
use crate::source::relative_path;
use crate::theme::Theme;
use serde_json::{Value, json};

/// LSP, CompletionItemKind.
const REFERENCE: u8 = 18;
const FILE: u8 = 17;
const KEYWORD: u8 = 14;
const PROPERTY: u8 = 10;
const VALUE: u8 = 12;
const TEXT: u8 = 1;

/// The completions for a request.
pub fn complete(asked: &mut Asked) -> Value {
    let before = asked.text().get(..asked.at).unwrap_or_default().to_owned();
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    let items = if is_front_matter(&before) {
        front_matter(line)
    } else if let Some(words) = line.trim_start().strip_prefix(":::") {
        directive(asked, words)
    } else if let Some((_, target)) = line.rsplit_once("](").filter(|(_, rest)| !rest.contains(')')) {
        self::target(asked, target)
    } else if line.rsplit_once("[^").is_some_and(|(_, rest)| !rest.contains(']')) {
        notes(asked)
    } else if line.rsplit_once("{{").is_some_and(|(_, rest)| !rest.contains("}}")) {
        values(asked)
    } else if is_reference(line) {
        let mut items = ids(asked, None);
        items.extend(asked.citable().0.iter().map(|cited| item(&cited.key, REFERENCE, &cited.words)));
        items
    } else {
        short_forms(asked)
    };
    json!({ "isIncomplete": false, "items": items })
}

/// Whether a text ends in front matter, which may have no end yet.
fn is_front_matter(before: &str) -> bool {
    let mut lines = before.trim_start_matches('\u{feff}').lines();
    lines.next() == Some("---") && before.contains('\n') && lines.all(|line| line.trim_end() != "---")
}

fn item(label: &str, kind: u8, detail: &str) -> Value {
    json!({ "label": label, "kind": kind, "detail": detail })
}

/// Whether the line ends with an `@` and the start of a name.
fn is_reference(line: &str) -> bool {
    line.rsplit_once('@').is_some_and(|(before, name)| {
        let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ':');
        !before.ends_with(char::is_alphanumeric) && name.chars().all(is_name)
    })
}

fn front_matter(line: &str) -> Vec<Value> {
    match line.split_once(':') {
        Some((key, _)) => {
            let known = KEYS.iter().find(|known| known.name == key.trim());
            let themes = Theme::names().filter(|_| key.trim() == "theme");
            known
                .into_iter()
                .flat_map(|known| known.values())
                .chain(themes)
                .map(|value| item(value, VALUE, key))
                .collect()
        }
        None if line.starts_with(char::is_whitespace) => Vec::new(),
        None => KEYS.iter().map(|key| item(key.name, PROPERTY, key.takes)).collect(),
    }
}

fn directive(asked: &mut Asked, words: &str) -> Vec<Value> {
    let words = words.trim_start_matches(':').trim_start();
    match words.split_once('{') {
        Some((_, attributes)) if attributes.ends_with("src=") || attributes.ends_with("src=\"") => files(asked, ""),
        Some((name, _)) => {
            directive_attributes(name.trim()).iter().map(|key| item(key, PROPERTY, "attribute")).collect()
        }
        None => directive_names().map(|name| item(name, KEYWORD, "directive")).collect(),
    }
}

/// Targets of a link or a picture: ids and files.
fn target(asked: &mut Asked, written: &str) -> Vec<Value> {
    match written.split_once('#') {
        Some(("", _)) => ids(asked, None),
        Some((document, _)) => match relative_path(&asked.project_file.path, document) {
            Ok(path) => ids(asked, Some(&path)),
            Err(_) => Vec::new(),
        },
        None => files(asked, written),
    }
}

fn ids(asked: &mut Asked, document: Option<&str>) -> Vec<Value> {
    let (named, _) = asked.named(document);
    named.iter().map(|named| item(&named.id, REFERENCE, &named.label_and_title())).collect()
}

/// Abbreviations that start like the word before the position.
fn short_forms(asked: &mut Asked) -> Vec<Value> {
    let begun = word(asked.text(), asked.at).start..asked.at;
    let begun = asked.text().get(begun).unwrap_or_default().to_owned();
    if begun.is_empty() {
        return Vec::new();
    }
    let known = asked.short_forms().into_iter().filter(|(short, _)| short.starts_with(&begun));
    known.map(|(short, expansion)| item(&short, TEXT, &expansion)).collect()
}

fn notes(asked: &mut Asked) -> Vec<Value> {
    let found = asked.reading().names(|name| name.kind == Kind::Note && name.is_definition);
    found.iter().map(|name| item(&name.text, REFERENCE, "note")).collect()
}

/// Keys of the front matter that have a value on their line.
fn values(asked: &Asked) -> Vec<Value> {
    let front = asked.text().get(..crate::parse::body_start(asked.text())).unwrap_or_default();
    let keys = front
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(key, value)| !key.starts_with(char::is_whitespace) && !value.trim().is_empty());
    keys.map(|(key, value)| item(key.trim(), VALUE, value.trim())).collect()
}

/// Documents, and the files of the folder in the path written so far.
fn files(asked: &Asked, written: &str) -> Vec<Value> {
    let project_file = &asked.project_file;
    let folder = written.rsplit_once('/').map_or("", |(folder, _)| folder);
    let lead = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let Ok(inside) = relative_path(&project_file.path, &format!("{lead}x")) else { return Vec::new() };
    let inside = inside.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let names = project_file.workspace.with_files(|files| files.names(&inside));
    let documents = project_file.workspace.documents.iter().filter(|path| **path != project_file.path);
    let mut found: Vec<String> = documents.map(|path| relative(&project_file.path, path)).collect();
    found.extend(names.into_iter().filter(|name| !name.starts_with('.')).map(|name| format!("{lead}{name}")));
    found.sort();
    found.dedup();
    found.iter().map(|path| item(path, FILE, "file")).collect()
}
