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
use crate::resolve::{RBlock, RInline, Resolved, ResolvedBlock, ResolvedStage, Side, Tracked, bookmark, change_of};
use std::collections::{BTreeMap, BTreeSet};

/// The ids before this one are those of the lines that part notes from the text.
const FIRST: usize = 1;

/// The notes and their state.
#[derive(Default)]
pub struct Notes {
    /// Notes that the text itself refers to, by the version in which it does.
    outside: BTreeSet<(usize, Side)>,
    /// Notes that wait for a reference that both versions have.
    kept: BTreeSet<usize>,
    /// The bookmark of the first reference to each that is written, by version.
    written: BTreeMap<(usize, Side), Option<String>>,
    /// Notes that only the note that is open refers to, and the version in which alone it does.
    waiting: Vec<(usize, Option<Side>)>,
    /// The version that has the reference to the note that is open, if only one has it.
    open: Option<Side>,
    /// The part with the notes, as far as it is written.
    part: Markup,
    /// Its relationships.
    pub relationships: Relationships,
    count: usize,
    /// Word's note count in the published version.
    counted: u32,
    /// Word's note count in the earlier version.
    counted_before: u32,
}

impl Notes {
    /// Looks for the notes that the text refers to.
    pub fn from_document(document: &Resolved) -> Notes {
        let search = Search::through(document);
        Notes { outside: search.calls.iter().map(|(note, _)| (*note, Side::New)).collect(), ..Notes::default() }
    }

    /// Looks for the notes that the text of either version refers to.
    pub fn from_versions(versions: &Tracked) -> Notes {
        let mut notes = Notes::from_document(&versions.new);
        let before = Search::through(&versions.old);
        let before = before.calls.iter().filter_map(|(note, _)| versions.old.notes.get(*note));
        let before: BTreeSet<&str> = before.map(|note| note.number.as_str()).collect();
        let all = 0..versions.document.notes.len();
        let outside = all.filter(|index| versions.note_number_before(*index).is_some_and(|it| before.contains(it)));
        notes.outside.extend(outside.map(|note| (note, Side::Old)));
        notes.kept = Search::through(&versions.document).kept();
        notes
    }

    /// Whether there is a part with notes.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// The references of the text itself of a document.
#[derive(Default)]
struct Search {
    /// The note and the id of each reference, in order.
    calls: Vec<(usize, String)>,
    /// The version that alone has a reference, by its id.
    sides: BTreeMap<String, Side>,
}

impl Search {
    fn through(document: &Resolved) -> Search {
        let mut search = Search::default();
        walk_inlines(&document.title, &mut search);
        walk_blocks(&document.summary, &mut search);
        walk_blocks(&document.blocks, &mut search);
        search
    }

