//! A document as a plain tree of named nodes: what `chancery ast` prints as
//! JSON (its schema is docs/ast.schema.json) and cases show as an outline.

mod metadata;

use super::{
    Attrs, Block, BlockKind, Cell, Chart, Citation, Column, DataTable, Document, Formula, Inline, InlineKind,
    ListMarker, Parsed, ParsedBlock, ParsedInline, Row, linear,
};
use crate::source::{LineColumn, Sources, Span};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// A node: kind, span, text and children.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tree {
    /// The node's name in docs/ast.schema.json.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The source it was parsed from.
    pub span: TreeSpan,
    /// Fields of the node itself, by the names of the schema.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
    /// Nodes that it holds, in reading order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Tree>,
}

/// A place in a file, in bytes and for people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TreeSpan {
    /// Project-relative path.
    pub file: String,
    /// First byte.
    pub start: u32,
    /// Position after the last byte.
    pub end: u32,
    /// Line and column of the first character, counted from 1.
    pub from: [usize; 2],
    /// Line and column after the last character.
    pub to: [usize; 2],
}

impl Tree {
    /// The tree of a parsed document. Notes and abbreviations follow the text.
    pub fn from_document(document: &Document, sources: &Sources) -> Tree {
        let builder = Builder { sources };
        let mut children = builder.blocks(&document.blocks);
        for note in &document.notes {
            let fields = [("name", json!(note.name))];
            children.push(builder.node("note-definition", note.span, fields, builder.blocks(&note.blocks)));
        }
        for abbreviation in &document.abbreviations {
            let fields = [("short", json!(abbreviation.short)), ("expansion", json!(abbreviation.expansion))];
            children.push(builder.node("abbreviation-definition", abbreviation.span, fields, Vec::new()));
        }
        builder.node("document", document.span, [("metadata", metadata::metadata(&document.metadata))], children)
    }

    /// The tree as an indented outline with a line for each node.
    pub fn outline(&self) -> String {
        let mut text = String::new();
        self.push_outline(0, &mut text);
        text
    }

    fn push_outline(&self, depth: usize, text: &mut String) {
        const INDENT: &str = "  ";
        let TreeSpan { from: [line, column], to: [end_line, end_column], .. } = self.span;
        let indent = INDENT.repeat(depth);
        // Writing to a string cannot fail.
        let _ = write!(text, "{indent}{} {line}:{column}-{end_line}:{end_column}", self.kind);
        for (key, value) in &self.fields {
            let _ = write!(text, " {key}={value}");
        }
        text.push('\n');
        for child in &self.children {
            child.push_outline(depth + 1, text);
        }
    }
}

struct Builder<'a> {
    sources: &'a Sources,
}

