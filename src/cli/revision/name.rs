//! Resolves the name of a revision to a commit, in the most common forms (gitrevisions(7)).

use super::repository::Repository;
use super::{Objects, Problem};
use crate::diagnostic::did_you_mean;
use gix_hash::{ObjectId, Prefix};
use gix_object::{CommitRefIter, Find, Kind, TagRefIter};
use gix_ref::file::{ReferenceExt, Store};
use std::collections::BTreeMap;

/// Tags that lead from one to the next.
const MOST_TAGS: usize = 16;
/// Most steps back in history that a name may ask for.
const MOST_STEPS: usize = 100_000;
/// Fewest digits of an object's name, as in git.
const FEWEST_DIGITS: usize = 4;
/// How many of several meanings are named, and how many digits of each.
const NAMED: usize = 4;
const DIGITS: usize = 12;

/// The commit that a name means.
pub fn commit(name: &str, repository: &Repository, objects: &Objects) -> Result<ObjectId, Problem> {
    let cut = name.find(['~', '^']).unwrap_or(name.len());
    let (base, steps) = name.split_at_checked(cut).unwrap_or((name, ""));
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"~^:?*[\\".contains(c);
    if base.is_empty()
        || base.starts_with('-')
        || base.contains("@{")
        || base.contains("..")
        || !base.chars().all(is_plain)
    {
        return Err(unread(name));
    }
    let start = named(base, name, repository, objects)?;
    let start = peeled(start, objects).ok_or_else(|| no_commit(name))?;
    walk(start, steps, name, repository, objects)
}

/// The tree of a commit.
pub fn tree_of(commit: ObjectId, objects: &Objects) -> Option<ObjectId> {
    let mut bytes = Vec::new();
    let data = objects.try_find(&commit, &mut bytes).ok()??;
    CommitRefIter::from_bytes(data.data, data.object_hash).tree_id().ok()
}

fn unread(name: &str) -> Problem {
    Problem::new(
        format!("`{name}` is neither a folder nor a revision of a form that is read"),
        "name a folder, or a tag, branch or commit, such as v1.0, main, 3f2a91c or HEAD~2",
    )
}

fn no_commit(name: &str) -> Problem {
    Problem::new(format!("`{name}` is no commit"), "name a tag, a branch or a commit")
}

/// The object that a name without steps means.
fn named(base: &str, name: &str, repository: &Repository, objects: &Objects) -> Result<ObjectId, Problem> {
    let store = store(repository);
    let base = if base == "@" { "HEAD" } else { base };
    let mut found: BTreeMap<String, ObjectId> = BTreeMap::new();
    for full in
        [base.to_owned(), format!("refs/tags/{base}"), format!("refs/heads/{base}"), format!("refs/remotes/{base}")]
    {
        if full != "HEAD" && !full.starts_with("refs/") {
            continue;
        }
        let Some(mut reference) = store.try_find(full.as_str()).ok().flatten() else { continue };
        if reference.name.as_bstr() == full.as_str()
            && let Ok(object) = reference.peel_to_id(&store, objects)
        {
            found.insert(full, object);
        }
    }
    let mut different: Vec<&ObjectId> = found.values().collect();
    different.sort();
    different.dedup();
    match different.as_slice() {
        [one] => Ok(**one),
        [] => by_digits(base, name, repository, objects)?.ok_or_else(|| unknown(base, name, repository, &store)),
        _ => {
            let names: Vec<&str> = found.keys().map(String::as_str).collect();
            let message = format!("`{name}` means several revisions: {}", names.join(", "));
            Err(Problem::new(message, "write the one that is meant in full"))
        }
    }
}

/// The branches and tags of a repository.
fn store(repository: &Repository) -> Store {
    let Repository { git, common, hash, .. } = repository;
    if git == common {
        Store::at(git.clone(), *hash)
    } else {
        Store::for_linked_worktree(git.clone(), common.clone(), *hash)
    }
}

