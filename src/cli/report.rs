//! What the command line says: the problems of a run, and what was done.

use super::args::{Color, MessageFormat};
use super::failure::Outcome;
use crate::diagnostic::render::{self, Colour, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;
use std::io::{IsTerminal, Write};

/// The problems of one document, or of the project itself.
pub struct Found {
    pub path: String,
    pub sources: Sources,
    pub diagnostics: Vec<Diagnostic>,
}

impl Found {
    /// Problems without places in a text.
    pub fn without_text(path: impl Into<String>, diagnostics: Vec<Diagnostic>) -> Found {
        Found { path: path.into(), sources: Sources::default(), diagnostics }
    }
}

/// How problems are shown.
#[derive(Clone, Copy)]
pub struct Style {
    pub format: MessageFormat,
    pub color: Color,
}

/// Prints all problems of a run: for people and editors to standard error,
/// for programs to standard output.
pub fn problems(found: &[Found], style: Style) -> Outcome {
    let reports: Vec<Report> = found
        .iter()
        .map(|found| Report { path: &found.path, sources: &found.sources, diagnostics: &found.diagnostics })
        .collect();
    let colour =
        if style.format == MessageFormat::Human && coloured(style.color) { Colour::Ansi } else { Colour::Plain };
    let text = render::render(style.format.into(), &reports, colour);
    match style.format {
        MessageFormat::Human | MessageFormat::Short => {
            eprint!("{text}");
            if let Some(count) = count(found) {
                eprintln!("{count}");
            }
        }
        MessageFormat::Json | MessageFormat::Sarif => print(&text),
    }
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    if found.iter().any(|found| found.diagnostics.iter().any(is_error)) { Outcome::Problems } else { Outcome::Fine }
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no
/// reason to complain.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// "1 error, 3 warnings"; nothing where there is nothing to count.
fn count(found: &[Found]) -> Option<String> {
    let of = |severity: Severity| {
        found.iter().flat_map(|found| &found.diagnostics).filter(|diagnostic| diagnostic.severity == severity).count()
    };
    let words = [
        (of(Severity::Error), "error", "errors"),
        (of(Severity::Warning), "warning", "warnings"),
        (of(Severity::Advice), "piece of advice", "pieces of advice"),
    ];
    let counts: Vec<String> = words
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// "1 edition", "2 editions".
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn coloured(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        // https://no-color.org
        Color::Auto => {
            std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

/// A number of bytes for people.
pub fn size(bytes: u64) -> String {
    const THOUSAND: u64 = 1000;
    const UNITS: [&str; 3] = ["kB", "MB", "GB"];
    if bytes < THOUSAND {
        return format!("{bytes} B");
    }
    // Tenths of the unit, so that no rounding of floats is needed.
    let mut tenths = bytes.saturating_mul(10) / THOUSAND;
    let mut units = UNITS.iter();
    let mut unit = units.next();
    while tenths >= THOUSAND * 10
        && let Some(next) = units.next()
    {
        tenths /= THOUSAND;
        unit = Some(next);
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, unit.copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_for_people() {
        let sizes = [0, 999, 1000, 45_123, 999_999, 1_000_000, 7_230_000, 20_000_000_000].map(size);
        assert_eq!(sizes, ["0 B", "999 B", "1.0 kB", "45.1 kB", "999.9 kB", "1.0 MB", "7.2 MB", "20.0 GB"]);
    }
}
