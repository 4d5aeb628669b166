//! Data files: CSV, whose first line names the columns.

use super::budget::Budget;
use super::file::Places;
use super::table::TABLE_COLUMNS;
use crate::ast::{
    Block, BlockKind, Cell, Column, DataTable, Inline, InlineKind, InlineNote, Parsed, Row, Scope, Table,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::parse::limits::SIGNS;
use crate::parse::{inline_text, signs};
use crate::source::{FileId, Files, Source, Sources, Span, relative_path};
use std::ops::Range;

/// The largest data file, in bytes.
pub const DATA_BYTES: usize = 16 * 1024 * 1024;
/// The most fields of a data file. A page shows some four hundred.
pub const DATA_CELLS: usize = 250_000;

/// A data file's columns and rows.
#[derive(Debug, Default)]
pub struct Data {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// The line of the file in which each row starts, from 1.
    pub lines: Vec<u64>,
    /// The file among the sources, for places in messages, where it is there.
    pub file: Option<FileId>,
    /// The byte of the file at which each row starts.
    starts: Vec<usize>,
    delimiter: u8,
}

impl Data {
    /// Takes out control characters, which no edition may hold, and names the first with
    /// its record (the header is the first) and its field, from 1.
    fn drop_controls(&mut self) -> Option<(usize, usize, char)> {
        let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
        let mut first = None;
        for (record, fields) in (1..).zip(std::iter::once(&mut self.header).chain(&mut self.rows)) {
            for (field, words) in (1..).zip(fields) {
                if let Some(control) = words.chars().find(|c| is_control(*c)) {
                    first = first.or(Some((record, field, control)));
                    words.retain(|c| !is_control(c));
                }
            }
        }
        first
    }

    /// The bytes of a field in the text of its file.
    pub fn place(&self, text: &str, row: usize, column: usize) -> Option<Range<usize>> {
        let start = *self.starts.get(row)?;
        let (mut begin, mut field, mut quoted) = (start, 0, false);
        let rest = text.get(start..)?.bytes().map(Some).chain([None]);
        for (at, byte) in (start..).zip(rest) {
            quoted ^= byte == Some(b'"');
            let ends_line = byte.is_none_or(|byte| !quoted && matches!(byte, b'\r' | b'\n'));
            if !(ends_line || (!quoted && byte == Some(self.delimiter))) {
                continue;
            }
            let written = text.get(begin..at)?;
            if field == column {
                let words = written.trim_matches([' ', '\t', '"']);
                let lead = written.find(words)?;
                return Some(begin + lead..begin + lead + words.len());
            }
            // Blank lines may be before a row.
            if ends_line && !written.trim().is_empty() {
                return None;
            }
            field += usize::from(!ends_line);
            begin = at + 1;
        }
        None
    }
}

/// Adds a data file to the sources, so that messages can show its lines. An unreadable file is not
/// reported here but when its data are read. A file that is no text has no lines, and is not read
/// again.
pub fn add_source(src: &str, from: &str, files: &dyn Files, sources: &mut Sources) -> Option<FileId> {
    let path = relative_path(from, src).ok()?;
    if let Some((file, _)) = sources.iter().find(|(_, source)| source.path() == path) {
        return Some(file);
    }
    let mut bytes = files.read(&path).ok()?;
    bytes.truncate(if bytes.len() > DATA_BYTES { 0 } else { bytes.len() });
    Some(sources.add(Source::new(path, String::from_utf8(bytes).unwrap_or_default())))
}

/// Reads the file that is named `src` at `span` of the file `from`. Without a `delimiter` the
/// separator is guessed.
pub fn read(
    src: &str,
    span: Span,
    delimiter: Option<char>,
    from: &str,
    files: &dyn Files,
    budget: &mut Budget,
    diagnostics: &mut Diagnostics,
) -> Option<Data> {
    if budget.is_spent() {
        return None;
    }
    let bytes = match relative_path(from, src).and_then(|path| files.read(&path)) {
        Ok(bytes) => bytes,
        Err(error) => {
            diagnostics.push(Places { files, root: "" }.unreadable(src, from, span, &error));
            return None;
        }
    };
    let refused = |message: String, hint: &str| Diagnostic::new(Code::LimitExceeded, span, message).hint(hint);
    if bytes.len() > DATA_BYTES {
        let message = format!("`{src}` has more than {} MiB", DATA_BYTES / 1024 / 1024);
        diagnostics.push(refused(message, "make several tables of it"));
        budget.take(DATA_BYTES, span, diagnostics);
        return None;
    }
    // Also of a file that turns out to be none: looking into it is the work.
    if !budget.take(bytes.len(), span, diagnostics) {
        return None;
    }
    if std::str::from_utf8(&bytes).is_ok_and(|text| signs(text).nth(SIGNS).is_some()) {
        let message = format!("`{src}` has more than {SIGNS} lines and signs that may be markup");
        diagnostics.push(refused(message, "make several tables of it"));
        return None;
    }
    match parse(&bytes, delimiter.and_then(|mark| u8::try_from(mark).ok())) {
        Ok(mut data) => {
            if let Some((line, field, control)) = data.drop_controls() {
                let code = u32::from(control);
                let message =
                    format!("`{src}` holds the control character U+{code:04X} in record {line}, field {field}");
                let hint = "save it as plain text; no edition holds the character";
                diagnostics.push(Diagnostic::new(Code::ControlCharacter, span, message).hint(hint));
            }
            Some(data)
        }
        Err(Problem::TooMany(what)) => {
            diagnostics.push(refused(format!("`{src}` has more than {what}"), "make several tables of it"));
            None
        }
        Err(Problem::Bad(problem)) => {
            let hint = "save it as CSV in UTF-8, with as many fields in each line";
            diagnostics.push(Diagnostic::new(Code::BadData, span, format!("`{src}` {problem}")).hint(hint));
            None
        }
    }
}

/// Why data cannot be used.
enum Problem {
    Bad(String),
    /// A limit is exceeded; what there is too much of.
    TooMany(String),
}

fn parse(bytes: &[u8], delimiter: Option<u8>) -> Result<Data, Problem> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let whole = bytes.len();
    let decoded = utf16(bytes);
    let bytes = decoded.as_deref().unwrap_or(bytes);
    let mut bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let mut delimiter = delimiter;
    // Spreadsheets may declare the separator in a first line.
    if let Some(rest) = bytes.strip_prefix(b"sep=")
        && let Some((mark, rest)) = rest.split_first()
    {
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        if let Some(rest) = rest.strip_prefix(b"\n") {
            delimiter = delimiter.or(Some(*mark));
            bytes = rest;
        }
    }
    let delimiter = delimiter.unwrap_or_else(|| guess(bytes));
    // A tab that is trimmed away would be an empty field.
    let trim = if delimiter == b'\t' { csv::Trim::None } else { csv::Trim::All };
    let mut reader = csv::ReaderBuilder::new().trim(trim).delimiter(delimiter).from_reader(bytes);
    let words = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let describe = |error: csv::Error| Problem::Bad(describe(&error));
    let header = reader.headers().map(words).map_err(describe)?;
    if header.is_empty() {
        return Err(Problem::Bad("is empty".to_owned()));
    }
    if header.len() > TABLE_COLUMNS {
        return Err(Problem::TooMany(format!("{TABLE_COLUMNS} columns")));
    }
    // Length of the removed prefix; text in UTF-16 has no positions.
    let before = whole.saturating_sub(bytes.len());
    let (mut rows, mut lines, mut starts) = (Vec::new(), Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(describe)?;
        lines.push(record.position().map_or(0, csv::Position::line));
        let at = record.position().and_then(|position| usize::try_from(position.byte()).ok());
        starts.extend(at.map(|at| before + at));
        rows.push(words(&record));
        if (rows.len() + 1).saturating_mul(header.len()) > DATA_CELLS {
            return Err(Problem::TooMany(format!("{DATA_CELLS} fields")));
        }
    }
    Ok(Data { header, rows, lines, file: None, starts, delimiter })
}

