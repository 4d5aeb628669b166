//! What the program says, and what it says when it cannot say it.

use crate::sandbox::{Run, Sandbox};
use crate::support::{PROJECT_FREE, diagnostic_lines};
use serde_json::Value;
use std::fs::File;
use std::process::{Command, Stdio};

const NOTE: &str = "# A note\n\nSome words.\n";

fn log(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error} in {:?}", run.stdout))
}

/// Runs the program with one of its outputs on a full disk.
#[cfg(target_os = "linux")]
fn on_a_full_disk(sandbox: &Sandbox, arguments: &[&str], out_is_full: bool) -> (i32, String) {
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command.args(arguments).current_dir(sandbox.path("")).stdin(Stdio::null());
    let command = if out_is_full {
        command.stdout(full()).stderr(Stdio::piped())
    } else {
        command.stdout(Stdio::piped()).stderr(full())
    };
    let output = command.output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_said_is_no_success() {
    let sandbox = Sandbox::with(&[("note.md", NOTE), ("bad.md", "See [](#x).\n")]);
    for arguments in [
        &["check", "note.md", "--message-format", "json"][..],
        &["check", "bad.md", "--message-format", "json"],
        &["check", "note.md", "--message-format", "sarif"],
        &["build", "note.md", "--to", "text", "--out", "-"],
        &["ast", "note.md"],
        &["explain"],
        &["completions", "bash"],
        &["--help"],
        &["--version"],
    ] {
        let (code, said) = on_a_full_disk(&sandbox, arguments, true);
        // No message of the first two ends up in an empty log.
        let empty = arguments == ["check", "note.md", "--message-format", "json"];
        assert_eq!(code, if empty { 0 } else { 3 }, "{arguments:?}: {said}");
        assert_eq!(said.contains("cannot write to standard output"), !empty, "{arguments:?}: {said}");
    }
    for arguments in [
        &["check", "bad.md"][..],
        &["check", "bad.md", "--message-format", "short"],
        &["build", "note.md", "--to", "text", "--out", "out"],
        &["build", "nothing.md"],
        &["bild"],
    ] {
        assert_eq!(on_a_full_disk(&sandbox, arguments, false).0, 3, "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let sandbox = Sandbox::with(&[("bad.md", "See [](#x).\n")]);
    let run = |arguments: &[&str]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(arguments)
            .current_dir(sandbox.path(""))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(run(&["explain"]), (Some(0), String::new()));
    assert_eq!(run(&["check", "bad.md", "--message-format", "json"]), (Some(1), String::new()));
}

#[test]
fn a_log_is_whole_on_every_exit() {
    let sandbox = Sandbox::with(&[("note.md", NOTE), ("bad.md", "See [](#x).\n"), ("taken", "")]);
    let run = |arguments: &[&str], code: i32| {
        let arguments = [arguments, &["--message-format", "sarif"]].concat();
        let run = sandbox.run(&arguments).ends_with(code);
        let log = log(&run);
        assert_eq!(log["version"], "2.1.0", "{arguments:?}");
        let successful = log["runs"][0]["invocations"][0]["executionSuccessful"].as_bool();
        assert_eq!(successful, Some(code < 2), "{arguments:?}");
        log
    };
    assert_eq!(run(&["check", "note.md"], 0)["runs"][0]["results"], serde_json::json!([]));
    run(&["check", "bad.md"], 1);
    run(&["check"], 2);
    run(&["check", "note.md", "--jobs", "many"], 2);
    run(&["check", "nothing.md"], 3);
    run(&["build", "note.md", "--to", "text", "--out", "taken"], 3);
    run(&["verify", "--manifest", "--out", "nowhere"], 3);
    let both = run(&["check", "nothing.md", "bad.md"], 3);
    let codes: Vec<&str> =
        both["runs"][0]["results"].as_array().unwrap().iter().filter_map(|result| result["ruleId"].as_str()).collect();
    assert_eq!(codes, ["E0015", "E0303"], "the others are not made to wait for one that is missing");
    let json = sandbox.run(&["check", "nothing.md", "--message-format", "json"]).ends_with(3);
    assert_eq!(log(&json)["code"], "E0015");
}

#[cfg(unix)]
#[test]
fn arguments_and_names_reach_no_terminal_as_they_are() {
    let sandbox =
        Sandbox::with(&[("::error::x.md", "See [](#x).\n"), ("evil.md", "# A\u{1b}]0;x\u{7}\n\n##[error]x [](#x)\n")]);
    let hostile = "\u{1b}[2J\u{9b}\n::error::x";
    for arguments in [
        &["build", hostile][..],
        &["explain", hostile],
        &[hostile],
        &["build", "evil.md", "--to", hostile],
        &["check", "evil.md", "--message-format", hostile],
        &["check", "--project", hostile],
        &["verify", "--words", hostile],
        &["check", "evil.md"],
        &["check", "evil.md", "--message-format", "short"],
        &["check", "evil.md", "--message-format", "json"],
        &["check", "::error::x.md"],
        &["check", "::error::x.md", "--message-format", "short"],
        &["build", "::error::x.md", "--to", "text", "--out", hostile],
    ] {
        let run = sandbox.run(arguments);
        assert_ne!(run.code, 0, "{arguments:?}");
        for said in [&run.stdout, &run.stderr] {
            assert!(!said.contains(['\u{1b}', '\u{7}', '\u{9b}']), "{arguments:?}: {said:?}");
            assert!(!said.contains("##["), "{arguments:?}: {said}");
            let forged = said.lines().find(|line| line.trim_start().starts_with("::"));
            assert_eq!(forged, None, "{arguments:?}: {said}");
        }
    }
}

#[test]
fn paths_start_where_the_user_stands() {
    let sandbox = Sandbox::with(&[("project/chancery.toml", ""), ("project/source/bad.md", "See [](#x).\n")]);
    let said = |folder: &str, arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["check", "--message-format", "short"])
            .args(arguments)
            .current_dir(sandbox.path(folder))
            .output()
            .unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said("project", &[]).starts_with("source/bad.md:1:5: "));
    assert!(said("project/source", &[]).starts_with("bad.md:1:5: "));
    assert!(said("", &["--project", "project"]).starts_with("project/source/bad.md:1:5: "));
    let run = sandbox.run(&["check", "--project", "project", "--message-format", "sarif"]).ends_with(1);
    let place = &log(&run)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(place["uri"], "project/source/bad.md");
    assert_eq!(place["uriBaseId"], "%SRCROOT%");
    sandbox.write("project/source/a.md", "# A\n\n:::include {src=b.md}\n:::\n");
    sandbox.write("project/source/b.md", ":::include {src=a.md}\n:::\n");
    assert!(said("project/source", &["a.md"]).contains("`a.md` includes itself"));
    let hint = |folder: &str| {
        let run = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["check", "a.md", "--message-format", "json"])
            .current_dir(sandbox.path(folder))
            .output()
            .unwrap();
        String::from_utf8(run.stdout).unwrap()
    };
    assert!(hint("project/source").contains("the way round is a.md → b.md → a.md"), "{}", hint("project/source"));
}

/// No address of a log leaves its base, whatever folder the user stands in.
#[test]
fn addresses_in_a_log_stay_below_their_base() {
    let sandbox = Sandbox::with(&[
        ("project/chancery.toml", ""),
        ("project/source/bad.md", "See [](#x).\n"),
        ("project/source/deep/note.md", "# Note\n"),
        ("beside/other.txt", ""),
    ]);
    for (folder, arguments) in [("project/source/deep", &[][..]), ("beside", &["--project", "../project"])] {
        let output = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["check", "--message-format", "sarif"])
            .args(arguments)
            .current_dir(sandbox.path(folder))
            .output()
            .unwrap();
        let log: Value = serde_json::from_slice(&output.stdout).unwrap();
        let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(place["uri"], "source/bad.md", "{folder}");
    }
}

