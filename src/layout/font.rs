//! The fonts a document can use: the bundled faces, what characters they
//! have, and their measures.

use crate::theme::{FontFamily, Slant, Theme, Weight};
use harfrust::Font;
use harfrust::font::name::NameId;
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// Index of a font face in the book of fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FontIndex(pub u16);

/// The families a face can belong to: those a theme can name, and those that
/// step in for characters they lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// A family that a theme can name.
    Text(FontFamily),
    /// Steps in for Arabic letters.
    Naskh,
    /// Steps in for signs.
    Symbols,
    /// Steps in for mathematical letters and signs.
    Math,
    /// The font of formulas, which no other text is set in.
    Formulas,
}

/// One font file.
#[derive(Clone)]
pub struct Face {
    /// The family it belongs to.
    pub family: Family,
    /// How heavy it is.
    pub weight: Weight,
    /// Whether it leans.
    pub slant: Slant,
    bytes: FontBytes,
    parsed: OnceLock<Option<Parsed>>,
}

/// The bytes of a font file.
#[derive(Clone)]
pub enum FontBytes {
    /// A font bundled with the program.
    Bundled(&'static [u8]),
    /// A font file of the project.
    Own(Arc<[u8]>),
}

impl AsRef<[u8]> for FontBytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            FontBytes::Bundled(bytes) => bytes,
            FontBytes::Own(bytes) => bytes,
        }
    }
}

/// Data read from a font file at its first use.
#[derive(Clone)]
struct Parsed {
    font: Font,
    metrics: Metrics,
    postscript_name: String,
    /// Characters of the Basic Multilingual Plane, each block when it is first asked for.
    coverage: Box<[OnceLock<Coverage>]>,
    /// Whether it has all graphic characters of ASCII.
    ascii: bool,
}

/// Bit set of the characters of a block.
type Coverage = [u64; BLOCK / 64];
/// Characters whose glyphs are looked for together: the first block is ASCII.
const BLOCK: usize = 128;
const BLOCKS: usize = 0x1_0000 / BLOCK;

/// Measures of a face in font units, upwards positive.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Metrics {
    /// Font units in the size of the type (OpenType `head`).
    pub units_per_em: u16,
    /// Above the baseline.
    pub ascent: f32,
    /// Below the baseline: negative.
    pub descent: f32,
    /// Height of capitals.
    pub cap_height: f32,
    /// Height of small letters without ascenders.
    pub x_height: f32,
    /// Degrees, negative where the letters lean to the right.
    pub italic_angle: f32,
    /// OpenType weight class.
    pub weight: u16,
    /// Negative below the baseline.
    pub underline_position: f32,
    /// Thickness of a line under letters.
    pub underline_thickness: f32,
    /// Left, bottom, right, top of all glyphs.
    pub bounds: [f32; 4],
}

impl Face {
    /// The font file.
    pub fn bytes(&self) -> &FontBytes {
        &self.bytes
    }

    /// "SourceSerif4-Regular"; empty for a damaged font.
    pub fn postscript_name(&self) -> &str {
        self.parsed().map_or("", |parsed| &parsed.postscript_name)
    }

    /// The measures of the face; all 0 for a damaged font.
    pub fn metrics(&self) -> Metrics {
        self.parsed().map_or_else(Metrics::default, |parsed| parsed.metrics)
    }

    /// Whether the face has a glyph for a character.
    pub fn has(&self, character: char) -> bool {
        self.parsed().is_some_and(|parsed| has(&parsed.font, &parsed.coverage, character))
    }

    /// Whether the face has a glyph for every graphic character of ASCII.
    pub fn has_ascii(&self) -> bool {
        self.parsed().is_some_and(|parsed| parsed.ascii)
    }

    /// The glyph of a character, before any shaping.
    pub fn glyph(&self, character: char) -> Option<u16> {
        u16::try_from(self.parsed()?.font.charmap().map_unicode(character)?.to_u32()).ok()
    }

    /// How far a glyph moves the pen, in font units.
    pub fn advance(&self, glyph: u16) -> f32 {
        self.parsed().map_or(0.0, |parsed| parsed.font.glyph_metrics().h_advance(u32::from(glyph).into()))
    }

