//! Code, line by line as it was written.

use super::fill::{FOLD, columns};
use unicode_segmentation::UnicodeSegmentation;

/// Columns between tab stops.
const TAB: usize = 4;

/// The lines of a code block, folded where they are longer than `width`.
pub(super) fn code_lines(text: &str, width: usize) -> Vec<String> {
    text.trim_end_matches(['\n', '\r']).lines().flat_map(|line| folded(&expanded(line), width)).collect()
}

/// The line with tabs as spaces and without control characters.
fn expanded(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut column = 0;
    for grapheme in line.graphemes(true) {
        if grapheme == "\t" {
            let stop = (column / TAB + 1) * TAB;
            text.extend(std::iter::repeat_n(' ', stop - column));
            column = stop;
        } else {
            let visible: String = grapheme.chars().filter(|c| !super::inline::is_left_out(*c)).collect();
            column += columns(&visible);
            text.push_str(&visible);
        }
    }
    text
}

fn folded(line: &str, width: usize) -> Vec<String> {
    /// Room for a mark at each end and one wide character.
    const NARROWEST: usize = 4;
    let width = width.max(NARROWEST);
    if columns(line) <= width {
        return vec![line.to_owned()];
    }
    let mut lines = Vec::new();
    let mut part = String::new();
    let mut used = 0;
    for grapheme in line.graphemes(true) {
        let length = columns(grapheme);
        // One column is reserved for the mark at the end.
        if used + length + 1 > width {
            part.push(FOLD);
            lines.push(std::mem::replace(&mut part, FOLD.to_string()));
            used = 1;
        }
        part.push_str(grapheme);
        used += length;
    }
    lines.push(part);
    lines
}

#[cfg(test)]
mod tests {
    use super::code_lines;

    #[test]
    fn a_long_line_goes_on_visibly() {
        assert_eq!(code_lines("a = 1\nabcdefghij\n", 6), ["a = 1", "abcde\\", "\\fghi\\", "\\j"]);
    }

    #[test]
    fn tabs_become_spaces() {
        assert_eq!(code_lines("a\tb", 20), ["a   b"]);
    }
}
