//! Bibliography files: BibLaTeX and Hayagriva's YAML.

use super::Context;
use super::composed::{self, Fault, NameDependencies};
use super::include::unreadable;
use super::resolved::Citable;
use crate::ast::Metadata;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::load::add_bytes;
use crate::parse::measured_yaml;
use crate::project::PROJECT_FILE;
use crate::source::{FileId, Source, Sources, Span, relative_path};
use biblatex::{Bibliography, Pair, RawBibliography, RawChunk, Spanned};
use hayagriva::io::{self, BibLaTeXError};
use hayagriva::types::Publisher;
use hayagriva::{Entry, Library};
use std::collections::{BTreeMap, BTreeSet};

/// The largest bibliography file, in bytes, and the most that its text may come
/// to when each name for a text is replaced by that text.
pub const BIBLIOGRAPHY_BYTES: usize = 8 * 1024 * 1024;

/// How deep braces may nest in a BibLaTeX file.
pub const BRACES: usize = 64;

/// How deep values may nest in a bibliography of YAML.
pub const VALUES: usize = 64;

/// Maximum sum of the squared numbers of pieces of all fields in a BibLaTeX file: the reader joins
/// pieces one by one, and moves the rest each time.
pub const JOINS: usize = 50_000_000;

/// Reads the document's bibliography files, then the project's. `false` if a file could not be
/// used, so that the keys are unknown.
pub fn read(
    metadata: &Metadata,
    path: &str,
    context: &Context,
    start: Span,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> (Library, bool) {
    let own = metadata.bibliography.iter().map(|file| (file.value.as_str(), file.span.unwrap_or(start), path));
    let shared = context.project.bibliography.iter().map(|file| (file.as_str(), start, PROJECT_FILE));
    let mut read = BTreeSet::new();
    let mut all = Library::new();
    let mut whole = true;
    for (written, span, from) in own.chain(shared) {
        let path = relative_path(from, written);
        if path.as_ref().is_ok_and(|path| !read.insert(path.clone())) {
            continue;
        }
        let (path, bytes) = match path.and_then(|path| context.files.read(&path).map(|bytes| (path, bytes))) {
            Ok(found) => found,
            Err(error) => {
                diagnostics.push(unreadable(written, span, &error));
                whole = false;
                continue;
            }
        };
        let is_large = bytes.len() > BIBLIOGRAPHY_BYTES;
        let Some(file) = add_bytes(&path, bytes, sources, diagnostics) else {
            whole = false;
            continue;
        };
        if is_large {
            diagnostics.push(too_large(Span::point(file, 0)));
            whole = false;
            continue;
        }
        let text = sources.get(file).map(Source::text).unwrap_or_default();
        let library = if path.ends_with(".bib") {
            biblatex(file, text, diagnostics)
        } else if path.ends_with(".yml") || path.ends_with(".yaml") {
            yaml(file, sources, diagnostics)
        } else {
            let message = format!("`{written}` is no bibliography");
            let problem = Diagnostic::new(Code::BadBibliography, span, message);
            diagnostics.push(problem.hint("a bibliography is a `.bib` file of BibLaTeX or a `.yml` file of Hayagriva"));
            None
        };
        whole &= library.is_some();
        for entry in library.iter().flat_map(Library::iter) {
            if all.get(entry.key()).is_some() {
                let at = text.find(entry.key()).unwrap_or(0);
                diagnostics.push(twice(entry.key(), Span::new(file, at, at + entry.key().len())));
            } else {
                all.push(&published(entry));
            }
        }
    }
    (all, whole)
}

/// Everything that a document can cite, in the order of its bibliography, with the files that were
/// read. Their problems are reported when the document is compiled.
pub fn citable(metadata: &Metadata, path: &str, context: &Context) -> (Vec<Citable>, Sources) {
    let (mut sources, start) = (Sources::default(), Span::default());
    let (library, _) = read(metadata, path, context, start, &mut sources, &mut Diagnostics::default());
    let found = library.iter().map(|entry| Citable {
        key: entry.key().to_owned(),
        words: described(entry),
        span: sources.iter().find_map(|(file, source)| {
            let at = key_in(source.text(), entry.key())?;
            Some(Span::new(file, at, at + entry.key().len()))
        }),
    });
    let found = found.collect();
    (found, sources)
}

/// "Meadows: Thinking in Systems (2008)".
fn described(entry: &Entry) -> String {
    let authors = entry.authors().unwrap_or_default().iter().map(|author| author.name.as_str()).collect::<Vec<_>>();
    let title = entry.title().map(ToString::to_string).unwrap_or_default();
    let year = entry.date_any().map(|date| format!(" ({})", date.year)).unwrap_or_default();
    let lead = if authors.is_empty() { String::new() } else { format!("{}: ", authors.join(", ")) };
    format!("{lead}{title}{year}")
}

/// The positions at which a key is a word of its own.
fn key_in(text: &str, key: &str) -> Option<usize> {
    let ends =
        |letter: Option<char>| letter.is_none_or(|letter| !(letter.is_alphanumeric() || "-_:.".contains(letter)));
    text.match_indices(key).map(|(at, _)| at).find(|at| {
        let (before, behind) = (text.get(..*at).unwrap_or_default(), text.get(at + key.len()..).unwrap_or_default());
        // A colon ends a key of YAML.
        ends(before.chars().next_back()) && (behind.starts_with([':', ',']) || ends(behind.chars().next()))
    })
}

/// An entry with the institution that is behind it as its publisher, where it names none: CSL has
/// no variable for institutions.
fn published(entry: &Entry) -> Entry {
    let mut entry = entry.clone();
    let (name, place) = entry.publisher().map_or((None, None), |found| (found.name(), found.location()));
    if let (None, Some(institution)) = (name, entry.organization()) {
        entry.set_publisher(Publisher::new(Some(institution.clone()), place.cloned()));
    }
    entry
}

fn too_large(place: Span) -> Diagnostic {
    let message = format!("the bibliography comes to more than {} MiB", BIBLIOGRAPHY_BYTES / 1024 / 1024);
    Diagnostic::new(Code::LimitExceeded, place, message).hint("keep what is cited together in a shorter file")
}

fn twice(key: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadBibliography, span, format!("the key `{key}` is given twice"))
        .hint("give each entry a key of its own")
}

