//! `chancery diff`: what changed between two versions.

use super::args::{self, DiffArgs, MessageFormat};
use super::build::{Globals, check_profiles, shown, source_date_epoch};
use super::compared;
use super::earlier;
use super::failure::{Failure, Outcome};
use super::output::Output;
use super::panics::{catch_panic, internal};
use super::produce::Edition;
use super::report::{self, Advice, Found, Style, counted};
use super::workspace::{Workspace, current_folder};
use crate::backend::text;
use crate::diagnostic::render::Base;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::format::Format;
use crate::project::Project;
use crate::redline::{self, Redline};
use crate::resolve::{Context, Resolved};
use crate::source::{Sources, Span};
use crate::theme::Theme;
use serde_json::{Value, json};
use std::path::Path;

/// One of the two compared versions.
struct Version {
    workspace: Workspace,
    name: &'static str,
}

/// A version of one document, resolved.
struct Side {
    document: Option<Resolved>,
    sources: Sources,
    theme: Theme,
    /// Problems at the levels that the project gives them.
    errors: Vec<Diagnostic>,
}

/// A redline with its editions.
struct Made {
    stem: String,
    redline: Redline,
    sources: Sources,
    editions: Vec<Edition>,
}

/// A redline and its problems, or the problems that prevent one.
type Compared = Result<(Made, Vec<Found>), Vec<Found>>;

/// Compares two versions, and makes the editions of what changed.
pub fn diff(args: &DiffArgs, globals: &Globals) -> Result<Outcome, Failure> {
    check_profiles(&args.profiles)?;
    let old = open(&args.old, None, "old")?;
    let new = open(&args.new, globals.project.as_deref(), "new")?;
    let style = Style {
        format: args.message_format,
        color: globals.color,
        quiet: args.quiet,
        advice: Advice::All,
        fail_on: Severity::Error,
        base: Base::default(),
    };
    let (pairs, mut found) = pairs(&old.workspace, &new.workspace);
    let mut all = Vec::new();
    for (was, is) in pairs {
        match compare((&old, &was), (&new, &is), args)? {
            Ok((made, mut problems)) => {
                found.append(&mut problems);
                all.push(made);
            }
            Err(mut problems) => found.append(&mut problems),
        }
    }
    let output = output(&new.workspace, args)?;
    let paths = all.iter().flat_map(|made| &made.editions).map(|edition| edition.path.as_str());
    let problems = output.problems(paths)?.into_iter();
    found.extend(problems.map(|(path, problem)| Found::of_file(&output.path().join(path), vec![problem])));
    let outcome = report::problems(&found, &style)?;
    if outcome != Outcome::Fine {
        return Ok(outcome);
    }
    publish(&all, &output, args)?;
    let changed = all.iter().any(|made| !made.redline.is_empty());
    Ok(if args.exit_code && changed { Outcome::Problems } else { Outcome::Fine })
}

/// Opens a version: a folder as a project or as documents, a file in the project that it is of.
fn open(path: &Path, project: Option<&Path>, name: &'static str) -> Result<Version, Failure> {
    let workspace = if path.is_dir() {
        earlier::workspace(path, &Project::default().source)?
    } else {
        Workspace::open(project, std::slice::from_ref(&path.to_owned()))?
    };
    if workspace.selected.is_empty() {
        return Err(Failure::Usage(format!("there are no documents in the {name} version, {}", shown(path))));
    }
    Ok(Version { workspace, name })
}

/// The documents of both versions, by their paths; one of each needs no name.
fn pairs(old: &Workspace, new: &Workspace) -> (Vec<(String, String)>, Vec<Found>) {
    let (olds, news): (Vec<&String>, Vec<&String>) = (old.selected.iter().collect(), new.selected.iter().collect());
    if let ([was], [is]) = (olds.as_slice(), news.as_slice()) {
        return (vec![((*was).clone(), (*is).clone())], Vec::new());
    }
    let stem = |workspace: &Workspace, path: &str| workspace.project.stem(path).to_owned();
    let mut pairs = Vec::new();
    let mut found = Vec::new();
    for is in &news {
        let partner = olds.iter().find(|was| stem(old, was) == stem(new, is));
        match partner {
            Some(was) => pairs.push(((*was).clone(), (*is).clone())),
            None => found.push(unpaired(is, "only the new version has this document")),
        }
    }
    let is_gone = |was: &&&String| news.iter().all(|is| stem(old, was) != stem(new, is));
    found.extend(olds.iter().filter(is_gone).map(|was| unpaired(was, "only the old version has this document")));
    (pairs, found)
}

