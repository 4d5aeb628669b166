//! The lines and words of drawings: what forms that pages show fill, stroke (ISO 32000-1,
//! 8.5) and say, measured as drawings of SVG are, from the upper edge down.

use super::cmap::{self, Code, GlyphMap};
use super::content;
use super::file::File;
use super::font::{glyph_map, table};
use super::object::{Dictionary, Object};
use lopdf::ObjectId;
use std::collections::BTreeMap;

/// A point, from the left and from above.
pub type Point = (f64, f64);

/// A painted element.
#[derive(Debug, Clone, PartialEq)]
pub enum Painted {
    Filled(Vec<Vec<Point>>),
    Stroked {
        width: f64,
        parts: Vec<Vec<Point>>,
    },
    /// Text of the shown codes, by the font.
    Shown(String),
}

/// The texts that a font's table gives to its codes.
#[derive(Default)]
struct Codes {
    map: GlyphMap,
    texts: BTreeMap<Code, String>,
}

impl Codes {
    fn read(file: &File, font: &Dictionary) -> Option<Codes> {
        let texts = cmap::texts(&table(file, font, b"ToUnicode")?);
        Some(Codes { map: glyph_map(file, font)?, texts })
    }
}

/// The fonts of a file as they are needed.
type Fonts = BTreeMap<ObjectId, Codes>;

/// Forms show one another no deeper in our files.
const DEEPEST: usize = 8;

/// The elements painted by each form on the pages, including nested forms. Forms that paint nothing
/// themselves are skipped.
pub fn of_pages(file: &File) -> Vec<Vec<Painted>> {
    let mut reader = Reader { file, fonts: Fonts::new(), found: Vec::new() };
    for page in &file.pages {
        if let Some(resources) = file.resources(page) {
            reader.forms(resources, &page.content, 0);
        }
    }
    reader.found
}

struct Reader<'f> {
    file: &'f File<'f>,
    fonts: Fonts,
    found: Vec<Vec<Painted>>,
}

impl Reader<'_> {
    /// Reads the forms that a content stream shows, in order.
    fn forms(&mut self, resources: &Dictionary, content: &[u8], depth: usize) {
        let file = self.file;
        let Some(objects) = file.inner(resources, b"XObject").filter(|_| depth < DEEPEST) else { return };
        let objects: BTreeMap<&[u8], &Object> = objects.0.iter().map(|(name, form)| (name.as_ref(), form)).collect();
        // A damaged stream shows nothing more. It is reported when its text is read.
        let _ = content::read(content, |operator, operands| {
            let name = operands.first().and_then(Object::name).filter(|_| operator == "Do");
            if let Some(object) = name.and_then(|name| objects.get(name)) {
                self.form(object, depth);
            }
        });
    }

    /// Reads a form and those that it shows.
    fn form(&mut self, object: &Object, depth: usize) {
        let file = self.file;
        let Some(form) = file.resolve(object).and_then(Object::entries).filter(|form| form.is(b"Subtype", "Form"))
        else {
            return;
        };
        let Some(content) = file.stream(object) else { return };
        let inner = file.inner(form, b"Resources");
        let named = inner.map(|inner| self.named(inner)).unwrap_or_default();
        let fonts = named.into_iter().filter_map(|(name, id)| Some((name, self.fonts.get(&id)?))).collect();
        let painted = paint(form, &content, fonts);
        if !painted.is_empty() {
            self.found.push(painted);
        }
        if let Some(inner) = inner {
            self.forms(inner, &content, depth + 1);
        }
    }

    /// The fonts that resources name, which are read once.
    fn named(&mut self, resources: &Dictionary) -> BTreeMap<Vec<u8>, ObjectId> {
        let named = self.file.fonts(resources);
        for id in named.values() {
            let codes = || self.file.entries(*id).and_then(|font| Codes::read(self.file, font));
            self.fonts.entry(*id).or_insert_with(|| codes().unwrap_or_default());
        }
        named
    }
}

/// The elements painted by one form, relative to the upper edge of its box.
fn paint(form: &Dictionary, content: &[u8], fonts: BTreeMap<Vec<u8>, &Codes>) -> Vec<Painted> {
    let bounds = form.get(b"BBox").and_then(Object::array).unwrap_or_default();
    let Some(top) = bounds.get(3).and_then(Object::number) else { return Vec::new() };
    let mut painter = Painter {
        top,
        state: State::default(),
        saved: Vec::new(),
        parts: Vec::new(),
        painted: Vec::new(),
        fonts,
        font: None,
    };
    match content::read(content, |operator, operands| painter.operation(operator, operands)) {
        Some(()) => painter.painted,
        None => Vec::new(),
    }
}

