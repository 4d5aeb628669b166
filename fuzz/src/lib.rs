//! What all targets do: bytes become one file of a small project, and its
//! document is compiled to every edition. Nothing may panic or hang.
//!
//! A target is a file in `fuzz_targets`: the document that uses the file, and
//! the name under which the bytes stand.

use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::project::Project;
use chancery::resolve::{Context, Library};
use chancery::source::MemoryFiles;
use std::collections::BTreeMap;

/// The document of a project.
pub const DOCUMENT: &str = "fuzz.md";

/// Compiles a document beside other files to every edition.
pub fn compile(document: &[u8], others: &[(&str, &[u8])]) {
    let files = others.iter().copied().chain([(DOCUMENT, document)]);
    let files = MemoryFiles(files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect::<BTreeMap<_, _>>());
    let (project, library) = (Project::default(), Library::default());
    let context =
        Context { project: &project, library: &library, files: &files, profiles: &[], source_date_epoch: Some(0), index: None, compared: &Default::default(), dead_links_stay: false };
    let compilation = chancery::compile(DOCUMENT, &context);
    for format in Format::ALL {
        compilation.edition(format, &mut Diagnostics::default());
    }
}
