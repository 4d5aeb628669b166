//! Footnotes. Word counts them itself; where its number would be another, the
//! document's is written as a mark of the note's own. A note that only a note
//! refers to stands in that one, for Word has no notes in notes.

use super::package::Relationships;
use super::style::{Mark, Role, Style};
use super::writer::{Place, Writer};
use crate::ast::{Attrs, BlockKind, InlineKind, Visit, walk_blocks, walk_inlines};
use crate::backend::markup::Markup;
use crate::format::Format;
use crate::resolve::{RBlock, RInline, Res, Resolved, ResolvedBlock, bookmark};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// The ids before this one are those of the lines that part notes from the text.
const FIRST: usize = 1;

/// The notes and what became of them.
#[derive(Default)]
pub struct Notes {
    /// Notes that the text itself refers to.
    outside: BTreeSet<usize>,
    /// The bookmark of the first reference to each that is written.
    written: BTreeMap<usize, Option<String>>,
    /// Notes that only the note that is open refers to.
    waiting: Vec<usize>,
    /// The part with the notes, as far as it is written.
    part: Markup,
    /// Its relationships.
    pub relationships: Relationships,
    count: usize,
    /// What Word has counted.
    counted: u32,
}

impl Notes {
    /// Looks for the notes that the text refers to.
    pub fn of(document: &Resolved) -> Notes {
        let mut search = Search::default();
        walk_inlines(&document.title, &mut search);
        walk_blocks(&document.summary, &mut search);
        walk_blocks(&document.blocks, &mut search);
        Notes { outside: search.0, ..Notes::default() }
    }

    /// Whether there is a part with notes.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

#[derive(Default)]
struct Search(BTreeSet<usize>);

impl Visit<Res> for Search {
    fn inline(&mut self, inline: &RInline) {
        if let InlineKind::Note(reference) = &inline.kind {
            self.0.insert(reference.note);
        }
    }

    fn stage_block(&mut self, block: &ResolvedBlock) {
        match block {
            ResolvedBlock::Section(section) => {
                walk_inlines(&section.title, self);
                walk_blocks(&section.blocks, self);
            }
            ResolvedBlock::NumberedParagraph { content, .. } => walk_inlines(content, self),
            ResolvedBlock::ForFormats { formats, blocks } if formats.contains(&Format::Docx) => {
                walk_blocks(blocks, self);
            }
            ResolvedBlock::ForFormats { .. } | ResolvedBlock::Listing(_) => {}
        }
    }
}

impl Writer<'_> {
    /// A reference to a note; the first one brings the note.
    pub fn refer_to_note(&mut self, index: usize) {
        let Some(note) = self.document.notes.get(index) else { return };
        if self.place.in_note && !self.notes.outside.contains(&index) {
            if let Entry::Vacant(unwritten) = self.notes.written.entry(index) {
                unwritten.insert(None);
                self.notes.waiting.push(index);
            }
            return self.marked(Mark::NoteNumber, |w| w.text(&note.number));
        }
        if let Some(Some(name)) = self.notes.written.get(&index) {
            let instruction = format!(" NOTEREF {name} \\f \\h ");
            return self.marked(Mark::NoteNumber, |w| w.field(&instruction, |w| w.text(&note.number)));
        }
        if self.place.in_note || self.notes.written.contains_key(&index) {
            // The text refers to it further on.
            return self.marked(Mark::NoteNumber, |w| w.text(&note.number));
        }
        self.notes.count += 1;
        let id = (FIRST + self.notes.count - 1).to_string();
        let is_counted = note.number == (self.notes.counted + 1).to_string();
        self.notes.counted += u32::from(is_counted);
        let has_more = note.references.len() > 1;
        // Hidden from the list of bookmarks, as Word does with those of its own.
        let name = has_more.then(|| bookmark(&note.id));
        self.notes.written.insert(index, name);
        self.bookmark(has_more.then_some(note.id.as_str()), |w| {
            w.marked(Mark::NoteNumber, |w| {
                w.special(|out| match is_counted {
                    true => out.empty("w:footnoteReference", &[("w:id", &id)]),
                    false => {
                        out.empty("w:footnoteReference", &[("w:customMarkFollows", "1"), ("w:id", &id)]);
                        out.leaf("w:t", &[], &note.number);
                    }
                });
            });
        });
        self.note(&id, is_counted, index);
    }

