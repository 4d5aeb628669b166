//! Codes of an embedded font to text: by what their glyphs look like in the
//! original font, and not by the table that the file brings along, which is
//! checked against it.

use super::cmap::{self, ByCode, Code, GlyphMap};
use super::face::{Original, Shape, shape};
use super::file::File;
use super::object::{Dictionary, Object};
use crate::layout::font::FontBook;
use crate::verify::word::{composed, is_silent};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::LazyLock;
use ttf_parser::GlyphId;
use unicode_bidi_mirroring::get_mirrored;

/// Joins the halves of a word that a line end parts.
pub const SOFT_HYPHEN: &str = "\u{AD}";
/// A glyph that adds nothing to the one before it.
const JOINER: &str = "\u{2060}";
/// Text of glyphs without a meaning outside their font.
const UNKNOWN: &str = "\u{FFFD}";
/// Hyphens, as a line end may show them.
const HYPHENS: [&str; 3] = ["-", "\u{2010}", SOFT_HYPHEN];
/// Characters with what is mirrored to them (Unicode, BidiMirroring.txt): the crate finds some
/// pairs by one of the two only.
static PARTNERS: LazyLock<BTreeSet<(char, char)>> =
    LazyLock::new(|| ('('..='\u{FF63}').filter_map(|partner| Some((get_mirrored(partner)?, partner))).collect());
/// Shown in place of characters that no font has.
const STAND_INS: [&str; 4] = ["\u{FFFD}", "□", "☐", "?"];

/// A font of the file.
#[derive(Default)]
pub struct Font<'a> {
    map: GlyphMap,
    codes: ByCode<Glyph>,
    /// The font that it was taken from.
    original: Option<Rc<Original<'a>>>,
}

/// The glyph of a code.
#[derive(Debug)]
pub struct Glyph {
    /// Text for the reader.
    pub text: String,
    pub kind: Kind,
    look: Shape,
}

/// How far a glyph can be trusted to say what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its look in the original font says so.
    Character,
    /// Part of the cluster of the preceding glyph.
    Joined,
    /// Its meaning must be given by ActualText.
    Silent,
}

impl<'a> Font<'a> {
    /// Reads a composite font (ISO 32000-1, 9.7). Codes whose table says
    /// something else than their glyph shows become faults.
    pub fn read(file: &File, font: &Dictionary, book: &'a FontBook, faults: &mut Vec<String>) -> Option<Font<'a>> {
        let descendant = file.dictionary(file.items(font, b"DescendantFonts").first()?)?;
        let descriptor = file.inner(descendant, b"FontDescriptor")?;
        let name = String::from_utf8_lossy(descriptor.get(b"FontName")?.name()?).into_owned();
        let embedded = file.stream(program(descriptor)?)?;
        let embedded = ttf_parser::Face::parse(&embedded, 0).ok()?;
        let said = cmap::texts(&table(file, font, b"ToUnicode")?);
        let map = glyph_map(file, font)?;
        let places = descendant.get(b"CIDToGIDMap").and_then(|map| file.stream(map));
        let original = name.split_once('+').map_or(name.as_str(), |(_, original)| original);
        let original = Original::from_face(book.named(original)?)?;
        let mut codes = ByCode::default();
        for (code, text) in said {
            let number = GlyphId(place(places.as_deref(), map.glyph(code).unwrap_or_default()));
            let look = shape(&embedded, number);
            let (text, kind, fault) = judge(text, |text| original.shows(&look, text), || original.text_of(&look));
            faults.extend(fault.map(|fault| fault.message(&name, code)));
            codes.insert(code, Glyph { text, kind, look });
        }
        Some(Font { map, codes, original: Some(original) })
    }

    /// The codes of a string.
    pub fn codes<'s>(&'s self, string: &'s [u8]) -> impl Iterator<Item = Code> + 's {
        self.map.codes(string)
    }

    /// The glyph of a code; `None` if the table has none.
    pub fn glyph(&self, code: Code) -> Option<&Glyph> {
        self.codes.get(code)
    }

    /// Whether ActualText may say this of a glyph of the font.
    pub fn can_mean(&self, glyph: &Glyph, text: &str) -> bool {
        let shows = |text: &str| self.original.as_ref().is_some_and(|original| original.shows(&glyph.look, text));
        glyph.kind != Kind::Character || shows(text) || (text == SOFT_HYPHEN && HYPHENS.iter().any(|text| shows(text)))
    }
}

/// A table that a font refers to, as text.
pub fn table(file: &File, font: &Dictionary, key: &[u8]) -> Option<String> {
    Some(String::from_utf8_lossy(&file.stream(font.get(key)?)?).into_owned())
}

/// The table from the codes of a composite font to its glyphs.
pub fn glyph_map(file: &File, font: &Dictionary) -> Option<GlyphMap> {
    match font.get(b"Encoding")? {
        Object::Name(_) => Some(GlyphMap::identity()),
        _ => Some(GlyphMap::parse(&table(file, font, b"Encoding")?)),
    }
}

/// The font program that a descriptor names (9.9).
pub fn program<'f>(descriptor: &'f Dictionary<'f>) -> Option<&'f Object<'f>> {
    descriptor.get(b"FontFile2").or_else(|| descriptor.get(b"FontFile3"))
}

