//! Everything that is tested from outside, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod ast;
mod bad_input;
mod cli;
mod commonmark;
mod laws;
mod outputs;
mod pages;
mod sandbox;
mod suite;
mod support;
mod text_edition;
mod tidy;
mod tidy_source;
mod verify;
