//! Reads `chancery.toml` by hand from the TOML tree, so that every problem is
//! found in one run and points to its own place.

use super::{Collection, Project};
use crate::ast::{Metadata, Spanned};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Guess, Severity, guess};
use crate::format::Format;
use crate::language::Language;
use crate::parse;
use crate::source::{FileId, Source, Sources, Span};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

type Entry<'a, 'i> = (&'a str, Range<usize>, &'a toml::Spanned<DeValue<'i>>);

/// Reads the project file; what is wrong in it is reported and left out.
pub fn read(file: FileId, sources: &Sources, diagnostics: &mut Diagnostics) -> Project {
    let text = sources.get(file).map(Source::text).unwrap_or_default();
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { file, diagnostics };
    for error in errors {
        let span = error.span().unwrap_or_default();
        reader.report(Code::BadProject, span, error.message().to_owned(), None);
    }
    let mut project = Project::default();
    reader.root(table.get_ref(), &mut project);
    diagnostics.settle_fixes(sources);
    project
}

/// Where a project file gives a short form, however it writes the table.
pub fn abbreviation_key(text: &str, short: &str) -> Option<Range<usize>> {
    let (table, _) = DeTable::parse_recoverable(text);
    let (key, _) = table.get_ref().get("abbreviations")?.get_ref().as_table()?.get_key_value(short)?;
    let written = text.get(key.span())?;
    let start = key.span().start + written.find(short)?;
    Some(start..start + short.len())
}

struct Reader<'d> {
    file: FileId,
    diagnostics: &'d mut Diagnostics,
}

const ROOT_KEYS: [&str; 5] = ["project", "defaults", "abbreviations", "levels", "collections"];
const PROJECT_KEYS: [&str; 13] = [
    "title",
    "lang",
    "source",
    "output",
    "formats",
    "theme",
    "markings",
    "bibliography",
    "conformance",
    "deny-warnings",
    "verify",
    "against",
    "redline",
];
const COLLECTION_KEYS: [&str; 4] = ["title", "formats", "theme", "order"];