type Field = (&'static str, Value);

impl Builder<'_> {
    /// A node without the fields that are null.
    fn node(
        &self,
        kind: &'static str,
        span: Span,
        fields: impl IntoIterator<Item = Field>,
        children: Vec<Tree>,
    ) -> Tree {
        let fields =
            fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value));
        Tree { kind, span: self.span(span), fields: fields.collect(), children }
    }

    /// A node with its attributes, its own fields first.
    fn with_attrs(&self, mut tree: Tree, attrs: &Attrs) -> Tree {
        let Some(list) = attrs.list() else { return tree };
        let mut set = |key: &str, value: Value| {
            tree.fields.insert(key.to_owned(), value);
        };
        if let Some(id) = &list.id {
            set("id", json!(id));
        }
        if !list.classes.is_empty() {
            set("classes", json!(list.classes));
        }
        if let Some(lang) = &list.lang {
            set("lang", json!(lang));
        }
        if !list.pairs.is_empty() {
            let pairs: Map<String, Value> = list.pairs.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
            set("attributes", Value::Object(pairs));
        }
        tree
    }

    fn span(&self, span: Span) -> TreeSpan {
        let source = self.sources.get(span.file);
        let place = |offset: u32| {
            let LineColumn { line, column } =
                source.map_or(LineColumn { line: 0, column: 0 }, |file| file.place(offset as usize));
            [line, column]
        };
        TreeSpan {
            file: source.map(|file| file.path().to_owned()).unwrap_or_default(),
            start: span.start,
            end: span.end,
            from: place(span.start),
            to: place(span.end),
        }
    }

    fn blocks(&self, blocks: &[Block<Parsed>]) -> Vec<Tree> {
        blocks.iter().map(|block| self.block(block)).collect()
    }

    fn inlines(&self, inlines: &[Inline<Parsed>]) -> Vec<Tree> {
        inlines.iter().map(|inline| self.inline(inline)).collect()
    }

    /// A part of a node, such as its caption, that covers its inlines.
    fn part(&self, kind: &'static str, content: Option<&[Inline<Parsed>]>) -> Option<Tree> {
        let content = content?;
        let first = content.first()?.span;
        let span = content.iter().fold(first, |span, inline| span.to(inline.span));
        Some(self.node(kind, span, [], self.inlines(content)))
    }

    fn parts(&self, part: Option<Tree>, mut rest: Vec<Tree>) -> Vec<Tree> {
        if let Some(part) = part {
            rest.insert(0, part);
        }
        rest
    }

    fn block(&self, block: &Block<Parsed>) -> Tree {
        let span = block.span;
        let tree = match &block.kind {
            BlockKind::Paragraph(content) => self.node("paragraph", span, [], self.inlines(content)),
            BlockKind::List(list) => {
                let items = list.items.iter().map(|item| {
                    let tree = self.node("item", item.span, [("done", json!(item.task))], self.blocks(&item.blocks));
                    self.with_attrs(tree, &item.attrs)
                });
                let (marker, start, style) = match list.marker {
                    ListMarker::Bullet => ("bullet", None, None),
                    ListMarker::Plain => ("plain", None, None),
                    ListMarker::Ordered { start, style } => ("ordered", Some(start), Some(style)),
                };
                let fields = [
                    ("marker", json!(marker)),
                    ("start", json!(start)),
                    ("style", json!(style)),
                    ("tight", json!(list.tight)),
                ];
                self.node("list", span, fields, items.collect())
            }
            BlockKind::Definitions(definitions) => {
                let entries = definitions.iter().map(|definition| {
                    let terms = definition.terms.iter().filter_map(|term| self.part("term", Some(term)));
                    let details = definition.details.iter().map(|blocks| {
                        let span = joined(definition.span, blocks);
                        self.node("details", span, [], self.blocks(blocks))
                    });
                    self.node("definition", definition.span, [], terms.chain(details).collect())
                });
                self.node("definitions", span, [], entries.collect())
            }
            BlockKind::Quote { blocks, attribution } => {
                let mut children = self.blocks(blocks);
                children.extend(self.part("attribution", attribution.as_deref()));
                self.node("quote", span, [], children)
            }
            BlockKind::Code { language, text } => {
                self.node("code-block", span, [("language", json!(language)), ("text", json!(text))], Vec::new())
            }
            BlockKind::Equation(equation) => self.node("equation", span, formula(&equation.formula), Vec::new()),
            BlockKind::Admonition { kind, title, blocks } => {
                let children = self.parts(self.part("title", title.as_deref()), self.blocks(blocks));
                self.node("admonition", span, [("kind", json!(kind))], children)
            }
            BlockKind::Panel(panel) => {
                let children = self.parts(self.part("title", panel.title.as_deref()), self.blocks(&panel.blocks));
                self.node("panel", span, [("role", json!(panel.role))], children)
            }
            BlockKind::Figure(figure) => {
                let children = self.parts(self.part("caption", figure.caption.as_deref()), self.blocks(&figure.blocks));
                self.node("figure", span, [], children)
            }
            BlockKind::Table(table) => {
                let rows =
                    |kind, rows: &[Row<Parsed>]| -> Vec<Tree> { rows.iter().map(|row| self.row(kind, row)).collect() };
                let mut children = rows("header-row", &table.head);
                children.extend(rows("row", &table.body));
                let columns: Vec<Value> = table.columns.iter().map(|Column { align }| json!(align)).collect();
                let landscape = table.landscape.then_some(true);
                self.node(
                    "table",
                    span,
                    [("columns", json!(columns)), ("landscape", json!(landscape))],
                    self.parts(self.part("caption", table.caption.as_deref()), children),
                )
            }
            BlockKind::Rule => self.node("rule", span, [], Vec::new()),
            BlockKind::PageBreak => self.node("page-break", span, [], Vec::new()),
            BlockKind::Group(blocks) => self.node("group", span, [], self.blocks(blocks)),
            BlockKind::Stage(block) => self.parsed_block(block, span),
        };
        self.with_attrs(tree, &block.attrs)
    }

    fn parsed_block(&self, block: &ParsedBlock, span: Span) -> Tree {
        match block {
            ParsedBlock::Heading(heading) => {
                self.node("heading", span, [("level", json!(heading.level))], self.inlines(&heading.content))
            }
            ParsedBlock::Annex(annex) => {
                let children = self.parts(self.part("title", annex.title.as_deref()), self.blocks(&annex.blocks));
                self.node("annex", span, [], children)
            }
            ParsedBlock::Include { src, src_span: _ } => self.node("include", span, [("src", json!(src))], Vec::new()),
            ParsedBlock::Only { condition, blocks } => {
                let fields = [("audience", json!(condition.audience)), ("format", json!(condition.format))];
                self.node("only", span, fields, self.blocks(blocks))
            }
            ParsedBlock::DataTable(DataTable {
                src,
                src_span: _,
                delimiter: _,
                caption,
                header_columns,
                landscape,
            }) => {
                let fields = [
                    ("src", json!(src)),
                    ("header-columns", json!(header_columns)),
                    ("landscape", json!(landscape.then_some(true))),
                ];
                let caption = self.part("caption", caption.as_deref());
                self.node("data-table", span, fields, caption.into_iter().collect())
            }
            ParsedBlock::Chart(Chart { kind, stacked, src, src_span: _, delimiter: _, x, y, caption, alt }) => {
                let fields = [
                    ("kind", json!(kind)),
                    ("stacked", json!(stacked)),
                    ("src", json!(src)),
                    ("x", json!(x)),
                    ("y", json!(y)),
                    ("alt", json!(alt)),
                ];
                let caption = self.part("caption", caption.as_deref());
                self.node("chart", span, fields, caption.into_iter().collect())
            }
            ParsedBlock::Listing(kind) => self.node("listing", span, [("kind", json!(kind))], Vec::new()),
        }
    }

    fn row(&self, kind: &'static str, row: &Row<Parsed>) -> Tree {
        let cells = row.cells.iter().map(|cell| self.cell(cell)).collect();
        self.node(kind, row.span, [], cells)
    }

    fn cell(&self, cell: &Cell<Parsed>) -> Tree {
        let more_than_one = |count: u16| (count > 1).then_some(count);
        let fields = [
            ("scope", json!(cell.header)),
            ("colspan", json!(more_than_one(cell.colspan))),
            ("rowspan", json!(more_than_one(cell.rowspan))),
            ("align", json!(cell.align)),
        ];
        self.with_attrs(self.node("cell", cell.span, fields, self.blocks(&cell.blocks)), &cell.attrs)
    }

    fn inline(&self, inline: &Inline<Parsed>) -> Tree {
        let fields: Vec<Field> = match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => vec![("text", json!(text))],
            InlineKind::Math(math) => formula(math).into(),
            InlineKind::Abbreviation { expansion, .. } => vec![("expansion", json!(expansion))],
            InlineKind::Link { target, title, .. } => vec![("target", json!(target)), ("title", json!(title))],
            InlineKind::Image(image) => {
                vec![("src", json!(image.picture)), ("alt", json!(image.alt)), ("title", json!(image.title))]
            }
            InlineKind::Note(name) => vec![("name", json!(name))],
            InlineKind::Stage(ParsedInline::Reference { id, with_title }) => {
                vec![("to", json!(id)), ("with-title", json!(with_title.then_some(true)))]
            }
            InlineKind::Stage(ParsedInline::Citation(citations)) => {
                let entry = |Citation { key, prefix, locator, without_author, span: _ }: &Citation| {
                    let mut entry = json!({"key": key, "locator": locator});
                    if let Some(prefix) = prefix {
                        entry["prefix"] = json!(prefix);
                    }
                    if *without_author {
                        entry["without-author"] = json!(true);
                    }
                    entry
                };
                vec![("entries", citations.iter().map(entry).collect())]
            }
            InlineKind::Stage(ParsedInline::Variable(name)) => vec![("name", json!(name))],
            InlineKind::SoftBreak
            | InlineKind::LineBreak
            | InlineKind::Emphasis(_)
            | InlineKind::Strong(_)
            | InlineKind::Strikethrough(_)
            | InlineKind::Superscript(_)
            | InlineKind::Subscript(_)
            | InlineKind::Underline(_)
            | InlineKind::Highlight(_)
            | InlineKind::Inserted(_)
            | InlineKind::Deleted(_)
            | InlineKind::Small(_)
            | InlineKind::Quoted(_)
            | InlineKind::CitedTitle(_)
            | InlineKind::DefinedTerm(_)
            | InlineKind::Keyboard(_)
            | InlineKind::Span(_) => Vec::new(),
            InlineKind::Change { change, .. } => match *change {},
        };
        let tree = self.node(inline_name(&inline.kind), inline.span, fields, self.inlines(inline.kind.children()));
        self.with_attrs(tree, &inline.attrs)
    }
}

