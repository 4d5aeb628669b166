//! Markup that is only nearly right (W0223): it is printed as text unless there is no
//! doubt what it means, and the writer is told.

use super::lower::Lowering;
use crate::ast::{Block, BlockKind, Figure, Inline, InlineKind, Parsed};
use crate::diagnostic::{Code, Diagnostic};
use crate::language;
use crate::source::Span;

/// Signs that word processors put before the items of a list.
const BULLETS: [char; 8] = ['•', '◦', '▪', '●', '‣', '·', '–', '—'];

/// What was nearly written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    Heading,
    Bullets,
    Letters,
    GridTable,
    RuleOfTable,
    IndentedText,
    Address,
    /// An address that ends at a parenthesis, though it goes on.
    Parenthesis,
    PictureSize,
    /// Asterisks with a space on their inner side.
    Asterisks,
    /// Markdown where only HTML is read.
    InHtml,
    /// The caption of a table or figure as a paragraph of its own.
    Caption,
}

impl Slip {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Slip::Heading => ("this is no heading: a space is missing behind the number signs", "write `# Heading`"),
            Slip::Bullets => ("these lines are no list, and run together", "begin each of them with `- `"),
            Slip::Letters => {
                ("these lines are no list, and run together", "begin each of them with `1. `, or use `<ol type=\"a\">`")
            }
            Slip::GridTable => (
                "tables that are drawn with `+---+` are not read",
                "write `| a | b |`, and a line `|---|---|` below it",
            ),
            Slip::RuleOfTable => (
                "this is no table: its line of dashes has another number of columns than its first line",
                "write as many `---` as there are columns",
            ),
            Slip::IndentedText => (
                "this is indented and so is code",
                "begin it at the margin; code stands between lines of three backticks",
            ),
            Slip::Address => {
                ("this address has spaces, at which it ends for other readers", "write the address between `<` and `>`")
            }
            Slip::Parenthesis => (
                "the address of this link ends at its closing parenthesis, and the rest is text",
                "write the address between `<` and `>`, or `%29` for the parenthesis in it",
            ),
            Slip::Asterisks => (
                "these asterisks mark nothing: a space stands on their inner side",
                "put them at the words: `**words**`",
            ),
            Slip::InHtml => {
                ("this is Markdown in HTML, where it is not read", "leave an empty line before it, or write it as HTML")
            }
            Slip::Caption => (
                "this caption is typed, so that its number is only text",
                "write `:::table {caption=\"…\"}` round the table, or `![…](… \"caption\")`",
            ),
            Slip::PictureSize => {
                ("the size of this picture is written as for another tool", "write `{width=50%}` behind it")
            }
        }
    }
}

impl Lowering<'_> {
    /// Looks at the source of a paragraph, and at what became of it.
    pub fn check_slips(&mut self, span: Span, content: &[Inline<Parsed>]) {
        let written = self.text.get(span.range()).unwrap_or_default();
        if let Some(slip) = of_paragraph(written) {
            self.tell_slip(slip, self.first_line(span));
        }
        for (slip, place) in in_words(content) {
            self.tell_slip(slip, place);
        }
    }

    /// Looks at words of HTML, which stand at `span` as they are.
    pub fn check_html(&mut self, words: &str, span: Span) {
        if let Some(range) = markdown(words) {
            self.tell_slip(Slip::InHtml, span.slice(range));
        }
    }

    /// Looks at a block and the one before it: whether one is the caption of the other.
    pub fn check_caption(&mut self, before: Option<&Block<Parsed>>, block: &Block<Parsed>) {
        let is_shown = |block: &Block<Parsed>| {
            matches!(block.kind, BlockKind::Table(_) | BlockKind::Figure(Figure { caption: None, .. }))
        };
        let Some(before) = before else { return };
        let caption = match (&before.kind, &block.kind) {
            (BlockKind::Paragraph(_), _) if is_shown(block) => before.span,
            (_, BlockKind::Paragraph(_)) if is_shown(before) => block.span,
            _ => return,
        };
        if self.text.get(caption.range()).is_some_and(is_caption) {
            self.tell_slip(Slip::Caption, self.first_line(caption));
        }
    }

    /// Looks at code that is only indented.
    pub fn check_indented(&mut self, text: &str, span: Span) {
        if is_prose(text) {
            self.tell_slip(Slip::IndentedText, self.first_line(span));
        }
    }

    /// Says what was nearly written.
    pub fn tell_slip(&mut self, slip: Slip, span: Span) {
        let (message, hint) = slip.words();
        self.diagnostics.push(Diagnostic::new(Code::Slip, span, message).hint(hint));
    }
}

/// Whether words begin as the label of a table or figure does: `Table 1: `, `**Figure 2.**`.
fn is_caption(words: &str) -> bool {
    let words = words.trim_start_matches(['*', '_']);
    let labels = language::ALL.iter().flat_map(|labels| [labels.table, labels.figure]);
    labels.into_iter().filter_map(|label| words.strip_prefix(label)).any(|rest| {
        let number = rest.trim_start_matches([' ', '\u{a0}']);
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let behind = number.get(end..).unwrap_or_default().trim_start_matches(['*', '_', ' ']);
        number.len() < rest.len() && end > 0 && behind.starts_with([':', '.', '–', '—', '-'])
    })
}

