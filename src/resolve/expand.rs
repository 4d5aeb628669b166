//! Expands parsed blocks: content for other readers is removed, files are included, and data files
//! become tables.

use super::budget::{self, Budget};
use super::cache::{Known, ResolveCache};
use super::{Context, data, include, profile};
use crate::ast::{
    AbbreviationDefinition, Annex, Attrs, Block, BlockKind, Cell, Condition, DataTable, Definition, Document, Equation,
    Expanded, ExpandedBlock, Figure, HasReferences, List, ListItem, NoteDefinition, Panel, Parsed, ParsedBlock, Row,
    Shared, Table,
};
use crate::diagnostic::{Diagnosed, Diagnostics};
use crate::format::Format;
use crate::source::{Sources, Span};

/// Leaves out what other readers get and reads the files a document includes.
pub fn expand(
    mut parsed: Diagnosed<Document>,
    path: &str,
    context: &Context,
    cache: Option<&mut ResolveCache>,
    budget: &mut Budget,
    sources: &mut Sources,
) -> Diagnosed<Document<Expanded>> {
    profile::apply(&mut parsed, context.profiles, sources);
    let Diagnosed { value: mut document, mut diagnostics } = parsed;
    if !budget.take(weight(&document), Span::point(document.span.file, 0), &mut diagnostics) {
        document.blocks.clear();
        document.notes.clear();
    }
    let included = include::Included::new(path, &document);
    let mut expander = Expander { context, cache, budget, sources, diagnostics: &mut diagnostics, depth: 0, included };
    let mut document = expander.document(document);
    document.notes.append(&mut expander.included.notes);
    document.abbreviations.append(&mut expander.included.abbreviations);
    Diagnosed { value: document, diagnostics }
}

/// The weight of a file's blocks and notes.
pub fn weight(document: &Document) -> usize {
    let notes = document.notes.iter().map(|note| budget::NODE * 2 + budget::blocks(&note.blocks));
    budget::blocks(&document.blocks) + notes.sum::<usize>()
}

/// The way through a document and all that it includes.
pub struct Expander<'a, 'b> {
    pub context: &'a Context<'a>,
    /// Parts that were expanded before.
    pub cache: Option<&'b mut ResolveCache>,
    pub budget: &'b mut Budget,
    pub sources: &'b mut Sources,
    pub diagnostics: &'b mut Diagnostics,
    /// How many blocks the place at hand lies in, those of including files too.
    pub depth: usize,
    pub included: include::Included,
}

impl Expander<'_, '_> {
    /// Expands a file whose content for other readers was removed.
    pub fn document(&mut self, document: Document) -> Document<Expanded> {
        let Document { metadata, blocks, notes, abbreviations, span } = document;
        let blocks = self.blocks(blocks);
        let note = |NoteDefinition { name, blocks, only: _, span }| NoteDefinition {
            name,
            blocks: self.blocks(blocks),
            only: (),
            span,
        };
        let notes = notes.into_iter().map(note).collect();
        let abbreviation = |AbbreviationDefinition { short, expansion, only: _, span }| AbbreviationDefinition {
            short,
            expansion,
            only: (),
            span,
        };
        let abbreviations = abbreviations.into_iter().map(abbreviation).collect();
        Document { metadata, blocks, notes, abbreviations, span }
    }

    fn blocks(&mut self, blocks: Vec<Block<Parsed>>) -> Vec<Block<Expanded>> {
        let mut expanded = Vec::with_capacity(blocks.len());
        for block in blocks {
            self.block(block, &mut expanded);
        }
        expanded
    }

    /// The blocks inside another one.
    fn inside(&mut self, blocks: Vec<Block<Parsed>>) -> Vec<Block<Expanded>> {
        self.depth += 1;
        let expanded = self.blocks(blocks);
        self.depth -= 1;
        expanded
    }

    fn block(&mut self, block: Block<Parsed>, out: &mut Vec<Block<Expanded>>) {
        let Block { kind, span, attrs } = block;
        let kind = match kind {
            BlockKind::Paragraph(content) => BlockKind::Paragraph(content),
            BlockKind::List(list) => BlockKind::List(self.shared(list, |cache| &mut cache.expanded_lists, Self::list)),
            BlockKind::Definitions(definitions) => {
                let definition = |Definition { terms, details, span }| {
                    let details = details.into_iter().map(|blocks| self.inside(blocks)).collect();
                    Definition { terms, details, span }
                };
                BlockKind::Definitions(definitions.into_iter().map(definition).collect())
            }
            BlockKind::Quote { blocks, attribution } => BlockKind::Quote { blocks: self.inside(blocks), attribution },
            BlockKind::Code { language, text } => BlockKind::Code { language, text },
            BlockKind::Admonition { kind, title, blocks } => {
                BlockKind::Admonition { kind, title, blocks: self.inside(blocks) }
            }
            BlockKind::Panel(Panel { role, title, label, blocks }) => {
                BlockKind::Panel(Panel { role, title, label, blocks: self.inside(blocks) })
            }
            BlockKind::Figure(Figure { caption, label, blocks }) => {
                BlockKind::Figure(Figure { caption, label, blocks: self.inside(blocks) })
            }
            BlockKind::Table(table) => {
                BlockKind::Table(self.shared(table, |cache| &mut cache.expanded_tables, Self::table))
            }
            BlockKind::Equation(equation) => {
                let Equation { formula, label } = *equation;
                BlockKind::Equation(Box::new(Equation { formula, label }))
            }
            BlockKind::Rule => BlockKind::Rule,
            BlockKind::PageBreak => BlockKind::PageBreak,
            BlockKind::Group(blocks) => BlockKind::Group(self.inside(blocks)),
            BlockKind::Stage(stage) => return self.stage(stage, span, attrs, out),
        };
        out.push(Block { kind, span, attrs });
    }

