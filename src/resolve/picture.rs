//! Pictures: read, checked and measured, each file once.

mod gif;
pub mod jpeg;
mod orientation;
mod placeholder;
pub mod png;
mod raster;
mod svg;
mod width;

pub use orientation::Orientation;
pub use width::width;

use super::file::{self, Places};
use super::include::unreadable;
use super::inline::GUESSES;
use super::link;
use super::resolved::{Picture, PictureFormat, PictureId};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::content_cache::ContentCache;
use crate::source::{Files, Span};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The largest picture, in pixels: decoded, it takes four bytes for each.
pub const PICTURE_PIXELS: u64 = 100_000_000;
/// The largest picture file, in bytes.
pub const PICTURE_BYTES: usize = 64 * 1024 * 1024;

/// Pixels of all pictures of a document that have to be decoded.
const DECODED_PIXELS: u64 = 300_000_000;

const SMALLER: &str = "save the picture smaller: a page shows some four million pixels";

/// The pictures of a document.
#[derive(Debug, Default)]
pub struct Pictures {
    pictures: Vec<Picture>,
    /// Pictures by path, so that a file is read once; or why it cannot be used, which is reported
    /// at each use.
    by_path: HashMap<String, Result<PictureId, Refusal>>,
    /// Pictures that are used.
    shown: HashSet<PictureId>,
    /// How many could not be read.
    missing: usize,
    /// How many were drawn here.
    drawn: usize,
    /// Pixels that were decoded.
    decoded: u64,
}

/// Result of loading a picture by its address.
pub enum Loaded {
    /// Added to the document's pictures.
    Picture(PictureId),
    /// On another machine.
    Remote,
    /// Of a format that is not supported, which is reported.
    Undrawn,
    /// Unreadable, which is reported.
    Nothing,
}

impl Pictures {
    /// Loads the picture at an address written in the file `from`.
    pub fn load(
        &mut self,
        address: &str,
        span: Span,
        from: &str,
        places: Places,
        diagnostics: &mut Diagnostics,
    ) -> Loaded {
        if address.trim().is_empty() {
            let problem = Diagnostic::new(Code::UnreadableFile, span, "the picture names no file");
            diagnostics.push(problem.hint("write its path in the round brackets"));
            return Loaded::Nothing;
        }
        if link::is_unsafe(address) {
            let message = "a picture inside the text's own address is not passed on";
            diagnostics.push(Diagnostic::new(Code::UnsafeLink, span, message).hint("put the picture into a file"));
            return Loaded::Nothing;
        }
        if link::scheme(address).is_some() || address.starts_with("//") {
            let message = format!("the picture `{address}` lies on another machine and is not fetched");
            let hint = "copy it into the project; until then a link stands in its place";
            diagnostics.push(Diagnostic::new(Code::Unsupported, span, message).hint(hint));
            return Loaded::Remote;
        }
        let written = link::percent_decode(address);
        let path = match places.path(&written, from) {
            Ok(path) => path,
            Err(error) => {
                diagnostics.push(unreadable(address, span, &error));
                return Loaded::Nothing;
            }
        };
        match self.by_path.get(&path) {
            Some(Ok(known)) => return Loaded::Picture(*known),
            Some(Err(refusal)) => return refusal.say(&format!("the picture `{address}`"), span, diagnostics),
            None => {}
        }
        let bytes = match places.files.read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.missing += 1;
                diagnostics.push(match self.missing {
                    ..=GUESSES => places.unreadable(&written, from, span, &error),
                    _ => unreadable(address, span, &error),
                });
                return Loaded::Nothing;
            }
        };
        diagnostics.extend(file::from_root(address, from, &path, span));
        let found = Found::known(&bytes.into());
        for remark in &found.remarks {
            diagnostics.push(remark.diagnostic(&format!("the picture `{address}`"), span));
        }
        match found.read.clone().and_then(|read| self.count(read)) {
            Ok(Read { format, bytes, width, height, density, .. }) => {
                let id = self.add(Picture { path: path.clone(), format, bytes, width, height, density, span });
                self.by_path.insert(path, Ok(id));
                Loaded::Picture(id)
            }
            Err(refusal) => {
                let loaded = refusal.say(&format!("the picture `{address}`"), span, diagnostics);
                self.by_path.insert(path, Err(refusal));
                loaded
            }
        }
    }

    /// Counts the pixels that a picture makes readers decode.
    fn count(&mut self, read: Read) -> Result<Read, Refusal> {
        self.decoded = self.decoded.saturating_add(read.decoded);
        if self.decoded > DECODED_PIXELS {
            let millions = DECODED_PIXELS / 1_000_000;
            return Err(Refusal::TooLarge(format!("is one more than {millions} million pixels can hold")));
        }
        Ok(read)
    }

    /// Adds a picture that stands for one that is not drawn, with its words.
    pub fn add_placeholder(&mut self, words: &str, span: Span) -> PictureId {
        self.add_drawn(|count| placeholder::draw(&format!("placeholder-{count}.svg"), words, span))
    }

    /// How many bytes it costs to show a picture once more: some editions hold it
    /// at each of its places.
    pub fn repeated(&mut self, id: PictureId) -> usize {
        let is_first = self.shown.insert(id);
        self.pictures.get(id).filter(|_| !is_first).map_or(0, |picture| picture.bytes.len())
    }

    /// Adds a picture that was drawn here. `draw` gets its number among those.
    pub fn add_drawn(&mut self, draw: impl FnOnce(usize) -> Picture) -> PictureId {
        self.drawn += 1;
        self.add(draw(self.drawn))
    }

    /// A picture that was loaded.
    pub fn get(&self, id: PictureId) -> Option<&Picture> {
        self.pictures.get(id)
    }

    fn add(&mut self, picture: Picture) -> PictureId {
        self.pictures.push(picture);
        self.pictures.len() - 1
    }

    /// All pictures.
    pub fn finish(self) -> Vec<Picture> {
        self.pictures
    }
}

