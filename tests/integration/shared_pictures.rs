//! Pictures that several documents show are read and made once, which nobody can tell.

use crate::support::{PROJECT_FREE, diagnostic_lines};
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::source::MemoryFiles;
use png::{BitDepth, ColorType, Encoder};

/// A drawing of which a part is not drawn.
const DRAWING: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">
<filter id="f"><feTurbulence/></filter><rect width="40" height="20" fill="#135" filter="url(#f)"/></svg>"##;

/// A picture with opacity, large enough to be made on another thread.
fn picture() -> Vec<u8> {
    const SIDE: u32 = 256;
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, SIDE, SIDE);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    let pixels = (0..SIDE * SIDE).flat_map(|at| [(at % 251) as u8, (at % 13) as u8, 90, (at / SIDE) as u8]);
    encoder.write_header().unwrap().write_image_data(&pixels.collect::<Vec<u8>>()).unwrap();
    file
}

/// What is said of a document that shows both, and its PDF.
fn made(drawing: &str, picture: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    let text = format!("---\ntitle: Note\nlang: en\n---\n\n![A bar]({drawing})\n\n![A wave]({picture})\n");
    let files = [("note.md", text.as_bytes()), (drawing, DRAWING.as_bytes()), (picture, bytes)];
    let files = files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec()));
    let compilation = PROJECT_FREE.compile_files("note.md", &MemoryFiles(files.into()));
    let pdf = compilation.edition(Format::Pdf, &mut Diagnostics::default()).unwrap();
    (diagnostic_lines(&compilation), pdf)
}

#[test]
fn a_picture_that_was_shown_before_is_the_same_and_is_named_anew() {
    let bytes = picture();
    let (said, pdf) = made("bar.svg", "wave.png", &bytes);
    assert!(said.contains("the picture `bar.svg` uses"), "{said}");
    assert_eq!(made("bar.svg", "wave.png", &bytes), (said.clone(), pdf.clone()));
    let (said_later, later) = made("other.svg", "other.png", &bytes);
    assert_eq!(said_later, said.replace("bar.svg", "other.svg"));
    assert_eq!(later, pdf);
}
