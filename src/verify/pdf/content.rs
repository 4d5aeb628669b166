//! Content streams as their operators and operands, and the objects of object streams
//! (ISO 32000-1, 7.2, 7.3, 7.5.7 and 7.8.2), read as slices of the stream.

use super::object::{Dictionary, Object};
use std::borrow::Cow;

/// Arrays and dictionaries nest no deeper in our files.
const DEEPEST: usize = 16;

/// Hands each operator with its operands to `each`, in order. `None` if the stream is damaged or
/// contains an inline image, which our files never have. Operators before that position were passed
/// on.
pub fn read<'a>(content: &'a [u8], mut each: impl FnMut(&'a str, &[Object<'a>])) -> Option<()> {
    let mut lexer = Lexer { rest: content, references: false };
    let mut operands = Vec::new();
    loop {
        lexer.skip_space();
        match lexer.rest.first() {
            None => return operands.is_empty().then_some(()),
            Some(byte) if begins_operand(*byte) => operands.push(lexer.operand(0)?),
            Some(_) => match lexer.keyword()? {
                "BI" | "ID" | "EI" => return None,
                word => match constant(word) {
                    Some(operand) => operands.push(operand),
                    None => {
                        each(word, &operands);
                        operands.clear();
                    }
                },
            },
        }
    }
}

/// The object at the start of a slice of an object stream; `None` where it is damaged.
pub fn object(bytes: &[u8]) -> Option<Object<'_>> {
    let mut lexer = Lexer { rest: bytes, references: true };
    lexer.skip_space();
    lexer.operand(0)
}

/// Powers of ten.
const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The rest of a stream.
struct Lexer<'a> {
    rest: &'a [u8],
    /// Whether there may be references.
    references: bool,
}

impl<'a> Lexer<'a> {
    /// Skips white space and comments.
    fn skip_space(&mut self) {
        loop {
            let space = self.rest.iter().take_while(|byte| is_space(**byte)).count();
            self.skip(space);
            if self.rest.first() != Some(&b'%') {
                return;
            }
            let comment = self.rest.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count();
            self.skip(comment);
        }
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    /// Takes bytes from the front.
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    /// Takes the characters before the next white space or delimiter.
    fn regular(&mut self) -> &'a [u8] {
        self.take(self.rest.iter().take_while(|byte| !is_space(**byte) && !is_delimiter(**byte)).count())
    }

