//! `--locked`: are the editions on the disk those that the sources make?

use super::output::Output;
use super::produce::Edition;
use crate::diagnostic::{Code, Diagnostic};
use crate::format::Format;
use crate::source::hash::sha256;

/// How an edition on the disk is not the one that its source makes.
pub struct Difference {
    pub format: Format,
    /// Path under the output folder.
    pub path: String,
    kind: Kind,
}

enum Kind {
    Missing,
    /// It cannot be read, with the reason.
    Unreadable(String),
    /// It is an unchanged older edition, with the first difference from the current one.
    Stale(String),
    /// It was changed after the build, with the first difference.
    Changed(String),
}

/// Compares an edition with the expected one; `None` if they are equal. `made` is its hash when it
/// was made, if known.
pub fn compare(output: &Output, edition: &Edition, made: Option<&str>) -> Option<Difference> {
    let kind = match output.read(&edition.path) {
        Ok(present) if present == *edition.bytes => return None,
        Ok(present) => {
            let words = difference(&present, &edition.bytes);
            if made.is_some_and(|made| made != sha256(&present)) { Kind::Changed(words) } else { Kind::Stale(words) }
        }
        Err(denied) if denied.is_absent() => Kind::Missing,
        Err(denied) => Kind::Unreadable(denied.to_string()),
    };
    Some(Difference { format: edition.format, path: edition.path.clone(), kind })
}

/// Compares a file beside the editions with what it should hold.
pub fn compare_beside(output: &Output, path: &str, wanted: &[u8]) -> Option<Diagnostic> {
    match output.read(path) {
        Ok(present) if present == wanted => None,
        Ok(present) => Some(stale(format!("the file is stale: {}", difference(&present, wanted)), BUILD)),
        Err(denied) if denied.is_absent() => Some(stale("the file is missing".to_owned(), BUILD)),
        Err(denied) => Some(stale(format!("the file cannot be read: {denied}"), IN_THE_WAY)),
    }
}

const IN_THE_WAY: &str = "remove what is in its place";
const BUILD: &str = "run the same command without `--locked`";

/// The differences of one document's editions, each cause once: a change of the source is
/// in all of them, and is shown in the one that shows it best.
/// `shown` names an edition as the user knows it.
pub fn told(mut differences: Vec<Difference>, shown: impl Fn(&str) -> String) -> Vec<(String, Diagnostic)> {
    differences.sort_by_key(|difference| readable(difference.format));
    let mut told = Vec::new();
    let (mut missing, mut stale_ones) = (Vec::new(), Vec::new());
    for difference in differences {
        match difference.kind {
            Kind::Missing => missing.push(difference.path),
            Kind::Unreadable(why) => {
                told.push((difference.path, stale(format!("the edition cannot be read: {why}"), IN_THE_WAY)));
            }
            Kind::Stale(words) => stale_ones.push((difference.path, words)),
            Kind::Changed(words) => {
                let message = format!("the edition was changed after it was made: {words}");
                told.push((difference.path, stale(message, BUILD)));
            }
        }
    }
    if let [first, others @ ..] = missing.as_slice() {
        let message = format!("the edition is missing{}", and(others, &shown));
        told.push((first.clone(), stale(message, BUILD)));
    }
    if let [(first, words), others @ ..] = stale_ones.as_slice() {
        let others: Vec<String> = others.iter().map(|(path, _)| path.clone()).collect();
        let message = format!("the edition is stale{}: {words}", and(&others, &shown));
        told.push((first.clone(), stale(message, BUILD)));
    }
    told.sort_by(|(one, _), (other, _)| one.cmp(other));
    told
}

/// The others that share a message.
fn and(others: &[String], shown: &impl Fn(&str) -> String) -> String {
    let others: Vec<String> = others.iter().map(|path| shown(path)).collect();
    if others.is_empty() { String::new() } else { format!(", and so are {}", others.join(", ")) }
}

/// Formats by how well a difference in them can be read, best first.
const fn readable(format: Format) -> u8 {
    match format {
        Format::Text => 0,
        Format::Brief => 1,
        Format::Html => 2,
        Format::Docbook => 3,
        Format::Pandoc => 4,
        Format::Docx => 5,
        Format::Pdf => 6,
        Format::Epub => 7,
    }
}

/// An edition that is not what it should be.
pub fn stale(message: String, hint: &str) -> Diagnostic {
    Diagnostic::without_place(Code::StaleEdition, message).hint(hint)
}

/// Where two files part: a line of text, a byte of anything else.
fn difference(present: &[u8], wanted: &[u8]) -> String {
    let texts = std::str::from_utf8(present).ok().zip(std::str::from_utf8(wanted).ok());
    let lines = texts.and_then(|(present, wanted)| {
        let same = present.lines().zip(wanted.lines()).take_while(|(left, right)| left == right).count();
        let (present, wanted) = (present.lines().nth(same), wanted.lines().nth(same));
        (present != wanted).then_some((same + 1, present, wanted))
    });
    match lines {
        Some((number, present, wanted)) => {
            let same = common(present.unwrap_or_default(), wanted.unwrap_or_default());
            let (present, wanted) = (quoted(present, same), quoted(wanted, same));
            format!("line {number} is {present}, the source makes it {wanted}")
        }
        None => {
            let offset = present.iter().zip(wanted).take_while(|(left, right)| left == right).count();
            let (here, there) = (present.len(), wanted.len());
            format!("byte {offset} is the first to differ ({here} bytes here, {there} from the source)")
        }
    }
}

/// How many characters two lines start with alike.
fn common(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
}

/// A line between quotation marks, of a long one the part round the character at which
/// it differs.
fn quoted(line: Option<&str>, differs: usize) -> String {
    const BEFORE: usize = 20;
    const SHOWN: usize = 60;
    const ELLIPSIS: char = '\u{2026}';
    let Some(line) = line else { return "nothing".to_owned() };
    let start = if line.chars().count() > SHOWN { differs.saturating_sub(BEFORE) } else { 0 };
    let rest = line.chars().skip(start);
    let mut shown: String = if start > 0 { ELLIPSIS.to_string() } else { String::new() };
    shown.extend(rest.clone().take(SHOWN));
    if rest.count() > SHOWN {
        shown.push(ELLIPSIS);
    }
    format!("\u{201c}{shown}\u{201d}")
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_difference_is_named() {
        assert_eq!(
            difference(b"a\nb\nc\n", b"a\nB\nc\n"),
            "line 2 is \u{201c}b\u{201d}, the source makes it \u{201c}B\u{201d}"
        );
        assert_eq!(difference(b"a\n", b"a\nb\n"), "line 2 is nothing, the source makes it \u{201c}b\u{201d}");
        assert_eq!(
            difference(b"\xff\xffa", b"\xff\xffbc"),
            "byte 2 is the first to differ (3 bytes here, 4 from the source)"
        );
    }

    #[test]
    fn of_a_long_line_the_part_that_differs_is_shown() {
        let line = |word: &str| format!("{}{word}{}\n", "a ".repeat(100), " b".repeat(100));
        let words = difference(line("risks").as_bytes(), line("chances").as_bytes());
        assert!(words.contains("risks b b") && words.contains("chances b b"), "{words}");
        assert!(words.len() < 300, "{words}");
    }
}
