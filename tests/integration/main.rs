//! Everything that is tested from outside, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod adversary;
mod ast;
mod bad_input;
mod canary;
mod claims;
mod cli;
mod commonmark;
mod copies;
mod depth;
mod disk;
mod drawings;
mod formulas;
mod incremental;
mod laws;
mod limit_pairs;
mod limits;
mod messages;
mod mutation;
mod mutation_inputs;
mod outputs;
mod pages;
mod proof;
mod references;
mod sandbox;
mod secrets;
mod session;
mod suite;
mod support;
mod text_edition;
mod themes;
mod tidy;
mod tidy_source;
mod verify;
