//! Groups, paths and pictures.

use super::super::super::font::FontUse;
use super::objects::{Content, Forms, name, number, real};
use crate::layout::font::{FontBook, FontIndex};
use lopdf::{Dictionary, Object, Stream};
use std::collections::BTreeMap;
use std::sync::Arc;
use usvg::tiny_skia_path::{Path as Outline, PathSegment};
use usvg::{
    BlendMode, FillRule, Group, Image, ImageKind, LineCap, LineJoin, Node, PaintOrder, Path, Rect, Stroke, Transform,
    fontdb,
};

/// Draws one drawing.
pub struct Canvas<'a, 'b> {
    pub book: &'a FontBook,
    pub faces: &'b BTreeMap<fontdb::ID, FontIndex>,
    pub fonts: &'b mut BTreeMap<FontIndex, FontUse<'a>>,
    pub forms: Forms,
    /// Pictures by the address of their bytes, which the tree keeps alive.
    pictures: BTreeMap<usize, Option<Object>>,
    /// Paints by their address and the transform they are used with.
    pub paints: BTreeMap<(usize, [u32; 6]), Object>,
    pub missing: Vec<String>,
}

impl<'a, 'b> Canvas<'a, 'b> {
    /// Draws with the fonts of a book. `faces` are those that the reader of drawings knows, and
    /// `fonts` takes down which glyphs are used.
    pub fn new(
        book: &'a FontBook,
        faces: &'b BTreeMap<fontdb::ID, FontIndex>,
        fonts: &'b mut BTreeMap<FontIndex, FontUse<'a>>,
    ) -> Self {
        let (pictures, paints) = (BTreeMap::new(), BTreeMap::new());
        Self { book, faces, fonts, forms: Forms::default(), pictures, paints, missing: Vec::new() }
    }

    /// The objects that were made, and the words for which there was no glyph.
    pub fn finish(self) -> (Forms, Vec<String>) {
        (self.forms, self.missing)
    }

    /// The whole drawing as a form of its own size, with y upwards.
    pub fn drawing(&mut self, tree: &usvg::Tree) -> Object {
        let height = tree.size().height();
        let mut content = Content::default();
        let upright = Transform::from_row(1.0, 0.0, 0.0, -1.0, 0.0, height);
        content.transform(upright);
        self.group(&mut content, tree.root(), upright);
        let area = tree.size().to_non_zero_rect(0.0, 0.0).to_rect();
        // Pages have no group of their own; blending stays inside.
        let form = content.into_form(area, true);
        self.forms.add(form)
    }

    /// A group where it is. `placed` leads from its parent to the stream's own coordinates, which
    /// patterns count in.
    pub fn group(&mut self, content: &mut Content, group: &Group, placed: Transform) {
        content.op("q");
        content.transform(group.transform());
        let area = roomy(group.layer_bounding_box().to_rect());
        let mut masks = Vec::new();
        if let Some(clip) = group.clip_path() {
            self.clip(content, clip, area, &mut masks);
        }
        if let Some(mask) = group.mask() {
            let mask = self.mask(mask, area);
            masks.push(mask);
        }
        let opacity = group.opacity().get();
        let plain = masks.is_empty() && opacity >= 1.0 && group.blend_mode() == BlendMode::Normal && !group.isolate();
        if plain {
            self.children(content, group, placed.pre_concat(group.transform()));
        } else {
            let mut inner = Content::default();
            self.children(&mut inner, group, Transform::identity());
            let mut shown = self.forms.add(inner.into_form(area, true));
            let last = masks.pop();
            for mask in masks {
                let mut wrapped = Content::default();
                wrapped.set_state(state([("SMask", mask)]));
                wrapped.show(shown);
                shown = self.forms.add(wrapped.into_form(area, true));
            }
            let mut entries =
                vec![("ca", real(opacity)), ("CA", real(opacity)), ("BM", name(blend(group.blend_mode())))];
            entries.extend(last.map(|mask| ("SMask", mask)));
            content.set_state(state(entries));
            content.show(shown);
        }
        content.op("Q");
    }

