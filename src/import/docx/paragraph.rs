//! Paragraphs, and the text that is in a body, a cell, a note or a box.

use super::assemble::Flat;
use super::numbering::Numbered;
use super::style::{Found, Role};
use super::survey::{self, is_contents};
use super::{DEPTH, Reader};
use crate::ast::{Block, BlockKind, InlineKind, NoteDefinition, Parsed};
use crate::diagnostic::Code;
use crate::import::loss::excerpt;
use crate::import::marks::{self, Bit, Mark, Marked};
use crate::import::spaced;
use crate::import::xml::Element;
use crate::source::{FileId, Span};

/// How the bookmarks of lists begin that the author of our own editions asked for.
const PLACED_LISTS: [&str; 2] = ["abbreviations", "members"];

/// A paragraph that was read.
#[derive(Debug, Clone)]
pub struct Para {
    pub serial: u32,
    pub role: Role,
    pub numbered: Option<Numbered>,
    pub bits: Vec<Marked>,
    /// Its sequence, if it is a caption.
    pub sequence: Option<Sequence>,
    /// The number of lists, definitions and quotations around it, if its style says so.
    pub depth: u8,
}

/// The number of a caption.
#[derive(Debug, Clone)]
pub struct Sequence {
    /// Name of the sequence.
    pub name: String,
    /// The piece after the number.
    pub end: usize,
}

impl Para {
    /// Its words.
    pub fn text(&self) -> String {
        marks::text(&self.bits)
    }

    /// Takes the number of a note off its start, where our own editions start a note.
    pub fn take_note(&mut self) -> Option<String> {
        let is_note = self.role == Role::Note
            && matches!(self.bits.first(), Some(Marked { bit: Bit::Inline(kind), .. }) if matches!(**kind, InlineKind::Note(_)));
        match self.bits.first().filter(|_| is_note)?.bit.clone() {
            Bit::Inline(kind) => match *kind {
                InlineKind::Note(number) => {
                    self.bits.remove(0);
                    Some(number)
                }
                _ => None,
            },
            Bit::Text(_) | Bit::Break | Bit::Node(_) | Bit::Anchor(_) => None,
        }
    }

    /// How often the mark of a note stands at its start. LibreOffice writes the mark beside the one
    /// that was typed, so that superscript marks may follow one another.
    fn count_mark(&self, mark: &str) -> usize {
        /// That of LibreOffice, and the one that was typed.
        const MOST_MARKS: usize = 2;
        let text = self.text();
        let Some(rest) = text.trim_start().strip_prefix(mark).filter(|_| !mark.is_empty()) else { return 0 };
        let raised = self.bits.iter().map_while(|marked| match &marked.bit {
            Bit::Text(text) if marked.marks.contains(&Mark::Superscript) => Some(text.trim()),
            Bit::Text(_) | Bit::Break | Bit::Inline(_) | Bit::Node(_) | Bit::Anchor(_) => None,
        });
        let raised = raised.collect::<String>();
        if !raised.is_empty() && raised.replace(mark, "").is_empty() {
            return raised.matches(mark).count().min(MOST_MARKS);
        }
        // The start of a word or a number is no mark.
        let goes_on = mark.ends_with(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric);
        usize::from(!goes_on)
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
    /// The paragraphs and tables that are in an element.
    pub(super) fn flats(&mut self, parent: &Element) -> Vec<Flat> {
        let mut flats = Vec::new();
        // Where the section of pages begins that is read.
        let mut section = 0;
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
                    if let Some(pages) = element.child("w:pPr").and_then(|properties| properties.child("w:sectPr")) {
                        self.end_section(pages, flats.get_mut(section..).unwrap_or_default());
                        section = flats.len();
                    }
                }
                "w:sectPr" => self.end_section(element, flats.get_mut(section..).unwrap_or_default()),
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
                // Unknown elements may contain text.
                _ if holds_text(element, &["w:p", "w:tbl"]) => flats.extend(self.flats(element)),
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
        Para { serial: self.serial, role: Role::Body, numbered: None, bits, sequence: None, depth: 0 }
    }

