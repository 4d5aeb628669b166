//! The first page: banners, title, control data, summary, contents.

use super::flow::{ContainingBlock, Flow};
use super::font::Weight;
use super::frame::{Properties, Role, Tag};
use super::inline::TypeStyle;
use super::node::{CellNode, Keep, Node, PictureNode, RowNode, TableNode, Wider};
use super::vertical::{Background, Cost};
use crate::ast::plain_text;
use crate::theme::{ContentsPage, Opening, Pt};

/// Share of a cover page above its title.
const COVER_TOP: Pt = 0.28;
/// Between a logo and the bar above the title.
const LOGO_GAP: Pt = 20.0;
/// Between the bar and what stands under it.
const BAR_GAP: Pt = 9.0;
const BAR_HEIGHT: Pt = 3.0;
const BAR_WIDTH: Pt = 48.0;
/// Room for the labels of control data, as a share of the measure.
const LABEL_SHARE: Pt = 0.26;
/// Type of the control data, as a share of that of tables, and its padding.
const CONTROL_SIZE: Pt = 0.95;
const CONTROL_PAD: Pt = 0.45;
/// Between the parts of one value: authors, addressees.
const VALUE_GAP: Pt = 3.0;
/// Between the markings and the title.
const BANNER_GAP: Pt = 4.0;
/// A title of more lines than this is set in smaller type, down to a share of
/// its size; its letters are so wide, in ems.
const TITLE_LINES: Pt = 3.0;
const LEAST_TITLE: Pt = 0.6;
const TITLE_LETTER: Pt = 0.52;
const PANEL_PAD: Pt = 10.0;
const PANEL_PAD_Y: Pt = 8.0;

impl Flow<'_, '_> {
    /// Everything that stands above the text.
    pub fn title_block(&mut self, place: ContainingBlock) {
        let document = self.collector.document;
        let theme = self.collector.theme;
        let cover = theme.opening == Opening::Cover;
        let logo = self.logo(place);
        if cover {
            // A space at a page's top would vanish.
            self.nodes.push(Node::Strut((theme.page.height() * COVER_TOP - logo).max(0.0)));
        } else if logo > 0.0 {
            self.nodes.push(Node::Space(LOGO_GAP));
        }
        let x = self.label_x(place, BAR_WIDTH);
        self.nodes.push(Node::Bar { x, width: BAR_WIDTH, height: BAR_HEIGHT, color: theme.colors.accent });
        self.nodes.push(Node::Space(BAR_GAP));
        for banner in &document.banners {
            let tag = self.collector.tags.add(place.parent, Tag::new(Role::Paragraph));
            let look = TypeStyle { size: place.look.size, ..self.sans(place.look, Weight::Bold, theme.colors.warning) };
            let paragraph = self.collector.added_text(banner, look, Some(tag));
            self.push_text(paragraph, place, Keep::WithNext);
        }
        if !document.banners.is_empty() {
            self.nodes.push(Node::Space(BANNER_GAP));
        }
        let heading = self.collector.tags.add(place.parent, Tag::new(Role::Heading(1)));
        // A very long title is set smaller, so that it stays a title.
        let letters = plain_text(&document.title).chars().count() as Pt;
        let lines = letters * theme.title.size.0 * TITLE_LETTER / place.width;
        let scale = (TITLE_LINES / lines.max(TITLE_LINES)).sqrt().max(LEAST_TITLE);
        let look = TypeStyle {
            size: theme.title.size.0 * scale,
            leading: theme.title.leading.0 * scale,
            ..self.sans(place.look, Weight::Bold, theme.colors.accent)
        };
        let title = self.collector.paragraph(&document.title, look, Some(heading));
        self.push_text(title, place, Keep::WithNext);
        if let Some(subtitle) = &document.subtitle {
            let tag = self.collector.tags.add(place.parent, Tag::new(Role::Paragraph));
            let look = TypeStyle {
                size: theme.title.subtitle_size.0,
                leading: theme.title.subtitle_leading.0,
                ..self.sans(place.look, Weight::Regular, theme.colors.muted)
            };
            let paragraph = self.collector.added_text(subtitle, look, Some(tag));
            self.nodes.push(Node::Space(4.0));
            self.push_text(paragraph, place, Keep::WithNext);
        }
        self.nodes.push(Node::Space(theme.text.leading.0));
        self.control(place);
        self.summary(place);
        if cover {
            self.nodes.push(Node::Penalty(Cost::Always));
        }
        if let Some(listing) = &document.contents {
            self.once(listing, place, |flow| flow.listing(listing, place));
            if theme.contents_page == ContentsPage::Separate {
                self.nodes.push(Node::Penalty(Cost::Always));
            }
        }
        self.space(theme.text.leading.0);
    }

    /// The theme's logo at the head of the page; returns its height. It stands
    /// before the title in the reading order where it has words, and is an
    /// ornament where it has none.
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
        let look = TypeStyle {
            size: theme.table.size.0 * CONTROL_SIZE,
            leading: theme.table.leading.0 * CONTROL_SIZE,
            ..self.sans(place.look, Weight::Regular, theme.colors.text)
        };
        let title_look = TypeStyle { weight: Weight::Bold, color: theme.colors.accent, ..look };
        let title = self.collector.added_text(&document.control_title, title_look, Some(caption));
        self.push_text(title, place, Keep::WithNext);
        self.nodes.push(Node::Space(4.0));
        let body = self.collector.tags.add(table, Tag::new(Role::TableBody));
        let outside = std::mem::take(&mut self.nodes);
        let mut rows = Vec::new();
        let inner = ContainingBlock { x: 0.0, look, nested: true, heading: None, ..place };
        for row in &document.control {
            let tag = self.collector.tags.add(body, Tag::new(Role::TableRow));
            let header = Role::HeaderCell { column: false, row: true, colspan: 1, rowspan: 1 };
            let header = self.collector.tags.add(tag, Tag::new(header));
            let label_look = TypeStyle { color: theme.colors.muted, ..look };
            let label = self.collector.added_text(&row.label, label_look, Some(header));
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
                let paragraph = self.collector.paragraph(line, look, Some(paragraph_tag));
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
            direction: self.collector.direction(place.look.lang),
            first_column: Some(place.width * LABEL_SHARE),
            least_scale: 1.0,
            wider: Wider::Nowhere,
            span: None,
            markers: Vec::new(),
        })));
        self.space(theme.text.leading.0);
    }

    fn summary(&mut self, place: ContainingBlock) {
        let document = self.collector.document;
        let theme = self.collector.theme;
        if document.summary.is_empty() {
            return;
        }
        let tag = self.collector.tags.add(place.parent, Tag::new(Role::Sect));
        let heading = self.collector.tags.add(tag, Tag::new(Role::Heading(2)));
        self.nodes.push(Node::Open(Box::new(Background {
            x: place.x,
            width: place.width,
            fill: Some(theme.colors.panel),
            pad_top: PANEL_PAD_Y,
            pad_bottom: PANEL_PAD_Y,
            ..Background::default()
        })));
        let inner = ContainingBlock {
            x: place.x + PANEL_PAD,
            width: place.width - 2.0 * PANEL_PAD,
            parent: tag,
            heading: Some(3),
            nested: true,
            gap: place.gap * 0.65,
            ..place
        };
        let look = self.sans(place.look, Weight::Bold, theme.colors.accent);
        let title = self.collector.added_text(document.language.labels.abstract_title, look, Some(heading));
        self.push_text(title, inner, Keep::WithNext);
        self.nodes.push(Node::Space(3.0));
        self.blocks(&document.summary, inner);
        self.close();
        self.space(theme.text.leading.0);
    }
}
