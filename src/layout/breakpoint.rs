//! The places where a paragraph's lines may end, with what the breaker needs
//! to know of each: widths before and after, hyphens, optical margins.

use super::linebreak::{BreakKind, Breakpoint, Search, Sums};
use super::shape::Shaper;
use super::text::{After, InlineItem, InlineItemKind, Paragraph, Prepared, Wording};
use super::word::ShapedWord;
use crate::theme::{Alignment, Pt};

/// How much a space stretches and shrinks, as a share of its width.
pub const SPACE_STRETCH: f32 = 0.5;
/// See [`SPACE_STRETCH`].
pub const SPACE_SHRINK: f32 = 0.33;
/// How far glyphs may be widened or narrowed: below what the eye sees.
pub const EXPANSION: f32 = 0.02;

/// The position of a breakpoint in the pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The piece that the line ends with, and the one the next line starts with.
    pub last: usize,
    pub next: usize,
    /// Byte offset in the text where a word is broken.
    pub inside: Option<usize>,
}

/// Which words are hyphenated, of those that may be.
pub enum Hyphens<'s> {
    None,
    /// Where a line could end, as far as a search has come, which goes on meanwhile.
    Near(&'s mut Search),
    All,
}

/// More than the parts of a word can be wider than the word by rounding, in points.
const ROUNDING: f64 = 0.01;

impl Hyphens<'_> {
    fn is_any(&self) -> bool {
        !matches!(self, Hyphens::None)
    }

    /// Whether a word is hyphenated, with these sums after a hyphen at its end.
    fn are_wanted(&mut self, points: &[Breakpoint], behind: Sums) -> bool {
        match self {
            Hyphens::None => false,
            Hyphens::All => true,
            Hyphens::Near(search) => {
                search.go_on(points);
                let widest = Sums { width: behind.width + ROUNDING, stretch: behind.stretch + ROUNDING, ..behind };
                search.could_end(points, widest)
            }
        }
    }
}

/// The breakpoints of a paragraph with their places.
pub struct Points {
    pub points: Vec<Breakpoint>,
    pub positions: Vec<Position>,
}

/// How wide lines are.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    pub width: Pt,
    /// How far the first line starts before the others.
    pub before: Pt,
}

/// Collects the places where lines may end. Words wider than the measure may be
/// broken anywhere.
pub fn breakpoints(
    paragraph: &Paragraph,
    prepared: &Prepared,
    measure: Measure,
    mut hyphens: Hyphens,
    shaper: &mut Shaper,
) -> Points {
    let Measure { width: measure, before: distance } = measure;
    let mut at = Sums::default();
    let room = prepared.pieces.len() * if hyphens.is_any() { 2 } else { 1 };
    let mut out = Points::with_capacity(room);
    let justified = paragraph.align == Alignment::Justify;
    let mut first = at;
    if justified {
        first.width += f64::from(edge(paragraph, prepared.pieces.first(), Side::Start));
    }
    first.width += f64::from(distance);
    out.push(BreakKind::Plain, at, first, Position { last: 0, next: 0, inside: None });
    // A line does not end with its spaces: the last piece that shows, and the sums after it.
    let (mut last, mut shown) = (0, at);
    for (index, piece) in prepared.pieces.iter().enumerate() {
        let before = at;
        at = at + extent(piece, justified);
        if !piece.is_space() && piece.kind != InlineItemKind::Newline {
            (last, shown) = (index, at);
        }
        if let InlineItemKind::Word(word) = piece.kind {
            // A word that is too wide is hyphenated where that makes it fit.
            let divisible = paragraph.hyphenate
                && piece.width > measure
                && out.is_divisible(paragraph, prepared, index, measure, word, shaper);
            if piece.width > measure && !divisible {
                out.emergency(paragraph, piece, index, before, word, shaper);
            } else if hyphens.is_any() && may_hyphenate(paragraph, prepared, index) {
                let size = paragraph.runs.get(piece.run).map_or(0.0, |run| run.style.size);
                let hyphen = f64::from(shaper.hyphen(piece.font).1 * size);
                if hyphens.are_wanted(&out.points, at + Sums { width: hyphen, ..Sums::default() }) {
                    out.hyphens(paragraph, prepared, index, before, word, shaper);
                }
            }
        }
        let broken = hyphens.is_any() || !paragraph.hyphenate;
        let kind = match piece.after {
            After::Never => continue,
            After::Joint | After::SoftHyphen if !broken => continue,
            After::Joint => BreakKind::Joint,
            After::SoftHyphen => BreakKind::Hyphen,
            After::Forced => BreakKind::Forced,
            After::Allowed => BreakKind::Plain,
        };
        let (mut end, mut start) = (shown, at);
        if justified {
            end.width -= f64::from(edge(paragraph, prepared.pieces.get(last), Side::End));
            start.width += f64::from(edge(paragraph, prepared.pieces.get(index + 1), Side::Start));
        }
        if kind == BreakKind::Hyphen {
            let size = paragraph.runs.get(piece.run).map_or(0.0, |run| run.style.size);
            let hang = if justified { protrusion('-', Side::End) } else { 0.0 };
            end.width += f64::from((shaper.hyphen(piece.font).1 - hang) * size);
        }
        out.push(kind, end, start, Position { last, next: index + 1, inside: None });
    }
    out
}

