//! Abbreviations: explained at first use, marked wherever they are.

use super::budget::Budget;
use super::inline::RunKind;
use super::resolved::AbbreviationEntry;
use super::typography::Typographer;
use crate::ast::{AbbreviationDefinition, Expanded, Inline, InlineKind, Metadata, Parsed};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::Project;
use crate::source::Span;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::ops::Range;

/// The longest short form, in bytes.
pub const SHORT_FORM: usize = 200;

/// The abbreviations of a document.
#[derive(Debug, Default)]
pub struct Abbreviations {
    known: Vec<DefinedAbbreviation>,
    /// Indices into `known`, in the order of the short forms.
    in_order: Vec<usize>,
}

/// Only what decides which words are marked adds to a hash.
impl Hash for Abbreviations {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.known.iter().for_each(|known| (&known.short, &known.expansion).hash(state));
    }
}

#[derive(Debug)]
struct DefinedAbbreviation {
    short: String,
    expansion: String,
    /// Where a document defines it; `None` for the project's.
    span: Option<Span>,
    used: bool,
    explained: bool,
    explained_in_notes: bool,
}

impl Abbreviations {
    /// The abbreviations that a document can use: its own first, then its
    /// front matter's, then the project's.
    pub fn new(
        definitions: &[AbbreviationDefinition<Expanded>],
        metadata: &Metadata,
        project: &Project,
        start: Span,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut abbreviations = Abbreviations::default();
        let lines = definitions.iter().map(|line| (&line.short, &line.expansion, Some(line.span)));
        let keys = metadata
            .abbreviations
            .iter()
            .map(|(short, expansion)| (short, &expansion.value, Some(expansion.span.unwrap_or(start))));
        let shared = project.abbreviations.iter().map(|(short, expansion)| (short, expansion, None));
        let mut places: HashMap<&str, Option<Span>> = HashMap::new();
        for (short, expansion, span) in lines.chain(keys).chain(shared) {
            match (places.get(short.as_str()), span) {
                (None, _) if short.len() > SHORT_FORM => {
                    let message = format!("a short form has more than {SHORT_FORM} bytes");
                    let problem = Diagnostic::new(Code::LimitExceeded, span.unwrap_or(start), message);
                    diagnostics.push(problem.hint("write the long form out where it is used"));
                }
                (None, _) => {
                    places.insert(short, span);
                    abbreviations.add(short, expansion, span);
                }
                (Some(Some(first)), Some(span)) => diagnostics.push(
                    Diagnostic::new(Code::DuplicateAbbreviation, span, format!("`{short}` is defined twice"))
                        .secondary(*first, "this definition counts"),
                ),
                _ => {}
            }
        }
        let known = &abbreviations.known;
        abbreviations.in_order = (0..known.len()).collect();
        abbreviations.in_order.sort_by_key(|at| known.get(*at).map(|known| known.short.as_str()));
        abbreviations
    }

    fn add(&mut self, short: &str, expansion: &str, span: Option<Span>) {
        if !short.starts_with(char::is_alphanumeric) {
            return;
        }
        self.known.push(DefinedAbbreviation {
            short: short.to_owned(),
            expansion: expansion.to_owned(),
            span,
            used: false,
            explained: false,
            explained_in_notes: false,
        });
    }

    /// Marks the abbreviations in a run, and explains those that are used for
    /// the first time.
    pub fn run(
        &mut self,
        content: &mut Vec<Inline<Parsed>>,
        place: RunKind,
        typographer: &Typographer,
        (budget, diagnostics): (&mut Budget, &mut Diagnostics),
    ) {
        if self.known.is_empty() {
            return;
        }
        let mut whole = String::new();
        flatten(content, &mut whole);
        let english = typographer.tag() == "en";
        let mut marker = Marker { abbreviations: self, whole: &whole, at: 0, place, english, budget, diagnostics };
        marker.inlines(content, Explain::Allowed);
    }

