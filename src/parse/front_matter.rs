//! Splits the front matter from the text.

use super::limits;
use super::lower;
use super::metadata;
use super::yaml::{self, IsLimit, Yaml, YamlKind};
use crate::ast::Metadata;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::source::edit::Edit;
use crate::source::{FileId, Span};

const FENCE: &str = "---";
/// Hugo and Zola write TOML between such lines.
const TOML_FENCE: &str = "+++";
/// YAML's own mark for a document's end closes the front matter too.
const END: &str = "...";
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Reads the front matter, and returns it with the byte at which the text after it starts. Without
/// front matter that is the file's start, or, after a byte-order mark, the first byte past it.
pub fn read(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> (Metadata, usize) {
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let late = after_nothing(text, start);
    if late > start
        && let Some((metadata, end)) = late_front_matter(file, text, late, diagnostics)
    {
        return (metadata, end);
    }
    let mut lines = lines(text, start);
    let first = lines.next();
    if first.is_some_and(|(line, _)| line.trim_end() == TOML_FENCE)
        && let Some((metadata, end)) = toml_front_matter(file, text, start, diagnostics)
    {
        return (metadata, end);
    }
    let Some((_, yaml_start)) = first.filter(|(line, _)| line.trim_end() == FENCE) else {
        let foreign = first.and_then(|(line, next)| foreign_front_matter(file, text, (start, line, next), diagnostics));
        return foreign.unwrap_or_else(|| {
            check_head(file, text, start, diagnostics);
            (Metadata::default(), start)
        });
    };
    let mut line_start = yaml_start;
    for (line, next) in lines {
        if closes(line) {
            let yaml = text.get(yaml_start..line_start).unwrap_or_default();
            // A mark of sections (`--- abstract`) is the text's own.
            let end = if line.trim_end() == FENCE || line.trim_end() == END { next } else { line_start };
            return (parse(file, yaml, yaml_start, diagnostics), end);
        }
        line_start = next;
    }
    let opening = Span::new(file, start, start + FENCE.len());
    if is_rule_only(text, yaml_start) {
        return (Metadata::default(), start);
    }
    diagnostics.push(
        Diagnostic::new(Code::UnclosedFrontMatter, opening, "the front matter has no end")
            .label("it begins here")
            .hint("close it with a line `---`; if this is a thematic break, write `***`"),
    );
    (Metadata::default(), start)
}

/// Front matter whose first line, given with its start and the next one's, is not quite
/// `---`: `----`, `---yaml`, `---json`, or the `{` of JSON, all of which YAML can read.
fn foreign_front_matter(
    file: FileId,
    text: &str,
    (start, first, next): (usize, &str, usize),
    diagnostics: &mut Diagnostics,
) -> Option<(Metadata, usize)> {
    let fence = first.trim_end();
    let dashes = fence.trim_start_matches('-');
    let is_json = fence == "{";
    let is_long = dashes.is_empty() && fence.len() > FENCE.len();
    let is_named = fence.len() - dashes.len() == FENCE.len() && matches!(dashes.trim(), "yaml" | "yml" | "json");
    let message = "this is read as front matter, though it is written as for another tool";
    let hint = "write `key: value`, a line each, between lines `---`";
    let problem = Diagnostic::new(Code::ForeignForm, Span::new(file, start, start + fence.len()), message).hint(hint);
    if fence.starts_with("{\"") && fence.ends_with('}') {
        diagnostics.push(problem);
        return Some((parse(file, fence, start, diagnostics), next));
    }
    if !(is_json || is_long || is_named) {
        return None;
    }
    let end = if is_json {
        "}"
    } else if is_long {
        fence
    } else {
        FENCE
    };
    let base = if is_json { start } else { next };
    let mut line_start = next;
    for (line, after) in lines(text, next) {
        if line_start == next && is_long && !is_key(line) {
            return None;
        }
        if line.trim_end() == end {
            let stop = if is_json { after } else { line_start };
            diagnostics.push(problem);
            return Some((parse(file, text.get(base..stop)?, base, diagnostics), after));
        }
        line_start = after;
    }
    None
}

/// Lines `key: value` at the head of a text are its words here. What they keep from
/// readers elsewhere stops the document.
fn check_head(file: FileId, text: &str, start: usize, diagnostics: &mut Diagnostics) {
    let mut end = start;
    for (line, next) in lines(text, start) {
        if line.trim().is_empty() {
            break;
        }
        if !is_key(line) {
            return;
        }
        end = next;
    }
    let head = text.get(start..end).filter(|head| !head.is_empty() && head.len() <= limits::FRONT_MATTER_BYTES);
    if let Some(Ok(document)) = head.map(|head| yaml::read(file, head, start)) {
        metadata::withheld_in_head(&document.root, diagnostics);
    }
}

/// Whether a line ends the front matter.
fn closes(line: &str) -> bool {
    matches!(line.trim_end(), FENCE | END) || super::comment::is_section_mark(line)
}

/// The byte past blank lines and comments at the start of a text.
fn after_nothing(text: &str, start: usize) -> usize {
    let mut at = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let words = rest.trim_start();
        match words.strip_prefix("<!--").and_then(|inside| inside.find("-->").map(|end| end + "<!---->".len())) {
            Some(comment) => at += rest.len() - words.len() + comment,
            // The text from the start of the line, with its indentation.
            None => {
                let blank = rest.get(..rest.len() - words.len()).unwrap_or_default();
                return at + blank.rfind(['\n', '\r']).map_or(0, |end| end + 1);
            }
        }
    }
}

