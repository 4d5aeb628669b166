//! Words with their places, put together from pieces of text.

use crate::source::Span;

/// A word as a reader gets it: what stands between spaces, with its
/// punctuation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// The node that says it; `None` for what an edition was found to say.
    pub span: Option<Span>,
}

/// Puts words together: pieces without space between them are one word, as
/// "un" and "likely" are in `un*likely*`.
#[derive(Debug, Default)]
pub struct Words {
    words: Vec<Word>,
    open: Option<Word>,
}

impl Words {
    /// Adds text as it stands.
    pub fn text(&mut self, text: &str, span: Option<Span>) {
        for character in text.chars() {
            if character.is_whitespace() {
                self.end();
            } else {
                self.open.get_or_insert_with(|| Word { text: String::new(), span }).text.push(character);
            }
        }
    }

    /// Ends the word, at the edge of a block or a line that is broken.
    pub fn end(&mut self) {
        self.words.extend(self.open.take());
    }

    /// Text that stands apart from what is before and behind it.
    pub fn apart(&mut self, text: &str, span: Option<Span>) {
        self.end();
        self.text(text, span);
        self.end();
    }

    /// All words in order.
    pub fn finish(mut self) -> Vec<Word> {
        self.end();
        self.words
    }
}
