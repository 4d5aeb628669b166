//! Parses source text to the AST: front matter, directives, CommonMark through comrak, and the safe
//! part of HTML.

mod address;
mod attributes;
mod audience_guard;
mod autolink;
mod block;
mod brackets;
mod build;
mod chunk;
mod comment;
mod directive;
mod elements;
mod finish;
mod fix;
mod flow;
mod folded;
mod formula;
mod front_matter;
pub(crate) mod html;
mod html_table;
mod inline;
mod inline_token;
pub mod keys;
pub mod limits;
mod link;
mod lower;
pub(crate) mod math;
mod metadata;
mod names;
mod place;
mod publication;
mod scan;
mod settle;
mod shield;
mod shift;
mod signs;
mod slip;
mod table;
#[cfg(test)]
mod tests;
mod toml_tree;
mod yaml;

use crate::ast::{AbbreviationDefinition, Block, Document, Inline, InlineNote, Metadata, NoteDefinition, Parsed};
use crate::diagnostic::{Code, Diagnosed, Diagnostic, Diagnostics};
use crate::source::{FileId, Relocation, Source, Sources, Span};
pub use chunk::{Chunk, ParseCache};
pub use link::is_unsafe;
pub use scan::{prefix, spaced};
pub use signs::signs;
pub use table::cells;
pub use yaml::measured as measured_yaml;

use comment::Suspect;
use comrak::Arena;
use comrak::nodes::NodeValue;
use folded::Folded;
use lower::Lowering;
use place::Origin;
use shift::Shift;
use std::ops::Range;

/// Parses a source file. Never fails: what cannot be understood is kept as
/// text and said in a diagnostic.
///
/// Comments of other tools are blanked in the store, so that no message can
/// quote them.
pub fn parse(file: FileId, sources: &mut Sources) -> Diagnosed<Document> {
    parse_incremental(file, sources, None)
}

/// Like [`parse`], but reuses chunks that `cache` holds.
pub fn parse_incremental(file: FileId, sources: &mut Sources, cache: Option<&mut ParseCache>) -> Diagnosed<Document> {
    let mut parsed = parse_relocatable(file, sources, cache);
    if let Some(source) = sources.get(file).filter(|source| source.has_relocations()) {
        Shift::Into(source).document(&mut parsed.value);
    }
    parsed
}

/// Like [`parse_incremental`], but spans of unchanged chunks stay in their own virtual range, so
/// results made from a moved chunk can be reused. [`Sources::locate`] maps them to the file.
pub fn parse_relocatable(file: FileId, sources: &mut Sources, cache: Option<&mut ParseCache>) -> Diagnosed<Document> {
    let (parsed, comments, places) = read(file, sources, cache);
    sources.set_apart(file, places);
    comments.into_iter().for_each(|comment| sources.redact(comment));
    parsed
}

/// Reads a source: the document, the spans of other tools' comments, and the relocations of its
/// chunks.
fn read(
    file: FileId,
    sources: &Sources,
    mut cache: Option<&mut ParseCache>,
) -> (Diagnosed<Document>, Vec<Span>, Vec<Relocation>) {
    let mut diagnostics = Diagnostics::default();
    let empty = Source::new("", "");
    let source = sources.get(file).unwrap_or(&empty);
    let text = source.text();
    let (metadata, start) = front_matter::read(file, text, &mut diagnostics);
    let end = bounded(file, text, start, &mut diagnostics);
    let suspects = comment::find_in_front_matter(text.get(..end).unwrap_or_default(), start);
    let by_parts = cache.as_deref_mut().and_then(|cache| {
        cache.forget_order();
        suspects.is_empty().then(|| cache.body(file, source, start..end)).flatten()
    });
    let places = by_parts.as_ref().and(cache).map(|cache| cache.places()).unwrap_or_default();
    let body = by_parts.unwrap_or_else(|| body(file, source, start..end, suspects, [""; 2]));
    let Body { blocks, notes, abbreviations, diagnostics: found, hidden, .. } = body;
    diagnostics.append(found);
    let document = Document { metadata, blocks, notes, abbreviations, span: Span::new(file, 0, end) };
    (Diagnosed { value: document, diagnostics }, hidden, places)
}

