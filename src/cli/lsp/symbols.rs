//! Names in the text of a source: their definitions and uses. Code, formulas and comments, which
//! the parser finds, contain no names.

use crate::ast::{
    Block, BlockKind, CitationStyle, Document, Inline, InlineKind, Metadata, Parsed, ParsedBlock, Spanned, Visit,
    walk_blocks, walk_inlines,
};
use crate::parse::{Body, Chunk, ParseCache, front_matter, parse_incremental};
use crate::source::{Source, Sources, Span};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The kind of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An element of a document.
    Id,
    /// A footnote.
    Note,
    /// A value of the front matter.
    Value,
    /// A file.
    File,
    /// An abbreviation.
    Abbreviation,
}

/// A name at a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub kind: Kind,
    pub text: String,
    /// The bytes of the name alone.
    pub range: Range<usize>,
    pub is_definition: bool,
    /// The other document that an id belongs to, as written.
    pub document: Option<String>,
}

/// The occurrences of a word in a part of a text, also with an `s` after it.
pub fn words_in(text: &str, part: Range<usize>, word: &str) -> Vec<Range<usize>> {
    let inside = text.get(part.clone()).unwrap_or_default();
    let found = inside.match_indices(word).filter(|(at, _)| {
        let (before, behind) =
            (inside.get(..*at).unwrap_or_default(), inside.get(at + word.len()..).unwrap_or_default());
        let ends = |rest: &str| !rest.starts_with(char::is_alphanumeric);
        !before.ends_with(char::is_alphanumeric) && (ends(behind) || behind.strip_prefix('s').is_some_and(ends))
    });
    found.map(|(at, _)| part.start + at..part.start + at + word.len()).collect()
}

/// A text as the parser reads it.
pub struct Reading {
    pub text: String,
    /// Its front matter, and the text after it as one or many passages, in order.
    passages: Vec<Placed>,
}

/// A passage at a position.
struct Placed {
    start: usize,
    passage: Arc<Passage>,
    /// The chunk of the parsed text, if it was parsed in chunks.
    part: Option<Arc<Chunk>>,
}

/// The names and words of a part of a text. Byte positions are relative to its start.
#[derive(Default)]
struct Passage {
    /// All names, in order.
    names: Vec<Name>,
    /// Abbreviations that it defines, with their expansions.
    short_forms: Vec<(String, String)>,
    /// Ranges that are not text, in order: comments, and code and formulas without their first and
    /// last lines, which may have ids.
    opaque: Vec<Range<usize>>,
    /// Ranges of its words.
    words: Vec<Range<usize>>,
}

impl Reading {
    /// Reads a text, even one with errors.
    pub fn from_text(text: &str) -> Reading {
        Reading::again(text, &mut ParseCache::default(), None)
    }

