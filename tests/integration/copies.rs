//! Files that documents link to lie beside the editions.

use crate::sandbox::Sandbox;

const PROJECT: &str = "[project]\nformats = [\"text\", \"html\"]\n";
const NOTE: &str = "# Note\n\nSee [the annex](annex%201.pdf#page=2) and [data](../data/table.csv).\n";

fn project() -> Sandbox {
    Sandbox::with(&[
        ("chancery.toml", PROJECT),
        ("source/notes/note.md", NOTE),
        ("source/notes/annex 1.pdf", "%PDF-1.7"),
        ("source/data/table.csv", "a;b\n"),
    ])
}

fn names(sandbox: &Sandbox) -> Vec<String> {
    sandbox.files("outputs").into_iter().map(|(name, _)| name).collect()
}

#[test]
fn files_are_copied_recorded_compared_and_cleared_away() {
    let sandbox = project();
    sandbox.run(&["build", "--deps", "notes.d"]).ends_with(0).says("copied outputs/notes/annex 1.pdf");
    assert_eq!(sandbox.read("outputs/notes/annex 1.pdf"), "%PDF-1.7");
    assert_eq!(sandbox.read("outputs/data/table.csv"), "a;b\n");
    assert!(sandbox.read("outputs/notes/note.html").contains("href=\"annex%201.pdf#page=2\""));
    assert!(sandbox.read("outputs/notes/note.txt").contains("../data/table.csv"));
    assert!(sandbox.read("notes.d").contains("source/notes/annex\\ 1.pdf"));
    let manifest: serde_json::Value = serde_json::from_str(&sandbox.read("outputs/manifest.json")).unwrap();
    assert_eq!(manifest["files"]["data/table.csv"]["source"], "source/data/table.csv");
    let inputs = manifest["documents"]["source/notes/note.md"]["inputs"].as_object().unwrap();
    assert!(inputs.contains_key("source/notes/annex 1.pdf"));
    sandbox.run(&["build", "--locked"]).ends_with(0);
    sandbox.run(&["verify", "--manifest"]).ends_with(0);

    sandbox.write("outputs/data/table.csv", "changed\n");
    sandbox.run(&["build", "--locked"]).ends_with(1).says("E0010").says("table.csv");
    sandbox.run(&["verify", "--manifest"]).ends_with(1).says("table.csv");
    sandbox.run(&["build"]).ends_with(0);
    assert_eq!(sandbox.read("outputs/data/table.csv"), "a;b\n");

    // A build of one document, or with errors elsewhere, forgets nothing.
    sandbox.write("source/other.md", "# Other\n");
    sandbox.run(&["build", "source/other.md"]).ends_with(0);
    sandbox.write("source/notes/note.md", "# Note\n\nSee [nothing](nothing.pdf).\n");
    sandbox.run(&["build"]).ends_with(1).says("E0316");
    assert!(sandbox.exists("outputs/notes/annex 1.pdf"));
    sandbox.write("source/notes/note.md", "# Note\n\nSee [data](../data/table.csv).\n");
    sandbox.run(&["build"]).ends_with(0).says("removed outputs/notes/annex 1.pdf");
    sandbox.run(&["build", "--locked"]).ends_with(0);
    assert!(names(&sandbox).contains(&"data/table.csv".to_owned()));
}

#[test]
fn a_copy_that_fails_takes_no_other_with_it() {
    let sandbox = project();
    sandbox.run(&["build"]).ends_with(0);
    std::fs::remove_file(sandbox.path("outputs/data/table.csv")).unwrap();
    sandbox.write("outputs/data/table.csv/taken", "");
    sandbox.write("source/notes/note.md", format!("{NOTE}\nAnd [more](more.pdf).\n"));
    sandbox.write("source/notes/more.pdf", "%PDF-1.7");
    sandbox.run(&["build"]).ends_with(3).says("outputs/data/table.csv");
    assert!(sandbox.exists("outputs/notes/more.pdf") && sandbox.exists("outputs/notes/annex 1.pdf"));
    let manifest: serde_json::Value = serde_json::from_str(&sandbox.read("outputs/manifest.json")).unwrap();
    let known: Vec<&String> = manifest["files"].as_object().unwrap().keys().collect();
    assert_eq!(known, ["data/table.csv", "notes/annex 1.pdf", "notes/more.pdf"]);
    std::fs::remove_dir_all(sandbox.path("outputs/data/table.csv")).unwrap();
    sandbox.run(&["build"]).ends_with(0);
    assert_eq!(sandbox.read("outputs/data/table.csv"), "a;b\n");
}