    fn stage(&mut self, stage: ParsedBlock, span: Span, attrs: Attrs, out: &mut Vec<Block<Expanded>>) {
        let stage = match stage {
            ParsedBlock::Heading(heading) => ExpandedBlock::Heading(heading),
            ParsedBlock::Annex(Annex { title, blocks }) => {
                ExpandedBlock::Annex(Annex { title, blocks: self.inside(blocks) })
            }
            ParsedBlock::Include { src, src_span } => {
                out.extend(self.include(&src, src_span).unwrap_or_default());
                return;
            }
            // Other readers' were taken out, so that only the format is left to decide.
            ParsedBlock::Only { condition, blocks } => match formats(&condition) {
                Some(formats) => ExpandedBlock::ForFormats { formats, blocks: self.inside(blocks) },
                None => return blocks.into_iter().for_each(|block| self.block(block, out)),
            },
            ParsedBlock::DataTable(table) => return self.data_table(table, span, attrs, out),
            ParsedBlock::Chart(chart) => {
                let file = data::add_source(&chart.src, self.included.path(), self.context.files, self.sources);
                ExpandedBlock::Chart { chart, file }
            }
            ParsedBlock::Listing(kind) => ExpandedBlock::Listing(kind),
        };
        out.push(Block { kind: BlockKind::Stage(stage), span, attrs });
    }

    /// Expands a list or a table, or takes what it became before.
    fn shared<A: Clone, B: Clone + HasReferences>(
        &mut self,
        part: Shared<A>,
        known: fn(&mut ResolveCache) -> &mut Known<A, B>,
        expand: fn(&mut Self, A) -> B,
    ) -> Shared<B> {
        let Some(cache) = self.cache.take_if(|_| part.is_self_contained()) else {
            return expand(self, part.into_inner()).into();
        };
        let expanded = known(cache).expanded(part, |part| expand(self, part));
        self.cache = Some(cache);
        expanded
    }

    fn list(&mut self, List { marker, tight, items }: List<Parsed>) -> List<Expanded> {
        let item = |item: ListItem<Parsed>| ListItem {
            task: item.task,
            blocks: self.inside(item.blocks),
            span: item.span,
            attrs: item.attrs,
        };
        List { marker, tight, items: items.into_iter().map(item).collect() }
    }

    fn table(&mut self, table: Table<Parsed>) -> Table<Expanded> {
        let Table { caption, label, columns, head, body, landscape } = table;
        let mut rows = |rows: Vec<Row<Parsed>>| rows.into_iter().map(|row| self.row(row)).collect();
        Table { caption, label, columns, head: rows(head), body: rows(body), landscape }
    }

    fn row(&mut self, row: Row<Parsed>) -> Row<Expanded> {
        let cell = |cell: Cell<Parsed>| Cell {
            blocks: self.inside(cell.blocks),
            header: cell.header,
            colspan: cell.colspan,
            rowspan: cell.rowspan,
            align: cell.align,
            span: cell.span,
            attrs: cell.attrs,
        };
        Row { cells: row.cells.into_iter().map(cell).collect(), span: row.span }
    }

    /// A table from a data file, as if it were in the text.
    fn data_table(&mut self, mut table: DataTable, span: Span, attrs: Attrs, out: &mut Vec<Block<Expanded>>) {
        let caption = table.caption.take();
        let (path, files) = (self.included.path(), self.context.files);
        let data = data::read(&table.src, table.src_span, table.delimiter, path, files, self.budget, self.diagnostics);
        let before = self.included.notes.len();
        let (kind, notes) =
            data::table(&table, data.unwrap_or_default(), caption, before, span, self.sources, self.diagnostics);
        self.included.notes.extend(notes.into_iter().map(|note| note.into_definition(())));
        let block = Block { kind, span, attrs };
        if self.budget.take(budget::blocks(std::slice::from_ref(&block)), span, self.diagnostics) {
            self.block(block, out);
        }
    }
}

/// The formats that a condition names; `None` where it is for all.
fn formats(condition: &Condition) -> Option<Vec<Format>> {
    let formats = &condition.format;
    (!formats.is_empty()).then(|| formats.iter().filter_map(|name| Format::parse(name)).collect())
}
