//! Fonts: embedded, mapped to characters, and as wide as they say.

use super::super::file::File;
use super::super::object::{Dictionary, Object};
use super::super::{cmap, font};
use super::{Rules, Standard};
use ttf_parser::{Face, GlyphId};

/// Thousandths of an em by which a width may be rounded (ISO 19005-2, 6.2.11.5).
const ROUNDING: f64 = 1.0;
const EM: f64 = 1000.0;

/// Checks the fonts.
pub fn check(rules: &mut Rules) {
    let mut missing = Vec::new();
    let mut unmapped = Vec::new();
    let mut encodings = Vec::new();
    let mut maps = Vec::new();
    let mut widths = Vec::new();
    let file = rules.file;
    for font in file.dictionaries().filter(|font| font.is(b"Type", "Font") && font.is(b"Subtype", "Type0")) {
        let name = font.name(b"BaseFont").unwrap_or("a font").to_owned();
        let Some(descendant) = file.items(font, b"DescendantFonts").first().and_then(|font| file.dictionary(font))
        else {
            missing.push(name);
            continue;
        };
        let descriptor = file.inner(descendant, b"FontDescriptor");
        let program = descriptor.and_then(|descriptor| file.stream(font::program(descriptor)?));
        let encoding = font.get(b"Encoding").and_then(|map| file.resolve(map)?.entries());
        // Fonts of drawings have codes of two bytes each, a table that all know.
        let known = font.is(b"Encoding", "Identity-H");
        if !known && !encoding.is_some_and(|map| map.is(b"Type", "CMap")) {
            encodings.push(name.clone());
        }
        if descendant.is(b"Subtype", "CIDFontType2") && !descendant.has(b"CIDToGIDMap") {
            maps.push(name.clone());
        }
        match font::table(file, font, b"ToUnicode") {
            Some(table) => {
                let table = cmap::texts(&table);
                let empty =
                    table.iter().find(|(_, text)| text.is_empty() || text.contains(['\0', '\u{FEFF}', '\u{FFFE}']));
                if let Some((code, _)) = empty {
                    unmapped.push(format!("{name} maps code {code} to nothing"));
                }
            }
            None => unmapped.push(format!("{name} has no map")),
        }
        match program.as_deref().and_then(|program| Face::parse(program, 0).ok()) {
            Some(face) => widths.extend(wrong_width(file, descendant, &face).map(|fault| format!("{name}: {fault}"))),
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
fn wrong_width(file: &File, descendant: &Dictionary, face: &Face) -> Option<String> {
    let places = descendant.get(b"CIDToGIDMap").and_then(|map| file.stream(map));
    let unit = EM / f64::from(face.units_per_em());
    let wrong = |code: u16, width: &Object| {
        let said = width.number()?;
        let glyph = GlyphId(font::place(places.as_deref(), code));
        let is = f64::from(face.glyph_hor_advance(glyph).unwrap_or_default()) * unit;
        ((said - is).abs() > ROUNDING).then(|| format!("code {code} is {is} wide, not {said}"))
    };
    let mut rest = file.items(descendant, b"W");
    while let [first, second, behind @ ..] = rest {
        let first = u16::try_from(first.integer()?).ok()?;
        rest = match (second, behind) {
            (Object::Array(own), _) => {
                let fault = (first..).zip(own).find_map(|(code, width)| wrong(code, width));
                if fault.is_some() {
                    return fault;
                }
                behind
            }
            (last, [width, behind @ ..]) => {
                let last = u16::try_from(last.integer()?).ok()?;
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
