//! There and back: a document, its edition, and the source that the edition is imported as say
//! the same, in the same structure.

use super::Changes;
use crate::laws::{config, document};
use crate::support::{PROJECT_FREE, crate_path, faults_of_editions, files_under};
use chancery::Compilation;
use chancery::diagnostic::{Diagnostics, Severity};
use chancery::format::Format;
use chancery::import::import;
use chancery::source::{Files, MemoryFiles};
use html5gum::{Token, Tokenizer};
use proptest::prelude::{prop_assert, prop_assume, proptest};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What an edition does not say, so that nothing can be read from it.
const UNSAID: [(&str, &str); 9] = [
    ("redlines/quoted-title.earlier.md", "a reference is quoted as its document is"),
    ("html/formats.md", "each edition has words of its own"),
    ("math/places.md", "Word has no words for a formula beside it"),
    ("math/references.md", "Word has no words for a formula beside it"),
    ("fiches/prix-de-l-eau.md", "Word has no words for a formula beside it"),
    ("handbook.md", "the bibliography is made from a file"),
    ("resolve/citation-titles.md", "the bibliography is made from a file"),
    ("resolve/citation-titles-notes.md", "the bibliography is made from a file"),
    ("resolve/languages.md", "Word has languages of words alone"),
];

/// Where the structure is another, and the words are the same.
const OTHERWISE: [(&str, &str); 10] = [
    ("layout/overfull.md", "Word has quotations of one level"),
    ("layout/table-over-pages.md", "in Word a quotation begins with a paragraph"),
    ("parse/code.md", "in Word a quotation begins with a paragraph"),
    ("text/blocks.md", "in Word a quotation begins with a paragraph"),
    ("field/drawn-and-empty.md", "in Word a quotation begins with a paragraph"),
    ("parse/directives.md", "in Word a quotation begins with a paragraph"),
    ("html/asides.md", "in Word a quotation begins with a paragraph"),
    ("field/tables.md", "in a table in a table"),
    ("field/damaged-gif.md", "a picture without words stands in a paragraph"),
    ("habits/others.md", "a picture without words stands in a paragraph"),
];

fn is_among(list: &[(&str, &str)], path: &Path) -> bool {
    list.iter().any(|(ending, _)| path.ends_with(ending))
}

/// The words that a reader of the page gets. A link inside the document leads somewhere in it;
/// one to a file beside it is words; an address that stands bare leads where it says.
fn words(compilation: &Compilation) -> Vec<String> {
    let passages = chancery::verify::expected_passages(compilation.document.as_ref().unwrap(), Format::Html);
    let mut kept: Vec<String> = Vec::new();
    for word in chancery::verify::flatten(&passages) {
        let Some(address) = word.text.strip_prefix('→') else {
            kept.push(word.text.to_owned());
            continue;
        };
        let start = address.split(' ').next().unwrap_or_default().trim_end_matches('/');
        let is_bare = kept.last().is_some_and(|before| before.contains(start));
        if address.starts_with('#') {
            kept.push("→#".to_owned());
        } else if !is_bare && ["https:", "http:", "mailto:"].iter().any(|scheme| address.starts_with(scheme)) {
            kept.push(word.text.to_owned());
        }
    }
    kept
}

/// The blocks of a page: which stand in which order, what cells cover and head, in which
/// language they are, what panels and admonitions are.
fn outline(compilation: &Compilation) -> Vec<String> {
    const BLOCKS: [&str; 21] = [
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "table",
        "caption",
        "tr",
        "th",
        "td",
        "figure",
        "figcaption",
        "blockquote",
        "pre",
        "section",
        "aside",
    ];
    const ATTRIBUTES: [&str; 6] = ["colspan", "rowspan", "scope", "start", "type", "lang"];
    const CLASSES: [&str; 4] = ["panel", "admonition", "landscape", "annex"];
    let html = crate::support::editions(compilation, Format::Html);
    let (_, body) = html.split_once("<main").unwrap();
    let (body, _) = body.rsplit_once("</main>").unwrap();
    let mut outline = Vec::new();
    for token in Tokenizer::new(body) {
        let Ok(Token::StartTag(tag)) = token else { continue };
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        if !BLOCKS.contains(&name.as_str()) {
            continue;
        }
        let value =
            |attribute: &str| tag.attributes.get(attribute.as_bytes()).map(|value| String::from_utf8_lossy(value));
        let mut line = name.clone();
        for attribute in ATTRIBUTES {
            line += &value(attribute).map(|value| format!(" {attribute}={value}")).unwrap_or_default();
        }
        let classes = value("class").unwrap_or_default();
        if CLASSES.iter().any(|class| classes.contains(class)) {
            line += &format!(" {classes}");
        }
        outline.push(line);
    }
    outline
}

