//! SVG as a form of vector graphics, with live text in the document's fonts.
//!
//! usvg makes of a drawing a tree of groups, paths, pictures and placed
//! glyphs; the modules here write those as content streams.

mod canvas;
mod clip;
mod gradient;
mod objects;
mod paint;
mod text;

use super::super::font::FontUse;
use super::Fault;
use crate::backend::drawing::{Fonts, read};
use crate::layout::font::FontIndex;
use crate::source::content_cache::ContentCache;
use canvas::Canvas;
use lopdf::{Document, Object, ObjectId};
pub use objects::Forms;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A drawing as a form, with the objects that it needs.
#[derive(Debug, Clone)]
pub struct Drawing {
    forms: Forms,
    root: Object,
    width: f32,
    height: f32,
    /// Characters that no font has.
    pub missing: Vec<String>,
}

/// Draws an SVG file. Glyphs are taken from the fonts of the document; what has none is kept for
/// other documents.
pub fn embed<'a>(
    bytes: &Arc<[u8]>,
    fonts: &Fonts<'a>,
    used: &mut BTreeMap<FontIndex, FontUse<'a>>,
) -> Result<Drawing, Fault> {
    static DRAWN: ContentCache<Result<Arc<Drawing>, Fault>> = ContentCache::new();
    if may_have_words(bytes) {
        return draw(bytes, fonts, used);
    }
    let drawn = DRAWN.get(bytes, || {
        let mut drawn = draw(bytes, fonts, used);
        let size = drawn.as_mut().map_or(0, |drawing| drawing.forms.deflate());
        (drawn.map(Arc::new), size)
    });
    drawn.map(Arc::unwrap_or_clone)
}

/// Whether a drawing, or one in it, may have words.
fn may_have_words(drawing: &[u8]) -> bool {
    let is_without = |text: &str| !text.contains("<text") && !text.contains("<image");
    !std::str::from_utf8(drawing).is_ok_and(is_without)
}

fn draw<'a>(bytes: &[u8], fonts: &Fonts<'a>, used: &mut BTreeMap<FontIndex, FontUse<'a>>) -> Result<Drawing, Fault> {
    let tree = read(bytes, fonts)?;
    let mut canvas = Canvas::new(fonts.book(), fonts.faces(), used);
    let root = canvas.drawing(&tree);
    let (width, height) = (tree.size().width(), tree.size().height());
    let (forms, missing) = canvas.finish();
    Ok(Drawing { forms, root, width, height, missing })
}

impl Drawing {
    /// Moves the drawing into a document as a form that fills the unit square.
    /// `fonts` is the dictionary of the document's fonts.
    pub fn insert(self, target: &mut Document, fonts: Option<ObjectId>) -> ObjectId {
        let root = self.forms.insert(target, &self.root, fonts);
        let content =
            format!("q {} 0 0 {} 0 0 cm /D Do Q", objects::fine(1.0 / self.width), objects::fine(1.0 / self.height));
        target.add_object(objects::unit_form(root, content.into_bytes()))
    }
}
