//! Work that is shared out: shards, parts, plans, and what joins them.

use crate::sandbox::Sandbox;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// A project whose documents use one another and other files.
const FILES: [(&str, &str); 9] = [
    ("chancery.toml", "[project]\ntitle = \"Papers\"\nformats = [\"html\", \"text\", \"brief\"]\n"),
    ("source/first.md", "# First\n\nSee [](deep/second.md) and [the form](form.pdf).\n"),
    ("source/deep/second.md", "# Second {#second}\n\nBack to [](../first.md).\n\n:::include {src=_part.md}\n:::\n"),
    ("source/deep/_part.md", "A part.\n"),
    ("source/deep/index.md", "# Deep\n\n:::members\n:::\n"),
    ("source/third.md", "# Third\n\nWords: see [](first.md).\n"),
    ("source/a b's $paper.md", "# A name\n\nWords.\n"),
    ("source/fifth.md", "# Fifth\n\nSee [the form](form.pdf).\n"),
    ("source/form.pdf", "A form.\n"),
];

fn project() -> Sandbox {
    Sandbox::with(&FILES)
}

/// What one build of everything makes.
fn one_build() -> Vec<(String, Vec<u8>)> {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    sandbox.files("outputs")
}

/// Every path below a folder, hidden ones too.
fn paths(folder: &Path) -> BTreeSet<String> {
    fn walk(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else {
                found.insert(name);
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(folder, "", &mut found);
    found
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|value| value.as_str().unwrap().to_owned()).collect()
}

fn plan(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&sandbox.run(&["plan"]).ends_with(0).stdout).unwrap()
}

#[test]
fn shards_make_what_one_build_makes() {
    let one = one_build();
    for count in [1, 2, 7] {
        let sandbox = project();
        for index in 1..=count {
            sandbox.run(&["build", "--shard", &format!("{index}/{count}")]).ends_with(0);
        }
        assert!(!sandbox.exists("outputs/manifest.json") && !sandbox.exists("outputs/index.html"));
        let parts = paths(&sandbox.path("outputs/.chancery"));
        assert_eq!(parts.len(), count, "{parts:?}");
        sandbox.run(&["manifest", "merge"]).ends_with(0);
        assert_eq!(sandbox.files("outputs"), one, "{count} shards");
        sandbox.run(&["build", "--locked"]).ends_with(0);
        sandbox.run(&["verify", "--manifest"]).ends_with(0);
        // Again, over what lies there.
        sandbox.run(&["build", "--shard", &format!("1/{count}")]).ends_with(0);
        sandbox.run(&["manifest", "merge"]).ends_with(0);
        assert_eq!(sandbox.files("outputs"), one, "{count} shards, again");
        sandbox.run(&["clean"]).ends_with(0);
        assert!(!sandbox.exists("outputs"));
    }
}

#[test]
fn shards_of_other_machines_are_joined() {
    let one = one_build();
    let (here, there) = (project(), project());
    here.run(&["build", "--shard", "1/2", "--out", "one"]).ends_with(0);
    there.run(&["build", "--shard", "2/2", "--out", "two", "--part", "two/part.json"]).ends_with(0);
    let part = there.path("two/part.json");
    here.run(&["manifest", "merge", "one", part.to_str().unwrap()]).ends_with(0);
    assert_eq!(here.files("outputs"), one);
    // Half of them is not all, and is said to be.
    let run = here.run(&["manifest", "merge", "one", "--out", "half"]).ends_with(1).says("E0016");
    assert!(run.stderr.contains("no part holds what was made of this document"), "{}", run.stderr);
    // Editions that were changed on their way are not taken over.
    for (path, _) in there.files("two").iter().filter(|(path, _)| path.ends_with(".txt")) {
        there.write(&format!("two/{path}"), "Forged.\n");
    }
    here.run(&["manifest", "merge", "one", part.to_str().unwrap(), "--out", "other"]).ends_with(1).says("E0010");
    assert!(here.files("other").iter().all(|(_, bytes)| bytes != b"Forged.\n"));
}

#[test]
fn a_shard_writes_only_its_editions_and_its_part() {
    let sandbox = project();
    let before = paths(&sandbox.path(""));
    sandbox.run(&["build", "source/first.md", "--part", "outputs/part.json"]).ends_with(0);
    let new: BTreeSet<String> = paths(&sandbox.path("")).difference(&before).cloned().collect();
    let expected = ["first.brief.txt", "first.html", "first.txt", "part.json"].map(|name| format!("outputs/{name}"));
    assert_eq!(new, BTreeSet::from(expected));
    // A file that is no part is not overwritten, and no build outside projects makes one.
    sandbox.run(&["build", "source/first.md", "--part", "source/third.md"]).ends_with(2).says("no part");
    assert!(sandbox.read("source/third.md").starts_with("# Third"));
    let alone = Sandbox::with(&[("note.md", "# Note\n\nWords.\n")]);
    alone.run(&["build", "note.md", "--shard", "1/1"]).ends_with(2);
    for wrong in ["0/2", "3/2", "2", "a/b"] {
        sandbox.run(&["build", "--shard", wrong]).ends_with(2);
    }
}

