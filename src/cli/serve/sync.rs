//! Maps positions on pages to the source and back (inverse and forward search, as in SyncTeX).
//! `verify` knows the words that a PDF must contain, in order, with their nodes. The pages contain
//! the same words in the order of the structure tree. Both sequences are aligned, for the block at
//! the position only: the layout knows the tags of each block.

use crate::ast::BlockKind;
use crate::format::Format;
use crate::layout::frame::{Glyph, GlyphRun, ItemKind, Layout, Mark, Origin, Role, TagId, TagTree};
use crate::resolve::{RBlock, Resolved, ResolvedBlock};
use crate::source::{FileId, Sources, Span};
use crate::verify::{Part, expected_of_part, flatten};
use std::collections::BTreeMap;
use std::ops::Range;

/// Number of equal characters after which both sequences are in step again, and how far ahead they
/// are searched, in characters.
const SAME: usize = 8;
const SOUGHT: usize = 4000;
/// The two limits if the characters are a whole short run.
const FEW: usize = 3;
const NEAR: usize = 200;

/// A document with its pages.
#[derive(Clone, Copy)]
pub struct SourceMap<'a> {
    pub document: &'a Resolved,
    pub layout: &'a Layout,
    pub sources: &'a Sources,
}

/// A character on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct PageChar {
    page: usize,
    item: usize,
    /// Byte position in the text of the run.
    offset: usize,
}

/// The source of a character: its node, and the number of characters before it in the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SourceChar {
    span: Span,
    characters: usize,
}