impl Reader<'_> {
    fn root(&mut self, table: &DeTable, project: &mut Project) {
        let mut lang = None;
        for (key, span, value) in entries(table) {
            match key {
                "project" => lang = self.project(value, project),
                "defaults" => project.defaults = self.defaults(value),
                "abbreviations" => project.abbreviations = self.abbreviations(value),
                "levels" => project.levels = self.levels(value),
                "collections" => project.collections = self.collections(value),
                _ => self.unknown(key, span, &ROOT_KEYS),
            }
        }
        if let (None, Some(value)) = (&project.defaults.lang, lang) {
            project.defaults.lang = Some(Spanned { value, span: None });
        }
    }

    /// Reads `[project]`; its language is for the defaults.
    fn project(&mut self, value: &toml::Spanned<DeValue>, project: &mut Project) -> Option<String> {
        let (mut lang, mut against, mut redline) = (None, None, None);
        for (key, span, value) in self.table(value, "project") {
            match key {
                "against" => against = self.against(value),
                "redline" => redline = self.boolean(value, key).then(|| value.span()),
                "title" => project.title = self.string(value, key),
                "lang" => lang = self.language(value),
                "source" => project.source = self.folder(value, key).unwrap_or(project.source.clone()),
                "output" => project.output = self.output(value).unwrap_or(project.output.clone()),
                "formats" => project.formats = self.formats(value).unwrap_or(project.formats.clone()),
                "theme" => project.theme = self.string(value, key).unwrap_or(project.theme.clone()),
                "markings" => project.markings = self.strings(value, key),
                "bibliography" => project.bibliography = self.strings(value, key),
                "conformance" => {
                    let written = self.string(value, key);
                    project.conformance_required = written.as_deref() == Some("required");
                    if written.is_some_and(|written| written != "required") {
                        let message = "`conformance` can only be \"required\"";
                        self.report(Code::BadProject, value.span(), message.to_owned(), None);
                    }
                }
                "deny-warnings" => project.deny_warnings = self.boolean(value, key),
                "verify" => project.verify = self.boolean(value, key),
                _ => self.unknown(key, span, &PROJECT_KEYS),
            }
        }
        match (redline, against) {
            (Some(_), Some(named)) => project.redline = Some(named),
            (Some(span), None) => {
                let hint = "`against` names it: a folder in the project, or a git revision";
                let message = "`redline` needs an earlier version to compare with".to_owned();
                self.report(Code::BadProject, span, message, Some(hint.to_owned()));
            }
            (None, _) => {}
        }
        lang
    }

    /// Reads the name of the earlier version, which is resolved when it is opened.
    fn against(&mut self, value: &toml::Spanned<DeValue>) -> Option<Spanned<String>> {
        let written = self.string(value, "against")?;
        let leaves = written.starts_with('/') || written.split('/').any(|part| part == "..");
        if written.trim().is_empty() || leaves || written.contains('\\') {
            let message = "`against` must name a folder inside the project, or a git revision".to_owned();
            let hint = Some("--against names a folder elsewhere".to_owned());
            self.report(Code::BadProject, value.span(), message, hint);
            return None;
        }
        Some(Spanned { value: written, span: Some(self.span(value.span())) })
    }

    /// A language, held to what a document's own must be.
    fn language(&mut self, value: &toml::Spanned<DeValue>) -> Option<String> {
        let written = self.string(value, "lang")?;
        if Language::is_allowed(&written) {
            return Some(written);
        }
        let hint = Language::meant(&written).map(|tag| format!("write `{tag}`"));
        let message = format!("`lang` takes {}", parse::keys::takes("lang"));
        self.report(Code::BadProject, value.span(), message, hint);
        None
    }

    /// Reads front matter that all documents share. The front matter's own
    /// reader does the work: it is handed the same values as YAML, a line for
    /// each key, and what it reports is led back to the key's value here.
    fn defaults(&mut self, value: &toml::Spanned<DeValue>) -> Metadata {
        let mut yaml = "---\n".to_owned();
        let mut spans = Vec::new();
        for (key, _, value) in self.table(value, "defaults") {
            yaml += &format!("{}: {}\n", Value::from(key), json(value.get_ref()));
            spans.push(value.span());
        }
        if spans.is_empty() {
            return Metadata::default();
        }
        yaml += "---\n";
        let mut sources = Sources::default();
        let file = sources.add(Source::new(super::PROJECT_FILE, yaml));
        let parsed = parse::parse(file, &mut sources);
        let source = sources.get(file);
        for mut diagnostic in parsed.diagnostics.into_sorted() {
            let line = diagnostic.span.zip(source).map_or(0, |(span, source)| source.place(span.start as usize).line);
            // Line 1 is the fence, so that line 2 holds the first key.
            let place = spans.get(line.saturating_sub(2)).cloned().unwrap_or_else(|| value.span());
            diagnostic.span = Some(self.span(place));
            diagnostic.secondary = Box::default();
            self.diagnostics.push(diagnostic);
        }
        parsed.value.metadata
    }

    fn abbreviations(&mut self, value: &toml::Spanned<DeValue>) -> Vec<(String, String)> {
        let entries = self.table(value, "abbreviations").into_iter();
        entries.filter_map(|(key, _, value)| Some((key.to_owned(), self.string(value, key)?))).collect()
    }

    fn levels(&mut self, value: &toml::Spanned<DeValue>) -> BTreeMap<Code, Option<Severity>> {
        let mut levels = BTreeMap::new();
        for (key, span, value) in self.table(value, "levels") {
            let Some(code) = Code::parse(key) else {
                let near = guess(key, Code::ALL.iter().map(|code| code.as_str()));
                self.strange(Code::BadProject, span, format!("there is no code `{key}`"), near);
                continue;
            };
            let Some(written) = self.string(value, key) else { continue };
            let level = match written.as_str() {
                "error" => Some(Severity::Error),
                "warning" => Some(Severity::Warning),
                "advice" => Some(Severity::Advice),
                "off" => None,
                _ => {
                    let near = guess(&written, ["error", "warning", "advice", "off"]);
                    let message = "a level is \"error\", \"warning\", \"advice\" or \"off\"".to_owned();
                    self.strange(Code::BadProject, value.span(), message, near);
                    continue;
                }
            };
            if code.severity() == Severity::Error && level != Some(Severity::Error) {
                let message = format!("{} is an error and cannot be lowered", code.as_str());
                self.report(Code::BadProject, value.span(), message, None);
                continue;
            }
            levels.insert(code, level);
        }
        levels
    }

    fn collections(&mut self, value: &toml::Spanned<DeValue>) -> BTreeMap<String, Collection> {
        let mut collections = BTreeMap::new();
        for (folder, place, value) in self.table(value, "collections") {
            let mut collection = Collection::default();
            let mut ordered = Vec::new();
            for (key, span, value) in self.table(value, folder) {
                match key {
                    "title" => collection.title = self.string(value, key),
                    "formats" => collection.formats = self.formats(value),
                    "theme" => collection.theme = self.string(value, key),
                    "order" => {
                        let order = self.spanned_strings(value, key).unwrap_or_default();
                        ordered = order.iter().map(|(_, span)| self.span(span.clone())).collect();
                        collection.order = order.into_iter().map(|(name, _)| name).collect();
                    }
                    _ => self.unknown(key, span, &COLLECTION_KEYS),
                }
            }
            collection.places = Some((self.span(place), ordered));
            collections.insert(folder.trim_matches('/').to_owned(), collection);
        }
        collections
    }

    fn formats(&mut self, value: &toml::Spanned<DeValue>) -> Option<Vec<Format>> {
        let mut formats = Vec::new();
        let names = self.spanned_strings(value, "formats")?;
        if names.is_empty() {
            let hint = format!("name one, such as `{}`, or take the key out", Format::Pdf.name());
            self.report(Code::BadProject, value.span(), "`formats` names no format".to_owned(), Some(hint));
        }
        for (name, span) in names {
            match Format::parse(&name) {
                Some(format) => formats.push(format),
                None => {
                    let near = guess(&name, Format::NAMED.iter().map(|format| format.name()));
                    self.strange(Code::BadProject, span, format!("there is no format `{name}`"), near);
                }
            }
        }
        formats.sort_unstable();
        formats.dedup();
        Some(formats)
    }

    /// A folder inside the project, without slashes at its ends.
    fn folder(&mut self, value: &toml::Spanned<DeValue>, key: &str) -> Option<String> {
        let written = self.string(value, key)?;
        let folder = written.trim_start_matches("./").trim_end_matches('/');
        let leaves = folder.starts_with('/') || folder.split('/').any(|part| part == "..");
        if leaves || folder.is_empty() {
            let message = format!("`{key}` must name a folder inside the project");
            self.report(Code::BadProject, value.span(), message, None);
            return None;
        }
        Some(folder.to_owned())
    }

    /// A folder of its own, written without needless steps.
    fn output(&mut self, value: &toml::Spanned<DeValue>) -> Option<String> {
        let folder = self.folder(value, "output")?;
        let parts: Vec<&str> = folder.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let is_safe = !folder.chars().any(|c| c.is_control() || c == '\\');
        if parts.is_empty() || !is_safe {
            let message = "`output` must name a folder of its own inside the project".to_owned();
            self.report(Code::BadProject, value.span(), message, None);
            return None;
        }
        Some(parts.join("/"))
    }

    fn table<'a, 'i>(&mut self, value: &'a toml::Spanned<DeValue<'i>>, key: &str) -> Vec<Entry<'a, 'i>> {
        match value.get_ref() {
            DeValue::Table(table) => entries(table),
            other => {
                self.wrong_type(value.span(), key, "a table", other);
                Vec::new()
            }
        }
    }

    fn string(&mut self, value: &toml::Spanned<DeValue>, key: &str) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            other => {
                self.wrong_type(value.span(), key, "text in quotation marks", other);
                None
            }
        }
    }

    fn boolean(&mut self, value: &toml::Spanned<DeValue>, key: &str) -> bool {
        match value.get_ref() {
            DeValue::Boolean(value) => *value,
            other => {
                self.wrong_type(value.span(), key, "true or false", other);
                false
            }
        }
    }

    fn strings(&mut self, value: &toml::Spanned<DeValue>, key: &str) -> Vec<String> {
        let strings = self.spanned_strings(value, key).unwrap_or_default();
        strings.into_iter().map(|(text, _)| text).collect()
    }

    fn spanned_strings(&mut self, value: &toml::Spanned<DeValue>, key: &str) -> Option<Vec<(String, Range<usize>)>> {
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_type(value.span(), key, "a list of texts", value.get_ref());
            return None;
        };
        let mut strings = Vec::new();
        for item in array {
            strings.extend(self.string(item, key).map(|text| (text, item.span())));
        }
        Some(strings)
    }

    fn unknown(&mut self, key: &str, span: Range<usize>, known: &[&str]) {
        let near = guess(key, known.iter().copied());
        self.strange(Code::UnknownKey, span, format!("the key `{key}` is not known"), near);
    }

    fn wrong_type(&mut self, span: Range<usize>, key: &str, wanted: &str, found: &DeValue) {
        let found = match found {
            DeValue::String(_) => "text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.report(Code::BadProject, span, format!("`{key}` takes {wanted}, not {found}"), None);
    }

    fn report(&mut self, code: Code, span: Range<usize>, message: String, hint: Option<String>) {
        self.diagnostics.push(Diagnostic::new(code, self.span(span), message).maybe_hint(hint));
    }

    /// Reports a word that is not known.
    fn strange(&mut self, code: Code, span: Range<usize>, message: String, near: Option<Guess>) {
        self.diagnostics.push(Diagnostic::new(code, self.span(span), message).guess(near));
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}

/// The entries of a table in the order of the file.
fn entries<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
    let mut entries: Vec<Entry> =
        table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value)).collect();
    entries.sort_by_key(|(_, span, _)| span.start);
    entries
}

