//! The two text editions, part by part.

use super::bars::with_bars;
use super::block::{Lines, push_blank};
use super::fill::{columns, with_spaces};
use super::inline::{Renderer, link_mark};
use crate::ast::ListingKind;
use crate::format::Format;
use crate::resolve::{NavigationLink, Resolved, Target};
use std::collections::BTreeMap;

/// Makes the full text.
pub fn emit(document: &Resolved) -> String {
    let mut renderer = Renderer::new(document, Format::Text);
    let mut parts = renderer.front();
    parts.push(renderer.summary());
    parts.push(renderer.contents());
    let titled_only = parts.iter().filter(|part| !part.is_empty()).count() <= 1;
    parts.push(renderer.blocks(&document.blocks, renderer.columns));
    if !titled_only {
        set_off(parts.last_mut());
    }
    parts.push(renderer.members());
    parts.push(renderer.abbreviations());
    renderer.notes.extend(0..document.notes.len());
    parts.push(renderer.notes());
    parts.push(renderer.links());
    parts.push(renderer.navigation_lines());
    finished(parts, document)
}

/// Makes the short form for an e-mail: title, control data, key points, first
/// paragraph, sections.
pub fn emit_brief(document: &Resolved) -> String {
    let mut renderer = Renderer::new(document, Format::Brief);
    let mut parts = renderer.front();
    parts.push(renderer.key_points());
    let first = document.brief.first_paragraph.as_slice();
    parts.push(renderer.blocks(first, renderer.columns));
    parts.push(renderer.sections());
    parts.push(renderer.notes());
    parts.push(renderer.links());
    finished(parts, document)
}

/// Puts a second blank line before a part.
fn set_off(part: Option<&mut Lines>) {
    if let Some(part) = part.filter(|part| !part.is_empty()) {
        part.insert(0, String::new());
    }
}

