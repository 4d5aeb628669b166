//! Holds the code to ARCHITECTURE.md: who may use whom, one door for each
//! foreign crate, no panics, small files, documented items.

use crate::tidy_source::{Source, read};
use std::collections::{BTreeMap, BTreeSet};

/// Every room and the rooms it may use. Everything may use `diagnostic`, `parallel` and
/// `source`; `compile`, `compiler`, `cli` and `lib` are the top and not listed.
const MAY_USE: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("diagnostic", &[]),
    ("format", &[]),
    ("load", &[]),
    ("language", &[]),
    ("ast", &["format", "language"]),
    ("theme", &["language"]),
    ("project", &["ast", "format", "language", "parse", "theme"]),
    ("parse", &["ast", "format", "language"]),
    ("resolve", &["ast", "format", "language", "load", "parse", "project"]),
    ("import", &["ast", "language", "parse"]),
    ("formatting", &["ast", "load", "parse"]),
    ("redline", &["ast", "format", "language", "resolve"]),
    ("lint", &["ast", "language", "resolve"]),
    ("layout", &["ast", "format", "language", "resolve", "theme"]),
    ("backend", &["ast", "format", "language", "layout", "resolve", "theme"]),
    ("verify", &["ast", "format", "language", "layout", "resolve", "theme"]),
    ("parallel", &[]),
    ("main", &[]),
];

/// Backends do not use one another, and only the PDF uses `layout`.
const BACKENDS: [&str; 7] = ["docbook", "docx", "epub", "html", "pandoc", "pdf", "text"];

/// Where a foreign crate may be used. One that is not listed may be used in
/// one room only.
const DOORS: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["diagnostic/render/human.rs"]),
    (
        "base64",
        &[
            "backend/data_uri.rs",
            "import/html/",
            "resolve/picture/svg/embedded.rs",
            "verify/chart.rs",
            "verify/epub.rs",
        ],
    ),
    ("cap_std", &["cli/folder.rs"]),
    ("clap", &["cli/args.rs", "cli/args/", "cli/variables.rs"]),
    ("clap_mangen", &["cli/args.rs"]),
    ("comrak", &["parse/"]),
    (
        "hayagriva",
        &["resolve/bibliography.rs", "resolve/citation.rs", "resolve/citation/", "resolve/citation_style.rs"],
    ),
    ("foldhash", &["layout/", "source/hash.rs"]),
    ("gif", &["resolve/picture/"]),
    ("getrandom", &["cli/serve/http.rs"]),
    ("gix_hash", &["cli/revision/"]),
    ("gix_object", &["cli/revision/"]),
    ("gix_odb", &["cli/revision/"]),
    ("gix_ref", &["cli/revision/"]),
    ("harfrust", &["layout/"]),
    ("html5gum", &["parse/", "verify/"]),
    ("hypher", &["language/hyphenation.rs", "layout/hyphenate.rs"]),
    ("icu_datetime", &["language/"]),
    ("icu_list", &["language/"]),
    ("icu_locale_core", &["language/"]),
    ("imara_diff", &["redline/"]),
    (
        "libdeflater",
        &["backend/pdf/finish.rs", "backend/zip.rs", "resolve/picture/png.rs", "source/zip", "verify/pdf/file.rs"],
    ),
    ("lopdf", &["backend/pdf/", "verify/"]),
    ("memchr", &["parse/chunk.rs", "source.rs"]),
    ("notify", &["cli/events.rs"]),
    ("png", &["resolve/picture/", "backend/pdf/picture/"]),
    ("printpdf", &["backend/pdf/"]),
    ("quick_xml", &["backend/markup.rs", "import/xml.rs", "verify/"]),
    ("percent_encoding", &["source/percent.rs"]),
    ("roxmltree", &["resolve/picture/svg/"]),
    ("saphyr_parser", &["parse/yaml.rs"]),
    ("lsp_server", &["cli/lsp/event_queue.rs", "cli/lsp/mod.rs", "cli/lsp/server.rs"]),
    ("tiny_http", &["cli/serve/http.rs"]),
    ("toml", &["parse/toml_tree.rs", "project", "theme"]),
    ("sha2", &["backend/pdf/", "source/hash.rs", "diagnostic/render/sarif.rs"]),
    ("ttf_parser", &["layout/math/font.rs", "verify/pdf/"]),
    ("unicode_bidi_mirroring", &["verify/pdf/font.rs"]),
    ("unicode_normalization", &["cli/output_paths.rs", "language/fold.rs", "verify/"]),
    ("unicode_width", &["backend/text/", "formatting/table.rs", "verify/"]),
    ("tiny_skia", &["backend/drawing/raster.rs"]),
    ("usvg", &["backend/drawing/", "backend/pdf/picture/svg/"]),
    ("zune_jpeg", &["resolve/picture/jpeg.rs"]),
];

