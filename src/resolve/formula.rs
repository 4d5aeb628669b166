//! Numbers in formulas, in the way of the document's language.

use super::inline::RunLowering;
use crate::ast::{Class, Formula, Math};

/// Stands for a comma that the author put in braces: it is part of a number everywhere.
const COMMA: char = '\u{2}';

impl RunLowering<'_> {
    /// A formula with its numbers parted as the language of its place writes them.
    pub fn formula(&self, formula: Formula) -> Formula {
        let Formula { source, mut content, alt } = formula;
        part_numbers(&mut content, self.labels().decimal_sign == ",");
        Formula { source, content, alt }
    }
}

/// Parts numbers at commas that are no part of them: `f(1,2)`. A comma is part of one
/// where the language has it before decimals, or before groups of three figures.
fn part_numbers(content: &mut Vec<Math>, decimal_comma: bool) {
    let mut parted = Vec::with_capacity(content.len());
    for mut math in content.drain(..) {
        math.rows_mut().into_iter().for_each(|row| part_numbers(row, decimal_comma));
        match math {
            Math::Number(number) if !(decimal_comma || is_grouped(&number)) => {
                for (index, part) in number.split(',').enumerate() {
                    if index > 0 {
                        parted.push(Math::operator(",", Class::Punctuation));
                    }
                    parted.push(Math::Number(part.replace(COMMA, ",")));
                }
            }
            Math::Number(number) => parted.push(Math::Number(number.replace(COMMA, ","))),
            other => parted.push(other),
        }
    }
    *content = parted;
}

/// Whether commas part a number into groups of three figures.
fn is_grouped(number: &str) -> bool {
    let whole = number.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    groups.next().is_some_and(|first| first.len() <= 3) && groups.all(|group| group.len() == 3)
}