    /// The abbreviations used, in alphabetical order. Those that the document
    /// defines in vain are reported.
    pub fn finish(self, diagnostics: &mut Diagnostics) -> Vec<AbbreviationEntry> {
        let mut entries = Vec::new();
        for known in self.known {
            match (known.used, known.span) {
                (true, _) => {
                    entries.push(AbbreviationEntry { short: known.short, expansion: known.expansion });
                }
                (false, Some(span)) => {
                    let message = format!("the abbreviation `{}` is defined and never used", known.short);
                    diagnostics.push(Diagnostic::new(Code::UnusedAbbreviation, span, message));
                }
                (false, None) => {}
            }
        }
        entries.sort_by_cached_key(|entry| (entry.short.to_lowercase(), entry.short.clone()));
        entries
    }
}

/// Whether abbreviations may be explained inside an inline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Explain {
    Allowed,
    /// Inside the words of a link, which are kept unchanged.
    Not,
}

struct Marker<'a> {
    abbreviations: &'a mut Abbreviations,
    /// The words of the whole run, for the context of a position.
    whole: &'a str,
    /// Byte offset into them.
    at: usize,
    place: RunKind,
    english: bool,
    budget: &'a mut Budget,
    diagnostics: &'a mut Diagnostics,
}

/// An abbreviation found in a text.
struct Found {
    known: usize,
    /// Bytes of the short form with its plural ending.
    length: usize,
    plural: bool,
}

