//! Running text: words with their escapes, and marks where they can be read.

use crate::ast::{Attrs, Block, BlockKind, Citation, Image, Inline, InlineKind, Parsed, ParsedInline, plain_text};
use std::fmt::Write;

/// The position of text, which decides what must be escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// Text on lines of its own.
    Text,
    /// Text in one line, such as a heading.
    Line,
    /// Text in a cell of a table with `|`.
    Cell,
}

/// Inlines as source. Lines that are broken are lines, where there may be several.
pub fn lines(content: &[Inline<Parsed>], place: Where) -> String {
    let mut writer = Writer { out: String::new(), place, outer: None, in_link: false };
    writer.all(content);
    writer.out.trim().to_owned()
}

/// Whether an inline is a picture or a formula, or holds one.
fn shows_something(inline: &Inline<Parsed>) -> bool {
    matches!(inline.kind, InlineKind::Image(_) | InlineKind::Math(_))
        || inline.kind.children().iter().any(shows_something)
}

/// Inlines as one line.
pub fn line(content: &[Inline<Parsed>]) -> String {
    lines(content, Where::Line)
}

/// Inlines as one line that starts at the margin.
pub fn term(content: &[Inline<Parsed>]) -> String {
    lines(content, Where::Text).replace("\\\n", " ")
}

/// Blocks as words of HTML, where they are one paragraph of plain words or nothing.
pub fn plain_html(blocks: &[Block<Parsed>]) -> Option<String> {
    let content = match blocks {
        [] => return Some(String::new()),
        [Block { kind: BlockKind::Paragraph(content), .. }] => content,
        _ => return None,
    };
    let mut words = String::new();
    for inline in content {
        match &inline.kind {
            InlineKind::Text(text) if inline.attrs.is_empty() => words.push_str(text),
            InlineKind::SoftBreak => words.push(' '),
            InlineKind::LineBreak => words.push('\n'),
            _ => return None,
        }
    }
    // Signs that may be Markdown would be pointed out, and comments of other tools are
    // looked for in HTML too.
    if words.contains(['*', '_', '`', '[', '{', '%', '\\', '#', '~', '^']) || words.contains("//") {
        return None;
    }
    Some(escape_html(words.trim()).replace('\n', "<br>"))
}

/// Text in HTML, or in an attribute of it.
pub fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A value of an attribute in braces.
pub fn quoted(value: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '%');
    if !value.is_empty() && value.chars().all(is_word) {
        return value.to_owned();
    }
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Attributes in braces; empty where there are none.
pub fn attributes(attrs: &Attrs, pairs: &[(&str, &str)]) -> String {
    let mut parts = Vec::new();
    if let Some(list) = attrs.list() {
        parts.extend(list.id.as_ref().map(|id| format!("#{id}")));
        parts.extend(list.classes.iter().map(|class| format!(".{class}")));
        parts.extend(list.lang.as_ref().map(|lang| format!("lang={}", quoted(lang))));
        parts.extend(list.pairs.iter().map(|(key, value)| format!("{key}={}", quoted(value))));
    }
    parts.extend(pairs.iter().map(|(key, value)| format!("{key}={}", quoted(value))));
    if parts.is_empty() { String::new() } else { format!("{{{}}}", parts.join(" ")) }
}

/// The attributes of a figure and of the picture in it.
pub fn joined(one: &Attrs, other: &Attrs) -> Attrs {
    let mut joined = one.clone();
    if let Some(list) = other.list() {
        let all = joined.edit();
        all.id = all.id.take().or_else(|| list.id.clone());
        all.lang = all.lang.take().or_else(|| list.lang.clone());
        all.classes.extend(list.classes.iter().cloned());
        all.pairs.extend(list.pairs.iter().cloned());
    }
    joined
}

/// A picture, with a caption in the place of its title.
pub fn image(image: &Image<Parsed>, title: Option<&str>, attrs: &Attrs) -> String {
    let alt = escape(
        image.alt.as_deref().unwrap_or_default(),
        Where::Line,
        Edge { start: false, inside: true, in_link: true },
    );
    let title = title.map(|title| format!(" \"{}\"", title.replace('\\', "\\\\").replace('"', "\\\"")));
    let attributes = attributes(attrs, &[]);
    format!("![{}]({}{}){attributes}", alt.trim(), address(&image.picture), title.unwrap_or_default())
}