#[test]
fn advice_is_counted_and_shown_when_it_is_asked_for() {
    let sandbox = Sandbox::with(&[
        ("chancery.toml", ""),
        ("source/note.md", "# A note\n\n## One\n\nThe ABC and the XYZ met.\n\n## One\n\nThe DEF met.\n"),
    ]);
    let check = |arguments: &[&str]| sandbox.run(&[&["check"], arguments].concat()).ends_with(0);
    let quiet = check(&[]);
    assert!(
        !quiet.stderr.contains("W05") && quiet.stderr.contains("not shown: --advice shows them"),
        "{}",
        quiet.stderr
    );
    assert_eq!(check(&["-q"]).stderr, "");
    assert_eq!(check(&["--message-format", "json"]).stdout, "");
    check(&["--advice"]).says("W0510").says("W0506");
    assert!(check(&["--advice", "--message-format", "json"]).stdout.contains("W0510"));
    sandbox.write("chancery.toml", "[levels]\nW0506 = \"advice\"\n");
    let some = check(&[]).says("W0506");
    assert!(!some.stderr.contains("W0510"), "{}", some.stderr);
}

#[test]
fn one_edition_can_be_named() {
    let sandbox = Sandbox::with(&[("note.md", NOTE), ("other.md", NOTE)]);
    sandbox.run(&["build", "note.md", "-o", "made/here.brief.txt"]).ends_with(0).says("made/here.brief.txt");
    sandbox.run(&["build", "note.md", "-o", "there.data", "--to", "html"]).ends_with(0);
    let names: Vec<String> = sandbox.files("").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["made/here.brief.txt", "note.md", "other.md", "there.data"]);
    assert!(sandbox.read("there.data").starts_with("<!DOCTYPE html>"));
    assert!(sandbox.run(&["build", "note.md", "-o", "-", "--to", "text"]).ends_with(0).stdout.contains("Some words."));
    sandbox.run(&["build", "note.md", "-o", "x.unknown"]).ends_with(2).says("does not say what edition");
    sandbox.run(&["build", "note.md", "other.md", "-o", "x.txt"]).ends_with(2).says("a single edition");
}

