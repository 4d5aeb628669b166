//! Tracked changes (ECMA-376, part 1, 17.13.5): what was inserted, deleted and moved, each as
//! Word's readers accept or reject it. Accepting all leaves the new version, rejecting all the
//! old one. What is derived bears no marks: it follows from what is left.
//!
//! A paragraph that one version alone has bears the mark at its end, so that it goes as a whole.
//! The last one of a cell, a note or the text cannot: an empty paragraph follows it.

use super::numbering::Numbered;
use super::order::Property;
use super::style::{Role, Style};
use super::writer::Writer;
use crate::ast::{Row, Table};
use crate::backend::timestamp::Timestamp;
use crate::format::Format;
use crate::resolve::{
    Change, ChangeKind, Matter, RBlock, RInline, ResolvedStage, Side, Whole, change_of, change_of_inlines, said_by,
};
use std::collections::{BTreeMap, BTreeSet};

/// Author of changes if the document names none.
const NOBODY: &str = "Chancery";
/// The longest name that Word takes.
const LONGEST: usize = 255;

/// State of writing changes.
#[derive(Debug, Default)]
pub struct Revisions {
    /// How many paragraphs of a move were written, by its number and its end.
    moved: BTreeMap<(u32, bool), usize>,
    /// Moves of which Word could show one end only. They are written as other changes.
    pub one_ended: BTreeSet<u32>,
    /// The mark of the next paragraph, whatever is around it.
    pub next: Option<ChangeKind>,
    /// Numbering of the next paragraph in the earlier version, if it is different.
    pub counted_before: Option<Numbered>,
    /// Whether the next paragraph must stay, as its cell ends with it.
    pub stays: bool,
    /// Whether the last paragraph goes with one version.
    pub last_goes: bool,
}

impl Revisions {
    /// The moves whose two ends have different paragraphs.
    pub fn one_ended(&self) -> BTreeSet<u32> {
        let count = |pair: u32, is_new: bool| self.moved.get(&(pair, is_new)).copied().unwrap_or_default();
        let pairs = self.moved.keys().map(|(pair, _)| *pair);
        pairs.filter(|pair| count(*pair, false) != count(*pair, true)).collect()
    }
}

