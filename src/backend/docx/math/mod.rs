//! Formulas as Office Math (ISO/IEC 29500-1, 22.1), which Word edits as its own.
//!
//! Office Math joins what LaTeX leaves side by side: a sum holds what is summed, a function
//! what it is applied to, delimiters what they enclose. What it lacks is space that draws
//! together and the size of single fractions: Word decides these.
//!
//! Where Word has two ways, that one is taken which LibreOffice shows with the same signs: it
//! knows sums and integrals alone as large operators, takes `&` in lines that are aligned for
//! a sign, and names for commands unless they are literal.

mod part;

use crate::ast::{Class, Math, ScriptPosition, TableKind, combining, signs};
use crate::backend::markup::Markup;
use part::{Part, Scripts, applied, is_function, parts, reach};

/// Office Math.
pub const MATH: &str = "http://schemas.openxmlformats.org/officeDocument/2006/math";

/// Holds the place of what is empty, where Word would show a dotted box.
const EMPTY: &str = "\u{200b}";

/// Space between pairs of aligned columns.
const BETWEEN: &str = "\u{2003}\u{2003}";

/// Marks that stretch over what they hold, as braces do, and are no accents.
const STRETCHED: [char; 4] = ['‾', '_', '←', '↔'];

/// The signs that programs know as large operators with limits.
const LARGE: [&str; 9] = ["∑", "∏", "∐", "∫", "∬", "∭", "∮", "∯", "∰"];

/// Characters that are space, by their width in eighteenths of an em.
const SPACES: [(i16, char); 7] = [
    (18, '\u{2003}'),
    (9, '\u{2002}'),
    (6, '\u{2004}'),
    (5, '\u{2005}'),
    (4, '\u{205f}'),
    (3, '\u{2006}'),
    (1, '\u{200a}'),
];

/// Letter style of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letters {
    /// Word's default style in formulas: letters are italic, figures and signs are not.
    Own,
    /// Upright and literal.
    Upright,
    /// Words of the text around.
    Words,
}

/// Writes formulas.
#[derive(Debug, Clone, Copy)]
pub struct OfficeMath {
    /// Whether limits of sums are over and under them, as on lines of their own.
    display: bool,
}

impl OfficeMath {
    /// A formula in a line.
    pub fn in_line(out: &mut Markup, content: &[Math]) {
        out.element("m:oMath", &[], |out| OfficeMath { display: false }.row(out, content));
    }

    /// A formula on lines of its own.
    pub fn on_lines(out: &mut Markup, content: &[Math]) {
        out.element("m:oMathPara", &[], |out| {
            properties(out, "m:oMathParaPr", &[("m:jc", "center")]);
            out.element("m:oMath", &[], |out| OfficeMath { display: true }.row(out, content));
        });
    }

    fn row(self, out: &mut Markup, content: &[Math]) {
        self.parts(out, &parts(content));
    }

    fn parts(self, out: &mut Markup, parts: &[Part]) {
        let mut at = 0;
        while let Some(part) = parts.get(at) {
            let before = at.checked_sub(1).and_then(|before| parts.get(before));
            let behind = parts.get(at + 1..).unwrap_or_default();
            at += 1 + match part {
                Part::One(math) if part.joins() => {
                    self.sign(out, math, before, part, behind);
                    0
                }
                Part::One(math) => {
                    let is_number = |part: &Part| matches!(part, Part::One(Math::Number(_)));
                    if is_number(part) && before.is_some_and(is_number) {
                        run(out, EMPTY, Letters::Own);
                    }
                    self.part(out, math, behind)
                }
                Part::Enclosed { open, content, close, grows, scripts } => {
                    let delimited = |out: &mut Markup| self.enclosed(out, [open, close], content, *grows);
                    match scripts {
                        Some(scripts) => self.beside(out, *scripts, |out| out.element("m:e", &[], delimited)),
                        None => delimited(out),
                    }
                    0
                }
            };
        }
    }

    /// A sign that joins or relates; literal where something that it joins is missing.
    fn sign(self, out: &mut Markup, math: &Math, before: Option<&Part>, own: &Part, behind: &[Part]) {
        let has_left = before.is_some_and(|before| !before.joins()) || own.is_sign();
        let has_right = behind.first().is_some_and(|behind| !behind.joins() || behind.is_sign());
        if let Math::Operator { text, .. } = math {
            run(out, text, if has_left && has_right { Letters::Own } else { Letters::Upright });
        }
    }

    /// Writes the content of an element, which is never empty.
    fn argument(self, out: &mut Markup, name: &str, content: &[Math]) {
        self.held(out, name, &parts(content));
    }

    fn held(self, out: &mut Markup, name: &str, parts: &[Part]) {
        out.element(name, &[], |out| {
            if parts.is_empty() {
                run(out, EMPTY, Letters::Own);
            }
            self.parts(out, parts);
        });
    }