#[test]
fn a_change_is_told_once_and_shown() {
    let sandbox = Sandbox::with(&[
        ("chancery.toml", "[project]\nformats = [\"html\", \"docbook\", \"text\", \"brief\"]\n"),
        ("source/first.md", &format!("# First\n\n{} the risks of it.\n", "On and on it goes".repeat(3))),
        ("source/second.md", "# Second\n\nTwo.\n"),
    ]);
    sandbox.run(&["build"]).ends_with(0);
    let changed = sandbox.read("source/first.md").replace("risks", "chances");
    sandbox.write("source/first.md", changed);
    let locked = || sandbox.run(&["build", "--locked", "--message-format", "short"]).ends_with(1);
    let run = locked().says("risks").says("chances").says("first.html");
    assert_eq!(run.stderr.matches("E0010").count(), 1, "{}", run.stderr);
    sandbox.run(&["build"]).ends_with(0);
    sandbox.write("outputs/second.html", "Another page.\n");
    let run = locked().says("outputs/second.html").says("was changed after it was made");
    assert_eq!(run.stderr.matches("E0010").count(), 1, "{}", run.stderr);
}

#[test]
fn what_was_meant_by_a_date_or_a_language_is_named() {
    let hint = |front: &str| diagnostic_lines(&PROJECT_FREE.compile(&format!("---\n{front}\n---\n\nWords.\n")));
    for (front, meant) in [
        ("date: 23.11.2026", "`2026-11-23`"),
        ("date: 2026-11-31", "`2026-11-30`"),
        ("date: 31 November 2026", "`2026-11-30`"),
        ("lang: german", "`de`"),
        ("lang: en_GB", "`en-GB`"),
    ] {
        let said = hint(front);
        assert!(said.contains("E0104") && said.contains(meant), "{front}: {said}");
    }
    assert!(hint("lang: xx").contains("does not claim PDF/UA-1"));
    let sandbox = Sandbox::with(&[("chancery.toml", "[project]\nlang = \"german\"\n"), ("source/note.md", NOTE)]);
    sandbox.run(&["check"]).ends_with(1).says("E0008").says("chancery.toml:2:8").says("`de`");
}

#[test]
fn an_unknown_language_withholds_the_claim() {
    for (lang, claims) in [("fr", true), ("xx", false)] {
        let sandbox = Sandbox::with(&[("note.md", &format!("---\nlang: {lang}\n---\n\n# Note\n\nMots.\n"))]);
        sandbox.run(&["build", "note.md", "--to", "pdf", "--out", "out"]).ends_with(0);
        let rules = sandbox.run(&["verify", "--rules", "out/note.pdf"]);
        assert_eq!(rules.stdout.contains("UA-1"), claims, "{lang}: {}", rules.stdout);
    }
}

