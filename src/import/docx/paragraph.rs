//! Paragraphs, and the text that stands in a body, a cell, a note or a box.

use super::assemble::Flat;
use super::numbering::Numbered;
use super::style::{Found, Role};
use super::survey::{self, is_contents};
use super::{DEPTH, Reader};
use crate::ast::{Block, NoteDefinition, Parsed};
use crate::diagnostic::Code;
use crate::import::loss::excerpt;
use crate::import::marks::{self, Bit, Mark, Marked};
use crate::import::xml::Element;
use crate::source::{FileId, Span};

/// A paragraph that was read.
#[derive(Debug, Clone)]
pub struct Para {
    pub serial: u32,
    pub role: Role,
    pub numbered: Option<Numbered>,
    pub bits: Vec<Marked>,
    /// What counts it, if it is a caption.
    pub sequence: Option<Sequence>,
}

/// The number of a caption.
#[derive(Debug, Clone)]
pub struct Sequence {
    /// What is counted.
    pub name: String,
    /// The piece behind the number.
    pub end: usize,
}

impl Para {
    /// Its words.
    pub fn text(&self) -> String {
        marks::text(&self.bits)
    }

    /// Takes the ids of places out of it: the first stands for the whole block.
    pub fn take_id(&mut self) -> Option<String> {
        let at = self.bits.iter().position(|marked| matches!(marked.bit, Bit::Anchor(_)))?;
        let before = self.sequence.as_mut().filter(|sequence| at < sequence.end);
        if let Some(sequence) = before {
            sequence.end -= 1;
        }
        match self.bits.remove(at).bit {
            Bit::Anchor(id) => Some(id),
            Bit::Text(_) | Bit::Break | Bit::Inline(_) | Bit::Node(_) => None,
        }
    }
}

