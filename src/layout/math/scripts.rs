//! Superscripts, subscripts and limits (The TeXbook, appendix G, rules 13 and 18; OpenType,
//! MathConstants).

use super::frame::MathBox;
use super::typeset::{Setter, Style};
use crate::ast::{Class, Math, ScriptPosition};

impl Setter<'_> {
    /// A base with its scripts.
    pub fn scripts(
        &self,
        base: &Math,
        (below, above): (Option<&[Math]>, Option<&[Math]>),
        position: ScriptPosition,
        style: Style,
    ) -> MathBox {
        let inside = self.part(base, style);
        let is_stacked = match position {
            ScriptPosition::Stacked => true,
            ScriptPosition::Movable => style.is_display(),
            ScriptPosition::Beside => false,
        };
        let below = below.map(|below| self.row(below, style.subscript(), None));
        let is_primed = above.is_some_and(is_primes) && !is_stacked;
        // A prime is raised already in the font, as large as it is to be.
        let script = if is_primed { style } else { style.superscript() };
        let above = above.map(|above| self.row(above, script, None));
        if is_primed && let Some(above) = above {
            return self.primed(inside, below, above, style);
        }
        if is_stacked {
            return self.stacked(inside, below, above, style);
        }
        let is_large = matches!(base, Math::Operator { class: Class::Large, .. });
        let is_letter = matches!(base, Math::Identifier { .. } | Math::Number(_));
        self.beside(inside, (below, above), (is_large, is_letter), style)
    }

    /// A base with primes, which are where the font has them unless the base is higher.
    fn primed(&self, base: MathBox, below: Option<MathBox>, primes: MathBox, style: Style) -> MathBox {
        let up = (base.ascent - primes.ascent).max(0.0);
        let (head, width) = (base.width + base.italic, primes.width);
        let mut scripted = self.beside(base, (below, None), (false, true), style);
        scripted.put(primes, head, -up);
        scripted.width = scripted.width.max(head + width);
        scripted
    }

    /// Over and under it, in the middle.
    fn stacked(&self, base: MathBox, below: Option<MathBox>, above: Option<MathBox>, style: Style) -> MathBox {
        let size = self.size(style);
        let length = |value: f32| value * size;
        let lean = base.italic / 2.0;
        let widths = [Some(base.width), below.as_ref().map(|b| b.width), above.as_ref().map(|a| a.width)];
        let width = widths.into_iter().flatten().fold(0.0, f32::max);
        let (ascent, descent) = (base.ascent, base.descent);
        let mut stack = MathBox { width, ..MathBox::default() };
        let middle = |other: f32| (width - other) / 2.0;
        let x = middle(base.width);
        stack.put(base, x, 0.0);
        if let Some(below) = below {
            let gap = length(self.font.constant(|c| c.lower_limit_gap_min()));
            let drop = length(self.font.constant(|c| c.lower_limit_baseline_drop_min()));
            let x = middle(below.width) - lean;
            let y = descent + (gap + below.ascent).max(drop);
            stack.put(below, x, y);
        }
        if let Some(above) = above {
            let gap = length(self.font.constant(|c| c.upper_limit_gap_min()));
            let rise = length(self.font.constant(|c| c.upper_limit_baseline_rise_min()));
            let x = middle(above.width) + lean;
            let y = ascent + (gap + above.descent).max(rise);
            stack.put(above, x, -y);
        }
        stack
    }

    /// Sets scripts after the base.
    fn beside(
        &self,
        base: MathBox,
        (below, above): (Option<MathBox>, Option<MathBox>),
        (is_large, is_letter): (bool, bool),
        style: Style,
    ) -> MathBox {
        let size = self.size(style);
        let length = |value: f32| value * size;
        let drop = |value: f32, edge: f32| if is_letter { 0.0 } else { edge - length(value) };
        let mut up = above.as_ref().map_or(0.0, |above| {
            let shift = match style.is_cramped() {
                true => self.font.constant(|c| c.superscript_shift_up_cramped()),
                false => self.font.constant(|c| c.superscript_shift_up()),
            };
            let bottom = length(self.font.constant(|c| c.superscript_bottom_min()));
            length(shift)
                .max(drop(self.font.constant(|c| c.superscript_baseline_drop_max()), base.ascent))
                .max(bottom + above.descent)
        });
        let mut down = below.as_ref().map_or(0.0, |below| {
            let top = length(self.font.constant(|c| c.subscript_top_max()));
            let edge = if is_letter {
                0.0
            } else {
                base.descent + length(self.font.constant(|c| c.subscript_baseline_drop_min()))
            };
            length(self.font.constant(|c| c.subscript_shift_down())).max(edge).max(below.ascent - top)
        });
        if let (Some(below), Some(above)) = (&below, &above) {
            let least = length(self.font.constant(|c| c.sub_superscript_gap_min()));
            let gap = (up - above.descent) + (down - below.ascent);
            if gap < least {
                // First the upper one rises as far as it may, then the lower one goes down.
                let most = length(self.font.constant(|c| c.superscript_bottom_max_with_subscript()));
                let rise = (most - (up - above.descent)).clamp(0.0, least - gap);
                up += rise;
                down += least - gap - rise;
            }
        }
        let (width, italic) = (base.width, base.italic);
        let mut scripted = base;
        // The top of an integral leans to the right, its foot to the left.
        let (foot, head) = if is_large { (width - italic, width) } else { (width, width + italic) };
        let mut end = width;
        if let Some(below) = below {
            end = end.max(foot + below.width);
            scripted.put(below, foot, down);
        }
        if let Some(above) = above {
            end = end.max(head + above.width);
            scripted.put(above, head, -up);
        }
        scripted.width = end + length(self.font.constant(|c| c.space_after_script()));
        scripted.italic = 0.0;
        scripted
    }
}

/// Whether a script is nothing but primes.
fn is_primes(script: &[Math]) -> bool {
    let is_prime = |math: &Math| matches!(math, Math::Operator { text, .. } if text.starts_with('′'));
    !script.is_empty() && script.iter().all(is_prime)
}
