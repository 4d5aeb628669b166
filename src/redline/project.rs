//! Extracts one version from a redline, to verify that nothing was lost.

use super::mark::REFERENCE;
use super::token::{Leaf, leaves, written};
use crate::ast::{Inline, InlineKind};
use crate::resolve::{RBlock, RInline, Resolved, ResolvedInline, Side};
use unicode_segmentation::UnicodeSegmentation;

/// The text of one version, one string per leaf, without derived numbers. A leaf that is empty in
/// this version is left out.
pub fn text_of_side(blocks: &[RBlock], side: Side) -> Vec<String> {
    let mut out = Vec::new();
    for block in blocks {
        leaves(block, Some(side), &mut |leaf| {
            let text = bare(&match leaf {
                Leaf::Text(text) => said(text, side),
                Leaf::Code(text) => text.to_owned(),
                Leaf::Changed { block, .. } => written(block).to_owned(),
            });
            out.extend(Some(text).filter(|text| !text.is_empty()));
        });
    }
    out
}

/// The text of inlines in one version, as [`text_of_side`] gives that of blocks.
pub fn line(inlines: &[RInline], side: Side) -> String {
    bare(&said(inlines, side))
}

/// The words with one space between them: neither white space nor line breaks are content.
fn bare(text: &str) -> String {
    text.split_word_bounds().filter(|word| !word.trim().is_empty()).collect::<Vec<_>>().join(" ")
}

/// Content that a redline loses or adds on either side: none, unless the comparison has a bug.
pub fn faults(redline: &Resolved, old: &Resolved, new: &Resolved) -> Vec<String> {
    let text = |document: &Resolved, side| {
        // The summary of the changes is first.
        let blocks = document.blocks.get(usize::from(document.is_redline)..).unwrap_or_default();
        let mut leaves = vec![line(&document.title, side)];
        let control = document.control.iter().flat_map(|row| &row.value);
        leaves.extend(control.map(|value| line(value, side)));
        leaves.extend(text_of_side(&document.summary, side));
        leaves.extend(text_of_side(blocks, side));
        let mut notes: Vec<String> =
            document.notes.iter().map(|note| text_of_side(&note.blocks, side).join(" ")).collect();
        notes.sort();
        leaves.extend(notes);
        // White space is no text.
        leaves.concat().chars().filter(|sign| !sign.is_whitespace()).collect::<Vec<char>>()
    };
    [(Side::Old, old, "old"), (Side::New, new, "new")]
        .into_iter()
        .filter_map(|(side, document, name)| {
            let (found, wanted) = (text(redline, side), text(document, side));
            let at = found.iter().zip(&wanted).take_while(|(one, other)| one == other).count();
            let some = |text: &[char]| text.iter().skip(at).take(SHOWN).collect::<String>();
            (found != wanted).then(|| {
                format!("the redline says “{}” where the {name} version says “{}”", some(&found), some(&wanted))
            })
        })
        .collect()
}

/// How many characters of a difference are named.
const SHOWN: usize = 50;

fn said(inlines: &[RInline], side: Side) -> String {
    let mut text = String::new();
    push(inlines, side, &mut text);
    text
}

fn push(inlines: &[RInline], side: Side, text: &mut String) {
    for Inline { kind, attrs, .. } in inlines {
        match kind {
            // Numbers and titles of what is referred to are derived.
            InlineKind::Span(_) if attrs.has_class(REFERENCE) => text.push('*'),
            InlineKind::Change { change, content } => {
                if change.kind.side() == Some(side) {
                    push(content, side, text);
                }
            }
            InlineKind::Text(words) | InlineKind::Code(words) => text.push_str(words),
            InlineKind::SoftBreak | InlineKind::LineBreak => text.push(' '),
            InlineKind::Math(formula) => text.push_str(&formula.source),
            InlineKind::Image(image) => text.push_str(image.alt.as_deref().unwrap_or_default()),
            InlineKind::Stage(ResolvedInline::Reference { .. }) | InlineKind::Note(_) => text.push('*'),
            other => push(other.children(), side, text),
        }
    }
}
