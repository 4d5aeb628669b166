//! Drawings as pixels. tiny-skia paints without the instructions of any one processor (its
//! feature `simd` is off), so that the same drawing gives the same bytes everywhere.

use super::{Fault, Fonts, apart, read};
use crate::resolve::picture::jpeg::{self, Jpeg};
use crate::resolve::picture::png::{Pixels, decode as decode_png, encode as encode_png};
use tiny_skia::{
    BlendMode, Color, FillRule, FilterQuality, GradientStop, LinearGradient, Mask, MaskType, Paint, Pattern, Pixmap,
    PixmapPaint, Point, RadialGradient, Shader, SpreadMode, Transform,
};
use usvg::{BaseGradient, ClipPath, Group, Image, ImageKind, Node, PaintOrder};

/// The most pixels of a side.
const LARGEST: f32 = 2_000.0;
/// The most layers, masks and tiles that a drawing takes: each is as large as the whole. What
/// goes beyond is painted without.
const LAYERS: usize = 200;

/// Renders a drawing to PNG, about `width` pixels wide.
///
/// # Errors
/// If it cannot be read or painted.
pub fn raster(bytes: &[u8], fonts: &Fonts, width: f32) -> Result<Vec<u8>, Fault> {
    let tree = read(bytes, fonts)?;
    let pixels = apart(|| paint(&tree, width))?.ok_or_else(|| "cannot be drawn".to_owned())?;
    encode_png(&pixels)
}

/// A picture of one pixel in which nothing is seen.
pub fn empty() -> Vec<u8> {
    encode_png(&Pixels { width: 1, height: 1, channels: 4, samples: vec![0; 4] }).unwrap_or_default()
}

