//! Builds that say what changed since an earlier version: a folder or a git revision.

use crate::sandbox::Sandbox;

const OLD: &str = "---\ntitle: Rules\nlang: en\nversion: \"1.0\"\ndate: 2024-03-01\n---\n\n\
                   The fee should be paid by the 5th day of the month.\n";
const NEW: &str = "---\ntitle: Rules\nlang: en\nversion: \"2.0\"\ndate: 2025-04-01\n---\n\n\
                   The fee must be paid by the 5th day of the month.\n";

/// A project whose `chancery.toml` names the folder `earlier`.
fn project() -> Sandbox {
    Sandbox::with(&[
        ("chancery.toml", "[project]\nagainst = \"earlier\"\nredline = true\nformats = [\"html\", \"text\"]\n"),
        ("earlier/rules.md", OLD),
        ("source/rules.md", NEW),
    ])
}

#[test]
fn a_redline_is_an_edition_like_others() {
    let project = project();
    project.run(&["build", "--verify"]).ends_with(0);
    let text = project.read("outputs/rules.changes.txt");
    assert!(text.contains("The fee [-should-] {+must+} be paid"), "{text}");
    assert!(!project.read("outputs/rules.txt").contains("should"));
    let page = project.read("outputs/rules.html");
    assert!(page.contains("<a href=\"rules.changes.html\" type=\"text/html\">Changes: HTML</a>"), "{page}");
    assert!(project.read("outputs/index.html").contains("rules.changes.txt"));
    let manifest = project.read("outputs/manifest.json");
    assert!(manifest.contains("\"rules.changes.html\":") && manifest.contains("\"changes\":true"), "{manifest}");
    assert!(manifest.contains("\"earlier/rules.md\""), "{manifest}");
    project.run(&["verify"]).ends_with(0).says("4 editions");
    project.run(&["verify", "--manifest"]).ends_with(0).says("4 of 4 editions");
    assert!(project.run(&["list"]).stdout.contains("rules.changes.html"));
    project.run(&["clean"]).ends_with(0);
    assert!(!project.exists("outputs/rules.changes.html"));
}

#[test]
fn a_redline_is_made_anew_where_the_earlier_version_changed() {
    let project = project();
    project.run(&["build"]).ends_with(0);
    project.run(&["build"]).ends_with(0).says("0 editions written");
    project.run(&["build", "--locked"]).ends_with(0);
    project.write("earlier/rules.md", OLD.replace("should", "may"));
    project.run(&["build", "--locked"]).ends_with(1).says("rules.changes");
    project.run(&["build"]).ends_with(0);
    assert!(project.read("outputs/rules.changes.txt").contains("[-may-] {+must+}"));
    project.write("source/rules.md", NEW.replace("5th", "6th"));
    project.run(&["build"]).ends_with(0);
    assert!(project.read("outputs/rules.changes.txt").contains("{+6th+}"));
}

#[test]
fn a_build_without_an_earlier_version_removes_redlines() {
    let project = project();
    project.run(&["build"]).ends_with(0);
    project.write("chancery.toml", "[project]\nformats = [\"html\", \"text\"]\n");
    project.run(&["build"]).ends_with(0).says("removed outputs/rules.changes.html");
    assert!(!project.read("outputs/rules.html").contains("rules.changes"));
    project.run(&["build", "--against", "earlier", "--to", "text"]).ends_with(0);
    assert!(project.exists("outputs/rules.changes.txt") && !project.exists("outputs/rules.changes.html"));
}

#[test]
fn plans_know_of_redlines() {
    let project = project();
    let key = |project: &Sandbox| {
        let plan = project.run(&["plan"]).ends_with(0).stdout;
        assert!(plan.contains("outputs/rules.changes.html") && plan.contains("earlier/rules.md"), "{plan}");
        plan.split_once("\"key\":").unwrap().1.chars().take(40).collect::<String>()
    };
    let before = key(&project);
    assert_eq!(before, key(&project));
    project.write("earlier/rules.md", OLD.replace("should", "may"));
    assert_ne!(before, key(&project));
    project.run(&["build", "--shard", "1/1"]).ends_with(0);
    project.run(&["manifest", "merge"]).ends_with(0);
    assert!(project.read("outputs/manifest.json").contains("rules.changes.html"));
}

