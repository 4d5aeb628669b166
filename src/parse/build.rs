//! Makes blocks of directives and HTML elements once they are closed.

use super::attributes::{Attributes, Word};
use super::block::into_inlines;
use super::directive::Directive;
use super::elements::{self, BlockElement};
use super::flow::{Content, Flow};
use super::html::Tag;
use super::inline_token::InlineTokenKind;
use super::lower::Lowering;
use super::scan::Opening;
use super::table::{Grid, HtmlCell};
use crate::ast::{
    Annex, Attrs, Block, BlockKind, Chart, ChartKind, Condition, DataTable, Definition, Figure, Heading, Inline,
    InlineKind, List, ListItem, Node, Panel, PanelRole, Parsed, ParsedBlock, Table, UNNUMBERED,
};
use crate::diagnostic::{Code, Diagnostic, guess};
use crate::source::Span;

/// Parts of an HTML element that are no blocks themselves.
#[derive(Default)]
pub enum Parts {
    #[default]
    None,
    Items(Vec<ListItem<Parsed>>),
    Definitions(Vec<Definition<Parsed>>),
    Caption(Vec<Inline<Parsed>>),
    Grid(Box<Grid>),
    Cells(Vec<HtmlCell>),
}

impl Parts {
    fn items(self) -> Vec<ListItem<Parsed>> {
        match self {
            Parts::Items(items) => items,
            Parts::None | Parts::Definitions(_) | Parts::Caption(_) | Parts::Grid(_) | Parts::Cells(_) => Vec::new(),
        }
    }

    fn definitions(self) -> Vec<Definition<Parsed>> {
        match self {
            Parts::Definitions(definitions) => definitions,
            Parts::None | Parts::Items(_) | Parts::Caption(_) | Parts::Grid(_) | Parts::Cells(_) => Vec::new(),
        }
    }

    fn caption(self) -> Option<Vec<Inline<Parsed>>> {
        match self {
            Parts::Caption(caption) => Some(caption),
            Parts::None | Parts::Items(_) | Parts::Definitions(_) | Parts::Grid(_) | Parts::Cells(_) => None,
        }
    }

    fn grid(self) -> Box<Grid> {
        match self {
            Parts::Grid(grid) => grid,
            Parts::None | Parts::Items(_) | Parts::Definitions(_) | Parts::Caption(_) | Parts::Cells(_) => {
                Box::default()
            }
        }
    }

    fn cells(self) -> Vec<HtmlCell> {
        match self {
            Parts::Cells(cells) => cells,
            Parts::None | Parts::Items(_) | Parts::Definitions(_) | Parts::Caption(_) | Parts::Grid(_) => Vec::new(),
        }
    }
}

