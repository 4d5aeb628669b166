//! The proof of an import: the words of the file, found by a reader that knows nothing of
//! lists and tables, are those of the source that was written, and follow one another there as
//! they do in the file.

use super::Changes;
use crate::ast::{Block, BlockKind, Document, Inline, InlineKind, Parsed};
use crate::diagnostic::{Code, Diagnostic};
use crate::import::docx::Parts;
use crate::import::html::Element as Page;
use crate::import::loss::excerpt;
use crate::import::walk::{each_block, each_content};
use crate::import::xml::{Element, Node};
use crate::source::Span;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

const HINT: &str = "compare both by eye, and please report the file";
/// Maximum number of named missing or surplus words.
const NAMED: usize = 8;

/// Maximum number of word comparisons to check the order.
const COMPARISONS: usize = 50_000_000;

/// The words of a Word file: of its text, of the notes that it calls, and of its boxes. Numbers of
/// notes stand apart from the words before them where the file is an edition of ours.
///
/// # Errors
/// Why it cannot be read, as a sentence.
pub fn docx(bytes: &[u8], changes: Changes, own: bool) -> Result<Vec<String>, String> {
    let parts = Parts::open(bytes)?;
    let relationships = parts.relationships(parts.main_path())?;
    let mut reader = Reader { changes, own, ..Reader::default() };
    let root = parts.main()?;
    reader.element(&root);
    for (kind, called) in [("footnotes", true), ("endnotes", false)] {
        let Some(part) = parts.related(&relationships, kind)? else { continue };
        for note in part.elements() {
            let id = note.get("w:id").unwrap_or_default().to_owned();
            let key = (called, id);
            if reader.called.contains(&key) {
                reader.fields.clear();
                reader.mark = reader.marks.remove(&key);
                reader.element(note);
            }
        }
    }
    Ok(words_of_text(&reader.text))
}

/// The words of a page's text.
pub fn html(root: &Page) -> Vec<String> {
    words_of_text(&root.text())
}

#[derive(Default)]
struct Reader {
    changes: Changes,
    own: bool,
    text: String,
    /// Whether the result of each open field is read.
    fields: Vec<bool>,
    /// The chosen item of the open drop-down field, and the length of the text before it.
    chosen: Option<(String, usize)>,
    /// Whether the field whose result comes next is the number of a note.
    calls_note: bool,
    called: Vec<(bool, String)>,
    /// Marks that notes have of their own.
    marks: BTreeMap<(bool, String), String>,
    /// The mark of the note that begins.
    mark: Option<String>,
}

impl Reader {
    fn is_shown(&self) -> bool {
        self.fields.iter().all(|in_result| *in_result)
    }

    fn element(&mut self, element: &Element) {
        for child in &element.children {
            let Node::Element(child) = child else { continue };
            self.child(child);
        }
        if matches!(&*element.name, "w:p" | "w:tc") {
            self.text.push('\n');
        }
    }

    fn child(&mut self, child: &Element) {
        match &*child.name {
            "w:ins" | "w:moveTo" if self.changes == Changes::Reject => {}
            "w:del" | "w:moveFrom" if self.changes == Changes::Accept => {}
            "w:tr" if self.is_gone(child, "w:trPr", ["w:ins", "w:del"]) => {}
            "w:tc" if self.is_gone(child, "w:tcPr", ["w:cellIns", "w:cellDel"]) => {}
            "m:r" => {}
            "w:r" => self.run(child),
            // Words are before their reading, which comes first in the file.
            "w:ruby" => {
                for part in ["w:rubyBase", "w:rt"] {
                    child.child(part).into_iter().for_each(|part| self.element(part));
                    self.text.push(' ');
                }
            }
            "w:t" | "w:delText" if self.is_shown() => self.text.push_str(&child.text()),
            "w:tab" | "w:br" | "w:cr" | "w:ptab" => self.text.push(' '),
            "w:noBreakHyphen" => self.text.push('\u{2011}'),
            "w:fldChar" => match child.get("w:fldCharType") {
                Some("begin") => {
                    if let Some(list) = child.child("w:ffData").and_then(|data| data.child("w:ddList")) {
                        self.chosen = chosen(list).map(|chosen| (chosen, self.text.len()));
                    }
                    self.fields.push(false);
                }
                Some("separate") => {
                    self.text.push_str(if std::mem::take(&mut self.calls_note) { " " } else { "" });
                    self.fields.last_mut().into_iter().for_each(|field| *field = true);
                }
                Some("end") => {
                    self.fields.pop();
                    if let Some((chosen, before)) = self.chosen.take()
                        && self.is_shown()
                        && self.text.get(before..).is_none_or(|result| result.trim().is_empty())
                    {
                        self.text.push_str(&chosen);
                    }
                }
                _ => {}
            },
            "w:instrText" => self.calls_note = child.text().trim_start().starts_with("NOTEREF"),
            "w:footnoteReference" | "w:endnoteReference" if self.is_shown() => {
                let id = child.get("w:id").unwrap_or_default().to_owned();
                self.called.push((child.is("w:footnoteReference"), id));
            }
            // Of alternative content only one form is read.
            "mc:AlternateContent" => {
                let choice = child.elements().find(|choice| choice.is("mc:Choice"));
                let known = choice.filter(|choice| {
                    let requires = choice.get("Requires").unwrap_or_default();
                    requires
                        .split_whitespace()
                        .all(|prefix| prefix.starts_with('w') || matches!(prefix, "a14" | "asvg" | "adec"))
                });
                known.or_else(|| child.child("mc:Fallback")).into_iter().for_each(|chosen| self.element(chosen));
            }
            // The placeholder of a form field is no text.
            "w:sdt"
                if child.child("w:sdtPr").and_then(|it| it.child("w:showingPlcHdr")).is_some_and(Element::is_on) => {}
            "w:pPr" | "w:rPr" | "w:tblPr" | "w:sectPr" | "w:sdtPr" => {}
            "w:txbxContent" => {
                let outer = std::mem::take(&mut self.fields);
                let line = std::mem::take(&mut self.text);
                self.element(child);
                let inside = std::mem::replace(&mut self.text, line);
                // A box is separate from the line at which it is anchored.
                self.aside(&inside);
                self.fields = outer;
            }
            _ => self.element(child),
        }
    }