#[test]
fn a_normal_build_follows_shards() {
    let sandbox = project();
    sandbox.run(&["build", "--shard", "1/2"]).ends_with(0);
    sandbox.run(&["build"]).ends_with(0);
    assert_eq!(sandbox.files("outputs"), one_build());
}

#[test]
fn parts_that_do_not_fit_are_named() {
    let sandbox = project();
    let build = |shard: &str| sandbox.run(&["build", "--shard", shard]).ends_with(0);
    build("1/2");
    build("2/2");
    // A source changed since.
    sandbox.write("source/deep/_part.md", "Another part.\n");
    let run = sandbox.run(&["manifest", "merge"]).ends_with(1);
    assert!(run.stderr.contains("source/deep/_part.md is not what it was"), "{}", run.stderr);
    // What is of an earlier build hinders nothing where another part is right.
    build("1/3");
    build("2/3");
    build("3/3");
    sandbox.run(&["manifest", "merge"]).ends_with(0);
    // Another project file, another audience.
    sandbox.write("chancery.toml", "[project]\ntitle = \"Other papers\"\nformats = [\"html\", \"text\", \"brief\"]\n");
    sandbox.run(&["manifest", "merge"]).ends_with(1).says("with another project file or other options");
    sandbox.write("chancery.toml", FILES[0].1);
    sandbox.run(&["manifest", "merge", "outputs", "--profile", "press"]).ends_with(1).says("other options");
    // A document with errors.
    sandbox.write("source/third.md", "# Third\n\nSee [](#nowhere).\n");
    for shard in ["1/3", "2/3", "3/3"] {
        sandbox.run(&["build", "--shard", shard]);
    }
    let run = sandbox.run(&["manifest", "merge"]).ends_with(1);
    assert!(run.stderr.contains("source/third.md") && run.stderr.contains("E0016"), "{}", run.stderr);
    // One that is gone.
    std::fs::remove_file(sandbox.path("source/third.md")).unwrap();
    for shard in ["1/3", "2/3", "3/3"] {
        sandbox.run(&["build", "--shard", shard]).ends_with(0);
    }
    sandbox.run(&["manifest", "merge"]).ends_with(0).says("removed outputs/third.txt");
    assert!(!sandbox.exists("outputs/third.html"));
}

#[test]
fn forged_parts_lead_nowhere() {
    let sandbox = project();
    sandbox.run(&["manifest", "merge"]).ends_with(3);
    sandbox.run(&["build", "--shard", "1/1"]).ends_with(0);
    let part = sandbox.read("outputs/.chancery/parts/1-of-1.json");
    let precious = sandbox.path("precious.txt").to_str().unwrap().to_owned();
    sandbox.write("precious.txt", "Precious.\n");
    sandbox.run(&["clean"]).ends_with(0);
    let escapes = ["../precious.txt", precious.as_str(), "x/../../precious.txt", "source/../../precious.txt"];
    for (name, forged) in escapes.iter().flat_map(|path| {
        let place = |name: &str| part.replace(&format!("\"{name}\""), &serde_json::to_string(path).unwrap());
        [("edition", place("first.txt")), ("source", place("source/first.md")), ("file", place("form.pdf"))]
    }) {
        assert_ne!(forged, part, "{name}");
        sandbox.write("forged.json", &forged);
        let before = sandbox.files("");
        sandbox.run(&["manifest", "merge", "forged.json"]).ends_with(3).says("cannot use forged.json");
        assert_eq!(before, sandbox.files(""), "{name}");
    }
    for broken in ["", "{}", "[", &part[..part.len() / 2], &format!("{}{part}", "[".repeat(100_000))] {
        sandbox.write("forged.json", broken);
        sandbox.run(&["manifest", "merge", "forged.json"]).ends_with(3).says("no part of a manifest");
    }
    // An edition that no source makes, or that belongs to another, is not taken over.
    sandbox.run(&["build", "--shard", "1/1", "--out", "there"]).ends_with(0);
    sandbox.write("there/stranger.txt", "Forged.\n");
    let forged = part.replace("\"first.txt\"", "\"stranger.txt\"");
    sandbox.write("there/.chancery/parts/1-of-1.json", forged);
    sandbox.run(&["manifest", "merge", "there"]);
    assert!(!sandbox.exists("outputs/stranger.txt"));
    // A link that leads out of the output folder is not followed.
    #[cfg(unix)]
    {
        std::fs::remove_dir_all(sandbox.path("there/.chancery/parts")).unwrap();
        sandbox.write("elsewhere/1-of-1.json", &part);
        std::os::unix::fs::symlink(sandbox.path("elsewhere"), sandbox.path("there/.chancery/parts")).unwrap();
        sandbox.run(&["manifest", "merge", "there"]).ends_with(2).says("holds no parts");
    }
}

