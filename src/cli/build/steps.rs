//! Steps of a build: the destination of editions, copying of linked files, and the final report.

use super::{Finished, Job, Sink};
use crate::cli::args::BuildArgs;
use crate::cli::edition_writer::EditionWriter;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::linked_files::Copied;
use crate::cli::output::Output;
use crate::cli::report::Found;
use crate::cli::summary::Summary;
use crate::cli::timings::{Phase, measure};
use crate::cli::workspace::is_dash;
use std::path::Path;

impl Job<'_> {
    /// Where editions go, and the folder that they go to.
    pub(super) fn sink(&self, args: &BuildArgs) -> Result<(Sink, Output), Failure> {
        let sink = match (&args.out, &args.file) {
            (Some(out), _) if is_dash(out) => self.single(Sink::StandardOutput, "--out -")?,
            (_, Some(file)) if is_dash(file) => self.single(Sink::StandardOutput, "-o -")?,
            (_, Some(file)) if args.to.is_empty() && super::format_of(file).is_none() => {
                return Err(Failure::Usage(format!(
                    "the name {} does not say what edition it is for\nend it with .pdf, .html, .docx or the like, or name a format (--to html)",
                    file.display()
                )));
            }
            (_, Some(_)) => self.single(Sink::File, "-o")?,
            _ if args.locked => Sink::Compare,
            _ => Sink::Write,
        };
        let output = match (&args.out, &args.file) {
            (None, Some(file)) => Output::trusted(file.parent().map(Path::to_owned).unwrap_or_default()),
            (out, _) => self.output(out.as_deref())?,
        };
        Ok((sink, output))
    }

    /// Copies the files that documents lead to; a failure is one of the problems.
    pub(super) fn copy(&mut self, writer: Option<&EditionWriter>, finished: &[Finished]) -> Copied {
        let Some(writer) = writer else { return Copied::default() };
        match measure(Phase::Copy, || writer.copy(self, finished)) {
            Ok(mut copied) => {
                self.found.append(&mut copied.found);
                copied
            }
            Err(failure) => {
                self.found.push(Found::failed(&failure));
                Copied::default()
            }
        }
    }

    /// Counts what was made, and takes what was found in each document.
    pub(super) fn sum_up(&mut self, finished: &mut [Finished]) -> Summary {
        let mut summary = Summary::default();
        for document in finished {
            summary.add(document);
            self.found.append(&mut document.found);
        }
        summary
    }

    /// Adds what is known only now that all documents are finished, and reports.
    pub(super) fn conclude(&mut self, finished: &[Finished]) -> Result<Outcome, Failure> {
        let mut unused = self.unused_profiles();
        self.found.append(&mut unused);
        let failures = finished.iter().filter_map(|document| document.failure.as_ref());
        self.found.extend(failures.map(Found::failed));
        self.report()
    }
}
