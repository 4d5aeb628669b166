//! What a reader of an HTML edition gets: the words of `main`, with the names
//! of pictures, without the ways back from notes.

use super::word::{Word, Words};
use html5gum::{HtmlString, StartTag, Token, Tokenizer};

/// Elements that stand inside a line: their edges part no words.
const INLINE: [&str; 23] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "u", "wbr",
];

/// Elements without an end.
const VOID: [&str; 8] = ["br", "col", "hr", "img", "input", "link", "meta", "wbr"];

/// Reads a page.
pub fn words(page: &str) -> Vec<Word> {
    let mut reader = Reader::default();
    for token in Tokenizer::new(page) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&lossy(&tag.name)),
            Token::String(text) if reader.is_reading() => reader.words.text(&lossy(&text), None),
            Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.words.finish()
}

#[derive(Default)]
struct Reader {
    words: Words,
    /// Open elements inside `main`, and how each is read.
    open: Vec<(String, Reading)>,
}

/// How the inside of an element is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Inline,
    /// Apart from what stands around it.
    Block,
    /// Not at all: it was told by its name, or is no part of the text.
    Skipped,
}

impl Reader {
    fn is_reading(&self) -> bool {
        !self.open.is_empty() && self.open.iter().all(|(_, reading)| *reading != Reading::Skipped)
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let name = lossy(&tag.name);
        if self.open.is_empty() && name != "main" {
            return;
        }
        let was_reading = self.open.is_empty() || self.is_reading();
        let attribute = |wanted: &str| tag.attributes.get(wanted.as_bytes()).map(|value| lossy(value));
        let role = attribute("role");
        let reading = match role.as_deref() {
            Some("img") => {
                if was_reading {
                    self.words.apart(&attribute("aria-label").unwrap_or_default(), None);
                }
                Reading::Skipped
            }
            Some("doc-backlink") => Reading::Skipped,
            Some("doc-noteref") => Reading::Block,
            _ if matches!(name.as_str(), "script" | "style" | "template") => Reading::Skipped,
            _ if INLINE.contains(&name.as_str()) => Reading::Inline,
            _ => Reading::Block,
        };
        if was_reading && name == "img" {
            self.words.apart(&attribute("alt").unwrap_or_default(), None);
        }
        if reading != Reading::Inline {
            self.words.end();
        }
        if !VOID.contains(&name.as_str()) && !tag.self_closing {
            self.open.push((name, reading));
        }
    }

    fn end(&mut self, name: &str) {
        // Our own pages nest; a page that does not is read as far as it does.
        while let Some((open, reading)) = self.open.pop() {
            if reading != Reading::Inline {
                self.words.end();
            }
            if open == name {
                break;
            }
        }
    }
}

fn lossy(bytes: &HtmlString) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
