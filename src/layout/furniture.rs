//! Furniture of the pages, and content that had to wait for the number of pages.

use super::frame::{Glyph, GlyphRun, Item, ItemKind, Mark, Page, PlacedPage, Point, Rect, RunGlyphs, ShownGlyphs};
use super::inline::{Collector, TypeStyle};
use super::lines::lines;
use super::page::Placed;
use super::paragraph::shape_paragraph;
use super::shape::Shaper;
use super::text::Paragraph;
use super::vertical::{PendingPageNumber, shift};
use super::word::TextDirection;
use crate::ast::Status;
use crate::language::fill;
use crate::theme::{Alignment, Opening, ParagraphRole, Pt, Theme};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Distance of the rules from head and foot.
const RULE_DISTANCE: Pt = 5.0;
const RULE_WIDTH: Pt = 0.4;
/// Dots of a leader are on a grid of this width, so that they align from line to line.
const LEADER_PITCH: Pt = 4.5;
const LEADER_GAP: Pt = 5.0;
/// Room for numbers of any usual length, so that all leaders end alike.
const LEADER_STOP: Pt = 24.0;
/// Room for a number at the end of an entry.
const LEADER_ROOM: Pt = 60.0;
/// The largest share of the head that a reference takes, and what parts it from
/// the title.
const REFERENCE_SHARE: Pt = 0.6;
const HEAD_GAP: Pt = 14.0;
/// Room for the marking in the foot, as a share of the measure; the number of
/// the page needs the rest.
const FOOT_SHARE: Pt = 0.82;
/// More characters than any head or foot has room for.
const LONGEST_LINE: usize = 400;

/// The words around the text, before they are set.
#[derive(Debug, Clone, PartialEq)]
pub struct Furniture {
    head_start: Paragraph,
    head_end: Paragraph,
    foot_start: Paragraph,
    watermark: Option<Paragraph>,
    type_style: TypeStyle,
}

/// Prepares running head, foot and watermark.
pub fn furniture(collector: &mut Collector, base: TypeStyle) -> Furniture {
    let theme = collector.theme;
    let document = collector.document;
    let styled = |role| base.with_paragraph_style(&theme.paragraph_style(role, base.surroundings(0.0)));
    let type_style = styled(ParagraphRole::Furniture);
    let end = TypeStyle { align: Alignment::End, ..type_style };
    let reference = document.metadata.reference.as_ref().map(|reference| reference.value.clone()).unwrap_or_default();
    let marked = styled(ParagraphRole::FurnitureMarking);
    let banners = document.banners.join(" · ");
    let draft = document.metadata.status.as_ref().is_some_and(|status| status.value == Status::Draft);
    let watermark = document
        .banners
        .first()
        .filter(|_| draft)
        .map(|word| collector.added_text(&word.to_uppercase(), styled(ParagraphRole::Watermark), None));
    Furniture {
        head_start: collector.added_text(&document.title_text, type_style, None),
        head_end: collector.added_text(&reference, end, None),
        foot_start: collector.added_text(&banners, marked, None),
        watermark,
        type_style,
    }
}

/// Pages with their furniture, as they were when the document was laid out last.
#[derive(Debug, Default)]
pub struct FinishedPages {
    /// The furniture around their text.
    furniture: Option<Furniture>,
    pages: Vec<FinishedPage>,
}

#[derive(Debug)]
struct FinishedPage {
    /// The page without its furniture.
    text: Arc<Page>,
    /// The pages whose numbers are at the ends of its entries.
    numbers: Vec<usize>,
    page: Arc<Page>,
}

impl FinishedPages {
    /// Whether they are `count` pages with the same furniture.
    fn are_about(&self, furniture: &Furniture, count: usize) -> bool {
        self.pages.len() == count && self.furniture.as_ref() == Some(furniture)
    }

    /// The page of an index, if it had the same text and numbers.
    fn get(&self, index: usize, text: &PlacedPage, entries: &[Entry]) -> Option<Arc<Page>> {
        let FinishedPage { text: before, numbers, page } = self.pages.get(index)?;
        let is_same = Arc::ptr_eq(before, &text.content) && entries.iter().map(|entry| &entry.target).eq(numbers);
        is_same.then(|| Arc::clone(page))
    }
}

