//! What a text edition says. Tables are read cell by cell, by the lines drawn
//! round them.

use super::Reading;
use super::word::{Word, Words};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// Reads an edition.
pub fn read(edition: &str) -> Reading {
    let lines: Vec<&str> = edition.lines().collect();
    let mut words = Words::default();
    read_lines(&lines, &mut words);
    Reading { pieces: words.pieces(), faults: Vec::new() }
}

fn read_lines(lines: &[&str], words: &mut Words) {
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        match frame_start(line) {
            Some(start) => {
                let (before, _) = split_at_column(line, start);
                words.apart(before, None);
                let height = rest.iter().take_while(|line| is_in_frame(line, start)).count();
                let rows: Vec<&str> = rest.iter().take(height).map(|line| split_at_column(line, start).1).collect();
                let ways = [(false, false), (false, true), (true, true), (true, false)];
                words.one_of(ways.map(|(head, body)| table(&rows, head, body)).into());
                at += height;
            }
            None => {
                let next = rest.get(1).map(|next| next.trim_start_matches([' ', '>', '|']));
                match (line.strip_suffix('\\'), next.and_then(|next| next.strip_prefix('\\'))) {
                    // A line of code that was too long (RFC 8792, 8).
                    (Some(start), Some(_)) => words.text(folded(start), None),
                    _ => {
                        words.text(folded(line), None);
                        words.end();
                    }
                }
                at += 1;
            }
        }
    }
}

/// What a line says, without the sign that it goes on from the one before.
fn folded(line: &str) -> &str {
    line.trim_start_matches([' ', '>', '|']).strip_prefix('\\').unwrap_or(line)
}

/// The column where a line begins to draw a frame: `+---+`.
fn frame_start(line: &str) -> Option<usize> {
    let drawn = line.trim_end();
    let start = drawn.find("+-").or_else(|| drawn.find("+="))?;
    let (before, frame) = drawn.split_at(start);
    let is_frame = frame.len() > 2 && frame.ends_with('+') && frame.chars().all(|sign| matches!(sign, '+' | '-' | '='));
    is_frame.then(|| before.width())
}

fn is_in_frame(line: &str, start: usize) -> bool {
    let drawn = split_at_column(line, start).1;
    drawn.starts_with(['+', '|']) && drawn.trim_end().ends_with(['+', '|'])
}

/// Splits a line where a column begins.
fn split_at_column(line: &str, column: usize) -> (&str, &str) {
    // Some signs are narrower side by side than alone.
    let place = line.char_indices().map(|(at, _)| at).find(|at| line.split_at(*at).0.width() >= column);
    line.split_at(place.unwrap_or(line.len()))
}

/// The words of a table, cell by cell. Rows of one line each stand close
/// together without lines between them: `close_head` and `close_body` say
/// whether they do.
fn table(lines: &[&str], close_head: bool, close_body: bool) -> Vec<Word> {
    let edges = edges(lines);
    let head = lines.iter().position(|line| line.starts_with("+=")).unwrap_or(0);
    // By row and column, the lines of each cell, and which cells are open.
    let mut cells: BTreeMap<(usize, usize), Vec<&str>> = BTreeMap::new();
    let mut open: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (row, line) in lines.iter().enumerate() {
        if if row < head { close_head } else { close_body } {
            open.clear();
        }
        for (column, end, part) in parts(line, &edges) {
            let is_line = !part.is_empty() && part.chars().all(|sign| matches!(sign, '-' | '=' | '+'));
            if is_line {
                open.retain(|start, _| *start < column || *start >= end);
            } else {
                let cell = *open.entry(column).or_insert((row, column));
                cells.entry(cell).or_default().push(part.strip_prefix(' ').unwrap_or(part));
            }
        }
    }
    let mut words = Words::default();
    for lines in cells.values() {
        read_lines(lines, &mut words);
    }
    words.finish()
}

/// The columns where lines stand between cells.
fn edges(lines: &[&str]) -> Vec<usize> {
    let mut edges = std::collections::BTreeSet::new();
    for line in lines.iter().filter(|line| line.starts_with('+')) {
        let mut column = 0;
        for character in line.chars() {
            if character == '+' {
                edges.insert(column);
            }
            column += character.encode_utf8(&mut [0; 4]).width();
        }
    }
    edges.into_iter().collect()
}

/// The parts of a line between the edges that it draws: first column, last
/// column, text.
fn parts<'a>(line: &'a str, edges: &[usize]) -> Vec<(usize, usize, &'a str)> {
    let mut parts = Vec::new();
    let mut start = None;
    for &edge in edges {
        let (before, from) = split_at_column(line, edge);
        if before.width() == edge && from.starts_with(['+', '|']) {
            if let Some(first) = start {
                let (_, part) = split_at_column(before, first);
                parts.push((first, edge, part.trim_end()));
            }
            start = Some(edge + 1);
        }
    }
    parts
}