    /// Draws what a group holds, in order. `placed` leads from the group's units to the form's.
    pub fn children(&mut self, content: &mut Content, group: &Group, placed: Transform) {
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(content, group, placed),
                Node::Path(path) => self.path(content, path, placed),
                Node::Image(image) => self.image(content, image, placed),
                Node::Text(text) => self.text(content, text, placed),
            }
        }
    }

    /// Fills and strokes a path, in the order that it asks for (SVG 2, `paint-order`).
    pub fn path(&mut self, content: &mut Content, path: &Path, placed: Transform) {
        if !path.is_visible() {
            return;
        }
        let filled = |canvas: &mut Self, content: &mut Content| {
            if let Some(fill) = path.fill() {
                content.op("q");
                if canvas.set_paint(content, fill.paint(), fill.opacity().get(), false, path.bounding_box(), placed) {
                    outline(content, path.data(), Transform::identity());
                    content.op(if fill.rule() == FillRule::EvenOdd { "f*" } else { "f" });
                }
                content.op("Q");
            }
        };
        if path.paint_order() == PaintOrder::FillAndStroke {
            filled(self, content);
            self.stroke(content, path, placed);
        } else {
            self.stroke(content, path, placed);
            filled(self, content);
        }
    }

    /// The line of a path, without what it encloses.
    pub fn stroke(&mut self, content: &mut Content, path: &Path, placed: Transform) {
        let Some(stroke) = path.stroke().filter(|_| path.is_visible()) else { return };
        content.op("q");
        let area = path.stroke_bounding_box();
        if self.set_paint(content, stroke.paint(), stroke.opacity().get(), true, area, placed) {
            set_line(content, stroke);
            outline(content, path.data(), Transform::identity());
            content.op("S");
        }
        content.op("Q");
    }

    fn image(&mut self, content: &mut Content, image: &Image, placed: Transform) {
        if !image.is_visible() {
            return;
        }
        let (bytes, is_png) = match image.kind() {
            ImageKind::PNG(bytes) => (bytes, true),
            ImageKind::JPEG(bytes) => (bytes, false),
            ImageKind::SVG(tree) => return self.group(content, tree.root(), placed),
            // Other formats were converted when the drawing was read.
            ImageKind::GIF(_) | ImageKind::WEBP(_) => return,
        };
        let known = Arc::as_ptr(bytes).addr();
        if !self.pictures.contains_key(&known) {
            let picture = if is_png { super::super::png::image(bytes) } else { super::super::jpeg::image(bytes) };
            let object = picture.ok().map(|picture| picture.into_stream_of(&mut self.forms));
            self.pictures.insert(known, object);
        }
        let Some(Some(picture)) = self.pictures.get(&known) else { return };
        let (width, height) = (image.size().width(), image.size().height());
        content.op("q");
        content.transform(Transform::from_row(width, 0.0, 0.0, -height, 0.0, height));
        content.show(picture.clone());
        content.op("Q");
    }

    /// Adds a form.
    pub fn form(&mut self, form: Stream) -> Object {
        self.forms.add(form)
    }
}

/// A dictionary of the graphics state (ISO 32000-1, 8.4.5).
pub fn state<'k>(entries: impl IntoIterator<Item = (&'k str, Object)>) -> Object {
    Object::Dictionary(Dictionary::from_iter(entries))
}

/// Writes an outline.
pub fn outline(content: &mut Content, path: &Outline, transform: Transform) {
    let place = |mut point: usvg::tiny_skia_path::Point| {
        transform.map_point(&mut point);
        point
    };
    let mut pen = usvg::tiny_skia_path::Point::default();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(to) => {
                pen = place(to);
                content.op(&format!("{} {} m", number(pen.x), number(pen.y)));
            }
            PathSegment::LineTo(to) => {
                pen = place(to);
                content.op(&format!("{} {} l", number(pen.x), number(pen.y)));
            }
            PathSegment::QuadTo(control, to) => {
                // A curve of the second degree as one of the third.
                let (control, to) = (place(control), place(to));
                let third = |end: f32, middle: f32| end + (middle - end) * 2.0 / 3.0;
                let numbers = [
                    third(pen.x, control.x),
                    third(pen.y, control.y),
                    third(to.x, control.x),
                    third(to.y, control.y),
                    to.x,
                    to.y,
                ];
                content.op(&format!("{} c", numbers.map(number).join(" ")));
                pen = to;
            }
            PathSegment::CubicTo(first, second, to) => {
                let (first, second) = (place(first), place(second));
                pen = place(to);
                let numbers = [first.x, first.y, second.x, second.y, pen.x, pen.y];
                content.op(&format!("{} c", numbers.map(number).join(" ")));
            }
            PathSegment::Close => content.op("h"),
        }
    }
}

fn set_line(content: &mut Content, stroke: &Stroke) {
    let cap = match stroke.linecap() {
        LineCap::Butt => 0,
        LineCap::Round => 1,
        LineCap::Square => 2,
    };
    let join = match stroke.linejoin() {
        LineJoin::Miter | LineJoin::MiterClip => 0,
        LineJoin::Round => 1,
        LineJoin::Bevel => 2,
    };
    let limit = number(stroke.miterlimit().get());
    content.op(&format!("{} w {cap} J {join} j {limit} M", number(stroke.width().get())));
    if let Some(dashes) = stroke.dasharray() {
        // No printer shows more, and readers choke on dashes of no length.
        const MOST_DASHES: usize = 64;
        let sum: f32 = dashes.iter().sum();
        if sum > 0.01 && dashes.len() <= MOST_DASHES {
            let dashes: Vec<String> = dashes.iter().map(|dash| number(*dash)).collect();
            content.op(&format!("[{}] {} d", dashes.join(" "), number(stroke.dashoffset().max(0.0))));
        }
    }
}

/// An area with room for what leans out of it, such as letters.
fn roomy(area: Rect) -> Rect {
    let more = area.width().max(area.height()) * 0.1 + 2.0;
    Rect::from_ltrb(area.left() - more, area.top() - more, area.right() + more, area.bottom() + more).unwrap_or(area)
}

fn blend(mode: BlendMode) -> &'static str {
    match mode {
        BlendMode::Normal => "Normal",
        BlendMode::Multiply => "Multiply",
        BlendMode::Screen => "Screen",
        BlendMode::Overlay => "Overlay",
        BlendMode::Darken => "Darken",
        BlendMode::Lighten => "Lighten",
        BlendMode::ColorDodge => "ColorDodge",
        BlendMode::ColorBurn => "ColorBurn",
        BlendMode::HardLight => "HardLight",
        BlendMode::SoftLight => "SoftLight",
        BlendMode::Difference => "Difference",
        BlendMode::Exclusion => "Exclusion",
        BlendMode::Hue => "Hue",
        BlendMode::Saturation => "Saturation",
        BlendMode::Color => "Color",
        BlendMode::Luminosity => "Luminosity",
    }
}
