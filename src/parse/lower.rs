//! State of lowering comrak's tree to the AST.

use super::comment::{Form, Suspect};
use super::limits;
use super::place::{Locator, Origin};
use super::scan::{Comments, Scanned};
use super::shield;
use crate::ast::{AbbreviationDefinition, Condition, Inline, InlineKind, InlineNote, Node, NoteDefinition, Parsed};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::source::search::find_byte;
use crate::source::{FileId, Span};
use comrak::{Arena, Options};
use std::collections::{BTreeMap, BTreeSet};
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
    /// Inline notes with the conditions under which they are kept.
    pub inline_notes: Vec<(InlineNote, Vec<Condition>)>,
    pub abbreviations: Vec<AbbreviationDefinition>,
    /// The conditions of the `:::only` directives that are open.
    pub conditions: Vec<Condition>,
    /// Where each footnote is defined first.
    pub note_places: BTreeMap<String, Span>,
    pub headings: usize,
    /// Conditions under which the nesting limit was last reported: a report inside `:::only` may be
    /// dropped with it.
    pub too_deep_in: Option<Vec<Condition>>,
    /// Conditions under which the limit of headings was last reported.
    pub too_many_in: Option<Vec<Condition>>,
    /// Forms of comments that were reported, each with its conditions.
    told: BTreeSet<(Form, Vec<Condition>)>,
    /// Whether a formula was broken off, whose closing `$$` is still to come.
    pub in_broken_formula: bool,
    /// Whether something was open at the end of a container, so that its meaning may depend on the
    /// text after it.
    pub left_open: bool,
    /// Where the last block of HTML ends.
    pub html_end: usize,
    /// The starts of lines in which something seems to be for some readers only.
    pub guarded: BTreeSet<usize>,
    /// Content that seems to be hidden, by its start.
    suspects: BTreeMap<usize, Suspect>,
}

impl<'a> Lowering<'a> {
    /// A lowering of comrak's tree for the text at `origin`. `text` is the whole source, and
    /// `scanned` has its replacements.
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
            inline_notes: Vec::new(),
            abbreviations: Vec::new(),
            conditions: Vec::new(),
            note_places: BTreeMap::new(),
            headings: 0,
            too_deep_in: None,
            too_many_in: None,
            told: BTreeSet::new(),
            in_broken_formula: false,
            left_open: false,
            html_end: 0,
            guarded: BTreeSet::new(),
            suspects: BTreeMap::new(),
        }
    }

    /// Says, once for each form, that comments of another tool are left out.
    pub fn comment_left_out(&mut self, form: Form, span: Span) {
        if self.told.insert((form, self.conditions.clone())) {
            let (what, hint) = if form.is_comment() {
                ("comments", "write `<!-- … -->`, which every tool for Markdown leaves out")
            } else {
                ("marks", "write the abstract in the front matter, and headings for the parts")
            };
            let message = format!("{what} of {} (`{}`) are left out", form.tool, form.looks);
            self.diagnostics.push(Diagnostic::new(Code::ForeignComment, self.first_line(span), message).hint(hint));
        }
    }

    /// Takes down what seems to be hidden and is not understood.
    pub fn suspect(&mut self, suspects: Vec<Suspect>) {
        self.guarded.extend(suspects.iter().map(|suspect| suspect.line));
        self.suspects.extend(suspects.into_iter().map(|suspect| (suspect.range.start, suspect)));
    }

    /// These bytes are code: lines that would be comments elsewhere are none here.
    pub fn is_code(&mut self, range: Range<usize>) {
        let suspects = self.suspects.range(range).filter(|(_, suspect)| suspect.unless_code);
        let lines: Vec<_> = suspects.map(|(start, suspect)| (*start, suspect.line)).collect();
        for (start, line) in lines {
            self.suspects.remove(&start);
            self.guarded.remove(&line);
        }
    }

    /// Stops the document at the suspects that are left.
    pub fn report_suspects(&mut self) {
        for suspect in std::mem::take(&mut self.suspects).into_values() {
            let span = self.first_line(self.span(suspect.range));
            self.diagnostics.push(Diagnostic::new(Code::NotForAll, span, suspect.message).hint(suspect.hint));
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
    pub fn legal_owned(&mut self, mut text: String, span: Span) -> String {
        if self.scanned.holds_comment(&text) {
            text = self.scanned.restore(&text, Comments::Drop);
        }
        let Some((found, legal)) = without_controls(&text) else { return text };
        self.diagnostics.push(replaced(found, span));
        legal
    }

    /// Parses inline Markdown that is at `span`, such as a caption given as an attribute.
    pub fn fragment(&mut self, text: &str, span: Span) -> Vec<Inline<Parsed>> {
        // The text is parsed as a heading, so that a number and a full stop do not make a list.
        const HEADING: &str = "# ";
        let mut line = String::from(HEADING);
        line.extend(text.chars().map(|letter| if matches!(letter, '\n' | '\r') { ' ' } else { letter }));
        if text.trim_end().ends_with('#') {
            line.push_str(" #");
        }
        let arena = Arena::new();
        let root = shield::parse(&arena, &line);
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

/// Text without the characters that no edition can hold, and the first of them, where
/// there are some.
pub fn without_controls(text: &str) -> Option<(char, String)> {
    // Every character in question has one of these bytes.
    let is_suspect = |byte: u8| {
        (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')
            | (byte == 0x7f)
            | (byte == 0xc2)
            | (byte == 0xef)
    };
    find_byte(text, &is_suspect)?;
    let bad = |letter: &char| {
        (letter.is_control() && !matches!(letter, '\t' | '\n' | '\r')) || matches!(letter, '\u{fffe}' | '\u{ffff}')
    };
    let found = text.chars().find(bad)?;
    Some((found, text.chars().map(|letter| if bad(&letter) { char::REPLACEMENT_CHARACTER } else { letter }).collect()))
}

/// Says that a control character is replaced.
pub fn replaced(found: char, span: Span) -> Diagnostic {
    let message = format!("the control character U+{:04X} is replaced", u32::from(found));
    Diagnostic::new(Code::ControlCharacter, span, message).fix(Fix::removal(span, found))
}
