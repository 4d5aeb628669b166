//! Text to be broken into lines: its runs of style, the objects among its words, and the items it
//! is divided into.

use super::font::FontIndex;
use super::frame::TagId;
use super::math::MathBox;
use super::word::{Figures, LangId, Script, ShapedWord, TextDirection};
use crate::resolve::Target;
use crate::source::Span;
use crate::theme::{Alignment, Color, Pt};
use std::ops::Range;

/// How a run of text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextStyle {
    pub font: FontIndex,
    pub size: Pt,
    pub color: Color,
    /// Baseline shift, upwards.
    pub rise: Pt,
    pub lang: LangId,
    pub figures: Figures,
    pub decoration: Decoration,
    pub wording: Wording,
}

/// Lines and backgrounds of a run of text.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Decoration {
    pub underline: bool,
    pub strike: bool,
    pub background: Option<Color>,
    /// The thin line under links.
    pub link: Option<Color>,
    /// A second line under the first.
    pub double: bool,
    /// The bar beside lines in which something changed.
    pub changed: Option<Color>,
}

/// The kind of a text, which determines where it may break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wording {
    #[default]
    Prose,
    /// Breaks at its joints.
    Address,
    /// Breaks at its spaces, which keep their width, and if need be at its joints.
    Code,
}

/// Text of one style that belongs to one leaf of the tag tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// End in the paragraph's text, in bytes.
    pub end: usize,
    pub style: TextStyle,
    /// `None`: an artifact.
    pub tag: Option<TagId>,
    /// Index into [`Paragraph::links`].
    pub link: Option<usize>,
    pub span: Option<Span>,
}

/// A link that runs of the paragraph belong to.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub target: Target,
    pub tag: TagId,
    pub description: String,
}

/// Something that is at a place in the text without taking room.
#[derive(Debug, Clone, PartialEq)]
pub enum Anchor {
    /// A reference to a note whose text belongs on the same page.
    Note(usize),
    /// A place links can lead to.
    Id(String),
}

/// A picture in a line of text; its place is held by [`OBJECT`].
#[derive(Debug, Clone, PartialEq)]
pub struct InlinePicture {
    pub offset: usize,
    pub picture: usize,
    /// Width in points; less if the lines are narrower.
    pub width: Pt,
    pub height: Pt,
    /// The requested share of a line's measure, if any.
    pub share: Option<f32>,
    pub tag: Option<TagId>,
}

/// A formula in a line of text, or a part of one that a line may end after; its place is held by
/// [`FORMULA`].
#[derive(Debug, Clone, PartialEq)]
pub struct InlineFormula {
    pub offset: usize,
    pub set: MathBox,
    /// The parts of a formula on lines of its own, which are put together when the width of
    /// its lines is known.
    pub displayed: Option<Vec<MathBox>>,
    /// Whether a line may end after it.
    pub breaks: bool,
    /// Characters that no font has.
    pub missing: Vec<char>,
}

/// OBJECT REPLACEMENT CHARACTER.
pub const OBJECT: char = '\u{fffc}';

/// Holds the place of a formula: a letter, so that lines end beside it where they end beside
/// letters.
pub const FORMULA: char = '\u{1d465}';

/// Text that is broken into lines as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Paragraph {
    /// The text, with `\n` at forced line breaks.
    pub text: String,
    /// Length in bytes of the text that sets the hanging indent of all lines but the first: the
    /// number of an entry.
    pub lead: usize,
    /// Runs in order, covering the text.
    pub runs: Vec<Run>,
    pub links: Vec<Link>,
    pub anchors: Vec<(usize, Anchor)>,
    pub pictures: Vec<InlinePicture>,
    pub formulas: Vec<InlineFormula>,
    pub align: Alignment,
    /// Whether words may be hyphenated; in ragged text only those that are
    /// wider than its measure.
    pub hyphenate: bool,
    pub direction: TextDirection,
    pub leading: Pt,
    /// The size and font that decide the position of baselines.
    pub strut: (FontIndex, Pt),
}

impl Paragraph {
    /// Makes everything in it smaller.
    pub fn shrink(&mut self, scale: Pt) {
        self.leading *= scale;
        self.strut.1 *= scale;
        for run in &mut self.runs {
            run.style.size *= scale;
            run.style.rise *= scale;
        }
        for formula in &mut self.formulas {
            formula.set.scale(scale);
            formula.displayed.iter_mut().flatten().for_each(|part| part.scale(scale));
        }
    }

    /// Where code is in the text.
    pub fn code(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.runs.iter().filter_map(move |run| {
            let range = std::mem::replace(&mut start, run.end)..run.end;
            (run.style.wording == Wording::Code).then_some(range)
        })
    }
}

/// The smallest part that is placed as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InlineItem {
    pub kind: InlineItemKind,
    pub start: usize,
    pub end: usize,
    /// Index into [`Paragraph::runs`].
    pub run: usize,
    pub font: FontIndex,
    pub script: Script,
    pub width: Pt,
    pub level: u8,
    pub after: After,
}

impl InlineItem {
    /// Whether a line may start or end without it.
    pub fn is_space(&self) -> bool {
        matches!(self.kind, InlineItemKind::Space | InlineItemKind::FixedSpace)
    }
}

/// The kind of an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum InlineItemKind {
    Word(ShapedWord),
    Space,
    /// A space that is as wide in every line: those of code.
    FixedSpace,
    /// Index into [`Paragraph::pictures`].
    Picture(usize),
    /// Index into [`Paragraph::formulas`].
    Formula(usize),
    Newline,
}

/// Whether a line may end after a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    Never,
    /// Where words may be broken: nothing shows it.
    Joint,
    /// Where words may be broken: at a soft hyphen, which is seen then.
    SoftHyphen,
    Allowed,
    Forced,
}

/// A paragraph's pieces in logical order.
pub struct Prepared {
    pub pieces: Vec<InlineItem>,
    /// Whether any piece runs from right to left.
    pub bidi: bool,
    /// Characters without a glyph, with their places in the source.
    pub missing: Vec<(char, Option<Span>)>,
}
