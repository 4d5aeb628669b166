//! Tables of character codes: how a string is cut into them, which glyph each
//! leads to, and what a font says that it means (ISO 32000-1, 9.7.5 and 9.10.3).

use std::collections::BTreeMap;
use std::fmt;

/// A character code: one to four bytes (9.7.6.2). Codes are looked up for every glyph of a
/// page, and numbers compare quicker than slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code {
    /// The bytes, the first one highest, filled up with zeros.
    filled: u32,
    length: u8,
}

/// How many values a byte has.
const BYTES: usize = 256;

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().try_for_each(|byte| write!(out, "{byte:02X}"))
    }
}

impl Code {
    /// The code of some bytes; `None` for none, or more than four.
    pub fn new(bytes: &[u8]) -> Option<Code> {
        let filled = match *bytes {
            [first] => [first, 0, 0, 0],
            [first, second] => [first, second, 0, 0],
            [first, second, third] => [first, second, third, 0],
            [first, second, third, fourth] => [first, second, third, fourth],
            _ => return None,
        };
        Some(Code { filled: u32::from_be_bytes(filled), length: u8::try_from(bytes.len()).ok()? })
    }

    fn bytes(self) -> impl Iterator<Item = u8> {
        self.filled.to_be_bytes().into_iter().take(self.length.into())
    }

    /// Its bytes as one number.
    fn number(self) -> u32 {
        self.filled.checked_shr(32 - 8 * u32::from(self.length)).unwrap_or_default()
    }
}

/// A map by codes. Most codes have one byte, which is their index.
#[derive(Debug)]
pub struct ByCode<T> {
    short: Vec<Option<T>>,
    long: BTreeMap<Code, T>,
}

impl<T> Default for ByCode<T> {
    fn default() -> Self {
        ByCode { short: Vec::new(), long: BTreeMap::new() }
    }
}

impl<T> ByCode<T> {
    /// Sets the value of a code.
    pub fn insert(&mut self, code: Code, value: T) {
        if code.length == 1 {
            self.short.resize_with(BYTES, || None);
            if let Some(place) = self.short.get_mut(code.number() as usize) {
                *place = Some(value);
            }
        } else {
            self.long.insert(code, value);
        }
    }

    /// The value of a code.
    pub fn get(&self, code: Code) -> Option<&T> {
        if code.length == 1 { self.short.get(code.number() as usize)?.as_ref() } else { self.long.get(&code) }
    }
}

/// A map from codes to glyphs.
#[derive(Debug, Default)]
pub struct GlyphMap {
    /// First and last code of each range there is.
    spaces: Vec<(Code, Code)>,
    /// Whether each byte is a code by itself, as far as it alone says so.
    is_whole: Vec<bool>,
    /// First and last code of ranges, and the first one's glyph.
    glyphs: Vec<(Code, Code, u16)>,
}

impl GlyphMap {
    /// The table in which the two bytes of a code are its glyph's number
    /// (Identity-H, 9.7.5.2).
    pub fn identity() -> GlyphMap {
        let [first, last] = [0, 0xFFFF_0000].map(|filled| Code { filled, length: 2 });
        GlyphMap { spaces: vec![(first, last)], is_whole: Vec::new(), glyphs: vec![(first, last, 0)] }
    }

    /// Reads a table. What cannot be read is left out, and missed later.
    pub fn parse(table: &str) -> GlyphMap {
        let mut map = GlyphMap::default();
        for section in sections(table, "begincodespacerange", "endcodespacerange") {
            map.spaces.extend(pairs(section).into_iter().filter_map(range));
        }
        for section in sections(table, "begincidrange", "endcidrange") {
            let glyphs = section.lines().filter_map(|line| line.rsplit_once('>')?.1.trim().parse().ok());
            let ranges = pairs(section).into_iter().map(range).zip(glyphs);
            map.glyphs.extend(ranges.filter_map(|(range, glyph)| range.map(|(from, to)| (from, to, glyph))));
        }
        let first = |code: &Code| code.filled.to_be_bytes()[0];
        map.is_whole = (0..=u8::MAX)
            .map(|byte| map.spaces.iter().find(|(from, to)| (first(from)..=first(to)).contains(&byte)))
            .map(|space| space.is_some_and(|(from, _)| from.length == 1))
            .collect();
        map
    }

