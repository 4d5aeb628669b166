//! ZIP archives from strangers: a reader that takes no more than it was promised, and
//! refuses what readers of archives differ over.

use libdeflater::{Crc, Decompressor};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// An archive holds no more entries.
pub const ENTRIES: usize = 2_000;
/// No part is inflated to more bytes.
pub const PART_BYTES: usize = 64 << 20;
/// Nor are all parts together.
pub const TOTAL_BYTES: usize = 256 << 20;
/// Maximum compression ratio of a part.
pub const RATIO: usize = 200;
/// Smaller parts may be: a few repeated lines do no harm.
const RATIO_FROM: usize = 1 << 20;

/// Where a part is in its archive, and what it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path with `/` separators, without `..`.
    pub name: String,
    /// Whether it is there as it is, and is not compressed.
    pub is_stored: bool,
    /// Its size in bytes.
    pub size: usize,
    crc: u32,
    data: Range<usize>,
}

/// An archive whose directory was checked.
#[derive(Debug)]
pub struct Archive<'a> {
    bytes: &'a [u8],
    entries: Vec<Entry>,
    by_name: BTreeMap<String, usize>,
}

/// Why an archive, or a part of it, is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no directory at its end, or it is not where it says.
    NoArchive,
    /// ZIP64, or an archive in several files.
    LargeForm,
    /// A part is locked with a password.
    Encrypted {
        /// The part's path.
        name: String,
    },
    /// The directory names more parts than are read.
    TooManyEntries,
    /// A part becomes larger than the limit for one.
    TooLarge {
        /// The part's path.
        name: String,
    },
    /// All parts together become larger than the limit for an archive.
    TooLargeInAll,
    /// A part expands to more than [`RATIO`] times its compressed size.
    Bomb {
        /// The part's path.
        name: String,
    },
    /// Two parts have one name, so that readers would differ over it.
    Duplicate {
        /// The name that both have.
        name: String,
    },
    /// A name is no path below the archive.
    UnsafeName {
        /// The name as the archive has it.
        name: String,
    },
    /// The directory and the header before the part say different things.
    HeadersDiffer {
        /// The part's path.
        name: String,
    },
    /// Two parts share bytes of the archive.
    Overlap {
        /// The later of the two.
        name: String,
    },
    /// A part is neither stored nor deflated.
    UnknownMethod {
        /// The part's path.
        name: String,
        /// The number of its method (APPNOTE, 4.4.5).
        method: u16,
    },
    /// A part does not inflate, or its checksum is another.
    Damaged {
        /// The part's path.
        name: String,
    },
    /// The requested part is not in the archive.
    Missing {
        /// The path that was asked for.
        name: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NoArchive => f.write_str("it is no ZIP archive, or its directory is damaged"),
            Refusal::LargeForm => f.write_str("it is a ZIP archive of several files or of more than 4 GiB"),
            Refusal::Encrypted { name } => write!(f, "`{name}` in it is encrypted"),
            Refusal::TooManyEntries => write!(f, "it holds more than {ENTRIES} files"),
            Refusal::TooLarge { name } => write!(f, "`{name}` in it is larger than {} MiB", PART_BYTES >> 20),
            Refusal::TooLargeInAll => write!(f, "its files are larger than {} MiB together", TOTAL_BYTES >> 20),
            Refusal::Bomb { name } => write!(f, "`{name}` in it becomes more than {RATIO} times as large"),
            Refusal::Duplicate { name } => write!(f, "`{name}` is in it twice"),
            Refusal::UnsafeName { name } => write!(f, "`{name}` in it is no safe path"),
            Refusal::HeadersDiffer { name } => {
                write!(f, "its directory and the file itself differ over `{name}`")
            }
            Refusal::Overlap { name } => write!(f, "`{name}` in it stands where another file stands"),
            Refusal::UnknownMethod { name, method } => {
                write!(f, "`{name}` in it is compressed by the unknown method {method}")
            }
            Refusal::Damaged { name } => write!(f, "`{name}` in it is damaged"),
            Refusal::Missing { name } => write!(f, "there is no `{name}` in it"),
        }
    }
}

impl std::error::Error for Refusal {}

/// End of central directory record (APPNOTE 6.3.10, 4.3.16).
const END: u32 = 0x0605_4b50;
const END_BYTES: usize = 22;
/// Locator of the record for large archives (4.3.15), which would be before the end.
const LARGE_LOCATOR: u32 = 0x0706_4b50;
const LARGE_LOCATOR_BYTES: usize = 20;
/// Central directory header (4.3.12).
const CENTRAL: u32 = 0x0201_4b50;
const CENTRAL_BYTES: usize = 46;
/// Local file header (4.3.7).
const LOCAL: u32 = 0x0403_4b50;
const LOCAL_BYTES: usize = 30;
/// Encrypted, strongly encrypted, or with masked headers (4.4.4).
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
/// Sizes and checksum follow the data.
const DESCRIPTOR: u16 = 1 << 3;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// The extra field of large archives (4.5.3).
const LARGE_EXTRA: u16 = 1;

