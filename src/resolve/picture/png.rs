//! PNG (ISO/IEC 15948): what its chunks say, and its pixels.

use super::orientation::Orientation;
use libdeflater::{Crc, Decompressor};
use png::{BitDepth, ColorType, Compression, Decoder, DecodingError, Encoder, Limits, Transformations};
use std::borrow::Cow;
use std::cell::Cell;
use std::io::Cursor;
use std::mem;

/// Memory that decoding one picture may take, in bytes.
const DECODE_LIMIT: usize = 512 << 20;
/// Rows that are inflated at once, in bytes. Those of larger pictures are read one by one.
const INFLATE_LIMIT: usize = 64 << 20;
/// Room for rows that is kept from picture to picture, in bytes.
const KEPT_ROOM: usize = 8 << 20;
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const CHUNK_OVERHEAD: usize = 12;
const INCH_IN_METRES: f32 = 0.0254;
const DAMAGED: &str = "is a damaged PNG";

/// The needed content of a PNG file.
#[derive(Debug)]
pub struct Png<'a> {
    /// Size of the rows in pixels.
    pub width: u32,
    /// Number of rows.
    pub height: u32,
    /// Bits a sample.
    pub bits: u8,
    /// The type of colour (11.2.2).
    pub color: u8,
    /// Whether rows come in seven passes.
    pub interlaced: bool,
    /// Whether a colour or the palette is transparent.
    pub transparent: bool,
    /// Red, green and blue of each colour by number.
    pub palette: Option<&'a [u8]>,
    /// The compressed rows, in parts.
    pub rows: Vec<&'a [u8]>,
    /// Pixels per inch.
    pub density: Option<f32>,
    /// How the camera was held.
    pub orientation: Orientation,
}

/// The types of colour that have no opacity.
pub const GRAY: u8 = 0;
/// Red, green and blue.
pub const RGB: u8 = 2;
/// Numbers of colours of the palette.
pub const PALETTE: u8 = 3;
/// Grey and opacity.
pub const GRAY_ALPHA: u8 = 4;
/// Red, green, blue and opacity.
pub const RGB_ALPHA: u8 = 6;
/// How many filters there are (9.2).
const FILTERS: u8 = 5;

impl<'a> Png<'a> {
    /// Whether bytes begin as a PNG does.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(SIGNATURE)
    }

    /// Reads the chunks. The rows stay as they are.
    ///
    /// # Errors
    /// What is wrong with the file, as the rest of a sentence.
    pub fn read(bytes: &'a [u8]) -> Result<Self, String> {
        Self::chunks(bytes).ok_or_else(|| DAMAGED.to_owned())
    }

    fn chunks(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(SIGNATURE)?;
        let mut png = Png {
            width: 0,
            height: 0,
            bits: 0,
            color: 0,
            interlaced: false,
            transparent: false,
            palette: None,
            rows: Vec::new(),
            density: None,
            orientation: Orientation::UPRIGHT,
        };
        loop {
            // A file that ends before its last chunk has lost a part of the picture.
            let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk::<4>()?)).ok()?;
            let (chunk, after) = rest.split_at_checked(length.checked_add(CHUNK_OVERHEAD)?)?;
            let (named, sum) = chunk.get(4..)?.split_at_checked(length.checked_add(4)?)?;
            let (kind, body) = named.split_at_checked(4)?;
            let mut crc = Crc::new();
            crc.update(named);
            if sum != crc.sum().to_be_bytes() {
                return None;
            }
            match kind {
                b"IHDR" => {
                    let [w0, w1, w2, w3, h0, h1, h2, h3, bits, color, _, _, interlace] = *body.first_chunk::<13>()?;
                    png.width = u32::from_be_bytes([w0, w1, w2, w3]);
                    png.height = u32::from_be_bytes([h0, h1, h2, h3]);
                    (png.bits, png.color, png.interlaced) = (bits, color, interlace != 0);
                }
                b"pHYs" => png.density = density(body).or(png.density),
                b"eXIf" => png.orientation = Orientation::read(body).unwrap_or(png.orientation),
                b"PLTE" => png.palette = Some(body),
                b"tRNS" => png.transparent = true,
                b"IDAT" => png.rows.push(body),
                b"IEND" => break,
                _ => {}
            }
            rest = after;
        }
        (png.width > 0 && png.height > 0 && !png.rows.is_empty()).then_some(png)
    }

    /// The rows as they are before they are compressed: each the number of its filter
    /// (9.2) and its filtered bytes. `None` where the rows come in passes, are very many
    /// or are damaged.
    pub fn filtered_rows(&self) -> Option<FilteredRows> {
        let channels = match self.color {
            GRAY | PALETTE => 1,
            GRAY_ALPHA => 2,
            RGB => 3,
            RGB_ALPHA => 4,
            _ => return None,
        };
        let bits = usize::try_from(self.width).ok()?.checked_mul(channels * usize::from(self.bits))?;
        let length = bits.div_ceil(8).checked_add(1)?;
        let size = length.checked_mul(usize::try_from(self.height).ok()?)?;
        if self.interlaced || size > INFLATE_LIMIT {
            return None;
        }
        let mut rows = FilteredRows { length, bytes: room(size) };
        let deflated = match self.rows.as_slice() {
            [whole] => Cow::Borrowed(*whole),
            parts => Cow::Owned(parts.concat()),
        };
        let inflated = Decompressor::new().zlib_decompress(&deflated, &mut rows.bytes).ok()?;
        let is_filtered = |row: &[u8]| row.first().is_some_and(|filter| *filter < FILTERS);
        (inflated == size && rows.bytes.chunks_exact(length).all(is_filtered)).then_some(rows)
    }

    /// Decodes all rows, to find what is wrong with them: too few, a filter
    /// that does not exist, a colour that the palette does not have.
    ///
    /// # Errors
    /// What is wrong with the file, as the rest of a sentence.
    pub fn check(&self, bytes: &[u8]) -> Result<(), String> {
        let colors = self.palette.filter(|_| self.color == PALETTE).map(|palette| palette.len() / 3);
        let incomplete = colors.filter(|colors| *colors < 1 << self.bits.min(8));
        let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: DECODE_LIMIT });
        decoder.set_transformations(Transformations::IDENTITY);
        let mut reader = decoder.read_info().map_err(fault)?;
        if incomplete.is_none() && self.filtered_rows().is_some() {
            return Ok(());
        }
        while let Some(row) = reader.next_interlaced_row().map_err(fault)? {
            // The bits that fill up the last byte of a row are no pixels.
            let mut whole = numbers(row.data(), self.bits).take(if self.interlaced { 0 } else { self.width as usize });
            if let Some(colors) = incomplete
                && let Some(number) = whole.find(|number| usize::from(*number) >= colors)
            {
                return Err(format!("{DAMAGED}: it uses the colour {number} of a palette that has {colors}"));
            }
        }
        reader.finish().map_err(fault)
    }
}

