//! The values that charts draw are those of the tables after them: bars and points are measured
//! against the axis, in the drawing that the editions show. HTML and DocBook hold that very
//! drawing, each in its order; in a PDF its bars and lines are in the same places.

use super::pdf::drawing::{Painted, Point};
use super::{Edition, html, pdf};
use crate::ast::{Block, BlockKind, InlineKind, Table, Visit, plain_text, walk_blocks};
use crate::format::Format;
use crate::language::number::{self, Figure, Signs, Written};
use crate::resolve::{RBlock, Resolved, ResolvedBlock, ResolvedStage};
use crate::source::Span;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader as XmlReader;
use quick_xml::events::{BytesStart, Event};

/// Coordinates have two digits after the point; both ends of a bar are rounded.
const ROUNDING: f64 = 0.03;
/// The lines of values are wider than those of the grid and of hatching.
const GRID_WIDTH: f64 = 2.0;
/// Prefix of an embedded drawing.
const SVG_ADDRESS: &str = "data:image/svg+xml;base64,";

/// Differences between the charts of an edition and their tables, with spans.
pub fn faults(document: &Resolved, edition: &Edition) -> Vec<(Span, String)> {
    let mut finder = Finder { document, format: edition.format, drawings: Vec::new(), faults: Vec::new() };
    walk_blocks(&document.blocks, &mut finder);
    let text = std::mem::take(&mut finder.drawings);
    for note in &document.notes {
        walk_blocks(&note.blocks, &mut finder);
    }
    let Finder { drawings: notes, mut faults, .. } = finder;
    let missing = match edition.format {
        Format::Html => replaced([&text, &notes], html::pictures(&String::from_utf8_lossy(edition.bytes))),
        Format::Docbook => replaced([&text, &notes], addresses(&String::from_utf8_lossy(edition.bytes))),
        Format::Pdf => redrawn([&text, &notes], &pdf::drawings(edition.bytes)),
        Format::Epub => replaced([&text, &notes], edition.book_pictures()),
        Format::Text | Format::Brief | Format::Pandoc | Format::Docx => Vec::new(),
    };
    faults.extend(
        missing.into_iter().map(|span| (span, "a chart is not the drawing that was made of its table".to_owned())),
    );
    faults
}