fn biblatex(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Option<Library> {
    if let Some(at) = too_deep(text) {
        let message = format!("braces nest more than {BRACES} deep");
        let hint = "take the inner braces away";
        diagnostics.push(Diagnostic::new(Code::LimitExceeded, Span::point(file, at), message).hint(hint));
        return None;
    }
    if let Err(problem) = named_texts(file, text).and_then(|()| inheritance(file, text)) {
        diagnostics.push(problem);
        return None;
    }
    let errors = match io::from_biblatex_str(text) {
        Ok(library) => return Some(with_prefixes(library, text)),
        Err(errors) => errors,
    };
    for error in errors {
        let (range, message) = match error {
            BibLaTeXError::Parse(error) => (error.span.clone(), error.kind.to_string()),
            BibLaTeXError::Type(error) => (error.span.clone(), error.kind.to_string()),
        };
        let end = range.end.min(text.len());
        let span = Span::new(file, range.start.min(end), end);
        diagnostics.push(Diagnostic::new(Code::BadBibliography, span, message).hint("correct the entry"));
    }
    None
}

/// A library in which the particle of a name is part of it where the file says
/// so, by the option `useprefix` of BibLaTeX (manual, section 3.1.3).
fn with_prefixes(library: Library, text: &str) -> Library {
    const OPTION: &str = "useprefix";
    if !text.contains(OPTION) {
        return library;
    }
    let Ok(bibliography) = Bibliography::parse(text) else { return library };
    let asks = |key: &str| {
        let options: Option<String> = bibliography.get(key).and_then(|entry| entry.get_as("options").ok());
        options.is_some_and(|options| {
            options.split(',').any(|option| {
                let (name, value) = option.split_once('=').unwrap_or((option, "true"));
                name.trim() == OPTION && value.trim() == "true"
            })
        })
    };
    let joined = |entry: &Entry| {
        let mut entry = entry.clone();
        let mut authors = entry.authors().map(<[_]>::to_vec).unwrap_or_default();
        for author in &mut authors {
            if let Some(prefix) = author.prefix.take() {
                author.name = format!("{prefix} {}", author.name);
            }
        }
        if !authors.is_empty() {
            entry.set_authors(authors);
        }
        entry
    };
    library.iter().map(|entry| if asks(entry.key()) { joined(entry) } else { entry.clone() }).collect()
}

/// Adds up what the fields come to: of texts that have names (`@string`) each
/// can hold the one before it twice, or itself.
fn named_texts(file: FileId, text: &str) -> Result<(), Diagnostic> {
    // Other problems of the file are reported by its reader.
    let Ok(raw) = RawBibliography::parse(text) else { return Ok(()) };
    let texts: BTreeMap<&str, &Pair> = raw.abbreviations.iter().map(|named| (named.key.v, named)).collect();
    let place = |pair: &Pair| Span::new(file, pair.value.span.start, pair.value.span.end);
    let names = |pair: &Pair| -> Vec<String> {
        let name = |chunk: &Spanned<RawChunk>| match chunk.v {
            RawChunk::Normal(_) => None,
            RawChunk::Abbreviation(name) => Some(name.to_owned()),
        };
        pair.value.v.iter().filter_map(name).collect()
    };
    let composed: NameDependencies = texts.iter().map(|(name, pair)| ((*name).to_owned(), names(pair))).collect();
    composed::check(&composed).map_err(|problem| match problem {
        Fault::Circle(name) => {
            let place = texts.get(name.as_str()).map_or(Span::point(file, 0), |pair| place(pair));
            Diagnostic::new(Code::BadBibliography, place, format!("the text `{name}` holds itself"))
                .hint("write out what it stands for")
        }
        Fault::TooLarge(name) => too_large(texts.get(name.as_str()).map_or(Span::point(file, 0), |pair| place(pair))),
    })?;
    let totals = |of: fn(&Pair) -> usize| {
        let own = texts.iter().map(|(name, pair)| ((*name).to_owned(), of(pair))).collect();
        composed::totals(&composed, &own)
    };
    let (lengths, counts) = (totals(written), totals(pieces));
    let (mut total, mut joins) = (0_usize, 0_usize);
    for field in raw.entries.iter().flat_map(|entry| &entry.v.fields) {
        let names = names(field);
        let whole = |own: usize, of: &BTreeMap<String, usize>| {
            names.iter().fold(own, |sum, name| sum.saturating_add(of.get(name).copied().unwrap_or_default()))
        };
        total = total.saturating_add(whole(written(field), &lengths));
        joins = joins.saturating_add(whole(pieces(field), &counts).saturating_pow(2));
        if total > BIBLIOGRAPHY_BYTES {
            return Err(too_large(place(field)));
        }
        if joins > JOINS {
            let message = "the fields up to this one are made of too many pieces";
            return Err(Diagnostic::new(Code::LimitExceeded, place(field), message)
                .hint("take the braces away that only group words, and join what `#` joins"));
        }
    }
    Ok(())
}

/// How many pieces the reader makes of a field.
fn pieces(field: &Pair) -> usize {
    let of = |chunk: &Spanned<RawChunk>| match chunk.v {
        RawChunk::Normal(text) => 1 + text.bytes().filter(|byte| matches!(byte, b'{' | b'}' | b'$')).count(),
        RawChunk::Abbreviation(_) => 1,
    };
    field.value.v.iter().map(of).sum()
}

/// How many bytes of a field are in the file itself.
fn written(field: &Pair) -> usize {
    let length = |chunk: &Spanned<RawChunk>| match chunk.v {
        RawChunk::Normal(text) => text.len(),
        RawChunk::Abbreviation(_) => 0,
    };
    field.value.v.iter().map(length).sum()
}

/// The fields by which an entry takes over what it lacks from others.
const INHERITING: [(&str, &str); 2] = [("crossref", "x-crossref"), ("xdata", "x-xdata")];

/// Looks at which entries inherit from which, with the fields under other
/// names: the reader would follow a circle for ever.
fn inheritance(file: FileId, text: &str) -> Result<(), Diagnostic> {
    let Ok(mut raw) = RawBibliography::parse(text) else { return Ok(()) };
    let mut places = BTreeMap::new();
    for entry in &mut raw.entries {
        for field in &mut entry.v.fields {
            if let Some((_, other)) = INHERITING.iter().find(|(name, _)| field.key.v.eq_ignore_ascii_case(name)) {
                field.key.v = other;
                places.insert(entry.v.key.v.to_owned(), Span::new(file, field.value.span.start, field.value.span.end));
            }
        }
    }
    if places.is_empty() {
        return Ok(());
    }
    // Other problems of the file are reported by its reader.
    let Ok(bibliography) = Bibliography::from_raw(raw) else { return Ok(()) };
    let fault = |key: &str, code: Code, message: String, hint: Option<String>| {
        let span = places.get(key).copied().unwrap_or(Span::point(file, 0));
        Diagnostic::new(code, span, message).maybe_hint(hint)
    };
    let mut composed = NameDependencies::new();
    for entry in bibliography.iter() {
        let [crossref, xdata] = INHERITING.map(|(_, name)| name);
        let mut keys: Vec<String> = entry.get_as::<Vec<String>>(xdata).unwrap_or_default();
        keys.extend(entry.get_as::<String>(crossref));
        let mut parts = Vec::new();
        for key in keys {
            let Some(found) = bibliography.get(&key) else {
                let message = format!("`{}` inherits from `{key}`, which the file does not have", entry.key);
                let hint = did_you_mean(&key, bibliography.iter().map(|entry| entry.key.as_str()));
                return Err(fault(&entry.key, Code::BadBibliography, message, hint));
            };
            parts.push(found.key.clone());
        }
        composed.insert(entry.key.clone(), parts);
    }
    composed::check(&composed).map_err(|problem| match problem {
        Fault::Circle(key) => {
            let hint = "one of the entries has to hold the fields itself".to_owned();
            fault(&key, Code::BadBibliography, format!("`{key}` inherits from itself"), Some(hint))
        }
        Fault::TooLarge(key) => {
            let hint = "repeat the fields in the entry itself".to_owned();
            fault(&key, Code::LimitExceeded, format!("`{key}` inherits from too many entries"), Some(hint))
        }
    })
}

/// Where braces nest too deep.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > BRACES
    })
}

