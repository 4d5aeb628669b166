//! The document model: what a source says, before and after resolution.
//!
//! One vocabulary serves both stages. What only one stage knows (a raw
//! directive, a numbered section) is that [`Stage`]'s own type, so a backend
//! cannot be handed anything unresolved.

mod math;
mod metadata;
mod numeral;
mod parsed;
mod role;
mod tree;
mod visit;

pub use math::{
    Alphabet, Class, Equation, Formula, Math, OperatorSize, ScriptPosition, TableKind, accent, drawn, is_seen, is_sign,
    letter, linear, lines, signs,
};
pub use metadata::{
    Author, CitationStyle, Contact, Embargo, Licence, Limits, Marking, Metadata, Numbering, Revision, Spanned, Status,
    Toc,
};
pub use parsed::{
    AbbreviationDefinition, Annex, Chart, ChartKind, Citation, Condition, DataTable, Document, Heading, ListingKind,
    NoteDefinition, Parsed, ParsedBlock, ParsedInline,
};
pub use tree::{Tree, TreeSpan};
pub use visit::{Visit, plain_text, walk_blocks, walk_inlines};

use crate::source::Span;
use serde::Serialize;
use std::fmt::Debug;

/// A stage of a document's life, with the types that differ between stages.
pub trait Stage: Clone + Debug + PartialEq + 'static {
    /// Blocks that only this stage has.
    type Block: Clone + Debug + PartialEq;
    /// Inlines that only this stage has.
    type Inline: Clone + Debug + PartialEq;
    /// What numbers a figure, table or panel: nothing before resolution.
    type Label: Clone + Debug + PartialEq;
    /// Where a link leads.
    type Target: Clone + Debug + PartialEq;
    /// Which picture.
    type Picture: Clone + Debug + PartialEq;
    /// How wide a picture is shown: among the attributes before resolution.
    type PictureWidth: Clone + Debug + PartialEq;
    /// Which footnote.
    type Note: Clone + Debug + PartialEq;
    /// What became of words between two versions: nothing before they are compared.
    type Change: Clone + Debug + PartialEq;
}

/// A piece of a document with its place and attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<K> {
    pub kind: K,
    pub span: Span,
    pub attrs: Attrs,
}

impl<K> Node<K> {
    /// A node without attributes.
    pub fn new(kind: K, span: Span) -> Self {
        Self { kind, span, attrs: Attrs::default() }
    }
}

/// A block with its place and attributes.
pub type Block<S> = Node<BlockKind<S>>;
/// An inline with its place and attributes.
pub type Inline<S> = Node<InlineKind<S>>;

/// Class of what takes no number: headings, figures, tables, boxes.
pub const UNNUMBERED: &str = "unnumbered";

/// Attributes of a node; most nodes have none and pay one word for it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attrs(Option<Box<AttrList>>);

/// What attributes there are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AttrList {
    /// The id as the author wrote it, or as resolution made it. Resolved ids
    /// are XML names (NCName), unique in the document.
    pub id: Option<String>,
    pub classes: Vec<String>,
    /// BCP 47 tag of the content's language.
    pub lang: Option<String>,
    /// Other pairs, in source order.
    pub pairs: Vec<(String, String)>,
    /// The attributes' own place, where they have one.
    pub span: Option<Span>,
    /// Whether they come from a tag of HTML.
    pub html: bool,
}

impl Attrs {
    /// The id, where there is one.
    pub fn id(&self) -> Option<&str> {
        self.0.as_ref()?.id.as_deref()
    }

    /// The language of the content, where it is given.
    pub fn lang(&self) -> Option<&str> {
        self.0.as_ref()?.lang.as_deref()
    }

    /// Whether a class is among the classes.
    pub fn has_class(&self, class: &str) -> bool {
        self.0.as_ref().is_some_and(|list| list.classes.iter().any(|name| name == class))
    }

    /// The value of another attribute.
    pub fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.0.as_ref()?.pairs.iter().find(|(name, _)| name == key)?;
        Some(value)
    }

    /// Whether there are none at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// All attributes, where there are any.
    pub fn list(&self) -> Option<&AttrList> {
        self.0.as_deref()
    }

    /// All attributes for changing; made on first use.
    pub fn edit(&mut self) -> &mut AttrList {
        self.0.get_or_insert_default()
    }
}

impl From<AttrList> for Attrs {
    fn from(list: AttrList) -> Self {
        if list == AttrList::default() { Attrs(None) } else { Attrs(Some(Box::new(list))) }
    }
}

/// What a block is.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind<S: Stage> {
    Paragraph(Vec<Inline<S>>),
    List(List<S>),
    Definitions(Vec<Definition<S>>),
    Quote {
        blocks: Vec<Block<S>>,
        attribution: Option<Vec<Inline<S>>>,
    },
    Code {
        language: Option<String>,
        text: String,
    },
    Admonition {
        kind: AdmonitionKind,
        title: Option<Vec<Inline<S>>>,
        blocks: Vec<Block<S>>,
    },
    Panel(Panel<S>),
    Figure(Figure<S>),
    Table(Box<Table<S>>),
    Equation(Box<Equation<S>>),
    /// A thematic break.
    Rule,
    PageBreak,
    /// A group that only carries attributes (language, classes, an id).
    Group(Vec<Block<S>>),
    /// What only this stage has.
    Stage(S::Block),
}

/// A bullet, numbered or task list.
#[derive(Debug, Clone, PartialEq)]
pub struct List<S: Stage> {
    pub marker: ListMarker,
    /// Items without space between them.
    pub tight: bool,
    pub items: Vec<ListItem<S>>,
}

