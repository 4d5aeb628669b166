//! Code: lines as they are, wrapped visibly where they are too long.

use super::bidi::levels;
use super::font::{Family, FontIndex};
use super::frame::{GlyphRun, Item, ItemKind, Mark, Point, RunGlyphs, ShownGlyphs};
use super::line_box::{label, middle};
use super::node::{CodeNode, Findings};
use super::shape::{Shaper, script};
use super::vertical::{Cost, VBox, VItem, shift};
use super::word::{Script, TextDirection, WordStyle};
use crate::theme::{Color, Pt};
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};

const TAB: &str = "    ";
/// Shown before the rest of a line that was too long.
const CONTINUED: char = '\u{21b3}';
/// Columns that the rest of a line is set in by.
const CONTINUED_COLUMNS: usize = 3;
/// Lines of code kept together at the edges of a page.
const EDGE: usize = 3;
const WITHIN: f32 = 60.0;
/// After a blank line, where code falls into parts.
const AFTER_BLANK: f32 = 5.0;
/// A few lines are better kept whole.
const SHORT_CODE_LINES: usize = 12;
const SHORT_COST: f32 = 400.0;
const AT_EDGE: f32 = 2_000.0;

/// Sets a block of code.
pub fn set_code(node: &CodeNode, shaper: &mut Shaper, findings: &mut Findings, out: &mut Vec<VItem>) {
    let font = shaper.book().find(Family::Text(node.type_style.family), node.type_style.weight, node.type_style.slant);
    let Some(font) = font else { return };
    let column = shaper.space(font).1 * node.type_style.size;
    let columns = ((node.width / column.max(0.1)) as usize).max(CONTINUED_COLUMNS * 4);
    let baseline = middle(shaper, font, node.type_style.size, node.type_style.leading);
    let mut lines: Vec<(String, bool, bool)> = Vec::new();
    for line in node.text.trim_end_matches('\n').split('\n') {
        let line = line.trim_end_matches('\r').replace('\t', TAB);
        let mut rest = line.as_str();
        let mut first = true;
        loop {
            let room = if first { columns } else { columns - CONTINUED_COLUMNS };
            let (now, later) = split(rest, room);
            lines.push((now.to_owned(), !first, later.is_empty()));
            if later.is_empty() {
                break;
            }
            rest = later;
            first = false;
        }
    }
    let count = lines.len();
    let mut blank = false;
    for (index, (text, continued, ends)) in lines.into_iter().enumerate() {
        let before_blank = std::mem::replace(&mut blank, text.trim().is_empty());
        let mut setter = Setter { shaper, font, node, findings, x: node.x, baseline, items: Vec::new() };
        if continued {
            setter.segment(&CONTINUED.to_string(), Mark::Layout, node.sign);
            setter.x = node.x + column * CONTINUED_COLUMNS as Pt;
        }
        // A space separates the lines when the text is extracted.
        let text = if ends { format!("{text} ") } else { text };
        setter.segment(&text, Mark::Content(node.tag), node.type_style.color);
        let mut inner = VBox::new(node.type_style.leading, setter.items);
        if index == 0 {
            inner.add_ids(&node.ids);
            let labels = node
                .markers
                .iter()
                .flat_map(|marker| label(marker, baseline, node.type_style.leading, shaper, findings));
            inner.items.splice(0..0, labels.collect::<Vec<_>>());
        }
        if index > 0 {
            out.push(VItem::Penalty(Cost::Of(cost(index, count, before_blank, text.trim().is_empty()))));
        }
        out.push(VItem::new_box(inner));
    }
}

/// The cost of ending a page before line `index` of `count`.
fn cost(index: usize, count: usize, after_blank: bool, blank: bool) -> f32 {
    let edge = index < EDGE || index + EDGE > count;
    match (edge || blank, count <= SHORT_CODE_LINES) {
        (true, _) => AT_EDGE,
        (false, true) => SHORT_COST,
        (false, false) if after_blank => AFTER_BLANK,
        (false, false) => WITHIN,
    }
}

/// Splits a line after `columns` characters, sooner at a space in the last
/// third.
fn split(line: &str, columns: usize) -> (&str, &str) {
    let Some((limit, _)) = line.char_indices().nth(columns) else { return (line, "") };
    let (now, _) = line.split_at(limit);
    let soonest = now.char_indices().nth(columns * 2 / 3).map_or(0, |(at, _)| at);
    let at = now.rfind(' ').map(|at| at + 1).filter(|at| *at > soonest).unwrap_or(limit);
    line.split_at(at)
}

