//! Any bytes as a document.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let part = b"# Part\n\nA part with a note.[^1]\n\n[^1]: Note.\n";
    chancery_fuzz::compile(bytes, &[("part.md", part), ("data.csv", b"x,y,z\na,1,2\nb,3,4\n")]);
});
