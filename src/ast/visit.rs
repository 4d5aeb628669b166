//! The traversal for all passes that only read.

use super::{Block, BlockKind, Inline, InlineKind, InlineStage, List, Run, Shared, Stage, Table, linear};

/// A visitor of the tree. Every method may be left out; the walk goes into children after the call.
pub trait Visit<S: Stage> {
    /// Comes before what the block holds.
    fn block(&mut self, _block: &Block<S>) {}
    /// Comes before what the inline holds.
    fn inline(&mut self, _inline: &Inline<S::Inlines>) {}
    /// Goes into a run that trees share.
    fn run(&mut self, run: &Run<S::Inlines>)
    where
        Self: Sized,
    {
        walk_inlines(run, self);
    }
    /// Goes into a list.
    fn list(&mut self, list: &Shared<List<S>>)
    where
        Self: Sized,
    {
        walk_list(list, self);
    }
    /// Goes into a table.
    fn table(&mut self, table: &Shared<Table<S>>)
    where
        Self: Sized,
    {
        walk_table(table, self);
    }
    /// Goes into blocks that only this stage has.
    fn stage_block(&mut self, _block: &S::Block) {}
    /// Goes into inlines that only this stage has.
    fn stage_inline(&mut self, _inline: &<S::Inlines as InlineStage>::Inline) {}
}

/// Walks blocks in reading order: titles and captions before content.
pub fn walk_blocks<S: Stage>(blocks: &[Block<S>], visit: &mut impl Visit<S>) {
    for block in blocks {
        visit.block(block);
        match &block.kind {
            BlockKind::Paragraph(content) => visit.run(content),
            BlockKind::List(list) => visit.list(list),
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    for term in &definition.terms {
                        walk_inlines(term, visit);
                    }
                    for details in &definition.details {
                        walk_blocks(details, visit);
                    }
                }
            }
            BlockKind::Quote { blocks, attribution } => {
                walk_blocks(blocks, visit);
                walk_inlines(attribution.as_deref().unwrap_or_default(), visit);
            }
            BlockKind::Admonition { title, blocks, .. } => {
                walk_inlines(title.as_deref().unwrap_or_default(), visit);
                walk_blocks(blocks, visit);
            }
            BlockKind::Panel(panel) => {
                walk_inlines(panel.title.as_deref().unwrap_or_default(), visit);
                walk_blocks(&panel.blocks, visit);
            }
            BlockKind::Figure(figure) => {
                walk_blocks(&figure.blocks, visit);
                walk_inlines(figure.caption.as_deref().unwrap_or_default(), visit);
            }
            BlockKind::Table(table) => visit.table(table),
            BlockKind::Group(blocks) => walk_blocks(blocks, visit),
            BlockKind::Stage(block) => visit.stage_block(block),
            BlockKind::Code { .. } | BlockKind::Equation(_) | BlockKind::Rule | BlockKind::PageBreak => {}
        }
    }
}

/// Walks the items of a list.
pub fn walk_list<S: Stage>(list: &List<S>, visit: &mut impl Visit<S>) {
    for item in &list.items {
        walk_blocks(&item.blocks, visit);
    }
}

/// Walks the caption and the cells of a table.
pub fn walk_table<S: Stage>(table: &Table<S>, visit: &mut impl Visit<S>) {
    walk_inlines(table.caption.as_deref().unwrap_or_default(), visit);
    for cell in table.head.iter().chain(&table.body).flat_map(|row| &row.cells) {
        walk_blocks(&cell.blocks, visit);
    }
}

/// Walks inlines in reading order.
pub fn walk_inlines<S: Stage>(inlines: &[Inline<S::Inlines>], visit: &mut impl Visit<S>) {
    for inline in inlines {
        visit.inline(inline);
        match &inline.kind {
            InlineKind::Stage(inline) => visit.stage_inline(inline),
            other => walk_inlines(other.children(), visit),
        }
    }
}

/// The content of an inline, or the leaf's own value.
macro_rules! children {
    ($kind:expr, $leaf:expr) => {
        match $kind {
            InlineKind::Emphasis(content)
            | InlineKind::Strong(content)
            | InlineKind::Strikethrough(content)
            | InlineKind::Superscript(content)
            | InlineKind::Subscript(content)
            | InlineKind::Underline(content)
            | InlineKind::Highlight(content)
            | InlineKind::Inserted(content)
            | InlineKind::Deleted(content)
            | InlineKind::Small(content)
            | InlineKind::Quoted(content)
            | InlineKind::CitedTitle(content)
            | InlineKind::DefinedTerm(content)
            | InlineKind::Keyboard(content)
            | InlineKind::Span(content)
            | InlineKind::Abbreviation { content, .. }
            | InlineKind::Change { content, .. }
            | InlineKind::Link { content, .. } => content,
            InlineKind::Text(_)
            | InlineKind::SoftBreak
            | InlineKind::LineBreak
            | InlineKind::Code(_)
            | InlineKind::Math(_)
            | InlineKind::Image(_)
            | InlineKind::Note(_)
            | InlineKind::Stage(_) => $leaf,
        }
    };
}

impl<S: InlineStage> InlineKind<S> {
    /// The inlines inside, in order; none for a leaf.
    pub fn children(&self) -> &[Inline<S>] {
        children!(self, &[])
    }

    /// The inlines inside, for changing; `None` for a leaf.
    pub fn children_mut(&mut self) -> Option<&mut Vec<Inline<S>>> {
        Some(children!(self, return None))
    }
}

/// The words of inlines without their markup: what a title is called in
/// metadata, bookmarks and addresses. Notes have no words here; a picture has
/// its alternative text, a formula its signs.
pub fn plain_text<S: InlineStage>(inlines: &[Inline<S>]) -> String
where
    S::Inline: AsRef<str>,
{
    let mut text = String::new();
    push_plain(inlines, &mut text);
    text
}

fn push_plain<S: InlineStage>(inlines: &[Inline<S>], text: &mut String)
where
    S::Inline: AsRef<str>,
{
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text(words) | InlineKind::Code(words) => text.push_str(words),
            InlineKind::SoftBreak | InlineKind::LineBreak => text.push(' '),
            InlineKind::Math(formula) => text.push_str(&linear(&formula.content)),
            InlineKind::Image(image) => text.push_str(image.alt.as_deref().unwrap_or_default()),
            InlineKind::Stage(inline) => text.push_str(inline.as_ref()),
            other => push_plain(other.children(), text),
        }
    }
}
