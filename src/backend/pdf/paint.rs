//! Frames to content streams.

use super::code::Code;
use super::content::{Content, Dash};
use super::font::{Coded, EM, FontUse, NOT_DEFINED, is_private};
use super::picture::Matrix;
use super::structure::Structure;
use super::syntax::nearest;
use crate::layout::font::{FontBook, FontIndex};
use crate::layout::frame::{Glyph, GlyphRun, Item, ItemKind, LinkArea, Mark, PlacedPage, Rect, Shift, TagId};
use std::collections::BTreeMap;
use std::ops::Range;

/// Text of a discretionary hyphen (ISO 32000-1, 14.8.2.2.3): text extraction joins the word's
/// halves.
const SOFT_HYPHEN: &str = "\u{AD}";
/// Text of a glyph that adds nothing to its cluster, such as the dots of an Arabic letter: a word
/// joiner, which is invisible and separates nothing.
pub const NO_CHARACTER: &str = "\u{2060}";
/// Letters beside these are joined, parted or turned, and are all that is shown.
const JOINERS: [char; 5] = ['\u{200C}', '\u{200D}', '\u{AD}', '\u{34F}', '\u{61C}'];
/// Characters that no code may stand for.
pub const UNMAPPED: [char; 3] = ['\0', '\u{FEFF}', '\u{FFFE}'];
/// Text of a private-use character, which has no public meaning.
pub const UNKNOWN: &str = "\u{FFFD}";
/// How far text reaches above and below its baseline, in font sizes; for the
/// bounding boxes of figures only.
const ASCENT: f32 = 0.8;
const DESCENT: f32 = 0.25;

/// Minimum gap, in thousandths of an em; smaller ones are dropped.
const LEAST_GAP: f32 = 0.5;

/// A page, painted.
#[derive(Debug)]
pub struct PaintedPage {
    pub content: Vec<u8>,
    /// The leaf that each marked-content id belongs to.
    pub marks: Vec<TagId>,
    pub links: Vec<LinkArea>,
}

/// The pictures that can be shown, and how each is rotated to be upright.
pub type Pictures = BTreeMap<usize, Option<Matrix>>;

/// Paints the pages of one document in order.
pub struct Painter<'a> {
    book: &'a FontBook,
    structure: &'a Structure<'a>,
    pictures: &'a Pictures,
    /// Fonts in use.
    pub fonts: BTreeMap<FontIndex, FontUse<'a>>,
    /// Page and bounding box of each figure.
    pub figures: BTreeMap<TagId, (usize, Rect)>,
    /// Buffer for the glyphs of a run.
    room: Vec<Glyph>,
}

/// The open marked-content sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct OpenMark {
    kind: MarkKind,
    /// Sequences cannot cross the border of a text object.
    in_text: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkKind {
    Layout,
    Header,
    Footer,
    Content(TagId),
}

/// A page's content stream.
struct PageStream {
    content: Content,
    open: Option<OpenMark>,
    marks: Vec<TagId>,
}

impl<'a> Painter<'a> {
    /// Paints pages with the fonts of a book; `structure` says which tag each mark has.
    pub fn new(book: &'a FontBook, structure: &'a Structure<'a>, pictures: &'a Pictures) -> Self {
        Self { book, structure, pictures, fonts: BTreeMap::new(), figures: BTreeMap::new(), room: Vec::new() }
    }

    /// Paints a page.
    pub fn page(&mut self, number: usize, page: &PlacedPage) -> PaintedPage {
        let mut stream = PageStream { content: Content::new(page.height), open: None, marks: Vec::new() };
        let mut links = Vec::new();
        for item in &page.items {
            if let ItemKind::Link(link) = &item.kind {
                links.push(LinkArea { tag: page.tag(link.tag), ..LinkArea::clone(link) });
                continue;
            }
            self.item(&mut stream, page, item);
            self.note_figure((number, page), item);
        }
        stream.close();
        PaintedPage { content: stream.content.finish(), marks: stream.marks, links }
    }

