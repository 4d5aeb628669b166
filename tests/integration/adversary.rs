//! More attacks on the disk: names in manifests and states, hard links, folders
//! that are links, files that change while they are copied.
#![cfg(unix)]

use crate::sandbox::Sandbox;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};

const PRECIOUS: &str = "Precious.\n";

/// A project beside a folder that is none of its business.
fn project() -> Sandbox {
    Sandbox::with(&[
        ("work/chancery.toml", "[project]\nformats = [\"text\", \"html\"]\n"),
        ("work/source/note.md", "# A note\n\nSome words, and [the data](data.csv).\n"),
        ("work/source/data.csv", "a,b\n1,2\n"),
        ("work/source/deep/other.md", "# Another\n\nOther words.\n"),
        ("home/precious.txt", PRECIOUS),
    ])
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn manifest(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&sandbox.read("work/outputs/manifest.json")).unwrap()
}

/// Names that lead out of a folder, somewhere or after some decoding.
const NAMES: [&str; 12] = [
    "../../home/precious.txt",
    "..",
    "a/../../home/precious.txt",
    "a\0.txt",
    "a\u{7f}.txt",
    "a\u{2029}.txt",
    "..\\..\\home\\precious.txt",
    "C:\\precious.txt",
    "\\\\host\\precious.txt",
    "//host/precious.txt",
    "a/./precious.txt",
    "a//precious.txt",
];

#[test]
fn names_of_copies_that_lead_out_remove_nothing() {
    for name in NAMES {
        let sandbox = project();
        sandbox.run(&["build", "--project", "work"]).ends_with(0);
        let mut forged = manifest(&sandbox);
        forged["files"][name] =
            json!({"source": "source/gone.txt", "bytes": 10, "sha256": sha256(PRECIOUS.as_bytes())});
        sandbox.write("work/outputs/manifest.json", forged.to_string());
        let before = sandbox.files("");
        sandbox.run(&["build", "--project", "work"]).ends_with(1).says("E0012").says("no place for a file");
        assert_eq!(before, sandbox.files(""), "{name:?}");
    }
}

#[test]
fn names_that_would_have_to_be_decoded_are_names() {
    for name in ["%2e%2e/%2e%2e/home/precious.txt", "..%2f..%2fhome%2fprecious.txt", "C:precious.txt", "~/precious.txt"]
    {
        let sandbox = project();
        sandbox.run(&["build", "--project", "work"]).ends_with(0);
        let clean = sandbox.files("work/outputs");
        let mut forged = manifest(&sandbox);
        forged["files"][name] =
            json!({"source": "source/gone.txt", "bytes": 10, "sha256": sha256(PRECIOUS.as_bytes())});
        sandbox.write("work/outputs/manifest.json", forged.to_string());
        sandbox.run(&["build", "--project", "work"]).ends_with(0);
        assert_eq!(clean, sandbox.files("work/outputs"), "{name}");
        assert_eq!(sandbox.read("home/precious.txt"), PRECIOUS, "{name}");
    }
}

/// What a build left for the next one is not believed where it leads out.
#[test]
fn names_in_a_state_lead_nowhere() {
    for (what, with) in [
        ("data.csv\":\"source/data.csv", "../../home/x.csv\":\"source/data.csv"),
        ("data.csv\":\"source/data.csv", "data.csv\":\"../home/precious.txt"),
        ("data.csv\":\"source/data.csv", "a\\u0000.csv\":\"source/data.csv"),
        ("data.csv\":\"source/data.csv", "data.csv\":\"chancery.toml"),
        ("note.txt", "../../home/precious.txt"),
        ("source/note.md", "../home/precious.txt"),
        ("source/note.md", "source/\\u0000"),
    ] {
        let sandbox = project();
        sandbox.run(&["build", "--project", "work"]).ends_with(0);
        let clean = sandbox.files("work/outputs");
        let state = sandbox.read("work/outputs/.chancery/state.jsonl");
        assert!(state.contains(what), "{state}");
        sandbox.write("work/outputs/.chancery/state.jsonl", state.replace(what, with));
        sandbox.run(&["build", "--project", "work"]).ends_with(0);
        assert_eq!(clean, sandbox.files("work/outputs"), "{with}");
        assert_eq!(sandbox.files("home"), [("precious.txt".to_owned(), PRECIOUS.as_bytes().to_vec())], "{with}");
    }
}

