//! Parses LaTeX formulas to a tree.

mod command;
mod environment;
mod reader;
mod symbol;
#[cfg(test)]
mod tests;

use crate::ast::Math;
use crate::diagnostic::{Code, Guess};
use std::ops::Range;

pub use command::function_of;
pub use reader::command_of;

/// Something wrong with a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub code: Code,
    /// Bytes of the formula.
    pub range: Range<usize>,
    pub message: String,
    pub hint: Option<String>,
    /// A name that was probably meant.
    pub near: Option<Guess>,
}

/// Reads a formula. Of one with problems as much is given as can be read.
pub fn read(text: &str) -> (Vec<Math>, Vec<Problem>) {
    let mut reader = reader::Reader::new(text);
    let content = reader.whole();
    (content, reader.problems)
}
