//! Formulas, in MathML.

use super::block::push_label;
use super::writer::Writer;
use super::xml::{Attributes, WriteXml};
use crate::ast::{Attrs, Equation, Formula, linear};
use crate::backend::mathml::MathMl;
use crate::resolve::ResolvedStage;

/// The namespace of MathML, declared on each formula.
const NAMESPACE: (&str, &str) = ("xmlns:mml", "http://www.w3.org/1998/Math/MathML");

impl Writer<'_> {
    /// A formula on lines of its own.
    pub(super) fn equation(&mut self, attrs: &Attrs, equation: &Equation<ResolvedStage>) {
        let mut attributes = self.attributes(attrs, None);
        let is_formal = !(self.place.footnote || self.place.table || self.place.figure);
        let label = equation.label.as_ref();
        push_label(&mut attributes, label.filter(|_| is_formal));
        let name = if is_formal && label.is_some() { "equation" } else { "informalequation" };
        self.leaf(name, &attributes, |w| w.formula(&equation.formula, true));
        if let Some(label) = label.filter(|_| !is_formal) {
            let name = if self.place.paragraph { "phrase" } else { "para" };
            self.text_leaf(name, &Attributes::new(), &label.text);
        }
    }

    /// An inline formula. Where only text is allowed, its signs are written.
    pub(super) fn inline_formula(&mut self, attrs: &Attrs, formula: &Formula) {
        let attributes = self.own_attributes(attrs, None);
        if self.place.restricted {
            return self.inline("phrase", &attributes, |w| w.xml.text(&linear(&formula.content)));
        }
        self.inline("inlineequation", &attributes, |w| w.formula(formula, false));
    }

    fn formula(&mut self, formula: &Formula, display: bool) {
        if let Some(alt) = &formula.alt {
            self.inline("alt", &Attributes::new(), |w| w.xml.text(alt));
        }
        MathMl { prefix: "mml:", display }.write(self.xml.markup(), formula, &[NAMESPACE]);
    }
}
