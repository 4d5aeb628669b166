//! Which style each part of a document has; what the styles look like, the style
//! table of the theme says. Word's own names are used where it has one, so that its lists of
//! contents, its navigation and other programs know what a paragraph is.

use super::order::Property;
use crate::language::Direction;
use crate::theme::{Color, FontFamily, FontsTheme, ParagraphRole, Pt};
use std::collections::BTreeSet;

/// Indent of a level of lists and of what they hold, in points.
pub const INDENT: Pt = 20.0;
/// Word has as many levels of headings and of contents.
pub const LEVELS: u8 = 9;
/// Word has as many built-in styles for levels of lists.
pub const LIST_STYLES: u8 = 5;

/// The role of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Body,
    Title,
    Subtitle,
    Banner,
    ControlTitle,
    /// A heading's level, from 1.
    Heading(u8),
    /// The title of a list that was made from the document.
    ListingTitle,
    /// An entry of the contents, from 1.
    Contents(u8),
    /// An entry of a list of figures or tables.
    Captions,
    Entry,
    Bibliography,
    Bullet,
    Number,
    Plain,
    Task,
    /// Further paragraphs of an item.
    Continued,
    Numbered,
    Term,
    Definition,
    Quote,
    Attribution,
    Code,
    Caption,
    Figure,
    Equation,
    Cell,
    HeaderCell,
    PanelTitle,
    WarningTitle,
    Note,
    Header,
    Footer,
    Rule,
    /// After a table that ends a cell, or is before another: Word wants a paragraph there. It also
    /// keeps the text that follows apart from a table.
    TableEnd,
    /// Holds the properties of the section that it ends.
    SectionEnd,
}

/// How lines of a paragraph are aligned, where the style leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alignment {
    Start,
    Center,
    End,
}

/// A paragraph style: a role, and what differs where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Style {
    pub role: Role,
    /// How many lists, definitions and quotations are open.
    pub depth: u8,
    /// Whether it is in a cell of a table, where type is smaller.
    pub in_table: bool,
    pub align: Alignment,
}

impl Role {
    /// Whether it has space above it, however close the preceding paragraph ends.
    pub fn has_room(self) -> bool {
        match self {
            Role::Title
            | Role::ControlTitle
            | Role::Heading(_)
            | Role::ListingTitle
            | Role::Code
            | Role::Caption
            | Role::Figure
            | Role::Equation
            | Role::Rule
            | Role::TableEnd
            | Role::SectionEnd => true,
            Role::Body
            | Role::Subtitle
            | Role::Banner
            | Role::Contents(_)
            | Role::Captions
            | Role::Entry
            | Role::Bibliography
            | Role::Bullet
            | Role::Number
            | Role::Plain
            | Role::Task
            | Role::Continued
            | Role::Numbered
            | Role::Term
            | Role::Definition
            | Role::Quote
            | Role::Attribution
            | Role::Cell
            | Role::HeaderCell
            | Role::PanelTitle
            | Role::WarningTitle
            | Role::Note
            | Role::Header
            | Role::Footer => false,
        }
    }
}

impl Style {
    /// The style of a role at the margin.
    pub fn for_role(role: Role) -> Style {
        Style { role, depth: 0, in_table: false, align: Alignment::Start }
    }

    /// Its id.
    pub fn id(self) -> String {
        self.name().split(' ').map(capitalized).collect()
    }

    /// Its name. Lists name their first level by themselves.
    pub fn name(self) -> String {
        let mut name = self.role.name();
        let level = if self.role.is_list() { self.depth } else { self.depth.saturating_add(1) };
        if level > 1 {
            name.push_str(&format!(" {level}"));
        }
        if self.in_table && !self.role.is_cell() {
            name.push_str(" in Table");
        }
        match self.align {
            Alignment::Start => {}
            Alignment::Center => name.push_str(" Centered"),
            Alignment::End => name.push_str(" Right"),
        }
        name
    }

    /// Whether it is written in every document.
    pub fn is_base(self) -> bool {
        self == Style::for_role(self.role)
            || (self.role.is_list() && self == Style { depth: 1, ..Style::for_role(self.role) })
    }

