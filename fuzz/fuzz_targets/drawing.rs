//! Any bytes as a drawing of a document, compiled to HTML and PDF: no panic,
//! no hang.
//!
//! Run with `cargo fuzz run drawing -- -max_len=4096 -timeout=10`.

#![no_main]

use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::project::Project;
use chancery::resolve::{Context, Library};
use chancery::source::MemoryFiles;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

fuzz_target!(|bytes: &[u8]| {
    let files = MemoryFiles(BTreeMap::from([
        ("fuzz.md".to_owned(), b"# Fuzz\n\n![A drawing](any.svg)\n".to_vec()),
        ("any.svg".to_owned(), bytes.to_vec()),
    ]));
    let project = Project::default();
    let library = Library::default();
    let context =
        Context { project: &project, library: &library, files: &files, profiles: &[], source_date_epoch: Some(0), index: None, compared: &Default::default() };
    let compilation = chancery::compile("fuzz.md", &context);
    for format in [Format::Html, Format::Pdf] {
        compilation.edition(format, &mut Diagnostics::default());
    }
});
