//! Pictures as external objects: bytes are passed through wherever PDF can
//! read them as they are.

mod images;
mod jpeg;
mod png;
mod svg;

pub use crate::backend::drawing::Fonts;
pub use images::Images;
pub use svg::Drawing;

use super::font::FontUse;
use crate::layout::font::FontIndex;
use crate::resolve::{Picture, PictureFormat};
use lopdf::{Dictionary, Object, Stream, StringFormat};
use printpdf::{DictItem, ExternalStream, ExternalXObject, XObject, XObjectId};
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// How a picture's pixels must be rotated to be upright; `None` for as they are.
pub fn turn(picture: &Picture) -> Option<Matrix> {
    match picture.format {
        PictureFormat::Jpeg => jpeg::turn(&picture.bytes),
        PictureFormat::Png | PictureFormat::Svg => None,
    }
}

/// Embeds a picture as an external object. `image` makes the image of a raster picture.
pub fn embed<'a>(
    picture: &Picture,
    image: Option<images::Made>,
    fonts: &Fonts<'a>,
    used: &mut BTreeMap<FontIndex, FontUse<'a>>,
) -> Result<Embedded, Fault> {
    match image {
        Some(image) => Ok(Embedded::Image(Arc::unwrap_or_clone(image?).into_object())),
        None => svg::embed(&picture.bytes, fonts, used).map(Embedded::Drawing),
    }
}

/// An image dictionary (ISO 32000-1, table 89) with data that has its filter.
#[derive(Debug, Clone)]
pub struct Image {
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
    /// Bytes of its data and its mask's.
    fn size(&self) -> usize {
        self.data.len() + self.mask.as_ref().map_or(0, |mask| mask.size())
    }

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

    /// The image among the objects of a drawing.
    fn into_stream_of(self, forms: &mut svg::Forms) -> Object {
        let ExternalStream { dict, content, .. } = self.into_stream();
        let entries = dict.into_iter().map(|(key, item)| (key, object(item, forms)));
        let dictionary = Dictionary::from_iter(entries.collect::<Vec<_>>());
        forms.add(Stream::new(dictionary, content).with_compression(false))
    }

    fn into_object(self) -> XObject {
        XObject::External(ExternalXObject { stream: self.into_stream(), width: None, height: None, dpi: None })
    }
}

/// An entry of an image's dictionary.
fn object(item: DictItem, forms: &mut svg::Forms) -> Object {
    match item {
        DictItem::Array(items) => Object::Array(items.into_iter().map(|item| object(item, forms)).collect()),
        DictItem::Dict { map } => {
            let entries: Vec<_> = map.into_iter().map(|(key, item)| (key, object(item, forms))).collect();
            Object::Dictionary(Dictionary::from_iter(entries))
        }
        DictItem::Stream { stream } => {
            let entries: Vec<_> = stream.dict.into_iter().map(|(key, item)| (key, object(item, forms))).collect();
            forms.add(Stream::new(Dictionary::from_iter(entries), stream.content).with_compression(false))
        }
        DictItem::String { data, .. } | DictItem::Bytes(data) => Object::String(data, StringFormat::Literal),
        DictItem::Bool(value) => Object::Boolean(value),
        DictItem::Float(value) | DictItem::Real(value) => Object::Real(value),
        DictItem::Int(value) => Object::Integer(value),
        DictItem::Name(name) => Object::Name(name),
        DictItem::Ref { .. } | DictItem::Null => Object::Null,
    }
}

fn name(name: &str) -> DictItem {
    DictItem::Name(name.as_bytes().to_vec())
}
