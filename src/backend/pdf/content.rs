//! Content streams: operators written straight to bytes, and only where the
//! graphics state changes (ISO 32000-1, 8 and 9).

use super::code::Code;
use super::syntax::{
    NUMBER_SCALE, hundredths, push_hundredths, push_integer, push_number, push_text, push_thousandths, thousandths,
};
use crate::layout::frame::{Color, Point, Rect};
use crate::theme::Pt;

/// How far a control point of a quarter circle lies from its end, in radii.
const CIRCLE: f32 = 0.552_285;
/// Percent, the unit of horizontal scaling.
const PERCENT: f32 = 100.0;
const COLOR_MAXIMUM: f32 = 255.0;
/// Length and gap of a dashed line, in line widths.
const DASH: f32 = 3.0;

/// The content stream of one page, as it grows.
#[derive(Debug)]
pub struct Content {
    bytes: Vec<u8>,
    page_height: Pt,
    in_text: bool,
    fill: Color,
    stroke: Color,
    line_width: Pt,
    font: Option<(usize, Pt)>,
    scaling: f32,
    rise: Pt,
    /// Word spacing in thousandths of a point.
    word_spacing: i64,
    /// Start of the current line in hundredths of a point.
    line: (i64, i64),
    showing: Showing,
}

/// State of the operator that shows glyphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Showing {
    Nothing,
    /// Inside a string of an array of strings and adjustments.
    String,
    /// After an adjustment in such an array.
    Adjustment,
}

impl Content {
    /// An empty stream. `page_height` turns our downward y into PDF's upward one.
    pub fn new(page_height: Pt) -> Self {
        Self {
            bytes: Vec::new(),
            page_height,
            in_text: false,
            fill: Color::default(),
            stroke: Color::default(),
            line_width: 1.0,
            font: None,
            scaling: 1.0,
            rise: 0.0,
            word_spacing: 0,
            line: (0, 0),
            showing: Showing::Nothing,
        }
    }

    /// The finished stream.
    pub fn finish(mut self) -> Vec<u8> {
        self.end_text();
        self.bytes
    }

    /// Opens a marked-content sequence; `properties` is a dictionary.
    pub fn begin_marked(&mut self, tag: &str, properties: &str) {
        self.flush();
        self.bytes.push(b'/');
        self.bytes.extend_from_slice(tag.as_bytes());
        self.bytes.extend_from_slice(properties.as_bytes());
        self.operator(if properties.is_empty() { " BMC" } else { "BDC" });
    }

    /// Opens a sequence whose content stands for other text.
    pub fn begin_actual_text(&mut self, text: &str) {
        self.flush();
        self.bytes.extend_from_slice(b"/Span<</ActualText");
        push_text(&mut self.bytes, text);
        self.operator(">>BDC");
    }

    /// Closes the innermost marked-content sequence.
    pub fn end_marked(&mut self) {
        self.flush();
        self.operator("EMC");
    }

    /// Enters a text object and sets what the next glyphs need. A mark that
    /// is opened in a text object is closed in it.
    pub fn begin_run(&mut self, origin: Point, font: usize, size: Pt, color: Color, scaling: f32) {
        self.begin_text();
        if self.font != Some((font, size)) {
            self.font = Some((font, size));
            self.bytes.extend_from_slice(b"/F");
            push_integer(&mut self.bytes, font as i64);
            self.bytes.push(b' ');
            push_number(&mut self.bytes, size);
            self.operator(" Tf");
        }
        if self.fill != color {
            self.set_fill(color);
        }
        if self.scaling != scaling {
            self.scaling = scaling;
            push_number(&mut self.bytes, scaling * PERCENT);
            self.operator(" Tz");
        }
        let line = (hundredths(origin.x), hundredths(self.page_height - origin.y));
        push_hundredths(&mut self.bytes, line.0 - self.line.0);
        self.bytes.push(b' ');
        push_hundredths(&mut self.bytes, line.1 - self.line.1);
        self.operator(" Td");
        self.line = line;
    }

    /// Shows a code of the font.
    #[inline]
    pub fn show(&mut self, code: Code) {
        match self.showing {
            Showing::String => {}
            Showing::Adjustment => self.bytes.push(b'('),
            Showing::Nothing => self.bytes.extend_from_slice(b"[("),
        }
        self.showing = Showing::String;
        code.push(&mut self.bytes);
    }

    /// Moves the pen back by thousandths of an em.
    pub fn adjust(&mut self, amount: i64) {
        self.bytes.push(match self.showing {
            Showing::String => b')',
            Showing::Adjustment => b' ',
            Showing::Nothing => b'[',
        });
        self.showing = Showing::Adjustment;
        push_integer(&mut self.bytes, amount);
    }

    /// Lifts the next glyphs above the baseline.
    pub fn set_rise(&mut self, rise: Pt) {
        if self.rise != rise {
            self.flush();
            self.rise = rise;
            push_number(&mut self.bytes, rise);
            self.operator(" Ts");
        }
    }

