//! Lists, definitions and lists made from the document.

use super::block::{Lines, Spacing, push_blank};
use super::fill::columns;
use super::inline::Renderer;
use crate::ast::{Definition, List, ListItem, ListMarker, ListingKind};
use crate::format::Format;
use crate::resolve::{Listing, ListingEntry, NavigationLink, ResolvedStage, Target};

impl Renderer<'_> {
    pub(super) fn list(&mut self, list: &List<ResolvedStage>, width: usize) -> Lines {
        /// Bullets by nesting depth; deeper lists use the last one.
        const BULLETS: [&str; 3] = ["•", "-", "◦"];
        let bullet = BULLETS.get(self.list_depth).or(BULLETS.last()).copied().unwrap_or_default();
        let marks: Vec<String> =
            (0u32..).zip(&list.items).map(|(index, item)| mark(list, item, index, bullet)).collect();
        let widest = marks.iter().map(|mark| columns(mark)).max().unwrap_or(0);
        let spacing = if list.tight { Spacing::Tight } else { Spacing::Loose };
        self.list_depth += 1;
        let mut lines = Lines::new();
        for (item, mark) in list.items.iter().zip(&marks) {
            let first = if mark.is_empty() { String::new() } else { format!("{mark:>widest$} ") };
            let rest = " ".repeat(columns(&first));
            let rendered = self
                .prefixed(&first, &rest, width, |renderer, width| renderer.spaced_blocks(&item.blocks, width, spacing));
            if !list.tight {
                push_blank(&mut lines);
            }
            lines.extend(rendered);
        }
        self.list_depth -= 1;
        lines
    }

    pub(super) fn definitions(&mut self, definitions: &[Definition<ResolvedStage>], width: usize) -> Lines {
        const INDENT: &str = "    ";
        let mut lines = Lines::new();
        for definition in definitions {
            push_blank(&mut lines);
            for term in &definition.terms {
                let term = self.plain(term);
                lines.extend(self.lines(&term, width));
            }
            for details in &definition.details {
                lines.extend(self.prefixed(INDENT, INDENT, width, |renderer, width| renderer.blocks(details, width)));
            }
        }
        lines
    }

    /// A list made from the document, under its title.
    pub(super) fn listing(&mut self, listing: &Listing, width: usize) -> Lines {
        const LEVEL: u8 = 2;
        if listing.entries.is_empty() {
            return Lines::new();
        }
        let mut lines = self.heading(&listing.title, LEVEL, width);
        push_blank(&mut lines);
        lines.extend(self.entries(listing, width));
        lines
    }

    pub(super) fn entries(&mut self, listing: &Listing, width: usize) -> Lines {
        match listing.kind {
            ListingKind::Members => {
                let entries = listing.entries.iter().map(|entry| (self.text(&entry.content), entry.target.clone()));
                let entries: Vec<_> = entries.collect();
                entries.iter().flat_map(|(words, target)| self.document_link(words, target.as_ref(), width)).collect()
            }
            ListingKind::Bibliography => {
                const HANGING: &str = "  ";
                let entry = |entry: &ListingEntry| {
                    self.prefixed("", HANGING, width, |renderer, width| {
                        let words = renderer.text(&entry.content);
                        renderer.lines(&words, width)
                    })
                };
                listing.entries.iter().flat_map(entry).collect()
            }
            ListingKind::Abbreviations => {
                let rows: Vec<_> = listing
                    .entries
                    .iter()
                    .map(|entry| (entry.label.clone().unwrap_or_default(), self.text(&entry.content)))
                    .collect();
                self.aligned(&rows, width)
            }
            // Notes in a heading are not repeated where it is listed.
            ListingKind::Contents | ListingKind::Figures | ListingKind::Tables => {
                let notes = self.notes.clone();
                let lines = listing.entries.iter().flat_map(|entry| self.contents_entry(entry, width)).collect();
                self.notes = notes;
                lines
            }
        }
    }

    fn contents_entry(&mut self, entry: &ListingEntry, width: usize) -> Lines {
        const INDENT: &str = "  ";
        let indent = INDENT.repeat(usize::from(entry.level.saturating_sub(1)));
        self.prefixed(&indent, &indent, width, |renderer, width| {
            let words = renderer.plain(&entry.content);
            let words = renderer.numbered(entry.label.as_deref(), &words);
            renderer.lines(&words, width)
        })
    }

    /// A title after its number: "2.1 Title", "Annex A: Title".
    pub(super) fn numbered(&self, number: Option<&str>, title: &str) -> String {
        match number {
            Some(number) if number.contains(char::is_whitespace) => self.label_value(number, title),
            Some(number) => format!("{number} {title}"),
            None => title.to_owned(),
        }
    }

    /// Labels in one column, their texts in the next.
    pub(super) fn aligned(&mut self, rows: &[(String, String)], width: usize) -> Lines {
        /// Labels that are wider are on a line of their own.
        const WIDEST: usize = 20;
        let widest = rows.iter().map(|(label, _)| columns(label)).filter(|width| *width <= WIDEST).max().unwrap_or(0);
        let rest = " ".repeat(if widest == 0 { 0 } else { widest + 2 });
        let mut lines = Lines::new();
        for (label, words) in rows {
            let padding = " ".repeat(rest.len().saturating_sub(columns(label)));
            let first = if columns(label) <= WIDEST { format!("{label}{padding}") } else { rest.clone() };
            if columns(label) > WIDEST {
                lines.extend(self.lines(label, width));
            }
            lines.extend(self.prefixed(&first, &rest, width, |renderer, width| renderer.lines(words, width)));
        }
        lines
    }

    /// A link to another document, with its address: there are few of them,
    /// and they stand apart, so that no mark is needed.
    pub(super) fn document_link(&mut self, words: &str, target: Option<&Target>, width: usize) -> Lines {
        let address = match target {
            None | Some(Target::Internal(_)) => String::new(),
            Some(target) => format!(" <{}>", target.address(Format::Text)),
        };
        let words = format!("{words}{address}");
        self.prefixed("• ", "  ", width, |renderer, width| renderer.lines(&words, width))
    }

    pub(super) fn member(&mut self, link: &NavigationLink, width: usize) -> Lines {
        const INDENT: &str = "  ";
        let mut lines = self.document_link(&link.title, Some(&link.target), width);
        if let Some(description) = &link.description {
            lines.extend(self.prefixed(INDENT, INDENT, width, |renderer, width| renderer.lines(description, width)));
        }
        lines
    }
}

/// The marker of an item.
fn mark(list: &List<ResolvedStage>, item: &ListItem<ResolvedStage>, index: u32, bullet: &str) -> String {
    match (item.task, list.marker) {
        (Some(true), _) => "[x]".to_owned(),
        (Some(false), _) => "[ ]".to_owned(),
        (None, ListMarker::Bullet) => bullet.to_owned(),
        (None, ListMarker::Plain) => String::new(),
        (None, ListMarker::Ordered { .. }) => {
            list.marker.number(index).map(|number| format!("{number}.")).unwrap_or_default()
        }
    }
}
