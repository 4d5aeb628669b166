//! Which glyphs of an original font a text can be shown by: those of its character map,
//! and what its substitutions make of them.

use crate::layout::font::{Face as BookFace, FontBytes};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use ttf_parser::gsub::{SingleSubstitution, SubstitutionSubtable};
use ttf_parser::opentype_layout::Coverage;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// The appearance of a glyph: its advance in font units and the path of its outline. Glyphs with
/// the same appearance are the same to a reader.
pub type Shape = Vec<u32>;

/// How often substitutions are applied to the results of substitutions, as
/// for a ligature of contextual forms.
const ROUNDS: usize = 4;
/// The maximum number of characters of a glyph.
const LONGEST: usize = 20;
/// A font that leads from a text to more glyphs is none of ours.
const MOST: usize = 256;
/// Maximum number of cached texts with their glyphs.
const MOST_KNOWN: usize = 1 << 14;

/// A font that files take their glyphs from.
pub struct Original<'a> {
    face: Face<'a>,
    substitutions: Substitutions,
    /// The glyphs of texts that were asked for.
    glyphs: RefCell<BTreeMap<String, Rc<[GlyphId]>>>,
    /// Appearances of the glyphs.
    shapes: RefCell<BTreeMap<GlyphId, Rc<Shape>>>,
    /// The first character that each look stands for.
    characters: OnceCell<BTreeMap<Shape, char>>,
}

