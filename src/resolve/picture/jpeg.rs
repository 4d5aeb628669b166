//! JPEG (ISO/IEC 10918-1): what its segments say, and the pixels of those in
//! four colours.

use super::orientation::Orientation;
use super::png::Pixels;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

const MARKER: u8 = 0xFF;
const START_OF_IMAGE: u8 = 0xD8;
const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: u8 = 0xD9;
const JFIF: u8 = 0xE0;
const EXIF: u8 = 0xE1;
const ADOBE: u8 = 0xEE;
const LAST_APPLICATION: u8 = 0xEF;
const COMMENT: u8 = 0xFE;
const INCH_IN_CENTIMETRES: f32 = 2.54;
const DAMAGED: &str = "is a damaged JPEG";
const OPAQUE: u8 = 255;

/// A marker segment with its bytes: marker, length and body.
#[derive(Debug)]
pub struct Segment<'a> {
    marker: u8,
    /// All of its bytes.
    pub whole: &'a [u8],
}

impl<'a> Segment<'a> {
    fn body(&self) -> &'a [u8] {
        self.whole.get(4..).unwrap_or_default()
    }

    /// Whether a decoder needs it: tables and frames, JFIF, and Adobe's
    /// segment, which says how the colours are stored.
    pub fn belongs_to_the_picture(&self) -> bool {
        let foreign = (JFIF..=LAST_APPLICATION).contains(&self.marker) || self.marker == COMMENT;
        !foreign || matches!(self.marker, JFIF | ADOBE)
    }
}

/// The segments before the first scan of a JPEG, and the rest of the file.
#[derive(Debug)]
pub struct Jpeg<'a> {
    /// The marker that says how the frame is coded: 0xC0 to 0xCF.
    pub coding: u8,
    /// Bits a sample.
    pub bits: u8,
    /// Size of the rows in pixels.
    pub width: u32,
    /// Number of rows.
    pub height: u32,
    /// Colours of a pixel.
    pub components: u8,
    /// Segments in order.
    pub segments: Vec<Segment<'a>>,
    /// The file from the first scan on.
    pub scans: &'a [u8],
}

impl<'a> Jpeg<'a> {
    /// Whether bytes begin as a JPEG does.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(&[MARKER, START_OF_IMAGE, MARKER])
    }

    /// Reads the segments.
    ///
    /// # Errors
    /// What is wrong with the file, as the rest of a sentence.
    pub fn read(bytes: &'a [u8]) -> Result<Self, String> {
        let jpeg = Self::parts(bytes).ok_or_else(|| DAMAGED.to_owned())?;
        const LAST_HUFFMAN_DCT: u8 = 0xC2;
        const SUPPORTED_BITS: u8 = 8;
        if jpeg.bits != SUPPORTED_BITS || jpeg.coding > LAST_HUFFMAN_DCT {
            return Err("is a JPEG of a kind that few programs show: 12 bits, lossless or arithmetic".to_owned());
        }
        if !matches!(jpeg.components, 1 | 3 | 4) {
            return Err(format!("is a JPEG of {} colours", jpeg.components));
        }
        Ok(jpeg)
    }

    fn parts(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&[MARKER, START_OF_IMAGE])?;
        let mut segments = Vec::new();
        loop {
            // Fill bytes may be before a marker.
            while rest.starts_with(&[MARKER, MARKER]) {
                rest = rest.get(1..)?;
            }
            let [MARKER, marker, high, low, ..] = *rest else { return None };
            match marker {
                START_OF_SCAN => break,
                END_OF_IMAGE => return None,
                _ => {}
            }
            let length = 2_usize.checked_add(usize::from(u16::from_be_bytes([high, low])))?;
            let (whole, after) = rest.split_at_checked(length)?;
            segments.push(Segment { marker, whole });
            rest = after;
        }
        let whole = rest.windows(2).any(|pair| pair == [MARKER, END_OF_IMAGE]);
        let frame = segments.iter().find(|segment| is_frame(segment.marker))?;
        let [bits, h0, h1, w0, w1, components] = *frame.body().first_chunk::<6>()?;
        let coding = frame.marker;
        let (width, height) = (u32::from(u16::from_be_bytes([w0, w1])), u32::from(u16::from_be_bytes([h0, h1])));
        let jpeg = Jpeg { coding, bits, width, height, components, segments, scans: rest };
        (whole && width > 0 && height > 0).then_some(jpeg)
    }

    /// Pixels per inch, where JFIF says so.
    pub fn density(&self) -> Option<f32> {
        let jfif = self.segments.iter().find(|segment| segment.marker == JFIF && segment.body().starts_with(b"JFIF\0"));
        let [unit, high, low] = *jfif?.body().get(7..)?.first_chunk::<3>()?;
        let per_unit = f32::from(u16::from_be_bytes([high, low]));
        let density = match unit {
            1 => per_unit,
            2 => per_unit * INCH_IN_CENTIMETRES,
            _ => return None,
        };
        (density > 1.0).then_some(density)
    }

    /// How the camera was held.
    pub fn orientation(&self) -> Orientation {
        let header = b"Exif\0\0";
        let exif = self.segments.iter().find(|part| part.marker == EXIF && part.body().starts_with(header));
        exif.and_then(|exif| Orientation::read(exif.body().get(header.len()..)?)).unwrap_or(Orientation::UPRIGHT)
    }

    /// The transformation that Adobe's segment names (Technical Note 5116).
    fn adobe_transform(&self) -> Option<u8> {
        let adobe = self.segments.iter().find(|part| part.marker == ADOBE && part.body().starts_with(b"Adobe"))?;
        adobe.body().get(11).copied()
    }
}

