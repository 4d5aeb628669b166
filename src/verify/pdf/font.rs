//! Codes of an embedded font to text: by what their glyphs look like in the
//! original font, and not by the table that the file brings along, which is
//! checked against it.

use super::cmap::{self, Code, GlyphMap};
use super::face::{Shape, shape, texts};
use super::{dictionary, stream};
use crate::layout::font::FontBook;
use crate::verify::word::{composed, is_silent};
use lopdf::{Dictionary, Document, Object};
use std::collections::{BTreeMap, BTreeSet};
use ttf_parser::GlyphId;
use unicode_bidi_mirroring::get_mirrored;

/// Joins the halves of a word that a line end parts.
pub const SOFT_HYPHEN: &str = "\u{AD}";
/// A glyph that adds nothing to the one before it.
const JOINER: &str = "\u{2060}";
/// What is said of glyphs that mean nothing outside their font.
const UNKNOWN: &str = "\u{FFFD}";
/// Hyphens, as a line end may show them.
const HYPHENS: [&str; 3] = ["-", "\u{2010}", SOFT_HYPHEN];
/// Shown in place of characters that no font has.
const STAND_INS: [&str; 4] = ["\u{FFFD}", "□", "☐", "?"];
/// A font of the file.
#[derive(Debug, Default)]
pub struct Font {
    map: GlyphMap,
    codes: BTreeMap<Code, Glyph>,
}

/// What a code stands for.
#[derive(Debug)]
pub struct Glyph {
    /// What the reader gets.
    pub text: String,
    pub kind: Kind,
    /// All that its look in the original font can stand for.
    shown: BTreeSet<String>,
}

impl Glyph {
    /// Whether ActualText may say this of the glyph.
    pub fn can_mean(&self, text: &str) -> bool {
        self.kind != Kind::Character
            || self.shown.contains(text)
            || (text == SOFT_HYPHEN && HYPHENS.iter().any(|hyphen| self.shown.contains(*hyphen)))
    }
}

/// How far a glyph can be trusted to say what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its look in the original font says so.
    Character,
    /// It is part of the cluster that the glyph before it began.
    Joined,
    /// Its meaning must be told by ActualText.
    Silent,
}

impl Font {
    /// Reads a composite font (ISO 32000-1, 9.7). Codes whose table says
    /// something else than their glyph shows become faults.
    pub fn read(document: &Document, font: &Dictionary, book: &FontBook, faults: &mut Vec<String>) -> Option<Font> {
        let descendant = match document.dereference(font.get(b"DescendantFonts").ok()?).ok()?.1 {
            Object::Array(fonts) => dictionary(document, fonts.first()?)?,
            _ => return None,
        };
        let descriptor = dictionary(document, descendant.get(b"FontDescriptor").ok()?)?;
        let name = String::from_utf8_lossy(descriptor.get(b"FontName").ok()?.as_name().ok()?).into_owned();
        let file = descriptor.get(b"FontFile2").or_else(|_| descriptor.get(b"FontFile3")).ok()?;
        let embedded = stream(document, file)?;
        let embedded = ttf_parser::Face::parse(&embedded, 0).ok()?;
        let table = |key: &[u8]| Some(String::from_utf8_lossy(&stream(document, font.get(key).ok()?)?).into_owned());
        let said = cmap::texts(&table(b"ToUnicode")?);
        let map = match font.get(b"Encoding").ok()? {
            Object::Name(_) => GlyphMap::identity(),
            _ => GlyphMap::parse(&table(b"Encoding")?),
        };
        let places = descendant.get(b"CIDToGIDMap").ok().and_then(|map| stream(document, map));
        let looks: BTreeMap<Code, Shape> = said
            .keys()
            .map(|code| {
                let glyph = GlyphId(place(places.as_deref(), map.glyph(code).unwrap_or_default()));
                (code.clone(), shape(&embedded, glyph))
            })
            .collect();
        let original = name.split_once('+').map_or(name.as_str(), |(_, original)| original);
        let face = ttf_parser::Face::parse(book.named(original)?.bytes().as_ref(), 0).ok()?;
        let meanings = texts(original, &face);
        let nothing = BTreeSet::new();
        let codes = said
            .into_iter()
            .map(|(code, text)| {
                let shown = looks.get(&code).and_then(|look| meanings.get(look)).unwrap_or(&nothing);
                let glyph = glyph(&name, &code, text, shown, faults);
                (code, glyph)
            })
            .collect();
        Some(Font { map, codes })
    }

    /// The codes of a string.
    pub fn codes<'a>(&'a self, string: &'a [u8]) -> impl Iterator<Item = Code> + 'a {
        self.map.codes(string)
    }

    /// What a code stands for; `None` where the table leaves it out.
    pub fn glyph(&self, code: &Code) -> Option<&Glyph> {
        self.codes.get(code)
    }
}

/// Where a numbered glyph is in the embedded font.
pub fn place(places: Option<&[u8]>, number: u16) -> u16 {
    let Some(places) = places else { return number };
    let at = usize::from(number) * 2;
    places.get(at..at + 2).map_or(0, |bytes| bytes.iter().fold(0, |number, byte| number << 8 | u16::from(*byte)))
}

/// Whether the first character of a text is shown by the glyph of its partner, as brackets
/// are in text from right to left (UAX #9, L4), and the rest is marks at it.
fn is_mirrored(said: &str, shown: &BTreeSet<String>) -> bool {
    let partners = |one: char, other: char| get_mirrored(one) == Some(other) || get_mirrored(other) == Some(one);
    let alone = |text: &str| text.chars().next().filter(|_| text.chars().nth(1).is_none());
    said.chars()
        .next()
        .is_some_and(|first| shown.iter().filter_map(|text| alone(text)).any(|look| partners(first, look)))
}

/// Holds what the table says of a code to what its glyph shows.
fn glyph(font: &str, code: &Code, said: String, shown: &BTreeSet<String>, faults: &mut Vec<String>) -> Glyph {
    let shows = |text: &str| shown.contains(text) || shown.contains(composed(text).as_str());
    let said = match said.as_str() {
        JOINER | SOFT_HYPHEN => said,
        // Signs that steer how others are shown stand beside them.
        _ if said.chars().any(|character| !is_silent(character)) => said.replace(is_silent, ""),
        _ => said,
    };
    let hyphen = said == SOFT_HYPHEN && HYPHENS.iter().any(|text| shows(text));
    // The first glyph of a cluster says the whole, such as a letter and its
    // accents.
    let begins = |said: &str| shown.iter().any(|text| said.starts_with(text.as_str()));
    let clustered = said.chars().nth(1).is_some() && (begins(&said) || begins(&composed(&said)));
    let mirrored = is_mirrored(&said, shown);
    let (text, kind) = if said == JOINER {
        (String::new(), Kind::Joined)
    } else if shows(&said) || mirrored || hyphen || clustered {
        (said, Kind::Character)
    } else if said == UNKNOWN || STAND_INS.iter().any(|text| shows(text)) {
        (said, Kind::Silent)
    } else if let Some(text) = shown.first().cloned() {
        faults.push(format!("{font} says “{said}” of code {code}, which shows “{text}”"));
        (text, Kind::Character)
    } else {
        faults.push(format!("{font} says “{said}” of code {code}, whose glyph is none of the font’s characters"));
        (said, Kind::Character)
    };
    Glyph { text, kind, shown: shown.clone() }
}