impl Reader<'_> {
    /// The paragraphs and tables that stand in an element.
    pub(super) fn flats(&mut self, parent: &Element) -> Vec<Flat> {
        let mut flats = Vec::new();
        // Paragraphs whose end a change takes away go on in the next.
        let mut joined: Vec<Marked> = Vec::new();
        for element in self.contents(parent) {
            match &*element.name {
                "w:p" => {
                    let (para, goes_on, mut more) = self.paragraph(element, std::mem::take(&mut joined));
                    match para {
                        Some(para) if goes_on => joined = para.bits,
                        Some(para) => flats.push(Flat::Para(Box::new(para))),
                        None => {}
                    }
                    flats.append(&mut more);
                }
                "w:tbl" => flats.extend(self.table(element)),
                "w:sdt" => self.contents_control(element),
                "w:bookmarkStart" => {
                    if let Some(bit) = self.anchor(element) {
                        joined.push(Marked::new(bit, &[]));
                    }
                }
                "w:altChunk" => {
                    let message = "a document that is embedded in the file is left out";
                    self.losses.add(Code::LeftOut, self.serial, message, Some("import it on its own"));
                }
                "m:oMathPara" | "m:oMath" => {
                    self.next_serial();
                    self.math(element, &[]);
                    let bits = std::mem::take(&mut self.bits);
                    flats.push(Flat::Para(Box::new(self.plain(bits))));
                }
                _ => {}
            }
        }
        if !marks::is_blank(&joined) {
            self.next_serial();
            flats.push(Flat::Para(Box::new(self.plain(joined))));
        }
        flats
    }

    fn plain(&self, bits: Vec<Marked>) -> Para {
        Para { serial: self.serial, role: Role::Body, numbered: None, bits, sequence: None }
    }

    /// A control that holds a list of contents, which is made anew.
    fn contents_control(&mut self, control: &Element) {
        if is_contents(control) {
            let mut instructions = Vec::new();
            control.all("w:instrText", &mut instructions);
            let instruction: String = instructions.iter().map(|element| element.text()).collect();
            let words = super::field::field_words(&instruction);
            let at = words.iter().position(|word| word == "\\o");
            let levels = at.and_then(|at| words.get(at + 1)).cloned();
            self.contents_list(levels.as_deref());
            let mut lines = Vec::new();
            control.all("w:p", &mut lines);
            lines.iter().for_each(|line| self.losses.generated(&survey::text(line)));
        }
    }

    /// A paragraph, whether it goes on in the next, and what follows it.
    pub(super) fn paragraph(&mut self, element: &Element, before: Vec<Marked>) -> (Option<Para>, bool, Vec<Flat>) {
        let serial = self.next_serial();
        let properties = self.paragraph_properties(element);
        let style = self.styles.paragraph(properties.and_then(|properties| properties.value("w:pStyle")));
        let mark = properties.and_then(|properties| properties.child("w:rPr"));
        let goes_on = self.is_taken_away(mark);
        let was_in_contents = self.is_in_remade();
        let outer = std::mem::replace(&mut self.bits, before);
        self.sequence = None;
        let lang = style.lang.clone().or_else(|| self.styles.lang.clone());
        self.inlines(element, &[], lang.as_deref());
        let bits = std::mem::replace(&mut self.bits, outer);
        let is_contents = (was_in_contents || self.is_in_remade()) && marks::is_blank(&bits);
        let mut more: Vec<Flat> = std::mem::take(&mut self.listings);
        more.extend(std::mem::take(&mut self.boxes).into_iter().map(Flat::Block));
        let remade = std::mem::take(&mut self.remade);
        self.losses.generated(&remade);
        let sequence = self.sequence.take();
        if is_contents {
            return (None, false, more);
        }
        let numbered = self.numbered(properties, &style, goes_on || marks::is_blank(&bits));
        let role = level(properties).map_or(style.role, Role::Heading);
        let para = Para { serial, role, numbered, bits, sequence };
        if role == Role::ContentsEntry || role == Role::ContentsHeading {
            return (self.listed(para), goes_on, more);
        }
        (Some(para), goes_on, more)
    }

    /// A line of a list that Word makes, or its heading: made anew.
    fn listed(&mut self, para: Para) -> Option<Para> {
        self.losses.generated(&para.text());
        if para.role == Role::ContentsEntry && !para.text().trim().is_empty() {
            self.contents_list(None);
        }
        None
    }

    fn paragraph_properties<'e>(&self, element: &'e Element) -> Option<&'e Element> {
        let properties = element.child("w:pPr")?;
        let former = properties.child("w:pPrChange").and_then(|change| change.child("w:pPr"));
        match (self.changes, former) {
            (crate::import::Changes::Reject, Some(former)) => Some(former),
            _ => Some(properties),
        }
    }

    /// Counts the paragraph, if it is an item or has a number.
    fn numbered(&mut self, properties: Option<&Element>, style: &Found, is_empty: bool) -> Option<Numbered> {
        let own = properties.and_then(|properties| properties.child("w:numPr"));
        let id = own.and_then(|own| own.value("w:numId").map(str::to_owned));
        let id = id.or_else(|| style.list.as_ref().map(|(id, _)| id.clone()))?;
        let depth = own.and_then(|own| own.value("w:ilvl")?.parse().ok());
        let depth = depth.or_else(|| style.list.as_ref().map(|(_, depth)| *depth)).unwrap_or(0);
        // An empty item shows its number, and no words that could be lost.
        if is_empty { None } else { self.numbering.next(&id, depth) }
    }

    pub(super) fn inlines(&mut self, parent: &Element, marks: &[Mark], lang: Option<&str>) {
        for element in self.contents(parent) {
            match &*element.name {
                "w:r" => self.run(element, marks, lang),
                "w:hyperlink" => self.hyperlink(element, marks, lang),
                "w:fldSimple" => self.simple_field(element, marks, lang),
                "w:bookmarkStart" => {
                    if let Some(bit) = self.anchor(element) {
                        self.emit(bit, &[]);
                    }
                }
                "m:oMath" | "m:oMathPara" => self.math(element, marks),
                "w:subDoc" => {
                    let message = "a document that is kept in another file is left out";
                    self.losses.add(Code::LeftOut, self.serial, message, Some("import it on its own"));
                }
                _ => {}
            }
        }
    }

    fn hyperlink(&mut self, element: &Element, marks: &[Mark], lang: Option<&str>) {
        let outside = element.get("r:id").and_then(|id| self.relationships.address(id)).map(str::to_owned);
        let inside = element.get("w:anchor").map(|anchor| match &outside {
            Some(_) => format!("#{anchor}"),
            None => format!("#{}", self.link_id(anchor)),
        });
        let target = format!("{}{}", outside.unwrap_or_default(), inside.unwrap_or_default());
        let start = self.bits.len();
        self.inlines(element, marks, lang);
        if !target.is_empty() {
            self.link_from(start.min(self.bits.len()), &target);
        }
    }

    /// The place of a bookmark that something refers to, once.
    fn anchor(&mut self, element: &Element) -> Option<Bit> {
        let name = element.get("w:name").filter(|name| self.survey.wanted.contains(*name))?;
        if matches!(self.survey.places.get(name), Some(survey::BookmarkTarget::Note { .. })) {
            return None;
        }
        let id = super::field::id(name);
        self.placed.insert(id.clone()).then_some(Bit::Anchor(id))
    }

    /// The text in a note, a cell or a box, as blocks.
    pub(super) fn inner_blocks(&mut self, parent: &Element) -> Vec<Block<Parsed>> {
        if self.depth >= DEPTH {
            let message =
                format!("text is left out that stands deep in other text: “{}”", excerpt(&survey::text(parent)));
            self.losses.add(Code::LeftOut, self.serial, message, None);
            return Vec::new();
        }
        self.depth += 1;
        let outer = (
            std::mem::take(&mut self.bits),
            std::mem::take(&mut self.fields),
            std::mem::take(&mut self.listings),
            std::mem::take(&mut self.boxes),
            self.sequence.take(),
        );
        let flats = self.flats(parent);
        let blocks = self.assemble_inner(flats);
        (self.bits, self.fields, self.listings, self.boxes, self.sequence) = outer;
        self.depth -= 1;
        blocks
    }

    fn swap_relationships(&mut self, is_footnote: bool) {
        let own = if is_footnote { &mut self.of_footnotes } else { &mut self.of_endnotes };
        std::mem::swap(&mut self.relationships, own);
    }

    /// The name of a note, which is read when it is called first.
    pub(super) fn note_name(&mut self, is_footnote: bool, id: &str) -> Option<String> {
        let key = (is_footnote, id.to_owned());
        if let Some(name) = self.note_names.get(&key) {
            return Some(name.clone());
        }
        let notes = if is_footnote { &mut self.footnotes } else { &mut self.endnotes };
        let note = notes.remove(id)?;
        let name = (self.note_names.len() + 1).to_string();
        self.note_names.insert(key, name.clone());
        let at = self.noted.len();
        let serial = self.serial;
        // A note refers by the list of its own part.
        self.swap_relationships(is_footnote);
        let blocks = self.inner_blocks(&note);
        self.swap_relationships(is_footnote);
        let span = Span { file: FileId(0), start: serial, end: serial };
        let definition = NoteDefinition { name: name.clone(), blocks, only: Vec::new(), span };
        self.noted.insert(at.min(self.noted.len()), definition);
        Some(name)
    }
}

/// The level of a heading that its own properties say.
fn level(properties: Option<&Element>) -> Option<u8> {
    let level: u8 = properties?.value("w:outlineLvl")?.parse().ok()?;
    (level < 9).then_some(level + 1)
}
