//! The ways into a block, for the passes that change a document before it is lowered.

use crate::ast::{Attrs, Block, BlockKind, Expanded, ExpandedBlock, Inline, Parsed, ParsedBlock, Run, Stage, Table};
use crate::source::Span;

/// A stage before resolution.
pub trait Unresolved: Stage<Inlines = Parsed> {
    /// Calls `visit` with every list of blocks directly inside one of the stage's own blocks.
    fn child_lists(block: &mut Self::Block, visit: &mut dyn FnMut(&mut Vec<Block<Self>>));
    /// Calls `visit` with every run of inlines that belongs to one of the stage's own blocks.
    fn runs(block: &mut Self::Block, visit: &mut dyn FnMut(AnyRun));
}

impl Unresolved for Parsed {
    fn child_lists(block: &mut ParsedBlock, visit: &mut dyn FnMut(&mut Vec<Block<Parsed>>)) {
        match block {
            ParsedBlock::Only { blocks, .. } => visit(blocks),
            ParsedBlock::Annex(annex) => visit(&mut annex.blocks),
            ParsedBlock::Heading(_)
            | ParsedBlock::Include { .. }
            | ParsedBlock::DataTable(_)
            | ParsedBlock::Chart(_)
            | ParsedBlock::Listing(_) => {}
        }
    }

    fn runs(block: &mut ParsedBlock, visit: &mut dyn FnMut(AnyRun)) {
        match block {
            ParsedBlock::Heading(heading) => run(&mut heading.content, visit),
            ParsedBlock::Annex(annex) => own(&mut annex.title, visit),
            ParsedBlock::DataTable(table) => own(&mut table.caption, visit),
            ParsedBlock::Chart(chart) => own(&mut chart.caption, visit),
            ParsedBlock::Include { .. } | ParsedBlock::Only { .. } | ParsedBlock::Listing(_) => {}
        }
    }
}

impl Unresolved for Expanded {
    fn child_lists(block: &mut ExpandedBlock, visit: &mut dyn FnMut(&mut Vec<Block<Expanded>>)) {
        match block {
            ExpandedBlock::ForFormats { blocks, .. } => visit(blocks),
            ExpandedBlock::Annex(annex) => visit(&mut annex.blocks),
            ExpandedBlock::Heading(_) | ExpandedBlock::Chart { .. } | ExpandedBlock::Listing(_) => {}
        }
    }

    fn runs(block: &mut ExpandedBlock, visit: &mut dyn FnMut(AnyRun)) {
        match block {
            ExpandedBlock::Heading(heading) => run(&mut heading.content, visit),
            ExpandedBlock::Annex(annex) => own(&mut annex.title, visit),
            ExpandedBlock::Chart { chart, .. } => own(&mut chart.caption, visit),
            ExpandedBlock::ForFormats { .. } | ExpandedBlock::Listing(_) => {}
        }
    }
}

/// Calls `visit` with every list of blocks directly inside a block, in reading order. Those of lists
/// and tables that name nothing are left out, so that these stay shared.
pub fn child_lists<S: Unresolved>(block: &mut Block<S>, visit: &mut dyn FnMut(&mut Vec<Block<S>>)) {
    match &mut block.kind {
        BlockKind::List(list) if list.is_self_contained() => {}
        BlockKind::List(list) => list.items.iter_mut().for_each(|item| visit(&mut item.blocks)),
        BlockKind::Definitions(definitions) => {
            definitions.iter_mut().flat_map(|definition| &mut definition.details).for_each(visit);
        }
        BlockKind::Table(table) if table.is_self_contained() => {}
        BlockKind::Table(table) => {
            let Table { head, body, .. } = &mut **table;
            let rows = head.iter_mut().chain(body);
            rows.flat_map(|row| &mut row.cells).for_each(|cell| visit(&mut cell.blocks));
        }
        BlockKind::Panel(panel) => visit(&mut panel.blocks),
        BlockKind::Figure(figure) => visit(&mut figure.blocks),
        BlockKind::Quote { blocks, .. } | BlockKind::Admonition { blocks, .. } | BlockKind::Group(blocks) => {
            visit(blocks)
        }
        BlockKind::Stage(stage) => S::child_lists(stage, visit),
        BlockKind::Paragraph(_)
        | BlockKind::Code { .. }
        | BlockKind::Equation(_)
        | BlockKind::Rule
        | BlockKind::PageBreak => {}
    }
}

