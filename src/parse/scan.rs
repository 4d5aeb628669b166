//! Lines that are ours and not Markdown's: directives (`:::name`) and
//! definitions of abbreviations (`*[ABC]: …`).
//!
//! Before comrak reads the text, each such line is replaced by a processing instruction (`<?…?>`),
//! which CommonMark takes for an HTML block of one line that can be anywhere (0.31.2, 4.6, kind 3).
//! So lines keep their numbers, and the text is still parsed as a whole. Whether a line really is a
//! directive shows afterwards, by where its placeholder ends up: inside a code block it is put back
//! as it was.

use super::attributes::{Attributes, Word};
use super::comment::{self, Comment, Form};
use super::html_table::HtmlTables;
use crate::source::{FileId, Span};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

/// A line that was replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub kind: LineKind,
    /// Without the prefix of its containers, and without its ending.
    pub span: Span,
}

/// The kind of a line of ours.
#[derive(Debug, Clone, PartialEq)]
pub enum LineKind {
    Open(Opening),
    Close {
        colons: usize,
    },
    Abbreviation {
        short: Word,
        expansion: Word,
    },
    /// A tag of HTML that is a line of its own, before Markdown.
    Tag,
    /// Attributes of kramdown for the block before them (`{: .class #id}`).
    Attributes {
        id: Option<Word>,
    },
    /// A comment of another tool, or one of its lines.
    Comment(Form),
}

/// The line that opens a directive.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    pub colons: usize,
    pub name: Option<Word>,
    pub attributes: Attributes,
    /// Words after the name without braces, as in `:::box A title`.
    pub words: Option<Word>,
    /// Braces that cannot be read.
    pub faulty: Option<Span>,
    /// Braces in which a value of several words lacks its quotation marks.
    pub unquoted: Option<Span>,
    /// The byte at which it ends by its content's indentation; `None` where a
    /// line closes it.
    pub until: Option<usize>,
}

impl Opening {
    /// Reads the braces that are at a place up to the line's end.
    fn read_attributes(&mut self, source: &str, place: Span) {
        let read = Attributes::read(place.file, source, place.start as usize).filter(|read| read.span.end == place.end);
        if let Some(attributes) = read.filter(|read| !read.runs_on(&super::directive::FLAGS)) {
            self.attributes = attributes;
            return;
        }
        // Whom content is for is not guessed.
        let is_only = self.name.as_ref().is_none_or(|name| super::audience_guard::is_only(&name.text));
        let loose = || Attributes::read_loosely(place.file, source, place.range());
        match (!is_only).then(loose).flatten() {
            Some(attributes) => (self.attributes, self.unquoted) = (attributes, Some(place)),
            None => self.faulty = Some(place),
        }
    }
}

/// The text for comrak and what was taken out of it.
#[derive(Debug)]
pub struct Scanned<'a> {
    pub text: Cow<'a, str>,
    pub lines: Vec<Line>,
    /// Prefix of placeholders, which does not occur in the source.
    marker: String,
    /// Prefix of placeholders for comments inside lines of text: a tag, which CommonMark takes for
    /// inline HTML.
    tag: String,
    /// The source as written, including comments.
    written: &'a str,
    /// Comments that were put back, being code.
    put_back: RefCell<BTreeSet<usize>>,
}

/// How comments in restored text are handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comments {
    /// They are code, and stay.
    Keep,
    Drop,
}

const PLACEHOLDER_END: &str = "?>";
const COLONS: usize = 3;
/// How many spaces indent what belongs to an admonition of Python-Markdown.
const INDENT: usize = 4;