/// An entry of a list that leads to a page.
struct Entry<'p> {
    /// The page's index.
    target: usize,
    late: &'p PendingPageNumber,
}

/// Adds furniture and late numbers to the pages. `known` are pages that were finished before, and
/// afterwards these.
pub fn add_furniture(
    furniture: Furniture,
    collector: &mut Collector,
    placed: &Placed,
    texts: Vec<PlacedPage>,
    known: Option<&mut FinishedPages>,
) -> Vec<PlacedPage> {
    let count = texts.len();
    let entries = entries(placed, count);
    let on_page = |index: usize| entries.get(index).map_or(&[] as &[Entry], Vec::as_slice);
    let before = known.as_deref().filter(|known| known.are_about(&furniture, count));
    let finished = |(index, text): (usize, &PlacedPage)| before?.get(index, text, on_page(index));
    let finished: Vec<Option<Arc<Page>>> = texts.iter().enumerate().map(finished).collect();
    let mut added = |(index, finished): (usize, &Option<Arc<Page>>)| {
        finished.is_none().then(|| AddedText::new(index, count, on_page(index), &furniture, collector))
    };
    let added: Vec<Option<AddedText>> = finished.iter().enumerate().map(&mut added).collect();
    let remembered = known.is_some().then(|| texts.clone());
    let dot = collector.added_text(".", furniture.type_style, None);
    let mut shaper = Shaper::new(collector.book, &collector.languages);
    let mut lines = FurnitureLines::new(&furniture, collector.theme, &dot, &mut shaper);
    let mut pages = Vec::with_capacity(count);
    for ((index, text), (finished, added)) in texts.into_iter().enumerate().zip(finished.into_iter().zip(added)) {
        let PlacedPage { content: text, first_tag } = text;
        let content = finished.unwrap_or_else(|| {
            let mut page = Arc::unwrap_or_clone(text);
            if let Some(added) = added {
                lines.add_to(&mut page, index, &added, on_page(index), &mut shaper);
            }
            Arc::new(page)
        });
        pages.push(PlacedPage { content, first_tag });
    }
    if let (Some(known), Some(texts)) = (known, remembered) {
        let pages = texts.into_iter().zip(&pages).enumerate().map(|(index, (text, page))| FinishedPage {
            text: text.content,
            numbers: on_page(index).iter().map(|entry| entry.target).collect(),
            page: Arc::clone(&page.content),
        });
        known.pages = pages.collect();
        known.furniture = Some(furniture);
    }
    pages
}

/// The entries with page references on each of `count` pages.
fn entries(placed: &Placed, count: usize) -> Vec<Vec<Entry<'_>>> {
    let destinations: BTreeMap<&str, usize> =
        placed.destinations.iter().rev().map(|(id, place)| (id.as_str(), place.page)).collect();
    let mut entries: Vec<Vec<Entry>> = (0..count).map(|_| Vec::new()).collect();
    for (page, late) in &placed.late {
        if let (Some(target), Some(entries)) = (destinations.get(late.id.as_str()), entries.get_mut(*page)) {
            entries.push(Entry { target: *target, late });
        }
    }
    entries
}

/// Text added to a page when the number of pages is known.
struct AddedText {
    number: Paragraph,
    /// The numbers at the ends of its entries.
    entries: Vec<Paragraph>,
}

impl AddedText {
    fn new(index: usize, count: usize, entries: &[Entry], furniture: &Furniture, collector: &mut Collector) -> Self {
        let words = fill(collector.document.language.labels.page_of, &[&(index + 1).to_string(), &count.to_string()]);
        let type_style = TypeStyle { align: Alignment::End, ..furniture.type_style };
        let number = collector.added_text(&words, type_style, None);
        let entry = |Entry { target, late }: &Entry| {
            let type_style = TypeStyle { align: Alignment::End, ..late.type_style };
            // The space parts the number from the title for those who listen.
            let mut paragraph = collector.added_text(&format!("\u{2002}{}", target + 1), type_style, None);
            for run in &mut paragraph.runs {
                run.tag = Some(late.tag);
            }
            paragraph
        };
        AddedText { number, entries: entries.iter().map(entry).collect() }
    }
}

