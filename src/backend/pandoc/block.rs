//! Blocks.

use super::inline::{Writer, attributes, math, none, number, text_inlines, with_pair};
use super::{bare, node};
use crate::ast::{
    AdmonitionKind, Attrs, BlockKind, Definition, Figure, List, ListItem, ListMarker, NumberStyle, Panel,
};
use crate::format::Format;
use crate::language::fill;
use crate::resolve::{Label, Listing, ListingEntry, RBlock, RInline, ResolvedBlock, ResolvedStage, Section};
use serde_json::{Value, json};

impl Writer<'_> {
    pub(super) fn blocks(&mut self, blocks: &[RBlock]) -> Vec<Value> {
        let mut out = Vec::new();
        for block in blocks {
            self.push_block(block, &mut out);
        }
        out
    }

    fn push_block(&mut self, block: &RBlock, out: &mut Vec<Value>) {
        let attrs = &block.attrs;
        let written = match &block.kind {
            BlockKind::Stage(ResolvedBlock::Section(section)) => return self.push_section(attrs, section, out),
            BlockKind::Stage(ResolvedBlock::ForFormats { formats, blocks }) => {
                if formats.contains(&Format::Pandoc) {
                    out.extend(self.blocks(blocks));
                }
                return;
            }
            BlockKind::Stage(ResolvedBlock::Changed { change, block }) => {
                let content = self.blocks(std::slice::from_ref(block));
                out.push(node("Div", json!([attributes(attrs, &[change.kind.name()]), content])));
                return;
            }
            BlockKind::PageBreak => return,
            BlockKind::Paragraph(content) => node("Para", json!(self.inlines(content))),
            BlockKind::List(list) => self.list(list),
            BlockKind::Definitions(definitions) => self.definitions(definitions),
            BlockKind::Quote { blocks, attribution } => {
                let mut content = self.blocks(blocks);
                if let Some(attribution) = attribution {
                    let mut line = text_inlines("— ");
                    line.extend(self.inlines(attribution));
                    content.push(node("Para", json!(line)));
                }
                node("BlockQuote", json!(content))
            }
            BlockKind::Code { language, text } => {
                let classes: Vec<&str> = language.iter().map(String::as_str).collect();
                out.push(node("CodeBlock", json!([attributes(attrs, &classes), text.trim_end_matches('\n')])));
                return;
            }
            BlockKind::Equation(equation) => {
                let mut content = vec![math("DisplayMath", &equation.formula.source)];
                content
                    .extend(equation.label.iter().flat_map(|label| [bare("Space"), number(&label.in_parentheses())]));
                out.push(match attrs.is_empty() {
                    true => node("Para", json!(content)),
                    false => node("Div", json!([attributes(attrs, &[]), [node("Para", json!(content))]])),
                });
                return;
            }
            BlockKind::Admonition { kind, title, blocks } => {
                out.push(self.admonition(attrs, *kind, title.as_deref(), blocks));
                return;
            }
            BlockKind::Panel(panel) => {
                out.push(self.panel(attrs, panel));
                return;
            }
            BlockKind::Figure(figure) => {
                out.push(self.figure(attrs, figure));
                return;
            }
            BlockKind::Table(table) => {
                out.push(self.table(attrs, table));
                return;
            }
            BlockKind::Rule => bare("HorizontalRule"),
            BlockKind::Group(blocks) => {
                out.push(node("Div", json!([attributes(attrs, &[]), self.blocks(blocks)])));
                return;
            }
            BlockKind::Stage(ResolvedBlock::Listing(listing)) => {
                out.extend(self.listing(listing));
                return;
            }
            BlockKind::Stage(ResolvedBlock::NumberedParagraph { number: text, content }) => {
                let mut inlines = vec![number(text), bare("Space")];
                inlines.extend(self.inlines(content));
                node("Para", json!(inlines))
            }
        };
        // Blocks that cannot have attributes are wrapped in a `Div` with them.
        out.push(if attrs.is_empty() { written } else { node("Div", json!([attributes(attrs, &[]), [written]])) });
    }

    fn push_section(&mut self, attrs: &Attrs, section: &Section, out: &mut Vec<Value>) {
        let mut title = Vec::new();
        if let Some(text) = &section.number {
            title.extend([number(text), bare("Space")]);
        }
        title.extend(self.inlines(&section.title));
        out.push(node("Header", json!([section.level, attributes(attrs, &[]), title])));
        out.extend(self.blocks(&section.blocks));
    }

    fn list(&mut self, list: &List<ResolvedStage>) -> Value {
        let items: Vec<Vec<Value>> = list.items.iter().map(|item| self.item(item, list.tight)).collect();
        match list.marker {
            ListMarker::Bullet | ListMarker::Plain => node("BulletList", json!(items)),
            ListMarker::Ordered { start, style } => {
                let style = match style {
                    NumberStyle::Decimal => "Decimal",
                    NumberStyle::LowerAlpha => "LowerAlpha",
                    NumberStyle::UpperAlpha => "UpperAlpha",
                    NumberStyle::LowerRoman => "LowerRoman",
                    NumberStyle::UpperRoman => "UpperRoman",
                };
                node("OrderedList", json!([[start, bare(style), bare("Period")], items]))
            }
        }
    }

    /// The blocks of an item; a task starts with a box, as pandoc writes it.
    fn item(&mut self, item: &ListItem<ResolvedStage>, tight: bool) -> Vec<Value> {
        let mut blocks = self.blocks(&item.blocks);
        if let Some(done) = item.task {
            let mark = [node("Str", json!(if done { "☒" } else { "☐" })), bare("Space")];
            match blocks.first_mut().filter(|block| block["t"] == "Para").and_then(|block| block["c"].as_array_mut()) {
                Some(inlines) => drop(inlines.splice(0..0, mark)),
                None => blocks.insert(0, node("Para", json!(mark))),
            }
        }
        if tight {
            for block in blocks.iter_mut().filter(|block| block["t"] == "Para") {
                block["t"] = json!("Plain");
            }
        }
        blocks
    }

    fn definitions(&mut self, definitions: &[Definition<ResolvedStage>]) -> Value {
        let entries: Vec<Value> = definitions
            .iter()
            .map(|definition| {
                let mut term = Vec::new();
                for (index, content) in definition.terms.iter().enumerate() {
                    if index > 0 {
                        term.push(bare("LineBreak"));
                    }
                    term.extend(self.inlines(content));
                }
                let details: Vec<_> = definition.details.iter().map(|blocks| self.blocks(blocks)).collect();
                json!([term, details])
            })
            .collect();
        node("DefinitionList", json!(entries))
    }

    fn admonition(
        &mut self,
        attrs: &Attrs,
        kind: AdmonitionKind,
        title: Option<&[RInline]>,
        blocks: &[RBlock],
    ) -> Value {
        let label = kind.label(self.document.language.labels);
        let title = match title {
            Some(title) => self.inlines(title),
            None => text_inlines(label),
        };
        self.division(attrs, kind.name(), title, blocks)
    }

    fn panel(&mut self, attrs: &Attrs, panel: &Panel<ResolvedStage>) -> Value {
        let name = panel.role.label(self.document.language.labels);
        let title = self.caption(panel.label.as_ref(), panel.title.as_deref());
        let title = if title.is_empty() { text_inlines(name) } else { title };
        self.division(attrs, panel.role.name(), title, &panel.blocks)
    }

    fn division(&mut self, attrs: &Attrs, class: &str, title: Vec<Value>, blocks: &[RBlock]) -> Value {
        let mut content = Vec::new();
        if !title.is_empty() {
            content.push(node("Para", json!([node("Strong", json!(title))])));
        }
        content.extend(self.blocks(blocks));
        node("Div", json!([attributes(attrs, &[class]), content]))
    }

    fn figure(&mut self, attrs: &Attrs, figure: &Figure<ResolvedStage>) -> Value {
        let caption = self.caption(figure.label.as_ref(), figure.caption.as_deref());
        let mut content = self.blocks(&figure.blocks);
        // Word files lay a figure out as a table, and lose track of one inside it.
        let simple = figure.blocks.iter().all(|block| matches!(block.kind, BlockKind::Paragraph(_)));
        if simple {
            return node("Figure", json!([attributes(attrs, &[]), long_caption(caption), content]));
        }
        if !caption.is_empty() {
            content.push(node("Para", json!(caption)));
        }
        node("Div", json!([attributes(attrs, &["figure"]), content]))
    }

    /// "Table 3: Caption", or what there is of it.
    pub(super) fn caption(&mut self, label: Option<&Label>, caption: Option<&[RInline]>) -> Vec<Value> {
        let content = caption.map(|caption| self.inlines(caption)).unwrap_or_default();
        let Some(label) = label else { return content };
        let mut out = vec![number(&label.text)];
        if !content.is_empty() {
            let pattern = self.document.language.labels.label_value;
            let between = pattern.rsplit_once("{}").map_or(": ", |(before, _)| before);
            out.extend(text_inlines(&fill(between, &[""])));
            out.extend(content);
        }
        out
    }

    pub(super) fn listing(&mut self, listing: &Listing) -> Vec<Value> {
        if listing.entries.is_empty() {
            return Vec::new();
        }
        let title = node("Para", json!([node("Strong", json!(text_inlines(&listing.title)))]));
        let content = vec![title, self.entries(&listing.entries)];
        vec![node("Div", json!([json!([listing.id, ["listing"], []]), content]))]
    }

    fn entries(&mut self, entries: &[ListingEntry]) -> Value {
        let mut items: Vec<Vec<Value>> = Vec::new();
        let mut rest = entries;
        while let Some((entry, after)) = rest.split_first() {
            let below = after.iter().take_while(|other| other.level > entry.level).count();
            let (below, after) = after.split_at_checked(below).unwrap_or((after, &[]));
            let mut item = vec![node("Plain", json!(self.entry(entry)))];
            if !below.is_empty() {
                item.push(self.entries(below));
            }
            items.push(item);
            rest = after;
        }
        node("BulletList", json!(items))
    }

    fn entry(&mut self, entry: &ListingEntry) -> Vec<Value> {
        let mut content = Vec::new();
        if let Some(label) = &entry.label {
            content.extend([number(label), bare("Space")]);
        }
        content.extend(self.inlines(&entry.content));
        match &entry.target {
            Some(target) => vec![node("Link", json!([none(), content, [target.address(Format::Html), ""]]))],
            None => content,
        }
    }
}

/// A caption as pandoc has it: no short form, one plain block.
pub(super) fn long_caption(content: Vec<Value>) -> Value {
    let blocks: Vec<Value> = if content.is_empty() { Vec::new() } else { vec![node("Plain", json!(content))] };
    json!([null, blocks])
}

/// A division of a class.
pub(super) fn div(class: &str, lang: Option<&str>, content: Vec<Value>) -> Value {
    let attributes = json!(["", [class], []]);
    let attributes = lang.map_or(attributes.clone(), |lang| with_pair(attributes, "lang", lang));
    node("Div", json!([attributes, content]))
}
