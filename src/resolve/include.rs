//! Includes: other files' blocks, notes and abbreviations come in where they
//! are named; data files become tables.

use super::budget::{self, Budget};
use super::file::Places;
use super::{Context, data, profile, walk};
use crate::ast::{Block, BlockKind, Document, Inline, InlineKind, Parsed, ParsedBlock};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileError, Sources, Span, relative_path};
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

/// Replaces every `:::include` and every table from a file by what it names.
pub fn splice(
    document: &mut Document,
    path: &str,
    context: &Context,
    budget: &mut Budget,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let mut splicer = Splicer {
        context,
        budget,
        sources,
        diagnostics,
        chain: vec![path.to_owned()],
        depth: 0,
        included: 0,
        names: document.notes.iter().map(|note| note.name.clone()).collect(),
        copies: BTreeMap::new(),
        notes: Vec::new(),
        abbreviations: Vec::new(),
    };
    splicer.blocks(&mut document.blocks);
    for note in &mut document.notes {
        splicer.blocks(&mut note.blocks);
    }
    let Splicer { notes, abbreviations, .. } = splicer;
    document.notes.extend(notes);
    document.abbreviations.extend(abbreviations);
}

struct Splicer<'a, 'b> {
    context: &'a Context<'a>,
    budget: &'b mut Budget,
    sources: &'b mut Sources,
    diagnostics: &'b mut Diagnostics,
    /// The files being read, outermost first.
    chain: Vec<String>,
    /// How many blocks the place at hand lies in, those of including files too.
    depth: usize,
    /// How many files were included so far.
    included: usize,
    /// Names of all notes so far.
    names: BTreeSet<String>,
    /// How many namesakes a note has, by name.
    copies: BTreeMap<String, usize>,
    notes: Vec<crate::ast::NoteDefinition>,
    abbreviations: Vec<crate::ast::AbbreviationDefinition>,
}

impl Splicer<'_, '_> {
    fn blocks(&mut self, blocks: &mut Vec<Block<Parsed>>) {
        let here = |block: &Block<Parsed>| matches!(block.kind, BlockKind::Stage(ParsedBlock::Include { .. }));
        if blocks.iter().any(here) {
            let mut spliced = Vec::with_capacity(blocks.len());
            for block in blocks.drain(..) {
                match &block.kind {
                    BlockKind::Stage(ParsedBlock::Include { src, src_span }) => {
                        spliced.extend(self.include(src, *src_span));
                    }
                    _ => {
                        spliced.push(block);
                        self.inside(spliced.last_mut());
                    }
                }
            }
            *blocks = spliced;
        } else {
            blocks.iter_mut().for_each(|block| self.inside(Some(block)));
        }
    }

    fn inside(&mut self, block: Option<&mut Block<Parsed>>) {
        let Some(block) = block else { return };
        if let BlockKind::Stage(ParsedBlock::DataTable(table)) = &mut block.kind {
            let path = self.chain.last().cloned().unwrap_or_default();
            let caption = table.caption.take();
            let (files, delimiter) = (self.context.files, table.delimiter);
            let data = data::read(&table.src, table.src_span, delimiter, &path, files, self.budget, self.diagnostics);
            let (kind, mut notes) =
                data::table(table, data.unwrap_or_default(), caption, block.span, self.sources, self.diagnostics);
            self.notes.append(&mut notes);
            block.kind = kind;
            if !self.budget.take(budget::blocks(std::slice::from_ref(block)), block.span, self.diagnostics) {
                block.kind = BlockKind::Group(Vec::new());
                return;
            }
        }
        if let BlockKind::Stage(ParsedBlock::Chart(chart)) = &mut block.kind {
            let path = self.chain.last().map(String::as_str).unwrap_or_default();
            chart.file = data::add_source(&chart.src, path, self.context.files, self.sources);
        }
        self.depth += 1;
        walk::child_lists(block, &mut |blocks| self.blocks(blocks));
        self.depth -= 1;
    }

    fn include(&mut self, src: &str, span: Span) -> Vec<Block<Parsed>> {
        self.read(src, span).unwrap_or_default()
    }

    fn read(&mut self, src: &str, span: Span) -> Option<Vec<Block<Parsed>>> {
        let from = self.chain.last().map(String::as_str).unwrap_or_default();
        let path = match relative_path(from, src) {
            Ok(path) => path,
            Err(error) => {
                self.diagnostics.push(unreadable(src, span, &error));
                return None;
            }
        };
        if let Some(start) = self.chain.iter().position(|open| *open == path) {
            let circle: Vec<String> = self.chain.iter().skip(start).chain([&path]).cloned().collect();
            let problem = Diagnostic::new(Code::IncludeCycle, span, format!("`{src}` includes itself"))
                .hint(format!("the way round is {}", circle.join(" → ")));
            self.diagnostics.push(circle.into_iter().fold(problem, Diagnostic::naming));
            return None;
        }
        if self.chain.len() > INCLUDE_DEPTH {
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
        self.included += 1;
        if self.included > INCLUDED_FILES {
            if self.included == INCLUDED_FILES + 1 {
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
                self.diagnostics.push(places.unreadable(src, from, span, &error));
                return None;
            }
        };
        let length = bytes.len();
        let Some(file) = crate::load::add_bytes(&path, bytes, self.sources, self.diagnostics) else {
            // What cannot be read has cost as much as if it could.
            self.budget.take(length.min(crate::load::TEXT_BYTES), span, self.diagnostics);
            return None;
        };
        let mut document = crate::parse::parse(file, self.sources, self.diagnostics);
        profile::apply(&mut document, self.context.profiles, self.sources, self.diagnostics);
        let notes = document.notes.iter().map(|note| budget::NODE * 2 + budget::blocks(&note.blocks));
        // What stood beyond a limit, or is left out, was looked at too.
        let weight = (budget::blocks(&document.blocks) + notes.sum::<usize>()).max(length);
        if !self.budget.take(weight, span, self.diagnostics) {
            return None;
        }
        self.chain.push(path);
        self.blocks(&mut document.blocks);
        for note in &mut document.notes {
            self.blocks(&mut note.blocks);
        }
        self.chain.pop();
        self.keep_apart(&mut document);
        self.notes.append(&mut document.notes);
        self.abbreviations.append(&mut document.abbreviations);
        Some(document.blocks)
    }
}

impl Splicer<'_, '_> {
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
        walk::runs(block, &mut |content| rename(content, taken));
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