/// Loads a picture outside the text, such as a theme's logo; the
/// address is written in the file `from`.
pub fn load_picture(
    address: &str,
    span: Span,
    from: &str,
    files: &dyn Files,
    diagnostics: &mut Diagnostics,
) -> Option<Picture> {
    let mut pictures = Pictures::default();
    pictures.load(address, span, from, Places { files, root: "" }, diagnostics);
    pictures.finish().pop()
}

/// The content of a picture's file.
#[derive(Debug)]
struct Found {
    read: Result<Read, Refusal>,
    remarks: Vec<Remark>,
}

/// A picture that was read.
#[derive(Debug, Clone)]
struct Read {
    format: PictureFormat,
    bytes: Arc<[u8]>,
    width: u32,
    height: u32,
    density: Option<f32>,
    /// Pixels that had to be decoded.
    decoded: u64,
}

/// A feature of a picture that is not shown.
#[derive(Debug)]
enum Remark {
    /// Animated.
    Moves,
    /// An unsupported SVG feature, and its line.
    Undrawn(String, usize),
}

impl Remark {
    fn diagnostic(&self, picture: &str, span: Span) -> Diagnostic {
        let (message, hint) = match self {
            Remark::Moves => (
                format!("{picture} moves: its first picture stands in every edition"),
                "show the steps side by side, or say in the text what moves",
            ),
            Remark::Undrawn(what, line) => (
                format!("{picture} uses {what} in line {line}, which is not drawn"),
                "what is drawn is the same in every edition; export the drawing without it, or as PNG",
            ),
        };
        Diagnostic::new(Code::PartNotDrawn, span, message).hint(hint)
    }
}

