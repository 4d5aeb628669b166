//! What stands on every page beside the text, and what had to wait for the
//! number of pages.

use super::font::{Slant, Weight};
use super::frame::{Glyph, GlyphRun, Item, ItemKind, Mark, Page, Point, Rect, ShownGlyphs};
use super::inline::{Collector, TypeStyle};
use super::lines::lines;
use super::page::Placed;
use super::paragraph::{Alignment, Paragraph, shape_paragraph};
use super::shape::{LangId, Shaper, TextDirection};
use super::vertical::shift;
use crate::ast::Status;
use crate::language::fill;
use crate::theme::{Opening, Pt};
use std::collections::BTreeMap;

/// Distance of the rules from head and foot.
const RULE_DISTANCE: Pt = 5.0;
const RULE_WIDTH: Pt = 0.4;
/// Dots of a leader stand on a grid of this width, so that they align from
/// line to line.
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
const WATERMARK_SIZE: Pt = 96.0;
/// More characters than any head or foot has room for.
const LONGEST_LINE: usize = 400;

/// The words around the text, before they are set.
pub struct Furniture {
    head_start: Paragraph,
    head_end: Paragraph,
    foot_start: Paragraph,
    watermark: Option<Paragraph>,
    look: TypeStyle,
}

/// Prepares running head, foot and watermark.
pub fn furniture(collector: &mut Collector, base: TypeStyle) -> Furniture {
    let theme = collector.theme;
    let document = collector.document;
    let look = TypeStyle {
        family: theme.fonts.heading,
        weight: Weight::Regular,
        slant: Slant::Upright,
        size: theme.page.furniture_size.0,
        leading: theme.page.furniture_size.0 * 1.25,
        color: theme.colors.muted,
        align: Alignment::Start,
        ..base
    };
    let end = TypeStyle { align: Alignment::End, ..look };
    let reference = document.metadata.reference.as_ref().map(|reference| reference.value.clone()).unwrap_or_default();
    let marked = TypeStyle { weight: Weight::Bold, color: theme.colors.warning, ..look };
    let banners = document.banners.join(" · ");
    let draft = document.metadata.status.as_ref().is_some_and(|status| status.value == Status::Draft);
    let watermark = document.banners.first().filter(|_| draft).map(|word| {
        let look = TypeStyle {
            weight: Weight::Bold,
            size: WATERMARK_SIZE,
            leading: WATERMARK_SIZE,
            color: theme.colors.watermark,
            align: Alignment::Center,
            ..look
        };
        collector.added_text(&word.to_uppercase(), look, None)
    });
    Furniture {
        head_start: collector.added_text(&document.title_text, look, None),
        head_end: collector.added_text(&reference, end, None),
        foot_start: collector.added_text(&banners, marked, None),
        watermark,
        look,
    }
}

/// Lines with the numbers of pages, as they were set, by their words, their language and how wide
/// the page's text is (its bits).
pub type PageNumbers = BTreeMap<(String, LangId, u32), Vec<Item>>;

