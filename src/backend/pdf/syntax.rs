//! PDF syntax: how numbers, strings, names and objects are spelled
//! (ISO 32000-1, 7.3). The only place that escapes.

use lopdf::Object;

/// Precision of coordinates, in parts of a point: a hundredth is 3.5 µm.
const COORDINATE_SCALE: u64 = 100;
/// Precision of our other numbers, in parts of one.
pub const NUMBER_SCALE: u64 = 1000;
/// Precision of numbers in objects from libraries, such as a drawing's patterns, in parts of one.
const REAL_SCALE: u64 = 1_000_000;

/// The nearest integer; of two, the one away from zero. Not every processor
/// that we build for can round by itself, and a call takes longer than the rest
/// of writing a number.
pub fn nearest(value: f32) -> i64 {
    (value + 0.5_f32.copysign(value)) as i64
}

/// A coordinate in whole hundredths of a point, so that differences do not drift.
pub fn hundredths(value: f32) -> i64 {
    nearest(value * COORDINATE_SCALE as f32)
}

/// Writes hundredths as a number of points.
pub fn push_hundredths(out: &mut Vec<u8>, value: i64) {
    push_fixed::<COORDINATE_SCALE>(out, value);
}

/// A number in whole thousandths.
pub fn thousandths(value: f32) -> i64 {
    nearest(value * NUMBER_SCALE as f32)
}

/// Writes thousandths as a number with at most three decimals and no trailing zeros.
pub fn push_thousandths(out: &mut Vec<u8>, value: i64) {
    push_fixed::<NUMBER_SCALE>(out, value);
}

/// Writes a number with at most three decimals and no trailing zeros.
pub fn push_number(out: &mut Vec<u8>, value: f32) {
    push_thousandths(out, thousandths(value));
}

/// Writes an integer.
pub fn push_integer(out: &mut Vec<u8>, value: i64) {
    push_fixed::<1>(out, value);
}

/// Writes `value` divided by `SCALE`, a power of ten.
fn push_fixed<const SCALE: u64>(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    let magnitude = value.unsigned_abs();
    let (whole, mut fraction) = (magnitude / SCALE, magnitude % SCALE);
    if whole > 0 || fraction == 0 {
        push_digits(out, whole);
    }
    if fraction > 0 {
        out.push(b'.');
        while fraction > 0 {
            fraction *= 10;
            out.push(b'0' + (fraction / SCALE) as u8);
            fraction %= SCALE;
        }
    }
}

fn push_digits(out: &mut Vec<u8>, value: u64) {
    if value >= 1000 {
        push_digits(out, value / 1000);
    }
    for (least, unit) in [(100, 100), (10, 10), (0, 1)] {
        if value >= least {
            out.push(b'0' + (value / unit % 10) as u8);
        }
    }
}

/// Writes bytes as a literal string, parentheses included.
pub fn push_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    for &byte in bytes {
        push_string_byte(out, byte);
    }
    out.push(b')');
}

/// Writes one byte of a literal string. A bare carriage return would be read
/// as a line feed, so it is escaped like the delimiters.
#[inline]
pub fn push_string_byte(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        b'\r' => out.extend_from_slice(b"\\r"),
        _ => out.push(byte),
    }
}

/// The bytes of a text string (ISO 32000-1, 7.9.2.2): ASCII as it is,
/// anything else as UTF-16BE with its mark.
pub fn text_bytes(text: &str) -> Vec<u8> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.as_bytes().to_vec();
    }
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    bytes
}

/// Writes a text string.
pub fn push_text(out: &mut Vec<u8>, text: &str) {
    push_string(out, &text_bytes(text));
}

/// Writes a name with its slash.
pub fn push_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        let delimiter = matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%' | b'#');
        if byte.is_ascii_graphic() && !delimiter {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

/// Writes a reference to an object of generation 0.
pub fn push_reference(out: &mut Vec<u8>, number: u32) {
    push_integer(out, i64::from(number));
    out.extend_from_slice(b" 0 R");
}

/// Writes an object. A stream is written as its dictionary alone; its data is
/// for the caller to add.
pub fn push_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(true) => out.extend_from_slice(b"true"),
        Object::Boolean(false) => out.extend_from_slice(b"false"),
        Object::Integer(value) => push_integer(out, *value),
        Object::Real(value) => push_fixed::<REAL_SCALE>(out, (f64::from(*value) * REAL_SCALE as f64).round() as i64),
        Object::Name(name) => push_name(out, name),
        Object::String(bytes, _) => push_string(out, bytes),
        Object::Array(items) => {
            out.push(b'[');
            for item in items {
                separate(out);
                push_object(out, item);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => push_dictionary(out, dictionary),
        Object::Stream(stream) => push_dictionary(out, &stream.dict),
        Object::Reference((number, _)) => push_reference(out, *number),
    }
}

fn push_dictionary(out: &mut Vec<u8>, dictionary: &lopdf::Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary.iter() {
        push_name(out, key);
        if matches!(
            value,
            Object::Null | Object::Boolean(_) | Object::Integer(_) | Object::Real(_) | Object::Reference(_)
        ) {
            out.push(b' ');
        }
        push_object(out, value);
    }
    out.extend_from_slice(b">>");
}

/// Puts a space after a regular character, so that two tokens do not run together.
pub fn separate(out: &mut Vec<u8>) {
    if out.last().is_some_and(|byte| !b"()<>[]{}/% \n".contains(byte)) {
        out.push(b' ');
    }
}

#[cfg(test)]
mod tests {
    use super::{push_integer, push_number, push_string, text_bytes};

    fn number(value: f32) -> String {
        let mut out = Vec::new();
        push_number(&mut out, value);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn numbers_are_short() {
        for (value, expected) in [(0.0, "0"), (1.0, "1"), (0.5, ".5"), (-0.25, "-.25"), (10.05, "10.05"), (0.0004, "0")]
        {
            assert_eq!(number(value), expected);
        }
    }

    #[test]
    fn integers_have_all_their_digits() {
        let powers = (0..18).map(|exponent| 10_i64.pow(exponent));
        for value in powers.flat_map(|power| [power - 1, power, power + 5, -power]).chain([i64::MAX, i64::MIN]) {
            let mut out = Vec::new();
            push_integer(&mut out, value);
            assert_eq!(String::from_utf8_lossy(&out), value.to_string());
        }
    }

    #[test]
    fn strings_escape_their_delimiters() {
        let mut out = Vec::new();
        push_string(&mut out, b"a(b)\\\r");
        assert_eq!(out, b"(a\\(b\\)\\\\\\r)");
    }

    #[test]
    fn text_beyond_ascii_is_utf_16() {
        assert_eq!(text_bytes("é"), [0xFE, 0xFF, 0, 0xE9]);
        assert_eq!(text_bytes("plain"), b"plain");
    }
}
