//! Facts about the lines of a text, taken from its tree.

use crate::ast::{
    Block, BlockKind, Document, Inline, InlineKind, List, ListMarker, Parsed, ParsedBlock, ParsedInline, Table, Visit,
    walk_blocks,
};
use crate::source::{Source, Span};
use std::ops::Range;

/// The position in the text of something that is formatted, or that is not.
#[derive(Debug, Default)]
pub struct Facts {
    /// Code and formulas that are blocks.
    pub fixed: Vec<Range<usize>>,
    /// Code and formulas among words.
    pub unbroken: Vec<Range<usize>>,
    /// Line endings that are meant.
    pub breaks: Vec<usize>,
    pub headings: Vec<usize>,
    /// Markers of list items that can be another sign.
    pub bullets: Vec<usize>,
    /// Tables with bars: from the first row to past the last.
    pub tables: Vec<Range<usize>>,
    /// Two blocks that follow one another: the end of one, the start of the other.
    pub gaps: Vec<(usize, usize)>,
}

impl Facts {
    /// Collects the facts of a document parsed from a source.
    pub fn from_document(document: &Document, text: &str, source: &Source) -> Facts {
        let mut collector = Collector { facts: Facts::default(), text, source };
        collector.siblings(&document.blocks);
        walk_blocks(&document.blocks, &mut collector);
        for note in &document.notes {
            walk_blocks(&note.blocks, &mut collector);
        }
        collector.facts
    }
}

struct Collector<'a> {
    facts: Facts,
    text: &'a str,
    /// Says where places are.
    source: &'a Source,
}

impl Visit<Parsed> for Collector<'_> {
    fn block(&mut self, block: &Block<Parsed>) {
        let range = self.range(block.span);
        match &block.kind {
            BlockKind::Code { .. } | BlockKind::Equation(_) => self.facts.fixed.push(range),
            BlockKind::Stage(ParsedBlock::Heading(_)) => self.facts.headings.push(range.start),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Panel(panel) => self.siblings(&panel.blocks),
            BlockKind::Figure(figure) => self.siblings(&figure.blocks),
            BlockKind::Group(blocks) | BlockKind::Quote { blocks, .. } | BlockKind::Admonition { blocks, .. } => {
                self.siblings(blocks);
            }
            BlockKind::List(list) => {
                // The bullet character tells adjacent lists apart.
                list.items.iter().for_each(|item| self.siblings(&item.blocks));
            }
            BlockKind::Definitions(definitions) => {
                definitions.iter().flat_map(|entry| &entry.details).for_each(|blocks| self.siblings(blocks));
            }
            BlockKind::Paragraph(_) | BlockKind::Rule | BlockKind::PageBreak | BlockKind::Stage(_) => {}
        }
    }

    fn inline(&mut self, inline: &Inline<Parsed>) {
        match inline.kind {
            InlineKind::Code(_) | InlineKind::Math(_) => {
                self.facts.unbroken.push(self.range(inline.span));
            }
            InlineKind::LineBreak => self.facts.breaks.push(self.range(inline.span).start),
            _ => {}
        }
    }

    fn stage_block(&mut self, block: &ParsedBlock) {
        match block {
            ParsedBlock::Heading(heading) => crate::ast::walk_inlines(&heading.content, self),
            ParsedBlock::Annex(annex) => {
                self.siblings(&annex.blocks);
                walk_blocks(&annex.blocks, self);
            }
            ParsedBlock::Only { condition: _, blocks } => {
                self.siblings(blocks);
                walk_blocks(blocks, self);
            }
            ParsedBlock::Include { .. }
            | ParsedBlock::DataTable(_)
            | ParsedBlock::Chart(_)
            | ParsedBlock::Listing(_) => {}
        }
    }

    fn stage_inline(&mut self, _: &ParsedInline) {}
}

impl Collector<'_> {
    /// The range in the text of a span that may be virtual.
    fn range(&self, span: Span) -> Range<usize> {
        self.source.locate(span.start) as usize..self.source.locate(span.end) as usize
    }

    /// Looks at blocks that follow one another.
    fn siblings(&mut self, blocks: &[Block<Parsed>]) {
        let is_bullets = |block: Option<&Block<Parsed>>| block.is_some_and(|block| bullets(block).is_some());
        for (at, block) in blocks.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| blocks.get(before));
            if let Some(list) = bullets(block).filter(|_| !is_bullets(before) && !is_bullets(blocks.get(at + 1))) {
                self.bullets(list);
            }
            let is_formula = |block: &Block<Parsed>| matches!(block.kind, BlockKind::Equation(_));
            if let Some(before) = before.filter(|before| !is_formula(before) && !is_formula(block)) {
                self.facts.gaps.push((self.range(before.span).end, self.range(block.span).start));
            }
        }
    }

    fn bullets(&mut self, list: &List<Parsed>) {
        let marker = |span: Span| {
            let start = self.range(span).start;
            let bytes = self.text.as_bytes();
            let is_sign = matches!(bytes.get(start), Some(b'*' | b'+'));
            let is_marker = matches!(bytes.get(start + 1), Some(b' ' | b'\t' | b'\n' | b'\r') | None);
            (is_sign && is_marker).then_some(start)
        };
        let markers: Vec<usize> = list.items.iter().filter_map(|item| marker(item.span)).collect();
        self.facts.bullets.extend(markers);
    }

    /// A table that is written with bars, not in HTML.
    fn table(&mut self, table: &Table<Parsed>) {
        let rows = || table.head.iter().chain(&table.body).map(|row| self.range(row.span));
        let has_bars = |range: Range<usize>| {
            let row = self.text.get(range).unwrap_or_default();
            row.contains('|') && !row.starts_with('<')
        };
        if let (Some(start), Some(end)) = (rows().map(|row| row.start).min(), rows().map(|row| row.end).max())
            && rows().all(has_bars)
        {
            self.facts.tables.push(start..end);
        }
    }
}

fn bullets(block: &Block<Parsed>) -> Option<&List<Parsed>> {
    match &block.kind {
        BlockKind::List(list) if list.marker == ListMarker::Bullet => Some(list),
        _ => None,
    }
}
