//! Draws a plot: axes, bars or lines, legend.

use super::scale::{Scale, Zero, written};
use super::svg::{Anchor, Svg, number};
use super::{Plot, Series};
use crate::ast::ChartKind;
use crate::language::Language;

/// A drawing in CSS pixels.
pub struct Drawing {
    pub svg: String,
    pub width: u32,
    pub height: u32,
}

const WIDTH: f64 = 640.0;
const PLOT_HEIGHT: f64 = 260.0;
const MARGIN: f64 = 12.0;
const LINE_HEIGHT: f64 = 20.0;
/// Estimated width of a character at the drawing's font size.
const CHARACTER: f64 = 6.8;
/// How much of a category's band its bars take.
const BAR_SHARE: f64 = 0.72;
/// Names of categories that do not fit are turned by this angle.
const TURN: f64 = -40.0;
/// The longest name of a category that is written out, in characters.
const NAME_LENGTH: usize = 28;
/// Turned names need at least this much room each.
const TURNED_ROOM: f64 = 16.0;
const SWATCH: f64 = 14.0;

/// Colours of series. Each has a contrast of at least 3 : 1 to the white
/// ground (WCAG 2.2, success criterion 1.4.11) and a lightness of its own.
const COLORS: [&str; 6] = ["#12355b", "#b8321a", "#2f7d8c", "#c9601a", "#5b2a86", "#7a9c1f"];
const GRID: &str = "#d5d5d5";
const AXIS: &str = "#444444";
const GROUND: &str = "#ffffff";
/// Dash patterns of lines, which distinguish series without colour.
const DASHES: [&str; 6] = ["none", "8 4", "2 3", "12 4 2 4", "5 2", "1 4"];

/// Draws.
pub fn draw(plot: &Plot, kind: ChartKind, stacked: bool, language: &Language) -> Drawing {
    let scale = scale(plot, kind, stacked);
    let decimals = scale.decimals();
    let ticks: Vec<(f64, String)> = scale
        .ticks()
        .into_iter()
        .map(|tick| (tick, written(tick, decimals, language.decimal_sign(), language.group_sign())))
        .collect();
    let tick_width = ticks.iter().map(|(_, words)| width_of(words)).fold(0.0, f64::max);
    let mut svg = Svg::default();
    svg.element("rect", &[("width", "100%"), ("height", "100%"), ("fill", GROUND)]);
    let legend = legend(&mut svg, plot, kind);
    let frame = Frame {
        left: MARGIN + tick_width + 8.0,
        right: WIDTH - MARGIN,
        top: MARGIN + legend,
        bottom: MARGIN + legend + PLOT_HEIGHT,
        scale,
    };
    for (tick, words) in &ticks {
        let y = frame.y(*tick);
        line(&mut svg, (frame.left, y), (frame.right, y), GRID);
        svg.text((frame.left - 8.0, y + 4.5), Anchor::End, 0.0, words);
    }
    let names = names(&mut svg, plot, &frame);
    match (kind, stacked) {
        (ChartKind::Bar, false) => grouped_bars(&mut svg, plot, &frame),
        (ChartKind::Bar, true) => stacked_bars(&mut svg, plot, &frame),
        (ChartKind::Line, false) => lines(&mut svg, &plot.series, &frame),
        (ChartKind::Line, true) => lines(&mut svg, &summed(&plot.series), &frame),
    }
    let zero = frame.y(frame.scale.low.max(0.0).min(frame.scale.high));
    line(&mut svg, (frame.left, zero), (frame.right, zero), AXIS);
    let height = frame.bottom + names + MARGIN;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let pixels = |length: f64| length.round() as u32;
    Drawing { svg: svg.finish(WIDTH, height.round()), width: pixels(WIDTH), height: pixels(height) }
}

/// The area in which values are drawn.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    scale: Scale,
}

impl Frame {
    fn y(&self, value: f64) -> f64 {
        self.bottom - self.scale.position(value) * (self.bottom - self.top)
    }

    /// Width of each category's band.
    fn band(&self, plot_categories: usize) -> f64 {
        (self.right - self.left) / f(plot_categories.max(1))
    }
}

