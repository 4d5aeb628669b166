//! Letters, figures and operators.

use super::font::{Axis, Measures, Stretched};
use super::frame::{Ink, InkGlyph, MathBox, Placed};
use super::typeset::{Setter, Style};
use crate::ast::{Class, OperatorSize, is_seen};
use crate::layout::font::{FontIndex, MISSING_BOX};
use crate::theme::Pt;

/// Heights of the steps of `\big` to `\Bigg`, in ems (The TeXbook, appendix B).
const STEPS: [f32; 4] = [1.2, 1.8, 2.4, 3.0];
/// How wide a space in words is, in ems.
const WORD_SPACE: f32 = 0.25;

impl Setter<'_> {
    /// Characters side by side, each by its own glyph.
    pub fn letters(&self, text: &str, style: Style) -> MathBox {
        let mut row = MathBox::default();
        for character in text.chars() {
            if character.is_whitespace() {
                row.append(MathBox::space(WORD_SPACE * self.size(style)));
            } else if is_seen(character) {
                row.append(self.letter(character, style));
            }
        }
        row
    }

    /// A character by its glyph.
    pub fn letter(&self, character: char, style: Style) -> MathBox {
        match self.font.glyph(character) {
            Some(glyph) => self.glyph(character, glyph, style),
            None => self.foreign(character, style),
        }
    }

    /// A glyph of the font of formulas, which stands for a character.
    pub fn glyph(&self, character: char, glyph: u16, style: Style) -> MathBox {
        let size = self.size(style);
        let Measures { advance, ascent, descent } = self.font.measures(glyph);
        let ink = InkGlyph { id: glyph, cluster: 0, advance: advance * size, rise: 0.0, right: 0.0 };
        MathBox {
            width: advance * size,
            ascent: ascent * size,
            descent: descent * size,
            italic: self.font.italic_correction(glyph) * size,
            accent: self.font.accent_attachment(glyph).map(|place| place * size),
            marks: vec![mark(self.font.index, size, character, vec![ink])],
        }
    }

    /// A character that the font of formulas lacks, by the glyph of another.
    fn foreign(&self, character: char, style: Style) -> MathBox {
        let size = self.size(style);
        let known = |shown| Some((self.book.with_character(shown, self.font.index)?, shown));
        let found = known(character).or_else(|| {
            self.missing.borrow_mut().push(character);
            // A box replaces it, as in text.
            known(MISSING_BOX)
        });
        let found = found.and_then(|(index, shown)| Some((index, self.book.face(index)?, shown)));
        let Some((index, face, shown)) = found else { return MathBox::space(size / 2.0) };
        let glyph = face.glyph(shown).unwrap_or_default();
        let metrics = face.metrics();
        let em = size / f32::from(metrics.units_per_em.max(1));
        let advance = face.advance(glyph) * em;
        let ink = InkGlyph { id: glyph, cluster: 0, advance, rise: 0.0, right: 0.0 };
        MathBox {
            width: advance,
            ascent: metrics.cap_height.max(metrics.x_height) * em,
            descent: -metrics.descent * em / 2.0,
            marks: vec![mark(index, size, character, vec![ink])],
            ..MathBox::default()
        }
    }

    /// An operator.
    pub fn operator(&self, text: &str, class: Class, step: OperatorSize, style: Style) -> MathBox {
        let mut seen = text.chars().filter(|character| is_seen(*character));
        let (Some(only), None) = (seen.next(), seen.next()) else { return self.letters(text, style) };
        let size = self.size(style);
        match (class, step) {
            (_, OperatorSize::Step(step)) => {
                let height = STEPS.get(usize::from(step).saturating_sub(1)).copied().unwrap_or(1.0);
                self.centred(self.stretched(only, Axis::Vertical, height * size, style), style)
            }
            (Class::Large, OperatorSize::Own) if style.is_display() => {
                let height = self.font.display_operator() * size;
                self.centred(self.stretched(only, Axis::Vertical, height, style), style)
            }
            (Class::Large, OperatorSize::Own) => self.centred(self.letter(only, style), style),
            _ => self.letter(only, style),
        }
    }

    /// A sign that is at least so long, in points.
    pub fn stretched(&self, character: char, axis: Axis, least: Pt, style: Style) -> MathBox {
        let size = self.size(style);
        let Some(glyph) = self.font.glyph(character) else { return self.foreign(character, style) };
        match self.font.stretched(glyph, axis, least / size) {
            Stretched::Variant(glyph) => self.glyph(character, glyph, style),
            Stretched::Assembly { parts, length } => {
                let measures: Vec<Measures> = parts.iter().map(|part| self.font.measures(part.glyph)).collect();
                let breadth = measures.iter().map(|part| part.advance).fold(0.0, f32::max);
                let ink = parts.iter().zip(&measures).map(|(part, measures)| {
                    // A part starts at its own lower edge, wherever its baseline is.
                    let (right, rise) = match axis {
                        Axis::Vertical => (0.0, (part.start + measures.descent) * size),
                        Axis::Horizontal => (part.start * size, 0.0),
                    };
                    InkGlyph { id: part.glyph, cluster: 0, advance: 0.0, rise, right }
                });
                let (width, ascent, descent) = match axis {
                    Axis::Vertical => (breadth, length, 0.0),
                    Axis::Horizontal => {
                        let reach = |of: fn(&Measures) -> f32| measures.iter().map(of).fold(f32::MIN, f32::max);
                        (length, reach(|part| part.ascent), reach(|part| part.descent))
                    }
                };
                MathBox {
                    width: width * size,
                    ascent: ascent * size,
                    descent: descent * size,
                    marks: vec![mark(self.font.index, size, character, ink.collect())],
                    ..MathBox::default()
                }
            }
        }
    }

    /// A delimiter around something: high enough to reach it on both sides of the axis (The
    /// TeXbook, appendix G, rule 19).
    pub fn delimiter(&self, text: &str, content: &MathBox, style: Style) -> MathBox {
        const COVERED: f32 = 0.901;
        const SHORTFALL: f32 = 0.5;
        let size = self.size(style);
        let axis = self.axis(style);
        let reach = (content.ascent - axis).max(content.descent + axis).max(0.0) * 2.0;
        let least = (reach * COVERED).max(reach - SHORTFALL * size);
        let mut row = MathBox::default();
        for character in text.chars().filter(|character| is_seen(*character)) {
            row.append(self.centred(self.stretched(character, Axis::Vertical, least, style), style));
        }
        row
    }

    /// Moves a sign so that its middle is on the axis.
    pub fn centred(&self, sign: MathBox, style: Style) -> MathBox {
        let by = (sign.ascent - sign.descent) / 2.0 - self.axis(style);
        sign.lowered(by)
    }
}

fn mark(font: FontIndex, size: Pt, character: char, glyphs: Vec<InkGlyph>) -> Placed {
    Placed { x: 0.0, y: 0.0, ink: Ink::Glyphs { font, size, text: character.to_string(), glyphs } }
}
