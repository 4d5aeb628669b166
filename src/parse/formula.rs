//! Formulas where they are in a source: in lines, between lines of `$$`, in fences.

use super::attributes::Attributes;
use super::inline_token::{InlineToken, InlineTokenKind};
use super::lower::Lowering;
use super::math;
use crate::ast::{Attrs, BlockKind, Equation, Formula, InlineKind, Node, Parsed, linear};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The attributes that a formula takes beside those that everything has.
pub const FORMULA: [&str; 1] = ["alt"];

impl Lowering<'_> {
    /// The formula that a text says, which is within a span.
    pub fn formula(&mut self, text: &str, span: Span) -> Formula {
        let (content, problems) = math::read(text);
        if problems.is_empty() && linear(&content).is_empty() {
            let message = "this formula says nothing";
            self.diagnostics.push(Diagnostic::new(Code::BadFormula, self.first_line(span), message));
        }
        for math::Problem { code, range, message, hint, near } in problems {
            let place = self.place_in(text, range, span);
            self.diagnostics.push(Diagnostic::new(code, place, message).maybe_hint(hint).guess(near));
        }
        Formula { source: self.legal(text.trim(), span), content, alt: None }
    }

    /// Where bytes of a formula are in the source: its lines may be after marks of lists and
    /// quotations.
    fn place_in(&self, text: &str, range: std::ops::Range<usize>, span: Span) -> Span {
        let written = self.text.get(span.range()).unwrap_or_default();
        let mut at = 0;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let words = line.trim();
            let Some(found) = written.get(at..).and_then(|rest| rest.find(words)) else { break };
            let lead = line.len() - line.trim_start().len();
            if range.start < start + line.len() || start + line.len() == text.len() {
                let place = |offset: usize| at + found + offset.saturating_sub(start + lead);
                let from = place(range.start).min(written.len());
                let to = place(range.end.min(start + lead + words.len())).clamp(from, written.len());
                return self.span(span.start as usize + from..span.start as usize + to);
            }
            at += found + words.len();
            start += line.len();
        }
        self.first_line(span)
    }

    /// A formula on lines of its own, with its attributes.
    pub fn equation(&mut self, text: &str, span: Span, attributes: Option<Attributes>) -> Node<BlockKind<Parsed>> {
        if let Some(attributes) = &attributes {
            self.guard_attributes(attributes);
            self.check_keys("a formula", &FORMULA, attributes);
        }
        let mut attrs = attributes.map(Attributes::into_attrs).unwrap_or_default();
        let mut formula = self.formula(text, span);
        formula.alt = take_alt(&mut attrs);
        let kind = BlockKind::Equation(Box::new(Equation { formula, label: () }));
        Node { kind, span, attrs }
    }

    /// A paragraph that is one formula between double dollar signs, with attributes after.
    pub fn formula_block(&mut self, span: Span) -> Option<Node<BlockKind<Parsed>>> {
        let whole = self.text.get(span.range())?;
        let written = whole.trim();
        if self.in_broken_formula && written.ends_with("$$") {
            self.in_broken_formula = false;
            return None;
        }
        let inside = written.strip_prefix("$$")?;
        let Some((formula, behind)) = inside.split_once("$$") else {
            self.unclosed_formula(span, inside);
            return None;
        };
        let start = whole.len() - whole.trim_start().len() + "$$".len() + formula.len() + "$$".len();
        let behind_start = start + (behind.len() - behind.trim_start().len());
        let attributes = match behind.trim() {
            "" => None,
            braces => {
                let read = Attributes::read(self.file, self.text, span.start as usize + behind_start)?;
                let is_whole = (read.span.end - read.span.start) as usize == braces.len();
                Some(read).filter(|read| is_whole && !read.is_empty() && read.has_only_values())
            }
        };
        if formula.trim().is_empty() || attributes.is_none() && !behind.trim().is_empty() {
            return None;
        }
        let text = self.without_quotation(formula, span);
        Some(self.equation(&text, span, attributes))
    }

    /// `$$` on a line of its own whose formula an empty line, a list or the like breaks off.
    /// `inside` is what follows it in its block.
    pub fn unclosed_formula(&mut self, span: Span, inside: &str) {
        let rest = self.text.get(span.end as usize..).unwrap_or_default();
        let is_alone = inside.is_empty() || inside.starts_with(['\n', '\r']);
        let is_closed = rest.lines().any(|line| line.trim().starts_with("$$") || line.trim().ends_with("$$"));
        self.left_open |= is_alone;
        if is_alone && is_closed {
            self.in_broken_formula = true;
            let message = "this formula has no end in its paragraph";
            let hint = "take empty lines out of it, or write it in a fence: ```` ```math ````";
            self.diagnostics.push(Diagnostic::new(Code::BadFormula, self.first_line(span), message).hint(hint));
        }
    }

    /// Lines of a formula without the marks of the quotations around it.
    fn without_quotation(&self, formula: &str, span: Span) -> String {
        let before = self.text.get(..span.start as usize).unwrap_or_default();
        let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
        let marks = line.matches('>').count();
        let strip = |line: &str| {
            let mut line = line;
            for _ in 0..marks {
                line = line.trim_start().strip_prefix('>').unwrap_or(line);
            }
            line.to_owned()
        };
        let mut lines = formula.lines();
        let first = lines.next().unwrap_or_default().to_owned();
        let all: Vec<String> = std::iter::once(first).chain(lines.map(strip)).collect();
        all.join("\n")
    }

    /// Makes formulas of code between dollar signs that touch it.
    pub fn code_formulas(&mut self, pieces: Vec<InlineToken>) -> Vec<InlineToken> {
        if !pieces.iter().any(|piece| matches!(&piece.kind, InlineTokenKind::Text(text) if text.ends_with('$'))) {
            return pieces;
        }
        let mut out: Vec<InlineToken> = Vec::with_capacity(pieces.len());
        let mut pieces = pieces.into_iter().peekable();
        while let Some(mut piece) = pieces.next() {
            let opens = matches!(out.last(), Some(InlineToken { kind: InlineTokenKind::Text(text), span, .. })
                if text.ends_with('$') && !text.ends_with("$$") && span.end == piece.span.start);
            let ends_code =
                |span: Span| self.text.get(..span.start as usize).is_some_and(|before| before.ends_with('`'));
            // In a table cell the code is shorter than its source if a bar is escaped.
            let closing = match pieces.peek() {
                Some(InlineToken { kind: InlineTokenKind::Text(text), span, .. })
                    if text.starts_with('$') && !text.starts_with("$$") && ends_code(*span) =>
                {
                    Some(span.start as usize + "$".len())
                }
                _ => None,
            };
            if opens
                && let Some(end) = closing
                && let InlineTokenKind::Inline(inline) = &mut piece.kind
                && let InlineKind::Code(code) = &inline.kind
            {
                let code = code.clone();
                inline.kind = InlineKind::Math(Box::new(self.formula(&code, piece.span)));
                piece.span = Span::new(self.file, piece.span.start as usize - "$".len(), end);
                inline.span = piece.span;
                drop_ends(out.last_mut(), pieces.peek_mut());
            }
            out.push(piece);
        }
        out.retain(|piece| !matches!(&piece.kind, InlineTokenKind::Text(text) if text.is_empty()));
        out
    }

    /// A formula between double dollar signs in a line: `rest` is how much text comrak left
    /// in one piece after the mark. Signs that are no formula stay text.
    pub fn dollar_formula(&mut self, rest: usize, here: usize) -> Option<(InlineToken, usize)> {
        let inside = here + "$$".len();
        let end = self.locator.ahead.end.max(inside + rest).min(self.text.len());
        let source = self.text.get(inside..end)?;
        let (written, _) = source.split_once("$$")?;
        if !is_formula(written) {
            return None;
        }
        let past = inside + written.len() + "$$".len();
        let span = Span::new(self.file, here, past);
        let text = written.to_owned();
        let formula = self.formula(&text, span);
        Some((InlineToken::inline(InlineKind::Math(Box::new(formula)), span, 0), past))
    }
}

