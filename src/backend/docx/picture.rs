//! Pictures: as files of the package, shown in a line of text.

use super::package::{End, RELATIONSHIPS};
use super::writer::Writer;
use crate::ast::Image;
use crate::backend::markup::Markup;
use crate::resolve::{PictureFormat, PictureWidth, ResolvedStage};
use std::collections::BTreeSet;

const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";
/// The extension for vector graphics (MS-ODRAWXML, 2.3.3).
const SVG: &str = "http://schemas.microsoft.com/office/drawing/2016/SVG/main";
const SVG_EXTENSION: &str = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}";
/// The extension for pictures that say nothing (MS-ODRAWXML, 2.3.5).
const DECORATIVE: &str = "http://schemas.microsoft.com/office/drawing/2017/decorative";
const DECORATIVE_EXTENSION: &str = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}";
/// English Metric Units in a point.
const UNITS_PER_POINT: f32 = 12_700.0;
/// The most of a page that a picture takes.
const TALLEST: f32 = 0.85;

/// The pictures that are shown, by their index.
#[derive(Debug, Default)]
pub struct Media {
    pub shown: BTreeSet<usize>,
}

/// The path of a picture from the folder of the text.
pub fn path(index: usize, format: PictureFormat) -> String {
    let ending = match format {
        PictureFormat::Png => "png",
        PictureFormat::Jpeg => "jpeg",
        PictureFormat::Svg => "svg",
    };
    format!("media/image{}.{ending}", index + 1)
}

impl Writer<'_> {
    /// A picture in a line of text.
    pub fn picture(&mut self, image: &Image<ResolvedStage>, is_decorative: bool) {
        let alt = image.alt.as_deref().filter(|_| !is_decorative).unwrap_or_default();
        let Some(picture) = self.document.pictures.get(image.picture) else {
            return self.text(alt);
        };
        self.media.shown.insert(image.picture);
        let (natural_width, natural_height) = picture.natural_size();
        let wanted = match image.width {
            Some(PictureWidth::Percent(share)) => self.place.measure * share / 100.0,
            Some(PictureWidth::Points(width)) => width,
            None => natural_width,
        };
        let tallest = self.theme.page.height() * TALLEST;
        let scale = (wanted.min(self.place.measure) / natural_width).min(tallest / natural_height);
        let units = |points: f32| ((points * scale * UNITS_PER_POINT).round() as i64).max(1).to_string();
        let (width, height) = (units(natural_width), units(natural_height));
        let blip = self.relationships.id("image", End::Part(path(image.picture, picture.format)));
        let is_vector = picture.format == PictureFormat::Svg;
        let number = self.number();
        let title = image.title.as_deref();
        let (number, blip, width, height) = (&*number, &*blip, &*width, &*height);
        let drawing = Drawing { number, alt, title, is_decorative, blip, is_vector, width, height };
        self.special(|out| drawing.write(out));
    }
}

struct Drawing<'a> {
    number: &'a str,
    alt: &'a str,
    title: Option<&'a str>,
    is_decorative: bool,
    /// The relationship to its file.
    blip: &'a str,
    is_vector: bool,
    width: &'a str,
    height: &'a str,
}

impl Drawing<'_> {
    fn write(&self, out: &mut Markup) {
        let none = [("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")];
        out.element("w:drawing", &[], |out| {
            out.element("wp:inline", &none, |out| {
                out.empty("wp:extent", &[("cx", self.width), ("cy", self.height)]);
                self.properties(out);
                out.element("wp:cNvGraphicFramePr", &[], |out| {
                    out.empty("a:graphicFrameLocks", &[("xmlns:a", DRAWING), ("noChangeAspect", "1")]);
                });
                out.element("a:graphic", &[("xmlns:a", DRAWING)], |out| {
                    out.element("a:graphicData", &[("uri", PICTURE)], |out| self.graphic(out));
                });
            });
        });
    }

    fn properties(&self, out: &mut Markup) {
        let name = format!("Picture {}", self.number);
        let mut attributes = vec![("id", self.number), ("name", name.as_str()), ("descr", self.alt)];
        attributes.extend(self.title.map(|title| ("title", title)));
        if !self.is_decorative {
            return out.empty("wp:docPr", &attributes);
        }
        out.element("wp:docPr", &attributes, |out| {
            out.element("a:extLst", &[("xmlns:a", DRAWING)], |out| {
                out.element("a:ext", &[("uri", DECORATIVE_EXTENSION)], |out| {
                    out.empty("adec:decorative", &[("xmlns:adec", DECORATIVE), ("val", "1")]);
                });
            });
        });
    }

    fn graphic(&self, out: &mut Markup) {
        let name = format!("Picture {}", self.number);
        out.element("pic:pic", &[("xmlns:pic", PICTURE)], |out| {
            out.element("pic:nvPicPr", &[], |out| {
                out.empty("pic:cNvPr", &[("id", self.number), ("name", &name)]);
                out.empty("pic:cNvPicPr", &[]);
            });
            out.element("pic:blipFill", &[], |out| {
                self.blip(out);
                out.element("a:stretch", &[], |out| out.empty("a:fillRect", &[]));
            });
            out.element("pic:spPr", &[], |out| {
                out.element("a:xfrm", &[], |out| {
                    out.empty("a:off", &[("x", "0"), ("y", "0")]);
                    out.empty("a:ext", &[("cx", self.width), ("cy", self.height)]);
                });
                out.element("a:prstGeom", &[("prst", "rect")], |out| out.empty("a:avLst", &[]));
            });
        });
    }

    fn blip(&self, out: &mut Markup) {
        let attributes = [("xmlns:r", RELATIONSHIPS), ("r:embed", self.blip)];
        if !self.is_vector {
            return out.empty("a:blip", &attributes);
        }
        // Word takes drawings from the extension, others from the picture itself.
        out.element("a:blip", &attributes, |out| {
            out.element("a:extLst", &[], |out| {
                out.element("a:ext", &[("uri", SVG_EXTENSION)], |out| {
                    out.empty("asvg:svgBlip", &[("xmlns:asvg", SVG), ("r:embed", self.blip)]);
                });
            });
        });
    }
}