/// Crates that are part of the language we write, usable everywhere.
const EVERYWHERE: [&str; 4] = ["rayon", "serde", "serde_json", "unicode_segmentation"];

/// A file longer than this holds a second idea.
const MAX_LINES: usize = 700;

/// A function longer than this does a second thing.
const MAX_FUNCTION_LINES: usize = 80;

/// Words that stop the program; input must not reach them.
const PANICS: [&str; 7] =
    [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "unreachable!(", "assert!("];

/// Only `cli` looks outside.
const OUTSIDE: [&str; 8] =
    ["std::fs", "std::env", "std::process", "std::net", "SystemTime", "Instant::now", "println!(", "std::io::std"];

/// Files that may hold a word above, each with its reason.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    ("main.rs", "std::process", "the exit code is handed to the system here"),
    ("theme.rs", ".expect(", "a test parses the built-in theme; no input reaches it"),
];

fn is_exception(path: &str, word: &str) -> bool {
    EXCEPTIONS.iter().any(|(file, allowed, _)| *file == path && *allowed == word)
}

fn report(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn imports_go_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut problems = Vec::new();
    for source in read("src") {
        let room = source.room();
        if matches!(room, "cli" | "compile" | "compiler" | "lib") {
            continue;
        }
        let Some(may) = allowed.get(room) else {
            problems.push(format!("{}: `{room}` is not in the table of rooms", source.path));
            continue;
        };
        for used in source.rooms_used() {
            let common = ["diagnostic", "parallel", "source", room];
            if !common.contains(&used.as_str()) && !may.contains(&used.as_str()) {
                problems.push(format!("{}: `{room}` may not use `{used}`", source.path));
            }
        }
    }
    report(problems);
}

#[test]
fn the_map_names_what_is_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let map = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let (_, modules) = map.split_once("## Modules").unwrap();
    for (room, _) in MAY_USE.iter().chain(&[("compile", &[][..]), ("compiler", &[]), ("cli", &[])]) {
        assert!(modules.contains(&format!("\n| `{room}` |")), "`{room}` is not in the table of modules");
    }
    let is_name = |name: &str| (name.contains("::") || name.contains('/')) && !name.contains(char::is_whitespace);
    let mut problems = Vec::new();
    for name in map.split('`').skip(1).step_by(2).filter(|name| is_name(name)) {
        let is_there = match name.split_once("::") {
            None => root.join(name).exists(),
            Some(_) => is_in_code(&root.join("src"), &name.split("::").collect::<Vec<_>>()),
        };
        if !is_there {
            problems.push(format!("ARCHITECTURE.md: there is no `{name}`"));
        }
    }
    report(problems);
}

/// Whether a path of modules, perhaps with an item at its end, is in the code below a folder.
fn is_in_code(folder: &std::path::Path, path: &[&str]) -> bool {
    let Some((first, rest)) = path.split_first() else { return folder.is_dir() };
    let file = folder.with_extension("rs");
    let holds = |file: &std::path::Path| {
        let code = std::fs::read_to_string(file).unwrap_or_default();
        code.split(|sign: char| !sign.is_alphanumeric() && sign != '_').any(|word| word == *first)
    };
    let inner = folder.join(first);
    (is_in_code(&inner, rest) || (rest.is_empty() && inner.with_extension("rs").exists()))
        || (rest.is_empty() && (holds(&file) || holds(&folder.join("mod.rs"))))
}

#[test]
fn backends_keep_to_themselves() {
    let mut problems = Vec::new();
    for source in read("src") {
        let Some(backend) = BACKENDS.into_iter().find(|name| source.path.starts_with(&format!("backend/{name}/")))
        else {
            continue;
        };
        for other in BACKENDS.into_iter().filter(|other| *other != backend) {
            if [format!("backend::{other}"), format!("super::{other}::")].iter().any(|path| source.code.contains(path))
            {
                problems.push(format!("{}: uses the backend `{other}`", source.path));
            }
        }
        if backend != "pdf" && source.rooms_used().contains("layout") {
            problems.push(format!("{}: only the PDF uses `layout`", source.path));
        }
    }
    report(problems);
}

#[test]
fn each_foreign_crate_has_one_door() {
    let doors: BTreeMap<&str, &[&str]> = DOORS.iter().copied().collect();
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut problems = Vec::new();
    for source in read("src") {
        for name in dependencies() {
            if !source.uses_crate(&name) || EVERYWHERE.contains(&name.as_str()) {
                continue;
            }
            match doors.get(name.as_str()) {
                Some(doors) if doors.iter().any(|door| source.path.starts_with(door)) => {}
                Some(_) => problems.push(format!("{}: `{name}` has its door elsewhere", source.path)),
                None => {
                    rooms.entry(name).or_default().insert(source.room().to_owned());
                }
            }
        }
    }
    // A door that leads nowhere is a misspelt name, and guards nothing.
    for name in DOORS.iter().map(|(name, _)| name).chain(&EVERYWHERE) {
        if !dependencies().iter().any(|known| known == name) {
            problems.push(format!("`{name}` has a door and is no dependency"));
        }
    }
    for (name, rooms) in rooms {
        if rooms.len() > 1 {
            problems.push(format!("`{name}` is used in {rooms:?}: give it one door"));
        }
    }
    report(problems);
}

