//! The lines that open directives: one space between their parts.

use super::lines::Lines;
use super::place;
use crate::parse::{prefix, spaced};
use crate::source::edit::Edit;

const SIGN: &str = ":::";

/// Whether a line is formatted here, up to its end.
pub fn is_opening(line: &str) -> bool {
    line.get(prefix(line)..).filter(|rest| rest.starts_with(SIGN)).and_then(spaced).is_some()
}

/// The edits to all lines that open directives.
pub fn edits(lines: &Lines) -> Vec<Edit> {
    let edit = |line: &super::lines::Line| {
        let words = lines.line_text(line);
        let lead = prefix(words);
        let rest = words.get(lead..).filter(|rest| rest.starts_with(SIGN) && !line.is_fixed)?;
        Some(Edit::replace(place(line.start + lead, line.end), spaced(rest)?))
    };
    lines.lines.iter().filter_map(edit).collect()
}