/// A part of a line: where it was set first, and how wide it is.
struct Part {
    x: Pt,
    width: Pt,
    level: Level,
}

/// Common style of the parts of one direction.
#[derive(Clone, Copy)]
struct PartStyle {
    mark: Mark,
    color: Color,
    level: Level,
}

struct Setter<'s, 'a, 'n> {
    shaper: &'s mut Shaper<'a>,
    font: FontIndex,
    node: &'n CodeNode,
    findings: &'n mut Findings,
    x: Pt,
    baseline: Pt,
    items: Vec<Item>,
}

impl Setter<'_, '_, '_> {
    /// Sets text at the pen, in parts of one font and direction each.
    fn segment(&mut self, text: &str, mark: Mark, color: Color) {
        let style = |level| PartStyle { mark, color, level };
        let Some(levels) = levels(text, TextDirection::LeftToRight, std::iter::empty()) else {
            return self.run(text, 0..text.len(), style(Level::ltr()), &mut Vec::new());
        };
        let start = self.x;
        let before = self.items.len();
        let mut parts: Vec<Part> = Vec::new();
        let mut from = 0;
        while let Some(level) = levels.get(from) {
            let length = levels.get(from..).unwrap_or_default().iter().take_while(|other| *other == level).count();
            self.run(text, from..from + length, style(*level), &mut parts);
            from += length;
        }
        // Set in logical order, they are moved to where they are seen.
        let order: Vec<Level> = parts.iter().map(|part| part.level).collect();
        let mut x = start;
        for index in BidiInfo::reorder_visual(&order) {
            let Some(part) = parts.get(index) else { continue };
            if let Some(item) = self.items.get_mut(before + index) {
                shift(item, x - part.x, 0.0);
            }
            x += part.width;
        }
    }

    /// Sets text of one direction in parts of one font each.
    fn run(&mut self, text: &str, range: Range<usize>, style: PartStyle, parts: &mut Vec<Part>) {
        let book = self.shaper.book();
        let mut start = range.start;
        let mut font: Option<Option<FontIndex>> = None;
        let mut set = |setter: &mut Self, range: Range<usize>, font: Option<Option<FontIndex>>| {
            let x = setter.x;
            let before = setter.items.len();
            setter.part(text.get(range).unwrap_or_default(), font.flatten(), style);
            if setter.items.len() > before {
                parts.push(Part { x, width: setter.x - x, level: style.level });
            }
        };
        for (at, character) in text.get(range.clone()).unwrap_or_default().char_indices() {
            let at = range.start + at;
            let own = book.with_character(character, self.font);
            let longest = at - start >= super::shape::LONGEST_PIECE / 2;
            if font.is_some_and(|font| font != own) || longest || own.is_none() && at > start {
                set(self, start..at, font);
                start = at;
            }
            font = Some(own);
        }
        set(self, start..range.end, font);
    }

    fn part(&mut self, text: &str, font: Option<FontIndex>, style: PartStyle) {
        if text.is_empty() {
            return;
        }
        let PartStyle { mark, color, level } = style;
        let rtl = level.is_rtl();
        let (font, word) = match font {
            Some(font) => {
                let (script, direction) = if rtl {
                    (text.chars().find_map(script).unwrap_or(Script::COMMON), TextDirection::RightToLeft)
                } else {
                    (Script::LATIN, TextDirection::LeftToRight)
                };
                let type_style = &self.node.type_style;
                let style = WordStyle { font, figures: type_style.figures, lang: type_style.lang, script, direction };
                (font, self.shaper.shape(text, style))
            }
            None => {
                self.findings.missing.extend(text.chars().next().map(|character| (character, None)));
                self.shaper.missing(self.font)
            }
        };
        let size = self.node.type_style.size;
        let shown = ShownGlyphs {
            font,
            size,
            color,
            stretch: 1.0,
            glyphs: RunGlyphs::from_word(word.index, self.shaper.arena(), size),
            text: text.into(),
            rtl,
        };
        let origin = Point { x: self.x, y: self.baseline };
        self.items.push(Item { mark, kind: ItemKind::Glyphs(GlyphRun::new(origin, shown)) });
        self.x += word.width * size;
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn long_lines_split_at_spaces_where_there_are_any() {
        assert_eq!(split("let x = call(one, two);", 20), ("let x = call(one, ", "two);"));
        assert_eq!(split("abcdefghij", 4), ("abcd", "efghij"));
        assert_eq!(split("short", 20), ("short", ""));
    }
}
