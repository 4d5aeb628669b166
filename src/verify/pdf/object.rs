//! The objects of a file (ISO 32000-1, 7.3), borrowed from the bytes of the file.

use lopdf::{ObjectId, StringFormat};
use std::borrow::Cow;

/// An object of a file, or what an operator of a content stream is given.
#[derive(Debug, Clone)]
pub enum Object<'a> {
    Null,
    Boolean(bool),
    Number(f64),
    Name(Cow<'a, [u8]>),
    /// The bytes that a literal or hexadecimal string stands for.
    String(Cow<'a, [u8]>),
    Array(Vec<Object<'a>>),
    Dictionary(Dictionary<'a>),
    /// Its entries, and the stream as the library that opens files holds it.
    Stream(Dictionary<'a>, &'a lopdf::Stream),
    /// A reference to another object of the file, by number and generation. Content streams have
    /// none.
    Reference(ObjectId),
}

impl<'a> Object<'a> {
    /// The number, where it is one.
    pub fn number(&self) -> Option<f64> {
        if let Object::Number(number) = self { Some(*number) } else { None }
    }

    /// The number, where it is a whole one.
    pub fn integer(&self) -> Option<i64> {
        // Our numbers are identifiers far below 2^53.
        self.number().filter(|number| number.fract() == 0.0 && number.abs() < 9e15).map(|number| number as i64)
    }

    /// The name, where it is one.
    pub fn name(&self) -> Option<&[u8]> {
        if let Object::Name(name) = self { Some(name) } else { None }
    }

    /// The bytes of a string.
    pub fn string(&self) -> Option<&[u8]> {
        if let Object::String(bytes) = self { Some(bytes) } else { None }
    }

    /// The text of a text string (7.9.2.2); `None` if it is none, or damaged.
    pub fn text(&self) -> Option<String> {
        let bytes = self.string()?;
        // These stand for themselves in every encoding.
        if bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
            return Some(String::from_utf8_lossy(bytes).into_owned());
        }
        lopdf::decode_text_string(&lopdf::Object::String(bytes.to_vec(), StringFormat::Literal)).ok()
    }

    /// The objects of an array.
    pub fn array(&self) -> Option<&[Object<'a>]> {
        if let Object::Array(items) = self { Some(items) } else { None }
    }

    /// The entries of a dictionary, which is none of a stream.
    pub fn dictionary(&self) -> Option<&Dictionary<'a>> {
        if let Object::Dictionary(entries) = self { Some(entries) } else { None }
    }

    /// The entries of a dictionary or of a stream.
    pub fn entries(&self) -> Option<&Dictionary<'a>> {
        match self {
            Object::Dictionary(entries) | Object::Stream(entries, _) => Some(entries),
            _ => None,
        }
    }

    /// Where a reference leads.
    pub fn reference(&self) -> Option<ObjectId> {
        if let Object::Reference(id) = self { Some(*id) } else { None }
    }

    /// The strings that an operator of text shows: its own, or those of its array.
    pub fn strings(&self) -> impl Iterator<Item = &[u8]> {
        self.array().unwrap_or(std::slice::from_ref(self)).iter().filter_map(Object::string)
    }
}

impl<'a> From<&'a lopdf::Object> for Object<'a> {
    fn from(object: &'a lopdf::Object) -> Object<'a> {
        match object {
            lopdf::Object::Null => Object::Null,
            lopdf::Object::Boolean(value) => Object::Boolean(*value),
            // Whole numbers beyond 2^53 are none of ours.
            lopdf::Object::Integer(number) => Object::Number(*number as f64),
            lopdf::Object::Real(number) => Object::Number((*number).into()),
            lopdf::Object::Name(name) => Object::Name(name.into()),
            lopdf::Object::String(bytes, _) => Object::String(bytes.into()),
            lopdf::Object::Array(items) => Object::Array(items.iter().map(Object::from).collect()),
            lopdf::Object::Dictionary(entries) => Object::Dictionary(entries.into()),
            lopdf::Object::Stream(stream) => Object::Stream((&stream.dict).into(), stream),
            lopdf::Object::Reference(id) => Object::Reference(*id),
        }
    }
}

/// The entries of a dictionary in their order. There are few, so that they are looked through.
#[derive(Debug, Clone, Default)]
pub struct Dictionary<'a>(pub Vec<(Cow<'a, [u8]>, Object<'a>)>);

impl<'a> Dictionary<'a> {
    /// The value of an entry.
    pub fn get(&self, key: &[u8]) -> Option<&Object<'a>> {
        self.0.iter().find(|(name, _)| name.as_ref() == key).map(|(_, value)| value)
    }

    /// Whether there is an entry.
    pub fn has(&self, key: &[u8]) -> bool {
        self.get(key).is_some()
    }

    /// The name that an entry holds.
    pub fn name(&self, key: &[u8]) -> Option<&str> {
        std::str::from_utf8(self.get(key)?.name()?).ok()
    }

    /// Whether an entry holds this name.
    pub fn is(&self, key: &[u8], name: &str) -> bool {
        self.get(key).and_then(Object::name) == Some(name.as_bytes())
    }

    /// Whether an entry is set.
    pub fn is_true(&self, key: &[u8]) -> bool {
        matches!(self.get(key), Some(Object::Boolean(true)))
    }

    /// The text of an entry's text string.
    pub fn text(&self, key: &[u8]) -> Option<String> {
        self.get(key)?.text()
    }

    /// The whole number that an entry holds.
    pub fn integer(&self, key: &[u8]) -> Option<i64> {
        self.get(key)?.integer()
    }
}

impl<'a> From<&'a lopdf::Dictionary> for Dictionary<'a> {
    fn from(dictionary: &'a lopdf::Dictionary) -> Dictionary<'a> {
        Dictionary(dictionary.iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
