//! Grounds and lines of decorated text, and the bars beside lines in which something changed.
//! They carry no meaning of their own.

use super::{GROUND_ABOVE, GROUND_BELOW, JOIN, Line, Part, Setter};
use crate::layout::frame::{Item, ItemKind, Mark, Rect};
use crate::layout::text::{InlineItemKind, Run};
use crate::theme::{Color, Pt};

// Distances from the baseline and strengths, in ems.
const UNDERLINE_BELOW: Pt = 0.11;
/// The second line under words that were inserted.
const SECOND_BELOW: Pt = 0.09;
/// The underline of links is thin and does not touch the letters.
const LINK_BELOW: Pt = 0.16;
const LINK_STROKE: Pt = 0.035;
const STRIKE_ABOVE: Pt = 0.27;
const STROKE: Pt = 0.05;
/// A formula that reaches lower has its lines below it.
const DEEP: Pt = 0.3;
/// A formula that is taller is struck through twice: one line would be taken for that of a
/// fraction.
const TALL: Pt = 1.1;

/// The bar beside changed lines, in ems above and below the baseline, and in
/// points beside the text.
const BAR_ABOVE: Pt = 0.95;
const BAR_BELOW: Pt = 0.35;
const BAR_GAP: Pt = 4.5;
const BAR_WIDTH: Pt = 1.2;

impl Setter<'_, '_, '_> {
    /// Draws backgrounds, underlines and change bars of a line's glyphs.
    pub(super) fn decorate(&self, parts: &[Part], visible: usize, line: &mut Line) {
        if !self.decorated {
            return;
        }
        let parts = parts.get(..visible).unwrap_or_default();
        self.mark_changed(parts, line);
        for part in parts {
            if let Some(run) = self.run(part) {
                self.decorate_part(part, run, line);
            }
        }
    }

    fn decorate_part(&self, part: &Part, run: &Run, line: &mut Line) {
        let (style, decoration) = (run.style, run.style.decoration);
        let ink = self.formula_ink(part, run);
        let (x, width) = ink.map_or((part.x, part.width), |ink| (ink.x, ink.width));
        let mut rule = |y: Pt, height: Pt, color| draw(line, Rect { x, y, width, height }, color);
        let stroke = STROKE * style.size;
        if let Some(color) = decoration.background {
            let height = (GROUND_ABOVE + GROUND_BELOW) * style.size;
            rule(-GROUND_ABOVE * style.size - style.rise, height, color);
        }
        let bottom = ink.map(|ink| ink.y + ink.height).filter(|bottom| *bottom > DEEP * style.size - style.rise);
        let under = bottom.unwrap_or(-style.rise) + UNDERLINE_BELOW * style.size;
        let second = under + SECOND_BELOW * style.size;
        if decoration.underline {
            rule(under, stroke, style.color);
        }
        if decoration.double {
            rule(second, stroke, style.color);
        }
        if let Some(color) = decoration.link {
            rule(LINK_BELOW * style.size - style.rise, LINK_STROKE * style.size, color);
        }
        if decoration.strike {
            match ink.filter(|ink| ink.height > TALL * style.size) {
                Some(ink) => {
                    for third in [1.0, 2.0] {
                        rule(ink.y + ink.height * third / 3.0, stroke, style.color);
                    }
                }
                None => rule(-STRIKE_ABOVE * style.size - style.rise, stroke, style.color),
            }
        }
        if bottom.is_some() && decoration.underline {
            line.descent = line.descent.max(second + 2.0 * stroke);
        }
    }

    /// Where the signs of a formula are, from the start of the line's baseline.
    fn formula_ink(&self, part: &Part, run: &Run) -> Option<Rect> {
        let InlineItemKind::Formula(index) = part.piece.kind else { return None };
        let ink = self.paragraph.formulas.get(index)?.set.ink();
        Some(Rect { x: part.x + ink.x, y: ink.y - run.style.rise, ..ink })
    }

    /// A bar in the margin beside a line in which something changed.
    fn mark_changed(&self, parts: &[Part], line: &mut Line) {
        let changed = parts.iter().filter_map(|part| {
            let run = self.run(part)?;
            Some((run.style.size, run.style.decoration.changed?, self.formula_ink(part, run)))
        });
        let mut bar: Option<(Pt, Color)> = None;
        let (mut top, mut bottom): (Pt, Pt) = (0.0, 0.0);
        for (size, color, ink) in changed {
            if bar.is_none_or(|(largest, _)| size > largest) {
                bar = Some((size, color));
            }
            (top, bottom) = ink.map_or((top, bottom), |ink| (top.min(ink.y), bottom.max(ink.y + ink.height)));
        }
        let Some((size, color)) = bar else { return };
        let y = top.min(-BAR_ABOVE * size);
        let area = Rect { x: -BAR_GAP, y, width: BAR_WIDTH, height: bottom.max(BAR_BELOW * size) - y };
        line.items.push(Item { mark: Mark::Layout, kind: ItemKind::Rectangle { area, color, radius: 0.0 } });
    }
}

/// Draws a rectangle, as one with that which it goes on from.
fn draw(line: &mut Line, area: Rect, color: Color) {
    let joined = line.items.iter_mut().rev().take(3).find_map(|item| match &mut item.kind {
        ItemKind::Rectangle { area: before, color: same, .. }
            if *same == color && before.y == area.y && (before.x + before.width - area.x).abs() < JOIN =>
        {
            Some(before)
        }
        _ => None,
    });
    match joined {
        Some(before) => before.width += area.width,
        None => {
            line.items.push(Item { mark: Mark::Layout, kind: ItemKind::Rectangle { area, color, radius: 0.0 } });
        }
    }
}
