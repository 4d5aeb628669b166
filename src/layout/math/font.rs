//! Font data for formulas: the MATH table (OpenType 1.9, MATH), and the sizes of glyphs. Lengths
//! are in ems of the font's size.

use crate::layout::font::{Family, FontBook, FontIndex};
use crate::theme::{Slant, Weight};
use ttf_parser::math::{Constants, GlyphConstructions, GlyphPart, MathValue, MathValues, Variants};
use ttf_parser::{Face, GlyphId};

/// The font of formulas.
pub struct MathFont<'a> {
    pub index: FontIndex,
    face: Face<'a>,
    constants: Constants<'a>,
    variants: Option<Variants<'a>>,
    units: f32,
}

/// Which way a glyph grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    Vertical,
    Horizontal,
}

/// The outline of a glyph: its advance, and how far it reaches above and below the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measures {
    pub advance: f32,
    pub ascent: f32,
    pub descent: f32,
}

/// A glyph of a stretched sign, and where it starts along the axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    pub glyph: u16,
    pub start: f32,
}

/// A sign as large as it was asked to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Stretched {
    /// A glyph of the font.
    Variant(u16),
    /// Glyphs that overlap, from the bottom or the left, and their whole length.
    Assembly { parts: Vec<Placed>, length: f32 },
}

