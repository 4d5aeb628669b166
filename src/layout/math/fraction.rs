//! Fractions, and stacks without a bar (The TeXbook, appendix G, rule 15; OpenType, MathConstants).

use super::frame::MathBox;
use super::typeset::{Setter, Style};
use crate::ast::Math;

/// Space beside a fraction, in ems.
const BESIDE: f32 = 0.12;

impl Setter<'_> {
    /// A fraction.
    pub fn fraction(&self, numerator: &[Math], denominator: &[Math], bar: bool, style: Style) -> MathBox {
        let above = self.row(numerator, style.numerator(), None);
        let below = self.row(denominator, style.denominator(), None);
        let size = self.size(style);
        let length = |value: f32| value * size;
        let (up, down) = match (bar, style.is_display()) {
            (true, true) => (
                self.font.constant(|c| c.fraction_numerator_display_style_shift_up()),
                self.font.constant(|c| c.fraction_denominator_display_style_shift_down()),
            ),
            (true, false) => (
                self.font.constant(|c| c.fraction_numerator_shift_up()),
                self.font.constant(|c| c.fraction_denominator_shift_down()),
            ),
            (false, true) => (
                self.font.constant(|c| c.stack_top_display_style_shift_up()),
                self.font.constant(|c| c.stack_bottom_display_style_shift_down()),
            ),
            (false, false) => {
                (self.font.constant(|c| c.stack_top_shift_up()), self.font.constant(|c| c.stack_bottom_shift_down()))
            }
        };
        let (mut up, mut down) = (length(up), length(down));
        let thickness = length(self.font.constant(|c| c.fraction_rule_thickness()));
        let axis = self.axis(style);
        if bar {
            let gap = |display: f32, text: f32| length(if style.is_display() { display } else { text });
            let over = gap(
                self.font.constant(|c| c.fraction_num_display_style_gap_min()),
                self.font.constant(|c| c.fraction_numerator_gap_min()),
            );
            let under = gap(
                self.font.constant(|c| c.fraction_denom_display_style_gap_min()),
                self.font.constant(|c| c.fraction_denominator_gap_min()),
            );
            up = up.max(axis + thickness / 2.0 + over + above.descent);
            down = down.max(thickness / 2.0 - axis + under + below.ascent);
        } else {
            let gap = length(match style.is_display() {
                true => self.font.constant(|c| c.stack_display_style_gap_min()),
                false => self.font.constant(|c| c.stack_gap_min()),
            });
            let missing = (gap - (up - above.descent + down - below.ascent)).max(0.0);
            (up, down) = (up + missing / 2.0, down + missing / 2.0);
        }
        let inner = above.width.max(below.width);
        let aside = length(BESIDE);
        let (over, under) = (aside + (inner - above.width) / 2.0, aside + (inner - below.width) / 2.0);
        let mut fraction = MathBox { width: inner + 2.0 * aside, ..MathBox::default() };
        fraction.put(above, over, -up);
        if bar {
            fraction.rule(aside, -axis - thickness / 2.0, inner, thickness);
        }
        fraction.put(below, under, down);
        fraction
    }
}
