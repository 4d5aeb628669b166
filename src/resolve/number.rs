//! Numbers for sections, annexes, figures, tables, boxes and paragraphs, and
//! what a reference to each of them says.

use super::id::Ids;
use super::reference::Words;
use super::resolved::Label;
use super::walk;
use crate::ast::{
    Block, BlockKind, Expanded, ExpandedBlock, Inline, NoteDefinition, NumberStyle, Numbering, PanelRole, Parsed,
    UNNUMBERED,
};
use crate::language::{Labels, fill};
use std::collections::HashMap;

/// Label, number and title of an element with an id.
#[derive(Debug, Clone, Default)]
pub struct Anchor {
    /// "Section 2", "Table 3".
    pub label: Option<Label>,
    /// The number that is before the title: "2.1", "Annex A".
    pub number: Option<String>,
    pub title: Option<Words>,
}

/// Anchors by id. Only looked up, never listed.
pub type Anchors = HashMap<String, Anchor>;

/// Numbers a document whose headings have been levelled. In its notes nothing is counted: what
/// has an id there is called by its title.
pub fn number(
    blocks: &mut [Block<Expanded>],
    notes: &mut [NoteDefinition<Expanded>],
    numbering: Numbering,
    labels: &'static Labels,
    ids: &mut Ids,
) -> Anchors {
    let (anchors, counts) = (Anchors::new(), Counts::default());
    let mut numberer = Numberer { numbering, labels, ids, anchors, counts, in_notes: false, lang: None };
    numberer.flow(blocks, None);
    numberer.in_notes = true;
    notes.iter_mut().flat_map(|note| &mut note.blocks).for_each(|block| numberer.apart(block));
    numberer.anchors
}

#[derive(Default)]
struct Counts {
    figures: u32,
    tables: u32,
    boxes: u32,
    equations: u32,
    annexes: u32,
    paragraphs: u32,
    /// Counters by level.
    sections: Vec<u32>,
    /// The level of the open unnumbered section. Its subsections have no numbers either.
    unnumbered: Option<u8>,
}

struct Numberer<'a> {
    numbering: Numbering,
    labels: &'static Labels,
    ids: &'a mut Ids,
    anchors: Anchors,
    counts: Counts,
    in_notes: bool,
    /// The language of the blocks that are open, where one of them names its own.
    lang: Option<String>,
}

