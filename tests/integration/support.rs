//! What several tests need.

use chancery::Compilation;
use chancery::cli::DiskFiles;
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::layout::frame::ItemKind;
use chancery::project::Project;
use chancery::resolve::{Context, Library};
use chancery::source::{Files, MemoryFiles};
use html5gum::{Token, Tokenizer};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A path under the crate's root.
pub fn crate_path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files under a folder of the crate.
pub fn files_under(path: &Path) -> DiskFiles {
    DiskFiles::new(path).unwrap()
}

/// Compiles the first of some documents that know one another.
pub fn compile_among(paths: &[&str], files: &dyn Files, project: &Project, profiles: &[String]) -> Compilation {
    let library = Library::from_paths(paths.iter().map(|path| (*path).to_owned()), project);
    let context = Context {
        project,
        library: &library,
        files,
        profiles,
        source_date_epoch: None,
        index: None,
        compared: &BTreeSet::new(),
        dead_links_stay: false,
    };
    chancery::compile(paths[0], &context)
}

/// Compiles documents that belong to no project.
pub struct ProjectFree;

pub const PROJECT_FREE: ProjectFree = ProjectFree;

impl ProjectFree {
    /// A document of its own.
    pub fn compile(&self, text: &str) -> Compilation {
        self.compile_files("note.md", &MemoryFiles(BTreeMap::from([("note.md".to_owned(), text.as_bytes().to_vec())])))
    }

    /// A document that uses other files.
    pub fn compile_files(&self, path: &str, files: &dyn Files) -> Compilation {
        compile_among(&[path], files, &Project::default(), &[])
    }
}

/// Every format that the proof reads back.
pub const PROVED: [Format; 7] =
    [Format::Pdf, Format::Html, Format::Docbook, Format::Text, Format::Brief, Format::Docx, Format::Epub];

/// What the proof finds in all editions of a document, with their formats.
pub fn faults_of_editions(compilation: &Compilation) -> Vec<String> {
    let Some(document) = &compilation.document else { return vec!["there is no document".to_owned()] };
    let mut faults = Vec::new();
    for format in PROVED {
        let edition = compilation.edition(format, &mut Diagnostics::default()).unwrap();
        let mut found = Diagnostics::default();
        chancery::verify::prove(document, &compilation.theme, format, &edition, &mut found);
        faults.extend(found.iter().map(|problem| format!("{}: {}", format.name(), problem.message)));
    }
    faults
}

/// An edition that is text.
pub fn editions(compilation: &Compilation, format: Format) -> String {
    String::from_utf8(compilation.edition(format, &mut Diagnostics::default()).unwrap()).unwrap()
}

/// What stands between the tags of HTML or XML, piece by piece.
pub fn pieces_of_markup(markup: &str) -> Vec<String> {
    let body = markup.split_once("</head>").map_or(markup, |(_, body)| body);
    let tokens = Tokenizer::new(body).map(|token| match token {
        Ok(Token::String(text)) => String::from_utf8_lossy(&text).into_owned(),
        Ok(Token::StartTag(_) | Token::EndTag(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_)) => {
            String::new()
        }
        Err(never) => match never {},
    });
    tokens.filter(|text| !text.is_empty()).collect()
}

/// What stands between the tags of HTML or XML.
pub fn words_of_markup(markup: &str) -> String {
    pieces_of_markup(markup).concat()
}

/// The text that is set on the pages, in painting order.
pub fn layout_text(compilation: &Compilation) -> String {
    let document = compilation.document.as_ref().unwrap();
    let layout = chancery::layout::layout(document, &compilation.theme, &mut Diagnostics::default());
    let runs = layout.pages.iter().flat_map(|page| &page.items).filter_map(|item| match &item.kind {
        ItemKind::Glyphs(run) => Some(&*run.text),
        ItemKind::Rectangle { .. } | ItemKind::Line { .. } | ItemKind::Picture { .. } | ItemKind::Link(_) => None,
    });
    runs.collect()
}

/// Diagnostics, a line each: `3:5 warning W0501: a message`, with the file's
/// name in front where it is not the document itself.
pub fn diagnostic_lines(compilation: &Compilation) -> String {
    let mut text = String::new();
    for diagnostic in compilation.diagnostics.clone().into_sorted() {
        if let Some(span) = diagnostic.span {
            let source = compilation.sources.get(span.file).unwrap();
            if span.file.0 != 0 {
                text += &format!("{}:", source.path());
            }
            let place = source.place(span.start as usize);
            text += &format!("{}:{} ", place.line, place.column);
        }
        let severity = format!("{:?}", diagnostic.severity).to_lowercase();
        text += &format!("{severity} {}: {}\n", diagnostic.code.as_str(), diagnostic.message);
        if let Some(hint) = diagnostic.hint {
            text += &format!("    hint: {hint}\n");
        }
    }
    text
}
