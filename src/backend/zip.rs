//! Writes ZIP archives (APPNOTE 6.3), the form of a Word document and of an EPUB.
//!
//! Output is reproducible: parts are in the order in which they were added, every date is 1 January
//! 1980, and no field names a system or a user. The reader is `source::zip`, which shares nothing
//! with this.

use libdeflater::{CompressionLvl, Compressor, crc32};

/// Signatures of the three records.
const LOCAL_FILE: u32 = 0x0403_4b50;
const CENTRAL_FILE: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Version 2.0 of the specification: deflated files, folders.
const VERSION: u16 = 20;
/// 1 January 1980, the first day that an archive can tell.
const DATE: u16 = 1 << 5 | 1;
const TIME: u16 = 0;
/// The name is UTF-8.
const UTF8_NAME: u16 = 1 << 11;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Higher levels cost twice the time for 1 % of the size.
const LEVEL: i32 = 6;

/// An archive in the making.
pub struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    entries: usize,
    compressor: Compressor,
    /// Whether something is larger than an archive without ZIP64 can say.
    too_large: bool,
}

/// Data in both records of a file.
struct Entry<'a> {
    name: &'a str,
    method: u16,
    checksum: u32,
    packed: u32,
    size: u32,
}

impl Default for Archive {
    fn default() -> Self {
        Archive {
            bytes: Vec::new(),
            directory: Vec::new(),
            entries: 0,
            compressor: Compressor::new(CompressionLvl::new(LEVEL).unwrap_or_default()),
            too_large: false,
        }
    }
}

impl Archive {
    /// Adds a file as it is: what is compressed already, or must be readable
    /// without a reader of archives.
    pub fn store(&mut self, name: &str, bytes: &[u8]) {
        self.add(name, STORED, bytes, bytes);
    }

    /// Adds a file deflated; one that would not get smaller is stored.
    pub fn deflate(&mut self, name: &str, bytes: &[u8]) {
        let mut packed = vec![0; self.compressor.deflate_compress_bound(bytes.len())];
        // With a buffer of that size it cannot fail.
        let length = self.compressor.deflate_compress(bytes, &mut packed).unwrap_or(usize::MAX);
        match packed.get(..length) {
            Some(packed) if length < bytes.len() => self.add(name, DEFLATED, packed, bytes),
            _ => self.store(name, bytes),
        }
    }

    fn add(&mut self, name: &str, method: u16, packed: &[u8], bytes: &[u8]) {
        let (Ok(offset), Ok(packed_size), Ok(size), Ok(_)) = (
            u32::try_from(self.bytes.len()),
            u32::try_from(packed.len()),
            u32::try_from(bytes.len()),
            u16::try_from(name.len()),
        ) else {
            self.too_large = true;
            return;
        };
        let entry = Entry { name, method, checksum: crc32(bytes), packed: packed_size, size };
        push32(&mut self.bytes, LOCAL_FILE);
        entry.push(&mut self.bytes);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(packed);

        push32(&mut self.directory, CENTRAL_FILE);
        // Made by MS-DOS: without rights or owners.
        push16(&mut self.directory, VERSION);
        entry.push(&mut self.directory);
        // No comment, first disk, no attributes within or without.
        [0u16; 5].into_iter().for_each(|none| push16(&mut self.directory, none));
        push32(&mut self.directory, offset);
        self.directory.extend_from_slice(name.as_bytes());
        self.entries += 1;
    }

    /// The archive's bytes; `None` where it would need ZIP64, which few readers of
    /// documents know: 4 GiB, or 65,535 files.
    pub fn finish(mut self) -> Option<Vec<u8>> {
        let entries = u16::try_from(self.entries).ok().filter(|entries| *entries < u16::MAX)?;
        let start = u32::try_from(self.bytes.len()).ok()?;
        let length = u32::try_from(self.directory.len()).ok()?;
        u32::try_from(self.bytes.len() + self.directory.len()).ok()?;
        if self.too_large {
            return None;
        }
        self.bytes.append(&mut self.directory);
        push32(&mut self.bytes, END);
        // This disk and the directory's: the first.
        push32(&mut self.bytes, 0);
        push16(&mut self.bytes, entries);
        push16(&mut self.bytes, entries);
        push32(&mut self.bytes, length);
        push32(&mut self.bytes, start);
        // No comment.
        push16(&mut self.bytes, 0);
        Some(self.bytes)
    }
}

