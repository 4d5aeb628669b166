//! State of the writer: its context, what is open, and the text of the next run.

use super::caption::Sequences;
use super::numbering::{Numbered, Numbering};
use super::order::{self, Property};
use super::package::{End, Relationships};
use super::picture::Media;
use super::revision::Revisions;
use super::style::{self, Alignment, Mark, Marks, Role, Style, Used};
use super::survey::{Survey, survey};
use super::table_style::TableRole;
use crate::backend::markup::Markup;
use crate::language::Direction;
use crate::resolve::{ChangeKind, Resolved, Side, Tracked, Whole, bookmark};
use crate::theme::Theme;
use std::collections::BTreeSet;

/// Context of the part that is written.
#[derive(Debug, Clone)]
pub struct WriterContext {
    /// How many lists, definitions and quotations are open.
    pub depth: u8,
    /// How many lists of the author's are open.
    pub lists: u8,
    /// Default role of paragraphs.
    pub role: Role,
    pub in_table: bool,
    /// Whether it is in a cell of any kind: there are no sections there.
    pub in_cell: bool,
    pub in_note: bool,
    /// Whether a link is open: links do not nest.
    pub in_link: bool,
    /// Whether words are repeated in a list: without notes and places.
    pub in_listing: bool,
    pub align: Alignment,
    pub quotations: usize,
    pub marks: Marks,
    pub lang: Option<String>,
    pub change: Option<ChangeKind>,
    /// The version whose content alone is written, if not that of both.
    pub only: Option<Side>,
    /// The move that the current content is one end of.
    pub pair: Option<u32>,
    /// Room for pictures, in points.
    pub measure: f32,
}

impl WriterContext {
    /// The context at the margin of the text.
    pub fn outermost(theme: &Theme) -> WriterContext {
        WriterContext {
            depth: 0,
            lists: 0,
            role: Role::Body,
            in_table: false,
            in_cell: false,
            in_note: false,
            in_link: false,
            in_listing: false,
            align: Alignment::Start,
            quotations: 0,
            marks: Marks::new(),
            lang: None,
            change: None,
            only: None,
            pair: None,
            measure: theme.page.measure(),
        }
    }
}

/// Format of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RunFormat {
    marks: Marks,
    lang: Option<String>,
    change: Option<ChangeKind>,
}

/// The start of an item: the number or sign that its first paragraph has.
#[derive(Debug, Clone)]
pub struct ItemStart {
    pub role: Role,
    pub numbered: Option<Numbered>,
    /// A sign or a number that is written as text.
    pub lead: Option<String>,
}

/// Writes the text of a document into its parts.
pub struct Writer<'a> {
    pub document: &'a Resolved,
    /// Both versions, where what is written says what changed and can be taken back.
    pub versions: Option<&'a Tracked>,
    /// The redline whose name and markings the file has.
    pub redline: Option<&'a Resolved>,
    pub revisions: Revisions,
    pub theme: &'a Theme,
    pub out: Markup,
    pub used: Used,
    pub numbering: Numbering,
    pub sequences: Sequences,
    pub survey: Survey,
    pub media: Media,
    /// Relationships of the current part.
    pub relationships: Relationships,
    pub context: WriterContext,
    /// Ids of what has no paragraph yet.
    pub pending: Vec<String>,
    pub item: Option<ItemStart>,
    pub page_break: bool,
    pub keep_next: bool,
    /// The table that the last block was: Word joins tables that meet, and leaves no room after
    /// them.
    pub after_table: Option<TableRole>,
    pub notes: super::note::Notes,
    /// Properties of the section of pages that the next paragraph ends.
    pub section_end: Option<Vec<Property>>,
    pub is_first_section: bool,
    /// Whether some pages are in landscape.
    pub has_turned_pages: bool,
    /// The widths of the columns of the tables that are open.
    pub tables: Vec<Vec<i64>>,
    /// The columns of the table that is written which one version alone has.
    pub columns_changed: Vec<Option<Whole>>,
    /// How many paragraphs were written.
    pub paragraphs: usize,
    run: Option<(RunFormat, String)>,
    bookmarks: BTreeSet<String>,
    next_id: usize,
}

impl<'a> Writer<'a> {
    /// A writer at the start of the text.
    pub fn new(document: &'a Resolved, theme: &'a Theme) -> Self {
        Writer {
            document,
            versions: None,
            redline: None,
            revisions: Revisions::default(),
            theme,
            out: Markup::new(),
            used: Used::default(),
            numbering: Numbering::default(),
            sequences: Sequences::default(),
            survey: survey(document),
            media: Media::default(),
            relationships: Relationships::default(),
            context: WriterContext::outermost(theme),
            pending: Vec::new(),
            item: None,
            page_break: false,
            keep_next: false,
            after_table: None,
            notes: super::note::Notes::from_document(document),
            section_end: None,
            is_first_section: true,
            has_turned_pages: false,
            tables: Vec::new(),
            columns_changed: Vec::new(),
            paragraphs: 0,
            run: None,
            bookmarks: BTreeSet::new(),
            next_id: 0,
        }
    }

