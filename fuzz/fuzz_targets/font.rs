//! Any bytes as a font of the project.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let document = b"---\nlang: en\ntheme: theme.toml\n---\n\n# A note\n\nWords of an office: 1.2 and \xc3\xa9.\n";
    let theme = b"[fonts]\nbody = \"own\"\n[fonts.files.own]\nregular = \"own.ttf\"\n";
    chancery_fuzz::compile(document, &[("theme.toml", theme), ("own.ttf", bytes)]);
});
