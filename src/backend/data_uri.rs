//! Pictures inside editions: `data:` addresses (RFC 2397).

use crate::resolve::Picture;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The address that holds a picture's bytes.
pub fn data_uri(picture: &Picture) -> String {
    let mut address = format!("data:{};base64,", picture.format.media_type());
    STANDARD.encode_string(&picture.bytes, &mut address);
    address
}