impl Marker<'_> {
    fn inlines(&mut self, content: &mut Vec<Inline<Parsed>>, explain: Explain) {
        let mut marked: Option<Vec<Inline<Parsed>>> = None;
        for at in 0..content.len() {
            let Some(inline) = content.get_mut(at) else { break };
            let replacement = self.inline(inline, explain);
            match (replacement, &mut marked) {
                (None, None) => {}
                (None, Some(marked)) => marked.push(take(inline)),
                (Some(parts), Some(marked)) => marked.extend(parts),
                (Some(parts), None) => {
                    let mut before: Vec<_> = content.iter_mut().take(at).map(take).collect();
                    before.extend(parts);
                    marked = Some(before);
                }
            }
        }
        if let Some(marked) = marked {
            *content = marked;
        }
    }

    /// The replacement of an inline, if there is one.
    fn inline(&mut self, inline: &mut Inline<Parsed>, explain: Explain) -> Option<Vec<Inline<Parsed>>> {
        match &mut inline.kind {
            InlineKind::Text(text) => {
                let text = std::mem::take(text);
                let parts = self.text(&text, inline.span, explain);
                self.at += text.len();
                if parts.is_empty() {
                    inline.kind = InlineKind::Text(text);
                    return None;
                }
                return Some(parts);
            }
            InlineKind::Abbreviation { content, .. } => self.skip(content),
            InlineKind::Keyboard(content) => self.skip(content),
            InlineKind::Link { content, .. } => self.inlines(content, Explain::Not),
            kind => match kind.children_mut() {
                Some(children) => self.inlines(children, explain),
                None => self.at += leaf_length(kind),
            },
        }
        None
    }

    fn skip(&mut self, content: &[Inline<Parsed>]) {
        let mut words = String::new();
        flatten(content, &mut words);
        self.at += words.len();
    }

    /// The parts of a text with abbreviations in it; none where it has none.
    fn text(&mut self, text: &str, span: Span, explain: Explain) -> Vec<Inline<Parsed>> {
        let mut parts = Vec::new();
        // Bytes of the text that are in `parts`.
        let mut done = 0;
        let mut at = 0;
        while let Some((start, word)) = next_word(text, at) {
            at = start + word.len();
            let Some(found) = self.find(text.get(start..).unwrap_or_default()) else { continue };
            let before = text.get(done..start).unwrap_or_default();
            if !before.is_empty() {
                parts.push(text_node(before.to_owned(), part_of(span, text, done..start)));
            }
            done = self.mark(&found, start, (text, span), explain, &mut parts);
            at = done;
        }
        if !parts.is_empty()
            && let Some(rest) = text.get(done..).filter(|rest| !rest.is_empty())
        {
            parts.push(text_node(rest.to_owned(), part_of(span, text, done..text.len())));
        }
        parts
    }

    /// The longest abbreviation at the start of a text: byte by byte, those
    /// are left whose short forms begin alike.
    fn find(&self, text: &str) -> Option<Found> {
        let short = |known: usize| self.abbreviations.known.get(known).map_or("", |known| &known.short);
        let ended = |rest: &str| !rest.starts_with(char::is_alphanumeric);
        let mut left = self.abbreviations.in_order.as_slice();
        let mut found = None;
        for (at, byte) in text.bytes().enumerate() {
            let letter = |known: &usize| short(*known).as_bytes().get(at).copied();
            let start = left.partition_point(|known| letter(known) < Some(byte));
            let end = left.partition_point(|known| letter(known) <= Some(byte));
            left = left.get(start..end).unwrap_or_default();
            // The shortest comes first.
            let Some(&known) = left.first() else { break };
            let length = at + 1;
            if short(known).len() == length
                && let Some(rest) = text.get(length..)
            {
                if ended(rest) {
                    found = Some(Found { known, length, plural: false });
                } else if self.english && rest.strip_prefix('s').is_some_and(ended) {
                    found = Some(Found { known, length: length + 1, plural: true });
                }
            }
        }
        found
    }

    /// Adds an abbreviation that starts at a byte of a text to the parts, with its expansion
    /// where that is due. Gives back where what follows starts.
    fn mark(
        &mut self,
        found: &Found,
        start: usize,
        (text, span): (&str, Span),
        explain: Explain,
        parts: &mut Vec<Inline<Parsed>>,
    ) -> usize {
        let end = start + found.length;
        let (short, after) = (text.get(start..end).unwrap_or_default(), text.get(end..).unwrap_or_default());
        let span = part_of(span, text, start..end);
        let whole = self.whole;
        let before = whole.get(..self.at + start).unwrap_or_default();
        let behind = whole.get(self.at + end..).unwrap_or_default();
        let Some(known) = self.abbreviations.known.get_mut(found.known) else { return end };
        known.used = true;
        if !self.budget.take_words(&known.expansion, span, self.diagnostics) {
            return end;
        }
        let expansion = known.expansion.clone();
        let content = vec![text_node(short.to_owned(), span)];
        let marked = Inline::new(InlineKind::Abbreviation { content, expansion: expansion.clone() }, span);
        let due = match self.place {
            RunKind::Text => !known.explained,
            RunKind::Note => !known.explained && !known.explained_in_notes,
            RunKind::Heading | RunKind::Caption | RunKind::Summary => false,
        };
        let in_compound = before.ends_with(is_joint) || behind.starts_with(is_joint);
        if !due || explain == Explain::Not || in_compound {
            parts.push(marked);
            return end;
        }
        match self.place {
            RunKind::Note => known.explained_in_notes = true,
            RunKind::Text | RunKind::Heading | RunKind::Caption | RunKind::Summary => known.explained = true,
        }
        if is_explained(before, behind, &expansion) {
            parts.push(marked);
            return end;
        }
        let expansion = if found.plural { plural(&expansion) } else { expansion };
        let expansion = if begins_sentence(before) { capitalised(&expansion) } else { expansion };
        let (open, close) = (before.ends_with('('), behind.starts_with(')'));
        if open && close {
            parts.push(text_node(format!("{expansion}, "), span));
            parts.push(marked);
            return end;
        }
        let possessive = ["’s", "'s"].into_iter().find(|ending| self.english && after.starts_with(ending));
        let ending = possessive.unwrap_or_default();
        parts.push(text_node(format!("{expansion}{ending} ("), span));
        parts.push(marked);
        parts.push(text_node(format!("{ending})"), span));
        end + ending.len()
    }
}

/// The span of a part of a text if the text is as long as its source; else the span of the whole.
fn part_of(span: Span, text: &str, part: Range<usize>) -> Span {
    if span.range().len() == text.len() { span.slice(part) } else { span }
}

