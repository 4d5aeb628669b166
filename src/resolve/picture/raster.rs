//! Raster pictures: checked, measured, and converted if viewers would show them differently.

use super::jpeg::{self, Jpeg};
use super::orientation::Orientation;
use super::png::{self, Pixels, Png};
use super::{PICTURE_PIXELS, gif};
use crate::resolve::resolved::PictureFormat;
use std::borrow::Cow;
use std::fmt;

/// A picture made of pixels.
#[derive(Debug)]
pub struct Raster<'a> {
    pub format: PictureFormat,
    pub bytes: Cow<'a, [u8]>,
    /// Size as it is seen, in pixels.
    pub width: u32,
    /// Likewise.
    pub height: u32,
    /// Pixels per inch.
    pub density: Option<f32>,
    /// How a JPEG must still be rotated; all others are upright.
    orientation: Orientation,
    /// Whether it is the first of several pictures, which move.
    pub moves: bool,
}

/// Why a picture cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// Damaged; the rest of a sentence.
    Damaged(String),
    /// A GIF without a readable picture; the rest of a sentence.
    Empty(String),
    /// Its width and height, in pixels.
    TooLarge(u32, u32),
    /// Not a supported raster format.
    Unknown,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Damaged(problem) | Fault::Empty(problem) => out.write_str(problem),
            Fault::TooLarge(width, height) => {
                let millions = PICTURE_PIXELS / 1_000_000;
                write!(out, "has {width} × {height} pixels, more than {millions} million")
            }
            Fault::Unknown => out.write_str("is no PNG, JPEG or GIF"),
        }
    }
}

/// Reads a picture by what its bytes say it is.
///
/// # Errors
/// Why it cannot be used.
pub fn read(bytes: &[u8]) -> Result<Raster<'_>, Fault> {
    if Png::is_one(bytes) {
        read_png(bytes)
    } else if Jpeg::is_one(bytes) {
        read_jpeg(bytes)
    } else if gif::is_one(bytes) {
        read_gif(bytes)
    } else {
        Err(Fault::Unknown)
    }
}

fn within_limit(width: u32, height: u32) -> Result<(), Fault> {
    if u64::from(width) * u64::from(height) > PICTURE_PIXELS { Err(Fault::TooLarge(width, height)) } else { Ok(()) }
}

fn read_png(bytes: &[u8]) -> Result<Raster<'_>, Fault> {
    let png = Png::read(bytes).map_err(Fault::Damaged)?;
    within_limit(png.width, png.height)?;
    let (width, height) = png.orientation.upright(png.width, png.height);
    let stored = if png.orientation == Orientation::UPRIGHT {
        png.check(bytes).map_err(Fault::Damaged)?;
        Cow::Borrowed(bytes)
    } else {
        // Not every reader minds what a PNG says of its camera.
        Cow::Owned(turned(png::decode(bytes).map_err(Fault::Damaged)?, png.orientation).map_err(Fault::Damaged)?)
    };
    let orientation = Orientation::UPRIGHT;
    let density = png.density;
    Ok(Raster { format: PictureFormat::Png, bytes: stored, width, height, density, orientation, moves: false })
}

fn read_jpeg(bytes: &[u8]) -> Result<Raster<'_>, Fault> {
    const INKS: u8 = 4;
    let jpeg = Jpeg::read(bytes).map_err(Fault::Damaged)?;
    within_limit(jpeg.width, jpeg.height)?;
    let (width, height) = jpeg.orientation().upright(jpeg.width, jpeg.height);
    let (orientation, density) = (jpeg.orientation(), jpeg.density());
    let raster = Raster {
        format: PictureFormat::Jpeg,
        bytes: Cow::Borrowed(bytes),
        width,
        height,
        density,
        orientation,
        moves: false,
    };
    // Inks have no place in an archive beside sRGB (ISO 19005-2, 6.2.4.3), and
    // browsers differ over them.
    if jpeg.components == INKS { raster.as_png(&jpeg).map_err(Fault::Damaged) } else { Ok(raster) }
}

fn read_gif(bytes: &[u8]) -> Result<Raster<'_>, Fault> {
    let (width, height) = gif::size(bytes).ok_or_else(|| Fault::Empty("is a damaged GIF".to_owned()))?;
    within_limit(width, height)?;
    let (pixels, moves) = gif::decode(bytes).map_err(Fault::Empty)?;
    let bytes = Cow::Owned(png::encode(&pixels).map_err(Fault::Damaged)?);
    let orientation = Orientation::UPRIGHT;
    Ok(Raster { format: PictureFormat::Png, bytes, width, height, density: None, orientation, moves })
}

fn turned(pixels: Pixels, orientation: Orientation) -> Result<Vec<u8>, String> {
    let (width, height) = (pixels.width as usize, pixels.height as usize);
    let samples = orientation.turn(&pixels.samples, width, height, pixels.channels);
    let (width, height) = orientation.upright(pixels.width, pixels.height);
    png::encode(&Pixels { width, height, channels: pixels.channels, samples })
}

impl Raster<'_> {
    /// Whether its pixels had to be decoded, here and for the page.
    pub fn is_decoded(&self) -> bool {
        self.format == PictureFormat::Png
    }

    fn as_png(&self, jpeg: &Jpeg) -> Result<Self, String> {
        Ok(Raster {
            format: PictureFormat::Png,
            bytes: Cow::Owned(turned(jpeg::decode(&self.bytes, jpeg)?, self.orientation)?),
            width: self.width,
            height: self.height,
            density: self.density,
            orientation: Orientation::UPRIGHT,
            moves: self.moves,
        })
    }

    /// The picture with its pixels in display order, without an orientation to apply.
    ///
    /// # Errors
    /// What is wrong with it, as the rest of a sentence.
    pub fn upright(self) -> Result<Self, String> {
        if self.orientation == Orientation::UPRIGHT {
            return Ok(self);
        }
        let jpeg = Jpeg::read(&self.bytes)?;
        self.as_png(&jpeg)
    }
}
