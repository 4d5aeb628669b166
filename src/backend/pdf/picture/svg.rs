//! SVG as a form of vector graphics, with live text in the bundled fonts.

use super::Fault;
use crate::layout::font::{FontBook, FontIndex};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use std::cell::OnceCell;
use std::sync::Arc;
use svg2pdf::usvg::{self, fontdb};
use svg2pdf::{ConversionOptions, PageOptions};

/// What stands for the generic families.
const SERIF: &str = "Source Serif 4";
const SANS: &str = "Source Sans 3";
const MONOSPACED: &str = "Source Code Pro";

/// The fonts that drawings may use: ours, never those of the machine. Read
/// when the first drawing wants them.
pub struct Fonts<'a> {
    book: &'a FontBook,
    database: OnceCell<Arc<fontdb::Database>>,
}

impl<'a> Fonts<'a> {
    pub fn new(book: &'a FontBook) -> Self {
        Self { book, database: OnceCell::new() }
    }

    fn database(&self) -> Arc<fontdb::Database> {
        let fill = || {
            let mut database = fontdb::Database::new();
            for face in (0..).map(FontIndex).map_while(|index| self.book.face(index)) {
                database.load_font_source(fontdb::Source::Binary(Arc::new(face.bytes().clone())));
            }
            database.set_serif_family(SERIF);
            database.set_sans_serif_family(SANS);
            database.set_cursive_family(SERIF);
            database.set_fantasy_family(SANS);
            database.set_monospace_family(MONOSPACED);
            Arc::new(database)
        };
        Arc::clone(self.database.get_or_init(fill))
    }
}

/// A drawing as a document of its own, whose first page becomes a form.
#[derive(Debug)]
pub struct Drawing(Document);

pub fn embed(bytes: &[u8], fonts: &Fonts) -> Result<Drawing, Fault> {
    let options = usvg::Options {
        fontdb: fonts.database(),
        font_family: SANS.to_owned(),
        // A drawing from somebody else cannot pull in files.
        resources_dir: None,
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: usvg::ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_data(bytes, &options).map_err(|error| format!("the SVG cannot be read: {error}"))?;
    // Our own streams are deflated with the rest of the file.
    let conversion = ConversionOptions { compress: false, pdfa: true, ..ConversionOptions::default() };
    let pdf = svg2pdf::to_pdf(&tree, conversion, PageOptions::default())
        .map_err(|error| format!("the SVG cannot be drawn: {error}"))?;
    let mut document = Document::load_mem(&pdf).map_err(|error| format!("the drawing cannot be read back: {error}"))?;
    document.objects.values_mut().for_each(put_in_order);
    Ok(Drawing(document))
}

/// Puts the keys of dictionaries in order: svg2pdf writes the resources of a
/// drawing in the order of a hash, which differs from run to run.
fn put_in_order(object: &mut Object) {
    let dictionary = match object {
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &mut stream.dict,
        Object::Array(items) => return items.iter_mut().for_each(put_in_order),
        _ => return,
    };
    let mut entries: Vec<(Vec<u8>, Object)> = std::mem::take(dictionary).into_iter().collect();
    entries.sort_by(|(left, _), (right, _)| left.cmp(right));
    for (key, mut value) in entries {
        put_in_order(&mut value);
        dictionary.set(key, value);
    }
}

impl Drawing {
    /// Moves the drawing into a document as a form that fills the unit square.
    pub fn insert(mut self, target: &mut Document) -> Option<ObjectId> {
        self.0.renumber_objects_with(target.max_id.saturating_add(1));
        let page = self.0.page_iter().next()?;
        let content = self.0.get_page_content(page);
        let page = self.0.get_dictionary(page).ok()?;
        let corners: Vec<f32> =
            page.get(b"MediaBox").ok()?.as_array().ok()?.iter().filter_map(|number| number.as_float().ok()).collect();
        let [_, _, width, height] = *corners.as_slice() else { return None };
        if width <= 0.0 || height <= 0.0 {
            return None;
        }
        let mut form = Dictionary::from_iter([
            ("Type", Object::Name(b"XObject".to_vec())),
            ("Subtype", Object::Name(b"Form".to_vec())),
            ("BBox", Object::Array([0, 0, 1, 1].map(Object::Integer).to_vec())),
        ]);
        for key in ["Resources", "Group"] {
            if let Ok(value) = page.get(key.as_bytes()) {
                form.set(key, value.clone());
            }
        }
        target.max_id = target.max_id.max(self.0.max_id);
        target.objects.extend(self.0.objects);
        // Scaled in the content: numbers of dictionaries are written with three
        // decimals, too few for a matrix.
        let mut whole = format!("q {} 0 0 {} 0 0 cm\n", 1.0 / width, 1.0 / height).into_bytes();
        whole.extend(content);
        whole.extend_from_slice(b"\nQ");
        Some(target.add_object(Stream::new(form, whole)))
    }
}