/// Adds furniture and late numbers to the pages. `known` are lines that were set before, and
/// afterwards those of these pages.
pub fn finish(furniture: &Furniture, collector: &mut Collector, placed: &mut Placed, known: &mut PageNumbers) {
    let count = placed.pages.len();
    let page_of = collector.document.language.labels.page_of;
    let theme = collector.theme;
    let width_of_text = |page: &Page| page.width - theme.page.margin_left.0 - theme.page.margin_right.0;
    let label = |index: usize, page: &Page| {
        let words = fill(page_of, &[&(index + 1).to_string(), &count.to_string()]);
        (words, furniture.look.lang, width_of_text(page).to_bits())
    };
    let numbers: Vec<_> = placed.pages.iter().enumerate().map(|(index, page)| label(index, page)).collect();
    let mut number_lines = |key: &(String, LangId, u32), collector: &mut Collector| match known.remove(key) {
        Some(items) => NumberLine::Set(items),
        None => {
            let look = TypeStyle { align: Alignment::End, ..furniture.look };
            NumberLine::New(collector.added_text(&key.0, look, None))
        }
    };
    let lines_of_numbers: Vec<NumberLine> = numbers.iter().map(|key| number_lines(key, collector)).collect();
    known.clear();
    place_late_numbers(furniture, collector, placed);
    let mut shaper = Shaper::new(collector.book, &collector.languages);
    let reference = width_of(&furniture.head_end, &mut shaper);
    let (mut head_start, mut head_end, mut foot_start) = (Known::default(), Known::default(), Known::default());
    for (index, (page, number)) in placed.pages.iter_mut().zip(numbers.into_iter().zip(lines_of_numbers)).enumerate() {
        page.label = (index + 1).to_string();
        let left = theme.page.margin_left.0;
        let width = width_of_text(page);
        let cover = index == 0 && theme.opening == Opening::Cover;
        let head = theme.page.head.0;
        let foot = page.height - theme.page.foot.0;
        let set = |lines: &mut Known, paragraph: &Paragraph, y: Pt, room: Pt, shaper: &mut Shaper| -> Vec<Item> {
            placed_at(lines.get(paragraph, room, width, shaper), left, y)
        };
        let mut items = Vec::new();
        if index > 0 {
            let reference = reference.min(width * REFERENCE_SHARE);
            let title = width - if reference > 0.0 { reference + HEAD_GAP } else { 0.0 };
            items.extend(set(&mut head_start, &furniture.head_start, head, title, &mut shaper));
            items.extend(set(&mut head_end, &furniture.head_end, head, reference, &mut shaper));
            items.push(rule(left, head + RULE_DISTANCE, width, theme.colors.rule));
        }
        items.extend(set(&mut foot_start, &furniture.foot_start, foot, width * FOOT_SHARE, &mut shaper));
        let (key, line) = number;
        let line = match line {
            NumberLine::Set(items) => items,
            NumberLine::New(paragraph) => one_line(&paragraph, width, width, &mut shaper),
        };
        if !cover {
            items.extend(placed_at(line.clone(), left, foot));
        }
        known.insert(key, line);
        page.items.extend(items);
        if let Some(watermark) = &furniture.watermark {
            let items = one_line(watermark, page.width, page.width, &mut shaper);
            page.items.splice(0..0, placed_at(items, 0.0, (page.height + WATERMARK_SIZE * 0.6) / 2.0));
        }
    }
}

/// Sets the numbers of pages at the ends of entries.
fn place_late_numbers(furniture: &Furniture, collector: &mut Collector, placed: &mut Placed) {
    let destinations: BTreeMap<&str, usize> =
        placed.destinations.iter().rev().map(|(id, place)| (id.as_str(), place.page)).collect();
    let mut late: Vec<(usize, Paragraph, super::vertical::LatePage)> = Vec::new();
    for (page, entry) in std::mem::take(&mut placed.late) {
        let Some(target) = destinations.get(entry.id.as_str()) else { continue };
        let look = TypeStyle { align: Alignment::End, ..entry.look };
        // The space parts the number from the title for those who listen.
        let mut paragraph = collector.added_text(&format!("\u{2002}{}", target + 1), look, None);
        for run in &mut paragraph.runs {
            run.tag = Some(entry.tag);
        }
        late.push((page, paragraph, entry));
    }
    let dot = collector.added_text(".", furniture.look, None);
    let mut shaper = Shaper::new(collector.book, &collector.languages);
    let dots =
        lines(&dot, LEADER_ROOM, &mut shaper).lines.into_iter().next().map(|line| line.items).unwrap_or_default();
    for (page, paragraph, entry) in late {
        let Some(page) = placed.pages.get_mut(page) else { continue };
        number(page, &paragraph, &entry, dots.first(), &mut shaper);
    }
}

/// The line with a page's number.
enum NumberLine {
    Set(Vec<Item>),
    New(Paragraph),
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
#[derive(Default)]
struct Known(Vec<(Pt, Vec<Item>)>);

impl Known {
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
        cut(&mut paragraph, shorter);
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
        cut(&mut paragraph, shorter);
    }
}

/// Gives a paragraph the first part of its text.
fn cut(paragraph: &mut Paragraph, text: String) {
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
fn number(
    page: &mut Page,
    paragraph: &Paragraph,
    entry: &super::vertical::LatePage,
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
        && let Some(first) = run.glyphs.first().copied()
    {
        let count = ((stop - x) / LEADER_PITCH).floor().max(0.0) as usize;
        if count > 0 {
            let glyph =
                |index| Glyph { cluster: u16::try_from(index).unwrap_or(u16::MAX), advance: LEADER_PITCH, ..first };
            let glyphs = (0..count).map(glyph).collect();
            // Dots have no direction; their places are counted from the left.
            let leader = ShownGlyphs { text: ".".repeat(count), rtl: false, glyphs, ..ShownGlyphs::clone(run) };
            let run = GlyphRun::new(Point { x, y: entry.baseline }, leader);
            page.items.push(Item { mark: Mark::Layout, kind: ItemKind::Glyphs(run) });
        }
    }
    for mut item in line.items {
        shift(&mut item, left, entry.baseline);
        page.items.push(item);
    }
}
