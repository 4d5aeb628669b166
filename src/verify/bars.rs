//! The bars of a redline's text: each line in which something changed has one, and no other.

use super::side::{self, END};
use crate::resolve::Resolved;
use unicode_width::UnicodeWidthStr;

/// The last column, which has the bars.
const COLUMNS: usize = 72;
/// A space and the bar behind the text. An address that leaves no room for them has none.
const ROOM: usize = 2;
/// Where a paragraph was split, or two were joined.
const BREAK: &str = "{¶}";

/// A line without the bar behind it, where it has one.
pub fn without(line: &str) -> &str {
    line.strip_suffix(" |").filter(|_| line.width() == COLUMNS).map_or(line, str::trim_end)
}

/// The lines that lack a bar, or have one for nothing.
pub fn faults(edition: &str, document: &Resolved) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open = 0_usize;
    for (number, line) in (1..).zip(edition.lines()) {
        let text = without(line);
        let is_barred = text.len() < line.len();
        let mut is_changed = open > 0 || text.contains(BREAK);
        // Authors may have such code points, too.
        let own = text.replace(side::is_mark, "");
        for sign in side::spelled(&own, document).chars().filter(|sign| side::is_mark(*sign)) {
            is_changed = true;
            open = if END.contains(sign) { open.saturating_sub(1) } else { open + 1 };
        }
        is_changed &= !text.is_empty() && text.width() + ROOM <= COLUMNS;
        match (is_changed, is_barred) {
            (true, false) => faults.push(format!("line {number} has changed and has no bar")),
            (false, true) => faults.push(format!("line {number} has a bar and has not changed")),
            (true, true) | (false, false) => {}
        }
    }
    faults
}
