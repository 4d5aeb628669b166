//! Reads a text edition. Tables are read cell by cell, by the lines drawn around them.

mod grid;

use super::Reading;
use super::word::Words;
use unicode_width::UnicodeWidthStr;

/// Reads an edition.
pub fn read(edition: &str) -> Reading {
    let lines: Vec<&str> = edition.lines().collect();
    let mut words = Words::default();
    read_lines(&lines, &mut words);
    Reading { passages: words.passages(), faults: Vec::new() }
}

fn read_lines(lines: &[&str], words: &mut Words) {
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        match frame_start(line) {
            Some(start) => {
                let (before, _) = split_at_column(line, start);
                words.apart(before, None);
                let lines = rest.iter().enumerate();
                let height = lines.take_while(|(number, line)| is_in_frame(line, start, *number == 0)).count();
                let rows: Vec<&str> = rest.iter().take(height).map(|line| split_at_column(line, start).1).collect();
                read_frame(&rows, words);
                at += height;
            }
            None => {
                read_line(line, rest.get(1).copied(), words);
                at += 1;
            }
        }
    }
}

/// A line, which ends its last word unless it goes on in the next: a word or a
/// line of code that was too long (RFC 8792, 8).
fn read_line(line: &str, next: Option<&str>, words: &mut Words) {
    let next = next.map(|next| next.trim_start_matches([' ', '>', '|']));
    match (super::bars::without(line).strip_suffix('\\'), next.and_then(|next| next.strip_prefix('\\'))) {
        (Some(start), Some(_)) => words.text(folded(start), None),
        _ => {
            words.text(folded(line), None);
            words.end();
        }
    }
}

/// The text of a line, without the mark that it continues the previous one.
fn folded(line: &str) -> &str {
    line.trim_start_matches([' ', '>', '|']).strip_prefix('\\').unwrap_or(line)
}

/// A table by its cells; or by its lines, where authors drew something
/// themselves that is none.
fn read_frame(rows: &[&str], words: &mut Words) {
    let mut drawn = Words::default();
    for (index, row) in rows.iter().enumerate() {
        read_line(row, rows.get(index + 1).copied(), &mut drawn);
    }
    let drawn = drawn.finish();
    match grid::cells(rows) {
        Some(cells) => {
            let mut told = Words::default();
            for cell in cells {
                let lines: Vec<&str> = cell.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
                read_lines(&lines, &mut told);
            }
            words.one_of(vec![told.finish(), drawn]);
        }
        None => words.one_of(vec![drawn]),
    }
}

/// The column where a line starts to draw a frame: `+---+`.
fn frame_start(line: &str) -> Option<usize> {
    let drawn = line.trim_end();
    if !drawn.ends_with('+') {
        return None;
    }
    let start = drawn.find("+-").or_else(|| drawn.find("+="))?;
    let (before, frame) = drawn.split_at(start);
    let is_frame = frame.len() > 2 && frame.chars().all(|sign| matches!(sign, '+' | '-' | '='));
    is_frame.then(|| before.width())
}

/// Whether a line goes on with a frame. Before its first stands what the frame begins after, such
/// as the number of an item; before the others nothing but marks.
fn is_in_frame(line: &str, start: usize, is_first: bool) -> bool {
    let (before, drawn) = split_at_column(line, start);
    (is_first || before.chars().all(|sign| matches!(sign, ' ' | '>' | '|')))
        && drawn.starts_with(['+', '|'])
        && drawn.trim_end().ends_with(['+', '|'])
}

/// Splits a line where a column starts.
fn split_at_column(line: &str, column: usize) -> (&str, &str) {
    // Some signs are narrower side by side than alone.
    let place = line.char_indices().map(|(at, _)| at).find(|at| line.split_at(*at).0.width() >= column);
    line.split_at(place.unwrap_or(line.len()))
}