impl Scanned<'_> {
    /// The replaced line that a placeholder stands for.
    pub fn line(&self, placeholder: &str) -> Option<&Line> {
        let placeholder = placeholder.trim();
        if self.lines.is_empty() {
            return None;
        }
        if let Some(rest) = placeholder.strip_prefix(&self.marker) {
            let index = rest.strip_suffix(PLACEHOLDER_END)?.parse::<usize>().ok()?;
            return self.lines.get(index);
        }
        self.comment_tag(placeholder.strip_prefix('<')?.strip_suffix('>')?.trim_end())
    }

    /// The comment that a tag of this name stands for.
    pub fn comment_tag(&self, name: &str) -> Option<&Line> {
        let digits = name.strip_prefix(self.tag.strip_prefix('<').filter(|tag| !tag.is_empty())?)?;
        self.lines.get(usize::from_str_radix(digits, RADIX).ok()?)
    }

    /// Text with its placeholders put back as they were in the source.
    pub fn restore(&self, text: &str, comments: Comments) -> String {
        if self.lines.is_empty() {
            return text.to_owned();
        }
        let mut restored = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((at, index, length)) = self.next_placeholder(rest) {
            restored.push_str(rest.get(..at).unwrap_or_default());
            rest = rest.get(at + length..).unwrap_or_default();
            let Some(line) = self.lines.get(index) else { continue };
            if matches!(line.kind, LineKind::Comment(_)) {
                if comments == Comments::Drop {
                    continue;
                }
                self.put_back.borrow_mut().insert(index);
            }
            restored.push_str(self.written.get(line.span.range()).unwrap_or_default());
        }
        restored.push_str(rest);
        restored
    }

    /// Where the next placeholder is in a text, which it is, and its length.
    fn next_placeholder(&self, text: &str) -> Option<(usize, usize, usize)> {
        let (at, mark, end, radix) = text.match_indices('<').find_map(|(at, _)| {
            let rest = text.get(at..)?;
            if !self.marker.is_empty() && rest.starts_with(&self.marker) {
                return Some((at, &self.marker, PLACEHOLDER_END, 10));
            }
            (!self.tag.is_empty() && rest.starts_with(&self.tag)).then_some((at, &self.tag, ">", RADIX))
        })?;
        let (index, _) = text.get(at + mark.len()..)?.split_once(end)?;
        let length = mark.len() + index.len() + end.len();
        Some((at, usize::from_str_radix(index.trim_end(), radix).unwrap_or(usize::MAX), length))
    }

    /// Whether a text holds a comment's placeholder.
    pub fn holds_comment(&self, text: &str) -> bool {
        !self.tag.is_empty() && (text.contains(&self.tag) || text.contains(&self.marker))
    }

    /// The places of the comments that were left out.
    pub fn left_out(&self) -> Vec<Span> {
        let put_back = self.put_back.borrow();
        let is_comment = |(_, line): &(usize, &Line)| matches!(line.kind, LineKind::Comment(_));
        let lines = self.lines.iter().enumerate().filter(is_comment);
        lines.filter(|(index, _)| !put_back.contains(index)).map(|(_, line)| line.span).collect()
    }
}

/// The base in which comments are counted: the shortest have room for few digits.
const RADIX: u32 = 36;

/// A part of the text that is replaced.
enum Replaced {
    Line(LineKind),
    /// Space that only says what a line belongs to.
    Indentation,
    /// A line of a comment, or a comment beside words.
    Comment {
        form: Form,
        whole_line: bool,
    },
}

/// Replaces our lines in the text that starts at byte `start` of the source,
/// and `comments`, which are blanked in `source` and stand in `written`.
pub fn scan<'a>(file: FileId, source: &'a str, written: &'a str, comments: &[Comment], start: usize) -> Scanned<'a> {
    let text = source.get(start..).unwrap_or_default();
    let (lines, put_back) = (Vec::new(), RefCell::default());
    let (marker, tag) = (String::new(), String::new());
    let mut scanned = Scanned { text: Cow::Borrowed(text), lines, marker, tag, written, put_back };
    if comments.is_empty() && !has_sign(text) {
        return scanned;
    }
    let replaced = replaced(file, source, written, comments, start);
    if replaced.is_empty() {
        return scanned;
    }
    let own = written.get(start..).unwrap_or_default();
    scanned.marker = self::marker(own);
    if !comments.is_empty() {
        scanned.tag = tag_mark(own);
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = start;
    for (range, kind) in replaced {
        if range.start < copied {
            continue;
        }
        out.push_str(source.get(copied..range.start).unwrap_or_default());
        let index = scanned.lines.len();
        match &kind {
            Replaced::Indentation => {}
            Replaced::Line(_) | Replaced::Comment { whole_line: true, .. } => {
                out.push_str(&scanned.marker);
                out.push_str(&index.to_string());
                out.push_str(PLACEHOLDER_END);
            }
            Replaced::Comment { whole_line: false, .. } => {
                let before = out.len();
                out.push_str(&scanned.tag);
                out.push_str(&in_radix(index));
                // Padded to the length of the comment, so that columns stay the same.
                let length = out.len() - before + ">".len();
                out.extend(std::iter::repeat_n(' ', range.len().saturating_sub(length)));
                out.push('>');
            }
        }
        copied = range.end;
        let kind = match kind {
            Replaced::Line(kind) => kind,
            Replaced::Indentation => continue,
            Replaced::Comment { form, .. } => LineKind::Comment(form),
        };
        scanned.lines.push(Line { kind, span: Span::new(file, range.start, range.end) });
    }
    out.push_str(source.get(copied..).unwrap_or_default());
    scanned.text = Cow::Owned(out);
    scanned
}

/// Whether a text may have lines that are replaced, seen in one pass over it.
fn has_sign(text: &str) -> bool {
    let bytes = text.as_bytes();
    let goes_on = |at: usize, rest: &[u8]| bytes.get(at + 1..).is_some_and(|behind| behind.starts_with(rest));
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        b':' => goes_on(at, b"::"),
        b'*' => goes_on(at, b"["),
        b'{' => goes_on(at, b"%") || goes_on(at, b":"),
        b'!' => goes_on(at, b"!!"),
        b'?' => goes_on(at, b"??"),
        b'=' => goes_on(at, b"=="),
        b'm' => goes_on(at, b"arkdown"),
        b'<' => goes_on(at, b"table") || goes_on(at, b"TABLE"),
        _ => false,
    })
}