    /// A part; how many of those after it belong to it.
    fn part(self, out: &mut Markup, math: &Math, behind: &[Part]) -> usize {
        match math {
            Math::Operator { text, class: Class::Large, .. } => {
                return self.large(out, text, [None, None], None, behind);
            }
            Math::Scripts { base, below, above, position } => {
                return self.scripts(out, base, [below.as_deref(), above.as_deref()], *position, behind);
            }
            Math::Identifier { text, .. } if is_function(math) => {
                return self.function(out, behind, |out| run(out, text, Letters::Upright));
            }
            Math::Identifier { text, upright } => {
                let is_letter = text.chars().nth(1).is_none();
                run(out, text, if *upright || !is_letter { Letters::Upright } else { Letters::Own });
            }
            // Literal, it is one number with its comma.
            Math::Number(text) if text.contains(',') => run(out, text, Letters::Upright),
            Math::Operator { text, class: Class::Punctuation, .. } | Math::Number(text) => run(out, text, Letters::Own),
            Math::Operator { text, .. } => run(out, text, Letters::Upright),
            Math::Text(text) => run(out, text, Letters::Words),
            Math::Space(width) => run(out, &space(*width), Letters::Own),
            Math::Group(content) => self.row(out, content),
            Math::Style { display, content } => OfficeMath { display: *display }.row(out, content),
            Math::Fraction { numerator, denominator, bar, display } => out.element("m:f", &[], |out| {
                let inner = OfficeMath { display: display.unwrap_or(false) };
                if !bar {
                    properties(out, "m:fPr", &[("m:type", "noBar")]);
                }
                inner.argument(out, "m:num", numerator);
                inner.argument(out, "m:den", denominator);
            }),
            Math::Root { radicand, degree } => out.element("m:rad", &[], |out| {
                match degree {
                    None => {
                        properties(out, "m:radPr", &[("m:degHide", "1")]);
                        out.empty("m:deg", &[]);
                    }
                    Some(degree) => self.in_text().argument(out, "m:deg", degree),
                }
                self.argument(out, "m:e", radicand);
            }),
            Math::Accent { base, mark, below, .. } => self.accent(out, base, *mark, *below),
            Math::Fenced { open, content, close } => self.fenced(out, open, content, close),
            Math::Table { kind, rows } => self.table(out, *kind, rows),
        }
        0
    }

    /// Where limits are after, as in fractions and scripts.
    fn in_text(self) -> Self {
        OfficeMath { display: false }
    }

    fn scripts(
        self,
        out: &mut Markup,
        base: &Math,
        scripts: Scripts,
        position: ScriptPosition,
        behind: &[Part],
    ) -> usize {
        let base = parts(std::slice::from_ref(base));
        match (base.as_slice(), position) {
            ([Part::One(Math::Operator { text, class: Class::Large, .. })], _) => {
                return self.large(out, text, scripts, Some(position), behind);
            }
            ([], ScriptPosition::Beside) if self.before(out, scripts, behind) => return 1,
            ([Part::One(name)], _) if is_function(name) || position == ScriptPosition::Movable => {
                return self.function(out, behind, |out| self.scripted(out, &base, scripts, position));
            }
            _ => self.scripted(out, &base, scripts, position),
        }
        0
    }

    /// Scripts before what follows them, as in ²³⁵U; whether they were written.
    fn before(self, out: &mut Markup, scripts: Scripts, behind: &[Part]) -> bool {
        let carries = |math: &Math| match math {
            Math::Identifier { .. } => !is_function(math),
            Math::Number(_) | Math::Fenced { .. } | Math::Accent { .. } => true,
            Math::Scripts { base, position, .. } => {
                *position == ScriptPosition::Beside
                    && matches!(base.as_ref(), Math::Identifier { .. })
                    && !is_function(base)
            }
            _ => false,
        };
        let base = behind.get(..1).unwrap_or_default();
        let is_carried = matches!(base, [Part::One(math)] if carries(math));
        if !is_carried || scripts.into_iter().flatten().any(|script| signs(script).is_empty()) {
            return false;
        }
        out.element("m:sPre", &[], |out| {
            let [below, above] = scripts.map(Option::unwrap_or_default);
            self.in_text().argument(out, "m:sub", below);
            self.in_text().argument(out, "m:sup", above);
            self.held(out, "m:e", base);
        });
        true
    }

