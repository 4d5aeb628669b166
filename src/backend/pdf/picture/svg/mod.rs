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
use canvas::Canvas;
use lopdf::{Document, Object, ObjectId};
pub use objects::Forms;
use std::collections::BTreeMap;

/// A drawing as a form, with the objects that it needs.
pub struct Drawing {
    forms: Forms,
    root: Object,
    width: f32,
    height: f32,
    /// Characters that no font has.
    pub missing: Vec<String>,
}

/// Draws an SVG file. Glyphs are taken from the fonts of the document.
pub fn embed<'a>(
    bytes: &[u8],
    fonts: &Fonts<'a>,
    used: &mut BTreeMap<FontIndex, FontUse<'a>>,
) -> Result<Drawing, Fault> {
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