    /// Where its lines begin, in points.
    pub fn indent(self) -> Pt {
        Pt::from(self.depth) * INDENT
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Role {
    /// The name of the style. Built-in ones are written as Word stores them
    /// (ECMA-376, part 1, 17.7.4.9).
    fn name(self) -> String {
        let name = match self {
            Role::Body => "Body Text",
            Role::Title => "Title",
            Role::Subtitle => "Subtitle",
            Role::Banner => "Banner",
            Role::ControlTitle => "Control Title",
            Role::Heading(level) => return format!("heading {level}"),
            Role::ListingTitle => "TOC Heading",
            Role::Contents(level) => return format!("toc {level}"),
            Role::Captions => "table of figures",
            Role::Entry => "List Entry",
            Role::Bibliography => "Bibliography",
            Role::Bullet => "List Bullet",
            Role::Number => "List Number",
            Role::Plain => "List",
            Role::Task => "List Task",
            Role::Continued => "List Continue",
            Role::Numbered => "Numbered Paragraph",
            Role::Term => "Definition Term",
            Role::Definition => "Definition",
            Role::Quote => "Quote",
            Role::Attribution => "Quote Attribution",
            Role::Code => "HTML Preformatted",
            Role::Caption => "caption",
            Role::Figure => "Figure",
            Role::Equation => "Equation",
            Role::Cell => "Table Text",
            Role::HeaderCell => "Table Heading",
            Role::PanelTitle => "Panel Title",
            Role::WarningTitle => "Warning Title",
            Role::Note => "footnote text",
            Role::Header => "header",
            Role::Footer => "footer",
            Role::Rule => "Horizontal Rule",
            Role::TableEnd => "Table End",
            Role::SectionEnd => "Section End",
        };
        name.to_owned()
    }

    /// Its row of the style table; `None` for lines that only Word has.
    pub fn in_style_table(self) -> Option<ParagraphRole> {
        Some(match self {
            Role::Body | Role::Numbered => ParagraphRole::Body,
            Role::Title => ParagraphRole::Title,
            Role::Subtitle => ParagraphRole::Subtitle,
            Role::Banner => ParagraphRole::Banner,
            Role::ControlTitle => ParagraphRole::ControlTitle,
            Role::Heading(level) => ParagraphRole::Heading(level),
            Role::ListingTitle => ParagraphRole::Heading(1),
            Role::Contents(level) => ParagraphRole::Contents(level),
            Role::Captions => ParagraphRole::FigureEntry,
            Role::Entry | Role::Bibliography => ParagraphRole::ListingEntry,
            Role::Bullet | Role::Number | Role::Plain | Role::Task | Role::Continued => ParagraphRole::ListItem,
            Role::Term => ParagraphRole::Term,
            Role::Definition => ParagraphRole::Definition,
            Role::Quote => ParagraphRole::Quote,
            Role::Attribution => ParagraphRole::Attribution,
            Role::Code => ParagraphRole::Code,
            Role::Caption => ParagraphRole::Caption,
            Role::Figure => ParagraphRole::Figure,
            Role::Equation => ParagraphRole::Equation,
            Role::Cell => ParagraphRole::Cell,
            Role::HeaderCell => ParagraphRole::HeaderCell,
            Role::PanelTitle => ParagraphRole::PanelTitle,
            Role::WarningTitle => ParagraphRole::WarningTitle,
            Role::Note => ParagraphRole::Note,
            Role::Header | Role::Footer => ParagraphRole::Furniture,
            Role::Rule => ParagraphRole::Rule,
            Role::TableEnd | Role::SectionEnd => return None,
        })
    }

    /// Whether its styles are numbered by the level of the list.
    pub fn is_list(self) -> bool {
        matches!(self, Role::Bullet | Role::Number | Role::Plain | Role::Task | Role::Continued)
    }

    /// Whether its styles are those of cells.
    pub fn is_cell(self) -> bool {
        matches!(self, Role::Cell | Role::HeaderCell | Role::TableEnd)
    }

    /// Every role.
    pub fn all() -> impl Iterator<Item = Role> {
        const OTHERS: [Role; 33] = [
            Role::Body,
            Role::Title,
            Role::Subtitle,
            Role::Banner,
            Role::ControlTitle,
            Role::ListingTitle,
            Role::Captions,
            Role::Entry,
            Role::Bibliography,
            Role::Bullet,
            Role::Number,
            Role::Plain,
            Role::Task,
            Role::Continued,
            Role::Numbered,
            Role::Term,
            Role::Definition,
            Role::Quote,
            Role::Attribution,
            Role::Code,
            Role::Caption,
            Role::Figure,
            Role::Equation,
            Role::Cell,
            Role::HeaderCell,
            Role::PanelTitle,
            Role::WarningTitle,
            Role::Note,
            Role::Header,
            Role::Footer,
            Role::Rule,
            Role::TableEnd,
            Role::SectionEnd,
        ];
        OTHERS.into_iter().chain((1..=LEVELS).flat_map(|level| [Role::Heading(level), Role::Contents(level)]))
    }
}

/// Character roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    Strong,
    Emphasis,
    Citation,
    Term,
    Code,
    Keyboard,
    Underline,
    Highlight,
    Inserted,
    Deleted,
    Struck,
    Small,
    Superscript,
    Subscript,
    Link,
    NoteNumber,
}

impl Mark {
    const fn name(self) -> &'static str {
        match self {
            Mark::Strong => "Strong",
            Mark::Emphasis => "Emphasis",
            Mark::Citation => "HTML Cite",
            Mark::Term => "HTML Definition",
            Mark::Code => "HTML Code",
            Mark::Keyboard => "HTML Keyboard",
            Mark::Underline => "Underline",
            Mark::Highlight => "Highlight",
            Mark::Inserted => "Inserted",
            Mark::Deleted => "Deleted",
            Mark::Struck => "Strikethrough",
            Mark::Small => "Small",
            Mark::Superscript => "Superscript",
            Mark::Subscript => "Subscript",
            Mark::Link => "Hyperlink",
            Mark::NoteNumber => "footnote reference",
        }
    }

