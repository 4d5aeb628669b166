//! Problems of pictures when the PDF is made, and of drawings before that.

use super::font::FontUse;
use super::picture::{self, Embedded, Fault, Fonts};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::layout::font::{FontBook, FontBytes, FontIndex};
use crate::layout::frame::{ItemKind, Layout};
use crate::resolve::{Picture, PictureFormat, Resolved};
use crate::source::hash::hash;
use std::collections::{BTreeMap, BTreeSet};

/// Problems of drawings from the last check, by a hash of each drawing and the fonts.
#[derive(Debug, Default)]
pub struct DrawingCache {
    known: BTreeMap<u64, Found>,
}

/// The letters of a drawing that no font has, or why it cannot be shown.
type Found = Result<Vec<String>, Fault>;

/// The problems that [`super::emit_layout`] reports for the drawings of a document. Drawings
/// checked before are not drawn again.
pub fn drawing_problems(
    document: &Resolved,
    layout: &Layout,
    book: &FontBook,
    cache: &mut DrawingCache,
    diagnostics: &mut Diagnostics,
) {
    let own_fonts: Vec<u64> = (0..)
        .map_while(|index| book.face(FontIndex(index)))
        .filter_map(|face| match face.bytes() {
            FontBytes::Bundled(_) => None,
            FontBytes::Own(bytes) => Some(hash(bytes)),
        })
        .collect();
    let fonts = Fonts::new(book);
    let mut known = std::mem::take(&mut cache.known);
    for index in shown(layout) {
        let Some(drawing) = document.pictures.get(index).filter(|known| known.format == PictureFormat::Svg) else {
            continue;
        };
        let key = hash((&drawing.bytes, &own_fonts));
        let found = known.remove(&key).unwrap_or_else(|| look_at(drawing, &fonts));
        report(drawing, found.as_deref(), diagnostics);
        cache.known.insert(key, found);
    }
}

fn look_at(drawing: &Picture, fonts: &Fonts) -> Found {
    let mut used: BTreeMap<FontIndex, FontUse> = BTreeMap::new();
    picture::embed(drawing, None, fonts, &mut used).map(|embedded| embedded.missing().to_vec())
}

impl Embedded {
    /// The letters in it that no font has.
    pub fn missing(&self) -> &[String] {
        match self {
            Embedded::Image(_) => &[],
            Embedded::Drawing(drawing) => &drawing.missing,
        }
    }
}

/// Says what was found in a picture.
pub fn report(picture: &Picture, found: Result<&[String], &Fault>, diagnostics: &mut Diagnostics) {
    let path = picture.path.as_str();
    let problem = |code: Code, message: String| Diagnostic::new(code, picture.span, message).naming(path);
    match found {
        Ok(missing) => {
            for character in missing {
                let message = format!("no font has `{character}`, which stands in the picture `{path}`");
                let hint = "use another character, or add a font that has it to the theme";
                diagnostics.push(problem(Code::MissingGlyph, message).hint(hint));
            }
        }
        Err(fault) => diagnostics.push(problem(Code::BadImage, format!("the picture `{path}` {fault}"))),
    }
}

/// The pictures on the pages, by their numbers.
pub fn shown(layout: &Layout) -> BTreeSet<usize> {
    let items = layout.pages.iter().flat_map(|page| &page.items);
    let pictures = items.filter_map(|item| match item.kind {
        ItemKind::Picture { picture, .. } => Some(picture),
        ItemKind::Glyphs(_) | ItemKind::Rectangle { .. } | ItemKind::Line { .. } | ItemKind::Link(_) => None,
    });
    pictures.collect()
}