/// The places of the charts of the text and of the notes, each with its drawing.
type Drawings<'a> = [&'a [(Span, &'a str)]; 2];

/// Charts that are not shown in their order: those of the text are, and those of the
/// notes, wherever the notes are.
fn missing<T>(wanted: [Vec<(Span, T)>; 2], mut shown: Vec<T>, is_same: impl Fn(&T, &T) -> bool) -> Vec<Span> {
    let mut missing = Vec::new();
    for part in wanted {
        let mut from = 0;
        for (span, drawing) in part {
            match shown.iter().skip(from).position(|shown| is_same(shown, &drawing)) {
                Some(at) => {
                    from += at;
                    shown.remove(from);
                }
                None => missing.push(span),
            }
        }
    }
    missing
}

/// Charts whose bars or lines none of the forms that a file paints has in their places.
fn redrawn(drawings: Drawings, painted: &[Vec<Painted>]) -> Vec<Span> {
    let shown = painted.iter().map(|painted| Shapes::painted(painted)).collect();
    let shapes = |svg: &str| read(svg).map(Drawn::shapes).unwrap_or_default();
    let wanted = drawings.map(|part| part.iter().map(|(span, svg)| (*span, shapes(svg))).collect());
    missing(wanted, shown, Shapes::is_near)
}

/// Charts in whose place an edition shows another drawing, or none.
fn replaced(drawings: Drawings, shown: Vec<String>) -> Vec<Span> {
    let address = |svg: &str| format!("{SVG_ADDRESS}{}", STANDARD.encode(svg));
    let wanted = drawings.map(|part| part.iter().map(|(span, svg)| (*span, address(svg))).collect());
    missing(wanted, shown, |one, other| one == other)
}

/// The drawings in attributes and strings of a file.
fn addresses(file: &str) -> Vec<String> {
    let drawings = file.split(SVG_ADDRESS).skip(1);
    drawings.map(|rest| format!("{SVG_ADDRESS}{}", rest.split('"').next().unwrap_or_default())).collect()
}

/// The bars and lines of a chart, point by point, and the words beside its axis.
#[derive(Debug, Default, PartialEq)]
struct Shapes {
    /// Without spaces, which fonts say in several ways.
    marks: String,
    bars: Vec<[f64; 4]>,
    lines: Vec<Vec<Point>>,
}

impl Shapes {
    /// The shapes after the first line of the grid.
    fn painted(painted: &[Painted]) -> Shapes {
        let (mut bars, mut lines, mut begun) = (Vec::new(), Vec::new(), false);
        let mut marks = String::new();
        for part in painted {
            match part {
                Painted::Filled(parts) if begun => bars.extend(parts.iter().filter_map(|part| rectangle(part))),
                Painted::Stroked { width, parts } if *width > GRID_WIDTH => {
                    if begun {
                        lines.extend(parts.iter().filter(|part| part.len() > 1).cloned());
                    }
                }
                Painted::Stroked { parts, .. } => begun |= matches!(parts.as_slice(), [part] if part.len() == 2),
                Painted::Shown(text) if begun => marks.extend(text.chars().filter(|c| !c.is_whitespace())),
                Painted::Filled(_) | Painted::Shown(_) => {}
            }
        }
        // Squares mark the points of lines.
        if !lines.is_empty() {
            bars.clear();
        }
        Shapes { marks, bars, lines }
    }

    fn is_near(&self, other: &Shapes) -> bool {
        let near = |one: f64, other: f64| (one - other).abs() <= ROUNDING;
        let points = |one: &Vec<Point>, other: &Vec<Point>| {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| near(one.0, other.0) && near(one.1, other.1))
        };
        let bars = |(one, other): (&[f64; 4], &[f64; 4])| one.iter().zip(other).all(|(one, other)| near(*one, *other));
        self.marks.starts_with(&other.marks)
            && self.bars.len() == other.bars.len()
            && self.lines.len() == other.lines.len()
            && self.bars.iter().zip(&other.bars).all(bars)
            && self.lines.iter().zip(&other.lines).all(|(one, other)| points(one, other))
    }
}

/// Left edge, top, width and height of four corners, where they are a rectangle's.
fn rectangle(part: &[Point]) -> Option<[f64; 4]> {
    let [one, two, three, four] = *part else { return None };
    let (left, top) = (one.0.min(three.0), one.1.min(three.1));
    let (right, bottom) = (one.0.max(three.0), one.1.max(three.1));
    let on_edges = [two, four].iter().all(|(x, y)| {
        let on = |value: f64, edge: f64| (value - edge).abs() <= ROUNDING;
        (on(*x, left) || on(*x, right)) && (on(*y, top) || on(*y, bottom))
    });
    on_edges.then_some([left, top, right - left, bottom - top])
}

struct Finder<'a> {
    document: &'a Resolved,
    format: Format,
    /// Charts that the format shows, in order.
    drawings: Vec<(Span, &'a str)>,
    faults: Vec<(Span, String)>,
}

impl Visit<ResolvedStage> for Finder<'_> {
    fn block(&mut self, block: &RBlock) {
        let BlockKind::Group(children) = &block.kind else { return };
        let [figure, Block { kind: BlockKind::Table(table), .. }] = children.as_slice() else { return };
        let Some(svg) = self.drawing(figure) else { return };
        self.drawings.push((block.span, svg));
        if let Err(fault) = compare(svg, table, &self.document.language.tag) {
            self.faults.push((block.span, fault));
        }
    }

    fn stage_block(&mut self, block: &ResolvedBlock) {
        match block {
            ResolvedBlock::Section(section) => walk_blocks(&section.blocks, self),
            ResolvedBlock::ForFormats { formats, blocks } if formats.contains(&self.format) => {
                walk_blocks(blocks, self);
            }
            ResolvedBlock::Changed { block, .. } => walk_blocks(std::slice::from_ref(block), self),
            ResolvedBlock::ForFormats { .. } | ResolvedBlock::NumberedParagraph { .. } | ResolvedBlock::Listing(_) => {}
        }
    }
}

impl<'a> Finder<'a> {
    /// The drawing of a chart's figure.
    fn drawing(&self, figure: &RBlock) -> Option<&'a str> {
        let BlockKind::Figure(figure) = &figure.kind else { return None };
        let [Block { kind: BlockKind::Paragraph(content), .. }] = figure.blocks.as_slice() else { return None };
        let [image] = content.as_slice() else { return None };
        let InlineKind::Image(image) = &image.kind else { return None };
        let picture = self.document.pictures.get(image.picture)?;
        std::str::from_utf8(&picture.bytes).ok().filter(|_| picture.path.starts_with("chart-"))
    }
}

