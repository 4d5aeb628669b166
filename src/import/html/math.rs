//! Formulas in MathML as LaTeX.

use super::Reader;
use super::tree::Element;
use crate::ast::Formula;
use crate::diagnostic::Code;
use crate::import::latex;
use crate::import::marks::{Bit, Mark, Marked};

impl Reader<'_> {
    /// A formula: as its author wrote it where the page says so, or made of its elements.
    pub(super) fn latex(&self, math: &Element) -> Option<Formula> {
        let is_tex =
            |element: &Element| element.is("annotation") && element.get("encoding") == Some("application/x-tex");
        let written = math.find_by(&is_tex).map(|annotation| annotation.text());
        written.and_then(|written| latex::formula(&written)).or_else(|| latex::formula(&row(math)))
    }

    /// A formula that cannot be written so, as the line of its signs.
    pub(super) fn plain_formula(&mut self, math: &Element, marks: &[Mark], bits: &mut Vec<Marked>) {
        let mut signs = String::new();
        for child in math.elements() {
            signs.push_str(&child.text());
        }
        let signs = signs.split_whitespace().collect::<Vec<_>>().join(" ");
        self.losses.add(
            Code::Simplified,
            self.serial,
            "a formula is a line of its signs now",
            Some("write it in LaTeX: $`a^2 + b^2`$"),
        );
        self.losses.added.push(signs.clone());
        bits.push(Marked::new(Bit::Text(format!(" {signs} ")), marks));
    }
}

/// Parts side by side; delimiters that stretch are those of what they hold.
fn row(element: &Element) -> String {
    let parts: Vec<&Element> = element.elements().collect();
    let is_fence = |part: &&Element, form: &str| {
        part.is("mo") && part.get("form") == Some(form) && part.get("stretchy") == Some("true")
    };
    if let [open, inner @ .., close] = parts.as_slice()
        && is_fence(open, "prefix")
        && is_fence(close, "postfix")
        && open.get("minsize").is_none()
    {
        let content: String = inner.iter().map(|part| self::part(part)).collect();
        return latex::fenced(&sign(open), &content, &sign(close));
    }
    parts.iter().map(|part| self::part(part)).collect()
}

fn sign(element: &Element) -> String {
    element.text().trim().to_owned()
}

fn at(element: &Element, index: usize) -> String {
    element.elements().nth(index).map(part).unwrap_or_default()
}

fn part(element: &Element) -> String {
    let text = || element.text().trim().to_owned();
    match element.name.as_str() {
        "mi" => {
            let name = text();
            let is_upright = element.get("mathvariant") == Some("normal") && name.chars().count() == 1;
            if is_upright && name.chars().all(char::is_alphabetic) {
                return format!("\\mathrm{{{}}}", latex::signs(&name));
            }
            latex::name(&name)
        }
        "mn" => latex::signs(&text()),
        "mo" if element.get("movablelimits").is_some() => latex::name(&text()),
        "mo" => latex::signs(&text()),
        "mtext" | "ms" => latex::text(&element.text().replace('\n', "")),
        "mspace" => space(element),
        "mfrac" if element.get("linethickness") == Some("0") => {
            format!("\\binom{}{}", latex::group(&at(element, 0)), latex::group(&at(element, 1)))
        }
        "mfrac" => format!("\\frac{}{}", latex::group(&at(element, 0)), latex::group(&at(element, 1))),
        "msqrt" => format!("\\sqrt{}", latex::group(&row(element))),
        "mroot" => format!("\\sqrt[{}]{}", at(element, 1), latex::group(&at(element, 0))),
        "msup" => scripts(element, None, Some(1)),
        "msub" => scripts(element, Some(1), None),
        "msubsup" | "munderover" => scripts(element, Some(1), Some(2)),
        "munder" if element.get("accentunder") == Some("true") => accent(element, true),
        "mover" if element.get("accent") == Some("true") => accent(element, false),
        "munder" => stacked(element, true),
        "mover" => stacked(element, false),
        "mtable" => table(element),
        "annotation" | "annotation-xml" => String::new(),
        "mphantom" => String::new(),
        _ => row(element),
    }
}

fn space(element: &Element) -> String {
    let width = element.get("width").and_then(|width| width.strip_suffix("em")?.parse::<f32>().ok()).unwrap_or(0.0);
    let command = match width {
        width if width >= 1.5 => "\\qquad ",
        width if width >= 0.8 => "\\quad ",
        width if width >= 0.27 => "\\; ",
        width if width >= 0.2 => "\\: ",
        width if width > 0.0 => "\\, ",
        width if width < 0.0 => "\\! ",
        _ => "",
    };
    command.to_owned()
}

fn scripts(element: &Element, below: Option<usize>, above: Option<usize>) -> String {
    let base = at(element, 0);
    let is_one = element.elements().next().is_some_and(|base| !base.is("mrow") || base.elements().count() <= 1);
    let mut out = if is_one && !base.is_empty() { base.trim_end().to_owned() } else { latex::group(&base) };
    for (sign, index) in [('_', below), ('^', above)] {
        if let Some(index) = index {
            out.push(sign);
            out.push_str(&latex::group(&at(element, index)));
        }
    }
    out
}

fn accent(element: &Element, below: bool) -> String {
    let mark = element.elements().nth(1).map(sign).and_then(|sign| sign.chars().next());
    mark.map_or_else(|| at(element, 0), |mark| latex::accent(&at(element, 0), mark, below))
}

/// Something over or under something else; limits of large signs are scripts.
fn stacked(element: &Element, below: bool) -> String {
    let base = element.elements().next();
    let is_large = base.is_some_and(|base| {
        base.is("mo")
            && (base.get("movablelimits").is_some()
                || sign(base).chars().all(|c| matches!(c, '∑' | '∏' | '∐' | '⋃' | '⋂' | '⋁' | '⋀')))
    });
    if is_large {
        return if below { scripts(element, Some(1), None) } else { scripts(element, None, Some(1)) };
    }
    let command = if below { "underset" } else { "overset" };
    format!("\\{command}{}{}", latex::group(&at(element, 1)), latex::group(&at(element, 0)))
}

fn table(element: &Element) -> String {
    let mut found = Vec::new();
    element.all("mtr", &mut found);
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|line| line.elements().filter(|cell| cell.is("mtd")).map(|cell| row(cell).trim().to_owned()).collect())
        .collect();
    let kind = ["cases", "aligned", "gathered"].into_iter().find(|kind| element.has_class(kind)).unwrap_or("matrix");
    latex::rows(kind, &rows)
}
