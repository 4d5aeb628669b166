//! Attributes in braces: `{#id .class key=value key="a value"}`.

use crate::ast::{AttrList, Attrs};
use crate::source::{FileId, Span};
use std::ops::Range;

/// A word with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub span: Span,
}

/// Attributes as written, every part with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    pub id: Option<Word>,
    pub classes: Vec<Word>,
    /// Keys and values; a key alone has no value.
    pub pairs: Vec<(Word, Option<Word>)>,
    /// Span from the opening brace to the closing one.
    pub span: Span,
}

impl Attributes {
    /// No attributes at a place.
    pub fn none(span: Span) -> Self {
        Self { id: None, classes: Vec::new(), pairs: Vec::new(), span }
    }

    /// Reads attributes whose opening brace is at `start`; `None` where there are none that can be
    /// read.
    pub fn read(file: FileId, text: &str, start: usize) -> Option<Self> {
        let mut reader = Reader { file, text, at: start };
        reader.take('{')?;
        let mut attributes = Self::none(Span::point(file, start));
        loop {
            let spaced = reader.spaces();
            if reader.take('}').is_some() {
                break;
            }
            let first = !spaced && reader.at == start + 1;
            if !(spaced || first) {
                return None;
            }
            match reader.peek()? {
                '#' => {
                    reader.take('#');
                    let name = reader.name()?;
                    match attributes.id {
                        None => attributes.id = Some(name),
                        Some(_) => {
                            let key = Word { text: "id".to_owned(), span: name.span };
                            attributes.pairs.push((key, Some(name)));
                        }
                    }
                }
                '.' => {
                    reader.take('.');
                    attributes.classes.push(reader.name()?);
                }
                letter if letter.is_alphabetic() => {
                    let key = reader.name()?;
                    let after = reader.at;
                    reader.spaces();
                    let value = if reader.take('=').is_some() {
                        reader.spaces();
                        Some(reader.value()?)
                    } else {
                        reader.at = after;
                        None
                    };
                    attributes.pairs.push((key, value));
                }
                _ => return None,
            }
        }
        attributes.span = Span::new(file, start, reader.at);
        Some(attributes)
    }

    /// Reads attributes in whose braces, at these bytes, values of several words lack
    /// their quotation marks, as in `{title=A title #id}`: a value goes on to the next key.
    pub fn read_loosely(file: FileId, text: &str, range: Range<usize>) -> Option<Self> {
        let inside = text.get(range.clone())?.strip_prefix('{')?.strip_suffix('}')?;
        let base = range.start + "{".len();
        let keys = keys(inside);
        let first = keys.first()?.start;
        let mut attributes = Self::none(Span::new(file, range.start, range.end));
        attributes.short_forms(inside.get(..first)?, base).is_empty().then_some(())?;
        for (at, key) in keys.iter().enumerate() {
            let next = keys.get(at + 1).map_or(inside.len(), |next| next.start);
            let start = key.end + "=".len();
            let written = inside.get(start..next)?;
            // The value may be followed by an id or a class.
            let value =
                attributes.short_forms(written, base + start).trim_matches(['"', '\'', '“', '”', '„', '«', '»']);
            let lead = written.find(value)?;
            let place = Span::new(file, base + start + lead, base + start + lead + value.len());
            let name = Word {
                text: inside.get(key.clone())?.to_owned(),
                span: Span::new(file, base + key.start, base + key.end),
            };
            let value = Word { text: value.to_owned(), span: place };
            attributes.pairs.push((name, (!value.text.is_empty()).then_some(value)));
        }
        Some(attributes)
    }

