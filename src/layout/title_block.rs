//! The first page: banners, title, control data, summary, contents.

use super::flow::{ContainingBlock, Flow};
use super::frame::{Properties, Role, Tag};
use super::inline::TypeStyle;
use super::node::{CellNode, Keep, Node, PictureNode, RowNode, TableNode, Widening};
use super::vertical::{Background, Cost};
use crate::ast::plain_text;
use crate::theme::{ContentsPage, Medium, Opening, PanelRole, PanelStyle, ParagraphRole, Pt};

/// Share of a cover page above its title.
const COVER_TOP: Pt = 0.28;
/// Between a logo and the bar above the title.
const LOGO_GAP: Pt = 20.0;
/// Space between the bar and the text under it.
const BAR_GAP: Pt = 9.0;
const BAR_HEIGHT: Pt = 3.0;
const BAR_WIDTH: Pt = 48.0;
/// Room for the labels of control data, as a share of the measure.
const LABEL_SHARE: Pt = 0.26;
/// Padding of the control data, as a share of that of tables.
const CONTROL_PAD: Pt = 0.45;
/// Between the parts of one value: authors, addressees.
const VALUE_GAP: Pt = 3.0;
/// A title of more lines than this is set in smaller type, down to a share of
/// its size; its letters are so wide, in ems.
const TITLE_LINES: Pt = 3.0;
const LEAST_TITLE: Pt = 0.6;
const TITLE_LETTER: Pt = 0.52;

impl Flow<'_, '_> {
    /// Everything that is above the text.
    pub fn title_block(&mut self, place: ContainingBlock) {
        let document = self.collector.document;
        let theme = self.collector.theme;
        let cover = theme.opening == Opening::Cover;
        let logo = self.logo(place);
        if cover {
            // A space at a page's top would vanish.
            self.nodes.push(Node::Kern((theme.page.height() * COVER_TOP - logo).max(0.0)));
        } else if logo > 0.0 {
            self.nodes.push(Node::Space(LOGO_GAP));
        }
        let x = self.label_x(place, BAR_WIDTH);
        self.nodes.push(Node::Bar { x, width: BAR_WIDTH, height: BAR_HEIGHT, color: theme.colors.accent });
        self.nodes.push(Node::Space(BAR_GAP));
        let (style, type_style) = self.styled(ParagraphRole::Banner, place);
        for banner in &document.banners {
            let tag = self.collector.tags.add(place.parent, Tag::new(Role::Paragraph));
            let paragraph = self.collector.added_text(banner, type_style, Some(tag));
            self.push_text(paragraph, place, Keep::WithNext);
        }
        if !document.banners.is_empty() {
            self.nodes.push(Node::Space(style.after));
        }
        let heading = self.collector.tags.add(place.parent, Tag::new(Role::Heading(1)));
        // A very long title is set smaller, so that it stays a title.
        let letters = plain_text(&document.title).chars().count() as Pt;
        let (style, type_style) = self.styled(ParagraphRole::Title, place);
        let lines = letters * type_style.size * TITLE_LETTER / place.width;
        let scale = (TITLE_LINES / lines.max(TITLE_LINES)).sqrt().max(LEAST_TITLE);
        let type_style = TypeStyle { size: type_style.size * scale, leading: type_style.leading * scale, ..type_style };
        let title = self.collector.paragraph(&document.title, type_style, Some(heading));
        self.push_text(title, place, Keep::WithNext);
        let (subtitle_style, type_style) = self.styled(ParagraphRole::Subtitle, place);
        if let Some(subtitle) = &document.subtitle {
            let tag = self.collector.tags.add(place.parent, Tag::new(Role::Paragraph));
            let paragraph = self.collector.added_text(subtitle, type_style, Some(tag));
            self.nodes.push(Node::Space(style.after));
            self.push_text(paragraph, place, Keep::WithNext);
        }
        self.nodes.push(Node::Space(subtitle_style.after));
        self.control(place);
        self.summary(place);
        if cover {
            self.nodes.push(Node::Penalty(Cost::Always));
        }
        if let Some(listing) = &document.contents {
            self.cached(listing, place, |flow| flow.listing(listing, place));
            if theme.contents_page == ContentsPage::Separate {
                self.nodes.push(Node::Penalty(Cost::Always));
            }
        }
        self.space(place.type_style.leading);
    }

    /// The theme's logo at the head of the page; returns its height. It is before the title in the
    /// reading order where it has words, and is an ornament where it has none.
    fn logo(&mut self, place: ContainingBlock) -> Pt {
        let theme = self.collector.theme;
        let Some(index) = theme.logo_picture else { return 0.0 };
        let Some(picture) = self.collector.document.pictures.get(index) else { return 0.0 };
        let (width, height) = self.collector.picture_size(picture, None, place.width);
        let scale = (theme.logo_height.0 / height).min(place.width / width);
        let (width, height) = (width * scale, height * scale);
        let tag = theme.logo_alt.clone().map(|alt| {
            let figure = self
                .collector
                .tags
                .add(place.parent, Tag::with(Role::Figure, Properties { alt: Some(alt), ..Properties::NONE }));
            self.collector.tags.add(figure, Tag::new(Role::Leaf))
        });
        let x = self.label_x(place, width);
        let (ids, markers) = (Vec::new(), Vec::new());
        self.nodes.push(Node::Picture(Box::new(PictureNode { picture: index, x, width, height, tag, ids, markers })));
        self.nodes.push(Node::Penalty(Cost::Never));
        height
    }

