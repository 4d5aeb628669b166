//! The glyphs of a run. Most words of a text are repeated, so a run refers to cached words and the
//! glyphs between them. It stores each glyph only if necessary.

use crate::theme::Pt;
use std::borrow::Cow;
use std::sync::Arc;

/// A glyph of a run. A book has millions, so it is small.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The glyph's number in its font.
    pub id: u16,
    /// Start of its cluster: byte offset into the run's text. A glyph that
    /// stands for no text of the source (a discretionary hyphen) has
    /// [`Glyph::NO_TEXT`].
    pub cluster: u16,
    /// How far the pen moves, in points at the run's size (with any
    /// justification and kerning, before `stretch`).
    pub advance: Pt,
}

impl Glyph {
    /// Cluster of a glyph that stands for no text.
    pub const NO_TEXT: u16 = u16::MAX;
}

/// The offset of a glyph from the pen, in thousandths of its size: to the
/// right and upwards. Marks over letters are shifted, and little else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shift {
    /// Shift to the right.
    pub x: i16,
    /// Upwards.
    pub y: i16,
}

/// A glyph of a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WordGlyph {
    /// The glyph's number in its font.
    pub id: u16,
    /// Byte offset of the cluster in the word.
    pub cluster: u16,
    /// Advance width in ems.
    pub advance: f32,
}

impl WordGlyph {
    /// The glyph in a run of a size, where the word starts at byte `start`.
    #[inline]
    fn placed(&self, start: u16, size: Pt) -> Glyph {
        Glyph { id: self.id, cluster: start.saturating_add(self.cluster), advance: self.advance * size }
    }
}

/// The glyphs of a word, which all runs share that say it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WordGlyphs {
    /// Glyphs from left to right.
    pub glyphs: Box<[WordGlyph]>,
    /// Shifts by glyph; empty if none is shifted.
    pub shifts: Box<[Shift]>,
}

/// The glyphs of a run, as they are painted from left to right.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunGlyphs {
    /// Words and glyphs; empty if each glyph is stored.
    parts: Vec<RunPart>,
    /// The glyph after words.
    space: u16,
    each: Option<Box<EachGlyph>>,
}

/// A part of a run.
#[derive(Debug, Clone, PartialEq)]
enum RunPart {
    /// A word whose text starts at a byte of the run, and the space after it: its cluster,
    /// [`Glyph::NO_TEXT`] where there is none, and how far it moves the pen.
    Word { word: Arc<WordGlyphs>, start: u16, space: u16, advance: Pt },
    /// A glyph that is not part of a word, or a space that does not follow one.
    Glyph(Glyph),
}

/// Glyphs one by one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EachGlyph {
    /// Glyphs in painting order.
    pub glyphs: Vec<Glyph>,
    /// Shifts by glyph, up to the last shifted one; empty if there is none.
    pub shifts: Vec<Shift>,
}

impl RunGlyphs {
    /// An empty run with capacity for `words`.
    pub fn with_capacity(words: usize) -> RunGlyphs {
        RunGlyphs { parts: Vec::with_capacity(words), ..RunGlyphs::default() }
    }

    /// Glyphs that are no words.
    pub fn from_each(glyphs: Vec<Glyph>, shifts: Vec<Shift>) -> RunGlyphs {
        RunGlyphs { each: Some(Box::new(EachGlyph { glyphs, shifts })), ..RunGlyphs::default() }
    }

    /// A word alone.
    pub fn from_word(word: Arc<WordGlyphs>, size: Pt) -> RunGlyphs {
        let mut run = RunGlyphs::with_capacity(1);
        run.push_word(word, 0, size);
        run
    }

    /// Adds a word whose text starts at byte `start`.
    pub fn push_word(&mut self, word: Arc<WordGlyphs>, start: u16, size: Pt) {
        if !word.shifts.is_empty() {
            let each = self.expand_glyphs(size);
            each.shifts.resize(each.glyphs.len(), Shift::default());
            each.shifts.extend_from_slice(&word.shifts);
        }
        match &mut self.each {
            Some(each) => each.glyphs.extend(word.glyphs.iter().map(|glyph| glyph.placed(start, size))),
            None => self.parts.push(RunPart::Word { word, start, space: Glyph::NO_TEXT, advance: 0.0 }),
        }
    }

    /// Adds a glyph.
    pub fn push(&mut self, glyph: Glyph) {
        if let Some(each) = &mut self.each {
            each.glyphs.push(glyph);
            return;
        }
        if glyph.cluster != Glyph::NO_TEXT
            && let Some(RunPart::Word { space, advance, .. }) = self.parts.last_mut()
            && *space == Glyph::NO_TEXT
            && (self.space == 0 || self.space == glyph.id)
        {
            self.space = glyph.id;
            (*space, *advance) = (glyph.cluster, glyph.advance);
            return;
        }
        self.parts.push(RunPart::Glyph(glyph));
    }