/// A small count as a number for drawing.
fn f(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

fn width_of(words: &str) -> f64 {
    f(words.chars().count()) * CHARACTER
}

fn scale(plot: &Plot, kind: ChartKind, stacked: bool) -> Scale {
    let mut low = f64::INFINITY;
    let mut high = f64::NEG_INFINITY;
    for at in 0..plot.categories.len() {
        let values = plot.series.iter().filter_map(|series| series.values.get(at).copied().flatten());
        if stacked {
            let (down, up): (Vec<f64>, Vec<f64>) = values.partition(|value| *value < 0.0);
            low = low.min(down.iter().sum());
            high = high.max(up.iter().sum());
        } else {
            for value in values {
                low = low.min(value);
                high = high.max(value);
            }
        }
    }
    let zero = match kind {
        ChartKind::Bar => Zero::Always,
        ChartKind::Line => Zero::WhereItFits,
    };
    if low > high { Scale::for_range(0.0, 1.0, zero) } else { Scale::for_range(low, high, zero) }
}

/// Hatching of bars with white lines, which distinguishes series without colour. Drawn line by
/// line, because not every PDF or SVG viewer paints patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hatch {
    Rising,
    Falling,
    Level,
    Upright,
}

/// The hatches of each series; the first is plain.
const HATCHES: [&[Hatch]; 6] =
    [&[], &[Hatch::Rising], &[Hatch::Falling], &[Hatch::Level], &[Hatch::Upright], &[Hatch::Rising, Hatch::Falling]];
/// Distance of hatching lines along an axis.
const HATCH_DISTANCE: f64 = 8.0;
/// Narrower bars are not hatched.
const HATCHED_WIDTH: f64 = 3.0;

/// The path of the hatching lines inside a rectangle. All bars share one grid.
fn hatching(hatch: Hatch, (x, y): (f64, f64), (width, height): (f64, f64)) -> String {
    // The lines' sums or differences of coordinates, from corner to corner.
    let (low, high) = match hatch {
        Hatch::Rising => (x + y, x + width + y + height),
        Hatch::Falling => (x - y - height, x + width - y),
        Hatch::Level => (y, y + height),
        Hatch::Upright => (x, x + width),
    };
    let mut path = String::new();
    let mut at = (low / HATCH_DISTANCE).floor() * HATCH_DISTANCE + HATCH_DISTANCE;
    while at < high {
        let (from, to) = match hatch {
            Hatch::Rising => {
                let (left, right) = (x.max(at - y - height), (x + width).min(at - y));
                ((left, at - left), (right, at - right))
            }
            Hatch::Falling => {
                let (left, right) = (x.max(at + y), (x + width).min(at + y + height));
                ((left, left - at), (right, right - at))
            }
            Hatch::Level => ((x, at), (x + width, at)),
            Hatch::Upright => ((at, y), (at, y + height)),
        };
        path.push_str(&format!("M{} {}L{} {}", number(from.0), number(from.1), number(to.0), number(to.1)));
        at += HATCH_DISTANCE;
    }
    path
}

fn color(series: usize) -> &'static str {
    COLORS.get(series).copied().unwrap_or(AXIS)
}

/// Draws the legend where there is more than one series; gives its height.
fn legend(svg: &mut Svg, plot: &Plot, kind: ChartKind) -> f64 {
    if plot.series.len() < 2 {
        return 0.0;
    }
    let (mut x, mut y) = (MARGIN, MARGIN);
    for (at, series) in plot.series.iter().enumerate() {
        let name = shortened(&series.name, NAME_LENGTH * 2);
        let width = SWATCH * 2.0 + 6.0 + width_of(&name) + 16.0;
        if x > MARGIN && x + width > WIDTH - MARGIN {
            x = MARGIN;
            y += LINE_HEIGHT;
        }
        match kind {
            ChartKind::Bar => bar(svg, (x, y), (SWATCH * 1.6, SWATCH), at),
            ChartKind::Line => {
                let middle = y + SWATCH / 2.0;
                let path = format!("M{} {}H{}", number(x), number(middle), number(x + SWATCH * 2.0));
                stroke(svg, &path, at);
                marker(svg, (x + SWATCH, middle), at);
            }
        }
        svg.text((x + SWATCH * 2.0 + 6.0, y + SWATCH - 2.5), Anchor::Start, 0.0, &name);
        x += width;
    }
    y - MARGIN + LINE_HEIGHT + 8.0
}

