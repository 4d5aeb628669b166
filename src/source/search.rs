//! Looking through texts for bytes that are rare in them.

/// The position of the first byte that matches. Many bytes are tested at once (vectorised), if the
/// predicate is made of comparisons joined by `|` and `&`.
#[inline]
pub fn find_byte(text: impl AsRef<[u8]>, is: &impl Fn(u8) -> bool) -> Option<usize> {
    find(text.as_ref(), |bytes| bytes.iter().fold(false, |found, byte| found | is(*byte)), is)
}

/// The place of the first byte that is one of some. Those that are no ASCII may be a part
/// of a character.
#[inline]
pub fn find_any<const SOME: usize>(text: impl AsRef<[u8]>, some: [u8; SOME]) -> Option<usize> {
    let holds = |bytes: &[u8], one: u8| bytes.iter().fold(false, |found, byte| found | (*byte == one));
    let holds_one = |bytes: &[u8]| some.iter().fold(false, |found, one| found | holds(bytes, *one));
    find(text.as_ref(), holds_one, |byte| some.contains(&byte))
}

/// The place of the first byte of a kind, where it is known whether a part holds one.
#[inline]
fn find(bytes: &[u8], holds_one: impl Fn(&[u8]) -> bool, is: impl Fn(u8) -> bool) -> Option<usize> {
    const AT_ONCE: usize = 32;
    let start = bytes.chunks_exact(AT_ONCE).position(holds_one).unwrap_or(bytes.len() / AT_ONCE) * AT_ONCE;
    Some(start + bytes.iter().skip(start).position(|byte| is(*byte))?)
}

/// The places of all bytes of a kind.
pub fn places<'t>(
    text: &'t (impl AsRef<[u8]> + ?Sized),
    is: impl Fn(u8) -> bool + 't,
) -> impl Iterator<Item = usize> + 't {
    let bytes = text.as_ref();
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = at + find_byte(bytes.get(at..)?, &is)?;
        at = found + 1;
        Some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::{find_any, places};

    #[test]
    fn the_first_of_some_bytes_is_found_wherever_it_stands() {
        for before in 0..100 {
            let text = format!("{}:é@{}", "a".repeat(before), "b:".repeat(before));
            assert_eq!(find_any(&text, *b"@:"), Some(before));
            assert_eq!(find_any(&text, *b"@"), Some(before + ":é".len()));
            assert_eq!(find_any(&text, *b"#%"), None);
        }
    }

    #[test]
    fn places_of_bytes() {
        let text = format!("1{}2é3", "é".repeat(40));
        assert_eq!(places(&text, |byte| byte.is_ascii_digit()).collect::<Vec<_>>(), [0, 81, 84]);
        assert_eq!(places("", |_| true).count(), 0);
    }
}
