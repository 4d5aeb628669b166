//! A file, opened once for all that is to be found out about it.

use super::content::object;
use super::{Unreadable, dictionary};
use libdeflater::{DecompressionError, Decompressor};
use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// No stream is inflated to more bytes, nor are all pages together.
const STREAM_BYTES: usize = 256 << 20;
/// Deflate makes data no smaller than a thousandth or so (RFC 1951).
const RATIO: usize = 1040;
/// What marks an object stream that is not yet read.
const UNREAD: &[u8] = b"UnreadObjStm";

/// A PDF and the content of its pages.
pub struct File {
    pub document: Document,
    /// In their order.
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

impl File {
    /// Opens a file and inflates its pages.
    ///
    /// # Errors
    ///
    /// The file is damaged, or a stream is too large.
    pub fn open(bytes: &[u8]) -> Result<File, Unreadable> {
        let options = LoadOptions {
            max_decompressed_size: Some(STREAM_BYTES),
            filter: Some(leave_object_streams),
            ..LoadOptions::default()
        };
        let mut document =
            Document::load_mem_with_options(bytes, options).map_err(|error| Unreadable(error.to_string()))?;
        read_object_streams(&mut document)?;
        let mut file = File { document, pages: Vec::new(), inflated: RefCell::default() };
        let mut left = STREAM_BYTES;
        for id in file.document.page_iter().collect::<Vec<_>>() {
            let content = file.content(id, left)?;
            left -= content.len();
            file.pages.push(Page { id, content });
        }
        Ok(file)
    }

    /// The content of a page, which may be parted into several streams (7.8.2).
    fn content(&self, page: ObjectId, most: usize) -> Result<Vec<u8>, Unreadable> {
        let mut content = Vec::new();
        for id in self.document.get_page_contents(page) {
            let stream = self.document.get_object(id).and_then(Object::as_stream);
            let stream = stream.map_err(|error| Unreadable(error.to_string()))?;
            let part = inflate(stream).ok_or_else(|| Unreadable("the content of a page is damaged".to_owned()))?;
            content.extend_from_slice(&part);
            content.push(b'\n');
            if content.len() > most {
                return Err(Unreadable("the pages are too large".to_owned()));
            }
        }
        Ok(content)
    }

    /// What a page names for its content (ISO 32000-1, 7.8.3).
    pub fn resources(&self, page: &Page) -> Option<&Dictionary> {
        dictionary(&self.document, self.document.get_dictionary(page.id).ok()?.get(b"Resources").ok()?)
    }

    /// Follows a reference to a stream, and undoes its filters.
    pub fn stream(&self, object: &Object) -> Option<Rc<[u8]>> {
        let (id, object) = self.document.dereference(object).ok()?;
        let inflate = || inflate(object.as_stream().ok()?).map(Rc::from);
        match id {
            Some(id) => self.inflated.borrow_mut().entry(id).or_insert_with(inflate).clone(),
            None => inflate(),
        }
    }
}

/// Keeps the library from reading an object stream, which it does slowly.
fn leave_object_streams(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = object
        && stream.dict.has_type(b"ObjStm")
    {
        stream.dict.set("Type", Object::Name(UNREAD.to_vec()));
    }
    // All are wanted; the library looks no further at what is returned.
    Some((id, Object::Null))
}

/// Adds the objects that stand in object streams (7.5.7).
fn read_object_streams(document: &mut Document) -> Result<(), Unreadable> {
    let mut found = Vec::new();
    for (id, object) in &document.objects {
        let Ok(stream) = object.as_stream() else { continue };
        if stream.dict.has_type(UNREAD) {
            let objects = objects(stream).ok_or_else(|| Unreadable("an object stream is damaged".to_owned()))?;
            found.extend(objects.into_iter().map(|(number, object)| (id.0, number, object)));
        }
    }
    for (own, number, object) in found {
        let entry = document.reference_table.entries.get(&number);
        if matches!(entry, Some(XrefEntry::Compressed { container, .. }) if *container == own) {
            document.objects.entry((number, 0)).or_insert(object);
        }
    }
    Ok(())
}

/// The objects of an object stream by their numbers.
fn objects(stream: &Stream) -> Option<Vec<(u32, Object)>> {
    let bytes = inflate(stream)?;
    let first = usize::try_from(stream.dict.get(b"First").and_then(Object::as_i64).ok()?).ok()?;
    let numbers = std::str::from_utf8(bytes.get(..first)?).ok()?;
    let numbers: Vec<u32> = numbers.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
    let one = |pair: &[u32]| {
        let [number, offset] = *pair else { return None };
        let bytes = bytes.get(first.checked_add(usize::try_from(offset).ok()?)?..)?;
        Some((number, object(bytes)?))
    };
    numbers.chunks(2).map(one).collect()
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
