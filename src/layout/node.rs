//! Nodes of the flow: blocks before their lines are set.

use super::frame::TagId;
use super::inline::TypeStyle;
use super::text::Paragraph;
use super::vertical::{Background, Cost, ItemList};
use super::word::TextDirection;
use crate::source::{FileId, Span};
use crate::theme::{Color, Pt};
use std::sync::{Arc, Mutex, OnceLock};

/// A node of the flow, not set yet.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Text(Box<TextNode>),
    Space(Pt),
    Penalty(Cost),
    BeginBackground(Box<Background>),
    EndBackground,
    Code(Box<CodeNode>),
    Picture(Box<PictureNode>),
    Table(Box<TableNode>),
    /// A text, code, picture or table node shared with other layouts of the document.
    Shared(SharedNode),
    /// A short horizontal rule.
    Rule {
        x: Pt,
        width: Pt,
    },
    /// Space that is kept at a page's top (TeX kern).
    Kern(Pt),
    /// A short thick bar, for the title.
    Bar {
        x: Pt,
        width: Pt,
        height: Pt,
        color: Color,
    },
    /// A change of page orientation.
    PageOrientation(Orientation),
}

impl Node {
    /// Whether it has content.
    pub fn has_words(&self) -> bool {
        match self {
            Node::Text(_) | Node::Code(_) | Node::Picture(_) | Node::Table(_) | Node::Shared(_) => true,
            Node::Space(_)
            | Node::Penalty(_)
            | Node::BeginBackground(_)
            | Node::EndBackground
            | Node::Rule { .. }
            | Node::Kern(_)
            | Node::Bar { .. }
            | Node::PageOrientation(_) => false,
        }
    }

    /// How a paragraph is kept together; `None` for other nodes.
    pub fn keep(&self) -> Option<Keep> {
        match self {
            Node::Text(text) => Some(text.keep),
            Node::Shared(shared) => shared.keep,
            Node::Code(_)
            | Node::Picture(_)
            | Node::Table(_)
            | Node::Space(_)
            | Node::Penalty(_)
            | Node::BeginBackground(_)
            | Node::EndBackground
            | Node::Rule { .. }
            | Node::Kern(_)
            | Node::Bar { .. }
            | Node::PageOrientation(_) => None,
        }
    }

    /// Whether it has pictures, which it refers to by number.
    pub fn has_pictures(&self) -> bool {
        match self {
            Node::Text(text) => !text.paragraph.pictures.is_empty(),
            Node::Picture(_) => true,
            Node::Table(table) => {
                let cells = table.head.iter().chain(&table.body).flat_map(|row| &row.cells);
                cells.flat_map(|cell| &cell.nodes).any(Node::has_pictures)
            }
            Node::Code(_)
            | Node::Shared(_)
            | Node::Space(_)
            | Node::Penalty(_)
            | Node::BeginBackground(_)
            | Node::EndBackground
            | Node::Rule { .. }
            | Node::Kern(_)
            | Node::Bar { .. }
            | Node::PageOrientation(_) => false,
        }
    }
}

/// A paragraph in the flow.
#[derive(Debug, Clone, PartialEq)]
pub struct TextNode {
    pub paragraph: Paragraph,
    /// Distance from the column's left edge.
    pub x: Pt,
    pub width: Pt,
    /// Labels beside its first line. There are two if an item starts with a list.
    pub markers: Vec<Marker>,
    pub keep: Keep,
    pub ids: Vec<String>,
    pub late: Option<PageReference>,
}

/// A page number at the end of an entry, filled in after pagination.
#[derive(Debug, Clone, PartialEq)]
pub struct PageReference {
    pub id: String,
    /// Position of the edge where lines end.
    pub edge: Pt,
    pub direction: TextDirection,
    pub type_style: TypeStyle,
    pub tag: TagId,
}

/// A bullet or number beside a first line.
#[derive(Debug, Clone, PartialEq)]
pub struct Marker {
    pub paragraph: Paragraph,
    pub x: Pt,
    pub width: Pt,
}

