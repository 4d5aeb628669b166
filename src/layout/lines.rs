//! Sets a paragraph's lines with placed glyphs, given its breaks.

mod decorate;

use super::breakpoint::{
    EXPANSION, Hyphens, Measure, Points, Position, SPACE_SHRINK, SPACE_STRETCH, Side, breakpoints, edge, protrusion,
};
use super::frame::{Glyph, GlyphRun, Item, ItemKind, LinkArea, Mark, Point, Rect, RunGlyphs, Shift, ShownGlyphs};
use super::glyphs::EachGlyph;
use super::linebreak::{BreakKind, Fill, Pass, Search, WhenInfeasible, total_fit};
use super::math::displayed;
use super::paragraph::{shape_paragraph, word_style};
use super::shape::Shaper;
use super::text::{After, Anchor, Decoration, InlineItem, InlineItemKind, InlinePicture, Paragraph, Prepared, Run};
use super::word::{ShapedWord, TextDirection};
use crate::source::Span;
use crate::theme::{Alignment, Pt};
use std::borrow::Cow;
use unicode_bidi::{BidiInfo, Level};

/// A line of a paragraph. Positions of items are relative to the line's left edge and baseline.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub items: Vec<Item>,
    /// Above the baseline, where more than the strut is needed (pictures).
    pub ascent: Pt,
    /// Below the baseline, where more than the strut is needed (formulas).
    pub descent: Pt,
    pub anchors: Vec<Anchor>,
    /// Width of its words and its indentation.
    pub width: Pt,
    /// The line ends inside a word.
    pub hyphenated: bool,
    /// The line is wider than its measure.
    pub overfull: bool,
}

/// The lines of a paragraph.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    pub lines: Vec<Line>,
    /// Characters without a glyph.
    pub missing: Vec<(char, Option<Span>)>,
}

/// First without hyphens, for the many paragraphs that need none.
const FIRST: Pass = Pass { tolerance: 1.0, emergency: 0.0, when_infeasible: WhenInfeasible::GiveUp };
/// Second pass: with hyphens, lines a little looser than they should be.
const SECOND: Pass = Pass { tolerance: 1.4, emergency: 0.0, when_infeasible: WhenInfeasible::GiveUp };
/// Spaces as wide as need be.
const LAST: Pass = Pass { tolerance: f64::INFINITY, emergency: 0.0, when_infeasible: WhenInfeasible::Overfull };
/// Stretch that lines get in the third pass, as a share of the measure.
const EMERGENCY_SHARE: f64 = 0.06;
/// How much of the measure may be before a hanging indent.
const HANG_SHARE: Pt = 0.5;
/// Room above a picture that is taller than the letters, in points.
const PICTURE_GAP: Pt = 3.0;
/// Room above and below a formula that is taller than the letters, in points.
const FORMULA_GAP: Pt = 1.0;
/// Maximum share of a line for a picture beside words.
const WIDE_PICTURE: Pt = 0.5;
/// How far lines of ragged text may differ, as a share of the measure.
const RAGGED_SHARE: f64 = 0.18;

/// Breaks a paragraph into lines of a width.
pub fn lines(paragraph: &Paragraph, measure: Pt, shaper: &mut Shaper) -> Lines {
    let paragraph = &*fit_pictures(paragraph, measure);
    let mut prepared = shape_paragraph(paragraph, shaper);
    if !paragraph.pictures.is_empty() {
        set_wide_pictures_apart(&mut prepared, measure);
    }
    if paragraph.formulas.iter().any(|formula| formula.displayed.is_some()) {
        let mut paragraph = paragraph.clone();
        display_formulas(&mut paragraph, &mut prepared, measure);
        return prepared_lines(&paragraph, &prepared, measure, shaper);
    }
    prepared_lines(paragraph, &prepared, measure, shaper)
}