/// The replacements, in order.
fn replaced(
    file: FileId,
    source: &str,
    written: &str,
    comments: &[Comment],
    start: usize,
) -> Vec<(Range<usize>, Replaced)> {
    let mut replaced = Vec::new();
    let mut tables = HtmlTables::default();
    let mut at = start;
    // Where the content of an admonition that is indented ends.
    let mut indented = start;
    for line in source.get(start..).unwrap_or_default().split_inclusive(['\n', '\r']) {
        let content = at + prefix(line);
        let end = at + line.trim_end_matches(['\n', '\r']).len();
        let line_start = at;
        at += line.len();
        let Some(rest) = source.get(content..end) else { continue };
        let lead = tables.indentation(line, source.get(line_start..).unwrap_or_default(), line_start);
        if lead > 0 {
            replaced.push((line_start..line_start + lead, Replaced::Indentation));
        } else if line_start < indented {
            let lead = if line.starts_with('\t') { 1 } else { INDENT };
            if line.get(..lead).is_some_and(|lead| lead.trim().is_empty()) {
                replaced.push((line_start..line_start + lead, Replaced::Indentation));
            }
        }
        if content == line_start
            && let Some(mut opening) = indented_admonition(file, content, rest)
        {
            indented = indented_end(source, at);
            opening.until = Some(indented);
            replaced.push((content..end, Replaced::Line(LineKind::Open(opening))));
        } else if let Some(kind) = read(file, source, content, rest) {
            replaced.push((content..end, Replaced::Line(kind)));
        }
    }
    let lines = replaced.len();
    for comment in comments {
        let parts = comment::parts(written, comment);
        for part in parts {
            let inside = |(line, _): &(Range<usize>, Replaced)| line.start <= part.start && part.end <= line.end;
            // A directive's line has read what it needs without the comment.
            let known = replaced.get(..lines).unwrap_or_default();
            let before = known.partition_point(|(line, _)| line.start <= part.start);
            if before.checked_sub(1).and_then(|index| known.get(index)).is_none_or(|line| !inside(line)) {
                let form = comment.form;
                replaced.push((part, Replaced::Comment { form, whole_line: comment.is_block }));
            }
        }
    }
    replaced.sort_by_key(|(range, _)| range.start);
    replaced
}

/// The byte past the lines that are indented, from a line's start on.
fn indented_end(source: &str, start: usize) -> usize {
    let mut at = start;
    let mut end = start;
    for line in source.get(start..).unwrap_or_default().split_inclusive(['\n', '\r']) {
        at += line.len();
        if line.starts_with('\t') || line.get(..INDENT).is_some_and(|lead| lead == "    ") {
            end = at;
        } else if !line.trim().is_empty() {
            break;
        }
    }
    end
}

