//! The page view: each page of the PDF as a list of drawing operations for a canvas.
//!
//! A page is named by a hash of its content and sent on request. Of a long document one page is
//! visible, and most pages keep their names after a keystroke.

use super::glyph_font;
use crate::layout::font::{FontBook, FontBytes, FontIndex};
use crate::layout::frame::{Destination, GlyphRun, Item, ItemKind, Layout, LinkArea, Page, Rect, Shift};
use crate::resolve::{Resolved, Target};
use crate::source::hash::hash;
use crate::theme::Color;
use crate::{Compiled, Pages};
use rayon::prelude::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

/// The page view of a document.
pub struct PageView {
    compiled: Arc<Compiled>,
    laid_out: Arc<Pages>,
    book: Cow<'static, FontBook>,
    /// Names of its fonts (`faces`) and pictures, in order.
    faces: Vec<String>,
    pictures: Vec<String>,
    /// Names of its pages, in order.
    names: Vec<String>,
}

/// A font or a picture for the browser.
pub struct Resource {
    pub media_type: &'static str,
    pub bytes: Arc<[u8]>,
}

/// A page as the browser requests it.
#[derive(Debug, Serialize)]
pub struct NamedPage<'a> {
    name: &'a str,
    label: &'a str,
    /// Width in points.
    width: f32,
    height: f32,
}

impl PageView {
    /// Lays the document out; `None` if there is none. Unchanged pages keep their names from
    /// `before`.
    pub fn from_compiled(compiled: &Arc<Compiled>, before: Option<&PageView>) -> Option<PageView> {
        let compilation = &compiled.compilation;
        let laid_out = compiled.pages()?;
        let book = FontBook::for_theme(&compilation.theme);
        let faces = (0..).map(FontIndex).map_while(|index| Some((index, book.face(index)?.bytes())));
        let faces = faces.map(|(index, bytes)| match bytes {
            FontBytes::Bundled(_) => format!("f{}", index.0),
            FontBytes::Own(bytes) => name(bytes),
        });
        let faces = faces.collect();
        let pictures = &compilation.document.as_ref()?.pictures;
        let pictures = pictures.iter().map(|picture| name(&picture.bytes)).collect();
        let mut view = PageView { compiled: Arc::clone(compiled), laid_out, book, faces, pictures, names: Vec::new() };
        let drawing = view.drawing();
        let before = before.filter(|before| before.faces == view.faces && before.pictures == view.pictures);
        let before = before.map(|before| (before, before.drawing()));
        let are_places_same =
            before.as_ref().is_some_and(|(before, _)| before.layout().destinations == view.layout().destinations);
        let names = view.layout().pages.par_iter().enumerate().map(|(number, page)| {
            let known = || {
                let (before, drawn_before) = before.as_ref()?;
                let page_before = before.layout().pages.get(number)?;
                let is_same = are_places_same && Arc::ptr_eq(&page_before.content, &page.content)
                    || is_same((drawn_before, page_before), (&drawing, page));
                before.names.get(number).filter(|_| is_same).cloned()
            };
            known().unwrap_or_else(|| name(Placed(&drawing, page)))
        });
        let names = names.collect();
        view.names = names;
        Some(view)
    }

    /// The layout.
    pub fn layout(&self) -> &Layout {
        &self.laid_out.layout
    }

    /// Names and sizes of the pages.
    pub fn summary(&self) -> Vec<NamedPage<'_>> {
        let sized = self.names.iter().zip(&self.layout().pages);
        let named = sized.map(|(name, page)| {
            let Page { label, width, height, items: _ } = &**page;
            NamedPage { name, label, width: *width, height: *height }
        });
        named.collect()
    }

    /// The drawing operations of a page, by its name.
    pub fn page(&self, name: &str) -> Option<Value> {
        let number = self.names.iter().position(|known| known == name)?;
        let (page, drawing) = (self.layout().pages.get(number)?, self.drawing());
        Some(page.items.iter().map(|item| drawing.item(item)).collect())
    }

    /// A font or picture, by its name.
    pub fn resource(&self, name: &str) -> Option<Resource> {
        if let Some((index, _)) = (0..).map(FontIndex).zip(&self.faces).find(|(_, face)| *face == name) {
            let bytes = glyph_font::of_glyphs(self.book.face(index)?.bytes().as_ref())?;
            return Some(Resource { media_type: "font/ttf", bytes: bytes.into() });
        }
        let number = self.pictures.iter().position(|picture| picture == name)?;
        let picture = self.document()?.pictures.get(number)?;
        Some(Resource { media_type: picture.format.media_type(), bytes: Arc::clone(&picture.bytes) })
    }

    fn document(&self) -> Option<&Resolved> {
        self.compiled.compilation.document.as_ref()
    }

    fn drawing(&self) -> Drawing<'_> {
        Drawing {
            faces: &self.faces,
            pictures: &self.pictures,
            all_destinations: &self.layout().destinations,
            destinations: OnceLock::new(),
        }
    }
}