/// Puts formulas on lines of their own into the middle of the measure, beside what else
/// their lines hold: their numbers.
fn display_formulas(paragraph: &mut Paragraph, prepared: &mut Prepared, measure: Pt) {
    let is_formula = |piece: &&InlineItem| matches!(piece.kind, InlineItemKind::Formula(_));
    let widths =
        |pieces: &[InlineItem]| pieces.iter().filter(|piece| !is_formula(piece)).map(|piece| piece.width).sum();
    let beside: Pt = widths(&prepared.pieces);
    let before: Pt = widths(prepared.pieces.split(|piece| is_formula(&piece)).next().unwrap_or_default());
    let side = match paragraph.direction {
        TextDirection::LeftToRight => before,
        TextDirection::RightToLeft => beside - before,
    };
    for piece in prepared.pieces.iter_mut() {
        let InlineItemKind::Formula(index) = piece.kind else { continue };
        let Some(formula) = paragraph.formulas.get_mut(index) else { continue };
        if let Some(parts) = formula.displayed.take() {
            formula.set = displayed(parts, measure, (beside, side), paragraph.strut.1);
            piece.width = formula.set.width;
        }
    }
}

/// Pictures as wide as they are asked to be, and none wider than a line.
fn fit_pictures(paragraph: &Paragraph, measure: Pt) -> Cow<'_, Paragraph> {
    let wanted = |picture: &InlinePicture| picture.share.map_or(picture.width, |share| measure * share).min(measure);
    if paragraph.pictures.iter().all(|picture| wanted(picture) == picture.width) {
        return Cow::Borrowed(paragraph);
    }
    let mut paragraph = paragraph.clone();
    for picture in &mut paragraph.pictures {
        let scale = wanted(picture) / picture.width;
        picture.width *= scale;
        picture.height *= scale;
    }
    Cow::Owned(paragraph)
}

/// A picture that takes most of a line gets one of its own, so that the words
/// before it end as a paragraph does and are not spread or squeezed for it.
fn set_wide_pictures_apart(prepared: &mut Prepared, measure: Pt) {
    let is_wide =
        |piece: &InlineItem| matches!(piece.kind, InlineItemKind::Picture(_)) && piece.width > measure * WIDE_PICTURE;
    let wide: Vec<usize> =
        prepared.pieces.iter().enumerate().filter(|(_, piece)| is_wide(piece)).map(|(index, _)| index).collect();
    for index in wide {
        // A space after a picture still belongs to the picture's line.
        let next = prepared.pieces.get(index + 1);
        let end = index + usize::from(next.is_some_and(|next| next.kind == InlineItemKind::Space));
        for end in index.checked_sub(1).into_iter().chain([end]) {
            if let Some(piece) = prepared.pieces.get_mut(end) {
                piece.after = After::Forced;
            }
        }
    }
}

/// Sets the lines of a paragraph that is already shaped.
pub fn prepared_lines(paragraph: &Paragraph, prepared: &Prepared, measure: Pt, shaper: &mut Shaper) -> Lines {
    let missing = prepared.missing.clone();
    if prepared.pieces.is_empty() {
        return Lines { lines: Vec::new(), missing };
    }
    let (points, breaks) = choose(paragraph, prepared, measure, shaper);
    let mut from = Position { last: 0, next: 0, inside: None };
    let mut lines = Vec::with_capacity(breaks.len());
    let mut anchors = paragraph.anchors.iter().peekable();
    let hang = hang(paragraph, prepared, measure);
    let decorated = paragraph.runs.iter().any(|run| run.style.decoration != Decoration::default());
    for (number, index) in breaks.iter().enumerate() {
        let Some((point, to)) = points.points.get(*index).zip(points.positions.get(*index)) else { break };
        let indent = if number == 0 { 0.0 } else { hang };
        let mut line = Setter { paragraph, prepared, measure, indent, decorated, shaper }.line(from, *to, point.kind);
        let end = to.inside.or(prepared.pieces.get(to.next).map(|piece| piece.start)).unwrap_or(usize::MAX);
        let last = number + 1 == breaks.len();
        while let Some((_, anchor)) = anchors.next_if(|(offset, _)| last || *offset < end) {
            line.anchors.push(anchor.clone());
        }
        lines.push(line);
        from = *to;
    }
    Lines { lines, missing }
}

