//! The e-book: EPUB 3.3, and what EPUB Accessibility 1.1 asks for. The text is that of the
//! HTML edition in the syntax of XML; one file holds all of it, so that every id is its own.

mod cover;
mod navigation;
mod package;

use crate::backend::hypertext::{self, Context, direction_name, picture_file};
use crate::backend::markup::Markup;
use crate::backend::zip::Archive;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::format::Format;
use crate::resolve::{Picture, PictureFormat, Resolved};
use crate::theme::Theme;

/// The file that must come first, so that readers of types find it (EPUB 3.3, 4.2.3).
const MEDIA_TYPE: &str = "application/epub+zip";
/// Where the package is (EPUB 3.3, 4.2.6.3.1).
const CONTAINER: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?>"#,
    "\n",
    r#"<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">"#,
    "\n<rootfiles>\n",
    r#"<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>"#,
    "\n</rootfiles>\n</container>\n",
);
const STYLE: &str = include_str!("style.css");
/// Names of files, seen from the package.
const TEXT: &str = "text.xhtml";
const NAVIGATION: &str = "navigation.xhtml";
const STYLE_FILE: &str = "style.css";
const COVER: &str = "cover.svg";

/// Makes the edition.
pub fn emit(document: &Resolved, theme: &Theme, diagnostics: &mut Diagnostics) -> Vec<u8> {
    let text = text(document);
    let pictures = shown(document, &text);
    let mut archive = Archive::default();
    archive.store("mimetype", MEDIA_TYPE.as_bytes());
    archive.deflate("META-INF/container.xml", CONTAINER.as_bytes());
    let mut add = |name: &str, content: &[u8]| archive.deflate(&format!("EPUB/{name}"), content);
    add("package.opf", package::write(document, &text, &pictures).as_bytes());
    add(NAVIGATION, navigation::write(document).as_bytes());
    add(TEXT, text.as_bytes());
    add(STYLE_FILE, STYLE.as_bytes());
    add(COVER, cover::write(document, theme).as_bytes());
    for (name, picture) in &pictures {
        match picture.format {
            PictureFormat::Svg => archive.deflate(&format!("EPUB/{name}"), &picture.bytes),
            PictureFormat::Png | PictureFormat::Jpeg => archive.store(&format!("EPUB/{name}"), &picture.bytes),
        }
    }
    archive.finish().unwrap_or_else(|| {
        let message = "the e-book is larger than 4 GiB, or holds more than 65,534 files";
        diagnostics.push(Diagnostic::without_place(Code::LimitExceeded, message.to_owned()));
        Vec::new()
    })
}

/// The whole text, as a page.
fn text(document: &Resolved) -> String {
    page(document, &document.title_text, |out| {
        hypertext::main(out, &Context::new(document, Format::Epub));
        out.raw("\n");
    })
}

/// A page of the e-book.
fn page(document: &Resolved, title: &str, body: impl FnOnce(&mut Markup)) -> String {
    let mut out = Markup::xhtml();
    out.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n");
    let attributes = [
        ("xmlns", "http://www.w3.org/1999/xhtml"),
        ("xmlns:epub", "http://www.idpf.org/2007/ops"),
        ("lang", document.language.tag.as_str()),
        ("dir", direction_name(document.language.direction)),
    ];
    out.element("html", &attributes, |out| {
        out.raw("\n");
        out.element("head", &[], |out| {
            out.raw("\n");
            out.leaf("title", &[], title);
            out.raw("\n");
            out.empty("link", &[("rel", "stylesheet"), ("type", "text/css"), ("href", STYLE_FILE)]);
            out.raw("\n");
        });
        out.raw("\n");
        out.element("body", &[], |out| {
            out.raw("\n");
            body(out);
        });
        out.raw("\n");
    });
    out.raw("\n");
    out.into_string()
}

/// The pictures that the text shows, with the names of their files. What other editions
/// show alone, and the logo of their pages, is not told.
fn shown<'a>(document: &'a Resolved, text: &str) -> Vec<(String, &'a Picture)> {
    let named = document.pictures.iter().enumerate().map(|(id, picture)| (picture_file(id, picture.format), picture));
    named.filter(|(name, _)| text.contains(&format!(" src=\"{name}\""))).collect()
}

#[cfg(test)]
mod tests;
