//! Formulas (Office Math, ISO/IEC 29500-1, 22.1) as LaTeX.

use super::Reader;
use crate::ast::InlineKind;
use crate::diagnostic::Code;
use crate::import::latex;
use crate::import::marks::{Bit, Mark};
use crate::import::xml::Element;

impl Reader<'_> {
    /// A formula; as the line of its signs where it cannot be written otherwise.
    pub(super) fn math(&mut self, math: &Element, marks: &[Mark]) {
        if self.is_withheld() {
            return;
        }
        if let Some(formula) = latex::formula(&row(math)) {
            return self.emit(Bit::Inline(Box::new(InlineKind::Math(Box::new(formula)))), &[]);
        }
        let mut signs = Vec::new();
        math.all("m:t", &mut signs);
        let text: String = signs.iter().map(|sign| sign.text()).collect();
        if text.trim().is_empty() {
            return;
        }
        let message = "a formula is a line of its signs now";
        self.losses.add(Code::Simplified, self.serial, message, Some("write it in LaTeX: $`a^2 + b^2`$"));
        self.losses.added.push(text.clone());
        self.emit(Bit::Text(format!(" {text} ")), marks);
    }
}

/// Parts side by side.
fn row(element: &Element) -> String {
    element.elements().map(part).collect()
}

/// The content of an argument.
fn argument(element: &Element, name: &str) -> String {
    element.child(name).map(row).unwrap_or_default().trim().to_owned()
}

/// A property, such as `m:chr` among `m:accPr`.
fn property<'e>(element: &'e Element, properties: &str, name: &str) -> Option<&'e str> {
    element.child(properties)?.child(name).map(|property| property.get("m:val").unwrap_or("on"))
}

fn is_on(value: Option<&str>) -> bool {
    value.is_some_and(|value| !matches!(value, "0" | "off" | "false"))
}

fn part(element: &Element) -> String {
    let group = |name: &str| latex::group(&argument(element, name));
    match element.name.rsplit(':').next().unwrap_or_default() {
        "r" => run(element),
        "f" => fraction(element),
        "sSup" => format!("{}^{}", base(element), group("m:sup")),
        "sSub" => format!("{}_{}", base(element), group("m:sub")),
        "sSubSup" => format!("{}_{}^{}", base(element), group("m:sub"), group("m:sup")),
        "sPre" => format!("{{}}_{}^{}{}", group("m:sub"), group("m:sup"), base(element)),
        "rad" => match argument(element, "m:deg") {
            degree if degree.is_empty() => format!("\\sqrt{}", group("m:e")),
            degree => format!("\\sqrt[{degree}]{}", group("m:e")),
        },
        "nary" => nary(element),
        "d" => delimiters(element),
        "func" => format!("{} {}", argument(element, "m:fName"), argument(element, "m:e")),
        "acc" => {
            let mark = property(element, "m:accPr", "m:chr").and_then(|sign| sign.chars().next()).unwrap_or('\u{302}');
            latex::accent(&argument(element, "m:e"), mark, false)
        }
        "bar" if property(element, "m:barPr", "m:pos") == Some("top") => format!("\\overline{}", group("m:e")),
        "bar" => format!("\\underline{}", group("m:e")),
        "groupChr" => {
            let mark = property(element, "m:groupChrPr", "m:chr").and_then(|sign| sign.chars().next()).unwrap_or('⏟');
            let is_below = property(element, "m:groupChrPr", "m:pos") != Some("top");
            latex::accent(&argument(element, "m:e"), mark, is_below)
        }
        "limLow" => limit(element, "_", "underset"),
        "limUpp" => limit(element, "^", "overset"),
        "m" => latex::rows("matrix", &rows(element)),
        "eqArr" => {
            let lines = element.elements().filter(|line| line.is("m:e")).map(|line| vec![row(line).trim().to_owned()]);
            latex::rows("aligned", &lines.collect::<Vec<_>>())
        }
        name if name.ends_with("Pr") => String::new(),
        _ => row(element),
    }
}

