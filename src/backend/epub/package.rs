//! The package document: what the e-book is, and what it is made of (EPUB 3.3, 5).

use super::{COVER, NAVIGATION, STYLE_FILE, TEXT};
use crate::ast::Metadata;
use crate::backend::markup::Markup;
use crate::backend::timestamp::Timestamp;
use crate::language::Direction;
use crate::resolve::{Picture, Resolved};
use crate::source::hash::sha256;

/// Name of the tool that evaluated accessibility.
const TOOL: &str = concat!("Chancery ", env!("CARGO_PKG_VERSION"));
/// The moment of what has no date: that of the archive's files, 1 January 1980.
const NO_DATE: i64 = 315_532_800;
/// Accessibility summary of every e-book. In English, like the other values of these metadata.
const SUMMARY: &str = "The whole text can be read by sight, by ear and by touch. Headings, lists, tables, notes and \
     links are marked up as what they are, and pictures have alternative texts.";

/// Writes the package of a text and its pictures.
pub fn write(document: &Resolved, text: &str, pictures: &[(String, &Picture)]) -> String {
    let has_formulas = text.contains("<math");
    let mut out = Markup::new();
    out.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let attributes = [
        ("xmlns", "http://www.idpf.org/2007/opf"),
        ("version", "3.0"),
        ("unique-identifier", "identifier"),
        ("xml:lang", document.language.tag.as_str()),
    ];
    out.element("package", &attributes, |out| {
        out.raw("\n");
        out.element("metadata", &[("xmlns:dc", "http://purl.org/dc/elements/1.1/")], |out| {
            out.raw("\n");
            dublin_core(out, document);
            accessibility(out, !pictures.is_empty(), has_formulas);
        });
        out.raw("\n");
        out.element("manifest", &[], |out| manifest(out, has_formulas, pictures));
        out.raw("\n");
        let rtl = [("page-progression-direction", "rtl")];
        let spine = if document.language.direction == Direction::RightToLeft { &rtl[..] } else { &[] };
        out.element("spine", spine, |out| {
            out.raw("\n");
            line(out, "itemref", &[("idref", "text")]);
            // Landmarks lead there.
            line(out, "itemref", &[("idref", "navigation"), ("linear", "no")]);
        });
        out.raw("\n");
    });
    out.raw("\n");
    out.into_string()
}

fn manifest(out: &mut Markup, has_formulas: bool, pictures: &[(String, &Picture)]) {
    const XHTML: &str = "application/xhtml+xml";
    out.raw("\n");
    let mut item = |id: &str, name: &str, media_type: &str, properties: Option<&str>| {
        let mut attributes = vec![("id", id), ("href", name), ("media-type", media_type)];
        attributes.extend(properties.map(|properties| ("properties", properties)));
        line(out, "item", &attributes);
    };
    item("text", TEXT, XHTML, has_formulas.then_some("mathml"));
    item("navigation", NAVIGATION, XHTML, Some("nav"));
    item("style", STYLE_FILE, "text/css", None);
    item("cover", COVER, "image/svg+xml", Some("cover-image"));
    for (index, (name, picture)) in pictures.iter().enumerate() {
        item(&format!("picture-{}", index + 1), name, picture.format.media_type(), None);
    }
}

/// Writes the bibliographic metadata (DCMI Metadata Element Set).
fn dublin_core(out: &mut Markup, document: &Resolved) {
    let Metadata { reference, date, authors, imprint, licence, keywords, .. } = &document.metadata;
    out.leaf("dc:identifier", &[("id", "identifier")], &identifier(document));
    out.raw("\n");
    let mut term = |name: &str, value: &str| {
        out.leaf(name, &[], value);
        out.raw("\n");
    };
    term("dc:title", &document.title_text);
    term("dc:language", &document.language.tag);
    if let Some(reference) = reference {
        term("dc:source", &reference.value);
    }
    authors.iter().for_each(|author| term("dc:creator", &author.name));
    if let Some(imprint) = imprint {
        term("dc:publisher", &imprint.value);
    }
    if let Some(date) = date {
        term("dc:date", &date.value.to_string());
    }
    if let Some(description) = &document.description {
        term("dc:description", description);
    }
    keywords.iter().for_each(|keyword| term("dc:subject", keyword));
    if let Some(licence) = licence {
        term("dc:rights", &licence.value.name);
    }
    let modified = Timestamp::from_timestamp(document.timestamp.unwrap_or(NO_DATE)).w3c();
    property(out, "dcterms:modified", &modified);
}

/// Writes the accessibility metadata (EPUB Accessibility 1.1, 2 and 4).
fn accessibility(out: &mut Markup, has_pictures: bool, has_formulas: bool) {
    property(out, "schema:accessMode", "textual");
    if has_pictures {
        property(out, "schema:accessMode", "visual");
    }
    property(out, "schema:accessModeSufficient", "textual");
    let always = ["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability", "ARIA"];
    always.into_iter().for_each(|feature| property(out, "schema:accessibilityFeature", feature));
    if has_pictures {
        property(out, "schema:accessibilityFeature", "alternativeText");
    }
    if has_formulas {
        property(out, "schema:accessibilityFeature", "MathML");
    }
    property(out, "schema:accessibilityHazard", "none");
    out.leaf("meta", &[("property", "schema:accessibilitySummary"), ("xml:lang", "en")], SUMMARY);
    out.raw("\n");
    let claim = [("id", "claim"), ("property", "dcterms:conformsTo")];
    out.leaf("meta", &claim, "EPUB Accessibility 1.1 - WCAG 2.2 Level AA");
    out.raw("\n");
    out.leaf("meta", &[("property", "a11y:certifiedBy"), ("refines", "#claim")], TOOL);
    out.raw("\n");
}

fn property(out: &mut Markup, name: &str, value: &str) {
    out.leaf("meta", &[("property", name)], value);
    out.raw("\n");
}

fn line(out: &mut Markup, element: &str, attributes: &[(&str, &str)]) {
    out.empty(element, attributes);
    out.raw("\n");
}

/// The identifier, which all versions of a document share: a UUID made from its reference and
/// language, or else from its path (RFC 9562, 5.8).
fn identifier(document: &Resolved) -> String {
    let name = match &document.metadata.reference {
        Some(reference) => format!("chancery reference {} {}", document.language.tag, reference.value),
        None => format!("chancery document {}", document.stem),
    };
    let hash = sha256(name.as_bytes());
    let part = |range| hash.get(range).unwrap_or_default();
    // Version 8, and the variant whose highest bits are 10.
    format!("urn:uuid:{}-{}-8{}-a{}-{}", part(0..8), part(8..12), part(12..15), part(15..18), part(18..30))
}