    /// A run. The mark that a note has of its own is no word.
    fn run(&mut self, run: &Element) {
        let is_mark =
            |child: &&Element| child.get("w:customMarkFollows").is_some_and(|is| matches!(is, "1" | "true" | "on"));
        if let Some(call) = run.elements().find(is_mark) {
            let texts = run.elements().filter(|child| child.is("w:t") || child.is("w:delText"));
            let mark: String = texts.map(Element::text).collect();
            let id = call.get("w:id").unwrap_or_default().to_owned();
            self.marks.insert((call.is("w:footnoteReference"), id), mark.trim().to_owned());
            return self.child(call);
        }
        let style = run.child("w:rPr").and_then(|properties| properties.value("w:rStyle"));
        let is_number = self.own && style.is_some_and(|style| style.ends_with("FootnoteReference"));
        let around = if is_number { " " } else { "" };
        let start = self.text.len();
        self.text.push_str(around);
        self.element(run);
        self.text.push_str(around);
        // The mark of a note is no part of the word behind it.
        let said = self.text.get(start..).unwrap_or_default().trim();
        if self.mark.as_deref() == Some(said) {
            self.text.push(' ');
        } else if !said.is_empty() {
            self.mark = None;
        }
    }

    /// Adds words before the paragraph that is being read.
    fn aside(&mut self, words: &str) {
        let at = self.text.rfind('\n').map_or(0, |at| at + 1);
        self.text.insert_str(at, &format!("{words}\n"));
    }

    fn is_gone(&self, part: &Element, properties: &str, [new, old]: [&str; 2]) -> bool {
        let Some(properties) = part.child(properties) else { return false };
        match self.changes {
            Changes::Accept => properties.child(old).is_some(),
            Changes::Reject => properties.child(new).is_some(),
        }
    }
}

/// The entry of a list that is chosen.
fn chosen(list: &Element) -> Option<String> {
    let number = list.value("w:result").or_else(|| list.value("w:default")).and_then(|number| number.parse().ok());
    let entries: Vec<&Element> = list.elements().filter(|entry| entry.is("w:listEntry")).collect();
    Some(entries.get(number.unwrap_or(0_usize))?.get("w:val")?.to_owned())
}

/// Words as both sides are compared: without signs that typography changes.
fn words_of_text(text: &str) -> Vec<String> {
    // Characters that only shape a word do not end it: soft hyphens, joiners, directional marks.
    let shapes = |c: &char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let letters = text.chars().filter(|c| !shapes(c));
    let letters = letters.map(|c| if c.is_alphanumeric() || is_sign(c) { c } else { ' ' });
    let mut text = String::with_capacity(text.len());
    for letter in letters {
        if is_word(letter) {
            text.extend([' ', letter, ' ']);
        } else {
            text.push(letter);
        }
    }
    text.split_whitespace().map(str::to_owned).collect()
}

