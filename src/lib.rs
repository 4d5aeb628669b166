//! Chancery compiles the documents that institutions publish. One source is
//! parsed into an AST, resolved once, and made into PDF, HTML, DocBook and
//! plain-text editions that say the same.
//!
//! A program that embeds it starts with [`Compiler`]. The feature `cli` (on by default) is the
//! command line; without it, and without `citations`, the library needs far less.

#![deny(missing_docs)]

pub mod ast;
pub mod backend;
#[cfg(feature = "cli")]
pub mod cli;
mod compile;
mod compiler;
pub mod diagnostic;
pub mod format;
pub mod formatting;
pub mod import;
pub mod language;
pub mod layout;
pub mod lint;
mod load;
mod parallel;
pub mod parse;
pub mod project;
pub mod redline;
pub mod resolve;
pub mod source;
pub mod theme;
pub mod verify;

pub use compile::{Compilation, Compiled, Draft, Edition, Pages, Session, compile, read};
pub use compiler::{CompiledDocument, Compiler, Problems};
pub use load::{TEXT_BYTES, add_bytes, load};
