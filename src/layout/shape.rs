//! Shapes words to glyphs: harfrust with a cache of words.

use super::font::{FontBook, FontIndex, MISSING_BOX};
use super::glyphs::{GlyphArena, Shift, WordGlyph};
use super::hyphenate::{self, Patterns};
use super::word::{Figures, HyphenPoint, LangId, Script, ShapedWord, StyleId, TextDirection, WordStyle};
use super::word_cache::{HashedKey, RecentWords, WordCache};
use crate::parallel::locked;
use harfrust::{Buffer, BufferFlags, Direction, Feature, Language, ShapeOptions, ShapePlan, ShaperFont, Tag, shape};
use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex};
use unicode_script::UnicodeScript;

/// The languages of a document.
#[derive(Default)]
pub struct Languages {
    list: Vec<Lang>,
}

/// Typographic properties of a language.
struct Lang {
    tag: String,
    shaping: Option<Language>,
    patterns: Option<Patterns>,
}

impl Languages {
    /// The id of a tag.
    pub fn id(&mut self, tag: &str) -> LangId {
        let known = self.list.iter().position(|lang| lang.tag == tag);
        let index = known.unwrap_or_else(|| {
            self.list.push(Lang {
                tag: tag.to_owned(),
                shaping: Language::new(tag),
                patterns: Patterns::for_language(tag),
            });
            self.list.len() - 1
        });
        LangId(u16::try_from(index).unwrap_or_default())
    }

    /// The tag of a language; empty for one that is not known.
    pub fn tag(&self, id: LangId) -> &str {
        self.list.get(usize::from(id.0)).map_or("", |lang| &lang.tag)
    }

    /// Whether no id would be another one with these tags, in the order of their ids.
    pub fn agree_with(&self, tags: &[String]) -> bool {
        self.list.iter().zip(tags).all(|(lang, tag)| lang.tag == *tag)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// All tags, in the order of their ids.
    pub fn tags(&self) -> Vec<String> {
        self.list.iter().map(|lang| lang.tag.clone()).collect()
    }

    /// How words of a language are hyphenated, where it is known.
    pub fn patterns(&self, id: LangId) -> Option<Patterns> {
        self.list.get(usize::from(id.0))?.patterns
    }

    fn shaping(&self, id: LangId) -> Option<&Language> {
        self.list.get(usize::from(id.0))?.shaping.as_ref()
    }
}

/// The longest text shaped at once, in bytes, so that a cluster fits 16 bits.
pub const LONGEST_PIECE: usize = 1024;
/// Longer words, in bytes, are shaped but not cached.
const LONGEST_REMEMBERED: usize = 64;

/// What a shaper knows beside the words. Handed from shaper to shaper of one cache of words.
#[derive(Default)]
pub struct ShaperMemory {
    /// Number of each style among `plans`.
    styles: HashMap<WordStyle, usize>,
    /// How text of a style is shaped, and the number of the style in the cache of words.
    plans: Vec<(ShapePlan, Option<StyleId>)>,
    last: Option<(WordStyle, usize)>,
    recent: RecentWords,
    /// Hyphenation points of one word.
    points: Vec<HyphenPoint>,
    /// Space and hyphen of each font.
    simple: Vec<Option<[(u16, f32); 2]>>,
    buffer: Option<Buffer>,
}

/// Shapes words and caches them. There is one for each working thread.
pub struct Shaper<'a> {
    book: &'a FontBook,
    languages: &'a Languages,
    fonts: Vec<Option<ShaperFont<'a, 'a>>>,
    memory: ShaperMemory,
    words: Arc<WordCache>,
    /// The cache that all shapers of a document share; it is replaced when it is full.
    current: Option<&'a Mutex<Arc<WordCache>>>,
}

impl<'a> Shaper<'a> {
    /// A shaper with an empty cache.
    pub fn new(book: &'a FontBook, languages: &'a Languages) -> Self {
        Shaper {
            book,
            languages,
            fonts: (0..book.len()).map(|_| None).collect(),
            memory: ShaperMemory::default(),
            words: Arc::default(),
            current: None,
        }
    }

    /// A shaper with a cache that others share, and with what an earlier one of them knew.
    pub fn sharing(
        current: &'a Mutex<Arc<WordCache>>,
        memory: ShaperMemory,
        book: &'a FontBook,
        languages: &'a Languages,
    ) -> Self {
        let words = Arc::clone(&locked(current));
        let fonts = (0..book.len()).map(|_| None).collect();
        Shaper { book, languages, fonts, memory, words, current: Some(current) }
    }

