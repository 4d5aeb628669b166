//! JPEG (ISO/IEC 10918-1): passed through without what does not belong to
//! the picture.

use super::{Fault, Image, Matrix, name};
use printpdf::XObject;

const MARKER: u8 = 0xFF;
const START_OF_IMAGE: u8 = 0xD8;
const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: u8 = 0xD9;
const JFIF: u8 = 0xE0;
const EXIF: u8 = 0xE1;
const ADOBE: u8 = 0xEE;
const LAST_APPLICATION: u8 = 0xEF;
const COMMENT: u8 = 0xFE;
const SUPPORTED_BITS: u8 = 8;

/// A marker segment with its bytes: marker, length and body.
struct Segment<'a> {
    marker: u8,
    whole: &'a [u8],
}

impl<'a> Segment<'a> {
    fn body(&self) -> &'a [u8] {
        self.whole.get(4..).unwrap_or_default()
    }
}

/// The segments before the first scan, and the rest of the file.
fn segments(bytes: &[u8]) -> Option<(Vec<Segment<'_>>, &[u8])> {
    let mut rest = bytes.strip_prefix(&[MARKER, START_OF_IMAGE])?;
    let mut found = Vec::new();
    loop {
        // Fill bytes may stand before a marker.
        while rest.starts_with(&[MARKER, MARKER]) {
            rest = rest.get(1..)?;
        }
        let [MARKER, marker, high, low, ..] = *rest else { return None };
        match marker {
            START_OF_SCAN => return Some((found, rest)),
            END_OF_IMAGE => return None,
            _ => {}
        }
        let length = 2_usize.checked_add(usize::from(u16::from_be_bytes([high, low])))?;
        let (whole, after) = rest.split_at_checked(length)?;
        found.push(Segment { marker, whole });
        rest = after;
    }
}

pub fn embed(bytes: &[u8]) -> Result<XObject, Fault> {
    let (segments, scans) = segments(bytes).ok_or_else(|| "the JPEG file is damaged".to_owned())?;
    let frame = segments
        .iter()
        .find(|segment| is_frame(segment.marker))
        .and_then(|segment| segment.body().first_chunk::<6>().map(|start| (segment.marker, *start)));
    let (marker, [bits, h0, h1, w0, w1, components]) = frame.ok_or_else(|| "the JPEG file has no frame".to_owned())?;
    const LAST_HUFFMAN_DCT: u8 = 0xC2;
    if bits != SUPPORTED_BITS || marker > LAST_HUFFMAN_DCT {
        return Err(
            "this kind of JPEG (12 bits, lossless or arithmetic) is not supported; save it as a usual one".to_owned()
        );
    }
    let color_space = match components {
        1 => "DeviceGray",
        3 => "DeviceRGB",
        4 => return Err("the JPEG is in CMYK, which archives cannot show beside RGB; save it as RGB".to_owned()),
        _ => return Err("the JPEG has an unusual number of colours; save it as RGB".to_owned()),
    };
    let mut data = vec![MARKER, START_OF_IMAGE];
    for segment in &segments {
        let foreign = (JFIF..=LAST_APPLICATION).contains(&segment.marker) || segment.marker == COMMENT;
        // Adobe's segment says how the colours are stored.
        if !foreign || matches!(segment.marker, JFIF | ADOBE) {
            data.extend_from_slice(segment.whole);
        }
    }
    data.extend_from_slice(scans);
    let image = Image {
        width: u32::from(u16::from_be_bytes([w0, w1])),
        height: u32::from(u16::from_be_bytes([h0, h1])),
        bits,
        color_space: name(color_space),
        filter: "DCTDecode",
        parameters: None,
        mask: None,
        data,
    };
    Ok(image.into_object())
}

/// Whether a marker starts a frame: C0 to CF without tables (C4, C8, CC).
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF)
}

/// The turn that EXIF asks for.
pub fn orientation(bytes: &[u8]) -> Option<Matrix> {
    let (segments, _) = segments(bytes)?;
    let exif = segments.iter().find(|segment| segment.marker == EXIF && segment.body().starts_with(b"Exif\0\0"))?;
    match exif_orientation(exif.body().get(6..)?)? {
        2 => Some([-1.0, 0.0, 0.0, 1.0, 1.0, 0.0]),
        3 => Some([-1.0, 0.0, 0.0, -1.0, 1.0, 1.0]),
        4 => Some([1.0, 0.0, 0.0, -1.0, 0.0, 1.0]),
        5 => Some([0.0, -1.0, -1.0, 0.0, 1.0, 1.0]),
        6 => Some([0.0, -1.0, 1.0, 0.0, 0.0, 1.0]),
        7 => Some([0.0, 1.0, 1.0, 0.0, 0.0, 0.0]),
        8 => Some([0.0, 1.0, -1.0, 0.0, 1.0, 0.0]),
        _ => None,
    }
}

/// Reads the orientation from a TIFF header and its first directory.
fn exif_orientation(tiff: &[u8]) -> Option<u16> {
    const ORIENTATION: u16 = 0x0112;
    const ENTRY_LENGTH: usize = 12;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |offset: usize| -> Option<u16> {
        let pair: [u8; 2] = tiff.get(offset..offset.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let (low, high) = if little { (short(4)?, short(6)?) } else { (short(6)?, short(4)?) };
    let directory = usize::from(high) << 16 | usize::from(low);
    let count = usize::from(short(directory)?);
    (0..count)
        .map(|entry| directory + 2 + entry * ENTRY_LENGTH)
        .find(|offset| short(*offset) == Some(ORIENTATION))
        .and_then(|offset| short(offset + 8))
}
