//! Commands to GitHub Actions, a line each, which become annotations of the lines
//! they name ("Workflow commands for GitHub Actions").

use super::escape;
use super::place::Located;
use crate::diagnostic::Severity;
use std::fmt::Write;

/// Writes the problems. A problem without a place has no line and column.
pub fn render(problems: &[Located]) -> String {
    let mut output = String::new();
    for problem in problems {
        // Writing to a string cannot fail.
        let _ = write!(output, "::{} ", command(problem.severity));
        if let Some(path) = problem.path() {
            let _ = write!(output, "file={},", property(&escape::name(path)));
        }
        if let Some(primary) = &problem.primary {
            let place = primary.start();
            let _ = write!(output, "line={},col={},", place.line, place.column);
        }
        let _ = write!(output, "title={}::{}", problem.code.as_str(), data(&escape::escape_controls(&problem.message)));
        if let Some(hint) = &problem.hint {
            let _ = write!(output, "%0Ahelp: {}", data(&escape::escape_controls(hint)));
        }
        output.push('\n');
    }
    output
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    }
}

/// Escapes the data after the second `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn nothing_ends_a_command_or_a_property() {
        assert_eq!(data("50%\r\n::error::x, y"), "50%25%0D%0A::error::x, y");
        assert_eq!(property("a,line=1::b%3A\n"), "a%2Cline=1%3A%3Ab%253A%0A");
    }
}