/// How a paragraph is kept together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    No,
    /// All its lines stay together and on the page of the next node.
    WithNext,
    /// All its lines stay together.
    Together,
}

/// A block of code.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeNode {
    pub text: String,
    pub x: Pt,
    pub width: Pt,
    pub type_style: TypeStyle,
    /// Colour of the continuation sign of a broken line.
    pub sign: Color,
    pub tag: TagId,
    pub ids: Vec<String>,
    /// Labels of the list item that starts with it.
    pub markers: Vec<Marker>,
}

/// A picture in a block of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureNode {
    pub picture: usize,
    pub x: Pt,
    pub width: Pt,
    pub height: Pt,
    pub tag: Option<TagId>,
    pub ids: Vec<String>,
    /// Labels of the list item that starts with it.
    pub markers: Vec<Marker>,
}

/// A table, before it is set.
#[derive(Debug, Clone, PartialEq)]
pub struct TableNode {
    pub x: Pt,
    pub width: Pt,
    /// Number of columns.
    pub columns: usize,
    pub head: Vec<RowNode>,
    pub body: Vec<RowNode>,
    /// Words above the header on further pages: an artifact.
    pub continued: Option<Paragraph>,
    pub pad_x: Pt,
    pub pad_y: Pt,
    /// Colours of the strong and the light rules.
    pub strong: Color,
    pub light: Color,
    /// Maximum height of a row that is not divided.
    pub tallest: Pt,
    pub ids: Vec<String>,
    /// Direction of the columns.
    pub direction: TextDirection,
    /// A fixed width for the first column.
    pub first_column: Option<Pt>,
    /// Smallest scale of its type size.
    pub least_scale: Pt,
    /// Whether a landscape page would give it more width.
    pub wider: Widening,
    pub span: Option<Span>,
    /// Labels of the list item that starts with it.
    pub markers: Vec<Marker>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct RowNode {
    pub cells: Vec<CellNode>,
}

/// A cell of a table with its position in the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct CellNode {
    pub column: usize,
    pub colspan: usize,
    pub rowspan: usize,
    /// Decimal sign on which figures are aligned.
    pub decimal: Option<char>,
    pub nodes: Vec<Node>,
}

/// Options left for a table that is too wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Widening {
    /// A landscape page.
    LandscapePage,
    /// A landscape page, if the table were not nested in another block.
    TopLevelOnly,
    /// None: it is on a landscape page already.
    None,
}

/// Orientation of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    Portrait,
    Landscape,
}

/// A node whose lines are shared by several layouts of a document.
#[derive(Debug, Clone)]
pub struct SharedNode {
    pub state: Arc<SharedState>,
    pub offsets: NodeOffsets,
    /// How the node is kept together, if it is a paragraph.
    pub keep: Option<Keep>,
}

/// A relative node until it is set, and then its lines.
#[derive(Debug)]
pub struct SharedState {
    pub waiting: Mutex<Option<Node>>,
    pub set: OnceLock<SetNode>,
}

/// The lines of a node, relative to the node.
#[derive(Debug, Default)]
pub struct SetNode {
    pub list: Arc<ItemList>,
    pub findings: Findings,
}

/// Offsets of a relative node: its first tag id, note index and span. All others in the node are
/// relative to these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NodeOffsets {
    pub tag: Option<u32>,
    pub note: Option<usize>,
    pub place: Option<(FileId, u32)>,
}

/// Problems found while setting.
#[derive(Debug, Default, Clone)]
pub struct Findings {
    pub missing: Vec<(char, Option<Span>)>,
    pub overfull: Vec<Option<Span>>,
    /// Tables too wide at any type size, and what would give them more width.
    pub wide: Vec<(Option<Span>, Widening)>,
}

impl Findings {
    /// Whether there are no problems.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.overfull.is_empty() && self.wide.is_empty()
    }

    /// Appends the problems of what follows.
    pub fn add(&mut self, found: Findings) {
        self.missing.extend(found.missing);
        self.overfull.extend(found.overfull);
        self.wide.extend(found.wide);
    }
}
