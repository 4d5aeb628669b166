//! Web pages as documents: the editions that Chancery writes, and others by what their
//! elements mean.

mod block;
mod inline;
mod look;
mod math;
mod metadata;
mod note;
mod survey;
mod table;
mod tree;

use super::control::spanned;
use super::loss::{Losses, excerpt};
use super::media::Media;
use crate::ast::{AbbreviationDefinition, Document, Metadata, NoteDefinition, Spanned, Toc};
use crate::diagnostic::Code;
use crate::language::{Labels, Language};
use crate::source::{FileId, Files, Span};
use look::Looks;
use std::collections::{BTreeMap, BTreeSet};
pub use tree::{Element, read as tree};

/// The result of reading a page.
pub struct Read {
    pub document: Document,
    pub media: Media,
    pub losses: Losses,
}

/// Reads a page.
///
/// # Errors
/// Why it is not read, as a sentence.
pub fn read(page: &Element, stem: &str, files: &dyn Files) -> Result<Read, String> {
    let root = root(page);
    let head = page.find("head");
    let own = metadata::is_own(head);
    let lang = page.find("html").and_then(|html| html.get("lang")).map(str::to_owned);
    let language = Language::from_tag(lang.as_deref().unwrap_or("en"));
    let mut reader = Reader {
        own,
        files,
        labels: language.labels,
        lang: lang.filter(|lang| Language::is_allowed(lang)),
        losses: Losses::default(),
        media: Media::for_stem(stem),
        serial: 0,
        notes: BTreeMap::new(),
        note_order: Vec::new(),
        note_names: BTreeMap::new(),
        noted: Vec::new(),
        called: BTreeMap::new(),
        wanted: BTreeSet::new(),
        abbreviations: BTreeMap::new(),
        calls: BTreeMap::new(),
        comments: BTreeSet::new(),
        bodies: BTreeSet::new(),
        looks: if own { Looks::default() } else { Looks::from_page(page) },
        contents_above: None,
        marked_title: None,
        explained: if own { survey::explained(root) } else { BTreeSet::new() },
        metadata: Metadata::default(),
    };
    reader.survey(root);
    if !own {
        reader.find_notes(root);
    }
    reader.bodies = reader.notes.values().map(|note| std::ptr::from_ref(*note)).collect();
    reader.outside(page, root);
    reader.metadata(head, root, stem);
    let blocks = reader.blocks(&root.children);
    // Notes that nothing calls are notes all the same.
    for id in std::mem::take(&mut reader.note_order) {
        reader.note(&id);
    }
    let mut metadata = reader.metadata;
    if own && metadata.toc.is_none() {
        metadata.toc = Some(spanned(Toc::No));
    }
    metadata.lang = reader.lang.map(spanned);
    let abbreviations = reader.abbreviations.into_iter().map(|(short, expansion)| AbbreviationDefinition {
        short,
        expansion,
        only: Vec::new(),
        span: Span::point(FileId(0), 0),
    });
    let mut document = Document {
        metadata,
        blocks,
        notes: reader.noted,
        abbreviations: abbreviations.collect(),
        span: Span::point(FileId(0), 0),
    };
    super::settle::settle(&mut document, &reader.called, &mut reader.losses);
    Ok(Read { document, media: reader.media, losses: reader.losses })
}

/// State of reading a page.
struct Reader<'a> {
    /// Whether the page is an edition of ours.
    own: bool,
    files: &'a dyn Files,
    labels: &'static Labels,
    lang: Option<String>,
    losses: Losses,
    media: Media,
    serial: u32,
    /// Notes by their ids.
    notes: BTreeMap<String, &'a Element>,
    /// Their ids, as they follow one another.
    note_order: Vec<String>,
    note_names: BTreeMap<String, String>,
    noted: Vec<NoteDefinition>,
    /// Labels of elements, by their ids.
    called: BTreeMap<String, String>,
    /// Ids that links lead to.
    wanted: BTreeSet<String>,
    abbreviations: BTreeMap<String, String>,
    /// Long forms that the text of our own editions explains, in small letters.
    explained: BTreeSet<String>,
    /// Links that call notes and those in the notes that lead back, by where the first lead.
    calls: BTreeMap<String, String>,
    /// Comments of an editor, which are no part of the text.
    comments: BTreeSet<*const Element>,
    /// Notes, by where they are kept.
    bodies: BTreeSet<*const Element>,
    /// Formatting of words by their classes.
    looks: Looks,
    /// The title of our own editions, where more is in it than words.
    marked_title: Option<&'a Element>,
    /// The contents right below the title of our own editions.
    contents_above: Option<&'a Element>,
    metadata: Metadata,
}

impl<'a> Reader<'a> {
    fn next_serial(&mut self) -> u32 {
        self.serial = self.serial.saturating_add(1);
        self.serial
    }

    /// Leaves something out, and says so where it has words.
    fn leave_out(&mut self, what: &str, element: &Element) {
        let mut words = element.text();
        self.losses.generated_lines(element);
        if !words.contains(char::is_alphanumeric) {
            // A film or a map is named by its address.
            words = element.get("src").or_else(|| element.get("data")).unwrap_or_default().to_owned();
        }
        if !self.own && words.contains(char::is_alphanumeric) {
            let message = format!("{what} is left out: “{}”", excerpt(&words));
            self.losses.add(Code::LeftOut, self.serial, message, None);
        }
    }

    /// Handles content of the page outside its text.
    fn outside(&mut self, page: &Element, root: &Element) {
        let Some(body) = page.find("body").filter(|body| !std::ptr::eq(*body, root)) else { return };
        let mut parts = Vec::new();
        beside(body, root, &mut parts);
        for part in parts {
            let words = part.text();
            if !self.own && words.contains(char::is_alphanumeric) {
                let message = format!("what stands beside the text is left out: “{}”", excerpt(&words));
                self.losses.add(Code::LeftOut, 0, message, None);
            }
        }
    }

    /// The depth of a list of contents.
    fn contents(&mut self, list: &Element) {
        fn depth(element: &Element) -> u8 {
            let inner = element.elements().map(depth).max().unwrap_or(0);
            inner + u8::from(matches!(element.name.as_str(), "ul" | "ol"))
        }
        let depth = depth(list).clamp(1, 6);
        self.metadata.toc = Some(Spanned { value: Toc::Depth(depth), span: None });
    }
}

impl Losses {
    /// Records the words of an element as those of a generated list.
    fn generated_lines(&mut self, element: &Element) {
        for line in element.text().lines() {
            self.generated(line);
        }
    }
}

/// The element with the text of a page: `main`, the only article, or the body.
pub fn root(page: &Element) -> &Element {
    let mut articles = Vec::new();
    page.all("article", &mut articles);
    let main = page.find("main").or_else(|| page.find_by(&|element| element.get("role") == Some("main")));
    let article = match articles.as_slice() {
        [article] => Some(*article),
        _ => None,
    };
    main.or(article).or_else(|| page.find("body")).unwrap_or(page)
}

/// The largest elements of a body that do not hold its text.
fn beside<'e>(parent: &'e Element, root: &Element, found: &mut Vec<&'e Element>) {
    for element in parent.elements() {
        if std::ptr::eq(element, root) {
            continue;
        }
        if element.holds(root) {
            beside(element, root, found);
        } else if !matches!(element.name.as_str(), "script" | "style" | "template" | "noscript") {
            found.push(element);
        }
    }
}
