//! Bars in the margin of a redline, beside every line in which something changed.

use super::fill::{COLUMNS, columns};

/// The columns of a redline that have text: a space and the bar follow.
pub const BESIDE_BARS: usize = COLUMNS - 2;

/// The signs at both ends of a change.
const OPEN: [&str; 4] = ["[-", "{+", "{>", "[<"];
const CLOSE: [&str; 4] = ["-]", "+}", ">}", "<]"];
/// Where a paragraph was split, or two were joined.
const END: &str = "{¶}";

/// Puts a bar in the last column of each line in which something changed.
pub fn with_bars(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open = 0_usize;
    for line in text.lines() {
        let before = open;
        let changes = signs(line, &mut open);
        out.push_str(line);
        let room = BESIDE_BARS.checked_sub(columns(line));
        if let Some(room) = room.filter(|_| (changes || before > 0) && !line.is_empty()) {
            out.extend(std::iter::repeat_n(' ', room + 1));
            out.push('|');
        }
        out.push('\n');
    }
    out
}

/// Follows the changes that a line starts and ends; whether there are any.
fn signs(line: &str, open: &mut usize) -> bool {
    let mut changes = line.contains(END);
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let sign = OPEN.iter().chain(&CLOSE).find(|sign| rest.starts_with(**sign));
        let Some(sign) = sign else {
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        };
        rest = rest.get(sign.len()..).unwrap_or_default();
        // Signs of the author are doubled.
        if let Some(behind) = rest.strip_prefix(*sign) {
            rest = behind;
            continue;
        }
        changes = true;
        *open = if OPEN.contains(sign) { *open + 1 } else { open.saturating_sub(1) };
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::with_bars;

    #[test]
    fn lines_in_which_something_changed_have_bars() {
        let text = "One [-two\nthree-] four.\n\nFive [-[- six.\nSeven.{¶}\n";
        let bars: Vec<bool> = with_bars(text).lines().map(|line| line.ends_with(" |")).collect();
        assert_eq!(bars, [true, true, false, false, true]);
        assert!(with_bars(text).lines().all(|line| line.chars().count() <= 72));
    }
}