/// The shown values of a chart.
#[derive(Debug, Default)]
struct Drawn {
    /// Height and words of each mark on the axis of values.
    marks: Vec<(f64, String)>,
    /// Left edge, top, width and height of each bar.
    bars: Vec<[f64; 4]>,
    /// The points of each line, part by part.
    lines: Vec<Vec<Vec<Point>>>,
}

impl Drawn {
    /// Its visible shapes: without bars of no height and lines of one point.
    fn shapes(self) -> Shapes {
        let bars = self.bars.into_iter().filter(|[_, _, width, height]| *width > 0.0 && *height > 0.0).collect();
        let lines = self.lines.into_iter().flatten().filter(|part| part.len() > 1).collect();
        let words = self.marks.iter().flat_map(|(_, words)| words.chars());
        Shapes { marks: words.filter(|c| !c.is_whitespace()).collect(), bars, lines }
    }
}

fn compare(svg: &str, table: &Table<ResolvedStage>, lang: &str) -> Result<(), String> {
    let drawn = read(svg).ok_or("the drawing of a chart cannot be read")?;
    let wanted = columns(table, lang).ok_or("the table of a chart holds what is no number")?;
    let Some(axis) = Axis::from_marks(&drawn.marks, lang) else { return Ok(()) };
    let rows = wanted.iter().map(Vec::len).max().unwrap_or(0);
    let by_series: Vec<f64> = wanted.iter().flatten().copied().flatten().collect();
    if drawn.lines.is_empty() {
        let found: Vec<f64> = drawn.bars.iter().map(|[_, top, _, height]| axis.length(*top, *height)).collect();
        let stacked = drawn.bars.iter().zip(drawn.bars.iter().skip(1)).any(|([one, ..], [next, ..])| one == next);
        let cell = |row: usize| wanted.iter().filter_map(move |column| column.get(row).copied().flatten());
        let by_row = || (0..rows).flat_map(cell).collect();
        return axis.same(if stacked { by_row() } else { by_series }, &found);
    }
    let found: Vec<f64> = drawn.lines.iter().flatten().flatten().map(|(_, y)| axis.value(*y)).collect();
    // Lines may lie on top of one another.
    axis.same(by_series, &found).or_else(|fault| axis.same(summed(&wanted), &found).map_err(|_| fault))
}

/// The values of series that are on top of one another.
fn summed(columns: &[Vec<Option<f64>>]) -> Vec<f64> {
    let mut below = vec![0.0; columns.iter().map(Vec::len).max().unwrap_or(0)];
    let mut all = Vec::new();
    for column in columns {
        for (value, below) in column.iter().zip(&mut below) {
            if let Some(value) = value {
                *below += value;
                all.push(*below);
            }
        }
    }
    all
}

/// The axis of values: a value for each height.
struct Axis {
    zero: f64,
    /// Value of one pixel upwards.
    pixel: f64,
}

impl Axis {
    fn from_marks(marks: &[(f64, String)], lang: &str) -> Option<Axis> {
        let figures: Vec<(f64, Figure)> = marks
            .iter()
            .filter_map(|(y, words)| match number::read(words) {
                Written::Figure(figure) => Some((*y, figure)),
                Written::Nothing | Written::Words => None,
            })
            .collect();
        let all: Vec<&Figure> = figures.iter().map(|(_, figure)| figure).collect();
        let point = number::point(&all, Signs::for_language(lang)).unwrap_or(Signs::for_language(lang).point);
        let ((low_y, low), (high_y, high)) = (figures.first()?, figures.last()?);
        let (low, high) = (low.value(point)?, high.value(point)?);
        let pixel = (high - low) / (low_y - high_y);
        (pixel.is_finite() && pixel > 0.0).then(|| Axis { zero: low_y + low / pixel, pixel })
    }

    fn value(&self, y: f64) -> f64 {
        (self.zero - y) * self.pixel
    }

    /// The value of a bar, which hangs down if it is negative.
    fn length(&self, top: f64, height: f64) -> f64 {
        let middle = self.value(top + height / 2.0);
        if middle < 0.0 { -height * self.pixel } else { height * self.pixel }
    }

    fn same(&self, wanted: Vec<f64>, found: &[f64]) -> Result<(), String> {
        if wanted.len() != found.len() {
            return Err(format!("a chart draws {} values where its table has {}", found.len(), wanted.len()));
        }
        let near = |(one, other): &(&f64, &f64)| (*one - *other).abs() <= ROUNDING * self.pixel + one.abs() * 1e-9;
        match wanted.iter().zip(found).find(|pair| !near(pair)) {
            Some((wanted, found)) => Err(format!("a chart draws {found:.3} where its table has {wanted}")),
            None => Ok(()),
        }
    }
}