fn paint(tree: &usvg::Tree, width: f32) -> Option<Pixels> {
    let size = tree.size();
    let scale = (width.min(LARGEST) / size.width()).min(LARGEST / size.height());
    let side = |length: f32| (length * scale).round().clamp(1.0, LARGEST) as u32;
    let mut pixmap = Pixmap::new(side(size.width()), side(size.height()))?;
    let mut painter = Painter { layers: 0 };
    painter.group(&mut pixmap, tree.root(), Transform::from_scale(scale, scale));
    let samples = pixmap.pixels().iter().flat_map(|pixel| {
        let pixel = pixel.demultiply();
        [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
    });
    Some(Pixels { width: pixmap.width(), height: pixmap.height(), channels: 4, samples: samples.collect() })
}

struct Painter {
    /// How many layers were taken.
    layers: usize,
}

impl Painter {
    /// A layer as large as another, unless there were too many.
    fn layer(&mut self, below: &Pixmap) -> Option<Pixmap> {
        self.layers += 1;
        if self.layers > LAYERS { None } else { Pixmap::new(below.width(), below.height()) }
    }

    fn group(&mut self, pixmap: &mut Pixmap, group: &Group, placed: Transform) {
        let placed = placed.pre_concat(group.transform());
        let is_plain = group.clip_path().is_none()
            && group.mask().is_none()
            && group.opacity().get() >= 1.0
            && group.blend_mode() == usvg::BlendMode::Normal
            && !group.isolate();
        let layer = if is_plain { None } else { self.layer(pixmap) };
        let Some(mut layer) = layer else { return self.children(pixmap, group, placed) };
        self.children(&mut layer, group, placed);
        if let Some(clip) = group.clip_path() {
            self.clip(&mut layer, clip, placed);
        }
        if let Some(mask) = group.mask() {
            self.mask(&mut layer, mask, placed);
        }
        let paint = PixmapPaint {
            opacity: group.opacity().get(),
            blend_mode: blend(group.blend_mode()),
            quality: FilterQuality::Nearest,
        };
        pixmap.draw_pixmap(0, 0, layer.as_ref(), &paint, Transform::identity(), None);
    }

    fn children(&mut self, pixmap: &mut Pixmap, group: &Group, placed: Transform) {
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(pixmap, group, placed),
                Node::Path(path) => self.path(pixmap, path, placed),
                Node::Image(image) => self.image(pixmap, image, placed),
                Node::Text(text) => self.group(pixmap, text.flattened(), placed),
            }
        }
    }

    /// Fills and strokes a path, in the order that it asks for (SVG 2, `paint-order`).
    fn path(&mut self, pixmap: &mut Pixmap, path: &usvg::Path, placed: Transform) {
        if !path.is_visible() {
            return;
        }
        let is_filled_first = path.paint_order() == PaintOrder::FillAndStroke;
        for fills in [is_filled_first, !is_filled_first] {
            let (paint, opacity) = match (fills, path.fill(), path.stroke()) {
                (true, Some(fill), _) => (fill.paint(), fill.opacity().get()),
                (false, _, Some(stroke)) => (stroke.paint(), stroke.opacity().get()),
                _ => continue,
            };
            let tile = self.tile(pixmap, paint, placed);
            let Some(shader) = shader(paint, opacity, tile.as_ref()) else { continue };
            let paint = Paint { shader, ..Paint::default() };
            match (fills, path.stroke()) {
                (true, _) => pixmap.fill_path(path.data(), &paint, rule(path), placed, None),
                (false, Some(stroke)) => {
                    pixmap.stroke_path(path.data(), &paint, &stroke.to_tiny_skia(), placed, None);
                }
                (false, None) => {}
            }
        }
    }

    /// The tile of a pattern, and what leads from its pixels to the units of the path.
    fn tile(&mut self, below: &Pixmap, paint: &usvg::Paint, placed: Transform) -> Option<(Pixmap, Transform)> {
        let usvg::Paint::Pattern(pattern) = paint else { return None };
        self.layers += 1;
        if self.layers > LAYERS {
            return None;
        }
        let area = pattern.rect();
        let (across, along) = placed.pre_concat(pattern.transform()).get_scale();
        let side = |length: f32, most: u32| (length.ceil().max(1.0) as u32).min(most);
        let width = side(area.width() * across, below.width());
        let height = side(area.height() * along, below.height());
        let (across, along) = (width as f32 / area.width(), height as f32 / area.height());
        let mut tile = Pixmap::new(width, height)?;
        let inner = Transform::from_scale(across, along).pre_translate(-area.x(), -area.y());
        self.group(&mut tile, pattern.root(), inner);
        let back = pattern.transform().pre_translate(area.x(), area.y()).pre_scale(1.0 / across, 1.0 / along);
        Some((tile, back))
    }

    /// Removes everything outside of a clip path, and of the path that clips it in turn.
    fn clip(&mut self, layer: &mut Pixmap, clip: &ClipPath, placed: Transform) {
        if let Some(mut shape) = self.layer(layer) {
            self.shape(&mut shape, clip.root(), placed.pre_concat(clip.transform()));
            layer.apply_mask(&Mask::from_pixmap(shape.as_ref(), MaskType::Alpha));
        }
        if let Some(other) = clip.clip_path() {
            self.clip(layer, other, placed);
        }
    }

    /// Paints the outlines of a clip path, whatever they are filled with.
    fn shape(&mut self, pixmap: &mut Pixmap, group: &Group, placed: Transform) {
        let placed = placed.pre_concat(group.transform());
        let clipped = group.clip_path().and_then(|clip| Some((clip, self.layer(pixmap)?)));
        if let Some((clip, mut layer)) = clipped {
            self.outlines(&mut layer, group, placed);
            self.clip(&mut layer, clip, placed);
            pixmap.draw_pixmap(0, 0, layer.as_ref(), &PixmapPaint::default(), Transform::identity(), None);
        } else {
            self.outlines(pixmap, group, placed);
        }
    }

    fn outlines(&mut self, pixmap: &mut Pixmap, group: &Group, placed: Transform) {
        let paint = Paint { shader: Shader::SolidColor(Color::BLACK), ..Paint::default() };
        for node in group.children() {
            match node {
                Node::Group(group) => self.shape(pixmap, group, placed),
                Node::Path(path) if path.is_visible() && path.fill().is_some() => {
                    pixmap.fill_path(path.data(), &paint, rule(path), placed, None);
                }
                Node::Text(text) => self.shape(pixmap, text.flattened(), placed),
                Node::Path(_) | Node::Image(_) => {}
            }
        }
    }

    fn mask(&mut self, layer: &mut Pixmap, mask: &usvg::Mask, placed: Transform) {
        if let Some(mut shape) = self.layer(layer) {
            self.group(&mut shape, mask.root(), placed);
            if let Some(mut area) = Mask::new(shape.width(), shape.height()) {
                let path = tiny_skia::PathBuilder::from_rect(mask.rect().to_rect());
                area.fill_path(&path, FillRule::Winding, true, placed);
                shape.apply_mask(&area);
            }
            let kind = match mask.kind() {
                usvg::MaskType::Luminance => MaskType::Luminance,
                usvg::MaskType::Alpha => MaskType::Alpha,
            };
            layer.apply_mask(&Mask::from_pixmap(shape.as_ref(), kind));
        }
        if let Some(other) = mask.mask() {
            self.mask(layer, other, placed);
        }
    }

    fn image(&mut self, pixmap: &mut Pixmap, image: &Image, placed: Transform) {
        if !image.is_visible() {
            return;
        }
        let pixels = match image.kind() {
            ImageKind::PNG(bytes) => decode_png(bytes),
            ImageKind::JPEG(bytes) => Jpeg::read(bytes).and_then(|jpeg| jpeg::decode(bytes, &jpeg)),
            ImageKind::SVG(tree) => return self.group(pixmap, tree.root(), placed),
            // Other formats were converted when the drawing was read.
            ImageKind::GIF(_) | ImageKind::WEBP(_) => return,
        };
        let Some(picture) = pixels.ok().and_then(|pixels| colored(&pixels)) else { return };
        let (across, along) =
            (image.size().width() / picture.width() as f32, image.size().height() / picture.height() as f32);
        let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
        pixmap.draw_pixmap(0, 0, picture.as_ref(), &paint, placed.pre_scale(across, along), None);
    }
}

