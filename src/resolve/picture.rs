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
use crate::source::{Files, Span};
use std::collections::{HashMap, HashSet};

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
    /// By path, so that a file is read once; or why it cannot be used, which is said at each
    /// of its places.
    by_path: HashMap<String, Result<PictureId, Refusal>>,
    /// Those that were shown.
    shown: HashSet<PictureId>,
    /// How many could not be read.
    missing: usize,
    /// How many were drawn here.
    drawn: usize,
    /// Pixels that were decoded.
    decoded: u64,
}

/// What became of a picture's address.
pub enum Loaded {
    /// It is among the document's pictures now.
    Picture(PictureId),
    /// It lies on another machine.
    Remote,
    /// It is of a kind that is not drawn, which is said.
    Undrawn,
    /// Nothing could be read, which is said.
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
        let read =
            read(&bytes, &format!("the picture `{address}`"), span, diagnostics).and_then(|read| self.count(read));
        match read {
            Ok(Read { format, bytes, width, height, density, .. }) => {
                let bytes = bytes.into();
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

/// Loads a picture that stands outside the text, such as a theme's logo; the
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

/// A picture that was read.
struct Read {
    format: PictureFormat,
    bytes: Vec<u8>,
    width: u32,
    height: u32,
    density: Option<f32>,
    /// Pixels that had to be decoded.
    decoded: u64,
}

/// Why a picture is not used; each holds the rest of a sentence.
#[derive(Debug)]
enum Refusal {
    /// It is damaged or harmful; and what to do.
    Bad(String, &'static str),
    TooLarge(String),
    Undrawn(String, &'static str),
}

const SAVE_AGAIN: &str = "save it again as PNG, JPEG or SVG";

impl Refusal {
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

fn read(bytes: &[u8], picture: &str, span: Span, diagnostics: &mut Diagnostics) -> Result<Read, Refusal> {
    if bytes.len() > PICTURE_BYTES {
        return Err(Refusal::TooLarge(format!("has more than {} MiB", PICTURE_BYTES / 1024 / 1024)));
    }
    match raster::read(bytes) {
        Ok(raster) => {
            if raster.moves {
                let message = format!("{picture} moves: its first picture stands in every edition");
                let hint = "show the steps side by side, or say in the text what moves";
                diagnostics.push(Diagnostic::new(Code::PartNotDrawn, span, message).hint(hint));
            }
            let decoded = if raster.is_decoded() { u64::from(raster.width) * u64::from(raster.height) } else { 0 };
            let raster::Raster { format, bytes, width, height, density, .. } = raster;
            Ok(Read { format, bytes: bytes.into_owned(), width, height, density, decoded })
        }
        Err(raster::Fault::Damaged(problem)) => Err(Refusal::Bad(problem, SAVE_AGAIN)),
        Err(raster::Fault::Empty(problem)) => Err(Refusal::Undrawn(problem, SAVE_AGAIN)),
        Err(fault @ raster::Fault::TooLarge(..)) => Err(Refusal::TooLarge(fault.to_string())),
        Err(raster::Fault::Unknown) if svg::is_one(bytes) => read_svg(bytes, picture, span, diagnostics),
        Err(raster::Fault::Unknown) => Err(match other_kind(bytes) {
            Some(kind) => Refusal::Undrawn(format!("is {kind}, which is not drawn"), SAVE_AGAIN),
            None => Refusal::Bad("is no PNG, JPEG, GIF or SVG".to_owned(), SAVE_AGAIN),
        }),
    }
}

fn read_svg(bytes: &[u8], picture: &str, span: Span, diagnostics: &mut Diagnostics) -> Result<Read, Refusal> {
    let drawing = svg::read(bytes).map_err(|unfit| match unfit {
        svg::Unfit::TooDeep => Refusal::TooLarge(format!("nests deeper than {} levels", svg::SVG_NESTING)),
        svg::Unfit::TooLarge(problem) => Refusal::TooLarge(problem),
        svg::Unfit::Holds(problem) => {
            Refusal::Bad(problem, "take it out of the file: pictures may neither run code nor fetch anything")
        }
        svg::Unfit::Foreign => {
            let hint = "export the drawing with its words as SVG text, or as PNG";
            Refusal::Undrawn("holds HTML (`foreignObject`), which is not drawn".to_owned(), hint)
        }
    })?;
    for (what, line) in &drawing.undrawn {
        let message = format!("{picture} uses {what} in line {line}, which is not drawn");
        let hint = "what is drawn is the same in every edition; export the drawing without it, or as PNG";
        diagnostics.push(Diagnostic::new(Code::PartNotDrawn, span, message).hint(hint));
    }
    let svg::Drawing { text, width, height, decoded, .. } = drawing;
    Ok(Read { format: PictureFormat::Svg, bytes: text.into_bytes(), width, height, density: None, decoded })
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
    use super::{DECODED_PIXELS, PictureFormat, Pictures, Read, Refusal};

    #[test]
    fn pictures_have_so_many_pixels_to_decode() {
        let read = |decoded| Read {
            format: PictureFormat::Png,
            bytes: Vec::new(),
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
