//! The page view: what is drawn on each page of the PDF, as lists for a canvas.

use super::face;
use crate::layout::font::{FontBook, FontIndex};
use crate::layout::frame::{GlyphRun, Item, ItemKind, Layout, Page, Shift};
use crate::resolve::{Resolved, Target};
use crate::source::reads::sha256;
use crate::theme::Color;
use crate::{Compiled, Pages};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many letters of a hash name a thing.
const NAME: usize = 24;

/// A document as its pages show it.
pub struct PageView {
    laid_out: Arc<Pages>,
    pages: Vec<Drawn>,
    /// Fonts and pictures by their names.
    resources: BTreeMap<String, Resource>,
}

struct Drawn {
    name: String,
    list: Arc<str>,
}

/// A font or a picture, as the browser reads it.
#[derive(Clone)]
pub struct Resource {
    pub media_type: &'static str,
    pub bytes: Arc<[u8]>,
}

impl PageView {
    /// Lays the document out; `None` where there is none.
    pub fn from_compiled(compiled: &Compiled) -> Option<PageView> {
        let document = compiled.compilation.document.as_ref()?;
        let laid_out = compiled.pages()?;
        let layout = &laid_out.layout;
        let book = FontBook::for_theme(&compiled.compilation.theme);
        let mut drawing = Drawing { document, book: &book, fonts: BTreeMap::new(), resources: BTreeMap::new() };
        let pages = layout.pages.iter().map(|page| drawing.page(page, layout)).collect();
        let resources = drawing.resources;
        Some(PageView { laid_out, pages, resources })
    }

    /// Everything on its place.
    pub fn layout(&self) -> &Layout {
        &self.laid_out.layout
    }

    /// Names and sizes of the pages.
    pub fn summary(&self) -> Value {
        let sized = self.pages.iter().zip(&self.layout().pages);
        sized
            .map(|(drawn, page)| json!({"name": drawn.name, "label": page.label, "width": page.width, "height": page.height}))
            .collect()
    }

    /// What is drawn on the page of a name.
    pub fn page(&self, name: &str) -> Option<Arc<str>> {
        self.pages.iter().find(|page| page.name == name).map(|page| Arc::clone(&page.list))
    }

    /// The font or picture of a name.
    pub fn resource(&self, name: &str) -> Option<Resource> {
        self.resources.get(name).cloned()
    }
}

/// What gathers fonts and pictures while pages are drawn.
struct Drawing<'a> {
    document: &'a Resolved,
    book: &'a FontBook,
    fonts: BTreeMap<FontIndex, String>,
    resources: BTreeMap<String, Resource>,
}

impl Drawing<'_> {
    fn page(&mut self, page: &Page, layout: &Layout) -> Drawn {
        let items: Vec<Value> = page.items.iter().map(|item| self.item(item, layout)).collect();
        let list = Value::from(items).to_string();
        Drawn { name: name(list.as_bytes()), list: Arc::from(list) }
    }

    fn item(&mut self, item: &Item, layout: &Layout) -> Value {
        match &item.kind {
            ItemKind::Glyphs(run) => self.glyphs(run),
            ItemKind::Rectangle { area, color, radius } => {
                json!(["r", area.x, area.y, area.width, area.height, css(*color), radius])
            }
            ItemKind::Line { from, to, width, color, dashed } => {
                json!(["l", from.x, from.y, to.x, to.y, width, css(*color), dashed])
            }
            ItemKind::Picture { picture, area } => {
                json!(["p", self.picture(*picture), area.x, area.y, area.width, area.height])
            }
            ItemKind::Link { area, target, tag: _, description } => {
                let to = match target {
                    Target::Internal(id) => {
                        let found = layout.destinations.iter().find(|(known, _)| known == id);
                        found.map_or(Value::Null, |(_, place)| json!([place.page, place.y]))
                    }
                    Target::External(_) | Target::Document { .. } => Value::Null,
                };
                json!(["a", area.x, area.y, area.width, area.height, to, description])
            }
        }
    }

    /// A run with the place of each of its glyphs, from the start of its baseline.
    fn glyphs(&mut self, run: &GlyphRun) -> Value {
        let (mut pen, mut placed) = (0.0, Vec::with_capacity(run.glyphs.len() * 2));
        for (number, glyph) in run.glyphs.iter().enumerate() {
            let shift = run.shifts.get(number).copied().unwrap_or(Shift { x: 0, y: 0 });
            let right = pen + f32::from(shift.x) / 1000.0 * run.size;
            placed.push(json!([glyph.id, rounded(right), rounded(-f32::from(shift.y) / 1000.0 * run.size)]));
            pen += glyph.advance;
        }
        let font = self.font(run.font);
        let (x, y) = (rounded(run.origin.x), rounded(run.origin.y));
        json!(["t", x, y, font, run.size, css(run.color), run.stretch, rounded(pen * run.stretch), placed])
    }

    fn font(&mut self, index: FontIndex) -> Option<String> {
        if let Some(name) = self.fonts.get(&index) {
            return Some(name.clone());
        }
        let bytes = face::of_glyphs(self.book.face(index)?.bytes().as_ref())?;
        let name = self.resource("font/ttf", bytes.into());
        self.fonts.insert(index, name.clone());
        Some(name)
    }

    fn picture(&mut self, number: usize) -> Option<String> {
        let picture = self.document.pictures.get(number)?;
        Some(self.resource(picture.format.media_type(), Arc::clone(&picture.bytes)))
    }

    fn resource(&mut self, media_type: &'static str, bytes: Arc<[u8]>) -> String {
        let name = name(&bytes);
        self.resources.insert(name.clone(), Resource { media_type, bytes });
        name
    }
}

fn name(bytes: &[u8]) -> String {
    let mut name = sha256(bytes);
    name.truncate(NAME);
    name
}

fn css(color: Color) -> String {
    format!("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue)
}

/// To a thousandth of a point, so that lists stay short.
fn rounded(number: f32) -> f64 {
    (f64::from(number) * 1000.0).round() / 1000.0
}
