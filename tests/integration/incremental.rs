//! A build that remembers the last one says and makes what a build from nothing does.

use crate::sandbox::Sandbox;
use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::RngSeed;

/// The files of a project, each with the texts that it may have; "" takes it away.
pub const FILES: [(&str, &[&str]); 11] = [
    (
        "chancery.toml",
        &[
            "[project]\ntitle = \"Briefs\"\nformats = [\"html\", \"text\"]\n",
            "[project]\ntitle = \"Notes\"\nformats = [\"text\", \"brief\"]\n",
            "[project]\ntitle = \"Briefs\"\nformats = [\"html\", \"text\"]\n[levels]\nW0401 = \"error\"\n",
        ],
    ),
    ("source/index.md", &["# Home\n\nAll of them.\n\n:::members\n:::\n", "# Welcome\n\nSee [](a.md).\n", ""]),
    (
        "source/a.md",
        &[
            "# A\n\nSee [](b.md) and [there](b.md#x).\n",
            "---\nabstract: In short, [](b.md).\n---\n# A two\n\nText with TODO in it.\n\n*[XY]: never used\n",
            "# A of [](c.md)\n\nText.[^none]\n",
            "",
        ],
    ),
    (
        "source/b.md",
        &["# B\n\n## X {#x}\n\nText.\n", "# B\n\nMore.\n\n## Y {#x}\n\nText.\n", "# Bee\n\nText without ids.\n", ""],
    ),
    ("source/c.md", &[":::include {src=_part.md}\n:::\n", "# C of [](b.md)\n\nSee [](d/e.md#part).\n", "\u{0}"]),
    ("source/_part.md", &["# Part\n\nWords.\n", "# Part of [](a.md)\n\nOther words.\n", ""]),
    ("source/d/index.md", &["# D\n\n:::members\n:::\n", ""]),
    (
        "source/d/e.md",
        &[
            "# E\n\n:::table {src=../data.csv caption=\"Data\"}\n:::\n",
            "# E\n\n## Part\n\nSee [the file](../data.csv) and [](../index.md).\n",
            "# E\n\n![Plan](../plan.png)\n",
        ],
    ),
    ("source/d/f.md", &["", "# F\n\n:::include {src=../_part.md}\n:::\n"]),
    ("source/data.csv", &["Place,Sum\nHere,1\n", "Place,Sum\nThere,20\n", ""]),
    ("outputs/b.txt", &["someone else’s words\n", ""]),
];

/// Which file gets which of its texts.
pub fn edit() -> impl Strategy<Value = (usize, usize)> {
    (0..FILES.len(), 0_usize..4)
}

fn put(sandbox: &Sandbox, (file, text): (usize, usize)) {
    let (path, texts) = FILES[file];
    let text = texts[text % texts.len()];
    if text.is_empty() {
        let _ = std::fs::remove_file(sandbox.path(path));
    } else {
        sandbox.write(path, text);
    }
}

/// What a build says, without the time that it took and what it says of the disk.
fn said(sandbox: &Sandbox) -> (i32, String) {
    let run = sandbox.run(&["build", "--advice", "--message-format", "json"]);
    (run.code, run.stdout)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(6),
        rng_seed: RngSeed::Fixed(3),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn builds_after_edits_are_builds_from_nothing(edits in prop::collection::vec(edit(), 8)) {
        let kept = Sandbox::new();
        for file in 0..FILES.len() - 1 {
            put(&kept, (file, 0));
        }
        said(&kept);
        for at in 0..edits.len() {
            put(&kept, edits[at]);
            // The same sources among the editions of the last build, of which nothing is remembered.
            let anew = Sandbox::new();
            for (path, bytes) in kept.files("") {
                anew.write(&path, bytes);
            }
            prop_assert!(!anew.exists("outputs/.chancery"));
            prop_assert_eq!(said(&kept), said(&anew), "{:?}", &edits[..=at]);
            for ((path, bytes), (same, wanted)) in kept.files("").into_iter().zip(anew.files("")) {
                prop_assert_eq!(&path, &same, "{:?}", &edits[..=at]);
                prop_assert!(bytes == wanted, "{path} differs after {:?}", &edits[..=at]);
            }
        }
    }
}

/// A project of three documents, one of which leads to another.
fn project() -> Sandbox {
    Sandbox::with(&[
        ("chancery.toml", "[project]\nformats = [\"text\"]\n"),
        ("source/one.md", "# One\n\nSee [](two.md).\n"),
        ("source/two.md", "# Two\n\nA first paragraph.\n\nAnother.\n"),
        ("source/three.md", "# Three\n\nText.\n"),
    ])
}

/// How many documents a build made after a change.
fn made_after(sandbox: &Sandbox, change: impl FnOnce(&Sandbox)) -> String {
    change(sandbox);
    let said = sandbox.run(&["build"]).ends_with(0).stderr;
    let line = said.lines().find_map(|line| line.strip_prefix("built "));
    line.and_then(|line| line.split(" in ").next()).unwrap().to_owned()
}

