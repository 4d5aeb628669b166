//! Words with their places, put together from pieces of text.

use crate::source::{Span, percent};
use unicode_normalization::UnicodeNormalization;

/// A word as a reader gets it: the text between spaces, with its punctuation. The target of a link
/// is a word too, after those of the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// Without space; composed (NFC).
    pub text: &'a str,
    /// The node that says it; `None` for what an edition was found to say.
    pub span: Option<Span>,
}

/// Words one after the other. Their letters are in one string, as there are many.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    letters: String,
    /// Where each word ends, and the node that says it.
    words: Vec<(usize, Option<Span>)>,
}

impl Text {
    /// The words in order.
    pub fn iter(&self) -> impl Iterator<Item = Word<'_>> {
        let mut start = 0;
        self.words.iter().map(move |(end, span)| {
            let text = self.letters.get(start..*end).unwrap_or_default();
            start = *end;
            Word { text, span: *span }
        })
    }

    /// Adds a word.
    pub fn push(&mut self, word: Word) {
        self.letters.push_str(word.text);
        self.words.push((self.letters.len(), word.span));
    }

    /// Adds a letter to the last word.
    pub fn extend_last(&mut self, letter: char) {
        if let Some((end, _)) = self.words.last_mut() {
            self.letters.push(letter);
            *end = self.letters.len();
        }
    }

    /// Adds the words of another text.
    pub fn append(&mut self, other: &Text) {
        let start = self.letters.len();
        self.letters.push_str(&other.letters);
        self.words.extend(other.words.iter().map(|(end, span)| (start + end, *span)));
    }

    fn pop(&mut self) {
        self.words.pop();
        self.letters.truncate(self.words.last().map_or(0, |(end, _)| *end));
    }
}

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passage {
    /// Running words.
    Words(Text),
    /// Alternatives, one of which is chosen: a table that is drawn or written row by row.
    OneOf(Vec<Text>),
}

/// The words of passages, each said in the first way.
pub fn flatten(passages: &[Passage]) -> Vec<Word<'_>> {
    let texts = passages.iter().filter_map(|passage| match passage {
        Passage::Words(text) => Some(text),
        Passage::OneOf(ways) => ways.first(),
    });
    texts.flat_map(Text::iter).collect()
}

/// Puts words together: pieces without space between them are one word, as
/// "un" and "likely" are in `un*likely*`.
#[derive(Debug, Default)]
pub struct Words {
    passages: Vec<Passage>,
    /// The words, with the letters of the open one after them.
    text: Text,
    /// The node that says the word that is open, where one is.
    open: Option<Option<Span>>,
    /// Links that ended inside the open word, or right before it.
    targets: Text,
}

impl Words {
    /// Adds literal text.
    pub fn text(&mut self, text: &str, span: Option<Span>) {
        let mut rest = text;
        while !rest.is_empty() {
            let plain = rest.bytes().position(|byte| !byte.is_ascii_graphic()).unwrap_or(rest.len());
            let (run, behind) = rest.split_at(plain);
            if !run.is_empty() {
                self.open.get_or_insert(span);
                self.text.letters.push_str(run);
            }
            let mut characters = behind.chars();
            match characters.next() {
                Some(character) if is_plain(character) => self.letter(character, span),
                Some(character) if character.is_whitespace() => self.end(),
                // A noncharacter is shown as the replacement character.
                Some(character) if is_noncharacter(character) => self.letter(char::REPLACEMENT_CHARACTER, span),
                Some(character) if !is_silent(character) => self.letter(character, span),
                Some(_) | None => {}
            }
            rest = characters.as_str();
        }
    }

    fn letter(&mut self, letter: char, span: Option<Span>) {
        self.open.get_or_insert(span);
        self.text.letters.push(letter);
    }

    /// Ends the word, at the edge of a block or at a line break.
    pub fn end(&mut self) {
        if let Some(span) = self.open.take() {
            let Text { letters, words } = &mut self.text;
            let start = words.last().map_or(0, |(end, _)| *end);
            let word = letters.get(start..).unwrap_or_default();
            if !is_composed(word) {
                let composed: String = word.nfc().collect();
                letters.truncate(start);
                letters.push_str(&composed);
            }
            words.push((letters.len(), span));
        }
        if !self.targets.words.is_empty() {
            self.text.append(&std::mem::take(&mut self.targets));
        }
    }

    /// Adds a text that is not joined to the words before and after it.
    pub fn apart(&mut self, text: &str, span: Option<Span>) {
        self.end();
        self.text(text, span);
        self.end();
    }

    /// Ends a link. Its address is compared decoded, so that escaping does not matter.
    pub fn target(&mut self, address: &str, span: Option<Span>) {
        self.targets.push(Word { text: &format!("→{}", percent::decode_lossy(address)), span });
        if self.open.is_none() {
            self.end();
        }
    }

    /// Removes the last word.
    pub fn take_back(&mut self) {
        self.end();
        self.text.pop();
    }

    /// Adds alternatives, of which the edition may contain any.
    pub fn one_of(&mut self, ways: Vec<Text>) {
        self.append_passages(vec![Passage::OneOf(ways)]);
    }

    /// Whether there is a letter or a digit in the words.
    pub fn has_letters(&mut self) -> bool {
        self.end();
        let said = |text: &Text| text.letters.contains(char::is_alphanumeric);
        said(&self.text)
            || self.passages.iter().any(|passage| match passage {
                Passage::Words(text) => said(text),
                Passage::OneOf(ways) => ways.iter().any(said),
            })
    }

    /// Appends other words.
    pub fn append(&mut self, other: Words) {
        self.append_passages(other.passages());
    }

    /// Appends passages.
    pub fn append_passages(&mut self, other: Vec<Passage>) {
        self.end();
        self.passages.push(Passage::Words(std::mem::take(&mut self.text)));
        self.passages.extend(other);
    }

    /// All words in order.
    pub fn finish(self) -> Text {
        let mut text = Text::default();
        flatten(&self.passages()).into_iter().for_each(|word| text.push(word));
        text
    }

    /// All passages in order.
    pub fn passages(mut self) -> Vec<Passage> {
        self.end();
        self.passages.push(Passage::Words(self.text));
        self.passages
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

/// Quick check whether a text has no character that composition (NFC) would change: the first
/// combining accent is U+0300, and no character below it, and no dash or quotation mark, is
/// affected.
fn is_composed(text: &str) -> bool {
    text.is_ascii() || text.chars().all(|character| matches!(character, ..'\u{300}' | '\u{2010}'..='\u{2027}'))
}

/// Code points that are kept free of characters (Unicode, 23.7).
fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}
