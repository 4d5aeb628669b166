//! Any bytes as a citation style.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let document =
        b"---\nlang: en\nbibliography: sources.bib\ncitation-style: style.csl\n---\n\nSee [@a, p. 3; @b] and [-@a].\n";
    let sources = b"@book{a, title={One}, author={Ash, Ann}, date={2001}}\n@online{b, title={Two}, url={https://example.org}}\n";
    chancery_fuzz::compile(document, &[("style.csl", bytes), ("sources.bib", sources)]);
});
