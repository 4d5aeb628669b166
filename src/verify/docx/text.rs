//! The text of an edition in the order in which a reader gets it: the document,
//! then the notes by their numbers.

use super::fields::{Bookmark, Field, Fields, Listed};
use super::math::OfficeMath;
use super::numbering::Numbering;
use super::{Package, Step, attribute};
use crate::resolve::ChangeKind;
use crate::verify::side;
use crate::verify::word::Words;
use crate::verify::{Reading, Unreadable};
use quick_xml::events::BytesStart;
use std::collections::BTreeMap;

/// The paragraph that is open.
#[derive(Debug, Default)]
struct Paragraph {
    style: String,
    list: Option<String>,
    level: Option<usize>,
    number: Option<String>,
    is_counted: bool,
    text: String,
    sequence: Option<String>,
}

/// A field that is open.
#[derive(Debug, Default)]
struct OpenField {
    instruction: String,
    result: String,
    shows: bool,
}

/// Reads the parts with text.
#[derive(Default)]
pub struct Reader {
    words: Words,
    /// Notes by number, the words of each.
    notes: BTreeMap<(u32, usize), Words>,
    /// The note that is open.
    note: Option<(u32, usize)>,
    numbering: Numbering,
    /// List and level of styles that are numbered.
    styles: BTreeMap<String, (String, usize)>,
    links: BTreeMap<String, (String, bool)>,
    paragraph: Paragraph,
    targets: Vec<Option<String>>,
    fields: Vec<OpenField>,
    found: Fields,
    /// Bookmarks that are open, by their ids.
    bookmarks: BTreeMap<String, String>,
    /// The formula that is open.
    math: OfficeMath,
    run_style: String,
    in_text: bool,
    in_instruction: bool,
    in_section: bool,
    /// Numbers of the notes, by the ids of their texts.
    note_numbers: BTreeMap<String, String>,
    counted_notes: u32,
    custom_note: Option<String>,
    note_id: String,
    /// Updated results of fields, in order, if they are read instead of the stored ones.
    pub anew: Option<Vec<Option<String>>>,
    faults: Vec<String>,
}

impl Reader {
    /// Reads what the text is counted by.
    pub fn open(package: &Package) -> Result<Reader, Unreadable> {
        let mut reader = Reader { numbering: Numbering::read(package)?, ..Reader::default() };
        let mut style = String::new();
        package.walk("word/styles.xml", &mut |step| {
            let Step::Start(name, element) = step else { return Ok(()) };
            let value = || attribute(element, "w:val").unwrap_or_default();
            match name {
                "w:style" => style = attribute(element, "w:styleId").unwrap_or_default(),
                "w:ilvl" => reader.styles.entry(style.clone()).or_default().1 = value().parse().unwrap_or_default(),
                "w:numId" => reader.styles.entry(style.clone()).or_default().0 = value(),
                _ => {}
            }
            Ok(())
        })?;
        Ok(reader)
    }

    /// Reads the document and its notes.
    pub fn document(&mut self, package: &Package) -> Result<(), Unreadable> {
        for (part, links) in [
            ("word/document.xml", "word/_rels/document.xml.rels"),
            ("word/footnotes.xml", "word/_rels/footnotes.xml.rels"),
        ] {
            self.links = package.relationships(links)?;
            self.note = None;
            package.walk(part, &mut |step| {
                match step {
                    Step::Start(name, element) if self.math.is_open() => self.math.start(name, element),
                    Step::Text(text) if self.math.is_open() => self.math.text(text),
                    Step::End(_) if self.math.is_open() => self.end_math(),
                    Step::Start(name, element) => self.start(name, element),
                    Step::Text(text) if self.in_text => self.text(text),
                    Step::Text(text) if self.in_instruction => self.instruction(text),
                    Step::Text(_) => {}
                    Step::End(name) => self.end(name),
                }
                Ok(())
            })?;
        }
        if !self.fields.is_empty() {
            self.faults.push("a field does not end".to_owned());
        }
        Ok(())
    }

    /// The updated results of the fields that were read.
    pub fn results(&self) -> Vec<Option<String>> {
        self.found.anew()
    }

    /// The reading, with its faults.
    pub fn finish(mut self) -> Reading {
        for note in self.notes.into_values() {
            self.words.append(note);
        }
        if self.anew.is_none() {
            self.faults.extend(self.found.faults());
        }
        Reading { passages: self.words.passages(), faults: self.faults }
    }

    fn open_words(&mut self) -> &mut Words {
        match self.note {
            Some(note) => self.notes.entry(note).or_default(),
            None => &mut self.words,
        }
    }

