//! Blocks.

use super::Reader;
use super::tree::{Element, Node, is_inline};
use crate::ast::{
    AdmonitionKind, Annex, AttrList, Attrs, Block, BlockKind, Definition, Equation, Figure, Formula, Heading, Inline,
    InlineKind, List, ListItem, ListMarker, ListingKind, NumberStyle, Panel, PanelRole, Parsed, ParsedBlock,
    UNNUMBERED,
};
use crate::import::marks::{self, Bit, Mark, Marked, node};
use crate::language::Language;

const ADMONITIONS: [(&str, AdmonitionKind); 5] = [
    ("note", AdmonitionKind::Note),
    ("tip", AdmonitionKind::Tip),
    ("important", AdmonitionKind::Important),
    ("warning", AdmonitionKind::Warning),
    ("caution", AdmonitionKind::Caution),
];
/// Admonitions of wikis (Confluence).
const MACROS: [(&str, AdmonitionKind); 4] = [
    ("confluence-information-macro-information", AdmonitionKind::Note),
    ("confluence-information-macro-tip", AdmonitionKind::Tip),
    ("confluence-information-macro-note", AdmonitionKind::Important),
    ("confluence-information-macro-warning", AdmonitionKind::Warning),
];
const PANELS: [(&str, PanelRole); 4] = [
    ("key-points", PanelRole::KeyPoints),
    ("box", PanelRole::Box),
    ("recommendation", PanelRole::Recommendation),
    ("example", PanelRole::Example),
];
const LISTINGS: [(&str, ListingKind); 5] = [
    ("contents", ListingKind::Contents),
    ("figures", ListingKind::Figures),
    ("tables", ListingKind::Tables),
    ("abbreviations", ListingKind::Abbreviations),
    ("members", ListingKind::Members),
];

impl<'a> Reader<'a> {
    /// The content of an element as blocks; text between blocks becomes a paragraph.
    pub(super) fn blocks(&mut self, children: &'a [Node]) -> Vec<Block<Parsed>> {
        let mut blocks = Vec::new();
        let mut bits: Vec<Marked> = Vec::new();
        for child in children {
            match child {
                Node::Element(element)
                    if !is_inline(&element.name) || is_block_math(child) || element.holds_blocks() =>
                {
                    let Node::Element(element) = child else { continue };
                    self.flush(&mut bits, &mut blocks);
                    self.block(element, &mut blocks);
                }
                Node::Element(_) | Node::Text(_) => self.bits(std::slice::from_ref(child), &[], &mut bits),
            }
        }
        self.flush(&mut bits, &mut blocks);
        blocks
    }

    /// Ends the paragraph that is open.
    fn flush(&mut self, bits: &mut Vec<Marked>, blocks: &mut Vec<Block<Parsed>>) {
        let bits = std::mem::take(bits);
        if marks::is_blank(&bits) {
            return;
        }
        let serial = self.next_serial();
        blocks.push(node(BlockKind::Paragraph(marks::inlines(bits, serial).into()), serial));
    }

    fn block(&mut self, element: &'a Element, blocks: &mut Vec<Block<Parsed>>) {
        let before = blocks.len();
        self.block_itself(element, blocks);
        // These have no language of their own in a source.
        if matches!(&*element.name, "ul" | "ol" | "menu" | "dl" | "blockquote" | "table" | "figure")
            && let Some(lang) = self.other_language(element)
        {
            let inner = blocks.split_off(before);
            blocks.extend(self.in_language(inner, lang));
        }
    }

