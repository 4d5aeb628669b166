//! Boxes that formulas are composed of. Their origin is the start of their baseline; x runs to the
//! right and y downwards, in points.

use crate::layout::font::FontIndex;
use crate::layout::frame::{Glyph, GlyphRun, Item, ItemKind, Mark, Point, Rect, RunGlyphs, Shift, ShownGlyphs};
use crate::theme::{Color, Pt};

/// A part of a formula that is set.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MathBox {
    pub width: Pt,
    /// Above the baseline.
    pub ascent: Pt,
    /// Below the baseline.
    pub descent: Pt,
    /// How far the top of the last sign leans over the right edge.
    pub italic: Pt,
    /// The position of an accent, from the left edge; the middle if not given.
    pub accent: Option<Pt>,
    pub marks: Vec<Placed>,
}

/// Something drawn at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub x: Pt,
    pub y: Pt,
    pub ink: Ink,
}

/// Drawn content.
#[derive(Debug, Clone, PartialEq)]
pub enum Ink {
    /// Glyphs that show a text together.
    Glyphs { font: FontIndex, size: Pt, text: String, glyphs: Vec<InkGlyph> },
    /// A filled rectangle, from its upper left corner.
    Rule { width: Pt, height: Pt },
}

impl Ink {
    fn width(&self) -> Pt {
        match self {
            Ink::Glyphs { glyphs, .. } => glyphs.iter().map(|glyph| glyph.advance).sum(),
            Ink::Rule { width, .. } => *width,
        }
    }
}

/// A glyph of a sign, from the start of the sign's baseline, in points, upwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InkGlyph {
    pub id: u16,
    /// Bytes into the text.
    pub cluster: u16,
    pub advance: Pt,
    pub rise: Pt,
    pub right: Pt,
}

impl MathBox {
    /// Empty space.
    pub fn space(width: Pt) -> MathBox {
        MathBox { width, ..MathBox::default() }
    }

    /// Height above the baseline and below it.
    pub fn height(&self) -> Pt {
        self.ascent + self.descent
    }

    /// The area in which there are signs, from the start of the baseline.
    pub fn ink(&self) -> Rect {
        let start = self.marks.iter().map(|mark| mark.x).reduce(Pt::min).unwrap_or_default();
        let end = self.marks.iter().map(|mark| mark.x + mark.ink.width()).reduce(Pt::max).unwrap_or_default();
        Rect { x: start, y: -self.ascent, width: end - start, height: self.height() }
    }

    /// Makes everything in it smaller.
    pub fn scale(&mut self, scale: Pt) {
        let lengths = [&mut self.width, &mut self.ascent, &mut self.descent, &mut self.italic];
        lengths.into_iter().chain(&mut self.accent).for_each(|length| *length *= scale);
        for mark in &mut self.marks {
            (mark.x, mark.y) = (mark.x * scale, mark.y * scale);
            match &mut mark.ink {
                Ink::Rule { width, height } => (*width, *height) = (*width * scale, *height * scale),
                Ink::Glyphs { size, glyphs, .. } => {
                    *size *= scale;
                    for glyph in glyphs {
                        [&mut glyph.advance, &mut glyph.rise, &mut glyph.right]
                            .into_iter()
                            .for_each(|length| *length *= scale);
                    }
                }
            }
        }
    }

    /// Moves the box down.
    pub fn lowered(mut self, by: Pt) -> MathBox {
        self.marks.iter_mut().for_each(|mark| mark.y += by);
        self.ascent -= by;
        self.descent += by;
        self
    }

    /// Adds a box at a position, and grows in height and depth to contain it.
    pub fn put(&mut self, other: MathBox, x: Pt, y: Pt) {
        self.ascent = self.ascent.max(other.ascent - y);
        self.descent = self.descent.max(other.descent + y);
        self.marks.extend(other.marks.into_iter().map(|mark| Placed { x: mark.x + x, y: mark.y + y, ..mark }));
    }

    /// Adds a box after.
    pub fn append(&mut self, other: MathBox) {
        let (x, width, italic) = (self.width, other.width, other.italic);
        self.put(other, x, 0.0);
        self.width += width;
        self.italic = italic;
    }

    /// Adds a filled rectangle whose upper edge is at `y`.
    pub fn rule(&mut self, x: Pt, y: Pt, width: Pt, height: Pt) {
        self.ascent = self.ascent.max(-y);
        self.descent = self.descent.max(y + height);
        self.marks.push(Placed { x, y, ink: Ink::Rule { width, height } });
    }

    /// The items of a page, from a place on a line's baseline.
    pub fn items(&self, x: Pt, y: Pt, color: Color, mark: Mark) -> impl Iterator<Item = Item> {
        self.marks.iter().map(move |placed| {
            let (x, y) = (x + placed.x, y + placed.y);
            match &placed.ink {
                Ink::Rule { width, height } => {
                    let area = Rect { x, y, width: *width, height: *height };
                    // A stroke says nothing that the signs and the words for them do not.
                    Item { mark: Mark::Layout, kind: ItemKind::Rectangle { area, color, radius: 0.0 } }
                }
                Ink::Glyphs { font, size, text, glyphs } => {
                    let run = run(*font, *size, text, glyphs, Point { x, y }, color);
                    Item { mark, kind: ItemKind::Glyphs(run) }
                }
            }
        })
    }
}

fn run(font: FontIndex, size: Pt, text: &str, glyphs: &[InkGlyph], origin: Point, color: Color) -> GlyphRun {
    let thousandths =
        |length: Pt| (length / size * 1000.0).round().clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16;
    let shifts: Vec<Shift> =
        glyphs.iter().map(|glyph| Shift { x: thousandths(glyph.right), y: thousandths(glyph.rise) }).collect();
    let is_plain = shifts.iter().all(|shift| *shift == Shift::default());
    let placed = glyphs.iter().map(|glyph| Glyph { id: glyph.id, cluster: glyph.cluster, advance: glyph.advance });
    let shown = ShownGlyphs {
        font,
        size,
        color,
        stretch: 1.0,
        glyphs: RunGlyphs::from_each(placed.collect(), if is_plain { Vec::new() } else { shifts }),
        text: text.into(),
        rtl: false,
    };
    GlyphRun::new(origin, shown)
}