/// The span of blocks, or of what holds them where there are none.
fn joined(outer: Span, blocks: &[Block<Parsed>]) -> Span {
    match blocks.split_first() {
        Some((first, rest)) => rest.iter().fold(first.span, |span, block| span.to(block.span)),
        None => outer,
    }
}

/// A formula as it was written, and what it says in a line.
fn formula(formula: &Formula) -> [Field; 3] {
    [("source", json!(formula.source)), ("text", json!(linear(&formula.content))), ("alt", json!(formula.alt))]
}

fn inline_name(kind: &InlineKind<Parsed>) -> &'static str {
    match kind {
        InlineKind::Text(_) => "text",
        InlineKind::SoftBreak => "soft-break",
        InlineKind::LineBreak => "line-break",
        InlineKind::Code(_) => "code",
        InlineKind::Math(_) => "math",
        InlineKind::Emphasis(_) => "emphasis",
        InlineKind::Strong(_) => "strong",
        InlineKind::Strikethrough(_) => "strikethrough",
        InlineKind::Superscript(_) => "superscript",
        InlineKind::Subscript(_) => "subscript",
        InlineKind::Underline(_) => "underline",
        InlineKind::Highlight(_) => "highlight",
        InlineKind::Inserted(_) => "inserted",
        InlineKind::Deleted(_) => "deleted",
        InlineKind::Small(_) => "small",
        InlineKind::Quoted(_) => "quoted",
        InlineKind::CitedTitle(_) => "cited-title",
        InlineKind::DefinedTerm(_) => "defined-term",
        InlineKind::Keyboard(_) => "keyboard",
        InlineKind::Span(_) => "span",
        InlineKind::Abbreviation { .. } => "abbreviation",
        InlineKind::Link { .. } => "link",
        InlineKind::Image(_) => "image",
        InlineKind::Note(_) => "note",
        InlineKind::Change { change, .. } => match *change {},
        InlineKind::Stage(ParsedInline::Reference { .. }) => "reference",
        InlineKind::Stage(ParsedInline::Citation(_)) => "citation",
        InlineKind::Stage(ParsedInline::Variable(_)) => "variable",
    }
}
