//! A survey of a text before it is read: the bookmarks that are referred to, their targets, and the
//! language.

use super::package::Package;
use super::style::{Role, Styles};
use crate::import::xml::Element;
use crate::language::Language;
use std::collections::{BTreeMap, BTreeSet};

/// The target of a bookmark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookmarkTarget {
    /// A caption with a number, and what it is called, such as "Table 3".
    Caption {
        label: String,
        number: String,
    },
    Heading,
    /// The mark of a note, by whether it is a footnote, and its number in the file.
    Note {
        is_footnote: bool,
        id: String,
    },
    Text,
}

/// Results of the survey.
#[derive(Debug, Default)]
pub struct Survey {
    /// Bookmarks that something refers to.
    pub wanted: BTreeSet<String>,
    pub places: BTreeMap<String, BookmarkTarget>,
    /// How many letters are in each language.
    pub languages: BTreeMap<String, usize>,
}

/// Looks through the text.
///
/// # Errors
/// Why a part cannot be read, as a sentence.
pub fn survey(body: &Element, package: &Package, styles: &Styles) -> Result<Survey, String> {
    let mut survey = Survey::default();
    let relationships = package.relationships(package.main_path())?;
    let mut parts = vec![];
    for kind in ["footnotes", "endnotes"] {
        parts.extend(package.related(&relationships, kind)?);
    }
    for part in parts.iter().chain([body]) {
        let mut instructions = String::new();
        survey.wants(part, &mut instructions);
        survey.instructions(&instructions);
    }
    let mut paragraphs = Vec::new();
    nested(body, "w:p", &mut paragraphs);
    for paragraph in &paragraphs {
        survey.paragraph(paragraph, styles);
    }
    Ok(survey)
}

/// All elements of a name, those in others of them too.
fn nested<'e>(parent: &'e Element, name: &str, found: &mut Vec<&'e Element>) {
    for element in parent.elements() {
        if element.is(name) {
            found.push(element);
        }
        nested(element, name, found);
    }
}

impl Survey {
    /// The language of most letters; of two alike the first by name.
    pub fn main_language(&self) -> Option<String> {
        let allowed = self.languages.iter().filter(|(tag, _)| Language::is_allowed(tag));
        let (tag, _) = allowed.max_by(|one, other| one.1.cmp(other.1).then(other.0.cmp(one.0)))?;
        Some(tag.clone())
    }

    fn wants(&mut self, parent: &Element, instructions: &mut String) {
        for element in parent.elements() {
            match &*element.name {
                "w:hyperlink" => {
                    let anchor = element.get("w:anchor").filter(|anchor| !anchor.starts_with("_Toc"));
                    self.wanted.extend(anchor.map(str::to_owned));
                }
                "w:instrText" => instructions.push_str(&element.text()),
                "w:fldSimple" => {
                    instructions.push('\n');
                    instructions.push_str(element.get("w:instr").unwrap_or_default());
                    instructions.push('\n');
                }
                "w:fldChar" => instructions.push('\n'),
                _ => {}
            }
            self.wants(element, instructions);
        }
    }

