//! The lines of drawings: what forms that pages show fill and stroke (ISO 32000-1, 8.5),
//! measured as drawings of SVG are, from the upper edge down.

use super::content::{self, Operand};
use super::{File, dictionary};
use lopdf::{Dictionary, Object, Stream};

/// A point, from the left and from above.
pub type Point = (f64, f64);

/// What is painted, part by part.
#[derive(Debug, Clone, PartialEq)]
pub enum Painted {
    Filled(Vec<Vec<Point>>),
    Stroked { width: f64, parts: Vec<Vec<Point>> },
}

/// Forms show one another no deeper in our files.
const DEEPEST: usize = 8;

/// What each form paints that a page shows, or that such a form shows; forms that paint
/// nothing themselves are passed over.
pub fn of_pages(file: &File) -> Vec<Vec<Painted>> {
    let mut found = Vec::new();
    for page in &file.pages {
        if let Some(resources) = file.resources(page) {
            forms(file, resources, &page.content, 0, &mut found);
        }
    }
    found
}

/// Reads the forms that a content stream shows, in order.
fn forms(file: &File, resources: &Dictionary, content: &[u8], depth: usize, found: &mut Vec<Vec<Painted>>) {
    let objects = resources.get(b"XObject").ok().and_then(|objects| dictionary(&file.document, objects));
    let Some(objects) = objects.filter(|_| depth < DEEPEST) else { return };
    // What is damaged shows nothing more, and is told by who reads its text.
    let _ = content::read(content, |operator, operands| {
        let name = operands.first().and_then(Operand::name).filter(|_| operator == "Do");
        if let Some(object) = name.and_then(|name| objects.get(name).ok()) {
            form(file, object, depth, found);
        }
    });
}

/// Reads a form and those that it shows.
fn form(file: &File, object: &Object, depth: usize, found: &mut Vec<Vec<Painted>>) {
    let Some(form) = file.document.dereference(object).ok().and_then(|(_, form)| form.as_stream().ok()) else { return };
    let Some(content) = file.stream(object).filter(|_| is_form(form)) else { return };
    let painted = paint(form, &content);
    if !painted.is_empty() {
        found.push(painted);
    }
    if let Some(inner) = form.dict.get(b"Resources").ok().and_then(|inner| dictionary(&file.document, inner)) {
        forms(file, inner, &content, depth + 1, found);
    }
}

fn is_form(form: &Stream) -> bool {
    form.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form")
}

/// What one form paints, from the upper edge of its box.
fn paint(form: &Stream, content: &[u8]) -> Vec<Painted> {
    let numbers: Vec<f64> =
        form.dict.get(b"BBox").and_then(Object::as_array).ok().into_iter().flatten().filter_map(number).collect();
    let Some(top) = numbers.get(3).copied() else { return Vec::new() };
    let mut painter =
        Painter { top, state: State::default(), saved: Vec::new(), parts: Vec::new(), painted: Vec::new() };
    match content::read(content, |operator, operands| painter.operation(operator, operands)) {
        Some(()) => painter.painted,
        None => Vec::new(),
    }
}

/// What `q` saves.
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

struct Painter {
    top: f64,
    state: State,
    saved: Vec<State>,
    parts: Vec<Vec<Point>>,
    painted: Vec<Painted>,
}

impl Painter {
    fn operation(&mut self, operator: &str, operands: &[Operand]) {
        let numbers: Vec<f64> = operands.iter().filter_map(Operand::number).collect();
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
            _ => {}
        }
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

fn number(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::{Painted, paint};
    use lopdf::{Dictionary, Object, Stream};

    #[test]
    fn points_are_measured_from_above() {
        let bounds = Object::Array([0, 0, 10, 20].map(Object::Integer).to_vec());
        let form = Stream::new(Dictionary::from_iter([("BBox", bounds)]), Vec::new());
        let content = b"1 0 0 -1 0 20 cm q 2 0 0 2 1 0 cm 1 2 m 3 2 l f Q 0 1 m 5 1 l 0.5 w S 0 0 9 9 re n";
        let painted = paint(&form, content);
        assert_eq!(
            painted,
            [
                Painted::Filled(vec![vec![(3.0, 4.0), (7.0, 4.0)]]),
                Painted::Stroked { width: 0.5, parts: vec![vec![(0.0, 1.0), (5.0, 1.0)]] },
            ]
        );
    }
}