impl Entry<'_> {
    /// The fields that both records have, in their order.
    fn push(&self, out: &mut Vec<u8>) {
        let flags = if self.name.is_ascii() { 0 } else { UTF8_NAME };
        [VERSION, flags, self.method, TIME, DATE].into_iter().for_each(|field| push16(out, field));
        [self.checksum, self.packed, self.size].into_iter().for_each(|field| push32(out, field));
        // `add` has seen that the name's length fits.
        push16(out, u16::try_from(self.name.len()).unwrap_or(u16::MAX));
        // No extra field.
        push16(out, 0);
    }
}

fn push16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn push32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::Archive;
    use libdeflater::{Decompressor, crc32};

    const WORDS: &str = "the same words, the same words, the same words";

    fn sample() -> Vec<u8> {
        let mut archive = Archive::default();
        archive.store("mimetype", b"application/epub+zip");
        archive.deflate("a/words.xml", WORDS.as_bytes());
        archive.deflate("é.bin", &[1, 2, 3]);
        archive.finish().unwrap_or_default()
    }

    fn number(bytes: &[u8], at: usize, length: usize) -> usize {
        bytes[at..at + length].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    }

    /// Name, method and content of each file, read by its local record.
    fn files(bytes: &[u8]) -> Vec<(String, usize, Vec<u8>)> {
        let mut files = Vec::new();
        let mut at = 0;
        while number(bytes, at, 4) == 0x0403_4b50 {
            let (packed, size) = (number(bytes, at + 18, 4), number(bytes, at + 22, 4));
            let (name, extra) = (number(bytes, at + 26, 2), number(bytes, at + 28, 2));
            assert_eq!(extra, 0, "no extra fields");
            let content = &bytes[at + 30 + name..at + 30 + name + packed];
            let method = number(bytes, at + 8, 2);
            let mut words = content.to_vec();
            if method == 8 {
                words = vec![0; size];
                assert_eq!(Decompressor::new().deflate_decompress(content, &mut words), Ok(size));
            }
            assert_eq!(number(bytes, at + 14, 4), crc32(&words) as usize);
            files.push((String::from_utf8_lossy(&bytes[at + 30..at + 30 + name]).into_owned(), method, words));
            at += 30 + name + packed;
        }
        files
    }

    #[test]
    fn files_are_in_order_and_whole() {
        let file = |name: &str, method, content: &[u8]| (name.to_owned(), method, content.to_vec());
        assert_eq!(
            files(&sample()),
            [
                file("mimetype", 0, b"application/epub+zip"),
                file("a/words.xml", 8, WORDS.as_bytes()),
                // It would only grow.
                file("é.bin", 0, &[1, 2, 3]),
            ]
        );
    }

    #[test]
    fn the_first_file_is_found_where_readers_of_types_look() {
        let bytes = sample();
        assert_eq!(&bytes[30..58], b"mimetypeapplication/epub+zip");
    }

    #[test]
    fn the_directory_says_what_the_files_say() {
        let bytes = sample();
        let end = bytes.len() - 22;
        assert_eq!(number(&bytes, end, 4), 0x0605_4b50);
        assert_eq!([number(&bytes, end + 8, 2), number(&bytes, end + 10, 2)], [3, 3]);
        let mut at = number(&bytes, end + 16, 4);
        assert_eq!(at + number(&bytes, end + 12, 4), end);
        for _ in 0..3 {
            let (name, offset) = (number(&bytes, at + 28, 2), number(&bytes, at + 42, 4));
            assert_eq!(number(&bytes, at, 4), 0x0201_4b50);
            assert_eq!(bytes[at + 6..at + 30], bytes[offset + 4..offset + 28], "both records agree");
            assert_eq!(bytes[at + 46..at + 46 + name], bytes[offset + 30..offset + 30 + name]);
            at += 46 + name;
        }
        assert_eq!(at, end);
    }

    #[test]
    fn dates_are_the_first_that_can_be_told() {
        let bytes = sample();
        assert_eq!(bytes[10..14], [0, 0, 33, 0]);
    }
}
