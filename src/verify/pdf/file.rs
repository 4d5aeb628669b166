//! A PDF file, opened once for all checks.

use super::content;
use super::object::{Dictionary, Object};
use crate::verify::Unreadable;
use libdeflater::{DecompressionError, Decompressor};
use lopdf::xref::XrefEntry;
use lopdf::{Document, LoadOptions, ObjectId, Stream};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// No stream is inflated to more bytes, nor are all pages together.
const STREAM_BYTES: usize = 256 << 20;
/// Deflate makes data no smaller than a thousandth or so (RFC 1951).
const RATIO: usize = 1040;
/// The marker of an object stream that is not yet read.
const UNREAD: &[u8] = b"UnreadObjStm";
/// References lead through no more references in our files.
const HOPS: usize = 8;

/// The bytes of a PDF, from which a [`File`] borrows its objects.
pub struct Source {
    document: Document,
    /// Object streams by their numbers, inflated.
    streams: Vec<(u32, ObjectStream)>,
}

impl Source {
    /// Opens a file and inflates its object streams.
    ///
    /// # Errors
    ///
    /// The file is damaged, or a stream is too large.
    pub fn open(bytes: &[u8]) -> Result<Source, Unreadable> {
        let options = LoadOptions {
            max_decompressed_size: Some(STREAM_BYTES),
            filter: Some(leave_object_streams),
            ..LoadOptions::default()
        };
        let document =
            Document::load_mem_with_options(bytes, options).map_err(|error| Unreadable(error.to_string()))?;
        let mut streams = Vec::new();
        for (id, object) in &document.objects {
            if let Some(stream) = object.as_stream().ok().filter(|stream| stream.dict.has_type(UNREAD)) {
                streams.push((id.0, ObjectStream::inflate(stream).ok_or_else(damaged_objects)?));
            }
        }
        Ok(Source { document, streams })
    }
}

/// Objects of a file that are in one stream (7.5.7).
struct ObjectStream {
    bytes: Vec<u8>,
    /// Where the first object begins, after the numbers and places of all.
    first: usize,
}

impl ObjectStream {
    fn inflate(stream: &Stream) -> Option<ObjectStream> {
        let first = stream.dict.get(b"First").and_then(lopdf::Object::as_i64).ok()?;
        Some(ObjectStream { bytes: inflate(stream)?, first: usize::try_from(first).ok()? })
    }

    /// The objects by their numbers.
    fn objects(&self) -> Option<Vec<(u32, Object<'_>)>> {
        let (numbers, objects) = self.bytes.split_at_checked(self.first)?;
        let numbers = std::str::from_utf8(numbers).ok()?;
        let numbers: Vec<u32> = numbers.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
        let one = |pair: &[u32]| {
            let [number, offset] = *pair else { return None };
            Some((number, content::object(objects.get(usize::try_from(offset).ok()?..)?)?))
        };
        numbers.chunks(2).map(one).collect()
    }
}

fn damaged_objects() -> Unreadable {
    Unreadable("an object stream is damaged".to_owned())
}

/// A PDF and the content of its pages.
pub struct File<'a> {
    /// Objects sorted by number.
    objects: Vec<(ObjectId, Object<'a>)>,
    pub trailer: Dictionary<'a>,
    /// Pages in order.
    pub pages: Vec<Page>,
    /// Streams that were asked for.
    inflated: RefCell<BTreeMap<ObjectId, Option<Rc<[u8]>>>>,
}

/// A page of a file.
pub struct Page {
    pub id: ObjectId,
    /// Its content stream, inflated.
    pub content: Vec<u8>,
}

