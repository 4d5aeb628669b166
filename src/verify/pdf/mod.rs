//! What those who listen to a PDF edition get: its structure elements in
//! order, through the content streams, down to the glyphs.

pub(crate) mod cmap;
mod content;
pub mod drawing;
mod face;
mod file;
mod font;
mod page;
mod rules;

use super::side;
use super::word::{Passage, Word, Words};
use super::{Reading, Unreadable};
use crate::layout::font::FontBook;
use font::{Font, SOFT_HYPHEN};
use lopdf::{Dictionary, Document, Object, ObjectId};
use page::Texts;
use std::collections::{BTreeMap, BTreeSet};

pub use file::File;
pub use rules::check as rules;

/// Structure elements nest no deeper in our files.
const DEEPEST: usize = 1000;

/// Structure types that stand inside a line.
const INLINE: [&str; 7] = ["Span", "Link", "Quote", "Code", "Reference", "Ins", "Del"];

/// Reads a tagged file, set with the fonts of a book.
///
/// # Errors
///
/// A page is damaged, or there is no structure tree.
pub fn read(file: &File, book: &FontBook) -> Result<Reading, Unreadable> {
    let mut faults = Vec::new();
    let pages = texts(file, book, &mut faults).ok_or_else(|| Unreadable("a page cannot be read".to_owned()))?;
    let mut reader = Reader {
        document: &file.document,
        pages,
        words: Words::default(),
        notes: Vec::new(),
        faults,
        depth: 0,
        in_contents: false,
        note_ids: note_ids(&file.document),
    };
    let root = reader.root().ok_or_else(|| Unreadable("the file has no structure tree".to_owned()))?;
    reader.kids(root, None);
    let Reader { words, notes, faults, .. } = reader;
    // In the order of their numbers, as every edition lists them.
    let mut notes: Vec<Vec<Word>> = notes.into_iter().map(Words::finish).collect();
    notes.sort_by_key(|note| note.first().and_then(|number| number.text.parse::<u32>().ok()));
    let mut pieces = words.pieces();
    pieces.extend(notes.into_iter().map(Passage::Words));
    Ok(Reading { pieces, faults })
}

/// The texts of all pages.
fn texts(file: &File, book: &FontBook, faults: &mut Vec<String>) -> Option<BTreeMap<ObjectId, Texts>> {
    let document = &file.document;
    let mut fonts: BTreeMap<ObjectId, Font> = BTreeMap::new();
    let mut pages = BTreeMap::new();
    for page in &file.pages {
        let named: BTreeMap<Vec<u8>, ObjectId> = file
            .resources(page)
            .and_then(|resources| dictionary(document, resources.get(b"Font").ok()?))
            .into_iter()
            .flat_map(Dictionary::iter)
            .filter_map(|(name, font)| Some((name.clone(), font.as_reference().ok()?)))
            .collect();
        for id in named.values() {
            if !fonts.contains_key(id) {
                let font = document.get_dictionary(*id).ok().and_then(|font| Font::read(file, font, book, faults));
                if font.is_none() {
                    faults.push("a font cannot be read, or is none of ours".to_owned());
                }
                fonts.insert(*id, font.unwrap_or_default());
            }
        }
        let named = named.into_iter().filter_map(|(name, id)| Some((name, fonts.get(&id)?))).collect();
        pages.insert(page.id, page::texts(&page.content, &named, faults)?);
    }
    Some(pages)
}

/// The destinations that are notes.
fn note_ids(document: &Document) -> BTreeSet<Vec<u8>> {
    let elements = document.objects.values().filter_map(|object| object.as_dict().ok());
    let notes = elements.filter_map(|element| Some((element.get(b"ID").and_then(Object::as_str).ok()?, element)));
    notes.filter(|(_, element)| name(element, b"S") == Some("Note")).map(|(id, _)| id.to_vec()).collect()
}

/// Follows a reference to a dictionary.
fn dictionary<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    document.dereference(object).ok()?.1.as_dict().ok()
}

struct Reader<'a> {
    document: &'a Document,
    pages: BTreeMap<ObjectId, Texts>,
    words: Words,
    /// Notes are read behind the text, as every edition is.
    notes: Vec<Words>,
    note_ids: BTreeSet<Vec<u8>>,
    faults: Vec<String>,
    depth: usize,
    /// Whether an entry of the contents is being read.
    in_contents: bool,
}

