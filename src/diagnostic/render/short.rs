//! One line for each problem: `path:line:column: severity[CODE]: message`.

use super::place::Located;
use std::fmt::Write;

/// Writes the problems. A problem without a place has no line and column.
pub fn render(problems: &[Located]) -> String {
    let mut output = String::new();
    for problem in problems {
        let diagnostic = problem.diagnostic;
        output.push_str(problem.path());
        if let Some(primary) = problem.primary {
            let place = primary.start();
            let _ = write!(output, ":{}:{}", place.line, place.column);
        }
        let _ = writeln!(
            output,
            ": {}[{}]: {}",
            diagnostic.severity.name(),
            diagnostic.code.as_str(),
            one_line(&diagnostic.message)
        );
    }
    output
}

/// A message names what the writer wrote, which may hold line endings.
fn one_line(message: &str) -> String {
    message.replace(['\n', '\r'], " ")
}
