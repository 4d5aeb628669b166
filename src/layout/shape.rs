//! From words to glyphs: harfrust behind a cache of words.

use super::font::{FontBook, FontIndex, MISSING_BOX};
use super::frame::{Glyph, Shift};
use super::hyphenate::{self, Patterns};
use super::lexicon::SharedWordCache;
use crate::theme::Pt;
use foldhash::fast::RandomState;
pub use harfrust::Script;
use harfrust::{Buffer, BufferFlags, Direction, Feature, Language, ShapeOptions, ShapePlan, ShaperFont, Tag, shape};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use unicode_script::UnicodeScript;

/// Index into [`Languages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LangId(pub u16);

/// The languages of a document.
#[derive(Default)]
pub struct Languages {
    list: Vec<Lang>,
}

/// What a language decides for type.
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

/// OpenType features that text can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Figures {
    #[default]
    Proportional,
    /// All figures equally wide, for columns of numbers.
    Tabular,
}

/// Everything but the text that decides what glyphs a word becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WordStyle {
    pub font: FontIndex,
    pub figures: Figures,
    pub lang: LangId,
    pub script: Script,
    pub direction: TextDirection,
}

/// Which way text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TextDirection {
    #[default]
    LeftToRight,
    RightToLeft,
}

/// A word that its shaper has shaped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapedWord {
    /// Among the words of its shaper.
    index: u32,
    /// In ems.
    pub width: f32,
}

/// What is remembered of a word.
#[derive(Default)]
struct Word {
    /// Its part of [`WordCache::glyphs`].
    shaped: Shaped,
    /// Its part of [`WordCache::hyphens`]; looked for when a paragraph first asks.
    hyphens: Option<ListRange>,
}

/// A part of a list.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListRange {
    start: u32,
    end: u32,
}

impl ListRange {
    /// Adds to a list; returns where.
    pub fn append<T>(list: &mut Vec<T>, new: impl Iterator<Item = T>) -> ListRange {
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let start = number(list.len());
        list.extend(new);
        ListRange { start, end: number(list.len()) }
    }

    /// The part of the list.
    pub fn slice<T>(self, list: &[T]) -> &[T] {
        list.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A place where a word may be hyphenated.
#[derive(Debug, Clone, Copy)]
pub struct HyphenPoint {
    /// Byte offset in the word.
    pub offset: u16,
    /// Width of what stands before, in ems.
    pub before: f32,
}

/// A glyph of a word.
#[derive(Debug, Clone, Copy)]
pub struct WordGlyph {
    pub id: u16,
    /// Byte offset of the cluster in the word.
    pub cluster: u16,
    /// In ems.
    pub advance: f32,
}

/// Glyphs of words, one word behind the other.
#[derive(Default)]
pub struct Glyphs {
    list: Vec<WordGlyph>,
    /// Of words with glyphs that are shifted, which are few.
    shifts: Vec<Shift>,
}

/// A word's part of [`Glyphs`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Shaped {
    glyphs: ListRange,
    /// Empty where no glyph is shifted.
    shifts: ListRange,
}

impl Glyphs {
    /// Adds a word; the shifts are by glyph.
    fn add(&mut self, glyphs: impl Iterator<Item = WordGlyph>, shifts: impl Iterator<Item = Shift> + Clone) -> Shaped {
        let is_shifted = shifts.clone().any(|shift| shift != Shift::default());
        let shifts = shifts.filter(|_| is_shifted);
        Shaped {
            glyphs: ListRange::append(&mut self.list, glyphs),
            shifts: ListRange::append(&mut self.shifts, shifts),
        }
    }

    /// Adds a word of another list.
    pub fn copy(&mut self, other: &Glyphs, word: Shaped) -> Shaped {
        let (glyphs, shifts) = (word.glyphs.slice(&other.list), word.shifts.slice(&other.shifts));
        Shaped {
            glyphs: ListRange::append(&mut self.list, glyphs.iter().copied()),
            shifts: ListRange::append(&mut self.shifts, shifts.iter().copied()),
        }
    }