/// Front matter that begins after blank lines or a comment, where its first
/// line is a key and it has an end: else it is a thematic break.
fn late_front_matter(
    file: FileId,
    text: &str,
    start: usize,
    diagnostics: &mut Diagnostics,
) -> Option<(Metadata, usize)> {
    let mut lines = lines(text, start);
    let (fence, base) = lines.next().filter(|(line, _)| line.trim_end() == FENCE)?;
    let mut line_start = base;
    let mut is_first = true;
    for (line, next) in lines {
        if is_first && !is_key(line) {
            return None;
        }
        is_first = false;
        if matches!(line.trim_end(), FENCE | END) {
            let span = Span::new(file, start, start + fence.trim_end().len());
            diagnostics.push(
                Diagnostic::new(Code::ForeignForm, span, "this is read as front matter, though other lines come first")
                    .hint("begin the file with `---`"),
            );
            return Some((parse(file, text.get(base..line_start)?, base, diagnostics), next));
        }
        line_start = next;
    }
    None
}

/// Whether a line is `key:` or `key: value`.
fn is_key(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, rest)| {
        key.starts_with(|first: char| first.is_alphabetic())
            && key.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.'))
            && (rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

/// Front matter in TOML between lines `+++`.
fn toml_front_matter(
    file: FileId,
    text: &str,
    start: usize,
    diagnostics: &mut Diagnostics,
) -> Option<(Metadata, usize)> {
    let mut lines = lines(text, start);
    let (_, base) = lines.next()?;
    let mut line_start = base;
    let (body, end) = lines.find_map(|(line, next)| {
        let here = std::mem::replace(&mut line_start, next);
        (line.trim_end() == TOML_FENCE).then(|| (text.get(base..here).unwrap_or_default(), next))
    })?;
    let span = Span::new(file, start, start + TOML_FENCE.len());
    if body.len() > limits::FRONT_MATTER_BYTES {
        return Some((parse(file, body, base, diagnostics), end));
    }
    let metadata = match super::toml_tree::read(file, body, base) {
        Ok(mut tree) => {
            replace_controls(&mut tree, diagnostics);
            diagnostics.push(
                Diagnostic::new(Code::ForeignForm, span, "this front matter is TOML, and is read as such")
                    .hint("write it as YAML between lines `---`")
                    .advice(),
            );
            metadata::read(&tree, diagnostics)
        }
        Err(error) => {
            let message = format!("the front matter cannot be read as TOML: {}", error.message);
            let hint = "put text into quotation marks, or write YAML between lines `---`";
            diagnostics.push(Diagnostic::new(Code::BrokenFrontMatter, error.span, message).hint(hint));
            Metadata::default()
        }
    };
    Some((metadata, end))
}

/// YAML with the tabs at the start of its lines made spaces, one each, so that
/// every place stays where it is; and where the first of them stands.
fn without_tabs(yaml: &str) -> Option<(String, usize)> {
    let indented = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut first = None;
    let mut text = String::with_capacity(yaml.len());
    for line in yaml.split_inclusive('\n') {
        let (lead, rest) = line.split_at(indented(line));
        if let Some(tab) = lead.find('\t') {
            first = first.or(Some(text.len() + tab));
        }
        text.push_str(&lead.replace('\t', " "));
        text.push_str(rest);
    }
    first.map(|first| (text, first))
}

/// A first line `---` that a blank line follows is a thematic break when
/// nothing after it closes front matter.
fn is_rule_only(text: &str, after: usize) -> bool {
    lines(text, after).next().is_none_or(|(line, _)| line.trim().is_empty())
}

/// Lines without their ending, each with the start of the next one.
fn lines(text: &str, start: usize) -> impl Iterator<Item = (&str, usize)> {
    let mut at = start;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let line = rest.get(..end)?;
        let ending = match rest.get(end..) {
            Some(ending) if ending.starts_with("\r\n") => 2,
            Some("") | None => 0,
            Some(_) => 1,
        };
        at += end + ending;
        Some((line, at))
    })
}

