//! The form of a source that says the same: blank lines, spaces, bullets, tables and the
//! lines of directives, as edits at places of the text. The text is never written anew from
//! its tree, and the tree that is read afterwards is the one from before: edits of a block
//! that would change it are left out.

mod directive;
mod facts;
mod lines;
mod same;
mod table;

use crate::ast::Document;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::parse::{ParseCache, Part, body_start, parse_apart};
use crate::source::edit::{Edit, apply};
use crate::source::{FileId, Source, Sources, Span};
use facts::Facts;
use lines::Lines;
use same::says_the_same;
use std::sync::Arc;

/// So often a text is formatted that is not yet what formatting makes of it. The second
/// time finds nothing, but where something was left out.
const ROUNDS: usize = 4;

/// What formatting makes of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    /// The whole text afterwards.
    pub text: String,
    /// What was left as it is, since formatting it would change what the source says.
    pub kept: Vec<Diagnostic>,
}

/// Formats a Markdown source; `None` where it cannot be read as a whole, so that nobody can
/// know whether it would still say the same.
pub fn format(path: &str, text: &str) -> Option<Formatted> {
    format_again(path, text, &mut ParseCache::default())
}

/// The same for a source of which parts may have been parsed before.
pub fn format_again(path: &str, text: &str, cache: &mut ParseCache) -> Option<Formatted> {
    let mut formatted = Formatted { text: text.to_owned(), kept: Vec::new() };
    let mut read = Read::from_text(path, text, cache)?;
    for _ in 0..ROUNDS {
        let next = round(path, &read, cache);
        let is_same = next.formatted.text == formatted.text;
        formatted = next.formatted;
        if is_same {
            break;
        }
        read = match next.read {
            Some(read) => read,
            None => Read::from_text(path, &formatted.text, cache)?,
        };
    }
    Some(formatted)
}

/// What formatting makes of a source the next time.
struct Round {
    formatted: Formatted,
    /// The new text as it was read to see that it says the same; `None` where another was read last.
    read: Option<Read>,
}

fn round(path: &str, read: &Read, cache: &mut ParseCache) -> Round {
    let text = read.text.as_str();
    let groups = read.edits();
    if groups.is_empty() {
        return Round { formatted: Formatted { text: text.to_owned(), kept: Vec::new() }, read: None };
    }
    let mut last = None;
    let mut keeps = |edits: &[&Group]| {
        let changed = apply(text, edits.iter().flat_map(|group| &group.edits));
        last = Read::from_text(path, &changed, cache).filter(|after| says_the_same(read, after));
        last.is_some()
    };
    let (mut taken, mut left_out) = (Vec::new(), Vec::new());
    take(&groups.iter().collect::<Vec<_>>(), &mut keeps, &mut taken, &mut left_out);
    let kept = left_out.into_iter().filter_map(|group| {
        let place = group.edits.first()?.span;
        let problem =
            Diagnostic::new(Code::NotFormatted, place, "formatting this block would change what the document says");
        Some(problem.hint("it stays as it is; write the block in another way to have it formatted"))
    });
    let kept = kept.collect();
    let text = apply(text, taken.iter().flat_map(|group| &group.edits));
    let read = last.filter(|read| read.text == text);
    Round { formatted: Formatted { text, kept }, read }
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
    text: String,
    /// Where its parts are; what may be meant for nobody is blanked in it.
    source: Source,
    /// Its places may be counted apart from the source.
    document: Document,
    diagnostics: Diagnostics,
    /// Its parts in order; none where it was parsed as a whole.
    parts: Vec<Arc<Part>>,
    /// What was blanked, since it may be meant for nobody.
    hidden: Vec<Span>,
}

impl Read {
    fn from_text(path: &str, text: &str, cache: &mut ParseCache) -> Option<Read> {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let file = crate::load::add_bytes(path, text.as_bytes().to_vec(), &mut sources, &mut diagnostics)?;
        let document = parse_apart(file, &mut sources, Some(cache)).report(&mut diagnostics);
        let is_whole = |problem: &Diagnostic| {
            !matches!(problem.code, Code::LimitExceeded | Code::UnclosedFrontMatter | Code::NulByte)
        };
        let parts = cache.parts(text, body_start(text)).unwrap_or_default();
        let parts = parts.iter().map(|(_, part)| Arc::clone(part)).collect();
        let hidden = sources.redacted().collect();
        let source = sources.get(file)?.clone();
        let all_is_there = diagnostics.iter().all(is_whole);
        all_is_there.then(|| Read { text: text.to_owned(), source, document, diagnostics, parts, hidden })
    }

    /// The edits that bring a text into form, those of each block together.
    fn edits(&self) -> Vec<Group> {
        let text = self.text.as_str();
        let facts = Facts::from_document(&self.document, text, &self.source);
        let lines = Lines::from_text(text, body_start(text), &facts, &self.hidden);
        let mut edits = lines.edits();
        for table in &facts.tables {
            edits.extend(table::edits(&lines, table));
        }
        edits.extend(directive::edits(&lines));
        edits.retain(|edit| text.get(edit.span.range()) != Some(edit.text.as_str()));
        edits.sort();
        self.grouped(edits)
    }

    fn grouped(&self, edits: Vec<Edit>) -> Vec<Group> {
        let mut ends: Vec<u32> = self.document.blocks.iter().map(|block| self.source.locate(block.span.end)).collect();
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
