//! The dependencies of a compiled document: the files it read and the queries it made about other
//! documents. If none of them changed, the cached result is valid.

use crate::resolve::{Context, Query};
use crate::source::Sources;
use crate::source::file_dependencies::{FileDependencies, hash_of_names};
use crate::source::hash::sha256;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Letters of an answer's SHA-256 that are kept: 128 bits.
const FINGERPRINT_DIGITS: usize = 32;

/// Everything that a result depends on besides the project and the options.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependencies {
    /// Files that were read for the document itself.
    pub reads: FileDependencies,
    /// Queries about other documents, with their answers.
    pub queries: Vec<QueryDependency>,
}

/// A query about other documents and a fingerprint of its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryDependency {
    pub query: Query,
    /// First letters of the answer's SHA-256, in hexadecimal.
    pub fingerprint: String,
    /// Whether the answer depends on further documents, because the title or description of the
    /// queried one quotes theirs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_transitive: bool,
}

impl QueryDependency {
    /// Evaluates a query now.
    pub fn evaluate(query: Query, context: &Context) -> QueryDependency {
        let (answer, is_transitive) = context.library.answer(&query, context);
        let mut fingerprint = sha256(answer.as_bytes());
        fingerprint.truncate(FINGERPRINT_DIGITS);
        QueryDependency { query, fingerprint, is_transitive }
    }
}

impl Dependencies {
    /// The queries without their answers.
    pub fn queries(&self) -> impl Iterator<Item = &Query> {
        self.queries.iter().map(|dependency| &dependency.query)
    }

    /// Whether no dependency has changed. `sources` holds the text files that were read; they are
    /// compared directly, which is cheaper than hashing.
    pub fn is_up_to_date(&self, context: &Context, sources: &Sources) -> bool {
        let FileDependencies { inputs, absent, listings } = &self.reads;
        let read = |path: &String| context.files.read_untracked(path);
        // Texts are compared, which is cheaper than hashing. Redacted texts differ from the files
        // that were read.
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
            && self.queries.iter().all(|was| QueryDependency::evaluate(was.query.clone(), context) == *was)
    }
}
