//! How much a document may come to when everything that it names has been put
//! into its places. Whatever puts text into a document more than once takes it
//! from here: includes, data, values, labels, expansions, titles, lists,
//! citations.

use super::resolved::{RInline, ResolvedStage};
use crate::ast::{
    Block, BlockKind, Formula, Inline, InlineKind, InlineStage, Shared, Stage, Visit, walk_blocks, walk_inlines,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;

/// Maximum weight of a document, in bytes: those of its text, and [`NODE`] for each part.
pub const DOCUMENT: usize = 56 * 1024 * 1024;

/// Weight of a part of a document besides its text, in bytes of text that cost the same work: a
/// paragraph, a mark; containers of blocks count twice, a note three times.
pub const NODE: usize = 64;

/// Weight of a line of code, a line ending in a paragraph, or a cell position in a table, besides
/// its text.
pub const LINE: usize = 16;

/// Minimum bytes of text per line: the name and target of a link are repeated on each of its lines.
const LINK_LINE: usize = 64;

/// A word longer than this may be broken anywhere, which is as much work as
/// [`LONG_WORD_WORK`] times the text.
const LONG_WORD: usize = 200;
const LONG_WORD_WORK: usize = 4;

/// The budget left for the rest of a document.
#[derive(Debug)]
pub struct Budget {
    left: usize,
    is_told: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { left: DOCUMENT, is_told: false }
    }
}

impl Budget {
    /// Takes the weight of inserted content. If not enough is left, that is reported once, and this
    /// and all later content must be left out.
    pub fn take(&mut self, weight: usize, place: Span, diagnostics: &mut Diagnostics) -> bool {
        if let Some(left) = self.left.checked_sub(weight) {
            self.left = left;
            return true;
        }
        self.left = 0;
        if !std::mem::replace(&mut self.is_told, true) {
            let message = format!("with this, the document comes to more than {} MiB", DOCUMENT / 1024 / 1024);
            let hint = "make several documents of it, or repeat less of what is long";
            diagnostics.push(Diagnostic::new(Code::LimitExceeded, place, message).hint(hint));
        }
        false
    }

    /// Takes the weight of something that was put in before, where as much is left.
    pub fn take_known(&mut self, weight: usize) -> bool {
        let left = self.left.checked_sub(weight);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }

    /// The budget left.
    pub fn left(&self) -> usize {
        self.left
    }

    /// Whether something had to stay out.
    pub fn is_spent(&self) -> bool {
        self.is_told
    }

    /// Takes the weight of a reference, whose target is repeated on each of its lines.
    pub fn take_reference(&mut self, words: &str, id: &str, place: Span, diagnostics: &mut Diagnostics) -> bool {
        let said = id.len().saturating_mul(1 + words.len() / LINK_LINE);
        self.take(NODE * 2 + words.len() + said, place, diagnostics)
    }

    /// Takes the weight of words that stand for something else.
    pub fn take_words(&mut self, words: &str, place: Span, diagnostics: &mut Diagnostics) -> bool {
        self.take(NODE + words.len(), place, diagnostics)
    }
}

/// The weight of blocks; `own` gives the weight of the stage's own parts.
pub fn blocks<S: Stage>(blocks: &[Block<S>]) -> usize
where
    Weight: Visit<S>,
{
    let mut weight = Weight(0);
    walk_blocks(blocks, &mut weight);
    weight.0
}

/// The weight of a run.
pub fn inlines(content: &[RInline]) -> usize {
    let mut weight = Weight(0);
    walk_inlines::<ResolvedStage>(content, &mut weight);
    weight.0
}

/// The weight met so far.
pub struct Weight(usize);

impl Weight {
    fn add(&mut self, weight: usize) {
        self.0 = self.0.saturating_add(weight);
    }

    /// Adds the weight of a part that trees share.
    fn shared<T>(&mut self, part: &Shared<T>, walk: impl FnOnce(&T, &mut Weight)) {
        self.add(part.weight(|part| {
            let mut weight = Weight(0);
            walk(part, &mut weight);
            weight.0
        }));
    }

    fn block<S: Stage>(&mut self, block: &Block<S>) {
        self.add(match &block.kind {
            BlockKind::Paragraph(_) | BlockKind::Rule | BlockKind::PageBreak | BlockKind::Stage(_) => NODE,
            BlockKind::Equation(equation) => formula(&equation.formula),
            BlockKind::Code { text, .. } => NODE + text.len() + LINE * text.matches('\n').count(),
            BlockKind::List(list) => NODE * 2 * (1 + list.items.len()),
            BlockKind::Definitions(definitions) => {
                let parts = definitions.iter().map(|definition| definition.terms.len() + definition.details.len());
                NODE * 2 * (definitions.len() + parts.sum::<usize>())
            }
            BlockKind::Table(table) => {
                let rows = table.head.iter().chain(&table.body);
                NODE * 2 * rows.map(|row| 1 + row.cells.len()).sum::<usize>()
            }
            BlockKind::Quote { .. }
            | BlockKind::Admonition { .. }
            | BlockKind::Panel(_)
            | BlockKind::Figure(_)
            | BlockKind::Group(_) => NODE * 2,
        });
    }

    fn inline<S: InlineStage>(&mut self, inline: &Inline<S>, target: impl Fn(&S::Target) -> usize) {
        self.add(match &inline.kind {
            InlineKind::Text(text) => text_weight(text),
            InlineKind::SoftBreak => LINE,
            InlineKind::Code(text) => NODE + text_weight(text),
            InlineKind::Math(math) => formula(math),
            InlineKind::Abbreviation { expansion, .. } => NODE + expansion.len(),
            InlineKind::Link { target: to, title, content } => {
                let said = target(to) + title.as_deref().map_or(0, str::len);
                NODE * 2 + said.saturating_mul(1 + length(content) / LINK_LINE)
            }
            InlineKind::Image(image) => NODE * 2 + image.alt.as_deref().map_or(0, str::len),
            InlineKind::Note(_) => NODE * 3,
            _ => NODE,
        });
    }
}