    /// Reads a text, reusing chunks parsed and read before.
    pub fn again(text: &str, cache: &mut ParseCache, before: Option<&Reading>) -> Reading {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("", text));
        let document = parse_incremental(file, &mut sources, Some(cache)).value;
        let (_, start) = front_matter(text);
        if let Some(parts) = cache.parts(text, start) {
            return Reading::from_parts(text, parts, before);
        }
        Reading::whole(text, start, document, sources.redacted().collect())
    }

    /// Reads a text that was parsed as a whole. `start` is the end of its front matter, and
    /// `hidden` are its comments.
    fn whole(text: &str, start: usize, document: Document, hidden: Vec<Span>) -> Reading {
        let mut body = Body::default();
        (body.blocks, body.notes, body.abbreviations) = (document.blocks, document.notes, document.abbreviations);
        body.hidden = hidden;
        let passage = Passage::read(text.get(start..).unwrap_or_default(), start, &body);
        let placed = Placed { start, passage: Arc::new(passage), part: None };
        Reading { text: text.to_owned(), passages: vec![Placed::front_matter(text), placed] }
    }

    /// Reads a text that was parsed in chunks, reusing those of `before`.
    pub fn from_parts(text: &str, parts: &[(usize, Arc<Chunk>)], before: Option<&Reading>) -> Reading {
        let known: BTreeMap<*const Chunk, &Arc<Passage>> = before
            .into_iter()
            .flat_map(|before| &before.passages)
            .filter_map(|placed| Some((Arc::as_ptr(placed.part.as_ref()?), &placed.passage)))
            .collect();
        let read = |part: &Arc<Chunk>| Arc::new(Passage::read(part.text(), part.start(), part.body()));
        let placed = parts.iter().map(|(start, part)| Placed {
            start: *start,
            passage: known.get(&Arc::as_ptr(part)).map_or_else(|| read(part), |known| Arc::clone(known)),
            part: Some(Arc::clone(part)),
        });
        let passages = std::iter::once(Placed::front_matter(text)).chain(placed).collect();
        Reading { text: text.to_owned(), passages }
    }

    /// The names that match a predicate, in order.
    pub fn names(&self, is_so: impl Fn(&Name) -> bool) -> Vec<Name> {
        let found = |placed: &Placed| {
            let start = placed.start;
            let names = placed.passage.names.iter().filter(|name| is_so(name));
            names.map(|name| name.behind(start)).collect::<Vec<_>>()
        };
        self.passages.iter().flat_map(found).collect()
    }

    /// The first name whose range matches a predicate.
    pub fn name_where(&self, is_so: impl Fn(&Range<usize>) -> bool) -> Option<Name> {
        self.passages.iter().find_map(|Placed { start, passage, part: _ }| {
            passage.names.iter().find(|name| is_so(&moved(&name.range, *start))).map(|name| name.behind(*start))
        })
    }

    /// Abbreviations that the text defines, with their expansions.
    pub fn short_forms(&self) -> impl Iterator<Item = &(String, String)> {
        self.passages.iter().flat_map(|placed| &placed.passage.short_forms)
    }

    /// Whether a byte is in text of the document, not in code or comments.
    pub fn is_text(&self, at: usize) -> bool {
        let before = self.passages.partition_point(|placed| placed.start <= at);
        let placed = before.checked_sub(1).and_then(|last| self.passages.get(last));
        placed.is_none_or(|placed| end_of_opaque(&placed.passage.opaque, at - placed.start).is_none())
    }

    /// The occurrences of an abbreviation as a word, also with an `s` after it.
    pub fn mentions(&self, short: &str) -> Vec<Range<usize>> {
        let words = self
            .passages
            .iter()
            .flat_map(|Placed { start, passage, part: _ }| passage.words.iter().map(|words| moved(words, *start)));
        let mut found: Vec<Range<usize>> = words.flat_map(|words| words_in(&self.text, words, short)).collect();
        found.sort_by_key(|range| range.start);
        found.dedup();
        found
    }
}