/// What is left of markup in the words of a paragraph, and where.
fn in_words(content: &[Inline<Parsed>]) -> Vec<(Slip, Span)> {
    let mut found = Vec::new();
    let mut before: Option<&Inline<Parsed>> = None;
    for inline in content {
        if let InlineKind::Text(words) = &inline.kind {
            // Escaped asterisks have gone from the words, and are longer in the source.
            let is_written = words.len() == inline.span.range().len();
            if let Some(range) = asterisks(words).filter(|_| is_written) {
                found.push((Slip::Asterisks, inline.span.slice(range)));
            }
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

/// Where two pairs of asterisks stand in words, of which one was meant to open or close:
/// `**word **`.
fn asterisks(words: &str) -> Option<std::ops::Range<usize>> {
    const MARK: &str = "**";
    let (start, end) = (words.find(MARK)?, words.rfind(MARK)?);
    let inside = words.get(start + MARK.len()..end)?;
    let opens = inside.starts_with(|first: char| !first.is_whitespace());
    let closes = inside.ends_with(|last: char| !last.is_whitespace());
    let is_word = inside.contains(char::is_alphabetic) && !inside.contains('*');
    (opens != closes && is_word).then_some(start..end + MARK.len())
}

/// Whether words right behind a link go on with its address: `%20page)`.
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
    let signs = written.len() - written.trim_start_matches('#').len();
    let next = written.get(signs..).and_then(|rest| rest.chars().next());
    if (1..=6).contains(&signs) && next.is_some_and(char::is_alphabetic) {
        // A hashtag is followed by others, or by nothing.
        let line = written.lines().next().unwrap_or_default();
        let tags = line.split_whitespace().filter(|word| word.starts_with('#')).count();
        return (signs > 1 || tags == 1).then_some(Slip::Heading);
    }
    if written.starts_with("+-") && written.lines().next().is_some_and(|line| line.trim_end().ends_with("-+")) {
        return Some(Slip::GridTable);
    }
    let mut lines = written.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']));
    let (first, second) = (lines.next()?, lines.next()?);
    if first.contains('|') && second.contains('-') && second.contains('|') {
        let is_rule = second.chars().all(|letter| matches!(letter, '|' | '-' | ':' | ' ' | '\t'));
        if is_rule {
            return Some(Slip::RuleOfTable);
        }
    }
    let both = |marked: &dyn Fn(&str) -> bool| marked(first) && marked(second);
    if both(&|line| line.starts_with(BULLETS) && line.contains(' ')) {
        return Some(Slip::Bullets);
    }
    both(&is_lettered).then_some(Slip::Letters)
}

/// Whether a line begins with `a)`, `(a)` or `iv.`.
fn is_lettered(line: &str) -> bool {
    let word = line.split([' ', '\t']).next().unwrap_or_default();
    let inside = word.strip_suffix(')').map(|word| word.strip_prefix('(').unwrap_or(word));
    let roman = |word: &str| !word.is_empty() && word.chars().all(|letter| matches!(letter, 'i' | 'v' | 'x'));
    match inside {
        Some(letters) => {
            let one = letters.chars().count() == 1 && letters.chars().all(char::is_alphabetic);
            line.len() > word.len() && (one || roman(letters))
        }
        None => line.len() > word.len() && word.strip_suffix('.').is_some_and(roman),
    }
}

/// Whether words are a sentence rather than code.
fn is_prose(text: &str) -> bool {
    const FEW: usize = 3;
    let plain =
        |letter: char| letter.is_alphabetic() || matches!(letter, ' ' | ',' | '.' | '\'' | '’' | '-' | '\n' | '\t');
    text.starts_with(char::is_uppercase)
        && text.trim_end().ends_with(['.', ':', '?', '!'])
        && text.trim_end_matches(['.', ':', '?', '!']).chars().all(plain)
        && text.split_whitespace().count() > FEW
}

#[cfg(test)]
mod tests {
    use super::{Slip, is_caption, is_prose, of_paragraph};

    #[test]
    fn slips_are_told_from_text() {
        for (text, slip) in [
            ("#Heading", Slip::Heading),
            ("##Two\nMore", Slip::Heading),
            ("• one\n• two", Slip::Bullets),
            ("– one\n– two", Slip::Bullets),
            ("a) one\nb) two", Slip::Letters),
            ("(a) one\n(b) two", Slip::Letters),
            ("i. one\nii. two", Slip::Letters),
            ("+---+---+\n| a | b |\n+---+---+", Slip::GridTable),
            ("| a | b |\n|---|\n| 1 | 2 |", Slip::RuleOfTable),
        ] {
            assert_eq!(of_paragraph(text), Some(slip), "{text}");
        }
        for text in ["#1 of them", "#one #two", "– she said\nand left", "(a) one", "a | b\nc | d", "etc. and\ni.e. so"]
        {
            assert_eq!(of_paragraph(text), None, "{text}");
        }
        for text in ["Table 1: Steps", "**Figure 12.** A map", "Tableau 2 – Étapes", "*Tabelle 3: Schritte*"] {
            assert!(is_caption(text), "{text}");
        }
        for text in ["Table 1 shows it.", "Tables: see below", "Table: none", "Figures 1–3"] {
            assert!(!is_caption(text), "{text}");
        }
        assert!(is_prose("Indented by a tab by habit.") && !is_prose("let x = 1;") && !is_prose("Make all the things"));
    }
}
