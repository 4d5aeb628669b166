//! What the result of compiling a document rests on. As long as all of it stands, the
//! document need not be compiled again.

use crate::resolve::{Context, Query};
use crate::source::Sources;
use crate::source::file_dependencies::{FileDependencies, hash_of_names};
use crate::source::hash::sha256;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Letters that are kept of an answer's SHA-256: 128 bits.
const ANSWER_LETTERS: usize = 32;

/// Everything beside the project and the options that a document was made from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependencies {
    /// What was read for the document itself.
    pub reads: FileDependencies,
    /// What it was told of other documents.
    pub told: Vec<QueryDependency>,
}

/// An answer about other documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryDependency {
    pub query: Query,
    /// The beginning of the answer's SHA-256.
    pub answer: String,
    /// Whether the document that decided it names others where it speaks of itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_transitive: bool,
}

impl QueryDependency {
    /// The answer to a question as it is now.
    pub fn now(query: Query, context: &Context) -> QueryDependency {
        let (answer, is_transitive) = context.library.answer(&query, context);
        let mut answer = sha256(answer.as_bytes());
        answer.truncate(ANSWER_LETTERS);
        QueryDependency { query, answer, is_transitive }
    }
}

impl Dependencies {
    /// What was asked of other documents.
    pub fn queries(&self) -> impl Iterator<Item = &Query> {
        self.told.iter().map(|told| &told.query)
    }

    /// Whether the files and the other documents still say what they said. `sources` are those
    /// of the files that were read as text.
    pub fn is_up_to_date(&self, context: &Context, sources: &Sources) -> bool {
        let FileDependencies { inputs, absent, listings } = &self.reads;
        let read = |path: &String| context.files.read_untracked(path);
        // Texts are compared, which is quicker than to hash one. Where something was blanked they are
        // not what was read.
        let is_whole = sources.redacted().next().is_none();
        let texts = sources.iter().filter(|_| is_whole).map(|(_, source)| (source.path(), source.text()));
        let texts: BTreeMap<&str, &str> = texts.collect();
        let is_same = |(path, was): (&String, &String)| match texts.get(path.as_str()) {
            Some(text) => context.files.says(path, text.as_bytes()),
            None => read(path).is_ok_and(|bytes| sha256(&bytes) == *was),
        };
        inputs.iter().all(is_same)
            && absent.iter().all(|(path, was)| read(path).is_err_and(|error| error.to_string() == *was))
            && listings.iter().all(|(folder, was)| hash_of_names(&context.files.names(folder)) == *was)
            && self.told.iter().all(|told| QueryDependency::now(told.query.clone(), context) == *told)
    }
}
