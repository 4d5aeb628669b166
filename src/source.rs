//! Source files, byte spans into them, and the trait through which the
//! library reads files without touching the disk itself.

pub mod content_cache;
pub mod edit;
pub mod file_dependencies;
pub mod hash;
pub mod percent;
pub mod search;
pub mod zip;

use serde::{Deserialize, Serialize};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::path::PathBuf;

/// Index of a file in a [`Sources`] store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct FileId(pub u32);

/// A half-open byte range in one file.
///
/// In a document that a session compiled, spans of a chunk of text may be virtual, so that they
/// stay valid when text before the chunk changes. [`Sources::locate`] maps them to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Span {
    /// The file, whose text `start` and `end` count in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// Position after the last byte.
    pub end: u32,
}

impl Span {
    /// The span of bytes `start..end` of `file`. Positions past 4 GiB saturate;
    /// the limit on file size keeps them out of reach.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// An empty span at `offset`.
    pub fn point(file: FileId, offset: usize) -> Self {
        Self::new(file, offset, offset)
    }

    /// The bytes of the span as a range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that covers both. Spans of different files do not
    /// join; the first one is returned.
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// From where this span starts to where a later one ends. Spans of different files do not
    /// join; the first one is returned.
    pub fn through(self, last: Span) -> Span {
        if self.file == last.file { Span { end: last.end, ..self } } else { self }
    }

    /// This span moved by the distance between `from` and `to`. Spans of other files stay as they
    /// are.
    pub fn moved(self, from: Span, to: Span) -> Span {
        let at = |offset: u32| offset.wrapping_add(to.start).wrapping_sub(from.start);
        if self.file != from.file {
            return self;
        }
        Span { file: to.file, start: at(self.start), end: at(self.end) }
    }

    /// A span inside this one: `range` counts bytes from this span's start.
    pub fn slice(self, range: Range<usize>) -> Span {
        let start = self.start as usize;
        Span::new(self.file, start + range.start, start + range.end)
    }
}

/// A span adds nothing to a hash, so moved text has the same hash.
impl Hash for Span {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// A position for people: both numbers count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
}

/// One file: its path as the user knows it and its text.
#[derive(Debug, Clone)]
pub struct Source {
    path: String,
    text: String,
    /// Byte offset at which each line starts.
    lines: Vec<u32>,
    /// Where relocatable chunks are, sorted by their virtual positions.
    apart: Vec<Relocation>,
}

/// The first virtual position. No file has as many bytes.
pub const RELOCATABLE_BASE: u32 = 1 << 30;

/// Maps a range of virtual positions to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relocation {
    /// The first virtual position.
    pub first: u32,
    /// Its byte position in the file.
    pub start: u32,
}

