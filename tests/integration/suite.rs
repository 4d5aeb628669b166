//! The cases of `tests/cases`: every `<topic>/<name>.md` beside the editions
//! it must become. See `tests/cases/README.md`.

use crate::support::{compile_among, crate_path, diagnostic_lines, faults_of_editions, files_under};
use chancery::Compilation;
use chancery::ast::Tree;
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::layout::{dump, frame::Layout, layout};
use chancery::project::Project;
use chancery::redline::{self, Renumbering};
use chancery::source::{FileId, Files, Source, Sources};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What can be expected of a case, by the ending of the expectation's file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expectation {
    /// The parsed document as an outline with places.
    Ast,
    /// What the compiler says, a line each.
    Diagnostics,
    /// What stands inside `<main>`.
    Html,
    /// What stands inside the root element.
    Docbook,
    Text,
    Brief,
    /// The pages' placed text.
    Frames,
    /// The structure tree of the PDF.
    Tags,
    /// The tracked changes of the Word document.
    Revisions,
    /// The Word document: paragraphs, tables, fields, notes.
    Word,
    /// The e-book: its files, its navigation, what stands inside `<main>`.
    EBook,
}

const EXPECTATIONS: [(&str, Expectation); 11] = [
    ("ast", Expectation::Ast),
    ("diagnostics", Expectation::Diagnostics),
    ("html", Expectation::Html),
    ("docbook.xml", Expectation::Docbook),
    ("txt", Expectation::Text),
    ("brief.txt", Expectation::Brief),
    ("frames", Expectation::Frames),
    ("tags", Expectation::Tags),
    ("revisions", Expectation::Revisions),
    ("docx.txt", Expectation::Word),
    ("epub.txt", Expectation::EBook),
];

#[test]
fn cases_become_what_is_expected() {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let only = std::env::var("CASE").unwrap_or_default();
    let mut failures = Vec::new();
    let mut count = 0;
    for case in cases(&crate_path("tests/cases")) {
        let is_cited = case.to_string_lossy().contains("citation");
        if !case.to_string_lossy().contains(&only) || (is_cited && !cfg!(feature = "citations")) {
            continue;
        }
        count += 1;
        match std::panic::catch_unwind(|| run(&case, update)) {
            Ok(differences) => failures.extend(differences),
            Err(_) => failures.push(format!("{} panics", case.display())),
        }
    }
    assert!(failures.is_empty(), "{} of {count} cases\n{}", failures.len(), failures.join("\n"));
}

#[cfg(not(feature = "citations"))]
#[test]
fn a_build_without_citations_says_so() {
    let compilation = crate::support::PROJECT_FREE.compile("---\nbibliography: a.bib\n---\n\nSee [@smith, p. 3].\n");
    assert_eq!(diagnostic_lines(&compilation), "5:6 warning W0209: this build of Chancery has no citations\n");
}

/// Every Markdown file beside which something is expected.
fn cases(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(cases(&path));
        } else if path.extension().is_some_and(|extension| extension == "md")
            && EXPECTATIONS.iter().any(|(ending, _)| path.with_extension(ending).exists())
        {
            found.push(path);
        }
    }
    found
}

/// Compiles a case and compares; the differences, for people.
fn run(case: &Path, update: bool) -> Vec<String> {
    let folder = case.parent().unwrap();
    let name = case.file_name().unwrap().to_str().unwrap();
    let settings = Settings::of(case);
    let others = members(folder, case.file_stem().unwrap().to_str().unwrap());
    let mut paths = vec![name];
    paths.extend(others.iter().map(String::as_str));
    let files = files_under(folder);
    let compile = || compiled(case, &paths, &files, &settings);

    let mut differences = Vec::new();
    for (ending, expectation) in EXPECTATIONS {
        let path = case.with_extension(ending);
        let Ok(expected) = fs::read_to_string(&path) else { continue };
        let actual = dump(expectation, case, name, compile);
        if expected == actual {
            continue;
        }
        if update {
            fs::write(&path, &actual).unwrap();
        } else {
            let shown = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&path);
            differences.push(difference(shown, &expected, &actual));
        }
    }
    differences
}

/// A case, or what changed in it since its earlier version, where there is one.
fn compiled(case: &Path, paths: &[&str], files: &dyn Files, settings: &Settings) -> Compilation {
    let compile = |paths: &[&str]| compile_among(paths, files, &settings.project, &settings.profiles);
    let new = compile(paths);
    let earlier = case.with_extension("earlier.md");
    if !earlier.exists() {
        return new;
    }
    let old = compile(&[earlier.file_name().unwrap().to_str().unwrap()]);
    assert!(!old.diagnostics.has_errors(), "{}: {:?}", earlier.display(), old.diagnostics);
    let (was, is) = (old.document.as_ref().unwrap(), new.document.as_ref().unwrap());
    let files = u32::try_from(new.sources.iter().count()).unwrap();
    let mut redline = redline::compare(was, is, files, Renumbering::List);
    let tracked = redline::track(was, is, files);
    let mut lost = redline::faults(&redline.document, was, is);
    lost.extend(redline::faults(&tracked.document, was, is));
    redline.document.tracked = Some(Arc::new(tracked));
    assert!(lost.is_empty(), "{}: {lost:?}", case.display());
    Compilation { document: Some(redline.document), ..new }
}