    /// Writes a base with its scripts. Word has separate elements for scripts above and below.
    fn scripted(self, out: &mut Markup, base: &[Part], scripts: Scripts, position: ScriptPosition) {
        if position == ScriptPosition::Beside {
            return self.beside(out, scripts, |out| {
                out.element("m:e", &[], |out| {
                    // Delimiters alone would have the scripts at the second of them.
                    if matches!(base, [] | [Part::Enclosed { .. }]) {
                        run(out, EMPTY, Letters::Own);
                    }
                    self.parts(out, base);
                });
            });
        }
        let inner = self.in_text();
        let under = |out: &mut Markup, below: &[Math]| {
            out.element("m:limLow", &[], |out| {
                self.held(out, "m:e", base);
                inner.argument(out, "m:lim", below);
            });
        };
        match scripts {
            [None, None] => self.parts(out, base),
            [Some(below), None] => under(out, below),
            [below, Some(above)] => out.element("m:limUpp", &[], |out| {
                match below {
                    Some(below) => out.element("m:e", &[], |out| under(out, below)),
                    None => self.held(out, "m:e", base),
                }
                inner.argument(out, "m:lim", above);
            }),
        }
    }

    fn beside(self, out: &mut Markup, scripts: Scripts, base: impl FnOnce(&mut Markup)) {
        let [below, above] = scripts;
        let name = match (below, above) {
            (Some(_), Some(_)) => "m:sSubSup",
            (Some(_), None) => "m:sSub",
            (None, _) => "m:sSup",
        };
        out.element(name, &[], |out| {
            base(out);
            below.into_iter().for_each(|below| self.in_text().argument(out, "m:sub", below));
            above.into_iter().for_each(|above| self.in_text().argument(out, "m:sup", above));
        });
    }

    /// A sum, an integral or their like, with its limits and what it reaches over.
    fn large(
        self,
        out: &mut Markup,
        sign: &str,
        limits: Scripts,
        position: Option<ScriptPosition>,
        behind: &[Part],
    ) -> usize {
        let is_stacked = match position {
            Some(ScriptPosition::Stacked) => true,
            Some(ScriptPosition::Movable) => self.display,
            Some(ScriptPosition::Beside) | None => false,
        };
        if !LARGE.contains(&sign) {
            let sign = Math::operator(sign, Class::Ordinary);
            let place = if is_stacked { ScriptPosition::Stacked } else { ScriptPosition::Beside };
            match limits {
                [None, None] => self.parts(out, &[Part::One(&sign)]),
                limits => self.scripted(out, &[Part::One(&sign)], limits, place),
            }
            return 0;
        }
        let taken = reach(behind);
        out.element("m:nary", &[], |out| {
            let [below, above] = limits.map(|limit| if limit.is_some() { "0" } else { "1" });
            let place = if is_stacked { "undOvr" } else { "subSup" };
            let all = [("m:chr", sign), ("m:limLoc", place), ("m:subHide", below), ("m:supHide", above)];
            properties(out, "m:naryPr", &all);
            for (name, limit) in ["m:sub", "m:sup"].into_iter().zip(limits) {
                match limit {
                    Some(limit) => self.in_text().argument(out, name, limit),
                    None => out.empty(name, &[]),
                }
            }
            self.held(out, "m:e", behind.get(..taken).unwrap_or_default());
        });
        taken
    }

    /// A function and what it is applied to.
    fn function(self, out: &mut Markup, behind: &[Part], name: impl FnOnce(&mut Markup)) -> usize {
        let taken = applied(behind);
        if taken == 0 {
            name(out);
            return 0;
        }
        out.element("m:func", &[], |out| {
            out.element("m:fName", &[], name);
            self.held(out, "m:e", behind.get(..taken).unwrap_or_default());
        });
        taken
    }

    fn accent(self, out: &mut Markup, base: &[Math], mark: char, below: bool) {
        let mut buffer = [0; 4];
        let (name, settings): (_, &[(&str, &str)]) = match (mark, below) {
            ('‾', false) => ("m:bar", &[("m:pos", "top")]),
            ('_', true) => ("m:bar", &[("m:pos", "bot")]),
            _ => match combining(mark).filter(|_| !below && !STRETCHED.contains(&mark)) {
                Some(sign) => ("m:acc", &[("m:chr", &*sign.encode_utf8(&mut buffer))]),
                None => {
                    let sign = &*mark.encode_utf8(&mut buffer);
                    let (place, start) = if below { ("bot", "top") } else { ("top", "bot") };
                    ("m:groupChr", &[("m:chr", sign), ("m:pos", place), ("m:vertJc", start)])
                }
            },
        };
        out.element(name, &[], |out| {
            properties(out, &format!("{name}Pr"), settings);
            self.argument(out, "m:e", base);
        });
    }

