//! The document model: what a source says, from parsing to resolution.
//!
//! One vocabulary serves all stages. What only one stage knows (a raw
//! directive, a numbered section) is that [`Stage`]'s own type, so a backend
//! cannot be handed anything unresolved, nor resolution an include.

mod expanded;
mod grid;
mod math;
mod metadata;
mod numeral;
mod parsed;
mod role;
mod shared;
mod tree;
mod visit;

pub use expanded::{Expanded, ExpandedBlock};
pub use grid::{GridCell, first_columns, place_cells};
pub use math::{
    Alphabet, Class, Equation, Formula, Math, OperatorSize, ScriptPosition, TableKind, accent, combining, drawn,
    is_function, is_seen, is_sign, letter, linear, lines, plain_letter, signs,
};
pub use metadata::{
    Author, CitationStyle, Contact, Embargo, Licence, Limits, Marking, Metadata, Numbering, Revision, Spanned, Status,
    Toc,
};
pub use parsed::{
    AbbreviationDefinition, Annex, Chart, ChartKind, Citation, Condition, DataTable, Document, Heading, InlineNote,
    ListingKind, NoteDefinition, Parsed, ParsedBlock, ParsedInline,
};
pub use shared::{HasReferences, References, Run, Shared};
pub use tree::{Tree, TreeSpan};
pub use visit::{Visit, plain_text, walk_blocks, walk_inlines, walk_list, walk_table};

use crate::source::Span;
use serde::Serialize;
use std::fmt::Debug;
use std::hash::Hash;

/// A stage of a document's life, with the types of blocks that differ between stages.
pub trait Stage: Clone + Debug + PartialEq + Hash + 'static {
    /// Blocks that only this stage has.
    type Block: Clone + Debug + PartialEq + Hash;
    /// Number of a figure, table or panel: empty before resolution.
    type Label: Clone + Debug + PartialEq + Hash;
    /// When a note or an abbreviation is kept: nothing once that is decided.
    type Condition: Clone + Debug + PartialEq + Hash;
    /// The stage of the text in its blocks. Expansion leaves text as it was parsed.
    type Inlines: InlineStage;
}

/// The types of inlines that differ between stages.
pub trait InlineStage: Clone + Debug + PartialEq + Hash + 'static {
    /// Inlines that only this stage has.
    type Inline: Clone + Debug + PartialEq + Hash;
    /// Where a link leads.
    type Target: Clone + Debug + PartialEq + Hash;
    /// Which picture.
    type Picture: Clone + Debug + PartialEq + Hash;
    /// How wide a picture is shown: among the attributes before resolution.
    type PictureWidth: Clone + Debug + PartialEq + Hash;
    /// Which footnote.
    type Note: Clone + Debug + PartialEq + Hash;
    /// Change of words between two versions; uninhabited before they are compared.
    type Change: Clone + Debug + PartialEq + Hash;
}

/// A piece of a document with its place and attributes.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Node<K> {
    /// Kind of the node.
    pub kind: K,
    /// The source it was parsed from, with all that it holds.
    pub span: Span,
    /// Id, classes and language, as the author gave them.
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
#[derive(Debug, Clone, PartialEq, Hash, Default)]
pub struct Attrs(Option<Box<AttrList>>);

/// The attributes, if there are any.
#[derive(Debug, Clone, PartialEq, Hash, Default)]
pub struct AttrList {
    /// The id as the author wrote it, or as resolution made it. Resolved ids
    /// are XML names (NCName), unique in the document.
    pub id: Option<String>,
    /// Classes in the order in which they are written.
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

/// The kind of a block.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum BlockKind<S: Stage> {
    /// Running text.
    Paragraph(Run<S::Inlines>),
    /// Items with bullets, numbers or tasks.
    List(Shared<List<S>>),
    /// Terms with what they mean (HTML `dl`).
    Definitions(Vec<Definition<S>>),
    /// Words of others, set off from the text.
    Quote {
        /// Quoted blocks.
        blocks: Vec<Block<S>>,
        /// Whose words they are, where the author says it.
        attribution: Option<Vec<Inline<S::Inlines>>>,
    },
    /// Text that keeps its lines and spaces.
    Code {
        /// The word after the fence: "rust".
        language: Option<String>,
        /// The code with its line endings and spaces.
        text: String,
    },
    /// Advice or a warning beside the text.
    Admonition {
        /// Kind, which determines its colour and label.
        kind: AdmonitionKind,
        /// The author's; `None` where only the kind's word is there.
        title: Option<Vec<Inline<S::Inlines>>>,
        /// Its content.
        blocks: Vec<Block<S>>,
    },
    /// Content that is set off: a box, key points.
    Panel(Panel<S>),
    /// A picture, or something shown as one, with a caption.
    Figure(Figure<S>),
    /// Cells in rows and columns.
    Table(Shared<Table<S>>),
    /// A formula on lines of its own.
    Equation(Box<Equation<S>>),
    /// A thematic break.
    Rule,
    /// The next block starts a page where there are pages.
    PageBreak,
    /// A group that only carries attributes (language, classes, an id).
    Group(Vec<Block<S>>),
    /// Kinds of this stage only.
    Stage(S::Block),
}

