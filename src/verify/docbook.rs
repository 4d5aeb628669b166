//! Reads the words of a DocBook edition, in the order in which they are shown.

use super::formula::MathMl;
use super::rules::DocbookRules;
use super::side;
use super::word::Words;
use super::{Check, Reading, Unreadable};
use crate::resolve::Side;
use quick_xml::Reader as XmlReader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Elements that are inside a line.
const INLINE: [&str; 18] = [
    "acronym",
    "anchor",
    "citetitle",
    "code",
    "email",
    "emphasis",
    "firstterm",
    // The alternative text of a picture separates words.
    "imagedata",
    "imageobject",
    // A formula parts words by itself.
    "inlineequation",
    "inlinemediaobject",
    "keycap",
    "link",
    "phrase",
    "quote",
    "subscript",
    "superscript",
    "uri",
];
/// Admonitions: the name is what they are called.
const ADMONITIONS: [&str; 5] = ["note", "tip", "important", "warning", "caution"];
/// Prefix of the element names in formulas.
const MATH: &str = "mml:";
/// Elements with the document's data besides its text.
const INFO: [&str; 4] = ["title", "subtitle", "releaseinfo", "abstract"];

/// Reads an article: what it says, and the rules that it keeps or breaks.
pub fn read(bytes: &[u8]) -> (Result<Reading, Unreadable>, Vec<Check>) {
    let text = String::from_utf8_lossy(bytes);
    let mut rules = DocbookRules::default();
    let mut reading = walk(&text, &mut rules);
    if matches!(text, Cow::Owned(_)) {
        reading = std::str::from_utf8(bytes).map_err(|error| Unreadable(error.to_string())).and(reading);
    }
    (reading, rules.finish())
}

fn walk(text: &str, rules: &mut DocbookRules) -> Result<Reading, Unreadable> {
    let mut xml = XmlReader::from_str(text);
    let mut reader = Reader { inner_notes: inner_notes(text), ..Reader::default() };
    loop {
        match xml.read_event() {
            Ok(Event::Start(element)) => {
                rules.start(&element);
                reader.start(&element);
            }
            Ok(Event::Empty(element)) => {
                rules.start(&element);
                reader.start(&element);
                reader.end();
            }
            Ok(Event::End(_)) => reader.end(),
            Ok(Event::Text(text)) => reader.text(&text),
            Ok(Event::CData(text)) => reader.text(&text),
            Ok(Event::GeneralRef(entity)) => {
                let escaped = format!("&{};", &*entity);
                let plain = quick_xml::escape::unescape(&escaped).map_err(|error| Unreadable(error.to_string()))?;
                reader.text(&plain);
            }
            Ok(Event::PI(instruction)) if instruction.target() == "asciidoc-br" => reader.open_words().end(),
            Ok(Event::PI(_) | Event::Comment(_) | Event::Decl(_) | Event::DocType(_)) => {}
            Ok(Event::Eof) => return Ok(reader.finish()),
            Err(error) => {
                rules.broken(error.to_string());
                return Err(Unreadable(error.to_string()));
            }
        }
    }
}

/// The ids of notes that only other notes call, which are paragraphs of those, and their numbers.
fn inner_notes(text: &str) -> BTreeMap<String, usize> {
    let mut ids = BTreeMap::new();
    let mut open = None;
    if !text.contains("role=\"footnote\"") {
        return ids;
    }
    let mut xml = XmlReader::from_str(text);
    loop {
        match xml.read_event() {
            Ok(Event::Start(element)) if attribute(&element, "role").as_deref() == Some("footnote") => {
                // Authors may give paragraphs this role too, but not such an id.
                let is_ours = |id: &String| ["note-", "_old-note-"].iter().any(|start| id.starts_with(start));
                open = attribute(&element, "xml:id").filter(is_ours);
            }
            // The number is the first of its words.
            Ok(Event::Text(words)) => {
                let number = words.trim().parse().ok();
                ids.extend(open.take().zip(number));
            }
            Ok(Event::Eof) | Err(_) => return ids,
            Ok(_) => {}
        }
    }
}

fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok().flatten()?;
    quick_xml::escape::unescape(&attribute.value).ok().map(Cow::into_owned)
}

/// The parts of an edition in the order in which they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Part {
    Banner,
    Title,
    Subtitle,
    Control,
    Summary,
    #[default]
    Text,
    /// A note, by the place of its reference.
    Note(usize),
}

struct Open {
    name: String,
    /// Where to go on when it ends.
    outer: Part,
    /// Whether its words count.
    read: bool,
    target: Option<String>,
    calls_note: bool,
    /// Whether it is of one version only.
    is_change: bool,
}

/// A row that is open: which version alone it says it is of, and what it holds.
struct OpenRow {
    flag: Option<Side>,
    /// The versions of its changes.
    sides: BTreeSet<Side>,
    /// Whether something in it is of both versions.
    has_kept: bool,
    /// How many notes are open around it.
    notes: usize,
}

impl OpenRow {
    /// The problem with its flag: a row must be flagged if all of it is in one version only.
    fn fault(&self) -> Option<String> {
        let flagged_well = |flag: Side| self.sides.iter().eq([&flag]);
        match self.flag {
            Some(flag) if !flagged_well(flag) => Some("a row is flagged whose words are not"),
            None if self.sides.len() == 1 && !self.has_kept => Some("a row that one version has is not flagged"),
            Some(_) | None => None,
        }
        .map(str::to_owned)
    }
}

#[derive(Default)]
struct Reader {
    rows: Vec<OpenRow>,
    faults: Vec<String>,
    parts: BTreeMap<Part, Words>,
    part: Part,
    open: Vec<Open>,
    notes: usize,
    inner_notes: BTreeMap<String, usize>,
    /// The formula that is open.
    math: MathMl,
}

impl Reader {
    fn open_words(&mut self) -> &mut Words {
        self.parts.entry(self.part).or_default()
    }

    fn reads(&self) -> bool {
        self.open.last().is_some_and(|open| open.read)
    }

    fn is_inside(&self, name: &str) -> bool {
        self.open.last().is_some_and(|open| open.name == name)
    }

    /// Records content of both versions, unless it is in a change.
    fn keep(&mut self) {
        if self.open.iter().all(|open| !open.is_change) {
            self.rows_around().for_each(|row| row.has_kept = true);
        }
    }

    fn open_notes(&self) -> usize {
        self.open.iter().filter(|open| open.name == "footnote").count()
    }

    /// The rows that are open, but for those from which a note was called that is open: its words
    /// are not theirs.
    fn rows_around(&mut self) -> impl Iterator<Item = &mut OpenRow> {
        let notes = self.open_notes();
        self.rows.iter_mut().filter(move |row| row.notes == notes)
    }

    fn text(&mut self, text: &str) {
        if self.math.is_open() {
            self.math.text(text);
        } else if self.reads() {
            if !text.trim().is_empty() {
                self.keep();
            }
            self.open_words().text(text, None);
        }
    }

