//! What the trees of a document share, so that a tree that is made of the one before it copies
//! neither words nor lists nor tables.

use super::{Attrs, Block, BlockKind, Inline, InlineKind, InlineStage, List, Stage, Table, plain_text};
use crate::source::hash::hash;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

/// A part of a tree. A copy is the same part; one that is changed becomes a part of its own.
#[derive(Clone)]
pub struct Shared<T> {
    inner: Arc<Inner<T>>,
    names: Names,
}

/// What a part names of its document, on which depends what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Names {
    /// It has no attributes and names nothing.
    Nothing,
    /// It names notes and nothing else.
    Notes,
    /// Pictures, places, sources, values, short forms.
    More,
}

/// A run of inlines: a paragraph or a heading.
pub type Run<S> = Shared<Vec<Inline<S>>>;

#[derive(Clone)]
struct Inner<T> {
    value: T,
    // Found out when they are first asked for.
    hash: OnceLock<u64>,
    plain_text: OnceLock<Box<str>>,
    weight: OnceLock<usize>,
}

/// What can be shared.
pub trait Shareable {
    /// What it names. What becomes of one that names nothing depends on little beside it.
    fn names(&self) -> Names;
}

impl<T> Shared<T> {
    /// Whether it was found, when it was made or settled, to have no attributes and to name nothing.
    pub fn names_nothing(&self) -> bool {
        self.names == Names::Nothing
    }

    /// What it was found to name then.
    pub fn names(&self) -> Names {
        self.names
    }

    /// Whether both are one part.
    pub fn is(&self, other: &Shared<T>) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// A number that no other part has as long as this one is kept.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.inner).addr()
    }

    /// Its weight, which is found out once.
    pub fn weight(&self, weigh: impl FnOnce(&T) -> usize) -> usize {
        *self.inner.weight.get_or_init(|| weigh(&self.inner.value))
    }
}

impl<T: Clone> Shared<T> {
    /// The same part with other places: what it says must stay as it is.
    pub fn places_mut(&mut self) -> &mut T {
        &mut Arc::make_mut(&mut self.inner).value
    }

    /// What it is, which is copied where others share it.
    pub fn into_inner(self) -> T {
        Arc::unwrap_or_clone(self.inner).value
    }
}

impl<S: InlineStage> Run<S> {
    /// Its words without their markup, found out once.
    pub fn plain_text(&self) -> &str
    where
        S::Inline: AsRef<str>,
    {
        self.inner.plain_text.get_or_init(|| plain_text(&self.inner.value).into_boxed_str())
    }
}

impl<T: Shareable> Shared<T> {
    /// Looks once more whether it names nothing, after it was changed.
    pub fn settle(&mut self) {
        self.names = self.inner.value.names();
    }
}

impl<T: Shareable> From<T> for Shared<T> {
    fn from(value: T) -> Shared<T> {
        let names = value.names();
        let (hash, plain_text, weight) = Default::default();
        Shared { inner: Arc::new(Inner { value, hash, plain_text, weight }), names }
    }
}

/// One that says nothing.
impl<T: Shareable + Default> Default for Shared<T> {
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

/// What is changed is no longer shared.
impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.names = Names::More;
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

/// A hash of what it says, found out once.
impl<T: Hash> Hash for Shared<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(*self.inner.hash.get_or_init(|| hash(&self.inner.value)));
    }
}

/// As what it is.
impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.value.fmt(f)
    }
}

impl<S: InlineStage> Shareable for Vec<Inline<S>> {
    fn names(&self) -> Names {
        named_by_inlines(self)
    }
}

impl<S: Stage> Shareable for List<S> {
    fn names(&self) -> Names {
        most(self.items.iter().map(|item| match item.attrs.is_empty() {
            true => named_by_blocks(&item.blocks),
            false => Names::More,
        }))
    }
}

impl<S: Stage> Shareable for Table<S> {
    fn names(&self) -> Names {
        let cells = self.head.iter().chain(&self.body).flat_map(|row| &row.cells);
        let by_cells = most(cells.map(|cell| match cell.attrs.is_empty() {
            true => named_by_blocks(&cell.blocks),
            false => Names::More,
        }));
        self.caption.as_deref().map_or(by_cells, |caption| named_by_inlines(caption).max(by_cells))
    }
}

/// The most that is named of all.
fn most(names: impl Iterator<Item = Names>) -> Names {
    names.max().unwrap_or(Names::Nothing)
}

fn named_by_inlines<S: InlineStage>(inlines: &[Inline<S>]) -> Names {
    most(inlines.iter().map(|inline| match &inline.kind {
        _ if !inline.attrs.is_empty() => Names::More,
        InlineKind::Note(_) => Names::Notes,
        InlineKind::Math(_)
        | InlineKind::Abbreviation { .. }
        | InlineKind::Image(_)
        | InlineKind::Change { .. }
        | InlineKind::Stage(_) => Names::More,
        kind => named_by_inlines(kind.children()),
    }))
}

fn named_by_blocks<S: Stage>(blocks: &[Block<S>]) -> Names {
    most(blocks.iter().map(|block| match &block.kind {
        _ if !Attrs::is_empty(&block.attrs) => Names::More,
        BlockKind::Paragraph(content) => content.names(),
        BlockKind::List(list) => list.names(),
        // One with a caption has a number.
        BlockKind::Table(table) if table.caption.is_none() => table.names(),
        BlockKind::Code { .. } | BlockKind::Rule | BlockKind::PageBreak => Names::Nothing,
        BlockKind::Table(_)
        | BlockKind::Definitions(_)
        | BlockKind::Quote { .. }
        | BlockKind::Admonition { .. }
        | BlockKind::Panel(_)
        | BlockKind::Figure(_)
        | BlockKind::Equation(_)
        | BlockKind::Group(_)
        | BlockKind::Stage(_) => Names::More,
    }))
}