    /// The glyphs of a run at a size, one by one. Glyphs of words are put into the buffer `room`.
    pub fn each<'a>(&'a self, size: Pt, room: &'a mut Vec<Glyph>) -> &'a [Glyph] {
        if let Some(each) = &self.each {
            return &each.glyphs;
        }
        room.clear();
        for part in &self.parts {
            match part {
                RunPart::Word { word, start, space, advance } => {
                    room.extend(word.glyphs.iter().map(|glyph| glyph.placed(*start, size)));
                    if *space != Glyph::NO_TEXT {
                        room.push(Glyph { id: self.space, cluster: *space, advance: *advance });
                    }
                }
                RunPart::Glyph(glyph) => room.push(*glyph),
            }
        }
        room
    }

    /// Like [`each`](Self::each), with a new buffer: for a few runs only.
    pub fn to_each(&self, size: Pt) -> Cow<'_, [Glyph]> {
        match &self.each {
            Some(each) => Cow::Borrowed(&each.glyphs),
            None => {
                let mut room = Vec::new();
                self.each(size, &mut room);
                Cow::Owned(room)
            }
        }
    }

    /// Shifts by glyph, up to the last shifted one; empty if there is none.
    pub fn shifts(&self) -> &[Shift] {
        self.each.as_ref().map_or(&[], |each| &each.shifts)
    }

    /// Expands to one by one, so that glyphs can be changed.
    pub fn expand_glyphs(&mut self, size: Pt) -> &mut EachGlyph {
        if self.each.is_none() {
            let glyphs = self.to_each(size).into_owned();
            *self = RunGlyphs::from_each(glyphs, Vec::new());
        }
        self.each.get_or_insert_default()
    }

    /// Bytes that there is room for, beside the glyphs of words.
    pub fn room(&self) -> usize {
        let each = self.each.as_ref().map_or(0, |each| each.glyphs.capacity() * size_of::<Glyph>());
        self.parts.capacity() * size_of::<RunPart>() + each
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Pt = 10.0;

    fn word(ids: &[u16]) -> Arc<WordGlyphs> {
        let glyph = |(cluster, id): (u16, &u16)| WordGlyph { id: *id, cluster, advance: 0.5 };
        Arc::new(WordGlyphs { glyphs: (0..).zip(ids).map(glyph).collect(), shifts: Box::default() })
    }

    fn space(cluster: u16, advance: Pt) -> Glyph {
        Glyph { id: 1, cluster, advance }
    }

    /// Two words, spaces of two widths, and a hyphen.
    fn fill(run: &mut RunGlyphs) {
        run.push(space(0, 2.0));
        run.push_word(word(&[7, 8]), 1, SIZE);
        run.push(space(3, 2.0));
        run.push(space(4, 3.0));
        run.push_word(word(&[9]), 5, SIZE);
        run.push(Glyph { id: 2, cluster: Glyph::NO_TEXT, advance: 4.0 });
    }

    #[test]
    fn a_run_of_words_says_what_its_glyphs_say() {
        let (mut words, mut each) = (RunGlyphs::with_capacity(2), RunGlyphs::from_each(Vec::new(), Vec::new()));
        fill(&mut words);
        fill(&mut each);
        let letter = |id, cluster| Glyph { id, cluster, advance: 5.0 };
        let hyphen = Glyph { id: 2, cluster: Glyph::NO_TEXT, advance: 4.0 };
        let glyphs = [space(0, 2.0), letter(7, 1), letter(8, 2), space(3, 2.0), space(4, 3.0), letter(9, 5), hyphen];
        assert_eq!(*words.to_each(SIZE), glyphs);
        assert_eq!(*each.to_each(SIZE), glyphs);
        assert_eq!(words.expand_glyphs(SIZE).glyphs, glyphs);
        assert_eq!(words, each);
    }

    #[test]
    fn a_glyph_that_is_no_space_stands_for_itself() {
        let mut run = RunGlyphs::with_capacity(2);
        for (number, id) in [(0, 1), (2, 3)] {
            run.push_word(word(&[7]), number, SIZE);
            run.push(Glyph { id, cluster: number + 1, advance: 1.0 });
        }
        assert_eq!(run.to_each(SIZE).iter().map(|glyph| glyph.id).collect::<Vec<_>>(), [7, 1, 7, 3]);
    }

    /// A book has hundreds of thousands of words.
    #[test]
    fn a_word_of_a_run_is_small() {
        assert!(size_of::<RunPart>() <= 2 * size_of::<usize>());
    }
}
