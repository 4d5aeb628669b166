//! Writes objects to the bytes of a file: object streams, a compressed cross-reference stream,
//! everything deflated in parallel (ISO 32000-1, 7.5).

use super::objects::Objects;
use super::syntax::{push_integer, push_object, push_reference};
use libdeflater::{CompressionLvl, Compressor};
use lopdf::{Object, Stream};
use rayon::prelude::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Objects in one object stream. More compress better, fewer are quicker to
/// find one in.
const OBJECTS_PER_STREAM: usize = 200;
/// Bytes of a cross-reference entry: kind, offset or stream, index.
const ENTRY_WIDTHS: [usize; 3] = [1, 4, 2];
const ID_LENGTH: usize = 16;

/// How hard to compress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Effort for pages and objects, of which there can be very many: a book is 8 % larger and
    /// takes 8 % less time.
    Quick,
    /// Effort for pictures that shrink little.
    Fair,
    /// Effort for the rest. Higher levels take twice the time for 1 % of the size.
    Thorough,
}

impl Effort {
    /// The effort for a document with this number of pages.
    pub fn for_pages(pages: usize) -> Effort {
        const FEW: usize = 40;
        if pages > FEW { Effort::Quick } else { Effort::Thorough }
    }

    fn level(self) -> CompressionLvl {
        let level = match self {
            Effort::Quick => 1,
            Effort::Fair => 5,
            Effort::Thorough => 6,
        };
        CompressionLvl::new(level).unwrap_or_default()
    }
}

/// A compressor is worth keeping, because it has half a megabyte of tables.
#[derive(Default)]
struct Deflater {
    compressor: Option<(Effort, Compressor)>,
    room: Vec<u8>,
}

thread_local! {
    static DEFLATER: RefCell<Deflater> = RefCell::default();
}

impl Deflater {
    fn deflate(&mut self, bytes: &[u8], effort: Effort) -> &[u8] {
        let known = self.compressor.take_if(|(known, _)| *known == effort);
        let known = known.unwrap_or_else(|| (effort, Compressor::new(effort.level())));
        let (_, compressor) = self.compressor.insert(known);
        let most = compressor.zlib_compress_bound(bytes.len());
        if self.room.len() < most {
            // The old room is given back first, and nothing of it is copied.
            self.room = Vec::new();
            self.room = vec![0; most];
        }
        // With a buffer of that size it cannot fail.
        let length = compressor.zlib_compress(bytes, &mut self.room).unwrap_or_default();
        self.room.get(..length).unwrap_or_default()
    }
}

/// Compresses bytes in the form of `FlateDecode`.
pub fn deflate(bytes: &[u8], effort: Effort) -> Vec<u8> {
    DEFLATER.with_borrow_mut(|deflater| deflater.deflate(bytes, effort).to_vec())
}

/// Compresses bytes in the form of `FlateDecode`, in their place, so that they stay in memory of the
/// thread that they came from.
pub fn deflate_in_place(bytes: &mut Vec<u8>, effort: Effort) {
    DEFLATER.with_borrow_mut(|deflater| {
        let deflated = deflater.deflate(bytes, effort);
        bytes.clear();
        bytes.extend_from_slice(deflated);
    });
}

/// Where an object is.
#[derive(Debug, Clone, Copy)]
enum Entry {
    Free,
    At(usize),
    InStream { stream: u32, index: usize },
}