    /// The language of an element, where it is not that of the page.
    fn other_language(&self, element: &'a Element) -> Option<&'a str> {
        element.get("lang").filter(|lang| Language::is_tag(lang) && self.lang.as_deref() != Some(*lang))
    }

    /// Blocks in a language: in groups, but for headings, which stand in none.
    fn in_language(&mut self, blocks: Vec<Block<Parsed>>, lang: &str) -> Vec<Block<Parsed>> {
        let attrs = || AttrList { lang: Some(lang.to_owned()), ..AttrList::default() }.into();
        let mut done: Vec<Block<Parsed>> = Vec::new();
        let mut in_group = false;
        for mut block in blocks {
            match &mut block.kind {
                BlockKind::Stage(ParsedBlock::Heading(heading)) => {
                    let words =
                        Inline { kind: InlineKind::Span(heading.content.to_vec()), span: block.span, attrs: attrs() };
                    heading.content = vec![words].into();
                    in_group = false;
                    done.push(block);
                }
                BlockKind::Stage(ParsedBlock::Annex(_)) => {
                    block.attrs.edit().lang = Some(lang.to_owned());
                    in_group = false;
                    done.push(block);
                }
                _ => match done.last_mut().filter(|_| in_group).map(|group| &mut group.kind) {
                    Some(BlockKind::Group(inner)) => inner.push(block),
                    _ => {
                        let mut group = node(BlockKind::Group(vec![block]), self.next_serial());
                        group.attrs = attrs();
                        in_group = true;
                        done.push(group);
                    }
                },
            }
        }
        done
    }

    fn block_itself(&mut self, element: &'a Element, blocks: &mut Vec<Block<Parsed>>) {
        if !element.is("li") && self.is_note_body(element) || self.leaves_comment_out(element) {
            return;
        }
        match element.name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let id = element.get("id").map(str::to_owned);
                blocks.extend(self.heading(element, id, &[]));
            }
            "p" => self.paragraph(element, blocks),
            "ul" | "ol" | "menu" => blocks.extend(self.list(element)),
            "dl" => blocks.extend(self.definitions(element)),
            "blockquote" => blocks.push(self.quote(element, None)),
            "pre" => blocks.push(self.code(element)),
            "table" if self.lays_out(element) => self.unwrapped(element, blocks),
            "table" => blocks.extend(self.table(element)),
            "figure" => blocks.extend(self.figure(element)),
            "math" => self.equation(element, None, blocks),
            "hr" => blocks.push(node(BlockKind::Rule, self.next_serial())),
            "script" | "style" | "template" | "head" | "noscript" | "link" | "meta" | "title" => {}
            "nav" if self.contents_above.is_some_and(|nav| std::ptr::eq(nav, element)) => {}
            "nav" if self.own && LISTINGS.iter().any(|(name, _)| element.has_class(name)) => {
                self.container(element, blocks);
            }
            "nav" => self.leave_out("a list of links for finding one's way", element),
            "header" if element.has_class("title-block") && self.own => {
                blocks.extend(self.marked_title.and_then(|title| self.heading(title, None, &[])));
            }
            "iframe" | "object" | "embed" | "video" | "audio" | "canvas" | "form" | "dialog" | "select"
            | "textarea" | "fieldset" | "input" => self.leave_out(&format!("an element `{}`", element.name), element),
            "details" => blocks.push(self.details(element)),
            "aside" => {
                let serial = self.next_serial();
                let inner = self.blocks(&element.children);
                let panel = Panel { role: PanelRole::Box, title: None, label: (), blocks: inner };
                blocks.push(node(BlockKind::Panel(panel), serial));
            }
            _ => self.container(element, blocks),
        }
    }

    /// An element that holds blocks.
    fn container(&mut self, element: &'a Element, blocks: &mut Vec<Block<Parsed>>) {
        let of =
            |names: &[(&str, PanelRole)]| names.iter().find(|(name, _)| element.has_class(name)).map(|(_, role)| *role);
        let is_notes = element.get("role") == Some("doc-endnotes")
            || element.has_class("footnotes")
            || element.has_class("endnotes");
        if is_notes {
            return self.notes_heading(element);
        }
        if element.has_class("panel")
            && let Some(role) = of(&PANELS)
        {
            return blocks.push(self.panel(element, role));
        }
        if element.has_class("admonition") || element.has_class("confluence-information-macro") {
            return blocks.push(self.admonition(element));
        }
        if element.has_class("equation")
            && let Some(math) = element.find("math")
        {
            let id = element.get("id").map(str::to_owned);
            let number = element.elements().find(|part| part.has_class("number"));
            number.into_iter().for_each(|number| self.losses.generated(&number.text()));
            self.equation(math, id, blocks);
            if let Some(block) = blocks.last_mut().filter(|block| number.is_none() && block.attrs.id().is_some()) {
                block.attrs.edit().classes.push(UNNUMBERED.to_owned());
            }
            return;
        }
        if element.has_class("page-break") {
            return blocks.push(node(BlockKind::PageBreak, self.next_serial()));
        }
        if self.own && (element.has_class("listing") || element.is("nav")) {
            let listing = LISTINGS.iter().find(|(name, _)| element.has_class(name)).map(|(_, kind)| *kind);
            if let Some(kind) = listing {
                return self.own_listing(element, kind, blocks);
            }
        }
        if self.own && element.is("section") {
            return self.own_section(element, blocks);
        }
        let lang = self.other_language(element);
        let id = element.get("id").filter(|id| self.wanted.contains(*id));
        let inner = self.blocks(&element.children);
        let starts_with_heading =
            matches!(inner.first().map(|block| &block.kind), Some(BlockKind::Stage(ParsedBlock::Heading(_))));
        let mut list = AttrList { lang: lang.map(str::to_owned), ..AttrList::default() };
        match (id, blocks.len()) {
            (Some(id), at) if starts_with_heading && inner.first().is_some_and(|first| first.attrs.id().is_none()) => {
                blocks.extend(inner);
                if let Some(first) = blocks.get_mut(at) {
                    first.attrs.edit().id = Some(id.to_owned());
                }
                return;
            }
            (Some(id), _) if !starts_with_heading => list.id = Some(id.to_owned()),
            _ => {}
        }
        let has_sections = inner
            .iter()
            .any(|block| matches!(block.kind, BlockKind::Stage(ParsedBlock::Heading(_) | ParsedBlock::Annex(_))));
        if let Some(lang) = lang.filter(|_| has_sections) {
            return blocks.extend(self.in_language(inner, lang));
        }
        if list == AttrList::default() || has_sections {
            return blocks.extend(inner);
        }
        let serial = self.next_serial();
        let mut group = node(BlockKind::Group(inner), serial);
        group.attrs = list.into();
        blocks.push(group);
    }

    /// Skips the heading of the notes, which is generated again.
    fn notes_heading(&mut self, element: &'a Element) {
        for child in element.elements() {
            if child.name.starts_with('h') && !child.is("hr") {
                self.losses.generated(&child.text());
            }
        }
    }

    fn own_listing(&mut self, element: &Element, kind: ListingKind, blocks: &mut Vec<Block<Parsed>>) {
        self.losses.generated_lines(element);
        blocks.push(node(BlockKind::Stage(ParsedBlock::Listing(kind)), self.next_serial()));
    }

    /// A section of our own editions: its id is that of its heading.
    fn own_section(&mut self, element: &'a Element, blocks: &mut Vec<Block<Parsed>>) {
        let is_annex = element.has_class("annex");
        let id = element.get("id").map(str::to_owned);
        let classes: Vec<&str> =
            element.get("class").unwrap_or_default().split_whitespace().filter(|class| *class == UNNUMBERED).collect();
        let first = element.elements().next().filter(|first| is_heading(first));
        let rest = match first {
            Some(first) => {
                let at = element
                    .children
                    .iter()
                    .position(|child| matches!(child, Node::Element(child) if std::ptr::eq(child, first)));
                element.children.get(at.map_or(0, |at| at + 1)..).unwrap_or_default()
            }
            None => &element.children,
        };
        if !is_annex {
            if let Some(first) = first {
                blocks.extend(self.heading(first, id, &classes));
            }
            return blocks.extend(self.blocks(rest));
        }
        let serial = self.next_serial();
        let mut bits = Vec::new();
        if let Some(first) = first {
            self.labelled(first, &mut bits);
        }
        let title = marks::inlines(bits, serial);
        let annex = Annex { title: (!title.is_empty()).then_some(title), blocks: self.blocks(rest) };
        let mut block = node(BlockKind::Stage(ParsedBlock::Annex(annex)), serial);
        let is_made = first.is_some_and(|first| id.as_deref() == Some(slug(&words_of(first)).as_str()));
        let is_wanted = id.as_ref().is_some_and(|id| self.wanted.contains(id));
        let lang = self.other_language(element).map(str::to_owned);
        block.attrs = AttrList { id: id.filter(|_| is_wanted || !is_made), lang, ..AttrList::default() }.into();
        blocks.push(block);
    }

    fn heading(&mut self, element: &'a Element, id: Option<String>, classes: &[&str]) -> Option<Block<Parsed>> {
        let serial = self.next_serial();
        let mut level: u8 = element.name.get(1..)?.parse().ok()?;
        if self.own || self.metadata.title.is_some() {
            level = level.saturating_sub(u8::from(self.own && self.marked_title.is_none())).max(1);
        }
        let has_number = element.elements().any(|part| part.has_class("number"));
        let is_title = self.marked_title.is_some_and(|title| std::ptr::eq(title, element));
        let unnumbered = self.metadata.numbering.sections == Some(true) && !has_number && level <= 3 && !is_title;
        let classes = if unnumbered { &[UNNUMBERED] } else { classes };
        let mut bits = Vec::new();
        self.labelled(element, &mut bits);
        let content = marks::inlines(bits, serial);
        if content.is_empty() {
            return None;
        }
        let is_made = id.as_deref() == Some(slug(&words_of(element)).as_str());
        let is_wanted = id.as_ref().is_some_and(|id| self.wanted.contains(id));
        let id = id.filter(|_| is_wanted || self.own && !is_made);
        let mut block =
            node(BlockKind::Stage(ParsedBlock::Heading(Heading { level, content: content.into() })), serial);
        let classes = classes.iter().map(|class| (*class).to_owned()).collect();
        block.attrs = AttrList { id, classes, ..AttrList::default() }.into();
        Some(block)
    }

    /// Running text without the label or number that it starts with in our own editions.
    pub(super) fn labelled(&mut self, element: &'a Element, bits: &mut Vec<Marked>) {
        for child in &element.children {
            match child {
                Node::Element(part) if self.own && (part.has_class("label") || part.has_class("number")) => {
                    self.losses.generated(&part.text());
                }
                Node::Element(part) if part.is("span") && part.has_class("caption") => self.labelled(part, bits),
                _ => self.bits(std::slice::from_ref(child), &[], bits),
            }
        }
    }

    fn paragraph(&mut self, element: &'a Element, blocks: &mut Vec<Block<Parsed>>) {
        let mut bits = Vec::new();
        if self.own && element.has_class("numbered") {
            self.metadata.numbering.paragraphs = Some(true);
            self.labelled(element, &mut bits);
        } else {
            self.bits(&element.children, &[], &mut bits);
        }
        if let Some(lang) = element.get("lang").filter(|lang| self.lang.as_deref() != Some(*lang)) {
            let other = |marked: &&mut Marked| !marked.marks.iter().any(|mark| matches!(mark, Mark::Lang(_)));
            for marked in bits.iter_mut().filter(other) {
                marked.marks.push(Mark::Lang(lang.into()));
                marked.marks.sort();
            }
        }
        if let Some(id) = element.get("id").filter(|id| self.wanted.contains(*id)) {
            bits.insert(0, Marked::new(Bit::Anchor(id.to_owned()), &[]));
        }
        self.flush(&mut bits, blocks);
    }

    fn list(&mut self, element: &'a Element) -> Option<Block<Parsed>> {
        let serial = self.next_serial();
        let style = number_style(element);
        let first = element.elements().find(|child| child.is("li")).and_then(|first| first.get("value"));
        let number = |text: &str| text.trim().parse().ok();
        let start = element.get("start").and_then(number).or_else(|| number(first?)).unwrap_or(1);
        let marker = match element.name.as_str() {
            "ol" => ListMarker::Ordered { start, style },
            _ if self.own && element.has_class("plain") => ListMarker::Plain,
            _ => ListMarker::Bullet,
        };
        let mut items = Vec::new();
        for part in &element.children {
            let Node::Element(child) = part else { continue };
            let serial = self.next_serial();
            let blocks =
                if child.is("li") { self.blocks(&child.children) } else { self.blocks(std::slice::from_ref(part)) };
            let (task, blocks) = if child.has_class("task") || child.has_class("task-list-item") {
                task(child, blocks)
            } else {
                (None, blocks)
            };
            items.push(ListItem { task, blocks, span: node((), serial).span, attrs: Attrs::default() });
        }
        let is_tight = |item: &ListItem<Parsed>| match item.blocks.as_slice() {
            [] => true,
            [first, rest @ ..] => {
                matches!(first.kind, BlockKind::Paragraph(_))
                    && rest.iter().all(|block| matches!(block.kind, BlockKind::List(_)))
            }
        };
        let has_paragraphs = element.elements().any(|item| item.child("p").is_some());
        let tight = items.iter().all(is_tight) && !has_paragraphs;
        (!items.is_empty()).then(|| node(BlockKind::List(List { marker, tight, items }.into()), serial))
    }

    fn definitions(&mut self, element: &'a Element) -> Option<Block<Parsed>> {
        let serial = self.next_serial();
        let mut definitions: Vec<Definition<Parsed>> = Vec::new();
        let mut parts = Vec::new();
        flat_parts(element, &mut parts);
        for part in parts {
            let at = self.next_serial();
            if part.is("dt") {
                let mut bits = Vec::new();
                self.bits(&part.children, &[], &mut bits);
                let term = marks::inlines(bits, at);
                match definitions.last_mut().filter(|last| last.details.is_empty()) {
                    Some(last) => last.terms.push(term),
                    None => {
                        definitions.push(Definition { terms: vec![term], details: Vec::new(), span: node((), at).span })
                    }
                }
            } else {
                let details = self.blocks(&part.children);
                if let Some(last) = definitions.last_mut() {
                    last.details.push(details);
                }
            }
        }
        (!definitions.is_empty()).then(|| node(BlockKind::Definitions(definitions), serial))
    }

    fn quote(&mut self, element: &'a Element, attribution: Option<Vec<Inline<Parsed>>>) -> Block<Parsed> {
        let serial = self.next_serial();
        let blocks = self.blocks(&element.children);
        node(BlockKind::Quote { blocks, attribution }, serial)
    }

    fn code(&mut self, element: &'a Element) -> Block<Parsed> {
        let serial = self.next_serial();
        let code = element.child("code").unwrap_or(element);
        let class = code.get("class").or_else(|| element.get("class")).unwrap_or_default();
        let language = class
            .split_whitespace()
            .find_map(|class| class.strip_prefix("language-").or_else(|| class.strip_prefix("lang-")));
        let mut text = String::new();
        raw_text(element, &mut text);
        let text = text.strip_prefix('\n').unwrap_or(&text).trim_end_matches('\n').to_owned();
        node(BlockKind::Code { language: language.map(str::to_owned), text }, serial)
    }

    fn figure(&mut self, element: &'a Element) -> Option<Block<Parsed>> {
        let serial = self.next_serial();
        let caption = element.child("figcaption");
        let content = caption.and_then(|caption| self.caption(caption));
        if let Some(quote) = element.child("blockquote").filter(|_| element.has_class("quotation")) {
            return Some(self.quote(quote, content));
        }
        let mut blocks = Vec::new();
        for child in &element.children {
            if !matches!(child, Node::Element(child) if child.is("figcaption")) {
                blocks.extend(self.blocks(std::slice::from_ref(child)));
            }
        }
        // A picture that stands alone is a figure by itself.
        if content.is_none() && blocks.len() == 1 && element.get("id").is_none() {
            return blocks.pop();
        }
        if let ([table], Some(_), false) = (blocks.as_mut_slice(), &content, self.own)
            && let BlockKind::Table(inner) = &mut table.kind
            && inner.caption.is_none()
        {
            inner.caption = content;
            table.attrs = self.block_attrs(element, &[]);
            return blocks.pop();
        }
        let figure = Figure { caption: content, label: (), blocks };
        let mut block = node(BlockKind::Figure(figure), serial);
        block.attrs = self.block_attrs(element, &[]);
        Some(block)
    }

    /// The id and the classes of a block.
    pub(super) fn block_attrs(&self, element: &Element, classes: &[&str]) -> Attrs {
        let id = element.get("id").filter(|id| self.own || self.wanted.contains(*id)).map(str::to_owned);
        let own = element.get("class").unwrap_or_default().split_whitespace().filter(|class| *class == UNNUMBERED);
        let mut classes: Vec<String> = classes.iter().copied().chain(own).map(str::to_owned).collect();
        if self.own && is_unlabelled(element) && !classes.iter().any(|class| class == UNNUMBERED) {
            classes.push(UNNUMBERED.to_owned());
        }
        AttrList { id, classes, ..AttrList::default() }.into()
    }

    fn panel(&mut self, element: &'a Element, role: PanelRole) -> Block<Parsed> {
        let serial = self.next_serial();
        let title = element.elements().next().filter(|first| first.has_class("title"));
        let mut bits = Vec::new();
        if let Some(title) = title {
            self.labelled(title, &mut bits);
        }
        // Without a title of its own it is called what it is.
        if marks::text(&bits).trim() == role.label(self.labels) {
            self.losses.generated(role.label(self.labels));
            bits.clear();
        }
        let content = marks::inlines(bits, serial);
        let blocks = self.blocks(behind(element, title));
        let panel = Panel { role, title: (!content.is_empty()).then_some(content), label: (), blocks };
        let mut block = node(BlockKind::Panel(panel), serial);
        block.attrs = self.block_attrs(element, &[]);
        block
    }

    fn admonition(&mut self, element: &'a Element) -> Block<Parsed> {
        let serial = self.next_serial();
        let kind = ADMONITIONS
            .iter()
            .chain(&MACROS)
            .find(|(name, _)| element.has_class(name))
            .map_or(AdmonitionKind::Note, |(_, kind)| *kind);
        let title =
            element.elements().next().filter(|first| first.has_class("title") || first.has_class("admonition-title"));
        let mut bits = Vec::new();
        if let Some(title) = title {
            self.labelled(title, &mut bits);
        }
        if marks::text(&bits).trim() == kind.label(self.labels) {
            self.losses.generated(kind.label(self.labels));
            bits.clear();
        }
        let content = marks::inlines(bits, serial);
        let blocks = self.blocks(behind(element, title));
        node(BlockKind::Admonition { kind, title: (!content.is_empty()).then_some(content), blocks }, serial)
    }

    fn details(&mut self, element: &'a Element) -> Block<Parsed> {
        let serial = self.next_serial();
        let summary = element.child("summary");
        let mut bits = Vec::new();
        if let Some(summary) = summary {
            self.bits(&summary.children, &[], &mut bits);
        }
        let title = marks::inlines(bits, serial);
        let blocks = self.blocks(behind(element, summary));
        let panel = Panel { role: PanelRole::Box, title: (!title.is_empty()).then_some(title), label: (), blocks };
        let mut block = node(BlockKind::Panel(panel), serial);
        block.attrs = AttrList { classes: vec![UNNUMBERED.to_owned()], ..AttrList::default() }.into();
        block
    }

    fn equation(&mut self, math: &'a Element, id: Option<String>, blocks: &mut Vec<Block<Parsed>>) {
        let serial = self.next_serial();
        match self.latex(math) {
            Some(formula) => {
                let formula = Formula { alt: math.get("aria-label").map(str::to_owned), ..formula };
                let mut block = node(BlockKind::Equation(Box::new(Equation { formula, label: () })), serial);
                block.attrs = AttrList { id, ..AttrList::default() }.into();
                blocks.push(block);
            }
            None => {
                let mut bits = Vec::new();
                self.formula(math, &[], &mut bits);
                self.flush(&mut bits, blocks);
            }
        }
    }

    pub(super) fn formula(&mut self, math: &'a Element, marks: &[Mark], bits: &mut Vec<Marked>) {
        match self.latex(math) {
            Some(formula) => {
                let formula = Formula { alt: math.get("aria-label").map(str::to_owned), ..formula };
                bits.push(Marked::new(Bit::Inline(Box::new(InlineKind::Math(Box::new(formula)))), &[]));
            }
            None => self.plain_formula(math, marks, bits),
        }
    }

    /// The blocks of a note, without its number and the ways back.
    pub(super) fn note_blocks(&mut self, note: &'a Element) -> Vec<Block<Parsed>> {
        let mut blocks = Vec::new();
        for child in &note.children {
            match child {
                Node::Element(part) if self.own && part.has_class("number") => self.losses.generated(&part.text()),
                _ => blocks.extend(self.blocks(std::slice::from_ref(child))),
            }
        }
        blocks
    }
}

