//! An upper bound of the markup in a text, counted before parsing.

/// Bytes that are looked at together: few enough that a byte counts what is in them, and a processor
/// looks at many of them at a time.
const AT_ONCE: usize = 64;

/// Whether a text may have more signs than a number: a count that is never too small and much
/// quicker than [`signs`].
pub fn may_have_more_than(text: &str, number: usize) -> bool {
    let is_line = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let is_sign = |byte: &u8| {
        matches!(byte, b'*' | b'_' | b'~' | b'^' | b'[' | b'<' | b'>' | b'&' | b'`' | b'$' | b'|' | b'@' | b'\\')
            || matches!(byte, b':' | b'{' | b'=' | b'-' | b'+' | b'.' | b')' | b'w')
    };
    let count = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(is_sign(byte)) + u8::from(is_line(byte))).sum::<u8>();
    1 + text.as_bytes().chunks(AT_ONCE).map(|bytes| usize::from(count(bytes))).sum::<usize>() > number
}

/// How many `#` a text has.
pub fn hashes(text: &str) -> usize {
    let count = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(*byte == b'#')).sum::<u8>();
    text.as_bytes().chunks(AT_ONCE).map(|bytes| usize::from(count(bytes))).sum()
}

/// Byte offsets of all lines with words in them, and of all signs that may begin
/// or part something: every block and inline that the Markdown parser makes has
/// one of its own, but for a handful.
pub fn signs(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let mut before = b'\n';
    let mut is_blank = true;
    bytes.iter().enumerate().filter_map(move |(at, &byte)| {
        let next = bytes.get(at + 1).copied().unwrap_or(b'\n');
        let is_start = is_blank && !byte.is_ascii_whitespace();
        is_blank = matches!(byte, b'\n' | b'\r') || is_blank && !is_start;
        let counts = match byte {
            b'*' | b'_' | b'~' | b'^' | b'[' | b'<' | b'>' | b'&' | b'`' | b'$' | b'|' | b'@' | b'\\' | b':' | b'{' => {
                true
            }
            b'=' => next == b'=' && before != b'=',
            b'-' | b'+' => next.is_ascii_whitespace(),
            b'.' | b')' => before.is_ascii_digit() && next.is_ascii_whitespace(),
            b'w' => bytes.get(at..at + 4) == Some(b"www."),
            _ => false,
        };
        before = byte;
        (counts || is_start).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::signs;

    #[test]
    fn what_may_be_markup_is_counted() {
        let count = |text: &str| signs(text).count();
        assert_eq!(count("Words, and more words.\n\nAgain - words.\n"), 3);
        assert_eq!(count("- a\n- b\n\n1. c\n  > d\n"), 5);
        assert_eq!(count("*a* `b` [c](d) www.example.org"), 6);
        assert_eq!(count("\n \n\t\n"), 0);
    }
}
