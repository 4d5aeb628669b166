//! Formulas, in MathML.

use super::context::{Context, WordsIn, classes};
use crate::ast::{Attrs, Class, Equation, Formula, Math};
use crate::backend::markup::Markup;
use crate::backend::mathml::MathMl;
use crate::resolve::ResolvedStage;

/// Namespace declaration, required in XML and implied in HTML (MathML Core, 2.1.1).
const NAMESPACE: (&str, &str) = ("xmlns", "http://www.w3.org/1998/Math/MathML");

/// A formula that is wider, in hundredths of an em, may be wider than a narrow page in a
/// list or a quotation (WCAG 2.2, 1.4.10: 320 pixels).
const WIDE: u32 = 1200;

/// Writes a formula in a line. One that may be wider than the page scrolls by itself, unless
/// the table around it does.
pub fn inline(out: &mut Markup, formula: &Formula, attrs: &Attrs, context: &Context) {
    let mut attributes = context.attributes(attrs);
    attributes.extend(context.is_book().then_some(NAMESPACE));
    attributes.extend(formula.alt.as_deref().map(|alt| ("aria-label", alt)));
    let math = |out: &mut Markup| MathMl { prefix: "", display: false }.write(out, formula, &attributes);
    if context.in_table || width(&formula.content) <= WIDE {
        return math(out);
    }
    let mut around = vec![("class", "formula")];
    // Inside a link nothing else can have keyboard focus.
    if context.words_in == WordsIn::Text {
        around.extend([("role", "group"), ("aria-label", context.labels().equation), ("tabindex", "0")]);
    }
    out.element("span", &around, math);
}

/// How wide a formula is in a line, about, in hundredths of an em.
fn width(content: &[Math]) -> u32 {
    content.iter().map(part_width).fold(0, u32::saturating_add)
}

fn part_width(math: &Math) -> u32 {
    let signs = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX).saturating_mul(55);
    let widest = |rows: &[&[Math]]| rows.iter().map(|row| width(row)).max().unwrap_or_default();
    match math {
        Math::Identifier { text, .. } | Math::Number(text) | Math::Text(text) => signs(text),
        Math::Operator { text, class, .. } => match class {
            Class::Binary | Class::Relation => signs(text).saturating_add(65),
            Class::Large => signs(text).saturating_add(45),
            Class::Ordinary | Class::Opening | Class::Closing | Class::Punctuation | Class::Middle => signs(text),
        },
        Math::Space(width) => u32::try_from(*width).unwrap_or_default().saturating_mul(6),
        Math::Fraction { numerator, denominator, .. } => widest(&[numerator, denominator]).saturating_mul(3) / 4,
        Math::Root { radicand, .. } => width(radicand).saturating_add(85),
        Math::Scripts { base, below, above, .. } => {
            let scripts = [below, above].map(|script| script.as_deref().unwrap_or_default());
            part_width(base).saturating_add(widest(&scripts).saturating_mul(3) / 4)
        }
        Math::Fenced { open, content, close } => {
            signs(open).saturating_add(width(content)).saturating_add(signs(close))
        }
        Math::Table { rows, .. } => {
            let across = |row: &Vec<Vec<Math>>| {
                row.iter().map(|cell| width(cell).saturating_add(80)).fold(0, u32::saturating_add)
            };
            rows.iter().map(across).max().unwrap_or_default()
        }
        Math::Group(_) | Math::Style { .. } | Math::Accent { .. } => {
            math.rows().into_iter().map(width).fold(0, u32::saturating_add)
        }
    }
}

/// Writes a formula on a line of its own, with its number.
pub fn block(out: &mut Markup, equation: &Equation<ResolvedStage>, attrs: &Attrs, context: &Context) {
    let mut attributes = context.attributes(attrs);
    let classes = format!("equation scroll {}", classes(attrs));
    attributes.push(("class", classes.trim_end()));
    // Content wider than the page scrolls, so it must have keyboard focus, like tables (WCAG 2.2,
    // 2.1.1).
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