    /// The notes that can wait for the first reference which both versions have: they are counted
    /// there as they are where each version refers to them first.
    fn kept(&self) -> BTreeSet<usize> {
        let in_both = self.calls.iter().filter(|(_, id)| !self.sides.contains_key(id)).map(|(note, _)| *note);
        let mut kept: BTreeSet<usize> = in_both.collect();
        for version in [Side::Old, Side::New] {
            let mut known = BTreeSet::new();
            let mut waiting = BTreeSet::new();
            for (note, id) in &self.calls {
                let side = self.sides.get(id);
                if side.is_some_and(|side| *side != version) {
                    continue;
                }
                if known.insert(*note) {
                    // Those that wait would be counted after this one.
                    for waiting in std::mem::take(&mut waiting) {
                        kept.remove(&waiting);
                    }
                    waiting.insert(*note);
                }
                if side.is_none() {
                    waiting.remove(note);
                }
            }
        }
        kept
    }
}

impl Visit<ResolvedStage> for Search {
    fn inline(&mut self, inline: &RInline) {
        match &inline.kind {
            InlineKind::Note(reference) => self.calls.push((reference.note, reference.id.clone())),
            InlineKind::Change { change, content } => {
                let Some(side) = change.kind.side() else { return };
                let mut inner = Search::default();
                walk_inlines(content, &mut inner);
                self.sides.extend(inner.calls.into_iter().map(|(_, id)| (id, side)));
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

/// How a version refers to a note.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Call {
    /// For the first time: the note is brought.
    First,
    /// Again, or from another note. Where there is one, a field shows the number at a bookmark.
    Again(Option<String>),
    /// From another note alone: the number is written, and the note follows that one.
    Within,
}

impl Notes {
    /// Records where a note is written first. The result is the version for which it was not
    /// written, if it was not: `Some(None)` for all.
    fn write(&mut self, note: usize, side: Option<Side>, name: Option<String>) -> Option<Option<Side>> {
        let sides = [Side::Old, Side::New].into_iter().filter(|one| side.is_none_or(|only| only == *one));
        let sides = sides.filter(|side| !self.written.contains_key(&(note, *side))).collect::<Vec<_>>();
        self.written.extend(sides.iter().map(|side| ((note, *side), name.clone())));
        match sides.as_slice() {
            [] => None,
            [only] => Some(Some(*only)),
            _ => Some(None),
        }
    }

    fn call(&self, note: usize, side: Side, in_note: bool, is_in_both: bool) -> Call {
        match self.written.get(&(note, side)) {
            _ if in_note && !self.outside.contains(&(note, side)) => Call::Within,
            Some(name) => Call::Again(name.clone()),
            None if in_note || (!is_in_both && self.kept.contains(&note)) => Call::Again(None),
            None => Call::First,
        }
    }

    /// Whether Word counts a note as the document does, in each version that has it. Where it may
    /// not, a note that both have has one number in both.
    fn is_counted(&mut self, number: &str, side: Option<Side>) -> bool {
        let is_next = |counted: u32| number == (counted + 1).to_string();
        let is_counted = match side {
            Some(Side::Old) => is_next(self.counted_before),
            Some(Side::New) => is_next(self.counted),
            None => is_next(self.counted) && is_next(self.counted_before),
        };
        self.counted += u32::from(is_counted && side != Some(Side::Old));
        self.counted_before += u32::from(is_counted && side != Some(Side::New));
        is_counted
    }
}

impl<'a> Writer<'a> {
    /// The number of a note in a version that has it.
    fn number_of_note(&self, index: usize, side: Side) -> Option<&'a str> {
        match (side, self.versions) {
            (Side::Old, versions) => versions?.note_number_before(index),
            (Side::New, Some(versions)) if index >= versions.new.notes.len() => None,
            (Side::New, _) => self.document.notes.get(index).map(|note| note.number.as_str()),
        }
    }
}

impl Writer<'_> {
    /// A reference to a note; the first one of each version brings the note.
    pub fn refer_to_note(&mut self, index: usize) {
        let in_note = self.context.in_note;
        let side = match (self.notes.open, self.side()) {
            // A version without the note does not have what is in it.
            (Some(open), Some(side)) if open != side => return self.note_number(index),
            (open, side) => open.or(side),
        };
        let [old, new] = [Side::Old, Side::New].map(|one| self.notes.call(index, one, in_note, side.is_none()));
        match side {
            Some(Side::Old) => self.refer_as(&old, index, side),
            Some(Side::New) => self.refer_as(&new, index, side),
            None if !self.is_tracked() || old == new => self.refer_as(&new, index, None),
            None if old != Call::First && new != Call::First => {
                for (call, side) in [(old, Side::Old), (new, Side::New)] {
                    if call == Call::Within {
                        self.wait_for_note(index, Some(side));
                    }
                }
                self.note_number(index);
            }
            None => {
                self.on_side(Some(Side::Old), |w| w.refer_as(&old, index, Some(Side::Old)));
                self.on_side(Some(Side::New), |w| w.refer_as(&new, index, Some(Side::New)));
            }
        }
    }

    /// A reference to a note, as the version refers to it that alone has the reference.
    fn refer_as(&mut self, call: &Call, index: usize, side: Option<Side>) {
        match call {
            Call::Within => {
                self.wait_for_note(index, side);
                self.note_number(index);
            }
            Call::Again(Some(name)) => {
                let instruction = format!(" NOTEREF {name} \\f \\h ");
                self.marked(Mark::NoteNumber, |w| w.field(&instruction, |w| w.note_number(index)));
            }
            // The text refers to it elsewhere.
            Call::Again(None) => self.note_number(index),
            Call::First => self.bring_note(index, side),
        }
    }

    /// Has a note follow the one that is open, where that was not done before.
    fn wait_for_note(&mut self, index: usize, side: Option<Side>) {
        let unwritten = self.notes.write(index, side, None);
        self.notes.waiting.extend(unwritten.map(|side| (index, side)));
    }

    /// The first reference to a note.
    fn bring_note(&mut self, index: usize, side: Option<Side>) {
        let Some(note) = self.document.notes.get(index) else { return };
        self.notes.count += 1;
        let id = (FIRST + self.notes.count - 1).to_string();
        let number = self.number_of_note(index, side.unwrap_or(Side::New)).unwrap_or(&note.number);
        let counts_all = self.versions.is_some_and(|versions| versions.counts_notes);
        let is_counted = counts_all || self.notes.is_counted(number, side);
        let has_more = note.references.len() > 1 && side != Some(Side::Old);
        // Hidden from the list of bookmarks, as Word does with those of its own.
        let name = has_more.then(|| bookmark(&note.id));
        self.notes.write(index, side, name);
        let is_deleted = self.element_of(self.context.change) == Some("w:del");
        self.bookmark(has_more.then_some(note.id.as_str()), |w| {
            w.marked(Mark::NoteNumber, |w| {
                w.special(|out| match is_counted {
                    true => out.empty("w:footnoteReference", &[("w:id", &id)]),
                    false => {
                        out.empty("w:footnoteReference", &[("w:customMarkFollows", "1"), ("w:id", &id)]);
                        out.leaf(if is_deleted { "w:delText" } else { "w:t" }, &[], number);
                    }
                });
            });
        });
        let open = std::mem::replace(&mut self.notes.open, side);
        self.note(&id, is_counted, index);
        self.notes.open = open;
    }

    /// The number of a note as text: that of each version, where it has changed.
    fn note_number(&mut self, index: usize) {
        let [old, new] = [Side::Old, Side::New].map(|side| self.number_of_note(index, side).map(str::to_owned));
        let side = self.side();
        self.marked(Mark::NoteNumber, |w| match (old, new) {
            (Some(old), _) if side == Some(Side::Old) => w.text(&old),
            (Some(old), Some(new)) if side.is_none() && old != new => {
                w.on_side(Some(Side::Old), |w| w.text(&old));
                w.on_side(Some(Side::New), |w| w.text(&new));
            }
            (old, new) => w.text(&new.or(old).unwrap_or_default()),
        });
    }

    /// The notes that wait, which notes alone refer to.
    fn waiting_notes(&mut self) {
        while !self.notes.waiting.is_empty() {
            for (index, side) in std::mem::take(&mut self.notes.waiting) {
                self.note_of_version(index, side);
            }
        }
    }

    /// A note in the place of another: all of it where both versions have it there, and otherwise
    /// what the one version has.
    fn note_of_version(&mut self, index: usize, side: Option<Side>) {
        let is_whole = self.document.notes.get(index).is_some_and(|note| change_of(&note.blocks).is_some());
        let side = side.filter(|_| self.notes.open.is_none() && !is_whole);
        let open = self.notes.open;
        self.notes.open = side.or(open);
        let only = std::mem::replace(&mut self.context.only, side);
        self.on_side(side, |w| w.note_blocks(index, false));
        self.context.only = only;
        self.notes.open = open;
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
            w.waiting_notes();
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
    fn note_blocks(&mut self, at: usize, is_counted: bool) {
        let Some(note) = self.document.notes.get(at) else { return };
        let (first, rest) = match note.blocks.split_first() {
            Some((RBlock { kind: BlockKind::Paragraph(content), attrs, .. }, rest)) => (Some((content, attrs)), rest),
            _ => (None, note.blocks.as_slice()),
        };
        let none = Attrs::default();
        let lang = first.map_or(&none, |(_, attrs)| attrs).lang().map(str::to_owned);
        let style = Style::for_role(Role::Note);
        // A note that both versions have is there without words too.
        let is_in_both = [Side::Old, Side::New].iter().all(|side| self.number_of_note(at, *side).is_some());
        let change = change_of(&note.blocks).filter(|_| !is_in_both);
        let (content, attrs) = first.map_or((None, &none), |(content, attrs)| (Some(content), attrs));
        let content = content.map_or(&[][..], |content| content.as_slice());
        for (index, (part, mark)) in parts(content).into_iter().enumerate() {
            self.revisions.next = mark;
            self.paragraph(style, |w| {
                if index == 0 {
                    // A number that is written goes with the words of its note.
                    w.changed(change.filter(|_| !is_counted), |w| {
                        match is_counted {
                            true => w.marked(Mark::NoteNumber, |w| w.special(|out| out.empty("w:footnoteRef", &[]))),
                            false => w.note_number(at),
                        }
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
            let has = |side: &Side| self.number_of_note(index, *side).is_some();
            let sides: Vec<Side> = [Side::Old, Side::New].into_iter().filter(has).collect();
            let written = |side: &Side| self.notes.written.contains_key(&(index, *side));
            let side = match sides.iter().filter(|side| !written(side)).copied().collect::<Vec<_>>().as_slice() {
                [] => continue,
                [only] if self.is_tracked() && sides.len() > 1 => Some(*only),
                _ => None,
            };
            self.notes.write(index, side, None);
            self.within(
                |context| {
                    context.in_note = true;
                    context.role = Role::Note;
                },
                |w| {
                    w.note_of_version(index, side);
                    w.waiting_notes();
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
