//! How a paragraph is cut into items that can be measured and broken into lines, and shaped.

use super::bidi::levels;
use super::breakpoint::may_hyphenate;
use super::font::{Face, FontIndex};
use super::opportunity::opportunities;
use super::shape::{LONGEST_PIECE, Shaper, script};
use super::text::{After, FORMULA, InlineItem, InlineItemKind, OBJECT, Paragraph, Prepared, Run, TextStyle, Wording};
use super::word::{Script, TextDirection, WordStyle};
use crate::source::Span;
use crate::theme::Pt;

/// Minimum width of a picture beside text, in points.
const LEAST_PICTURE: Pt = 48.0;

/// Spaces that are stretched with the others; a no-break space allows no break.
fn is_stretched(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}')
}

/// Characters that are never drawn and that no font needs to have.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Cuts a paragraph into pieces and shapes them.
pub fn shape_paragraph(paragraph: &Paragraph, shaper: &mut Shaper) -> Prepared {
    let text = paragraph.text.as_str();
    let breaks = opportunities(paragraph, shaper.languages());
    let levels = levels(text, paragraph.direction, paragraph.code());
    let level_at =
        |offset: usize| levels.as_ref().and_then(|levels| levels.get(offset)).map_or(0, |level| level.number());
    let pieces = Vec::with_capacity(breaks.len() * 2);
    let mut cutter = Cutter { paragraph, shaper, pieces, missing: Vec::new(), open: None, run_start: 0 };
    let mut next_break = 0;
    let mut run_start = 0;
    for (run_index, run) in paragraph.runs.iter().enumerate() {
        let content = text.get(run_start..run.end).unwrap_or_default();
        cutter.run_start = run_start;
        let mut rest = content;
        while let Some(character) = rest.chars().next() {
            let offset = run.end - rest.len();
            while breaks.get(next_break).is_some_and(|(at, _)| *at < offset) {
                next_break += 1;
            }
            if let Some((_, after)) = breaks.get(next_break).filter(|(at, _)| *at == offset) {
                cutter.break_here(*after);
                next_break += 1;
            }
            let unbroken = breaks.get(next_break).map_or(rest.len(), |(at, _)| rest.len().min(at - offset));
            let mut taken = 0;
            if levels.is_none() && character.is_ascii_graphic() {
                taken = cutter.ascii(rest.get(..unbroken).unwrap_or_default(), offset, run_index, run);
            }
            if taken == 0 {
                cutter.character(character, offset, run_index, run, level_at(offset));
                taken = character.len_utf8();
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
        cutter.close();
        run_start = run.end;
    }
    if let Some(last) = cutter.pieces.last_mut() {
        last.after = After::Forced;
    }
    Prepared { bidi: levels.is_some(), pieces: cutter.pieces, missing: cutter.missing }
}

/// The piece being gathered.
struct Open {
    start: usize,
    end: usize,
    run: usize,
    font: FontIndex,
    script: Option<Script>,
    level: u8,
}

struct Cutter<'p, 's, 'a> {
    paragraph: &'p Paragraph,
    shaper: &'s mut Shaper<'a>,
    pieces: Vec<InlineItem>,
    missing: Vec<(char, Option<Span>)>,
    open: Option<Open>,
    run_start: usize,
}

impl Cutter<'_, '_, '_> {
    fn break_here(&mut self, after: After) {
        self.close();
        if let Some(last) = self.pieces.last_mut()
            && last.after == After::Never
        {
            last.after = after;
        }
    }

    /// Takes the graphic ASCII characters at the start of a text that no line
    /// ends in, all at once where nothing speaks against it; returns how many
    /// bytes it took.
    fn ascii(&mut self, text: &str, offset: usize, run_index: usize, run: &Run) -> usize {
        let font = run.style.font;
        let latin = |open: &Open| open.font == font && matches!(open.script, None | Some(Script::LATIN));
        if !self.open.as_ref().is_none_or(latin) || !self.shaper.book().face(font).is_some_and(Face::has_ascii) {
            return 0;
        }
        let room = self.open.as_ref().map_or(LONGEST_PIECE, |open| (open.start + LONGEST_PIECE).saturating_sub(offset));
        let text = text.as_bytes().get(..room).unwrap_or(text.as_bytes());
        let taken = text.iter().position(|byte| !byte.is_ascii_graphic()).unwrap_or(text.len());
        if taken > 0 {
            let end = offset + taken;
            let open =
                self.open.get_or_insert(Open { start: offset, end, run: run_index, font, script: None, level: 0 });
            open.end = end;
            let has_letter = || text.iter().take(taken).any(u8::is_ascii_alphabetic);
            open.script = open.script.or_else(|| has_letter().then_some(Script::LATIN));
        }
        taken
    }

    fn character(&mut self, character: char, offset: usize, run_index: usize, run: &Run, level: u8) {
        let end = offset + character.len_utf8();
        let lone = |kind, font, width, after| InlineItem {
            kind,
            start: offset,
            end,
            run: run_index,
            font,
            script: Script::COMMON,
            width,
            level,
            after,
        };
        if character == '\n' {
            self.close();
            self.pieces.push(lone(InlineItemKind::Newline, run.style.font, 0.0, After::Forced));
            return;
        }
        if is_stretched(character) {
            self.close();
            let (font, width) = self.space(run_index, run);
            let kind = match run.style.wording {
                Wording::Prose | Wording::Address => InlineItemKind::Space,
                Wording::Code => InlineItemKind::FixedSpace,
            };
            self.pieces.push(lone(kind, font, width, After::Never));
            return;
        }
        if character == OBJECT
            && let Some(index) = self.paragraph.pictures.iter().position(|picture| picture.offset == offset)
        {
            self.close();
            let width = self.paragraph.pictures.get(index).map_or(0.0, |picture| picture.width);
            self.pieces.push(lone(InlineItemKind::Picture(index), run.style.font, width, After::Never));
            return;
        }
        if character == FORMULA
            && let Some(index) = self.paragraph.formulas.iter().position(|formula| formula.offset == offset)
            && let Some(formula) = self.paragraph.formulas.get(index)
        {
            self.close();
            self.missing.extend(formula.missing.iter().map(|missing| (*missing, run.span)));
            let after = if formula.breaks { After::Allowed } else { After::Never };
            self.pieces.push(lone(InlineItemKind::Formula(index), run.style.font, formula.set.width, after));
            return;
        }
        let book = self.shaper.book();
        let has = |font: FontIndex| book.face(font).is_some_and(|face| face.has(character));
        let open_font = self.open.as_ref().map(|open| open.font);
        let font = if is_ignorable(character) {
            Some(open_font.unwrap_or(run.style.font))
        } else if script(character).is_none() && !character.is_ascii() && open_font.is_some_and(has) {
            // Marks and common punctuation stay with what they follow.
            open_font
        } else {
            book.with_character(character, run.style.font)
        };
        let Some(font) = font else {
            self.close();
            self.missing.push((character, self.place(run, offset, end)));
            let (font, word) = self.shaper.missing(run.style.font);
            let width = word.width * run.style.size;
            self.pieces.push(lone(InlineItemKind::Word(word), font, width, After::Never));
            return;
        };
        let own_script = script(character);
        if let Some(open) = &mut self.open {
            let same_script = open.script.is_none() || own_script.is_none() || open.script == own_script;
            let short = end - open.start <= LONGEST_PIECE;
            if open.font == font && open.level == level && same_script && short {
                open.end = end;
                open.script = open.script.or(own_script);
                return;
            }
        }
        self.close();
        self.open = Some(Open { start: offset, end, run: run_index, font, script: own_script, level });
    }

    /// The font and the width of a space: those of the word before it, where its font has one.
    fn space(&mut self, run_index: usize, run: &Run) -> (FontIndex, Pt) {
        let neighbour = self.pieces.last().filter(|piece| piece.run == run_index).map(|piece| piece.font);
        let known = neighbour.map(|font| (font, self.shaper.space(font))).filter(|(_, (glyph, _))| *glyph != 0);
        let (font, (_, advance)) = known.unwrap_or_else(|| (run.style.font, self.shaper.space(run.style.font)));
        (font, advance * run.style.size)
    }

    /// The place of bytes of a run in the source: exact where the run says
    /// what its source says, byte for byte.
    fn place(&self, run: &Run, start: usize, end: usize) -> Option<Span> {
        let span = run.span?;
        let exact = span.range().len() == run.end - self.run_start;
        Some(if exact { span.slice(start - self.run_start..end - self.run_start) } else { span })
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let Some(run) = self.paragraph.runs.get(open.run) else { return };
        let text = self.paragraph.text.get(open.start..open.end).unwrap_or_default();
        let script = open.script.unwrap_or(Script::COMMON);
        let word = self.shaper.shape(text, word_style(&run.style, open.font, script, open.level));
        self.pieces.push(InlineItem {
            kind: InlineItemKind::Word(word),
            start: open.start,
            end: open.end,
            run: open.run,
            font: open.font,
            script,
            width: word.width * run.style.size,
            level: open.level,
            after: After::Never,
        });
    }
}