/// The parsed form of a text.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// Blocks in the order of the text.
    pub blocks: Vec<Block<Parsed>>,
    /// Footnotes.
    pub notes: Vec<NoteDefinition>,
    /// Short forms in lines of their own.
    pub abbreviations: Vec<AbbreviationDefinition>,
    diagnostics: Diagnostics,
    /// Spans of other tools' comments.
    pub hidden: Vec<Span>,
    headings: usize,
    /// Whether what it is may depend on the text after it.
    is_open: bool,
    /// How many paragraphs after it are links.
    links_behind: usize,
}

impl Body {
    /// Adds what comes after. How the one depends on the other is no matter then.
    fn add(&mut self, behind: &Body) {
        let Body { blocks, notes, abbreviations, diagnostics, hidden, headings, is_open: _, links_behind: _ } = behind;
        self.blocks.extend_from_slice(blocks);
        self.notes.extend_from_slice(notes);
        self.abbreviations.extend_from_slice(abbreviations);
        self.diagnostics.append(diagnostics.clone());
        self.hidden.extend_from_slice(hidden);
        self.headings += headings;
    }
}

/// Parses a range of whole lines of a file. `suspects` are possible comments before it. The lines
/// `before` and `behind` are parsed with it, but contribute only link definitions.
fn body(
    file: FileId,
    source: &Source,
    range: Range<usize>,
    suspects: Vec<Suspect>,
    [before, behind]: [&str; 2],
) -> Body {
    let start = range.start;
    let written = source.text().get(..range.end).unwrap_or_default();
    let mut found = comment::find(written, start);
    let has_comments = found.is_there_any();
    found.suspects.extend(suspects);
    let blanked = (!found.comments.is_empty()).then(|| comment::blank(written, &found.comments));
    let text = blanked.as_deref().unwrap_or(written);
    let scanned = scan::scan(file, text, written, &found.comments, start);
    let arena = Arena::new();
    let is_alone = before.is_empty() && behind.is_empty();
    let with_more = (!is_alone).then(|| format!("{before}{}{behind}", scanned.text));
    let root = shield::parse(&arena, with_more.as_deref().unwrap_or(&scanned.text));
    let lines_before = before.lines().count();
    let links_behind = with_more.map_or(0, |_| cut_off(root, lines_before + scanned.text.lines().count()));
    let mut diagnostics = Diagnostics::default();
    let origin = Origin::Body { source, line: source.place(start).line.saturating_sub(lines_before), start };
    let mut lowering = Lowering::new(file, text, origin, &scanned, &mut diagnostics);
    lowering.suspect(found.suspects);
    let blocks = lowering.blocks(root);
    lowering.report_suspects();
    audience_guard::check_balance(&scanned, file, lowering.diagnostics);
    let Lowering { mut notes, inline_notes, mut abbreviations, headings, left_open, .. } = lowering;
    notes.extend(inline_notes.into_iter().map(|(note, only)| note.into_definition(only)));
    notes.sort_by_key(|note| note.span);
    abbreviations.sort_by_key(|abbreviation| abbreviation.span);
    let html = found.html.iter().map(|range| Span::new(file, range.start, range.end));
    let hidden = scanned.left_out().into_iter().chain(html).collect();
    let is_open = left_open || has_comments;
    Body { blocks, notes, abbreviations, diagnostics, hidden, headings, is_open, links_behind }
}

/// Takes what begins after a line out of a tree, and says in how many of its blocks there are
/// links.
fn cut_off(root: comrak::nodes::Node<'_>, line: usize) -> usize {
    let behind: Vec<_> = root.children().filter(|node| node.data().sourcepos.start.line > line).collect();
    let is_link = |node: comrak::nodes::Node<'_>| matches!(node.data().value, NodeValue::Link(_));
    behind.iter().for_each(|node| node.detach());
    behind.iter().filter(|node| node.descendants().any(is_link)).count()
}

/// Where the text that is parsed ends. Past a limit, which is reported, nothing
/// is: with `:::only` in it the report could go.
fn bounded(file: FileId, text: &str, start: usize, diagnostics: &mut Diagnostics) -> usize {
    let body = text.get(start..).unwrap_or_default();
    let many_signs = signs::may_have_more_than(body, limits::SIGNS).then(|| signs(body).nth(limits::SIGNS)).flatten();
    if let Some(at) = many_signs {
        let message = format!("the file has more than {} lines and signs that may be markup", limits::SIGNS);
        let problem = Diagnostic::new(Code::LimitExceeded, Span::point(file, start + at), message);
        diagnostics.push(problem.hint("make several documents of it"));
        return start;
    }
    if signs::hashes(body) <= limits::HEADING_LINES {
        return text.len();
    }
    let lines = body.split_inclusive(['\n', '\r']).scan(start, |at, line| {
        let here = *at;
        *at += line.len();
        Some((here, line))
    });
    let past = lines.filter(|(_, line)| line.starts_with('#')).nth(limits::HEADING_LINES);
    past.map_or(text.len(), |(at, _)| {
        let message = format!("more than {} lines begin with `#`", limits::HEADING_LINES);
        diagnostics.push(
            Diagnostic::new(Code::LimitExceeded, Span::point(file, at), message).hint("make several documents of it"),
        );
        start
    })
}