/// Joins the parts with blank lines, with exactly one line ending at the end.
fn finished(parts: Vec<Lines>, document: &Resolved) -> String {
    let mut text = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !text.is_empty() {
            text.push('\n');
        }
        for line in part {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    let text = if text.is_empty() { "\n".to_owned() } else { with_spaces(text) };
    if document.is_redline { with_bars(&text) } else { text }
}

impl Renderer<'_> {
    /// The lines before the text: banners, title, subtitle, control data.
    fn front(&mut self) -> Vec<Lines> {
        let document = self.document;
        let banners: Vec<String> = document.banners.iter().map(|banner| format!("[{banner}]")).collect();
        let title = self.plain(&document.title);
        let mut title = self.heading(&title, 1, self.columns);
        if let Some(subtitle) = &document.subtitle {
            push_blank(&mut title);
            title.extend(self.lines(subtitle, self.columns));
        }
        vec![self.lines(&banners.join(" "), self.columns), title, self.control()]
    }

    fn control(&mut self) -> Lines {
        let document = self.document;
        let mut rows = Vec::new();
        for row in &document.control {
            let label = self.label_value(&row.label, "");
            for (index, line) in row.value.iter().enumerate() {
                let words = self.text(line);
                rows.push((if index == 0 { label.clone() } else { String::new() }, words));
            }
        }
        self.front_part(&document.control_title, |renderer, width| renderer.aligned(&rows, width))
    }

    fn summary(&mut self) -> Lines {
        let blocks = self.document.summary.as_slice();
        self.front_part(self.labels.abstract_title, |renderer, width| renderer.blocks(blocks, width))
    }

    fn contents(&mut self) -> Lines {
        let Some(listing) = &self.document.contents else { return Lines::new() };
        self.front_part(&listing.title, |renderer, width| renderer.entries(listing, width))
    }

    fn key_points(&mut self) -> Lines {
        let blocks = self.document.brief.key_points.as_slice();
        self.front_part(self.labels.key_points, |renderer, width| renderer.blocks(blocks, width))
    }

    /// The outermost sections, in order.
    fn sections(&mut self) -> Lines {
        let document = self.document;
        let notes = self.notes.clone();
        let lines = self.front_part(self.labels.contents, |renderer, width| {
            let mut lines = Lines::new();
            for entry in &document.outline {
                let title = renderer.plain(&entry.title);
                let title = renderer.numbered(entry.number.as_deref(), &title);
                lines.extend(renderer.lines(&title, width));
            }
            lines
        });
        self.notes = notes;
        lines
    }

    /// The abbreviations, unless the document has a list of them already.
    fn abbreviations(&mut self) -> Lines {
        let document = self.document;
        if document.lists(ListingKind::Abbreviations, self.format) {
            return Lines::new();
        }
        let entries = document.abbreviations.iter().map(|entry| (entry.short.clone(), entry.expansion.clone()));
        let rows: Vec<_> = entries.collect();
        self.part(self.labels.abbreviations, |renderer| renderer.aligned(&rows, renderer.columns))
    }

    /// The notes that were referred to, and those that they refer to.
    fn notes(&mut self) -> Lines {
        let document = self.document;
        self.part(self.labels.notes, |renderer| {
            let mut rendered = BTreeMap::new();
            loop {
                let called: Vec<usize> =
                    renderer.notes.iter().copied().filter(|index| !rendered.contains_key(index)).collect();
                if called.is_empty() {
                    break;
                }
                for index in called {
                    let lines = document.notes.get(index).map(|note| {
                        let first = format!("[{}] ", note.number);
                        let rest = " ".repeat(columns(&first));
                        let blocks = note.blocks.as_slice();
                        renderer
                            .prefixed(&first, &rest, renderer.columns, |renderer, width| renderer.blocks(blocks, width))
                    });
                    rendered.insert(index, lines.unwrap_or_default());
                }
            }
            rendered.into_values().flatten().collect()
        })
    }

    fn links(&mut self) -> Lines {
        let links = std::mem::take(&mut self.links);
        self.part(self.labels.links, |renderer| {
            let mut lines = Lines::new();
            for (index, (address, title)) in links.iter().enumerate() {
                let mark = format!("[{}] ", link_mark(index + 1));
                let indent = " ".repeat(columns(&mark));
                if columns(&mark) + columns(address) <= renderer.columns {
                    lines.push(format!("{mark}{address}"));
                } else {
                    // An address that does not fit stands alone on its line.
                    lines.push(mark);
                    lines.push(address.clone());
                }
                if let Some(title) = title {
                    let title =
                        super::fill::fill(title, renderer.columns - indent.len(), super::fill::LongWords::Break);
                    lines.extend(title.into_iter().map(|line| format!("{indent}{line}")));
                }
            }
            lines
        })
    }

    /// The members of the collection, unless the document has a list of them
    /// already.
    fn members(&mut self) -> Lines {
        let document = self.document;
        if document.lists(ListingKind::Members, self.format) {
            return Lines::new();
        }
        let members = document.navigation.members.iter();
        self.part(self.labels.in_this_collection, |renderer| {
            members.flat_map(|member| renderer.member(member, renderer.columns)).collect()
        })
    }

    /// Links to the documents above, before and after this one.
    fn navigation_lines(&mut self) -> Lines {
        let navigation = &self.document.navigation;
        let links = [&navigation.up, &navigation.previous, &navigation.next];
        let mut lines: Lines =
            links.into_iter().flatten().flat_map(|link| self.lines(&link_words(link), self.columns)).collect();
        set_off(Some(&mut lines));
        lines
    }

    /// Lines indented under a title that is no heading: what comes before the
    /// text must not seem to be a section that the text belongs to.
    fn front_part(&mut self, title: &str, render: impl FnOnce(&mut Self, usize) -> Lines) -> Lines {
        const INDENT: &str = "  ";
        let lines = self.prefixed(INDENT, INDENT, self.columns, render);
        // A rule or the mark of an empty item says nothing.
        if !lines.iter().any(|line| line.contains(char::is_alphanumeric)) {
            return Lines::new();
        }
        let mut part = self.lines(title, self.columns);
        part.extend(lines);
        part
    }

    /// Lines under a heading, or nothing where there are none.
    fn part(&mut self, title: &str, render: impl FnOnce(&mut Self) -> Lines) -> Lines {
        let lines = render(self);
        if lines.is_empty() {
            return lines;
        }
        let mut part = vec![String::new()];
        part.extend(self.heading(title, 1, self.columns));
        part.push(String::new());
        part.extend(lines);
        part
    }
}

fn link_words(link: &NavigationLink) -> String {
    match &link.target {
        Target::Internal(_) => link.text.clone(),
        target => format!("{} <{}>", link.text, target.address(Format::Text)),
    }
}
