//! The text from its title to its end, and its sections.

use super::numbering::Numbered;
use super::order::{self, Property};
use super::package::End;
use super::style::{LEVELS, Role, Style, twips};
use super::table::Grid;
use super::table_style::TableRole;
use super::writer::{Writer, WriterContext};
use crate::ast::Attrs;
use crate::language::Direction;
use crate::resolve::{ControlRow, Line, Resolved, Section, Side};
use crate::theme::{ContentsPage, Opening, Pt, Theme};

/// The shares of labels and values in the table of document control.
const CONTROL: [f32; 2] = [0.26, 0.74];

impl Writer<'_> {
    /// The whole text.
    pub fn body(&mut self) {
        let document = self.document;
        self.before_text();
        self.blocks(&document.blocks);
        self.behind_text();
        let properties = self.pages(false);
        order::write(&mut self.out, "w:sectPr", properties);
    }

    fn before_text(&mut self) {
        let document = self.document;
        let is_cover = self.theme.opening == Opening::Cover;
        let matter = self.matter();
        for (side, banner) in &matter.banners {
            self.on_side(*side, |w| w.paragraph(Style::for_role(Role::Banner), |w| w.text(banner)));
        }
        self.paragraph(Style::for_role(Role::Title), |w| w.inlines(&document.title));
        for (side, subtitle) in &matter.subtitles {
            self.on_side(*side, |w| w.paragraph(Style::for_role(Role::Subtitle), |w| w.text(subtitle)));
        }
        self.control(&document.control);
        if !document.summary.is_empty() {
            let title = document.language.labels.abstract_title;
            self.blocks_changed(&document.summary, |w| {
                w.boxed(TableRole::Panel, title, |w| {
                    w.paragraph(Style::for_role(Role::PanelTitle), |w| w.text(title));
                    w.blocks(&document.summary);
                });
            });
        }
        self.page_break = is_cover;
        if let Some(contents) = &document.contents {
            self.on_side(matter.contents, |w| w.listing(contents));
            self.page_break |= self.theme.contents_page == ContentsPage::Separate;
        }
    }

    fn control(&mut self, rows: &[ControlRow]) {
        if rows.is_empty() {
            return;
        }
        let title = &self.document.control_title;
        let side = self.versions.and_then(|both| match (both.old.control.is_empty(), both.new.control.is_empty()) {
            (true, false) => Some(Side::New),
            (false, true) => Some(Side::Old),
            _ => None,
        });
        self.on_side(side, |w| w.paragraph(Style::for_role(Role::ControlTitle), |w| w.text(title)));
        let role = TableRole::Control;
        let grid = Grid { role, shares: &CONTROL, name: title, has_head: false, has_row_headers: true };
        let inside = |context: &mut WriterContext| {
            context.in_table = true;
            context.in_cell = true;
        };
        self.grid(&grid, |w| w.within(inside, |w| rows.iter().for_each(|row| w.control_row(row))));
    }

    fn control_row(&mut self, row: &ControlRow) {
        // A line that both versions have stays, whatever is in it.
        let has = |document: &Resolved| document.control.iter().any(|other| other.key == row.key);
        let side = self.versions.and_then(|both| match (has(&both.old), has(&both.new)) {
            (true, false) => Some(Side::Old),
            (false, true) => Some(Side::New),
            _ => None,
        });
        self.on_side(side, |w| w.control_cells(row));
    }

    fn control_cells(&mut self, row: &ControlRow) {
        let mut properties = vec![Property::new("w:cantSplit")];
        properties.extend(self.goes("w:ins", "w:del"));
        self.element("w:tr", &[], |w| {
            order::write(&mut w.out, "w:trPr", properties);
            w.cell(0, 1, Vec::new(), |w| w.paragraph(w.style(Role::HeaderCell), |w| w.control_label(row)));
            w.cell(1, 1, Vec::new(), |w| {
                for line in &row.value {
                    w.text_changed(line, |w| w.paragraph(w.style(Role::Cell), |w| w.inlines(line)));
                }
            });
        });
    }

    /// The name of a line, which may be another where there are more values.
    fn control_label(&mut self, row: &ControlRow) {
        let before = self.versions.and_then(|both| both.old.control.iter().find(|other| other.key == row.key));
        match before.filter(|before| before.label != row.label) {
            None => self.text(&row.label),
            Some(before) => {
                self.on_side(Some(Side::Old), |w| w.text(&before.label));
                self.on_side(Some(Side::New), |w| w.text(&row.label));
            }
        }
    }

    /// Writes a section with its heading.
    pub fn section(&mut self, section: &Section, attrs: &Attrs) {
        self.text_changed(&section.title, |w| w.heading(section, attrs));
        self.blocks(&section.blocks);
    }

    fn heading(&mut self, section: &Section, attrs: &Attrs) {
        let labels = self.document.language.labels;
        self.numbering.side = self.side();
        let number = section.number.as_deref();
        let counted = number.and_then(|number| self.numbering.heading(number, section.level, section.annex, labels));
        let style = Style::for_role(Role::Heading(section.level.clamp(1, LEVELS)));
        let numbers_all = self.numbers_headings();
        let by_style = |numbered: Numbered| numbers_all && numbered.list == super::numbering::HEADINGS;
        let own = match counted {
            Some(numbered) => Some(numbered).filter(|numbered| !by_style(*numbered)),
            None => numbers_all.then_some(Numbered { list: 0, level: 0 }),
        };
        self.numbered_paragraph(style, own, |w| {
            if let Some(number) = number.filter(|_| counted.is_none()) {
                w.text(number);
                w.text(" ");
            }
            w.bookmark(attrs.id(), |w| w.inlines(&section.title));
        });
    }

    /// Whether the styles of headings are numbered.
    pub fn numbers_headings(&self) -> bool {
        self.document.metadata.numbering.sections == Some(true)
    }

    /// Writes the content after the text: members, abbreviations, navigation, unreferenced notes.
    fn behind_text(&mut self) {
        let labels = self.document.language.labels;
        let matter = self.matter();
        self.titled_lines(labels.in_this_collection, &matter.members, |w, member| {
            w.paragraph(Style::for_role(Role::Entry), |w| w.navigation_link(&member.target, &member.title));
            if let Some(description) = &member.description {
                w.paragraph(Style::for_role(Role::Definition), |w| w.text(description));
            }
        });
        self.titled_lines(labels.abbreviations, &matter.abbreviations, |w, entry| {
            w.abbreviation(&entry.short, |w| w.text(&entry.expansion));
        });
        for (side, up) in &matter.up {
            self.on_side(*side, |w| {
                w.paragraph(Style::for_role(Role::Body), |w| w.navigation_link(&up.target, &up.text))
            });
        }
        self.unreferenced_notes();
        self.end_of_changes();
        if self.after_table.is_some() || !self.pending.is_empty() {
            self.paragraph(Style::for_role(Role::TableEnd), |_| {});
        }
    }

    /// Lines under a title, each in the version that has it.
    fn titled_lines<T>(&mut self, title: &str, lines: &[Line<T>], write: impl Fn(&mut Self, &T)) {
        let Some((first, _)) = lines.first() else { return };
        let side = first.filter(|first| lines.iter().all(|(side, _)| *side == Some(*first)));
        self.on_side(side, |w| w.paragraph(Style::for_role(Role::ListingTitle), |w| w.text(title)));
        for (side, line) in lines {
            self.on_side(*side, |w| write(w, line));
        }
    }

    fn navigation_link(&mut self, target: &crate::resolve::Target, words: &str) {
        self.hyperlink(target, None, |w| w.marked(super::style::Mark::Link, |w| w.text(words)));
    }

    /// Ends a section of pages, before or after a table that lies across them.
    pub fn end_section(&mut self, is_landscape: bool) {
        self.section_end = Some(self.pages(is_landscape));
        self.paragraph(Style::for_role(Role::SectionEnd), |_| {});
    }

    /// Properties of the pages. Head and foot continue from section to section.
    fn pages(&mut self, is_landscape: bool) -> Vec<Property> {
        let is_first = std::mem::take(&mut self.is_first_section);
        let page = &self.theme.page;
        let (mut width, mut height) = (page.size.width, page.size.height);
        if is_landscape {
            self.has_turned_pages = true;
            std::mem::swap(&mut width, &mut height);
        }
        let suffix = if is_landscape { "2" } else { "1" };
        let mut part = |kind: &'static str, name: &str| self.relationships.id(kind, End::Part(format!("{name}.xml")));
        let mut properties = vec![
            reference("w:headerReference", "default", part("header", &format!("header{suffix}"))),
            reference("w:footerReference", "default", part("footer", &format!("footer{suffix}"))),
        ];
        if is_first {
            properties.push(reference("w:headerReference", "first", part("header", "header3")));
            properties.push(reference("w:footerReference", "first", part("footer", &format!("footer{suffix}"))));
            properties.push(Property::new("w:titlePg"));
        }
        let size = Property::new("w:pgSz").with("w:w", twips(width)).with("w:h", twips(height));
        let margins = [
            ("w:top", page.margin_top.0),
            ("w:right", page.margin_right.0),
            ("w:bottom", page.margin_bottom.0),
            ("w:left", page.margin_left.0),
            ("w:header", (page.head.0 - page.furniture_size.0).max(0.0)),
            ("w:footer", (page.foot.0 - page.furniture_size.0).max(0.0)),
            ("w:gutter", 0.0),
        ];
        let margin = margins
            .into_iter()
            .fold(Property::new("w:pgMar"), |margin, (side, points)| margin.with(side, twips(points)));
        properties.push(if is_landscape { size.with("w:orient", "landscape") } else { size });
        properties.push(margin);
        if self.document.language.direction == Direction::RightToLeft {
            properties.push(Property::new("w:bidi"));
        }
        properties
    }
}

fn reference(name: &'static str, kind: &str, id: String) -> Property {
    Property::new(name).with("w:type", kind).with("r:id", id)
}

/// The room of a line on a page in landscape.
pub fn turned_measure(theme: &Theme) -> Pt {
    theme.page.size.height - theme.page.margin_left.0 - theme.page.margin_right.0
}
