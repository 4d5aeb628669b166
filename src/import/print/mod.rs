//! A document as a source in our language: the words as they are, with the escapes that
//! Markdown needs and no more.

mod inline;
mod metadata;
mod table;

use crate::ast::{
    Annex, Attrs, Block, BlockKind, Chart, ChartKind, DataTable, Definition, Document, Figure, Heading, Inline,
    InlineKind, List, ListItem, ListMarker, NumberStyle, Panel, Parsed, ParsedBlock,
};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A source that was printed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Printed {
    /// The whole source.
    pub text: String,
    /// The byte at which each block starts, by the start of its span.
    pub places: BTreeMap<u32, usize>,
}

/// Prints a document.
pub fn print(document: &Document) -> Printed {
    let mut printer = Printer::default();
    printer.printed.text = metadata::front_matter(&document.metadata);
    printer.blocks(&document.blocks);
    for note in &document.notes {
        printer.blank();
        printer.place(note.span.start);
        // A block that is no paragraph starts on a new line.
        let is_paragraph = matches!(note.blocks.first().map(|block| &block.kind), Some(BlockKind::Paragraph(_)));
        let first = format!("[^{}]: ", note.name);
        printer.within(&first, "    ", |printer| {
            if !is_paragraph {
                printer.line("");
            }
            printer.blocks(&note.blocks);
        });
    }
    for abbreviation in &document.abbreviations {
        printer.blank();
        printer.line(&format!("*[{}]: {}", abbreviation.short, abbreviation.expansion));
    }
    printer.printed
}

/// Inlines as one line.
pub fn line(content: &[Inline<Parsed>]) -> String {
    inline::line(content)
}

/// Words as Markdown that says just them.
pub fn plain(words: &str) -> String {
    let span = crate::source::Span::default();
    inline::line(&[Inline::new(InlineKind::Text(words.to_owned()), span)])
}

/// Prefixes of a container's lines, and of its first line.
struct Prefix {
    first: Option<String>,
    rest: String,
}

#[derive(Default)]
struct Printer {
    printed: Printed,
    prefixes: Vec<Prefix>,
    /// Whether a line was written since the container began.
    started: bool,
}

impl Printer {
    fn place(&mut self, serial: u32) {
        let at = self.printed.text.len();
        self.printed.places.entry(serial).or_insert(at);
    }

    /// A line, after the prefixes of its containers.
    fn line(&mut self, line: &str) {
        let mut start = String::new();
        for prefix in &mut self.prefixes {
            start.push_str(&prefix.first.take().unwrap_or_else(|| prefix.rest.clone()));
        }
        let text = &mut self.printed.text;
        if line.is_empty() {
            text.push_str(start.trim_end());
        } else {
            text.push_str(&start);
            text.push_str(line);
        }
        text.push('\n');
        self.started = true;
    }

    /// An empty line between blocks.
    fn blank(&mut self) {
        if self.started {
            self.line("");
        } else if self.prefixes.is_empty() && !self.printed.text.is_empty() {
            self.printed.text.push('\n');
            self.started = true;
        }
    }

    /// Prints inside a container.
    fn within(&mut self, first: &str, rest: &str, print: impl FnOnce(&mut Self)) {
        self.prefixes.push(Prefix { first: Some(first.to_owned()), rest: rest.to_owned() });
        let before = std::mem::replace(&mut self.started, false);
        print(self);
        if !self.started {
            self.line("");
        }
        self.prefixes.pop();
        self.started = before || self.started;
    }