    fn start(&mut self, element: &BytesStart) {
        let name = element.name().into_inner().to_owned();
        if name.starts_with(MATH) || matches!(name.as_str(), "imagedata" | "footnote" | "footnoteref") {
            self.keep();
        }
        if name.starts_with(MATH) {
            return self.math.start(&name);
        }
        let attribute = |wanted: &str| attribute(element, wanted);
        let role = attribute("role").unwrap_or_default();
        let mut outer = self.part;
        let in_info = self.is_inside("info") && self.open.len() == 2;
        let mut read = self.open.last().is_none_or(|open| open.read);
        if !INLINE.contains(&name.as_str()) && name != "footnote" && read {
            self.open_words().end();
        }
        if in_info {
            read = INFO.contains(&name.as_str()) && (name != "releaseinfo" || role == "banner");
            self.part = match name.as_str() {
                "title" => Part::Title,
                "subtitle" => Part::Subtitle,
                "releaseinfo" => Part::Banner,
                "abstract" => Part::Summary,
                _ => outer,
            };
        }
        let mut calls_note = false;
        match name.as_str() {
            "sidebar" if role == "document-control" => self.part = Part::Control,
            // Notes that nothing calls come last, as their numbers do.
            "colophon" if role == "notes" => self.part = Part::Note(usize::MAX),
            "title" if self.is_inside("colophon") => read = false,
            // The name of a picture says what its title only adds to.
            "textobject" if role == "title" => read = false,
            "footnote" => {
                let number = attribute("label").unwrap_or_default();
                self.open_words().apart(&number, None);
                self.notes += 1;
                // Notes are in the order of their numbers, as in every edition.
                self.part = Part::Note(number.parse().unwrap_or(self.notes));
                self.open_words().apart(&number, None);
            }
            // A note that only another note calls.
            "link" if attribute("linkend").is_some_and(|id| self.inner_notes.contains_key(&id)) => {
                self.open_words().end();
                calls_note = true;
            }
            "footnoteref" => self.open_words().apart(&attribute("label").unwrap_or_default(), None),
            // Such a note is in the one that calls it, with the paragraphs that follow, and is
            // listed by its own number.
            "para" if read && role == "footnote" => {
                let id = attribute("xml:id").unwrap_or_default();
                self.part = self.inner_notes.get(&id).map_or(outer, |number| Part::Note(*number));
                outer = self.part;
            }
            _ if ADMONITIONS.contains(&name.as_str()) => self.open_words().apart(&name, None),
            "figure" | "table" | "equation" | "section" | "appendix" | "para" if read => {
                let number = attribute("xreflabel").or_else(|| attribute("label"));
                self.open_words().apart(&number.unwrap_or_default(), None);
            }
            _ => {}
        }
        let target = (name == "link" && read && !calls_note)
            .then(|| attribute("linkend").map(|id| format!("#{id}")).or_else(|| attribute("xlink:href")))
            .flatten();
        let is_change = self.begin_change(element, &role, read);
        self.open.push(Open { name, outer, read, target, calls_note, is_change });
    }

    /// Reads what an element says of a version; whether it is a change.
    fn begin_change(&mut self, element: &BytesStart, role: &str, read: bool) -> bool {
        let side = match attribute(element, "revisionflag").as_deref() {
            Some("added") => Some(Side::New),
            Some("deleted") => Some(Side::Old),
            _ => None,
        };
        match element.name().into_inner() {
            "row" => self.rows.push(OpenRow {
                flag: side,
                sides: BTreeSet::new(),
                has_kept: false,
                notes: self.open_notes(),
            }),
            "phrase" | "para" if read => {
                let Some((side, sign)) = side.and_then(|side| Some((side, side::start_of(role, Some(side))?))) else {
                    return false;
                };
                self.rows_around().for_each(|row| row.sides.extend([side]));
                let version = attribute(element, "revision").unwrap_or_default();
                self.open_words().apart(&format!("{sign}{version}"), None);
                return true;
            }
            _ => {}
        }
        false
    }

    fn end(&mut self) {
        if self.math.is_open() {
            if let Some(said) = self.math.end().filter(|_| self.reads()) {
                self.open_words().apart(&said, None);
            }
            return;
        }
        let Some(open) = self.open.pop() else { return };
        if let Some(target) = open.target {
            self.open_words().target(&target, None);
        }
        if open.is_change {
            self.open_words().apart(side::END, None);
        }
        if open.name == "row" {
            self.faults.extend(self.rows.pop().and_then(|row| row.fault()));
        }
        if !INLINE.contains(&open.name.as_str()) || open.calls_note {
            self.open_words().end();
        }
        self.part = open.outer;
    }

    fn finish(self) -> Reading {
        let Reader { parts, faults, .. } = self;
        let passages = parts.into_values().flat_map(Words::passages).collect();
        Reading { passages, faults }
    }
}