    /// The font as the shaper wants it.
    pub(super) fn font(&self) -> Option<&Font> {
        self.parsed().map(|parsed| &parsed.font)
    }

    fn parsed(&self) -> Option<&Parsed> {
        self.parsed.get_or_init(|| parse(&self.bytes, self.weight)).as_ref()
    }
}

fn open(bytes: &FontBytes) -> Option<Font> {
    match bytes {
        FontBytes::Bundled(bytes) => Font::new(*bytes, 0),
        FontBytes::Own(_) => {
            let shared: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(bytes.clone());
            Font::new(shared, 0)
        }
    }
}

/// Whether a font has a character.
fn has(font: &Font, coverage: &[OnceLock<Coverage>], character: char) -> bool {
    let charmap = font.charmap();
    let code = character as usize;
    let Some(block) = coverage.get(code / BLOCK) else { return charmap.map_unicode(character).is_some() };
    let find = || {
        let mut found = Coverage::default();
        let start = code - code % BLOCK;
        for (word, first) in found.iter_mut().zip((start as u32..).step_by(64)) {
            let bits = (0..64).filter(|bit| charmap.map_unicode(first + bit).is_some());
            *word = bits.fold(0, |word, bit| word | 1 << bit);
        }
        found
    };
    block.get_or_init(find).get(code % BLOCK / 64).is_some_and(|word| word >> (code % 64) & 1 == 1)
}

const REGULAR_CLASS: u16 = 400;
const BOLD_CLASS: u16 = 700;

fn parse(bytes: &FontBytes, weight: Weight) -> Option<Parsed> {
    let font = open(bytes)?;
    let coverage: Box<[OnceLock<Coverage>]> = (0..BLOCKS).map(|_| OnceLock::new()).collect();
    let metrics = font.metrics();
    let style = font.style_metrics();
    let line = if metrics.use_typo_metrics { metrics.typo_line.or(metrics.hhea_line) } else { metrics.hhea_line };
    let class = match weight {
        Weight::Regular => REGULAR_CLASS,
        Weight::Bold => BOLD_CLASS,
    };
    let bounds = metrics.bounds;
    let measured = Metrics {
        units_per_em: font.units_per_em(),
        ascent: line.map_or(0.0, |line| line.ascender.to_f32()),
        descent: line.map_or(0.0, |line| line.descender.to_f32()),
        cap_height: metrics.cap_height.map_or(0.0, |height| height.to_f32()),
        x_height: metrics.x_height.map_or(0.0, |height| height.to_f32()),
        italic_angle: style.italic_angle.map_or(0.0, |angle| angle.to_f32()),
        weight: match font.default_attributes().weight.value() as u16 {
            0 => class,
            own => own,
        },
        underline_position: style.underline.map_or(-100.0, |line| line.position.to_f32()),
        underline_thickness: style.underline.map_or(50.0, |line| line.thickness.to_f32()),
        bounds: [bounds.x_min.to_f32(), bounds.y_min.to_f32(), bounds.x_max.to_f32(), bounds.y_max.to_f32()],
    };
    let postscript_name = font
        .names()
        .get(NameId::POSTSCRIPT_NAME)
        .and_then(|name| name.english_or_first())
        .map(|localized| localized.name().chars().filter(char::is_ascii_graphic).collect())
        .unwrap_or_default();
    let ascii = ('!'..='~').all(|character| has(&font, &coverage, character));
    Some(Parsed { metrics: measured, postscript_name, coverage, ascii, font })
}

/// All faces.
#[derive(Clone)]
pub struct FontBook {
    faces: Vec<Face>,
}

macro_rules! bundled {
    ($($family:expr, $weight:ident, $slant:ident, $path:literal;)*) => {
        vec![$(Face {
            family: $family,
            weight: Weight::$weight,
            slant: Slant::$slant,
            bytes: FontBytes::Bundled(const {
                &without_glyph_names(*include_bytes!(concat!("../../assets/fonts/", $path)))
            }),
            parsed: OnceLock::new(),
        },)*]
    };
}

