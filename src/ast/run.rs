//! Runs of inlines that the trees of a document share, so that a tree that is made of the one
//! before it copies no words.

use super::{Inline, InlineKind, InlineStage};
use crate::source::hash::hash;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

/// A run of inlines. A copy is the same run; one that is changed becomes a run of its own.
#[derive(Clone)]
pub struct Run<S: InlineStage> {
    shared: Arc<Shared<S>>,
    has_only_words: bool,
}

#[derive(Debug, Clone)]
struct Shared<S: InlineStage> {
    inlines: Vec<Inline<S>>,
    /// Found out when it is first asked for.
    hash: OnceLock<u64>,
}

impl<S: InlineStage> Run<S> {
    /// Whether it was found, when the run was made, to have no attributes and to name nothing: no
    /// note, no picture, no place, no source, no value, no short form.
    pub fn has_only_words(&self) -> bool {
        self.has_only_words
    }

    /// Whether both are one run.
    pub fn is(&self, other: &Run<S>) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// A number that no other run has as long as this one is kept.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.shared).addr()
    }

    /// Its inlines for other places: what it says must stay as it is.
    pub fn places_mut(&mut self) -> &mut [Inline<S>] {
        &mut Arc::make_mut(&mut self.shared).inlines
    }

    /// Its inlines, which are copied where others share them.
    pub fn into_inlines(self) -> Vec<Inline<S>> {
        Arc::unwrap_or_clone(self.shared).inlines
    }
}

impl<S: InlineStage> From<Vec<Inline<S>>> for Run<S> {
    fn from(inlines: Vec<Inline<S>>) -> Run<S> {
        let has_only_words = have_only_words(&inlines);
        Run { shared: Arc::new(Shared { inlines, hash: OnceLock::new() }), has_only_words }
    }
}

/// A run that says nothing.
impl<S: InlineStage> Default for Run<S> {
    fn default() -> Run<S> {
        Run::from(Vec::new())
    }
}

impl<S: InlineStage> Deref for Run<S> {
    type Target = Vec<Inline<S>>;

    fn deref(&self) -> &Self::Target {
        &self.shared.inlines
    }
}

/// What is changed is no longer shared.
impl<S: InlineStage> DerefMut for Run<S> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.has_only_words = false;
        let shared = Arc::make_mut(&mut self.shared);
        shared.hash.take();
        &mut shared.inlines
    }
}

impl<'a, S: InlineStage> IntoIterator for &'a Run<S> {
    type Item = &'a Inline<S>;
    type IntoIter = std::slice::Iter<'a, Inline<S>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<S: InlineStage> PartialEq for Run<S> {
    fn eq(&self, other: &Run<S>) -> bool {
        self.is(other) || **self == **other
    }
}

/// A hash of what it says, found out once.
impl<S: InlineStage> Hash for Run<S> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(*self.shared.hash.get_or_init(|| hash(&self.shared.inlines)));
    }
}

/// As the list of its inlines.
impl<S: InlineStage> fmt::Debug for Run<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.inlines.fmt(f)
    }
}

fn have_only_words<S: InlineStage>(inlines: &[Inline<S>]) -> bool {
    inlines.iter().all(|inline| {
        inline.attrs.is_empty()
            && match &inline.kind {
                InlineKind::Math(_)
                | InlineKind::Abbreviation { .. }
                | InlineKind::Image(_)
                | InlineKind::Note(_)
                | InlineKind::Change { .. }
                | InlineKind::Stage(_) => false,
                kind => have_only_words(kind.children()),
            }
    })
}
