//! The result of layout: pages of placed items, and the tree of structure tags.
//!
//! Coordinates are points from the page's upper left corner, y downwards.

use super::font::FontIndex;
use super::glyphs::EachGlyph;
pub use super::glyphs::{Glyph, RunGlyphs, Shift};
use crate::resolve::Target;
use crate::source::hash::hasher;
pub use crate::theme::Color;
use crate::theme::Pt;
use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A document, laid out.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// Pages in reading order.
    pub pages: Vec<PlacedPage>,
    /// Structure tags of the pages' items.
    pub tags: TagTree,
    /// Sections and annexes as a tree.
    pub bookmarks: Vec<Bookmark>,
    /// The positions of ids, in order of position.
    pub destinations: Vec<(String, Destination)>,
    /// Sources of the tags: each applies from its tag to the next one.
    pub origins: Vec<(TagId, Origin)>,
}

/// A part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A block, by its number among [`Resolved::outer_blocks`](crate::resolve::Resolved::outer_blocks).
    Block(usize),
    /// A note, by its number among the document's.
    Note(usize),
    /// Content before the text: title, summary, contents.
    Opening,
    /// Content after the text: members of the collection, navigation.
    Closing,
}

/// A place that links lead to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Destination {
    /// Index into [`Layout::pages`].
    pub page: usize,
    /// Distance from the page's top edge.
    pub y: Pt,
}

/// A node of the bookmark tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Bookmark {
    /// Title with its number.
    pub title: String,
    /// Where the section starts.
    pub destination: Destination,
    /// Sections below it.
    pub children: Vec<Bookmark>,
}

/// A page of a document. Layouts of one document share those that are the same.
#[derive(Debug, Clone, Default)]
pub struct PlacedPage {
    /// Content of the page.
    pub content: Arc<Page>,
    /// The tag that its tags are relative to, so that the page stays the same if there are more
    /// tags before it.
    pub first_tag: u32,
}

impl PlacedPage {
    /// The tag that the page names so.
    pub fn tag(&self, TagId(local): TagId) -> TagId {
        TagId(local.wrapping_add(self.first_tag))
    }
}

impl Deref for PlacedPage {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.content
    }
}

/// A page with everything on it placed.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Width in points; more than the height on a landscape page.
    pub width: Pt,
    /// Height in points.
    pub height: Pt,
    /// Page label: "iv", "12".
    pub label: String,
    /// Items in painting order: later ones cover earlier ones.
    pub items: Vec<Item>,
}

impl Page {
    /// The page without items.
    pub fn emptied(&self) -> Page {
        Page { label: self.label.clone(), items: Vec::new(), ..*self }
    }
}

/// Something placed on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its meaning for assistive technology.
    pub mark: Mark,
    /// Its appearance.
    pub kind: ItemKind,
}

/// The meaning of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Decoration without meaning.
    Layout,
    /// Running head or foot, page number.
    Pagination,
    /// Real content of a leaf of the tag tree ([`Role::Leaf`]), as its page names it
    /// ([`PlacedPage::tag`]).
    Content(TagId),
}

/// The kind of a placed item.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// Text.
    Glyphs(GlyphRun),
    /// A filled rectangle.
    Rectangle {
        /// Where it is filled.
        area: Rect,
        /// Fill colour.
        color: Color,
        /// Corner radius; 0 for sharp corners.
        radius: Pt,
    },
    /// A straight stroke.
    Line {
        /// Start point.
        from: Point,
        /// The other end.
        to: Point,
        /// Width of the stroke, which is centred on the line.
        width: Pt,
        /// Colour of the stroke.
        color: Color,
        /// Whether the stroke is dashed.
        dashed: bool,
    },
    /// A picture of [`crate::resolve::Resolved::pictures`], scaled into the area.
    Picture {
        /// Its index.
        picture: usize,
        /// Area of the picture.
        area: Rect,
    },
    /// An active area. One link that runs over two lines has two areas with
    /// the same tag.
    Link(Box<LinkArea>),
}

/// An area that leads somewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkArea {
    /// Where it can be clicked.
    pub area: Rect,
    /// Where it leads.
    pub target: Target,
    /// The link in the tag tree, as its page names it ([`PlacedPage::tag`]).
    pub tag: TagId,
    /// Description for assistive technology (PDF/UA-1, 7.18.5).
    pub description: String,
}