impl SourceMap<'_> {
    /// Inverse search: the source position of a point on a page, in points from its upper left
    /// corner.
    pub fn at(&self, page: usize, x: f32, y: f32) -> Option<Span> {
        let placed = self.layout.pages.get(page)?;
        let runs = placed.items.iter().enumerate().filter_map(|(number, item)| match (&item.kind, item.mark) {
            (ItemKind::Glyphs(run), Mark::Content(tag)) => Some((number, run, placed.tag(tag))),
            _ => None,
        });
        let (item, run, tag) = runs.min_by(|(_, a, _), (_, b, _)| distance(a, x, y).total_cmp(&distance(b, x, y)))?;
        let origin = origin(self.layout, tag)?;
        let places = self.meet(origin, &self.shown(|known| known == origin).remove(&origin)?);
        let offset = offset(run, x);
        let first = places.partition_point(|(shown, _)| *shown < PageChar { page, item, offset });
        let of_run = |(shown, _): &&(PageChar, Option<SourceChar>)| (shown.page, shown.item) == (page, item);
        let before = places.get(..first)?.iter().rev().take_while(of_run);
        let after = places.get(first..)?.iter().take_while(of_run);
        // Labels, numbers and item markers lead to the text beside them.
        let beside = || places.iter().skip(first).chain(places.iter().take(first).rev()).find_map(|(_, said)| *said);
        let said = after.chain(before).find_map(|(_, said)| *said).or_else(beside)?;
        let span = self.sources.locate(said.span);
        let text = self.sources.text(span);
        let content = content(text);
        let mut letters = text.get(content..)?.char_indices().filter(|(_, character)| !character.is_whitespace());
        let within = letters.nth(said.characters).map_or(0, |(at, _)| content + at);
        Some(Span::point(span.file, span.start as usize + within))
    }

    /// Forward search: the page of a line of a file, or of the nearest line that is shown, and the
    /// distance from the page's upper edge.
    pub fn forward_search(&self, path: &str, line: usize) -> Option<(usize, f32)> {
        let (file, source) = self.sources.iter().find(|(_, source)| source.path() == path)?;
        let line_at = |place: u32| source.line_of(source.locate(place) as usize);
        let distance = |span: Span| {
            let away = || line_at(span.start).saturating_sub(line).max(line.saturating_sub(line_at(span.end)));
            (span.file == file).then(away)
        };
        let blocks = self.document.outer_blocks(Format::Pdf);
        let own = blocks.iter().map(|block| own_span(block).and_then(distance)).enumerate();
        let own = own.filter_map(|(number, distance)| Some((distance?, Origin::Block(number))));
        let notes = self.document.notes.iter().map(|note| distance(note.span)).enumerate();
        let notes = notes.filter_map(|(number, distance)| Some((distance?, Origin::Note(number))));
        let mut near: Vec<(usize, Origin)> = own.chain(notes).collect();
        near.sort_by_key(|(distance, _)| *distance);
        let mut nearest = Nearest { places: *self, file, line, lines: None, found: None };
        for (distance, origin) in near {
            if nearest.found.is_some_and(|(found, _)| found <= distance) {
                break;
            }
            nearest.look(|known| known == origin);
        }
        // Tables of contents repeat headings, which have priority.
        if nearest.found.is_none_or(|(found, _)| found > 0) {
            nearest.look(|known| matches!(known, Origin::Opening | Origin::Closing));
        }
        if nearest.found.is_none() {
            // Rows of a table may be lines of a data file.
            let is_table = |number: usize| blocks.get(number).is_some_and(|block| is_made_of_data(block));
            nearest.look(|known| matches!(known, Origin::Block(number) if is_table(number)));
        }
        let (_, shown) = nearest.found?;
        match &self.layout.pages.get(shown.page)?.items.get(shown.item)?.kind {
            ItemKind::Glyphs(run) => Some((shown.page, run.origin.y)),
            _ => None,
        }
    }

    /// The characters of some parts on the pages, without spaces, in the order of the structure
    /// tree.
    fn shown(&self, is_wanted: impl Fn(Origin) -> bool) -> BTreeMap<Origin, Vec<(PageChar, char)>> {
        let wanted = ranges(self.layout, is_wanted);
        let mut runs: Vec<(TagId, usize, usize, &GlyphRun)> = Vec::new();
        for (number, page) in self.layout.pages.iter().enumerate() {
            for (item, placed) in page.items.iter().enumerate() {
                if let (Mark::Content(tag), ItemKind::Glyphs(run)) = (placed.mark, &placed.kind)
                    && wanted.iter().any(|range| range.contains(&page.tag(tag)))
                {
                    runs.push((page.tag(tag), number, item, run));
                }
            }
        }
        let order = leaves(&self.layout.tags);
        let leaf = |TagId(tag): TagId| order.get(tag as usize).copied().unwrap_or(usize::MAX);
        runs.sort_by_key(|(tag, page, item, _)| (leaf(*tag), *page, *item));
        let mut found: BTreeMap<Origin, Vec<(PageChar, char)>> = BTreeMap::new();
        for (tag, page, item, run) in runs {
            let Some(origin) = origin(self.layout, tag) else { continue };
            let letters = run.text.char_indices().filter(|(_, character)| !character.is_whitespace());
            let letters = letters.map(|(offset, character)| (PageChar { page, item, offset }, character));
            found.entry(origin).or_default().extend(letters);
        }
        found
    }

    /// Aligns the characters of a part with their sources; the result is in page order.
    fn meet(&self, origin: Origin, shown: &[(PageChar, char)]) -> Vec<(PageChar, Option<SourceChar>)> {
        let expected = self.expected(origin);
        let mut places = Vec::with_capacity(shown.len());
        let mut at = 0;
        for (number, (place, character)) in shown.iter().enumerate() {
            let here = expected.get(at).map(|(expected, _)| expected);
            if here != Some(character) {
                at = next_same(shown, number, &expected, at).unwrap_or(at);
            }
            let met = expected.get(at).filter(|(expected, _)| expected == character);
            places.push((*place, met.and_then(|(_, said)| *said)));
            at += usize::from(met.is_some());
        }
        places.sort_by_key(|(place, _)| *place);
        places
    }

    /// The characters that the pages must show of a part, without spaces, with their sources.
    fn expected(&self, origin: Origin) -> Vec<(char, Option<SourceChar>)> {
        let part = match origin {
            Origin::Opening => Some(Part::Opening),
            Origin::Closing => Some(Part::Closing),
            Origin::Note(number) => Some(Part::Note(number)),
            Origin::Block(number) => {
                self.document.outer_blocks(Format::Pdf).get(number).map(|block| Part::Block(block))
            }
        };
        let passages = part.map(|part| expected_of_part(self.document, part, Format::Pdf)).unwrap_or_default();
        let mut characters = Vec::new();
        let mut last: Option<SourceChar> = None;
        for word in flatten(&passages) {
            for character in word.text.chars() {
                let before = last.filter(|last| Some(last.span) == word.span).map_or(0, |last| last.characters + 1);
                last = word.span.map(|span| SourceChar { span, characters: before });
                characters.push((character, last));
            }
        }
        characters
    }
}