impl<'a> Original<'a> {
    /// A face of a book of fonts; `None` where it is damaged. Data of a bundled face is shared by
    /// all files that a thread reads.
    pub fn from_face(face: &'a BookFace) -> Option<Rc<Original<'a>>> {
        thread_local! {
            static BUNDLED: RefCell<BTreeMap<String, Rc<Original<'static>>>> = RefCell::default();
        }
        match face.bytes() {
            FontBytes::Bundled(bytes) => BUNDLED.with_borrow_mut(|known| {
                if let Some(known) = known.get(face.postscript_name()) {
                    return Some(Rc::clone(known));
                }
                let original = Rc::new(Original::read(bytes)?);
                known.insert(face.postscript_name().to_owned(), Rc::clone(&original));
                Some(original)
            }),
            FontBytes::Own(bytes) => Original::read(bytes).map(Rc::new),
        }
    }

    fn read(bytes: &'a [u8]) -> Option<Original<'a>> {
        let face = Face::parse(bytes, 0).ok()?;
        let substitutions = Substitutions::from_face(&face);
        Some(Original {
            face,
            substitutions,
            glyphs: RefCell::default(),
            shapes: RefCell::default(),
            characters: OnceCell::new(),
        })
    }

    /// Whether a glyph that looks like this can stand for a text.
    pub fn shows(&self, look: &Shape, text: &str) -> bool {
        self.glyphs(text).iter().any(|glyph| *self.shape(*glyph) == *look)
    }

    /// A character that a look stands for, to be named in messages.
    pub fn text_of(&self, look: &Shape) -> Option<String> {
        let characters = self.characters.get_or_init(|| {
            let mut characters = BTreeMap::new();
            each_character(&self.face, |character, glyph| {
                let known = characters.entry(shape(&self.face, glyph)).or_insert(character);
                *known = character.min(*known);
            });
            characters
        });
        characters.get(look).map(char::to_string)
    }

    fn shape(&self, glyph: GlyphId) -> Rc<Shape> {
        let known = self.shapes.borrow().get(&glyph).map(Rc::clone);
        known.unwrap_or_else(|| {
            let shape = Rc::new(shape(&self.face, glyph));
            self.shapes.borrow_mut().insert(glyph, Rc::clone(&shape));
            shape
        })
    }

    /// The glyphs that a text can be shown by, the plainest first.
    fn glyphs(&self, text: &str) -> Rc<[GlyphId]> {
        if let Some(known) = self.glyphs.borrow().get(text) {
            return Rc::clone(known);
        }
        let found: Rc<[GlyphId]> = self.find(text).into();
        let mut known = self.glyphs.borrow_mut();
        if known.len() < MOST_KNOWN {
            known.insert(text.to_owned(), Rc::clone(&found));
        }
        found
    }

    fn find(&self, text: &str) -> Vec<GlyphId> {
        let characters: Vec<char> = text.chars().take(LONGEST + 1).collect();
        if characters.len() > LONGEST {
            return Vec::new();
        }
        // The glyphs of each part of the text, by its start and end; shorter parts first.
        let mut parts: BTreeMap<(usize, usize), Vec<GlyphId>> = BTreeMap::new();
        for length in 1..=characters.len() {
            for start in 0..=characters.len() - length {
                let mut glyphs = match characters.get(start) {
                    Some(character) if length == 1 => self.mapped(*character),
                    _ => self.ligatures(start, start + length, &parts),
                };
                self.substitutions.close(&mut glyphs);
                parts.insert((start, start + length), glyphs);
            }
        }
        parts.remove(&(0, characters.len())).unwrap_or_default()
    }

    /// The glyphs that the character maps have for a character.
    fn mapped(&self, character: char) -> Vec<GlyphId> {
        let tables = self.face.tables().cmap.into_iter().flat_map(|cmap| cmap.subtables);
        let mut glyphs = Vec::new();
        for table in tables.filter(|table| table.is_unicode()) {
            glyphs.extend(table.glyph_index(character.into()).filter(|glyph| !glyphs.contains(glyph)));
        }
        glyphs
    }

    /// The ligatures that a part of a text can be shown by.
    fn ligatures(&self, start: usize, end: usize, parts: &BTreeMap<(usize, usize), Vec<GlyphId>>) -> Vec<GlyphId> {
        let mut made = Vec::new();
        for middle in start + 1..end {
            for first in parts.get(&(start, middle)).into_iter().flatten() {
                for (components, ligature) in self.substitutions.ligatures.get(first).into_iter().flatten() {
                    if !made.contains(ligature) && spell(components, middle, end, parts) {
                        made.push(*ligature);
                    }
                }
            }
        }
        made
    }
}

/// Whether glyphs show the part of a text, one after the other.
fn spell(glyphs: &[GlyphId], start: usize, end: usize, parts: &BTreeMap<(usize, usize), Vec<GlyphId>>) -> bool {
    match glyphs.split_first() {
        None => start == end,
        Some((first, rest)) => (start + 1..=end).any(|middle| {
            parts.get(&(start, middle)).is_some_and(|glyphs| glyphs.contains(first)) && spell(rest, middle, end, parts)
        }),
    }
}

/// The glyph substitutions of a font that do not depend on neighbours.
#[derive(Default)]
struct Substitutions {
    /// Substitutes of a glyph: another form of it, or the first of several glyphs.
    forms: BTreeMap<GlyphId, Vec<GlyphId>>,
    /// Ligatures by their first glyph: the other glyphs, and the ligature.
    ligatures: BTreeMap<GlyphId, Vec<(Vec<GlyphId>, GlyphId)>>,
}

impl Substitutions {
    fn from_face(face: &Face) -> Substitutions {
        let mut found = Substitutions::default();
        let lookups = face.tables().gsub.into_iter().flat_map(|gsub| gsub.lookups);
        for subtable in lookups.flat_map(|lookup| lookup.subtables.into_iter::<SubstitutionSubtable>()) {
            for (index, glyph) in (0..).zip(covered(subtable.coverage())) {
                found.add(&subtable, glyph, index);
            }
        }
        found.add_variants(face);
        found
    }

    /// Adds the larger forms of signs in formulas, and the parts that the largest are assembled
    /// from (OpenType, MathVariants).
    fn add_variants(&mut self, face: &Face) {
        let Some(variants) = face.tables().math.and_then(|math| math.variants) else { return };
        for glyph in (0..face.number_of_glyphs()).map(GlyphId) {
            for constructions in [variants.vertical_constructions, variants.horizontal_constructions] {
                let Some(construction) = constructions.get(glyph) else { continue };
                construction.variants.into_iter().for_each(|made| self.form(glyph, Some(made.variant_glyph)));
                let parts = construction.assembly.into_iter().flat_map(|assembly| assembly.parts);
                parts.for_each(|part| self.form(glyph, Some(part.glyph_id)));
            }
        }
    }

    /// Adds what a subtable makes of a glyph, which is the one at `index` of its coverage.
    fn add(&mut self, subtable: &SubstitutionSubtable, glyph: GlyphId, index: u16) {
        match subtable {
            SubstitutionSubtable::Single(SingleSubstitution::Format1 { delta, .. }) => {
                self.form(glyph, Some(GlyphId(glyph.0.wrapping_add_signed(*delta))));
            }
            SubstitutionSubtable::Single(SingleSubstitution::Format2 { substitutes, .. }) => {
                self.form(glyph, substitutes.get(index));
            }
            // The first glyph keeps the text, the others add to it.
            SubstitutionSubtable::Multiple(multiple) => {
                self.form(glyph, multiple.sequences.get(index).and_then(|sequence| sequence.substitutes.get(0)));
            }
            SubstitutionSubtable::Alternate(alternate) => {
                let set = alternate.alternate_sets.get(index);
                set.into_iter().flat_map(|set| set.alternates).for_each(|made| self.form(glyph, Some(made)));
            }
            SubstitutionSubtable::Ligature(ligatures) => {
                let made = ligatures.ligature_sets.get(index).into_iter().flatten();
                let made = made.map(|ligature| (ligature.components.into_iter().collect(), ligature.glyph));
                self.ligatures.entry(glyph).or_default().extend(made);
            }
            SubstitutionSubtable::ReverseChainSingle(reverse) => self.form(glyph, reverse.substitutes.get(index)),
            // These apply the lookups above in a context.
            SubstitutionSubtable::Context(_) | SubstitutionSubtable::ChainContext(_) => {}
        }
    }

    fn form(&mut self, glyph: GlyphId, made: Option<GlyphId>) {
        self.forms.entry(glyph).or_default().extend(made);
    }

    /// Adds to glyphs what can be in their place.
    fn close(&self, glyphs: &mut Vec<GlyphId>) {
        let mut done = 0;
        for _ in 0..ROUNDS {
            let round = done..glyphs.len();
            done = round.end;
            for at in round {
                let forms = glyphs.get(at).and_then(|glyph| self.forms.get(glyph));
                for made in forms.into_iter().flatten() {
                    if glyphs.len() < MOST && !glyphs.contains(made) {
                        glyphs.push(*made);
                    }
                }
            }
        }
    }
}

/// The glyphs of a coverage table, in the order of their indices (OpenType, Coverage Table).
fn covered(coverage: Coverage) -> Vec<GlyphId> {
    match coverage {
        Coverage::Format1 { glyphs } => glyphs.into_iter().collect(),
        Coverage::Format2 { records } => {
            records.into_iter().flat_map(|range| range.start.0..=range.end.0).map(GlyphId).collect()
        }
    }
}

/// Hands on each character that a font has, with its glyph.
fn each_character(face: &Face, mut each: impl FnMut(char, GlyphId)) {
    let tables = face.tables().cmap.into_iter().flat_map(|cmap| cmap.subtables);
    for table in tables.filter(|table| table.is_unicode()) {
        table.codepoints(|code| {
            if let (Some(character), Some(glyph)) = (char::from_u32(code), table.glyph_index(code)) {
                each(character, glyph);
            }
        });
    }
}

/// Advance width in font units.
fn advance(face: &Face, glyph: GlyphId) -> u16 {
    face.glyph_hor_advance(glyph).unwrap_or_default()
}

/// The appearance of a glyph.
pub fn shape(face: &Face, glyph: GlyphId) -> Shape {
    let mut path = Path(vec![advance(face, glyph).into()]);
    face.outline_glyph(glyph, &mut path);
    path.0
}

struct Path(Shape);

impl Path {
    fn step(&mut self, kind: u32, numbers: &[f32]) {
        self.0.push(kind);
        self.0.extend(numbers.iter().map(|number| number.to_bits()));
    }
}

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.step(0, &[x, y]);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.step(1, &[x, y]);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.step(2, &[x1, y1, x, y]);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.step(3, &[x1, y1, x2, y2, x, y]);
    }
    fn close(&mut self) {
        self.step(4, &[]);
    }
}
