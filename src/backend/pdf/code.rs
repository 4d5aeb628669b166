//! Character codes: the bytes that stand for a glyph in a string, and the
//! tables that say which glyph and which text a code means (ISO 32000-1, 9.7.5
//! and 9.10.3).
//!
//! Characters of ASCII are their own code, sixty-four more have one byte each,
//! and the rest two, told apart by their first byte. So most text is one byte
//! a glyph, which is half of what the file would hold otherwise, and its
//! spaces are what word spacing widens (9.3.3).

use super::syntax::push_string_byte;

/// A character code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    One(u8),
    Two(u16),
}

/// The first code of one byte that is no character of ASCII.
const OTHERS: u8 = 0x80;
/// The first byte of codes that have two.
const PAIRS: u8 = 0xC0;
/// Entries that one section of a table may have (Adobe Technical Note 5014).
const ENTRIES: usize = 100;

impl Code {
    /// The code that word spacing widens.
    pub const SPACE: Code = Code::One(b' ');

    /// The number of the glyph that the code leads to (CID). It is the code's
    /// own: there are readers that look for it among the codes.
    pub fn number(self) -> u16 {
        match self {
            Code::One(byte) => u16::from(byte),
            Code::Two(pair) => pair,
        }
    }

    /// Adds the code to a literal string.
    #[inline]
    pub fn push(self, string: &mut Vec<u8>) {
        match self {
            Code::One(byte @ OTHERS..) => string.push(byte),
            Code::One(byte) => push_string_byte(string, byte),
            Code::Two(pair) => pair.to_be_bytes().into_iter().for_each(|byte| push_string_byte(string, byte)),
        }
    }

    fn push_hex(self, out: &mut String) {
        out.push('<');
        match self {
            Code::One(byte) => push_digits(out, u16::from(byte), 2),
            Code::Two(pair) => push_digits(out, pair, 4),
        }
        out.push('>');
    }
}

/// Adds the last hexadecimal digits of a number.
fn push_digits(out: &mut String, number: u16, count: u32) {
    let digits = (0..count).rev().filter_map(|place| char::from_digit(u32::from(number >> (4 * place) & 0xF), 16));
    out.extend(digits.map(|digit| digit.to_ascii_uppercase()));
}

/// Hands out the codes of one font.
#[derive(Debug)]
pub struct Codes {
    /// Bit set of the characters that are their own code and have a glyph.
    taken: u128,
    next: Code,
}

impl Default for Codes {
    fn default() -> Self {
        Codes { taken: 0, next: Code::One(OTHERS) }
    }
}

impl Codes {
    /// A code for a glyph that stands for `text`. None is given twice, but for
    /// the last, which more than sixteen thousand glyphs would have to share.
    pub fn give(&mut self, text: &str) -> Code {
        if let [byte @ b' '..=b'~'] = text.as_bytes()
            && self.taken & (1 << byte) == 0
        {
            self.taken |= 1 << byte;
            return Code::One(*byte);
        }
        let code = self.next;
        self.next = match code {
            Code::One(byte) if byte + 1 < PAIRS => Code::One(byte + 1),
            Code::One(_) => Code::Two(u16::from(PAIRS) << 8),
            Code::Two(pair) => Code::Two(pair.saturating_add(1)),
        };
        code
    }

    /// Whether every code has been given.
    pub fn is_exhausted(&self) -> bool {
        self.next == Code::Two(u16::MAX)
    }
}

/// The name of the table that leads from codes to glyphs.
pub const GLYPH_MAP: &str = "Chancery-H";

/// Writes the table that leads from codes to glyphs (a CMap). It is the same
/// for all fonts.
pub fn glyph_map() -> Vec<u8> {
    table(GLYPH_MAP, "/CMapType 1 def /WMode 0 def", "Identity", "cidrange", &RANGES, |out, (first, last)| {
        first.push_hex(out);
        last.push_hex(out);
        *out += &format!(" {}", first.number());
    })
}

/// Writes the table that leads from codes to text (ToUnicode).
pub fn text_map<'a>(codes: impl Iterator<Item = (Code, &'a str)>) -> Vec<u8> {
    let entries: Vec<(Code, &str)> = codes.collect();
    table("Adobe-Identity-UCS", "/CMapType 2 def", "UCS", "bfchar", &entries, |out, (code, text)| {
        code.push_hex(out);
        out.push('<');
        text.encode_utf16().for_each(|unit| push_digits(out, unit, 4));
        out.push('>');
    })
}

/// The codes there are.
const RANGES: [(Code, Code); 3] = [
    (Code::One(b' '), Code::One(b'~')),
    (Code::One(OTHERS), Code::One(PAIRS - 1)),
    (Code::Two((PAIRS as u16) << 8), Code::Two(u16::MAX)),
];

fn table<T>(
    name: &str,
    kind: &str,
    ordering: &str,
    section: &str,
    entries: &[T],
    push: impl Fn(&mut String, &T),
) -> Vec<u8> {
    let mut spaces = String::new();
    for (first, last) in RANGES {
        first.push_hex(&mut spaces);
        last.push_hex(&mut spaces);
        spaces.push('\n');
    }
    let mut out = format!(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >> def\n\
         /CMapName /{name} def {kind}\n{} begincodespacerange\n{spaces}endcodespacerange\n",
        RANGES.len()
    );
    for some in entries.chunks(ENTRIES) {
        out += &format!("{} begin{section}\n", some.len());
        for entry in some {
            push(&mut out, entry);
            out.push('\n');
        }
        out += &format!("end{section}\n");
    }
    out += "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{Code, Codes};
    use std::collections::BTreeSet;

    #[test]
    fn ascii_is_its_own_code() {
        let mut codes = Codes::default();
        let given = [" ", "A", "A", "ffi"].map(|text| codes.give(text));
        assert_eq!(given, [Code::SPACE, Code::One(b'A'), Code::One(0x80), Code::One(0x81)]);
    }

    #[test]
    fn no_code_is_given_twice() {
        let mut codes = Codes::default();
        let mut given = BTreeSet::new();
        while !codes.is_exhausted() {
            assert!(given.insert(codes.give("é")));
        }
        assert_eq!(given.len(), 64 + 0x4000 - 1);
        assert!(given.iter().all(|code| match code {
            Code::One(byte) => (0x80..0xC0).contains(byte),
            Code::Two(pair) => *pair >= 0xC000,
        }));
    }
}
