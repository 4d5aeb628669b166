//! Fonts for the page view whose code points are glyph ids: glyph 5 is U+F0005. So the browser
//! draws the outlines of the PDF without shaping.

/// The code point of glyph 0, in a private use plane.
const FIRST: u32 = 0xf0000;
/// Tables that are copied (OpenType 1.9, chapter 5); those that shape or hint are left out.
const KEPT: [&[u8; 4]; 11] =
    [b"CFF ", b"OS/2", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"name", b"post", b"VORG"];
const DIRECTORY: usize = 12;
const RECORD: usize = 16;

/// Builds a font with the same outlines whose code points are glyph ids. `None` if the file is
/// damaged.
pub fn of_glyphs(font: &[u8]) -> Option<Vec<u8>> {
    let count = usize::from(u16_at(font, 4)?);
    let mut tables: Vec<([u8; 4], Vec<u8>)> = Vec::new();
    for number in 0..count {
        let record = font.get(DIRECTORY + number * RECORD..)?.get(..RECORD)?;
        let tag: [u8; 4] = record.get(..4)?.try_into().ok()?;
        if KEPT.contains(&&tag) {
            let (start, length) = (u32_at(record, 8)? as usize, u32_at(record, 12)? as usize);
            tables.push((tag, font.get(start..start.checked_add(length)?)?.to_vec()));
        }
    }
    let (_, maxp) = tables.iter().find(|(tag, _)| tag == b"maxp")?;
    tables.push((*b"cmap", character_map(u16_at(maxp, 4)?)));
    tables.sort();
    Some(file(font.get(..4)?, &tables))
}

/// A `cmap` of format 12 that maps each code point to its glyph.
fn character_map(glyphs: u16) -> Vec<u8> {
    const HEADER: u32 = 12;
    const FORMAT_12: u32 = 28;
    let last = FIRST + u32::from(glyphs.saturating_sub(1));
    let mut map = Vec::new();
    for number in [0_u16, 1, 3, 10] {
        map.extend(number.to_be_bytes());
    }
    map.extend(HEADER.to_be_bytes());
    map.extend([0, 12, 0, 0]);
    for number in [FORMAT_12, 0, 1, FIRST, last, 0] {
        map.extend(number.to_be_bytes());
    }
    map
}

/// Writes a font file of tables in the order of their tags (OpenType 1.9, "Font file").
fn file(version: &[u8], tables: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let count = u16::try_from(tables.len()).unwrap_or_default();
    let selector = count.checked_ilog2().unwrap_or_default();
    let range = 16_u16 << selector;
    let mut file = version.to_vec();
    for number in [count, range, selector as u16, (count * 16).saturating_sub(range)] {
        file.extend(number.to_be_bytes());
    }
    let mut start = DIRECTORY + tables.len() * RECORD;
    for (tag, bytes) in tables {
        file.extend(tag);
        for number in [sum(bytes), start as u32, bytes.len() as u32] {
            file.extend(number.to_be_bytes());
        }
        start += bytes.len().next_multiple_of(4);
    }
    for (_, bytes) in tables {
        file.extend(bytes);
        file.resize(file.len().next_multiple_of(4), 0);
    }
    file
}

fn sum(bytes: &[u8]) -> u32 {
    let words = bytes.chunks(4).map(|word| {
        let mut whole = [0; 4];
        whole.iter_mut().zip(word).for_each(|(to, from)| *to = *from);
        u32::from_be_bytes(whole)
    });
    words.fold(0, u32::wrapping_add)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{DIRECTORY, RECORD, of_glyphs, u16_at, u32_at};
    use crate::layout::font::{FontBook, FontIndex};

    fn table<'a>(font: &'a [u8], tag: &[u8]) -> Option<&'a [u8]> {
        let records = font[DIRECTORY..].chunks(RECORD).take(usize::from(u16_at(font, 4).unwrap()));
        let record = records.into_iter().find(|record| record.starts_with(tag))?;
        let (start, length) = (u32_at(record, 8).unwrap() as usize, u32_at(record, 12).unwrap() as usize);
        Some(&font[start..start + length])
    }

    #[test]
    fn a_glyph_is_a_character_and_keeps_its_outline() {
        let book = FontBook::bundled();
        for number in 0..book.len() {
            let original = book.face(FontIndex(u16::try_from(number).unwrap())).unwrap().bytes().as_ref();
            let made = of_glyphs(original).unwrap();
            for tag in ["glyf", "loca", "hmtx", "CFF "] {
                assert_eq!(table(&made, tag.as_bytes()), table(original, tag.as_bytes()));
            }
            assert!(table(&made, b"GSUB").is_none());
            let glyphs = u32::from(u16_at(table(original, b"maxp").unwrap(), 4).unwrap());
            let map = table(&made, b"cmap").unwrap();
            let numbers: Vec<u32> = (28..40).step_by(4).map(|at| u32_at(map, at - 4).unwrap()).collect();
            assert_eq!(numbers, [1, 0xf0000, 0xf0000 + glyphs - 1]);
        }
    }

    #[test]
    fn a_damaged_font_is_none() {
        let font = FontBook::bundled().face(FontIndex(0)).unwrap().bytes().as_ref();
        for length in [0, 3, 11, 40, 200] {
            assert_eq!(of_glyphs(&font[..length]), None);
        }
    }
}
