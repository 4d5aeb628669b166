//! Compares two versions of a document. The result is one document with the content of both, in
//! which content of only one is marked. Both are resolved, so that quotation marks, breaks and
//! includes are settled and numbers are no text.
//!
//! In this order: both become sequences of headings, blocks and items
//! (`flatten`), which are paired (`align`, `moves`); pairs are compared word by
//! word (`token`, `words`) and put together again (`merge`, `rebuild`, `table`,
//! `nest`); changes are counted (`number`), collected and told in short
//! (`collect`, `summary`). [`project()`] gives each version back.

mod align;
mod collect;
mod flatten;
mod item;
mod mark;
mod merge;
mod moves;
mod nest;
mod note;
mod number;
mod pieces;
mod place;
mod project;
mod rebuild;
mod summary;
mod table;
mod token;
mod tracked;
mod words;

pub use collect::SectionChanges;
pub use project::{faults, text_of_side as project};
pub use tracked::track;

use crate::ast::{Block, BlockKind, plain_text};
use crate::format::REDLINE;
use crate::language::{ChangeLabels, fill};
use crate::resolve::{Brief, ChangeKind, ControlRow, Navigation, OutlineEntry, RInline, Resolved, ResolvedBlock};
use crate::source::Span;
use collect::Collector;
use merge::Merger;
use number::Numbering;

/// How numbers are shown that changed only because others did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Renumbering {
    /// They are listed.
    #[default]
    List,
    /// They are listed, and marked where they are.
    Mark,
    /// They are neither listed nor marked.
    Hide,
}

/// Two versions of a document, compared.
#[derive(Debug, Clone)]
pub struct Redline {
    /// Both versions, with what changed marked: what editions are made of.
    pub document: Resolved,
    /// "Changes since version 1.0 of 15 February 2012".
    pub heading: String,
    /// All changes of text in reading order.
    pub changes: Vec<Difference>,
    /// Sections that changed, in reading order.
    pub sections: Vec<SectionChanges>,
    /// Changes of figures: amounts, dates, shares.
    pub figures: Vec<Told>,
    /// Changes of words that bind, permit or advise.
    pub obligations: Vec<Told>,
    /// Text that is elsewhere now.
    pub moved: Vec<Moved>,
    /// Numbers that changed only because others did.
    pub renumbered: Vec<Renumbered>,
    /// Links that say the same and lead elsewhere.
    pub links: Links,
    /// The old and the new one, where they differ.
    pub title: Option<(String, String)>,
    /// The old and the new one, where they differ.
    pub subtitle: Option<(String, String)>,
    /// How many hundredths of the words of both versions are in both.
    pub common: usize,
}

/// Words, and where they led and lead.
pub type Links = Vec<(String, String, String)>;

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Id of the marked words in the merged document.
    pub id: String,
    /// Kind of the change.
    pub kind: ChangeKind,
    /// Words that were deleted; empty where there are none.
    pub old: String,
    /// Words that were inserted; empty where there are none.
    pub new: String,
    /// Words before it, and the space between where there is one.
    pub before: String,
    /// Number and title of the section.
    pub section: String,
    /// Place in the files of both versions, those of the new one first.
    pub old_span: Option<Span>,
    /// `None` where the new version has no such place.
    pub new_span: Option<Span>,
}

impl Difference {
    /// Records that the deletion is a replacement: an insertion follows.
    fn replaces(&mut self) {
        self.kind = ChangeKind::Deleted;
    }

    /// The name that programs know.
    pub fn name(&self) -> &'static str {
        match self.kind {
            ChangeKind::Deleted if !self.new.is_empty() => "replaced",
            kind => kind.name(),
        }
    }
}

/// Changed figures, or changed words of obligation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Id of the marked words in the merged document.
    pub id: String,
    /// Number and title of the section.
    pub section: String,
    /// Words before it, and the space between where there is one.
    pub before: String,
    /// Removed figures or words.
    pub old: Vec<String>,
    /// Added figures or words.
    pub new: Vec<String>,
}

/// Text that is elsewhere now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its title, or its first words.
    pub words: String,
    /// The section that it was in, and the one that it is in.
    pub from: String,
    /// Number and title.
    pub to: String,
}

/// A number that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renumbered {
    /// The old number, as readers saw it.
    pub was: String,
    /// The new number, as readers see it.
    pub is: String,
    /// Title of what has the number.
    pub title: String,
    /// Its id in the document of both.
    pub id: Option<String>,
}

