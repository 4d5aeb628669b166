//! Word files (Office Open XML, ISO/IEC 29500) as documents.

mod assemble;
mod caption;
mod drawing;
mod field;
mod graphic;
mod list;
mod math;
mod numbering;
mod own;
mod package;
mod paragraph;
mod properties;
mod run;
mod style;
mod survey;
mod table;
mod title;

use super::Changes;
use super::control::Line;
use super::loss::Losses;
use super::marks::Marked;
use super::media::Media;
use super::xml::{Element, Node};
use crate::ast::{AbbreviationDefinition, Block, Document, NoteDefinition, Parsed};
use crate::diagnostic::Code;
use crate::source::{FileId, Span};
use assemble::Flat;
use field::Field;
use numbering::Numbering;
use package::{Package, Relationships};
use std::collections::{BTreeMap, BTreeSet};
use style::Styles;
use survey::Survey;

pub use package::Package as Parts;

/// The result of reading a Word file.
#[derive(Debug)]
pub struct Read {
    pub document: Document,
    pub media: Media,
    pub losses: Losses,
    /// Whether it is an edition of ours.
    pub own: bool,
}

/// Reads a Word file.
///
/// # Errors
/// Why it is not read, as a sentence.
pub fn read(bytes: &[u8], stem: &str, changes: Changes) -> Result<Read, String> {
    let package = Package::open(bytes)?;
    let root = package.main()?;
    let body = root.child("w:body").ok_or("the document has no body")?;
    let mut reader = Reader::new(&package, stem, changes)?;
    reader.properties = package.properties().unwrap_or_else(|reason| {
        reader.losses.add(Code::LeftOut, 0, format!("the document's data are left out: {reason}"), None);
        [None, None]
    });
    reader.survey = survey::survey(body, &package, &reader.styles)?;
    reader.lang = match reader.own_language() {
        Some(lang) => Some(lang),
        None => reader.survey.main_language().or_else(|| reader.styles.lang.clone()),
    };
    reader.measure = measure(body);
    reader.has_upright_pages = has_upright_pages(body);
    let flats = reader.flats(body);
    reader.furniture(&root);
    let (mut metadata, flats) = reader.front(flats, stem);
    let blocks = reader.assemble(flats);
    metadata.numbering.sections = reader.numbered_sections.then_some(true);
    metadata.numbering.paragraphs = reader.numbered_paragraphs.then_some(true);
    metadata.toc = match reader.contents.take() {
        Some(contents) if !reader.styles.own => Some(contents),
        Some(_) | None => metadata.toc,
    };
    reader.tell_changes();
    let mut document = Document {
        metadata,
        blocks,
        notes: reader.noted,
        abbreviations: reader.abbreviations,
        span: Span::point(FileId(0), 0),
    };
    super::settle::settle(&mut document, &reader.labels, &mut reader.losses);
    Ok(Read { document, media: reader.media, losses: reader.losses, own: reader.styles.own })
}

/// State of reading a file.
struct Reader<'a> {
    package: &'a Package<'a>,
    /// Relationships of the current part.
    relationships: Relationships,
    /// Relationships of the parts of footnotes and endnotes.
    of_footnotes: Relationships,
    of_endnotes: Relationships,
    styles: Styles,
    /// The document's own data, and those that its author added.
    properties: [Option<Element>; 2],
    numbering: Numbering,
    footnotes: BTreeMap<String, Element>,
    endnotes: BTreeMap<String, Element>,
    comments: BTreeMap<String, Element>,
    survey: Survey,
    changes: Changes,
    losses: Losses,
    media: Media,
    /// Counts paragraphs, tables and rows.
    serial: u32,
    /// Pieces of the paragraph that is open.
    bits: Vec<Marked>,
    fields: Vec<Field>,
    /// Generated words of the current paragraph.
    remade: String,
    /// Lists that a field asked for in the paragraph that is open.
    listings: Vec<Flat>,
    /// Text boxes of the paragraph that is open.
    boxes: Vec<Block<Parsed>>,
    /// The sequence that numbers the current paragraph.
    sequence: Option<paragraph::Sequence>,
    /// Labels of the targets of references, by id.
    labels: BTreeMap<String, String>,
    noted: Vec<NoteDefinition>,
    /// How many notes Word has counted.
    counted_notes: usize,
    /// Abbreviations that our own editions explain.
    abbreviations: Vec<AbbreviationDefinition>,
    /// Paragraphs of our own editions at which a place is marked, as it is at lists where the
    /// author asked for them.
    placed_lists: BTreeSet<u32>,
    /// Names of notes that were called, by kind and number.
    note_names: BTreeMap<(bool, String), String>,
    /// The document's language.
    lang: Option<String>,
    numbered_sections: bool,
    /// Whether paragraphs have numbers, in our own editions.
    numbered_paragraphs: bool,
    /// The rows of the table of document control, in our own editions.
    control: Vec<(String, Vec<Line>)>,
    /// Whether some pages do not lie on their side.
    has_upright_pages: bool,
    /// How much deeper headings are than in the file: the title may be one above them.
    shift: u8,
    /// Whether the numbers of all headings were typed.
    typed_numbers: bool,
    /// The deepest level of the contents, in our own editions.
    deepest_entry: u8,
    contents: Option<crate::ast::Spanned<crate::ast::Toc>>,
    /// How many changes were settled.
    settled: usize,
    /// Room for text, in English Metric Units.
    measure: f64,
    /// Ids that are in use already.
    placed: BTreeSet<String>,
    /// How deep text boxes, tables and notes are in one another.
    depth: usize,
}