/// A fault of the table's entry for a code.
enum Fault {
    /// The text of the entry, and that of the glyph.
    Other(String, String),
    /// The text of the entry, for a glyph with an unknown appearance.
    Unknown(String),
}

impl Fault {
    /// The fault in words.
    fn message(&self, font: &str, code: Code) -> String {
        match self {
            Fault::Other(said, shown) => format!("{font} says “{said}” of code {code}, which shows “{shown}”"),
            Fault::Unknown(said) => {
                format!("{font} says “{said}” of code {code}, whose glyph is none of the font’s characters")
            }
        }
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
fn is_mirrored(said: &str, shows: impl Fn(&str) -> bool) -> bool {
    let shown = |partner: char| shows(partner.encode_utf8(&mut [0; 4]));
    said.chars().next().is_some_and(|first| {
        let mut partners = PARTNERS.range((first, char::MIN)..=(first, char::MAX));
        get_mirrored(first).is_some_and(shown) || partners.any(|(_, partner)| shown(*partner))
    })
}

/// Holds what a table says of a code to what its glyph `shows`: what a reader gets, how far
/// that is to be trusted, and what is wrong. `text_of` finds a text that the glyph shows.
fn judge(
    said: String,
    shows: impl Fn(&str) -> bool,
    text_of: impl Fn() -> Option<String>,
) -> (String, Kind, Option<Fault>) {
    let said = match said.as_str() {
        JOINER | SOFT_HYPHEN => said,
        // Signs that steer how others are shown are beside them.
        _ if said.chars().any(|character| !is_silent(character)) => said.replace(is_silent, ""),
        _ => said,
    };
    let composed = composed(&said);
    // The first glyph of a cluster says the whole, such as a letter and its
    // accents.
    let begins = |text: &str| text.char_indices().skip(1).any(|(end, _)| text.get(..end).is_some_and(&shows));
    if said == JOINER {
        (String::new(), Kind::Joined, None)
    } else if shows(&said)
        || shows(&composed)
        || (said == SOFT_HYPHEN && HYPHENS.iter().any(|text| shows(text)))
        || begins(&said)
        || begins(&composed)
    {
        (said, Kind::Character, None)
    } else if said == UNKNOWN || STAND_INS.iter().any(|text| shows(text)) {
        (said, Kind::Silent, None)
    } else if is_mirrored(&said, &shows) {
        (said, Kind::Character, None)
    } else if let Some(shown) = text_of() {
        (shown.clone(), Kind::Character, Some(Fault::Other(said, shown)))
    } else {
        (said.clone(), Kind::Character, Some(Fault::Unknown(said)))
    }
}
