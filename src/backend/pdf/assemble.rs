//! Everything into one document.

use super::code::{GLYPH_MAP, glyph_map};
use super::drawn;
use super::finish::{Effort, deflate_in_place, finish};
use super::font::{self, FontUse};
use super::metadata::{Claim, Metadata};
use super::objects::{Objects, name, reference};
use super::paint::{PaintedPage, Painter, Pictures};
use super::picture::{self, Embedded, Images};
use super::structure::{Kid, Kids, Placement, Structure};
use super::{Edition, navigation, profile};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::{Direction, Language};
use crate::layout::font::{FontBook, FontIndex};
use crate::layout::frame::{Layout, PlacedPage};
use crate::parallel;
use crate::resolve::Resolved;
use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat};
use printpdf::{FontId, Op, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, Rect};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Makes the file of a document. What is on a page is let go when it is painted, and the rest of
/// the layout before the file is written: long documents need the room.
pub fn assemble(
    document: &Resolved,
    images: &Images,
    layout: Layout,
    book: &FontBook,
    diagnostics: &mut Diagnostics,
) -> Edition {
    let effort = Effort::for_pages(layout.pages.len());
    let (objects, claim) = objects(document, images, layout, book, diagnostics);
    Edition { bytes: finish(objects, effort), claim }
}

/// The objects of the file, and the standards that it claims.
fn objects(
    document: &Resolved,
    images: &Images,
    mut layout: Layout,
    book: &FontBook,
    diagnostics: &mut Diagnostics,
) -> (Objects, Claim) {
    let structure = Structure::new(&layout.tags);
    let mut pdf = PdfDocument::new(&document.title_text);
    let mut fonts = BTreeMap::new();
    let (pictures, drawings) = add_pictures(&mut pdf, (document, images), &layout, (book, &mut fonts), diagnostics);
    let mut painter = Painter::new(book, &structure, &pictures);
    painter.fonts = fonts;
    let painted = paint(&mut layout.pages, &mut painter);
    let Painter { fonts, figures, .. } = painter;

    let (ops, places) = add_fonts(&mut pdf, &fonts, diagnostics);
    pdf.pages = layout.pages.iter().map(|page| blank_page(page.width, page.height)).collect();
    if let Some(first) = pdf.pages.first_mut() {
        first.ops = ops;
    }
    let mut objects = Objects::new(pdf.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new()));
    drop(pdf);

    let pages: Vec<ObjectId> = objects.document.page_iter().collect();
    mend_fonts(&mut objects, &pages, &fonts, places);
    insert_drawings(&mut objects, &pages, drawings);

    let mut placement = Placement {
        figures,
        pages: pages.iter().zip(&layout.pages).map(|(id, page)| (id.0, page.height)).collect(),
        ..Placement::default()
    };
    set_pages(&mut objects, &layout, &pages, painted, &mut placement);

    let is_known = Language::is_known(&document.language.tag);
    let claim = if structure.has_silent_figure() || !is_known { Claim::Archival } else { Claim::Accessible };
    let tree = structure.write(&placement, &mut objects);
    set_catalog(&mut objects, document, &layout, &placement, tree, claim);
    (objects, claim)
}

/// Paints all pages in order, and deflates what is painted beside it.
fn paint(pages: &mut [PlacedPage], painter: &mut Painter) -> Vec<PaintedPage> {
    let effort = Effort::for_pages(pages.len());
    let mut done = Vec::with_capacity(pages.len());
    let painted = pages.iter_mut().enumerate().map(|(number, page)| {
        let painted = painter.page(number, page);
        page.content = Arc::new(page.emptied());
        painted
    });
    let deflated = |mut page: PaintedPage| {
        deflate_in_place(&mut page.content, effort);
        page
    };
    parallel::pipeline(painted, deflated, |mut page| {
        page.content.shrink_to_fit();
        done.push(page);
    });
    done
}

