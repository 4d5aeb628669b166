//! Near misses of markup (W0223). They are printed as text unless their meaning is certain, and are
//! reported.

use super::lower::Lowering;
use crate::ast::{Inline, InlineKind, Parsed};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Signs that word processors put before the items of a list; the last three are signs
/// of their own fonts.
const BULLETS: [char; 15] =
    ['•', '◦', '▪', '●', '○', '■', '□', '‣', '➢', '➤', '✓', '◆', '\u{f0b7}', '\u{f0a7}', '\u{f0d8}'];

/// Letters that stand for bullets in such fonts, where a tab follows.
const LETTERED_BULLETS: [&str; 3] = ["o\t", "§\t", "Ø\t"];

/// The kind of markup that was nearly written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    Heading,
    HeadingSpace,
    Bullets,
    Letters,
    Clauses,
    Dashes,
    TabbedTable,
    GridTable,
    RuleOfTable,
    DashesOfTable,
    NoRuleOfTable,
    IndentedText,
    IndentedPoint,
    Tabs,
    Address,
    /// An address that ends at a parenthesis, though it goes on.
    Parenthesis,
    PictureSize,
    EmbeddedPicture,
    /// Markdown where only HTML is read.
    InHtml,
    RawBlock,
}

impl Slip {
    const fn message_and_hint(self) -> (&'static str, &'static str) {
        match self {
            Slip::Heading => ("this is no heading: a space is missing behind the number signs", "write `# Heading`"),
            Slip::HeadingSpace => (
                "this is no heading: what stands behind the number signs is no ordinary space",
                "put an ordinary space in place of it: `# Heading`",
            ),
            Slip::Bullets => ("this is no list: a typed bullet begins no item", "begin each item with `- `"),
            Slip::Letters => {
                ("these lines are no list, and run together", "begin each of them with `1. `, or use `<ol type=\"a\">`")
            }
            Slip::Clauses => (
                "these numbered lines are no paragraphs of their own, and run together",
                "leave an empty line between them, or make them headings",
            ),
            Slip::Dashes => ("these lines are no list, and run together", "put a space behind the sign: `- item`"),
            Slip::TabbedTable => (
                "this is no table: tabs part no columns",
                "write `| a | b |`, and a line `|---|---|` below the first line",
            ),
            Slip::GridTable => (
                "tables that are drawn with `+---+` are not read",
                "write `| a | b |`, and a line `|---|---|` below it",
            ),
            Slip::RuleOfTable => (
                "this is no table: its line of dashes has another number of columns than its first line",
                "write as many `---` as there are columns",
            ),
            Slip::DashesOfTable => (
                "this is no table: its second line holds other signs than hyphens and `|`",
                "write `|---|---|` with the hyphen of the keyboard",
            ),
            Slip::NoRuleOfTable => (
                "this is no table: a line of dashes is missing below its first line",
                "write `|---|---|` below the first line, with as many `---` as there are columns",
            ),
            Slip::IndentedText => (
                "this is indented and so is code",
                "begin it at the margin; code stands between lines of three backticks",
            ),
            Slip::IndentedPoint => (
                "this is indented by four or more and so is code",
                "indent it as far as the words of the item that it belongs to, and no further",
            ),
            Slip::Tabs => (
                "tabs of another tool are set one below the other, each with its name first",
                "write a heading or a `:::box` for each of them",
            ),
            Slip::RawBlock => (
                "this is a part for one format alone, as pandoc has it, and is shown as code",
                "write what is meant for all formats, as Markdown or as the HTML that is read",
            ),
            Slip::Address => {
                ("this address has spaces, at which it ends for other readers", "write the address between `<` and `>`")
            }
            Slip::Parenthesis => (
                "the address of this link ends at its closing parenthesis, and the rest is text",
                "write the address between `<` and `>`, or `%29` for the parenthesis in it",
            ),
            Slip::InHtml => {
                ("this is Markdown in HTML, where it is not read", "leave an empty line before it, or write it as HTML")
            }
            Slip::PictureSize => {
                ("the size of this picture is written as for another tool", "write `{width=50%}` behind it")
            }
            Slip::EmbeddedPicture => {
                ("this picture is written as for another tool", "write `![what it shows](picture.png)`")
            }
        }
    }
}

