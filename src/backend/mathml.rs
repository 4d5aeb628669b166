//! Formulas in MathML Core, for HTML and for DocBook.

use super::markup::Markup;
use crate::ast::{Class, Formula, Math, OperatorSize, ScriptPosition, TableKind, is_function};

/// How an edition writes MathML.
#[derive(Debug, Clone, Copy)]
pub struct MathMl {
    /// Prefix of element names: `mml:` in DocBook, nothing in HTML.
    pub prefix: &'static str,
    /// Whether the formula is on lines of its own.
    pub display: bool,
}

impl MathMl {
    /// Writes a formula with attributes of its own beside the author's words.
    pub fn write(self, out: &mut Markup, formula: &Formula, attributes: &[(&str, &str)]) {
        let mut attributes = attributes.to_vec();
        if self.display {
            attributes.push(("display", "block"));
        }
        self.element(out, "math", &attributes, |out| self.row(out, &formula.content));
    }

    fn element(self, out: &mut Markup, name: &str, attributes: &[(&str, &str)], content: impl FnOnce(&mut Markup)) {
        out.element(&format!("{}{name}", self.prefix), attributes, content);
    }

    fn leaf(self, out: &mut Markup, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.element(out, name, attributes, |out| out.text(text));
    }

    /// Parts side by side.
    fn row(self, out: &mut Markup, content: &[Math]) {
        for (index, math) in content.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| content.get(before));
            self.part(out, math, before);
            if is_applied(math, content.get(index + 1)) {
                // Apart from what it is of (The TeXbook, chapter 18).
                let class: &[_] = if self.prefix.is_empty() { &[("class", "applied")] } else { &[] };
                self.element(out, "mspace", &[class, &[("width", "0.1667em")]].concat(), |_| {});
            }
        }
    }

    /// Parts where one element is wanted.
    fn argument(self, out: &mut Markup, content: &[Math]) {
        match content {
            [math] => self.part(out, math, None),
            _ => self.element(out, "mrow", &[], |out| self.row(out, content)),
        }
    }

    fn part(self, out: &mut Markup, math: &Math, before: Option<&Math>) {
        match math {
            Math::Identifier { text, upright } => {
                // A single letter is italic by default; longer names are not.
                let is_letter = text.chars().nth(1).is_none();
                let attributes: &[_] = if *upright && is_letter { &[("mathvariant", "normal")] } else { &[] };
                self.leaf(out, "mi", attributes, text);
            }
            Math::Number(text) => self.leaf(out, "mn", &[], text),
            Math::Text(text) => self.leaf(out, "mtext", &[], &text.replace(' ', "\u{a0}")),
            Math::Operator { text, class, size } => self.operator(out, text, *class, *size, before),
            Math::Space(width) => {
                let width = format!("{:.4}em", f32::from(*width) / 18.0);
                self.element(out, "mspace", &[("width", &width)], |_| {});
            }
            Math::Group(content) => self.element(out, "mrow", &[], |out| self.row(out, content)),
            Math::Style { display, content } => {
                let shown = if *display { "true" } else { "false" };
                self.element(out, "mstyle", &[("displaystyle", shown)], |out| self.row(out, content));
            }
            Math::Fraction { numerator, denominator, bar, display } => {
                let mut attributes = Vec::new();
                if !bar {
                    attributes.push(("linethickness", "0"));
                }
                let fraction = |out: &mut Markup| {
                    self.element(out, "mfrac", &attributes, |out| {
                        self.argument(out, numerator);
                        self.argument(out, denominator);
                    });
                };
                match display {
                    Some(display) => {
                        let shown = if *display { "true" } else { "false" };
                        self.element(out, "mstyle", &[("displaystyle", shown)], fraction);
                    }
                    None => fraction(out),
                }
            }
            Math::Root { radicand, degree: None } => self.element(out, "msqrt", &[], |out| self.row(out, radicand)),
            Math::Root { radicand, degree: Some(degree) } => self.element(out, "mroot", &[], |out| {
                self.argument(out, radicand);
                self.argument(out, degree);
            }),
            Math::Scripts { base, below, above, position } => {
                self.scripts(out, base, [below.as_deref(), above.as_deref()], *position);
            }
            Math::Accent { base, mark, below, stretchy } => self.accent(out, base, *mark, *below, *stretchy),
            Math::Fenced { open, content, close } => self.element(out, "mrow", &[], |out| {
                self.fence(out, open, "prefix");
                self.row(out, content);
                self.fence(out, close, "postfix");
            }),
            Math::Table { kind, rows } => self.table(out, *kind, rows),
        }
    }

    fn operator(self, out: &mut Markup, text: &str, class: Class, size: OperatorSize, before: Option<&Math>) {
        let mut attributes = Vec::new();
        let height;
        match class {
            Class::Opening => attributes.extend([("form", "prefix"), ("stretchy", "false")]),
            Class::Closing => attributes.extend([("form", "postfix"), ("stretchy", "false")]),
            Class::Ordinary => attributes.extend([("stretchy", "false"), ("lspace", "0em"), ("rspace", "0em")]),
            Class::Binary if crate::ast::is_sign(before) => attributes.push(("form", "prefix")),
            Class::Middle => attributes.push(("stretchy", "true")),
            // Arrows are not widened by text over them.
            Class::Binary | Class::Relation | Class::Punctuation | Class::Large => {}
        }
        if let OperatorSize::Step(step) = size {
            height = format!("{:.1}em", 0.6 + 0.6 * f32::from(step));
            attributes.retain(|(name, _)| *name != "stretchy");
            attributes.extend([("stretchy", "true"), ("minsize", &height), ("maxsize", &height)]);
        }
        self.leaf(out, "mo", &attributes, text);
    }

    /// A delimiter that is as high as what it holds.
    fn fence(self, out: &mut Markup, text: &str, form: &str) {
        if !text.is_empty() {
            self.leaf(out, "mo", &[("form", form), ("stretchy", "true")], text);
        }
    }

    fn scripts(self, out: &mut Markup, base: &Math, scripts: [Option<&[Math]>; 2], position: ScriptPosition) {
        let stacked = position != ScriptPosition::Beside;
        let name = match (stacked, scripts) {
            (true, [Some(_), Some(_)]) => "munderover",
            (true, [Some(_), None]) => "munder",
            (true, _) => "mover",
            (false, [Some(_), Some(_)]) => "msubsup",
            (false, [Some(_), None]) => "msub",
            (false, _) => "msup",
        };
        self.element(out, name, &[], |out| {
            match (base, position) {
                // Limits of a name move as those of a sum do.
                (Math::Identifier { text, .. }, ScriptPosition::Movable) => {
                    self.leaf(out, "mo", &[("movablelimits", "true")], text);
                }
                (Math::Operator { text, class: Class::Large, .. }, ScriptPosition::Stacked) => {
                    self.leaf(out, "mo", &[("movablelimits", "false")], text);
                }
                _ => self.part(out, base, None),
            }
            scripts.into_iter().flatten().for_each(|script| self.argument(out, script));
        });
    }

    fn accent(self, out: &mut Markup, base: &[Math], mark: char, below: bool, stretchy: bool) {
        let (name, key) = if below { ("munder", "accentunder") } else { ("mover", "accent") };
        let stretchy = if stretchy { "true" } else { "false" };
        let mut attributes = vec![(key, "true")];
        // Not every font has lines that stretch to the width of the base.
        let line = match mark {
            '‾' => Some("overline"),
            '_' => Some("underline"),
            _ => None,
        };
        attributes.extend(line.filter(|_| self.prefix.is_empty()).map(|line| ("class", line)));
        self.element(out, name, &attributes, |out| {
            self.argument(out, base);
            self.leaf(out, "mo", &[("stretchy", stretchy)], mark.encode_utf8(&mut [0; 4]));
        });
    }

    fn table(self, out: &mut Markup, kind: TableKind, rows: &[Vec<Vec<Math>>]) {
        let (class, align, display) = match kind {
            TableKind::Matrix => ("matrix", "center", "false"),
            TableKind::Cases => ("cases", "left", "false"),
            TableKind::Aligned => ("aligned", "right left", "true"),
            TableKind::Gathered => ("gathered", "center", "true"),
        };
        // MathML Core leaves alignment to style sheets; DocBook's readers know the attribute.
        let how = if self.prefix.is_empty() { ("class", class) } else { ("columnalign", align) };
        self.element(out, "mtable", &[how, ("displaystyle", display)], |out| {
            for row in rows {
                self.element(out, "mtr", &[], |out| {
                    for cell in row {
                        self.element(out, "mtd", &[], |out| self.row(out, cell));
                    }
                });
            }
        });
    }
}

/// Whether a part is a function that is applied to what follows it.
fn is_applied(math: &Math, next: Option<&Math>) -> bool {
    let name = match math {
        // A base with limits is an operator, which has its own space.
        Math::Scripts { base, position: ScriptPosition::Beside, .. } => base,
        other => other,
    };
    let takes = match next {
        None | Some(Math::Space(_) | Math::Text(_)) => false,
        Some(Math::Operator { class, .. }) => *class == Class::Large,
        Some(_) => true,
    };
    takes && matches!(name, Math::Identifier { text, upright: true } if is_function(text))
}