/// The values of the table's columns after the first.
fn columns(table: &Table<ResolvedStage>, lang: &str) -> Option<Vec<Vec<Option<f64>>>> {
    let mut columns = Vec::new();
    for at in 1..table.columns.len() {
        let mut figures = Vec::new();
        for row in &table.body {
            let words = row.cells.get(at).and_then(|cell| match cell.blocks.as_slice() {
                [Block { kind: BlockKind::Paragraph(content), .. }] => Some(plain_text(content)),
                _ => None,
            });
            figures.push(match number::read(&words.unwrap_or_default()) {
                Written::Figure(figure) => Some(figure),
                Written::Nothing => None,
                Written::Words => return None,
            });
        }
        let all: Vec<&Figure> = figures.iter().flatten().collect();
        let point = number::point(&all, Signs::for_language(lang)).ok()?;
        columns.push(figures.iter().map(|figure| figure.as_ref().and_then(|figure| figure.value(point))).collect());
    }
    Some(columns)
}

/// Reads a drawing. Background and legend come before the first line, then a line and words for
/// each mark, the names, and the values.
fn read(svg: &str) -> Option<Drawn> {
    let mut drawn = Drawn::default();
    let mut reader = XmlReader::from_str(svg);
    let mut line = None;
    let mut begun = false;
    loop {
        match reader.read_event().ok()? {
            Event::Empty(element) | Event::Start(element) => match element.name().as_ref() {
                "line" => {
                    begun = true;
                    line = Some(length(&element, "y1")?);
                }
                "rect" if begun => {
                    let side = |name: &str| length(&element, name);
                    drawn.bars.push([side("x")?, side("y")?, side("width")?, side("height")?]);
                }
                "path" if begun && attribute(&element, "stroke-dasharray").is_some() => {
                    drawn.lines.push(points(&attribute(&element, "d")?)?);
                }
                _ => {}
            },
            Event::Text(words) => {
                if let Some(y) = line.take() {
                    let words = words.xml_content(quick_xml::XmlVersion::Implicit1_0);
                    drawn.marks.push((y, words.into_owned()));
                }
            }
            Event::Eof => return Some(drawn),
            _ => {}
        }
    }
}

/// The points of a path of straight lines, part by part.
fn points(path: &str) -> Option<Vec<Vec<Point>>> {
    let point = |written: &str| {
        let (x, y) = written.split_once(' ')?;
        Some((x.parse().ok()?, y.trim().parse().ok()?))
    };
    path.split('M').skip(1).map(|part| part.split('L').map(point).collect()).collect()
}

fn length(element: &BytesStart, name: &str) -> Option<f64> {
    attribute(element, name)?.parse().ok()
}

fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok().flatten()?;
    quick_xml::escape::unescape(&attribute.value).ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Drawn, points, read};

    const DRAWING: &str = "<svg><rect width=\"100%\" height=\"100%\"/>\
        <line x1=\"0\" y1=\"100\" x2=\"9\" y2=\"100\"/><text x=\"0\" y=\"104\">0</text>\
        <line x1=\"0\" y1=\"0\" x2=\"9\" y2=\"0\"/><text x=\"0\" y=\"4\">1,000</text>\
        <text x=\"5\" y=\"120\">2024</text><rect x=\"3\" y=\"50\" width=\"4\" height=\"50\"/></svg>";

    #[test]
    fn bars_are_measured_against_the_axis() {
        let Drawn { marks, bars, lines } = read(DRAWING).unwrap();
        assert_eq!(marks, [(100.0, "0".to_owned()), (0.0, "1,000".to_owned())]);
        assert_eq!((bars, lines.len()), (vec![[3.0, 50.0, 4.0, 50.0]], 0));
        let axis = super::Axis::from_marks(&marks, "en-GB").unwrap();
        assert!((axis.length(50.0, 50.0) - 500.0).abs() < 1e-9);
        assert!(axis.same(vec![500.0], &[axis.length(50.0, 50.0)]).is_ok());
        assert!(axis.same(vec![0.5], &[axis.length(50.0, 50.0)]).is_err());
        assert!(axis.same(vec![], &[axis.length(50.0, 50.0)]).is_err());
    }

    #[test]
    fn points_of_a_line_with_a_gap() {
        assert_eq!(points("M1 2L3 4.5M5 6"), Some(vec![vec![(1.0, 2.0), (3.0, 4.5)], vec![(5.0, 6.0)]]));
    }
}
