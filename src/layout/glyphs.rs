//! The glyphs of a run. Most words of a text are repeated, so a run refers to words of an arena and
//! the glyphs between them. It stores each glyph only if necessary.

use crate::theme::Pt;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::mem;
use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

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
    /// What follows the last glyph of a word in an arena.
    const END: WordGlyph = WordGlyph { id: 0, cluster: Glyph::NO_TEXT, advance: 0.0 };

    fn is_end(&self) -> bool {
        self.cluster == Glyph::NO_TEXT
    }

    /// The glyph in a run of a size, where the word starts at byte `start`.
    #[inline]
    fn placed(&self, start: u16, size: Pt) -> Glyph {
        Glyph { id: self.id, cluster: start.saturating_add(self.cluster), advance: self.advance * size }
    }
}

/// Where the glyphs of a word are in their arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordIndex(NonZeroU32);

impl WordIndex {
    /// The word without glyphs, which every arena has.
    pub const EMPTY: WordIndex = WordIndex(NonZeroU32::MIN);
    /// The bit that says that glyphs of the word are shifted.
    const SHIFTED: u32 = 1 << 31;

    fn new(position: usize, is_shifted: bool) -> Option<WordIndex> {
        let position = u32::try_from(position).ok().filter(|position| position & WordIndex::SHIFTED == 0)?;
        NonZeroU32::new(if is_shifted { position | WordIndex::SHIFTED } else { position }).map(WordIndex)
    }

    fn position(self) -> usize {
        (self.0.get() & !WordIndex::SHIFTED) as usize
    }

    fn is_shifted(self) -> bool {
        self.0.get() & WordIndex::SHIFTED != 0
    }

    /// The index as a number.
    pub fn number(self) -> u32 {
        self.0.get()
    }
}

/// The glyphs of words, each word once. Threads add to it while others read, and it lives as long as
/// the runs that refer to it.
pub struct GlyphArena(RwLock<ArenaGlyphs>);

/// What an arena holds.
pub struct ArenaGlyphs {
    /// Blocks of [`BLOCK`] glyphs. Words are contiguous, and each ends with [`WordGlyph::END`].
    blocks: Vec<Vec<WordGlyph>>,
    /// Shifts by glyph of the few words that have shifted glyphs.
    shifts: BTreeMap<WordIndex, Box<[Shift]>>,
}

/// Glyphs of a block: more than a word can have.
const BLOCK: usize = 8 * 1024;

impl Default for GlyphArena {
    fn default() -> Self {
        // The empty word is at position 1, because an index is not 0.
        let first = vec![WordGlyph::END; 2];
        GlyphArena(RwLock::new(ArenaGlyphs { blocks: vec![first], shifts: BTreeMap::new() }))
    }
}

impl GlyphArena {
    /// Adds a word: its glyphs from left to right, and the shifts of all or none of them.
    pub fn add(&self, glyphs: impl ExactSizeIterator<Item = WordGlyph>, shifts: Vec<Shift>) -> WordIndex {
        let mut arena = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let length = glyphs.len() + 1;
        debug_assert!(length <= BLOCK, "a block has room for any word");
        if arena.blocks.last().is_none_or(|last| last.len() + length > BLOCK) {
            arena.blocks.push(Vec::with_capacity(BLOCK));
        }
        let number = arena.blocks.len() - 1;
        let Some(block) = arena.blocks.last_mut() else { return WordIndex::EMPTY };
        let Some(index) = WordIndex::new(number * BLOCK + block.len(), !shifts.is_empty()) else {
            debug_assert!(false, "an arena is renewed before it is full");
            return WordIndex::EMPTY;
        };
        block.extend(glyphs);
        block.push(WordGlyph::END);
        if !shifts.is_empty() {
            arena.shifts.insert(index, shifts.into_boxed_slice());
        }
        index
    }

    /// The glyphs, to be read. Nobody can add any meanwhile.
    pub fn read(&self) -> RwLockReadGuard<'_, ArenaGlyphs> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ArenaGlyphs {
    /// The glyphs of a word, from left to right.
    pub fn word(&self, index: WordIndex) -> impl Iterator<Item = &WordGlyph> {
        let position = index.position();
        let block = self.blocks.get(position / BLOCK).and_then(|block| block.get(position % BLOCK..));
        block.unwrap_or_default().iter().take_while(|glyph| !glyph.is_end())
    }

    fn shifts(&self, index: WordIndex) -> &[Shift] {
        self.shifts.get(&index).map_or(&[], |shifts| shifts)
    }
}

/// The glyphs of a run, as they are painted from left to right.
#[derive(Clone)]
pub enum RunGlyphs {
    /// Words and glyphs.
    Words {
        /// In painting order.
        parts: Vec<GlyphRunPart>,
        /// The glyphs of the words.
        arena: Arc<GlyphArena>,
        /// The glyph after words.
        space: u16,
    },
    /// Glyphs one by one.
    Each(Box<EachGlyph>),
}

