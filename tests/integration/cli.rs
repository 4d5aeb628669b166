//! The command line as its users meet it.

use crate::sandbox::Sandbox;
use serde_json::Value;

const NOTE: &str = "# A note\n\nSome words.\n";

/// A project of two documents, without the PDF edition, which takes its time.
fn project() -> Sandbox {
    Sandbox::with(&[
        ("chancery.toml", "[project]\nformats = [\"html\", \"docbook\", \"text\", \"brief\"]\n"),
        ("source/first.md", "# First\n\nOne.\n"),
        ("source/folder/second.md", "# Second\n\nTwo.\n"),
    ])
}

fn names(sandbox: &Sandbox, folder: &str) -> Vec<String> {
    sandbox.files(folder).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_single_file_needs_no_project() {
    let sandbox = Sandbox::with(&[("note.md", NOTE)]);
    sandbox.run(&["build", "note.md", "--out", "editions"]).ends_with(0);
    assert_eq!(names(&sandbox, "editions"), ["note.brief.txt", "note.html", "note.pdf", "note.txt", "note.xml"]);
    assert!(sandbox.read("editions/note.txt").contains("Some words."));
}

#[test]
fn without_a_project_editions_go_to_outputs_here() {
    let sandbox = Sandbox::with(&[("texts/note.md", NOTE)]);
    sandbox.run(&["build", "texts/note.md", "--to", "text,html"]).ends_with(0);
    assert_eq!(names(&sandbox, "outputs"), ["note.html", "note.txt"]);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let run =
        Sandbox::new().run_with_input(&["build", "-", "--to", "text", "--out", "-"], NOTE.as_bytes()).ends_with(0);
    assert!(run.stdout.contains("Some words."), "{}", run.stdout);
}

#[test]
fn standard_output_takes_a_single_edition() {
    let run = Sandbox::new().run_with_input(&["build", "-", "--out", "-"], NOTE.as_bytes());
    run.ends_with(2).says("--out - takes a single edition");
}

#[test]
fn a_new_project_builds_at_once() {
    let sandbox = Sandbox::new();
    sandbox.run(&["init", "briefs"]).ends_with(0);
    let run = sandbox.run(&["build", "--project", "briefs", "--deny-warnings"]).ends_with(0);
    assert!(run.stderr.contains("5 editions written"), "{}", run.stderr);
    sandbox.run(&["build", "--project", "briefs", "--locked"]).ends_with(0);
    sandbox.run(&["init", "briefs"]).ends_with(2).says("is there already");
}

#[test]
fn editions_stand_in_the_folders_of_their_sources() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    assert_eq!(
        names(&sandbox, "outputs"),
        [
            "first.brief.txt",
            "first.html",
            "first.txt",
            "first.xml",
            "folder/second.brief.txt",
            "folder/second.html",
            "folder/second.txt",
            "folder/second.xml",
            "index.html",
            "manifest.json",
        ]
    );
}

#[test]
fn a_project_is_found_from_a_folder_inside_it() {
    let sandbox = project();
    sandbox.write("source/folder/_part.md", "A part is no document.\n");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_chancery"))
        .arg("build")
        .current_dir(sandbox.path("source/folder"))
        .output()
        .unwrap();
    assert!(run.status.success());
    assert_eq!(names(&sandbox, "outputs").len(), 10);
}

#[test]
fn an_edition_that_is_right_is_not_touched() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    let modified = |path: &str| std::fs::metadata(sandbox.path(path)).unwrap().modified().unwrap();
    let before = (modified("outputs/first.html"), modified("outputs/manifest.json"));
    sandbox.run(&["build"]).ends_with(0).says("0 editions written, 8 unchanged");
    assert_eq!(before, (modified("outputs/first.html"), modified("outputs/manifest.json")));
}

#[test]
fn locked_names_the_file_and_the_first_difference() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    sandbox.run(&["build", "--locked"]).ends_with(0);
    sandbox.write("source/first.md", "# First\n\nChanged.\n");
    let before = sandbox.files("outputs");
    let run =
        sandbox.run(&["build", "--locked"]).ends_with(1).says("outputs/first.txt").says("\u{201c}Changed.\u{201d}");
    assert!(!run.stderr.contains("second"), "{}", run.stderr);
    assert_eq!(before, sandbox.files("outputs"));
}