/// A forward search in progress.
struct Nearest<'a> {
    places: SourceMap<'a>,
    file: FileId,
    line: usize,
    /// Lines of the last node, as returned by [`lines`].
    lines: Option<(Span, Vec<(usize, usize)>)>,
    /// The best match and its distance in lines.
    found: Option<(usize, PageChar)>,
}

impl Nearest<'_> {
    /// Searches the shown characters of some parts.
    fn look(&mut self, is_wanted: impl Fn(Origin) -> bool) {
        for (origin, shown) in self.places.shown(is_wanted) {
            for (shown, said) in self.places.meet(origin, &shown) {
                let Some(line) = said.filter(|said| said.span.file == self.file).map(|said| self.line_of(said)) else {
                    continue;
                };
                let distance = line.abs_diff(self.line);
                if self.found.is_none_or(|found| (distance, shown) < found) {
                    self.found = Some((distance, shown));
                }
            }
        }
    }

    /// The line of a character in its file.
    fn line_of(&mut self, said: SourceChar) -> usize {
        if self.lines.as_ref().is_none_or(|(span, _)| *span != said.span) {
            self.lines = Some((said.span, lines(said.span, self.places.sources)));
        }
        let lines = self.lines.as_ref().map(|(_, lines)| lines.as_slice()).unwrap_or_default();
        let behind = lines.partition_point(|(characters, _)| *characters <= said.characters);
        behind.checked_sub(1).and_then(|last| lines.get(last)).map_or(0, |(_, line)| *line)
    }
}

/// The lines of a node, each with the number of characters before it, without spaces.
fn lines(span: Span, sources: &Sources) -> Vec<(usize, usize)> {
    let span = sources.locate(span);
    let text = sources.text(span);
    let line_at = |at: usize| sources.get(span.file).map_or(0, |source| source.line_of(span.start as usize + at));
    let (mut at, mut characters, mut lines) = (content(text), 0, Vec::new());
    for line in text.get(at..).unwrap_or_default().split_inclusive('\n') {
        lines.push((characters, line_at(at)));
        at += line.len();
        characters += line.chars().filter(|character| !character.is_whitespace()).count();
    }
    lines
}

/// The byte at which the content of a node starts; for code, after its fence or backticks.
fn content(text: &str) -> usize {
    let signs = |sign: u8| text.bytes().take_while(|byte| *byte == sign).count();
    let is_fence = signs(b'`').max(signs(b'~')) >= 3;
    match text.find('\n').filter(|_| is_fence) {
        Some(end) => end + 1,
        None => signs(b'`'),
    }
}

/// The span of a block's own content: a section's heading, or a block without nested blocks.
fn own_span(block: &RBlock) -> Option<Span> {
    match &block.kind {
        BlockKind::Stage(ResolvedBlock::Section(section)) => Some(section.heading_span),
        _ => block.outer_blocks(Format::Pdf).is_empty().then_some(block.span),
    }
}

/// Whether a block may show content of a data file.
fn is_made_of_data(block: &RBlock) -> bool {
    matches!(block.kind, BlockKind::Table(_) | BlockKind::Figure(_) | BlockKind::Stage(ResolvedBlock::Listing(_)))
}

/// The source of a tag.
fn origin(layout: &Layout, tag: TagId) -> Option<Origin> {
    let behind = layout.origins.partition_point(|(first, _)| *first <= tag);
    layout.origins.get(behind.checked_sub(1)?).map(|(_, origin)| *origin)
}

