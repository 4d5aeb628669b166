//! Formulas on lines of their own.

use super::block::Lines;
use super::fill::columns;
use super::inline::Renderer;
use crate::ast::{Equation, lines};
use crate::resolve::ResolvedStage;

/// Between a formula and its number.
const GAP: &str = "    ";

impl Renderer<'_> {
    /// The lines of a formula, indented, with its number after the last.
    pub(super) fn equation(&mut self, equation: &Equation<ResolvedStage>, width: usize) -> Lines {
        self.prefixed("    ", "    ", width, |renderer, width| {
            let rows = lines(&equation.formula.content);
            let mut lines: Lines = rows.iter().flat_map(|row| renderer.lines(&renderer.own(row), width)).collect();
            if let Some(label) = &equation.label {
                let number = label.in_parentheses();
                match lines.last_mut() {
                    Some(last) if columns(last) + GAP.len() + columns(&number) <= width => {
                        last.push_str(GAP);
                        last.push_str(&number);
                    }
                    _ => lines.push(number),
                }
            }
            lines
        })
    }
}
