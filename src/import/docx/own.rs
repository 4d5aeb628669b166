//! Features of our own editions: panels and admonitions as tables of one cell, and the table of
//! document control.

use super::assemble::Flat;
use super::paragraph::Para;
use super::style::Role;
use super::{Reader, survey, table};
use crate::ast::{
    AbbreviationDefinition, AdmonitionKind, AttrList, Block, BlockKind, ListingKind, Metadata, NoteDefinition, Panel,
    PanelRole, Parsed, ParsedBlock, Toc, UNNUMBERED, plain_text,
};
use crate::diagnostic::Code;
use crate::import::control::{self, Line, behind};
use crate::import::marks::{self, Bit, Marked, node};
use crate::import::print;
use crate::import::xml::Element;
use crate::language::{Labels, Language};

const ADMONITIONS: [AdmonitionKind; 5] = [
    AdmonitionKind::Note,
    AdmonitionKind::Tip,
    AdmonitionKind::Important,
    AdmonitionKind::Warning,
    AdmonitionKind::Caution,
];
const PANELS: [PanelRole; 4] = [PanelRole::KeyPoints, PanelRole::Box, PanelRole::Recommendation, PanelRole::Example];

impl Reader<'_> {
    /// The words that Chancery adds in the document's language.
    pub(super) fn labels(&self) -> &'static Labels {
        Language::from_tag(self.lang.as_deref().unwrap_or("en")).labels
    }

    /// The language of our own editions, which they say exactly.
    pub(super) fn own_language(&self) -> Option<String> {
        let [core, _] = &self.properties;
        let tag = core.as_ref()?.child("dc:language")?.text().trim().to_owned();
        (self.styles.own && Language::is_tag(&tag)).then_some(tag)
    }

    /// The front matter of our own editions: what the table of document control says, and the
    /// summary above the text.
    pub(super) fn own_front(&mut self, metadata: &mut Metadata, flats: &mut Vec<Flat>) {
        let language = Language::from_tag(self.lang.as_deref().unwrap_or("en"));
        let [_, custom] = &self.properties;
        let is_dated = custom.iter().flat_map(Element::elements).any(|property| property.get("name") == Some("Date"));
        metadata.date.take_if(|_| !is_dated);
        // The description may be the first paragraph of the text.
        metadata.abstract_text = None;
        for (term, lines) in std::mem::take(&mut self.control) {
            if !control::row(metadata, &language, &term, &lines) {
                let words: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
                let message = format!("of the document's data this is left out: {term}: {}", words.join(", "));
                self.losses.add(Code::LeftOut, 0, message, Some("add it to the front matter"));
            }
        }
        flats.retain(|flat| {
            !flat.is_blank() || matches!(flat, Flat::Para(para) if matches!(para.role, Role::Heading(_)))
        });
        // A title with more in it than words is in the text.
        let title = (self.shift > 0 && !flats.is_empty()).then(|| flats.remove(0));
        if let Some(Flat::Block(block, _)) = flats.first()
            && let BlockKind::Panel(Panel { title: Some(title), blocks, .. }) = &block.kind
            && plain_text(title) == language.labels.abstract_title
        {
            let paragraphs = blocks.iter().filter_map(|block| match &block.kind {
                BlockKind::Paragraph(content) => Some(print::line(content)),
                _ => None,
            });
            metadata.abstract_text = Some(control::spanned(paragraphs.collect::<Vec<_>>().join("\n\n")));
            self.losses.generated(language.labels.abstract_title);
            blocks.iter().for_each(|block| {
                if let BlockKind::Paragraph(content) = &block.kind {
                    self.losses.generated(&plain_text(content));
                }
            });
            flats.remove(0);
        }
        *flats = self.own_lists(std::mem::take(flats));
        let is_contents =
            matches!(flats.first(), Some(Flat::Block(block, _)) if is_listing(block, ListingKind::Contents));
        metadata.toc =
            Some(control::spanned(if is_contents { Toc::Depth(self.deepest_entry.clamp(1, 6)) } else { Toc::No }));
        if is_contents {
            flats.remove(0);
        }
        flats.splice(0..0, title);
    }

    /// Handles generated lists at their positions, with the headings of those that are not
    /// generated again, and notes without calls.
    fn own_lists(&mut self, flats: Vec<Flat>) -> Vec<Flat> {
        let labels = self.labels();
        let mut kept: Vec<Flat> = Vec::new();
        let mut flats = flats.into_iter().peekable();
        let mut level = 0;
        while let Some(flat) = flats.next() {
            let mut para = match flat {
                Flat::Para(para) => para,
                Flat::Block(..) => {
                    kept.push(flat);
                    continue;
                }
            };
            if let Role::Heading(own) = para.role {
                level = own;
            }
            if let Some(name) = para.take_note() {
                let blocks = self.assemble_inner(vec![Flat::Para(para)]);
                let span = node((), self.serial).span;
                self.noted.push(NoteDefinition { name, blocks, only: Vec::new(), span });
                continue;
            }
            if para.role != Role::ContentsHeading {
                kept.push(Flat::Para(para));
                continue;
            }
            let text = para.text();
            let kinds = [
                (labels.contents, ListingKind::Contents),
                (labels.figures, ListingKind::Figures),
                (labels.tables, ListingKind::Tables),
                (labels.abbreviations, ListingKind::Abbreviations),
                (labels.in_this_collection, ListingKind::Members),
            ];
            let Some((_, kind)) = kinds.into_iter().find(|(label, _)| *label == text.trim()) else {
                let is_last = text.trim() == labels.bibliography;
                para.role = Role::Heading(if is_last { 1 } else { (level + 1).min(6) });
                kept.push(Flat::Para(para));
                continue;
            };
            self.losses.generated(&text);
            flats.next_if(|flat| matches!(flat, Flat::Block(block, _) if is_listing(block, kind)));
            match kind {
                ListingKind::Abbreviations => self.own_abbreviations(&mut flats),
                ListingKind::Members => {
                    let is_line = |flat: &Flat| matches!(flat, Flat::Para(para) if matches!(para.role, Role::Entry | Role::Definition));
                    while let Some(Flat::Para(line)) = flats.next_if(is_line) {
                        self.losses.generated(&line.text());
                    }
                }
                ListingKind::Contents | ListingKind::Figures | ListingKind::Tables | ListingKind::Bibliography => {}
            }
            let is_automatic = matches!(kind, ListingKind::Abbreviations | ListingKind::Members);
            if !is_automatic || self.placed_lists.contains(&para.serial) {
                let block = node(BlockKind::Stage(ParsedBlock::Listing(kind)), para.serial);
                kept.push(Flat::Block(block, para.depth));
            }
        }
        kept
    }

    fn own_abbreviations(&mut self, flats: &mut std::iter::Peekable<std::vec::IntoIter<Flat>>) {
        let is = |flat: &Flat, role| matches!(flat, Flat::Para(para) if para.role == role);
        while let Some(Flat::Para(short)) = flats.next_if(|flat| is(flat, Role::Term)) {
            let Some(Flat::Para(expansion)) = flats.next_if(|flat| is(flat, Role::Definition)) else { break };
            let (short, expansion) = (short.text(), expansion.text());
            self.losses.generated(&short);
            self.losses.generated(&expansion);
            let span = node((), self.serial).span;
            self.abbreviations.push(AbbreviationDefinition { short, expansion, only: Vec::new(), span });
        }
    }

    /// A panel or an admonition: its heading says which.
    pub(super) fn panel(&mut self, element: &Element) -> Option<Flat> {
        let serial = self.next_serial();
        let properties = element.child("w:tblPr");
        let said = properties.and_then(|properties| properties.value("w:tblCaption")).map(str::to_owned);
        let row = self.contents(element).into_iter().find(|child| child.is("w:tr"))?;
        if self.is_taken_away(row.child("w:trPr")) {
            return None;
        }
        let cell = self.contents(row).into_iter().find(|child| child.is("w:tc"))?;
        let block = self.inside(cell, |reader, mut flats| {
            let is_title = matches!(flats.first(), Some(Flat::Para(para)) if para.role == Role::PanelTitle);
            let title = match if is_title { Some(flats.remove(0)) } else { None } {
                Some(Flat::Para(para)) => Some(*para),
                Some(Flat::Block(..)) | None => None,
            };
            let blocks = reader.assemble_inner(flats);
            Some(reader.titled(title, said.as_deref(), blocks, serial))
        })?;
        Some(Flat::Block(block, table::depth(properties)))
    }

    fn titled(
        &mut self,
        title: Option<Para>,
        said: Option<&str>,
        blocks: Vec<Block<Parsed>>,
        serial: u32,
    ) -> Block<Parsed> {
        let labels = self.labels();
        let panel = |role, title| BlockKind::Panel(Panel { role, title, label: (), blocks: blocks.clone() });
        let Some(mut para) = title else { return node(panel(PanelRole::Box, None), serial) };
        if para.sequence.is_some() {
            let caption = self.caption(para);
            let mut block = node(panel(PanelRole::Box, Some(caption.content.clone())), serial);
            block.attrs = caption.attrs(true).into();
            return block;
        }
        let mut attrs = AttrList { id: para.take_id(), ..AttrList::default() };
        let text = para.text();
        let kind = if let Some((kind, title)) = admonition(labels, &text) {
            self.losses.generated(text.strip_suffix(title).unwrap_or(&text));
            skip(&mut para.bits, text.len() - title.len());
            let title = marks::inlines(para.bits, serial);
            BlockKind::Admonition { kind, title: (!title.is_empty()).then_some(title), blocks: blocks.clone() }
        } else if let Some(role) = PANELS.into_iter().find(|role| role.label(labels) == text) {
            self.losses.generated(&text);
            panel(role, None)
        } else {
            // The name for screen readers says what a panel with its own title is.
            let is = |role: &PanelRole| said.is_some_and(|said| behind(labels, role.label(labels), said).is_some());
            let role = PANELS.into_iter().find(is).unwrap_or(PanelRole::Box);
            if role == PanelRole::Box {
                attrs.classes.push(UNNUMBERED.to_owned());
            }
            panel(role, Some(marks::inlines(para.bits, serial)))
        };
        let mut block = node(kind, serial);
        block.attrs = attrs.into();
        block
    }

    /// The table of document control, which is made of the front matter.
    pub(super) fn control_table(&mut self, element: &Element) -> Option<Flat> {
        for row in self.contents(element) {
            if !row.is("w:tr") || self.is_taken_away(row.child("w:trPr")) {
                continue;
            }
            let cells: Vec<&Element> = self.contents(row).into_iter().filter(|cell| cell.is("w:tc")).collect();
            let [term, value] = cells.as_slice() else { continue };
            let lines: Vec<Line> =
                value.elements().filter(|child| child.is("w:p")).map(|paragraph| self.line_of(paragraph)).collect();
            let term = survey::text(term).trim().to_owned();
            self.losses.generated(&term);
            lines.iter().for_each(|line| self.losses.generated(&line.text));
            self.control.push((term, lines));
        }
        None
    }

    fn line_of(&self, paragraph: &Element) -> Line {
        let mut links = Vec::new();
        paragraph.all("w:hyperlink", &mut links);
        let address = |link: &&Element| self.relationships.address(link.get("r:id")?).map(str::to_owned);
        Line { text: survey::text(paragraph), addresses: links.iter().filter_map(address).collect() }
    }
}

fn is_listing(block: &Block<Parsed>, kind: ListingKind) -> bool {
    matches!(block.kind, BlockKind::Stage(ParsedBlock::Listing(own)) if own == kind)
}

/// The kind of an admonition by its heading, and the rest of the heading.
fn admonition<'t>(labels: &Labels, text: &'t str) -> Option<(AdmonitionKind, &'t str)> {
    ADMONITIONS.into_iter().find_map(|kind| {
        let word = kind.label(labels);
        let title = if text == word { Some("") } else { behind(labels, word, text) };
        title.map(|title| (kind, title))
    })
}

/// Removes the first bytes of the words of a paragraph.
fn skip(bits: &mut [Marked], mut bytes: usize) {
    for marked in bits {
        let Bit::Text(text) = &mut marked.bit else { continue };
        let taken = bytes.min(text.len());
        *text = text.get(taken..).unwrap_or_default().to_owned();
        bytes -= taken;
    }
}