/// The lines around the text, set.
struct FurnitureLines<'f> {
    furniture: &'f Furniture,
    theme: &'f Theme,
    /// The first dot of a leader.
    dot: Option<Item>,
    /// How wide the reference is in the head.
    reference: Pt,
    head_start: SetLines,
    head_end: SetLines,
    foot_start: SetLines,
}

impl<'f> FurnitureLines<'f> {
    fn new(furniture: &'f Furniture, theme: &'f Theme, dot: &Paragraph, shaper: &mut Shaper) -> Self {
        let dot =
            lines(dot, LEADER_ROOM, shaper).lines.into_iter().next().and_then(|line| line.items.into_iter().next());
        let [head_start, head_end, foot_start] = [const { SetLines(Vec::new()) }; 3];
        let reference = width_of(&furniture.head_end, shaper);
        FurnitureLines { furniture, theme, dot, reference, head_start, head_end, foot_start }
    }

    /// Adds them to the page of an index, with its number and those at the ends of its entries.
    fn add_to(&mut self, page: &mut Page, index: usize, added: &AddedText, entries: &[Entry], shaper: &mut Shaper) {
        let FurnitureLines { furniture, theme, dot, .. } = self;
        for (paragraph, entry) in added.entries.iter().zip(entries) {
            page_number(&mut page.items, paragraph, entry.late, dot.as_ref(), shaper);
        }
        page.label = (index + 1).to_string();
        let left = theme.page.margin_left.0;
        let width = page.width - left - theme.page.margin_right.0;
        let cover = index == 0 && theme.opening == Opening::Cover;
        let head = theme.page.head.0;
        let foot = page.height - theme.page.foot.0;
        let set = |lines: &mut SetLines, paragraph: &Paragraph, y: Pt, room: Pt, shaper: &mut Shaper| -> Vec<Item> {
            placed_at(lines.get(paragraph, room, width, shaper), left, y)
        };
        let mut items = Vec::new();
        if index > 0 {
            let reference = self.reference.min(width * REFERENCE_SHARE);
            let title = width - if reference > 0.0 { reference + HEAD_GAP } else { 0.0 };
            items.extend(set(&mut self.head_start, &furniture.head_start, head, title, shaper));
            items.extend(set(&mut self.head_end, &furniture.head_end, head, reference, shaper));
            items.push(rule(left, head + RULE_DISTANCE, width, theme.colors.rule));
        }
        items.extend(set(&mut self.foot_start, &furniture.foot_start, foot, width * FOOT_SHARE, shaper));
        if !cover {
            items.extend(placed_at(one_line(&added.number, width, width, shaper), left, foot));
        }
        // There are very many pages, and no more comes to them.
        page.items.reserve_exact(items.len());
        page.items.extend(items);
        if let Some(watermark) = &furniture.watermark {
            let items = one_line(watermark, page.width, page.width, shaper);
            page.items.splice(0..0, placed_at(items, 0.0, (page.height + watermark.strut.1 * 0.6) / 2.0));
        }
    }
}

/// A line of furniture at its place.
fn placed_at(mut items: Vec<Item>, x: Pt, y: Pt) -> Vec<Item> {
    for item in &mut items {
        item.mark = Mark::Pagination;
        shift(item, x, y);
    }
    items
}

/// How wide a paragraph is on one line.
fn width_of(paragraph: &Paragraph, shaper: &mut Shaper) -> Pt {
    let width: Pt = shape_paragraph(paragraph, shaper).pieces.iter().map(|piece| piece.width).sum();
    // A hair more, so that rounding breaks no line.
    if width > 0.0 { width + 0.2 } else { 0.0 }
}

/// A line as it was set for each width so far: pages are mostly of one.
struct SetLines(Vec<(Pt, Vec<Item>)>);