#[test]
fn cases_say_the_same_in_every_edition() {
    let cases: Vec<PathBuf> = cases(&crate_path("tests/cases"));
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    found.lock().unwrap().extend(unproved(case));
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What the editions of a case do not say as it does; nothing where it has errors.
fn unproved(case: &Path) -> Vec<String> {
    let settings = Settings::of(case);
    let (folder, name) = (case.parent().unwrap(), case.file_name().unwrap().to_str().unwrap());
    let others = members(folder, case.file_stem().unwrap().to_str().unwrap());
    let paths: Vec<&str> = std::iter::once(name).chain(others.iter().map(String::as_str)).collect();
    let compilation = compiled(case, &paths, &files_under(folder), &settings);
    if compilation.document.is_none() || compilation.diagnostics.has_errors() {
        return Vec::new();
    }
    faults_of_editions(&compilation).iter().map(|fault| format!("{}: {fault}", case.display())).collect()
}

/// What a case asks for beside its text: `<name>.toml` is its project file,
/// whose first line may be `# profiles: internal, press`.
#[derive(Default)]
struct Settings {
    project: Project,
    profiles: Vec<String>,
}

impl Settings {
    fn of(case: &Path) -> Settings {
        let Ok(text) = fs::read_to_string(case.with_extension("toml")) else { return Settings::default() };
        let names = text.lines().next().and_then(|line| line.strip_prefix("# profiles:")).unwrap_or_default();
        let profiles = names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
        let mut sources = Sources::default();
        let file = sources.add(Source::new("chancery.toml", text));
        let mut diagnostics = Diagnostics::default();
        let project = Project::parse(file, &sources, &mut diagnostics);
        assert!(!diagnostics.has_errors(), "{}: {diagnostics:?}", case.display());
        Settings { project, profiles }
    }
}

/// Documents of the folder `<name>/` beside a case: its other documents.
fn members(folder: &Path, stem: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.join(stem)) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned())
        .filter(|name| name.ends_with(".md"))
        .map(|name| format!("{stem}/{name}"))
        .collect();
    names.sort();
    names
}

fn dump(expectation: Expectation, case: &Path, name: &str, compile: impl Fn() -> Compilation) -> String {
    let bytes = |format| compile().edition(format, &mut Diagnostics::default()).unwrap_or_default();
    let edition = |format| String::from_utf8(bytes(format)).unwrap();
    let text = match expectation {
        Expectation::Ast => {
            let mut sources = Sources::default();
            let file: FileId = sources.add(Source::new(name, fs::read_to_string(case).unwrap()));
            let document = chancery::parse::parse(file, &mut sources).value;
            Tree::from_document(&document, &sources).outline()
        }
        Expectation::Diagnostics => {
            let mut compilation = compile();
            let mut found = Diagnostics::default();
            compilation.edition(Format::Pdf, &mut found);
            compilation.diagnostics.append(found);
            diagnostic_lines(&compilation)
        }
        Expectation::Html => inside(&edition(Format::Html), "<main", "</main>"),
        Expectation::Docbook => {
            let text = edition(Format::Docbook);
            let root = if text.contains("<set") { ("<set", "</set>") } else { ("<article", "</article>") };
            inside(&text, root.0, root.1)
        }
        Expectation::Text => edition(Format::Text),
        Expectation::Brief => edition(Format::Brief),
        Expectation::Frames => layout_dump(&compile(), dump::frames),
        Expectation::Tags => layout_dump(&compile(), dump::tags),
        Expectation::Revisions => crate::revisions::shown(&bytes(Format::Docx)),
        Expectation::Word => crate::packages::word(&bytes(Format::Docx)),
        Expectation::EBook => crate::packages::e_book(&bytes(Format::Epub)),
    };
    if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" }
}

fn layout_dump(compilation: &Compilation, dump: fn(&Layout) -> String) -> String {
    let document = compilation.document.as_ref().unwrap();
    dump(&layout(document, &compilation.theme, &mut Diagnostics::default()))
}

/// What stands between an opening tag and the last closing tag of its name.
fn inside(text: &str, open: &str, close: &str) -> String {
    let Some((_, rest)) = text.split_once(open) else { return text.to_owned() };
    let Some((_, rest)) = rest.split_once('>') else { return text.to_owned() };
    let content = rest.rsplit_once(close).map_or(rest, |(content, _)| content);
    content.trim_start_matches('\n').to_owned()
}

/// The lines that differ, with the line before them.
fn difference(path: &Path, expected: &str, actual: &str) -> String {
    const LINES_SHOWN: usize = 12;
    let same = expected.lines().zip(actual.lines()).take_while(|(left, right)| left == right).count();
    let excerpt = |text: &str, sign: &str| -> String {
        text.lines().skip(same).take(LINES_SHOWN).map(|line| format!("    {sign} {line}\n")).collect()
    };
    format!(
        "{} differs from line {} (UPDATE_CASES=1 accepts what it is now; read it first)\n{}{}",
        path.display(),
        same + 1,
        excerpt(expected, "-"),
        excerpt(actual, "+"),
    )
}