/// A number in the base of comments.
fn in_radix(mut number: usize) -> String {
    let mut digits = Vec::new();
    loop {
        digits.extend(char::from_digit(u32::try_from(number % RADIX as usize).unwrap_or_default(), RADIX));
        number /= RADIX as usize;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

/// The shortest beginning of a tag that the text does not have.
fn tag_mark(text: &str) -> String {
    let text = text.to_lowercase();
    let letters = || 'a'..='z';
    let one = letters().map(|letter| format!("<{letter}"));
    let two = letters().flat_map(|one| letters().map(move |two| format!("<{one}{two}")));
    let more = (0..=text.len()).map(|number| format!("<comment-{number}-"));
    one.chain(two).chain(more).find(|mark| !text.contains(mark)).unwrap_or_default()
}

/// Whether a line opens or closes a directive.
pub fn is_directive(line: &str) -> bool {
    directive(FileId(0), line, 0, line).is_some()
}

/// A directive's line, from its colons on, with single spaces between its parts; `None`
/// where it is no such line, or one that is read by guessing.
pub fn spaced(line: &str) -> Option<String> {
    let line = line.trim_end();
    let LineKind::Open(opening) = directive(FileId(0), line, 0, line)? else { return None };
    let is_read = opening.faulty.is_none() && opening.unquoted.is_none();
    let colons = line.get(..opening.colons).filter(|_| is_read)?;
    let name = opening.name.as_ref().map_or("", |name| &name.text);
    let after_name = opening.name.as_ref().map_or(opening.colons, |name| name.span.end as usize);
    let braces = if opening.attributes.is_empty() { None } else { line.get(opening.attributes.span.range()) };
    let end = braces.map_or(line.len(), |braces| line.len() - braces.len());
    let words = line.get(after_name..end)?.trim();
    let gap = if name.is_empty() { " " } else { "" };
    let mut out = format!("{colons}{gap}{name}");
    for part in [words, &braces.map(super::attributes::spaced).unwrap_or_default()] {
        if !part.is_empty() {
            out.extend((!out.ends_with(' ')).then_some(' '));
            out.push_str(part);
        }
    }
    Some(out)
}

/// A beginning of placeholders that the text does not have.
fn marker(text: &str) -> String {
    const STEM: &str = "<?line";
    if !text.contains(STEM) {
        return format!("{STEM}:");
    }
    // A text of n bytes cannot hold n + 1 different numbers.
    (0..=text.len()).map(|number| format!("{STEM}-{number}:")).find(|marker| !text.contains(marker)).unwrap_or_default()
}

/// How many bytes at the start of a line may be the markers of quotations and
/// list items that it stands in.
pub fn prefix(line: &str) -> usize {
    let bytes = line.as_bytes();
    let blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'>') => at += 1,
            Some(b'-' | b'*' | b'+') if blank(at + 1) => at += 1,
            Some(b'0'..=b'9') => {
                let digits = bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
                let marked = matches!(bytes.get(at + digits), Some(b'.' | b')')) && blank(at + digits + 1);
                if !marked {
                    return at;
                }
                at += digits + 1;
            }
            _ => return at,
        }
    }
}

fn read(file: FileId, source: &str, start: usize, rest: &str) -> Option<LineKind> {
    if rest.starts_with(":::") {
        directive(file, source, start, rest)
    } else if rest.starts_with("*[") {
        abbreviation(file, start, rest)
    } else if rest.starts_with("{%") {
        hint(file, start, rest)
    } else if rest.starts_with("{:") {
        attribute_list(file, start, rest)
    } else if tag_line(rest) {
        Some(LineKind::Tag)
    } else {
        None
    }
}

fn directive(file: FileId, source: &str, start: usize, line: &str) -> Option<LineKind> {
    let colons = line.len() - line.trim_start_matches(':').len();
    debug_assert!(colons >= COLONS);
    let body = line.get(colons..)?;
    let rest = body.trim();
    if rest.is_empty() {
        return Some(LineKind::Close { colons });
    }
    let name_start = start + colons + (body.len() - body.trim_start().len());
    let length =
        rest.find(|next: char| !(next.is_ascii_alphanumeric() || matches!(next, '-' | '_'))).unwrap_or(rest.len());
    let name = rest.get(..length).filter(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()));
    let name = match name {
        Some(name) => Some(Word { text: name.to_owned(), span: Span::new(file, name_start, name_start + length) }),
        None if rest.starts_with('{') => None,
        None => return None,
    };
    let tail = rest.get(name.as_ref().map_or(0, |name| name.text.len())..)?;
    let tail_start = name_start + (rest.len() - tail.len()) + (tail.len() - tail.trim_start().len());
    let tail = tail.trim_start();
    let none = Attributes::none(Span::new(file, start, start + line.trim_end().len()));
    let mut opening =
        Opening { colons, name, attributes: none, words: None, faulty: None, unquoted: None, until: None };
    if tail.starts_with('{') {
        let line_end = start + line.trim_end().len();
        opening.read_attributes(source, Span::new(file, tail_start, line_end));
    } else if !tail.is_empty() {
        let mut tail = tail;
        let line_end = tail_start + tail.len();
        // `:::box A title {#id}`
        if let Some(brace) = tail.rfind('{').filter(|_| tail.ends_with('}'))
            && let Some(attributes) = Attributes::read(file, source, tail_start + brace)
            && attributes.span.end as usize == line_end
        {
            opening.attributes = attributes;
            tail = tail.get(..brace).unwrap_or_default().trim_end();
        }
        opening.words = Some(title(file, tail, tail_start));
    }
    Some(LineKind::Open(opening))
}

