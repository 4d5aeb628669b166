//! The size of a picture, read from its header without decoding it.

use crate::resolve::resolved::PictureFormat;

/// What a picture's header says.
#[derive(Debug, PartialEq)]
pub struct Measured {
    pub format: PictureFormat,
    /// Pixels, or CSS pixels for SVG.
    pub width: u32,
    pub height: u32,
    /// Pixels per inch.
    pub density: Option<f32>,
}

/// The marker that ends a JPEG.
const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];
const INCH_IN_METRES: f32 = 0.0254;
const INCH_IN_CENTIMETRES: f32 = 2.54;

/// Measures a picture by what its bytes say it is.
///
/// # Errors
/// What is wrong with it, as the rest of a sentence.
pub fn measure(bytes: &[u8]) -> Result<Measured, String> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(bytes).ok_or_else(|| "is a damaged PNG".to_owned())
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        jpeg(bytes).ok_or_else(|| "is a damaged JPEG".to_owned())
    } else if let Some(text) = svg_text(bytes) {
        svg(text)
    } else {
        Err("is no PNG, JPEG or SVG".to_owned())
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// PNG (ISO/IEC 15948): IHDR has the size, pHYs the density.
fn png(bytes: &[u8]) -> Option<Measured> {
    const SIGNATURE: usize = 8;
    const CHUNK_FRAME: usize = 12;
    let mut at = SIGNATURE;
    let mut size = None;
    let mut density = None;
    loop {
        let length = usize::try_from(u32_at(bytes, at)?).ok()?;
        let data = at.checked_add(8)?;
        match bytes.get(at + 4..data)? {
            b"IHDR" => size = Some((u32_at(bytes, data)?, u32_at(bytes, data + 4)?)),
            b"pHYs" if bytes.get(data + 8) == Some(&1) => {
                #[allow(clippy::cast_precision_loss)]
                let per_metre = u32_at(bytes, data)? as f32;
                density = Some(per_metre * INCH_IN_METRES);
            }
            b"IEND" => break,
            _ => {}
        }
        // A file that ends before its last chunk has lost a part of the picture.
        at = at.checked_add(length)?.checked_add(CHUNK_FRAME)?;
    }
    let (width, height) = size.filter(|(width, height)| *width > 0 && *height > 0)?;
    Some(Measured { format: PictureFormat::Png, width, height, density: density.filter(|density| *density > 0.0) })
}

/// JPEG (ITU-T T.81, annex B): the frame header has the size, JFIF's APP0 the
/// density.
fn jpeg(bytes: &[u8]) -> Option<Measured> {
    let mut at = 2;
    let mut density = None;
    loop {
        if bytes.get(at)? != &0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            // Fill bytes, and markers without a segment.
            0xff => {
                at += 1;
                continue;
            }
            0x01 | 0xd0..=0xd8 => {
                at += 2;
                continue;
            }
            0xd9 | 0xda => return None,
            _ => {}
        }
        let length = usize::from(u16_at(bytes, at + 2)?);
        let data = at + 4;
        match marker {
            0xe0 if bytes.get(data..data + 5) == Some(b"JFIF\0") => {
                let per_unit = f32::from(u16_at(bytes, data + 8)?);
                density = match bytes.get(data + 7)? {
                    1 => Some(per_unit),
                    2 => Some(per_unit * INCH_IN_CENTIMETRES),
                    _ => None,
                };
            }
            // SOF0 to SOF15 without DHT, JPG and DAC.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let height = u32::from(u16_at(bytes, data + 1)?);
                let width = u32::from(u16_at(bytes, data + 3)?);
                let density = density.filter(|density| *density > 1.0);
                let measured = Measured { format: PictureFormat::Jpeg, width, height, density };
                let whole = bytes.get(at..)?.windows(END_OF_IMAGE.len()).any(|pair| pair == END_OF_IMAGE);
                return (whole && width > 0 && height > 0).then_some(measured);
            }
            _ => {}
        }
        at = at.checked_add(2)?.checked_add(length)?;
    }
}

