//! Clip paths and masks.

use super::canvas::{Canvas, outline, state};
use super::objects::{Content, name};
use lopdf::Object;
use usvg::tiny_skia_path::Path as Outline;
use usvg::{ClipPath, FillRule, Group, Mask, MaskType, Node, Rect, Transform};

impl Canvas<'_, '_> {
    /// Clips what follows to a path where that is one outline; adds a mask
    /// where it is more, as outlines that lie over each other would cancel
    /// out in one path.
    pub fn clip(&mut self, content: &mut Content, clip: &ClipPath, area: Rect, masks: &mut Vec<Object>) {
        if let Some(other) = clip.clip_path() {
            self.clip(content, other, area, masks);
        }
        let mut outlines = Vec::new();
        match collect(clip.root(), clip.transform(), &mut outlines) {
            Simple::Yes if outlines.is_empty() => content.op("0 0 0 0 re W n"),
            Simple::Yes if outlines.len() == 1 => {
                for (path, rule, transform) in outlines {
                    outline(content, path, transform);
                    content.op(if rule == FillRule::EvenOdd { "W* n" } else { "W n" });
                }
            }
            Simple::Yes | Simple::No => {
                let mut shape = Content::default();
                shape.transform(clip.transform());
                self.group(&mut shape, clip.root(), clip.transform());
                let form = self.form(shape.into_form(area, true));
                masks.push(state([("S", name("Alpha")), ("G", form)]));
            }
        }
    }

    /// The mask of a group as a dictionary (ISO 32000-1, 11.6.5.3).
    pub fn mask(&mut self, mask: &Mask, area: Rect) -> Object {
        let mut content = Content::default();
        content.rectangle(mask.rect().to_rect(), "W n");
        self.group(&mut content, mask.root(), Transform::identity());
        let mut form = self.form(content.into_form(area, true));
        if let Some(other) = mask.mask() {
            let other = self.mask(other, area);
            let mut wrapped = Content::default();
            wrapped.set_state(state([("SMask", other)]));
            wrapped.show(form);
            form = self.form(wrapped.into_form(area, true));
        }
        let kind = match mask.kind() {
            MaskType::Luminance => "Luminosity",
            MaskType::Alpha => "Alpha",
        };
        state([("S", name(kind)), ("G", form)])
    }
}

/// Whether a clip path is made of outlines and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Simple {
    Yes,
    No,
}

fn collect<'a>(group: &'a Group, above: Transform, found: &mut Vec<(&'a Outline, FillRule, Transform)>) -> Simple {
    if group.clip_path().is_some() || group.mask().is_some() {
        return Simple::No;
    }
    let transform = above.pre_concat(group.transform());
    for node in group.children() {
        match node {
            Node::Group(group) => {
                if collect(group, transform, found) == Simple::No {
                    return Simple::No;
                }
            }
            Node::Path(path) if path.is_visible() => {
                if let Some(fill) = path.fill() {
                    found.push((path.data(), fill.rule(), transform));
                }
            }
            Node::Text(_) => return Simple::No,
            Node::Path(_) | Node::Image(_) => {}
        }
    }
    Simple::Yes
}