/// A font file whose table `post` ends before the names of the glyphs (version 3 of the table,
/// OpenType 1.9). No PDF shows a glyph by its name, and who cuts such a font down need not read
/// and embed them.
const fn without_glyph_names<const SIZE: usize>(mut font: [u8; SIZE]) -> [u8; SIZE] {
    const RECORD: usize = 16;
    const HEAD: [u8; 4] = 32_u32.to_be_bytes();
    const VERSION: [u8; 4] = 0x0003_0000_u32.to_be_bytes();
    let tables = u16::from_be_bytes([font[4], font[5]]) as usize;
    let mut record = 12;
    while record < 12 + tables * RECORD {
        if let [b'p', b'o', b's', b't', _, _, _, _, start @ ..] = font.split_at(record).1 {
            let start = u32::from_be_bytes([start[0], start[1], start[2], start[3]]) as usize;
            let mut byte = 0;
            while byte < 4 {
                font[start + byte] = VERSION[byte];
                font[record + 12 + byte] = HEAD[byte];
                byte += 1;
            }
        }
        record += RECORD;
    }
    font
}

const SERIF: Family = Family::Text(FontFamily::SourceSerif);
const SANS: Family = Family::Text(FontFamily::SourceSans);
const CODE: Family = Family::Text(FontFamily::SourceCode);

/// Fallback families, in order, for a character that the wanted family lacks.
const FALLBACK: [Family; 6] = [SERIF, SANS, Family::Naskh, Family::Symbols, Family::Math, CODE];

/// Drawn where no font has the character.
pub(super) const MISSING_BOX: char = '\u{25a1}';

