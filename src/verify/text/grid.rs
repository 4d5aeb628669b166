//! The cells of a drawn table, found by following the lines around each cell, as parsers of grid
//! tables do. The content of a cell never touches its lines and is not mistaken for them.

use std::collections::{BTreeMap, BTreeSet};
use unicode_width::UnicodeWidthStr;

/// The lines of each cell, row by row; `None` where the lines do not close
/// round cells that cover the whole.
pub fn cells<'a>(rows: &[&'a str]) -> Option<Vec<Vec<&'a str>>> {
    let canvas = Canvas { rows: rows.iter().map(|row| Row::new(row)).collect() };
    let areas = canvas.areas()?;
    // Where head and body end.
    let is_end = |row: usize| row + 1 == rows.len() || rows.get(row).is_some_and(|row| row.starts_with("+="));
    let is_begin = |row: usize| row == 0 || is_end(row);
    let mut cells = Vec::new();
    let mut by_row: BTreeMap<usize, Vec<Area>> = BTreeMap::new();
    for area in areas {
        by_row.entry(area.top).or_default().push(area);
    }
    for (top, areas) in by_row {
        let bottom = areas.first().map_or(top, |area| area.bottom);
        let lines = top + 1..bottom;
        let is_part = is_begin(top) && is_end(bottom) && areas.iter().all(|area| area.bottom == bottom);
        let first = areas.iter().find(|area| area.left == 0);
        let begins = |line: usize| first.is_some_and(|area| !canvas.text(line, *area).trim().is_empty());
        if is_part && lines.clone().all(begins) {
            // Rows of one line each have no blank line between them.
            for line in lines {
                cells.extend(areas.iter().map(|area| vec![canvas.text(line, *area)]));
            }
        } else {
            cells.extend(areas.iter().map(|area| area.lines().map(|line| canvas.text(line, *area)).collect()));
        }
    }
    Some(cells)
}

/// A cell with its lines: rows and columns of its corners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Area {
    top: usize,
    left: usize,
    bottom: usize,
    right: usize,
}

impl Area {
    /// The rows between its upper and its lower line.
    fn lines(self) -> std::ops::Range<usize> {
        self.top + 1..self.bottom
    }
}

struct Canvas<'a> {
    rows: Vec<Row<'a>>,
}

/// A line of text, with the column and the place of each character.
struct Row<'a> {
    text: &'a str,
    places: Vec<(usize, usize)>,
    width: usize,
}

impl<'a> Row<'a> {
    fn new(text: &'a str) -> Row<'a> {
        let text = text.trim_end();
        // Some signs are narrower side by side than alone.
        let places = text.char_indices().map(|(at, _)| (text.split_at(at).0.width(), at)).collect();
        Row { text, places, width: text.width() }
    }

    /// The character that starts in a column; of several, as letters with accents are, the last.
    fn sign(&self, column: usize) -> Option<char> {
        let behind = self.places.partition_point(|(begins, _)| *begins <= column);
        let (begins, at) = *self.places.get(behind.checked_sub(1)?)?;
        self.text.get(at..).filter(|_| begins == column)?.chars().next()
    }

    /// Where a column starts.
    fn place(&self, column: usize) -> usize {
        let first = self.places.partition_point(|(begins, _)| *begins < column);
        self.places.get(first).map_or(self.text.len(), |(_, at)| *at)
    }
}

impl<'a> Canvas<'a> {
    fn sign(&self, row: usize, column: usize) -> Option<char> {
        self.rows.get(row)?.sign(column)
    }

    fn text(&self, row: usize, area: Area) -> &'a str {
        let Some(row) = self.rows.get(row) else { return "" };
        row.text.get(row.place(area.left + 1)..row.place(area.right)).unwrap_or_default().trim_end()
    }

    /// All cells, by rows and columns, if they cover everything.
    fn areas(&self) -> Option<BTreeSet<Area>> {
        let last_row = self.rows.len().checked_sub(1)?;
        let last_column = self.rows.first()?.width.checked_sub(1)?;
        let mut corners = BTreeSet::from([(0, 0)]);
        let mut seen = BTreeSet::new();
        let mut areas = BTreeSet::new();
        let mut covered = 0;
        while let Some((top, left)) = corners.pop_first() {
            if top == last_row || left == last_column || !seen.insert((top, left)) {
                continue;
            }
            let Some(area) = self.area(top, left) else { continue };
            covered += (area.bottom - area.top) * (area.right - area.left);
            corners.extend([(top, area.right), (area.bottom, left)]);
            areas.insert(area);
        }
        (covered == last_row * last_column && covered > 0).then_some(areas)
    }

    /// The smallest cell with this upper left corner.
    fn area(&self, top: usize, left: usize) -> Option<Area> {
        if self.sign(top, left)? != '+' {
            return None;
        }
        let mut right = left + 1;
        loop {
            match self.sign(top, right)? {
                '+' => {
                    if let Some(bottom) = self.bottom(top, left, right) {
                        return Some(Area { top, left, bottom, right });
                    }
                }
                '-' | '=' => {}
                _ => return None,
            }
            right += 1;
        }
    }

    fn bottom(&self, top: usize, left: usize, right: usize) -> Option<usize> {
        let mut bottom = top + 1;
        loop {
            match self.sign(bottom, right)? {
                '+' if self.closes(top, left, bottom, right) => return Some(bottom),
                '+' | '|' => bottom += 1,
                _ => return None,
            }
        }
    }

    /// Whether lines go from the lower right corner to the left and up.
    fn closes(&self, top: usize, left: usize, bottom: usize, right: usize) -> bool {
        let is_line = |column| matches!(self.sign(bottom, column), Some('+' | '-' | '='));
        let is_wall = |row| matches!(self.sign(row, left), Some('+' | '|'));
        self.sign(bottom, left) == Some('+') && (left + 1..right).all(is_line) && (top + 1..bottom).all(is_wall)
    }
}
