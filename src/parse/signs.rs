//! What a text has of markup at most, counted before anything is parsed.

/// Whether a text may have more signs than a number: a count that is never too small and much
/// quicker than [`signs`].
pub fn may_have_more_than(text: &str, number: usize) -> bool {
    let is_line = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let is_sign = |byte: &u8| {
        matches!(byte, b'*' | b'_' | b'~' | b'^' | b'[' | b'<' | b'>' | b'&' | b'`' | b'$' | b'|' | b'@' | b'\\')
            || matches!(byte, b':' | b'{' | b'=' | b'-' | b'+' | b'.' | b')' | b'w')
    };
    1 + count(text, |byte| u8::from(is_sign(byte)) + u8::from(is_line(byte))) > number
}

/// What the bytes of a text count for, each at most 2.
pub fn count(text: &str, counts: impl Fn(&u8) -> u8) -> usize {
    // Few enough at once that a byte counts them, and a processor many of them at a time.
    const AT_ONCE: usize = 64;
    let chunks = text.as_bytes().chunks(AT_ONCE);
    chunks.map(|bytes| usize::from(bytes.iter().map(&counts).sum::<u8>())).sum()
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
