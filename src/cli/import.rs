//! `chancery import`: a file of another program as a source.

use super::args::{Color, ImportArgs, MessageFormat};
use super::build::{Globals, shown};
use super::failure::{Failure, Outcome};
use super::files::{DiskFiles, FILE_LIMIT};
use super::folder::{AccessError, Folder};
use super::panics::{catch_panic, internal};
use super::report::{self, Advice, Found, Style, counted};
use super::write;
use crate::diagnostic::render::Base;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::import::{self, Changes, Import};
use crate::project::Project;
use crate::resolve::{Context, Library};
use crate::source::{MemoryFiles, Source, Sources};
use std::collections::BTreeMap;
use std::path::Path;

/// Imports a file, and writes the source, its pictures and the report.
pub fn import(args: &ImportArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let style = style(args.message_format, globals.color, args.quiet);
    let bytes = write::read(&args.file, FILE_LIMIT)?;
    let name = args.file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = stem(&name);
    let beside = args.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let files = DiskFiles::new(beside).map_err(|error| Failure::io("open", beside, &error))?;
    let result = catch_panic(|| import::import(&bytes, &stem, Changes::from(args.changes), &files));
    let imported = match result.unwrap_or_else(|fault| Err(internal(&fault))) {
        Ok(imported) => imported,
        Err(problem) => return report::problems(&[Found::of_file(&args.file, vec![problem])], &style),
    };
    let folder = args.out.as_deref().unwrap_or(Path::new("."));
    let source = format!("{stem}.md");
    let report_path = format!("{stem}.import.txt");
    let found = found(&imported, &source, &folder.join(&source));
    let mut files = vec![(source, imported.source.as_bytes().to_vec())];
    files.extend(imported.media.iter().map(|medium| (medium.path.clone(), medium.bytes.clone())));
    files.push((report_path, told(&found, args).into_bytes()));
    place(folder, &files, args.force)?;
    let outcome = report::problems(&[found], &style)?;
    if !args.quiet {
        let pictures = counted(imported.media.len(), "picture", "pictures");
        let source = files.first().map(|(path, _)| folder.join(path)).unwrap_or_default();
        report::say(&format!("imported {} as {} with {pictures}\n", shown(&args.file), shown(&source)));
    }
    Ok(outcome)
}

fn style(format: MessageFormat, color: Color, quiet: bool) -> Style<'static> {
    Style { format, color, quiet, advice: Advice::All, fail_on: Severity::Error, base: Base::default() }
}

/// A name for the files that are written: no folder, nothing hidden, no part of another
/// document.
fn stem(name: &str) -> String {
    let safe = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '(' | ')');
    let name: String = name.chars().map(|c| if safe(c) { c } else { '-' }).collect();
    let name = name.trim().trim_start_matches(['.', '_', '-', ' ']);
    if name.is_empty() { "document".to_owned() } else { name.to_owned() }
}

/// Problems of the import, and those that building the source would have: it is compiled
/// as it is written.
fn found(imported: &Import, path: &str, place: &Path) -> Found {
    let mut files = BTreeMap::from([(path.to_owned(), imported.source.clone().into_bytes())]);
    files.extend(imported.media.iter().map(|medium| (medium.path.clone(), medium.bytes.clone())));
    let files = MemoryFiles(files);
    let project = Project::default();
    let library = Library::from_paths([path.to_owned()], &project);
    let context = Context::new(&project, &library, &files);
    let mut problems = imported.problems.clone();
    match catch_panic(|| crate::compile(path, &context)) {
        Ok(compiled) => {
            let tells =
                |problem: &Diagnostic| problem.severity == Severity::Error || problem.code == Code::MissingAlternative;
            problems.extend(compiled.diagnostics.into_sorted().into_iter().filter(tells));
        }
        Err(fault) => problems.push(internal(&fault)),
    }
    problems.sort_by_key(|problem| (problem.span, problem.code));
    let mut sources = Sources::default();
    sources.add(Source::new(shown(place), imported.source.as_str()));
    Found::in_project(shown(place), sources, problems)
}

/// The report: what was imported, and what could not be kept.
fn told(found: &Found, args: &ImportArgs) -> String {
    let count = found.diagnostics.len();
    let kept = match count {
        0 => "Everything was kept.".to_owned(),
        1 => "One thing could not be kept as it was:".to_owned(),
        _ => format!("{count} things could not be kept as they were:"),
    };
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    format!("Import of {name}\n\n{kept}\n\n{}", report::short(found)).trim_end().to_owned() + "\n"
}

/// Writes all files into a folder, or none where one of them is there already.
fn place(folder: &Path, files: &[(String, Vec<u8>)], force: bool) -> Result<(), Failure> {
    let root = Folder::make(folder).map_err(|error| Failure::io("make", folder, &error))?;
    let failure =
        |path: &str, denied: &AccessError| Failure::Io(format!("cannot write {}: {denied}", shown(&folder.join(path))));
    for (path, _) in files {
        root.takes(path).map_err(|denied| failure(path, &denied))?;
        if !force && root.holds(path) {
            let there = shown(&folder.join(path));
            return Err(Failure::Usage(format!(
                "{there} is there already\n--force replaces it, and --out DIR writes elsewhere"
            )));
        }
    }
    for (path, bytes) in files {
        root.write(path, bytes).map_err(|denied| failure(path, &denied))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn names_are_safe() {
        let names = ["Report 2", "../_a", "a\\b:c", ".hidden", "", "été (1)"].map(stem);
        assert_eq!(names, ["Report 2", "a", "a-b-c", "hidden", "document", "été (1)"]);
    }
}
