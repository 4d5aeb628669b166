//! Typesetting: from a resolved document to pages of placed glyphs.

mod block;
mod breakpoint;
mod code;
pub mod dump;
mod flow;
pub mod font;
pub mod frame;
mod furniture;
mod grid;
mod hyphenate;
mod inline;
pub mod linebreak;
mod lines;
mod note;
mod opening;
mod page;
mod pagebreak;
mod paragraph;
mod parallel;
pub mod quality;
mod set;
mod shape;
mod table;
mod vertical;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::{OutlineEntry, Resolved};
use crate::theme::Theme;
use flow::{Flow, Node, Orientation};
use font::FontBook;
use frame::{Bookmark, Destination, Layout, Rect, TagTree};
use inline::Collector;
use page::{Geometry, NoteBoxes, Placed, paginate};
use set::Findings;
use shape::Languages;
use std::collections::{BTreeMap, BTreeSet};
use vertical::{Cost, VItem};

/// Lays a document out.
pub fn layout(document: &Resolved, theme: &Theme, diagnostics: &mut Diagnostics) -> Layout {
    let book = FontBook::bundled();
    let mut collector = Collector {
        document,
        theme,
        book,
        languages: Languages::default(),
        tags: TagTree::default(),
        noted: Vec::new(),
        measure: theme.page.measure(),
    };
    let mut flow = Flow::new(&mut collector);
    let place = flow.column();
    let look = place.look;
    flow.opening(place);
    flow.blocks(&document.blocks, place);
    flow.stray_notes(TagTree::ROOT);
    flow.navigation(place);
    let (nodes, notes) = (flow.nodes, flow.notes);
    let furniture = furniture::furniture(&mut collector, look);
    let mut findings = Findings::default();
    let mut notes: Vec<Option<NoteBoxes>> = notes
        .into_iter()
        .map(|nodes| {
            let boxes = parallel::set_all(nodes?, book, &collector.languages, &mut findings);
            Some(NoteBoxes { height: vertical::height(&boxes), boxes })
        })
        .collect();
    let mut placed = Placed::default();
    for (orientation, nodes) in segments(nodes) {
        let mut list = parallel::set_all(nodes, book, &collector.languages, &mut findings);
        trim(&mut list);
        if !list.is_empty() {
            paginate(list, geometry(theme, orientation), &mut notes, theme.colors.rule, &mut placed);
        }
    }
    furniture::finish(&furniture, &mut collector, &mut placed);
    report(findings, diagnostics);
    check_length(document, placed.pages.len(), diagnostics);
    let destinations: BTreeMap<&str, Destination> =
        placed.destinations.iter().rev().map(|(id, place)| (id.as_str(), *place)).collect();
    let bookmarks = bookmarks(&document.outline, &destinations);
    Layout { pages: placed.pages, tags: collector.tags, bookmarks, destinations: placed.destinations }
}

/// Parts of the flow that stand on pages of one orientation.
fn segments(nodes: Vec<Node>) -> Vec<(Orientation, Vec<Node>)> {
    let mut out = vec![(Orientation::Portrait, Vec::new())];
    for node in nodes {
        if let Node::Turn(orientation) = node {
            out.push((orientation, Vec::new()));
        } else if let Some((_, last)) = out.last_mut() {
            last.push(node);
        }
    }
    out
}

/// Drops what would make empty pages at the edges of a list.
fn trim(list: &mut Vec<VItem>) {
    let idle = |item: &VItem| matches!(item, VItem::Space(_) | VItem::Penalty(_));
    while list.last().is_some_and(idle) {
        list.pop();
    }
    let leading = list.iter().take_while(|item| idle(item)).count();
    list.drain(..leading);
    // Two forced breaks in a row are one.
    let mut broken = false;
    list.retain(|item| match item {
        VItem::Penalty(Cost::Always) => !std::mem::replace(&mut broken, true),
        VItem::Box(_) | VItem::Open(_) => {
            broken = false;
            true
        }
        VItem::Penalty(_) | VItem::Space(_) | VItem::Close => true,
    });
}

fn geometry(theme: &Theme, orientation: Orientation) -> Geometry {
    let page = &theme.page;
    let (width, height) = match orientation {
        Orientation::Portrait => (page.size.width, page.size.height),
        Orientation::Landscape => (page.size.height, page.size.width),
    };
    let area = Rect {
        x: page.margin_left.0,
        y: page.margin_top.0,
        width: width - page.margin_left.0 - page.margin_right.0,
        height: height - page.margin_top.0 - page.margin_bottom.0,
    };
    Geometry { width, height, area }
}

fn bookmarks(entries: &[OutlineEntry], destinations: &BTreeMap<&str, Destination>) -> Vec<Bookmark> {
    let mut out = Vec::new();
    for entry in entries {
        let children = bookmarks(&entry.children, destinations);
        let Some(destination) = destinations.get(entry.id.as_str()) else {
            out.extend(children);
            continue;
        };
        let number = entry.number.as_ref().map(|number| format!("{number} ")).unwrap_or_default();
        out.push(Bookmark { title: format!("{number}{}", entry.title_text), destination: *destination, children });
    }
    out
}

/// Says once what characters no font has.
fn report(findings: Findings, diagnostics: &mut Diagnostics) {
    let mut said = BTreeSet::new();
    for (character, span) in findings.missing {
        if !said.insert(character) {
            continue;
        }
        let message = format!("no font has the character {character} (U+{:04X})", character as u32);
        let diagnostic = match span {
            Some(span) => Diagnostic::new(Code::MissingGlyph, span, message),
            None => Diagnostic::without_place(Code::MissingGlyph, message),
        };
        diagnostics.push(diagnostic.hint("the PDF shows a box in its place"));
    }
    for span in findings.overfull.into_iter().flatten() {
        diagnostics.push(Diagnostic::new(Code::Overfull, span, "a line is wider than the text"));
    }
}

fn check_length(document: &Resolved, pages: usize, diagnostics: &mut Diagnostics) {
    let limits = &document.metadata.limits;
    if let Some(limit) = limits.pages.filter(|limit| pages > *limit as usize) {
        let message = format!("the PDF has {pages} pages, and the limit is {limit}");
        diagnostics.push(match limits.span {
            Some(span) => Diagnostic::new(Code::LimitOfDocument, span, message),
            None => Diagnostic::without_place(Code::LimitOfDocument, message),
        });
    }
}
