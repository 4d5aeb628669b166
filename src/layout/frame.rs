//! What layout hands to the painter: pages of placed things, and the tree of
//! structure tags that says what they mean.
//!
//! Coordinates are points from the page's upper left corner, y downwards.

use super::font::FontIndex;
use crate::resolve::Target;
pub use crate::theme::Color;
use crate::theme::Pt;

/// A document, laid out.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    pub pages: Vec<Page>,
    pub tags: TagTree,
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
    pub title: String,
    pub destination: Destination,
    pub children: Vec<Bookmark>,
}

/// A page with everything on it placed.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub width: Pt,
    pub height: Pt,
    /// What page numbers call it: "iv", "12".
    pub label: String,
    /// In painting order: what comes later covers what came before.
    pub items: Vec<Item>,
}

/// Something placed on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub mark: Mark,
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
    Glyphs(GlyphRun),
    /// A filled rectangle.
    Rectangle {
        area: Rect,
        color: Color,
        radius: Pt,
    },
    /// A straight stroke.
    Line {
        from: Point,
        to: Point,
        width: Pt,
        color: Color,
        dashed: bool,
    },
    /// A picture of [`crate::resolve::Resolved::pictures`], scaled into the area.
    Picture {
        picture: usize,
        area: Rect,
    },
    /// An active area. One link that runs over two lines has two areas with
    /// the same tag.
    Link {
        area: Rect,
        target: Target,
        tag: TagId,
        description: String,
    },
}

/// A place on a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    pub x: Pt,
    pub y: Pt,
}

/// An upright rectangle on a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    pub x: Pt,
    pub y: Pt,
    pub width: Pt,
    pub height: Pt,
}

/// Glyphs of one font, size and colour on one baseline, left to right as
/// painted.
#[derive(Debug, Clone, PartialEq)]
pub struct GlyphRun {
    /// Start of the baseline.
    pub origin: Point,
    pub font: FontIndex,
    pub size: Pt,
    pub color: Color,
    /// Horizontal scale of the glyphs, 1 for none (font expansion).
    pub stretch: f32,
    pub glyphs: Vec<Glyph>,
    /// By glyph, as far as the last one that is shifted; empty where none is.
    pub shifts: Vec<Shift>,
    /// The characters the glyphs stand for, in logical order, at most
    /// [`GlyphRun::LONGEST`] bytes. A discretionary hyphen at a line's end is
    /// not in the text.
    pub text: String,
    /// Text right to left.
    pub rtl: bool,
}

impl GlyphRun {
    /// The longest text of a run in bytes, so that a cluster fits 16 bits.
    pub const LONGEST: usize = 60_000;
}

/// A glyph of a run. A book has millions, so it is small.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    pub id: u16,
    /// Start of its cluster: byte offset into the run's text. A glyph that
    /// stands for no text of the source (a discretionary hyphen) has
    /// [`Glyph::NO_TEXT`].
    pub cluster: u16,
    /// How far the pen moves, in points at the run's size (with any
    /// justification and kerning, before `stretch`).
    pub advance: Pt,
}

/// How far a glyph stands from the pen, in thousandths of its size: to the
/// right and upwards. Marks over letters are shifted, and little else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shift {
    pub x: i16,
    pub y: i16,
}

impl Glyph {
    /// Cluster of a glyph that stands for no text.
    pub const NO_TEXT: u16 = u16::MAX;
}

/// Index into [`TagTree::tags`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagId(pub u32);

/// The structure tree in reading order. Tag 0 is the document.
#[derive(Debug, Clone)]
pub struct TagTree {
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
}

/// An element of the structure tree. A book has a hundred thousand, so it is
/// small.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    pub role: Role,
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
    Document,
    Part,
    Sect,
    Div,
    Heading(u8),
    Paragraph,
    List {
        numbering: ListNumbering,
    },
    ListItem,
    ListLabel,
    ListBody,
    Table,
    TableHead,
    TableBody,
    TableRow,
    HeaderCell {
        column: bool,
        row: bool,
        colspan: u16,
        rowspan: u16,
    },
    DataCell {
        colspan: u16,
        rowspan: u16,
    },
    Caption,
    /// With its bounding box on the page it stands on.
    Figure,
    Formula,
    BlockQuote,
    Quote,
    /// What only the new version of a document has.
    Inserted,
    /// What only the old version has.
    Deleted,
    Code,
    Span,
    Link,
    Reference,
    Note,
    Contents,
    ContentsItem,
}

/// ISO 32000-1, table 347.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListNumbering {
    None,
    Disc,
    Decimal,
    UpperRoman,
    LowerRoman,
    UpperAlpha,
    LowerAlpha,
}