#[test]
fn errors_of_the_earlier_version_are_named() {
    let project = project();
    project.write("earlier/rules.md", format!("{OLD}\nSee [](#nowhere).\n"));
    let run = project.run(&["build"]).ends_with(1).says("E0303").says("earlier/rules.md:");
    assert!(run.stderr.contains("E0604") && !project.exists("outputs/rules.html"), "{}", run.stderr);
    project.write("earlier/rules.md", OLD.replace("lang: en", "lang: fr"));
    project.run(&["build"]).ends_with(1).says("the old version is in `fr` and the new one in `en`");
}

#[test]
fn documents_are_paired_by_place_or_by_what_they_say() {
    let project = project();
    let long = "# Keys\n\nEach tenant gets two keys. A lost key costs 30 euros. Keys are given back.\n";
    let front = "---\ntitle: Keys\nlang: en\ndate: 2024-01-01\n---\n\n";
    project.write("earlier/house/keys.md", format!("{front}{long}"));
    project.write("earlier/gone.md", "---\ntitle: Gone\nlang: en\n---\n\nOther words altogether stood here once.\n");
    project.write("source/opening.md", format!("{front}{}", long.replace("two", "three")));
    project.write("source/new.md", "---\ntitle: New\nlang: en\n---\n\nNothing of the kind was there before.\n");
    let run = project.run(&["build"]).ends_with(0);
    for said in ["W0606", "the document was called earlier/house/keys.md", "W0607", "earlier/gone.md"] {
        assert!(run.stderr.contains(said), "{said} is not in\n{}", run.stderr);
    }
    assert!(project.read("outputs/opening.changes.txt").contains("[-two-] {+three+}"));
    assert!(!project.exists("outputs/new.changes.txt"));
}

#[test]
fn an_earlier_version_that_cannot_be_had_is_an_error_at_its_place() {
    let project = project();
    for (against, said) in [
        ("'../elsewhere'", "a folder inside the project"),
        ("'v9'", "no git repository"),
        ("'source/rules.md'", "is a file"),
        ("'outputs'", "no documents"),
    ] {
        project.write("chancery.toml", format!("[project]\nredline = true\nagainst = {against}\n"));
        std::fs::create_dir_all(project.path("outputs")).unwrap();
        let run = project.run(&["build"]).ends_with(1).says("chancery.toml:3:");
        assert!(run.stderr.contains(said), "{said} is not in\n{}", run.stderr);
        assert!(!project.exists("outputs/rules.html"));
    }
    project.write("chancery.toml", "[project]\nredline = true\n");
    project.run(&["build"]).ends_with(1).says("`redline` needs an earlier version");
}

#[cfg(feature = "git")]
mod git {
    use super::{NEW, OLD};
    use crate::sandbox::Sandbox;
    use chancery::source::hash::sha256;
    use gix_hash::{Kind as HashKind, ObjectId};
    use gix_object::{Kind, Write};

    /// Files by their paths.
    type Files<'a> = [(&'a str, &'a str)];

