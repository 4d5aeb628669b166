//! The document in pandoc's own JSON (`pandoc -f json`), through which Word
//! and some forty other formats are one pipe away. Not among the editions made
//! by default.
//!
//! The types are those of pandoc-types 1.23. What they lack is written so that no word is lost:
//! panels and admonitions are `Div`s that start with their title in strong type; numbers are
//! `Span`s of class `number` before the title or caption; a later reference to a footnote, and any
//! inside a footnote, is its number in superscript; a note that only notes refer to follows at the
//! end, under its number. Pictures are `data:` addresses.

mod block;
mod document;
mod inline;
mod table;
#[cfg(test)]
mod tests;

pub use document::emit;

use serde_json::{Value, json};

/// A node with content.
fn node(tag: &str, content: Value) -> Value {
    json!({ "t": tag, "c": content })
}

/// A node without content.
fn bare(tag: &str) -> Value {
    json!({ "t": tag })
}
