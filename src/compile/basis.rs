//! What the result of compiling a document rests on. As long as all of it stands, the
//! document need not be compiled again.

use crate::resolve::{Context, Fact};
use crate::source::Sources;
use crate::source::reads::{Reads, hash_of_names, sha256};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Letters that are kept of an answer's SHA-256: 128 bits.
const ANSWER_LETTERS: usize = 32;

/// Everything beside the project and the options that a document was made from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// What was read for the document itself.
    pub reads: Reads,
    /// What it was told of other documents.
    pub told: Vec<Told>,
}

/// An answer about other documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub fact: Fact,
    /// The beginning of the answer's SHA-256.
    pub answer: String,
    /// Whether the document that decided it names others where it speaks of itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leans: bool,
}

impl Told {
    /// The answer to a question as it is now.
    pub fn now(fact: Fact, context: &Context) -> Told {
        let (answer, leans) = context.library.answer(&fact, context);
        let mut answer = sha256(answer.as_bytes());
        answer.truncate(ANSWER_LETTERS);
        Told { fact, answer, leans }
    }
}

impl Basis {
    /// What was asked of other documents.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.told.iter().map(|told| &told.fact)
    }

    /// Whether the files and the other documents still say what they said. `sources` are those
    /// of the files that were read as text.
    pub fn stands(&self, context: &Context, sources: &Sources) -> bool {
        let Reads { inputs, absent, listings } = &self.reads;
        let read = |path: &String| context.files.read_unrecorded(path);
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
            && self.told.iter().all(|told| Told::now(told.fact.clone(), context) == *told)
    }
}
