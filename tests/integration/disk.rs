//! What is written, touched and removed lies below the output folder, and what
//! is read is an ordinary file: attacks on the disk.
#![cfg(unix)]

use crate::sandbox::{Run, Sandbox};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};

const TEXT_ONLY: &str = "[project]\nformats = [\"text\"]\n";

fn project() -> Sandbox {
    Sandbox::with(&[
        ("work/chancery.toml", TEXT_ONLY),
        ("work/source/note.md", "# A note\n\nSome words.\n"),
        ("work/source/deep/other.md", "# Another\n\nOther words.\n"),
        ("home/precious.txt", "Precious.\n"),
    ])
}

fn chancery(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let with = [arguments, &["--project", "work"]].concat();
    sandbox.run(&with)
}

fn names(sandbox: &Sandbox, folder: &str) -> Vec<String> {
    sandbox.files(folder).into_iter().map(|(name, _)| name).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn manifest(editions: &[(&str, &[u8])]) -> String {
    let entry = |(path, bytes): &(&str, &[u8])| {
        let entry = json!({"source": "source/gone.md", "title": "Gone", "lang": "en", "format": "text",
            "bytes": bytes.len(), "sha256": sha256(bytes), "inputs": {}});
        ((*path).to_owned(), entry)
    };
    let editions: serde_json::Map<String, Value> = editions.iter().map(entry).collect();
    json!({"tool": {"name": "chancery", "version": "0.1.0"}, "editions": editions}).to_string()
}

fn pipe(sandbox: &Sandbox, path: &str) {
    let made = Command::new("mkfifo").arg(sandbox.path(path)).status().unwrap();
    assert!(made.success());
}

#[test]
fn keys_of_a_manifest_that_lead_out_remove_nothing() {
    let sandbox = project();
    let absolute = sandbox.path("home/precious.txt").to_str().unwrap().to_owned();
    let keys = [
        absolute.as_str(),
        "../../home/precious.txt",
        "../source/x.txt",
        "a/../../x.txt",
        "./x.txt",
        "a//x.txt",
        "..\\x.txt",
        "a\nb.txt",
        "",
        ".txt/",
        "chancery.toml",
    ];
    for key in keys {
        sandbox.write("work/outputs/manifest.json", manifest(&[(key, b"Precious.\n")]));
        sandbox.write("work/source/x.txt", "Precious.\n");
        let before = sandbox.files("");
        chancery(&sandbox, &["build"]).ends_with(1).says("E0012").says("no place for an edition");
        assert_eq!(before, sandbox.files(""), "{key:?}");
        chancery(&sandbox, &["verify", "--manifest"]).ends_with(3).says("no place for an edition");
    }
}

#[test]
fn a_manifest_removes_what_it_names_below_the_folder() {
    let sandbox = project();
    sandbox.write("work/outputs/gone/old.txt", "Old.\n");
    sandbox.write("work/outputs/gone/kept.txt", "Changed.\n");
    sandbox
        .write("work/outputs/manifest.json", manifest(&[("gone/old.txt", b"Old.\n"), ("gone/kept.txt", b"Kept.\n")]));
    chancery(&sandbox, &["build"]).ends_with(0).says("removed work/outputs/gone/old.txt");
    assert_eq!(names(&sandbox, "work/outputs"), ["deep/other.txt", "gone/kept.txt", "manifest.json", "note.txt"]);
}

#[test]
fn nothing_is_written_removed_or_touched_through_a_link() {
    // The output folder, a folder in it, one that leads nowhere, one that leads to the sources.
    for (link, to) in [
        ("work/outputs", "home"),
        ("work/outputs/deep", "home"),
        ("work/outputs/deep", "home/absent"),
        ("work/outputs/deep", "work/source"),
    ] {
        let sandbox = project();
        std::fs::create_dir_all(sandbox.path(link).parent().unwrap()).unwrap();
        symlink(sandbox.path(to), sandbox.path(link)).unwrap();
        let before = sandbox.files("");
        let run = chancery(&sandbox, &["build", "--deps", "note.d"]).ends_with(1).says("E0011");
        assert!(run.stderr.contains("leads out"), "{}", run.stderr);
        assert_eq!(before, sandbox.files(""), "{link} to {to}");
    }
}

#[test]
fn what_lies_behind_a_link_is_not_left_over() {
    let sandbox = project();
    chancery(&sandbox, &["build"]).ends_with(0);
    std::fs::remove_dir_all(sandbox.path("work/outputs/deep")).unwrap();
    sandbox.write("home/other.txt", sandbox.read("work/outputs/note.txt"));
    symlink(sandbox.path("home"), sandbox.path("work/outputs/deep")).unwrap();
    std::fs::remove_file(sandbox.path("work/source/deep/other.md")).unwrap();
    let text: Value = serde_json::from_str(&sandbox.read("work/outputs/manifest.json")).unwrap();
    let mut forged = text.clone();
    forged["editions"]["deep/other.txt"]["sha256"] = text["editions"]["note.txt"]["sha256"].clone();
    sandbox.write("work/outputs/manifest.json", forged.to_string());
    chancery(&sandbox, &["build"]).ends_with(0);
    assert!(sandbox.exists("home/other.txt"), "removed through a link");
}

#[test]
fn a_link_in_the_place_of_an_edition_is_replaced() {
    let sandbox = project();
    chancery(&sandbox, &["build"]).ends_with(0);
    std::fs::remove_file(sandbox.path("work/outputs/note.txt")).unwrap();
    symlink(sandbox.path("home/precious.txt"), sandbox.path("work/outputs/note.txt")).unwrap();
    chancery(&sandbox, &["build", "--locked"]).ends_with(1).says("leads out");
    chancery(&sandbox, &["verify", "--manifest"]).ends_with(1).says("leads out");
    chancery(&sandbox, &["build", "--deps", "note.d"]).ends_with(0);
    assert_eq!(sandbox.read("home/precious.txt"), "Precious.\n");
    assert!(!sandbox.path("work/outputs/note.txt").is_symlink());
}

#[test]
fn links_that_stay_inside_are_followed_and_the_users_own_place_is_trusted() {
    let sandbox = project();
    std::fs::create_dir_all(sandbox.path("work/outputs/real")).unwrap();
    symlink("real", sandbox.path("work/outputs/deep")).unwrap();
    chancery(&sandbox, &["build"]).ends_with(0);
    assert!(sandbox.exists("work/outputs/real/other.txt"));
    symlink(sandbox.path("home"), sandbox.path("way")).unwrap();
    chancery(&sandbox, &["build", "--out", "way"]).ends_with(0);
    assert!(sandbox.exists("home/note.txt"));
    std::fs::remove_dir_all(sandbox.path("home/deep")).unwrap();
    std::fs::create_dir(sandbox.path("elsewhere")).unwrap();
    symlink(sandbox.path("elsewhere"), sandbox.path("home/deep")).unwrap();
    chancery(&sandbox, &["build", "--out", "way"]).ends_with(1).says("E0011");
    assert!(names(&sandbox, "elsewhere").is_empty());
}

#[test]
fn folders_that_are_not_for_editions_are_refused() {
    for output in [".", "./", "source", "./source/", ".git", ".git/hooks", "a/.GIT", "source/../source"] {
        let sandbox = project();
        sandbox.write("work/.git/config", "[core]\n");
        sandbox.write("work/chancery.toml", format!("{TEXT_ONLY}output = \"{output}\"\n"));
        let before = sandbox.files("");
        chancery(&sandbox, &["build"]).ends_with(1);
        assert_eq!(before, sandbox.files(""), "{output}");
    }
    // The same by way of a link.
    for to in [".git", "source", "."] {
        let sandbox = project();
        sandbox.write("work/.git/config", "[core]\n");
        symlink(to, sandbox.path("work/outputs")).unwrap();
        let before = sandbox.files("work/source");
        chancery(&sandbox, &["build"]).ends_with(1).says("E0011");
        assert_eq!(before, sandbox.files("work/source"), "{to}");
        assert!(!sandbox.exists("work/note.txt") && !sandbox.exists("work/.git/note.txt"));
    }
}

#[test]
fn files_that_no_build_made_are_not_overwritten() {
    let sandbox = project();
    sandbox.write("work/outputs/note.txt", "By hand.\n");
    chancery(&sandbox, &["build"]).ends_with(1).says("E0012").says("work/outputs/note.txt");
    assert_eq!(names(&sandbox, "work/outputs"), ["note.txt"]);
    std::fs::remove_file(sandbox.path("work/outputs/note.txt")).unwrap();
    chancery(&sandbox, &["build"]).ends_with(0);
    // Also where builds have made others.
    sandbox.write("work/outputs/new.txt", "By hand.\n");
    sandbox.write("work/source/new.md", "# New\n");
    chancery(&sandbox, &["build"]).ends_with(1).says("E0012");
    assert_eq!(sandbox.read("work/outputs/new.txt"), "By hand.\n");
    // What a build made and someone changed is made anew.
    std::fs::remove_file(sandbox.path("work/outputs/new.txt")).unwrap();
    sandbox.write("work/outputs/note.txt", "By hand.\n");
    chancery(&sandbox, &["build"]).ends_with(0);
    assert!(sandbox.read("work/outputs/note.txt").contains("Some words."));
    // A file of the same name that is another's, such as a web application's.
    let sandbox = project();
    sandbox.write("work/outputs/manifest.json", "{\"name\": \"An application\"}\n");
    chancery(&sandbox, &["build"]).ends_with(1).says("E0012").says("manifest.json");
    assert_eq!(names(&sandbox, "work/outputs"), ["manifest.json"]);
}

#[test]
fn pipes_devices_and_endless_files_are_not_read() {
    let endless = |path: &str, sandbox: &Sandbox| symlink("/dev/zero", sandbox.path(path)).unwrap();
    for name in ["note.txt", "manifest.json"] {
        for kind in ["pipe", "device", "huge"] {
            let sandbox = project();
            chancery(&sandbox, &["build"]).ends_with(0);
            let path = format!("work/outputs/{name}");
            std::fs::remove_file(sandbox.path(&path)).unwrap();
            match kind {
                "pipe" => pipe(&sandbox, &path),
                "device" => endless(&path, &sandbox),
                _ => std::fs::File::create(sandbox.path(&path)).unwrap().set_len(1 << 40).unwrap(),
            }
            chancery(&sandbox, &["build", "--locked"]).ends_with(1).says("E0010");
            let verified = chancery(&sandbox, &["verify", "--manifest"]);
            assert_eq!(verified.code, if name == "note.txt" { 1 } else { 3 }, "{kind}: {}", verified.stderr);
            let built = chancery(&sandbox, &["build"]);
            assert_eq!(built.code, i32::from(name != "note.txt"), "{kind}: {}", built.stderr);
        }
    }
}

#[test]
fn editions_that_are_read_back_are_ordinary_files() {
    let sandbox = project();
    chancery(&sandbox, &["build"]).ends_with(0);
    for name in ["a.txt", "a.html", "a.pdf"] {
        pipe(&sandbox, name);
        sandbox.run(&["verify", "--words", name]).ends_with(3).says("not an ordinary file");
        sandbox.run(&["verify", "--rules", name]).ends_with(3).says("not an ordinary file");
    }
    std::fs::remove_file(sandbox.path("work/outputs/note.txt")).unwrap();
    pipe(&sandbox, "work/outputs/note.txt");
    chancery(&sandbox, &["verify"]).ends_with(1).says("E0010").says("not an ordinary file");
}

#[test]
fn sources_and_inputs_are_ordinary_files_of_the_project() {
    let sandbox = project();
    pipe(&sandbox, "work/source/pipe.md");
    symlink("/dev/zero", sandbox.path("work/source/device.md")).unwrap();
    symlink(sandbox.path("home/precious.txt"), sandbox.path("work/source/outward.md")).unwrap();
    symlink(sandbox.path("home"), sandbox.path("work/source/home")).unwrap();
    pipe(&sandbox, "work/source/data.csv");
    let text = "# Paths\n\n:::include {src=../../home/precious.txt}\n:::\n\n:::include {src=/etc/passwd}\n:::\n\n\
                :::include {src=home/precious.txt}\n:::\n\n![](..%2f..%2fhome/precious.txt)\n\n\
                :::table {src=data.csv caption=\"Data\"}\n";
    sandbox.write("work/source/paths.md", text);
    let run = chancery(&sandbox, &["build", "--message-format", "short"]).ends_with(1);
    for name in ["pipe", "device", "outward"] {
        assert!(run.stderr.contains(&format!("{name}.md")), "{}", run.stderr);
    }
    assert!(run.stderr.matches("source/paths.md:").count() >= 5, "{}", run.stderr);
    assert!(!run.stderr.contains("Precious") && !run.stderr.contains("root:"), "{}", run.stderr);
    assert_eq!(names(&sandbox, "work/outputs"), ["deep/other.txt", "manifest.json", "note.txt"]);
}

#[test]
fn the_project_file_and_a_theme_are_ordinary_files() {
    let sandbox = project();
    sandbox.write("work/source/note.md", "---\ntheme: paper.toml\n---\n# A note\n\nWords.\n");
    pipe(&sandbox, "work/source/paper.toml");
    chancery(&sandbox, &["build", "work/source/note.md", "--to", "pdf"]).ends_with(1);
    std::fs::remove_file(sandbox.path("work/source/paper.toml")).unwrap();
    symlink("/dev/zero", sandbox.path("work/source/paper.toml")).unwrap();
    chancery(&sandbox, &["build", "work/source/note.md", "--to", "pdf"]).ends_with(1);
    std::fs::remove_file(sandbox.path("work/chancery.toml")).unwrap();
    symlink(sandbox.path("home/precious.txt"), sandbox.path("work/chancery.toml")).unwrap();
    chancery(&sandbox, &["build"]).ends_with(1).says("E0002");
}

#[test]
fn standard_input_without_end_is_refused() {
    let sandbox = Sandbox::new();
    let run = Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(["build", "-", "--to", "text", "--out", "-"])
        .current_dir(sandbox.path(""))
        .stdin(std::fs::File::open("/dev/zero").unwrap())
        .stdout(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&run.stderr).contains("E0006"));
}

