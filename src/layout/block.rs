//! Blocks other than paragraphs and lists: panels, quotations, code, figures,
//! definitions, lists made from the document.

use super::flow::{ContainingBlock, Flow};
use super::frame::{ListNumbering, Properties, Role, Tag, TagId};
use super::inline::TypeStyle;
use super::node::{CodeNode, Keep, Node, PageReference, PictureNode};
use super::vertical::{Background, BarSide};
use super::word::TextDirection;
use crate::ast::{AdmonitionKind, BlockKind, Definition, Figure, Image, Inline, InlineKind, ListingKind, Panel};
use crate::format::Format;
use crate::language::fill;
use crate::resolve::{Label, Listing, ListingEntry, RBlock, RInline, ResolvedStage, Target};
use crate::source::Span;
use crate::theme::{APART, CharacterRole, Medium, PanelRole, PanelStyle, ParagraphRole, Pt};

const QUOTE_INDENT: Pt = 14.0;
const DETAILS_INDENT: Pt = 16.0;
const CODE_PAD: Pt = 7.0;
/// Gaps in panels, as a share of those outside.
const PANEL_GAP: Pt = 0.65;
/// Indent of a level of a contents list, and room for its page numbers.
const ENTRY_INDENT: Pt = 14.0;
const ENTRY_NUMBER: Pt = 30.0;