/// Whether the author explains the abbreviation at this place: its expansion is right before
/// "(PPC)", or in parentheses right after it.
fn is_explained(before: &str, behind: &str, expansion: &str) -> bool {
    let plural_form = plural(expansion);
    if let Some(words) = before.strip_suffix('(') {
        let words = words.trim_end();
        let words = words.strip_suffix("’s").or_else(|| words.strip_suffix("'s")).unwrap_or(words);
        if ends_with(words, expansion) || ends_with(words, &plural_form) {
            return true;
        }
    }
    // Both in parentheses, as in "(United Nations, UN)".
    let beside = before.trim_end().strip_suffix(',').filter(|_| behind.starts_with(')'));
    if beside.is_some_and(|words| ends_with(words, expansion) || ends_with(words, &plural_form)) {
        return true;
    }
    let inside = behind.trim_start().strip_prefix('(').map(str::trim_start);
    inside.is_some_and(|words| starts_with(words, expansion))
}

fn ends_with(text: &str, end: &str) -> bool {
    let mut letters = text.chars().rev().flat_map(char::to_lowercase);
    end.chars().rev().flat_map(char::to_lowercase).all(|c| letters.next() == Some(c))
}

fn starts_with(text: &str, start: &str) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    start.chars().flat_map(char::to_lowercase).all(|c| letters.next() == Some(c))
}

/// The English plural of an expansion: of its noun, which is before the first preposition ("Members
/// of Parliament").
fn plural(expansion: &str) -> String {
    const PREPOSITIONS: [&str; 8] = [" of ", " for ", " in ", " on ", " to ", " at ", " with ", " under "];
    let noun_end = PREPOSITIONS.iter().filter_map(|word| expansion.find(word)).min().unwrap_or(expansion.len());
    let (noun, rest) = expansion.split_at_checked(noun_end).unwrap_or((expansion, ""));
    let ends = |endings: &[&str]| endings.iter().any(|ending| noun.ends_with(ending));
    let vowel_y = ends(&["ay", "ey", "oy", "uy"]);
    match noun.strip_suffix('y') {
        Some(stem) if !vowel_y => format!("{stem}ies{rest}"),
        _ if ends(&["s", "x", "z", "ch", "sh"]) => format!("{noun}es{rest}"),
        _ => format!("{noun}s{rest}"),
    }
}

fn begins_sentence(before: &str) -> bool {
    let before = before.trim_end();
    before.is_empty() || before.ends_with(['.', '!', '?'])
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Whether a character joins words to compounds, inside which nothing can be explained.
fn is_joint(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–' | '/' | '&' | '@' | '_')
}

/// The next run of letters and digits at or after a byte offset.
fn next_word(text: &str, from: usize) -> Option<(usize, &str)> {
    let rest = text.get(from..)?;
    let start = rest.find(char::is_alphanumeric)?;
    let word = rest.get(start..)?;
    let end = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
    Some((from + start, word.get(..end)?))
}

/// Placeholder for a formula in the words of its run.
const OBJECT: char = '\u{fffc}';

/// Collects the words of a run, for the context of a position.
fn flatten(content: &[Inline<Parsed>], words: &mut String) {
    for inline in content {
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => words.push_str(text),
            InlineKind::SoftBreak | InlineKind::LineBreak => words.push(' '),
            InlineKind::Math(_) => words.push(OBJECT),
            kind => flatten(kind.children(), words),
        }
    }
}

/// How many bytes a leaf has among the words of its run.
fn leaf_length(kind: &InlineKind<Parsed>) -> usize {
    match kind {
        InlineKind::Code(text) => text.len(),
        InlineKind::SoftBreak | InlineKind::LineBreak => 1,
        InlineKind::Math(_) => OBJECT.len_utf8(),
        _ => 0,
    }
}

fn text_node(text: String, span: Span) -> Inline<Parsed> {
    Inline::new(InlineKind::Text(text), span)
}

fn take(inline: &mut Inline<Parsed>) -> Inline<Parsed> {
    let span = inline.span;
    std::mem::replace(inline, Inline::new(InlineKind::SoftBreak, span))
}