    fn blocks(&mut self, blocks: &[Block<Parsed>]) {
        let mut other_marker = false;
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 || self.prefixes.is_empty() {
                self.blank();
            }
            // Two lists that meet would be one.
            let before = index.checked_sub(1).and_then(|before| blocks.get(before));
            other_marker = match (before.map(|before| &before.kind), &block.kind) {
                (Some(BlockKind::List(before)), BlockKind::List(list)) if same_kind(before.marker, list.marker) => {
                    !other_marker
                }
                _ => false,
            };
            self.block(block, other_marker);
        }
    }

    fn block(&mut self, block: &Block<Parsed>, other_marker: bool) {
        self.place(block.span.start);
        match &block.kind {
            BlockKind::Paragraph(content) => self.paragraph(content),
            BlockKind::List(list) => self.list(list, other_marker),
            BlockKind::Definitions(definitions) => self.definitions(definitions),
            BlockKind::Quote { blocks, attribution: None } => {
                self.within("> ", "> ", |printer| printer.blocks(blocks));
            }
            BlockKind::Quote { blocks, attribution: Some(attribution) } => {
                self.directive("quote", &block.attrs, &[("attribution", Some(attribution))], blocks);
            }
            BlockKind::Code { language, text } => self.code(language.as_deref().unwrap_or_default(), text),
            BlockKind::Admonition { kind, title, blocks } => {
                self.directive(kind.name(), &block.attrs, &[("title", title.as_ref())], blocks);
            }
            BlockKind::Panel(Panel { role, title, label: (), blocks }) => {
                self.directive(role.name(), &block.attrs, &[("title", title.as_ref())], blocks);
            }
            BlockKind::Figure(figure) => self.figure(figure, &block.attrs),
            BlockKind::Table(table) => self.table(table, &block.attrs),
            BlockKind::Equation(equation) => {
                let alt = equation.formula.alt.as_deref().map(|alt| ("alt", alt));
                let attributes = inline::attributes(&block.attrs, &alt.into_iter().collect::<Vec<_>>());
                let info = if attributes.is_empty() { "math".to_owned() } else { format!("math {attributes}") };
                self.code(&info, &equation.formula.source);
            }
            BlockKind::Rule => self.line("***"),
            BlockKind::PageBreak => self.line(":::pagebreak"),
            BlockKind::Group(blocks) if block.attrs.is_empty() => self.blocks(blocks),
            BlockKind::Group(blocks) => self.directive("group", &block.attrs, &[], blocks),
            BlockKind::Stage(stage) => self.stage(stage, &block.attrs),
        }
    }

    fn stage(&mut self, block: &ParsedBlock, attrs: &Attrs) {
        match block {
            ParsedBlock::Heading(heading) => self.heading(heading, attrs),
            ParsedBlock::Annex(Annex { title, blocks }) => {
                self.directive("annex", attrs, &[("title", title.as_ref())], blocks);
            }
            ParsedBlock::Include { src, src_span: _ } => {
                self.line(&format!(":::include {{src={}}}", inline::quoted(src)));
            }
            ParsedBlock::Only { condition, blocks } => {
                let words = [("audience", condition.audience.join(",")), ("format", condition.format.join(","))];
                let given: Vec<_> = words
                    .iter()
                    .filter(|(_, value)| !value.is_empty())
                    .map(|(key, value)| (*key, value.as_str()))
                    .collect();
                self.fenced("only", &inline::attributes(attrs, &given), blocks);
            }
            ParsedBlock::DataTable(table) => self.data_table(table, attrs),
            ParsedBlock::Chart(chart) => self.chart(chart, attrs),
            ParsedBlock::Listing(kind) => self.line(&format!(":::{}", kind.name())),
        }
    }

    fn data_table(&mut self, table: &DataTable, attrs: &Attrs) {
        let caption = table.caption.as_ref().map(|caption| inline::line(caption));
        let columns = table.header_columns.to_string();
        let mut pairs = vec![("src", table.src.as_str())];
        pairs.extend(caption.as_deref().map(|caption| ("caption", caption)));
        pairs.extend((table.header_columns > 0).then_some(("header-columns", columns.as_str())));
        pairs.extend(table.landscape.then_some(("orientation", "landscape")));
        self.line(&format!(":::table {}", inline::attributes(attrs, &pairs)));
    }

    fn chart(&mut self, chart: &Chart, attrs: &Attrs) {
        let caption = chart.caption.as_ref().map(|caption| inline::line(caption));
        let columns = chart.y.join(",");
        let kind = match chart.kind {
            ChartKind::Bar => "bar",
            ChartKind::Line => "line",
        };
        let mut pairs = vec![("type", kind), ("src", chart.src.as_str()), ("x", chart.x.as_str())];
        pairs.extend((!columns.is_empty()).then_some(("y", columns.as_str())));
        pairs.extend(caption.as_deref().map(|caption| ("caption", caption)));
        pairs.extend(chart.alt.as_deref().map(|alt| ("alt", alt)));
        pairs.extend(chart.stacked.then_some(("stacked", "true")));
        self.line(&format!(":::chart {}", inline::attributes(attrs, &pairs)));
    }

    fn paragraph(&mut self, content: &[Inline<Parsed>]) {
        for line in inline::lines(content, inline::Where::Text).lines() {
            self.line(line);
        }
    }

    fn heading(&mut self, heading: &Heading, attrs: &Attrs) {
        let marks = "#".repeat(usize::from(heading.level.clamp(1, 6)));
        let words = inline::line(&heading.content);
        // Number signs at its end would close it.
        let kept = words.trim_end_matches('#');
        let closing = words.len() - kept.len();
        let words = format!("{kept}{}", "\\#".repeat(closing));
        let attributes = inline::attributes(attrs, &[]);
        self.line([marks.as_str(), &words, &attributes].join(" ").trim_end());
    }

    fn code(&mut self, info: &str, text: &str) {
        let longest = |fence: char| text.split(|c| c != fence).map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest('`').max(2) + 1);
        self.line(&format!("{fence}{info}"));
        text.trim_end_matches('\n').split('\n').for_each(|line| self.line(line));
        self.line(&fence);
    }

    fn figure(&mut self, figure: &Figure<Parsed>, attrs: &Attrs) {
        let alone = match figure.blocks.as_slice() {
            [Block { kind: BlockKind::Paragraph(content), .. }] => match content.as_slice() {
                [picture] => match &picture.kind {
                    InlineKind::Image(image) => Some((image, picture)),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let caption = figure.caption.as_deref();
        // A title has no signs for what is only a sign.
        let plain = caption.is_none_or(
            |caption| matches!(caption, [Inline { kind: InlineKind::Text(text), attrs, .. }] if attrs.is_empty() && inline::line(caption) == *text),
        );
        if let Some((image, picture)) = alone.filter(|_| plain) {
            let caption = caption.map(crate::ast::plain_text).or_else(|| image.title.clone());
            let together = inline::joined(attrs, &picture.attrs);
            return self.line(&inline::image(image, caption.as_deref(), &together));
        }
        self.directive("figure", attrs, &[("caption", figure.caption.as_ref())], &figure.blocks);
    }

    /// A directive with inlines among its attributes.
    fn directive(
        &mut self,
        name: &str,
        attrs: &Attrs,
        words: &[(&'static str, Option<&Vec<Inline<Parsed>>>)],
        blocks: &[Block<Parsed>],
    ) {
        let words: Vec<(&str, String)> =
            words.iter().filter_map(|(key, content)| Some((*key, inline::line((*content)?)))).collect();
        let pairs: Vec<(&str, &str)> = words.iter().map(|(key, words)| (*key, words.as_str())).collect();
        self.fenced(name, &inline::attributes(attrs, &pairs), blocks);
    }

    /// A directive round blocks, with more colons than those in them.
    fn fenced(&mut self, name: &str, attributes: &str, blocks: &[Block<Parsed>]) {
        let colons = ":".repeat(3 + depth(blocks));
        self.line(format!("{colons}{name} {attributes}").trim_end());
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 {
                self.blank();
            }
            self.block(block, false);
        }
        self.line(&colons);
    }

    fn list(&mut self, list: &List<Parsed>, other_marker: bool) {
        let (mut number, style) = match list.marker {
            ListMarker::Bullet | ListMarker::Plain => (0, None),
            ListMarker::Ordered { start, style } => (start, Some(style)),
        };
        let is_plain = list.marker == ListMarker::Plain;
        if is_plain || style.is_some_and(|style| style != NumberStyle::Decimal) {
            return self.html_list(list);
        }
        for (index, item) in list.items.iter().enumerate() {
            if index > 0 && !list.tight {
                self.blank();
            }
            let marker = match (style, other_marker) {
                (None, false) => "- ".to_owned(),
                (None, true) => "* ".to_owned(),
                (Some(_), false) => format!("{number}. "),
                (Some(_), true) => format!("{number}) "),
            };
            number = number.saturating_add(1);
            let rest = " ".repeat(marker.len());
            self.within(&marker, &rest, |printer| printer.item(item, list.tight));
        }
    }

    fn item(&mut self, item: &ListItem<Parsed>, tight: bool) {
        self.place(item.span.start);
        let task = item.task.map(|done| if done { "[x] " } else { "[ ] " });
        let mut blocks = item.blocks.iter();
        if let Some(task) = task {
            match item.blocks.first().map(|block| &block.kind) {
                Some(BlockKind::Paragraph(content)) => {
                    blocks.next();
                    let lines = inline::lines(content, inline::Where::Text);
                    format!("{task}{lines}").lines().for_each(|line| self.line(line));
                }
                _ => self.line(task.trim_end()),
            }
        }
        for (index, block) in blocks.enumerate() {
            if (index > 0 || task.is_some()) && !(tight && interrupts(block)) {
                self.blank();
            }
            self.block(block, false);
        }
    }

    /// A list whose marks Markdown has no sign for.
    fn html_list(&mut self, list: &List<Parsed>) {
        let (tag, attributes) = match list.marker {
            ListMarker::Bullet => ("ul", String::new()),
            ListMarker::Plain => ("ul", " style=\"list-style: none\"".to_owned()),
            ListMarker::Ordered { start, style } => {
                let kind = match style {
                    NumberStyle::Decimal => "1",
                    NumberStyle::LowerAlpha => "a",
                    NumberStyle::UpperAlpha => "A",
                    NumberStyle::LowerRoman => "i",
                    NumberStyle::UpperRoman => "I",
                };
                let mut attributes = format!(" type=\"{kind}\"");
                if start != 1 {
                    // Writing to a string cannot fail.
                    let _ = write!(attributes, " start=\"{start}\"");
                }
                ("ol", attributes)
            }
        };
        self.line(&format!("<{tag}{attributes}>"));
        for item in &list.items {
            self.place(item.span.start);
            self.element("li", "", &item.blocks);
        }
        self.line(&format!("</{tag}>"));
    }

    /// An element of HTML round blocks: in a line where they are plain words, and as
    /// Markdown between empty lines otherwise.
    fn element(&mut self, tag: &str, attributes: &str, blocks: &[Block<Parsed>]) {
        if let Some(words) = inline::plain_html(blocks) {
            return self.line(&format!("<{tag}{attributes}>{words}</{tag}>"));
        }
        self.line(&format!("<{tag}{attributes}>"));
        self.line("");
        self.blocks_apart(blocks);
        self.line("");
        self.line(&format!("</{tag}>"));
    }

    fn blocks_apart(&mut self, blocks: &[Block<Parsed>]) {
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 {
                self.blank();
            }
            self.block(block, false);
        }
    }

    fn definitions(&mut self, definitions: &[Definition<Parsed>]) {
        for (index, definition) in definitions.iter().enumerate() {
            if index > 0 {
                self.blank();
            }
            self.place(definition.span.start);
            definition.terms.iter().for_each(|term| self.line(&inline::term(term)));
            for (index, details) in definition.details.iter().enumerate() {
                if index > 0 {
                    self.blank();
                }
                self.within(": ", "  ", |printer| printer.blocks_apart(details));
            }
        }
    }
}

/// Whether a block can follow a line of text at once: a list that counts from 1, or does
/// not count (CommonMark 0.31.2, 5.3).
fn interrupts(block: &Block<Parsed>) -> bool {
    match &block.kind {
        BlockKind::List(list) => {
            matches!(list.marker, ListMarker::Bullet | ListMarker::Ordered { start: 1, style: NumberStyle::Decimal })
        }
        _ => false,
    }
}

/// Whether two lists that meet would be one.
fn same_kind(one: ListMarker, other: ListMarker) -> bool {
    matches!(
        (one, other),
        (ListMarker::Bullet, ListMarker::Bullet) | (ListMarker::Ordered { .. }, ListMarker::Ordered { .. })
    )
}

/// How many directives are in one another among blocks.
fn depth(blocks: &[Block<Parsed>]) -> usize {
    let all = |blocks: &[Block<Parsed>]| 1 + depth(blocks);
    let of = |block: &Block<Parsed>| match &block.kind {
        BlockKind::Paragraph(_)
        | BlockKind::Code { .. }
        | BlockKind::Equation(_)
        | BlockKind::Rule
        | BlockKind::PageBreak => 0,
        BlockKind::List(list) => list.items.iter().map(|item| depth(&item.blocks)).max().unwrap_or(0),
        BlockKind::Definitions(definitions) => {
            definitions.iter().flat_map(|definition| &definition.details).map(|blocks| depth(blocks)).max().unwrap_or(0)
        }
        BlockKind::Quote { blocks, attribution: None } => depth(blocks),
        BlockKind::Quote { blocks, attribution: Some(_) } | BlockKind::Admonition { blocks, .. } => all(blocks),
        BlockKind::Panel(panel) => all(&panel.blocks),
        BlockKind::Figure(figure) => all(&figure.blocks),
        BlockKind::Table(table) => {
            let cells = table.head.iter().chain(&table.body).flat_map(|row| &row.cells);
            1 + cells.map(|cell| depth(&cell.blocks)).max().unwrap_or(0)
        }
        BlockKind::Group(blocks) => all(blocks),
        BlockKind::Stage(ParsedBlock::Annex(annex)) => all(&annex.blocks),
        BlockKind::Stage(ParsedBlock::Only { blocks, .. }) => all(blocks),
        BlockKind::Stage(
            ParsedBlock::Heading(_)
            | ParsedBlock::Include { .. }
            | ParsedBlock::DataTable(_)
            | ParsedBlock::Chart(_)
            | ParsedBlock::Listing(_),
        ) => 0,
    };
    blocks.iter().map(of).max().unwrap_or(0)
}