/// Whether a letter is of a script that is written without spaces, or in which particles follow a word
/// without one, so that what is generated stands at the words before and after it: Thai, Lao, Myanmar, Khmer, Chinese, Japanese and Korean.
fn is_word(c: char) -> bool {
    matches!(u32::from(c), 0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..=0x2FFF | 0x3041..=0x33FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// Signs that say something by themselves.
fn is_sign(c: char) -> bool {
    matches!(c, '%' | '€' | '$' | '£' | '§' | '+' | '=' | '<' | '>' | '&' | '@' | '#')
}

/// Compares the parsed source with the words of the file. Words in `generated` may be missing, and
/// words in `added` may be present.
pub fn compare(document: &Document, wanted: Vec<String>, generated: &[String], added: &[String]) -> Vec<Diagnostic> {
    let mut counts: BTreeMap<String, (i64, Option<Span>)> = BTreeMap::new();
    let mut add = |text: &str, count: i64, span: Option<Span>| {
        for word in words_of_text(text) {
            let entry = counts.entry(word).or_default();
            entry.0 += count;
            entry.1 = span.or(entry.1);
        }
    };
    wanted.iter().for_each(|word| add(word, 1, None));
    generated.iter().for_each(|text| add(text, -1, None));
    added.iter().for_each(|text| add(text, 1, None));
    for text in [&document.metadata.title, &document.metadata.subtitle].into_iter().flatten() {
        add(&text.value, -1, text.span);
    }
    said(&document.blocks, &mut |text, span| add(text, -1, Some(span)));
    document.notes.iter().for_each(|note| said(&note.blocks, &mut |text, span| add(text, -1, Some(span))));
    let of = |is: fn(i64) -> bool| -> Vec<(&String, Option<Span>)> {
        counts.iter().filter(|(_, (count, _))| is(*count)).map(|(word, (_, span))| (word, *span)).collect()
    };
    let mut problems = Vec::new();
    for (found, what) in
        [(of(|count| count > 0), "lacks words of the file"), (of(|count| count < 0), "has words that the file has not")]
    {
        let Some((_, span)) = found.first() else { continue };
        let named: Vec<&str> = found.iter().take(NAMED).map(|(word, _)| word.as_str()).collect();
        let more = found.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!("the source {what}: “{}”{more}", named.join("”, “"));
        let problem = Diagnostic { span: *span, ..Diagnostic::without_place(Code::ImportDiffers, message) };
        problems.push(problem.hint(HINT));
    }
    if problems.is_empty()
        && let Some((said, span)) = Order::from_words(&wanted, generated, added).broken(document)
    {
        let message = format!("the source has words in another order than the file: “{}”", excerpt(&said));
        problems.push(Diagnostic::new(Code::ImportDiffers, span, message).hint(HINT));
    }
    problems
}

/// The words of a file as they follow one another.
struct Order<'a> {
    words: &'a [String],
    /// The position of each word.
    places: BTreeMap<&'a str, Vec<usize>>,
    /// Words that may be missing from the source, and words that may be there alone.
    generated: BTreeSet<String>,
    added: BTreeSet<String>,
    comparisons: Cell<usize>,
}

impl<'a> Order<'a> {
    fn from_words(words: &'a [String], generated: &[String], added: &[String]) -> Self {
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        words.iter().enumerate().for_each(|(at, word)| places.entry(word).or_default().push(at));
        let set = |texts: &[String]| texts.iter().flat_map(|text| self::words_of_text(text)).collect();
        Order { words, places, generated: set(generated), added: set(added), comparisons: Cell::new(0) }
    }

    /// The first piece of the source whose words do not follow one another in the file.
    fn broken(&self, document: &Document) -> Option<(String, Span)> {
        let mut broken = None;
        let mut next = 0;
        let mut see = |text: &str, span: Span| {
            if broken.is_some() {
                return;
            }
            match self.find(&self::words_of_text(text), next) {
                Some(end) => next = end,
                None => broken = Some((text.to_owned(), span)),
            }
        };
        said(&document.blocks, &mut see);
        document.notes.iter().for_each(|note| said(&note.blocks, &mut see));
        broken
    }

    /// Where words end in the file, looked for from a place on and then from the start.
    fn find(&self, piece: &[String], from: usize) -> Option<usize> {
        let skipped = piece.iter().take_while(|word| self.added.contains(*word)).count();
        let piece = piece.get(skipped..).unwrap_or_default();
        let Some(first) = piece.first() else { return Some(from) };
        let places = self.places.get(first.as_str()).map_or(&[][..], |places| places);
        let split = places.partition_point(|at| *at < from);
        let (before, behind) = places.split_at(split);
        behind.iter().chain(before).find_map(|at| self.follow(piece, *at))
    }

    fn follow(&self, piece: &[String], from: usize) -> Option<usize> {
        let mut at = from;
        let mut piece = piece.iter();
        let mut word = piece.next();
        while let Some(wanted) = word {
            self.comparisons.set(self.comparisons.get() + 1);
            if self.comparisons.get() > COMPARISONS {
                return Some(from);
            }
            match self.words.get(at) {
                Some(found) if found == wanted => {
                    at += 1;
                    word = piece.next();
                }
                _ if self.added.contains(wanted) => word = piece.next(),
                Some(found) if self.generated.contains(found) => at += 1,
                Some(_) | None => return None,
            }
        }
        Some(at)
    }
}

/// Tells the text of blocks, piece by piece.
fn said(blocks: &[Block<Parsed>], tell: &mut dyn FnMut(&str, Span)) {
    each_content(blocks, &mut |content| {
        let mut text = String::new();
        inlines(content, &mut text);
        let span = content.first().map(|inline| inline.span).unwrap_or_default();
        tell(&text, span);
    });
    each_block(blocks, &mut |block| {
        if let BlockKind::Code { text, .. } = &block.kind {
            tell(text, block.span);
        }
    });
}

fn inlines(content: &[Inline<Parsed>], text: &mut String) {
    for inline in content {
        match &inline.kind {
            InlineKind::Text(words) | InlineKind::Code(words) => text.push_str(words),
            InlineKind::SoftBreak | InlineKind::LineBreak => text.push(' '),
            kind => inlines(kind.children(), text),
        }
    }
}