    fn control(&mut self, place: ContainingBlock) {
        let document = self.collector.document;
        let theme = self.collector.theme;
        if document.control.is_empty() {
            return;
        }
        let table = self.collector.tags.add(place.parent, Tag::new(Role::Table));
        let caption = self.collector.tags.add(table, Tag::new(Role::Caption));
        let (style, title_type) = self.styled(ParagraphRole::ControlTitle, place);
        let (_, type_style) = self.styled(ParagraphRole::ControlValue, place);
        let (_, label_type) = self.styled(ParagraphRole::ControlLabel, place);
        let title = self.collector.added_text(&document.control_title, title_type, Some(caption));
        self.push_text(title, place, Keep::WithNext);
        self.nodes.push(Node::Space(style.after));
        let body = self.collector.tags.add(table, Tag::new(Role::TableBody));
        let outside = std::mem::take(&mut self.nodes);
        let mut rows = Vec::new();
        let inner = ContainingBlock { x: 0.0, type_style, nested: true, heading: None, ..place };
        for row in &document.control {
            let tag = self.collector.tags.add(body, Tag::new(Role::TableRow));
            let header = Role::HeaderCell { column: false, row: true, colspan: 1, rowspan: 1 };
            let header = self.collector.tags.add(tag, Tag::new(header));
            let label = self.collector.added_text(&row.label, label_type, Some(header));
            self.push_text(label, ContainingBlock { parent: header, ..inner }, Keep::Together);
            let label = std::mem::take(&mut self.nodes);
            let data = self.collector.tags.add(tag, Tag::new(Role::DataCell { colspan: 1, rowspan: 1 }));
            for (index, line) in row.value.iter().enumerate() {
                if index > 0 {
                    // Lines of one value may be long: each shows where it starts.
                    self.nodes.push(Node::Space(VALUE_GAP));
                }
                let paragraph_tag =
                    if row.value.len() > 1 { self.collector.tags.add(data, Tag::new(Role::Paragraph)) } else { data };
                let paragraph = self.collector.paragraph(line, type_style, Some(paragraph_tag));
                self.push_text(paragraph, ContainingBlock { parent: data, ..inner }, Keep::No);
            }
            let value = std::mem::take(&mut self.nodes);
            let cell = |column, nodes| CellNode { column, colspan: 1, rowspan: 1, decimal: None, nodes };
            rows.push(RowNode { cells: vec![cell(0, label), cell(1, value)] });
        }
        self.nodes = outside;
        self.nodes.push(Node::Table(Box::new(TableNode {
            x: place.x,
            width: place.width,
            columns: 2,
            head: Vec::new(),
            body: rows,
            continued: None,
            pad_x: theme.table.pad_x.0,
            pad_y: theme.table.pad_y.0 * CONTROL_PAD,
            strong: theme.colors.accent,
            light: theme.colors.rule,
            tallest: theme.page.height() * 0.7,
            ids: Vec::new(),
            direction: self.collector.direction(place.type_style.lang),
            first_column: Some(place.width * LABEL_SHARE),
            least_scale: 1.0,
            wider: Widening::None,
            span: None,
            markers: Vec::new(),
        })));
        self.space(place.type_style.leading);
    }

    fn summary(&mut self, place: ContainingBlock) {
        let document = self.collector.document;
        let theme = self.collector.theme;
        if document.summary.is_empty() {
            return;
        }
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::Sect));
        let heading = self.collector.tags.add(tag, Tag::new(Role::Heading(2)));
        let PanelStyle { background, bar: _, pad_y, pad_x } = theme.panel_style(PanelRole::Summary, Medium::Pages);
        self.nodes.push(Node::BeginBackground(Box::new(Background {
            x: place.x,
            width: place.width,
            fill: Some(background),
            pad_top: pad_y,
            pad_bottom: pad_y,
            ..Background::default()
        })));
        let inner = ContainingBlock {
            x: place.x + pad_x,
            width: place.width - 2.0 * pad_x,
            parent: tag,
            heading: Some(3),
            nested: true,
            gap: place.gap * 0.65,
            ..place
        };
        let (style, type_style) = self.styled(ParagraphRole::SummaryTitle, place);
        let title = self.collector.added_text(document.language.labels.abstract_title, type_style, Some(heading));
        self.push_text(title, inner, Keep::WithNext);
        self.nodes.push(Node::Space(style.after));
        self.blocks(&document.summary, inner);
        self.close();
        self.space(place.type_style.leading);
    }
}
