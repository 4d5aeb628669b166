//! The parts of a formula as Office Math joins them.

use crate::ast::{Class, Math, OperatorSize, ScriptPosition, is_sign};

/// Space wider than this, in eighteenths of an em, parts what is summed from what follows.
const WIDE: i16 = 18;

/// A subscript and a superscript.
pub type Scripts<'m> = [Option<&'m [Math]>; 2];

/// A part of a row.
#[derive(Debug)]
pub enum Part<'m> {
    One(&'m Math),
    /// Content between two delimiters that are separate signs.
    Enclosed {
        open: &'m str,
        content: Vec<Part<'m>>,
        close: &'m str,
        /// Whether the delimiters are as high as their content.
        grows: bool,
        scripts: Option<Scripts<'m>>,
    },
}

/// The parts of a row. Groups have no sign and are opened; delimiters enclose what is
/// between them.
pub fn parts(content: &[Math]) -> Vec<Part<'_>> {
    let mut row = Vec::with_capacity(content.len());
    open_groups(content, &mut row);
    let mut parts = Vec::with_capacity(row.len());
    let mut outer: Vec<(&Math, &str, Vec<Part>)> = Vec::new();
    for math in row {
        if let Some(open) = opens(math) {
            outer.push((math, open, std::mem::take(&mut parts)));
        } else if let Some((close, scripts)) = closes(math)
            && let Some((first, open, before)) = outer.pop()
        {
            let content = std::mem::replace(&mut parts, before);
            let grows = matches!(first, Math::Operator { size: OperatorSize::Step(_), .. });
            parts.push(Part::Enclosed { open, content, close, grows, scripts });
        } else {
            parts.push(Part::One(math));
        }
    }
    while let Some((first, _, before)) = outer.pop() {
        let content = std::mem::replace(&mut parts, before);
        parts.push(Part::One(first));
        parts.extend(content);
    }
    parts
}

fn open_groups<'m>(content: &'m [Math], row: &mut Vec<&'m Math>) {
    for math in content {
        match math {
            Math::Group(content) => open_groups(content, row),
            other => row.push(other),
        }
    }
}

fn opens(math: &Math) -> Option<&str> {
    match math {
        Math::Operator { text, class: Class::Opening, .. } => Some(text),
        _ => None,
    }
}

/// A closing delimiter, with the scripts that are at it.
fn closes(math: &Math) -> Option<(&str, Option<Scripts<'_>>)> {
    match math {
        // Signs that are after, as that of a factorial, close nothing.
        Math::Operator { text, class: Class::Closing, .. } => {
            Some((text.as_str(), None)).filter(|(sign, _)| is_pair(sign))
        }
        Math::Scripts { base, below, above, position: ScriptPosition::Beside } => match closes(base) {
            Some((close, None)) => Some((close, Some([below.as_deref(), above.as_deref()]))),
            Some((_, Some(_))) | None => None,
        },
        _ => None,
    }
}

fn is_pair(sign: &str) -> bool {
    !matches!(sign, "!" | "?")
}

/// Whether a part is the name of a function: several small letters, as in `lim sup`.
pub fn is_function(math: &Math) -> bool {
    match math {
        Math::Identifier { text, .. } => crate::ast::is_function(text),
        _ => false,
    }
}

/// How many parts a sum reaches over: as far as the next sign that joins or relates.
pub fn reach(behind: &[Part]) -> usize {
    let stops = |(index, part): (usize, &Part)| match part {
        Part::One(Math::Operator { class, text, .. }) => match class {
            Class::Closing => is_pair(text),
            Class::Relation | Class::Punctuation | Class::Middle => true,
            Class::Binary => index > 0 && !is_sign(behind.get(index - 1).and_then(Part::math)),
            Class::Ordinary | Class::Large | Class::Opening => false,
        },
        Part::One(Math::Text(_)) => true,
        Part::One(Math::Space(width)) => *width >= WIDE,
        Part::One(_) | Part::Enclosed { .. } => false,
    };
    behind.iter().enumerate().position(stops).unwrap_or(behind.len())
}

/// How many parts a function is applied to.
pub fn applied(behind: &[Part]) -> usize {
    let rest = behind.get(1..).unwrap_or_default();
    let Some(first) = behind.first() else { return 0 };
    let Part::One(math) = first else { return 1 };
    let base = match math {
        Math::Scripts { base, .. } => base,
        other => *other,
    };
    match base {
        Math::Space(_) | Math::Text(_) => 0,
        Math::Operator { class: Class::Large, .. } => 1 + reach(rest),
        Math::Operator { .. } => 0,
        name if is_function(name) => 1 + applied(rest),
        _ => 1,
    }
}

impl<'m> Part<'m> {
    /// The part, where it is one of the formula's own.
    pub fn math(&self) -> Option<&'m Math> {
        match self {
            Part::One(math) => Some(math),
            Part::Enclosed { .. } => None,
        }
    }

    /// Whether it is a sign that joins or relates.
    pub fn joins(&self) -> bool {
        matches!(self, Part::One(Math::Operator { class: Class::Binary | Class::Relation, .. }))
    }

    /// Whether it can be before a number as its sign.
    pub fn is_sign(&self) -> bool {
        matches!(self, Part::One(Math::Operator { text, .. }) if matches!(text.as_str(), "+" | "−" | "±" | "∓"))
    }
}