impl<'a> File<'a> {
    /// Finds the objects of a file and inflates its pages.
    ///
    /// # Errors
    ///
    /// The file is damaged, or its pages are too large.
    pub fn new(source: &'a Source) -> Result<File<'a>, Unreadable> {
        let mut objects: Vec<(ObjectId, Object)> =
            source.document.objects.iter().map(|(id, object)| (*id, object.into())).collect();
        for (container, stream) in &source.streams {
            for (number, object) in stream.objects().ok_or_else(damaged_objects)? {
                let entry = source.document.reference_table.entries.get(&number);
                if matches!(entry, Some(XrefEntry::Compressed { container: own, .. }) if own == container) {
                    objects.push(((number, 0), object));
                }
            }
        }
        // The first object of a number is valid.
        objects.sort_by_key(|(id, _)| *id);
        objects.dedup_by_key(|(id, _)| *id);
        let mut file = File {
            objects,
            trailer: (&source.document.trailer).into(),
            pages: Vec::new(),
            inflated: RefCell::default(),
        };
        let mut left = STREAM_BYTES;
        for id in file.page_ids() {
            let content = file.content(id, left)?;
            left -= content.len();
            file.pages.push(Page { id, content });
        }
        Ok(file)
    }

    fn object(&self, id: ObjectId) -> Option<&Object<'_>> {
        // Most files leave out no number.
        let guess = self.objects.get((id.0 as usize).wrapping_sub(1)).filter(|(known, _)| *known == id);
        let sought = || self.objects.get(self.objects.binary_search_by_key(&id, |(known, _)| *known).ok()?);
        guess.or_else(sought).map(|(_, object)| object)
    }

    /// The leaves of the page tree in their order (7.7.3).
    fn page_ids(&self) -> Vec<ObjectId> {
        let mut pages = Vec::new();
        let mut seen = BTreeSet::new();
        let mut nodes: Vec<&Object> = self.catalog().and_then(|catalog| catalog.get(b"Pages")).into_iter().collect();
        while let Some(object) = nodes.pop() {
            let (Some(id), Some(node)) = (object.reference(), self.dictionary(object)) else { continue };
            if !seen.insert(id) {
                continue;
            }
            if node.is(b"Type", "Page") {
                pages.push(id);
            } else {
                nodes.extend(self.items(node, b"Kids").iter().rev());
            }
        }
        pages
    }

    /// The content of a page, which may be parted into several streams (7.8.2).
    fn content(&self, page: ObjectId, most: usize) -> Result<Vec<u8>, Unreadable> {
        let contents = self.object(page).and_then(Object::dictionary).and_then(|page| page.get(b"Contents"));
        let parts = match contents.and_then(|contents| self.resolve(contents)) {
            Some(Object::Array(parts)) => parts.as_slice(),
            _ => contents.map_or(&[][..], std::slice::from_ref),
        };
        let mut content = Vec::new();
        for part in parts {
            let part = match self.resolve(part) {
                Some(Object::Stream(_, stream)) => inflate(stream),
                _ => None,
            };
            let part = part.ok_or_else(|| Unreadable("the content of a page is damaged".to_owned()))?;
            if content.len() + part.len() >= most {
                return Err(Unreadable("the pages are too large".to_owned()));
            }
            content.extend_from_slice(&part);
            content.push(b'\n');
        }
        Ok(content)
    }

