//! PNG (ISO/IEC 15948). Its compressed rows are a valid PDF image as they
//! are, unless it has transparency, interlacing or 16 bits a sample.

use super::{Fault, Image, name};
use crate::resolve::picture::png::{GRAY, PALETTE, Pixels, Png, RGB, decode, encode};
use printpdf::{DictItem, XObject};
use std::collections::BTreeMap;

/// PDF's name for "each row says its own PNG filter".
const PNG_PREDICTOR: i64 = 15;
const OPAQUE: u8 = 255;

/// A PNG file as an object of a PDF: as it is where a PDF can hold it (ISO 32000-1, 7.4.4.4),
/// else decoded and deflated anew, with its transparency as a mask.
///
/// # Errors
/// What is wrong with the file.
pub fn embed(bytes: &[u8]) -> Result<XObject, Fault> {
    image(bytes).map(Image::into_object)
}

/// A PNG file as an image.
///
/// # Errors
/// What is wrong with the file.
pub fn image(bytes: &[u8]) -> Result<Image, Fault> {
    let png = Png::read(bytes)?;
    if passes_through(&png) { pass_through(&png) } else { plain(decode(bytes)?) }
}

fn passes_through(png: &Png) -> bool {
    const MOST_BITS: u8 = 8;
    matches!(png.color, GRAY | RGB | PALETTE) && png.bits <= MOST_BITS && !png.interlaced && !png.transparent
}

fn pass_through(png: &Png) -> Result<Image, Fault> {
    let (colors, color_space) = match (png.color, png.palette) {
        (GRAY, _) => (1, name("DeviceGray")),
        (PALETTE, Some(palette)) => {
            let last = (palette.len() / 3).saturating_sub(1);
            let table = DictItem::String { data: palette.to_vec(), literal: true };
            (1, DictItem::Array(vec![name("Indexed"), name("DeviceRGB"), DictItem::Int(last as i64), table]))
        }
        (PALETTE, None) => return Err("is a PNG without its palette".to_owned()),
        _ => (3, name("DeviceRGB")),
    };
    let parameters = BTreeMap::from([
        ("Predictor".to_owned(), DictItem::Int(PNG_PREDICTOR)),
        ("Colors".to_owned(), DictItem::Int(colors)),
        ("BitsPerComponent".to_owned(), DictItem::Int(i64::from(png.bits))),
        ("Columns".to_owned(), DictItem::Int(i64::from(png.width))),
    ]);
    Ok(Image {
        width: png.width,
        height: png.height,
        bits: png.bits,
        color_space,
        filter: "FlateDecode",
        parameters: Some(DictItem::Dict { map: parameters }),
        mask: None,
        data: png.rows.concat(),
    })
}

/// Parts colour from transparency, and encodes both as plain pictures that
/// pass through.
fn plain(pixels: Pixels) -> Result<Image, Fault> {
    let Pixels { width, height, channels, samples } = pixels;
    if matches!(channels, 1 | 3) {
        return encoded(Pixels { width, height, channels, samples });
    }
    let mut colors = Vec::with_capacity(samples.len());
    let mut alpha = Vec::with_capacity(samples.len() / channels);
    for pixel in samples.chunks_exact(channels) {
        if let Some((opacity, color)) = pixel.split_last() {
            colors.extend_from_slice(color);
            alpha.push(*opacity);
        }
    }
    drop(samples);
    let mut image = encoded(Pixels { width, height, channels: channels - 1, samples: colors })?;
    if alpha.iter().any(|opacity| *opacity != OPAQUE) {
        image.mask = Some(Box::new(encoded(Pixels { width, height, channels: 1, samples: alpha })?));
    }
    Ok(image)
}

fn encoded(pixels: Pixels) -> Result<Image, Fault> {
    let file = encode(&pixels)?;
    let png = Png::read(&file)?;
    pass_through(&png)
}
