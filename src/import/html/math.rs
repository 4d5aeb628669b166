//! Formulas in MathML as LaTeX.

use super::Reader;
use super::tree::Element;
use crate::ast::Formula;
use crate::diagnostic::Code;
use crate::import::latex;
use crate::import::marks::{Bit, Mark, Marked};
use crate::import::spaced;

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
        let signs = spaced(&signs);
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
    row_of(element, false)
}

fn row_of(element: &Element, in_fence: bool) -> String {
    let parts: Vec<&Element> = element.elements().collect();
    let is_fence = |part: &&Element, form: &str| {
        part.is("mo") && part.get("form") == Some(form) && part.get("stretchy") == Some("true")
    };
    if let [open, inner @ .., close] = parts.as_slice()
        && is_fence(open, "prefix")
        && is_fence(close, "postfix")
        && open.get("minsize").is_none()
    {
        return fenced(&sign(open), inner, &sign(close));
    }
    // A delimiter that there is on one side only.
    match parts.as_slice() {
        [open, inner @ ..] if is_fence(open, "prefix") && open.get("minsize").is_none() => {
            fenced(&sign(open), inner, "")
        }
        [inner @ .., close] if is_fence(close, "postfix") && close.get("minsize").is_none() => {
            fenced("", inner, &sign(close))
        }
        parts => side_by_side(parts, in_fence),
    }
}

/// Content between delimiters of its height.
fn fenced(open: &str, inner: &[&Element], close: &str) -> String {
    let kind = match (open, close) {
        ("{", "") => Some("cases"),
        ("", "}") => Some("rcases"),
        _ => None,
    };
    match inner {
        [fraction] if (open, close) == ("(", ")") && is_stack(fraction) => {
            format!("\\binom{}{}", latex::group(&at(fraction, 0)), latex::group(&at(fraction, 1)))
        }
        [table] if kind.is_some() && table.is("mtable") && table.has_class("cases") => {
            latex::rows(kind.unwrap_or_default(), &cells(table))
        }
        _ => latex::fenced(open, &side_by_side(inner, true), close),
    }
}

/// Parts in a row; numbers that meet are two.
fn side_by_side(parts: &[&Element], in_fence: bool) -> String {
    let mut out = String::new();
    let mut after_number = false;
    for part in parts {
        let is_number = part.is("mn");
        out.push_str(if after_number && is_number { " " } else { "" });
        out.push_str(&fence_part(part, in_fence));
        after_number = is_number;
    }
    out
}

/// A part, which may be a delimiter in the midst of others.
fn fence_part(element: &Element, in_fence: bool) -> String {
    let stretches = element.is("mo") && element.get("stretchy") == Some("true") && element.get("minsize").is_none();
    match in_fence && stretches && element.get("form").is_none() {
        true => format!(" \\middle{} ", latex::delimiter(&sign(element))),
        false => part(element),
    }
}

/// Whether it is a fraction without a line.
fn is_stack(element: &Element) -> bool {
    element.is("mfrac") && element.get("linethickness") == Some("0")
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
            let mut letters = name.chars();
            match (letters.next(), letters.next()) {
                (Some(only), None) if element.get("mathvariant") == Some("normal") => latex::upright(only),
                _ => latex::name(&name),
            }
        }
        "mn" => number(&text()),
        "mo" if text() == "," => ", ".to_owned(),
        "mo" if element.get("movablelimits").is_some() => latex::name(&text()),
        "mo" => latex::signs(&text()),
        "mtext" | "ms" => latex::text(&element.text().replace('\n', "")),
        // The space between a function and its argument, which is generated again.
        "mspace" if element.has_class("applied") => String::new(),
        "mspace" => space(element),
        "mfrac" if is_stack(element) => latex::stack(&at(element, 0), &at(element, 1)),
        "mfrac" => format!("\\frac{}{}", latex::group(&at(element, 0)), latex::group(&at(element, 1))),
        "msqrt" => format!("\\sqrt{}", latex::group(&row(element))),
        "mroot" => latex::root(&at(element, 1), &latex::group(&at(element, 0))),
        "msup" => scripts(element, None, Some(1)),
        "msub" => scripts(element, Some(1), None),
        "msubsup" => scripts(element, Some(1), Some(2)),
        "munderover" => stacked(element, Some(1), Some(2)),
        "munder" if element.get("accentunder") == Some("true") => accent(element, true),
        "mover" if element.get("accent") == Some("true") => accent(element, false),
        "munder" => stacked(element, Some(1), None),
        "mover" => stacked(element, None, Some(1)),
        "mtable" => table(element),
        "annotation" | "annotation-xml" => String::new(),
        "mphantom" => String::new(),
        _ => row(element),
    }
}