/// Rows of a picture after their filters.
#[derive(Debug)]
pub struct FilteredRows {
    /// Bytes of a row, with the number of its filter.
    pub length: usize,
    /// Rows from top to bottom, inflated and still filtered (PNG, clause 9).
    pub bytes: Vec<u8>,
}

thread_local! {
    /// Where the rows of the picture before were: to touch new memory would cost as much as to
    /// inflate into it.
    static ROOM: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A buffer of `size` bytes with any content.
fn room(size: usize) -> Vec<u8> {
    let mut room = ROOM.take();
    if room.capacity() < size {
        return vec![0; size];
    }
    room.resize(size, 0);
    room
}

/// The room is kept for the next picture, unless it is large.
impl Drop for FilteredRows {
    fn drop(&mut self) {
        if self.bytes.capacity() <= KEPT_ROOM {
            // A thread that ends needs none.
            let _ = ROOM.try_with(|room| room.set(mem::take(&mut self.bytes)));
        }
    }
}

/// Pixels per inch, from a chunk that counts them per metre (11.3.4.3).
fn density(body: &[u8]) -> Option<f32> {
    let [x0, x1, x2, x3, _, _, _, _, unit] = *body.first_chunk::<9>()?;
    #[allow(clippy::cast_precision_loss)]
    let per_metre = u32::from_be_bytes([x0, x1, x2, x3]) as f32;
    (unit == 1 && per_metre > 0.0).then_some(per_metre * INCH_IN_METRES)
}

/// The samples of a row, packed into bytes from the left.
fn numbers(row: &[u8], bits: u8) -> impl Iterator<Item = u8> {
    let bits = bits.clamp(1, 8);
    let mask = u8::MAX >> (8 - bits);
    row.iter().flat_map(move |byte| (0..8 / bits).rev().map(move |place| byte >> (place * bits) & mask))
}

fn fault(error: DecodingError) -> String {
    format!("{DAMAGED}: {error}")
}

/// A picture, decoded to 8 bits a sample.
#[derive(Debug)]
pub struct Pixels {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Samples of a pixel: grey, grey and opacity, red to blue, or red to opacity.
    pub channels: usize,
    /// The samples, row by row.
    pub samples: Vec<u8>,
}

/// Decodes a PNG file.
///
/// # Errors
/// What is wrong with the file, as the rest of a sentence.
pub fn decode(bytes: &[u8]) -> Result<Pixels, String> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: DECODE_LIMIT });
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(fault)?;
    let size = reader.output_buffer_size().filter(|size| *size <= DECODE_LIMIT);
    let mut samples = vec![0; size.ok_or_else(|| "is too large to decode".to_owned())?];
    let info = reader.next_frame(&mut samples).map_err(fault)?;
    samples.truncate(info.buffer_size());
    Ok(Pixels { width: info.width, height: info.height, channels: info.color_type.samples(), samples })
}

/// Encodes a picture of 8 bits a sample as PNG.
///
/// # Errors
/// Why it cannot be stored, as the rest of a sentence.
pub fn encode(pixels: &Pixels) -> Result<Vec<u8>, String> {
    let fault = |error: png::EncodingError| format!("cannot be stored: {error}");
    let color = match pixels.channels {
        1 => ColorType::Grayscale,
        2 => ColorType::GrayscaleAlpha,
        3 => ColorType::Rgb,
        _ => ColorType::Rgba,
    };
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, pixels.width, pixels.height);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    let mut writer = encoder.write_header().map_err(fault)?;
    writer.write_image_data(&pixels.samples).map_err(fault)?;
    writer.finish().map_err(fault)?;
    Ok(file)
}
