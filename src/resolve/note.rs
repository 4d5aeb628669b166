//! Footnotes: numbered in the order of their first references.

use super::id::Ids;
use super::resolved::{Note, NoteUse, RBlock, RInline};
use crate::ast::{Attrs, Block, Expanded, Inline, InlineKind, NoteDefinition};
use crate::source::Span;
use std::collections::{HashMap, VecDeque};

/// How deep notes are read inside notes before the rest has to wait.
pub const NOTE_DEPTH: usize = 8;

/// Between the numbers of two notes at one word.
const SEPARATOR: &str = ",\u{a0}";

/// Adds a reference to a note to the text.
pub fn push(mut used: NoteUse, span: Span, attrs: Attrs, out: &mut Vec<RInline>) {
    if matches!(out.last(), Some(Inline { kind: InlineKind::Note(_), .. })) {
        used.separator = SEPARATOR;
    }
    out.push(Inline { kind: InlineKind::Note(used), span, attrs });
}

/// A reference to a note in a run.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteCall {
    pub name: String,
    pub span: Span,
    /// Its result; `None` if no note has the name.
    pub used: Option<NoteUse>,
}

/// The references to notes of the run that is lowered.
#[derive(Debug, Default)]
pub struct NoteCalls {
    /// Results of the next calls, if they are known before the run is lowered.
    pub known: VecDeque<Option<NoteUse>>,
    /// Calls found in the run.
    pub met: Vec<NoteCall>,
    /// Budget that the texts of their notes took.
    pub weight: usize,
}

/// All notes of a document.
pub struct Notes {
    definitions: Vec<Definition>,
    /// Index into `definitions`, by name.
    by_name: HashMap<String, usize>,
    /// Notes in the order of their numbers.
    notes: Vec<Note>,
    /// Blocks of the notes whose text is still to be lowered, by note.
    unwritten: Vec<Option<Vec<Block<Expanded>>>>,
    waiting: Vec<usize>,
    depth: usize,
    next_unused: usize,
}

struct Definition {
    name: String,
    span: Span,
    blocks: Vec<Block<Expanded>>,
    /// Index of the note it became.
    note: Option<usize>,
}

impl Notes {
    /// Notes by their definitions; of several with one name the first counts.
    pub fn new(definitions: Vec<NoteDefinition<Expanded>>) -> Self {
        let mut by_name = HashMap::with_capacity(definitions.len());
        let definitions = definitions.into_iter().enumerate().map(|(at, definition)| {
            by_name.entry(definition.name.clone()).or_insert(at);
            Definition { name: definition.name, span: definition.span, blocks: definition.blocks, note: None }
        });
        let definitions = definitions.collect();
        Notes {
            definitions,
            by_name,
            notes: Vec::new(),
            unwritten: Vec::new(),
            waiting: Vec::new(),
            depth: 0,
            next_unused: 0,
        }
    }

    /// Adds a reference to the note of a name.
    pub fn refer(&mut self, name: &str, ids: &mut Ids) -> Option<NoteUse> {
        let definition = *self.by_name.get(name)?;
        let note = self.numbered(definition, ids)?;
        let found = self.notes.get_mut(note)?;
        let wish = format!("{}-ref-{}", found.id, found.references.len() + 1);
        let id = ids.unique(&wish, found.span);
        found.references.push(id.clone());
        Some(NoteUse { note, id, separator: "" })
    }

    /// The note of a definition; numbered now if it was not.
    fn numbered(&mut self, definition: usize, ids: &mut Ids) -> Option<usize> {
        let definition = self.definitions.get_mut(definition)?;
        if let Some(note) = definition.note {
            return Some(note);
        }
        let note = self.notes.len();
        let number = (note + 1).to_string();
        let id = ids.unique(&format!("note-{number}"), definition.span);
        definition.note = Some(note);
        self.unwritten.push(Some(std::mem::take(&mut definition.blocks)));
        let span = definition.span;
        self.notes.push(Note { number, id, blocks: Vec::new(), references: Vec::new(), span });
        Some(note)
    }

    /// The blocks of a note that is to be lowered now; `None` where that is
    /// done or has to wait.
    pub fn open(&mut self, note: usize) -> Option<Vec<Block<Expanded>>> {
        let unwritten = self.unwritten.get_mut(note)?;
        if self.depth == NOTE_DEPTH && unwritten.is_some() {
            self.waiting.push(note);
            return None;
        }
        let blocks = unwritten.take()?;
        self.depth += 1;
        Some(blocks)
    }

    /// Takes the text of the note that was opened last.
    pub fn close(&mut self, note: usize, blocks: Vec<RBlock>) {
        self.depth = self.depth.saturating_sub(1);
        if let Some(note) = self.notes.get_mut(note) {
            note.blocks = blocks;
        }
    }

    /// A note whose text had to wait.
    pub fn waiting(&mut self) -> Option<usize> {
        self.waiting.pop()
    }

    /// The next note that nothing refers to, with its name and place.
    pub fn next_unused(&mut self, ids: &mut Ids) -> Option<(String, Span, usize)> {
        while let Some(definition) = self.definitions.get(self.next_unused) {
            let at = self.next_unused;
            self.next_unused += 1;
            if definition.note.is_none() {
                let (name, span) = (definition.name.clone(), definition.span);
                return Some((name, span, self.numbered(at, ids)?));
            }
        }
        None
    }

    /// Adds the note of a citation, which has no definition and is already resolved.
    #[cfg(feature = "citations")]
    pub fn add(&mut self, blocks: Vec<RBlock>, span: Span, ids: &mut Ids) -> NoteUse {
        let note = self.notes.len();
        let number = (note + 1).to_string();
        let id = ids.unique(&format!("note-{number}"), span);
        let reference = ids.unique(&format!("{id}-ref-1"), span);
        self.unwritten.push(None);
        self.notes.push(Note { number, id, blocks, references: vec![reference.clone()], span });
        NoteUse { note, id: reference, separator: "" }
    }

    /// The names that are defined.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.definitions.iter().map(|definition| definition.name.as_str())
    }

    /// All notes in the order of their numbers.
    pub fn finish(self) -> Vec<Note> {
        self.notes
    }
}