/// The tag ranges of some parts.
fn ranges(layout: &Layout, is_wanted: impl Fn(Origin) -> bool) -> Vec<Range<TagId>> {
    let ends = layout.origins.iter().skip(1).map(|(first, _)| *first).chain([TagId(u32::MAX)]);
    let all = layout.origins.iter().zip(ends);
    all.filter(|((_, origin), _)| is_wanted(*origin)).map(|((first, _), end)| *first..end).collect()
}

/// The next position in `expected` that is in step with `shown` again. Expected words that are not
/// painted, such as alternative texts, are skipped. A few characters are enough if they are a whole
/// run, such as a list entry before its page number.
fn next_same(
    shown: &[(PageChar, char)],
    number: usize,
    expected: &[(char, Option<SourceChar>)],
    at: usize,
) -> Option<usize> {
    let ahead = shown.get(number..)?;
    let item = ahead.first().map(|(place, _)| (place.page, place.item))?;
    let of_run = ahead.iter().take_while(|(place, _)| (place.page, place.item) == item).take(SAME).count();
    let find = |length: usize, sought: usize| {
        let ahead = ahead.get(..length)?;
        (at..expected.len().min(at + sought)).find(|start| {
            let window = expected.get(*start..(*start + length)).unwrap_or_default();
            window.len() == length && window.iter().map(|(character, _)| character).eq(ahead.iter().map(|(_, c)| c))
        })
    };
    let near = || (of_run >= FEW).then(|| find(of_run, NEAR)).flatten();
    find(SAME.min(ahead.len()), SOUGHT).or_else(near)
}

/// Numbers of the leaves in reading order, indexed by tag.
fn leaves(tree: &TagTree) -> Vec<usize> {
    let mut order = vec![usize::MAX; tree.tags.len()];
    let is_leaf = |TagId(id): &TagId| tree.tags.get(*id as usize).is_some_and(|tag| tag.role == Role::Leaf);
    for (number, TagId(id)) in tree.in_reading_order().filter(is_leaf).enumerate() {
        if let Some(place) = order.get_mut(id as usize) {
            *place = number;
        }
    }
    order
}

/// The distance of a point from a run.
fn distance(run: &GlyphRun, x: f32, y: f32) -> f32 {
    const LINES_FIRST: f32 = 4.0;
    let width: f32 = run.each().iter().map(|glyph| glyph.advance).sum::<f32>() * run.stretch;
    let aside = (run.origin.x - x).max(x - run.origin.x - width).max(0.0);
    let above = (run.origin.y - run.size * 0.8 - y).max(y - run.origin.y - run.size * 0.25).max(0.0);
    aside + LINES_FIRST * above
}