#[test]
fn modes_follow_the_users_mask() {
    for (mask, mode) in [("077", 0o600), ("022", 0o644), ("002", 0o664)] {
        let sandbox = project();
        let command = format!("umask {mask} && exec {} build --project work", env!("CARGO_BIN_EXE_chancery"));
        let run = Command::new("sh").args(["-c", &command]).current_dir(sandbox.path("")).output().unwrap();
        assert!(run.status.success());
        for name in ["note.txt", "manifest.json", "deep/other.txt"] {
            let found = sandbox.path(&format!("work/outputs/{name}")).metadata().unwrap().permissions().mode();
            assert_eq!(found & 0o777, mode, "{name} under {mask}");
        }
    }
}

#[test]
fn clean_removes_what_is_ours_and_unchanged() {
    let sandbox = project();
    chancery(&sandbox, &["clean"]).ends_with(0).says("removed 0 files");
    chancery(&sandbox, &["build"]).ends_with(0);
    sandbox.write("work/outputs/.tmpAb3xYz", "Half of an edi");
    let sources = sandbox.files("work/source");
    chancery(&sandbox, &["clean"]).ends_with(0).says("removed 4 files");
    assert!(!sandbox.exists("work/outputs"));
    assert_eq!(sources, sandbox.files("work/source"));
    chancery(&sandbox, &["clean", "--profile", "../home"]).ends_with(2).says("no name for a profile");

    chancery(&sandbox, &["build"]).ends_with(0);
    sandbox.write("work/outputs/note.txt", "By hand.\n");
    sandbox.write("work/outputs/deep/mine.txt", "Mine.\n");
    sandbox.write("work/outputs/.tmp-of-someone-else", "Kept.\n");
    chancery(&sandbox, &["clean"])
        .ends_with(0)
        .says("kept work/outputs/note.txt: it was changed")
        .says("kept work/outputs/deep/mine.txt: no build has made it");
    assert_eq!(names(&sandbox, "work/outputs"), [".tmp-of-someone-else", "deep/mine.txt", "manifest.json", "note.txt"]);
    // What is kept is still known.
    chancery(&sandbox, &["build"]).ends_with(0);
    assert!(sandbox.exists("work/outputs/.chancery/state.jsonl"));
    assert!(sandbox.read("work/outputs/note.txt").contains("Some words."));
}

