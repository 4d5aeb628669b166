//! Words as they are shaped: what decides their glyphs, and the glyphs.

use super::font::FontIndex;
pub use super::glyphs::{WordGlyph, WordGlyphs};
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
    /// Index among the words of its shaper.
    pub index: u32,
    /// Width in ems.
    pub width: f32,
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

/// Width in ems of the glyphs of the text before a byte offset.
pub fn width_before(glyphs: &[WordGlyph], offset: usize) -> f32 {
    glyphs.iter().filter(|glyph| usize::from(glyph.cluster) < offset).map(|glyph| glyph.advance).sum()
}

/// Bytes of a word that a key holds itself.
const INLINE_KEY_BYTES: usize = 22;

/// The text of a word. Nearly all words are short, and a table of keys that
/// point elsewhere is slow to look through.
#[derive(Clone, PartialEq, Eq)]
pub enum WordKey {
    Short(u8, [u8; INLINE_KEY_BYTES]),
    Long(Box<str>),
}

impl WordKey {
    /// The key of a text.
    pub fn from_text(text: &str) -> WordKey {
        let mut bytes = [0; INLINE_KEY_BYTES];
        match (u8::try_from(text.len()), bytes.get_mut(..text.len())) {
            (Ok(length), Some(place)) => {
                place.copy_from_slice(text.as_bytes());
                WordKey::Short(length, bytes)
            }
            _ => WordKey::Long(text.into()),
        }
    }
}

impl Hash for WordKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(match self {
            WordKey::Short(length, bytes) => bytes.get(..usize::from(*length)).unwrap_or_default(),
            WordKey::Long(text) => text.as_bytes(),
        });
    }
}