/// A bullet, numbered or task list.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct List<S: Stage> {
    /// Marker before each item.
    pub marker: ListMarker,
    /// Items without space between them.
    pub tight: bool,
    /// Items in reading order.
    pub items: Vec<ListItem<S>>,
}

/// Marker before the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListMarker {
    /// A bullet, whose shape depends on the level.
    Bullet,
    /// A bullet list that shows no bullets (HTML `list-style: none`).
    Plain,
    /// Numbers or letters that count on.
    Ordered {
        /// The first item's number.
        start: u32,
        /// Digits, letters or Roman numerals.
        style: NumberStyle,
    },
}

/// How the items of a numbered list are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberStyle {
    /// 1, 2, 3.
    #[default]
    Decimal,
    /// a, b, c; after z comes aa.
    LowerAlpha,
    /// A, B, C; after Z comes AA.
    UpperAlpha,
    /// i, ii, iii.
    LowerRoman,
    /// I, II, III.
    UpperRoman,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct ListItem<S: Stage> {
    /// Whether a task is done; `None` for an ordinary item.
    pub task: Option<bool>,
    /// Content of the item.
    pub blocks: Vec<Block<S>>,
    /// The item with its marker.
    pub span: Span,
    /// Id, classes and language, as the author gave them.
    pub attrs: Attrs,
}

/// Terms and what they mean.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Definition<S: Stage> {
    /// One or more terms with a common definition (HTML `dt`).
    pub terms: Vec<Vec<Inline<S::Inlines>>>,
    /// One or more definitions (HTML `dd`).
    pub details: Vec<Vec<Block<S>>>,
    /// Span from the first term to the last definition.
    pub span: Span,
}

/// The kind of an admonition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdmonitionKind {
    /// `> [!NOTE]`: what is worth knowing.
    Note,
    /// `> [!TIP]`: what helps.
    Tip,
    /// `> [!IMPORTANT]`: what must be known.
    Important,
    /// `> [!WARNING]`: what may do harm.
    Warning,
    /// `> [!CAUTION]`: what an act may lead to.
    Caution,
}

/// A boxed part of the document with a role of its own.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Panel<S: Stage> {
    /// Role of the content.
    pub role: PanelRole,
    /// The author's; `None` where there is none.
    pub title: Option<Vec<Inline<S::Inlines>>>,
    /// Number and words by which references name it, as far as the stage knows them.
    pub label: S::Label,
    /// Content of the panel.
    pub blocks: Vec<Block<S>>,
}

/// The role of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PanelRole {
    /// Key points; the brief edition shows the first such panel.
    KeyPoints,
    /// A side matter, numbered where boxes are.
    Box,
    /// A recommendation of the institution.
    Recommendation,
    /// An example.
    Example,
}

/// Something shown apart, with a caption.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Figure<S: Stage> {
    /// Without the label ("Figure 3").
    pub caption: Option<Vec<Inline<S::Inlines>>>,
    /// Number and words by which references name it, as far as the stage knows them.
    pub label: S::Label,
    /// Usually a paragraph with one picture.
    pub blocks: Vec<Block<S>>,
}

/// A table on a grid.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Table<S: Stage> {
    /// Without the label ("Table 3").
    pub caption: Option<Vec<Inline<S::Inlines>>>,
    /// Number and words by which references name it, as far as the stage knows them.
    pub label: S::Label,
    /// Columns of the grid.
    pub columns: Vec<Column>,
    /// Header rows.
    pub head: Vec<Row<S>>,
    /// Rows below the header, as many as there are.
    pub body: Vec<Row<S>>,
    /// Whether it is on a landscape page, in editions with pages.
    pub landscape: bool,
}