#[test]
fn clean_removes_nothing_by_forged_manifests_and_links() {
    let sandbox = project();
    let absolute = sandbox.path("home/precious.txt").to_str().unwrap().to_owned();
    for key in [absolute.as_str(), "../../home/precious.txt", "../source/x.txt"] {
        sandbox.write("work/source/x.txt", "Precious.\n");
        sandbox.write("work/outputs/manifest.json", manifest(&[(key, b"Precious.\n")]));
        let before = sandbox.files("");
        chancery(&sandbox, &["clean"]).ends_with(3).says("no place for an edition");
        assert_eq!(before, sandbox.files(""), "{key:?}");
    }
    std::fs::remove_dir_all(sandbox.path("work/outputs")).unwrap();
    sandbox.write("home/manifest.json", manifest(&[("precious.txt", b"Precious.\n")]));
    symlink(sandbox.path("home"), sandbox.path("work/outputs")).unwrap();
    chancery(&sandbox, &["clean"]).ends_with(1).says("E0011");
    std::fs::remove_file(sandbox.path("work/outputs")).unwrap();
    sandbox.write("work/outputs/manifest.json", manifest(&[("deep/precious.txt", b"Precious.\n")]));
    symlink(sandbox.path("home"), sandbox.path("work/outputs/deep")).unwrap();
    chancery(&sandbox, &["clean"]).ends_with(0);
    assert!(sandbox.exists("home/precious.txt"));
}