/// The maximum nesting of text boxes and tables.
const DEPTH: usize = 24;

impl<'a> Reader<'a> {
    fn new(package: &'a Package<'a>, stem: &str, changes: Changes) -> Result<Self, String> {
        let relationships = package.relationships(package.main_path())?;
        let part = |kind: &str| package.related(&relationships, kind);
        let styles = part("styles")?.map(|root| Styles::read(&root)).unwrap_or_default();
        let numbering = part("numbering")?.map(|root| Numbering::read(&root)).unwrap_or_default();
        Ok(Reader {
            footnotes: notes(part("footnotes")?, "w:footnote"),
            endnotes: notes(part("endnotes")?, "w:endnote"),
            comments: notes(part("comments")?, "w:comment"),
            of_footnotes: package.relationships_of(&relationships, "footnotes")?,
            of_endnotes: package.relationships_of(&relationships, "endnotes")?,
            package,
            relationships,
            styles,
            numbering,
            survey: Survey::default(),
            properties: [None, None],
            changes,
            losses: Losses::default(),
            media: Media::for_stem(stem),
            serial: 0,
            bits: Vec::new(),
            fields: Vec::new(),
            remade: String::new(),
            listings: Vec::new(),
            boxes: Vec::new(),
            sequence: None,
            labels: BTreeMap::new(),
            noted: Vec::new(),
            counted_notes: 0,
            abbreviations: Vec::new(),
            placed_lists: BTreeSet::new(),
            note_names: BTreeMap::new(),
            lang: None,
            numbered_sections: false,
            numbered_paragraphs: false,
            control: Vec::new(),
            has_upright_pages: false,
            shift: 0,
            typed_numbers: false,
            contents: None,
            deepest_entry: 0,
            settled: 0,
            measure: 0.0,
            placed: BTreeSet::new(),
            depth: 0,
        })
    }

    fn next_serial(&mut self) -> u32 {
        self.serial = self.serial.saturating_add(1);
        self.serial
    }