impl Numberer<'_> {
    /// The blocks of the document, or of an annex of the letter `annex`.
    fn flow(&mut self, blocks: &mut [Block<Expanded>], annex: Option<&str>) {
        for block in blocks {
            let unnumbered = block.attrs.has_class(UNNUMBERED);
            match &mut block.kind {
                BlockKind::Stage(ExpandedBlock::Heading(heading)) => {
                    let title = Words::new(heading.content.clone(), self.lang.clone());
                    let level = heading.level;
                    if self.counts.unnumbered.is_some_and(|open| level <= open) {
                        self.counts.unnumbered = None;
                    }
                    if unnumbered && self.counts.unnumbered.is_none() {
                        self.counts.unnumbered = Some(level);
                    }
                    let counted = self.numbering.sections.unwrap_or(false) && self.counts.unnumbered.is_none();
                    let number = counted.then(|| self.section_number(usize::from(heading.level), annex));
                    let label =
                        number.as_ref().map(|number| label(self.labels.section, self.labels.section_numbered, number));
                    self.record(block.attrs.id(), Anchor { label, number, title: Some(title) });
                }
                BlockKind::Stage(ExpandedBlock::Annex(inner)) => {
                    self.counts.annexes = self.counts.annexes.saturating_add(1);
                    let letter = NumberStyle::UpperAlpha.numeral(self.counts.annexes);
                    let label = label(self.labels.annex, self.labels.annex_numbered, &letter);
                    let number = Some(label.text.clone());
                    let around = self.lang.clone();
                    self.lang = block.attrs.lang().map(str::to_owned).or_else(|| around.clone());
                    let title = self.title_words(inner.title.as_deref());
                    let id = match block.attrs.id() {
                        Some(id) => id.to_owned(),
                        None => {
                            let id = self.ids.unique(&format!("annex-{}", letter.to_lowercase()), block.span);
                            block.attrs.edit().id = Some(id.clone());
                            id
                        }
                    };
                    self.record(Some(&id), Anchor { label: Some(label), number, title });
                    self.counts.unnumbered = None;
                    let outer = std::mem::take(&mut self.counts.sections);
                    self.flow(&mut inner.blocks, Some(&letter));
                    self.counts.sections = outer;
                    self.counts.unnumbered = None;
                    self.lang = around;
                }
                BlockKind::Paragraph(_) if self.numbering.paragraphs.unwrap_or(false) => {
                    self.counts.paragraphs = self.counts.paragraphs.saturating_add(1);
                    let number = self.counts.paragraphs.to_string();
                    let id = match block.attrs.id() {
                        Some(id) => id.to_owned(),
                        None => {
                            let id = self.ids.unique(&format!("paragraph-{number}"), block.span);
                            block.attrs.edit().id = Some(id.clone());
                            id
                        }
                    };
                    let label = Some(label(self.labels.paragraph, self.labels.paragraph_numbered, &number));
                    self.record(Some(&id), Anchor { label, number: Some(number), title: None });
                }
                _ => self.apart(block),
            }
        }
    }

    /// A block that is no part of the flow of sections, and all in it.
    fn apart(&mut self, block: &mut Block<Expanded>) {
        let outer = self.lang.clone();
        if let Some(lang) = block.attrs.lang() {
            self.lang = Some(lang.to_owned());
        }
        self.named(block);
        walk::child_lists(block, &mut |blocks| {
            for block in blocks {
                self.apart(block);
            }
        });
        self.lang = outer;
    }

    /// Names and numbers a block that is no part of the flow of sections.
    fn named(&mut self, block: &mut Block<Expanded>) {
        let wanted = !self.in_notes && !block.attrs.has_class(UNNUMBERED);
        let counted = match &block.kind {
            BlockKind::Figure(figure) => self.figure(figure.caption.as_deref(), wanted),
            BlockKind::Stage(ExpandedBlock::Chart { chart, .. }) => self.figure(chart.caption.as_deref(), wanted),
            BlockKind::Table(table) => {
                let on = wanted && self.numbering.tables.unwrap_or(true);
                captioned(
                    self.title_words(table.caption.as_deref()),
                    on,
                    &mut self.counts.tables,
                    [self.labels.table, self.labels.table_numbered],
                )
                .map(|anchor| ("table", anchor))
            }
            BlockKind::Equation(_) if wanted && block.attrs.id().is_some() => {
                self.counts.equations = self.counts.equations.saturating_add(1);
                let number = self.counts.equations.to_string();
                let label = label(self.labels.equation, self.labels.equation_numbered, &number);
                self.record(block.attrs.id(), Anchor { label: Some(label), number: Some(number), title: None });
                None
            }
            BlockKind::Panel(panel) => match panel.role {
                PanelRole::Box => {
                    let on = wanted && self.numbering.boxes.unwrap_or(true);
                    captioned(
                        self.title_words(panel.title.as_deref()),
                        on,
                        &mut self.counts.boxes,
                        [self.labels.boxed, self.labels.boxed_numbered],
                    )
                    .map(|anchor| ("box", anchor))
                }
                PanelRole::KeyPoints | PanelRole::Recommendation | PanelRole::Example => {
                    let title = self.title_words(panel.title.as_deref());
                    self.record(block.attrs.id(), Anchor { title, ..Anchor::default() });
                    None
                }
            },
            BlockKind::Admonition { title: Some(title), .. } => {
                let title = self.title_words(Some(title));
                self.record(block.attrs.id(), Anchor { title, ..Anchor::default() });
                None
            }
            _ => None,
        };
        if let Some((prefix, anchor)) = counted {
            let id = match (block.attrs.id(), &anchor.number) {
                (Some(id), _) => Some(id.to_owned()),
                (None, Some(number)) => Some(self.ids.unique(&format!("{prefix}-{number}"), block.span)),
                (None, None) => None,
            };
            if let Some(id) = id {
                self.record(Some(&id), anchor);
                block.attrs.edit().id = Some(id);
            }
        }
    }

    fn figure(&mut self, caption: Option<&[Inline<Parsed>]>, wanted: bool) -> Option<(&'static str, Anchor)> {
        let on = wanted && self.numbering.figures.unwrap_or(true);
        let words = [self.labels.figure, self.labels.figure_numbered];
        captioned(self.title_words(caption), on, &mut self.counts.figures, words).map(|anchor| ("figure", anchor))
    }

    fn section_number(&mut self, level: usize, annex: Option<&str>) -> String {
        // Levels inside an annex start with 2; the letter stands for the first.
        let depth = if annex.is_some() { level.saturating_sub(1) } else { level }.max(1);
        let sections = &mut self.counts.sections;
        sections.resize(depth, 0);
        if let Some(last) = sections.last_mut() {
            *last = last.saturating_add(1);
        }
        let numbers = sections.iter().map(ToString::to_string);
        annex.map(str::to_owned).into_iter().chain(numbers).collect::<Vec<_>>().join(".")
    }

    /// The words of a title in the language of its block.
    fn title_words(&self, title: Option<&[Inline<Parsed>]>) -> Option<Words> {
        title.map(|title| Words::new(title.to_vec().into(), self.lang.clone()))
    }

    fn record(&mut self, id: Option<&str>, anchor: Anchor) {
        if let Some(id) = id {
            self.anchors.insert(id.to_owned(), anchor);
        }
    }
}

fn captioned(caption: Option<Words>, on: bool, count: &mut u32, words: [&str; 2]) -> Option<Anchor> {
    let title = Some(caption?);
    if !on {
        return Some(Anchor { title, ..Anchor::default() });
    }
    *count = count.saturating_add(1);
    let number = count.to_string();
    let [word, pattern] = words;
    Some(Anchor { label: Some(label(word, pattern, &number)), number: Some(number), title })
}

/// Name and number, together in the language's order of words. They stay on
/// one line.
fn label(word: &str, pattern: &str, number: &str) -> Label {
    let text = fill(pattern, &[number]).replace(' ', "\u{a0}");
    Label { name: word.to_owned(), number: number.to_owned(), text }
}