/// An address as the target of a link (CommonMark 0.31.2, 6.3).
fn address(address: &str) -> String {
    let is_plain = !address.is_empty()
        && !address.starts_with('<')
        && !address.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '\\'));
    if is_plain {
        return address.to_owned();
    }
    let safe: String = address.chars().filter(|c| !c.is_control()).collect();
    format!("<{}>", safe.replace('\\', "\\\\").replace('<', "\\<").replace('>', "\\>"))
}

/// Where a text starts and what it is in.
#[derive(Debug, Clone, Copy)]
struct Edge {
    /// Whether it is at the start of a line.
    start: bool,
    /// Whether it follows something that markup characters could belong to.
    inside: bool,
    /// Whether it is in a link, where addresses are words.
    in_link: bool,
}

struct Writer {
    out: String,
    place: Where,
    /// The sign of the emphasis that is open.
    outer: Option<char>,
    /// Whether a link is open: addresses in it are words.
    in_link: bool,
}

impl Writer {
    fn all(&mut self, content: &[Inline<Parsed>]) {
        for (index, inline) in content.iter().enumerate() {
            let next = content.get(index + 1..).unwrap_or_default();
            self.inline(inline, next);
        }
    }

    fn inline(&mut self, inline: &Inline<Parsed>, next: &[Inline<Parsed>]) {
        let attrs = &inline.attrs;
        match &inline.kind {
            InlineKind::Text(text) => self.text(text, next.first()),
            InlineKind::SoftBreak => self.out.push(' '),
            InlineKind::LineBreak => self.line_break(),
            InlineKind::Code(text) => {
                self.out.push_str(&code(text, self.place));
                self.out.push_str(&attributes(attrs, &[]));
            }
            InlineKind::Math(formula) => {
                let alt = formula.alt.as_deref().map(|alt| ("alt", alt));
                // Writing to a string cannot fail.
                let _ = write!(self.out, "${}$", code(&formula.source, self.place));
                self.out.push_str(&attributes(attrs, &alt.into_iter().collect::<Vec<_>>()));
            }
            InlineKind::Emphasis(content) => self.marked(['*', '_'], 1, "em", content, attrs, next),
            InlineKind::Strong(content) => self.marked(['*', '_'], 2, "strong", content, attrs, next),
            InlineKind::Strikethrough(content) => self.marked(['~', '~'], 2, "s", content, attrs, next),
            InlineKind::Superscript(content) => self.tagged("sup", content, attrs),
            InlineKind::Subscript(content) => self.tagged("sub", content, attrs),
            InlineKind::Underline(content) => self.tagged("u", content, attrs),
            InlineKind::Highlight(content) => self.tagged("mark", content, attrs),
            InlineKind::Inserted(content) => self.tagged("ins", content, attrs),
            InlineKind::Deleted(content) => self.tagged("del", content, attrs),
            InlineKind::Small(content) => self.tagged("small", content, attrs),
            InlineKind::Quoted(content) => self.tagged("q", content, attrs),
            InlineKind::CitedTitle(content) => self.tagged("cite", content, attrs),
            InlineKind::DefinedTerm(content) => self.tagged("dfn", content, attrs),
            InlineKind::Keyboard(content) => self.tagged("kbd", content, attrs),
            InlineKind::Span(content) => self.span(content, attrs),
            InlineKind::Abbreviation { content, expansion } => {
                let _ = write!(self.out, "<abbr title=\"{}\">", escape_html(expansion));
                self.all(content);
                self.out.push_str("</abbr>");
            }
            InlineKind::Link { target, title, content } => self.link(target, title.as_deref(), content, attrs),
            InlineKind::Image(picture) => {
                let written = image(picture, picture.title.as_deref(), attrs);
                self.out.push_str(&self.in_cell(&written));
            }
            InlineKind::Note(name) => {
                let _ = write!(self.out, "[^{name}]");
            }
            InlineKind::Change { change, .. } => match *change {},
            InlineKind::Stage(ParsedInline::Reference { id, with_title }) => {
                let class = if *with_title { "{.title}" } else { "" };
                let _ = write!(self.out, "[](#{id}){class}");
            }
            InlineKind::Stage(ParsedInline::Citation(citations)) => self.citations(citations),
            InlineKind::Stage(ParsedInline::Variable(name)) => {
                let _ = write!(self.out, "{{{{{name}}}}}");
            }
        }
    }

