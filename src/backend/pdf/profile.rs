//! The sRGB colour profile that the output intent names, made here: 500 bytes
//! of matrix and parametric curve say all that sRGB is.
//!
//! Form: ICC.1:2004-10 (profile version 4.2), which PDF 1.7 allows
//! (ISO 32000-1, table 66). Values: IEC 61966-2-1, adapted to D50.

/// A number of the profile: signed 15.16 fixed point.
type Fixed = i32;

/// The D50 white point of the profile connection space.
const WHITE: [f64; 3] = [0.964_203, 1.0, 0.824_905];
const RED: [f64; 3] = [0.436_066, 0.222_488, 0.013_916];
const GREEN: [f64; 3] = [0.385_147, 0.716_873, 0.097_076];
const BLUE: [f64; 3] = [0.143_066, 0.060_608, 0.714_096];
/// Bradford adaptation from D65 to D50.
const ADAPTATION: [f64; 9] =
    [1.047_882, 0.022_919, -0.050_201, 0.029_587, 0.990_479, -0.017_059, -0.009_232, 0.015_076, 0.751_678];
/// Exponent, slope, offset, linear slope and linear limit of the curve.
const CURVE: [f64; 5] = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.040_45];
/// Curve form with a linear part near black (ICC.1:2004-10, table 47).
const CURVE_FORM: u16 = 3;

const HEADER_LENGTH: usize = 128;
const TAG_RECORD_LENGTH: usize = 12;
const VERSION: u32 = 0x0420_0000;
/// A fixed moment, so that the profile is the same on every day.
const CREATED: [u16; 6] = [2026, 1, 1, 0, 0, 0];

/// The profile's bytes.
pub fn srgb() -> Vec<u8> {
    let curve = curve();
    let tags: [(&[u8; 4], Vec<u8>); 10] = [
        (b"desc", text("sRGB")),
        (b"cprt", text("No copyright, use freely")),
        (b"wtpt", numbers(b"XYZ ", &WHITE)),
        (b"chad", numbers(b"sf32", &ADAPTATION)),
        (b"rXYZ", numbers(b"XYZ ", &RED)),
        (b"gXYZ", numbers(b"XYZ ", &GREEN)),
        (b"bXYZ", numbers(b"XYZ ", &BLUE)),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];

    let mut data = Vec::new();
    let mut records = Vec::new();
    let data_start = HEADER_LENGTH + 4 + tags.len() * TAG_RECORD_LENGTH;
    let mut previous: Option<(&[u8], usize)> = None;
    for (signature, content) in &tags {
        // The three curves are one.
        let offset = match previous {
            Some((same, offset)) if same == content.as_slice() => offset,
            _ => {
                let offset = data_start + data.len();
                data.extend_from_slice(content);
                data.resize(data.len().next_multiple_of(4), 0);
                offset
            }
        };
        previous = Some((content, offset));
        records.extend_from_slice(*signature);
        records.extend_from_slice(&(offset as u32).to_be_bytes());
        records.extend_from_slice(&(content.len() as u32).to_be_bytes());
    }

    let mut profile = header((data_start + data.len()) as u32);
    profile.extend_from_slice(&(tags.len() as u32).to_be_bytes());
    profile.extend(records);
    profile.extend(data);
    profile
}

fn header(length: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(HEADER_LENGTH);
    header.extend_from_slice(&length.to_be_bytes());
    header.extend_from_slice(&[0; 4]);
    header.extend_from_slice(&VERSION.to_be_bytes());
    header.extend_from_slice(b"mntrRGB XYZ ");
    header.extend(CREATED.iter().flat_map(|part| part.to_be_bytes()));
    header.extend_from_slice(b"acsp");
    // Platform, flags, device, attributes, perceptual intent: all zero.
    header.resize(68, 0);
    header.extend(WHITE.iter().flat_map(|value| fixed(*value).to_be_bytes()));
    header.resize(HEADER_LENGTH, 0);
    header
}

fn fixed(value: f64) -> Fixed {
    const ONE: f64 = 65_536.0;
    (value * ONE).round() as Fixed
}

fn numbers(kind: &[u8; 4], values: &[f64]) -> Vec<u8> {
    let mut out = kind.to_vec();
    out.extend_from_slice(&[0; 4]);
    out.extend(values.iter().flat_map(|value| fixed(*value).to_be_bytes()));
    out
}

fn curve() -> Vec<u8> {
    let mut out = b"para\0\0\0\0".to_vec();
    out.extend_from_slice(&CURVE_FORM.to_be_bytes());
    out.extend_from_slice(&[0; 2]);
    out.extend(CURVE.iter().flat_map(|value| fixed(*value).to_be_bytes()));
    out
}

/// A text in one language.
fn text(content: &str) -> Vec<u8> {
    const RECORD_END: u32 = 28;
    let units: Vec<u8> = content.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut out = b"mluc\0\0\0\0".to_vec();
    out.extend_from_slice(&1_u32.to_be_bytes());
    out.extend_from_slice(&12_u32.to_be_bytes());
    out.extend_from_slice(b"enUS");
    out.extend_from_slice(&(units.len() as u32).to_be_bytes());
    out.extend_from_slice(&RECORD_END.to_be_bytes());
    out.extend(units);
    out
}

#[cfg(test)]
mod tests {
    use super::srgb;

    #[test]
    fn says_its_own_length() {
        let profile = srgb();
        assert_eq!(profile.first_chunk::<4>().map(|length| u32::from_be_bytes(*length) as usize), Some(profile.len()));
        assert_eq!(profile.get(36..40), Some(b"acsp".as_slice()));
    }
}
