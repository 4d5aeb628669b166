//! `chancery verify` and `build --verify` as their users meet them.

use crate::sandbox::Sandbox;
use serde_json::Value;

fn project() -> Sandbox {
    let sandbox = Sandbox::with(&[
        ("chancery.toml", "[project]\ntitle = \"Notes\"\n"),
        ("source/note.md", "# Note\n\nOne two three.\n\nSee [there](https://example.org/).\n"),
    ]);
    sandbox.run(&["build", "--verify"]).ends_with(0);
    sandbox
}

/// Changes a text edition on the disk.
fn change(sandbox: &Sandbox, path: &str, what: &str, with: &str) {
    let text = sandbox.read(path);
    assert!(text.contains(what), "{text}");
    sandbox.write(path, text.replacen(what, with, 1));
}

#[test]
fn editions_on_the_disk_are_proved() {
    let sandbox = project();
    let run = sandbox.run(&["verify"]).ends_with(0);
    assert!(run.stderr.contains("read back 5 editions of 1 document"), "{}", run.stderr);
}

#[test]
fn a_word_that_is_gone_is_named_with_its_place() {
    let sandbox = project();
    change(&sandbox, "outputs/note.html", "<p>One two ", "<p>One ");
    change(&sandbox, "outputs/note.xml", "https://example.org/", "https://example.com/");
    let run = sandbox.run(&["verify", "--message-format", "short"]).ends_with(1);
    assert!(run.stderr.contains("source/note.md:3:1: error[E0601]: the html edition lacks “two”"), "{}", run.stderr);
    assert!(run.stderr.contains("source/note.md:5:5: error[E0601]: the docbook edition says"), "{}", run.stderr);
}

#[test]
fn a_broken_rule_is_named() {
    let sandbox = project();
    change(&sandbox, "outputs/note.html", "<main id=\"_content\"", "<main id=\"_content\" onclick=\"x()\"");
    sandbox
        .run(&["verify", "--message-format", "short"])
        .ends_with(1)
        .says("error[E0603]: the html edition breaks Sealed");
}

#[test]
fn a_missing_edition_is_an_error() {
    let sandbox = project();
    std::fs::remove_file(sandbox.path("outputs/note.txt")).unwrap();
    sandbox.run(&["verify"]).ends_with(1).says("note.txt is missing");
}

#[test]
fn the_manifest_knows_every_byte() {
    let sandbox = project();
    let manifest: Value = serde_json::from_str(&sandbox.read("outputs/manifest.json")).unwrap();
    let pdf = &manifest["editions"]["note.pdf"];
    assert_eq!(pdf["claims"], serde_json::json!(["PDF/UA-1", "PDF/A-2a"]));
    assert_eq!(pdf["verdicts"], serde_json::json!({"rules": "passed", "text": "passed"}));
    // The sources are not needed.
    std::fs::remove_dir_all(sandbox.path("source")).unwrap();
    sandbox.run(&["verify", "--manifest"]).ends_with(0).says("5 of 5 editions as they were made, 5 proved then");
    let path = sandbox.path("outputs/note.pdf");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    sandbox.run(&["verify", "--manifest"]).ends_with(1).says("note.pdf");
}

#[test]
fn a_build_that_proves_nothing_says_nothing_of_it() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    assert!(!sandbox.read("outputs/manifest.json").contains("verdicts"));
    // The project can ask for proof at every build.
    sandbox.write("chancery.toml", "[project]\ntitle = \"Notes\"\nverify = true\n");
    sandbox.run(&["build"]).ends_with(0);
    sandbox.run(&["build", "--locked"]).ends_with(0);
    assert!(sandbox.read("outputs/manifest.json").contains("verdicts"));
}

#[test]
fn a_report_says_what_was_checked_and_what_a_person_must() {
    let sandbox = project();
    sandbox.write("source/note.md", "# Note\n\nOne two three.\n\nSee [here](https://example.org/).\n");
    sandbox.run(&["build"]).ends_with(0);
    sandbox.run(&["verify", "--report", "reports"]).ends_with(0);
    let report: Value = serde_json::from_str(&sandbox.read("reports/note.report.json")).unwrap();
    assert_eq!(report["editions"].as_array().unwrap().len(), 5);
    assert_eq!(report["editions"][0]["passed"], true);
    assert_eq!(report["findings"][0]["code"], "W0503");
    let page = sandbox.read("reports/note.report.html");
    for words in
        ["Conformance report:", "A-2 6.2.11.4.1-1", "UA-1 7.4.2-1", "source/note.md:5:5", "For a person to judge"]
    {
        assert!(page.contains(words), "{words}\n{page}");
    }
}

#[test]
fn the_words_of_an_edition_can_be_printed() {
    let sandbox = project();
    for edition in ["note.pdf", "note.html", "note.xml"] {
        let run = sandbox.run(&["verify", "--words", &format!("outputs/{edition}")]).ends_with(0);
        let words: Vec<&str> = run.stdout.split_whitespace().collect();
        assert_eq!(words, ["Note", "One", "two", "three.", "See", "there.", "→https://example.org/"], "{edition}");
    }
    sandbox.run(&["verify", "--words", "chancery.toml"]).ends_with(2).says("no edition that can be read back");
}