    /// A writer of two versions as one. `document` says what is known of both as of a file.
    pub fn of_changes(document: &'a Resolved, versions: &'a Tracked, theme: &'a Theme) -> Self {
        let mut writer = Writer::new(&versions.document, theme);
        writer.versions = Some(versions);
        writer.notes = super::note::Notes::from_versions(versions);
        writer.redline = Some(document);
        writer
    }

    /// Writes content in another place.
    pub fn within(&mut self, change: impl FnOnce(&mut WriterContext), content: impl FnOnce(&mut Self)) {
        let outer = self.context.clone();
        change(&mut self.context);
        content(self);
        self.context = outer;
    }

    /// An element around what `content` writes. Words that wait are written first.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &str)], content: impl FnOnce(&mut Self)) {
        self.flush();
        let mut markup = std::mem::take(&mut self.out);
        markup.element(name, attributes, |inner| {
            // The content is written through `self`, so it needs the markup back.
            std::mem::swap(inner, &mut self.out);
            content(self);
            self.flush();
            std::mem::swap(inner, &mut self.out);
        });
        self.out = markup;
    }

    /// An element without content. Words that wait are written first.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.flush();
        self.out.empty(name, attributes);
    }

    /// The style of a role where this is.
    pub fn style(&self, role: Role) -> Style {
        let WriterContext { depth, in_table, align, .. } = self.context;
        // Cells have styles of their own.
        Style { role, depth, in_table: in_table && !role.is_cell(), align }
    }

    /// A paragraph. It takes the places that have none yet.
    pub fn paragraph(&mut self, style: Style, content: impl FnOnce(&mut Self)) {
        self.numbered_paragraph(style, None, content);
    }

    /// A paragraph with a number that Word counts; list 0 takes the number away
    /// that the style has.
    pub fn numbered_paragraph(&mut self, style: Style, number: Option<Numbered>, content: impl FnOnce(&mut Self)) {
        self.room_behind_table(style.role);
        self.used.paragraphs.insert(style);
        self.after_table = None;
        self.paragraphs += 1;
        let mut properties = vec![Property::with_value("w:pStyle", style.id())];
        properties.extend(number.map(Numbered::property));
        // A level has the indent of lists in lists, which may stand in something else.
        if number.is_some_and(|number| style.role.is_list() && style.depth != number.level + 1) {
            properties.push(super::sheet::hanging(style));
        }
        if std::mem::take(&mut self.page_break) {
            properties.push(Property::new("w:pageBreakBefore"));
        }
        if std::mem::take(&mut self.keep_next) {
            properties.push(Property::new("w:keepNext"));
        }
        let before = self.properties_before(&properties);
        properties.extend(before);
        properties.extend(self.mark());
        if let Some(section) = self.section_end.take() {
            properties.push(Property::new("w:sectPr").holding(section));
        }
        let direction = self.direction();
        if direction != self.document.language.direction {
            properties.push(Property::with_value("w:bidi", u8::from(direction == Direction::RightToLeft)));
        }
        let mut end = None;
        self.element("w:p", &[], |w| {
            order::write(&mut w.out, "w:pPr", properties);
            for id in std::mem::take(&mut w.pending) {
                w.mark_place(Some(&id));
            }
            end = w.moved(content);
        });
        if let Some((end, id)) = end {
            self.empty(end, &[("w:id", &id)]);
        }
    }

    /// Keeps a paragraph that has no room of its own above it apart from a table. What is marked
    /// as changed stays as it is: the mark is on the paragraph.
    fn room_behind_table(&mut self, role: Role) {
        let is_close = self.after_table.is_some_and(|table| table != TableRole::Equation) && !role.has_room();
        if !is_close || self.page_break || self.section_end.is_some() || self.is_tracked() {
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        let keep_next = std::mem::take(&mut self.keep_next);
        self.paragraph(Style::for_role(Role::TableEnd), |_| {});
        (self.pending, self.keep_next) = (pending, keep_next);
    }

    /// Which way the text runs.
    pub fn direction(&self) -> Direction {
        self.context.lang.as_deref().map_or(self.document.language.direction, Direction::for_language)
    }

    /// Adds words. They become a run together with others that look alike.
    pub fn text(&mut self, words: &str) {
        if words.is_empty() {
            return;
        }
        let WriterContext { marks, lang, change, .. } = &self.context;
        let is_same = self
            .run
            .as_ref()
            .is_some_and(|(format, _)| format.marks == *marks && format.lang == *lang && format.change == *change);
        if !is_same {
            self.flush();
            let format = RunFormat {
                marks: self.context.marks.clone(),
                lang: self.context.lang.clone(),
                change: self.context.change,
            };
            self.run = Some((format, String::new()));
        }
        if let Some((_, text)) = &mut self.run {
            text.push_str(words);
        }
    }

    /// Writes the words that wait.
    pub fn flush(&mut self) {
        let Some((format, text)) = self.run.take() else { return };
        self.run(&format, |w| w.signs(&text, format.change));
    }

    /// Writes a run in the current style around something that is not text.
    pub fn special(&mut self, content: impl FnOnce(&mut Markup)) {
        self.flush();
        let format = RunFormat {
            marks: self.context.marks.clone(),
            lang: self.context.lang.clone(),
            change: self.context.change,
        };
        self.run(&format, |w| content(&mut w.out));
    }

    fn run(&mut self, format: &RunFormat, content: impl FnOnce(&mut Self)) {
        let mut properties = Vec::new();
        if !format.marks.is_empty() {
            properties.push(Property::with_value("w:rStyle", style::run_style(&format.marks)));
            self.used.runs.insert(format.marks.clone());
        }
        let is_code = format.marks.contains(&Mark::Code);
        let tag = format.lang.as_deref().unwrap_or(&self.document.language.tag);
        // Code runs from left to right in every document.
        if Direction::for_language(tag) == Direction::RightToLeft && !is_code {
            properties.push(Property::new("w:rtl"));
        }
        if let Some(lang) = &format.lang {
            properties.push(style::lang(lang));
        }
        self.tracked(format.change, |w| {
            w.element("w:r", &[], |w| {
                order::write(&mut w.out, "w:rPr", properties);
                content(w);
            });
        });
    }

    /// Writes content inserted or deleted by a change, with Word's change tracking.
    pub fn tracked(&mut self, change: Option<ChangeKind>, content: impl FnOnce(&mut Self)) {
        let Some(name) = self.element_of(change) else { return content(self) };
        let attributes = self.revision();
        let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.element(name, &attributes, content);
    }

    /// Words, and the signs in them that Word has elements for.
    fn signs(&mut self, text: &str, change: Option<ChangeKind>) {
        let is_deleted = self.element_of(change) == Some("w:del");
        let name = if is_deleted { "w:delText" } else { "w:t" };
        let mut rest = text;
        while !rest.is_empty() {
            let at = rest.find(['\u{ad}', '\u{2011}', '\t']).unwrap_or(rest.len());
            let (words, behind) = rest.split_at(at);
            if !words.is_empty() {
                self.out.leaf(name, &[("xml:space", "preserve")], words);
            }
            let mut signs = behind.chars();
            match signs.next() {
                Some('\u{ad}') => self.out.empty("w:softHyphen", &[]),
                Some('\u{2011}') => self.out.empty("w:noBreakHyphen", &[]),
                Some(_) => self.out.empty("w:tab", &[]),
                None => {}
            }
            rest = signs.as_str();
        }
    }

    /// A field with what it shows.
    pub fn field(&mut self, instruction: &str, result: impl FnOnce(&mut Self)) {
        self.begin_field(instruction);
        result(self);
        self.end_field();
    }

    /// The start of a field, whose result may go on over paragraphs.
    pub fn begin_field(&mut self, instruction: &str) {
        self.special(|out| out.empty("w:fldChar", &[("w:fldCharType", "begin")]));
        let is_deleted = self.element_of(self.context.change) == Some("w:del");
        let name = if is_deleted { "w:delInstrText" } else { "w:instrText" };
        self.special(|out| out.leaf(name, &[("xml:space", "preserve")], instruction));
        self.special(|out| out.empty("w:fldChar", &[("w:fldCharType", "separate")]));
    }

    /// The end of a field.
    pub fn end_field(&mut self) {
        self.special(|out| out.empty("w:fldChar", &[("w:fldCharType", "end")]));
    }

    /// Marks the place of an id, without anything in it.
    pub fn mark_place(&mut self, id: Option<&str>) {
        self.bookmark(id, |_| {});
    }

    /// A bookmark around content. An id is given once; words that are repeated in
    /// a list do not have it again.
    pub fn bookmark(&mut self, id: Option<&str>, content: impl FnOnce(&mut Self)) {
        let name = id.filter(|id| !id.is_empty() && !self.context.in_listing).map(bookmark);
        match name.filter(|name| self.bookmarks.insert(name.to_lowercase())) {
            None => content(self),
            Some(name) => {
                let number = self.number();
                self.empty("w:bookmarkStart", &[("w:id", &number), ("w:name", &name)]);
                content(self);
                self.empty("w:bookmarkEnd", &[("w:id", &number)]);
            }
        }
    }

    /// A number that nothing else in the file has.
    pub fn number(&mut self) -> String {
        self.next_id += 1;
        self.next_id.to_string()
    }

    /// A link around content.
    pub fn hyperlink(&mut self, target: &crate::resolve::Target, title: Option<&str>, content: impl FnOnce(&mut Self)) {
        use crate::format::Format;
        use crate::resolve::Target;
        if self.context.in_link {
            return content(self);
        }
        let address = target.address(Format::Docx);
        let end = match target {
            Target::Internal(_) => ("w:anchor", address.trim_start_matches('#').to_owned()),
            Target::External(_) | Target::Document { .. } => {
                let address = crate::backend::address::encode_uri(&address);
                ("r:id", self.relationships.id("hyperlink", End::Address(address)))
            }
        };
        let mut attributes = vec![(end.0, end.1.as_str()), ("w:history", "1")];
        attributes.extend(title.map(|title| ("w:tooltip", title)));
        self.element("w:hyperlink", &attributes, |w| w.within(|context| context.in_link = true, content));
    }
}
