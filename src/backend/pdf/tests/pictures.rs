//! Pictures in the file.

use super::sample::{Sample, document};
use crate::backend::pdf::{Claim, emit_layout};
use crate::diagnostic::Diagnostics;
use crate::layout::font::FontBook;
use crate::resolve::{Picture, PictureFormat};
use lopdf::{Document, Object, Stream};
use png::{BitDepth, ColorType, Encoder, Filter};

fn png(color: ColorType, pixels: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 2, 2);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(pixels).unwrap();
    writer.finish().unwrap();
    file
}

fn picture(format: PictureFormat, bytes: Vec<u8>) -> Picture {
    Picture {
        path: "picture".to_owned(),
        format,
        bytes: bytes.into(),
        width: 2,
        height: 2,
        density: None,
        span: crate::source::Span::default(),
    }
}

/// Compiles a page with one figure; gives the file and what was reported.
fn compile(picture: Picture) -> (Document, Diagnostics) {
    let mut document = document();
    document.pictures.push(picture);
    let mut diagnostics = Diagnostics::default();
    let layout = Sample::figure();
    let edition = emit_layout(&document, layout, FontBook::bundled(), &mut diagnostics);
    assert_eq!(edition.claim, Claim::Accessible);
    if let Ok(directory) = std::env::var("CHANCERY_KEEP_PDF") {
        let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
        std::fs::write(format!("{directory}/{name}.pdf"), &edition.bytes).unwrap();
    }
    (Document::load_mem(&edition.bytes).unwrap(), diagnostics)
}

fn object(document: &Document) -> Stream {
    let page = document.page_iter().next().unwrap();
    let page = document.get_dictionary(page).unwrap();
    let resources = document.get_dict_in_dict(page, b"Resources").unwrap();
    let objects = document.get_dict_in_dict(resources, b"XObject").unwrap();
    let (_, object) = document.dereference(objects.get(b"X0").unwrap()).unwrap();
    object.as_stream().unwrap().clone()
}

#[test]
fn plain_png_passes_through() {
    let file = png(ColorType::Rgb, &[0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]);
    let (document, diagnostics) = compile(picture(PictureFormat::Png, file.clone()));
    assert!(!diagnostics.has_errors());
    let image = object(&document);
    assert!(
        file.windows(image.content.len()).any(|window| window == image.content),
        "the compressed rows are the file's"
    );
    assert_eq!(image.decompressed_content().unwrap(), [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]);
}

#[test]
fn transparency_becomes_a_soft_mask() {
    let file = png(ColorType::Rgba, &[1, 2, 3, 10, 4, 5, 6, 128, 7, 8, 9, 0, 10, 11, 12, 255]);
    let (document, _) = compile(picture(PictureFormat::Png, file));
    let image = object(&document);
    assert_eq!(image.decompressed_content().unwrap(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    let (_, mask) = document.dereference(image.dict.get(b"SMask").unwrap()).unwrap();
    assert_eq!(mask.as_stream().unwrap().decompressed_content().unwrap(), [10, 128, 0, 255]);
}

#[test]
fn an_opaque_alpha_channel_is_left_out() {
    let file = png(ColorType::GrayscaleAlpha, &[1, 255, 2, 255, 3, 255, 4, 255]);
    let (document, _) = compile(picture(PictureFormat::Png, file));
    assert!(!object(&document).dict.has(b"SMask"));
}

/// The samples of a square image, read as a PNG that has its rows.
fn samples_of(image: &Stream, side: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let mut crc = libdeflater::Crc::new();
        crc.update(kind);
        crc.update(body);
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&length[..], kind, body, &crc.sum().to_be_bytes()].concat()
    };
    let color = if image.dict.get(b"ColorSpace").unwrap().as_name().unwrap() == b"DeviceGray" { 0 } else { 2 };
    let side = side.to_be_bytes();
    let header = [&side[..], &side, &[8, color, 0, 0, 0]].concat();
    let chunks = [chunk(b"IHDR", &header), chunk(b"IDAT", &image.content), chunk(b"IEND", b"")].concat();
    let file = [&b"\x89PNG\r\n\x1a\n"[..], &chunks].concat();
    crate::resolve::picture::png::decode(&file).unwrap().samples
}