/// On some systems a name in other capitals is the same file: a hard link stands for it here.
#[test]
fn a_name_in_other_capitals_is_no_left_over_where_it_is_the_same_file() {
    let sandbox = project();
    sandbox.run(&["build", "--project", "work"]).ends_with(0);
    let mut forged = manifest(&sandbox);
    for (map, own, twin) in [("editions", "note.txt", "Note.txt"), ("files", "data.csv", "DATA.csv")] {
        forged[map][twin] = forged[map][own].clone();
        std::fs::hard_link(sandbox.path(&format!("work/outputs/{own}")), sandbox.path(&format!("work/outputs/{twin}")))
            .unwrap();
    }
    // Another file, as on systems that tell them apart.
    forged["editions"]["DEEP/other.txt"] = forged["editions"]["deep/other.txt"].clone();
    sandbox.write("work/outputs/DEEP/other.txt", sandbox.read("work/outputs/deep/other.txt"));
    sandbox.write("work/outputs/manifest.json", forged.to_string());
    sandbox.run(&["build", "--project", "work"]).ends_with(0);
    assert!(sandbox.exists("work/outputs/Note.txt") && sandbox.exists("work/outputs/DATA.csv"));
    assert!(!sandbox.exists("work/outputs/DEEP"));
    assert_eq!(manifest(&sandbox)["editions"].as_object().unwrap().len(), 4);
}

/// Whatever a build writes takes the place of a hard link, and leaves what it led to.
#[test]
fn nothing_is_written_through_a_hard_link() {
    for path in ["note.txt", "note.html", "index.html", "data.csv", ".chancery/state.jsonl", ".chancery/.gitignore"] {
        let sandbox = project();
        sandbox.run(&["build", "--project", "work", "--deps", "all.d"]).ends_with(0);
        let place = sandbox.path(&format!("work/outputs/{path}"));
        std::fs::remove_file(&place).unwrap();
        std::fs::hard_link(sandbox.path("home/precious.txt"), &place).unwrap();
        sandbox.run(&["build", "--project", "work", "--deps", "all.d"]).ends_with(0);
        assert_eq!(sandbox.read("home/precious.txt"), PRECIOUS, "{path}");
    }
    let sandbox = project();
    for arguments in [["--deps", "all.d", "--quiet"], ["-o", "one.txt", "work/source/note.md"]] {
        std::fs::hard_link(sandbox.path("home/precious.txt"), sandbox.path(arguments[1])).unwrap();
        sandbox.run(&[&["build", "--project", "work"], &arguments[..]].concat());
        assert_ne!(sandbox.read(arguments[1]), PRECIOUS, "{}", arguments[1]);
        assert_eq!(sandbox.read("home/precious.txt"), PRECIOUS, "{}", arguments[1]);
    }
}

#[test]
fn folders_that_are_links_are_not_written_through() {
    for (link, to) in [
        ("work/outputs/.chancery", "home"),
        ("work/outputs/.chancery", "work/source"),
        ("work/outputs/deep", "home"),
        ("work/outputs/data.csv", "home/precious.txt"),
        ("work/outputs/.chancery/state.jsonl", "home/precious.txt"),
    ] {
        let sandbox = project();
        sandbox.run(&["build", "--project", "work"]).ends_with(0);
        let (link, to) = (sandbox.path(link), sandbox.path(to));
        if link.is_dir() { std::fs::remove_dir_all(&link) } else { std::fs::remove_file(&link) }.unwrap();
        symlink(&to, &link).unwrap();
        let before = (sandbox.files("home"), sandbox.files("work/source"));
        sandbox.run(&["build", "--project", "work"]);
        assert_eq!(before, (sandbox.files("home"), sandbox.files("work/source")), "{link:?} to {to:?}");
    }
}

