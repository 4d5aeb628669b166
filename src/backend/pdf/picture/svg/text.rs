//! Text: placed glyphs, shown in the document's own fonts, so that it can be
//! found and copied.

use super::super::super::font::{FontUse, NOT_DEFINED, is_private};
use super::super::super::paint::{NO_CHARACTER, UNKNOWN, UNMAPPED};
use super::super::super::syntax::push_text;
use super::canvas::Canvas;
use super::objects::{Content, fine};
use usvg::layout::{PositionedGlyph, Span};
use usvg::{Group, Node, PaintOrder, Text, Transform};

impl Canvas<'_, '_> {
    /// Letters are filled as text, and the lines round them drawn as lines, so
    /// that copying gives each of them once.
    pub fn text(&mut self, content: &mut Content, text: &Text, placed: Transform) {
        let spans = || text.layouted().iter().filter(|span| span.visible);
        let lines_first = spans().any(|span| span.paint_order == PaintOrder::StrokeAndFill);
        if lines_first {
            self.lines(content, text.flattened(), placed);
        }
        for span in spans() {
            for line in span.underline.iter().chain(&span.overline) {
                self.path(content, line, placed);
            }
            content.op("q");
            let filled = span.fill.as_ref().is_some_and(|fill| {
                self.set_paint(content, fill.paint(), fill.opacity().get(), false, text.bounding_box(), placed)
            });
            self.glyphs(content, span, filled);
            content.op("Q");
            if let Some(line) = &span.line_through {
                self.path(content, line, placed);
            }
        }
        if !lines_first {
            self.lines(content, text.flattened(), placed);
        }
    }

    /// The lines round letters.
    fn lines(&mut self, content: &mut Content, letters: &Group, placed: Transform) {
        let placed = placed.pre_concat(letters.transform());
        content.op("q");
        content.transform(letters.transform());
        for node in letters.children() {
            match node {
                Node::Group(group) => self.lines(content, group, placed),
                Node::Path(path) => self.stroke(content, path, placed),
                Node::Image(_) | Node::Text(_) => {}
            }
        }
        content.op("Q");
    }

    fn glyphs(&mut self, content: &mut Content, span: &Span, filled: bool) {
        content.use_fonts();
        content.op("BT");
        content.op(if filled { "0 Tr" } else { "3 Tr" });
        let mut current = None;
        for (glyph, said) in readings(&span.positioned_glyphs) {
            let Some(index) = self.faces.get(&glyph.font).copied() else { continue };
            let Some(face) = self.book.face(index) else { continue };
            if current != Some(index) {
                content.op(&format!("/F{} 1 Tf", index.0));
                current = Some(index);
            }
            let em = f32::from(face.metrics().units_per_em).max(1.0);
            let Transform { sx, ky, kx, sy, tx, ty } = glyph.outline_transform().pre_scale(em, em);
            content.op(&format!("{} Tm", [sx, ky, kx, sy, tx, ty].map(fine).join(" ")));
            if glyph.id.0 == NOT_DEFINED && !self.missing.contains(&said) {
                self.missing.push(said.clone());
            }
            let font = self.fonts.entry(index).or_insert_with(|| FontUse::new(face));
            show(content, font, glyph.id.0, &said);
        }
        content.op("ET");
    }
}

/// The glyphs that show something, each with the text that it stands for. The
/// reader names a cluster's text at the last of its glyphs, in the order of
/// reading; it is the first that carries it, unless there is a glyph for each
/// character.
fn readings(glyphs: &[PositionedGlyph]) -> Vec<(&PositionedGlyph, String)> {
    let mut found = Vec::with_capacity(glyphs.len());
    let mut rest = glyphs;
    while let Some(named) = rest.iter().position(|glyph| !glyph.text.is_empty()) {
        let text = rest.get(named).map_or("", |glyph| glyph.text.as_str());
        let rtl = text.chars().any(is_right_to_left);
        let silent = rest.iter().skip(named + 1).take_while(|glyph| glyph.text.is_empty()).count();
        let length = if rtl { named + 1 + silent } else { named + 1 };
        let (cluster, after) = rest.split_at(length);
        rest = after;
        let one_to_one = cluster.len() == text.chars().count();
        let whole: String = text.chars().filter(|c| !is_ignorable(*c)).collect();
        let mut characters = text.chars();
        let mut read = |place: usize| match characters.next().filter(|_| one_to_one) {
            Some(character) => character.to_string(),
            None if place == 0 => whole.clone(),
            None => String::new(),
        };
        let ordered: Vec<&PositionedGlyph> =
            if rtl { cluster.iter().rev().collect() } else { cluster.iter().collect() };
        let said = ordered.into_iter().enumerate().map(|(place, glyph)| (glyph, read(place)));
        // A font shows a space for what shows nothing.
        let shows = |said: &str| said.is_empty() || !said.chars().all(is_ignorable);
        found.extend(said.filter(|(_, said)| !whole.is_empty() && shows(said)));
    }
    found.extend(rest.iter().map(|glyph| (glyph, String::new())));
    found
}

/// Letters of Hebrew, Arabic and their neighbours.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Characters that show nothing (Unicode, section 5.21).
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Shows a glyph so that copying it gives its text.
fn show(content: &mut Content, font: &mut FontUse, glyph: u16, said: &str) {
    let text = said.replace(UNMAPPED, "");
    let missing = glyph == NOT_DEFINED;
    let meaning = match text.as_str() {
        _ if is_private(&text) => UNKNOWN,
        "" => NO_CHARACTER,
        text => text,
    };
    let id = if missing { font.stand_in().unwrap_or(NOT_DEFINED) } else { glyph };
    let coded = font.encode(id, meaning);
    let Some(code) = coded.code else { return };
    let explained = missing || text.is_empty() || meaning == UNKNOWN || !font.says(coded, meaning);
    if explained {
        content.bytes.extend_from_slice(b"/Span<</ActualText");
        push_text(&mut content.bytes, &text);
        content.op(">>BDC");
    }
    content.bytes.push(b'(');
    code.push(&mut content.bytes);
    content.op(") Tj");
    if explained {
        content.op("EMC");
    }
}
