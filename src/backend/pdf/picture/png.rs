//! PNG (ISO/IEC 15948). Its compressed rows are a valid PDF image as they
//! are, unless it has transparency, interlacing or 16 bits a sample. Filters work on
//! one channel at a time, so that opacity is parted from colour in filtered rows.

use super::{Fault, Image, name};
use crate::backend::pdf::finish::{Effort, deflate};
use crate::resolve::picture::png::{GRAY, GRAY_ALPHA, PALETTE, Pixels, Png, RGB, RGB_ALPHA, decode, encode};
use printpdf::DictItem;
use std::collections::BTreeMap;

/// PDF's name for "each row says its own PNG filter".
const PNG_PREDICTOR: i64 = 15;
const OPAQUE: u8 = 255;

/// A PNG file as an image: unchanged if a PDF can contain it (ISO 32000-1, 7.4.4.4), else decoded
/// and deflated again, with its transparency as a mask.
///
/// # Errors
/// What is wrong with the file.
pub fn image(bytes: &[u8]) -> Result<Image, Fault> {
    let png = Png::read(bytes)?;
    if passes_through(&png) {
        return pass_through(&png);
    }
    match parted(&png) {
        Some(image) => Ok(image),
        None => plain(decode(bytes)?),
    }
}

/// Whether a PDF can hold the rows of a file as they are stored.
pub fn is_stored(bytes: &[u8]) -> bool {
    Png::read(bytes).is_ok_and(|png| passes_through(&png))
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
    Ok(described(png, colors, color_space, png.rows.concat()))
}

/// Parts colour from opacity in the filtered rows; `None` where they are not of that kind.
fn parted(png: &Png) -> Option<Image> {
    let colors = match (png.color, png.bits) {
        (GRAY_ALPHA, 8) => 1,
        (RGB_ALPHA, 8) => 3,
        _ => return None,
    };
    let mut rows = png.filtered_rows()?;
    let (width, height) = (usize::try_from(png.width).ok()?, usize::try_from(png.height).ok()?);
    let effort = effort(png, rows.bytes.len());
    // A row of colours is shorter than its pixels, so that it fits where they were.
    let (length, color_length) = (rows.length, width * colors + 1);
    let mut row = Vec::with_capacity(length);
    let mut alpha = Vec::with_capacity((width + 1) * height);
    let mut is_opaque = true;
    for at in 0..height {
        row.clear();
        row.extend_from_slice(rows.bytes.get(at * length..(at + 1) * length)?);
        let (filter, pixels) = row.split_first()?;
        let (head, places) = rows.bytes.get_mut(at * color_length..(at + 1) * color_length)?.split_first_mut()?;
        *head = *filter;
        alpha.push(*filter);
        let start = alpha.len();
        match colors {
            1 => part::<2, 1>(pixels, places, &mut alpha),
            _ => part::<4, 3>(pixels, places, &mut alpha),
        }
        is_opaque = is_opaque && is_opaque_row(*filter, at == 0, alpha.get(start..)?);
    }
    let mut image = filtered(png, colors, rows.bytes.get(..color_length * height)?, effort);
    if !is_opaque {
        image.mask = Some(Box::new(filtered(png, 1, &alpha, effort)));
    }
    Some(image)
}

/// The deflate effort for rows that took `bytes` in the file. Rows that do not shrink to a quarter,
/// such as photographs, gain 1 % in twice the time.
fn effort(png: &Png, bytes: usize) -> Effort {
    const LITTLE: usize = 4;
    let deflated: usize = png.rows.iter().map(|part| part.len()).sum();
    if deflated > bytes / LITTLE { Effort::Fair } else { Effort::Thorough }
}

/// Separates the samples of pixels; the last sample is the opacity.
fn part<const SAMPLES: usize, const COLORS: usize>(pixels: &[u8], places: &mut [u8], alpha: &mut Vec<u8>) {
    let (pixels, _) = pixels.as_chunks::<SAMPLES>();
    let (places, _) = places.as_chunks_mut::<COLORS>();
    for (place, pixel) in places.iter_mut().zip(pixels) {
        *place = pixel.first_chunk().copied().unwrap_or([0; COLORS]);
    }
    alpha.extend(pixels.iter().map(|pixel| pixel.last().copied().unwrap_or(OPAQUE)));
}

/// Whether filtered opacities are all opaque, where those of the row before are
/// (ISO/IEC 15948, 9.2): what each filter makes of the first pixel, and of the others.
fn is_opaque_row(filter: u8, is_first: bool, row: &[u8]) -> bool {
    const HALF: u8 = OPAQUE / 2 + 1;
    let (first, others) = match (filter, is_first) {
        (0, _) => (OPAQUE, OPAQUE),
        (1, _) | (4, true) => (OPAQUE, 0),
        (2, true) => (OPAQUE, OPAQUE),
        (3, true) => (OPAQUE, HALF),
        (3, false) => (HALF, 0),
        _ => (0, 0),
    };
    row.split_first().is_some_and(|(one, rest)| *one == first && rest.iter().all(|byte| *byte == others))
}

/// An image of filtered rows with `channels` of 8 bits.
fn filtered(png: &Png, channels: usize, rows: &[u8], effort: Effort) -> Image {
    let color_space = name(if channels == 1 { "DeviceGray" } else { "DeviceRGB" });
    let data = deflate(rows, effort);
    described(png, channels, color_space, data)
}

/// An image of compressed rows as PNG has them.
fn described(png: &Png, channels: usize, color_space: DictItem, data: Vec<u8>) -> Image {
    let parameters = BTreeMap::from([
        ("Predictor".to_owned(), DictItem::Int(PNG_PREDICTOR)),
        ("Colors".to_owned(), DictItem::Int(channels as i64)),
        ("BitsPerComponent".to_owned(), DictItem::Int(i64::from(png.bits))),
        ("Columns".to_owned(), DictItem::Int(i64::from(png.width))),
    ]);
    Image {
        width: png.width,
        height: png.height,
        bits: png.bits,
        color_space,
        filter: "FlateDecode",
        parameters: Some(DictItem::Dict { map: parameters }),
        mask: None,
        data,
    }
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