/// Compares two versions. `files` is how many files the new one was made from:
/// those of the old one are counted on from there.
pub fn compare(old: &Resolved, new: &Resolved, files: u32, renumbering: Renumbering) -> Redline {
    let mut merger = Merger::new(old, new, files, renumbering);
    let (mut document, front) = merged(&mut merger);
    document.is_redline = true;
    document.banners = banners(old, new);
    document.navigation = Navigation { formats: new.navigation.formats.clone(), ..Navigation::default() };
    number(&mut document);
    let mut collector = collect(&document);
    let common = merger.common();
    let mut redline = Redline {
        heading: heading(old),
        changes: std::mem::take(&mut collector.changes),
        sections: collector.sections,
        figures: collector.figures,
        obligations: collector.obligations,
        moved: merger.moved,
        renumbered: merger.renumbered,
        links: collect::links(&old.blocks, &new.blocks),
        title: front.title,
        subtitle: front.subtitle,
        common,
        document,
    };
    redline.add_summary(renumbering);
    redline
}

/// Both versions as one document, and what changed before its text.
fn merged(merger: &mut Merger) -> (Resolved, Front) {
    let (old, new) = (merger.old, merger.new);
    let mut document = new.clone();
    let front = Front::merge(merger, &mut document);
    document.blocks = merger.blocks(&old.blocks, &new.blocks);
    note::add(merger, &mut document);
    place::keep(&mut document, new);
    document.pictures.extend(merger.adopter.pictures.iter().filter_map(|at| old.pictures.get(*at).cloned()));
    (document, front)
}

impl Redline {
    fn add_summary(&mut self, renumbering: Renumbering) {
        let labels = ChangeLabels::for_language(&self.document.language.tag);
        let panel = summary::panel(self, labels, renumbering);
        let document = &mut self.document;
        if let BlockKind::Panel(inner) = &panel.kind {
            document.brief = Brief { key_points: inner.blocks.clone(), first_paragraph: None };
        }
        document.blocks.insert(0, panel);
        document.outline.insert(
            0,
            OutlineEntry {
                id: summary::ID.to_owned(),
                number: None,
                title: vec![text(&self.heading)].into(),
                children: Vec::new(),
            },
        );
        if let Some(contents) = document.contents.take() {
            // The summary of changes comes first, however long the contents are.
            let listing = BlockKind::Stage(ResolvedBlock::Listing(contents));
            document.blocks.insert(1, Block::new(listing, Span::default()));
        }
        document.title_text = fill(document.language.labels.label_value, &[&document.title_text, &self.heading]);
        document.stem.push_str(REDLINE);
    }

    /// The summary alone, for reading on a terminal.
    pub fn summary(&self) -> Resolved {
        let mut document = self.document.clone();
        document.blocks.truncate(1);
        document.control.clear();
        document.summary.clear();
        document.notes.clear();
        document
    }

    /// Whether the two versions say the same.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
            && self.moved.is_empty()
            && self.renumbered.is_empty()
            && self.links.is_empty()
            && self.subtitle.is_none()
    }
}

fn text(words: &str) -> RInline {
    RInline::new(crate::ast::InlineKind::Text(words.to_owned()), Span::default())
}

/// Changes before the text.
struct Front {
    title: Option<(String, String)>,
    subtitle: Option<(String, String)>,
}

impl Front {
    /// Merges title, control table and summary.
    fn merge<'a>(merger: &mut Merger<'a>, document: &mut Resolved) -> Front {
        let (old, new) = (merger.old, merger.new);
        document.title = merger.inlines(&old.title, &new.title);
        document.summary = merger.blocks(&old.summary, &new.summary);
        document.control = control(merger, &old.control, &new.control);
        let differs = |was: &str, is: &str| (was != is).then(|| (was.to_owned(), is.to_owned()));
        let of = |subtitle: &Option<String>| subtitle.clone().unwrap_or_default();
        Front {
            title: differs(&plain_text(&old.title), &plain_text(&new.title)),
            subtitle: differs(&of(&old.subtitle), &of(&new.subtitle)),
        }
    }
}

/// Document control, line by line.
fn control<'a>(merger: &mut Merger<'a>, old: &'a [ControlRow], new: &'a [ControlRow]) -> Vec<ControlRow> {
    let mut rows = Vec::new();
    let none: &[Vec<RInline>] = &[];
    for row in new {
        let known = old.iter().find(|other| other.key == row.key);
        let was = known.map_or(none, |known| &known.value);
        rows.push(ControlRow { value: lines(merger, was, &row.value), ..row.clone() });
    }
    for (at, row) in old.iter().enumerate().filter(|(_, row)| new.iter().all(|other| other.key != row.key)) {
        let value = lines(merger, &row.value, none);
        let place = old.iter().take(at).rev().find_map(|before| rows.iter().position(|row| row.key == before.key));
        rows.insert(place.map_or(0, |place| place + 1), ControlRow { value, ..row.clone() });
    }
    rows
}

