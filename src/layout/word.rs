//! Words as they are shaped: what decides their glyphs, and where these are.

use super::font::FontIndex;
use super::glyphs::WordIndex;
pub use harfrust::Script;
use std::hash::{Hash, Hasher};

/// Index into [`Languages`](super::shape::Languages).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LangId(pub u16);

/// OpenType features that text can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Figures {
    #[default]
    Proportional,
    /// All figures equally wide, for columns of numbers.
    Tabular,
}

/// Everything but the text that decides what glyphs a word becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WordStyle {
    pub font: FontIndex,
    pub figures: Figures,
    pub lang: LangId,
    pub script: Script,
    pub direction: TextDirection,
}

/// Which way text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TextDirection {
    #[default]
    LeftToRight,
    RightToLeft,
}

/// A word that its shaper has shaped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapedWord {
    /// Its glyphs in the arena of its shaper.
    pub index: WordIndex,
    /// Width in ems.
    pub width: f32,
}

impl ShapedWord {
    /// A word without glyphs.
    pub const EMPTY: ShapedWord = ShapedWord { index: WordIndex::EMPTY, width: 0.0 };
}

/// A part of a list.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListRange {
    start: u32,
    end: u32,
}

impl ListRange {
    /// Adds to a list; returns where.
    pub fn append<T>(list: &mut Vec<T>, new: impl Iterator<Item = T>) -> ListRange {
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let start = number(list.len());
        list.extend(new);
        ListRange { start, end: number(list.len()) }
    }

    /// The part of the list.
    pub fn slice<T>(self, list: &[T]) -> &[T] {
        list.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A place where a word may be hyphenated.
#[derive(Debug, Clone, Copy)]
pub struct HyphenPoint {
    /// Byte offset in the word.
    pub offset: u16,
    /// Width of the preceding text, in ems.
    pub before: f32,
}

/// The number of a [`WordStyle`] among those of a word cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StyleId(pub u16);

/// Bytes of a word that a key holds itself.
const INLINE_KEY_BYTES: usize = 20;

/// The style and text of a word. Nearly all words are short, and a table of keys that
/// point elsewhere is slow to look through.
#[derive(Clone, PartialEq, Eq)]
pub enum WordKey {
    Short(StyleId, u8, [u8; INLINE_KEY_BYTES]),
    Long(StyleId, Box<str>),
}

impl WordKey {
    /// The key of a text in a style.
    pub fn new(style: StyleId, text: &str) -> WordKey {
        let mut bytes = [0; INLINE_KEY_BYTES];
        match (u8::try_from(text.len()), bytes.get_mut(..text.len())) {
            (Ok(length), Some(place)) => {
                place.copy_from_slice(text.as_bytes());
                WordKey::Short(style, length, bytes)
            }
            _ => WordKey::Long(style, text.into()),
        }
    }
}

impl Hash for WordKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (style, text) = match self {
            WordKey::Short(style, length, bytes) => (style, bytes.get(..usize::from(*length)).unwrap_or_default()),
            WordKey::Long(style, text) => (style, text.as_bytes()),
        };
        state.write_u16(style.0);
        state.write(text);
    }
}
