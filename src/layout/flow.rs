//! Lays blocks out as nodes of the flow, with their tags.

use super::fragment::{Fragments, Recording};
use super::frame::{ListNumbering, Origin, Properties, Role, Tag, TagId, TagTree};
use super::inline::{Collector, TypeStyle};
use super::node::{Keep, Marker, Node, TextNode};
use super::pagebreak::OWN_PAGE;
use super::text::{Anchor, Paragraph};
use super::vertical::Cost;
use super::word::{Figures, TextDirection};
use crate::ast::{BlockKind, Equation, InlineKind, List, ListMarker, NumberStyle};
use crate::format::Format;
use crate::resolve::{ChangeKind, RBlock, RInline, ResolvedBlock, ResolvedStage, Section};
use crate::source::Span;
use crate::theme::{Alignment, AnnexBreak, Medium, ParagraphRole, ParagraphStyle, Pt, Slant, Weight};

/// The container of blocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContainingBlock {
    /// Distance from the column's left edge.
    pub x: Pt,
    pub width: Pt,
    pub parent: TagId,
    pub type_style: TypeStyle,
    pub gap: Pt,
    pub depth: usize,
    /// Level of headings here (PDF H1 to H6); `None` if titles are paragraphs.
    pub heading: Option<u8>,
    /// Whether it is nested in a block, not directly in the column.
    pub nested: bool,
    /// Change of the block as a whole.
    pub change: Option<ChangeKind>,
}

/// Collects the nodes of the flow.
pub struct Flow<'c, 'd> {
    pub collector: &'c mut Collector<'d>,
    pub nodes: Vec<Node>,
    /// Labels that wait for the first line of their item.
    pub markers: Vec<Marker>,
    /// Ids that wait for the next box.
    pub ids: Vec<String>,
    /// Nodes of the notes laid out so far, by index in the document.
    pub notes: Vec<Option<Vec<Node>>>,
    /// Number of nodes before the document's text.
    pub opening: usize,
    /// Sources of the tags ([`super::frame::Layout::origins`]).
    pub origins: Vec<(TagId, Origin)>,
    /// Number of blocks so far that are directly in the column.
    outer_blocks: usize,
    /// Whether the next section follows an annex.
    after_annex: bool,
    /// The cache of blocks; `recording` belongs to the block being laid out.
    pub fragments: Option<&'c mut Fragments>,
    pub recording: Option<Recording>,
}

impl<'c, 'd> Flow<'c, 'd> {
    /// An empty flow.
    pub fn new(collector: &'c mut Collector<'d>) -> Self {
        let notes = vec![None; collector.document.notes.len()];
        Flow {
            collector,
            nodes: Vec::new(),
            markers: Vec::new(),
            ids: Vec::new(),
            notes,
            opening: 0,
            origins: Vec::new(),
            outer_blocks: 0,
            after_annex: false,
            fragments: None,
            recording: None,
        }
    }

    /// The type of running text.
    pub fn body(&mut self) -> TypeStyle {
        let text = self.collector.theme.running_text();
        let lang = self.collector.document.language.tag.clone();
        TypeStyle {
            family: text.family,
            weight: Weight::Regular,
            slant: Slant::Upright,
            size: text.size,
            leading: text.leading,
            color: text.color,
            lang: self.collector.languages.id(&lang),
            figures: Figures::Proportional,
            align: text.alignment,
        }
    }

    /// A row of the style table for a container: the style, and type that has it.
    pub fn styled(&self, role: ParagraphRole, place: ContainingBlock) -> (ParagraphStyle, TypeStyle) {
        let style = self.collector.theme.paragraph_style(role, place.type_style.surroundings(place.gap));
        (style, place.type_style.with_paragraph_style(&style))
    }

    /// The column of the document's text.
    pub fn column(&mut self) -> ContainingBlock {
        ContainingBlock {
            x: 0.0,
            width: self.collector.theme.page.measure(),
            parent: TagTree::ROOT,
            type_style: self.body(),
            gap: self.collector.theme.among_running_text(Medium::Pages).gap,
            depth: 0,
            heading: Some(2),
            nested: false,
            change: None,
        }
    }

