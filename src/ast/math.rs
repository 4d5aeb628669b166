//! Formulas as a tree: what they say, apart from how LaTeX or MathML write it.

mod alphabet;
mod linear;
mod signs;

pub use alphabet::{Alphabet, letter, plain_letter};
pub use linear::{combining, linear, lines};
pub use signs::{accent, drawn, is_seen, signs};

use super::Stage;

/// A formula.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Formula {
    /// Source of the formula in LaTeX, as written.
    pub source: String,
    /// Its parts in reading order.
    pub content: Vec<Math>,
    /// The author's own words for it.
    pub alt: Option<String>,
}

impl Formula {
    /// Alternative text of the formula: the author's words, else its signs in linear form.
    pub fn spoken_text(&self) -> String {
        self.alt.clone().unwrap_or_else(|| linear(&self.content))
    }
}

/// A formula on lines of its own.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Equation<S: Stage> {
    /// The formula on lines of its own.
    pub formula: Formula,
    /// Number and words by which references name it, as far as the stage knows them.
    pub label: S::Label,
}

/// A part of a formula.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Math {
    /// A letter, or a name of several (`sin`). A letter leans unless it is upright.
    Identifier {
        /// The name's characters, already in the alphabet that was asked for.
        text: String,
        /// Set upright: MathML's `mathvariant="normal"`.
        upright: bool,
    },
    /// A number with its signs, as written: digits, and the point or comma among them.
    Number(String),
    /// A sign that relates, joins or encloses: MathML's `mo`.
    Operator {
        /// The sign, or a name such as `lim`.
        text: String,
        /// Class, which determines the space on both sides.
        class: Class,
        /// Size, which determines the height.
        size: OperatorSize,
    },
    /// Words of the language around the formula.
    Text(String),
    /// Space in eighteenths of an em; negative draws together.
    Space(i16),
    /// A group without visible delimiters.
    Group(Vec<Math>),
    /// One formula over another.
    Fraction {
        /// The part above the bar.
        numerator: Vec<Math>,
        /// The part below the bar.
        denominator: Vec<Math>,
        /// Without one, as in binomial coefficients, only the places say it.
        bar: bool,
        /// Display size (`true`) or inline size (`false`); `None` for that of the surroundings.
        display: Option<bool>,
    },
    /// A square root, or a root of any degree.
    Root {
        /// The part under the root sign.
        radicand: Vec<Math>,
        /// `None` for a square root.
        degree: Option<Vec<Math>>,
    },
    /// A base with what is written small above or below it.
    Scripts {
        /// Base of the scripts; an empty group if there is none.
        base: Box<Math>,
        /// The subscript, or the lower limit.
        below: Option<Vec<Math>>,
        /// The superscript, or the upper limit.
        above: Option<Vec<Math>>,
        /// Position of the scripts: after the base, or over and under it.
        position: ScriptPosition,
    },
    /// A mark over or under something.
    Accent {
        /// Base of the mark.
        base: Vec<Math>,
        /// The mark as a character of its own, without a base.
        mark: char,
        /// Whether it is under the base instead of over it.
        below: bool,
        /// Whether it stretches to the width of the base: braces, lines, wide hats.
        stretchy: bool,
    },
    /// Delimiters as high as what they hold. Either may be empty.
    Fenced {
        /// The opening delimiter; empty for `\left.`.
        open: String,
        /// Enclosed content.
        content: Vec<Math>,
        /// The closing delimiter; empty for `\right.`.
        close: String,
    },
    /// Rows of cells: a matrix, cases or aligned lines.
    Table {
        /// Kind, which determines alignment and delimiters.
        kind: TableKind,
        /// Rows of cells.
        rows: Vec<Vec<Vec<Math>>>,
    },
    /// A change between display size and inline size.
    Style {
        /// `true` for `\displaystyle`, `false` for `\textstyle`.
        display: bool,
        /// Content in that size.
        content: Vec<Math>,
    },
}

