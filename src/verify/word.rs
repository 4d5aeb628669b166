//! Words with their places, put together from pieces of text.

use crate::source::{Span, percent};
use unicode_normalization::UnicodeNormalization;

/// A word as a reader gets it: what stands between spaces, with its
/// punctuation. Where a link leads is a word too, behind those of the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Without space; composed (NFC).
    pub text: String,
    /// The node that says it; `None` for what an edition was found to say.
    pub span: Option<Span>,
}

/// Part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passage {
    /// Running words.
    Words(Vec<Word>),
    /// Ways to say the same, of which one is chosen: a table that is drawn or
    /// told row by row.
    OneOf(Vec<Vec<Word>>),
}

/// The words of pieces, each said in the first way.
pub fn flatten(pieces: Vec<Passage>) -> Vec<Word> {
    let words = pieces.into_iter().map(|piece| match piece {
        Passage::Words(words) => words,
        Passage::OneOf(ways) => ways.into_iter().next().unwrap_or_default(),
    });
    words.flatten().collect()
}

/// Puts words together: pieces without space between them are one word, as
/// "un" and "likely" are in `un*likely*`.
#[derive(Debug, Default)]
pub struct Words {
    pieces: Vec<Passage>,
    words: Vec<Word>,
    open: Option<Word>,
    /// Links that ended inside the open word, or right before it.
    targets: Vec<Word>,
}

impl Words {
    /// Adds text as it stands.
    pub fn text(&mut self, text: &str, span: Option<Span>) {
        let mut rest = text;
        while !rest.is_empty() {
            let (run, behind) = rest.split_at(rest.find(|character| !is_plain(character)).unwrap_or(rest.len()));
            let open = || Word { text: String::new(), span };
            if !run.is_empty() {
                self.open.get_or_insert_with(open).text.push_str(run);
            }
            let mut characters = behind.chars();
            match characters.next() {
                Some(character) if character.is_whitespace() => self.end(),
                // What is no character is shown as the sign for that.
                Some(character) if is_noncharacter(character) => {
                    self.open.get_or_insert_with(open).text.push(char::REPLACEMENT_CHARACTER);
                }
                Some(character) if !is_silent(character) => self.open.get_or_insert_with(open).text.push(character),
                Some(_) | None => {}
            }
            rest = characters.as_str();
        }
    }

    /// Ends the word, at the edge of a block or a line that is broken.
    pub fn end(&mut self) {
        if let Some(word) = self.open.take() {
            self.words.push(match is_composed(&word.text) {
                true => word,
                false => Word { text: word.text.nfc().collect(), ..word },
            });
        }
        if !self.targets.is_empty() {
            self.words.append(&mut self.targets);
        }
    }

    /// Text that stands apart from what is before and behind it.
    pub fn apart(&mut self, text: &str, span: Option<Span>) {
        self.end();
        self.text(text, span);
        self.end();
    }

    /// The end of a link. Its address counts as read by a program: escaped
    /// or not is the same.
    pub fn target(&mut self, address: &str, span: Option<Span>) {
        self.targets.push(Word { text: format!("→{}", percent::decode_lossy(address)), span });
        if self.open.is_none() {
            self.end();
        }
    }

    /// Takes back the word that was put together last.
    pub fn take_back(&mut self) -> Option<Word> {
        self.end();
        self.words.pop()
    }

    /// Adds what can be said in more than one way.
    pub fn one_of(&mut self, ways: Vec<Vec<Word>>) {
        self.end();
        self.pieces.push(Passage::Words(std::mem::take(&mut self.words)));
        self.pieces.push(Passage::OneOf(ways));
    }

    /// Whether there is a letter or a digit in the words.
    pub fn has_letters(&mut self) -> bool {
        self.end();
        let said = |words: &[Word]| words.iter().any(|word| word.text.contains(char::is_alphanumeric));
        said(&self.words)
            || self.pieces.iter().any(|piece| match piece {
                Passage::Words(words) => said(words),
                Passage::OneOf(ways) => ways.iter().any(|way| said(way)),
            })
    }

    /// Adds what was put together elsewhere.
    pub fn append(&mut self, other: Words) {
        self.append_pieces(other.pieces());
    }

    /// The same for its pieces.
    pub fn append_pieces(&mut self, other: Vec<Passage>) {
        self.end();
        self.pieces.push(Passage::Words(std::mem::take(&mut self.words)));
        self.pieces.extend(other);
    }

    /// All words in order.
    pub fn finish(self) -> Vec<Word> {
        flatten(self.pieces())
    }

    /// All pieces in order.
    pub fn pieces(mut self) -> Vec<Passage> {
        self.end();
        self.pieces.push(Passage::Words(self.words));
        self.pieces
    }
}

/// Whether a character is, at a glance, one that words are made of.
fn is_plain(character: char) -> bool {
    matches!(character, '!'..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{34E}' | '\u{2010}'..='\u{2027}')
}

/// Characters that show nothing: controls, and signs that steer how others
/// are shown or joined (Unicode, `Default_Ignorable_Code_Point`).
pub fn is_silent(character: char) -> bool {
    character.is_control()
        || matches!(
            u32::from(character),
            0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E
                | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFF8 | 0x1_BCA0..=0x1_BCA3
                | 0x1_D173..=0x1_D17A | 0xE_0000..=0xE_0FFF
        )
}

/// Letters with their accents as one character each, where there are such
/// (Unicode, Normalization Form C): a font shows both alike.
pub fn composed(text: &str) -> String {
    if is_composed(text) { text.to_owned() } else { text.nfc().collect() }
}

/// Whether a text has no character, at a glance, that composing would change: the first accent
/// that stands for itself is U+0300, and nothing below it or among the dashes and quotation marks
/// is put together otherwise.
fn is_composed(text: &str) -> bool {
    text.is_ascii() || text.chars().all(|character| matches!(character, ..'\u{300}' | '\u{2010}'..='\u{2027}'))
}

/// Code points that are kept free of characters (Unicode, 23.7).
fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}
