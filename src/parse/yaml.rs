//! YAML as a tree whose every part knows its place. Scalars keep their source
//! text, so that `version: 1.0` stays "1.0".

use super::limits;
use crate::source::{FileId, Span};
use saphyr_parser::{BufferedInput, Event, Marker, Parser, ScalarStyle, ScanError};
use std::collections::{BTreeMap, BTreeSet};

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Yaml {
    pub kind: YamlKind,
    pub span: Span,
}

/// The kind of a value. Whether a scalar is a number or a date depends on the key.
#[derive(Debug, Clone, PartialEq)]
pub enum YamlKind {
    /// Nothing, `null` or `~`.
    Null,
    /// Literal text, without quotes.
    Scalar(String),
    List(Vec<Yaml>),
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub key: String,
    pub key_span: Span,
    pub value: Yaml,
}

/// Why YAML cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    pub message: String,
    pub span: Span,
    pub is_limit: IsLimit,
}

/// Whether the YAML is wrong or only too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsLimit {
    Yes,
    No,
}

/// A document, and the comments that are after values without quotation marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub root: Yaml,
    pub comments: Vec<Span>,
}

/// Reads the YAML document in `text`, which starts at byte `base` of the file.
///
/// # Errors
/// Where the text is not YAML, holds a key twice, or exceeds a limit.
pub fn read(file: FileId, text: &str, base: usize) -> Result<Document, YamlError> {
    Reader {
        places: Places { file, base, text, last: (0, 0) },
        anchors: BTreeMap::new(),
        open: Vec::new(),
        nodes: 0,
        bytes: 0,
        root: None,
        comments: Vec::new(),
    }
    .run()
}

/// Places counted in characters, as the parser gives them, made into bytes.
/// They mostly rise, so the count goes on from the last one.
struct Places<'a> {
    file: FileId,
    base: usize,
    text: &'a str,
    /// Characters and bytes of the last place asked for.
    last: (usize, usize),
}

impl Places<'_> {
    fn byte(&mut self, marker: &Marker) -> usize {
        let (mut count, mut byte) = self.last;
        if marker.index() < count {
            (count, byte) = (0, 0);
        }
        for next in self.text.get(byte..).unwrap_or_default().chars().take(marker.index() - count) {
            byte += next.len_utf8();
        }
        count = marker.index();
        self.last = (count, byte);
        byte
    }

    /// The comment that is behind a value in its line.
    fn comment_behind(&self, span: Span) -> Option<Span> {
        let end = span.end as usize;
        let rest = self.text.get(end - self.base..)?;
        let comment = rest.trim_start_matches([' ', '\t']);
        let space = rest.len() - comment.len();
        if space == 0 || !comment.starts_with('#') {
            return None;
        }
        let comment = comment.split(['\n', '\r']).next()?.trim_end();
        Some(Span::new(self.file, end + space, end + space + comment.len()))
    }

    /// Whether a comment begins like a number: `#2`.
    fn is_number(&self, comment: Span) -> bool {
        let written = self.text.get(comment.start as usize - self.base..).unwrap_or_default();
        written.strip_prefix('#').is_some_and(|rest| rest.starts_with(|first: char| first.is_alphanumeric()))
    }

    /// The comment in the place of the value of a key: `title: #1 of all`.
    fn instead_of_value(&self, key: Span) -> Option<Span> {
        let end = key.end as usize;
        let rest = self.text.get(end - self.base..)?.split(['\n', '\r']).next()?;
        let comment = rest.trim_start_matches(['"', '\'', ' ', '\t', ':']);
        let start = end + (rest.len() - comment.len());
        comment.starts_with('#').then(|| Span::new(self.file, start, end + rest.trim_end().len()))
    }

    fn span(&mut self, span: &saphyr_parser::Span) -> Span {
        let start = self.byte(&span.start);
        let end = self.byte(&span.end);
        let kept = self.text.get(start..end).unwrap_or_default().trim_end().len();
        Span::new(self.file, self.base + start, self.base + start + kept)
    }
}