/// A place on a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Distance from the page's left edge.
    pub x: Pt,
    /// Distance from the page's upper edge.
    pub y: Pt,
}

/// An upright rectangle on a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub x: Pt,
    /// Upper edge.
    pub y: Pt,
    /// Extent to the right.
    pub width: Pt,
    /// Downwards.
    pub height: Pt,
}

impl Rect {
    /// Moves it.
    pub fn shift(&mut self, dx: Pt, dy: Pt) {
        self.x += dx;
        self.y += dy;
    }
}

/// Glyphs of one font, size and colour on one baseline, left to right as
/// painted.
#[derive(Debug, Clone)]
pub struct GlyphRun {
    /// Start of the baseline.
    pub origin: Point,
    /// Painted glyphs, shared with later layouts of the paragraph.
    shown: Arc<HashedGlyphs>,
}

/// The glyphs of a run and their visual hash, which is 0 until it is computed.
#[derive(Debug)]
struct HashedGlyphs {
    glyphs: ShownGlyphs,
    number: AtomicU64,
}

/// The glyphs of a run, independent of its position.
#[derive(Debug, Clone)]
pub struct ShownGlyphs {
    /// The face of all its glyphs.
    pub font: FontIndex,
    /// Size of the type in points.
    pub size: Pt,
    /// Colour of the glyphs.
    pub color: Color,
    /// Horizontal scale of the glyphs, 1 for none (font expansion).
    pub stretch: f32,
    /// Glyphs in painting order.
    pub glyphs: RunGlyphs,
    /// The characters the glyphs stand for, in logical order, at most
    /// [`GlyphRun::LONGEST`] bytes. A discretionary hyphen at a line's end is
    /// not in the text.
    pub text: Box<str>,
    /// Text right to left.
    pub rtl: bool,
}

impl GlyphRun {
    /// Glyphs from a place on.
    pub fn new(origin: Point, shown: ShownGlyphs) -> GlyphRun {
        GlyphRun { origin, shown: Arc::new(HashedGlyphs { glyphs: shown, number: AtomicU64::new(0) }) }
    }

    /// A hash of its appearance, independent of its position and computed once. Equal for runs that
    /// look the same.
    pub fn visual_hash(&self) -> u64 {
        let HashedGlyphs { glyphs, number } = &*self.shown;
        match number.load(Ordering::Relaxed) {
            0 => {
                let looks = glyphs.visual_hash();
                number.store(looks, Ordering::Relaxed);
                looks
            }
            looks => looks,
        }
    }

    /// The longest text of a run in bytes, so that a cluster fits 16 bits.
    pub const LONGEST: usize = 60_000;
}