/// The indentation of all lines but the first.
fn hang(paragraph: &Paragraph, prepared: &Prepared, measure: Pt) -> Pt {
    let lead = prepared.pieces.iter().take_while(|piece| piece.end <= paragraph.lead);
    Some(lead.map(|piece| piece.width).sum()).filter(|width| *width <= measure * HANG_SHARE).unwrap_or_default()
}

/// Runs the passes until one finds breaks. With a hanging indent, all lines have the width of the
/// indented ones, and the first starts before its own edge.
pub fn choose(paragraph: &Paragraph, prepared: &Prepared, measure: Pt, shaper: &mut Shaper) -> (Points, Vec<usize>) {
    let hang = hang(paragraph, prepared, measure);
    let measure = measure - hang;
    let width = f64::from(measure);
    let wide = Measure { width: measure, before: hang };
    let mut collect = |hyphens: Hyphens| breakpoints(paragraph, prepared, wide, hyphens, shaper);
    let fill = match paragraph.align {
        Alignment::Justify => Fill::Justified,
        Alignment::Start | Alignment::Center | Alignment::End => Fill::Ragged(width * RAGGED_SHARE),
    };
    let plain = collect(Hyphens::None);
    if let Some(breaks) = total_fit(&plain.points, width, fill, FIRST) {
        return (plain, breaks);
    }
    let third = Pass { emergency: width * EMERGENCY_SHARE, ..SECOND };
    match (fill, paragraph.hyphenate) {
        (Fill::Ragged(_), true) => {
            // Ends of lines are free: words are broken only where they do not fit.
            let whole = Pass { when_infeasible: WhenInfeasible::GiveUp, ..LAST };
            let breaks =
                [SECOND, third, whole].into_iter().find_map(|pass| total_fit(&plain.points, width, fill, pass));
            if let Some(breaks) = breaks {
                return (plain, breaks);
            }
            let points = collect(Hyphens::All);
            let breaks = total_fit(&points.points, width, Fill::Ragged(width), LAST);
            (points, breaks.unwrap_or_default())
        }
        (Fill::Justified, true) => {
            // Most words are where no line can end, and need not be hyphenated.
            let mut search = Search::new(width, fill, SECOND, plain.points.len() * 2);
            let points = collect(Hyphens::Near(&mut search));
            if let Some(breaks) = search.finish(&points.points) {
                return (points, breaks);
            }
            let points = collect(Hyphens::All);
            let breaks = [third, LAST].into_iter().find_map(|pass| total_fit(&points.points, width, fill, pass));
            (points, breaks.unwrap_or_default())
        }
        (Fill::Justified, false) | (Fill::Ragged(_), false) => {
            let breaks = [SECOND, third, LAST].into_iter().find_map(|pass| total_fit(&plain.points, width, fill, pass));
            (plain, breaks.unwrap_or_default())
        }
    }
}

impl Line {
    /// Takes a run of glyphs that ends.
    fn close(&mut self, run: Option<OpenRun>) {
        if let Some(OpenRun { origin, shown, text, mark, .. }) = run {
            let shown = ShownGlyphs { text: text.into_boxed_str(), ..shown };
            self.items.push(Item { mark, kind: ItemKind::Glyphs(GlyphRun::new(origin, shown)) });
        }
    }
}

impl Part {
    fn is_rtl(&self) -> bool {
        self.piece.level % 2 == 1
    }
}

/// A run of glyphs under way.
struct OpenRun<'p> {
    origin: Point,
    /// Its glyphs, without their text.
    shown: ShownGlyphs,
    text: String,
    mark: Mark,
    /// Its last part so far.
    last: &'p Part,
}

impl OpenRun<'_> {
    /// Whether a part goes on with the run.
    fn goes_on_with(&self, part: &Part, mark: Mark) -> bool {
        self.mark == mark
            && self.last.piece.run == part.piece.run
            && self.shown.font == part.piece.font
            && self.shown.rtl == part.is_rtl()
            && self.text.len() + (part.end - part.start) < GlyphRun::LONGEST
            && if self.shown.rtl {
                (part.x + part.width - self.origin.x).abs() < JOIN
            } else {
                (self.last.x + self.last.width - part.x).abs() < JOIN
            }
    }
}

