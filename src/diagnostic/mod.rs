//! Problems found in documents: what is wrong, where, and how to mend it.

mod code;
mod fix;
mod join;
pub mod render;

pub use code::{Code, Group};
pub use fix::{Fix, Guess, guess};
pub use join::{Joined, join};

use crate::source::{Sources, Span};
use serde::{Deserialize, Serialize};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is written for the document.
    Error,
    /// The document compiles; something about it is probably not meant.
    Warning,
    /// Advice on style. Never fails a build unless configured to.
    Advice,
}

impl Severity {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        }
    }

    /// Whether a problem is as bad as `other`, or worse.
    pub fn is_at_least(self, other: Severity) -> bool {
        self <= other
    }
}

/// A problem. It has a stable code, a message that names the cause and, if there is one, a span and
/// a hint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Code of the problem.
    pub code: Code,
    /// The code's own, or what the project says.
    pub severity: Severity,
    /// Message: one sentence without a full stop, in lower case unless it starts with a name.
    pub message: Box<str>,
    /// The place; `None` where the problem is not in a file's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// Words set beside the underlined place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Box<str>>,
    /// Other places that matter, each with its words.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub secondary: Box<[(Span, String)]>,
    /// How to mend it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Box<str>>,
    /// Paths from the project's root that the message or the hint names. They are shown
    /// from the working directory, as positions are.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub paths: Box<[String]>,
    /// Fixes, the likeliest first.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub fixes: Box<[Fix]>,
}

/// Whether there is nothing in a list.
fn is_nothing<T>(list: &[T]) -> bool {
    list.is_empty()
}

impl Diagnostic {
    /// A problem at a place, with its code's default severity.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { span: Some(span), ..Self::without_place(code, message) }
    }

    /// A problem that is not in a file's text (a file that is missing, say).
    pub fn without_place(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into().into(),
            span: None,
            label: None,
            secondary: Box::default(),
            hint: None,
            paths: Box::default(),
            fixes: Box::default(),
        }
    }

    /// Sets the words beside the underlined place.
    #[must_use]
    pub fn label(mut self, label: impl Into<Box<str>>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn secondary(mut self, span: Span, label: impl Into<String>) -> Self {
        self.secondary = self.secondary.into_iter().chain([(span, label.into())]).collect();
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into().into());
        self
    }

    /// Makes it advice: it is of a kind that is not always a fault.
    #[must_use]
    pub fn advice(mut self) -> Self {
        self.severity = Severity::Advice;
        self
    }

    /// Says that the message or the hint names a path from the project's root.
    #[must_use]
    pub fn naming(mut self, path: impl Into<String>) -> Self {
        self.paths = self.paths.into_iter().chain([path.into()]).collect();
        self
    }

    /// The problem with its spans moved by the distance between `from` and `to`.
    #[must_use]
    pub fn moved(&self, from: Span, to: Span) -> Self {
        let mut moved = self.clone();
        moved.places().for_each(|span| *span = span.moved(from, to));
        moved
    }

    /// All spans in it.
    fn places(&mut self) -> impl Iterator<Item = &mut Span> {
        let places = self.secondary.iter_mut().map(|(span, _)| span);
        let edits = self.fixes.iter_mut().flat_map(|fix| fix.edits.iter_mut()).map(|edit| &mut edit.span);
        self.span.iter_mut().chain(places).chain(edits)
    }

    /// Says how to mend it, if there is anything to say.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.map(String::into_boxed_str).or(self.hint);
        self
    }
}

/// Where passes put what they find.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a problem. One that was found before is dropped by [`Diagnostics::into_sorted`]:
    /// looking for it here would take time with the square of their number.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Maps virtual spans to their files.
    pub fn locate(&mut self, sources: &Sources) {
        self.0.iter_mut().flat_map(Diagnostic::places).for_each(|span| *span = sources.locate(*span));
    }

    /// Whether any problem is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Keeps only what `keep` says yes to.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.0.retain(keep);
    }

    /// Makes something else of each.
    #[must_use]
    pub fn map(self, change: impl FnMut(Diagnostic) -> Diagnostic) -> Diagnostics {
        Diagnostics(self.0.into_iter().map(change).collect())
    }

    /// Takes over another list.
    pub fn append(&mut self, other: Diagnostics) {
        self.0.extend(other.0);
    }

    /// Adds a problem, where there is one.
    pub fn extend(&mut self, problem: Option<Diagnostic>) {
        self.0.extend(problem);
    }

    /// All problems in the order of their places, each once. Problems without
    /// a place come first.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.0.sort_by(|a, b| a.span.cmp(&b.span).then(a.code.cmp(&b.code)).then_with(|| a.message.cmp(&b.message)));
        self.0.dedup();
        self.0
    }

    /// The problems in the order they were found.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Diagnostic> {
        self.0.iter()
    }
}

/// A result with the diagnostics of its computation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diagnosed<T> {
    /// The result, which exists however bad the input was.
    pub value: T,
    /// The problems in the order in which they were found.
    pub diagnostics: Diagnostics,
}

impl<T> Diagnosed<T> {
    /// Puts earlier diagnostics before these.
    #[must_use]
    pub fn after(mut self, mut before: Diagnostics) -> Diagnosed<T> {
        before.append(self.diagnostics);
        self.diagnostics = before;
        self
    }

    /// Returns the result and moves the problems to `diagnostics`.
    pub fn report(self, diagnostics: &mut Diagnostics) -> T {
        diagnostics.append(self.diagnostics);
        self.value
    }
}

/// How many letters must be changed, added, left out or swapped to make one
/// word of another.
pub fn slips(one: &str, other: &str) -> usize {
    strsim::damerau_levenshtein(one, other)
}

/// The candidate nearest to what was written, if it is near enough to be a
/// slip of the pen: at most a third of its letters differ.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LETTERS_PER_SLIP: usize = 3;
    let letters = written.chars().count();
    let allowed = (letters / LETTERS_PER_SLIP).max(1);
    let small = written.to_lowercase();
    candidates
        .into_iter()
        // Each letter more or less is one slip. An empty word is never meant.
        .filter(|candidate| !candidate.is_empty() && candidate.chars().count().abs_diff(letters) <= allowed)
        // Candidates that differ only in case are the nearest.
        .map(|candidate| (slips(&small, &candidate.to_lowercase()), slips(written, candidate), candidate))
        .filter(|(folded, distance, _)| *folded == 0 || *distance <= allowed)
        .min()
        .map(|(_, _, candidate)| candidate)
}

/// A "did you mean" hint for [`nearest`].
pub fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}
