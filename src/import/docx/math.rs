//! Formulas (Office Math, ISO/IEC 29500-1, 22.1) as LaTeX.

use super::Reader;
use crate::ast::InlineKind;
use crate::diagnostic::Code;
use crate::import::latex;
use crate::import::marks::{Bit, Mark};
use crate::import::xml::Element;

/// Stands where lines of a formula are aligned.
const TOUCH: char = '\u{1}';

/// Space between pairs of aligned columns.
const BETWEEN: &str = "\\qquad";

/// Integrals, whose limits are beside them by default.
const INTEGRALS: [&str; 6] = ["∫", "∬", "∭", "∮", "∯", "∰"];

impl Reader<'_> {
    /// A formula; as the line of its signs where it cannot be written otherwise.
    pub(super) fn math(&mut self, math: &Element, marks: &[Mark]) {
        if self.is_withheld() {
            return;
        }
        if let Some(formula) = latex::formula(&whole(math)) {
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

/// A formula, or several, one below the other.
fn whole(math: &Element) -> String {
    let lines: Vec<&Element> = math.elements().filter(|line| line.is("m:oMath")).collect();
    if lines.len() < 2 {
        return Office::default().row(math).replace(TOUCH, "");
    }
    let cells = |line: &Element| Office::default().row(line).split(TOUCH).map(|cell| cell.trim().to_owned()).collect();
    latex::rows("aligned", &lines.into_iter().map(cells).collect::<Vec<Vec<String>>>())
}

/// A property, such as `m:chr` among `m:accPr`.
fn property<'e>(element: &'e Element, properties: &str, name: &str) -> Option<&'e str> {
    element.child(properties)?.child(name).map(|property| property.get("m:val").unwrap_or("on"))
}

fn is_on(value: Option<&str>) -> bool {
    value.is_some_and(|value| !matches!(value, "0" | "off" | "false"))
}

/// The content of an argument, if it is one element.
fn only<'e>(element: &'e Element, name: &str) -> Option<&'e Element> {
    let mut inside = element.child(name)?.elements().filter(|child| !child.name.ends_with("Pr"));
    let first = inside.next()?;
    inside.next().is_none().then_some(first)
}

/// Context of reading a formula.
#[derive(Clone, Copy, Default)]
struct Office {
    /// Whether commas part a list here, and not the decimals of a number.
    in_list: bool,
}

impl Office {
    /// Parts side by side.
    fn row(self, element: &Element) -> String {
        element.elements().map(|part| self.part(part)).collect()
    }

    /// The content of an argument.
    fn argument(self, element: &Element, name: &str) -> String {
        let content = element.child(name).map(|argument| self.row(argument)).unwrap_or_default();
        latex::trimmed(&content).to_owned()
    }

    fn group(self, element: &Element, name: &str) -> String {
        latex::group(&self.argument(element, name))
    }

    fn listed(self) -> Self {
        Office { in_list: true }
    }

    fn part(self, element: &Element) -> String {
        match element.name.rsplit(':').next().unwrap_or_default() {
            "r" => self.run(element),
            "f" => self.fraction(element),
            "sSup" => format!("{}{}", self.base(element), self.over(element)),
            "sSub" => format!("{}_{}", self.base(element), self.listed().group(element, "m:sub")),
            "sSubSup" => {
                let below = self.listed().group(element, "m:sub");
                format!("{}_{below}{}", self.base(element), self.over(element))
            }
            "sPre" => self.before(element),
            "rad" => match self.argument(element, "m:deg") {
                degree if degree.is_empty() => format!("\\sqrt{}", self.group(element, "m:e")),
                degree => latex::root(&degree, &self.group(element, "m:e")),
            },
            "nary" => self.large(element),
            "d" => self.delimiters(element),
            "func" => format!("{} {}", self.argument(element, "m:fName"), self.argument(element, "m:e")),
            "acc" => {
                let mark = property(element, "m:accPr", "m:chr").and_then(|sign| sign.chars().next());
                let base = self.argument(element, "m:e");
                latex::accent(&base, mark.unwrap_or('\u{302}'), false, !latex::is_one(&base))
            }
            "bar" if property(element, "m:barPr", "m:pos") == Some("top") => {
                format!("\\overline{}", self.group(element, "m:e"))
            }
            "bar" => format!("\\underline{}", self.group(element, "m:e")),
            "groupChr" => {
                let mark = property(element, "m:groupChrPr", "m:chr").and_then(|sign| sign.chars().next());
                let is_below = property(element, "m:groupChrPr", "m:pos") != Some("top");
                latex::accent(&self.argument(element, "m:e"), mark.unwrap_or('⏟'), is_below, true)
            }
            "limLow" | "limUpp" => self.limit(element),
            "m" => self.matrix(element),
            "eqArr" => self.lines(element),
            // Hidden content is not part of a formula.
            "phant" if property(element, "m:phantPr", "m:show").is_some_and(|value| !is_on(Some(value))) => {
                String::new()
            }
            name if name.ends_with("Pr") => String::new(),
            _ => self.row(element),
        }
    }

