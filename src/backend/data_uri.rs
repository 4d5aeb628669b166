//! Pictures inside editions: `data:` addresses (RFC 2397).

use crate::resolve::{Picture, PictureFormat};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The address that holds a picture's bytes.
pub fn data_uri(picture: &Picture) -> String {
    let media_type = match picture.format {
        PictureFormat::Png => "image/png",
        PictureFormat::Jpeg => "image/jpeg",
        PictureFormat::Svg => "image/svg+xml",
    };
    let mut address = format!("data:{media_type};base64,");
    STANDARD.encode_string(&picture.bytes, &mut address);
    address
}
