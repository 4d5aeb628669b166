//! Inlines as a run of text that is yet to be filled into lines.

use super::bars::BESIDE_BARS;
use super::fill::{COLUMNS, FIXED_SPACE, LongWords, fill, with_short_words};
use super::script::{Script, push_script};
use crate::ast::{Image, InlineKind, linear, plain_text};
use crate::format::Format;
use crate::language::{Labels, fill as fill_label, keeps_short_words};
use crate::resolve::{ChangeKind, RInline, Resolved, ResolvedInline, ResolvedStage, Target};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Writes a document as text.
pub(super) struct Renderer<'a> {
    pub document: &'a Resolved,
    /// Which of the two text editions is made.
    pub format: Format,
    /// How many columns there are.
    pub columns: usize,
    /// How many tables are open.
    pub tables: usize,
    pub long_words: LongWords,
    /// Labels of the document's language.
    pub labels: &'static Labels,
    /// Addresses with their titles, in the order of their first mention.
    pub links: Vec<(String, Option<String>)>,
    link_marks: BTreeMap<String, usize>,
    /// Notes that were referred to.
    pub notes: BTreeSet<usize>,
    /// How deep in lists we are, for their marks.
    pub list_depth: usize,
    quote_depth: usize,
    emphasis: Emphasis,
}

/// Whether emphasis is marked. It is not in headings, terms and header cells,
/// which stand out already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Emphasis {
    Marked,
    Plain,
}

impl<'a> Renderer<'a> {
    pub(super) fn new(document: &'a Resolved, format: Format) -> Self {
        Renderer {
            document,
            format,
            columns: if document.is_redline { BESIDE_BARS } else { COLUMNS },
            tables: 0,
            long_words: LongWords::Break,
            labels: document.language.labels,
            links: Vec::new(),
            link_marks: BTreeMap::new(),
            notes: BTreeSet::new(),
            list_depth: 0,
            quote_depth: 0,
            emphasis: Emphasis::Marked,
        }
    }

    /// The text of inlines.
    pub(super) fn text(&mut self, inlines: &[RInline]) -> String {
        let mut out = String::new();
        self.push(inlines, &mut out);
        out
    }

    /// The author's text, with characters escaped that look like signs of a change.
    pub(super) fn own<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.document.is_redline { Cow::Owned(with_doubled_signs(text)) } else { Cow::Borrowed(text) }
    }

    /// The text of a heading, term or header cell.
    pub(super) fn plain(&mut self, inlines: &[RInline]) -> String {
        self.plainly(|renderer| renderer.text(inlines))
    }

    /// Renders without marks of emphasis.
    pub(super) fn plainly<T>(&mut self, render: impl FnOnce(&mut Self) -> T) -> T {
        let emphasis = std::mem::replace(&mut self.emphasis, Emphasis::Plain);
        let rendered = render(self);
        self.emphasis = emphasis;
        rendered
    }

    /// Fills text into lines.
    pub(super) fn lines(&self, text: &str, width: usize) -> Vec<String> {
        if keeps_short_words(&self.document.language.tag) {
            fill(&with_short_words(text), width, self.long_words)
        } else {
            fill(text, width, self.long_words)
        }
    }

    /// "Label: value", in the manner of the language.
    pub(super) fn label_value(&self, label: &str, value: &str) -> String {
        fill_label(self.labels.label_value, &[label, value]).trim().to_owned()
    }

    fn push(&mut self, inlines: &[RInline], out: &mut String) {
        for inline in inlines {
            self.push_one(inline, out);
        }
    }

    fn push_one(&mut self, inline: &RInline, out: &mut String) {
        match &inline.kind {
            InlineKind::Text(text) => push_words(&self.own(text), out),
            InlineKind::SoftBreak => out.push(' '),
            InlineKind::LineBreak => out.push('\n'),
            InlineKind::Code(code) => {
                let mark = if self.emphasis == Emphasis::Marked { "`" } else { "" };
                out.push_str(mark);
                push_code(&self.own(code), out);
                out.push_str(mark);
            }
            InlineKind::Math(formula) => push_words(&self.own(&linear(&formula.content)), out),
            InlineKind::Strong(content) | InlineKind::Highlight(content) => self.push_marked("*", content, out),
            InlineKind::Emphasis(content)
            | InlineKind::Underline(content)
            | InlineKind::CitedTitle(content)
            | InlineKind::DefinedTerm(content) => self.push_marked("_", content, out),
            InlineKind::Superscript(content) => push_script(Script::Super, &self.text(content), out),
            InlineKind::Subscript(content) => push_script(Script::Sub, &self.text(content), out),
            InlineKind::Inserted(content) => self.push_revised(self.labels.inserted, content, out),
            InlineKind::Deleted(content) | InlineKind::Strikethrough(content) => {
                self.push_revised(self.labels.deleted, content, out);
            }
            InlineKind::Change { change, content } => self.push_change(change.kind, content, out),
            InlineKind::Quoted(content) => self.push_quoted(content, out),
            InlineKind::Small(content)
            | InlineKind::Keyboard(content)
            | InlineKind::Span(content)
            | InlineKind::Abbreviation { content, .. } => self.push(content, out),
            InlineKind::Link { target, title, content } => self.push_link(target, title.as_deref(), content, out),
            InlineKind::Image(image) => {
                if !inline.attrs.has_class("decorative") {
                    push_bracketed(&self.image_words(image), out);
                }
            }
            InlineKind::Note(reference) => {
                if let Some(note) = self.document.notes.get(reference.note) {
                    self.notes.insert(reference.note);
                    push_bracketed(&note.number, out);
                }
            }
            InlineKind::Stage(ResolvedInline::Reference { target, text }) => {
                push_words(&self.own(text), out);
                self.push_mark(target, None, text, out);
            }
        }
    }

    fn push_marked(&mut self, mark: &str, content: &[RInline], out: &mut String) {
        // Emphasis in emphasis is one; two marks side by side are hard to read.
        let words = match self.emphasis {
            Emphasis::Marked => self.plain(content),
            Emphasis::Plain => self.text(content),
        };
        // A mark must touch a word to be seen as one.
        if self.emphasis == Emphasis::Plain || words.trim().is_empty() || words.trim() != words {
            out.push_str(&words);
            return;
        }
        out.push_str(mark);
        out.push_str(&words);
        out.push_str(mark);
    }

    fn push_revised(&mut self, label: &str, content: &[RInline], out: &mut String) {
        let words = self.text(content);
        push_bracketed(&self.label_value(label, &words), out);
    }

    /// Writes a change between two versions, with signs: `[-old-]`, `{+new+}`.
    fn push_change(&mut self, kind: ChangeKind, content: &[RInline], out: &mut String) {
        let words = self.text(content);
        let (open, close) = signs(kind);
        out.push_str(open);
        out.push_str(&words);
        // A bracket before the end of a change would look like the start of one.
        let is_start = |sign: &char| matches!((sign, close), ('[', "-]" | "<]") | ('{', "+}" | ">}"));
        if words.chars().last().as_ref().is_some_and(is_start) {
            out.push(' ');
        }
        out.push_str(close);
    }

    fn push_quoted(&mut self, content: &[RInline], out: &mut String) {
        let [open, close, inner_open, inner_close] = self.labels.quotes;
        let (open, close) = if self.quote_depth.is_multiple_of(2) { (open, close) } else { (inner_open, inner_close) };
        out.push_str(open);
        self.quote_depth += 1;
        self.push(content, out);
        self.quote_depth -= 1;
        out.push_str(close);
    }

    fn push_link(&mut self, target: &Target, title: Option<&str>, content: &[RInline], out: &mut String) {
        let words = self.text(content);
        if words.trim().is_empty() {
            if !matches!(target, Target::Internal(_)) {
                push_words(&self.own(&target.address(Format::Text)), out);
            }
            return;
        }
        out.push_str(&words);
        self.push_mark(target, title, &plain_text(content), out);
    }

    /// The mark after a link whose words do not say its address.
    fn push_mark(&mut self, target: &Target, title: Option<&str>, words: &str, out: &mut String) {
        if matches!(target, Target::Internal(_)) || target.is_said_by(words) {
            return;
        }
        let address = target.address(Format::Text);
        let next = self.links.len() + 1;
        let number = *self.link_marks.entry(address.clone()).or_insert(next);
        if number == next {
            self.links.push((address, title.map(str::to_owned)));
        }
        push_bracketed(&link_mark(number), out);
    }

    /// The description of a picture.
    pub(super) fn image_words(&self, image: &Image<ResolvedStage>) -> String {
        let alt = image.alt.as_deref().map(str::trim).filter(|alt| !alt.is_empty());
        let mut words = String::new();
        push_words(&self.own(alt.unwrap_or(self.labels.picture)), &mut words);
        if let Some(title) = image.title.as_deref().filter(|title| Some(*title) != alt && !title.is_empty()) {
            words.push_str("; ");
            push_words(&self.own(title), &mut words);
        }
        words
    }
}