impl<'a> Archive<'a> {
    /// Reads the directory of an archive and checks every entry against it. No part is
    /// inflated yet.
    ///
    /// # Errors
    /// The first thing for which it is refused.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let end = find_end(bytes)?;
        let record = bytes.get(end..).unwrap_or_default();
        let (disk, first_disk) = (u16_at(record, 4)?, u16_at(record, 6)?);
        let (here, count) = (u16_at(record, 8)?, u16_at(record, 10)?);
        let (size, start) = (u32_at(record, 12)?, u32_at(record, 16)?);
        let locator = end.checked_sub(LARGE_LOCATOR_BYTES).and_then(|at| u32_at(bytes.get(at..)?, 0).ok());
        let is_large = count == u16::MAX || size == u32::MAX || start == u32::MAX || locator == Some(LARGE_LOCATOR);
        if is_large || disk != 0 || first_disk != 0 || here != count {
            return Err(Refusal::LargeForm);
        }
        if usize::from(count) > ENTRIES {
            return Err(Refusal::TooManyEntries);
        }
        let (start, size) = (start as usize, size as usize);
        let directory = bytes.get(start..end).filter(|directory| directory.len() == size);
        let mut directory = directory.ok_or(Refusal::NoArchive)?;
        let mut archive = Archive { bytes, entries: Vec::new(), by_name: BTreeMap::new() };
        let mut taken = Vec::new();
        for _ in 0..count {
            let (central, rest) = Central::read(directory)?;
            directory = rest;
            taken.push(archive.add(&central, start)?);
        }
        if !directory.is_empty() {
            return Err(Refusal::NoArchive);
        }
        archive.check_sizes()?;
        check_overlaps(taken)?;
        Ok(archive)
    }

    /// Its entries, in the order of its directory.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether there is a part of this name. Capitals do not count, as in the names of
    /// parts of office documents (ISO/IEC 29500-2, 6.2.2.3).
    pub fn holds(&self, name: &str) -> bool {
        self.by_name.contains_key(&name.to_lowercase())
    }

    /// The bytes of a part.
    ///
    /// # Errors
    /// Where there is none of this name, or it is not what the directory says.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, Refusal> {
        let entry = self.by_name.get(&name.to_lowercase()).and_then(|index| self.entries.get(*index));
        let entry = entry.ok_or_else(|| Refusal::Missing { name: name.to_owned() })?;
        let damaged = || Refusal::Damaged { name: entry.name.clone() };
        let data = self.bytes.get(entry.data.clone()).ok_or_else(damaged)?;
        let part = if entry.is_stored { data.to_vec() } else { inflate(data, entry.size).ok_or_else(damaged)? };
        let mut crc = Crc::new();
        crc.update(&part);
        if part.len() == entry.size && crc.sum() == entry.crc { Ok(part) } else { Err(damaged()) }
    }

    /// Adds what a header of the directory says; gives the bytes that are taken by it.
    fn add(&mut self, central: &Central, directory: usize) -> Result<(Range<usize>, String), Refusal> {
        let name = central.name.clone();
        let (taken, data) = central.check_local(self.bytes, directory)?;
        if name.ends_with('/') {
            return if central.size == 0 { Ok((taken, name)) } else { Err(Refusal::UnsafeName { name }) };
        }
        if self.by_name.insert(name.to_lowercase(), self.entries.len()).is_some() {
            return Err(Refusal::Duplicate { name });
        }
        let is_stored = central.method == STORED;
        let size = central.size as usize;
        self.entries.push(Entry { name: name.clone(), is_stored, size, crc: central.crc, data });
        Ok((taken, name))
    }

    fn check_sizes(&self) -> Result<(), Refusal> {
        let mut total = 0;
        for entry in &self.entries {
            let name = || entry.name.clone();
            if entry.size > PART_BYTES {
                return Err(Refusal::TooLarge { name: name() });
            }
            if entry.size > RATIO_FROM && entry.size / RATIO > entry.data.len() {
                return Err(Refusal::Bomb { name: name() });
            }
            total += entry.size;
        }
        if total > TOTAL_BYTES { Err(Refusal::TooLargeInAll) } else { Ok(()) }
    }
}

/// A header of the directory.
struct Central {
    name: String,
    flags: u16,
    method: u16,
    crc: u32,
    compressed: u32,
    size: u32,
    offset: usize,
}

