//! What layout hands to the painter: pages of placed things, and the tree of
//! structure tags that says what they mean.
//!
//! Coordinates are points from the page's upper left corner, y downwards.

use super::font::FontIndex;
use super::glyphs::EachGlyph;
pub use super::glyphs::{Glyph, RunGlyphs, Shift};
use crate::resolve::Target;
pub use crate::theme::Color;
use crate::theme::Pt;
use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

/// A document, laid out.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// In reading order; layouts of one document share those that are the same.
    pub pages: Vec<Arc<Page>>,
    /// What the pages' items mean.
    pub tags: TagTree,
    /// Sections and annexes as a tree.
    pub bookmarks: Vec<Bookmark>,
    /// Where ids stand, in the order of their places.
    pub destinations: Vec<(String, Destination)>,
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
    /// With the number before it.
    pub title: String,
    /// Where the section starts.
    pub destination: Destination,
    /// Sections below it.
    pub children: Vec<Bookmark>,
}

/// A page with everything on it placed.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// In points; more than the height on a landscape page.
    pub width: Pt,
    /// In points.
    pub height: Pt,
    /// What page numbers call it: "iv", "12".
    pub label: String,
    /// In painting order: what comes later covers what came before.
    pub items: Vec<Item>,
}

impl Page {
    /// The same page with nothing on it.
    pub fn emptied(&self) -> Page {
        Page { label: self.label.clone(), items: Vec::new(), ..*self }
    }
}

/// Something placed on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What it means, for those who do not see it.
    pub mark: Mark,
    /// What is painted.
    pub kind: ItemKind,
}

/// What an item means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Decoration without meaning.
    Layout,
    /// Running head or foot, page number.
    Pagination,
    /// Real content of a leaf of the tag tree ([`Role::Leaf`]).
    Content(TagId),
}

/// What can be placed on a page.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// Text.
    Glyphs(GlyphRun),
    /// A filled rectangle.
    Rectangle {
        /// Where it is filled.
        area: Rect,
        /// What it is filled with.
        color: Color,
        /// Of its corners; 0 for sharp ones.
        radius: Pt,
    },
    /// A straight stroke.
    Line {
        /// One end.
        from: Point,
        /// The other end.
        to: Point,
        /// Of the stroke, which is centred on the line.
        width: Pt,
        /// Of the stroke.
        color: Color,
        /// With gaps.
        dashed: bool,
    },
    /// A picture of [`crate::resolve::Resolved::pictures`], scaled into the area.
    Picture {
        /// Its index.
        picture: usize,
        /// What it fills.
        area: Rect,
    },
    /// An active area. One link that runs over two lines has two areas with
    /// the same tag.
    Link {
        /// Where it can be clicked.
        area: Rect,
        /// Where it leads.
        target: Target,
        /// The link in the tag tree.
        tag: TagId,
        /// What assistive technology says of it (PDF/UA-1, 7.18.5).
        description: String,
    },
}

/// A place on a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// From the page's left edge.
    pub x: Pt,
    /// From the page's upper edge.
    pub y: Pt,
}

/// An upright rectangle on a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Of the left side.
    pub x: Pt,
    /// Of the upper side.
    pub y: Pt,
    /// To the right.
    pub width: Pt,
    /// Downwards.
    pub height: Pt,
}

/// Glyphs of one font, size and colour on one baseline, left to right as
/// painted.
#[derive(Debug, Clone)]
pub struct GlyphRun {
    /// Start of the baseline.
    pub origin: Point,
    /// What is painted from there on; a paragraph that is laid out again shares it.
    shown: Arc<ShownGlyphs>,
}

/// What a run of glyphs shows, wherever it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownGlyphs {
    /// The face of all its glyphs.
    pub font: FontIndex,
    /// Size of the type in points.
    pub size: Pt,
    /// What the glyphs are painted with.
    pub color: Color,
    /// Horizontal scale of the glyphs, 1 for none (font expansion).
    pub stretch: f32,
    /// In the order in which they are painted.
    pub glyphs: RunGlyphs,
    /// The characters the glyphs stand for, in logical order, at most
    /// [`GlyphRun::LONGEST`] bytes. A discretionary hyphen at a line's end is
    /// not in the text.
    pub text: String,
    /// Text right to left.
    pub rtl: bool,
}

impl GlyphRun {
    /// Glyphs from a place on.
    pub fn new(origin: Point, shown: ShownGlyphs) -> GlyphRun {
        GlyphRun { origin, shown: Arc::new(shown) }
    }

    /// The longest text of a run in bytes, so that a cluster fits 16 bits.
    pub const LONGEST: usize = 60_000;
}