    /// Takes `#id` and `.class` off the end of words that are at a byte; gives the rest.
    fn short_forms<'t>(&mut self, words: &'t str, base: usize) -> &'t str {
        let mut rest = words.trim();
        loop {
            let start = rest.rfind(char::is_whitespace).map_or(0, |at| at + 1);
            let Some(last) = rest.get(start..) else { return rest };
            let Some(name) = last.strip_prefix(['#', '.']) else { return rest };
            let legal = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ':');
            if !name.starts_with(char::is_alphabetic) || !name.chars().all(legal) {
                return rest;
            }
            let lead = words.len() - words.trim_start().len();
            let at = base + lead + start + 1;
            let word = Word { text: name.to_owned(), span: Span::new(self.span.file, at, at + name.len()) };
            if last.starts_with('#') {
                self.id = Some(word);
            } else {
                self.classes.push(word);
            }
            rest = rest.get(..start).unwrap_or_default().trim_end();
        }
    }

    /// Whether a word without a value follows a value that ended at a space.
    pub fn runs_on(&self, flags: &[&str]) -> bool {
        let mut valued = false;
        self.pairs.iter().any(|(key, value)| {
            let alone = value.is_none() && !flags.contains(&key.text.as_str());
            let runs_on = valued && alone;
            valued |= value.is_some();
            runs_on
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.id.is_none() && self.classes.is_empty() && self.pairs.is_empty()
    }

    /// Whether every key has a value: what inline attributes need, so that
    /// `[x]{sic}` stays text.
    pub fn has_only_values(&self) -> bool {
        self.pairs.iter().all(|(_, value)| value.is_some())
    }

    /// Takes the pair of a key out. A key alone gives its own word.
    pub fn take(&mut self, key: &str) -> Option<Word> {
        let index = self.pairs.iter().position(|(name, _)| name.text == key)?;
        let (name, value) = self.pairs.remove(index);
        Some(value.unwrap_or(Word { text: String::new(), span: name.span }))
    }

    /// Takes a class out; says whether it was there.
    pub fn take_class(&mut self, class: &str) -> bool {
        let before = self.classes.len();
        self.classes.retain(|name| name.text != class);
        self.classes.len() != before
    }

    /// The attributes of a node. `lang`, `id` and `class` written as pairs
    /// mean what they mean in HTML.
    pub fn into_attrs(self) -> Attrs {
        if self.is_empty() {
            return Attrs::default();
        }
        let mut list = AttrList {
            id: self.id.map(|id| id.text),
            classes: self.classes.into_iter().map(|class| class.text).collect(),
            span: Some(self.span),
            ..AttrList::default()
        };
        for (key, value) in self.pairs {
            let value = value.map(|value| value.text).unwrap_or_default();
            match key.text.as_str() {
                "lang" => list.lang = Some(value),
                "id" => list.id = Some(value),
                "class" => list.classes.extend(value.split_whitespace().map(str::to_owned)),
                _ => list.pairs.push((key.text, value)),
            }
        }
        list.into()
    }
}

/// Attributes that can be read, braces with them, with single spaces between them. Their
/// values stay as they are written.
pub fn spaced(braces: &str) -> String {
    let mut out = String::with_capacity(braces.len());
    let (mut quote, mut escaped, mut gap) = (None, false, false);
    for letter in braces.chars() {
        if let Some(end) = quote {
            out.push(letter);
            if letter == end && !escaped {
                quote = None;
            }
            escaped = letter == '\\' && !escaped;
            continue;
        }
        if letter.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !out.ends_with(['{', '=']) && !matches!(letter, '}' | '=') {
            out.push(' ');
        }
        gap = false;
        escaped = false;
        quote = match letter {
            '"' | '\'' => Some(letter),
            '“' | '„' | '”' => Some('”'),
            '«' => Some('»'),
            '»' => Some('«'),
            '‘' | '‚' | '’' => Some('’'),
            _ => None,
        };
        out.push(letter);
    }
    out
}

/// The positions of words with a space or nothing before them and `=` after them.
fn keys(inside: &str) -> Vec<Range<usize>> {
    let legal = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let key = |(at, _): (usize, &str)| {
        let before = inside.get(..at)?;
        let start = before.len() - before.chars().rev().take_while(|letter| legal(*letter)).count();
        let stands_alone = inside.get(..start)?.chars().next_back().is_none_or(char::is_whitespace);
        let is_word = inside.get(start..at)?.starts_with(|first: char| first.is_ascii_alphabetic());
        (stands_alone && is_word).then_some(start..at)
    };
    inside.match_indices('=').filter_map(key).collect()
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn take(&mut self, wanted: char) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += wanted.len_utf8())
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> Range<usize> {
        let start = self.at;
        while let Some(next) = self.peek().filter(|next| keep(*next)) {
            self.at += next.len_utf8();
        }
        start..self.at
    }

    fn spaces(&mut self) -> bool {
        !self.take_while(|next| matches!(next, ' ' | '\t' | '\r' | '\n')).is_empty()
    }

    fn word(&self, range: Range<usize>) -> Option<Word> {
        let text = self.text.get(range.clone()).filter(|text| !text.is_empty())?;
        Some(Word { text: text.to_owned(), span: Span::new(self.file, range.start, range.end) })
    }

    fn name(&mut self) -> Option<Word> {
        let range = self.take_while(|next| !next.is_whitespace() && !"{}\"'=<>`#".contains(next));
        self.word(range)
    }

    fn value(&mut self) -> Option<Word> {
        match self.peek()? {
            quote @ ('"' | '\'') => {
                self.take(quote);
                let start = self.at;
                let mut text = String::new();
                loop {
                    let next = self.peek()?;
                    let end = self.at;
                    self.at += next.len_utf8();
                    match next {
                        _ if next == quote => return Some(Word { text, span: Span::new(self.file, start, end) }),
                        '\\' => match self.peek()? {
                            escaped @ ('"' | '\'' | '\\') => {
                                self.at += escaped.len_utf8();
                                text.push(escaped);
                            }
                            _ => text.push('\\'),
                        },
                        '\n' | '\r' => return None,
                        _ => text.push(next),
                    }
                }
            }
            quote @ ('“' | '„' | '”' | '«' | '»' | '‘' | '‚' | '’') => {
                // Quotation marks as a word processor makes them.
                self.take(quote);
                let closes = match quote {
                    '“' | '„' | '”' => ['”', '“'],
                    '«' => ['»', '»'],
                    '»' => ['«', '«'],
                    _ => ['’', '‘'],
                };
                let range = self.take_while(|next| !closes.contains(&next) && !matches!(next, '\n' | '\r'));
                let (text, end) = (self.text.get(range.clone())?.to_owned(), self.at);
                self.take(self.peek().filter(|next| closes.contains(next))?)?;
                Some(Word { text, span: Span::new(self.file, range.start, end) })
            }
            _ => {
                let range = self.take_while(|next| !next.is_whitespace() && !"{}\"'<>`".contains(next));
                self.word(range)
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Attributes;
    use crate::source::FileId;

    fn read(text: &str) -> Option<Attributes> {
        Attributes::read(FileId(0), text, 0)
    }

    #[test]
    fn every_part_has_its_place() {
        let text = "{#tab:1 .wide caption=\"Table 1: \\\"Ça\\\" va\" src=a/b.csv landscape} rest";
        let attributes = read(text).unwrap();
        assert_eq!(attributes.id.clone().unwrap().text, "tab:1");
        assert_eq!(attributes.classes[0].text, "wide");
        let (key, value) = &attributes.pairs[0];
        assert_eq!((key.text.as_str(), value.clone().unwrap().text.as_str()), ("caption", "Table 1: \"Ça\" va"));
        assert_eq!(&text[value.clone().unwrap().span.range()], "Table 1: \\\"Ça\\\" va");
        assert_eq!(attributes.pairs[1].1.clone().unwrap().text, "a/b.csv");
        assert!(!attributes.has_only_values());
        assert_eq!(&text[attributes.span.range()], text.strip_suffix(" rest").unwrap());
    }

    #[test]
    fn values_without_quotation_marks_go_on_to_the_next_key() {
        let text = "{caption=Steps since 2006: what's new src=a.csv .wide #steps}";
        let attributes = Attributes::read_loosely(FileId(0), text, 0..text.len()).unwrap();
        let pairs: Vec<(&str, &str)> = attributes
            .pairs
            .iter()
            .map(|(key, value)| (key.text.as_str(), value.as_ref().unwrap().text.as_str()))
            .collect();
        assert_eq!(pairs, [("caption", "Steps since 2006: what's new"), ("src", "a.csv")]);
        assert_eq!((attributes.id.unwrap().text, attributes.classes.len()), ("steps".to_owned(), 1));
        let (_, value) = &attributes.pairs[0];
        assert_eq!(&text[value.clone().unwrap().span.range()], "Steps since 2006: what's new");
        assert!(read("{title=A title}").unwrap().runs_on(&[]) && !read("{x=a stacked}").unwrap().runs_on(&["stacked"]));
    }

    #[test]
    fn only_the_space_between_attributes_changes() {
        assert_eq!(super::spaced("{  #a   .b  k = \"x  y\"\tz=w }"), "{#a .b k=\"x  y\" z=w}");
        assert_eq!(super::spaced("{t=\"a \\\"  b\"   u='c  d'}"), "{t=\"a \\\"  b\" u='c  d'}");
    }

    #[test]
    fn what_is_no_list_of_attributes_is_not_read() {
        for text in ["{", "{{name}}", "{a=}", "{.}", "{#}", "{.a", "{.a\"b\"}", "{a=\"b}", "{1}", "x", "{a=\"b\"c=d}"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
