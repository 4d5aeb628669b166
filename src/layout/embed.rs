//! Whether a font of the project may and can be embedded.

use harfrust::Font;

/// Bits of `fsType` in the table OS/2 (OpenType 1.9.1): the first four are one
/// value, of which the least strict counts.
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
    const FIRST_RECORD: usize = 12;
    const RECORD_LENGTH: usize = 16;
    const FS_TYPE: usize = 8;
    let number = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?));
    let count = usize::from(number(4)?);
    let records = (0..count).filter_map(|index| bytes.get(FIRST_RECORD + index * RECORD_LENGTH..));
    let record = records.into_iter().find(|record| record.starts_with(b"OS/2"))?;
    let offset = u32::from_be_bytes(record.get(8..12)?.try_into().ok()?);
    number(usize::try_from(offset).ok()?.checked_add(FS_TYPE)?)
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
    fn what_is_no_font_is_refused() {
        for length in [0, 4, 12, 100] {
            assert!(check(SERIF.get(..length).unwrap()).is_err(), "{length} bytes");
        }
        assert!(check(b"<svg/>").is_err());
    }
}