/// What scripts stand at, in braces where it is more than a sign.
fn base(element: &Element) -> String {
    let base = argument(element, "m:e");
    if base.chars().count() == 1 { base } else { latex::group(&base) }
}

fn run(element: &Element) -> String {
    let text: String = element.elements().filter(|text| text.is("m:t") || text.is("w:t")).map(Element::text).collect();
    let properties = element.child("m:rPr");
    let is = |name: &str| {
        properties.and_then(|properties| properties.child(name)).map(|mark| mark.get("m:val").unwrap_or("on"))
    };
    if is_on(is("m:nor")) {
        return latex::text(&text);
    }
    let letters = text.trim();
    let is_word = letters.chars().count() > 0 && letters.chars().all(char::is_alphabetic);
    let alphabet = match (is("m:scr"), is("m:sty")) {
        (Some("double-struck"), _) => Some("mathbb"),
        (Some("script"), _) => Some("mathcal"),
        (Some("fraktur"), _) => Some("mathfrak"),
        (Some("sans-serif"), _) => Some("mathsf"),
        (Some("monospace"), _) => Some("mathtt"),
        (_, Some("b" | "bi")) => Some("mathbf"),
        (_, Some("p")) if is_word => return latex::name(letters),
        _ => None,
    };
    match alphabet.filter(|_| is_word) {
        Some(alphabet) => format!("\\{alphabet}{}", latex::group(&latex::signs(letters))),
        None => latex::signs(&text),
    }
}

fn fraction(element: &Element) -> String {
    let (above, below) = (argument(element, "m:num"), argument(element, "m:den"));
    match property(element, "m:fPr", "m:type") {
        Some("lin") => format!("{above}/{below}"),
        Some("noBar") => format!("\\binom{}{}", latex::group(&above), latex::group(&below)),
        _ => format!("\\frac{}{}", latex::group(&above), latex::group(&below)),
    }
}

/// A sum, an integral or their like, with its limits.
fn nary(element: &Element) -> String {
    let sign = property(element, "m:naryPr", "m:chr").unwrap_or("∫");
    let mut out = latex::signs(sign);
    for (name, hide, script) in [("m:sub", "m:subHide", '_'), ("m:sup", "m:supHide", '^')] {
        let limit = argument(element, name);
        if !is_on(property(element, "m:naryPr", hide)) && !limit.is_empty() {
            out.push(script);
            out.push_str(&latex::group(&limit));
        }
    }
    format!("{out} {}", argument(element, "m:e"))
}

fn delimiters(element: &Element) -> String {
    let sign = |name: &str, usual: &'static str| {
        property(element, "m:dPr", name).map_or(usual, |sign| if sign == "on" { "" } else { sign }).to_owned()
    };
    let (open, close, between) = (sign("m:begChr", "("), sign("m:endChr", ")"), sign("m:sepChr", "|"));
    let parts: Vec<String> =
        element.elements().filter(|part| part.is("m:e")).map(|part| row(part).trim().to_owned()).collect();
    let content = parts.join(&format!(" {} ", latex::signs(&between)));
    let (before, is_cases) = (&content, open == "{" && close.is_empty());
    if is_cases
        && let Some(lines) =
            before.strip_prefix("\\begin{aligned}").and_then(|rest| rest.strip_suffix("\\end{aligned}"))
    {
        return format!("\\begin{{cases}}{lines}\\end{{cases}}");
    }
    latex::fenced(&open, &content, &close)
}

/// Something over or under something else; that of a name, such as `lim`, is a script.
fn limit(element: &Element, script: &str, command: &str) -> String {
    let (base, limit) = (argument(element, "m:e"), argument(element, "m:lim"));
    if base.starts_with('\\') {
        return format!("{base}{script}{}", latex::group(&limit));
    }
    format!("\\{command}{}{}", latex::group(&limit), latex::group(&base))
}

fn rows(element: &Element) -> Vec<Vec<String>> {
    let lines = element.elements().filter(|line| line.is("m:mr"));
    let cells = |line: &Element| {
        line.elements().filter(|cell| cell.is("m:e")).map(|cell| row(cell).trim().to_owned()).collect()
    };
    lines.map(cells).collect()
}