/// Writes the names of the categories; gives the height they take.
fn names(svg: &mut Svg, plot: &Plot, frame: &Frame) -> f64 {
    let band = frame.band(plot.categories.len());
    let names: Vec<String> = plot.categories.iter().map(|name| shortened(name, NAME_LENGTH)).collect();
    let widest = names.iter().map(|name| width_of(name)).fold(0.0, f64::max);
    let turned = widest > band - 4.0;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let every = if turned { (TURNED_ROOM / band).ceil().max(1.0) as usize } else { 1 };
    for (at, name) in names.iter().enumerate().step_by(every) {
        let x = frame.left + (f(at) + 0.5) * band;
        if turned {
            svg.text((x + 4.0, frame.bottom + 16.0), Anchor::End, TURN, name);
        } else {
            svg.text((x, frame.bottom + 18.0), Anchor::Middle, 0.0, name);
        }
    }
    if turned { 16.0 + widest * (-TURN).to_radians().sin() } else { LINE_HEIGHT + 2.0 }
}

fn grouped_bars(svg: &mut Svg, plot: &Plot, frame: &Frame) {
    let band = frame.band(plot.categories.len());
    let width = band * BAR_SHARE / f(plot.series.len().max(1));
    let zero = frame.y(0.0);
    for (of, series) in plot.series.iter().enumerate() {
        for (at, value) in series.values.iter().enumerate() {
            let Some(value) = value else { continue };
            let x = frame.left + (f(at) + (1.0 - BAR_SHARE) / 2.0) * band + f(of) * width;
            let y = frame.y(*value);
            bar(svg, (x, y.min(zero)), (width, (y - zero).abs()), of);
        }
    }
}

fn stacked_bars(svg: &mut Svg, plot: &Plot, frame: &Frame) {
    let band = frame.band(plot.categories.len());
    for at in 0..plot.categories.len() {
        let x = frame.left + (f(at) + (1.0 - BAR_SHARE) / 2.0) * band;
        // Negative values stack downwards.
        let (mut up, mut down) = (0.0, 0.0);
        for (of, series) in plot.series.iter().enumerate() {
            let Some(value) = series.values.get(at).copied().flatten() else { continue };
            let base = if value < 0.0 { &mut down } else { &mut up };
            let (from, to) = (frame.y(*base), frame.y(*base + value));
            *base += value;
            bar(svg, (x, from.min(to)), (band * BAR_SHARE, (from - to).abs()), of);
        }
    }
}

fn lines(svg: &mut Svg, series: &[Series], frame: &Frame) {
    for (of, series) in series.iter().enumerate() {
        let band = frame.band(series.values.len());
        let point =
            |(at, value): (usize, &Option<f64>)| value.map(|value| (frame.left + (f(at) + 0.5) * band, frame.y(value)));
        let points: Vec<Option<(f64, f64)>> = series.values.iter().enumerate().map(point).collect();
        let mut path = String::new();
        let mut down = false;
        for point in &points {
            // A value that is missing leaves a gap.
            match point {
                Some((x, y)) => {
                    path.push_str(&format!("{}{} {}", if down { 'L' } else { 'M' }, number(*x), number(*y)));
                    down = true;
                }
                None => down = false,
            }
        }
        if !path.is_empty() {
            stroke(svg, &path, of);
        }
        // Markers on every point of a long line would hide it.
        const MARKERS: usize = 40;
        let every = series.values.len() / MARKERS + 1;
        for point in points.iter().step_by(every).flatten() {
            marker(svg, *point, of);
        }
    }
}

/// Series laid on top of one another.
fn summed(series: &[Series]) -> Vec<Series> {
    let mut below: Vec<f64> = Vec::new();
    series
        .iter()
        .map(|series| {
            below.resize(series.values.len(), 0.0);
            let values = series.values.iter().zip(&mut below).map(|(value, below)| {
                value.map(|value| {
                    *below += value;
                    *below
                })
            });
            Series { name: series.name.clone(), values: values.collect() }
        })
        .collect()
}

