//! Messages on one line each: `path:line:column: severity[CODE]: message`, followed by the other
//! lines with the same problem.

use super::escape;
use super::place::Located;
use std::fmt::Write;

/// Writes the problems. A problem without a place has no line and column.
pub fn render(problems: &[Located]) -> String {
    let mut output = String::new();
    for problem in problems {
        output.push_str(&escape::name(problem.path().unwrap_or("chancery")));
        if let Some(primary) = &problem.primary {
            let place = primary.start();
            let _ = write!(output, ":{}:{}", place.line, place.column);
        }
        let (severity, code) = (problem.severity.name(), problem.code.as_str());
        let also = problem.also_in().map(|lines| format!(" ({lines})")).unwrap_or_default();
        let _ = writeln!(output, ": {severity}[{code}]: {}{also}", escape::escape_controls(&problem.message));
    }
    output
}
