//! Walks through the blocks of a document and the running text in them.

use crate::ast::{Block, BlockKind, Inline, Parsed, ParsedBlock};

/// Every block, outermost first.
pub fn each_block(blocks: &[Block<Parsed>], see: &mut dyn FnMut(&Block<Parsed>)) {
    for block in blocks {
        see(block);
        inner(block).into_iter().for_each(|inner| each_block(inner, see));
    }
}

/// The lists of blocks in a block.
fn inner(block: &Block<Parsed>) -> Vec<&[Block<Parsed>]> {
    match &block.kind {
        BlockKind::List(list) => list.items.iter().map(|item| item.blocks.as_slice()).collect(),
        BlockKind::Definitions(definitions) => {
            definitions.iter().flat_map(|definition| definition.details.iter().map(Vec::as_slice)).collect()
        }
        BlockKind::Quote { blocks, .. } | BlockKind::Admonition { blocks, .. } | BlockKind::Group(blocks) => {
            vec![blocks]
        }
        BlockKind::Panel(panel) => vec![&panel.blocks],
        BlockKind::Figure(figure) => vec![&figure.blocks],
        BlockKind::Table(table) => {
            let cells = table.head.iter().chain(&table.body).flat_map(|row| &row.cells);
            cells.map(|cell| cell.blocks.as_slice()).collect()
        }
        BlockKind::Stage(ParsedBlock::Annex(annex)) => vec![&annex.blocks],
        BlockKind::Stage(ParsedBlock::Only { blocks, .. }) => vec![blocks],
        BlockKind::Paragraph(_)
        | BlockKind::Code { .. }
        | BlockKind::Equation(_)
        | BlockKind::Rule
        | BlockKind::PageBreak
        | BlockKind::Stage(
            ParsedBlock::Heading(_)
            | ParsedBlock::Include { .. }
            | ParsedBlock::DataTable(_)
            | ParsedBlock::Chart(_)
            | ParsedBlock::Listing(_),
        ) => Vec::new(),
    }
}

/// Every run of inlines, in reading order.
pub fn each_content(blocks: &[Block<Parsed>], see: &mut dyn FnMut(&[Inline<Parsed>])) {
    each_block(blocks, &mut |block| match &block.kind {
        BlockKind::Paragraph(content) => see(content),
        BlockKind::Definitions(definitions) => {
            definitions.iter().flat_map(|definition| &definition.terms).for_each(|term| see(term));
        }
        BlockKind::Quote { attribution: part, .. } | BlockKind::Admonition { title: part, .. } => {
            part.iter().for_each(|part| see(part));
        }
        BlockKind::Panel(panel) => panel.title.iter().for_each(|title| see(title)),
        BlockKind::Figure(figure) => figure.caption.iter().for_each(|caption| see(caption)),
        BlockKind::Table(table) => table.caption.iter().for_each(|caption| see(caption)),
        BlockKind::Stage(ParsedBlock::Heading(heading)) => see(&heading.content),
        BlockKind::Stage(ParsedBlock::Annex(annex)) => annex.title.iter().for_each(|title| see(title)),
        BlockKind::List(_)
        | BlockKind::Code { .. }
        | BlockKind::Equation(_)
        | BlockKind::Rule
        | BlockKind::PageBreak
        | BlockKind::Group(_)
        | BlockKind::Stage(_) => {}
    });
}

/// Calls `change` for every run of inlines.
pub fn each_content_mut(blocks: &mut [Block<Parsed>], change: &mut dyn FnMut(&mut Vec<Inline<Parsed>>)) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Paragraph(content) => change(content),
            BlockKind::List(list) => {
                list.items.iter_mut().for_each(|item| each_content_mut(&mut item.blocks, change));
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    definition.terms.iter_mut().for_each(&mut *change);
                    definition.details.iter_mut().for_each(|details| each_content_mut(details, change));
                }
            }
            BlockKind::Quote { attribution: part, blocks } | BlockKind::Admonition { title: part, blocks, .. } => {
                part.iter_mut().for_each(&mut *change);
                each_content_mut(blocks, change);
            }
            BlockKind::Panel(panel) => {
                panel.title.iter_mut().for_each(&mut *change);
                each_content_mut(&mut panel.blocks, change);
            }
            BlockKind::Figure(figure) => {
                figure.caption.iter_mut().for_each(&mut *change);
                each_content_mut(&mut figure.blocks, change);
            }
            BlockKind::Table(table) => {
                let table = &mut **table;
                table.caption.iter_mut().for_each(&mut *change);
                for row in table.head.iter_mut().chain(&mut table.body) {
                    row.cells.iter_mut().for_each(|cell| each_content_mut(&mut cell.blocks, change));
                }
            }
            BlockKind::Group(blocks) => each_content_mut(blocks, change),
            BlockKind::Stage(ParsedBlock::Heading(heading)) => change(&mut heading.content),
            BlockKind::Stage(ParsedBlock::Annex(annex)) => {
                annex.title.iter_mut().for_each(&mut *change);
                each_content_mut(&mut annex.blocks, change);
            }
            BlockKind::Stage(ParsedBlock::Only { blocks, .. }) => each_content_mut(blocks, change),
            BlockKind::Code { .. }
            | BlockKind::Equation(_)
            | BlockKind::Rule
            | BlockKind::PageBreak
            | BlockKind::Stage(
                ParsedBlock::Include { .. }
                | ParsedBlock::DataTable(_)
                | ParsedBlock::Chart(_)
                | ParsedBlock::Listing(_),
            ) => {}
        }
    }
}