impl<'a> MathFont<'a> {
    /// The font of formulas in a book of fonts; `None` where it is damaged.
    pub fn from_book(book: &'a FontBook) -> Option<MathFont<'a>> {
        let index = book.find(Family::Formulas, Weight::Regular, Slant::Upright)?;
        let face = Face::parse(book.face(index)?.bytes().as_ref(), 0).ok()?;
        let table = face.tables().math?;
        let units = f32::from(face.units_per_em());
        Some(MathFont { index, constants: table.constants?, variants: table.variants, units, face })
    }

    /// A constant of the MATH table.
    pub fn constant(&self, of: impl Fn(&Constants<'a>) -> MathValue<'a>) -> f32 {
        f32::from(of(&self.constants).value) / self.units
    }

    /// How much smaller scripts are, and scripts of scripts.
    pub fn script_scales(&self) -> [f32; 2] {
        let percent = |value: i16| f32::from(value) / 100.0;
        [
            percent(self.constants.script_percent_scale_down()),
            percent(self.constants.script_script_percent_scale_down()),
        ]
    }

    /// The least height of large operators on lines of their own.
    pub fn display_operator(&self) -> f32 {
        f32::from(self.constants.display_operator_min_height()) / self.units
    }

    /// How far the degree of a root is raised, as a share of the root's height.
    pub fn degree_raise(&self) -> f32 {
        f32::from(self.constants.radical_degree_bottom_raise_percent()) / 100.0
    }

    /// The glyph of a character.
    pub fn glyph(&self, character: char) -> Option<u16> {
        self.face.glyph_index(character).map(|glyph| glyph.0)
    }

    /// The size of a glyph.
    pub fn measures(&self, glyph: u16) -> Measures {
        let advance = f32::from(self.face.glyph_hor_advance(GlyphId(glyph)).unwrap_or_default()) / self.units;
        let bounds = self.face.glyph_bounding_box(GlyphId(glyph));
        let reach = |value: i16| f32::from(value) / self.units;
        bounds.map_or(Measures { advance, ..Measures::default() }, |bounds| Measures {
            advance,
            ascent: reach(bounds.y_max),
            descent: -reach(bounds.y_min),
        })
    }

    /// How far the top of a leaning glyph is over its right edge.
    pub fn italic_correction(&self, glyph: u16) -> f32 {
        self.of_glyph(glyph, |values| values.italic_corrections).unwrap_or_default()
    }

    /// Where accents are over a glyph, from its left edge.
    pub fn accent_attachment(&self, glyph: u16) -> Option<f32> {
        self.of_glyph(glyph, |values| values.top_accent_attachments)
    }

    fn of_glyph(
        &self,
        glyph: u16,
        values: impl Fn(&ttf_parser::math::GlyphInfo<'a>) -> Option<MathValues<'a>>,
    ) -> Option<f32> {
        let info = self.face.tables().math?.glyph_info?;
        Some(f32::from(values(&info)?.get(GlyphId(glyph))?.value) / self.units)
    }

    /// A sign of at least the length `least`, or the longest one of the font.
    pub fn stretched(&self, glyph: u16, axis: Axis, least: f32) -> Stretched {
        let Some(construction) = self.constructions(axis).and_then(|known| known.get(GlyphId(glyph))) else {
            return Stretched::Variant(glyph);
        };
        let variant =
            construction.variants.into_iter().find(|variant| self.length(variant.advance_measurement) >= least);
        if let Some(variant) = variant {
            return Stretched::Variant(variant.variant_glyph.0);
        }
        let parts: Vec<GlyphPart> = construction.assembly.iter().flat_map(|assembly| assembly.parts).collect();
        match self.assembled(&parts, least) {
            Some(assembly) => assembly,
            None => Stretched::Variant(construction.variants.last().map_or(glyph, |largest| largest.variant_glyph.0)),
        }
    }

    /// The largest sign that is not longer, for marks over letters.
    pub fn fitting(&self, glyph: u16, axis: Axis, most: f32) -> u16 {
        let construction = self.constructions(axis).and_then(|known| known.get(GlyphId(glyph)));
        let variants = construction.into_iter().flat_map(|construction| construction.variants);
        let fitting = variants.filter(|variant| self.length(variant.advance_measurement) <= most);
        fitting.last().map_or(glyph, |variant| variant.variant_glyph.0)
    }

    fn constructions(&self, axis: Axis) -> Option<GlyphConstructions<'a>> {
        let variants = self.variants?;
        Some(match axis {
            Axis::Vertical => variants.vertical_constructions,
            Axis::Horizontal => variants.horizontal_constructions,
        })
    }

    fn length(&self, units: u16) -> f32 {
        f32::from(units) / self.units
    }

    /// Parts with as many extenders, and overlapping as little, as the length asks for
    /// (OpenType, MathVariants: "Glyph assembly").
    fn assembled(&self, parts: &[GlyphPart], least: f32) -> Option<Stretched> {
        const MOST_REPEATS: usize = 400;
        let overlap = self.length(self.variants?.min_connector_overlap);
        let extends = parts.iter().any(|part| part.part_flags.extender());
        let mut repeats = 1;
        loop {
            let row: Vec<&GlyphPart> = parts
                .iter()
                .flat_map(|part| std::iter::repeat_n(part, if part.part_flags.extender() { repeats } else { 1 }))
                .collect();
            let whole: f32 = row.iter().map(|part| self.length(part.full_advance)).sum();
            let joints = row.len().checked_sub(1)? as f32;
            let longest = whole - joints * overlap;
            if longest < least && extends && repeats < MOST_REPEATS {
                repeats += 1;
                continue;
            }
            // An assembly that is too long overlaps more at the joints, up to their maximum.
            let spare = if joints > 0.0 { (longest - least).max(0.0) / joints } else { 0.0 };
            return Some(self.placed(&row, overlap + spare));
        }
    }

    fn placed(&self, row: &[&GlyphPart], overlap: f32) -> Stretched {
        let (mut parts, mut pen) = (Vec::with_capacity(row.len()), 0.0);
        for (number, part) in row.iter().enumerate() {
            if let Some(before) = number.checked_sub(1).and_then(|before| row.get(before)) {
                let reach = self.length(before.end_connector_length.min(part.start_connector_length));
                pen -= overlap.min(reach);
            }
            parts.push(Placed { glyph: part.glyph_id.0, start: pen });
            pen += self.length(part.full_advance);
        }
        Stretched::Assembly { parts, length: pen }
    }
}