#[test]
fn what_killed_builds_left_is_named_and_cleared_away() {
    let sandbox = project();
    chancery(&sandbox, &["build"]).ends_with(0);
    let ghost = "Made before it was killed.\n";
    sandbox.write("work/outputs/.tmpAb3xYz", "Half of an edi");
    sandbox.write("work/outputs/deep/.tmp000aaa", "");
    sandbox.write("work/outputs/.tmpq1w2e3.journal", format!("{} ghost.txt\nnonsense\n", sha256(ghost.as_bytes())));
    sandbox.write("work/outputs/ghost.txt", ghost);
    sandbox.write("work/outputs/.tmp-of-someone-else", "Kept.\n");
    std::fs::create_dir_all(sandbox.path("work/outputs/empty/folder")).unwrap();
    let named = chancery(&sandbox, &["verify", "--manifest", "--message-format", "short"]).ends_with(1);
    for name in [".tmpAb3xYz", "deep/.tmp000aaa", ".tmpq1w2e3.journal", "ghost.txt"] {
        assert!(named.stderr.contains(&format!("work/outputs/{name}")), "{name}: {}", named.stderr);
    }
    chancery(&sandbox, &["build"]).ends_with(0).says("removed work/outputs/ghost.txt");
    assert_eq!(
        names(&sandbox, "work/outputs"),
        [".tmp-of-someone-else", "deep/other.txt", "manifest.json", "note.txt"]
    );
    assert!(!sandbox.exists("work/outputs/empty"));
    chancery(&sandbox, &["verify", "--manifest"]).ends_with(0);
    chancery(&sandbox, &["build", "--locked"]).ends_with(0);
}