/// Why a picture is not used; each holds the rest of a sentence.
#[derive(Debug, Clone)]
enum Refusal {
    /// Damaged or harmful, with the reason and a hint.
    Bad(String, &'static str),
    TooLarge(String),
    Undrawn(String, &'static str),
}

const SAVE_AGAIN: &str = "save it again as PNG, JPEG or SVG";

impl Refusal {
    fn from_fault(fault: raster::Fault, bytes: &[u8]) -> Refusal {
        match fault {
            raster::Fault::Damaged(problem) => Refusal::Bad(problem, SAVE_AGAIN),
            raster::Fault::Empty(problem) => Refusal::Undrawn(problem, SAVE_AGAIN),
            raster::Fault::TooLarge(..) => Refusal::TooLarge(fault.to_string()),
            raster::Fault::Unknown if svg::is_in_other_encoding(bytes) => {
                Refusal::Undrawn("is an SVG file that is not in UTF-8".to_owned(), "save it in UTF-8")
            }
            raster::Fault::Unknown => match other_kind(bytes) {
                Some(kind) => Refusal::Undrawn(format!("is {kind}, which is not drawn"), SAVE_AGAIN),
                None => Refusal::Bad("is no PNG, JPEG, GIF or SVG".to_owned(), SAVE_AGAIN),
            },
        }
    }

    fn from_unfit(unfit: svg::SvgRejected) -> Refusal {
        match unfit {
            svg::SvgRejected::TooDeep => Refusal::TooLarge(format!("nests deeper than {} levels", svg::SVG_NESTING)),
            svg::SvgRejected::TooLarge(problem) => Refusal::TooLarge(problem),
            svg::SvgRejected::Holds(problem) => {
                Refusal::Bad(problem, "take it out of the file: pictures may neither run code nor fetch anything")
            }
            svg::SvgRejected::Foreign => {
                let hint = "export the drawing with its words as SVG text, or as PNG";
                Refusal::Undrawn("holds HTML (`foreignObject`), which is not drawn".to_owned(), hint)
            }
        }
    }

    fn say(&self, picture: &str, span: Span, diagnostics: &mut Diagnostics) -> Loaded {
        let (code, problem, hint, loaded) = match self {
            Refusal::Bad(problem, hint) => (Code::BadImage, problem, *hint, Loaded::Nothing),
            Refusal::TooLarge(problem) => (Code::LimitExceeded, problem, SMALLER, Loaded::Nothing),
            Refusal::Undrawn(problem, hint) => (Code::PictureNotDrawn, problem, *hint, Loaded::Undrawn),
        };
        diagnostics.push(Diagnostic::new(code, span, format!("{picture} {problem}")).hint(hint));
        loaded
    }
}

impl Found {
    /// The content of a file, cached for the process: many documents show the same logo.
    fn known(bytes: &Arc<[u8]>) -> Arc<Found> {
        static FOUND: ContentCache<Arc<Found>> = ContentCache::new();
        FOUND.get(bytes, || {
            let found = Found::new(bytes);
            let stored = found.read.as_ref().map_or(0, |read| read.bytes.len());
            (Arc::new(found), stored)
        })
    }

    fn new(bytes: &Arc<[u8]>) -> Found {
        if bytes.len() > PICTURE_BYTES {
            let refusal = Refusal::TooLarge(format!("has more than {} MiB", PICTURE_BYTES / 1024 / 1024));
            return Found { read: Err(refusal), remarks: Vec::new() };
        }
        match raster::read(bytes) {
            Ok(raster) => Found::of_pixels(raster, bytes),
            Err(raster::Fault::Unknown) if svg::is_one(bytes) => Found::of_drawing(bytes),
            Err(fault) => Found { read: Err(Refusal::from_fault(fault, bytes)), remarks: Vec::new() },
        }
    }

    fn of_pixels(raster: raster::Raster, file: &Arc<[u8]>) -> Found {
        let decoded = if raster.is_decoded() { u64::from(raster.width) * u64::from(raster.height) } else { 0 };
        let raster::Raster { format, bytes, width, height, density, moves, .. } = raster;
        let bytes = match bytes {
            Cow::Borrowed(_) => Arc::clone(file),
            Cow::Owned(anew) => anew.into(),
        };
        let read = Read { format, bytes, width, height, density, decoded };
        Found { read: Ok(read), remarks: moves.then_some(Remark::Moves).into_iter().collect() }
    }

    fn of_drawing(bytes: &[u8]) -> Found {
        let (read, undrawn) = match svg::read(bytes) {
            Ok(svg::Drawing { text, width, height, undrawn, decoded }) => {
                let bytes = text.into_bytes().into();
                (Ok(Read { format: PictureFormat::Svg, bytes, width, height, density: None, decoded }), undrawn)
            }
            Err(unfit) => (Err(Refusal::from_unfit(unfit)), Vec::new()),
        };
        Found { read, remarks: undrawn.into_iter().map(|(what, line)| Remark::Undrawn(what, line)).collect() }
    }
}

/// Kinds of pictures that are known by their first bytes, and not drawn.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let begins = |start: &[u8]| bytes.starts_with(start);
    let at = |place: usize, word: &[u8]| bytes.get(place..place + word.len()) == Some(word);
    match () {
        () if begins(b"RIFF") && at(8, b"WEBP") => Some("a WebP"),
        () if at(4, b"ftypavi") => Some("an AVIF"),
        () if at(4, b"ftyp") => Some("a HEIC or a film"),
        () if begins(b"II*\0") || begins(b"MM\0*") => Some("a TIFF"),
        () if begins(b"BM") => Some("a BMP"),
        () if begins(b"%PDF-") => Some("a PDF"),
        () if begins(b"%!PS") || begins(b"\xc5\xd0\xd3\xc6") => Some("a PostScript file"),
        () if begins(b"\0\0\x01\0") => Some("an icon"),
        () if begins(b"\xff\x0a") || at(4, b"JXL ") => Some("a JPEG XL"),
        () if at(4, b"jP  ") => Some("a JPEG 2000"),
        () if begins(b"\x1f\x8b") => Some("compressed"),
        () if begins(b"\xd7\xcd\xc6\x9a") || at(40, b" EMF") => Some("a Windows metafile"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{DECODED_PIXELS, PictureFormat, Pictures, Read, Refusal, svg};

    #[test]
    fn drawings_in_other_encodings_are_known() {
        let text = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><title>\u{e9}</title></svg>";
        let little_endian: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big_endian: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let latin_1: Vec<u8> = text.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
        for bytes in [little_endian, big_endian, latin_1] {
            assert!(svg::is_in_other_encoding(&bytes) && !svg::is_one(&bytes));
        }
        assert!(!svg::is_in_other_encoding(text.as_bytes()));
        assert!(!svg::is_in_other_encoding(b"\xff\xfe picture"));
    }

    #[test]
    fn pictures_have_so_many_pixels_to_decode() {
        let read = |decoded| Read {
            format: PictureFormat::Png,
            bytes: [].into(),
            width: 1,
            height: 1,
            density: None,
            decoded,
        };
        let mut pictures = Pictures::default();
        assert!(pictures.count(read(DECODED_PIXELS - 1)).is_ok());
        assert!(pictures.count(read(1)).is_ok());
        assert!(matches!(pictures.count(read(1)), Err(Refusal::TooLarge(_))));
    }
}
