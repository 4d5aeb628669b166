//! The words of a resolved document in reading order: title, document control,
//! summary, contents, text, notes; with labels, numbers, alternative texts and
//! the places that links lead to. What editions show in different ways is said
//! here for each format.

mod formula;
mod inline;
mod record;

use super::conventions::Conventions;
use super::word::{Passage, Words};
use crate::ast::{BlockKind, Figure, InlineKind, List, ListingKind, Panel, Table};
use crate::format::Format;
use crate::language::{Labels, fill};
use crate::resolve::{
    Label, Listing, ListingEntry, Navigation, NavigationLink, RBlock, RInline, Resolved, ResolvedBlock, ResolvedStage,
    Section, Target,
};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that a reader of an edition of this format is to find.
pub fn expected_passages(document: &Resolved, format: Format) -> Vec<Passage> {
    let mut reader = Reader::new(document, Conventions::for_format(format));
    if reader.conventions.is_brief {
        reader.brief();
    } else {
        reader.document();
    }
    reader.words.passages()
}

/// A part of a document.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// What stands before the text: title, document control, summary, contents.
    Opening,
    /// A block of the text, without the blocks that are laid out as if it were not there.
    Block(&'a RBlock),
    /// A note, by its number.
    Note(usize),
    /// What stands behind the text, but for the notes.
    Closing,
}

/// What a reader of an edition of this format is to find of a part of a document.
pub fn expected_of_part(document: &Resolved, part: Part, format: Format) -> Vec<Passage> {
    let mut reader = Reader::new(document, Conventions::for_format(format));
    match part {
        Part::Opening => reader.opening(),
        Part::Block(block) => reader.outer_block(block),
        Part::Note(index) => reader.note(index),
        Part::Closing => reader.closing(),
    }
    reader.words.passages()
}

/// What a Word document says of an earlier version, apart from where its links lead and from
/// the lists that fields make.
pub fn words_before(document: &Resolved) -> Vec<Passage> {
    let mut reader = Reader::new(document, Conventions::for_format(Format::Docx));
    reader.is_earlier = true;
    reader.document();
    reader.words.passages()
}

/// Whether references to notes are told: a title that is repeated in a list
/// does not repeat its notes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notes {
    Told,
    /// In a list of titles. The text editions, which have no links, keep them.
    Listed,
}

/// Tables deeper in one another are told row by row in the text editions.
const DEEPEST_DRAWN: usize = 2;

struct Reader<'a> {
    document: &'a Resolved,
    /// How editions of the format say it.
    conventions: &'static Conventions,
    words: Words,
    /// How many quotations are open.
    quotations: usize,
    notes: Notes,
    /// Whether DocBook allows no figure or table with a title here, as in
    /// notes and cells.
    informal: bool,
    /// Whether DocBook allows no admonition here.
    in_admonition: bool,
    in_note: bool,
    /// Whether DocBook allows nothing but words here, as in raised letters.
    words_only: bool,
    /// How many tables are open.
    tables: usize,
    /// Whether a table was met inside the outermost one.
    holds_table: bool,
    /// Whether tables inside tables are told row by row.
    inner_told: bool,
    /// Notes that were referred to.
    noted: BTreeSet<usize>,
    /// Addresses that the text editions list at their end, with their titles.
    links: Vec<(String, Option<String>)>,
    /// Whether it is the version before, of which lists that fields make are left out.
    is_earlier: bool,
}

impl<'a> Reader<'a> {
    fn new(document: &'a Resolved, conventions: &'static Conventions) -> Self {
        Reader {
            document,
            conventions,
            words: Words::default(),
            quotations: 0,
            notes: Notes::Told,
            informal: false,
            in_admonition: false,
            in_note: false,
            words_only: false,
            tables: 0,
            holds_table: false,
            inner_told: false,
            noted: BTreeSet::new(),
            links: Vec::new(),
            is_earlier: false,
        }
    }

