//! Which repository a folder belongs to, and whether it keeps to itself.

use super::{Objects, Problem};
use gix_hash::{Kind, ObjectId};
use std::path::{Path, PathBuf};

/// Largest of git's small files that is read, in bytes.
const SMALL: u64 = 1024 * 1024;
/// Largest object that is unpacked, in bytes.
const LARGEST: usize = 512 * 1024 * 1024;

/// A repository and the working tree that a project lies in.
pub struct Repository {
    /// The top folder of the working tree.
    pub top: PathBuf,
    /// Folder of this working tree's data, such as `HEAD`.
    pub git: PathBuf,
    /// Folder shared by all working trees.
    pub common: PathBuf,
    pub hash: Kind,
    /// Commits before which the history is cut off.
    pub shallow: Vec<String>,
    /// Whether objects are fetched only when they are needed.
    is_partial: bool,
}

impl Repository {
    /// The repository that a folder lies in: its own, or one above it.
    pub fn discover(folder: &Path) -> Result<Repository, Problem> {
        let is_there = |folder: &&Path| folder.join(".git").symlink_metadata().is_ok();
        let top = folder.ancestors().find(is_there).ok_or_else(|| {
            Problem::new("there is no git repository here or above", "name a folder that holds the earlier version")
        })?;
        let place = top.join(".git");
        let kind = place.symlink_metadata().map(|place| place.file_type());
        let (git, common) = match kind {
            Ok(kind) if kind.is_dir() => (place.clone(), place),
            Ok(kind) if kind.is_file() => linked(&place).ok_or_else(|| {
                Problem::new(
                    "`.git` leads to a repository elsewhere that does not name this working tree",
                    "nothing outside the repository is read: name a folder that holds the earlier version",
                )
            })?,
            _ => return Err(leads_out(".git")),
        };
        let config = small(&common.join("config")).unwrap_or_default().to_lowercase();
        let says = |key: &str, value: &str| {
            config.lines().filter_map(|line| line.split_once('=')).any(|(name, said)| {
                let said = said.split(['#', ';']).next().unwrap_or_default().trim().trim_matches('"');
                name.trim() == key && said == value
            })
        };
        if says("refstorage", "reftable") {
            let message = "the repository keeps its branches and tags in a reftable, which is not read";
            return Err(Problem::new(message, "name a folder that holds the earlier version"));
        }
        let repository = Repository {
            top: top.to_owned(),
            hash: if says("objectformat", "sha256") { Kind::Sha256 } else { Kind::Sha1 },
            shallow: small(&common.join("shallow")).unwrap_or_default().lines().map(str::to_owned).collect(),
            is_partial: says("promisor", "true"),
            git,
            common,
        };
        repository.keeps_to_itself().map(|()| repository)
    }

    /// The objects of the repository.
    pub fn objects(&self) -> Result<Objects, Problem> {
        let options = gix_odb::store::init::Options { alloc_limit_bytes: Some(LARGEST), ..Default::default() };
        let objects = gix_odb::at_opts(self.common.join("objects"), self.hash, [], options);
        objects.and_then(gix_odb::Handle::into_arc).map_err(|error| {
            Problem::new(format!("the git repository cannot be read: {error}"), "`git fsck` says what is wrong with it")
        })
    }

    /// An object that should be there.
    pub fn missing(&self, object: ObjectId) -> Problem {
        let message = format!("the repository lacks the object {object}, which belongs to the revision");
        let hint = if self.is_partial {
            "the clone is a partial one: `git fetch --refetch --no-filter` gets what it lacks"
        } else {
            "`git fsck` says what is wrong with the repository"
        };
        Problem::new(message, hint)
    }

    /// Whether no file of it is borrowed from elsewhere, through a link or as objects of another.
    fn keeps_to_itself(&self) -> Result<(), Problem> {
        let objects = self.common.join("objects");
        let borrowed = small(&objects.join("info/alternates")).unwrap_or_default();
        if !borrowed.trim().is_empty() {
            let message = "the repository borrows objects from another one (objects/info/alternates)";
            let hint = "nothing outside the repository is read: `git repack -a -d` makes it whole";
            return Err(Problem::new(message, hint));
        }
        let own = ["HEAD", "config", "packed-refs", "refs", "refs/heads", "refs/tags", "objects", "shallow", "lfs"];
        let named = own.map(|name| self.common.join(name)).into_iter().chain([self.git.join("HEAD")]);
        let below = [objects.clone(), objects.join("pack"), objects.join("info")];
        let entries = below.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten());
        let mut all = named.chain(entries.map(|entry| entry.path()));
        match all.find(|path| path.is_symlink()) {
            Some(path) => Err(leads_out(&path.strip_prefix(&self.top).unwrap_or(&path).to_string_lossy())),
            None => Ok(()),
        }
    }
}

fn leads_out(path: &str) -> Problem {
    Problem::new(
        format!("{path} is a link, and may lead out of the repository"),
        "nothing outside the repository is read: name a folder that holds the earlier version",
    )
}

/// The folders of a working tree that `git worktree add` made: its own, and the one that
/// all share. A stranger's `.git` can name any repository, but none that it names so
/// names it in turn.
fn linked(place: &Path) -> Option<(PathBuf, PathBuf)> {
    let text = small(place)?;
    let named = text.strip_prefix("gitdir:")?.trim();
    let git = place.parent()?.join(named).canonicalize().ok()?;
    let back = small(&git.join("gitdir"))?;
    let back = git.join(back.trim());
    if back.canonicalize().ok()? != place.canonicalize().ok()? {
        return None;
    }
    let common = git.join(small(&git.join("commondir"))?.trim()).canonicalize().ok()?;
    (git.parent()? == common.join("worktrees")).then_some((git, common))
}

/// The text of a small file.
fn small(path: &Path) -> Option<String> {
    let length = path.symlink_metadata().ok().filter(|file| file.is_file())?.len();
    if length > SMALL {
        return None;
    }
    String::from_utf8(std::fs::read(path).ok()?).ok()
}
