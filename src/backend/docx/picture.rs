//! Pictures: as files of the package, shown in a line of text.

use super::package::{End, RELATIONSHIPS};
use super::writer::Writer;
use crate::ast::Image;
use crate::backend::drawing;
use crate::backend::markup::Markup;
use crate::backend::zip::Archive;
use crate::resolve::picture::jpeg::Jpeg;
use crate::resolve::{Picture, PictureFormat, PictureWidth, Resolved, ResolvedStage};
use crate::theme::Theme;
use std::collections::BTreeMap;

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

/// Pixels in a point of a drawing that is painted: 192 in an inch, twice those of CSS.
const PIXELS_PER_POINT: f32 = 192.0 / 72.0;

/// The pictures that are shown, by their index, and how wide each is at most, in points.
#[derive(Debug, Default)]
pub struct Media {
    pub shown: BTreeMap<usize, f32>,
}

impl Media {
    /// Puts the files of the pictures into an archive. Drawings are painted as well, for readers
    /// that know none.
    pub fn pack(&self, document: &Resolved, theme: &Theme, archive: &mut Archive) {
        let mut drawings = Vec::new();
        for (index, widest) in &self.shown {
            let Some(picture) = document.pictures.get(*index) else { continue };
            let path = format!("word/{}", path(*index, picture.format));
            match picture.format {
                PictureFormat::Svg => {
                    archive.deflate(&path, &picture.bytes);
                    drawings.push((*index, picture.bytes.as_ref(), widest * PIXELS_PER_POINT));
                }
                PictureFormat::Png | PictureFormat::Jpeg => archive.store(&path, &picture.bytes),
            }
        }
        let paintings = drawing::painted(drawings.iter().map(|(_, bytes, width)| (*bytes, *width)), theme);
        for ((index, ..), painting) in drawings.iter().zip(paintings) {
            archive.store(&format!("word/{}", path(*index, PictureFormat::Png)), &painting);
        }
    }
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
        let (natural_width, natural_height) = picture.natural_size();
        let wanted = match image.width {
            Some(PictureWidth::Percent(share)) => self.context.measure * share / 100.0,
            Some(PictureWidth::Points(width)) => width,
            None => natural_width,
        };
        let tallest = self.theme.page.height() * TALLEST;
        let scale = (wanted.min(self.context.measure) / natural_width).min(tallest / natural_height);
        let units = |points: f32| ((points * scale * UNITS_PER_POINT).round() as i64).max(1).to_string();
        let orientation = PictureOrientation::from_picture(picture);
        // The extent is that of what is not turned yet.
        let (width, height) = match orientation.is_sideways() {
            true => (units(natural_height), units(natural_width)),
            false => (units(natural_width), units(natural_height)),
        };
        let widest = self.media.shown.entry(image.picture).or_default();
        *widest = widest.max(natural_width * scale);
        let mut file = |format| self.relationships.id("image", End::Part(path(image.picture, format)));
        let (blip, drawing) = match picture.format {
            PictureFormat::Svg => (file(PictureFormat::Png), Some(file(PictureFormat::Svg))),
            format @ (PictureFormat::Png | PictureFormat::Jpeg) => (file(format), None),
        };
        let number = self.number();
        let title = image.title.as_deref();
        let (number, blip, width, height) = (&*number, &*blip, &*width, &*height);
        let drawing = drawing.as_deref();
        let drawing = Drawing { number, alt, title, is_decorative, blip, drawing, orientation, width, height };
        self.special(|out| drawing.write(out));
    }
}

/// How a picture must be turned to be seen as the camera held it (EXIF 2.32, 4.6.5.1.6). Word does
/// not read that in the file: it writes what is to be done beside it.
#[derive(Debug, Clone, Copy, Default)]
struct PictureOrientation {
    /// A mirror image, before it is turned.
    is_mirrored: bool,
    /// Quarters of a circle, clockwise.
    quarters: i64,
}

impl PictureOrientation {
    fn from_picture(picture: &Picture) -> PictureOrientation {
        let orientation = match picture.format {
            PictureFormat::Jpeg => Jpeg::read(&picture.bytes).map_or(1, |jpeg| jpeg.orientation().number()),
            PictureFormat::Png | PictureFormat::Svg => 1,
        };
        let (is_mirrored, quarters) = match orientation {
            2 => (true, 0),
            3 => (false, 2),
            4 => (true, 2),
            5 => (true, 3),
            6 => (false, 1),
            7 => (true, 1),
            8 => (false, 3),
            _ => (false, 0),
        };
        PictureOrientation { is_mirrored, quarters }
    }

    fn is_sideways(self) -> bool {
        self.quarters % 2 == 1
    }

    /// The attributes of `a:xfrm` (ISO/IEC 29500-1, 20.1.7.6), angles in sixty thousandths of a degree.
    fn attributes(self) -> Vec<(&'static str, String)> {
        let turned = (self.quarters > 0).then(|| ("rot", (self.quarters * 90 * 60_000).to_string()));
        let mirrored = self.is_mirrored.then(|| ("flipH", "1".to_owned()));
        turned.into_iter().chain(mirrored).collect()
    }
}

struct Drawing<'a> {
    number: &'a str,
    alt: &'a str,
    title: Option<&'a str>,
    is_decorative: bool,
    /// The relationship to its pixels.
    blip: &'a str,
    /// The relationship to the drawing that they were painted from.
    drawing: Option<&'a str>,
    orientation: PictureOrientation,
    /// Size before it is turned, in English Metric Units.
    width: &'a str,
    height: &'a str,
}

impl Drawing<'_> {
    fn write(&self, out: &mut Markup) {
        let none = [("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")];
        out.element("w:drawing", &[], |out| {
            out.element("wp:inline", &none, |out| {
                out.empty("wp:extent", &[("cx", self.width), ("cy", self.height)]);
                self.room(out);
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

    /// The room that a picture lying on its side takes up beyond its extent.
    fn room(&self, out: &mut Markup) {
        if !self.orientation.is_sideways() {
            return;
        }
        let [width, height] = [self.width, self.height].map(|length| length.parse::<i64>().unwrap_or_default());
        let more = |length: i64| (length / 2).max(0).to_string();
        let (above, beside) = (more(width - height), more(height - width));
        out.empty("wp:effectExtent", &[("l", &beside), ("t", &above), ("r", &beside), ("b", &above)]);
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
                let orientation = self.orientation.attributes();
                let orientation: Vec<(&str, &str)> =
                    orientation.iter().map(|(name, value)| (*name, value.as_str())).collect();
                out.element("a:xfrm", &orientation, |out| {
                    out.empty("a:off", &[("x", "0"), ("y", "0")]);
                    out.empty("a:ext", &[("cx", self.width), ("cy", self.height)]);
                });
                out.element("a:prstGeom", &[("prst", "rect")], |out| out.empty("a:avLst", &[]));
            });
        });
    }

    fn blip(&self, out: &mut Markup) {
        let attributes = [("xmlns:r", RELATIONSHIPS), ("r:embed", self.blip)];
        let Some(drawing) = self.drawing else { return out.empty("a:blip", &attributes) };
        // Word takes drawings from the extension, others from the picture itself.
        out.element("a:blip", &attributes, |out| {
            out.element("a:extLst", &[], |out| {
                out.element("a:ext", &[("uri", SVG_EXTENSION)], |out| {
                    out.empty("asvg:svgBlip", &[("xmlns:asvg", SVG), ("r:embed", drawing)]);
                });
            });
        });
    }
}
