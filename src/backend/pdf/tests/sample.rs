//! Layouts made by hand.

use crate::backend::fixture;
use crate::layout::font::{Face, FontBook, FontIndex};
use crate::layout::frame::{
    Bookmark, Color, Destination, Glyph, GlyphRun, Item, ItemKind, Layout, LinkArea, ListNumbering, Mark, Page,
    PlacedPage, Point, Properties, Rect, Role, RunGlyphs, ShownGlyphs, Tag, TagId, TagTree,
};
use crate::resolve::{Resolved, Target};
use std::sync::Arc;

const SIZE: f32 = 10.0;
const LINE: f32 = 14.0;
const LEFT: f32 = 72.0;

/// The face behind index 0.
pub fn serif() -> &'static Face {
    FontBook::bundled().face(FontIndex(0)).unwrap()
}

pub fn document() -> Resolved {
    Resolved {
        title_text: "Coöperation & more".to_owned(),
        description: Some("A sample".to_owned()),
        timestamp: Some(1_795_392_000),
        ..fixture::document(Vec::new())
    }
}

/// A layout that grows line by line.
pub struct Sample {
    layout: Layout,
    y: f32,
}

impl Sample {
    pub fn new() -> Self {
        let mut sample = Self { layout: Layout::default(), y: 0.0 };
        sample.page();
        sample
    }

    pub fn page(&mut self) {
        let label = (self.layout.pages.len() + 1).to_string();
        let page = Page { width: 595.0, height: 842.0, label: label.clone(), items: Vec::new() };
        self.layout.pages.push(PlacedPage { content: Arc::new(page), first_tag: 0 });
        self.y = 40.0;
        self.line(Mark::Pagination, &format!("Running head {label}"));
        self.y = 72.0;
    }

    fn push(&mut self, mark: Mark, kind: ItemKind) {
        Arc::make_mut(&mut self.layout.pages.last_mut().unwrap().content).items.push(Item { mark, kind });
    }

    /// Sets a line; `|` at its end is a discretionary hyphen.
    pub fn line(&mut self, mark: Mark, text: &str) {
        let font = serif();
        let em = f32::from(font.metrics().units_per_em);
        let (text, hyphen) = match text.strip_suffix('|') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let visible = text.trim_end();
        let mut glyphs: Vec<Glyph> = visible
            .char_indices()
            .map(|(cluster, character)| (u16::try_from(cluster).unwrap(), character))
            .chain(hyphen.then_some((Glyph::NO_TEXT, '-')))
            .map(|(cluster, character)| {
                let id = font.glyph(character).unwrap();
                let natural = font.advance(id) / em * SIZE;
                let advance = if character == ' ' { natural * 1.2 } else { natural };
                Glyph { id, cluster, advance }
            })
            .collect();
        // A ligature of two letters in one glyph.
        if let Some(place) = visible.find("fi") {
            let id = font.glyph('\u{FB01}').unwrap_or(glyphs[place].id);
            glyphs[place].id = id;
            glyphs[place].advance = font.advance(id) / em * SIZE;
            glyphs.remove(place + 1);
        }
        let shown = ShownGlyphs {
            font: FontIndex(0),
            size: SIZE,
            color: Color::default(),
            stretch: 1.0,
            glyphs: RunGlyphs::from_each(glyphs, Vec::new()),
            text: text.into(),
            rtl: false,
        };
        let run = GlyphRun::new(Point { x: LEFT, y: self.y }, shown);
        self.push(mark, ItemKind::Glyphs(run));
        self.y += LINE;
    }

    pub fn tag(&mut self, parent: TagId, role: Role) -> TagId {
        self.layout.tags.add(parent, Tag::new(role))
    }

    pub fn leaf(&mut self, parent: TagId) -> Mark {
        Mark::Content(self.tag(parent, Role::Leaf))
    }

    pub fn paragraph(&mut self, role: Role, text: &str) {
        let tag = self.tag(TagTree::ROOT, role);
        let leaf = self.leaf(tag);
        self.line(leaf, text);
    }

    pub fn finish(self) -> Layout {
        self.layout
    }