impl<S: Stage> Table<S> {
    /// Alignment of a cell that starts in a column. A cell over several columns is centred, unless
    /// it is no header and its column is aligned at the start of lines.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
pub struct Column {
    /// `None` where the author leaves it to the content.
    pub align: Option<Align>,
}

/// How the lines of a cell are aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// Left where lines run from the left.
    Start,
    /// Centred.
    Center,
    /// Right where lines run from the left.
    End,
    /// Aligned on the decimal sign, which is the one in the column's figures. Set by resolution for
    /// columns of figures.
    Decimal(char),
}

/// A row of a table; cells that reach down from rows above are not in it.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Row<S: Stage> {
    /// Without places that a cell above or before covers.
    pub cells: Vec<Cell<S>>,
    /// The row in the source.
    pub span: Span,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Cell<S: Stage> {
    /// Content of the cell; empty for an empty cell.
    pub blocks: Vec<Block<S>>,
    /// Scope of a header cell; `None` for a data cell.
    pub header: Option<Scope>,
    /// Columns covered, at least 1.
    pub colspan: u16,
    /// Rows covered, at least 1.
    pub rowspan: u16,
    /// Overrides the column's.
    pub align: Option<Align>,
    /// The cell in the source.
    pub span: Span,
    /// Id, classes and language, as the author gave them.
    pub attrs: Attrs,
}

/// The scope of a header cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Header of the cells below it.
    Column,
    /// Header of the cells after it in the row.
    Row,
}

/// The kind of an inline.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum InlineKind<S: InlineStage> {
    /// Characters as readers see them; escapes and entities are read.
    Text(String),
    /// A line ending in the source; a space on the page.
    SoftBreak,
    /// A line ending that is meant.
    LineBreak,
    /// A piece of code in a line; keeps its spaces.
    Code(String),
    /// A formula in a line.
    Math(Box<Formula>),
    /// Stress (HTML `em`): italic.
    Emphasis(Vec<Inline<S>>),
    /// Weight (HTML `strong`): bold.
    Strong(Vec<Inline<S>>),
    /// Content that is no longer valid (HTML `s`).
    Strikethrough(Vec<Inline<S>>),
    /// Raised and small (HTML `sup`).
    Superscript(Vec<Inline<S>>),
    /// Lowered and small (HTML `sub`).
    Subscript(Vec<Inline<S>>),
    /// A line below without a meaning that is known (HTML `u`).
    Underline(Vec<Inline<S>>),
    /// Marked for the reader (`<mark>`).
    Highlight(Vec<Inline<S>>),
    /// Content that the author marks as added (HTML `ins`).
    Inserted(Vec<Inline<S>>),
    /// Content that the author marks as removed (HTML `del`).
    Deleted(Vec<Inline<S>>),
    /// Side remarks (HTML `small`).
    Small(Vec<Inline<S>>),
    /// A quotation in the text; the language's quotation marks go round it.
    Quoted(Vec<Inline<S>>),
    /// The title of a work.
    CitedTitle(Vec<Inline<S>>),
    /// The place where a term is defined.
    DefinedTerm(Vec<Inline<S>>),
    /// Keys to press (HTML `kbd`).
    Keyboard(Vec<Inline<S>>),
    /// Only carries attributes (language, classes, an id).
    Span(Vec<Inline<S>>),
    /// A short form, with the long one for those who ask (HTML `abbr`).
    Abbreviation {
        /// The short form.
        content: Vec<Inline<S>>,
        /// The long form.
        expansion: String,
    },
    /// Words that lead somewhere.
    Link {
        /// An address as written; after resolution, where it leads.
        target: S::Target,
        /// The advisory title after the address.
        title: Option<String>,
        /// The words that lead there.
        content: Vec<Inline<S>>,
    },
    /// A picture in a line.
    Image(Image<S>),
    /// A reference to a footnote.
    Note(S::Note),
    /// Words that differ between two versions of the document.
    Change {
        /// Change of the words.
        change: S::Change,
        /// The words.
        content: Vec<Inline<S>>,
    },
    /// Kinds of this stage only.
    Stage(S::Inline),
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Image<S: InlineStage> {
    /// An address as written; after resolution, which of the document's pictures.
    pub picture: S::Picture,
    /// Alternative text. `None`: the author gave none. Decorative pictures
    /// carry the class `decorative`.
    pub alt: Option<String>,
    /// Becomes the caption of a picture that stands alone.
    pub title: Option<String>,
    /// The author's wish, as far as the stage knows it.
    pub width: S::PictureWidth,
}

impl<S: InlineStage> Image<S> {
    /// Alternative text of the picture; `None` if the author gives none. A title is a caption and
    /// does not count.
    pub fn alternative(&self) -> Option<&str> {
        self.alt.as_deref().filter(|alt| !alt.trim().is_empty())
    }
}