    fn item(&mut self, stream: &mut PageStream, page: &PlacedPage, item: &Item) {
        let kind = match item.mark {
            Mark::Layout => MarkKind::Layout,
            Mark::Pagination if top(&item.kind) < page.height / 2.0 => MarkKind::Header,
            Mark::Pagination => MarkKind::Footer,
            Mark::Content(leaf) => MarkKind::Content(page.tag(leaf)),
        };
        match &item.kind {
            ItemKind::Glyphs(run) => {
                stream.mark(OpenMark { kind, in_text: true }, self.structure);
                self.run(&mut stream.content, run);
            }
            ItemKind::Rectangle { area, color, radius } => {
                stream.mark(OpenMark { kind, in_text: false }, self.structure);
                stream.content.fill_rectangle(*area, *color, *radius);
            }
            ItemKind::Line { from, to, width, color, dashed } => {
                stream.mark(OpenMark { kind, in_text: false }, self.structure);
                let dash = if *dashed { Dash::Dashed } else { Dash::Solid };
                stream.content.stroke_line(*from, *to, *width, *color, dash);
            }
            ItemKind::Picture { picture, area } => {
                let Some(turn) = self.pictures.get(picture) else { return };
                stream.mark(OpenMark { kind, in_text: false }, self.structure);
                stream.content.paint_object(&super::picture::resource(*picture).0, *area, *turn);
            }
            // An area to click shows nothing.
            ItemKind::Link(_) => {}
        }
    }

    /// Remembers where a figure is, for its BBox (ISO 32000-1, table 344).
    fn note_figure(&mut self, (number, page): (usize, &PlacedPage), item: &Item) {
        let Mark::Content(leaf) = item.mark else { return };
        let Some(figure) = self.structure.figure_of(page.tag(leaf)) else { return };
        let area = extent(&item.kind);
        self.figures
            .entry(figure)
            .and_modify(|(first, whole)| {
                if *first == number {
                    *whole = union(*whole, area);
                }
            })
            .or_insert((number, area));
    }

    fn run(&mut self, content: &mut Content, run: &GlyphRun) {
        let Some(face) = self.book.face(run.font).filter(|_| run.size > 0.0) else { return };
        let font = self.fonts.entry(run.font).or_insert_with(|| FontUse::new(face));
        content.begin_run(run.origin, usize::from(run.font.0), run.size, run.color, run.stretch);
        let glyphs = Reading { run, glyphs: run.glyphs.each(run.size, &mut self.room) };
        // Content is in reading order (ISO 32000-1, 14.8.2.3.1), so the pen
        // goes to the left where the text does.
        let width: f32 = if run.rtl { glyphs.glyphs.iter().map(|glyph| glyph.advance).sum() } else { 0.0 };
        let unit = EM / run.size;
        let word_spacing = word_spacing(font, &glyphs).map_or(0.0, |spacing| content.set_word_spacing(spacing));
        let mut pen =
            Pen { unit, leftward: run.rtl, word_spacing: word_spacing * unit, ideal: width * unit, written: 0.0 };
        let mut start = 0;
        loop {
            start += show_ascii(content, font, &mut pen, &glyphs, start);
            let Some(first) = glyphs.get(start) else { break };
            let shared =
                (start..).map_while(|place| glyphs.get(place)).take_while(|glyph| glyph.cluster == first.cluster);
            let end = start + shared.count();
            show_cluster(content, font, &mut pen, &glyphs, start..end);
            start = end;
        }
        content.flush();
    }
}

/// How much wider than in the font the first space of a run is, in points; the
/// others are, too. `None` for a run without any.
fn word_spacing(font: &FontUse, Reading { run, glyphs }: &Reading) -> Option<f32> {
    let (space, width) = font.space()?;
    let first = glyphs.iter().find(|glyph| glyph.id == space)?;
    Some(first.advance - width * run.size / EM)
}

/// The glyphs of a run in reading order.
struct Reading<'a> {
    run: &'a GlyphRun,
    /// Glyphs from left to right.
    glyphs: &'a [Glyph],
}

