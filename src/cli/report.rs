//! Output of the command line: the problems of a run, and what was done.

use super::args::{Color, MessageFormat};
use super::failure::{Failure, Outcome};
use crate::diagnostic::render::{self, Base, Colour, Report, escape};
use crate::diagnostic::{Code, Diagnostic, Severity, join};
use crate::source::Sources;
use std::collections::BTreeMap;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// The problems of one document, of the project, or of the run.
pub struct Found {
    /// Path from the project's root; `None` for problems of the run.
    path: Option<String>,
    /// Whether the path is as the user knows it, and not from the project's root.
    is_shown: bool,
    sources: Sources,
    pub diagnostics: Vec<Diagnostic>,
    /// How many more there were that nothing shows.
    withheld: usize,
}

impl Found {
    /// Problems of a file of the project, with its path from the root.
    pub fn in_project(path: impl Into<String>, sources: Sources, diagnostics: Vec<Diagnostic>) -> Found {
        Found { path: Some(path.into()), is_shown: false, sources, diagnostics, withheld: 0 }
    }

    /// Drops problems that are not shown, and texts that no problem quotes, to free their memory.
    pub fn shown_by(mut self, advice: Advice) -> Found {
        let count = |found: &Found| messages(&found.diagnostics.iter().collect::<Vec<_>>()).len();
        let all = count(&self);
        self.diagnostics.retain(|problem| advice.shows(problem));
        self.withheld += all.saturating_sub(count(&self));
        if self.diagnostics.is_empty() {
            self.sources = Sources::default();
        }
        self
    }

    /// Problems of a file that is anywhere, without places in its text.
    pub fn of_file(path: &Path, diagnostics: Vec<Diagnostic>) -> Found {
        let path = Some(super::build::here(path));
        Found { path, is_shown: true, sources: Sources::default(), diagnostics, withheld: 0 }
    }

    /// Problems of something that the user names otherwise.
    pub fn without_text(name: impl Into<String>, diagnostics: Vec<Diagnostic>) -> Found {
        Found { path: Some(name.into()), is_shown: true, sources: Sources::default(), diagnostics, withheld: 0 }
    }

    /// The files that the problems are in.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Why the run could not do all its work.
    pub fn failed(failure: &Failure) -> Found {
        Found {
            path: None,
            is_shown: true,
            sources: Sources::default(),
            diagnostics: vec![failure.problem()],
            withheld: 0,
        }
    }
}

/// How problems are shown.
#[derive(Clone)]
pub struct Style<'a> {
    pub format: MessageFormat,
    pub color: Color,
    /// Whether only problems are printed.
    pub quiet: bool,
    pub advice: Advice<'a>,
    /// The least severe problem that is a failure.
    pub fail_on: Severity,
    /// Folder that shown paths are relative to.
    pub base: Base,
}

/// Which advice is shown. The rest is counted: a report is read for what is wrong.
#[derive(Clone, Copy)]
pub enum Advice<'a> {
    All,
    /// Advice with codes that the project gives a level.
    Of(&'a BTreeMap<Code, Option<Severity>>),
}

impl Advice<'_> {
    fn shows(self, diagnostic: &Diagnostic) -> bool {
        diagnostic.severity != Severity::Advice
            || match self {
                Advice::All => true,
                Advice::Of(levels) => levels.contains_key(&diagnostic.code),
            }
    }
}

