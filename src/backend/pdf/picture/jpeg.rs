//! JPEG (ISO/IEC 10918-1): passed through without what does not belong to
//! the picture.

use super::{Fault, Image, Matrix, name};
use crate::resolve::picture::Orientation;
use crate::resolve::picture::jpeg::Jpeg;

const START_OF_IMAGE: [u8; 2] = [0xFF, 0xD8];

/// A JPEG file as an image, its data as they are (ISO 32000-1, 7.4.8).
///
/// # Errors
/// What is wrong with the file.
pub fn image(bytes: &[u8]) -> Result<Image, Fault> {
    let jpeg = Jpeg::read(bytes)?;
    let color_space = match jpeg.components {
        1 => "DeviceGray",
        3 => "DeviceRGB",
        // Such a picture was converted when it was read.
        _ => return Err("is a JPEG in inks".to_owned()),
    };
    let mut data = START_OF_IMAGE.to_vec();
    for segment in jpeg.segments.iter().filter(|segment| segment.belongs_to_the_picture()) {
        data.extend_from_slice(segment.whole);
    }
    data.extend_from_slice(jpeg.scans);
    Ok(Image {
        width: jpeg.width,
        height: jpeg.height,
        bits: jpeg.bits,
        color_space: name(color_space),
        filter: "DCTDecode",
        parameters: None,
        mask: None,
        data,
    })
}

/// The turn that brings the picture upright; `None` for one that is.
pub fn turn(bytes: &[u8]) -> Option<Matrix> {
    match Jpeg::read(bytes).map_or(Orientation::UPRIGHT, |jpeg| jpeg.orientation()).number() {
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