/// The byte of a run's text at an x position on the page.
fn offset(run: &GlyphRun, x: f32) -> usize {
    let mut pen = run.origin.x;
    let mut found = 0;
    for glyph in run.each().iter().filter(|glyph| glyph.cluster != Glyph::NO_TEXT) {
        found = usize::from(glyph.cluster);
        pen += glyph.advance * run.stretch;
        if pen > x {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Mark, SourceMap};
    use crate::layout::frame::{ItemKind, Origin};
    use crate::project::Project;
    use crate::resolve::{Context, Library};
    use crate::source::MemoryFiles;
    use crate::{Compiled, Session};
    use std::collections::BTreeSet;
    use std::sync::Arc;

    const NOTES: &str = "# Notes\n\nA word.[^one] More of it.\n\n- An item.[^two]\n- Another `code`.\n\n```rust\nfn a() {}\n\nfn b() {}\n```\n\n[^one]: The first note.\n\n[^two]: The second one.\n";

    fn compiled(text: &str) -> Arc<Compiled> {
        let files = MemoryFiles::default().with("note.md", text);
        let (project, library) = (Project::default(), Library::default());
        let context = Context { dead_links_stay: true, ..Context::new(&project, &library, &files) };
        Session::new(1 << 20).compile("note.md", &context)
    }

    /// Does something with a document on its pages.
    fn with_places<T>(text: &str, act: impl FnOnce(SourceMap, &str) -> T) -> T {
        let compiled = compiled(text);
        let pages = compiled.pages().unwrap();
        let sources = &compiled.compilation.sources;
        let document = compiled.compilation.document.as_ref().unwrap();
        act(SourceMap { document, layout: &pages.layout, sources }, text)
    }

    /// The words of each run, with the rest of the source from the place on to which a click at their
    /// beginning leads.
    fn clicks<'t>(places: &SourceMap, text: &'t str) -> Vec<(String, Option<&'t str>)> {
        let mut clicks = Vec::new();
        for (page, placed) in places.layout.pages.iter().enumerate() {
            for item in &placed.items {
                if let (ItemKind::Glyphs(run), Mark::Content(_)) = (&item.kind, item.mark) {
                    let at = places.at(page, run.origin.x + 0.5, run.origin.y);
                    clicks.push((run.text.to_string(), at.map(|at| &text[at.start as usize..])));
                }
            }
        }
        clicks
    }

    #[test]
    fn a_click_leads_to_the_word() {
        with_places(NOTES, |places, text| {
            let clicks = clicks(&places, text);
            for word in ["A word.", "More", "An", "code", "fn a() {}", "fn b() {}", "The first", "The second"] {
                let is_it = |(shown, _): &&(String, Option<&str>)| shown.trim_start().starts_with(word);
                let (_, found) = clicks.iter().find(is_it).unwrap_or_else(|| panic!("{word} in {clicks:?}"));
                assert!(found.is_some_and(|found| found.starts_with(word)), "{word} leads to {found:?}");
            }
        });
        with_places(include_str!("../../../source/handbook.md"), |places, text| {
            let words = clicks(&places, text).into_iter().filter_map(|(shown, found)| {
                let word: String = shown.trim_start().chars().take_while(|letter| letter.is_alphabetic()).collect();
                (word.len() > 3).then_some((word, found))
            });
            let words: Vec<(String, Option<&str>)> = words.collect();
            let is_right = |(word, found): &&(String, Option<&str>)| found.is_some_and(|found| found.starts_with(word));
            let (right, wrong): (Vec<_>, Vec<_>) = words.iter().partition(is_right);
            // The others are words that the document does not say itself, such as labels, and formulas.
            let shown: Vec<_> =
                wrong.iter().map(|(word, found)| (word, found.map(|found| found.lines().next()))).collect();
            assert!(
                right.len() > 900 && wrong.len() * 8 < words.len(),
                "{} of {}: {shown:?}",
                wrong.len(),
                words.len()
            );
        });
    }

    #[test]
    fn a_line_is_shown_where_its_words_are() {
        with_places(NOTES, |places, text| {
            let shown = |word: &str| {
                let line = text[..text.find(word).unwrap()].lines().count().max(1);
                let line = if text[..text.find(word).unwrap()].ends_with('\n') { line + 1 } else { line };
                let (page, y) = places.forward_search("note.md", line).unwrap();
                let on_line = places.layout.pages[page].items.iter().filter_map(|item| match &item.kind {
                    ItemKind::Glyphs(run) if (run.origin.y - y).abs() < 1.0 => Some(&*run.text),
                    _ => None,
                });
                on_line.collect::<String>()
            };
            for word in ["Notes", "A word", "An item", "Another", "fn a()", "fn b()", "The first", "The second"] {
                assert!(shown(word).contains(word), "{word} at {}", shown(word));
            }
        });
    }

    #[test]
    fn each_block_has_its_tags() {
        with_places(include_str!("../../../source/handbook.md"), |places, _| {
            let begun = places.layout.origins.iter().filter_map(|(_, origin)| match origin {
                Origin::Block(number) => Some(*number),
                Origin::Note(_) | Origin::Opening | Origin::Closing => None,
            });
            let blocks = places.document.outer_blocks(crate::format::Format::Pdf).len();
            assert_eq!(begun.collect::<BTreeSet<_>>(), (0..blocks).collect());
        });
    }
}