/// A list or map whose end has not been met.
struct Open {
    anchor: usize,
    span: Span,
    content: Content,
}

enum Content {
    List(Vec<Yaml>),
    Map { entries: Vec<Entry>, names: BTreeSet<String>, key: Option<Yaml> },
}

struct Reader<'a> {
    places: Places<'a>,
    anchors: BTreeMap<usize, Yaml>,
    open: Vec<Open>,
    nodes: usize,
    /// Size of all values in bytes, including repetitions by aliases.
    bytes: usize,
    root: Option<Yaml>,
    comments: Vec<Span>,
}

impl Reader<'_> {
    fn run(mut self) -> Result<Document, YamlError> {
        let mut parser = Parser::new(BufferedInput::new(self.places.text.chars()));
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| {
                let start = self.places.byte(error.marker());
                let span = Span::point(self.places.file, self.places.base + start);
                let is_limit = if is_too_deep(&error) { IsLimit::Yes } else { IsLimit::No };
                YamlError { message: error.info().to_owned(), span, is_limit }
            })?;
            let span = self.places.span(&span);
            match event {
                Event::Scalar(text, style, anchor, _) => {
                    let null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                    let comment = self.places.comment_behind(span);
                    // After quotation marks, `#` before a figure is a number and no comment.
                    let is_number = |comment: &Span| self.places.is_number(*comment);
                    let is_doubtful = style == ScalarStyle::Plain && !null;
                    self.comments.extend(comment.filter(|comment| is_doubtful || is_number(comment)));
                    let kind = if null { YamlKind::Null } else { YamlKind::Scalar(text.into_owned()) };
                    self.add(Yaml { kind, span }, anchor)?;
                }
                Event::SequenceStart(anchor, _) => self.start(anchor, span, Content::List(Vec::new()))?,
                Event::MappingStart(anchor, _) => {
                    self.start(anchor, span, Content::Map { entries: Vec::new(), names: BTreeSet::new(), key: None })?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
                Event::Alias(anchor) => {
                    let Some(value) = self.anchors.get(&anchor) else {
                        return Err(wrong("an alias stands for nothing", span));
                    };
                    let (nodes, bytes) = size(value);
                    self.nodes = self.nodes.saturating_add(nodes);
                    self.bytes = self.bytes.saturating_add(bytes);
                    if self.bytes > limits::YAML_REPEATED {
                        let most = limits::YAML_REPEATED / 1024;
                        return Err(too_much(format!("aliases repeat more than {most} KiB"), span));
                    }
                    let value = value.clone();
                    self.add(Yaml { span, ..value }, 0)?;
                }
                Event::StreamEnd | Event::DocumentEnd => break,
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => {}
            }
        }
        let empty = Span::point(self.places.file, self.places.base);
        let root = self.root.unwrap_or(Yaml { kind: YamlKind::Null, span: empty });
        Ok(Document { root, comments: self.comments })
    }

    fn start(&mut self, anchor: usize, span: Span, content: Content) -> Result<(), YamlError> {
        if self.open.len() >= limits::YAML_NESTING {
            return Err(too_much(format!("values nest deeper than {} levels", limits::YAML_NESTING), span));
        }
        self.open.push(Open { anchor, span, content });
        Ok(())
    }

    fn end(&mut self, end: Span) -> Result<(), YamlError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let (kind, last) = match open.content {
            Content::List(items) => {
                let last = items.last().map(|item| item.span);
                (YamlKind::List(items), last)
            }
            Content::Map { entries, .. } => {
                let last = entries.last().map(|entry| entry.value.span);
                (YamlKind::Map(entries), last)
            }
        };
        // A block collection ends where its last value does; its end event
        // comes with the next line.
        let span =
            if end.start == end.end { last.map_or(open.span, |last| open.span.to(last)) } else { open.span.to(end) };
        self.add(Yaml { kind, span }, open.anchor)
    }

    fn add(&mut self, value: Yaml, anchor: usize) -> Result<(), YamlError> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > limits::YAML_NODES {
            return Err(too_much(format!("there are more than {} values", limits::YAML_NODES), value.span));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(value),
            Some(Content::List(items)) => items.push(value),
            Some(Content::Map { entries, names, key }) => match key.take() {
                None => *key = Some(value),
                Some(key) => {
                    let YamlKind::Scalar(name) = key.kind else {
                        return Err(wrong("a key must be a word", key.span));
                    };
                    if !names.insert(name.clone()) {
                        return Err(wrong(&format!("the key `{name}` is given twice"), key.span));
                    }
                    if value.kind == YamlKind::Null {
                        let comment = self.places.instead_of_value(key.span);
                        self.comments.extend(comment.filter(|comment| self.places.is_number(*comment)));
                    }
                    entries.push(Entry { key: name, key_span: key.span, value });
                }
            },
        }
        Ok(())
    }
}

