//! Addresses that CommonMark does not take for such, and that were meant: with spaces in
//! them (`![Map](my map.png)`), or with the size of a picture (`![Map](map.png =300x)`).

/// Addresses are no longer than this, in bytes.
const LONGEST: usize = 1000;

/// An address in parentheses.
#[derive(Debug, PartialEq, Eq)]
pub struct Address {
    pub path: String,
    pub title: String,
    /// Size of a picture, if it is written.
    pub size: Size,
    /// The bytes of the whole, with its parentheses.
    pub length: usize,
}

/// The sides of a picture as they are written, where they are.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub width: Option<String>,
    pub height: Option<String>,
}

/// Reads the text after the brackets of a picture or a link.
pub fn read(rest: &str, is_picture: bool) -> Option<Address> {
    let inside = rest.strip_prefix('(')?;
    let inside = inside.get(..closing(inside)?)?;
    let length = "()".len() + inside.len();
    let (rest, title) = titled(inside.trim());
    let (rest, size) = if is_picture { sized(rest) } else { (rest, None) };
    let path = rest.trim();
    let is_split = path.contains(' ');
    if path.is_empty() || path.contains(['<', '>', '"', '\t', '{', '}']) || (!is_split && size.is_none()) {
        return None;
    }
    // Words in parentheses may follow brackets in any text.
    let is_path = is_picture || !(path.contains(". ") || path.contains(", "));
    if is_split && !(is_path && has_ending(path)) {
        return None;
    }
    Some(Address { path: unescaped(path), title: title.to_owned(), size: size.unwrap_or_default(), length })
}

/// Where the parenthesis closes on the same line.
fn closing(inside: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, letter) in inside.char_indices().take_while(|(at, _)| *at < LONGEST) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' | '\r' => return None,
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A title in quotation marks at the end.
fn titled(inside: &str) -> (&str, &str) {
    let title = inside.strip_suffix('"').and_then(|rest| rest.split_once(" \""));
    title.filter(|(_, title)| !title.contains('"')).unwrap_or((inside, ""))
}

/// `=300x200`, `=300x` or `=x200` at the end.
fn sized(inside: &str) -> (&str, Option<Size>) {
    let found = inside.rsplit_once(" =").and_then(|(before, written)| Some((before, size(written)?)));
    found.map_or((inside, None), |(before, size)| (before, Some(size)))
}

/// `300x200`, `300x`, `x200` or `300`.
fn size(written: &str) -> Option<Size> {
    let (width, height) = written.split_once('x').unwrap_or((written, ""));
    let size = Size { width: side(width)?, height: side(height)? };
    (size.width.is_some() || size.height.is_some()).then_some(size)
}

/// Reads one side of a picture's size, which may be left open.
fn side(written: &str) -> Option<Option<String>> {
    let digits = written.strip_suffix('%').unwrap_or(written);
    match written {
        "" | "*" => Some(None),
        _ if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(Some(written.to_owned())),
        _ => None,
    }
}

/// The words of a picture and the size after them, as in `Map|300` or `Map|300x200`.
pub fn sized_words(words: &str) -> Option<(&str, Size)> {
    let (before, written) = words.rsplit_once('|')?;
    let size = size(written.trim()).filter(|size| size.width.is_some())?;
    Some((before.trim_end(), size))
}

/// Whether a path has the ending of a picture.
pub fn is_picture(path: &str) -> bool {
    const ENDINGS: [&str; 6] = ["png", "jpg", "jpeg", "gif", "svg", "webp"];
    let ending = path.rsplit_once('.').filter(|(name, _)| !name.is_empty()).map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) && !path.contains(['[', ']', '\n'])
}

/// Whether a path ends in a name with an ending.
fn has_ending(path: &str) -> bool {
    const ENDING: std::ops::RangeInclusive<usize> = 2..=8;
    let place = path.split(['#', '?']).next().unwrap_or_default();
    let ending = place.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    ENDING.contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// An address without the backslashes before its punctuation (CommonMark 0.31.2, 2.4).
fn unescaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut letters = path.chars().peekable();
    while let Some(letter) = letters.next() {
        match letters.peek() {
            Some(next) if letter == '\\' && next.is_ascii_punctuation() => {}
            _ => out.push(letter),
        }
        if letter == '\\' && letters.peek().is_some_and(char::is_ascii_punctuation) {
            out.extend(letters.next());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Address, Size, read, sized_words};

    fn size(width: &str, height: &str) -> Size {
        let side = |written: &str| (!written.is_empty()).then(|| written.to_owned());
        Size { width: side(width), height: side(height) }
    }

    fn address(path: &str, title: &str, size: Size, length: usize) -> Option<Address> {
        Some(Address { path: path.to_owned(), title: title.to_owned(), size, length })
    }

    #[test]
    fn addresses_are_told_from_words_in_parentheses() {
        assert_eq!(read("(my map.png) and", true), address("my map.png", "", Size::default(), 12));
        assert_eq!(read("(a b (c).png \"T\")", true), address("a b (c).png", "T", Size::default(), 17));
        assert_eq!(read("(a.png =300x)", true), address("a.png", "", size("300", ""), 13));
        assert_eq!(read("(a b.png =50%x20)", true), address("a b.png", "", size("50%", "20"), 17));
        assert_eq!(
            read("(my\\_own file.pdf#page=2)", false),
            address("my_own file.pdf#page=2", "", Size::default(), 25)
        );
        for words in
            ["(see the note)", "(cf. a.pdf)", "(a, b.pdf)", "(a.png =x)", "(a.png)", "(a b.png", "(a\nb.png)", "()"]
        {
            assert_eq!(read(words, false), None, "{words}");
        }
        assert_eq!(read("(a.png =3x2)", false), None);
        assert_eq!(sized_words("A map|300x200"), Some(("A map", size("300", "200"))));
        assert_eq!(sized_words("one|other"), None);
    }
}