    /// Adds vertical space; of two adjacent spaces the larger applies.
    pub fn space(&mut self, space: Pt) {
        if let Some(recording) = &mut self.recording {
            recording.space(space, &self.nodes);
        }
        match self.nodes.last_mut() {
            Some(Node::Space(before)) => *before = before.max(space),
            Some(Node::BeginBackground(_)) => {}
            _ => self.nodes.push(Node::Space(space)),
        }
    }

    /// Keeps what comes next on the page of what came before, at this distance.
    pub fn keep_with_next(&mut self, space: Pt) {
        while let Some(Node::Space(_)) = self.nodes.last() {
            self.nodes.pop();
        }
        if let Some(recording) = &mut self.recording {
            recording.popped(&self.nodes);
        }
        self.nodes.push(Node::Penalty(Cost::Never));
        self.nodes.push(Node::Space(space));
    }

    /// Number of trailing nodes that must stay with the next block (headings, keep-with-next).
    fn announcing(&mut self) -> usize {
        if let Some(recording) = &mut self.recording {
            recording.looked_back();
        }
        let text = self.nodes.get(self.opening..).unwrap_or_default();
        let announces = |node: &&Node| match node {
            Node::Space(_) | Node::Penalty(Cost::Never) => true,
            node => node.keep() == Some(Keep::WithNext),
        };
        let idle = text.iter().rev().take_while(|node| matches!(node, Node::Space(_))).count();
        match text.iter().rev().take_while(announces).count() {
            count if count > idle => count,
            _ => 0,
        }
    }

    /// Starts a page, before any headings at the end of the text.
    fn new_page(&mut self) {
        let at = self.nodes.len() - self.announcing();
        self.nodes.insert(at, Node::Penalty(Cost::Always));
    }

    /// Ends a background; space at its end is its own padding.
    pub fn close(&mut self) {
        while let Some(Node::Space(_) | Node::Penalty(Cost::Never)) = self.nodes.last() {
            self.nodes.pop();
        }
        self.nodes.push(Node::EndBackground);
    }

    /// Adds a paragraph and lays out the notes it refers to.
    pub fn push_text(&mut self, mut paragraph: Paragraph, place: ContainingBlock, keep: Keep) {
        if paragraph.text.is_empty() {
            // Ids without words move to the next words.
            self.ids.extend(paragraph.anchors.drain(..).filter_map(|(_, anchor)| match anchor {
                Anchor::Id(id) => Some(id),
                Anchor::Note(_) => None,
            }));
            if self.markers.is_empty() {
                return;
            }
        }
        let markers = std::mem::take(&mut self.markers);
        let ids = std::mem::take(&mut self.ids);
        let node = TextNode { paragraph, x: place.x, width: place.width, markers, keep, ids, late: None };
        self.nodes.push(Node::Text(Box::new(node)));
        if !self.collector.noted.is_empty() {
            self.take_notes(place.parent);
        }
    }

    /// Gives ids after the last words a position without height.
    pub fn place_last_ids(&mut self, place: ContainingBlock) {
        let ids = std::mem::take(&mut self.ids);
        if !ids.is_empty() {
            let paragraph = self.collector.added_text("", TypeStyle { leading: 0.0, ..place.type_style }, None);
            let (markers, keep) = (Vec::new(), Keep::No);
            let node = TextNode { paragraph, x: place.x, width: place.width, markers, keep, ids, late: None };
            self.nodes.push(Node::Text(Box::new(node)));
        }
    }

    /// Records the source of the tags from here on.
    pub fn begin(&mut self, origin: Origin) {
        let next = u32::try_from(self.collector.tags.tags.len()).unwrap_or(u32::MAX);
        self.origins.push((TagId(next), origin));
    }

