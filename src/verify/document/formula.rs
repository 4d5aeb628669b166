//! Formulas: their signs in a line, or as a tree where the edition holds one.

use super::Reader;
use crate::ast::{Equation, Formula, linear, signs};
use crate::resolve::ResolvedStage;
use crate::source::Span;
use crate::verify::conventions::Formulas;
use crate::verify::formula::{said, said_in_word};

impl Reader<'_> {
    /// A formula in a line, or on lines of its own.
    pub(super) fn formula(&mut self, formula: &Formula, display: bool, span: Span) {
        let span = Some(span);
        match self.conventions.formulas {
            Formulas::MathMl if self.conventions.by_elements && self.words_only && !display => {
                self.words.text(&linear(&formula.content), span);
            }
            Formulas::MathMl => {
                self.words.apart(formula.alt.as_deref().unwrap_or_default(), span);
                self.words.apart(&said(&formula.content), span);
            }
            Formulas::Spoken => {
                self.words.apart(&formula.spoken_text(), span);
                self.words.apart(&signs(&formula.content), span);
            }
            Formulas::Word => self.words.apart(&said_in_word(&formula.content), span),
            Formulas::Written if display => {
                for line in crate::ast::lines(&formula.content) {
                    self.words.apart(&line, span);
                }
            }
            Formulas::Written => self.words.text(&linear(&formula.content), span),
        }
    }

    /// A formula on lines of its own, with its number.
    pub(super) fn equation(&mut self, equation: &Equation<ResolvedStage>, span: Span) {
        let label = equation.label.as_ref();
        let text = label.map(|label| label.text.as_str()).unwrap_or_default();
        if self.is_formal() {
            self.words.apart(text, Some(span));
        }
        self.formula(&equation.formula, true, span);
        if self.conventions.by_elements && !self.is_formal() {
            self.words.apart(text, Some(span));
        }
        if let Some(label) = label.filter(|_| !self.conventions.by_elements) {
            self.words.apart(&label.in_parentheses(), Some(span));
        }
    }
}