    fn keyword(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.regular()).ok().filter(|word| !word.is_empty())
    }

    fn operand(&mut self, depth: usize) -> Option<Object<'a>> {
        if depth > DEEPEST {
            return None;
        }
        match self.rest {
            [b'/', ..] => Some(Object::Name(self.name()?)),
            [b'(', ..] => Some(Object::String(self.literal()?)),
            [b'<', b'<', ..] => self.dictionary(depth),
            [b'<', ..] => Some(Object::String(Cow::Owned(self.hexadecimal()?))),
            [b'[', ..] => self.array(depth),
            [byte, ..] if begins_operand(*byte) => {
                let number = Object::Number(number(self.regular())?);
                Some(self.reference(&number).unwrap_or(number))
            }
            _ => constant(self.keyword()?),
        }
    }

    /// The reference that starts with a number, where one does (7.3.10).
    fn reference(&mut self, number: &Object) -> Option<Object<'a>> {
        let number = number.integer().filter(|_| self.references)?;
        let mut ahead = Lexer { ..*self };
        ahead.skip_space();
        let generation: u16 = std::str::from_utf8(ahead.regular()).ok()?.parse().ok()?;
        ahead.skip_space();
        if ahead.regular() != b"R" {
            return None;
        }
        let number = u32::try_from(number).ok()?;
        *self = ahead;
        Some(Object::Reference((number, generation)))
    }

    fn array(&mut self, depth: usize) -> Option<Object<'a>> {
        self.skip(1);
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.rest.first()? == &b']' {
                self.skip(1);
                return Some(Object::Array(items));
            }
            items.push(self.operand(depth + 1)?);
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Object<'a>> {
        self.skip(2);
        let mut entries = Vec::new();
        loop {
            self.skip_space();
            if self.rest.starts_with(b">>") {
                self.skip(2);
                return Some(Object::Dictionary(Dictionary(entries)));
            }
            if self.rest.first()? != &b'/' {
                return None;
            }
            let name = self.name()?;
            self.skip_space();
            entries.push((name, self.operand(depth + 1)?));
        }
    }

    /// A name without its stroke; `#` and two digits stand for a byte (7.3.5).
    fn name(&mut self) -> Option<Cow<'a, [u8]>> {
        self.skip(1);
        let written = self.regular();
        if !written.contains(&b'#') {
            return Some(Cow::Borrowed(written));
        }
        let mut name = Vec::new();
        let mut rest = written;
        loop {
            rest = match rest {
                [] => return Some(Cow::Owned(name)),
                [b'#', high, low, behind @ ..] => {
                    name.push(digit(*high)? << 4 | digit(*low)?);
                    behind
                }
                [byte, behind @ ..] => {
                    name.push(*byte);
                    behind
                }
            };
        }
    }

    /// A string in parentheses (7.3.4.2).
    fn literal(&mut self) -> Option<Cow<'a, [u8]>> {
        self.skip(1);
        let plain = self.rest.iter().take_while(|byte| !matches!(byte, b'(' | b')' | b'\\' | b'\r')).count();
        let start = self.take(plain);
        if self.rest.first() == Some(&b')') {
            self.skip(1);
            return Some(Cow::Borrowed(start));
        }
        let mut bytes = start.to_vec();
        let mut open = 1_usize;
        loop {
            match *self.take(1).first()? {
                b'\\' => self.escape(&mut bytes)?,
                b'\r' => {
                    self.skip(usize::from(self.rest.first() == Some(&b'\n')));
                    bytes.push(b'\n');
                }
                b')' if open == 1 => return Some(Cow::Owned(bytes)),
                byte => {
                    open += usize::from(byte == b'(');
                    open -= usize::from(byte == b')');
                    bytes.push(byte);
                }
            }
        }
    }

    /// Reads the escape after a backslash (7.3.4.2, table 3).
    fn escape(&mut self, bytes: &mut Vec<u8>) -> Option<()> {
        match *self.take(1).first()? {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b'\n' => {}
            b'\r' => self.skip(usize::from(self.rest.first() == Some(&b'\n'))),
            first @ b'0'..=b'7' => {
                let more = self.rest.iter().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                let code = self.take(more).iter().fold(first - b'0', |code, byte| code << 3 | (byte - b'0'));
                bytes.push(code);
            }
            other => bytes.push(other),
        }
        Some(())
    }

    /// A string of hexadecimal digits (7.3.4.3).
    fn hexadecimal(&mut self) -> Option<Vec<u8>> {
        self.skip(1);
        let length = self.rest.iter().position(|byte| *byte == b'>')?;
        let written = self.take(length);
        self.skip(1);
        let mut bytes = Vec::with_capacity(length / 2);
        let mut high = None;
        for byte in written.iter().filter(|byte| !is_space(**byte)) {
            let digit = digit(*byte)?;
            match high.take() {
                Some(high) => bytes.push(high << 4 | digit),
                None => high = Some(digit),
            }
        }
        bytes.extend(high.map(|high| high << 4));
        Some(bytes)
    }
}

/// The value that a keyword stands for.
fn constant<'a>(word: &str) -> Option<Object<'a>> {
    match word {
        "true" => Some(Object::Boolean(true)),
        "false" => Some(Object::Boolean(false)),
        "null" => Some(Object::Null),
        _ => None,
    }
}

/// White space (7.2.2, table 1).
fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