    /// Records a block as the source of tags, if it is directly in the column.
    pub fn begin_block(&mut self, place: ContainingBlock) {
        if !place.nested {
            self.begin(Origin::Block(self.outer_blocks));
            self.outer_blocks += 1;
        }
    }

    /// Adds blocks in order.
    pub fn blocks(&mut self, blocks: &[RBlock], place: ContainingBlock) {
        for block in blocks {
            self.block(block, place);
        }
    }

    /// Lays out a block that is not cached.
    pub fn new_block(&mut self, block: &RBlock, mut place: ContainingBlock) {
        if let Some(id) = block.attrs.id() {
            self.ids.push(id.to_owned());
        }
        if let Some(lang) =
            block.attrs.lang().filter(|lang| self.collector.languages.tag(place.type_style.lang) != *lang)
        {
            place.type_style.lang = self.collector.languages.id(lang);
            let tag = Tag::with(Role::Div, Properties { lang: Some(lang.to_owned()), ..Properties::NONE });
            place.parent = self.collector.tags.add(place.parent, tag);
        }
        match &block.kind {
            BlockKind::Paragraph(content) => self.paragraph(content, place),
            BlockKind::List(list) => self.list(list, place),
            BlockKind::Definitions(definitions) => self.definitions(definitions, place),
            BlockKind::Quote { blocks, attribution } => self.quote(blocks, attribution.as_deref(), place),
            BlockKind::Code { language: _, text } => self.code(text, place),
            BlockKind::Equation(equation) => self.equation(equation, block.span, place),
            BlockKind::Admonition { kind, title, blocks } => self.admonition(*kind, title.as_deref(), blocks, place),
            BlockKind::Panel(panel) => self.panel(panel, place),
            BlockKind::Figure(figure) => self.figure(figure, place),
            BlockKind::Table(table) => self.table(table, block.span, place),
            BlockKind::Rule => {
                let announced = self.announcing() > 0;
                let (style, _) = self.styled(ParagraphRole::Rule, place);
                self.space(style.before);
                self.nodes.push(Node::Rule { x: place.x, width: place.width });
                if announced {
                    self.keep_with_next(style.after);
                } else {
                    self.space(style.after);
                }
            }
            BlockKind::PageBreak => {
                if !place.nested {
                    self.new_page();
                }
            }
            BlockKind::Group(blocks) => self.blocks(blocks, place),
            BlockKind::Stage(ResolvedBlock::Section(section)) => self.section(section, place),
            BlockKind::Stage(ResolvedBlock::Listing(listing)) => self.listing(listing, place),
            BlockKind::Stage(ResolvedBlock::NumberedParagraph { number, content }) => {
                self.numbered_paragraph(number, content, place);
            }
            BlockKind::Stage(ResolvedBlock::ForFormats { formats, blocks }) => {
                if formats.contains(&Format::Pdf) {
                    self.blocks(blocks, place);
                }
            }
            BlockKind::Stage(ResolvedBlock::Changed { change, block }) => {
                self.block(block, ContainingBlock { change: Some(change.kind), ..place });
            }
        }
    }

