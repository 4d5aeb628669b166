//! What nobody should feed to a compiler, and somebody will.

use crate::sandbox::{Run, Sandbox};
use crate::support::PROJECT_FREE;
use chancery::diagnostic::{Code, Diagnostic};

/// Builds `note.md` from bytes, in the editions named.
fn build(bytes: impl AsRef<[u8]>, formats: &str) -> (Sandbox, Run) {
    let sandbox = Sandbox::new();
    sandbox.write("note.md", bytes);
    let run = sandbox.run(&["build", "note.md", "--to", formats, "--out", "out"]);
    (sandbox, run)
}

const EVERY_EDITION: &str = "pdf,html,docbook,text,brief";

/// The build fails with a code at a place, says how to mend it and writes
/// nothing.
#[track_caller]
fn refused(bytes: impl AsRef<[u8]>, code: &str, place: &str) {
    let (sandbox, run) = build(bytes, EVERY_EDITION);
    run.ends_with(1).says(code).says(place).says("help: ");
    assert!(!sandbox.exists("out"), "something was written");
}

/// The build writes the editions and warns at a place.
#[track_caller]
fn warned(text: &str, code: &str, place: &str) -> Sandbox {
    let (sandbox, run) = build(text, EVERY_EDITION);
    run.ends_with(0).says(code).says(place);
    assert_eq!(sandbox.files("out").len(), 5, "an edition is missing");
    sandbox
}

#[test]
fn what_is_not_text_is_refused() {
    refused(b"# A note\n\nCaf\xe9.\n", "E0003", "note.md:3:4");
    refused("# A note\n\nNot\0hing.\n", "E0004", "note.md:3:4");
    refused("", "E0005", "note.md:1:1");
    refused(" \n\t\n", "E0005", "note.md:1:1");
    refused("\u{feff}", "E0005", "note.md:1:1");
}

#[test]
fn broken_front_matter_is_refused() {
    refused("---\ntitle: [A note\n---\n\nWords.\n", "E0101", "note.md:");
    refused("---\ntitle: A note\n\nWords.\n", "E0102", "note.md:1:1");
    refused("---\ntitle:\n  - A\n---\n\nWords.\n", "E0103", "note.md:3:3");
    refused("---\ndate: 2026-02-30\n---\n\nWords.\n", "E0104", "note.md:2:7");
}

#[test]
fn what_leads_nowhere_is_refused() {
    refused("A note[^1].\n", "E0302", "note.md:1:7");
    refused("See [](#nowhere).\n", "E0303", "note.md:1:5");
    refused("# A\n\n## B {#x}\n\nWords.\n\n## C {#x}\n\nWords.\n", "E0301", "note.md:7:");
    refused("![A picture](missing.png)\n", "E0001", "note.md:1:");
    refused("See [this](other.md).\n", "E0304", "note.md:1:");
    refused("See [this](annex.pdf).\n", "E0316", "note.md:1:");
}

#[test]
fn paths_that_leave_the_project_are_refused() {
    refused("![A picture](../secret.png)\n", "E0002", "note.md:1:");
    refused("![A picture](/etc/passwd)\n", "E0002", "note.md:1:");
    refused(":::include {src=../secret.md}\n:::\n", "E0002", "note.md:1:");
}

