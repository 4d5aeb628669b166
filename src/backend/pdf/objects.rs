//! The objects of the file while it is made.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use std::ops::Range;

/// A lopdf document, and beside it objects that are already written: a
/// structure tree has too many for a tree of values each.
pub struct Objects {
    pub document: Document,
    pub written: Written,
    /// lopdf objects that only written ones lead to.
    pub kept: Vec<u32>,
    /// Number of the information dictionary.
    pub info: u32,
}

/// Objects that are already written, one after the other.
#[derive(Default)]
pub struct Written {
    bytes: Vec<u8>,
    /// Number and place in the bytes.
    places: Vec<(u32, Range<usize>)>,
}

impl Written {
    /// Adds an object, which `write` appends to the bytes.
    pub fn push(&mut self, number: u32, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        write(&mut self.bytes);
        self.places.push((number, start..self.bytes.len()));
    }

    /// Number and bytes of the objects, by number.
    pub fn sorted(&mut self) -> Vec<(u32, &[u8])> {
        self.places.sort_by_key(|(number, _)| *number);
        let object = |(number, place): &(u32, Range<usize>)| Some((*number, self.bytes.get(place.clone())?));
        self.places.iter().filter_map(object).collect()
    }
}

impl Objects {
    /// A writer for the objects of a document.
    pub fn new(document: Document) -> Self {
        Self { document, written: Written::default(), kept: Vec::new(), info: 0 }
    }

    /// A number for an object that comes later.
    pub fn allocate(&mut self) -> u32 {
        self.document.new_object_id().0
    }

    /// Takes a written object.
    pub fn add_raw(&mut self, bytes: &[u8]) -> u32 {
        let number = self.allocate();
        self.set_raw(number, bytes);
        number
    }

    /// Takes a written object for a number.
    pub fn set_raw(&mut self, number: u32, bytes: &[u8]) {
        self.written.push(number, |out| out.extend_from_slice(bytes));
    }

    /// Takes a stream.
    pub fn add_stream(&mut self, dictionary: Dictionary, content: Vec<u8>) -> ObjectId {
        self.document.add_object(Stream::new(dictionary, content))
    }

    /// Number of the catalog.
    pub fn root(&self) -> u32 {
        self.document.trailer.get(b"Root").and_then(Object::as_reference).map_or(0, |id| id.0)
    }

    /// Sets an entry of the catalog.
    pub fn set_in_catalog(&mut self, key: &str, value: Object) {
        if let Ok(catalog) = self.document.catalog_mut() {
            catalog.set(key, value);
        }
    }

    /// Changes a dictionary; nothing happens where there is none.
    pub fn edit(&mut self, id: ObjectId, change: impl FnOnce(&mut Dictionary)) {
        if let Ok(dictionary) = self.document.get_dictionary_mut(id) {
            change(dictionary);
        }
    }
}

/// A reference to a numbered object.
pub fn reference(number: u32) -> Object {
    Object::Reference((number, 0))
}

/// A name.
pub fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}