    fn labels(&self) -> &'static Labels {
        self.document.language.labels
    }

    fn document(&mut self) {
        let document = self.document;
        self.opening();
        self.blocks(&document.blocks);
        self.closing();
        self.noted.extend(0..document.notes.len());
        self.endnotes();
        if self.conventions.is_text {
            self.link_list();
            self.navigation_links();
        }
    }

    fn opening(&mut self) {
        let document = self.document;
        self.front();
        if !document.summary.is_empty() {
            self.words.apart(self.labels().abstract_title, None);
            self.blocks(&document.summary);
        }
        if let Some(contents) = &document.contents {
            self.listing(contents);
        }
    }

    fn closing(&mut self) {
        self.members(&self.document.navigation.members);
        self.abbreviations();
        if !self.conventions.is_text {
            self.navigation_links();
        }
    }

    /// Links to other documents.
    fn navigation_links(&mut self) {
        let Navigation { up, previous, next, .. } = &self.document.navigation;
        for way in [up, previous, next].into_iter().take(self.conventions.navigation_links).flatten() {
            self.words.apart(&way.text, None);
            self.target(&way.target, None);
            self.written_address(&way.target);
        }
    }

    /// The short form: what stands before the text, the key points, the first
    /// paragraph, the sections.
    fn brief(&mut self) {
        let document = self.document;
        self.front();
        self.part(self.labels().key_points, |reader| reader.blocks(&document.brief.key_points));
        if let Some(first) = &document.brief.first_paragraph {
            self.block(first);
        }
        let notes = std::mem::replace(&mut self.notes, Notes::Listed);
        self.part(self.labels().contents, |reader| {
            for entry in &document.outline {
                reader.maybe(entry.number.as_deref());
                reader.line(&entry.title);
            }
        });
        self.notes = notes;
        self.endnotes();
        self.link_list();
    }

    /// A part with its name, unless it says nothing.
    fn part(&mut self, name: &str, read: impl FnOnce(&mut Self)) {
        let before = std::mem::take(&mut self.words);
        read(self);
        let mut part = std::mem::replace(&mut self.words, before);
        if part.has_letters() {
            self.words.apart(name, None);
            self.words.append(part);
        }
    }

    fn front(&mut self) {
        let document = self.document;
        for banner in &document.banners {
            self.words.apart(banner, None);
        }
        self.line(&document.title);
        self.maybe(document.subtitle.as_deref());
        if !document.control.is_empty() {
            self.words.apart(&document.control_title, None);
            for row in &document.control {
                self.words.apart(&row.label, None);
                row.value.iter().for_each(|line| self.line(line));
            }
        }
    }

    fn maybe(&mut self, text: Option<&str>) {
        self.words.apart(text.unwrap_or_default(), None);
    }

    /// The members of a collection, where its landing page does not place
    /// their list itself.
    fn members(&mut self, members: &[NavigationLink]) {
        if members.is_empty() || self.document.lists(ListingKind::Members, self.conventions.format) {
            return;
        }
        self.words.apart(self.labels().in_this_collection, None);
        for member in members {
            self.words.apart(&member.title, None);
            self.target(&member.target, None);
            self.written_address(&member.target);
            if self.conventions.describes_members {
                self.maybe(member.description.as_deref());
            }
        }
    }

    /// The abbreviations, unless the document lists them itself.
    fn abbreviations(&mut self) {
        let document = self.document;
        let is_listed = document.lists(ListingKind::Abbreviations, self.conventions.format);
        if document.abbreviations.is_empty() || is_listed || !self.conventions.lists_abbreviations {
            return;
        }
        self.words.apart(self.labels().abbreviations, None);
        for entry in &document.abbreviations {
            self.words.apart(&entry.short, None);
            self.words.apart(&entry.expansion, None);
        }
    }

    /// The notes that were referred to, and those that they refer to.
    fn endnotes(&mut self) {
        if self.conventions.titles_notes && !self.noted.is_empty() {
            self.words.apart(self.labels().notes, None);
        }
        let mut told: BTreeMap<usize, Words> = BTreeMap::new();
        loop {
            let called: Vec<usize> = self.noted.iter().copied().filter(|index| !told.contains_key(index)).collect();
            if called.is_empty() {
                break;
            }
            for index in called {
                let outer = std::mem::take(&mut self.words);
                self.note(index);
                told.insert(index, std::mem::replace(&mut self.words, outer));
            }
        }
        for note in told.into_values() {
            self.words.append(note);
        }
    }

    fn note(&mut self, index: usize) {
        if let Some(note) = self.document.notes.get(index) {
            self.words.apart(&note.number, Some(note.span));
            self.in_note = true;
            self.informally(|reader| reader.blocks(&note.blocks));
            self.in_note = false;
        }
    }

    fn link_list(&mut self) {
        let links = std::mem::take(&mut self.links);
        if links.is_empty() {
            return;
        }
        self.words.apart(self.labels().links, None);
        for (index, (address, title)) in links.iter().enumerate() {
            self.words.apart(&format!("L{}", index + 1), None);
            self.words.apart(address, None);
            self.maybe(title.as_deref());
        }
    }

    fn blocks(&mut self, blocks: &'a [RBlock]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &'a RBlock) {
        self.words.end();
        match &block.kind {
            BlockKind::Paragraph(content) => self.paragraph(content),
            BlockKind::List(list) => self.list(list),
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    definition.terms.iter().for_each(|term| self.line(term));
                    definition.details.iter().for_each(|details| self.blocks(details));
                }
            }
            BlockKind::Quote { blocks, attribution } => {
                let attribution = attribution.as_deref().unwrap_or_default();
                if self.conventions.by_elements {
                    self.words.end();
                    self.within(true, attribution);
                    self.words.end();
                    self.blocks(blocks);
                } else {
                    self.blocks(blocks);
                    self.line(attribution);
                }
            }
            BlockKind::Code { text, language: _ } => self.words.apart(text, Some(block.span)),
            BlockKind::Equation(equation) => self.equation(equation, block.span),
            BlockKind::Admonition { kind, title, blocks } => {
                let word = kind.label(self.labels());
                if self.conventions.by_elements && !self.in_admonition && !self.in_note {
                    // The element says what it is.
                    self.words.apart(kind.name(), Some(block.span));
                    self.line(title.as_deref().unwrap_or_default());
                } else {
                    self.labelled(Some(word), title.as_deref(), block.span);
                }
                let outer = std::mem::replace(&mut self.in_admonition, true);
                self.blocks(blocks);
                self.in_admonition = outer;
            }
            BlockKind::Panel(panel) => self.panel(panel, block.span),
            BlockKind::Figure(figure) => self.figure(figure, block.span),
            BlockKind::Table(table) => self.table(table, block.span),
            BlockKind::Group(blocks) => self.blocks(blocks),
            BlockKind::Stage(content) => self.stage(content, block.span),
            BlockKind::Rule | BlockKind::PageBreak => {}
        }
        self.words.end();
    }

    /// A block without those that are laid out as if it were not there.
    fn outer_block(&mut self, block: &'a RBlock) {
        match &block.kind {
            BlockKind::Stage(ResolvedBlock::Section(section)) => self.heading(section),
            _ if block.outer_blocks(self.conventions.format).is_empty() => self.block(block),
            _ => {}
        }
    }

    fn paragraph(&mut self, content: &'a [RInline]) {
        match content {
            [inline] if self.conventions.is_text => match &inline.kind {
                // A picture that stands alone is called one.
                InlineKind::Image(image) if image.alt.is_some() && !inline::is_decorative(&inline.attrs) => {
                    self.words.apart(self.labels().picture, Some(inline.span));
                    self.line(content);
                }
                _ => self.line(content),
            },
            _ => self.line(content),
        }
    }

    fn list(&mut self, list: &'a List<ResolvedStage>) {
        for (index, item) in (0u32..).zip(&list.items) {
            if let Some(done) = item.task {
                let labels = self.labels();
                let [is_done, is_not] = self.conventions.tasks.unwrap_or([labels.done, labels.not_done]);
                self.words.apart(if done { is_done } else { is_not }, Some(item.span));
            } else if let Some(number) = list.marker.number(index).filter(|_| self.conventions.numbers_items) {
                self.words.apart(&format!("{number}."), Some(item.span));
            }
            self.blocks(&item.blocks);
        }
    }

    fn panel(&mut self, panel: &'a Panel<ResolvedStage>, span: Span) {
        let role = match panel.title {
            Some(_) => None,
            None => Some(panel.role.label(self.labels())),
        };
        self.labelled(name(panel.label.as_ref()).or(role), panel.title.as_deref(), span);
        self.blocks(&panel.blocks);
    }

    fn figure(&mut self, figure: &'a Figure<ResolvedStage>, span: Span) {
        let (label, caption) = (name(figure.label.as_ref()), figure.caption.as_deref());
        if self.is_formal() && (label.is_some() || caption.is_some()) {
            self.titled(label, caption, span);
            self.informally(|reader| reader.blocks(&figure.blocks));
        } else {
            self.blocks(&figure.blocks);
            self.labelled(label, caption, span);
        }
    }

    fn table(&mut self, table: &'a Table<ResolvedStage>, span: Span) {
        let (label, caption) = (name(table.label.as_ref()), table.caption.as_deref());
        if self.is_formal() && label.is_some() {
            self.titled(label, caption, span);
        } else {
            self.labelled(label, caption, span);
        }
        if !self.conventions.is_text {
            self.informally(|reader| reader.cells(table));
            return;
        }
        if self.tables > 0 {
            self.holds_table = true;
            self.tables += 1;
            if self.inner_told || self.tables > DEEPEST_DRAWN {
                self.records(table);
            } else {
                self.cells(table);
            }
            self.tables -= 1;
            return;
        }
        let outer = std::mem::take(&mut self.words);
        self.tables = 1;
        self.holds_table = false;
        let mut ways = Vec::new();
        for inner_told in [false, true] {
            self.inner_told = inner_told;
            self.cells(table);
            ways.push(std::mem::take(&mut self.words).finish());
            self.records(table);
            ways.push(std::mem::take(&mut self.words).finish());
            if !self.holds_table {
                break;
            }
        }
        self.tables = 0;
        self.words = outer;
        self.words.one_of(ways);
    }

    fn cells(&mut self, table: &'a Table<ResolvedStage>) {
        for cell in table.head.iter().chain(&table.body).flat_map(|row| &row.cells) {
            self.blocks(&cell.blocks);
            self.words.end();
        }
    }

    fn stage(&mut self, block: &'a ResolvedBlock, span: Span) {
        match block {
            ResolvedBlock::Section(section) => self.section(section),
            ResolvedBlock::Listing(listing) => self.listing(listing),
            ResolvedBlock::NumberedParagraph { number, content } => {
                self.words.apart(number, Some(span));
                self.line(content);
            }
            ResolvedBlock::ForFormats { formats, blocks } => {
                if formats.contains(&self.conventions.format) {
                    self.blocks(blocks);
                }
            }
            ResolvedBlock::Changed { change, block } => {
                self.change(change.kind, Some(span), |reader| reader.block(block));
            }
        }
    }

    fn section(&mut self, section: &'a Section) {
        self.heading(section);
        self.blocks(&section.blocks);
    }

    fn heading(&mut self, section: &'a Section) {
        if let Some(number) = &section.number {
            self.words.apart(number, Some(section.heading_span));
        }
        self.line(&section.title);
    }

    fn listing(&mut self, listing: &'a Listing) {
        if listing.entries.is_empty() {
            return;
        }
        self.words.apart(&listing.title, None);
        let is_made_anew = matches!(listing.kind, ListingKind::Contents | ListingKind::Figures | ListingKind::Tables);
        if self.is_earlier && is_made_anew {
            return;
        }
        let outer = self.notes;
        if is_made_anew {
            self.notes = Notes::Listed;
        }
        for ListingEntry { label, content, target, .. } in &listing.entries {
            if self.conventions.repeats_captions && matches!(listing.kind, ListingKind::Figures | ListingKind::Tables) {
                // As in the captions, from which Word makes these lists.
                self.labelled(label.as_deref(), Some(content), Span::default());
            } else {
                self.maybe(label.as_deref());
                self.inlines(content);
            }
            if let Some(target) = target {
                self.target(target, None);
                if listing.kind == ListingKind::Members {
                    self.written_address(target);
                }
            }
            self.words.end();
        }
        self.notes = outer;
    }

    /// Whether DocBook keeps number and title of a figure or table apart, in an
    /// attribute and an element before the content.
    fn is_formal(&self) -> bool {
        self.conventions.by_elements && !self.informal
    }

    fn informally(&mut self, read: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.informal, true);
        read(self);
        self.informal = outer;
    }

    fn titled(&mut self, label: Option<&str>, title: Option<&'a [RInline]>, span: Span) {
        // What has no title has none to hold the number.
        match title {
            Some(title) => {
                self.words.apart(label.unwrap_or_default(), Some(span));
                self.line(title);
            }
            None => self.words.apart(label.unwrap_or_default(), Some(span)),
        }
    }

    /// A label and what it stands for: "Table 3: Steps".
    fn labelled(&mut self, label: Option<&str>, content: Option<&'a [RInline]>, span: Span) {
        let content = content.unwrap_or_default();
        self.words.end();
        match label {
            Some(label) if content.is_empty() => self.words.text(label, Some(span)),
            Some(label) => {
                // The place of the content is kept, to put the content there.
                let pattern = fill(self.labels().label_value, &[label, "{}"]);
                let (before, behind) = pattern.split_once("{}").unwrap_or((&pattern, ""));
                self.words.text(before, Some(span));
                self.inlines(content);
                self.words.text(behind, Some(span));
            }
            None => self.inlines(content),
        }
        self.words.end();
    }

    fn line(&mut self, content: &'a [RInline]) {
        self.words.end();
        self.inlines(content);
        self.words.end();
    }

    /// Where a link leads, in editions whose links can be followed.
    fn target(&mut self, target: &Target, span: Option<Span>) {
        let leads = self.conventions.leads_beside || target.stands_alone();
        if !self.conventions.is_text && leads {
            self.words.target(&target.address(self.conventions.format), span);
        }
    }

    /// The address of another document, where the text editions write it out.
    fn written_address(&mut self, target: &Target) {
        if self.conventions.is_text && !matches!(target, Target::Internal(_)) {
            self.words.apart(&target.address(Format::Text), None);
        }
    }
}

fn name(label: Option<&Label>) -> Option<&str> {
    label.map(|label| label.text.as_str())
}
