//! The way through a collection: a folder whose `index.md` is its landing
//! page.

use super::budget::{Budget, NODE};
use super::library::Neighbours;
use super::link::{relative, stem};
use super::resolved::{Navigation, NavigationLink, Target};
use super::{Context, DocumentSummary};
use crate::diagnostic::Diagnostics;
use crate::language::{Labels, fill};
use crate::project::Project;
use crate::source::Span;
use std::collections::BTreeMap;

/// File name of a landing page.
const LANDING_PAGE: &str = "index.md";

/// The links of the document at `path`, which starts at `start`.
pub fn navigation(
    path: &str,
    context: &Context,
    labels: &Labels,
    budget: &mut Budget,
    start: Span,
    diagnostics: &mut Diagnostics,
) -> Navigation {
    let (folder, name) = split(path);
    let landing = join(folder, LANDING_PAGE);
    let mut link = |path_to: &str, pattern: Option<&str>| {
        let entry = context.library.entry(path_to, context)?;
        let link = navigation_link(path, path_to, entry, pattern);
        budget.take(weight(&link), start, diagnostics).then_some(link)
    };
    let mut navigation = Navigation { formats: context.project.formats_of(path).to_vec(), ..Navigation::default() };
    navigation.has_changes = context.compared.contains(path);
    navigation.index = context.index.map(|index| NavigationLink {
        target: Target::Document {
            path: format!("{}{index}", "../".repeat(context.project.stem(path).matches('/').count())),
            fragment: None,
        },
        title: context.project.title.clone().unwrap_or_default(),
        text: labels.documents.to_owned(),
        description: None,
    });
    if name == LANDING_PAGE {
        // A landing page is itself a member of the folder above.
        let (above, _) = split(folder);
        navigation.up = (!folder.is_empty()).then(|| link(&join(above, LANDING_PAGE), Some(labels.back_to))).flatten();
        navigation.members = context.library.members(folder).iter().filter_map(|member| link(member, None)).collect();
    } else if context.library.holds(&landing) {
        navigation.up = link(&landing, Some(labels.back_to));
        let mut neighbour = |member: &Option<String>, word: &str| {
            let pattern = fill(labels.label_value, &[word, "{}"]);
            member.as_ref().and_then(|member| link(member, Some(&pattern)))
        };
        if let Some(Neighbours { before, after }) = context.library.neighbours(path) {
            navigation.previous = neighbour(before, labels.previous);
            navigation.next = neighbour(after, labels.next);
        }
    }
    navigation
}

/// The weight of a link to another document.
fn weight(link: &NavigationLink) -> usize {
    NODE * 2 + link.title.len() + link.text.len() + link.description.as_deref().map_or(0, str::len)
}

fn navigation_link(from: &str, to: &str, entry: &DocumentSummary, pattern: Option<&str>) -> NavigationLink {
    NavigationLink {
        target: Target::Document { path: relative(from, stem(to)), fragment: None },
        title: entry.title.clone(),
        text: fill(pattern.unwrap_or("{}"), &[&entry.title]),
        description: entry.description.clone(),
    }
}

/// Brings the members of a folder's collection into reading order: as the project
/// orders them, then by name.
pub fn order(folder: &str, members: &mut [String], project: &Project) {
    let source = project.source.trim_end_matches('/');
    let under = folder.strip_prefix(source).map_or(folder, |rest| rest.trim_start_matches('/'));
    let order: &[String] = project.collections.get(under).map_or(&[], |collection| &collection.order);
    let rank: BTreeMap<&str, usize> = order.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let key = |path: &String| {
        let name = member_name(path);
        (rank.get(name).copied().unwrap_or(usize::MAX), name.to_owned(), path.clone())
    };
    members.sort_by_cached_key(key);
}

/// The folder whose collection a document may be a member of: its own, or, for the
/// landing page of a folder inside, the one above.
pub fn collection(path: &str) -> Option<&str> {
    let (folder, name) = split(path);
    match (name, folder) {
        (LANDING_PAGE, "") => None,
        (LANDING_PAGE, _) => Some(split(folder).0),
        _ => Some(folder),
    }
}

/// The folder, relative to that of the sources, whose collection a document is a member of, and its
/// name in the order.
pub fn member_of<'p>(path: &'p str, project: &Project) -> Option<(&'p str, &'p str)> {
    let source = project.source.trim_end_matches('/');
    let folder = collection(path)?;
    Some((folder.strip_prefix(source).map_or(folder, |rest| rest.trim_start_matches('/')), member_name(path)))
}

/// The name of a member in the order of its collection.
fn member_name(path: &str) -> &str {
    let (folder, name) = split(path);
    if name == LANDING_PAGE { split(folder).1 } else { stem(name) }
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
