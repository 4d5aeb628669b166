//! From a word on a page to its place in the source. The proof knows which words a PDF must
//! say, in order, and which node says each; the pages say the same words in the order of the
//! structure tree. So both are walked side by side.

use crate::format::Format;
use crate::layout::frame::{Glyph, GlyphRun, ItemKind, Layout, Mark, Role, TagId, TagTree};
use crate::resolve::Resolved;
use crate::source::Span;
use crate::verify::expected_passages;

/// How many characters must be the same for two places to be the same again, and how far
/// they are sought.
const SAME: usize = 8;
const SOUGHT: usize = 4000;

/// Where the characters on the pages stand in the sources.
pub struct Places {
    /// By page, item and character of the item's text, in order.
    shown: Vec<(Shown, Option<Said>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Shown {
    page: usize,
    item: usize,
    /// Bytes into the text of the run.
    offset: usize,
}

/// The node that says a character, and how many characters of it come before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub span: Span,
    pub characters: usize,
}

impl Places {
    /// Walks through a document and its pages.
    pub fn from_layout(document: &Resolved, layout: &Layout) -> Places {
        let expected = expected(document);
        let shown = shown(layout);
        let mut places = Vec::with_capacity(shown.len());
        let mut at = 0;
        for number in 0..shown.len() {
            let Some((place, character)) = shown.get(number).copied() else { break };
            let here = expected.get(at).map(|(expected, _)| *expected);
            if here != Some(character) {
                at = meet(&shown, number, &expected, at).unwrap_or(at);
            }
            let met = expected.get(at).filter(|(expected, _)| *expected == character);
            places.push((place, met.and_then(|(_, said)| *said)));
            at += usize::from(met.is_some());
        }
        places.sort_by_key(|(place, _)| *place);
        Places { shown: places }
    }

    /// The node that says what stands at a place of a page, in points from its upper left
    /// corner.
    pub fn at(&self, layout: &Layout, page: usize, x: f32, y: f32) -> Option<Said> {
        let runs = layout.pages.get(page)?.items.iter().enumerate().filter_map(|(number, item)| match &item.kind {
            ItemKind::Glyphs(run) if matches!(item.mark, Mark::Content(_)) => Some((number, run)),
            _ => None,
        });
        let (item, run) = runs.min_by(|(_, a), (_, b)| distance(a, x, y).total_cmp(&distance(b, x, y)))?;
        let offset = offset(run, x);
        let first = self.shown.partition_point(|(shown, _)| *shown < Shown { page, item, offset });
        let of_run = |(shown, _): &&(Shown, Option<Said>)| (shown.page, shown.item) == (page, item);
        let before = self.shown.get(..first)?.iter().rev().take_while(of_run);
        let after = self.shown.get(first..)?.iter().take_while(of_run);
        after.chain(before).find_map(|(_, said)| *said)
    }

    /// Where the character of a source stands that comes at an offset or next after it: the
    /// page, and the distance of its line from the page's upper edge.
    pub fn of_source(&self, layout: &Layout, span: impl Fn(Span) -> Option<usize>) -> Option<(usize, f32)> {
        let near = self.shown.iter().filter_map(|(shown, said)| Some((span((*said)?.span)?, shown)));
        let (_, shown) = near.min_by_key(|(distance, shown)| (*distance, **shown))?;
        match &layout.pages.get(shown.page)?.items.get(shown.item)?.kind {
            ItemKind::Glyphs(run) => Some((shown.page, run.origin.y)),
            _ => None,
        }
    }
}

/// Where what is shown and what is expected are the same again: later in what is expected,
/// which also has words that are not painted, such as alternative texts.
fn meet(shown: &[(Shown, char)], number: usize, expected: &[(char, Option<Said>)], at: usize) -> Option<usize> {
    let ahead = shown.get(number..)?.iter().take(SAME).map(|(_, character)| *character);
    let ahead: Vec<char> = ahead.collect();
    (at..expected.len().min(at + SOUGHT)).find(|start| {
        let window = expected.get(*start..(*start + ahead.len())).unwrap_or_default();
        window.len() == ahead.len() && window.iter().map(|(character, _)| *character).eq(ahead.iter().copied())
    })
}

/// The characters that the pages must say, without spaces, and the nodes that say them.
fn expected(document: &Resolved) -> Vec<(char, Option<Said>)> {
    let mut characters = Vec::new();
    let mut last: Option<Said> = None;
    for word in crate::verify::flatten(&expected_passages(document, Format::Pdf)) {
        for character in word.text.chars() {
            let before = last.filter(|last| Some(last.span) == word.span).map_or(0, |last| last.characters + 1);
            last = word.span.map(|span| Said { span, characters: before });
            characters.push((character, last));
        }
    }
    characters
}

/// The characters of the pages' content in the order of the structure tree, without spaces.
fn shown(layout: &Layout) -> Vec<(Shown, char)> {
    let mut order = vec![usize::MAX; layout.tags.tags.len()];
    let mut count = 0;
    number_leaves(&layout.tags, &mut order, &mut count);
    let mut runs: Vec<(usize, usize, usize, &GlyphRun)> = Vec::new();
    for (page, items) in layout.pages.iter().map(|page| &page.items).enumerate() {
        for (item, placed) in items.iter().enumerate() {
            if let (Mark::Content(TagId(tag)), ItemKind::Glyphs(run)) = (placed.mark, &placed.kind) {
                runs.push((order.get(tag as usize).copied().unwrap_or(usize::MAX), page, item, run));
            }
        }
    }
    runs.sort_by_key(|(leaf, page, item, _)| (*leaf, *page, *item));
    let characters = runs.into_iter().flat_map(|(_, page, item, run)| {
        let of_run = run.text.char_indices().filter(|(_, character)| !character.is_whitespace());
        of_run.map(move |(offset, character)| (Shown { page, item, offset }, character))
    });
    characters.collect()
}

/// Numbers the leaves of the tree from its root, in order.
fn number_leaves(tree: &TagTree, order: &mut [usize], count: &mut usize) {
    let mut waiting = vec![TagTree::ROOT];
    while let Some(TagId(id)) = waiting.pop() {
        let Some(tag) = tree.tags.get(id as usize) else { continue };
        if tag.role == Role::Leaf
            && let Some(number) = order.get_mut(id as usize)
        {
            *number = *count;
            *count += 1;
        }
        waiting.extend(tag.children.iter().rev());
    }
}

/// How far a point is from a run.
fn distance(run: &GlyphRun, x: f32, y: f32) -> f32 {
    const LINES_FIRST: f32 = 4.0;
    let width: f32 = run.each().iter().map(|glyph| glyph.advance).sum::<f32>() * run.stretch;
    let aside = (run.origin.x - x).max(x - run.origin.x - width).max(0.0);
    let above = (run.origin.y - run.size * 0.8 - y).max(y - run.origin.y - run.size * 0.25).max(0.0);
    aside + LINES_FIRST * above
}

/// The byte of a run's text at a distance from the page's left edge.
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