    fn in_cell(&self, written: &str) -> String {
        if self.place == Where::Cell { written.replace('|', "\\|") } else { written.to_owned() }
    }

    fn text(&mut self, text: &str, next: Option<&Inline<Parsed>>) {
        let before = self.out.chars().next_back();
        let start = matches!(before, None | Some('\n')) && self.place == Where::Text;
        let inside = matches!(before, Some('[' | ']' | ')' | '}' | '`' | '>' | '*' | '_' | '~'));
        let mut escaped = escape(text, self.place, Edge { start, inside, in_link: self.in_link });
        if matches!(before, None | Some('\n')) {
            escaped = escaped.trim_start().to_owned();
        }
        // A note called at the start of a line would be defined there.
        if before == Some(']') && escaped.starts_with(':') {
            escaped.insert(0, '\\');
        }
        // Before markup these characters would belong to it.
        let last = escaped.chars().next_back();
        let is_escaped = escaped.chars().rev().skip(1).take_while(|c| *c == '\\').count() % 2 == 1;
        if next.is_some() && !is_escaped && matches!(last, Some('!' | '$' | '^')) {
            let sign = escaped.pop();
            escaped.push('\\');
            escaped.extend(sign);
        }
        self.out.push_str(&escaped);
    }

    fn line_break(&mut self) {
        while self.out.ends_with([' ', '\u{9}']) {
            self.out.pop();
        }
        let at_start = self.out.is_empty() || self.out.ends_with('\n');
        match self.place {
            Where::Text if at_start => {}
            Where::Text => self.out.push_str("\\\n"),
            Where::Line | Where::Cell => self.out.push_str("<br>"),
        }
    }

    /// Content between signs where they are read as such, and between tags otherwise
    /// (CommonMark 0.31.2, 6.2).
    fn marked(
        &mut self,
        signs: [char; 2],
        count: usize,
        tag: &str,
        content: &[Inline<Parsed>],
        attrs: &Attrs,
        next: &[Inline<Parsed>],
    ) {
        let sign = if self.outer == Some(signs[0]) { signs[1] } else { signs[0] };
        let place = self.inner_place();
        let mut inner = Writer { out: String::new(), place, outer: Some(sign), in_link: self.in_link };
        inner.all(content);
        let before = self.out.chars().next_back();
        let after = next.first().and_then(|next| match &next.kind {
            InlineKind::Text(text) => text.chars().next(),
            InlineKind::SoftBreak | InlineKind::LineBreak => Some(' '),
            _ => Some('x'),
        });
        let is_open = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || is_plain_punctuation(c));
        let holds = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace() && c != sign && c != '\\');
        let (first, last) = (inner.out.chars().next(), inner.out.chars().next_back());
        let fits = attrs.is_empty()
            && is_open(before)
            && is_open(after)
            && holds(first)
            && holds(last)
            && !inner.out.contains(['\n', sign]);
        if fits {
            let signs = String::from(sign).repeat(count);
            let _ = write!(self.out, "{signs}{}{signs}", inner.out);
        } else {
            self.tagged(tag, content, attrs);
        }
    }

    fn inner_place(&self) -> Where {
        if self.place == Where::Text { Where::Line } else { self.place }
    }

    fn tagged(&mut self, tag: &str, content: &[Inline<Parsed>], attrs: &Attrs) {
        let _ = write!(self.out, "<{tag}{}>", html_attributes(attrs));
        self.all(content);
        let _ = write!(self.out, "</{tag}>");
    }

    fn span(&mut self, content: &[Inline<Parsed>], attrs: &Attrs) {
        if attrs.is_empty() {
            return self.all(content);
        }
        if content.is_empty() || self.out.ends_with(['^', '!', ']']) {
            return self.tagged("span", content, attrs);
        }
        self.out.push('[');
        self.all(content);
        self.out.push(']');
        self.out.push_str(&attributes(attrs, &[]));
    }

    fn link(&mut self, target: &str, title: Option<&str>, content: &[Inline<Parsed>], attrs: &Attrs) {
        let in_link = std::mem::replace(&mut self.in_link, true);
        self.link_inside(target, title, content, attrs);
        self.in_link = in_link;
    }

    fn link_inside(&mut self, target: &str, title: Option<&str>, content: &[Inline<Parsed>], attrs: &Attrs) {
        let words = plain_text(content);
        if words.trim().is_empty() && !content.iter().any(shows_something) {
            return self.all(content);
        }
        let is_address = ["https://", "http://", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
        let is_safe = !target.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '\\'));
        if is_address && is_safe && words == target && title.is_none() && attrs.is_empty() {
            let _ = write!(self.out, "<{}>", self.in_cell(target));
            return;
        }
        self.out.push('[');
        self.all(content);
        let title = title.map(|title| format!(" \"{}\"", title.replace('\\', "\\\\").replace('"', "\\\"")));
        let written = format!("]({}{}){}", address(target), title.unwrap_or_default(), attributes(attrs, &[]));
        self.out.push_str(&self.in_cell(&written));
    }

    fn citations(&mut self, citations: &[Citation]) {
        let written: Vec<String> = citations
            .iter()
            .map(|citation| {
                let prefix = citation.prefix.as_ref().map(|prefix| format!("{prefix} ")).unwrap_or_default();
                let minus = if citation.without_author { "-" } else { "" };
                let locator = citation.locator.as_ref().map(|locator| format!(", {locator}")).unwrap_or_default();
                format!("{prefix}{minus}@{}{locator}", citation.key)
            })
            .collect();
        let _ = write!(self.out, "[{}]", written.join("; "));
    }
}