    /// What it knows, for the next shaper.
    pub fn into_memory(self) -> ShaperMemory {
        self.memory
    }

    /// The fonts.
    pub fn book(&self) -> &'a FontBook {
        self.book
    }

    /// Takes a new cache when there are very many words in this one. Words given out before are
    /// void afterwards: call it between paragraphs only.
    pub fn tidy(&mut self) {
        if let Some(current) = self.current.filter(|_| self.words.is_full()) {
            self.words = WordCache::renewed(current);
        }
    }

    /// The arena with the glyphs of words.
    pub fn arena(&self) -> &Arc<GlyphArena> {
        self.words.glyphs()
    }

    /// A copy of a word's glyphs.
    pub fn glyphs(&self, word: ShapedWord) -> Vec<WordGlyph> {
        self.arena().read().word(word.index).copied().collect()
    }

    /// Width in ems of a word's glyphs for the text before a byte offset.
    pub fn width_before(&self, word: ShapedWord, offset: usize) -> f32 {
        let glyphs = self.arena().read();
        let before = glyphs.word(word.index).filter(|glyph| usize::from(glyph.cluster) < offset);
        before.map(|glyph| glyph.advance).sum()
    }

    /// Where a word, which is `text`, may be hyphenated in a language.
    pub fn hyphens(&mut self, word: ShapedWord, text: &str, lang: LangId) -> &[HyphenPoint] {
        let mut points = mem::take(&mut self.memory.points);
        self.words.hyphens(word, &mut points, |points| {
            if let Some((patterns, (start, bare))) = self.languages.patterns(lang).zip(hyphenate::bare(text)) {
                let point = |offset| HyphenPoint { offset, before: self.width_before(word, usize::from(offset)) };
                points.extend(patterns.points(bare).map(|offset| point(start + offset)));
            }
        });
        self.memory.points = points;
        &self.memory.points
    }

    /// The languages of the document.
    pub fn languages(&self) -> &'a Languages {
        self.languages
    }

    /// Shapes a word of at most [`LONGEST_PIECE`] bytes.
    pub fn shape(&mut self, text: &str, style: WordStyle) -> ShapedWord {
        let Some((plan, style_id)) = self.plan(style) else { return ShapedWord::EMPTY };
        let Some(style_id) = style_id.filter(|_| text.len() <= LONGEST_REMEMBERED) else {
            return self.shape_anew(None, text, style, plan);
        };
        let key = self.words.key(style_id, text);
        match self.memory.recent.word(&key, &self.words) {
            Some(word) => word,
            None => self.shape_anew(Some(key), text, style, plan),
        }
    }

    /// Glyph and advance in ems of a font's space.
    pub fn space(&mut self, font: FontIndex) -> (u16, f32) {
        self.simple(font, ' ')
    }

    /// Glyph and advance in ems of a font's hyphen.
    pub fn hyphen(&mut self, font: FontIndex) -> (u16, f32) {
        self.simple(font, '-')
    }

    fn simple(&mut self, font: FontIndex, character: char) -> (u16, f32) {
        let known = self.memory.simple.get(usize::from(font.0)).copied().flatten();
        let [space, hyphen] = known.unwrap_or_else(|| self.simple_anew(font));
        if character == ' ' { space } else { hyphen }
    }

    fn simple_anew(&mut self, font: FontIndex) -> [(u16, f32); 2] {
        let both = [' ', '-'].map(|character| match self.book.face(font) {
            Some(face) => {
                let glyph = face.glyph(character).unwrap_or_default();
                (glyph, face.advance(glyph) / f32::from(face.metrics().units_per_em.max(1)))
            }
            None => (0, 0.0),
        });
        let index = usize::from(font.0);
        if self.memory.simple.len() <= index {
            self.memory.simple.resize(index + 1, None);
        }
        if let Some(slot) = self.memory.simple.get_mut(index) {
            *slot = Some(both);
        }
        both
    }

    /// The box that stands for a character no font has. The cluster keeps the
    /// character.
    pub fn missing(&mut self, preferred: FontIndex) -> (FontIndex, ShapedWord) {
        let font = self.book.with_character(MISSING_BOX, preferred).unwrap_or(preferred);
        let style = WordStyle {
            font,
            figures: Figures::default(),
            lang: LangId::default(),
            script: Script::COMMON,
            direction: TextDirection::default(),
        };
        (font, self.shape(&MISSING_BOX.to_string(), style))
    }

    /// Indices of the plan and of the style; `None` for a font that is damaged.
    fn plan(&mut self, style: WordStyle) -> Option<(usize, Option<StyleId>)> {
        let memory = &mut self.memory;
        let index = match memory.last.filter(|(last, _)| *last == style) {
            Some((_, index)) => index,
            None => match memory.styles.get(&style) {
                Some(index) => *index,
                None => {
                    let font = self.book.face(style.font)?.font()?;
                    let language = self.languages.shaping(style.lang);
                    let plan = ShapePlan::new(font, direction(style), Some(style.script), language, features(style));
                    memory.plans.push((plan, self.words.style(style)));
                    memory.styles.insert(style, memory.plans.len() - 1);
                    memory.plans.len() - 1
                }
            },
        };
        memory.last = Some((style, index));
        memory.plans.get(index).map(|(_, style)| (index, *style))
    }

    /// Shapes a word that is in no cache; one without glyphs with a font that is damaged.
    fn shape_anew(&mut self, key: Option<HashedKey>, text: &str, style: WordStyle, plan: usize) -> ShapedWord {
        let Some(slot) = self.fonts.get_mut(usize::from(style.font.0)) else { return ShapedWord::EMPTY };
        if slot.is_none() {
            *slot = self.book.face(style.font).and_then(|face| face.font()).map(ShaperFont::new);
        }
        let (Some(font), Some((plan, _))) = (slot.as_ref(), self.memory.plans.get(plan)) else {
            return ShapedWord::EMPTY;
        };
        let buffer = self.memory.buffer.get_or_insert_with(Buffer::new);
        buffer.reset();
        buffer.push_str(text);
        buffer.set_direction(direction(style));
        buffer.set_script(Some(style.script));
        buffer.set_language(self.languages.shaping(style.lang).cloned());
        buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES);
        let options = ShapeOptions::new().plan(Some(plan)).features(features(style));
        if shape(font, buffer, options).is_err() {
            return ShapedWord::EMPTY;
        }
        let em = 1.0 / f32::from(font.units_per_em().max(1));
        let thousandths = |units: i32| (units as f32 * em * 1000.0).round() as i16;
        // Nearly all words have no glyph that is shifted.
        let positions = buffer.glyph_positions();
        let is_shifted = positions.iter().any(|position| (position.x_offset, position.y_offset) != (0, 0));
        let shifts = positions
            .iter()
            .filter(move |_| is_shifted)
            .map(|position| Shift { x: thousandths(position.x_offset), y: thousandths(position.y_offset) });
        let glyphs = buffer.glyph_infos().iter().zip(positions).map(|(info, position)| WordGlyph {
            id: u16::try_from(info.glyph_id).unwrap_or_default(),
            cluster: u16::try_from(info.cluster).unwrap_or_default(),
            advance: position.x_advance as f32 * em,
        });
        self.words.add(key, glyphs, shifts.collect())
    }
}

