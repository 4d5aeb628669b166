//! Recomputes the reference flags of runs, lists and tables that were changed during parsing, such
//! as a table that got a caption.

use crate::ast::{Block, BlockKind, Parsed, ParsedBlock, Table};

/// Updates all shared subtrees of the blocks, innermost first.
pub fn settle(blocks: &mut [Block<Parsed>]) {
    blocks.iter_mut().for_each(|block| match &mut block.kind {
        BlockKind::Paragraph(content) => content.settle(),
        BlockKind::List(list) if list.is_self_contained() => {}
        BlockKind::List(list) => {
            list.places_mut().items.iter_mut().for_each(|item| settle(&mut item.blocks));
            list.settle();
        }
        BlockKind::Table(table) if table.is_self_contained() => {}
        BlockKind::Table(table) => {
            let Table { head, body, .. } = table.places_mut();
            head.iter_mut().chain(body).flat_map(|row| &mut row.cells).for_each(|cell| settle(&mut cell.blocks));
            table.settle();
        }
        BlockKind::Definitions(definitions) => {
            definitions.iter_mut().flat_map(|definition| &mut definition.details).for_each(|blocks| settle(blocks));
        }
        BlockKind::Panel(panel) => settle(&mut panel.blocks),
        BlockKind::Figure(figure) => settle(&mut figure.blocks),
        BlockKind::Quote { blocks, .. } | BlockKind::Admonition { blocks, .. } | BlockKind::Group(blocks) => {
            settle(blocks);
        }
        BlockKind::Stage(ParsedBlock::Heading(heading)) => heading.content.settle(),
        BlockKind::Stage(ParsedBlock::Annex(annex)) => settle(&mut annex.blocks),
        BlockKind::Stage(ParsedBlock::Only { blocks, .. }) => settle(blocks),
        BlockKind::Stage(
            ParsedBlock::Include { .. } | ParsedBlock::DataTable(_) | ParsedBlock::Chart(_) | ParsedBlock::Listing(_),
        )
        | BlockKind::Code { .. }
        | BlockKind::Equation(_)
        | BlockKind::Rule
        | BlockKind::PageBreak => {}
    });
}