    /// The base of scripts, in braces if it is more than one part.
    fn base(self, element: &Element) -> String {
        let base = self.argument(element, "m:e");
        let is_part = only(element, "m:e").is_some_and(|only| only.is("m:d")) || latex::is_one(&base);
        if is_part { base } else { latex::group(&base) }
    }

    fn over(self, element: &Element) -> String {
        let script = self.listed().argument(element, "m:sup");
        let is_prime = !script.is_empty() && script.chars().all(|sign| sign == '′' || sign == '\'');
        if is_prime { "'".repeat(script.chars().count()) } else { format!("^{{{script}}}") }
    }

    /// Scripts before what they belong to.
    fn before(self, element: &Element) -> String {
        let mut out = "{}".to_owned();
        for (sign, name) in [('_', "m:sub"), ('^', "m:sup")] {
            let script = self.listed().argument(element, name);
            if !script.is_empty() {
                out.push_str(&format!("{sign}{{{script}}}"));
            }
        }
        format!("{out}{}", self.argument(element, "m:e"))
    }

    fn run(self, element: &Element) -> String {
        let text: String =
            element.elements().filter(|text| text.is("m:t") || text.is("w:t")).map(Element::text).collect();
        let properties = element.child("m:rPr");
        let is = |name: &str| {
            properties.and_then(|properties| properties.child(name)).map(|mark| mark.get("m:val").unwrap_or("on"))
        };
        if is_on(is("m:nor")) {
            return latex::text(&text);
        }
        let touch = if is_on(is("m:aln")) { TOUCH.to_string() } else { String::new() };
        // A number with a comma that is not to be taken apart.
        let is_literal = is_on(is("m:lit"));
        let place = Office { in_list: self.in_list && !is_literal };
        format!("{touch}{}", place.letters(&text, is("m:scr"), is("m:sty")))
    }

