//! Includes: other files' blocks, notes and abbreviations come in where they
//! are named.

use super::expand::{self, Expander};
use super::file::Places;
use super::{profile, walk};
use crate::ast::{AbbreviationDefinition, Block, Document, Expanded, Inline, InlineKind, NoteDefinition, Parsed};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileError, Span, relative_path};
use std::collections::{BTreeMap, BTreeSet};

/// How deep files may include one another.
pub const INCLUDE_DEPTH: usize = 16;
/// How deep in other blocks a file may be included. What it holds may nest as
/// deep again as the parser lets it, and every stage must bear the sum.
pub const INCLUDE_NESTING: usize = 50;
/// How many files a document may include in all: without a limit a few files
/// that include one another many times would grow without end.
pub const INCLUDED_FILES: usize = 1000;
/// Stands in the name of a note between its author's name for it and the
/// number of its namesake. No author can write it.
pub const NOTE_COPY: char = '\u{1f}';

/// The includes of a document so far.
pub struct Included {
    /// The files being read, outermost first.
    chain: Vec<String>,
    /// How many files were included so far.
    files: usize,
    /// Names of all notes so far.
    names: BTreeSet<String>,
    /// How many namesakes a note has, by name.
    copies: BTreeMap<String, usize>,
    /// The notes of these files and of data files.
    pub notes: Vec<NoteDefinition<Expanded>>,
    pub abbreviations: Vec<AbbreviationDefinition<Expanded>>,
}

impl Included {
    /// The state before the document at a path is expanded.
    pub fn new(path: &str, document: &Document) -> Included {
        Included {
            chain: vec![path.to_owned()],
            files: 0,
            names: document.notes.iter().map(|note| note.name.clone()).collect(),
            copies: BTreeMap::new(),
            notes: Vec::new(),
            abbreviations: Vec::new(),
        }
    }

    /// The file that is being read.
    pub fn path(&self) -> &str {
        self.chain.last().map(String::as_str).unwrap_or_default()
    }
}

impl Expander<'_, '_> {
    /// The blocks of the file that is named `src` at a place; `None` where it cannot be
    /// included, which is reported.
    pub fn include(&mut self, src: &str, span: Span) -> Option<Vec<Block<Expanded>>> {
        let from = self.included.path().to_owned();
        let path = match relative_path(&from, src) {
            Ok(path) => path,
            Err(error) => {
                self.diagnostics.push(unreadable(src, span, &error));
                return None;
            }
        };
        if let Some(start) = self.included.chain.iter().position(|open| *open == path) {
            let circle: Vec<String> = self.included.chain.iter().skip(start).chain([&path]).cloned().collect();
            let problem = Diagnostic::new(Code::IncludeCycle, span, format!("`{src}` includes itself"))
                .hint(format!("the way round is {}", circle.join(" → ")));
            self.diagnostics.push(circle.into_iter().fold(problem, Diagnostic::naming));
            return None;
        }
        if self.included.chain.len() > INCLUDE_DEPTH {
            let message = format!("files include one another more than {INCLUDE_DEPTH} levels deep");
            let hint = "include the inner files from the document itself";
            self.diagnostics.push(Diagnostic::new(Code::LimitExceeded, span, message).hint(hint));
            return None;
        }
        if self.depth > INCLUDE_NESTING {
            let message =
                format!("a file is included inside more than {INCLUDE_NESTING} lists, quotations and the like");
            let hint = "move the include out of what it stands in";
            self.diagnostics.push(Diagnostic::new(Code::LimitExceeded, span, message).hint(hint));
            return None;
        }
        if self.budget.is_spent() {
            return None;
        }
        self.included.files += 1;
        if self.included.files > INCLUDED_FILES {
            if self.included.files == INCLUDED_FILES + 1 {
                let message = format!("the document includes more than {INCLUDED_FILES} files");
                let hint = "make several documents of it";
                self.diagnostics.push(Diagnostic::new(Code::LimitExceeded, span, message).hint(hint));
            }
            return None;
        }
        let bytes = match self.context.files.read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let places = Places { files: self.context.files, root: "" };
                self.diagnostics.push(places.unreadable(src, &from, span, &error));
                return None;
            }
        };
        let length = bytes.len();
        let mut found = Diagnostics::default();
        let Some(file) = crate::load::add_bytes(&path, bytes, self.sources, &mut found) else {
            self.diagnostics.append(found);
            // An unreadable text costs as much as a readable one.
            self.budget.take(length.min(crate::load::TEXT_BYTES), span, self.diagnostics);
            return None;
        };
        let mut parsed = crate::parse::parse(file, self.sources).after(found);
        profile::apply(&mut parsed, self.context.profiles, self.sources);
        let mut document = parsed.report(self.diagnostics);
        // Content beyond a limit, or left out, was processed too.
        if !self.budget.take(expand::weight(&document).max(length), span, self.diagnostics) {
            return None;
        }
        self.included.keep_apart(&mut document);
        self.included.chain.push(path);
        let document = self.document(document);
        self.included.chain.pop();
        self.included.notes.extend(document.notes);
        self.included.abbreviations.extend(document.abbreviations);
        Some(document.blocks)
    }
}

