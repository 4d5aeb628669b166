//! Pictures as external objects: bytes are passed through wherever PDF can
//! read them as they are.

mod jpeg;
mod png;
mod svg;

pub use svg::{Drawing, Fonts};

use crate::resolve::{Picture, PictureFormat};
use printpdf::{DictItem, ExternalStream, ExternalXObject, XObject, XObjectId};
use std::collections::BTreeMap;

/// A transformation of the unit square: `a b c d e f` of ISO 32000-1, 8.3.4.
pub type Matrix = [f32; 6];

/// Why a picture cannot be shown, in words for the writer.
pub type Fault = String;

/// A picture, ready for the file.
pub enum Embedded {
    /// Pixels, through printpdf.
    Image(XObject),
    /// Lines and text, with the objects they need.
    Drawing(Drawing),
}

/// The resource name of a picture.
pub fn resource(picture: usize) -> XObjectId {
    XObjectId(format!("X{picture}"))
}

/// How a picture's pixels must be turned to stand upright; `None` for as they are.
pub fn orientation(picture: &Picture) -> Option<Matrix> {
    match picture.format {
        PictureFormat::Jpeg => jpeg::orientation(&picture.bytes),
        PictureFormat::Png | PictureFormat::Svg => None,
    }
}

/// Makes a picture an external object.
pub fn embed(picture: &Picture, fonts: &Fonts) -> Result<Embedded, Fault> {
    match picture.format {
        PictureFormat::Png => png::embed(&picture.bytes).map(Embedded::Image),
        PictureFormat::Jpeg => jpeg::embed(&picture.bytes).map(Embedded::Image),
        PictureFormat::Svg => svg::embed(&picture.bytes, fonts).map(Embedded::Drawing),
    }
}

/// An image dictionary (ISO 32000-1, table 89) with data that has its filter.
struct Image {
    width: u32,
    height: u32,
    bits: u8,
    color_space: DictItem,
    filter: &'static str,
    parameters: Option<DictItem>,
    mask: Option<Box<Image>>,
    data: Vec<u8>,
}

impl Image {
    fn into_stream(self) -> ExternalStream {
        let mut dict = BTreeMap::from([
            ("Type".to_owned(), name("XObject")),
            ("Subtype".to_owned(), name("Image")),
            ("Width".to_owned(), DictItem::Int(i64::from(self.width))),
            ("Height".to_owned(), DictItem::Int(i64::from(self.height))),
            ("BitsPerComponent".to_owned(), DictItem::Int(i64::from(self.bits))),
            ("ColorSpace".to_owned(), self.color_space),
            ("Filter".to_owned(), name(self.filter)),
        ]);
        if let Some(parameters) = self.parameters {
            dict.insert("DecodeParms".to_owned(), parameters);
        }
        if let Some(mask) = self.mask {
            dict.insert("SMask".to_owned(), DictItem::Stream { stream: mask.into_stream() });
        }
        ExternalStream { dict, content: self.data, compress: false }
    }

    fn into_object(self) -> XObject {
        XObject::External(ExternalXObject { stream: self.into_stream(), width: None, height: None, dpi: None })
    }
}

fn name(name: &str) -> DictItem {
    DictItem::Name(name.as_bytes().to_vec())
}