fn is_block_math(child: &Node) -> bool {
    matches!(child, Node::Element(element) if element.is("math") && element.get("display") == Some("block"))
}

/// Whether something of our own editions has a caption or a title, and no number.
fn is_unlabelled(element: &Element) -> bool {
    let caption = match element.name.as_str() {
        "table" => element.child("caption"),
        // With an id the figure would be numbered.
        "figure" if element.child("figcaption").is_none() => return element.get("id").is_some(),
        "figure" => element.child("figcaption"),
        _ if element.has_class("box") => element.elements().next().filter(|first| first.has_class("title")),
        _ => None,
    };
    caption.is_some_and(|caption| caption.find_by(&|part| part.has_class("label")).is_none())
}

/// Whether an element is a heading.
pub fn is_heading(element: &Element) -> bool {
    matches!(element.name.as_str(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// The nodes after a child.
fn behind<'e>(element: &'e Element, first: Option<&Element>) -> &'e [Node] {
    let Some(first) = first else { return &element.children };
    let at =
        element.children.iter().position(|child| matches!(child, Node::Element(child) if std::ptr::eq(child, first)));
    element.children.get(at.map_or(0, |at| at + 1)..).unwrap_or_default()
}

/// The terms and details of a list, also those in groups (HTML, 4.4.9).
fn flat_parts<'e>(element: &'e Element, parts: &mut Vec<&'e Element>) {
    for part in element.elements() {
        match part.name.as_str() {
            "dt" | "dd" => parts.push(part),
            "div" => flat_parts(part, parts),
            _ => {}
        }
    }
}

