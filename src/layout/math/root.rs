//! Roots (The TeXbook, appendix G, rule 11; OpenType, MathConstants).

use super::font::Axis;
use super::frame::MathBox;
use super::typeset::{Setter, Style};
use crate::ast::Math;

impl Setter<'_> {
    /// A root of something.
    pub fn root(&self, radicand: &[Math], degree: Option<&[Math]>, style: Style) -> MathBox {
        let inside = self.row(radicand, style.cramped(), None);
        let size = self.size(style);
        let length = |value: f32| value * size;
        let thickness = length(self.font.constant(|c| c.radical_rule_thickness()));
        let gap = length(match style.is_display() {
            true => self.font.constant(|c| c.radical_display_style_vertical_gap()),
            false => self.font.constant(|c| c.radical_vertical_gap()),
        });
        let least = inside.height() + gap + thickness;
        let sign = self.stretched('√', Axis::Vertical, least, style);
        // Excess height of the sign is divided above and below.
        let gap = gap.max((sign.height() - thickness - inside.height() + gap) / 2.0);
        let top = inside.ascent + gap + thickness;
        let sign_height = sign.height();
        let by = sign.ascent - top;
        let sign = sign.lowered(by);
        let mut root = MathBox::default();
        if let Some(degree) = degree {
            let degree = self.row(degree, style.script_of_script(), None);
            let before = length(self.font.constant(|c| c.radical_kern_before_degree()));
            let after = length(self.font.constant(|c| c.radical_kern_after_degree()));
            let rise = sign_height * self.font.degree_raise() - sign.descent + degree.descent;
            let width = degree.width;
            root.put(degree, before.max(0.0), -rise);
            // The sign begins under the degree, and never before the root.
            root.width = (before + width + after).max(0.0);
        }
        root.append(sign);
        let start = root.width;
        root.rule(start, -top, inside.width, thickness);
        root.append(inside);
        root.ascent += length(self.font.constant(|c| c.radical_extra_ascender()));
        root.italic = 0.0;
        root
    }
}
