//! Files into the store of sources, with the checks every source must pass.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileError, FileId, Files, Source, Sources, Span};

/// The largest file that is read as text, in bytes. Ten thousand pages have less.
pub const TEXT_BYTES: usize = 32 * 1024 * 1024;

/// Reads a source file into the store; `None` where it cannot be read as text.
pub fn load(path: &str, files: &dyn Files, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<FileId> {
    match files.read(path) {
        Err(error) => {
            let code = match error {
                FileError::OutsideProject => Code::OutsideProject,
                FileError::UnsafeName => Code::UnsafeName,
                FileError::TooLarge { .. } => Code::LimitExceeded,
                FileError::NotFound | FileError::Other(_) => Code::UnreadableFile,
            };
            let problem = Diagnostic::without_place(code, format!("cannot read {path}: {error}"));
            diagnostics
                .push(problem.naming(path).hint("see whether the file is there, is not too large and may be read"));
            None
        }
        Ok(bytes) => add_bytes(path, bytes, sources, diagnostics),
    }
}

/// Adds a file's bytes to the store as text, after the checks every source
/// must pass: not too large, UTF-8, no NUL bytes, not empty.
pub fn add_bytes(path: &str, bytes: Vec<u8>, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<FileId> {
    if bytes.len() > TEXT_BYTES {
        let file = sources.add(Source::new(path, ""));
        let message = format!("the file has more than {} MiB", TEXT_BYTES / 1024 / 1024);
        let problem = Diagnostic::new(Code::LimitExceeded, Span::point(file, 0), message);
        diagnostics.push(problem.hint("make several files of it"));
        return None;
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let file = sources.add(Source::new(path, text));
            let text = sources.get(file).map(Source::text).unwrap_or_default();
            if let Some(offset) = text.find('\0') {
                let span = Span::new(file, offset, offset + 1);
                diagnostics.push(
                    Diagnostic::new(Code::NulByte, span, "the source holds a NUL byte")
                        .hint("save the file as plain text"),
                );
            }
            if text.trim_matches(|c: char| c.is_whitespace() || c == BYTE_ORDER_MARK).is_empty() {
                diagnostics.push(
                    Diagnostic::new(Code::EmptyFile, Span::point(file, 0), "the document is empty")
                        .hint("write a heading or a paragraph"),
                );
            }
            Some(file)
        }
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            // The readable part is kept so that the message can show its place.
            let readable = String::from_utf8_lossy(bytes.get(..valid).unwrap_or_default()).into_owned();
            let bad = bytes.get(valid).copied().unwrap_or_default();
            let file = sources.add(Source::new(path, readable));
            diagnostics.push(
                Diagnostic::new(Code::InvalidUtf8, Span::point(file, valid), format!("byte 0x{bad:02x} is not UTF-8"))
                    .hint("save the file as UTF-8"),
            );
            None
        }
    }
}

/// The byte order mark that some editors write.
const BYTE_ORDER_MARK: char = '\u{feff}';