/// The signs round what differs between two versions.
pub(super) fn signs(kind: ChangeKind) -> (&'static str, &'static str) {
    match kind {
        ChangeKind::Inserted => ("{+", "+}"),
        ChangeKind::Deleted => ("[-", "-]"),
        ChangeKind::MovedTo => ("{>", ">}"),
        ChangeKind::MovedFrom => ("[<", "<]"),
        ChangeKind::Former => ("", ""),
        ChangeKind::Split | ChangeKind::Joined => ("{", "}"),
    }
}

/// Text in which signs that look like ours are doubled.
fn with_doubled_signs(text: &str) -> String {
    const OWN: [&str; 8] = ["[-", "-]", "{+", "+}", "{>", ">}", "[<", "<]"];
    let mut doubled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let sign = OWN.iter().find(|sign| rest.starts_with(*sign));
        let length = sign.map_or(character.len_utf8(), |sign| sign.len());
        let (part, behind) = rest.split_at(length);
        doubled.push_str(part);
        if sign.is_some() {
            doubled.push_str(part);
        }
        rest = behind;
    }
    doubled
}

/// The mark of a link, without its brackets.
pub(super) fn link_mark(number: usize) -> String {
    format!("L{number}")
}

fn push_bracketed(words: &str, out: &mut String) {
    out.push('[');
    out.push_str(words);
    out.push(']');
}

/// Adds a document's own text; white space becomes one kind, what cannot be
/// shown is left out.
pub(super) fn push_words(text: &str, out: &mut String) {
    out.extend(text.chars().filter_map(|c| match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => Some(' '),
        '\u{200b}' => Some(c),
        _ if is_left_out(c) => None,
        _ => Some(c),
    }));
}

/// Adds code, in which several spaces are several.
fn push_code(code: &str, out: &mut String) {
    let mut words = String::new();
    push_words(code, &mut words);
    let mut rest = words.as_str();
    while let Some(at) = rest.find("  ") {
        let (before, spaces) = rest.split_at(at);
        let after = spaces.trim_start_matches(' ');
        out.push_str(before);
        out.extend(std::iter::repeat_n(FIXED_SPACE, spaces.len() - after.len()));
        rest = after;
    }
    out.push_str(rest);
}

/// Control characters, soft hyphens, and signs that only steer the display.
pub(super) fn is_left_out(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