#[cfg(unix)]
#[test]
fn links_that_leave_the_project_are_refused() {
    let sandbox = Sandbox::with(&[
        ("secret.md", "SECRET\n"),
        ("project/chancery.toml", ""),
        ("project/source/note.md", ":::include {src=_link.md}\n:::\n"),
    ]);
    std::os::unix::fs::symlink(sandbox.path("secret.md"), sandbox.path("project/source/_link.md")).unwrap();
    let run = sandbox.run(&["build", "--project", "project", "--to", "text"]).ends_with(1).says("E0002");
    assert!(!run.stderr.contains("SECRET"), "{}", run.stderr);
    assert!(!sandbox.exists("project/outputs"));

    std::os::unix::fs::symlink(sandbox.path("secret.md"), sandbox.path("project/source/link.md")).unwrap();
    sandbox.run(&["build", "project/source/link.md", "--to", "text"]).ends_with(1).says("E0002");
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_not_waited_for() {
    let sandbox = Sandbox::with(&[("note.md", ":::include {src=_pipe.md}\n:::\n")]);
    // POSIX has this command everywhere.
    let made = std::process::Command::new("mkfifo").arg(sandbox.path("_pipe.md")).status().unwrap();
    assert!(made.success(), "there is no pipe to read");
    sandbox.run(&["check", "note.md"]).ends_with(1).says("not an ordinary file");
}

#[test]
fn files_that_include_one_another_are_refused() {
    let sandbox = Sandbox::with(&[
        ("note.md", "Words.\n\n:::include {src=_a.md}\n:::\n"),
        ("_a.md", ":::include {src=_b.md}\n:::\n"),
        ("_b.md", ":::include {src=_a.md}\n:::\n"),
    ]);
    sandbox.run(&["build", "note.md", "--to", "text", "--out", "out"]).ends_with(1).says("E0211").says("_b.md:1:");
    assert!(!sandbox.exists("out"));
}

#[test]
fn limits_are_kept() {
    refused("> ".repeat(10_000) + "Words.\n", "E0006", "note.md:1:");
    refused("- ".repeat(10_000) + "words\n", "E0006", "note.md:1:");
    refused("*a _b ".repeat(5_000) + &" b_ a*".repeat(5_000), "E0006", "note.md:1:");
    refused("# Heading\n\nWords.\n\n".repeat(60_000), "E0006", "note.md:80001:1");
    refused("# Heading\n".repeat(300_000), "E0006", "note.md:200001:1");
    refused(format!("---\nx-long: {}\n---\n\nWords.\n", "a".repeat(300 * 1024)), "E0006", "note.md:2:1");
    refused(format!("---\nx-deep: {}{}\n---\n\nWords.\n", "[".repeat(40), "]".repeat(40)), "E0006", "note.md:2:");
    refused(format!("{}\n{}\n", "| a ".repeat(2_000), "|---".repeat(2_000)), "E0006", "note.md:1:1");
}

#[test]
fn a_part_of_a_document_is_not_judged() {
    // What is beyond the limit is not there, so that other messages would mislead.
    let (_, run) = build("# Heading\n\n".repeat(60_000), "text");
    let messages = run.ends_with(1).stderr;
    assert_eq!(messages.matches("[W").count(), 0, "{messages}");
    assert!(messages.contains("1 error\n"), "{messages}");
}

#[test]
fn many_names_that_are_not_known_are_not_compared_with_all_that_are() {
    // A nearest name is looked for a number of times, and then no more.
    const GUESSES: usize = 50;
    let section = |at: usize| format!("## Heading number {at:05}\n\nSee [](#heading-numbr-{at:05}x).\n\n");
    for count in [60, 600] {
        let found = PROJECT_FREE.compile(&(0..count).map(section).collect::<String>()).diagnostics;
        assert_eq!(found.iter().filter(|problem| problem.code == Code::DanglingReference).count(), count);
        let guessed = |problem: &&Diagnostic| problem.hint.as_ref().is_some_and(|hint| hint.contains("did you mean"));
        assert_eq!(found.iter().filter(guessed).count(), GUESSES);
    }
}

#[test]
fn limits_of_other_files_are_kept() {
    let sandbox = Sandbox::new();
    let refused = |note: &str, place: &str| {
        sandbox.write("note.md", note);
        let run = sandbox.run(&["build", "note.md", "--to", EVERY_EDITION, "--out", "out"]);
        run.ends_with(1).says("E0006").says(place).says("help: ");
        assert!(!sandbox.exists("out"), "something was written");
    };
    let deep = format!("{}<rect/>{}", "<g>".repeat(101), "</g>".repeat(101));
    sandbox.write("deep.svg", format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{deep}</svg>"));
    refused("![A picture](deep.svg)\n", "note.md:1:1");

    for level in 0..20 {
        sandbox.write(&format!("_{level}.md"), format!(":::include {{src=_{}.md}}\n:::\n", level + 1));
    }
    refused(":::include {src=_0.md}\n:::\n", "_15.md:1:17");

    sandbox.write("_part.md", "A part.\n");
    refused(&":::include {src=_part.md}\n:::\n".repeat(1_001), "note.md:2001:");

    sandbox.write("wide.csv", "a,".repeat(2_000) + "a\n");
    refused(":::table {src=wide.csv}\n:::\n", "note.md:1:1");

    sandbox.write("deep.bib", format!("@book{{a, title = {}{}}}\n", "{".repeat(100), "}".repeat(100)));
    refused("---\nbibliography: deep.bib\n---\n\nSee [@a].\n", "deep.bib:1:");

    sandbox.write("large.png", vec![b'x'; 65 * 1024 * 1024]);
    refused("![A picture](large.png)\n", "note.md:1:1");
}

#[test]
fn what_markdown_does_not_nest_keeps_its_words() {
    // Links do not nest: the rest is text.
    let (sandbox, run) =
        build("[".repeat(10_000) + "words" + &"](https://x.example)".repeat(10_000), "html,docbook,text");
    run.ends_with(0);
    for edition in ["html", "xml", "txt"] {
        assert!(sandbox.read(&format!("out/note.{edition}")).contains("words"), "{edition}");
    }
}

/// A PNG that claims a size and holds next to nothing.
fn hollow_png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().unwrap().write_chunk(png::chunk::IDAT, &[0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]).unwrap();
    bytes
}

#[test]
fn pictures_that_are_too_large_or_broken_are_refused() {
    let sandbox =
        Sandbox::with(&[("note.md", "![A picture](large.png)\n"), ("other.md", "![A picture](broken.png)\n")]);
    sandbox.write("large.png", hollow_png(30_000, 30_000));
    sandbox.write("broken.png", b"\x89PNG\r\n\x1a\nnonsense");
    let build = |name: &str| sandbox.run(&["build", name, "--out", "out"]).ends_with(1).says("help: ");
    build("note.md").says("E0006").says("note.md:1:1");
    build("other.md").says("E0007").says("other.md:1:1");
    assert!(!sandbox.exists("out"));
}

#[test]
fn what_is_only_odd_is_warned_about() {
    warned("---\ntitel: A note\n---\n\nWords.\n", "W0106", "note.md:2:1");
    warned("| A | B |\n|---|---|\n| 1 |\n", "W0208", "note.md:3:");
    let sandbox = warned("Words.\n\n```\ncode\n\nstill code\n", "W0205", "note.md:3:1");
    assert!(sandbox.read("out/note.txt").contains("still code"));
    let sandbox = warned("Words.\n\n:::box\nIn the box.\n", "W0201", "note.md:3:1");
    assert!(sandbox.read("out/note.txt").contains("In the box."));
    warned("Linear B: \u{10000}.\n", "W0401", "note.md:1:11");
    let sandbox = warned("Words <blink>in between</blink>.\n", "W0206", "note.md:1:7");
    assert!(sandbox.read("out/note.txt").contains("in between"));
    let sandbox = warned("[run](javascript:alert(1))\n", "W0207", "note.md:1:1");
    assert!(sandbox.read("out/note.txt").contains("run"));
}

#[test]
fn nothing_that_runs_reaches_an_edition() {
    let text = "# A note\n\n<script>alert(1)</script>\n\n[one](javascript:alert(2)) [two](data:text/html,x) \
                <b onclick=\"alert(3)\">bold</b> <!-- a secret -->\n\n<https://example.org/?q=\"><script>\n\n\
                ![x](data:image/svg+xml;base64,AAAA)\n";
    let (sandbox, run) = build(text, EVERY_EDITION);
    // A picture whose address could run code is left out like a link: its words stay.
    run.ends_with(0).says("W0206").says("W0207");
    for (name, bytes) in sandbox.files("out") {
        let edition = String::from_utf8_lossy(&bytes);
        for word in ["<script", "javascript:", "data:text", "svg+xml", "onclick", "a secret"] {
            assert!(!edition.contains(word), "{word} in {name}");
        }
        assert!(["note.brief.txt", "note.pdf"].contains(&name.as_str()) || edition.contains("one"), "{name}");
    }
}

#[test]
fn line_endings_and_byte_order_marks_change_nothing() {
    let text = "---\ntitle: A note\n---\n\n## One\n\nSome *words*  \nand more.\n\n- a\n- b\n\n```\ncode\nmore\n```\n";
    let plain = build(text, EVERY_EDITION).0.files("out");
    for other in [text.replace('\n', "\r\n"), text.replace('\n', "\r"), format!("\u{feff}{text}")] {
        let (sandbox, run) = build(&other, EVERY_EDITION);
        run.ends_with(0);
        for ((name, expected), (_, actual)) in plain.iter().zip(sandbox.files("out")) {
            assert_eq!(String::from_utf8_lossy(expected), String::from_utf8_lossy(&actual), "{name} of {other:?}");
        }
    }
}

#[test]
fn a_line_of_a_megabyte_compiles() {
    let (sandbox, run) = build("word ".repeat(200_000), "pdf,html,docbook,text");
    run.ends_with(0);
    assert!(sandbox.read("out/note.txt").len() >= 999_999);
    let (sandbox, run) = build("w".repeat(1_000_000), "pdf,html,text");
    run.ends_with(0);
    assert!(sandbox.read("out/note.txt").len() >= 1_000_000);
}

#[test]
fn a_table_of_many_rows_compiles() {
    const ROWS: usize = 100_000;
    let mut text = "| Year | Step |\n|---|---|\n".to_owned();
    for row in 0..ROWS {
        text += &format!("| {row} | a step |\n");
    }
    // A PDF of two thousand pages takes a minute without optimisation.
    let formats = if cfg!(debug_assertions) { "html,docbook,text,brief" } else { EVERY_EDITION };
    let (sandbox, run) = build(text, formats);
    run.ends_with(0);
    assert!(sandbox.read("out/note.html").contains("99999"));
    assert!(sandbox.read("out/note.txt").contains("99999"));
}