/// The names of the dependencies as code spells them.
fn dependencies() -> Vec<String> {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let section = manifest.split("\n[").find(|section| section.starts_with("dependencies]")).unwrap();
    let names = section.lines().skip(1).filter_map(|line| line.split_once(" = "));
    names.map(|(name, _)| name.trim().replace('-', "_")).collect()
}

#[test]
fn input_cannot_reach_a_panic() {
    let mut problems = Vec::new();
    for source in read("src") {
        for word in PANICS {
            for line in source.lines_with(word) {
                // `debug_assert!` says what we believe and is gone in a release.
                let is_debug = word == "assert!(" && source.line(line).contains("debug_assert!(");
                if !is_debug && !is_exception(&source.path, word) {
                    problems.push(format!("{}:{line}: {word}", source.path));
                }
            }
        }
    }
    report(problems);
}

#[test]
fn only_the_command_line_looks_outside() {
    let mut problems = Vec::new();
    for source in read("src").iter().filter(|source| source.room() != "cli") {
        for word in OUTSIDE {
            for line in source.lines_with(word) {
                if !is_exception(&source.path, word) {
                    problems.push(format!("{}:{line}: {word}", source.path));
                }
            }
        }
    }
    report(problems);
}

/// The order of a hash table differs from run to run. These files only look
/// things up in theirs and never walk through them.
const LOOKED_UP_ONLY: [&str; 11] = [
    "layout/fragment.rs",
    "layout/word_cache.rs",
    "layout/shape.rs",
    "lint/cache.rs",
    "resolve/abbreviation.rs",
    "resolve/id.rs",
    "resolve/note.rs",
    "resolve/number.rs",
    "resolve/picture.rs",
    "resolve/cache.rs",
    "source/hash.rs",
];

#[test]
fn no_hash_order_reaches_an_edition() {
    let mut problems = Vec::new();
    for source in read("src").iter().filter(|source| !LOOKED_UP_ONLY.contains(&source.path.as_str())) {
        for word in ["HashMap", "HashSet", "LookupMap"] {
            for line in source.lines_with(word) {
                problems.push(format!("{}:{line}: {word}", source.path));
            }
        }
    }
    report(problems);
}

#[test]
fn files_are_small_and_say_what_they_are() {
    let mut problems = Vec::new();
    for folder in ["src", "tests", "benches", "fuzz/fuzz_targets"] {
        for source in read(folder) {
            let lines = source.text.lines().count();
            if lines > MAX_LINES {
                problems.push(format!("{folder}/{}: {lines} lines", source.path));
            }
            let first = source.text.lines().find(|line| !line.is_empty() && !line.starts_with("#!["));
            if !first.is_some_and(|line| line.starts_with("//!")) {
                problems.push(format!("{folder}/{}: no `//!` comment says what the file is", source.path));
            }
        }
    }
    report(problems);
}

#[test]
fn functions_are_short() {
    let mut problems = Vec::new();
    for source in read("src") {
        for (line, name, lines) in source.functions() {
            if lines > MAX_FUNCTION_LINES {
                problems.push(format!("{}:{line}: `{name}` has {lines} lines", source.path));
            }
        }
    }
    problems.extend(
        read("src").into_iter().filter(|source| source.text.contains("too_many_arguments")).map(|source| source.path),
    );
    report(problems);
}

/// Files of `layout` that use one another, because blocks hold blocks: those that lay blocks out,
/// and those that set the nodes that these become.
const LAYOUT_CIRCLES: [&[&str]; 2] = [&["flow", "fragment"], &["grid", "typeset"]];

#[test]
fn files_of_layout_use_one_another_one_way() {
    let sources = read("src/layout");
    let name = |source: &Source| source.path.trim_end_matches(".rs").to_owned();
    let uses: BTreeMap<String, BTreeSet<String>> = sources
        .iter()
        .filter(|source| !source.path.contains('/'))
        .map(|source| (name(source), source.files_used().into_iter().filter(|used| *used != name(source)).collect()))
        .collect();
    let reached = |from: &String| {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![from];
        while let Some(next) = waiting.pop() {
            waiting.extend(uses.get(next).into_iter().flatten().filter(|used| reached.insert((*used).clone())));
        }
        reached
    };
    let mut problems = Vec::new();
    for (file, used) in &uses {
        for other in used.iter().filter(|other| reached(other).contains(file)) {
            let is_known =
                LAYOUT_CIRCLES.iter().any(|circle| [file, other].iter().all(|f| circle.contains(&f.as_str())));
            if !is_known {
                problems.push(format!("{file} uses {other}, which comes back to it"));
            }
        }
    }
    assert!(reached(&"typeset".to_owned()).contains("word"), "the files that are used are found");
    report(problems);
}

