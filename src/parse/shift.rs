//! Parsed blocks at another place of their file, or at none: every span is moved.

use super::folded::Folded;
use super::{Body, is_of_place};
use crate::ast::{
    AbbreviationDefinition, Attrs, Block, BlockKind, Chart, Condition, DataTable, Document, Inline, InlineKind,
    NoteDefinition, Parsed, ParsedBlock, ParsedInline, Row,
};
use crate::source::{FileId, Source, Span};

/// Where spans come to be.
#[derive(Clone, Copy)]
pub enum Shift<'a> {
    /// By this many bytes; negative towards the start of the file.
    By(i64),
    /// From virtual positions to the file.
    Into(&'a Source),
    /// From positions in a folded text to the file, where it is written differently.
    Unfolded(&'a Folded),
    /// All at the same place, so that trees can be compared.
    Away,
}

impl Shift<'_> {
    /// Moves all that a part of a text became but problems and hidden places.
    pub fn body(self, body: &mut Body) {
        self.blocks(&mut body.blocks);
        self.notes(&mut body.notes);
        self.abbreviations(&mut body.abbreviations);
    }

    /// Moves what a document says in its text.
    pub fn document(self, document: &mut Document) {
        self.blocks(&mut document.blocks);
        self.notes(&mut document.notes);
        self.abbreviations(&mut document.abbreviations);
    }

    fn notes(self, notes: &mut [NoteDefinition]) {
        for note in notes {
            self.name(&mut note.name);
            self.blocks(&mut note.blocks);
            note.only.iter_mut().for_each(|condition| self.condition(condition));
            self.span(&mut note.span);
        }
    }

    fn abbreviations(self, abbreviations: &mut [AbbreviationDefinition]) {
        for abbreviation in abbreviations {
            abbreviation.only.iter_mut().for_each(|condition| self.condition(condition));
            self.span(&mut abbreviation.span);
        }
    }

    fn span(self, span: &mut Span) {
        match self {
            Shift::By(bytes) => {
                let moved = |place: u32| u32::try_from(i64::from(place) + bytes).unwrap_or_default();
                (span.start, span.end) = (moved(span.start), moved(span.end));
            }
            Shift::Into(source) => (span.start, span.end) = (source.locate(span.start), source.locate(span.end)),
            Shift::Unfolded(folded) => *span = folded.span(*span),
            Shift::Away => *span = Span::point(FileId::default(), 0),
        }
    }

    /// The name of a note, which is made of its place where it is written in place.
    fn name(self, name: &mut String) {
        match self {
            Shift::Away if is_of_place(name) => name.clear(),
            Shift::Unfolded(folded) => *name = folded.name(name),
            Shift::By(_) | Shift::Into(_) | Shift::Away => {}
        }
    }

    fn attrs(self, attrs: &mut Attrs) {
        if !attrs.is_empty() {
            attrs.edit().span.iter_mut().for_each(|span| self.span(span));
        }
    }

    fn condition(self, condition: &mut Condition) {
        self.span(&mut condition.span);
    }

    fn blocks(self, blocks: &mut [Block<Parsed>]) {
        blocks.iter_mut().for_each(|block| self.block(block));
    }

    fn block(self, block: &mut Block<Parsed>) {
        self.span(&mut block.span);
        self.attrs(&mut block.attrs);
        match &mut block.kind {
            BlockKind::Paragraph(content) => match self {
                Shift::By(_) | Shift::Into(_) | Shift::Unfolded(_) => self.inlines(content.places_mut()),
                Shift::Away => self.inlines(content),
            },
            BlockKind::List(list) => {
                let list = match self {
                    Shift::By(_) | Shift::Into(_) | Shift::Unfolded(_) => list.places_mut(),
                    Shift::Away => &mut **list,
                };
                for item in &mut list.items {
                    self.span(&mut item.span);
                    self.attrs(&mut item.attrs);
                    self.blocks(&mut item.blocks);
                }
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    self.span(&mut definition.span);
                    definition.terms.iter_mut().for_each(|term| self.inlines(term));
                    definition.details.iter_mut().for_each(|blocks| self.blocks(blocks));
                }
            }
            BlockKind::Quote { blocks, attribution } => {
                self.blocks(blocks);
                self.optional(attribution);
            }
            BlockKind::Admonition { kind: _, title, blocks } => {
                self.optional(title);
                self.blocks(blocks);
            }
            BlockKind::Panel(panel) => {
                self.optional(&mut panel.title);
                self.blocks(&mut panel.blocks);
            }
            BlockKind::Figure(figure) => {
                self.optional(&mut figure.caption);
                self.blocks(&mut figure.blocks);
            }
            BlockKind::Table(table) => {
                let table = match self {
                    Shift::By(_) | Shift::Into(_) | Shift::Unfolded(_) => table.places_mut(),
                    Shift::Away => &mut **table,
                };
                self.optional(&mut table.caption);
                table.head.iter_mut().chain(&mut table.body).for_each(|row| self.row(row));
            }
            BlockKind::Group(blocks) => self.blocks(blocks),
            BlockKind::Stage(block) => self.parsed_block(block),
            BlockKind::Code { .. } | BlockKind::Equation(_) | BlockKind::Rule | BlockKind::PageBreak => {}
        }
    }

    fn row(self, row: &mut Row<Parsed>) {
        self.span(&mut row.span);
        for cell in &mut row.cells {
            self.span(&mut cell.span);
            self.attrs(&mut cell.attrs);
            self.blocks(&mut cell.blocks);
        }
    }

    fn parsed_block(self, block: &mut ParsedBlock) {
        match block {
            ParsedBlock::Heading(heading) => self.inlines(heading.content.places_mut()),
            ParsedBlock::Annex(annex) => {
                self.optional(&mut annex.title);
                self.blocks(&mut annex.blocks);
            }
            ParsedBlock::Include { src: _, src_span } => self.span(src_span),
            ParsedBlock::Only { condition, blocks } => {
                self.condition(condition);
                self.blocks(blocks);
            }
            ParsedBlock::DataTable(DataTable { src_span, caption, .. })
            | ParsedBlock::Chart(Chart { src_span, caption, .. }) => {
                self.span(src_span);
                self.optional(caption);
            }
            ParsedBlock::Listing(_) => {}
        }
    }

    fn optional(self, content: &mut Option<Vec<Inline<Parsed>>>) {
        content.iter_mut().for_each(|content| self.inlines(content));
    }

    /// Moves runs of text.
    pub fn inlines(self, content: &mut [Inline<Parsed>]) {
        for inline in content {
            self.span(&mut inline.span);
            self.attrs(&mut inline.attrs);
            match &mut inline.kind {
                InlineKind::Stage(ParsedInline::Citation(citations)) => {
                    citations.iter_mut().for_each(|citation| self.span(&mut citation.span));
                }
                InlineKind::Note(name) => self.name(name),
                _ => {}
            }
            if let Some(content) = inline.kind.children_mut() {
                self.inlines(content);
            }
        }
    }
}