/// Puts a plain value that a comment cuts between quotation marks, with what is cut off. Whether
/// that was meant as a comment the author knows. `None` where the value is more than words after a
/// key.
fn quoted(yaml: &str, base: usize, comment: Span) -> Option<Fix> {
    let (start, end) = ((comment.start as usize).checked_sub(base)?, (comment.end as usize).checked_sub(base)?);
    let before = yaml.get(..start)?;
    let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let (key, value) = before.get(line..)?.split_once(": ")?;
    let value = value.trim_start();
    let is_plain = value.starts_with(char::is_alphanumeric) && !value.contains(": ");
    let is_key = key.trim_start().chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'));
    let from = start - value.len();
    let whole = yaml.get(from..end)?.trim_end().replace('\\', "\\\\").replace('"', "\\\"");
    let edit = Edit::replace(Span::new(comment.file, base + from, comment.end as usize), format!("\"{whole}\""));
    (is_plain && is_key).then(|| Fix::offered("Put the whole value between quotation marks", [edit]))
}

fn parse(file: FileId, yaml: &str, base: usize, diagnostics: &mut Diagnostics) -> Metadata {
    if yaml.len() > limits::FRONT_MATTER_BYTES {
        let message = format!("the front matter is longer than {} bytes", limits::FRONT_MATTER_BYTES);
        diagnostics.push(
            Diagnostic::new(Code::LimitExceeded, Span::point(file, base), message)
                .hint("move what is not data about the document into its text"),
        );
        return Metadata::default();
    }
    let spaced = without_tabs(yaml);
    if let Some((_, tab)) = spaced {
        let span = Span::new(file, base + tab, base + tab + 1);
        diagnostics.push(
            Diagnostic::new(Code::ForeignForm, span, "YAML is indented with spaces; each tab is read as one")
                .hint("put spaces in place of the tabs"),
        );
    }
    match yaml::read(file, spaced.as_ref().map_or(yaml, |(text, _)| text), base) {
        Ok(mut document) => {
            replace_controls(&mut document.root, diagnostics);
            for comment in document.comments {
                let message = "a `#` behind a space begins a comment: what follows is no part of the value";
                let hint = "put the whole value into quotation marks, or the comment on a line of its own";
                let problem = Diagnostic::new(Code::CutValue, comment, message).hint(hint);
                diagnostics.push(problem.fixes(quoted(yaml, base, comment)));
            }
            metadata::read(&document.root, diagnostics)
        }
        Err(error) => {
            let (code, message, hint) = match error.is_limit {
                IsLimit::Yes => (Code::LimitExceeded, error.message, "write plain values and short lists"),
                IsLimit::No => (
                    Code::BrokenFrontMatter,
                    format!("the front matter cannot be read: {}", error.message),
                    "put values that hold `: `, `#`, `[` or `{` into quotation marks, and indent with spaces",
                ),
            };
            diagnostics.push(Diagnostic::new(code, error.span, message).hint(hint));
            Metadata::default()
        }
    }
}

