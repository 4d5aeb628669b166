//! Whether two trees say the same, wherever it stands.

use crate::ast::{AbbreviationDefinition, Block, Document, NoteDefinition, Parsed};
use crate::diagnostic::Diagnostics;
use crate::parse;
use std::collections::BTreeMap;

/// What a source says, without the places where it says it.
#[derive(Debug)]
pub struct Meaning {
    /// The front matter as it is written and as it is read.
    front: String,
    blocks: Vec<Block<Parsed>>,
    notes: Vec<NoteDefinition>,
    abbreviations: Vec<AbbreviationDefinition>,
    /// What is found fault with, and how often.
    problems: BTreeMap<String, usize>,
}

impl Meaning {
    /// The meaning of a text that was parsed.
    pub fn from_document(document: Document, diagnostics: &Diagnostics, text: &str) -> Meaning {
        let Document { metadata, blocks, notes, abbreviations, span: _ } = parse::without_places(document);
        let mut problems = BTreeMap::new();
        for problem in diagnostics.iter() {
            *problems.entry(format!("{} {}", problem.code.as_str(), problem.message)).or_default() += 1;
        }
        let written = text.get(..parse::body_start(text)).unwrap_or_default();
        let front = format!("{written}{}", without_spans(&format!("{metadata:?}")));
        Meaning { front, blocks, notes, abbreviations, problems }
    }

    /// Whether it says what another says, and has no faults that the other has not.
    pub fn is_that_of(&self, other: &Meaning) -> bool {
        let has = |(problem, count): (&String, &usize)| other.problems.get(problem).is_some_and(|known| count <= known);
        let Meaning { front, blocks, notes, abbreviations, problems } = self;
        (front, blocks, notes, abbreviations) == (&other.front, &other.blocks, &other.notes, &other.abbreviations)
            && problems.iter().all(has)
    }
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