fn unpaired(path: &str, message: &str) -> Found {
    let problem = Diagnostic::without_place(Code::OneVersion, message);
    let problem = problem.hint("a document that was renamed is compared by naming both files");
    Found::without_text(path, vec![problem])
}

/// Compares two versions of a document, or returns the problems that prevent it.
fn compare((old, was): (&Version, &str), (new, is): (&Version, &str), args: &DiffArgs) -> Result<Compared, Failure> {
    let epoch = source_date_epoch()?;
    let sides = [(old, was), (new, is)].map(|(version, path)| resolved(version, path, new, &args.profiles, epoch));
    let broken: Vec<Found> = sides
        .iter()
        .zip([(old, was), (new, is)])
        .filter(|(side, _)| !side.errors.is_empty() || side.document.is_none())
        .flat_map(|(side, (version, path))| broken(side, version, path))
        .collect();
    let [old_side, new_side] = sides;
    let (Some(old_document), Some(new_document)) = (&old_side.document, &new_side.document) else {
        return Ok(Err(broken));
    };
    if !broken.is_empty() {
        return Ok(Err(broken));
    }
    let mut diagnostics = Diagnostics::default();
    let files = new_side.sources.iter().count();
    let renumbering = args.renumbering.into();
    let formats = formats(args, &new.workspace, is);
    let redline = compared::redline((old_document, new_document), files, renumbering, &formats, &mut diagnostics);
    let Some(redline) = redline else {
        return Ok(Err(vec![Found::without_text(shown(&new.workspace.root().join(is)), diagnostics.into_sorted())]));
    };
    let mut sources = new_side.sources;
    for (_, source) in old_side.sources.iter() {
        sources.add(source.clone());
    }
    let stem = new.workspace.project.stem(is).to_owned();
    let (document, theme) = (&redline.document, &new_side.theme);
    let editions = compared::editions(document, theme, &stem, &formats, args.verify, |_| None, &mut diagnostics);
    let found = Found::in_project(is, sources.clone(), diagnostics.into_sorted());
    let made = Made { stem, redline, sources, editions };
    Ok(Ok((made, vec![found])))
}

/// Why a version cannot be compared: its own errors, then that.
fn broken(side: &Side, version: &Version, path: &str) -> Vec<Found> {
    let shown = shown(&version.workspace.root().join(path));
    let message = format!("the {} version has errors: nothing is compared", version.name);
    let problem = Diagnostic::without_place(Code::NotCompared, message).hint("mend the errors of this version first");
    let errors = Found::in_project(shown.clone(), side.sources.clone(), side.errors.clone());
    vec![errors, Found::without_text(shown, vec![problem])]
}

/// Resolves a version of a document, as the new version's project wants it.
fn resolved(version: &Version, path: &str, new: &Version, profiles: &[String], epoch: Option<i64>) -> Side {
    let project = &new.workspace.project;
    version.workspace.with_context(profiles, epoch, |context| {
        let context = Context { project, dead_links_stay: !version.workspace.is_project, ..*context };
        match catch_panic(|| crate::compile(path, &context)) {
            Ok(compilation) => {
                let metadata = compilation.document.as_ref().map(|document| &document.metadata);
                let errors = compilation.diagnostics.into_sorted().into_iter();
                let errors = errors.filter(|problem| project.severity_of(problem, metadata) == Some(Severity::Error));
                let errors = errors.collect();
                Side { errors, document: compilation.document, sources: compilation.sources, theme: compilation.theme }
            }
            Err(fault) => Side {
                document: None,
                sources: Sources::default(),
                theme: Theme::default(),
                errors: vec![internal(&fault)],
            },
        }
    })
}