impl ShownGlyphs {
    /// The glyphs one by one.
    pub fn each(&self) -> Cow<'_, [Glyph]> {
        self.glyphs.to_each(self.size)
    }

    fn visual_hash(&self) -> u64 {
        let ShownGlyphs { font, size, color, stretch, glyphs, text: _, rtl: _ } = self;
        let mut hasher = hasher(0);
        (font, size.to_bits(), color, stretch.to_bits()).hash(&mut hasher);
        for glyph in self.each().iter() {
            hasher.write_u64(u64::from(glyph.id) << 32 | u64::from(glyph.advance.to_bits()));
        }
        for shift in glyphs.shifts() {
            (shift.x, shift.y).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Changes the glyphs, which are stored one by one from then on.
    pub fn edit_each<T>(&mut self, edit: impl FnOnce(&mut EachGlyph) -> T) -> T {
        self.glyphs.edit_each(self.size, edit)
    }
}

/// Compares glyphs in whatever arenas they are.
impl PartialEq for ShownGlyphs {
    fn eq(&self, other: &ShownGlyphs) -> bool {
        let ShownGlyphs { font, size, color, stretch, glyphs, text, rtl } = self;
        (font, size, color, stretch, text, rtl)
            == (&other.font, &other.size, &other.color, &other.stretch, &other.text, &other.rtl)
            && glyphs.is_same(&other.glyphs, *size)
    }
}

/// Most runs of two layouts of a document are shared, so identity is compared first.
impl PartialEq for GlyphRun {
    fn eq(&self, other: &GlyphRun) -> bool {
        self.origin == other.origin && (Arc::ptr_eq(&self.shown, &other.shown) || **self == **other)
    }
}

impl Deref for GlyphRun {
    type Target = ShownGlyphs;

    fn deref(&self) -> &ShownGlyphs {
        &self.shown.glyphs
    }
}

#[cfg(test)]
impl std::ops::DerefMut for GlyphRun {
    fn deref_mut(&mut self) -> &mut ShownGlyphs {
        *self = GlyphRun::new(self.origin, ShownGlyphs::clone(self));
        &mut Arc::get_mut(&mut self.shown).unwrap().glyphs
    }
}

/// Index into [`TagTree::tags`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagId(pub u32);

/// The structure tree in reading order. Tag 0 is the document.
#[derive(Debug, Clone)]
pub struct TagTree {
    /// Each is named by its place here ([`TagId`]); children come after their parent, and
    /// after the children before them.
    pub tags: Vec<Tag>,
}

impl Default for TagTree {
    fn default() -> Self {
        TagTree { tags: vec![Tag::new(Role::Document)] }
    }
}

impl TagTree {
    /// The root.
    pub const ROOT: TagId = TagId(0);

    /// Adds a tag as the last child of `parent`.
    pub fn add(&mut self, parent: TagId, tag: Tag) -> TagId {
        let id = TagId(u32::try_from(self.tags.len()).unwrap_or(u32::MAX));
        self.tags.push(tag);
        self.link(parent, id, id);
        id
    }

    /// Makes a chain of siblings the last children of `parent`.
    fn link(&mut self, parent: TagId, first: TagId, last: TagId) {
        let before = self.last_child(parent);
        if let Some(before) = before.and_then(|TagId(before)| self.tags.get_mut(before as usize).zip(Some(before))) {
            before.0.next = first.0 - before.1;
        }
        if let Some(tag) = self.tags.get_mut(parent.0 as usize) {
            tag.last_child = last.0.saturating_sub(parent.0);
            if before.is_none() {
                tag.first_child = first.0.saturating_sub(parent.0);
            }
        }
    }

    /// The tag that a link of another leads to.
    fn linked(&self, TagId(id): TagId, link: impl Fn(&Tag) -> u32) -> Option<TagId> {
        let distance = self.tags.get(id as usize).map(link).filter(|distance| *distance > 0)?;
        Some(TagId(id.saturating_add(distance)))
    }

    /// The last child of a tag.
    pub fn last_child(&self, parent: TagId) -> Option<TagId> {
        self.linked(parent, |tag| tag.last_child)
    }

    fn first_child(&self, parent: TagId) -> Option<TagId> {
        self.linked(parent, |tag| tag.first_child)
    }

    fn next_sibling(&self, id: TagId) -> Option<TagId> {
        self.linked(id, |tag| tag.next)
    }

    /// The children of a tag, in reading order.
    pub fn children(&self, parent: TagId) -> impl Iterator<Item = TagId> + '_ {
        std::iter::successors(self.first_child(parent), |child| self.next_sibling(*child))
    }

    /// All tags, each before its children.
    pub fn in_reading_order(&self) -> impl Iterator<Item = TagId> + '_ {
        let mut waiting = vec![TagTree::ROOT];
        std::iter::from_fn(move || {
            let id = waiting.pop()?;
            waiting.extend(self.next_sibling(id));
            waiting.extend(self.first_child(id));
            Some(id)
        })
    }

    /// A copy of the tags from one on, with the children of `parent` after `sibling` as the
    /// children of its root.
    pub fn cutting(&self, parent: TagId, sibling: Option<TagId>, from: usize) -> TagTree {
        let mut cutting = TagTree::default();
        cutting.tags.extend_from_slice(self.tags.get(from..).unwrap_or_default());
        // The root is counted too.
        let counted = |tag: TagId| TagId(tag.0.wrapping_sub(from as u32).wrapping_add(1));
        let first = match sibling {
            Some(sibling) => self.next_sibling(sibling),
            None => self.first_child(parent),
        };
        if let (Some(first), Some(last)) = (first, self.last_child(parent)) {
            cutting.link(TagTree::ROOT, counted(first), counted(last));
        }
        cutting
    }

    /// Adds the tags of a cutting below `parent`; says how many there were before.
    pub fn graft(&mut self, parent: TagId, cutting: &TagTree) -> u32 {
        let before = u32::try_from(self.tags.len()).unwrap_or(u32::MAX);
        self.tags.extend_from_slice(cutting.tags.get(1..).unwrap_or_default());
        let counted = |tag: TagId| TagId(tag.0.wrapping_add(before).wrapping_sub(1));
        let root = TagTree::ROOT;
        if let (Some(first), Some(last)) = (cutting.first_child(root), cutting.last_child(root)) {
            self.link(parent, counted(first), counted(last));
        }
        before
    }
}

