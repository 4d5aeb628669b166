//! Shared subtrees. A tree that is made from another one copies no words, lists or tables.

use super::{Attrs, Block, BlockKind, Inline, InlineKind, InlineStage, List, Stage, Table, plain_text};
use crate::source::hash::hash;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

/// A shared subtree. Copies share it; a changed copy becomes separate (copy on write).
#[derive(Clone)]
pub struct Shared<T> {
    inner: Arc<Inner<T>>,
    references: References,
}

/// What a subtree refers to, which decides whether its lowering can be reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum References {
    /// Nothing, and it has no attributes.
    None,
    /// Footnotes and nothing else.
    NotesOnly,
    /// Pictures, ids, sources, variables, abbreviations.
    Other,
}

/// A run of inlines: a paragraph or a heading.
pub type Run<S> = Shared<Vec<Inline<S>>>;

#[derive(Clone)]
struct Inner<T> {
    value: T,
    // Computed at first use.
    hash: OnceLock<u64>,
    plain_text: OnceLock<Box<str>>,
    weight: OnceLock<usize>,
}

/// Subtrees that can be shared.
pub trait HasReferences {
    /// What the subtree refers to. Lowering a subtree without references depends only on its
    /// language and role.
    fn references(&self) -> References;
}

impl<T> Shared<T> {
    /// Whether it has no attributes and no references, as of its creation or the last
    /// [`Shared::settle`].
    pub fn is_self_contained(&self) -> bool {
        self.references == References::None
    }

    /// What it refers to, as of its creation or the last [`Shared::settle`].
    pub fn references(&self) -> References {
        self.references
    }

    /// Whether both are the same allocation.
    pub fn is(&self, other: &Shared<T>) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// Its address. No other subtree has it while this one is alive.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.inner).addr()
    }

    /// Its weight, computed once.
    pub fn weight(&self, weigh: impl FnOnce(&T) -> usize) -> usize {
        *self.inner.weight.get_or_init(|| weigh(&self.inner.value))
    }
}

impl<T: Clone> Shared<T> {
    /// Mutable access for changing spans. The content must stay the same, because the cached hash
    /// and words are kept.
    pub fn places_mut(&mut self) -> &mut T {
        &mut Arc::make_mut(&mut self.inner).value
    }

    /// The value, copied if it is shared.
    pub fn into_inner(self) -> T {
        Arc::unwrap_or_clone(self.inner).value
    }
}

impl<S: InlineStage> Run<S> {
    /// Its words without markup, computed once.
    pub fn plain_text(&self) -> &str
    where
        S::Inline: AsRef<str>,
    {
        self.inner.plain_text.get_or_init(|| plain_text(&self.inner.value).into_boxed_str())
    }
}

impl<T: HasReferences> Shared<T> {
    /// Recomputes what it refers to, after a change.
    pub fn settle(&mut self) {
        self.references = self.inner.value.references();
    }
}

impl<T: HasReferences> From<T> for Shared<T> {
    fn from(value: T) -> Shared<T> {
        let references = value.references();
        let (hash, plain_text, weight) = Default::default();
        Shared { inner: Arc::new(Inner { value, hash, plain_text, weight }), references }
    }
}

/// An empty subtree.
impl<T: HasReferences + Default> Default for Shared<T> {
    fn default() -> Shared<T> {
        Shared::from(T::default())
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner.value
    }
}

/// Mutable access makes an unshared copy and clears the cached values.
impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.references = References::Other;
        let Inner { value, hash, plain_text, weight } = Arc::make_mut(&mut self.inner);
        hash.take();
        plain_text.take();
        weight.take();
        value
    }
}

impl<'a, S: InlineStage> IntoIterator for &'a Run<S> {
    type Item = &'a Inline<S>;
    type IntoIter = std::slice::Iter<'a, Inline<S>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Shared<T>) -> bool {
        self.is(other) || **self == **other
    }
}

/// Hashes its content, computed once.
impl<T: Hash> Hash for Shared<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(*self.inner.hash.get_or_init(|| hash(&self.inner.value)));
    }
}

/// Formats the value.
impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.value.fmt(f)
    }
}

impl<S: InlineStage> HasReferences for Vec<Inline<S>> {
    fn references(&self) -> References {
        named_by_inlines(self)
    }
}

impl<S: Stage> HasReferences for List<S> {
    fn references(&self) -> References {
        most(self.items.iter().map(|item| match item.attrs.is_empty() {
            true => named_by_blocks(&item.blocks),
            false => References::Other,
        }))
    }
}

impl<S: Stage> HasReferences for Table<S> {
    fn references(&self) -> References {
        let cells = self.head.iter().chain(&self.body).flat_map(|row| &row.cells);
        let by_cells = most(cells.map(|cell| match cell.attrs.is_empty() {
            true => named_by_blocks(&cell.blocks),
            false => References::Other,
        }));
        self.caption.as_deref().map_or(by_cells, |caption| named_by_inlines(caption).max(by_cells))
    }
}

/// The strongest of several kinds of references.
fn most(references: impl Iterator<Item = References>) -> References {
    references.max().unwrap_or(References::None)
}

fn named_by_inlines<S: InlineStage>(inlines: &[Inline<S>]) -> References {
    most(inlines.iter().map(|inline| match &inline.kind {
        _ if !inline.attrs.is_empty() => References::Other,
        InlineKind::Note(_) => References::NotesOnly,
        InlineKind::Math(_)
        | InlineKind::Abbreviation { .. }
        | InlineKind::Image(_)
        | InlineKind::Change { .. }
        | InlineKind::Stage(_) => References::Other,
        kind => named_by_inlines(kind.children()),
    }))
}

fn named_by_blocks<S: Stage>(blocks: &[Block<S>]) -> References {
    most(blocks.iter().map(|block| match &block.kind {
        _ if !Attrs::is_empty(&block.attrs) => References::Other,
        BlockKind::Paragraph(content) => content.references(),
        BlockKind::List(list) => list.references(),
        // A table with a caption is numbered.
        BlockKind::Table(table) if table.caption.is_none() => table.references(),
        BlockKind::Code { .. } | BlockKind::Rule | BlockKind::PageBreak => References::None,
        BlockKind::Table(_)
        | BlockKind::Definitions(_)
        | BlockKind::Quote { .. }
        | BlockKind::Admonition { .. }
        | BlockKind::Panel(_)
        | BlockKind::Figure(_)
        | BlockKind::Equation(_)
        | BlockKind::Group(_)
        | BlockKind::Stage(_) => References::Other,
    }))
}
