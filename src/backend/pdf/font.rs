//! The fonts of one document: which glyphs are used, under which codes, and
//! for which text.

use super::code::{Code, Codes, text_map};
use crate::layout::font::Face;
use printpdf::{Codepoint, FontId, ParsedFont, PdfFont, TextItem};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The glyph that stands for a missing one. It is never shown: PDF/A forbids
/// it (ISO 19005-2, 6.2.11.8).
pub const NOT_DEFINED: u16 = 0;
/// Thousandths of an em, the unit of widths in PDF.
pub const EM: f32 = 1000.0;

/// How many characters ASCII has.
const ASCII: usize = 128;

/// Shown in place of a glyph that the font does not have, by preference.
const STAND_INS: [char; 4] = ['\u{FFFD}', '□', '☐', '?'];

/// A font face in use. Its glyphs are renumbered in the order of first use. A glyph that represents
/// different texts has a number and a code for each: not every reader honours ActualText, but all
/// honour ToUnicode.
pub struct FontUse<'a> {
    face: &'a Face,
    units_per_em: f32,
    /// Glyph and width of its space.
    space: Option<(u16, f32)>,
    /// Number by glyph of the original font; 0 where it has none yet.
    numbers: Vec<u16>,
    /// Further numbers of glyphs: glyph and number.
    aliases: Vec<(u16, u16)>,
    /// For each ASCII character, the last glyph for it and its code.
    recent: Box<[Option<(u16, Coded)>; ASCII]>,
    glyphs: Vec<UsedGlyph>,
    codes: Codes,
}

/// How a glyph is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coded {
    /// `None` for the glyph that is never shown.
    pub code: Option<Code>,
    /// Index into the glyphs of its [`FontUse`].
    number: u16,
    /// Advance width in thousandths of an em.
    pub width: f32,
}

/// A glyph that the document shows.
#[derive(Debug)]
pub struct UsedGlyph {
    /// Id in the original font.
    pub id: u16,
    /// `None` for the one that is never shown.
    pub code: Option<Code>,
    /// Advance width in thousandths of an em.
    pub width: f32,
    /// Text when it is copied.
    pub text: String,
}

/// A font as printpdf takes it.
pub struct EmbeddedFont {
    pub font: PdfFont,
    /// Tells printpdf which glyphs are in use.
    pub items: Vec<TextItem>,
    /// Where the glyph of each code is in the font, two bytes each
    /// (CIDToGIDMap, ISO 32000-1, table 117). Fonts with CFF outlines say it
    /// themselves.
    pub places: Option<Vec<u8>>,
}

/// Why a font cannot be embedded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusableFont(pub String);

impl<'a> FontUse<'a> {
    /// The use of a face, with the glyph of no character (`.notdef`) as its first.
    pub fn new(face: &'a Face) -> Self {
        let units_per_em = f32::from(face.metrics().units_per_em).max(1.0);
        Self {
            face,
            units_per_em,
            space: face.glyph(' ').map(|glyph| (glyph, width(face, glyph, units_per_em))),
            numbers: Vec::new(),
            aliases: Vec::new(),
            recent: Box::new([None; ASCII]),
            glyphs: vec![UsedGlyph { id: 0, code: None, width: 0.0, text: String::new() }],
            codes: Codes::default(),
        }
    }

    /// How a glyph that stands for `text` is shown. Where the outlines are CFF
    /// it has one code only (ISO 32000-1, 9.7.4.2: the font's own charset
    /// decides), and [`FontUse::says`] tells whether the text is right.
    pub fn encode(&mut self, glyph: u16, text: &str) -> Coded {
        let first = self.numbers.get(usize::from(glyph)).copied().unwrap_or(NOT_DEFINED);
        let number = if first != NOT_DEFINED && (self.is_cff() || self.stands_for(first, text)) {
            first
        } else {
            let known = self.aliases.iter().find(|(id, number)| *id == glyph && self.stands_for(*number, text));
            match known {
                Some((_, number)) => *number,
                None => self.add(glyph, text),
            }
        };
        let used = self.glyphs.get(usize::from(number));
        Coded { code: used.and_then(|used| used.code), number, width: used.map_or(0.0, |used| used.width) }
    }

    /// Encodes a glyph of one ASCII character, the most frequent case. `None` if its only code
    /// means another text.
    #[inline]
    pub fn encode_ascii(&mut self, glyph: u16, character: u8) -> Option<Coded> {
        match self.recent.get(usize::from(character)) {
            Some(Some((known, answer))) if *known == glyph => Some(*answer),
            _ => self.encode_ascii_anew(glyph, character),
        }
    }

    fn encode_ascii_anew(&mut self, glyph: u16, character: u8) -> Option<Coded> {
        let mut text = [0; 4];
        let text = char::from(character).encode_utf8(&mut text);
        let answer = self.encode(glyph, text);
        if !self.says(answer, text) {
            return None;
        }
        if let Some(slot) = self.recent.get_mut(usize::from(character)) {
            *slot = Some((glyph, answer));
        }
        Some(answer)
    }

    /// Whether copying a code out gives this text.
    pub fn says(&self, coded: Coded, text: &str) -> bool {
        coded.number == NOT_DEFINED || self.stands_for(coded.number, text)
    }

    fn is_cff(&self) -> bool {
        self.face.bytes().as_ref().starts_with(b"OTTO")
    }

    fn stands_for(&self, number: u16, text: &str) -> bool {
        self.glyphs.get(usize::from(number)).is_some_and(|used| used.text == text)
    }

    /// The glyph that a font shows for a character it does not have.
    pub fn stand_in(&self) -> Option<u16> {
        STAND_INS.into_iter().find_map(|character| self.face.glyph(character))
    }