/// How many values a value is made of, and the bytes of their text. It nests
/// within the limit.
fn size(value: &Yaml) -> (usize, usize) {
    let sum = |own: (usize, usize), (nodes, bytes): (usize, usize)| {
        (own.0.saturating_add(nodes), own.1.saturating_add(bytes))
    };
    match &value.kind {
        YamlKind::Null => (1, 0),
        YamlKind::Scalar(text) => (1, text.len()),
        YamlKind::List(items) => items.iter().map(size).fold((1, 0), sum),
        YamlKind::Map(entries) => {
            entries.iter().map(|entry| sum((0, entry.key.len()), size(&entry.value))).fold((1, 0), sum)
        }
    }
}

/// The size of a YAML document's values.
pub struct Measured {
    /// The size in bytes once each alias is replaced by its value.
    pub bytes: usize,
    /// The byte at which values nest too deep. What follows is not counted.
    pub too_deep: Option<usize>,
}

/// Measures a YAML document whose values may nest `depth` levels deep. What is
/// no YAML counts up to its fault.
pub fn measured(text: &str, depth: usize) -> Measured {
    let mut anchors: BTreeMap<usize, usize> = BTreeMap::new();
    // The collections that are open: their anchors and what they hold.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut total = 0_usize;
    let mut parser = Parser::new(BufferedInput::new(text.chars()));
    let byte = |index: usize| text.char_indices().nth(index).map_or(text.len(), |(byte, _)| byte);
    let mut too_deep = None;
    while let Some(next) = parser.next_event() {
        let (event, span) = match next {
            Ok(next) => next,
            Err(fault) => {
                too_deep = is_too_deep(&fault).then(|| byte(fault.marker().index()));
                break;
            }
        };
        if open.len() > depth {
            // The scanner looks through all that is open again and again.
            too_deep = Some(byte(span.start.index()));
            break;
        }
        let (anchor, bytes) = match event {
            Event::Scalar(text, _, anchor, _) => (anchor, text.len() + 1),
            Event::Alias(anchor) => (0, anchors.get(&anchor).copied().unwrap_or_default()),
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                open.push((anchor, 1));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().unwrap_or_default(),
            Event::StreamEnd => break,
            _ => continue,
        };
        if anchor != 0 {
            anchors.insert(anchor, bytes);
        }
        let outer = open.last_mut().map_or(&mut total, |(_, bytes)| bytes);
        *outer = outer.saturating_add(bytes);
    }
    let bytes = open.into_iter().fold(total, |total, (_, bytes)| total.saturating_add(bytes));
    Measured { bytes, too_deep }
}

/// Whether the scanner looked ahead and found more brackets than it counts.
fn is_too_deep(error: &ScanError) -> bool {
    error.info().contains("recursion limit")
}

fn wrong(message: &str, span: Span) -> YamlError {
    YamlError { message: message.to_owned(), span, is_limit: IsLimit::No }
}

fn too_much(message: String, span: Span) -> YamlError {
    YamlError { message, span, is_limit: IsLimit::Yes }
}
