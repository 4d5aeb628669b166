//! A reader of tagged PDF that believes only the file: texts by the structure
//! tree, through content streams and ToUnicode.

use crate::verify::pdf::cmap::{self, Code, GlyphMap};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::BTreeMap;

/// A file, read back.
pub struct Read {
    document: Document,
    /// By page and marked-content id: the text and how often the structure refers to it.
    marks: BTreeMap<(ObjectId, i64), String>,
}

impl Read {
    pub fn new(bytes: &[u8]) -> Self {
        let document = Document::load_mem(bytes).expect("the file can be read");
        let mut read = Self { document, marks: BTreeMap::new() };
        let (map, texts) = read.codes();
        for page in read.document.page_iter().collect::<Vec<_>>() {
            let content = Content::decode(&read.document.get_page_content(page)).unwrap();
            for (id, text) in texts_by_mark(&content, &map, &texts) {
                assert!(read.marks.insert((page, id), text).is_none(), "a marked-content id is used twice");
            }
        }
        read
    }

    fn catalog(&self) -> &Dictionary {
        self.document.catalog().unwrap()
    }

    fn dict<'a>(&'a self, object: &'a Object) -> &'a Dictionary {
        self.document.dereference(object).unwrap().1.as_dict().unwrap()
    }

    fn the_font(&self) -> Option<&Dictionary> {
        let page = self.document.page_iter().next()?;
        let resources = self.dict(self.document.get_dictionary(page).unwrap().get(b"Resources").unwrap());
        let fonts = self.dict(resources.get(b"Font").ok()?);
        fonts.iter().next().map(|(_, font)| self.dict(font))
    }

    /// Widths by the numbers of glyphs, the table that leads to those from
    /// codes, and what the codes mean.
    pub fn font(&self) -> (BTreeMap<u16, f32>, GlyphMap, BTreeMap<Code, String>) {
        let font = self.the_font().unwrap();
        let descendant = self.dict(&font.get(b"DescendantFonts").unwrap().as_array().unwrap()[0]);
        let widths = descendant.get(b"W").unwrap().as_array().unwrap();
        let mut all = BTreeMap::new();
        for run in widths.chunks(2) {
            let first = u16::try_from(run[0].as_i64().unwrap()).unwrap();
            let own = run[1].as_array().unwrap().iter().map(|width| width.as_float().unwrap());
            all.extend((first..).zip(own));
        }
        let (map, texts) = self.codes();
        (all, map, texts)
    }

    fn codes(&self) -> (GlyphMap, BTreeMap<Code, String>) {
        let Some(font) = self.the_font() else { return (GlyphMap::default(), BTreeMap::new()) };
        let table = |key: &[u8]| {
            let (_, stream) = self.document.dereference(font.get(key).unwrap()).unwrap();
            String::from_utf8(stream.as_stream().unwrap().decompressed_content().unwrap()).unwrap()
        };
        (GlyphMap::parse(&table(b"Encoding")), cmap::texts(&table(b"ToUnicode")))
    }

    /// Texts in the order of the structure tree, each with its type.
    pub fn texts(&self) -> Vec<String> {
        let root = self.dict(self.catalog().get(b"StructTreeRoot").unwrap());
        let mut texts = Vec::new();
        self.walk(root.get(b"K").unwrap(), None, "", &mut texts);
        texts
    }

    fn walk(&self, kid: &Object, page: Option<ObjectId>, kind: &str, texts: &mut Vec<String>) {
        let mut add = |page: ObjectId, id: i64| {
            let text = &self.marks[&(page, id)];
            // Pieces of one element read as one.
            match texts.last_mut() {
                Some(last) if self.same_element(last, kind) => last.push_str(text),
                _ => texts.push(format!("{kind}: {text}")),
            }
        };
        match kid {
            Object::Integer(id) => add(page.unwrap(), *id),
            Object::Array(kids) => kids.iter().for_each(|kid| self.walk(kid, page, kind, texts)),
            other => {
                let element = self.dict(other);
                match element.get(b"Type").and_then(Object::as_name) {
                    Ok(b"MCR") => {
                        add(
                            element.get(b"Pg").unwrap().as_reference().unwrap(),
                            element.get(b"MCID").unwrap().as_i64().unwrap(),
                        );
                    }
                    Ok(b"OBJR") => {}
                    _ => {
                        let kind = String::from_utf8_lossy(element.get(b"S").unwrap().as_name().unwrap());
                        let page = element.get(b"Pg").and_then(Object::as_reference).ok();
                        if let Ok(kids) = element.get(b"K") {
                            self.walk(kids, page, &kind, texts);
                        }
                    }
                }
            }
        }
    }

    /// Continued paragraphs only: other elements of the sample are never
    /// neighbours of their own kind with one piece each.
    fn same_element(&self, last: &str, kind: &str) -> bool {
        last.starts_with(&format!("{kind}: ")) && matches!(kind, "P" | "Link")
    }