fn blank_page(width: f32, height: f32) -> PdfPage {
    let size = Rect::from_wh(Pt(width), Pt(height));
    PdfPage { media_box: size.clone(), trim_box: size.clone(), crop_box: size, ops: Vec::new() }
}

/// `CIDToGIDMap` of each font that needs one.
type GlyphMaps = BTreeMap<FontIndex, Vec<u8>>;

/// Adds the fonts. Returns operators that tell printpdf which glyphs are in use; they are on the
/// first page until the real content takes its place.
fn add_fonts(
    pdf: &mut PdfDocument,
    fonts: &BTreeMap<FontIndex, FontUse>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Op>, GlyphMaps) {
    let mut ops = Vec::new();
    let mut places = GlyphMaps::new();
    for (index, font) in fonts {
        let id: FontId = font::resource(usize::from(index.0));
        match font.embed() {
            Ok(embedded) => {
                pdf.resources.fonts.map.insert(id.clone(), embedded.font);
                ops.push(Op::SetFont { font: PdfFontHandle::External(id), size: Pt(1.0) });
                ops.push(Op::ShowText { items: embedded.items });
                places.extend(embedded.places.map(|map| (*index, map)));
            }
            Err(fault) => diagnostics.push(Diagnostic::without_place(Code::BadTheme, fault.0)),
        }
    }
    (ops, places)
}

/// Adds the pictures that pages show to printpdf's document. Returns how each
/// is turned, and those that are drawings, which come later.
fn add_pictures<'a>(
    pdf: &mut PdfDocument,
    (document, images): (&Resolved, &Images),
    layout: &Layout,
    (book, used_fonts): (&'a FontBook, &mut BTreeMap<FontIndex, FontUse<'a>>),
    diagnostics: &mut Diagnostics,
) -> (Pictures, Vec<(usize, picture::Drawing)>) {
    let fonts = picture::Fonts::new(book);
    let (mut pictures, mut drawings) = (Pictures::new(), Vec::new());
    for index in drawn::shown(layout) {
        let Some(source) = document.pictures.get(index) else { continue };
        let embedded = picture::embed(source, images.take(index), &fonts, used_fonts);
        drawn::report(source, embedded.as_ref().map(Embedded::missing), diagnostics);
        match embedded {
            Ok(Embedded::Image(image)) => {
                pdf.resources.xobjects.map.insert(picture::resource(index), image);
            }
            Ok(Embedded::Drawing(drawing)) => drawings.push((index, drawing)),
            Err(_) => continue,
        }
        pictures.insert(index, picture::turn(source));
    }
    (pictures, drawings)
}

/// The resource dictionary that all pages share.
fn resources(objects: &Objects, pages: &[ObjectId]) -> Option<ObjectId> {
    objects.document.get_dictionary(*pages.first()?).ok()?.get(b"Resources").and_then(Object::as_reference).ok()
}

/// A dictionary of resources, such as all fonts.
fn resource_category(objects: &Objects, pages: &[ObjectId], key: &[u8]) -> Option<ObjectId> {
    let resources = objects.document.get_dictionary(resources(objects, pages)?).ok()?;
    resources.get(key).and_then(Object::as_reference).ok()
}