/// UTF-16 with its mark, as some spreadsheets write, made UTF-8.
fn utf16(bytes: &[u8]) -> Option<Vec<u8>> {
    let read: fn([u8; 2]) -> u16 = match bytes.get(..2)? {
        [0xff, 0xfe] => u16::from_le_bytes,
        [0xfe, 0xff] => u16::from_be_bytes,
        _ => return None,
    };
    let units = bytes.get(2..)?.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(read);
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().map(String::into_bytes)
}

/// Guesses the separator: the mark that occurs equally often on every line, and of several such
/// marks the most frequent one.
fn guess(bytes: &[u8]) -> u8 {
    const LINES: usize = 50;
    let count = |mark: u8| {
        let reader = csv::ReaderBuilder::new().has_headers(false).delimiter(mark).flexible(true).from_reader(bytes);
        let mut lengths = reader.into_byte_records().take(LINES).map_while(Result::ok).map(|record| record.len());
        let first = lengths.next().unwrap_or_default();
        let even = lengths.all(|length| length == first);
        (even && first > 1).then_some(first)
    };
    // A tab between words is always a separator.
    if count(b'\t').is_some() {
        return b'\t';
    }
    // The first one wins a tie: commas may be decimal signs.
    let best = b";|,".iter().filter_map(|mark| Some((count(*mark)?, *mark))).rev().max_by_key(|(count, _)| *count);
    best.map_or(b',', |(_, mark)| mark)
}

