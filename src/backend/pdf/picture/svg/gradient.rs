//! Gradients as shadings (ISO 32000-1, 8.7.4.5).

use super::canvas::{Canvas, state};
use super::objects::{Content, matrix, name, real, reals};
use super::paint::bits;
use lopdf::{Dictionary, Object};
use usvg::{BaseGradient, Rect, SpreadMethod, Transform};

/// How often a gradient that is repeated is written out, at most.
const MOST_REPEATS: f32 = 64.0;

/// The address of a gradient, whether it is radial, and its two circles.
pub type Ends = (usize, bool, [f32; 6]);

/// A stop: its place from 0 to 1, its colour, its opacity.
type Stop = (f32, [f32; 3], f32);

impl Canvas<'_, '_> {
    /// Sets a gradient as paint; what is left for the opacity of the whole.
    pub fn set_gradient(
        &mut self,
        content: &mut Content,
        gradient: &BaseGradient,
        ends: Ends,
        stroke: bool,
        area: Rect,
        placed: Transform,
    ) -> f32 {
        let stops: Vec<Stop> = gradient.stops().iter().map(stop).collect();
        let opacity = stops.first().map_or(1.0, |(_, _, opacity)| *opacity);
        let even = stops.iter().all(|(_, _, other)| *other == opacity);
        let placed = placed.pre_concat(gradient.transform());
        let (range, stops) = spread(gradient, ends, area, stops);
        let key = (ends.0, bits(placed));
        let repeats = gradient.spread_method() != SpreadMethod::Pad;
        let known = self.paints.get(&key).filter(|_| !repeats).cloned();
        let pattern = known.unwrap_or_else(|| {
            let colors: Vec<(f32, Vec<f32>)> = stops.iter().map(|(at, color, _)| (*at, color.to_vec())).collect();
            let shading = self.shading(ends, range, "DeviceRGB", &colors);
            let pattern = Dictionary::from_iter([
                ("Type", name("Pattern")),
                ("PatternType", Object::Integer(2)),
                ("Shading", shading),
                ("Matrix", matrix(placed)),
            ]);
            let object = self.forms.add(pattern);
            if !repeats {
                self.paints.insert(key, object.clone());
            }
            object
        });
        if even {
            content.set_pattern(pattern, stroke);
            return opacity;
        }
        let opacities: Vec<(f32, Vec<f32>)> = stops.iter().map(|(at, _, opacity)| (*at, vec![*opacity])).collect();
        let shading = self.shading(ends, range, "DeviceGray", &opacities);
        let mut mask = Content::default();
        mask.transform(gradient.transform());
        mask.shade(shading);
        let form = self.form(mask.into_form(area, true));
        content.set_state(state([("SMask", state([("S", name("Luminosity")), ("G", form)]))]));
        content.set_pattern(pattern, stroke);
        1.0
    }

    fn shading(
        &mut self,
        (_, radial, ends): Ends,
        (from, to): (f32, f32),
        space: &str,
        stops: &[(f32, Vec<f32>)],
    ) -> Object {
        let [x0, y0, r0, x1, y1, r1] = ends;
        let at = |start: f32, end: f32, place: f32| start + (end - start) * place;
        let circles = [from, to].map(|place| [at(x0, x1, place), at(y0, y1, place), at(r0, r1, place).max(0.0)]);
        let [[x0, y0, r0], [x1, y1, r1]] = circles;
        let function = self.function(stops);
        let shading = Dictionary::from_iter([
            ("ShadingType", Object::Integer(if radial { 3 } else { 2 })),
            ("ColorSpace", name(space)),
            ("Coords", if radial { reals(&[x0, y0, r0, x1, y1, r1]) } else { reals(&[x0, y0, x1, y1]) }),
            ("Function", function),
            ("Extend", Object::Array(vec![Object::Boolean(true); 2])),
        ]);
        self.forms.add(shading)
    }