/// printpdf cuts widths to integers, takes the ascent for the height of
/// capitals, and knows codes of two bytes only.
fn mend_fonts(objects: &mut Objects, pages: &[ObjectId], fonts: &BTreeMap<FontIndex, FontUse>, mut maps: GlyphMaps) {
    let Some(category) = resource_category(objects, pages, b"Font") else { return };
    let mut codes: Option<ObjectId> = None;
    for (index, font) in fonts {
        let Some(id) = objects
            .document
            .get_dictionary(category)
            .and_then(|all| all.get(font::resource(usize::from(index.0)).0.as_bytes()))
            .and_then(Object::as_reference)
            .ok()
        else {
            continue;
        };
        let widths = font.widths().into_iter().flat_map(|(first, widths)| {
            let widths = widths.into_iter().map(Object::Real).collect();
            [Object::Integer(i64::from(first)), Object::Array(widths)]
        });
        let widths = Object::Array(widths.collect());
        let places = maps.remove(index).map(|map| objects.add_stream(Dictionary::new(), map));
        let codes = font
            .has_own_codes()
            .then(|| *codes.get_or_insert_with(|| objects.add_stream(glyph_map_entries(), glyph_map())));
        let texts = objects.add_stream(Dictionary::new(), font.text_map());
        let mut descriptor = None;
        objects.edit(id, |font| {
            if let Some(codes) = codes {
                font.set("Encoding", Object::Reference(codes));
            }
            font.set("ToUnicode", Object::Reference(texts));
            let descendant = font
                .get_mut(b"DescendantFonts")
                .and_then(Object::as_array_mut)
                .ok()
                .and_then(|fonts| fonts.first_mut())
                .and_then(|font| font.as_dict_mut().ok());
            if let Some(descendant) = descendant {
                descendant.set("W", widths);
                descendant.set("DW", Object::Integer(0));
                if let Some(places) = places {
                    descendant.set("CIDToGIDMap", Object::Reference(places));
                }
                descriptor = descendant.get(b"FontDescriptor").and_then(Object::as_reference).ok();
            }
        });
        if let Some(descriptor) = descriptor {
            let height = Object::Integer(font.cap_height().round() as i64);
            objects.edit(descriptor, |descriptor| descriptor.set("CapHeight", height));
        }
    }
}

/// Entries of a CMap stream's dictionary (ISO 32000-1, table 120).
fn glyph_map_entries() -> Dictionary {
    let text = |text: &str| Object::String(text.as_bytes().to_vec(), StringFormat::Literal);
    let system = [("Registry", text("Adobe")), ("Ordering", text("Identity")), ("Supplement", Object::Integer(0))];
    Dictionary::from_iter([
        ("Type", name("CMap")),
        ("CMapName", name(GLYPH_MAP)),
        ("CIDSystemInfo", Object::Dictionary(Dictionary::from_iter(system))),
    ])
}

fn insert_drawings(objects: &mut Objects, pages: &[ObjectId], drawings: Vec<(usize, picture::Drawing)>) {
    let Some(category) = resource_category(objects, pages, b"XObject") else { return };
    let fonts = resource_category(objects, pages, b"Font");
    for (index, drawing) in drawings {
        let form = drawing.insert(&mut objects.document, fonts);
        objects.edit(category, |all| all.set(picture::resource(index).0, Object::Reference(form)));
    }
}

/// Gives each page its content, links and place in the structure.
fn set_pages(
    objects: &mut Objects,
    layout: &Layout,
    pages: &[ObjectId],
    painted: Vec<PaintedPage>,
    placement: &mut Placement,
) {
    let shared = resources(objects, pages);
    if let Some(shared) = shared {
        let empty: Vec<Vec<u8>> = objects
            .document
            .get_dictionary(shared)
            .map(|resources| {
                resources
                    .iter()
                    .filter(|(_, value)| {
                        objects
                            .document
                            .dereference(value)
                            .is_ok_and(|(_, value)| value.as_dict().is_ok_and(Dictionary::is_empty))
                    })
                    .map(|(key, _)| key.clone())
                    .collect()
            })
            .unwrap_or_default();
        objects.edit(shared, |resources| {
            for key in &empty {
                resources.remove(key);
            }
        });
    }
    let mut kids = Vec::new();
    let known: BTreeSet<&str> = layout.destinations.iter().map(|(id, _)| id.as_str()).collect();
    for (number, (&id, painted)) in pages.iter().zip(painted).enumerate() {
        let height = layout.pages.get(number).map_or(0.0, |page| page.height);
        let mut annotations = Vec::new();
        for link in &painted.links {
            let key = pages.len() + placement.annotations.len();
            if let Some(written) = navigation::link(link, &known, height, key) {
                let object = objects.add_raw(&written);
                annotations.push(reference(object));
                placement.annotations.push(link.tag);
                kids.push((link.tag, Kid::Annotation { page: number, object }));
            }
        }
        let marks = painted.marks.iter().enumerate();
        kids.extend(marks.map(|(mark, leaf)| (*leaf, Kid::Content { page: number, id: mark })));

        let mut contents = None;
        objects.edit(id, |page| {
            contents = page.get(b"Contents").and_then(Object::as_reference).ok();
            page.remove(b"TrimBox");
            page.remove(b"CropBox");
            page.remove(b"Annots");
            if !annotations.is_empty() {
                page.set("Annots", Object::Array(annotations));
            }
            if let Some(shared) = shared {
                page.set("Resources", Object::Reference(shared));
            }
            if !painted.marks.is_empty() {
                page.set("StructParents", Object::Integer(number as i64));
            }
            // ISO 14289-1, 7.18.3: tabs follow the structure.
            page.set("Tabs", name("S"));
        });
        if let Some(contents) = contents {
            let dictionary = Dictionary::from_iter([("Filter", name("FlateDecode"))]);
            let stream = Stream::new(dictionary, painted.content).with_compression(false);
            objects.document.set_object(contents, stream);
        }
        placement.marks.push(painted.marks);
    }
    placement.kids = Kids::new(kids);
}