    /// Writes a note into the part with the notes.
    fn note(&mut self, id: &str, is_counted: bool, index: usize) {
        let outer = std::mem::replace(&mut self.out, std::mem::take(&mut self.notes.part));
        let relationships = std::mem::replace(&mut self.relationships, std::mem::take(&mut self.notes.relationships));
        let place = self.place.clone();
        let pending = std::mem::take(&mut self.pending);
        let item = self.item.take();
        let (page_break, keep_next, after_table) = (
            std::mem::take(&mut self.page_break),
            std::mem::take(&mut self.keep_next),
            std::mem::take(&mut self.after_table),
        );
        self.place = Place { in_note: true, role: Role::Note, ..Place::outermost(self.theme) };
        self.element("w:footnote", &[("w:id", id)], |w| {
            w.note_blocks(index, is_counted);
            while !w.notes.waiting.is_empty() {
                for index in std::mem::take(&mut w.notes.waiting) {
                    w.note_blocks(index, false);
                }
            }
        });
        self.place = place;
        self.pending = pending;
        self.item = item;
        (self.page_break, self.keep_next, self.after_table) = (page_break, keep_next, after_table);
        self.notes.relationships = std::mem::replace(&mut self.relationships, relationships);
        self.notes.part = std::mem::replace(&mut self.out, outer);
    }

    /// The number of a note and its blocks.
    fn note_blocks(&mut self, index: usize, is_counted: bool) {
        let Some(note) = self.document.notes.get(index) else { return };
        let (first, rest) = match note.blocks.split_first() {
            Some((RBlock { kind: BlockKind::Paragraph(content), attrs, .. }, rest)) => (Some((content, attrs)), rest),
            _ => (None, note.blocks.as_slice()),
        };
        let none = Attrs::default();
        let lang = first.map_or(&none, |(_, attrs)| attrs).lang().map(str::to_owned);
        let style = Style::of(Role::Note);
        self.paragraph(style, |w| {
            w.marked(Mark::NoteNumber, |w| match is_counted {
                true => w.special(|out| out.empty("w:footnoteRef", &[])),
                false => w.text(&note.number),
            });
            w.text(" ");
            if let Some((content, attrs)) = first {
                w.bookmark(attrs.id(), |w| {
                    w.within(|place| place.lang = lang.or(place.lang.take()), |w| w.inlines(content));
                });
            }
        });
        self.blocks(rest);
        if self.after_table {
            self.paragraph(Style::of(Role::TableEnd), |_| {});
        }
    }

    /// Notes that nothing refers to, at the end of the text.
    pub fn unreferenced_notes(&mut self) {
        for index in 0..self.document.notes.len() {
            if self.notes.written.contains_key(&index) {
                continue;
            }
            self.notes.written.insert(index, None);
            self.within(
                |place| {
                    place.in_note = true;
                    place.role = Role::Note;
                },
                |w| {
                    w.note_blocks(index, false);
                    while let Some(index) = w.notes.waiting.pop() {
                        w.note_blocks(index, false);
                    }
                },
            );
        }
    }

    /// The part with the notes; `None` where there are none.
    pub fn notes_part(&mut self) -> Option<String> {
        if self.notes.is_empty() {
            return None;
        }
        let written = std::mem::take(&mut self.notes.part);
        let mut out = super::root();
        out.element("w:footnotes", &super::NAMESPACES, |out| {
            for (id, kind, sign) in
                [("-1", "separator", "w:separator"), ("0", "continuationSeparator", "w:continuationSeparator")]
            {
                out.element("w:footnote", &[("w:type", kind), ("w:id", id)], |out| {
                    out.element("w:p", &[], |out| out.element("w:r", &[], |out| out.empty(sign, &[])));
                });
            }
            out.append(written);
        });
        Some(out.into_string())
    }
}