impl Lowering<'_> {
    /// Checks the source of a paragraph against its parsed content.
    pub fn check_slips(&mut self, span: Span, content: &[Inline<Parsed>]) {
        let written = self.text.get(span.range()).unwrap_or_default();
        if let Some(slip) = of_paragraph(written) {
            self.tell_slip(slip, self.first_line(span));
        }
        for (slip, place) in in_words(content) {
            self.tell_slip(slip, place);
        }
    }

    /// Looks at words of HTML, which are at `span` as they are.
    pub fn check_html(&mut self, words: &str, span: Span) {
        if let Some(range) = markdown(words) {
            self.tell_slip(Slip::InHtml, span.slice(range));
        }
    }

    /// Looks at code that is only indented.
    pub fn check_indented(&mut self, text: &str, span: Span) {
        if is_point(text) {
            self.tell_slip(Slip::IndentedPoint, self.first_line(span));
        } else if is_prose(text) {
            self.tell_slip(Slip::IndentedText, self.first_line(span));
        }
    }

    /// Says what was nearly written.
    pub fn tell_slip(&mut self, slip: Slip, span: Span) {
        let (message, hint) = slip.message_and_hint();
        self.diagnostics.push(Diagnostic::new(Code::Slip, span, message).hint(hint));
    }
}

/// Remains of markup in the words of a paragraph, with their spans.
fn in_words(content: &[Inline<Parsed>]) -> Vec<(Slip, Span)> {
    let mut found = Vec::new();
    let mut before: Option<&Inline<Parsed>> = None;
    for inline in content {
        if let InlineKind::Text(words) = &inline.kind {
            // Escaped signs have gone from the words, and are longer in the source.
            let is_written = words.len() == inline.span.range().len();
            let follows_link = before.is_some_and(|before| matches!(before.kind, InlineKind::Link { .. }));
            let rest = words.split(char::is_whitespace).next().unwrap_or_default();
            if follows_link && is_written && is_rest_of_address(rest) {
                found.push((Slip::Parenthesis, inline.span.slice(0..rest.len())));
            }
        }
        before = Some(inline);
    }
    found
}

/// Whether words right after a link go on with its address: `%20page)`.
fn is_rest_of_address(rest: &str) -> bool {
    let inside = rest.trim_end_matches(['.', ',', ';', ':']);
    let goes_on = rest.starts_with(['%', '/', '?', '&', '=', '#', '_']);
    goes_on && inside.ends_with(')') && inside.matches(')').count() > inside.matches('(').count()
}

/// Where words of HTML hold a heading, a link or strong words of Markdown.
fn markdown(words: &str) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    for line in words.split_inclusive(['\n', '\r']) {
        let text = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let is_heading = super::flow::heading_line(text).is_some();
        let is_link = text.split_once("](").is_some_and(|(before, after)| before.contains('[') && after.contains(')'));
        let is_strong = text.split("**").nth(1).is_some_and(|inside| {
            inside.starts_with(char::is_alphabetic) && text.matches("**").count() > 1 && inside.trim_end() == inside
        });
        if is_heading || is_link || is_strong {
            return Some(start..start + text.len());
        }
    }
    None
}

fn of_paragraph(written: &str) -> Option<Slip> {
    if let Some(slip) = of_heading(written) {
        return Some(slip);
    }
    if written.starts_with("+-") && written.lines().next().is_some_and(|line| line.trim_end().ends_with("-+")) {
        return Some(Slip::GridTable);
    }
    let lines = || written.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']).trim_end());
    if lines().next().is_some_and(is_bulleted) {
        return Some(Slip::Bullets);
    }
    lines().zip(lines().skip(1)).find_map(|(one, next)| of_lines(one, next))
}

/// A line that starts with number signs and is no heading.
fn of_heading(written: &str) -> Option<Slip> {
    let line = written.lines().next().unwrap_or_default();
    let rest = line.trim_start_matches('#');
    let signs = line.len() - rest.len();
    let next = rest.chars().next().filter(|_| (1..=6).contains(&signs))?;
    if next.is_whitespace() && !next.is_ascii() {
        return Some(Slip::HeadingSpace);
    }
    // A hashtag is followed by others, or by nothing; one sign before a figure is a number.
    let tags = line.split_whitespace().filter(|word| word.starts_with('#')).count();
    let numbered = rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let is_numbered = next.is_ascii_digit() && rest.len() - numbered.len() > 1 && numbered.starts_with(' ');
    let is_heading = match signs {
        1 => tags == 1 && (next.is_alphabetic() || (is_numbered && rest.contains(". "))),
        _ => next.is_alphanumeric(),
    };
    is_heading.then_some(Slip::Heading)
}

