//! Reads a PDF edition as assistive technology does: its structure elements in order, through the
//! content streams, down to the glyphs.

pub(crate) mod cmap;
mod content;
pub mod drawing;
mod face;
mod file;
mod font;
mod object;
mod page;
mod rules;

use super::word::{Passage, Text, Words};
use super::{Findings, Reading, Unreadable, side};
use crate::layout::font::FontBook;
use file::{File, Source};
use font::Font;
use lopdf::ObjectId;
use object::{Dictionary, Object};
use page::Texts;
use std::collections::{BTreeMap, BTreeSet};

/// Structure elements nest no deeper in our files.
const DEEPEST: usize = 1000;

/// Structure types that are inside a line.
const INLINE: [&str; 7] = ["Span", "Link", "Quote", "Code", "Reference", "Ins", "Del"];

/// Reads a tagged file, set with the fonts of a book: what it says, and the rules that it keeps
/// or breaks. Nothing is claimed of a file that cannot be opened.
pub fn findings(bytes: &[u8], book: &FontBook) -> Findings {
    let found = Source::open(bytes).and_then(|source| {
        let file = File::new(&source)?;
        let mut faults = Vec::new();
        let (texts, pages) = pages(&file, book, &mut faults);
        let reading = texts
            .ok_or_else(|| Unreadable("a page cannot be read".to_owned()))
            .and_then(|texts| reading(&file, texts, faults));
        let (claims, checks) = rules::check(&file, bytes, pages);
        Ok(Findings { reading, claims: claims.names(), checks })
    });
    found.unwrap_or_else(Findings::unreadable)
}

/// The elements painted by the forms on the pages of a file; empty if it is damaged.
pub fn drawings(bytes: &[u8]) -> Vec<Vec<drawing::Painted>> {
    let found = Source::open(bytes).and_then(|source| Ok(drawing::of_pages(&File::new(&source)?)));
    found.unwrap_or_default()
}

/// The reading of a file whose pages were read.
fn reading(file: &File, pages: BTreeMap<ObjectId, Texts>, faults: Vec<String>) -> Result<Reading, Unreadable> {
    let root = file.structure().ok_or_else(|| Unreadable("the file has no structure tree".to_owned()))?;
    let mut reader = Reader {
        file,
        pages,
        words: Words::default(),
        notes: Vec::new(),
        faults,
        depth: 0,
        in_contents: false,
        note_ids: note_ids(file),
    };
    reader.kids(root, None);
    let Reader { words, notes, faults, .. } = reader;
    // Notes are in the order of their numbers, as in every edition.
    let mut notes: Vec<Text> = notes.into_iter().map(Words::finish).collect();
    notes.sort_by_key(|note| note.iter().next().and_then(|number| number.text.parse::<u32>().ok()));
    let mut passages = words.passages();
    passages.extend(notes.into_iter().map(Passage::Words));
    Ok(Reading { passages, faults })
}

/// The texts of all pages, unless one is damaged, and how they keep the rules.
fn pages(
    file: &File,
    book: &FontBook,
    faults: &mut Vec<String>,
) -> (Option<BTreeMap<ObjectId, Texts>>, rules::page::Found) {
    let mut fonts: BTreeMap<ObjectId, Font> = BTreeMap::new();
    let mut texts = Some(BTreeMap::new());
    let mut found = rules::page::Found::default();
    let parents = rules::page::parents(file);
    for (number, page) in (1..).zip(&file.pages) {
        let named = file.resources(page).map(|resources| file.fonts(resources)).unwrap_or_default();
        for id in named.values() {
            if !fonts.contains_key(id) {
                let font = file.entries(*id).and_then(|font| Font::read(file, font, book, faults));
                if font.is_none() {
                    faults.push("a font cannot be read, or is none of ours".to_owned());
                }
                fonts.insert(*id, font.unwrap_or_default());
            }
        }
        let named = named.into_iter().filter_map(|(name, id)| Some((name, fonts.get(&id)?))).collect();
        let mut reader = page::Reader::new(&named, faults);
        let mut walk = rules::page::Walk::new(file, page, number, &parents, &mut found);
        let whole = content::read(&page.content, |operator, operands| {
            reader.operation(operator, operands);
            walk.operation(operator, operands);
        });
        let read = reader.finish();
        match whole {
            Some(()) => drop(texts.as_mut().and_then(|texts| texts.insert(page.id, read))),
            None => {
                found.damaged(number);
                texts = None;
            }
        }
    }
    (texts, found)
}