    /// Bookmarks that fields refer to; those of page numbers alone are not wanted.
    fn instructions(&mut self, instructions: &str) {
        for instruction in instructions.lines() {
            let words = super::field::field_words(instruction);
            let [kind, rest @ ..] = words.as_slice() else { continue };
            match kind.to_uppercase().as_str() {
                "REF" | "NOTEREF" => self.wanted.extend(rest.first().cloned()),
                "HYPERLINK" => {
                    let at = rest.iter().position(|word| word == "\\l");
                    self.wanted.extend(at.and_then(|at| rest.get(at + 1).cloned()));
                }
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, paragraph: &Element, styles: &Styles) {
        let mut marks = Vec::new();
        paragraph.all("w:bookmarkStart", &mut marks);
        let names: Vec<&str> = marks.iter().filter_map(|mark| mark.get("w:name")).collect();
        let names = names.into_iter().filter(|name| self.wanted.contains(*name)).map(str::to_owned);
        let names: Vec<String> = names.collect();
        let properties = paragraph.child("w:pPr");
        let style = styles.paragraph(properties.and_then(|properties| properties.value("w:pStyle")));
        self.language(paragraph, style.lang.as_deref().or(styles.lang.as_deref()));
        if names.is_empty() {
            return;
        }
        let place = match style.role {
            Role::Heading(_) => BookmarkTarget::Heading,
            _ => match caption(paragraph) {
                Some((label, number)) => BookmarkTarget::Caption { label, number },
                None => BookmarkTarget::Text,
            },
        };
        let mut notes = noted(paragraph);
        for name in names {
            let place = notes.remove(&name).unwrap_or_else(|| place.clone());
            self.places.entry(name).or_insert(place);
        }
    }

    fn language(&mut self, paragraph: &Element, of_style: Option<&str>) {
        let mut runs = Vec::new();
        paragraph.all("w:r", &mut runs);
        for run in runs {
            let own = run.child("w:rPr").and_then(|properties| properties.value("w:lang"));
            let letters = run
                .elements()
                .filter(|text| text.is("w:t"))
                .map(|text| text.text().chars().filter(|c| c.is_alphabetic()).count());
            if let Some(lang) = own.or(of_style) {
                *self.languages.entry(lang.to_owned()).or_default() += letters.sum::<usize>();
            }
        }
    }
}

/// The label and the number of a caption, where a field counts one.
fn caption(paragraph: &Element) -> Option<(String, String)> {
    let mut before = String::new();
    let mut number = String::new();
    let mut state = State::Before;
    let mut instruction = String::new();
    scan(paragraph, &mut |element| match (&*element.name, state) {
        ("w:fldSimple", State::Before) if is_sequence(element.get("w:instr").unwrap_or_default()) => {
            number = text(element);
            state = State::Done;
        }
        ("w:fldChar", _) => match element.get("w:fldCharType") {
            Some("begin") => instruction.clear(),
            Some("separate") if is_sequence(&instruction) && state == State::Before => state = State::Number,
            Some("end") if state == State::Number => state = State::Done,
            _ => {}
        },
        ("w:instrText", _) => instruction.push_str(&element.text()),
        ("w:t", State::Before) => before.push_str(&element.text()),
        ("w:t", State::Number) => number.push_str(&element.text()),
        _ => {}
    });
    let number = number.trim().to_owned();
    (state == State::Done).then(|| (format!("{}{number}", before.trim_start()), number))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Number,
    Done,
}

fn scan(parent: &Element, see: &mut dyn FnMut(&Element)) {
    for element in parent.elements() {
        see(element);
        if !element.is("w:fldSimple") {
            scan(element, see);
        }
    }
}

fn is_sequence(instruction: &str) -> bool {
    instruction.trim_start().get(..3).is_some_and(|kind| kind.eq_ignore_ascii_case("seq"))
}

/// The notes of a paragraph whose marks are in bookmarks, by the bookmarks' names.
fn noted(paragraph: &Element) -> BTreeMap<String, BookmarkTarget> {
    let mut open: BTreeMap<String, String> = BTreeMap::new();
    let mut noted = BTreeMap::new();
    scan(paragraph, &mut |element| {
        let id = || element.get("w:id").unwrap_or_default().to_owned();
        match &*element.name {
            "w:bookmarkStart" => _ = open.insert(id(), element.get("w:name").unwrap_or_default().to_owned()),
            "w:bookmarkEnd" => _ = open.remove(&id()),
            "w:footnoteReference" | "w:endnoteReference" => {
                for name in open.values() {
                    let is_footnote = element.is("w:footnoteReference");
                    let note = BookmarkTarget::Note { is_footnote, id: id() };
                    noted.entry(name.clone()).or_insert(note);
                }
            }
            _ => {}
        }
    });
    noted
}

/// The text of an element as a reader sees it, without what was deleted.
pub fn text(parent: &Element) -> String {
    let mut words = String::new();
    for element in parent.elements() {
        match &*element.name {
            "w:t" => words.push_str(&element.text()),
            "w:tab" | "w:br" | "w:cr" => words.push(' '),
            "w:del" | "w:instrText" | "mc:Fallback" => {}
            _ => words.push_str(&text(element)),
        }
    }
    words
}

/// Whether a content control holds a list of contents.
pub fn is_contents(element: &Element) -> bool {
    let gallery = element.child("w:sdtPr").and_then(|properties| properties.find("w:docPartGallery"));
    gallery.and_then(|gallery| gallery.get("w:val")) == Some("Table of Contents")
}
