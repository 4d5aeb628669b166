//! The state that goes along while a document is written: where we are, which
//! ids and notes are already in the file.

use super::xml::{Attributes, WriteXml, Xml};
use crate::ast::{Attrs, Visit, walk_blocks, walk_inlines};
use crate::resolve::{RBlock, RInline, Resolved, ResolvedBlock, ResolvedInline, ResolvedStage, xml_name};
use std::collections::BTreeSet;

/// Ancestors of the current position that DocBook's exclusion rules (Schematron, "Element
/// exclusion") depend on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ancestors {
    pub admonition: bool,
    pub sidebar: bool,
    pub footnote: bool,
    pub figure: bool,
    pub table: bool,
    /// Inside a paragraph, where no other may be.
    pub paragraph: bool,
    /// Inside an element that takes the pattern `db._text` only.
    pub restricted: bool,
    /// Inside a list of headings or captions, where their notes are not repeated.
    pub listing: bool,
    /// Depth of sections, for headings that cannot be sections.
    pub level: u8,
}

/// Attributes of a group that go to the blocks in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Inherited {
    pub id: Option<String>,
    pub lang: Option<String>,
    pub classes: Vec<String>,
}

pub(super) struct Writer<'a> {
    pub document: &'a Resolved,
    pub xml: Xml,
    pub place: Ancestors,
    pub inherited: Inherited,
    /// Notes whose blocks are written.
    pub notes_written: BTreeSet<usize>,
    /// Notes that are referred to outside footnotes, and so have a place there.
    pub notes_outside: BTreeSet<usize>,
    /// Notes met only inside the footnote that is open.
    pub notes_waiting: Vec<usize>,
    ids_written: BTreeSet<String>,
    ids: BTreeSet<String>,
}

impl WriteXml for Writer<'_> {
    fn xml(&mut self) -> &mut Xml {
        &mut self.xml
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(document: &'a Resolved) -> Self {
        let mut survey = Survey::default();
        walk_inlines(&document.title, &mut survey);
        for value in document.control.iter().flat_map(|row| &row.value) {
            walk_inlines(value, &mut survey);
        }
        walk_blocks(&document.summary, &mut survey);
        survey.ids.extend(document.contents.iter().map(|listing| listing.id.clone()));
        walk_blocks(&document.blocks, &mut survey);
        let notes_outside = survey.notes.clone();
        for note in &document.notes {
            survey.ids.insert(note.id.clone());
            walk_blocks(&note.blocks, &mut survey);
        }
        Writer {
            document,
            xml: Xml::default(),
            place: Ancestors::default(),
            inherited: Inherited::default(),
            notes_written: BTreeSet::new(),
            notes_outside,
            notes_waiting: Vec::new(),
            ids_written: BTreeSet::new(),
            ids: survey.ids,
        }
    }

    /// Writes `content` at a changed place.
    pub(super) fn within(&mut self, change: impl FnOnce(&mut Ancestors), content: impl FnOnce(&mut Self)) {
        let place = self.place;
        change(&mut self.place);
        content(self);
        self.place = place;
    }

    /// Whether something in the document has this id, so that `linkend` may name it.
    pub(super) fn has_id(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Adds `xml:id` unless an element has it already: ids are unique.
    pub(super) fn push_id(&mut self, attributes: &mut Attributes, id: &str) {
        if self.ids_written.insert(id.to_owned()) {
            attributes.push(("xml:id", xml_name(id).into_owned()));
        }
    }

    /// The common attributes of a node, with those its group hands down, and
    /// `role` before the author's classes.
    pub(super) fn attributes(&mut self, attrs: &Attrs, role: Option<&str>) -> Attributes {
        let mut attributes = Attributes::new();
        let handed_down = self.inherited.id.take();
        if let Some(id) = attrs.id().map(str::to_owned).or(handed_down) {
            self.push_id(&mut attributes, &id);
        }
        if let Some(lang) = attrs.lang().map(str::to_owned).or_else(|| self.inherited.lang.clone()) {
            attributes.push(("xml:lang", lang));
        }
        let classes = attrs.list().map(|list| list.classes.as_slice()).unwrap_or_default();
        let roles: Vec<&str> =
            role.into_iter().chain(classes.iter().chain(&self.inherited.classes).map(String::as_str)).collect();
        if !roles.is_empty() {
            attributes.push(("role", roles.join(" ")));
        }
        attributes
    }
}

/// Finds the ids that will be in the file and the notes that have a reference.
#[derive(Default)]
struct Survey {
    ids: BTreeSet<String>,
    notes: BTreeSet<usize>,
}

impl Survey {
    fn attrs(&mut self, attrs: &Attrs) {
        self.ids.extend(attrs.id().map(str::to_owned));
    }
}

impl Visit<ResolvedStage> for Survey {
    fn block(&mut self, block: &RBlock) {
        use crate::ast::BlockKind;
        self.attrs(&block.attrs);
        match &block.kind {
            BlockKind::List(list) => list.items.iter().for_each(|item| self.attrs(&item.attrs)),
            BlockKind::Table(table) => {
                for cell in table.head.iter().chain(&table.body).flat_map(|row| &row.cells) {
                    self.attrs(&cell.attrs);
                }
            }
            BlockKind::Paragraph(_)
            | BlockKind::Definitions(_)
            | BlockKind::Quote { .. }
            | BlockKind::Code { .. }
            | BlockKind::Equation(_)
            | BlockKind::Admonition { .. }
            | BlockKind::Panel(_)
            | BlockKind::Figure(_)
            | BlockKind::Rule
            | BlockKind::PageBreak
            | BlockKind::Group(_)
            | BlockKind::Stage(_) => {}
        }
    }

    fn inline(&mut self, inline: &RInline) {
        self.attrs(&inline.attrs);
        if let crate::ast::InlineKind::Note(reference) = &inline.kind {
            self.notes.insert(reference.note);
        }
    }

    fn stage_block(&mut self, block: &ResolvedBlock) {
        match block {
            ResolvedBlock::Section(section) => {
                walk_inlines(&section.title, self);
                walk_blocks(&section.blocks, self);
            }
            ResolvedBlock::Listing(listing) => {
                self.ids.insert(listing.id.clone());
            }
            ResolvedBlock::NumberedParagraph { content, .. } => walk_inlines(content, self),
            ResolvedBlock::ForFormats { formats, blocks } => {
                if formats.contains(&crate::format::Format::Docbook) {
                    walk_blocks(blocks, self);
                }
            }
            ResolvedBlock::Changed { block, .. } => walk_blocks(std::slice::from_ref(block), self),
        }
    }

    fn stage_inline(&mut self, inline: &ResolvedInline) {
        match inline {
            ResolvedInline::Reference { .. } => {}
        }
    }
}