    /// Tables on landscape pages are landscape, if other pages are upright.
    fn end_section(&mut self, pages: &Element, flats: &mut [Flat]) {
        let is_turned = pages.child("w:pgSz").and_then(|size| size.get("w:orient")) == Some("landscape");
        if !is_turned || !self.has_upright_pages {
            return;
        }
        for flat in flats {
            if let Flat::Block(Block { kind: BlockKind::Table(table), .. }, _) = flat {
                table.landscape = true;
            }
        }
    }

    /// Reads a control with a table of contents, which is generated again.
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
        let mut bits = std::mem::replace(&mut self.bits, outer);
        if style.role == Role::ContentsEntry {
            self.deepest_entry = self.deepest_entry.max(style.depth.saturating_add(1));
        }
        self.take_separators(&mut bits);
        let is_contents = (was_in_contents || self.is_in_remade()) && marks::is_blank(&bits);
        let mut more: Vec<Flat> = std::mem::take(&mut self.listings);
        more.extend(std::mem::take(&mut self.boxes).into_iter().map(|block| Flat::Block(block, style.depth)));
        let remade = std::mem::take(&mut self.remade);
        self.losses.generated(&remade);
        let sequence = self.sequence.take();
        if is_contents {
            return (None, false, more);
        }
        let role = level(properties).map_or(style.role, Role::Heading);
        let is_empty =
            marks::is_blank(&bits) && !(self.styles.own && (role.is_item() || matches!(role, Role::Heading(_))));
        let numbered = self.numbered(properties, &style, goes_on || is_empty);
        let para = Para { serial, role, numbered, bits, sequence, depth: style.depth };
        if role == Role::Front {
            self.losses.generated(&para.text());
            return (None, goes_on, more);
        }
        self.numbered_paragraphs |= role == Role::Numbered;
        let mut names =
            element.elements().filter_map(|child| child.get("w:name").filter(|_| child.is("w:bookmarkStart")));
        if role == Role::ContentsHeading && names.any(|name| PLACED_LISTS.iter().any(|list| name.starts_with(list))) {
            self.placed_lists.insert(serial);
        }
        if role == Role::ContentsEntry || role == Role::ContentsHeading {
            return (self.listed(para), goes_on, more);
        }
        (Some(para), goes_on, more)
    }

    /// Removes separators between consecutive note marks.
    fn take_separators(&mut self, bits: &mut Vec<Marked>) {
        let is_note = |marked: Option<&Marked>| matches!(marked, Some(Marked { bit: Bit::Inline(kind), .. }) if matches!(**kind, InlineKind::Note(_)));
        let mut at = 1;
        while at + 1 < bits.len() {
            let is_between = is_note(bits.get(at - 1)) && is_note(bits.get(at + 1));
            match bits.get(at) {
                Some(Marked { bit: Bit::Text(text), marks })
                    if is_between && marks.contains(&Mark::Superscript) && !text.contains(char::is_alphanumeric) =>
                {
                    self.losses.generated(text);
                    bits.remove(at);
                }
                _ => at += 1,
            }
        }
    }

    /// Reads a line of a list generated by Word, or its heading; both are generated again.
    fn listed(&mut self, para: Para) -> Option<Para> {
        if self.styles.own && para.role == Role::ContentsHeading {
            return Some(para);
        }
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
                _ if holds_text(element, &["w:r"]) => self.inlines(element, marks, lang),
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
        // In our own editions a cross-reference is a link around its field.
        let is_ours = self.styles.own && !self.is_withheld() && is_reference(element);
        if let Some(anchor) = element.get("w:anchor").filter(|_| is_ours) {
            let words = spaced(&survey::text(element));
            return self.label(start, &super::field::id(anchor), words);
        }
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
        self.inside(parent, Self::assemble_inner)
    }

    /// Calls `make` with the text of a note, a cell or a box; the default if it is nested too
    /// deeply.
    pub(super) fn inside<T: Default>(&mut self, parent: &Element, make: impl FnOnce(&mut Self, Vec<Flat>) -> T) -> T {
        if self.depth >= DEPTH {
            let message =
                format!("text is left out that stands deep in other text: “{}”", excerpt(&survey::text(parent)));
            self.losses.add(Code::LeftOut, self.serial, message, None);
            return T::default();
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
        let made = make(self, flats);
        (self.bits, self.fields, self.listings, self.boxes, self.sequence) = outer;
        self.depth -= 1;
        made
    }

    fn swap_relationships(&mut self, is_footnote: bool) {
        let own = if is_footnote { &mut self.of_footnotes } else { &mut self.of_endnotes };
        std::mem::swap(&mut self.relationships, own);
    }

    /// The name of a note, which is read when it is called first: in our own editions its
    /// number, by which other notes may call it too.
    pub(super) fn note_name(&mut self, is_footnote: bool, id: &str, mark: Option<&str>) -> Option<String> {
        let key = (is_footnote, id.to_owned());
        if let Some(name) = self.note_names.get(&key) {
            return Some(name.clone());
        }
        let notes = if is_footnote { &mut self.footnotes } else { &mut self.endnotes };
        let note = notes.remove(id)?;
        let own_mark = mark.map(str::trim).filter(|mark| self.styles.own && !mark.is_empty());
        self.counted_notes += usize::from(mark.is_none());
        let name = match own_mark {
            Some(mark) => mark.to_owned(),
            None if self.styles.own => self.counted_notes.to_string(),
            None => (self.note_names.len() + 1).to_string(),
        };
        self.note_names.insert(key, name.clone());
        let at = self.noted.len();
        let serial = self.serial;
        // A note refers by the list of its own part.
        self.swap_relationships(is_footnote);
        let definitions = self.inside(&note, |reader, flats| reader.notes(flats, &name, mark, serial));
        self.swap_relationships(is_footnote);
        let at = at.min(self.noted.len());
        self.noted.splice(at..at, definitions);
        Some(name)
    }

    /// The blocks of a note, which start with its mark where that is its own, and the notes that
    /// only it calls, which follow in our own editions.
    fn notes(&mut self, flats: Vec<Flat>, name: &str, mark: Option<&str>, serial: u32) -> Vec<NoteDefinition> {
        let mut parts = vec![(name.to_owned(), Vec::new())];
        for (index, mut flat) in flats.into_iter().enumerate() {
            if let Flat::Para(para) = &mut flat {
                match para.take_note() {
                    Some(number) if index > 0 => parts.push((number, Vec::new())),
                    Some(_) | None => {}
                }
                if let Some(mark) = mark.map(str::trim).filter(|_| index == 0) {
                    for _ in 0..para.count_mark(mark) {
                        super::title::take_start(para, mark);
                        self.losses.generated(mark);
                    }
                }
            }
            if let Some((_, flats)) = parts.last_mut() {
                flats.push(flat);
            }
        }
        let span = Span { file: FileId(0), start: serial, end: serial };
        let note = |(name, flats)| NoteDefinition { name, blocks: self.assemble_inner(flats), only: Vec::new(), span };
        parts.into_iter().map(note).collect()
    }
}

fn holds_text(element: &Element, names: &[&str]) -> bool {
    !element.name.ends_with("Pr") && names.iter().any(|name| element.find(name).is_some())
}

/// Whether a field in a link refers to a place.
fn is_reference(link: &Element) -> bool {
    let mut instructions = Vec::new();
    link.all("w:instrText", &mut instructions);
    instructions.iter().any(|instruction| instruction.text().trim_start().starts_with("REF "))
}

/// The level of a heading that its own properties say.
fn level(properties: Option<&Element>) -> Option<u8> {
    let level: u8 = properties?.value("w:outlineLvl")?.parse().ok()?;
    (level < 9).then_some(level + 1)
}
