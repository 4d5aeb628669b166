//! Whether two trees say the same, wherever it is.

use super::Read;
use crate::ast::{AbbreviationDefinition, Block, Document, Metadata, NoteDefinition, Parsed};
use crate::diagnostic::Diagnostics;
use crate::parse::{self, Chunk};
use crate::source::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whether a source says what another says, wherever it is, and has no faults that the other has
/// not.
pub fn says_the_same(before: &Read, after: &Read) -> bool {
    let (known, faults) = (faults(&before.diagnostics), faults(&after.diagnostics));
    faults.iter().all(|(fault, count)| known.get(fault).is_some_and(|known| count <= known))
        && front(before) == front(after)
        && (are_parts_alike(&before.parts, &after.parts)
            || Words::from_document(&before.document) == Words::from_document(&after.document))
}

/// Whether two texts have the same content, compared by chunks: text between common chunks must
/// have the same tree. If `false`, only a comparison of the whole texts can tell.
fn are_parts_alike(before: &[Arc<Chunk>], after: &[Arc<Chunk>]) -> bool {
    if before.is_empty() || after.is_empty() {
        return false;
    }
    let places: BTreeMap<*const Chunk, usize> =
        after.iter().enumerate().map(|(number, part)| (Arc::as_ptr(part), number)).collect();
    let (mut start, mut other) = (0, 0);
    for (number, part) in before.iter().enumerate() {
        let Some(same) = places.get(&Arc::as_ptr(part)).copied().filter(|same| *same >= other) else { continue };
        if !is_alike(before.get(start..number), after.get(other..same)) {
            return false;
        }
        (start, other) = (number + 1, same + 1);
    }
    is_alike(before.get(start..), after.get(other..))
}

fn is_alike(before: Option<&[Arc<Chunk>]>, after: Option<&[Arc<Chunk>]>) -> bool {
    let together = |parts: Option<&[Arc<Chunk>]>| {
        let mut words = Words::default();
        for body in parts.unwrap_or_default().iter().map(|part| part.body()) {
            words.blocks.extend_from_slice(&body.blocks);
            words.notes.extend_from_slice(&body.notes);
            words.abbreviations.extend_from_slice(&body.abbreviations);
        }
        words.without_places()
    };
    together(before) == together(after)
}

/// The content of a text.
#[derive(Default, PartialEq)]
struct Words {
    blocks: Vec<Block<Parsed>>,
    notes: Vec<NoteDefinition>,
    abbreviations: Vec<AbbreviationDefinition>,
}

impl Words {
    fn from_document(document: &Document) -> Words {
        let Document { metadata: _, blocks, notes, abbreviations, span: _ } = document.clone();
        Words { blocks, notes, abbreviations }.without_places()
    }

    fn without_places(self) -> Words {
        let Words { blocks, notes, abbreviations } = self;
        let document = Document { metadata: Metadata::default(), blocks, notes, abbreviations, span: Span::default() };
        let Document { blocks, notes, abbreviations, .. } = parse::without_places(document);
        Words { blocks, notes, abbreviations }
    }
}

/// The front matter as it is written and as it is read.
fn front(read: &Read) -> String {
    let text = read.text();
    let written = text.get(..parse::body_start(text)).unwrap_or_default();
    format!("{written}{}", without_spans(&format!("{:?}", read.document.metadata)))
}

/// The problems, with their number.
fn faults(diagnostics: &Diagnostics) -> BTreeMap<String, usize> {
    let mut faults = BTreeMap::new();
    for problem in diagnostics.iter() {
        *faults.entry(format!("{} {}", problem.code.as_str(), problem.message)).or_default() += 1;
    }
    faults
}

/// Takes out spans.
fn without_spans(debug: &str) -> String {
    const SPAN: &str = "Span { file: FileId(";
    let mut out = String::with_capacity(debug.len());
    let mut rest = debug;
    while let Some(at) = rest.find(SPAN) {
        out.push_str(rest.get(..at).unwrap_or_default());
        out.push('_');
        let after = rest.get(at..).unwrap_or_default();
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}