/// Takes the dollar signs off the pieces around a formula.
fn drop_ends(before: Option<&mut InlineToken>, after: Option<&mut InlineToken>) {
    if let Some(InlineToken { kind: InlineTokenKind::Text(text), span, .. }) = before {
        text.pop();
        span.end = span.end.saturating_sub(1);
    }
    if let Some(InlineToken { kind: InlineTokenKind::Text(text), span, .. }) = after {
        text.remove(0);
        span.start = span.start.saturating_add(1);
    }
}

/// Whether the text between double dollar signs in a line is a formula.
pub fn is_formula(written: &str) -> bool {
    let is_one_paragraph = !written.trim().lines().any(|line| line.trim().is_empty());
    let is_tight = written.trim() == written;
    is_one_paragraph && !written.is_empty() && (written.contains('\\') || is_tight && is_plain_formula(written))
}

/// Whether signs without a command are a formula: they can be read, and no words and no
/// parenthesis of the text around begin or end in them.
fn is_plain_formula(text: &str) -> bool {
    let (open, close) = (text.matches('(').count(), text.matches(')').count());
    let mut words = text.split(|c: char| !c.is_alphabetic());
    open == close
        && !text.starts_with(')')
        && words.all(|word| word.chars().count() < 4)
        && math::read(text).1.is_empty()
}

/// The author's words for a formula, out of its attributes.
pub fn take_alt(attrs: &mut Attrs) -> Option<String> {
    attrs.get("alt")?;
    let list = attrs.edit();
    let at = list.pairs.iter().position(|(key, _)| key == "alt")?;
    let (_, alt) = list.pairs.remove(at);
    let is_empty = list.id.is_none() && list.classes.is_empty() && list.lang.is_none() && list.pairs.is_empty();
    if is_empty {
        *attrs = Attrs::default();
    }
    Some(alt).filter(|alt| !alt.trim().is_empty())
}
