//! The summary of changes: a panel before the text.

use super::collect::SectionChanges;
use super::{Moved, Redline, Renumbered, Renumbering, Told};
use crate::ast::{
    Attrs, Block, BlockKind, Cell, Column, Definition, InlineKind, List, ListItem, ListMarker, Panel, PanelRole, Row,
    Run, Scope, Table,
};
use crate::language::{ChangeLabels, fill};
use crate::resolve::{RBlock, RInline, ResolvedStage, Side, Target};
use crate::source::Span;

/// Id of the panel.
pub const ID: &str = "_changes";

type Line = Vec<RInline>;

/// The panel.
pub fn panel(redline: &Redline, labels: &ChangeLabels, renumbering: Renumbering) -> RBlock {
    let mut parts = Vec::new();
    part(labels.title, data(&redline.title, labels), &mut parts);
    part(labels.subtitle, data(&redline.subtitle, labels), &mut parts);
    part(labels.sections_changed, sections(&redline.sections, labels), &mut parts);
    part(labels.figures_changed, told(&redline.figures, labels), &mut parts);
    part(labels.obligations_changed, told(&redline.obligations, labels), &mut parts);
    let moved = redline.moved.iter().map(|moved| vec![text(&moved_words(moved, labels))]).collect();
    part(labels.moved, moved, &mut parts);
    let links = redline.links.iter().map(|(words, was, is)| vec![text(&format!("{words}: {was} → {is}"))]);
    part(labels.links_changed, links.collect(), &mut parts);
    if renumbering != Renumbering::Hide && !redline.renumbered.is_empty() {
        let details = vec![vec![node(BlockKind::Table(renumbered(&redline.renumbered, labels).into()))]];
        parts.push(Definition { terms: vec![vec![text(labels.renumbered)]], details, span: Span::default() });
    }
    let blocks = if parts.is_empty() {
        vec![node(BlockKind::Paragraph(vec![text(labels.no_changes)].into()))]
    } else {
        vec![node(BlockKind::Definitions(parts))]
    };
    let panel = Panel { role: PanelRole::Box, title: Some(vec![text(&redline.heading)]), label: None, blocks };
    let mut block = node(BlockKind::Panel(panel));
    block.attrs.edit().id = Some(ID.to_owned());
    block
}

fn node(kind: BlockKind<ResolvedStage>) -> RBlock {
    Block::new(kind, Span::default())
}

fn text(words: &str) -> RInline {
    RInline::new(InlineKind::Text(words.to_owned()), Span::default())
}

fn link(id: &str, words: &str) -> RInline {
    let target = Target::Internal(id.to_owned());
    RInline::new(InlineKind::Link { target, title: None, content: vec![text(words)] }, Span::default())
}

/// A part with its name, unless it says nothing.
fn part(name: &str, lines: Vec<Line>, parts: &mut Vec<Definition<ResolvedStage>>) {
    if lines.is_empty() {
        return;
    }
    let item = |line| ListItem {
        task: None,
        blocks: vec![node(BlockKind::Paragraph(Run::from(line)))],
        span: Span::default(),
        attrs: Attrs::default(),
    };
    let items = lines.into_iter().map(item).collect();
    let list = node(BlockKind::List(List { marker: ListMarker::Bullet, tight: true, items }.into()));
    parts.push(Definition { terms: vec![vec![text(name)]], details: vec![vec![list]], span: Span::default() });
}

fn data(change: &Option<(String, String)>, labels: &ChangeLabels) -> Vec<Line> {
    let list = |words: &String| if words.is_empty() { Vec::new() } else { vec![words.clone()] };
    let line = |(was, is): &(String, String)| vec![text(&arrow(&list(was), &list(is), labels))];
    change.iter().map(line).collect()
}

fn sections(sections: &[SectionChanges], labels: &ChangeLabels) -> Vec<Line> {
    let changed = sections.iter().filter(|section| section.count > 0);
    let line = |section: &SectionChanges| {
        let title = if section.title.is_empty() { capitalized(labels.beginning) } else { section.title.clone() };
        let name = match &section.id {
            Some(id) => link(id, &title),
            None => text(&title),
        };
        let said = match (section.side, section.count) {
            (Some(Side::New), _) => labels.inserted_section.to_owned(),
            (Some(Side::Old), _) => labels.deleted_section.to_owned(),
            (None, 1) => labels.one_change.to_owned(),
            (None, count) => fill(labels.change_count, &[&count.to_string()]),
        };
        vec![name, text(&format!(": {said}"))]
    };
    changed.map(line).collect()
}

fn told(told: &[Told], labels: &ChangeLabels) -> Vec<Line> {
    let line = |told: &Told| {
        let said = arrow(&told.old, &told.new, labels);
        let is_one = told.old.is_empty() || told.new.is_empty();
        match (told.section.as_str(), told.before.as_str()) {
            ("", "") => vec![link(&told.id, &said)],
            ("", place) | (place, "") => vec![link(&told.id, place.trim_end()), text(&format!(": {said}"))],
            (place, before) => {
                let before = if is_one { format!("{} – ", before.trim_end()) } else { before.to_owned() };
                vec![link(&told.id, place), text(&format!(": … {before}{said}"))]
            }
        }
    };
    told.iter().map(line).collect()
}

/// "3, 4 → 5", or "deleted: 3" where nothing is in its place.
fn arrow(old: &[String], new: &[String], labels: &ChangeLabels) -> String {
    match (old, new) {
        (old, []) => format!("{} {}", labels.deletion, old.join(", ")),
        ([], new) => format!("{} {}", labels.insertion, new.join(", ")),
        (old, new) => format!("{} → {}", old.join(", "), new.join(", ")),
    }
}

/// A name at the start of a line.
fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A description of moved text: from one section to another, or within one.
fn moved_words(moved: &Moved, labels: &ChangeLabels) -> String {
    let place = |title: &str| if title.is_empty() { labels.beginning.to_owned() } else { title.to_owned() };
    if moved.from == moved.to {
        return format!("{}: {}", moved.words, place(&moved.from));
    }
    fill(labels.moved_from_to, &[&moved.words, &place(&moved.from), &place(&moved.to)])
}

fn renumbered(list: &[Renumbered], labels: &ChangeLabels) -> Table<ResolvedStage> {
    let cell = |content: Line, header| Cell {
        blocks: if content.is_empty() { Vec::new() } else { vec![node(BlockKind::Paragraph(content.into()))] },
        header,
        colspan: 1,
        rowspan: 1,
        align: None,
        span: Span::default(),
        attrs: Attrs::default(),
    };
    let head = [labels.was, labels.is, labels.title];
    let head = head.iter().map(|name| cell(vec![text(name)], Some(Scope::Column))).collect();
    let row = |entry: &Renumbered| {
        let title = match (&entry.id, entry.title.trim()) {
            (_, "") => Vec::new(),
            (Some(id), title) => vec![link(id, title)],
            (None, title) => vec![text(title)],
        };
        let cells = vec![cell(vec![text(&entry.was)], None), cell(vec![text(&entry.is)], None), cell(title, None)];
        Row { cells, span: Span::default() }
    };
    Table {
        caption: None,
        label: None,
        columns: vec![Column::default(); 3],
        head: vec![Row { cells: head, span: Span::default() }],
        body: list.iter().map(row).collect(),
        landscape: false,
    }
}