fn yaml(file: FileId, sources: &Sources, diagnostics: &mut Diagnostics) -> Option<Library> {
    let source = sources.get(file)?;
    let text = source.text();
    let mut keys = BTreeSet::new();
    for line in 1..=source.line_count() {
        let words = source.line(line);
        let key = words.split_once(':').map_or("", |(key, _)| key);
        if key.is_empty() || key.starts_with(['#', ' ', '-', '\t']) || keys.insert(key) {
            continue;
        }
        let start = source.line_start(line);
        diagnostics.push(twice(key, Span::new(file, start, start + key.len())));
        return None;
    }
    let measured = measured_yaml(text, VALUES);
    if let Some(at) = measured.too_deep {
        let message = format!("values nest more than {VALUES} deep");
        let hint = "give what an entry is part of an entry of its own";
        diagnostics.push(Diagnostic::new(Code::LimitExceeded, Span::point(file, at), message).hint(hint));
        return None;
    }
    if measured.bytes > BIBLIOGRAPHY_BYTES {
        diagnostics.push(too_large(Span::point(file, 0)));
        return None;
    }
    match io::from_yaml_str(text) {
        Ok(library) => Some(library),
        Err(error) => {
            let at = error.location().map_or(0, |place| {
                let line = source.line(place.line());
                let before = line.chars().take(place.column().saturating_sub(1)).map(char::len_utf8).sum::<usize>();
                source.line_start(place.line()) + before
            });
            diagnostics.push(
                Diagnostic::new(Code::BadBibliography, Span::point(file, at), error.to_string())
                    .hint("correct the entry"),
            );
            None
        }
    }
}