#[test]
fn locked_finds_what_is_missing_and_what_is_left_over() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    std::fs::remove_file(sandbox.path("outputs/first.txt")).unwrap();
    sandbox.write("outputs/stray.txt", "Not ours.\n");
    let run = sandbox.run(&["build", "--locked", "--message-format", "short"]).ends_with(1);
    let lines: Vec<&str> = run.stderr.lines().filter(|line| line.contains("E0010")).collect();
    assert_eq!(lines.len(), 2, "{}", run.stderr);
    assert!(lines[0].contains("outputs/first.txt") && lines[0].contains("missing"), "{lines:?}");
    assert!(lines[1].contains("outputs/stray.txt") && lines[1].contains("no source"), "{lines:?}");
}

#[test]
fn editions_of_a_source_that_is_gone_are_removed() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    std::fs::remove_file(sandbox.path("source/first.md")).unwrap();
    sandbox.write("outputs/first.txt", "Changed by hand.\n");
    sandbox.run(&["build"]).ends_with(0).says("removed outputs/first.html");
    assert!(!sandbox.exists("outputs/first.html"));
    assert!(sandbox.exists("outputs/first.txt"), "what was changed by hand is not ours to remove");
    sandbox.run(&["build", "--locked"]).ends_with(1).says("outputs/first.txt");
}

#[test]
fn a_failed_document_leaves_its_editions_and_stops_no_other() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    let before = sandbox.files("outputs");
    sandbox.write("source/first.md", "# First\n\nSee [](#nowhere).\n");
    sandbox.write("source/third.md", "# Third\n");
    let run = sandbox.run(&["build"]).ends_with(1).says("E0303").says("source/first.md:3:5");
    assert!(run.stderr.contains("1 document not built"), "{}", run.stderr);
    for (name, bytes) in before.iter().filter(|(name, _)| !["manifest.json", "index.html"].contains(&name.as_str())) {
        assert!(sandbox.read(&format!("outputs/{name}")).as_bytes() == bytes, "{name} was changed");
    }
    assert!(sandbox.exists("outputs/third.html"));
    let manifest: Value = serde_json::from_str(&sandbox.read("outputs/manifest.json")).unwrap();
    assert!(manifest["editions"]["first.html"].is_object(), "the previous edition is still there");
}

#[test]
fn all_problems_of_all_files_come_in_one_run_in_order() {
    let sandbox = Sandbox::with(&[
        ("chancery.toml", ""),
        ("source/a.md", "# A\n\nSee [](#x) and[^y].\n\nAnd [](#z).\n"),
        ("source/b.md", "---\ndate: yesterday\n---\n\n# B\n\nWords.\n"),
    ]);
    let run = sandbox.run(&["check", "--message-format", "json"]).ends_with(1);
    let problems: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let places: Vec<String> = problems
        .iter()
        .filter(|problem| problem["severity"] == "error")
        .map(|problem| {
            let start = &problem["place"]["start"];
            let (code, document) = (problem["code"].as_str().unwrap(), problem["document"].as_str().unwrap());
            format!("{code} {document} {}:{}", start["line"], start["column"])
        })
        .collect();
    assert_eq!(
        places,
        ["E0303 source/a.md 3:5", "E0302 source/a.md 3:15", "E0303 source/a.md 5:5", "E0104 source/b.md 2:7"]
    );
    let again = sandbox.run(&["check", "--message-format", "json", "--jobs", "1"]).ends_with(1);
    assert_eq!(run.stdout, again.stdout);
    assert!(!sandbox.exists("outputs"));
}

#[test]
fn warnings_can_be_denied() {
    let sandbox = Sandbox::with(&[("note.md", "---\ntitel: A note\n---\n\nWords.\n")]);
    sandbox.run(&["check", "note.md"]).ends_with(0).says("did you mean `title`?");
    sandbox.run(&["check", "note.md", "--deny-warnings"]).ends_with(1);
}

#[test]
fn what_fails_is_asked_for() {
    let sandbox = Sandbox::with(&[("note.md", "---\ntitel: A note\n---\n\nWords.\n")]);
    for (least, code) in [("error", 0), ("warning", 1), ("advice", 1)] {
        sandbox.run(&["check", "note.md", "--fail-on", least]).ends_with(code).says("did you mean `title`?");
        let out = format!("out-{least}");
        sandbox.run(&["build", "note.md", "--to", "text", "--out", &out, "--fail-on", least]).ends_with(code);
        assert!(sandbox.exists(&format!("{out}/note.txt")), "{least}: nothing was written");
    }
    let sandbox = Sandbox::with(&[("note.md", "---\nlang: en\n---\n\n# A note\n\nIt is 5 km to the sea.\n")]);
    sandbox.run(&["check", "note.md", "--fail-on", "warning"]).ends_with(0);
    let run = sandbox.run(&["check", "note.md", "--fail-on", "advice"]).ends_with(1);
    assert!(!run.stderr.contains("not shown"), "{}", run.stderr);
}