    /// A paragraph set from right to left.
    pub fn leftward(text: &str) -> Layout {
        let mut sample = Self::new();
        sample.paragraph(Role::Paragraph, text);
        if let Some(ItemKind::Glyphs(run)) =
            Arc::make_mut(&mut sample.layout.pages[0].content).items.last_mut().map(|item| &mut item.kind)
        {
            run.edit_each(|each| each.glyphs.reverse());
            run.rtl = true;
        }
        sample.finish()
    }

    /// A figure with alternative text, and nothing else.
    pub fn figure() -> Layout {
        let mut sample = Self::new();
        let alt = Properties { alt: Some("A picture".to_owned()), ..Properties::NONE };
        let figure = sample.layout.tags.add(TagTree::ROOT, Tag::with(Role::Figure, alt));
        let leaf = sample.leaf(figure);
        let area = Rect { x: LEFT, y: 100.0, width: 200.0, height: 100.0 };
        sample.push(leaf, ItemKind::Picture { picture: 0, area });
        sample.finish()
    }

    /// Heading, paragraph over two pages, list with a link over two lines,
    /// table, ligature.
    pub fn brief() -> Layout {
        let mut sample = Self::new();
        sample.paragraph(Role::Heading(1), "Cooperation");
        let paragraph = sample.tag(TagTree::ROOT, Role::Paragraph);
        let leaf = sample.leaf(paragraph);
        sample.line(leaf, "The first para|");
        sample.line(leaf, "graph runs over two lines ");
        sample.page();
        sample.line(leaf, "and a page.");

        let list = sample.tag(TagTree::ROOT, Role::List { numbering: ListNumbering::Decimal });
        let item = sample.tag(list, Role::ListItem);
        let label = sample.tag(item, Role::ListLabel);
        let leaf = sample.leaf(label);
        sample.line(leaf, "1.");
        let body = sample.tag(item, Role::ListBody);
        let leaf = sample.leaf(body);
        sample.line(leaf, "An item with a ");
        let link = sample.tag(body, Role::Link);
        let leaf = sample.leaf(link);
        for text in ["link over ", "two lines"] {
            let area = Rect { x: LEFT, y: sample.y - SIZE, width: 60.0, height: LINE };
            sample.line(leaf, text);
            let target = Target::External("https://example.org/a?b=(c)&d=é".to_owned());
            let description = "An example – with a dash".to_owned();
            sample.push(Mark::Layout, ItemKind::Link(Box::new(LinkArea { area, target, tag: link, description })));
        }
        let leaf = sample.leaf(body);
        sample.line(leaf, ".");

        let table = sample.tag(TagTree::ROOT, Role::Table);
        for (group, row, cells) in
            [(Role::TableHead, true, ["Year", "Step"]), (Role::TableBody, false, ["2006", "Working arrangement"])]
        {
            let group = sample.tag(table, group);
            let line = sample.tag(group, Role::TableRow);
            for cell in cells {
                let role = if row {
                    Role::HeaderCell { column: true, row: false, colspan: 1, rowspan: 1 }
                } else {
                    Role::DataCell { colspan: 1, rowspan: 1 }
                };
                let cell_tag = sample.tag(line, role);
                let leaf = sample.leaf(cell_tag);
                sample.line(leaf, cell);
            }
            let rule = ItemKind::Line {
                from: Point { x: LEFT, y: sample.y },
                to: Point { x: 300.0, y: sample.y },
                width: 0.5,
                color: Color { red: 200, green: 200, blue: 200 },
                dashed: row,
            };
            sample.push(Mark::Layout, rule);
        }
        sample.paragraph(Role::Paragraph, "efficient office");
        let top = Destination { page: 0, y: 72.0 };
        sample.layout.destinations.push(("cooperation".to_owned(), top));
        sample.layout.bookmarks.push(Bookmark {
            title: "Coöperation".to_owned(),
            destination: top,
            children: vec![Bookmark {
                title: "Table".to_owned(),
                destination: Destination { page: 1, y: 200.0 },
                children: Vec::new(),
            }],
        });
        sample.finish()
    }
}
