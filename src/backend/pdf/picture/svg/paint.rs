//! Paints of paths and letters.

use super::canvas::{Canvas, state};
use super::objects::{Content, number, real};
use std::sync::Arc;
use usvg::{Paint, Pattern, Rect, Transform};

/// How many tiles an area may take: readers draw each.
const MOST_TILES: f32 = 100_000.0;

impl Canvas<'_, '_> {
    /// Sets the paint of what fills or strokes an area; whether there is one.
    pub fn set_paint(
        &mut self,
        content: &mut Content,
        paint: &Paint,
        opacity: f32,
        stroke: bool,
        area: Rect,
        placed: Transform,
    ) -> bool {
        let mut opacity = opacity;
        match paint {
            Paint::Color(color) => {
                let numbers = [color.red, color.green, color.blue].map(|part| number(f32::from(part) / 255.0));
                content.op(&format!("{} {}", numbers.join(" "), if stroke { "RG" } else { "rg" }));
            }
            Paint::LinearGradient(gradient) => {
                let ends = [gradient.x1(), gradient.y1(), 0.0, gradient.x2(), gradient.y2(), 0.0];
                let address = Arc::as_ptr(gradient).addr();
                opacity *= self.set_gradient(content, gradient, (address, false, ends), stroke, area, placed);
            }
            Paint::RadialGradient(gradient) => {
                let ends = [gradient.fx(), gradient.fy(), 0.0, gradient.cx(), gradient.cy(), gradient.r().get()];
                let address = Arc::as_ptr(gradient).addr();
                opacity *= self.set_gradient(content, gradient, (address, true, ends), stroke, area, placed);
            }
            Paint::Pattern(pattern) => {
                if !self.set_pattern(content, pattern, stroke, area, placed) {
                    return false;
                }
            }
        }
        if opacity < 1.0 {
            content.set_state(state([(if stroke { "CA" } else { "ca" }, real(opacity))]));
        }
        true
    }

    fn set_pattern(
        &mut self,
        content: &mut Content,
        pattern: &Arc<Pattern>,
        stroke: bool,
        area: Rect,
        placed: Transform,
    ) -> bool {
        let tile = pattern.rect().to_rect();
        let Some(seen) = pattern.transform().invert().and_then(|back| area.transform(back)) else { return false };
        if seen.width() / tile.width() * (seen.height() / tile.height()) > MOST_TILES {
            return false;
        }
        let placed = placed.pre_concat(pattern.transform());
        let key = (Arc::as_ptr(pattern).addr(), bits(placed));
        let object = match self.paints.get(&key) {
            Some(known) => known.clone(),
            None => {
                let mut inner = Content::default();
                self.group(&mut inner, pattern.root(), Transform::identity());
                let object = self.form(inner.into_pattern(tile, placed));
                self.paints.insert(key, object.clone());
                object
            }
        };
        content.set_pattern(object, stroke);
        true
    }
}

/// The numbers of a transformation as they are stored, to compare by.
pub fn bits(transform: Transform) -> [u32; 6] {
    let Transform { sx, ky, kx, sy, tx, ty } = transform;
    [sx, ky, kx, sy, tx, ty].map(f32::to_bits)
}
