//! Writes SVG.

use std::fmt::Write;

/// Elements of a drawing.
#[derive(Debug, Default)]
pub struct Svg {
    body: String,
}

/// Where text is beside its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

impl Svg {
    /// Writes an element without content. Names are ours, values are escaped.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.open(name, attributes);
        self.body.push_str("/>");
    }

    /// Writes text at a point; `turn` is its angle in degrees.
    pub fn text(&mut self, at: (f64, f64), anchor: Anchor, turn: f64, words: &str) {
        let (x, y) = (number(at.0), number(at.1));
        let mut attributes = vec![("x", x.as_str()), ("y", &y), ("text-anchor", anchor.name())];
        let transform = format!("rotate({} {x} {y})", number(turn));
        if turn != 0.0 {
            attributes.push(("transform", &transform));
        }
        self.open("text", &attributes);
        self.body.push('>');
        self.body.push_str(&escaped(words));
        self.body.push_str("</text>");
    }

    /// The whole file.
    pub fn finish(self, width: f64, height: f64) -> String {
        let (width, height) = (number(width), number(height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"'Source Sans 3', sans-serif\" font-size=\"13\" \
             fill=\"#1a1a1a\">{}</svg>",
            self.body
        )
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.body.push('<');
        self.body.push_str(name);
        for (key, value) in attributes {
            // Writing into a string cannot fail.
            let _ = write!(self.body, " {key}=\"{}\"", escaped(value));
        }
    }
}

/// A coordinate: two digits after the point are finer than any printer.
pub fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text as content or as a value.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Characters that XML 1.0 forbids (section 2.2).
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                escaped.push(char::REPLACEMENT_CHARACTER);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