/// What stands before the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListMarker {
    Bullet,
    /// A bullet list that shows no bullets (HTML `list-style: none`).
    Plain,
    Ordered {
        start: u32,
        style: NumberStyle,
    },
}

/// How the items of a numbered list are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberStyle {
    #[default]
    Decimal,
    LowerAlpha,
    UpperAlpha,
    LowerRoman,
    UpperRoman,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListItem<S: Stage> {
    /// Whether a task is done; `None` for an ordinary item.
    pub task: Option<bool>,
    pub blocks: Vec<Block<S>>,
    pub span: Span,
    pub attrs: Attrs,
}

/// Terms and what they mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition<S: Stage> {
    pub terms: Vec<Vec<Inline<S>>>,
    pub details: Vec<Vec<Block<S>>>,
    pub span: Span,
}

/// What an admonition is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdmonitionKind {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
}

/// A boxed part of the document with a role of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel<S: Stage> {
    pub role: PanelRole,
    pub title: Option<Vec<Inline<S>>>,
    pub label: S::Label,
    pub blocks: Vec<Block<S>>,
}

/// What a panel is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PanelRole {
    KeyPoints,
    Box,
    Recommendation,
    Example,
}

/// Something shown apart, with a caption.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure<S: Stage> {
    pub caption: Option<Vec<Inline<S>>>,
    pub label: S::Label,
    /// Usually a paragraph with one picture.
    pub blocks: Vec<Block<S>>,
}

/// A table on a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<S: Stage> {
    pub caption: Option<Vec<Inline<S>>>,
    pub label: S::Label,
    /// One for each column of the grid.
    pub columns: Vec<Column>,
    /// Header rows.
    pub head: Vec<Row<S>>,
    pub body: Vec<Row<S>>,
    pub landscape: bool,
}

impl<S: Stage> Table<S> {
    /// How the lines of a cell are aligned that begins in a column. What stands
    /// over several columns stands in their middle, not under the first, unless
    /// that is where lines start.
    pub fn alignment(&self, cell: &Cell<S>, column: usize) -> Option<Align> {
        let of_column = || self.columns.get(column).and_then(|column| column.align);
        match cell.align {
            None if cell.colspan > 1 && cell.header.is_some() => Some(Align::Center),
            None if cell.colspan > 1 => of_column().map(|align| match align {
                Align::Start => Align::Start,
                Align::Center | Align::End | Align::Decimal(_) => Align::Center,
            }),
            None => of_column(),
            own => own,
        }
    }
}

/// A column of a table's grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Column {
    pub align: Option<Align>,
}

/// How the lines of a cell are aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    Start,
    Center,
    End,
    /// On the sign before the fraction, as the column's figures have it. Set by
    /// resolution for columns of figures.
    Decimal(char),
}

/// A row of a table; cells that reach down from rows above are not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<S: Stage> {
    pub cells: Vec<Cell<S>>,
    pub span: Span,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell<S: Stage> {
    pub blocks: Vec<Block<S>>,
    /// What a header cell heads; `None` for a data cell.
    pub header: Option<Scope>,
    /// Columns covered, at least 1.
    pub colspan: u16,
    /// Rows covered, at least 1.
    pub rowspan: u16,
    /// Overrides the column's.
    pub align: Option<Align>,
    pub span: Span,
    pub attrs: Attrs,
}

/// What a header cell heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    Column,
    Row,
}

/// What an inline is.
#[derive(Debug, Clone, PartialEq)]
pub enum InlineKind<S: Stage> {
    Text(String),
    /// A line ending in the source; a space on the page.
    SoftBreak,
    /// A line ending that is meant.
    LineBreak,
    Code(String),
    Math(Box<Formula>),
    Emphasis(Vec<Inline<S>>),
    Strong(Vec<Inline<S>>),
    Strikethrough(Vec<Inline<S>>),
    Superscript(Vec<Inline<S>>),
    Subscript(Vec<Inline<S>>),
    Underline(Vec<Inline<S>>),
    /// Marked for the reader (`<mark>`).
    Highlight(Vec<Inline<S>>),
    Inserted(Vec<Inline<S>>),
    Deleted(Vec<Inline<S>>),
    Small(Vec<Inline<S>>),
    /// A quotation in the text; the language's quotation marks go round it.
    Quoted(Vec<Inline<S>>),
    /// The title of a work.
    CitedTitle(Vec<Inline<S>>),
    /// The place where a term is defined.
    DefinedTerm(Vec<Inline<S>>),
    Keyboard(Vec<Inline<S>>),
    /// Only carries attributes (language, classes, an id).
    Span(Vec<Inline<S>>),
    Abbreviation {
        content: Vec<Inline<S>>,
        expansion: String,
    },
    Link {
        target: S::Target,
        title: Option<String>,
        content: Vec<Inline<S>>,
    },
    Image(Image<S>),
    /// A reference to a footnote.
    Note(S::Note),
    /// Words that differ between two versions of the document.
    Change {
        change: S::Change,
        content: Vec<Inline<S>>,
    },
    /// What only this stage has.
    Stage(S::Inline),
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Image<S: Stage> {
    pub picture: S::Picture,
    /// Alternative text. `None`: the author gave none. Decorative pictures
    /// carry the class `decorative`.
    pub alt: Option<String>,
    pub title: Option<String>,
    pub width: S::PictureWidth,
}

impl<S: Stage> Image<S> {
    /// What is said in the picture's place; `None` where the author says
    /// nothing. A title is a caption and does not count.
    pub fn alternative(&self) -> Option<&str> {
        self.alt.as_deref().filter(|alt| !alt.trim().is_empty())
    }
}