impl FontBook {
    /// The bundled faces. They are parsed when they are first used.
    pub fn bundled() -> &'static FontBook {
        static BOOK: OnceLock<FontBook> = OnceLock::new();
        BOOK.get_or_init(|| FontBook {
            faces: bundled! {
                SERIF, Regular, Upright, "source-serif-4/SourceSerif4_400Regular.ttf";
                SERIF, Regular, Italic, "source-serif-4/SourceSerif4_400Regular_Italic.ttf";
                SERIF, Bold, Upright, "source-serif-4/SourceSerif4_700Bold.ttf";
                SERIF, Bold, Italic, "source-serif-4/SourceSerif4_700Bold_Italic.ttf";
                SANS, Regular, Upright, "source-sans-3/SourceSans3_400Regular.ttf";
                SANS, Regular, Italic, "source-sans-3/SourceSans3_400Regular_Italic.ttf";
                SANS, Bold, Upright, "source-sans-3/SourceSans3_600SemiBold.ttf";
                SANS, Bold, Italic, "source-sans-3/SourceSans3_600SemiBold_Italic.ttf";
                CODE, Regular, Upright, "source-code-pro/SourceCodePro_400Regular.ttf";
                CODE, Regular, Italic, "source-code-pro/SourceCodePro_400Regular_Italic.ttf";
                CODE, Bold, Upright, "source-code-pro/SourceCodePro_700Bold.ttf";
                CODE, Bold, Italic, "source-code-pro/SourceCodePro_700Bold_Italic.ttf";
                Family::Naskh, Regular, Upright, "noto-naskh-arabic/NotoNaskhArabic_400Regular.ttf";
                Family::Naskh, Bold, Upright, "noto-naskh-arabic/NotoNaskhArabic_700Bold.ttf";
                Family::Symbols, Regular, Upright, "noto-sans-symbols-2/NotoSansSymbols2_400Regular.ttf";
                Family::Math, Regular, Upright, "noto-sans-math/NotoSansMath_400Regular.ttf";
                Family::Formulas, Regular, Upright, "stix-two-math/STIXTwoMath_400Regular.ttf";
            },
        })
    }

    /// The bundled faces and those that a theme brings along.
    pub fn for_theme(theme: &Theme) -> Cow<'static, FontBook> {
        let bundled = FontBook::bundled();
        if theme.fonts.own.is_empty() {
            return Cow::Borrowed(bundled);
        }
        let mut book = bundled.clone();
        for (index, family) in (0..).zip(&theme.fonts.own) {
            book.faces.extend(family.faces.iter().map(|face| Face {
                family: Family::Text(FontFamily::Own(index)),
                weight: if face.bold { Weight::Bold } else { Weight::Regular },
                slant: if face.italic { Slant::Italic } else { Slant::Upright },
                bytes: FontBytes::Own(Arc::clone(&face.bytes)),
                parsed: OnceLock::new(),
            }));
        }
        Cow::Owned(book)
    }

    /// The face with an index.
    pub fn face(&self, index: FontIndex) -> Option<&Face> {
        self.faces.get(usize::from(index.0))
    }

    /// The face with a PostScript name.
    pub fn named(&self, postscript_name: &str) -> Option<&Face> {
        self.faces.iter().find(|face| face.postscript_name() == postscript_name)
    }

    /// How many faces there are.
    pub fn len(&self) -> usize {
        self.faces.len()
    }

    /// Whether there are no faces.
    pub fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    /// The face of a family nearest to a style: the slant gives way before
    /// the weight.
    pub fn find(&self, family: Family, weight: Weight, slant: Slant) -> Option<FontIndex> {
        let is_it = |face: &Face| face.family == family && face.weight == weight && face.slant == slant;
        if let Some(index) = self.faces.iter().position(is_it) {
            return u16::try_from(index).ok().map(FontIndex);
        }
        let distance = |face: &Face| usize::from(face.weight != weight) * 2 + usize::from(face.slant != slant);
        let faces = (0..).map(FontIndex).zip(&self.faces).filter(|(_, face)| face.family == family);
        faces.min_by_key(|(_, face)| distance(face)).map(|(index, _)| index)
    }

    /// The face that has a character, `preferred` first; `None` where no font
    /// has it.
    pub fn with_character(&self, character: char, preferred: FontIndex) -> Option<FontIndex> {
        let face = self.face(preferred)?;
        if face.has(character) {
            return Some(preferred);
        }
        let candidates = FALLBACK.iter().filter(|family| **family != face.family);
        let mut candidates = candidates.filter_map(|family| self.find(*family, face.weight, face.slant));
        candidates.find(|index| self.face(*index).is_some_and(|face| face.has(character)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bundled_faces_are_whole() {
        let book = FontBook::bundled();
        for face in &book.faces {
            assert!(!face.postscript_name().is_empty());
            assert!(face.metrics().units_per_em >= 1000);
            assert!(face.has(' '), "{}", face.postscript_name());
        }
        let mut names: Vec<_> = book.faces.iter().map(Face::postscript_name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), book.len());
    }

    #[test]
    fn a_face_has_the_characters_that_its_font_lists() {
        for face in &FontBook::bundled().faces {
            let listed: Vec<u32> = face.font().unwrap().charmap().unicodes().map(|(code, _)| code).collect();
            let has: Vec<u32> =
                (0..=0x10_ffff).filter_map(char::from_u32).filter(|c| face.has(*c)).map(u32::from).collect();
            assert_eq!(has, listed, "{}", face.postscript_name());
        }
    }

    #[test]
    fn bundled_faces_do_not_name_their_glyphs() {
        for face in &FontBook::bundled().faces {
            let font = face.bytes().as_ref();
            let number = |at: usize| u32::from_be_bytes(font[at..at + 4].try_into().unwrap());
            let record = (12..).step_by(16).find(|record| font[*record..].starts_with(b"post")).unwrap();
            let (start, length) = (number(record + 8) as usize, number(record + 12));
            assert_eq!((number(start), length), (0x0003_0000, 32), "{}", face.postscript_name());
        }
    }

    #[test]
    fn fallback_by_character() {
        let book = FontBook::bundled();
        let serif = book.find(SERIF, Weight::Regular, Slant::Upright).unwrap();
        let family = |c| book.with_character(c, serif).and_then(|index| book.face(index)).map(|face| face.family);
        assert_eq!(family('ж'), Some(SERIF));
        assert_eq!(family('ب'), Some(Family::Naskh));
        assert_eq!(family('ἀ'), Some(SANS));
        for symbol in "→✓€§½□≤⇒".chars() {
            assert!(family(symbol).is_some(), "{symbol}");
        }
        assert_eq!(family('漢'), None);
    }
}
