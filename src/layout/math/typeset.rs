//! Sets a formula as boxes.

use super::font::MathFont;
use super::frame::MathBox;
use super::space::{Kind, between, kinds};
use crate::ast::{Class, Math, drawn};
use crate::layout::font::FontBook;
use crate::theme::Pt;
use std::cell::RefCell;

/// The size of parts, and how tightly they are set (The TeXbook, chapter 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// 0 on lines of its own, 1 in a line, 2 in scripts, 3 in scripts of scripts.
    level: u8,
    cramped: bool,
}

impl Style {
    const DISPLAY: Style = Style { level: 0, cramped: false };
    const TEXT: Style = Style { level: 1, cramped: false };

    /// Whether it is that of a formula on lines of its own.
    pub fn is_display(self) -> bool {
        self.level == 0
    }

    /// Whether scripts rise less, as under a bar.
    pub fn is_cramped(self) -> bool {
        self.cramped
    }

    /// The cramped style, with scripts that rise less.
    pub fn cramped(self) -> Style {
        Style { cramped: true, ..self }
    }

    /// The style of a superscript.
    pub fn superscript(self) -> Style {
        Style { level: if self.level < 2 { 2 } else { 3 }, ..self }
    }

    /// The style of a subscript.
    pub fn subscript(self) -> Style {
        self.superscript().cramped()
    }

    /// The smallest.
    pub fn script_of_script(self) -> Style {
        Style { level: 3, cramped: false }
    }

    /// The style of a numerator.
    pub fn numerator(self) -> Style {
        Style { level: (self.level + 1).min(3), ..self }
    }

    /// The style of a denominator.
    pub fn denominator(self) -> Style {
        self.numerator().cramped()
    }

    /// The display style.
    pub fn displayed(self) -> Style {
        Style { level: 0, ..self }
    }

    /// The inline style, or a smaller one.
    pub fn in_line(self) -> Style {
        Style { level: self.level.max(1), ..self }
    }

    /// Whether it is that of scripts.
    pub fn is_script(self) -> bool {
        self.level > 1
    }
}

/// A setter for formulas of one size.
pub struct Setter<'a> {
    pub font: &'a MathFont<'a>,
    pub book: &'a FontBook,
    base: Pt,
    scales: [f32; 2],
    /// Characters that no font has.
    pub missing: RefCell<Vec<char>>,
}

/// A formula, and the parts between which a line may end.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SetFormula {
    pub parts: Vec<MathBox>,
    /// Characters that no font has.
    pub missing: Vec<char>,
}

/// A formula in a line of text of a size.
pub fn inline(content: &[Math], font: &MathFont, book: &FontBook, size: Pt) -> SetFormula {
    formula(content, font, book, size, Style::TEXT)
}

/// A formula on lines of its own.
pub fn display(content: &[Math], font: &MathFont, book: &FontBook, size: Pt) -> SetFormula {
    formula(content, font, book, size, Style::DISPLAY)
}

/// Parts in one line.
pub fn joined(parts: &[MathBox]) -> MathBox {
    let mut whole = MathBox::default();
    parts.iter().for_each(|part| whole.append(part.clone()));
    whole
}

/// A formula on lines of its own in a measure, beside something else: in the middle, or in lines
/// that start with a relation's right side and stand in where it is too wide. `side` is where its
/// room begins.
pub fn displayed(parts: Vec<MathBox>, measure: Pt, (beside, side): (Pt, Pt), size: Pt) -> MathBox {
    const INDENT: Pt = 2.0;
    const LINE_GAP: Pt = 0.4;
    let room = (measure - beside).max(0.0);
    let whole: Pt = parts.iter().map(|part| part.width).sum();
    let indent = if whole > room { INDENT * size } else { 0.0 };
    let mut lines: Vec<MathBox> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if line.width + part.width <= room => line.append(part),
            Some(_) => {
                let mut line = MathBox::space(indent);
                line.append(part);
                lines.push(line);
            }
            None => lines.push(part),
        }
    }
    let mut set =
        MathBox { width: room.max(lines.iter().map(|line| line.width).fold(0.0, Pt::max)), ..MathBox::default() };
    let widest = lines.iter().map(|line| line.width).fold(0.0, Pt::max);
    let start = ((measure - widest) / 2.0 - side).min(room - widest).max(0.0);
    let mut y = 0.0;
    let mut below = None;
    for line in lines {
        y += below.map_or(0.0, |below: Pt| below + LINE_GAP * size + line.ascent);
        below = Some(line.descent);
        set.put(line, start, y);
    }
    set
}

