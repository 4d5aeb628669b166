//! Formulas as words, to compare those of editions: their signs, with the structure of fractions,
//! scripts and marks.

use crate::ast::{Class, Math, ScriptPosition, TableKind};

/// The words of a document's formula.
pub fn said(content: &[Math]) -> String {
    content.iter().map(part).collect()
}

fn part(math: &Math) -> String {
    let argument = |content: &[Math]| format!("{{{}}}", said(content));
    let maybe = |content: Option<&Vec<Math>>| content.map(|content| argument(content)).unwrap_or_default();
    match math {
        Math::Identifier { text, .. } | Math::Number(text) | Math::Text(text) | Math::Operator { text, .. } => {
            text.split_whitespace().collect()
        }
        Math::Space(_) => String::new(),
        Math::Group(content) | Math::Style { content, .. } => said(content),
        Math::Fraction { numerator, denominator, .. } => {
            format!("frac{}{}", argument(numerator), argument(denominator))
        }
        Math::Root { radicand, degree } => format!("root{}{}", argument(radicand), maybe(degree.as_ref())),
        Math::Scripts { base, below, above, .. } => {
            let scripts = [("sub", below), ("sup", above)].into_iter().filter(|(_, script)| script.is_some());
            let names: String = scripts.map(|(name, _)| name).collect();
            format!("{names}{{{}}}{}{}", part(base), maybe(below.as_ref()), maybe(above.as_ref()))
        }
        Math::Accent { base, mark, below, .. } => {
            format!("{}{}{{{mark}}}", if *below { "sub" } else { "sup" }, argument(base))
        }
        Math::Fenced { open, content, close } => format!("{open}{}{close}", said(content)),
        Math::Table { rows, .. } => {
            let cells = |row: &Vec<Vec<Math>>| row.iter().map(|cell| argument(cell)).collect::<String>();
            rows.iter().map(|row| format!("row{}", cells(row))).collect()
        }
    }
}

/// The words of a formula as Word stores it: rows have cells in every column, and marks above and
/// below have the same base.
pub fn said_in_word(content: &[Math]) -> String {
    let mut content = content.to_vec();
    as_in_word(&mut content);
    said(&content)
}

fn as_in_word(content: &mut Vec<Math>) {
    for math in content {
        math.rows_mut().into_iter().for_each(as_in_word);
        match math {
            Math::Scripts { base, below, above: Some(_), position } if below.is_none() => {
                while let Math::Group(inner) = base.as_mut()
                    && let [_] = inner.as_slice()
                    && let Some(only) = inner.pop()
                {
                    **base = only;
                }
                if let Math::Scripts { base: inner, below: under, above: None, position: inner_position } =
                    base.as_mut()
                    && *inner_position != ScriptPosition::Beside
                    && *position != ScriptPosition::Beside
                    && !is_large(inner)
                {
                    *below = under.take();
                    let inner = std::mem::replace(inner.as_mut(), Math::Space(0));
                    **base = inner;
                }
            }
            Math::Table { kind: TableKind::Matrix | TableKind::Cases, rows } => {
                let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
                rows.iter_mut().for_each(|row| row.resize(columns, Vec::new()));
            }
            _ => {}
        }
    }
}

/// Whether limits belong to a sum, which Word has an element of its own for.
fn is_large(math: &Math) -> bool {
    match math {
        Math::Operator { text, class, .. } => {
            *class == Class::Large && matches!(text.as_str(), "∑" | "∏" | "∐" | "∫" | "∬" | "∭" | "∮" | "∯" | "∰")
        }
        Math::Group(content) => matches!(content.as_slice(), [only] if is_large(only)),
        _ => false,
    }
}

/// Reads MathML, element by element.
#[derive(Debug, Default)]
pub struct MathMl {
    /// Elements that are open, with what they said so far.
    open: Vec<(String, Vec<String>)>,
}

impl MathMl {
    /// Whether a formula is open.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// An element starts.
    pub fn start(&mut self, name: &str) {
        self.open.push((bare(name).to_owned(), Vec::new()));
    }

    /// Text is here.
    pub fn text(&mut self, text: &str) {
        if let Some((_, said)) = self.open.last_mut() {
            said.push(text.split_whitespace().collect());
        }
    }

    /// An element ends; what the formula said, where it ends with it.
    pub fn end(&mut self) -> Option<String> {
        let (name, children) = self.open.pop()?;
        let argument = |place: usize| children.get(place).map(|said| format!("{{{said}}}")).unwrap_or_default();
        let all = || children.concat();
        let said = match name.as_str() {
            "mfrac" => format!("frac{}{}", argument(0), argument(1)),
            "msqrt" => format!("root{{{}}}", all()),
            "mroot" => format!("root{}{}", argument(0), argument(1)),
            "msub" | "munder" => format!("sub{}{}", argument(0), argument(1)),
            "msup" | "mover" => format!("sup{}{}", argument(0), argument(1)),
            "msubsup" | "munderover" => format!("subsup{}{}{}", argument(0), argument(1), argument(2)),
            "mtr" => format!("row{}", all()),
            "mtd" => format!("{{{}}}", all()),
            _ => all(),
        };
        match self.open.last_mut() {
            Some((_, outer)) => {
                outer.push(said);
                None
            }
            None => Some(said),
        }
    }
}

/// The name of an element without its prefix.
fn bare(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
