//! Splits the front matter from the text.

use super::limits;
use super::metadata;
use super::yaml::{self, IsLimit};
use crate::ast::Metadata;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Span};

const FENCE: &str = "---";
/// YAML's own mark for a document's end closes the front matter too.
const END: &str = "...";
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What the front matter says, and the byte at which the text after it starts.
/// Without front matter that is the file's start, or, after a byte-order mark,
/// the first byte past it.
pub fn read(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> (Metadata, usize) {
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let mut lines = lines(text, start);
    let Some((_, yaml_start)) = lines.next().filter(|(line, _)| line.trim_end() == FENCE) else {
        return (Metadata::default(), start);
    };
    let mut line_start = yaml_start;
    for (line, next) in lines {
        if matches!(line.trim_end(), FENCE | END) {
            let yaml = text.get(yaml_start..line_start).unwrap_or_default();
            return (parse(file, yaml, yaml_start, diagnostics), next);
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

fn parse(file: FileId, yaml: &str, base: usize, diagnostics: &mut Diagnostics) -> Metadata {
    if yaml.len() > limits::FRONT_MATTER_BYTES {
        let message = format!("the front matter is longer than {} bytes", limits::FRONT_MATTER_BYTES);
        diagnostics.push(
            Diagnostic::new(Code::LimitExceeded, Span::point(file, base), message)
                .hint("move what is not data about the document into its text"),
        );
        return Metadata::default();
    }
    match yaml::read(file, yaml, base) {
        Ok(tree) => metadata::read(&tree, diagnostics),
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
