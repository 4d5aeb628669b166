//! Losses, collected while a file is read.

use crate::diagnostic::{Code, Diagnostic};
use crate::import::spaced;
use crate::source::{FileId, Span};
use std::collections::BTreeMap;

/// Maximum number of separately reported problems of a kind.
const EACH: usize = 50;

/// Something that is not in the source as it was in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Loss {
    code: Code,
    message: String,
    hint: Option<&'static str>,
    /// The block at which it was met.
    at: u32,
}

/// Losses of an import, and words left out on purpose because they are generated again.
#[derive(Debug, Default)]
pub struct Losses {
    all: Vec<Loss>,
    /// Number of further problems of each kind.
    more: BTreeMap<Code, usize>,
    /// Words of the file that are numbers, labels and lists made by a program.
    pub generated: Vec<String>,
    /// Words of the source that are not in the text of the file, such as the data of a chart.
    pub added: Vec<String>,
}

impl Losses {
    /// Adds one.
    pub fn add(&mut self, code: Code, at: u32, message: impl Into<String>, hint: Option<&'static str>) {
        let count = self.all.iter().filter(|loss| loss.code == code).count();
        if count >= EACH {
            *self.more.entry(code).or_default() += 1;
            return;
        }
        self.all.push(Loss { code, message: message.into(), hint, at });
    }

    /// Adds a loss, unless the same was already reported.
    pub fn add_once(&mut self, code: Code, at: u32, message: impl Into<String>, hint: Option<&'static str>) {
        let message = message.into();
        if !self.all.iter().any(|loss| loss.code == code && loss.message == message) {
            self.add(code, at, message, hint);
        }
    }

    /// Records words that are not in the source because they are generated again.
    pub fn generated(&mut self, words: &str) {
        self.generated.push(words.to_owned());
    }

    /// All as problems of the source that was printed, by where its blocks begin.
    pub fn into_diagnostics(self, places: &BTreeMap<u32, usize>) -> Vec<Diagnostic> {
        let place =
            |at: u32| places.range(..=at).next_back().or_else(|| places.iter().next()).map_or(0, |(_, place)| *place);
        let mut problems: Vec<Diagnostic> = Vec::new();
        for loss in self.all {
            let problem = Diagnostic::new(loss.code, Span::point(FileId(0), place(loss.at)), loss.message);
            problems.push(problem.maybe_hint(loss.hint.map(str::to_owned)));
        }
        for (code, count) in self.more {
            problems.push(Diagnostic::without_place(code, format!("{count} more of this kind: {}", code.title())));
        }
        problems
    }
}

/// Words as a message quotes them: a line that is not long.
pub fn excerpt(words: &str) -> String {
    const LETTERS: usize = 60;
    let line = spaced(words);
    if line.chars().count() <= LETTERS {
        return line;
    }
    let cut: String = line.chars().take(LETTERS).collect();
    format!("{}…", cut.trim_end())
}
