//! Which texts the glyphs of an original font stand for: by its character
//! map, and by what its substitutions make of the glyphs found there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use ttf_parser::gsub::SubstitutionSubtable;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// What a glyph looks like: its advance in font units and the path of its
/// outline. Two glyphs that look alike are the same to a reader.
pub type Shape = Vec<u32>;

/// How often substitutions are applied to the results of substitutions, as
/// for a ligature of contextual forms.
const ROUNDS: usize = 4;
/// No glyph stands for more characters.
const LONGEST: usize = 20;
/// A letter without its dots can be part of a great many.
const MOST: usize = 256;
/// Ligatures of such letters would have more still.
const MOST_OF_LIGATURE: usize = 32;

/// The texts by glyph shape.
pub type Texts = BTreeMap<Shape, BTreeSet<String>>;

/// What all glyphs of a face stand for. It is found out once for each name.
pub fn texts(name: &str, face: &Face) -> Arc<Texts> {
    static KNOWN: Mutex<BTreeMap<String, Arc<Texts>>> = Mutex::new(BTreeMap::new());
    if let Some(texts) = KNOWN.lock().ok().and_then(|known| known.get(name).cloned()) {
        return texts;
    }
    let mut shapes = Texts::new();
    for (glyph, texts) in meanings(face) {
        shapes.entry(shape(face, glyph)).or_default().extend(texts);
    }
    let texts = Arc::new(shapes);
    if let Ok(mut known) = KNOWN.lock() {
        known.insert(name.to_owned(), Arc::clone(&texts));
    }
    texts
}

/// Advance width in font units.
fn advance(face: &Face, glyph: GlyphId) -> u16 {
    face.glyph_hor_advance(glyph).unwrap_or_default()
}

/// What a glyph looks like.
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

type Meanings = BTreeMap<GlyphId, BTreeSet<String>>;

fn meanings(face: &Face) -> Meanings {
    let mut meanings = Meanings::new();
    let tables = face.tables().cmap.into_iter().flat_map(|cmap| cmap.subtables);
    for table in tables.filter(|table| table.is_unicode()) {
        table.codepoints(|code| {
            if let (Some(character), Some(glyph)) = (char::from_u32(code), table.glyph_index(code)) {
                meanings.entry(glyph).or_default().insert(character.to_string());
            }
        });
    }
    let lookups = face.tables().gsub.into_iter().flat_map(|gsub| gsub.lookups);
    let subtables: Vec<SubstitutionSubtable> =
        lookups.flat_map(|lookup| lookup.subtables.into_iter::<SubstitutionSubtable>()).collect();
    for _ in 0..ROUNDS {
        let before = count(&meanings);
        subtables.iter().for_each(|subtable| substitute(subtable, &mut meanings));
        if count(&meanings) == before {
            break;
        }
    }
    meanings
}

fn count(meanings: &Meanings) -> usize {
    meanings.values().map(BTreeSet::len).sum()
}

/// Gives the glyphs that a substitution makes the texts of those it takes.
fn substitute(subtable: &SubstitutionSubtable, meanings: &mut Meanings) {
    let coverage = subtable.coverage();
    let covered: Vec<(GlyphId, u16)> =
        meanings.keys().filter_map(|glyph| Some((*glyph, coverage.get(*glyph)?))).collect();
    for (glyph, index) in covered {
        match subtable {
            SubstitutionSubtable::Single(single) => {
                let made = match single {
                    ttf_parser::gsub::SingleSubstitution::Format1 { delta, .. } => {
                        Some(GlyphId(glyph.0.wrapping_add_signed(*delta)))
                    }
                    ttf_parser::gsub::SingleSubstitution::Format2 { substitutes, .. } => substitutes.get(index),
                };
                hand_on(glyph, made, meanings);
            }
            // The first glyph keeps the text, the others add to it.
            SubstitutionSubtable::Multiple(multiple) => {
                let made = multiple.sequences.get(index).and_then(|sequence| sequence.substitutes.get(0));
                hand_on(glyph, made, meanings);
            }
            SubstitutionSubtable::Alternate(alternate) => {
                let set = alternate.alternate_sets.get(index);
                for made in set.into_iter().flat_map(|set| set.alternates) {
                    hand_on(glyph, Some(made), meanings);
                }
            }
            SubstitutionSubtable::Ligature(ligatures) => {
                for ligature in ligatures.ligature_sets.get(index).into_iter().flatten() {
                    let mut texts = meanings.get(&glyph).cloned().unwrap_or_default();
                    for component in ligature.components {
                        let own = meanings.get(&component).cloned().unwrap_or_default();
                        texts = texts
                            .iter()
                            .flat_map(|text| own.iter().take(MOST_OF_LIGATURE).map(move |own| format!("{text}{own}")))
                            .collect();
                    }
                    add(ligature.glyph, texts, meanings);
                }
            }
            SubstitutionSubtable::ReverseChainSingle(reverse) => {
                hand_on(glyph, reverse.substitutes.get(index), meanings);
            }
            // These apply the lookups above to what stands in a context.
            SubstitutionSubtable::Context(_) | SubstitutionSubtable::ChainContext(_) => {}
        }
    }
}

fn hand_on(from: GlyphId, to: Option<GlyphId>, meanings: &mut Meanings) {
    if let Some(to) = to {
        let texts = meanings.get(&from).cloned().unwrap_or_default();
        add(to, texts, meanings);
    }
}

fn add(glyph: GlyphId, texts: BTreeSet<String>, meanings: &mut Meanings) {
    let own = meanings.entry(glyph).or_default();
    for text in texts.into_iter().filter(|text| text.chars().count() <= LONGEST) {
        if own.len() < MOST {
            own.insert(text);
        }
    }
}