impl Included {
    /// Gives notes of an included file other names where another file has
    /// notes of the same names: each file means its own.
    fn keep_apart(&mut self, document: &mut Document) {
        let mut renamed = BTreeMap::new();
        for note in &document.notes {
            if self.names.contains(&note.name) && !renamed.contains_key(&note.name) {
                // No author can write such a name, so that the next number is free.
                let copies = self.copies.entry(note.name.clone()).or_insert(0_usize);
                *copies += 1;
                renamed.insert(note.name.clone(), format!("{}{NOTE_COPY}{copies}", note.name));
            }
        }
        let taken = |name: &str| renamed.get(name).cloned();
        for note in &mut document.notes {
            note.name = taken(&note.name).unwrap_or_else(|| std::mem::take(&mut note.name));
            self.names.insert(note.name.clone());
        }
        if !renamed.is_empty() {
            rename_blocks(&mut document.blocks, &taken);
            document.notes.iter_mut().for_each(|note| rename_blocks(&mut note.blocks, &taken));
        }
    }
}

fn rename_blocks(blocks: &mut [Block<Parsed>], taken: &dyn Fn(&str) -> Option<String>) {
    for block in blocks {
        walk::runs(block, &mut |mut run| rename(run.inlines_mut(), taken));
        walk::child_lists(block, &mut |blocks| rename_blocks(blocks, taken));
    }
}

fn rename(content: &mut [Inline<Parsed>], taken: &dyn Fn(&str) -> Option<String>) {
    for inline in content {
        if let InlineKind::Note(name) = &mut inline.kind {
            *name = taken(name).unwrap_or_else(|| std::mem::take(name));
        } else if let Some(children) = inline.kind.children_mut() {
            rename(children, taken);
        }
    }
}

/// The diagnostic for a file that is named at `span` and cannot be read.
pub fn unreadable(written: &str, span: Span, error: &FileError) -> Diagnostic {
    let code = match error {
        FileError::OutsideProject => Code::OutsideProject,
        FileError::UnsafeName => Code::UnsafeName,
        FileError::TooLarge { .. } => Code::LimitExceeded,
        FileError::NotFound | FileError::Other(_) => Code::UnreadableFile,
    };
    let hint = match error {
        FileError::OutsideProject => "put the file into the project and name it from the file that names it",
        FileError::UnsafeName => "give the file another name; folders are parted by `/`",
        FileError::TooLarge { .. } => "take a smaller file",
        FileError::NotFound => "paths begin at the file in which they are written; capitals count",
        FileError::Other(_) => "see whether the file can be opened at all",
    };
    Diagnostic::new(code, span, format!("cannot read `{written}`: {error}")).hint(hint)
}