/// The attributes that say who made a change, and when.
pub type Attributes = Vec<(&'static str, String)>;

impl Writer<'_> {
    /// Author and date of a change: those of the document.
    pub fn revision(&mut self) -> Attributes {
        let authors: Vec<&str> = self.document.metadata.authors.iter().map(|author| author.name.as_str()).collect();
        let author: String = authors.join(", ").chars().take(LONGEST).collect();
        let author = if author.trim().is_empty() { NOBODY.to_owned() } else { author };
        let mut attributes = vec![("w:id", self.number()), ("w:author", author)];
        let moment = self.document.timestamp.map(|moment| Timestamp::from_timestamp(moment).w3c());
        attributes.extend(moment.map(|moment| ("w:date", moment)));
        attributes
    }

    /// The lines before and after the text.
    pub fn matter(&self) -> Matter {
        match self.versions {
            Some(versions) => versions.matter.clone(),
            None => Matter::from_document(self.document, Format::Docx),
        }
    }

    /// Whether changes can be taken back in what is written.
    pub fn is_tracked(&self) -> bool {
        self.versions.is_some()
    }

    /// The version that has the current content, if only one has it.
    pub fn side(&self) -> Option<Side> {
        self.context.change.and_then(ChangeKind::side)
    }

    /// Writes content that is in a change as a whole, where it is.
    pub fn changed(&mut self, change: Option<Whole>, content: impl FnOnce(&mut Self)) {
        let Some(change) = change.filter(|change| self.looks() && !change.has_several) else {
            return content(self);
        };
        let outer = (self.context.change, self.context.pair);
        let is_in_text = !self.context.in_cell && !self.context.in_note;
        self.context.pair = change.pair.filter(|pair| is_in_text && !self.revisions.one_ended.contains(pair));
        self.context.change = Some(plain(change.kind, self.context.pair.is_some()));
        content(self);
        (self.context.change, self.context.pair) = outer;
    }

    /// Writes content that one version alone has.
    pub fn on_side(&mut self, side: Option<Side>, content: impl FnOnce(&mut Self)) {
        let kind = match side {
            Some(Side::Old) => Some(ChangeKind::Deleted),
            Some(Side::New) => Some(ChangeKind::Inserted),
            None => None,
        };
        let outer = self.context.change;
        self.context.change = outer.or(kind);
        content(self);
        self.context.change = outer;
    }

    /// Writes blocks that may be in a change as a whole.
    pub fn blocks_changed(&mut self, blocks: &[RBlock], content: impl FnOnce(&mut Self)) {
        let change = self.looks().then(|| change_of(blocks)).flatten();
        self.changed(change, content);
    }

    /// Writes a text that may be in a change as a whole.
    pub fn text_changed(&mut self, text: &[RInline], content: impl FnOnce(&mut Self)) {
        let change = self.looks().then(|| change_of_inlines(text)).flatten();
        self.changed(change, content);
    }

    /// Whether a change may start here: changes are tracked and none is open.
    fn looks(&self) -> bool {
        self.is_tracked() && self.context.change.is_none()
    }

    /// A change of a text. Where paragraphs were split or joined says their mark.
    pub fn change(&mut self, change: &Change, content: &[RInline]) {
        if change.kind.side().is_none() && self.is_tracked() {
            return;
        }
        if self.context.only.is_some_and(|only| change.kind.side().is_some_and(|side| side != only)) {
            return;
        }
        let kind = if self.is_tracked() { plain(change.kind, self.context.pair.is_some()) } else { change.kind };
        self.within(|context| context.change = Some(kind), |w| w.inlines(content));
    }

    /// The mark at the end of a paragraph.
    pub fn mark(&mut self) -> Option<Property> {
        let stays = std::mem::take(&mut self.revisions.stays);
        let kind = self.revisions.next.take().or(self.context.change.filter(|_| !stays && self.is_tracked()));
        self.revisions.last_goes = kind.is_some();
        let name = match kind? {
            ChangeKind::Inserted | ChangeKind::Split => "w:ins",
            ChangeKind::Deleted | ChangeKind::Joined => "w:del",
            ChangeKind::MovedTo => "w:moveTo",
            ChangeKind::MovedFrom => "w:moveFrom",
            ChangeKind::Former => return None,
        };
        Some(Property::new("w:rPr").holding(vec![self.marked_as(name)]))
    }

    /// The properties that a paragraph had in the version before, where something else counted it.
    pub fn properties_before(&mut self, properties: &[Property]) -> Option<Property> {
        let numbered = self.revisions.counted_before.take()?;
        let number = numbered.property();
        let kept = properties.iter().filter(|property| !property.is_named_like(&number)).cloned();
        let before = Property::new("w:pPr").holding(kept.chain([number.clone()]).collect());
        Some(self.marked_as("w:pPrChange").holding(vec![before]))
    }

    fn marked_as(&mut self, name: &'static str) -> Property {
        self.revision().into_iter().fold(Property::new(name), |property, (name, value)| property.with(name, value))
    }

    /// The property that marks a row or a cell of one version only.
    pub fn goes(&mut self, inserted: &'static str, deleted: &'static str) -> Option<Property> {
        let kind = self.context.change.filter(|_| self.is_tracked())?;
        self.goes_as(kind, inserted, deleted)
    }

    /// The property that marks a row or a cell of one version only, for a given kind of change.
    pub fn goes_as(&mut self, kind: ChangeKind, inserted: &'static str, deleted: &'static str) -> Option<Property> {
        let name = if kind.side()? == Side::New { inserted } else { deleted };
        Some(self.marked_as(name))
    }

    /// Writes the content of a paragraph; a moved one becomes one end of a move.
    pub fn moved(&mut self, content: impl FnOnce(&mut Self)) -> Option<(&'static str, String)> {
        let is_new = self.side() == Some(Side::New);
        let Some(pair) = self.context.pair.filter(|_| self.is_tracked()) else {
            content(self);
            return None;
        };
        let count = self.revisions.moved.entry((pair, is_new)).or_default();
        *count += 1;
        let name = format!("move{}_{count}", pair + 1);
        let (start, end) = if is_new {
            ("w:moveToRangeStart", "w:moveToRangeEnd")
        } else {
            ("w:moveFromRangeStart", "w:moveFromRangeEnd")
        };
        let mut attributes = self.revision();
        attributes.push(("w:name", name));
        if self.document.timestamp.is_none() {
            // Word shows the date of the words, but must have one here (ECMA-376, part 1, 17.13.5.24 and
            // 17.13.5.28).
            attributes.push(("w:date", Timestamp::from_timestamp(0).w3c()));
        }
        let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let id = attributes.first().map(|(_, id)| (*id).to_owned()).unwrap_or_default();
        self.empty(start, &attributes);
        content(self);
        Some((end, id))
    }

    /// The element around words that one version alone has.
    pub fn element_of(&self, change: Option<ChangeKind>) -> Option<&'static str> {
        Some(match change? {
            ChangeKind::Inserted => "w:ins",
            ChangeKind::Deleted => "w:del",
            ChangeKind::MovedTo if self.is_tracked() => "w:moveTo",
            ChangeKind::MovedFrom if self.is_tracked() => "w:moveFrom",
            ChangeKind::MovedTo => "w:ins",
            ChangeKind::MovedFrom => "w:del",
            ChangeKind::Former | ChangeKind::Split | ChangeKind::Joined => return None,
        })
    }

    /// An empty paragraph after one that goes with one version, at the end of what stays.
    pub fn end_of_changes(&mut self) {
        if std::mem::take(&mut self.revisions.last_goes) && self.context.change.is_none() {
            self.paragraph(Style::for_role(Role::TableEnd), |_| {});
            self.revisions.last_goes = false;
        }
    }

    /// The text of the new version, for attributes.
    pub fn said(&self, text: &[RInline]) -> String {
        match self.is_tracked() {
            true => crate::ast::plain_text(&said_by(text, Side::New)),
            false => crate::ast::plain_text(text),
        }
    }
}

