//! The space between the parts of a formula (The TeXbook, chapter 18).

use crate::ast::{Class, Math, is_function};

/// The class of a part, which determines the space beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Ordinary,
    Large,
    Binary,
    Relation,
    Opening,
    Closing,
    Punctuation,
    /// Fractions, and what delimiters hold.
    Inner,
}

/// Eighteenths of an em.
const THIN: f32 = 3.0;
const MEDIUM: f32 = 4.0;
const THICK: f32 = 5.0;

/// The class of a part; `None` for space, which does not affect its neighbours.
pub fn kind(part: &Math) -> Option<Kind> {
    Some(match part {
        Math::Space(_) => return None,
        Math::Operator { class, .. } => match class {
            Class::Ordinary | Class::Middle => Kind::Ordinary,
            Class::Large => Kind::Large,
            Class::Binary => Kind::Binary,
            Class::Relation => Kind::Relation,
            Class::Opening => Kind::Opening,
            Class::Closing => Kind::Closing,
            Class::Punctuation => Kind::Punctuation,
        },
        // Space separates names of functions from their arguments.
        Math::Identifier { text, upright: true } if is_function(text) => Kind::Large,
        Math::Fraction { .. } | Math::Fenced { .. } => Kind::Inner,
        Math::Scripts { base, .. } => kind(base)?,
        Math::Identifier { .. }
        | Math::Number(_)
        | Math::Text(_)
        | Math::Group(_)
        | Math::Root { .. }
        | Math::Accent { .. }
        | Math::Table { .. }
        | Math::Style { .. } => Kind::Ordinary,
    })
}

/// The classes of the parts of a row: an operator that joins nothing is an ordinary sign (appendix
/// G, rules 5 and 6).
pub fn kinds(content: &[Math], before: Option<Kind>) -> Vec<Option<Kind>> {
    let mut kinds: Vec<Option<Kind>> = content.iter().map(kind).collect();
    let mut last = before;
    for number in 0..kinds.len() {
        let next = kinds.get(number + 1..).and_then(|rest| rest.iter().flatten().next().copied());
        let Some(Some(own)) = kinds.get_mut(number) else { continue };
        let joins_nothing = match last {
            None => true,
            Some(last) => {
                matches!(last, Kind::Binary | Kind::Large | Kind::Relation | Kind::Opening | Kind::Punctuation)
            }
        };
        // A name that is of nothing is no function but a unit or the like: kg.
        let is_of_nothing = !matches!(next, Some(Kind::Ordinary | Kind::Large | Kind::Opening | Kind::Inner));
        if *own == Kind::Large && is_of_nothing && matches!(content.get(number), Some(Math::Identifier { .. })) {
            *own = Kind::Ordinary;
        }
        let is_last = matches!(next, None | Some(Kind::Relation | Kind::Closing | Kind::Punctuation));
        if *own == Kind::Binary && (joins_nothing || is_last) {
            *own = Kind::Ordinary;
        }
        last = Some(*own);
    }
    kinds
}

/// The space between two parts in ems; in scripts most have none.
pub fn between(left: Kind, right: Kind, in_script: bool) -> f32 {
    use Kind::{Binary, Closing, Inner, Large, Opening, Ordinary, Punctuation, Relation};
    let (space, everywhere) = match (left, right) {
        (Opening, _) | (_, Closing | Punctuation) if left != Punctuation && left != Inner => (0.0, true),
        (Ordinary | Closing | Inner, Large) | (Large, Ordinary | Large) => (THIN, true),
        (Inner, Closing) => (0.0, true),
        (Inner, Ordinary | Opening | Punctuation | Inner) => (THIN, false),
        (Punctuation, _) => (THIN, false),
        (_, Binary) | (Binary, _) => (MEDIUM, false),
        (Relation, Relation) => (0.0, true),
        (_, Relation) | (Relation, _) => (THICK, false),
        (Ordinary | Closing | Large, Inner) => (THIN, false),
        (Ordinary | Closing | Large, _) => (0.0, true),
        (Opening, _) => (0.0, true),
    };
    if in_script && !everywhere { 0.0 } else { space / 18.0 }
}
