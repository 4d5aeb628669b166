//! PNG (ISO/IEC 15948). Its compressed rows are a valid PDF image as they
//! are, unless it has transparency, interlacing or 16 bits a sample.

use super::{Fault, Image, name};
use libdeflater::Crc;
use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Limits, Transformations};
use printpdf::{DictItem, XObject};
use std::collections::BTreeMap;
use std::io::Cursor;

/// Memory that decoding one picture may take.
const DECODE_LIMIT: usize = 512 << 20;
/// PDF's name for "each row says its own PNG filter".
const PNG_PREDICTOR: i64 = 15;
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const CHUNK_OVERHEAD: usize = 12;
const OPAQUE: u8 = 255;

pub fn embed(bytes: &[u8]) -> Result<XObject, Fault> {
    let chunks = Chunks::read(bytes)?;
    let image = if chunks.passes_through() { chunks.into_image()? } else { decode(bytes)? };
    Ok(image.into_object())
}

/// What a PNG file holds, as far as we need it.
struct Chunks<'a> {
    width: u32,
    height: u32,
    bits: u8,
    color: u8,
    interlaced: bool,
    transparent: bool,
    palette: Option<&'a [u8]>,
    rows: Vec<&'a [u8]>,
}

const GRAY: u8 = 0;
const RGB: u8 = 2;
const PALETTE: u8 = 3;

impl<'a> Chunks<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let damaged = || "the PNG file is damaged".to_owned();
        let mut rest = bytes.strip_prefix(SIGNATURE).ok_or_else(damaged)?;
        let mut chunks = Chunks {
            width: 0,
            height: 0,
            bits: 0,
            color: 0,
            interlaced: false,
            transparent: false,
            palette: None,
            rows: Vec::new(),
        };
        while let Some((length, kind)) = rest.first_chunk::<4>().zip(rest.get(4..8)) {
            let length = u32::from_be_bytes(*length) as usize;
            let end = length.checked_add(CHUNK_OVERHEAD).ok_or_else(damaged)?;
            let (body, sum) = rest
                .get(8..8_usize.saturating_add(length))
                .zip(rest.get(8_usize.saturating_add(length)..end))
                .ok_or_else(damaged)?;
            let mut crc = Crc::new();
            crc.update(kind);
            crc.update(body);
            if sum != crc.sum().to_be_bytes() {
                return Err(damaged());
            }
            match kind {
                b"IHDR" => {
                    let header: &[u8; 13] = body.first_chunk().ok_or_else(damaged)?;
                    let [w0, w1, w2, w3, h0, h1, h2, h3, bits, color, _, _, interlace] = *header;
                    chunks.width = u32::from_be_bytes([w0, w1, w2, w3]);
                    chunks.height = u32::from_be_bytes([h0, h1, h2, h3]);
                    (chunks.bits, chunks.color, chunks.interlaced) = (bits, color, interlace != 0);
                }
                b"PLTE" => chunks.palette = Some(body),
                b"tRNS" => chunks.transparent = true,
                b"IDAT" => chunks.rows.push(body),
                b"IEND" => break,
                _ => {}
            }
            rest = rest.get(end..).unwrap_or_default();
        }
        if chunks.width == 0 || chunks.height == 0 || chunks.rows.is_empty() {
            return Err(damaged());
        }
        Ok(chunks)
    }

    fn passes_through(&self) -> bool {
        const MOST_BITS: u8 = 8;
        matches!(self.color, GRAY | RGB | PALETTE) && self.bits <= MOST_BITS && !self.interlaced && !self.transparent
    }

    fn into_image(self) -> Result<Image, Fault> {
        let (colors, color_space) = match (self.color, self.palette) {
            (GRAY, _) => (1, name("DeviceGray")),
            (PALETTE, Some(palette)) => {
                let last = (palette.len() / 3).saturating_sub(1);
                let table = DictItem::String { data: palette.to_vec(), literal: true };
                (1, DictItem::Array(vec![name("Indexed"), name("DeviceRGB"), DictItem::Int(last as i64), table]))
            }
            (PALETTE, None) => return Err("the PNG file has no palette".to_owned()),
            _ => (3, name("DeviceRGB")),
        };
        let parameters = BTreeMap::from([
            ("Predictor".to_owned(), DictItem::Int(PNG_PREDICTOR)),
            ("Colors".to_owned(), DictItem::Int(colors)),
            ("BitsPerComponent".to_owned(), DictItem::Int(i64::from(self.bits))),
            ("Columns".to_owned(), DictItem::Int(i64::from(self.width))),
        ]);
        Ok(Image {
            width: self.width,
            height: self.height,
            bits: self.bits,
            color_space,
            filter: "FlateDecode",
            parameters: Some(DictItem::Dict { map: parameters }),
            mask: None,
            data: self.rows.concat(),
        })
    }
}

/// Decodes a picture, parts colour from transparency, and encodes both as
/// plain pictures that pass through.
fn decode(bytes: &[u8]) -> Result<Image, Fault> {
    let fault = |error: png::DecodingError| format!("the PNG file cannot be read: {error}");
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: DECODE_LIMIT });
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(fault)?;
    let size = reader.output_buffer_size().filter(|size| *size <= DECODE_LIMIT);
    let mut pixels = vec![0; size.ok_or_else(|| "the PNG file is too large".to_owned())?];
    let info = reader.next_frame(&mut pixels).map_err(fault)?;
    pixels.truncate(info.buffer_size());

    let (channels, color) = match info.color_type {
        ColorType::Grayscale => (0, ColorType::Grayscale),
        ColorType::GrayscaleAlpha => (1, ColorType::Grayscale),
        ColorType::Rgba => (3, ColorType::Rgb),
        ColorType::Rgb | ColorType::Indexed => (0, ColorType::Rgb),
    };
    // No alpha channel: nothing to part.
    if channels == 0 {
        return encode(info.width, info.height, color, &pixels);
    }
    let mut colors = Vec::with_capacity(pixels.len());
    let mut alpha = Vec::with_capacity(pixels.len() / (channels + 1));
    for pixel in pixels.chunks_exact(channels + 1) {
        if let Some((opacity, color)) = pixel.split_last() {
            colors.extend_from_slice(color);
            alpha.push(*opacity);
        }
    }
    let mut image = encode(info.width, info.height, color, &colors)?;
    if alpha.iter().any(|opacity| *opacity != OPAQUE) {
        image.mask = Some(Box::new(encode(info.width, info.height, ColorType::Grayscale, &alpha)?));
    }
    Ok(image)
}

fn encode(width: u32, height: u32, color: ColorType, pixels: &[u8]) -> Result<Image, Fault> {
    let fault = |error: png::EncodingError| format!("the picture cannot be stored: {error}");
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    let mut writer = encoder.write_header().map_err(fault)?;
    writer.write_image_data(pixels).map_err(fault)?;
    writer.finish().map_err(fault)?;
    Chunks::read(&file)?.into_image()
}