/// A run of inlines of a block. It stays shared until it is changed.
pub enum AnyRun<'a> {
    Shared(&'a mut Run<Parsed>),
    Own(&'a mut Vec<Inline<Parsed>>),
}

impl AnyRun<'_> {
    /// Its inlines.
    pub fn inlines(&self) -> &[Inline<Parsed>] {
        match self {
            AnyRun::Shared(run) => run,
            AnyRun::Own(run) => run,
        }
    }

    /// The inlines, to change them.
    pub fn inlines_mut(&mut self) -> &mut Vec<Inline<Parsed>> {
        match self {
            AnyRun::Shared(run) => run,
            AnyRun::Own(run) => run,
        }
    }
}

fn run(content: &mut Run<Parsed>, visit: &mut dyn FnMut(AnyRun)) {
    if !content.is_self_contained() {
        visit(AnyRun::Shared(content));
    }
}

/// Calls `visit` with runs that no trees share.
fn own<'a>(runs: impl IntoIterator<Item = &'a mut Vec<Inline<Parsed>>>, visit: &mut dyn FnMut(AnyRun)) {
    runs.into_iter().for_each(|run| visit(AnyRun::Own(run)));
}

/// Calls `visit` with every run of inlines that belongs to a block itself, but for those that are
/// shared and have only words: they stay shared.
pub fn runs<S: Unresolved>(block: &mut Block<S>, visit: &mut dyn FnMut(AnyRun)) {
    match &mut block.kind {
        BlockKind::Paragraph(content) => run(content, visit),
        BlockKind::Definitions(definitions) => {
            own(definitions.iter_mut().flat_map(|definition| &mut definition.terms), visit);
        }
        BlockKind::Quote { attribution: run, .. } | BlockKind::Admonition { title: run, .. } => own(run, visit),
        BlockKind::Panel(panel) => own(&mut panel.title, visit),
        BlockKind::Figure(figure) => own(&mut figure.caption, visit),
        BlockKind::Table(table) if table.is_self_contained() || table.caption.is_none() => {}
        BlockKind::Table(table) => own(&mut table.caption, visit),
        BlockKind::Stage(stage) => S::runs(stage, visit),
        BlockKind::List(_)
        | BlockKind::Group(_)
        | BlockKind::Code { .. }
        | BlockKind::Equation(_)
        | BlockKind::Rule
        | BlockKind::PageBreak => {}
    }
}

/// Calls `visit` with the attributes of every node that has some, and the
/// node's place.
pub fn attributes(blocks: &mut [Block<Expanded>], visit: &mut dyn FnMut(&mut Attrs, Span)) {
    for block in blocks {
        own_attributes(block, visit);
        // A paragraph without attributes stays shared.
        if !matches!(&block.kind, BlockKind::Paragraph(content) if !have_attributes(content)) {
            runs(block, &mut |mut run| inline_attributes(run.inlines_mut(), visit));
        }
        child_lists(block, &mut |blocks| attributes(blocks, visit));
    }
}

fn own_attributes(block: &mut Block<Expanded>, visit: &mut dyn FnMut(&mut Attrs, Span)) {
    visit_some(&mut block.attrs, block.span, visit);
    match &mut block.kind {
        BlockKind::List(list) if list.is_self_contained() => {}
        BlockKind::Table(table) if table.is_self_contained() => {}
        BlockKind::List(list) => {
            for item in &mut list.items {
                visit_some(&mut item.attrs, item.span, visit);
            }
        }
        BlockKind::Table(table) => {
            let Table { head, body, .. } = &mut **table;
            for cell in head.iter_mut().chain(body).flat_map(|row| &mut row.cells) {
                visit_some(&mut cell.attrs, cell.span, visit);
            }
        }
        _ => {}
    }
}

fn have_attributes(content: &[Inline<Parsed>]) -> bool {
    content.iter().any(|inline| !inline.attrs.is_empty() || have_attributes(inline.kind.children()))
}

/// Calls `visit` with the attributes of every inline.
pub fn inline_attributes(content: &mut [Inline<Parsed>], visit: &mut dyn FnMut(&mut Attrs, Span)) {
    for inline in content {
        visit_some(&mut inline.attrs, inline.span, visit);
        if let Some(children) = inline.kind.children_mut() {
            inline_attributes(children, visit);
        }
    }
}

fn visit_some(attrs: &mut Attrs, span: Span, visit: &mut dyn FnMut(&mut Attrs, Span)) {
    if !attrs.is_empty() {
        visit(attrs, span);
    }
}