    /// Adds a paragraph with its number for citation in front.
    fn numbered_paragraph(&mut self, number: &str, content: &[RInline], place: ContainingBlock) {
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::Paragraph));
        let type_style = TypeStyle { align: Alignment::Start, ..place.type_style };
        let marker = self.collector.added_text(&format!("{number}\u{2002}"), type_style, Some(tag));
        let indent = place.type_style.size * NUMBER_INDENT;
        let x = self.label_x(place, indent);
        self.markers.push(Marker { paragraph: marker, x, width: indent });
        let (style, type_style) = self.styled(ParagraphRole::Body, place);
        let paragraph = self.collector.paragraph(content, type_style, Some(tag));
        self.space(style.before);
        let inner = self.indented(place, indent);
        self.push_text(paragraph, inner, Keep::No);
        self.space(style.after);
    }

    fn paragraph(&mut self, content: &[RInline], place: ContainingBlock) {
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::Paragraph));
        let (style, type_style) = self.styled(ParagraphRole::Body, place);
        let paragraph = self.collector.paragraph(content, type_style, Some(tag));
        // A paragraph in bold announces what follows, as a heading does.
        let announces =
            matches!(content, [RInline { kind: InlineKind::Strong(_), .. }]) && self.announcing() <= LONGEST_CHAIN / 2;
        self.space(style.before);
        self.push_text(paragraph, place, if announces { Keep::WithNext } else { Keep::No });
        self.space(style.after);
    }

    /// A formula on a line of its own.
    fn equation(&mut self, equation: &Equation<ResolvedStage>, span: Span, place: ContainingBlock) {
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::Paragraph));
        let (style, type_style) = self.styled(ParagraphRole::Equation, place);
        let paragraph = self.collector.equation(equation, place.change, span, type_style, tag);
        self.space(style.before);
        self.push_text(paragraph, place, Keep::No);
        self.space(style.after);
    }

    fn section(&mut self, section: &Section, place: ContainingBlock) {
        let (style, type_style) = self.styled(ParagraphRole::Heading(section.level), place);
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::Sect));
        let level = section.level.saturating_add(1);
        let new_page = section.annex && self.collector.theme.annex_break == AnnexBreak::Page && !place.nested;
        let opens_annex = new_page && section.level <= 1;
        if opens_annex && !self.after_annex {
            self.new_page();
        } else if !(1..=LONGEST_CHAIN).contains(&self.announcing()) {
            // An annex shares the page of one that hardly fills it.
            let cost = if opens_annex { OWN_PAGE } else { BEFORE_HEADING };
            if let Some(Node::Space(before)) = self.nodes.last().cloned() {
                // The page break is allowed before the space, so that the two spaces are merged.
                self.nodes.pop();
                self.nodes.push(Node::Penalty(Cost::Of(cost)));
                self.nodes.push(Node::Space(before));
            } else if !matches!(self.nodes.last(), None | Some(Node::Penalty(_))) {
                self.nodes.push(Node::Penalty(Cost::Of(cost)));
            }
        }
        self.space(style.before);
        self.heading(section, type_style, ContainingBlock { parent: tag, ..place });
        self.nodes.push(Node::Space(style.after));
        self.blocks(&section.blocks, ContainingBlock { parent: tag, heading: Some(level.saturating_add(1)), ..place });
        self.after_annex = opens_annex;
    }

    /// Adds the heading of a section.
    fn heading(&mut self, section: &Section, type_style: TypeStyle, place: ContainingBlock) {
        let ids = std::mem::take(&mut self.ids);
        let Section { level, number, title, .. } = section;
        self.cached(("heading", level, number, title, &ids), place, |flow| {
            flow.ids.clone_from(&ids);
            let tag = flow.collector.tags.add(place.parent, Tag::new(Role::Heading(level.saturating_add(1))));
            let lead = number.as_ref().map(|number| format!("{number}\u{2002}")).unwrap_or_default();
            let paragraph = flow.collector.labelled_paragraph((&lead, type_style), title, type_style, Some(tag));
            flow.push_text(paragraph, place, Keep::WithNext);
        });
    }

    fn list(&mut self, list: &List<ResolvedStage>, place: ContainingBlock) {
        let numbering = match list.marker {
            ListMarker::Bullet => ListNumbering::Disc,
            ListMarker::Plain => ListNumbering::None,
            ListMarker::Ordered { style, .. } => match style {
                NumberStyle::Decimal => ListNumbering::Decimal,
                NumberStyle::LowerAlpha => ListNumbering::LowerAlpha,
                NumberStyle::UpperAlpha => ListNumbering::UpperAlpha,
                NumberStyle::LowerRoman => ListNumbering::LowerRoman,
                NumberStyle::UpperRoman => ListNumbering::UpperRoman,
            },
        };
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::List { numbering }));
        let indent = place.type_style.size * LIST_INDENT;
        let label_width = indent - place.type_style.size * LABEL_GAP;
        let (item_style, _) = self.styled(ParagraphRole::ListItem, place);
        let gap = if list.tight { item_style.before } else { place.gap * LOOSE_SHARE };
        self.space(place.gap);
        for (index, item) in list.items.iter().enumerate() {
            let item_tag = self.collector.tags.add(tag, Tag::new(Role::ListItem));
            let labels = self.collector.document.language.labels;
            let label = match (item.task, list.marker) {
                (Some(true), _) => "\u{2611}".to_owned(),
                (Some(false), _) => "\u{2610}".to_owned(),
                (None, ListMarker::Bullet) => {
                    BULLETS.get(place.depth % BULLETS.len()).copied().unwrap_or("•").to_owned()
                }
                (None, ListMarker::Plain) => String::new(),
                (None, ListMarker::Ordered { .. }) => {
                    let number = list.marker.number(u32::try_from(index).unwrap_or(u32::MAX));
                    number.map(|number| format!("{number}.")).unwrap_or_default()
                }
            };
            if !label.is_empty() {
                let alt = item.task.map(|done| if done { labels.done } else { labels.not_done }.to_owned());
                let label_tag = self
                    .collector
                    .tags
                    .add(item_tag, Tag::with(Role::ListLabel, Properties { alt, ..Properties::NONE }));
                let type_style = TypeStyle { align: Alignment::End, ..place.type_style };
                let paragraph = self.collector.added_text(&label, type_style, Some(label_tag));
                let x = self.label_x(place, label_width);
                self.markers.push(Marker { paragraph, x, width: label_width });
            }
            let body = self.collector.tags.add(item_tag, Tag::new(Role::ListBody));
            if let Some(id) = item.attrs.id() {
                self.ids.push(id.to_owned());
            }
            let inner = ContainingBlock {
                parent: body,
                gap,
                depth: place.depth + 1,
                heading: None,
                nested: true,
                ..self.indented(place, indent)
            };
            self.space(gap);
            self.blocks(&item.blocks, inner);
            self.flush_marker(inner);
            self.space(gap);
        }
        self.space(place.gap);
    }

    /// A container indented at the side where lines start.
    pub fn indented(&self, place: ContainingBlock, indent: Pt) -> ContainingBlock {
        let width = place.width - indent;
        match self.collector.direction(place.type_style.lang) {
            TextDirection::LeftToRight => ContainingBlock { x: place.x + indent, width, ..place },
            TextDirection::RightToLeft => ContainingBlock { width, ..place },
        }
    }

    /// Left edge of a label of this width where lines start.
    pub fn label_x(&self, place: ContainingBlock, width: Pt) -> Pt {
        match self.collector.direction(place.type_style.lang) {
            TextDirection::LeftToRight => place.x,
            TextDirection::RightToLeft => place.x + place.width - width,
        }
    }

    /// Sets a marker without a paragraph on a line of its own.
    pub fn flush_marker(&mut self, place: ContainingBlock) {
        if !self.markers.is_empty() {
            let empty = self.collector.added_text("", place.type_style, None);
            self.push_text(empty, place, Keep::No);
        }
    }
}

/// Width of a paragraph's number, in ems.
const NUMBER_INDENT: Pt = 2.6;
/// Maximum number of nodes that stay with the next one, including the spaces between them. More
/// would not fit a page with anything below them.
const LONGEST_CHAIN: usize = 24;
/// A page that ends before a heading is a good page.
const BEFORE_HEADING: f32 = -5.0;
/// Indent of a list's items, in ems.
const LIST_INDENT: Pt = 1.75;
/// Space between a label and its item, in ems.
const LABEL_GAP: Pt = 0.6;
/// Space between the items of a loose list, as a share of that between paragraphs.
const LOOSE_SHARE: Pt = 0.75;
/// Bullets by depth.
const BULLETS: [&str; 3] = ["•", "–", "◦"];