fn moved(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

impl Placed {
    /// The front matter of a text.
    fn front_matter(text: &str) -> Placed {
        let (metadata, end) = front_matter(text);
        let written = text.get(..end).unwrap_or_default();
        let Metadata { title, subtitle, abstract_text, .. } = &metadata;
        let said = [title, subtitle, abstract_text].into_iter().flatten().filter_map(|value| value.span);
        let mut passage = Passage { words: said.map(Span::range).collect(), ..Passage::default() };
        passage.names = short_forms_of_keys(written, &metadata).chain(files(written, &metadata)).collect();
        let keys = metadata.abbreviations.iter();
        passage.short_forms = keys.map(|(short, expansion)| (short.clone(), expansion.value.clone())).collect();
        passage.scan(written);
        Placed { start: 0, passage: Arc::new(passage), part: None }
    }
}

impl Passage {
    /// Reads a part of a text whose spans start at `start`.
    fn read(text: &str, start: usize, body: &Body) -> Passage {
        let mut finder = Finder { text, start, opaque: Vec::new(), words: Vec::new() };
        finder.opaque = body.hidden.iter().map(|span| finder.range(*span)).collect();
        walk_blocks(&body.blocks, &mut finder);
        body.notes.iter().for_each(|note| walk_blocks(&note.blocks, &mut finder));
        let lines = body.abbreviations.iter().filter_map(|line| {
            let range = finder.range(line.span);
            let start = range.start + text.get(range)?.find(&line.short)?;
            Some(Name::given(Kind::Abbreviation, &line.short, start))
        });
        let names = lines.collect();
        let Finder { opaque, words, .. } = finder;
        let short_forms = body.abbreviations.iter().map(|line| (line.short.clone(), line.expansion.clone())).collect();
        let mut passage = Passage { names, short_forms, opaque: united(opaque), words };
        passage.scan(text);
        passage
    }

    /// Adds the names in its lines.
    fn scan(&mut self, text: &str) {
        let mut at = 0;
        for line in text.split_inclusive(['\n', '\r']) {
            Scanner { line, base: at, opaque: &self.opaque, names: &mut self.names }.scan();
            at += line.len();
        }
        self.names.sort_by_key(|name| name.range.start);
    }
}

/// Abbreviations defined in the front matter.
fn short_forms_of_keys<'a>(text: &'a str, metadata: &'a Metadata) -> impl Iterator<Item = Name> + 'a {
    metadata.abbreviations.iter().filter_map(|(short, expansion)| {
        // Its span starts with the key.
        let range = expansion.span?.range();
        let start = range.start + text.get(range)?.find(short.as_str())?;
        Some(Name::given(Kind::Abbreviation, short, start))
    })
}

/// Files that the front matter refers to.
fn files(text: &str, metadata: &Metadata) -> Vec<Name> {
    let Metadata { bibliography, citation_style, theme, .. } = metadata;
    let style = citation_style.as_ref().and_then(|style| match &style.value {
        CitationStyle::File(path) => Some(Spanned { value: path.clone(), span: style.span }),
        CitationStyle::AuthorDate | CitationStyle::Notes => None,
    });
    let theme = theme.clone().filter(|theme| theme.value.contains('.'));
    let named = bibliography.iter().cloned().chain(style).chain(theme);
    let found = named.filter_map(|file| {
        let range = file.span?.range();
        let start = range.start + text.get(range)?.find(&file.value)?;
        Some(Name { is_definition: false, ..Name::given(Kind::File, &file.value, start) })
    });
    found.collect()
}

/// Sorts ranges and merges those that overlap or touch.
fn united(mut parts: Vec<Range<usize>>) -> Vec<Range<usize>> {
    parts.sort_by_key(|part| part.start);
    parts.dedup_by(|next, part| {
        let do_meet = next.start <= part.end;
        if do_meet {
            part.end = part.end.max(next.end);
        }
        do_meet
    });
    parts
}

/// The end of the range around a byte, among sorted disjoint ranges.
fn end_of_opaque(opaque: &[Range<usize>], at: usize) -> Option<usize> {
    let before = opaque.get(..opaque.partition_point(|part| part.start <= at))?;
    before.last().filter(|part| at < part.end).map(|part| part.end)
}

impl Name {
    fn given(kind: Kind, text: &str, start: usize) -> Name {
        Name { kind, text: text.to_owned(), range: start..start + text.len(), is_definition: true, document: None }
    }

    /// The name moved by `start` bytes.
    fn behind(&self, start: usize) -> Name {
        Name { range: moved(&self.range, start), ..self.clone() }
    }
}

/// Finds the words of the document and the ranges that are not text.
struct Finder<'a> {
    text: &'a str,
    /// The byte position at which the spans of the text start.
    start: usize,
    opaque: Vec<Range<usize>>,
    words: Vec<Range<usize>>,
}

impl Finder<'_> {
    fn range(&self, span: Span) -> Range<usize> {
        let range = span.range();
        range.start.saturating_sub(self.start)..range.end.saturating_sub(self.start)
    }
}

