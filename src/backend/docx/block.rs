//! Blocks other than tables and lists made from the document.

use super::numbering::Numbered;
use super::revision::{parts, plain};
use super::style::{INDENT, Role, Style};
use super::table::Grid;
use super::table_style::TableRole;
use super::writer::{ItemStart, Writer, WriterContext};
use crate::ast::{
    AdmonitionKind, Attrs, BlockKind, Definition, Figure, InlineKind, List, ListItem, ListMarker, Panel, PanelRole,
    plain_text,
};
use crate::format::Format;
use crate::language::fill;
use crate::resolve::{ChangeKind, RBlock, RInline, ResolvedBlock, ResolvedStage, Side, change_of, change_of_inlines};

/// Numbering of the list being written.
struct Count {
    numbered: Option<Numbered>,
    /// Its numbering in the earlier version, if that is different.
    before: Option<Numbered>,
    /// Number of items before the next one in the published version.
    index: u32,
    /// How many that are gone stand there.
    gone: u32,
}

/// The number of an item in the earlier version, if it is marked.
fn number_before(item: &ListItem<ResolvedStage>) -> Option<u32> {
    let BlockKind::Paragraph(content) = &item.blocks.first()?.kind else { return None };
    match &content.first()?.kind {
        InlineKind::Change { change, content } if change.kind == ChangeKind::Former => plain_text(content).parse().ok(),
        _ => None,
    }
}

/// Whether a version does not have a block.
fn goes_with_other(block: &RBlock, version: Side) -> bool {
    change_of([block]).and_then(|change| change.kind.side()).is_some_and(|side| side != version)
}

/// The version that does not have words which only the other one has.
fn version_without(words: &[RInline]) -> Option<Side> {
    Some(match change_of_inlines(words)?.kind.side()? {
        Side::New => Side::Old,
        Side::Old => Side::New,
    })
}

/// Room that a panel takes from what is in it, in points.
const PANEL_ROOM: f32 = 22.0;

