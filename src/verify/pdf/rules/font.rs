//! Fonts: embedded, mapped to characters, and as wide as they say.

use super::super::cmap;
use super::{Rules, Standard, has_name};
use lopdf::{Dictionary, Object};
use ttf_parser::{Face, GlyphId};

/// Thousandths of an em by which a width may be rounded (ISO 19005-2, 6.2.11.5).
const ROUNDING: f32 = 1.0;
const EM: f32 = 1000.0;

/// Checks the fonts.
pub fn check(rules: &mut Rules) {
    let mut missing = Vec::new();
    let mut unmapped = Vec::new();
    let mut encodings = Vec::new();
    let mut maps = Vec::new();
    let mut widths = Vec::new();
    let fonts =
        rules.dictionaries().filter(|font| has_name(font, b"Type", "Font") && has_name(font, b"Subtype", "Type0"));
    for font in fonts.collect::<Vec<_>>() {
        let name = super::super::name(font, b"BaseFont").unwrap_or("a font").to_owned();
        let descendants = font.get(b"DescendantFonts").map_or(&[][..], |fonts| rules.array(fonts));
        let Some(descendant) = descendants.first().and_then(|font| rules.dictionary(font)) else {
            missing.push(name);
            continue;
        };
        let descriptor = descendant.get(b"FontDescriptor").ok().and_then(|object| rules.dictionary(object));
        let file = descriptor.and_then(|descriptor| {
            let file = descriptor.get(b"FontFile2").or_else(|_| descriptor.get(b"FontFile3")).ok()?;
            rules.file.stream(file)
        });
        let encoding = font.get(b"Encoding").ok().and_then(|map| rules.stream_dictionary(map));
        // Fonts of drawings have codes of two bytes each, a table that all know.
        let known = has_name(font, b"Encoding", "Identity-H");
        if !known && !encoding.is_some_and(|map| has_name(map, b"Type", "CMap")) {
            encodings.push(name.clone());
        }
        if has_name(descendant, b"Subtype", "CIDFontType2") && !descendant.has(b"CIDToGIDMap") {
            maps.push(name.clone());
        }
        match font.get(b"ToUnicode").ok().and_then(|table| rules.file.stream(table)) {
            Some(table) => {
                let table = cmap::texts(&String::from_utf8_lossy(&table));
                let empty =
                    table.iter().find(|(_, text)| text.is_empty() || text.contains(['\0', '\u{FEFF}', '\u{FFFE}']));
                if let Some((code, _)) = empty {
                    unmapped.push(format!("{name} maps code {code} to nothing"));
                }
            }
            None => unmapped.push(format!("{name} has no map")),
        }
        match file.as_deref().and_then(|file| Face::parse(file, 0).ok()) {
            Some(face) => widths.extend(wrong_width(rules, descendant, &face).map(|fault| format!("{name}: {fault}"))),
            None => missing.push(name),
        }
    }
    use Standard::{Accessible, Archival};
    rules.rule(Archival, "6.2.11.4.1-1", "Every font is embedded.", missing.clone());
    rules.rule(Accessible, "7.21.4.1-1", "Every font is embedded.", missing);
    rules.rule(
        Archival,
        "6.2.11.3.3-1",
        "The table from codes to glyphs is embedded, or one that all know.",
        encodings,
    );
    rules.rule(Archival, "6.2.11.3.2-1", "It is said where the glyph of each code is.", maps);
    rules.rule(Archival, "6.2.11.5-1", "Glyphs are as wide as the font says.", widths.clone());
    rules.rule(Accessible, "7.21.5-1", "Glyphs are as wide as the font says.", widths);
    rules.rule(Archival, "6.2.11.7.2-1", "Every code means a character.", unmapped.clone());
    rules.rule(Accessible, "7.21.7-1", "Every code means a character.", unmapped);
}

/// The first code whose width is not that of its glyph.
fn wrong_width(rules: &Rules, font: &Dictionary, face: &Face) -> Option<String> {
    let places = font.get(b"CIDToGIDMap").ok().and_then(|map| rules.file.stream(map));
    let unit = EM / f32::from(face.units_per_em());
    let widths = font.get(b"W").ok().and_then(|widths| rules.document.dereference(widths).ok()?.1.as_array().ok())?;
    let wrong = |code: u16, width: &Object| {
        let said = width.as_float().ok()?;
        let glyph = GlyphId(super::super::font::place(places.as_deref(), code));
        let is = f32::from(face.glyph_hor_advance(glyph).unwrap_or_default()) * unit;
        ((said - is).abs() > ROUNDING).then(|| format!("code {code} is {is} wide, not {said}"))
    };
    let mut rest = widths.as_slice();
    while let [first, second, behind @ ..] = rest {
        let first = u16::try_from(first.as_i64().ok()?).ok()?;
        rest = match (second, behind) {
            (Object::Array(own), _) => {
                let fault = (first..).zip(own).find_map(|(code, width)| wrong(code, width));
                if fault.is_some() {
                    return fault;
                }
                behind
            }
            (last, [width, behind @ ..]) => {
                let last = u16::try_from(last.as_i64().ok()?).ok()?;
                let fault = (first..=last).find_map(|code| wrong(code, width));
                if fault.is_some() {
                    return fault;
                }
                behind
            }
            _ => return None,
        };
    }
    None
}
