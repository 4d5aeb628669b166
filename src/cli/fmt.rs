//! `chancery fmt`: sources in one form.

use super::args::FmtArgs;
use super::build::Globals;
use super::failure::{Failure, Outcome};
use super::files::FILE_LIMIT;
use super::folder::SwapResult;
use super::memory;
use super::report::{self, Advice, Found, Style, counted, say};
use super::unified;
use super::workspace::{Workspace, is_dash, is_source};
use crate::diagnostic::render::escape;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::formatting::{self, Formatted};
use crate::source::{FileId, Source, Sources, Span};
use std::io::IsTerminal;

/// Texts up to this size, in bytes, are formatted in a few megabytes.
const SMALL_PAGES_BYTES: usize = 32_000;

/// Formats the sources that are named, or says which are not formatted.
pub fn fmt(args: &FmtArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let has_input = args.paths.iter().any(|path| is_dash(path));
    if has_input && args.paths.len() > 1 {
        return Err(Failure::Usage("- stands alone: standard input is formatted to standard output".to_owned()));
    }
    if let Some(stranger) = args.paths.iter().find(|path| !is_dash(path) && !path.is_dir() && !is_source(path)) {
        let name = escape::name(&stranger.to_string_lossy()).into_owned();
        return Err(Failure::Usage(format!("{name} is no source\nsources end in .md or .markdown")));
    }
    let workspace = Workspace::open(globals.project.as_deref(), &args.paths)?;
    let mut run = Run { args, workspace: &workspace, found: Vec::new(), changed: Vec::new() };
    run.found.extend(workspace.unread.iter().map(Found::failed));
    if let Some(input) = workspace.input() {
        run.input(input)?;
    } else {
        let sources = workspace.sources(&args.paths)?;
        if sources.is_empty() && run.found.is_empty() {
            let folder = workspace.root().join(&workspace.project.source);
            return Err(Failure::Usage(format!("there are no sources in {}", super::build::shown(&folder))));
        }
        sources.iter().try_for_each(|path| run.file(path))?;
    }
    run.finish(globals)
}

struct Run<'a> {
    args: &'a FmtArgs,
    workspace: &'a Workspace,
    found: Vec<Found>,
    /// The files that were formatted, or would be.
    changed: Vec<String>,
}

impl Run<'_> {
    /// Whether nothing is written.
    fn only_looks(&self) -> bool {
        self.args.check || self.args.diff
    }

    fn input(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        const NAME: &str = "stdin.md";
        let Some((text, formatted)) = self.format(NAME, bytes) else {
            // A text that cannot be formatted is passed through unchanged.
            return if self.only_looks() { Ok(()) } else { report::put(bytes) };
        };
        if self.only_looks() {
            return self.compare(NAME, text, &formatted);
        }
        report::put(formatted.text.as_bytes())
    }

    fn file(&mut self, path: &str) -> Result<(), Failure> {
        let folder = self.workspace.disk.folder();
        let bytes = match folder.read(path, FILE_LIMIT) {
            Ok(bytes) => bytes,
            Err(denied) => {
                let problem = Diagnostic::without_place(Code::UnreadableFile, format!("cannot read {path}: {denied}"));
                self.found.push(Found::in_project(path, Sources::default(), vec![problem.naming(path)]));
                return Ok(());
            }
        };
        let Some((text, formatted)) = self.format(path, &bytes) else { return Ok(()) };
        if self.only_looks() {
            return self.compare(path, text, &formatted);
        }
        if formatted.text == text {
            return Ok(());
        }
        let shown = super::build::here(&self.workspace.root().join(path));
        match folder.compare_and_swap(path, &bytes, formatted.text.as_bytes()) {
            Ok(SwapResult::Done) => self.changed.push(shown),
            Ok(SwapResult::Changed) => self.refused(path, "the file changed while it was read: nothing was written"),
            Ok(SwapResult::IsLink) => self.refused(path, "this is a link: what it leads to is formatted where it is"),
            Err(denied) => self.found.push(Found::failed(&Failure::Io(format!("cannot write {shown}: {denied}")))),
        }
        Ok(())
    }

    fn refused(&mut self, path: &str, why: &str) {
        let problem =
            Diagnostic::without_place(Code::NotFormatted, why).hint("run `chancery fmt` again, or name that file");
        self.found.push(Found::in_project(path, Sources::default(), vec![problem]));
    }

    /// A source's text and its formatted form. `None`, with a report, if it cannot be formatted.
    fn format<'t>(&mut self, path: &str, bytes: &'t [u8]) -> Option<(&'t str, Formatted)> {
        if bytes.len() > SMALL_PAGES_BYTES {
            memory::allow_large_pages();
        }
        let text = std::str::from_utf8(bytes).ok();
        match text.and_then(|text| Some((text, formatting::format(path, text)?))) {
            Some((text, mut formatted)) => {
                let kept = std::mem::take(&mut formatted.kept);
                if !kept.is_empty() {
                    self.found.push(Found::in_project(path, sources(path, &formatted.text), kept));
                }
                Some((text, formatted))
            }
            None => {
                // Why it cannot be read as a whole is what checking says of it.
                let message = "the source cannot be read as a whole, so that it is not formatted";
                let problem = Diagnostic::without_place(Code::NotFormatted, message);
                let problem = Diagnostic { severity: Severity::Warning, ..problem.hint("`chancery check` says why") };
                self.found.push(Found::in_project(path, Sources::default(), vec![problem]));
                None
            }
        }
    }

    /// Says that a source would change, where it would.
    fn compare(&mut self, path: &str, text: &str, formatted: &Formatted) -> Result<(), Failure> {
        if formatted.text == text {
            return Ok(());
        }
        let shown = super::build::here(&self.workspace.root().join(path));
        if self.args.diff {
            let diff = unified::diff(&shown, text, &formatted.text);
            // For a program the output must be the exact bytes.
            let is_read_by_people = std::io::stdout().is_terminal();
            report::print(&if is_read_by_people { escape::lines(&diff).into_owned() } else { diff })?;
        } else {
            let lines = text.split_inclusive('\n').zip(formatted.text.split_inclusive('\n'));
            let same: usize = lines.take_while(|(one, other)| one == other).map(|(line, _)| line.len()).sum();
            let rest = text.get(same..).unwrap_or_default();
            let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
            let span = Span::new(FileId(0), same, same + length);
            let problem = Diagnostic::new(Code::Unformatted, span, "formatting changes this line or what follows it");
            let problem = problem.hint("run `chancery fmt`");
            self.found.push(Found::in_project(path, sources(path, text), vec![problem]));
        }
        self.changed.push(shown);
        Ok(())
    }

    fn finish(self, globals: &Globals) -> Result<Outcome, Failure> {
        let style = Style {
            format: self.args.message_format,
            color: globals.color,
            quiet: self.args.quiet,
            advice: Advice::All,
            fail_on: Severity::Error,
            base: self.workspace.base()?,
        };
        let outcome = report::problems(&self.found, &style)?;
        let is_input = self.workspace.has_input();
        if !self.args.quiet && !self.only_looks() && !is_input {
            for path in &self.changed {
                say(&format!("  {}\n", escape::name(path)));
            }
            say(&format!("{} formatted\n", counted(self.changed.len(), "file", "files")));
        }
        let would_change = self.only_looks() && !self.changed.is_empty();
        Ok(if would_change { outcome.max(Outcome::Problems) } else { outcome })
    }
}

fn sources(path: &str, text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.add(Source::new(path, text));
    sources
}