#[test]
fn a_file_that_a_build_is_writing_is_left_to_it() {
    let sandbox = project();
    chancery(&sandbox, &["build"]).ends_with(0);
    sandbox.write("work/outputs/.tmpAb3xYz", "");
    let file = std::fs::File::open(sandbox.path("work/outputs/.tmpAb3xYz")).unwrap();
    file.lock().unwrap();
    chancery(&sandbox, &["build"]).ends_with(0);
    assert!(sandbox.exists("work/outputs/.tmpAb3xYz"));
    // Not only closed: a program that another test starts now may have it open, too.
    file.unlock().unwrap();
    drop(file);
    chancery(&sandbox, &["build"]).ends_with(0);
    assert!(!sandbox.exists("work/outputs/.tmpAb3xYz"));
}

#[test]
fn builds_that_are_killed_leave_whole_editions_and_the_next_one_goes_on() {
    let sandbox = Sandbox::with(&[("chancery.toml", "[project]\nformats = [\"text\", \"html\"]\n")]);
    for number in 0..40 {
        sandbox.write(&format!("source/n{number}.md"), format!("# Note {number}\n\n{}\n", "Some words. ".repeat(400)));
    }
    for wait in 0..10 {
        // Each time other bytes, so that all is to be written.
        sandbox.write(
            "chancery.toml",
            format!("[project]\nformats = [\"text\", \"html\"]\n[defaults]\nversion = \"{wait}\"\n"),
        );
        let mut build = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["build", "--quiet"])
            .current_dir(sandbox.path(""))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(8 * wait));
        build.kill().unwrap();
        build.wait().unwrap();
        for (name, bytes) in sandbox.files("outputs").into_iter().filter(|(name, _)| !name.contains(".tmp")) {
            let whole = if name.ends_with(".html") { bytes.ends_with(b"</html>\n") } else { bytes.len() > 40 };
            assert!(whole, "{name} is torn");
        }
    }
    std::fs::remove_file(sandbox.path("source/n7.md")).unwrap();
    sandbox.run(&["build"]).ends_with(0);
    sandbox.run(&["build", "--locked"]).ends_with(0);
    sandbox.run(&["verify", "--manifest"]).ends_with(0);
    assert!(!sandbox.exists("outputs/n7.txt"));
}

