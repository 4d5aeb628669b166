//! Any bytes as a theme.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let document = b"---\nlang: en\ntheme: theme.toml\n---\n\n# A note\n\nWords[^1] and `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[^1]: Note.\n";
    chancery_fuzz::compile(document, &[("theme.toml", bytes)]);
});
