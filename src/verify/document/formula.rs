//! Formulas: their signs in a line, or as a tree where the edition holds one.

use super::Reader;
use crate::ast::{Equation, Formula, linear, signs};
use crate::format::Format;
use crate::resolve::ResolvedStage;
use crate::source::Span;
use crate::verify::formula::{said, said_in_word};

impl Reader<'_> {
    /// A formula in a line, or on lines of its own.
    pub(super) fn formula(&mut self, formula: &Formula, display: bool, span: Span) {
        let span = Some(span);
        match self.format {
            Format::Docbook if self.words_only && !display => self.words.text(&linear(&formula.content), span),
            Format::Html | Format::Docbook | Format::Epub => {
                self.words.apart(formula.alt.as_deref().unwrap_or_default(), span);
                self.words.apart(&said(&formula.content), span);
            }
            Format::Pdf => {
                self.words.apart(&formula.spoken_text(), span);
                self.words.apart(&signs(&formula.content), span);
            }
            Format::Docx => self.words.apart(&said_in_word(&formula.content), span),
            _ if display => {
                for line in crate::ast::lines(&formula.content) {
                    self.words.apart(&line, span);
                }
            }
            _ => self.words.text(&linear(&formula.content), span),
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
        if self.format == Format::Docbook && !self.is_formal() {
            self.words.apart(text, Some(span));
        }
        if let Some(label) = label.filter(|_| self.format != Format::Docbook) {
            self.words.apart(&label.in_parentheses(), Some(span));
        }
    }
}
