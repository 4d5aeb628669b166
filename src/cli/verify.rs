//! `chancery verify`: are the editions on the disk what they should be?

use super::args::{self, VerifyArgs};
use super::build::{Globals, Job, shown};
use super::edition_writer;
use super::failure::{Failure, Outcome};
use super::files::FILE_LIMIT;
use super::folder::Folder;
use super::index::INDEX;
use super::manifest::{MANIFEST, Manifest, Verdict};
use super::output::Output;
use super::produce::{Produced, VerifyMode};
use super::proof;
use super::report::{self, Advice, Found, Style, counted};
use super::timings;
use super::workspace::Workspace;
use super::write;
use crate::diagnostic::render::{Base, escape};
use crate::diagnostic::{Code, Diagnostic};
use crate::format::Format;
use crate::layout::font::FontBook;
use crate::source::hash::sha256;
use crate::verify::{Edition, Findings, Unreadable, reads};
use std::collections::BTreeSet;
use std::path::Path;

/// Proves editions, or their files, or prints what one of them says.
pub fn verify(args: &VerifyArgs, globals: &Globals) -> Result<Outcome, Failure> {
    timings::timed(args.documents.timings, || prove(args, globals))
}

fn prove(args: &VerifyArgs, globals: &Globals) -> Result<Outcome, Failure> {
    match (&args.words, &args.rules) {
        (Some(edition), _) => print_words(edition),
        (None, Some(edition)) => rules(edition),
        (None, None) if args.manifest => files(args, globals),
        (None, None) => editions(args, globals),
    }
}

/// Compares the editions with their sources, and writes the reports.
fn editions(args: &VerifyArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let formats = args::formats(&args.to);
    let mut job = Job::open(&args.documents, globals, formats.as_deref(), args.quiet)?;
    job.plan.with_all = args::asks_for_all(&args.to);
    if job.is_stopped() {
        return job.report();
    }
    let output = job.output(args.out.as_deref())?;
    job.plan.proving = VerifyMode::Existing(&output);
    let produced = job.run(|_, _| None, |produced| produced)?;
    let (mut documents, mut proved) = (0_usize, 0_usize);
    for document in produced {
        documents += 1;
        proved += document.editions.iter().filter(|edition| edition.proof.is_some()).count();
        if let Some(folder) = &args.report {
            let written = write_report(&document, job.workspace.project.stem(&document.source), folder);
            job.found.extend(written.as_ref().err().map(Found::failed));
        }
        let Produced { source, sources, diagnostics, .. } = document;
        job.found.push(Found::in_project(source, sources, diagnostics));
    }
    let mut unused = job.unused_profiles();
    job.found.append(&mut unused);
    let outcome = job.report()?;
    if !args.quiet {
        let (documents, editions) =
            (counted(documents, "document", "documents"), counted(proved, "edition", "editions"));
        report::say(&format!("read back {editions} of {documents} in {}\n", shown(output.path())));
    }
    Ok(outcome)
}

fn write_report(document: &Produced, stem: &str, folder: &Path) -> Result<(), Failure> {
    let report = proof::report(document);
    let reports = Folder::make(folder).map_err(|error| Failure::io("make", folder, &error))?;
    let pages = [("json", report.to_json()), ("html", report.to_html().into_bytes())];
    for (ending, bytes) in pages {
        let path = format!("{stem}.report.{ending}");
        let failure = |denied| Failure::Io(format!("cannot write {}: {denied}", shown(&folder.join(&path))));
        reports.write(&path, &bytes).map_err(failure)?;
    }
    Ok(())
}