    /// Every mark is referred to by one element, and the parent tree leads
    /// back to that element; every annotation likewise.
    pub fn check_parent_tree(&self) {
        let root_reference = self.catalog().get(b"StructTreeRoot").unwrap();
        let root = self.dict(root_reference);
        let mut forward = BTreeMap::new();
        let mut objects = BTreeMap::new();
        self.collect(root.get(b"K").unwrap(), root_reference.as_reference().unwrap(), &mut forward, &mut objects);
        assert_eq!(forward.keys().collect::<Vec<_>>(), self.marks.keys().collect::<Vec<_>>());

        let tree = self.dict(root.get(b"ParentTree").unwrap());
        let numbers: BTreeMap<i64, &Object> = tree
            .get(b"Nums")
            .unwrap()
            .as_array()
            .unwrap()
            .chunks(2)
            .map(|pair| (pair[0].as_i64().unwrap(), &pair[1]))
            .collect();
        let mut annotations = 0;
        for page in self.document.page_iter() {
            let dictionary = self.document.get_dictionary(page).unwrap();
            let key = dictionary.get(b"StructParents").unwrap().as_i64().unwrap();
            let parents = self.document.dereference(numbers[&key]).unwrap().1.as_array().unwrap();
            for (id, parent) in parents.iter().enumerate() {
                assert_eq!(forward.get(&(page, id as i64)), Some(&parent.as_reference().unwrap()));
            }
            for annotation in dictionary.get(b"Annots").and_then(Object::as_array).into_iter().flatten() {
                let key = self.dict(annotation).get(b"StructParent").unwrap().as_i64().unwrap();
                let parent = numbers[&key].as_reference().unwrap();
                assert_eq!(objects.get(&annotation.as_reference().unwrap()), Some(&parent));
                assert!(self.dict(annotation).has(b"Contents"));
                annotations += 1;
            }
        }
        assert_eq!(annotations, objects.len());
    }

    fn collect(
        &self,
        element: &Object,
        parent: ObjectId,
        marks: &mut BTreeMap<(ObjectId, i64), ObjectId>,
        objects: &mut BTreeMap<ObjectId, ObjectId>,
    ) {
        let own = element.as_reference().expect("elements are indirect");
        let element = self.dict(element);
        assert_eq!(element.get(b"P").unwrap().as_reference().unwrap(), parent);
        let page = element.get(b"Pg").and_then(Object::as_reference).ok();
        let kids = match element.get(b"K") {
            Ok(Object::Array(kids)) => kids.iter().collect(),
            Ok(kid) => vec![kid],
            Err(_) => Vec::new(),
        };
        for kid in kids {
            match kid {
                Object::Integer(id) => assert!(marks.insert((page.unwrap(), *id), own).is_none()),
                Object::Dictionary(place) if place.has(b"MCID") => {
                    let page = place.get(b"Pg").unwrap().as_reference().unwrap();
                    assert!(marks.insert((page, place.get(b"MCID").unwrap().as_i64().unwrap()), own).is_none());
                }
                Object::Dictionary(place) => {
                    assert!(objects.insert(place.get(b"Obj").unwrap().as_reference().unwrap(), own).is_none());
                }
                other => self.collect(other, own, marks, objects),
            }
        }
    }

    pub fn id(&self) -> Vec<u8> {
        self.document.trailer.get(b"ID").unwrap().as_array().unwrap()[0].as_str().unwrap().to_vec()
    }

    pub fn xmp(&self) -> String {
        let (_, stream) = self.document.dereference(self.catalog().get(b"Metadata").unwrap()).unwrap();
        String::from_utf8(stream.as_stream().unwrap().content.clone()).unwrap()
    }
}

/// What each marked-content sequence shows, with ActualText in its place.
fn texts_by_mark(content: &Content, map: &GlyphMap, meanings: &BTreeMap<Code, String>) -> Vec<(i64, String)> {
    enum Open {
        Mark,
        Instead,
        Artifact,
    }
    let mut open: Vec<Open> = Vec::new();
    let mut texts: Vec<(i64, String)> = Vec::new();
    for operation in &content.operations {
        match operation.operator.as_str() {
            "BDC" | "BMC" => {
                let properties = operation.operands.get(1).and_then(|operand| operand.as_dict().ok());
                let next = match properties {
                    Some(properties) if properties.has(b"MCID") => {
                        assert!(open.is_empty(), "marks do not nest");
                        let id = properties.get(b"MCID").unwrap().as_i64().unwrap();
                        texts.push((id, String::new()));
                        Open::Mark
                    }
                    Some(properties) if properties.has(b"ActualText") => {
                        let text = lopdf::decode_text_string(properties.get(b"ActualText").unwrap()).unwrap();
                        if let Some(Open::Mark) = open.last() {
                            texts.last_mut().unwrap().1.push_str(&text);
                        }
                        Open::Instead
                    }
                    _ => Open::Artifact,
                };
                open.push(next);
            }
            "EMC" => drop(open.pop().expect("a sequence is open")),
            "Tj" | "TJ" => {
                assert!(!open.is_empty(), "all text is marked");
                let items = match &operation.operands[0] {
                    Object::Array(items) => items.clone(),
                    other => vec![other.clone()],
                };
                let Some(Open::Mark) = open.last() else { continue };
                for item in items {
                    let Object::String(bytes, _) = item else { continue };
                    for code in map.codes(&bytes) {
                        texts.last_mut().unwrap().1.push_str(&meanings[&code]);
                    }
                }
            }
            "f" | "S" | "Do" => assert!(!open.is_empty(), "all painting is marked"),
            _ => {}
        }
    }
    assert!(open.is_empty());
    texts
}
