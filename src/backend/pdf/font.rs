//! The fonts of one document: which glyphs are used, under which codes, and
//! for which text.

use crate::layout::font::Face;
use printpdf::{Codepoint, FontId, ParsedFont, PdfFont, TextItem};
use sha2::{Digest, Sha256};

/// Code of the glyph that stands for a missing one. It is never shown: PDF/A
/// forbids it (ISO 19005-2, 6.2.11.8).
pub const NOT_DEFINED: u16 = 0;
/// Thousandths of an em, the unit of widths in PDF.
pub const EM: f32 = 1000.0;

/// Shown in place of a glyph that the font does not have, by preference.
const STAND_INS: [char; 4] = ['\u{FFFD}', '□', '☐', '?'];
/// A font face in use. Codes are handed out in the order of first use. A
/// glyph that stands for different texts has a code for each: not every reader
/// minds ActualText, and all mind ToUnicode.
pub struct FontUse<'a> {
    face: &'a Face,
    units_per_em: f32,
    /// Code by glyph of the original font; 0 where it has none yet.
    codes: Vec<u16>,
    /// Further codes of glyphs: glyph and code.
    aliases: Vec<(u16, u16)>,
    /// By glyph: the ASCII character it last stood for, if any, and the answer.
    recent: Vec<Option<(u8, (u16, f32))>>,
    glyphs: Vec<UsedGlyph>,
}

/// A glyph that the document shows.
#[derive(Debug)]
pub struct UsedGlyph {
    /// Id in the original font.
    pub id: u16,
    /// Advance width in thousandths of an em.
    pub width: f32,
    /// What copying it out gives.
    pub text: String,
}

/// A font as printpdf takes it.
pub struct EmbeddedFont {
    pub font: PdfFont,
    /// Tells printpdf which codes are in use and what they mean.
    pub items: Vec<TextItem>,
    /// Where each code's glyph is in the font, two bytes each, where codes and
    /// glyphs differ (CIDToGIDMap, ISO 32000-1, table 117).
    pub places: Option<Vec<u8>>,
}

/// Why a font cannot be embedded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusableFont(pub String);

impl<'a> FontUse<'a> {
    pub fn new(face: &'a Face) -> Self {
        Self {
            face,
            units_per_em: f32::from(face.metrics().units_per_em).max(1.0),
            codes: Vec::new(),
            aliases: Vec::new(),
            recent: Vec::new(),
            glyphs: vec![UsedGlyph { id: 0, width: 0.0, text: String::new() }],
        }
    }

    /// The code of a glyph that stands for `text`, and its width. Where the
    /// outlines are CFF a glyph has one code only (ISO 32000-1, 9.7.4.2: the
    /// font's own charset decides), and [`FontUse::says`] tells whether the
    /// text is right.
    pub fn encode(&mut self, glyph: u16, text: &str) -> (u16, f32) {
        let first = self.codes.get(usize::from(glyph)).copied().unwrap_or(NOT_DEFINED);
        let code = if first != NOT_DEFINED && (self.is_cff() || self.stands_for(first, text)) {
            first
        } else {
            let known = self.aliases.iter().copied().find(|(id, code)| *id == glyph && self.stands_for(*code, text));
            match known {
                Some((_, code)) => code,
                None => self.add(glyph, text),
            }
        };
        (code, self.glyphs.get(usize::from(code)).map_or(0.0, |used| used.width))
    }

    /// The same for a glyph that stands for one ASCII character, as most do;
    /// `None` where its only code says something else.
    pub fn encode_ascii(&mut self, glyph: u16, character: u8) -> Option<(u16, f32)> {
        let place = usize::from(glyph);
        if let Some(Some((known, answer))) = self.recent.get(place)
            && *known == character
        {
            return Some(*answer);
        }
        let mut text = [0; 4];
        let text = char::from(character).encode_utf8(&mut text);
        let answer = self.encode(glyph, text);
        if !self.says(answer.0, text) {
            return None;
        }
        if self.recent.len() <= place {
            self.recent.resize(place + 1, None);
        }
        if let Some(slot) = self.recent.get_mut(place) {
            *slot = Some((character, answer));
        }
        Some(answer)
    }

    /// Whether copying a code out gives this text.
    pub fn says(&self, code: u16, text: &str) -> bool {
        code == NOT_DEFINED || self.stands_for(code, text)
    }

    fn is_cff(&self) -> bool {
        self.face.bytes().as_ref().starts_with(b"OTTO")
    }

    fn stands_for(&self, code: u16, text: &str) -> bool {
        self.glyphs.get(usize::from(code)).is_some_and(|used| used.text == text)
    }

    /// The glyph that a font shows for a character it does not have.
    pub fn stand_in(&self) -> Option<u16> {
        STAND_INS.into_iter().find_map(|character| self.face.glyph(character))
    }

    /// The glyph of a space.
    pub fn space(&self) -> Option<u16> {
        self.face.glyph(' ')
    }

    fn add(&mut self, glyph: u16, text: &str) -> u16 {
        let Ok(code) = u16::try_from(self.glyphs.len()) else { return NOT_DEFINED };
        let place = usize::from(glyph);
        if self.codes.len() <= place {
            self.codes.resize(place + 1, NOT_DEFINED);
        }
        match self.codes.get_mut(place) {
            Some(first) if *first == NOT_DEFINED => *first = code,
            _ => self.aliases.push((glyph, code)),
        }
        let width = self.face.advance(glyph) * EM / self.units_per_em;
        self.glyphs.push(UsedGlyph { id: glyph, width, text: text.to_owned() });
        code
    }

    /// Glyphs in use by code; the first is the one that is never shown.
    pub fn glyphs(&self) -> &[UsedGlyph] {
        &self.glyphs
    }

    /// Height of capitals in thousandths of an em.
    pub fn cap_height(&self) -> f32 {
        self.face.metrics().cap_height * EM / self.units_per_em
    }

    /// Cuts the font down to the glyphs in use and hands it to printpdf, with
    /// the text items that tell it what the codes mean.
    pub fn embed(&self) -> Result<EmbeddedFont, UnusableFont> {
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
            .filter_map(|(code, glyph)| Some(Codepoint::with_cid(u16::try_from(code).ok()?, 0.0, glyph.text.clone())))
            .collect();
        Ok(EmbeddedFont {
            font: PdfFont::new(parsed),
            items: vec![TextItem::GlyphIds(codepoints)],
            places: (!self.aliases.is_empty()).then(|| places.into_iter().flat_map(u16::to_be_bytes).collect()),
        })
    }
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
