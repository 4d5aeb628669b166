//! Footnotes. Word counts them itself; where its number would be another, the document's is written
//! as a mark of the note's own. A note that only a note refers to is in that one, for Word has no
//! notes in notes.

use super::package::Relationships;
use super::revision::parts;
use super::style::{Mark, Role, Style};
use super::writer::{Writer, WriterContext};
use crate::ast::{Attrs, BlockKind, InlineKind, Visit, walk_blocks, walk_inlines};
use crate::backend::markup::Markup;
use crate::format::Format;
use crate::resolve::{RBlock, RInline, Resolved, ResolvedBlock, ResolvedStage, Side, bookmark, change_of};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// The ids before this one are those of the lines that part notes from the text.
const FIRST: usize = 1;

/// The notes and their state.
#[derive(Default)]
pub struct Notes {
    /// Notes that the text itself refers to.
    outside: BTreeSet<usize>,
    /// Notes that a reference in both versions calls.
    kept: BTreeSet<usize>,
    /// The bookmark of the first reference to each that is written, by the version that alone
    /// has it.
    written: BTreeMap<(usize, Option<Side>), Option<String>>,
    /// Notes that only the note that is open refers to.
    waiting: Vec<usize>,
    /// The part with the notes, as far as it is written.
    part: Markup,
    /// Its relationships.
    pub relationships: Relationships,
    count: usize,
    /// Word's note count in the published version.
    counted: u32,
}

impl Notes {
    /// Looks for the notes that the text refers to.
    pub fn from_document(document: &Resolved) -> Notes {
        let mut search = Search::default();
        walk_inlines(&document.title, &mut search);
        walk_blocks(&document.summary, &mut search);
        walk_blocks(&document.blocks, &mut search);
        let kept = search.all.iter().filter(|(note, count)| search.changed.get(note) < Some(count));
        let kept = kept.map(|(note, _)| *note).collect();
        Notes { outside: search.all.into_keys().collect(), kept, ..Notes::default() }
    }