impl Central {
    /// Reads one, and gives what follows.
    fn read(directory: &[u8]) -> Result<(Self, &[u8]), Refusal> {
        if u32_at(directory, 0)? != CENTRAL {
            return Err(Refusal::NoArchive);
        }
        let name_end = CENTRAL_BYTES + usize::from(u16_at(directory, 28)?);
        let extra_end = name_end + usize::from(u16_at(directory, 30)?);
        let end = extra_end + usize::from(u16_at(directory, 32)?);
        let written = directory.get(CENTRAL_BYTES..name_end).ok_or(Refusal::NoArchive)?;
        let extra = directory.get(name_end..extra_end).ok_or(Refusal::NoArchive)?;
        let rest = directory.get(end..).ok_or(Refusal::NoArchive)?;
        let name = String::from_utf8_lossy(written).into_owned();
        let (compressed, size, offset) = (u32_at(directory, 20)?, u32_at(directory, 24)?, u32_at(directory, 42)?);
        let is_large = [compressed, size, offset].contains(&u32::MAX) || has_extra(extra, LARGE_EXTRA);
        if is_large || u16_at(directory, 34)? != 0 {
            return Err(Refusal::LargeForm);
        }
        if std::str::from_utf8(written).is_err() || !is_safe(&name) {
            return Err(Refusal::UnsafeName { name });
        }
        let (flags, method, crc) = (u16_at(directory, 8)?, u16_at(directory, 10)?, u32_at(directory, 16)?);
        if flags & ENCRYPTED != 0 {
            return Err(Refusal::Encrypted { name });
        }
        if method != STORED && method != DEFLATED {
            return Err(Refusal::UnknownMethod { name, method });
        }
        if method == STORED && compressed != size {
            return Err(Refusal::HeadersDiffer { name });
        }
        Ok((Central { name, flags, method, crc, compressed, size, offset: offset as usize }, rest))
    }

    /// Compares the header before the part with this one; gives the bytes of header and
    /// part together, and those of the part.
    fn check_local(&self, bytes: &[u8], directory: usize) -> Result<(Range<usize>, Range<usize>), Refusal> {
        let differ = || Refusal::HeadersDiffer { name: self.name.clone() };
        let local = bytes.get(self.offset..directory).ok_or_else(differ)?;
        let said = |at| u32_at(local, at).map_err(|_| differ());
        let short = |at| u16_at(local, at).map_err(|_| differ());
        let name_end = LOCAL_BYTES + usize::from(short(26)?);
        let start = name_end + usize::from(short(28)?);
        let name = local.get(LOCAL_BYTES..name_end).ok_or_else(differ)?;
        let extra = local.get(name_end..start).ok_or_else(differ)?;
        let sums = [said(14)?, said(18)?, said(22)?];
        // Where they follow the data, the header has none.
        let agree = sums == [self.crc, self.compressed, self.size]
            || (self.flags & DESCRIPTOR != 0 && sums == [0; 3])
            || (self.flags & DESCRIPTOR != 0 && sums == [0, self.compressed, self.size]);
        let same = said(0)? == LOCAL
            && short(6)? == self.flags
            && short(8)? == self.method
            && name == self.name.as_bytes()
            && agree;
        if !same {
            return Err(differ());
        }
        if has_extra(extra, LARGE_EXTRA) {
            return Err(Refusal::LargeForm);
        }
        let end = start + self.compressed as usize;
        if end > local.len() {
            return Err(Refusal::Damaged { name: self.name.clone() });
        }
        Ok((self.offset..self.offset + end, self.offset + start..self.offset + end))
    }
}

/// No two parts share bytes (4.3.6).
fn check_overlaps(mut taken: Vec<(Range<usize>, String)>) -> Result<(), Refusal> {
    taken.sort_by_key(|(range, _)| (range.start, range.end));
    let overlap = taken.windows(2).find_map(|pair| match pair {
        [(first, _), (second, name)] if second.start < first.end => Some(name.clone()),
        _ => None,
    });
    overlap.map_or(Ok(()), |name| Err(Refusal::Overlap { name }))
}

/// The place of the end record: the last one whose comment reaches the end of the file.
fn find_end(bytes: &[u8]) -> Result<usize, Refusal> {
    let last = bytes.len().checked_sub(END_BYTES).ok_or(Refusal::NoArchive)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let is_end = |at: &usize| {
        let record = bytes.get(*at..).unwrap_or_default();
        let comment = u16_at(record, 20).map(usize::from);
        u32_at(record, 0) == Ok(END) && comment == Ok(record.len().saturating_sub(END_BYTES))
    };
    (first..=last).rev().find(is_end).ok_or(Refusal::NoArchive)
}

/// Whether a name is a path that stays below where it starts.
fn is_safe(name: &str) -> bool {
    let has_drive = name.as_bytes().get(1) == Some(&b':');
    let folders = name.strip_suffix('/').unwrap_or(name);
    !has_drive
        && !name.contains('\\')
        && !name.chars().any(char::is_control)
        && folders.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Whether an extra field of this kind is among them (4.5.1).
fn has_extra(mut extra: &[u8], kind: u16) -> bool {
    while let (Ok(id), Ok(size)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        if id == kind {
            return true;
        }
        extra = extra.get(4 + usize::from(size)..).unwrap_or_default();
    }
    false
}

fn inflate(data: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut part = vec![0; size];
    let written = Decompressor::new().deflate_decompress(data, &mut part).ok()?;
    (written == size).then_some(part)
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Refusal> {
    let number = bytes.get(at..).and_then(|rest| rest.first_chunk());
    number.map(|number| u16::from_le_bytes(*number)).ok_or(Refusal::NoArchive)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Refusal> {
    let number = bytes.get(at..).and_then(|rest| rest.first_chunk());
    number.map(|number| u32::from_le_bytes(*number)).ok_or(Refusal::NoArchive)
}

#[cfg(test)]
mod tests;