/// The weight of a formula: each of its signs may become an element.
fn formula(formula: &Formula) -> usize {
    NODE * (1 + formula.source.len()) + formula.alt.as_deref().map_or(0, str::len)
}

/// The weight of a text.
fn text_weight(text: &str) -> usize {
    if text.len() <= LONG_WORD {
        return text.len();
    }
    let (mut weight, mut word) = (text.len(), 0);
    for byte in text.bytes() {
        word = if byte.is_ascii_graphic() { word + 1 } else { 0 };
        weight += if word > LONG_WORD { LONG_WORD_WORK - 1 } else { 0 };
    }
    weight
}

/// How many bytes of words a run has.
pub fn length<S: InlineStage>(content: &[Inline<S>]) -> usize {
    let length = |inline: &Inline<S>| match &inline.kind {
        InlineKind::Text(text) | InlineKind::Code(text) => text.len(),
        InlineKind::Math(formula) => formula.source.len(),
        kind => length(kind.children()),
    };
    content.iter().map(length).sum()
}

mod parsed {
    use super::Weight;
    use crate::ast::{
        Block, Inline, List, Parsed, ParsedBlock, Run, Shared, Table, Visit, walk_blocks, walk_inlines, walk_list,
        walk_table,
    };

    impl Visit<Parsed> for Weight {
        fn run(&mut self, run: &Run<Parsed>) {
            self.shared(run, |run, weight| walk_inlines::<Parsed>(run, weight));
        }

        fn list(&mut self, list: &Shared<List<Parsed>>) {
            self.shared(list, walk_list);
        }

        fn table(&mut self, table: &Shared<Table<Parsed>>) {
            self.shared(table, walk_table);
        }

        fn block(&mut self, block: &Block<Parsed>) {
            Weight::block(self, block);
        }

        fn inline(&mut self, inline: &Inline<Parsed>) {
            Weight::inline(self, inline, |target| target.len());
        }

        fn stage_block(&mut self, block: &ParsedBlock) {
            let run = |content: Option<&[Inline<Parsed>]>, weight: &mut Weight| {
                walk_inlines::<Parsed>(content.unwrap_or_default(), weight);
            };
            match block {
                ParsedBlock::Heading(heading) => Visit::<Parsed>::run(self, &heading.content),
                ParsedBlock::DataTable(table) => run(table.caption.as_deref(), self),
                ParsedBlock::Chart(chart) => run(chart.caption.as_deref(), self),
                ParsedBlock::Annex(annex) => {
                    run(annex.title.as_deref(), self);
                    walk_blocks(&annex.blocks, self);
                }
                ParsedBlock::Only { blocks, .. } => walk_blocks(blocks, self),
                ParsedBlock::Include { .. } | ParsedBlock::Listing(_) => {}
            }
        }
    }
}

mod resolved {
    use super::Weight;
    use crate::ast::{Visit, walk_blocks, walk_inlines};
    use crate::resolve::{RBlock, RInline, ResolvedBlock, ResolvedInline, ResolvedStage, Target};

    /// The bytes of the address that a link leads to.
    pub fn target(target: &Target) -> usize {
        match target {
            Target::External(address) | Target::Internal(address) => address.len(),
            Target::Document { path, fragment } => path.len() + fragment.as_deref().map_or(0, str::len),
        }
    }

    impl Visit<ResolvedStage> for Weight {
        fn block(&mut self, block: &RBlock) {
            Weight::block(self, block);
        }

        fn inline(&mut self, inline: &RInline) {
            Weight::inline(self, inline, target);
        }

        fn stage_inline(&mut self, inline: &ResolvedInline) {
            let ResolvedInline::Reference { text, .. } = inline;
            self.add(text.len());
        }

        fn stage_block(&mut self, block: &ResolvedBlock) {
            match block {
                ResolvedBlock::Section(section) => {
                    walk_inlines::<ResolvedStage>(&section.title, self);
                    walk_blocks(&section.blocks, self);
                }
                ResolvedBlock::ForFormats { blocks, .. } => walk_blocks(blocks, self),
                ResolvedBlock::Changed { block, .. } => walk_blocks(std::slice::from_ref(block), self),
                ResolvedBlock::NumberedParagraph { content, .. } => walk_inlines::<ResolvedStage>(content, self),
                ResolvedBlock::Listing(listing) => {
                    listing.entries.iter().for_each(|entry| walk_inlines::<ResolvedStage>(&entry.content, self));
                }
            }
        }
    }
}
pub use resolved::target;

#[cfg(test)]
mod tests {
    use super::{Budget, DOCUMENT, NODE};
    use crate::diagnostic::{Code, Diagnostics};
    use crate::source::Span;

    #[test]
    fn what_is_past_the_budget_is_said_once() {
        let (mut budget, mut found) = (Budget::default(), Diagnostics::default());
        let place = Span::default();
        assert!(budget.take(DOCUMENT - NODE - 1, place, &mut found));
        assert!(budget.take_words("a", place, &mut found));
        assert!(found.iter().next().is_none() && !budget.is_spent());
        assert!(!budget.take(1, place, &mut found));
        assert!(!budget.take(1, place, &mut found));
        assert!(budget.is_spent());
        assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::LimitExceeded]);
    }
}
