//! The proof of an import: the words of the file, found by a reader that knows nothing of
//! styles, lists and tables, are those of the source that was written.

use super::Changes;
use crate::ast::{Block, BlockKind, Document, Inline, InlineKind, Parsed};
use crate::diagnostic::{Code, Diagnostic};
use crate::import::docx::Parts;
use crate::import::html::Element as Page;
use crate::import::walk::{each_block, each_content};
use crate::import::xml::{Element, Node};
use crate::source::Span;
use std::collections::BTreeMap;

/// So many words are named that are missing or too many.
const NAMED: usize = 8;

/// The words of a Word file: of its text, of the notes that it calls, and of its boxes.
///
/// # Errors
/// Why it cannot be read, as a sentence.
pub fn docx(bytes: &[u8], changes: Changes) -> Result<Vec<String>, String> {
    let parts = Parts::open(bytes)?;
    let relationships = parts.relationships(parts.main_path())?;
    let mut reader = Reader { changes, ..Reader::default() };
    let root = parts.main()?;
    reader.element(&root);
    for (kind, called) in [("footnotes", true), ("endnotes", false)] {
        let Some(part) = parts.related(&relationships, kind)? else { continue };
        for note in part.elements() {
            let id = note.get("w:id").unwrap_or_default().to_owned();
            if reader.called.contains(&(called, id)) {
                reader.fields.clear();
                reader.element(note);
            }
        }
    }
    Ok(words(&reader.text))
}

/// The words of a page's text.
pub fn html(root: &Page) -> Vec<String> {
    words(&root.text())
}

#[derive(Default)]
struct Reader {
    changes: Changes,
    text: String,
    /// For each open field, whether its result is read.
    fields: Vec<bool>,
    called: Vec<(bool, String)>,
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
            "w:tr" if self.is_gone(child) => {}
            "m:r" => {}
            "w:t" | "w:delText" if self.is_shown() => self.text.push_str(&child.text()),
            "w:tab" | "w:br" | "w:cr" | "w:ptab" => self.text.push(' '),
            "w:noBreakHyphen" => self.text.push('\u{2011}'),
            "w:fldChar" => match child.get("w:fldCharType") {
                Some("begin") => self.fields.push(false),
                Some("separate") => self.fields.last_mut().into_iter().for_each(|field| *field = true),
                Some("end") => _ = self.fields.pop(),
                _ => {}
            },
            "w:footnoteReference" | "w:endnoteReference" if self.is_shown() => {
                let id = child.get("w:id").unwrap_or_default().to_owned();
                self.called.push((child.is("w:footnoteReference"), id));
            }
            // What a new form stands for is read once.
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
            "w:pPr" | "w:rPr" | "w:tblPr" | "w:sectPr" | "w:sdtPr" => {}
            "w:txbxContent" => {
                let outer = std::mem::take(&mut self.fields);
                let line = std::mem::take(&mut self.text);
                self.element(child);
                let inside = std::mem::replace(&mut self.text, line);
                // A box stands apart from the line at which it is anchored.
                self.aside(&inside);
                self.fields = outer;
            }
            _ => self.element(child),
        }
    }

    /// Adds words before the paragraph that is being read.
    fn aside(&mut self, words: &str) {
        let at = self.text.rfind('\n').map_or(0, |at| at + 1);
        self.text.insert_str(at, &format!("{words}\n"));
    }

    fn is_gone(&self, row: &Element) -> bool {
        let Some(properties) = row.child("w:trPr") else { return false };
        match self.changes {
            Changes::Accept => properties.child("w:del").is_some(),
            Changes::Reject => properties.child("w:ins").is_some(),
        }
    }
}

/// Words as both sides are compared: without signs that typography changes.
fn words(text: &str) -> Vec<String> {
    let letters = text.chars().map(|c| if c.is_alphanumeric() || is_sign(c) { c } else { ' ' });
    letters.collect::<String>().split_whitespace().map(str::to_owned).collect()
}

/// Signs that say something by themselves.
fn is_sign(c: char) -> bool {
    matches!(c, '%' | '€' | '$' | '£' | '§' | '+' | '=' | '<' | '>' | '&' | '@' | '#')
}

/// Compares a source that was parsed again with the words of the file. Words that are made
/// anew may be missing, and words that came from elsewhere may be there.
pub fn compare(document: &Document, wanted: Vec<String>, generated: &[String], added: &[String]) -> Vec<Diagnostic> {
    let mut counts: BTreeMap<String, (i64, Option<Span>)> = BTreeMap::new();
    let mut add = |text: &str, count: i64, span: Option<Span>| {
        for word in words(text) {
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
        problems.push(problem.hint("compare both by eye, and please report the file"));
    }
    problems
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