/// The shader of a path in its own units; `None` for no paint.
fn shader<'t>(paint: &usvg::Paint, opacity: f32, tile: Option<&'t (Pixmap, Transform)>) -> Option<Shader<'t>> {
    let point = Point::from_xy;
    match paint {
        usvg::Paint::Color(color) => {
            let mut color = Color::from_rgba8(color.red, color.green, color.blue, u8::MAX);
            color.apply_opacity(opacity);
            Some(Shader::SolidColor(color))
        }
        usvg::Paint::LinearGradient(gradient) => {
            let ends = [point(gradient.x1(), gradient.y1()), point(gradient.x2(), gradient.y2())];
            let (stops, spread) = (stops(gradient, opacity), spread(gradient));
            LinearGradient::new(ends[0], ends[1], stops, spread, gradient.transform())
        }
        usvg::Paint::RadialGradient(gradient) => {
            let ends = [point(gradient.fx(), gradient.fy()), point(gradient.cx(), gradient.cy())];
            let (stops, spread) = (stops(gradient, opacity), spread(gradient));
            RadialGradient::new(ends[0], ends[1], gradient.r().get(), stops, spread, gradient.transform())
        }
        usvg::Paint::Pattern(_) => {
            let (tile, back) = tile?;
            Some(Pattern::new(tile.as_ref(), SpreadMode::Repeat, FilterQuality::Bilinear, opacity, *back))
        }
    }
}

fn stops(gradient: &BaseGradient, opacity: f32) -> Vec<GradientStop> {
    let stops = gradient.stops().iter().map(|stop| {
        let own = stop.color();
        let mut color = Color::from_rgba8(own.red, own.green, own.blue, u8::MAX);
        color.apply_opacity(stop.opacity().get() * opacity);
        GradientStop::new(stop.offset().get(), color)
    });
    stops.collect()
}

fn spread(gradient: &BaseGradient) -> SpreadMode {
    match gradient.spread_method() {
        usvg::SpreadMethod::Pad => SpreadMode::Pad,
        usvg::SpreadMethod::Reflect => SpreadMode::Reflect,
        usvg::SpreadMethod::Repeat => SpreadMode::Repeat,
    }
}

fn rule(path: &usvg::Path) -> FillRule {
    match path.fill().map(usvg::Fill::rule) {
        Some(usvg::FillRule::EvenOdd) => FillRule::EvenOdd,
        Some(usvg::FillRule::NonZero) | None => FillRule::Winding,
    }
}

/// Pixels as the painter takes them.
fn colored(pixels: &Pixels) -> Option<Pixmap> {
    let mut picture = Pixmap::new(pixels.width, pixels.height)?;
    let samples = pixels.samples.chunks_exact(pixels.channels.max(1));
    for (pixel, samples) in picture.pixels_mut().iter_mut().zip(samples) {
        let (red, green, blue, alpha) = match *samples {
            [grey] => (grey, grey, grey, u8::MAX),
            [grey, alpha] => (grey, grey, grey, alpha),
            [red, green, blue] => (red, green, blue, u8::MAX),
            [red, green, blue, alpha, ..] => (red, green, blue, alpha),
            [] => continue,
        };
        let color = tiny_skia::ColorU8::from_rgba(red, green, blue, alpha);
        *pixel = color.premultiply();
    }
    Some(picture)
}

