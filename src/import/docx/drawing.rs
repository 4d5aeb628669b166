//! Pictures, text boxes and other drawings.

use super::Reader;
use super::survey;
use crate::ast::{AttrList, Block, BlockKind, Image, InlineKind, Panel, PanelRole, Parsed};
use crate::diagnostic::Code;
use crate::import::loss::excerpt;
use crate::import::marks::{Bit, Mark, node};
use crate::import::media::Kind;
use crate::import::spaced;
use crate::import::xml::Element;

/// Share of the page's text width from which a picture counts as full width.
const WHOLE: f64 = 0.95;
const HUNDRED: f64 = 100.0;

impl Reader<'_> {
    /// A drawing in the form of today.
    pub(super) fn drawing(&mut self, drawing: &Element, marks: &[Mark]) {
        let frame = drawing.child("wp:inline").or_else(|| drawing.child("wp:anchor"));
        let said = frame.and_then(|frame| frame.child("wp:docPr"));
        let width = frame.and_then(|frame| frame.child("wp:extent")?.get("cx")?.parse::<f64>().ok());
        let mut pictures = Vec::new();
        drawing.all("pic:pic", &mut pictures);
        let mut boxes = Vec::new();
        drawing.all("w:txbxContent", &mut boxes);
        boxes.iter().for_each(|content| self.text_box(content));
        let is_one = pictures.len() == 1;
        for picture in &pictures {
            let own = picture.find("pic:cNvPr");
            let said = said.filter(|_| is_one);
            let alt = alternative(said).or_else(|| alternative(own));
            let is_decorative = said.or(own).is_some_and(is_decorative);
            let width = width.filter(|_| is_one);
            let blip = picture.find("a:blip");
            let id = blip.and_then(|blip| {
                let drawn = blip.find("asvg:svgBlip").and_then(|svg| svg.get("r:embed"));
                drawn.or_else(|| blip.get("r:embed")).or_else(|| blip.get("r:link"))
            });
            self.picture(id, alt, is_decorative, width, marks);
        }
        let graphic = drawing.find("a:graphicData");
        let other = graphic.is_some_and(|graphic| self.graphic(graphic));
        if pictures.is_empty() && boxes.is_empty() && !other && !self.is_withheld() {
            let alt = alternative(said).unwrap_or_default();
            self.left_out("a drawing", &alt);
        }
    }

    /// A picture, a text box or an embedded object in the form of old files.
    pub(super) fn legacy_picture(&mut self, picture: &Element, marks: &[Mark]) {
        let mut boxes = Vec::new();
        picture.all("w:txbxContent", &mut boxes);
        boxes.iter().for_each(|content| self.text_box(content));
        let mut shown = Vec::new();
        picture.all("v:imagedata", &mut shown);
        let alt = picture.elements().find_map(|shape| shape.get("alt")).map(str::to_owned);
        let is_rule = picture.elements().any(|shape| shape.get("o:hr").is_some_and(|is| matches!(is, "t" | "true")));
        for image in &shown {
            let id = image.get("r:id").or_else(|| image.get("r:pict"));
            let alt = alt.clone().or_else(|| image.get("o:title").filter(|title| !title.is_empty()).map(str::to_owned));
            self.picture(id, alt, false, None, marks);
        }
        if picture.is("w:object") && !self.is_withheld() {
            let kind = picture.find("o:OLEObject").and_then(|object| object.get("ProgID")).unwrap_or("another program");
            let message = format!("an object of {kind} is left out; its picture stays where it has one");
            self.losses.add(Code::LeftOut, self.serial, message, None);
        } else if is_rule {
            self.boxes.push(node(BlockKind::Rule, self.serial));
        } else if shown.is_empty() && boxes.is_empty() && !self.is_withheld() && picture.elements().any(is_shape) {
            self.left_out("a drawing", &alt.unwrap_or_default());
        }
    }

    fn left_out(&mut self, what: &str, alt: &str) {
        let said = if alt.trim().is_empty() { String::new() } else { format!(": “{}”", excerpt(alt)) };
        let message = format!("{what} is left out{said}");
        self.losses.add(Code::LeftOut, self.serial, message, Some("save it as a picture, and put that in its place"));
    }

    /// The text in a box, after the paragraph at which it is anchored.
    fn text_box(&mut self, content: &Element) {
        if self.is_withheld() || survey::text(content).trim().is_empty() && content.find("w:drawing").is_none() {
            return;
        }
        let serial = self.serial;
        let blocks = self.inner_blocks(content);
        if blocks.is_empty() {
            return;
        }
        let panel = Panel { role: PanelRole::Box, title: None, label: (), blocks };
        let block: Block<Parsed> = node(BlockKind::Panel(panel), serial);
        self.boxes.push(block);
    }

    fn picture(
        &mut self,
        id: Option<&str>,
        alt: Option<String>,
        is_decorative: bool,
        width: Option<f64>,
        marks: &[Mark],
    ) {
        if self.is_withheld() {
            return;
        }
        if let Some(address) = id.and_then(|id| self.relationships.address(id)).map(str::to_owned) {
            return self.outside(&address, alt, marks);
        }
        let path = id.and_then(|id| self.relationships.target(id)).map(str::to_owned);
        let bytes = path.as_ref().and_then(|path| self.package.bytes(path).ok());
        let Some((path, kind)) = bytes.and_then(|bytes| self.media.add(bytes)) else {
            let said = alt.map(|alt| format!(": “{}”", excerpt(&alt))).unwrap_or_default();
            let message = format!("a picture is left out, since it is not in the file or is damaged{said}");
            return self.losses.add(Code::PictureNotKept, self.serial, message, None);
        };
        if let Kind::NotDrawn(extension) = kind {
            let message = format!("`{path}` is of a kind that is not drawn ({extension})");
            let hint = "convert it to SVG or PNG, and name that file";
            self.losses.add(Code::PictureNotKept, self.serial, message, Some(hint));
        }
        let picture = Image { picture: path, alt, title: None, width: () };
        let share = width.filter(|_| self.measure > 0.0).map(|width| width / self.measure);
        let mut list = AttrList::default();
        if is_decorative {
            list.classes.push("decorative".to_owned());
        }
        if let Some(share) = share.filter(|share| *share < WHOLE && *share > 0.0) {
            list.pairs.push(("width".to_owned(), format!("{:.0}%", (share * HUNDRED).max(1.0))));
        }
        let mut marks = marks.to_vec();
        marks.retain(|mark| matches!(mark, Mark::Link(_)));
        // The attributes of a picture travel with it.
        let mut inline = node(InlineKind::Image(picture), self.serial);
        inline.attrs = list.into();
        let bit =
            if inline.attrs.is_empty() { Bit::Inline(Box::new(inline.kind)) } else { Bit::Node(Box::new(inline)) };
        self.emit(bit, &marks);
    }

    /// A picture elsewhere, which is not fetched.
    fn outside(&mut self, address: &str, alt: Option<String>, marks: &[Mark]) {
        let message = format!("a picture is kept outside the file and is not fetched: {}", excerpt(address));
        self.losses.add(
            Code::PictureNotKept,
            self.serial,
            message,
            Some("put the picture beside the source, and name it"),
        );
        let words = alt.filter(|alt| !alt.trim().is_empty());
        let is_address = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
        let mut marks = marks.to_vec();
        if is_address {
            marks.push(Mark::Link(address.into()));
        }
        if let Some(words) = words.or_else(|| is_address.then(|| address.to_owned())) {
            self.losses.added.push(words.clone());
            // Words of their own, which nothing before or after goes on with.
            self.emit(Bit::Text(format!(" {words} ")), &marks);
        }
    }
}

/// The alternative text of a picture.
fn alternative(said: Option<&Element>) -> Option<String> {
    let said = said?;
    let words = said.get("descr").or_else(|| said.get("title"))?;
    let words = spaced(words);
    (!words.is_empty()).then_some(words)
}

fn is_decorative(said: &Element) -> bool {
    said.find("adec:decorative").is_some_and(|mark| matches!(mark.get("val"), Some("1" | "true")))
}

fn is_shape(element: &Element) -> bool {
    element.name.starts_with("v:") && !element.is("v:shapetype")
}
