//! Changes to a text: bytes that are replaced by others.

use super::Span;
use serde::{Deserialize, Serialize};

/// The text under a span is replaced. Edits of one list do not overlap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edit {
    /// Replaced text; empty for an insertion.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Edit {
    /// Puts a text in the place of another.
    pub fn replace(span: Span, text: impl Into<String>) -> Edit {
        Edit { span, text: text.into() }
    }

    /// Takes a text out.
    pub fn delete(span: Span) -> Edit {
        Edit { span, text: String::new() }
    }

    /// Puts a text before a byte.
    pub fn insert(at: Span, text: impl Into<String>) -> Edit {
        Edit { span: Span { end: at.start, ..at }, text: text.into() }
    }
}

/// Whether an edit overlaps no other edit, and none is at the same position.
pub fn has_room(taken: &[Edit], edit: &Edit) -> bool {
    let is_apart = |other: &Edit| {
        let (one, other) = (edit.span, other.span);
        one != other && (one.file != other.file || one.end <= other.start || other.end <= one.start)
    };
    taken.iter().all(is_apart)
}

/// A text after edits of it. One that does not fit the text, or that overlaps one before
/// it, changes nothing.
pub fn apply<'a>(text: &str, edits: impl IntoIterator<Item = &'a Edit>) -> String {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        let range = edit.span.range();
        let before = text.get(copied..range.start);
        let (Some(before), Some(_)) = (before, text.get(range.clone())) else { continue };
        out.push_str(before);
        out.push_str(&edit.text);
        copied = range.end;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::{Edit, apply};
    use crate::source::{FileId, Span};

    #[test]
    fn edits_that_do_not_fit_change_nothing() {
        let edit = |start, end, text: &str| Edit::replace(Span::new(FileId(0), start, end), text);
        assert_eq!(apply("abcdef", &[edit(4, 5, "X"), edit(1, 2, ""), edit(0, 0, ">")]), ">acdXf");
        assert_eq!(apply("aéb", &[edit(2, 3, "X"), edit(3, 9, "Y"), edit(0, 1, "c")]), "céb");
        assert_eq!(apply("abc", &[edit(0, 2, "x"), edit(1, 3, "y")]), "xc");
    }
}