fn difference(wanted: &[String], found: &[String]) -> Option<String> {
    let at = (0..wanted.len().max(found.len())).find(|at| wanted.get(*at) != found.get(*at))?;
    let near = |words: &[String]| words[at.saturating_sub(3).min(words.len())..(at + 4).min(words.len())].join(" ");
    Some(format!("“{}” is “{}”", near(wanted), near(found)))
}

/// A document as its edition is imported: the source, and what it compiles to without an error.
fn back(compilation: &Compilation, format: Format) -> Result<(String, Compilation), String> {
    let edition = compilation.edition(format, &mut Diagnostics::default()).unwrap();
    let imported = import(&edition, "page", Changes::Accept, &MemoryFiles::default())
        .map_err(|problem| problem.message.to_string())?;
    let mut files = MemoryFiles::default();
    files.0.insert("law.md".to_owned(), imported.source.clone().into_bytes());
    files.0.extend(imported.media.iter().map(|medium| (medium.path.clone(), medium.bytes.clone())));
    let back = PROJECT_FREE.compile_files("law.md", &files);
    let problems: Vec<String> = back
        .diagnostics
        .iter()
        .chain(&imported.problems)
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| format!("{} {}", problem.code.as_str(), problem.message))
        .collect();
    if back.document.is_none() || !problems.is_empty() {
        return Err(format!("{problems:#?}\n{}", imported.source));
    }
    Ok((imported.source, back))
}