/// The graphics state that `q` saves.
#[derive(Clone, Copy)]
struct State {
    /// `a b c d e f` of ISO 32000-1, 8.3.3.
    matrix: [f64; 6],
    width: f64,
}

impl Default for State {
    fn default() -> Self {
        State { matrix: [1.0, 0.0, 0.0, 1.0, 0.0, 0.0], width: 1.0 }
    }
}

struct Painter<'c> {
    top: f64,
    state: State,
    saved: Vec<State>,
    parts: Vec<Vec<Point>>,
    painted: Vec<Painted>,
    fonts: BTreeMap<Vec<u8>, &'c Codes>,
    font: Option<&'c Codes>,
}

impl Painter<'_> {
    fn operation(&mut self, operator: &str, operands: &[Object]) {
        let numbers: Vec<f64> = operands.iter().filter_map(Object::number).collect();
        match (operator, numbers.as_slice()) {
            ("q", _) => self.saved.push(self.state),
            ("Q", _) => self.state = self.saved.pop().unwrap_or_default(),
            ("cm", [a, b, c, d, e, f]) => self.transform([*a, *b, *c, *d, *e, *f]),
            ("w", [width]) => self.state.width = *width,
            ("m", [x, y]) => {
                let point = self.point(*x, *y);
                self.parts.push(vec![point]);
            }
            ("l", [x, y]) | ("c", [_, _, _, _, x, y]) | ("v" | "y", [_, _, x, y]) => {
                let point = self.point(*x, *y);
                if let Some(part) = self.parts.last_mut() {
                    part.push(point);
                }
            }
            ("re", [x, y, width, height]) => {
                let corners = [(*x, *y), (x + width, *y), (x + width, y + height), (*x, y + height)];
                let part = corners.into_iter().map(|(x, y)| self.point(x, y)).collect();
                self.parts.push(part);
            }
            ("f" | "F" | "f*" | "B" | "B*" | "b" | "b*", _) => {
                let parts = std::mem::take(&mut self.parts);
                self.painted.push(Painted::Filled(parts));
            }
            ("S" | "s", _) => {
                let parts = std::mem::take(&mut self.parts);
                self.painted.push(Painted::Stroked { width: self.state.width, parts });
            }
            ("n", _) => self.parts.clear(),
            ("Tf", _) => {
                let name = operands.first().and_then(Object::name);
                self.font = name.and_then(|name| self.fonts.get(name).copied());
            }
            ("Tj" | "TJ" | "'" | "\"", _) => {
                operands.last().into_iter().flat_map(Object::strings).for_each(|string| self.show(string));
            }
            _ => {}
        }
    }

    fn show(&mut self, string: &[u8]) {
        let Some(font) = self.font else { return };
        let text = font.map.codes(string).filter_map(|code| font.texts.get(&code)).map(String::as_str).collect();
        self.painted.push(Painted::Shown(text));
    }

    /// Puts a transformation before the one that is set.
    fn transform(&mut self, [a, b, c, d, e, f]: [f64; 6]) {
        let [g, h, i, j, k, l] = self.state.matrix;
        self.state.matrix =
            [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l];
    }

    fn point(&self, x: f64, y: f64) -> Point {
        let [a, b, c, d, e, f] = self.state.matrix;
        (a * x + c * y + e, self.top - (b * x + d * y + f))
    }
}

#[cfg(test)]
mod tests {
    use super::{Dictionary, Object, Painted, paint};
    use std::collections::BTreeMap;

    #[test]
    fn points_are_measured_from_above() {
        let bounds = Object::Array([0.0, 0.0, 10.0, 20.0].map(Object::Number).to_vec());
        let form = Dictionary(vec![(b"BBox".as_slice().into(), bounds)]);
        let content = b"1 0 0 -1 0 20 cm q 2 0 0 2 1 0 cm 1 2 m 3 2 l f Q 0 1 m 5 1 l 0.5 w S 0 0 9 9 re n";
        let painted = paint(&form, content, BTreeMap::new());
        assert_eq!(
            painted,
            [
                Painted::Filled(vec![vec![(3.0, 4.0), (7.0, 4.0)]]),
                Painted::Stroked { width: 0.5, parts: vec![vec![(0.0, 1.0), (5.0, 1.0)]] },
            ]
        );
    }
}
