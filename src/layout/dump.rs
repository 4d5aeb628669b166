//! Layouts and tag trees as text that a person can read.

use super::frame::{Bookmark, Item, ItemKind, Layout, Mark, Properties, TagId, TagTree};
use crate::theme::Pt;
use std::fmt::Write as _;

/// A run whose baseline is off by less than this share of its size is on the same line:
/// superscripts do.
const SAME_LINE: Pt = 0.6;
/// A wider gap between two runs of a line is shown.
const GAP: Pt = 3.0;

/// A line that is being gathered: its place, where its last run ends, its text.
struct Line {
    x: Pt,
    y: Pt,
    end: Pt,
    text: String,
}

/// Pages, lines with their places, pictures and links; then bookmarks.
pub fn frames(layout: &Layout) -> String {
    let mut out = String::new();
    for page in &layout.pages {
        let _ = writeln!(out, "page {} {:.0}×{:.0}", page.label, page.width, page.height);
        let mut line: Option<Line> = None;
        for item in &page.items {
            match &item.kind {
                ItemKind::Glyphs(run) => {
                    let mark = mark(item);
                    let width: Pt = run.each().iter().map(|glyph| glyph.advance * run.stretch).sum();
                    let end = run.origin.x + width;
                    match &mut line {
                        Some(line) if mark.is_empty() && (line.y - run.origin.y).abs() < SAME_LINE * run.size => {
                            let gap = run.origin.x - line.end > GAP || line.x - end > GAP;
                            line.text.push_str(if gap { " | " } else { "" });
                            line.text.push_str(&run.text);
                            line.end = end;
                        }
                        _ => {
                            flush(&mut line, &mut out);
                            let text = format!("{mark}{}", run.text);
                            line = Some(Line { x: run.origin.x, y: run.origin.y, end, text });
                        }
                    }
                    if run.each().last().is_some_and(|glyph| glyph.cluster == super::frame::Glyph::NO_TEXT)
                        && let Some(line) = &mut line
                    {
                        line.text.push('\u{ac}');
                    }
                }
                ItemKind::Picture { picture, area } => {
                    flush(&mut line, &mut out);
                    let _ = writeln!(
                        out,
                        "  {:.1},{:.1} picture {picture} {:.1}×{:.1}",
                        area.x, area.y, area.width, area.height
                    );
                }
                ItemKind::Link(link) => {
                    flush(&mut line, &mut out);
                    let _ = writeln!(out, "    → {}", link.target.address(crate::format::Format::Pdf));
                }
                ItemKind::Rectangle { .. } | ItemKind::Line { .. } => {}
            }
        }
        flush(&mut line, &mut out);
    }
    bookmarks(&layout.bookmarks, 0, &mut out);
    out
}

fn mark(item: &Item) -> &'static str {
    match item.mark {
        Mark::Layout => "(layout) ",
        Mark::Pagination => "(pagination) ",
        Mark::Content(_) => "",
    }
}

fn flush(line: &mut Option<Line>, out: &mut String) {
    if let Some(Line { x, y, text, .. }) = line.take() {
        let _ = writeln!(out, "  {x:.1},{y:.1} {}", text.trim_end());
    }
}

fn bookmarks(list: &[Bookmark], depth: usize, out: &mut String) {
    for bookmark in list {
        let indent = "  ".repeat(depth);
        let _ = writeln!(out, "{indent}bookmark {} → page {}", bookmark.title, bookmark.destination.page + 1);
        bookmarks(&bookmark.children, depth + 1, out);
    }
}

/// The tag tree with the text of its leaves.
pub fn tags(layout: &Layout) -> String {
    let mut texts = vec![String::new(); layout.tags.tags.len()];
    for (page, item) in layout.pages.iter().flat_map(|page| page.items.iter().map(move |item| (page, item))) {
        if let (Mark::Content(tag), kind) = (item.mark, &item.kind)
            && let Some(text) = texts.get_mut(page.tag(tag).0 as usize)
        {
            match kind {
                ItemKind::Glyphs(run) => text.push_str(&run.text),
                ItemKind::Picture { picture, .. } => {
                    let _ = write!(text, "⟨picture {picture}⟩");
                }
                ItemKind::Rectangle { .. } | ItemKind::Line { .. } | ItemKind::Link(_) => {}
            }
        }
    }
    let mut out = String::new();
    tag(&layout.tags, TagTree::ROOT, 0, &texts, &mut out);
    out
}

fn tag(tree: &TagTree, id: TagId, depth: usize, texts: &[String], out: &mut String) {
    let Some(tag_here) = tree.tags.get(id.0 as usize) else { return };
    let role = tag_here.role;
    let Properties { lang, alt, expansion, actual_text, id: name } = tag_here.properties();
    let indent = "  ".repeat(depth);
    let _ = write!(out, "{indent}{role:?}");
    for (key, value) in [("lang", lang), ("alt", alt), ("expansion", expansion), ("actual", actual_text), ("id", name)]
    {
        if let Some(value) = value {
            let _ = write!(out, " {key}={value:?}");
        }
    }
    match texts.get(id.0 as usize) {
        Some(text) if !text.is_empty() => {
            let _ = writeln!(out, " {text:?}");
        }
        _ => out.push('\n'),
    }
    for child in tree.children(id) {
        tag(tree, child, depth + 1, texts, out);
    }
}