impl<'a> Reader<'a> {
    fn root(&self) -> Option<&'a Dictionary> {
        let tree = self.document.catalog().ok()?.get(b"StructTreeRoot").ok()?;
        dictionary(self.document, tree)
    }

    fn kids(&mut self, element: &'a Dictionary, page: Option<ObjectId>) {
        let page = element.get(b"Pg").and_then(Object::as_reference).ok().or(page);
        for kid in kids(self.document, element) {
            match kid {
                Object::Integer(id) => self.mark(page, *id),
                other => match dictionary(self.document, other) {
                    Some(kid) if name(kid, b"Type") == Some("MCR") => {
                        let page = kid.get(b"Pg").and_then(Object::as_reference).ok().or(page);
                        self.mark(page, kid.get(b"MCID").and_then(Object::as_i64).unwrap_or(-1));
                    }
                    Some(kid) if name(kid, b"Type") == Some("OBJR") => {}
                    Some(kid) if self.depth < DEEPEST => {
                        self.depth += 1;
                        self.element(kid, page);
                        self.depth -= 1;
                    }
                    _ => self.faults.push("the structure tree is damaged".to_owned()),
                },
            }
        }
    }

    fn mark(&mut self, page: Option<ObjectId>, id: i64) {
        let text = page.and_then(|page| self.pages.get_mut(&page)?.remove(&id));
        match text {
            Some(text) => self.words.text(&text.replace(SOFT_HYPHEN, ""), None),
            None => self.faults.push(format!("the structure refers to the mark {id}, which is not there, or twice")),
        }
    }

    fn element(&mut self, element: &'a Dictionary, page: Option<ObjectId>) {
        let kind = name(element, b"S").unwrap_or_default();
        let is_inline = INLINE.contains(&kind);
        if !is_inline {
            self.words.end();
        }
        if let Some(text) = text(element, b"Alt").or_else(|| text(element, b"ActualText")) {
            self.words.apart(&text, None);
            if kind == "Formula" {
                // The signs on the page are read as well as what is said of them.
                self.kids(element, page);
                self.words.end();
            } else {
                self.skip(element, page);
            }
            return;
        }
        match kind {
            // Shows something and says nothing: reported by the backend.
            "Figure" => self.skip(element, page),
            "Link" => self.link(element, page),
            "Ins" | "Del" => {
                self.words.apart(side::start_of_element(kind), None);
                self.kids(element, page);
                self.words.apart(side::END, None);
            }
            "Note" => {
                let outer = std::mem::take(&mut self.words);
                self.kids(element, page);
                let note = std::mem::replace(&mut self.words, outer);
                self.notes.push(note);
            }
            "TOCI" => {
                let outer = std::mem::replace(&mut self.in_contents, true);
                self.kids(element, page);
                self.in_contents = outer;
            }
            "L" if numbering(element).is_some_and(|kind| kind != "None") => self.marked_list(element, page),
            _ => self.kids(element, page),
        }
        if !is_inline {
            self.words.end();
        }
    }

    fn link(&mut self, element: &'a Dictionary, page: Option<ObjectId>) {
        let annotations = kids(self.document, element).into_iter().filter_map(|kid| {
            let kid = dictionary(self.document, kid)?;
            dictionary(self.document, kid.get(b"Obj").ok()?)
        });
        let targets: BTreeSet<Vec<u8>> = annotations.filter_map(|annotation| self.target(annotation)).collect();
        if targets.len() > 1 {
            self.faults.push("the parts of a link lead to different places".to_owned());
        }
        let target = targets.into_iter().next();
        let is_note =
            target.as_ref().and_then(|target| target.strip_prefix(b"#")).is_some_and(|id| self.note_ids.contains(id));
        if is_note {
            self.words.end();
        }
        self.kids(element, page);
        if self.in_contents {
            // The number of a page is no part of the text.
            self.words.take_back();
        }
        match target {
            Some(_) if is_note => self.words.end(),
            Some(target) => self.words.target(&String::from_utf8_lossy(&target), None),
            None => {}
        }
    }

    /// Where an annotation leads, as the other editions write it.
    fn target(&self, annotation: &'a Dictionary) -> Option<Vec<u8>> {
        if let Ok(id) = annotation.get(b"Dest").and_then(Object::as_str) {
            return Some([b"#", id].concat());
        }
        let action = dictionary(self.document, annotation.get(b"A").ok()?)?;
        if let Ok(address) = action.get(b"URI").and_then(Object::as_str) {
            return Some(address.to_vec());
        }
        let file = dictionary(self.document, action.get(b"F").ok()?)?;
        let mut target = text(file, b"UF")?.into_bytes();
        if let Ok(id) = action.get(b"D").and_then(Object::as_str) {
            target.push(b'#');
            target.extend_from_slice(id);
        }
        Some(target)
    }

    /// A list whose labels are signs or numbers: a sign is read by its name.
    fn marked_list(&mut self, list: &'a Dictionary, page: Option<ObjectId>) {
        let is_numbered = numbering(list) != Some("Disc");
        for item in kids(self.document, list) {
            let Some(item) = dictionary(self.document, item) else { continue };
            let page = item.get(b"Pg").and_then(Object::as_reference).ok().or(page);
            for part in kids(self.document, item) {
                let Some(part) = dictionary(self.document, part) else { continue };
                let is_sign = name(part, b"S") == Some("Lbl") && text(part, b"Alt").is_none() && !is_numbered;
                if is_sign {
                    self.skip(part, page);
                } else {
                    self.element(part, page);
                }
            }
        }
    }

    /// Takes the marks of an element without reading them.
    fn skip(&mut self, element: &'a Dictionary, page: Option<ObjectId>) {
        let words = std::mem::take(&mut self.words);
        self.kids(element, page);
        self.words = words;
    }
}

fn kids<'a>(document: &'a Document, element: &'a Dictionary) -> Vec<&'a Object> {
    match element.get(b"K").and_then(|kids| document.dereference(kids)) {
        Ok((_, Object::Array(kids))) => kids.iter().collect(),
        Ok(_) => element.get(b"K").into_iter().collect(),
        Err(_) => Vec::new(),
    }
}

fn name<'a>(dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a str> {
    std::str::from_utf8(dictionary.get(key).ok()?.as_name().ok()?).ok()
}

fn text(dictionary: &Dictionary, key: &[u8]) -> Option<String> {
    lopdf::decode_text_string(dictionary.get(key).ok()?).ok()
}

/// What the labels of a list are (ISO 32000-1, table 347).
fn numbering(list: &Dictionary) -> Option<&str> {
    name(list.get(b"A").and_then(Object::as_dict).ok()?, b"ListNumbering")
}
