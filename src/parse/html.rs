//! HTML as tokens with their places.

use super::place::Origin;
use crate::source::{FileId, Span};
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{HtmlString, Token as Gum, Tokenizer};

/// A start tag, or the whole of an element without an end tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Name in lower case.
    pub name: String,
    /// Names in lower case, values decoded.
    pub attributes: Vec<(String, String)>,
    pub span: Span,
}

impl Tag {
    /// The value of an attribute, whose name is given in lower case; the first counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A token of HTML with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Open(Tag),
    Close {
        name: String,
        span: Span,
    },
    /// Text as written, with its entities.
    Text {
        raw: String,
        span: Span,
    },
    /// A comment, or what a browser would take for one.
    Comment {
        raw: String,
        span: Span,
    },
    /// A document type, which no part of a document needs.
    Doctype,
}

/// Where the lines of a literal are in the source.
#[derive(Debug, Clone)]
pub struct LineMap {
    file: FileId,
    /// Start of each line in the literal and in the source.
    lines: Vec<(usize, usize)>,
}

impl LineMap {
    /// The map of a literal whose first line is comrak's line `line`. Each of
    /// its lines is the end of a source line: containers take away from the
    /// front only.
    pub fn new(file: FileId, source: &str, origin: &Origin, line: usize, literal: &str) -> Self {
        let mut lines = Vec::new();
        let mut at = 0;
        for (number, text) in literal.split_inclusive('\n').enumerate() {
            let start = origin.byte(line.saturating_add(number), 1);
            let next = origin.byte(line.saturating_add(number).saturating_add(1), 1);
            let whole = source.get(start..next).unwrap_or_default();
            let text_kept = text.trim_end_matches(['\n', '\r']).trim_start_matches(' ');
            let cut = text.trim_end_matches(['\n', '\r']).len() - text_kept.len();
            let offset = whole.rfind(text_kept).unwrap_or(0);
            // A tab that is partly a container's comes as spaces.
            lines.push((at, start + offset.saturating_sub(cut)));
            if cut > 0 {
                lines.push((at + cut, start + offset));
            }
            at += text.len();
        }
        Self { file, lines }
    }

    /// A literal that is in the source as it is.
    pub fn same(file: FileId, start: usize) -> Self {
        Self { file, lines: vec![(0, start)] }
    }

    /// The byte of the source for a byte of the literal.
    pub fn byte(&self, offset: usize) -> usize {
        let index = self.lines.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
        self.lines.get(index).map_or(0, |(literal, source)| source + offset.saturating_sub(*literal))
    }

    /// The place in the source of bytes of the literal.
    pub fn span(&self, start: usize, end: usize) -> Span {
        // The end belongs to the line of the last byte.
        let last = if end > start { self.byte(end - 1) + 1 } else { self.byte(end) };
        Span::new(self.file, self.byte(start), last)
    }
}

/// The tokens of a piece of HTML, in order and without gaps in its words.
pub fn tokens(literal: &str, map: &LineMap) -> Vec<Token> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    // Without this the text of a script could be taken for tags.
    emitter.naively_switch_states(true);
    let mut tokens = Vec::new();
    let mut read = 0;
    // Text is divided into lines, each with its own span.
    let text = |tokens: &mut Vec<Token>, start: usize, end: usize| {
        let mut at = start;
        for line in literal.get(start..end).unwrap_or_default().split_inclusive('\n') {
            // The space before a line may stand for a part of a tab.
            let words = at + (line.len() - line.trim_start_matches([' ', '\t']).len());
            let end = at + line.len();
            for (from, to) in [(at, words), (words, end)].into_iter().filter(|(from, to)| from < to) {
                let raw = literal.get(from..to).unwrap_or_default().to_owned();
                tokens.push(Token::Text { raw, span: map.span(from, to) });
            }
            at = end;
        }
    };
    // Text is everything between other tokens. So nothing of unfinished tags is lost, and positions
    // do not depend on the tokenizer's count of decoded characters.
    for Ok(token) in Tokenizer::new_with_emitter(literal, emitter) {
        let (span, token) = match token {
            Gum::StartTag(tag) => {
                let attributes =
                    tag.attributes.iter().map(|(name, value)| (string(name), string(&value.value))).collect();
                let span = map.span(tag.span.start, tag.span.end);
                (tag.span, Token::Open(Tag { name: string(&tag.name), attributes, span }))
            }
            Gum::EndTag(tag) => {
                let span = map.span(tag.span.start, tag.span.end);
                (tag.span, Token::Close { name: string(&tag.name), span })
            }
            Gum::Comment(value) => {
                let raw = literal.get(value.span.start..value.span.end).unwrap_or_default().to_owned();
                (value.span, Token::Comment { raw, span: map.span(value.span.start, value.span.end) })
            }
            Gum::Doctype(value) => (value.span, Token::Doctype),
            Gum::String(_) | Gum::Error(_) => continue,
        };
        text(&mut tokens, read, span.start);
        read = span.end;
        tokens.push(token);
    }
    text(&mut tokens, read, literal.len());
    tokens
}