/// How wide a piece is, and how far it gives way in a line whose end is flush.
fn extent(piece: &InlineItem, justified: bool) -> Sums {
    let width = f64::from(piece.width);
    match piece.kind {
        InlineItemKind::Space if justified => Sums {
            width,
            stretch: f64::from(piece.width * SPACE_STRETCH),
            shrink: f64::from(piece.width * SPACE_SHRINK),
        },
        InlineItemKind::Word(_) if justified => {
            let flex = f64::from(piece.width * EXPANSION);
            Sums { width, stretch: flex, shrink: flex }
        }
        InlineItemKind::Space
        | InlineItemKind::FixedSpace
        | InlineItemKind::Word(_)
        | InlineItemKind::Picture(_)
        | InlineItemKind::Formula(_)
        | InlineItemKind::Newline => Sums { width, ..Sums::default() },
    }
}

/// Whether a piece is a whole word that may be hyphenated: not code, and no part
/// of a name or of a word with the author's own hyphens.
pub fn may_hyphenate(paragraph: &Paragraph, prepared: &Prepared, index: usize) -> bool {
    let Some(piece) = prepared.pieces.get(index).filter(|piece| paragraph.hyphenate && piece.level % 2 == 0) else {
        return false;
    };
    let is_prose = paragraph.runs.get(piece.run).is_some_and(|run| run.style.wording == Wording::Prose);
    let is_word = |other: Option<&InlineItem>| other.is_some_and(|other| matches!(other.kind, InlineItemKind::Word(_)));
    let joined = |after: After, other: Option<&InlineItem>| match after {
        After::Never => is_word(other),
        After::Joint | After::SoftHyphen => true,
        After::Allowed | After::Forced => false,
    };
    let before = index.checked_sub(1).and_then(|before| prepared.pieces.get(before));
    is_prose
        && !before.is_some_and(|before| joined(before.after, Some(before)))
        && !joined(piece.after, prepared.pieces.get(index + 1))
}

/// An edge of a line, by reading direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Start,
    End,
}

/// How far a piece at a line's edge hangs into the margin, in points.
pub fn edge(paragraph: &Paragraph, piece: Option<&InlineItem>, side: Side) -> Pt {
    let Some(piece) = piece.filter(|piece| matches!(piece.kind, InlineItemKind::Word(_)) && piece.level == 0) else {
        return 0.0;
    };
    // Most words start and end with small letters, which never hang.
    let outermost = match side {
        Side::Start => piece.start,
        Side::End => piece.end.saturating_sub(1),
    };
    if paragraph.text.as_bytes().get(outermost).is_some_and(u8::is_ascii_lowercase) {
        return 0.0;
    }
    let text = paragraph.text.get(piece.start..piece.end).unwrap_or_default();
    let size = paragraph.runs.get(piece.run).map_or(0.0, |run| run.style.size);
    let character = match side {
        Side::Start => text.chars().next(),
        Side::End => text.chars().next_back(),
    };
    character.map_or(0.0, |character| protrusion(character, side)) * size
}

/// Optical margins: how far a character hangs out of the line, in ems. About
/// half the width of light marks, a touch for letters with open corners.
pub fn protrusion(character: char, side: Side) -> f32 {
    match (character, side) {
        ('-' | '\u{2010}', Side::End) => 0.15,
        ('.' | ',', Side::End) => 0.13,
        ('\u{2013}' | '\u{2014}', Side::End) => 0.12,
        ('\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' | '"' | '\'', _) => 0.12,
        (':' | ';', Side::End) => 0.08,
        ('(' | '[', Side::Start) | (')' | ']', Side::End) => 0.04,
        ('A', _) | ('T' | 'V' | 'W' | 'Y', _) => 0.03,
        _ => 0.0,
    }
}