/// Whether a marker starts a frame: C0 to CF without tables (C4, C8, CC).
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF)
}

/// Decodes a JPEG file to grey, or to red, green and blue.
///
/// # Errors
/// What is wrong with the file, as the rest of a sentence.
pub fn decode(bytes: &[u8], jpeg: &Jpeg) -> Result<Pixels, String> {
    let transform = jpeg.adobe_transform();
    let inks = match jpeg.components {
        4 if transform == Some(2) => Some(ColorSpace::YCCK),
        4 => Some(ColorSpace::CMYK),
        _ => None,
    };
    let wanted = inks.unwrap_or(if jpeg.components == 1 { ColorSpace::Luma } else { ColorSpace::RGB });
    let options =
        DecoderOptions::new_safe().jpeg_set_out_colorspace(wanted).set_max_width(65_535).set_max_height(65_535);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let mut samples = decoder.decode().map_err(|error| format!("{DAMAGED}: {error:?}"))?;
    let channels = if jpeg.components == 1 { 1 } else { 3 };
    if inks.is_some() {
        // Adobe's programs write inverted values: 0 is full ink.
        let inverted = transform.is_some();
        samples = samples.as_chunks::<4>().0.iter().flat_map(|pixel| light(*pixel, transform, inverted)).collect();
    }
    if samples.len() as u64 != u64::from(jpeg.width) * u64::from(jpeg.height) * channels as u64 {
        return Err(DAMAGED.to_owned());
    }
    Ok(Pixels { width: jpeg.width, height: jpeg.height, channels, samples })
}

/// Red, green and blue of a pixel that is stored as inks.
fn light(pixel: [u8; 4], transform: Option<u8>, inverted: bool) -> [u8; 3] {
    let [first, second, third, black] = pixel;
    let inks = if transform == Some(2) {
        rgb([first, second, third]).map(|value| OPAQUE - value)
    } else {
        [first, second, third]
    };
    let bright = |stored: u8| u32::from(if inverted { stored } else { OPAQUE - stored });
    #[allow(clippy::cast_possible_truncation)]
    inks.map(|ink| ((bright(ink) * bright(black) + 127) / 255) as u8)
}

/// Red, green and blue of luminance and chrominance (ITU-T T.871, section 7).
fn rgb([luma, blue, red]: [u8; 3]) -> [u8; 3] {
    const CENTRE: f32 = 128.0;
    let (luma, blue, red) = (f32::from(luma), f32::from(blue) - CENTRE, f32::from(red) - CENTRE);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    [luma + 1.402 * red, luma - 0.344_14 * blue - 0.714_14 * red, luma + 1.772 * blue]
        .map(|value| value.round().clamp(0.0, 255.0) as u8)
}