/// Words after a name, without the brackets or quotation marks that stand round the whole of them.
fn title(file: FileId, words: &str, start: usize) -> Word {
    let bare = [('[', ']'), ('"', '"')].into_iter().find_map(|(open, close)| {
        let inside = words.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.contains(open) && !inside.contains(close)).then_some(inside)
    });
    let lead = usize::from(bare.is_some());
    let text = bare.unwrap_or(words);
    Word { text: text.to_owned(), span: Span::new(file, start + lead, start + lead + text.len()) }
}

/// `{% hint style="info" %}` and `{% endhint %}` of GitBook.
fn hint(file: FileId, start: usize, line: &str) -> Option<LineKind> {
    let inside = line.trim_end().strip_prefix("{%")?.strip_suffix("%}")?.trim();
    if inside == "endhint" {
        return Some(LineKind::Close { colons: COLONS });
    }
    let rest = inside.strip_prefix("hint").filter(|rest| rest.is_empty() || rest.starts_with(' '))?;
    let style = rest.split_once("style=").map_or("note", |(_, style)| style.trim().trim_matches(['"', '\'']));
    let style = if super::directive::admonition(style).is_some() { style } else { "note" };
    let span = Span::new(file, start, start + line.trim_end().len());
    let name = Some(Word { text: style.to_owned(), span });
    Some(LineKind::Open(Opening {
        colons: COLONS,
        name,
        attributes: Attributes::none(span),
        words: None,
        faulty: None,
        unquoted: None,
        until: None,
    }))
}

/// `!!! note "Title"` of Python-Markdown, whose content is indented, or `=== "Title"`.
fn indented_admonition(file: FileId, start: usize, line: &str) -> Option<Opening> {
    let span = Span::new(file, start, start + line.trim_end().len());
    if let Some(words) = ["===+ \"", "===! \"", "=== \""].iter().find_map(|mark| line.strip_prefix(mark)) {
        let words = words.trim_end().strip_suffix('"').filter(|words| !words.is_empty())?;
        let at = span.end as usize - "\"".len() - words.len();
        let words = Word { text: words.to_owned(), span: Span::new(file, at, at + words.len()) };
        let name = Some(Word { text: super::directive::TAB.to_owned(), span });
        let attributes = Attributes::none(span);
        return Some(Opening {
            colons: COLONS,
            name,
            attributes,
            words: Some(words),
            faulty: None,
            unquoted: None,
            until: None,
        });
    }
    let rest = ["!!!+ ", "!!! ", "???+ ", "??? "].iter().find_map(|mark| line.strip_prefix(mark))?.trim_end();
    let lead = line.trim_end().len() - rest.len();
    let length = rest.find(' ').unwrap_or(rest.len());
    let (name, tail) = rest.split_at(length);
    if !name.chars().all(|letter| letter.is_alphanumeric() || letter == '-') || name.is_empty() {
        return None;
    }
    let at = start + lead + length + (tail.len() - tail.trim_start().len());
    let words = tail.trim_start();
    // Classes may be before the title.
    let quote = words.find('"').unwrap_or(words.len());
    let words = words.get(quote..).filter(|words| words.len() > 2);
    let place = Span::new(file, start + lead, start + lead + length);
    let words = words.map(|words| title(file, words, at + quote));
    let is_known = name == "example"
        || super::directive::admonition(name).is_some()
        || super::audience_guard::is_withheld_callout(name);
    // An unknown kind is titled by its own name.
    let words = words.or_else(|| (!is_known).then(|| Word { text: super::directive::title_of(name), span: place }));
    let name = Some(Word { text: if is_known { name } else { "note" }.to_owned(), span: place });
    Some(Opening {
        colons: COLONS,
        name,
        attributes: Attributes::none(span),
        words,
        faulty: None,
        unquoted: None,
        until: None,
    })
}

