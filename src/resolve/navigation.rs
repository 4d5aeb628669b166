//! The way through a collection: a folder whose `index.md` is its landing
//! page.

use super::budget::{Budget, NODE};
use super::link::{relative, stem};
use super::resolved::{Navigation, NavigationLink, Target};
use super::{Context, Entry};
use crate::diagnostic::Diagnostics;
use crate::language::{Labels, fill};
use crate::source::Span;
use std::collections::BTreeMap;

/// File name of a landing page.
const LANDING_PAGE: &str = "index.md";

/// The links of the document at `path`, which begins at `start`.
pub fn navigation(
    path: &str,
    context: &Context,
    labels: &Labels,
    budget: &mut Budget,
    start: Span,
    diagnostics: &mut Diagnostics,
) -> Navigation {
    let entries = &context.library.entries;
    let (folder, name) = split(path);
    let landing = join(folder, LANDING_PAGE);
    let mut link = |path_to: &str, pattern: Option<&str>| {
        let entry = context.library.entry(path_to, context)?;
        let link = navigation_link(path, path_to, entry, pattern);
        budget.take(weight(&link), start, diagnostics).then_some(link)
    };
    let members = members(folder, context);
    let mut navigation = Navigation { formats: context.project.formats_of(path).to_vec(), ..Navigation::default() };
    if name == LANDING_PAGE {
        // A landing page is itself a member of the folder above.
        let (above, _) = split(folder);
        navigation.up = (!folder.is_empty()).then(|| link(&join(above, LANDING_PAGE), Some(labels.back_to))).flatten();
        navigation.members = members.iter().filter_map(|member| link(member, None)).collect();
    } else if entries.contains_key(&landing) {
        navigation.up = link(&landing, Some(labels.back_to));
        let at = members.iter().position(|member| member == path);
        let before = at.and_then(|at| members.get(at.checked_sub(1)?));
        let after = at.and_then(|at| members.get(at + 1));
        let mut neighbour = |member: Option<&String>, word: &str| {
            let pattern = fill(labels.label_value, &[word, "{}"]);
            member.and_then(|member| link(member, Some(&pattern)))
        };
        navigation.previous = neighbour(before, labels.previous);
        navigation.next = neighbour(after, labels.next);
    }
    navigation
}

/// What a link to another document weighs.
fn weight(link: &NavigationLink) -> usize {
    NODE * 2 + link.title.len() + link.text.len() + link.description.as_deref().map_or(0, str::len)
}

fn navigation_link(from: &str, to: &str, entry: &Entry, pattern: Option<&str>) -> NavigationLink {
    NavigationLink {
        target: Target::Document { path: relative(from, stem(to)), fragment: None },
        title: entry.title.clone(),
        text: fill(pattern.unwrap_or("{}"), &[&entry.title]),
        description: entry.description.clone(),
    }
}

/// The members of a folder's collection in reading order: as the project
/// orders them, then by name. Landing pages of folders inside count as members.
fn members(folder: &str, context: &Context) -> Vec<String> {
    let source = context.project.source.trim_end_matches('/');
    let under = folder.strip_prefix(source).map_or(folder, |rest| rest.trim_start_matches('/'));
    let order: &[String] = context.project.collections.get(under).map_or(&[], |collection| &collection.order);
    let rank: BTreeMap<&str, usize> = order.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let mut members: Vec<(usize, &str, &String)> = Vec::new();
    for path in context.library.entries.keys() {
        let Some(rest) = inside(path, folder) else { continue };
        let name = match rest.split_once('/') {
            None if rest == LANDING_PAGE => continue,
            None => stem(rest),
            Some((inner, LANDING_PAGE)) => inner,
            Some(_) => continue,
        };
        members.push((rank.get(name).copied().unwrap_or(usize::MAX), name, path));
    }
    members.sort();
    members.into_iter().map(|(_, _, path)| path.clone()).collect()
}

fn inside<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