/// Every Markdown file of a folder that compiles without errors, with what it is.
fn documents(folder: &str) -> Vec<(PathBuf, Compilation)> {
    fn all(folder: &Path, found: &mut Vec<PathBuf>) {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                all(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    all(&crate_path(folder), &mut paths);
    let compile = |path: PathBuf| {
        let files = files_under(path.parent().unwrap());
        let compilation = PROJECT_FREE.compile_files(path.file_name().unwrap().to_str().unwrap(), &files);
        (!compilation.diagnostics.has_errors() && compilation.document.is_some()).then_some((path, compilation))
    };
    paths.into_iter().filter_map(compile).collect()
}

/// How documents of a folder differ from what their editions are imported as.
fn differences(folder: &str, format: Format) -> Vec<String> {
    let mut found = Vec::new();
    for (path, compilation) in documents(folder) {
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display();
        let (source, back) = match back(&compilation, format) {
            Ok(back) => back,
            Err(problem) => {
                found.push(format!("{name}: {problem}"));
                continue;
            }
        };
        if is_among(&UNSAID, &path) {
            continue;
        }
        let difference = difference(&words(&compilation), &words(&back)).or_else(|| {
            let outlines = || difference(&outline(&compilation), &outline(&back));
            // Entries of a bibliography are paragraphs.
            let is_cited = path.to_string_lossy().contains("citation");
            if is_cited || is_among(&OTHERWISE, &path) { None } else { outlines() }
        });
        found.extend(difference.map(|difference| format!("{name}: {difference} in\n{source}")));
    }
    found
}

#[test]
fn word_documents_give_back_their_sources() {
    let found = [differences("tests/cases", Format::Docx), differences("source", Format::Docx)].concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn pages_give_back_their_sources() {
    let found = [differences("tests/cases", Format::Html), differences("source", Format::Html)].concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn what_is_more_than_words_comes_back() {
    let text = "---\nlang: en\nabstract: In *short*, by a [link that leads on](https://example.org)^[A note.].\ntoc: 2\n---\n\n\
        # What^[Of the title.] we [found](https://example.org/found)\n\nText.\n\n***\n\n\
        ![A dot](dot.svg \"A literal \\\\*star\\\\* here\")\n\n## Section\n\nText.\n";
    let mut files = MemoryFiles::default();
    files.0.insert("law.md".to_owned(), text.as_bytes().to_vec());
    files.0.insert("dot.svg".to_owned(), std::fs::read(crate_path("tests/cases/resolve/dot.svg")).unwrap());
    let compilation = PROJECT_FREE.compile_files("law.md", &files);
    for format in [Format::Html, Format::Docx] {
        let (source, back) = back(&compilation, format).unwrap_or_else(|problem| panic!("{problem}"));
        assert_eq!(difference(&words(&compilation), &words(&back)), None, "{source}");
        assert_eq!(difference(&outline(&compilation), &outline(&back)), None, "{source}");
        assert!(source.contains("\nabstract: ") && source.contains("\n***\n"), "{source}");
    }
}

#[test]
fn a_row_of_header_cells_in_the_body_stays_there() {
    let table = "<table><thead><tr><th>Chapter</th><th>Sum</th></tr></thead>\
        <tbody><tr><th colspan=\"2\">Title 1</th></tr><tr><td>11</td><td>5</td></tr></tbody></table>\n";
    let compilation = PROJECT_FREE.compile_files("law.md", &files_of(table));
    let (source, _) = back(&compilation, Format::Docx).unwrap_or_else(|problem| panic!("{problem}"));
    let (head, body) = source.split_once("</thead>").unwrap();
    assert!(head.contains("Chapter") && body.contains("Title 1"), "{source}");
}

#[test]
fn languages_of_parts_of_a_page_come_back() {
    let page = "<html lang='en'><body><h1>T</h1><p>One</p><ul lang='fr'><li>Deux</li></ul>\
        <section lang='de'><h2>Drei</h2><p>Vier</p><p>Fünf</p><h3>Sechs</h3><p>Sieben</p></section><p>Eight</p></body></html>";
    let imported = import(page.as_bytes(), "page", Changes::Accept, &MemoryFiles::default()).unwrap();
    let wanted = "# T\n\nOne\n\n:::group {lang=fr}\n- Deux\n:::\n\n## [Drei]{lang=de}\n\n:::group {lang=de}\nVier\n\n\
        Fünf\n:::\n\n### [Sechs]{lang=de}\n\n:::group {lang=de}\nSieben\n:::\n\nEight\n";
    assert!(imported.source.ends_with(wanted), "{}", imported.source);
}

#[test]
fn what_comes_back_is_published_and_proved() {
    for (path, compilation) in documents("source") {
        let (_, back) = back(&compilation, Format::Docx).unwrap_or_else(|problem| panic!("{problem}"));
        let faults = faults_of_editions(&back);
        assert!(faults.is_empty(), "{}: {}", path.display(), faults.join("\n"));
    }
}

fn files_of(text: &str) -> impl Files {
    MemoryFiles(BTreeMap::from([
        ("law.md".to_owned(), text.as_bytes().to_vec()),
        ("part.md".to_owned(), b"# Part\n\nA part.[^p]\n\n[^p]: Its note.\n".to_vec()),
        ("data.csv".to_owned(), b"year,a,b\n2006,1,2.5\n2011,3,-4\n".to_vec()),
    ]))
}

proptest! {
    #![proptest_config(config())]

    /// Whatever a document is, its page and its Word document are imported as sources that
    /// say the same.
    #[test]
    fn every_edition_gives_back_its_words(text in document()) {
        // A paragraph without words has a number, and is nothing in a source.
        let text = text.replace("paragraphs: true", "paragraphs: false");
        let compilation = PROJECT_FREE.compile_files("law.md", &files_of(&text));
        prop_assume!(!compilation.diagnostics.has_errors());
        for format in [Format::Html, Format::Docx] {
            let back = back(&compilation, format);
            prop_assert!(back.is_ok(), "{format:?} {text:?}\n{}", back.err().unwrap_or_default());
            let (source, back) = back.unwrap();
            let difference = difference(&words(&compilation), &words(&back));
            prop_assert!(difference.is_none(), "{format:?} {text:?}\n{}\n{source}", difference.unwrap_or_default());
        }
    }
}
