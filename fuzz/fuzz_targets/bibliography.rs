//! Any bytes as a bibliography, of BibLaTeX and of Hayagriva.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for name in ["sources.bib", "sources.yml"] {
        let document = format!("---\nlang: en\nbibliography: {name}\n---\n\nSee [@a, p. 3; @b] and [-@c].\n");
        chancery_fuzz::compile(document.as_bytes(), &[(name, bytes)]);
    }
});