fn direction(style: WordStyle) -> Direction {
    match style.direction {
        TextDirection::LeftToRight => Direction::LeftToRight,
        TextDirection::RightToLeft => Direction::RightToLeft,
    }
}

fn features(style: WordStyle) -> &'static [Feature] {
    const fn feature(tag: &[u8; 4], value: u32) -> Feature {
        Feature { tag: Tag::new(tag), value, start: Feature::GLOBAL_START, end: Feature::GLOBAL_END }
    }
    static TABULAR: [Feature; 1] = [feature(b"tnum", 1)];
    static APART: [Feature; 1] = [feature(b"liga", 0)];
    static TABULAR_APART: [Feature; 2] = [feature(b"tnum", 1), feature(b"liga", 0)];
    // A ligature of letters that an author turned round would say them in the
    // wrong order.
    let turned = style.direction == TextDirection::RightToLeft
        && [Script::LATIN, Script::GREEK, Script::CYRILLIC].contains(&style.script);
    match (style.figures, turned) {
        (Figures::Proportional, false) => &[],
        (Figures::Proportional, true) => &APART,
        (Figures::Tabular, false) => &TABULAR,
        (Figures::Tabular, true) => &TABULAR_APART,
    }
}

/// The script a character asks for; `None` where it takes that of its
/// neighbours.
pub fn script(character: char) -> Option<Script> {
    if character.is_ascii() {
        return character.is_ascii_alphabetic().then_some(Script::LATIN);
    }
    match character.script() {
        unicode_script::Script::Common | unicode_script::Script::Inherited | unicode_script::Script::Unknown => None,
        script => script.short_name().parse().ok(),
    }
}