/// The text of an SVG file, where the bytes look like one.
fn svg_text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    (start.starts_with('<') && text.contains("<svg")).then_some(text)
}

/// The size that an SVG file asks for: `width` and `height`, else its view box.
fn svg(text: &str) -> Result<Measured, String> {
    const DEFAULT_SIZE: (f32, f32) = (300.0, 150.0);
    let tag = text.split_once("<svg").and_then(|(_, rest)| rest.split_once('>')).map(|(tag, _)| tag);
    let tag = tag.ok_or("is a damaged SVG")?;
    let view: Option<Vec<f32>> = attribute(tag, "viewBox")
        .map(|view| view.split([' ', ',']).filter_map(|number| number.trim().parse().ok()).collect());
    let view = match view.as_deref() {
        Some([_, _, width, height]) if *width > 0.0 && *height > 0.0 => Some((*width, *height)),
        _ => None,
    };
    let width = attribute(tag, "width").and_then(length);
    let height = attribute(tag, "height").and_then(length);
    let (width, height) = match (width, height, view) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some((w, h))) => (width, width * h / w),
        (None, Some(height), Some((w, h))) => (height * w / h, height),
        (_, _, Some(view)) => view,
        _ => DEFAULT_SIZE,
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let pixels = |length: f32| length.round().clamp(1.0, 100_000.0) as u32;
    Ok(Measured { format: PictureFormat::Svg, width: pixels(width), height: pixels(height), density: None })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once(name)?;
        let starts = before.ends_with(|c: char| c.is_ascii_whitespace());
        let value = after.trim_start().strip_prefix('=').map(str::trim_start);
        if let (true, Some(value)) = (starts, value) {
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            return value.get(1..)?.split(quote).next();
        }
        rest = after;
    }
}

/// A length in CSS pixels (CSS Values 4, section 6.2); `None` for percentages.
fn length(text: &str) -> Option<f32> {
    let text = text.trim();
    let split = text.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: f32 = number.trim().parse().ok()?;
    let factor = match unit {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "em" | "rem" => 16.0,
        _ => return None,
    };
    (number > 0.0).then_some(number * factor)
}

#[cfg(test)]
mod tests {
    use super::{PictureFormat, measure};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(b"\0\0\0\x09pHYs\0\0\x2e\x23\0\0\x2e\x23\x01\0\0\0\0");
        bytes.extend(b"\0\0\0\0IEND\0\0\0\0");
        bytes
    }

    #[test]
    fn a_png_says_its_size_and_density() {
        let measured = measure(&png(640, 480));
        let found = measured.map(|found| (found.format, found.width, found.height, found.density.map(f32::round)));
        assert_eq!(found, Ok((PictureFormat::Png, 640, 480, Some(300.0))));
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let whole = png(640, 480);
        for length in 0..whole.len() - 4 {
            assert!(measure(whole.get(..length).unwrap_or_default()).is_err(), "{length} bytes");
        }
        assert!(measure(&png(0, 480)).is_err());
        assert!(measure(b"GIF89a").is_err());
        assert!(measure(b"\xff\xd8\xff\xe0\0\x10JFIF\0").is_err());
    }

    #[test]
    fn an_svg_is_as_large_as_it_asks() {
        let size = |text: &str| measure(text.as_bytes()).map(|found| (found.width, found.height));
        assert_eq!(size("<svg width='2in' height=\"96\"/>"), Ok((192, 96)));
        assert_eq!(size("<svg viewBox='0 0 40 30' width='100%'/>"), Ok((40, 30)));
        assert_eq!(size("<svg viewBox='0 0 40 30' stroke-width='1' width='80'/>"), Ok((80, 60)));
        assert_eq!(size("<svg/>"), Ok((300, 150)));
    }
}
