//! Themes of a project: the logo and the fonts that they bring along.

use crate::support::{compile_among, diagnostic_lines};
use chancery::Compilation;
use chancery::backend::pdf::emit;
use chancery::diagnostic::Diagnostics;
use chancery::layout::dump;
use chancery::layout::font::FontBook;
use chancery::layout::frame::ItemKind;
use chancery::layout::layout;
use chancery::project::Project;
use chancery::source::MemoryFiles;
use std::collections::BTreeMap;

const NOTE: &str = "---\ntitle: Note\ntheme: themes/own.toml\n---\n\nWords, **strong** ones.\n";
const FONT: &[u8] = include_bytes!("../../assets/fonts/source-serif-4/SourceSerif4_400Regular_Italic.ttf");
const LOGO: &[u8] =
    b"<svg xmlns='http://www.w3.org/2000/svg' width='60' height='30'><rect width='60' height='30'/></svg>";

/// A note with a theme, and a logo and a font beside the theme.
fn compile(theme: &str) -> Compilation {
    let files: [(&str, &[u8]); 4] = [
        ("note.md", NOTE.as_bytes()),
        ("themes/own.toml", theme.as_bytes()),
        ("themes/logo.svg", LOGO),
        ("themes/own.ttf", FONT),
    ];
    let files = MemoryFiles(BTreeMap::from(files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec()))));
    compile_among(&["note.md"], &files, &Project::default(), &[])
}

#[test]
fn a_logo_with_words_is_a_figure_and_one_without_is_an_ornament() {
    for (theme, expected) in [
        ("logo = \"logo.svg\"\nlogo-alt = \"Ministry of Examples\"\n", true),
        ("logo = \"logo.svg\"\nopening = \"cover\"\n", false),
    ] {
        let compilation = compile(theme);
        assert_eq!(diagnostic_lines(&compilation), "");
        let document = compilation.document.as_ref().unwrap();
        let layout = layout(document, &compilation.theme, &mut Diagnostics::default());
        let picture = layout.pages[0].items.iter().find_map(|item| match item.kind {
            ItemKind::Picture { area, .. } => Some(area),
            _ => None,
        });
        let area = picture.unwrap();
        assert_eq!((area.width / area.height).round(), 2.0);
        assert_eq!(dump::tags(&layout).contains("Ministry of Examples"), expected);
    }
}

#[test]
fn a_font_of_the_project_is_used_and_embedded() {
    let compilation = compile("[fonts]\nbody = \"own\"\n[fonts.files.own]\nregular = \"own.ttf\"\n");
    assert_eq!(diagnostic_lines(&compilation), "");
    let document = compilation.document.as_ref().unwrap();
    let layout = layout(document, &compilation.theme, &mut Diagnostics::default());
    let book = FontBook::for_theme(&compilation.theme);
    let bundled = FontBook::bundled().len();
    let own = layout.pages[0].items.iter().any(|item| match &item.kind {
        ItemKind::Glyphs(run) => usize::from(run.font.0) >= bundled && book.face(run.font).is_some(),
        _ => false,
    });
    assert!(own, "the body is not set in the project's font");
    let mut diagnostics = Diagnostics::default();
    let pdf = emit(document, &compilation.theme, &mut diagnostics);
    assert!(pdf.starts_with(b"%PDF-1.7") && !diagnostics.has_errors(), "{diagnostics:?}");
}

#[test]
fn what_a_theme_names_and_cannot_have_is_said_at_its_place() {
    let said = |theme: &str| diagnostic_lines(&compile(theme));
    let missing = said("logo = \"no.png\"\n");
    assert!(missing.starts_with("themes/own.toml:1:8 error E0001: cannot read `no.png`"), "{missing}");
    let damaged = said("[fonts]\nbody = \"own\"\n[fonts.files.own]\nregular = \"logo.svg\"\n");
    let expected =
        "themes/own.toml:4:11 error E0403: the font `logo.svg` cannot be used: it is no TrueType or OpenType font";
    assert!(damaged.starts_with(expected), "{damaged}");
    let outside = said("[fonts.files.own]\nregular = \"../../own.ttf\"\n");
    assert!(outside.contains("error E0403"), "{outside}");
}