#[test]
fn editions_do_not_depend_on_the_environment() {
    let sandbox = project();
    chancery(&sandbox, &["build"]).ends_with(0);
    let before = sandbox.files("work/outputs");
    for (name, value) in
        [("LANG", "tr_TR.UTF-8"), ("TZ", "Asia/Tokyo"), ("HOME", "/nowhere"), ("TMPDIR", "/nowhere"), ("COLUMNS", "20")]
    {
        std::fs::remove_dir_all(sandbox.path("work/outputs")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
        let run = command.args(["build", "--project", "work"]).env(name, value).current_dir(sandbox.path("")).output();
        assert!(run.unwrap().status.success());
        assert_eq!(before, sandbox.files("work/outputs"), "{name}");
    }
}

#[test]
fn a_new_project_is_not_made_through_links() {
    for (link, to) in [("new/source", "home"), ("new/chancery.toml", "home/absent"), ("new/source", "absent")] {
        let sandbox = project();
        std::fs::create_dir_all(sandbox.path("new")).unwrap();
        symlink(sandbox.path(to), sandbox.path(link)).unwrap();
        let before = names(&sandbox, "home");
        assert_ne!(sandbox.run(&["init", "new"]).code, 0, "{link}");
        assert_eq!(before, names(&sandbox, "home"));
        assert!(!sandbox.path("new/source/first-brief.md").exists());
    }
}

#[test]
fn names_that_are_not_safe_are_refused_one_by_one() {
    let sandbox = project();
    for name in ["a\nb.md", "a\rb.md", "a\tb.md", "a\u{1b}[31mb.md", "a\u{85}b.md", "a\\b.md", "a\u{2028}b.md"] {
        sandbox.write(&format!("work/source/{name}"), "# Odd\n");
    }
    let run = chancery(&sandbox, &["build", "--message-format", "json"]).ends_with(1);
    assert_eq!(run.stdout.matches("\"E0013\"").count(), 7, "{}", run.stdout);
    assert_eq!(names(&sandbox, "work/outputs"), ["deep/other.txt", "manifest.json", "note.txt"]);
    let sandbox = project();
    sandbox.write("work/source/a\tb.csv", "a,b\n1,2\n");
    sandbox.write("work/source/note.md", "# A note\n\n:::table {src=\"a\tb.csv\" caption=\"C\"}\n\n![](<a%09b.png>)\n");
    chancery(&sandbox, &["check"]).ends_with(1).says("E0013");
}

#[test]
fn a_depfile_runs_nothing_and_names_files_as_make_does() {
    let names =
        ["a b", "a#b", "a$b", "a$(shell touch pwned)b", "50%", "a:b", "R&D (final)", "[draft] x", "l\u{2019}eau"];
    let sandbox = Sandbox::with(&[("chancery.toml", TEXT_ONLY)]);
    for name in names {
        sandbox.write(&format!("source/{name}.md"), "# A note\n\n:::include {src=\"_p%q.md\"}\n:::\n");
    }
    sandbox.write("source/_p%q.md", "Words.\n");
    sandbox.run(&["build", "--deps", "all.d"]).ends_with(0);
    let editions: Vec<String> = names
        .iter()
        .map(|name| {
            format!("outputs/{name}.txt").replace(' ', "\\ ").replace('#', "\\#").replace('$', "$$").replace(':', "\\:")
        })
        .collect();
    sandbox.write("Makefile", format!("all: {}\n\t@true\ninclude all.d\n", editions.join(" ")));
    let make = Command::new("make").current_dir(sandbox.path("")).output();
    if let Ok(make) = make {
        assert!(make.status.success(), "{}", String::from_utf8_lossy(&make.stderr));
    }
    assert!(!sandbox.exists("pwned"));
    for name in ["a;touch pwned", "SHELL=touch pwned", "a|b"] {
        let sandbox = Sandbox::with(&[("chancery.toml", TEXT_ONLY)]);
        sandbox.write(&format!("source/{name}.md"), "# A note\n");
        sandbox.run(&["build", "--deps", "all.d"]).ends_with(1).says("E0013");
        assert!(!sandbox.exists("all.d"));
    }
}

#[test]
fn a_depfile_takes_the_place_of_nothing_that_matters() {
    let sandbox = project();
    for path in ["work/source/note.md", "work/chancery.toml", "work/outputs/note.txt"] {
        let before = sandbox.files("work/source");
        chancery(&sandbox, &["build", "--deps", path]).ends_with(2).says("reads or makes");
        assert_eq!(before, sandbox.files("work/source"));
    }
    pipe(&sandbox, "pipe.d");
    chancery(&sandbox, &["build", "--deps", "pipe.d"]).ends_with(3).says("not an ordinary file");
    symlink(sandbox.path("home/precious.txt"), sandbox.path("link.d")).unwrap();
    chancery(&sandbox, &["build", "--deps", "link.d"]).ends_with(0);
    assert_eq!(sandbox.read("home/precious.txt"), "Precious.\n");
}

#[test]
fn names_that_are_one_file_somewhere_are_a_collision() {
    for (one, other) in [("caf\u{e9}", "cafe\u{301}"), ("Note2", "note2"), ("deep2/a", "Deep2/A"), ("a", "a.txt/b")] {
        let sandbox = Sandbox::with(&[("chancery.toml", TEXT_ONLY)]);
        sandbox.write(&format!("source/{one}.md"), "# One\n");
        sandbox.write(&format!("source/{other}.md"), "# Other\n");
        sandbox.run(&["build"]).ends_with(1).says("E0009");
        assert_eq!(names(&sandbox, "outputs").len(), 2, "{one} {other}");
    }
    for taken in ["manifest.json", "index.html"] {
        let sandbox = Sandbox::with(&[("chancery.toml", ""), ("source/x.md", "# X\n")]);
        sandbox.write(&format!("source/{taken}/a.md"), "# A\n");
        sandbox.run(&["build", "--to", "html"]).ends_with(1).says("E0009").says("Chancery itself");
    }
    // A build of one of them alone does not take the other's editions.
    let sandbox = project();
    chancery(&sandbox, &["build"]).ends_with(0);
    sandbox.write("work/source/note.markdown", "# Rival\n");
    chancery(&sandbox, &["build", "work/source/note.md"]).ends_with(1).says("E0009");
    assert!(sandbox.read("work/outputs/note.txt").contains("Some words."));
}

#[test]
fn left_overs_are_not_forgotten() {
    let sandbox = project();
    chancery(&sandbox, &["build"]).ends_with(0);
    std::fs::rename(sandbox.path("work/source/deep/other.md"), sandbox.path("work/source/renamed.md")).unwrap();
    chancery(&sandbox, &["build", "work/source/renamed.md"]).ends_with(0);
    chancery(&sandbox, &["build", "--to", "html"]).ends_with(0);
    chancery(&sandbox, &["build", "work/source/note.md", "--to", "docbook"]).ends_with(0);
    assert!(sandbox.exists("work/outputs/deep/other.txt"));
    chancery(&sandbox, &["build"]).ends_with(0).says("removed work/outputs/deep/other.txt");
    assert_eq!(names(&sandbox, "work/outputs"), ["manifest.json", "note.txt", "renamed.txt"]);
    assert!(!sandbox.exists("work/outputs/deep"), "an empty folder stays");
    chancery(&sandbox, &["build", "--locked"]).ends_with(0);
}

#[test]
fn an_index_that_is_made_no_more_goes() {
    let sandbox = project();
    sandbox.write("work/chancery.toml", "[project]\nformats = [\"text\", \"html\"]\n");
    chancery(&sandbox, &["build"]).ends_with(0);
    assert!(sandbox.exists("work/outputs/index.html"));
    sandbox.write("work/chancery.toml", TEXT_ONLY);
    chancery(&sandbox, &["build"]).ends_with(0);
    assert!(!sandbox.exists("work/outputs/index.html"));
    chancery(&sandbox, &["build", "--locked"]).ends_with(0);
}

#[test]
fn profiles_have_a_folder_of_their_own() {
    let sandbox = project();
    sandbox.write("work/chancery.toml", "[project]\nformats = [\"text\", \"html\"]\n");
    sandbox.write("work/source/note.md", "# A note\n\nFor all.\n\n:::only {audience=internal}\nFor some.\n:::\n");
    chancery(&sandbox, &["build"]).ends_with(0);
    let public = sandbox.files("work/outputs");
    chancery(&sandbox, &["build", "--profile", "internal"]).ends_with(0);
    assert_eq!(public, sandbox.files("work/outputs"));
    let text = sandbox.read("work/outputs-internal/note.txt");
    assert!(text.contains("For some.") && text.contains("Audience") && text.contains("internal"), "{text}");
    let manifest: Value = serde_json::from_str(&sandbox.read("work/outputs-internal/manifest.json")).unwrap();
    assert_eq!(manifest["profiles"], json!(["internal"]));
    assert!(sandbox.read("work/outputs-internal/index.html").contains("Audience: internal"));
    chancery(&sandbox, &["build", "--locked", "--profile", "internal"]).ends_with(0);
    chancery(&sandbox, &["build", "--locked"]).ends_with(0);
    chancery(&sandbox, &["verify", "--profile", "internal"]).ends_with(0);
    // One folder is for one audience.
    chancery(&sandbox, &["build", "--profile", "internal", "--out", "work/outputs"]).ends_with(1).says("E0012");
    assert_eq!(public, sandbox.files("work/outputs"));
    chancery(&sandbox, &["build", "--profile", "../internal"]).ends_with(2);
}

#[test]
fn a_profile_that_nothing_uses_is_named_with_its_neighbour() {
    let sandbox = project();
    sandbox.write(
        "work/source/note.md",
        "# A note\n\n:::include {src=_part.md}\n:::\n\n:::only {audience=press}\nFor some.\n:::\n",
    );
    sandbox.write("work/source/_part.md", ":::only {audience=internal}\nFor others.\n:::\n");
    chancery(&sandbox, &["check", "--profile", "internl"]).ends_with(0).says("W0014").says("did you mean `internal`?");
    chancery(&sandbox, &["check", "--profile", "internl", "--deny-warnings"]).ends_with(1);
    let run = chancery(&sandbox, &["build", "--profile", "internal", "--profile", "press"]).ends_with(0);
    assert!(!run.stderr.contains("W0014"), "{}", run.stderr);
    assert!(sandbox.exists("work/outputs-internal+press/note.txt"));
}

#[test]
fn what_others_are_called_is_an_input_wherever_it_stands() {
    let sandbox = project();
    sandbox.write("work/source/note.md", "# A note\n\nSee [](deep/other.md).\n");
    sandbox.write("work/source/deep/other.md", ":::include {src=_head.md}\n:::\n");
    sandbox.write("work/source/deep/_head.md", "# A title from a part\n\nWords.\n");
    chancery(&sandbox, &["build", "work/source/note.md", "--deps", "note.d"]).ends_with(0);
    assert!(sandbox.read("note.d").contains("work/source/deep/_head.md"), "{}", sandbox.read("note.d"));
    let manifest: Value = serde_json::from_str(&sandbox.read("work/outputs/manifest.json")).unwrap();
    assert!(manifest["documents"]["source/note.md"]["inputs"]["source/deep/_head.md"].is_string());
}

#[test]
fn a_file_is_one_of_a_kind_after_a_build() {
    // A hard link to a file elsewhere is cut, not written through.
    let sandbox = project();
    chancery(&sandbox, &["build"]).ends_with(0);
    std::fs::remove_file(sandbox.path("work/outputs/note.txt")).unwrap();
    std::fs::hard_link(sandbox.path("home/precious.txt"), sandbox.path("work/outputs/note.txt")).unwrap();
    chancery(&sandbox, &["build"]).ends_with(0);
    assert_eq!(sandbox.read("home/precious.txt"), "Precious.\n");
    assert_eq!(sandbox.path("work/outputs/note.txt").metadata().unwrap().nlink(), 1);
}