    /// A function that leads from one stop to the next (7.10.4).
    fn function(&mut self, stops: &[(f32, Vec<f32>)]) -> Object {
        let pieces: Vec<Object> = stops.windows(2).map(|pair| Object::Dictionary(between(pair))).collect();
        if let [piece] = pieces.as_slice() {
            return self.forms.add(piece.clone());
        }
        let inner: Vec<f32> = stops.iter().skip(1).take(stops.len().saturating_sub(2)).map(|(at, _)| *at).collect();
        let encode = pieces.iter().flat_map(|_| [Object::Integer(0), Object::Integer(1)]).collect();
        let function = Dictionary::from_iter([
            ("FunctionType", Object::Integer(3)),
            ("Domain", reals(&[0.0, 1.0])),
            ("Functions", Object::Array(pieces)),
            ("Bounds", reals(&inner)),
            ("Encode", Object::Array(encode)),
        ]);
        self.forms.add(function)
    }
}

fn stop(stop: &usvg::Stop) -> Stop {
    let color = stop.color();
    let parts = [color.red, color.green, color.blue].map(|part| f32::from(part) / 255.0);
    (stop.offset().get(), parts, stop.opacity().get())
}

fn between(pair: &[(f32, Vec<f32>)]) -> Dictionary {
    let values = |place: usize| pair.get(place).map_or(Object::Null, |(_, values)| reals(values));
    Dictionary::from_iter([
        ("FunctionType", Object::Integer(2)),
        ("Domain", reals(&[0.0, 1.0])),
        ("C0", values(0)),
        ("C1", values(1)),
        ("N", real(1.0)),
    ])
}

/// The part of a gradient that an area shows, counted in its own length, and
/// the stops along that part: a PDF's shadings do not repeat.
fn spread(gradient: &BaseGradient, (_, radial, ends): Ends, area: Rect, stops: Vec<Stop>) -> ((f32, f32), Vec<Stop>) {
    let plain = closed(stops);
    if gradient.spread_method() == SpreadMethod::Pad {
        return ((0.0, 1.0), plain);
    }
    let Some(seen) = gradient.transform().invert().and_then(|back| area.transform(back)) else {
        return ((0.0, 1.0), plain);
    };
    let corners = [
        (seen.left(), seen.top()),
        (seen.right(), seen.top()),
        (seen.left(), seen.bottom()),
        (seen.right(), seen.bottom()),
    ];
    let [x0, y0, _, x1, y1, r1] = ends;
    let places = corners.map(|(x, y)| {
        if radial {
            let room = (r1 - (x1 - x0).hypot(y1 - y0)).max(r1 * 0.1).max(f32::MIN_POSITIVE);
            (x - x0).hypot(y - y0) / room
        } else {
            let length = (x1 - x0).powi(2) + (y1 - y0).powi(2);
            ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length.max(f32::MIN_POSITIVE)
        }
    });
    let first = if radial { 0.0 } else { places.iter().copied().fold(0.0, f32::min).floor().max(-MOST_REPEATS) };
    let last = places.iter().copied().fold(1.0, f32::max).ceil().min(first + MOST_REPEATS);
    let mut repeated = Vec::new();
    #[allow(clippy::cast_possible_truncation)]
    for number in first as i32..last as i32 {
        let mirrored = gradient.spread_method() == SpreadMethod::Reflect && number.rem_euclid(2) == 1;
        let base = number as f32 - first;
        let along = |(at, color, opacity): &Stop| {
            let at = if mirrored { 1.0 - at } else { *at };
            ((base + at) / (last - first), *color, *opacity)
        };
        if mirrored {
            repeated.extend(plain.iter().rev().map(along));
        } else {
            repeated.extend(plain.iter().map(along));
        }
    }
    ((first, last), repeated)
}

/// Stops from 0 to 1.
fn closed(mut stops: Vec<Stop>) -> Vec<Stop> {
    if let Some((at, color, opacity)) = stops.first().copied()
        && at > 0.0
    {
        stops.insert(0, (0.0, color, opacity));
    }
    if let Some((at, color, opacity)) = stops.last().copied()
        && (at < 1.0 || stops.len() == 1)
    {
        stops.push((1.0, color, opacity));
    }
    stops
}
