//! Pictures: held in the page itself, or files of the e-book.

use super::context::Context;
use crate::ast::{Attrs, Image};
use crate::backend::markup::Markup;
use crate::resolve::{PictureWidth, ResolvedStage};

/// CSS pixels in a point (CSS Values and Units, section 6.2).
const CSS_PIXELS_PER_POINT: f32 = 96.0 / 72.0;

/// Writes a picture. A vector picture is an image like any other, so that
/// ids and styles inside it cannot meet the page's.
pub fn write(out: &mut Markup, image: &Image<ResolvedStage>, attrs: &Attrs, context: &Context) {
    context.looks_elsewhere();
    let alt = if attrs.has_class("decorative") { "" } else { image.alt.as_deref().unwrap_or_default() };
    let Some(picture) = context.document.pictures.get(image.picture) else {
        out.text(alt);
        return;
    };
    let address = context.picture_address(image.picture, picture);
    let (natural_width, natural_height) = picture.natural_size();
    let width = match image.width {
        Some(PictureWidth::Points(width)) => width,
        Some(PictureWidth::Percent(_)) | None => natural_width,
    };
    let pixels = |points: f32| format!("{:.0}", (points * CSS_PIXELS_PER_POINT).max(1.0));
    let (width, height) = (pixels(width), pixels(natural_height * width / natural_width));
    let style = match image.width {
        Some(PictureWidth::Percent(share)) => Some(format!("inline-size: {share}%")),
        Some(PictureWidth::Points(_)) | None => None,
    };
    let mut attributes = context.attributes(attrs);
    attributes.extend([("src", address.as_str()), ("alt", alt), ("width", &width), ("height", &height)]);
    attributes.extend(style.as_deref().map(|style| ("style", style)));
    attributes.extend(image.title.as_deref().map(|title| ("title", title)));
    out.empty("img", &attributes);
}
