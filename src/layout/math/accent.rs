//! Accents, strokes and braces over and under something (The TeXbook, appendix G, rules 9, 10
//! and 12; OpenType, MathConstants).

use super::font::Axis;
use super::frame::MathBox;
use super::typeset::{Setter, Style};
use crate::ast::{Math, accent};

/// Between something and a brace or an arrow that is as wide, in ems.
const BRACE_GAP: f32 = 0.12;

impl Setter<'_> {
    /// Something with a mark.
    pub fn accented(&self, base: &[Math], mark: char, (below, stretchy): (bool, bool), style: Style) -> MathBox {
        let inside = self.row(base, style.cramped(), None);
        match accent(mark, stretchy) {
            None => self.stroked(inside, below, style),
            Some(sign) if stretchy && !is_combining(sign) => self.braced(inside, sign, below, style),
            Some(sign) => self.marked(inside, sign, stretchy, style),
        }
    }

    /// Sets the base with a stroke of its width.
    fn stroked(&self, mut base: MathBox, below: bool, style: Style) -> MathBox {
        let size = self.size(style);
        let length = |value: f32| value * size;
        let width = base.width;
        if below {
            let gap = length(self.font.constant(|c| c.underbar_vertical_gap()));
            let thickness = length(self.font.constant(|c| c.underbar_rule_thickness()));
            let y = base.descent + gap;
            base.rule(0.0, y, width, thickness);
            base.descent += length(self.font.constant(|c| c.underbar_extra_descender()));
        } else {
            let gap = length(self.font.constant(|c| c.overbar_vertical_gap()));
            let thickness = length(self.font.constant(|c| c.overbar_rule_thickness()));
            let y = -base.ascent - gap - thickness;
            base.rule(0.0, y, width, thickness);
            base.ascent += length(self.font.constant(|c| c.overbar_extra_ascender()));
        }
        base
    }

    /// Sets the base with a brace or an arrow of its width.
    fn braced(&self, base: MathBox, sign: char, below: bool, style: Style) -> MathBox {
        let gap = BRACE_GAP * self.size(style);
        let sign = self.stretched(sign, Axis::Horizontal, base.width, style);
        let width = base.width.max(sign.width);
        let (ascent, descent) = (base.ascent, base.descent);
        let mut braced = MathBox { width, ..MathBox::default() };
        let (x, over) = ((width - base.width) / 2.0, (width - sign.width) / 2.0);
        braced.put(base, x, 0.0);
        let y = if below { descent + gap + sign.ascent } else { -ascent - gap - sign.descent };
        braced.put(sign, over, y);
        braced
    }

    /// Sets the base with a mark at the font's attachment point.
    fn marked(&self, base: MathBox, sign: char, stretchy: bool, style: Style) -> MathBox {
        let size = self.size(style);
        let Some(glyph) = self.font.glyph(sign) else { return base };
        let glyph = if stretchy { self.font.fitting(glyph, Axis::Horizontal, base.width / size) } else { glyph };
        let mark = self.glyph(sign, glyph, style);
        let lowest = self.font.constant(|c| c.accent_base_height()) * size;
        let place = base.accent.unwrap_or((base.width + base.italic) / 2.0);
        // A mark of its own width is over nothing: it says itself where its middle is.
        let middle = mark.accent.unwrap_or(mark.width / 2.0);
        let y = -(base.ascent - lowest).max(0.0);
        let mut marked = base;
        marked.put(mark, place - middle, y);
        marked
    }
}

fn is_combining(sign: char) -> bool {
    matches!(sign, '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}')
}