#[test]
fn sources_behind_a_folder_that_leads_out_are_not_read() {
    let sandbox = project();
    sandbox.write("home/secret.md", "# Secret\n");
    sandbox.write("home/table.csv", "Secret,b\n1,2\n");
    symlink(sandbox.path("home"), sandbox.path("work/source/way")).unwrap();
    sandbox.write(
        "work/source/note.md",
        "# A note\n\n:::include {src=way/secret.md}\n:::\n\n:::table {src=way/table.csv caption=T}\n:::\n\n\
         [words](way/precious.txt) and [more](way/secret.md)\n",
    );
    let run = sandbox.run(&["build", "--project", "work", "--message-format", "short"]).ends_with(1);
    assert_eq!(run.stderr.matches("leaves the project").count(), 3, "{}", run.stderr);
    assert!(!run.stderr.contains("Secret"), "{}", run.stderr);
    assert!(!sandbox.exists("work/outputs/way"));
}

#[test]
fn copies_have_names_that_are_safe() {
    for name in ["a\nb.pdf", "a\tb.pdf", "a\u{1b}[31mb.pdf", "a\u{85}b.pdf", "a\\b.pdf", "a\u{2028}b.pdf"] {
        let sandbox = project();
        sandbox.write(&format!("work/source/{name}"), "x");
        let address: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
        sandbox.write("work/source/note.md", format!("# A note\n\nSee [the file]({address}).\n"));
        let run = sandbox.run(&["build", "--project", "work"]).ends_with(1).says("E0013");
        assert!(!run.stderr.contains(name), "{name:?} reaches the terminal");
        assert!(!sandbox.exists(&format!("work/outputs/{name}")));
    }
}

/// A copy is whole, and the manifest says what it holds, whenever its file changed.
#[test]
fn a_file_that_changes_is_copied_as_it_was_once() {
    let sandbox = project();
    let versions = ["one\n".repeat(20_000), "two, and longer\n".repeat(20_000)];
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for version in versions.iter().cycle() {
                sandbox.write("work/next.csv", version);
                std::fs::rename(sandbox.path("work/next.csv"), sandbox.path("work/source/data.csv")).unwrap();
                if done.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        let builds = || {
            for _ in 0..8 {
                sandbox.run(&["build", "--project", "work"]).ends_with(0);
                let copy = sandbox.read("work/outputs/data.csv");
                if !versions.contains(&copy)
                    || manifest(&sandbox)["files"]["data.csv"]["sha256"] != sha256(copy.as_bytes())
                {
                    return Some(copy.len());
                }
            }
            None
        };
        let torn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(builds));
        done.store(true, Ordering::Relaxed);
        assert_eq!(torn.ok(), Some(None), "a copy is torn, or not what the manifest says");
    });
}

/// Journals say what killed builds made, up to a limit.
#[test]
fn journals_are_read_up_to_a_limit() {
    const LIMIT: usize = 16 * 1024 * 1024;
    for (bytes, is_read) in [(LIMIT, true), (LIMIT + 1, false)] {
        let sandbox = project();
        sandbox.run(&["build", "--project", "work"]).ends_with(0);
        sandbox.write("work/outputs/ghost.txt", "Ghost.\n");
        let line = format!("{} ghost.txt\n", sha256(b"Ghost.\n"));
        sandbox.write("work/outputs/.tmpq1w2e3.journal", line.clone() + &"\n".repeat(bytes - line.len()));
        sandbox.run(&["build", "--project", "work"]).ends_with(0);
        assert_eq!(sandbox.exists("work/outputs/ghost.txt"), !is_read, "{bytes} bytes");
    }
}

#[test]
fn files_have_so_many_bytes() {
    const LIMIT: u64 = 256 * 1024 * 1024;
    let sandbox = project();
    let file = std::fs::File::create(sandbox.path("work/source/data.csv")).unwrap();
    file.set_len(LIMIT).unwrap();
    sandbox.run(&["build", "--project", "work"]).ends_with(0);
    assert_eq!(sandbox.path("work/outputs/data.csv").metadata().unwrap().len(), LIMIT);
    file.set_len(LIMIT + 1).unwrap();
    sandbox.run(&["build", "--project", "work"]).ends_with(1).says("E0006");
}