#[cfg(unix)]
#[test]
fn what_is_no_ordinary_file_is_not_copied() {
    let sandbox = project();
    sandbox.write("source/notes/note.md", "# Note\n\nSee [this](pipe.pdf) and [data](../data/table.csv).\n");
    assert!(
        std::process::Command::new("mkfifo").arg(sandbox.path("source/notes/pipe.pdf")).status().unwrap().success()
    );
    sandbox.run(&["build"]).ends_with(0).says("W0317");
    assert!(!sandbox.exists("outputs/notes/pipe.pdf") && sandbox.exists("outputs/data/table.csv"));
    std::os::unix::fs::symlink("/dev/zero", sandbox.path("source/notes/zero.pdf")).unwrap();
    std::fs::File::create(sandbox.path("source/notes/sparse.pdf")).unwrap().set_len(10 << 30).unwrap();
    for (name, code) in [("zero.pdf", "E0002"), ("sparse.pdf", "E0006")] {
        sandbox.write("source/notes/note.md", format!("# Note\n\nSee [this]({name}).\n"));
        sandbox.run(&["build"]).ends_with(1).says(code);
        assert!(!sandbox.exists(&format!("outputs/notes/{name}")));
    }
}

#[test]
fn copies_take_the_place_of_nothing_else() {
    let sandbox = project();
    sandbox.write("outputs/data/table.csv", "mine\n");
    sandbox.run(&["build"]).ends_with(1).says("E0012");
    assert_eq!(sandbox.read("outputs/data/table.csv"), "mine\n");

    // Of an edition, of the books, of another copy where capitals do not count.
    for (link, file) in [("note.txt", "note.txt"), ("../manifest.json", "../manifest.json")] {
        let sandbox = project();
        sandbox.write("source/notes/note.md", format!("# Note\n\nSee [this]({link}).\n"));
        sandbox.write(&format!("source/notes/{file}"), "x");
        sandbox.run(&["build"]).ends_with(1).says("E0009");
    }
    let sandbox = project();
    sandbox.write("source/notes/note.md", "# Note\n\nSee [one](a.pdf) and [other](A.pdf).\n");
    sandbox.write("source/notes/a.pdf", "one");
    sandbox.write("source/notes/A.pdf", "other");
    sandbox.run(&["build"]).ends_with(1).says("E0009");
}

#[test]
fn what_is_not_published_is_not_copied() {
    for link in ["../../chancery.toml", "../../.env", "../.git/config", ".absent.yml", "images"] {
        let sandbox = project();
        for file in [".env", "source/.git/config", "source/notes/images/x.png"] {
            sandbox.write(file, "x");
        }
        sandbox.write("source/notes/note.md", format!("# Note\n\nSee [this]({link}).\n"));
        sandbox.run(&["build", "--verify"]).ends_with(0).says("W0317");
        assert!(sandbox.read("outputs/notes/note.html").contains(&format!("href=\"{link}\"")), "{link}");
        assert_eq!(names(&sandbox), ["index.html", "manifest.json", "notes/note.html", "notes/note.txt"], "{link}");
    }
    let sandbox = project();
    sandbox.write("source/notes/note.md", "# Note\n\nSee [this](../../../outside.pdf).\n");
    sandbox.run(&["build"]).ends_with(1).says("E0002");
}

#[test]
fn a_link_to_an_edition_leads_there() {
    let sandbox = project();
    sandbox.write("source/notes/note.md", "# Note\n\nAlso as [text](note.txt), see [other](../other.html).\n");
    sandbox.write("source/other.md", "# Other\n");
    sandbox.run(&["build"]).ends_with(0);
    assert!(sandbox.read("outputs/notes/note.html").contains("href=\"../other.html\""));
}
