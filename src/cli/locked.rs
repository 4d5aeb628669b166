//! `--locked`: are the editions on the disk those that the sources make?

use super::failure::Failure;
use crate::diagnostic::{Code, Diagnostic};
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Compares one file with what it should hold; `None` where they agree.
pub fn compare(path: &Path, wanted: &[u8]) -> Result<Option<Diagnostic>, Failure> {
    let present = match fs::read(path) {
        Ok(present) => present,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Some(stale("the edition is missing".to_owned(), "run `chancery build`")));
        }
        Err(error) => return Err(Failure::io("read", path, &error)),
    };
    Ok((present != wanted).then(|| stale(difference(&present, wanted), "run `chancery build`")))
}

/// Files under the output folder that no source makes.
pub fn left_over(out: &Path, wanted: &BTreeSet<String>) -> Result<Vec<(String, Diagnostic)>, Failure> {
    let mut found = Vec::new();
    walk(out, "", &mut found)?;
    let problem = || stale("no source makes this file".to_owned(), "remove it, or bring its source back");
    Ok(found.into_iter().filter(|path| !wanted.contains(path)).map(|path| (path, problem())).collect())
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) -> Result<(), Failure> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::io("read", folder, &error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::io("read", folder, &error))?;
        paths.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    paths.sort();
    for (name, path) in paths {
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            walk(&path, &format!("{prefix}{name}/"), found)?;
        } else {
            found.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

fn stale(message: String, hint: &str) -> Diagnostic {
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