fn blend(mode: usvg::BlendMode) -> BlendMode {
    match mode {
        usvg::BlendMode::Normal => BlendMode::SourceOver,
        usvg::BlendMode::Multiply => BlendMode::Multiply,
        usvg::BlendMode::Screen => BlendMode::Screen,
        usvg::BlendMode::Overlay => BlendMode::Overlay,
        usvg::BlendMode::Darken => BlendMode::Darken,
        usvg::BlendMode::Lighten => BlendMode::Lighten,
        usvg::BlendMode::ColorDodge => BlendMode::ColorDodge,
        usvg::BlendMode::ColorBurn => BlendMode::ColorBurn,
        usvg::BlendMode::HardLight => BlendMode::HardLight,
        usvg::BlendMode::SoftLight => BlendMode::SoftLight,
        usvg::BlendMode::Difference => BlendMode::Difference,
        usvg::BlendMode::Exclusion => BlendMode::Exclusion,
        usvg::BlendMode::Hue => BlendMode::Hue,
        usvg::BlendMode::Saturation => BlendMode::Saturation,
        usvg::BlendMode::Color => BlendMode::Color,
        usvg::BlendMode::Luminosity => BlendMode::Luminosity,
    }
}

#[cfg(test)]
mod tests {
    use super::raster;
    use crate::backend::drawing::Fonts;
    use crate::layout::font::FontBook;
    use crate::resolve::picture::png::decode as decode_png;

    /// The red, green, blue and opacity of a pixel of a drawing 10 by 10, painted in 100 by 100.
    fn pixel(content: &str, x: usize, y: usize) -> [u8; 4] {
        let svg = format!("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>{content}</svg>");
        let pixels = decode_png(&raster(svg.as_bytes(), &Fonts::new(FontBook::bundled()), 100.0).unwrap()).unwrap();
        assert_eq!((pixels.width, pixels.height, pixels.channels), (100, 100, 4));
        let at = (y * 100 + x) * 4;
        pixels.samples[at..at + 4].try_into().unwrap()
    }

    #[test]
    fn what_is_drawn_is_painted_where_it_stands() {
        const RED: [u8; 4] = [255, 0, 0, 255];
        const NOTHING: [u8; 4] = [0; 4];
        let rect = "<rect x='2' y='2' width='4' height='4' fill='red'/>";
        assert_eq!((pixel(rect, 30, 30), pixel(rect, 70, 70)), (RED, NOTHING));
        let line = "<path d='M0 5H10' stroke='red' stroke-width='2'/>";
        assert_eq!((pixel(line, 50, 50), pixel(line, 50, 70)), (RED, NOTHING));
        let clipped = "<clipPath id='c'><rect width='5' height='10'/></clipPath>\
            <rect width='10' height='10' fill='red' clip-path='url(#c)'/>";
        assert_eq!((pixel(clipped, 30, 50), pixel(clipped, 70, 50)), (RED, NOTHING));
        let masked = "<mask id='m'><rect width='5' height='10' fill='white'/></mask>\
            <rect width='10' height='10' fill='red' mask='url(#m)'/>";
        assert_eq!((pixel(masked, 30, 50), pixel(masked, 70, 50)), (RED, NOTHING));
        let gradient = "<linearGradient id='g'><stop offset='0' stop-color='red'/>\
            <stop offset='1' stop-color='red' stop-opacity='0'/></linearGradient>\
            <rect width='10' height='10' fill='url(#g)'/>";
        assert!(pixel(gradient, 10, 50)[3] > 200 && pixel(gradient, 90, 50)[3] < 60);
        let pattern = "<pattern id='p' width='4' height='10' patternUnits='userSpaceOnUse'>\
            <rect width='2' height='10' fill='red'/></pattern><rect width='10' height='10' fill='url(#p)'/>";
        assert_eq!((pixel(pattern, 10, 50), pixel(pattern, 30, 50), pixel(pattern, 50, 50)), (RED, NOTHING, RED));
        let half = "<g opacity='.5'><rect width='10' height='10' fill='red'/></g>";
        assert_eq!(pixel(half, 50, 50), [255, 0, 0, 128]);
    }

    #[test]
    fn layers_without_end_are_painted_without_them() {
        let many = "<g opacity='.9'><rect width='10' height='10' fill='red'/></g>".repeat(500);
        assert_eq!(pixel(&many, 50, 50), [255, 0, 0, 255]);
    }
}