#[test]
fn opacity_is_parted_from_colour_behind_every_filter() {
    const SIDE: u32 = 5;
    let filters = [Filter::NoFilter, Filter::Sub, Filter::Up, Filter::Avg, Filter::Paeth];
    for (color, channels) in [(ColorType::Rgba, 4), (ColorType::GrayscaleAlpha, 2)] {
        for (filter, is_opaque) in filters.into_iter().flat_map(|filter| [(filter, false), (filter, true)]) {
            let samples: Vec<u8> = (0..SIDE * SIDE * channels)
                .map(|at| if is_opaque && (at + 1) % channels == 0 { 255 } else { (at * at * 37 % 251) as u8 })
                .collect();
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, SIDE, SIDE);
            encoder.set_color(color);
            encoder.set_filter(filter);
            let mut writer = encoder.write_header().unwrap();
            writer.write_image_data(&samples).unwrap();
            writer.finish().unwrap();
            let (document, _) = compile(picture(PictureFormat::Png, file));
            let pixels = samples.chunks(channels as usize);
            let colors: Vec<u8> = pixels.clone().flat_map(|pixel| &pixel[..pixel.len() - 1]).copied().collect();
            let opacities: Vec<u8> = pixels.map(|pixel| pixel[pixel.len() - 1]).collect();
            let image = object(&document);
            assert_eq!(samples_of(&image, SIDE), colors, "{filter:?}");
            let mask = image.dict.get(b"SMask").ok().map(|mask| document.dereference(mask).unwrap().1);
            let mask = mask.map(|mask| samples_of(mask.as_stream().unwrap(), SIDE));
            assert_eq!(mask, (!is_opaque).then_some(opacities), "{filter:?}");
        }
    }
}

#[test]
fn a_damaged_png_is_reported() {
    let mut file = png(ColorType::Rgb, &[0; 12]);
    let middle = file.len() / 2;
    file[middle] ^= 0xFF;
    assert!(compile(picture(PictureFormat::Png, file)).1.has_errors());
}

#[test]
fn a_drawing_stays_a_drawing() {
    let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">
        <rect x="10" y="10" width="180" height="80" fill="#369" opacity="0.5"/>
        <text x="20" y="60" font-family="sans-serif" font-size="20">Growth</text>
        <image href="file:///etc/passwd" width="10" height="10"/></svg>"##;
    let (document, diagnostics) = compile(picture(PictureFormat::Svg, svg.as_bytes().to_vec()));
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    let form = object(&document);
    assert_eq!(form.dict.get(b"Subtype").and_then(Object::as_name).unwrap(), b"Form");
    // The form of the unit square shows that of the drawing's own size.
    let objects = document.get_dict_in_dict(document.get_dict_in_dict(&form.dict, b"Resources").unwrap(), b"XObject");
    let (_, drawing) = document.dereference(objects.unwrap().get(b"D").unwrap()).unwrap();
    let drawing = drawing.as_stream().unwrap().decompressed_content().unwrap();
    assert!(String::from_utf8_lossy(&drawing).contains("Tj"), "text stays text");
}

/// The start of a JPEG: EXIF with an orientation, a frame, a scan.
fn jpeg(orientation: u8, components: u8) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, 34];
    file.extend_from_slice(b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0");
    file.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0, 0]);
    file.extend_from_slice(&[0xFF, 0xC0, 0, 8, 8, 0, 2, 0, 2, components]);
    file.extend_from_slice(&[0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9]);
    file
}

#[test]
fn jpeg_passes_through_without_its_metadata() {
    let (document, diagnostics) = compile(picture(PictureFormat::Jpeg, jpeg(1, 3)));
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    let image = object(&document);
    assert_eq!(image.dict.get(b"Filter").and_then(Object::as_name).unwrap(), b"DCTDecode");
    assert!(image.content.starts_with(&[0xFF, 0xD8, 0xFF, 0xC0]) && image.content.ends_with(&[0xFF, 0xD9]));
}

#[test]
fn a_turned_jpeg_is_turned_upright() {
    let content = |orientation| {
        let (document, _) = compile(picture(PictureFormat::Jpeg, jpeg(orientation, 3)));
        let page = document.page_iter().next().unwrap();
        String::from_utf8(document.get_page_content(page)).unwrap()
    };
    assert_eq!(content(1).matches(" cm").count(), 1);
    assert!(content(6).contains("0 -1 1 0 0 1 cm"));
}

#[test]
fn a_jpeg_in_cmyk_is_refused() {
    assert!(compile(picture(PictureFormat::Jpeg, jpeg(1, 4))).1.has_errors());
}