/// Replaces the characters in values that no edition can hold.
fn replace_controls(value: &mut Yaml, diagnostics: &mut Diagnostics) {
    match &mut value.kind {
        YamlKind::Null => {}
        YamlKind::Scalar(text) => {
            if let Some((found, legal)) = lower::without_controls(text) {
                diagnostics.push(lower::replaced(found, value.span));
                *text = legal;
            }
        }
        YamlKind::List(items) => items.iter_mut().for_each(|item| replace_controls(item, diagnostics)),
        YamlKind::Map(entries) => {
            entries.iter_mut().for_each(|entry| replace_controls(&mut entry.value, diagnostics));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::diagnostic::Diagnostics;
    use crate::source::{FileId, Source};

    fn rest(text: &str) -> (String, Vec<String>) {
        let mut diagnostics = Diagnostics::default();
        let (_, start) = read(FileId(0), text, &mut diagnostics);
        let source = Source::new("a.md", text);
        let found = diagnostics
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.span.map(|span| source.place(span.start as usize));
                let place = place.map_or_else(|| "-".to_owned(), |place| format!("{}:{}", place.line, place.column));
                format!("{} {place} {}", diagnostic.code.as_str(), diagnostic.message)
            })
            .collect();
        (text.get(start..).unwrap_or_default().to_owned(), found)
    }

    #[test]
    fn the_text_begins_after_the_closing_line() {
        for text in [
            "---\ntitle: a\n---\nText",
            "\u{feff}---\r\ntitle: a\r\n---\r\nText",
            "---\n---\nText",
            "---\na: \n...\nText",
        ] {
            assert_eq!(rest(text).0, "Text", "{text:?}");
        }
        assert_eq!(rest("Text\n---\n"), ("Text\n---\n".to_owned(), vec![]));
    }

    #[test]
    fn an_unclosed_one_is_reported_at_its_opening() {
        assert_eq!(rest("---\ntitle: a\n\nText").1, ["E0102 1:1 the front matter has no end"]);
        assert_eq!(rest("---\n\nText after a rule").1, Vec::<String>::new());
    }

    #[test]
    fn broken_yaml_is_reported_at_its_place() {
        let (_, found) = rest("---\r\ntitle: »ü« ok\r\ndate: [1, 2\r\n---\r\nText");
        assert_eq!(found.len(), 1);
        assert!(found.iter().all(|line| line.starts_with("E0101 ")), "{found:?}");
        let (_, found) = rest("---\ntitle: a\ntitle: b\n---\n");
        assert_eq!(found, ["E0101 3:1 the front matter cannot be read: the key `title` is given twice"]);
    }

    #[test]
    fn values_that_multiply_meet_a_limit() {
        let mut bomb = "---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..10 {
            let before = level - 1;
            bomb.push_str(&format!(
                "a{level}: &a{level} [*a{before}, *a{before}, *a{before}, *a{before}, *a{before}, *a{before}]\n"
            ));
        }
        bomb.push_str("---\n");
        assert!(rest(&bomb).1.iter().all(|line| line.starts_with("E0006 ")), "{:?}", rest(&bomb).1);
        let deep = format!("---\na: {}\n---\n", "[".repeat(50_000));
        assert!(rest(&deep).1.iter().all(|line| line.starts_with("E0006 ")), "{:?}", rest(&deep).1);
    }
}