fn is_plain_punctuation(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '(' | ')' | '?' | '-' | '–' | '—' | '“' | '”' | '„' | '’' | '"' | '»' | '«')
}

fn html_attributes(attrs: &Attrs) -> String {
    let mut written = String::new();
    if let Some(list) = attrs.list() {
        let class = (!list.classes.is_empty()).then(|| list.classes.join(" "));
        for (name, value) in [("id", &list.id), ("class", &class), ("lang", &list.lang)] {
            if let Some(value) = value {
                let _ = write!(written, " {name}=\"{}\"", escape_html(value));
            }
        }
    }
    written
}

/// A span of code (CommonMark 0.31.2, 6.1).
fn code(text: &str, place: Where) -> String {
    let text: String = text.chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c }).collect();
    let text = if place == Where::Cell { text.replace('|', "\\|") } else { text };
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    // A run of the length of the marks would end it.
    let fence = "`".repeat(if longest == 0 { 1 } else { longest + 1 });
    let edge = |c: Option<char>| matches!(c, Some('`' | ' '));
    let pad = if edge(text.chars().next()) || edge(text.chars().next_back()) { " " } else { "" };
    if text.trim().is_empty() { text } else { format!("{fence}{pad}{text}{pad}{fence}") }
}

/// Words with a backslash before what would be read as markup.
fn escape(text: &str, place: Where, edge: Edge) -> String {
    let text: String = text.chars().filter_map(visible).collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let addresses = if edge.in_link { Vec::new() } else { addresses(&text) };
    for (start, end) in addresses {
        escape_words(text.get(at..start).unwrap_or_default(), place, edge, at == 0, &mut out);
        let address = text.get(start..end).unwrap_or_default();
        let _ = if place == Where::Cell {
            write!(out, "<{}>", address.replace('|', "\\|"))
        } else {
            write!(out, "<{address}>")
        };
        at = end;
    }
    escape_words(text.get(at..).unwrap_or_default(), place, edge, at == 0, &mut out);
    out
}

/// Characters as a source has them: no control characters, and no ends of lines; those that part
/// words are spaces.
fn visible(c: char) -> Option<char> {
    match c {
        '\u{ad}' => None,
        c if c.is_control() => c.is_whitespace().then_some(' '),
        c => Some(c),
    }
}