/// How an operator is spaced (The TeXbook, chapter 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A variable or a sign without space of its own.
    Ordinary,
    /// Sums and integrals.
    Large,
    /// Joins two terms, as plus does: medium space.
    Binary,
    /// Relates two sides, as the sign of equality does: thick space.
    Relation,
    /// An opening delimiter: no space after it.
    Opening,
    /// A closing delimiter: no space before it.
    Closing,
    /// A comma or semicolon: thin space after it.
    Punctuation,
    /// A delimiter as high as those around it (`\middle`).
    Middle,
}

/// How large an operator is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OperatorSize {
    /// The natural size of the font's glyph.
    #[default]
    Own,
    /// A step that the author asked for, 1 to 4 (`\big` to `\Bigg`).
    Step(u8),
}

/// The position of scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScriptPosition {
    /// After the base.
    Beside,
    /// Over and under it.
    Stacked,
    /// Over and under it on lines of their own, after it in a line.
    Movable,
}

/// The purpose of a table's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// Cells in the middle of their columns.
    Matrix,
    /// Cells at the start of their columns.
    Cases,
    /// Columns right and left of where they touch, in turn.
    Aligned,
    /// Rows one over the other, in the middle.
    Gathered,
}

impl Math {
    /// An operator of its own size.
    pub fn operator(text: impl Into<String>, class: Class) -> Math {
        Math::Operator { text: text.into(), class, size: OperatorSize::Own }
    }

    /// The rows of parts inside, in reading order.
    pub fn rows(&self) -> Vec<&[Math]> {
        match self {
            Math::Identifier { .. } | Math::Number(_) | Math::Operator { .. } | Math::Text(_) | Math::Space(_) => {
                Vec::new()
            }
            Math::Group(content) | Math::Style { content, .. } | Math::Fenced { content, .. } => vec![content],
            Math::Accent { base, .. } => vec![base],
            Math::Fraction { numerator, denominator, .. } => vec![numerator, denominator],
            Math::Root { radicand, degree } => degree.iter().chain([radicand]).map(Vec::as_slice).collect(),
            Math::Scripts { base, below, above, .. } => {
                let scripts = below.iter().chain(above).map(Vec::as_slice);
                [std::slice::from_ref(base.as_ref())].into_iter().chain(scripts).collect()
            }
            Math::Table { rows, .. } => rows.iter().flatten().map(Vec::as_slice).collect(),
        }
    }

    /// The rows in it, to change them.
    pub fn rows_mut(&mut self) -> Vec<&mut Vec<Math>> {
        match self {
            Math::Identifier { .. } | Math::Number(_) | Math::Operator { .. } | Math::Text(_) | Math::Space(_) => {
                Vec::new()
            }
            Math::Group(content) | Math::Style { content, .. } | Math::Fenced { content, .. } => vec![content],
            Math::Accent { base, .. } => vec![base],
            Math::Fraction { numerator, denominator, .. } => vec![numerator, denominator],
            Math::Root { radicand, degree } => degree.iter_mut().chain([radicand]).collect(),
            Math::Scripts { base, below, above, .. } => {
                let inside = base.rows_mut();
                inside.into_iter().chain(below).chain(above).collect()
            }
            Math::Table { rows, .. } => rows.iter_mut().flatten().collect(),
        }
    }
}

/// Whether a name is that of a function, which stands apart from what it is of: several small
/// letters, as in `lim sup`.
pub fn is_function(name: &str) -> bool {
    name.chars().nth(1).is_some() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == ' ')
}

/// Whether an operator at this place is a sign of what follows, as in −1: nothing that it could
/// join is before it.
pub fn is_sign(before: Option<&Math>) -> bool {
    match before {
        None => true,
        Some(Math::Operator { class, .. }) => {
            matches!(class, Class::Binary | Class::Relation | Class::Opening | Class::Punctuation | Class::Large)
        }
        Some(_) => false,
    }
}