/// An element of the structure tree. A book has a hundred thousand, so it is
/// small.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its structure type.
    pub role: Role,
    /// `None` where there are none, as with nearly all.
    properties: Option<Arc<Properties>>,
    // How far after it other tags are, 0 for none: tags can be copied with all their descendants
    // and lead to one another as before.
    first_child: u32,
    last_child: u32,
    next: u32,
}

/// Rare properties of elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Properties {
    /// Language, where it differs from what surrounds it.
    pub lang: Option<String>,
    /// Alternative text (figures, links).
    pub alt: Option<String>,
    /// Expansion of an abbreviation (E).
    pub expansion: Option<String>,
    /// Text that replaces the content (ActualText).
    pub actual_text: Option<String>,
    /// Unique id (notes, header cells that others name).
    pub id: Option<String>,
}

impl Properties {
    /// Nothing said.
    pub const NONE: Properties = Properties { lang: None, alt: None, expansion: None, actual_text: None, id: None };
}

impl Tag {
    /// A tag without properties.
    pub fn new(role: Role) -> Self {
        Tag { role, properties: None, first_child: 0, last_child: 0, next: 0 }
    }

    /// A tag with properties.
    pub fn with(role: Role, properties: Properties) -> Self {
        let properties = (properties != Properties::NONE).then(|| Arc::new(properties));
        Tag { properties, ..Tag::new(role) }
    }

    /// The properties of the tag.
    pub fn properties(&self) -> &Properties {
        self.properties.as_deref().unwrap_or(&Properties::NONE)
    }
}

/// Standard structure types of PDF 1.7 (ISO 32000-1, 14.8.4), and the leaf
/// that holds content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Not a tag of its own: holds the place of marked content among its
    /// parent's children. Only leaves are named by [`Mark::Content`].
    Leaf,
    /// The root.
    Document,
    /// A large part of a document.
    Part,
    /// A section with its heading.
    Sect,
    /// A group without a meaning of its own.
    Div,
    /// H1 to H6.
    Heading(u8),
    /// P.
    Paragraph,
    /// L.
    List {
        /// Markers of the items.
        numbering: ListNumbering,
    },
    /// LI.
    ListItem,
    /// Lbl: a bullet or number.
    ListLabel,
    /// LBody: what the item says.
    ListBody,
    /// Rows of cells; a caption may be first.
    Table,
    /// THead.
    TableHead,
    /// TBody.
    TableBody,
    /// TR.
    TableRow,
    /// TH.
    HeaderCell {
        /// Whether it is the header of a column.
        column: bool,
        /// Whether it is the header of a row.
        row: bool,
        /// Columns that it covers, from 1.
        colspan: u16,
        /// Rows that it covers, from 1.
        rowspan: u16,
    },
    /// TD.
    DataCell {
        /// Columns that it covers, from 1.
        colspan: u16,
        /// Rows that it covers, from 1.
        rowspan: u16,
    },
    /// Caption of the figure or table around it.
    Caption,
    /// A figure, with its bounding box on its page.
    Figure,
    /// A formula, with alternative text.
    Formula,
    /// A quotation of one or more paragraphs.
    BlockQuote,
    /// A quotation in a line.
    Quote,
    /// Content of the new version only.
    Inserted,
    /// Content of the old version only.
    Deleted,
    /// Text of a program.
    Code,
    /// Words that differ in language or the like.
    Span,
    /// A link, with its active areas as object references.
    Link,
    /// Words that lead elsewhere in the document.
    Reference,
    /// A footnote, with an id (PDF/UA-1, 7.9).
    Note,
    /// TOC.
    Contents,
    /// TOCI.
    ContentsItem,
}

/// ISO 32000-1, table 347.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListNumbering {
    /// No marks.
    None,
    /// Filled bullets.
    Disc,
    /// 1, 2, 3.
    Decimal,
    /// I, II, III.
    UpperRoman,
    /// i, ii, iii.
    LowerRoman,
    /// A, B, C.
    UpperAlpha,
    /// a, b, c.
    LowerAlpha,
}
