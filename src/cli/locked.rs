//! `--locked`: are the editions on the disk those that the sources make?

use super::output::Output;
use crate::diagnostic::{Code, Diagnostic};

/// Compares one file of the output folder with what it should hold; `None`
/// where they agree.
pub fn compare(output: &Output, path: &str, wanted: &[u8]) -> Option<Diagnostic> {
    let hint = "run `chancery build`";
    match output.read(path) {
        Ok(present) => (present != wanted).then(|| stale(difference(&present, wanted), hint)),
        Err(denied) if denied.is_absent() => Some(stale("the edition is missing".to_owned(), hint)),
        Err(denied) => Some(stale(format!("the edition cannot be read: {denied}"), "remove what is in its place")),
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
            let (present, wanted) = (quoted(present), quoted(wanted));
            format!("the edition is stale: line {number} is {present}, the source makes it {wanted}")
        }
        None => {
            let offset = present.iter().zip(wanted).take_while(|(left, right)| left == right).count();
            let (here, there) = (present.len(), wanted.len());
            format!(
                "the edition is stale: byte {offset} is the first to differ ({here} bytes here, {there} from the source)"
            )
        }
    }
}

/// A line between quotation marks, cut where it is long.
fn quoted(line: Option<&str>) -> String {
    line.map_or("nothing".to_owned(), |line| format!("\u{201c}{}\u{201d}", shortened(line)))
}

fn shortened(line: &str) -> String {
    const SHOWN: usize = 60;
    if line.chars().count() <= SHOWN {
        return line.to_owned();
    }
    line.chars().take(SHOWN).chain(['\u{2026}']).collect()
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_difference_is_named() {
        assert_eq!(
            difference(b"a\nb\nc\n", b"a\nB\nc\n"),
            "the edition is stale: line 2 is \u{201c}b\u{201d}, the source makes it \u{201c}B\u{201d}"
        );
        assert_eq!(
            difference(b"a\n", b"a\nb\n"),
            "the edition is stale: line 2 is nothing, the source makes it \u{201c}b\u{201d}"
        );
        assert_eq!(
            difference(b"\xff\xffa", b"\xff\xffbc"),
            "the edition is stale: byte 2 is the first to differ (3 bytes here, 4 from the source)"
        );
    }
}