/// A part of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GlyphRunPart {
    /// A word.
    Word {
        /// Its glyphs in the arena.
        word: WordIndex,
        /// The byte of the run at which its text starts.
        start: u16,
        /// Cluster of the space after it; [`Glyph::NO_TEXT`] where there is none.
        space: u16,
        /// How far the space moves the pen.
        advance: Pt,
    },
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

/// The glyphs one by one, wherever words are in their arena.
impl fmt::Debug for RunGlyphs {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_list().entries(self.to_each(1.0).iter()).entries(self.shifts()).finish()
    }
}

impl RunGlyphs {
    /// An empty run with room for words and glyphs.
    pub fn with_capacity(parts: usize, arena: &Arc<GlyphArena>) -> RunGlyphs {
        RunGlyphs::Words { parts: Vec::with_capacity(parts), arena: Arc::clone(arena), space: 0 }
    }

    /// Glyphs that are no words.
    pub fn from_each(glyphs: Vec<Glyph>, shifts: Vec<Shift>) -> RunGlyphs {
        RunGlyphs::Each(Box::new(EachGlyph { glyphs, shifts }))
    }

    /// A word alone.
    pub fn from_word(word: WordIndex, arena: &Arc<GlyphArena>, size: Pt) -> RunGlyphs {
        let mut run = RunGlyphs::with_capacity(1, arena);
        run.push_word(word, 0, arena, size);
        run
    }

    /// Adds a word of the run's arena whose text starts at byte `start`.
    pub fn push_word(&mut self, word: WordIndex, start: u16, arena: &GlyphArena, size: Pt) {
        if word.is_shifted() {
            self.edit_each(size, |EachGlyph { glyphs, shifts }| {
                shifts.resize(glyphs.len(), Shift::default());
                shifts.extend_from_slice(arena.read().shifts(word));
            });
        }
        match self {
            RunGlyphs::Each(each) => each.glyphs.extend(arena.read().word(word).map(|glyph| glyph.placed(start, size))),
            RunGlyphs::Words { parts, arena: own, .. } => {
                debug_assert!(std::ptr::eq(&**own, arena), "words of a run are of one arena");
                parts.push(GlyphRunPart::Word { word, start, space: Glyph::NO_TEXT, advance: 0.0 });
            }
        }
    }

    /// Adds a glyph.
    pub fn push(&mut self, glyph: Glyph) {
        let (parts, word_space) = match self {
            RunGlyphs::Each(each) => return each.glyphs.push(glyph),
            RunGlyphs::Words { parts, space, .. } => (parts, space),
        };
        if glyph.cluster != Glyph::NO_TEXT
            && let Some(GlyphRunPart::Word { space, advance, .. }) = parts.last_mut()
            && *space == Glyph::NO_TEXT
            && (*word_space == 0 || *word_space == glyph.id)
        {
            *word_space = glyph.id;
            (*space, *advance) = (glyph.cluster, glyph.advance);
            return;
        }
        parts.push(GlyphRunPart::Glyph(glyph));
    }

    /// The glyphs of a run at a size, one by one. Glyphs of words are put into the buffer `room`.
    pub fn each<'a>(&'a self, size: Pt, room: &'a mut Vec<Glyph>) -> &'a [Glyph] {
        let (parts, arena, word_space) = match self {
            RunGlyphs::Each(each) => return &each.glyphs,
            RunGlyphs::Words { parts, arena, space } => (parts, arena.read(), *space),
        };
        room.clear();
        for part in parts {
            match *part {
                GlyphRunPart::Word { word, start, space, advance } => {
                    room.extend(arena.word(word).map(|glyph| glyph.placed(start, size)));
                    if space != Glyph::NO_TEXT {
                        room.push(Glyph { id: word_space, cluster: space, advance });
                    }
                }
                GlyphRunPart::Glyph(glyph) => room.push(glyph),
            }
        }
        room
    }