    /// The content of an element. Wrappers are opened, and deleted content is left out.
    fn contents<'e>(&mut self, parent: &'e Element) -> Vec<&'e Element> {
        let mut found = Vec::new();
        for child in &parent.children {
            let Node::Element(element) = child else { continue };
            match &*element.name {
                "w:ins" | "w:moveTo" => self.change(element, Changes::Accept, &mut found),
                "w:del" | "w:moveFrom" => self.change(element, Changes::Reject, &mut found),
                "w:sdt" if !survey::is_contents(element) => {
                    if self.is_unfilled(element) {
                        continue;
                    }
                    found.extend(
                        element.child("w:sdtContent").map(|content| self.contents(content)).unwrap_or_default(),
                    );
                }
                "w:smartTag" | "w:customXml" | "w:dir" | "w:bdo" => found.extend(self.contents(element)),
                "mc:AlternateContent" => {
                    found.extend(alternative(element).map(|chosen| self.contents(chosen)).unwrap_or_default());
                }
                _ => found.push(element),
            }
        }
        found
    }

    /// Whether a form field shows only its placeholder, which is not text. A drop-down list is
    /// reported.
    fn is_unfilled(&mut self, control: &Element) -> bool {
        let Some(properties) = control.child("w:sdtPr") else { return false };
        if ["w:dropDownList", "w:comboBox"].iter().any(|name| properties.child(name).is_some()) {
            self.drop_down();
        }
        let is_unfilled = properties.child("w:showingPlcHdr").is_some_and(Element::is_on);
        if is_unfilled {
            let words = control.child("w:sdtContent").map(survey::text).unwrap_or_default();
            let message =
                format!("a field of a form is empty; what it asks for is left out: “{}”", super::loss::excerpt(&words));
            self.losses.add(Code::LeftOut, self.serial, message, None);
        }
        is_unfilled
    }

    fn change<'e>(&mut self, element: &'e Element, kept_when: Changes, found: &mut Vec<&'e Element>) {
        self.settled += 1;
        if self.changes == kept_when {
            found.extend(self.contents(element));
        }
    }

    /// Whether a mark among properties says that their bearer is taken away.
    fn is_taken_away(&mut self, properties: Option<&Element>) -> bool {
        let Some(properties) = properties else { return false };
        let has = |names: [&str; 2]| names.iter().any(|name| properties.child(name).is_some());
        let new = has(["w:ins", "w:moveTo"]) || has(["w:cellIns"; 2]);
        let old = has(["w:del", "w:moveFrom"]) || has(["w:cellDel"; 2]);
        self.settled += usize::from(new || old);
        match self.changes {
            Changes::Accept => old,
            Changes::Reject => new,
        }
    }

    /// Reports how tracked changes were handled.
    fn tell_changes(&mut self) {
        if self.settled == 0 {
            return;
        }
        let done = match self.changes {
            Changes::Accept => "accepted",
            Changes::Reject => "rejected",
        };
        let message = format!("{} tracked changes were {done}", self.settled);
        self.losses.add(
            Code::ChangesSettled,
            0,
            message,
            Some("`--changes accept` and `--changes reject` say which text is meant"),
        );
    }

    /// Reads headers and footers, which the theme generates again.
    fn furniture(&mut self, root: &Element) {
        let mut found = Vec::new();
        for name in ["w:headerReference", "w:footerReference"] {
            root.all(name, &mut found);
        }
        for reference in found {
            let kind = if reference.is("w:headerReference") { "header" } else { "footer" };
            let target = reference.get("r:id").and_then(|id| self.relationships.target(id));
            let part = target.and_then(|path| self.package.part(path).ok());
            let mut texts = Vec::new();
            if let Some(part) = &part {
                part.all("w:p", &mut texts);
            }
            let words: Vec<String> = texts.iter().map(|paragraph| survey::text(paragraph)).collect();
            let words = words.join(" ");
            if words.contains(char::is_alphabetic) {
                let message = format!("the page {kind} is left out: “{}”", super::loss::excerpt(&words));
                self.losses.add_once(
                    Code::LeftOut,
                    0,
                    message,
                    Some("the theme makes running heads of the document's own data"),
                );
            }
        }
    }

    /// A comment, which is no part of the text.
    fn comment(&mut self, id: &str, at: u32) {
        let Some(comment) = self.comments.get(id) else { return };
        let author = comment.get("w:author").filter(|author| !author.trim().is_empty()).unwrap_or("somebody");
        let mut paragraphs = Vec::new();
        comment.all("w:p", &mut paragraphs);
        let words: Vec<String> = paragraphs.iter().map(|paragraph| survey::text(paragraph)).collect();
        let message = format!("a comment of {author} is left out: “{}”", words.join(" ").trim());
        self.losses.add(Code::LeftOut, at, message, None);
    }
}

fn has_upright_pages(body: &Element) -> bool {
    let mut sizes = Vec::new();
    body.all("w:pgSz", &mut sizes);
    sizes.iter().any(|size| size.get("w:orient") != Some("landscape"))
}

/// Room for text between the margins of the last section, in English Metric Units.
fn measure(body: &Element) -> f64 {
    const EMU_IN_TWIP: f64 = 635.0;
    let number = |element: Option<&Element>, name| element.and_then(|element| element.get(name)?.parse::<f64>().ok());
    let section = body.child("w:sectPr");
    let size = number(section.and_then(|section| section.child("w:pgSz")), "w:w");
    let margins = section.and_then(|section| section.child("w:pgMar"));
    let margin = |name| number(margins, name).unwrap_or(0.0);
    size.map_or(0.0, |size| ((size - margin("w:left") - margin("w:right")) * EMU_IN_TWIP).max(0.0))
}

/// The branch of an alternative that is read (ISO/IEC 29500-3, 7.5): one of shapes that are
/// known, else what is there for old readers.
fn alternative(element: &Element) -> Option<&Element> {
    const KNOWN: [&str; 12] =
        ["wps", "wpg", "wpc", "w14", "w15", "w16", "w16se", "w16cid", "wp14", "a14", "asvg", "adec"];
    let is_known = |choice: &&Element| {
        let requires = choice.get("Requires").unwrap_or_default();
        choice.is("mc:Choice") && requires.split_whitespace().all(|prefix| KNOWN.contains(&prefix))
    };
    element.elements().find(is_known).or_else(|| element.child("mc:Fallback"))
}

/// Notes or comments by their ids, without those that are rules between pages.
fn notes(root: Option<Element>, name: &str) -> BTreeMap<String, Element> {
    let Some(root) = root else { return BTreeMap::new() };
    let children = root.children.into_iter().filter_map(|child| match child {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    });
    children
        .filter(|element| element.is(name) && matches!(element.get("w:type"), None | Some("normal")))
        .filter_map(|element| Some((element.get("w:id")?.to_owned(), element)))
        .collect()
}