#[test]
fn annotations_are_commands_that_nothing_ends() {
    let name = "50%, a: b.md";
    let sandbox = Sandbox::with(&[(name, "# A note\n\nSee [](#nowhere,::error::x).\n")]);
    let run = sandbox.run(&["check", name, "--message-format", "github"]).ends_with(1);
    let line = run.stdout.lines().next().unwrap();
    assert!(line.starts_with("::error file=50%25%2C a%3A b.md,line=3,col=5,title=E0303::"), "{line}");
    assert!(run.stdout.lines().all(|line| line.starts_with("::error ") || line.starts_with("::warning ")), "{line}");
    let run = sandbox.run(&["check", "absent.md", "--message-format", "github"]).ends_with(3);
    assert!(run.stdout.starts_with("::error title=E0015::"), "{}", run.stdout);
}

#[test]
fn a_project_is_found_from_a_folder_in_it() {
    let sandbox = project();
    let run = |arguments: &[&str]| {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(arguments)
            .current_dir(sandbox.path("source/folder"))
            .output()
            .unwrap();
        (run.status.code(), String::from_utf8(run.stdout).unwrap(), String::from_utf8(run.stderr).unwrap())
    };
    let (code, _, said) = run(&["build"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(sandbox.exists("outputs/first.html") && sandbox.exists("outputs/folder/second.html"));
    assert!(said.contains("  ../../outputs/first.html"), "{said}");
    for command in [&["check"][..], &["list"], &["verify", "--to", "text"], &["build", "second.md", "--locked"]] {
        let (code, _, said) = run(command);
        assert_eq!(code, Some(0), "{command:?}: {said}");
    }
    // Paths are counted from where one stands.
    sandbox.write("source/first.md", "# First\n\nSee [](#nowhere).\n");
    sandbox.write("source/folder/second.md", "# Second\n\nSee [](#nowhere).\n");
    let (code, _, said) = run(&["check", "--message-format", "short"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("\nsecond.md:3:5:") || said.starts_with("second.md:3:5:"), "{said}");
    assert!(said.contains("../first.md:3:5:"), "{said}");
}

#[test]
fn levels_are_the_projects() {
    let sandbox = Sandbox::with(&[
        ("chancery.toml", "[levels]\nW0106 = \"off\"\n"),
        ("source/note.md", "---\ntitel: A note\n---\n\nWords.\n"),
    ]);
    let run = sandbox.run(&["check"]).ends_with(0);
    assert!(!run.stderr.contains("titel"), "{}", run.stderr);
    sandbox.write("chancery.toml", "[levels]\nW0106 = \"error\"\n");
    sandbox.run(&["build", "--to", "text"]).ends_with(1);
    assert!(!sandbox.exists("outputs/note.txt"));
}

#[test]
fn a_wrong_project_file_is_shown_at_its_place() {
    let sandbox = Sandbox::with(&[("chancery.toml", "[project]\ntitle = 3\n"), ("source/note.md", NOTE)]);
    sandbox.run(&["build"]).ends_with(1).says("chancery.toml:2:9").says("`title` takes text");
    assert!(!sandbox.exists("outputs"));
}

#[test]
fn collections_name_what_is_there() {
    let project =
        "[collections.'fields']\norder = [\"bordrs\", \"below\", 'migration']\n[collections.othr]\n[collections.a]\n";
    let sandbox = Sandbox::with(&[
        ("chancery.toml", project),
        ("source/fields/borders.md", NOTE),
        ("source/fields/migration.md", NOTE),
        ("source/fields/below/index.md", NOTE),
        ("source/other/note.md", NOTE),
        ("source/a/b/note.md", NOTE),
    ]);
    let run = sandbox.run(&["check"]).ends_with(0);
    run.says("chancery.toml:2:10").says("`order` names `bordrs`").says("did you mean `borders`?");
    let run = sandbox.run(&["check"]).ends_with(0);
    run.says("chancery.toml:3:14").says("no document lies in the folder `othr`").says("2 warnings");
    sandbox.run(&["check", "--fix"]).ends_with(0);
    assert_eq!(sandbox.read("chancery.toml"), project.replace("bordrs", "borders").replace("othr", "other"));
}

#[test]
fn shared_front_matter_is_checked_where_it_is_written() {
    let sandbox =
        Sandbox::with(&[("chancery.toml", "[defaults]\nversion = \"1\"\ndate = \"soon\"\n"), ("source/note.md", NOTE)]);
    sandbox.run(&["build"]).ends_with(1).says("chancery.toml:3:8");
}

#[test]
fn two_sources_of_one_edition_are_an_error() {
    let sandbox = project();
    sandbox.write("source/first.markdown", "# Rival\n");
    sandbox.run(&["build"]).ends_with(1).says("E0009");
    assert!(sandbox.exists("outputs/folder/second.html"));
}

#[test]
fn usage_mistakes_end_with_two() {
    let sandbox = Sandbox::with(&[("note.md", NOTE)]);
    sandbox.run(&["build"]).ends_with(2).says("there is no chancery.toml");
    sandbox.run(&["build", "note.md", "--to", "hmtl"]).ends_with(2).says("html");
    sandbox.run(&["bild"]).ends_with(2);
    sandbox.run(&["explain", "E0999"]).ends_with(2).says("no code");
}

#[test]
fn a_document_outside_source_needs_a_folder_for_its_editions() {
    let sandbox = project();
    sandbox.write("README.md", NOTE);
    sandbox.run(&["build", "README.md"]).ends_with(2).says("--out");
    sandbox.run(&["build", "README.md", "--to", "text", "--out", "elsewhere"]).ends_with(0);
    assert!(sandbox.exists("elsewhere/README.txt"));
}

#[test]
fn files_that_cannot_be_had_end_with_three() {
    let sandbox = Sandbox::with(&[("note.md", NOTE), ("taken", "")]);
    sandbox.run(&["build", "nothing.md"]).ends_with(3).says("nothing.md");
    sandbox.run(&["build", "note.md", "--to", "text", "--out", "taken"]).ends_with(3).says("taken");
}

#[test]
fn every_code_is_explained() {
    let sandbox = Sandbox::new();
    let list = sandbox.run(&["explain"]).ends_with(0).stdout;
    for code in chancery::diagnostic::Code::ALL {
        assert!(list.contains(code.as_str()));
    }
    let page = sandbox.run(&["explain", "e0303"]).ends_with(0).stdout;
    assert!(page.starts_with("E0303: "), "{page}");
}

#[test]
fn list_shows_documents_and_editions() {
    let sandbox = project();
    sandbox.run(&["build", "source/first.md"]).ends_with(0);
    let list = sandbox.run(&["list"]).ends_with(0).stdout;
    assert!(list.contains("source/folder/second.md"), "{list}");
    assert!(list.contains("outputs/folder/second.html  (not built)"), "{list}");
    assert!(!list.contains("outputs/first.html  (not built)"), "{list}");
}

#[test]
fn the_manifest_names_what_an_edition_was_made_from() {
    let sandbox = project();
    sandbox.write("source/first.md", "# First\n\n:::include {src=_part.md}\n:::\n\nSee [](folder/second.md).\n");
    sandbox.write("source/_part.md", "A part.\n");
    sandbox.run(&["build"]).ends_with(0);
    let manifest: Value = serde_json::from_str(&sandbox.read("outputs/manifest.json")).unwrap();
    let inputs: Vec<&String> = manifest["documents"]["source/first.md"]["inputs"].as_object().unwrap().keys().collect();
    assert_eq!(inputs, ["chancery.toml", "source/_part.md", "source/first.md", "source/folder/second.md"]);
    let second: Vec<&String> =
        manifest["documents"]["source/folder/second.md"]["inputs"].as_object().unwrap().keys().collect();
    assert_eq!(second, ["chancery.toml", "source/folder/second.md"]);
}

#[test]
fn a_depfile_names_what_an_edition_was_made_from() {
    let sandbox = project();
    sandbox.write("source/first.md", "# First\n\n:::include {src=\"_a part.md\"}\n:::\n");
    sandbox.write("source/_a part.md", "A part.\n");
    sandbox.run(&["build", "source/first.md", "--to", "text", "--deps", "first.d"]).ends_with(0);
    assert_eq!(
        sandbox.read("first.d"),
        "outputs/first.txt: \\\n  chancery.toml \\\n  source/_a\\ part.md \\\n  source/first.md\n\
         \nchancery.toml:\n\nsource/_a\\ part.md:\n\nsource/first.md:\n"
    );
}

#[test]
fn a_depfile_names_the_files_that_titles_of_titles_come_from() {
    let sandbox = project();
    sandbox.write("source/first.md", "# First\n\n[](folder/second.md)\n");
    sandbox.write("source/folder/second.md", "# What [](../third.md) says\n");
    sandbox.write("source/third.md", ":::include {src=_heading.md}\n:::\n");
    sandbox.write("source/_heading.md", "# From a file\n");
    sandbox.run(&["build", "source/first.md", "--to", "text", "--deps", "first.d"]).ends_with(0);
    assert!(sandbox.read("outputs/first.txt").contains("What From a file says"));
    let deps = sandbox.read("first.d");
    for file in ["source/folder/second.md", "source/third.md", "source/_heading.md"] {
        assert!(deps.contains(&format!("\n{file}:")), "{file}: {deps}");
    }
}

#[test]
fn completions_are_made_for_shells() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(Sandbox::new().run(&["completions", shell]).ends_with(0).stdout.contains("chancery"));
    }
}

/// Waits until a file holds words.
fn wait_for(path: &std::path::Path, words: &str) -> bool {
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
    let started = std::time::Instant::now();
    while started.elapsed() < PATIENCE {
        if std::fs::read_to_string(path).is_ok_and(|text| text.contains(words)) {
            return true;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    false
}

#[test]
fn watch_builds_again_after_a_change_and_not_after_its_own_messages() {
    let sandbox = project();
    let log = std::fs::File::create(sandbox.path("log.txt")).unwrap();
    let mut watch = std::process::Command::new(env!("CARGO_BIN_EXE_chancery"))
        .arg("watch")
        .current_dir(sandbox.path(""))
        .stderr(log)
        .spawn()
        .unwrap();
    let edition = sandbox.path("outputs/first.txt");
    let mut seen = vec![wait_for(&edition, "One.")];
    for number in 0..5 {
        sandbox.write("source/first.md", format!("# First\n\nChange {number}.\n"));
        seen.push(wait_for(&edition, &format!("Change {number}.")));
    }
    watch.kill().unwrap();
    watch.wait().unwrap();
    assert!(seen.iter().all(|seen| *seen), "{seen:?}");
    // An editor may write a file in two steps.
    let builds = sandbox.read("log.txt").matches("built ").count();
    assert!(builds <= 2 * seen.len(), "{builds} builds after {} changes", seen.len());
}

#[test]
fn a_depfile_goes_with_editions_of_a_folder() {
    let sandbox = project();
    for with in [["-o", "one.txt"].as_slice(), &["--locked"]] {
        let arguments = [&["build", "source/first.md", "--to", "text", "--deps", "first.d"], with].concat();
        sandbox.run(&arguments).ends_with(2).says("--deps");
        assert!(!sandbox.exists("first.d"));
    }
}

#[test]
fn a_project_and_a_theme_that_are_not_right_are_refused() {
    let sandbox = project();
    sandbox.write("chancery.toml", "[project]\ntitle = 5\n");
    sandbox.run(&["build"]).ends_with(1).says("E0008").says("chancery.toml:2:9");
    sandbox.write("chancery.toml", "");
    sandbox.write("source/first.md", "---\ntheme: breifing\n---\n\n# First\n\nOne.\n");
    sandbox.run(&["build"]).ends_with(1).says("E0403").says("first.md:2:8").says("did you mean `briefing`?");
}

#[test]
fn a_collection_without_a_landing_page_has_a_name() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    assert!(sandbox.read("outputs/index.html").contains("Folder</h2>"));
    sandbox.write("chancery.toml", "[project]\nformats = [\"html\"]\n\n[collections.folder]\ntitle = \"Fields\"\n");
    sandbox.run(&["build"]).ends_with(0);
    assert!(sandbox.read("outputs/index.html").contains("Fields</h2>"));
}

#[test]
fn no_two_landmarks_of_a_page_have_one_name() {
    // ARIA in HTML: who lists the landmarks of a page tells them apart by their names.
    let sandbox = Sandbox::with(&[
        ("chancery.toml", "[project]\nformats = [\"html\"]\n"),
        ("source/index.md", "# All\n\nText.\n"),
        ("source/part/index.md", "# A part\n\nText.\n"),
        ("source/part/one.md", "# One\n\nText.\n"),
        ("source/part/two.md", "# Two\n\nText.\n"),
    ]);
    sandbox.run(&["build"]).ends_with(0);
    for (path, bytes) in sandbox.files("outputs").into_iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = String::from_utf8(bytes).unwrap();
        let landmarks =
            page.split("<nav ").skip(1).filter_map(|nav| nav.split_once('>')).map(|(attributes, _)| attributes);
        let names = landmarks.filter_map(|attributes| attributes.split("aria-label=").nth(1));
        let mut names: Vec<&str> = names.collect();
        assert!(!names.is_empty() || path == "index.html", "{path}");
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{path}: {names:?}");
    }
}
