//! Typesetting: from a resolved document to pages of placed glyphs.

mod bidi;
mod block;
mod breakpoint;
mod cache;
mod code;
mod columns;
pub mod dump;
mod embed;
mod flow;
pub mod font;
mod fragment;
pub mod frame;
mod furniture;
mod glyphs;
mod grid;
mod hyphenate;
mod inline;
mod landscape;
mod line_box;
pub mod linebreak;
mod lines;
mod math;
mod node;
mod note;
mod opportunity;
mod page;
mod pagebreak;
mod paragraph;
mod parallel;
pub mod quality;
mod rebase;
mod shape;
mod shared_node;
mod table;
mod text;
mod title_block;
mod typeset;
mod vertical;
mod word;
mod word_cache;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::{OutlineEntry, Resolved};
use crate::theme::{Opening, Theme};
pub use cache::LayoutCache;
pub use embed::check as check_font;
use flow::Flow;
use font::FontBook;
use frame::{Bookmark, Destination, Layout, Origin, Rect, TagTree};
use inline::Collector;
use node::Findings;
use node::{Orientation, Widening};
use page::{Geometry, NoteBoxes, Placed, paginate};
use parallel::Typesetter;
use shape::Languages;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use vertical::VerticalList;
use word::TextDirection;

/// Lays a document out.
pub fn layout(document: &Resolved, theme: &Theme, diagnostics: &mut Diagnostics) -> Layout {
    lay_out(document, theme, None, diagnostics)
}

/// Lays a document out; what it shares with the one before it is not set again.
pub fn layout_incremental(
    document: &Resolved,
    theme: &Theme,
    cache: &mut LayoutCache,
    diagnostics: &mut Diagnostics,
) -> Layout {
    lay_out(document, theme, Some(cache), diagnostics)
}

fn lay_out(
    document: &Resolved,
    theme: &Theme,
    mut cache: Option<&mut LayoutCache>,
    diagnostics: &mut Diagnostics,
) -> Layout {
    let book = FontBook::for_theme(theme);
    let book = book.as_ref();
    let mut collector = Collector {
        document,
        theme,
        book,
        languages: Languages::default(),
        tags: TagTree::default(),
        noted: Vec::new(),
        measure: theme.page.measure(),
        math: OnceCell::new(),
    };
    if let Some(cache) = &mut cache {
        cache.begin(document, theme);
    }
    let mut flow = Flow::new(&mut collector);
    flow.fragments = cache.as_mut().map(|cache| &mut cache.fragments);
    let place = flow.column();
    let type_style = place.type_style;
    flow.begin(Origin::Opening);
    flow.title_block(place);
    flow.opening = flow.nodes.len();
    flow.blocks(&document.blocks, place);
    flow.stray_notes(TagTree::ROOT);
    flow.begin(Origin::Closing);
    flow.navigation(place);
    flow.place_last_ids(place);
    let (nodes, notes, origins) = (flow.nodes, flow.notes, flow.origins);
    let direction = collector.direction(type_style.lang);
    let furniture = furniture::furniture(&mut collector, type_style);
    let mut findings = Findings::default();
    if let Some(cache) = &mut cache {
        cache.begin_setting(collector.languages.tags());
    }
    let typesetter = Typesetter::new(book, &collector.languages, nodes.len(), cache.as_deref());
    let notes = typesetter.set_each(notes.into_iter().map(Option::unwrap_or_default).collect(), &mut findings);
    let note = |boxes: VerticalList| Some(NoteBoxes { height: boxes.height(), boxes });
    let mut notes: Vec<Option<NoteBoxes>> = notes.into_iter().map(note).collect();
    let mut parts = Vec::new();
    for (orientation, nodes) in landscape::segments(landscape::wide_tables(nodes, theme, &typesetter)) {
        parts.push((orientation, typesetter.set_nodes(nodes, &mut findings)));
    }
    // What it knows of words takes room.
    drop(typesetter);
    let mut placed = Placed::default();
    for (orientation, lists) in parts {
        let mut list = VerticalList::joined(lists);
        list.trim();
        if !list.parts.is_empty() {
            let known = cache.as_mut().map(|cache| &mut cache.pages);
            paginate(list, geometry(theme, orientation, direction), &mut notes, theme.colors.rule, &mut placed, known);
        }
    }
    let known = cache.map(|cache| {
        cache.finish();
        &mut cache.finished
    });
    let texts = mem::take(&mut placed.pages);
    let pages = furniture::add_furniture(furniture, &mut collector, &placed, texts, known);
    let destinations = placed.destinations;
    report(findings, diagnostics);
    check_length(document, pages.len(), diagnostics);
    let places: BTreeMap<&str, Destination> =
        destinations.iter().rev().map(|(id, place)| (id.as_str(), *place)).collect();
    let bookmarks = bookmarks(&document.outline, &places);
    Layout { pages, tags: collector.tags, bookmarks, destinations, origins }
}

fn geometry(theme: &Theme, orientation: Orientation, direction: TextDirection) -> Geometry {
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
    let lift = match theme.opening {
        Opening::Block => (page.margin_top.0 - page.head.0).max(0.0),
        Opening::Cover => 0.0,
    };
    Geometry { width, height, area, lift, direction }
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
        out.push(Bookmark {
            title: format!("{number}{}", entry.title.plain_text()),
            destination: *destination,
            children,
        });
    }
    out
}

/// Characters of one script or kind lie together (Unicode 16.0, blocks): the
/// first of them.
fn script(character: char) -> u32 {
    const LONG: [(u32, u32); 8] = [
        (0x0900, 0x0dff),
        (0x1780, 0x1aff),
        (0x2190, 0x2bff),
        (0x2e80, 0x312f),
        (0x31a0, 0x9fff),
        (0xac00, 0xd7ff),
        (0x1f000, 0x1faff),
        (0x20000, 0x3ffff),
    ];
    let code = character as u32;
    LONG.iter().find(|(first, last)| (*first..=*last).contains(&code)).map_or(code & !0x7f, |(first, _)| *first)
}

/// Says once for each script what characters no font has.
fn report(findings: Findings, diagnostics: &mut Diagnostics) {
    let mut scripts: BTreeMap<u32, BTreeSet<char>> = BTreeMap::new();
    for (character, _) in &findings.missing {
        scripts.entry(script(*character)).or_default().insert(*character);
    }
    for (character, span) in findings.missing {
        let Some(all) = scripts.remove(&script(character)) else { continue };
        let others = match all.len() {
            0 | 1 => String::new(),
            2 => " and one more of its kind".to_owned(),
            count => format!(" and {} more of its kind", count - 1),
        };
        let message = format!("no font has the character {character} (U+{:04X}){others}", character as u32);
        let diagnostic = match span {
            Some(span) => Diagnostic::new(Code::MissingGlyph, span, message),
            None => Diagnostic::without_place(Code::MissingGlyph, message),
        };
        diagnostics.push(diagnostic.hint("the PDF shows a box in its place"));
    }
    for (span, wider) in findings.wide {
        let message = "a table is too wide for the page, even in the smallest type of the theme";
        let diagnostic = match span {
            Some(span) => Diagnostic::new(Code::Overfull, span, message),
            None => Diagnostic::without_place(Code::Overfull, message),
        };
        diagnostics.push(diagnostic.hint(match wider {
            Widening::LandscapePage | Widening::TopLevelOnly => {
                "take it out of the list or panel, where it can have a page on its side: `:::table {orientation=landscape}`"
            }
            Widening::None => "even a page on its side (`orientation=landscape`) is too narrow: make two tables of it, or drop columns",
        }));
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