    /// Text for those who collect it beside the words: fields, bookmarks, headings.
    fn collect(&mut self, text: &str) {
        self.paragraph.text.push_str(text);
        self.fields.iter_mut().filter(|field| field.shows).for_each(|field| field.result.push_str(text));
        for name in self.bookmarks.values() {
            self.found.bookmarks.entry(name.clone()).or_default().text.push_str(text);
        }
    }

    /// Adds the updated result of a field.
    fn shown_anew(&mut self) {
        let at = self.found.read.len();
        if let Some(text) = self.anew.as_ref().and_then(|anew| anew.get(at)).cloned().flatten() {
            self.collect(&text);
            self.open_words().text(&text, None);
        }
    }

    /// Whether the current content is skipped, because the updated result replaces it.
    fn is_left_out(&self) -> bool {
        let Some(anew) = &self.anew else { return false };
        let style = self.paragraph.style.as_str();
        let is_listed = style.strip_prefix("Toc").is_some_and(|level| level.parse::<u8>().is_ok());
        // A field has no updated result before its first reading.
        let is_known = anew.get(self.found.read.len()).is_some();
        is_listed || style == "TableOfFigures" || (is_known && self.fields.iter().any(|field| field.shows))
    }

    fn text(&mut self, text: &str) {
        if self.is_left_out() {
            return;
        }
        // A mark of the note's own is no more a part of the words than one that Word counts.
        if let Some(id) = self.custom_note.take() {
            self.note_numbers.insert(id, text.to_owned());
            self.call_note(text);
            return self.open_words().apart(text, None);
        }
        self.collect(text);
        if self.run_style.ends_with("FootnoteReference") {
            if self.begins_note(text) {
                self.note = Some((text.parse().unwrap_or(u32::MAX), self.notes.len()));
            }
            return self.open_words().apart(text, None);
        }
        self.open_words().text(text, None);
    }

    /// Whether a number at the start of a paragraph is that of a note that is there, in another
    /// note or at the end of the text.
    fn begins_note(&self, number: &str) -> bool {
        let Paragraph { style, text, is_counted, .. } = &self.paragraph;
        style == "FootnoteText" && text == number && !is_counted && self.fields.is_empty()
    }

    fn instruction(&mut self, text: &str) {
        if let Some(field) = self.fields.last_mut() {
            field.instruction.push_str(text);
        }
    }

    fn start(&mut self, name: &str, element: &BytesStart) {
        let get = |name: &str| attribute(element, name);
        let value = || get("w:val").unwrap_or_default();
        match name {
            "w:p" => {
                self.open_words().end();
                self.paragraph = Paragraph::default();
            }
            "w:sectPr" => self.in_section = true,
            "w:pStyle" => self.paragraph.style = value(),
            "w:numId" => self.paragraph.list = Some(value()),
            "w:ilvl" => self.paragraph.level = value().parse().ok(),
            "w:r" => {
                self.number();
                self.run_style.clear();
            }
            "w:rStyle" => self.run_style = value(),
            "w:t" | "w:delText" => self.in_text = true,
            "w:instrText" => self.in_instruction = true,
            "w:br" => {
                self.collect(" ");
                self.open_words().end();
            }
            "w:tab" if !self.in_section => {
                self.collect(" ");
                self.open_words().end();
            }
            "w:noBreakHyphen" => {
                self.collect("\u{2011}");
                self.open_words().text("\u{2011}", None);
            }
            "w:hyperlink" => {
                self.number();
                let anchor = get("w:anchor").map(|anchor| format!("#{anchor}"));
                let target = anchor.or_else(|| Some(self.links.get(&get("r:id")?)?.0.clone()));
                if target.is_none() {
                    self.faults.push("a link leads nowhere".to_owned());
                }
                self.targets.push(target);
            }
            "w:ins" | "w:del" => self.open_words().apart(
                side::start(if name == "w:ins" { ChangeKind::Inserted } else { ChangeKind::Deleted })
                    .unwrap_or_default(),
                None,
            ),
            "wp:docPr" => {
                let said = get("descr").unwrap_or_default();
                if !said.is_empty() && !self.is_left_out() {
                    self.open_words().apart(&said, None);
                }
            }
            "w:bookmarkStart" => {
                self.number();
                let name = get("w:name").unwrap_or_default();
                let number = self.paragraph.number.clone();
                self.found.bookmarks.insert(name.clone(), Bookmark { number, ..Bookmark::default() });
                self.bookmarks.insert(get("w:id").unwrap_or_default(), name);
            }
            "w:bookmarkEnd" => {
                self.bookmarks.remove(&get("w:id").unwrap_or_default());
            }
            "m:oMath" => {
                self.number();
                self.math.start(name, element);
            }
            "w:fldChar" => self.field(&get("w:fldCharType").unwrap_or_default()),
            "w:footnoteReference" => self.refer(&get("w:id").unwrap_or_default(), get("w:customMarkFollows").is_some()),
            "w:footnote" => self.begin_note(get("w:id").unwrap_or_default()),
            "w:footnoteRef" => {
                self.paragraph.is_counted = true;
                let number = self.note_numbers.get(&self.note_id).cloned().unwrap_or_default();
                self.open_words().apart(&number, None);
            }
            _ => {}
        }
    }