/// Takes the sign of a task off an item.
fn task(item: &Element, mut blocks: Vec<Block<Parsed>>) -> (Option<bool>, Vec<Block<Parsed>>) {
    const SIGNS: [char; 3] = ['☐', '☑', '☒'];
    let checkbox = item.find("input").map(|input| input.get("checked").is_some());
    let mut sign = None;
    if let Some(Block { kind: BlockKind::Paragraph(content), .. }) = blocks.first_mut()
        && let Some(Inline { kind: InlineKind::Text(text), .. }) = content.first_mut()
        && let Some(first) = text.chars().next().filter(|first| SIGNS.contains(first))
    {
        sign = Some(first != '☐');
        *text = text.get(first.len_utf8()..).unwrap_or_default().trim_start().to_owned();
    }
    (sign.or(checkbox), blocks)
}

fn raw_text(element: &Element, out: &mut String) {
    for child in &element.children {
        match child {
            Node::Text(text) => out.push_str(text),
            Node::Element(element) if element.is("br") => out.push('\n'),
            Node::Element(element) => raw_text(element, out),
        }
    }
}

/// The words of a heading without its number.
fn words_of(heading: &Element) -> String {
    let mut out = String::new();
    for child in &heading.children {
        match child {
            Node::Element(part) if part.has_class("number") => {}
            Node::Element(part) => out.push_str(&part.text()),
            Node::Text(text) => out.push_str(text),
        }
    }
    out
}

