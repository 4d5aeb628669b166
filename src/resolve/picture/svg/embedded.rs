//! Pictures inside drawings, which are in their addresses (RFC 2397).

use crate::resolve::picture::{PICTURE_PIXELS, raster};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The address of a picture that every reader shows upright and in the same
/// colours.
///
/// # Errors
/// What is wrong with the picture, as the rest of a sentence.
pub fn read(address: &str, decoded: &mut u64) -> Result<String, String> {
    let (kind, data) = address.split_once(',').ok_or("has no data")?;
    if !kind.trim_end().to_ascii_lowercase().ends_with(";base64") {
        return Err("is not written in base64".to_owned());
    }
    let data: String = data.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(data).map_err(|_| "is not written in base64".to_owned())?;
    let picture = raster::read(&bytes).map_err(|fault| fault.to_string())?;
    let picture = picture.upright()?;
    if picture.is_decoded() {
        *decoded = decoded.saturating_add(u64::from(picture.width) * u64::from(picture.height));
    }
    if *decoded > PICTURE_PIXELS {
        return Err("is one too many to decode".to_owned());
    }
    Ok(format!("data:{};base64,{}", picture.format.media_type(), STANDARD.encode(&*picture.bytes)))
}
