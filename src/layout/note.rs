//! Footnotes: their text, tagged near their first reference and set at the
//! foot of its page.

use super::flow::{ContainingBlock, Flow};
use super::fragment::Recording;
use super::frame::{Origin, Properties, Role, Tag, TagId};
use super::inline::TypeStyle;
use super::node::{Marker, Node};
use crate::theme::{Alignment, ParagraphRole, Pt};

/// Room for a note's number, in ems.
const NUMBER_INDENT: Pt = 1.9;

impl Flow<'_, '_> {
    /// Sets the notes that were referred to for the first time.
    pub fn take_notes(&mut self, parent: TagId) {
        let noted = std::mem::take(&mut self.collector.noted);
        for note in noted {
            let is_first = self.notes.get(note).is_some_and(Option::is_none);
            if let Some(recording) = &mut self.recording {
                recording.call(note, is_first);
            }
            if is_first {
                self.note(note, parent);
            }
        }
    }

    fn note(&mut self, index: usize, parent: TagId) {
        let Some(note) = self.collector.document.notes.get(index) else { return };
        self.recording.iter_mut().for_each(Recording::begin_note);
        let theme = self.collector.theme;
        let around = self.origins.last().map_or(Origin::Opening, |(_, origin)| *origin);
        self.begin(Origin::Note(index));
        let tag = self
            .collector
            .tags
            .add(parent, Tag::with(Role::Note, Properties { id: Some(note.id.clone()), ..Properties::NONE }));
        let (style, type_style) = {
            let column = self.column();
            self.styled(ParagraphRole::Note, column)
        };
        let label = self.collector.tags.add(tag, Tag::new(Role::ListLabel));
        let number = TypeStyle { align: Alignment::Start, ..type_style };
        let paragraph = self.collector.added_text(&note.number, number, Some(label));
        let indent = type_style.size * NUMBER_INDENT;
        // Set aside what the text around it has gathered.
        let nodes = std::mem::take(&mut self.nodes);
        let column = ContainingBlock {
            x: 0.0,
            width: theme.page.measure(),
            parent: tag,
            type_style,
            gap: style.before,
            depth: 0,
            heading: None,
            nested: true,
            change: None,
        };
        let marker = Marker { paragraph, x: self.label_x(column, indent), width: indent };
        let markers = std::mem::replace(&mut self.markers, vec![marker]);
        let ids = std::mem::replace(&mut self.ids, vec![note.id.clone()]);
        if let Some(slot) = self.notes.get_mut(index) {
            *slot = Some(Vec::new());
        }
        let place = self.indented(column, indent);
        self.blocks(&note.blocks, place);
        self.flush_marker(place);
        self.place_last_ids(place);
        while let Some(Node::Space(_)) = self.nodes.last() {
            self.nodes.pop();
        }
        self.begin(around);
        self.recording.iter_mut().for_each(Recording::end_note);
        let own = std::mem::replace(&mut self.nodes, nodes);
        let start = usize::from(matches!(own.first(), Some(Node::Space(_))));
        self.markers = markers;
        self.ids = ids;
        if let Some(slot) = self.notes.get_mut(index) {
            *slot = Some([Node::Space(style.before)].into_iter().chain(own.into_iter().skip(start)).collect());
        }
    }

    /// Notes that nothing refers to, after everything else.
    pub fn stray_notes(&mut self, parent: TagId) {
        for index in 0..self.notes.len() {
            if self.notes.get(index).is_some_and(Option::is_none) {
                self.note(index, parent);
                // The note counts as set: a later note may call it.
                if let Some(nodes) = self.notes.get_mut(index).and_then(Option::as_mut).map(std::mem::take) {
                    self.nodes.extend(nodes);
                }
            }
        }
    }
}
