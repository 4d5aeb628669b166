//! A box with words in place of a picture that is not drawn.

use crate::resolve::chart::{Anchor, Svg};
use crate::resolve::resolved::{Picture, PictureFormat};
use crate::source::Span;

/// CSS pixels.
const WIDTH: u32 = 360;
const LINE: f64 = 18.0;
const MARGIN: f64 = 22.0;
/// Letters of a line: the widest ones still stay in the box.
const LETTERS: usize = 40;
const MOST_LINES: usize = 12;

/// Draws the box with the words that the picture's readers are given.
pub fn draw(name: &str, words: &str, span: Span) -> Picture {
    let lines = lines(words);
    let count = lines.len().max(1);
    #[allow(clippy::cast_precision_loss)]
    let height = (2.0 * MARGIN + LINE * count as f64).ceil();
    let width = f64::from(WIDTH);
    let mut svg = Svg::default();
    let (inner_width, inner_height) = ((width - 2.0).to_string(), (height - 2.0).to_string());
    let mut frame = vec![("x", "1"), ("y", "1"), ("width", &inner_width), ("height", &inner_height)];
    frame.extend([("fill", "#f5f5f5"), ("stroke", "#6b6b6b"), ("stroke-dasharray", "6 4")]);
    svg.element("rect", &frame);
    for (number, line) in lines.iter().enumerate() {
        #[allow(clippy::cast_precision_loss)]
        let y = MARGIN + LINE * number as f64 + LINE * 0.7;
        svg.text((width / 2.0, y), Anchor::Middle, 0.0, line);
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Picture {
        path: name.to_owned(),
        format: PictureFormat::Svg,
        bytes: svg.finish(width, height).into_bytes().into(),
        width: WIDTH,
        height: height as u32,
        density: None,
        span,
    }
}

fn lines(words: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        // A word that is longer than a line is cut.
        for part in letters.chunks(LETTERS) {
            let part: String = part.iter().collect();
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + part.chars().count() <= LETTERS => {
                    line.push(' ');
                    line.push_str(&part);
                }
                _ => lines.push(part),
            }
        }
        if lines.len() > MOST_LINES {
            lines.truncate(MOST_LINES);
            if let Some(last) = lines.last_mut() {
                last.push('…');
            }
            break;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, MOST_LINES, lines};

    #[test]
    fn words_fill_lines() {
        assert_eq!(lines("A map  of\nthe coast"), ["A map of the coast"]);
        assert!(lines("").is_empty());
        let long = lines(&"word ".repeat(1_000));
        assert_eq!(long.len(), MOST_LINES);
        assert!(long.iter().all(|line| line.chars().count() <= LETTERS + 1) && long[MOST_LINES - 1].ends_with('…'));
        assert_eq!(lines(&"x".repeat(LETTERS + 1)).len(), 2);
    }
}