impl Source {
    /// A source under a project-relative path with `/` separators.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let mut lines = vec![0];
        lines.extend(line_starts(text.as_bytes(), 0..text.len()));
        Self { path: path.into(), text, lines, apart: Vec::new() }
    }

    /// The path the user knows the file by.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines there are, at least 1.
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// Byte offset of the start of a line counted from 1; the text's end for
    /// lines past the last.
    pub fn line_start(&self, line: usize) -> usize {
        self.lines.get(line.saturating_sub(1)).map_or(self.text.len(), |start| *start as usize)
    }

    /// The text of a line counted from 1, without its line ending.
    pub fn line(&self, line: usize) -> &str {
        let text = self.text.get(self.line_start(line)..self.line_start(line + 1)).unwrap_or("");
        text.trim_end_matches(['\n', '\r'])
    }

    /// Replaces a part of the text. Does nothing if the part does not start and end between
    /// characters.
    pub fn replace(&mut self, part: Range<usize>, new: &str) {
        if self.text.get(part.clone()).is_none() {
            return;
        }
        self.text.replace_range(part.clone(), new);
        let end = part.start + new.len();
        // The byte before the part may become or stop being a line end.
        let first = part.start.saturating_sub(1);
        let known = self.lines.partition_point(|start| *start as usize <= first).max(1);
        let after = self.lines.partition_point(|start| *start as usize <= part.end).max(known);
        for start in self.lines.iter_mut().skip(after) {
            *start = u32::try_from(*start as usize - part.end + end).unwrap_or(u32::MAX);
        }
        let new = line_starts(self.text.as_bytes(), first..end);
        self.lines.splice(known..after, new);
    }

    /// Sets the relocations of virtual positions.
    pub fn set_apart(&mut self, mut parts: Vec<Relocation>) {
        parts.sort_unstable();
        self.apart = parts;
    }

    /// Whether there are virtual positions.
    pub fn has_relocations(&self) -> bool {
        !self.apart.is_empty()
    }

    /// The byte position in the file for a position that may be virtual.
    pub fn locate(&self, place: u32) -> u32 {
        if place < RELOCATABLE_BASE {
            return place;
        }
        let after = self.apart.partition_point(|part| part.first <= place);
        let part = after.checked_sub(1).and_then(|at| self.apart.get(at));
        debug_assert!(part.is_some(), "a place of no part");
        part.map_or(0, |part| part.start + (place - part.first))
    }

    /// The line of a byte position, counted from 1.
    pub fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start as usize <= offset).max(1)
    }

    /// Line and column of a byte offset. Columns count characters, a tab as one.
    pub fn place(&self, offset: usize) -> LineColumn {
        let offset = u32::try_from(offset).map_or(offset, |offset| self.locate(offset) as usize);
        let line = self.line_of(offset);
        let start = self.line_start(line);
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let column = self.text.get(start..end).map_or(0, |before| before.chars().count()) + 1;
        LineColumn { line, column }
    }
}

/// The byte positions after the line endings in a part of a text.
fn line_starts(text: &[u8], part: Range<usize>) -> impl Iterator<Item = u32> {
    let (start, bytes) = (part.start, text.get(part).unwrap_or_default());
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes).map(move |at| start + at);
    let ends = ends.filter(|at| text.get(*at) == Some(&b'\n') || text.get(at + 1) != Some(&b'\n'));
    ends.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX))
}

/// The files of one compilation. A document's own file comes first, what it
/// includes follows in the order it is met.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
    redacted: Vec<Span>,
}