/// Longer ones are no figures that anybody reads.
const LONGEST_FIGURE: usize = 32;

fn is_of_figure(c: char) -> bool {
    c.is_numeric()
        || matches!(c, '.' | ',' | '\'' | '’' | '\u{202f}' | '\u{2009}' | '+' | '-' | '−' | '%' | '‰' | '€' | '$' | '£')
}

impl Points {
    fn with_capacity(room: usize) -> Points {
        Points { points: Vec::with_capacity(room), positions: Vec::with_capacity(room) }
    }

    fn push(&mut self, kind: BreakKind, end: Sums, start: Sums, position: Position) {
        self.points.push(Breakpoint { kind, end, start });
        self.positions.push(position);
    }

    /// Whether the parts of a word fit a measure when it is hyphenated.
    fn is_divisible(
        &self,
        paragraph: &Paragraph,
        prepared: &Prepared,
        index: usize,
        measure: Pt,
        word: ShapedWord,
        shaper: &mut Shaper,
    ) -> bool {
        let Some(piece) = prepared.pieces.get(index) else { return false };
        let mut parts = Points::with_capacity(0);
        parts.hyphens(paragraph, prepared, index, Sums::default(), word, shaper);
        let ends = parts.points.iter().map(|point| (point.start.width, point.end.width));
        let mut from = 0.0;
        for (start, end) in ends.chain([(0.0, f64::from(piece.width))]) {
            if end - from > f64::from(measure) {
                return false;
            }
            from = start;
        }
        true
    }

    /// Breaks inside a word, after each of its letters, but never inside a
    /// figure.
    fn emergency(
        &mut self,
        paragraph: &Paragraph,
        piece: &InlineItem,
        index: usize,
        before: Sums,
        word: ShapedWord,
        shaper: &Shaper,
    ) {
        let size = paragraph.runs.get(piece.run).map_or(0.0, |run| run.style.size);
        let Some(text) = paragraph.text.get(piece.start..piece.end) else { return };
        if piece.level % 2 == 1 {
            return;
        }
        let mut width = 0.0;
        let glyphs = shaper.glyphs(word);
        for (position, glyph) in glyphs.iter().enumerate() {
            let offset = usize::from(glyph.cluster);
            let is_figure = text.len() <= LONGEST_FIGURE
                && text.get(..offset).is_some_and(|before| before.ends_with(is_of_figure))
                && text.get(offset..).is_some_and(|rest| rest.starts_with(is_of_figure));
            let starts_cluster = position > 0
                && !is_figure
                && glyphs.get(position - 1).is_some_and(|before| before.cluster != glyph.cluster);
            if starts_cluster && text.is_char_boundary(offset) {
                let sums = before + Sums { width: f64::from(width), ..Sums::default() };
                let inside = Some(piece.start + offset);
                self.push(BreakKind::Emergency, sums, sums, Position { last: index, next: index, inside });
            }
            width += glyph.advance * size;
        }
    }

    /// Breaks inside a word where it may be hyphenated.
    fn hyphens(
        &mut self,
        paragraph: &Paragraph,
        prepared: &Prepared,
        index: usize,
        before: Sums,
        word: ShapedWord,
        shaper: &mut Shaper,
    ) {
        let Some(piece) = prepared.pieces.get(index).filter(|_| may_hyphenate(paragraph, prepared, index)) else {
            return;
        };
        let Some(run) = paragraph.runs.get(piece.run) else { return };
        let text = paragraph.text.get(piece.start..piece.end).unwrap_or_default();
        let hyphen = shaper.hyphen(piece.font).1 * run.style.size;
        let hang = protrusion('-', Side::End) * run.style.size;
        let justified = paragraph.align == Alignment::Justify;
        for point in shaper.hyphens(word, text, run.style.lang) {
            let part = point.before * run.style.size;
            let flex = if justified { f64::from(part * EXPANSION) } else { 0.0 };
            let sums = before + Sums { width: f64::from(part), stretch: flex, shrink: flex };
            let shown = if justified { hyphen - hang } else { hyphen };
            let end = sums + Sums { width: f64::from(shown), ..Sums::default() };
            let position = Position { last: index, next: index, inside: Some(piece.start + usize::from(point.offset)) };
            self.push(BreakKind::Hyphen, end, sums, position);
        }
    }
}
