//! The source formatter: blank lines, spaces, bullets, tables and the lines of directives, as text
//! edits. The text is never regenerated from its tree. Parsing the result must give the same tree:
//! edits of a block that would change it are left out.

mod directive;
mod facts;
mod lines;
mod same;
mod table;

use crate::ast::Document;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::parse::{Chunk, ParseCache, body_start, parse_relocatable};
use crate::source::edit::{Edit, apply};
use crate::source::{FileId, Source, Sources, Span};
use facts::Facts;
use lines::Lines;
use same::says_the_same;
use std::sync::Arc;

/// Maximum number of rounds until formatting changes nothing. The second round usually finds
/// nothing, unless edits were left out.
const ROUNDS: usize = 4;

/// The result of formatting a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    /// The whole text afterwards.
    pub text: String,
    /// Blocks left unchanged, because formatting them would change the content.
    pub kept: Vec<Diagnostic>,
}

/// Formats a Markdown source. `None` if it cannot be parsed completely, so that it is unknown
/// whether the content would stay the same.
pub fn format(path: &str, text: &str) -> Option<Formatted> {
    format_incremental(path, text, &mut ParseCache::default())
}

/// Like [`format()`], but reuses chunks that `cache` holds.
pub fn format_incremental(path: &str, text: &str, cache: &mut ParseCache) -> Option<Formatted> {
    let mut read = Read::from_text(path, text.to_owned(), cache)?;
    let mut kept = Vec::new();
    for _ in 0..ROUNDS {
        let groups = read.edits();
        // The last text that was read with the same content results from all accepted groups.
        let mut formatted = None;
        let mut keeps = |edits: &[&Group]| {
            let changed = apply(read.text(), edits.iter().flat_map(|group| &group.edits));
            let after = Read::from_text(path, changed, cache).filter(|after| says_the_same(&read, after));
            let keeps = after.is_some();
            formatted = after.or(formatted.take());
            keeps
        };
        let (mut taken, mut left_out) = (Vec::new(), Vec::new());
        if !groups.is_empty() {
            take(&groups.iter().collect::<Vec<_>>(), &mut keeps, &mut taken, &mut left_out);
        }
        kept = left_out.into_iter().filter_map(kept_as_it_is).collect();
        match formatted {
            Some(formatted) => read = formatted,
            None => break,
        }
    }
    Some(Formatted { text: read.text().to_owned(), kept })
}

/// Says of edits that were left out why.
fn kept_as_it_is(group: &Group) -> Option<Diagnostic> {
    let place = group.edits.first()?.span;
    let problem =
        Diagnostic::new(Code::NotFormatted, place, "formatting this block would change what the document says");
    Some(problem.hint("it stays as it is; write the block in another way to have it formatted"))
}

/// The edits of one block of the document.
struct Group {
    edits: Vec<Edit>,
}

/// Takes all groups that keep what the text says: all at once where it can be, or halves of
/// them, down to those that cannot be taken.
fn take<'g>(
    groups: &[&'g Group],
    keeps: &mut impl FnMut(&[&Group]) -> bool,
    taken: &mut Vec<&'g Group>,
    left_out: &mut Vec<&'g Group>,
) {
    let all: Vec<&Group> = taken.iter().chain(groups).copied().collect();
    if keeps(&all) {
        taken.extend(groups);
        return;
    }
    match groups {
        [] => {}
        [one] => left_out.push(one),
        more => {
            let (first, second) = more.split_at(more.len() / 2);
            take(first, keeps, taken, left_out);
            take(second, keeps, taken, left_out);
        }
    }
}

/// A source as it was parsed.
struct Read {
    /// The file alone.
    sources: Sources,
    /// Its text as written, if comments are blanked in the store.
    written: Option<String>,
    /// Its tree, whose spans may be virtual.
    document: Document,
    diagnostics: Diagnostics,
    /// Its chunks in order; empty if it was parsed as a whole.
    parts: Vec<Arc<Chunk>>,
    /// Spans of blanked comments.
    hidden: Vec<Span>,
}

impl Read {
    fn from_text(path: &str, text: String, cache: &mut ParseCache) -> Option<Read> {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let file = crate::load::add_bytes(path, text.as_bytes().to_vec(), &mut sources, &mut diagnostics)?;
        let document = parse_relocatable(file, &mut sources, Some(cache)).report(&mut diagnostics);
        let is_whole = |problem: &Diagnostic| {
            !matches!(problem.code, Code::LimitExceeded | Code::UnclosedFrontMatter | Code::NulByte)
        };
        let parts = cache.parts(&text, body_start(&text)).unwrap_or_default();
        let parts = parts.iter().map(|(_, part)| Arc::clone(part)).collect();
        let hidden = sources.redacted().collect();
        let all_is_there = diagnostics.iter().all(is_whole);
        let written = (sources.get(file)?.text() != text).then_some(text);
        all_is_there.then_some(Read { sources, written, document, diagnostics, parts, hidden })
    }

    /// The file as it is stored.
    fn source(&self) -> Option<&Source> {
        self.sources.get(self.document.span.file)
    }

    /// The text as it was written.
    fn text(&self) -> &str {
        self.written.as_deref().or(self.source().map(Source::text)).unwrap_or_default()
    }

    /// The edits that bring a text into form, those of each block together.
    fn edits(&self) -> Vec<Group> {
        let text = self.text();
        let Some(source) = self.source() else { return Vec::new() };
        let facts = Facts::from_document(&self.document, text, source);
        let lines = Lines::from_text(text, body_start(text), &facts, &self.hidden);
        let mut edits = lines.edits();
        for table in &facts.tables {
            edits.extend(table::edits(&lines, table));
        }
        edits.extend(directive::edits(&lines));
        edits.retain(|edit| text.get(edit.span.range()) != Some(edit.text.as_str()));
        edits.sort();
        self.grouped(edits, source)
    }

    fn grouped(&self, edits: Vec<Edit>, source: &Source) -> Vec<Group> {
        let mut ends: Vec<u32> = self.document.blocks.iter().map(|block| source.locate(block.span.end)).collect();
        ends.sort_unstable();
        let mut groups: Vec<(usize, Group)> = Vec::new();
        for edit in edits {
            let block = ends.partition_point(|end| *end < edit.span.start);
            match groups.last_mut().filter(|(known, _)| *known == block) {
                Some((_, group)) => group.edits.push(edit),
                None => groups.push((block, Group { edits: vec![edit] })),
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }
}

/// The place of bytes of the text that is formatted.
fn place(start: usize, end: usize) -> Span {
    Span::new(FileId(0), start, end)
}

#[cfg(test)]
mod tests;