fn set_catalog(
    objects: &mut Objects,
    document: &Resolved,
    layout: &Layout,
    placement: &Placement,
    tree: u32,
    claim: Claim,
) {
    let metadata = Metadata::from_document(document);
    objects.info = objects.add_raw(&metadata.info());

    let packet = Dictionary::from_iter([("Type", name("Metadata")), ("Subtype", name("XML"))]);
    // Left plain, so that any tool can find it.
    let packet = Stream::new(packet, metadata.xmp(claim).into_bytes()).with_compression(false);
    let packet = objects.document.add_object(packet);

    let profile = objects.add_stream(Dictionary::from_iter([("N", Object::Integer(3))]), profile::srgb());
    let srgb = |text: &str| Object::String(text.as_bytes().to_vec(), StringFormat::Literal);
    // ISO 19005-2, 6.2.3.
    let intent = Dictionary::from_iter([
        ("Type", name("OutputIntent")),
        ("S", name("GTS_PDFA1")),
        ("OutputConditionIdentifier", srgb("sRGB")),
        ("Info", srgb("sRGB IEC61966-2.1")),
        ("DestOutputProfile", Object::Reference(profile)),
    ]);

    let mut preferences = Dictionary::from_iter([("DisplayDocTitle", Object::Boolean(true))]);
    if document.language.direction == Direction::RightToLeft {
        preferences.set("Direction", name("R2L"));
    }
    let language = Object::String(document.language.tag.as_bytes().to_vec(), StringFormat::Literal);
    let marked = Dictionary::from_iter([("Marked", Object::Boolean(true))]);

    let outline = navigation::outline(&layout.bookmarks, &placement.pages, objects);
    let destinations = navigation::destinations(layout, &placement.pages, objects);
    let labels = navigation::page_labels(layout, objects);
    for (key, value) in [
        ("Lang", Some(language)),
        ("MarkInfo", Some(Object::Dictionary(marked))),
        ("StructTreeRoot", Some(reference(tree))),
        ("ViewerPreferences", Some(Object::Dictionary(preferences))),
        ("Metadata", Some(Object::Reference(packet))),
        ("OutputIntents", Some(Object::Array(vec![Object::Dictionary(intent)]))),
        ("Outlines", outline.map(reference)),
        ("PageMode", outline.map(|_| name("UseOutlines"))),
        ("Names", destinations.map(|tree| Object::Dictionary(Dictionary::from_iter([("Dests", reference(tree))])))),
        ("PageLabels", labels.map(reference)),
    ] {
        if let Some(value) = value {
            objects.set_in_catalog(key, value);
        }
    }
    if let Ok(catalog) = objects.document.catalog_mut() {
        catalog.remove(b"PageLayout");
    }
}
