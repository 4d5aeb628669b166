//! Lines that are ours and not Markdown's: directives (`:::name`) and
//! definitions of abbreviations (`*[ABC]: …`).
//!
//! Before comrak reads the text, each such line is replaced by a processing
//! instruction (`<?…?>`), which CommonMark takes for an HTML block of one line
//! that can stand anywhere (0.31.2, 4.6, kind 3). So lines keep their numbers,
//! and the text is still parsed as a whole. Whether a line really is a
//! directive shows afterwards, by where its placeholder ends up: inside a code
//! block it is put back as it was.

use super::attributes::{Attributes, Word};
use crate::source::{FileId, Span};
use std::borrow::Cow;

/// A line that was replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub kind: LineKind,
    /// Without the prefix of the containers it stands in, and without its ending.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum LineKind {
    Open(Opening),
    Close { colons: usize },
    Abbreviation { short: Word, expansion: Word },
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
}

/// The text for comrak and what was taken out of it.
#[derive(Debug)]
pub struct Scanned<'a> {
    pub text: Cow<'a, str>,
    pub lines: Vec<Line>,
    /// How a placeholder begins; it does not occur in the source.
    marker: String,
}

const PLACEHOLDER_END: &str = "?>";
const COLONS: usize = 3;

impl Scanned<'_> {
    /// The replaced line that a placeholder stands for.
    pub fn line(&self, placeholder: &str) -> Option<&Line> {
        let rest = placeholder.trim().strip_prefix(&self.marker)?;
        let index = rest.strip_suffix(PLACEHOLDER_END)?.parse::<usize>().ok()?;
        self.lines.get(index)
    }

    /// Text with its placeholders put back as they were in the source.
    pub fn restore(&self, text: &str, source: &str) -> String {
        if self.lines.is_empty() || !text.contains(&self.marker) {
            return text.to_owned();
        }
        let mut restored = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(&self.marker) {
            restored.push_str(before);
            let Some((index, after)) = after.split_once(PLACEHOLDER_END) else {
                rest = after;
                break;
            };
            let line = index.parse::<usize>().ok().and_then(|index| self.lines.get(index));
            restored.push_str(line.and_then(|line| source.get(line.span.range())).unwrap_or_default());
            rest = after;
        }
        restored.push_str(rest);
        restored
    }
}

/// Replaces our lines in the text that starts at byte `start` of the source.
pub fn scan(file: FileId, source: &str, start: usize) -> Scanned<'_> {
    let text = source.get(start..).unwrap_or_default();
    let mut scanned = Scanned { text: Cow::Borrowed(text), lines: Vec::new(), marker: String::new() };
    if !text.contains(":::") && !text.contains("*[") {
        return scanned;
    }
    let mut replaced = String::with_capacity(text.len());
    let mut copied = start;
    let mut at = start;
    for line in text.split_inclusive(['\n', '\r']) {
        let content = at + prefix(line);
        let end = at + line.trim_end_matches(['\n', '\r']).len();
        at += line.len();
        let Some(rest) = source.get(content..end) else { continue };
        let Some(kind) = read(file, source, content, rest) else { continue };
        if scanned.marker.is_empty() {
            scanned.marker = marker(text);
        }
        replaced.push_str(source.get(copied..content).unwrap_or_default());
        replaced.push_str(&scanned.marker);
        replaced.push_str(&scanned.lines.len().to_string());
        replaced.push_str(PLACEHOLDER_END);
        copied = end;
        scanned.lines.push(Line { kind, span: Span::new(file, content, end) });
    }
    if !scanned.lines.is_empty() {
        replaced.push_str(source.get(copied..).unwrap_or_default());
        scanned.text = Cow::Owned(replaced);
    }
    scanned
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
fn prefix(line: &str) -> usize {
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
    let mut opening = Opening { colons, name, attributes: none, words: None, faulty: None };
    if tail.starts_with('{') {
        let line_end = start + line.trim_end().len();
        match Attributes::read(file, source, tail_start).filter(|read| read.span.end as usize == line_end) {
            Some(attributes) => opening.attributes = attributes,
            None => opening.faulty = Some(Span::new(file, tail_start, line_end)),
        }
    } else if !tail.is_empty() {
        let words = Word { text: tail.to_owned(), span: Span::new(file, tail_start, tail_start + tail.len()) };
        opening.words = Some(words);
    }
    Some(LineKind::Open(opening))
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
    use super::{LineKind, scan};
    use crate::source::FileId;

    #[test]
    fn lines_keep_their_numbers_and_can_be_put_back() {
        let source = "---\n---\nText\r\n> :::box {title=\"a: b\"}\r\n> *[ABC]: Alpha\r\n> ::::\r\n";
        let scanned = scan(FileId(0), source, 8);
        assert_eq!(scanned.text, "Text\r\n> <?line:0?>\r\n> <?line:1?>\r\n> <?line:2?>\r\n");
        assert_eq!(scanned.restore(&scanned.text, source), source[8..]);
        let LineKind::Open(opening) = &scanned.line("<?line:0?>\n").unwrap().kind else { panic!("not an opening") };
        assert_eq!(opening.attributes.pairs[0].1.clone().unwrap().text, "a: b");
        assert_eq!(scanned.line("<?line:2?>").unwrap().kind, LineKind::Close { colons: 4 });
    }

    #[test]
    fn only_lines_that_look_like_ours_are_taken() {
        for source in ["a ::: b", "::", ":::)", "*[]: x", "*[a] b", "* [a]: b", "text *[A]: b"] {
            assert!(scan(FileId(0), source, 0).lines.is_empty(), "{source}");
        }
        for source in [":::", "- :::box", "12. > :::box {#a", "   ::: {.a}", "*[A B]: c"] {
            assert_eq!(scan(FileId(0), source, 0).lines.len(), 1, "{source}");
        }
    }

    #[test]
    fn the_marker_is_never_in_the_source() {
        let scanned = scan(FileId(0), "<?line:0?> <?line-0:0?>\n:::box\n", 0);
        assert_eq!(scanned.text, "<?line:0?> <?line-0:0?>\n<?line-1:0?>\n");
    }
}