/// Two lines of a paragraph that look like more than lines.
fn of_lines(one: &str, next: &str) -> Option<Slip> {
    if one.contains('|') && next.contains('|') && next.contains(['-', '–', '—']) {
        let all = |legal: &[char]| next.chars().all(|letter| legal.contains(&letter));
        if all(&['|', '-', ':', ' ', '\t']) {
            return Some(Slip::RuleOfTable);
        }
        if all(&['|', '-', ':', ' ', '\t', '+', '–', '—', '−']) {
            return Some(Slip::DashesOfTable);
        }
    }
    let both = |marked: &dyn Fn(&str) -> bool| marked(one) && marked(next);
    let columns = |line: &str| line.matches('|').count();
    if both(&|line| line.starts_with('|') && line.ends_with('|') && line.len() > 2)
        && columns(one) == columns(next)
        && columns(one) > 2
    {
        return Some(Slip::NoRuleOfTable);
    }
    if is_bulleted(next) || both(&|line| line.starts_with(['–', '—', '·']) && line.contains(' ')) {
        return Some(Slip::Bullets);
    }
    if both(&is_dashed) {
        return Some(Slip::Dashes);
    }
    if both(&is_lettered) {
        return Some(Slip::Letters);
    }
    if are_clauses(one, next) {
        return Some(Slip::Clauses);
    }
    let tabs = |line: &str| line.trim().split('\t').filter(|cell| !cell.trim().is_empty()).count();
    (tabs(one) > 1 && tabs(one) == tabs(next)).then_some(Slip::TabbedTable)
}

/// Whether two lines start with numbers of clauses that follow one another: `2.1 Term`, `2.2
/// Price`.
fn are_clauses(one: &str, next: &str) -> bool {
    let (Some(one), Some(next)) = (clause(one), clause(next)) else { return false };
    let Some((last, above)) = next.split_last() else { return false };
    match one.get(above.len()) {
        // A clause, or one of those that hold it, is followed by the next of its kind.
        Some(before) => one.starts_with(above) && before.checked_add(1) == Some(*last),
        None => one == above && *last == 1,
    }
}

/// The number of a clause with several parts, which a capital follows.
fn clause(line: &str) -> Option<Vec<u16>> {
    let (number, words) = line.split_once([' ', '\t', '\u{a0}'])?;
    let parts: Option<Vec<u16>> = number.trim_end_matches('.').split('.').map(|part| part.parse().ok()).collect();
    parts.filter(|parts| parts.len() > 1 && words.trim_start().starts_with(char::is_uppercase))
}

/// Whether a line starts with a bullet that was typed.
fn is_bulleted(line: &str) -> bool {
    LETTERED_BULLETS.iter().any(|bullet| line.starts_with(bullet))
        || line
            .strip_prefix(BULLETS)
            .is_some_and(|rest| rest.starts_with(char::is_whitespace) && rest.chars().any(char::is_alphabetic))
}

/// Whether a line is `-item` or `*item`.
fn is_dashed(line: &str) -> bool {
    let rest = line.strip_prefix(['-', '*', '+']);
    rest.is_some_and(|rest| rest.starts_with(char::is_alphabetic) && !rest.contains('*'))
}

