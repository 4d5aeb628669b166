//! Pictures: read, checked and measured, each file once.

mod measure;
mod svg;
mod width;

pub use width::width;

use super::include::unreadable;
use super::link;
use super::resolved::{Picture, PictureFormat, PictureId};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Files, Span, relative_path};
use std::collections::HashMap;

/// The largest picture, in pixels: decoded, it takes four bytes for each.
pub const PICTURE_PIXELS: u64 = 100_000_000;
/// The largest picture file, in bytes.
pub const PICTURE_BYTES: usize = 64 * 1024 * 1024;

const SMALLER: &str = "save the picture smaller: a page shows some four million pixels";

/// The pictures of a document.
#[derive(Debug, Default)]
pub struct Pictures {
    pictures: Vec<Picture>,
    /// By path; `None` for one that cannot be used, which is said once.
    by_path: HashMap<String, Option<PictureId>>,
    /// How many were drawn here.
    drawn: usize,
}

/// What became of a picture's address.
pub enum Loaded {
    Picture(PictureId),
    /// It lies on another machine.
    Remote,
    Nothing,
}

impl Pictures {
    /// Loads the picture at an address written in the file `from`.
    pub fn load(
        &mut self,
        address: &str,
        span: Span,
        from: &str,
        files: &dyn Files,
        diagnostics: &mut Diagnostics,
    ) -> Loaded {
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
        let path = match relative_path(from, &link::percent_decode(address)) {
            Ok(path) => path,
            Err(error) => {
                diagnostics.push(unreadable(address, span, &error));
                return Loaded::Nothing;
            }
        };
        if let Some(Some(known)) = self.by_path.get(&path) {
            return Loaded::Picture(*known);
        }
        match read(&path, address, span, files, diagnostics) {
            Some(picture) => {
                let id = self.add(picture);
                self.by_path.insert(path, Some(id));
                Loaded::Picture(id)
            }
            None => Loaded::Nothing,
        }
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
    pictures.load(address, span, from, files, diagnostics);
    pictures.finish().pop()
}

fn read(path: &str, written: &str, span: Span, files: &dyn Files, diagnostics: &mut Diagnostics) -> Option<Picture> {
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            diagnostics.push(unreadable(written, span, &error));
            return None;
        }
    };
    if bytes.len() > PICTURE_BYTES {
        let message = format!("the picture `{written}` has more than {} MiB", PICTURE_BYTES / 1024 / 1024);
        diagnostics.push(Diagnostic::new(Code::LimitExceeded, span, message).hint(SMALLER));
        return None;
    }
    let measured = match measure::measure(&bytes) {
        Ok(measured) => measured,
        Err(problem) => {
            let message = format!("the picture `{written}` {problem}");
            let hint = "save it again as PNG, JPEG or SVG";
            diagnostics.push(Diagnostic::new(Code::BadImage, span, message).hint(hint));
            return None;
        }
    };
    let measure::Measured { format, width, height, density } = measured;
    if format == PictureFormat::Svg
        && let Err(unfit) = svg::check_bytes(&bytes)
    {
        diagnostics.push(match unfit {
            svg::Unfit::TooDeep => {
                let message = format!("the picture `{written}` nests deeper than {} levels", svg::SVG_NESTING);
                Diagnostic::new(Code::LimitExceeded, span, message).hint("ungroup the drawing and save it again")
            }
            svg::Unfit::Holds(problem) => {
                let hint = "take it out of the file: pictures may neither run code nor fetch anything";
                Diagnostic::new(Code::BadImage, span, format!("the picture `{written}` {problem}")).hint(hint)
            }
        });
        return None;
    }
    if format != PictureFormat::Svg && u64::from(width) * u64::from(height) > PICTURE_PIXELS {
        let millions = PICTURE_PIXELS / 1_000_000;
        let message = format!("the picture `{written}` has {width} × {height} pixels, more than {millions} million");
        diagnostics.push(Diagnostic::new(Code::LimitExceeded, span, message).hint(SMALLER));
        return None;
    }
    Some(Picture { path: path.to_owned(), format, bytes: bytes.into(), width, height, density })
}
