//! The lines that differ between two texts, as a unified diff (POSIX.1-2017, diff, "Diff -u
//! Output Format").

use std::fmt::Write;
use std::ops::Range;

/// Lines shown before and after what differs.
const CONTEXT: usize = 3;
/// Lines on one side of a difference that are compared each with each; beyond, all of them
/// differ.
const COMPARED: usize = 2_000;

/// The diff of two texts of a file, empty where they are the same.
pub fn diff(path: &str, old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (lines(old), lines(new));
    let mut out = String::new();
    let changes = changes(&old, &new);
    if changes.is_empty() {
        return out;
    }
    // Writing to a string cannot fail.
    let _ = write!(out, "--- {path}\n+++ {path}\n");
    for hunk in hunks(&changes) {
        push_hunk(hunk, &old, &new, &mut out);
    }
    out
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Lines of one text that others replace.
#[derive(Debug, Clone)]
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let same = |(one, other): &(&&str, &&str)| one == other;
    let start = old.iter().zip(new).take_while(same).count();
    let (old_rest, new_rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(same).count();
    let middle = |rest: &[&str]| start..start + rest.len() - end;
    let (old_range, new_range) = (middle(old_rest), middle(new_rest));
    if old_range.is_empty() && new_range.is_empty() {
        return Vec::new();
    }
    // Formatting keeps most lines in place: the next pair of equal lines is near.
    let mut changes: Vec<Change> = Vec::new();
    let (mut at, mut now) = (old_range.start, new_range.start);
    while at < old_range.end || now < new_range.end {
        if at < old_range.end && now < new_range.end && old.get(at) == new.get(now) {
            (at, now) = (at + 1, now + 1);
            continue;
        }
        let (old_to, new_to) = meeting(old, new, at..old_range.end, now..new_range.end);
        changes.push(Change { old: at..old_to, new: now..new_to });
        (at, now) = (old_to, new_to);
    }
    changes
}

/// The nearest places from which on two texts are the same for a line, or the ends.
fn meeting(old: &[&str], new: &[&str], at: Range<usize>, now: Range<usize>) -> (usize, usize) {
    let most = (at.len() + now.len()).min(COMPARED);
    for distance in 1..=most {
        for lead in 0..=distance {
            let (one, other) = (at.start + lead, now.start + distance - lead);
            let is_inside = one < at.end && other < now.end;
            if is_inside && old.get(one) == new.get(other) && old.get(one).is_some_and(|line| !line.trim().is_empty()) {
                return (one, other);
            }
        }
    }
    (at.end, now.end)
}

/// Changes that are shown together, since there is little between them.
fn hunks(changes: &[Change]) -> Vec<&[Change]> {
    changes.chunk_by(|one, next| next.old.start - one.old.end <= CONTEXT * 2).collect()
}

fn push_hunk(hunk: &[Change], old: &[&str], new: &[&str], out: &mut String) {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return };
    let before = first.old.start.min(CONTEXT);
    let after = (old.len() - last.old.end).min(CONTEXT);
    let old_lines = first.old.start - before..last.old.end + after;
    let new_lines = first.new.start - before..last.new.end + after;
    let _ = writeln!(out, "@@ -{} +{} @@", range(&old_lines), range(&new_lines));
    let mut at = old_lines.start;
    for change in hunk {
        push_lines(' ', old.get(at..change.old.start), out);
        push_lines('-', old.get(change.old.clone()), out);
        push_lines('+', new.get(change.new.clone()), out);
        at = change.old.end;
    }
    push_lines(' ', old.get(at..old_lines.end), out);
}

/// The first line, counted from 1, and the number of lines; for an empty range the line before it.
fn range(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

fn push_lines(sign: char, lines: Option<&[&str]>, out: &mut String) {
    for line in lines.unwrap_or_default() {
        out.push(sign);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn changes_have_their_lines_around_them() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl";
        let new = "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nl\n";
        assert_eq!(
            diff("x.md", old, new),
            "--- x.md\n+++ x.md\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -8,5 +8,4 @@\n h\n i\n j\n-k\n-l\n\\ No newline at end of file\n+l\n"
        );
        assert_eq!(diff("x.md", old, old), "");
        assert_eq!(diff("x.md", "", "a\n"), "--- x.md\n+++ x.md\n@@ -0,0 +1 @@\n+a\n");
    }
}