    /// Number of the glyph that a code leads to.
    pub fn glyph(&self, code: Code) -> Option<u16> {
        let leads = |(from, to, _): &&(Code, Code, u16)| from.length == code.length && (*from..=*to).contains(&code);
        let (from, _, first) = self.glyphs.iter().find(leads)?;
        u16::try_from(code.number().checked_sub(from.number())?).ok()?.checked_add(*first)
    }

    /// Cuts a string into codes (9.7.6.2). Bytes that begin none are one each.
    pub fn codes<'a>(&'a self, mut string: &'a [u8]) -> impl Iterator<Item = Code> + 'a {
        std::iter::from_fn(move || {
            let begins = |(from, to): &&(Code, Code)| {
                let inside = |(byte, (from, to)): (&u8, (u8, u8))| (from..=to).contains(byte);
                string.len() >= from.length.into() && string.iter().zip(from.bytes().zip(to.bytes())).all(inside)
            };
            let is_whole = self.is_whole.get(usize::from(*string.first()?)).copied().unwrap_or_default();
            let space = if is_whole { None } else { self.spaces.iter().find(begins) };
            let length = space.map_or(1, |(from, _)| from.length);
            let (code, rest) = string.split_at_checked(length.into())?;
            string = rest;
            Code::new(code)
        })
    }
}

/// Text by code. What cannot be read is left out, and missed later.
pub fn texts(table: &str) -> BTreeMap<Code, String> {
    let sections = sections(table, "beginbfchar", "endbfchar");
    sections.flat_map(pairs).filter_map(|(code, text)| Some((Code::new(&code)?, string(&text)))).collect()
}

/// The first and the last code of a range.
fn range((from, to): (Vec<u8>, Vec<u8>)) -> Option<(Code, Code)> {
    Some((Code::new(&from)?, Code::new(&to)?))
}

fn sections<'a>(table: &'a str, begin: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    table.split(begin).skip(1).filter_map(move |section| section.split(end).next())
}

/// The strings of hexadecimal digits in a section, in pairs.
fn pairs(section: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut strings =
        section.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(digits, _)| bytes(digits));
    let mut pairs = Vec::new();
    while let (Some(first), Some(second)) = (strings.next(), strings.next()) {
        pairs.push((first, second));
    }
    pairs
}

fn bytes(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        digits.chars().filter_map(|digit| digit.to_digit(16)).filter_map(|digit| u8::try_from(digit).ok()).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}

fn string(bytes: &[u8]) -> String {
    let units: Vec<u16> =
        bytes.chunks(2).map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte))).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::{GlyphMap, texts};

    #[test]
    fn codes_have_texts() {
        let table =
            "2 beginbfchar\n<41> <0041>\n<C001><00660069>\nendbfchar\n1 beginbfchar\n<80> <D835DC00>\nendbfchar";
        let texts: Vec<(String, String)> =
            texts(table).into_iter().map(|(code, text)| (code.to_string(), text)).collect();
        let wanted = [("41", "A"), ("80", "𝐀"), ("C001", "fi")];
        assert_eq!(texts, wanted.map(|(code, text)| (code.to_owned(), text.to_owned())));
    }

    #[test]
    fn strings_are_cut_by_the_ranges_of_codes() {
        let table = "2 begincodespacerange\n<20><7E>\n<C000><FEFF>\nendcodespacerange\n\
            2 begincidrange\n<20> <7E> 1\n<C000><FEFF> 300\nendcidrange";
        let map = GlyphMap::parse(table);
        let codes: Vec<_> = map.codes(b"A\xC0\x01\x90A\xC0").collect();
        let shown: Vec<String> = codes.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["41", "C001", "90", "41", "C0"]);
        let glyphs: Vec<Option<u16>> = codes.iter().map(|code| map.glyph(*code)).collect();
        assert_eq!(glyphs, [Some(34), Some(301), None, Some(34), None]);
    }
}