#[test]
fn only_what_a_change_touches_is_made_again() {
    let sandbox = project();
    assert_eq!(made_after(&sandbox, |_| {}), "3 documents");
    assert_eq!(made_after(&sandbox, |_| {}), "0 of 3 documents");
    // Another title shows in the document that leads there, other words do not.
    assert_eq!(
        made_after(&sandbox, |sandbox| sandbox.write("source/two.md", "# Two\n\nA first paragraph.\n\nOther words.\n")),
        "1 of 3 documents"
    );
    assert_eq!(
        made_after(&sandbox, |sandbox| sandbox.write("source/two.md", "# Deux\n\nA first paragraph.\n")),
        "2 of 3 documents"
    );
    assert!(sandbox.read("outputs/one.txt").contains("See Deux"));
    // A touched file is the same file; a new document is nobody's business but its own.
    let again = |sandbox: &Sandbox| sandbox.write("source/three.md", "# Three\n\nText.\n");
    assert_eq!(made_after(&sandbox, again), "0 of 3 documents");
    assert_eq!(
        made_after(&sandbox, |sandbox| sandbox.write("source/four.md", "# Four\n\nText.\n")),
        "1 of 4 documents"
    );
    // Options and the project decide on everything.
    let project = |sandbox: &Sandbox| sandbox.write("chancery.toml", "[project]\nformats = [\"text\", \"brief\"]\n");
    assert_eq!(made_after(&sandbox, project), "4 documents");
}

#[test]
fn what_a_part_names_shows_in_what_names_the_document() {
    let sandbox = project();
    sandbox.write("source/one.md", "# One\n\nSee [](three.md).\n");
    sandbox.write("source/three.md", ":::include {src=_part.md}\n:::\n");
    sandbox.write("source/_part.md", "# A part of [](two.md)\n\nWords.\n");
    sandbox.run(&["build"]).ends_with(0);
    assert!(sandbox.read("outputs/one.txt").contains("See A part of Two"), "{}", sandbox.read("outputs/one.txt"));
    sandbox.write("source/two.md", "# Deux\n\nText.\n");
    sandbox.run(&["build"]).ends_with(0);
    assert!(sandbox.read("outputs/one.txt").contains("See A part of Deux"), "{}", sandbox.read("outputs/one.txt"));
}

#[test]
fn a_build_of_one_document_does_not_hide_its_change_from_others() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    sandbox.write("source/two.md", "# Deux\n\nText.\n");
    sandbox.run(&["build", "source/two.md"]).ends_with(0);
    assert_eq!(made_after(&sandbox, |_| {}), "1 of 3 documents");
    assert!(sandbox.read("outputs/one.txt").contains("See Deux"));
    sandbox.run(&["build", "--locked"]).ends_with(0);
}

#[test]
fn the_manifest_after_a_build_of_one_document_is_that_of_all() {
    let sandbox = project();
    sandbox.write("source/one.md", "# One\n\nSee [the other](two.md).\n");
    sandbox.run(&["build"]).ends_with(0);
    sandbox.write("source/two.md", "# Deux\n\nText.\n");
    sandbox.run(&["build", "source/two.md"]).ends_with(0);
    sandbox.run(&["build"]).ends_with(0);
    sandbox.run(&["build", "--locked"]).ends_with(0);
}

#[test]
fn editions_that_were_touched_are_made_again() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    let made = sandbox.read("outputs/one.txt");
    for change in ["changed", "gone", "replaced by what is as long"] {
        match change {
            "changed" => sandbox.write("outputs/one.txt", "Forged.\n"),
            "gone" => std::fs::remove_file(sandbox.path("outputs/one.txt")).unwrap(),
            _ => sandbox.write("outputs/one.txt", made.to_uppercase()),
        }
        assert_eq!(made_after(&sandbox, |_| {}), "1 of 3 documents", "{change}");
        assert_eq!(sandbox.read("outputs/one.txt"), made, "{change}");
    }
}

#[test]
fn what_came_from_elsewhere_is_not_trusted() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    // A copy of the folder, with all that was remembered, and with a forged edition.
    let copy = Sandbox::new();
    for (path, bytes) in sandbox.files("") {
        copy.write(&path, bytes);
    }
    let state = std::fs::read(sandbox.path("outputs/.chancery/state.jsonl")).unwrap();
    copy.write("outputs/.chancery/state.jsonl", &state);
    copy.write("outputs/three.txt", sandbox.read("outputs/three.txt").to_uppercase());
    assert_eq!(made_after(&copy, |_| {}), "3 documents");
    assert_eq!(copy.read("outputs/three.txt"), sandbox.read("outputs/three.txt"));
    // What is no state, or half of one, is none.
    let whole = std::fs::read(copy.path("outputs/.chancery/state.jsonl")).unwrap();
    for bytes in [&whole[..whole.len() / 2], b"", b"{}", b"\xff\xfe", b"null\nnull"] {
        copy.write("outputs/.chancery/state.jsonl", bytes);
        assert_eq!(made_after(&copy, |_| {}), "3 documents");
    }
}

#[test]
fn what_is_remembered_is_kept_from_readers_and_from_version_control() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    assert_eq!(sandbox.read("outputs/.chancery/.gitignore"), "*\n");
    sandbox.run(&["build", "--locked"]).ends_with(0);
    sandbox.run(&["verify", "--manifest"]).ends_with(0);
    // A comparison with the sources takes nobody's word.
    sandbox.write("outputs/one.txt", "Forged.\n");
    sandbox.run(&["build", "--locked"]).ends_with(1);
}

#[test]
fn warnings_are_said_again_of_what_is_not_made_again() {
    let sandbox = project();
    sandbox.write("source/one.md", "# One\n\nText.[^1]\n\n[^1]: A note.\n\n[^2]: Nobody calls it.\n");
    let first = sandbox.run(&["build"]).ends_with(0).stderr;
    let second = sandbox.run(&["build"]).ends_with(0).stderr;
    let problems = |said: &str| {
        said.split("built ")
            .next()
            .unwrap()
            .lines()
            .filter(|line| !line.starts_with("  "))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert!(first.contains("Nobody calls it") && second.contains("built 0 of 3"), "{second}");
    assert_eq!(problems(&first), problems(&second));
}
