//! Footnotes: at the end of the text, with the way there and back. Readers of e-books
//! show them beside their references (EPUB Structural Semantics Vocabulary 1.1).

use super::block;
use super::context::{Context, WordsIn};
use super::inline::inlines;
use crate::ast::BlockKind;
use crate::backend::markup::Markup;
use crate::language::fill;
use crate::resolve::{Note, NoteUse, RBlock};

/// A reference to a note (DPUB-ARIA, `doc-noteref`).
pub fn reference(out: &mut Markup, note_use: &NoteUse, context: &Context) {
    context.looks_elsewhere();
    let Some(note) = context.document.notes.get(note_use.note) else { return };
    match context.words_in {
        // A repeated heading does not repeat its notes.
        WordsIn::Link | WordsIn::Copy => {}
        WordsIn::Text if context.is_book() => reference_in_book(out, note_use, note),
        WordsIn::Text => out.element("sup", &[("class", "noteref")], |out| {
            out.text(note_use.separator);
            let address = format!("#{}", note.id);
            out.leaf("a", &[("id", &note_use.id), ("href", &address), ("role", "doc-noteref")], &note.number);
        }),
    }
}

/// The mark is inside the link: readers make what is touched as large as that.
fn reference_in_book(out: &mut Markup, note_use: &NoteUse, note: &Note) {
    if !note_use.separator.is_empty() {
        out.leaf("sup", &[("class", "noteref")], note_use.separator);
    }
    let address = format!("#{}", note.id);
    let attributes = [
        ("id", note_use.id.as_str()),
        ("class", "noteref"),
        ("href", &address),
        ("epub:type", "noteref"),
        ("role", "doc-noteref"),
    ];
    out.element("a", &attributes, |out| out.leaf("sup", &[], &note.number));
}

/// All notes (DPUB-ARIA, `doc-endnotes`).
pub fn write(out: &mut Markup, context: &Context) {
    let notes = &context.document.notes;
    if notes.is_empty() {
        return;
    }
    if context.is_book() {
        return write_in_book(out, notes, context);
    }
    out.element("section", &[("class", "notes"), ("role", "doc-endnotes")], |out| {
        out.raw("\n");
        context.heading(out, &[], |out| out.text(context.labels().notes));
        out.element("ol", &[], |out| {
            out.raw("\n");
            for note in notes {
                out.element("li", &[("id", &note.id)], |out| item(out, note, &context.below_heading()));
                out.raw("\n");
            }
        });
        out.raw("\n");
    });
    out.raw("\n");
}

fn write_in_book(out: &mut Markup, notes: &[Note], context: &Context) {
    out.element("section", &[("class", "notes"), ("epub:type", "footnotes")], |out| {
        out.raw("\n");
        context.heading(out, &[], |out| out.text(context.labels().notes));
        for note in notes {
            let attributes =
                [("id", note.id.as_str()), ("class", "note"), ("epub:type", "footnote"), ("role", "doc-footnote")];
            out.element("aside", &attributes, |out| item(out, note, &context.below_heading()));
            out.raw("\n");
        }
    });
    out.raw("\n");
}

fn item(out: &mut Markup, note: &Note, context: &Context) {
    out.leaf("span", &[("class", "number")], &note.number);
    out.raw("\n");
    out.element("div", &[], |out| {
        out.raw("\n");
        // The way back closes the last paragraph; it has one of its own where
        // the note ends with something else.
        match note.blocks.split_last() {
            Some((last, before)) if is_paragraph(last) => {
                block::blocks(out, before, context);
                if let BlockKind::Paragraph(content) = &last.kind {
                    out.element("p", &context.attributes(&last.attrs), |out| {
                        inlines(out, content, context);
                        ways_back(out, note, context);
                    });
                }
                out.raw("\n");
            }
            _ => {
                block::blocks(out, &note.blocks, context);
                if !note.references.is_empty() {
                    out.element("p", &[], |out| ways_back(out, note, context));
                    out.raw("\n");
                }
            }
        }
    });
}

fn is_paragraph(block: &RBlock) -> bool {
    matches!(block.kind, BlockKind::Paragraph(_))
}

fn ways_back(out: &mut Markup, note: &Note, context: &Context) {
    let labels = context.labels();
    for (index, id) in note.references.iter().enumerate() {
        let address = format!("#{id}");
        // Each link says which of them it is; the arrow alone would not.
        let number =
            if note.references.len() > 1 { format!("{}.{}", note.number, index + 1) } else { note.number.clone() };
        let name = fill(labels.label_value, &[labels.back_to_text, &fill(labels.note_numbered, &[&number])]);
        out.raw(" ");
        out.leaf("a", &[("href", &address), ("role", "doc-backlink"), ("aria-label", &name)], "↩\u{fe0e}");
    }
}