/// Prints all problems of a run: for people and editors to standard error,
/// for programs to standard output.
///
/// # Errors
/// Where standard output cannot be written.
pub fn problems(found: &[Found], style: &Style) -> Result<Outcome, Failure> {
    let root = Base::default();
    let from_root = style.format == MessageFormat::Sarif && style.base.leaves();
    let path = |found: &Found| {
        let path = found.path.clone()?;
        Some(if from_root && found.is_shown { style.base.from_root(&path) } else { path })
    };
    let paths: Vec<Option<String>> = found.iter().map(path).collect();
    let reports: Vec<Report> = found
        .iter()
        .zip(&paths)
        .map(|(found, path)| Report {
            path: path.as_deref(),
            base: if found.is_shown || from_root { &root } else { &style.base },
            sources: &found.sources,
            diagnostics: found.diagnostics.iter().filter(|problem| style.advice.shows(problem)).collect(),
        })
        .collect();
    let shown: Vec<&Diagnostic> = reports.iter().flat_map(|report| report.diagnostics.iter().copied()).collect();
    let failure = shown.iter().find(|problem| problem.code == Code::RunFailed);
    let outcome = if failure.is_some() {
        Outcome::Unfinished
    } else if shown.iter().any(|problem| problem.severity.is_at_least(style.fail_on)) {
        Outcome::Problems
    } else {
        Outcome::Fine
    };
    let colour =
        if style.format == MessageFormat::Human && coloured(style.color) { Colour::Ansi } else { Colour::Plain };
    let failure = failure.map(|problem| problem.message.as_ref());
    let text = render::render(style.format.into(), &reports, failure, colour);
    match style.format {
        MessageFormat::Human | MessageFormat::Short => say(&text),
        MessageFormat::Json | MessageFormat::Sarif | MessageFormat::Github => print(&text)?,
    }
    if !style.quiet {
        let for_people = matches!(style.format, MessageFormat::Human | MessageFormat::Short);
        let written: Vec<&Diagnostic> = reports.iter().flat_map(|report| messages(&report.diagnostics)).collect();
        if let (true, Some(count)) = (for_people, count(&written)) {
            say(&format!("{count}\n"));
        }
        let all = |found: &Found| messages(&found.diagnostics.iter().collect::<Vec<_>>()).len() + found.withheld;
        if let Some(withheld @ 1..) = found.iter().map(all).sum::<usize>().checked_sub(written.len()) {
            let advice = counted(withheld, "piece of advice", "pieces of advice");
            say(&format!("{advice} not shown: --advice shows them\n"));
        }
    }
    Ok(outcome)
}

/// The problems of a file, a line each.
pub fn short(found: &Found) -> String {
    let report = Report {
        path: found.path.as_deref(),
        base: &Base::default(),
        sources: &found.sources,
        diagnostics: found.diagnostics.iter().collect(),
    };
    render::render(MessageFormat::Short.into(), &[report], None, Colour::Plain)
}

/// Says why a command could not do its work, where nothing has been said yet.
pub fn failure(failure: &Failure, format: MessageFormat) {
    log(failure, format);
    say(&format!("chancery: {}\n", escape::lines(&failure.to_string())));
}

/// Writes the log that programs wait for, where a command could not do its work.
pub fn log(failure: &Failure, format: MessageFormat) {
    let for_people = matches!(format, MessageFormat::Human | MessageFormat::Short);
    if for_people || matches!(failure, Failure::Output(_)) {
        return;
    }
    let problem = failure.problem();
    let report =
        Report { path: None, base: &Base::default(), sources: &Sources::default(), diagnostics: vec![&problem] };
    // Where it cannot be written the exit code, which is not 0, still tells.
    let _ = print(&render::render(format.into(), &[report], Some(&problem.message), Colour::Plain));
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no
/// reason to complain.
///
/// # Errors
/// Where it cannot be written, as on a full disk.
pub fn print(text: &str) -> Result<(), Failure> {
    put(text.as_bytes())
}

/// Writes bytes to standard output, as [`print()`] does text.
///
/// # Errors
/// Where it cannot be written.
pub fn put(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Output(format!("cannot write to standard output: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Whether standard error could not be written.
static MUTE: AtomicBool = AtomicBool::new(false);

/// Writes to standard error. A failure to write changes the exit code; see [`is_mute`].
pub fn say(text: &str) {
    let mut out = std::io::stderr().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
        && error.kind() != ErrorKind::BrokenPipe
    {
        MUTE.store(true, Ordering::Relaxed);
    }
}

/// Whether a message to standard error was lost.
pub fn is_mute() -> bool {
    MUTE.load(Ordering::Relaxed)
}

/// Problems merged into messages: equal ones become one.
fn messages<'a>(diagnostics: &[&'a Diagnostic]) -> Vec<&'a Diagnostic> {
    join(diagnostics).into_iter().map(|joined| joined.problem).collect()
}

/// "1 error, 3 warnings"; nothing where there is nothing to count.
fn count(shown: &[&Diagnostic]) -> Option<String> {
    let of = |severity: Severity| shown.iter().filter(|diagnostic| diagnostic.severity == severity).count();
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
