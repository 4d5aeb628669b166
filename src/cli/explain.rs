//! `chancery explain`: the page on a code, or the list of all.

use super::failure::{Failure, Outcome};
use super::report::print;
use crate::diagnostic::render::escape;
use crate::diagnostic::{Code, did_you_mean};
use std::fmt::Write;

/// Prints what a code means, or which codes there are.
pub fn explain(code: Option<&str>) -> Result<Outcome, Failure> {
    let text = match code {
        None => list(),
        Some(written) => page(Code::parse(written).ok_or_else(|| unknown(written))?),
    };
    print(&text).map(|()| Outcome::Fine)
}

fn page(code: Code) -> String {
    let severity = format!("{:?}", code.severity()).to_lowercase();
    format!("{}: {}\n({severity})\n\n{}\n", code.as_str(), code.title(), code.explanation())
}

fn list() -> String {
    let mut text = String::new();
    let mut group = None;
    for code in Code::ALL {
        if group.replace(code.group()) != Some(code.group()) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}{:?}", if text.is_empty() { "" } else { "\n" }, code.group());
        }
        let _ = writeln!(text, "  {}  {}", code.as_str(), code.title());
    }
    text
}

fn unknown(written: &str) -> Failure {
    let hint = did_you_mean(&written.to_uppercase(), Code::ALL.iter().map(|code| code.as_str()));
    Failure::Usage(format!(
        "there is no code {}\n{}",
        escape::escape_controls(written),
        hint.unwrap_or_else(|| "`chancery explain` lists all codes".to_owned())
    ))
}
