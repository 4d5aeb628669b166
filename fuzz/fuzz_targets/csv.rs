//! Any bytes as data, in a table and in a chart.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let document = b":::table {src=data.csv caption=\"Data\"}\n:::\n\n:::chart {type=bar src=data.csv x=a alt=Bars}\n:::\n";
    chancery_fuzz::compile(document, &[("data.csv", bytes)]);
});
