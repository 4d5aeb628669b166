//! Lowers parsed blocks to resolved ones: sections are nested, numbers are inserted, runs of text
//! are resolved.

use super::inline::{RunKind, RunLowering};
use super::number::Anchor;
use super::resolved::{Label, RBlock, RInline, ResolvedBlock, ResolvedStage, Section};
use super::{chart, listing, picture, table};
use crate::ast::{
    Annex, Attrs, Block, BlockKind, Cell, Definition, Equation, Expanded, ExpandedBlock, Figure, Image, Inline,
    InlineKind, List, ListItem, Panel, Parsed, Row, Table,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A section that is still growing.
struct Open {
    node: RBlock,
    section: Section,
}

impl RunLowering<'_> {
    /// Lowers the blocks of the document or of an annex: headings open sections.
    pub fn flow(&mut self, blocks: Vec<Block<Expanded>>) -> Vec<RBlock> {
        let mut done = Vec::with_capacity(blocks.len());
        let mut open: Vec<Open> = Vec::new();
        for block in blocks {
            match block.kind {
                BlockKind::Stage(ExpandedBlock::Heading(heading)) => {
                    close(&mut open, &mut done, heading.level);
                    let number = self.anchor(block.attrs.id()).and_then(|anchor| anchor.number.clone());
                    let title = self.shared_run(heading.content, RunKind::Heading);
                    let section = Section {
                        annex: false,
                        level: heading.level,
                        number,
                        title,
                        heading_span: block.span,
                        blocks: Vec::new(),
                    };
                    let node = Block { kind: BlockKind::Rule, span: block.span, attrs: block.attrs };
                    open.push(Open { node, section });
                }
                BlockKind::Stage(ExpandedBlock::Annex(annex)) => {
                    close(&mut open, &mut done, 0);
                    let outer = self.enter_language(block.attrs.lang());
                    let kind = self.annex(annex, block.attrs.id(), block.span);
                    self.leave_language(outer);
                    done.push(Block { kind, span: block.span, attrs: block.attrs });
                }
                BlockKind::Paragraph(content) if self.numbers_paragraphs() => {
                    let number = self.anchor(block.attrs.id()).and_then(|anchor| anchor.number.clone());
                    let outer = self.enter_language(block.attrs.lang());
                    let content = self.shared_run(content, RunKind::Text);
                    self.leave_language(outer);
                    let kind = match number {
                        Some(number) => BlockKind::Stage(ResolvedBlock::NumberedParagraph { number, content }),
                        None => BlockKind::Paragraph(content),
                    };
                    let block = Block { kind, span: block.span, attrs: block.attrs };
                    innermost(&mut open, &mut done).push(block);
                }
                _ => {
                    let block = self.block(block, RunKind::Text);
                    innermost(&mut open, &mut done).push(block);
                }
            }
        }
        close(&mut open, &mut done, 0);
        done
    }

    fn annex(&mut self, annex: Annex<Expanded>, id: Option<&str>, span: Span) -> BlockKind<ResolvedStage> {
        let number = self.anchor(id).and_then(|anchor| anchor.number.clone());
        let title = self.run(annex.title.unwrap_or_default(), RunKind::Heading).into();
        let blocks = self.flow(annex.blocks);
        BlockKind::Stage(ResolvedBlock::Section(Section {
            annex: true,
            level: 1,
            number,
            title,
            heading_span: span,
            blocks,
        }))
    }

    /// Lowers blocks that are no part of the flow of sections.
    pub fn blocks(&mut self, blocks: Vec<Block<Expanded>>, place: RunKind) -> Vec<RBlock> {
        blocks.into_iter().map(|block| self.block(block, place)).collect()
    }

    fn block(&mut self, block: Block<Expanded>, place: RunKind) -> RBlock {
        let Block { kind, span, mut attrs } = block;
        let outer = self.enter_language(attrs.lang());
        let label = || self.anchor(attrs.id()).and_then(|anchor| anchor.label.clone());
        let kind = match kind {
            BlockKind::Paragraph(content) => BlockKind::Paragraph(self.shared_run(content, place)),
            BlockKind::List(list) => BlockKind::List(self.shared_list(list, place)),
            BlockKind::Definitions(definitions) => BlockKind::Definitions(
                definitions.into_iter().map(|definition| self.definition(definition, place)).collect(),
            ),
            BlockKind::Quote { blocks, attribution } => BlockKind::Quote {
                blocks: self.blocks(blocks, place),
                attribution: attribution.map(|content| self.run(content, place)),
            },
            BlockKind::Code { language, text } => BlockKind::Code { language, text },
            BlockKind::Equation(equation) => {
                let label = label();
                BlockKind::Equation(Box::new(Equation { formula: self.formula(equation.formula), label }))
            }
            BlockKind::Admonition { kind, title, blocks } => BlockKind::Admonition {
                kind,
                title: title.map(|content| self.run(content, RunKind::Caption)),
                blocks: self.blocks(blocks, place),
            },
            BlockKind::Panel(panel) => {
                let label = label();
                BlockKind::Panel(self.panel(panel, label, place))
            }
            BlockKind::Figure(figure) => {
                let label = label();
                BlockKind::Figure(self.figure(figure, label, place))
            }
            BlockKind::Table(table) => {
                let label = label();
                let lower = |lowering: &mut Self, table| lowering.table(table, label.clone(), span);
                BlockKind::Table(self.shared_table(table, label.clone(), lower))
            }
            BlockKind::Rule => BlockKind::Rule,
            BlockKind::PageBreak => BlockKind::PageBreak,
            BlockKind::Group(blocks) => BlockKind::Group(self.blocks(blocks, place)),
            BlockKind::Stage(stage) => {
                let label = label();
                self.stage(stage, label, &mut attrs, span, place)
            }
        };
        self.leave_language(outer);
        Block { kind, span, attrs }
    }

    /// Lowers a list.
    pub fn list(&mut self, list: List<Expanded>, place: RunKind) -> List<ResolvedStage> {
        let items = list.items.into_iter().map(|item| self.item(item, place));
        List { marker: list.marker, tight: list.tight, items: items.collect() }
    }

    fn item(&mut self, item: ListItem<Expanded>, place: RunKind) -> ListItem<ResolvedStage> {
        let outer = self.enter_language(item.attrs.lang());
        let blocks = self.blocks(item.blocks, place);
        self.leave_language(outer);
        ListItem { task: item.task, blocks, span: item.span, attrs: item.attrs }
    }

    fn definition(&mut self, definition: Definition<Expanded>, place: RunKind) -> Definition<ResolvedStage> {
        Definition {
            terms: definition.terms.into_iter().map(|term| self.run(term, RunKind::Caption)).collect(),
            details: definition.details.into_iter().map(|blocks| self.blocks(blocks, place)).collect(),
            span: definition.span,
        }
    }

    fn panel(&mut self, panel: Panel<Expanded>, label: Option<Label>, place: RunKind) -> Panel<ResolvedStage> {
        Panel {
            role: panel.role,
            title: panel.title.map(|content| self.run(content, RunKind::Caption)),
            label,
            blocks: self.blocks(panel.blocks, place),
        }
    }

    fn figure(&mut self, figure: Figure<Expanded>, label: Option<Label>, place: RunKind) -> Figure<ResolvedStage> {
        let blocks = self.blocks(figure.blocks, place);
        Figure { caption: figure.caption.map(|content| self.run(content, RunKind::Caption)), label, blocks }
    }

    /// Lowers a table: its grid is made whole and columns of figures aligned.
    pub fn table(&mut self, table: Table<Expanded>, label: Option<Label>, span: Span) -> Table<ResolvedStage> {
        let caption = table.caption.map(|content| self.plain_run(content, RunKind::Caption));
        let head = table.head.into_iter().map(|row| self.row(row)).collect();
        let body = table.body.into_iter().map(|row| self.row(row)).collect();
        let mut table = Table { caption, label, columns: table.columns, head, body, landscape: table.landscape };
        table::finish(&mut table, span, self.language, &mut self.budget, self.diagnostics);
        table
    }

    fn row(&mut self, row: Row<Expanded>) -> Row<ResolvedStage> {
        Row { cells: row.cells.into_iter().map(|cell| self.cell(cell)).collect(), span: row.span }
    }

    fn cell(&mut self, cell: Cell<Expanded>) -> Cell<ResolvedStage> {
        let outer = self.enter_language(cell.attrs.lang());
        let place = if cell.header.is_some() { RunKind::Caption } else { RunKind::Text };
        let blocks = self.blocks(cell.blocks, place);
        self.leave_language(outer);
        Cell {
            blocks,
            header: cell.header,
            colspan: cell.colspan,
            rowspan: cell.rowspan,
            align: cell.align,
            span: cell.span,
            attrs: cell.attrs,
        }
    }

    fn stage(
        &mut self,
        stage: ExpandedBlock,
        label: Option<Label>,
        attrs: &mut Attrs,
        span: Span,
        place: RunKind,
    ) -> BlockKind<ResolvedStage> {
        match stage {
            // Inside other blocks there are no sections.
            ExpandedBlock::Heading(heading) => self.run_in(heading.content.into_inner(), span, place),
            ExpandedBlock::Annex(annex) => {
                let title = annex.title.map(|title| Block::new(self.run_in(title, span, place), span));
                let blocks = self.blocks(annex.blocks, place);
                BlockKind::Group(title.into_iter().chain(blocks).collect())
            }
            ExpandedBlock::ForFormats { formats, blocks } => {
                // Not every reader gets this: nothing is explained here.
                let blocks = self.blocks(blocks, RunKind::Caption);
                BlockKind::Stage(ResolvedBlock::ForFormats { formats, blocks })
            }
            ExpandedBlock::Chart { chart, file } => chart::lower(self, (chart, file), label, attrs, span),
            ExpandedBlock::Listing(kind) => {
                let listing = listing::empty(kind, self.labels(), self.ids, span);
                BlockKind::Stage(ResolvedBlock::Listing(listing))
            }
        }
    }

    /// A run-in heading: a paragraph in strong type.
    fn run_in(&mut self, title: Vec<Inline<Parsed>>, span: Span, place: RunKind) -> BlockKind<ResolvedStage> {
        BlockKind::Paragraph(self.run(vec![Inline::new(InlineKind::Strong(title), span)], place).into())
    }

    fn anchor(&self, id: Option<&str>) -> Option<&Anchor> {
        self.anchors.get(id?)
    }

    /// Lowers a picture; one that cannot be had becomes its alternative text.
    pub fn image(&mut self, image: Image<Parsed>, span: Span, attrs: &Attrs) -> InlineKind<ResolvedStage> {
        let silent = image.alternative().is_none();
        let Image { picture: address, alt, title, width: () } = image;
        if silent && !attrs.has_class("decorative") {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::MissingAlternative,
                    span,
                    format!("the picture `{address}` has no alternative text"),
                )
                .hint("say in the square brackets what the picture shows"),
            );
        }
        let from = self.path_of(span);
        let places = self.places();
        match self.pictures.load(&address, span, from, places, self.diagnostics) {
            picture::Loaded::Picture(picture) => {
                let repeated = self.pictures.repeated(picture);
                if !self.budget.take(repeated, span, self.diagnostics) {
                    return InlineKind::Text(alt.unwrap_or_default());
                }
                let width =
                    self.pictures.get(picture).and_then(|own| picture::width(own, attrs, span, self.diagnostics));
                InlineKind::Image(Image { picture, alt, title, width })
            }
            picture::Loaded::Remote => {
                let words = alt.filter(|alt| !alt.is_empty()).unwrap_or_else(|| address.clone());
                let content = vec![RInline::new(InlineKind::Text(words), span)];
                InlineKind::Link { target: super::resolved::Target::external(&address), title, content }
            }
            picture::Loaded::Undrawn => {
                let words = alt.as_deref().filter(|alt| !alt.is_empty()).unwrap_or(&address);
                let picture = self.pictures.add_placeholder(words, span);
                InlineKind::Image(Image { picture, alt, title, width: None })
            }
            picture::Loaded::Nothing => InlineKind::Text(alt.unwrap_or_default()),
        }
    }
}

/// Where the next block goes.
fn innermost<'a>(open: &'a mut [Open], done: &'a mut Vec<RBlock>) -> &'a mut Vec<RBlock> {
    match open.last_mut() {
        Some(open) => &mut open.section.blocks,
        None => done,
    }
}

/// Closes the open sections of a level and below.
fn close(open: &mut Vec<Open>, done: &mut Vec<RBlock>, level: u8) {
    while open.last().is_some_and(|open| open.section.level >= level) {
        let Some(Open { mut node, section }) = open.pop() else { return };
        if let Some(last) = section.blocks.last() {
            node.span = node.span.through(last.span);
        }
        node.kind = BlockKind::Stage(ResolvedBlock::Section(section));
        innermost(open, done).push(node);
    }
}