    /// Every mark.
    pub const ALL: [Mark; 16] = [
        Mark::Strong,
        Mark::Emphasis,
        Mark::Citation,
        Mark::Term,
        Mark::Code,
        Mark::Keyboard,
        Mark::Underline,
        Mark::Highlight,
        Mark::Inserted,
        Mark::Deleted,
        Mark::Struck,
        Mark::Small,
        Mark::Superscript,
        Mark::Subscript,
        Mark::Link,
        Mark::NoteNumber,
    ];
}

/// The marks of a run. Word gives a run one style: marks that meet have a style
/// together.
pub type Marks = BTreeSet<Mark>;

/// The id of the style of some marks.
pub fn run_style(marks: &Marks) -> String {
    marks_name(marks).split(' ').map(capitalized).collect()
}

/// The name of a combination of character roles.
pub fn marks_name(marks: &Marks) -> String {
    marks.iter().map(|mark| mark.name()).collect::<Vec<_>>().join(" ")
}

/// The styles that a document uses, beside those that every document has.
#[derive(Debug, Default)]
pub struct Used {
    pub paragraphs: BTreeSet<Style>,
    pub runs: BTreeSet<Marks>,
}

/// Twentieths of a point.
pub fn twips(points: Pt) -> i64 {
    (points * 20.0).round() as i64
}

/// Half points.
pub fn half_points(points: Pt) -> i64 {
    (points * 2.0).round() as i64
}

/// A colour as Word writes it.
pub fn hexadecimal(color: Color) -> String {
    color.to_string().trim_start_matches('#').to_uppercase()
}

/// The name of a family where it is installed.
pub fn family_name(family: FontFamily, fonts: &FontsTheme) -> String {
    match family {
        FontFamily::SourceSerif => "Source Serif 4".to_owned(),
        FontFamily::SourceSans => "Source Sans 3".to_owned(),
        FontFamily::SourceCode => "Source Code Pro".to_owned(),
        FontFamily::Own(index) => fonts.own.get(usize::from(index)).map(|own| own.name.clone()).unwrap_or_default(),
    }
}

/// The language of words, for both directions.
pub fn lang(tag: &str) -> Property {
    let attribute = match Direction::for_language(tag) {
        Direction::LeftToRight => "w:val",
        Direction::RightToLeft => "w:bidi",
    };
    Property::new("w:lang").with(attribute, tag)
}