    /// Widens the spaces that follow ([`Code::SPACE`]). Returns by how much it
    /// really does, which is a round number; in points.
    pub fn set_word_spacing(&mut self, spacing: Pt) -> Pt {
        let spacing = thousandths(spacing);
        if self.word_spacing != spacing {
            self.flush();
            self.word_spacing = spacing;
            push_thousandths(&mut self.bytes, spacing);
            self.operator(" Tw");
        }
        spacing as f32 / NUMBER_SCALE as f32
    }

    /// Ends the operator that shows glyphs.
    pub fn flush(&mut self) {
        match self.showing {
            Showing::Nothing => return,
            Showing::String => self.operator(")]TJ"),
            Showing::Adjustment => self.operator("]TJ"),
        }
        self.showing = Showing::Nothing;
    }

    fn begin_text(&mut self) {
        if !self.in_text {
            self.operator("BT");
            self.in_text = true;
            self.line = (0, 0);
        }
    }

    /// Leaves the text object, if there is one. Marks opened in it must be
    /// closed before.
    pub fn end_text(&mut self) {
        self.flush();
        if self.in_text {
            self.operator("ET");
            self.in_text = false;
        }
    }

    /// Makes sure that a mark opened next encloses text only.
    pub fn enter_text(&mut self) {
        self.begin_text();
    }

    /// Fills a rectangle, with round corners where `radius` is above zero.
    pub fn fill_rectangle(&mut self, area: Rect, color: Color, radius: Pt) {
        self.end_text();
        if self.fill != color {
            self.set_fill(color);
        }
        if radius > 0.0 {
            self.rounded(area, radius.min(area.width / 2.0).min(area.height / 2.0));
        } else {
            self.coordinates(&[area.x, self.page_height - area.y - area.height, area.width, area.height]);
            self.operator(" re");
        }
        self.operator("f");
    }

    fn rounded(&mut self, area: Rect, radius: Pt) {
        let (left, right) = (area.x, area.x + area.width);
        let (bottom, top) = (self.page_height - area.y - area.height, self.page_height - area.y);
        let inset = radius * (1.0 - CIRCLE);
        self.coordinates(&[left + radius, bottom]);
        self.operator(" m");
        let corners = [
            ([right - radius, bottom], [right - inset, bottom, right, bottom + inset, right, bottom + radius]),
            ([right, top - radius], [right, top - inset, right - inset, top, right - radius, top]),
            ([left + radius, top], [left + inset, top, left, top - inset, left, top - radius]),
            ([left, bottom + radius], [left, bottom + inset, left + inset, bottom, left + radius, bottom]),
        ];
        for (side, corner) in corners {
            self.coordinates(&side);
            self.operator(" l");
            self.coordinates(&corner);
            self.operator(" c");
        }
        self.operator("h");
    }

    /// Strokes a straight line.
    pub fn stroke_line(&mut self, from: Point, to: Point, width: Pt, color: Color, dash: Dash) {
        self.end_text();
        if self.stroke != color {
            self.stroke = color;
            self.color(color);
            self.operator(" RG");
        }
        if self.line_width != width {
            self.line_width = width;
            push_number(&mut self.bytes, width);
            self.operator(" w");
        }
        if dash == Dash::Dashed {
            self.bytes.push(b'[');
            push_number(&mut self.bytes, width * DASH);
            self.operator("]0 d");
        }
        self.coordinates(&[from.x, self.page_height - from.y]);
        self.operator(" m");
        self.coordinates(&[to.x, self.page_height - to.y]);
        self.operator(" l");
        self.operator("S");
        if dash == Dash::Dashed {
            self.operator("[]0 d");
        }
    }

    /// Paints an external object of the unit square into an area, turned
    /// within its square first.
    pub fn paint_object(&mut self, name: &str, area: Rect, turn: Option<[f32; 6]>) {
        self.end_text();
        self.operator("q");
        self.coordinates(&[area.width, 0.0, 0.0, area.height, area.x, self.page_height - area.y - area.height]);
        self.operator(" cm");
        if let Some(turn) = turn {
            self.coordinates(&turn);
            self.operator(" cm");
        }
        self.bytes.push(b'/');
        self.bytes.extend_from_slice(name.as_bytes());
        self.operator(" Do");
        self.operator("Q");
    }

    fn set_fill(&mut self, color: Color) {
        self.fill = color;
        self.color(color);
        self.operator(" rg");
    }

    fn color(&mut self, color: Color) {
        let channels = [color.red, color.green, color.blue].map(|channel| f32::from(channel) / COLOR_MAXIMUM);
        for (index, channel) in channels.into_iter().enumerate() {
            if index > 0 {
                self.bytes.push(b' ');
            }
            push_number(&mut self.bytes, channel);
        }
    }

    fn coordinates(&mut self, values: &[Pt]) {
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.bytes.push(b' ');
            }
            push_hundredths(&mut self.bytes, hundredths(*value));
        }
    }

    fn operator(&mut self, operator: &str) {
        self.bytes.extend_from_slice(operator.as_bytes());
        self.bytes.push(b'\n');
    }
}

/// How a line is stroked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dash {
    Solid,
    Dashed,
}