/// What the style table alone reads of a theme, and who else may read it.
const STYLES: [(&str, &[&str]); 11] = [
    ("theme.text.size", &[]),
    ("theme.text.leading", &[]),
    ("theme.text.gap", &[]),
    ("theme.title.", &[]),
    ("theme.headings", &[]),
    ("theme.table.size", &[]),
    ("theme.table.leading", &[]),
    ("theme.code.", &[]),
    ("theme.note.", &[]),
    ("theme.fonts.body", &["backend/docx/theme_part.rs"]),
    ("theme.fonts.heading", &["backend/docx/theme_part.rs"]),
];

#[test]
fn type_is_decided_in_the_style_table() {
    let mut problems = Vec::new();
    let rooms = ["layout", "backend"];
    for source in read("src").into_iter().filter(|source| rooms.contains(&source.room())) {
        for (word, _) in STYLES.iter().filter(|(_, others)| !others.contains(&source.path.as_str())) {
            problems.extend(source.lines_with(word).iter().map(|line| format!("{}:{line}: `{word}`", source.path)));
        }
    }
    report(problems);
}

/// Names that stand everywhere as words, so that a search for the function finds all else.
const NO_NAMES: [&str; 3] = ["of", "words", "ways"];

#[test]
fn functions_can_be_searched_for() {
    let mut problems = Vec::new();
    for source in read("src") {
        for (line, name, _) in source.functions().into_iter().filter(|(_, name, _)| NO_NAMES.contains(name)) {
            problems.push(format!("{}:{line}: a search for `{name}` finds everything", source.path));
        }
    }
    report(problems);
}

#[test]
fn functions_are_measured() {
    let text = "impl A {\n    pub(super) fn one(\n        a: u8,\n    ) {\n        if a {\n        }\n    }\n\n    fn two() {}\n}\n";
    let source = Source { path: String::new(), text: String::new(), code: text.to_owned() };
    assert_eq!(source.functions(), [(2, "one", 6), (9, "two", 1)]);
}

#[test]
fn no_glob_imports() {
    let mut problems = Vec::new();
    for source in read("src") {
        for (index, line) in source.code.lines().enumerate() {
            let line = line.trim();
            if (line.starts_with("use ") || line.starts_with("pub use ")) && line.contains("::*") {
                problems.push(format!("{}:{}: {line}", source.path, index + 1));
            }
        }
    }
    report(problems);
}

/// In this file a comment is a text of `--help`.
const UNDOCUMENTED: [&str; 1] = ["cli/args.rs"];

#[test]
fn public_items_are_documented() {
    let mut problems = Vec::new();
    for source in read("src").iter().filter(|source| !UNDOCUMENTED.iter().any(|part| source.path.starts_with(part))) {
        problems
            .extend(source.undocumented().into_iter().map(|(line, item)| format!("{}:{line}: {item}", source.path)));
    }
    report(problems);
}

/// The codes that no case can show: faults of Chancery's own.
const WITHOUT_CASE: &[&str] = &["E0602", "E0702"];

#[test]
fn every_code_has_its_case() {
    let mut shown = String::new();
    for path in Source::files("tests", &["diagnostics", "rs"]) {
        if !path.ends_with("tidy.rs") {
            shown.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    let mut problems = Vec::new();
    for code in chancery::diagnostic::Code::ALL {
        let name = code.as_str();
        if !shown.contains(name) && !WITHOUT_CASE.contains(&name) {
            problems.push(format!("{name} ({}) has no case", code.title()));
        }
    }
    report(problems);
}

#[test]
fn every_document_has_its_editions() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"));
    let outputs = std::path::Path::new(root).join("outputs");
    if !outputs.is_dir() {
        return;
    }
    let mut problems = Vec::new();
    for path in Source::files("source", &["md"]) {
        // A part that others include has no editions of its own.
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('_')) {
            continue;
        }
        let stem = path.strip_prefix(std::path::Path::new(root).join("source")).unwrap().with_extension("");
        for format in chancery::format::Format::ALL {
            let edition = outputs.join(format!("{}.{}", stem.display(), format.extension()));
            if !edition.is_file() {
                problems.push(format!("outputs/{}.{} is missing", stem.display(), format.extension()));
            }
        }
    }
    report(problems);
}