impl Lowering<'_> {
    /// The blocks a directive becomes.
    pub fn build_directive(
        &mut self,
        directive: Directive,
        opening: Opening,
        span: Span,
        blocks: Vec<Block<Parsed>>,
    ) -> Vec<Block<Parsed>> {
        let Opening { mut attributes, words, name, .. } = opening;
        let span = blocks.last().map_or(span, |last| span.to(last.span));
        let name = name.map(|name| name.text).unwrap_or_default();
        self.check_attributes(directive, &name, &attributes);
        let mut blocks = blocks;
        if let Some(words) = words {
            self.add_words(directive, words, &mut attributes, &mut blocks);
        }
        let kind = match directive {
            Directive::Panel(role) => {
                let title = self.inlines_of(&mut attributes, "title");
                BlockKind::Panel(Panel { role, title, label: (), blocks })
            }
            Directive::Admonition(kind) => {
                let title = self.inlines_of(&mut attributes, "title");
                attributes.classes.retain(|class| super::directive::admonition(&class.text).is_none());
                attributes.pairs.clear();
                BlockKind::Admonition { kind, title, blocks }
            }
            Directive::Figure => {
                let caption = self.inlines_of(&mut attributes, "caption");
                return vec![figure(caption, blocks, attributes.into_attrs(), span)];
            }
            Directive::Table if attributes.pairs.iter().any(|(key, _)| key.text == "src") => {
                let caption = self.inlines_of(&mut attributes, "caption");
                let header_columns = self.header_columns(&mut attributes);
                let landscape = self.landscape(&mut attributes);
                let delimiter = self.delimiter(&mut attributes);
                let Some(src) = self.needed(&mut attributes, "src", &name, span) else { return blocks };
                let table =
                    DataTable { src: src.text, src_span: src.span, delimiter, caption, header_columns, landscape };
                BlockKind::Stage(ParsedBlock::DataTable(table))
            }
            Directive::Table => return self.table_directive(attributes, blocks, span),
            Directive::Annex => {
                let title = self.inlines_of(&mut attributes, "title");
                BlockKind::Stage(ParsedBlock::Annex(Annex { title, blocks }))
            }
            Directive::Chart => {
                let Some(chart) = self.chart(&mut attributes, &name, span) else { return blocks };
                BlockKind::Stage(ParsedBlock::Chart(chart))
            }
            Directive::Include => {
                let Some(src) = self.needed(&mut attributes, "src", &name, span) else { return blocks };
                BlockKind::Stage(ParsedBlock::Include { src: src.text, src_span: src.span })
            }
            Directive::Only => {
                let condition = condition(&mut attributes, span);
                BlockKind::Stage(ParsedBlock::Only { condition, blocks })
            }
            Directive::PageBreak => BlockKind::PageBreak,
            Directive::Listing(kind) => BlockKind::Stage(ParsedBlock::Listing(kind)),
            Directive::Quote => {
                let attribution = self.inlines_of(&mut attributes, "attribution");
                BlockKind::Quote { blocks, attribution }
            }
            Directive::Group | Directive::Tab | Directive::Unknown => BlockKind::Group(blocks),
        };
        vec![Node { kind, span, attrs: attributes.into_attrs() }]
    }

    /// Words behind a directive's name: the value of the attribute that they stand for, else
    /// a paragraph before the others.
    fn add_words(
        &mut self,
        directive: Directive,
        words: Word,
        attributes: &mut Attributes,
        blocks: &mut Vec<Block<Parsed>>,
    ) {
        match directive.words_attribute().filter(|key| !attributes.pairs.iter().any(|(name, _)| name.text == *key)) {
            Some(key) => {
                let key = Word { text: key.to_owned(), span: words.span };
                attributes.pairs.push((key, Some(words)));
            }
            // An unknown directive, or a tab, was already reported.
            None if matches!(directive, Directive::Unknown | Directive::Tab) => {
                let content = self.fragment(&words.text, words.span);
                let strong = Node::new(InlineKind::Strong(content), words.span);
                blocks.insert(0, Node::new(BlockKind::Paragraph(vec![strong].into()), words.span));
            }
            None => {
                // No word is lost, though it is not in its place.
                let message = "words behind a directive's name stand in braces";
                self.diagnostics
                    .push(Diagnostic::new(Code::BadAttributes, words.span, message).hint("write `{key=\"value\"}`"));
                let content = self.fragment(&words.text, words.span);
                blocks.insert(0, Node::new(BlockKind::Paragraph(content.into()), words.span));
            }
        }
    }

    /// Warns of attributes that a directive does not take.
    fn check_attributes(&mut self, directive: Directive, name: &str, attributes: &Attributes) {
        if !matches!(directive, Directive::Unknown | Directive::Group) {
            self.check_keys(&format!("`{name}`"), directive.attributes(), attributes);
        }
    }

    /// Warns of attributes that mean nothing where they are.
    pub fn check_keys(&mut self, bearer: &str, known: &[&'static str], attributes: &Attributes) {
        const COMMON: [&str; 3] = ["lang", "id", "class"];
        let known = || known.iter().chain(&COMMON).copied();
        let mut seen: Vec<&str> = attributes.id.iter().map(|_| "id").collect();
        for (key, value) in &attributes.pairs {
            if key.text != "class" && seen.contains(&key.text.as_str()) {
                let message = format!("`{}` is given twice, and counts once", key.text);
                let problem = Diagnostic::new(Code::BadAttributes, key.span, message);
                self.diagnostics.push(problem.hint("take one of the two out"));
            }
            seen.push(&key.text);
            let value = value.as_ref().map_or("", |value| value.text.as_str());
            if known().any(|known| known == key.text) || super::audience_guard::is_condition(&key.text, value) {
                continue;
            }
            let message = format!("{bearer} takes no attribute `{}`", key.text);
            let hint = match key.text.as_str() {
                "alt" | "fig-alt" => "the words in the square brackets are the alternative text".to_owned(),
                "caption" | "fig-cap" | "title" => {
                    "a title stands behind the address: `(address \"Title\")`".to_owned()
                }
                _ => format!("known are {}", known().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")),
            };
            let problem = Diagnostic::new(Code::UnknownAttribute, key.span, message).hint(hint);
            self.diagnostics.push(problem.guess(guess(&key.text, known())));
        }
    }

    fn inlines_of(&mut self, attributes: &mut Attributes, key: &str) -> Option<Vec<Inline<Parsed>>> {
        let word = attributes.take(key).filter(|word| !word.text.trim().is_empty())?;
        Some(self.fragment(&word.text, word.span))
    }

    fn needed(&mut self, attributes: &mut Attributes, key: &str, name: &str, span: Span) -> Option<Word> {
        let word = attributes.take(key).filter(|word| !word.text.is_empty());
        if word.is_none() {
            let span = self.first_line(span);
            let message = format!("`:::{name}` needs the attribute `{key}`");
            self.diagnostics.push(
                Diagnostic::new(Code::MissingAttribute, span, message).hint(format!("write `:::{name} {{{key}=…}}`")),
            );
        }
        word
    }

    fn wrong_value(&mut self, word: &Word, takes: &str) {
        let message = format!("`{}` is not allowed here: {takes}", word.text);
        self.diagnostics.push(
            Diagnostic::new(Code::InvalidValue, word.span, message)
                .hint("correct the value, or take the attribute out"),
        );
    }

    fn header_columns(&mut self, attributes: &mut Attributes) -> u16 {
        let Some(word) = attributes.take("header-columns") else { return 0 };
        word.text.parse().unwrap_or_else(|_| {
            self.wrong_value(&word, "`header-columns` takes a number of columns");
            0
        })
    }

    /// Reads the separator of a CSV file.
    fn delimiter(&mut self, attributes: &mut Attributes) -> Option<char> {
        let word = attributes.take("delimiter")?;
        let mark = match word.text.as_str() {
            "tab" | "\\t" | "\t" => Some('\t'),
            "comma" => Some(','),
            "semicolon" => Some(';'),
            other => other.parse().ok().filter(|mark: &char| mark.is_ascii() && !matches!(mark, '"' | '\n' | '\r')),
        };
        if mark.is_none() {
            self.wrong_value(&word, "`delimiter` takes one character, or `tab`");
        }
        mark
    }

    fn landscape(&mut self, attributes: &mut Attributes) -> bool {
        let Some(word) = attributes.take("orientation") else { return false };
        match word.text.as_str() {
            "landscape" => true,
            "portrait" => false,
            _ => {
                self.wrong_value(&word, "`orientation` takes `landscape` or `portrait`");
                false
            }
        }
    }

    /// The condition of `:::only`, for what is defined inside it.
    pub fn condition(&mut self, opening: &Opening, span: Span) -> Condition {
        let mut attributes = opening.attributes.clone();
        let given = attributes.pairs.iter().any(|(key, _)| key.text == "audience");
        let condition = condition(&mut attributes, span);
        let unknown =
            attributes.pairs.iter().map(|(key, _)| key).find(|key| !matches!(key.text.as_str(), "lang" | "id"));
        if let Some(key) = unknown {
            self.not_for_all(key.span, format!("`:::only` takes no attribute `{}`", key.text));
        } else if given && condition.audience.is_empty() && !condition.format.is_empty() {
            self.not_for_all(span, "`audience` names nobody here");
        }
        if condition.audience.is_empty() && condition.format.is_empty() {
            let message = "`:::only` needs the attribute `audience` or `format`";
            self.diagnostics.push(
                Diagnostic::new(Code::MissingAttribute, span, message)
                    .hint("write `:::only {audience=internal}` or `:::only {format=pdf}`"),
            );
        }
        for format in &condition.format {
            let known = crate::format::Format::NAMED.map(crate::format::Format::name);
            if !known.contains(&format.as_str()) {
                let near = guess(format, known);
                let message = format!("`{format}` is not a format");
                self.diagnostics.push(Diagnostic::new(Code::InvalidValue, span, message).guess(near));
            }
        }
        condition
    }

    fn chart(&mut self, attributes: &mut Attributes, name: &str, span: Span) -> Option<Chart> {
        let kind = match attributes.take("type") {
            None => ChartKind::Bar,
            Some(word) => match word.text.as_str() {
                "bar" => ChartKind::Bar,
                "line" => ChartKind::Line,
                _ => {
                    self.wrong_value(&word, "`type` takes `bar` or `line`");
                    ChartKind::Bar
                }
            },
        };
        let stacked = attributes.take("stacked").is_some_and(|word| !matches!(word.text.as_str(), "no" | "false"));
        let caption = self.inlines_of(attributes, "caption");
        let alt = attributes.take("alt").map(|word| word.text);
        let y = attributes.take("y").map(|word| list(&word.text)).unwrap_or_default();
        let delimiter = self.delimiter(attributes);
        let src = self.needed(attributes, "src", name, span);
        let x = self.needed(attributes, "x", name, span);
        let (src, x) = (src?, x?.text);
        Some(Chart { kind, stacked, src: src.text, src_span: src.span, delimiter, x, y, caption, alt })
    }

    /// Builds a table and the other content of its directive.
    fn table_directive(
        &mut self,
        mut attributes: Attributes,
        mut blocks: Vec<Block<Parsed>>,
        span: Span,
    ) -> Vec<Block<Parsed>> {
        let caption = self.inlines_of(&mut attributes, "caption");
        let header_columns = usize::from(self.header_columns(&mut attributes));
        let landscape = self.landscape(&mut attributes);
        let attrs = attributes.into_attrs();
        let found = blocks.iter_mut().find_map(|block| match &mut block.kind {
            BlockKind::Table(table) => Some((table, &mut block.attrs, &mut block.span)),
            _ => None,
        });
        let Some((table, own, place)) = found else {
            let line = self.first_line(span);
            self.diagnostics.push(
                Diagnostic::new(Code::MissingAttribute, line, "`:::table` holds no table")
                    .hint("put a table into it, or name a CSV file: `{src=data.csv}`"),
            );
            blocks.insert(0, Node { kind: BlockKind::Paragraph(caption.unwrap_or_default().into()), span, attrs });
            return blocks;
        };
        *place = span;
        table.caption = caption.or(table.caption.take());
        table.landscape = landscape;
        super::table::head_columns(table, header_columns);
        merge(own, attrs);
        blocks
    }

    /// Gives the content of an HTML element to its container.
    pub fn build_element(&mut self, element: BlockElement, tag: Tag, mut content: Content, flow: &mut Flow) {
        use BlockElement as B;
        let attrs = elements::attrs(&tag);
        if element == B::Preformatted {
            return self.preformatted_block(&tag, attrs, content, flow);
        }
        self.flush(&mut content);
        let Content { blocks, parts, .. } = content;
        let span = blocks.last().map_or(tag.span, |last| tag.span.to(last.span));
        match element {
            B::Paragraph => self.paragraph_element(tag, attrs, blocks, span, flow),
            B::Heading(level) => self.add_heading(level, attrs, blocks, span, flow),
            B::Group if tag.name == "details" && !blocks.iter().any(holds_heading) => {
                let (title, blocks) = disclosed(blocks);
                let mut attrs = attrs;
                attrs.edit().classes.push(UNNUMBERED.to_owned());
                let panel = Panel { role: PanelRole::Box, title, label: (), blocks };
                self.add_block(flow, Node { kind: BlockKind::Panel(panel), span, attrs });
            }
            B::Group => self.add_group(attrs, blocks, span, flow),
            B::Quote => {
                let kind = BlockKind::Quote { blocks, attribution: None };
                self.add_block(flow, Node { kind, span, attrs });
            }
            B::List => {
                let (list, span) = list_and_span(&tag, parts.items(), blocks, span);
                self.add_block(flow, Node { kind: BlockKind::List(list.into()), span, attrs });
            }
            B::Item => add_item(flow.element(B::List), attrs, blocks, span),
            B::Definitions => {
                let mut definitions = parts.definitions();
                if !blocks.is_empty() {
                    definitions.push(Definition { terms: Vec::new(), details: vec![blocks], span });
                }
                let span = definitions.last().map_or(span, |last| span.to(last.span));
                self.add_block(flow, Node { kind: BlockKind::Definitions(definitions), span, attrs });
            }
            B::Term => add_term(flow.element(B::Definitions), attrs, blocks, span),
            B::Details => add_details(flow.element(B::Definitions), blocks, span),
            B::Table => {
                // Words between a table's parts are before it, as browsers have it.
                blocks.into_iter().for_each(|block| self.add_block(flow, block));
                let grid = *parts.grid();
                let span = grid.end().map_or(span, |end| span.to(end));
                let table: Table<Parsed> = grid.into_table();
                if !table.columns.is_empty() || table.caption.is_some() {
                    self.add_block(flow, Node { kind: BlockKind::Table(table.into()), span, attrs });
                }
            }
            B::Head | B::Body => {
                // Rows went to the table by themselves; words are moved on to it.
                flow.top().blocks.extend(blocks);
            }
            B::Row => {
                let in_head = flow.in_head();
                add_row(flow.element(B::Table), parts.cells(), blocks, span, in_head);
            }
            B::HeaderCell | B::DataCell => {
                let cell = HtmlCell::new(element, &tag, attrs, blocks, span);
                add_cell(flow.element(B::Row), cell);
            }
            B::Caption => {
                let outer = flow.element(B::Table);
                let mut grid = std::mem::take(&mut outer.parts).grid();
                let (caption, others) = into_inlines(blocks);
                grid.caption = Some(caption);
                outer.blocks.extend(others);
                outer.parts = Parts::Grid(grid);
            }
            B::FigureCaption => {
                let (caption, others) = into_inlines(blocks);
                let outer = flow.element(B::Figure);
                outer.blocks.extend(others);
                outer.parts = Parts::Caption(caption);
            }
            B::Figure => self.add_block(flow, figure(parts.caption(), blocks, attrs, span)),
            B::Preformatted => {}
        }
    }

    fn add_heading(&mut self, level: u8, attrs: Attrs, blocks: Vec<Block<Parsed>>, span: Span, flow: &mut Flow) {
        let (content, others) = into_inlines(blocks);
        if self.count_heading(span) {
            let kind = BlockKind::Stage(ParsedBlock::Heading(Heading { level, content: content.into() }));
            self.add_block(flow, Node { kind, span, attrs });
        }
        others.into_iter().for_each(|block| self.add_block(flow, block));
    }

    fn paragraph_element(&mut self, tag: Tag, attrs: Attrs, blocks: Vec<Block<Parsed>>, span: Span, flow: &mut Flow) {
        let mut blocks = blocks;
        if tag.name == "summary" {
            let (content, others) = into_inlines(blocks);
            let strong = Node::new(InlineKind::Strong(content), span);
            self.add_block(flow, Node { kind: BlockKind::Paragraph(vec![strong].into()), span, attrs });
            return others.into_iter().for_each(|block| self.add_block(flow, block));
        }
        if let [block] = blocks.as_mut_slice()
            && matches!(block.kind, BlockKind::Paragraph(_))
        {
            block.attrs = attrs;
            block.span = span;
        } else if blocks.is_empty() && attrs.id().is_some() {
            self.add_block(flow, Node { kind: BlockKind::Paragraph(Vec::new().into()), span, attrs });
            return;
        } else {
            return self.add_group(attrs, blocks, span, flow);
        }
        blocks.into_iter().for_each(|block| self.add_block(flow, block));
    }

    fn add_group(&mut self, attrs: Attrs, blocks: Vec<Block<Parsed>>, span: Span, flow: &mut Flow) {
        if attrs.is_empty() {
            blocks.into_iter().for_each(|block| self.add_block(flow, block));
        } else {
            self.add_block(flow, Node { kind: BlockKind::Group(blocks), span, attrs });
        }
    }

    fn preformatted_block(&mut self, tag: &Tag, attrs: Attrs, content: Content, flow: &mut Flow) {
        let mut text = String::new();
        let (inlines, others) = into_inlines(content.blocks);
        if !inlines.is_empty() {
            text.push_str(&crate::ast::plain_text(&inlines));
            text.push('\n');
        }
        let mut span = tag.span;
        let mut language = None;
        for piece in content.pieces {
            span = span.to(piece.span);
            match piece.kind {
                InlineTokenKind::Text(part) | InlineTokenKind::Decoded(part) => text.push_str(&part),
                InlineTokenKind::Inline(inline) if inline.kind == InlineKind::LineBreak => text.push('\n'),
                InlineTokenKind::Inline(inline) => text.push_str(&crate::ast::plain_text(&[*inline])),
                InlineTokenKind::Open(_, inner) => {
                    let class = inner.get("class").and_then(|class| class.strip_prefix("language-"));
                    language = language.or_else(|| class.map(str::to_owned));
                }
                InlineTokenKind::Close(_) => {}
            }
        }
        let text = text.strip_prefix('\n').unwrap_or(&text).trim_end_matches('\n').to_owned();
        self.add_block(flow, Node { kind: BlockKind::Code { language, text }, span, attrs });
        others.into_iter().for_each(|block| self.add_block(flow, block));
    }
}

fn condition(attributes: &mut Attributes, span: Span) -> Condition {
    let mut names = |key: &str| attributes.take(key).map(|word| list(&word.text)).unwrap_or_default();
    Condition { audience: names("audience"), format: names("format"), span }
}

/// The words of a `<summary>`, which come first and in strong type, and what
/// they are shown for.
fn disclosed(mut blocks: Vec<Block<Parsed>>) -> (Option<Vec<Inline<Parsed>>>, Vec<Block<Parsed>>) {
    let summary = match blocks.first_mut().map(|block| &mut block.kind) {
        Some(BlockKind::Paragraph(content)) => match content.as_mut_slice() {
            [Node { kind: InlineKind::Strong(words), .. }] => Some(std::mem::take(words)),
            _ => None,
        },
        _ => None,
    };
    if summary.is_some() {
        blocks.remove(0);
    }
    (summary.filter(|words| !words.is_empty()), blocks)
}

fn holds_heading(block: &Block<Parsed>) -> bool {
    match &block.kind {
        BlockKind::Stage(ParsedBlock::Heading(_) | ParsedBlock::Annex(_)) => true,
        BlockKind::Group(blocks) => blocks.iter().any(holds_heading),
        _ => false,
    }
}

/// Names with commas or spaces between them.
fn list(text: &str) -> Vec<String> {
    text.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Builds a figure from the content of its directive or element. The picture's title, or else the
/// paragraph after it, is the caption.
fn figure(
    caption: Option<Vec<Inline<Parsed>>>,
    blocks: Vec<Block<Parsed>>,
    mut attrs: Attrs,
    span: Span,
) -> Block<Parsed> {
    let mut caption = caption;
    let mut inner = Vec::new();
    for block in blocks {
        match block.kind {
            BlockKind::Figure(mut figure) if caption.is_none() || figure.caption.is_none() => {
                caption = caption.or(figure.caption);
                if attrs.is_empty() {
                    attrs = block.attrs;
                } else if let Some(first) = figure.blocks.first_mut() {
                    first.attrs = block.attrs;
                }
                inner.extend(figure.blocks);
            }
            BlockKind::Paragraph(content) if caption.is_none() && !inner.is_empty() && block.attrs.is_empty() => {
                caption = Some(content.into_inner());
            }
            _ => inner.push(block),
        }
    }
    Node { kind: BlockKind::Figure(Figure { caption, label: (), blocks: inner }), span, attrs }
}

/// Adds attributes to those a node has; the new ones come first.
fn merge(own: &mut Attrs, new: Attrs) {
    if new.is_empty() {
        return;
    }
    let before = std::mem::replace(own, new);
    if let Some(before) = before.list() {
        let list = own.edit();
        list.id = list.id.take().or_else(|| before.id.clone());
        list.lang = list.lang.take().or_else(|| before.lang.clone());
        list.classes.extend(before.classes.iter().cloned());
        list.pairs.extend(before.pairs.iter().cloned());
    }
}

/// A list and its place; blocks that are in no item are the last one.
fn list_and_span(
    tag: &Tag,
    items: Vec<ListItem<Parsed>>,
    blocks: Vec<Block<Parsed>>,
    span: Span,
) -> (List<Parsed>, Span) {
    let mut items = items;
    if !blocks.is_empty() {
        items.push(ListItem { task: None, blocks, span, attrs: Attrs::default() });
    }
    let span = items.last().map_or(span, |last| span.to(last.span));
    let tight = items.iter().all(|item| paragraphs(&item.blocks) <= 1);
    (List { marker: elements::list_marker(tag), tight, items }, span)
}

/// Adds an item to its list; what was before it there is an item of its own.
fn add_item(list: &mut Content, attrs: Attrs, blocks: Vec<Block<Parsed>>, span: Span) {
    let before = std::mem::take(&mut list.blocks);
    let mut items = std::mem::take(&mut list.parts).items();
    if let Some(first) = before.first() {
        let place = first.span;
        items.push(ListItem { task: None, blocks: before, span: place, attrs: Attrs::default() });
    }
    items.push(ListItem { task: None, blocks, span, attrs });
    list.parts = Parts::Items(items);
}

/// Adds a term to its list of definitions; after details it starts a new one.
fn add_term(list: &mut Content, attrs: Attrs, blocks: Vec<Block<Parsed>>, span: Span) {
    let mut definitions = std::mem::take(&mut list.parts).definitions();
    if definitions.last().is_none_or(|last| !last.details.is_empty()) {
        definitions.push(Definition { terms: Vec::new(), details: Vec::new(), span });
    }
    if let Some(last) = definitions.last_mut() {
        last.span = last.span.to(span);
        let (inlines, others) = into_inlines(blocks);
        if !others.is_empty() {
            last.details.push(others);
        }
        // The term's id is kept on a span of its words.
        let inlines =
            if attrs.is_empty() { inlines } else { vec![Node { kind: InlineKind::Span(inlines), span, attrs }] };
        last.terms.push(inlines);
    }
    list.parts = Parts::Definitions(definitions);
}

/// Adds what a term means to its list of definitions.
fn add_details(list: &mut Content, blocks: Vec<Block<Parsed>>, span: Span) {
    let mut definitions = std::mem::take(&mut list.parts).definitions();
    if definitions.is_empty() {
        definitions.push(Definition { terms: Vec::new(), details: Vec::new(), span });
    }
    if let Some(last) = definitions.last_mut() {
        last.span = last.span.to(span);
        last.details.push(blocks);
    }
    list.parts = Parts::Definitions(definitions);
}

/// Adds a cell to its row.
fn add_cell(row: &mut Content, cell: HtmlCell) {
    let mut cells = std::mem::take(&mut row.parts).cells();
    cells.push(cell);
    row.parts = Parts::Cells(cells);
}

/// Adds a row to its table; words between cells are the table's.
fn add_row(table: &mut Content, cells: Vec<HtmlCell>, blocks: Vec<Block<Parsed>>, span: Span, in_head: bool) {
    let span = cells.last().map_or(span, |last| span.to(last.cell.span));
    table.blocks.extend(blocks);
    let mut grid = std::mem::take(&mut table.parts).grid();
    if !cells.is_empty() {
        grid.add_row(cells, span, in_head);
    }
    table.parts = Parts::Grid(grid);
}

fn paragraphs(blocks: &[Block<Parsed>]) -> usize {
    blocks.iter().filter(|block| matches!(block.kind, BlockKind::Paragraph(_))).count()
}