/// Checks the files that a manifest names, without their sources.
fn files(args: &VerifyArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let output = match (&args.out, args.documents.paths.as_slice()) {
        (Some(folder), _) => Output::trusted(folder.clone()),
        (None, [folder]) => Output::trusted(folder.clone()),
        (None, paths) => Workspace::open(globals.project.as_deref(), paths)?.output(paths, &args.documents.profiles)?,
    };
    let path = output.path().join(MANIFEST);
    let folder = output.existing().map_err(|denied| output.failure("open", "", &denied))?;
    let manifest = match folder.map(Manifest::read) {
        Some(Ok(Some(manifest))) => manifest,
        Some(Err(reason)) => return Err(Failure::Io(format!("cannot use {}: {reason}", shown(&path)))),
        Some(Ok(None)) | None => return Err(Failure::Io(format!("there is no {}", shown(&path)))),
    };
    let index = manifest.index.iter().map(|hash| (INDEX, hash, None));
    let editions = manifest.editions.iter().map(|(path, entry)| (path.as_str(), &entry.sha256, Some(entry.bytes)));
    let copies = manifest.files.iter().map(|(path, entry)| (path.as_str(), &entry.sha256, Some(entry.bytes)));
    let (mut found, mut differing) = (Vec::new(), 0_usize);
    for (name, hash, length) in editions.chain(index).chain(copies) {
        let problem = match output.read(name) {
            Ok(bytes) if sha256(&bytes) == *hash => continue,
            Ok(bytes) => {
                let was =
                    length.map(|was| format!(" ({} bytes, {was} in the manifest)", bytes.len())).unwrap_or_default();
                stale(format!("the edition is not the one that was made{was}"))
            }
            Err(denied) if denied.is_absent() => stale("the edition is missing".to_owned()),
            Err(denied) => stale(format!("the edition cannot be read: {denied}")),
        };
        differing += usize::from(manifest.editions.contains_key(name));
        found.push(Found::of_file(&output.path().join(name), vec![problem]));
    }
    let mut known: BTreeSet<String> = manifest.editions.keys().cloned().collect();
    known.extend(manifest.files.keys().cloned());
    known.extend([MANIFEST.to_owned(), INDEX.to_owned()]);
    found.extend(edition_writer::left_over(&output, &known, "the manifest does not name this file")?);
    let style = Style {
        format: args.documents.message_format,
        color: globals.color,
        quiet: args.quiet,
        advice: Advice::All,
        fail_on: args.documents.fail_on.into(),
        base: Base::default(),
    };
    let outcome = report::problems(&found, &style)?;
    if !args.quiet {
        let editions = manifest.editions.len();
        let proved = manifest.editions.values().filter(|entry| {
            !entry.verdicts.is_empty() && entry.verdicts.values().all(|verdict| *verdict == Verdict::Passed)
        });
        report::say(&format!(
            "{} of {} as they were made, {} proved then\n",
            editions.saturating_sub(differing),
            counted(editions, "edition", "editions"),
            proved.count()
        ));
    }
    Ok(outcome)
}

fn stale(message: String) -> Diagnostic {
    Diagnostic::without_place(Code::StaleEdition, message)
        .hint("run `chancery build`, or take the file from where it was made")
}

/// An edition and its format, which its name tells.
fn edition(path: &Path) -> Result<(Format, Vec<u8>), Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let format = Format::NAMED.iter().rev().find(|format| {
        reads(**format) && name.strip_suffix(format.extension()).is_some_and(|stem| stem.ends_with('.'))
    });
    let Some(format) = format else {
        return Err(Failure::Usage(format!("{} is no edition that can be read back", shown(path))));
    };
    Ok((*format, write::read(path, FILE_LIMIT)?))
}

/// Prints the words of an edition, for comparison with what other readers find.
fn print_words(path: &Path) -> Result<Outcome, Failure> {
    let (format, bytes) = edition(path)?;
    let reading = Edition::open(format, &bytes)
        .findings(FontBook::bundled())
        .reading
        .map_err(|Unreadable(reason)| Failure::Io(format!("cannot read {}: {reason}", shown(path))))?;
    let mut text = String::new();
    for word in reading.all_words() {
        text.push_str(&escape::escape_controls(word.text));
        text.push('\n');
    }
    report::print(&text)?;
    for fault in &reading.faults {
        report::say(&format!("chancery: {}\n", escape::escape_controls(fault)));
    }
    Ok(if reading.faults.is_empty() { Outcome::Fine } else { Outcome::Problems })
}

/// Prints the rules that an edition breaks, for comparison with other judges.
fn rules(path: &Path) -> Result<Outcome, Failure> {
    let (format, bytes) = edition(path)?;
    let Findings { claims, checks, .. } = Edition::open(format, &bytes).findings(FontBook::bundled());
    let mut text = format!("claims {}\n", if claims.is_empty() { "nothing".to_owned() } else { claims.join(", ") });
    let mut fine = !claims.is_empty();
    for check in checks.iter().filter(|check| !check.faults.is_empty()) {
        fine = false;
        text.push_str(&format!("breaks {}: {} {}\n", check.rule, check.states, check.faults.join("; ")));
    }
    report::print(&escape::lines(&text))?;
    Ok(if fine { Outcome::Fine } else { Outcome::Problems })
}