/// The properties of a style that affect the glyphs of a word.
pub fn word_style(style: &TextStyle, font: FontIndex, script: Script, level: u8) -> WordStyle {
    let direction = if level % 2 == 1 { TextDirection::RightToLeft } else { TextDirection::LeftToRight };
    WordStyle { font, figures: style.figures, lang: style.lang, script, direction }
}

/// How wide a paragraph wants to be, in points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Natural {
    /// Its widest word, where code and addresses are broken at their joints.
    pub words: Pt,
    /// Its widest part that is only broken if need be.
    pub whole: Pt,
    /// Its widest line without any breaking.
    pub most: Pt,
}

/// How wide a paragraph wants to be.
///
/// A picture takes less room where there is less.
pub fn natural_widths(prepared: &Prepared) -> Natural {
    let mut natural = Natural::default();
    let (mut word, mut part, mut line, mut spaces): (Pt, Pt, Pt, Pt) = (0.0, 0.0, 0.0, 0.0);
    for piece in prepared.pieces.iter() {
        if piece.is_space() && piece.after != After::Never {
            spaces += piece.width;
        } else {
            let width = match piece.kind {
                InlineItemKind::Picture(_) => piece.width.min(LEAST_PICTURE),
                InlineItemKind::Word(_)
                | InlineItemKind::Formula(_)
                | InlineItemKind::Space
                | InlineItemKind::FixedSpace
                | InlineItemKind::Newline => piece.width,
            };
            word += width;
            part += width;
            line += spaces + piece.width;
            spaces = 0.0;
        }
        natural.words = natural.words.max(word);
        natural.whole = natural.whole.max(part);
        natural.most = natural.most.max(line);
        match piece.after {
            After::Never | After::SoftHyphen => {}
            After::Joint => word = 0.0,
            After::Allowed => (word, part) = (0.0, 0.0),
            After::Forced => (word, part, line, spaces) = (0.0, 0.0, 0.0, 0.0),
        }
    }
    natural
}