/// Whether a line starts with `a)`, `(a)`, `(1)`, `a.` or `iv.`.
fn is_lettered(line: &str) -> bool {
    let word = line.split([' ', '\t']).next().unwrap_or_default();
    if line.len() == word.len() {
        return false;
    }
    let roman = |word: &str| !word.is_empty() && word.chars().all(|letter| matches!(letter, 'i' | 'v' | 'x'));
    let one = |word: &str| word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let figures = |word: &str| (1..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    match word.strip_suffix(')') {
        Some(letters) => {
            let enclosed = letters.strip_prefix('(');
            let letters = enclosed.unwrap_or(letters);
            one(letters) || roman(letters) || (enclosed.is_some() && figures(letters))
        }
        // A capital may begin the name of a person.
        None => word
            .strip_suffix('.')
            .is_some_and(|word| roman(word) || (one(word) && word.chars().all(char::is_lowercase))),
    }
}

/// Whether a character is common in sentences as well as in code.
fn is_plain(letter: char) -> bool {
    letter.is_alphanumeric()
        || matches!(letter, ' ' | '\u{a0}' | '\n' | '\t')
        || matches!(letter, ',' | '.' | ':' | ';' | '?' | '!' | '\'' | '’' | '"' | '“' | '”' | '„' | '«' | '»')
        || matches!(letter, '(' | ')' | '-' | '–' | '—' | '/' | '%' | '€' | '£' | '§' | '&')
}

/// Whether words are a point of an enumeration, such as `(i) churches;`, rather than code.
fn is_point(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default().trim();
    let ends = |line: &str| line.ends_with([';', '.', ',', ':']) || line.ends_with(" and") || line.ends_with(" or");
    let words = line.split_whitespace().skip(1).filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
    is_lettered(line) && words.count() > 0 && ends(line) && text.chars().all(is_plain)
}

/// Whether words are a sentence rather than code.
fn is_prose(text: &str) -> bool {
    const FEW: usize = 3;
    let text = text.trim();
    let first = text.chars().find(|letter| letter.is_alphanumeric());
    first.is_some_and(|first| first.is_uppercase() || first.is_numeric())
        && text.trim_end_matches(['”', '“', '"', '»', ')']).ends_with(['.', ':', '?', '!'])
        && text.chars().all(is_plain)
        && text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count() > FEW
}

#[cfg(test)]
mod tests {
    use super::{Slip, is_prose, of_paragraph};

    #[test]
    fn slips_are_told_from_text() {
        for (text, slip) in [
            ("#Heading", Slip::Heading),
            ("##Two\nMore", Slip::Heading),
            ("##1. Two", Slip::Heading),
            ("#1. Two", Slip::Heading),
            ("#\u{a0}Two", Slip::HeadingSpace),
            ("• one\n• two", Slip::Bullets),
            ("– one\n– two", Slip::Bullets),
            ("We need:\n• one\n• two", Slip::Bullets),
            ("•\tone", Slip::Bullets),
            ("\u{f0b7} one", Slip::Bullets),
            ("o\tone", Slip::Bullets),
            ("We need:\n-one\n-two", Slip::Dashes),
            ("a) one\nb) two", Slip::Letters),
            ("(a) one\n(b) two", Slip::Letters),
            ("i. one\nii. two", Slip::Letters),
            ("We need:\n(1) one\n(2) two", Slip::Letters),
            ("a. one\nb. two", Slip::Letters),
            ("1.1 Term\n1.2 Price", Slip::Clauses),
            ("1.9. Term\n1.10. Price", Slip::Clauses),
            ("2 Scope\n2.1 Term\n2.1.1\tPrice of it\n2.2 Law", Slip::Clauses),
            ("1.2.3 Term\n1.3 Price", Slip::Clauses),
            ("Name\tSum\nStaff\t5", Slip::TabbedTable),
            ("+---+---+\n| a | b |\n+---+---+", Slip::GridTable),
            ("| a | b |\n|---|\n| 1 | 2 |", Slip::RuleOfTable),
            ("| a | b |\n|—|—|\n| 1 | 2 |", Slip::DashesOfTable),
            ("| a | b |\n|---+---|\n| 1 | 2 |", Slip::DashesOfTable),
            ("| a | b |\n| 1 | 2 |", Slip::NoRuleOfTable),
        ] {
            assert_eq!(of_paragraph(text), Some(slip), "{text}");
        }
        for text in [
            "#1 of them",
            "rose from\n1.1 to\n1.2 per cent",
            "1.1 Billion\n3.4 Billion",
            "Version 1.1 Beta\n1.2 Gamma",
            "words\tand\nmore words",
            "#one #two",
            "#5",
            "– she said\nand left",
            "(a) one",
            "(1) one",
            "a | b\nc | d",
            "| a line\n| and one more",
            "etc. and\ni.e. so",
            "A. Smith\nB. Jones",
            "-5 and\n-6",
            "*one*\n*two*",
            "o one",
        ] {
            assert_eq!(of_paragraph(text), None, "{text}");
        }
        for text in ["Indented by a tab by habit.", "On 3 May, 15 of them (all) came; “none left.”"] {
            assert!(is_prose(text), "{text}");
        }
        for text in ["let x = 1;", "Make all the things", "Usage: run [options] file.", "GET /a/b HTTP/1.1"] {
            assert!(!is_prose(text), "{text}");
        }
    }
}
