//! The lines of a text, and what is done to them: blank lines, space at the end, headings,
//! bullets, the end of the file.

use super::facts::Facts;
use super::place;
use crate::parse::prefix;
use crate::source::Span;
use crate::source::edit::Edit;
use std::collections::BTreeSet;
use std::ops::Range;

/// Invisible characters at the start or end of a line.
const SPACE: [char; 2] = [' ', '\t'];

/// A line of the text.
#[derive(Debug, Clone)]
pub struct Line {
    pub start: usize,
    /// Past the last character that is no line ending.
    pub end: usize,
    /// Where the next one starts.
    pub next: usize,
    /// Whether nothing in it is formatted: code, formulas, HTML, front matter.
    pub is_fixed: bool,
    /// Whether code or a formula among its words goes on in the next line.
    runs_on: bool,
}

/// A text by its lines.
pub struct Lines<'a> {
    pub text: &'a str,
    facts: &'a Facts,
    /// Where the text starts, past the front matter.
    body: usize,
    pub lines: Vec<Line>,
}

impl<'a> Lines<'a> {
    /// The lines of a text that starts at `body`. What is hidden is not touched.
    pub fn from_text(text: &'a str, body: usize, facts: &'a Facts, hidden: &[Span]) -> Lines<'a> {
        let mut lines = Lines { text, facts, body, lines: split(text) };
        // A byte-order mark is before the first line.
        if let Some(first) = lines.lines.first_mut().filter(|line| line.end >= body) {
            first.start = body;
        }
        let hidden = hidden.iter().map(|span| span.range());
        let fixed: Vec<Range<usize>> = facts.fixed.iter().cloned().chain(hidden).collect();
        for range in fixed {
            let (first, last) = (lines.at(range.start), lines.at(range.end.saturating_sub(1).max(range.start)));
            for line in lines.lines.get_mut(first..=last).unwrap_or_default() {
                line.is_fixed = true;
            }
        }
        for range in &facts.unbroken {
            let (first, last) = (lines.at(range.start), lines.at(range.end.saturating_sub(1)));
            for line in lines.lines.get_mut(first..last).unwrap_or_default() {
                line.runs_on = true;
            }
        }
        for line in lines.lines.iter_mut().filter(|line| line.next <= body) {
            line.is_fixed = true;
        }
        lines.fix_html();
        lines
    }

    /// The number of the line that holds a byte, counted from 0.
    pub fn at(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }

    /// The text of a line without its ending.
    pub fn line_text(&self, line: &Line) -> &'a str {
        self.text.get(line.start..line.end).unwrap_or_default()
    }

    fn is_blank(&self, line: &Line) -> bool {
        self.line_text(line).trim_matches(SPACE).is_empty()
    }

    /// HTML is its own language: from a tag at the start of a line to the next blank line, or to
    /// the end of an element that holds blank lines.
    fn fix_html(&mut self) {
        const WHOLE: [(&str, &str); 6] = [
            ("<pre", "</pre>"),
            ("<script", "</script>"),
            ("<style", "</style>"),
            ("<textarea", "</textarea>"),
            ("<table", "</table>"),
            ("<!--", "-->"),
        ];
        // The text that ends it; `Some("")` is a blank line.
        let mut until: Option<&str> = None;
        for index in 0..self.lines.len() {
            let Some(line) = self.lines.get(index).cloned() else { return };
            let words = self.line_text(&line);
            let small = words.get(prefix(words)..).unwrap_or_default().to_ascii_lowercase();
            if until.is_none() && !line.is_fixed && is_tag(&small) {
                let whole = WHOLE.iter().find(|(start, _)| small.starts_with(start));
                until = Some(whole.map_or("", |(_, end)| end));
            }
            let Some(end) = until else { continue };
            if end.is_empty() && self.is_blank(&line) {
                until = None;
                continue;
            }
            if let Some(line) = self.lines.get_mut(index) {
                line.is_fixed = true;
            }
            if !end.is_empty() && small.contains(end) {
                until = Some("");
            }
        }
    }

    /// All edits to lines.
    pub fn edits(&self) -> Vec<Edit> {
        let mut edits = self.blank_lines();
        edits.extend(self.trailing_space());
        edits.extend(self.facts.headings.iter().filter_map(|start| self.heading(*start)).flatten());
        let bullets = self.facts.bullets.iter().filter(|at| self.is_open(**at));
        edits.extend(bullets.map(|at| Edit::replace(place(*at, at + 1), "-")));
        edits
    }

    fn is_open(&self, offset: usize) -> bool {
        self.lines.get(self.at(offset)).is_some_and(|line| !line.is_fixed)
    }

    /// Space at the end of lines. Tables and directives are formatted as a whole.
    fn trailing_space(&self) -> impl Iterator<Item = Edit> {
        let breaks: BTreeSet<usize> = self.facts.breaks.iter().map(|at| self.at(*at)).collect();
        let tables = self.facts.tables.iter().map(|table| self.at(table.start)..self.at(table.end) + 1);
        let tables: BTreeSet<usize> = tables.flatten().collect();
        self.lines.iter().enumerate().filter_map(move |(index, line)| {
            let words = self.line_text(line);
            let bare = words.trim_end_matches(SPACE);
            let is_whole = words.len() == bare.len() || bare.is_empty() || bare.ends_with('\\');
            if line.is_fixed || line.runs_on || is_whole || breaks.contains(&index) {
                return None;
            }
            if tables.contains(&index) || super::directive::is_opening(words) {
                return None;
            }
            Some(Edit::delete(place(line.start + bare.len(), line.end)))
        })
    }

    /// Edits for one space after the marker of a heading, and none before it.
    fn heading(&self, start: usize) -> Option<Vec<Edit>> {
        let line = self.lines.get(self.at(start)).filter(|line| !line.is_fixed)?;
        let words = self.line_text(line);
        let lead = prefix(words);
        let rest = words.get(lead..)?;
        let signs = rest.len() - rest.trim_start_matches('#').len();
        let behind = rest.get(signs..)?;
        let gap = behind.len() - behind.trim_start_matches(SPACE).len();
        if signs == 0 || gap == 0 || gap == behind.len() {
            return None;
        }
        let from = line.start + lead + signs;
        let mut edits = vec![Edit::replace(place(from, from + gap), " ")];
        if words.get(..lead)?.trim_matches(SPACE).is_empty() && lead < 4 {
            edits.push(Edit::delete(place(line.start, line.start + lead)));
        }
        Some(edits)
    }

    /// Edits for one blank line between blocks, and none at the start and the end of the text.
    fn blank_lines(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut blank_before = self.body == 0 || !self.text.get(..self.body).unwrap_or_default().contains('\n');
        for line in self.lines.iter().filter(|line| line.next > self.body) {
            if line.is_fixed || !self.is_blank(line) {
                blank_before = false;
                continue;
            }
            if blank_before {
                edits.push(Edit::delete(place(line.start, line.next)));
            } else if line.start < line.end {
                edits.push(Edit::delete(place(line.start, line.end)));
            }
            blank_before = true;
        }
        self.end_of_file(&mut edits);
        let gaps = self.facts.gaps.iter().filter_map(|(end, start)| self.gap(*end, *start));
        edits.extend(gaps.chain(self.after_front_matter()));
        edits
    }

    /// The text ends with one line ending.
    fn end_of_file(&self, edits: &mut Vec<Edit>) {
        let is_over = |line: &&Line| line.next > self.body && !line.is_fixed && self.is_blank(line);
        let over: Vec<&Line> = self.lines.iter().rev().take_while(is_over).collect();
        let start = over.last().map_or(self.text.len(), |line| line.start);
        if start < self.text.len() {
            edits.retain(|edit| (edit.span.start as usize) < start);
            edits.push(Edit::delete(place(start, self.text.len())));
        }
        let last = self.text.get(..start).unwrap_or_default();
        if start > self.body && !last.ends_with(['\n', '\r']) {
            edits.push(Edit::replace(place(start, start), self.ending()));
        }
    }

    /// Room between two blocks whose lines touch, where the second is at the margin.
    fn gap(&self, end: usize, start: usize) -> Option<Edit> {
        let index = self.at(start);
        let (line, before) = (self.lines.get(index)?, self.lines.get(index.checked_sub(1)?)?);
        // A directive's last line is none of its content's.
        let is_close = |line: &Line| self.line_text(line).trim().bytes().all(|byte| byte == b':');
        let touches = end <= line.start && !self.is_blank(before) && (end > before.start || is_close(before));
        let at_margin = start == line.start;
        let is_plain = |line: &Line| !self.line_text(line).starts_with(['<', '{', '%', '!', '?', '=']);
        let is_opening = self.line_text(before).starts_with(":::") && !is_close(before);
        let ok = touches && at_margin && is_plain(line) && is_plain(before) && !is_opening;
        ok.then(|| Edit::insert(place(line.start, line.start), self.ending()))
    }

    /// A blank line separates the text from its front matter.
    fn after_front_matter(&self) -> Option<Edit> {
        let has_front_matter = self.text.get(..self.body)?.trim_end().ends_with("---");
        let line = self.lines.get(self.at(self.body)).filter(|line| line.start == self.body && has_front_matter)?;
        let is_touching = !line.is_fixed && !self.is_blank(line);
        is_touching.then(|| Edit::insert(place(line.start, line.start), self.ending()))
    }

    /// How the text's lines end.
    fn ending(&self) -> &'a str {
        let first = self.lines.iter().find(|line| line.next > line.end);
        first.and_then(|line| self.text.get(line.end..line.next)).unwrap_or("\n")
    }
}

fn split(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let ending = match rest.as_bytes().get(length..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([_, ..]) => 1,
            _ => 0,
        };
        let (end, next) = (at + length, at + length + ending);
        lines.push(Line { start: at, end, next, is_fixed: false, runs_on: false });
        at = next;
    }
    lines
}

/// Whether a line starts with a tag, a comment or the like.
fn is_tag(line: &str) -> bool {
    let mut letters = line.chars();
    letters.next() == Some('<')
        && letters.next().is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'))
        && !line.contains("://")
}