/// A part of a piece on a line.
struct Part {
    piece: InlineItem,
    word: Option<ShapedWord>,
    /// Bytes of the paragraph's text.
    start: usize,
    end: usize,
    hyphen: bool,
    width: Pt,
    x: Pt,
}

struct Setter<'p, 's, 'a> {
    paragraph: &'p Paragraph,
    prepared: &'p Prepared,
    measure: Pt,
    /// The indentation of the line.
    indent: Pt,
    /// Whether anything is drawn beside the glyphs.
    decorated: bool,
    shaper: &'s mut Shaper<'a>,
}

impl Setter<'_, '_, '_> {
    fn line(&mut self, from: Position, to: Position, kind: BreakKind) -> Line {
        let mut parts = self.parts(from, to, kind);
        let visible = parts.iter().rposition(|part| !part.piece.is_space()).map_or(0, |last| last + 1);
        let inner = parts.get(..visible).unwrap_or_default();
        let (mut words, mut spaces, mut fixed): (Pt, Pt, Pt) = (0.0, 0.0, 0.0);
        for part in inner {
            match part.piece.kind {
                InlineItemKind::Space => spaces += part.width,
                InlineItemKind::FixedSpace => fixed += part.width,
                InlineItemKind::Word(_)
                | InlineItemKind::Picture(_)
                | InlineItemKind::Formula(_)
                | InlineItemKind::Newline => {
                    words += part.width;
                }
            }
        }
        let justify = self.paragraph.align == Alignment::Justify;
        let hang_start = if justify { self.hang(inner.first(), Side::Start) } else { 0.0 };
        let hang_end = if justify { self.hang(inner.last(), Side::End) } else { 0.0 };
        let natural = words + spaces + fixed;
        let slack = self.measure - self.indent + hang_start + hang_end - natural;
        let stretchable = justify && (kind != BreakKind::Forced || slack < 0.0);
        let (stretch, space_scale) = if stretchable { flex(words, spaces, slack) } else { (1.0, 1.0) };
        for part in parts.iter_mut() {
            part.width *= match part.piece.kind {
                InlineItemKind::Space => space_scale,
                InlineItemKind::Word(_) => stretch,
                InlineItemKind::Picture(_)
                | InlineItemKind::Formula(_)
                | InlineItemKind::Newline
                | InlineItemKind::FixedSpace => 1.0,
            };
        }
        let width: Pt = parts.get(..visible).unwrap_or_default().iter().map(|part| part.width).sum();
        let rtl = self.paragraph.direction == TextDirection::RightToLeft;
        let free = self.measure - self.indent - width;
        let start = match (self.paragraph.align, rtl) {
            (Alignment::Justify | Alignment::Start, false) | (Alignment::End, true) => -hang_start,
            (Alignment::Justify | Alignment::Start, true) | (Alignment::End, false) => free + hang_start,
            (Alignment::Center, _) => free / 2.0,
        };
        self.place(&mut parts, visible, if rtl { start } else { start + self.indent });
        let hyphenated = kind == BreakKind::Hyphen;
        let mut line = Line {
            width: width + self.indent,
            hyphenated,
            overfull: free + hang_end + hang_start < -OVERFULL_SLACK,
            ..Line::default()
        };
        // Most lines are one run, and there are very many lines.
        line.items.reserve_exact(1);
        self.decorate(&parts, visible, &mut line);
        self.glyphs(&parts, stretch, &mut line);
        self.links(&parts, visible, &mut line);
        line
    }

    fn hang(&self, part: Option<&Part>, side: Side) -> Pt {
        match part {
            Some(part) if part.hyphen && side == Side::End => {
                protrusion('-', side) * self.run(part).map_or(0.0, |run| run.style.size)
            }
            Some(part) => edge(self.paragraph, Some(&part.piece), side),
            None => 0.0,
        }
    }

    fn run(&self, part: &Part) -> Option<&Run> {
        self.paragraph.runs.get(part.piece.run)
    }

    /// The parts of a line in logical order, with their natural widths.
    fn parts(&mut self, from: Position, to: Position, kind: BreakKind) -> Vec<Part> {
        let last = if to.inside.is_some() { to.last } else { to.next.saturating_sub(1) };
        let pieces = self.prepared.pieces.get(from.next..=last).unwrap_or_default();
        let mut parts = Vec::with_capacity(pieces.len());
        for (index, piece) in (from.next..).zip(pieces) {
            let start = if index == from.next { from.inside.unwrap_or(piece.start) } else { piece.start };
            let end = if index == last { to.inside.unwrap_or(piece.end) } else { piece.end };
            let hyphen = index == last && kind == BreakKind::Hyphen;
            let mut part = Part { piece: *piece, word: None, start, end, hyphen, width: piece.width, x: 0.0 };
            if let InlineItemKind::Word(word) = piece.kind {
                part.word = Some(word);
                if (start, end) != (piece.start, piece.end)
                    && let Some(run) = self.paragraph.runs.get(piece.run)
                {
                    // The rest of a broken word is shaped again, so that no ligature or kern spans
                    // the break.
                    let text = self.paragraph.text.get(start..end).unwrap_or_default();
                    let style = word_style(&run.style, piece.font, piece.script, piece.level);
                    let word = self.shaper.shape(text, style);
                    part.word = Some(word);
                    part.width = word.width * run.style.size;
                }
                if hyphen && let Some(run) = self.paragraph.runs.get(piece.run) {
                    part.width += self.shaper.hyphen(piece.font).1 * run.style.size;
                }
            }
            if piece.kind == InlineItemKind::Newline {
                // A space in the text, so that words do not run together.
                part.piece.kind = InlineItemKind::Space;
            }
            parts.push(part);
        }
        // Spaces at the start of a line are not set; those that end it are
        // kept for the text, beyond the edge.
        let leading = parts.iter().take_while(|part| part.piece.is_space()).count();
        parts.drain(..leading);
        parts
    }

    /// Gives parts their places, from left to right in visual order.
    fn place(&self, parts: &mut [Part], visible: usize, start: Pt) {
        if !self.prepared.bidi {
            let mut x = start;
            for part in parts {
                part.x = x;
                x += part.width;
            }
            return;
        }
        let base = match self.paragraph.direction {
            TextDirection::LeftToRight => 0,
            TextDirection::RightToLeft => 1,
        };
        // Rule L1: spaces at the line's end take the paragraph's level.
        let level = |index: usize, part: &Part| if index >= visible { base } else { part.piece.level };
        let levels: Vec<Level> = parts
            .iter()
            .enumerate()
            .map(|(index, part)| Level::new(level(index, part)).unwrap_or(Level::ltr()))
            .collect();
        let trailing: Pt = parts.get(visible..).unwrap_or_default().iter().map(|part| part.width).sum();
        let mut x = if base == 1 { start - trailing } else { start };
        for index in BidiInfo::reorder_visual(&levels) {
            if let Some(part) = parts.get_mut(index) {
                part.x = x;
                x += part.width;
            }
        }
    }

    /// Runs of glyphs, in logical order.
    fn glyphs(&mut self, parts: &[Part], stretch: f32, line: &mut Line) {
        let mut open: Option<OpenRun> = None;
        for (index, part) in parts.iter().enumerate() {
            let Some(run) = self.paragraph.runs.get(part.piece.run) else { continue };
            let mark = run.tag.map_or(Mark::Layout, Mark::Content);
            if let InlineItemKind::Picture(index) = part.piece.kind {
                self.picture(index, part, line);
                continue;
            }
            if let InlineItemKind::Formula(index) = part.piece.kind {
                line.close(open.take());
                self.formula(index, part, run, line);
                continue;
            }
            if !open.as_ref().is_some_and(|open| open.goes_on_with(part, mark)) {
                line.close(open.take());
            }
            let target = open.get_or_insert_with(|| {
                let alike = alike(parts, index);
                let shown = ShownGlyphs {
                    font: part.piece.font,
                    size: run.style.size,
                    color: run.style.color,
                    stretch,
                    glyphs: RunGlyphs::with_capacity(spaced_words(alike), self.shaper.arena()),
                    text: Box::default(),
                    rtl: part.is_rtl(),
                };
                let length = alike.last().map_or(0, |last| last.end.saturating_sub(part.start));
                let origin = Point { x: part.x, y: -run.style.rise };
                OpenRun { origin, shown, text: String::with_capacity(length), mark, last: part }
            });
            target.last = part;
            self.add_glyphs(part, run.style.size, target);
        }
        line.close(open);
    }

    /// Adds a part's text and glyphs to a run.
    fn add_glyphs(&mut self, part: &Part, size: Pt, open: &mut OpenRun) {
        let OpenRun { shown: target, text, .. } = open;
        let base = u16::try_from(text.len()).unwrap_or(u16::MAX);
        text.push_str(match self.paragraph.text.get(part.start..part.end) {
            Some("\n") => " ",
            part => part.unwrap_or_default(),
        });
        let is_soft = part.hyphen && text.ends_with(SOFT_HYPHEN);
        // Where glyphs are taken out or turned round, there must be some.
        let before = if target.rtl || is_soft { target.edit_each(|each| each.glyphs.len()) } else { 0 };
        match part.word {
            Some(word) => target.glyphs.push_word(word.index, base, self.shaper.arena(), size),
            None => {
                let scale = if part.piece.is_space() { 1.0 / target.stretch } else { 1.0 };
                let id = self.shaper.space(part.piece.font).0;
                target.glyphs.push(Glyph { id, cluster: base, advance: part.width * scale });
            }
        }
        if is_soft {
            drop_soft_hyphen(target, text, before);
        }
        if part.hyphen {
            let (id, advance) = self.shaper.hyphen(part.piece.font);
            target.glyphs.push(Glyph { id, cluster: Glyph::NO_TEXT, advance: advance * size });
        }
        if target.rtl {
            open.origin.x = part.x;
            // What follows stands before.
            target.edit_each(|EachGlyph { glyphs, shifts }| {
                glyphs.rotate_left(before);
                if !shifts.is_empty() {
                    shifts.resize(glyphs.len(), Shift::default());
                    shifts.rotate_left(before);
                }
            });
        }
    }

    fn picture(&self, index: usize, part: &Part, line: &mut Line) {
        let Some(picture) = self.paragraph.pictures.get(index) else { return };
        let area = Rect { x: part.x, y: -picture.height, width: picture.width, height: picture.height };
        let mark = picture.tag.map_or(Mark::Layout, Mark::Content);
        line.items.push(Item { mark, kind: ItemKind::Picture { picture: picture.picture, area } });
        let tall = picture.height > self.paragraph.strut.1;
        line.ascent = line.ascent.max(if tall { picture.height + PICTURE_GAP } else { picture.height });
    }

    fn formula(&self, index: usize, part: &Part, run: &Run, line: &mut Line) {
        let Some(formula) = self.paragraph.formulas.get(index) else { return };
        let (mark, rise) = (run.tag.map_or(Mark::Layout, Mark::Content), run.style.rise);
        line.items.extend(formula.set.items(part.x, -rise, run.style.color, mark));
        let room = |reach: Pt| if reach > 0.0 { reach + FORMULA_GAP } else { 0.0 };
        line.ascent = line.ascent.max(room(formula.set.ascent + rise));
        line.descent = line.descent.max(room(formula.set.descent - rise));
    }

    /// Adds an active area for each stretch of a link on the line.
    fn links(&self, parts: &[Part], visible: usize, line: &mut Line) {
        if self.paragraph.links.is_empty() {
            return;
        }
        let mut areas: Vec<(usize, Rect)> = Vec::new();
        for part in parts.get(..visible).unwrap_or_default() {
            let Some(run) = self.run(part) else { continue };
            let Some(link) = run.link else { continue };
            let area = Rect {
                x: part.x,
                y: -GROUND_ABOVE * run.style.size - run.style.rise,
                width: part.width,
                height: (GROUND_ABOVE + GROUND_BELOW) * run.style.size,
            };
            match areas.last_mut().filter(|(same, _)| *same == link) {
                Some((_, before)) => {
                    let right = (before.x + before.width).max(area.x + area.width);
                    before.x = before.x.min(area.x);
                    before.width = right - before.x;
                    let bottom = (before.y + before.height).max(area.y + area.height);
                    before.y = before.y.min(area.y);
                    before.height = bottom - before.y;
                }
                None => areas.push((link, area)),
            }
        }
        for (index, area) in areas {
            let Some(link) = self.paragraph.links.get(index) else { continue };
            let (target, description) = (link.target.clone(), link.description.clone());
            let kind = ItemKind::Link(Box::new(LinkArea { area, target, tag: link.tag, description }));
            line.items.push(Item { mark: Mark::Content(link.tag), kind });
        }
    }
}

