//! Pictures, held in the page itself.

use super::context::Context;
use crate::ast::{Attrs, Image};
use crate::backend::data_uri::data_uri;
use crate::backend::markup::Markup;
use crate::resolve::{Picture, PictureFormat, Res};

/// CSS pixels in an inch (CSS Values and Units, section 6.2).
const CSS_PIXELS_PER_INCH: f32 = 96.0;

/// Writes a picture. A vector picture is an image like any other, so that
/// ids and styles inside it cannot meet the page's.
pub fn write(out: &mut Markup, image: &Image<Res>, attrs: &Attrs, context: &Context) {
    let alt = if attrs.has_class("decorative") { "" } else { image.alt.as_deref().unwrap_or_default() };
    let Some(picture) = context.document.pictures.get(image.picture) else {
        out.text(alt);
        return;
    };
    let address = data_uri(picture);
    let (width, height) = size(picture);
    let mut attributes = context.attributes(attrs);
    attributes.extend([("src", address.as_str()), ("alt", alt), ("width", &width), ("height", &height)]);
    attributes.extend(image.title.as_deref().map(|title| ("title", title)));
    out.empty("img", &attributes);
}

/// Width and height in CSS pixels. A picture that says how many of its pixels
/// make an inch is shown at that size.
fn size(picture: &Picture) -> (String, String) {
    let scale = match picture.format {
        PictureFormat::Svg => 1.0,
        PictureFormat::Png | PictureFormat::Jpeg => {
            picture.density.filter(|density| *density >= 1.0).map_or(1.0, |density| CSS_PIXELS_PER_INCH / density)
        }
    };
    let pixels = |length: u32| format!("{:.0}", (length as f32 * scale).max(1.0));
    (pixels(picture.width), pixels(picture.height))
}