    /// An element of a formula ends, and perhaps the formula.
    fn end_math(&mut self) {
        if let Some(said) = self.math.end().filter(|_| !self.is_left_out()) {
            self.collect(&said);
            self.open_words().apart(&said, None);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "w:sectPr" => self.in_section = false,
            "w:t" | "w:delText" => self.in_text = false,
            "w:instrText" => self.in_instruction = false,
            "w:ins" | "w:del" => self.open_words().apart(side::END, None),
            "w:hyperlink" => {
                if let Some(target) = self.targets.pop().flatten() {
                    self.open_words().target(&target, None);
                }
            }
            "w:p" => {
                self.number();
                self.open_words().end();
                // The result of a field may span paragraphs.
                self.fields.iter_mut().filter(|field| field.shows).for_each(|field| field.result.push(' '));
                self.list();
            }
            _ => {}
        }
    }

    /// The number of the paragraph, before the first of its words.
    fn number(&mut self) {
        if self.paragraph.is_counted {
            return;
        }
        let by_style = self.styles.get(&self.paragraph.style).cloned();
        let list = self.paragraph.list.clone().or_else(|| Some(by_style.clone()?.0));
        let level = self.paragraph.level.or_else(|| Some(by_style?.1)).unwrap_or_default();
        let Some(list) = list else { return };
        self.paragraph.is_counted = true;
        if list != "0" && !self.numbering.holds(&list) {
            self.faults.push(format!("there is no list {list}"));
        }
        if let Some(number) = self.numbering.next(&list, level) {
            self.open_words().apart(&number, None);
            self.paragraph.number = Some(number);
        }
    }

    /// Remembers the paragraph where a list of contents would hold it.
    fn list(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        let level = paragraph.style.strip_prefix("Heading").and_then(|level| level.parse().ok()).unwrap_or(0);
        if self.note.is_none() && (level > 0 || paragraph.sequence.is_some()) {
            let number = paragraph.number.map(|number| format!("{number} ")).unwrap_or_default();
            let text = format!("{number}{}", paragraph.text);
            self.found.listed.push(Listed { level, sequence: paragraph.sequence, text });
        }
    }

    fn field(&mut self, kind: &str) {
        match kind {
            "begin" => self.fields.push(OpenField::default()),
            "separate" => {
                if let Some(field) = self.fields.last_mut() {
                    field.shows = true;
                    let mut words = field.instruction.split_whitespace();
                    let kind = words.next();
                    if kind == Some("SEQ") {
                        self.paragraph.sequence = words.next().map(str::to_owned);
                    }
                    if kind != Some("TOC") {
                        self.shown_anew();
                    }
                }
            }
            _ => match self.fields.pop() {
                Some(field) => self.found.read.push(Field { instruction: field.instruction, result: field.result }),
                None => self.faults.push("a field ends that did not begin".to_owned()),
            },
        }
    }

    fn refer(&mut self, id: &str, has_own_mark: bool) {
        if has_own_mark {
            self.custom_note = Some(id.to_owned());
            return;
        }
        self.counted_notes += 1;
        let number = self.counted_notes.to_string();
        self.call_note(&number);
        self.open_words().apart(&number, None);
        self.note_numbers.insert(id.to_owned(), number);
    }

    /// Records the number of a note called in the open bookmarks, which references to them show.
    fn call_note(&mut self, number: &str) {
        for name in self.bookmarks.values() {
            self.found.bookmarks.entry(name.clone()).or_default().note = Some(number.to_owned());
        }
    }

    fn begin_note(&mut self, id: String) {
        let number = self.note_numbers.get(&id).and_then(|number| number.parse().ok());
        // The lines that part notes from the text have no number.
        self.note = Some((number.unwrap_or(u32::MAX), self.notes.len()));
        self.note_id = id;
    }
}