/// Reads the front matter of a source, ignoring its problems, and returns it with the byte at which
/// the text starts.
pub fn front_matter(text: &str) -> (Metadata, usize) {
    front_matter::read(FileId::default(), text, &mut Diagnostics::default())
}

/// The byte at which a source's text starts, past its front matter and a byte-order mark.
pub fn body_start(text: &str) -> usize {
    front_matter(text).1
}

/// Parses inline Markdown that is at `span` of a file, such as a cell of a CSV file. The notes it
/// holds come with it; `part` parts them from those in other texts at the same place.
pub fn inline_text(
    text: &str,
    part: usize,
    span: Span,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> (Vec<Inline<Parsed>>, Vec<InlineNote>) {
    let source = sources.get(span.file).map(Source::text).unwrap_or_default();
    let scanned = scan::scan(span.file, "", "", &[], 0);
    let found = comment::find(text, 0);
    let text = comment::blank(text, &found.comments).replace(['\n', '\r'], " ");
    let text = text.trim();
    let written = source.get(span.range()).unwrap_or_default();
    let folded = (!written.contains(text)).then(|| Folded::find(text, part, span, written));
    let (read, at) = match &folded {
        Some(_) => (text, Span::new(span.file, 0, text.len())),
        None => (source, span),
    };
    let origin = Origin::Fragment { start: at.start as usize, before: 0 };
    let mut problems = Diagnostics::default();
    let mut lowering = Lowering::new(span.file, read, origin, &scanned, &mut problems);
    found.comments.iter().for_each(|comment| lowering.comment_left_out(comment.form, at));
    if let Some(suspect) = found.suspects.first() {
        lowering.not_for_all(at, suspect.message.as_str());
    }
    let mut inlines = lowering.fragment(text, at);
    let mut notes: Vec<_> = lowering.inline_notes.into_iter().map(|(note, _)| note).collect();
    if let Some(folded) = folded {
        folded.place(&mut inlines, &mut notes);
        problems = problems.map(|problem| folded.problem(problem));
    }
    diagnostics.append(problems);
    (inlines, notes)
}

/// The names of directives, with those of admonitions.
pub fn directive_names() -> impl Iterator<Item = &'static str> {
    directive::names().chain(directive::ADMONITIONS)
}

/// The attributes that a directive takes, beside `id`, `class` and `lang`; none for one that
/// is not known.
pub fn directive_attributes(name: &str) -> &'static [&'static str] {
    directive::named(name).attributes()
}

/// Whether a formula in LaTeX's way of writing is read without a problem.
pub fn reads_formula(source: &str) -> bool {
    math::read(source).1.is_empty()
}

/// The command that writes a sign in a formula; `None` if the character itself can be written.
pub fn formula_command(sign: char) -> Option<&'static str> {
    math::command_of(sign)
}

/// The command of a function in formulas, by its name, and whether limits are under it.
pub fn formula_function(shown: &str) -> Option<(&'static str, bool)> {
    math::function_of(shown)
}

/// A footnote's name as references and definitions share it: capitals do not count, as
/// in all names of references (CommonMark 0.31.2, 4.7).
fn note_name(written: &str) -> String {
    written.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The name of a note written in place, which no author can write.
fn inline_note_name(span: Span) -> String {
    format!("[{}:{}]", span.file.0, span.start)
}

/// Whether a note is named by its place.
fn is_of_place(name: &str) -> bool {
    name.strip_prefix('[').is_some_and(|rest| rest.bytes().all(|byte| matches!(byte, b'0'..=b':' | b']')))
}

/// The document without spans, except those of its metadata, to compare content.
pub fn without_places(mut document: Document) -> Document {
    Shift::Away.document(&mut document);
    document
}