    /// Delimiters, and those of one kind that part what they hold.
    fn fenced(self, out: &mut Markup, open: &str, content: &[Math], close: &str) {
        let middle = |math: &Math| match math {
            Math::Operator { text, class: Class::Middle, .. } => Some(text.clone()),
            _ => None,
        };
        let between: Vec<String> = content.iter().filter_map(middle).collect();
        let sign = between.first().filter(|first| between.iter().all(|other| other == *first));
        out.element("m:d", &[], |out| {
            let mut all = vec![("m:begChr", open)];
            all.extend(sign.map(|sign| ("m:sepChr", sign.as_str())));
            all.push(("m:endChr", close));
            properties(out, "m:dPr", &all);
            match sign {
                None => self.argument(out, "m:e", content),
                Some(_) => {
                    content.split(|math| middle(math).is_some()).for_each(|part| self.argument(out, "m:e", part));
                }
            }
        });
    }

    /// Delimiters that are signs of their own: as high as letters unless they grow.
    fn enclosed(self, out: &mut Markup, [open, close]: [&str; 2], content: &[Part], grows: bool) {
        out.element("m:d", &[], |out| {
            let grows = if grows { "1" } else { "0" };
            properties(out, "m:dPr", &[("m:begChr", open), ("m:endChr", close), ("m:grow", grows)]);
            self.held(out, "m:e", content);
        });
    }

    fn table(self, out: &mut Markup, kind: TableKind, rows: &[Vec<Vec<Math>>]) {
        let is_single = rows.iter().all(|row| row.len() == 1);
        match kind {
            TableKind::Matrix => self.in_text().matrix(out, &["center"], rows),
            TableKind::Cases => self.in_text().matrix(out, &["left"], rows),
            TableKind::Aligned if !is_single => self.matrix(out, &["right", "left"], rows),
            TableKind::Aligned | TableKind::Gathered => out.element("m:eqArr", &[], |out| {
                rows.iter().for_each(|row| self.argument(out, "m:e", &row.concat()));
            }),
        }
    }

    /// Rows of cells, whose columns have some alignments by turns.
    fn matrix(self, out: &mut Markup, alignments: &[&str], rows: &[Vec<Vec<Math>>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let touch = alignments.len() > 1;
        out.element("m:m", &[], |out| {
            out.element("m:mPr", &[], |out| {
                out.empty("m:plcHide", &[("m:val", "1")]);
                if touch {
                    out.empty("m:cGpRule", &[("m:val", "3")]);
                    out.empty("m:cGp", &[("m:val", "0")]);
                }
                out.element("m:mcs", &[], |out| {
                    for alignment in alignments.iter().cycle().take(if touch { columns } else { 1 }) {
                        let count = if touch { 1 } else { columns }.to_string();
                        out.element("m:mc", &[], |out| {
                            properties(out, "m:mcPr", &[("m:count", &count), ("m:mcJc", alignment)]);
                        });
                    }
                });
            });
            for row in rows {
                out.element("m:mr", &[], |out| {
                    for column in 0..columns {
                        let cell = row.get(column).map(Vec::as_slice).unwrap_or_default();
                        out.element("m:e", &[], |out| self.matrix_cell(out, cell, touch.then_some(column)));
                    }
                });
            }
        });
    }

    /// A cell; with its column where it touches its neighbour.
    fn matrix_cell(self, out: &mut Markup, cell: &[Math], touching: Option<usize>) {
        let parts = parts(cell);
        if touching.is_some_and(|column| column > 0 && column.is_multiple_of(2)) {
            run(out, BETWEEN, Letters::Own);
        }
        // A sign that relates stands apart from something alone.
        if parts.is_empty() || touching.is_some() && parts.first().is_some_and(Part::joins) {
            run(out, EMPTY, Letters::Upright);
        }
        self.parts(out, &parts);
    }
}

/// Properties with values, in the order of the schema.
fn properties(out: &mut Markup, name: &str, values: &[(&str, &str)]) {
    out.element(name, &[], |out| values.iter().for_each(|(name, value)| out.empty(name, &[("m:val", value)])));
}

fn run(out: &mut Markup, text: &str, letters: Letters) {
    if text.is_empty() {
        return;
    }
    let marks: &[(&str, &[(&str, &str)])] = match letters {
        Letters::Own => &[],
        Letters::Upright => &[("m:lit", &[]), ("m:sty", &[("m:val", "p")])],
        Letters::Words => &[("m:nor", &[])],
    };
    out.element("m:r", &[], |out| {
        if !marks.is_empty() {
            out.element("m:rPr", &[], |out| marks.iter().for_each(|(name, value)| out.empty(name, value)));
        }
        out.leaf("m:t", &[("xml:space", "preserve")], text);
    });
}

/// Characters as wide as a space; none for space that draws together.
fn space(width: i16) -> String {
    let mut rest = width;
    let mut out = String::new();
    for (width, character) in SPACES {
        while rest >= width {
            out.push(character);
            rest -= width;
        }
    }
    out
}
