//! Positions in LSP encodings, and addresses of files.

use crate::source::edit::Edit;
use crate::source::percent;
use crate::source::{FileId, Source, Span};
use serde_json::{Value, json};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The unit of positions in a line (LSP 3.17, PositionEncodingKind).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    /// UTF-8 if the editor offers it; else UTF-16, which every editor supports.
    pub fn offered(capabilities: &Value) -> Encoding {
        let offered = capabilities["general"]["positionEncodings"].as_array();
        let has_utf8 = offered.is_some_and(|kinds| kinds.iter().any(|kind| kind == "utf-8"));
        if has_utf8 { Encoding::Utf8 } else { Encoding::Utf16 }
    }

    /// Its name in the protocol.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
        }
    }

    fn of_letter(self, letter: char) -> usize {
        match self {
            Encoding::Utf8 => letter.len_utf8(),
            Encoding::Utf16 => letter.len_utf16(),
        }
    }

    /// The length of a text in this encoding.
    pub fn length(self, words: &str) -> usize {
        match self {
            Encoding::Utf8 => words.len(),
            Encoding::Utf16 => words.chars().map(char::len_utf16).sum(),
        }
    }

    /// The LSP position of a byte.
    pub fn position(self, source: &Source, at: usize) -> Value {
        let line = source.line_of(at);
        let before = source.text().get(source.line_start(line)..at).unwrap_or_default();
        json!({ "line": line - 1, "character": self.length(before) })
    }

    /// The LSP range of a part of a text.
    pub fn range(self, source: &Source, range: Range<usize>) -> Value {
        json!({ "start": self.position(source, range.start), "end": self.position(source, range.end) })
    }

    /// The byte of an LSP position; past the end of a line, that end.
    pub fn offset(self, source: &Source, position: &Value) -> Option<usize> {
        let line = usize::try_from(position["line"].as_u64()?).ok()?.saturating_add(1);
        let character = usize::try_from(position["character"].as_u64()?).ok()?;
        if line > source.line_count() {
            return Some(source.text().len());
        }
        let words = source.line(line);
        let mut counted = 0;
        let reached = words.char_indices().find(|(_, letter)| {
            let is_reached = counted >= character;
            counted += self.of_letter(*letter);
            is_reached
        });
        Some(source.line_start(line) + reached.map_or(words.len(), |(at, _)| at))
    }

    /// The bytes of an LSP range.
    pub fn bytes(self, source: &Source, range: &Value) -> Option<Range<usize>> {
        let (start, end) = (self.offset(source, &range["start"])?, self.offset(source, &range["end"])?);
        Some(start..end.max(start))
    }

    /// An LSP `TextEdit`.
    pub fn edit(self, source: &Source, edit: &Edit) -> Value {
        json!({ "range": self.range(source, edit.span.range()), "newText": edit.text })
    }
}

/// The empty range at the start of a file.
pub fn beginning() -> Value {
    let start = json!({ "line": 0, "character": 0 });
    json!({ "start": start, "end": start })
}

/// The edit that turns one text into the other: the part in which they differ.
pub fn difference(old: &str, new: &str) -> Option<Edit> {
    if old == new {
        return None;
    }
    let same = |(one, other): &(char, char)| one == other;
    let start: usize = old.chars().zip(new.chars()).take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    let (old_rest, new_rest) = (old.get(start..)?, new.get(start..)?);
    let ends = old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(same);
    let end: usize = ends.map(|(letter, _)| letter.len_utf8()).sum();
    let span = Span::new(FileId::default(), start, old.len() - end);
    Some(Edit::replace(span, new_rest.get(..new_rest.len() - end)?))
}

/// The path of a file address; `None` for other addresses.
pub fn path_of(uri: &str) -> Option<PathBuf> {
    let path = percent::decode(uri.strip_prefix("file://")?);
    // Windows: `file:///C:/note.md`.
    let drive = path.strip_prefix('/').filter(|rest| rest.as_bytes().get(1) == Some(&b':'));
    Some(PathBuf::from(drive.unwrap_or(&path)))
}

/// The address of a file.
pub fn uri_of(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let lead = if path.starts_with('/') { "" } else { "/" };
    format!("file://{lead}{}", percent::path(&path))
}

#[cfg(test)]
mod tests {
    use super::{Encoding, difference, path_of, uri_of};
    use crate::source::Source;
    use serde_json::json;
    use std::path::Path;

    #[test]
    fn letters_count_as_the_editor_counts_them() {
        let text = "a\r\n\t🙂é b\rc\n";
        let source = &Source::new("", text);
        let at = text.find('b').unwrap();
        assert_eq!(Encoding::Utf16.position(source, at), json!({ "line": 1, "character": 5 }));
        assert_eq!(Encoding::Utf8.position(source, at), json!({ "line": 1, "character": 8 }));
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (at, _) in text.char_indices().filter(|(at, _)| !text[*at..].starts_with('\n')) {
                assert_eq!(encoding.offset(source, &encoding.position(source, at)), Some(at));
            }
            assert_eq!(encoding.offset(source, &json!({ "line": 0, "character": 99 })), Some(1));
            assert_eq!(encoding.offset(source, &json!({ "line": 99, "character": 0 })), Some(text.len()));
            assert_eq!(encoding.offset(source, &json!({ "line": -1, "character": "x" })), None);
        }
    }

    #[test]
    fn only_what_differs_is_replaced() {
        let edit = difference("one two three", "one 2 three").unwrap();
        assert_eq!((edit.span.range(), edit.text.as_str()), (4..7, "2"));
        let edit = difference("aa", "aaa").unwrap();
        assert_eq!((edit.span.range(), edit.text.as_str()), (2..2, "a"));
        assert_eq!(difference("a", "a"), None);
    }

    #[test]
    fn addresses_are_those_of_files() {
        let path = Path::new("/a b/ü#.md");
        assert_eq!(path_of(&uri_of(path)).unwrap(), path);
        assert_eq!(path_of("file:///C:/a.md").unwrap(), Path::new("C:/a.md"));
        assert_eq!(path_of("untitled:1"), None);
    }
}