/// Writes the file.
pub fn finish(mut objects: Objects, effort: Effort) -> Vec<u8> {
    let used = reachable(&objects);
    let mut written = std::mem::take(&mut objects.written);
    let mut streams: Vec<(u32, Stream)> = Vec::new();
    for ((number, _), object) in std::mem::take(&mut objects.document.objects) {
        if !used.contains(&number) {
            continue;
        }
        match object {
            Object::Stream(stream) => streams.push((number, stream)),
            other => written.push(number, |out| push_object(out, &other)),
        }
    }
    let plain = written.sorted();

    let first_stream = objects.document.max_id.saturating_add(1);
    let packed: Vec<Packed> = plain
        .chunks(OBJECTS_PER_STREAM)
        .collect::<Vec<_>>()
        .par_iter()
        .map(|chunk| object_stream(chunk, effort))
        .collect();
    let plain: Vec<u32> = plain.into_iter().map(|(number, _)| number).collect();
    drop(written);
    let deflated: Vec<(u32, Packed)> =
        streams.into_par_iter().map(|(number, stream)| (number, stream_object(stream))).collect();

    let xref_number = first_stream.saturating_add(u32::try_from(packed.len()).unwrap_or(u32::MAX));
    let mut entries = vec![Entry::Free; xref_number as usize + 1];
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    file.reserve(packed.iter().chain(deflated.iter().map(|(_, packed)| packed)).map(Packed::room).sum());

    for (number, packed) in deflated.into_iter().chain((first_stream..).zip(packed)) {
        set_entry(&mut entries, number, Entry::At(file.len()));
        packed.push_object(number, &mut file);
    }
    for (chunk, stream) in plain.chunks(OBJECTS_PER_STREAM).zip(first_stream..) {
        for (index, number) in chunk.iter().enumerate() {
            set_entry(&mut entries, *number, Entry::InStream { stream, index });
        }
    }

    let start = file.len();
    set_entry(&mut entries, xref_number, Entry::At(start));
    // The content's own hash names the file (ISO 32000-1, 14.4).
    let hash = Sha256::digest(&file);
    let trailer = Trailer { root: objects.root(), info: objects.info, id: hash.get(..ID_LENGTH).unwrap_or_default() };
    trailer.cross_references(&entries).push_object(xref_number, &mut file);
    file.extend_from_slice(b"startxref\n");
    push_integer(&mut file, start as i64);
    file.extend_from_slice(b"\n%%EOF\n");
    file
}

fn set_entry(entries: &mut [Entry], number: u32, entry: Entry) {
    if let Some(place) = entries.get_mut(number as usize) {
        *place = entry;
    }
}

/// The numbers of the objects that the catalog leads to. printpdf adds some
/// that nothing needs.
fn reachable(objects: &Objects) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![objects.root()];
    waiting.extend(&objects.kept);
    let mut inside: Vec<&Object> = Vec::new();
    while let Some(number) = waiting.pop() {
        if !found.insert(number) {
            continue;
        }
        inside.extend(objects.document.objects.get(&(number, 0)));
        while let Some(object) = inside.pop() {
            match object {
                Object::Reference((number, _)) => waiting.push(*number),
                Object::Array(items) => inside.extend(items),
                Object::Dictionary(dictionary) => inside.extend(dictionary.iter().map(|(_, value)| value)),
                Object::Stream(stream) => inside.extend(stream.dict.iter().map(|(_, value)| value)),
                Object::Null
                | Object::Boolean(_)
                | Object::Integer(_)
                | Object::Real(_)
                | Object::Name(_)
                | Object::String(..) => {}
            }
        }
    }
    found
}

/// Writes an object stream (ISO 32000-1, 7.5.7).
fn object_stream(chunk: &[(u32, &[u8])], effort: Effort) -> Packed {
    let mut index = Vec::new();
    let mut data = Vec::new();
    for (number, bytes) in chunk {
        push_integer(&mut index, i64::from(*number));
        index.push(b' ');
        push_integer(&mut index, data.len() as i64);
        index.push(b' ');
        data.extend_from_slice(bytes);
        data.push(b'\n');
    }
    let first = index.len();
    index.append(&mut data);
    let mut dictionary = b"<</Type/ObjStm/N ".to_vec();
    push_integer(&mut dictionary, chunk.len() as i64);
    dictionary.extend_from_slice(b"/First ");
    push_integer(&mut dictionary, first as i64);
    dictionary.extend_from_slice(b"/Filter/FlateDecode");
    Packed { dictionary, data: deflate(&index, effort) }
}