impl<'a> Reading<'a> {
    fn get(&self, place: usize) -> Option<&'a Glyph> {
        self.glyphs.get(self.index(place)?)
    }

    /// The offset of a glyph from the pen.
    fn shift(&self, place: usize) -> Shift {
        self.index(place).and_then(|index| self.run.glyphs.shifts().get(index)).copied().unwrap_or_default()
    }

    /// Where a glyph is among those of the run.
    fn index(&self, place: usize) -> Option<usize> {
        if self.run.rtl { self.glyphs.len().checked_sub(place + 1) } else { Some(place) }
    }

    /// Whether a cluster that runs from right to left has its marks before its letter: so
    /// stand those of a script that runs from left to right and was turned round.
    fn is_turned(&self, place: &Range<usize>) -> bool {
        let advance = |place: usize| self.get(place).map_or(0.0, |glyph| glyph.advance);
        self.run.rtl && place.len() > 1 && advance(place.start) <= 0.0 && advance(place.end - 1) > 0.0
    }

    /// The text of the glyphs in a range, which share a cluster.
    fn text(&self, place: &Range<usize>) -> &'a str {
        let from = self.get(place.start).map_or(0, |glyph| glyph.cluster as usize);
        let next = (place.end..).map_while(|place| self.get(place)).find(|glyph| glyph.cluster != Glyph::NO_TEXT);
        let to = next.map_or(self.run.text.len(), |glyph| glyph.cluster as usize);
        self.run.text.get(from..to).unwrap_or_default()
    }
}

/// Where the pen is, in thousandths of an em from the run's start.
struct Pen {
    /// Thousandths of an em in a point.
    unit: f32,
    leftward: bool,
    /// How much wider spaces are than in the font.
    word_spacing: f32,
    /// Where the layout wants it.
    ideal: f32,
    /// Where the operators written so far have brought it.
    written: f32,
}

impl Pen {
    fn show(&mut self, content: &mut Content, glyph: &Glyph, shift: Shift, coded: Coded) {
        let advance = glyph.advance * self.unit;
        if self.leftward {
            self.ideal -= advance;
        }
        content.set_rise(if shift.y == 0 { 0.0 } else { f32::from(shift.y) / self.unit });
        self.show_code(content, f32::from(shift.x), coded);
        if !self.leftward {
            self.ideal += advance;
        }
    }

    /// Shows a code that far from where the layout wants the pen.
    #[inline]
    fn show_code(&mut self, content: &mut Content, shift: f32, coded: Coded) {
        let gap = self.written - self.ideal - shift;
        if gap.abs() >= LEAST_GAP {
            let gap = nearest(gap);
            content.adjust(gap);
            self.written -= gap as f32;
        }
        if let Some(code) = coded.code {
            content.show(code);
            self.written += coded.width;
            if code == Code::SPACE {
                self.written += self.word_spacing;
            }
        }
    }
}

/// Shows glyphs from one on that each stand for an ASCII character alone and
/// have nothing special about them, as nearly all do; returns how many.
fn show_ascii(content: &mut Content, font: &mut FontUse, pen: &mut Pen, all: &Reading, start: usize) -> usize {
    let Reading { run, glyphs } = all;
    if run.rtl || !run.glyphs.shifts().is_empty() {
        return 0;
    }
    let text = run.text.as_bytes();
    let glyphs = glyphs.get(start..).unwrap_or_default();
    content.set_rise(0.0);
    let mut shown = 0;
    while let Some(glyph) = glyphs.get(shown) {
        let place = usize::from(glyph.cluster);
        let end = glyphs.get(shown + 1).map_or(text.len(), |next| usize::from(next.cluster));
        let character = text.get(place).filter(|byte| byte.is_ascii() && end == place + 1);
        let coded = character.filter(|_| glyph.id != NOT_DEFINED).and_then(|byte| font.encode_ascii(glyph.id, *byte));
        let Some(coded) = coded else { break };
        pen.show_code(content, 0.0, coded);
        pen.ideal += glyph.advance * pen.unit;
        shown += 1;
    }
    shown
}