impl SetLines {
    fn get(&mut self, paragraph: &Paragraph, room: Pt, measure: Pt, shaper: &mut Shaper) -> Vec<Item> {
        if let Some((_, items)) = self.0.iter().find(|(known, _)| *known == measure) {
            return items.clone();
        }
        let items = one_line(paragraph, room, measure, shaper);
        self.0.push((measure, items.clone()));
        items
    }
}

fn rule(x: Pt, y: Pt, width: Pt, color: crate::theme::Color) -> Item {
    let area = Rect { x, y, width, height: RULE_WIDTH };
    Item { mark: Mark::Pagination, kind: ItemKind::Rectangle { area, color, radius: 0.0 } }
}

/// The items of a paragraph that must be one line: what does not fit is cut
/// off at a word, with an ellipsis.
fn one_line(paragraph: &Paragraph, room: Pt, measure: Pt, shaper: &mut Shaper) -> Vec<Item> {
    let mut paragraph = paragraph.clone();
    if let Some((end, _)) = paragraph.text.char_indices().nth(LONGEST_LINE) {
        let text = paragraph.text.get(..end).unwrap_or_default();
        let shorter = format!("{}…", text.trim_end());
        truncate(&mut paragraph, shorter);
    }
    loop {
        let mut set = lines(&paragraph, room.max(1.0), shaper).lines;
        if set.len() <= 1 && room < measure {
            // Alignment counts on the whole measure.
            set = lines(&paragraph, measure, shaper).lines;
        }
        if set.len() <= 1 {
            return set.into_iter().next().map(|line| line.items).unwrap_or_default();
        }
        let text = paragraph.text.trim_end_matches('…').trim_end();
        let Some(end) = text.rfind(' ') else {
            return set.into_iter().next().map(|line| line.items).unwrap_or_default();
        };
        let shorter = format!("{}…", text.get(..end).unwrap_or_default().trim_end());
        truncate(&mut paragraph, shorter);
    }
}

/// Gives a paragraph the first part of its text.
fn truncate(paragraph: &mut Paragraph, text: String) {
    paragraph.text = text;
    let end = paragraph.text.len();
    let mut start = 0;
    paragraph.runs.retain_mut(|run| {
        let keep = start < end;
        start = run.end;
        run.end = run.end.min(end);
        keep
    });
    if let Some(last) = paragraph.runs.last_mut() {
        last.end = end;
    }
}

/// A page number at the end of an entry, and the dots before it.
fn page_number(
    items: &mut Vec<Item>,
    paragraph: &Paragraph,
    entry: &PendingPageNumber,
    dot: Option<&Item>,
    shaper: &mut Shaper,
) {
    let set = lines(paragraph, LEADER_ROOM, shaper).lines;
    let Some(line) = set.into_iter().next() else { return };
    let room = line.width.max(LEADER_STOP);
    let (start, stop, left) = match entry.direction {
        TextDirection::LeftToRight => (entry.leader + LEADER_GAP, entry.edge - room, entry.edge - LEADER_ROOM),
        TextDirection::RightToLeft => (entry.edge + room, entry.leader - LEADER_GAP, entry.edge),
    };
    let x = (start / LEADER_PITCH).ceil() * LEADER_PITCH;
    if let Some(Item { kind: ItemKind::Glyphs(run), .. }) = dot
        && let Some(first) = run.each().first().copied()
    {
        let count = ((stop - x) / LEADER_PITCH).floor().max(0.0) as usize;
        if count > 0 {
            let glyph =
                |index| Glyph { cluster: u16::try_from(index).unwrap_or(u16::MAX), advance: LEADER_PITCH, ..first };
            let glyphs = RunGlyphs::from_each((0..count).map(glyph).collect(), run.glyphs.shifts().to_vec());
            // Dots have no direction; their places are counted from the left.
            let leader = ShownGlyphs { text: ".".repeat(count).into(), rtl: false, glyphs, ..ShownGlyphs::clone(run) };
            let run = GlyphRun::new(Point { x, y: entry.baseline }, leader);
            items.push(Item { mark: Mark::Layout, kind: ItemKind::Glyphs(run) });
        }
    }
    for mut item in line.items {
        shift(&mut item, left, entry.baseline);
        items.push(item);
    }
}