impl Visit<Parsed> for Finder<'_> {
    fn block(&mut self, block: &Block<Parsed>) {
        if matches!(block.kind, BlockKind::Code { .. } | BlockKind::Equation(_)) {
            let range = self.range(block.span);
            let written = self.text.get(range.clone()).unwrap_or_default();
            let is_fenced = written.starts_with(['`', '~', '$']);
            let first = written.find('\n').filter(|_| is_fenced).unwrap_or_default();
            let last = written.rfind('\n').filter(|_| is_fenced).unwrap_or(written.len());
            self.opaque.push(range.start + first..range.start + last.max(first));
        }
    }

    fn inline(&mut self, inline: &Inline<Parsed>) {
        if matches!(inline.kind, InlineKind::Text(_)) {
            self.words.push(self.range(inline.span));
        } else if matches!(inline.kind, InlineKind::Code(_) | InlineKind::Math(_)) {
            // Attributes follow it.
            let range = self.range(inline.span);
            let written = self.text.get(range.clone()).unwrap_or_default();
            let end = written.rfind(['`', '$']).map_or(written.len(), |at| at + 1);
            self.opaque.push(range.start..range.start + end);
        }
    }

    fn stage_block(&mut self, block: &ParsedBlock) {
        match block {
            ParsedBlock::Heading(heading) => walk_inlines(&heading.content, self),
            ParsedBlock::Annex(annex) => {
                walk_inlines(annex.title.as_deref().unwrap_or_default(), self);
                walk_blocks(&annex.blocks, self);
            }
            ParsedBlock::Only { condition: _, blocks } => walk_blocks(blocks, self),
            ParsedBlock::DataTable(table) => walk_inlines(table.caption.as_deref().unwrap_or_default(), self),
            ParsedBlock::Chart(chart) => walk_inlines(chart.caption.as_deref().unwrap_or_default(), self),
            ParsedBlock::Include { .. } | ParsedBlock::Listing(_) => {}
        }
    }
}

struct Scanner<'a> {
    line: &'a str,
    base: usize,
    opaque: &'a [Range<usize>],
    names: &'a mut Vec<Name>,
}

