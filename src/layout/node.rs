//! Nodes of the flow: what blocks become before their lines are set.

use super::frame::TagId;
use super::inline::TypeStyle;
use super::text::Paragraph;
use super::vertical::{Background, Cost, ItemList};
use super::word::TextDirection;
use crate::source::{FileId, Span};
use crate::theme::{Color, Pt};
use std::sync::{Arc, Mutex, OnceLock};

/// A part of the flow, before it is set.
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
    /// One of these four that other layouts of the document share.
    Shared(SharedNode),
    /// A short line across the text.
    Rule {
        x: Pt,
        width: Pt,
    },
    /// Empty room that does not vanish at a page's top.
    Kern(Pt),
    /// A short thick bar, for the title.
    Bar {
        x: Pt,
        width: Pt,
        height: Pt,
        color: Color,
    },
    /// The page's orientation changes.
    PageOrientation(Orientation),
}

impl Node {
    /// Whether it says anything.
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

    /// What a paragraph must not be parted from; `None` for anything else.
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

    /// Whether it shows pictures of the document, which it names by their numbers.
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
    /// From the column's left edge.
    pub x: Pt,
    pub width: Pt,
    /// Labels beside its first line; of a list that opens an item, both.
    pub markers: Vec<Marker>,
    pub keep: Keep,
    pub ids: Vec<String>,
    pub late: Option<PageReference>,
}

/// A page number that stands at the end of an entry when it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct PageReference {
    pub id: String,
    /// The edge it stands at: where lines end.
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

/// What a paragraph must not be parted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    No,
    /// All its lines stay together, and with what follows.
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
    /// Colour of the sign that a line goes on.
    pub sign: Color,
    pub tag: TagId,
    pub ids: Vec<String>,
    /// Labels of the item that it opens.
    pub markers: Vec<Marker>,
}

/// A picture that stands alone.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureNode {
    pub picture: usize,
    pub x: Pt,
    pub width: Pt,
    pub height: Pt,
    pub tag: Option<TagId>,
    pub ids: Vec<String>,
    /// Labels of the item that it opens.
    pub markers: Vec<Marker>,
}

/// A table, before it is set.
#[derive(Debug, Clone, PartialEq)]
pub struct TableNode {
    pub x: Pt,
    pub width: Pt,
    /// How many columns the grid has.
    pub columns: usize,
    pub head: Vec<RowNode>,
    pub body: Vec<RowNode>,
    /// Above the header on further pages: an artifact.
    pub continued: Option<Paragraph>,
    pub pad_x: Pt,
    pub pad_y: Pt,
    /// Colours of the strong and the light rules.
    pub strong: Color,
    pub light: Color,
    /// The largest height of a row that is kept whole.
    pub tallest: Pt,
    pub ids: Vec<String>,
    /// Which way the columns run.
    pub direction: TextDirection,
    /// A fixed width for the first column.
    pub first_column: Option<Pt>,
    /// The smallest share of its size that its type may have.
    pub least_scale: Pt,
    /// Whether a page in landscape would be wider for it.
    pub wider: Widening,
    pub span: Option<Span>,
    /// Labels of the item that it opens.
    pub markers: Vec<Marker>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct RowNode {
    pub cells: Vec<CellNode>,
}

/// A cell of a table, where it stands in the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct CellNode {
    pub column: usize,
    pub colspan: usize,
    pub rowspan: usize,
    /// The sign before the fraction on which figures are aligned.
    pub decimal: Option<char>,
    pub nodes: Vec<Node>,
}

/// Whether there is a wider place for a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Widening {
    /// A page in landscape.
    LandscapePage,
    /// A page in landscape, if it were not inside something else.
    TopLevelOnly,
    /// It is on one already.
    None,
}

/// Which way a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    Portrait,
    Landscape,
}

/// A node whose lines the layouts of a document share.
#[derive(Debug, Clone)]
pub struct SharedNode {
    pub state: Arc<SharedState>,
    pub base: Base,
    /// Of a paragraph: what it must not be parted from.
    pub keep: Option<Keep>,
}

/// A node, counted from itself, until it is set, and what became of it.
#[derive(Debug)]
pub struct SharedState {
    pub waiting: Mutex<Option<Node>>,
    pub set: OnceLock<SetNode>,
}

/// What a node became, counted from the node.
#[derive(Debug, Default)]
pub struct SetNode {
    pub list: Arc<ItemList>,
    pub findings: Findings,
}

/// The first of each kind that a node names; the others are counted from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Base {
    pub tag: Option<u32>,
    pub note: Option<usize>,
    pub place: Option<(FileId, u32)>,
}

/// What setting found.
#[derive(Debug, Default, Clone)]
pub struct Findings {
    pub missing: Vec<(char, Option<Span>)>,
    pub overfull: Vec<Option<Span>>,
    /// Tables that are wider than any type allows, and where they would not be.
    pub wide: Vec<(Option<Span>, Widening)>,
}

impl Findings {
    /// Whether there was nothing to find.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.overfull.is_empty() && self.wide.is_empty()
    }

    /// Adds what was found behind it.
    pub fn add(&mut self, found: Findings) {
        self.missing.extend(found.missing);
        self.overfull.extend(found.overfull);
        self.wide.extend(found.wide);
    }
}
