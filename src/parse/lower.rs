//! What is known while comrak's tree is made into the AST.

use super::limits;
use super::place::{Locator, Origin};
use super::scan::Scanned;
use crate::ast::{AbbreviationDefinition, Condition, Inline, InlineKind, Node, NoteDefinition, Parsed};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use comrak::{Arena, Options, parse_document};
use std::collections::BTreeMap;
use std::ops::Range;

/// The state of one file's lowering.
pub struct Lowering<'a> {
    pub file: FileId,
    /// The whole source.
    pub text: &'a str,
    pub origin: Origin<'a>,
    pub scanned: &'a Scanned<'a>,
    pub diagnostics: &'a mut Diagnostics,
    pub locator: Locator,
    /// How many containers are open, of blocks and of inlines.
    pub depth: usize,
    /// How many links and pictures are open; addresses in them are no links.
    pub in_link: usize,
    pub notes: Vec<NoteDefinition>,
    pub abbreviations: Vec<AbbreviationDefinition>,
    /// The conditions of the `:::only` directives that are open.
    pub conditions: Vec<Condition>,
    /// Where each footnote is defined first.
    pub note_places: BTreeMap<String, Span>,
    pub headings: usize,
    /// Under which conditions the nesting limit was reported last: what is said
    /// inside `:::only` may be dropped with it.
    pub too_deep_in: Option<Vec<Condition>>,
    /// The same for the limit of headings.
    pub too_many_in: Option<Vec<Condition>>,
}

impl<'a> Lowering<'a> {
    pub fn new(
        file: FileId,
        text: &'a str,
        origin: Origin<'a>,
        scanned: &'a Scanned<'a>,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            file,
            text,
            origin,
            scanned,
            diagnostics,
            locator: Locator::new(0..text.len()),
            depth: 0,
            in_link: 0,
            notes: Vec::new(),
            abbreviations: Vec::new(),
            conditions: Vec::new(),
            note_places: BTreeMap::new(),
            headings: 0,
            too_deep_in: None,
            too_many_in: None,
        }
    }

    /// A span within the file, on the borders of characters.
    pub fn span(&self, range: Range<usize>) -> Span {
        let border = |mut offset: usize| {
            offset = offset.min(self.text.len());
            while !self.text.is_char_boundary(offset) {
                offset -= 1;
            }
            offset
        };
        Span::new(self.file, border(range.start), border(range.end))
    }

    /// Goes one level deeper; `false`, with a diagnostic, past the limit.
    pub fn enter(&mut self, span: Span) -> bool {
        if self.depth >= limits::NESTING {
            self.too_deep(span);
            return false;
        }
        self.depth += 1;
        true
    }

    /// Comes back from [`Lowering::enter`].
    pub fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Reports the nesting limit, once in a row.
    pub fn too_deep(&mut self, span: Span) {
        if self.too_deep_in.as_ref() != Some(&self.conditions) {
            self.too_deep_in = Some(self.conditions.clone());
            let message = format!("this nests deeper than {} levels", limits::NESTING);
            let hint = "take some lists, quotations or marks around it away";
            self.diagnostics.push(Diagnostic::new(Code::LimitExceeded, span, message).hint(hint));
        }
    }

    /// Text without the characters that no edition can hold (XML 1.0, 2.2, and
    /// the C1 controls).
    pub fn legal(&mut self, text: &str, span: Span) -> String {
        self.legal_owned(text.to_owned(), span)
    }

    /// [`Lowering::legal`] for text at hand.
    pub fn legal_owned(&mut self, text: String, span: Span) -> String {
        // Every character in question has one of these bytes.
        let suspect =
            |byte: u8| (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) || matches!(byte, 0x7f | 0xc2 | 0xef);
        if !text.bytes().any(suspect) {
            return text;
        }
        let bad = |letter: &char| {
            (letter.is_control() && !matches!(letter, '\t' | '\n' | '\r')) || matches!(letter, '\u{fffe}' | '\u{ffff}')
        };
        let Some(found) = text.chars().find(bad) else { return text };
        let message = format!("the control character U+{:04X} is replaced", u32::from(found));
        self.diagnostics.push(Diagnostic::new(Code::ControlCharacter, span, message));
        text.chars().map(|letter| if bad(&letter) { char::REPLACEMENT_CHARACTER } else { letter }).collect()
    }

    /// Parses inline Markdown that stands at `span`, such as a caption given
    /// as an attribute.
    pub fn fragment(&mut self, text: &str, span: Span) -> Vec<Inline<Parsed>> {
        // As a heading, so that a number and a full stop do not make a list.
        const HEADING: &str = "# ";
        let mut line = String::from(HEADING);
        line.extend(text.chars().map(|letter| if matches!(letter, '\n' | '\r') { ' ' } else { letter }));
        if text.trim_end().ends_with('#') {
            line.push_str(" #");
        }
        let arena = Arena::new();
        let root = parse_document(&arena, &line, &options());
        let Some(heading) = root.first_child() else {
            return Vec::new();
        };
        let origin = Origin::Fragment { start: span.start as usize, before: HEADING.len() };
        let before = (std::mem::replace(&mut self.origin, origin), self.locator.clone());
        self.locator = Locator::new(span.range());
        let (inlines, _) = self.inlines(heading);
        (self.origin, self.locator) = before;
        if inlines.is_empty() && !text.trim().is_empty() {
            let text = self.legal(text.trim(), span);
            return vec![Node::new(InlineKind::Text(text), span)];
        }
        inlines
    }
}

/// The options under which comrak reads a source. Whatever is off here is done
/// by us, with its places kept: task boxes, addresses that are links by
/// themselves, notes in place, raised and lowered text, attributes.
pub fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.description_lists = true;
    options.extension.alerts = true;
    options.parse.leave_footnote_definitions = true;
    options.parse.escaped_char_spans = true;
    options
}