fn space(element: &Element) -> String {
    let width = element.get("width").and_then(|width| width.strip_suffix("em")?.parse::<f32>().ok()).unwrap_or(0.0);
    let exact = [(1.0, "\\quad "), (2.0, "\\qquad "), (0.5, "\\enspace "), (1.0 / 3.0, "\\ ")];
    if let Some((_, command)) = exact.iter().find(|(own, _)| (own - width).abs() < 0.01) {
        return (*command).to_owned();
    }
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
    let base = latex::trimmed(&at(element, 0)).to_owned();
    // Scripts that are at a sign alone, as at a parenthesis, belong to that.
    let is_one = latex::is_one(&base) || element.elements().next().is_some_and(|base| base.is("mo"));
    format!("{}{}", if is_one { base } else { latex::group(&base) }, limits(element, below, above))
}

/// Limits under and over, written as scripts.
fn limits(element: &Element, below: Option<usize>, above: Option<usize>) -> String {
    let mut out = String::new();
    for (sign, index) in [('_', below), ('^', above)] {
        let Some(index) = index else { continue };
        let script = latex::trimmed(&at(element, index)).to_owned();
        match sign == '^' && !script.is_empty() && script.chars().all(|sign| sign == '′') {
            true => out.push_str(&"'".repeat(script.chars().count())),
            false => out.push_str(&format!("{sign}{{{script}}}")),
        }
    }
    out
}

fn accent(element: &Element, below: bool) -> String {
    let base = latex::trimmed(&at(element, 0)).to_owned();
    let mark = element.elements().nth(1);
    let is_wide = match mark.and_then(|mark| mark.get("stretchy")) {
        Some(stretchy) => stretchy == "true",
        None => !latex::is_one(&base),
    };
    let mark = mark.map(sign).and_then(|sign| sign.chars().next());
    mark.map_or_else(|| base.clone(), |mark| latex::accent(&base, mark, below, is_wide))
}

/// A number; a comma in it is part of it.
fn number(text: &str) -> String {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit()) && text.ends_with(|c: char| c.is_ascii_digit());
    let signs = latex::signs(text);
    if is_number { signs.replace(',', "{,}") } else { signs }
}

/// Something over or under something else; limits of names and large signs are scripts.
fn stacked(element: &Element, below: Option<usize>, above: Option<usize>) -> String {
    let base = latex::trimmed(&at(element, 0)).to_owned();
    let first = element.elements().next();
    let moves = first.filter(|base| base.is("mo")).and_then(|base| base.get("movablelimits"));
    let name = first.map(sign).unwrap_or_default();
    let scripts = limits(element, below, above);
    if moves.is_some() && name.chars().nth(1).is_some() {
        return latex::limits(&name, &scripts);
    }
    if latex::is_large(&base) || moves.is_some() {
        let place = if moves == Some("false") { "\\limits" } else { "" };
        return format!("{base}{place}{scripts}");
    }
    if latex::is_brace(&base) {
        return format!("{base}{scripts}");
    }
    let mut out = latex::group(&base);
    for (command, index) in [("underset", below), ("overset", above)] {
        if let Some(index) = index {
            let wrapped = format!("\\{command}{}{out}", latex::group(&at(element, index)));
            out = if above.is_some() && command == "underset" { latex::group(&wrapped) } else { wrapped };
        }
    }
    out
}

fn table(element: &Element) -> String {
    let kind = ["cases", "aligned", "gathered"].into_iter().find(|kind| element.has_class(kind)).unwrap_or("matrix");
    latex::rows(kind, &cells(element))
}

fn cells(element: &Element) -> Vec<Vec<String>> {
    let rows = element.elements().filter(|row| row.is("mtr"));
    let cells = |line: &Element| {
        let cells = line.elements().filter(|cell| cell.is("mtd"));
        cells.map(|cell| latex::trimmed(&row(cell)).to_owned()).collect()
    };
    rows.map(cells).collect()
}