    /// The glyph of a space and its width in thousandths of an em.
    pub fn space(&self) -> Option<(u16, f32)> {
        self.space
    }

    fn add(&mut self, glyph: u16, text: &str) -> u16 {
        let Ok(number) = u16::try_from(self.glyphs.len()) else { return NOT_DEFINED };
        let place = usize::from(glyph);
        if self.numbers.len() <= place {
            self.numbers.resize(place + 1, NOT_DEFINED);
        }
        match self.numbers.get_mut(place) {
            Some(first) if *first == NOT_DEFINED => *first = number,
            _ => self.aliases.push((glyph, number)),
        }
        let width = width(self.face, glyph, self.units_per_em);
        let code = if self.is_cff() { Code::Two(number) } else { self.codes.give(text) };
        self.glyphs.push(UsedGlyph { id: glyph, code: Some(code), width, text: text.to_owned() });
        number
    }

    /// Whether codes are those of this project ([`super::code`]), and not two
    /// bytes that are the glyph's number in the font.
    pub fn has_own_codes(&self) -> bool {
        !self.is_cff()
    }

    /// The table that leads from codes to text.
    pub fn text_map(&self) -> Vec<u8> {
        text_map(self.coded().map(|(code, glyph)| (code, glyph.text.as_str())))
    }

    /// Widths by code, as composite fonts list them (`W`, ISO 32000-1,
    /// 9.7.4.3): each run of neighbours with the first of them.
    pub fn widths(&self) -> Vec<(u16, Vec<f32>)> {
        let sorted: BTreeMap<u16, f32> = self.coded().map(|(code, glyph)| (code.number(), glyph.width)).collect();
        let mut runs: Vec<(u16, Vec<f32>)> = Vec::new();
        for (number, width) in sorted {
            match runs.last_mut().filter(|(first, widths)| usize::from(*first) + widths.len() == usize::from(number)) {
                Some((_, widths)) => widths.push(width),
                None => runs.push((number, vec![width])),
            }
        }
        runs
    }

    fn coded(&self) -> impl Iterator<Item = (Code, &UsedGlyph)> {
        self.glyphs.iter().filter_map(|glyph| Some((glyph.code?, glyph)))
    }

    /// Height of capitals in thousandths of an em.
    pub fn cap_height(&self) -> f32 {
        self.face.metrics().cap_height * EM / self.units_per_em
    }

    /// Cuts the font down to the glyphs in use and hands it to printpdf, with
    /// the text items that tell it which glyphs those are.
    pub fn embed(&self) -> Result<EmbeddedFont, UnusableFont> {
        if self.codes.is_exhausted() {
            return Err(UnusableFont("a document cannot show so many different glyphs of one font".to_owned()));
        }
        let mut remapper = subsetter::GlyphRemapper::new();
        let places: Vec<u16> = self.glyphs.iter().map(|glyph| remapper.remap(glyph.id)).collect();
        let subset = subsetter::subset(self.face.bytes().as_ref(), 0, &remapper)
            .map_err(|error| UnusableFont(format!("the font cannot be subset: {error}")))?;
        let mut parsed = ParsedFont::from_bytes(&subset, 0, &mut Vec::new())
            .ok_or_else(|| UnusableFont("the subset font cannot be read".to_owned()))?;
        parsed.font_name = Some(format!("{}+{}", subset_tag(&subset), self.face.postscript_name()));
        parsed.pdf_font_metrics.us_weight_class = self.face.metrics().weight;
        let codepoints = self
            .glyphs
            .iter()
            .enumerate()
            .skip(1)
            .filter_map(|(number, glyph)| {
                Some(Codepoint::with_cid(u16::try_from(number).ok()?, 0.0, glyph.text.clone()))
            })
            .collect();
        Ok(EmbeddedFont {
            font: PdfFont::new(parsed),
            items: vec![TextItem::GlyphIds(codepoints)],
            places: self.has_own_codes().then(|| self.places(&places)),
        })
    }

    /// The glyph of each code, given the glyphs by number.
    fn places(&self, numbered: &[u16]) -> Vec<u8> {
        let by_code: BTreeMap<u16, u16> = self
            .glyphs
            .iter()
            .zip(numbered)
            .filter_map(|(glyph, place)| Some((glyph.code?.number(), *place)))
            .collect();
        let last = by_code.last_key_value().map_or(0, |(number, _)| *number);
        (0..=last).flat_map(|number| by_code.get(&number).copied().unwrap_or(NOT_DEFINED).to_be_bytes()).collect()
    }
}

/// How far a glyph moves the pen, in thousandths of an em.
fn width(face: &Face, glyph: u16, units_per_em: f32) -> f32 {
    face.advance(glyph) * EM / units_per_em
}

/// Whether a text holds private-use characters, which mean nothing outside
/// the font (ISO 19005-2, 6.2.11.7.3).
pub fn is_private(text: &str) -> bool {
    text.chars()
        .any(|character| matches!(u32::from(character), 0xE000..=0xF8FF | 0xF_0000..=0xF_FFFD | 0x10_0000..=0x10_FFFD))
}

/// Six capital letters that name a subset (ISO 32000-1, 9.6.4), from its content.
fn subset_tag(subset: &[u8]) -> String {
    const TAG_LENGTH: usize = 6;
    const LETTERS: u8 = 26;
    Sha256::digest(subset).iter().take(TAG_LENGTH).map(|byte| char::from(b'A' + byte % LETTERS)).collect()
}

/// The resource name of a font.
pub fn resource(index: usize) -> FontId {
    FontId(format!("F{index}"))
}