/// `{: .class #id}` of kramdown.
fn attribute_list(file: FileId, start: usize, line: &str) -> Option<LineKind> {
    let inside = line.trim_end().strip_prefix("{:")?.strip_suffix('}')?;
    let mut id = None;
    let mut at = start + "{:".len();
    for word in inside.split(' ') {
        let name = word.get(1..).unwrap_or_default();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        match word.chars().next() {
            None => {}
            // Content not for all readers is left for the audience guard.
            Some('.') if is_name && !super::audience_guard::is_withheld_callout(name) => {}
            Some('#') if is_name => {
                id = Some(Word { text: name.to_owned(), span: Span::new(file, at, at + word.len()) });
            }
            Some(_) => return None,
        }
        at += word.len() + 1;
    }
    (!inside.trim().is_empty()).then_some(LineKind::Attributes { id })
}

/// An element that says its content is Markdown.
fn tag_line(line: &str) -> bool {
    let line = line.trim_end();
    line.starts_with('<')
        && !line.starts_with("</")
        && line.ends_with('>')
        && line.matches('<').count() == 1
        && [
            "markdown=\"1\"",
            "markdown='1'",
            "markdown=1",
            "markdown=\"block\"",
            "markdown=\"span\"",
            " markdown>",
            " markdown ",
        ]
        .iter()
        .any(|attribute| line.contains(attribute))
}

fn abbreviation(file: FileId, start: usize, line: &str) -> Option<LineKind> {
    let (short, rest) = line.strip_prefix("*[")?.split_once("]:")?;
    let word = |text: &str, at: usize| {
        let lead = text.len() - text.trim_start().len();
        let text = text.trim();
        Word { text: text.to_owned(), span: Span::new(file, at + lead, at + lead + text.len()) }
    };
    let expansion = word(rest, start + "*[".len() + short.len() + "]:".len());
    let short = word(short, start + "*[".len());
    (!short.text.is_empty() && !short.text.contains(['[', ']']) && !expansion.text.is_empty())
        .then_some(LineKind::Abbreviation { short, expansion })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::{Comments, LineKind, scan};
    use crate::source::FileId;

    #[test]
    fn lines_keep_their_numbers_and_can_be_put_back() {
        let source = "---\n---\nText\r\n> :::box {title=\"a: b\"}\r\n> *[ABC]: Alpha\r\n> ::::\r\n";
        let scanned = scan(FileId(0), source, source, &[], 8);
        assert_eq!(scanned.text, "Text\r\n> <?line:0?>\r\n> <?line:1?>\r\n> <?line:2?>\r\n");
        assert_eq!(scanned.restore(&scanned.text, Comments::Keep), source[8..]);
        let LineKind::Open(opening) = &scanned.line("<?line:0?>\n").unwrap().kind else { panic!("not an opening") };
        assert_eq!(opening.attributes.pairs[0].1.clone().unwrap().text, "a: b");
        assert_eq!(scanned.line("<?line:2?>").unwrap().kind, LineKind::Close { colons: 4 });
    }

    #[test]
    fn only_lines_that_look_like_ours_are_taken() {
        for source in ["a ::: b", "::", ":::)", "*[]: x", "*[a] b", "* [a]: b", "text *[A]: b"] {
            assert!(scan(FileId(0), source, source, &[], 0).lines.is_empty(), "{source}");
        }
        for source in [":::", "- :::box", "12. > :::box {#a", "   ::: {.a}", "*[A B]: c"] {
            assert_eq!(scan(FileId(0), source, source, &[], 0).lines.len(), 1, "{source}");
        }
    }

    #[test]
    fn the_marker_is_never_in_the_source() {
        const SOURCE: &str = "<?line:0?> <?line-0:0?>\n:::box\n";
        let scanned = scan(FileId(0), SOURCE, SOURCE, &[], 0);
        assert_eq!(scanned.text, "<?line:0?> <?line-0:0?>\n<?line-1:0?>\n");
    }
}