fn describe(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            let fields = if *len == 1 { "field" } else { "fields" };
            format!("has {len} {fields} in line {line}, and {expected_len} in the lines before it")
        }
        csv::ErrorKind::Utf8 { pos, .. } => {
            format!("is not UTF-8 in line {}", pos.as_ref().map_or(0, csv::Position::line))
        }
        _ => format!("cannot be read as CSV: {error}"),
    }
}

/// Characters without which a field says nothing but its words.
const MARKUP: [char; 18] = ['%', ':', '*', '_', '`', '[', ']', '<', '>', '\\', '&', '^', '~', '{', '}', '!', '@', '/'];

/// The table a data file makes, its fields read as inline Markdown, and the notes that are in them.
/// `before` is how many were in other tables.
pub fn table(
    table: &DataTable,
    data: Data,
    caption: Option<Vec<Inline<Parsed>>>,
    before: usize,
    span: Span,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> (BlockKind<Parsed>, Vec<InlineNote>) {
    let row_headers = usize::from(table.header_columns);
    let mut notes = Vec::new();
    let mut row = |words: Vec<String>, scope: &dyn Fn(usize) -> Option<Scope>| {
        let cells = words.into_iter().enumerate().map(|(at, words)| {
            let content = if words.contains(MARKUP) {
                let (content, mut inside) = inline_text(&words, before + notes.len(), span, sources, diagnostics);
                notes.append(&mut inside);
                content
            } else {
                vec![Inline::new(InlineKind::Text(words), span)]
            };
            cell(content, scope(at), span)
        });
        Row { cells: cells.collect(), span }
    };
    let columns = vec![Column::default(); data.header.len()];
    let head = if columns.is_empty() { Vec::new() } else { vec![row(data.header, &|_| Some(Scope::Column))] };
    let row_scope = |at: usize| (at < row_headers).then_some(Scope::Row);
    let body = data.rows.into_iter().map(|words| row(words, &row_scope)).collect();
    let table = Table { caption, label: (), columns, head, body, landscape: table.landscape };
    (BlockKind::Table(table.into()), notes)
}

fn cell(content: Vec<Inline<Parsed>>, header: Option<Scope>, span: Span) -> Cell<Parsed> {
    Cell {
        blocks: vec![Block::new(BlockKind::Paragraph(content.into()), span)],
        header,
        colspan: 1,
        rowspan: 1,
        align: None,
        span,
        attrs: crate::ast::Attrs::default(),
    }
}