fn bar(svg: &mut Svg, at: (f64, f64), size: (f64, f64), series: usize) {
    let (x, y, width, height) = (number(at.0), number(at.1), number(size.0), number(size.1));
    let fill = color(series);
    let attributes = [("x", x.as_str()), ("y", &y), ("width", &width), ("height", &height), ("fill", fill)];
    svg.element("rect", &attributes);
    if size.0 < HATCHED_WIDTH {
        return;
    }
    for hatch in HATCHES.get(series).copied().unwrap_or_default() {
        let path = hatching(*hatch, at, size);
        if !path.is_empty() {
            svg.element("path", &[("d", &path), ("stroke", GROUND), ("stroke-width", "1.2"), ("fill", "none")]);
        }
    }
}

fn stroke(svg: &mut Svg, path: &str, series: usize) {
    let dash = DASHES.get(series).copied().unwrap_or("none");
    svg.element(
        "path",
        &[
            ("d", path),
            ("fill", "none"),
            ("stroke", color(series)),
            ("stroke-width", "2.2"),
            ("stroke-linejoin", "round"),
            ("stroke-dasharray", dash),
        ],
    );
}

/// A mark on a point, of another shape for each series.
fn marker(svg: &mut Svg, (x, y): (f64, f64), series: usize) {
    // Outlines round the origin.
    const SHAPES: [&[(f64, f64)]; 5] = [
        &[(-4.0, -4.0), (4.0, -4.0), (4.0, 4.0), (-4.0, 4.0)],
        &[(0.0, -5.0), (5.0, 4.0), (-5.0, 4.0)],
        &[(0.0, -5.5), (5.5, 0.0), (0.0, 5.5), (-5.5, 0.0)],
        &[(0.0, 5.0), (5.0, -4.0), (-5.0, -4.0)],
        &[(-2.0, -5.0), (2.0, -5.0), (2.0, 5.0), (-2.0, 5.0)],
    ];
    let color = color(series);
    match series.checked_sub(1).and_then(|shape| SHAPES.get(shape)) {
        None => svg.element("circle", &[("cx", &number(x)), ("cy", &number(y)), ("r", "4.2"), ("fill", color)]),
        Some(shape) => {
            let points: Vec<String> =
                shape.iter().map(|(dx, dy)| format!("{},{}", number(x + dx), number(y + dy))).collect();
            svg.element("polygon", &[("points", &points.join(" ")), ("fill", color), ("stroke", GROUND)]);
        }
    }
}

fn line(svg: &mut Svg, from: (f64, f64), to: (f64, f64), color: &str) {
    let (x1, y1, x2, y2) = (number(from.0), number(from.1), number(to.0), number(to.1));
    svg.element("line", &[("x1", &x1), ("y1", &y1), ("x2", &x2), ("y2", &y2), ("stroke", color)]);
}

fn shortened(name: &str, length: usize) -> String {
    if name.chars().count() <= length {
        return name.to_owned();
    }
    let kept: String = name.chars().take(length - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{COLORS, Plot, Series, draw};
    use crate::ast::ChartKind;
    use crate::language::Language;

    /// Relative luminance (WCAG 2.2).
    fn luminance(color: &str) -> f64 {
        let part = |at: usize| {
            let value = u8::from_str_radix(color.get(at..at + 2).unwrap_or("00"), 16).unwrap_or(0);
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    #[test]
    fn colours_pass_contrast_and_differ_in_grey() {
        let mut greys: Vec<f64> = COLORS.iter().map(|color| luminance(color)).collect();
        for (color, grey) in COLORS.iter().zip(&greys) {
            assert!(1.05 / (grey + 0.05) >= 3.0, "{color} is too light: {grey}");
        }
        greys.sort_by(f64::total_cmp);
        for pair in greys.windows(2) {
            if let [darker, lighter] = pair {
                assert!((lighter + 0.05) / (darker + 0.05) > 1.15, "{greys:?}");
            }
        }
    }

    #[test]
    fn words_of_the_data_are_escaped() {
        let series = Series { name: "<script>&".to_owned(), values: vec![Some(1.0), None] };
        let other = Series { name: "b".to_owned(), values: vec![Some(-2.0), Some(3.0)] };
        let plot = Plot { categories: vec!["\"a\"".to_owned(), "b".to_owned()], series: vec![series, other] };
        for kind in [ChartKind::Bar, ChartKind::Line] {
            for stacked in [false, true] {
                let drawing = draw(&plot, kind, stacked, &Language::from_tag("en"));
                assert!(!drawing.svg.contains("<script"));
                assert!(drawing.svg.contains("&lt;script&gt;&amp;"));
            }
        }
    }
}
