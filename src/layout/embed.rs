//! Whether a font of the project may and can be embedded.

use harfrust::Font;
use std::collections::BTreeSet;

/// Bits of `fsType` in the table OS/2 (OpenType 1.9.1): the first four bits are one value; if
/// several are set, the least restrictive applies.
const RESTRICTED: u16 = 0x0002;
const PREVIEW_AND_PRINT: u16 = 0x0004;
const EDITABLE: u16 = 0x0008;
const NO_SUBSETTING: u16 = 0x0100;
const BITMAPS_ONLY: u16 = 0x0200;

/// Checks a font file.
///
/// # Errors
/// Why it cannot be used, as the rest of a sentence.
pub fn check(bytes: &[u8]) -> Result<(), &'static str> {
    let font = Font::new(bytes.to_vec(), 0).ok_or("it is no TrueType or OpenType font")?;
    if !font.axes().is_empty() {
        return Err("it is a variable font; save one instance of it");
    }
    if font.charmap().map_unicode(' ').is_none() {
        return Err("it has no space");
    }
    if !has_whole_names(bytes) {
        return Err("its table of names is damaged");
    }
    // A font without the table says nothing about embedding.
    let rights = embedding_rights(bytes).unwrap_or_default();
    if rights & RESTRICTED != 0 && rights & (PREVIEW_AND_PRINT | EDITABLE) == 0 {
        return Err("its licence bits (fsType) forbid embedding");
    }
    if rights & NO_SUBSETTING != 0 {
        return Err("its licence bits (fsType) forbid embedding a part of it");
    }
    if rights & BITMAPS_ONLY != 0 {
        return Err("its licence bits (fsType) allow only its bitmaps to be embedded");
    }
    Ok(())
}

/// `fsType`, from the font's table OS/2.
fn embedding_rights(bytes: &[u8]) -> Option<u16> {
    const FS_TYPE: usize = 8;
    number(table(bytes, b"OS/2")?, FS_TYPE)
}

/// Whether the names of a font lie within what their table can say, one by one and
/// together: what cuts a font down adds up their places and lengths in 16 bits.
fn has_whole_names(bytes: &[u8]) -> bool {
    const FIRST_RECORD: usize = 6;
    const RECORD_LENGTH: usize = 12;
    let Some(names) = table(bytes, b"name") else { return true };
    let count = usize::from(number(names, 2).unwrap_or_default());
    let mut places = BTreeSet::new();
    for at in (0..count).map(|index| FIRST_RECORD + index * RECORD_LENGTH) {
        let (Some(length), Some(start)) = (number(names, at + 8), number(names, at + 10)) else { return false };
        if start.checked_add(length).is_none() {
            return false;
        }
        places.insert((start, length));
    }
    places.iter().map(|(_, length)| u32::from(*length)).sum::<u32>() <= u32::from(u16::MAX)
}

/// A table of a font, from its start to the end of the file.
fn table<'a>(bytes: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    const FIRST_RECORD: usize = 12;
    const RECORD_LENGTH: usize = 16;
    let count = usize::from(number(bytes, 4)?);
    let records = (0..count).filter_map(|index| bytes.get(FIRST_RECORD + index * RECORD_LENGTH..));
    let record = records.into_iter().find(|record| record.starts_with(tag))?;
    let offset = u32::from_be_bytes(record.get(8..12)?.try_into().ok()?);
    bytes.get(usize::try_from(offset).ok()?..)
}

/// The number of 16 bits at a place.
fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::check;

    const SERIF: &[u8] = include_bytes!("../../assets/fonts/source-serif-4/SourceSerif4_400Regular.ttf");

    /// The font with these licence bits.
    fn with_rights(rights: u16) -> Vec<u8> {
        let mut bytes = SERIF.to_vec();
        let record = bytes.windows(4).position(|tag| tag == b"OS/2").unwrap();
        let offset = u32::from_be_bytes(bytes[record + 8..record + 12].try_into().unwrap()) as usize;
        bytes[offset + 8..offset + 10].copy_from_slice(&rights.to_be_bytes());
        bytes
    }

    #[test]
    fn licence_bits_are_kept() {
        assert_eq!(check(SERIF), Ok(()));
        // Of several values the least strict counts.
        for allowed in [0, 4, 8, 2 | 4] {
            assert_eq!(check(&with_rights(allowed)), Ok(()), "{allowed:#x}");
        }
        assert!(check(&with_rights(2)).unwrap_err().contains("forbid embedding"));
        assert!(check(&with_rights(0x0100)).unwrap_err().contains("a part of it"));
        assert!(check(&with_rights(0x0200)).unwrap_err().contains("bitmaps"));
    }

    #[test]
    fn names_that_lie_beyond_their_table_are_refused() {
        let names = SERIF.len() - super::table(SERIF, b"name").unwrap().len();
        let with = |records: u16, (length, start): (u16, u16)| {
            let mut bytes = SERIF.to_vec();
            bytes[names + 2..names + 4].copy_from_slice(&records.to_be_bytes());
            for (index, at) in (0..records).map(|index| (index, names + 6 + usize::from(index) * 12)) {
                bytes[at + 8..at + 10].copy_from_slice(&length.to_be_bytes());
                bytes[at + 10..at + 12].copy_from_slice(&(start + index).to_be_bytes());
            }
            bytes
        };
        assert_eq!(check(&with(2, (4, 0))), Ok(()));
        assert!(check(&with(1, (4, 0xfffe))).is_err(), "beyond the table");
        assert!(check(&with(10, (0x2000, 0))).is_err(), "more than there can be");
    }

    #[test]
    fn what_is_no_font_is_refused() {
        for length in [0, 4, 12, 100] {
            assert!(check(SERIF.get(..length).unwrap()).is_err(), "{length} bytes");
        }
        assert!(check(b"<svg/>").is_err());
    }
}
