//! Elements that contain themselves, by what they hold and what they refer to.
//! Renderers would follow them without end.

use super::expansion::NEVER_DRAWN_DIRECTLY;
use super::tree::{Child, Element, Tree, Value};
use std::fmt::Write;

/// How many ids of a cycle are named.
const NAMED: usize = 8;

/// Takes the references out that make elements contain themselves which are not
/// drawn. Each is noted as not drawn.
pub fn cut_unused(tree: &mut Tree) {
    let circular = circular(tree);
    if !circular.contains(&true) {
        return;
    }
    let drawn = drawn(tree);
    let is = |set: &[bool], number: usize| set.get(number) == Some(&true);
    let mut cut = Vec::new();
    for (number, element) in tree.elements.iter_mut().enumerate() {
        if !is(&circular, number) || is(&drawn, number) {
            continue;
        }
        let references = element.attributes.len();
        element.attributes.retain(|_, value| !matches!(value, Value::Element(target, _) if is(&circular, *target)));
        if element.attributes.len() < references {
            cut.push((format!("a `{}` that refers to itself", element.name), element.offset));
        }
    }
    for (what, offset) in cut {
        tree.undrawn.entry(what).or_insert(offset);
    }
}

/// The first element that contains itself, as the rest of a sentence that names
/// the ids on the way.
pub fn find(tree: &Tree) -> Option<String> {
    let circular = circular(tree);
    let is_circular = |number: &usize| circular.get(*number) == Some(&true);
    let mut at = circular.iter().position(|is| *is)?;
    let mut way = Vec::new();
    let mut place = vec![None; circular.len()];
    // From each element that leads into a cycle, another such element is reachable.
    while let Some(none @ None) = place.get_mut(at) {
        *none = Some(way.len());
        way.push(at);
        at = edges(tree.elements.get(at)?).find(is_circular)?;
    }
    let start = place.get(at).copied().flatten()?;
    let cycle = way.get(start..).unwrap_or_default().iter().filter_map(|number| tree.elements.get(*number));
    let named: Vec<(&str, &str)> = cycle.filter_map(|element| Some((element.name, element.id.as_deref()?))).collect();
    let (name, first) = named.first()?;
    let mut text = format!("holds a `{name}` that refers to itself: ");
    for (_, id) in named.iter().take(NAMED) {
        // Writing into a string cannot fail.
        let _ = write!(text, "#{id} → ");
    }
    text.push_str(if named.len() > NAMED { "… → " } else { "" });
    let _ = write!(text, "#{first}");
    Some(text)
}

/// Elements that an element holds.
fn children(element: &Element) -> impl Iterator<Item = usize> {
    element.children.iter().filter_map(|child| match child {
        Child::Element(number) => Some(*number),
        Child::Text(_) => None,
    })
}

/// Elements that an element refers to.
fn targets(element: &Element) -> impl Iterator<Item = usize> {
    element.attributes.values().filter_map(|value| match value {
        Value::Element(number, _) => Some(*number),
        Value::Plain(_) | Value::Named(..) => None,
    })
}

fn edges(element: &Element) -> impl Iterator<Item = usize> {
    children(element).chain(targets(element))
}

/// Which elements lead into a cycle: those that are left when elements without
/// edges are taken away, and then those whose edges all led to such.
fn circular(tree: &Tree) -> Vec<bool> {
    let mut left: Vec<usize> = tree.elements.iter().map(|element| edges(element).count()).collect();
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); left.len()];
    for (number, element) in tree.elements.iter().enumerate() {
        for target in edges(element) {
            holders.get_mut(target).into_iter().for_each(|holders| holders.push(number));
        }
    }
    let mut ends: Vec<usize> = left.iter().enumerate().filter(|(_, edges)| **edges == 0).map(|(at, _)| at).collect();
    while let Some(end) = ends.pop() {
        for holder in holders.get_mut(end).map(std::mem::take).unwrap_or_default() {
            let Some(edges) = left.get_mut(holder) else { continue };
            *edges = edges.saturating_sub(1);
            if *edges == 0 {
                ends.push(holder);
            }
        }
    }
    left.into_iter().map(|edges| edges > 0).collect()
}

/// Which elements are drawn, in their places or where others refer to them.
fn drawn(tree: &Tree) -> Vec<bool> {
    let mut drawn = vec![false; tree.elements.len()];
    let mut open = vec![0];
    while let Some(number) = open.pop() {
        let (Some(seen), Some(element)) = (drawn.get_mut(number), tree.elements.get(number)) else { continue };
        if std::mem::replace(seen, true) {
            continue;
        }
        let is_drawn = |number: &usize| {
            tree.elements.get(*number).is_some_and(|child| !NEVER_DRAWN_DIRECTLY.contains(&child.name))
        };
        open.extend(children(element).filter(is_drawn).chain(targets(element)));
    }
    drawn
}
