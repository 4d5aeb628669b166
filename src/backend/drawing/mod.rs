//! Drawings as trees of groups, paths, pictures and letters, read by usvg with the fonts of the
//! document and nothing else of the machine; and as pixels, for readers that know no SVG.

mod raster;

use crate::layout::font::{FontBook, FontIndex};
use crate::theme::Theme;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use usvg::fontdb;

/// Fonts for the generic families.
const SERIF: &str = "Source Serif 4";
const SANS: &str = "Source Sans 3";
const MONOSPACED: &str = "Source Code Pro";
/// Room for the recursion of the reader, in bytes.
const STACK: usize = 64 * 1024 * 1024;

/// Why a drawing cannot be shown, as the rest of a sentence.
pub type Fault = String;

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

    /// The book that they are from.
    pub fn book(&self) -> &'a FontBook {
        self.book
    }

    /// The face of the book that each font of a tree is.
    pub fn faces(&self) -> &BTreeMap<fontdb::ID, FontIndex> {
        &self.database().faces
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

/// Reads a drawing on a stack of its own: whatever happens there, it is this
/// picture's fault alone.
///
/// # Errors
/// It is no SVG, or one that cannot be drawn.
pub fn read(bytes: &[u8], fonts: &Fonts) -> Result<usvg::Tree, Fault> {
    let fonts = &fonts.database().fonts;
    let parse = || {
        let options = usvg::Options {
            fontdb: Arc::clone(fonts),
            font_family: SANS.to_owned(),
            // Drawings of others must not load files.
            resources_dir: None,
            image_href_resolver: usvg::ImageHrefResolver {
                resolve_data: usvg::ImageHrefResolver::default_data_resolver(),
                resolve_string: Box::new(|_, _| None),
            },
            ..usvg::Options::default()
        };
        usvg::Tree::from_data(bytes, &options).map_err(|error| format!("cannot be read: {error}"))
    };
    apart(parse)?
}

/// Renders drawings to PNG, each with its width in pixels, in the fonts of a theme. The result is
/// empty if a drawing cannot be painted; that is reported elsewhere.
pub fn painted<'d>(drawings: impl Iterator<Item = (&'d [u8], f32)>, theme: &Theme) -> Vec<Vec<u8>> {
    let mut drawings = drawings.peekable();
    if drawings.peek().is_none() {
        return Vec::new();
    }
    let book = FontBook::for_theme(theme);
    let fonts = Fonts::new(&book);
    drawings.map(|(bytes, width)| raster::raster(bytes, &fonts, width).unwrap_or_else(|_| raster::empty())).collect()
}

/// Does something on a stack of its own.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Fault> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        let thread = builder.spawn_scoped(scope, work).map_err(|error| format!("cannot be read: {error}"))?;
        thread.join().map_err(|_| "cannot be drawn".to_owned())
    })
}
