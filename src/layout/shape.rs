//! Shapes words to glyphs: harfrust with a cache of words.

use super::font::{FontBook, FontIndex, MISSING_BOX};
use super::glyphs::Shift;
use super::hyphenate::{self, Patterns};
use super::word::{
    Figures, HyphenPoint, LangId, ListRange, Script, ShapedWord, TextDirection, WordGlyph, WordGlyphs, WordKey,
    WordStyle, width_before,
};
use super::word_cache::SharedWordCache;
use foldhash::fast::RandomState;
use harfrust::{Buffer, BufferFlags, Direction, Feature, Language, ShapeOptions, ShapePlan, ShaperFont, Tag, shape};
use std::collections::HashMap;
use std::sync::Arc;
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

/// A cached word.
#[derive(Default)]
struct Word {
    glyphs: Arc<WordGlyphs>,
    /// Its part of [`WordCache::hyphens`]; looked for when a paragraph first asks.
    hyphens: Option<ListRange>,
}

/// The longest text shaped at once, in bytes, so that a cluster fits 16 bits.
pub const LONGEST_PIECE: usize = 1024;
/// When the cache has more words than this it is cleared, to limit memory for any document.
const CACHE_LIMIT: usize = 100_000;
/// The limit if several threads share their words, so that only words in use stay in the
/// processor's cache.
const SHARING_LIMIT: usize = 10_000;

/// Longer words, in bytes, are shaped but not cached.
const LONGEST_REMEMBERED: usize = 64;
type WordMap = HashMap<WordKey, ShapedWord, RandomState>;

/// Words that have been shaped. Handed from shaper to shaper.
pub struct WordCache {
    styles: HashMap<WordStyle, usize>,
    /// Shaping plan and shaped words of each style.
    caches: Vec<(ShapePlan, WordMap)>,
    last: Option<(WordStyle, usize)>,
    words: Vec<Word>,
    /// Hyphenation points of all words.
    hyphens: Vec<HyphenPoint>,
    /// Buffer for the hyphenation offsets of one word.
    offsets: Vec<u16>,
    /// Space and hyphen of each font.
    simple: Vec<Option<[(u16, f32); 2]>>,
    buffer: Buffer,
}

impl Default for WordCache {
    fn default() -> Self {
        WordCache {
            styles: HashMap::new(),
            caches: Vec::new(),
            last: None,
            words: Vec::new(),
            hyphens: Vec::new(),
            offsets: Vec::new(),
            simple: Vec::new(),
            buffer: Buffer::new(),
        }
    }
}

/// Shapes words and caches them. There is one for each working thread.
pub struct Shaper<'a> {
    book: &'a FontBook,
    languages: &'a Languages,
    fonts: Vec<Option<ShaperFont<'a, 'a>>>,
    memory: WordCache,
    shared_words: Option<&'a SharedWordCache>,
}

impl<'a> Shaper<'a> {
    /// A shaper with an empty cache.
    pub fn new(book: &'a FontBook, languages: &'a Languages) -> Self {
        let fonts = (0..book.len()).map(|_| None).collect();
        Shaper { book, languages, fonts, memory: WordCache::default(), shared_words: None }
    }

    /// Sets the words of an earlier shaper, and those shared with other threads.
    pub fn with(self, memory: WordCache, shared_words: &'a SharedWordCache) -> Self {
        Shaper { memory, shared_words: Some(shared_words), ..self }
    }

    /// The cached words, for the next shaper.
    pub fn into_memory(self) -> WordCache {
        self.memory
    }