fn string(bytes: &HtmlString) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The character reference at the start of a text and its length, as
/// CommonMark reads it (0.31.2, 2.5).
pub fn entity(text: &str) -> Option<(String, usize)> {
    const LONGEST: usize = 33;
    let inner = text.strip_prefix('&')?;
    let end = inner.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = inner.get(..end)?;
    let length = "&;".len() + end;
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) if (1..=6).contains(&digits.len()) => u32::from_str_radix(digits, 16).ok()?,
            Some(_) => return None,
            None if (1..=7).contains(&number.len()) => number.parse().ok()?,
            None => return None,
        };
        if !number.trim_start_matches(['x', 'X']).bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let decoded = char::from_u32(code).filter(|decoded| *decoded != '\0').unwrap_or(char::REPLACEMENT_CHARACTER);
        return Some((decoded.to_string(), length));
    }
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let raw = text.get(..length)?;
    let mut decoded = String::new();
    for Ok(token) in Tokenizer::new(raw) {
        if let Gum::String(value) = token {
            decoded.push_str(&string(&value));
        }
    }
    (!decoded.is_empty() && decoded != raw && !decoded.ends_with(';')).then_some((decoded, length))
}

#[cfg(test)]
mod tests {
    use super::{LineMap, Token, entity, tokens};
    use crate::source::FileId;

    fn outline(html: &str) -> Vec<String> {
        tokens(html, &LineMap::same(FileId(0), 0))
            .into_iter()
            .map(|token| match token {
                Token::Open(tag) => format!("<{}> {:?}", tag.name, &html[tag.span.range()]),
                Token::Close { name, span } => format!("</{name}> {:?}", &html[span.range()]),
                Token::Text { raw, span } => format!("{raw:?} {}", raw == html[span.range()]),
                Token::Comment { raw, span } => format!("comment {raw:?} {}", raw == html[span.range()]),
                Token::Doctype => "doctype".to_owned(),
            })
            .collect()
    }

    #[test]
    fn tokens_know_their_places() {
        assert_eq!(
            outline("<P Class=\"a\nb\">é &amp; <br/>x</p>y<!-- c --><?line:3?>"),
            [
                "<p> \"<P Class=\\\"a\\nb\\\">\"",
                "\"é &amp; \" true",
                "<br> \"<br/>\"",
                "\"x\" true",
                "</p> \"</p>\"",
                "\"y\" true",
                "comment \"<!-- c -->\" true",
                "comment \"<?line:3?>\" true",
            ]
        );
    }

    #[test]
    fn unfinished_html_keeps_its_words() {
        for html in ["a <p class=\"b", "a < b", "a </", "<script>b", "<!-- c", "a &am"] {
            let text: String = tokens(html, &LineMap::same(FileId(0), 0))
                .into_iter()
                .map(|token| match token {
                    Token::Text { raw, .. } | Token::Comment { raw, .. } => raw,
                    _ => String::new(),
                })
                .collect();
            assert!(html.ends_with(&text) && !text.is_empty(), "{html}: {text}");
        }
    }

    #[test]
    fn entities_are_those_of_commonmark() {
        for (text, decoded) in [
            ("&amp;", "&"),
            ("&nbsp;x", "\u{a0}"),
            ("&#35;", "#"),
            ("&#X22;", "\""),
            ("&#0;", "\u{fffd}"),
            ("&ngE;", "\u{2267}\u{338}"),
        ] {
            assert_eq!(entity(text).map(|(value, _)| value).as_deref(), Some(decoded), "{text}");
        }
        for text in ["&", "&x;", "&amp", "&#;", "&#x;", "&#87654321;", "&#abc;", "& amp;", "&copy"] {
            assert_eq!(entity(text), None, "{text}");
        }
    }
}