impl<'d> Flow<'_, 'd> {
    /// A panel with its role, or its title, on top.
    pub fn panel(&mut self, panel: &Panel<ResolvedStage>, place: ContainingBlock) {
        let labels = self.collector.document.language.labels;
        let lead = match (&panel.label, &panel.title) {
            (Some(label), Some(_)) => fill(labels.label_value, &[&label.text, ""]),
            (Some(label), None) => label.text.clone(),
            (None, Some(_)) => String::new(),
            (None, None) => panel.role.label(labels).to_owned(),
        };
        let title = panel.title.as_deref().unwrap_or_default();
        self.boxed(&lead, title, &panel.blocks, (PanelRole::Panel, ParagraphRole::PanelTitle), place);
    }

    /// An admonition; its word is before its title.
    pub fn admonition(
        &mut self,
        kind: AdmonitionKind,
        title: Option<&[RInline]>,
        blocks: &[RBlock],
        place: ContainingBlock,
    ) {
        let labels = self.collector.document.language.labels;
        let word = kind.label(labels);
        let roles = match kind {
            AdmonitionKind::Note | AdmonitionKind::Tip | AdmonitionKind::Important => {
                (PanelRole::Panel, ParagraphRole::PanelTitle)
            }
            AdmonitionKind::Warning | AdmonitionKind::Caution => (PanelRole::Warning, ParagraphRole::WarningTitle),
        };
        let lead = match title {
            Some(_) => fill(labels.label_value, &[word, ""]),
            None => word.to_owned(),
        };
        let place = ContainingBlock { heading: None, ..place };
        self.boxed(&lead, title.unwrap_or_default(), blocks, roles, place);
    }

    /// Bars are at the start of lines.
    fn bar_side(&self, place: ContainingBlock) -> BarSide {
        match self.collector.direction(place.type_style.lang) {
            TextDirection::LeftToRight => BarSide::Left,
            TextDirection::RightToLeft => BarSide::Right,
        }
    }

    /// The members of the collection, where the author lists them nowhere,
    /// and the way back.
    pub fn navigation(&mut self, place: ContainingBlock) {
        let document = self.collector.document;
        let navigation = &document.navigation;
        if !navigation.members.is_empty() && !document.lists(ListingKind::Members, Format::Pdf) {
            let entries = navigation.members.iter().map(|member| ListingEntry {
                target: Some(member.target.clone()),
                level: 1,
                label: None,
                content: vec![text_inline(&member.title)].into(),
            });
            let listing = Listing {
                kind: ListingKind::Members,
                title: document.language.labels.in_this_collection.to_owned(),
                id: String::new(),
                entries: entries.collect(),
            };
            self.listing(&listing, place);
        }
        if let Some(up) = &navigation.up {
            let tag = self.collector.tags.add(place.parent, Tag::new(Role::Paragraph));
            let (style, type_style) = self.styled(ParagraphRole::Navigation, place);
            let paragraph = self.collector.linked(&[text_inline(&up.text)], "", &up.target, type_style, tag);
            self.space(style.before);
            self.push_text(paragraph, place, Keep::Together);
        }
    }

    /// A tinted panel with a bar and a title; colour only repeats what the
    /// title says.
    fn boxed(
        &mut self,
        lead: &str,
        title: &[RInline],
        blocks: &[RBlock],
        (panel, title_role): (PanelRole, ParagraphRole),
        place: ContainingBlock,
    ) {
        let PanelStyle { background, bar, pad_y, pad_x } = self.collector.theme.panel_style(panel, Medium::Pages);
        let role = if place.heading.is_some() { Role::Sect } else { Role::Div };
        let tag = self.collector.tags.add(place.parent, Tag::new(role));
        let title_tag = self.collector.tags.add(tag, Tag::new(heading_role(place)));
        self.space(place.gap * APART);
        self.nodes.push(Node::BeginBackground(Box::new(Background {
            x: place.x,
            width: place.width,
            fill: Some(background),
            bar,
            bar_side: self.bar_side(place),
            pad_top: pad_y,
            pad_bottom: pad_y,
            ..Background::default()
        })));
        let inner = ContainingBlock {
            x: place.x + pad_x,
            width: place.width - 2.0 * pad_x,
            parent: tag,
            heading: place.heading.map(|level| level.saturating_add(1)),
            nested: true,
            gap: place.gap * PANEL_GAP,
            ..place
        };
        let (style, type_style) = self.styled(title_role, place);
        let paragraph = self.collector.labelled_paragraph((lead, type_style), title, type_style, Some(title_tag));
        self.push_text(paragraph, inner, Keep::WithNext);
        self.nodes.push(Node::Space(style.after));
        self.blocks(blocks, inner);
        self.flush_marker(inner);
        self.close();
        self.space(place.gap * APART);
    }

    /// A quotation, set in after a bar, with whom it is from.
    pub fn quote(&mut self, blocks: &[RBlock], attribution: Option<&[RInline]>, place: ContainingBlock) {
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::BlockQuote));
        let (style, _) = self.styled(ParagraphRole::Quote, place);
        self.space(style.before);
        let bar = style.rule;
        let bar_side = self.bar_side(place);
        let background = Background { x: place.x, width: place.width, bar, bar_side, ..Background::default() };
        self.nodes.push(Node::BeginBackground(Box::new(background)));
        let inner = ContainingBlock { parent: tag, heading: None, nested: true, ..self.indented(place, QUOTE_INDENT) };
        self.blocks(blocks, inner);
        self.flush_marker(inner);
        if let Some(attribution) = attribution {
            let paragraph_tag = self.collector.tags.add(tag, Tag::new(Role::Paragraph));
            let (style, type_style) = self.styled(ParagraphRole::Attribution, place);
            let paragraph = self.collector.paragraph(attribution, type_style, Some(paragraph_tag));
            self.keep_with_next(style.before);
            self.push_text(paragraph, inner, Keep::Together);
        }
        self.close();
        self.space(style.after);
    }

    /// A block of code.
    pub fn code(&mut self, text: &str, place: ContainingBlock) {
        let theme = self.collector.theme;
        let paragraph = self.collector.tags.add(place.parent, Tag::new(Role::Paragraph));
        let code = self.collector.tags.add(paragraph, Tag::new(Role::Code));
        let leaf = self.collector.tags.add(code, Tag::new(Role::Leaf));
        let (style, type_style) = self.styled(ParagraphRole::Code, place);
        let type_style = TypeStyle { lang: self.collector.languages.id(""), ..type_style };
        self.space(style.before);
        self.nodes.push(Node::BeginBackground(Box::new(Background {
            x: place.x,
            width: place.width,
            fill: style.background,
            pad_top: CODE_PAD,
            pad_bottom: CODE_PAD,
            ..Background::default()
        })));
        let (ids, markers) = (std::mem::take(&mut self.ids), std::mem::take(&mut self.markers));
        self.nodes.push(Node::Code(Box::new(CodeNode {
            text: text.to_owned(),
            x: place.x + CODE_PAD,
            width: place.width - 2.0 * CODE_PAD,
            type_style,
            sign: theme.colors.muted,
            tag: leaf,
            ids,
            markers,
        })));
        self.close();
        self.space(style.after);
    }

    /// A figure with its caption below.
    pub fn figure(&mut self, figure: &Figure<ResolvedStage>, place: ContainingBlock) {
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::Div));
        let inner = ContainingBlock { parent: tag, heading: None, nested: true, ..place };
        let (style, _) = self.styled(ParagraphRole::Figure, place);
        let (caption_style, _) = self.styled(ParagraphRole::Caption, place);
        self.space(style.before);
        for block in &figure.blocks {
            match &block.kind {
                BlockKind::Paragraph(content) => match content.as_slice() {
                    [only] if matches!(only.kind, InlineKind::Image(_)) => {
                        if let InlineKind::Image(image) = &only.kind {
                            self.picture(image, only.attrs.has_class("decorative"), inner);
                        }
                    }
                    _ => self.block(block, inner),
                },
                _ => self.block(block, inner),
            }
            self.keep_with_next(caption_style.before);
        }
        if let Some((lead, content)) = self.caption(figure.label.as_ref(), figure.caption.as_deref()) {
            let caption = self.collector.tags.add(tag, Tag::new(Role::Caption));
            self.caption_text(&lead, content, caption, inner, Keep::Together);
        }
        self.space(style.after);
    }

    /// Label and words of a caption, where there is one.
    pub fn caption<'c>(
        &self,
        label: Option<&Label>,
        content: Option<&'c [RInline]>,
    ) -> Option<(String, &'c [RInline])> {
        let labels = self.collector.document.language.labels;
        let content = content.unwrap_or_default();
        match label {
            Some(label) if content.is_empty() => Some((label.text.clone(), content)),
            Some(label) => Some((fill(labels.label_value, &[&label.text, ""]), content)),
            None if content.is_empty() => None,
            None => Some((String::new(), content)),
        }
    }

    /// Sets a caption.
    pub fn caption_text(&mut self, lead: &str, content: &[RInline], tag: TagId, place: ContainingBlock, keep: Keep) {
        let (_, type_style) = self.styled(ParagraphRole::Caption, place);
        let label =
            self.collector.theme.character_style(CharacterRole::CaptionLabel, type_style.surroundings(place.gap));
        let label = type_style.with_character_style(&label);
        let paragraph = self.collector.labelled_paragraph((lead, label), content, type_style, Some(tag));
        self.push_text(paragraph, place, keep);
    }

    fn picture(&mut self, image: &Image<ResolvedStage>, decorative: bool, place: ContainingBlock) {
        let Some(picture) = self.collector.document.pictures.get(image.picture) else { return };
        let (width, height) = self.collector.picture_size(picture, image.width, place.width);
        let tag = (!decorative).then(|| {
            let alt = image.alternative().map(str::to_owned);
            let figure =
                self.collector.tags.add(place.parent, Tag::with(Role::Figure, Properties { alt, ..Properties::NONE }));
            self.collector.tags.add(figure, Tag::new(Role::Leaf))
        });
        let (ids, markers) = (std::mem::take(&mut self.ids), std::mem::take(&mut self.markers));
        let picture = PictureNode { picture: image.picture, x: place.x, width, height, tag, ids, markers };
        self.nodes.push(Node::Picture(Box::new(picture)));
    }

    /// Terms with what they mean below them, set in.
    pub fn definitions(&mut self, definitions: &[Definition<ResolvedStage>], place: ContainingBlock) {
        let numbering = ListNumbering::None;
        let list = self.collector.tags.add(place.parent, Tag::new(Role::List { numbering }));
        for definition in definitions {
            let item = self.collector.tags.add(list, Tag::new(Role::ListItem));
            let label = self.collector.tags.add(item, Tag::new(Role::ListLabel));
            let (style, type_style) = self.styled(ParagraphRole::Term, place);
            self.space(style.before);
            for term in &definition.terms {
                let paragraph = self.collector.paragraph(term, type_style, Some(label));
                self.push_text(paragraph, ContainingBlock { parent: label, ..place }, Keep::WithNext);
            }
            let body = self.collector.tags.add(item, Tag::new(Role::ListBody));
            let (details_style, _) = self.styled(ParagraphRole::Definition, place);
            let inner = ContainingBlock {
                parent: body,
                gap: details_style.before,
                heading: None,
                nested: true,
                ..self.indented(place, DETAILS_INDENT)
            };
            for details in &definition.details {
                self.blocks(details, inner);
                self.flush_marker(inner);
            }
        }
        self.space(place.gap);
    }

    /// A list made from the document, with its heading.
    pub fn listing(&mut self, listing: &Listing, place: ContainingBlock) {
        if listing.entries.is_empty() {
            return;
        }
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::Sect));
        let heading = self.collector.tags.add(tag, Tag::new(heading_role(place)));
        let level = place.heading.map_or(2, |level| level.saturating_sub(1));
        let (style, type_style) = self.styled(ParagraphRole::Heading(level), place);
        if !listing.id.is_empty() {
            self.ids.push(listing.id.clone());
        }
        self.space(style.before);
        let paragraph = self.collector.added_text(&listing.title, type_style, Some(heading));
        self.push_text(paragraph, place, Keep::WithNext);
        self.nodes.push(Node::Space(style.after));
        let inner = ContainingBlock { parent: tag, heading: None, ..place };
        match listing.kind {
            ListingKind::Contents | ListingKind::Figures | ListingKind::Tables => self.contents(listing, inner),
            ListingKind::Abbreviations | ListingKind::Bibliography | ListingKind::Members => {
                self.entries(listing, inner)
            }
        }
        self.space(place.gap * APART);
    }

    /// Entries with the numbers of their pages.
    fn contents(&mut self, listing: &Listing, place: ContainingBlock) {
        let toc = self.collector.tags.add(place.parent, Tag::new(Role::Contents));
        let place = ContainingBlock { parent: toc, ..place };
        for entry in &listing.entries {
            // Entries are cached one by one, because a line that is too wide must be reported each
            // time.
            self.cached((listing.kind, entry), place, |flow| flow.contents_entry(listing, entry, place));
        }
    }

    fn contents_entry(&mut self, listing: &Listing, entry: &ListingEntry, place: ContainingBlock) {
        let item = self.collector.tags.add(place.parent, Tag::new(Role::ContentsItem));
        let reference = self.collector.tags.add(item, Tag::new(Role::Reference));
        let role = match listing.kind {
            ListingKind::Contents => ParagraphRole::Contents(entry.level),
            ListingKind::Figures
            | ListingKind::Tables
            | ListingKind::Abbreviations
            | ListingKind::Bibliography
            | ListingKind::Members => ParagraphRole::FigureEntry,
        };
        let (style, type_style) = self.styled(role, place);
        let indent = ENTRY_INDENT * Pt::from(entry.level.saturating_sub(1));
        let lead = self.entry_lead(listing, entry);
        let target = entry.target.clone().unwrap_or_else(|| Target::Internal(String::new()));
        let paragraph = self.collector.linked(&entry.content, &lead, &target, type_style, reference);
        let link = paragraph.links.first().map_or(reference, |link| link.tag);
        let tag = self.collector.tags.add(link, Tag::new(Role::Leaf));
        let mut inner = self.indented(place, indent);
        inner.width -= ENTRY_NUMBER;
        if self.collector.direction(place.type_style.lang) == TextDirection::RightToLeft {
            inner.x += ENTRY_NUMBER;
        }
        self.space(style.before);
        self.push_text(paragraph, inner, Keep::Together);
        if let (Some(Node::Text(node)), Target::Internal(id)) = (self.nodes.last_mut(), target) {
            let direction = self.collector.direction(place.type_style.lang);
            let edge = match direction {
                TextDirection::LeftToRight => place.x + place.width,
                TextDirection::RightToLeft => place.x,
            };
            node.late = Some(PageReference { id, edge, direction, type_style, tag });
        }
    }

    fn entry_lead(&self, listing: &Listing, entry: &ListingEntry) -> String {
        match (&entry.label, listing.kind) {
            (None, _) => String::new(),
            (
                Some(label),
                ListingKind::Contents | ListingKind::Figures | ListingKind::Tables | ListingKind::Members,
            ) => {
                format!("{label}\u{2002}")
            }
            (Some(label), ListingKind::Abbreviations | ListingKind::Bibliography) => label.clone(),
        }
    }

    /// Entries without pages: a label and its text.
    fn entries(&mut self, listing: &Listing, place: ContainingBlock) {
        let numbering = ListNumbering::None;
        let list = self.collector.tags.add(place.parent, Tag::new(Role::List { numbering }));
        for entry in &listing.entries {
            let item = self.collector.tags.add(list, Tag::new(Role::ListItem));
            let lead = self.entry_lead(listing, entry);
            let mut inner = place;
            let (style, type_style) = self.styled(ParagraphRole::ListingEntry, place);
            self.space(style.before);
            if !lead.is_empty() {
                let label = self.collector.tags.add(item, Tag::new(Role::ListLabel));
                let (_, type_style) = self.styled(ParagraphRole::Term, place);
                let paragraph = self.collector.added_text(&lead, type_style, Some(label));
                self.push_text(paragraph, ContainingBlock { parent: label, ..place }, Keep::WithNext);
                inner = self.indented(place, DETAILS_INDENT);
            }
            let body = self.collector.tags.add(item, Tag::new(Role::ListBody));
            let paragraph = match &entry.target {
                Some(target) => self.collector.linked(&entry.content, "", target, type_style, body),
                None => self.collector.paragraph(&entry.content, type_style, Some(body)),
            };
            self.push_text(paragraph, ContainingBlock { parent: body, ..inner }, Keep::No);
        }
    }
}

fn text_inline(words: &str) -> RInline {
    Inline::new(InlineKind::Text(words.to_owned()), Span::default())
}

/// The role of a title: a heading if the outline continues here, else a paragraph.
pub fn heading_role(place: ContainingBlock) -> Role {
    place.heading.map_or(Role::Paragraph, Role::Heading)
}