    fn clear(&mut self) {
        self.list.clear();
        self.shifts.clear();
    }
}

impl WordGlyph {
    /// The glyph in a run of a size, where the word starts at byte `start`.
    pub fn placed(&self, start: u16, size: Pt) -> Glyph {
        Glyph { id: self.id, cluster: start.saturating_add(self.cluster), advance: self.advance * size }
    }
}

fn width_before(glyphs: &[WordGlyph], offset: usize) -> f32 {
    glyphs.iter().filter(|glyph| usize::from(glyph.cluster) < offset).map(|glyph| glyph.advance).sum()
}

/// The longest text shaped at once, in bytes, so that a cluster fits 16 bits.
pub const LONGEST_PIECE: usize = 1024;
/// When the cache holds more words than this it starts anew: bounded memory
/// for any document.
const CACHE_LIMIT: usize = 100_000;
/// The same where a lexicon has them all: the words in use, and no more, stay
/// near the processor.
const SHARING_LIMIT: usize = 10_000;

/// Words longer than this are shaped but not remembered.
const LONGEST_REMEMBERED: usize = 64;
/// Bytes of a word that a key holds itself.
const INLINE_KEY_BYTES: usize = 22;

/// The text of a word. Nearly all words are short, and a table of keys that
/// point elsewhere is slow to look through.
#[derive(Clone, PartialEq, Eq)]
pub enum Key {
    Short(u8, [u8; INLINE_KEY_BYTES]),
    Long(Box<str>),
}

impl Key {
    /// The key of a text.
    pub fn from_text(text: &str) -> Key {
        let mut bytes = [0; INLINE_KEY_BYTES];
        match (u8::try_from(text.len()), bytes.get_mut(..text.len())) {
            (Ok(length), Some(place)) => {
                place.copy_from_slice(text.as_bytes());
                Key::Short(length, bytes)
            }
            _ => Key::Long(text.into()),
        }
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(match self {
            Key::Short(length, bytes) => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Key::Long(text) => text.as_bytes(),
        });
    }
}

type WordMap = HashMap<Key, ShapedWord, RandomState>;

/// Words that have been shaped. Handed from shaper to shaper.
pub struct WordCache {
    styles: HashMap<WordStyle, usize>,
    /// By style: its plan and the words shaped with it.
    caches: Vec<(ShapePlan, WordMap)>,
    last: Option<(WordStyle, usize)>,
    words: Vec<Word>,
    /// Of all words.
    glyphs: Glyphs,
    hyphens: Vec<HyphenPoint>,
    /// Of one word, while it is asked about.
    offsets: Vec<u16>,
    /// By font: space and hyphen.
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
            glyphs: Glyphs::default(),
            hyphens: Vec::new(),
            offsets: Vec::new(),
            simple: Vec::new(),
            buffer: Buffer::new(),
        }
    }
}

/// Shapes words and remembers them. One for each thread at work.
pub struct Shaper<'a> {
    book: &'a FontBook,
    languages: &'a Languages,
    fonts: Vec<Option<ShaperFont<'a, 'a>>>,
    memory: WordCache,
    lexicon: Option<&'a SharedWordCache>,
}

impl<'a> Shaper<'a> {
    /// A shaper that knows no words yet.
    pub fn new(book: &'a FontBook, languages: &'a Languages) -> Self {
        let fonts = (0..book.len()).map(|_| None).collect();
        Shaper { book, languages, fonts, memory: WordCache::default(), lexicon: None }
    }

    /// The same with words that a shaper before it knew, and what others know.
    pub fn with(self, memory: WordCache, lexicon: &'a SharedWordCache) -> Self {
        Shaper { memory, lexicon: Some(lexicon), ..self }
    }

