//! Environments with rows and cells: `\begin{…} … \end{…}`.

use super::reader::{Reader, Terminator, Token};
use crate::ast::{Math, TableKind};
use crate::diagnostic::{Code, guess};
use std::ops::Range;

/// An environment: what its rows are for and the delimiters around them.
struct Environment {
    kind: TableKind,
    open: &'static str,
    close: &'static str,
}

const ENVIRONMENTS: [(&str, TableKind, &str, &str); 22] = [
    ("matrix", TableKind::Matrix, "", ""),
    ("smallmatrix", TableKind::Matrix, "", ""),
    ("pmatrix", TableKind::Matrix, "(", ")"),
    ("bmatrix", TableKind::Matrix, "[", "]"),
    ("Bmatrix", TableKind::Matrix, "{", "}"),
    ("vmatrix", TableKind::Matrix, "|", "|"),
    ("Vmatrix", TableKind::Matrix, "‖", "‖"),
    ("array", TableKind::Matrix, "", ""),
    ("cases", TableKind::Cases, "{", ""),
    ("dcases", TableKind::Cases, "{", ""),
    ("rcases", TableKind::Cases, "", "}"),
    ("aligned", TableKind::Aligned, "", ""),
    ("align", TableKind::Aligned, "", ""),
    ("align*", TableKind::Aligned, "", ""),
    ("alignedat", TableKind::Aligned, "", ""),
    ("split", TableKind::Aligned, "", ""),
    ("equation", TableKind::Aligned, "", ""),
    ("equation*", TableKind::Aligned, "", ""),
    ("gathered", TableKind::Gathered, "", ""),
    ("gather", TableKind::Gathered, "", ""),
    ("gather*", TableKind::Gathered, "", ""),
    ("multline", TableKind::Gathered, "", ""),
];

impl Reader<'_> {
    /// Reads the environment after a `\begin` at `range`.
    pub fn environment(&mut self, range: Range<usize>) -> Option<Math> {
        let start = range.start;
        let name = self.raw_argument();
        let known = ENVIRONMENTS.iter().find(|(own, ..)| *own == name);
        let environment = match known {
            Some(&(_, kind, open, close)) => Environment { kind, open, close },
            None => {
                let near = guess(&name, ENVIRONMENTS.iter().map(|(name, ..)| *name));
                let message = format!("the environment `{name}` is not known");
                let place = start..self.position();
                self.problems.push(super::Problem {
                    code: Code::UnknownMathCommand,
                    range: place,
                    message,
                    hint: None,
                    near,
                });
                Environment { kind: TableKind::Matrix, open: "", close: "" }
            }
        };
        if name == "array" || name == "alignedat" {
            self.raw_argument();
        }
        let mut rows = self.table(&name, start);
        drop_empty_last(&mut rows);
        let is_single = matches!(rows.as_slice(), [row] if row.len() == 1);
        let table = if is_single && matches!(environment.kind, TableKind::Aligned | TableKind::Gathered) {
            Math::Group(rows.remove(0).remove(0))
        } else {
            Math::Table { kind: environment.kind, rows }
        };
        if environment.open.is_empty() && environment.close.is_empty() {
            return Some(table);
        }
        let (open, close) = (environment.open.to_owned(), environment.close.to_owned());
        Some(Math::Fenced { open, content: vec![table], close })
    }

    /// Rows of cells up to `\end{name}`.
    fn table(&mut self, name: &str, start: usize) -> Vec<Vec<Vec<Math>>> {
        let mut rows = vec![vec![self.row(Terminator::Cell)]];
        loop {
            let here = self.skipped();
            match self.next() {
                Some(Token::Character('&')) => {
                    let cell = self.row(Terminator::Cell);
                    rows.last_mut().into_iter().for_each(|row| row.push(cell.clone()));
                }
                Some(Token::Command("\\")) => {
                    self.row_space();
                    rows.push(vec![self.row(Terminator::Cell)]);
                }
                Some(Token::Command("end")) => {
                    let end = self.raw_argument();
                    if end != name {
                        let message = format!("`\\begin{{{name}}}` is closed by `\\end{{{end}}}`");
                        self.problem(here..self.position(), message, Some("close each with its own name"));
                    }
                    break;
                }
                Some(_) => {
                    self.problem(here..self.position(), "this closes nothing", None);
                }
                None => {
                    let hint = format!("close it with `\\end{{{name}}}`");
                    self.problem(start..start + "\\begin".len(), "this has no end", Some(&hint));
                    break;
                }
            }
        }
        rows
    }

    /// Passes the space that may be asked for after `\\`, as in `\\[2pt]`.
    fn row_space(&mut self) {
        if self.peek() == Some(Token::Character('[')) {
            while let Some(token) = self.next() {
                if token == Token::Character(']') {
                    break;
                }
            }
        }
    }

    /// Lines one over the other under a sum.
    pub fn substack(&mut self) -> Math {
        if self.peek() != Some(Token::Character('{')) {
            return Math::Group(self.argument("`\\substack`"));
        }
        self.next();
        let open = self.position() - 1;
        let mut rows = vec![vec![self.row(Terminator::Cell)]];
        while self.peek() == Some(Token::Command("\\")) {
            self.next();
            rows.push(vec![self.row(Terminator::Cell)]);
        }
        if self.peek() == Some(Token::Character('}')) {
            self.next();
        } else {
            self.problem(open..open + 1, "this brace is not closed", Some("close it with `}`"));
        }
        Math::Table { kind: TableKind::Gathered, rows }
    }
}

/// Drops a last row without anything in it, as a closing `\\` leaves.
pub fn drop_empty_last(rows: &mut Vec<Vec<Vec<Math>>>) {
    if rows.len() > 1 && rows.last().is_some_and(|row| row.iter().all(Vec::is_empty)) {
        rows.pop();
    }
}