/// The parts from an index on that are like the one there and may join its run
/// of glyphs: what room the run needs. Of words in two directions each part is
/// a run of its own, and there may be very many.
fn alike(parts: &[Part], index: usize) -> &[Part] {
    const MOST: usize = 64;
    let rest = parts.get(index..).unwrap_or_default();
    let Some(first) = rest.first() else { return &[] };
    let looks = |part: &Part| (part.piece.run, part.piece.font, part.piece.level % 2);
    let count = rest.iter().take(MOST).take_while(|part| looks(part) == looks(first)).count();
    rest.get(..count).unwrap_or_default()
}

/// How many words parts are for [`RunGlyphs`], which takes them with the spaces after them.
fn spaced_words(parts: &[Part]) -> usize {
    let starts = parts.first().is_some_and(|part| part.word.is_none());
    let hyphens = parts.last().is_some_and(|part| part.hyphen);
    parts.iter().filter(|part| part.word.is_some()).count() + usize::from(starts) + usize::from(hyphens)
}

/// Shows nothing itself.
const SOFT_HYPHEN: char = '\u{ad}';
/// Parts nearer than this touch, in points.
const JOIN: Pt = 0.01;
/// How much wider than its measure a line may be by rounding, in points.
const OVERFULL_SLACK: Pt = 0.5;
/// Reach of backgrounds and active areas above and below the baseline, in ems.
const GROUND_ABOVE: Pt = 0.82;
const GROUND_BELOW: Pt = 0.26;