    /// A repository whose objects are written one by one.
    struct Repository<'a> {
        sandbox: &'a Sandbox,
        folder: &'static str,
    }

    impl Repository<'_> {
        fn new<'a>(sandbox: &'a Sandbox, folder: &'static str) -> Repository<'a> {
            let repository = Repository { sandbox, folder };
            repository.write("HEAD", "ref: refs/heads/main\n");
            repository.write("config", "[core]\n\trepositoryformatversion = 0\n");
            repository.write("objects/info/packs", "");
            repository
        }

        fn write(&self, path: &str, content: impl AsRef<[u8]>) {
            self.sandbox.write(&format!("{}.git/{path}", self.folder), content);
        }

        fn object(&self, kind: Kind, bytes: &[u8]) -> ObjectId {
            let objects = self.sandbox.path(&format!("{}.git/objects", self.folder));
            gix_odb::loose::Store::at(objects, HashKind::Sha1).write_buf(kind, bytes).unwrap()
        }

        /// A tree of files and folders.
        fn tree(&self, files: &Files) -> ObjectId {
            let mut entries: Vec<(String, &str, ObjectId)> = Vec::new();
            let mut names: Vec<&str> = files.iter().map(|(path, _)| path.split('/').next().unwrap()).collect();
            names.dedup();
            for name in names {
                let start = format!("{name}/");
                let inside: Vec<(&str, &str)> =
                    files.iter().filter_map(|(path, text)| Some((path.strip_prefix(&start)?, *text))).collect();
                let file = files.iter().find(|(path, _)| *path == name);
                entries.push(match file {
                    Some((_, text)) => (name.to_owned(), "100644", self.object(Kind::Blob, text.as_bytes())),
                    None => (name.to_owned(), "40000", self.tree(&inside)),
                });
            }
            entries.sort();
            let mut bytes = Vec::new();
            for (name, mode, object) in entries {
                bytes.extend(format!("{mode} {name}\0").into_bytes());
                bytes.extend(object.as_slice());
            }
            self.object(Kind::Tree, &bytes)
        }

        fn commit(&self, files: &Files, parent: Option<ObjectId>) -> ObjectId {
            let parent = parent.map(|parent| format!("parent {parent}\n")).unwrap_or_default();
            let who = "A <a@example.org> 1700000000 +0000";
            let text = format!("tree {}\n{parent}author {who}\ncommitter {who}\n\nText\n", self.tree(files));
            self.object(Kind::Commit, text.as_bytes())
        }

        /// Two commits on `main`, the first of which has the tag `v1.0`.
        fn history(&self, first: &Files, second: &Files) -> (ObjectId, ObjectId) {
            let one = self.commit(first, None);
            let two = self.commit(second, Some(one));
            let text =
                format!("object {one}\ntype commit\ntag v1.0\ntagger A <a@example.org> 1700000000 +0000\n\nText\n");
            let tag = self.object(Kind::Tag, text.as_bytes());
            self.write("refs/tags/v1.0", format!("{tag}\n"));
            self.write("refs/heads/main", format!("{two}\n"));
            (one, two)
        }
    }

    fn project() -> Sandbox {
        Sandbox::with(&[("chancery.toml", "[project]\nformats = [\"text\"]\n"), ("source/rules.md", NEW)])
    }

    #[test]
    fn a_revision_is_named_in_the_usual_ways() {
        let project = project();
        let repository = Repository::new(&project, "");
        let (one, _) = repository.history(&[("source/rules.md", OLD)], &[("source/rules.md", NEW)]);
        let short = one.to_string().chars().take(7).collect::<String>();
        for name in ["v1.0", "refs/tags/v1.0", "v1.0^{commit}", "main~1", "HEAD^", "@~", "refs/heads/main~1", &short] {
            project.run(&["build", "--against", name, "--verify"]).ends_with(0);
            let text = project.read("outputs/rules.changes.txt");
            assert!(text.contains("[-should-] {+must+}"), "{name}: {text}");
        }
        project.run(&["build", "--against", "v1.0"]).ends_with(0);
        project.run(&["build", "--against", "v1.0"]).ends_with(0).says("0 editions written");
        project.run(&["build", "--against", "v1.0", "--locked"]).ends_with(0);
        project.run(&["build", "--against", "main"]).ends_with(0);
        assert!(project.read("outputs/rules.changes.txt").contains("Nothing changed"));
    }

    #[test]
    fn a_repository_may_lie_above_the_project() {
        let above = Sandbox::with(&[
            ("docs/chancery.toml", "[project]\nformats = [\"text\"]\nredline = true\nagainst = \"v1.0\"\n"),
            ("docs/source/rules.md", NEW),
        ]);
        let repository = Repository::new(&above, "");
        repository
            .history(&[("docs/texts/rules.md", OLD), ("docs/chancery.toml", "[project]\nsource = 'texts'\n")], &[]);
        above.run(&["build", "--project", "docs"]).ends_with(0);
        assert!(above.read("docs/outputs/rules.changes.txt").contains("[-should-] {+must+}"));
        let two = repository.commit(&[("other/rules.md", OLD)], None);
        repository.write("refs/tags/v2.0", format!("{two}\n"));
        above.run(&["build", "--project", "docs", "--against", "v2.0"]).ends_with(1).says("has no folder docs");
    }

    #[test]
    fn names_that_mean_nothing_or_too_much_are_errors() {
        let project = project();
        let repository = Repository::new(&project, "");
        let (one, two) = repository.history(&[("source/rules.md", OLD)], &[("source/rules.md", NEW)]);
        repository.write("refs/heads/v1.0", format!("{two}\n"));
        for (name, said) in [
            ("v1.O", "did you mean `v1.0`?"),
            ("v1.0", "means several revisions: refs/heads/v1.0, refs/tags/v1.0"),
            ("main~7", "goes back too far"),
            ("main@{1}", "of a form that is read"),
            ("main..v1.0", "of a form that is read"),
            ("-x", "of a form that is read"),
        ] {
            let against = format!("--against={name}");
            project.run(&["build", &against]).ends_with(1).says("E0608").says(said);
        }
        repository.write("shallow", format!("{one}\n"));
        project.run(&["build", "--against", "main~2"]).ends_with(1).says("history of this shallow clone is cut off");
        project.run(&["build", "--against", "other"]).ends_with(1).says("git fetch --unshallow");
    }

    #[test]
    fn nothing_outside_the_repository_is_read() {
        let project = project();
        let secret = Repository::new(&project, "elsewhere/");
        secret.history(&[("source/rules.md", OLD)], &[]);
        project.write(".git", "gitdir: elsewhere/.git\n");
        project.run(&["build", "--against", "v1.0"]).ends_with(1).says("does not name this working tree");
        // A working tree that the repository names is one of its own.
        let place = project.path(".git").display().to_string();
        secret.write("worktrees/here/gitdir", format!("{place}\n"));
        secret.write("worktrees/here/commondir", "../..\n");
        secret.write("worktrees/here/HEAD", "ref: refs/heads/main\n");
        project.write(".git", "gitdir: elsewhere/.git/worktrees/here\n");
        project.run(&["build", "--against", "v1.0"]).ends_with(0);
        std::fs::remove_file(project.path(".git")).unwrap();
        let repository = Repository::new(&project, "");
        repository.history(&[("source/rules.md", OLD)], &[]);
        repository.write("objects/info/alternates", "../../elsewhere/.git/objects\n");
        project.run(&["build", "--against", "v1.0"]).ends_with(1).says("borrows objects from another one");
    }

    #[test]
    fn pointers_of_git_lfs_are_followed_where_the_file_is_here() {
        let text = "---\ntitle: Rules\nlang: en\ndate: 2024-03-01\n---\n\n:::include{src=_part.md}\n:::\n";
        let project =
            Sandbox::with(&[("chancery.toml", "[project]\nformats = [\"text\"]\n"), ("source/rules.md", text)]);
        project.write("source/_part.md", "The fee must be paid.\n");
        let old = "The fee should be paid.\n";
        let hash = sha256(old.as_bytes());
        let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{hash}\nsize {}\n", old.len());
        let repository = Repository::new(&project, "");
        repository.history(&[("source/_part.md", &pointer), ("source/rules.md", text)], &[]);
        project.run(&["build", "--against", "v1.0"]).ends_with(1).says("a pointer of Git LFS");
        repository.write(&format!("lfs/objects/{}/{}/{hash}", &hash[..2], &hash[2..4]), old);
        project.run(&["build", "--against", "v1.0"]).ends_with(0);
        assert!(project.read("outputs/rules.changes.txt").contains("[-should-] {+must+}"));
    }

    #[test]
    fn objects_that_are_missing_are_named() {
        let project = project();
        let repository = Repository::new(&project, "");
        let (_, two) = repository.history(&[("source/rules.md", OLD)], &[("source/rules.md", NEW)]);
        let name = two.to_string();
        std::fs::remove_file(project.path(&format!(".git/objects/{}/{}", &name[..2], &name[2..]))).unwrap();
        project.run(&["build", "--against", &name]).ends_with(1).says("E0608");
        repository.write("config", "[remote \"origin\"]\n\tpromisor = true\n");
        let tree = repository.object(
            Kind::Commit,
            b"tree 1111111111111111111111111111111111111111\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nText\n",
        );
        project.run(&["build", "--against", &tree.to_string()]).ends_with(1).says("the clone is a partial one");
    }
}

#[test]
fn a_depfile_names_the_earlier_version_outside_of_the_project() {
    let sandbox = Sandbox::with(&[
        ("work/chancery.toml", "[project]\n"),
        ("work/source/note.md", "# A note\n\nTwo words.\n"),
        ("was/note.md", "# A note\n\nOne word.\n"),
    ]);
    // The second time nothing is made anew.
    for _ in 0..2 {
        sandbox
            .run(&["build", "--project", "work", "--against", "was", "--to", "text", "--deps", "note.d"])
            .ends_with(0);
        assert!(sandbox.read("note.d").contains("\n  was/note.md\n"), "{}", sandbox.read("note.d"));
    }
}