/// Adds the widths of a paragraph's lines, as its author ends them.
pub fn natural_lines(prepared: &Prepared, lines: &mut Vec<Pt>) {
    let mut line = 0.0;
    for piece in prepared.pieces.iter() {
        line += piece.width;
        if piece.after == After::Forced {
            lines.push(std::mem::take(&mut line));
        }
    }
}

/// The narrowest that a paragraph may be set without breaking what must not be
/// broken: its widest syllable, with a hyphen, or figure.
pub fn narrowest(paragraph: &Paragraph, prepared: &Prepared, shaper: &mut Shaper) -> Pt {
    let (mut least, mut open): (Pt, Pt) = (0.0, 0.0);
    for (index, piece) in prepared.pieces.iter().enumerate() {
        let Some(run) = paragraph.runs.get(piece.run) else { continue };
        let hyphen = shaper.hyphen(piece.font).1 * run.style.size;
        let mut before = 0.0;
        if let (InlineItemKind::Word(word), true) = (piece.kind, may_hyphenate(paragraph, prepared, index)) {
            let text = paragraph.text.get(piece.start..piece.end).unwrap_or_default();
            for point in shaper.hyphens(word, text, run.style.lang) {
                let at = point.before * run.style.size;
                least = least.max(open + at - before + hyphen);
                (before, open) = (at, 0.0);
            }
        }
        if piece.is_space() && piece.after != After::Never {
            open = 0.0;
            continue;
        }
        open += piece.width - before;
        match piece.after {
            After::Never => {}
            After::SoftHyphen => {
                least = least.max(open + hyphen);
                open = 0.0;
            }
            After::Joint | After::Allowed | After::Forced => {
                least = least.max(open);
                open = 0.0;
            }
        }
    }
    least.max(open)
}