    /// Follows references to what they lead to; `None` where there is nothing.
    pub fn resolve<'f>(&'f self, object: &'f Object<'f>) -> Option<&'f Object<'f>> {
        let mut object = object;
        for _ in 0..HOPS {
            match object {
                Object::Reference(id) => object = self.object(*id)?,
                _ => return Some(object),
            }
        }
        None
    }

    /// Follows a reference to a dictionary.
    pub fn dictionary<'f>(&'f self, object: &'f Object<'f>) -> Option<&'f Dictionary<'f>> {
        self.resolve(object)?.dictionary()
    }

    /// The dictionary that an entry of another holds, or refers to.
    pub fn inner<'f>(&'f self, outer: &'f Dictionary<'f>, key: &[u8]) -> Option<&'f Dictionary<'f>> {
        self.dictionary(outer.get(key)?)
    }

    /// Follows a reference to an array; nothing where it is none.
    pub fn array<'f>(&'f self, object: &'f Object<'f>) -> &'f [Object<'f>] {
        self.resolve(object).and_then(Object::array).unwrap_or_default()
    }

    /// The array that an entry of a dictionary holds, or refers to.
    pub fn items<'f>(&'f self, outer: &'f Dictionary<'f>, key: &[u8]) -> &'f [Object<'f>] {
        outer.get(key).map_or(&[], |object| self.array(object))
    }

    /// The document catalog (7.7.2).
    pub fn catalog(&self) -> Option<&Dictionary<'_>> {
        self.inner(&self.trailer, b"Root")
    }

    /// The root of the structure tree (14.7.2).
    pub fn structure(&self) -> Option<&Dictionary<'_>> {
        self.inner(self.catalog()?, b"StructTreeRoot")
    }

    /// All dictionaries of the file, those of streams as well, in the order of their numbers.
    pub fn dictionaries(&self) -> impl Iterator<Item = &Dictionary<'_>> {
        self.objects.iter().filter_map(|(_, object)| object.entries())
    }

    /// The entries of a page.
    pub fn page(&self, page: &Page) -> Option<&Dictionary<'_>> {
        self.object(page.id)?.dictionary()
    }

    /// The resources of a page (7.8.3).
    pub fn resources(&self, page: &Page) -> Option<&Dictionary<'_>> {
        self.inner(self.page(page)?, b"Resources")
    }

    /// The fonts that resources name, by their names.
    pub fn fonts(&self, resources: &Dictionary) -> BTreeMap<Vec<u8>, ObjectId> {
        let fonts = self.inner(resources, b"Font").into_iter().flat_map(|fonts| &fonts.0);
        fonts.filter_map(|(name, font)| Some((name.to_vec(), font.reference()?))).collect()
    }

    /// The entries of an object by its number.
    pub fn entries(&self, id: ObjectId) -> Option<&Dictionary<'_>> {
        self.object(id)?.entries()
    }

    /// Follows a reference to a stream, and undoes its filters.
    pub fn stream(&self, object: &Object) -> Option<Rc<[u8]>> {
        let stream = |object: &Object| match object {
            Object::Stream(_, stream) => inflate(stream).map(Rc::from),
            _ => None,
        };
        match object {
            Object::Reference(id) => {
                let inflate = || self.resolve(object).and_then(stream);
                self.inflated.borrow_mut().entry(*id).or_insert_with(inflate).clone()
            }
            _ => stream(object),
        }
    }

    /// The bytes of a stream that has no filter.
    pub fn plain_stream<'f>(&'f self, object: &'f Object<'f>) -> Option<&'f [u8]> {
        match self.resolve(object)? {
            Object::Stream(entries, stream) if !entries.has(b"Filter") => Some(&stream.content),
            _ => None,
        }
    }
}

/// Keeps the library from reading an object stream, which it does slowly.
fn leave_object_streams(id: ObjectId, object: &mut lopdf::Object) -> Option<(ObjectId, lopdf::Object)> {
    if let lopdf::Object::Stream(stream) = object
        && stream.dict.has_type(b"ObjStm")
    {
        stream.dict.set("Type", lopdf::Object::Name(UNREAD.to_vec()));
    }
    // All are wanted; the library looks no further at what is returned.
    Some((id, lopdf::Object::Null))
}

/// Undoes the filters of a stream; `None` where it is damaged or too large.
fn inflate(stream: &Stream) -> Option<Vec<u8>> {
    let filter = match stream.dict.get(b"Filter") {
        Err(_) => return Some(stream.content.clone()),
        Ok(filter) => filter.as_name().ok(),
    };
    // Nearly all streams have this one and no predictor.
    if filter != Some(b"FlateDecode") || stream.dict.has(b"DecodeParms") {
        return stream.decompressed_content_with_limit(STREAM_BYTES).ok();
    }
    let most = stream.content.len().saturating_mul(RATIO).saturating_add(64).min(STREAM_BYTES);
    let mut room = stream.content.len().saturating_mul(4).saturating_add(1024).min(most);
    let mut decompressor = Decompressor::new();
    loop {
        let mut bytes = vec![0; room];
        match decompressor.zlib_decompress(&stream.content, &mut bytes) {
            Ok(length) => {
                bytes.truncate(length);
                return Some(bytes);
            }
            Err(DecompressionError::InsufficientSpace) if room < most => room = room.saturating_mul(3).min(most),
            Err(DecompressionError::InsufficientSpace | DecompressionError::BadData) => return None,
        }
    }
}
