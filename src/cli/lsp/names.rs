//! Names in the text of a source: where they are given and where they are used. What stands in
//! code, and in fences, names nothing.

use std::ops::Range;

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A place of a document.
    Id,
    /// A footnote.
    Note,
    /// A value of the front matter.
    Value,
    /// A file.
    File,
}

/// A name where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub kind: Kind,
    pub text: String,
    /// The bytes of the name alone.
    pub range: Range<usize>,
    pub is_definition: bool,
    /// The other document that an id is of, as it is written.
    pub document: Option<String>,
}

/// All names of a text, in their order.
pub fn names(text: &str) -> Vec<Name> {
    let mut names = Vec::new();
    let mut fence: Option<&str> = None;
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let words = line.trim_start().trim_end();
        let marks = words.get(..words.len() - words.trim_start_matches(['`', '~']).len()).unwrap_or_default();
        match fence {
            Some(open) => {
                if marks.starts_with(open) && words.len() == marks.len() {
                    fence = None;
                }
            }
            None if marks.len() >= 3 => fence = Some(marks),
            None => Scanner { line, base: at, names: &mut names }.scan(),
        }
        at += line.len();
    }
    names
}

/// The name that stands at a byte.
pub fn name_at(text: &str, at: usize) -> Option<Name> {
    names(text).into_iter().find(|name| name.range.start <= at && at <= name.range.end)
}

struct Scanner<'a> {
    line: &'a str,
    base: usize,
    names: &'a mut Vec<Name>,
}

impl Scanner<'_> {
    fn scan(&mut self) {
        let mut at = 0;
        while let Some(letter) = self.rest(at).chars().next() {
            at = match letter {
                '\\' => at + 1 + self.rest(at + 1).chars().next().map_or(0, char::len_utf8),
                '`' => self.code(at),
                '[' if self.rest(at).starts_with("[^") => self.note(at),
                ']' if self.rest(at).starts_with("](") => self.target(at + "](".len()),
                '{' if self.rest(at).starts_with("{{") => self.value(at + "{{".len()),
                '{' => self.attributes(at + 1),
                '@' if !self.line.get(..at).is_some_and(|before| before.ends_with(is_name)) => self.reference(at + 1),
                _ => at + letter.len_utf8(),
            };
        }
    }

    fn rest(&self, at: usize) -> &str {
        self.line.get(at..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, range: Range<usize>, is_definition: bool, document: Option<&str>) {
        let Some(text) = self.line.get(range.clone()).filter(|text| !text.is_empty()) else { return };
        self.names.push(Name {
            kind,
            text: text.to_owned(),
            range: self.base + range.start..self.base + range.end,
            is_definition,
            document: document.map(str::to_owned),
        });
    }

    /// Past code in a line.
    fn code(&self, at: usize) -> usize {
        let marks = self.rest(at).len() - self.rest(at).trim_start_matches('`').len();
        let ticks = "`".repeat(marks);
        self.rest(at + marks).find(&ticks).map_or(at + marks, |end| at + marks + end + marks)
    }

    fn note(&mut self, at: usize) -> usize {
        let start = at + "[^".len();
        let Some(length) = self.rest(start).find(']') else { return start };
        let is_first = self.line.get(..at).is_some_and(|before| before.trim().is_empty());
        let is_definition = is_first && self.rest(start + length).starts_with("]:");
        self.push(Kind::Note, start..start + length, is_definition, None);
        start + length
    }

    /// What stands between the parentheses of a link or a picture.
    fn target(&mut self, start: usize) -> usize {
        let end = start + self.rest(start).find([')', ' ', '\n', '\r']).unwrap_or(self.rest(start).len());
        let target = self.line.get(start..end).unwrap_or_default().to_owned();
        if !target.contains("://") && !target.starts_with("mailto:") {
            match target.split_once('#') {
                Some(("", _)) => self.push(Kind::Id, start + 1..end, false, None),
                Some((document, _)) => {
                    let split = start + document.len();
                    self.push(Kind::File, start..split, false, None);
                    self.push(Kind::Id, split + 1..end, false, Some(document));
                }
                None => self.push(Kind::File, start..end, false, None),
            }
        }
        end
    }

    fn value(&mut self, start: usize) -> usize {
        let Some(length) = self.rest(start).find("}}") else { return start };
        let written = self.line.get(start..start + length).unwrap_or_default();
        let lead = written.len() - written.trim_start().len();
        self.push(Kind::Value, start + lead..start + written.trim_end().len(), false, None);
        start + length
    }

    fn attributes(&mut self, start: usize) -> usize {
        let Some(length) = self.rest(start).find('}') else { return start };
        let inside = self.line.get(start..start + length).unwrap_or_default().to_owned();
        for (at, word) in words(&inside) {
            if let Some(id) = word.strip_prefix('#') {
                self.push(Kind::Id, start + at + 1..start + at + 1 + id.len(), true, None);
            } else if let Some(path) = word.strip_prefix("src=") {
                let path = path.trim_matches('"');
                let lead = at + word.find(path).unwrap_or_default();
                self.push(Kind::File, start + lead..start + lead + path.len(), false, None);
            }
        }
        start + length
    }

    fn reference(&mut self, start: usize) -> usize {
        let rest = self.rest(start);
        let length = rest.find(|letter| !is_name(letter) && letter != ':').unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default().trim_end_matches([':', '.', '-']);
        let end = start + name.len();
        self.push(Kind::Id, start..end, false, None);
        end
    }
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_')
}

/// Words with their bytes.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

#[cfg(test)]
mod tests {
    use super::{Kind, names};

    #[test]
    fn names_stand_where_they_are_given_and_used() {
        let text = "## A {#a .x}\n\n[See](#a), @a and [b](b.md#c)[^n] `@no` \\@no {{x-v}}\n\n```\n@no\n```\n\n[^n]: It.\n\n:::include {src=\"p.md\"}\n";
        let found: Vec<(Kind, String, bool)> =
            names(text).into_iter().map(|name| (name.kind, name.text, name.is_definition)).collect();
        let name = |kind, text: &str, is_definition| (kind, text.to_owned(), is_definition);
        let wanted = [
            name(Kind::Id, "a", true),
            name(Kind::Id, "a", false),
            name(Kind::Id, "a", false),
            name(Kind::File, "b.md", false),
            name(Kind::Id, "c", false),
            name(Kind::Note, "n", false),
            name(Kind::Value, "x-v", false),
            name(Kind::Note, "n", true),
            name(Kind::File, "p.md", false),
        ];
        assert_eq!(found, wanted);
        assert!(names(text).iter().all(|name| text[name.range.clone()] == name.text));
    }
}
