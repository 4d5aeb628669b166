//! Reads an HTML edition: the words of `main`, with the alternative texts of pictures, without the
//! links back from notes.

use super::formula::MathMl;
use super::rules::HtmlRules;
use super::side;
use super::word::Words;
use super::{Check, Reading};
use crate::resolve::Side;
use html5gum::{DefaultEmitter, Emitter, ForwardingEmitter, HtmlString, StartTag, Token, Tokenizer};
use std::borrow::Cow;

/// Elements that are inside a line: their edges part no words.
const INLINE: [&str; 23] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "u", "wbr",
];

/// Elements without an end.
const VOID: [&str; 8] = ["br", "col", "hr", "img", "input", "link", "meta", "wbr"];

/// Reads a page: what it says, and the rules that it keeps or breaks.
pub fn read(page: &str) -> (Reading, Vec<Check>) {
    let mut reader = Reader::default();
    let mut rules = HtmlRules::default();
    for token in tokens(page) {
        if let Token::StartTag(tag) = &token {
            rules.start(tag);
        }
        match token {
            Token::StartTag(tag) if reader.math.is_open() || &**tag.name == b"math" => reader.math(&tag),
            Token::EndTag(_) if reader.math.is_open() => reader.end_math(),
            Token::String(text) if reader.math.is_open() => reader.math.text(&lossy(&text)),
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&lossy(&tag.name)),
            Token::String(text) if reader.is_reading() => reader.words.text(&lossy(&text), None),
            Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    (Reading { passages: reader.words.passages(), faults: Vec::new() }, rules.finish())
}

/// Addresses of the pictures of a page, in order.
pub fn pictures(page: &str) -> Vec<String> {
    let tags = tokens(page).filter_map(|token| match token {
        Token::StartTag(tag) if &**tag.name == b"img" => {
            tag.attributes.get(b"src".as_slice()).map(|src| lossy(src).into_owned())
        }
        _ => None,
    });
    tags.collect()
}

/// The tokens of a page. What browsers put up with is not looked for.
fn tokens(page: &str) -> impl Iterator<Item = Token> {
    Tokenizer::new_with_emitter(page, Lenient(DefaultEmitter::default())).map(|Ok(token)| token)
}

/// Makes tokens, and tells no errors.
struct Lenient(DefaultEmitter);

impl ForwardingEmitter for Lenient {
    type Token = Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = Token> {
        &mut self.0
    }

    fn emit_error(&mut self, _: html5gum::Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }
}

#[derive(Default)]
struct Reader {
    words: Words,
    /// Open elements inside `main`, and how each is read.
    open: Vec<Open>,
    /// The formula that is open.
    math: MathMl,
}

struct Open {
    name: String,
    manner: Manner,
    /// Where a link leads.
    target: Option<String>,
    /// Whether it is of one version only.
    is_change: bool,
}

/// How the inside of an element is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Inline,
    /// Separate from its surroundings.
    Block,
    /// Skipped: handled by its name, or not part of the text.
    Skipped,
}

impl Reader {
    fn is_reading(&self) -> bool {
        !self.open.is_empty() && self.open.iter().all(|open| open.manner != Manner::Skipped)
    }

    /// A formula, or an element in one, begins.
    fn math(&mut self, tag: &StartTag<()>) {
        if self.is_reading() && !self.math.is_open() {
            let words = tag.attributes.get(b"aria-label".as_slice()).map(|value| lossy(value));
            self.words.apart(&words.unwrap_or_default(), None);
        }
        self.math.start(&lossy(&tag.name));
        if tag.self_closing {
            self.end_math();
        }
    }

    fn end_math(&mut self) {
        if let Some(said) = self.math.end().filter(|_| self.is_reading()) {
            self.words.apart(&said, None);
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let name = lossy(&tag.name);
        if self.open.is_empty() && name != "main" {
            return;
        }
        let was_reading = self.open.is_empty() || self.is_reading();
        let attribute = |wanted: &str| tag.attributes.get(wanted.as_bytes()).map(|value| lossy(value));
        let role = attribute("role");
        let manner = match role.as_deref() {
            Some("img") => {
                if was_reading {
                    self.words.apart(&attribute("aria-label").unwrap_or_default(), None);
                }
                Manner::Skipped
            }
            Some("doc-backlink") => Manner::Skipped,
            // Ways from change to change.
            None if attribute("class").as_deref() == Some("ways") => Manner::Skipped,
            Some("doc-noteref") => Manner::Block,
            _ if matches!(&*name, "script" | "style" | "template") => Manner::Skipped,
            // The alternative text of a picture separates words.
            _ if name == "img" || INLINE.contains(&&*name) => Manner::Inline,
            _ => Manner::Block,
        };
        if was_reading && name == "img" {
            let said = attribute("alt").unwrap_or_default();
            if !said.is_empty() {
                self.words.apart(&said, None);
            }
        }
        let side = attribute("class").filter(|_| was_reading).and_then(|class| {
            let kind = class.strip_prefix("change ")?;
            let side = match &*name {
                "ins" => Side::New,
                "del" => Side::Old,
                _ => return None,
            };
            side::start_of(kind, Some(side))
        });
        if let Some(side) = side {
            self.words.apart(side, None);
        }
        if manner != Manner::Inline {
            self.words.end();
        }
        if !VOID.contains(&&*name) && !tag.self_closing {
            let is_link = name == "a" && role.is_none() && was_reading;
            let target = is_link.then(|| attribute("href")).flatten();
            let target = target.map(Cow::into_owned);
            self.open.push(Open { name: name.into_owned(), manner, target, is_change: side.is_some() });
        }
    }

    fn end(&mut self, name: &str) {
        // Our own pages nest; a page that does not is read as far as it does.
        while let Some(open) = self.open.pop() {
            if let Some(target) = &open.target {
                self.words.target(target, None);
            }
            if open.is_change {
                self.words.apart(side::END, None);
            }
            if open.manner != Manner::Inline {
                self.words.end();
            }
            if open.name == name {
                break;
            }
        }
    }
}

/// Text as it is in a page, where that is UTF-8.
pub fn lossy(bytes: &HtmlString) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