/// Deflates a stream that has no filter yet and may have one.
pub fn deflate_stream(stream: &mut Stream) {
    if stream.allows_compression && !stream.dict.has(b"Filter") {
        stream.content = deflate(&stream.content, Effort::Thorough);
        stream.dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
    }
}

/// Writes a stream, deflated where it may be.
fn stream_object(mut stream: Stream) -> Packed {
    stream.dict.remove(b"Length");
    deflate_stream(&mut stream);
    let Stream { dict, content, .. } = stream;
    let mut dictionary = Vec::new();
    push_object(&mut dictionary, &Object::Dictionary(dict));
    // The data's length goes into the dictionary last.
    dictionary.truncate(dictionary.len().saturating_sub(2));
    Packed { dictionary, data: content }
}

/// A stream, ready for the file (ISO 32000-1, 7.3.8).
struct Packed {
    /// Without its end and the length of the data.
    dictionary: Vec<u8>,
    data: Vec<u8>,
}

impl Packed {
    /// Bytes that it takes in the file at most.
    fn room(&self) -> usize {
        const AROUND: usize = 96;
        self.dictionary.len() + self.data.len() + AROUND
    }

    /// Adds it to the file as an object, and lets it go.
    fn push_object(self, number: u32, file: &mut Vec<u8>) {
        push_integer(file, i64::from(number));
        file.extend_from_slice(b" 0 obj\n");
        file.extend_from_slice(&self.dictionary);
        file.extend_from_slice(b"/Length ");
        push_integer(file, self.data.len() as i64);
        file.extend_from_slice(b">>stream\n");
        file.extend_from_slice(&self.data);
        file.extend_from_slice(b"\nendstream\nendobj\n");
    }
}

/// Data of the cross-reference stream besides its entries.
struct Trailer<'a> {
    root: u32,
    info: u32,
    id: &'a [u8],
}

impl Trailer<'_> {
    /// Writes the cross-reference stream (ISO 32000-1, 7.5.8). Rows are
    /// stored as differences from the row above, which compress well.
    fn cross_references(&self, entries: &[Entry]) -> Packed {
        const UP: u8 = 2;
        let columns: usize = ENTRY_WIDTHS.iter().sum();
        let mut rows = Vec::with_capacity(entries.len() * (columns + 1));
        let mut above = vec![0_u8; columns];
        for (number, entry) in entries.iter().enumerate() {
            let fields = match *entry {
                // Object 0 heads the list of free ones.
                Entry::Free if number == 0 => [0, 0, usize::from(u16::MAX)],
                Entry::Free => [0, 0, 0],
                Entry::At(offset) => [1, offset, 0],
                Entry::InStream { stream, index } => [2, stream as usize, index],
            };
            let row: Vec<u8> = fields
                .iter()
                .zip(ENTRY_WIDTHS)
                .flat_map(|(field, width)| field.to_be_bytes().into_iter().skip(size_of::<usize>() - width))
                .collect();
            rows.push(UP);
            rows.extend(row.iter().zip(&above).map(|(byte, above)| byte.wrapping_sub(*above)));
            above = row;
        }
        let mut dictionary = b"<</Type/XRef/Size ".to_vec();
        push_integer(&mut dictionary, entries.len() as i64);
        dictionary.extend_from_slice(b"/W[1 4 2]/Root ");
        push_reference(&mut dictionary, self.root);
        dictionary.extend_from_slice(b"/Info ");
        push_reference(&mut dictionary, self.info);
        dictionary.extend_from_slice(b"/ID[");
        for _ in 0..2 {
            dictionary.push(b'<');
            for byte in self.id {
                dictionary.extend_from_slice(format!("{byte:02X}").as_bytes());
            }
            dictionary.push(b'>');
        }
        dictionary.extend_from_slice(b"]/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns ");
        push_integer(&mut dictionary, columns as i64);
        dictionary.extend_from_slice(b">>");
        Packed { dictionary, data: deflate(&rows, Effort::Thorough) }
    }
}