    /// What it remembers, for the next one.
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
        let limit = if self.lexicon.is_some_and(SharedWordCache::is_shared) { SHARING_LIMIT } else { CACHE_LIMIT };
        if self.memory.words.len() > limit {
            self.memory.words.clear();
            self.memory.glyphs.clear();
            self.memory.hyphens.clear();
            for (_, words) in &mut self.memory.caches {
                words.clear();
            }
        }
    }

    /// The glyphs of a word.
    pub fn glyphs(&self, word: ShapedWord) -> &[WordGlyph] {
        let word = self.memory.words.get(word.index as usize);
        word.map_or(&[], |word| word.shaped.glyphs.slice(&self.memory.glyphs.list))
    }

    /// How far the glyphs of a word are shifted; empty where none is.
    pub fn shifts(&self, word: ShapedWord) -> &[Shift] {
        let word = self.memory.words.get(word.index as usize);
        word.map_or(&[], |word| word.shaped.shifts.slice(&self.memory.glyphs.shifts))
    }

    /// Width in ems of a word's glyphs for the text before a byte offset.
    pub fn width_before(&self, word: ShapedWord, offset: usize) -> f32 {
        width_before(self.glyphs(word), offset)
    }

    /// Where a word, which is `text`, may be hyphenated in a language.
    pub fn hyphens(&mut self, word: ShapedWord, text: &str, lang: LangId) -> &[HyphenPoint] {
        let WordCache { words, glyphs, hyphens, offsets, .. } = &mut self.memory;
        let Some(word) = words.get_mut(word.index as usize) else { return &[] };
        let place = word.hyphens.get_or_insert_with(|| {
            let Some((patterns, (start, bare))) = self.languages.patterns(lang).zip(hyphenate::bare(text)) else {
                return ListRange::default();
            };
            offsets.clear();
            match self.lexicon {
                Some(lexicon) => lexicon.hyphens((lang, Key::from_text(bare)), || patterns.points(bare), offsets),
                None => offsets.extend(patterns.points(bare)),
            }
            let glyphs = word.shaped.glyphs.slice(&glyphs.list);
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
        let Some(cache) = self.cache(style) else { return self.add(Shaped::default()) };
        let key = Key::from_text(text);
        if let Some(word) = self.memory.caches.get(cache).and_then(|(_, words)| words.get(&key)) {
            return *word;
        }
        let is_remembered = text.len() <= LONGEST_REMEMBERED;
        let key = (style, key);
        let lexicon = self.lexicon.filter(|lexicon| is_remembered && lexicon.is_shared());
        let known = lexicon.and_then(|lexicon| lexicon.glyphs(&key, &mut self.memory.glyphs));
        let shaped = known.unwrap_or_else(|| {
            let shaped = self.shape_anew(text, style, cache);
            if let Some(lexicon) = lexicon {
                lexicon.add_glyphs(key.clone(), &self.memory.glyphs, shaped);
            }
            shaped
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

    fn add(&mut self, shaped: Shaped) -> ShapedWord {
        let width = shaped.glyphs.slice(&self.memory.glyphs.list).iter().map(|glyph| glyph.advance).sum();
        self.memory.words.push(Word { shaped, hyphens: None });
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

    /// Adds the glyphs of a word to those of all words; none with a font that
    /// is damaged.
    fn shape_anew(&mut self, text: &str, style: WordStyle, cache: usize) -> Shaped {
        let Some(slot) = self.fonts.get_mut(usize::from(style.font.0)) else { return Shaped::default() };
        if slot.is_none() {
            *slot = self.book.face(style.font).and_then(|face| face.font()).map(ShaperFont::new);
        }
        let (Some(font), Some((plan, _))) = (slot.as_ref(), self.memory.caches.get(cache)) else {
            return Shaped::default();
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
            return Shaped::default();
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
        self.memory.glyphs.add(glyphs, shifts)
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