    /// The letters of a run in their alphabet, and the signs among them.
    fn letters(self, text: &str, script: Option<&str>, style: Option<&str>) -> String {
        let alphabet = match (script, style) {
            (Some("double-struck"), _) => Some("mathbb"),
            (Some("script"), _) => Some("mathcal"),
            (Some("fraktur"), _) => Some("mathfrak"),
            (Some("sans-serif"), _) => Some("mathsf"),
            (Some("monospace"), _) => Some("mathtt"),
            (_, Some("b")) => Some("mathbf"),
            (_, Some("bi")) => Some("boldsymbol"),
            _ => None,
        };
        if text.trim() == "," {
            // Apart from figures that follow: no part of their number.
            return ", ".to_owned();
        }
        if alphabet.is_none() && style != Some("p") {
            return self.figures(text);
        }
        if style == Some("p") && alphabet.is_none() && crate::parse::formula_function(text.trim()).is_some() {
            return latex::name(text.trim());
        }
        let is_word = |c: char| c.is_alphabetic() || alphabet.is_some() && c.is_ascii_digit();
        let mut out = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let own = is_word(first);
            let (piece, behind) = rest.split_at(rest.find(|c| is_word(c) != own).unwrap_or(rest.len()));
            rest = behind;
            out.push_str(&match (own, alphabet, piece.chars().nth(1)) {
                (false, ..) => self.figures(piece),
                (true, Some(alphabet), _) => format!("\\{alphabet}{}", latex::group(&latex::signs(piece))),
                (true, None, Some(_)) => latex::name(piece),
                (true, None, None) => latex::upright(first),
            });
        }
        out
    }

    /// Letters and signs; a comma in a number that is a run of its own is part of it.
    fn figures(self, text: &str) -> String {
        let is_number = text.contains(',')
            && text.starts_with(|c: char| c.is_ascii_digit())
            && text.ends_with(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '\u{202f}'));
        let signs = latex::signs(text);
        if is_number && !self.in_list { signs.replace(',', "{,}") } else { signs }
    }

    fn fraction(self, element: &Element) -> String {
        let inner = Office::default();
        let (above, below) = (inner.argument(element, "m:num"), inner.argument(element, "m:den"));
        match property(element, "m:fPr", "m:type") {
            Some("lin") => format!("{above}/{below}"),
            Some("noBar") => latex::stack(&above, &below),
            _ => format!("\\frac{}{}", latex::group(&above), latex::group(&below)),
        }
    }

    /// A sum, an integral or their like, with its limits and what it reaches over.
    fn large(self, element: &Element) -> String {
        let sign = property(element, "m:naryPr", "m:chr").unwrap_or("∫");
        let mut out = latex::signs(sign).trim().to_owned();
        if INTEGRALS.contains(&sign) && property(element, "m:naryPr", "m:limLoc") == Some("undOvr") {
            out.push_str("\\limits");
        }
        for (name, hide, script) in [("m:sub", "m:subHide", '_'), ("m:sup", "m:supHide", '^')] {
            let limit = self.listed().argument(element, name);
            let is_empty = element.child(name).is_none_or(|limit| limit.elements().next().is_none());
            if !is_on(property(element, "m:naryPr", hide)) && !is_empty {
                out.push_str(&format!("{script}{{{limit}}}"));
            }
        }
        format!("{out} {}", self.argument(element, "m:e"))
    }

    fn delimiters(self, element: &Element) -> String {
        let sign = |name: &str, usual: &'static str| {
            property(element, "m:dPr", name).map_or(usual, |sign| if sign == "on" { "" } else { sign }).to_owned()
        };
        let (open, close, between) = (sign("m:begChr", "("), sign("m:endChr", ")"), sign("m:sepChr", "|"));
        let parts: Vec<String> = element
            .elements()
            .filter(|part| part.is("m:e"))
            .map(|part| latex::trimmed(&self.listed().row(part)).to_owned())
            .collect();
        if property(element, "m:dPr", "m:grow").is_some_and(|grow| !is_on(Some(grow))) {
            let content = parts.join(&latex::signs(&between));
            return format!("{}{content}{}", latex::signs(&open), latex::signs(&close));
        }
        let inside = only(element, "m:e");
        if let Some(fraction) = inside.filter(|inside| inside.is("m:f") && open == "(" && close == ")")
            && property(fraction, "m:fPr", "m:type") == Some("noBar")
        {
            let inner = Office::default();
            return format!("\\binom{}{}", inner.group(fraction, "m:num"), inner.group(fraction, "m:den"));
        }
        let cases = match (open.as_str(), close.as_str()) {
            ("{", "") => Some("cases"),
            ("", "}") => Some("rcases"),
            _ => None,
        };
        match (cases, inside) {
            (Some(kind), Some(matrix)) if matrix.is("m:m") && column_sides(matrix).iter().all(|way| way == "left") => {
                latex::rows(kind, &self.cells(matrix))
            }
            (Some(kind), Some(lines)) if lines.is("m:eqArr") => latex::rows(kind, &self.aligned(lines)),
            _ => latex::fenced(&open, &parts.join(&format!(" \\middle{} ", latex::delimiter(&between))), &close),
        }
    }

    /// Something over or under something else; that of a name or a large sign is a script.
    fn limit(self, element: &Element) -> String {
        let limit = |element: &Element| self.listed().group(element, "m:lim");
        // A base with limits under and over has both at the same level.
        let inner = only(element, "m:e").filter(|inner| element.is("m:limUpp") && inner.is("m:limLow"));
        let (scripts, at) = match inner {
            Some(inner) => (format!("_{}^{}", limit(inner), limit(element)), inner),
            None if element.is("m:limLow") => (format!("_{}", limit(element)), element),
            None => (format!("^{}", limit(element)), element),
        };
        let base = self.argument(at, "m:e");
        let is_named = |run: &Element| run.is("m:r") && property(run, "m:rPr", "m:sty") == Some("p");
        let text = only(at, "m:e").filter(|run| is_named(run)).map(Element::text).unwrap_or_default();
        if text.starts_with(char::is_alphabetic) && text.chars().nth(1).is_some() {
            return latex::limits(text.trim(), &scripts);
        }
        if latex::is_brace(&base) || latex::is_large(&base) {
            return format!("{base}{scripts}");
        }
        let below = if at.is("m:limLow") { format!("\\underset{}", limit(at)) } else { String::new() };
        match (inner, below.is_empty()) {
            (Some(_), _) => format!("\\overset{}{{{below}{}}}", limit(element), latex::group(&base)),
            (None, false) => format!("{below}{}", latex::group(&base)),
            (None, true) => format!("\\overset{}{}", limit(element), latex::group(&base)),
        }
    }

    fn matrix(self, element: &Element) -> String {
        let sides = column_sides(element);
        let touches = property(element, "m:mPr", "m:cGpRule") == Some("3")
            && property(element, "m:mPr", "m:cGp") == Some("0")
            && sides.first().is_some_and(|side| side == "right");
        let mut rows = self.cells(element);
        if !touches {
            return latex::rows("matrix", &rows);
        }
        for cell in rows.iter_mut().flat_map(|row| row.iter_mut().skip(2).step_by(2)) {
            *cell = cell.strip_prefix(BETWEEN).unwrap_or(cell).trim_start().to_owned();
        }
        latex::rows("aligned", &rows)
    }

    fn cells(self, element: &Element) -> Vec<Vec<String>> {
        let lines = element.elements().filter(|line| line.is("m:mr"));
        let cells = |line: &Element| {
            let cells = line.elements().filter(|cell| cell.is("m:e"));
            cells.map(|cell| latex::trimmed(&self.row(cell)).to_owned()).collect()
        };
        lines.map(cells).collect()
    }

    /// Lines one under the other, which Word aligns at `&`.
    fn lines(self, element: &Element) -> String {
        let rows = self.aligned(element);
        let is_aligned = rows.iter().any(|row| row.len() > 1);
        latex::rows(if is_aligned { "aligned" } else { "gathered" }, &rows)
    }

    fn aligned(self, element: &Element) -> Vec<Vec<String>> {
        let lines = element.elements().filter(|line| line.is("m:e"));
        let cells = |line: String| line.split("\\&").map(|cell| latex::trimmed(cell).to_owned()).collect();
        lines.map(|line| cells(self.row(line))).collect()
    }
}

/// How the columns of a matrix are set.
fn column_sides(matrix: &Element) -> Vec<String> {
    let columns = matrix.child("m:mPr").and_then(|properties| properties.child("m:mcs"));
    let mut ways = Vec::new();
    for column in columns.into_iter().flat_map(Element::elements) {
        let count = property(column, "m:mcPr", "m:count").and_then(|count| count.parse::<usize>().ok()).unwrap_or(1);
        let way = property(column, "m:mcPr", "m:mcJc").unwrap_or("center");
        ways.extend(std::iter::repeat_n(way.to_owned(), count.min(64)));
    }
    if ways.is_empty() { vec!["center".to_owned()] } else { ways }
}
