//! Fixes of problems, as edits of the source that a tool can make.

use super::{Diagnostic, Diagnostics, nearest};
use crate::source::edit::Edit;
use crate::source::{Sources, Span};
use serde::{Deserialize, Serialize};

/// Changes of the source after which a problem is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Title, as the name of a command: "Write `audience`".
    pub title: String,
    /// Edits in one or more files, which do not overlap.
    pub edits: Box<[Edit]>,
    /// Whether it does what the author meant without doubt, so that it need not be looked at.
    pub is_safe: bool,
    /// The word that the only edit replaces, where its place is not known to a letter.
    #[serde(skip)]
    word: Option<String>,
}

impl Fix {
    /// A fix that can be made without asking.
    pub fn safe(title: impl Into<String>, edits: impl Into<Box<[Edit]>>) -> Fix {
        Fix { title: title.into(), edits: edits.into(), is_safe: true, word: None }
    }

    /// A fix that an author chooses.
    pub fn offered(title: impl Into<String>, edits: impl Into<Box<[Edit]>>) -> Fix {
        Fix { is_safe: false, ..Fix::safe(title, edits) }
    }

    /// Sets whether the fix may be applied without asking.
    #[must_use]
    pub fn safe_if(self, is_safe: bool) -> Fix {
        Fix { is_safe, ..self }
    }

    /// A fix that replaces a word, which occurs once in a span.
    pub fn rename(span: Span, written: &str, meant: &str) -> Fix {
        let edit = Edit::replace(span, meant);
        Fix { word: Some(written.to_owned()), ..Fix::safe(format!("Write `{meant}`"), [edit]) }
    }

    /// Takes a character out, which stands once under a span; its author chooses. One that parts
    /// words becomes a space.
    pub fn removal(span: Span, written: char) -> Fix {
        let fix = match written.is_whitespace() {
            true => Fix::offered("Write a space", [Edit::replace(span, " ")]),
            false => Fix::offered("Take it out", [Edit::delete(span)]),
        };
        Fix { word: Some(written.to_string()), ..fix }
    }

    /// Whether it can be made in the files as they are; the place of a word is looked up. What was
    /// blanked holds no words, so that a place in it may be any.
    fn settle(&mut self, sources: &Sources, blanked: &Blanked) -> bool {
        self.find_word(sources) && !self.edits.iter().any(|edit| blanked.meets(sources.locate(edit.span)))
    }

    fn find_word(&mut self, sources: &Sources) -> bool {
        let Some(word) = self.word.take() else {
            return self.edits.iter().all(|edit| sources.holds(edit.span));
        };
        let [edit] = self.edits.as_mut() else { return false };
        let mut places = sources.text(edit.span).match_indices(word.as_str()).map(|(at, _)| at);
        let (Some(at), None) = (places.next(), places.next()) else { return false };
        edit.span = edit.span.slice(at..at + word.len());
        true
    }
}

/// Spans that were blanked, in order and apart from one another.
struct Blanked(Vec<Span>);

impl Blanked {
    fn new(sources: &Sources) -> Blanked {
        let mut spans: Vec<Span> = sources.redacted().collect();
        spans.sort();
        spans.dedup_by(|next, span| {
            let is_joined = span.file == next.file && next.start <= span.end;
            if is_joined {
                span.end = span.end.max(next.end);
            }
            is_joined
        });
        Blanked(spans)
    }

    /// Whether a span lies in one, if only in part.
    fn meets(&self, span: Span) -> bool {
        let behind = self.0.partition_point(|blanked| (blanked.file, blanked.start) < (span.file, span.end));
        let last = behind.checked_sub(1).and_then(|last| self.0.get(last));
        last.is_some_and(|last| last.file == span.file && span.start < last.end)
    }
}

impl Diagnostic {
    /// Adds a fix.
    #[must_use]
    pub fn fix(self, fix: Fix) -> Self {
        self.fixes([fix])
    }

    /// Adds fixes, the likeliest first.
    #[must_use]
    pub fn fixes(mut self, fixes: impl IntoIterator<Item = Fix>) -> Self {
        self.fixes = self.fixes.into_iter().chain(fixes).collect();
        self
    }

    /// Asks whether a word was meant, as a hint and, where the problem has a place, as a fix.
    #[must_use]
    pub fn guess(self, guess: Option<Guess>) -> Self {
        let Some(guess) = guess else { return self };
        let fix = self.span.and_then(|span| guess.fix(span));
        self.hint(guess.question()).fixes(fix)
    }
}

/// A word that was probably meant by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    written: String,
    meant: String,
    /// Whether no other word is near.
    is_only: bool,
}

/// The word that was probably meant: the nearest of those that can be there.
pub fn guess<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Guess> {
    let mut candidates: Vec<&str> = candidates.into_iter().collect();
    let meant = nearest(written, candidates.iter().copied())?;
    candidates.retain(|other| *other != meant);
    let is_only = nearest(written, candidates).is_none();
    Some(Guess { written: written.to_owned(), meant: meant.to_owned(), is_only })
}

impl Guess {
    /// Whether it was meant, as a question to the author.
    pub fn question(&self) -> String {
        format!("did you mean `{}`?", self.meant)
    }

    /// The fix that writes the guess, if nothing else can have been meant. The word must occur once
    /// in the span.
    pub fn fix(&self, span: Span) -> Option<Fix> {
        self.is_only.then(|| Fix::rename(span, &self.written, &self.meant))
    }

    /// Adds a prefix to both words.
    pub fn behind(self, prefix: &str) -> Guess {
        let [written, meant] = [self.written, self.meant].map(|word| format!("{prefix}{word}"));
        Guess { written, meant, ..self }
    }
}

impl Diagnostics {
    /// Finds the spans of fixes, and drops those that do not fit the sources.
    pub fn settle_fixes(&mut self, sources: &Sources) {
        let mut blanked = None;
        for problem in self.0.iter_mut().filter(|problem| !problem.fixes.is_empty()) {
            let blanked = blanked.get_or_insert_with(|| Blanked::new(sources));
            let mut fixes = std::mem::take(&mut problem.fixes).into_vec();
            fixes.retain_mut(|fix| fix.settle(sources, blanked));
            problem.fixes = fixes.into();
        }
    }
}