/// Whether two pages look the same, if fonts and pictures have the same names.
fn is_same((drawing, page): (&Drawing, &Page), (other_drawing, other): (&Drawing, &Page)) -> bool {
    let leads_to_same = |item: &Item| match &item.kind {
        ItemKind::Link(link) => drawing.destination(&link.target) == other_drawing.destination(&link.target),
        ItemKind::Glyphs(_) | ItemKind::Rectangle { .. } | ItemKind::Line { .. } | ItemKind::Picture { .. } => true,
    };
    // Layouts of one document share their pages.
    let is_shared = std::ptr::eq(page, other);
    let is_same_item = |(item, other): (&Item, &Item)| is_shared || item.kind == other.kind;
    (page.width, page.height, page.items.len()) == (other.width, other.height, other.items.len())
        && page.items.iter().zip(&other.items).all(is_same_item)
        && page.items.iter().all(leads_to_same)
}

/// Data for drawing items.
struct Drawing<'a> {
    faces: &'a [String],
    pictures: &'a [String],
    /// Positions of ids; if an id has several, the first one counts.
    all_destinations: &'a [(String, Destination)],
    /// A map of these positions, made at the first lookup.
    destinations: OnceLock<BTreeMap<&'a str, Destination>>,
}

impl Drawing<'_> {
    /// The drawing operation of an item.
    fn item(&self, item: &Item) -> Value {
        match &item.kind {
            ItemKind::Glyphs(run) => self.glyphs(run),
            ItemKind::Rectangle { area, color, radius } => {
                json!(["r", area.x, area.y, area.width, area.height, css(*color), radius])
            }
            ItemKind::Line { from, to, width, color, dashed } => {
                json!(["l", from.x, from.y, to.x, to.y, width, css(*color), dashed])
            }
            ItemKind::Picture { picture, area } => {
                json!(["p", self.pictures.get(*picture), area.x, area.y, area.width, area.height])
            }
            ItemKind::Link(link) => {
                let LinkArea { area, target, tag: _, description } = &**link;
                let to = self.destination(target).map(|place| json!([place.page, place.y]));
                json!(["a", area.x, area.y, area.width, area.height, to, description])
            }
        }
    }

    /// A run with the position of each glyph, relative to the start of the baseline.
    fn glyphs(&self, run: &GlyphRun) -> Value {
        let glyphs = run.each();
        let (mut pen, mut placed) = (0.0, Vec::with_capacity(glyphs.len() * 2));
        for (number, glyph) in glyphs.iter().enumerate() {
            let shift = run.glyphs.shifts().get(number).copied().unwrap_or(Shift { x: 0, y: 0 });
            let right = pen + f32::from(shift.x) / 1000.0 * run.size;
            placed.push(json!([glyph.id, rounded(right), rounded(-f32::from(shift.y) / 1000.0 * run.size)]));
            pen += glyph.advance;
        }
        let (x, y) = (rounded(run.origin.x), rounded(run.origin.y));
        json!([
            "t",
            x,
            y,
            self.faces.get(usize::from(run.font.0)),
            run.size,
            css(run.color),
            run.stretch,
            rounded(pen * run.stretch),
            placed
        ])
    }

    /// Hashes the appearance of a page, with its size.
    fn hash(&self, page: &Page, hasher: &mut impl Hasher) {
        (self.faces, page.width.to_bits(), page.height.to_bits()).hash(hasher);
        page.items.iter().for_each(|item| self.hash_item(item, hasher));
    }

    fn hash_item(&self, item: &Item, hasher: &mut impl Hasher) {
        let lengths = |lengths: &[f32], hasher: &mut _| lengths.iter().for_each(|length| length.to_bits().hash(hasher));
        let rectangle = |area: &Rect, hasher: &mut _| lengths(&[area.x, area.y, area.width, area.height], hasher);
        std::mem::discriminant(&item.kind).hash(hasher);
        match &item.kind {
            ItemKind::Glyphs(run) => {
                lengths(&[run.origin.x, run.origin.y], hasher);
                hasher.write_u64(run.visual_hash());
            }
            ItemKind::Rectangle { area, color, radius } => {
                rectangle(area, hasher);
                (color, radius.to_bits()).hash(hasher);
            }
            ItemKind::Line { from, to, width, color, dashed } => {
                lengths(&[from.x, from.y, to.x, to.y, *width], hasher);
                (color, dashed).hash(hasher);
            }
            ItemKind::Picture { picture, area } => {
                rectangle(area, hasher);
                self.pictures.get(*picture).hash(hasher);
            }
            ItemKind::Link(link) => {
                let LinkArea { area, target, tag: _, description } = &**link;
                rectangle(area, hasher);
                (self.destination(target).map(|place| (place.page, place.y.to_bits())), description).hash(hasher);
            }
        }
    }

    /// The position of a link's target on the pages.
    fn destination(&self, target: &Target) -> Option<Destination> {
        match target {
            Target::Internal(id) => {
                let by_id = || self.all_destinations.iter().rev().map(|(id, place)| (id.as_str(), *place)).collect();
                self.destinations.get_or_init(by_id).get(id.as_str()).copied()
            }
            Target::External(_) | Target::Document { .. } => None,
        }
    }
}

/// A page that is hashed by its appearance.
struct Placed<'a>(&'a Drawing<'a>, &'a Page);

impl Hash for Placed<'_> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.0.hash(self.1, hasher);
    }
}

fn name(of: impl Hash) -> String {
    format!("{:016x}", hash(of))
}

fn css(color: Color) -> String {
    format!("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue)
}

/// Rounds to a thousandth of a point, to keep the lists short.
fn rounded(number: f32) -> f64 {
    (f64::from(number) * 1000.0).round() / 1000.0
}