/// Where addresses are bare in words.
fn addresses(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("://")) {
        let at = from + at;
        let before = text.get(..at).unwrap_or_default();
        let scheme = ["https", "http"].into_iter().find(|scheme| before.ends_with(scheme));
        let start = scheme.map_or(at, |scheme| at - scheme.len());
        let stops = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\\' | '`' | '{' | '}');
        let rest = text.get(at..).unwrap_or_default();
        let whole = rest.get(..rest.find(stops).unwrap_or(rest.len())).unwrap_or_default();
        let kept = whole.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*', '_', '”', '’', '»']);
        let stands_apart = !text.get(..start).unwrap_or_default().ends_with(|c: char| c.is_alphanumeric());
        if scheme.is_some() && kept.len() > "://".len() && stands_apart && start >= from {
            found.push((start, at + kept.len()));
        }
        from = at + whole.len().max("://".len());
    }
    found
}

fn escape_words(words: &str, place: Where, edge: Edge, is_first: bool, out: &mut String) {
    let words = if is_first && edge.start { words.trim_start() } else { words };
    if is_first && edge.start {
        return escape_from_start(words, place, out);
    }
    let mut before = out.chars().next_back();
    let mut is_edge = is_first && edge.inside;
    for (at, letter) in words.char_indices() {
        let rest = words.get(at + letter.len_utf8()..).unwrap_or_default();
        let next = rest.chars().next();
        let behind = is_edge && matches!(letter, '(' | ':' | '@' | '[' | '{');
        if behind || needs_escape(letter, before, next, rest, place) {
            out.push('\\');
        }
        // Several spaces are one.
        if !(letter == ' ' && before == Some(' ')) {
            out.push(letter);
        }
        before = Some(letter);
        is_edge = false;
    }
}

fn needs_escape(letter: char, before: Option<char>, next: Option<char>, rest: &str, place: Where) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    match letter {
        '\\' => next.is_none_or(|next| next.is_ascii_punctuation() || next.is_alphabetic() || next == '\n'),
        '`' | '[' | ']' | '{' | '^' | '~' => true,
        '*' => !(is_space(before) && is_space(next)) || before.is_none(),
        '_' => !(is_word(before) && is_word(next)),
        '<' => next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?' | '%' | '#' | '<')),
        '&' => next.is_some_and(|next| next.is_ascii_alphabetic() || next == '#') && rest.contains(';'),
        '$' => matches!(next, Some('$' | '`')) || before == Some('$'),
        '=' => next == Some('=') || before == Some('='),
        '%' => next == Some('%') || before == Some('%') || before == Some('{'),
        '|' => place == Where::Cell,
        _ => false,
    }
}

/// The edge in the middle of words.
const INSIDE: Edge = Edge { start: false, inside: false, in_link: false };

/// Words at the start of a line, where some signs begin blocks.
fn escape_from_start(words: &str, place: Where, out: &mut String) {
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mut letters = words.chars();
    let (first, second) = (letters.next(), letters.next());
    let ends = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let behind_digits = words.get(digits..).unwrap_or_default();
    let mut after = behind_digits.chars();
    if (1..=9).contains(&digits) && matches!(after.next(), Some('.' | ')')) && ends(after.next()) {
        out.push_str(words.get(..digits).unwrap_or_default());
        out.push('\\');
        let rest = behind_digits.get(1..).unwrap_or_default();
        out.push_str(behind_digits.get(..1).unwrap_or_default());
        return escape_words(rest, place, INSIDE, true, out);
    }
    let begins_block = match first {
        Some('#' | '>' | '|' | ':' | '=') => true,
        Some('-' | '+') => ends(second) || second == Some('-'),
        Some('!') => second == Some('!'),
        Some('/') => matches!(second, Some('/' | '*')),
        Some('.') => second == Some('.'),
        Some(';') => matches!(second, Some(';' | ':')),
        Some('%') => true,
        _ => false,
    };
    if begins_block {
        out.push('\\');
        out.extend(first);
        let rest = words.get(1..).unwrap_or_default();
        return escape_words(rest, place, INSIDE, true, out);
    }
    escape_words(words, place, INSIDE, true, out);
}
