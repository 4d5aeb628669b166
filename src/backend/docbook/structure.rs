//! The article and its sections, in the order DocBook allows: info, contents,
//! blocks, sections, then annexes, glossary and what else comes at the end.

use super::block::Title;
use super::info::status;
use super::writer::Writer;
use super::xml::{Attributes, WriteXml};
use crate::ast::{BlockKind, ListingKind};
use crate::format::Format;
use crate::resolve::{ControlRow, RBlock, Resolved, ResolvedBlock, Section};

/// Writes the whole file.
pub(super) fn article(document: &Resolved) -> String {
    let mut writer = Writer::new(document);
    let mut attributes = vec![
        ("xmlns", "http://docbook.org/ns/docbook".to_owned()),
        ("xmlns:xlink", "http://www.w3.org/1999/xlink".to_owned()),
        ("version", "5.2".to_owned()),
        ("xml:lang", document.language.tag.clone()),
    ];
    if let Some(spanned) = &document.metadata.status {
        attributes.push(("status", status(spanned.value).to_owned()));
    }
    writer.xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    writer.block("article", &attributes, Writer::article);
    writer.xml.raw("\n");
    writer.xml.into_string()
}

impl Writer<'_> {
    fn article(&mut self) {
        let document = self.document;
        self.info();
        if let Some(listing) = document.contents.as_ref().filter(|listing| !listing.entries.is_empty()) {
            self.contents(listing);
        }
        let start = self.xml.count();
        self.control(&document.control);
        let parts = parts(&document.blocks);
        // Annexes are appendices only where nothing but annexes follows.
        let body = parts.iter().rposition(|part| !part.is_annex()).map_or(0, |last| last + 1);
        let (body, annexes) = parts.split_at_checked(body).unwrap_or((&parts, &[]));
        self.parts(body);
        if self.xml.count() == start {
            self.empty("para", &Attributes::new());
        }
        annexes.iter().for_each(|annex| self.section("appendix", annex, &[]));
        self.glossary();
        self.navigation();
        self.unreferenced_notes();
    }

    /// The document control table, as readers of the other editions see it.
    fn control(&mut self, rows: &[ControlRow]) {
        if rows.is_empty() {
            return;
        }
        let none = Attributes::new();
        self.block("sidebar", &vec![("role", "document-control".to_owned())], |w| {
            w.title(&Title::Words(&w.document.control_title));
            w.block("variablelist", &none, |w| rows.iter().for_each(|row| w.control_row(row)));
        });
    }

    fn control_row(&mut self, row: &ControlRow) {
        let none = Attributes::new();
        self.block("varlistentry", &none, |w| {
            w.text_leaf("term", &none, &row.label);
            w.block("listitem", &none, |w| {
                row.value.iter().for_each(|line| w.leaf("para", &none, |w| w.inlines(line)));
                if row.value.is_empty() {
                    w.empty("para", &none);
                }
            });
        });
    }

    /// Blocks, then sections. What follows a section at its own level goes
    /// into it: DocBook wants nothing but sections after a section.
    fn parts(&mut self, parts: &[Part]) {
        let first = parts.iter().position(|part| part.section.is_some()).unwrap_or(parts.len());
        let (blocks, sections) = parts.split_at_checked(first).unwrap_or((parts, &[]));
        for part in blocks {
            self.part_block(part);
        }
        let mut rest = sections;
        while let Some((section, after)) = rest.split_first() {
            let following = after.iter().take_while(|part| part.section.is_none()).count();
            let (following, after) = after.split_at_checked(following).unwrap_or((after, &[]));
            self.section("section", section, following);
            rest = after;
        }
    }

    fn part_block(&mut self, part: &Part) {
        let inherited = self.inherited.clone();
        self.inherited.lang = part.lang.map(str::to_owned).or(self.inherited.lang.take());
        self.one_block(part.block);
        self.inherited = inherited;
    }

    /// A section or appendix, with parts from after it that it takes in.
    fn section(&mut self, name: &str, part: &Part, following: &[Part]) {
        let Some(section) = part.section else { return };
        let role = (section.annex && name == "section").then_some("annex");
        let mut attributes = self.attributes(&part.block.attrs, role);
        if let Some(lang) = part.lang.filter(|_| part.block.attrs.lang().is_none()) {
            attributes.push(("xml:lang", lang.to_owned()));
        }
        if let Some(number) = &section.number {
            attributes.push(("label", self.bare_number(section, number)));
            if section.annex {
                attributes.push(("xreflabel", number.clone()));
            }
        }
        let side = self.side_of([part.block]);
        self.push_revision(&mut attributes, side);
        self.within(
            |place| place.level = section.level,
            |w| {
                w.block(name, &attributes, |w| {
                    w.title(&Title::Inlines(&section.title));
                    let mut inside = parts(&section.blocks);
                    inside.extend(following.iter().copied());
                    w.parts(&inside);
                });
            },
        );
    }

    /// The number without the word "Annex", which style sheets add themselves.
    fn bare_number(&self, section: &Section, number: &str) -> String {
        let pattern = self.document.language.labels.annex_numbered;
        let (before, after) = pattern.split_once("{}").unwrap_or_default();
        // A no-break space may stand where the pattern has a space.
        let plain = number.replace('\u{a0}', " ");
        let bare = plain.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        bare.filter(|_| section.annex).unwrap_or(number).to_owned()
    }

    /// The abbreviations, unless the document has a list of them already.
    fn glossary(&mut self) {
        let document = self.document;
        if document.abbreviations.is_empty() || document.lists(ListingKind::Abbreviations, Format::Docbook) {
            return;
        }
        self.block("glossary", &vec![("role", "abbreviations".to_owned())], |w| {
            w.title(&Title::Words(document.language.labels.abbreviations));
            for entry in &document.abbreviations {
                w.abbreviation_entry(&entry.short, |w| w.xml.text(&entry.expansion));
            }
        });
    }

    /// The members of the collection, and links to the documents above, before and after this one.
    fn navigation(&mut self) {
        let navigation = &self.document.navigation;
        let none = Attributes::new();
        let neighbours = [&navigation.up, &navigation.previous, &navigation.next];
        let members = navigation.members.as_slice();
        let members = if self.document.lists(ListingKind::Members, Format::Docbook) { &[] } else { members };
        if members.is_empty() && neighbours.iter().all(|link| link.is_none()) {
            return;
        }
        self.block("colophon", &vec![("role", "navigation".to_owned())], |w| {
            if !members.is_empty() {
                w.block("itemizedlist", &vec![("role", "members".to_owned())], |w| {
                    w.title(&Title::Words(w.document.language.labels.in_this_collection));
                    for member in members {
                        w.block("listitem", &none, |w| {
                            w.leaf("para", &none, |w| w.navigation_link(member, &member.title));
                            if let Some(description) = &member.description {
                                w.text_leaf("para", &none, description);
                            }
                        });
                    }
                });
            }
            for link in neighbours.into_iter().flatten() {
                w.leaf("para", &none, |w| w.navigation_link(link, &link.text));
            }
        });
    }

    fn unreferenced_notes(&mut self) {
        let document = self.document;
        let left: Vec<usize> = (0..document.notes.len()).filter(|note| !self.notes_written.contains(note)).collect();
        if left.is_empty() {
            return;
        }
        self.block("colophon", &vec![("role", "notes".to_owned())], |w| {
            w.title(&Title::Words(document.language.labels.notes));
            w.within(
                |place| place.footnote = true,
                |w| {
                    for note in left {
                        if !w.notes_written.contains(&note) {
                            w.note_as_paragraphs(note);
                            w.waiting_notes();
                        }
                    }
                },
            );
        });
    }
}