fn formula(content: &[Math], font: &MathFont, book: &FontBook, base: Pt, style: Style) -> SetFormula {
    let setter = Setter { font, book, base, scales: font.script_scales(), missing: RefCell::default() };
    let mut parts = setter.parts(content, style);
    parts.retain(|part| part.width != 0.0 || !part.marks.is_empty());
    SetFormula { parts, missing: setter.missing.into_inner() }
}

impl Setter<'_> {
    /// The size of a style in points.
    pub fn size(&self, style: Style) -> Pt {
        let [script, script_of_script] = self.scales;
        self.base
            * match style.level {
                0 | 1 => 1.0,
                2 => script,
                _ => script_of_script,
            }
    }

    /// The height of the axis, on which fractions and minus signs are centred, in points.
    pub fn axis(&self, style: Style) -> Pt {
        self.font.constant(|c| c.axis_height()) * self.size(style)
    }

    /// A row of parts; `before` is the kind of what precedes it.
    pub fn row(&self, content: &[Math], style: Style, before: Option<Kind>) -> MathBox {
        let mut row = MathBox::default();
        self.each(content, style, before, |_, part, _| row.append(part));
        if let [Math::Identifier { .. } | Math::Number(_)] = content {
            // A mark is over a single letter where the letter says.
            row.accent = content.first().and_then(|only| self.part(only, style).accent);
        }
        row
    }

    /// The row, divided after relations.
    fn parts(&self, content: &[Math], style: Style) -> Vec<MathBox> {
        let mut parts = vec![MathBox::default()];
        let mut is_behind = false;
        self.each(content, style, None, |_, part, kind| {
            if is_behind && kind != Some(Kind::Relation) {
                parts.push(MathBox::default());
            }
            is_behind = kind == Some(Kind::Relation);
            if let Some(last) = parts.last_mut() {
                last.append(part);
            }
        });
        parts
    }

    /// Each part with the space before it, and what it is.
    fn each(
        &self,
        content: &[Math],
        style: Style,
        before: Option<Kind>,
        mut each: impl FnMut(&Math, MathBox, Option<Kind>),
    ) {
        let mut last = before;
        for (part, kind) in content.iter().zip(kinds(content, before)) {
            let space = match (last, kind) {
                (Some(last), Some(kind)) => between(last, kind, style.is_script()) * self.size(style),
                _ => 0.0,
            };
            let mut set = MathBox::space(space);
            set.append(self.part(part, style));
            last = kind.or(last);
            each(part, set, kind);
        }
    }

    /// Sets a part.
    pub fn part(&self, part: &Math, style: Style) -> MathBox {
        match part {
            Math::Identifier { text, upright } => self.letters(&drawn(text, *upright), style),
            Math::Number(text) | Math::Text(text) => self.letters(text, style),
            Math::Operator { text, class, size } => self.operator(text, *class, *size, style),
            Math::Space(width) => MathBox::space(f32::from(*width) / 18.0 * self.size(style)),
            Math::Group(content) => self.row(content, style, None),
            Math::Fraction { numerator, denominator, bar, display } => {
                let style = match display {
                    Some(true) => style.displayed(),
                    Some(false) => style.in_line(),
                    None => style,
                };
                self.fraction(numerator, denominator, *bar, style)
            }
            Math::Root { radicand, degree } => self.root(radicand, degree.as_deref(), style),
            Math::Scripts { base, below, above, position } => {
                self.scripts(base, (below.as_deref(), above.as_deref()), *position, style)
            }
            Math::Accent { base, mark, below, stretchy } => self.accented(base, *mark, (*below, *stretchy), style),
            Math::Fenced { open, content, close } => self.fenced(open, content, close, style),
            Math::Table { kind, rows } => self.table(*kind, rows, style),
            Math::Style { display, content } => {
                let style = if *display { style.displayed() } else { style.in_line() };
                self.row(content, style, None)
            }
        }
    }

    /// Something between delimiters as high as it is, as are those in its midst.
    fn fenced(&self, open: &str, content: &[Math], close: &str, style: Style) -> MathBox {
        let inside = self.row(content, style, None);
        let mut fenced = self.delimiter(open, &inside, style);
        self.each(content, style, Some(Kind::Opening), |part, set, _| match part {
            Math::Operator { text, class: Class::Middle, .. } => fenced.append(self.delimiter(text, &inside, style)),
            _ => fenced.append(set),
        });
        fenced.append(self.delimiter(close, &inside, style));
        fenced.italic = 0.0;
        fenced
    }
}
