//! Formulas, in MathML.

use super::context::{Context, classes};
use crate::ast::{Attrs, Equation, Formula};
use crate::backend::markup::Markup;
use crate::backend::mathml::MathMl;
use crate::resolve::Res;

/// What XML must be told, and HTML knows (MathML Core, 2.1.1).
const NAMESPACE: (&str, &str) = ("xmlns", "http://www.w3.org/1998/Math/MathML");

/// Writes a formula in a line.
pub fn inline(out: &mut Markup, formula: &Formula, attrs: &Attrs, context: &Context) {
    let mut attributes = context.attributes(attrs);
    attributes.extend(context.is_book().then_some(NAMESPACE));
    attributes.extend(formula.alt.as_deref().map(|alt| ("aria-label", alt)));
    MathMl { prefix: "", display: false }.write(out, formula, &attributes);
}

/// Writes a formula on a line of its own, with its number.
pub fn block(out: &mut Markup, equation: &Equation<Res>, attrs: &Attrs, context: &Context) {
    let mut attributes = context.attributes(attrs);
    let classes = format!("equation scroll {}", classes(attrs));
    attributes.push(("class", classes.trim_end()));
    // What is wider than the page scrolls, and so must be reachable by keyboard, as tables
    // are (WCAG 2.2, 2.1.1).
    let name = equation.label.as_ref().map_or(context.labels().equation, |label| label.text.as_str());
    attributes.extend([("role", "group"), ("aria-label", name), ("tabindex", "0")]);
    out.element("div", &attributes, |out| {
        let words = equation.formula.alt.as_deref().map(|alt| ("aria-label", alt));
        let attributes: Vec<_> = context.is_book().then_some(NAMESPACE).into_iter().chain(words).collect();
        MathMl { prefix: "", display: true }.write(out, &equation.formula, &attributes);
        if let Some(label) = &equation.label {
            out.raw("\n");
            out.leaf("span", &[("class", "number")], &label.in_parentheses());
        }
    });
}
