//! GIF 89a: its first picture, as the page shows one and does not move.

use super::png::Pixels;
use gif::{ColorOutput, DecodeOptions, MemoryLimit};
use std::num::NonZeroU64;

const CHANNELS: usize = 4;
const DECODE_LIMIT: u64 = 512 << 20;

/// Whether bytes begin as a GIF does.
pub fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a")
}

/// Width and height in pixels.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let [w0, w1, h0, h1] = *bytes.get(6..)?.first_chunk::<4>()?;
    Some((u32::from(u16::from_le_bytes([w0, w1])), u32::from(u16::from_le_bytes([h0, h1]))))
}

/// The first picture, and whether others follow.
///
/// # Errors
/// What is wrong with the file, as the rest of a sentence.
pub fn decode(bytes: &[u8]) -> Result<(Pixels, bool), String> {
    let fault = |error: gif::DecodingError| format!("is a damaged GIF: {error}");
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.check_frame_consistency(true);
    if let Some(limit) = NonZeroU64::new(DECODE_LIMIT) {
        options.set_memory_limit(MemoryLimit::Bytes(limit));
    }
    let mut decoder = options.read_info(bytes).map_err(fault)?;
    let (width, height) = (usize::from(decoder.width()), usize::from(decoder.height()));
    let mut samples = vec![0; width * height * CHANNELS];
    let frame = decoder.read_next_frame().map_err(fault)?.ok_or_else(|| "is a GIF without a picture".to_owned())?;
    let length = usize::from(frame.width) * CHANNELS;
    for (number, row) in frame.buffer.chunks_exact(length.max(1)).enumerate() {
        let start = ((usize::from(frame.top) + number) * width + usize::from(frame.left)) * CHANNELS;
        if let Some(place) = samples.get_mut(start..start + length) {
            place.copy_from_slice(row);
        }
    }
    let moves = matches!(decoder.next_frame_info(), Ok(Some(_)));
    let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
    if width == 0 || height == 0 {
        return Err("is a GIF without a picture".to_owned());
    }
    Ok((Pixels { width, height, channels: CHANNELS, samples }, moves))
}
