//! Whether two trees say the same, wherever it stands.

use crate::ast::Document;
use crate::diagnostic::Diagnostics;
use std::collections::BTreeMap;

/// What a source says, without the places where it says it.
#[derive(Debug, PartialEq, Eq)]
pub struct Meaning {
    tree: String,
    /// What is found fault with, and how often.
    problems: BTreeMap<String, usize>,
}

impl Meaning {
    /// The meaning of a text that was parsed.
    pub fn from_document(document: &Document, diagnostics: &Diagnostics, text: &str) -> Meaning {
        let Document { metadata, blocks, notes, abbreviations, span: _ } = document;
        let mut problems = BTreeMap::new();
        for problem in diagnostics.iter() {
            *problems.entry(format!("{} {}", problem.code.as_str(), problem.message)).or_default() += 1;
        }
        let front = text.get(..crate::parse::body_start(text)).unwrap_or_default();
        let tree = without_places(&format!("{metadata:?}{blocks:?}{notes:?}{abbreviations:?}"));
        Meaning { tree: format!("{front}{tree}"), problems }
    }

    /// Whether it says what another says, and has no faults that the other has not.
    pub fn is_that_of(&self, other: &Meaning) -> bool {
        let has = |(problem, count): (&String, &usize)| other.problems.get(problem).is_some_and(|known| count <= known);
        self.tree == other.tree && self.problems.iter().all(has)
    }
}

/// Takes out spans, and the numbers in names that are made of places.
fn without_places(debug: &str) -> String {
    const SPAN: &str = "Span { file: FileId(";
    let mut out = String::with_capacity(debug.len() / 2);
    let mut rest = debug;
    while let Some(at) = rest.find(SPAN) {
        push_without_names(rest.get(..at).unwrap_or_default(), &mut out);
        out.push('_');
        let after = rest.get(at..).unwrap_or_default();
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    push_without_names(rest, &mut out);
    out
}

/// A note written in place is called `[file:byte]`.
fn push_without_names(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\"[") {
        out.push_str(before);
        let name = after.split_once("]\"").map(|(name, _)| name).unwrap_or_default();
        let is_place = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
        if is_place {
            out.push_str("note");
            rest = after.get(name.len() + "]\"".len()..).unwrap_or_default();
        } else {
            out.push_str("\"[");
            rest = after;
        }
    }
    out.push_str(rest);
}