#[test]
fn actions_need_and_make_what_they_declare() {
    let sandbox = project();
    let plan = plan(&sandbox);
    let actions = plan["actions"].as_array().unwrap();
    assert_eq!(actions.len(), 6);
    let made_by_all = project();
    for action in actions {
        let (arguments, outputs) = (strings(&action["arguments"]), strings(&action["outputs"]));
        let inputs: Vec<String> = action["inputs"].as_object().unwrap().keys().cloned().collect();
        // Nothing lies there but what is declared, as a build system's sandbox has it.
        let alone = Sandbox::new();
        inputs.iter().for_each(|path| alone.write(path, std::fs::read(sandbox.path(path)).unwrap()));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        alone.run(&arguments).ends_with(0);
        let made: BTreeSet<String> = paths(&alone.path("")).into_iter().filter(|path| !inputs.contains(path)).collect();
        assert_eq!(made, outputs.iter().cloned().collect(), "{arguments:?}");
        made.iter().for_each(|path| made_by_all.write(path, std::fs::read(alone.path(path)).unwrap()));
    }
    let gathered = Sandbox::new();
    for path in strings(&plan["merge"]["inputs"]) {
        gathered.write(&path, std::fs::read(made_by_all.path(&path)).unwrap());
    }
    let merge: Vec<String> = strings(&plan["merge"]["arguments"]);
    let before = paths(&gathered.path(""));
    gathered.run(&merge.iter().map(String::as_str).collect::<Vec<_>>()).ends_with(0);
    let made: BTreeSet<String> = paths(&gathered.path("")).difference(&before).cloned().collect();
    assert_eq!(made, strings(&plan["merge"]["outputs"]).into_iter().collect());
    assert_eq!(gathered.files("outputs"), one_build());
}

#[test]
fn a_key_changes_with_what_is_made_from() {
    let sandbox = project();
    let keys = |sandbox: &Sandbox| -> Vec<(String, String)> {
        let plan = plan(sandbox);
        let of = |action: &Value| {
            (action["source"].as_str().unwrap().to_owned(), action["key"].as_str().unwrap().to_owned())
        };
        plan["actions"].as_array().unwrap().iter().map(of).collect()
    };
    let before = keys(&sandbox);
    assert_eq!(before, keys(&project()), "the keys of a copy elsewhere");
    sandbox.write("source/deep/_part.md", "Another part.\n");
    let after = keys(&sandbox);
    let changed: Vec<&str> =
        before.iter().zip(&after).filter(|(old, new)| old != new).map(|(old, _)| old.0.as_str()).collect();
    assert!(changed.contains(&"source/deep/second.md"), "{changed:?}");
    // The third is told by the first what the second is called, which a heading of the part may decide.
    assert!(changed.contains(&"source/third.md"), "{changed:?}");
    assert!(!changed.contains(&"source/a b's $paper.md") && !changed.contains(&"source/fifth.md"), "{changed:?}");
    assert_eq!(paths(&sandbox.path("")).len(), FILES.len(), "planning writes nothing");
}

#[test]
fn plans_are_made_for_make_and_ninja() {
    let sandbox = project();
    for format in ["make", "ninja"] {
        let text = sandbox.run(&["plan", "--format", format]).ends_with(0).stdout;
        assert!(text.contains("outputs/deep/second.html") && text.contains("'source/a b'\\''s $$paper.md'"), "{text}");
        assert!(text.contains("manifest merge"), "{text}");
    }
    sandbox.write("source/x;y.md", "# Name\n\nWords.\n");
    sandbox.run(&["plan", "--format", "make"]).ends_with(1).says("E0013");
    sandbox.run(&["plan", "--format", "ninja"]).ends_with(1).says("E0013");
    sandbox.run(&["plan"]).ends_with(0);
    let alone = Sandbox::with(&[("note.md", "# Note\n\nWords.\n")]);
    alone.run(&["plan", "note.md"]).ends_with(2);
}

#[test]
fn inputs_are_told_as_json_also_of_documents_with_errors() {
    let sandbox = project();
    sandbox.write("source/third.md", "# Third\n\n:::include {src=deep/_part.md}\n:::\n\nSee [](#nowhere).\n");
    sandbox.run(&["build", "--deps", "deps.json", "--deps-format", "json"]).ends_with(1);
    let deps: Value = serde_json::from_str(&sandbox.read("deps.json")).unwrap();
    let documents = deps["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 6);
    let of = |source: &str| documents.iter().find(|document| document["source"] == source).unwrap();
    let third = of("source/third.md");
    assert_eq!(third["built"], false);
    assert!(third["inputs"]["source/deep/_part.md"].is_string(), "{third}");
    assert_eq!(strings(&third["outputs"]).len(), 3);
    let second = of("source/deep/second.md");
    assert_eq!(second["built"], true);
    assert!(second["inputs"]["source/deep/_part.md"].is_string() && second["inputs"]["chancery.toml"].is_string());
}