    /// Whether there is a part with notes.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

#[derive(Default)]
struct Search {
    /// Number of calls of each note.
    all: BTreeMap<usize, usize>,
    /// Number of calls of each note in content of one version only.
    changed: BTreeMap<usize, usize>,
}

impl Visit<ResolvedStage> for Search {
    fn inline(&mut self, inline: &RInline) {
        match &inline.kind {
            InlineKind::Note(reference) => *self.all.entry(reference.note).or_default() += 1,
            InlineKind::Change { content, .. } => {
                let mut inner = Search::default();
                walk_inlines(content, &mut inner);
                inner.all.into_iter().for_each(|(note, count)| *self.changed.entry(note).or_default() += count);
            }
            _ => {}
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
            ResolvedBlock::Changed { block, .. } => walk_blocks(std::slice::from_ref(block), self),
            ResolvedBlock::ForFormats { .. } | ResolvedBlock::Listing(_) => {}
        }
    }
}

impl Notes {
    /// Whether Word counts a note as the document does. Those that the version before alone has
    /// are counted when they are the ones that are left.
    fn is_counted(&mut self, number: &str, side: Option<Side>) -> bool {
        if side == Some(Side::Old) {
            return true;
        }
        let is_counted = number == (self.counted + 1).to_string();
        self.counted += u32::from(is_counted);
        is_counted
    }
}

impl Writer<'_> {
    /// A reference to a note; the first one brings the note.
    pub fn refer_to_note(&mut self, index: usize) {
        let Some(note) = self.document.notes.get(index) else { return };
        if self.context.in_note && !self.notes.outside.contains(&index) {
            if let Entry::Vacant(unwritten) = self.notes.written.entry((index, None)) {
                unwritten.insert(None);
                self.notes.waiting.push(index);
            }
            return self.marked(Mark::NoteNumber, |w| w.text(&note.number));
        }
        let side = self.side();
        let written = self.notes.written.get(&(index, None)).or_else(|| self.notes.written.get(&(index, side)));
        if let Some(Some(name)) = written {
            let instruction = format!(" NOTEREF {name} \\f \\h ");
            return self.marked(Mark::NoteNumber, |w| w.field(&instruction, |w| w.text(&note.number)));
        }
        if self.context.in_note || written.is_some() || (side.is_some() && self.notes.kept.contains(&index)) {
            // The text refers to it elsewhere.
            return self.marked(Mark::NoteNumber, |w| w.text(&note.number));
        }
        self.notes.count += 1;
        let id = (FIRST + self.notes.count - 1).to_string();
        let is_counted = self.notes.is_counted(&note.number, side);
        let has_more = note.references.len() > 1 && side != Some(Side::Old);
        // Hidden from the list of bookmarks, as Word does with those of its own.
        let name = has_more.then(|| bookmark(&note.id));
        self.notes.written.insert((index, side), name);
        let is_deleted = self.element_of(self.context.change) == Some("w:del");
        self.bookmark(has_more.then_some(note.id.as_str()), |w| {
            w.marked(Mark::NoteNumber, |w| {
                w.special(|out| match is_counted {
                    true => out.empty("w:footnoteReference", &[("w:id", &id)]),
                    false => {
                        out.empty("w:footnoteReference", &[("w:customMarkFollows", "1"), ("w:id", &id)]);
                        out.leaf(if is_deleted { "w:delText" } else { "w:t" }, &[], &note.number);
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
        let context = self.context.clone();
        let pending = std::mem::take(&mut self.pending);
        let item = self.item.take();
        let (page_break, keep_next, after_table) = (
            std::mem::take(&mut self.page_break),
            std::mem::take(&mut self.keep_next),
            std::mem::take(&mut self.after_table),
        );
        let last_goes = std::mem::take(&mut self.revisions.last_goes);
        self.context = WriterContext { in_note: true, role: Role::Note, ..WriterContext::outermost(self.theme) };
        self.element("w:footnote", &[("w:id", id)], |w| {
            w.note_blocks(index, is_counted);
            while !w.notes.waiting.is_empty() {
                for index in std::mem::take(&mut w.notes.waiting) {
                    w.note_blocks(index, false);
                }
            }
            w.end_of_changes();
        });
        self.revisions.last_goes = last_goes;
        self.context = context;
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
        let style = Style::for_role(Role::Note);
        let change = change_of(&note.blocks);
        let (content, attrs) = first.map_or((None, &none), |(content, attrs)| (Some(content), attrs));
        let content = content.map_or(&[][..], |content| content.as_slice());
        for (index, (part, mark)) in parts(content).into_iter().enumerate() {
            self.revisions.next = mark;
            self.paragraph(style, |w| {
                if index == 0 {
                    // A number that is written goes with the words of its note.
                    w.changed(change.filter(|_| !is_counted), |w| {
                        w.marked(Mark::NoteNumber, |w| match is_counted {
                            true => w.special(|out| out.empty("w:footnoteRef", &[])),
                            false => w.text(&note.number),
                        });
                        w.text(" ");
                    });
                }
                w.bookmark(attrs.id(), |w| {
                    w.within(|context| context.lang = lang.clone().or(context.lang.take()), |w| w.inlines(part));
                });
            });
        }
        self.blocks(rest);
        if self.after_table.is_some() {
            self.paragraph(Style::for_role(Role::TableEnd), |_| {});
        }
    }

    /// Notes that nothing refers to, at the end of the text.
    pub fn unreferenced_notes(&mut self) {
        for index in 0..self.document.notes.len() {
            if self.notes.written.keys().any(|(known, _)| *known == index) {
                continue;
            }
            self.notes.written.insert((index, None), None);
            self.within(
                |context| {
                    context.in_note = true;
                    context.role = Role::Note;
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