fn lines<'a>(merger: &mut Merger<'a>, old: &'a [Vec<RInline>], new: &'a [Vec<RInline>]) -> Vec<Vec<RInline>> {
    // One line is a single value; several are a list, of which some may stay.
    if let ([was], [is]) = (old, new) {
        return vec![merger.inlines(was, is)];
    }
    let words = |line: &[RInline]| plain_text(line);
    let stays: Vec<(usize, usize)> = align::rising(
        old.iter()
            .enumerate()
            .filter_map(|(at, line)| Some((at, new.iter().position(|other| words(other) == words(line))?)))
            .collect(),
    );
    let mut out = Vec::new();
    let mut from = (0, 0);
    for (a, b) in stays.into_iter().chain([(old.len(), new.len())]) {
        let gone = old.get(from.0..a).unwrap_or_default().iter();
        out.extend(gone.map(|line| merger.adopter.text(line, None, ChangeKind::Deleted)));
        let come = new.get(from.1..b).unwrap_or_default().iter();
        out.extend(come.map(|line| merger.adopter.text(line, None, ChangeKind::Inserted)));
        out.extend(new.get(b).cloned());
        from = (a + 1, b + 1);
    }
    out
}

/// The banners of both versions: a redline contains the words of both, so the markings and
/// embargoes of both apply.
fn banners(old: &Resolved, new: &Resolved) -> Vec<String> {
    let mut banners = new.banners.clone();
    let status = old.metadata.status.as_ref().map(|status| status.value);
    let labels = old.language.labels;
    let is_status = |banner: &String| status.is_some() && labels.statuses.contains(&banner.as_str());
    for banner in old.banners.iter().filter(|banner| !is_status(banner)) {
        if !banners.contains(banner) {
            banners.push(banner.clone());
        }
    }
    banners
}

fn number(document: &mut Resolved) {
    let mut numbering = Numbering::default();
    numbering.text(&mut document.title);
    numbering.apart();
    for line in document.control.iter_mut().flat_map(|row| &mut row.value) {
        numbering.text(line);
        numbering.apart();
    }
    numbering.blocks(&mut document.summary);
    numbering.apart();
    numbering.blocks(&mut document.blocks);
    for note in &mut document.notes {
        numbering.apart();
        numbering.blocks(&mut note.blocks);
    }
    for line in document.control.iter_mut().flat_map(|row| &mut row.value).chain([&mut document.title]) {
        numbering.finish_text(line);
    }
    numbering.finish(&mut document.summary);
    numbering.finish(&mut document.blocks);
    document.notes.iter_mut().for_each(|note| numbering.finish(&mut note.blocks));
}

fn collect(document: &Resolved) -> Collector {
    let mut collector = Collector::new(&document.language);
    let front = |collector: &mut Collector, title: &str| {
        collector.close();
        collector.section(title);
    };
    collector.text(&document.title);
    if !document.control.is_empty() {
        front(&mut collector, &document.control_title);
    }
    for row in &document.control {
        for line in &row.value {
            collector.close();
            collector.text(line);
        }
    }
    if !document.summary.is_empty() {
        front(&mut collector, document.language.labels.abstract_title);
    }
    collector.blocks(&document.summary);
    front(&mut collector, "");
    collector.blocks(&document.blocks);
    front(&mut collector, document.language.labels.notes);
    for note in &document.notes {
        collector.close();
        collector.blocks(&note.blocks);
    }
    collector.close();
    collector
}

/// The name of the old version: its number and date, if known.
fn heading(old: &Resolved) -> String {
    let labels = ChangeLabels::for_language(&old.language.tag);
    let date = old.metadata.date.as_ref().map(|date| date.value.long(&old.language));
    let since = match (&old.metadata.version, date) {
        (Some(version), Some(date)) => fill(labels.version_of, &[&version.value, &date]),
        (Some(version), None) => fill(labels.version, &[&version.value]),
        (None, Some(date)) => date,
        (None, None) => return labels.changes.to_owned(),
    };
    fill(labels.changes_since, &[&since])
}

/// Whether two documents are of one language.
pub fn same_language(old: &Resolved, new: &Resolved) -> bool {
    crate::language::primary(&old.language.tag) == crate::language::primary(&new.language.tag)
}
