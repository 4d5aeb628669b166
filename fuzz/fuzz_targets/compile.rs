//! Any bytes, compiled to every edition: no panic, no hang.
//!
//! Run with `cargo fuzz run compile -- -max_len=4096 -timeout=10`.

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
        ("fuzz.md".to_owned(), bytes.to_vec()),
        ("part.md".to_owned(), b"# Part\n\nA part with a note.[^1]\n\n[^1]: Note.\n".to_vec()),
        ("data.csv".to_owned(), b"x,y,z\na,1,2\nb,3,4\n".to_vec()),
    ]));
    let project = Project::default();
    let library = Library::default();
    let context =
        Context { project: &project, library: &library, files: &files, profiles: &[], source_date_epoch: Some(0) };
    let compilation = chancery::compile("fuzz.md", &context);
    for format in Format::ALL {
        compilation.edition(format, &mut Diagnostics::default());
    }
});