impl Writer<'_> {
    /// Writes blocks in order.
    pub fn blocks(&mut self, blocks: &[RBlock]) {
        blocks.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &RBlock) {
        if self.context.only.is_some_and(|only| goes_with_other(block, only)) {
            return;
        }
        let outer = block.attrs.lang().map(|lang| self.context.lang.replace(lang.to_owned()));
        self.blocks_changed(std::slice::from_ref(block), |w| w.block_kind(block));
        if let Some(lang) = outer {
            self.context.lang = lang;
        }
    }

    fn block_kind(&mut self, block: &RBlock) {
        let attrs = &block.attrs;
        match &block.kind {
            BlockKind::Paragraph(content) => {
                self.place_of(attrs);
                self.flow(content);
            }
            BlockKind::List(list) => {
                self.place_of(attrs);
                self.list(list);
            }
            BlockKind::Definitions(definitions) => {
                self.place_of(attrs);
                self.definitions(definitions);
            }
            BlockKind::Quote { blocks, attribution } => {
                self.place_of(attrs);
                self.quote(blocks, attribution.as_deref());
            }
            BlockKind::Code { text, .. } => {
                self.place_of(attrs);
                self.code(text);
            }
            BlockKind::Equation(equation) => self.equation(equation, attrs),
            BlockKind::Admonition { kind, title, blocks } => {
                self.place_of(attrs);
                self.admonition(*kind, title.as_deref(), blocks);
            }
            BlockKind::Panel(panel) => self.panel(panel, attrs),
            BlockKind::Figure(figure) => self.figure(figure, attrs),
            BlockKind::Table(table) => self.table(table, attrs),
            BlockKind::Rule => {
                self.start_item();
                self.paragraph(self.style(Role::Rule), |_| {});
            }
            BlockKind::PageBreak => self.page_break = !self.context.in_cell && !self.context.in_note,
            BlockKind::Group(blocks) => {
                self.place_of(attrs);
                self.blocks(blocks);
            }
            BlockKind::Stage(content) => self.stage(content, attrs),
        }
    }

    fn stage(&mut self, block: &ResolvedBlock, attrs: &Attrs) {
        match block {
            ResolvedBlock::Section(section) => self.section(section, attrs),
            ResolvedBlock::Listing(listing) => {
                self.place_of(attrs);
                self.listing(listing);
            }
            ResolvedBlock::NumberedParagraph { number, content } => {
                self.numbering.side = self.side();
                let counted = self.numbering.paragraph(number);
                for (index, (part, mark)) in parts(content).into_iter().enumerate() {
                    self.revisions.next = mark;
                    self.numbered_paragraph(self.style(Role::Numbered), counted, |w| {
                        if counted.is_none() {
                            w.text(&format!("{number}\t"));
                        }
                        w.mark_place(attrs.id().filter(|_| index == 0));
                        w.inlines(part);
                    });
                }
            }
            ResolvedBlock::ForFormats { formats, blocks } => {
                if formats.contains(&Format::Docx) {
                    self.place_of(attrs);
                    self.blocks(blocks);
                }
            }
            ResolvedBlock::Changed { block, .. } => self.block(block),
        }
    }

    /// A paragraph of running text; several where some were joined to it.
    fn flow(&mut self, content: &[RInline]) {
        let item = self.item.clone();
        for (index, (part, mark)) in parts(content).into_iter().enumerate() {
            if index > 0 {
                self.item.clone_from(&item);
            }
            self.revisions.next = mark;
            self.running(|w| w.inlines(part));
        }
    }

    /// Leaves the id of a block to its first paragraph.
    pub fn place_of(&mut self, attrs: &Attrs) {
        self.pending.extend(attrs.id().map(str::to_owned));
    }

    /// A paragraph of running text: the first of an item has its number.
    fn running(&mut self, content: impl FnOnce(&mut Self)) {
        match self.item.take() {
            Some(item) => self.item_paragraph(&item, content),
            None => self.paragraph(self.style(self.context.role), content),
        }
    }

    fn item_paragraph(&mut self, item: &ItemStart, content: impl FnOnce(&mut Self)) {
        self.numbered_paragraph(self.style(item.role), item.numbered, |w| {
            if let Some(lead) = &item.lead {
                w.text(lead);
                w.text("\t");
            }
            content(w);
        });
    }

    /// Writes the number of an item whose first block is no paragraph.
    pub fn start_item(&mut self) {
        if let Some(item) = self.item.take() {
            self.item_paragraph(&item, |_| {});
        }
    }

    fn list(&mut self, list: &List<ResolvedStage>) {
        self.start_item();
        let lists = self.context.lists;
        let numbered = self.numbering.list(list.marker, lists, self.context.in_note);
        let outer = self.context.clone();
        self.context.lists = lists.saturating_add(1);
        self.indent();
        self.context.role = if outer.in_table { outer.role } else { Role::Continued };
        let mut count = Count { numbered, before: None, index: 0, gone: 0 };
        for item in &list.items {
            self.blocks_changed(&item.blocks, |w| w.item(list, item, &mut count));
        }
        self.context = outer;
    }

    fn item(&mut self, list: &List<ResolvedStage>, item: &ListItem<ResolvedStage>, count: &mut Count) {
        let Count { numbered, ref mut before, ref mut index, ref mut gone } = *count;
        let (side, begun) = (self.side(), before);
        self.numbering.side = side;
        let now = list.marker.number(*index);
        // Without another number it had the one that it has, or its place in a list that is gone.
        let place = if side == Some(Side::Old) { *gone } else { *index };
        let before = number_before(item).or(match list.marker {
            ListMarker::Ordered { start, .. } => Some(start.saturating_add(place)),
            ListMarker::Bullet | ListMarker::Plain => None,
        });
        *index += u32::from(side != Some(Side::Old));
        *gone += u32::from(side == Some(Side::Old));
        let number = match (list.marker, before) {
            (ListMarker::Ordered { style, .. }, Some(before)) if side == Some(Side::Old) => Some(style.numeral(before)),
            _ => now,
        };
        self.pending.extend(item.attrs.id().map(str::to_owned));
        let lang = item.attrs.lang().map(|lang| self.context.lang.replace(lang.to_owned()));
        let mut counted = match (&number, numbered) {
            (Some(number), Some(list)) => self.numbering.item(list, number),
            (_, list) => list,
        };
        let counted_before = numbered.filter(|_| self.is_tracked() && side != Some(Side::New));
        if let (Some(list), Some(before)) = (counted_before, before) {
            // The restarted list also counts the rest of the items.
            *begun = self.numbering.begin_before(list, before).or(*begun);
            match side {
                Some(Side::Old) => counted = begun.or(counted),
                Some(Side::New) | None => self.revisions.counted_before = *begun,
            }
        }
        let (role, counted, lead) = match (item.task, list.marker) {
            (Some(done), _) => (Role::Task, None, Some(if done { "☒" } else { "☐" }.to_owned())),
            (None, ListMarker::Ordered { .. }) => {
                let lead = number.filter(|_| counted.is_none()).map(|number| format!("{number}."));
                (if lead.is_some() { Role::Task } else { Role::Number }, counted, lead)
            }
            (None, ListMarker::Bullet) => (Role::Bullet, counted, None),
            (None, ListMarker::Plain) => (Role::Plain, None, None),
        };
        self.item = Some(ItemStart { role, numbered: counted, lead });
        self.blocks(&item.blocks);
        self.start_item();
        if let Some(lang) = lang {
            self.context.lang = lang;
        }
    }

    /// Goes a level of indents deeper.
    fn indent(&mut self) {
        self.context.depth = self.context.depth.saturating_add(1);
        self.context.measure = (self.context.measure - INDENT).max(INDENT);
    }

    fn definitions(&mut self, definitions: &[Definition<ResolvedStage>]) {
        self.start_item();
        for definition in definitions {
            for term in &definition.terms {
                self.text_changed(term, |w| w.paragraph(w.style(Role::Term), |w| w.inlines(term)));
            }
            let outer = self.context.clone();
            self.context.role = Role::Definition;
            for details in &definition.details {
                self.definition(details);
            }
            self.context = outer;
        }
    }

    /// Writes the definition of a term: its paragraphs are indented by their style, and other
    /// blocks by a level of indents.
    fn definition(&mut self, blocks: &[RBlock]) {
        for block in blocks {
            match &block.kind {
                BlockKind::Paragraph(_) => self.block(block),
                _ => {
                    let outer = self.context.clone();
                    self.indent();
                    self.context.role = Role::Body;
                    self.block(block);
                    self.context = outer;
                }
            }
        }
    }

    fn quote(&mut self, blocks: &[RBlock], attribution: Option<&[RInline]>) {
        self.start_item();
        let outer = self.context.clone();
        self.context.role = Role::Quote;
        for block in blocks {
            match &block.kind {
                BlockKind::Quote { .. } => {
                    let context = self.context.clone();
                    self.indent();
                    self.block(block);
                    self.context = context;
                }
                _ => self.definition_of_quote(block),
            }
        }
        self.context = outer;
        if let Some(attribution) = attribution {
            self.text_changed(attribution, |w| w.paragraph(w.style(Role::Attribution), |w| w.inlines(attribution)));
        }
    }

    fn definition_of_quote(&mut self, block: &RBlock) {
        match &block.kind {
            BlockKind::Paragraph(_) | BlockKind::Group(_) => self.block(block),
            _ => {
                let context = self.context.clone();
                self.indent();
                self.context.role = Role::Body;
                self.block(block);
                self.context = context;
            }
        }
    }

    /// Code is one paragraph, whose lines are broken.
    fn code(&mut self, text: &str) {
        self.start_item();
        self.paragraph(self.style(Role::Code), |w| {
            for (index, line) in text.trim_end_matches('\n').split('\n').enumerate() {
                if index > 0 {
                    w.special(|out| out.empty("w:br", &[]));
                }
                w.left_to_right(line);
            }
        });
    }

    /// Code runs from left to right in every document.
    fn left_to_right(&mut self, words: &str) {
        let outer = self.context.lang.clone();
        if self.direction() == crate::language::Direction::RightToLeft {
            self.context.lang = Some("zxx".to_owned());
        }
        self.text(words);
        self.context.lang = outer;
    }

    /// An admonition says by a word what it is; colour only repeats it.
    fn admonition(&mut self, kind: AdmonitionKind, title: Option<&[RInline]>, blocks: &[RBlock]) {
        let labels = self.document.language.labels;
        let word = kind.label(labels);
        let (table, role) = match kind {
            AdmonitionKind::Note | AdmonitionKind::Tip | AdmonitionKind::Important => {
                (TableRole::Panel, Role::PanelTitle)
            }
            AdmonitionKind::Warning | AdmonitionKind::Caution => (TableRole::Warning, Role::WarningTitle),
        };
        self.boxed(table, word, |w| {
            w.paragraph(Style::for_role(role), |w| match title {
                None => w.text(word),
                Some(title) => {
                    let pattern = fill(labels.label_value, &[word, "\u{0}"]);
                    let (before, behind) = pattern.split_once('\u{0}').unwrap_or((&pattern, ""));
                    // What goes with the title is not said of the word alone.
                    let between = before.strip_prefix(word);
                    w.text(between.map_or("", |_| word));
                    w.text_changed(title, |w| w.text(between.unwrap_or(before)));
                    w.inlines(title);
                    w.text_changed(title, |w| w.text(behind));
                }
            });
            w.blocks(blocks);
        });
    }

    fn panel(&mut self, panel: &Panel<ResolvedStage>, attrs: &Attrs) {
        let word = panel.role.label(self.document.language.labels);
        let name = match &panel.title {
            // With a title of its own, only this name says what the panel is.
            Some(title) if panel.role != PanelRole::Box => {
                fill(self.document.language.labels.label_value, &[word, &self.said(title)])
            }
            Some(title) => self.said(title),
            None => panel.label.as_ref().map_or(word, |label| &label.text).to_owned(),
        };
        self.boxed(TableRole::Panel, &name, |w| {
            let title = panel.title.as_deref();
            let style = Style::for_role(Role::PanelTitle);
            // Without a title the panel is called by what it is.
            let other = title.filter(|_| w.is_tracked() && w.side().is_none()).and_then(version_without);
            match &panel.label {
                Some(label) => {
                    w.counted_title(style, label, title.unwrap_or_default(), attrs.id());
                    if other.is_some() {
                        w.on_side(other, |w| w.paragraph(style, |w| w.text(word)));
                    }
                }
                None => w.paragraph(style, |w| {
                    w.bookmark(attrs.id(), |w| {
                        w.inlines(title.unwrap_or_default());
                        if title.is_none() || other.is_some() {
                            w.on_side(other, |w| w.text(word));
                        }
                    });
                }),
            }
            w.blocks(&panel.blocks);
        });
    }

    /// A table of one cell around what a panel holds.
    pub fn boxed(&mut self, role: TableRole, name: &str, content: impl FnOnce(&mut Self)) {
        self.start_item();
        let grid = Grid { role, shares: &[1.0], name, has_head: false, has_row_headers: false };
        let inside = WriterContext {
            measure: (self.context.measure - PANEL_ROOM).max(INDENT),
            lang: self.context.lang.clone(),
            in_note: self.context.in_note,
            in_cell: true,
            lists: self.context.lists,
            quotations: self.context.quotations,
            change: self.context.change.map(|kind| plain(kind, false)),
            pair: None,
            ..WriterContext::outermost(self.theme)
        };
        self.grid(&grid, |w| w.within(|context| *context = inside, |w| w.one_cell(content)));
    }

    fn figure(&mut self, figure: &Figure<ResolvedStage>, attrs: &Attrs) {
        self.start_item();
        let outer = std::mem::replace(&mut self.context.role, Role::Figure);
        self.blocks(&figure.blocks);
        self.context.role = outer;
        self.caption(figure.label.as_ref(), figure.caption.as_deref(), attrs.id(), false);
    }
}
