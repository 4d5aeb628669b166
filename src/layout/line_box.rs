//! A line as a box: the position of its baseline, and the label beside it.

use super::font::FontIndex;
use super::frame::Item;
use super::lines::{Line, lines};
use super::node::{Findings, Marker};
use super::shape::Shaper;
use super::text::{Anchor, Paragraph};
use super::vertical::{VBox, shift};
use super::word::TextDirection;
use crate::theme::{Alignment, Pt};

/// Sets a label on a line of this baseline and leading.
pub fn label(marker: &Marker, baseline: Pt, leading: Pt, shaper: &mut Shaper, findings: &mut Findings) -> Vec<Item> {
    let set = lines(&marker.paragraph, LABEL_ROOM, shaper);
    findings.missing.extend(set.missing);
    let line = set.lines.into_iter().next();
    line.map_or_else(Vec::new, |line| line_box(line, marker.start(), baseline, leading).items)
}

/// Room that every label fits in: one that is wider than its column reaches
/// out of it, away from the text.
const LABEL_ROOM: Pt = 400.0;

impl Marker {
    /// Where its room begins: at the column's right edge the room ends.
    fn start(&self) -> Pt {
        let at_right = match (self.paragraph.align, self.paragraph.direction) {
            (Alignment::End, TextDirection::LeftToRight) => true,
            (Alignment::End, TextDirection::RightToLeft) => false,
            (_, direction) => direction == TextDirection::RightToLeft,
        };
        if at_right { self.x + self.width - LABEL_ROOM } else { self.x }
    }
}

/// Distance from a line's top to its baseline.
pub fn baseline(paragraph: &Paragraph, shaper: &Shaper) -> Pt {
    let (font, size) = paragraph.strut;
    middle(shaper, font, size, paragraph.leading)
}

/// Distance from a line's top to its baseline for a font: the middle between ascent and descent is
/// at the middle of the line.
pub fn middle(shaper: &Shaper, font: FontIndex, size: Pt, leading: Pt) -> Pt {
    let metrics = shaper.book().face(font).map(|face| face.metrics()).unwrap_or_default();
    let em = size / f32::from(metrics.units_per_em.max(1));
    let (above, below) = (metrics.ascent * em, -metrics.descent * em);
    (leading + above - below) / 2.0
}

/// A box for a line. Pictures and formulas taller than the line make it taller.
pub fn line_box(line: Line, x: Pt, baseline: Pt, leading: Pt) -> VBox {
    let extra = (line.ascent - baseline).max(0.0);
    let below = (line.descent - (leading - baseline)).max(0.0);
    let mut inner = VBox::new(leading + extra + below, line.items);
    for item in &mut inner.items {
        shift(item, x, baseline + extra);
    }
    for anchor in line.anchors {
        match anchor {
            Anchor::Note(note) => inner.marks().notes.push(note),
            Anchor::Id(id) => inner.marks().ids.push(id),
        }
    }
    inner
}