impl Scanner<'_> {
    fn scan(&mut self) {
        let mut at = 0;
        while let Some(length) = self.rest(at).find(['\\', '[', ']', '{', '@']) {
            at += length;
            if let Some(end) = end_of_opaque(self.opaque, self.base + at) {
                at = end - self.base;
                continue;
            }
            let rest = self.rest(at);
            at = if rest.starts_with('\\') {
                at + 1 + self.rest(at + 1).chars().next().map_or(0, char::len_utf8)
            } else if rest.starts_with("[^") {
                self.note(at)
            } else if rest.starts_with("](") {
                self.target(at + "](".len())
            } else if rest.starts_with("{{") {
                self.value(at + "{{".len())
            } else if rest.starts_with('{') {
                self.attributes(at + 1)
            } else if rest.starts_with('@') && !self.line.get(..at).is_some_and(|before| before.ends_with(is_name)) {
                self.reference(at + 1)
            } else {
                at + 1
            };
        }
    }

    fn rest(&self, at: usize) -> &str {
        self.line.get(at..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, range: Range<usize>, is_definition: bool, document: Option<&str>) {
        let Some(text) = self.line.get(range.clone()).filter(|text| !text.is_empty()) else { return };
        self.names.push(Name {
            kind,
            text: text.to_owned(),
            range: self.base + range.start..self.base + range.end,
            is_definition,
            document: document.map(str::to_owned),
        });
    }

    fn note(&mut self, at: usize) -> usize {
        let start = at + "[^".len();
        let Some(length) = self.rest(start).find(']') else { return start };
        let is_first = self.line.get(..at).is_some_and(|before| before.trim().is_empty());
        let is_definition = is_first && self.rest(start + length).starts_with("]:");
        self.push(Kind::Note, start..start + length, is_definition, None);
        start + length
    }

    /// Reads the target between the parentheses of a link or a picture.
    fn target(&mut self, start: usize) -> usize {
        let (start, ends): (_, &[char]) = match self.rest(start).strip_prefix('<') {
            Some(_) => (start + "<".len(), &['>', '\n', '\r']),
            None => (start, &[')', ' ', '\n', '\r']),
        };
        let end = start + self.rest(start).find(ends).unwrap_or(self.rest(start).len());
        let target = self.line.get(start..end).unwrap_or_default().to_owned();
        if !target.contains("://") && !target.starts_with("mailto:") {
            match target.split_once('#') {
                Some(("", _)) => self.push(Kind::Id, start + 1..end, false, None),
                Some((document, _)) => {
                    let split = start + document.len();
                    self.push(Kind::File, start..split, false, None);
                    self.push(Kind::Id, split + 1..end, false, Some(document));
                }
                None => self.push(Kind::File, start..end, false, None),
            }
        }
        end
    }

    fn value(&mut self, start: usize) -> usize {
        let Some(length) = self.rest(start).find("}}") else { return start };
        let written = self.line.get(start..start + length).unwrap_or_default();
        let lead = written.len() - written.trim_start().len();
        self.push(Kind::Value, start + lead..start + written.trim_end().len(), false, None);
        start + length
    }

    fn attributes(&mut self, start: usize) -> usize {
        let Some(length) = self.rest(start).find('}') else { return start };
        let inside = self.line.get(start..start + length).unwrap_or_default().to_owned();
        for (at, word) in words_with_places(&inside) {
            if let Some(id) = word.strip_prefix('#') {
                self.push(Kind::Id, start + at + 1..start + at + 1 + id.len(), true, None);
            } else if let Some(path) = word.strip_prefix("src=") {
                let path = path.trim_matches('"');
                let lead = at + word.find(path).unwrap_or_default();
                self.push(Kind::File, start + lead..start + lead + path.len(), false, None);
            }
        }
        start + length
    }

    fn reference(&mut self, start: usize) -> usize {
        let rest = self.rest(start);
        let length = rest.find(|letter| !is_name(letter) && letter != ':').unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default().trim_end_matches([':', '.', '-']);
        let end = start + name.len();
        self.push(Kind::Id, start..end, false, None);
        end
    }
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_')
}