/// The commit whose name starts with some digits.
fn by_digits(base: &str, name: &str, repository: &Repository, objects: &Objects) -> Result<Option<ObjectId>, Problem> {
    let is_digits = base.len() >= FEWEST_DIGITS && base.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(prefix) = Prefix::from_hex(base).ok().filter(|_| is_digits && base.len() <= repository.hash.len_in_hex())
    else {
        return Ok(None);
    };
    // The set that the crate wants, which is sorted below.
    let mut all = Default::default();
    if objects.lookup_prefix(prefix, Some(&mut all)).is_err() {
        return Ok(None);
    }
    let mut commits: Vec<ObjectId> = all.iter().filter_map(|object| peeled(*object, objects)).collect();
    commits.sort();
    commits.dedup();
    match commits.as_slice() {
        [one] => Ok(Some(*one)),
        [] if all.is_empty() => Ok(None),
        [] => Err(no_commit(name)),
        several => {
            let names = several.iter().take(NAMED).map(|commit| commit.to_hex_with_len(DIGITS).to_string());
            let names: Vec<String> = names.collect();
            let message = format!("`{name}` means {} commits, among them {}", several.len(), names.join(", "));
            Err(Problem::new(message, "write more of its digits"))
        }
    }
}

fn unknown(base: &str, name: &str, repository: &Repository, store: &Store) -> Problem {
    let message = format!("there is no folder and no revision `{name}`");
    let references = store.iter().ok();
    let names: Vec<String> = references
        .as_ref()
        .and_then(|references| references.all().ok())
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|reference| reference.name.shorten().to_string())
        .collect();
    let nearest = did_you_mean(base, names.iter().map(String::as_str));
    let hint = match nearest {
        Some(nearest) => nearest,
        None if !repository.shallow.is_empty() => {
            "the clone is a shallow one: `git fetch --unshallow --tags` gets the rest".to_owned()
        }
        None => "`git fetch --tags` gets tags that are not here yet; `git tag` lists those that are".to_owned(),
    };
    Problem::new(message, hint)
}

/// The commit that an object is, or that a tag leads to.
fn peeled(mut object: ObjectId, objects: &Objects) -> Option<ObjectId> {
    for _ in 0..MOST_TAGS {
        let mut bytes = Vec::new();
        let data = objects.try_find(&object, &mut bytes).ok()??;
        match data.kind {
            Kind::Commit => return Some(object),
            Kind::Tag => object = TagRefIter::from_bytes(data.data, data.object_hash).target_id().ok()?,
            Kind::Tree | Kind::Blob => return None,
        }
    }
    None
}

/// Goes back in history: `~2` to the parent's parent, `^2` to the second parent.
fn walk(
    mut commit: ObjectId,
    steps: &str,
    name: &str,
    repository: &Repository,
    objects: &Objects,
) -> Result<ObjectId, Problem> {
    let mut rest = steps;
    while let Some(sign) = rest.chars().next() {
        rest = rest.get(1..).unwrap_or_default();
        if sign == '^'
            && let Some(after) = rest.strip_prefix("{commit}").or_else(|| rest.strip_prefix("{}"))
        {
            rest = after;
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits).unwrap_or(("", rest));
        let number = if number.is_empty() { Some(1) } else { number.parse::<usize>().ok() };
        let number = number.filter(|number| *number <= MOST_STEPS).ok_or_else(|| unread(name))?;
        rest = after;
        match sign {
            '~' => {
                for _ in 0..number {
                    commit = parent(commit, 1, name, repository, objects)?;
                }
            }
            '^' if number == 0 => {}
            '^' => commit = parent(commit, number, name, repository, objects)?,
            _ => return Err(unread(name)),
        }
    }
    Ok(commit)
}

/// A parent of a commit, counted from 1.
fn parent(
    commit: ObjectId,
    number: usize,
    name: &str,
    repository: &Repository,
    objects: &Objects,
) -> Result<ObjectId, Problem> {
    let short = commit.to_hex_with_len(DIGITS);
    if repository.shallow.contains(&commit.to_string()) {
        let message = format!("`{name}` lies before {short}, where the history of this shallow clone is cut off");
        return Err(Problem::new(message, "`git fetch --unshallow` gets the rest (in CI, ask for the whole history)"));
    }
    let mut bytes = Vec::new();
    let data = objects.try_find(&commit, &mut bytes).ok().flatten().ok_or_else(|| repository.missing(commit))?;
    let mut parents = CommitRefIter::from_bytes(data.data, data.object_hash).parent_ids();
    let parent = parents.nth(number.saturating_sub(1)).ok_or_else(|| {
        let message = format!("`{name}` goes back too far: {short} has no such parent");
        Problem::new(message, "name a commit that is there; `git log` lists them")
    })?;
    peeled(parent, objects).ok_or_else(|| repository.missing(parent))
}