impl Sources {
    /// Adds a file and returns its id.
    pub fn add(&mut self, source: Source) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(source);
        id
    }

    /// The file behind an id.
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// Sets the relocations of a file.
    pub fn set_apart(&mut self, file: FileId, parts: Vec<Relocation>) {
        if let Some(source) = self.files.get_mut(file.0 as usize) {
            source.set_apart(parts);
        }
    }

    /// The position in the file of a span that may be virtual.
    pub fn locate(&self, span: Span) -> Span {
        match self.get(span.file) {
            Some(source) => Span { start: source.locate(span.start), end: source.locate(span.end), ..span },
            None => span,
        }
    }

    /// Whether a span lies in a file, on the borders of characters.
    pub fn holds(&self, span: Span) -> bool {
        let span = self.locate(span);
        self.get(span.file).is_some_and(|source| source.text().get(span.range()).is_some())
    }

    /// The text under a span, empty where the span does not fit the file.
    pub fn text(&self, span: Span) -> &str {
        let span = self.locate(span);
        self.get(span.file).and_then(|source| source.text.get(span.range())).unwrap_or("")
    }

    /// Blanks the text under a span, so that nothing can quote it any more.
    /// Offsets and lines stay as they are.
    pub fn redact(&mut self, span: Span) {
        let span = self.locate(span);
        let Some(source) = self.files.get_mut(span.file.0 as usize) else { return };
        let Some(hidden) = source.text.get(span.range()) else { return };
        let blank: String =
            hidden.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }).collect();
        source.text.replace_range(span.range(), &blank);
        self.redacted.push(span);
    }

    /// The spans that were blanked.
    pub fn redacted(&self) -> impl Iterator<Item = Span> {
        self.redacted.iter().copied()
    }

    /// All files in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// There is no such file.
    NotFound,
    /// The path leads out of the project, directly or through a link.
    OutsideProject,
    /// A name on the path holds a control character or a backslash.
    UnsafeName,
    /// The file is larger than the limit, in bytes.
    TooLarge {
        /// The most bytes that a file of its kind may have.
        limit: u64,
    },
    /// Anything else, in the system's words.
    Other(String),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileError::NotFound => f.write_str("there is no such file"),
            FileError::OutsideProject => f.write_str("the path leaves the project"),
            FileError::UnsafeName => f.write_str("the name holds a control character or a backslash"),
            FileError::TooLarge { limit } => write!(f, "the file is larger than {limit} bytes"),
            FileError::Other(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for FileError {}

/// Read access to the files of a project, by project-relative path with `/`
/// separators. The command line implements it over the disk, tests over maps.
pub trait Files: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// See [`FileError`].
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError>;

    /// Like [`Files::read`], but the read is not recorded as a dependency.
    ///
    /// # Errors
    /// See [`FileError`].
    fn read_untracked(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.read(path)
    }

    /// Whether a file has exactly these bytes. The read is not recorded.
    fn says(&self, path: &str, bytes: &[u8]) -> bool {
        self.read_untracked(path).is_ok_and(|read| read == bytes)
    }

    /// Checks that a file can be read, without returning its bytes. An implementation that records
    /// reads reads it at most once.
    ///
    /// # Errors
    /// See [`FileError`].
    fn probe(&self, path: &str) -> Result<(), FileError> {
        self.read(path).map(|_| ())
    }

    /// The names in a folder, sorted, to suggest similar ones. Empty if they are not available.
    fn names(&self, folder: &str) -> Vec<String> {
        let _ = folder;
        Vec::new()
    }
}

/// A view of files whose reads are not recorded.
pub struct Untracked<'a>(pub &'a dyn Files);

impl Files for Untracked<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.0.read_untracked(path)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.0.names(folder)
    }
}

/// Files held in memory, for tests and for embedding the compiler.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles(pub std::collections::BTreeMap<String, Vec<u8>>);

impl MemoryFiles {
    /// Adds a file.
    pub fn with(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> MemoryFiles {
        self.0.insert(path.into(), bytes.into());
        self
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.0.get(path).cloned().ok_or(FileError::NotFound)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let inside = |path: &String| {
            let rest = if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix('/')? };
            rest.split('/').next().map(str::to_owned)
        };
        let names: std::collections::BTreeSet<String> = self.0.keys().filter_map(inside).collect();
        names.into_iter().collect()
    }
}

/// Resolves `target`, a path as written in the file `from`, to a
/// project-relative path. `.` and `..` are folded away.
///
/// # Errors
/// [`FileError::OutsideProject`] where the path is absolute or climbs past the
/// project's root.
pub fn relative_path(from: &str, target: &str) -> Result<String, FileError> {
    if PathBuf::from(target).is_absolute() || target.starts_with(['/', '\\']) || target.contains(':') {
        return Err(FileError::OutsideProject);
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(FileError::OutsideProject)?;
            }
            name => parts.push(name),
        }
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn a_text_in_which_a_part_is_replaced_has_the_lines_of_the_new_text() {
        let pieces = ["", "a", "\n", "\r", "\r\n", "b\rc\nd"];
        let text = "a\r\nb\rc\n\r\n\n";
        for start in 0..=text.len() {
            for end in start..=text.len() {
                for piece in pieces {
                    let mut source = Source::new("", text);
                    source.replace(start..end, piece);
                    let fresh = Source::new("", format!("{}{piece}{}", &text[..start], &text[end..]));
                    assert_eq!(format!("{source:?}"), format!("{fresh:?}"), "{start}..{end} {piece:?}");
                }
            }
        }
    }
}