/// A TOML value as JSON, which is also YAML.
fn json(value: &DeValue) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => number.as_str().parse::<i64>().map_or(Value::from(number.as_str()), Value::from),
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or(Value::from(number.as_str()), Value::from),
        DeValue::Boolean(truth) => Value::from(*truth),
        DeValue::Datetime(moment) => Value::from(moment.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => Value::Object(
            entries(table).into_iter().map(|(key, _, value)| (key.to_owned(), json(value.get_ref()))).collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::diagnostic::Diagnostics;
    use crate::format::Format;
    use crate::project::Project;
    use crate::source::{Source, Sources};

    /// A project and its problems, a line each.
    fn project(text: &str) -> (Project, Vec<String>) {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("chancery.toml", text));
        let mut diagnostics = Diagnostics::default();
        let project = read(file, &sources, &mut diagnostics);
        let lines = diagnostics.into_sorted().into_iter().map(|diagnostic| {
            let place = diagnostic.span.zip(sources.get(file)).map(|(span, source)| source.place(span.start as usize));
            let place = place.map(|place| format!("{}:{}", place.line, place.column)).unwrap_or_default();
            let hint = diagnostic.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
            format!("{place} {} {}{hint}", diagnostic.code.as_str(), diagnostic.message)
        });
        (project, lines.collect())
    }

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(project(""), (Project::default(), Vec::new()));
    }

    #[test]
    fn collections_differ_from_the_project() {
        let (project, problems) = project(
            "[project]\nformats = ['html', 'pdf']\n[collections.'a/b']\nformats = ['text']\ntheme = 'report'\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(project.formats_of("source/note.md"), [Format::Pdf, Format::Html]);
        assert_eq!(project.formats_of("source/a/b/c/note.md"), [Format::Text]);
        assert_eq!(project.theme_of("source/a/b/note.md"), "report");
        assert_eq!(project.theme_of("source/a/note.md"), "briefing");
    }

    #[test]
    fn every_problem_is_found_at_its_place() {
        let text = "[project]\ntitel = 'x'\nmarkings = 'Public'\nformats = ['pdf', 'htlm']\nsource = '../elsewhere'\n\
                    [levels]\nW0511 = 'of'\nE0303 = 'off'\nW9999 = 'off'\n[colections.a]\n[collections.b]\nformats = []\n";
        let (_, problems) = project(text);
        assert_eq!(
            problems,
            [
                "2:1 W0106 the key `titel` is not known (did you mean `title`?)",
                "3:12 E0008 `markings` takes a list of texts, not text",
                "4:19 E0008 there is no format `htlm` (did you mean `html`?)",
                "5:10 E0008 `source` must name a folder inside the project",
                "7:9 E0008 a level is \"error\", \"warning\", \"advice\" or \"off\" (did you mean `off`?)",
                "8:9 E0008 E0303 is an error and cannot be lowered",
                "9:1 E0008 there is no code `W9999`",
                "10:2 W0106 the key `colections` is not known (did you mean `collections`?)",
                "12:11 E0008 `formats` names no format (name one, such as `pdf`, or take the key out)",
            ]
        );
    }
}