/// Delimiters (7.2.2, table 2).
fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn begins_operand(byte: u8) -> bool {
    matches!(byte, b'/' | b'(' | b'<' | b'[' | b'+' | b'-' | b'.' | b'0'..=b'9')
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A number without an exponent (7.3.3).
fn number(written: &[u8]) -> Option<f64> {
    /// Numbers of so few digits, and powers of ten up to them, are exact, and so is their quotient
    /// as far as it can be.
    const EXACT_DIGITS: usize = 15;
    let (sign, unsigned) = match written {
        [b'-', unsigned @ ..] => (-1.0, unsigned),
        [b'+', unsigned @ ..] => (1.0, unsigned),
        unsigned => (1.0, unsigned),
    };
    let (mut digits, mut count) = (0_u64, 0);
    let mut point = None;
    for byte in unsigned {
        match byte {
            b'0'..=b'9' => {
                digits = digits.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                count += 1;
            }
            b'.' if point.is_none() => point = Some(count),
            _ => return None,
        }
    }
    match count {
        0 => None,
        1..=EXACT_DIGITS => {
            let decimals = point.map_or(0, |point| count - point);
            Some(sign * digits as f64 / POWERS.get(decimals)?)
        }
        _ => std::str::from_utf8(written).ok()?.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::{object, read};

    /// The operators of a stream, each after its operands.
    fn operations(content: &str) -> Option<Vec<String>> {
        let mut found = Vec::new();
        read(content.as_bytes(), |operator, operands| {
            let operands: Vec<String> = operands.iter().map(|operand| format!("{operand:?}")).collect();
            found.push(format!("{} {operator}", operands.join(" ")));
        })?;
        Some(found)
    }

    #[test]
    fn operators_have_their_operands() {
        let found = operations("q 1 0 0 -.5 +2. 10 cm % a comment\n/F1 9.5 Tf ET f*").unwrap();
        let wanted = [
            " q",
            "Number(1.0) Number(0.0) Number(0.0) Number(-0.5) Number(2.0) Number(10.0) cm",
            "Name([70, 49]) Number(9.5) Tf",
            " ET",
            " f*",
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn strings_are_the_bytes_they_stand_for() {
        for (written, bytes) in [
            ("(ab)", "ab"),
            ("(a(b)c)", "a(b)c"),
            (r"(\(\)\\\n\101\1012)", "()\\\nAA2"),
            ("(a\\\nb\r\nc)", "ab\nc"),
            ("<41 4>", "A@"),
            ("<>", ""),
        ] {
            let mut strings = Vec::new();
            let all = read(format!("[{written} -20] TJ").as_bytes(), |_, operands| {
                strings.extend(operands.iter().flat_map(|operand| operand.strings().map(<[u8]>::to_vec)));
            });
            assert_eq!((all, strings), (Some(()), vec![bytes.as_bytes().to_vec()]), "{written}");
        }
    }

    #[test]
    fn properties_are_found_by_their_names() {
        let mut id = None;
        let all = read(b"/Span<</Lang(de)/MC#49D 7/On true>>BDC EMC", |operator, operands| {
            if operator == "BDC" {
                id = operands.get(1).and_then(|properties| properties.dictionary()?.integer(b"MCID"));
            }
        });
        assert_eq!((all, id), (Some(()), Some(7)));
    }

    #[test]
    fn objects_refer_to_others() {
        let found = object(b" <</K[1 0 R 2 3 12 7 R]/N null/P(a\\)b)/W -1.5>>").unwrap();
        assert_eq!(
            format!("{found:?}"),
            "Dictionary(Dictionary([([75], Array([Reference((1, 0)), Number(2.0), Number(3.0), Reference((12, 7))])), \
            ([78], Null), ([80], String([97, 41, 98])), ([87], Number(-1.5))]))"
        );
        assert!(object(b"<</K[1 0 R>>").is_none());
    }

    #[test]
    fn damage_is_told() {
        let deep = format!("{} TJ", "[".repeat(100_000));
        let damaged =
            ["(a", "<4", "<4x> Tj", "[1", "<</A 1", "<</A>> BDC", "1 2", ") Tj", "1e5 w", "--1 w", "BI 1 ID", &deep];
        for content in damaged {
            assert_eq!(operations(content), None, "{}", content.get(..20).unwrap_or(content));
        }
    }
}
