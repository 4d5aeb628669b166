//! How editions of each format say what a document says: one table, which the one walk over the
//! document reads.

use crate::format::Format;

/// The conventions of a format's editions.
#[derive(Debug)]
pub struct Conventions {
    /// Format, which affects addresses and content for some formats only.
    pub format: Format,
    /// Whether key points, the first paragraph and the outline stand for the text.
    pub is_brief: bool,
    /// Whether it is plain text: formatting is spelled out, tables can be written row by row, and
    /// links are listed at the end. Letters and digits are compared.
    pub is_text: bool,
    /// Whether links lead to files beside the edition.
    pub leads_beside: bool,
    /// Whether abbreviations are listed after the text.
    pub lists_abbreviations: bool,
    /// Whether members of a collection are described.
    pub describes_members: bool,
    /// Whether lists of figures and tables repeat captions unchanged.
    pub repeats_captions: bool,
    /// How many of the links up, back and on to other documents there are; in text editions after
    /// the notes and else before them.
    pub navigation_links: usize,
    /// Whether notes are after the text under a title, and not at the foot of the page or in their
    /// places.
    pub titles_notes: bool,
    /// Whether the numbers of lists are part of the edition. Where they are not, the browser or
    /// the stylesheet adds them.
    pub numbers_items: bool,
    /// Marks of done and open items; words if there are no signs.
    pub tasks: Option<[&'static str; 2]>,
    /// Whether elements say what others say in words: quotation marks, which admonition it is, and
    /// numbers and titles of figures, tables and equations, which are before them, as the source of
    /// a quotation does.
    pub by_elements: bool,
    /// Whether a picture is an element of the structure: it parts words even where it says
    /// nothing, and its title can name it.
    pub structures_pictures: bool,
    pub formulas: Formulas,
    pub changes: Changes,
    /// Whether charts are drawn.
    pub draws_charts: bool,
}

/// How formulas are written as words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formulas {
    /// Alternative text and MathML.
    MathMl,
    /// Spoken text, and the signs on the page.
    Spoken,
    /// Word's tree of the formula.
    Word,
    /// Written in lines.
    Written,
}

/// How the ends of a change are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changes {
    /// An element for each kind, and words.
    Words,
    /// Elements for insertions and deletions, and words.
    Elements,
    /// Attributes with the version that made the change.
    Version,
    /// Signs only.
    Signs,
}

const HTML: Conventions = Conventions {
    format: Format::Html,
    is_brief: false,
    is_text: false,
    leads_beside: true,
    lists_abbreviations: false,
    describes_members: true,
    repeats_captions: false,
    navigation_links: 0,
    titles_notes: true,
    numbers_items: false,
    tasks: None,
    by_elements: false,
    structures_pictures: false,
    formulas: Formulas::MathMl,
    changes: Changes::Words,
    draws_charts: true,
};

const EPUB: Conventions = Conventions { format: Format::Epub, leads_beside: false, ..HTML };

const PDF: Conventions = Conventions {
    format: Format::Pdf,
    describes_members: false,
    navigation_links: 1,
    titles_notes: false,
    numbers_items: true,
    structures_pictures: true,
    formulas: Formulas::Spoken,
    changes: Changes::Elements,
    ..HTML
};

const DOCBOOK: Conventions = Conventions {
    format: Format::Docbook,
    lists_abbreviations: true,
    navigation_links: 3,
    titles_notes: false,
    tasks: Some(["☒", "☐"]),
    by_elements: true,
    changes: Changes::Version,
    ..HTML
};

const TEXT: Conventions = Conventions {
    format: Format::Text,
    is_text: true,
    lists_abbreviations: true,
    navigation_links: 3,
    numbers_items: true,
    tasks: Some(["x", ""]),
    formulas: Formulas::Written,
    changes: Changes::Signs,
    draws_charts: false,
    ..HTML
};

const BRIEF: Conventions = Conventions { format: Format::Brief, is_brief: true, ..TEXT };

const DOCX: Conventions = Conventions {
    format: Format::Docx,
    lists_abbreviations: true,
    repeats_captions: true,
    navigation_links: 1,
    titles_notes: false,
    numbers_items: true,
    tasks: Some(["☒", "☐"]),
    formulas: Formulas::Word,
    changes: Changes::Signs,
    draws_charts: false,
    ..HTML
};

const PANDOC: Conventions = Conventions {
    format: Format::Pandoc,
    titles_notes: false,
    formulas: Formulas::Written,
    changes: Changes::Signs,
    draws_charts: false,
    ..HTML
};

impl Conventions {
    /// The conventions of a format.
    pub fn for_format(format: Format) -> &'static Conventions {
        match format {
            Format::Pdf => &PDF,
            Format::Html => &HTML,
            Format::Docbook => &DOCBOOK,
            Format::Text => &TEXT,
            Format::Brief => &BRIEF,
            Format::Pandoc => &PANDOC,
            Format::Docx => &DOCX,
            Format::Epub => &EPUB,
        }
    }
}