/// The destinations that are notes.
fn note_ids(file: &File) -> BTreeSet<Vec<u8>> {
    let notes = file.dictionaries().filter(|element| element.is(b"S", "Note"));
    notes.filter_map(|element| Some(element.get(b"ID")?.string()?.to_vec())).collect()
}

struct Reader<'a> {
    file: &'a File<'a>,
    pages: BTreeMap<ObjectId, Texts>,
    words: Words,
    /// Notes are read after the text, as every edition is.
    notes: Vec<Words>,
    note_ids: BTreeSet<Vec<u8>>,
    faults: Vec<String>,
    depth: usize,
    /// Whether an entry of the contents is being read.
    in_contents: bool,
}

impl<'a> Reader<'a> {
    fn kids(&mut self, element: &'a Dictionary<'a>, page: Option<ObjectId>) {
        let page = element.get(b"Pg").and_then(Object::reference).or(page);
        for kid in kids(self.file, element) {
            match kid.integer() {
                Some(id) => self.mark(page, id),
                None => match self.file.dictionary(kid) {
                    Some(kid) if kid.is(b"Type", "MCR") => {
                        let page = kid.get(b"Pg").and_then(Object::reference).or(page);
                        self.mark(page, kid.integer(b"MCID").unwrap_or(-1));
                    }
                    Some(kid) if kid.is(b"Type", "OBJR") => {}
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
            Some(text) => self.words.text(&text, None),
            None => self.faults.push(format!("the structure refers to the mark {id}, which is not there, or twice")),
        }
    }

    fn element(&mut self, element: &'a Dictionary<'a>, page: Option<ObjectId>) {
        let kind = element.name(b"S").unwrap_or_default();
        let is_inline = INLINE.contains(&kind);
        if !is_inline {
            self.words.end();
        }
        if let Some(text) = element.text(b"Alt").or_else(|| element.text(b"ActualText")) {
            self.words.apart(&text, None);
            if kind == "Formula" {
                // Both the signs on the page and their alternative text are read.
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

    fn link(&mut self, element: &'a Dictionary<'a>, page: Option<ObjectId>) {
        let file = self.file;
        let annotations = kids(file, element).iter().filter_map(|kid| file.inner(file.dictionary(kid)?, b"Obj"));
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
    fn target(&self, annotation: &'a Dictionary<'a>) -> Option<Vec<u8>> {
        if let Some(id) = annotation.get(b"Dest").and_then(Object::string) {
            return Some([b"#", id].concat());
        }
        let action = self.file.inner(annotation, b"A")?;
        if let Some(address) = action.get(b"URI").and_then(Object::string) {
            return Some(address.to_vec());
        }
        let mut target = self.file.inner(action, b"F")?.text(b"UF")?.into_bytes();
        if let Some(id) = action.get(b"D").and_then(Object::string) {
            target.push(b'#');
            target.extend_from_slice(id);
        }
        Some(target)
    }

    /// A list whose labels are signs or numbers: a sign is read by its name.
    fn marked_list(&mut self, list: &'a Dictionary<'a>, page: Option<ObjectId>) {
        let is_numbered = numbering(list) != Some("Disc");
        let file = self.file;
        for item in kids(file, list).iter().filter_map(|item| file.dictionary(item)) {
            let page = item.get(b"Pg").and_then(Object::reference).or(page);
            for part in kids(file, item).iter().filter_map(|part| file.dictionary(part)) {
                let is_sign = part.is(b"S", "Lbl") && !part.has(b"Alt") && !is_numbered;
                if is_sign {
                    self.skip(part, page);
                } else {
                    self.element(part, page);
                }
            }
        }
    }

    /// Takes the marks of an element without reading them.
    fn skip(&mut self, element: &'a Dictionary<'a>, page: Option<ObjectId>) {
        let words = std::mem::take(&mut self.words);
        self.kids(element, page);
        self.words = words;
    }
}

/// The children of an element: elements, marks, and references to annotations (14.7.2).
fn kids<'a>(file: &'a File<'a>, element: &'a Dictionary<'a>) -> &'a [Object<'a>] {
    let kids = element.get(b"K");
    match kids.and_then(|kids| file.resolve(kids)) {
        Some(Object::Array(kids)) => kids,
        Some(_) => kids.map_or(&[], std::slice::from_ref),
        None => &[],
    }
}

/// The numbering of a list's labels (ISO 32000-1, table 347).
fn numbering<'a>(list: &'a Dictionary<'a>) -> Option<&'a str> {
    list.get(b"A")?.dictionary()?.name(b"ListNumbering")
}