/// How a line takes up its slack: glyphs and spaces flex together as far as
/// glyphs can, then only spaces. Returns the scales of words and spaces.
fn flex(words: Pt, spaces: Pt, slack: Pt) -> (f32, f32) {
    const LEAST_SPACE: f32 = 0.6;
    /// A gap wider than this tears a hole into the text; a line that ends early
    /// is the lesser evil, and then its spaces are nearly as they are elsewhere.
    const MOST_SPACE: f32 = 2.4;
    const RAGGED_SPACE: f32 = 1.25;
    let glyph_flex = words * EXPANSION;
    let space_flex = if slack > 0.0 { spaces * SPACE_STRETCH } else { spaces * SPACE_SHRINK };
    let ratio = slack / (glyph_flex + space_flex).max(f32::EPSILON);
    let stretch = 1.0 + EXPANSION * ratio.clamp(-1.0, 1.0);
    let rest = slack - words * (stretch - 1.0);
    let space_scale = if spaces > 0.0 { (1.0 + rest / spaces).max(LEAST_SPACE) } else { 1.0 };
    if space_scale > MOST_SPACE { (1.0, RAGGED_SPACE) } else { (stretch, space_scale) }
}
/// Takes a soft hyphen from the end of a run, whose last part has its glyphs from `first`
/// on: the hyphen that is seen says the same, and what is copied shall hold it once.
fn drop_soft_hyphen(run: &mut ShownGlyphs, text: &mut String, first: usize) {
    text.pop();
    let end = text.len();
    run.edit_each(|EachGlyph { glyphs, shifts }| {
        let is_kept = |index: usize, glyph: &Glyph| index < first || usize::from(glyph.cluster) < end;
        let kept: Vec<bool> = glyphs.iter().enumerate().map(|(index, glyph)| is_kept(index, glyph)).collect();
        let mut of_glyphs = kept.iter();
        glyphs.retain(|_| of_glyphs.next() != Some(&false));
        let mut of_shifts = kept.iter();
        shifts.retain(|_| of_shifts.next() != Some(&false));
    });
}