/// A change without a partner elsewhere, unless a move is open.
pub fn plain(kind: ChangeKind, is_move: bool) -> ChangeKind {
    match kind {
        ChangeKind::MovedFrom if !is_move => ChangeKind::Deleted,
        ChangeKind::MovedTo if !is_move => ChangeKind::Inserted,
        kind => kind,
    }
}

/// The columns that one version alone has: in all rows that stay, all that their cells say is
/// of that version.
pub fn columns_changed(table: &Table<ResolvedStage>, columns: usize) -> Vec<Option<Whole>> {
    let rows: Vec<&Row<ResolvedStage>> = table.head.iter().chain(&table.body).collect();
    let is_plain = rows
        .iter()
        .all(|row| row.cells.len() == columns && row.cells.iter().all(|cell| cell.colspan == 1 && cell.rowspan == 1));
    let stays = |row: &&&Row<ResolvedStage>| change_of(row.cells.iter().flat_map(|cell| &cell.blocks)).is_none();
    let rows: Vec<&&Row<ResolvedStage>> = rows.iter().filter(stays).collect();
    let column = |at: usize| {
        let blocks = rows.iter().filter_map(|row| row.cells.get(at)).flat_map(|cell| &cell.blocks);
        change_of(blocks).filter(|_| is_plain)
    };
    (0..columns).map(column).collect()
}

/// A paragraph's parts: those that were joined to it, then itself, each with the mark at its end.
pub fn parts(content: &[RInline]) -> Vec<(&[RInline], Option<ChangeKind>)> {
    let mark = |inline: &RInline| match &inline.kind {
        crate::ast::InlineKind::Change { change, .. } => {
            Some(change.kind).filter(|kind| matches!(kind, ChangeKind::Split | ChangeKind::Joined))
        }
        _ => None,
    };
    let mut parts: Vec<(&[RInline], Option<ChangeKind>)> = content
        .split_inclusive(|inline| mark(inline).is_some())
        .map(|part| (part, part.last().and_then(mark)))
        .collect();
    if parts.is_empty() {
        parts.push((content, None));
    }
    parts
}
