//! Makes a document that fails smaller, as long as it fails in the same way
//! (delta debugging, Zeller and Hildebrandt 2002: parts are left out, first
//! large ones, then small ones).

/// The smallest document found in at most `budget` trials.
pub fn reduced(document: &[u8], budget: usize, fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut left = budget;
    let lines: Vec<&[u8]> = document.split_inclusive(|byte| *byte == b'\n').collect();
    let lines = without_what_can_go(lines, &mut left, &fails);
    let rest = lines.concat();
    match std::str::from_utf8(&rest) {
        Ok(text) => {
            let characters: Vec<&[u8]> = text.split_inclusive(char::is_whitespace).map(str::as_bytes).collect();
            let words = without_what_can_go(characters, &mut left, &fails).concat();
            let text = String::from_utf8_lossy(&words).into_owned();
            let signs: Vec<&[u8]> =
                text.char_indices().filter_map(|(at, sign)| text.as_bytes().get(at..at + sign.len_utf8())).collect();
            without_what_can_go(signs, &mut left, &fails).concat()
        }
        Err(_) => rest,
    }
}

fn without_what_can_go<'a>(
    mut parts: Vec<&'a [u8]>,
    left: &mut usize,
    fails: &impl Fn(&[u8]) -> bool,
) -> Vec<&'a [u8]> {
    let mut size = parts.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        while at < parts.len() && *left > 0 {
            let end = (at + size).min(parts.len());
            let fewer: Vec<&[u8]> = parts[..at].iter().chain(&parts[end..]).copied().collect();
            *left -= 1;
            if fails(&fewer.concat()) {
                parts = fewer;
            } else {
                at = end;
            }
        }
        if size == 1 || *left == 0 {
            return parts;
        }
        size = size.div_ceil(2);
    }
}

#[test]
fn what_has_no_part_in_a_failure_goes() {
    let fails = |document: &[u8]| document.windows(3).any(|part| part == b"bad");
    assert_eq!(reduced(b"one\ntwo a bad word\nthree\n", 100, fails), b"bad");
}
