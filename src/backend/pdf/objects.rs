//! The objects of the file while it is made.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

/// A lopdf document, and beside it objects that are already written: a
/// structure tree has too many for a tree of values each.
pub struct Objects {
    pub document: Document,
    /// Number and bytes.
    pub raw: Vec<(u32, Vec<u8>)>,
    /// lopdf objects that only written ones lead to.
    pub kept: Vec<u32>,
    /// Number of the information dictionary.
    pub info: u32,
}

impl Objects {
    pub fn new(document: Document) -> Self {
        Self { document, raw: Vec::new(), kept: Vec::new(), info: 0 }
    }

    /// A number for an object that comes later.
    pub fn allocate(&mut self) -> u32 {
        self.document.new_object_id().0
    }

    /// Takes a written object.
    pub fn add_raw(&mut self, bytes: Vec<u8>) -> u32 {
        let number = self.allocate();
        self.set_raw(number, bytes);
        number
    }

    /// Takes a written object for a number.
    pub fn set_raw(&mut self, number: u32, bytes: Vec<u8>) {
        self.raw.push((number, bytes));
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
