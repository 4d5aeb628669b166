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
use crate::layout::font::{FontBook, FontIndex};
use canvas::Canvas;
use lopdf::{Document, Object, ObjectId};
pub use objects::Forms;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use usvg::fontdb;

/// What stands for the generic families.
const SERIF: &str = "Source Serif 4";
const SANS: &str = "Source Sans 3";
const MONOSPACED: &str = "Source Code Pro";
/// Room for the recursion of the reader, in bytes.
const STACK: usize = 64 * 1024 * 1024;

/// The fonts that drawings may use: ours, never those of the machine. Read
/// when the first drawing wants them.
pub struct Fonts<'a> {
    book: &'a FontBook,
    database: OnceCell<Database>,
}

struct Database {
    fonts: Arc<fontdb::Database>,
    /// The face of each font.
    faces: BTreeMap<fontdb::ID, FontIndex>,
}

impl<'a> Fonts<'a> {
    /// The fonts of a book; drawings read them when the first of them has words.
    pub fn new(book: &'a FontBook) -> Self {
        Self { book, database: OnceCell::new() }
    }

    fn database(&self) -> &Database {
        self.database.get_or_init(|| {
            let mut fonts = fontdb::Database::new();
            let mut faces = BTreeMap::new();
            for index in (0..).map(FontIndex) {
                let Some(face) = self.book.face(index) else { break };
                let source = fontdb::Source::Binary(Arc::new(face.bytes().clone()));
                faces.extend(fonts.load_font_source(source).into_iter().map(|id| (id, index)));
            }
            fonts.set_serif_family(SERIF);
            fonts.set_sans_serif_family(SANS);
            fonts.set_cursive_family(SERIF);
            fonts.set_fantasy_family(SANS);
            fonts.set_monospace_family(MONOSPACED);
            Database { fonts: Arc::new(fonts), faces }
        })
    }
}

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
    let database = fonts.database();
    let tree = read(bytes, &database.fonts)?;
    let mut canvas = Canvas::new(fonts.book, &database.faces, used);
    let root = canvas.drawing(&tree);
    let (width, height) = (tree.size().width(), tree.size().height());
    let (forms, missing) = canvas.finish();
    Ok(Drawing { forms, root, width, height, missing })
}

/// Reads a drawing on a stack of its own: whatever happens there, it is this
/// picture's fault alone.
fn read(bytes: &[u8], fonts: &Arc<fontdb::Database>) -> Result<usvg::Tree, Fault> {
    let parse = || {
        let options = usvg::Options {
            fontdb: Arc::clone(fonts),
            font_family: SANS.to_owned(),
            // A drawing from somebody else cannot pull in files.
            resources_dir: None,
            image_href_resolver: usvg::ImageHrefResolver {
                resolve_data: usvg::ImageHrefResolver::default_data_resolver(),
                resolve_string: Box::new(|_, _| None),
            },
            ..usvg::Options::default()
        };
        usvg::Tree::from_data(bytes, &options).map_err(|error| format!("cannot be read: {error}"))
    };
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        let thread = builder.spawn_scoped(scope, parse).map_err(|error| format!("cannot be read: {error}"))?;
        thread.join().map_err(|_| "cannot be drawn".to_owned())?
    })
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