/// Shows the glyphs of one cluster so that copying them gives its text.
fn show_cluster(content: &mut Content, font: &mut FontUse, pen: &mut Pen, glyphs: &Reading, place: Range<usize>) {
    let cluster = || place.clone().filter_map(|place| Some((glyphs.get(place)?, glyphs.shift(place))));
    if cluster().any(|(glyph, _)| glyph.cluster == Glyph::NO_TEXT) {
        for (glyph, shift) in cluster() {
            let coded = font.encode(glyph.id, SOFT_HYPHEN);
            let other = !font.says(coded, SOFT_HYPHEN);
            if other {
                content.begin_actual_text(SOFT_HYPHEN);
            }
            pen.show(content, glyph, shift, coded);
            if other {
                content.end_marked();
            }
        }
        return;
    }
    // Space that the line end swallowed has no glyph, but words must not run
    // together for those who listen.
    let whole = glyphs.text(&place);
    let (text, swallowed) = match whole.strip_suffix(' ') {
        Some(rest) if !rest.is_empty() => (rest, font.space().map(|(glyph, _)| glyph)),
        _ => (whole, None),
    };
    // These must not be in a ToUnicode table (ISO 19005-2, 6.2.11.7.2), and
    // show nothing.
    let mapped: String;
    let text = if text.contains(UNMAPPED) {
        mapped = text.replace(UNMAPPED, "");
        &mapped
    } else {
        text
    };
    // ToUnicode says what a glyph means; ActualText is for what it cannot say.
    let private = is_private(text);
    // A joiner has no glyph of its own.
    let one_to_one = place.len() == text.chars().count() && !text.contains(JOINERS);
    // The glyph that says the whole where not each says a character.
    let teller = if glyphs.is_turned(&place) { place.len() - 1 } else { 0 };
    let one_to_one = one_to_one && teller == 0;
    let explained = private || cluster().any(|(glyph, _)| glyph.id == NOT_DEFINED);
    if explained {
        content.begin_actual_text(text);
    }
    let mut characters = text.char_indices();
    for (number, (glyph, shift)) in cluster().enumerate() {
        let meaning = match characters.next() {
            _ if private => UNKNOWN,
            Some((start, character)) if one_to_one => text.get(start..start + character.len_utf8()).unwrap_or(text),
            _ if number == teller && !text.is_empty() => text,
            _ => NO_CHARACTER,
        };
        let id = if glyph.id == NOT_DEFINED { font.stand_in().unwrap_or(NOT_DEFINED) } else { glyph.id };
        let coded = font.encode(id, meaning);
        // Readers that mind ActualText need not even hear of the joiner.
        let silent = meaning == NO_CHARACTER && !explained;
        let other = !explained && !font.says(coded, meaning);
        if silent || other {
            content.begin_actual_text(if silent { "" } else { meaning });
        }
        pen.show(content, glyph, shift, coded);
        if silent || other {
            content.end_marked();
        }
    }
    if explained {
        content.end_marked();
    }
    if let Some(space) = swallowed {
        let coded = font.encode(space, " ");
        let glyph = Glyph { id: space, cluster: 0, advance: coded.width / pen.unit };
        pen.show(content, &glyph, Shift::default(), coded);
    }
}

impl PageStream {
    /// Makes `mark` the open one.
    fn mark(&mut self, mark: OpenMark, structure: &Structure) {
        if self.open == Some(mark) {
            return;
        }
        self.close();
        if mark.in_text {
            self.content.enter_text();
        } else {
            self.content.end_text();
        }
        match mark.kind {
            MarkKind::Layout => self.content.begin_marked("Artifact", "<</Type/Layout>>"),
            MarkKind::Header => {
                self.content.begin_marked("Artifact", "<</Type/Pagination/Subtype/Header/Attached[/Top]>>");
            }
            MarkKind::Footer => {
                self.content.begin_marked("Artifact", "<</Type/Pagination/Subtype/Footer/Attached[/Bottom]>>");
            }
            MarkKind::Content(leaf) => {
                let id = self.marks.len();
                self.marks.push(leaf);
                self.content.begin_marked(structure.type_of_leaf(leaf), &format!("<</MCID {id}>>"));
            }
        }
        self.open = Some(mark);
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.content.end_marked();
        }
    }
}

/// Upper edge of what an item paints.
fn top(kind: &ItemKind) -> f32 {
    extent(kind).y
}

/// The box that an item paints in.
fn extent(kind: &ItemKind) -> Rect {
    match kind {
        ItemKind::Glyphs(run) => Rect {
            x: run.origin.x,
            y: run.origin.y - run.size * ASCENT,
            width: run.each().iter().map(|glyph| glyph.advance * run.stretch).sum(),
            height: run.size * (ASCENT + DESCENT),
        },
        ItemKind::Rectangle { area, .. } | ItemKind::Picture { area, .. } => *area,
        ItemKind::Link(link) => link.area,
        ItemKind::Line { from, to, width, .. } => Rect {
            x: from.x.min(to.x) - width / 2.0,
            y: from.y.min(to.y) - width / 2.0,
            width: (from.x - to.x).abs() + width,
            height: (from.y - to.y).abs() + width,
        },
    }
}

fn union(a: Rect, b: Rect) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect { x, y, width: (a.x + a.width).max(b.x + b.width) - x, height: (a.y + a.height).max(b.y + b.height) - y }
}
