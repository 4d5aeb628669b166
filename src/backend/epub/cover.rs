//! The cover that reading systems show on their shelves: an SVG in the theme's colours with title,
//! publisher and date.

use crate::backend::markup::Markup;
use crate::language::Direction;
use crate::resolve::{ControlKey, Resolved};
use crate::theme::Theme;

/// Size in pixels, as high beside its width as most readers show covers.
const WIDTH: usize = 1200;
const HEIGHT: usize = 1600;
const MARGIN: usize = 110;
/// Characters in a line of the title, and lines of it, at each size of its letters.
const SIZES: [(usize, usize, usize); 2] = [(104, 17, 6), (76, 24, 9)];
const SMALLEST: (usize, usize, usize) = (54, 34, 13);
const SMALL: usize = 44;
/// Characters in a line of small letters.
const SMALL_LINE: usize = 42;

/// Draws the cover.
pub fn write(document: &Resolved, theme: &Theme) -> String {
    let accent = theme.colors.accent.to_string();
    let mut out = Markup::new();
    out.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (width, height) = (WIDTH.to_string(), HEIGHT.to_string());
    let frame = format!("0 0 {WIDTH} {HEIGHT}");
    let attributes = [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("width", width.as_str()),
        ("height", &height),
        ("viewBox", &frame),
        ("xml:lang", &document.language.tag),
    ];
    out.element("svg", &attributes, |out| {
        out.raw("\n");
        out.leaf("title", &[], &document.title_text);
        out.raw("\n");
        out.empty("rect", &[("width", &width), ("height", &height), ("fill", "#ffffff")]);
        out.raw("\n");
        out.empty("rect", &[("width", &width), ("height", "60"), ("fill", &accent)]);
        out.raw("\n");
        write_title(out, document, &accent);
    });
    out.raw("\n");
    out.into_string()
}

fn write_title(out: &mut Markup, document: &Resolved, accent: &str) {
    let rtl = document.language.direction == Direction::RightToLeft;
    let x = if rtl { WIDTH - MARGIN } else { MARGIN }.to_string();
    let mut y = 240;
    let mut line = |words: &str, size: usize, weight: &str, fill: &str, y: usize| {
        let (y, size) = (y.to_string(), size.to_string());
        let mut attributes = vec![("x", x.as_str()), ("y", &y), ("font-size", &size), ("fill", fill)];
        attributes.extend([("font-family", "sans-serif"), ("font-weight", weight)]);
        if rtl {
            attributes.push(("direction", "rtl"));
        }
        out.leaf("text", &attributes, words);
        out.raw("\n");
    };
    for banner in &document.banners {
        line(banner, SMALL, "bold", "#000000", y);
        y += SMALL * 3 / 2;
    }
    y += SMALL;
    let fitting = SIZES.into_iter().find(|(_, length, lines)| broken(&document.title_text, *length).len() <= *lines);
    let (size, length, lines) = fitting.unwrap_or(SMALLEST);
    for words in broken(&document.title_text, length).into_iter().take(lines) {
        y += size * 5 / 4;
        line(&words, size, "bold", accent, y);
    }
    y += SMALL;
    for words in document.subtitle.iter().flat_map(|subtitle| broken(subtitle, SMALL_LINE)) {
        y += SMALL * 4 / 3;
        line(&words, SMALL, "normal", "#000000", y);
    }
    let foot: Vec<String> = foot(document).iter().flat_map(|words| broken(words, SMALL_LINE)).collect();
    let mut y = HEIGHT.saturating_sub(MARGIN + foot.len().saturating_sub(1) * SMALL * 4 / 3);
    for words in &foot {
        line(words, SMALL, "normal", "#000000", y);
        y += SMALL * 4 / 3;
    }
}

/// Whose it is, and of when.
fn foot(document: &Resolved) -> Vec<String> {
    let date = document.control.iter().filter(|row| row.key == ControlKey::Date);
    let date = date.flat_map(|row| row.value.iter().map(|line| crate::ast::plain_text(line)));
    let metadata = &document.metadata;
    let publisher = metadata.imprint.iter().map(|imprint| imprint.value.clone());
    let authors = metadata.authors.iter().take(3).map(|author| author.name.clone());
    let owners: Vec<String> = if metadata.imprint.is_some() { publisher.collect() } else { authors.collect() };
    owners.into_iter().chain(date).collect()
}

/// Text in lines of no more characters, but for words that are longer.
fn broken(text: &str, length: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= length => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