#[test]
fn one_cause_is_one_message() {
    let codes = |text: &str| -> Vec<String> {
        let said = diagnostic_lines(&PROJECT_FREE.compile(text));
        let codes = said.lines().filter(|line| !line.starts_with(' '));
        codes.filter_map(|line| line.split(": ").next()?.rsplit(' ').next().map(str::to_owned)).collect()
    };
    assert_eq!(codes("---\ndate: soon\n---\n\n# Note\n\nOf {{date}}.\n"), ["E0104"]);
    assert_eq!(codes("# Note\n\nMinisters met[^a] met again.\n"), ["E0302"]);
    assert_eq!(codes("# Note\n\n## Part\n\n:::include {src=_part.md}\n:::\n\nSee [](#inside) and[^n].\n"), ["E0001"]);
    assert_eq!(codes("---\nbibliography: none.bib\n---\n\n# Note\n\nSo [@a] and [@b].\n"), ["E0001"]);
    assert_eq!(codes("---\ntitle: [A\n---\n\nOf {{version}}.\n"), ["E0101"]);
    // What does not follow is said.
    assert_eq!(codes("---\ndate: soon\n---\n\n# Note\n\nOf {{version}}.\n"), ["E0104", "E0308"]);
    assert_eq!(codes("# Note\n\nIt is of of use[^a].\n"), ["W0507", "E0302"]);
}

#[test]
fn addresses_of_metadata_are_checked_like_those_of_links() {
    for address in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "\\u0001java\\tscript:alert(1)",
        "&#106;avascript:alert(1)",
        "java&Tab;script&colon;alert(1)",
        "data:text/html,alert(1)",
        " vbscript:alert(1)",
    ] {
        let note = format!(
            "---\nlicence:\n  name: Free\n  url: \"{address}\"\ncontact:\n  name: Desk\n  url: \"{address}\"\n---\n\n# Note\n\nWords.\n"
        );
        let sandbox = Sandbox::with(&[("note.md", &note)]);
        let formats = "pdf,html,docbook,text,brief,pandoc";
        let run = sandbox.run(&["build", "note.md", "--to", formats, "--out", "out"]).ends_with(0);
        assert_eq!(run.stderr.matches("W0207").count(), 2, "{address}: {}", run.stderr);
        for (name, bytes) in sandbox.files("out") {
            assert!(!String::from_utf8_lossy(&bytes).contains("alert(1)"), "{address} in {name}");
        }
    }
    let sandbox = Sandbox::with(&[
        ("chancery.toml", "[defaults.licence]\nname = \"Free\"\nurl = \"javascript:alert(1)\"\n"),
        ("source/note.md", NOTE),
    ]);
    sandbox.run(&["build", "--to", "docbook"]).ends_with(0).says("W0207").says("chancery.toml");
    assert!(!sandbox.read("outputs/note.xml").contains("alert(1)"));
}

#[test]
fn the_proof_looks_at_addresses_and_not_at_words() {
    let note = "# Note\n\nCode: `<a href=\"javascript:x\">`.\n\n```html\n<a href=\"javascript:x\">y</a>\n```\n";
    let sandbox = Sandbox::with(&[("note.md", note)]);
    sandbox.run(&["build", "note.md", "--to", "html", "--out", "out", "--verify"]).ends_with(0);
    for active in
        ["<a href=' java&#9;script:x'>y</a>", "<iframe srcdoc='x'></iframe>", "<a href='data:text/html,x'>y</a>"]
    {
        let page = sandbox.read("out/note.html").replace("</main>", &format!("{active}</main>"));
        sandbox.write("active.html", page);
        let rules = sandbox.run(&["verify", "--rules", "active.html"]).ends_with(1);
        assert!(rules.stdout.contains("breaks Sealed"), "{active}: {}", rules.stdout);
    }
}

#[test]
fn a_control_character_in_data_names_its_place() {
    let sandbox = Sandbox::with(&[("figures.csv", "Year,Steps\n2010,1\n2011,2\u{1}\n")]);
    for directive in ["chart {type=bar x=Year caption=\"A\"", "table {caption=\"A\""] {
        sandbox.write("note.md", format!("# Note\n\n:::{directive} src=figures.csv}}\n:::\n"));
        let run = sandbox.run(&["build", "note.md", "--to", "html,docbook,text", "--out", "out"]).ends_with(0);
        run.says("W0215").says("U+0001 in record 3, field 2").says("note.md:3:");
        for (name, bytes) in sandbox.files("out") {
            assert!(!bytes.contains(&1), "{directive}: {name}");
        }
    }
}

#[test]
fn many_alike_are_counted_by_the_program_too() {
    let bad = (0..150).map(|at| format!("See [](#x{at}).\n\n")).collect::<String>();
    let sandbox = Sandbox::with(&[("note.md", &bad)]);
    let run = sandbox.run(&["check", "note.md", "--message-format", "short"]).ends_with(1);
    assert_eq!(run.stderr.matches("E0303").count(), 101, "{}", run.stderr);
    run.says("note.md: error[E0303]: and 50 more of this code").says("150 errors");
}