/// A block at the level of sections.
#[derive(Clone, Copy)]
struct Part<'a> {
    block: &'a RBlock,
    section: Option<&'a Section>,
    /// Language of the groups around it.
    lang: Option<&'a str>,
}

impl Part<'_> {
    fn is_annex(&self) -> bool {
        self.section.is_some_and(|section| section.annex)
    }
}

/// The blocks, with those groups opened that hold sections.
fn parts(blocks: &[RBlock]) -> Vec<Part<'_>> {
    let mut parts = Vec::with_capacity(blocks.len());
    push_parts(blocks, None, &mut parts);
    parts
}

fn push_parts<'a>(blocks: &'a [RBlock], lang: Option<&'a str>, parts: &mut Vec<Part<'a>>) {
    for block in blocks {
        let inner = match &block.kind {
            BlockKind::Stage(ResolvedBlock::Section(section)) => {
                parts.push(Part { block, section: Some(section), lang });
                continue;
            }
            BlockKind::Group(inner) => Some(inner),
            BlockKind::Stage(ResolvedBlock::ForFormats { formats, blocks }) if formats.contains(&Format::Docbook) => {
                Some(blocks)
            }
            _ => None,
        };
        match inner.filter(|inner| inner.iter().any(is_section)) {
            Some(inner) => push_parts(inner, block.attrs.lang().or(lang), parts),
            None => parts.push(Part { block, section: None, lang }),
        }
    }
}

fn is_section(block: &RBlock) -> bool {
    match &block.kind {
        BlockKind::Stage(ResolvedBlock::Section(_)) => true,
        BlockKind::Group(inner) => inner.iter().any(is_section),
        _ => false,
    }
}
