//! The objects of a drawing while it is made, and its content streams.

use crate::backend::pdf::finish::deflate_stream;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use usvg::{Rect, Transform};

/// A value beyond all coordinates of a page.
const FAR: f32 = 1e7;

/// A number with as many decimals as a coordinate needs.
pub fn number(value: f32) -> String {
    decimals(value, 3)
}

/// A number with as many decimals as a transformation needs.
pub fn fine(value: f32) -> String {
    decimals(value, 7)
}

fn decimals(value: f32, count: usize) -> String {
    let value = if value.is_finite() { value.clamp(-FAR, FAR) } else { 0.0 };
    let text = format!("{value:.count$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if matches!(text, "" | "-" | "-0") { "0".to_owned() } else { text.to_owned() }
}

/// A number within what readers can hold; one that is none is 0.
pub fn real(value: f32) -> Object {
    Object::Real(if value.is_finite() { value.clamp(-FAR, FAR) } else { 0.0 })
}

/// An array of numbers.
pub fn reals(values: &[f32]) -> Object {
    Object::Array(values.iter().copied().map(real).collect())
}

/// A transformation as the six numbers of a matrix (ISO 32000-1, 8.3.4).
pub fn matrix(transform: Transform) -> Object {
    reals(&[transform.sx, transform.ky, transform.kx, transform.sy, transform.tx, transform.ty])
}

/// A rectangle as its corners: left, top, right, bottom (ISO 32000-1, 7.9.5).
pub fn bounds(rect: Rect) -> Object {
    reals(&[rect.left(), rect.top(), rect.right(), rect.bottom()])
}

/// A name; characters that names may not have are escaped when it is written.
pub fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

/// A form that fills the unit square by showing another.
pub fn unit_form(shown: Object, content: Vec<u8>) -> Stream {
    let objects = Dictionary::from_iter([("D", shown)]);
    let resources = Dictionary::from_iter([("XObject", Object::Dictionary(objects))]);
    let form = Dictionary::from_iter([
        ("Type", name("XObject")),
        ("Subtype", name("Form")),
        ("BBox", Object::Array([0, 0, 1, 1].map(Object::Integer).to_vec())),
        ("Resources", Object::Dictionary(resources)),
    ]);
    Stream::new(form, content)
}

/// Objects that refer to one another by their place, from 1.
#[derive(Debug, Clone, Default)]
pub struct Forms(Vec<Object>);

impl Forms {
    /// Adds an object; gives a reference to it, whose number counts within the drawing.
    pub fn add(&mut self, object: impl Into<Object>) -> Object {
        self.0.push(object.into());
        Object::Reference((u32::try_from(self.0.len()).unwrap_or(u32::MAX), 0))
    }

    /// Deflates the streams; their bytes.
    pub fn deflate(&mut self) -> usize {
        let streams = self.0.iter_mut().filter_map(|object| object.as_stream_mut().ok());
        let sizes = streams.map(|stream| {
            deflate_stream(stream);
            stream.content.len()
        });
        sizes.sum()
    }

    /// Moves the objects into a document; what `root` is there.
    pub fn insert(self, target: &mut Document, root: &Object, fonts: Option<ObjectId>) -> Object {
        let base = target.max_id;
        let count = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        for (number, mut object) in (base + 1..).zip(self.0) {
            shift(&mut object, base, fonts);
            target.objects.insert((number, 0), object);
        }
        target.max_id = base + count;
        let mut root = root.clone();
        shift(&mut root, base, fonts);
        root
    }
}

/// Moves references, and fills in the fonts.
fn shift(object: &mut Object, base: u32, fonts: Option<ObjectId>) {
    let dictionary = match object {
        Object::Reference((number, _)) => {
            *number += base;
            return;
        }
        Object::Array(items) => return items.iter_mut().for_each(|item| shift(item, base, fonts)),
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &mut stream.dict,
        _ => return,
    };
    for (key, value) in dictionary.iter_mut() {
        match (key.as_slice(), fonts) {
            (b"Font", Some(fonts)) => *value = Object::Reference(fonts),
            _ => shift(value, base, fonts),
        }
    }
}

/// A content stream and what it uses.
#[derive(Default)]
pub struct Content {
    pub bytes: Vec<u8>,
    states: Vec<Object>,
    patterns: Vec<Object>,
    shadings: Vec<Object>,
    objects: Vec<Object>,
    uses_fonts: bool,
}

impl Content {
    /// Writes an operator with its operands.
    pub fn op(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(b'\n');
    }

    /// Puts a transformation before the one at hand (`cm`).
    pub fn transform(&mut self, transform: Transform) {
        if !transform.is_identity() {
            let Transform { sx, ky, kx, sy, tx, ty } = transform;
            let numbers = [sx, ky, kx, sy, tx, ty].map(fine);
            self.op(&format!("{} cm", numbers.join(" ")));
        }
    }

    /// A rectangle as a path, and the operator that paints it or clips to it.
    pub fn rectangle(&mut self, rect: Rect, operator: &str) {
        let numbers = [rect.x(), rect.y(), rect.width(), rect.height()].map(number);
        self.op(&format!("{} re {operator}", numbers.join(" ")));
    }

    /// Sets a graphics state (`gs`): opacity, a mask, how colours blend.
    pub fn set_state(&mut self, state: Object) {
        let place = place(&mut self.states, state);
        self.op(&format!("/G{place} gs"));
    }

    /// Sets a pattern as the colour of strokes or of what is filled (ISO 32000-1, 8.7).
    pub fn set_pattern(&mut self, pattern: Object, stroke: bool) {
        let place = place(&mut self.patterns, pattern);
        let (space, color) = if stroke { ("CS", "SCN") } else { ("cs", "scn") };
        self.op(&format!("/Pattern {space} /P{place} {color}"));
    }

    /// Paints a gradient over all that is clipped to (`sh`).
    pub fn shade(&mut self, shading: Object) {
        let place = place(&mut self.shadings, shading);
        self.op(&format!("/S{place} sh"));
    }

    /// Shows a form or an image (`Do`).
    pub fn show(&mut self, object: Object) {
        let place = place(&mut self.objects, object);
        self.op(&format!("/X{place} Do"));
    }

    /// Says that the content shows text, so that its resources need the document's fonts.
    pub fn use_fonts(&mut self) {
        self.uses_fonts = true;
    }

    fn resources(&mut self) -> Dictionary {
        let mut resources = Dictionary::new();
        let categories = [
            ("ExtGState", "G", &mut self.states),
            ("Pattern", "P", &mut self.patterns),
            ("Shading", "S", &mut self.shadings),
            ("XObject", "X", &mut self.objects),
        ];
        for (category, letter, items) in categories {
            if !items.is_empty() {
                let items = std::mem::take(items).into_iter().enumerate();
                let items = Dictionary::from_iter(items.map(|(place, item)| (format!("{letter}{place}"), item)));
                resources.set(category, Object::Dictionary(items));
            }
        }
        if self.uses_fonts {
            // The fonts of the document, which are added later.
            resources.set("Font", Object::Null);
        }
        resources
    }

    /// The stream as a form; with `group` one whose parts are put together
    /// before it is shown (ISO 32000-1, 11.6.6).
    pub fn into_form(mut self, area: Rect, group: bool) -> Stream {
        let mut form = Dictionary::from_iter([
            ("Type", name("XObject")),
            ("Subtype", name("Form")),
            ("BBox", bounds(area)),
            ("Resources", Object::Dictionary(self.resources())),
        ]);
        if group {
            let group = [("S", name("Transparency")), ("I", Object::Boolean(true)), ("CS", name("DeviceRGB"))];
            form.set("Group", Object::Dictionary(Dictionary::from_iter(group)));
        }
        Stream::new(form, self.bytes)
    }

    /// The stream as a pattern of tiles (ISO 32000-1, 8.7.3).
    pub fn into_pattern(mut self, tile: Rect, placed: Transform) -> Stream {
        let pattern = Dictionary::from_iter([
            ("Type", name("Pattern")),
            ("PatternType", Object::Integer(1)),
            ("PaintType", Object::Integer(1)),
            ("TilingType", Object::Integer(1)),
            ("BBox", bounds(tile)),
            ("XStep", real(tile.width())),
            ("YStep", real(tile.height())),
            ("Matrix", matrix(placed)),
            ("Resources", Object::Dictionary(self.resources())),
        ]);
        Stream::new(pattern, self.bytes)
    }
}

/// Where an object is among others; it is added where it is new.
fn place(items: &mut Vec<Object>, item: Object) -> usize {
    // Most are used again at once, if at all.
    const NEAR: usize = 16;
    let start = items.len().saturating_sub(NEAR);
    let known = items.iter().skip(start).position(|known| *known == item);
    known.map_or_else(
        || {
            items.push(item);
            items.len() - 1
        },
        |place| start + place,
    )
}