fn formats(args: &DiffArgs, workspace: &Workspace, source: &str) -> Vec<Format> {
    let is_data = args.message_format == MessageFormat::Json && args.to.is_empty() && args.out.is_none();
    if args.summary_only || is_data {
        return Vec::new();
    }
    args::formats(&args.to).unwrap_or_else(|| workspace.project.formats_of(source).to_vec())
}

/// Writes the editions, or prints the requested output instead.
fn publish(all: &[Made], output: &Output, args: &DiffArgs) -> Result<(), Failure> {
    if args.message_format == MessageFormat::Json {
        for made in all {
            report::print(&format!("{}\n", data(made)))?;
        }
    } else if args.summary_only {
        for made in all {
            report::print(&text::emit(&made.redline.summary()))?;
        }
        return Ok(());
    }
    let mut written = 0_usize;
    for made in all {
        for Edition { path, bytes, .. } in &made.editions {
            let folder = output.made().map_err(|denied| output.failure("write into", "", &denied))?;
            folder.write(path, bytes).map_err(|denied| output.failure("write", path, &denied))?;
            written += 1;
        }
    }
    if !args.quiet && written > 0 {
        let changes = all.iter().map(|made| made.redline.changes.len()).sum();
        let (changes, editions) = (counted(changes, "change", "changes"), counted(written, "edition", "editions"));
        report::say(&format!("{changes}: {editions} written to {}\n", shown(output.path())));
    }
    Ok(())
}

/// The folder of redlines: one that the command line names, or one beside the editions,
/// which a project from a stranger cannot lead elsewhere.
fn output(workspace: &Workspace, args: &DiffArgs) -> Result<Output, Failure> {
    const FOLDER: &str = "changes";
    match &args.out {
        Some(folder) => Ok(Output::trusted(folder.clone())),
        None if workspace.is_project => Ok(workspace.output_in(FOLDER.to_owned())),
        None => Ok(Output::trusted(current_folder()?.join(FOLDER))),
    }
}

/// The changes as data.
fn data(made: &Made) -> Value {
    let Made { redline, sources, stem, .. } = made;
    let place = |span: Option<Span>| {
        let source = sources.get(span?.file)?;
        let place = source.place(span?.start as usize);
        Some(json!({"file": source.path(), "line": place.line, "column": place.column}))
    };
    let changes = redline.changes.iter().map(|change| {
        json!({
            "id": change.id, "kind": change.name(), "section": change.section, "before": change.before.trim_end(),
            "old": change.old, "new": change.new,
            "old_place": place(change.old_span), "new_place": place(change.new_span),
        })
    });
    let told = |list: &[redline::Told]| -> Value {
        let entry = |told: &redline::Told| json!({"change": told.id, "section": told.section, "before": told.before.trim_end(), "old": told.old, "new": told.new});
        list.iter().map(entry).collect()
    };
    let sections = redline.sections.iter().filter(|section| section.count > 0);
    json!({
        "type": "changes",
        "document": stem,
        "heading": redline.heading,
        "common_percent": redline.common,
        "title": redline.title.as_ref().map(|(was, is)| json!({"old": was, "new": is})),
        "subtitle": redline.subtitle.as_ref().map(|(was, is)| json!({"old": was, "new": is})),
        "changes": changes.collect::<Value>(),
        "sections": sections.map(|section| json!({"title": section.title, "id": section.id, "changes": section.count})).collect::<Value>(),
        "figures": told(&redline.figures),
        "obligations": told(&redline.obligations),
        "moved": redline.moved.iter().map(|moved| json!({"words": moved.words, "from": moved.from, "to": moved.to})).collect::<Value>(),
        "renumbered": redline.renumbered.iter().map(|entry| json!({"old": entry.was, "new": entry.is, "title": entry.title})).collect::<Value>(),
        "links": redline.links.iter().map(|(words, was, is)| json!({"words": words, "old": was, "new": is})).collect::<Value>(),
    })
}