    /// The fonts.
    pub fn book(&self) -> &'a FontBook {
        self.book
    }

    /// Forgets the words when there are very many. Those given out before are
    /// void afterwards: call it between paragraphs only.
    pub fn tidy(&mut self) {
        let limit = if self.shared_words.is_some_and(SharedWordCache::is_shared) { SHARING_LIMIT } else { CACHE_LIMIT };
        if self.memory.words.len() > limit {
            self.memory.words.clear();
            self.memory.hyphens.clear();
            for (_, words) in &mut self.memory.caches {
                words.clear();
            }
        }
    }

    /// The glyphs of a word.
    pub fn glyphs(&self, word: ShapedWord) -> &[WordGlyph] {
        self.word(word).map_or(&[], |word| &word.glyphs)
    }

    /// The glyphs of a word, for a run that says it.
    pub fn shared_glyphs(&self, word: ShapedWord) -> Arc<WordGlyphs> {
        self.word(word).cloned().unwrap_or_default()
    }

    fn word(&self, word: ShapedWord) -> Option<&Arc<WordGlyphs>> {
        self.memory.words.get(word.index as usize).map(|word| &word.glyphs)
    }

    /// Width in ems of a word's glyphs for the text before a byte offset.
    pub fn width_before(&self, word: ShapedWord, offset: usize) -> f32 {
        width_before(self.glyphs(word), offset)
    }

    /// Where a word, which is `text`, may be hyphenated in a language.
    pub fn hyphens(&mut self, word: ShapedWord, text: &str, lang: LangId) -> &[HyphenPoint] {
        let WordCache { words, hyphens, offsets, .. } = &mut self.memory;
        let Some(word) = words.get_mut(word.index as usize) else { return &[] };
        let place = word.hyphens.get_or_insert_with(|| {
            let Some((patterns, (start, bare))) = self.languages.patterns(lang).zip(hyphenate::bare(text)) else {
                return ListRange::default();
            };
            offsets.clear();
            match self.shared_words {
                Some(shared_words) => {
                    shared_words.hyphens((lang, WordKey::from_text(bare)), || patterns.points(bare), offsets)
                }
                None => offsets.extend(patterns.points(bare)),
            }
            let glyphs = &word.glyphs.glyphs;
            let point = |offset| HyphenPoint { offset, before: width_before(glyphs, usize::from(offset)) };
            ListRange::append(hyphens, offsets.iter().map(|offset| point(start + offset)))
        });
        place.slice(hyphens)
    }

    /// The languages of the document.
    pub fn languages(&self) -> &'a Languages {
        self.languages
    }

    /// Shapes a word of at most [`LONGEST_PIECE`] bytes.
    pub fn shape(&mut self, text: &str, style: WordStyle) -> ShapedWord {
        let Some(cache) = self.cache(style) else { return self.add(Arc::default()) };
        let key = WordKey::from_text(text);
        if let Some(word) = self.memory.caches.get(cache).and_then(|(_, words)| words.get(&key)) {
            return *word;
        }
        let is_remembered = text.len() <= LONGEST_REMEMBERED;
        let key = (style, key);
        let shared_words = self.shared_words.filter(|shared_words| is_remembered && shared_words.is_shared());
        let known = shared_words.and_then(|shared_words| shared_words.glyphs(&key));
        let shaped = known.unwrap_or_else(|| {
            let shaped = self.shape_anew(text, style, cache);
            if let Some(shared_words) = shared_words {
                shared_words.add_glyphs(key.clone(), &shaped);
            }
            Arc::new(shaped)
        });
        let word = self.add(shaped);
        if let Some((_, words)) = self.memory.caches.get_mut(cache).filter(|_| is_remembered) {
            words.insert(key.1, word);
        }
        word
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

    fn add(&mut self, glyphs: Arc<WordGlyphs>) -> ShapedWord {
        let width = glyphs.glyphs.iter().map(|glyph| glyph.advance).sum();
        self.memory.words.push(Word { glyphs, hyphens: None });
        ShapedWord { index: u32::try_from(self.memory.words.len() - 1).unwrap_or(u32::MAX), width }
    }

    /// Index of the cache for a style; `None` for a font that is damaged.
    fn cache(&mut self, style: WordStyle) -> Option<usize> {
        if let Some((last, index)) = self.memory.last
            && last == style
        {
            return Some(index);
        }
        let index = match self.memory.styles.get(&style) {
            Some(index) => *index,
            None => {
                let font = self.book.face(style.font)?.font()?;
                let language = self.languages.shaping(style.lang);
                let plan = ShapePlan::new(font, direction(style), Some(style.script), language, features(style));
                self.memory.caches.push((plan, WordMap::default()));
                self.memory.styles.insert(style, self.memory.caches.len() - 1);
                self.memory.caches.len() - 1
            }
        };
        self.memory.last = Some((style, index));
        Some(index)
    }

    /// The glyphs of a word; none with a font that is damaged.
    fn shape_anew(&mut self, text: &str, style: WordStyle, cache: usize) -> WordGlyphs {
        let Some(slot) = self.fonts.get_mut(usize::from(style.font.0)) else { return WordGlyphs::default() };
        if slot.is_none() {
            *slot = self.book.face(style.font).and_then(|face| face.font()).map(ShaperFont::new);
        }
        let (Some(font), Some((plan, _))) = (slot.as_ref(), self.memory.caches.get(cache)) else {
            return WordGlyphs::default();
        };
        let buffer = &mut self.memory.buffer;
        buffer.reset();
        buffer.push_str(text);
        buffer.set_direction(direction(style));
        buffer.set_script(Some(style.script));
        buffer.set_language(self.languages.shaping(style.lang).cloned());
        buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES);
        let options = ShapeOptions::new().plan(Some(plan)).features(features(style));
        if shape(font, buffer, options).is_err() {
            return WordGlyphs::default();
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
            cluster: u16::try_from(info.cluster).unwrap_or(u16::MAX),
            advance: position.x_advance as f32 * em,
        });
        WordGlyphs { glyphs: glyphs.collect(), shifts: shifts.collect() }
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
