//! The words of a resolved document in reading order: title, document control,
//! summary, contents, text, notes; with labels, numbers and alternative texts.

use super::word::{Word, Words};
use crate::ast::{AdmonitionKind, Attrs, BlockKind, InlineKind, PanelRole};
use crate::format::Format;
use crate::language::{Labels, fill};
use crate::resolve::{
    Label, Listing, ListingEntry, NavigationLink, RBlock, RInline, Resolved, ResolvedBlock, ResolvedInline, Section,
};
use crate::source::Span;

/// Everything that a reader of an edition of this format is to find.
pub fn words(document: &Resolved, format: Format) -> Vec<Word> {
    let mut reader = Reader { document, format, words: Words::default(), quotations: 0, notes: Notes::Told };
    reader.document();
    reader.words.finish()
}

/// Whether references to notes are told: a title that is repeated in a list
/// does not repeat its notes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notes {
    Told,
    LeftOut,
}

struct Reader<'a> {
    document: &'a Resolved,
    format: Format,
    words: Words,
    /// How many quotations are open.
    quotations: usize,
    notes: Notes,
}

impl<'a> Reader<'a> {
    fn labels(&self) -> &'static Labels {
        self.document.language.labels
    }

    fn document(&mut self) {
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
        if !document.summary.is_empty() {
            self.words.apart(self.labels().abstract_title, None);
            self.blocks(&document.summary);
        }
        if let Some(contents) = &document.contents {
            self.listing(contents);
        }
        self.blocks(&document.blocks);
        self.members(&document.navigation.members);
        if !document.notes.is_empty() {
            self.words.apart(self.labels().notes, None);
        }
        for note in &document.notes {
            self.words.apart(&note.number, Some(note.span));
            self.blocks(&note.blocks);
        }
    }

    fn maybe(&mut self, text: Option<&str>) {
        self.words.apart(text.unwrap_or_default(), None);
    }

    /// The members of a collection, where its landing page does not place
    /// their list itself.
    fn members(&mut self, members: &[NavigationLink]) {
        if members.is_empty() || self.document.blocks.iter().any(lists_members) {
            return;
        }
        self.words.apart(self.labels().in_this_collection, None);
        for member in members {
            self.words.apart(&member.title, None);
            self.maybe(member.description.as_deref());
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
            BlockKind::Paragraph(content) => self.line(content),
            BlockKind::List(list) => {
                for item in &list.items {
                    if let Some(done) = item.task {
                        let labels = self.labels();
                        self.words.apart(if done { labels.done } else { labels.not_done }, Some(item.span));
                    }
                    self.blocks(&item.blocks);
                }
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    definition.terms.iter().for_each(|term| self.line(term));
                    definition.details.iter().for_each(|details| self.blocks(details));
                }
            }
            BlockKind::Quote { blocks, attribution } => {
                self.blocks(blocks);
                self.line(attribution.as_deref().unwrap_or_default());
            }
            BlockKind::Code { text, language: _ } => self.words.apart(text, Some(block.span)),
            BlockKind::Admonition { kind, title, blocks } => {
                let word = admonition(*kind, self.labels());
                self.labelled(Some(word), title.as_deref(), block.span);
                self.blocks(blocks);
            }
            BlockKind::Panel(panel) => {
                let role = match panel.title {
                    Some(_) => None,
                    None => Some(panel_role(panel.role, self.labels())),
                };
                self.labelled(name(panel.label.as_ref()).or(role), panel.title.as_deref(), block.span);
                self.blocks(&panel.blocks);
            }
            BlockKind::Figure(figure) => {
                self.blocks(&figure.blocks);
                self.labelled(name(figure.label.as_ref()), figure.caption.as_deref(), block.span);
            }
            BlockKind::Table(table) => {
                self.labelled(name(table.label.as_ref()), table.caption.as_deref(), block.span);
                for cell in table.head.iter().chain(&table.body).flat_map(|row| &row.cells) {
                    self.blocks(&cell.blocks);
                    self.words.end();
                }
            }
            BlockKind::Group(blocks) => self.blocks(blocks),
            BlockKind::Stage(content) => self.stage(content, block.span),
            BlockKind::Rule | BlockKind::PageBreak => {}
        }
        self.words.end();
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
                if formats.contains(&self.format) {
                    self.blocks(blocks);
                }
            }
        }
    }

    fn section(&mut self, section: &'a Section) {
        if let Some(number) = &section.number {
            self.words.apart(number, Some(section.heading_span));
        }
        self.line(&section.title);
        self.blocks(&section.blocks);
    }

    fn listing(&mut self, listing: &'a Listing) {
        self.words.apart(&listing.title, None);
        let outer = std::mem::replace(&mut self.notes, Notes::LeftOut);
        for ListingEntry { label, content, .. } in &listing.entries {
            self.maybe(label.as_deref());
            self.line(content);
        }
        self.notes = outer;
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

    fn inlines(&mut self, content: &'a [RInline]) {
        for inline in content {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &'a RInline) {
        let span = Some(inline.span);
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => self.words.text(text, span),
            InlineKind::SoftBreak | InlineKind::LineBreak => self.words.end(),
            InlineKind::Quoted(content) => {
                let [outer_open, outer_close, inner_open, inner_close] = self.labels().quotes;
                let outer = self.quotations.is_multiple_of(2);
                let (open, close) = if outer { (outer_open, outer_close) } else { (inner_open, inner_close) };
                self.words.text(open, span);
                self.quotations += 1;
                self.inlines(content);
                self.quotations -= 1;
                self.words.text(close, span);
            }
            InlineKind::Image(image) if !is_decorative(&inline.attrs) => {
                self.words.apart(image.alt.as_deref().unwrap_or_default(), span);
            }
            InlineKind::Image(_) => {}
            InlineKind::Note(use_of_note) => {
                if self.notes == Notes::Told
                    && let Some(note) = self.document.notes.get(use_of_note.note)
                {
                    self.words.apart(&note.number, span);
                }
            }
            InlineKind::Stage(ResolvedInline::Reference { text, target: _ }) => self.words.text(text, span),
            InlineKind::Emphasis(_)
            | InlineKind::Strong(_)
            | InlineKind::Strikethrough(_)
            | InlineKind::Superscript(_)
            | InlineKind::Subscript(_)
            | InlineKind::Underline(_)
            | InlineKind::Highlight(_)
            | InlineKind::Inserted(_)
            | InlineKind::Deleted(_)
            | InlineKind::Small(_)
            | InlineKind::CitedTitle(_)
            | InlineKind::DefinedTerm(_)
            | InlineKind::Keyboard(_)
            | InlineKind::Span(_)
            | InlineKind::Abbreviation { .. }
            | InlineKind::Link { .. } => self.inlines(inline.kind.children()),
        }
    }
}

fn is_decorative(attrs: &Attrs) -> bool {
    attrs.has_class("decorative")
}

fn name(label: Option<&Label>) -> Option<&str> {
    label.map(|label| label.text.as_str())
}

fn admonition(kind: AdmonitionKind, labels: &Labels) -> &'static str {
    let [note, tip, important, warning, caution] = labels.admonitions;
    match kind {
        AdmonitionKind::Note => note,
        AdmonitionKind::Tip => tip,
        AdmonitionKind::Important => important,
        AdmonitionKind::Warning => warning,
        AdmonitionKind::Caution => caution,
    }
}

fn panel_role(role: PanelRole, labels: &Labels) -> &'static str {
    match role {
        PanelRole::KeyPoints => labels.key_points,
        PanelRole::Box => labels.boxed,
        PanelRole::Recommendation => labels.recommendation,
        PanelRole::Example => labels.example,
    }
}

fn lists_members(block: &RBlock) -> bool {
    match &block.kind {
        BlockKind::Stage(ResolvedBlock::Listing(listing)) => listing.kind == crate::ast::ListingKind::Members,
        BlockKind::Stage(ResolvedBlock::Section(section)) => section.blocks.iter().any(lists_members),
        _ => false,
    }
}
