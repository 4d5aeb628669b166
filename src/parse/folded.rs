//! Text that is not in its file as it is read: lines that YAML folds, what it escapes, fields of
//! CSV. It is read by itself, and its places are looked for afterwards.

use super::shift::Shift;
use crate::ast::{Inline, InlineNote, Parsed};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// How many places are tried at which the text may begin.
const BEGINNINGS: usize = 64;

/// The positions of such a text.
pub struct Folded {
    /// The position given for all that is not found.
    whole: Span,
    /// Parts the notes in the text from those in other texts at the place.
    part: usize,
    /// The file position of each byte of the text, and of its end.
    places: Option<Vec<usize>>,
}

impl Folded {
    /// Looks for a text in what is `written` at a place.
    pub fn find(text: &str, part: usize, whole: Span, written: &str) -> Folded {
        let first = text.split_whitespace().next().unwrap_or_default();
        let beginnings = written.match_indices(first).map(|(at, _)| at).take(BEGINNINGS);
        let places = beginnings.filter_map(|at| follow(text, written, at)).next();
        let start = whole.start as usize;
        let places = places.map(|places| places.into_iter().map(|place| start + place).collect());
        Folded { whole, part, places }
    }

    /// Moves the spans of the parsed text, which count from its start, to the file.
    pub fn place(&self, content: &mut [Inline<Parsed>], notes: &mut [InlineNote]) {
        let shift = Shift::Unfolded(self);
        shift.inlines(content);
        for note in notes {
            note.name = self.name(&note.name);
            shift.inlines(&mut note.content);
            note.inside = self.span(note.inside);
            note.span = self.span(note.span);
        }
    }

    /// Moves the spans of a problem to the file. Its fixes are dropped, because the source is
    /// written differently.
    pub fn problem(&self, mut problem: Diagnostic) -> Diagnostic {
        problem.span = problem.span.map(|span| self.span(span));
        problem.secondary.iter_mut().for_each(|(span, _)| *span = self.span(*span));
        problem.fixes = Box::default();
        problem
    }

    /// The span in the file of a span of the text.
    pub fn span(&self, span: Span) -> Span {
        let place = |at: u32| self.places.as_ref()?.get(at as usize).copied();
        match (place(span.start), place(span.end)) {
            (Some(start), Some(end)) => Span::new(self.whole.file, start, end),
            _ => self.whole,
        }
    }

    /// The name of an inline note, made unique, because several may be at the same position.
    pub fn name(&self, name: &str) -> String {
        let Span { file, start, .. } = self.whole;
        match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).and_then(|name| name.split_once(':')) {
            Some((_, at)) if super::is_of_place(name) => format!("[{}:{start}:{}:{at}]", file.0, self.part),
            _ => name.to_owned(),
        }
    }
}

/// The byte of what is written for each byte of a text that begins there at one, and for its end;
/// `None` where it is another text.
fn follow(text: &str, written: &str, begins: usize) -> Option<Vec<usize>> {
    let mut places = Vec::with_capacity(text.len() + 1);
    let mut at = begins;
    for letter in text.chars() {
        let here = written.get(at..)?;
        let length = if letter.is_whitespace() {
            let mut rest = here.trim_start();
            // A line that ends with a backslash goes on in the next.
            while let Some(next) = rest.strip_prefix('\\').filter(|next| next.starts_with(['\n', '\r'])) {
                rest = next.trim_start();
            }
            Some(here.len() - rest.len()).filter(|space| *space > 0)?
        } else if here.starts_with(letter) && !here.starts_with("''") {
            letter.len_utf8()
        } else {
            let escaped = here.strip_prefix(['\\', '\''])?;
            escaped.starts_with(letter).then_some(1 + letter.len_utf8())?
        };
        places.extend(std::iter::repeat_n(at, letter.len_utf8()));
        at += length;
    }
    places.push(at);
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::follow;

    /// The pieces of what is written that stand for the words of a text.
    fn found(text: &str, written: &str) -> Option<Vec<String>> {
        let places = follow(text, written, 0)?;
        let words = text.split(' ').scan(0, |at, word| {
            let start = *at;
            *at += word.len() + 1;
            Some(start..start + word.len())
        });
        Some(words.map(|word| written[places[word.start]..places[word.end]].to_owned()).collect())
    }

    #[test]
    fn words_are_found_where_they_are_written_otherwise() {
        let pieces = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
        assert_eq!(found("one two three", "one two\n  three"), pieces(&["one", "two", "three"]));
        assert_eq!(found("one two", "one \\\n  two"), pieces(&["one", "two"]));
        assert_eq!(found("it's so", "it''s so"), pieces(&["it''s", "so"]));
        assert_eq!(found("a \"b\" é", "a \\\"b\\\" é"), pieces(&["a", "\\\"b\\\"", "é"]));
        assert_eq!(found("one two", "one three"), None);
        assert_eq!(found("one two", "onetwo"), None);
    }
}