impl ShownGlyphs {
    /// The glyphs one by one.
    pub fn each(&self) -> Cow<'_, [Glyph]> {
        self.glyphs.to_each(self.size)
    }

    /// The same, so that they can be changed.
    pub fn make_each(&mut self) -> &mut EachGlyph {
        self.glyphs.make_each(self.size)
    }
}

/// Most runs of two layouts of a document are shared, and seen to be equal at once.
impl PartialEq for GlyphRun {
    fn eq(&self, other: &GlyphRun) -> bool {
        self.origin == other.origin && (Arc::ptr_eq(&self.shown, &other.shown) || self.shown == other.shown)
    }
}

impl Deref for GlyphRun {
    type Target = ShownGlyphs;

    fn deref(&self) -> &ShownGlyphs {
        &self.shown
    }
}

#[cfg(test)]
impl std::ops::DerefMut for GlyphRun {
    fn deref_mut(&mut self) -> &mut ShownGlyphs {
        Arc::make_mut(&mut self.shown)
    }
}

/// Index into [`TagTree::tags`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagId(pub u32);

/// The structure tree in reading order. Tag 0 is the document.
#[derive(Debug, Clone)]
pub struct TagTree {
    /// Each is named by its place here ([`TagId`]); children come after their parent.
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
        if let Some(parent) = self.tags.get_mut(parent.0 as usize) {
            parent.children.push(id);
        }
        id
    }

    /// The children of a tag.
    pub fn children(&self, parent: TagId) -> &[TagId] {
        self.tags.get(parent.0 as usize).map_or(&[], |parent| &parent.children)
    }

    /// A copy of the tags from one on, with the children of `parent` from one on as the children
    /// of its root.
    pub fn cutting(&self, parent: TagId, from_child: usize, from_tag: usize) -> TagTree {
        // The root is counted too.
        let counted = |tag: &TagId| TagId(tag.0.wrapping_sub(from_tag as u32).wrapping_add(1));
        let mut cutting = TagTree::default();
        let roots = self.children(parent).get(from_child..).unwrap_or_default();
        cutting.tags.iter_mut().for_each(|root| root.children = roots.iter().map(counted).collect());
        let tags = self.tags.get(from_tag..).unwrap_or_default();
        cutting
            .tags
            .extend(tags.iter().map(|tag| Tag { children: tag.children.iter().map(counted).collect(), ..tag.clone() }));
        cutting
    }

    /// Adds the tags of a cutting below `parent`; says how many there were before.
    pub fn graft(&mut self, parent: TagId, cutting: &TagTree) -> u32 {
        let before = u32::try_from(self.tags.len()).unwrap_or(u32::MAX);
        let counted = |tag: &TagId| TagId(tag.0.wrapping_add(before).wrapping_sub(1));
        let [root, tags @ ..] = cutting.tags.as_slice() else { return before };
        if let Some(parent) = self.tags.get_mut(parent.0 as usize) {
            parent.children.extend(root.children.iter().map(counted));
        }
        self.tags
            .extend(tags.iter().map(|tag| Tag { children: tag.children.iter().map(counted).collect(), ..tag.clone() }));
        before
    }
}

/// An element of the structure tree. A book has a hundred thousand, so it is
/// small.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its structure type.
    pub role: Role,
    /// In reading order.
    pub children: Vec<TagId>,
    /// `None` where there are none, as with nearly all.
    properties: Option<Box<Properties>>,
}

/// What few elements say of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Properties {
    /// Language, where it differs from what surrounds it.
    pub lang: Option<String>,
    /// Alternative text (figures, links).
    pub alt: Option<String>,
    /// What an abbreviation stands for (E).
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
        Tag { role, children: Vec::new(), properties: None }
    }

    /// A tag with properties.
    pub fn with(role: Role, properties: Properties) -> Self {
        let properties = (properties != Properties::NONE).then(|| Box::new(properties));
        Tag { properties, ..Tag::new(role) }
    }

    /// What the tag says of itself.
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
        /// What stands before the items.
        numbering: ListNumbering,
    },
    /// LI.
    ListItem,
    /// Lbl: a bullet or number.
    ListLabel,
    /// LBody: what the item says.
    ListBody,
    /// Rows of cells; a caption may stand first.
    Table,
    /// THead.
    TableHead,
    /// TBody.
    TableBody,
    /// TR.
    TableRow,
    /// TH.
    HeaderCell {
        /// It heads a column.
        column: bool,
        /// It heads a row.
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
    /// Of the figure or table that holds it.
    Caption,
    /// With its bounding box on the page it stands on.
    Figure,
    /// With alternative text that says it.
    Formula,
    /// A quotation of one or more paragraphs.
    BlockQuote,
    /// A quotation in a line.
    Quote,
    /// What only the new version of a document has.
    Inserted,
    /// What only the old version has.
    Deleted,
    /// Text of a program.
    Code,
    /// Words that differ in language or the like.
    Span,
    /// With the active areas as object references.
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