    /// Like [`each`](Self::each), with a new buffer: for a few runs only.
    pub fn to_each(&self, size: Pt) -> Cow<'_, [Glyph]> {
        match self {
            RunGlyphs::Each(each) => Cow::Borrowed(&each.glyphs),
            RunGlyphs::Words { .. } => {
                let mut room = Vec::new();
                self.each(size, &mut room);
                Cow::Owned(room)
            }
        }
    }

    /// Whether both are the same glyphs at a size.
    pub fn is_same(&self, other: &RunGlyphs, size: Pt) -> bool {
        if let (RunGlyphs::Words { parts, arena, space }, RunGlyphs::Words { parts: others, arena: of, space: after }) =
            (self, other)
            && Arc::ptr_eq(arena, of)
            && (parts, space) == (others, after)
        {
            return true;
        }
        self.shifts() == other.shifts() && self.to_each(size) == other.to_each(size)
    }

    /// Shifts by glyph, up to the last shifted one; empty if there is none.
    pub fn shifts(&self) -> &[Shift] {
        match self {
            RunGlyphs::Each(each) => &each.shifts,
            RunGlyphs::Words { .. } => &[],
        }
    }

    /// Changes the glyphs, which are stored one by one from then on.
    pub fn edit_each<T>(&mut self, size: Pt, edit: impl FnOnce(&mut EachGlyph) -> T) -> T {
        let mut each = match mem::replace(self, RunGlyphs::from_each(Vec::new(), Vec::new())) {
            RunGlyphs::Each(each) => each,
            words @ RunGlyphs::Words { .. } => {
                Box::new(EachGlyph { glyphs: words.to_each(size).into_owned(), shifts: Vec::new() })
            }
        };
        let result = edit(&mut each);
        *self = RunGlyphs::Each(each);
        result
    }

    /// Bytes that there is room for, beside the glyphs of words.
    pub fn room(&self) -> usize {
        match self {
            RunGlyphs::Each(each) => each.glyphs.capacity() * size_of::<Glyph>(),
            RunGlyphs::Words { parts, .. } => parts.capacity() * size_of::<GlyphRunPart>(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Pt = 10.0;

    fn glyph(id: u16, cluster: u16) -> WordGlyph {
        WordGlyph { id, cluster, advance: 0.5 }
    }

    fn word(arena: &GlyphArena, ids: &[u16]) -> WordIndex {
        let glyphs: Vec<WordGlyph> = (0..).zip(ids).map(|(cluster, id)| glyph(*id, cluster)).collect();
        arena.add(glyphs.into_iter(), Vec::new())
    }

    fn space(cluster: u16, advance: Pt) -> Glyph {
        Glyph { id: 1, cluster, advance }
    }

    /// Two words, spaces of two widths, and a hyphen.
    fn fill(run: &mut RunGlyphs, arena: &GlyphArena) {
        run.push(space(0, 2.0));
        run.push_word(word(arena, &[7, 8]), 1, arena, SIZE);
        run.push(space(3, 2.0));
        run.push(space(4, 3.0));
        run.push_word(word(arena, &[9]), 5, arena, SIZE);
        run.push(Glyph { id: 2, cluster: Glyph::NO_TEXT, advance: 4.0 });
    }

    #[test]
    fn a_run_of_words_says_what_its_glyphs_say() {
        let arena = Arc::<GlyphArena>::default();
        let mut words = RunGlyphs::with_capacity(2, &arena);
        let mut each = RunGlyphs::from_each(Vec::new(), Vec::new());
        fill(&mut words, &arena);
        fill(&mut each, &arena);
        let letter = |id, cluster| Glyph { id, cluster, advance: 5.0 };
        let hyphen = Glyph { id: 2, cluster: Glyph::NO_TEXT, advance: 4.0 };
        let glyphs = [space(0, 2.0), letter(7, 1), letter(8, 2), space(3, 2.0), space(4, 3.0), letter(9, 5), hyphen];
        assert_eq!(*words.to_each(SIZE), glyphs);
        assert_eq!(*each.to_each(SIZE), glyphs);
        assert_eq!(words.edit_each(SIZE, |each| each.glyphs.clone()), glyphs);
    }

    #[test]
    fn a_glyph_that_is_no_space_stands_for_itself() {
        let arena = Arc::<GlyphArena>::default();
        let mut run = RunGlyphs::with_capacity(2, &arena);
        for (number, id) in [(0, 1), (2, 3)] {
            run.push_word(word(&arena, &[7]), number, &arena, SIZE);
            run.push(Glyph { id, cluster: number + 1, advance: 1.0 });
        }
        assert_eq!(run.to_each(SIZE).iter().map(|glyph| glyph.id).collect::<Vec<_>>(), [7, 1, 7, 3]);
    }

    #[test]
    fn shifts_of_a_word_are_those_of_its_glyphs_in_the_run() {
        let arena = Arc::<GlyphArena>::default();
        let mark = Shift { x: 3, y: 4 };
        let accented = arena.add([glyph(7, 0), glyph(8, 1)].into_iter(), vec![Shift::default(), mark]);
        let mut run = RunGlyphs::with_capacity(2, &arena);
        run.push_word(word(&arena, &[9]), 0, &arena, SIZE);
        run.push_word(accented, 1, &arena, SIZE);
        assert_eq!(run.shifts(), [Shift::default(), Shift::default(), mark]);
        assert_eq!(run.to_each(SIZE).iter().map(|glyph| glyph.cluster).collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn words_of_many_blocks_are_found() {
        let arena = GlyphArena::default();
        let ids: Vec<u16> = (0..1000).collect();
        let words: Vec<WordIndex> = (1..=40).map(|number| word(&arena, ids.get(..number * 25).unwrap())).collect();
        let glyphs = arena.read();
        for (number, word) in (1..).zip(words) {
            assert_eq!(glyphs.word(word).count(), number * 25);
        }
        assert_eq!(glyphs.word(WordIndex::EMPTY).count(), 0);
    }

    /// A book has hundreds of thousands of words.
    #[test]
    fn a_word_of_a_run_is_small() {
        assert!(size_of::<GlyphRunPart>() <= 12);
    }
}
