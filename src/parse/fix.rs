//! Fixes for mistakes in directives and fences.

use super::attributes::Attributes;
use super::lower::Lowering;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::Span;
use crate::source::edit::Edit;

impl Lowering<'_> {
    /// Puts values of several words between quotation marks.
    pub fn quoted(&self, attributes: &Attributes) -> Option<Fix> {
        let edits = attributes.pairs.iter().filter_map(|(key, value)| {
            let value = value.as_ref().filter(|value| value.text.contains(char::is_whitespace))?;
            let (start, mut end) = (key.span.end as usize + "=".len(), value.span.end as usize);
            let stray = self.text.get(end..)?.chars().next().filter(|letter| "\"'“”„«»".contains(*letter));
            end += stray.map_or(0, char::len_utf8);
            let text = value.text.replace('\\', "\\\\").replace('"', "\\\"");
            Some(Edit::replace(Span::new(self.file, start, end), format!("\"{text}\"")))
        });
        let edits: Vec<Edit> = edits.collect();
        (!edits.is_empty()).then(|| Fix::safe("Put the value between quotation marks", edits))
    }

    /// Closes a directive after all the text; `None` where a fence or HTML is open there, which
    /// would take the line in.
    pub fn closed_directive(&self, marks: &str, opening: Span) -> Option<Fix> {
        let is_open = |problem: &Diagnostic| {
            problem.code == Code::UnclosedFence && problem.span.is_some_and(|span| span.file == self.file)
        };
        let is_html = self.html_end >= self.text.trim_end().len();
        if is_html || self.diagnostics.iter().any(is_open) { None } else { self.closed_at_end(marks, opening) }
    }

    /// Closes what opens in a line and has no end after all the text; `None` where it is behind
    /// marks of lists or quotations.
    pub fn closed_at_end(&self, marks: &str, opening: Span) -> Option<Fix> {
        let before = self.text.get(..opening.start as usize)?;
        let indent = before.get(before.rfind(['\n', '\r']).map_or(0, |line| line + 1)..)?;
        indent.chars().all(|letter| letter == ' ').then_some(())?;
        let end = Span::point(self.file, self.text.trim_end().len());
        let line = Edit::insert(end, format!("\n{indent}{marks}"));
        Some(Fix::offered("Close it at the end of the file", [line]))
    }
}
