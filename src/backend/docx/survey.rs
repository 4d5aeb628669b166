//! A survey of a document before it is written: the possible targets of fields, and their results
//! when Word updates them.

use super::caption::Sequences;
use super::numbering::Numbering;
use crate::ast::{Attrs, BlockKind, InlineKind, Visit, plain_text, walk_blocks, walk_inlines};
use crate::format::Format;
use crate::language::Labels;
use crate::resolve::{
    Label, RBlock, RInline, Resolved, ResolvedBlock, ResolvedInline, ResolvedStage, Section, Side, change_of,
    change_of_inlines, said_by,
};
use std::collections::BTreeMap;

/// The result of a field that refers to an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The number of its paragraph, by `\r`.
    Number(String),
    /// The words that the bookmark is around.
    Words(String),
}

/// Results of the survey.
#[derive(Debug, Default)]
pub struct Survey {
    /// Targets of fields, by id.
    pub places: BTreeMap<String, Shown>,
    /// Ids and levels of the headings that Word will find, in order.
    pub headings: Vec<(u8, String)>,
    /// Ids of what is counted, by what it is counted by.
    pub captions: BTreeMap<String, Vec<String>>,
    /// Whether a heading calls a note, whose number Word might repeat in the contents.
    pub has_noted_heading: bool,
}

/// Looks through a document in the order in which it is written.
pub fn survey(document: &Resolved) -> Survey {
    let mut surveyor = Surveyor {
        labels: document.language.labels,
        numbering: Numbering::default(),
        sequences: Sequences::default(),
        side: None,
        found: Survey::default(),
    };
    walk_blocks(&document.summary, &mut surveyor);
    walk_blocks(&document.blocks, &mut surveyor);
    surveyor.found
}

struct Surveyor {
    labels: &'static Labels,
    numbering: Numbering,
    sequences: Sequences,
    /// The version that the block around has alone.
    side: Option<Side>,
    found: Survey,
}

impl Surveyor {
    fn section(&mut self, section: &Section, attrs: &Attrs) {
        let id = attrs.id().unwrap_or_default().to_owned();
        self.found.has_noted_heading |= calls_notes(&section.title);
        let side = change_of_inlines(&section.title).and_then(|change| change.kind.side());
        self.numbering.side = side;
        if side != Some(Side::Old) {
            self.found.headings.push((section.level, id.clone()));
        }
        let number = section.number.as_deref();
        let counted =
            number.and_then(|number| self.numbering.heading(number, section.level, section.annex, self.labels));
        let shown = match number {
            Some(number) if counted.is_some() => Some(Shown::Number(number.to_owned())),
            _ => title_words(&said_by(&section.title, Side::New)).map(Shown::Words),
        };
        self.found.places.extend(shown.map(|shown| (id, shown)));
    }

    fn label(&mut self, label: Option<&Label>, attrs: &Attrs, side: Option<Side>) {
        let Some(label) = label else { return };
        let sequence = self.sequences.next(label, side);
        if let (Some(sequence), Some(id)) = (sequence, attrs.id()) {
            self.found.captions.entry(sequence.name).or_default().push(id.to_owned());
            self.found.places.insert(id.to_owned(), Shown::Words(label.text.clone()));
        }
    }

    /// A formula's number stands without what it is of. To one that only one version has no
    /// field leads: references to it may be in both.
    fn equation(&mut self, label: Option<&Label>, attrs: &Attrs) {
        let Some(label) = label else { return };
        let sequence = self.sequences.next(label, self.side);
        if let (Some(_), None, Some(id)) = (sequence, self.side, attrs.id()) {
            self.found.places.insert(id.to_owned(), Shown::Words(label.number.clone()));
        }
    }
}

impl Visit<ResolvedStage> for Surveyor {
    fn block(&mut self, block: &RBlock) {
        let side = |caption: Option<&[RInline]>| {
            let change = change_of([block]).or_else(|| change_of_inlines(caption.unwrap_or_default()));
            change.and_then(|change| change.kind.side())
        };
        match &block.kind {
            BlockKind::Figure(figure) => {
                self.label(figure.label.as_ref(), &block.attrs, side(figure.caption.as_deref()));
            }
            BlockKind::Table(table) => {
                self.label(table.label.as_ref(), &block.attrs, side(table.caption.as_deref()));
            }
            BlockKind::Panel(panel) => self.label(panel.label.as_ref(), &block.attrs, side(panel.title.as_deref())),
            BlockKind::Equation(equation) => self.equation(equation.label.as_ref(), &block.attrs),
            BlockKind::Stage(ResolvedBlock::Section(section)) => self.section(section, &block.attrs),
            BlockKind::Stage(ResolvedBlock::NumberedParagraph { number, .. }) => {
                self.numbering.side = side(None);
                let counted = self.numbering.paragraph(number).is_some();
                if let Some(id) = block.attrs.id().filter(|_| counted) {
                    self.found.places.insert(id.to_owned(), Shown::Number(number.clone()));
                }
            }
            _ => {}
        }
    }

    fn stage_block(&mut self, block: &ResolvedBlock) {
        match block {
            ResolvedBlock::Section(section) => walk_blocks(&section.blocks, self),
            ResolvedBlock::ForFormats { formats, blocks } if formats.contains(&Format::Docx) => {
                walk_blocks(blocks, self);
            }
            ResolvedBlock::Changed { change, block } => {
                let around = std::mem::replace(&mut self.side, change.kind.side());
                walk_blocks(std::slice::from_ref(block), self);
                self.side = around;
            }
            ResolvedBlock::ForFormats { .. } | ResolvedBlock::Listing(_) | ResolvedBlock::NumberedParagraph { .. } => {}
        }
    }
}

/// The words of a title, where a field that shows them shows nothing else: no
/// notes, pictures or formulas.
fn title_words(title: &[RInline]) -> Option<String> {
    #[derive(Default)]
    struct Search(bool);
    impl Visit<ResolvedStage> for Search {
        fn inline(&mut self, inline: &RInline) {
            self.0 |= matches!(
                inline.kind,
                InlineKind::Note(_)
                    | InlineKind::Image(_)
                    | InlineKind::Math(_)
                    | InlineKind::Quoted(_)
                    | InlineKind::Link { .. }
                    | InlineKind::LineBreak
                    | InlineKind::Change { .. }
                    | InlineKind::Stage(ResolvedInline::Reference { .. })
            );
        }
    }
    let mut search = Search::default();
    walk_inlines(title, &mut search);
    let words = plain_text(title);
    (!search.0 && !words.trim().is_empty()).then_some(words)
}

fn calls_notes(title: &[RInline]) -> bool {
    title.iter().any(|inline| matches!(inline.kind, InlineKind::Note(_)) || calls_notes(inline.kind.children()))
}