/// Words with their byte positions.
fn words_with_places(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

#[cfg(test)]
mod tests {
    use super::{Kind, Reading};
    use crate::parse::{ParseCache, body_start, parse_incremental};
    use crate::source::{Source, Sources};
    use std::collections::BTreeSet;
    use std::sync::Arc;

    /// All that a text says when it is parsed as a whole.
    fn as_a_whole(text: &str) -> Reading {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("", text));
        let document = parse_incremental(file, &mut sources, None).value;
        Reading::whole(text, body_start(text), document, sources.redacted().collect())
    }

    #[test]
    fn a_text_read_by_its_parts_says_what_it_says_as_a_whole() {
        let section = |number: usize| {
            let words = "words that say something of the NGO and of water, ".repeat(8);
            format!(
                "## Part {number} {{#part-{number}}}\n\nSee [@part-{number}], `@no`, [b](b.md#c) and {{{{x-v}}}}: \
                 {words}\n\n```\n@no\n```\n\n- An item with *{words}*\n\n"
            )
        };
        let sections: String = (0..40).map(section).collect();
        let text = format!("---\ntitle: The NGO\nx-v: 5\n---\n\n{sections}*[NGO]: organisation\n");
        let at = |words: &str| text.find(words).unwrap();
        let edits = [
            (at("## Part 20"), "## New {#new}\n\nSee [](#new), `[](#no)` and more.[^new]\n\n"),
            (at("words"), "@new "),
            (text.len(), "\n[^new]: A note.\n\n*[NEW]: a word\n\nNEW <!-- @no --> words.\n"),
            (at("title:"), "x-new: 5\n"),
            (at("```"), "```\n@no\n```\n\n"),
            (at("## Part 30"), "Of $`x`$.\n\n"),
        ];
        let (mut cache, mut last, mut text) = (ParseCache::default(), None::<Reading>, text.clone());
        let mut kept = 0;
        for (at, words) in edits {
            text.insert_str(at, words);
            let reading = Reading::again(&text, &mut cache, last.as_ref());
            let whole = as_a_whole(&text);
            assert_eq!(reading.names(|_| true), whole.names(|_| true), "after {words:?}");
            let forms = |reading: &Reading| reading.short_forms().cloned().collect::<BTreeSet<_>>();
            assert_eq!(forms(&reading), forms(&whole));
            for short in ["Chancery", "NEW", "the"] {
                assert_eq!(reading.mentions(short), whole.mentions(short), "{short} after {words:?}");
            }
            assert!((0..text.len()).all(|at| reading.is_text(at) == whole.is_text(at)), "after {words:?}");
            let was =
                |passage| last.iter().flat_map(|last| &last.passages).any(|last| Arc::ptr_eq(&last.passage, passage));
            kept += reading.passages.iter().filter(|placed| was(&placed.passage)).count();
            last = Some(reading);
        }
        // What did not change was not read again.
        assert!(kept > 30, "{kept}");
    }

    #[test]
    fn names_stand_where_they_are_given_and_used() {
        let text = "## A {#a .x}\n\n[See](#a), @a and [b](b.md#c)[^n] `@no` \\@no {{x-v}}\n\n```\n@no\n```\n\n[^n]: It.\n\n:::include {src=\"p.md\"}\n\n```math {#e}\n@no\n```\n\n```@no``` @a <!-- @no --> [x](<c d.md>)\n\n    @no\n";
        let found: Vec<(Kind, String, bool)> = Reading::from_text(text)
            .names(|_| true)
            .into_iter()
            .map(|name| (name.kind, name.text, name.is_definition))
            .collect();
        let name = |kind, text: &str, is_definition| (kind, text.to_owned(), is_definition);
        let wanted = [
            name(Kind::Id, "a", true),
            name(Kind::Id, "a", false),
            name(Kind::Id, "a", false),
            name(Kind::File, "b.md", false),
            name(Kind::Id, "c", false),
            name(Kind::Note, "n", false),
            name(Kind::Value, "x-v", false),
            name(Kind::Note, "n", true),
            name(Kind::File, "p.md", false),
            name(Kind::Id, "e", true),
            name(Kind::Id, "a", false),
            name(Kind::File, "c d.md", false),
        ];
        assert_eq!(found, wanted);
        assert!(Reading::from_text(text).names(|_| true).iter().all(|name| text[name.range.clone()] == name.text));
    }
    #[test]
    fn short_forms_stand_in_words_alone() {
        let text = "---\ntitle: The NGO\nabbreviations: {NGO: organisation, \"UN\": nations}\nbibliography: \"s.bib\"\n\
                    ---\n\n*[WHO]: health\n\nThe NGOs, an NGOX, `NGO`, [NGO](NGO.md) and UNO.\n";
        let found: Vec<(Kind, String, bool)> = Reading::from_text(text)
            .names(|_| true)
            .into_iter()
            .map(|name| (name.kind, name.text, name.is_definition))
            .collect();
        let name = |kind, text: &str, is_definition| (kind, text.to_owned(), is_definition);
        let wanted = [
            name(Kind::Abbreviation, "NGO", true),
            name(Kind::Abbreviation, "UN", true),
            name(Kind::File, "s.bib", false),
            name(Kind::Abbreviation, "WHO", true),
            name(Kind::File, "NGO.md", false),
        ];
        assert_eq!(found, wanted);
        assert!(Reading::from_text(text).names(|_| true).iter().all(|name| text[name.range.clone()] == name.text));
        let places: Vec<&str> = Reading::from_text(text)
            .mentions("NGO")
            .into_iter()
            .map(|range| &text[range.start - 4..range.end])
            .collect();
        assert_eq!(places, ["The NGO", "The NGO", "`, [NGO"]);
    }
}