/// The id that a heading is given where the author gives none.
fn slug(words: &str) -> String {
    let letters: String = words.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    letters.split_whitespace().collect::<Vec<_>>().join("-")
}

/// The numbers of a list, by its type or by the style that it has itself.
fn number_style(list: &Element) -> NumberStyle {
    let declarations = list.get("style").unwrap_or_default().split(';').filter_map(|rule| rule.split_once(':'));
    let styles = declarations.filter(|(name, _)| matches!(name.trim(), "list-style" | "list-style-type"));
    let words = styles.flat_map(|(_, value)| value.split([' ', '\t', '\n', '!']));
    // Of several declarations the last counts.
    let named = words.rev().find_map(|word| match word.to_ascii_lowercase().as_str() {
        "lower-alpha" | "lower-latin" => Some(NumberStyle::LowerAlpha),
        "upper-alpha" | "upper-latin" => Some(NumberStyle::UpperAlpha),
        "lower-roman" => Some(NumberStyle::LowerRoman),
        "upper-roman" => Some(NumberStyle::UpperRoman),
        "decimal" => Some(NumberStyle::Decimal),
        _ => None,
    });
    named.unwrap_or(match list.get("type") {
        Some("a") => NumberStyle::LowerAlpha,
        Some("A") => NumberStyle::UpperAlpha,
        Some("i") => NumberStyle::LowerRoman,
        Some("I") => NumberStyle::UpperRoman,
        _ => NumberStyle::Decimal,
    })
}
